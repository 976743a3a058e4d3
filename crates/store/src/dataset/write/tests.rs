#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rusqlite::Connection;
use schema_gen::Schema;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::StoreError;
use crate::dataset::{CancelFlag, Dataset, NewRow, QueryLimits, SqliteDataset};

struct Fixture {
    folder: TempDir,
    schema: Schema,
    dataset: SqliteDataset,
}

fn schema() -> Schema {
    let column = |name: &str, kind: &str, constraints: &[&str]| json!({"name": name, "type": kind, "constraints": constraints, "source_column": name});
    serde_json::from_value(json!({
        "tables": [
            {"name": "people", "source": {"csv_id": "p"}, "primary_key": ["id"], "columns": [
                column("id", "INTEGER", &[]), column("name", "TEXT", &["NOT NULL"]), column("email", "TEXT", &["UNIQUE"]),
                column("born", "DATE", &[]), column("seen", "DATETIME", &[]), column("active", "BOOLEAN", &[]),
                column("paid", "DECIMAL", &[])]},
            {"name": "visits", "source": {"csv_id": "v"}, "primary_key": [], "columns": [
                column("person", "INTEGER", &[]), column("note", "TEXT", &[])]},
        ],
        "relationships": [{"from_table": "visits", "from_columns": ["person"], "to_table": "people",
            "to_columns": ["id"], "cardinality": "many-to-one"}],
    }))
    .unwrap()
}

impl Fixture {
    fn new() -> Self {
        Self::of(schema())
    }

    fn of(schema: Schema) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.db");
        let connection = Connection::open(&path).unwrap();
        for statement in schema_gen::create_statements(&schema) {
            connection.execute_batch(&statement).unwrap();
        }
        connection
            .execute_batch("INSERT INTO people (id, name, email) VALUES (1, 'Ann', 'a@x')")
            .unwrap();
        drop(connection);
        let dataset = SqliteDataset::open(&path).unwrap();
        Self {
            folder,
            schema,
            dataset,
        }
    }

    fn rows(&self, sql: &str) -> Vec<Vec<Json>> {
        self.dataset
            .query(sql, QueryLimits::default(), &CancelFlag::default())
            .unwrap()
            .rows
    }

    /// The refusal's code and words, the same from checking and from inserting, with not a byte changed.
    fn refused(&self, table: &str, rows: &[NewRow]) -> (&'static str, String) {
        let path = self.folder.path().join("one.db");
        let before = std::fs::read(&path).unwrap();
        let words = |error| match error {
            StoreError::Denied { code, message } => (code, message),
            other => panic!("{other:?}"),
        };
        let checked = words(
            self.dataset
                .check_insert(&self.schema, table, rows)
                .unwrap_err(),
        );
        let inserted = words(self.dataset.insert(&self.schema, table, rows).unwrap_err());
        assert_eq!(checked, inserted);
        assert_eq!(std::fs::read(&path).unwrap(), before);
        inserted
    }
}

fn row(json: Json) -> NewRow {
    serde_json::from_value(json).unwrap()
}

#[test]
fn rows_are_stored_and_taken_back_exactly() {
    let fixture = Fixture::new();
    let rows = [
        row(
            json!({"id": 2, "name": "Bob'); DROP TABLE people;--", "born": "1990-05-01",
                   "seen": "2026-01-31T13:05:00", "active": true, "paid": 12.5}),
        ),
        row(json!({"name": "Cy"})),
    ];
    fixture
        .dataset
        .check_insert(&fixture.schema, "people", &rows)
        .unwrap();
    assert_eq!(fixture.rows("SELECT count(*) FROM people"), [[json!(1)]]);

    let receipt = fixture
        .dataset
        .insert(&fixture.schema, "people", &rows)
        .unwrap();
    assert_eq!(
        (receipt.row_count, receipt.rowids.as_slice()),
        (2, &[2, 3][..])
    );
    assert_eq!(
        fixture.rows("SELECT * FROM people WHERE id = 2"),
        [[
            json!(2),
            json!("Bob'); DROP TABLE people;--"),
            Json::Null,
            json!("1990-05-01"),
            json!("2026-01-31 13:05:00"),
            json!(1),
            json!(12.5)
        ]]
    );
    fixture.dataset.undo_insert(&receipt).unwrap();
    assert_eq!(fixture.rows("SELECT id FROM people"), [[json!(1)]]);
    assert!(matches!(
        fixture.dataset.undo_insert(&receipt),
        Err(StoreError::Conflict {
            code: "rows_changed",
            ..
        })
    ));
}

