//! Numbers in sentences: how they are written, and whether a text keeps to those of a result.

use serde_json::{Number, Value as Json};
use store::dataset::QueryResult;

/// A number for people: thousands grouped from 10,000 on (years stay whole), fractions of more than four digits rounded to
/// two, small ones to six; the table beside the sentence shows them in full.
pub fn shown(column: &str, number: &Number) -> String {
    if number.is_i64() || number.is_u64() {
        let digits = number.to_string();
        return if names_keys(column) {
            digits
        } else {
            grouped(&digits)
        };
    }
    let value = number.as_f64().unwrap_or_default();
    let exact = number.to_string();
    let decimals = exact
        .split_once('.')
        .map_or(0, |(_, fraction)| fraction.len());
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return grouped(&format!("{value:.0}"));
    }
    if exact.contains(['e', 'E']) {
        return exact;
    }
    if decimals <= 4 {
        return grouped(&exact);
    }
    let rounded = if value.abs() >= 0.01 {
        format!("{value:.2}")
    } else {
        format!("{value:.6}")
    };
    grouped(&rounded)
}

fn names_keys(column: &str) -> bool {
    let name = column.to_ascii_lowercase();
    let last = name
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    matches!(
        last,
        "id" | "key" | "code" | "zip" | "year" | "number" | "no" | "postcode"
    )
}

/// `14021.5` -> `14,021.5`; four digits stay as they are.
pub(super) fn grouped(digits: &str) -> String {
    let (sign, rest) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits),
    };
    let (whole, fraction) = match rest.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (rest, String::new()),
    };
    if whole.len() < 5 {
        return digits.to_owned();
    }
    let mut out = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{fraction}")
}

/// Whether every number in `text` is in the result (rounded as far as the text rounds it), its row count, or the question.
pub fn only_numbers_of(text: &str, result: &QueryResult, question: &str) -> bool {
    let mut known: Vec<f64> = numbers_in(question)
        .iter()
        .map(|found| found.value)
        .collect();
    known.push(result.row_count as f64);
    for cell in result.rows.iter().flatten() {
        match cell {
            Json::Number(number) => known.extend(number.as_f64()),
            Json::String(text) => known.extend(numbers_in(text).iter().map(|found| found.value)),
            _ => {}
        }
    }
    numbers_in(text).iter().all(|found| {
        let tolerance = 0.5 * 10_f64.powi(-found.decimals) + 1e-9;
        known
            .iter()
            .any(|value| (value.abs() - found.value).abs() <= tolerance)
    })
}

struct Found {
    value: f64,
    decimals: i32,
}

/// Numbers written with digits, `1,234.5` as one; signs aside. Digits within a word (`B2`) count too.
fn numbers_in(text: &str) -> Vec<Found> {
    let letters: Vec<char> = text.chars().collect();
    let digit_at = |index: usize| letters.get(index).is_some_and(char::is_ascii_digit);
    let mut found = Vec::new();
    let mut index = 0;
    while index < letters.len() {
        if !digit_at(index) {
            index += 1;
            continue;
        }
        let mut digits = String::new();
        let mut decimals = None;
        while let Some(&letter) = letters.get(index) {
            let groups = letter == ','
                && decimals.is_none()
                && (1..=3).all(|ahead| digit_at(index + ahead))
                && !digit_at(index + 4);
            if letter.is_ascii_digit() {
                digits.push(letter);
                decimals = decimals.map(|count: i32| count + 1);
            } else if letter == '.' && decimals.is_none() && digit_at(index + 1) {
                digits.push('.');
                decimals = Some(0);
            } else if !groups {
                break;
            }
            index += 1;
        }
        found.extend(digits.parse().ok().map(|value| Found {
            value,
            decimals: decimals.unwrap_or(0),
        }));
    }
    found
}
