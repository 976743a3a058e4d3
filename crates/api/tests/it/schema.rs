//! Schemas: group C of the negative tests, and what editing and approving promise.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{CUSTOMERS, Client, Server, problem};

#[tokio::test]
async fn generation_and_approval_stream_their_progress() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann
        .upload_ok("customers.csv", crate::support::CUSTOMERS)
        .await;
    let generate = ann
        .request(reqwest::Method::POST, "/api/schema/generate")
        .header("accept", "text/event-stream")
        .json(&json!({"csv_ids": [upload["id"]]}));
    let text = generate.send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("event: progress")
            && text
                .trim_end()
                .lines()
                .rev()
                .nth(1)
                .unwrap()
                .contains("event: schema"),
        "{text}"
    );
    let last = text
        .trim_end()
        .lines()
        .last()
        .unwrap()
        .strip_prefix("data:")
        .unwrap();
    let schema: Value = serde_json::from_str(last).unwrap();
    let path = format!("/api/schema/{}/approve", schema["id"].as_str().unwrap());
    let approve = ann
        .request(reqwest::Method::POST, &path)
        .header("accept", "text/event-stream");
    let text = approve.send().await.unwrap().text().await.unwrap();
    assert!(
        text.contains("event: progress") && text.contains("event: done"),
        "{text}"
    );
}

#[tokio::test]
async fn c41_c42_only_tables_with_plain_columns_are_accepted() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let good = &schema["schema_json"];
    let mut bad = Vec::new();
    for constraint in [
        "DEFAULT (abs(1))",
        "GENERATED ALWAYS AS (1)",
        "NOT NULL); DROP TABLE x;--",
    ] {
        let mut edited = good.clone();
        edited["tables"][0]["columns"][1]["constraints"] = json!([constraint]);
        bad.push(edited);
    }
    for (field, value) in [
        ("view", json!("SELECT 1")),
        ("trigger", json!("CREATE TRIGGER x")),
    ] {
        let mut edited = good.clone();
        edited["tables"][0][field] = value;
        bad.push(edited);
    }
    for name in ["sqlite_x", "", "a\u{0}b"] {
        let mut edited = good.clone();
        edited["tables"][0]["name"] = json!(name);
        bad.push(edited);
    }
    let mut twice = good.clone();
    twice["tables"][0]["columns"][0]["name"] = json!("NAME");
    twice["tables"][0]["columns"][1]["name"] = json!("name");
    bad.push(twice);
    for edited in bad {
        let response = ann.put(&path, &json!({"schema_json": edited})).await;
        assert_eq!(
            response.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{edited}"
        );
        let body: Value = response.json().await.unwrap();
        assert!(!body["errors"].as_array().unwrap().is_empty());
    }
    assert_eq!(
        ann.get_json(&path).await["schema_json"],
        *good,
        "nothing was saved"
    );
}

#[tokio::test]
async fn a_schema_of_megabytes_is_refused_by_its_counts() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let good = &schema["schema_json"];
    let column = &good["tables"][0]["columns"][0];
    let columns: Vec<Value> = (0..30_000)
        .map(|number| {
            let mut column = column.clone();
            column["name"] = json!(format!("c{number}"));
            column["references"] = json!({"table": "customers", "column": "id"});
            column
        })
        .collect();
    let mut wide = good.clone();
    wide["tables"][0]["columns"] = json!(columns);
    let mut linked = good.clone();
    linked["relationships"] = json!(vec![good["relationships"][0].clone(); 10_000]);
    let mut long_key = good.clone();
    long_key["relationships"][0]["from_columns"] = json!(vec!["customer_id"; 200_000]);
    for (edited, field) in [
        (wide, "schema_json.tables[0].columns"),
        (linked, "schema_json.relationships"),
        (long_key, "schema_json.relationships[0].from_columns"),
    ] {
        let body = json!({"schema_json": edited});
        let size = body.to_string().len();
        assert!((2 << 20..8 << 20).contains(&size), "{field}: {size}");
        let refused = problem(
            ann.put(&path, &body).await,
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_schema",
        )
        .await;
        let errors = refused["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "{field}");
        assert_eq!(errors[0]["field"], field);
    }
    assert_eq!(ann.get_json(&path).await["schema_json"], *good);
}

