//! All or nothing, and what people hear meanwhile.

use std::os::unix::fs::PermissionsExt;

use super::{Import, account, accounts, assert_nothing_left, files_in, load, schema, table};
use crate::StoreError;
use crate::dataset::{CancelFlag, PlaceFilter, read_quarantine};

fn many_rows() -> String {
    let rows: Vec<String> = (1..=20_000).map(|id| format!("{id},name {id}\n")).collect();
    format!("id,name\n{}", rows.concat())
}

fn plain() -> schema_gen::Schema {
    schema(
        vec![table("t", &["id"], &["id INTEGER", "name TEXT"])],
        vec![],
    )
}

#[test]
fn records_that_are_no_rows_are_quarantined() {
    let import = Import::of(&[("t.csv", "id,name\n1,a\n2,b,c,d,e\n3,c\n4,d\n5,e\n")]);
    let report = import.load(&plain()).unwrap();
    assert_eq!(accounts(&report), [account("t", 5, 4, 0, 1)]);
    let found = import.quarantined();
    assert_eq!(found[0].line, 3);
    assert_eq!(found[0].file, "t.csv");
    assert_eq!(found[0].raw.trim_end(), "2,b,c,d,e");
}

#[test]
fn only_the_database_and_its_quarantine_are_left() {
    let import = Import::of(&[("t.csv", &many_rows())]);
    let report = import.load(&plain()).unwrap();
    assert_eq!(accounts(&report), [account("t", 20_000, 20_000, 0, 0)]);
    let target = import.target();
    assert_eq!(
        files_in(target.parent().unwrap()),
        ["one.db", "one.quarantine.db"]
    );
    let mode = std::fs::metadata(&target).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(import.texts("PRAGMA journal_mode"), ["delete"]);
}

#[test]
fn a_cancelled_import_leaves_nothing() {
    let import = Import::of(&[("t.csv", &many_rows())]);
    for stage in ["loading", "checking", "finishing"] {
        let cancel = CancelFlag::default();
        let flag = cancel.clone();
        let result = load(
            &plain(),
            &import.sources,
            &import.target(),
            &mut |progress| {
                if progress.stage == stage && (stage != "loading" || progress.rows_done > 0) {
                    flag.cancel();
                }
            },
            &cancel,
        );
        assert!(
            matches!(result, Err(StoreError::Cancelled)),
            "{stage}: {result:?}"
        );
        assert_nothing_left(&import);
    }
}

#[test]
fn a_failed_import_leaves_nothing() {
    let import = Import::of(&[("t.csv", "id,name\n1,a\n")]);
    std::fs::remove_file(import.folder.path().join("t.csv")).unwrap();
    assert!(matches!(import.load(&plain()), Err(StoreError::Io(_))));
    assert_nothing_left(&import);

    let unknown = schema(vec![table("t", &[], &["nosuch TEXT"])], vec![]);
    let other = Import::of(&[("t.csv", "id,name\n1,a\n")]);
    assert!(matches!(
        other.load(&unknown),
        Err(StoreError::Conflict {
            code: "column_missing",
            ..
        })
    ));
    assert_nothing_left(&other);
}

#[test]
fn progress_counts_rows_of_the_total() {
    let import = Import::of(&[("t.csv", &many_rows())]);
    let mut heard = Vec::new();
    load(
        &plain(),
        &import.sources,
        &import.target(),
        &mut |progress| heard.push(progress),
        &CancelFlag::default(),
    )
    .unwrap();
    let loading: Vec<u64> = heard
        .iter()
        .filter(|progress| progress.stage == "loading")
        .map(|progress| progress.rows_done)
        .collect();
    assert_eq!(loading, [0, 5_000, 10_000, 15_000, 20_000]);
    assert_eq!(heard[0].rows_total, 20_000);
    assert_eq!(heard.last().unwrap().stage, "finishing");
}

#[test]
fn the_quarantine_is_read_in_pages() {
    let rows: Vec<String> = (0..25).map(|number| format!("1,{number}\n")).collect();
    let import = Import::of(&[("t.csv", &format!("id,name\n{}", rows.concat()))]);
    import.load(&plain()).unwrap();
    let page = read_quarantine(
        &import.target(),
        &PlaceFilter::default(),
        10,
        5,
        &CancelFlag::default(),
    )
    .unwrap();
    assert_eq!(page.total, 24);
    let lines: Vec<u64> = page.rows.iter().map(|row| row.row.line).collect();
    assert_eq!(lines, [13, 14, 15, 16, 17]);
    assert!(
        read_quarantine(
            &import.target(),
            &PlaceFilter::default(),
            100,
            5,
            &CancelFlag::default()
        )
        .unwrap()
        .rows
        .is_empty()
    );
}
