use std::sync::atomic::{AtomicBool, Ordering};

use crate::build::{self, Decisions};
use crate::{GenerateOptions, OnStep, Schema, SchemaError, Source, Step};
use crate::{facts, keys, relations};

/// Builds the schema without a model: names, types, primary keys, foreign keys, indexes, reasoning.
///
/// The result depends on the files and their order alone.
pub fn generate(
    sources: &[Source],
    options: &GenerateOptions,
    on_step: OnStep<'_>,
) -> Result<Schema, SchemaError> {
    let _ = options;
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
    let tables = facts::gather(sources, &cancelled, &|source, read| {
        let message = format!("Read {}.", source.original_filename);
        step(Step {
            stage: "profiles",
            message,
            done: read as u64,
            total,
        })
    })?;
    let mut found_keys = Vec::with_capacity(tables.len());
    for (done, table) in (1..).zip(&tables) {
        found_keys.push(keys::single_candidates(table));
        let message = format!("Looked for keys in {}.", table.source.original_filename);
        advance(
            &step,
            Step {
                stage: "keys",
                message,
                done,
                total,
            },
        )?;
    }
    let weighed = relations::candidates(&tables, &found_keys, &step)?;
    let mut choice = relations::choose(weighed);
    let mut primary_keys = Vec::with_capacity(tables.len());
    for (at, table) in tables.iter().enumerate() {
        primary_keys.push(keys::decide(table, at, &found_keys[at], &|from| {
            relations::points_elsewhere(&tables, &choice, from)
        }));
        let message = format!("Chose the key of {}.", table.source.original_filename);
        advance(
            &step,
            Step {
                stage: "keys",
                message,
                done: at as u64 + 1,
                total,
            },
        )?;
    }
    let composites = relations::find_composites(&tables, &primary_keys, &mut choice);
    advance(&step, note("naming", "Naming tables and columns."))?;
    let schema = build::build(&Decisions {
        tables: &tables,
        keys: primary_keys,
        choice,
        composites,
    });
    advance(&step, note("done", "The schema is ready."))?;
    Ok(schema)
}

fn advance(on_step: &dyn Fn(Step) -> bool, step: Step) -> Result<(), SchemaError> {
    if on_step(step) {
        Ok(())
    } else {
        Err(SchemaError::Cancelled)
    }
}

fn note(stage: &'static str, message: &str) -> Step {
    Step {
        stage,
        message: message.to_owned(),
        done: 0,
        total: 0,
    }
}
