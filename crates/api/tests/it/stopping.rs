//! What ends work that a client, or nobody, waits for.

use std::time::Duration;

use chrono::TimeDelta;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::support::model::{EndlessModel, Says};
use crate::support::stalled::{Reached, Stalled};
use crate::support::{CUSTOMERS, Client, Server, events};

async fn server_with(model: &EndlessModel) -> Server {
    let settings = [
        ("OLLAMA_BASE_URL", model.url.as_str()),
        ("RATE_LIMIT_CHAT_PER_MINUTE", "0"),
        // What a busy machine needs to keep a hundred messages is not what is asked here.
        ("SHUTDOWN_TIMEOUT_MS", "60000"),
    ];
    let server = Server::local_with(&settings).await;
    let ann = server.user("ann").await;
    // Known before the first question, so that no slow machine answers it without the model.
    for _ in 0..100 {
        if ann.get_json("/api/llm").await["model"] == "test:1b" {
            return server;
        }
    }
    panic!("the model is not found");
}

/// A generation that waits for its file.
async fn generating(server: &Server, client: &Client) -> (Response, Reached) {
    let file = client.upload_ok("stalled.csv", CUSTOMERS).await;
    let name = format!("{}.csv", file["id"].as_str().unwrap());
    let files = server.files();
    let path = files.iter().find(|path| path.ends_with(&name)).unwrap();
    let stalled = Stalled::in_place_of(path);
    let stream = client
        .request(Method::POST, "/api/schema/generate")
        .header("accept", "text/event-stream")
        .json(&json!({"csv_ids": [file["id"]]}))
        .send()
        .await
        .unwrap();
    assert_eq!(stream.status(), StatusCode::OK);
    let reached = tokio::time::timeout(Duration::from_secs(20), stalled.reached());
    (stream, reached.await.unwrap())
}

/// Lets a generation go on that has been told to end. It would wait for its file again, and for good, had it not heard that yet.
async fn go_on(file: Reached) {
    tokio::time::sleep(Duration::from_secs(1)).await;
    file.finish();
}

/// A question that goes to the model.
async fn ask(client: &Client, schema: &str) -> Response {
    let question = "Tell me something about the customers' habits";
    let body = json!({"schema_id": schema, "messages": [{"role": "user", "content": question}]});
    let stream = client.post("/api/chat", &body).await;
    assert_eq!(stream.status(), StatusCode::OK);
    stream
}

/// The whole of a stream that is to end.
async fn end_of(stream: Response) -> String {
    let whole = tokio::time::timeout(Duration::from_secs(30), stream.text());
    whole.await.expect("the stream does not end").unwrap()
}

/// Why a chat broke off.
async fn aborted(stream: Response) -> String {
    let events = events(&end_of(stream).await);
    let last = events.last().unwrap();
    assert_eq!(last["type"], "abort", "{last}");
    last["reason"].as_str().unwrap().to_owned()
}

/// The code of a job's last event.
async fn failed(stream: Response) -> String {
    let (name, data) = last_event(&end_of(stream).await);
    assert_eq!(name, "error");
    data["code"].as_str().unwrap().to_owned()
}

async fn session_of(client: &Client) -> String {
    let sessions = client.get_json("/api/auth/sessions").await;
    let sessions = sessions["sessions"].as_array().unwrap();
    let current = sessions.iter().find(|session| session["current"] == true);
    current.unwrap()["id"].as_str().unwrap().to_owned()
}

/// The name and the data of the last event.
fn last_event(text: &str) -> (String, Value) {
    let last = |start: &str| {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix(start));
        lines.next_back().expect("an event").to_owned()
    };
    (
        last("event: "),
        serde_json::from_str(&last("data: ")).unwrap(),
    )
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
async fn who_leaves_a_generation_gets_no_schema_and_who_stays_gets_one() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let (left, file) = generating(&server, &ann).await;
    // Nothing but having been left keeps it from its end.
    file.put_back();
    drop(left);
    go_on(file).await;
    nothing_generated(&ann).await;
    let (stayed, file) = generating(&server, &ann).await;
    file.put_back();
    go_on(file).await;
    assert_eq!(last_event(&end_of(stayed).await).0, "schema");
}

