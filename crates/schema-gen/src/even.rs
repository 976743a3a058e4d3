//! Spellings of one key: "ENG " beside "ENG", "eng", "É" of one or of two characters, 007 beside 7.
//!
//! A relationship says which of these differences count for nothing ([`Relationship::even_out`]); a value of the referencing
//! column is then stored as the key has it. Keys that would be the same are left apart: nothing is guessed.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ingest::{Outcome, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::model::{Evening, Relationship};
use crate::rows::{self, Row};
use crate::values::{failed, open};
use crate::{Schema, SchemaError, Source};

/// All differences that may count for nothing.
pub const ALL: [Evening; 4] = [
    Evening::Blanks,
    Evening::Composition,
    Evening::Case,
    Evening::Zeros,
];
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: u64 = 20_000;

/// The text without the differences that count for nothing. Characters are composed by Unicode's normalization form C
/// (<https://unicode.org/reports/tr15/>).
pub fn even<'t>(text: &'t str, evenings: &[Evening]) -> Cow<'t, str> {
    let mut text = Cow::Borrowed(text);
    // In one order, whichever way they are listed: zeros stand first only once the blanks are gone.
    for evening in ALL.iter().filter(|own| evenings.contains(own)) {
        text = match evening {
            Evening::Blanks => without_blanks(text),
            Evening::Composition if is_nfc(&text) => text,
            Evening::Composition => Cow::Owned(text.nfc().collect()),
            Evening::Case => match text.to_lowercase() {
                lower if *lower == *text => text,
                lower => Cow::Owned(lower),
            },
            Evening::Zeros => without_zeros(text),
        };
    }
    text
}

/// Without blanks at the ends, and with one space for all between two words.
fn without_blanks(text: Cow<'_, str>) -> Cow<'_, str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let joined = words.join(" ");
    if joined == *text {
        text
    } else {
        Cow::Owned(joined)
    }
}

/// A whole number without the zeros before it.
fn without_zeros(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let short = text.trim_start_matches('0');
    if !is_number || short.len() == text.len() {
        return text;
    }
    Cow::Owned(if short.is_empty() { "0" } else { short }.to_owned())
}

/// The spellings of a key's values.
#[derive(Debug, Default)]
pub struct Spelling {
    evenings: Vec<Evening>,
    keys: HashSet<String>,
    /// Evened text -> the key; `None` where several are the same.
    by_even: HashMap<String, Option<String>>,
}

impl Spelling {
    pub fn of(evenings: &[Evening], keys: impl IntoIterator<Item = String>) -> Self {
        let mut spelling = Self {
            evenings: evenings.to_vec(),
            ..Self::default()
        };
        for key in keys {
            if spelling.keys.contains(&key) {
                continue;
            }
            let evened = even(&key, evenings).into_owned();
            spelling
                .by_even
                .entry(evened)
                .and_modify(|same| *same = None)
                .or_insert_with(|| Some(key.clone()));
            spelling.keys.insert(key);
        }
        spelling
    }

    /// How the key has the text, where it has it in another spelling.
    pub fn respelled(&self, text: &str) -> Option<&str> {
        if self.keys.contains(text) {
            return None;
        }
        let evened = even(text, &self.evenings);
        self.by_even.get(evened.as_ref())?.as_deref()
    }

    /// Keys that are the same as another one but for what counts for nothing.
    pub fn has_twins(&self) -> bool {
        self.by_even.values().any(Option::is_none)
    }
}

/// The spellings to which columns are evened out, by table and column.
#[derive(Debug, Default)]
pub struct Spellings(HashMap<(String, String), Arc<Spelling>>);

impl Spellings {
    /// Reads the keys of all relationships that even out; nothing is read where there is none. `go_on` is asked now and then;
    /// `false` gives [`SchemaError::Cancelled`].
    pub fn read(
        schema: &Schema,
        sources: &[Source],
        go_on: &dyn Fn() -> bool,
    ) -> Result<Self, SchemaError> {
        let mut spellings = Self::default();
        let mut waiting: Vec<&Relationship> = evened(schema).collect();
        // A key that is evened out itself is read as it will be stored. In a circle each is read as its file has it.
        while !waiting.is_empty() {
            let is_ready = |own: &&Relationship| {
                let mut others = waiting.iter();
                !others.any(|other| {
                    other.from_table == own.to_table && other.from_columns == own.to_columns
                })
            };
            let next = waiting.iter().position(is_ready).unwrap_or(0);
            let own = waiting.swap_remove(next);
            let keys = read_keys(schema, sources, own, &spellings, go_on)?;
            spellings.add(own, keys);
        }
        Ok(spellings)
    }

