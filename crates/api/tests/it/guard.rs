//! What stands before every route: headers, hosts, rates, slow clients.

use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Client, PAGE, Server, problem};

#[tokio::test]
async fn every_response_tells_the_browser_what_this_site_never_does() {
    let server = Server::local().await;
    for path in ["/", "/health", "/api", "/api/csv/list", "/nothing"] {
        let response = server.nobody().get(path).await;
        let headers = response.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(headers.contains_key("x-request-id"));
        assert!(
            !headers.contains_key("strict-transport-security"),
            "not off https"
        );
        let policy = headers["content-security-policy"].to_str().unwrap();
        let scripts = policy
            .split(';')
            .map(str::trim)
            .find(|part| part.starts_with("script-src"))
            .unwrap();
        assert!(!scripts.contains("unsafe"), "{scripts}");
    }
}

#[tokio::test]
async fn cors_lets_only_the_page_in() {
    let server = Server::local().await;
    let from = async |origin: &str| {
        let sent = server
            .nobody()
            .request(Method::GET, "/api")
            .header("origin", origin)
            .send()
            .await
            .unwrap();
        sent.headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(from(PAGE).await.as_deref(), Some(PAGE));
    assert_ne!(
        from("https://evil.example").await.as_deref(),
        Some("https://evil.example")
    );
}

#[tokio::test]
async fn a_page_under_another_name_reaches_nothing_in_local_mode() {
    let server = Server::local().await;
    let sent = server
        .nobody()
        .request(Method::POST, "/api/auth/local")
        .header("host", "evil.example")
        .send()
        .await
        .unwrap();
    problem(sent, StatusCode::MISDIRECTED_REQUEST, "foreign_host").await;
}

#[tokio::test]
async fn too_many_sign_ins_wait() {
    let server = Server::local_with(&[("RATE_LIMIT_SIGN_IN_PER_MINUTE", "6")]).await;
    let mut refused = 0;
    for _ in 0..8 {
        let response = server.nobody().post("/api/auth/local", &json!({})).await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            let seconds: u64 = response.headers()["retry-after"]
                .to_str()
                .unwrap()
                .parse()
                .unwrap();
            assert!((1..=11).contains(&seconds));
            refused += 1;
        }
    }
    assert_eq!(refused, 3);
    assert_eq!(
        server.nobody().get("/api/auth/status").await.status(),
        StatusCode::OK,
        "other routes have their own share"
    );
}

/// Asks until it is refused, ten times at most.
async fn runs_out(client: &Client, method: &Method, path: &str) {
    for _ in 0..10 {
        let sent = client.request(method.clone(), path).json(&json!({}));
        let answer = sent.send().await.unwrap();
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            let wait = answer.headers()["retry-after"].to_str().unwrap();
            assert!(wait.parse::<u64>().unwrap() >= 1, "{path}: {wait}");
            problem(answer, StatusCode::TOO_MANY_REQUESTS, "too_many_requests").await;
            return;
        }
    }
    panic!("{path} is never refused");
}

#[tokio::test]
async fn each_class_of_requests_has_its_own_share() {
    for (setting, method, path) in [
        ("RATE_LIMIT_PER_MINUTE", Method::GET, "/api/csv/list"),
        (
            "RATE_LIMIT_UPLOAD_PER_MINUTE",
            Method::POST,
            "/api/csv/upload",
        ),
        (
            "RATE_LIMIT_GENERATE_PER_MINUTE",
            Method::POST,
            "/api/schema/generate",
        ),
        ("RATE_LIMIT_CHAT_PER_MINUTE", Method::POST, "/api/chat"),
    ] {
        let server = Server::local_with(&[(setting, "1")]).await;
        let ann = server.user("ann").await;
        runs_out(&ann, &method, path).await;
        if path == "/api/csv/list" {
            ann.upload_ok("a.csv", "a,b\n1,2\n").await;
        } else {
            ann.get_json("/api/csv/list").await;
        }
    }
}

