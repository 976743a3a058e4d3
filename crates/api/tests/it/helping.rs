//! A model's help with a schema: it comes while the schema is reviewed, can be stopped, and overwrites nobody.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::model::{EndlessModel, Says, answering};
use crate::support::{CUSTOMERS, Client, Server, problem};

/// One of its columns has a name that says little.
const ORDERS: &str = "id,customer_id,amount,lvl\n10,1,12.50,a\n11,1,7.25,b\n12,2,30.00,a\n13,3,1.10,c\n14,2,5.00,b\n";

/// What the model of these tests says to each kind of question.
fn answer(question: &str) -> String {
    let said = if question.starts_with("Table customers, ") {
        json!({"row": "Somebody who buys."})
    } else if question.contains("row:") {
        json!({"row": "One purchase."})
    } else {
        json!({"lvl": "rank"})
    };
    said.to_string()
}

/// A server with such a model, and what that was told.
async fn helped() -> (Server, Client, Arc<Mutex<Vec<String>>>) {
    let (url, heard) = answering(answer).await;
    let (server, ann) = with_model(&url).await;
    (server, ann, heard)
}

async fn with_model(url: &str) -> (Server, Client) {
    let server = Server::local_with(&[("OLLAMA_BASE_URL", url)]).await;
    let ann = server.user("ann").await;
    // Known before the first question, so that no slow machine does without the model.
    for _ in 0..100 {
        if ann.get_json("/api/llm").await["model"] == "test:1b" {
            return (server, ann);
        }
    }
    panic!("the model is not found");
}

async fn files(client: &Client) -> Vec<Value> {
    let customers = client.upload_ok("customers.csv", CUSTOMERS).await;
    let orders = client.upload_ok("orders.csv", ORDERS).await;
    vec![customers["id"].clone(), orders["id"].clone()]
}

async fn generate(client: &Client, files: &[Value], engine: &str) -> Value {
    let body = json!({"csv_ids": files, "engine": engine});
    let sent = client.post("/api/schema/generate", &body).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    sent.json().await.unwrap()
}

fn path_of(schema: &Value) -> String {
    format!("/api/schema/{}", schema["id"].as_str().unwrap())
}

/// The help once it is no longer under way.
async fn ended(client: &Client, path: &str) -> Value {
    for _ in 0..3_000 {
        let help = client.get_json(&format!("{path}/help")).await;
        if help["state"] != "running" {
            return help;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the help does not end");
}

fn table<'s>(schema: &'s Value, name: &str) -> &'s Value {
    let tables = schema["schema_json"]["tables"].as_array().unwrap();
    tables.iter().find(|table| table["name"] == name).unwrap()
}

/// How many questions the model heard: each comes with one system text.
fn asked(heard: &Mutex<Vec<String>>) -> usize {
    heard.lock().unwrap().len() / 2
}