#[test]
fn undoing_leaves_other_rows_under_the_same_ids_alone() {
    let fixture = Fixture::new();
    let insert = |name: &str| {
        let rows = [row(json!({"name": name}))];
        fixture
            .dataset
            .insert(&fixture.schema, "people", &rows)
            .unwrap()
    };
    let first = insert("Bob");
    fixture.dataset.undo_insert(&first).unwrap();
    let second = insert("Cy");
    assert_eq!(first.rowids, second.rowids);
    assert!(matches!(
        fixture.dataset.undo_insert(&first),
        Err(StoreError::Conflict {
            code: "rows_changed",
            ..
        })
    ));
    assert_eq!(fixture.rows("SELECT count(*) FROM people"), [[json!(2)]]);
}

#[test]
fn rows_that_others_refer_to_stay() {
    let fixture = Fixture::new();
    let person = fixture
        .dataset
        .insert(
            &fixture.schema,
            "people",
            &[row(json!({"id": 9, "name": "Bob"}))],
        )
        .unwrap();
    let visit = fixture
        .dataset
        .insert(
            &fixture.schema,
            "visits",
            &[row(json!({"person": 9, "note": "hello"}))],
        )
        .unwrap();
    assert!(matches!(
        fixture.dataset.undo_insert(&person),
        Err(StoreError::Conflict {
            code: "rows_referenced",
            ..
        })
    ));
    assert_eq!(fixture.rows("SELECT count(*) FROM people"), [[json!(2)]]);
    fixture.dataset.undo_insert(&visit).unwrap();
    fixture.dataset.undo_insert(&person).unwrap();
    assert_eq!(fixture.rows("SELECT count(*) FROM people"), [[json!(1)]]);
}

#[test]
fn c45_unknown_table_and_column_are_refused() {
    let fixture = Fixture::new();
    let (code, _) = fixture.refused("nosuch", &[row(json!({"id": 2}))]);
    assert_eq!(code, "unknown_table");
    let (code, _) = fixture.refused("sqlite_master", &[row(json!({"sql": "x"}))]);
    assert_eq!(code, "unknown_table");
    let (code, words) = fixture.refused("people", &[row(json!({"name": "x", "nosuch": 1}))]);
    assert_eq!(
        (code, words.as_str()),
        ("unknown_column", "row 1: people has no column nosuch")
    );
}

#[test]
fn c45_wrong_types_are_refused() {
    let fixture = Fixture::new();
    for (column, value) in [
        ("id", json!("2")),
        ("id", json!(2.5)),
        ("id", json!(true)),
        ("name", json!(5)),
        ("name", json!("a\0b")),
        ("name", json!(["x"])),
        ("born", json!("31.01.2026")),
        ("born", json!("2026-02-30")),
        ("seen", json!("yesterday")),
        ("active", json!("yes")),
        ("active", json!(2)),
        ("paid", json!("12.5")),
        ("paid", json!({"a": 1})),
    ] {
        let (code, words) = fixture.refused("people", &[row(json!({"name": "x", column: value}))]);
        assert_eq!(code, "wrong_type", "{words}");
        assert!(
            words.starts_with(&format!("row 1, column {column}: ")),
            "{words}"
        );
    }
}

