//! What is done at the command line beside a running server.

use reqwest::StatusCode;

use crate::support::{Server, config};

#[tokio::test]
async fn an_operator_ends_the_sessions_of_one_user_or_of_all() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let config = config(&server.folder, server.provider.as_ref(), &[]);
    let clock = api::Clock::system();
    let lists = async |client: &crate::support::Client| client.get("/api/csv/list").await.status();

    let all = api::list_sessions(&config, &clock, None).await.unwrap();
    assert_eq!(all.len(), 2);
    let of_ann = api::list_sessions(&config, &clock, Some("ANN@example.org"))
        .await
        .unwrap();
    assert_eq!(of_ann.len(), 1);
    assert!(of_ann[0].contains("ann@example.org"), "{of_ann:?}");

    let ended = api::end_sessions(&config, &clock, Some("ann@example.org")).await;
    assert_eq!(ended.unwrap(), 1);
    assert_eq!(lists(&ann).await, StatusCode::UNAUTHORIZED);
    assert_eq!(lists(&bob).await, StatusCode::OK);
    let nobody = api::end_sessions(&config, &clock, Some("")).await;
    assert_eq!(nobody.unwrap(), 0);

    assert_eq!(api::end_sessions(&config, &clock, None).await.unwrap(), 1);
    assert_eq!(lists(&bob).await, StatusCode::UNAUTHORIZED);
    let back = server.user("bob").await;
    let audit = back.get_json("/api/audit").await;
    let actions = audit["entries"].as_array().unwrap();
    assert!(
        actions
            .iter()
            .any(|entry| entry["action"] == "sessions_ended_by_operator")
    );
}