    /// The spellings of keys that are read from elsewhere.
    pub fn of<E>(
        schema: &Schema,
        keys: impl Fn(&Relationship) -> Result<Vec<String>, E>,
    ) -> Result<Self, E> {
        let mut spellings = Self::default();
        for own in evened(schema) {
            spellings.add(own, keys(own)?);
        }
        Ok(spellings)
    }

    fn add(&mut self, own: &Relationship, keys: impl IntoIterator<Item = String>) {
        let at = (own.from_table.clone(), own.from_columns[0].clone());
        let spelling = Spelling::of(&own.even_out, keys);
        self.0.insert(at, Arc::new(spelling));
    }

    pub fn get(&self, table: &str, column: &str) -> Option<&Arc<Spelling>> {
        // Most schemas have none, and every cell would pay for the two texts.
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(table.to_owned(), column.to_owned()))
    }
}

fn evened(schema: &Schema) -> impl Iterator<Item = &Relationship> {
    let all = schema.relationships.iter();
    all.filter(|own| !own.even_out.is_empty() && own.from_columns.len() == 1)
}

/// The distinct texts of the column referred to, as they will be stored; none where the file is gone.
fn read_keys(
    schema: &Schema,
    sources: &[Source],
    relationship: &Relationship,
    spellings: &Spellings,
    go_on: &dyn Fn() -> bool,
) -> Result<HashSet<String>, SchemaError> {
    let mut found = HashSet::new();
    let Some(table) = schema.table(&relationship.to_table) else {
        return Ok(found);
    };
    let mut all = sources.iter();
    let Some(source) = all.find(|source| source.csv_id == table.source.csv_id) else {
        return Ok(found);
    };
    let mut plan = rows::plan(schema, source, spellings)?;
    let mut readings = plan.tables.iter_mut();
    let mut columns = table.columns.iter();
    let (Some(reading), Some(place)) = (
        readings.find(|own| own.table.name == table.name),
        columns.position(|own| own.name == relationship.to_columns[0]),
    ) else {
        return Ok(found);
    };
    reading.read_only(place);
    let (mut row, mut parts) = (Row::default(), Vec::new());
    for (number, outcome) in (0_u64..).zip(open(source)?) {
        if number % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        let Outcome::Row(record) = outcome.map_err(|error| failed(source, error))? else {
            continue;
        };
        reading.parts(&record, &mut parts);
        for part in &parts {
            if reading.read(&record, part, 0, &|_| None, &mut row).is_ok()
                && let Some(Value::Text(text)) = row.values.get(place)
                && !found.contains(text)
            {
                found.insert(text.clone());
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_counts_for_nothing_only_where_it_is_named() {
        let cases = [
            (" ENG ", Evening::Blanks, "ENG"),
            ("New  York\u{a0}", Evening::Blanks, "New York"),
            ("ÉNG", Evening::Case, "éng"),
            ("Cafe\u{301}", Evening::Composition, "Café"),
            ("007", Evening::Zeros, "7"),
            ("000", Evening::Zeros, "0"),
            ("A07", Evening::Zeros, "A07"),
        ];
        for (text, evening, expected) in cases {
            assert_eq!(even(text, &[evening]), expected);
            let others: Vec<Evening> = ALL.into_iter().filter(|own| *own != evening).collect();
            if text != expected {
                assert_ne!(even(text, &others), expected, "{text}");
            }
        }
        assert_eq!(even(" 007 ", &[Evening::Zeros, Evening::Blanks]), "7");
    }

    #[test]
    fn a_text_is_spelled_as_the_key_and_never_guessed() {
        let keys = ["ENG ", "Fin", "ops", "OPS"].map(str::to_owned);
        let spelling = Spelling::of(&[Evening::Blanks, Evening::Case], keys);
        assert_eq!(spelling.respelled("eng"), Some("ENG "));
        assert_eq!(spelling.respelled("Fin"), None);
        assert_eq!(spelling.respelled("FIN"), Some("Fin"));
        // Two keys are meant by it.
        assert_eq!(spelling.respelled("Ops"), None);
        assert_eq!(spelling.respelled("hr"), None);
        assert!(spelling.has_twins());
    }
}
