//! Near misses: columns that would refer to a key if blanks, case, composed accents or leading zeros counted for nothing.
//!
//! They are proposed and never taken by themselves: what looks like another spelling may be another thing (`a1` and `A1` among
//! case-sensitive codes).

use std::collections::{BTreeSet, HashMap, HashSet};

use ingest::{ColumnType, Outcome, Value, ValueParser};
use serde_json::json;

use super::proposed::{Settled, as_sentence, named};
use super::score::{self, CLEAR_NAME};
use crate::even::{self, Spelling, even};
use crate::facts::{At, TableFacts};
use crate::forecast::SAMPLES;
use crate::keys;
use crate::model::{Cardinality, Evening, Evidence, Orphans, Relationship, Suggestion};
use crate::normalize::{Patch, counted, put};
use crate::reasoning::{self, evenings_in_words};
use crate::values::{self, NULL, Values};
use crate::{Schema, SchemaError, Source, validate};

/// From here on the names let expect a reference, so that it is worth while to look at the texts.
const EXPECTED_NAME: f64 = 0.5;
/// Columns with more different texts are left alone: they would have to be held in memory.
const MOST_TEXTS: usize = 200_000;
/// Longer files are left alone: a number is held for each row.
const MOST_ROWS: u64 = 2_000_000;
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: u64 = 20_000;

/// The texts of a column.
struct Texts {
    /// Text -> rows that have it.
    rows: HashMap<String, u64>,
    /// The column with all texts evened out.
    evened: Values,
}

/// A column while its file is read.
#[derive(Default)]
struct Gathered {
    /// Text -> rows that have it.
    texts: HashMap<String, u64>,
    /// Fingerprint of each row's text, evened out.
    rows: Vec<u64>,
}

