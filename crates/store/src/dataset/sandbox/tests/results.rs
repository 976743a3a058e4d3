use serde_json::json;

use super::Fixture;
use crate::StoreError;
use crate::dataset::{CancelFlag, Dataset, QueryLimits};

#[test]
fn ordinary_queries_work() {
    let fixture = Fixture::new();
    assert_eq!(fixture.rows("SELECT count(*) FROM t"), [[json!(3)]]);
    assert_eq!(
        fixture.rows("WITH x AS (SELECT * FROM t) SELECT count(*) FROM x"),
        [[json!(3)]]
    );
    assert_eq!(
        fixture.rows("SELECT count(*) FROM (SELECT 1 FROM t) AS json"),
        [[json!(3)]]
    );
    assert_eq!(
        fixture.rows("SELECT T.NAME FROM T WHERE rowid = 2;  -- the pear\n"),
        [[json!("pear")]]
    );
    assert_eq!(
        fixture.rows("SELECT name, rank() OVER (ORDER BY price DESC) FROM t WHERE price > 0 ORDER BY 2 LIMIT 1"),
        [[json!("pear"), json!(1)]]
    );
    assert_eq!(
        fixture.rows(
            "SELECT strftime('%Y', '2026-01-31'), round(avg(price), 2), upper(max(name)) FROM t"
        ),
        [[json!("2026"), json!(0.88), json!("PEAR")]]
    );
    assert_eq!(
        fixture.rows("VALUES (1, 'a'), (2, NULL)"),
        [[json!(1), json!("a")], [json!(2), json!(null)]]
    );
}

#[test]
fn columns_have_declared_types_or_those_of_their_values() {
    let fixture = Fixture::new();
    let result = fixture
        .query("SELECT id, price, note, price * 2 AS double, NULL AS empty, note || '' FROM t ORDER BY id")
        .unwrap();
    let types: Vec<&str> = result
        .columns
        .iter()
        .map(|column| column.column_type.as_str())
        .collect();
    assert_eq!(types, ["INTEGER", "REAL", "TEXT", "REAL", "NULL", "TEXT"]);
    let checked = fixture
        .dataset
        .check("SELECT id, 1 + 1 FROM t", &CancelFlag::default())
        .unwrap();
    assert_eq!(checked[0].column_type, "INTEGER");
    assert_eq!(checked[1].column_type, "");
}

#[test]
fn tables_read_are_named() {
    let fixture = Fixture::new();
    let result = fixture
        .query("SELECT count(*) FROM WIDE WHERE n IN (SELECT id FROM t)")
        .unwrap();
    assert_eq!(result.tables, ["t", "wide"]);
}

#[test]
fn rows_beyond_the_limit_show_as_truncated() {
    let fixture = Fixture::new();
    let result = fixture.query("SELECT n FROM wide ORDER BY n").unwrap();
    assert_eq!((result.row_count, result.truncated), (1_000, true));
    let limits = QueryLimits {
        max_rows: 1_000,
        offset: 2_000,
        ..QueryLimits::default()
    };
    let last = fixture
        .dataset
        .query(
            "SELECT n FROM wide ORDER BY n",
            limits,
            &CancelFlag::default(),
        )
        .unwrap();
    assert_eq!((last.row_count, last.truncated), (1_000, false));
    assert_eq!(last.rows[0], [json!(2_001)]);
}

#[test]
fn large_integers_are_strings() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.rows("SELECT 9007199254740992, 9007199254740993, -9223372036854775807 - 1"),
        [[
            json!(9_007_199_254_740_992_i64),
            json!("9007199254740993"),
            json!("-9223372036854775808")
        ]]
    );
    assert_eq!(
        fixture.rows("SELECT 9e999, x'00ff', 1.0"),
        [[json!("inf"), json!("00ff"), json!(1.0)]]
    );
}

#[test]
fn text_is_cut_between_characters() {
    let fixture = Fixture::new();
    let limits = QueryLimits {
        max_bytes: 4,
        ..QueryLimits::default()
    };
    let result = fixture
        .dataset
        .query("SELECT 'äöü'", limits, &CancelFlag::default())
        .unwrap();
    assert_eq!(result.rows, [[json!("äö")]]);
    assert!(result.truncated);
}

