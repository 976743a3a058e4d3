use std::collections::HashMap;

use crate::number;
use crate::sniff::sample::{Cell, Parsed, Row};
use crate::sniff::{Sample, prose};
use crate::{Dialect, marker, temporal, value};

/// Bytes and records of the sample that each candidate dialect reads.
const SCORED_BYTES: usize = 128 * 1024;
const SCORED_ROWS: usize = 500;
/// What a file of one column scores for a row; small, so that any real delimiter beats it.
const SINGLE_COLUMN: f64 = 0.02;

/// Candidate delimiters with their weight: the usual ones, then those that text and numbers use for other ends.
const DELIMITERS: [(char, f64); 15] = [
    (',', 1.0),
    (';', 1.0),
    ('\t', 1.0),
    ('|', 1.0),
    ('\u{1}', 1.0),
    ('\u{1f}', 1.0),
    ('¦', 0.9),
    ('§', 0.9),
    ('^', 0.8),
    ('~', 0.8),
    (' ', 0.45),
    (':', 0.3),
    ('&', 0.3),
    ('*', 0.3),
    ('!', 0.3),
];

/// The best candidate, and how much better than the next it is.
pub(crate) struct Best {
    pub delimiter: char,
    pub quote: Option<char>,
    pub escape: Option<char>,
    pub confidence: f64,
    pub single_column: bool,
    /// Under a usual delimiter a record has more fields than any table may have.
    pub too_wide: bool,
}

struct Scored {
    delimiter: char,
    quote: Option<char>,
    escape: Option<char>,
    score: f64,
}

/// Reads the sample under every candidate and takes the one with the highest score.
pub(crate) fn best(sample: &Sample) -> Best {
    let head = &sample.text[..sample.text.len().min(SCORED_BYTES)];
    let mut scored = Vec::new();
    let mut too_wide = false;
    for (delimiter, weight) in DELIMITERS {
        let mut encoded = [0; 4];
        if memchr::memmem::find(head, delimiter.encode_utf8(&mut encoded).as_bytes()).is_none() {
            continue;
        }
        for (quote, escape) in quotings(head, delimiter) {
            let dialect = candidate(delimiter, quote, escape);
            let parsed = sample.parse(&dialect, SCORED_BYTES, SCORED_ROWS);
            too_wide |= parsed.too_wide && weight >= 1.0;
            let score = if prose::is_text_of_one_column(&parsed, delimiter) {
                0.0
            } else {
                weight * table_score(&parsed)
            };
            scored.push(Scored {
                delimiter,
                quote,
                escape,
                score,
            });
        }
    }
    scored.sort_by(|left, right| right.score.total_cmp(&left.score));
    let single = single_column_score(sample);
    Best {
        too_wide,
        ..choose(&scored, single, head)
    }
}

fn choose(scored: &[Scored], single: f64, head: &[u8]) -> Best {
    let Some(first) = scored.first().filter(|first| first.score > single) else {
        let unused = [',', '\t', ';', '|', '\u{1f}']
            .into_iter()
            .find(|sign| !head.contains(&(*sign as u8)));
        let confidence = if scored.is_empty() { 1.0 } else { 0.6 };
        return Best {
            delimiter: unused.unwrap_or('\u{1f}'),
            quote: Some('"'),
            escape: None,
            confidence,
            single_column: true,
            too_wide: false,
        };
    };
    let next = scored
        .iter()
        .filter(|other| other.delimiter != first.delimiter)
        .map(|other| other.score)
        .fold(single, f64::max);
    Best {
        delimiter: first.delimiter,
        quote: first.quote,
        escape: first.escape,
        confidence: (first.score / (first.score + next.max(0.0))).clamp(0.0, 1.0),
        single_column: false,
        too_wide: false,
    }
}

pub(crate) fn candidate(delimiter: char, quote: Option<char>, escape: Option<char>) -> Dialect {
    Dialect {
        encoding: "utf-8".to_owned(),
        delimiter,
        quote,
        escape,
        header: false,
        header_rows: 0,
        skip_lines: 0,
        sets_aside: false,
        footer_line: None,
        comment: None,
        decimal: '.',
        confidence: 0.0,
    }
}

/// Ways of quoting that the sample gives reason to try. Tab-separated text often has no quoting at all.
fn quotings(head: &[u8], delimiter: char) -> Vec<(Option<char>, Option<char>)> {
    let mut quotings = vec![(Some('"'), None)];
    if memchr::memmem::find(head, b"\\\"").is_some() {
        quotings.push((Some('"'), Some('\\')));
    }
    if opens_fields(head, b'\'', delimiter) {
        quotings.push((Some('\''), None));
    }
    if delimiter == '\t' && head.contains(&b'"') {
        quotings.push((None, None));
    }
    quotings
}

