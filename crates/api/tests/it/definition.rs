//! `GET /api/schema/{id}/definition`.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, Server, problem};

const FORMATS: [(&str, &str, &str); 4] = [
    (
        "sqlite",
        "sqlite.sql",
        "CREATE TABLE \"customers\" (\n  \"id\" INTEGER NOT NULL,",
    ),
    (
        "postgresql",
        "postgresql.sql",
        "CREATE TABLE \"customers\" (\n  \"id\" bigint NOT NULL,",
    ),
    (
        "dbml",
        "dbml",
        "Ref: \"orders\".\"customer_id\" > \"customers\".\"id\"",
    ),
    (
        "mermaid",
        "mmd",
        "\"orders\" }o--|| \"customers\" : \"customer_id\"",
    ),
];

async fn text(client: &Client, id: &str, format: &str) -> String {
    let sent = client
        .get(&format!("/api/schema/{id}/definition?format={format}"))
        .await;
    assert_eq!(sent.status(), StatusCode::OK, "{format}");
    sent.text().await.unwrap()
}

#[tokio::test]
async fn a_definition_is_its_owners_alone() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let schema = ann.generated().await;
    let path = format!(
        "/api/schema/{}/definition?format=dbml",
        schema["id"].as_str().unwrap()
    );
    let nobody = server.nobody().get(&path).await;
    problem(nobody, StatusCode::UNAUTHORIZED, "unauthenticated").await;
    problem(bob.get(&path).await, StatusCode::NOT_FOUND, "not_found").await;
    assert_eq!(ann.get(&path).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn formats_that_are_not_there_are_refused() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    for format in ["mysql", "", "SQLITE", "dbml%00", "dbml&format=mermaid"] {
        let path = format!("/api/schema/{id}/definition?format={format}");
        let sent = ann.get(&path).await;
        problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").await;
    }
    let nothing = ann.get("/api/schema/none/definition?format=dbml").await;
    problem(nothing, StatusCode::NOT_FOUND, "not_found").await;
}

#[tokio::test]
async fn each_format_is_text_with_a_file_name_before_and_after_the_approval() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    let mut before = Vec::new();
    for (format, ending, part) in FORMATS {
        let path = format!("/api/schema/{id}/definition?format={format}");
        let sent = ann.get(&path).await;
        assert_eq!(sent.status(), StatusCode::OK, "{format}");
        let headers = sent.headers().clone();
        assert_eq!(headers["content-type"], "text/plain; charset=utf-8");
        assert_eq!(
            headers["content-disposition"],
            format!("attachment; filename=\"Customers_and_orders.{ending}\"")
        );
        let text = sent.text().await.unwrap();
        assert!(text.contains(part), "{text}");
        before.push(text);
    }
    let plain = ann.get(&format!("/api/schema/{id}/definition")).await;
    assert_eq!(plain.text().await.unwrap(), before[0], "SQLite unless told");
    ann.post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await;
    for ((format, _, _), before) in FORMATS.into_iter().zip(before) {
        assert_eq!(text(&ann, id, format).await, before, "{format}");
    }
}

#[tokio::test]
async fn a_definition_follows_edits_and_its_file_name_is_safe_whatever_the_name_is() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let id = schema["id"].as_str().unwrap();
    let name = "../a\"b; x=y\\名前";
    let edited: Value = serde_json::from_str(
        &schema["schema_json"]
            .to_string()
            .replace("\"name\":\"country\"", "\"name\":\"land\""),
    )
    .unwrap();
    let saved = ann
        .put(
            &format!("/api/schema/{id}"),
            &json!({"schema_json": edited, "name": name}),
        )
        .await;
    assert_eq!(saved.status(), StatusCode::OK);
    for (format, ending, _) in FORMATS {
        let path = format!("/api/schema/{id}/definition?format={format}");
        let sent = ann.get(&path).await;
        assert_eq!(
            sent.headers()["content-disposition"],
            format!("attachment; filename=\"___a_b__x_y___.{ending}\"")
        );
        let text = sent.text().await.unwrap();
        assert!(text.contains("land") && !text.contains("country"), "{text}");
    }
}
