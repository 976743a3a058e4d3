//! Group A: denied, every byte of the database as before, no new file.

use super::Fixture;
use crate::StoreError;
use crate::dataset::{CancelFlag, Dataset};

/// Runs `sql` by every way in; `code` of the refusal, `bad_sql` where SQLite does not understand it.
fn refused(sql: &str) -> &'static str {
    let fixture = Fixture::new();
    let before = fixture.bytes();
    let code = code(fixture.query(sql).expect_err(sql));
    assert_eq!(code_of_check(&fixture, sql), code, "check: {sql}");
    let streamed =
        fixture
            .dataset
            .stream(sql, 2_000, &CancelFlag::default(), &mut |_| (), &mut |_| {
                true
            });
    assert_eq!(self::code(streamed.expect_err(sql)), code, "stream: {sql}");
    let explained = fixture.dataset.explain(sql, &CancelFlag::default());
    assert_eq!(
        self::code(explained.expect_err(sql)),
        code,
        "explain: {sql}"
    );
    assert_eq!(fixture.bytes(), before, "{sql}");
    // Still usable.
    assert_eq!(
        fixture.query("SELECT count(*) FROM t").unwrap().row_count,
        1
    );
    code
}

fn code_of_check(fixture: &Fixture, sql: &str) -> &'static str {
    code(
        fixture
            .dataset
            .check(sql, &CancelFlag::default())
            .expect_err(sql),
    )
}

fn code(error: StoreError) -> &'static str {
    match error {
        StoreError::Denied { code, .. } | StoreError::Limit { code, .. } => code,
        StoreError::BadSql { .. } => "bad_sql",
        other => panic!("{other:?}"),
    }
}

/// Refused by the sandbox, or not understood for want of the function or module.
fn assert_denied(sql: &str) {
    let code = refused(sql);
    assert!(matches!(code, "sql_denied" | "bad_sql"), "{sql}: {code}");
}

#[test]
fn a01_attach_is_denied() {
    let other = Fixture::new();
    let sql = format!("ATTACH '{}' AS b", other.path.display());
    assert_eq!(refused(&sql), "sql_denied");
}

#[test]
fn a02_vacuum_into_is_denied_and_makes_no_file() {
    let target = tempfile::tempdir().unwrap();
    let path = target.path().join("x");
    assert_denied(&format!("VACUUM INTO '{}'", path.display()));
    assert!(!path.exists());
}

#[test]
fn a03_pragma_then_vacuum_is_denied_and_makes_no_file() {
    let target = tempfile::tempdir().unwrap();
    let path = target.path().join("x");
    let sql = format!("PRAGMA query_only=0; VACUUM INTO '{}'", path.display());
    assert_eq!(refused(&sql), "sql_denied");
    assert!(!path.exists());
}

#[test]
fn a04_stacked_delete_is_denied() {
    assert_eq!(refused("SELECT 1; DELETE FROM t"), "sql_denied");
    assert_eq!(refused("SELECT 1; SELECT 2"), "sql_denied");
}

#[test]
fn a05_stacked_statement_with_a_parameter_is_denied() {
    assert_eq!(refused("SELECT ?; DROP TABLE t"), "sql_denied");
    assert_eq!(refused("SELECT ?"), "sql_denied");
}

#[test]
fn a06_statement_after_a_comment_is_denied() {
    assert_eq!(refused("SELECT 1 --\n; DROP TABLE t"), "sql_denied");
}

#[test]
fn a07_nul_is_refused_at_once() {
    let started = std::time::Instant::now();
    assert_eq!(refused("SELECT 1\0;DROP TABLE t"), "sql_nul");
    assert!(started.elapsed().as_millis() < 500);
}

#[test]
fn a08_nothing_is_not_a_query() {
    for sql in ["", " ", ";", "/* */", "-- only a comment"] {
        assert_eq!(refused(sql), "sql_empty", "{sql:?}");
    }
}

#[test]
fn a09_delete_behind_with_is_denied() {
    assert_eq!(refused("WITH x AS (SELECT 1) DELETE FROM t"), "sql_denied");
}

