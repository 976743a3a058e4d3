//! Questions, queries and exports that were answered wrongly.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::binary::Binary;
use crate::support::model::{EndlessModel, Says};
use crate::support::{Client, Server, problem};

async fn messages(client: &Client, conversation: &str) -> Vec<Value> {
    let found = client
        .get_json(&format!("/api/conversations/{conversation}"))
        .await;
    found["messages"].as_array().unwrap().clone()
}

fn again(schema: &str, conversation: &str, message: Value) -> Value {
    let mut body = json!({"schema_id": schema, "conversation_id": conversation, "trigger": "regenerate-message",
        "messages": [{"role": "user", "content": "x"}]});
    if !message.is_null() {
        body["messageId"] = message;
    }
    body
}

#[tokio::test]
async fn h44_regenerating_a_message_that_is_not_there_changes_nothing() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let (_, one) = ann.ask(&schema, None, "How many orders are there?").await;
    let (_, other) = ann
        .ask(&schema, None, "How many customers are there?")
        .await;
    let before = messages(&ann, &one).await;
    let elsewhere = messages(&ann, &other).await[1]["id"].clone();
    let unknown = json!("0190a1b2-0000-7000-8000-000000000000");
    for id in [unknown, elsewhere, json!("no id"), json!("")] {
        let sent = ann.post("/api/chat", &again(&schema, &one, id)).await;
        problem(sent, StatusCode::NOT_FOUND, "unknown_message").await;
        assert_eq!(messages(&ann, &one).await, before);
    }
    // A known one is answered again, and so is the last one where none is named.
    for id in [before[1]["id"].clone(), Value::Null] {
        ann.chat(&again(&schema, &one, id)).await;
        let after = messages(&ann, &one).await;
        assert_eq!((after.len(), &after[0]), (2, &before[0]));
        assert_ne!(after[1]["id"], before[1]["id"]);
    }
}

const TWICE: &str = "SELECT c.name, o.amount AS name, 1 AS name_2, o.id AS name FROM orders o
    JOIN customers c ON c.id = o.customer_id ORDER BY o.id LIMIT 1";

async fn export(client: &Client, schema: &str, query: &str, format: &str) -> Vec<u8> {
    let body = json!({"schema_id": schema, "sql": TWICE, "format": format});
    let sent = client
        .post(&format!("/api/query/export{query}"), &body)
        .await;
    assert_eq!(sent.status(), StatusCode::OK);
    sent.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn h45_an_export_keeps_columns_with_one_name_apart() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let json_file: Value =
        serde_json::from_slice(&export(&ann, &schema, "", "json").await).unwrap();
    assert_eq!(
        json_file,
        json!([{"name": "Ann", "name_3": 12.5, "name_2": 1, "name_4": 10}])
    );
    let csv = String::from_utf8(export(&ann, &schema, "", "csv").await).unwrap();
    assert!(
        csv.starts_with("name,name_3,name_2,name_4\r\nAnn,"),
        "{csv}"
    );
}

#[tokio::test]
async fn h46_a_limit_of_nothing_gives_columns_and_no_row() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let run = async |limit: Value| -> Value {
        let body = json!({"schema_id": schema, "sql": "SELECT id FROM orders", "limit": limit});
        ann.post("/api/query", &body).await.json().await.unwrap()
    };
    let none = run(json!(0)).await;
    assert_eq!(
        (&none["rows"], &none["row_count"], &none["truncated"]),
        (&json!([]), &json!(0), &json!(true))
    );
    assert_eq!(none["columns"][0]["name"], "id");
    assert_eq!(run(json!(1)).await["row_count"], 1);
    assert_eq!(run(json!(u64::MAX)).await["row_count"], 5);
    let body = json!({"schema_id": schema, "sql": "SELECT 1", "limit": -1});
    let refused = ann.post("/api/query", &body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn h47_questions_at_once_in_one_conversation_are_kept_each_with_its_answer() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let (_, id) = ann.ask(&schema, None, "How many orders are there?").await;
    let ask = |question: &'static str| ann.ask(&schema, Some(&id), question);
    futures::future::join_all([
        ask("How many customers are there?"),
        ask("How many orders are there?"),
        ask("What is the total amount?"),
        ask("How many customers are there by country?"),
    ])
    .await;
    let roles: Vec<Value> = messages(&ann, &id)
        .await
        .into_iter()
        .map(|message| message["role"].clone())
        .collect();
    assert_eq!(roles, ["user", "assistant"].repeat(5));
}

