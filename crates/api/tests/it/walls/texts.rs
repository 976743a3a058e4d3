//! Free text of a schema is bounded, and lists carry no schemas.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Server, problem};

/// Puts a text somewhere into a `schema_json`.
type Spoil = fn(&mut Value, Value);

#[tokio::test]
async fn h30_an_edit_with_a_text_that_is_too_long_is_refused_and_named() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let long = "x".repeat(7_000_000);
    let spoil: [(&str, Spoil); 4] = [
        ("reasoning", |json, text| json["reasoning"] = text),
        ("tables[0].description", |json, text| {
            json["tables"][0]["description"] = text;
        }),
        ("tables[1].columns[0].description", |json, text| {
            json["tables"][1]["columns"][0]["description"] = text;
        }),
        ("relationships[0].evidence.reasons[0]", |json, text| {
            json["relationships"][0]["evidence"]["reasons"] = json!([text]);
        }),
    ];
    for (field, spoil) in spoil {
        let mut edited = schema["schema_json"].clone();
        spoil(&mut edited, json!(long));
        let sent = ann.put(&path, &json!({"schema_json": edited})).await;
        let body = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_schema").await;
        let fields: Vec<&str> = body["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["field"].as_str().unwrap())
            .collect();
        assert!(
            fields.contains(&format!("schema_json.{field}").as_str()),
            "{fields:?}"
        );
        assert!(body.to_string().len() < 2_000, "the text is not sent back");
    }
    assert_eq!(
        ann.get_json(&path).await["schema_json"],
        schema["schema_json"]
    );
}

#[tokio::test]
async fn h31_texts_that_each_fit_are_bounded_together() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let mut edited = schema["schema_json"].clone();
    edited["suggestions"] = (0..20)
        .map(|number| {
            json!({"id": number.to_string(), "kind": "split_table", "title": "t", "evidence": {},
                "patch": {"x": "y".repeat(60_000)}})
        })
        .collect();
    let sent = ann.put(&path, &json!({"schema_json": edited})).await;
    let body = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_schema").await;
    let message = body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("the whole schema has 12"), "{message}");
    edited["suggestions"].as_array_mut().unwrap().truncate(10);
    let saved = ann.put(&path, &json!({"schema_json": edited})).await;
    assert_eq!(saved.status(), StatusCode::OK);
}

#[tokio::test]
async fn h33_lists_carry_no_schema_json() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = ann.approved().await;
    let list = ann.get_json("/api/schema/list").await;
    let [listed] = list["schemas"].as_array().unwrap().as_slice() else {
        panic!("{list}")
    };
    for large in [
        "schema_json",
        "create_statements",
        "llm_reasoning",
        "load",
        "notices",
    ] {
        assert!(listed.get(large).is_none(), "{large}");
    }
    assert_eq!(listed["id"], id);
    assert_eq!(listed["row_count"], 8);
    let outline = &listed["outline"];
    assert_eq!(
        (&outline["table_count"], &outline["relationship_count"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        outline["references"],
        json!([{"from_table": "orders", "to_table": "customers"}])
    );
    // What the schema itself says is at its own address.
    let whole = ann.get_json(&format!("/api/schema/{id}")).await;
    assert!(whole["schema_json"]["tables"].is_array());
}
