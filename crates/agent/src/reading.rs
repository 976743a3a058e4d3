//! Questions in English -> ranked readings, each a logical plan over the dataset.
//!
//! Words become anchors (tables, columns, stored values, numbers, periods), local rules join anchors into items
//! (conditions, measures, keys, orders), a beam puts items together into frames, a frame is finished into queries that
//! know their grain, and a log-linear model ranks them. Nothing here runs SQL.

#![allow(
    clippy::too_many_lines,
    reason = "a rule of the grammar with all its readings stands in one function"
)]
#![allow(
    clippy::similar_names,
    reason = "the names are a grammarian's: by, of, on, said, shown"
)]
#![allow(
    clippy::match_same_arms,
    reason = "each kind has its line, with the reason where it has one"
)]
#![allow(clippy::type_complexity, reason = "tuples that live for a few lines")]
#![allow(
    clippy::option_option,
    reason = "nothing can be built, and it is built elsewhere, are two outcomes"
)]
#![allow(
    clippy::struct_excessive_bools,
    reason = "what was said and what was not"
)]
#![allow(
    clippy::format_push_string,
    reason = "statements and sentences are short"
)]
#![allow(
    clippy::needless_range_loop,
    reason = "positions are what is spoken of"
)]
#![allow(clippy::unused_self, reason = "rules of one grammar, called alike")]
#![allow(
    clippy::needless_pass_by_value,
    reason = "a frame is handed on, not shared"
)]
#![allow(clippy::needless_for_each, reason = "one visitor's lines, alike")]

pub mod anchors;
pub mod build;
pub mod confidence;
pub mod cues;
pub mod data;
pub mod dates;
pub mod decide;
pub mod followup;
pub mod frame;
pub mod grammar;
pub mod language;
pub mod lexicon;
pub mod links;
pub mod misunderstood;
pub mod plan;
pub mod query;
mod ratio;
pub mod relations;
pub mod say;
pub mod score;
pub mod sql;
pub mod stats;
pub mod tokens;
pub mod vague;
pub mod values;
pub mod words;

use std::collections::HashSet;

use chrono::NaiveDate;

use self::build::{Reading, finish};
use self::data::Data;
use self::grammar::Reader;
use self::values::Values;

/// Readings of one question that are worth looking at.
const MAX_READINGS: usize = 20;

/// A reading with its statement.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub reading: Reading,
    pub sql: String,
}

/// The best readings of a question, likeliest first, each with a statement of its own.
pub fn read(question: &str, data: &Data, values: &Values, today: NaiveDate) -> Vec<Candidate> {
    let reader = Reader::new(question, data, values, today);
    let readings = reader
        .frames()
        .iter()
        .flat_map(|frame| finish(&reader, frame))
        .collect();
    ranked(readings, data)
}

/// The best of the readings, likeliest first; of those with one statement the likeliest alone.
pub fn ranked(mut readings: Vec<Reading>, data: &Data) -> Vec<Candidate> {
    readings.sort_by(|one, two| two.score.total_cmp(&one.score));
    let mut seen = HashSet::new();
    let mut candidates = Vec::new();
    for reading in readings {
        let sql = sql::render(&reading.query, data);
        if seen.insert(sql.clone()) {
            candidates.push(Candidate { reading, sql });
            if candidates.len() == MAX_READINGS {
                break;
            }
        }
    }
    candidates
}
