//! A schema that a person (or a model) changed: what the data say of it.

pub mod data;

use std::collections::HashMap;

use crate::build::add_indexes;
use crate::model::{Cardinality, Relationship, SourceRows, Table};
use crate::validate::{Problem, notices};
use crate::values::{self, NULL, Values};
use crate::{Schema, SchemaError, Source};

use data::TableData;

/// Examples shown of values that do not fit.
pub const SAMPLES: usize = 5;
/// Begins the paragraph of the reasoning that names what was left out.
const LEFT_OUT: &str = "Left out: ";

/// An edited schema made whole, and what its data would lose.
#[derive(Debug)]
pub struct Edited {
    /// With references, evidence, indexes and the note on what was left out made anew.
    pub schema: Schema,
    /// Rows that would be quarantined: values that do not fit, keys that occur twice, references to nothing.
    pub problems: Vec<Problem>,
}

/// Completes a schema that [`crate::validate()`] found sound.
pub fn finish_edit(
    mut schema: Schema,
    sources: &[Source],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Edited, SchemaError> {
    let tables = load(&schema, sources, go_on)?;
    let mut problems = table_problems(&schema, &tables);
    problems.extend(recompute(&mut schema, sources, &tables, go_on)?);
    add_indexes(&mut schema);
    schema.derive_references();
    note_left_out(&mut schema, sources);
    crate::fit_texts(&mut schema);
    Ok(Edited { schema, problems })
}

/// What the data would lose under the schema; nothing is changed.
pub fn check_against_data(
    schema: &Schema,
    sources: &[Source],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Problem>, SchemaError> {
    finish_edit(schema.clone(), sources, go_on).map(|edited| edited.problems)
}

/// Counts the evidence of every relationship anew; reasons that were given stay.
pub fn recompute_evidence(
    schema: &mut Schema,
    sources: &[Source],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Problem>, SchemaError> {
    let tables = load(schema, sources, go_on)?;
    recompute(schema, sources, &tables, go_on)
}

fn load(
    schema: &Schema,
    sources: &[Source],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<HashMap<String, TableData>, SchemaError> {
    let mut tables = HashMap::new();
    for table in &schema.tables {
        let source = sources
            .iter()
            .find(|source| source.csv_id == table.source.csv_id);
        if let Some(source) = source {
            let loaded = data::load(schema, table, source, go_on)?;
            tables.insert(table.name.clone(), loaded);
        }
    }
    Ok(tables)
}

fn table_problems(schema: &Schema, tables: &HashMap<String, TableData>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, table) in schema.tables.iter().enumerate() {
        let Some(data) = tables.get(&table.name) else {
            continue;
        };
        let path = format!("tables[{number}]");
        for (position, (column, counts)) in table.columns.iter().zip(&data.columns).enumerate() {
            if counts.misfits > 0 {
                problems.push(Problem {
                    field: format!("{path}.columns[{position}].type"),
                    message: format!(
                        "{} would not fit {}: {}",
                        values_counted(counts.misfits),
                        crate::type_name(column.column_type),
                        counts.samples.join(", ")
                    ),
                });
            }
            let needed = column.is_not_null() || table.primary_key.contains(&column.name);
            if needed && counts.nulls > 0 {
                problems.push(Problem {
                    field: format!("{path}.columns[{position}].constraints"),
                    message: format!("{} is empty in {}", column.name, rows_counted(counts.nulls)),
                });
            }
        }
        for (field, columns) in keys_of(schema, table) {
            let twice = duplicates(table, data, &columns);
            if twice > 0 {
                problems.push(Problem {
                    field: format!("{path}.{field}"),
                    message: format!(
                        "not unique: {} of ({}) that came before",
                        repeated(twice),
                        columns.join(", ")
                    ),
                });
            }
        }
    }
    problems
}

fn values_counted(count: u64) -> String {
    if count == 1 {
        "1 value".to_owned()
    } else {
        format!("{count} values")
    }
}

fn rows_counted(count: u64) -> String {
    if count == 1 {
        "1 row".to_owned()
    } else {
        format!("{count} rows")
    }
}

fn repeated(count: u64) -> String {
    if count == 1 {
        "1 row repeats a value".to_owned()
    } else {
        format!("{count} rows repeat values")
    }
}

/// What has to be unique in a table, each with the field that says so.
fn keys_of(schema: &Schema, table: &Table) -> Vec<(String, Vec<String>)> {
    let mut keys = Vec::new();
    if !table.primary_key.is_empty() {
        keys.push(("primary_key".to_owned(), table.primary_key.clone()));
    }
    for (position, column) in table.columns.iter().enumerate() {
        if column.is_unique() && table.primary_key != [column.name.as_str()] {
            keys.push((
                format!("columns[{position}].constraints"),
                vec![column.name.clone()],
            ));
        }
    }
    let unique = schema
        .indexes
        .iter()
        .filter(|index| index.unique && index.table == table.name);
    keys.extend(unique.map(|index| ("columns".to_owned(), index.columns.clone())));
    keys
}

/// Rows whose values in `columns` an earlier row has; for a split-off table only its distinct rows count.
fn duplicates(table: &Table, data: &TableData, columns: &[String]) -> u64 {
    let Some(key) = joined(table, data, columns) else {
        return 0;
    };
    if table.source.rows == SourceRows::All {
        return key.non_null - key.distinct.len() as u64;
    }
    let every: Vec<&Values> = data
        .columns
        .iter()
        .filter_map(|column| column.values.as_ref())
        .collect();
    let mut rows: Vec<(u64, u64)> = (0..key.rows.len())
        .filter(|&row| key.rows[row] != NULL)
        .map(|row| {
            (
                key.rows[row],
                values::combine_all(every.iter().map(|column| column.rows[row])),
            )
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    (rows.len() - key.distinct.len()) as u64
}

fn joined(table: &Table, data: &TableData, columns: &[String]) -> Option<Values> {
    let parts: Option<Vec<&Values>> = columns
        .iter()
        .map(|name| {
            let position = table
                .columns
                .iter()
                .position(|column| &column.name == name)?;
            data.columns.get(position)?.values.as_ref()
        })
        .collect();
    match parts?.as_slice() {
        [] => None,
        [only] => Some((*only).clone()),
        several => Some(values::join_columns(several)),
    }
}

fn recompute(
    schema: &mut Schema,
    sources: &[Source],
    tables: &HashMap<String, TableData>,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Problem>, SchemaError> {
    let mut problems = Vec::new();
    let mut relationships = std::mem::take(&mut schema.relationships);
    for (number, relationship) in relationships.iter_mut().enumerate() {
        // Each looks at every row of two columns.
        if !go_on() {
            return Err(SchemaError::Cancelled);
        }
        if let Some(orphan_rows) = recount(schema, sources, tables, relationship)?
            && orphan_rows > 0
        {
            let samples = relationship.evidence.orphan_samples.join(", ");
            problems.push(Problem {
                field: format!("relationships[{number}]"),
                message: format!(
                    "{} of {} would refer to nothing in {}: {samples}",
                    rows_counted(orphan_rows),
                    relationship.from_table,
                    relationship.to_table
                ),
            });
        }
    }
    schema.relationships = relationships;
    Ok(problems)
}

/// Counts one relationship; `None` where a side has no values in the files (numbers given to rows).
fn recount(
    schema: &Schema,
    sources: &[Source],
    tables: &HashMap<String, TableData>,
    relationship: &mut Relationship,
) -> Result<Option<u64>, SchemaError> {
    let side = |name: &str, columns: &[String]| {
        let table = schema.table(name)?;
        Some((table, joined(table, tables.get(name)?, columns)?))
    };
    let Some((from, own)) = side(&relationship.from_table, &relationship.from_columns) else {
        return Ok(None);
    };
    let Some((_, keys)) = side(&relationship.to_table, &relationship.to_columns) else {
        return Ok(None);
    };
    let evidence = &mut relationship.evidence;
    evidence.distinct = own.distinct.len() as u64;
    evidence.matched = own.matched(&keys);
    evidence.orphan_rows = own.orphan_rows(&keys);
    evidence.orphan_samples = match sources
        .iter()
        .find(|source| source.csv_id == from.source.csv_id)
    {
        Some(source) if evidence.orphan_rows > 0 => {
            let rows = own.first_orphans(&keys, SAMPLES);
            data::raw_cells(from, source, &relationship.from_columns, &rows)?
        }
        _ => Vec::new(),
    };
    if evidence.reasons.is_empty() {
        evidence.reasons.push("stated by hand".to_owned());
        let share = evidence.matched as f64 / evidence.distinct.max(1) as f64;
        relationship.confidence = (share * 100.0).floor() / 100.0;
    }
    let is_key = schema.is_key(from, &relationship.from_columns);
    relationship.cardinality = if is_key {
        Cardinality::OneToOne
    } else {
        Cardinality::ManyToOne
    };
    Ok(Some(relationship.evidence.orphan_rows))
}

/// Says in the reasoning which columns and files no table holds; an earlier note is replaced.
fn note_left_out(schema: &mut Schema, sources: &[Source]) {
    let mut paragraphs: Vec<String> = schema
        .reasoning
        .split("\n\n")
        .filter(|paragraph| !paragraph.is_empty() && !paragraph.starts_with(LEFT_OUT))
        .map(str::to_owned)
        .collect();
    let left_out: Vec<String> = notices(schema, sources)
        .into_iter()
        .map(|notice| notice.message)
        .collect();
    if !left_out.is_empty() {
        paragraphs.push(format!("{LEFT_OUT}{}", left_out.join(" ")));
    }
    schema.reasoning = paragraphs.join("\n\n");
}

#[cfg(test)]
mod tests;