#[test]
fn a10_insert_returning_is_denied() {
    assert_eq!(
        refused("INSERT INTO t (id, name) VALUES (9, 'x') RETURNING id"),
        "sql_denied"
    );
    assert_eq!(
        refused("UPDATE t SET name = 'x' RETURNING id"),
        "sql_denied"
    );
}

#[test]
fn a11_explain_delete_is_denied() {
    assert_eq!(refused("EXPLAIN DELETE FROM t"), "sql_denied");
    assert_eq!(refused("EXPLAIN QUERY PLAN DELETE FROM t"), "sql_denied");
    assert_eq!(refused("EXPLAIN SELECT * FROM t"), "sql_denied");
}

#[test]
fn a12_heap_limit_is_denied() {
    assert_eq!(refused("PRAGMA hard_heap_limit=1000"), "sql_denied");
}

#[test]
fn a13_writable_schema_is_denied() {
    assert_eq!(refused("PRAGMA writable_schema=ON"), "sql_denied");
}

#[test]
fn a14_pragma_functions_are_denied() {
    assert_denied("SELECT file FROM pragma_database_list");
    assert_denied("SELECT count(*) FROM pragma_database_list");
    assert_denied("SELECT * FROM pragma_table_info('t')");
    assert_denied("WITH x AS (SELECT 1 FROM pragma_database_list) SELECT count(*) FROM x");
}

#[test]
fn a15_dbstat_is_denied() {
    assert_denied("SELECT * FROM dbstat");
    assert_denied("SELECT count(*) FROM dbstat");
    assert_denied("SELECT count(*) FROM main.dbstat");
}

#[test]
fn a16_sqlite_master_is_denied() {
    for table in [
        "sqlite_master",
        "sqlite_schema",
        "SQLITE_MASTER",
        "main.sqlite_master",
        "sqlite_temp_master",
        "temp.sqlite_master",
        "\"sqlite_master\"",
    ] {
        assert_denied(&format!("SELECT sql FROM {table}"));
        assert_denied(&format!("SELECT count(*) FROM {table}"));
        assert_denied(&format!(
            "SELECT 1 FROM t WHERE EXISTS (SELECT 1 FROM {table})"
        ));
    }
}

#[test]
fn a17_load_extension_is_denied() {
    assert_denied("SELECT load_extension('x')");
}

#[test]
fn a18_file_functions_are_denied() {
    assert_denied("SELECT writefile('/tmp/x', 'y')");
    assert_denied("SELECT readfile('/etc/passwd')");
    assert_denied("SELECT edit('x')");
}

#[test]
fn a19_fts3_tokenizer_is_denied() {
    assert_denied("SELECT fts3_tokenizer('simple')");
}

#[test]
fn a20_temp_table_is_denied() {
    assert_eq!(refused("CREATE TEMP TABLE x AS SELECT 1"), "sql_denied");
}

#[test]
fn a21_virtual_table_is_denied() {
    assert_denied("CREATE VIRTUAL TABLE f USING fts5(x)");
}

#[test]
fn a22_transactions_are_denied() {
    for sql in [
        "BEGIN EXCLUSIVE",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT a",
        "ROLLBACK",
    ] {
        assert_eq!(refused(sql), "sql_denied", "{sql}");
    }
}

#[test]
fn a23_double_quotes_are_never_strings() {
    assert_eq!(refused("SELECT \"nosuch\" FROM t"), "bad_sql");
}

#[test]
fn every_other_kind_of_statement_is_denied() {
    for sql in [
        "DROP TABLE t",
        "ALTER TABLE t ADD COLUMN x",
        "CREATE INDEX i ON t (name)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END",
        "REINDEX",
        "ANALYZE",
        "VACUUM",
        "DETACH main",
        "REPLACE INTO t (id, name) VALUES (1, 'x')",
        "SELECT sqlite_compileoption_get(1)",
        "SELECT sqlite_version()",
        "SELECT randomblob(10)",
        "SELECT changes()",
    ] {
        assert_denied(sql);
    }
}
