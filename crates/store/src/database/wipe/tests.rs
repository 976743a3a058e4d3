#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::conversations::{self, Role};
use crate::ids::{ConversationId, MessageId, SchemaId, UserId};
use crate::schemas::{self, NewSchema};
use crate::testing::{Fixture, at, user};

/// How often `needle` stands in the files of a folder, byte for byte.
pub(crate) fn occurrences(folder: &Path, needle: &str) -> usize {
    let mut found = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        found += if path.is_dir() {
            occurrences(&path, needle)
        } else {
            let bytes = std::fs::read(&path).unwrap();
            bytes
                .windows(needle.len())
                .filter(|window| *window == needle.as_bytes())
                .count()
        };
    }
    found
}

/// Sixty conversations of each user, side by side, whose messages then grow in another order, as answers do: SQLite moves
/// rows between pages meanwhile. Gives the conversations of the first.
async fn chat(store: &Store, users: &[(UserId, &str)]) -> Vec<ConversationId> {
    let mut first = Vec::new();
    let mut messages = Vec::new();
    let mut schemas = Vec::new();
    for (user, word) in users {
        let new = NewSchema {
            name: (*word).into(),
            csv_upload_ids: Vec::new(),
            schema: schema_gen::Schema::default(),
            create_statements: Vec::new(),
            llm_reasoning: String::new(),
            llm_model: "built-in".into(),
            review: None,
        };
        let id = SchemaId::generate();
        schemas::insert(store, *user, id, &new, at(0))
            .await
            .unwrap();
        schemas.push(id);
    }
    for number in 0..60 {
        for ((user, word), schema) in users.iter().zip(&schemas) {
            let id = ConversationId::generate();
            let title = format!("{word} {number}");
            conversations::create(store, *user, id, *schema, &title, at(0))
                .await
                .unwrap();
            for position in 0..5 {
                let message = MessageId::generate();
                let text = format!("{word} {number} {position} ");
                say(store, *user, id, message, &text).await;
                messages.push((*user, id, message, text, number * 37 + position * 211));
            }
            if *user == users[0].0 {
                first.push(id);
            }
        }
    }
    for step in 0..messages.len() {
        // Each comes once, far from the one before. With this step SQLite leaves copies behind that no deletion reaches.
        let (user, id, message, text, size) = &messages[step * 101 % messages.len()];
        let text = text.to_owned() + &"x".repeat(size % 1_500);
        say(store, *user, *id, *message, &text).await;
    }
    first
}

async fn say(
    store: &Store,
    user: UserId,
    conversation: ConversationId,
    message: MessageId,
    text: &str,
) {
    let parts = [json!({"type": "text", "text": text})];
    conversations::append_message(
        store,
        user,
        conversation,
        message,
        Role::User,
        &parts,
        at(0),
    )
    .await
    .unwrap();
}

async fn bytes_of(store: &Store, user: UserId) -> usize {
    let rows: Vec<(String,)> = sqlx::query_as("SELECT parts FROM messages WHERE user_id = $1")
        .bind(user.to_string())
        .fetch_all(&store.pool)
        .await
        .unwrap();
    rows.iter().map(|(parts,)| parts.len()).sum()
}

#[tokio::test]
async fn h36_removed_conversations_are_gone_from_the_file_and_its_log_at_once() {
    let fixture = Fixture::new().await;
    let (store, folder) = (&fixture.store, fixture.folder.path());
    let secret = chat(store, &[(fixture.ann, "planted"), (fixture.bob, "staying")]).await;
    let (before, staying) = (
        occurrences(folder, "planted "),
        bytes_of(store, fixture.bob).await,
    );
    assert!(before > 600);
    for id in secret {
        conversations::delete(store, fixture.ann, id).await.unwrap();
    }
    assert_eq!(occurrences(folder, "planted "), 0);
    assert_eq!(bytes_of(store, fixture.bob).await, staying);
    assert!(occurrences(folder, "staying ") >= 600);
}

