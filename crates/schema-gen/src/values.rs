//! The values of columns as 64-bit fingerprints: exact sets in bounded memory.
//!
//! Two different values share a fingerprint with a chance of about 2^-64, so over a million distinct values on either
//! side a wrong match is less likely than a fault of the memory that holds them.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};

use ingest::{ColumnProfile, ColumnType, Outcome, RecordReader, Value, ValueParser};

use crate::{SchemaError, Source};

/// Cells held in memory at once, all files together; 8 bytes each, and as much again for their distinct values.
pub const MAX_CELLS: u64 = 12_000_000;
/// Longer text is prose, not a key.
const MAX_KEY_CHARS: u64 = 200;
/// Longer text is no code that people write by hand.
const MAX_CODE_CHARS: usize = 16;
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: u64 = 20_000;

/// Fingerprint of null.
pub const NULL: u64 = 0;

/// The cells of a column, row by row, and their distinct values.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Fingerprint of each row's cell, [`NULL`] for null.
    pub rows: Vec<u64>,
    /// Sorted, without null.
    pub distinct: Vec<u64>,
    pub null_count: u64,
    pub non_null: u64,
    /// Smallest and largest, where every value is a whole number.
    pub range: Option<(i64, i64)>,
    /// Texts, each written as codes are: see [`is_code`].
    pub are_codes: bool,
    /// Whole numbers, each written as it is printed, so that as text they are the same.
    pub are_plain: bool,
}

impl Values {
    pub fn is_unique(&self) -> bool {
        self.null_count == 0 && !self.rows.is_empty() && self.distinct.len() == self.rows.len()
    }

    /// How many of the distinct values `other` has too.
    pub fn matched(&self, other: &Self) -> u64 {
        let (small, large) = (&self.distinct, &other.distinct);
        if small.len() * 16 < large.len() {
            return small
                .iter()
                .filter(|value| large.binary_search(value).is_ok())
                .count() as u64;
        }
        let (mut at, mut count) = (0, 0);
        for value in small {
            while at < large.len() && large[at] < *value {
                at += 1;
            }
            if large.get(at) == Some(value) {
                count += 1;
            }
        }
        count
    }

    /// The first rows of different values that `other` does not have.
    pub fn first_orphans(&self, other: &Self, most: usize) -> Vec<usize> {
        let mut seen = Vec::new();
        let mut rows = Vec::new();
        for (row, value) in self.rows.iter().enumerate() {
            if rows.len() == most {
                break;
            }
            let orphan = *value != NULL && other.distinct.binary_search(value).is_err();
            if orphan && !seen.contains(value) {
                seen.push(*value);
                rows.push(row);
            }
        }
        rows
    }

    /// The second rows of values that occur more than once, one row for each value.
    pub fn first_repeated(&self, most: usize) -> Vec<usize> {
        let mut seen = HashSet::with_capacity(self.distinct.len());
        let mut told = HashSet::new();
        let rows = self.rows.iter().enumerate();
        rows.filter(|&(_, &value)| value != NULL && !seen.insert(value) && told.insert(value))
            .map(|(row, _)| row)
            .take(most)
            .collect()
    }

    /// The whole numbers as text values, for comparison with a text column.
    pub fn as_text(&self) -> Self {
        let text = |value: u64| match value {
            NULL => NULL,
            _ => fingerprint(&Value::Text(printed(value))),
        };
        finish(self.rows.iter().map(|&value| text(value)).collect(), None)
    }

    /// How many of the whole numbers from `low` to `high` occur.
    pub fn count_between(&self, low: i64, high: i64) -> u64 {
        let before = |bound: u64| self.distinct.partition_point(|&value| value < bound);
        let above = self
            .distinct
            .partition_point(|&value| value <= in_order(high));
        above.saturating_sub(before(in_order(low))) as u64
    }

    /// Rows with a value that `other` does not have.
    pub fn orphan_rows(&self, other: &Self) -> u64 {
        self.rows
            .iter()
            .filter(|&&value| value != NULL && other.distinct.binary_search(&value).is_err())
            .count() as u64
    }
}

