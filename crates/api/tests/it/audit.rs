//! What the audit log says of what went wrong.

use reqwest::StatusCode;
use serde_json::json;

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