#[test]
fn c45_a_thousand_rows_and_one_are_refused() {
    let fixture = Fixture::new();
    let rows: Vec<NewRow> = (0..1_001)
        .map(|number| row(json!({"note": number.to_string()})))
        .collect();
    assert_eq!(fixture.refused("visits", &rows).0, "too_many_rows");
    assert_eq!(fixture.refused("visits", &[]).0, "no_rows");
    let receipt = fixture
        .dataset
        .insert(&fixture.schema, "visits", &rows[..1_000])
        .unwrap();
    assert_eq!(receipt.row_count, 1_000);
    fixture.dataset.undo_insert(&receipt).unwrap();
    assert_eq!(fixture.rows("SELECT count(*) FROM visits"), [[json!(0)]]);
}

#[test]
fn a_reference_that_old_rows_break_still_holds_for_new_ones() {
    let mut loose = schema();
    loose.relationships[0].evidence.orphan_rows = 1;
    let fixture = Fixture::of(loose);
    // Nothing in the database keeps such a row out: it came with the files.
    Connection::open(fixture.folder.path().join("one.db"))
        .unwrap()
        .execute_batch("PRAGMA foreign_keys = ON; INSERT INTO visits (person) VALUES (77)")
        .unwrap();
    let (code, message) = fixture.refused("visits", &[row(json!({"person": 78}))]);
    assert_eq!(
        (code, message.as_str()),
        ("constraint", "row 1: person: people has no such row")
    );
    let known = [row(json!({"person": 1}))];
    let receipt = fixture.dataset.insert(&fixture.schema, "visits", &known);
    assert_eq!(receipt.unwrap().row_count, 1);
}

#[test]
fn c45_one_bad_row_keeps_all_out() {
    let fixture = Fixture::new();
    let good = row(json!({"id": 5, "name": "Eve"}));
    for (bad, words) in [
        (
            json!({"id": 1, "name": "x"}),
            "row 2: people.id: this value is there already",
        ),
        (
            json!({"name": "x", "email": "a@x"}),
            "row 2: people.email: this value is there already",
        ),
        (json!({"id": 7}), "row 2: people.name must not be empty"),
    ] {
        let (code, message) = fixture.refused("people", &[good.clone(), row(bad)]);
        assert_eq!((code, message.as_str()), ("constraint", words));
    }
    let visits = [row(json!({"person": 1})), row(json!({"person": 77}))];
    let (code, message) = fixture.refused("visits", &visits);
    assert_eq!(
        (code, message.as_str()),
        ("constraint", "row 2: person: people has no such row")
    );
}

#[test]
fn an_export_is_a_whole_copy() {
    let fixture = Fixture::new();
    let target = fixture.folder.path().join("copy.db");
    fixture
        .dataset
        .export(&target, &CancelFlag::default())
        .unwrap();
    let copy = Connection::open(&target).unwrap();
    let name: String = copy
        .query_row("SELECT name FROM people", [], |row| row.get(0))
        .unwrap();
    assert_eq!(name, "Ann");
    let sound: String = copy
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    assert!(matches!(
        fixture.dataset.export(&target, &CancelFlag::default()),
        Err(StoreError::Conflict {
            code: "target_exists",
            ..
        })
    ));
}

#[test]
fn a_cancelled_export_leaves_nothing() {
    let fixture = Fixture::new();
    let target = fixture.folder.path().join("copy.db");
    let left = CancelFlag::default();
    left.cancel();
    assert!(matches!(
        fixture.dataset.export(&target, &left),
        Err(StoreError::Cancelled)
    ));
    assert!(!target.exists());
}

#[test]
fn an_export_that_waits_for_a_writer_hears_that_its_reader_left() {
    let fixture = Fixture::new();
    let writer = Connection::open(fixture.folder.path().join("one.db")).unwrap();
    writer.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let left = CancelFlag::default();
    let flag = left.clone();
    let dataset = fixture.dataset.clone();
    let target = fixture.folder.path().join("copy.db");
    let export = std::thread::spawn(move || dataset.export(&target, &flag));
    std::thread::sleep(std::time::Duration::from_millis(100));
    left.cancel();
    assert!(matches!(export.join().unwrap(), Err(StoreError::Cancelled)));
}

