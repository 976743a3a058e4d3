#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ingest::ColumnType;

use super::*;
use crate::testing::{Files, file, relationship};
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
        [
            "tables[1].columns[2].type: 1 value would not fit INTEGER, and it is left empty: x",
            "tables[1].columns[2].constraints: code may be empty now: NOT NULL was taken away",
        ]
    );
}

#[test]
fn keys_that_occur_twice_are_counted() {
    let (files, mut schema) = shop();
    schema.tables[1].columns[2].require("UNIQUE");
    assert_eq!(
        messages(&files, &schema),
        [
            "tables[1].columns[2].constraints: not unique: 1 row repeats a value of (code) that came before",
            "relationships[0]: 1 row of orders would refer to nothing in customers: they are kept, and the reference is not enforced: 3",
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
        "1 row of orders would refer to nothing in customers: they are kept, and the reference is not enforced: 9"
    );
    let stated = edited.schema.relationships.last().unwrap();
    assert_eq!((stated.evidence.distinct, stated.evidence.matched), (3, 2));
    assert_eq!(stated.evidence.orphan_samples, ["9"]);
    assert_eq!(stated.evidence.reasons[0], "stated by hand");
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

#[test]
fn what_never_was_a_row_is_counted_but_no_loss() {
    let text = "id,city,rent\n1,Oslo,5.50\n2,Roma,7.50\n,Total,13.00\n";
    let files = Files::new(&[("flats.csv", text)]);
    let edited = finish_edit(files.schema(), &files.sources, &|| true).unwrap();
    let flats = &edited.forecast.tables[0];
    assert_eq!(
        (flats.rows_in, flats.row_count, flats.quarantined),
        (3, 2, 1)
    );
    assert!(!edited.forecast.loses_much(), "one of three, but a total");
}

#[test]
fn the_forecast_counts_rows_and_cells() {
    let (files, mut schema) = shop();
    schema.tables[1].columns[2].column_type = ColumnType::Integer;
    let edited = finish_edit(schema.clone(), &files.sources, &|| true).unwrap();
    let customers = &edited.forecast.tables[1];
    assert_eq!((customers.rows_in, customers.row_count), (3, 3));
    assert_eq!(customers.emptied[0].column, "code");
    assert_eq!(customers.emptied_cells(), 1);
    assert!(edited.forecast.loses_much(), "one of three");
    assert!(!edited.schema.tables[1].columns[2].is_not_null());

    schema.tables[1].columns[2].misfits = Misfits::SetAside;
    let edited = finish_edit(schema, &files.sources, &|| true).unwrap();
    let customers = &edited.forecast.tables[1];
    assert_eq!((customers.row_count, customers.quarantined), (2, 1));
    assert_eq!(customers.reasons[0].reason, "code is not INTEGER");
    assert_eq!(customers.emptied, []);
    assert!(
        edited.schema.tables[1].columns[2].is_not_null(),
        "it is never empty"
    );
    // No order names customer 2, who is not there any more.
    assert_eq!(edited.forecast.references, []);
    assert!(edited.schema.is_enforced(&edited.schema.relationships[0]));
}

#[test]
fn a_reference_whose_partner_is_set_aside_is_not_enforced() {
    let (files, mut schema) = shop();
    schema.tables[1].columns[2].column_type = ColumnType::Integer;
    schema.tables[1].columns[2].misfits = Misfits::SetAside;
    schema
        .relationships
        .push(relationship(("orders", "buyer"), ("customers", "id")));
    let edited = finish_edit(schema, &files.sources, &|| true).unwrap();
    let buyer = edited.schema.relationships.last().unwrap();
    assert_eq!(buyer.evidence.orphan_samples, ["2", "9"]);
    assert_eq!(edited.forecast.references[0].orphan_rows, 2);
    assert!(!edited.schema.is_enforced(buyer));
    let statements = crate::create_statements(&edited.schema);
    assert_eq!(
        statements[0].matches("FOREIGN KEY").count(),
        1,
        "{}",
        statements[0]
    );
}

#[test]
fn rows_without_partner_go_as_they_are_meant_to() {
    let (files, mut schema) = shop();
    schema
        .relationships
        .push(relationship(("orders", "buyer"), ("customers", "id")));
    let mut outcome = |orphans: Orphans| {
        schema.relationships[1].orphans = orphans;
        assert_eq!(validate(&schema, &files.sources), [], "{orphans:?}");
        let edited = finish_edit(schema.clone(), &files.sources, &|| true).unwrap();
        assert_eq!(validate(&edited.schema, &files.sources), [], "{orphans:?}");
        let [orders, customers] = edited.forecast.tables.as_slice() else {
            panic!("two tables");
        };
        let kept: u64 = edited
            .forecast
            .references
            .iter()
            .map(|reference| reference.orphan_rows)
            .sum();
        (
            orders.row_count,
            orders.emptied_cells(),
            customers.added,
            kept,
        )
    };
    assert_eq!(outcome(Orphans::Keep), (3, 0, 0, 1));
    assert_eq!(outcome(Orphans::Placeholder), (3, 0, 1, 0));
    assert_eq!(outcome(Orphans::SetAside), (2, 0, 0, 0));
    assert_eq!(outcome(Orphans::Empty), (3, 1, 0, 0));
}

#[test]
fn choices_that_cannot_be_are_named() {
    let (files, mut schema) = shop();
    schema
        .relationships
        .push(relationship(("orders", "order_id"), ("customers", "id")));
    let fault = |schema: &Schema| {
        let found = validate(schema, &files.sources);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].field, "relationships[1].orphans");
        found[0].message.clone()
    };
    schema.relationships[1].orphans = Orphans::Empty;
    assert_eq!(
        fault(&schema),
        "order_id is part of the primary key, so it cannot be emptied"
    );
    schema.relationships[1].orphans = Orphans::Placeholder;
    schema.relationships[1].to_columns = vec!["code".to_owned()];
    schema.tables[1].columns[2].require("UNIQUE");
    schema.relationships[1].from_columns = vec!["customer_id".to_owned()];
    schema.tables[0].columns[1].column_type = ColumnType::Text;
    schema.relationships.remove(0);
    schema
        .relationships
        .insert(0, relationship(("orders", "buyer"), ("customers", "id")));
    schema.derive_references();
    assert_eq!(
        fault(&schema),
        "no rows can be added to customers with this key alone: id is part of its primary key"
    );
}

