//! Foreign keys: inclusion dependencies over exact value sets, weighed by what else tells a reference from an accident.
//!
//! Sources: Rostin et al., "A machine learning approach to foreign key discovery", `WebDB` 2009 (names, coverage, how the
//! values spread over the key's range); Zhang et al., "On multi-column foreign key discovery", PVLDB 3 (2010) (a true
//! reference draws its values at random from the key, an accident does not); Jiang & Naumann 2020 (primary and foreign
//! keys decide each other); Motl & Kordík, "Foreign key constraint identification in relational databases", ITAT 2017
//! (a linear score over cheap features, then a choice over the whole graph); Lin et al., "Auto-BI", PVLDB 16 (2023)
//! (the choice is global and precision comes first).

mod almost;
mod composite;
mod near;
mod proposed;
mod score;
mod weights;

use std::collections::{HashMap, HashSet};

use crate::facts::{At, TableFacts};
use crate::keys;
use crate::values::NULL;
use crate::{SchemaError, Step};

pub use composite::{Composite, drop_implied_singles, find as find_composites};
pub use proposed::{Settled, suggest as suggest_others};
pub use weights::Feature;

/// Below this a candidate is not even kept as a rival.
const KEPT: f64 = -2.5;

/// A column that may refer to a unique column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub from: At,
    pub to: At,
    /// Log-odds that it is a reference.
    pub weight: f64,
    /// The same were the column referred to its table's best key.
    pub weight_as_best_key: f64,
    pub distinct: u64,
    pub matched: u64,
    pub orphan_rows: u64,
    /// What the weight is made of.
    pub features: weights::Features,
    pub name_score: f64,
    pub reasons: Vec<String>,
}

impl Candidate {
    /// The weight as a probability.
    pub fn confidence(&self) -> f64 {
        confidence(self.weight)
    }
}

pub fn confidence(weight: f64) -> f64 {
    let share = 1.0 / (1.0 + (-weight).exp());
    (share.clamp(0.01, 0.99) * 100.0).round() / 100.0
}

/// The chosen references and, for each, the candidates it beat.
#[derive(Debug, Default)]
pub struct Choice {
    pub chosen: Vec<Candidate>,
    pub rivals: HashMap<At, Vec<Candidate>>,
}

impl Choice {
    pub fn refers(&self, from: At) -> bool {
        self.chosen
            .iter()
            .any(|candidate| candidate.from == from && candidate.to.0 != from.0)
    }

    pub fn of(&self, from: At) -> Option<&Candidate> {
        self.chosen.iter().find(|candidate| candidate.from == from)
    }
}

