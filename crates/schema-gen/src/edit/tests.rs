#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ingest::ColumnType;

use super::*;
use crate::testing::{Files, relationship};
use crate::validate;

const CUSTOMERS: &str = "id,name,code\n1,Ada,7\n2,Bo,x\n3,Cy,7\n";
const ORDERS: &str = "order_id,customer_id,buyer\n10,1,1\n11,1,2\n12,3,9\n";

fn shop() -> (Files, Schema) {
    let files = Files::new(&[("orders.csv", ORDERS), ("customers.csv", CUSTOMERS)]);
    let schema = files.schema();
    (files, schema)
}

fn messages(files: &Files, schema: &Schema) -> Vec<String> {
    assert_eq!(validate(schema, &files.sources), []);
    check_against_data(schema, &files.sources, &|| true)
        .unwrap()
        .into_iter()
        .map(|problem| format!("{}: {}", problem.field, problem.message))
        .collect()
}

#[test]
fn what_was_generated_fits() {
    let (files, schema) = shop();
    assert_eq!(messages(&files, &schema), Vec::<String>::new());
}

#[test]
fn values_that_would_not_fit_a_new_type_are_counted() {
    let (files, mut schema) = shop();
    schema.tables[1].columns[2].column_type = ColumnType::Integer;
    assert_eq!(
        messages(&files, &schema),
        ["tables[1].columns[2].type: 1 value would not fit INTEGER: x"]
    );
}

#[test]
fn keys_that_occur_twice_are_counted() {
    let (files, mut schema) = shop();
    schema.tables[1].columns[2].require("UNIQUE");
    assert_eq!(
        messages(&files, &schema),
        [
            "tables[1].columns[2].constraints: not unique: 1 row repeats a value of (code) that came before"
        ]
    );
}

#[test]
fn references_to_nothing_are_counted_with_examples() {
    let (files, mut schema) = shop();
    schema
        .relationships
        .push(relationship(("orders", "buyer"), ("customers", "id")));
    let edited = finish_edit(schema, &files.sources, &|| true).unwrap();
    assert_eq!(
        edited.problems[0].message,
        "1 row of orders would refer to nothing in customers: 9"
    );
    let stated = edited.schema.relationships.last().unwrap();
    assert_eq!((stated.evidence.distinct, stated.evidence.matched), (3, 2));
    assert_eq!(stated.evidence.orphan_samples, ["9"]);
    assert_eq!(stated.evidence.reasons, ["stated by hand"]);
    assert!((stated.confidence - 0.66).abs() < 1e-9);
    let column = edited.schema.tables[0].column("buyer").unwrap();
    assert_eq!(column.references.as_ref().unwrap().table, "customers");
    assert!(
        edited
            .schema
            .indexes
            .iter()
            .any(|index| index.columns == ["buyer"])
    );
}

#[test]
fn dropped_columns_are_named_in_the_reasoning_once() {
    let (files, mut schema) = shop();
    schema.tables[1].columns.pop();
    let once = finish_edit(schema, &files.sources, &|| true)
        .unwrap()
        .schema;
    let twice = finish_edit(once, &files.sources, &|| true).unwrap().schema;
    assert_eq!(twice.reasoning.matches("Left out:").count(), 1);
    assert!(
        twice
            .reasoning
            .ends_with("Left out: The column “code” of customers.csv was left out.")
    );
}

#[test]
fn a_cancelled_check_stops() {
    let (files, schema) = shop();
    let stopped = check_against_data(&schema, &files.sources, &|| false);
    assert!(matches!(stopped, Err(SchemaError::Cancelled)));
}
