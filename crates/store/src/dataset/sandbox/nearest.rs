//! Says where in the statement SQLite found a fault, and which known name is the nearest to one that does not exist.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::authorize::FUNCTIONS;
use super::scan::position;

/// Most names looked through.
const MAX_NAMES: usize = 20_000;
/// Longest name that a nearest one is looked for, in characters.
const MAX_NAME_CHARS: usize = 64;

/// SQLite's message with the place of the fault (`offset` in bytes, where it is known) and the nearest name.
pub(super) fn explain(path: &Path, sql: &str, message: &str, offset: Option<usize>) -> String {
    let place = offset.map_or_else(String::new, |offset| {
        format!(" ({})", position(sql, offset))
    });
    let nearest = nearest(path, sql, message)
        .map_or_else(String::new, |name| format!("; the nearest is {name}"));
    format!("{message}{place}{nearest}")
}

fn nearest(path: &Path, sql: &str, message: &str) -> Option<String> {
    let (kind, name) = message.strip_prefix("no such ")?.split_once(": ")?;
    let last = name.rsplit('.').next()?;
    match kind {
        "column" => {
            let words = sql.to_lowercase();
            // A table that the statement names comes first.
            let weigh = |table: &str| u8::from(!words.contains(&table.to_lowercase()));
            let names = columns(path)?;
            let (table, column) = best(last, names.iter(), |(table, column)| {
                (column.as_str(), weigh(table))
            })?;
            Some(format!("{column} of {table}"))
        }
        "table" => {
            let names = columns(path)?;
            best(last, names.iter(), |(table, _)| (table.as_str(), 0))
                .map(|(table, _)| table.clone())
        }
        "function" => best(last, FUNCTIONS.iter(), |name| (name, 0)).map(|name| (*name).to_owned()),
        _ => None,
    }
}

/// Table and column, of all tables. By a connection of its own: the statement's is not allowed to look.
fn columns(path: &Path) -> Option<Vec<(String, String)>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let mut statement = connection
        .prepare(
            r"SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c
              WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'",
        )
        .ok()?;
    let names = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    Some(names.ok()?.take(MAX_NAMES).filter_map(Result::ok).collect())
}

/// The candidate with the fewest slips of the keyboard from `name`, at most one in three characters.
fn best<T>(
    name: &str,
    candidates: impl Iterator<Item = T>,
    key: impl Fn(&T) -> (&str, u8),
) -> Option<T> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    if wanted.len() > MAX_NAME_CHARS {
        return None;
    }
    let most = (wanted.len() / 3).max(1);
    candidates
        .filter_map(|candidate| {
            let (text, weight) = key(&candidate);
            let slips = distance(&wanted, &text.to_lowercase().chars().collect::<Vec<_>>());
            (slips <= most).then_some(((weight, slips), candidate))
        })
        .min_by_key(|(rank, _)| *rank)
        .map(|(_, candidate)| candidate)
}

/// Letters to change, leave out, put in or swap with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    if left.len().abs_diff(right.len()) > MAX_NAME_CHARS {
        return usize::MAX;
    }
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    rows[0] = (0..=right.len()).collect();
    for i in 1..=left.len() {
        rows[i][0] = i;
        for j in 1..=right.len() {
            let change = usize::from(left[i - 1] != right[j - 1]);
            let mut least = (rows[i - 1][j - 1] + change)
                .min(rows[i - 1][j] + 1)
                .min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[left.len()][right.len()]
}
