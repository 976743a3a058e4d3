//! The answer in words, made from the rows: no number stands in it that is not in the result.

mod numbers;

use serde_json::Value as Json;
use std::fmt::Write as _;
use store::dataset::QueryResult;

use crate::describe::{Condition, Description, describe, listed};
pub use numbers::{only_numbers_of, shown};

/// Rows that the words name; the table beside them shows all.
const NAMED_ROWS: usize = 5;
/// Longest cell in a sentence.
const MAX_CELL_CHARS: usize = 80;
/// Cells of a choice's first row.
const MAX_PREVIEWED: usize = 4;
/// Columns of a row that a sentence names.
const MAX_COLUMNS: usize = 8;

/// Says what was found. `why_empty` tells which condition found nothing, where that is known.
pub fn in_words(sql: &str, result: &QueryResult, why_empty: Option<&str>) -> String {
    let described = describe(sql);
    let labels = labels(described.as_ref(), result);
    let text = match (result.rows.as_slice(), result.columns.len()) {
        ([], _) => nothing_found(described.as_ref(), why_empty),
        ([row], 1) => single_value(described.as_ref(), &result.columns[0].name, &row[0]),
        ([row], _) => format!(
            "One row was found: {}.",
            row_words(&labels, result, row, false)
        ),
        (rows, 1) => values(described.as_ref(), result, rows),
        (rows, _) => top_rows(&labels, result, rows),
    };
    if result.truncated {
        format!(
            "{text}\n\nOnly the first {} rows were read; there are more.",
            grouped(result.row_count)
        )
    } else {
        text
    }
}

fn nothing_found(described: Option<&Description>, why: Option<&str>) -> String {
    match (
        why,
        described.map(|described| described.conditions.as_slice()),
    ) {
        (Some(why), _) => format!("Nothing was found. {why}"),
        (None, Some(conditions @ [_, ..])) if conditions.iter().all(Condition::can_be_said) => {
            let words: Vec<_> = conditions
                .iter()
                .map(|condition| condition.words.clone())
                .collect();
            format!("Nothing was found where {}.", listed(&words))
        }
        _ => "Nothing was found.".into(),
    }
}

fn single_value(described: Option<&Description>, column: &str, value: &Json) -> String {
    let sayable = |described: &&Description| {
        described.groups.is_empty() && described.conditions.iter().all(Condition::can_be_said)
    };
    let Some(described) = described.filter(sayable) else {
        return format!("{}: {}.", label(column), cell(column, value));
    };
    let mut place = String::new();
    if !described.conditions.is_empty() {
        let words: Vec<_> = described
            .conditions
            .iter()
            .map(|c| c.words.clone())
            .collect();
        place = format!(" where {}", words.join(" and "));
    }
    if value.is_null() {
        return format!("There is no value{place}.");
    }
    let value = cell(column, value);
    match (described.counts_rows, described.tables.as_slice()) {
        (true, [_]) if value == "1" => format!("There is 1 row in {}{place}.", described.subject()),
        (true, [_]) => format!("There are {value} {}{place}.", described.subject()),
        (true, _) => format!("There are {value} rows in {}{place}.", described.subject()),
        _ => match described.columns.as_slice() {
            [what] if is_aggregate(what) => format!("The {what} is {value}{place}."),
            _ => format!("{}: {value}.", label(column)),
        },
    }
}

fn is_aggregate(words: &str) -> bool {
    [
        "number of ",
        "sum of ",
        "average of ",
        "lowest ",
        "highest ",
    ]
    .iter()
    .any(|start| words.starts_with(start))
}

fn values(described: Option<&Description>, result: &QueryResult, rows: &[Vec<Json>]) -> String {
    let name = &result.columns[0].name;
    let shown: Vec<_> = rows
        .iter()
        .take(2 * NAMED_ROWS)
        .map(|row| cell_among_others(name, &row[0]))
        .collect();
    let what = match described.map(|described| described.columns.as_slice()) {
        Some([words]) => words.clone(),
        _ => label(name),
    };
    let more = if rows.len() > shown.len() {
        ", and more in the table"
    } else {
        ""
    };
    format!(
        "{} rows were found. {}: {}{more}.",
        grouped(result.row_count),
        capitalized(&what),
        shown.join(", ")
    )
}

