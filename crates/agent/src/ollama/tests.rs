//! Against a scripted server: each connection gets the next script, the last one again and again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::*;
use crate::llm::{Chunk, Message, Reply, Role, ToolDefinition, collect};

#[derive(Clone)]
enum Script {
    /// A status, headers and a body.
    Plain(u16, &'static str, &'static str),
    /// Pieces of a chunked body; then its end, or what `Then` says.
    Lines(Vec<Vec<u8>>, Then),
}

#[derive(Clone, Copy, PartialEq)]
enum Then {
    End,
    Drop,
    Hang,
    Endless,
}

#[derive(Default)]
struct Seen {
    requests: AtomicUsize,
    left_early: AtomicUsize,
}

async fn serve(scripts: Vec<Script>) -> (Url, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let seen = Arc::new(Seen::default());
    let shared = Arc::clone(&seen);
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let number = shared.requests.fetch_add(1, Ordering::SeqCst);
            let script = scripts[number.min(scripts.len() - 1)].clone();
            tokio::spawn(play(socket, script, Arc::clone(&shared)));
        }
    });
    (url, seen)
}

async fn read_request(socket: &mut TcpStream) {
    let mut bytes = Vec::new();
    loop {
        socket.read_buf(&mut bytes).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return;
        }
    }
}

async fn play(mut socket: TcpStream, script: Script, seen: Arc<Seen>) {
    read_request(&mut socket).await;
    let (pieces, then) = match script {
        Script::Plain(status, headers, body) => {
            let length = body.len();
            let text = format!(
                "HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
            );
            socket.write_all(text.as_bytes()).await.unwrap();
            return;
        }
        Script::Lines(pieces, then) => (pieces, then),
    };
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.set_nodelay(true).unwrap();
    for piece in pieces {
        write_chunk(&mut socket, &piece).await.unwrap();
        tokio::task::yield_now().await;
    }
    match then {
        Then::End => socket.write_all(b"0\r\n\r\n").await.unwrap(),
        Then::Drop => {}
        Then::Hang => {
            let mut byte = [0];
            socket.read_exact(&mut byte).await.ok();
            seen.left_early.fetch_add(1, Ordering::SeqCst);
        }
        Then::Endless => {
            let line = text_line(&"word ".repeat(1_000));
            while write_chunk(&mut socket, &line).await.is_ok() {}
            seen.left_early.fetch_add(1, Ordering::SeqCst);
        }
    }
}

async fn write_chunk(socket: &mut TcpStream, piece: &[u8]) -> std::io::Result<()> {
    let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
    chunk.extend_from_slice(piece);
    chunk.extend_from_slice(b"\r\n");
    socket.write_all(&chunk).await
}

fn line(value: &Json) -> Vec<u8> {
    format!("{value}\n").into_bytes()
}

fn text_line(text: &str) -> Vec<u8> {
    line(&json!({"message": {"role": "assistant", "content": text}, "done": false}))
}

fn done_line(reason: &str) -> Vec<u8> {
    line(
        &json!({"message": {"role": "assistant", "content": ""}, "done": true, "done_reason": reason}),
    )
}

fn good() -> Script {
    Script::Lines(vec![text_line("Hi"), done_line("stop")], Then::End)
}

fn limits() -> LlmLimits {
    LlmLimits {
        first_token: Duration::from_millis(400),
        idle: Duration::from_millis(200),
        retry_wait: Duration::from_millis(5),
        max_line_bytes: 64 * 1024,
        ..LlmLimits::default()
    }
}

fn request() -> ChatRequest {
    ChatRequest {
        model: "m".into(),
        messages: vec![Message::new(Role::User, "Hello")],
        ..ChatRequest::default()
    }
}

async fn reply_of(scripts: Vec<Script>) -> (Result<Reply, LlmError>, Arc<Seen>) {
    let (url, seen) = serve(scripts).await;
    let client = OllamaClient::new(&url, limits()).unwrap();
    let reply = async { collect(client.chat(request()).await?).await }.await;
    (reply, seen)
}

fn after_a_word(then: Then) -> Vec<Script> {
    vec![Script::Lines(vec![text_line("One ")], then)]
}

