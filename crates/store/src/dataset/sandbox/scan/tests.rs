#![allow(clippy::unwrap_used, clippy::panic, clippy::format_push_string)]
use super::*;

/// The message of the refusal.
fn refusal(sql: &str) -> String {
    match scan(sql) {
        Err(StoreError::Limit {
            code: "too_complex",
            message,
        }) => message,
        other => panic!("{other:?}: {sql}"),
    }
}

/// `count` expressions after the first one, each made of the one before.
fn chain(count: usize, body: impl Fn(&str) -> String) -> String {
    let mut sql = "WITH a0 AS (SELECT 1 AS x)".to_owned();
    for index in 1..=count {
        sql += &format!(", a{index} AS ({})", body(&format!("a{}", index - 1)));
    }
    format!("{sql} SELECT * FROM a{count}")
}

#[test]
fn what_people_and_models_write_passes() {
    for sql in [
        "SELECT 1",
        "WITH total AS (SELECT sum(n) AS total FROM wide), share AS (SELECT total, total * 2 FROM total) \
         SELECT total.total, share.total FROM total, share WHERE total.total > 0",
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 10) SELECT * FROM c",
        "SELECT '((((' || \"a(\" /* ((( */ FROM t -- ((((",
    ] {
        scan(sql).unwrap();
    }
    scan(&chain(60, |before| {
        format!("SELECT x FROM {before} WHERE x IN (1, 2)")
    }))
    .unwrap();
    scan(&format!("SELECT {}1{}", "(".repeat(100), ")".repeat(100))).unwrap();
}

#[test]
fn the_parenthesis_too_many_is_named_by_its_position() {
    let sql = format!("SELECT 1\nFROM {}", "(".repeat(101));
    assert_eq!(
        refusal(&sql),
        "more than 100 parentheses are open at line 2, character 106: nest less"
    );
}

#[test]
fn expressions_that_name_each_other_twice_are_weighed() {
    let twice = |before: &str| format!("SELECT * FROM {before} a JOIN {before} b");
    scan(&chain(7, twice)).unwrap();
    let message = refusal(&chain(25, twice));
    assert!(
        message.contains("more than 500 SELECTs") && message.contains("is named 2 times"),
        "{message}"
    );
}

#[test]
fn every_way_to_name_a_table_counts() {
    for body in [
        "SELECT * FROM {} a, {} b",
        "SELECT * FROM ({}), (({}) CROSS JOIN t)",
        "SELECT * FROM \"{}\" x, [{}]",
        "SELECT * FROM `{}` AS x NATURAL JOIN '{}'",
        "SELECT * FROM/**/\u{feff}{},--\n{}",
        "SELECT 1 FROM t WHERE x IN {} OR x NOT IN {}",
        "SELECT (SELECT x FROM {}) + (SELECT x FROM {})",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM {}) AND 1 IN (SELECT x FROM {})",
        "WITH y AS (SELECT * FROM {}) SELECT * FROM y, y",
        "SELECT x FROM {} EXCEPT SELECT x FROM {}",
        "SELECT * FROM t JOIN {} ON x IN (1, 2), {}",
        "SELECT * FROM {} window, {}",
    ] {
        let sql = chain(12, |before| body.replace("{}", before));
        assert!(refusal(&sql).contains("more than 500 SELECTs"), "{body}");
        let upper = chain(12, |before| body.replace("{}", &before.to_uppercase()));
        assert!(refusal(&upper).contains("more than 500 SELECTs"), "{body}");
    }
}

#[test]
fn what_only_looks_like_a_tables_name_does_not_count() {
    for body in [
        "SELECT {0}.x, {0}.x, x AS {0} FROM {0}",
        "SELECT x, '{0}', main.x FROM {0} ORDER BY x",
        "SELECT x FROM {0} WHERE x IN ({0}.x, {0}.x)",
    ] {
        scan(&chain(20, |before| body.replace("{0}", before))).unwrap();
    }
}

#[test]
fn an_inner_name_hides_an_outer_one_until_its_parenthesis_closes() {
    let heavy = (0..450)
        .map(|_| "SELECT 1")
        .collect::<Vec<_>>()
        .join(" UNION ALL ");
    let sql = |last: &str| {
        format!(
            "WITH a AS ({heavy}) SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a, a, a), {last}"
        )
    };
    scan(&sql("t")).unwrap();
    scan(&sql("a")).unwrap();
    refusal(&sql("a, a"));
}

#[test]
fn depth_adds_up_along_names() {
    let nested = |before: &str| {
        format!(
            "{}SELECT x FROM {before}{}",
            "SELECT x FROM (".repeat(9),
            ")".repeat(9)
        )
    };
    scan(&chain(9, nested)).unwrap();
    assert!(refusal(&chain(11, nested)).contains("more than 100 parentheses open at once"));
}

#[test]
fn many_expressions_selects_windows_and_words_are_refused() {
    assert!(refusal(&chain(101, |_| "SELECT 1".into())).contains("common table expressions"));
    let selects = "(SELECT 1), ".repeat(501);
    assert!(refusal(&format!("SELECT {selects}1")).contains("more than 500 SELECTs: split it"));
    let windows = "sum(n) OVER w, ".repeat(101);
    assert!(refusal(&format!("SELECT {windows}1")).contains("more than 100 window functions"));
    let long = |before: &str| {
        format!(
            "SELECT * FROM {before} WHERE x IN ({}1)",
            "1, ".repeat(1_000)
        )
    };
    let names = (0..15)
        .map(|index| format!("a20 b{index}"))
        .collect::<Vec<_>>()
        .join(", ");
    let sql = chain(20, long).replace("SELECT * FROM a20", "SELECT * FROM t") + ", " + &names;
    assert!(refusal(&sql).contains("more than 100000 words"));
}

#[test]
fn parameters_are_denied_whatever_follows_them() {
    for sql in [
        "SELECT ?",
        "SELECT :a",
        "SELECT @a",
        "SELECT $a('), ((((",
        "SELECT #1",
    ] {
        assert!(
            matches!(
                scan(sql),
                Err(StoreError::Denied {
                    code: "sql_denied",
                    ..
                })
            ),
            "{sql}"
        );
    }
}
