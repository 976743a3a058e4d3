//! Changes of an approved dataset: applied beside what is there, in one step, and taken back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::stalled::Stalled;
use crate::support::{Client, Server, problem};
use crate::unread::soon;

struct Dataset<'a> {
    ann: &'a Client,
    id: String,
}

impl<'a> Dataset<'a> {
    async fn open(ann: &'a Client) -> Self {
        Self {
            ann,
            id: ann.approved().await,
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/schema/{}{rest}", self.id)
    }

    async fn get(&self) -> Value {
        self.ann.get_json(&self.path("")).await
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let response = self.ann.post(path, body).await;
        (response.status(), response.json().await.unwrap())
    }

    /// Begins changes and saves `change` of the schema in them; the id of the draft.
    async fn draft(&self, change: impl FnOnce(&mut Value)) -> String {
        let (status, mut draft) = self.post(&self.path("/revision"), &json!({})).await;
        assert_eq!(status, StatusCode::CREATED, "{draft}");
        let id = draft["id"].as_str().unwrap().to_owned();
        change(&mut draft["schema_json"]);
        let path = format!("/api/schema/{id}");
        let saved = self
            .ann
            .put(&path, &json!({"schema_json": draft["schema_json"]}))
            .await;
        let status = saved.status();
        let body: Value = saved.json().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{body}");
        id
    }

    async fn apply(&self, draft: &str, body: &Value) -> Value {
        let (status, body) = self
            .post(&format!("/api/schema/{draft}/approve"), body)
            .await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body
    }

    async fn query(&self, sql: &str) -> Value {
        let body = json!({"schema_id": self.id, "sql": sql});
        let (status, body) = self.post("/api/query", &body).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        body["rows"].clone()
    }

    /// Adds a row in the chat; the ids of the write and of the conversation.
    async fn insert(&self, words: &str) -> (String, String) {
        let question = format!("add a row to {words}");
        let (events, conversation) = self.ann.ask(&self.id, None, &question).await;
        let asked = events.iter().find_map(|event| event["approvalId"].as_str());
        let id = asked.unwrap().to_owned();
        assert_eq!(self.decide(&id, &conversation).await, StatusCode::OK);
        (id, conversation)
    }

    async fn decide(&self, write: &str, conversation: &str) -> StatusCode {
        let part = json!({"type": "tool-insert_data", "state": "approval-responded",
            "approval": {"id": write, "approved": true}});
        let answer = json!({"schema_id": self.id, "conversation_id": conversation,
            "messages": [{"role": "assistant", "parts": [part]}]});
        let response = self.ann.post("/api/chat", &answer).await;
        let status = response.status();
        response.text().await.unwrap();
        status
    }
}

fn table<'a>(schema: &'a mut Value, name: &str) -> &'a mut Value {
    let tables = schema["tables"].as_array_mut().unwrap();
    tables
        .iter_mut()
        .find(|table| table["name"] == name)
        .unwrap()
}

fn column<'a>(schema: &'a mut Value, of: &str, name: &str) -> &'a mut Value {
    let columns = table(schema, of)["columns"].as_array_mut().unwrap();
    columns
        .iter_mut()
        .find(|column| column["name"] == name)
        .unwrap()
}

/// customers -> clients, and what refers to it.
fn clients(schema: &mut Value) {
    table(schema, "customers")["name"] = json!("clients");
    for relationship in schema["relationships"].as_array_mut().unwrap() {
        relationship["to_table"] = json!("clients");
    }
    column(schema, "orders", "customer_id")["references"]["table"] = json!("clients");
}

