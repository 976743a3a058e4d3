//! The one pass over all rows.

use std::path::Path;

use crate::aside::{self, Headings, Kind, Waiting};
use crate::encoding::{self, Probe};
use crate::finish::{self, Shared};
use crate::infer::Column;
use crate::lines::{Lines, NAMED_LINES};
use crate::profile::distinct::Budget;
use crate::reader::{fits, open_records};
use crate::records::{RawRecord, Source};
use crate::sniff::{self, Layout};
use crate::temporal::Years;
use crate::{Analysis, IngestError, Options, Progress, Warning, header};

const SAMPLE_ROWS: usize = 5;
const REPORT_EVERY: u64 = 4096;
/// Records at the end that are looked at together for what stands below the table, and their bytes.
const MOST_WAITING: usize = 1000;
const MOST_WAITING_BYTES: usize = 1 << 20;

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
    let layout = sniff::layout(path, probe.charset, options)?;
    let mut pass = Pass::new(layout, options)?;
    pass.run(path, options, progress, probe.total_bytes)?;
    pass.finish(&probe)
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
    /// Records that may stand below the table, and their bytes.
    waiting: Vec<Waiting>,
    waiting_bytes: usize,
    /// Some row has no more than a remark in its first field, as notes below a table have.
    has_sparse_rows: bool,
    aside: SetAside,
    comments: (u64, u64),
    sample_rows: Vec<Vec<Option<String>>>,
    warnings: Vec<Warning>,
    replaced: bool,
    controls: u64,
}

/// Lines of records that are no rows, by why.
#[derive(Default)]
struct SetAside {
    kinds: Vec<(Kind, Lines)>,
}

impl SetAside {
    fn add(&mut self, kind: Kind, line: u64) {
        let known = self.kinds.iter().position(|(known, _)| *known == kind);
        let place = known.unwrap_or_else(|| {
            self.kinds.push((kind, Lines::default()));
            self.kinds.len() - 1
        });
        self.kinds[place].1.add(line);
    }

    fn count(&self) -> u64 {
        self.kinds.iter().map(|(_, lines)| lines.count).sum()
    }

