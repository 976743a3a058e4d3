//! What a crash leaves, at whatever moment it comes.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::super::{recover, undo_row};
use super::*;

const ROWS: u64 = 40;
/// Folder of the import that a process of this test works on.
const FOLDER: &str = "MEND_CRASH_FOLDER";

fn case() -> Case {
    let mut text = "id,note\n".to_owned();
    for line in 0..ROWS {
        text += &format!("x,{}\n", format!("{line:04}").repeat(400));
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

/// Rows stored, and rows that the quarantine says are mended.
fn counted(case: &Case) -> (u64, u64) {
    recover(&case.import.target()).unwrap();
    let report = case.recounted();
    let table = &report.tables[0];
    (table.row_count, table.mended)
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
    let journal = |path: &Path| PathBuf::from(format!("{}-journal", path.display()));
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

/// Kills the process as soon as SQLite ties the files' changes together (which is in the middle of a commit), or, where that
/// is not seen, after a while.
fn kill_within_a_commit(child: &mut Child, folder: &Path) -> bool {
    let started = Instant::now();
    let in_commit = || {
        std::fs::read_dir(folder).unwrap().any(|file| {
            let name = file.unwrap().file_name();
            name.to_string_lossy().contains("-mj")
        })
    };
    let mut seen = false;
    while !seen && started.elapsed() < Duration::from_secs(3) && child.try_wait().unwrap().is_none()
    {
        seen = in_commit();
    }
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(ended.signal(), Some(9), "{ended:?}");
    seen
}

#[test]
fn a_kill_in_the_middle_of_a_commit_loses_no_row_and_doubles_none() {
    let case = case();
    let folder = case.import.target().parent().unwrap().to_owned();
    let (mut within, mut rolled_back) = (0, 0);
    for _ in 0..12 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "dataset::mend::tests::crash::mends_until_it_is_killed",
                "--ignored",
            ])
            .env(FOLDER, case.import.folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        within += u32::from(kill_within_a_commit(&mut child, &folder));
        let journal = PathBuf::from(format!("{}-journal", case.import.target().display()));
        rolled_back += u32::from(journal.exists());
        // Adds up, and the tables hold what the quarantine says: the one fine row, and the mended ones.
        let (stored, mended) = counted(&case);
        assert_eq!(stored, 1 + mended);
    }
    assert!(within > 0, "no kill came within a commit");
    assert!(rolled_back > 0, "no kill left a journal");
}

/// Run by the test above, in a process of its own: mends rows and takes them back without end.
#[test]
#[ignore = "never ends by itself"]
fn mends_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let target = Path::new(&folder).join("databases/one.db");
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