/// Whether a column refers to another table or at least bears the name of one.
pub fn points_elsewhere(tables: &[TableFacts<'_>], choice: &Choice, from: At) -> bool {
    let core = tables[from.0].columns[from.1].words.core_joined();
    choice.refers(from)
        || tables.iter().enumerate().any(|(other, table)| {
            other != from.0 && !core.is_empty() && table.words.core_joined() == core
        })
}

/// Weighs every pair of a column and a unique column whose values allow a reference, and lets the references found decide
/// between the possible keys of a table: what others refer to is likelier the key.
pub fn candidates(
    tables: &[TableFacts<'_>],
    keys: &mut [Vec<keys::Candidate>],
    on_step: &dyn Fn(Step) -> bool,
) -> Result<Vec<Candidate>, SchemaError> {
    let total = (tables.len() * tables.len()) as u64;
    let mut found = Vec::new();
    let mut done = 0;
    for from in 0..tables.len() {
        for to in 0..tables.len() {
            weigh_columns(tables, keys, (from, to), &mut found);
            done += 1;
        }
        let step = Step {
            stage: "relationships",
            message: format!("Compared {done} of {total} pairs of tables."),
            done,
            total,
        };
        if !on_step(step) {
            return Err(SchemaError::Cancelled);
        }
    }
    let changed = prefer_referred(keys, &found);
    let touches = |from: usize, to: usize| changed[from] || changed[to];
    found.retain(|candidate| !touches(candidate.from.0, candidate.to.0));
    for from in 0..tables.len() {
        for to in (0..tables.len()).filter(|&to| touches(from, to)) {
            weigh_columns(tables, keys, (from, to), &mut found);
        }
    }
    Ok(found)
}

/// Leaves out what is not even a rival.
pub fn drop_hopeless(candidates: &mut Vec<Candidate>) {
    candidates.retain(|candidate| candidate.weight > KEPT);
}

fn weigh_columns(
    tables: &[TableFacts<'_>],
    keys: &[Vec<keys::Candidate>],
    (from, to): (usize, usize),
    found: &mut Vec<Candidate>,
) {
    for column in 0..tables[from].columns.len() {
        for key in &keys[to] {
            found.extend(score::weigh(tables, keys, (from, column), (to, key.column)));
        }
    }
}

/// Ranks the possible keys of each table anew; `true` for those whose best is another now.
fn prefer_referred(keys: &mut [Vec<keys::Candidate>], found: &[Candidate]) -> Vec<bool> {
    let referred = referred_columns(found);
    let best = |keys: &[keys::Candidate]| keys.first().map(|key| key.column);
    keys.iter_mut()
        .enumerate()
        .map(|(table, keys)| {
            let before = best(keys);
            keys::prefer_referred(keys, &|column| referred.contains(&(table, column)));
            best(keys) != before
        })
        .collect()
}

/// The columns to which others refer, as far as it can be told before the keys are known.
fn referred_columns(candidates: &[Candidate]) -> HashSet<At> {
    let mut likeliest: HashMap<At, &Candidate> = HashMap::new();
    for candidate in candidates {
        let known = likeliest.entry(candidate.from).or_insert(candidate);
        if candidate.weight_as_best_key > known.weight_as_best_key {
            *known = candidate;
        }
    }
    // Of two columns with the same values each seems to refer to the other, and that one is a key shows nothing of the other.
    let is_mutual = |candidate: &Candidate| {
        let back = likeliest.get(&candidate.to);
        back.is_some_and(|back| back.to == candidate.from)
    };
    likeliest
        .values()
        .filter(|candidate| candidate.weight_as_best_key > 0.0 && !is_mutual(candidate))
        .map(|candidate| candidate.to)
        .collect()
}

/// Takes the likeliest reference of each column, best first, and none that would close a circle of one-to-one references.
pub fn choose(mut candidates: Vec<Candidate>) -> Choice {
    support_popular_keys(&mut candidates);
    candidates.sort_by(|one, other| {
        other
            .weight
            .total_cmp(&one.weight)
            .then(one.from.cmp(&other.from))
            .then(one.to.cmp(&other.to))
    });
    let mut choice = Choice::default();
    for candidate in candidates {
        let taken = choice.of(candidate.from).is_some();
        if !taken && candidate.weight > 0.0 && !closes_circle(&choice.chosen, &candidate) {
            choice.chosen.push(candidate);
        } else {
            choice
                .rivals
                .entry(candidate.from)
                .or_default()
                .push(candidate);
        }
    }
    choice
        .chosen
        .sort_by_key(|candidate| (candidate.from, candidate.to));
    choice
}

/// A key to which other columns refer for certain is likelier to be referred to once more.
fn support_popular_keys(candidates: &mut [Candidate]) {
    let mut sure: HashMap<At, u32> = HashMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.weight > 2.0) {
        *sure.entry(candidate.to).or_default() += 1;
    }
    for candidate in candidates
        .iter_mut()
        .filter(|candidate| candidate.weight <= 2.0)
    {
        let count = sure.get(&candidate.to).copied().unwrap_or(0).min(2);
        let popular = f64::from(count);
        candidate.features.add(weights::Feature::Popular, popular);
        candidate.weight = weights::weigh(&candidate.features);
    }
}

/// Removes the references of columns that only repeat what another column's reference says already: beside the code of an
/// event, its title.
pub fn drop_copied(choice: &mut Choice, tables: &[TableFacts<'_>], keys: &[Vec<keys::Candidate>]) {
    let is_best = |at: At| keys[at.0].first().is_some_and(|key| key.column == at.1);
    let copied: Vec<At> = choice
        .chosen
        .iter()
        .filter(|copy| {
            !is_best(copy.to)
                && choice.chosen.iter().any(|reference| {
                    is_best(reference.to)
                        && reference.from.0 == copy.from.0
                        && reference.to.0 == copy.to.0
                        && copy.from.0 != copy.to.0
                        && follows(tables, reference, copy)
                })
        })
        .map(|copy| copy.from)
        .collect();
    choice
        .chosen
        .retain(|candidate| !copied.contains(&candidate.from));
}

/// Removes references to columns that are unique but for a few rows and did not become their table's key: to declare them
/// unique would set rows aside.
pub fn drop_loose(choice: &mut Choice, tables: &[TableFacts<'_>], primary_keys: &[Vec<usize>]) {
    choice.chosen.retain(|candidate| {
        let (table, column) = candidate.to;
        tables[table].columns[column].is_unique() || primary_keys[table] == [column]
    });
}

/// Whether both references lead to the same row, wherever both are there.
fn follows(tables: &[TableFacts<'_>], reference: &Candidate, copy: &Candidate) -> bool {
    let rows = |at: At| tables[at.0].columns[at.1].values.as_ref();
    let (Some(own), Some(own_copy), Some(key), Some(key_copy)) = (
        rows(reference.from),
        rows(copy.from),
        rows(reference.to),
        rows(copy.to),
    ) else {
        return false;
    };
    let told: HashMap<u64, u64> = key
        .rows
        .iter()
        .copied()
        .zip(key_copy.rows.iter().copied())
        .collect();
    own.rows
        .iter()
        .zip(&own_copy.rows)
        .filter(|&(&value, &copied)| value != NULL && copied != NULL)
        .all(|(value, copied)| told.get(value) == Some(copied))
}

fn closes_circle(chosen: &[Candidate], next: &Candidate) -> bool {
    let mut at = next.to;
    for _ in 0..=chosen.len() {
        if at == next.from {
            return true;
        }
        match chosen.iter().find(|candidate| candidate.from == at) {
            Some(candidate) => at = candidate.to,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests;
