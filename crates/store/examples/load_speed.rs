//! Times the way from CSV files to a database, without the server: `cargo run --release -p store --example load_speed -- *.csv`
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use ingest::{Options, Unwatched};
use schema_gen::Source;
use store::dataset::{CancelFlag, LoadSource, load};

fn main() -> Result<(), Box<dyn Error>> {
    let paths: Vec<PathBuf> = std::env::args().skip(1).map(PathBuf::from).collect();
    let started = Instant::now();
    let mut bytes = 0;
    let mut sources = Vec::new();
    for path in &paths {
        bytes += std::fs::metadata(path)?.len();
        sources.push(Source {
            csv_id: path.display().to_string(),
            original_filename: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            path: path.clone(),
            analysis: ingest::analyse(path, &Options::default(), &Unwatched)?,
        });
    }
    let analysed = started.elapsed().as_secs_f64();
    let schema = schema_gen::generate(&sources, &|_| true)?;
    let generated = started.elapsed().as_secs_f64() - analysed;
    let sources: Vec<LoadSource> = sources
        .into_iter()
        .map(|source| LoadSource {
            csv_id: source.csv_id,
            path: source.path,
            analysis: source.analysis,
            original_filename: source.original_filename,
        })
        .collect();
    let folder = tempfile::tempdir()?;
    let target = folder.path().join("speed.db");
    let begun = Instant::now();
    let report = load(
        &schema,
        &sources,
        &target,
        &mut |progress| {
            if progress.rows_done == 0 {
                println!(
                    "{:.2} s {} {}",
                    begun.elapsed().as_secs_f64(),
                    progress.stage,
                    progress.table
                );
            }
        },
        &CancelFlag::default(),
    )?;
    let loaded = begun.elapsed().as_secs_f64();
    let rows: u64 = report.tables.iter().map(|table| table.rows_in).sum();
    let quarantined: u64 = report.tables.iter().map(|table| table.quarantined).sum();
    let megabytes = bytes as f64 / 1e6;
    println!(
        "analysis {analysed:.2} s, schema {generated:.2} s, load {loaded:.2} s: {rows} rows ({quarantined} quarantined), \
         {:.0} rows/s, {:.1} MB/s, database of {:.1} MB",
        rows as f64 / loaded,
        megabytes / loaded,
        std::fs::metadata(&target)?.len() as f64 / 1e6
    );
    Ok(())
}
