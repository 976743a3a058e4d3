//! Reads CSV files as the product does and writes what it found as JSON.
//!
//! `sniff FILE...` prints one JSON document a line. `sniff DIR OUT_DIR` reads the input of every folder in DIR (a file
//! called `input.*`, else its first `.csv`) and writes `OUT_DIR/<folder>.json`. Keys: `delimiter`, `encoding`,
//! `has_header`, `header` (as the file has it), `n_columns`, `n_rows` and `rows` (rejected records as one cell, totals
//! and notes below the table among the rows; headings that come again, rules and other tables are left out).
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{Datelike, Utc};
use ingest::{Dialect, Options, Outcome, RecordReader, Unwatched, analyse, fields_of};
use serde_json::{Value, json};

const ROWS_WRITTEN: usize = 250_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match arguments.as_slice() {
        [folder, out] if folder.is_dir() => sniff_folder(folder, out),
        files => {
            for file in files {
                println!("{}", describe(file));
            }
            Ok(())
        }
    }
}

fn sniff_folder(folder: &Path, out: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    for entry in fs::read_dir(folder)? {
        let case = entry?.path();
        let Some(input) = input_of(&case)? else {
            continue;
        };
        let name = case
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        fs::write(out.join(name + ".json"), describe(&input).to_string())?;
    }
    Ok(())
}

fn input_of(case: &Path) -> Result<Option<PathBuf>, Box<dyn Error>> {
    if !case.is_dir() {
        return Ok(None);
    }
    let mut files: Vec<PathBuf> = fs::read_dir(case)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let named = |file: &&PathBuf| file.file_stem().is_some_and(|stem| stem == "input");
    let csv = |file: &&PathBuf| file.extension().is_some_and(|end| end == "csv");
    Ok(files
        .iter()
        .find(named)
        .or_else(|| files.iter().find(csv))
        .cloned())
}

fn describe(file: &Path) -> Value {
    try_describe(file).unwrap_or_else(|error| {
        eprintln!("{}: {error}", file.display());
        json!({ "error": error.to_string() })
    })
}

fn try_describe(file: &Path) -> Result<Value, Box<dyn Error>> {
    let options = Options {
        this_year: Some(this_year()),
        ..Options::default()
    };
    let analysis = analyse(file, &options, &Unwatched)?;
    let columns = analysis.columns.len();
    let mut rows = Vec::new();
    let mut count = 0_u64;
    for outcome in RecordReader::open(file, &analysis.dialect, columns)? {
        let outcome = outcome?;
        if is_of_no_table(&outcome) {
            continue;
        }
        count += 1;
        if rows.len() < ROWS_WRITTEN {
            rows.push(cells(outcome, &analysis.dialect));
        }
    }
    Ok(json!({
        "delimiter": analysis.dialect.delimiter,
        "encoding": analysis.dialect.encoding,
        "has_header": analysis.dialect.header,
        "header": raw_header(file, &analysis.dialect, columns)?,
        "n_columns": columns,
        "n_rows": count,
        "rows": rows,
        "types": analysis.columns.iter().map(|column| json!([column.column, column.column_type, column.format])).collect::<Vec<_>>(),
        "warnings": analysis.warnings,
    }))
}

#[allow(clippy::disallowed_methods, reason = "a command-line program")]
fn this_year() -> i32 {
    Utc::now().year()
}

/// The first record of the header as the file has it, before names are cleaned.
fn raw_header(
    file: &Path,
    dialect: &Dialect,
    columns: usize,
) -> Result<Vec<String>, Box<dyn Error>> {
    if !dialect.header {
        return Ok(Vec::new());
    }
    let headless = Dialect {
        header: false,
        header_rows: 0,
        ..dialect.clone()
    };
    let first = RecordReader::open(file, &headless, columns)?
        .next()
        .transpose()?;
    Ok(first.map(|first| cells(first, dialect)).unwrap_or_default())
}

/// A heading that comes again, a rule, or a record of another table below; totals and notes are records of this one.
fn is_of_no_table(outcome: &Outcome) -> bool {
    let Outcome::Rejected(record) = outcome else {
        return false;
    };
    let belongs = ["a total", "a note"]
        .iter()
        .any(|reason| record.reason.starts_with(reason));
    record.no_row && !belongs
}

fn cells(outcome: Outcome, dialect: &Dialect) -> Vec<String> {
    let fields = match outcome {
        Outcome::Row(record) => record.fields,
        Outcome::Rejected(rejected) if rejected.no_row => fields_of(&rejected.raw, dialect),
        Outcome::Rejected(rejected) => vec![Some(rejected.raw)],
    };
    fields.into_iter().map(Option::unwrap_or_default).collect()
}
