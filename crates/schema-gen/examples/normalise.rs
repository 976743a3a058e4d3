//! `normalise FILE.csv…` says what of the files had better be tables of their own, with the evidence.
#![allow(clippy::print_stdout)]

mod files;

use std::error::Error;
use std::time::Instant;

use schema_gen::{generate, normalize};

fn main() -> Result<(), Box<dyn Error>> {
    let sources = files::sources(std::env::args_os().skip(1))?;
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
