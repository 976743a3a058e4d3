//! How much a schema may hold, checked before anything else is looked at.

use crate::Schema;

use super::Problems;

/// Tables of a schema; more only where it is made from more files than that.
pub const MAX_TABLES: usize = 500;
/// Columns of a table: as many as a file may have (`ingest::Options`), and SQLite's default limit.
pub const MAX_COLUMNS: usize = 2_000;
pub const MAX_RELATIONSHIPS: usize = 5_000;
pub const MAX_INDEXES: usize = 5_000;
/// Columns of a primary key, of an index, of one side of a relationship.
pub const MAX_KEY_COLUMNS: usize = 32;
/// There are two different ones.
pub const MAX_CONSTRAINTS: usize = 8;

pub fn check(schema: &Schema, files: usize, problems: &mut Problems) {
    let all = [
        ("tables", schema.tables.len(), MAX_TABLES.max(files)),
        (
            "relationships",
            schema.relationships.len(),
            MAX_RELATIONSHIPS,
        ),
        ("indexes", schema.indexes.len(), MAX_INDEXES),
    ];
    for (field, count, most) in all {
        bound(problems, field, || field.to_owned(), (count, most));
    }
    if !problems.found.is_empty() {
        return;
    }
    for (number, table) in schema.tables.iter().enumerate() {
        let path = |field: &str| format!("tables[{number}].{field}");
        let columns = (table.columns.len(), MAX_COLUMNS);
        bound(problems, "columns", || path("columns"), columns);
        key(problems, || path("primary_key"), &table.primary_key);
        for (position, column) in table.columns.iter().enumerate() {
            let field = || path(&format!("columns[{position}].constraints"));
            let constraints = (column.constraints.len(), MAX_CONSTRAINTS);
            bound(problems, "constraints", field, constraints);
        }
    }
    for (number, relationship) in schema.relationships.iter().enumerate() {
        let path = |side: &str| format!("relationships[{number}].{side}_columns");
        key(problems, || path("from"), &relationship.from_columns);
        key(problems, || path("to"), &relationship.to_columns);
    }
    for (number, index) in schema.indexes.iter().enumerate() {
        key(
            problems,
            || format!("indexes[{number}].columns"),
            &index.columns,
        );
    }
}

fn key(problems: &mut Problems, field: impl FnOnce() -> String, columns: &[String]) {
    bound(
        problems,
        "columns of a key",
        field,
        (columns.len(), MAX_KEY_COLUMNS),
    );
}

fn bound(
    problems: &mut Problems,
    what: &str,
    field: impl FnOnce() -> String,
    (count, most): (usize, usize),
) {
    if count > most {
        problems.say(
            field(),
            format!("{count} {what}, more than the {most} allowed"),
        );
    }
}
