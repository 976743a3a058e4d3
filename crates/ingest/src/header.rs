//! Names of columns: cleaned, never empty, never twice.

use std::collections::HashSet;

use crate::{Warning, is_hidden};

/// Longest heading of one record that is kept: a cell may have a megabyte.
const MOST_NAME_CHARS: usize = 200;

/// Makes one name for each of `columns` columns out of the header's records, topmost first.
///
/// Names are trimmed and blanks and line breaks in them become single blanks. Where a header has several records, a
/// heading above goes on to the right until the next one, and the parts of a column are joined.
pub(crate) fn names(
    header: &[Vec<String>],
    columns: usize,
    first_line: u64,
) -> (Vec<String>, Vec<Warning>) {
    let mut warnings = Vec::new();
    let joined = join(header, columns);
    let mut taken = HashSet::new();
    let mut names: Vec<String> = Vec::with_capacity(columns);
    for (index, name) in joined.into_iter().enumerate() {
        let mut unique = if name.is_empty() {
            format!("column_{}", index + 1)
        } else {
            name.clone()
        };
        if name.is_empty() && !header.is_empty() {
            warnings.push(warning(
                first_line,
                &unique,
                "empty_header",
                format!("Column {} has no name; it is called {unique}.", index + 1),
            ));
        }
        let mut number = 2;
        while !taken.insert(unique.to_lowercase()) {
            unique = format!(
                "{}_{number}",
                if name.is_empty() {
                    format!("column_{}", index + 1)
                } else {
                    name.clone()
                }
            );
            number += 1;
        }
        if number > 2 && !name.is_empty() {
            warnings.push(warning(
                first_line,
                &unique,
                "duplicate_header",
                format!(
                    "The name {name:?} occurs more than once; column {} is called {unique}.",
                    index + 1
                ),
            ));
        }
        names.push(unique);
    }
    (names, warnings)
}

fn warning(line: u64, column: &str, code: &str, message: String) -> Warning {
    Warning {
        line: Some(line),
        column: Some(column.to_owned()),
        code: code.to_owned(),
        message,
    }
}

fn join(header: &[Vec<String>], columns: usize) -> Vec<String> {
    let mut names = vec![String::new(); columns];
    for (depth, record) in header.iter().enumerate() {
        let spans = depth + 1 < header.len();
        let mut left = String::new();
        for (index, name) in names.iter_mut().enumerate() {
            let own = record
                .get(index)
                .map(|cell| clean(cell))
                .unwrap_or_default();
            if !own.is_empty() || !spans {
                left = own;
            }
            if left.is_empty() || name.ends_with(left.as_str()) {
                continue;
            }
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(&left);
        }
    }
    names
}

fn clean(cell: &str) -> String {
    let words: Vec<String> = cell
        .split(|sign: char| sign.is_whitespace() || sign.is_control())
        .map(|word| word.chars().filter(|sign| !is_hidden(*sign)).collect())
        .filter(|word: &String| !word.is_empty())
        .collect();
    words.join(" ").chars().take(MOST_NAME_CHARS).collect()
}