#[tokio::test]
async fn of_thousands_of_problems_a_hundred_are_named() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let mut edited = schema["schema_json"].clone();
    let column = edited["tables"][0]["columns"][0].clone();
    edited["tables"][0]["columns"] = json!(vec![column; 1_900]);
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let refused = problem(
        ann.put(&path, &json!({"schema_json": edited})).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_schema",
    )
    .await;
    let errors = refused["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 101);
    let last = errors[100]["message"].as_str().unwrap();
    assert!(last.contains("may be more"), "{last}");
}

#[tokio::test]
async fn c43_a_hostile_column_name_is_only_a_name() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann
        .upload_ok("t.csv", "id,\"x\"\"); DROP TABLE t;--\"\n1,2\n2,3\n")
        .await;
    let schema: Value = ann
        .post("/api/schema/generate", &json!({"csv_ids": [upload["id"]]}))
        .await
        .json()
        .await
        .unwrap();
    let id = schema["id"].as_str().unwrap();
    assert_eq!(
        ann.post(&format!("/api/schema/{id}/approve"), &json!({}))
            .await
            .status(),
        StatusCode::OK
    );
    let counted: Value = ann
        .post(
            "/api/query",
            &json!({"schema_id": id, "sql": "SELECT count(*) FROM t"}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(counted["rows"], json!([[2]]));
}

#[tokio::test]
async fn an_edit_is_saved_and_its_statements_follow() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    let text = schema["schema_json"]
        .to_string()
        .replace("\"name\":\"country\"", "\"name\":\"land\"");
    let edited: Value = serde_json::from_str(&text).unwrap();
    let saved: Value = ann
        .put(
            &format!("/api/schema/{id}"),
            &json!({"schema_json": edited, "name": "Shop"}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(saved["name"], "Shop");
    assert!(
        saved["create_statements"].to_string().contains("land"),
        "{saved}"
    );
    ann.post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await;
    let found: Value = ann.post("/api/query", &json!({"schema_id": id, "sql": "SELECT count(*) FROM customers WHERE land = 'Germany'"})).await.json().await.unwrap();
    assert_eq!(found["rows"], json!([[2]]));
}

#[tokio::test]
async fn c46_a_second_approval_changes_nothing_and_an_edit_after_it_is_409() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = ann.approved().await;
    let again: Value = ann
        .post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (
            again["status"].as_str(),
            again["already_executed"].as_bool()
        ),
        (Some("executed"), Some(true))
    );
    let schema = ann.get_json(&format!("/api/schema/{id}")).await;
    let edit = ann
        .put(
            &format!("/api/schema/{id}"),
            &json!({"schema_json": schema["schema_json"]}),
        )
        .await;
    assert_eq!(edit.status(), StatusCode::CONFLICT);
}

/// A schema of customers and of orders, of which one names nobody, one has a field too many, and one an amount in words.
async fn dirty(client: &Client) -> Value {
    let customers = client
        .upload_ok("customers.csv", crate::support::CUSTOMERS)
        .await;
    let mut orders = String::from("id,customer_id,amount\n");
    for n in 0..60 {
        orders.push_str(&format!("{},{},{}.50\n", 100 + n, n % 3 + 1, n));
    }
    orders.push_str("500,99,1.50\n501,1,2.50,surplus\n502,2,on request\n");
    let orders = client.upload_ok("orders.csv", &orders).await;
    let sent = client
        .post(
            "/api/schema/generate",
            &json!({"csv_ids": [customers["id"], orders["id"]]}),
        )
        .await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    sent.json().await.unwrap()
}

