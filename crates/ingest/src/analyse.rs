//! The one pass over all rows.

use std::path::Path;

use encoding_rs::Encoding;

use crate::encoding;
use crate::finish::{self, Shared};
use crate::infer::Column;
use crate::profile::distinct::Budget;
use crate::reader::{fits, open_records};
use crate::records::{RawRecord, Source};
use crate::sniff::{self, Layout};
use crate::temporal::Years;
use crate::{Analysis, IngestError, Options, Progress, Warning, header};

const SAMPLE_ROWS: usize = 5;
/// Ragged rows and rejected records named one by one; the rest only counted.
const NAMED_LINES: u64 = 5;
const REPORT_EVERY: u64 = 4096;

/// Finds the dialect of a file, then types and profiles every column over all rows in one pass.
pub fn analyse(
    path: &Path,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Analysis, IngestError> {
    let probe = encoding::probe(path)?;
    if !progress.report(0, 0, probe.total_bytes) {
        return Err(IngestError::Cancelled);
    }
    let layout = sniff::layout(path, probe.encoding, options)?;
    let mut pass = Pass::new(layout, options)?;
    pass.run(path, options, progress, probe.total_bytes)?;
    pass.finish(path, probe.encoding)
}

struct Pass {
    layout: Layout,
    names: Vec<String>,
    columns: Vec<Column>,
    budget: Budget,
    rows: u64,
    rejected: u64,
    short: Tally,
    long: Tally,
    repaired: Tally,
    sample_rows: Vec<Vec<Option<String>>>,
    warnings: Vec<Warning>,
    replaced: bool,
}

/// Lines where something happened: the first few, and how many.
#[derive(Default)]
struct Tally {
    first: Vec<(u64, usize)>,
    count: u64,
}

impl Tally {
    fn add(&mut self, line: u64, fields: usize) {
        if self.count < NAMED_LINES {
            self.first.push((line, fields));
        }
        self.count += 1;
    }
}

impl Pass {
    fn new(layout: Layout, options: &Options) -> Result<Self, IngestError> {
        let count = layout.columns;
        if count > options.max_columns {
            return Err(IngestError::TooManyColumns {
                count,
                limit: options.max_columns,
            });
        }
        let (names, warnings) = header::names(&layout.header, count, layout.header_line);
        Ok(Self {
            columns: names
                .iter()
                .map(|name| Column::new(Years::of(name, options.this_year)))
                .collect(),
            names,
            layout,
            budget: Budget::default(),
            rows: 0,
            rejected: 0,
            short: Tally::default(),
            long: Tally::default(),
            repaired: Tally::default(),
            sample_rows: Vec::new(),
            warnings,
            replaced: false,
        })
    }

    fn run(
        &mut self,
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
        total_bytes: u64,
    ) -> Result<(), IngestError> {
        let mut records = open_records(path, &self.layout.dialect, options)?;
        for _ in 0..self.layout.header.len() {
            records.next(None)?;
        }
        let expected = Some(self.columns.len());
        let mut seen = 0_u64;
        while let Some(record) = records.next(expected)? {
            self.take(&record)?;
            seen += 1;
            if seen.is_multiple_of(REPORT_EVERY) {
                let bytes = match records.source() {
                    Source::File(file) => file.bytes_read,
                    Source::Sample(_) => 0,
                };
                if !progress.report(seen, bytes, total_bytes) {
                    return Err(IngestError::Cancelled);
                }
            }
        }
        if let Source::File(file) = records.source() {
            self.replaced = file.replaced;
        }
        progress.report(seen, total_bytes, total_bytes);
        Ok(())
    }

    fn take(&mut self, record: &RawRecord<'_>) -> Result<(), IngestError> {
        if memchr::memchr(0, record.raw).is_some() {
            return Err(IngestError::Malformed {
                line: record.line,
                message: "a NUL character, which text does not hold; export the file again as CSV"
                    .to_owned(),
            });
        }
        let count = self.columns.len();
        if record.repaired {
            self.repaired.add(record.line, record.len());
        }
        if !fits(record, count) {
            self.rejected += 1;
            self.long.add(record.line, record.len());
            return Ok(());
        }
        if record.len() < count {
            self.short.add(record.line, record.len());
        }
        self.rows += 1;
        for (index, column) in self.columns.iter_mut().enumerate() {
            match record.field(index) {
                Some((cell, quoted)) => column.add(cell, quoted, record.line, &mut self.budget),
                None => column.add_absent(),
            }
        }
        if self.sample_rows.len() < SAMPLE_ROWS {
            self.sample_rows
                .push((0..count).map(|index| sample_cell(record, index)).collect());
        }
        Ok(())
    }

    fn finish(
        mut self,
        _path: &Path,
        encoding: &'static Encoding,
    ) -> Result<Analysis, IngestError> {
        if self.rows == 0 && self.rejected == 0 && self.layout.header.is_empty() {
            return Err(IngestError::Empty);
        }
        self.warn_of_records();
        if self.replaced {
            let message = format!(
                "Some bytes mean nothing in {}, the encoding that was found; they were replaced by the sign U+FFFD.",
                encoding.name()
            );
            self.warnings.push(Warning {
                line: None,
                column: None,
                code: "undecodable".to_owned(),
                message,
            });
        }
        let shared = Shared::of(&self.columns, self.layout.dialect.decimal == ',');
        let mut profiles = Vec::with_capacity(self.columns.len());
        for (mut column, name) in self.columns.into_iter().zip(self.names) {
            profiles.push(finish::profile(
                &mut column,
                &name,
                &shared,
                &mut self.budget,
                &mut self.warnings,
            ));
        }
        Ok(Analysis {
            dialect: self.layout.dialect,
            columns: profiles,
            row_count: self.rows,
            rejected_count: self.rejected,
            sample_rows: self.sample_rows,
            warnings: self.warnings,
        })
    }

    fn warn_of_records(&mut self) {
        let columns = self.columns.len();
        let kinds = [
            ("ragged_row", &self.short, "the missing ones are null"),
            ("rejected_row", &self.long, "the record is not a row"),
            (
                "repaired_quotes",
                &self.repaired,
                "its quotes are damaged; check the values",
            ),
        ];
        for (code, tally, consequence) in kinds {
            for (line, fields) in &tally.first {
                let message =
                    format!("{fields} fields where the table has {columns}; {consequence}.");
                self.warnings.push(Warning {
                    line: Some(*line),
                    column: None,
                    code: code.to_owned(),
                    message,
                });
            }
            if tally.count > NAMED_LINES {
                let message = format!(
                    "{} records in all are like this; the first {NAMED_LINES} are listed.",
                    tally.count
                );
                self.warnings.push(Warning {
                    line: None,
                    column: None,
                    code: code.to_owned(),
                    message,
                });
            }
        }
    }
}

fn sample_cell(record: &RawRecord<'_>, index: usize) -> Option<String> {
    match record.field(index) {
        None | Some((b"", false)) => None,
        Some((cell, _)) => Some(String::from_utf8_lossy(cell).into_owned()),
    }
}
