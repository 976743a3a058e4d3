//! A disk that fills under a running server, and is emptied again.

use reqwest::StatusCode;
use serde_json::json;

use crate::support::small_disk::SmallDisk;
use crate::support::{Client, problem};

/// Larger than what a file system may still find in a half-used block.
const LATE: &str = "id,note\n1,a note that comes too late for the disk\n";

async fn is_full(response: reqwest::Response) {
    problem(response, StatusCode::INSUFFICIENT_STORAGE, "disk_full").await;
}

async fn signed_in(disk: &SmallDisk) -> Client {
    let mut client = disk.nobody();
    let response = client.post("/api/auth/local", &json!({})).await;
    client.keep(&response);
    assert_eq!(response.status(), StatusCode::OK);
    client
}

#[tokio::test]
async fn f85_on_a_full_disk_nothing_half_is_kept_and_what_was_there_is_read() {
    let Some(disk) = SmallDisk::start().await else {
        return;
    };
    let ann = signed_in(&disk).await;
    let executed = ann.approved().await;
    let upload = ann.upload_ok("late.csv", LATE).await;
    let waiting = ann
        .post("/api/schema/generate", &json!({"csv_ids": [upload["id"]]}))
        .await
        .json::<serde_json::Value>()
        .await
        .unwrap();
    let files = disk.uploaded_files();

    disk.fill();
    is_full(ann.upload("more.csv", LATE.repeat(2_000)).await).await;
    assert_eq!(disk.uploaded_files(), files, "no unfinished file is left");
    let approve = format!("/api/schema/{}/approve", waiting["id"].as_str().unwrap());
    is_full(ann.post(&approve, &json!({})).await).await;

    let listed = ann.get_json("/api/csv/list").await;
    assert_eq!(listed["csv_files"].as_array().unwrap().len(), 3);
    let rows = format!("/api/csv/{}/rows", upload["id"].as_str().unwrap());
    assert_eq!(ann.get_json(&rows).await["row_count"], 1);
    let sql = json!({"schema_id": executed, "sql": "SELECT count(*) AS n FROM orders"});
    let answer = ann.post("/api/query", &sql).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(
        answer.json::<serde_json::Value>().await.unwrap()["rows"],
        json!([[5]])
    );

    disk.make_room();
    ann.upload_ok("more.csv", LATE).await;
    let approved = ann.post(&approve, &json!({})).await;
    assert_eq!(approved.status(), StatusCode::OK, "no restart is needed");
}