/// Whether a column of this kind can be part of a key or of a reference.
pub fn is_joinable(profile: &ColumnProfile, row_count: u64) -> bool {
    let right_type = match profile.column_type {
        ColumnType::Boolean | ColumnType::Decimal => false,
        ColumnType::Real => may_be_whole(profile),
        ColumnType::Text => profile.max_length <= MAX_KEY_CHARS,
        ColumnType::Integer | ColumnType::Date | ColumnType::Datetime => true,
    };
    right_type && profile.null_count < row_count
}

/// Whether a column of numbers with fractions may hold whole ones alone: files written by tools that keep numbers with gaps as
/// doubles have 1.0, 2.0.
pub fn may_be_whole(profile: &ColumnProfile) -> bool {
    [&profile.min, &profile.max].into_iter().all(|bound| {
        bound
            .as_deref()
            .and_then(|text| text.parse::<f64>().ok())
            .is_some_and(|number| number.fract() == 0.0)
    })
}

/// The type by which the values of a key or a reference are compared, and as which they are stored.
fn compared_as(profile: &ColumnProfile) -> ColumnType {
    match profile.column_type {
        ColumnType::Real => ColumnType::Integer,
        other => other,
    }
}

/// Whether a text looks like a code: short, without spaces, of capitals and digits (`DE`, `C-1001`, `HAM1`, `a7`).
pub fn is_code(text: &str) -> bool {
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    (1..=MAX_CODE_CHARS).contains(&text.len())
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().all(|byte| match byte {
            b'a'..=b'z' => has_digit,
            _ => byte.is_ascii_alphanumeric() || b"-_./:#".contains(&byte),
        })
}

/// Non-zero fingerprint of a value. Whole numbers, typed INTEGER or REAL, keep their order.
pub fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => return NULL,
        Value::Integer(number) => return in_order(*number),
        Value::Real(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            return in_order(*number as i64);
        }
        Value::Real(number) => hasher.write_u64(number.to_bits()),
        Value::Text(text) => {
            hasher.write(text.as_bytes());
            hasher.write_u8(0xff);
        }
    }
    hasher.finish().max(1)
}

/// The whole number of a fingerprint, as text.
pub fn printed(fingerprint: u64) -> String {
    (fingerprint ^ (1 << 63)).cast_signed().to_string()
}

/// A whole number as an unsigned one in the same order; the two smallest of all share one.
fn in_order(number: i64) -> u64 {
    (number.cast_unsigned() ^ (1 << 63)).max(1)
}

/// Joins the fingerprints of one row's cells; [`NULL`] when one of them is null.
pub fn combine(cells: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = DefaultHasher::new();
    for cell in cells {
        if cell == NULL {
            return NULL;
        }
        hasher.write_u64(cell);
    }
    hasher.finish().max(1)
}

/// As [`combine`], with nulls as values of their own.
pub fn combine_all(cells: impl Iterator<Item = u64>) -> u64 {
    let mut hasher = DefaultHasher::new();
    cells.for_each(|cell| hasher.write_u64(cell));
    hasher.finish()
}

/// Whether no two rows agree in all of the columns and none has a null there. Stops at the first counter-example.
pub fn is_unique_combination(columns: &[&Values]) -> bool {
    let Some(first) = columns.first() else {
        return false;
    };
    let mut seen = HashSet::with_capacity(first.rows.len().min(1 << 16));
    (0..first.rows.len()).all(|row| {
        let joined = combine(columns.iter().map(|column| column.rows[row]));
        joined != NULL && seen.insert(joined)
    })
}

/// The joined values of several columns, as one column.
pub fn join_columns(columns: &[&Values]) -> Values {
    let length = columns.first().map_or(0, |first| first.rows.len());
    let rows = (0..length)
        .map(|row| combine(columns.iter().map(|column| column.rows[row])))
        .collect();
    finish(rows, None)
}

