//! Wide files: what is suggested, what `normalize` puts in place, and that the import gives the file back.

use std::fmt::Write;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Server};

/// 240 orders of 20 customers.
fn wide() -> String {
    let mut text = "order_id,customer_id,customer_name,customer_city,quantity\n".to_owned();
    for row in 0..240 {
        let customer = row * 7 % 20;
        let city = customer * 5 % 11;
        let (order, quantity) = (row + 1, row * 13 % 9 + 1);
        writeln!(
            text,
            "{order},{customer},Customer {customer},City {city},{quantity}"
        )
        .unwrap();
    }
    text
}

async fn generated(client: &Client, body: Value) -> Value {
    let response = client.post("/api/schema/generate", &body).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    response.json().await.unwrap()
}

fn tables(schema: &Value) -> Vec<&str> {
    let tables = schema["schema_json"]["tables"].as_array().unwrap();
    tables
        .iter()
        .map(|table| table["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_split_is_only_suggested_unless_it_was_asked_for() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann.upload_ok("orders.csv", &wide()).await;
    let schema = generated(&ann, json!({"csv_ids": [upload["id"]]})).await;
    assert_eq!(tables(&schema), ["orders"]);
    let suggestions = schema["schema_json"]["suggestions"].as_array().unwrap();
    assert_eq!(suggestions.len(), 1);
    assert_eq!(suggestions[0]["kind"], "split_table");
    assert_eq!(suggestions[0]["title"], "Split customers off orders");
    assert_eq!(
        suggestions[0]["evidence"]["proof"]["text"],
        "joined back: 240 of 240 rows are the same"
    );
    // It is kept with the schema, and comes through an edit.
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let body = json!({"schema_json": schema["schema_json"]});
    let edited: Value = ann.put(&path, &body).await.json().await.unwrap();
    assert_eq!(
        edited["schema_json"]["suggestions"],
        schema["schema_json"]["suggestions"]
    );
}

#[tokio::test]
async fn asked_for_it_is_in_place_and_the_join_gives_the_file_back() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann.upload_ok("orders.csv", &wide()).await;
    let schema = generated(&ann, json!({"csv_ids": [upload["id"]], "normalize": true})).await;
    assert_eq!(tables(&schema), ["orders", "customers"]);
    assert_eq!(schema["schema_json"]["suggestions"], json!([]));
    assert_eq!(schema["forecast"]["loses_much"], false);
    let reasoning = schema["llm_reasoning"].as_str().unwrap();
    assert!(
        reasoning.contains("Split customers off orders"),
        "{reasoning}"
    );
    let id = schema["id"].as_str().unwrap();
    let approved = ann
        .post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await;
    assert_eq!(approved.status(), StatusCode::OK);
    let report: Value = approved.json().await.unwrap();
    assert_eq!(report["tables"][1]["row_count"], 20);
    assert_eq!(report["tables"][1]["merged"], 220);
    let sql = "SELECT order_id, customer_id, customer_name, customer_city, quantity \
        FROM orders JOIN customers USING (customer_id) ORDER BY order_id";
    let body = json!({"schema_id": id, "sql": sql, "limit": 1000});
    let found: Value = ann.post("/api/query", &body).await.json().await.unwrap();
    let rows = found["rows"].as_array().unwrap();
    let text = |cell: &Value| {
        cell.as_str()
            .map_or_else(|| cell.to_string(), str::to_owned)
    };
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            row.as_array()
                .unwrap()
                .iter()
                .map(text)
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    let whole = wide();
    let expected: Vec<&str> = whole.lines().skip(1).collect();
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn its_progress_is_told_as_a_stage_of_its_own() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann.upload_ok("orders.csv", &wide()).await;
    let generate = ann
        .request(reqwest::Method::POST, "/api/schema/generate")
        .header("accept", "text/event-stream")
        .json(&json!({"csv_ids": [upload["id"]]}));
    let text = generate.send().await.unwrap().text().await.unwrap();
    let place = |stage: &str| text.find(&format!("\"stage\":\"{stage}\""));
    assert!(place("naming") < place("normalisation"), "{text}");
    assert!(place("normalisation") < place("forecast"), "{text}");
    assert!(place("normalisation").is_some());
}
