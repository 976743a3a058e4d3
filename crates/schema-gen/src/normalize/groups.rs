//! Columns that are one column written side by side: `jan`, `feb`, `mar`; `sales_2019`, `sales_2020`; `actor1`, `actor2`.

use std::collections::{BTreeMap, HashSet};

use ingest::{ColumnType, Outcome};

use super::fixed::Fixed;
use crate::model::Table;
use crate::names::split_words;
use crate::{SchemaError, Source, values};

/// Columns of a group.
const MOST_COLUMNS: usize = 400;
const MOST_NUMBERED: usize = 20;
const LEAST_WEEKDAYS: usize = 5;
const LEAST: usize = 3;
/// Numbered columns have values in common, as a share of the fewer ones.
const COMMON: f64 = 0.2;
/// Records that are looked at for that.
const MOST_RECORDS: usize = 5_000;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// By what the columns of a group differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Year,
    Quarter,
    Month,
    Weekday,
    Number,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Weekday => "weekday",
            Self::Number => "number",
        }
    }
}

/// Columns to become rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    pub kind: Kind,
    /// Places in the table, in their order.
    pub columns: Vec<usize>,
    /// What tells each from the others.
    pub names: Vec<String>,
    /// The words that they have in common.
    pub words: Vec<String>,
    pub value_type: ColumnType,
}

/// One column of a group.
struct Member {
    /// Its place among its kind: 3 of March.
    order: i64,
    place: usize,
    told: String,
}

/// The groups of a table's columns; of each kind only where there is one, for two belong together.
pub fn find(table: &Table, source: &Source, fixed: &Fixed) -> Result<Vec<Group>, SchemaError> {
    let mut gathered: BTreeMap<(Kind, Vec<String>), Vec<Member>> = BTreeMap::new();
    for (place, column) in table.columns.iter().enumerate() {
        if fixed.stays[place] || fixed.refers[place] {
            continue;
        }
        let Some(name) = &column.source_column else {
            continue;
        };
        if let Some((kind, order, told, words)) = read(name) {
            let group = gathered.entry((kind, words)).or_default();
            group.push(Member { order, place, told });
        }
    }
    let mut found: Vec<Group> = Vec::new();
    for ((kind, words), members) in gathered {
        if let Some(group) = group(table, kind, words, &members) {
            found.push(group);
        }
    }
    let kinds: Vec<Kind> = found.iter().map(|group| group.kind).collect();
    found.retain(|group| kinds.iter().filter(|kind| **kind == group.kind).count() == 1);
    let mut groups = Vec::new();
    for group in found {
        if group.kind != Kind::Number || have_values_in_common(table, source, &group)? {
            groups.push(group);
        }
    }
    Ok(groups)
}

/// Of which kind the name is, its place among its kind, how it is told from others, and the words that are left.
fn read(name: &str) -> Option<(Kind, i64, String, Vec<String>)> {
    let words = split_words(name);
    let number = |word: &String| word.parse::<i64>().ok();
    let without = |at: usize, count: usize| {
        let mut rest = words.clone();
        rest.drain(at..at + count);
        rest
    };
    for (at, word) in words.iter().enumerate() {
        if let Some(year) =
            number(word).filter(|year| word.len() == 4 && (1900..=2100).contains(year))
        {
            return Some((Kind::Year, year, word.clone(), without(at, 1)));
        }
        if let Some(month) = among(word, &MONTHS) {
            return Some((Kind::Month, month, word.clone(), without(at, 1)));
        }
        if let Some(day) = among(word, &WEEKDAYS) {
            return Some((Kind::Weekday, day, word.clone(), without(at, 1)));
        }
        let next = words.get(at + 1).and_then(number);
        if let Some(quarter) = next.filter(|next| word == "q" && (1..=4).contains(next)) {
            return Some((
                Kind::Quarter,
                quarter,
                format!("Q{quarter}"),
                without(at, 2),
            ));
        }
    }
    let last = words.len().checked_sub(1)?;
    let number = number(&words[last]).filter(|_| last > 0)?;
    Some((Kind::Number, number, number.to_string(), without(last, 1)))
}