#[tokio::test]
async fn h47_a_question_during_a_long_answer_is_refused_and_not_kept() {
    let model = EndlessModel::start(Says::Nothing).await;
    let server =
        Server::local_with(&[("OLLAMA_BASE_URL", &model.url), ("OLLAMA_MODEL", "test:1b")]).await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let body = json!({"schema_id": schema, "messages": [{"role": "user", "content": "Tell me of the habits of it all"}]});
    let long = ann.post("/api/chat", &body).await;
    let id = long.headers()["x-conversation-id"]
        .to_str()
        .unwrap()
        .to_owned();
    model.until_open(1).await;
    let mut next = body.clone();
    next["conversation_id"] = json!(id);
    next["engine"] = json!("builtin");
    for body in [next.clone(), again(&schema, &id, Value::Null)] {
        let refused = ann.post("/api/chat", &body).await;
        problem(refused, StatusCode::CONFLICT, "turn_running").await;
    }
    assert_eq!(messages(&ann, &id).await.len(), 1, "nothing was kept");
    // Others go on meanwhile.
    let (_, other) = ann
        .chat(&json!({"schema_id": schema, "engine": "builtin",
            "messages": [{"role": "user", "content": "How many orders are there?"}]}))
        .await;
    assert_eq!(messages(&ann, &other).await.len(), 2);
    // Whoever stops the answer asks on at once.
    drop(long);
    next["messages"][0]["content"] = json!("How many orders are there?");
    let asked = tokio::time::timeout(Duration::from_secs(10), ann.chat(&next));
    asked.await.unwrap();
    let roles: Vec<Value> = messages(&ann, &id)
        .await
        .into_iter()
        .map(|message| message["role"].clone())
        .collect();
    assert_eq!(roles, ["user", "user", "assistant"]);
}

#[tokio::test]
async fn h49_a_csv_export_begins_with_a_byte_order_mark_only_on_request() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let plain = export(&ann, &schema, "", "csv").await;
    assert!(plain.starts_with(b"name,"));
    assert_eq!(export(&ann, &schema, "?bom=false", "csv").await, plain);
    let marked = export(&ann, &schema, "?bom=true", "csv").await;
    assert_eq!(marked.strip_prefix(b"\xef\xbb\xbf").unwrap(), plain);
    let body = json!({"schema_id": schema, "sql": TWICE, "format": "json"});
    let refused = ann.post("/api/query/export?bom=true", &body).await;
    problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").await;
    let body = json!({"schema_id": schema, "sql": TWICE});
    let refused = ann.post("/api/query/export?bom=perhaps", &body).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn h50_an_export_that_fails_before_its_first_row_is_told_as_an_error() {
    for limit in ["EXPORT_TIME_LIMIT_MS", "REQUEST_TIMEOUT_MS"] {
        fails_as_a_query_does(limit).await;
    }
}

async fn fails_as_a_query_does(limit: &str) {
    let server = Server::local_with(&[(limit, "3000")]).await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let endless =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    for format in ["csv", "json"] {
        let body = json!({"schema_id": schema, "sql": endless, "format": format});
        let sent = ann.post("/api/query/export", &body).await;
        problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "query_timeout").await;
    }
}

#[tokio::test]
async fn h51_a_dataset_is_read_once_for_all_that_ask_at_once_and_not_for_statements() {
    let mut binary = Binary::start(&[]).await;
    let schema = binary.user().await.approved().await;
    binary.stop().await;
    // Started anew it has none open.
    let folder = std::mem::replace(&mut binary.folder, TempDir::new().unwrap());
    let binary = Binary::start_behind(&[], folder, &[]).await;
    let ann = binary.user().await;
    let body = json!({"schema_id": schema, "sql": "SELECT 1"});
    for path in ["/api/query", "/api/query/explain", "/api/query/export"] {
        assert_eq!(ann.post(path, &body).await.status(), StatusCode::OK);
    }
    let counted = async || {
        let text = binary.nobody().get("/metrics").await.text().await.unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("datasets_read_total "));
        line.map_or(0, |count| count.parse::<u64>().unwrap())
    };
    assert_eq!(counted().await, 0);
    let path = format!("/api/schema/{schema}/suggestions");
    let asked = (0..8).map(|_| ann.get(&path));
    for answer in futures::future::join_all(asked).await {
        assert_eq!(answer.status(), StatusCode::OK);
    }
    assert_eq!(counted().await, 1);
}
