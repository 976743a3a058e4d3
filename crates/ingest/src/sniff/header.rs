use std::collections::HashSet;

use crate::sniff::sample::Row;
use crate::sniff::score::{is_number, is_typed};
use crate::{marker, temporal, value};

const LOOKED_AT: usize = 200;
/// Records a header may have.
const MOST_HEADER_ROWS: usize = 3;

/// What kind of value a cell is, for comparing a heading with the cells below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Nothing,
    Number,
    Moment,
    Boolean,
    Text,
}

fn class(text: &str) -> Class {
    if text.is_empty() || marker::is_marker(text) {
        Class::Nothing
    } else if is_number(text) {
        Class::Number
    } else if temporal::scan(text).is_some() || temporal::is_time(text) {
        Class::Moment
    } else if text.len() > 1 && value::boolean(text).is_some() {
        Class::Boolean
    } else {
        Class::Text
    }
}

fn cell(row: &Row, column: usize) -> &str {
    row.cells.get(column).map_or("", |cell| cell.trimmed())
}

/// The class that nearly all filled cells of a column share.
fn body_class(body: &[Row], column: usize) -> Option<Class> {
    let classes: Vec<Class> = body
        .iter()
        .take(LOOKED_AT)
        .map(|row| class(cell(row, column)))
        .filter(|class| *class != Class::Nothing)
        .collect();
    [Class::Number, Class::Moment, Class::Boolean, Class::Text]
        .into_iter()
        .find(|each| {
            classes.iter().filter(|class| *class == each).count() * 10 >= classes.len() * 8
                && !classes.is_empty()
        })
}

/// How many records of the header `rows` start with; 0 where they are data from the first.
pub(crate) fn header_rows(rows: &[Row], columns: usize) -> usize {
    let Some((first, body)) = rows.split_first() else {
        return 0;
    };
    if !has_header(first, body, columns) {
        return 0;
    }
    let mut count = 1;
    while count < MOST_HEADER_ROWS
        && count + 1 < rows.len()
        && continues_header(&rows[..count], &rows[count], &rows[count + 1..], columns)
    {
        count += 1;
    }
    count
}

fn has_header(first: &Row, body: &[Row], columns: usize) -> bool {
    if first.filled() == 0 {
        return false;
    }
    if names_a_sequence(first, body, columns) {
        return true;
    }
    let votes: f64 = (0..columns).map(|column| vote(first, body, column)).sum();
    if votes.abs() > 0.01 {
        return votes > 0.0;
    }
    let names: Vec<&str> = (0..columns)
        .map(|column| cell(first, column))
        .filter(|name| !name.is_empty())
        .collect();
    let distinct: HashSet<&str> = names.iter().copied().collect();
    distinct.len() == names.len() && names.iter().all(|name| !is_typed(name))
}

/// Whether the row has years, or words and numbers, that follow each other above numbers that do not: `city, 2023, 2024` or
/// `city, 1, 2, 3`.
fn names_a_sequence(first: &Row, body: &[Row], columns: usize) -> bool {
    let Some(run) = sequence(first, columns) else {
        return false;
    };
    let has_words = (0..columns).any(|column| class(cell(first, column)) == Class::Text);
    let years = |row: &Row| run.iter().all(|column| is_year(cell(row, *column)));
    let of_years = years(first);
    let alike = |row: &Row| {
        if of_years {
            years(row)
        } else {
            sequence(row, columns).is_some_and(|other| other == run)
        }
    };
    let enough = match (of_years, has_words) {
        (true, true) => 2,
        (true, false) | (false, true) => 3,
        (false, false) => return false,
    };
    let looked_at = body.iter().take(20);
    let alike = looked_at.clone().filter(|row| alike(row)).count();
    run.len() >= enough && !body.is_empty() && alike * 2 <= looked_at.count()
}

/// The columns of the row that hold whole numbers, where each is by one greater (or, of years, smaller) than the one before.
fn sequence(row: &Row, columns: usize) -> Option<Vec<usize>> {
    let numbers: Vec<(usize, i64)> = (0..columns)
        .filter_map(|column| Some((column, cell(row, column).parse().ok()?)))
        .collect();
    let step = |sign: i64| numbers.windows(2).all(|pair| pair[1].1 - pair[0].1 == sign);
    let all_numbers = (0..columns)
        .filter(|column| class(cell(row, *column)) == Class::Number)
        .count();
    (!numbers.is_empty() && numbers.len() == all_numbers && (step(1) || step(-1)))
        .then(|| numbers.into_iter().map(|(column, _)| column).collect())
}

