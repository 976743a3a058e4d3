//! References by several columns to a composite key.

use super::{Candidate, Choice};
use crate::facts::{At, TableFacts};
use crate::keys;
use crate::values::{self, Values};

/// A reference of several columns, pairwise to the columns of a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    pub from_table: usize,
    pub from_columns: Vec<usize>,
    pub to_table: usize,
    pub to_columns: Vec<usize>,
    pub weight: f64,
    pub distinct: u64,
    pub matched: u64,
    pub orphan_rows: u64,
    pub reasons: Vec<String>,
}

/// Inclusions that are likelier to be an accident are not references, unless the key is named after its table.
const LEAST_CHANCE: f64 = 3.0;
/// At least this many times more combinations are possible than the key has.
const LEAST_ROOM: f64 = 2.0;

/// Finds references to composite primary keys.
pub fn find(tables: &[TableFacts<'_>], keys: &[Vec<usize>], choice: &Choice) -> Vec<Composite> {
    let mut found: Vec<Composite> = Vec::new();
    for to in 0..tables.len() {
        if keys[to].len() < 2 {
            continue;
        }
        for from in (0..tables.len()).filter(|&from| from != to) {
            let reference = matching_columns(tables, &keys[to], (from, to), choice)
                .and_then(|columns| weigh(tables, keys, (from, columns), to));
            found.extend(reference);
        }
    }
    drop_mutual(&mut found, keys);
    drop_implied(&mut found);
    found
}

/// Removes the single-column references that composite ones imply.
pub fn drop_implied_singles(choice: &mut Choice, found: &[Composite]) {
    let implied: Vec<At> = found
        .iter()
        .flat_map(|reference| implied_by(reference, choice))
        .collect();
    choice
        .chosen
        .retain(|candidate| !implied.contains(&candidate.from));
}

/// The columns whose own reference follows from the composite one and that of the key's part.
fn implied_by(reference: &Composite, choice: &Choice) -> Vec<At> {
    reference
        .from_columns
        .iter()
        .zip(&reference.to_columns)
        .filter(|&(&own, &key)| {
            let single = choice.of((reference.from_table, own));
            let through = choice.of((reference.to_table, key));
            matches!((single, through), (Some(single), Some(through)) if single.to == through.to)
        })
        .map(|(&own, _)| (reference.from_table, own))
        .collect()
}

/// For each column of the key, the one column of the table that has its name or refers to the same key.
fn matching_columns(
    tables: &[TableFacts<'_>],
    key: &[usize],
    (from, to): (usize, usize),
    choice: &Choice,
) -> Option<Vec<usize>> {
    let mut chosen: Vec<usize> = Vec::with_capacity(key.len());
    for &part in key {
        let facts = &tables[to].columns[part];
        let target = choice
            .of((to, part))
            .map(|candidate: &Candidate| candidate.to);
        let columns = &tables[from].columns;
        let same_name = columns
            .iter()
            .position(|column| column.words.joined() == facts.words.joined());
        let same_target = || {
            let mut alike = (0..columns.len()).filter(|&column| {
                target.is_some()
                    && choice.of((from, column)).map(|candidate| candidate.to) == target
            });
            alike.next().filter(|_| alike.next().is_none())
        };
        let column = same_name.or_else(same_target)?;
        if chosen.contains(&column) {
            return None;
        }
        chosen.push(column);
    }
    Some(chosen)
}

fn weigh(
    tables: &[TableFacts<'_>],
    keys: &[Vec<usize>],
    (from_table, from_columns): (usize, Vec<usize>),
    to_table: usize,
) -> Option<Composite> {
    let to_columns = keys[to_table].as_slice();
    let own_key = &keys[from_table];
    let within = |one: &[usize], other: &[usize]| one.iter().all(|column| other.contains(column));
    let parallel =
        !own_key.is_empty() && (within(own_key, &from_columns) || within(&from_columns, own_key));
    let named = to_columns
        .iter()
        .any(|&column| names_part(&tables[to_table], column));
    if parallel && !named {
        return None;
    }
    let values = |table: usize, columns: &[usize]| -> Option<Vec<&Values>> {
        columns
            .iter()
            .map(|&column| tables[table].columns[column].values.as_ref())
            .collect()
    };
    let (own, parts) = (
        values(from_table, &from_columns)?,
        values(to_table, to_columns)?,
    );
    let (joined, joined_keys) = (values::join_columns(&own), values::join_columns(&parts));
    let (distinct, matched) = (joined.distinct.len() as u64, joined.matched(&joined_keys));
    if distinct == 0 || matched < distinct {
        return None;
    }
    let possible: f64 = parts
        .iter()
        .map(|column| column.distinct.len() as f64)
        .product();
    let room = possible / joined_keys.distinct.len() as f64;
    let chance = distinct as f64 * room.ln();
    if !named && (chance < LEAST_CHANCE || room < LEAST_ROOM) {
        return None;
    }
    Some(Composite {
        from_table,
        from_columns,
        to_table,
        to_columns: to_columns.to_vec(),
        weight: 0.5 + chance.min(8.0) * 0.35 + if named { 1.5 } else { 0.0 },
        distinct,
        matched,
        orphan_rows: 0,
        reasons: vec![
            format!("all {distinct} distinct combinations are found in the key"),
            "each column has the name, or the target, of its part of the key".to_owned(),
        ],
    })
}

/// Whether the column is called after its table, or a part of its name: `block_code` in `block`, `team` in `teams`.
fn names_part(table: &TableFacts<'_>, column: usize) -> bool {
    let words = &table.columns[column].words;
    table
        .words
        .core
        .iter()
        .any(|word| words.core.contains(word))
        || keys::names_own_table(table, &table.columns[column])
}

/// A reference that leads through another one to the same key is not stated again.
fn drop_implied(found: &mut Vec<Composite>) {
    let all = found.clone();
    found.retain(|reference| {
        !all.iter().any(|first| {
            first.from_table == reference.from_table
                && first.to_table != reference.to_table
                && all.iter().any(|second| {
                    second.from_table == first.to_table
                        && second.to_table == reference.to_table
                        && leads_through(reference, first, second)
                })
        })
    });
}

/// Whether each column reaches its part of the key by `first` and then `second`.
fn leads_through(reference: &Composite, first: &Composite, second: &Composite) -> bool {
    reference
        .from_columns
        .iter()
        .zip(&reference.to_columns)
        .all(|(own, key)| {
            let between = first
                .from_columns
                .iter()
                .position(|column| column == own)
                .map(|at| first.to_columns[at]);
            between.is_some_and(|between| {
                second
                    .from_columns
                    .iter()
                    .zip(&second.to_columns)
                    .any(|(column, target)| *column == between && target == key)
            })
        })
}

/// Of two tables with the same key that refer to each other, the one whose key this is refers to the other no more.
fn drop_mutual(found: &mut Vec<Composite>, keys: &[Vec<usize>]) {
    let mut kept: Vec<Composite> = Vec::new();
    for reference in found.drain(..) {
        let back = kept.iter().any(|other| {
            other.from_table == reference.to_table && other.to_table == reference.from_table
        });
        let same_key = keys[reference.from_table].len() == reference.from_columns.len()
            && keys[reference.from_table]
                .iter()
                .all(|column| reference.from_columns.contains(column));
        if !(back && same_key) {
            kept.push(reference);
        }
    }
    *found = kept;
}
