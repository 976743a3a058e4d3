//! Group H, as far as it needs no worker: what would be compiled without end is refused by its words, by every way in;
//! and what was added to what a statement may say.

use serde_json::json;

use super::Fixture;
use crate::StoreError;
use crate::dataset::{CancelFlag, Dataset, QueryLimits};

/// The code of the refusal, the same by query, check, explain and stream; the fixture is usable after.
fn refused(sql: &str) -> &'static str {
    let fixture = Fixture::new();
    let flag = CancelFlag::default();
    let dataset = &fixture.dataset;
    let streamed = dataset.stream(sql, 2_000, &flag, &mut |_| (), &mut |_| true);
    let codes = [
        code(fixture.query(sql).map(drop)),
        code(dataset.check(sql, &flag).map(drop)),
        code(dataset.explain(sql, &flag).map(drop)),
        code(streamed),
    ];
    assert!(codes.iter().all(|code| *code == codes[0]), "{codes:?}");
    assert_eq!(fixture.query("SELECT 1").unwrap().row_count, 1);
    codes[0]
}

fn code(outcome: Result<(), StoreError>) -> &'static str {
    match outcome {
        Ok(()) => "answered",
        Err(StoreError::Limit { code, .. } | StoreError::Denied { code, .. }) => code,
        Err(StoreError::BadSql { .. }) => "bad_sql",
        Err(other) => panic!("{other:?}"),
    }
}

fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

#[test]
fn h01_selects_nested_in_from_are_refused() {
    let sql = |times| nested("SELECT 1 FROM(", "SELECT 1", ")", times);
    assert_eq!(refused(&sql(6_000)), "too_complex");
    assert_eq!(refused(&sql(90)), "answered");
}

#[test]
fn h02_unions_nested_in_from_are_refused() {
    let sql = |times| nested("SELECT 1 FROM(", "SELECT 1", " UNION ALL SELECT 2)", times);
    assert_eq!(refused(&sql(1_450)), "too_complex");
    assert_eq!(refused(&sql(90)), "answered");
}

#[test]
fn h03_except_and_intersect_nested_are_refused() {
    for word in ["EXCEPT", "INTERSECT", "UNION"] {
        let sql = |times| {
            let close = format!(" {word} SELECT n FROM wide)");
            nested("SELECT * FROM (", "SELECT n FROM wide", &close, times)
        };
        assert_eq!(refused(&sql(1_000)), "too_complex", "{word}");
        assert_eq!(refused(&sql(20)), "answered", "{word}");
    }
}

#[test]
fn h04_in_nested_is_refused() {
    let sql = |times| nested("SELECT 1 WHERE 1 IN (", "SELECT 1", ")", times);
    assert_eq!(refused(&sql(3_000)), "too_complex");
    assert_eq!(refused(&sql(5)), "answered");
}

#[test]
fn h05_exists_nested_is_refused() {
    let sql = |times| nested("SELECT 1 FROM t WHERE EXISTS(", "SELECT 1", ")", times);
    assert_eq!(refused(&sql(3_000)), "too_complex");
    assert_eq!(refused(&sql(5)), "answered");
}

#[test]
fn h06_values_nested_or_many_are_refused() {
    assert_eq!(
        refused(&nested("VALUES((", "SELECT 1", "))", 2_000)),
        "too_complex"
    );
    assert_eq!(
        refused(&format!(
            "SELECT * FROM (VALUES (1){})",
            ",(1)".repeat(20_000)
        )),
        "too_complex"
    );
    assert_eq!(
        refused(&format!("VALUES (1){}", ",(1)".repeat(100))),
        "answered"
    );
}

#[test]
fn h07_window_definitions_without_number_are_refused() {
    let each: Vec<String> = (0..2_500)
        .map(|number| format!("(sum(n) OVER (ORDER BY n + {number}))"))
        .collect();
    assert_eq!(
        refused(&format!("SELECT {} FROM wide", each.join(", "))),
        "too_complex"
    );
    let chain: Vec<String> = (1..3_000)
        .map(|number| format!("w{number} AS (w{})", number - 1))
        .collect();
    assert_eq!(
        refused(&format!(
            "SELECT sum(n) OVER w2999 FROM wide WINDOW w0 AS (ORDER BY n), {}",
            chain.join(", ")
        )),
        "answered"
    );
}