/// The place of a word, or of its first three letters, among others.
fn among(word: &str, all: &[&str]) -> Option<i64> {
    let is_it = |full: &&str| *full == word || full.get(..3) == Some(word);
    let place = all.iter().position(is_it)?;
    Some(place as i64 + 1)
}

fn group(table: &Table, kind: Kind, words: Vec<String>, members: &[Member]) -> Option<Group> {
    let mut orders: Vec<i64> = members.iter().map(|member| member.order).collect();
    orders.sort_unstable();
    let is_once_each = orders.windows(2).all(|pair| pair[0] != pair[1]);
    let in_a_row = orders.windows(2).all(|pair| pair[0] + 1 == pair[1]);
    let fits = match kind {
        Kind::Year => (LEAST..=MOST_COLUMNS).contains(&members.len()),
        Kind::Quarter | Kind::Month => members.len() >= LEAST && in_a_row,
        Kind::Weekday => members.len() >= LEAST_WEEKDAYS,
        Kind::Number => {
            (LEAST..=MOST_NUMBERED).contains(&members.len())
                && in_a_row
                && orders.first().is_some_and(|first| (0..=1).contains(first))
        }
    };
    let types: Vec<ColumnType> = members
        .iter()
        .map(|member| table.columns[member.place].column_type)
        .collect();
    let value_type = match kind {
        Kind::Number => types
            .iter()
            .all(|own| *own == ColumnType::Text)
            .then_some(ColumnType::Text)?,
        _ => number_type(&types)?,
    };
    (fits && is_once_each).then(|| Group {
        kind,
        columns: members.iter().map(|member| member.place).collect(),
        names: members.iter().map(|member| member.told.clone()).collect(),
        words,
        value_type,
    })
}

/// The narrowest type of numbers that holds all.
fn number_type(types: &[ColumnType]) -> Option<ColumnType> {
    let has = |wanted: ColumnType| types.contains(&wanted);
    let are_numbers = types.iter().all(|own| {
        matches!(
            own,
            ColumnType::Integer | ColumnType::Real | ColumnType::Decimal
        )
    });
    are_numbers.then(|| {
        if has(ColumnType::Real) {
            ColumnType::Real
        } else if has(ColumnType::Decimal) {
            ColumnType::Decimal
        } else {
            ColumnType::Integer
        }
    })
}

/// Whether the first two columns hold the same kind of thing.
fn have_values_in_common(
    table: &Table,
    source: &Source,
    group: &Group,
) -> Result<bool, SchemaError> {
    let field = |place: &usize| {
        let name = table.columns[*place].source_column.as_ref();
        let mut profiles = source.analysis.columns.iter();
        profiles.position(|profile| Some(&profile.column) == name)
    };
    let fields: Vec<usize> = group.columns.iter().take(2).filter_map(field).collect();
    let mut seen = vec![HashSet::new(); fields.len()];
    for outcome in values::open(source)?.take(MOST_RECORDS) {
        let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? else {
            continue;
        };
        for (field, seen) in fields.iter().zip(&mut seen) {
            if let Some(Some(text)) = record.fields.get(*field)
                && !text.trim().is_empty()
            {
                seen.insert(text.clone());
            }
        }
    }
    let [one, other] = seen.as_slice() else {
        return Ok(false);
    };
    let common = one.intersection(other).count();
    let fewer = one.len().min(other.len());
    Ok(fewer > 0 && common as f64 / fewer as f64 >= COMMON)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> Option<(Kind, String)> {
        read(name).map(|(kind, _, told, _)| (kind, told))
    }

    #[test]
    fn names_say_of_which_kind_they_are() {
        assert_eq!(kind("Jan"), Some((Kind::Month, "jan".to_owned())));
        assert_eq!(
            kind("sales_february"),
            Some((Kind::Month, "february".to_owned()))
        );
        assert_eq!(kind("2019"), Some((Kind::Year, "2019".to_owned())));
        assert_eq!(kind("pop 2020"), Some((Kind::Year, "2020".to_owned())));
        assert_eq!(kind("Q3"), Some((Kind::Quarter, "Q3".to_owned())));
        assert_eq!(kind("actor2"), Some((Kind::Number, "2".to_owned())));
        assert_eq!(kind("name"), None);
        assert_eq!(kind("7"), None);
    }
}
