//! Conversations, hand-written SQL through HTTP, and writes with the user's word.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Server, problem};

#[tokio::test]
async fn a_question_that_is_not_understood_ends_plainly_and_without_a_receipt() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let (events, _) = ann
        .ask(&schema, None, "Why do zebras quarrel under moonlight?")
        .await;
    assert!(!events.iter().any(|event| event["type"] == "data-receipt"));
    assert_eq!(events.last().unwrap()["type"], "finish");
    assert!(events.iter().any(|event| event["type"] == "text-delta"));
}

#[tokio::test]
async fn conversations_are_listed_renamed_and_removed() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let (_, first) = ann.ask(&schema, None, "How many orders are there?").await;
    let (_, same) = ann
        .ask(&schema, Some(&first), "How many customers are there?")
        .await;
    assert_eq!(first, same);
    let (_, second) = ann
        .ask(&schema, None, "How many customers are there?")
        .await;
    let list = ann.get_json("/api/conversations?limit=1").await;
    assert_eq!(list["conversations"][0]["id"], second);
    let rest = ann
        .get_json(&format!(
            "/api/conversations?limit=1&cursor={}",
            list["next_cursor"].as_str().unwrap().replace('+', "%2B")
        ))
        .await;
    assert_eq!(rest["conversations"][0]["id"], first);
    let renamed = ann
        .request(Method::PATCH, &format!("/api/conversations/{first}"))
        .json(&json!({"title": " Orders "}))
        .send()
        .await
        .unwrap();
    assert_eq!(renamed.json::<Value>().await.unwrap()["title"], "Orders");
    assert_eq!(
        ann.delete(&format!("/api/conversations/{first}"))
            .await
            .status(),
        StatusCode::OK
    );
    assert_eq!(
        ann.get(&format!("/api/conversations/{first}"))
            .await
            .status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        ann.get(&format!("/api/chat/{second}/stream"))
            .await
            .status(),
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn the_sandbox_stands_behind_the_route() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let run = async |sql: &str| {
        ann.post("/api/query", &json!({"schema_id": schema, "sql": sql}))
            .await
    };
    let before = std::fs::read(&server.files()[0]).unwrap();
    for sql in [
        "DELETE FROM orders",
        "SELECT 1; DELETE FROM orders",
        "ATTACH 'x.db' AS b",
        "PRAGMA writable_schema=ON",
        "SELECT sql FROM sqlite_master",
        "SELECT \"nosuch\" FROM orders",
    ] {
        assert_eq!(
            run(sql).await.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{sql}"
        );
    }
    for sql in ["", ";", "/* */", "SELECT 1\u{0};DROP TABLE orders"] {
        assert_eq!(run(sql).await.status(), StatusCode::BAD_REQUEST, "{sql:?}");
    }
    let slow =
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";
    assert_eq!(run(slow).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let fine: Value = run("SELECT count(*) AS n FROM orders")
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&fine["rows"], &fine["columns"][0]["name"]),
        (&json!([[5]]), &json!("n"))
    );
    assert_eq!(std::fs::read(&server.files()[0]).unwrap(), before);
}

