#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::testing::{Fixture, analysis, at};
use crate::{schemas, uploads};

fn files(fixture: &Fixture) -> Files {
    Files::new(
        fixture.folder.path().join("uploads"),
        fixture.folder.path().join("dbs"),
    )
    .unwrap()
}

/// All files below the fixture's two folders.
fn all(files: &Files) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in [&files.upload_dir, &files.user_db_dir] {
        for user in std::fs::read_dir(folder).unwrap() {
            for file in std::fs::read_dir(user.unwrap().path()).unwrap() {
                found.push(file.unwrap().path());
            }
        }
    }
    found
}

async fn store_bytes(files: &Files, user: UserId, id: UploadId) -> StoredFile {
    let mut writer = files.begin_upload(user, id, 100).await.unwrap();
    writer.write(b"a,b\n").await.unwrap();
    writer.write(b"1,2\n").await.unwrap();
    writer.finish().await.unwrap()
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn bytes_are_stored_under_the_id_for_their_owner_alone() {
    let fixture = Fixture::new().await;
    let files = files(&fixture);
    let id = UploadId::generate();
    let stored = store_bytes(&files, fixture.ann, id).await;
    assert_eq!(stored.path, files.upload_path(fixture.ann, id));
    assert_eq!(std::fs::read(&stored.path).unwrap(), b"a,b\n1,2\n");
    assert_eq!(stored.size_bytes, 8);
    assert_eq!(stored.sha256, hex(&Sha256::digest(b"a,b\n1,2\n")));
    assert_eq!(mode(&stored.path), 0o600);
    assert_eq!(mode(stored.path.parent().unwrap()), 0o700);
    assert_eq!(mode(&files.upload_dir), 0o700);
    assert_eq!(all(&files), [stored.path]);
    files.delete_upload(fixture.ann, id).await.unwrap();
    files.delete_upload(fixture.ann, id).await.unwrap();
    assert!(all(&files).is_empty());
}

#[tokio::test]
async fn f77_one_byte_over_leaves_nothing() {
    let fixture = Fixture::new().await;
    let files = files(&fixture);
    let mut writer = files
        .begin_upload(fixture.ann, UploadId::generate(), 10)
        .await
        .unwrap();
    writer.write(b"0123456789").await.unwrap();
    assert!(matches!(
        writer.write(b"x").await,
        Err(StoreError::Limit {
            code: "file_too_large",
            ..
        })
    ));
    drop(writer);
    assert!(all(&files).is_empty());
}

#[tokio::test]
async fn f78_a_body_that_breaks_off_leaves_nothing() {
    let fixture = Fixture::new().await;
    let files = files(&fixture);
    let mut writer = files
        .begin_upload(fixture.ann, UploadId::generate(), 10)
        .await
        .unwrap();
    writer.write(b"half").await.unwrap();
    drop(writer);
    assert!(all(&files).is_empty());
}

#[test]
fn f85_a_full_disk_is_told_as_such() {
    let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(StoreError::from(full), StoreError::DiskFull));
    // /dev/full refuses every byte as a full disk does.
    let error = std::fs::write("/dev/full", b"x").unwrap_err();
    assert!(matches!(StoreError::from(error), StoreError::DiskFull));
    let sqlite =
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL), None);
    assert!(matches!(StoreError::from(sqlite), StoreError::DiskFull));
}

#[tokio::test]
async fn a_removed_user_leaves_no_file() {
    let fixture = Fixture::new().await;
    let files = files(&fixture);
    store_bytes(&files, fixture.ann, UploadId::generate()).await;
    let kept = store_bytes(&files, fixture.bob, UploadId::generate()).await;
    let database = files
        .prepare_dataset(fixture.ann, SchemaId::generate())
        .unwrap();
    std::fs::write(&database, b"x").unwrap();
    files.remove_user(fixture.ann).await.unwrap();
    files.remove_user(fixture.ann).await.unwrap();
    assert_eq!(all(&files), [kept.path]);
}

