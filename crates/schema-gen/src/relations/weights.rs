//! What each sign weighs for or against a reference, in log-odds.
//!
//! They were set by hand; `python3 -m eval.fit_references` fits them, and what that brings is in docs/ACCURACY.md, "Keys and
//! references".

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// A sign. Those without an amount of their own are 1 where they are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Every pair.
    Base,
    /// How well the names fit, 0 to 1.
    Name,
    /// How unlikely the match is by accident.
    Chance,
    /// Numbers that begin far from one.
    Place,
    /// The column is called an id.
    Id,
    /// The column is called a measure.
    Measure,
    /// The column holds dates.
    Temporal,
    /// The column is the key of its own table by name and values.
    OwnKey,
    /// The same, though the values match by no accident.
    CertainOwnKey,
    /// The column is the likeliest key of its own table.
    PossibleOwnKey,
    /// The column has a name that every table may have.
    CommonName,
    /// A word in -er that need not be a person.
    Doer,
    /// The names have nothing in common, and the values say little.
    NoName,
    /// Two columns of one table, whose names tell no hierarchy.
    SameTable,
    /// How good a key is referred to, 0 to 1.
    KeyScore,
    /// The key is its table's best one.
    BestKey,
    /// The key is another unique column.
    OtherKey,
    /// The table referred to has names for its rows.
    KeyLabel,
    /// Share of the key that is referred to.
    Covered,
    /// Some values are not found.
    Orphans,
    /// Share of the rows whose value is not found.
    OrphanShare,
    /// Others refer to the key for certain: one or two of them.
    Popular,
}

/// The signs of one pair of columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Features(Vec<(Feature, f64)>);

impl Features {
    pub fn add(&mut self, feature: Feature, amount: f64) {
        self.0.push((feature, amount));
    }

    pub fn iter(&self) -> impl Iterator<Item = (Feature, f64)> + '_ {
        self.0.iter().copied()
    }
}

static WEIGHTS: LazyLock<HashMap<Feature, f64>> =
    LazyLock::new(|| serde_json::from_str(include_str!("weights.json")).unwrap_or_default());

/// What the sign weighs.
pub fn of(feature: Feature) -> f64 {
    WEIGHTS.get(&feature).copied().unwrap_or_default()
}

/// The log-odds of a pair with these signs.
pub fn weigh(features: &Features) -> f64 {
    let each = features.iter();
    each.map(|(feature, amount)| of(feature) * amount).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_weights_can_be_read() {
        assert!(super::of(super::Feature::Base) < 0.0);
        assert!(super::of(super::Feature::Name) > 0.0);
    }
}
