//! What a crash leaves, at whatever moment it comes.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::{recover, undo_row};
use super::*;
use crate::files::Files;
use crate::ids::SchemaId;
use crate::schemas;
use crate::testing::{Fixture, at};

const ROWS: u64 = 40;
/// Names the database that a process of this test works on.
const TARGET: &str = "MEND_CRASH_TARGET";
const CHILD: &str = "dataset::mend::tests::crash::mends_until_it_is_killed";

fn case() -> Case {
    let mut text = "id,note\n".to_owned();
    for line in 0..ROWS {
        text += "x,";
        text += &format!("{line:04}").repeat(400);
        text += "\n";
    }
    text += "1,fine\n";
    Case::of(
        &[("notes.csv", &text)],
        schema(
            vec![table("notes", &["id"], &["id INTEGER", "note TEXT"])],
            Vec::new(),
        ),
    )
}

fn journal(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-journal", path.display()))
}

#[test]
fn a_transaction_that_was_under_way_is_rolled_back_in_both_files() {
    let case = case();
    let target = case.import.target();
    let mut connection = super::super::open_both(&target, &[]).unwrap();
    // Pages go to the files at once, so that both journals are needed.
    connection
        .execute_batch(
            "PRAGMA main.cache_size = 1; PRAGMA set_aside.cache_size = 1; PRAGMA cache_spill = 1",
        )
        .unwrap();
    let transaction = super::super::begin(&mut connection).unwrap();
    for id in 100..400 {
        transaction
            .execute("INSERT INTO notes VALUES (?1, ?2)", (id, "n".repeat(2_000)))
            .unwrap();
    }
    transaction
        .execute_batch("UPDATE set_aside.quarantine SET mended = 'stored', raw = upper(raw)")
        .unwrap();
    // The files as they are now, in another place: what a power cut leaves.
    let folder = tempfile::tempdir().unwrap();
    let copy = |path: &Path| {
        let to = folder.path().join(path.file_name().unwrap());
        std::fs::copy(path, &to).unwrap();
        to
    };
    let quarantine = quarantine_path(&target);
    let (copied, _) = (copy(&target), copy(&quarantine));
    for path in [&target, &quarantine] {
        assert!(journal(path).metadata().unwrap().len() > 512, "{path:?}");
        copy(&journal(path));
    }
    transaction.rollback().unwrap();

    recover(&copied).unwrap();
    let rows: i64 = Connection::open(&copied)
        .unwrap()
        .query_row("SELECT count(*) FROM notes", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
    let report = recount(&copied, &case.schema, &case.report, None).unwrap();
    assert_eq!(report, case.report);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

/// Whether SQLite's file is there that ties the changes of several files together.
fn ties_are_left(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let name = file.unwrap().file_name();
        name.to_string_lossy().contains("-mj")
    })
}

/// Kills the process as soon as SQLite ties the files' changes together, which is in the middle of a commit, but not of its
/// first; or, where that is not seen, after a while.
fn kill_within_a_commit(child: &mut Child, folder: &Path) -> bool {
    let started = Instant::now();
    let mut seen = false;
    std::thread::sleep(Duration::from_millis(40));
    while !seen && started.elapsed() < Duration::from_secs(3) && child.try_wait().unwrap().is_none()
    {
        seen = ties_are_left(folder);
    }
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(ended.signal(), Some(9), "{ended:?}");
    seen
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_commit_loses_no_row_and_doubles_none() {
    let case = case();
    let fixture = Fixture::new().await;
    let (store, ann) = (&fixture.store, fixture.ann);
    let folder = fixture.folder.path();
    let files = Files::new(folder.join("uploads"), folder.join("databases")).unwrap();
    let id = SchemaId::generate();
    let new = schemas::NewSchema {
        name: "notes".to_owned(),
        csv_upload_ids: Vec::new(),
        schema: case.schema.clone(),
        create_statements: Vec::new(),
        llm_reasoning: String::new(),
        llm_model: "built-in".to_owned(),
        review: None,
    };
    schemas::insert(store, ann, id, &new, at(0)).await.unwrap();
    let target = files.prepare_dataset(ann, id).unwrap();
    let from = case.import.target();
    std::fs::copy(quarantine_path(&from), quarantine_path(&target)).unwrap();
    std::fs::copy(&from, &target).unwrap();
    schemas::mark_executed(store, ann, id, &case.report, at(1))
        .await
        .unwrap();

    let own = target.parent().unwrap();
    let (mut within, mut rolled_back, mut recounted) = (0, 0, 0);
    for _ in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", CHILD, "--ignored"])
            .env(TARGET, &target)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        within += u32::from(kill_within_a_commit(&mut child, own));
        rolled_back += u32::from(journal(&target).exists());
        // As the service starts.
        let done = files.reconcile(store).await.unwrap();
        assert_eq!(done.datasets_unreadable, 0);
        recounted += done.reports_recounted;
        assert!(!ties_are_left(own));
        let report = schemas::get(store, ann, id).await.unwrap().load_report;
        let table = &report.unwrap().tables[0];
        // The one fine row, and those that the quarantine says are mended.
        assert_eq!(table.row_count, 1 + table.mended);
        assert_eq!(table.rows_in, table.row_count + table.quarantined);
        let stored: i64 = Connection::open(&target)
            .unwrap()
            .query_row("SELECT count(*) FROM notes", [], |row| row.get(0))
            .unwrap();
        assert_eq!(stored.cast_unsigned(), table.row_count);
    }
    assert!(within > 0, "no kill came within a commit");
    assert!(rolled_back > 0, "no kill left a journal");
    assert!(recounted > 0, "no change was left to be counted");
}

/// Run by the test above, in a process of its own: mends rows and takes them back without end.
#[test]
#[ignore = "never ends by itself"]
fn mends_until_it_is_killed() {
    let Some(target) = std::env::var_os(TARGET).map(PathBuf::from) else {
        return;
    };
    let schema = schema(
        vec![table("notes", &["id"], &["id INTEGER", "note TEXT"])],
        Vec::new(),
    );
    for round in 0.. {
        for id in 1..=i64::try_from(ROWS).unwrap() {
            let number = (id + 1).to_string();
            let rows = [mend(id, &[("id", Some(&number))])];
            // Mended by a process before this one, where it is a conflict.
            let _ = mend_rows(&target, &schema, &[], &rows, MendMode::default());
            if (id + round) % 3 == 0 {
                let _ = undo_row(&target, &schema, &[], id);
            }
        }
    }
}