fn of_orders(tables: &Value) -> &Value {
    let tables = tables.as_array().unwrap();
    tables
        .iter()
        .find(|table| table["name"] == "orders")
        .unwrap()
}

#[tokio::test]
async fn a_schema_keeps_every_row_and_says_before_what_it_does() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = dirty(&ann).await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    // The amount is text because of one of its words; the user says otherwise, and has the reference by hand.
    let mut edited = schema["schema_json"].clone();
    let at = |name: &str| {
        let tables = schema["schema_json"]["tables"].as_array().unwrap();
        tables
            .iter()
            .position(|table| table["name"] == name)
            .unwrap()
    };
    edited["tables"][at("orders")]["columns"][2]["type"] = json!("DECIMAL");
    edited["relationships"] = json!([{
        "from_table": "orders", "from_columns": ["customer_id"],
        "to_table": "customers", "to_columns": ["id"], "cardinality": "many-to-one"
    }]);
    let saved: Value = ann
        .put(&path, &json!({"schema_json": edited}))
        .await
        .json()
        .await
        .unwrap();
    let forecast = &saved["forecast"];
    assert_eq!(
        of_orders(&forecast["tables"]),
        &json!({"name": "orders", "rows_in": 63, "row_count": 62, "merged": 0, "quarantined": 1, "added": 0,
            "emptied": [{"column": "amount", "cells": 1}], "evened": [],
            "reasons": [{"reason": "more fields than the table has columns", "rows": 1}]})
    );
    assert_eq!(forecast["references"][0]["orphan_rows"], 1);
    assert_eq!(forecast["loses_much"], true, "two of 63");
    let stored = ann.get_json(&path).await;
    assert_eq!(stored["forecast"], *forecast, "it is kept");
    assert_eq!(stored["notices"], saved["notices"]);
    assert!(stored["notices"].as_array().unwrap().len() >= 3, "{stored}");
    let approve = format!("{path}/approve");
    let refused = problem(
        ann.post(&approve, &json!({})).await,
        StatusCode::CONFLICT,
        "losses_not_accepted",
    )
    .await;
    assert_eq!(refused["forecast"], *forecast);
    problem(
        ann.request(reqwest::Method::POST, &approve)
            .header("accept", "text/event-stream")
            .send()
            .await
            .unwrap(),
        StatusCode::CONFLICT,
        "losses_not_accepted",
    )
    .await;
    assert_eq!(ann.get_json(&path).await["status"], "generated");

    let sent = ann.post(&approve, &json!({"accept_losses": true})).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let approved: Value = sent.json().await.unwrap();
    assert_eq!(approved["references"], forecast["references"]);
    let (told, done) = (
        of_orders(&forecast["tables"]),
        of_orders(&approved["tables"]),
    );
    for number in [
        "rows_in",
        "row_count",
        "merged",
        "quarantined",
        "added",
        "emptied",
    ] {
        assert_eq!(told[number], done[number], "{number}");
    }
    let quarantine = ann.get_json(&format!("{path}/quarantine")).await;
    assert_eq!(quarantine["total"], 1);
    let surplus = &quarantine["rows"][0];
    assert_eq!(
        (&surplus["file"], &surplus["table"], &surplus["line"]),
        (&json!("orders.csv"), &json!("orders"), &json!(63))
    );
    assert!(surplus["raw"].as_str().unwrap().contains("surplus"));
    let emptied = ann.get_json(&format!("{path}/emptied")).await;
    assert_eq!(emptied["total"], 1);
    let cell = &emptied["cells"][0];
    assert_eq!(
        (
            &cell["table_column"],
            &cell["column"],
            &cell["line"],
            &cell["text"]
        ),
        (
            &json!("amount"),
            &json!("amount"),
            &json!(64),
            &json!("on request")
        )
    );
}

