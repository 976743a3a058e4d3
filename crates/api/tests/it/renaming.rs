//! `PATCH /api/schema/{id}`.

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Server, problem};

async fn rename(client: &Client, id: &str, body: &Value) -> Response {
    client
        .request(Method::PATCH, &format!("/api/schema/{id}"))
        .json(body)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_dataset_is_renamed_by_its_owner_alone() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    let body = json!({"name": "Mine"});
    let nobody = rename(&server.nobody(), id, &body).await;
    problem(nobody, StatusCode::UNAUTHORIZED, "unauthenticated").await;
    let other = rename(&bob, id, &body).await;
    problem(other, StatusCode::NOT_FOUND, "not_found").await;
    let stored = ann.get_json(&format!("/api/schema/{id}")).await;
    assert_eq!(stored["name"], "Customers and orders");
}

#[tokio::test]
async fn names_that_cannot_be_shown_are_refused() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    for name in [
        String::new(),
        " \t ".to_owned(),
        "x".repeat(201),
        "a\nb".to_owned(),
        "a\0b".to_owned(),
        "a\u{202e}b".to_owned(),
    ] {
        let sent = rename(&ann, id, &json!({"name": name})).await;
        let refused = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_name").await;
        assert_eq!(refused["errors"][0]["field"], "name", "{name:?}");
    }
    for body in [
        json!({}),
        json!({"name": 1}),
        json!({"name": "x", "schema_json": {"tables": []}}),
    ] {
        let sent = rename(&ann, id, &body).await;
        assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    let stored = ann.get_json(&format!("/api/schema/{id}")).await;
    assert_eq!(stored["name"], schema["name"]);
    assert!(!ann.actions().await.contains(&"rename_schema".to_owned()));
}

#[tokio::test]
async fn a_name_is_changed_before_and_after_the_approval_and_nothing_else_is() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    let path = format!("/api/schema/{id}");
    let longest = "ü".repeat(200);
    for (name, stored) in [("  Größe & 名前 ", "Größe & 名前"), (&longest, &longest)] {
        let renamed: Value = rename(&ann, id, &json!({"name": name}))
            .await
            .json()
            .await
            .unwrap();
        assert_eq!(renamed["name"], stored);
        let mut before = schema.clone();
        before["name"] = json!(stored);
        assert_eq!(ann.get_json(&path).await, before);
    }
    ann.post(&format!("{path}/approve"), &json!({})).await;
    let sent = rename(&ann, id, &json!({"name": "Shop"})).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let renamed: Value = sent.json().await.unwrap();
    assert_eq!(
        (&renamed["name"], &renamed["status"]),
        (&json!("Shop"), &json!("executed"))
    );
    let list = ann.get_json("/api/schema/list").await;
    assert_eq!(list["schemas"][0]["name"], "Shop");
    let (events, _) = ann.ask(id, None, "How many orders are there?").await;
    assert!(
        events.iter().any(|event| event["type"] == "data-receipt"),
        "the data are still there"
    );
}

#[tokio::test]
async fn a_new_name_is_in_the_audit_log_and_the_same_name_is_not() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    for name in ["Shop", "Shop", " Shop "] {
        let sent = rename(&ann, id, &json!({"name": name})).await;
        assert_eq!(sent.status(), StatusCode::OK);
    }
    let actions = ann.actions().await;
    let renamed = actions.iter().filter(|action| *action == "rename_schema");
    assert_eq!(renamed.count(), 1, "{actions:?}");
    let entry = &ann.get_json("/api/audit").await["entries"][0];
    assert_eq!(entry["subject"], id);
    assert_eq!(
        entry["detail"],
        json!({"name": "Shop", "before": "Customers and orders"})
    );
}
