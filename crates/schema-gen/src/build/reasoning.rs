//! Why the schema is as it is, in plain words.

use std::fmt::Write;

use super::Decisions;
use crate::Schema;
use crate::model::{Cardinality, KeyExceptions};

/// A paragraph on the whole, then one for each table and one for what was renamed.
pub fn write(decisions: &Decisions<'_>, schema: &Schema, notes: &[String]) -> String {
    let mut paragraphs = vec![summary(schema)];
    for (number, table) in schema.tables.iter().enumerate() {
        paragraphs.push(about_table(decisions, schema, number, &table.name));
    }
    if !notes.is_empty() {
        paragraphs.push(format!("Names: {}.", notes.join("; ")));
    }
    paragraphs.join("\n\n")
}

fn summary(schema: &Schema) -> String {
    format!(
        "{} and {}, found by comparing the values, names and types of every column.",
        counted(schema.tables.len(), "table"),
        counted(schema.relationships.len(), "relationship")
    )
}

fn about_table(decisions: &Decisions<'_>, schema: &Schema, number: usize, name: &str) -> String {
    let facts = &decisions.tables[number];
    let table = &schema.tables[number];
    let mut text = format!(
        "{name}: {} from {}. ",
        counted(facts.row_count as usize, "row"),
        facts.source.original_filename
    );
    let exceptions = table.key_exceptions.as_ref();
    let exceptions = exceptions.filter(|found| found.rows() > 0);
    let _ = match table.primary_key.as_slice() {
        [only] if exceptions.is_some() => write!(
            text,
            "{only} is the primary key, though {} of the rows repeat another's or have none; all are kept.",
            exceptions.map_or(0, KeyExceptions::rows)
        ),
        [] => write!(
            text,
            "No column or small combination of columns fits as a primary key, so it has none."
        ),
        [only] => write!(
            text,
            "{only} is the primary key: every row has its own value."
        ),
        several => write!(
            text,
            "The primary key is {} together: no combination occurs twice.",
            several.join(" and ")
        ),
    };
    for relationship in &schema.relationships {
        if relationship.from_table != name {
            continue;
        }
        let one = if relationship.cardinality == Cardinality::OneToOne {
            " (at most one row each)"
        } else {
            ""
        };
        let _ = write!(
            text,
            " {} refers to {}.{}{one}: {}.",
            relationship.from_columns.join(" and "),
            relationship.to_table,
            relationship.to_columns.join(" and "),
            relationship.evidence.reasons.join("; ")
        );
    }
    text
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
