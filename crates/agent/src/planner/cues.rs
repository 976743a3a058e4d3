//! Phrases that say what to do with what is named: count, compare, order, group, deny.

mod phrases;

use self::phrases::PHRASES;
use super::query::{Function, Operator};
use crate::link::lexicon;
use crate::link::mentions::Candidate;
use crate::link::tokens::{Kind, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// `how many`, `number of`, `count`.
    Count,
    HowMuch,
    /// `how tall`: the column that the adjective measures.
    Measure(&'static [&'static str]),
    Aggregate(Function),
    Distinct,
    Compare(Operator),
    /// `than`-comparison by an adjective; the flag says that "more" of it means less of its column.
    CompareBy(&'static [&'static str], bool),
    Between,
    /// After a number: `or more`, `or less`.
    OrMore,
    OrLess,
    /// `most`, `highest`, …; `false` for the low end.
    Superlative(bool),
    /// `largest` and its like: a superlative, or else the adjective's column.
    SuperlativeBy(&'static [&'static str], bool),
    MostCommon(bool),
    Top(bool),
    OrderBy,
    /// `true` for descending.
    Direction(bool),
    Alphabetical,
    Each,
    By,
    Not,
    Without,
    Both,
    Either,
    And,
    Or,
    But,
    Except,
    Who,
    Whose,
    With,
    Have,
    Which,
    What,
    Where,
    When,
    Imperative,
    Also,
    StartsWith,
    EndsWith,
    Contains,
    Everything,
    Same,
    Of,
    In,
}

/// Every cue phrase in the tokens; longer ones weigh more than names of the same length.
pub fn candidates(tokens: &[Token]) -> Vec<Candidate<Cue>> {
    let mut found = Vec::new();
    for from in 0..tokens.len() {
        for (phrase, cue) in PHRASES {
            let length = phrase.split(' ').count();
            if from + length <= tokens.len()
                && phrase
                    .split(' ')
                    .zip(&tokens[from..])
                    .all(|(word, token)| token.lower == word && token.kind != Kind::Quoted)
            {
                let content = weight_of(phrase, *cue);
                found.push(Candidate {
                    from,
                    to: from + length,
                    weight: content,
                    reading: *cue,
                });
            }
        }
        adjectives(tokens, from, &mut found);
    }
    found
}

/// Words that only connect weigh next to nothing, so that a name over them wins.
fn weight_of(phrase: &str, cue: Cue) -> f64 {
    let length = phrase.split(' ').count() as f64;
    match cue {
        Cue::Of
        | Cue::In
        | Cue::And
        | Cue::Have
        | Cue::With
        | Cue::Who
        | Cue::Which
        | Cue::What
        | Cue::Where
        | Cue::When
        | Cue::By
        | Cue::Imperative => 0.05 * length,
        Cue::Count => 0.55 * length - 0.1,
        Cue::Aggregate(_) | Cue::Distinct => 0.8 * length - 0.1,
        Cue::MostCommon(_) => 0.9 * length,
        Cue::OrderBy | Cue::Direction(_) | Cue::Alphabetical => 0.6 * length - 0.1,
        _ => 0.75 * length - 0.1,
    }
}

fn adjectives(tokens: &[Token], from: usize, found: &mut Vec<Candidate<Cue>>) {
    let lower = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let (word, next) = (lower(from), lower(from + 1));
    let mut push = |length: usize, reading: Cue| {
        found.push(Candidate {
            from,
            to: from + length,
            weight: 0.8 * length as f64,
            reading,
        });
    };
    if let Some((columns, reversed)) = lexicon::measured_by(word) {
        if next == "than" {
            push(2, Cue::CompareBy(columns, reversed));
        } else if word.ends_with("est") || word == "eldest" {
            push(1, Cue::SuperlativeBy(columns, !reversed));
        }
    }
    let after = lower(from + 2);
    match word {
        "first" | "last" if next != "name" && next != "names" => {
            push(
                1,
                Cue::SuperlativeBy(&["date", "year", "datetime", "time"], word == "last"),
            );
        }
        "how" => {
            if let Some((columns, _)) = lexicon::measured_by(next) {
                push(2, Cue::Measure(columns));
            }
        }
        "most" | "least" => {
            if let Some((columns, reversed)) = lexicon::measured_by(next) {
                push(2, Cue::SuperlativeBy(columns, (word == "most") != reversed));
            }
        }
        "more" | "less" if after == "than" => {
            if let Some((columns, reversed)) = lexicon::measured_by(next) {
                push(3, Cue::CompareBy(columns, (word == "less") != reversed));
            }
        }
        _ => {}
    }
}
