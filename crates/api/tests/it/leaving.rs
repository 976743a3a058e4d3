//! Clients that leave in the middle: what a request changed and what is recorded of it are there together, or neither is.

use std::time::Duration;

use axum::body::Body;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Server};

/// More waits than any of these requests has.
const MOST_WAITS: usize = 200;

/// One user with an approved shop, who adds customers.
struct Shop {
    server: Server,
    ann: Client,
    schema: String,
}

/// A write that waits.
struct Waiting {
    conversation: String,
    request: Value,
}

impl Shop {
    async fn open() -> Self {
        let server = Server::local().await;
        let ann = server.user("ann").await;
        let schema = ann.approved().await;
        Self {
            server,
            ann,
            schema,
        }
    }

    async fn propose(&self, id: usize) -> Waiting {
        let question = format!("Add a row to customers: id={id}, name=Dora, country=Spain");
        let (events, conversation) = self.ann.ask(&self.schema, None, &question).await;
        let request = events
            .into_iter()
            .find(|event| event["type"] == "tool-approval-request")
            .expect("the write waits");
        Waiting {
            conversation,
            request,
        }
    }

    fn decide(&self, write: &Waiting, approved: bool) -> http::Request<Body> {
        self.ann
            .by_hand(Method::POST, "/api/chat", &self.decision(write, approved))
    }

    fn decision(&self, write: &Waiting, approved: bool) -> Value {
        json!({"schema_id": self.schema, "conversation_id": write.conversation, "messages": [{"role": "assistant", "parts": [
            {"type": "tool-insert_data", "toolCallId": write.request["toolCallId"], "state": "approval-responded",
             "approval": {"id": write.request["approvalId"], "approved": approved}}]}]})
    }

    async fn customers(&self) -> u64 {
        let body = json!({"schema_id": self.schema, "sql": "SELECT count(*) FROM customers"});
        let counted: Value = self
            .ann
            .post("/api/query", &body)
            .await
            .json()
            .await
            .unwrap();
        counted["rows"][0][0].as_u64().unwrap()
    }

    async fn recorded(&self, action: &str) -> usize {
        let actions = self.ann.actions().await;
        actions.iter().filter(|one| *one == action).count()
    }

    /// The address of a new file, of a new schema with its database, or of a new conversation.
    async fn something_to_remove(&self, kind: &str) -> String {
        if kind == "conversation" {
            let question = "How many orders are there?";
            let (_, conversation) = self.ann.ask(&self.schema, None, question).await;
            return format!("/api/conversations/{conversation}");
        }
        if kind == "csv" {
            let upload = self.ann.upload_ok("more.csv", "a,b\n1,2\n").await;
            return format!("/api/csv/{}", upload["id"].as_str().unwrap());
        }
        let files = self.ann.get_json("/api/csv/list").await;
        let ids = json!({"csv_ids": [files["csv_files"][0]["id"], files["csv_files"][1]["id"]]});
        let schema: Value = self
            .ann
            .post("/api/schema/generate", &ids)
            .await
            .json()
            .await
            .unwrap();
        let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
        let approved = self.ann.post(&format!("{path}/approve"), &json!({})).await;
        assert_eq!(approved.status(), StatusCode::OK);
        path
    }

    /// How the conversation shows the call.
    async fn shown(&self, write: &Waiting) -> Value {
        let path = format!("/api/conversations/{}", write.conversation);
        let kept = self.ann.get_json(&path).await;
        let parts = kept["messages"][1]["parts"].as_array().unwrap();
        let call = parts
            .iter()
            .find(|part| part["type"] == "tool-insert_data")
            .expect("the call is kept");
        call["state"].clone()
    }
}

#[tokio::test]
async fn a_decided_write_is_carried_out_also_when_nobody_reads_what_becomes_of_it() {
    let shop = Shop::open().await;
    for (id, approved, action, state) in [
        (4, true, "insert", "output-available"),
        (5, false, "insert_refused", "output-denied"),
    ] {
        let write = shop.propose(id).await;
        let answer = shop
            .server
            .left_after(MOST_WAITS, shop.decide(&write, approved))
            .await
            .expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        drop(answer);
        assert_eq!(shop.customers().await, 4, "{action}");
        assert_eq!(shop.ann.actions().await[0], action);
        assert_eq!(shop.shown(&write).await, state, "{action}");
    }
}

#[tokio::test]
async fn an_approval_that_was_left_is_carried_out_or_still_waits() {
    let shop = Shop::open().await;
    for waits in 0..MOST_WAITS {
        let before = shop.customers().await;
        let write = shop.propose(100 + waits).await;
        let answered = shop
            .server
            .left_after(waits, shop.decide(&write, true))
            .await;
        let inserted = shop.customers().await - before;
        let again = shop
            .ann
            .post("/api/chat", &shop.decision(&write, true))
            .await;
        let expected = if inserted == 1 {
            StatusCode::CONFLICT
        } else {
            StatusCode::OK
        };
        assert_eq!(again.status(), expected, "left after {waits}");
        again.text().await.unwrap();
        assert_eq!(
            shop.recorded("insert").await,
            waits + 1,
            "left after {waits}"
        );
        assert_eq!(shop.customers().await, before + 1);
        if answered.is_some() {
            return;
        }
    }
    panic!("the request waits more often than {MOST_WAITS} times");
}