#[tokio::test]
async fn help_is_in_the_schema_marked_as_the_models_and_asked_for_once() {
    let (_server, ann, heard) = helped().await;
    let files = files(&ann).await;
    let schema = generate(&ann, &files, "llm").await;
    let path = path_of(&schema);
    assert_eq!(schema["llm_model"], "built-in", "it waits for no model");
    let help = ended(&ann, &path).await;
    assert_eq!(
        (&help["state"], &help["model"]),
        (&json!("done"), &json!("test:1b"))
    );
    let pieces = help["pieces"].as_array().unwrap();
    let ids: Vec<&str> = pieces
        .iter()
        .map(|piece| piece["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["rows:customers", "rows:orders", "columns:orders:1"]);
    assert!(
        pieces.iter().all(|piece| piece["state"] == "done"),
        "{help}"
    );
    assert_eq!(
        help["changes"][0],
        json!({"what": "description", "table": "customers", "column": null, "value": "Somebody who buys.", "refused": null})
    );
    let stored = ann.get_json(&path).await;
    assert_eq!(stored["llm_model"], "test:1b");
    assert_eq!(
        table(&stored, "customers")["description"],
        "Somebody who buys."
    );
    assert_eq!(
        table(&stored, "orders")["columns"][3]["words"],
        json!(["rank"])
    );
    // Keys and references are as they were.
    assert_eq!(
        stored["schema_json"]["relationships"],
        schema["schema_json"]["relationships"]
    );
    assert_eq!(asked(&heard), 3);

    // Neither another start nor another schema of the same files asks again.
    let again = ann.post(&format!("{path}/help"), &json!({})).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(ended(&ann, &path).await["changes"], help["changes"]);
    let twin = generate(&ann, &files, "llm").await;
    assert_eq!(ended(&ann, &path_of(&twin)).await["state"], "done");
    let twin = ann.get_json(&path_of(&twin)).await;
    assert_eq!(
        table(&twin, "orders")["columns"][3]["words"],
        json!(["rank"])
    );
    assert_eq!(asked(&heard), 3);
    assert!(ann.actions().await.contains(&"help_schema".to_owned()));
}

#[tokio::test]
async fn a_word_that_is_not_taken_back_is_part_of_the_meaning() {
    let (_server, ann, _) = helped().await;
    let files = files(&ann).await;
    for is_taken_back in [false, true] {
        let schema = generate(&ann, &files, "llm").await;
        let path = path_of(&schema);
        ended(&ann, &path).await;
        if is_taken_back {
            // Without what the help brought, as one who has seen it.
            let body = json!({"schema_json": schema["schema_json"]});
            assert_eq!(ann.put(&path, &body).await.status(), StatusCode::OK);
        }
        let approved = ann.post(&format!("{path}/approve"), &json!({})).await;
        assert_eq!(approved.status(), StatusCode::OK);
        let meaning = ann.get_json(&format!("{path}/meaning")).await;
        let tables = meaning["tables"].as_array().unwrap();
        let orders = tables.iter().find(|table| table["table"] == "orders");
        let expected = if is_taken_back {
            json!([])
        } else {
            json!([{"word": "rank", "source": "model"}])
        };
        assert_eq!(orders.unwrap()["columns"][3]["words"], expected);
        problem(
            ann.post(&format!("{path}/help"), &json!({})).await,
            StatusCode::CONFLICT,
            "already_executed",
        )
        .await;
    }
}

#[tokio::test]
async fn an_edit_wins_over_the_model_and_loses_nothing_that_came_meanwhile() {
    let (_server, ann, _) = helped().await;
    let files = files(&ann).await;
    let schema = generate(&ann, &files, "llm").await;
    let path = path_of(&schema);
    let help = ended(&ann, &path).await;
    // As if it was written before any help came.
    let mut edited = schema["schema_json"].clone();
    for table in edited["tables"].as_array_mut().unwrap() {
        if table["name"] == "customers" {
            table["description"] = json!("Ours.");
        }
    }
    let body = json!({"schema_json": edited, "help_seen": 0});
    let saved: Value = ann.put(&path, &body).await.json().await.unwrap();
    assert_eq!(table(&saved, "customers")["description"], "Ours.");
    assert_eq!(table(&saved, "orders")["description"], "One purchase.");
    // Who has seen all of it has taken it back.
    let seen = help["changes"].as_array().unwrap().len();
    assert_eq!(saved["help_changes"], seen);
    let body = json!({"schema_json": edited, "help_seen": seen});
    let saved: Value = ann.put(&path, &body).await.json().await.unwrap();
    assert_eq!(table(&saved, "orders")["description"], Value::Null);
    ann.post(&format!("{path}/help"), &json!({})).await;
    ended(&ann, &path).await;
    let stored = ann.get_json(&path).await;
    assert_eq!(
        table(&stored, "orders")["description"],
        Value::Null,
        "it is not said again"
    );
}

#[tokio::test]
async fn help_can_be_stopped_and_go_on() {
    let model = EndlessModel::start(Says::Nothing).await;
    let (_server, ann) = with_model(&model.url).await;
    let files = files(&ann).await;
    let schema = generate(&ann, &files, "llm").await;
    let path = format!("{}/help", path_of(&schema));
    model.until_open(1).await;
    let help = ann.get_json(&path).await;
    assert_eq!(help["state"], "running");
    assert_eq!(help["pieces"][0]["state"], "running");
    // A second start is the same one.
    ann.post(&path, &json!({})).await;
    let stopped: Value = ann.delete(&path).await.json().await.unwrap();
    assert_eq!(stopped["state"], "stopped");
    assert_eq!(stopped["pieces"][0]["state"], "waiting");
    model.until_open(0).await;
    let started: Value = ann.post(&path, &json!({})).await.json().await.unwrap();
    assert_eq!(started["state"], "running");
    model.until_open(1).await;
    // With the schema the model is left too.
    assert_eq!(ann.delete(&path_of(&schema)).await.status(), StatusCode::OK);
    model.until_open(0).await;
    assert_eq!(ann.get(&path).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_end_of_the_service_ends_the_help() {
    let model = EndlessModel::start(Says::MoreAndMore).await;
    let (server, ann) = with_model(&model.url).await;
    generate(&ann, &files(&ann).await, "llm").await;
    model.until_open(1).await;
    server.shutdown.begin();
    model.until_open(0).await;
}

#[tokio::test]
async fn nonsense_is_told_and_changes_nothing() {
    let (url, _) = answering(|_| "Certainly! Here you are.".to_owned()).await;
    let (_server, ann) = with_model(&url).await;
    let schema = generate(&ann, &files(&ann).await, "llm").await;
    let path = path_of(&schema);
    let help = ended(&ann, &path).await;
    assert_eq!(
        (&help["state"], &help["changes"]),
        (&json!("done"), &json!([]))
    );
    for piece in help["pieces"].as_array().unwrap() {
        assert_eq!(piece["state"], "unusable");
        let message = piece["message"].as_str().unwrap();
        assert!(message.contains("not the JSON"), "{message}");
    }
    let stored = ann.get_json(&path).await;
    assert_eq!(stored["schema_json"], schema["schema_json"]);
    assert_eq!(stored["llm_model"], "built-in");
}

#[tokio::test]
async fn without_a_model_there_is_no_help_and_it_is_said() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = generate(&ann, &files(&ann).await, "llm").await;
    let reasoning = schema["llm_reasoning"].as_str().unwrap();
    assert!(reasoning.contains("No language model helps"), "{reasoning}");
    let path = format!("{}/help", path_of(&schema));
    assert_eq!(ann.get_json(&path).await["state"], "none");
    problem(
        ann.post(&path, &json!({})).await,
        StatusCode::CONFLICT,
        "no_model",
    )
    .await;
}

#[tokio::test]
async fn what_a_model_said_of_a_file_goes_with_the_file() {
    let (_server, ann, heard) = helped().await;
    let files = files(&ann).await;
    let schema = generate(&ann, &files, "llm").await;
    ended(&ann, &path_of(&schema)).await;
    let orders = files[1].as_str().unwrap();
    ann.delete(&format!("/api/csv/{orders}")).await;
    let again = ann.upload_ok("orders.csv", ORDERS).await["id"].clone();
    let schema = generate(&ann, &[files[0].clone(), again], "llm").await;
    ended(&ann, &path_of(&schema)).await;
    // That of customers alone was kept.
    assert_eq!(asked(&heard), 5);
}
