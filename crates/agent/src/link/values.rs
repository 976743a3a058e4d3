//! Distinct stored texts by what people may call them.

use std::collections::HashMap;

use ingest::ColumnType;
use schema_gen::Schema;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset};

use super::lexicon;
use super::words::{lemma, stem, within_one_edit};

/// Most values indexed of one column; a column with more is an identifier or free text.
const MAX_PER_COLUMN: usize = 5_000;
/// Most values indexed of a database.
const MAX_TOTAL: usize = 200_000;
/// Longer texts are not names of anything.
const MAX_VALUE_CHARS: usize = 80;
/// Shorter phrases with a slip are too likely another word.
const MIN_FUZZY_CHARS: usize = 5;

/// A stored value that a phrase may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub table: String,
    pub column: String,
    pub value: String,
    /// 1 for the same text, less the more liberties were taken.
    pub score: f64,
}

/// Distinct text values of a database by what people may call them.
#[derive(Debug, Clone, Default)]
pub struct ValueIndex {
    columns: Vec<(String, String)>,
    entries: Vec<(usize, String)>,
    by_text: HashMap<String, Vec<usize>>,
    by_stem: HashMap<String, Vec<usize>>,
    by_shape: HashMap<(char, usize), Vec<usize>>,
}

impl ValueIndex {
    /// Reads the distinct values of every text column, bounded for each column and overall.
    pub fn build(
        dataset: &dyn Dataset,
        schema: &Schema,
        cancel: &CancelFlag,
    ) -> Result<Self, StoreError> {
        let mut index = Self::default();
        for table in &schema.tables {
            for column in &table.columns {
                if cancel.is_cancelled() {
                    return Err(StoreError::Cancelled);
                }
                if column.column_type == ColumnType::Text && index.entries.len() < MAX_TOTAL {
                    let (table, column) = (&table.name, &column.name);
                    let values = dataset.distinct_values(table, column, MAX_PER_COLUMN, cancel)?;
                    index.add(table, column, values);
                }
            }
        }
        Ok(index)
    }

    /// Adds the distinct values of one column.
    pub fn add<I, T>(&mut self, table: &str, column: &str, values: I)
    where
        I: IntoIterator<Item = T>,
        T: AsRef<str>,
    {
        let number = self.columns.len();
        self.columns.push((table.to_owned(), column.to_owned()));
        for value in values.into_iter().take(MAX_PER_COLUMN) {
            let value = value.as_ref();
            let text = normal(value);
            let length = text.chars().count();
            if text.is_empty() || length > MAX_VALUE_CHARS || self.entries.len() >= MAX_TOTAL {
                continue;
            }
            let entry = self.entries.len();
            self.entries.push((number, value.to_owned()));
            self.by_stem.entry(stems(&text)).or_default().push(entry);
            if length >= MIN_FUZZY_CHARS
                && let Some(first) = text.chars().next()
            {
                self.by_shape
                    .entry((first, length))
                    .or_default()
                    .push(entry);
            }
            self.by_text.entry(text).or_default().push(entry);
        }
    }

    /// What `phrase` may mean, best first; `fuzzy` also forgives one slip of the keyboard.
    pub fn find(&self, phrase: &str, fuzzy: bool) -> Vec<Hit> {
        let text = normal(phrase);
        let mut found: Vec<(usize, f64)> = Vec::new();
        let mut add = |entries: Option<&Vec<usize>>, score: f64| {
            for &entry in entries.into_iter().flatten() {
                if !found.iter().any(|&(other, _)| other == entry) {
                    found.push((entry, score));
                }
            }
        };
        add(self.by_text.get(&text), 1.0);
        if !self.by_text.contains_key(&text) {
            add(self.by_stem.get(&stems(&text)), 0.9);
            if let Some(place) = lexicon::place_of(&text) {
                add(self.by_text.get(place), 0.9);
            }
        }
        if found.is_empty() && fuzzy {
            found = self.one_slip_away(&text);
        }
        found
            .into_iter()
            .map(|(entry, score)| {
                let (column, value) = &self.entries[entry];
                let (table, column) = &self.columns[*column];
                let same_case = if value == phrase { 0.02 } else { 0.0 };
                Hit {
                    table: table.clone(),
                    column: column.clone(),
                    value: value.clone(),
                    score: score + same_case,
                }
            })
            .collect()
    }

    fn one_slip_away(&self, text: &str) -> Vec<(usize, f64)> {
        let length = text.chars().count();
        let Some(first) = text.chars().next().filter(|_| length >= MIN_FUZZY_CHARS) else {
            return Vec::new();
        };
        (length - 1..=length + 1)
            .filter_map(|near| self.by_shape.get(&(first, near)))
            .flatten()
            .filter(|&&entry| within_one_edit(&normal(&self.entries[entry].1), text))
            .map(|&entry| (entry, 0.75))
            .collect()
    }

    /// The indexed values of a column, in the order they were added.
    pub fn values_of<'a>(
        &'a self,
        table: &'a str,
        column: &'a str,
    ) -> impl Iterator<Item = &'a str> + 'a {
        let number = self
            .columns
            .iter()
            .position(|(t, c)| t == table && c == column);
        self.entries
            .iter()
            .filter(move |(at, _)| Some(*at) == number)
            .map(|(_, value)| value.as_str())
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Lower case, signs at the ends cut, hyphens and gaps as one blank.
fn normal(text: &str) -> String {
    let lower = text.to_lowercase().replace(['-', '_'], " ");
    let trimmed =
        lower.trim_matches(|letter: char| letter.is_whitespace() || ".,;!?'\"".contains(letter));
    trimmed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn stems(text: &str) -> String {
    text.split(' ')
        .map(|word| stem(&lemma(word)))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::Ordering;

    use super::*;
    use crate::testing::{FakeDataset, schema};

    #[test]
    fn nothing_is_read_for_somebody_who_has_left() {
        let dataset = FakeDataset::default();
        let cancel = CancelFlag::default();
        cancel.cancel();
        assert!(matches!(
            ValueIndex::build(&dataset, &schema(), &cancel),
            Err(StoreError::Cancelled)
        ));
        assert_eq!(dataset.columns_read.load(Ordering::SeqCst), 0);
        ValueIndex::build(&dataset, &schema(), &CancelFlag::default()).unwrap();
        assert!(dataset.columns_read.load(Ordering::SeqCst) > 1);
    }

    fn index() -> ValueIndex {
        let mut index = ValueIndex::default();
        index.add(
            "customers",
            "country",
            ["Germany", "United States", "france"],
        );
        index.add("products", "category", ["Garden Tools", "Toys"]);
        index
    }

    fn best(phrase: &str) -> Option<String> {
        index()
            .find(phrase, true)
            .first()
            .map(|hit| hit.value.clone())
    }

    #[test]
    fn case_plural_slips_and_adjectives_are_tolerated() {
        assert_eq!(best("germany").as_deref(), Some("Germany"));
        assert_eq!(best("Gemrany").as_deref(), Some("Germany"));
        assert_eq!(best("garden tool").as_deref(), Some("Garden Tools"));
        assert_eq!(best("toy").as_deref(), Some("Toys"));
        assert_eq!(best("French").as_deref(), Some("france"));
        assert_eq!(best("American").as_deref(), Some("United States"));
        assert_eq!(best("Gtmaony"), None);
    }
}
