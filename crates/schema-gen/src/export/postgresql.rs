//! Tables, comments, indexes, and last the foreign keys, so that tables may refer to each other in circles.

use std::collections::HashMap;
use std::fmt::Write as _;

use ingest::ColumnType;

use super::names::Names;
use super::{lines_of, not_enforced, one_line};
use crate::Schema;
use crate::ident::{quote, quote_text};
use crate::model::{Column, Index, Relationship, Table};

/// Bytes of a name; longer ones are cut without an error (`NAMEDATALEN`, PostgreSQL 17, section 4.1.1).
const MAX_NAME_BYTES: usize = 63;
/// Columns of a table (PostgreSQL 17, appendix K).
const MAX_COLUMNS: usize = 1_600;
/// Columns that every table has; quoting does not make the names free (PostgreSQL 17, section 5.6).
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

pub fn write(schema: &Schema) -> String {
    let mut names = Fitted::new(schema);
    let mut text = String::from("-- For PostgreSQL: all tables are made, or none.\n");
    for note in std::mem::take(&mut names.notes) {
        let _ = writeln!(text, "-- {note}");
    }
    text.push_str("BEGIN;\n\n");
    for table in &schema.tables {
        text.push_str(&create_table(&mut names, table));
        text.push_str(&comments(&names, table));
        text.push('\n');
    }
    let parts = [
        schema
            .indexes
            .iter()
            .map(|index| create_index(&mut names, index))
            .collect(),
        schema
            .relationships
            .iter()
            .filter(|relationship| schema.is_enforced(relationship))
            .map(|relationship| add_foreign_key(&mut names, relationship))
            .collect(),
        not_enforced(schema),
    ];
    for part in parts.iter().filter(|part: &&String| !part.is_empty()) {
        text.push_str(part);
        text.push('\n');
    }
    text.push_str("COMMIT;\n");
    text
}

/// The schema's names as PostgreSQL keeps them.
struct Fitted<'a> {
    tables: HashMap<&'a str, String>,
    columns: HashMap<(&'a str, &'a str), String>,
    /// Tables and indexes, also those of keys, share one scope.
    scope: Names,
    /// What is named differently, and why.
    notes: Vec<String>,
}

impl<'a> Fitted<'a> {
    fn new(schema: &'a Schema) -> Self {
        let mut fitted = Self {
            tables: HashMap::new(),
            columns: HashMap::new(),
            scope: Names::exact(MAX_NAME_BYTES, &[]),
            notes: Vec::new(),
        };
        for table in &schema.tables {
            let name = fitted.scope.claim(&table.name);
            if name != table.name {
                fitted.note(&format!("the table {}", table.name), &table.name, &name);
            }
            fitted.tables.insert(&table.name, name);
        }
        for table in &schema.tables {
            let mut scope = Names::exact(MAX_NAME_BYTES, &SYSTEM_COLUMNS);
            for column in &table.columns {
                let name = scope.claim(&column.name);
                if name != column.name {
                    let what = format!("the column {} of {}", column.name, table.name);
                    fitted.note(&what, &column.name, &name);
                }
                fitted.columns.insert((&table.name, &column.name), name);
            }
            if table.columns.len() > MAX_COLUMNS {
                fitted.notes.push(one_line(&format!(
                    "Attention: {} has {} columns, and PostgreSQL takes {MAX_COLUMNS}.",
                    table.name,
                    table.columns.len()
                )));
            }
        }
        fitted
    }

    fn note(&mut self, what: &str, name: &str, fitted: &str) {
        let why = if SYSTEM_COLUMNS.contains(&name) {
            "PostgreSQL keeps that name for itself".to_owned()
        } else if name.len() > MAX_NAME_BYTES {
            format!("names have at most {MAX_NAME_BYTES} bytes")
        } else {
            "that name is taken".to_owned()
        };
        self.notes
            .push(one_line(&format!("Here {what} is named {fitted}: {why}.")));
    }

    /// Quoted.
    fn table(&self, name: &str) -> String {
        quote(self.tables.get(name).map_or(name, String::as_str))
    }

    /// Quoted.
    fn column(&self, table: &str, name: &str) -> String {
        quote(
            self.columns
                .get(&(table, name))
                .map_or(name, String::as_str),
        )
    }