/// How much a column says that its first cell is a name (above 0) or a value (below 0).
fn vote(first: &Row, body: &[Row], column: usize) -> f64 {
    let name = cell(first, column);
    let own = class(name);
    match (own, body_class(body, column)) {
        (Class::Nothing, _) => 0.0,
        // A name even above codes of countries or languages, where it may occur as a value.
        _ if column == 0 && name.eq_ignore_ascii_case("id") => 1.0,
        (Class::Text, Some(Class::Number | Class::Moment | Class::Boolean)) => 1.0,
        (Class::Number, Some(Class::Number))
            if is_year(name) && !body.iter().take(20).any(|row| is_year(cell(row, column))) =>
        {
            0.0
        }
        (Class::Moment, Some(Class::Number)) => 0.5,
        (own, Some(below)) if own == below && own != Class::Text => -1.0,
        (Class::Number | Class::Moment, Some(Class::Text)) => -0.3,
        (Class::Text, _)
            if body
                .iter()
                .take(LOOKED_AT)
                .any(|row| cell(row, column) == name) =>
        {
            -0.5
        }
        (Class::Text, Some(Class::Text)) if is_link(name) && links(body, column) => -1.0,
        (Class::Text, Some(Class::Text)) => length_vote(name, body, column),
        _ => 0.0,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4
        && text
            .parse::<u32>()
            .is_ok_and(|year| (1800..=2100).contains(&year))
}

/// A URL or an address of e-mail.
fn is_link(text: &str) -> bool {
    !text.contains(' ') && (text.contains("://") || (text.contains('@') && text.contains('.')))
}

fn links(body: &[Row], column: usize) -> bool {
    let cells = || body.iter().take(LOOKED_AT).map(|row| cell(row, column));
    cells().filter(|text| is_link(text)).count() * 2 > cells().count()
}

/// Codes of one length below a name of another.
fn length_vote(name: &str, body: &[Row], column: usize) -> f64 {
    let lengths: HashSet<usize> = body
        .iter()
        .take(LOOKED_AT)
        .map(|row| cell(row, column).chars().count())
        .filter(|length| *length > 0)
        .collect();
    let same = lengths.len() == 1 && body.len() > 2;
    if same && !lengths.contains(&name.chars().count()) {
        0.5
    } else {
        0.0
    }
}

/// Whether the row has a word above each of some columns of values and nothing above texts, as a row of units has.
fn names_units(next: &Row, body: &[Row], columns: usize) -> bool {
    let mut units = 0;
    for column in 0..columns {
        let text = cell(next, column);
        match (class(text), body_class(body, column)) {
            (Class::Nothing, _) => {}
            (Class::Text, Some(Class::Number | Class::Moment)) if text.chars().count() <= 12 => {
                units += 1;
            }
            _ => return false,
        }
    }
    units > 0 && body.len() >= 2
}

/// Whether `next` belongs to the header too: it holds no value, and either has words above columns of values, or fills
/// the gaps of merged headings.
fn continues_header(header: &[Row], next: &Row, body: &[Row], columns: usize) -> bool {
    if names_units(next, body, columns) {
        return true;
    }
    // Nothing is left to say where each column has a name of its own, unless it is said of each.
    let names: HashSet<&str> = (0..columns)
        .map(|column| cell(&header[0], column))
        .collect();
    if names.len() == columns && !names.contains("") && next.filled() < columns {
        return false;
    }
    let (mut words, mut others, mut gaps) = (0, 0, 0);
    for column in 0..columns {
        let text = cell(next, column);
        let own = class(text);
        if matches!(own, Class::Number | Class::Moment | Class::Boolean) {
            return false;
        }
        let above_values = matches!(
            body_class(body, column),
            Some(Class::Number | Class::Moment | Class::Boolean)
        );
        let repeats = header.iter().any(|row| cell(row, column) == text);
        if above_values && own == Class::Text && text.contains(char::is_alphabetic) {
            words += 1;
        } else if above_values || (own == Class::Text && !repeats) {
            others += 1;
        }
        gaps += usize::from(
            own == Class::Text && header.iter().all(|row| cell(row, column).is_empty()),
        );
    }
    words > others || (gaps > 1 && gaps * 2 >= next.filled() && words == 0 && others == gaps)
}
