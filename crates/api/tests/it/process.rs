//! The binary itself: what it shows of its work, and how it ends.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::left_work::ENDLESS;
use crate::support::CUSTOMERS;
use crate::support::binary::Binary;
use crate::support::stalled::Stalled;

#[tokio::test]
async fn work_that_hears_nothing_does_not_keep_the_service_from_ending() {
    let mut binary = Binary::start(&[("SHUTDOWN_TIMEOUT_MS", "500")]).await;
    let ann = binary.user().await;
    let upload = ann.upload_ok("customers.csv", CUSTOMERS).await;
    let id = upload["id"].as_str().unwrap();
    let uploads = binary.folder.path().join("data/uploads");
    let user = std::fs::read_dir(uploads).unwrap().next().unwrap().unwrap();
    // Opening a pipe that nobody writes to waits for ever, whatever flag is raised.
    let _stalled = Stalled::in_place_of(&user.path().join(format!("{id}.csv")));
    let reading = tokio::spawn({
        let (ann, path) = (ann.clone(), format!("/api/csv/{id}/rows"));
        async move { ann.request(Method::GET, &path).send().await }
    });
    binary.gauge_becomes("jobs_running", 1.0).await;
    let took = binary.stop().await;
    // 2 s are what it gives its work; the rest is what a loaded machine needs.
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(reading.await.unwrap().is_err());
}

#[tokio::test]
async fn the_metrics_show_that_a_query_ends_with_its_reader() {
    let binary = Binary::start(&[("SQL_TIME_LIMIT_MS", "60000")]).await;
    let ann = binary.user().await;
    let schema = ann.approved().await;
    let asking = tokio::spawn({
        let body = json!({"schema_id": schema, "sql": ENDLESS});
        async move { ann.post("/api/query", &body).await }
    });
    binary.gauge_becomes("queries_running", 1.0).await;
    asking.abort();
    binary.gauge_becomes("queries_running", 0.0).await;
}
