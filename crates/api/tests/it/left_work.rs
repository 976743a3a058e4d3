//! Whoever leaves stops what they caused.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::time::sleep;

use crate::support::Server;
use crate::unread::{export, long_rows, query, soon};

const ENDLESS: &str =
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";

#[tokio::test]
async fn leaving_an_export_stops_it() {
    let server = Server::local_with(&[
        ("MAX_CONCURRENT_QUERIES", "1"),
        ("MAX_CONCURRENT_EXPORTS", "1"),
        ("EXPORT_TIME_LIMIT_MS", "60000"),
        ("BODY_IDLE_TIMEOUT_MS", "60000"),
    ])
    .await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    // Of the first, the statement gives no row at all; of the second, the rows come faster than they are read.
    for sql in [ENDLESS.to_owned(), long_rows()] {
        let response = export(&ann, &schema, &sql).await;
        assert_eq!(response.status(), StatusCode::OK);
        sleep(Duration::from_millis(200)).await;
        drop(response);
        let small = soon(
            "an export after it",
            export(&ann, &schema, "SELECT 1 AS one"),
        )
        .await;
        assert_eq!(small.text().await.unwrap(), "one\r\n1\r\n");
    }
}

#[tokio::test]
async fn b39_leaving_a_query_stops_it() {
    let server = Server::local_with(&[
        ("MAX_CONCURRENT_QUERIES", "1"),
        ("SQL_TIME_LIMIT_MS", "60000"),
        ("REQUEST_TIMEOUT_MS", "60000"),
    ])
    .await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    assert_eq!(query(&ann, &schema, "SELECT 1").await, StatusCode::OK);
    let asking = tokio::spawn({
        let (ann, schema) = (ann.clone(), schema.clone());
        async move { query(&ann, &schema, ENDLESS).await }
    });
    sleep(Duration::from_millis(300)).await;
    let waiting = tokio::spawn({
        let (ann, schema) = (ann.clone(), schema.clone());
        async move { query(&ann, &schema, "SELECT 1").await }
    });
    sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished(), "the one place is taken");
    asking.abort();
    assert_eq!(
        soon("the next query", waiting).await.unwrap(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn leaving_an_import_stops_it_and_leaves_nothing() {
    for accept in ["application/json", "text/event-stream"] {
        let server = Server::local().await;
        let ann = server.user("ann").await;
        let (schema, stalled) = server.stalled_import(&ann).await;
        let approving = tokio::spawn({
            let (ann, schema) = (ann.clone(), schema.clone());
            let approve = format!("/api/schema/{schema}/approve");
            async move {
                let request = ann.request(Method::POST, &approve).header("accept", accept);
                request.send().await.unwrap().text().await
            }
        });
        let file = soon("the import's reading", stalled.reached()).await;
        approving.abort();
        // Until the server has seen the connection end.
        sleep(Duration::from_millis(300)).await;
        file.finish();
        let path = format!("/api/schema/{schema}");
        soon("the end of the import", async {
            while ann.delete(&path).await.status() == StatusCode::CONFLICT {
                sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
        let log: Value = ann.get_json("/api/audit").await;
        assert_eq!(log["entries"][0]["action"], "delete_schema");
        assert_ne!(log["entries"][1]["action"], "approve", "{accept}");
        assert_eq!(server.files().len(), 1, "the upload alone: {accept}");
    }
}
