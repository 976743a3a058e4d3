//! `normalise FILE.csv…` says what of the files had better be tables of their own, with the evidence.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use ingest::{Options, Unwatched};
use schema_gen::{Source, generate, normalize};

fn main() -> Result<(), Box<dyn Error>> {
    let mut sources = Vec::new();
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        sources.push(Source {
            csv_id: name.to_string(),
            original_filename: name.to_string(),
            analysis: ingest::analyse(&path, &Options::default(), &Unwatched)?,
            path,
        });
    }
    let schema = generate(&sources, &|_| true)?;
    let started = Instant::now();
    let suggestions = normalize::suggest(&schema, &sources, &|_| true, &|| true)?;
    println!(
        "{} suggestions in {:?}",
        suggestions.len(),
        started.elapsed()
    );
    for suggestion in suggestions {
        println!("{} ({})", suggestion.title, suggestion.kind);
        println!("{}", serde_json::to_string_pretty(&suggestion.evidence)?);
    }
    Ok(())
}