#[test]
fn h08_chains_of_arrows_and_of_like_are_refused() {
    assert_eq!(
        refused(&format!("SELECT '{{}}'{}", "->'a'".repeat(5_000))),
        "bad_sql"
    );
    assert_eq!(
        refused(&format!("SELECT 1 WHERE 'a'{}", " LIKE 'a'".repeat(5_000))),
        "bad_sql"
    );
    assert_eq!(
        refused(&format!("SELECT '{{}}'{}", "->'a'".repeat(100))),
        "answered"
    );
}

#[test]
fn h09_joins_of_64_and_their_parentheses() {
    let tables: Vec<String> = (0..64).map(|number| format!("t t{number}")).collect();
    let sql = format!("SELECT count(*) FROM {} WHERE t0.id = 9", tables.join(", "));
    assert_eq!(refused(&sql), "answered");
    assert_eq!(refused(&sql.replace("t t0", "t t0, t x")), "bad_sql");
    assert_eq!(
        refused(&nested("SELECT 1 FROM (t JOIN ", "t", ")", 2_000)),
        "too_complex"
    );
}

#[test]
fn h10_table_expressions_that_name_the_one_before_twice_are_refused() {
    for body in [
        "SELECT x FROM a{} UNION ALL SELECT x FROM a{}",
        "SELECT l.x FROM a{} AS l, a{} AS r",
        "SELECT x FROM a{} WHERE x IN (SELECT x FROM a{})",
        "SELECT x FROM a{} WHERE x IN a{}",
        "SELECT x FROM a{} EXCEPT SELECT x FROM (\"A{}\")",
    ] {
        let mut sql = "WITH a0 AS (SELECT 1 AS x)".to_owned();
        for number in 1..=25 {
            let body = body.replace("{}", &(number - 1).to_string());
            sql += &format!(", a{number} AS ({body})");
        }
        assert_eq!(refused(&format!("{sql} SELECT * FROM a25")), "too_complex");
        assert_eq!(refused(&format!("{sql} SELECT * FROM a3")), "answered");
    }
}

#[test]
fn h11_with_nested_in_with_is_refused() {
    let sql = |times| nested("WITH a AS (", "SELECT 1", ") SELECT * FROM a", times);
    assert_eq!(refused(&sql(3_000)), "too_complex");
    assert_eq!(refused(&sql(20)), "answered");
}

#[test]
fn h12_expressions_of_expressions_count_with_their_depth() {
    let mut sql = "WITH a0 AS (SELECT 1 AS x)".to_owned();
    for number in 1..=90 {
        let body = nested(
            "SELECT x FROM (",
            &format!("SELECT x FROM a{}", number - 1),
            ")",
            50,
        );
        sql += &format!(", a{number} AS ({body})");
    }
    assert_eq!(refused(&format!("{sql} SELECT * FROM a90")), "too_complex");
    assert_eq!(refused(&format!("{sql} SELECT * FROM a1")), "answered");
}

#[test]
fn h21_json_each_and_json_tree_are_allowed_and_no_other_table_function() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.rows("SELECT t.id, j.value FROM t, json_each('[5, 6]') AS j WHERE t.id = j.key"),
        [[json!(1), json!(6)]]
    );
    assert_eq!(
        fixture.rows("SELECT count(*) FROM json_tree('{\"a\": [1, 2]}')"),
        [[json!(4)]]
    );
    assert_eq!(
        fixture
            .query("SELECT * FROM json_each('[1]')")
            .unwrap()
            .tables,
        Vec::<String>::new()
    );
    for function in [
        "pragma_table_list",
        "pragma_function_list()",
        "dbstat",
        "sqlite_dbpage",
        "fts5vocab('t', 'row')",
        "generate_series(1, 3)",
        "jsonb_each('[1]')",
    ] {
        for columns in ["*", "1", "count(*)"] {
            let sql = format!("SELECT {columns} FROM {function}");
            assert!(
                matches!(refused(&sql), "sql_denied" | "bad_sql"),
                "{sql} is answered"
            );
        }
    }
}

