//! Whoever leaves stops what they caused.

use std::future::pending;
use std::time::Duration;

use http::HeaderValue;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::time::sleep;
use tower::ServiceExt;

use crate::support::Server;
use crate::support::binary::Binary;
use crate::unread::{export, long_rows, query, soon};

pub const ENDLESS: &str =
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
        let before_its_first_row = sql == ENDLESS;
        let asked = tokio::time::timeout(Duration::from_secs(2), export(&ann, &schema, &sql)).await;
        assert_eq!(asked.is_err(), before_its_first_row);
        if let Ok(response) = &asked {
            assert_eq!(response.status(), StatusCode::OK);
            sleep(Duration::from_millis(200)).await;
        }
        drop(asked);
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
    let binary = Binary::start(&[
        ("MAX_CONCURRENT_QUERIES", "1"),
        ("SQL_TIME_LIMIT_MS", "60000"),
        ("REQUEST_TIMEOUT_MS", "60000"),
    ])
    .await;
    let ann = binary.user().await;
    let schema = ann.approved().await;
    assert_eq!(query(&ann, &schema, "SELECT 1").await, StatusCode::OK);
    let ask = |sql: &'static str| {
        let (ann, schema) = (ann.clone(), schema.clone());
        tokio::spawn(async move { query(&ann, &schema, sql).await })
    };
    let asking = ask(ENDLESS);
    binary.gauge_becomes("queries_running", 1.0).await;
    let waiting = ask("SELECT 1");
    binary.gauge_becomes("queries_waiting", 1.0).await;
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
        let approve = format!("/api/schema/{schema}/approve");
        let mut request = ann.by_hand(Method::POST, &approve, &json!({}));
        let accepted = HeaderValue::from_static(accept);
        request.headers_mut().insert("accept", accepted);
        // Without a connection, so that the service sees at once that its client has left.
        let app = server.app.clone();
        let mut approving = Box::pin(async move {
            let _answer = app.oneshot(request).await;
            pending::<()>().await;
        });
        let file = tokio::select! {
            () = &mut approving => unreachable!(),
            file = soon("the import's reading", stalled.reached()) => file,
        };
        drop(approving);
        file.finish();
        soon("the end of the import", server.shutdown.finished()).await;
        let removed = ann.delete(&format!("/api/schema/{schema}")).await;
        assert_eq!(removed.status(), StatusCode::OK, "{accept}");
        let actions = ann.actions().await;
        assert_eq!(actions[0], "delete_schema");
        assert!(!actions.contains(&"approve".to_owned()), "{accept}");
        assert_eq!(server.files().len(), 1, "the upload alone: {accept}");
    }
}