/// Reads the columns whose positions are in `wanted`; the result has an entry for every column of the file.
///
/// `go_on` is asked now and then; `false` gives [`SchemaError::Cancelled`].
pub fn load(
    source: &Source,
    wanted: &[usize],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<Option<Values>>, SchemaError> {
    let analysis = &source.analysis;
    let mut columns: Vec<Loading> = wanted
        .iter()
        .map(|&position| {
            Loading::new(
                position,
                &analysis.columns[position],
                analysis.dialect.decimal,
            )
        })
        .collect();
    for (number, outcome) in (0_u64..).zip(open(source)?) {
        if number % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        let Outcome::Row(record) = outcome.map_err(|error| failed(source, error))? else {
            continue;
        };
        for column in &mut columns {
            column.take(
                record
                    .fields
                    .get(column.position)
                    .and_then(Option::as_deref),
            );
        }
    }
    let mut loaded: Vec<Option<Values>> = analysis.columns.iter().map(|_| None).collect();
    for column in columns {
        let position = column.position;
        loaded[position] = column.finish();
    }
    Ok(loaded)
}

/// Opens the records of a source's file.
pub fn open(source: &Source) -> Result<RecordReader, SchemaError> {
    RecordReader::open(
        &source.path,
        &source.analysis.dialect,
        source.analysis.columns.len(),
    )
    .map_err(|error| failed(source, error))
}

pub fn failed(source: &Source, error: ingest::IngestError) -> SchemaError {
    SchemaError::Ingest {
        file: source.original_filename.clone(),
        source: error,
    }
}

struct Loading {
    position: usize,
    parser: ValueParser,
    rows: Vec<u64>,
    range: Option<(i64, i64)>,
    column_type: ColumnType,
    /// A value with a fraction: the column is no key.
    is_fraction: bool,
    /// Each text so far is a code.
    are_codes: bool,
    /// Each whole number so far is written as it is printed.
    are_plain: bool,
}

impl Loading {
    fn new(position: usize, profile: &ColumnProfile, decimal: char) -> Self {
        let column_type = compared_as(profile);
        Self {
            position,
            parser: ValueParser::of(column_type, profile, decimal),
            rows: Vec::new(),
            range: None,
            column_type,
            is_fraction: false,
            are_codes: column_type == ColumnType::Text,
            are_plain: profile.column_type == ColumnType::Integer && profile.format.is_none(),
        }
    }

    fn take(&mut self, raw: Option<&str>) {
        let is_whole = self.column_type == ColumnType::Integer;
        let value = self.parser.parse(raw).unwrap_or_else(|_| {
            self.is_fraction |= is_whole;
            Value::Null
        });
        if let (true, Value::Integer(number)) = (is_whole, &value) {
            self.widen(*number);
            // A minus of typography is no ASCII.
            self.are_plain &= raw.is_some_and(|text| text.trim().is_ascii());
        }
        if self.are_codes
            && let Value::Text(text) = &value
        {
            self.are_codes = is_code(text);
        }
        self.rows.push(fingerprint(&value));
    }

    fn widen(&mut self, number: i64) {
        self.range = Some(self.range.map_or((number, number), |(low, high)| {
            (low.min(number), high.max(number))
        }));
    }

    fn finish(self) -> Option<Values> {
        (!self.is_fraction).then(|| Values {
            are_codes: self.are_codes,
            are_plain: self.are_plain,
            ..finish(self.rows, self.range)
        })
    }
}

/// Sorts out the distinct values of a column.
pub fn finish(rows: Vec<u64>, range: Option<(i64, i64)>) -> Values {
    let mut distinct: Vec<u64> = rows
        .iter()
        .copied()
        .filter(|&value| value != NULL)
        .collect();
    let non_null = distinct.len() as u64;
    distinct.sort_unstable();
    distinct.dedup();
    distinct.shrink_to_fit();
    Values {
        null_count: rows.len() as u64 - non_null,
        non_null,
        rows,
        distinct,
        range,
        are_codes: false,
        are_plain: false,
    }
}