#[tokio::test]
async fn f86_a_client_that_sends_its_headers_slowly_is_closed() {
    let server = Server::local_with(&[("HEADER_TIMEOUT_MS", "300")]).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow")
        .await
        .unwrap();
    let started = Instant::now();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the connection is still open");
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert!(!String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn f86_a_body_that_stops_arriving_is_408() {
    let server = Server::local_with(&[("BODY_IDLE_TIMEOUT_MS", "300")]).await;
    let ann = server.user("ann").await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = format!(
        "POST /api/csv/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 500\r\n\r\n\
         --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na,b\n1,",
        ann.token.as_ref().unwrap()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut answer))
        .await
        .unwrap()
        .unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert_eq!(ann.get_json("/api/csv/list").await["csv_files"], json!([]));
    assert!(server.files().is_empty());
}

#[tokio::test]
async fn metrics_name_routes_by_their_pattern() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = ann.approved().await;
    assert_eq!(
        ann.get(&format!("/api/schema/{id}")).await.status(),
        StatusCode::OK
    );
    ann.ask(&id, None, "How many orders are there?").await;
    let response = server.nobody().get("/metrics").await;
    assert_eq!(response.status(), StatusCode::OK);
    let kind = response.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/plain"), "{kind}");
    let text = response.text().await.unwrap();
    for series in [
        r#"http_requests_total{method="GET",route="/api/schema/{id}",status="200"}"#,
        r#"http_request_duration_seconds_bucket{method="POST",route="/api/chat""#,
        "query_duration_seconds_bucket",
        "chat_streams_open",
        "jobs_waiting",
        "jobs_running",
        "queries_running",
        "questions_waiting_for_model",
    ] {
        assert!(text.contains(series), "{series} is missing");
    }
    assert!(!text.contains(&id), "an id became a label");
}

#[tokio::test]
async fn no_client_invents_labels_of_the_metrics() {
    let server = Server::local().await;
    for number in 0..3 {
        let method = Method::from_bytes(format!("INVENTED{number}").as_bytes()).unwrap();
        let sent = server.nobody().request(method, "/health").send().await;
        assert_eq!(sent.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    }
    let text = server.nobody().get("/metrics").await.text().await.unwrap();
    assert!(!text.contains("INVENTED"));
    assert!(text.contains(r#"http_requests_total{method="other",route="/health",status="405"}"#));
}

/// Counted of all tests so far.
async fn violations(server: &Server, directive: &str) -> u64 {
    let text = server.nobody().get("/metrics").await.text().await.unwrap();
    let series = format!("csp_violations_total{{directive=\"{directive}\"}} ");
    let count = text.lines().find_map(|line| line.strip_prefix(&series));
    count.map_or(0, |count| count.parse().unwrap())
}

#[tokio::test]
async fn a_report_of_the_policy_is_taken_counted_and_limited() {
    let server = Server::local().await;
    let before = violations(&server, "font-src").await;
    let report = json!({"csp-report": {"effective-directive": "font-src", "blocked-uri": "https://fonts.example/a.woff2"}});
    let send = async |body: String| {
        let request = server.nobody().request(Method::POST, "/api/csp-reports");
        let request = request.header("content-type", "application/csp-report");
        request.body(body).send().await.unwrap()
    };
    assert_eq!(
        send(report.to_string()).await.status(),
        StatusCode::NO_CONTENT
    );
    problem(
        send("{".into()).await,
        StatusCode::BAD_REQUEST,
        "invalid_json",
    )
    .await;
    let long = send("x".repeat(20_000)).await;
    assert_eq!(long.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(violations(&server, "font-src").await, before + 1);
    let mut refused = 0;
    for _ in 0..10 {
        refused += usize::from(send("{}".into()).await.status() == StatusCode::TOO_MANY_REQUESTS);
    }
    assert!(refused > 0, "nobody fills the log");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems_in_the_api() {
    let server = Server::local().await;
    problem(
        server.nobody().get("/api/nothing").await,
        StatusCode::NOT_FOUND,
        "not_found",
    )
    .await;
    let sent = server
        .nobody()
        .request(Method::PUT, "/api/csv/list")
        .send()
        .await
        .unwrap();
    problem(sent, StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed").await;
}