    fn warnings(&self) -> impl Iterator<Item = Warning> {
        self.kinds.iter().map(|(kind, lines)| {
            let (count, listed) = (lines.count, lines.listed());
            let (plural, verb) = if count == 1 { ("", "is") } else { ("s", "are") };
            Warning {
                line: lines.first(),
                column: None,
                code: kind.code().to_owned(),
                message: format!(
                    "{count} record{plural} {verb} set aside as {}: line{plural} {listed}.",
                    kind.reason()
                ),
            }
        })
    }
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
            waiting: Vec::new(),
            waiting_bytes: 0,
            has_sparse_rows: false,
            aside: SetAside::default(),
            comments: (0, 0),
            sample_rows: Vec::new(),
            warnings,
            replaced: false,
            controls: 0,
        })
    }

    fn run(
        &mut self,
        path: &Path,
        options: &Options,
        progress: &dyn Progress,
        total_bytes: u64,
    ) -> Result<(), IngestError> {
        let dialect = &self.layout.dialect;
        let mut records = open_records(path, dialect, options)?;
        let header_rows = self.layout.header.len() as u64;
        let headings = Headings::read(&mut records, header_rows, dialect.sets_aside)?;
        let expected = Some(self.columns.len());
        let mut seen = 0_u64;
        while let Some(record) = records.next(expected)? {
            self.place(&record, &headings)?;
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
        self.end_table();
        if let Source::File(file) = records.source() {
            self.replaced = file.replaced;
            self.controls = file.controls;
        }
        self.comments = records.comments;
        progress.report(seen, total_bytes, total_bytes);
        Ok(())
    }

    /// Finds out whether a record is a row, or lets it wait until that is known.
    fn place(&mut self, record: &RawRecord<'_>, headings: &Headings) -> Result<(), IngestError> {
        if memchr::memchr(0, record.raw).is_some() {
            return Err(IngestError::Malformed {
                line: record.line,
                message: "a NUL character, which text does not hold; export the file again as CSV"
                    .to_owned(),
            });
        }
        let dialect = &self.layout.dialect;
        if let Some(kind) = headings.among_rows(record) {
            self.aside.add(kind, record.line);
        } else if dialect.footer_line.is_some_and(|line| record.line >= line) {
            self.aside.add(Kind::below(record), record.line);
        } else if dialect.sets_aside && aside::may_be_below(record, self.columns.len()) {
            if self.waiting.len() == MOST_WAITING || self.waiting_bytes > MOST_WAITING_BYTES {
                self.release();
            }
            self.waiting_bytes += record.raw.len();
            self.waiting.push(Waiting::of(record));
        } else {
            self.release();
            self.take(record);
        }
        Ok(())
    }

    /// What waited was followed by a row, so it belongs to the table.
    fn release(&mut self) {
        self.waiting_bytes = 0;
        for waiting in std::mem::take(&mut self.waiting) {
            self.take(&waiting.record());
        }
    }

    /// Of what waited at the end of the file, sets aside what stands below the table.
    fn end_table(&mut self) {
        let footer = self.footer_start();
        let below = self.waiting.split_off(footer);
        self.release();
        if let Some(first) = below.first() {
            self.layout.dialect.footer_line = Some(first.line);
        }
        for waiting in below {
            self.aside.add(Kind::below(&waiting.record()), waiting.line);
        }
    }

    /// Index of the first of the waiting records that stands below the table.
    fn footer_start(&self) -> usize {
        let columns = self.columns.len();
        // Of a table without rows nothing is known that they could stand below.
        if self.rows == 0 {
            return self.waiting.len();
        }
        // Where rows of the table are of other widths too, a width tells nothing.
        let even = (self.short.count + self.long.count) * 20 <= self.rows;
        let other_table = (0..self.waiting.len())
            .find(|start| even && aside::begins_other_table(&self.waiting[*start..], columns));
        let mut start = other_table.unwrap_or(self.waiting.len());
        while let Some(before) = start.checked_sub(1) {
            let record = self.waiting[before].record();
            let is_note = aside::is_note(&record) && !self.has_sparse_rows;
            if !is_note && !self.is_total(&record) {
                break;
            }
            start = before;
        }
        start
    }

    /// Whether a record with a total's label has the sums or means of the columns above, or leaves empty what no row does.
    fn is_total(&self, record: &RawRecord<'_>) -> bool {
        let Some(label) = aside::total_label(record) else {
            return false;
        };
        let comma = self.layout.dialect.decimal == ',';
        let (mut numbers, mut sums, mut gaps) = (0, 0, 0);
        for (index, column) in self
            .columns
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != label.column)
        {
            let text = record
                .field(index)
                .map_or(&b""[..], |(bytes, _)| bytes.trim_ascii());
            if text.is_empty() {
                gaps += usize::from(column.empty * 20 <= self.rows);
                continue;
            }
            let Some(number) = column.numeric.value_like(text, comma) else {
                return false;
            };
            numbers += 1;
            sums += usize::from(column.numeric.is_summed_up_by(number, comma));
        }
        numbers > 0 && (sums > 0 || (gaps > 0 && !label.goes_on))
    }

    fn take(&mut self, record: &RawRecord<'_>) {
        let count = self.columns.len();
        if record.repaired {
            self.repaired.add(record.line, record.len());
        }
        if !fits(record, count) {
            self.rejected += 1;
            self.long.add(record.line, record.len());
            return;
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
        self.has_sparse_rows |= aside::is_note(record);
    }

    fn finish(mut self, probe: &Probe) -> Result<Analysis, IngestError> {
        if self.rows == 0 && self.rejected == 0 && self.layout.header.is_empty() {
            return Err(IngestError::Empty);
        }
        self.warn_of_records();
        self.warnings.extend(self.aside.warnings());
        self.warn_of_lines();
        self.warn_of_encoding(probe);
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
            rejected_count: self.rejected + self.aside.count(),
            set_aside_count: self.aside.count(),
            sample_rows: self.sample_rows,
            warnings: self.warnings,
        })
    }

    /// Says what was guessed, and which characters are damaged.
    fn warn_of_encoding(&mut self, probe: &Probe) {
        let encoding = &self.layout.dialect.encoding;
        let chosen = *encoding != probe.charset.label();
        let mut told = Vec::new();
        let damaged = &probe.damaged;
        if damaged.count > 0 && !chosen {
            let message = format!(
                "Bytes that are not UTF-8 were replaced by the sign U+FFFD in a file that otherwise is: {} in all, on line {}.",
                damaged.count,
                damaged.listed()
            );
            told.push(("repaired_bytes", damaged.first(), message));
        } else if self.replaced {
            let message = format!(
                "Some bytes mean nothing in {encoding}, the encoding that was found; they were replaced by the sign U+FFFD."
            );
            told.push(("undecodable", None, message));
        }
        if self.controls > 0 {
            let message = format!(
                "{} control characters were quotes and dashes of Windows-1252 that a program took for Latin-1; they are read as these.",
                self.controls
            );
            told.push(("repaired_controls", None, message));
        }
        if probe.guessed && !chosen {
            let message = format!(
                "That the file is written in {encoding} is a guess: look whether letters with accents are right."
            );
            told.push(("guessed_encoding", None, message));
        }
        self.warnings
            .extend(told.into_iter().map(|(code, line, message)| Warning {
                line,
                column: None,
                code: code.to_owned(),
                message,
            }));
    }

    /// Says which lines belong to no record.
    fn warn_of_lines(&mut self) {
        let above = self.layout.dialect.skip_lines;
        let (comments, first) = self.comments;
        let told = [
            ("preamble", above, 1, "stand above the table"),
            ("comments", comments, first, "are comments"),
        ];
        for (code, count, line, what) in told {
            if count > 0 {
                self.warnings.push(Warning {
                    line: Some(line),
                    column: None,
                    code: code.to_owned(),
                    message: format!("Lines that {what} are passed over: {count}."),
                });
            }
        }
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