#[test]
fn h22_medians_hold_a_bounded_number_of_values() {
    let fixture = Fixture::new();
    let error = fixture
        .query("SELECT median(a.n), percentile(b.n, 9) FROM wide a, wide b")
        .expect_err("18 million numbers");
    match error {
        StoreError::Limit {
            code: "too_complex",
            message,
        } => {
            assert!(message.contains("at most 2000000 numbers"), "{message}");
        }
        // On a slow machine the time is over first.
        StoreError::Limit { code, .. } => assert_eq!(code, "query_timeout"),
        other => panic!("{other:?}"),
    }
    assert_eq!(
        fixture.rows("SELECT median(n) FROM wide"),
        [[json!(1_500.5)]]
    );
}

#[test]
fn h22_modes_hold_a_bounded_number_of_texts_together_with_medians() {
    let fixture = Fixture::new();
    // Time enough for a slow machine: only the room is under test.
    let limits = QueryLimits {
        deadline_ms: 60_000,
        ..QueryLimits::default()
    };
    let query = |sql: &str| fixture.dataset.query(sql, limits, &CancelFlag::default());
    let is_full = |sql: &str| match query(sql) {
        Ok(_) => false,
        Err(StoreError::Limit {
            code: "too_complex",
            message,
        }) => {
            assert!(message.contains("at most 2000000 numbers"), "{message}");
            true
        }
        other => panic!("{sql}: {other:?}"),
    };
    // Texts that all differ: 400 000 short ones, 18 000 of a kilobyte.
    assert!(is_full(
        "SELECT mode(a.n * 1000 + b.n) FROM wide a, wide b WHERE b.n <= 134"
    ));
    assert!(is_full(
        "SELECT mode(printf('%01000d', a.n * 10 + b.n)) FROM wide a, wide b WHERE b.n <= 6"
    ));
    // Either alone has room: 300 000 numbers, and 12 000 texts that take the room of 1 716 000.
    let numbers = "median(a.n)";
    let texts = "mode(CASE WHEN b.n <= 4 THEN printf('%01100d', a.n * 10 + b.n) END)";
    let from = "FROM wide a, wide b WHERE b.n <= 100";
    assert!(!is_full(&format!("SELECT {numbers} {from}")));
    assert!(!is_full(&format!("SELECT {texts} {from}")));
    assert!(is_full(&format!("SELECT {numbers}, {texts} {from}")));
    // A text that is met again takes no more room, and what a group held is given back with it.
    assert_eq!(
        query("SELECT mode(a.s) FROM wide a, wide b WHERE a.n = 1")
            .unwrap()
            .rows,
        [[json!("row 1")]]
    );
    let groups = "SELECT b.n, mode(a.s) FROM wide a, wide b WHERE b.n <= 120 GROUP BY b.n";
    assert_eq!(query(groups).unwrap().row_count, 120);
}

