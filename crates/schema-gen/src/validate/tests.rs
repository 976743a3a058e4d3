#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ingest::ColumnType;

use super::*;
use crate::model::{Column, Reference, Relationship, SourceRows, UNIQUE};
use crate::testing::{column, relationship, shop, source, table};

mod hostile;

/// The paths of what is wrong after `spoil`.
fn fields(spoil: impl FnOnce(&mut Schema)) -> Vec<String> {
    let (mut schema, sources) = shop();
    spoil(&mut schema);
    validate(&schema, &sources)
        .into_iter()
        .map(|problem| problem.field)
        .collect()
}

#[test]
fn a_sound_schema_has_no_problem() {
    assert_eq!(fields(|_| {}), Vec::<String>::new());
}

#[test]
fn constraints_outside_the_allow_list_are_refused() {
    for constraint in [
        "DEFAULT (randomblob(9))",
        "GENERATED ALWAYS AS (1)",
        "CHECK (1)",
        "COLLATE NOCASE",
        "REFERENCES t(x)",
        "NOT NULL DEFAULT 1",
        "",
    ] {
        let found = fields(|schema| {
            schema.tables[0].columns[1].constraints = vec![constraint.to_owned()];
        });
        assert_eq!(
            found,
            ["tables[0].columns[1].constraints[0]"],
            "{constraint}"
        );
    }
}

#[test]
fn unknown_parts_of_a_schema_are_refused() {
    for extra in [
        r#""views":["CREATE VIEW v AS SELECT 1"]"#,
        r#""triggers":[]"#,
        r#""sql":"CREATE TRIGGER x""#,
    ] {
        let text = format!(r#"{{"tables":[],{extra}}}"#);
        assert!(serde_json::from_str::<Schema>(&text).is_err(), "{text}");
    }
    let column = r#"{"name":"a","type":"TEXT","source_column":"a","default":"randomblob(9)"}"#;
    assert!(serde_json::from_str::<Column>(column).is_err());
}

#[test]
fn bad_names_are_refused() {
    let long = "x".repeat(10_240);
    for name in ["", " ", "a\0b", "sqlite_x", "SQLITE_x", " a", "a\nb", &long] {
        let found = fields(|schema| schema.tables[0].columns[2].name = name.to_owned());
        assert_eq!(found, ["tables[0].columns[2].name"], "{name:?}");
    }
    let found = fields(|schema| schema.indexes[0].name = "sqlite_autoindex".to_owned());
    assert_eq!(found, ["indexes[0].name"]);
    let found = fields(|schema| schema.tables[0].columns[2].name = "EMAIL".to_owned());
    assert_eq!(found, ["tables[0].columns[2].name"]);
    let found = fields(|schema| schema.indexes[0].name = "ORDERS".to_owned());
    assert_eq!(found, ["indexes[0].name"]);
}

#[test]
fn an_odd_but_possible_name_is_kept_as_a_name() {
    let evil = "x\"); DROP TABLE t;--";
    assert!(fields(|schema| schema.tables[0].columns[2].name = evil.to_owned()).is_empty());
}

#[test]
fn sources_must_exist_and_be_used_once() {
    let found = fields(|schema| schema.tables[0].source.csv_id = "other".to_owned());
    assert_eq!(found, ["tables[0].source.csv_id"]);
    let found = fields(|schema| schema.tables[0].columns[1].source_column = Some("no".to_owned()));
    assert_eq!(found, ["tables[0].columns[1].source_column"]);
    let found = fields(|schema| schema.tables[0].columns[1].source_column = Some("id".to_owned()));
    assert_eq!(found, ["tables[0].columns[1].source_column"]);
    let found = fields(|schema| {
        let mut copy = schema.tables[0].clone();
        copy.name = "copy".to_owned();
        schema.tables.push(copy);
    });
    assert!(found.contains(&"tables[2].source".to_owned()), "{found:?}");
    assert!(
        found.contains(&"tables[2].columns[0].source_column".to_owned()),
        "{found:?}"
    );
}

#[test]
fn a_split_table_may_share_the_linking_column_only() {
    let split = |schema: &mut Schema| {
        let mut dates = schema.tables[1].clone();
        dates.name = "dates".to_owned();
        dates.source.rows = SourceRows::Distinct;
        dates.columns.truncate(3);
        dates.columns.drain(0..2);
        dates.primary_key = vec!["ordered".to_owned()];
        schema.tables.push(dates);
    };
    assert_eq!(fields(split), ["tables[2].columns[0].source_column"]);
    let linked = fields(|schema| {
        split(schema);
        schema
            .relationships
            .push(relationship(("orders", "ordered"), ("dates", "ordered")));
    });
    assert!(linked.is_empty(), "{linked:?}");
}

#[test]
fn a_numbered_column_must_be_the_whole_key() {
    let add = |schema: &mut Schema| {
        let mut number = column("row_id", ColumnType::Integer, &[]);
        number.source_column = None;
        schema.tables[0].columns.push(number);
    };
    assert_eq!(fields(add), ["tables[0].columns[3].source_column"]);
    let sound = fields(|schema| {
        add(schema);
        schema.relationships.clear();
        schema.tables[0].primary_key = vec!["row_id".to_owned()];
    });
    assert!(sound.is_empty(), "{sound:?}");
}

#[test]
fn keys_and_references_must_exist_and_fit() {
    let key = fields(|schema| schema.tables[1].primary_key = vec!["nothing".to_owned()]);
    assert_eq!(key, ["tables[1].primary_key[0]"]);
    let table = fields(|schema| schema.relationships[0].to_table = "none".to_owned());
    assert_eq!(table, ["relationships[0].to_table"]);
    let missing = fields(|schema| schema.relationships[0].from_columns = vec!["no".to_owned()]);
    assert_eq!(missing, ["relationships[0].from_columns"]);
    let not_unique = fields(|schema| schema.tables[0].primary_key.clear());
    assert_eq!(not_unique, ["relationships[0].to_columns"]);
    let types = fields(|schema| schema.relationships[0].to_columns = vec!["email".to_owned()]);
    assert_eq!(types, ["relationships[0].from_columns"]);
    let lengths = fields(|schema| {
        schema.relationships[0]
            .from_columns
            .push("number".to_owned());
    });
    assert_eq!(lengths, ["relationships[0].to_columns"]);
    let twice = fields(|schema| {
        schema
            .relationships
            .push(relationship(("orders", "customer_id"), ("customers", "id")));
    });
    assert_eq!(twice, ["relationships[1]"]);
}

#[test]
fn a_reference_without_its_relationship_is_refused() {
    let found = fields(|schema| {
        schema.tables[1].columns[0].references = Some(Reference {
            table: "customers".to_owned(),
            column: "id".to_owned(),
        });
    });
    assert_eq!(found, ["tables[1].columns[0].references"]);
}

#[test]
fn left_out_columns_and_files_are_noticed_not_refused() {
    let (mut schema, sources) = shop();
    schema.tables[0].columns.pop();
    schema.tables.pop();
    schema.relationships.clear();
    schema.indexes.clear();
    assert!(validate(&schema, &sources).is_empty());
    let found: Vec<String> = notices(&schema, &sources)
        .into_iter()
        .map(|notice| notice.message)
        .collect();
    assert_eq!(
        found,
        [
            "The column “active” of customers.csv was left out.",
            "No table holds the file orders.csv."
        ]
    );
}
