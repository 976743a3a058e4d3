//! References that only spellings keep from holding: proposed, accepted, imported, listed.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::Server;

const DEPARTMENTS: &str =
    "dept_code,name\nENG,Engineering\nFIN,Finance\nOPS,Operations\nLAW,Legal\nMED,Doctors\n";

fn staff() -> String {
    let codes = ["eng ", "FIN", "OPS", "Law", "MED"];
    let mut text = "staff_id,dept_code\n".to_owned();
    for id in 1..=40 {
        text += &format!("{id},{}\n", codes[id % 5]);
    }
    text
}

#[tokio::test]
async fn a_reference_but_for_spellings_is_accepted_imported_and_accounted_for() {
    let server = Server::shared().await;
    let client = server.user("ann of spellings").await;
    let mut ids = Vec::new();
    for (name, text) in [
        ("departments.csv", DEPARTMENTS.to_owned()),
        ("staff.csv", staff()),
    ] {
        ids.push(client.upload_ok(name, &text).await["id"].clone());
    }
    let generated = client
        .post("/api/schema/generate", &json!({"csv_ids": ids}))
        .await;
    let schema: Value = generated.json().await.unwrap();
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let mut edited = schema["schema_json"].clone();
    assert_eq!(edited["relationships"], json!([]));
    let suggestion = edited["suggestions"][0].clone();
    assert_eq!(suggestion["kind"], "even_out", "{suggestion}");
    assert_eq!(suggestion["evidence"]["rows_respelled"], 16);

    edited["relationships"] = suggestion["patch"]["relationships"].clone();
    edited["suggestions"] = json!([]);
    let saved = client.put(&path, &json!({"schema_json": edited})).await;
    let (status, saved): (_, Value) = (saved.status(), saved.json().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{saved}");
    let evened = json!([{"column": "dept_code", "cells": 16, "samples": [
        {"text": "Law", "stored": "LAW"}, {"text": "eng ", "stored": "ENG"}]}]);
    assert_eq!(saved["forecast"]["tables"][1]["evened"], evened);
    assert_eq!(
        saved["schema_json"]["relationships"][0]["even_out"],
        json!(["blanks", "case"])
    );

    assert_eq!(
        client.get(&format!("{path}/evened")).await.status(),
        StatusCode::CONFLICT
    );
    let approved = client.post(&format!("{path}/approve"), &json!({})).await;
    assert_eq!(approved.status(), StatusCode::OK);
    let load = client.get_json(&path).await["load"]["tables"][1].clone();
    assert_eq!(
        (&load["evened"], &load["quarantined"]),
        (&evened, &json!(0))
    );

    let page = client
        .get_json(&format!(
            "{path}/evened?table=staff&column=dept_code&limit=2&offset=1"
        ))
        .await;
    assert_eq!(page["total"], 16);
    let cell = &page["cells"][0];
    assert_eq!(
        (&cell["line"], &cell["text"], &cell["stored"]),
        (&json!(6), &json!("eng "), &json!("ENG"))
    );
    let other = server.user("bob of spellings").await;
    assert_eq!(
        other.get(&format!("{path}/evened")).await.status(),
        StatusCode::NOT_FOUND
    );
}
