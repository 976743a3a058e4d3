#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;

use super::*;
use crate::schemas;
use crate::testing::{Fixture, at};

async fn conversation(
    fixture: &Fixture,
    schema: SchemaId,
    title: &str,
    seconds: i64,
) -> ConversationId {
    create(
        &fixture.store,
        fixture.ann,
        ConversationId::generate(),
        schema,
        title,
        at(seconds),
    )
    .await
    .unwrap()
    .id
}

async fn say(
    fixture: &Fixture,
    id: ConversationId,
    role: Role,
    text: &str,
    seconds: i64,
) -> MessageId {
    let parts = [
        json!({"type": "text", "text": text}),
        json!({"type": "data-receipt", "data": {"sql": "SELECT 1"}}),
    ];
    append_message(
        &fixture.store,
        fixture.ann,
        id,
        MessageId::generate(),
        role,
        &parts,
        at(seconds),
    )
    .await
    .unwrap()
    .id
}

#[tokio::test]
async fn messages_come_back_in_order_with_all_their_parts() {
    let fixture = Fixture::new().await;
    let id = conversation(&fixture, fixture.schema().await, "  Who?  ", 0).await;
    say(&fixture, id, Role::User, "Who?", 5).await;
    say(&fixture, id, Role::Assistant, "Ann.", 5).await;
    let found = messages(&fixture.store, fixture.ann, id).await.unwrap();
    assert_eq!(
        found.iter().map(|message| message.role).collect::<Vec<_>>(),
        [Role::User, Role::Assistant]
    );
    assert_eq!(found[1].parts[1]["data"]["sql"], "SELECT 1");
    let conversation = get(&fixture.store, fixture.ann, id).await.unwrap();
    assert_eq!(conversation.title, "Who?");
    assert_eq!(conversation.updated_at, at(5));
}

#[tokio::test]
async fn a_turn_that_goes_on_replaces_its_message() {
    let fixture = Fixture::new().await;
    let schema = fixture.schema().await;
    let id = conversation(&fixture, schema, "Who?", 0).await;
    let first = say(&fixture, id, Role::Assistant, "May I?", 1).await;
    let (store, ann) = (&fixture.store, fixture.ann);
    append_message(
        store,
        ann,
        id,
        first,
        Role::Assistant,
        &[json!({"type": "text", "text": "Done."})],
        at(2),
    )
    .await
    .unwrap();
    let found = messages(store, ann, id).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].parts, [json!({"type": "text", "text": "Done."})]);

    let other = conversation(&fixture, schema, "Other", 3).await;
    assert!(matches!(
        append_message(store, ann, other, first, Role::Assistant, &[], at(4)).await,
        Err(StoreError::Conflict {
            code: "message_id",
            ..
        })
    ));
    assert_eq!(
        get(store, ann, other).await.unwrap().updated_at,
        at(3),
        "nothing is half done"
    );
}

#[tokio::test]
async fn an_answer_can_be_made_anew() {
    let fixture = Fixture::new().await;
    let id = conversation(&fixture, fixture.schema().await, "t", 0).await;
    say(&fixture, id, Role::User, "one", 1).await;
    let answer = say(&fixture, id, Role::Assistant, "two", 2).await;
    say(&fixture, id, Role::User, "three", 3).await;
    assert_eq!(
        truncate_from(&fixture.store, fixture.ann, id, answer)
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        messages(&fixture.store, fixture.ann, id)
            .await
            .unwrap()
            .len(),
        1
    );
    say(&fixture, id, Role::Assistant, "again", 4).await;
    assert_eq!(
        messages(&fixture.store, fixture.ann, id)
            .await
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn conversations_are_found_by_schema_and_by_words() {
    let fixture = Fixture::new().await;
    let (one, two) = (fixture.schema().await, fixture.schema().await);
    let first = conversation(&fixture, one, "Sales by month", 1).await;
    let second = conversation(&fixture, one, "Customers", 2).await;
    let third = conversation(&fixture, two, "100% of it", 3).await;
    say(&fixture, first, Role::User, "And in JUNE?", 10).await;
    let find = async |schema: Option<SchemaId>, words: Option<&str>| -> Vec<ConversationId> {
        let page = Page::default();
        let found = list(&fixture.store, fixture.ann, schema, words, &page)
            .await
            .unwrap();
        found
            .items
            .into_iter()
            .map(|conversation| conversation.id)
            .collect()
    };
    assert_eq!(find(None, None).await, [first, third, second]);
    assert_eq!(find(Some(one), None).await, [first, second]);
    assert_eq!(find(None, Some("june")).await, [first]);
    assert_eq!(find(None, Some("custom")).await, [second]);
    assert_eq!(find(None, Some("0% o")).await, [third]);
    assert!(find(None, Some("_")).await.is_empty());
    assert!(find(Some(two), Some("sales")).await.is_empty());
}

#[tokio::test]
async fn recent_questions_are_those_of_the_user_alone() {
    let fixture = Fixture::new().await;
    let id = conversation(&fixture, fixture.schema().await, "t", 0).await;
    say(&fixture, id, Role::User, "first?", 1).await;
    say(&fixture, id, Role::Assistant, "answer", 2).await;
    say(&fixture, id, Role::User, "second?", 3).await;
    let recent = recent_questions(&fixture.store, fixture.ann, 5)
        .await
        .unwrap();
    assert_eq!(
        recent
            .iter()
            .map(|found| found.question.as_str())
            .collect::<Vec<_>>(),
        ["second?", "first?"]
    );
    assert_eq!(recent[0].schema_name, "shop");
    assert_eq!(
        recent_questions(&fixture.store, fixture.ann, 1)
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(
        recent_questions(&fixture.store, fixture.bob, 5)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn e74_somebody_elses_conversation_is_not_found() {
    let fixture = Fixture::new().await;
    let schema = fixture.schema().await;
    let id = conversation(&fixture, schema, "t", 0).await;
    let message = say(&fixture, id, Role::User, "q", 1).await;
    let (store, bob) = (&fixture.store, fixture.bob);
    let created = create(store, bob, ConversationId::generate(), schema, "x", at(1)).await;
    assert!(matches!(created, Err(StoreError::NotFound)));
    assert!(matches!(
        get(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        rename(store, bob, id, "x", at(1)).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        messages(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        truncate_from(store, bob, id, message).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        delete(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    let said = append_message(
        store,
        bob,
        id,
        MessageId::generate(),
        Role::User,
        &[],
        at(1),
    )
    .await;
    assert!(matches!(said, Err(StoreError::NotFound)));
    assert!(
        list(store, bob, None, None, &Page::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn a_schema_takes_its_conversations_along() {
    let fixture = Fixture::new().await;
    let schema = fixture.schema().await;
    let id = conversation(&fixture, schema, "t", 0).await;
    say(&fixture, id, Role::User, "q", 1).await;
    schemas::delete(&fixture.store, fixture.ann, schema)
        .await
        .unwrap();
    assert!(matches!(
        get(&fixture.store, fixture.ann, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(
        recent_questions(&fixture.store, fixture.ann, 5)
            .await
            .unwrap()
            .is_empty()
    );
}
