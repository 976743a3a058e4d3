#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;
use wiremock::matchers::{body_partial_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

async fn server(models: &[&str], delay: Duration) -> MockServer {
    let server = MockServer::start().await;
    let model = |name: &&str| json!({"name": name, "modified_at": "2026-01-01T00:00:00Z", "size": name.len()});
    let models: Vec<_> = models.iter().map(model).collect();
    Mock::given(method("GET"))
        .and(path("/api/tags"))
        .respond_with(
            ResponseTemplate::new(200)
                .set_body_json(json!({"models": models}))
                .set_delay(delay),
        )
        .mount(&server)
        .await;
    Mock::given(path("/api/show"))
        .and(body_partial_json(json!({"model": "seer:7b"})))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(json!({"capabilities": ["embedding"]})),
        )
        .with_priority(1)
        .mount(&server)
        .await;
    let info = json!({"capabilities": ["completion", "tools"], "model_info": {"general.parameter_count": 7}});
    Mock::given(path("/api/show"))
        .respond_with(ResponseTemplate::new(200).set_body_json(info))
        .mount(&server)
        .await;
    server
}

fn engines(server: &MockServer, model: Option<&str>) -> Engines {
    let url = server.uri().parse().unwrap();
    Engines::ollama(&url, model.map(Into::into)).unwrap()
}

#[tokio::test]
async fn the_configured_model_answers_when_it_is_installed() {
    let server = server(&["mistral:7b", "llama3.2:latest"], Duration::ZERO).await;
    let engines = engines(&server, Some("llama3.2"));
    let Engine::Model(model) = engines.current().await else {
        panic!("no model")
    };
    assert_eq!((model.name.as_str(), model.note), ("llama3.2:latest", None));
    assert_eq!(model.card.parameter_count, Some(7));
}

#[tokio::test]
async fn another_model_stands_in_and_says_so() {
    let installed = [
        "nomic-embed-text:v1.5",
        "seer:7b",
        "mistral:7b",
        "qwen2.5-coder:3b",
    ];
    let server = server(&installed, Duration::ZERO).await;
    let engines = engines(&server, Some("qwen2.5:14b"));
    let info = engines.info().await;
    assert_eq!(info.model.as_deref(), Some("qwen2.5-coder:3b"));
    assert_eq!(
        info.note.as_deref(),
        Some("qwen2.5:14b is not installed; qwen2.5-coder:3b answers instead.")
    );
    assert_eq!(info.installed_models.len(), 4);
    assert!(info.reachable);
}

#[tokio::test]
async fn models_that_cannot_chat_are_no_engine() {
    let server = server(&["seer:7b", "bge-m3"], Duration::ZERO).await;
    let engine = engines(&server, None).current().await;
    assert!(
        matches!(engine, Engine::BuiltIn { reason } if reason == "None of the installed models can chat.")
    );
}

#[tokio::test]
async fn a_slow_server_holds_no_request_up() {
    let server = server(&["mistral:7b"], Duration::from_millis(500)).await;
    let engines = engines(&server, None);
    let began = std::time::Instant::now();
    assert_eq!(engines.current().await.name(), "built-in");
    assert!(began.elapsed() < Duration::from_millis(450));
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(
        engines.current().await.name(),
        "mistral:7b",
        "the detection went on"
    );
}

#[tokio::test]
async fn without_a_server_the_built_in_engine_answers_and_says_why() {
    let engines = Engines::ollama(&"http://127.0.0.1:9".parse().unwrap(), None).unwrap();
    let info = engines.info().await;
    assert_eq!(
        (info.provider.as_str(), info.reachable, info.model),
        ("built-in", false, None)
    );
    assert_eq!(
        info.note.as_deref(),
        Some("No language model answers at http://127.0.0.1:9/.")
    );
}
