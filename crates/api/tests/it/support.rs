//! A server for one test, and clients of it.

pub mod binary;
pub mod model;
pub mod provider;
pub mod small_disk;
pub mod stalled;

use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::Poll;

use api::{Clock, Config, Shutdown};
use axum::Router;
use axum::body::Body;
use chrono::{DateTime, TimeDelta, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

use provider::FakeProvider;

/// The page's address in tests; the server itself listens on a free port.
pub const PAGE: &str = "http://localhost:8000";

pub struct Server {
    pub address: SocketAddr,
    pub folder: TempDir,
    pub provider: Option<FakeProvider>,
    pub shutdown: Shutdown,
    /// The service without a connection before it, for what a network decides by chance.
    pub app: Router,
    seconds_ahead: Arc<AtomicI64>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

impl Server {
    pub async fn local() -> Self {
        Self::start(None, &[]).await
    }

    pub async fn local_with(settings: &[(&str, &str)]) -> Self {
        Self::start(None, settings).await
    }

    /// With a provider, so that there can be several users.
    pub async fn shared() -> Self {
        Self::start(Some(FakeProvider::start().await), &[]).await
    }

    pub async fn shared_with(settings: &[(&str, &str)]) -> Self {
        Self::start(Some(FakeProvider::start().await), settings).await
    }

    async fn start(provider: Option<FakeProvider>, settings: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let config = config(&folder, provider.as_ref(), settings);
        let limits = config.limits;
        let seconds_ahead = Arc::new(AtomicI64::new(0));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = api::open_service(config, clock(&seconds_ahead), metrics())
            .await
            .unwrap();
        let (shutdown, app) = (service.shutdown.clone(), service.app.clone());
        tokio::spawn(api::serve(listener, service.app, limits, service.shutdown));
        Self {
            address,
            folder,
            provider,
            shutdown,
            app,
            seconds_ahead,
        }
    }

    /// Sends a request whose sender leaves when it has been waited for `waits` times; the answer, if it came before that.
    /// Then waits until what goes on without the sender has ended.
    pub async fn left_after(
        &self,
        waits: usize,
        request: http::Request<Body>,
    ) -> Option<axum::response::Response> {
        let mut call = Box::pin(self.app.clone().oneshot(request));
        let mut left = waits;
        let answered = poll_fn(|context| match (call.as_mut().poll(context), left) {
            (Poll::Ready(answer), _) => Poll::Ready(answer.ok()),
            (Poll::Pending, 0) => Poll::Ready(None),
            (Poll::Pending, _) => {
                left -= 1;
                Poll::Pending
            }
        })
        .await;
        drop(call);
        self.shutdown.finished().await;
        answered
    }

    /// Moves the server's clock on.
    pub fn wait(&self, time: TimeDelta) {
        self.seconds_ahead
            .fetch_add(time.num_seconds(), Ordering::SeqCst);
    }

    pub fn nobody(&self) -> Client {
        Client::of(self.address)
    }

    /// Signed in: the local user, or with a provider the user of that name.
    pub async fn user(&self, name: &str) -> Client {
        let mut client = self.nobody();
        let signed_in = match &self.provider {
            None => client.post("/api/auth/local", &json!({})).await,
            Some(provider) => provider.sign_in(&mut client, name).await,
        };
        client.keep(&signed_in);
        assert_eq!(signed_in.status(), StatusCode::OK);
        let body: Value = signed_in.json().await.unwrap();
        client.token = Some(body["access_token"].as_str().unwrap().to_owned());
        client
    }

    /// All files below the data folders, relative.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![
            self.folder.path().join("uploads"),
            self.folder.path().join("databases"),
        ];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }

    /// The same with what is in them.
    pub fn contents(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = self.files().into_iter();
        files
            .map(|path| {
                let bytes = std::fs::read(&path).unwrap();
                (path, bytes)
            })
            .collect()
    }
}

