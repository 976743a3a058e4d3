//! Tables, their columns, their keys, and where their data come from.

use std::collections::{BTreeMap, HashSet};

use crate::model::{Column, NOT_NULL, SourceRows, Table, UNIQUE};

use super::lookup::{At, Lookup, Origin};
use super::{Problems, expanded, shown};

pub fn check(lookup: &Lookup<'_>, problems: &mut Problems) {
    let tables = &lookup.schema.tables;
    if tables.is_empty() {
        problems.say("tables", "a schema needs at least one table");
    }
    let mut names = HashSet::new();
    let mut whole_files = HashSet::new();
    for (number, table) in tables.iter().enumerate() {
        if problems.is_full() {
            return;
        }
        let path = format!("tables[{number}]");
        problems.name(&format!("{path}.name"), &table.name, &mut names);
        if table.source.rows == SourceRows::All && !whole_files.insert(table.source.csv_id.as_str())
        {
            problems.say(
                format!("{path}.source"),
                "another table holds every row of this file already",
            );
        }
        columns(lookup, problems, number, &path);
        expanded::check(table, lookup.source(table), problems, &path);
        primary_key(lookup, problems, number, &path);
    }
    shared_columns(lookup, problems);
}

fn columns(lookup: &Lookup<'_>, problems: &mut Problems, number: usize, path: &str) {
    let table = &lookup.schema.tables[number];
    let source = lookup.source(table);
    if source.is_none() {
        let id = shown(&table.source.csv_id);
        problems.say(
            format!("{path}.source.csv_id"),
            format!("there is no file {id} in this schema"),
        );
    }
    if table.columns.is_empty() {
        problems.say(format!("{path}.columns"), "a table needs a column");
    }
    let (mut names, mut used) = (HashSet::new(), HashSet::new());
    for (position, column) in table.columns.iter().enumerate() {
        if problems.is_full() {
            return;
        }
        let path = format!("{path}.columns[{position}]");
        problems.name(&format!("{path}.name"), &column.name, &mut names);
        constraints(problems, &path, column);
        reference(lookup, problems, &path, (number, position));
        match (&column.source_column, source) {
            (None, _) if expanded::fills(table, column) => {}
            (None, _) => surrogate(problems, &path, table, column),
            (Some(name), Some(source)) => {
                let origin = lookup.origin((number, position));
                let message = if origin.is_none() {
                    let file = &source.original_filename;
                    format!("{file} has no column “{}”", shown(name))
                } else if !used.insert(origin) {
                    format!("“{}” is in this table already", shown(name))
                } else {
                    continue;
                };
                problems.say(format!("{path}.source_column"), message);
            }
            (Some(_), None) => {}
        }
    }
}

fn constraints(problems: &mut Problems, path: &str, column: &Column) {
    for (number, constraint) in column.constraints.iter().enumerate() {
        let allowed = [NOT_NULL, UNIQUE]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(constraint));
        if !allowed {
            problems.say(
                format!("{path}.constraints[{number}]"),
                format!(
                    "only NOT NULL and UNIQUE are possible, not “{}”",
                    shown(constraint)
                ),
            );
        }
    }
}

fn surrogate(problems: &mut Problems, path: &str, table: &Table, column: &Column) {
    let alone = table.primary_key == [column.name.as_str()];
    if !alone || column.column_type != ingest::ColumnType::Integer {
        problems.say(
            format!("{path}.source_column"),
            "a column without a source is a number given to each row: it has to be INTEGER and the whole primary key",
        );
    }
}

fn reference(lookup: &Lookup<'_>, problems: &mut Problems, path: &str, at: At) {
    let column = lookup.column_at(at);
    let Some(reference) = &column.references else {
        return;
    };
    let target = lookup.table(&reference.table).and_then(|table| {
        let position = lookup.column(table, &reference.column)?;
        Some((table, position))
    });
    if target.is_some_and(|target| lookup.is_stated(at, target)) {
        return;
    }
    problems.say(
        format!("{path}.references"),
        format!(
            "no entry of relationships says that {}.{} refers to {}.{}: add it there or remove it here",
            shown(&lookup.schema.tables[at.0].name),
            shown(&column.name),
            shown(&reference.table),
            shown(&reference.column)
        ),
    );
}

fn primary_key(lookup: &Lookup<'_>, problems: &mut Problems, number: usize, path: &str) {
    let table = &lookup.schema.tables[number];
    let mut seen = HashSet::new();
    for (position, name) in table.primary_key.iter().enumerate() {
        let message = if lookup.column(number, name).is_none() {
            format!("{} has no column {}", shown(&table.name), shown(name))
        } else if !seen.insert(name) {
            format!("{} is named twice", shown(name))
        } else {
            continue;
        };
        problems.say(format!("{path}.primary_key[{position}]"), message);
    }
}

/// A source column may stand in two tables only as the link between a table and the one split off it.
fn shared_columns(lookup: &Lookup<'_>, problems: &mut Problems) {
    let mut places: BTreeMap<Origin, Vec<At>> = BTreeMap::new();
    for (number, table) in lookup.schema.tables.iter().enumerate() {
        for position in 0..table.columns.len() {
            if let Some(origin) = lookup.origin((number, position)) {
                places.entry(origin).or_default().push((number, position));
            }
        }
    }
    for (origin, found) in places {
        let Some(&(first, _)) = found.first() else {
            continue;
        };
        for &(table, column) in found.iter().skip(1) {
            if table != first && !lookup.is_linked(first, table, origin) {
                problems.say(
                    format!("tables[{table}].columns[{column}].source_column"),
                    format!(
                        "“{}” is in {} already, and no relationship links the two",
                        shown(lookup.origin_name(origin)),
                        shown(&lookup.schema.tables[first].name)
                    ),
                );
            }
        }
    }
}
