//! How far a small model's statement may be told as the answer: a logistic function of what speaks for and against it,
//! fitted by `python3 -m eval.fit_trust` on answers of a 1.5-billion-parameter model (`trust.json`).
//!
//! A model of that size writes a statement for any question, also for one that the data cannot answer. What tells the good
//! ones is whether a reading of the question found the same, apart from it, and whether the statement uses what the
//! question names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use store::dataset::QueryResult;

use crate::reading::confidence::Judge;
use crate::reading::decide::{Answer, signature};
use crate::reading::links::Links;

/// What is known of a statement that was run, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence(pub BTreeMap<&'static str, f64>);

static JUDGE: LazyLock<Judge> =
    LazyLock::new(|| serde_json::from_str(include_str!("trust.json")).unwrap_or_default());

impl Evidence {
    /// `readings` are those of the question, the likeliest first; `same` is the one that found the same rows.
    pub fn of(
        sql: &str,
        result: &QueryResult,
        links: &Links,
        readings: &[Answer],
        same: Option<&Answer>,
    ) -> Self {
        let best = readings.first().map_or(0.0, |reading| reading.confidence);
        let lower = sql.to_lowercase();
        let names: BTreeSet<&str> = lower
            .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
            .collect();
        let no_cell = result
            .rows
            .iter()
            .all(|row| row.iter().all(serde_json::Value::is_null));
        let mut found = BTreeMap::new();
        for (name, amount) in [
            ("agrees", f64::from(u8::from(same.is_some()))),
            (
                "agreed_confidence",
                same.map_or(0.0, |reading| reading.confidence),
            ),
            ("best_reading", best),
            (
                "tables_left",
                left(links.tables.iter().map(|link| {
                    (
                        link.phrase.as_str(),
                        names.contains(link.table.to_lowercase().as_str()),
                    )
                })),
            ),
            (
                "values_left",
                left(links.values.iter().map(|value| {
                    let quoted = value.value.replace('\'', "''").to_lowercase();
                    (value.phrase.as_str(), lower.contains(&quoted))
                })),
            ),
            ("unknown", (links.unknown_words.len() as f64).min(4.0)),
            ("empty", f64::from(u8::from(no_cell))),
            ("columns", result.columns.len() as f64 - 1.0),
        ] {
            found.insert(name, amount);
        }
        Self(found)
    }

    /// That the statement answers the question.
    pub fn probability(&self) -> f64 {
        JUDGE.probability(&self.0)
    }
}

/// The reading that found the same rows.
pub fn same<'a>(result: &QueryResult, readings: &'a [Answer]) -> Option<&'a Answer> {
    let own = signature(result);
    readings
        .iter()
        .find(|reading| signature(&reading.result) == own)
}

/// From this probability on a statement's result is told.
pub fn enough() -> f64 {
    JUDGE.threshold
}

/// Phrases of the question of which nothing is used.
fn left<'p>(links: impl Iterator<Item = (&'p str, bool)>) -> f64 {
    let mut used: BTreeMap<&str, bool> = BTreeMap::new();
    for (phrase, is_used) in links {
        *used.entry(phrase).or_default() |= is_used;
    }
    used.values().filter(|is_used| !**is_used).count() as f64
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_statement_that_no_reading_bears_out_and_that_leaves_a_value_is_trusted_less() {
        let evidence = |agrees: f64, values_left: f64| {
            Evidence(BTreeMap::from([
                ("agrees", agrees),
                ("agreed_confidence", agrees * 0.6),
                ("values_left", values_left),
            ]))
        };
        assert!(evidence(1.0, 0.0).probability() > evidence(0.0, 0.0).probability());
        assert!(evidence(0.0, 0.0).probability() > evidence(0.0, 2.0).probability());
        assert!(enough() > 0.5);
    }

    #[test]
    fn a_phrase_is_left_where_none_of_what_it_may_name_is_used() {
        let phrases = [("date", false), ("date", true), ("city", false)];
        assert!((left(phrases.into_iter()) - 1.0).abs() < f64::EPSILON);
    }
}
