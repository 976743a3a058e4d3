#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ingest::ColumnType::{Date, Datetime, Integer, Real, Text};

use super::*;
use crate::model::{Index, Orphans, Table};
use crate::testing::{column, relationship, shop, table};

/// A shop with a key of several columns, descriptions, a circle, a one-to-one and a reference that is not enforced.
fn large_shop() -> Schema {
    let (mut schema, _) = shop();
    schema.tables[0].description = Some("Who buys.\nOne row a person; it's \"who\".".to_owned());
    schema.tables[0].columns[1].description = Some("C:\\mail".to_owned());
    schema.tables[0]
        .columns
        .push(column("first_order", Integer, &[]));
    schema.tables.push(table(
        "l",
        "order lines",
        &["order", "line"],
        vec![
            column("order", Integer, &["NOT NULL"]),
            column("line", Integer, &["NOT NULL"]),
            column("weight", Real, &[]),
            column("packed", Datetime, &[]),
        ],
    ));
    schema.tables.push(table(
        "r",
        "returns",
        &["order", "line"],
        vec![
            column("order", Integer, &["NOT NULL"]),
            column("line", Integer, &["NOT NULL"]),
            column("reason", Text, &[]),
            column("on", Date, &[]),
        ],
    ));
    schema.relationships.push(relationship(
        ("customers", "first_order"),
        ("orders", "number"),
    ));
    let mut lines = relationship(("order lines", "order"), ("orders", "number"));
    lines.evidence.orphan_rows = 3;
    schema.relationships.push(lines);
    let mut returns = relationship(("returns", "order"), ("order lines", "order"));
    returns.from_columns.push("line".to_owned());
    returns.to_columns.push("line".to_owned());
    returns.cardinality = Cardinality::OneToOne;
    schema.relationships.push(returns);
    schema.indexes.push(Index {
        name: "one_reason".to_owned(),
        table: "returns".to_owned(),
        columns: vec!["reason".to_owned(), "on".to_owned()],
        unique: true,
    });
    schema
}

/// Names that are no words, that end quotes, that begin comments, and that a database keeps for itself.
fn hostile() -> Schema {
    let of = |id: &str, name: &str, columns: &[&str]| -> Table {
        let columns = columns.iter().map(|name| column(name, Integer, &[]));
        table(id, name, &[], columns.collect())
    };
    let umlauts = "ö".repeat(60);
    let mut schema = Schema {
        tables: vec![
            of("a", "select", &["from", "xmin", "Größe", "名前", "a b-c"]),
            of(
                "b",
                "x\"); DROP TABLE t;--",
                &["y\"\\'); --", "100%", "<b>;#35;"],
            ),
            of("c", &umlauts, &[&umlauts, &format!("{}x", "ö".repeat(40))]),
            of("d", "c_pkey", &["1st", "a_b_c", "a.b.c"]),
            of("e", "c", &["id"]),
        ],
        ..Schema::default()
    };
    schema.tables[0].primary_key = vec!["xmin".to_owned()];
    schema.tables[1].primary_key = vec!["y\"\\'); --".to_owned()];
    schema.tables[4].primary_key = vec!["id".to_owned()];
    schema.tables[1].description = Some("*/ '); DROP TABLE t; -- \u{202e}\u{0}\\".to_owned());
    let mut kept = relationship(("x\"); DROP TABLE t;--", "100%"), ("select", "xmin"));
    kept.evidence.orphan_rows = 1;
    schema.relationships = vec![
        kept,
        relationship(("select", "from"), ("x\"); DROP TABLE t;--", "y\"\\'); --")),
    ];
    schema
}

#[test]
fn sqlite_is_what_an_import_runs_and_what_it_leaves_out() {
    let text = definition(&large_shop(), Format::Sqlite);
    let statements = crate::create_statements(&large_shop());
    for statement in &statements {
        assert!(text.contains(&format!("{statement};\n")), "{statement}");
    }
    assert_eq!(text.matches(";\n").count(), statements.len());
    assert!(
        text.ends_with(
            "\n-- Not enforced: order lines (order) refers to orders (number), but 3 rows have no partner and are kept.\n"
        ),
        "{text}"
    );
}

#[test]
fn postgresql_has_foreign_keys_last_so_that_circles_work() {
    insta::assert_snapshot!(definition(&large_shop(), Format::Postgresql));
}

#[test]
fn postgresql_takes_hostile_names_as_names() {
    insta::assert_snapshot!(definition(&hostile(), Format::Postgresql));
}

#[test]
fn postgresql_knows_which_references_are_enforced() {
    let mut schema = large_shop();
    let enforced = |schema: &Schema| {
        let text = definition(schema, Format::Postgresql);
        (
            text.matches("FOREIGN KEY").count(),
            text.matches("-- Not enforced").count(),
        )
    };
    assert_eq!(enforced(&schema), (3, 1));
    schema.relationships[2].orphans = Orphans::SetAside;
    assert_eq!(enforced(&schema), (4, 0));
}

#[test]
fn postgresql_says_when_a_table_is_too_wide_for_it() {
    let columns = (0..1_700).map(|number| column(&format!("c{number}"), Integer, &[]));
    let schema = Schema {
        tables: vec![table("w", "wide", &[], columns.collect())],
        ..Schema::default()
    };
    let text = definition(&schema, Format::Postgresql);
    assert!(
        text.contains("-- Attention: wide has 1700 columns, and PostgreSQL takes 1600.\n"),
        "{}",
        &text[..200]
    );
}

#[test]
fn dbml_has_keys_references_indexes_and_notes() {
    insta::assert_snapshot!(definition(&large_shop(), Format::Dbml));
}

#[test]
fn dbml_takes_hostile_names_as_names() {
    insta::assert_snapshot!(definition(&hostile(), Format::Dbml));
}

#[test]
fn mermaid_has_keys_and_how_many_go_with_how_many() {
    insta::assert_snapshot!(definition(&large_shop(), Format::Mermaid));
}

#[test]
fn mermaid_takes_hostile_names_as_names() {
    insta::assert_snapshot!(definition(&hostile(), Format::Mermaid));
}

#[test]
fn names_are_cut_in_whole_characters_and_stay_different() {
    let mut names = names::Names::exact(7, &["ctid"]);
    assert_eq!(names.claim("öööö"), "ööö");
    assert_eq!(names.claim("ööööö"), "öö_2", "what is left of it is taken");
    assert_eq!(names.claim("ctid"), "ctid_2");
    assert_eq!(names.claim("Ctid"), "Ctid");
    let mut folded = names::Names::folded();
    assert_eq!(folded.claim("a_b"), "a_b");
    assert_eq!(folded.claim("A_B"), "A_B_2");
}

#[test]
fn a_schema_without_tables_is_still_a_text() {
    for format in [
        Format::Sqlite,
        Format::Postgresql,
        Format::Dbml,
        Format::Mermaid,
    ] {
        let text = definition(&Schema::default(), format);
        assert!(text.ends_with('\n'), "{format:?}: {text:?}");
    }
}