#[tokio::test]
async fn the_start_makes_files_and_metadata_agree() {
    let fixture = Fixture::new().await;
    let (files, store, ann) = (files(&fixture), &fixture.store, fixture.ann);
    // Sound: an upload and an executed schema with both files.
    let (sound, lost, pending) = (
        UploadId::generate(),
        UploadId::generate(),
        UploadId::generate(),
    );
    for id in [sound, lost, pending] {
        uploads::reserve(store, ann, id, "a.csv", 9, at(0))
            .await
            .unwrap();
        store_bytes(&files, ann, id).await;
    }
    for id in [sound, lost] {
        uploads::complete(store, ann, id, 8, "x", &analysis())
            .await
            .unwrap();
    }
    std::fs::remove_file(files.upload_path(ann, lost)).unwrap();
    let executed = executed_schema(&fixture, &files, true).await;
    let gone = executed_schema(&fixture, &files, false).await;
    let interrupted = fixture.schema().await;
    schemas::begin_execution(store, ann, interrupted, at(1))
        .await
        .unwrap();
    std::fs::write(files.dataset_path(ann, interrupted), b"x").unwrap();
    let folder = files
        .dataset_path(ann, executed)
        .parent()
        .unwrap()
        .to_owned();
    std::fs::write(folder.join(".part-abc"), b"x").unwrap();
    std::fs::write(folder.join("notes.txt"), b"not ours").unwrap();
    // Somebody whom this metadata does not know: it may be the wrong one, so the file stays.
    let unknown = UploadId::generate();
    store_bytes(&files, UserId::generate(), unknown).await;

    let done = files.reconcile(store).await.unwrap();
    assert_eq!(
        done,
        Reconciled {
            files_removed: 3,
            files_unknown: 1,
            uploads_dropped: 1,
            uploads_missing: 1,
            datasets_missing: 1,
            reports_recounted: 0,
            datasets_unreadable: 1,
        }
    );
    assert_eq!(
        uploads::get(store, ann, lost).await.unwrap().status,
        uploads::UploadStatus::Missing
    );
    assert_eq!(
        uploads::get(store, ann, sound).await.unwrap().status,
        uploads::UploadStatus::Ready
    );
    assert_eq!(
        schemas::get(store, ann, gone).await.unwrap().status,
        schemas::SchemaStatus::Failed
    );
    let mut left: Vec<String> = all(&files)
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    left.sort();
    let mut expected = vec![
        format!("{sound}.csv"),
        format!("{unknown}.csv"),
        format!("{executed}.db"),
        format!("{executed}.quarantine.db"),
        "notes.txt".to_owned(),
    ];
    expected.sort();
    assert_eq!(left, expected);
    assert!(matches!(
        schemas::begin_execution(store, ann, interrupted, at(2))
            .await
            .unwrap(),
        schemas::Execution::Begun(_)
    ));
    assert_eq!(files.reconcile(store).await.unwrap().files_removed, 0);
}

async fn executed_schema(fixture: &Fixture, files: &Files, with_files: bool) -> SchemaId {
    let id = fixture.schema().await;
    let path = files.prepare_dataset(fixture.ann, id).unwrap();
    if with_files {
        std::fs::write(&path, b"x").unwrap();
        std::fs::write(quarantine_path(&path), b"x").unwrap();
    }
    let report = crate::dataset::LoadReport::default();
    schemas::mark_executed(&fixture.store, fixture.ann, id, &report, at(1))
        .await
        .unwrap();
    id
}

#[tokio::test]
async fn both_folders_answer() {
    let fixture = Fixture::new().await;
    let files = files(&fixture);
    files.ping().unwrap();
    fixture.store.ping().await.unwrap();
    fixture.store.migrate().await.unwrap();
    assert_eq!(mode(&fixture.folder.path().join("deep/metadata.db")), 0o600);
    assert_eq!(mode(&fixture.folder.path().join("deep")), 0o700);
}
