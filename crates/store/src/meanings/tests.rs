#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;

use super::*;
use crate::schemas;
use crate::testing::{Fixture, at};

fn derived() -> Meaning {
    serde_json::from_value(json!({"tables": [], "metrics": [
        {"name": "revenue", "table": "orders", "function": "sum", "columns": ["amount"]}]}))
    .unwrap()
}

fn edits(word: &str) -> Edits {
    serde_json::from_value(json!({"tables": [{"table": "orders", "words": [word]}]})).unwrap()
}

#[tokio::test]
async fn what_was_derived_is_kept_and_edits_stay_when_it_is_derived_anew() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = fixture.schema().await;
    assert_eq!(get(store, ann, id).await.unwrap(), None);
    assert_eq!(version(store, ann, id).await.unwrap(), 0);
    keep_derived(store, ann, (id, id), &derived(), at(1))
        .await
        .unwrap();
    let stored = get(store, ann, id).await.unwrap().unwrap();
    assert_eq!(stored.derived, Some(derived()));
    assert_eq!((stored.edits, stored.version), (Edits::default(), 0));

    let changed = replace_edits(store, ann, id, &edits("deals"), Some(0), at(2)).await;
    assert_eq!(changed.unwrap(), 1);
    keep_derived(store, ann, (id, id), &Meaning::default(), at(3))
        .await
        .unwrap();
    let stored = get(store, ann, id).await.unwrap().unwrap();
    assert_eq!(stored.derived, Some(Meaning::default()));
    assert_eq!((stored.edits, stored.version), (edits("deals"), 1));
    assert_eq!(version(store, ann, id).await.unwrap(), 1);
}

#[tokio::test]
async fn what_other_rules_derived_is_derived_anew() {
    let fixture = Fixture::new().await;
    let id = fixture.schema().await;
    keep_derived(&fixture.store, fixture.ann, (id, id), &derived(), at(1))
        .await
        .unwrap();
    for broken in ["derivation = 0", "derived = '{\"later\": 1}'"] {
        sqlx::query(sqlx::AssertSqlSafe(format!("UPDATE meanings SET {broken}")))
            .execute(&fixture.store.pool)
            .await
            .unwrap();
        let stored = get(&fixture.store, fixture.ann, id).await.unwrap().unwrap();
        assert_eq!(stored.derived, None, "{broken}");
    }
}

#[tokio::test]
async fn of_two_changes_to_one_version_the_second_is_refused() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = fixture.schema().await;
    let early = replace_edits(store, ann, id, &edits("deals"), None, at(1)).await;
    assert!(matches!(early, Err(StoreError::NotFound)));
    keep_derived(store, ann, (id, id), &derived(), at(1))
        .await
        .unwrap();
    let first = replace_edits(store, ann, id, &edits("deals"), Some(0), at(2)).await;
    assert_eq!(first.unwrap(), 1);
    let second = replace_edits(store, ann, id, &edits("sales"), Some(0), at(3)).await;
    let Err(StoreError::Conflict { code, .. }) = second else {
        panic!("{second:?}");
    };
    assert_eq!(code, "meaning_changed");
    let stored = get(store, ann, id).await.unwrap().unwrap();
    assert_eq!(stored.edits, edits("deals"));
    // Who names no version wants theirs to hold.
    let anyhow = replace_edits(store, ann, id, &edits("sales"), None, at(4)).await;
    assert_eq!(anyhow.unwrap(), 2);
}

#[tokio::test]
async fn nobody_else_reads_or_changes_it_and_it_goes_with_its_schema() {
    let fixture = Fixture::new().await;
    let (store, ann, bob) = (&fixture.store, fixture.ann, fixture.bob);
    let id = fixture.schema().await;
    keep_derived(store, ann, (id, id), &derived(), at(1))
        .await
        .unwrap();
    replace_edits(store, ann, id, &edits("deals"), None, at(2))
        .await
        .unwrap();
    assert_eq!(get(store, bob, id).await.unwrap(), None);
    assert_eq!(version(store, bob, id).await.unwrap(), 0);
    let kept = keep_derived(store, bob, (id, id), &derived(), at(3)).await;
    assert!(matches!(kept, Err(StoreError::NotFound)));
    let changed = replace_edits(store, bob, id, &edits("mine"), None, at(3)).await;
    assert!(matches!(changed, Err(StoreError::NotFound)));
    assert_eq!(
        get(store, ann, id).await.unwrap().unwrap().edits,
        edits("deals")
    );

    schemas::delete(store, ann, id).await.unwrap();
    let left = sqlx::query("SELECT * FROM meanings")
        .fetch_all(&store.pool)
        .await
        .unwrap();
    assert!(left.is_empty());
    let kept = keep_derived(store, ann, (id, id), &derived(), at(4)).await;
    assert!(matches!(kept, Err(StoreError::NotFound)));
}
