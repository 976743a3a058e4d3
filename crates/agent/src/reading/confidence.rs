//! How likely an answer is to be right: a logistic function of what speaks for and against its reading.
//!
//! The coefficients and thresholds stand in `confidence.json`, fitted by `make fit` on questions with known answers.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::build::Reading;
use super::score::Feature;

/// What is known of a decision before it is made, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signals(pub BTreeMap<&'static str, f64>);

/// How the probability of the readings is spread over the results.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spread {
    /// Probability of the best result.
    pub share: f64,
    /// Of the second.
    pub second: f64,
    /// Results that hold at least a twentieth.
    pub rivals: usize,
}

impl Spread {
    /// `shares` are the probabilities of the results, the likeliest first.
    pub fn of(shares: &[f64]) -> Self {
        Self {
            share: shares.first().copied().unwrap_or_default(),
            second: shares.get(1).copied().unwrap_or_default(),
            rivals: shares.iter().filter(|share| **share >= 0.05).count(),
        }
    }
}

/// Amounts beyond this say no more.
const MOST: f64 = 3.0;

impl Signals {
    /// `words` are the question's words, marks aside; `unread` is the count of them that the reading left.
    pub fn of(best: &Reading, spread: Spread, words: usize, unread: usize) -> Self {
        let words = words.max(1) as f64;
        let mut signals = BTreeMap::new();
        for (feature, amount) in best.features.iter() {
            signals.insert(feature.name(), amount.clamp(-MOST, MOST));
        }
        let odds = |share: f64| (share.clamp(0.02, 0.98) / (1.0 - share.clamp(0.02, 0.98))).ln();
        signals.insert("score", (best.score / 4.0).clamp(-MOST, MOST));
        signals.insert("score_per_word", (best.score / words).clamp(-MOST, MOST));
        signals.insert("share", odds(spread.share));
        signals.insert("margin", spread.share - spread.second);
        signals.insert("rivals", (spread.rivals as f64).min(4.0));
        signals.insert("words", (words / 10.0).min(MOST));
        signals.insert("unread", (unread as f64).min(MOST));
        signals.insert("unread_share", unread as f64 / words);
        Self(signals)
    }

    /// Notes a fact about the result or the dataset.
    pub fn add(&mut self, name: &'static str, amount: f64) {
        self.0.insert(name, amount.clamp(-MOST, MOST));
    }
}

/// One logistic function and the probability from which on it says yes.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Judge {
    pub(crate) threshold: f64,
    bias: f64,
    weights: BTreeMap<String, f64>,
}

impl Judge {
    pub(crate) fn probability(&self, signals: &BTreeMap<&'static str, f64>) -> f64 {
        let sum: f64 = signals
            .iter()
            .filter_map(|(name, amount)| Some(self.weights.get(*name)? * amount))
            .sum();
        1.0 / (1.0 + (-(self.bias + sum)).exp())
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Judges {
    /// The best result is right.
    answer: Judge,
    /// One of the best few is.
    choose: Judge,
}

static JUDGES: LazyLock<Judges> =
    LazyLock::new(|| serde_json::from_str(include_str!("confidence.json")).unwrap_or_default());

/// Probability that the best result is right.
pub fn of_answer(signals: &Signals) -> f64 {
    JUDGES.answer.probability(&signals.0)
}

/// Probability that one of the best few results is right.
pub fn of_choices(signals: &Signals) -> f64 {
    JUDGES.choose.probability(&signals.0)
}

/// From this probability on the best result is told.
pub fn enough_to_answer() -> f64 {
    JUDGES.answer.threshold
}

/// From this probability on the user is asked which of the best few is meant.
pub fn enough_to_choose() -> f64 {
    JUDGES.choose.threshold
}

/// Features that say that a part of the question which surely carries meaning went unread.
pub const HARD: [Feature; 4] = [
    Feature::SkippedQuoted,
    Feature::SkippedNumber,
    Feature::SkippedCapital,
    Feature::NumberWithoutPlace,
];
