//! Whoever does not read what they asked for holds up nobody else.

use std::future::Future;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, Server};

/// Far above what a loaded machine needs, far below the limits that the tests set.
const SOON: Duration = Duration::from_secs(20);

pub async fn soon<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, work)
        .await
        .unwrap_or_else(|_| panic!("{what} did not happen in time"))
}

/// More rows than any buffer between the database and the reader holds.
pub fn long_rows() -> String {
    format!(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x, '{}' FROM n",
        "y".repeat(2_000)
    )
}

pub async fn query(client: &Client, schema: &str, sql: &str) -> StatusCode {
    let body = json!({"schema_id": schema, "sql": sql});
    client.post("/api/query", &body).await.status()
}

pub async fn export(client: &Client, schema: &str, sql: &str) -> reqwest::Response {
    let body = json!({"schema_id": schema, "sql": sql});
    client.post("/api/query/export", &body).await
}

/// Asks for an export that has no end and reads nothing of it but its beginning.
async fn unread_export(server: &Server, client: &Client, schema: &str) -> TcpStream {
    let body = json!({"schema_id": schema, "sql": long_rows()}).to_string();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/query/export HTTP/1.1\r\nHost: localhost:8000\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        client.token.as_deref().unwrap(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut start = [0; 15];
    soon("the export's beginning", stream.read_exact(&mut start))
        .await
        .unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    stream
}

#[tokio::test]
async fn exports_that_nobody_reads_hold_up_no_query_and_end_at_their_time_limit() {
    let server = Server::local_with(&[
        ("MAX_CONCURRENT_QUERIES", "1"),
        ("MAX_CONCURRENT_EXPORTS", "2"),
        ("EXPORT_TIME_LIMIT_MS", "2000"),
        ("BODY_IDLE_TIMEOUT_MS", "60000"),
    ])
    .await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let mut unread = Vec::new();
    for _ in 0..2 {
        unread.push(unread_export(&server, &ann, &schema).await);
    }
    let asked = soon("a query beside them", query(&ann, &schema, "SELECT 1")).await;
    assert_eq!(asked, StatusCode::OK);
    let small = soon(
        "the end of an unread export",
        export(&ann, &schema, "SELECT 1 AS one"),
    )
    .await;
    assert_eq!(small.text().await.unwrap(), "one\r\n1\r\n");
    // Still connected: what they now read ends in a break, never like a whole file.
    for mut stream in unread {
        let mut rest = Vec::new();
        let _ = soon("the rest", stream.read_to_end(&mut rest)).await;
        assert!(!rest.is_empty() && !rest.ends_with(b"0\r\n\r\n"));
    }
}

#[tokio::test]
async fn an_export_of_which_nothing_is_read_for_a_while_ends_before_its_time() {
    let server = Server::local_with(&[
        ("MAX_CONCURRENT_QUERIES", "1"),
        ("MAX_CONCURRENT_EXPORTS", "1"),
        ("EXPORT_TIME_LIMIT_MS", "60000"),
        ("BODY_IDLE_TIMEOUT_MS", "1000"),
    ])
    .await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let _unread = unread_export(&server, &ann, &schema).await;
    let small = soon(
        "the end of the unread export",
        export(&ann, &schema, "SELECT 1 AS one"),
    )
    .await;
    assert_eq!(small.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answers_is_closed() {
    let server = Server::local_with(&[("BODY_IDLE_TIMEOUT_MS", "300")]).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let request = b"GET /api/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let closed = async {
        // More answers than all buffers on the way hold; none is read.
        while stream.write_all(request).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    soon("the end of a connection that nobody reads", closed).await;
    assert_eq!(
        server.nobody().get("/health").await.status(),
        StatusCode::OK
    );
}
