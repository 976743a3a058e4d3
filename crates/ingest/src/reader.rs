use std::path::Path;

use crate::aside::{Headings, Kind};
use crate::encoding::{Charset, DecodedFile};
use crate::records::{RawRecord, Records, Source};
use crate::syntax::{Limits, Syntax};
use crate::{Dialect, IngestError, Options};

/// A record with as many fields as the file has columns. `None` is a null: an absent field or an unquoted empty one.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// 1-based line on which the record starts.
    pub line: u64,
    pub fields: Vec<Option<String>>,
}

/// A record that cannot be a row, with all its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    pub line: u64,
    /// In words: `7 fields where the header has 5`.
    pub reason: String,
    pub raw: String,
    /// It never was a row, but a heading, a rule, a total or a note: nothing is lost by leaving it out.
    pub no_row: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Row(Record),
    Rejected(Rejected),
}

/// Reads every record of a file in order, in bounded memory: the buffer grows to about twice the longest record.
pub struct RecordReader {
    records: Records<'static>,
    columns: usize,
    headings: Headings,
    footer_line: Option<u64>,
    failed: bool,
}

impl RecordReader {
    /// `columns` is the number of columns that the analysis found.
    pub fn open(path: &Path, dialect: &Dialect, columns: usize) -> Result<Self, IngestError> {
        let limits = Options {
            max_columns: columns.max(100_000),
            max_field_bytes: 64 << 20,
            ..Options::default()
        };
        Self::open_with(path, dialect, columns, &limits)
    }

    /// Like [`RecordReader::open`], with the bounds of `options`.
    pub fn open_with(
        path: &Path,
        dialect: &Dialect,
        columns: usize,
        options: &Options,
    ) -> Result<Self, IngestError> {
        let mut records = open_records(path, dialect, options)?;
        let header_rows = if dialect.header {
            dialect.header_rows
        } else {
            0
        };
        let headings = Headings::read(&mut records, header_rows, dialect.sets_aside)?;
        Ok(Self {
            records,
            columns,
            headings,
            footer_line: dialect.footer_line,
            failed: false,
        })
    }
}

/// A file's records behind the lines above its header; the header comes first.
pub(crate) fn open_records(
    path: &Path,
    dialect: &Dialect,
    options: &Options,
) -> Result<Records<'static>, IngestError> {
    let charset = Charset::for_label(&dialect.encoding).ok_or_else(|| IngestError::Malformed {
        line: 1,
        message: format!(
            "the encoding {:?} is not known; use utf-8 or windows-1252",
            dialect.encoding
        ),
    })?;
    let limits = Limits {
        max_columns: options.max_columns,
        max_field_bytes: options.max_field_bytes,
    };
    let file = DecodedFile::open(path, charset)?;
    let mut records = Records::new(Source::File(Box::new(file)), Syntax::new(dialect), limits)?;
    records.skip_lines(dialect.skip_lines)?;
    Ok(records)
}

/// Whether a record can be a row of `columns` columns: what it has more is blank.
pub(crate) fn fits(record: &RawRecord<'_>, columns: usize) -> bool {
    record.len() <= columns || record.blank_from(columns)
}

/// The fields of one record that stands alone in `text`, as many as there are. Read as `dialect` says, but a comment's sign
/// means nothing here; text that is no record is one field.
pub fn fields_of(text: &str, dialect: &Dialect) -> Vec<Option<String>> {
    split(text, dialect).unwrap_or_else(|_| vec![Some(text.to_owned())])
}

fn split(raw: &str, dialect: &Dialect) -> Result<Vec<Option<String>>, IngestError> {
    let dialect = Dialect {
        comment: None,
        ..dialect.clone()
    };
    let limits = Limits {
        max_columns: 100_000,
        max_field_bytes: 64 << 20,
    };
    let source = Source::Sample(raw.as_bytes());
    let mut records = Records::new(source, Syntax::new(&dialect), limits)?;
    let Some(record) = records.next(None)? else {
        // Nothing but delimiters.
        return Ok(vec![None; raw.matches(dialect.delimiter).count() + 1]);
    };
    (0..record.len())
        .map(|index| field(&record, index))
        .collect()
}

fn field(record: &RawRecord<'_>, index: usize) -> Result<Option<String>, IngestError> {
    match record.field(index) {
        None | Some((b"", false)) => Ok(None),
        Some((bytes, _)) => text(bytes, record.line).map(Some),
    }
}

impl Iterator for RecordReader {
    type Item = Result<Outcome, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let outcome = match self.records.next(Some(self.columns)) {
            Ok(None) => return None,
            Ok(Some(record)) => {
                let below = self.footer_line.is_some_and(|line| record.line >= line);
                let among_rows = self.headings.among_rows(&record);
                match among_rows.or_else(|| below.then(|| Kind::below(&record))) {
                    Some(kind) => set_aside(&record, kind),
                    None => outcome(&record, self.columns),
                }
            }
            Err(error) => Err(error),
        };
        self.failed = outcome.is_err();
        Some(outcome)
    }
}

fn set_aside(record: &RawRecord<'_>, kind: Kind) -> Result<Outcome, IngestError> {
    Ok(Outcome::Rejected(Rejected {
        line: record.line,
        reason: kind.reason().to_owned(),
        raw: text(record.raw, record.line)?,
        no_row: true,
    }))
}

fn outcome(record: &RawRecord<'_>, columns: usize) -> Result<Outcome, IngestError> {
    let line = record.line;
    if !fits(record, columns) {
        return Ok(Outcome::Rejected(Rejected {
            line,
            reason: format!(
                "{} fields where the table has {columns} columns",
                record.len()
            ),
            raw: text(record.raw, line)?,
            no_row: false,
        }));
    }
    let fields = (0..columns)
        .map(|index| field(record, index))
        .collect::<Result<_, _>>()?;
    Ok(Outcome::Row(Record { line, fields }))
}

fn text(bytes: &[u8], line: u64) -> Result<String, IngestError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => Err(IngestError::Malformed {
            line,
            message: "bytes that are not UTF-8; was the file changed after it was analysed?"
                .to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_one_record_is_its_fields_again() {
        let semicolons = Dialect {
            delimiter: ';',
            comment: Some('#'),
            ..Dialect::rfc4180()
        };
        for (text, fields) in [
            ("1;b", vec![Some("1"), Some("b")]),
            ("#1;\"a;b\"\"\"", vec![Some("#1"), Some("a;b\"")]),
            // Nothing and an empty text are told apart.
            ("1;;\"\"", vec![Some("1"), None, Some("")]),
            (";;", vec![None, None, None]),
            ("", vec![None]),
            ("1;\"two\nlines\"", vec![Some("1"), Some("two\nlines")]),
            ("1;2;3;4", vec![Some("1"), Some("2"), Some("3"), Some("4")]),
            // Cut off within a quote.
            ("1;\"open", vec![Some("1;\"open")]),
        ] {
            let fields: Vec<_> = fields.into_iter().map(|f| f.map(str::to_owned)).collect();
            assert_eq!(fields_of(text, &semicolons), fields, "{text:?}");
        }
    }
}
