//! Names that look like other names, and a Host that cannot be read.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, Server, problem};

/// Right-to-left override, isolate, zero width space and joiner, byte order mark, a tag, a filler, a variation selector.
const HIDDEN: [char; 8] = [
    '\u{202e}',
    '\u{2066}',
    '\u{200b}',
    '\u{200d}',
    '\u{feff}',
    '\u{e0061}',
    '\u{3164}',
    '\u{fe0f}',
];

async fn message_of(sent: reqwest::Response, code: &str) -> String {
    let body = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, code).await;
    body["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn h40_columns_and_tables_with_hidden_characters_are_refused_or_cleaned() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    for hidden in HIDDEN {
        let code = format!("(U+{:04X})", u32::from(hidden));
        for place in ["/tables/0/name", "/tables/0/columns/1/name"] {
            let mut edited = schema["schema_json"].clone();
            *edited.pointer_mut(place).unwrap() = json!(format!("na{hidden}me"));
            let sent = ann.put(&path, &json!({"schema_json": edited})).await;
            let body = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_schema").await;
            assert!(body["errors"].to_string().contains(&code), "{body}");
        }
    }
    // What a file brings along is cleaned.
    let text = "i\u{200b}d,na\u{202e}me\n1,a\n2,b\n";
    let upload = ann.upload_ok("wo\u{2067}rds.csv", text).await;
    assert_eq!(upload["columns"], json!(["id", "name"]));
    assert_eq!(upload["original_filename"], "words.csv");
}

#[tokio::test]
async fn h41_titles_and_dataset_names_with_hidden_characters_are_refused_with_the_reason() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    for hidden in HIDDEN.into_iter().chain(['\u{7}', '\u{85}']) {
        let code = format!("(U+{:04X})", u32::from(hidden));
        let body = json!({"schema_json": schema["schema_json"], "name": format!("my{hidden}data")});
        let message = message_of(ann.put(&path, &body).await, "invalid_name").await;
        assert!(message.contains(&code), "{message}");
    }
    assert_eq!(ann.get_json(&path).await["name"], schema["name"]);
    let approve = ann.post(&format!("{path}/approve"), &json!({})).await;
    assert_eq!(approve.status(), StatusCode::OK);
    // A question becomes the title: it is asked as it is, and shown without.
    let question = "How many\u{202e} orders\u{200b} are there?";
    let (_, id) = ann
        .ask(schema["id"].as_str().unwrap(), None, question)
        .await;
    let at = format!("/api/conversations/{id}");
    let conversation = ann.get_json(&at).await;
    assert_eq!(conversation["title"], "How many orders are there?");
    assert_eq!(conversation["messages"][0]["parts"][0]["text"], question);
    let rename = async |title: &str| {
        ann.request(Method::PATCH, &at)
            .json(&json!({"title": title}))
            .send()
            .await
            .unwrap()
    };
    let message = message_of(rename("my\u{2066}title").await, "invalid_title").await;
    assert!(message.contains("U+2066"), "{message}");
    assert_eq!(rename("Größe 名前 é").await.status(), StatusCode::OK);
}

/// Sends a form whose file has this name, byte for byte.
async fn upload_raw(client: &Client, name: &[u8]) -> reqwest::Response {
    let mut body = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"".to_vec();
    body.extend_from_slice(name);
    body.extend_from_slice(b"\"\r\nContent-Type: text/csv\r\n\r\na,b\n1,2\n\r\n--b--\r\n");
    client
        .request(Method::POST, "/api/csv/upload")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn h42_a_file_name_with_a_control_character_is_refused_for_that_reason() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    for name in [
        &b"a\x01b.csv"[..],
        b"a\x00b.csv",
        b"a\x1bb.csv",
        b"a\x7fb.csv",
    ] {
        let message = message_of(upload_raw(&ann, name).await, "invalid_file_name").await;
        assert!(message.contains("control character"), "{message}");
    }
    assert_eq!(ann.get_json("/api/csv/list").await["csv_files"], json!([]));
    assert!(server.files().is_empty());
    // Those beyond ASCII come through the form's headers, and are left out.
    let taken = upload_raw(&ann, "a\u{85}b\u{200f}c.csv".as_bytes()).await;
    assert_eq!(taken.status(), StatusCode::CREATED);
    let upload: Value = taken.json().await.unwrap();
    assert_eq!(upload["original_filename"], "abc.csv");
}

#[tokio::test]
async fn h43_a_host_that_is_not_ascii_or_comes_twice_is_refused() {
    let server = Server::local().await;
    let status = async |hosts: &[&[u8]]| {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let mut request = b"GET /api HTTP/1.1\r\nConnection: close\r\n".to_vec();
        for host in hosts {
            request.extend_from_slice(b"Host: ");
            request.extend_from_slice(host);
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer)[9..12].to_owned()
    };
    assert_eq!(status(&[b"localhost"]).await, "200");
    assert_eq!(status(&["b\u{f6}se.example".as_bytes()]).await, "421");
    assert_eq!(status(&[b"localhost\xff"]).await, "421");
    assert_eq!(status(&["\u{ff4c}ocalhost".as_bytes()]).await, "421");
    assert_eq!(status(&[b"localhost", b"evil.example"]).await, "421");
}
