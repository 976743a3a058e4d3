//! What the real binary writes about its work: every line JSON, every request with its id, nothing that is a user's.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::Client;
use crate::support::binary::Binary;

/// Stands in cells, questions and SQL, and must stand in no log.
const SECRET: &str = "Zanzibar";

/// What it wrote until now, line by line.
fn log_of(binary: Binary) -> Vec<Value> {
    let text = binary.kill();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect()
}

async fn work(client: &Client) {
    let file = format!("id,city\n1,{SECRET}\n2,Rome\nx,Oslo,too many\n");
    let upload = client.upload_ok("places.csv", &file).await;
    let schema = client
        .post("/api/schema/generate", &json!({"csv_ids": [upload["id"]]}))
        .await
        .json::<Value>()
        .await
        .unwrap();
    let id = schema["id"].as_str().unwrap();
    let approved = client
        .post(
            &format!("/api/schema/{id}/approve"),
            &json!({"accept_losses": true}),
        )
        .await;
    assert_eq!(approved.status(), StatusCode::OK);
    client
        .ask(id, None, &format!("How many places are called {SECRET}?"))
        .await;
    for sql in [
        format!("SELECT * FROM places WHERE city = '{SECRET}'"),
        format!("SELECT nosuch FROM places WHERE city = '{SECRET}'"),
        format!("DELETE FROM places WHERE city = '{SECRET}'"),
    ] {
        client
            .post("/api/query", &json!({"schema_id": id, "sql": sql}))
            .await;
    }
    client
        .get(&format!("/api/conversations?search={SECRET}"))
        .await;
}

#[tokio::test]
async fn each_line_is_json_with_the_request_and_without_what_is_the_users() {
    let binary = Binary::start(&[]).await;
    let mut ann = binary.nobody();
    let signed_in = ann.post("/api/auth/local", &json!({})).await;
    let id = signed_in.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    ann.keep(&signed_in);
    work(&ann).await;
    let mut secrets: Vec<String> = ann.cookies.values().cloned().collect();
    secrets.push(SECRET.to_owned());
    // Tokens that are no good are secrets too: of another server, perhaps.
    ann.token = Some("a-token-that-is-not-good".to_owned());
    ann.cookies.clear();
    assert_eq!(
        ann.get("/api/csv/list").await.status(),
        StatusCode::UNAUTHORIZED
    );
    secrets.push("a-token-that-is-not-good".to_owned());

    let log = log_of(binary);
    let of_request = log.iter().find(|line| line["span"]["id"] == id);
    let line = of_request.expect("the sign-in is in the log, by its request id");
    assert_eq!(line["span"]["path"], "/api/auth/local");
    assert_eq!(line["status"], 200);
    let all = log.iter().map(Value::to_string).collect::<String>();
    for secret in secrets {
        assert!(!all.contains(&secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn an_odd_request_id_of_a_client_is_replaced() {
    let server = crate::support::Server::local().await;
    let named = async |id: &str| {
        let request = server.nobody().request(Method::GET, "/api");
        let response = request.header("x-request-id", id).send().await.unwrap();
        response.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(named("proxy-4711.a_b").await, "proxy-4711.a_b");
    for odd in [&"a".repeat(65), "two words", "{\"id\":1}"] {
        assert_ne!(named(odd).await, odd);
    }
}