#[tokio::test]
async fn other_names_are_applied_in_place_and_taken_back() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let shop = Dataset::open(&ann).await;
    let (write, conversation) = shop
        .insert("customers: id=99, name=Dora, country=Spain")
        .await;
    let words = json!({"edits": {"tables": [{"table": "customers", "words": ["patrons"]}]}});
    assert_eq!(
        ann.put(&shop.path("/meaning"), &words).await.status(),
        StatusCode::OK
    );
    let draft = shop.draft(clients).await;

    let listed = ann.get_json("/api/schema/list").await;
    assert_eq!(listed["schemas"].as_array().unwrap().len(), 1);
    assert_eq!(listed["schemas"][0]["revision"], json!(draft));
    assert_eq!(shop.get().await["revision"], json!(draft));
    let difference = ann.get_json(&shop.path("/revision/difference")).await;
    assert_eq!(difference["names_only"], true);
    let customers = &difference["tables"][0];
    assert_eq!(
        (&customers["before"], &customers["after"]),
        (&json!("customers"), &json!("clients"))
    );
    assert_eq!(customers["inserted_rows"], 1);
    assert_eq!(difference["references"], json!([]));

    // Nothing is read: the files may be gone.
    for file in ann.get_json("/api/csv/list").await["csv_files"]
        .as_array()
        .unwrap()
    {
        ann.delete(&format!("/api/csv/{}", file["id"].as_str().unwrap()))
            .await;
    }
    let before = shop.get().await;
    let applied = shop.apply(&draft, &json!({})).await;
    assert_eq!(applied["revision"]["names_only"], true);
    assert_eq!(
        applied["revision"]["inserted_rows"],
        json!({"kept": 1, "set_aside": 0})
    );
    let name = "SELECT name FROM clients WHERE id = 99";
    assert_eq!(shop.query(name).await, json!([["Dora"]]));
    let after = shop.get().await;
    for kept in ["id", "name", "created_at"] {
        assert_eq!(after[kept], before[kept]);
    }
    assert_eq!(after["status"], "executed");
    assert_eq!(after["revision"], json!(null));
    assert!(after["version_before"].is_string());
    let kept = ann
        .get_json(&format!("/api/conversations/{conversation}"))
        .await;
    assert_eq!(kept["schema_id"], json!(shop.id));
    let meaning = ann.get_json(&shop.path("/meaning")).await;
    assert_eq!(meaning["edits"]["tables"][0]["table"], "clients");
    let (events, _) = ann
        .ask(&shop.id, Some(&conversation), "How many clients are there?")
        .await;
    let receipt = events
        .iter()
        .find(|event| event["type"] == "data-receipt")
        .unwrap();
    assert!(
        receipt["data"]["sql"].as_str().unwrap().contains("clients"),
        "{receipt}"
    );

    taken_back(&shop, &write, &draft).await;
    assert_eq!(server.files().len(), 4, "{:?}", server.files());
    let actions = ann.actions().await;
    for action in [
        "begin_revision",
        "apply_revision",
        "undo_revision",
        "edit_schema",
    ] {
        assert!(actions.iter().any(|own| own == action), "{actions:?}");
    }
}

/// A write from before the changes can still be taken back, and is there again with the version before.
async fn taken_back(shop: &Dataset<'_>, write: &str, draft: &str) {
    let (ann, name) = (shop.ann, "SELECT name FROM clients WHERE id = 99");
    let undone = ann
        .post(&format!("/api/writes/{write}/undo"), &json!({}))
        .await;
    assert_eq!(undone.status(), StatusCode::OK);
    assert_eq!(shop.query(name).await, json!([]));
    let undo = shop.path("/revision/undo");
    let (_, would) = shop.post(&format!("{undo}?dry_run=true"), &json!({})).await;
    assert_eq!(
        (&would["undone"], &would["taken_back_rows"]),
        (&json!(false), &json!(1))
    );
    let (status, problem) = shop.post(&undo, &json!({})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("writes_since"))
    );
    let (status, back) = shop.post(&undo, &json!({"confirm": true})).await;
    assert_eq!(
        (status, &back["undone"]),
        (StatusCode::OK, &json!(true)),
        "{back}"
    );
    let name = "SELECT name FROM customers WHERE id = 99";
    assert_eq!(shop.query(name).await, json!([["Dora"]]));
    let meaning = ann.get_json(&shop.path("/meaning")).await;
    assert_eq!(meaning["edits"]["tables"][0]["table"], "customers");
    let undone = ann
        .post(&format!("/api/writes/{write}/undo"), &json!({}))
        .await;
    assert_eq!(undone.status(), StatusCode::OK);
    // The changes wait again; the database that they had is gone.
    assert_eq!(shop.get().await["revision"], json!(draft));
    let (status, problem) = shop.post(&undo, &json!({})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("nothing_to_undo"))
    );
    shop.apply(draft, &json!({})).await;
    assert_eq!(
        shop.query("SELECT count(*) FROM clients WHERE id = 99")
            .await,
        json!([[0]])
    );
}

