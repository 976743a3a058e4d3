//! What ends work that a client, or nobody, waits for.

use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::model::{EndlessModel, Says};
use crate::support::{Client, Server, problem};

async fn server_with(model: &EndlessModel) -> Server {
    let server = Server::local_with(&[("OLLAMA_BASE_URL", &model.url)]).await;
    let ann = server.user("ann").await;
    // Known before the first question, so that no slow machine answers it without the model.
    for _ in 0..100 {
        if ann.get_json("/api/llm").await["model"] == "test:1b" {
            return server;
        }
    }
    panic!("the model is not found");
}

async fn generate(client: &Client, accept: &str) -> Response {
    let file = client.upload_ok("a.csv", "id,b\n1,2\n2,3\n").await;
    client
        .request(Method::POST, "/api/schema/generate")
        .header("accept", accept)
        .json(&json!({"csv_ids": [file["id"]], "engine": "llm"}))
        .send()
        .await
        .unwrap()
}

/// The name and the data of the last event.
fn last_event(text: &str) -> (String, Value) {
    let name = text.lines().filter_map(|line| line.strip_prefix("event: "));
    let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
    let name = name.last().expect("an event").to_owned();
    (name, serde_json::from_str(data.last().unwrap()).unwrap())
}

async fn nothing_generated(client: &Client) {
    // What a cancelled job would still do, it would do at once.
    for _ in 0..20 {
        let list = client.get_json("/api/schema/list").await;
        assert_eq!(list["schemas"], json!([]));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let actions = client.actions().await;
    assert!(!actions.contains(&"generate_schema".to_owned()));
}

#[tokio::test]
async fn who_leaves_a_generation_leaves_the_model_too_and_gets_no_schema() {
    for says in [Says::Nothing, Says::MoreAndMore] {
        let model = EndlessModel::start(says).await;
        let server = server_with(&model).await;
        let ann = server.user("ann").await;
        let stream = generate(&ann, "text/event-stream").await;
        assert_eq!(stream.status(), StatusCode::OK);
        model.until_open(1).await;
        drop(stream);
        model.until_open(0).await;
        nothing_generated(&ann).await;
    }
}

#[tokio::test]
async fn the_end_of_the_service_ends_a_generation_and_says_so() {
    let model = EndlessModel::start(Says::Nothing).await;
    let server = server_with(&model).await;
    let ann = server.user("ann").await;
    let (streamed, plain) = (ann.clone(), ann);
    let stream = generate(&streamed, "text/event-stream").await;
    let waiting = tokio::spawn(async move { generate(&plain, "application/json").await });
    model.until_open(2).await;
    server.shutdown.begin();
    let (name, data) = last_event(&stream.text().await.unwrap());
    assert_eq!(
        (name.as_str(), &data["code"]),
        ("error", &json!("stopping"))
    );
    let answer = waiting.await.unwrap();
    problem(answer, StatusCode::SERVICE_UNAVAILABLE, "stopping").await;
}

#[tokio::test]
async fn the_end_of_the_service_ends_a_pull_before_and_after_its_first_word() {
    for says in [Says::Nothing, Says::MoreAndMore] {
        let model = EndlessModel::start(says).await;
        let server = server_with(&model).await;
        let ann = server.user("ann").await;
        let stream = ann.post("/api/llm/pull", &json!({"model": "a:b"})).await;
        model.until_open(1).await;
        server.shutdown.begin();
        let (name, data) = last_event(&stream.text().await.unwrap());
        assert_eq!(
            (name.as_str(), &data["code"]),
            ("error", &json!("stopping"))
        );
        model.until_open(0).await;
    }
}
