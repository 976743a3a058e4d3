//! Tables' names stand in quotes, columns' names are words; what cannot stand in either is replaced, and a column that had
//! to be renamed shows its own name beside it.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::names::Names;
use super::{is_one_to_one, one_line, why_not_enforced};
use crate::Schema;
use crate::ddl::type_name;
use crate::model::{Column, Relationship, Table};

pub fn write(schema: &Schema) -> String {
    let names = table_names(schema);
    let mut text = String::from("erDiagram\n");
    for table in &schema.tables {
        text.push_str(&entity(schema, table, &names));
    }
    for relationship in &schema.relationships {
        if !schema.is_enforced(relationship) {
            let why = why_not_enforced(relationship);
            let _ = writeln!(text, "  %% Not enforced: {}.", why.replace(['{', '}'], "'"));
        }
        text.push_str(&line(schema, relationship, &names));
    }
    text
}

fn table_names(schema: &Schema) -> HashMap<&str, String> {
    let mut scope = Names::folded();
    schema
        .tables
        .iter()
        .map(|table| (table.name.as_str(), scope.claim(&quotable(&table.name))))
        .collect()
}

fn entity(schema: &Schema, table: &Table, names: &HashMap<&str, String>) -> String {
    let mut scope = Names::folded();
    let mut text = format!("  \"{}\" {{\n", named(names, &table.name));
    for column in &table.columns {
        let name = scope.claim(&word(&column.name));
        let column_type = type_name(column.column_type).to_lowercase();
        let _ = write!(text, "    {column_type} {name}");
        let marks = marks(schema, table, column);
        if !marks.is_empty() {
            let _ = write!(text, " {}", marks.join(", "));
        }
        if let Some(comment) = comment(column, &name) {
            let _ = write!(text, " \"{comment}\"");
        }
        text.push('\n');
    }
    text.push_str("  }\n");
    text
}

fn marks(schema: &Schema, table: &Table, column: &Column) -> Vec<&'static str> {
    let is_key = table.enforced_key().contains(&column.name);
    let refers = schema.relationships.iter().any(|relationship| {
        relationship.from_table == table.name && relationship.from_columns.contains(&column.name)
    });
    [
        (is_key, "PK"),
        (refers, "FK"),
        (column.is_unique() && !is_key, "UK"),
    ]
    .into_iter()
    .filter_map(|(holds, mark)| holds.then_some(mark))
    .collect()
}

fn comment(column: &Column, name: &str) -> Option<String> {
    let own = (column.name != name).then(|| column.name.clone());
    let parts: Vec<String> = own.into_iter().chain(column.description.clone()).collect();
    let text = quotable(&parts.join(": "));
    (!text.is_empty()).then_some(text)
}

/// `"orders" }o--|| "customers" : "customer_id"`: how many of the left go with one of the right, and the other way round.
/// Dotted where the reference is not enforced.
fn line(schema: &Schema, relationship: &Relationship, names: &HashMap<&str, String>) -> String {
    let from = schema.table(&relationship.from_table);
    let always = schema.is_enforced(relationship)
        && relationship.from_columns.iter().all(|name| {
            from.is_some_and(|table| {
                table.enforced_key().contains(name)
                    || table.column(name).is_some_and(Column::is_not_null)
            })
        });
    format!(
        "  \"{}\" {}{}{} \"{}\" : \"{}\"\n",
        named(names, &relationship.from_table),
        if is_one_to_one(relationship) {
            "|o"
        } else {
            "}o"
        },
        if schema.is_enforced(relationship) {
            "--"
        } else {
            ".."
        },
        if always { "||" } else { "o|" },
        named(names, &relationship.to_table),
        quotable(&relationship.from_columns.join(", "))
    )
}

fn named<'a>(names: &'a HashMap<&str, String>, table: &'a str) -> &'a str {
    names.get(table).map_or(table, String::as_str)
}

/// What can stand in quotes, where neither markup nor a character's code is meant.
fn quotable(text: &str) -> String {
    let plain: String = one_line(text)
        .chars()
        .map(|character| match character {
            '"' | '`' => '\'',
            '\\' => '/',
            '%' => '％',
            ';' => ',',
            '<' => '‹',
            '>' => '›',
            other => other,
        })
        .collect();
    plain
}

/// A word as attributes are named: letters and digits of the basic plane, and `_`; no digit first.
fn word(text: &str) -> String {
    let mut word: String = text
        .chars()
        .map(|character| {
            let fits = character.is_ascii()
                || ('\u{c0}'..='\u{fffd}').contains(&character) && character.is_alphanumeric();
            if fits && (character.is_alphanumeric() || character == '_') {
                character
            } else {
                '_'
            }
        })
        .collect();
    if !word.starts_with(|first: char| first.is_alphabetic() || first == '_') {
        word.insert(0, '_');
    }
    word
}