#[test]
fn streaming_has_no_row_limit_and_can_be_stopped() {
    let fixture = Fixture::new();
    let (mut rows, mut columns) = (0, 0);
    fixture
        .dataset
        .stream(
            "SELECT a.n, b.s FROM wide a, t, wide b WHERE a.n < 3 AND t.id = 1",
            5_000,
            &CancelFlag::default(),
            &mut |found| columns = found.len(),
            &mut |_| {
                rows += 1;
                true
            },
        )
        .unwrap();
    assert_eq!((rows, columns), (6_000, 2));
    let mut few = 0;
    fixture
        .dataset
        .stream(
            "SELECT n FROM wide",
            5_000,
            &CancelFlag::default(),
            &mut |_| (),
            &mut |_| {
                few += 1;
                few < 3
            },
        )
        .unwrap();
    assert_eq!(few, 3);
}

#[test]
fn the_plan_is_explained() {
    let fixture = Fixture::new();
    let plan = fixture
        .dataset
        .explain(
            "SELECT name FROM t WHERE id = 1 ORDER BY name",
            &CancelFlag::default(),
        )
        .unwrap();
    assert!(
        plan[0].contains("SEARCH t USING INTEGER PRIMARY KEY"),
        "{plan:?}"
    );
}

#[test]
fn sqlites_words_about_bad_sql_come_through() {
    let fixture = Fixture::new();
    for (sql, words) in [
        (
            "SELECT nosuch FROM t",
            "no such column: nosuch (line 1, character 8)",
        ),
        ("SELECT * FROM nosuch", "no such table: nosuch"),
        (
            "SELEC 1",
            "near \"SELEC\": syntax error (line 1, character 1)",
        ),
        (
            "SELECT nosuch(1)",
            "no such function: nosuch (line 1, character 8)",
        ),
    ] {
        match fixture.query(sql) {
            Err(StoreError::BadSql { message }) => assert_eq!(message, words),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[test]
fn the_replaced_functions_do_what_sqlites_do() {
    let fixture = Fixture::new();
    let plain = rusqlite::Connection::open_in_memory().unwrap();
    for call in [
        "instr('straße', 'ß')",
        "instr('abc', '')",
        "instr('abc', 'x')",
        "instr(NULL, 'x')",
        "instr('x', NULL)",
        "instr(12345, 34)",
        "instr(1.5, '.')",
        "instr(2.0, '.0')",
        "replace('banana', 'an', '<an>')",
        "replace('abc', '', 'x')",
        "replace('abc', 'b', NULL)",
        "replace(1001, 0, 'o')",
        "trim('xxhixyx', 'xy')",
        "ltrim('xxhix', 'x')",
        "rtrim('ääñ', 'ñ')",
        "trim('abc', '')",
        "trim(NULL, 'a')",
        "trim(7.50, '0')",
        "trim('  a  ')",
    ] {
        let sql = format!("SELECT quote({call})");
        let expected: String = plain.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(fixture.rows(&sql), [[json!(expected)]], "{call}");
    }
}

#[test]
fn distinct_values_come_most_frequent_first() {
    let fixture = Fixture::new();
    let values = fixture
        .dataset
        .distinct_values("t", "name", 2, &CancelFlag::default())
        .unwrap();
    assert_eq!(values, ["apple", "fig"]);
    assert!(
        fixture
            .dataset
            .distinct_values("sqlite_master", "sql", 2, &CancelFlag::default())
            .is_err()
    );
    assert!(
        fixture
            .dataset
            .distinct_values("t", "x\" FROM sqlite_master --", 2, &CancelFlag::default())
            .is_err()
    );
}

#[test]
fn whoever_has_left_is_heard_by_short_statements_too() {
    let fixture = Fixture::new();
    let left = CancelFlag::default();
    left.cancel();
    let (dataset, sql) = (&fixture.dataset, "SELECT 1");
    let cancelled = [
        dataset.check(sql, &left).err(),
        dataset.explain(sql, &left).err(),
        dataset.distinct_values("t", "name", 2, &left).err(),
        dataset.query(sql, QueryLimits::default(), &left).err(),
    ];
    for error in cancelled {
        assert!(matches!(error, Some(StoreError::Cancelled)), "{error:?}");
    }
}
