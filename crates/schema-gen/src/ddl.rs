use ingest::ColumnType;

use crate::ident::quote;
use crate::{Schema, model};

/// Storage class of a logical type in a STRICT table. Dates are ISO 8601 text, booleans 0 or 1, decimals doubles.
pub fn storage_type(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Integer | ColumnType::Boolean => "INTEGER",
        ColumnType::Real | ColumnType::Decimal => "REAL",
        ColumnType::Date | ColumnType::Datetime | ColumnType::Text => "TEXT",
    }
}

/// The logical type as the API and people write it.
pub fn type_name(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Integer => "INTEGER",
        ColumnType::Real => "REAL",
        ColumnType::Decimal => "DECIMAL",
        ColumnType::Boolean => "BOOLEAN",
        ColumnType::Date => "DATE",
        ColumnType::Datetime => "DATETIME",
        ColumnType::Text => "TEXT",
    }
}

/// SQLite statements (STRICT tables, then indexes) in the order they are run. Built from the validated model alone, never from text.
///
/// A primary key that rows which are kept break is none, and a reference without partners for some rows that are kept, or to such a
/// key, is no foreign key. Foreign keys are deferred, so that tables that refer to each other can be filled in any order within a transaction.
pub fn create_statements(schema: &Schema) -> Vec<String> {
    let tables = schema
        .tables
        .iter()
        .map(|table| create_table(schema, table));
    let indexes = schema.indexes.iter().map(create_index);
    tables.chain(indexes).collect()
}

fn create_table(schema: &Schema, table: &model::Table) -> String {
    let mut lines: Vec<String> = table
        .columns
        .iter()
        .map(|column| column_line(table, column))
        .collect();
    if !table.enforced_key().is_empty() {
        lines.push(format!(
            "PRIMARY KEY ({})",
            column_list(table.enforced_key())
        ));
    }
    lines.extend(
        schema
            .relationships
            .iter()
            .filter(|relationship| relationship.from_table == table.name)
            .filter(|relationship| schema.is_enforced(relationship))
            .map(foreign_key_line),
    );
    format!(
        "CREATE TABLE {} (\n  {}\n) STRICT",
        quote(&table.name),
        lines.join(",\n  ")
    )
}

fn column_line(table: &model::Table, column: &model::Column) -> String {
    let name = quote(&column.name);
    let mut line = format!("{name} {}", storage_type(column.column_type));
    if column.is_not_null() || table.enforced_key().contains(&column.name) {
        line.push_str(" NOT NULL");
    }
    if column.is_unique() {
        line.push_str(" UNIQUE");
    }
    if column.column_type == ColumnType::Boolean {
        line.push_str(" CHECK (");
        line.push_str(&name);
        line.push_str(" IN (0, 1))");
    }
    line
}

fn foreign_key_line(relationship: &model::Relationship) -> String {
    format!(
        "FOREIGN KEY ({}) REFERENCES {} ({}) DEFERRABLE INITIALLY DEFERRED",
        column_list(&relationship.from_columns),
        quote(&relationship.to_table),
        column_list(&relationship.to_columns)
    )
}

fn create_index(index: &model::Index) -> String {
    format!(
        "CREATE {}INDEX {} ON {} ({})",
        if index.unique { "UNIQUE " } else { "" },
        quote(&index.name),
        quote(&index.table),
        column_list(&index.columns)
    )
}

fn column_list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| quote(name)).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests;