#[test]
fn the_reasoning_follows_what_was_changed() {
    let customers = file("customer_id,name", 60, |row| {
        let id = if row == 41 { 12 } else { row + 1 };
        format!("{id},n{row}")
    });
    let orders = file("order_id,customer_id", 90, |row| {
        format!("{},{}", row + 1, row % 40 + 1)
    });
    let files = Files::new(&[("customers.csv", &customers), ("orders.csv", &orders)]);
    let mut schema = files.schema();
    assert!(
        schema
            .reasoning
            .starts_with("2 tables and 1 relationship, found by")
    );
    assert!(schema.reasoning.contains(
        "customers: 60 rows from customers.csv. customer_id is the primary key, though 1"
    ));
    schema
        .reasoning
        .push_str("\n\nThe language model adds: Orders of customers.");
    schema.tables[0].name = "clients".to_owned();
    schema.tables[0].repeats = crate::model::Repeats::SetAside;
    schema.relationships[0].to_table = "clients".to_owned();
    schema.relationships[0].evidence.reasons[0] =
        "all 3 distinct values are found in the key".to_owned();
    let edited = finish_edit(schema, &files.sources, &|| true)
        .unwrap()
        .schema;
    let said = |schema: &Schema, text: &str| {
        assert!(schema.reasoning.contains(text), "{}", schema.reasoning);
    };
    said(
        &edited,
        "clients: 60 rows from customers.csv. customer_id is the primary key: 1 row repeats another's and is set aside.",
    );
    said(
        &edited,
        "customer_id refers to clients.customer_id: all 40 distinct values are found in the key",
    );
    said(&edited, "\n\nThe language model adds: Orders of customers.");
    assert!(
        !edited.reasoning.contains("customers: 60 rows"),
        "{}",
        edited.reasoning
    );

    let mut loose = edited;
    loose.relationships.clear();
    let loose = finish_edit(loose, &files.sources, &|| true).unwrap().schema;
    said(&loose, "2 tables and 0 relationships, found by");
    assert!(
        !loose.reasoning.contains("refers to"),
        "{}",
        loose.reasoning
    );
}

#[test]
fn a_reasoning_of_another_hand_is_left_alone() {
    let files = Files::new(&[("customers.csv", "id,name\n1,Ada\n2,Bo\n3,Cy\n")]);
    let mut schema = files.schema();
    schema.reasoning = "Made for the board.".to_owned();
    let edited = finish_edit(schema, &files.sources, &|| true)
        .unwrap()
        .schema;
    assert_eq!(edited.reasoning, "Made for the board.");
}
