//! The newcomer's path: sign in, upload, generate, approve, ask, find it again, sign out.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Server;

#[tokio::test]
async fn from_csv_files_to_an_answer_with_its_proof() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let tables = schema["schema_json"]["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 2);
    let relationship = &schema["schema_json"]["relationships"][0];
    assert_eq!(
        (
            relationship["from_table"].as_str(),
            relationship["to_table"].as_str()
        ),
        (Some("orders"), Some("customers"))
    );
    assert_eq!(relationship["evidence"]["matched"], 3);

    let id = schema["id"].as_str().unwrap();
    let approved: Value = ann
        .post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(approved["status"], "executed");
    for table in approved["tables"].as_array().unwrap() {
        assert_eq!(
            table["rows_in"].as_u64().unwrap(),
            table["row_count"].as_u64().unwrap()
                + table["merged"].as_u64().unwrap()
                + table["quarantined"].as_u64().unwrap()
        );
    }

    let (events, conversation) = ann.ask(id, None, "How many orders are there?").await;
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        (kinds.first(), kinds.last()),
        (Some(&"start"), Some(&"finish"))
    );
    let receipt = &events
        .iter()
        .find(|event| event["type"] == "data-receipt")
        .unwrap()["data"];
    assert_eq!(receipt["rows"], json!([[5]]));
    assert_eq!(receipt["engine"], "built-in");
    let by_hand: Value = ann
        .post(
            "/api/query",
            &json!({"schema_id": id, "sql": receipt["sql"]}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        by_hand["rows"], receipt["rows"],
        "the receipt's statement gives the answer's rows"
    );

    let list = ann
        .get_json(&format!("/api/conversations?schema_id={id}"))
        .await;
    assert_eq!(
        list["conversations"][0]["title"],
        "How many orders are there?"
    );
    let kept = ann
        .get_json(&format!("/api/conversations/{conversation}"))
        .await;
    let roles: Vec<&str> = kept["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["user", "assistant"]);
    assert!(
        kept["messages"][1]["parts"]
            .as_array()
            .unwrap()
            .iter()
            .any(|part| part["type"] == "data-receipt")
    );

    assert_eq!(
        ann.post("/api/auth/logout", &json!({})).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        ann.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_sample_data_goes_the_whole_way() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let loaded = ann.post("/api/samples/load", &json!({})).await;
    assert_eq!(loaded.status(), StatusCode::CREATED);
    let files: Value = loaded.json().await.unwrap();
    let ids: Vec<&Value> = files["csv_files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| &file["id"])
        .collect();
    assert_eq!(ids.len(), 4);
    let schema: Value = ann
        .post("/api/schema/generate", &json!({"csv_ids": ids}))
        .await
        .json()
        .await
        .unwrap();
    let mut keys: Vec<String> = schema["schema_json"]["relationships"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| {
            format!(
                "{}.{} -> {}",
                each["from_table"].as_str().unwrap(),
                each["from_columns"][0].as_str().unwrap(),
                each["to_table"].as_str().unwrap()
            )
        })
        .collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "order_items.order_id -> orders",
            "order_items.product_id -> products",
            "orders.customer_id -> customers"
        ]
    );
    let id = schema["id"].as_str().unwrap();
    let approved: Value = ann
        .post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await
        .json()
        .await
        .unwrap();
    let rows: u64 = approved["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| table["row_count"].as_u64().unwrap())
        .sum();
    assert_eq!(rows, 420 + 32 + 2600 + 5397);

    let (events, _) = ann.ask(id, None, "Which 5 customers spent the most?").await;
    let receipt = &events
        .iter()
        .find(|event| event["type"] == "data-receipt")
        .expect("an answer from data")["data"];
    assert_eq!(receipt["row_count"], 5);
    let spent = "SELECT c.name, sum(i.quantity * i.unit_price) AS spent FROM order_items i JOIN orders o USING (order_id) JOIN customers c USING (customer_id) \
                 GROUP BY c.customer_id ORDER BY spent DESC LIMIT 5";
    let expected: Value = ann
        .post("/api/query", &json!({"schema_id": id, "sql": spent}))
        .await
        .json()
        .await
        .unwrap();
    let names = |rows: &Value| {
        rows.as_array()
            .unwrap()
            .iter()
            .map(|row| row[0].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&receipt["rows"]), names(&expected["rows"]));
}
