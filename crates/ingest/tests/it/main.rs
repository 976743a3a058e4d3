//! What a file gives, through the public functions only.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::format_push_string
)]

mod analysis;
mod dialects;
mod encodings;
mod kinds;
mod no_rows;
mod refusals;
mod round_trip;
mod rows;
mod values;

use std::io::Write;

use ingest::{Analysis, IngestError, Options, Outcome, RecordReader, Unwatched, analyse};
use tempfile::NamedTempFile;

fn file(bytes: impl AsRef<[u8]>) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes.as_ref()).unwrap();
    file
}

fn try_analyse(bytes: impl AsRef<[u8]>) -> Result<Analysis, IngestError> {
    analyse(file(bytes).path(), &Options::default(), &Unwatched)
}

fn analysed(bytes: impl AsRef<[u8]>) -> Analysis {
    try_analyse(bytes).unwrap()
}

fn outcomes(bytes: impl AsRef<[u8]>) -> Vec<Outcome> {
    let file = file(bytes);
    let analysis = analyse(file.path(), &Options::default(), &Unwatched).unwrap();
    let reader =
        RecordReader::open(file.path(), &analysis.dialect, analysis.columns.len()).unwrap();
    reader.collect::<Result<_, _>>().unwrap()
}

/// Rows as text; null is `∅`.
fn rows(bytes: impl AsRef<[u8]>) -> Vec<Vec<String>> {
    outcomes(bytes)
        .into_iter()
        .filter_map(|outcome| match outcome {
            Outcome::Row(record) => Some(
                record
                    .fields
                    .into_iter()
                    .map(|field| field.unwrap_or_else(|| "∅".to_owned()))
                    .collect(),
            ),
            Outcome::Rejected(_) => None,
        })
        .collect()
}
