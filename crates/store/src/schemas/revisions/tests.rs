#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schema_gen::meaning::Meaning;
use serde_json::json;

use super::*;
use crate::dataset::load::tests::{schema, table};
use crate::files::Files;
use crate::meanings;
use crate::schemas::{self, Execution, NewSchema, Review, begin_execution};
use crate::testing::{Fixture, at};
use crate::{Page, StoreError};

struct Case {
    fixture: Fixture,
    base: SchemaId,
}

fn named(name: &str) -> schema_gen::Schema {
    let mut own = table(name, &["id"], &["id INTEGER", "note TEXT"]);
    own.source.csv_id = "file".to_owned();
    schema(vec![own], Vec::new())
}

impl Case {
    async fn new() -> Self {
        let fixture = Fixture::new().await;
        let base = SchemaId::generate();
        let new = NewSchema {
            name: "notes".to_owned(),
            csv_upload_ids: Vec::new(),
            schema: named("notes"),
            create_statements: Vec::new(),
            llm_reasoning: String::new(),
            llm_model: "built-in".to_owned(),
            review: None,
        };
        let (store, ann) = (&fixture.store, fixture.ann);
        schemas::insert(store, ann, base, &new, at(0))
            .await
            .unwrap();
        schemas::mark_executed(store, ann, base, &LoadReport::default(), at(1))
            .await
            .unwrap();
        Self { fixture, base }
    }

    fn of(&self) -> (&Store, UserId) {
        (&self.fixture.store, self.fixture.ann)
    }

    /// Changes under which the table has this name, begun to be applied.
    async fn begun(&self, name: &str) -> SchemaId {
        let (store, ann) = self.of();
        let draft = begin(store, ann, self.base, SchemaId::generate(), at(2))
            .await
            .unwrap()
            .id;
        let review = Review::default();
        schemas::update_schema(store, (ann, draft), None, &named(name), &[], &review)
            .await
            .unwrap();
        let begun = begin_execution(store, ann, draft, at(3)).await.unwrap();
        assert!(matches!(begun, Execution::Begun(_)));
        draft
    }

    async fn say(&self, table: &str) {
        let (store, ann) = self.of();
        let edits = json!({"tables": [{"table": table, "words": ["slips"]}]});
        let edits = serde_json::from_value(edits).unwrap();
        meanings::replace_edits(store, ann, self.base, &edits, None, at(4))
            .await
            .unwrap();
    }

    /// The table that words are said of, and whether its meaning is derived.
    async fn said(&self) -> (Option<String>, bool) {
        let (store, ann) = self.of();
        let said = meanings::get(store, ann, self.base).await.unwrap().unwrap();
        let table = said.edits.tables.first().map(|table| table.table.clone());
        (table, said.derived.is_some())
    }

