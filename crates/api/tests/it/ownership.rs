//! Case 74: every route of the OpenAPI document, called with somebody else's ids and as nobody.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Server};

/// What belongs to one user.
struct Belongings {
    upload: String,
    schema: String,
    conversation: String,
    session: String,
    /// A write that was approved, so that it could be undone.
    write: String,
}

async fn belongings(client: &Client) -> Belongings {
    let schema = client.approved().await;
    let (_, conversation) = client
        .ask(&schema, None, "How many orders are there?")
        .await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let write = approved_write(client, &schema).await;
    Belongings {
        write,
        upload: text(&client.get_json("/api/csv/list").await["csv_files"][0]["id"]),
        session: text(&client.get_json("/api/auth/sessions").await["sessions"][0]["id"]),
        schema,
        conversation,
    }
}

async fn approved_write(client: &Client, schema: &str) -> String {
    let question = "add a row to orders: id = 99, customer_id = 1, amount = 2.5";
    let (events, conversation) = client.ask(schema, None, question).await;
    let asked = events.iter().find_map(|event| event["approvalId"].as_str());
    let id = asked.unwrap().to_owned();
    let part = json!({"type": "tool-insert_data", "state": "approval-responded", "approval": {"id": id, "approved": true}});
    let answer = json!({"schema_id": schema, "conversation_id": conversation, "messages": [{"role": "assistant", "parts": [part]}]});
    client.chat(&answer).await;
    id
}

/// The address with the owner's id in it, or `None` where the route names nobody's thing.
fn address(path: &str, of: &Belongings) -> Option<String> {
    let id = match path {
        _ if path.starts_with("/api/csv/{id}") => &of.upload,
        _ if path.starts_with("/api/schema/{id}") => &of.schema,
        _ if path.starts_with("/api/conversations/{id}") || path.starts_with("/api/chat/{id}") => {
            &of.conversation
        }
        _ if path.starts_with("/api/auth/sessions/{id}") => &of.session,
        _ if path.starts_with("/api/writes/{id}") => &of.write,
        _ => return None,
    };
    assert!(path.contains("{id}"));
    Some(path.replace("{id}", id))
}

/// A body that is right in its form and names the owner's things.
fn body(method: &Method, path: &str, of: &Belongings, own_schema_json: &Value) -> Option<Value> {
    match (method.as_str(), path) {
        ("POST", "/api/chat") => Some(
            json!({"schema_id": of.schema, "messages": [{"role": "user", "content": "How many orders?"}]}),
        ),
        ("POST", "/api/query" | "/api/query/export" | "/api/query/explain") => {
            Some(json!({"schema_id": of.schema, "sql": "SELECT 1"}))
        }
        ("POST", "/api/schema/generate") => Some(json!({"csv_ids": [of.upload]})),
        ("POST", "/api/schema/{id}/plan/options") => Some(json!({"add": "rows"})),
        ("POST", "/api/schema/{id}/plan/preview") => Some(json!({"changes": []})),
        ("PUT", "/api/schema/{id}/meaning") => Some(json!({"edits": {}})),
        ("PUT", _) => Some(json!({"schema_json": own_schema_json})),
        ("PATCH", "/api/schema/{id}") => Some(json!({"name": "mine now"})),
        ("PATCH", _) => Some(json!({"title": "mine now"})),
        _ => None,
    }
}

fn operations(document: &Value) -> Vec<(Method, String, bool)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let open = operation["security"].as_array().is_some_and(Vec::is_empty);
            found.push((method.to_uppercase().parse().unwrap(), path.clone(), open));
        }
    }
    found
}

#[tokio::test]
async fn e74_the_wrong_user_gets_404_on_every_id() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let of_ann = belongings(&ann).await;
    let schema_json = ann
        .get_json(&format!("/api/schema/{}", of_ann.schema))
        .await["schema_json"]
        .clone();
    let document = bob.get_json("/api/openapi.json").await;
    let mut checked = 0;
    for (method, path, open) in operations(&document) {
        let body = body(&method, &path, &of_ann, &schema_json);
        let Some(address) =
            address(&path, &of_ann).or_else(|| body.is_some().then(|| path.clone()))
        else {
            continue;
        };
        assert!(!open, "{path} takes an id and is open to everybody");
        let mut request = bob.request(method.clone(), &address);
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{method} {path}");
        checked += 1;
    }
    assert!(checked >= 18, "only {checked} routes were checked");
    // A conversation of one's own about another's schema, and another's conversation about one's own.
    let of_bob = bob.approved().await;
    let mixed = json!({"schema_id": of_bob, "conversation_id": of_ann.conversation, "messages": [{"role": "user", "content": "x"}]});
    assert_eq!(
        bob.post("/api/chat", &mixed).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ann.get(&format!("/api/schema/{}", of_ann.schema))
            .await
            .status(),
        StatusCode::OK,
        "nothing was removed"
    );
    let undone = ann
        .post(&format!("/api/writes/{}/undo", of_ann.write), &json!({}))
        .await;
    assert_eq!(
        undone.status(),
        StatusCode::OK,
        "the write was undone by nobody else"
    );
}

#[tokio::test]
async fn e74_nobody_gets_401_on_every_closed_route() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let of_ann = belongings(&ann).await;
    let document = ann.get_json("/api/openapi.json").await;
    let mut open_routes = Vec::new();
    for (method, path, open) in operations(&document) {
        if open {
            open_routes.push(path);
            continue;
        }
        let address = address(&path, &of_ann).unwrap_or_else(|| path.clone());
        let response = server
            .nobody()
            .request(method.clone(), &address)
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(
            response.status(),
            StatusCode::UNAUTHORIZED,
            "{method} {path}"
        );
    }
    open_routes.sort();
    assert_eq!(
        open_routes,
        [
            "/.well-known/jwks.json",
            "/api",
            "/api/auth/config",
            "/api/auth/google/callback",
            "/api/auth/google/start",
            "/api/auth/local",
            "/api/auth/logout",
            "/api/auth/refresh",
            "/api/auth/status",
            "/api/csp-reports",
            "/health",
            "/health/ready",
            "/metrics"
        ]
    );
}
