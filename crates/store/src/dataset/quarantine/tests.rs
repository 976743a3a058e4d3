#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rusqlite::Connection;
use serde_json::{Value as Json, json};

use super::*;
use crate::dataset::CancelFlag;
use crate::dataset::load::tests::{Import, schema, table};

fn import() -> Import {
    let import = Import::of(&[
        (
            "people.csv",
            "id,name,age\n1,Ann,30\nx,Bob,40\ny,\"Cleo, the 100%\",41\n1,Dee,50\n4,Eve,old\n5,Fay,?!\n7,a,b,c\n",
        ),
        ("pets.csv", "id,kind\n1,cat\nz_,dog\n"),
    ]);
    let schema = schema(
        vec![
            table(
                "people",
                &["id"],
                &["id INTEGER", "name TEXT", "age INTEGER"],
            ),
            table("pets", &["id"], &["id INTEGER", "kind TEXT"]),
        ],
        Vec::new(),
    );
    import.load(&schema).unwrap();
    import
}

fn read(import: &Import, filter: &PlaceFilter) -> QuarantinePage {
    read_quarantine(&import.target(), filter, 0, 100, &CancelFlag::default()).unwrap()
}

fn lines(page: &QuarantinePage) -> Vec<u64> {
    page.rows.iter().map(|listed| listed.row.line).collect()
}

fn counts(counts: &[ValueCount]) -> Vec<(&str, u64)> {
    counts
        .iter()
        .map(|counted| (counted.value.as_str(), counted.count))
        .collect()
}

#[test]
fn a_reason_stands_apart_from_its_value() {
    for (reason, kind) in [
        ("\"x\" is not a whole number", "not a whole number"),
        ("\"a\\\" is not b\" is not a date", "not a date"),
        (
            "an earlier row has the same id",
            "an earlier row has the same id",
        ),
        (
            "the row has 200000 bytes of text, more than the 131072 that can be queried",
            "the row is too long",
        ),
    ] {
        assert_eq!(kind_of(reason), kind);
    }
}

#[test]
fn rows_are_filtered_and_counted() {
    let import = import();
    let all = read(&import, &PlaceFilter::default());
    assert_eq!((all.total, lines(&all).len()), (5, 5));
    assert_eq!(counts(&all.facets.tables), [("people", 4), ("pets", 1)]);
    assert_eq!(
        counts(&all.facets.reasons),
        [
            ("not a whole number", 3),
            ("4 fields where the table has 3 columns", 1),
            ("an earlier row has the same id", 1)
        ]
    );
    assert_eq!(counts(&all.facets.columns), [("id", 4)]);
    assert_eq!(all.facets.files[0].file, "people.csv");

    let one_reason = PlaceFilter {
        table: Some("people".to_owned()),
        reason: Some("not a whole number".to_owned()),
        ..PlaceFilter::default()
    };
    let found = read(&import, &one_reason);
    assert_eq!((lines(&found), found.total), (vec![3, 4], 2));
    // Each count but for its own part of the filter.
    assert_eq!(counts(&found.facets.tables), [("people", 2), ("pets", 1)]);
    assert_eq!(found.facets.reasons.len(), 3);
    assert_eq!(counts(&found.facets.columns), [("id", 2)]);

    for (search, found) in [
        ("cleo", vec![4]),
        ("100%", vec![4]),
        ("z_", vec![3]),
        ("_", vec![3]),
    ] {
        let filter = PlaceFilter {
            search: Some(search.to_owned()),
            ..PlaceFilter::default()
        };
        assert_eq!(lines(&read(&import, &filter)), found, "{search}");
    }
    let nothing = PlaceFilter {
        column: Some("x'; DROP TABLE quarantine; --".to_owned()),
        ..PlaceFilter::default()
    };
    assert_eq!(read(&import, &nothing).total, 0);
    assert_eq!(read(&import, &PlaceFilter::default()).total, 5);
}

#[test]
fn ids_stay_the_same_whatever_the_page() {
    let import = import();
    let all = read(&import, &PlaceFilter::default());
    let cancel = CancelFlag::default();
    let second = read_quarantine(&import.target(), &PlaceFilter::default(), 1, 1, &cancel).unwrap();
    assert_eq!(second.rows, all.rows[1..2]);
    cancel.cancel();
    assert!(matches!(
        read_quarantine(&import.target(), &PlaceFilter::default(), 0, 1, &cancel),
        Err(StoreError::Cancelled) | Ok(_)
    ));
}