#[tokio::test]
async fn the_end_of_the_service_ends_a_generation_and_says_so() {
    let model = EndlessModel::start(Says::Nothing).await;
    let server = server_with(&model).await;
    let ann = server.user("ann").await;
    let (stream, file) = generating(&server, &ann).await;
    let pull = ann.post("/api/llm/pull", &json!({"model": "a:b"})).await;
    model.until_open(1).await;
    server.shutdown.begin();
    // The end is heard by then, and the file not read yet.
    assert_eq!(failed(pull).await, "stopping");
    go_on(file).await;
    assert_eq!(failed(stream).await, "stopping");
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

#[tokio::test]
async fn however_a_session_ends_its_open_stream_ends_too() {
    let model = EndlessModel::start(Says::Nothing).await;
    let server = server_with(&model).await;
    let schema = server.user("ann").await.approved().await;
    for ending in [
        "sign out",
        "from elsewhere",
        "everywhere",
        "reused token",
        "account",
    ] {
        let (ann, elsewhere) = (server.user("ann").await, server.user("ann").await);
        let stream = ask(&ann, &schema).await;
        model.until_open(1).await;
        let refresh = async || ann.post("/api/auth/refresh", &json!({})).await.status();
        let status = match ending {
            "sign out" => ann.post("/api/auth/logout", &json!({})).await.status(),
            "from elsewhere" => {
                let path = format!("/api/auth/sessions/{}", session_of(&ann).await);
                elsewhere.delete(&path).await.status()
            }
            "everywhere" => elsewhere.delete("/api/auth/sessions").await.status(),
            "reused token" => {
                let first = refresh().await;
                server.wait(TimeDelta::seconds(11));
                assert_eq!(refresh().await, StatusCode::UNAUTHORIZED);
                first
            }
            _ => elsewhere.delete("/api/auth/account").await.status(),
        };
        assert_eq!(status, StatusCode::OK, "{ending}");
        assert!(aborted(stream).await.contains("signed out"), "{ending}");
        model.until_open(0).await;
    }
}

#[tokio::test]
async fn every_kind_of_stream_of_an_ended_session_ends_and_no_other_sessions() {
    let model = EndlessModel::start(Says::Nothing).await;
    let server = server_with(&model).await;
    let (ann, elsewhere) = (server.user("ann").await, server.user("ann").await);
    let schema = ann.approved().await;
    let others = ask(&elsewhere, &schema).await;
    let chat = ask(&ann, &schema).await;
    let pull = ann.post("/api/llm/pull", &json!({"model": "a:b"})).await;
    let (job, file) = generating(&server, &ann).await;
    model.until_open(3).await;
    let path = format!("/api/auth/sessions/{}", session_of(&ann).await);
    assert_eq!(elsewhere.delete(&path).await.status(), StatusCode::OK);
    assert!(aborted(chat).await.contains("signed out"));
    assert_eq!(failed(pull).await, "session_ended");
    go_on(file).await;
    assert_eq!(failed(job).await, "session_ended");
    model.until_open(1).await;
    server.shutdown.begin();
    assert!(aborted(others).await.contains("stopping"));
}

#[tokio::test]
async fn the_end_of_the_service_gives_every_stream_a_last_event() {
    const CHATS: usize = 100;
    // So many replies are asked of the model at once, unless set; the others wait for their turn.
    const WITH_THE_MODEL: usize = 64;
    let model = EndlessModel::start(Says::Nothing).await;
    let server = server_with(&model).await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let chats = (0..CHATS).map(|_| ask(&ann, &schema));
    let chats = futures::future::join_all(chats).await;
    let pull = ann.post("/api/llm/pull", &json!({"model": "a:b"})).await;
    let (job, file) = generating(&server, &ann).await;
    // And the pull, which is no reply.
    model.until_open(WITH_THE_MODEL + 1).await;
    server.shutdown.begin();
    for chat in chats {
        assert!(aborted(chat).await.contains("stopping"));
    }
    assert_eq!(failed(pull).await, "stopping");
    go_on(file).await;
    assert_eq!(failed(job).await, "stopping");
    // New connections are refused once it has ended.
    for _ in 0..500 {
        if TcpStream::connect(server.address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the service still takes connections");
}
