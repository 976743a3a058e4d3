//! Tables split off one wide file.

use schema_gen::model::{SourceRows, Table, TableSource};

use super::super::undo_row;
use super::*;
use crate::StoreError;
use crate::dataset::load::tests::{numbered, relationship};

fn split(name: &str, key: &[&str], columns: &[&str]) -> Table {
    Table {
        source: TableSource {
            csv_id: "wide".to_owned(),
            rows: SourceRows::Distinct,
        },
        ..table(name, key, columns)
    }
}

/// Orders that look their city up; the city of line 4 is refused for its size, the orders of lines 5 and 7 for themselves.
fn case() -> Case {
    let mut orders = Table {
        name: "orders".to_owned(),
        ..table("wide", &["id"], &["id INTEGER", "amount INTEGER NOT NULL"])
    };
    orders.columns.push(numbered("city_id"));
    let mut cities = split("cities", &["city_id"], &["city TEXT", "size INTEGER"]);
    cities.columns.insert(0, numbered("city_id"));
    for column in &mut cities.columns {
        column.misfits = schema_gen::model::Misfits::SetAside;
    }
    Case::of(
        &[(
            "wide.csv",
            "id,amount,city,size\n1,10,Bern,5\n2,20,Rome,9\n3,30,Oslo,big\n4,,Bern,5\nx,50,Oslo,big\n",
        )],
        schema(
            vec![orders, cities],
            vec![relationship("orders.city_id", "cities.city_id")],
        ),
    )
}

const JOINED: &str = "SELECT o.id || ' ' || coalesce(city, '-') FROM orders o LEFT JOIN cities c USING (city_id) ORDER BY o.id";

#[test]
fn a_row_finds_the_row_that_its_record_is_in_another_table() {
    let case = case();
    assert_eq!(case.texts(JOINED), ["1 Bern", "2 Rome", "3 -"]);
    assert!(
        case.mended(case.row("orders", 5), &[("amount", Some("40"))])
            .stored
    );
    assert_eq!(case.texts(JOINED), ["1 Bern", "2 Rome", "3 -", "4 Bern"]);
    case.recounted();
}

#[test]
fn also_one_that_was_set_aside_itself() {
    let case = case();
    let order = mend(case.row("orders", 6), &[("id", Some("5"))]);
    let city = mend(case.row("cities", 6), &[("size", Some("7"))]);
    assert!(
        case.mend(&[order, city], MendMode::default())
            .unwrap()
            .stored
    );
    assert_eq!(case.texts(JOINED), ["1 Bern", "2 Rome", "3 -", "5 Oslo"]);
    case.recounted();
}

#[test]
fn a_number_of_another_row_can_be_given_by_hand() {
    let case = case();
    let order = case.row("orders", 6);
    let id = ("id", Some("5"));
    assert_eq!(
        said(&case.faults(order, &[id, ("city_id", Some("Rome"))])),
        [(Some("city_id"), "\"Rome\" is not a whole number")]
    );
    assert_eq!(
        said(&case.faults(order, &[id, ("city_id", Some("99"))])),
        [(
            Some("city_id"),
            "city_id refers to a row of cities that is not there"
        )]
    );
    assert!(case.mended(order, &[id, ("city_id", Some("2"))]).stored);
    assert_eq!(case.texts(JOINED), ["1 Bern", "2 Rome", "3 -", "5 Rome"]);
}

#[test]
fn rows_that_become_equal_are_merged() {
    let case = case();
    let [first, second] = [4, 6].map(|line| case.row("cities", line));
    let size = ("size", Some("7"));
    assert!(!case.mended(first, &[size]).fitting[0].merged);
    assert!(case.mended(second, &[size]).fitting[0].merged);
    let cities = &case.recounted().tables[1];
    assert_eq!((cities.row_count, cities.merged, cities.mended), (3, 2, 2));
    let target = case.import.target();
    assert!(matches!(
        undo_row(&target, &case.schema, &[], first),
        Err(StoreError::Conflict {
            code: "rows_merged",
            ..
        })
    ));
    undo_row(&target, &case.schema, &[], second).unwrap();
    undo_row(&target, &case.schema, &[], first).unwrap();
    assert_eq!(case.recounted(), case.report);
    let nothing = [("city", None), ("size", None)];
    assert_eq!(
        said(&case.faults(first, &nothing)),
        [(None, "all of it is empty: nothing is left to store")]
    );
}
