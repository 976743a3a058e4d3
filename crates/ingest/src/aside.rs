//! Records of a table's file that are none of its rows: its headings again, rules of dashes, and what stands below it.

use std::sync::OnceLock;

use crate::records::{RawRecord, Records};
use crate::syntax::Fields;
use crate::{IngestError, number, temporal};

const TOTALS: &str = include_str!("aside/totals.txt");
const LONGEST_LABEL_BYTES: usize = 40;
/// A label of a total stands in one of so many columns from the left.
const LABEL_COLUMNS: usize = 4;
/// Words from which on a text is a remark and no name.
const WORDS_OF_A_REMARK: usize = 4;

/// Why a record is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Heading,
    Rule,
    Total,
    Note,
    OtherTable,
}

impl Kind {
    /// In words, as the reason of a record that is set aside.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Kind::Heading => "the heading again",
            Kind::Rule => "a rule and no row",
            Kind::Total => "a total of the rows above",
            Kind::Note => "a note below the table",
            Kind::OtherTable => "another table below the first",
        }
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Kind::Heading => "repeated_header",
            Kind::Rule => "rule_row",
            Kind::Total => "total_row",
            Kind::Note => "note_row",
            Kind::OtherTable => "other_table",
        }
    }

    /// What a record below the table is.
    pub(crate) fn below(record: &RawRecord<'_>) -> Self {
        if total_label(record).is_some() {
            Kind::Total
        } else if filled(record).nth(1).is_none() {
            Kind::Note
        } else {
            Kind::OtherTable
        }
    }
}

/// The records of a header, by which they are known where they come again.
#[derive(Debug, Default)]
pub(crate) struct Headings {
    rows: Vec<Vec<Vec<u8>>>,
    sets_aside: bool,
}

impl Headings {
    /// Reads the `count` records of the header. `sets_aside` is whether headings and rules among the rows are none.
    pub(crate) fn read(
        records: &mut Records<'_>,
        count: u64,
        sets_aside: bool,
    ) -> Result<Self, IngestError> {
        let mut rows = Vec::new();
        while (rows.len() as u64) < count {
            let Some(record) = records.next(None)? else {
                break;
            };
            if sets_aside && is_rule(&record) {
                continue;
            }
            rows.push(
                (0..record.len())
                    .map(|index| cell(&record, index).to_vec())
                    .collect(),
            );
        }
        Ok(Self { rows, sets_aside })
    }

    /// Why a record among the rows is none of them.
    pub(crate) fn among_rows(&self, record: &RawRecord<'_>) -> Option<Kind> {
        if !self.sets_aside {
            return None;
        }
        if is_rule(record) {
            return Some(Kind::Rule);
        }
        let again = |heading: &Vec<Vec<u8>>| {
            heading.len() >= 2
                && heading.len() == record.len()
                && heading
                    .iter()
                    .enumerate()
                    .all(|(index, name)| cell(record, index).eq_ignore_ascii_case(name))
        };
        self.rows.iter().any(again).then_some(Kind::Heading)
    }
}

/// A record that may be the first below the table: kept until it is known whether a row follows.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub line: u64,
    raw: Vec<u8>,
    fields: Fields,
    repaired: bool,
}

impl Waiting {
    pub(crate) fn of(record: &RawRecord<'_>) -> Self {
        Self {
            line: record.line,
            raw: record.raw.to_vec(),
            fields: record.fields.clone(),
            repaired: record.repaired,
        }
    }

    pub(crate) fn record(&self) -> RawRecord<'_> {
        RawRecord {
            line: self.line,
            raw: &self.raw,
            fields: &self.fields,
            repaired: self.repaired,
        }
    }
}

fn cell<'a>(record: &RawRecord<'a>, index: usize) -> &'a [u8] {
    record
        .field(index)
        .map_or(&b""[..], |(bytes, _)| bytes.trim_ascii())
}

fn filled<'a>(record: &'a RawRecord<'_>) -> impl Iterator<Item = (usize, &'a str)> {
    (0..record.len()).filter_map(|index| {
        let bytes = cell(record, index);
        (!bytes.is_empty()).then(|| (index, std::str::from_utf8(bytes).unwrap_or_default()))
    })
}

/// Dashes and the like in every filled field, as programs draw them below a header.
pub(crate) fn is_rule(record: &RawRecord<'_>) -> bool {
    let starts = record.raw.trim_ascii_start().first();
    if !starts
        .is_some_and(|byte| is_stroke(*byte) || *byte == b'"' || !byte.is_ascii_alphanumeric())
    {
        return false;
    }
    let mut drawn = 0;
    filled(record).all(|(_, text)| {
        drawn += 1;
        is_drawn(text)
    }) && drawn > 0
        && (drawn > 1 || record.len() == 1)
}

/// Three or more strokes and nothing else, as in a rule.
pub(crate) fn is_drawn(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(is_stroke) && !text.bytes().all(|byte| byte == b'+')
}

fn is_stroke(byte: u8) -> bool {
    matches!(byte, b'-' | b'=' | b'_' | b'+')
}

