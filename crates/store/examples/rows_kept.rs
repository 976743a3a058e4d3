//! Generates a schema for each folder of CSV files, loads it, and compares what became of the rows with what was foretold:
//! `cargo run --release -p store --example rows_kept -- FOLDER [--lossy]`, where each folder in FOLDER is a database.
//! With `--lossy` text columns get the type that most of their values have, and references take each choice for rows
//! without partner in turn.
//!
//! Ends with an error where a row was set aside, a cell emptied or a reference broken that the forecast did not name.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use ingest::{Options, Unwatched};
use schema_gen::model::{Misfits, Orphans};
use schema_gen::{Forecast, Schema, Source};
use store::dataset::{CancelFlag, LoadReport, PlaceFilter, load, read_quarantine};

#[derive(Default)]
struct Total {
    databases: u64,
    rows_in: u64,
    set_aside: u64,
    emptied: u64,
    without_partner: u64,
    unannounced: u64,
    generating: Duration,
    forecasting: Duration,
    loading: Duration,
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("which folder?")?;
    let mut databases: Vec<PathBuf> = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    databases.retain(|path| path.is_dir());
    databases.sort();
    let lossy = std::env::args().any(|argument| argument == "--lossy");
    let mut total = Total::default();
    for database in databases {
        run(&database, lossy, &mut total)
            .map_err(|error| format!("{}: {error}", database.display()))?;
    }
    println!(
        "{} databases, {} rows: {} set aside, {} cells emptied, {} rows kept without a partner; {} losses were not foretold \
         (schemas {:.1?}, forecasts {:.1?}, imports {:.1?})",
        total.databases,
        total.rows_in,
        total.set_aside,
        total.emptied,
        total.without_partner,
        total.unannounced,
        total.generating,
        total.forecasting,
        total.loading
    );
    if total.unannounced > 0 {
        return Err("the forecast was wrong".into());
    }
    Ok(())
}

fn run(database: &Path, lossy: bool, total: &mut Total) -> Result<(), Box<dyn Error>> {
    let sources = sources(database)?;
    if sources.is_empty() {
        return Ok(());
    }
    total.databases += 1;
    let name = database.file_name().unwrap_or_default().to_string_lossy();
    let started = Instant::now();
    let mut schema = schema_gen::generate(&sources, &|_| true)?;
    total.generating += started.elapsed();
    if lossy {
        choose_losses(&mut schema, &sources);
    }
    if let Some(problem) = schema_gen::validate(&schema, &sources).first() {
        return Err(format!("{}: {}", problem.field, problem.message).into());
    }
    let started = Instant::now();
    let edited = schema_gen::finish_edit(schema, &sources, &|| true)?;
    total.forecasting += started.elapsed();
    let started = Instant::now();
    let folder = tempfile::tempdir()?;
    let target = folder.path().join("one.db");
    let report = load(
        &edited.schema,
        &sources,
        &target,
        &mut |_| (),
        &CancelFlag::default(),
    )?;
    total.loading += started.elapsed();
    for row in read_quarantine(
        &target,
        &PlaceFilter::default(),
        0,
        5,
        &CancelFlag::default(),
    )?
    .rows
    {
        println!(
            "{name}: {} line {}: {}",
            row.row.file, row.row.line, row.row.reason
        );
    }
    for reference in &report.references {
        println!(
            "{name}: {} rows of {} ({}) without a partner in {}",
            reference.orphan_rows,
            reference.from_table,
            reference.from_columns.join(", "),
            reference.to_table
        );
    }
    for table in &report.tables {
        total.rows_in += table.rows_in;
        total.set_aside += table.quarantined;
        total.emptied += table.emptied.iter().map(|column| column.cells).sum::<u64>();
    }
    let kept = report.references.iter();
    total.without_partner += kept.map(|reference| reference.orphan_rows).sum::<u64>();
    let unannounced = unannounced(&edited.forecast, &report);
    if unannounced > 0 {
        println!("{name}: {unannounced} losses were not foretold");
    }
    total.unannounced += unannounced;
    Ok(())
}

fn choose_losses(schema: &mut Schema, sources: &[Source]) {
    let linked: Vec<(String, Vec<String>)> = schema
        .relationships
        .iter()
        .flat_map(|reference| {
            let own = (reference.from_table.clone(), reference.from_columns.clone());
            let key = (reference.to_table.clone(), reference.to_columns.clone());
            [own, key]
        })
        .collect();
    for table in &mut schema.tables {
        let source = sources
            .iter()
            .find(|source| source.csv_id == table.source.csv_id);
        let profiles = source.map_or(&[][..], |source| &source.analysis.columns);
        for (number, column) in table.columns.iter_mut().enumerate() {
            let profile = profiles
                .iter()
                .find(|profile| Some(&profile.column) == column.source_column.as_ref());
            let near = profile.and_then(|profile| profile.near.first());
            let is_linked = linked
                .iter()
                .any(|(name, columns)| *name == table.name && columns.contains(&column.name));
            if let Some(near) = near.filter(|_| !is_linked) {
                column.column_type = near.column_type;
                if number % 3 == 2 {
                    column.misfits = Misfits::SetAside;
                }
            }
        }
    }
    let choices = [
        Orphans::SetAside,
        Orphans::Placeholder,
        Orphans::Empty,
        Orphans::Keep,
    ];
    for number in 0..schema.relationships.len() {
        // The first choice, from one that is another for each, that can be.
        for choice in choices.iter().cycle().skip(number).take(choices.len()) {
            schema.relationships[number].orphans = *choice;
            if schema_gen::validate(schema, sources).is_empty() {
                break;
            }
        }
    }
}

fn sources(database: &Path) -> Result<Vec<Source>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(database)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Ok(Source {
                csv_id: name.to_string(),
                original_filename: name.to_string(),
                analysis: ingest::analyse(&path, &Options::default(), &Unwatched)?,
                path,
            })
        })
        .collect()
}

/// Rows, cells and partners by which the import differs from the forecast.
fn unannounced(forecast: &Forecast, report: &LoadReport) -> u64 {
    let mut differences = 0;
    for (told, done) in forecast.tables.iter().zip(&report.tables) {
        let cells: u64 = done.emptied.iter().map(|column| column.cells).sum();
        differences += told.quarantined.abs_diff(done.quarantined)
            + told.merged.abs_diff(done.merged)
            + told.added.abs_diff(done.added)
            + told.emptied_cells().abs_diff(cells);
    }
    if forecast.references == report.references {
        differences
    } else {
        differences + 1
    }
}
