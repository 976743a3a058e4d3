//! A database as a download.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, Server};
use crate::unread::soon;

/// A dataset of several megabytes: more than all buffers between the service and its reader hold.
async fn large_dataset(client: &Client) -> String {
    let mut file = "id,note\n".to_owned();
    for id in 0..4_500 {
        file += &format!("{id},{}\n", format!("{id:04}").repeat(500));
    }
    let upload = client.upload_ok("notes.csv", &file).await;
    let generate = json!({"csv_ids": [upload["id"]]});
    let schema: Value = client
        .post("/api/schema/generate", &generate)
        .await
        .json()
        .await
        .unwrap();
    let id = schema["id"].as_str().unwrap().to_owned();
    let approve = format!("/api/schema/{id}/approve");
    let approved = client.post(&approve, &json!({})).await;
    assert_eq!(approved.status(), StatusCode::OK);
    id
}

#[tokio::test]
async fn a_download_ends_with_the_session_that_asked_for_it() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = large_dataset(&ann).await;
    let whole = ann.get(&format!("/api/schema/{id}/export")).await;
    let size = whole.bytes().await.unwrap().len();

    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "GET /api/schema/{id}/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
        ann.token.as_deref().unwrap()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut start = [0; 15];
    soon("the download's beginning", stream.read_exact(&mut start))
        .await
        .unwrap();
    assert_eq!(&start, b"HTTP/1.1 200 OK");
    let out = ann.post("/api/auth/logout", &json!({})).await;
    assert_eq!(out.status(), StatusCode::OK);
    let mut rest = Vec::new();
    // A broken connection or a short answer: either way the file is not whole.
    let _ = soon("the download's end", stream.read_to_end(&mut rest)).await;
    assert!(rest.len() < size, "{} of {size} bytes came", rest.len());
}