#[test]
fn cells_are_filtered_and_counted() {
    let import = import();
    let filter = PlaceFilter {
        search: Some("OLD".to_owned()),
        ..PlaceFilter::default()
    };
    let cancel = CancelFlag::default();
    let page = read_emptied(&import.target(), &filter, 0, 100, &cancel).unwrap();
    assert_eq!(page.total, 1);
    assert_eq!(page.cells[0].cell.text, "old");
    assert!(page.cells[0].has_row);
    assert_eq!(counts(&page.facets.columns), [("age", 1)]);
    let page = read_emptied(&import.target(), &PlaceFilter::default(), 0, 100, &cancel).unwrap();
    assert_eq!(page.total, 2);
}

fn exported(import: &Import, filter: &PlaceFilter) -> Vec<Vec<Json>> {
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    export_quarantine(
        &import.target(),
        &[],
        filter,
        5_000,
        &CancelFlag::default(),
        &mut |columns| names = columns.iter().map(|own| json!(own.name)).collect(),
        &mut |row| {
            rows.push(row);
            true
        },
    )
    .unwrap();
    rows.insert(0, names);
    rows
}

#[test]
fn a_table_of_one_file_has_its_fields() {
    let import = import();
    let rows = exported(&import, &PlaceFilter::default());
    assert_eq!(
        rows[0],
        ["file", "line", "table", "column", "reason", "raw text"]
    );
    assert_eq!(rows.len(), 6);
    let filter = PlaceFilter {
        csv_id: Some("people".to_owned()),
        ..PlaceFilter::default()
    };
    let rows = exported(&import, &filter);
    assert_eq!(rows[0][6..], ["id", "name", "age"]);
    assert_eq!(
        rows[2],
        [
            json!("people.csv"),
            json!(4),
            json!("people"),
            json!("id"),
            json!("\"y\" is not a whole number"),
            json!("y,\"Cleo, the 100%\",41"),
            json!("y"),
            json!("Cleo, the 100%"),
            json!("41")
        ]
    );
    // One of too many fields has the first ones, and all of its text.
    assert_eq!(rows.iter().map(Vec::len).max(), Some(9));
}

/// Puts a quarantine of the first form, without rows that could be mended, in the place of today's.
pub(in crate::dataset) fn as_it_once_was(import: &Import) {
    let path = quarantine_path(&import.target());
    let connection = Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "PRAGMA user_version = 0;
             CREATE TABLE old (id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, csv_id TEXT NOT NULL,
                file TEXT NOT NULL, line INTEGER NOT NULL, column_name TEXT, reason TEXT NOT NULL, raw TEXT NOT NULL) STRICT;
             INSERT INTO old SELECT id, table_name, csv_id, file, line, column_name, reason, raw FROM quarantine;
             DROP TABLE quarantine; DROP TABLE files; DROP TABLE evened; ALTER TABLE old RENAME TO quarantine;
             CREATE TABLE old (id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, table_column TEXT NOT NULL,
                csv_id TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, column_name TEXT, reason TEXT NOT NULL,
                text TEXT NOT NULL) STRICT;
             INSERT INTO old SELECT id, table_name, table_column, csv_id, file, line, column_name, reason, text FROM emptied;
             DROP TABLE emptied; ALTER TABLE old RENAME TO emptied;",
        )
        .unwrap();
}

#[test]
fn a_quarantine_of_the_first_form_is_listed_alike_and_brought_up() {
    let import = import();
    let now = read(&import, &PlaceFilter::default());
    as_it_once_was(&import);
    assert_eq!(read(&import, &PlaceFilter::default()), now);
    let cancel = CancelFlag::default();
    let cells = read_emptied(&import.target(), &PlaceFilter::default(), 0, 10, &cancel).unwrap();
    assert_eq!(cells.total, 2);
    assert!(!cells.cells[0].has_row);

    upgrade(&import.target(), &import.sources).unwrap();
    upgrade(&import.target(), &[]).unwrap();
    assert_eq!(read(&import, &PlaceFilter::default()), now);
    let quarantine = open(&import.target()).unwrap();
    assert!(quarantine.source("people", &[]).unwrap().is_some());
    let forms: Vec<Form> = now
        .rows
        .iter()
        .map(|listed| quarantine.row(listed.id).unwrap().form)
        .collect();
    assert_eq!(forms.iter().filter(|form| **form == Form::File).count(), 1);
}

#[test]
fn a_quarantine_from_before_cells_were_emptied_lists_none() {
    let import = import();
    as_it_once_was(&import);
    let path = quarantine_path(&import.target());
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("DROP TABLE emptied").unwrap();
    let cancel = CancelFlag::default();
    let page = read_emptied(&import.target(), &PlaceFilter::default(), 0, 10, &cancel).unwrap();
    assert_eq!(page.total, 0);
    upgrade(&import.target(), &[]).unwrap();
    assert_eq!(read(&import, &PlaceFilter::default()).total, 5);
}
