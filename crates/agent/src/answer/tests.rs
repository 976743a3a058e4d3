#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use serde_json::json;
use store::dataset::ResultColumn;

use super::*;

fn result(columns: &[&str], rows: Json) -> QueryResult {
    let rows: Vec<Vec<Json>> = serde_json::from_value(rows).unwrap();
    let column = |name: &&str| ResultColumn {
        name: (*name).into(),
        column_type: "ANY".into(),
    };
    QueryResult {
        columns: columns.iter().map(column).collect(),
        row_count: rows.len() as u64,
        rows,
        truncated: false,
        elapsed_ms: 1.0,
        tables: vec![],
    }
}

#[test]
fn one_value_is_a_sentence() {
    let count = result(&["count(*)"], json!([[412]]));
    assert_eq!(
        in_words("SELECT count(*) FROM customers", &count, None),
        "There are 412 customers."
    );
    assert_eq!(
        in_words(
            "SELECT count(*) FROM customers WHERE country = 'Germany'",
            &count,
            None
        ),
        "There are 412 customers where country is 'Germany'."
    );
    let average = result(&["avg(total)"], json!([[5.651_941_747]]));
    assert_eq!(
        in_words("SELECT avg(total) FROM orders", &average, None),
        "The average of total is 5.65."
    );
    let none = result(&["max(total)"], json!([[null]]));
    assert_eq!(
        in_words("SELECT max(total) FROM orders WHERE a = 1", &none, None),
        "There is no value where a is 1."
    );
}

#[test]
fn rows_are_listed_and_a_cut_off_is_said() {
    let mut top = result(&["name", "total"], json!([["Ann", 14021], ["Bob", 7.5]]));
    assert_eq!(
        in_words("SELECT name, total FROM t", &top, None),
        "2 rows were found:\n\n- Ann: total 14,021\n- Bob: total 7.5"
    );
    top.truncated = true;
    assert!(
        in_words("SELECT name, total FROM t", &top, None)
            .ends_with("Only the first 2 rows were read; there are more.")
    );
}

#[test]
fn nothing_found_names_the_condition() {
    let empty = result(&["name"], json!([]));
    assert_eq!(
        in_words(
            "SELECT name FROM t WHERE country = 'Atlantis'",
            &empty,
            None
        ),
        "Nothing was found where country is 'Atlantis'."
    );
    assert_eq!(
        in_words("SELECT name FROM t", &empty, Some("No row has it.")),
        "Nothing was found. No row has it."
    );
    let nested = "SELECT name FROM t WHERE id NOT IN (SELECT t_id FROM u)";
    assert_eq!(in_words(nested, &empty, None), "Nothing was found.");
}

#[test]
fn no_query_stands_in_a_sentence() {
    let count = result(&["n"], json!([[3]]));
    let said = in_words(
        "SELECT count(*) AS n FROM t WHERE id IN (SELECT t_id FROM u)",
        &count,
        None,
    );
    assert!(said.contains('3') && !said.contains("SELECT"), "{said}");
}

#[test]
fn cells_are_no_markdown() {
    let hostile = result(
        &["name", "n"],
        json!([["![x](http://evil/)<img>", 1], ["b", 2]]),
    );
    let text = in_words("SELECT name, n FROM t", &hostile, None);
    assert!(text.contains("\\!\\[x\\](http://evil/)\\<img\\>"), "{text}");
}

#[test]
fn a_number_that_is_not_in_the_result_is_noticed() {
    let rows = result(
        &["name", "total"],
        json!([["Ann 3", 14021], ["Bob", 7.456]]),
    );
    for good in [
        "Ann has 14,021, Bob 7.46.",
        "2 rows",
        "no numbers",
        "In 2024: 7.5",
        "Ann 3",
    ] {
        assert!(only_numbers_of(good, &rows, "top in 2024?"), "{good}");
    }
    for bad in ["Ann has 14,022.", "Bob has 7.47", "In 2023", "14"] {
        assert!(!only_numbers_of(bad, &rows, "top in 2024?"), "{bad}");
    }
}

#[test]
fn what_is_stored_is_inert_in_notes_too() {
    assert_eq!(
        inert("“[pay](https://evil)” ties\nwith it."),
        "“\\[pay\\](https://evil)” ties with it."
    );
}