#[tokio::test]
async fn the_choices_for_what_does_not_fit_are_those_of_the_user() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = dirty(&ann).await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let orders = schema["schema_json"]["tables"].as_array().unwrap();
    let orders = orders
        .iter()
        .position(|table| table["name"] == "orders")
        .unwrap();
    let mut edited = schema["schema_json"].clone();
    edited["tables"][orders]["columns"][2]["type"] = json!("DECIMAL");
    edited["tables"][orders]["columns"][2]["misfits"] = json!("set_aside");
    edited["relationships"] = json!([{
        "from_table": "orders", "from_columns": ["customer_id"],
        "to_table": "customers", "to_columns": ["id"], "cardinality": "many-to-one", "orphans": "placeholder"
    }]);
    let saved = ann.put(&path, &json!({"schema_json": edited})).await;
    let saved: Value = saved.json().await.unwrap();
    assert_eq!(
        saved["schema_json"]["relationships"][0]["orphans"],
        "placeholder"
    );
    let told = of_orders(&saved["forecast"]["tables"]);
    assert_eq!(
        (&told["row_count"], &told["quarantined"]),
        (&json!(61), &json!(2))
    );
    let added: Vec<&Value> = saved["forecast"]["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| &table["added"])
        .filter(|added| **added != 0)
        .collect();
    assert_eq!(added, [&json!(1)]);
    for (field, value) in [("orphans", "drop"), ("misfits", "drop")] {
        let mut bad = saved["schema_json"].clone();
        let place = if field == "orphans" {
            &mut bad["relationships"][0]
        } else {
            &mut bad["tables"][0]["columns"][0]
        };
        place[field] = json!(value);
        let refused = ann.put(&path, &json!({"schema_json": bad})).await;
        assert_eq!(
            refused.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{field}"
        );
    }
    let extra = ann
        .post(&format!("{path}/approve"), &json!({"accept": true}))
        .await;
    assert_eq!(extra.status(), StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_exported_database_is_sqlite_and_holds_only_the_users_tables() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = ann.approved().await;
    let response = ann.get(&format!("/api/schema/{id}/export")).await;
    assert_eq!(
        response.headers()["content-type"],
        "application/vnd.sqlite3"
    );
    let bytes = response.bytes().await.unwrap();
    assert!(bytes.starts_with(b"SQLite format 3\0"));
}

#[tokio::test]
async fn a_schema_that_is_not_approved_answers_nothing() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = &schema["id"];
    problem(
        ann.post("/api/query", &json!({"schema_id": id, "sql": "SELECT 1"}))
            .await,
        StatusCode::CONFLICT,
        "not_executed",
    )
    .await;
    let question = json!({"schema_id": id, "messages": [{"role": "user", "content": "How many?"}]});
    problem(
        ann.post("/api/chat", &question).await,
        StatusCode::CONFLICT,
        "not_executed",
    )
    .await;
    assert_eq!(
        ann.get_json("/api/conversations").await["conversations"],
        json!([])
    );
}

#[tokio::test]
async fn unknown_files_are_named() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let nobody_s = "00000000-0000-4000-8000-000000000000";
    let refused = problem(
        ann.post("/api/schema/generate", &json!({"csv_ids": [nobody_s]}))
            .await,
        StatusCode::NOT_FOUND,
        "unknown_files",
    )
    .await;
    assert_eq!(refused["errors"][0]["field"], "csv_ids[0]");
    // One's own file is there: the request is faulty.
    let file = ann.upload_ok("customers.csv", CUSTOMERS).await["id"].clone();
    let twice = json!({"csv_ids": [file, file]});
    let refused = ann.post("/api/schema/generate", &twice).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "unknown_files").await;
    assert_eq!(refused["errors"][0]["field"], "csv_ids[1]");
    problem(
        ann.post("/api/schema/generate", &json!({"csv_ids": []}))
            .await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "no_files",
    )
    .await;
}