    fn column_list(&self, table: &str, names: &[String]) -> String {
        let quoted: Vec<String> = names.iter().map(|name| self.column(table, name)).collect();
        quoted.join(", ")
    }

    /// A free name for a constraint or an index, quoted; built as PostgreSQL itself builds them.
    fn constraint(&mut self, table: &str, columns: &[String], ending: &str) -> String {
        let mut wish = table.to_owned();
        for column in columns {
            wish.push('_');
            wish.push_str(column);
        }
        wish.push('_');
        wish.push_str(ending);
        quote(&self.scope.claim(&wish))
    }
}

fn create_table(names: &mut Fitted<'_>, table: &Table) -> String {
    let mut lines: Vec<String> = table
        .columns
        .iter()
        .map(|column| column_line(names, table, column))
        .collect();
    if !table.enforced_key().is_empty() {
        let name = names.constraint(&table.name, &[], "pkey");
        let columns = names.column_list(&table.name, table.enforced_key());
        lines.push(format!("CONSTRAINT {name} PRIMARY KEY ({columns})"));
    }
    for column in table.columns.iter().filter(|column| column.is_unique()) {
        let own = [column.name.clone()];
        if table.enforced_key() == own {
            continue;
        }
        let name = names.constraint(&table.name, &own, "key");
        let columns = names.column_list(&table.name, &own);
        lines.push(format!("CONSTRAINT {name} UNIQUE ({columns})"));
    }
    format!(
        "CREATE TABLE {} (\n  {}\n);\n",
        names.table(&table.name),
        lines.join(",\n  ")
    )
}

fn column_line(names: &Fitted<'_>, table: &Table, column: &Column) -> String {
    let mut line = format!(
        "{} {}",
        names.column(&table.name, &column.name),
        type_of(column.column_type)
    );
    if column.is_not_null() || table.enforced_key().contains(&column.name) {
        line.push_str(" NOT NULL");
    }
    line
}

fn type_of(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Integer => "bigint",
        ColumnType::Real => "double precision",
        ColumnType::Decimal => "numeric",
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::Datetime => "timestamp",
        ColumnType::Text => "text",
    }
}

fn comments(names: &Fitted<'_>, table: &Table) -> String {
    let mut text = String::new();
    let of_table = names.table(&table.name);
    if let Some(description) = described(table.description.as_deref()) {
        let _ = writeln!(text, "COMMENT ON TABLE {of_table} IS {description};");
    }
    for column in &table.columns {
        if let Some(description) = described(column.description.as_deref()) {
            let name = names.column(&table.name, &column.name);
            let _ = writeln!(
                text,
                "COMMENT ON COLUMN {of_table}.{name} IS {description};"
            );
        }
    }
    text
}

fn described(description: Option<&str>) -> Option<String> {
    let text = lines_of(description?);
    (!text.is_empty()).then(|| literal(&text))
}

/// As `quote_literal` writes it: right whatever `standard_conforming_strings` is.
fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!("E{}", quote_text(&text.replace('\\', "\\\\")))
    } else {
        quote_text(text)
    }
}

fn create_index(names: &mut Fitted<'_>, index: &Index) -> String {
    let name = quote(&names.scope.claim(&index.name));
    format!(
        "CREATE {}INDEX {name} ON {} ({});\n",
        if index.unique { "UNIQUE " } else { "" },
        names.table(&index.table),
        names.column_list(&index.table, &index.columns)
    )
}

/// Checked at the end of a transaction, as in the database that is made here: rows can be loaded in any order.
fn add_foreign_key(names: &mut Fitted<'_>, relationship: &Relationship) -> String {
    let name = names.constraint(&relationship.from_table, &relationship.from_columns, "fkey");
    format!(
        "ALTER TABLE {} ADD CONSTRAINT {name}\n  FOREIGN KEY ({}) REFERENCES {} ({}) DEFERRABLE INITIALLY DEFERRED;\n",
        names.table(&relationship.from_table),
        names.column_list(&relationship.from_table, &relationship.from_columns),
        names.table(&relationship.to_table),
        names.column_list(&relationship.to_table, &relationship.to_columns),
    )
}