/// Whether a quote stands at the start of some field.
fn opens_fields(head: &[u8], quote: u8, delimiter: char) -> bool {
    memchr::memchr_iter(quote, head).take(10_000).any(|at| {
        at == 0
            || head[at - 1] == b'\n'
            || u8::try_from(delimiter).is_ok_and(|sign| head[at - 1] == sign)
    })
}

/// Pattern score times type score, a row; 0 where the candidate splits nothing.
fn table_score(parsed: &Parsed) -> f64 {
    let rows = &parsed.rows;
    if rows.is_empty() {
        return 0.0;
    }
    let mut score = pattern_score(rows) * type_score(rows) / rows.len() as f64;
    score *= 1.0 - 0.8 * parsed.repaired as f64 / rows.len() as f64;
    if parsed.broken {
        score *= 0.3;
    }
    score
}

/// Van den Burg et al., equation 3: the mean over distinct lengths of rows, so that few lengths score high.
fn pattern_score(rows: &[Row]) -> f64 {
    let mut lengths: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        *lengths.entry(row.cells.len()).or_default() += 1;
    }
    let widest = lengths
        .iter()
        .filter(|(length, _)| **length > 1)
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0);
    if widest == 0 {
        return 0.0;
    }
    let sum: f64 = lengths
        .iter()
        .map(|(length, count)| *count as f64 * (*length as f64 - 1.0) / *length as f64)
        .sum();
    // Rare lengths (a damaged row, lines above the table) weigh less than the paper has it: only with their share.
    let kinds: f64 = lengths
        .values()
        .map(|count| (*count as f64 / widest as f64 * 4.0).min(1.0))
        .sum();
    sum / kinds.max(1.0)
}

fn type_score(rows: &[Row]) -> f64 {
    let (mut known, mut cells) = (0.0, 0_usize);
    for row in rows {
        known += row.cells.iter().map(cell_score).sum::<f64>();
        cells += row.cells.len();
    }
    known / cells.max(1) as f64
}

/// How much a cell looks like one value.
fn cell_score(cell: &Cell) -> f64 {
    let text = cell.trimmed();
    if text.is_empty() {
        return 0.8;
    }
    if is_typed(text) {
        return 1.0;
    }
    if cell.quoted {
        return 0.95;
    }
    let wrapped = |quote: char| text.starts_with(quote) || text.ends_with(quote);
    if wrapped('"') || wrapped('\'') || text.contains(['\t', ';', '|', '\u{1f}', '\u{1}']) {
        return 0.2;
    }
    match text.matches(',').count() {
        0 => 0.9,
        _ if text.contains(", ") => 0.6,
        _ => 0.3,
    }
}

/// A number, a date, a time, a boolean or a marker of nothing.
pub(crate) fn is_typed(text: &str) -> bool {
    is_number(text)
        || temporal::is_time(text)
        || temporal::scan(text).is_some()
        || value::boolean(text).is_some()
        || marker::is_marker(text)
}

pub(crate) fn is_number(text: &str) -> bool {
    let (_, core, _) = number::strip_affix(text);
    number::parse_plain(text.as_bytes()).is_some() || !number::notations_of(core).is_empty()
}

/// What the sample scores as one column: high only where whole lines are values.
fn single_column_score(sample: &Sample) -> f64 {
    let parsed = sample.parse(
        &candidate('\u{1e}', Some('"'), None),
        SCORED_BYTES,
        SCORED_ROWS,
    );
    let rows = parsed.rows.len().max(1) as f64;
    // `1,2` is a number with a decimal comma only where the line above it has no comma either.
    let comma_splits = parsed
        .rows
        .first()
        .is_some_and(|row| row.cells.iter().any(|cell| cell.text.contains(',')));
    let is_value = |text: &str| is_typed(text) && !(comma_splits && text.contains(','));
    let typed = parsed
        .rows
        .iter()
        .filter(|row| {
            row.cells
                .first()
                .is_some_and(|cell| is_value(cell.trimmed()))
        })
        .count();
    // The first line may be a name.
    if parsed.rows.len() > 1 && typed + 1 >= parsed.rows.len() {
        return 1.0;
    }
    SINGLE_COLUMN + 0.1 * typed as f64 / rows
}
