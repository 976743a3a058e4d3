//! A schema that a person (or a model) changed: what the data say of it.

pub mod data;

use crate::build::add_indexes;
use crate::forecast::{self, Forecast, ReferenceOutcome, SAMPLES, Simulation};
use crate::model::{
    Cardinality, KeyExceptions, Misfits, NOT_NULL, Orphans, Relationship, Repeats, Table,
};
use crate::reasoning::{self, BY_HAND};
use crate::validate::{Problem, notices};
use crate::{Schema, SchemaError, Source};

/// Most things said of a schema's data.
const MAX_NOTICES: usize = 1_000;
/// Begins the paragraph of the reasoning that names what was left out.
const LEFT_OUT: &str = "Left out: ";

/// An edited schema made whole, and what its data would lose.
#[derive(Debug)]
pub struct Edited {
    /// With references, evidence, indexes and the note on what was left out made anew.
    pub schema: Schema,
    /// What an import would do with every row.
    pub forecast: Forecast,
    /// What of it a person should know: values that do not fit, keys that occur twice, references to nothing.
    pub problems: Vec<Problem>,
}

/// Completes a schema that [`crate::validate()`] found sound.
pub fn finish_edit(
    mut schema: Schema,
    sources: &[Source],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Edited, SchemaError> {
    for table in &mut schema.tables {
        table.key_exceptions = None;
        // Its column may have been left out, or moved to another table.
        let label = table.label.take();
        table.label = label.filter(|label| table.column(label).is_some());
    }
    let mut lifted = Vec::new();
    let (simulation, outcomes, mut problems) = loop {
        let mut simulation = forecast::simulate(&schema, sources, go_on)?;
        recount_keys(&mut schema, sources, &simulation)?;
        let mut problems = table_problems(&schema, &simulation);
        recount(&mut schema, sources, &simulation, go_on)?;
        let outcomes = simulation.follow_references(&schema, go_on)?;
        problems.extend(reference_problems(&schema, &outcomes));
        let loosened = lift_not_null(&mut schema, sources, &simulation, &outcomes);
        // Cells that may be empty now may belong to rows that were refused for them.
        if loosened.is_empty() {
            break (simulation, outcomes, problems);
        }
        lifted.extend(loosened);
    };
    problems.extend(lifted);
    bound(&mut problems);
    note_lost_partners(&mut schema, &outcomes);
    let forecast = simulation.forecast(&schema, &outcomes);
    add_indexes(&mut schema);
    schema.derive_references();
    let repeated = |table: usize| {
        let mut keys = simulation.keys[table].iter();
        let key = keys.position(|key| key.field == "primary_key");
        let rows = simulation.tables[table].as_ref();
        let count = key.and_then(|key| rows?.reasons.get(&forecast::Reason::Repeats(key)));
        count.copied().unwrap_or_default()
    };
    reasoning::follow(&mut schema, sources, &repeated);
    note_left_out(&mut schema, sources);
    crate::fit_texts(&mut schema);
    Ok(Edited {
        schema,
        forecast,
        problems,
    })
}

/// A schema is kept with what is said of it.
fn bound(problems: &mut Vec<Problem>) {
    let more = problems.len().saturating_sub(MAX_NOTICES);
    if more > 0 {
        problems.truncate(MAX_NOTICES);
        problems.push(Problem {
            field: "tables".to_owned(),
            message: format!(
                "{more} more such notices are not listed; the forecast has all numbers"
            ),
        });
    }
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
) -> Result<(), SchemaError> {
    let simulation = forecast::simulate(schema, sources, go_on)?;
    recount(schema, sources, &simulation, go_on)
}

fn table_problems(schema: &Schema, simulation: &Simulation) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, table) in schema.tables.iter().enumerate() {
        let Some(rows) = &simulation.tables[number] else {
            continue;
        };
        let path = format!("tables[{number}]");
        let refused = |reason| rows.reasons.get(&reason).copied().unwrap_or_default();
        for (position, (column, unfits)) in table.columns.iter().zip(&rows.unfits).enumerate() {
            let path = format!("{path}.columns[{position}]");
            if unfits.count > 0 {
                let is_key = table.enforced_key().contains(&column.name);
                let fate = match (is_key || column.misfits == Misfits::SetAside, unfits.count) {
                    (true, 1) => "its row is set aside",
                    (true, _) => "their rows are set aside",
                    (false, 1) => "it is left empty",
                    (false, _) => "they are left empty",
                };
                problems.push(Problem {
                    field: format!("{path}.type"),
                    message: format!(
                        "{} would not fit {}, and {fate}: {}",
                        values_counted(unfits.count),
                        crate::type_name(column.column_type),
                        unfits.samples.join(", ")
                    ),
                });
            }
            let empty = refused(forecast::Reason::Empty(position));
            if empty > 0 {
                problems.push(Problem {
                    field: format!("{path}.constraints"),
                    message: format!("{} is empty in {}", column.name, rows_counted(empty)),
                });
            }
        }
        for (place, key) in simulation.keys[number].iter().enumerate() {
            let twice = refused(forecast::Reason::Repeats(place));
            if twice > 0 {
                problems.push(Problem {
                    field: format!("{path}.{}", key.field),
                    message: format!(
                        "not unique: {} of ({}) that came before",
                        repeated(twice),
                        key.columns.join(", ")
                    ),
                });
            }
        }
        if let Some(exceptions) = table
            .key_exceptions
            .as_ref()
            .filter(|found| found.rows() > 0)
        {
            problems.push(Problem {
                field: format!("{path}.primary_key"),
                message: format!(
                    "({}) names all rows but {}; they are kept, and the key is not enforced",
                    table.primary_key.join(", "),
                    exceptions_in_words(exceptions)
                ),
            });
        }
        let others = [
            (
                forecast::Reason::Fields,
                "more fields than the table has columns",
            ),
            (forecast::Reason::TooLong, "more text than can be queried"),
        ];
        for (reason, what) in others {
            let count = refused(reason);
            if count > 0 {
                problems.push(Problem {
                    field: path.clone(),
                    message: format!("{} of {} with {what}", rows_counted(count), table.name),
                });
            }
        }
    }
    problems
}

