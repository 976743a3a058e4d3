//! References, followed in the import's order: rows are set aside, then added, then references emptied; what is left without a
//! partner is kept.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{Reason, Rows, places_of};
use crate::model::Orphans;
use crate::values::NULL;
use crate::{Schema, SchemaError};

/// What comes of one relationship.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReferenceOutcome {
    /// Stored rows without a partner in the end.
    pub orphan_rows: u64,
    /// Rows set aside, rows added or references emptied for it.
    pub changed: u64,
}

/// A relationship by places, where both sides have rows.
struct Link {
    relationship: usize,
    orphans: Orphans,
    from: usize,
    own: Vec<usize>,
    to: usize,
    key: Vec<usize>,
}

pub fn follow(
    schema: &Schema,
    tables: &mut [Option<Rows>],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<ReferenceOutcome>, SchemaError> {
    let links = links(schema, tables);
    let mut outcomes = vec![ReferenceOutcome::default(); schema.relationships.len()];
    let of = |orphans: Orphans| links.iter().filter(move |link| link.orphans == orphans);
    set_aside(
        &of(Orphans::SetAside).collect::<Vec<_>>(),
        tables,
        &mut outcomes,
        go_on,
    )?;
    loop {
        let mut added = 0;
        for link in of(Orphans::Placeholder) {
            let count = add_placeholders(link, tables);
            outcomes[link.relationship].changed += count;
            added += count;
        }
        if added == 0 {
            break;
        }
    }
    for link in of(Orphans::Empty) {
        outcomes[link.relationship].changed = empty(link, tables);
    }
    for link in &links {
        // Each looks at every row of two columns.
        if !go_on() {
            return Err(SchemaError::Cancelled);
        }
        outcomes[link.relationship].orphan_rows = orphans(link, tables).len() as u64;
    }
    Ok(outcomes)
}

fn links(schema: &Schema, tables: &[Option<Rows>]) -> Vec<Link> {
    let side = |name: &str, columns: &[String]| {
        let table = schema.tables.iter().position(|own| own.name == name)?;
        let places = places_of(&schema.tables[table], columns)?;
        tables[table].is_some().then_some((table, places))
    };
    schema
        .relationships
        .iter()
        .enumerate()
        .filter_map(|(number, relationship)| {
            let (from, own) = side(&relationship.from_table, &relationship.from_columns)?;
            let (to, key) = side(&relationship.to_table, &relationship.to_columns)?;
            Some(Link {
                relationship: number,
                orphans: relationship.orphans,
                from,
                own,
                to,
                key,
            })
        })
        .collect()
}

/// The values of the stored rows in the columns, with their rows; without nulls.
fn stored<'a>(
    tables: &'a [Option<Rows>],
    table: usize,
    places: &[usize],
) -> impl Iterator<Item = (usize, u64)> + use<'a> {
    let rows = tables[table].as_ref();
    let found = rows.and_then(|rows| Some((rows, rows.key(places)?)));
    found.into_iter().flat_map(|(rows, key)| {
        let all = rows.is_stored.iter().enumerate();
        all.filter(|(_, stored)| **stored)
            .map(move |(row, _)| (row, key(row)))
            .filter(|(_, value)| *value != NULL)
    })
}

/// The stored rows without a partner.
fn orphans(link: &Link, tables: &[Option<Rows>]) -> Vec<usize> {
    let mut keys: Vec<u64> = stored(tables, link.to, &link.key)
        .map(|(_, value)| value)
        .collect();
    keys.sort_unstable();
    stored(tables, link.from, &link.own)
        .filter(|(_, value)| keys.binary_search(value).is_err())
        .map(|(row, _)| row)
        .collect()
}

/// Sets orphans aside, and those that only become so because another row goes.
fn set_aside(
    links: &[&Link],
    tables: &mut [Option<Rows>],
    outcomes: &mut [ReferenceOutcome],
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<(), SchemaError> {
    let mut waiting: VecDeque<(usize, usize)> = VecDeque::new();
    let mut go = |tables: &mut [Option<Rows>], table: usize, row: usize, relationship: usize| {
        let rows = tables[table].as_mut()?;
        if !std::mem::replace(&mut rows.is_stored[row], false) {
            return None;
        }
        rows.refuse(Reason::Orphan(relationship));
        outcomes[relationship].changed += 1;
        Some((table, row))
    };
    let found: Vec<Vec<usize>> = links.iter().map(|link| orphans(link, tables)).collect();
    for (link, rows) in links.iter().zip(found) {
        let gone = rows
            .into_iter()
            .filter_map(|row| go(tables, link.from, row, link.relationship));
        waiting.extend(gone);
    }
    if waiting.is_empty() {
        return Ok(());
    }
    // Which rows refer to a value, made for the links that are followed backwards.
    let mut children: HashMap<usize, HashMap<u64, Vec<usize>>> = HashMap::new();
    let mut done: u64 = 0;
    while let Some((table, row)) = waiting.pop_front() {
        if done.is_multiple_of(super::CANCEL_EVERY) && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        done += 1;
        for link in links.iter().filter(|link| link.to == table) {
            let value = tables[table]
                .as_ref()
                .and_then(|rows| Some(rows.key(&link.key)?(row)));
            let Some(value) = value.filter(|value| *value != NULL) else {
                continue;
            };
            let index = children.entry(link.relationship).or_insert_with(|| {
                let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
                for (row, value) in stored(tables, link.from, &link.own) {
                    index.entry(value).or_default().push(row);
                }
                index
            });
            for child in index.remove(&value).unwrap_or_default() {
                waiting.extend(go(tables, link.from, child, link.relationship));
            }
        }
    }
    Ok(())
}

/// Adds a row with the key alone for each value that has no partner.
fn add_placeholders(link: &Link, tables: &mut [Option<Rows>]) -> u64 {
    let mut seen = HashSet::new();
    let mut added: Vec<Vec<u64>> = Vec::new();
    for row in orphans(link, tables) {
        let Some(rows) = &tables[link.from] else {
            continue;
        };
        let parts: Option<Vec<u64>> = link
            .own
            .iter()
            .map(|&place| Some(rows.columns[place].as_ref()?[row]))
            .collect();
        if let Some(parts) = parts
            && seen.insert(parts.clone())
        {
            added.push(parts);
        }
    }
    if let Some(rows) = &mut tables[link.to] {
        for parts in &added {
            for (place, column) in rows.columns.iter_mut().enumerate() {
                let part = link.key.iter().position(|&key| key == place);
                if let Some(column) = column {
                    column.push(part.map_or(NULL, |part| parts[part]));
                }
            }
            rows.records.push(0);
            rows.is_stored.push(true);
            rows.added += 1;
        }
    }
    added.len() as u64
}

/// Makes the references of rows without partner null.
fn empty(link: &Link, tables: &mut [Option<Rows>]) -> u64 {
    let found = orphans(link, tables);
    if let Some(rows) = &mut tables[link.from] {
        for &row in &found {
            for &place in &link.own {
                if let Some(column) = &mut rows.columns[place] {
                    column[row] = NULL;
                }
                rows.emptied.push((row, place));
            }
        }
    }
    found.len() as u64
}