#[tokio::test]
async fn an_undoing_that_was_left_took_the_rows_back_and_says_so_or_did_neither() {
    let shop = Shop::open().await;
    for waits in 0..MOST_WAITS {
        let write = shop.propose(100 + waits).await;
        shop.ann.chat(&shop.decision(&write, true)).await;
        let path = format!(
            "/api/writes/{}/undo",
            write.request["approvalId"].as_str().unwrap()
        );
        let call = shop.ann.by_hand(Method::POST, &path, &json!({}));
        let answered = shop.server.left_after(waits, call).await;
        let undone = shop.customers().await == 3;
        let again = shop.ann.post(&path, &json!({})).await.status();
        assert_eq!(again == StatusCode::OK, !undone, "left after {waits}");
        let recorded = shop.recorded("insert_undone").await;
        assert_eq!(recorded, waits + 1, "left after {waits}");
        assert_eq!(shop.customers().await, 3);
        if answered.is_some() {
            return;
        }
    }
    panic!("the request waits more often than {MOST_WAITS} times");
}

#[tokio::test]
async fn a_removal_that_was_left_removed_everything_and_says_so_or_did_nothing() {
    let shop = Shop::open().await;
    let files = shop.server.files().len();
    for (kind, its_files, action) in [
        ("csv", 1, "delete_upload"),
        // The database, and its quarantine.
        ("schema", 2, "delete_schema"),
        ("conversation", 0, "delete_conversation"),
    ] {
        for waits in 0..=MOST_WAITS {
            assert!(waits < MOST_WAITS, "{kind}: the request never ends");
            let path = shop.something_to_remove(kind).await;
            let call = shop.ann.by_hand(Method::DELETE, &path, &Value::Null);
            let answered = shop.server.left_after(waits, call).await;
            let there = shop.ann.get(&path).await.status() == StatusCode::OK;
            assert_eq!(
                shop.server.files().len(),
                files + usize::from(there) * its_files,
                "{kind} left after {waits}"
            );
            let gone = waits + usize::from(!there);
            assert_eq!(
                shop.recorded(action).await,
                gone,
                "{kind} left after {waits}"
            );
            if there {
                shop.ann.delete(&path).await;
            }
            if answered.is_some() {
                break;
            }
        }
    }
}

#[tokio::test]
async fn an_upload_that_was_left_is_kept_whole_and_recorded_or_leaves_nothing() {
    let shop = Shop::open().await;
    let files = shop.server.files().len();
    for waits in 0..MOST_WAITS {
        let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"more.csv\"\r\n\r\na,b\n1,2\n\r\n--b--\r\n";
        let mut call = shop
            .ann
            .by_hand(Method::POST, "/api/csv/upload", &Value::Null);
        *call.body_mut() = Body::from(form);
        let kind = "multipart/form-data; boundary=b".parse().unwrap();
        call.headers_mut().insert("content-type", kind);
        let recorded = shop.recorded("upload").await;
        let answered = shop.server.left_after(waits, call).await;
        let list = shop.ann.get_json("/api/csv/list").await;
        let kept = list["csv_files"].as_array().unwrap().len() - 2;
        assert_eq!(
            shop.recorded("upload").await,
            recorded + kept,
            "left after {waits}"
        );
        // What a blocking thread is at is waited for by nobody.
        for _ in 0..500 {
            if shop.server.files().len() == files + kept {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(
            shop.server.files().len(),
            files + kept,
            "left after {waits}: {:?}",
            shop.server.files()
        );
        if kept == 1 {
            let id = list["csv_files"][0]["id"].as_str().unwrap();
            shop.ann.delete(&format!("/api/csv/{id}")).await;
        }
        if answered.is_some() {
            return;
        }
    }
    panic!("the request waits more often than {MOST_WAITS} times");
}

#[tokio::test]
async fn an_ending_of_a_session_that_was_left_ended_it_and_says_so_or_did_neither() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    for waits in 0..MOST_WAITS {
        let other = server.user("ann").await;
        let sessions = other.get_json("/api/auth/sessions").await;
        let session = sessions["sessions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|session| session["current"] == true)
            .unwrap();
        let path = format!("/api/auth/sessions/{}", session["id"].as_str().unwrap());
        let call = ann.by_hand(Method::DELETE, &path, &Value::Null);
        let answered = server.left_after(waits, call).await;
        let lives = other.get("/api/csv/list").await.status() == StatusCode::OK;
        let ended = ann.actions().await;
        let ended = ended.iter().filter(|one| *one == "end_session").count();
        assert_eq!(ended, waits + usize::from(!lives), "left after {waits}");
        if lives {
            ann.delete(&path).await;
        }
        if answered.is_some() {
            return;
        }
    }
    panic!("the request waits more often than {MOST_WAITS} times");
}
