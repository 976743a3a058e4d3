//! Phrases of the question that may name tables, columns or values, and the choice of those that cover it best.

use std::collections::HashMap;

mod names;

use self::names::{Likeness, name_phrase};
use super::catalog::{Catalog, ColumnId, TableId};
use super::lexicon;
use super::tokens::{Kind, Token};
use super::values::ValueIndex;

/// Longest phrase that is looked up, in tokens.
const MAX_NAME_TOKENS: usize = 6;
const MAX_VALUE_TOKENS: usize = 8;
/// Readings of a phrase within this distance of the best one are kept.
const TIE: f64 = 0.2;

/// A phrase's value in one column.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueReading {
    pub column: ColumnId,
    pub value: String,
    pub score: f64,
}

/// What a phrase may name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mention {
    pub tables: Vec<(TableId, f64)>,
    pub columns: Vec<(ColumnId, f64)>,
    pub values: Vec<ValueReading>,
    /// The column's phrase also names its table (`customer name`).
    pub names_table: bool,
    /// The table that part of a column's phrase names (`id of courses`).
    pub beside: Option<TableId>,
    /// In quotation marks.
    pub quoted: bool,
}

/// A phrase with its readings, tokens `from..to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<T> {
    pub from: usize,
    pub to: usize,
    pub weight: f64,
    pub reading: T,
}

/// Every phrase that names something, with all its about equally good readings.
pub fn candidates(
    tokens: &[Token],
    catalog: &Catalog,
    values: &ValueIndex,
) -> Vec<Candidate<Mention>> {
    let mut likeness = Likeness::new(tokens);
    let mut found: HashMap<(usize, usize), Candidate<Mention>> = HashMap::new();
    for from in 0..tokens.len() {
        for to in from + 1..=(from + MAX_NAME_TOKENS).min(tokens.len()) {
            name_phrase(tokens, catalog, from, to, &mut likeness, &mut found);
        }
        for to in from + 1..=(from + MAX_VALUE_TOKENS).min(tokens.len()) {
            value_phrase(tokens, catalog, values, from, to, &mut found);
        }
    }
    let mut candidates: Vec<Candidate<Mention>> = found.into_values().collect();
    candidates.sort_by_key(|candidate| (candidate.from, candidate.to));
    candidates
}

fn entry(
    found: &mut HashMap<(usize, usize), Candidate<Mention>>,
    from: usize,
    to: usize,
) -> &mut Candidate<Mention> {
    found.entry((from, to)).or_insert_with(|| Candidate {
        from,
        to,
        weight: 0.0,
        reading: Mention::default(),
    })
}

fn value_phrase(
    tokens: &[Token],
    catalog: &Catalog,
    values: &ValueIndex,
    from: usize,
    to: usize,
    found: &mut HashMap<(usize, usize), Candidate<Mention>>,
) {
    let span = &tokens[from..to];
    let quoted = span.len() == 1 && span[0].kind == Kind::Quoted;
    if !quoted
        && span
            .iter()
            .any(|token| matches!(token.kind, Kind::Quoted | Kind::Mark))
    {
        return;
    }
    if !quoted
        && span.iter().all(|token| lexicon::is_stop(&token.lower))
        && !(span.len() > 1 && span.iter().all(Token::is_capitalized))
    {
        return;
    }
    if span.len() == 1 && matches!(span[0].kind, Kind::Number(_)) {
        return;
    }
    let text = span
        .iter()
        .map(|token| token.text.as_str())
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" 's", "'s");
    let capital = span.iter().any(Token::is_capitalized) && (from > 0 || span.len() > 1);
    let hits = values.find(&text, quoted || capital);
    if hits.is_empty() && !quoted {
        return;
    }
    let best = hits.iter().map(|hit| hit.score).fold(0.0, f64::max);
    let readings: Vec<ValueReading> = hits
        .into_iter()
        .filter(|hit| hit.score >= best - 0.12)
        .filter_map(|hit| {
            Some(ValueReading {
                column: catalog.column_named(&hit.table, &hit.column)?,
                value: hit.value,
                score: hit.score,
            })
        })
        .collect();
    let factor = if quoted {
        3.0
    } else if best < 0.8 {
        0.6
    } else if span.len() > 1 || capital {
        1.03
    } else {
        0.85
    };
    let weight = span.len() as f64 * factor * best.max(if quoted { 1.0 } else { 0.0 }) - 0.05;
    let candidate = entry(found, from, to);
    candidate.weight = candidate.weight.max(weight);
    candidate.reading.values = readings;
    candidate.reading.quoted = quoted;
}

/// The candidates of greatest total weight that do not overlap, in the order of the question.
pub fn cover<T: Clone>(length: usize, candidates: &[Candidate<T>]) -> Vec<Candidate<T>> {
    let mut best = vec![0.0_f64; length + 1];
    let mut last: Vec<Option<usize>> = vec![None; length + 1];
    for end in 1..=length {
        best[end] = best[end - 1];
        for (number, candidate) in candidates.iter().enumerate() {
            if candidate.to == end && best[candidate.from] + candidate.weight > best[end] + 1e-9 {
                best[end] = best[candidate.from] + candidate.weight;
                last[end] = Some(number);
            }
        }
    }
    let mut chosen = Vec::new();
    let mut end = length;
    while end > 0 {
        if let Some(number) = last[end] {
            chosen.push(candidates[number].clone());
            end = candidates[number].from;
        } else {
            end -= 1;
        }
    }
    chosen.reverse();
    chosen
}
