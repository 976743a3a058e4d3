//! Lines that hold a delimiter's sign and are one value each all the same: names, sentences, addresses, URLs.

use std::collections::HashMap;

use crate::sniff::sample::{Parsed, Row};
use crate::sniff::score::is_typed;

/// Signs that texts and times are full of; a table of them is alike in every row.
const SIGNS_OF_TEXT: [char; 5] = [' ', ':', '&', '*', '!'];

/// Whether what `delimiter` splits in these rows are the words of texts and no fields.
pub(super) fn is_text_of_one_column(parsed: &Parsed, delimiter: char) -> bool {
    let rows: Vec<&Row> = parsed.rows.iter().filter(|row| !row.is_rule()).collect();
    let (Some(first), Some(first_split)) = (
        rows.first(),
        rows.iter().position(|row| row.cells.len() > 1),
    ) else {
        return false;
    };
    if SIGNS_OF_TEXT.contains(&delimiter) && !is_even(&rows, delimiter) {
        return true;
    }
    let split = rows.iter().filter(|row| row.cells.len() > 1).count();
    let once = split == 1 && rows.len() > 2;
    first.cells.len() == 1
        && (once || is_scattered(&rows[first_split..]) || stands_before_blanks(&rows))
}

/// The most frequent number of fields, and the share of the rows that have it.
fn common_length(rows: &[&Row]) -> (usize, f64) {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for row in rows {
        *counts.entry(row.cells.len()).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(length, count)| (*count, *length))
        .map_or((0, 0.0), |(length, count)| {
            (length, count as f64 / rows.len() as f64)
        })
}

/// Whether rows that such a sign splits are a table: alike, and with columns of values, which words next to each other are
/// not.
fn is_even(rows: &[&Row], delimiter: char) -> bool {
    let (common, share) = common_length(rows);
    let typed = (0..common)
        .filter(|column| column_is_typed(rows, *column))
        .count();
    let alike = share >= 0.8 && rows.first().is_some_and(|row| row.cells.len() == common);
    let paths = rows.iter().filter(|row| {
        let second = row.cells.get(1);
        second.is_some_and(|cell| cell.text.starts_with("//"))
    });
    if delimiter == ':' && paths.count() * 2 > rows.len() {
        return false;
    }
    let quoted = rows
        .iter()
        .flat_map(|row| &row.cells)
        .any(|cell| cell.quoted);
    let splits_first = rows.first().is_some_and(|row| row.cells.len() > 1);
    (typed >= 2 && splits_first) || (alike && (typed >= 1 || quoted || delimiter != ' '))
}

/// Whether most cells of a column, but for its first, are numbers, dates or the like.
fn column_is_typed(rows: &[&Row], column: usize) -> bool {
    let cells = || rows.iter().skip(1).filter_map(|row| row.cells.get(column));
    let typed = cells().filter(|cell| is_typed(cell.trimmed())).count();
    typed > 0 && typed * 10 >= cells().count() * 6
}

/// Whether the delimiter occurs here and there only: neither in most rows, nor in one block of alike ones.
fn is_scattered(rows: &[&Row]) -> bool {
    let split = rows.iter().filter(|row| row.cells.len() > 1).count();
    if split * 10 >= rows.len() * 6 {
        return false;
    }
    let length = rows[0].cells.len();
    let block = rows
        .iter()
        .take_while(|row| row.cells.len() == length)
        .count();
    block < 2 || block < split
}

/// Whether a blank follows each delimiter below a first line without one, as behind a comma in a sentence or an address;
/// not so where a line of names and lines of values follow.
fn stands_before_blanks(rows: &[&Row]) -> bool {
    let behind = || rows.iter().flat_map(|row| row.cells.iter().skip(1));
    let blanks = behind().filter(|cell| cell.text.starts_with(' ')).count();
    let has_values = |row: &&Row| row.cells.iter().any(|cell| is_typed(cell.trimmed()));
    let table = rows
        .get(1)
        .is_some_and(|row| row.cells.len() > 1 && !has_values(row))
        && rows.len() > 2
        && rows[2..].iter().all(has_values);
    blanks * 10 >= behind().count() * 9 && !table
}