    async fn name(&self) -> String {
        let (store, ann) = self.of();
        let record = schemas::get(store, ann, self.base).await.unwrap();
        record.schema.tables[0].name.clone()
    }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> &'static str {
    match result {
        Err(StoreError::Conflict { code, .. }) => code,
        Err(StoreError::NotFound) => "not_found",
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn changes_are_their_owners_and_one_at_a_time() {
    let case = Case::new().await;
    let ((store, ann), bob) = (case.of(), case.fixture.bob);
    let id = SchemaId::generate();
    assert_eq!(
        code(begin(store, bob, case.base, id, at(2)).await),
        "not_found"
    );
    let draft = begin(store, ann, case.base, id, at(2)).await.unwrap();
    assert_eq!(draft.revises, Some((case.base, RevisionKind::Draft)));
    assert_ne!(draft.database_id, case.base);
    let second = begin(store, ann, case.base, SchemaId::generate(), at(2)).await;
    assert_eq!(code(second), "revision_waiting");
    let of_draft = begin(store, ann, id, SchemaId::generate(), at(2)).await;
    assert_eq!(code(of_draft), "not_executed");
    assert_eq!(
        family(store, bob, case.base).await.unwrap(),
        Family::default()
    );
    assert_eq!(code(super::draft(store, bob, case.base).await), "not_found");
    // Not begun to be applied, it is not applied.
    let applied = apply(store, ann, id, &Applied::default(), at(3)).await;
    assert_eq!(code(applied), "revision_gone");
    // It has the name of its dataset, and is listed with it.
    schemas::rename(store, ann, id, "slips").await.unwrap();
    assert_eq!(
        schemas::get(store, ann, case.base).await.unwrap().name,
        "slips"
    );
    let listed = schemas::list(store, ann, &Page::default())
        .await
        .unwrap()
        .items;
    assert_eq!((listed.len(), listed[0].revision), (1, Some(id)));
    // While it is applied its dataset cannot go.
    begin_execution(store, ann, id, at(3)).await.unwrap();
    assert_eq!(
        code(schemas::delete(store, ann, case.base).await),
        "executing"
    );
    schemas::mark_failed(store, ann, id, None).await.unwrap();
    schemas::delete(store, ann, case.base).await.unwrap();
    assert_eq!(code(schemas::get(store, ann, id).await), "not_found");
}

#[tokio::test]
async fn words_follow_names_there_and_back_and_derived_meaning_is_derived_anew() {
    let case = Case::new().await;
    let (store, ann) = case.of();
    let of = (case.base, case.base);
    meanings::keep_derived(store, ann, of, &Meaning::default(), at(1))
        .await
        .unwrap();
    case.say("notes").await;
    let draft = case.begun("slips").await;
    let swapped = apply(store, ann, draft, &Applied::default(), at(5))
        .await
        .unwrap();
    assert_eq!(
        (swapped.record.id, swapped.record.database_id),
        (case.base, draft)
    );
    assert_eq!(swapped.unused, None);
    assert_eq!(case.name().await, "slips");
    assert_eq!(case.said().await, (Some("slips".to_owned()), false));
    // What a question derived of the old database meanwhile is not taken for the new one's.
    let late = meanings::keep_derived(store, ann, of, &Meaning::default(), at(6)).await;
    assert_eq!(code(late), "not_found");
    assert_eq!(code(schemas::get(store, ann, draft).await), "not_found");

    let undone = undo(store, ann, case.base, at(7)).await.unwrap();
    assert_eq!(undone.unused, Some(draft));
    assert_eq!(undone.record.database_id, case.base);
    assert_eq!(case.said().await, (Some("notes".to_owned()), false));
    assert_eq!(
        code(undo(store, ann, case.base, at(8)).await),
        "revision_waiting"
    );

    // Something else was said since: it stays, under the old name.
    begin_execution(store, ann, draft, at(9)).await.unwrap();
    apply(store, ann, draft, &Applied::default(), at(9))
        .await
        .unwrap();
    let nothing = Edits::default();
    meanings::replace_edits(store, ann, case.base, &nothing, None, at(9))
        .await
        .unwrap();
    undo(store, ann, case.base, at(10)).await.unwrap();
    assert_eq!(case.said().await, (None, false));
}

#[tokio::test]
async fn one_version_before_is_kept_and_a_lost_one_is_none() {
    let case = Case::new().await;
    let (store, ann) = case.of();
    let first = case.begun("slips").await;
    apply(store, ann, first, &Applied::default(), at(5))
        .await
        .unwrap();
    let second = case.begun("cards").await;
    let swapped = apply(store, ann, second, &Applied::default(), at(6))
        .await
        .unwrap();
    assert_eq!(swapped.unused, Some(case.base));
    let kept = before(store, ann, case.base).await.unwrap();
    assert_eq!((kept.id, kept.database_id), (second, first));
    let mut databases = database_ids(store, ann, case.base).await.unwrap();
    databases.sort();
    assert_eq!(databases, [first, second]);

    let folder = case.fixture.folder.path();
    let files = Files::new(folder.join("uploads"), folder.join("databases")).unwrap();
    let path = files.prepare_dataset(ann, second).unwrap();
    std::fs::write(path, b"").unwrap();
    files.reconcile(store).await.unwrap();
    assert_eq!(
        code(undo(store, ann, case.base, at(7)).await),
        "nothing_to_undo"
    );
    assert_eq!(case.name().await, "cards");
}

#[tokio::test]
async fn changes_do_not_pass_over_an_insertion_that_nobody_looked_at() {
    let case = Case::new().await;
    let (store, ann) = case.of();
    let conversation = crate::ids::ConversationId::generate();
    crate::conversations::create(store, ann, conversation, case.base, "t", at(1))
        .await
        .unwrap();
    let new = pending_writes::NewWrite {
        conversation_id: conversation,
        message_id: None,
        tool_call_id: "call".to_owned(),
        table: "notes".to_owned(),
        rows: Vec::new(),
    };
    let receipt = |table: &str, rows: u64| InsertReceipt {
        table: table.to_owned(),
        row_count: rows,
        rowids: Vec::new(),
        digest: String::new(),
    };
    let [write, waiting] = [ApprovalId::generate(), ApprovalId::generate()];
    for id in [write, waiting] {
        pending_writes::create(store, ann, id, &new, at(2))
            .await
            .unwrap();
    }
    pending_writes::take(store, ann, write, true, at(3))
        .await
        .unwrap();
    pending_writes::record_receipt(store, ann, write, &receipt("notes", 3))
        .await
        .unwrap();
    let draft = case.begun("slips").await;
    let passed = apply(store, ann, draft, &Applied::default(), at(5)).await;
    assert_eq!(code(passed), "rows_changed");
    assert_eq!(case.name().await, "notes");

    let applied = Applied {
        report: LoadReport::default(),
        receipts: vec![(write, receipt("slips", 2))],
    };
    apply(store, ann, draft, &applied, at(5)).await.unwrap();
    let get = async |id| pending_writes::get(store, ann, id).await.unwrap();
    assert_eq!(get(write).await.receipt, Some(receipt("slips", 2)));
    assert_eq!(
        get(waiting).await.state,
        pending_writes::WriteState::Refused
    );
    assert_eq!(
        writes_since(store, ann, case.base).await.unwrap(),
        WritesSince::default()
    );

    // One taken back since, and another inserted.
    pending_writes::mark_undone(store, ann, write)
        .await
        .unwrap();
    let later = ApprovalId::generate();
    pending_writes::create(store, ann, later, &new, at(6))
        .await
        .unwrap();
    pending_writes::take(store, ann, later, true, at(6))
        .await
        .unwrap();
    pending_writes::record_receipt(store, ann, later, &receipt("slips", 5))
        .await
        .unwrap();
    let since = WritesSince {
        inserted: 5,
        taken_back: 3,
    };
    assert_eq!(writes_since(store, ann, case.base).await.unwrap(), since);
    undo(store, ann, case.base, at(7)).await.unwrap();
    assert_eq!(get(write).await.receipt, Some(receipt("notes", 3)));
    assert_eq!(get(write).await.state, pending_writes::WriteState::Approved);
    assert_eq!(get(later).await.state, pending_writes::WriteState::Undone);
}