#[tokio::test]
async fn another_type_is_loaded_from_the_files_with_what_was_added() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let shop = Dataset::open(&ann).await;
    shop.insert("customers: id=99, name=Dora, country=Spain")
        .await;
    let (waiting, conversation) = {
        let question = "add a row to customers: id=98, name=Carl, country=Spain";
        let (events, conversation) = ann.ask(&shop.id, None, question).await;
        let asked = events.iter().find_map(|event| event["approvalId"].as_str());
        (asked.unwrap().to_owned(), conversation)
    };
    let draft = shop
        .draft(|schema| {
            column(schema, "customers", "name")["type"] = json!("INTEGER");
            let columns = table(schema, "customers")["columns"]
                .as_array_mut()
                .unwrap();
            columns.retain(|column| column["name"] != "country");
            schema["indexes"] = json!([]);
        })
        .await;
    let difference = ann
        .get_json(&format!("/api/schema/{draft}/revision/difference"))
        .await;
    assert_eq!(difference["names_only"], false);
    let customers = &difference["tables"][0];
    let types = json!({"before": "TEXT", "after": "INTEGER"});
    let mut columns = customers["columns"].as_array().unwrap().iter();
    assert!(
        columns.any(|column| column["column_type"] == types),
        "{customers}"
    );
    let mut columns = customers["columns"].as_array().unwrap().iter();
    assert!(columns.any(|column| column["before"] == "country" && column["after"].is_null()));
    assert_eq!(customers["rows_before"]["emptied_cells"], 0);
    assert_ne!(customers["rows_after"]["emptied_cells"], 0);

    let applied = shop.apply(&draft, &json!({"accept_losses": true})).await;
    assert_eq!(applied["revision"]["names_only"], false);
    assert_eq!(
        applied["revision"]["inserted_rows"],
        json!({"kept": 0, "set_aside": 1})
    );
    assert_eq!(
        shop.query("SELECT count(*) FROM customers WHERE id = 99")
            .await,
        json!([[0]])
    );
    let aside = ann.get_json(&shop.path("/quarantine")).await;
    assert_eq!(aside["rows"][0]["file"], "added by hand");
    assert_eq!(aside["rows"][0]["reason"], "name: \"Dora\" is not INTEGER");
    let entry = aside["rows"][0]["id"].clone();
    let mend = shop.path(&format!("/quarantine/{entry}/mend"));
    let (status, problem) = shop.post(&mend, &json!({})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("file_unknown"))
    );
    for counts in shop.get().await["load"]["tables"].as_array().unwrap() {
        let number = |name: &str| counts[name].as_u64().unwrap();
        let accounted = number("row_count") + number("merged") + number("quarantined");
        assert_eq!(number("rows_in") + number("added"), accounted, "{counts}");
    }
    // What was asked of the schema before is not done to another one.
    assert_eq!(
        shop.decide(&waiting, &conversation).await,
        StatusCode::CONFLICT
    );
    // One version is kept, not two.
    let again = shop.draft(|_| ()).await;
    shop.apply(&again, &json!({"from_files": true, "accept_losses": true}))
        .await;
    let databases = server.files().into_iter();
    let databases = databases.filter(|path| path.to_string_lossy().contains(".db"));
    assert_eq!(databases.count(), 4);
    let (status, _) = shop.post(&shop.path("/revision/undo"), &json!({})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(ann.delete(&shop.path("")).await.status(), StatusCode::OK);
    let left = server.files().into_iter();
    assert_eq!(
        left.filter(|path| path.to_string_lossy().contains(".db"))
            .count(),
        0
    );
    assert_eq!(
        ann.get(&format!("/api/schema/{again}")).await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn there_are_changes_of_an_approved_dataset_alone_and_one_at_a_time() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let generated = ann.generated().await;
    let path = format!("/api/schema/{}/revision", generated["id"].as_str().unwrap());
    let refused: Value = ann.post(&path, &json!({})).await.json().await.unwrap();
    assert_eq!(refused["code"], "not_executed");
    let shop = Dataset::open(&bob).await;
    let draft = shop.draft(clients).await;
    let (status, problem) = shop.post(&shop.path("/revision"), &json!({})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("revision_waiting"))
    );
    // Of changes there are none.
    let of_draft = format!("/api/schema/{draft}/revision");
    let (status, problem) = shop.post(&of_draft, &json!({})).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("not_executed"))
    );
    // Somebody else's are not found.
    for path in [
        shop.path("/revision"),
        shop.path("/revision/undo"),
        format!("/api/schema/{draft}/approve"),
    ] {
        assert_eq!(
            ann.post(&path, &json!({})).await.status(),
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let difference = shop.path("/revision/difference");
    assert_eq!(ann.get(&difference).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        ann.delete(&shop.path("/revision")).await.status(),
        StatusCode::NOT_FOUND
    );
    // The dataset is asked as before, the changes are not.
    shop.query("SELECT name FROM customers").await;
    let body = json!({"schema_id": draft, "sql": "SELECT 1"});
    let (status, problem) = shop.post("/api/query", &body).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::CONFLICT, &json!("not_executed"))
    );

    let files = server.contents();
    assert_eq!(
        bob.delete(&shop.path("/revision")).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        bob.delete(&shop.path("/revision")).await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(bob.get(&difference).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(shop.get().await["revision"], json!(null));
    assert_eq!(server.contents(), files);
    shop.draft(clients).await;
}

#[tokio::test]
async fn the_version_before_is_no_schema_to_ask_for() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let shop = Dataset::open(&ann).await;
    let draft = shop.draft(clients).await;
    shop.apply(&draft, &json!({})).await;
    let path = format!("/api/schema/{draft}");
    assert_eq!(ann.get(&path).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(ann.delete(&path).await.status(), StatusCode::NOT_FOUND);
    let (status, _) = shop.post(&format!("{path}/approve"), &json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(
        shop.post(&shop.path("/revision/undo"), &json!({})).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn leaving_while_changes_are_applied_leaves_the_dataset_as_it_was() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let shop = Dataset::open(&ann).await;
    let draft = shop.draft(|_| ()).await;
    let before = shop.get().await;
    let files = server.files();
    let csv = files
        .iter()
        .find(|path| path.extension().is_some_and(|own| own == "csv"));
    let stalled = Stalled::in_place_of(csv.unwrap());
    let approve = format!("/api/schema/{draft}/approve");
    let request = ann.by_hand(Method::POST, &approve, &json!({"from_files": true}));
    let app = server.app.clone();
    let mut approving = Box::pin(async move {
        let _answer = app.oneshot(request).await;
        std::future::pending::<()>().await;
    });
    let file = tokio::select! {
        () = &mut approving => unreachable!(),
        file = soon("the import's reading", stalled.reached()) => file,
    };
    // Meanwhile neither can go, and no other changes can be begun.
    for path in [
        shop.path(""),
        shop.path("/revision"),
        format!("/api/schema/{draft}"),
    ] {
        let refused: Value = ann.delete(&path).await.json().await.unwrap();
        assert_eq!(refused["code"], "executing", "{path}");
    }
    shop.query("SELECT name FROM customers").await;
    drop(approving);
    file.finish();
    soon("the end of the import", server.shutdown.finished()).await;
    assert_eq!(shop.get().await, before);
    assert_eq!(server.files(), files);
    let waiting = ann.get_json(&format!("/api/schema/{draft}")).await;
    assert_eq!(
        (&waiting["status"], &waiting["failure"]),
        (&json!("generated"), &json!(null))
    );
    assert_eq!(
        ann.delete(&shop.path("/revision")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn names_can_be_changed_when_the_files_are_gone_and_nothing_else() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let shop = Dataset::open(&ann).await;
    let files = ann.get_json("/api/csv/list").await;
    for file in files["csv_files"].as_array().unwrap() {
        ann.delete(&format!("/api/csv/{}", file["id"].as_str().unwrap()))
            .await;
    }
    let draft = shop.draft(clients).await;
    let path = format!("/api/schema/{draft}");
    let mut schema = ann.get_json(&path).await["schema_json"].clone();
    assert_eq!(schema["relationships"][0]["evidence"]["matched"], 3);
    column(&mut schema, "orders", "amount")["type"] = json!("TEXT");
    let refused = ann.put(&path, &json!({"schema_json": schema})).await;
    problem(refused, StatusCode::CONFLICT, "files_missing").await;
    let anew = json!({"from_files": true});
    let refused = ann.post(&format!("{path}/approve"), &anew).await;
    problem(refused, StatusCode::CONFLICT, "files_missing").await;
    shop.apply(&draft, &json!({})).await;
    let counted = "SELECT count(*) FROM clients";
    assert_eq!(shop.query(counted).await, json!([[3]]));
}
