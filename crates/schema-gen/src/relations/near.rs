//! Near misses: columns that would refer to a key if blanks, case, composed accents or leading zeros counted for nothing, and
//! columns that bear a key's name and have too many rows without a partner.
//!
//! They are proposed and never taken by themselves: what looks like another spelling may be another thing (`a1` and `A1` among
//! case-sensitive codes).

use std::collections::{BTreeSet, HashMap, HashSet};

use ingest::{ColumnType, Outcome, Value, ValueParser};
use serde_json::json;

use super::{Choice, Composite, score};
use crate::edit::data::raw_cells;
use crate::even::{self, Spelling, even};
use crate::facts::{At, TableFacts};
use crate::keys;
use crate::model::{Cardinality, Evening, Evidence, Orphans, Relationship, Suggestion};
use crate::normalize::{Patch, grouped, put};
use crate::reasoning::{self, evenings_in_words};
use crate::values::{self, NULL, Values};
use crate::{Schema, SchemaError, Source, validate};

/// From here on the names let expect a reference, so that it is worth while to look at the texts.
const EXPECTED_NAME: f64 = 0.5;
/// Names that say by themselves what is meant.
const CLEAR_NAME: f64 = 0.85;
/// Values found, from which on others that are not may be faults of the data.
const FEW_MATCHES: u64 = 3;
/// Of a reference that only its name speaks for.
const ALMOST: f64 = 0.5;
/// Columns with more different texts are left alone: they would have to be held in memory.
const MOST_TEXTS: usize = 200_000;
/// Longer files are left alone: a number is held for each row.
const MOST_ROWS: u64 = 2_000_000;
/// Examples shown.
const EXAMPLES: usize = 5;
/// Suggestions of a schema.
const MOST: usize = 20;
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: u64 = 20_000;

/// Columns that refer already, and whether all their rows do.
#[derive(Debug, Default)]
pub struct Settled {
    /// Where a column refers to -> rows that refer to nothing.
    chosen: HashMap<At, (At, u64)>,
    composite: HashSet<At>,
}

impl Settled {
    pub fn of(choice: &Choice, composites: &[Composite]) -> Self {
        let chosen = choice.chosen.iter();
        let of_composite = |own: &Composite| -> Vec<At> {
            let columns = own.from_columns.iter();
            columns.map(|column| (own.from_table, *column)).collect()
        };
        Self {
            chosen: chosen
                .map(|own| (own.from, (own.to, own.orphan_rows)))
                .collect(),
            composite: composites.iter().flat_map(of_composite).collect(),
        }
    }

    /// Whether the column may still come to refer to the key, or do so in more rows.
    fn leaves(&self, from: At, to: At) -> bool {
        let is_left = self
            .chosen
            .get(&from)
            .is_none_or(|(chosen, orphan_rows)| *chosen == to && *orphan_rows > 0);
        is_left && !self.composite.contains(&from)
    }
}

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
    let mut suggestions: Vec<Suggestion> = found.into_iter().map(|(_, own)| own).collect();
    for (from, to) in almost(tables, all_keys, settled) {
        let id = format!("even_out:{}", named(schema, from));
        if !suggestions.iter().any(|own| own.id == id) {
            suggestions.extend(almost_told((schema, sources), tables, (from, to))?);
        }
    }
    suggestions.truncate(MOST);
    Ok(suggestions)
}