/// Proposals to even out spellings, those first that mend the most rows.
pub fn suggest(
    schema: &Schema,
    sources: &[Source],
    tables: &mut [TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    settled: &Settled,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Suggestion>, SchemaError> {
    let pairs = expected(tables, all_keys, settled);
    let wanted: BTreeSet<At> = pairs.iter().flat_map(|&(from, to)| [from, to]).collect();
    let mut texts: HashMap<At, Texts> = HashMap::new();
    for (table, source) in sources.iter().enumerate() {
        let columns: Vec<usize> = wanted
            .iter()
            .filter(|at| at.0 == table && tables[at.0].columns[at.1].is_text())
            .map(|at| at.1)
            .collect();
        for (column, found) in columns.iter().zip(read(source, &columns, go_on)?) {
            texts.extend(found.map(|found| ((table, *column), found)));
        }
    }
    let mut found: Vec<(u64, Suggestion)> = Vec::new();
    for (from, to) in pairs {
        let near = near(tables, all_keys, &texts, (from, to));
        found.extend(near.and_then(|near| Some((near.rows, near.told(schema, sources)?))));
    }
    // Of the keys that a column may mean, the one that mends the most rows.
    found.sort_by_key(|(rows, suggestion)| (std::cmp::Reverse(*rows), suggestion.id.clone()));
    let mut told = HashSet::new();
    found.retain(|(_, suggestion)| told.insert(suggestion.id.clone()));
    Ok(found.into_iter().map(|(_, own)| own).collect())
}

/// Pairs of a column and a key of text whose names belong together and whose values do not.
fn expected(
    tables: &[TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    settled: &Settled,
) -> Vec<(At, At)> {
    let mut pairs = Vec::new();
    for (table, facts) in tables.iter().enumerate() {
        for (column, own) in facts.columns.iter().enumerate() {
            let from = (table, column);
            // Whole numbers may have lost their zeros, though not as REAL.
            let may_refer = own.values.is_some() && !own.is_temporal();
            let is_long = facts.row_count > MOST_ROWS;
            if !may_refer || is_long || own.profile.column_type == ColumnType::Real {
                continue;
            }
            let expected = if own.is_text() {
                EXPECTED_NAME
            } else {
                CLEAR_NAME
            };
            for (other, keys) in all_keys.iter().enumerate() {
                for key in keys {
                    let to = (other, key.column);
                    let facts = &tables[other].columns[key.column];
                    if to != from
                        && tables[other].row_count <= MOST_ROWS
                        && facts.is_text()
                        && (own.is_text() || facts.is_code())
                        && settled.leaves(from, to)
                        && score::match_names(tables, from, to).score >= expected
                        && !finds_all(tables, from, to)
                    {
                        pairs.push((from, to));
                    }
                }
            }
        }
    }
    pairs
}

/// Whether every value is in the key as it stands: then nothing else keeps the column from referring.
fn finds_all(tables: &[TableFacts<'_>], from: At, to: At) -> bool {
    let values = |at: At| tables[at.0].columns[at.1].values.as_ref();
    let (Some(own), Some(key)) = (values(from), values(to)) else {
        return false;
    };
    own.matched(key) == own.distinct.len() as u64
}

/// The texts of some columns of a file; `None` for a column that has too many.
fn read(
    source: &Source,
    columns: &[usize],
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Option<Texts>>, SchemaError> {
    let analysis = &source.analysis;
    let mut found: Vec<Option<Gathered>> =
        columns.iter().map(|_| Some(Gathered::default())).collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let parsers: Vec<ValueParser> = columns
        .iter()
        .map(|&at| {
            let (profile, decimal) = (&analysis.columns[at], analysis.dialect.decimal);
            ValueParser::of(profile.column_type, profile, decimal)
        })
        .collect();
    for (number, outcome) in (0_u64..).zip(values::open(source)?) {
        if number % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? else {
            continue;
        };
        for ((&at, parser), found) in columns.iter().zip(&parsers).zip(&mut found) {
            let Some(Gathered { texts, rows }) = found else {
                continue;
            };
            let field = record.fields.get(at).and_then(Option::as_deref);
            let Ok(Value::Text(text)) = parser.parse(field) else {
                rows.push(NULL);
                continue;
            };
            let evened = even(&text, &even::ALL).into_owned();
            rows.push(values::fingerprint(&Value::Text(evened)));
            *texts.entry(text).or_default() += 1;
            if texts.len() > MOST_TEXTS {
                *found = None;
            }
        }
    }
    let texts = |found: Gathered| Texts {
        rows: found.texts,
        evened: values::finish(found.rows, None),
    };
    Ok(found.into_iter().map(|found| found.map(texts)).collect())
}

/// Id of the proposal for a column.
pub fn id(schema: &Schema, from: At) -> String {
    format!("even_out:{}", named(schema, from))
}

/// A column that refers to a key once spellings are evened out.
struct Near {
    from: At,
    to: At,
    weight: f64,
    evenings: Vec<Evening>,
    /// Rows that refer only so.
    rows: u64,
    /// Rows that refer to nothing even so.
    orphan_rows: u64,
    /// Distinct values, and how many of them are found so.
    distinct: u64,
    matched: u64,
    is_unique: bool,
    reasons: Vec<String>,
    /// The file's text, the key's, and rows.
    examples: Vec<(String, String, u64)>,
}

fn near(
    tables: &mut [TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    texts: &HashMap<At, Texts>,
    (from, to): (At, At),
) -> Option<Near> {
    let keys = texts.get(&to)?;
    let plain_numbers = || -> HashMap<String, u64> {
        // As a text column beside text keys they are stored as they are printed.
        let values = tables[from.0].columns[from.1].values.as_ref();
        let rows = values.filter(|values| values.are_plain);
        let mut found = HashMap::new();
        for value in rows.into_iter().flat_map(|values| &values.rows) {
            if *value != NULL {
                *found.entry(values::printed(*value)).or_default() += 1;
            }
        }
        found
    };
    let numbers;
    let own = match texts.get(&from) {
        Some(own) => &own.rows,
        None if !tables[from.0].columns[from.1].is_text() => {
            numbers = plain_numbers();
            &numbers
        }
        None => return None,
    };
    let evenings = fewest(own, &keys.rows)?;
    let spelling = Spelling::of(&evenings, keys.rows.keys().cloned());
    if spelling.has_twins() {
        return None;
    }
    let weighed = weigh_evened(tables, all_keys, texts, (from, to))?;
    let mut examples = Vec::new();
    let (mut rows, mut orphan_rows, mut matched) = (0, 0, 0);
    for (text, count) in own {
        if keys.rows.contains_key(text) {
            matched += 1;
        } else if let Some(key) = spelling.respelled(text) {
            matched += 1;
            rows += count;
            examples.push((text.clone(), key.to_owned(), *count));
        } else {
            orphan_rows += count;
        }
    }
    let distinct = own.len() as u64;
    examples.sort_by(|one, other| other.2.cmp(&one.2).then(one.0.cmp(&other.0)));
    examples.truncate(SAMPLES);
    Some(Near {
        from,
        to,
        weight: weighed.0,
        evenings,
        rows,
        orphan_rows,
        distinct,
        matched,
        is_unique: tables[from.0].columns[from.1].is_unique(),
        reasons: weighed.1,
        examples,
    })
}

/// The fewest differences that have to count for nothing so that as many values are found as with all of them; `None` where no
/// more are found than as they stand.
fn fewest(own: &HashMap<String, u64>, keys: &HashMap<String, u64>) -> Option<Vec<Evening>> {
    let missing: Vec<&String> = own
        .keys()
        .filter(|text| !keys.contains_key(*text))
        .collect();
    if missing.is_empty() {
        return None;
    }
    let found = |evenings: &[Evening]| {
        let evened: HashSet<_> = keys.keys().map(|key| even(key, evenings)).collect();
        let all = missing.iter();
        all.filter(|text| evened.contains(&even(text, evenings)))
            .count()
    };
    let most = found(&even::ALL);
    if most == 0 {
        return None;
    }
    let mut sets: Vec<Vec<Evening>> = (1_u32..1 << even::ALL.len())
        .map(|mask| {
            let each = even::ALL.iter().enumerate();
            each.filter(|(at, _)| mask & (1 << at) != 0)
                .map(|(_, evening)| *evening)
                .collect()
        })
        .collect();
    sets.sort_by_key(Vec::len);
    sets.into_iter().find(|set| found(set) == most)
}

/// Weight and reasons of the pair with both columns evened out.
fn weigh_evened(
    tables: &mut [TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    texts: &HashMap<At, Texts>,
    (from, to): (At, At),
) -> Option<(f64, Vec<String>)> {
    let mut kept = Vec::new();
    for at in [from, to] {
        if let Some(texts) = texts.get(&at) {
            let values = &mut tables[at.0].columns[at.1].values;
            kept.push((at, values.replace(texts.evened.clone())));
        }
    }
    let weighed = score::weigh(tables, all_keys, from, to);
    for (at, values) in kept {
        tables[at.0].columns[at.1].values = values;
    }
    let weighed = weighed.filter(|candidate| candidate.weight > 0.0)?;
    // The first says how many values are found, which is told anew.
    let reasons = weighed.reasons.into_iter().skip(1).collect();
    Some((weighed.weight, reasons))
}

impl Near {
    /// The proposal; `None` where the schema cannot take it.
    fn told(self, schema: &Schema, sources: &[Source]) -> Option<Suggestion> {
        let side = |at: At| {
            let table = &schema.tables[at.0];
            (table.name.clone(), table.columns[at.1].name.clone())
        };
        let ((from_table, from_column), (to_table, to_column)) = (side(self.from), side(self.to));
        let words = evenings_in_words(&self.evenings);
        let evidence = Evidence {
            distinct: self.distinct,
            matched: self.matched,
            orphan_rows: self.orphan_rows,
            ..Evidence::default()
        };
        let found = reasoning::found(&evidence, &self.evenings, "values");
        let mut reasons = vec![found.clone()];
        reasons.extend(self.reasons);
        let relationship = Relationship {
            from_table: from_table.clone(),
            from_columns: vec![from_column.clone()],
            to_table: to_table.clone(),
            to_columns: vec![to_column.clone()],
            cardinality: if self.is_unique
                && schema.tables[self.from.0].primary_key == [from_column.as_str()]
            {
                Cardinality::OneToOne
            } else {
                Cardinality::ManyToOne
            },
            confidence: super::confidence(self.weight),
            evidence: Evidence {
                reasons,
                ..evidence
            },
            orphans: Orphans::default(),
            even_out: self.evenings,
        };
        // What refers to text is text.
        let mut own = schema.tables[self.from.0].clone();
        let column = &mut own.columns[self.from.1];
        let is_retyped = column.column_type != ColumnType::Text;
        column.column_type = ColumnType::Text;
        let patch = Patch {
            tables: if is_retyped { vec![own] } else { Vec::new() },
            relationships: vec![relationship],
            ..Patch::default()
        };
        let after = put(schema, &patch).ok()?;
        if !validate(&after, sources).is_empty() {
            return None;
        }
        let examples: Vec<String> = self
            .examples
            .iter()
            .map(|(text, key, rows)| {
                format!("“{text}” becomes “{key}” ({})", counted(*rows, "row"))
            })
            .collect();
        let mut why = vec![
            as_sentence(&found),
            format!(
                "{} would be stored as the key has it; what the file has is kept in a list",
                counted(self.rows, "row")
            ),
        ];
        why.extend(examples);
        Some(Suggestion {
            id: id(schema, self.from),
            kind: "even_out".to_owned(),
            title: format!(
                "{from_table}.{from_column} refers to {to_table}.{to_column} but for {words}"
            ),
            evidence: json!({
                "why": why,
                "rows_respelled": self.rows,
                "examples": self.examples.iter().map(|(text, key, rows)| json!({"text": text, "stored": key, "rows": rows})).collect::<Vec<_>>(),
                "safe": false,
            }),
            patch: serde_json::to_value(&patch).ok()?,
        })
    }
}

#[cfg(test)]
mod tests;