fn top_rows(labels: &[String], result: &QueryResult, rows: &[Vec<Json>]) -> String {
    let mut text = format!("{} rows were found", grouped(result.row_count));
    text.push_str(if rows.len() > NAMED_ROWS {
        ". The first of them:\n"
    } else {
        ":\n"
    });
    for row in rows.iter().take(NAMED_ROWS) {
        let _ = write!(text, "\n- {}", row_words(labels, result, row, true));
    }
    text
}

/// Each column by its name, or, where SQL named it, by what it holds.
fn labels(described: Option<&Description>, result: &QueryResult) -> Vec<String> {
    let words = described.map(|described| described.columns.as_slice());
    let words = words.filter(|words| words.len() == result.columns.len());
    let columns = result.columns.iter().enumerate();
    let one = |(index, column): (usize, &store::dataset::ResultColumn)| {
        let told = words
            .and_then(|words| words.get(index))
            .filter(|_| !is_plain(&column.name));
        told.cloned().unwrap_or_else(|| label(&column.name))
    };
    columns.map(one).collect()
}

/// `Luis Rojas: total 46.62, orders 7`; the first text leads where it is short.
fn row_words(labels: &[String], result: &QueryResult, row: &[Json], lead: bool) -> String {
    let cells = result
        .columns
        .iter()
        .zip(row)
        .map(|(column, value)| cell_among_others(&column.name, value));
    let cells: Vec<_> = cells.take(MAX_COLUMNS).collect();
    let is_lead = |index: &usize| lead && cells.len() > 1 && row[*index].is_string();
    let leading = (0..cells.len()).find(is_lead);
    let others = (0..cells.len()).filter(|index| Some(*index) != leading);
    let others: Vec<_> = others
        .map(|index| format!("{} {}", labels[index], cells[index]))
        .collect();
    match leading {
        Some(index) => format!("{}: {}", cells[index], others.join(", ")),
        None => others.join(", "),
    }
}

/// The first row as it stands beside a choice: `Germany, 1,234`. Plain text, no Markdown.
pub fn first_row(result: &QueryResult) -> String {
    let Some(row) = result.rows.first() else {
        return "nothing".into();
    };
    let cells = result.columns.iter().zip(row).take(MAX_PREVIEWED);
    let cells: Vec<String> = cells
        .map(|(column, value)| match value {
            Json::Null => "(empty)".into(),
            Json::Number(number) => shown(&column.name, number),
            Json::String(text) => {
                let plain = text.chars().take(MAX_CELL_CHARS);
                plain
                    .map(|letter| if letter.is_control() { ' ' } else { letter })
                    .collect()
            }
            other => other.to_string(),
        })
        .collect();
    cells.join(", ")
}

fn is_plain(column: &str) -> bool {
    column
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == ' ')
}

/// A column's name for people: `total_spent` -> `total spent`.
fn label(column: &str) -> String {
    let plain = column
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == ' ');
    if plain {
        column.replace('_', " ")
    } else {
        column.to_owned()
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_uppercase(), letters.as_str())
    })
}

fn grouped(count: u64) -> String {
    numbers::grouped(&count.to_string())
}

/// A cell in a sentence: text as it is but for Markdown's signs, numbers grouped unless the column holds keys or years.
fn cell(column: &str, value: &Json) -> String {
    match value {
        Json::Null => "(empty)".into(),
        Json::Number(number) => shown(column, number),
        Json::String(text) => plain_text(text),
        other => other.to_string(),
    }
}

/// A cell among others that commas part: a text that holds a comma itself stands in quotation marks.
fn cell_among_others(column: &str, value: &Json) -> String {
    let said = cell(column, value);
    if value.is_string() && said.contains(',') {
        format!("“{said}”")
    } else {
        said
    }
}

/// A cell as [`inert`] text, cut where it is long.
fn plain_text(text: &str) -> String {
    let mut plain: String = text.chars().take(MAX_CELL_CHARS).collect();
    plain = inert(&plain);
    if text.chars().count() > MAX_CELL_CHARS {
        plain.push('…');
    }
    plain
}

/// Keeps stored text from being read as Markdown (links, images, HTML) and from breaking its line.
pub(crate) fn inert(text: &str) -> String {
    let mut plain = String::new();
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '!' | '|' | '#' | '~' | '_' => {
                plain.push('\\');
                plain.push(letter);
            }
            letter if letter.is_control() => plain.push(' '),
            letter => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests;
