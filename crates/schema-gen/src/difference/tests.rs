#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ingest::ColumnType;

use super::*;
use crate::testing::{column, relationship, table};

fn shop() -> Schema {
    let mut schema = Schema {
        tables: vec![
            table(
                "c",
                "customers",
                &["id"],
                vec![
                    column("id", ColumnType::Integer, &["NOT NULL"]),
                    column("name", ColumnType::Text, &[]),
                ],
            ),
            table(
                "o",
                "orders",
                &["id"],
                vec![
                    column("id", ColumnType::Integer, &["NOT NULL"]),
                    column("customer", ColumnType::Integer, &[]),
                    column("amount", ColumnType::Real, &[]),
                ],
            ),
        ],
        relationships: vec![relationship(("orders", "customer"), ("customers", "id"))],
        ..Schema::default()
    };
    schema.derive_references();
    schema
}

fn renamed_shop() -> Schema {
    let mut schema = shop();
    schema.tables[0].name = "clients".to_owned();
    schema.tables[0].columns[0].name = "number".to_owned();
    schema.tables[0].primary_key = vec!["number".to_owned()];
    schema.relationships[0].to_table = "clients".to_owned();
    schema.relationships[0].to_columns = vec!["number".to_owned()];
    schema.derive_references();
    schema
}

#[test]
fn a_schema_differs_in_nothing_from_itself() {
    let difference = difference(&shop(), &shop());
    assert!(difference.names_only);
    assert!(difference.tables.is_empty() && difference.references.is_empty());
}

#[test]
fn other_names_are_seen_as_such_and_references_follow_them() {
    let difference = difference(&shop(), &renamed_shop());
    assert!(difference.names_only, "{difference:?}");
    assert!(difference.references.is_empty(), "{difference:?}");
    let [clients] = &*difference.tables else {
        panic!("{difference:?}");
    };
    assert_eq!(clients.before.as_deref(), Some("customers"));
    assert_eq!(clients.after.as_deref(), Some("clients"));
    assert_eq!(clients.key, None);
    assert_eq!(clients.columns[0].before.as_deref(), Some("id"));
    assert_eq!(clients.columns[0].after.as_deref(), Some("number"));
}

#[test]
fn names_that_change_places_are_told_apart_by_their_files() {
    let mut swapped = shop();
    swapped.tables[0].name = "orders".to_owned();
    swapped.tables[1].name = "customers".to_owned();
    swapped.relationships[0] = relationship(("customers", "customer"), ("orders", "id"));
    let difference = difference(&shop(), &swapped);
    assert!(difference.names_only);
    assert_eq!(difference.tables.len(), 2);
}

#[test]
fn types_columns_keys_and_references_that_change_are_named() {
    let mut after = renamed_shop();
    after.tables[1].columns[2].column_type = ColumnType::Text;
    after.tables[1].columns[2].misfits = Misfits::SetAside;
    after.tables[0].columns.pop();
    after.tables[1].primary_key.clear();
    after.relationships.clear();
    let difference = difference(&shop(), &after);
    assert!(!difference.names_only);
    let [clients, orders] = &*difference.tables else {
        panic!("{difference:?}");
    };
    let gone = clients.columns.iter().find(|column| column.after.is_none());
    assert_eq!(gone.unwrap().before.as_deref(), Some("name"));
    assert_eq!(orders.key, Some((vec!["id".to_owned()], Vec::new())));
    let types = (ColumnType::Real, ColumnType::Text);
    assert_eq!(orders.columns[0].column_type, Some(types));
    assert_eq!(
        orders.columns[0].misfits,
        Some((Misfits::Empty, Misfits::SetAside))
    );
    let [reference] = &*difference.references else {
        panic!("{difference:?}");
    };
    assert_eq!(reference.kind, ReferenceChangeKind::Removed);
}

#[test]
fn another_rule_for_rows_without_partner_is_a_change_of_its_reference() {
    let mut after = shop();
    after.relationships[0].orphans = Orphans::Empty;
    let difference = difference(&shop(), &after);
    assert!(!difference.names_only);
    assert_eq!(difference.references[0].kind, ReferenceChangeKind::Changed);
    assert_eq!(
        difference.references[0].orphans,
        Some((Orphans::Keep, Orphans::Empty))
    );
}
