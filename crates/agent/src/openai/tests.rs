#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::*;
use crate::engine::{Engine, EngineLimits, Engines};
use crate::llm::{Chunk, Message, Reply, Role, ToolCall, ToolDefinition, Usage, collect};

const KEY: &str = "sk-very-secret-0123456789";

fn limits() -> LlmLimits {
    LlmLimits {
        first_token: Duration::from_millis(400),
        idle: Duration::from_millis(200),
        retry_wait: Duration::from_millis(5),
        max_line_bytes: 64 * 1024,
        ..LlmLimits::default()
    }
}

fn client(server: &MockServer, model: Option<&str>) -> OpenAiClient {
    let url = format!("{}/v1", server.uri()).parse().unwrap();
    let key = ApiKey::new(KEY).unwrap();
    OpenAiClient::new(&url, Some(&key), model.map(Into::into), limits()).unwrap()
}

fn request() -> ChatRequest {
    ChatRequest {
        model: "m".into(),
        messages: vec![Message::new(Role::User, "Hello")],
        ..ChatRequest::default()
    }
}

fn events(events: &[Json]) -> ResponseTemplate {
    let mut body = String::new();
    for event in events {
        body.push_str(&["data: ", &event.to_string(), "\n\n"].concat());
    }
    stream_of(&(body + "data: [DONE]\n\n"))
}

fn stream_of(body: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "text/event-stream")
}

fn delta(delta: &Json) -> Json {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn finish(reason: &str) -> Json {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

fn good() -> ResponseTemplate {
    events(&[delta(&json!({"content": "Hi"})), finish("stop")])
}

async fn chats(server: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST"))
        .and(path("/v1/chat/completions"))
        .respond_with(answer)
        .mount(server)
        .await;
}

async fn reply_to(request: ChatRequest, answer: ResponseTemplate) -> Result<Reply, LlmError> {
    let server = MockServer::start().await;
    chats(&server, answer).await;
    collect(client(&server, Some("m")).chat(request).await?).await
}

async fn reply_of(answer: ResponseTemplate) -> Result<Reply, LlmError> {
    reply_to(request(), answer).await
}

async fn bodies(server: &MockServer) -> Vec<Json> {
    let requests = server.received_requests().await.unwrap();
    requests
        .iter()
        .map(|request| request.body_json().unwrap())
        .collect()
}

#[tokio::test]
async fn text_thinking_calls_and_counts_are_read_from_their_pieces() {
    let piece = |index: u64, rest: Json| {
        let mut call = json!({"index": index});
        call.as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        delta(&json!({"tool_calls": [call]}))
    };
    let reply = reply_of(events(&[
        delta(&json!({"role": "assistant", "content": null, "reasoning_content": "hm"})),
        delta(&json!({"content": "Zür"})),
        delta(&json!({"content": "ich"})),
        piece(
            0,
            json!({"id": "a", "function": {"name": "t", "arguments": ""}}),
        ),
        piece(0, json!({"function": {"arguments": "{\"x\":"}})),
        piece(
            1,
            json!({"id": "b", "function": {"name": "u", "arguments": "{}"}}),
        ),
        piece(0, json!({"function": {"arguments": " 1}"}})),
        finish("tool_calls"),
        json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2,
            "prompt_tokens_details": {"cached_tokens": 7}}}),
    ]))
    .await
    .unwrap();
    assert_eq!(reply.text, "Zürich");
    assert_eq!(reply.thinking, "hm");
    let call = |id: &str, name: &str, arguments: Json| ToolCall {
        id: Some(id.into()),
        name: name.into(),
        arguments,
    };
    assert_eq!(
        reply.tool_calls,
        [call("a", "t", json!({"x": 1})), call("b", "u", json!({}))]
    );
    assert_eq!(
        reply.usage,
        Some(Usage {
            prompt_tokens: 9,
            cached_tokens: Some(7),
            reply_tokens: 2
        })
    );
    assert!(!reply.cut_off);
}

#[tokio::test]
async fn calls_that_all_have_the_index_0_stay_apart() {
    let call = |id: &str| {
        let function = json!({"name": "t", "arguments": format!("{{\"of\":\"{id}\"}}")});
        delta(&json!({"tool_calls": [{"index": 0, "id": id, "function": function}]}))
    };
    let reply = reply_of(events(&[call("a"), call("b"), finish("stop")]))
        .await
        .unwrap();
    let arguments: Vec<_> = reply
        .tool_calls
        .iter()
        .map(|call| &call.arguments)
        .collect();
    assert_eq!(arguments, [&json!({"of": "a"}), &json!({"of": "b"})]);
}