/// "2 that repeat one (1042, 1043) and 1 without".
pub(crate) fn exceptions_in_words(exceptions: &KeyExceptions) -> String {
    let mut parts = Vec::new();
    if exceptions.repeated_rows > 0 {
        let verb = if exceptions.repeated_rows == 1 {
            "repeats"
        } else {
            "repeat"
        };
        parts.push(format!(
            "{} that {verb} one ({})",
            exceptions.repeated_rows,
            exceptions.samples.join(", ")
        ));
    }
    if exceptions.empty_rows > 0 {
        parts.push(format!("{} without", exceptions.empty_rows));
    }
    parts.join(" and ")
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

/// What comes of rows without partner, and of those that are set aside because their partner is.
fn reference_problems(schema: &Schema, outcomes: &[ReferenceOutcome]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (number, (relationship, outcome)) in schema.relationships.iter().zip(outcomes).enumerate() {
        let evidence = &relationship.evidence;
        let rows = match relationship.orphans {
            Orphans::Keep => outcome.orphan_rows.max(evidence.orphan_rows),
            Orphans::SetAside => outcome.changed.max(evidence.orphan_rows),
            Orphans::Placeholder | Orphans::Empty => evidence.orphan_rows,
        };
        if rows > 0 {
            let samples = evidence.orphan_samples.join(", ");
            problems.push(Problem {
                field: format!("relationships[{number}]"),
                message: format!(
                    "{} of {} would refer to nothing in {}: {}{samples}",
                    rows_counted(rows),
                    relationship.from_table,
                    relationship.to_table,
                    forecast::fate(relationship.orphans).to_owned()
                        + if samples.is_empty() { "" } else { ": " },
                ),
            });
        }
    }
    problems
}

/// Counts the rows that break a key and are kept.
fn recount_keys(
    schema: &mut Schema,
    sources: &[Source],
    simulation: &Simulation,
) -> Result<(), SchemaError> {
    for number in 0..schema.tables.len() {
        let table = &schema.tables[number];
        if table.repeats != Repeats::Keep || table.primary_key.is_empty() {
            continue;
        }
        let Some(values) = simulation.joined(schema, &table.name, &table.primary_key) else {
            continue;
        };
        let repeated = values.first_repeated(SAMPLES);
        let source = sources
            .iter()
            .find(|source| source.csv_id == table.source.csv_id);
        let samples = match source {
            Some(source) if !repeated.is_empty() => {
                let records = simulation.records(schema, &table.name);
                let rows: Vec<usize> = repeated
                    .into_iter()
                    .filter_map(|row| (*records.get(row)? as usize).checked_sub(1))
                    .collect();
                data::raw_cells(table, source, &table.primary_key, &rows)?
            }
            _ => Vec::new(),
        };
        schema.tables[number].key_exceptions = Some(KeyExceptions {
            repeated_rows: values.non_null - values.distinct.len() as u64,
            empty_rows: values.null_count,
            samples,
        });
    }
    Ok(())
}

/// Counts the evidence of each relationship over the rows whose cells and keys are sound.
fn recount(
    schema: &mut Schema,
    sources: &[Source],
    simulation: &Simulation,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<(), SchemaError> {
    let mut relationships = std::mem::take(&mut schema.relationships);
    for relationship in &mut relationships {
        // Each looks at every row of two columns.
        if !go_on() {
            return Err(SchemaError::Cancelled);
        }
        recount_one(schema, sources, simulation, relationship)?;
    }
    schema.relationships = relationships;
    Ok(())
}

/// Counts one relationship; nothing is known where a side's file is gone.
fn recount_one(
    schema: &Schema,
    sources: &[Source],
    simulation: &Simulation,
    relationship: &mut Relationship,
) -> Result<(), SchemaError> {
    let side = |table: &str, columns: &[String]| simulation.joined(schema, table, columns);
    let own = side(&relationship.from_table, &relationship.from_columns);
    let keys = side(&relationship.to_table, &relationship.to_columns);
    let from = schema.table(&relationship.from_table);
    let (Some(own), Some(keys), Some(from)) = (own, keys, from) else {
        return Ok(());
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
            let records = simulation.records(schema, &from.name);
            let rows: Vec<usize> = own
                .first_orphans(&keys, SAMPLES)
                .into_iter()
                .filter_map(|row| (*records.get(row)? as usize).checked_sub(1))
                .collect();
            data::raw_cells(from, source, &relationship.from_columns, &rows)?
        }
        _ => Vec::new(),
    };
    if evidence.reasons.is_empty() || evidence.reasons[0] == BY_HAND {
        evidence.reasons = vec![
            BY_HAND.to_owned(),
            reasoning::found(evidence, &relationship.even_out, "values"),
        ];
        let share = evidence.matched as f64 / evidence.distinct.max(1) as f64;
        relationship.confidence = (share * 100.0).floor() / 100.0;
    }
    reasoning::follow_counts(relationship);
    let is_key = schema.is_enforced_key(from, &relationship.from_columns);
    relationship.cardinality = if is_key {
        Cardinality::OneToOne
    } else {
        Cardinality::ManyToOne
    };
    Ok(())
}

/// A reference all of whose partners are in the files, but not all of them in the database, is not enforced either.
fn note_lost_partners(schema: &mut Schema, outcomes: &[ReferenceOutcome]) {
    for (relationship, outcome) in schema.relationships.iter_mut().zip(outcomes) {
        if relationship.always_meets() && relationship.orphans == Orphans::Keep {
            relationship.evidence.orphan_rows = outcome.orphan_rows;
        }
    }
}

/// Takes NOT NULL from columns, other than keys, that hold nulls because cells do not fit, because their type makes nothing
/// of some words, because references are emptied or because rows are added; says so.
fn lift_not_null(
    schema: &mut Schema,
    sources: &[Source],
    simulation: &Simulation,
    outcomes: &[ReferenceOutcome],
) -> Vec<Problem> {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (number, (table, rows)) in schema.tables.iter().zip(&simulation.tables).enumerate() {
        let Some(rows) = rows else { continue };
        for (position, unfits) in rows.unfits.iter().enumerate() {
            let known = known_nulls(table, position, sources);
            if table.columns[position].misfits == Misfits::Empty
                && (unfits.count > 0 || unfits.nulls > known)
            {
                places.push((number, position));
            }
        }
    }
    for (relationship, outcome) in schema.relationships.iter().zip(outcomes) {
        let position = |name: &str| schema.tables.iter().position(|table| table.name == name);
        let (from, to) = (
            position(&relationship.from_table),
            position(&relationship.to_table),
        );
        let columns = |table: usize, among: bool, names: &[String]| -> Vec<(usize, usize)> {
            let all = schema.tables[table].columns.iter().enumerate();
            all.filter(|(_, column)| names.contains(&column.name) == among)
                .map(|(place, _)| (table, place))
                .collect()
        };
        match (relationship.orphans, from, to) {
            (Orphans::Empty, Some(from), _) if outcome.changed > 0 => {
                places.extend(columns(from, true, &relationship.from_columns));
            }
            (Orphans::Placeholder, _, Some(to)) if outcome.changed > 0 => {
                places.extend(columns(to, false, &relationship.to_columns));
            }
            _ => {}
        }
    }
    let mut lifted = Vec::new();
    for (number, position) in places {
        let table = &mut schema.tables[number];
        let name = &table.columns[position].name;
        let is_key = table.enforced_key().contains(name);
        let column = &mut table.columns[position];
        if column.is_not_null() && !is_key {
            column.lift(NOT_NULL);
            lifted.push(Problem {
                field: format!("tables[{number}].columns[{position}].constraints"),
                message: format!("{} may be empty now: NOT NULL was taken away", column.name),
            });
        }
    }
    lifted
}

/// Empty cells of the column as the file's analysis counted them.
fn known_nulls(table: &Table, position: usize, sources: &[Source]) -> u64 {
    let source = sources
        .iter()
        .find(|source| source.csv_id == table.source.csv_id);
    let profile = source.and_then(|source| {
        let mut profiles = source.analysis.columns.iter();
        profiles
            .find(|profile| Some(&profile.column) == table.columns[position].source_column.as_ref())
    });
    profile.map_or(u64::MAX, |profile| profile.null_count)
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
