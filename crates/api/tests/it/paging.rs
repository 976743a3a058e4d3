//! Lists in parts: how much of one may be asked for.

use reqwest::StatusCode;

use crate::support::{Server, problem};

#[tokio::test]
async fn more_or_less_than_a_list_gives_at_once_is_refused_by_its_name() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann.upload_ok("a.csv", "a,b\n1,2\n").await;
    let rows = format!("/api/csv/{}/rows", upload["id"].as_str().unwrap());
    for (list, most) in [("/api/csv/list", 200), (rows.as_str(), 1_000)] {
        for limit in [1, most] {
            ann.get_json(&format!("{list}?limit={limit}")).await;
        }
        for limit in [0, most + 1] {
            let refused = ann.get(&format!("{list}?limit={limit}")).await;
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let refused = problem(refused, status, "invalid_query").await;
            assert_eq!(refused["errors"][0]["field"], "limit", "{list} {limit}");
        }
    }
}
