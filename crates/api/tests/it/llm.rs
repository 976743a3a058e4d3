//! Fetching a model: who may fetch which, and how many at a time.

use reqwest::{Method, Response, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Client, Server, problem};

const PULL: &str = "/api/llm/pull";

async fn pull(client: &Client, model: &str) -> Response {
    client.post(PULL, &json!({"model": model})).await
}

/// An Ollama whose downloads begin and never end; gives its address.
async fn endless_downloads() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let line = "{\"status\":\"pulling\"}\n";
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";
                let first = format!("{head}{:x}\r\n{line}\r\n", line.len());
                if read > 0 && stream.write_all(first.as_bytes()).await.is_ok() {
                    // Until the other side hangs up.
                    let _ = stream.read(&mut request).await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_shared_server_fetches_only_the_model_it_is_set_up_for() {
    let server = Server::shared_with(&[("OLLAMA_MODEL", "llama3.2")]).await;
    let ann = server.user("ann").await;
    for other in ["mistral", "llama3.2:70b", "someone/llama3.2"] {
        let refused = pull(&ann, other).await;
        let refused = problem(refused, StatusCode::FORBIDDEN, "model_not_configured").await;
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains("llama3.2"), "{detail}");
    }
    // Allowed; there is only no Ollama in this test.
    for own in ["llama3.2", "llama3.2:latest"] {
        let begun = pull(&ann, own).await;
        assert_eq!(begun.status(), StatusCode::OK);
        assert!(
            begun
                .text()
                .await
                .unwrap()
                .contains("model_server_unavailable")
        );
    }
    let audit = ann.get_json("/api/audit").await;
    let pulled: Vec<&str> = audit["entries"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"] == "pull_model")
        .map(|entry| entry["subject"].as_str().unwrap())
        .collect();
    assert_eq!(pulled, ["llama3.2:latest", "llama3.2"], "newest first");
}

#[tokio::test]
async fn no_model_comes_from_an_address_that_a_client_names() {
    let local = Server::local().await;
    let shared = Server::shared_with(&[("OLLAMA_MODEL", "evil.example/ns/model")]).await;
    for server in [&local, &shared] {
        let ann = server.user("ann").await;
        for name in ["evil.example/ns/model", "127.0.0.1:5000/ns/model", "a/b/c"] {
            let refused = pull(&ann, name).await;
            problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_model").await;
        }
    }
}

#[tokio::test]
async fn one_model_is_fetched_at_a_time_and_leaving_makes_room() {
    let url = endless_downloads().await;
    let server = Server::local_with(&[("OLLAMA_BASE_URL", &url)]).await;
    let ann = server.user("ann").await;
    let mut first = pull(&ann, "llama3.2").await;
    assert_eq!(first.status(), StatusCode::OK);
    let event = first.chunk().await.unwrap().unwrap();
    assert!(event.starts_with(b"event: progress"), "{event:?}");
    problem(
        pull(&ann, "mistral").await,
        StatusCode::CONFLICT,
        "pull_running",
    )
    .await;
    drop(first);
    // The server learns only by and by that the client has left.
    for _ in 0..100 {
        let next = pull(&ann, "mistral").await;
        if next.status() == StatusCode::OK {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the place is still taken");
}

#[tokio::test]
async fn fetching_has_the_rate_of_generation() {
    let server = Server::local_with(&[("RATE_LIMIT_GENERATE_PER_MINUTE", "6")]).await;
    let ann = server.user("ann").await;
    let mut refused = 0;
    for _ in 0..8 {
        let sent = ann.request(Method::POST, PULL).json(&json!({"model": ""}));
        let status = sent.send().await.unwrap().status();
        refused += usize::from(status == StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(refused, 3);
}

/// An OpenAI-style server with one model; gives its address.
async fn one_model() -> String {
    use axum::routing::{get, post};
    let models = || async { axum::Json(json!({"data": [{"id": "coder-1b"}]})) };
    let event = json!({"choices": [{"delta": {"content": "SELECT count(*) FROM orders"}, "finish_reason": "stop"}]});
    let body = format!("data: {event}\n\ndata: [DONE]\n\n");
    let chat = move || async move { ([("content-type", "text/event-stream")], body) };
    let app = axum::Router::new()
        .route("/v1/models", get(models))
        .route("/v1/chat/completions", post(chat));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

#[tokio::test]
async fn an_openai_style_server_answers_and_is_named() {
    let url = one_model().await;
    let server =
        Server::local_with(&[("LLM_BASE_URL", &url), ("LLM_API_KEY", "sk-secret-1")]).await;
    let ann = server.user("ann").await;
    let llm = ann.get_json("/api/llm").await;
    assert_eq!(llm["provider"], "openai");
    assert_eq!(llm["model"], "coder-1b");
    assert_eq!(llm["on_this_machine"], true);
    let host = url.trim_start_matches("http://").trim_end_matches("/v1");
    assert_eq!(llm["server"], host);
    assert!(!llm.to_string().contains("sk-secret"), "{llm}");
    let refused = pull(&ann, "llama3.2").await;
    problem(refused, StatusCode::CONFLICT, "no_model_to_fetch").await;
}

#[tokio::test]
async fn without_a_model_no_server_is_named() {
    let server = Server::local().await;
    let llm = server.user("ann").await.get_json("/api/llm").await;
    assert_eq!(llm["provider"], "built-in");
    assert_eq!(llm["server"], serde_json::Value::Null);
    assert_eq!(llm["on_this_machine"], true);
}
