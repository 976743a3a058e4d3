use std::sync::atomic::{AtomicBool, Ordering};

use crate::build::{self, Decisions};
use crate::edit;
use crate::facts::{self, TableFacts};
use crate::forecast::SAMPLES;
use crate::keys::{self, Links};
use crate::relations::{self, Choice, Composite, Feature};
use crate::{OnStep, Schema, SchemaError, Source, Step};

/// Builds the schema without a model: names, types, primary keys, foreign keys, indexes, reasoning.
///
/// The result depends on the files and their order alone. What could be normalised, [`crate::normalize`] says.
pub fn generate(sources: &[Source], on_step: OnStep<'_>) -> Result<Schema, SchemaError> {
    if sources.is_empty() {
        return Err(SchemaError::NoSources);
    }
    let cancelled = AtomicBool::new(false);
    let step = |step: Step| {
        let go_on = on_step(step);
        if !go_on {
            cancelled.store(true, Ordering::Relaxed);
        }
        go_on
    };
    let total = sources.len() as u64;
    let mut tables = facts::gather(sources, &cancelled, &|source, read| {
        step(Step {
            stage: "profiles",
            message: format!("Read {}.", source.original_filename),
            done: read as u64,
            total,
        })
    })?;
    let mut single = Vec::with_capacity(tables.len());
    for (done, table) in (1..).zip(&tables) {
        single.push(keys::single_candidates(table));
        let message = format!("Looked for keys in {}.", table.source.original_filename);
        tell(&step, ("keys", message), (done, total))?;
    }
    let mut candidates = relations::candidates(&tables, &mut single, &step)?;
    relations::drop_hopeless(&mut candidates);
    let mut choice = relations::choose(candidates);
    relations::drop_copied(&mut choice, &tables, &single);
    let mut primary_keys = Vec::with_capacity(tables.len());
    for (at, table) in tables.iter().enumerate() {
        primary_keys.push(decide(&tables, at, &single, &choice, &[]));
        let message = format!("Chose the key of {}.", table.source.original_filename);
        tell(&step, ("keys", message), (at as u64 + 1, total))?;
    }
    relations::drop_loose(&mut choice, &tables, &primary_keys);
    let composites = relations::find_composites(&tables, &primary_keys, &choice);
    decide_again(&tables, &single, &choice, &composites, &mut primary_keys);
    relations::drop_implied_singles(&mut choice, &composites);
    tell(
        &step,
        ("naming", "Naming tables and columns.".to_owned()),
        (0, 0),
    )?;
    let settled = relations::Settled::of(&choice, &composites);
    let mut schema = build::build(&Decisions {
        tables: &tables,
        keys: primary_keys,
        choice,
        composites,
    });
    show_orphans(&mut schema, sources, &tables)?;
    let go_on = || !cancelled.load(Ordering::Relaxed);
    schema.suggestions =
        relations::suggest_others(&schema, sources, &mut tables, &single, &settled, &go_on)?;
    crate::fit_texts(&mut schema);
    tell(&step, ("done", "The schema is ready.".to_owned()), (0, 0))?;
    Ok(schema)
}

/// A pair of columns whose values allow a reference, by the files' names, and the signs for and against one.
#[derive(Debug)]
pub struct WeighedPair {
    pub from: (String, String),
    pub to: (String, String),
    pub features: Vec<(Feature, f64)>,
}

/// All pairs that are weighed, for fitting the weights.
pub fn weighed_pairs(sources: &[Source]) -> Result<Vec<WeighedPair>, SchemaError> {
    let tables = facts::gather(sources, &AtomicBool::new(false), &|_, _| true)?;
    let mut single: Vec<_> = tables.iter().map(keys::single_candidates).collect();
    let candidates = relations::candidates(&tables, &mut single, &|_| true)?;
    let named = |(table, column): (usize, usize)| {
        let facts = &tables[table];
        let column = &facts.columns[column].profile.column;
        (facts.source.original_filename.clone(), column.clone())
    };
    let pairs = candidates.into_iter().map(|candidate| WeighedPair {
        from: named(candidate.from),
        to: named(candidate.to),
        features: candidate.features.iter().collect(),
    });
    Ok(pairs.collect())
}

fn decide(
    tables: &[TableFacts<'_>],
    at: usize,
    single: &[Vec<keys::Candidate>],
    choice: &Choice,
    composites: &[Composite],
) -> Vec<usize> {
    let part_of_composite = |column: usize| {
        composites
            .iter()
            .any(|reference| reference.from_table == at && reference.from_columns.contains(&column))
    };
    keys::decide(
        &tables[at],
        &single[at],
        &Links {
            refers: &|column| choice.refers((at, column)) || part_of_composite(column),
            points: &|column| {
                relations::points_elsewhere(tables, choice, (at, column))
                    || part_of_composite(column)
            },
        },
    )
}

/// Composite references tell more of a table's columns; keys that others refer to by several columns stay as they are.
fn decide_again(
    tables: &[TableFacts<'_>],
    single: &[Vec<keys::Candidate>],
    choice: &Choice,
    composites: &[Composite],
    primary_keys: &mut [Vec<usize>],
) {
    for (at, key) in primary_keys.iter_mut().enumerate() {
        let refers = composites
            .iter()
            .any(|reference| reference.from_table == at);
        let referred_to = composites.iter().any(|reference| reference.to_table == at);
        if refers && !referred_to {
            *key = decide(tables, at, single, choice, composites);
        }
    }
}

/// Adds examples to the evidence of references that some rows break.
fn show_orphans(
    schema: &mut Schema,
    sources: &[Source],
    tables: &[TableFacts<'_>],
) -> Result<(), SchemaError> {
    let mut relationships = std::mem::take(&mut schema.relationships);
    let place = |table: &str, columns: &[String]| {
        let at = schema.tables.iter().position(|own| own.name == table)?;
        let [only] = columns else { return None };
        let column = schema.tables[at]
            .columns
            .iter()
            .position(|own| &own.name == only)?;
        Some((at, tables[at].columns[column].values.as_ref()?))
    };
    for relationship in &mut relationships {
        let own = place(&relationship.from_table, &relationship.from_columns);
        let key = place(&relationship.to_table, &relationship.to_columns);
        if let (Some((at, own)), Some((_, key))) = (own, key)
            && relationship.evidence.orphan_rows > 0
        {
            let rows = own.first_orphans(key, SAMPLES);
            relationship.evidence.orphan_samples = edit::data::raw_cells(
                &schema.tables[at],
                &sources[at],
                &relationship.from_columns,
                &rows,
            )?;
        }
    }
    schema.relationships = relationships;
    Ok(())
}

fn tell(
    on_step: &dyn Fn(Step) -> bool,
    (stage, message): (&'static str, String),
    (done, total): (u64, u64),
) -> Result<(), SchemaError> {
    let step = Step {
        stage,
        message,
        done,
        total,
    };
    if on_step(step) {
        Ok(())
    } else {
        Err(SchemaError::Cancelled)
    }
}

#[cfg(test)]
mod tests;
