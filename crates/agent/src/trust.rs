//! How far a result of the pool may be told as the answer where a small model wrote statements: logistic functions of what
//! speaks for and against it, fitted by `python3 -m eval.fit_trust` on answers of a 1.5-billion-parameter model
//! (`trust.json`).
//!
//! A model of that size writes a statement for any question, also for one that the data cannot answer. What tells the good
//! ones is whether other tries and the readings of the question found the same, each apart from it, and whether the
//! statement uses what the question names and does what its words ask for.

mod fit;

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value as Json;
use store::dataset::QueryResult;

use crate::pool::{Finding, Pool};
use crate::reading::confidence::Judge;
use crate::reading::decide::{Answer, signature};
use crate::reading::links::Links;
use fit::misfits;

/// What is known of a finding, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence(pub BTreeMap<&'static str, f64>);

/// The question that a pool is of.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'q> {
    pub question: &'q str,
    pub links: &'q Links,
    /// The likeliest first.
    pub readings: &'q [Answer],
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Judges {
    /// After one try.
    first: Judge,
    /// After several.
    several: Judge,
}

static JUDGES: LazyLock<Judges> =
    LazyLock::new(|| serde_json::from_str(include_str!("trust.json")).unwrap_or_default());

impl Evidence {
    pub fn of(finding: &Finding, pool: &Pool, asked: Asked<'_>) -> Self {
        let Asked {
            question,
            links,
            readings,
        } = asked;
        let yes = |is_so: bool| f64::from(u8::from(is_so));
        let tried = !finding.tries.is_empty();
        let own = finding.reading.and_then(|at| readings.get(at));
        let own_confidence = own.map_or(0.0, |reading| reading.confidence);
        let best = readings.first().map_or(0.0, |reading| reading.confidence);
        let others = || {
            pool.findings
                .iter()
                .filter(|other| !std::ptr::eq(*other, finding))
        };
        let most_votes = others().map(|other| pool.votes(other)).fold(0.0, f64::max);
        let ran: usize = pool.findings.iter().map(|other| other.tries.len()).sum();
        let mut found = BTreeMap::new();
        for (name, amount) in [
            ("votes", pool.votes(finding)),
            ("other_votes", most_votes),
            ("failed", 1.0 - ran as f64 / pool.asked.max(1) as f64),
            ("first_try", yes(finding.tries.first() == Some(&0))),
            ("only_read", yes(!tried)),
            (
                "only_read_confidence",
                if tried { 0.0 } else { own_confidence },
            ),
            ("agrees", yes(tried && own.is_some())),
            (
                "agreed_confidence",
                if tried { own_confidence } else { 0.0 },
            ),
            ("best_reading", yes(finding.reading == Some(0))),
            (
                "other_reading",
                if finding.reading == Some(0) {
                    0.0
                } else {
                    best
                },
            ),
            ("unknown", (links.unknown_words.len() as f64).min(4.0)),
            ("any_unknown", yes(!links.unknown_words.is_empty())),
            ("empty", yes(holds_nothing(&finding.result))),
            ("repeats", yes(repeats(&finding.result))),
            ("columns", finding.result.columns.len() as f64 - 1.0),
            ("tables", finding.result.tables.len() as f64 - 1.0),
            ("one_row", yes(finding.result.rows.len() == 1)),
        ] {
            found.insert(name, amount);
        }
        found.extend(misfits(question, links, &finding.sql, &finding.result));
        Self(found)
    }

    /// That the finding answers the question, after one try of the model or several.
    pub fn probability(&self, tries: usize) -> f64 {
        let judge = if tries > 1 {
            &JUDGES.several
        } else {
            &JUDGES.first
        };
        judge.probability(&self.0)
    }
}

/// The likeliest finding, by its position, with its probability.
pub fn likeliest(pool: &Pool, asked: Asked<'_>) -> Option<(usize, f64)> {
    pool.findings
        .iter()
        .map(|finding| Evidence::of(finding, pool, asked).probability(pool.asked))
        .enumerate()
        .max_by(|one, two| one.1.total_cmp(&two.1))
}

/// Whether the statement passes over a name or code that the data does not know: no probability makes that an answer.
pub fn passes_over_a_name(finding: &Finding, links: &Links) -> bool {
    fit::names_unknown(links, &finding.sql) > 0.0
}

/// The reading that found the same rows.
pub fn same<'a>(result: &QueryResult, readings: &'a [Answer]) -> Option<&'a Answer> {
    let own = signature(result);
    readings
        .iter()
        .find(|reading| signature(&reading.result) == own)
}

/// From this probability on the result of the only try is told, and no other is asked for.
pub fn enough_at_once() -> f64 {
    JUDGES.first.threshold
}

/// From this probability on the likeliest result is told after several tries.
pub fn enough() -> f64 {
    JUDGES.several.threshold
}

/// No row, or nothing in any.
fn holds_nothing(result: &QueryResult) -> bool {
    result.rows.iter().flatten().all(Json::is_null)
}

/// Whether rows occur twice, as they do where a join multiplies them.
fn repeats(result: &QueryResult) -> bool {
    let mut seen = HashSet::new();
    result
        .rows
        .iter()
        .any(|row| !seen.insert(Json::Array(row.clone()).to_string()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_most_tries_find_is_trusted_more_than_what_one_of_them_found() {
        let evidence = |votes: f64, agrees: f64, cues_left: f64| {
            Evidence(BTreeMap::from([
                ("votes", votes),
                ("other_votes", 1.0 - votes),
                ("agrees", agrees),
                ("agreed_confidence", agrees * 0.6),
                ("cues_left", cues_left),
            ]))
            .probability(5)
        };
        assert!(evidence(1.0, 0.0, 0.0) > evidence(0.2, 0.0, 0.0));
        assert!(evidence(0.6, 1.0, 0.0) > evidence(0.6, 0.0, 0.0));
        assert!(evidence(0.6, 0.0, 0.0) > evidence(0.6, 0.0, 2.0));
        assert!(enough_at_once() > enough());
    }
}
