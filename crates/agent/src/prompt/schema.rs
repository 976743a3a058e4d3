//! The schema as a prompt shows it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use schema_gen::Schema;
use schema_gen::model::{Column, Table};
use serde_json::Value as Json;
use store::dataset::{CancelFlag, Dataset, QueryLimits};

use crate::reading::decide::Knowledge;
use crate::reading::links::Links;
use crate::sql_name::written as name;
use crate::tools::type_name;

/// Most characters of a schema, about 2,500 tokens: two cores read so many in a minute or more, once for each dataset as
/// long as the text stays the same.
const MAX_SCHEMA_CHARS: usize = 8_000;
/// Of those, for names of tables that are not shown.
const MAX_OTHER_TABLES_CHARS: usize = 1_000;
const SAMPLE_ROWS: u64 = 3;
const MAX_SAMPLE_CHARS: usize = 30;
/// All values of a column are listed up to this many, and this many characters.
const MAX_LISTED_VALUES: usize = 10;
const MAX_LISTED_CHARS: usize = 120;

/// How a remark begins that has all values of its column.
const ALL_VALUES: &str = "one of ";

/// Some stored values of each column: (table, column) -> `e.g. 1, 2`, or `one of 'a', 'b'` where that is all of them.
pub type Samples = BTreeMap<(String, String), String>;

/// Reads the first rows of each table; a table that cannot be read has no samples.
pub fn samples(dataset: &dyn Dataset, knowledge: &Knowledge, cancel: &CancelFlag) -> Samples {
    let mut samples = Samples::new();
    let limits = QueryLimits {
        max_rows: SAMPLE_ROWS,
        deadline_ms: 200,
        ..QueryLimits::default()
    };
    for table in &knowledge.schema.tables {
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
            let remark = match all_values(knowledge, &table.name, &column.name) {
                Some(all) => format!("{ALL_VALUES}{all}"),
                None if some.is_empty() => continue,
                None => format!("e.g. {}", some.join(", ")),
            };
            samples.insert((table.name.clone(), column.name.clone()), remark);
        }
    }
    samples
}

/// The values of a text column that has only a few.
fn all_values(knowledge: &Knowledge, table: &str, column: &str) -> Option<String> {
    let data = &knowledge.data;
    let column = data.column(data.table(table)?, column)?;
    let found = knowledge.values.of(column).take(MAX_LISTED_VALUES + 1);
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

/// How much is told of each column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// Descriptions, and all values or some.
    Full,
    /// Descriptions, and values where they are all.
    AllValues,
    /// Names, types and keys.
    Types,
    /// A line for each table: names and references.
    Names,
}

const DETAILS: [Detail; 4] = [
    Detail::Full,
    Detail::AllValues,
    Detail::Types,
    Detail::Names,
];

/// The tables with as much of each column as fits. The text is the same for every question, so that a server keeps its work
/// on it; only a schema whose names alone do not fit is cut to what `links` reach.
pub fn schema_text(schema: &Schema, samples: &Samples, links: &Links) -> String {
    let fits = |text: &String| text.chars().count() <= MAX_SCHEMA_CHARS;
    let whole = DETAILS
        .iter()
        .map(|detail| tables_text(schema, samples, *detail, |_| true));
    whole
        .into_iter()
        .find(fits)
        .unwrap_or_else(|| part_text(schema, samples, links))
}

/// The tables that the question names and their neighbours, and the names of the others.
fn part_text(schema: &Schema, samples: &Samples, links: &Links) -> String {
    let most = MAX_SCHEMA_CHARS - MAX_OTHER_TABLES_CHARS;
    let linked = linked_tables(schema, links);
    let is_kept = |table: &Table| linked.contains(table.name.as_str());
    let texts = DETAILS
        .iter()
        .map(|detail| tables_text(schema, samples, *detail, is_kept));
    let fitting = texts.into_iter().find(|text| text.chars().count() <= most);
    let (mut text, shown): (String, BTreeSet<&str>) = match fitting {
        Some(text) if !linked.is_empty() => (text, linked),
        _ => first_tables(schema, &linked, most),
    };
    let others = schema.tables.iter().map(|table| table.name.as_str());
    let others = others.filter(|name| !shown.contains(name));
    let mut line = String::from("\n-- Other tables: ");
    for (index, other) in others.enumerate() {
        if line.chars().count() + other.chars().count() > MAX_OTHER_TABLES_CHARS {
            line.push_str(", …");
            break;
        }
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(line, "{separator}{}", name(other));
    }
    text.push_str(&line);
    text
}

