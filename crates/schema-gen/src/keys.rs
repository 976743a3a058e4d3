//! Primary keys: which unique columns, or combinations of columns, name a row.
//!
//! Uniqueness alone is cheap in small files, so names, position, type and what a column refers to decide, as in
//! Jiang & Naumann, "Holistic primary key and foreign key detection" (`HoPF`), J. Intell. Inf. Syst. 54 (2020).

mod composite;

use std::collections::HashMap;

use crate::facts::{ColumnFacts, TableFacts};
use crate::names;
use crate::values::{NULL, Values};

/// A unique column, or one that is but for a few rows, and how fit it is as a key, about 0 to 1.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    pub column: usize,
    pub score: f64,
    /// Rows that repeat an earlier row's value or have none.
    pub exceptions: u64,
}

/// In fewer rows than this, single columns are unique by accident.
const FEW_ROWS: u64 = 40;
/// How much fitter a column is to which others refer.
const REFERRED: f64 = 0.4;
/// Unique columns of a table that are looked at; wide files have many by accident.
const MOST_CANDIDATES: usize = 16;
/// Fewest rows of which one may break the key.
const ROWS_FOR_EXCEPTION: u64 = 10;
/// Share of the rows that may break a key that is called the row's id, and the share where they are copies of other rows.
const EXCEPTION_SHARE: f64 = 0.02;
const COPY_SHARE: f64 = 0.2;
/// How much less fit a key with exceptions is.
const HAS_EXCEPTIONS: f64 = 0.15;
/// Named as the row's id a column is at least so fit.
const FIT_BY_NAME: f64 = 0.6;

/// The unique columns of a table, fittest first.
pub fn single_candidates(table: &TableFacts<'_>) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.is_unique())
        .map(|(position, column)| Candidate {
            column: position,
            score: fitness(table, column, position),
            exceptions: 0,
        })
        .collect();
    if !found.iter().any(|known| known.score >= FIT_BY_NAME) {
        found.extend(but_for_a_few(table));
    }
    sort(&mut found);
    found.truncate(MOST_CANDIDATES);
    found
}

/// The column that is called the row's id and names each row but for a few.
fn but_for_a_few(table: &TableFacts<'_>) -> Option<Candidate> {
    let fit = |(position, column): (usize, &ColumnFacts<'_>)| {
        let score = fitness(table, column, position) - HAS_EXCEPTIONS;
        let is_own =
            column.words.is_id && (column.words.core.is_empty() || names_own_table(table, column));
        let exceptions = table.row_count.saturating_sub(column.distinct());
        (is_own && score >= FIT_BY_NAME && exceptions > 0 && column.values.is_some()).then_some(
            Candidate {
                column: position,
                score,
                exceptions,
            },
        )
    };
    let best = table
        .columns
        .iter()
        .enumerate()
        .filter_map(fit)
        .max_by(|one, other| one.score.total_cmp(&other.score))?;
    let share = best.exceptions as f64 / table.row_count as f64;
    let few =
        table.row_count >= ROWS_FOR_EXCEPTION && (best.exceptions == 1 || share <= EXCEPTION_SHARE);
    (few || (share <= COPY_SHARE && are_copies(table, best.column))).then_some(best)
}

/// Whether the rows that share the column's value are alike in every other column, as far as it was read.
fn are_copies(table: &TableFacts<'_>, key: usize) -> bool {
    let read: Vec<&Values> = table
        .columns
        .iter()
        .filter_map(|column| column.values.as_ref())
        .collect();
    let Some(keys) = table.columns[key].values.as_ref() else {
        return false;
    };
    let mut first: HashMap<u64, usize> = HashMap::with_capacity(keys.rows.len());
    read.len() > 1
        && keys.rows.iter().enumerate().all(|(row, &value)| {
            let earlier = *first.entry(value).or_insert(row);
            value != NULL
                && read
                    .iter()
                    .all(|column| column.rows[row] == column.rows[earlier])
        })
}

/// Puts the columns that others refer to before those as fit that nothing refers to.
pub fn prefer_referred(candidates: &mut [Candidate], referred: &dyn Fn(usize) -> bool) {
    for candidate in candidates.iter_mut().filter(|known| referred(known.column)) {
        candidate.score += REFERRED;
    }
    sort(candidates);
}

fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|one, other| {
        other
            .score
            .total_cmp(&one.score)
            .then(one.column.cmp(&other.column))
    });
}