#[tokio::test]
async fn b38_a_result_over_the_limit_says_so() {
    let server = Server::local_with(&[("SQL_MAX_ROWS", "3")]).await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let result: Value = ann
        .post(
            "/api/query",
            &json!({"schema_id": schema, "sql": "SELECT id FROM orders ORDER BY id"}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&result["truncated"], &result["row_count"]),
        (&json!(true), &json!(3))
    );
    let rest: Value = ann
        .post(
            "/api/query",
            &json!({"schema_id": schema, "sql": "SELECT id FROM orders ORDER BY id", "offset": 3}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        (&rest["truncated"], &rest["rows"]),
        (&json!(false), &json!([[13], [14]]))
    );
}

#[tokio::test]
async fn a_write_waits_for_the_users_word_happens_once_and_can_be_undone() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let count = async || -> Value {
        ann.post(
            "/api/query",
            &json!({"schema_id": schema, "sql": "SELECT count(*) FROM customers"}),
        )
        .await
        .json::<Value>()
        .await
        .unwrap()["rows"][0][0]
            .clone()
    };
    let (events, conversation) = ann
        .ask(
            &schema,
            None,
            "Add a row to customers: id=4, name=Dora, country=Spain",
        )
        .await;
    let request = events
        .iter()
        .find(|event| event["type"] == "tool-approval-request")
        .expect("the write waits");
    assert_eq!(count().await, 3);
    let approval = request["approvalId"].as_str().unwrap();
    let answer = |approved: bool| {
        json!({"schema_id": schema, "conversation_id": conversation, "messages": [{"role": "assistant", "parts": [
            {"type": "tool-insert_data", "toolCallId": request["toolCallId"], "state": "approval-responded",
             "input": {"table": "customers", "data": {"id": 666}}, "approval": {"id": approval, "approved": approved}}]}]})
    };
    let (events, _) = ann.chat(&answer(true)).await;
    assert!(
        events
            .iter()
            .any(|event| event["type"] == "tool-output-available"),
        "{events:?}"
    );
    assert_eq!(count().await, 4);
    let stored: Value = ann
        .post(
            "/api/query",
            &json!({"schema_id": schema, "sql": "SELECT max(id) FROM customers"}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        stored["rows"],
        json!([[4]]),
        "the stored call counts, not the client's copy"
    );
    assert_eq!(
        ann.post("/api/chat", &answer(true)).await.status(),
        StatusCode::CONFLICT,
        "once"
    );
    assert_eq!(
        ann.post(&format!("/api/writes/{approval}/undo"), &json!({}))
            .await
            .status(),
        StatusCode::OK
    );
    assert_eq!(count().await, 3);
    let actions: Vec<String> = ann.get_json("/api/audit").await["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions[..2], ["insert_undone", "insert"]);
}

#[tokio::test]
async fn a_refused_write_changes_nothing_and_is_in_the_log() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let (events, conversation) = ann
        .ask(
            &schema,
            None,
            "Add a row to customers: id=4, name=Dora, country=Spain",
        )
        .await;
    let request = events
        .iter()
        .find(|event| event["type"] == "tool-approval-request")
        .unwrap();
    let body = json!({"schema_id": schema, "conversation_id": conversation, "messages": [{"role": "assistant", "parts": [
        {"type": "tool-insert_data", "state": "approval-responded", "approval": {"id": request["approvalId"], "approved": false}}]}]});
    let (events, _) = ann.chat(&body).await;
    assert!(
        events
            .iter()
            .any(|event| event["type"] == "tool-output-denied")
    );
    assert_eq!(
        ann.get_json("/api/audit").await["entries"][0]["action"],
        "insert_refused"
    );
}

#[tokio::test]
async fn a_chat_without_a_question_names_the_message() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    problem(
        ann.post("/api/chat", &json!({"schema_id": schema, "messages": []}))
            .await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_messages",
    )
    .await;
    let refused = problem(
        ann.post("/api/chat", &json!({"messages": []})).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "invalid_body",
    )
    .await;
    assert!(
        refused["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("schema_id")
    );
}

/// "Median price" may mean two columns, so that it is asked back; what is said next goes on from the likelier one.
#[tokio::test]
async fn a_follow_up_goes_on_from_the_likeliest_reading_of_a_question_that_got_no_answer() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = ann.approved_samples().await;
    let receipt = |events: &[Value]| {
        events
            .iter()
            .find(|event| event["type"] == "data-receipt")
            .map(|event| event["data"].clone())
    };
    let (asked_back, conversation) = ann.ask(&id, None, "median price").await;
    assert_eq!(receipt(&asked_back), None);
    let (told, _) = ann.ask(&id, Some(&conversation), "and by category?").await;
    let told = receipt(&told).unwrap();
    assert_eq!(told["columns"][0]["name"], "category", "{told}");
    let said = told["restatement"].as_str().unwrap();
    assert!(said.contains("median"), "{said}");
    // A question that stands alone is read alone.
    let (alone, _) = ann
        .ask(
            &id,
            Some(&conversation),
            "How many customers are from Germany?",
        )
        .await;
    let alone = receipt(&alone).unwrap();
    assert_eq!(alone["row_count"], 1, "{alone}");
}
