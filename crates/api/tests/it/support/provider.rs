//! An OpenID Connect provider on loopback that says yes to everybody.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use auth::KeyRing;
use chrono::DateTime;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Response;
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::{Client, PAGE};

struct Key {
    signing: EncodingKey,
    public: Value,
}

/// Any RSA key will do: this one comes from the code that makes the server's own.
static KEY: LazyLock<Key> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let keys = KeyRing::open(&folder.path().join("keys"), DateTime::UNIX_EPOCH).unwrap();
    let pem = std::fs::read(folder.path().join("keys/signing-key.pem")).unwrap();
    Key {
        signing: EncodingKey::from_rsa_pem(&pem).unwrap(),
        public: keys.jwks(DateTime::UNIX_EPOCH).unwrap()["keys"][0].clone(),
    }
});

pub struct FakeProvider {
    mock: MockServer,
    /// Claims that the next code stands for.
    claims: Arc<Mutex<Value>>,
}

impl FakeProvider {
    pub async fn start() -> Self {
        let mock = MockServer::start().await;
        let base = mock.uri();
        let claims = Arc::new(Mutex::new(Value::Null));
        let metadata = json!({
            "issuer": base, "authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/jwks"), "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
        });
        answer_get(&mock, "/.well-known/openid-configuration", &metadata).await;
        answer_get(&mock, "/jwks", &json!({"keys": [KEY.public]})).await;
        Mock::given(method("POST"))
            .and(path("/token"))
            .respond_with(Tokens(Arc::clone(&claims)))
            .mount(&mock)
            .await;
        Self { mock, claims }
    }

    pub fn settings(&self) -> HashMap<String, String> {
        HashMap::from([
            ("GOOGLE_OAUTH_CLIENT_ID".into(), "client".into()),
            ("GOOGLE_OAUTH_CLIENT_SECRET".into(), "secret".into()),
            ("OIDC_ISSUER_URL".into(), self.mock.uri()),
            ("OIDC_PROVIDER_NAME".into(), "Example".into()),
        ])
    }

    /// Begins a sign-in; gives the query of the provider's address.
    pub async fn begin(&self, client: &mut Client) -> HashMap<String, String> {
        let started = client
            .get(&format!(
                "/api/auth/google/start?redirect_uri={PAGE}/auth/callback"
            ))
            .await;
        client.keep(&started);
        authorization_query(started).await
    }

    /// What the provider will vouch for.
    #[allow(clippy::disallowed_methods)] // the provider has a clock of its own
    pub fn vouch(&self, query: &HashMap<String, String>, subject: &str, changes: &Value) {
        let now = chrono::Utc::now().timestamp();
        let mut claims = json!({
            "iss": self.mock.uri(), "sub": subject, "aud": "client", "iat": now, "exp": now + 3600, "nonce": query["nonce"],
            "email": format!("{subject}@example.org"), "email_verified": true, "name": subject,
        });
        for (name, value) in changes.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        *self.claims.lock().unwrap() = claims;
    }

    pub async fn finish(&self, client: &Client, query: &HashMap<String, String>) -> Response {
        client.post("/api/auth/google/callback", &json!({"code": "good", "state": query["state"], "redirect_uri": format!("{PAGE}/auth/callback")})).await
    }

    pub async fn sign_in(&self, client: &mut Client, subject: &str) -> Response {
        let query = self.begin(client).await;
        self.vouch(&query, subject, &json!({}));
        self.finish(client, &query).await
    }
}

/// The query of the provider's address, where a start sends the browser.
pub async fn authorization_query(started: Response) -> HashMap<String, String> {
    let body: Value = started.json().await.unwrap();
    let address = url::Url::parse(body["authorization_url"].as_str().unwrap()).unwrap();
    address.query_pairs().into_owned().collect()
}

async fn answer_get(mock: &MockServer, at: &str, body: &Value) {
    Mock::given(method("GET"))
        .and(path(at))
        .respond_with(ResponseTemplate::new(200).set_body_json(body))
        .mount(mock)
        .await;
}

struct Tokens(Arc<Mutex<Value>>);

impl Respond for Tokens {
    fn respond(&self, _request: &Request) -> ResponseTemplate {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(KEY.public["kid"].as_str().unwrap().to_owned());
        let token = encode(&header, &*self.0.lock().unwrap(), &KEY.signing).unwrap();
        ResponseTemplate::new(200).set_body_json(json!({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token}))
    }
}