#[tokio::test]
async fn text_that_is_cut_within_a_character_arrives_whole() {
    let text = "Zürich — 東京 🍵 ok";
    let bytes = [text_line(text), done_line("stop")].concat();
    let pieces = bytes.iter().map(|byte| vec![*byte]).collect();
    let (reply, _) = reply_of(vec![Script::Lines(pieces, Then::End)]).await;
    assert_eq!(reply.unwrap().text, text);
}

#[tokio::test]
async fn tool_calls_and_thinking_are_read() {
    let call =
        json!({"id": "call_1", "function": {"index": 0, "name": "t", "arguments": {"a": 1}}});
    let odd = json!({"function": {"name": "u", "arguments": null}});
    let message = json!({"content": "", "thinking": "hm", "tool_calls": [call, odd]});
    let pieces = vec![line(&json!({"message": message})), done_line("length")];
    let (reply, _) = reply_of(vec![Script::Lines(pieces, Then::End)]).await;
    let reply = reply.unwrap();
    assert_eq!(reply.thinking, "hm");
    assert_eq!(reply.tool_calls[0].arguments, json!({"a": 1}));
    assert_eq!(reply.tool_calls[1].arguments, Json::Null);
    assert!(reply.cut_off);
}

#[tokio::test]
async fn g92_an_error_line_is_an_error() {
    let pieces = vec![text_line("One "), line(&json!({"error": "out of memory"}))];
    let (reply, _) = reply_of(vec![Script::Lines(pieces, Then::End)]).await;
    assert_eq!(
        reply,
        Err(LlmError::Reported {
            message: "out of memory".into()
        })
    );
}

#[tokio::test]
async fn g92_a_reply_without_its_end_is_an_error() {
    assert_eq!(
        reply_of(after_a_word(Then::End)).await.0,
        Err(LlmError::BrokenOff)
    );
    assert_eq!(
        reply_of(after_a_word(Then::Drop)).await.0,
        Err(LlmError::BrokenOff)
    );
}

#[tokio::test]
async fn g92_garbage_is_an_error() {
    for garbage in [
        &b"{\"message\": {\"role\": \"assi\n"[..],
        b"\xff\xfe\n",
        b"[]\n",
        b"{\"message\": 3}\n",
    ] {
        let (reply, _) = reply_of(vec![Script::Lines(vec![garbage.to_vec()], Then::End)]).await;
        assert!(
            matches!(reply, Err(LlmError::Malformed { .. })),
            "{reply:?}"
        );
    }
}

#[tokio::test]
async fn g92_silence_has_a_time_limit() {
    let (reply, seen) = reply_of(vec![Script::Lines(Vec::new(), Then::Hang)]).await;
    assert!(
        matches!(
            reply,
            Err(LlmError::TimedOut {
                what: "no first word",
                ..
            })
        ),
        "{reply:?}"
    );
    let (reply, _) = reply_of(after_a_word(Then::Hang)).await;
    assert!(
        matches!(
            reply,
            Err(LlmError::TimedOut {
                what: "no further word",
                ..
            })
        ),
        "{reply:?}"
    );
    assert_eq!(
        seen.requests.load(Ordering::SeqCst),
        1,
        "silence is not asked again"
    );
}

#[tokio::test]
async fn g92_too_much_is_an_error() {
    let huge = vec![text_line(&"x".repeat(100_000))];
    let (reply, _) = reply_of(vec![Script::Lines(huge, Then::End)]).await;
    assert_eq!(
        reply,
        Err(LlmError::TooLong {
            max_bytes: 64 * 1024
        })
    );
    let (reply, _) = reply_of(vec![Script::Lines(Vec::new(), Then::Endless)]).await;
    assert_eq!(
        reply,
        Err(LlmError::TooLong {
            max_bytes: 256 * 1024
        })
    );
}

