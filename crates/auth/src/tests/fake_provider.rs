//! An OpenID Connect provider on loopback that can be told to misbehave.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::Utc;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use url::Url;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use super::support::{Server, after_s, start};
use crate::{AuthError, Callback, Client, KeyRing, ProviderConfig, Secret, SignedIn};

pub const CLIENT_ID: &str = "data-query-agent";
pub const CLIENT_SECRET: &str = "a secret: with+signs";
pub const REDIRECT_URI: &str = "http://localhost:8000/auth/callback";

/// An RSA key with its public half.
pub struct ProviderKey {
    pub signing: EncodingKey,
    pub public: Value,
}

impl ProviderKey {
    fn generate() -> Self {
        let folder = TempDir::new().unwrap();
        let keys = KeyRing::open(&folder.path().join("keys"), start()).unwrap();
        let pem = std::fs::read(folder.path().join("keys/signing-key.pem")).unwrap();
        Self {
            signing: EncodingKey::from_rsa_pem(&pem).unwrap(),
            public: keys.jwks(start()).unwrap()["keys"][0].clone(),
        }
    }
}

pub static KEY: LazyLock<ProviderKey> = LazyLock::new(ProviderKey::generate);
pub static OTHER_KEY: LazyLock<ProviderKey> = LazyLock::new(ProviderKey::generate);

pub struct FakeProvider {
    pub mock: MockServer,
    pub metadata: Value,
    answer: Arc<Mutex<TokenAnswer>>,
}

/// What the token endpoint gives for a code, and to whom.
#[derive(Clone, Default)]
struct TokenAnswer {
    challenge: String,
    id_token: Option<String>,
}

/// A browser that has left for the provider.
pub struct Browser {
    pub authorization_url: Url,
    pub query: HashMap<String, String>,
    pub cookie: String,
}

impl FakeProvider {
    /// With all its endpoints, publishing [`KEY`].
    pub async fn start() -> Self {
        Self::silent().await.restarted().await
    }

    /// The same provider with what its metadata say now, and nothing else.
    pub async fn restarted(self) -> Self {
        self.restarted_with(&[&KEY.public]).await
    }

    pub async fn restarted_with(self, keys: &[&Value]) -> Self {
        let provider = self.restarted_without_keys().await;
        provider.answer_get("/jwks", &json!({ "keys": keys })).await;
        provider
    }

    pub async fn restarted_without_keys(self) -> Self {
        self.mock.reset().await;
        self.publish_metadata().await;
        Mock::given(method("POST"))
            .and(path("/token"))
            .respond_with(TokenEndpoint(Arc::clone(&self.answer)))
            .mount(&self.mock)
            .await;
        self
    }

    /// Listens, and answers 404 to everything.
    pub async fn silent() -> Self {
        let mock = MockServer::start().await;
        let base = mock.uri();
        let metadata = json!({
            "issuer": base,
            "authorization_endpoint": format!("{base}/authorize?tenant=1"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}/jwks"),
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["plain", "S256"],
        });
        Self {
            mock,
            metadata,
            answer: Arc::default(),
        }
    }

    pub async fn publish_metadata(&self) {
        self.answer_get("/.well-known/openid-configuration", &self.metadata)
            .await;
    }

    pub async fn answer_get(&self, at: &str, body: &Value) {
        Mock::given(method("GET"))
            .and(path(at))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&self.mock)
            .await;
    }

    pub fn config(&self) -> ProviderConfig {
        ProviderConfig {
            issuer_url: self.mock.uri(),
            client_id: CLIENT_ID.to_owned(),
            client_secret: Some(Secret::new(CLIENT_SECRET)),
            name: "Example".to_owned(),
        }
    }

    /// The claims of a good ID token for `browser`.
    pub fn claims(&self, browser: &Browser) -> Value {
        json!({
            "iss": self.mock.uri(), "sub": "user-1", "aud": CLIENT_ID,
            "iat": start().timestamp(), "exp": after_s(3600).timestamp(),
            "nonce": browser.query["nonce"],
            "email": "ann@example.org", "email_verified": true, "name": "Ann",
            "picture": "https://example.org/ann.png",
        })
    }

    pub fn issue(&self, browser: &Browser, claims: &Value) {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(KEY.public["kid"].as_str().unwrap().to_owned());
        self.issue_signed(browser, claims, &header, &KEY.signing);
    }

    pub fn issue_signed(
        &self,
        browser: &Browser,
        claims: &Value,
        header: &Header,
        key: &EncodingKey,
    ) {
        self.issue_raw(browser, Some(encode(header, claims, key).unwrap()));
    }

    pub fn issue_raw(&self, browser: &Browser, id_token: Option<String>) {
        *self.answer.lock().unwrap() = TokenAnswer {
            challenge: browser.query["code_challenge"].clone(),
            id_token,
        };
    }

    /// Requests so far to `at`.
    pub async fn requests(&self, at: &str) -> usize {
        let requests = self.mock.received_requests().await.unwrap();
        requests
            .iter()
            .filter(|request| request.url.path() == at)
            .count()
    }
}

/// Refuses what a real one refuses: client, code, redirect URI, PKCE verifier.
struct TokenEndpoint(Arc<Mutex<TokenAnswer>>);

impl Respond for TokenEndpoint {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let answer = self.0.lock().unwrap().clone();
        let form: HashMap<String, String> = url::form_urlencoded::parse(&request.body)
            .into_owned()
            .collect();
        let header = request
            .headers
            .get("authorization")
            .map(|it| it.to_str().unwrap());
        if header != Some(&basic_credentials()) {
            return refuse(401, "invalid_client");
        }
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
        if form["grant_type"] != "authorization_code"
            || form["code"] != "good-code"
            || form["redirect_uri"] != REDIRECT_URI
            || challenge != answer.challenge
        {
            return refuse(400, "invalid_grant");
        }
        ResponseTemplate::new(200).set_body_json(json!({
            "access_token": "provider-access-token", "token_type": "Bearer", "expires_in": 60,
            "id_token": answer.id_token,
        }))
    }
}

/// RFC 6749, section 2.3.1: each half is form-encoded first.
fn basic_credentials() -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(CLIENT_SECRET.as_bytes()).collect();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{CLIENT_ID}:{encoded}"))
    )
}

pub fn refuse(status: u16, error: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({ "error": error }))
}

/// Begins a sign-in at [`start`].
pub async fn begin(server: &Server) -> Browser {
    let started = server.auth.start(REDIRECT_URI, start()).await.unwrap();
    let authorization_url = Url::parse(&started.authorization_url).unwrap();
    Browser {
        query: authorization_url.query_pairs().into_owned().collect(),
        authorization_url,
        cookie: started.flow_cookie_value,
    }
}

pub fn callback(browser: &Browser) -> Callback {
    Callback {
        code: Some("good-code".to_owned()),
        state: Some(browser.query["state"].clone()),
        redirect_uri: REDIRECT_URI.to_owned(),
        ..Callback::default()
    }
}

pub async fn finish(server: &Server, browser: &Browser) -> Result<SignedIn, AuthError> {
    finish_with(server, &callback(browser), Some(&browser.cookie), 1).await
}

pub async fn finish_with(
    server: &Server,
    callback: &Callback,
    cookie: Option<&str>,
    after_seconds: i64,
) -> Result<SignedIn, AuthError> {
    let now: chrono::DateTime<Utc> = after_s(after_seconds);
    server
        .auth
        .finish(callback, cookie, &Client::default(), now)
        .await
}
