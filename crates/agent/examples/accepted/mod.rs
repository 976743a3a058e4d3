//! Prepared questions with their accepted results, and when a result is one of them.

#![allow(dead_code, reason = "each tool uses a part")]

use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Deserialize)]
pub struct Prepared {
    pub rules: String,
    pub questions: Vec<Question>,
}

#[derive(Deserialize)]
pub struct Question {
    pub id: Json,
    pub text: String,
    #[serde(default)]
    pub intent: Option<String>,
    #[serde(default)]
    pub expect: Option<String>,
    #[serde(default)]
    pub judge: Option<String>,
    #[serde(default)]
    pub order_asked: bool,
    #[serde(default)]
    pub follow_up: Option<Box<Question>>,
    pub accepted: Vec<Accepted>,
}

impl Question {
    pub fn expects(&self) -> &str {
        self.expect.as_deref().unwrap_or("answer")
    }

    pub fn is_right(&self, rows: &[Vec<Json>], loose: bool) -> bool {
        self.accepted.iter().any(|accepted| {
            same(
                rows,
                &accepted.rows,
                accepted.ordered && (self.order_asked || !loose),
                loose,
            )
        })
    }
}

#[derive(Deserialize)]
pub struct Accepted {
    pub sql: String,
    pub rows: Vec<Vec<Json>>,
    #[serde(default)]
    pub ordered: bool,
}

fn cell(value: &Json, loose: bool) -> String {
    let number = |number: f64| {
        if number == 0.0 {
            return "0".to_owned();
        }
        // A sum that ends in 5 is not always the same side of it: money is far from the next number.
        let number = number * (1.0 + 1e-9);
        format!("{number:.*e}", if loose { 4 } else { 6 })
    };
    match value {
        Json::Null => "∅".into(),
        Json::Bool(value) => number(f64::from(u8::from(*value))),
        Json::Number(value) => number(value.as_f64().unwrap_or_default()),
        Json::String(text) => {
            let text = text.trim();
            if let Ok(value) = text.parse::<f64>()
                && value.is_finite()
            {
                return number(value);
            }
            if loose {
                let lower = text.to_lowercase();
                return match lower.as_str() {
                    "yes" | "true" | "y" => number(1.0),
                    "no" | "false" | "n" => number(0.0),
                    _ => lower
                        .trim_end_matches("t00:00:00")
                        .trim_end_matches(" 00:00:00")
                        .to_owned(),
                };
            }
            text.replace('T', " ")
        }
        other => other.to_string(),
    }
}

fn same(got: &[Vec<Json>], accepted: &[Vec<Json>], ordered: bool, loose: bool) -> bool {
    if got.len() != accepted.len() {
        return false;
    }
    let width = accepted.first().map_or(0, Vec::len);
    if got.first().map_or(0, Vec::len) != width {
        return false;
    }
    if got.is_empty() {
        return true;
    }
    let table = |rows: &[Vec<Json>]| -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.iter().map(|value| cell(value, loose)).collect())
            .collect()
    };
    let (got, accepted) = (table(got), table(accepted));
    let column = |rows: &[Vec<String>], at: usize| {
        let mut column: Vec<&str> = rows.iter().map(|row| row[at].as_str()).collect();
        column.sort_unstable();
        column.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let got_columns: Vec<_> = (0..width).map(|at| column(&got, at)).collect();
    let options: Vec<Vec<usize>> = (0..width)
        .map(|at| {
            let wanted = column(&accepted, at);
            (0..width)
                .filter(|&other| got_columns[other] == wanted)
                .collect()
        })
        .collect();
    let mut chosen = Vec::new();
    assign(&options, &mut chosen, &got, &accepted, ordered)
}

fn assign(
    options: &[Vec<usize>],
    chosen: &mut Vec<usize>,
    got: &[Vec<String>],
    accepted: &[Vec<String>],
    ordered: bool,
) -> bool {
    let at = chosen.len();
    if at == options.len() {
        let mut mine: Vec<Vec<&str>> = got
            .iter()
            .map(|row| chosen.iter().map(|&at| row[at].as_str()).collect())
            .collect();
        let mut theirs: Vec<Vec<&str>> = accepted
            .iter()
            .map(|row| row.iter().map(String::as_str).collect())
            .collect();
        if !ordered {
            mine.sort_unstable();
            theirs.sort_unstable();
        }
        return mine == theirs;
    }
    for &option in &options[at] {
        if chosen.contains(&option) {
            continue;
        }
        chosen.push(option);
        if assign(options, chosen, got, accepted, ordered) {
            return true;
        }
        chosen.pop();
    }
    false
}
