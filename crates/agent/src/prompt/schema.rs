//! The schema as a prompt shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schema_gen::Schema;
use schema_gen::model::{Column, Table};
use serde_json::Value as Json;
use store::dataset::{CancelFlag, Dataset, QueryLimits};

use crate::link::{Links, ValueIndex};
use crate::sql_name::written as name;
use crate::tools::type_name;

/// Schemas of more text than this are cut to the tables that the question names and their neighbours.
const MAX_SCHEMA_BYTES: usize = 12_000;
const SAMPLE_ROWS: u64 = 3;
const MAX_SAMPLE_CHARS: usize = 30;
/// All values of a column are listed up to this many, and this many characters.
const MAX_LISTED_VALUES: usize = 10;
const MAX_LISTED_CHARS: usize = 120;

/// Some stored values of each column: (table, column) -> `e.g. 1, 2`, or `one of 'a', 'b'` where that is all of them.
pub type Samples = BTreeMap<(String, String), String>;

/// Reads the first rows of each table; a table that cannot be read has no samples.
pub fn samples(
    dataset: &dyn Dataset,
    schema: &Schema,
    values: &ValueIndex,
    cancel: &CancelFlag,
) -> Samples {
    let mut samples = Samples::new();
    let limits = QueryLimits {
        max_rows: SAMPLE_ROWS,
        deadline_ms: 200,
        ..QueryLimits::default()
    };
    for table in &schema.tables {
        let quoted = schema_gen::ident::quote(&table.name);
        let sql = format!("SELECT * FROM {quoted} LIMIT {SAMPLE_ROWS}");
        let Ok(result) = dataset.query(&sql, limits, cancel) else {
            continue;
        };
        for (index, column) in result.columns.iter().enumerate() {
            let cells = result
                .rows
                .iter()
                .filter_map(|row| literal(row.get(index)?));
            let distinct: BTreeSet<_> = cells.collect();
            let some: Vec<_> = distinct.into_iter().collect();
            let remark = match all_values(values, &table.name, &column.name) {
                Some(all) => format!("one of {all}"),
                None if some.is_empty() => continue,
                None => format!("e.g. {}", some.join(", ")),
            };
            samples.insert((table.name.clone(), column.name.clone()), remark);
        }
    }
    samples
}

/// The values of a text column that has only a few.
fn all_values(values: &ValueIndex, table: &str, column: &str) -> Option<String> {
    let found = values.values_of(table, column).take(MAX_LISTED_VALUES + 1);
    let found: Vec<_> = found.map(quoted).collect();
    if !(2..=MAX_LISTED_VALUES).contains(&found.len()) {
        return None;
    }
    Some(found.join(", ")).filter(|text| text.chars().count() <= MAX_LISTED_CHARS)
}

fn literal(cell: &Json) -> Option<String> {
    match cell {
        Json::Number(number) => Some(number.to_string()),
        Json::String(text) if text.chars().count() <= MAX_SAMPLE_CHARS => Some(quoted(text)),
        _ => None,
    }
}

pub(super) fn quoted(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("'{}'", plain.replace('\'', "''"))
}

/// The tables as CREATE TABLE statements with samples behind the columns; large schemas only as far as `links` reach.
pub fn schema_text(schema: &Schema, samples: &Samples, links: &Links) -> String {
    let all = tables_text(schema, samples, |_| true);
    if all.len() <= MAX_SCHEMA_BYTES {
        return all;
    }
    let kept = linked_tables(schema, links);
    if kept.is_empty() {
        return tables_text(schema, &Samples::new(), |_| true);
    }
    let mut text = tables_text(schema, samples, |table| kept.contains(table.name.as_str()));
    let others = schema.tables.iter().map(|table| table.name.as_str());
    let others: Vec<_> = others.filter(|name| !kept.contains(name)).collect();
    let _ = write!(text, "\n-- Other tables: {}", others.join(", "));
    text
}

/// Tables that the links name, and those one relationship away.
fn linked_tables<'s>(schema: &'s Schema, links: &Links) -> BTreeSet<&'s str> {
    let names = links.tables.iter().map(|link| link.table.as_str());
    let names = names.chain(links.columns.iter().map(|link| link.table.as_str()));
    let linked: BTreeSet<_> = names
        .chain(links.values.iter().map(|value| value.table.as_str()))
        .collect();
    let mut kept = BTreeSet::new();
    kept.extend(
        schema
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .filter(|name| linked.contains(name)),
    );
    for relation in &schema.relationships {
        if linked.contains(relation.from_table.as_str()) {
            kept.insert(relation.to_table.as_str());
        }
        if linked.contains(relation.to_table.as_str()) {
            kept.insert(relation.from_table.as_str());
        }
    }
    kept
}

fn tables_text(schema: &Schema, samples: &Samples, keep: impl Fn(&Table) -> bool) -> String {
    let tables = schema.tables.iter().filter(|table| keep(table));
    let texts: Vec<_> = tables
        .map(|table| table_text(schema, table, samples))
        .collect();
    texts.join("\n")
}

fn table_text(schema: &Schema, table: &Table, samples: &Samples) -> String {
    let mut text = format!("CREATE TABLE {} (", name(&table.name));
    if let Some(description) = &table.description {
        let _ = write!(text, " -- {}", one_line(description));
    }
    text.push('\n');
    let mut keys = Vec::new();
    if table.primary_key.len() > 1 {
        keys.push(format!("  PRIMARY KEY ({})", names(&table.primary_key)));
    }
    let relations = schema.relationships.iter();
    for relation in relations.filter(|relation| relation.from_table == table.name) {
        keys.push(format!(
            "  FOREIGN KEY ({}) REFERENCES {}({})",
            names(&relation.from_columns),
            name(&relation.to_table),
            names(&relation.to_columns)
        ));
    }
    for (index, column) in table.columns.iter().enumerate() {
        let is_last = index + 1 == table.columns.len() && keys.is_empty();
        text.push_str(&column_text(table, column, samples, is_last));
    }
    text.push_str(&keys.join(",\n"));
    if !keys.is_empty() {
        text.push('\n');
    }
    text.push_str(");");
    text
}

fn column_text(table: &Table, column: &Column, samples: &Samples, is_last: bool) -> String {
    let mut text = format!("  {} {}", name(&column.name), type_name(column));
    if table.primary_key.as_slice() == std::slice::from_ref(&column.name) {
        text.push_str(" PRIMARY KEY");
    }
    if !is_last {
        text.push(',');
    }
    let mut remarks: Vec<String> = column
        .description
        .iter()
        .map(|words| one_line(words))
        .collect();
    let key = (table.name.clone(), column.name.clone());
    remarks.extend(samples.get(&key).cloned());
    if !remarks.is_empty() {
        let _ = write!(text, " -- {}", remarks.join("; "));
    }
    text.push('\n');
    text
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace()
        .take(20)
        .collect::<Vec<_>>()
        .join(" ")
}

fn names(columns: &[String]) -> String {
    columns
        .iter()
        .map(|column| name(column))
        .collect::<Vec<_>>()
        .join(", ")
}
