#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schema_gen::llm::{Kind, What};

use super::*;
use crate::ids::UploadId;
use crate::schemas;
use crate::testing::{Fixture, analysis, at};
use crate::uploads;

fn help() -> Help {
    Help {
        model: "test:1b".to_owned(),
        prompt_version: 1,
        pieces: vec![HelpPiece {
            piece: Piece {
                id: "rows:a".to_owned(),
                kind: Kind::Rows,
                table: schema_gen::llm::Place {
                    name: "a".to_owned(),
                    source: None,
                },
                columns: Vec::new(),
            },
            state: PieceState::Failed,
            message: Some("late".to_owned()),
        }],
        changes: vec![Change {
            what: What::Description,
            table: "a".to_owned(),
            column: None,
            value: "A thing.".to_owned(),
            refused: None,
        }],
        note: None,
    }
}

fn helped(reasoning: &str) -> Helped {
    Helped {
        schema: Schema {
            reasoning: reasoning.to_owned(),
            ..Schema::default()
        },
        create_statements: vec!["CREATE".to_owned()],
        review: None,
    }
}

#[tokio::test]
async fn help_is_kept_for_its_owner_and_goes_with_the_schema() {
    let fixture = Fixture::new().await;
    let (store, ann, bob) = (&fixture.store, fixture.ann, fixture.bob);
    let id = fixture.schema().await;
    assert_eq!(get(store, ann, id).await.unwrap(), None);
    keep(store, ann, id, &help(), at(1)).await.unwrap();
    assert_eq!(get(store, ann, id).await.unwrap(), Some(help()));
    assert_eq!(get(store, bob, id).await.unwrap(), None);
    assert!(matches!(
        keep(store, bob, id, &help(), at(2)).await,
        Err(StoreError::NotFound)
    ));
    schemas::delete(store, ann, id).await.unwrap();
    assert_eq!(get(store, ann, id).await.unwrap(), None);
}

#[tokio::test]
async fn an_answer_takes_the_place_of_the_schema_that_it_was_laid_over_and_of_no_other() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = fixture.schema().await;
    let before = Schema::default();
    take(store, (ann, id), &before, &helped("one"), &help(), at(1))
        .await
        .unwrap();
    let record = schemas::get(store, ann, id).await.unwrap();
    assert_eq!(record.schema.reasoning, "one");
    assert_eq!(record.llm_model, "test:1b");
    assert_eq!(get(store, ann, id).await.unwrap(), Some(help()));
    let changed = take(store, (ann, id), &before, &helped("two"), &help(), at(2)).await;
    assert!(
        matches!(changed, Err(StoreError::Conflict { code, .. }) if code == "schema_changed"),
        "{changed:?}"
    );
    let record = schemas::get(store, ann, id).await.unwrap();
    assert_eq!(record.schema.reasoning, "one");
}

#[tokio::test]
async fn an_answer_is_known_again_by_files_model_prompt_and_question_until_a_file_goes() {
    let fixture = Fixture::new().await;
    let (store, ann, bob) = (&fixture.store, fixture.ann, fixture.bob);
    let upload = UploadId::generate();
    uploads::reserve(store, ann, upload, "a.csv", 5, at(0))
        .await
        .unwrap();
    uploads::complete(store, ann, upload, 3, "aa11", &analysis())
        .await
        .unwrap();
    let files = ["aa11".to_owned(), "bb22".to_owned()];
    let key = answer_key(&files, "m:1b", 1, "What?");
    for other in [
        answer_key(&files[..1], "m:1b", 1, "What?"),
        answer_key(&files, "m:3b", 1, "What?"),
        answer_key(&files, "m:1b", 2, "What?"),
        answer_key(&files, "m:1b", 1, "Who?"),
    ] {
        assert_ne!(key, other);
    }
    keep_answer(store, ann, &key, &files, "{}", at(1))
        .await
        .unwrap();
    assert_eq!(answer(store, ann, &key).await.unwrap().unwrap(), "{}");
    assert_eq!(answer(store, bob, &key).await.unwrap(), None);
    uploads::delete(store, ann, upload).await.unwrap();
    assert_eq!(answer(store, ann, &key).await.unwrap(), None);
}
