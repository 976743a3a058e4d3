#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::testing::{Fixture, analysis, at};

async fn stored(fixture: &Fixture, user: UserId, name: &str, seconds: i64) -> Upload {
    let id = UploadId::generate();
    reserve(&fixture.store, user, id, name, 100, at(seconds))
        .await
        .unwrap();
    complete(&fixture.store, user, id, 12, "ab", &analysis())
        .await
        .unwrap()
}

#[tokio::test]
async fn an_upload_is_seen_once_it_is_complete() {
    let fixture = Fixture::new().await;
    let id = UploadId::generate();
    let reserved = reserve(&fixture.store, fixture.ann, id, "a b.csv", 5, at(0))
        .await
        .unwrap();
    assert_eq!(reserved.filename, format!("{id}.csv"));
    assert!(matches!(
        get(&fixture.store, fixture.ann, id).await,
        Err(StoreError::NotFound)
    ));
    let done = complete(&fixture.store, fixture.ann, id, 12, "ab", &analysis())
        .await
        .unwrap();
    assert_eq!(done.status, UploadStatus::Ready);
    assert_eq!((done.file_size_bytes, done.sha256.as_str()), (12, "ab"));
    assert_eq!(done.analysis, Some(analysis()));
    assert_eq!(done.created_at, at(0));
    assert_eq!(get(&fixture.store, fixture.ann, id).await.unwrap(), done);
    assert!(matches!(
        complete(&fixture.store, fixture.ann, id, 1, "x", &analysis()).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn f79_five_at_once_at_the_limit_give_exactly_the_limit() {
    let fixture = Fixture::new().await;
    for number in 0..3 {
        stored(&fixture, fixture.ann, "a.csv", number).await;
    }
    stored(&fixture, fixture.bob, "b.csv", 0).await;
    let attempts = (0..5).map(|number| {
        let (store, user) = (fixture.store.clone(), fixture.ann);
        tokio::spawn(async move {
            reserve(&store, user, UploadId::generate(), "x.csv", 5, at(number)).await
        })
    });
    let results = futures::future::join_all(attempts).await;
    let granted = results
        .iter()
        .filter(|result| result.as_ref().unwrap().is_ok())
        .count();
    assert_eq!(granted, 2);
    for result in results {
        if let Err(error) = result.unwrap() {
            assert!(
                matches!(
                    error,
                    StoreError::Conflict {
                        code: "file_limit",
                        ..
                    }
                ),
                "{error:?}"
            );
        }
    }
}

#[tokio::test]
async fn deleting_frees_a_place() {
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let id = UploadId::generate();
    reserve(store, ann, id, "a.csv", 1, at(0)).await.unwrap();
    assert!(
        reserve(store, ann, UploadId::generate(), "b.csv", 1, at(1))
            .await
            .is_err()
    );
    delete(store, ann, id).await.unwrap();
    reserve(store, ann, UploadId::generate(), "b.csv", 1, at(1))
        .await
        .unwrap();
    assert!(matches!(
        delete(store, ann, id).await,
        Err(StoreError::NotFound)
    ));
}

#[tokio::test]
async fn e74_somebody_elses_upload_is_not_found() {
    let fixture = Fixture::new().await;
    let (store, bob) = (&fixture.store, fixture.bob);
    let id = stored(&fixture, fixture.ann, "a.csv", 0).await.id;
    assert!(matches!(
        get(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        delete(store, bob, id).await,
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        update_analysis(store, bob, id, &analysis()).await,
        Err(StoreError::NotFound)
    ));
    assert!(
        list(store, bob, &Page::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[tokio::test]
async fn lists_are_newest_first_in_pages() {
    let fixture = Fixture::new().await;
    let mut ids = Vec::new();
    for number in [0, 2, 1, 2] {
        ids.push(stored(&fixture, fixture.ann, "a.csv", number).await.id);
    }
    let mut page = Page::first(3);
    let first = list(&fixture.store, fixture.ann, &page).await.unwrap();
    assert_eq!(
        first
            .items
            .iter()
            .map(|upload| upload.id)
            .collect::<Vec<_>>(),
        [ids[3], ids[1], ids[2]]
    );
    page.cursor = first.next_cursor;
    let second = list(&fixture.store, fixture.ann, &page).await.unwrap();
    assert_eq!(
        second
            .items
            .iter()
            .map(|upload| upload.id)
            .collect::<Vec<_>>(),
        [ids[0]]
    );
    assert_eq!(second.next_cursor, None);
}

#[tokio::test]
async fn a_made_up_cursor_is_refused() {
    let fixture = Fixture::new().await;
    for cursor in ["", "x", "2026-01-01T00:00:00Z_x", "' OR 1=1 --"] {
        let page = Page {
            limit: 5,
            cursor: Some(cursor.to_owned()),
        };
        let result = list(&fixture.store, fixture.ann, &page).await;
        assert!(
            matches!(
                result,
                Err(StoreError::Denied {
                    code: "bad_cursor",
                    ..
                })
            ),
            "{cursor:?}: {result:?}"
        );
    }
}

#[test]
fn f76_file_names_are_cleaned_for_display() {
    for (raw, shown) in [
        ("../../etc/cron.d/x", "x"),
        ("/etc/x", "x"),
        ("C:\\temp\\orders.csv", "orders.csv"),
        ("a\0.csv", "a.csv"),
        ("CON.csv", "CON.csv"),
        ("fi\u{202e}vsc.exe", "fivsc.exe"),
        ("zero\u{200b}width\u{feff}.csv", "zerowidth.csv"),
        ("  spaced name.csv ", "spaced name.csv"),
        ("a\r\nSet-Cookie: x.csv", "aSet-Cookie: x.csv"),
        ("Größe.csv", "Größe.csv"),
        ("..", "file.csv"),
        ("", "file.csv"),
        ("dir/", "file.csv"),
    ] {
        assert_eq!(display_name(raw), shown, "{raw:?}");
    }
    let long = display_name(&format!("{}.csv", "ä".repeat(500)));
    assert_eq!(long.chars().count(), 120);
    assert_eq!(&long[long.len() - 4..], ".csv");
}
