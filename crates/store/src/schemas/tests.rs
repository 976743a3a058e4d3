#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::Page;
use crate::dataset::TableReport;
use crate::testing::{Fixture, at};

fn new_schema() -> NewSchema {
    NewSchema {
        name: "shop".to_owned(),
        csv_upload_ids: vec![UploadId::generate()],
        schema: Schema {
            reasoning: "because".to_owned(),
            ..Schema::default()
        },
        create_statements: vec!["CREATE TABLE t (a TEXT) STRICT".to_owned()],
        llm_reasoning: "because".to_owned(),
        llm_model: "built-in".to_owned(),
        review: None,
    }
}

fn report() -> LoadReport {
    LoadReport {
        tables: vec![TableReport {
            name: "t".to_owned(),
            rows_in: 3,
            row_count: 2,
            merged: 0,
            quarantined: 1,
            ..TableReport::default()
        }],
        references: Vec::new(),
        elapsed_ms: 5,
    }
}

async fn inserted(fixture: &Fixture) -> SchemaRecord {
    insert(
        &fixture.store,
        fixture.ann,
        SchemaId::generate(),
        &new_schema(),
        at(0),
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn a_schema_goes_from_generated_to_executed() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let record = inserted(&fixture).await;
    assert_eq!(record.status, SchemaStatus::Generated);
    assert_eq!(record.schema, new_schema().schema);
    let begun = begin_execution(store, ann, record.id, at(1)).await.unwrap();
    assert_eq!(begun, Execution::Begun(Box::new(record.clone())));
    let done = mark_executed(store, ann, record.id, &report(), at(2))
        .await
        .unwrap();
    assert_eq!(done.status, SchemaStatus::Executed);
    assert_eq!(done.executed_at, Some(at(2)));
    assert_eq!(done.load_report, Some(report()));
    let again = begin_execution(store, ann, record.id, at(3)).await.unwrap();
    assert_eq!(again, Execution::AlreadyExecuted(Box::new(done)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn c46_of_many_approvals_at_once_one_begins() {
    let fixture = Fixture::new().await;
    let id = inserted(&fixture).await.id;
    let attempts = (0..8).map(|_| {
        let (store, user) = (fixture.store.clone(), fixture.ann);
        tokio::spawn(async move { begin_execution(&store, user, id, at(1)).await })
    });
    let mut begun = 0;
    for result in futures::future::join_all(attempts).await {
        match result.unwrap() {
            Ok(Execution::Begun(_)) => begun += 1,
            Err(StoreError::Conflict {
                code: "executing", ..
            }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(begun, 1);
}

#[tokio::test]
async fn c46_an_executed_schema_is_not_edited() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = inserted(&fixture).await.id;
    let mut edited = new_schema().schema;
    edited.reasoning = "edited".to_owned();
    let record = update_schema(store, (ann, id), None, &edited, &[], &Review::default())
        .await
        .unwrap();
    assert_eq!(record.schema, edited);

    begin_execution(store, ann, id, at(1)).await.unwrap();
    assert!(matches!(
        update_schema(
            store,
            (ann, id),
            None,
            &new_schema().schema,
            &[],
            &Review::default()
        )
        .await,
        Err(StoreError::Conflict {
            code: "executing",
            ..
        })
    ));
    assert!(matches!(
        delete(store, ann, id).await,
        Err(StoreError::Conflict {
            code: "executing",
            ..
        })
    ));
    mark_executed(store, ann, id, &report(), at(2))
        .await
        .unwrap();
    assert!(matches!(
        update_schema(
            store,
            (ann, id),
            None,
            &new_schema().schema,
            &[],
            &Review::default()
        )
        .await,
        Err(StoreError::Conflict {
            code: "already_executed",
            ..
        })
    ));
    assert_eq!(get(store, ann, id).await.unwrap().schema, edited);
    rename(store, ann, id, "other").await.unwrap();
    assert_eq!(get(store, ann, id).await.unwrap().name, "other");
}

#[tokio::test]
async fn a_failed_or_cancelled_import_can_be_tried_again() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = inserted(&fixture).await.id;
    begin_execution(store, ann, id, at(1)).await.unwrap();
    mark_failed(store, ann, id, Some("disk full"))
        .await
        .unwrap();
    let failed = get(store, ann, id).await.unwrap();
    assert_eq!(failed.status, SchemaStatus::Failed);
    assert_eq!(failed.failure.as_deref(), Some("disk full"));
    assert!(matches!(
        begin_execution(store, ann, id, at(2)).await.unwrap(),
        Execution::Begun(_)
    ));
    mark_failed(store, ann, id, None).await.unwrap();
    assert_eq!(
        get(store, ann, id).await.unwrap().status,
        SchemaStatus::Generated
    );
}

#[tokio::test]
async fn e74_somebody_elses_schema_is_not_found() {
    let fixture = Fixture::new().await;
    let (store, bob) = (&fixture.store, fixture.bob);
    let id = inserted(&fixture).await.id;
    let schema = Schema::default();
    assert!(matches!(
        get(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        begin_execution(store, bob, id, at(1)).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        update_schema(store, (bob, id), None, &schema, &[], &Review::default()).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        mark_executed(store, bob, id, &report(), at(1)).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        mark_failed(store, bob, id, None).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        rename(store, bob, id, "x").await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        delete(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(
        list(store, bob, &Page::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(
        list(store, fixture.ann, &Page::default())
            .await
            .unwrap()
            .items
            .len(),
        1
    );
}

#[tokio::test]
async fn h33_a_list_has_each_schema_in_outline() {
    let fixture = Fixture::new().await;
    let table =
        |name: &str| serde_json::json!({"name": name, "source": {"csv_id": "1"}, "columns": []});
    let reference = |from: &str, to: &str| {
        serde_json::json!({"from_table": from, "from_columns": ["x"], "to_table": to, "to_columns": ["id"],
            "cardinality": "many-to-one"})
    };
    let mut names: Vec<String> = (0..20).map(|number| format!("loose_{number}")).collect();
    names.extend(["orders".to_owned(), "customers".to_owned()]);
    let schema = serde_json::json!({
        "tables": names.iter().map(|name| table(name)).collect::<Vec<_>>(),
        "relationships": [reference("orders", "customers"), reference("orders", "customers")],
        "reasoning": "a word ".repeat(1_000),
    });
    let new = NewSchema {
        schema: serde_json::from_value(schema).unwrap(),
        ..new_schema()
    };
    let id = SchemaId::generate();
    insert(&fixture.store, fixture.ann, id, &new, at(0))
        .await
        .unwrap();
    let found = list(&fixture.store, fixture.ann, &Page::default())
        .await
        .unwrap();
    let [summary] = found.items.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!((summary.id, summary.row_count), (id, None));
    let outline = &summary.outline;
    assert_eq!((outline.table_count, outline.relationship_count), (22, 2));
    assert_eq!(outline.tables.len(), MAX_OUTLINE_TABLES);
    assert_eq!(outline.tables[..3], ["orders", "customers", "loose_0"]);
    assert_eq!(
        outline.references,
        [("orders".to_owned(), "customers".to_owned())]
    );
    begin_execution(&fixture.store, fixture.ann, id, at(1))
        .await
        .unwrap();
    mark_executed(&fixture.store, fixture.ann, id, &report(), at(2))
        .await
        .unwrap();
    let found = list(&fixture.store, fixture.ann, &Page::default())
        .await
        .unwrap();
    assert_eq!(found.items[0].row_count, Some(report().row_count()));
    assert!(report().row_count() > 0);
}
