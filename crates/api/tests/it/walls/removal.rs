//! What was removed is in no file below the data folders, byte for byte, while the service goes on.

use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Client, ORDERS, Server};

const QUESTION: &str = "PlantedQuestion about pink elephants";
const CELL: &str = "PlantedCell";
const INSERTED: &str = "PlantedInsertion";

/// How often `needle` stands in the files of a folder.
fn occurrences(folder: &Path, needle: &str) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found += occurrences(&path, needle);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        found += bytes
            .windows(needle.len())
            .filter(|window| *window == needle.as_bytes())
            .count();
    }
    found
}

fn nowhere(server: &Server, needles: &[&str]) {
    for needle in needles {
        assert_eq!(occurrences(server.folder.path(), needle), 0, "{needle}");
    }
}

fn somewhere(server: &Server, needles: &[&str]) {
    for needle in needles {
        assert!(occurrences(server.folder.path(), needle) > 0, "{needle}");
    }
}

/// Ids of an upload with planted cells, of a dataset made of it and of a conversation about that.
struct Planted {
    upload: String,
    schema: String,
    conversation: String,
}

async fn plant(client: &Client) -> Planted {
    let mut customers = String::from("id,name,country\n");
    for id in 0..300 {
        customers += &format!("{id},{CELL} {id} {},Germany\n", "n".repeat(id % 120));
    }
    let customers = client.upload_ok("customers.csv", &customers).await;
    // One row has a field too many, so that there is something in the quarantine.
    let orders = format!("{ORDERS}15,{CELL},1.00,{CELL}\n");
    let orders = client.upload_ok("orders.csv", &orders).await;
    let sent = client
        .post(
            "/api/schema/generate",
            &json!({"csv_ids": [customers["id"], orders["id"]]}),
        )
        .await;
    let schema: Value = sent.json().await.unwrap();
    let schema = schema["id"].as_str().unwrap().to_owned();
    let approve = format!("/api/schema/{schema}/approve");
    let approved = client.post(&approve, &json!({"accept_losses": true})).await;
    assert_eq!(approved.status(), StatusCode::OK);
    let mut conversation = None;
    for number in 0..12 {
        let question = format!("{QUESTION} {number} {}?", "so ".repeat(number * 40));
        let (_, id) = client
            .ask(&schema, conversation.as_deref(), &question)
            .await;
        conversation = Some(id);
    }
    let conversation = conversation.unwrap();
    client
        .ask(
            &schema,
            Some(&conversation),
            "Which customers are there in Germany?",
        )
        .await;
    Planted {
        upload: customers["id"].as_str().unwrap().to_owned(),
        schema,
        conversation,
    }
}

async fn removed(client: &Client, path: &str) {
    let sent = client.delete(path).await;
    assert_eq!(sent.status(), StatusCode::OK, "{path}");
}

#[tokio::test]
async fn h34_a_removed_account_leaves_nothing_and_others_keep_theirs() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    plant(&ann).await;
    let kept = bob.approved().await;
    bob.ask(&kept, None, "StayingQuestion of Bob?").await;
    somewhere(&server, &[QUESTION, CELL, "ann@"]);
    removed(&ann, "/api/auth/account").await;
    nowhere(&server, &[QUESTION, CELL, "ann@"]);
    somewhere(&server, &["StayingQuestion"]);
    assert_eq!(
        bob.get_json("/api/schema/list").await["schemas"][0]["id"],
        kept
    );
}

#[tokio::test]
async fn h35_a_removed_dataset_leaves_neither_its_rows_nor_its_questions() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let planted = plant(&ann).await;
    removed(&ann, &format!("/api/csv/{}", planted.upload)).await;
    somewhere(&server, &[QUESTION, CELL]);
    let list = ann.get_json("/api/csv/list").await;
    for upload in list["csv_files"].as_array().unwrap() {
        removed(
            &ann,
            &format!("/api/csv/{}", upload["id"].as_str().unwrap()),
        )
        .await;
    }
    removed(&ann, &format!("/api/schema/{}", planted.schema)).await;
    nowhere(&server, &[QUESTION, CELL]);
}

#[tokio::test]
async fn h36_a_removed_conversation_leaves_neither_questions_nor_answers() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let planted = plant(&ann).await;
    let (_, kept) = ann
        .ask(&planted.schema, None, "StayingQuestion about orders?")
        .await;
    let metadata = server.folder.path().join("metadata.db");
    let cells = || {
        let log = metadata.with_extension("db-wal");
        [metadata.clone(), log]
            .iter()
            .filter_map(|path| std::fs::read(path).ok())
            .map(|bytes| {
                let answers = b"PlantedCell 299";
                bytes
                    .windows(answers.len())
                    .filter(|window| *window == answers)
                    .count()
            })
            .sum::<usize>()
    };
    let with_answers = cells();
    removed(
        &ann,
        &format!("/api/conversations/{}", planted.conversation),
    )
    .await;
    nowhere(&server, &[QUESTION]);
    assert!(cells() <= with_answers);
    somewhere(&server, &["StayingQuestion"]);
    let left = ann.get_json(&format!("/api/conversations/{kept}")).await;
    assert_eq!(left["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn h37_a_removed_upload_leaves_neither_its_bytes_nor_its_profile() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let text = format!("id,word\n1,{CELL} one\n2,{CELL} two\n");
    let planted = ann.upload_ok("words.csv", &text).await;
    let kept = ann.upload_ok("other.csv", "id,word\n1,StayingCell\n").await;
    somewhere(&server, &[CELL]);
    removed(
        &ann,
        &format!("/api/csv/{}", planted["id"].as_str().unwrap()),
    )
    .await;
    nowhere(&server, &[CELL]);
    let rows = ann
        .get_json(&format!("/api/csv/{}/rows", kept["id"].as_str().unwrap()))
        .await;
    assert_eq!(rows["rows"], json!([["1", "StayingCell"]]));
}

#[tokio::test]
async fn h38_an_undone_insertion_is_gone_from_the_database_and_with_its_conversation_from_all_files()
 {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let question = format!("Add a row to customers: id=4, name={INSERTED}, country=Spain");
    let (events, conversation) = ann.ask(&schema, None, &question).await;
    let asked = events
        .iter()
        .find(|event| event["type"] == "tool-approval-request")
        .unwrap();
    let approval = asked["approvalId"].as_str().unwrap();
    let yes = json!({"schema_id": schema, "conversation_id": conversation, "messages": [{"role": "assistant", "parts": [
        {"type": "tool-insert_data", "state": "approval-responded", "approval": {"id": approval, "approved": true}}]}]});
    ann.chat(&yes).await;
    let databases = server.folder.path().join("databases");
    assert!(occurrences(&databases, INSERTED) > 0);
    let undone = ann
        .post(&format!("/api/writes/{approval}/undo"), &json!({}))
        .await;
    assert_eq!(undone.status(), StatusCode::OK);
    assert_eq!(occurrences(&databases, INSERTED), 0);
    removed(&ann, &format!("/api/conversations/{conversation}")).await;
    nowhere(&server, &[INSERTED]);
}