#[tokio::test]
async fn a_reply_that_was_cut_off_says_so() {
    let reply = reply_of(events(&[
        delta(&json!({"content": "SELECT"})),
        finish("length"),
    ]))
    .await
    .unwrap();
    assert!(reply.cut_off);
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_understood() {
    let message = json!({"role": "assistant", "content": "Hi", "tool_calls": [
        {"id": "a", "type": "function", "function": {"name": "t", "arguments": "{}"}}]});
    let whole = json!({"choices": [{"message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1}});
    let reply = reply_of(ResponseTemplate::new(200).set_body_json(whole))
        .await
        .unwrap();
    assert_eq!((reply.text.as_str(), reply.tool_calls.len()), ("Hi", 1));
    let nothing = ResponseTemplate::new(200).set_body_json(json!({"ok": true}));
    assert!(matches!(
        reply_of(nothing).await,
        Err(LlmError::Malformed { .. })
    ));
}

#[tokio::test]
async fn g92_an_error_within_the_stream_is_an_error() {
    for error in [
        json!({"error": {"message": "out of memory", "code": 500}}),
        json!({"error": "out of memory"}),
    ] {
        let reply = reply_of(events(&[delta(&json!({"content": "One "})), error])).await;
        assert_eq!(
            reply,
            Err(LlmError::Reported {
                message: "out of memory".into()
            })
        );
    }
    let reply = reply_of(stream_of("error: {\"message\": \"out of memory\"}\n\n")).await;
    assert!(matches!(reply, Err(LlmError::Reported { message }) if message == "out of memory"));
}

#[tokio::test]
async fn g92_a_stream_without_its_end_is_an_error_and_one_with_a_reason_is_none() {
    let one = delta(&json!({"content": "One"}));
    let broken = reply_of(stream_of(&format!("data: {one}\n\n"))).await;
    assert_eq!(broken, Err(LlmError::BrokenOff));
    let end = finish("stop");
    let whole = reply_of(stream_of(&format!("data: {one}\n\ndata: {end}\n\n"))).await;
    assert_eq!(whole.unwrap().text, "One");
}

#[tokio::test]
async fn g92_garbage_is_an_error() {
    for garbage in ["data: {\"choices\": 3}\n\n", "data: {\n\n", "data: []\n\n"] {
        let reply = reply_of(stream_of(garbage)).await;
        assert!(
            matches!(reply, Err(LlmError::Malformed { .. })),
            "{reply:?}"
        );
    }
}

/// A server that sends `lines`, one every 30 ms and the last again and again, until its client leaves; then it answers
/// through `left`.
async fn drips(lines: &'static [&'static str]) -> (Url, tokio::sync::oneshot::Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let (left, has_left) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut buffer = vec![0; 64 * 1024];
        let read = socket.read(&mut buffer).await.unwrap();
        assert!(read > 0);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        socket.write_all(head.as_bytes()).await.unwrap();
        for index in 0.. {
            let line = lines[index.min(lines.len() - 1)];
            if socket.write_all(line.as_bytes()).await.is_err() {
                break;
            }
            let pause = tokio::time::sleep(Duration::from_millis(30));
            tokio::select! {
                read = socket.read(&mut buffer) => {
                    if read.unwrap_or(0) == 0 {
                        break;
                    }
                }
                () = pause => {}
            }
        }
        left.send(()).ok();
    });
    (url.parse().unwrap(), has_left)
}

#[tokio::test]
async fn g92_what_only_keeps_the_connection_alive_is_no_word() {
    for line in [
        &[": still at it\n\n"],
        &["data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":null}}]}\n\n"],
    ] {
        let (url, _left) = drips(line).await;
        let client = OpenAiClient::new(&url, None, None, limits()).unwrap();
        let reply = collect(client.chat(request()).await.unwrap()).await;
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
    }
}