/// Whether the record may belong to what stands below a table of `columns` columns.
pub(crate) fn may_be_below(record: &RawRecord<'_>, columns: usize) -> bool {
    if columns == 1 {
        return is_row_count(std::str::from_utf8(cell(record, 0)).unwrap_or_default());
    }
    record.len() != columns
        || (columns > 2
            && (0..columns)
                .filter(|index| !cell(record, *index).is_empty())
                .nth(1)
                .is_none())
        || total_label(record).is_some()
}

/// A label of a total.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label {
    pub column: usize,
    /// Words follow, as in `Total sales` and `Total Recall`.
    pub goes_on: bool,
}

/// The label such as `Total` of a record.
pub(crate) fn total_label(record: &RawRecord<'_>) -> Option<Label> {
    (0..record.len().min(LABEL_COLUMNS)).find_map(|column| {
        let text = cell(record, column);
        if !(3..=LONGEST_LABEL_BYTES).contains(&text.len()) || text[0].is_ascii_digit() {
            return None;
        }
        if is_total(text) {
            return Some(Label {
                column,
                goes_on: false,
            });
        }
        let blank = memchr::memchr(b' ', text)?;
        is_total(&text[..blank]).then_some(Label {
            column,
            goes_on: true,
        })
    })
}

fn is_total(text: &[u8]) -> bool {
    let mut label = text;
    while let [rest @ .., b':' | b' ' | b'*' | b'.'] = label {
        label = rest;
    }
    let Some(first) = label.first() else {
        return false;
    };
    let known = &labels_by_start()[usize::from(first.to_ascii_lowercase())];
    if label.is_ascii() {
        return known.iter().any(|known| {
            known.len() == label.len() && known.as_bytes().eq_ignore_ascii_case(label)
        });
    }
    !known.is_empty()
        && std::str::from_utf8(label).is_ok_and(|label| known.contains(&label.to_lowercase()))
}

/// Labels by the first byte of their spelling in small letters or capitals.
fn labels_by_start() -> &'static [Vec<String>; 256] {
    static KNOWN: OnceLock<[Vec<String>; 256]> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let mut known = [const { Vec::new() }; 256];
        for label in TOTALS.lines().filter(|line| !line.starts_with('#')) {
            for start in [label.to_owned(), label.to_uppercase()] {
                let first = start.bytes().next().unwrap_or_default();
                let with_start = &mut known[usize::from(first.to_ascii_lowercase())];
                if !with_start.iter().any(|known| known == label) {
                    with_start.push(label.to_owned());
                }
            }
        }
        known
    })
}

/// A remark in one field, alone in its record: `Source: …`, `(12 rows affected)`, `* provisional`.
pub(crate) fn is_note(record: &RawRecord<'_>) -> bool {
    if (1..record.len()).any(|index| !cell(record, index).is_empty()) {
        return false;
    }
    let text = std::str::from_utf8(cell(record, 0)).unwrap_or_default();
    let remark = text.split_whitespace().count() >= WORDS_OF_A_REMARK
        || text.contains(':')
        || text.starts_with(|first: char| {
            !first.is_alphanumeric() && !matches!(first, '-' | '+' | '.' | '"' | '#' | '$')
        });
    is_row_count(text)
        || (remark
            && number::notations_of(text).is_empty()
            && temporal::scan(text).is_none()
            && !temporal::is_time(text))
}

/// `(12 rows affected)`, `3 rows selected.`, `3 Zeilen`, `Rows: 12`: what command-line clients of databases write below.
fn is_row_count(text: &str) -> bool {
    const ROWS: [&str; 14] = [
        "row",
        "rows",
        "row(s)",
        "record",
        "records",
        "record(s)",
        "zeile",
        "zeilen",
        "ligne",
        "lignes",
        "fila",
        "filas",
        "righe",
        "rijen",
    ];
    if text.len() > 60 {
        return false;
    }
    let inner = text.trim_matches(['(', ')', '.', ' ']).to_lowercase();
    let mut words = inner.split_whitespace();
    let (Some(first), Some(second)) = (words.next(), words.next()) else {
        return false;
    };
    let counted = |number: &str, unit: &str| {
        number.parse::<u64>().is_ok() && ROWS.contains(&unit.trim_end_matches([':', ',', ')']))
    };
    let rest = words.count();
    rest <= 4
        && (counted(first, second) || (rest == 0 && first.ends_with(':') && counted(second, first)))
}

/// Whether records from this one on, all of another width than the table's, are another table: names, then rows.
pub(crate) fn begins_other_table(waiting: &[Waiting], columns: usize) -> bool {
    let Some((first, rest)) = waiting.split_first() else {
        return false;
    };
    let heading = first.record();
    let width = heading.len();
    let is_value =
        |text: &str| !number::notations_of(text).is_empty() || temporal::scan(text).is_some();
    let names: Vec<&str> = filled(&heading).map(|(_, text)| text).collect();
    let are_names = names
        .iter()
        .all(|name| name.contains(char::is_alphabetic) && !is_value(name));
    if width < 2 || width == columns || names.len() < width || !are_names {
        return false;
    }
    let alike = rest
        .iter()
        .filter(|row| row.record().len() == width)
        .count();
    let has_values = rest
        .iter()
        .any(|row| filled(&row.record()).any(|(_, text)| is_value(text)));
    rest.len() >= 2 && alike * 10 >= rest.len() * 8 && has_values
}