pub fn config(
    folder: &TempDir,
    provider: Option<&FakeProvider>,
    settings: &[(&str, &str)],
) -> Config {
    let inside = |name: &str| folder.path().join(name).display().to_string();
    let mut all: HashMap<String, String> = HashMap::from([
        (
            "DATABASE_URL".into(),
            format!("sqlite://{}", inside("metadata.db")),
        ),
        ("UPLOAD_DIR".into(), inside("uploads")),
        ("USER_DB_DIR".into(), inside("databases")),
        ("KEYS_DIR".into(), inside("keys")),
        ("FRONTEND_URL".into(), PAGE.into()),
        // Nothing listens there: the built-in engine answers.
        ("OLLAMA_BASE_URL".into(), "http://127.0.0.1:9".into()),
        // All clients of a test come from one address.
        ("RATE_LIMIT_SIGN_IN_PER_MINUTE".into(), "0".into()),
    ]);
    if let Some(provider) = provider {
        all.extend(provider.settings());
    }
    all.extend(
        settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    let mut config = Config::read(&|name| all.get(name).cloned()).unwrap();
    // The program that runs here is the tests' own.
    config.sql_worker = Some(env!("CARGO_BIN_EXE_data-query-agent").into());
    config
}

#[allow(clippy::disallowed_methods)] // the tests' own clock stands on the real one
fn clock(seconds_ahead: &Arc<AtomicI64>) -> Clock {
    let ahead = Arc::clone(seconds_ahead);
    Clock::from_fn(move || -> DateTime<Utc> {
        Utc::now() + TimeDelta::seconds(ahead.load(Ordering::SeqCst))
    })
}

/// One recorder for the process: what `/metrics` shows is of all tests.
pub fn metrics() -> PrometheusHandle {
    static RECORDER: LazyLock<PrometheusHandle> = LazyLock::new(|| api::install_metrics().unwrap());
    RECORDER.clone()
}

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

/// One browser or program: its cookies and its token.
#[derive(Clone)]
pub struct Client {
    base: String,
    http: reqwest::Client,
    /// Sent as Bearer where set; take it away to go by cookies.
    pub token: Option<String>,
    pub cookies: HashMap<String, String>,
}

impl Client {
    /// Of a server that listens there; signed in as nobody.
    pub fn of(address: SocketAddr) -> Self {
        Self {
            base: format!("http://{address}"),
            http: http(),
            token: None,
            cookies: HashMap::new(),
        }
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("cookie", cookies.join("; "));
        }
        request
    }

    /// The request for [`Server::left_after`].
    pub fn by_hand(&self, method: Method, path: &str, body: &Value) -> http::Request<Body> {
        http::Request::builder()
            .method(method)
            .uri(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header(
                "authorization",
                format!("Bearer {}", self.token.as_deref().unwrap()),
            )
            .body(Body::from(body.to_string()))
            .unwrap()
    }

    /// The actions in the audit log, newest first.
    pub async fn actions(&self) -> Vec<String> {
        self.get_json("/api/audit?limit=200").await["entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["action"].as_str().unwrap().to_owned())
            .collect()
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.unwrap()
    }

    pub async fn get_json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.request(Method::DELETE, path).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    pub async fn put(&self, path: &str, body: &Value) -> Response {
        self.request(Method::PUT, path)
            .json(body)
            .send()
            .await
            .unwrap()
    }

    /// Takes over the cookies that a response sets.
    pub fn keep(&mut self, response: &Response) {
        for header in response.headers().get_all("set-cookie") {
            let (pair, rest) = header.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    pub async fn upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Response {
        let part = Part::bytes(bytes.into()).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        self.request(Method::POST, "/api/csv/upload")
            .multipart(form)
            .send()
            .await
            .unwrap()
    }

    pub async fn upload_ok(&self, name: &str, text: &str) -> Value {
        let response = self.upload(name, text).await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::CREATED, "{body}");
        body
    }

    /// Uploads a small shop and generates its schema.
    pub async fn generated(&self) -> Value {
        let customers = self.upload_ok("customers.csv", CUSTOMERS).await;
        let orders = self.upload_ok("orders.csv", ORDERS).await;
        let response = self
            .post(
                "/api/schema/generate",
                &json!({"csv_ids": [customers["id"], orders["id"]]}),
            )
            .await;
        assert_eq!(response.status(), StatusCode::CREATED);
        response.json().await.unwrap()
    }

    /// The same, approved; gives the schema's id.
    pub async fn approved(&self) -> String {
        let schema = self.generated().await;
        let id = schema["id"].as_str().unwrap().to_owned();
        let response = self
            .post(&format!("/api/schema/{id}/approve"), &json!({}))
            .await;
        let status = response.status();
        let body: Value = response.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        id
    }

    /// The sample files as a dataset; its id.
    pub async fn approved_samples(&self) -> String {
        let loaded = self.post("/api/samples/load", &json!({})).await;
        let loaded: Value = loaded.json().await.unwrap();
        let files = loaded["csv_files"].as_array().unwrap().iter();
        let files: Vec<&Value> = files.map(|file| &file["id"]).collect();
        let generated = self
            .post("/api/schema/generate", &json!({"csv_ids": files}))
            .await;
        let schema: Value = generated.json().await.unwrap();
        let id = schema["id"].as_str().unwrap();
        self.post(&format!("/api/schema/{id}/approve"), &json!({}))
            .await;
        id.to_owned()
    }

    /// Asks and reads the whole stream: the events, and the id of the conversation.
    pub async fn ask(
        &self,
        schema: &str,
        conversation: Option<&str>,
        question: &str,
    ) -> (Vec<Value>, String) {
        let mut body =
            json!({"schema_id": schema, "messages": [{"role": "user", "content": question}]});
        if let Some(id) = conversation {
            body["conversation_id"] = json!(id);
        }
        self.chat(&body).await
    }

    pub async fn chat(&self, body: &Value) -> (Vec<Value>, String) {
        let response = self.post("/api/chat", body).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["x-vercel-ai-ui-message-stream"], "v1");
        let conversation = response.headers()["x-conversation-id"]
            .to_str()
            .unwrap()
            .to_owned();
        (events(&response.text().await.unwrap()), conversation)
    }
}

/// The JSON of each frame; the last frame must be `[DONE]`.
pub fn events(text: &str) -> Vec<Value> {
    let mut data: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(str::trim)
        .collect();
    assert_eq!(data.pop(), Some("[DONE]"));
    data.into_iter()
        .map(|json| serde_json::from_str(json).unwrap())
        .collect()
}

pub async fn problem(response: Response, status: StatusCode, code: &str) -> Value {
    assert_eq!(
        response.headers()["content-type"],
        "application/problem+json"
    );
    let found = response.status();
    let body: Value = response.json().await.unwrap();
    assert_eq!(
        (found, body["code"].as_str().unwrap()),
        (status, code),
        "{body}"
    );
    assert_eq!(body["status"], status.as_u16());
    body
}

pub const CUSTOMERS: &str = "id,name,country\n1,Ann,Germany\n2,Bob,France\n3,Cid,Germany\n";
pub const ORDERS: &str =
    "id,customer_id,amount\n10,1,12.50\n11,1,7.25\n12,2,30.00\n13,3,1.10\n14,2,5.00\n";