#[tokio::test]
async fn g92_a_busy_server_is_asked_again_a_bounded_number_of_times() {
    let busy = Script::Plain(429, "Retry-After: 0\r\n", "{\"error\":\"busy\"}");
    let broken = Script::Plain(500, "", "{\"error\":\"oops\"}");
    let (reply, seen) = reply_of(vec![busy, broken.clone(), good()]).await;
    assert_eq!(reply.unwrap().text, "Hi");
    assert_eq!(seen.requests.load(Ordering::SeqCst), 3);

    let (reply, seen) = reply_of(vec![broken]).await;
    assert_eq!(
        reply,
        Err(LlmError::Status {
            status: 500,
            message: "oops".into()
        })
    );
    assert_eq!(seen.requests.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_wrong_request_is_not_repeated() {
    let (reply, seen) = reply_of(vec![Script::Plain(400, "", "bad")]).await;
    assert_eq!(
        reply,
        Err(LlmError::Status {
            status: 400,
            message: "bad".into()
        })
    );
    assert_eq!(seen.requests.load(Ordering::SeqCst), 1);
    let (reply, _) = reply_of(vec![Script::Plain(
        404,
        "",
        "{\"error\":\"model 'm' not found\"}",
    )])
    .await;
    assert!(matches!(reply, Err(LlmError::UnknownModel { .. })));
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_left_alone_for_a_while() {
    let (url, seen) = serve(vec![Script::Plain(500, "", "")]).await;
    let quick = LlmLimits {
        retries: 0,
        rest: Duration::from_millis(100),
        ..limits()
    };
    let client = OllamaClient::new(&url, quick).unwrap();
    for _ in 0..3 {
        assert!(matches!(
            client.chat(request()).await.err(),
            Some(LlmError::Status { .. })
        ));
    }
    assert!(matches!(
        client.chat(request()).await.err(),
        Some(LlmError::Resting { .. })
    ));
    assert_eq!(seen.requests.load(Ordering::SeqCst), 3);
    tokio::time::sleep(Duration::from_millis(120)).await;
    assert!(matches!(
        client.chat(request()).await.err(),
        Some(LlmError::Status { .. })
    ));
}

#[tokio::test]
async fn leaving_closes_the_connection() {
    let (url, seen) = serve(after_a_word(Then::Hang)).await;
    let client = OllamaClient::new(&url, LlmLimits::default()).unwrap();
    let mut chunks = client.chat(request()).await.unwrap();
    assert_eq!(chunks.next().await, Some(Ok(Chunk::Text("One ".into()))));
    drop(chunks);
    let closed = async {
        while seen.left_early.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), closed)
        .await
        .unwrap();
}

#[tokio::test]
async fn nobody_there_is_told_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url: Url = format!("http://{}", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    drop(listener);
    let client = OllamaClient::new(&url, limits()).unwrap();
    let began = std::time::Instant::now();
    assert!(matches!(
        client.chat(request()).await.err(),
        Some(LlmError::Unreachable { .. })
    ));
    assert!(matches!(
        client.list_models().await.err(),
        Some(LlmError::Unreachable { .. })
    ));
    assert!(began.elapsed() < Duration::from_millis(500));
}

#[tokio::test]
async fn a_download_reports_its_progress_and_its_failure() {
    let pieces = vec![
        line(&json!({"status": "pulling", "total": 10, "completed": 5})),
        line(&json!({"status": "success"})),
    ];
    let (url, _) = serve(vec![Script::Lines(pieces, Then::End)]).await;
    let client = OllamaClient::new(&url, limits()).unwrap();
    let progress: Vec<_> = client.pull("m").await.unwrap().collect().await;
    assert_eq!(progress.len(), 2);
    assert_eq!(progress[0].as_ref().unwrap().completed, Some(5));

    let pieces = vec![line(&json!({"error": "no such model"}))];
    let (url, _) = serve(vec![Script::Lines(pieces, Then::End)]).await;
    let client = OllamaClient::new(&url, limits()).unwrap();
    let progress: Vec<_> = client.pull("m").await.unwrap().collect().await;
    assert_eq!(
        progress,
        [Err(LlmError::Reported {
            message: "no such model".into()
        })]
    );
}

#[test]
fn the_request_in_full() {
    let mut request = request();
    request.messages.push(Message {
        tool_name: Some("t".into()),
        ..Message::new(Role::Tool, "1")
    });
    request.tools = vec![ToolDefinition {
        name: "t",
        description: "d",
        parameters: json!({"type": "object", "properties": {}}),
    }];
    request.format = Some(json!({"type": "object"}));
    request.options.think = Some(false);
    insta::assert_json_snapshot!(wire::chat_body(&request).unwrap());
}
