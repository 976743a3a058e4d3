//! What the audit log, and the log beside it, say of what went wrong.

use std::io::Write;
use std::sync::{Arc, Mutex};

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Server, problem};

#[tokio::test]
async fn a_failed_approval_is_recorded_by_its_code() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.generated().await;
    let files = ann.get_json("/api/csv/list").await;
    for file in files["csv_files"].as_array().unwrap() {
        let path = format!("/api/csv/{}", file["id"].as_str().unwrap());
        ann.delete(&path).await;
    }
    let id = schema["id"].as_str().unwrap();
    let path = format!("/api/schema/{id}/approve");
    let failed = ann.post(&path, &json!({})).await;
    problem(failed, StatusCode::CONFLICT, "files_missing").await;
    let audit = ann.get_json("/api/audit").await;
    let entry = &audit["entries"][0];
    assert_eq!(entry["action"], "approve_failed");
    assert_eq!(entry["subject"], id);
    assert_eq!(
        entry["detail"],
        json!({"name": schema["name"], "code": "files_missing"})
    );
}

/// What is logged while it lives, by this thread: a test's server runs on the test's own.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_refused_sign_in_is_in_the_log_with_its_code_and_address_and_without_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let server = Server::shared_with(&[("TRUST_PROXY", "true")]).await;
    let provider = server.provider.as_ref().unwrap();
    let mut ann = server.nobody();
    let query = provider.begin(&mut ann).await;
    provider.vouch(&query, "ann", &json!({"nonce": "another"}));
    let body = json!({"code": "thecode", "state": query["state"],
        "redirect_uri": format!("{}/auth/callback", crate::support::PAGE)});
    let refused = ann
        .request(reqwest::Method::POST, "/api/auth/google/callback")
        .header("x-forwarded-for", "203.0.113.7")
        .json(&body)
        .send()
        .await
        .unwrap();
    problem(refused, StatusCode::BAD_REQUEST, "invalid_id_token").await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let line = text
        .lines()
        .find(|line| line.contains("a sign-in was refused"))
        .expect("a line about it");
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["code"], "invalid_id_token");
    assert_eq!(line["address"], "203.0.113.7");
    for secret in ["thecode", &query["state"], &query["nonce"]] {
        assert!(!text.contains(secret), "{secret} is logged");
    }
}
