//! Lists in cells: `Action; Comedy; Drama` in most cells of a column, of words that come again and again.

use std::collections::HashMap;

use ingest::{ColumnType, Outcome, Value};

use super::fixed::Fixed;
use crate::model::{ListItems, Table};
use crate::{SchemaError, Source, rows, values};

/// What may stand between items, the surest first: a comma stands in sentences and addresses too.
const SEPARATORS: &[&str] = &[";", "|", ","];
/// Records that are looked at.
const MOST_RECORDS: usize = 20_000;
/// Filled cells that are needed.
const LEAST_CELLS: usize = 10;
/// Different items that make a vocabulary.
const LEAST_ITEMS: usize = 3;
const MOST_ITEMS: usize = 5_000;
const MAX_ITEM_CHARS: usize = 60;
/// How often each item comes, at least, on average.
const REPEATS: usize = 3;
/// Shares of all items: those that come again, those with a letter, those that stand at several places of lists.
const SHARED: f64 = 0.9;
const WORDS: f64 = 0.8;
const MOVING: f64 = 0.3;
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: usize = 20_000;

/// A column of lists, by its place in the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    pub column: usize,
    pub items: ListItems,
    /// Different items among the records that were looked at.
    pub distinct: usize,
}

/// The columns of lists.
pub fn find(
    table: &Table,
    source: &Source,
    fixed: &Fixed,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<List>, SchemaError> {
    let mut watched: Vec<Watched<'_>> = Vec::new();
    for (place, column) in table.columns.iter().enumerate() {
        let Some(name) = &column.source_column else {
            continue;
        };
        let mut profiles = source.analysis.columns.iter();
        let index = profiles.position(|profile| &profile.column == name);
        let is_text = column.column_type == ColumnType::Text;
        if let Some(index) =
            index.filter(|_| is_text && !fixed.stays[place] && !fixed.refers[place])
        {
            watched.extend(
                SEPARATORS
                    .iter()
                    .map(|separator| Watched::new(place, index, separator)),
            );
        }
    }
    for (seen, outcome) in values::open(source)?.enumerate().take(MOST_RECORDS) {
        if seen % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? else {
            continue;
        };
        watched.retain_mut(|own| {
            let text = record.fields.get(own.field).and_then(Option::as_deref);
            text.is_none_or(|text| own.take(text))
        });
        if watched.is_empty() {
            break;
        }
    }
    let mut found: Vec<List> = Vec::new();
    for own in watched.iter().filter(|own| own.is_list()) {
        if found.iter().all(|list| list.column != own.place) {
            found.push(List {
                column: own.place,
                items: ListItems {
                    column: source.analysis.columns[own.field].column.clone(),
                    separator: own.separator.to_owned(),
                },
                distinct: own.seen.len(),
            });
        }
    }
    Ok(found)
}

/// One column, taken apart by one separator.
struct Watched<'a> {
    place: usize,
    field: usize,
    separator: &'a str,
    filled: usize,
    /// Cells of more than one item.
    several: usize,
    /// Fewest and most items of a cell.
    fewest: usize,
    most: usize,
    items: usize,
    with_letter: usize,
    /// For each item how often it comes, where in its list first, and whether elsewhere too.
    seen: HashMap<u64, (usize, usize, bool)>,
}

impl<'a> Watched<'a> {
    fn new(place: usize, field: usize, separator: &'a str) -> Self {
        Self {
            place,
            field,
            separator,
            filled: 0,
            several: 0,
            fewest: usize::MAX,
            most: 0,
            items: 0,
            with_letter: 0,
            seen: HashMap::new(),
        }
    }

    /// `false` where it can be no list any more.
    fn take(&mut self, text: &str) -> bool {
        let mut own: Vec<u64> = Vec::new();
        for (at, item) in rows::items(text, self.separator).enumerate() {
            let item = &text[item];
            let print = values::fingerprint(&Value::Text(item.to_owned()));
            if own.contains(&print) || item.chars().nth(MAX_ITEM_CHARS).is_some() {
                return false;
            }
            own.push(print);
            self.with_letter += usize::from(item.chars().any(char::is_alphabetic));
            let (count, first, moves) = self.seen.entry(print).or_insert((0, at, false));
            *count += 1;
            *moves |= *first != at;
        }
        if own.is_empty() {
            // A text of separators alone could not be given back.
            return false;
        }
        self.filled += 1;
        self.several += usize::from(own.len() > 1);
        self.fewest = self.fewest.min(own.len());
        self.most = self.most.max(own.len());
        self.items += own.len();
        self.seen.len() <= MOST_ITEMS
    }

    fn is_list(&self) -> bool {
        let again = self.seen.values().filter(|(count, ..)| *count > 1);
        let (mut shared, mut repeated, mut moving) = (0, 0, 0);
        for (count, _, moves) in again {
            shared += count;
            repeated += 1;
            moving += usize::from(*moves);
        }
        let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        self.filled >= LEAST_CELLS
            && self.several * 2 >= self.filled
            && self.most > self.fewest
            && self.seen.len() >= LEAST_ITEMS
            && self.items >= self.seen.len() * REPEATS
            && share(shared, self.items) >= SHARED
            && share(self.with_letter, self.items) >= WORDS
            && share(moving, repeated) >= MOVING
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_list(separator: &str, cells: &[&str]) -> bool {
        let mut watched = Watched::new(0, 0, separator);
        cells.iter().all(|cell| watched.take(cell)) && watched.is_list()
    }

    #[test]
    fn a_shared_vocabulary_in_changing_places_is_a_list() {
        let genres = [
            "Drama; Comedy",
            "Comedy",
            "Action; Drama; Comedy",
            "Drama; Action",
        ];
        assert!(is_list(";", &genres.repeat(4)));
    }

    #[test]
    fn addresses_numbers_and_sentences_are_no_lists() {
        let places = [
            "Bern, Switzerland",
            "Rome, Italy",
            "Basel, Switzerland",
            "Turin, Italy",
        ];
        assert!(!is_list(",", &places.repeat(4)), "each word has its place");
        let numbers = ["1,5", "2,5", "1,2,5", "5,1"];
        assert!(!is_list(",", &numbers.repeat(4)));
        let texts: Vec<String> = (0..20)
            .map(|row| format!("on day {row}, we went out, and saw {row} birds"))
            .collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        assert!(!is_list(",", &texts));
        let twice = ["a;a", "b;a", "a;b;c", "b;c"];
        assert!(
            !is_list(";", &twice.repeat(4)),
            "an item twice in a cell has no key"
        );
    }
}