#[test]
fn h23_a_denied_drop_does_not_name_sqlites_own_tables() {
    let fixture = Fixture::new();
    for sql in [
        "DROP TABLE t",
        "CREATE TABLE x (a)",
        "CREATE INDEX i ON t (name)",
        "ALTER TABLE t RENAME TO u",
    ] {
        match fixture.query(sql) {
            Err(StoreError::Denied {
                code: "sql_denied",
                message,
            }) => {
                assert!(message.starts_with("only reading is allowed"), "{message}");
                assert!(!message.contains("sqlite_"), "{sql}: {message}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[test]
fn h24_a_name_that_does_not_exist_is_shown_with_its_place_and_the_nearest_one() {
    let fixture = Fixture::new();
    for (sql, words) in [
        (
            "SELECT prise FROM t",
            "no such column: prise (line 1, character 8); the nearest is price of t",
        ),
        (
            "SELECT id,\n  x.ntoe FROM t AS x",
            "no such column: x.ntoe (line 2, character 3); the nearest is note of t",
        ),
        (
            "SELECT * FROM wied",
            "no such table: wied; the nearest is wide",
        ),
        (
            "SELECT mediam(n) FROM wide",
            "no such function: mediam (line 1, character 8); the nearest is median",
        ),
    ] {
        match fixture.query(sql) {
            Err(StoreError::BadSql { message }) => assert_eq!(message, words),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[test]
fn medians_percentiles_and_deviations_are_those_of_the_textbook() {
    let fixture = Fixture::new();
    let row = fixture.rows(
        "WITH v (x, g) AS (VALUES (2, 'a'), (4, 'a'), (4, 'b'), (4, 'b'), (5, 'b'), (5, 'b'), (7, 'b'), (9, 'b'), (NULL, 'b'))
         SELECT median(x), percentile(x, 25), percentile_cont(x, 0.9), percentile_disc(x, 0.9), stddev_pop(x),
                var_pop(x), variance(x) = var_samp(x), round(stddev(x), 6), round(stddev_samp(x), 6) FROM v",
    );
    assert_eq!(
        row,
        [[
            json!(4.5),
            json!(4.0),
            json!(7.6),
            json!(7.0),
            json!(2.0),
            json!(4.0),
            json!(1),
            json!(2.13809),
            json!(2.13809)
        ]]
    );
    assert_eq!(
        fixture.rows("SELECT median(x), stddev(x), var_pop(x) FROM (SELECT NULL AS x)"),
        [[json!(null), json!(null), json!(null)]]
    );
    assert_eq!(
        fixture.rows("SELECT stddev(1), stddev_pop(1), median(1)"),
        [[json!(null), json!(0.0), json!(1.0)]]
    );
}

#[test]
fn the_mode_is_the_commonest_text_and_of_several_the_first() {
    let fixture = Fixture::new();
    let of = |values: &str| {
        fixture
            .rows(&format!(
                "SELECT mode(x) FROM (SELECT column1 AS x FROM (VALUES {values}))"
            ))
            .remove(0)
            .remove(0)
    };
    assert_eq!(
        of("('fig'), ('apple'), ('fig'), (NULL), (NULL), (NULL)"),
        "fig"
    );
    // Whatever order the rows come in.
    assert_eq!(of("('pear'), ('fig'), ('fig'), ('pear')"), "fig");
    assert_eq!(of("('fig'), ('pear'), ('pear'), ('fig')"), "fig");
    // Capital letters and blanks make another text.
    assert_eq!(of("('fig'), ('Fig'), ('fig '), ('fig ')"), "fig ");
    assert_eq!(of("('')"), "");
    assert_eq!(of("(7), (2.5), (7)"), "7");
    assert_eq!(of("(NULL)"), json!(null));
}

#[test]
fn each_group_has_a_mode_of_its_own() {
    let fixture = Fixture::new();
    assert_eq!(
        fixture.rows(
            "SELECT n % 2, mode(CASE WHEN n < 1000 THEN 'low' ELSE 'high' || (n % 2) END) FROM wide GROUP BY n % 2 ORDER BY 1"
        ),
        [
            [json!(0), json!("high0")],
            [json!(1), json!("high1")]
        ]
    );
    assert_eq!(
        fixture.rows("SELECT mode(name) FROM t WHERE id > 99"),
        [[json!(null)]]
    );
    for sql in [
        "SELECT mode(x'00') FROM t",
        "SELECT mode() FROM t",
        "SELECT mode(id, id) FROM t",
    ] {
        assert_eq!(code(fixture.query(sql).map(drop)), "bad_sql", "{sql}");
    }
}

#[test]
fn they_are_window_functions_too() {
    let fixture = Fixture::new();
    let rows = fixture.rows(
        "SELECT median(n) OVER w, round(stddev_pop(n) OVER w, 6), percentile(n, 100) OVER (ORDER BY n)
         FROM wide WHERE n < 7 WINDOW w AS (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) ORDER BY n",
    );
    let medians: Vec<_> = rows.iter().map(|row| row[0].as_f64().unwrap()).collect();
    assert_eq!(medians, [1.5, 2.0, 3.0, 4.0, 5.0, 5.5]);
    assert_eq!(rows[2][1], json!(0.816_497));
    assert_eq!(rows[5], [json!(5.5), json!(0.5), json!(6.0)]);
}

#[test]
fn what_is_no_number_or_no_share_is_an_error() {
    for sql in [
        "SELECT median(name) FROM t",
        "SELECT stddev(name) FROM t",
        "SELECT percentile(id, 101) FROM t",
        "SELECT percentile_cont(id, 50) FROM t",
        "SELECT percentile(id, id) FROM t",
        "SELECT percentile(id, NULL) FROM t",
    ] {
        let fixture = Fixture::new();
        assert_eq!(code(fixture.query(sql).map(drop)), "bad_sql", "{sql}");
    }
}
