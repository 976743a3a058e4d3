#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;

use super::*;
use crate::ids::UserId;
use crate::testing::{Fixture, at};
use crate::{Page, audit, conversations};

async fn waiting(fixture: &Fixture) -> PendingWrite {
    let (store, ann) = (&fixture.store, fixture.ann);
    let schema = fixture.schema().await;
    let id = ConversationId::generate();
    conversations::create(store, ann, id, schema, "t", at(0))
        .await
        .unwrap();
    create(store, ann, ApprovalId::generate(), &write(id), at(1))
        .await
        .unwrap()
}

fn write(conversation_id: ConversationId) -> NewWrite {
    NewWrite {
        conversation_id,
        message_id: None,
        tool_call_id: "call-1".to_owned(),
        table: "people".to_owned(),
        rows: vec![serde_json::from_value(json!({"name": "Bob", "age": 5})).unwrap()],
    }
}

fn receipt() -> InsertReceipt {
    InsertReceipt {
        table: "people".to_owned(),
        row_count: 1,
        rowids: vec![7],
        digest: "ab".to_owned(),
    }
}

#[tokio::test]
async fn an_approved_write_is_taken_recorded_and_undone() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let write = waiting(&fixture).await;
    assert_eq!(write.state, WriteState::Pending);
    let taken = take(store, ann, write.id, true, at(2)).await.unwrap();
    assert_eq!(taken.state, WriteState::Approved);
    assert_eq!(taken.rows, write.rows);
    assert_eq!(taken.decided_at, Some(at(2)));
    assert!(matches!(
        mark_undone(store, ann, write.id).await,
        Err(StoreError::Conflict {
            code: "not_undoable",
            ..
        })
    ));
    record_receipt(store, ann, write.id, &receipt())
        .await
        .unwrap();
    assert!(
        record_receipt(store, ann, write.id, &receipt())
            .await
            .is_err()
    );
    assert_eq!(
        get(store, ann, write.id).await.unwrap().receipt,
        Some(receipt())
    );
    assert_eq!(
        mark_undone(store, ann, write.id).await.unwrap().state,
        WriteState::Undone
    );
    assert!(mark_undone(store, ann, write.id).await.is_err());
    assert_eq!(
        list(store, ann, write.conversation_id).await.unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_users_word_is_taken_exactly_once() {
    let fixture = Fixture::new().await;
    let id = waiting(&fixture).await.id;
    let attempts = (0..8).map(|number| {
        let (store, user) = (fixture.store.clone(), fixture.ann);
        tokio::spawn(async move { take(&store, user, id, number % 2 == 0, at(2)).await })
    });
    let mut taken = 0;
    for result in futures::future::join_all(attempts).await {
        match result.unwrap() {
            Ok(_) => taken += 1,
            Err(StoreError::Conflict {
                code: "already_decided",
                ..
            }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(taken, 1);
}

#[tokio::test]
async fn a_refused_write_stays_refused() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = waiting(&fixture).await.id;
    assert_eq!(
        take(store, ann, id, false, at(2)).await.unwrap().state,
        WriteState::Refused
    );
    assert!(take(store, ann, id, true, at(3)).await.is_err());
    assert!(record_receipt(store, ann, id, &receipt()).await.is_err());
}

#[tokio::test]
async fn e74_somebody_elses_write_is_not_found() {
    let fixture = Fixture::new().await;
    let (store, bob) = (&fixture.store, fixture.bob);
    let waiting = waiting(&fixture).await;
    assert!(matches!(
        get(store, bob, waiting.id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        take(store, bob, waiting.id, true, at(2)).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        mark_undone(store, bob, waiting.id).await,
        Err(StoreError::NotFound)
    ));
    assert!(
        list(store, bob, waiting.conversation_id)
            .await
            .unwrap()
            .is_empty()
    );
    let foreign = create(
        store,
        bob,
        ApprovalId::generate(),
        &write(waiting.conversation_id),
        at(2),
    )
    .await;
    assert!(matches!(foreign, Err(StoreError::NotFound)));
    assert_eq!(
        get(store, fixture.ann, waiting.id).await.unwrap().state,
        WriteState::Pending
    );
}

#[tokio::test]
async fn the_audit_log_shows_the_users_own_entries_newest_first() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    for (user, action, seconds) in [
        (fixture.ann, "upload", 1),
        (fixture.ann, "approve", 2),
        (fixture.bob, "upload", 3),
    ] {
        audit::record(store, user, action, "x", &json!({"rows": 3}), at(seconds))
            .await
            .unwrap();
    }
    let found = audit::list(store, fixture.ann, &Page::default())
        .await
        .unwrap();
    let actions: Vec<&str> = found
        .items
        .iter()
        .map(|entry| entry.action.as_str())
        .collect();
    assert_eq!(actions, ["approve", "upload"]);
    assert_eq!(found.items[0].detail["rows"], 3);
}

/// Rows of each table that names its owner.
async fn rows_of(fixture: &Fixture, user: UserId) -> i64 {
    sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM csv_uploads WHERE user_id = $1) + (SELECT count(*) FROM generated_schemas WHERE user_id = $1)
              + (SELECT count(*) FROM conversations WHERE user_id = $1) + (SELECT count(*) FROM messages WHERE user_id = $1)
              + (SELECT count(*) FROM audit_log WHERE user_id = $1) + (SELECT count(*) FROM pending_writes WHERE user_id = $1)",
    )
    .bind(user.to_string())
    .fetch_one(&fixture.store.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn with_a_user_everything_of_theirs_goes() {
    let fixture = Fixture::new().await;
    waiting(&fixture).await;
    audit::record(
        &fixture.store,
        fixture.ann,
        "upload",
        "x",
        &json!({}),
        at(1),
    )
    .await
    .unwrap();
    assert_eq!(rows_of(&fixture, fixture.ann).await, 4);
    sqlx::query("DELETE FROM users WHERE id = $1")
        .bind(fixture.ann.to_string())
        .execute(&fixture.store.pool)
        .await
        .unwrap();
    assert_eq!(rows_of(&fixture, fixture.ann).await, 0);
}