#[tokio::test]
async fn h34_a_removed_user_is_gone_at_once_and_the_file_shrinks() {
    let fixture = Fixture::new().await;
    let (store, folder) = (&fixture.store, fixture.folder.path());
    chat(store, &[(fixture.ann, "planted"), (fixture.bob, "staying")]).await;
    let file = folder.join("deep/metadata.db");
    store.wipe_later();
    store.wipe(Effort::Whole).await.unwrap();
    let before = file.metadata().unwrap().len();
    store.remove_user(fixture.ann).await.unwrap();
    store.wipe_now().await;
    assert_eq!(occurrences(folder, "planted "), 0);
    assert!(occurrences(folder, "staying ") >= 600);
    assert!(file.metadata().unwrap().len() < before);
}

#[tokio::test]
async fn h34_what_a_reader_keeps_from_being_wiped_stays_due() {
    let fixture = Fixture::new().await;
    let (store, folder) = (&fixture.store, fixture.folder.path());
    chat(store, &[(fixture.ann, "planted")]).await;
    // A reader that began before the removal keeps the log from being cut.
    let mut reader = store.pool.begin().await.unwrap();
    sqlx::query("SELECT count(*) FROM messages")
        .fetch_one(&mut *reader)
        .await
        .unwrap();
    store.remove_user(fixture.ann).await.unwrap();
    store.wipe_now().await;
    let done = store.wipe(Effort::Whole).await;
    assert!(!matches!(done, Ok(true)), "it stays due: {done:?}");
    reader.rollback().await.unwrap();
    assert!(store.wipe(Effort::Whole).await.unwrap());
    assert_eq!(occurrences(folder, "planted "), 0);
}

#[tokio::test]
async fn h39_a_file_of_a_release_that_did_not_wipe_is_wiped_when_it_is_opened() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("metadata.db");
    let url = format!("sqlite://{}", path.display());
    let options: SqliteConnectOptions = url.parse().unwrap();
    let options = options
        .create_if_missing(true)
        .pragma("secure_delete", "OFF")
        .pragma("auto_vacuum", "NONE");
    // The tables as they were, with rows that were deleted without a trace of zeros.
    let mut old = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query("CREATE TABLE kept (text TEXT)")
        .execute(&mut old)
        .await
        .unwrap();
    for text in ["planted one", "planted two", "staying"] {
        sqlx::query("INSERT INTO kept VALUES ($1)")
            .bind(text)
            .execute(&mut old)
            .await
            .unwrap();
    }
    sqlx::query("DELETE FROM kept WHERE text LIKE 'planted%'")
        .execute(&mut old)
        .await
        .unwrap();
    old.close().await.unwrap();
    assert!(occurrences(folder.path(), "planted") > 0, "the test is one");

    let store = Store::open(&url).await.unwrap();
    assert_eq!(occurrences(folder.path(), "planted"), 0);
    assert_eq!(occurrences(folder.path(), "staying"), 1);
    let pragma = async |name: &str| -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("PRAGMA {name}")))
            .fetch_one(&store.pool)
            .await
            .unwrap()
    };
    assert_eq!(
        (pragma("auto_vacuum").await, pragma("secure_delete").await),
        (2, 1)
    );
    let ann = user(&store, "ann").await;
    chat(&store, &[(ann, "planted")]).await;
    store.remove_user(ann).await.unwrap();
    store.wipe_now().await;
    assert_eq!(occurrences(folder.path(), "planted"), 0);
}

#[tokio::test]
async fn nothing_is_written_where_nothing_was_removed() {
    let fixture = Fixture::new().await;
    fixture.store.wipe(Effort::Whole).await.unwrap();
    let file = fixture.folder.path().join("deep/metadata.db");
    let changed = || file.metadata().unwrap().modified().unwrap();
    let before = changed();
    assert!(fixture.store.wipe(Effort::Whole).await.unwrap());
    assert_eq!(changed(), before);
}

#[tokio::test]
async fn a_database_in_memory_has_nothing_to_wipe() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let ann = user(&store, "ann").await;
    store.remove_user(ann).await.unwrap();
    assert!(store.wipe(Effort::Whole).await.unwrap());
}