#[test]
fn a_database_that_is_gone_is_not_found() {
    let fixture = Fixture::new();
    std::fs::remove_file(fixture.folder.path().join("one.db")).unwrap();
    let limits = QueryLimits::default();
    assert!(matches!(
        fixture
            .dataset
            .query("SELECT 1", limits, &CancelFlag::default()),
        Err(StoreError::NotFound)
    ));
    assert!(matches!(
        SqliteDataset::open(&fixture.folder.path().join("one.db")),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn what_a_crash_left_half_written_is_rolled_back() {
    let fixture = Fixture::new();
    let path = fixture.folder.path().join("one.db");
    let writer = Connection::open(&path).unwrap();
    writer
        .execute_batch(
            "PRAGMA cache_size = 1; BEGIN; UPDATE people SET name = 'half';
             WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5000)
             INSERT INTO visits (note) SELECT printf('%500d', n) FROM c;",
        )
        .unwrap();
    // The files as a crash would leave them at this moment.
    let crashed = fixture.folder.path().join("crashed.db");
    std::fs::copy(&path, &crashed).unwrap();
    std::fs::copy(
        fixture.folder.path().join("one.db-journal"),
        fixture.folder.path().join("crashed.db-journal"),
    )
    .unwrap();
    let dataset = SqliteDataset::open(&crashed).unwrap();
    let result = dataset
        .query(
            "SELECT name, (SELECT count(*) FROM visits) FROM people",
            QueryLimits::default(),
            &CancelFlag::default(),
        )
        .unwrap();
    assert_eq!(result.rows, [[json!("Ann"), json!(0)]]);
}

/// How often `needle` stands in the files of the folder.
fn occurrences(folder: &std::path::Path, needle: &str) -> usize {
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .map(|bytes| {
            bytes
                .windows(needle.len())
                .filter(|window| *window == needle.as_bytes())
                .count()
        })
        .sum()
}

#[test]
fn h38_rows_taken_back_are_gone_from_the_file() {
    let fixture = Fixture::new();
    // Addresses in a random order, those of both side by side in the index.
    let people = |word: &str, from: usize| -> Vec<NewRow> {
        (from..from + 1_000)
            .map(|id| {
                let scattered = id.wrapping_mul(2_654_435_761) % 1_000_003;
                row(
                    json!({"id": id, "name": format!("{word} {}", "n".repeat(id % 300)),
                    "email": format!("{scattered:06}-{word}-{}", "e".repeat(id % 90))}),
                )
            })
            .collect()
    };
    let insert = |rows: &[NewRow]| {
        fixture
            .dataset
            .insert(&fixture.schema, "people", rows)
            .unwrap()
    };
    insert(&people("staying", 1_000));
    let receipt = insert(&people("planted", 5_000));
    assert!(occurrences(fixture.folder.path(), "planted") >= 2_000);
    fixture.dataset.undo_insert(&receipt).unwrap();
    assert_eq!(occurrences(fixture.folder.path(), "planted"), 0);
    assert_eq!(
        fixture.rows("SELECT count(*) FROM people WHERE name LIKE 'staying%'"),
        [[json!(1_000)]]
    );
}

#[test]
fn h38_rows_taken_back_leave_the_receipts_of_other_rows_good() {
    let fixture = Fixture::new();
    // No column is the row id here, so writing the file anew could number the rows anew.
    let visit = |note: &str| {
        let rows = [row(json!({"person": 1, "note": note}))];
        fixture
            .dataset
            .insert(&fixture.schema, "visits", &rows)
            .unwrap()
    };
    let (first, planted, last) = (visit("first"), visit("planted"), visit("last"));
    fixture.dataset.undo_insert(&planted).unwrap();
    assert_eq!(occurrences(fixture.folder.path(), "planted"), 0);
    fixture.dataset.undo_insert(&first).unwrap();
    fixture.dataset.undo_insert(&last).unwrap();
    assert_eq!(fixture.rows("SELECT count(*) FROM visits"), [[json!(0)]]);
}