/// Pairs of a column and the best key of another table that it names, of whose rows too many have no partner.
fn almost(
    tables: &[TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    settled: &Settled,
) -> Vec<(At, At)> {
    let mut pairs = Vec::new();
    for (table, facts) in tables.iter().enumerate() {
        for (column, own) in facts.columns.iter().enumerate() {
            let from = (table, column);
            let is_free = !settled.chosen.contains_key(&from) && !settled.composite.contains(&from);
            let may_refer = is_free && !own.is_temporal() && !own.words.is_measure;
            let Some(values) = own.values.as_ref().filter(|_| may_refer) else {
                continue;
            };
            let best = (0..tables.len()).filter(|other| *other != table);
            let best = best.filter_map(|other| {
                let to = (other, all_keys[other].first()?.column);
                let key = &tables[other].columns[to.1];
                let is_clear = score::match_names(tables, from, to).score >= CLEAR_NAME;
                let matched = values.matched(key.values.as_ref()?);
                let distinct = values.distinct.len() as u64;
                // Where all are found, something else speaks against it.
                let is_much =
                    matched >= FEW_MATCHES && matched < distinct && matched * 2 >= distinct;
                (is_clear && is_much && own.is_text() == key.is_text()).then_some((matched, to))
            });
            pairs.extend(best.max().map(|(_, to)| (from, to)));
        }
    }
    pairs
}

/// Proposes a reference that many rows break.
fn almost_told(
    (schema, sources): (&Schema, &[Source]),
    tables: &[TableFacts<'_>],
    (from, to): (At, At),
) -> Result<Option<Suggestion>, SchemaError> {
    let values = |at: At| tables[at.0].columns[at.1].values.as_ref();
    let (Some(own), Some(key)) = (values(from), values(to)) else {
        return Ok(None);
    };
    let (own_table, key_table) = (&schema.tables[from.0], &schema.tables[to.0]);
    let column = |at: At| schema.tables[at.0].columns[at.1].name.clone();
    let orphan_rows = own.orphan_rows(key);
    let from_columns = vec![column(from)];
    let missing = own.first_orphans(key, EXAMPLES);
    let samples = raw_cells(own_table, &sources[from.0], &from_columns, &missing)?;
    let evidence = Evidence {
        distinct: own.distinct.len() as u64,
        matched: own.matched(key),
        orphan_rows,
        orphan_samples: samples.clone(),
        ..Evidence::default()
    };
    let found = reasoning::found(&evidence, &[], "values");
    let relationship = Relationship {
        from_table: own_table.name.clone(),
        from_columns,
        to_table: key_table.name.clone(),
        to_columns: vec![column(to)],
        cardinality: Cardinality::ManyToOne,
        confidence: ALMOST,
        evidence: Evidence {
            reasons: vec![found.clone(), "the names say it".to_owned()],
            ..evidence
        },
        orphans: Orphans::default(),
        even_out: Vec::new(),
    };
    let patch = Patch {
        relationships: vec![relationship],
        ..Patch::default()
    };
    let fits = put(schema, &patch).is_ok_and(|after| validate(&after, sources).is_empty());
    let (Some(patch), true) = (serde_json::to_value(&patch).ok(), fits) else {
        return Ok(None);
    };
    let share = format!("{} of {}", grouped(orphan_rows), grouped(own.non_null));
    Ok(Some(Suggestion {
        id: format!("almost:{}", named(schema, from)),
        kind: "almost_reference".to_owned(),
        title: format!(
            "{} refers to {} but for {share} rows",
            named(schema, from),
            named(schema, to)
        ),
        evidence: json!({
            "why": [
                as_sentence(&found),
                format!("{share} rows name what is not there: {}", samples.join(", ")),
                "Accepted, these rows stay, and the reference is known but not enforced",
            ],
            "rows_without_partner": orphan_rows,
            "safe": false,
        }),
        patch,
    }))
}

fn as_sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// `table.column`.
fn named(schema: &Schema, at: At) -> String {
    let table = &schema.tables[at.0];
    format!("{}.{}", table.name, table.columns[at.1].name)
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
                let number = (value ^ (1 << 63)).cast_signed().to_string();
                *found.entry(number).or_default() += 1;
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
    examples.truncate(EXAMPLES);
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
        let mut all = missing.iter();
        let all = all.by_ref();
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
                let s = if *rows == 1 { "" } else { "s" };
                format!("“{text}” becomes “{key}” ({} row{s})", grouped(*rows))
            })
            .collect();
        let s = if self.rows == 1 { "" } else { "s" };
        let mut why = vec![
            as_sentence(&found),
            format!(
                "{} row{s} would be stored as the key has it; what the file has is kept in a list",
                grouped(self.rows)
            ),
        ];
        why.extend(examples);
        Some(Suggestion {
            id: format!("even_out:{}", named(schema, self.from)),
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
