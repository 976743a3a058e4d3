//! Every name is quoted; in quotes and notes a backslash takes the meaning from what follows.

use std::fmt::Write as _;

use super::{is_one_to_one, lines_of, why_not_enforced};
use crate::Schema;
use crate::ddl::type_name;
use crate::model::{Column, Index, Relationship, Table};

pub fn write(schema: &Schema) -> String {
    let mut text = String::new();
    for table in &schema.tables {
        text.push_str(&table_block(schema, table));
        text.push('\n');
    }
    for relationship in &schema.relationships {
        if !schema.is_enforced(relationship) {
            // A reference that is drawn would be enforced by what is made from the drawing.
            let _ = write!(
                text,
                "// Not enforced: {}.\n// ",
                why_not_enforced(relationship)
            );
        }
        text.push_str(&reference(relationship));
    }
    format!("{}\n", text.trim_end())
}

fn table_block(schema: &Schema, table: &Table) -> String {
    let mut text = format!("Table {} {{\n", name(&table.name));
    for column in &table.columns {
        let _ = writeln!(text, "  {}", column_line(table, column));
    }
    let indexes = indexes(schema, table);
    if !indexes.is_empty() {
        let _ = writeln!(text, "\n  indexes {{\n{indexes}  }}");
    }
    if let Some(note) = note(table.description.as_deref()) {
        let _ = writeln!(text, "\n  Note: {note}");
    }
    text.push_str("}\n");
    text
}

fn column_line(table: &Table, column: &Column) -> String {
    let mut settings = Vec::new();
    let in_key = table.enforced_key().contains(&column.name);
    if in_key && table.enforced_key().len() == 1 {
        settings.push("pk".to_owned());
    }
    if column.is_unique() {
        settings.push("unique".to_owned());
    }
    if in_key || column.is_not_null() {
        settings.push("not null".to_owned());
    }
    if let Some(note) = note(column.description.as_deref()) {
        settings.push(format!("note: {note}"));
    }
    let mut line = format!(
        "{} {}",
        name(&column.name),
        type_name(column.column_type).to_lowercase()
    );
    if !settings.is_empty() {
        let _ = write!(line, " [{}]", settings.join(", "));
    }
    line
}

/// The table's indexes, a line each; a key of several columns is written as one of them.
fn indexes(schema: &Schema, table: &Table) -> String {
    let mut text = String::new();
    if table.enforced_key().len() > 1 {
        let _ = writeln!(text, "    {} [pk]", columns(table.enforced_key()));
    }
    let own = schema
        .indexes
        .iter()
        .filter(|index| index.table == table.name);
    for Index {
        name: of_index,
        columns: indexed,
        unique,
        ..
    } in own
    {
        let unique = if *unique { "unique, " } else { "" };
        let _ = writeln!(
            text,
            "    {} [{unique}name: {}]",
            columns(indexed),
            string(of_index)
        );
    }
    text
}

fn reference(relationship: &Relationship) -> String {
    let mark = if is_one_to_one(relationship) {
        '-'
    } else {
        '>'
    };
    format!(
        "Ref: {}.{} {mark} {}.{}\n",
        name(&relationship.from_table),
        columns(&relationship.from_columns),
        name(&relationship.to_table),
        columns(&relationship.to_columns)
    )
}

fn columns(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|column| name(column)).collect();
    match quoted.as_slice() {
        [only] => only.clone(),
        several => format!("({})", several.join(", ")),
    }
}

fn note(description: Option<&str>) -> Option<String> {
    let text = lines_of(description?);
    (!text.is_empty()).then(|| string(&text))
}

fn name(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn string(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('\'', "\\'")
        .replace('\n', "\\n");
    format!("'{escaped}'")
}
