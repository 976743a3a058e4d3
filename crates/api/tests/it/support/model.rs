//! An Ollama on loopback: one that takes every request and never ends its answer, and one that always says the same.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What it says before it is silent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// Not even headers.
    Nothing,
    /// A word every few milliseconds.
    MoreAndMore,
}

pub struct EndlessModel {
    pub url: String,
    open: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Shared {
    says: Says,
    open: Arc<AtomicUsize>,
}

/// Counts a request until its client leaves.
struct Open(Arc<AtomicUsize>);

impl Open {
    fn of(shared: &Shared) -> Self {
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(&shared.open))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl EndlessModel {
    pub async fn start(says: Says) -> Self {
        let open = Arc::new(AtomicUsize::new(0));
        let shared = Shared {
            says,
            open: Arc::clone(&open),
        };
        let app = Router::new()
            .route("/api/tags", get(tags))
            .route("/api/show", post(show))
            .route("/api/chat", post(endless))
            .route("/api/pull", post(endless))
            .with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, open }
    }

    /// Waits until this many answers are under way.
    pub async fn until_open(&self, count: usize) {
        for _ in 0..3_000 {
            if self.open.load(Ordering::SeqCst) == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let open = self.open.load(Ordering::SeqCst);
        panic!("{open} answers are under way, not {count}");
    }
}

/// Address of a model that answers every question with this text.
pub async fn saying(text: &str) -> String {
    listening(text).await.0
}

/// The same, with what it was told.
pub async fn listening(text: &str) -> (String, Arc<Mutex<Vec<String>>>) {
    let text = text.to_owned();
    answering(move |_| text.clone()).await
}

/// Address of a model that answers the last message by this rule, with what it was told.
pub async fn answering(
    rule: impl Fn(&str) -> String + Clone + Send + Sync + 'static,
) -> (String, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&heard);
    let chat = move |Json(body): Json<Value>| async move {
        let messages = body["messages"].as_array().into_iter().flatten();
        let texts: Vec<&str> = messages
            .filter_map(|message| message["content"].as_str())
            .collect();
        let message = json!({"role": "assistant", "content": rule(texts.last().unwrap())});
        let line =
            json!({"model": "test:1b", "message": message, "done": true, "done_reason": "stop"});
        told.lock()
            .unwrap()
            .extend(texts.into_iter().map(str::to_owned));
        format!("{line}\n")
    };
    let app = Router::new()
        .route("/api/tags", get(tags))
        .route("/api/show", post(show))
        .route("/api/chat", post(chat));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, heard)
}

async fn tags() -> Json<Value> {
    Json(json!({"models": [{"name": "test:1b", "modified_at": "2026-01-01T00:00:00Z", "size": 1}]}))
}

async fn show() -> Json<Value> {
    Json(json!({
        "license": "", "modelfile": "", "parameters": "", "template": "",
        "model_info": {"general.parameter_count": 1_000_000_000}, "capabilities": ["completion"],
    }))
}

async fn endless(State(shared): State<Shared>) -> Body {
    let open = Open::of(&shared);
    if shared.says == Says::Nothing {
        std::future::pending::<()>().await;
    }
    let line = json!({"status": "pulling", "message": {"role": "assistant", "content": "more "}});
    Body::from_stream(async_stream::stream! {
        let _open = open;
        loop {
            yield Ok::<_, Infallible>(format!("{line}\n"));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
}