fn fitness(table: &TableFacts<'_>, column: &ColumnFacts<'_>, position: usize) -> f64 {
    let words = &column.words;
    let own = names_own_table(table, column);
    let mut score = match (words.is_id, words.core.is_empty(), own) {
        (true, true, _) if words.all.iter().all(|word| word == "id") => 0.6,
        (true, true, _) => 0.45,
        (true, _, true) => 0.5,
        (true, false, false) => 0.25,
        (false, _, true) => 0.2,
        _ if words.is_label() => 0.1,
        _ if column.is_code() => 0.2,
        _ => 0.0,
    };
    score += match position {
        0 => 0.3,
        1 => 0.1,
        _ => 0.0,
    };
    if words.is_measure {
        score -= 0.4;
    }
    if column.is_temporal() {
        score -= 0.3;
    }
    if column.is_text() {
        score += match column.profile.max_length {
            0..=40 => 0.05,
            41..=80 => -0.1,
            _ => -0.3,
        };
    } else if let Some((low, high)) = column.values.as_ref().and_then(|values| values.range) {
        score += 0.1;
        let serial = high.saturating_sub(low) as u64 + 1 == column.distinct();
        if serial && (0..=1).contains(&low) {
            score += 0.1;
        }
    }
    score
}

/// Whether the column is called after its table, or a part of its name: `album_id` in `albums`, `item_id` in `order_items`.
pub fn names_own_table(table: &TableFacts<'_>, column: &ColumnFacts<'_>) -> bool {
    let (own, core) = (table.words.core_joined(), column.words.core_joined());
    core.len() >= 2
        && (own.ends_with(&core)
            || core.ends_with(&own)
            || core.starts_with(&own)
            || names_whole_table(table, column))
}

/// Whether the column is called after its table and nothing else: `stu_id` in `students`.
fn names_whole_table(table: &TableFacts<'_>, column: &ColumnFacts<'_>) -> bool {
    let (own, core) = (&table.words.core, &column.words.core);
    !core.is_empty() && column.words.core_joined().len() >= 2 && names::abbreviates_each(core, own)
}

/// What is known of a table's columns from the references between tables.
pub struct Links<'a> {
    /// Its values are found in a key of another table.
    pub refers: &'a dyn Fn(usize) -> bool,
    /// It refers, or its name says that it should.
    pub points: &'a dyn Fn(usize) -> bool,
}

/// Decides a table's primary key; empty where nothing fits.
pub fn decide(table: &TableFacts<'_>, candidates: &[Candidate], links: &Links<'_>) -> Vec<usize> {
    let best = candidates.first();
    let own = best.filter(|candidate| {
        let named = names_whole_table(table, &table.columns[candidate.column]);
        (candidate.score >= 0.75 && named)
            || (candidate.score >= 0.5 && !(links.refers)(candidate.column))
    });
    if let Some(own) = own {
        return vec![own.column];
    }
    let few = table.row_count < FEW_ROWS;
    let run = leading_links(table, few, links);
    let whole = few || run.len() == table.columns.len();
    let unique_part = run.iter().any(|&column| table.columns[column].is_unique());
    if run.len() >= 2 && (whole || !unique_part) {
        if let Some(key) = composite::leading(table, &run, whole) {
            return key;
        }
    } else if let Some(best) = best.filter(|candidate| candidate.score >= fit(table, candidate)) {
        if few && (links.refers)(best.column) && best.column == 0 && told_repeatedly(table) {
            return vec![0, 1];
        }
        return vec![best.column];
    }
    let found = composite::search(table, links.points);
    if found.is_empty() {
        return best
            .filter(|candidate| candidate.score > 0.1)
            .map(|candidate| vec![candidate.column])
            .unwrap_or_default();
    }
    found
}

/// The score from which a unique column is preferred to a combination; lower for one that people know a row by.
fn fit(table: &TableFacts<'_>, candidate: &Candidate) -> f64 {
    if table.columns[candidate.column].words.is_label() {
        0.2
    } else {
        0.35
    }
}

/// The columns at the table's beginning that link it to other tables or look as if they did, and the times between them.
fn leading_links(table: &TableFacts<'_>, few: bool, links: &Links<'_>) -> Vec<usize> {
    let is_link = |column: usize| {
        let facts = &table.columns[column];
        // A reference to a list of kinds describes the row; it does not name it.
        let names_row = !facts.words.is_kind() || !few;
        names_row && ((links.points)(column) || (facts.words.is_id && (few || !facts.is_unique())))
    };
    let is_complete = |column: usize| {
        let values = table.columns[column].values.as_ref();
        values.is_some_and(|values| values.null_count == 0)
    };
    let mut run: Vec<usize> = Vec::new();
    let mut links_so_far = 0;
    for column in 0..table.columns.len() {
        // Two links name a row by themselves; one may need the time that stands between it and the next.
        let is_time = links_so_far < 2 && table.columns[column].is_temporal();
        if !is_complete(column) || !(is_link(column) || is_time) {
            break;
        }
        links_so_far += usize::from(is_link(column));
        run.push(column);
    }
    while run.last().is_some_and(|&last| !is_link(last)) {
        run.pop();
    }
    run
}

/// A reference followed by a time: the thing is told of again and again, even if these rows name each only once.
fn told_repeatedly(table: &TableFacts<'_>) -> bool {
    table.columns.get(1).is_some_and(|second| {
        let complete = second
            .values
            .as_ref()
            .is_some_and(|values| values.null_count == 0);
        complete && second.distinct() > 1 && (second.is_temporal() || second.words.is_time())
    })
}

#[cfg(test)]
mod tests;
