//! A schema as text to take along: as definitions for a database, or for tools that draw it.
//!
//! Built from the validated model alone. Names stay what they are where the target takes them; where it does not, they are
//! changed as little as possible, and the text says so.

mod dbml;
mod mermaid;
mod names;
mod postgresql;
mod sqlite;

use std::fmt::Write as _;

use crate::Schema;
use crate::ident::is_hidden;
use crate::model::{Cardinality, Relationship};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The statements that an import runs.
    Sqlite,
    /// Statements for PostgreSQL 12 and later, in one transaction.
    Postgresql,
    /// Database Markup Language (dbml.dbdiagram.io).
    Dbml,
    /// An entity relationship diagram of Mermaid (mermaid.js.org).
    Mermaid,
}

/// The schema in that format; ends with a line break.
pub fn definition(schema: &Schema, format: Format) -> String {
    match format {
        Format::Sqlite => sqlite::write(schema),
        Format::Postgresql => postgresql::write(schema),
        Format::Dbml => dbml::write(schema),
        Format::Mermaid => mermaid::write(schema),
    }
}

/// `text` in one line without characters that are not shown: a comment ends with its line, and must not look like more or
/// less than it is.
fn one_line(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|character| match character {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            other => other,
        })
        .filter(|character| !is_hidden(*character))
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` with its lines, without other characters that are not shown.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .filter(|character| *character == '\n' || !is_hidden(*character))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// `orders (customer_id) refers to customers (id), but 3 rows have no partner and are kept`.
fn why_not_enforced(relationship: &Relationship) -> String {
    let side = |table: &str, columns: &[String]| format!("{table} ({})", columns.join(", "));
    let rows = match relationship.evidence.orphan_rows {
        0 => "rows with the same key are kept there".to_owned(),
        1 => "1 row has no partner and is kept".to_owned(),
        many => format!("{many} rows have no partner and are kept"),
    };
    one_line(&format!(
        "{} refers to {}, but {rows}",
        side(&relationship.from_table, &relationship.from_columns),
        side(&relationship.to_table, &relationship.to_columns),
    ))
}

/// Comments of SQL for the references that no FOREIGN KEY stands for.
fn not_enforced(schema: &Schema) -> String {
    let mut text = String::new();
    for relationship in &schema.relationships {
        if !schema.is_enforced(relationship) {
            let _ = writeln!(text, "-- Not enforced: {}.", why_not_enforced(relationship));
        }
    }
    text
}

fn is_one_to_one(relationship: &Relationship) -> bool {
    relationship.cardinality == Cardinality::OneToOne
}

#[cfg(test)]
mod tests;