#[tokio::test]
async fn leaving_closes_the_connection() {
    let (url, left) = drips(&["data: {\"choices\":[{\"delta\":{\"content\":\"One\"}}]}\n\n"]).await;
    let client = OpenAiClient::new(&url, None, None, limits()).unwrap();
    let mut chunks = client.chat(request()).await.unwrap();
    assert_eq!(chunks.next().await, Some(Ok(Chunk::Text("One".into()))));
    drop(chunks);
    tokio::time::timeout(Duration::from_secs(1), left)
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn the_end_of_a_reply_is_not_waited_for_without_end() {
    let (url, _left) = drips(&[
        "data: {\"choices\":[{\"delta\":{\"content\":\"One\"},\"finish_reason\":\"stop\"}]}\n\n",
        ": silence\n\n",
    ])
    .await;
    let client = OpenAiClient::new(&url, None, None, limits()).unwrap();
    let began = Instant::now();
    let reply = collect(client.chat(request()).await.unwrap())
        .await
        .unwrap();
    assert_eq!(reply.text, "One");
    assert!(began.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn the_key_goes_along_and_is_never_said() {
    let server = MockServer::start().await;
    Mock::given(header("authorization", format!("Bearer {KEY}").as_str()))
        .respond_with(good())
        .mount(&server)
        .await;
    let with_key = client(&server, Some("m"));
    let reply = collect(with_key.chat(request()).await.unwrap()).await;
    assert_eq!(reply.unwrap().text, "Hi");

    let said = format!("you sent {KEY}, which is wrong");
    let error = json!({"error": {"message": said}});
    let plain = reply_of(ResponseTemplate::new(400).set_body_json(&error)).await;
    let whole = reply_of(ResponseTemplate::new(200).set_body_json(&error)).await;
    let streamed = reply_of(events(&[error])).await;
    for error in [plain, whole, streamed] {
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("you sent [secret], which is wrong"),
            "{error}"
        );
    }
    assert_eq!(format!("{:?}", ApiKey::new(KEY)), "Some([secret])");
    assert_eq!(ApiKey::new("line\nbreak"), None);
    assert_eq!(ApiKey::new(""), None);
}

#[tokio::test]
async fn a_refused_key_is_told_in_words() {
    let refused = ResponseTemplate::new(401).set_body_json(json!({"error": "no"}));
    assert_eq!(reply_of(refused).await, Err(LlmError::KeyRefused));
}

#[tokio::test]
async fn nothing_follows_the_server_to_another_address() {
    let elsewhere = MockServer::start().await;
    chats(&elsewhere, good()).await;
    for status in [302, 307, 308] {
        let to = format!("{}/v1/chat/completions", elsewhere.uri());
        let moved = ResponseTemplate::new(status).insert_header("location", to.as_str());
        let reply = reply_of(moved).await;
        assert!(
            matches!(&reply, Err(LlmError::Status { status: s, message }) if *s == status && message.contains("not followed")),
            "{reply:?}"
        );
    }
    assert_eq!(elsewhere.received_requests().await.unwrap().len(), 0);
}

/// Answers 400 while `names` stands in the body, with a message that says so.
async fn refusing(names: &'static [&'static str]) -> MockServer {
    let server = MockServer::start().await;
    let answer = |request: &Request| {
        let body: Json = request.body_json().unwrap();
        match names.iter().find(|name| body.get(**name).is_some()) {
            Some(name) => {
                let message = format!("Unsupported parameter: '{name}'");
                ResponseTemplate::new(400).set_body_json(json!({"error": {"message": message}}))
            }
            None => good(),
        }
    };
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn what_a_server_refuses_is_left_out_and_remembered() {
    let server = refusing(&["max_tokens", "temperature", "stream_options", "seed"]).await;
    let client = client(&server, Some("m"));
    for asked in [5, 6] {
        let reply = collect(client.chat(request()).await.unwrap()).await;
        assert_eq!(reply.unwrap().text, "Hi");
        let bodies = bodies(&server).await;
        assert_eq!(bodies.len(), asked);
        let last = bodies.last().unwrap();
        assert_eq!(last["max_completion_tokens"], 1_024);
        assert_eq!(last.get("max_tokens"), None);
    }
}

#[tokio::test]
async fn a_form_that_is_refused_is_asked_for_more_loosely() {
    let server = MockServer::start().await;
    let answer = |request: &Request| {
        let body: Json = request.body_json().unwrap();
        match body.get("response_format") {
            Some(_) => ResponseTemplate::new(422).set_body_string("cannot do that"),
            None => good(),
        }
    };
    Mock::given(method("POST"))
        .respond_with(answer)
        .mount(&server)
        .await;
    let client = client(&server, Some("m"));
    let mut asked = request();
    asked.format = Some(json!({"type": "object"}));
    assert!(
        collect(client.chat(asked.clone()).await.unwrap())
            .await
            .is_ok()
    );
    let kinds: Vec<Json> = bodies(&server)
        .await
        .iter()
        .map(|body| body["response_format"]["type"].clone())
        .collect();
    assert_eq!(
        kinds,
        [json!("json_schema"), json!("json_object"), Json::Null]
    );
    assert!(collect(client.chat(asked).await.unwrap()).await.is_ok());
    assert_eq!(bodies(&server).await.len(), 4, "remembered");
}

#[tokio::test]
async fn a_refusal_for_another_reason_is_told_as_it_came() {
    let server = MockServer::start().await;
    let message = "the prompt is too long";
    let answer = ResponseTemplate::new(400).set_body_json(json!({"error": {"message": message}}));
    chats(&server, answer).await;
    let client = client(&server, Some("m"));
    let mut asked = request();
    asked.format = Some(json!({"type": "object"}));
    let refused = client.chat(asked).await.err();
    assert_eq!(
        refused,
        Some(LlmError::Status {
            status: 400,
            message: message.into()
        })
    );
    assert_eq!(client.dialect(), Dialect::default(), "nothing was learnt");
}

#[tokio::test]
async fn a_server_without_tools_is_asked_without_them_from_then_on() {
    let server = MockServer::start().await;
    let message = "tools param requires --jinja flag";
    let answer = ResponseTemplate::new(500).set_body_json(json!({"error": {"message": message}}));
    chats(&server, answer).await;
    let client = client(&server, Some("m"));
    assert!(client.show("m").await.unwrap().can("tools"));
    let mut asked = request();
    asked.tools = vec![ToolDefinition {
        name: "t",
        description: "d",
        parameters: json!({}),
    }];
    let refused = client.chat(asked).await.err();
    assert!(
        matches!(refused, Some(LlmError::NoTools { .. })),
        "{refused:?}"
    );
    assert!(!client.show("m").await.unwrap().can("tools"));
}

#[test]
fn the_request_in_full() {
    let mut request = request();
    let call = |id: Option<&str>, name: &str| ToolCall {
        id: id.map(Into::into),
        name: name.into(),
        arguments: json!({"a": 1}),
    };
    let mut said = Message::new(Role::Assistant, "");
    said.tool_calls = vec![call(Some("x1"), "t"), call(None, "u")];
    request.messages.push(said);
    for result in ["1", "2", "without a call"] {
        request.messages.push(Message::new(Role::Tool, result));
    }
    request.tools = vec![ToolDefinition {
        name: "t",
        description: "d",
        parameters: json!({"type": "object", "properties": {}}),
    }];
    request.options.temperature = 0.6;
    let with_tools = wire::chat_body(&request, &Dialect::default());
    request.format = Some(json!({"type": "object"}));
    let with_format = wire::chat_body(&request, &Dialect::default());
    assert_eq!(with_format.get("tools"), None);
    insta::assert_json_snapshot!(json!([with_tools, with_format["response_format"]]));
}

async fn lists(models: Json) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/v1/models"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"data": models})))
        .mount(&server)
        .await;
    server
}

fn engines(client: OpenAiClient, model: Option<&str>) -> Engines {
    let limits = EngineLimits {
        first_wait: Duration::from_secs(5),
        ..EngineLimits::default()
    };
    Engines::new(Arc::new(client), model.map(Into::into), limits)
}

#[tokio::test]
async fn the_only_model_answers_and_its_server_is_named() {
    let listed = json!([{"id": "/models/coder.gguf", "meta": {"n_params": 494_000_000, "n_ctx_train": 32_768}}]);
    let server = lists(listed).await;
    let engines = engines(client(&server, None), None);
    let Engine::Model(model) = engines.current().await else {
        panic!("no model")
    };
    assert_eq!(model.name, "coder");
    assert_eq!(model.card.parameter_count, Some(494_000_000));
    assert_eq!(model.card.context_length, Some(32_768));
    let info = engines.info().await;
    assert_eq!(info.provider, "openai");
    assert!(info.on_this_machine);
    assert_eq!(info.server, Some(server.address().to_string()));
}

#[tokio::test]
async fn a_model_that_was_not_chosen_never_answers() {
    let server = lists(json!([{"id": "cheap"}, {"id": "dear-70b"}])).await;
    let none = engines(client(&server, None), None);
    let Engine::BuiltIn { reason } = none.current().await else {
        panic!("a model was chosen")
    };
    assert!(reason.contains("LLM_MODEL: cheap, dear-70b"), "{reason}");
    assert_eq!(none.info().await.server, None);

    // A name that the list does not have may still be one, such as an alias.
    for chosen in ["dear-70b", "alias"] {
        let one = engines(client(&server, Some(chosen)), Some(chosen));
        assert_eq!(one.current().await.name(), chosen);
    }
}

#[tokio::test]
async fn a_server_without_a_list_is_asked_for_the_chosen_model() {
    let server = MockServer::start().await;
    let named = engines(client(&server, Some("m-7b")), Some("m-7b"));
    let Engine::Model(model) = named.current().await else {
        panic!("no model")
    };
    assert_eq!(model.card.parameter_count, Some(7_000_000_000));
    let unnamed = engines(client(&server, None), None);
    assert!(matches!(unnamed.current().await, Engine::BuiltIn { .. }));
}

#[tokio::test]
async fn models_are_not_fetched() {
    let server = MockServer::start().await;
    let pulled = client(&server, Some("m")).pull("m").await;
    assert_eq!(pulled.err(), Some(LlmError::NoDownloads));
    assert_eq!(server.received_requests().await.unwrap().len(), 0);
}