/// As many tables as fit by name, those that the question names first; of a table too wide by itself the first columns.
fn first_tables<'s>(
    schema: &'s Schema,
    linked: &BTreeSet<&str>,
    most: usize,
) -> (String, BTreeSet<&'s str>) {
    let is_linked = |table: &&Table| linked.contains(table.name.as_str());
    let (first, then): (Vec<&Table>, Vec<&Table>) = schema.tables.iter().partition(is_linked);
    let mut lines: Vec<String> = Vec::new();
    let mut shown = BTreeSet::new();
    let mut left = most;
    for table in first.into_iter().chain(then) {
        let mut line = names_line(schema, table);
        if line.chars().count() >= left {
            if left < most / 2 {
                break;
            }
            line = line.chars().take(left - 2).collect();
            line.push_str(" …");
        }
        left = left.saturating_sub(line.chars().count() + 1);
        shown.insert(table.name.as_str());
        lines.push(line);
    }
    (lines.join("\n"), shown)
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

fn tables_text(
    schema: &Schema,
    samples: &Samples,
    detail: Detail,
    keep: impl Fn(&Table) -> bool,
) -> String {
    let tables = schema.tables.iter().filter(|table| keep(table));
    let texts: Vec<_> = tables
        .map(|table| match detail {
            Detail::Names => names_line(schema, table),
            detail => table_text(schema, table, samples, detail),
        })
        .collect();
    texts.join("\n")
}

/// `orders(id, customer_id -> customers.id, total)`.
fn names_line(schema: &Schema, table: &Table) -> String {
    let columns = table.columns.iter().map(|column| {
        let reference = schema.relationships.iter().find(|relation| {
            relation.from_table == table.name
                && relation.from_columns.as_slice() == std::slice::from_ref(&column.name)
        });
        match reference {
            Some(to) => {
                let (table, columns) = (name(&to.to_table), names(&to.to_columns));
                format!("{} -> {table}.{columns}", name(&column.name))
            }
            None => name(&column.name),
        }
    });
    let columns: Vec<_> = columns.collect();
    format!("{}({})", name(&table.name), columns.join(", "))
}

fn table_text(schema: &Schema, table: &Table, samples: &Samples, detail: Detail) -> String {
    let mut text = format!("CREATE TABLE {} (", name(&table.name));
    if let Some(description) = table
        .description
        .as_ref()
        .filter(|_| detail != Detail::Types)
    {
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
        text.push_str(&column_text(table, column, samples, detail, is_last));
    }
    text.push_str(&keys.join(",\n"));
    if !keys.is_empty() {
        text.push('\n');
    }
    text.push_str(");");
    text
}

fn column_text(
    table: &Table,
    column: &Column,
    samples: &Samples,
    detail: Detail,
    is_last: bool,
) -> String {
    let mut text = format!("  {} {}", name(&column.name), type_name(column));
    if table.primary_key.as_slice() == std::slice::from_ref(&column.name) {
        text.push_str(" PRIMARY KEY");
    }
    if !is_last {
        text.push(',');
    }
    let key = (table.name.clone(), column.name.clone());
    let values = samples.get(&key).filter(|remark| match detail {
        Detail::Full => true,
        Detail::AllValues => remark.starts_with(ALL_VALUES),
        Detail::Types | Detail::Names => false,
    });
    let described = column
        .description
        .as_ref()
        .filter(|_| detail != Detail::Types);
    let mut remarks: Vec<String> = described.map(|words| one_line(words)).into_iter().collect();
    remarks.extend(values.cloned());
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
