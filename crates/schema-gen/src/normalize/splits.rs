//! Which tables to split off a wide one: each column goes with what decides it most closely (synthesis: Bernstein,
//! "Synthesizing third normal form relations from functional dependencies", TODS 1, 1976), as far as that is a thing worth a
//! table of its own.

use std::cell::RefCell;
use std::collections::HashMap;

use super::columns::{Coded, Sample};
use super::dependencies::{CERTAIN, Dependencies};
use super::determinants::{Strength, are_of_one_thing, strength};
use super::fixed::Fixed;
use crate::model::Table;
use crate::{SchemaError, Source};

/// In fewer rows than this each value of a determinant has to occur twice on average.
const FEW_ROWS: usize = 20;
/// Rows for each value of a determinant, at least, on average.
const ID_REPEATS: f64 = 1.25;
const LABEL_REPEATS: f64 = 2.0;
const PLAIN_REPEATS: f64 = 3.0;
const PAIR_REPEATS: f64 = 3.0;
/// Fewer different values make a list, not a table that is split in turn.
const LEAST_NESTED: usize = 4;
/// Cells that a split has to save.
const LEAST_SAVED: usize = 12;
/// Single columns whose pairs are looked at.
const MOST_PARTS: usize = 10;

/// A table to split off, columns by their place in the wide one.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    pub key: Vec<usize>,
    /// The other columns of the new table, those first by which it refers to its own splits.
    pub moved: Vec<usize>,
    /// Tables that are split off the new one.
    pub children: Vec<Split>,
    /// Columns that the key nearly decides, with the rows (from 0) that break it.
    pub near: Vec<(usize, Vec<usize>)>,
    /// Whether the near ones are moved too.
    pub moves_near: bool,
    /// Rows of the new table.
    pub rows: usize,
}

impl Split {
    /// Every column that leaves the wide table.
    pub fn leaving(&self) -> Vec<usize> {
        let mut columns = self.moved.clone();
        if self.moves_near {
            columns.extend(self.near.iter().map(|(column, _)| *column));
        }
        for child in &self.children {
            columns.extend(child.leaving());
        }
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// Cells of the wide table that need not be written again and again any more.
    pub fn saved(&self, rows: usize) -> usize {
        (rows * self.leaving().len()).saturating_sub(self.written())
    }

    fn written(&self) -> usize {
        let children: usize = self.children.iter().map(Self::written).sum();
        self.rows * (self.key.len() + self.moved.len()) + children
    }
}

/// Columns that go hand in hand and stand for one thing.
struct Thing {
    /// The one that people would take as its key.
    key: usize,
    strength: Strength,
    /// Another table has it already.
    is_elsewhere: bool,
    /// Columns that go with it.
    leaves: Vec<usize>,
    /// The thing that it goes with.
    parent: Option<usize>,
}

struct Search<'a> {
    table: &'a Table,
    columns: &'a [Coded],
    is_whole: bool,
    fixed: &'a Fixed,
    strengths: Vec<Option<Strength>>,
    dependencies: Dependencies<'a>,
    /// What was asked of two columns already.
    sure: RefCell<HashMap<(usize, usize), bool>>,
}

/// Not where another table has it, nor where it describes such a thing.
fn may_be_table(things: &[Thing], number: usize) -> bool {
    let above = std::iter::successors(Some(number), |&number| things[number].parent);
    above.into_iter().all(|number| !things[number].is_elsewhere)
}

/// The tables to split off, each by itself; no column is in two of them.
pub fn find(
    table: &Table,
    source: &Source,
    found: &Sample,
    fixed: &Fixed,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Split>, SchemaError> {
    let columns = &found.columns;
    let profile = |place: usize| {
        let name = table.columns.get(place)?.source_column.as_ref()?;
        let mut profiles = source.analysis.columns.iter();
        profiles.find(|profile| &profile.column == name)
    };
    let strengths = (0..columns.len()).map(|place| {
        let column = &table.columns[place];
        strength(
            &column.name,
            column.column_type,
            profile(place)?,
            &columns[place],
        )
    });
    let search = Search {
        table,
        columns,
        is_whole: found.is_whole,
        fixed,
        strengths: strengths.collect(),
        dependencies: Dependencies::find(columns, go_on)?,
        sure: RefCell::default(),
    };
    let mut splits = search.by_single_columns(go_on)?;
    splits.extend(search.by_pairs(&splits, go_on)?);
    Ok(splits)
}

impl Search<'_> {
    fn name(&self, column: usize) -> &str {
        &self.table.columns[column].name
    }

    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |first| first.codes.len())
    }

    /// Whether a column may leave the table: one value alone belongs nowhere else.
    fn may_leave(&self, column: usize) -> bool {
        !self.fixed.stays[column] && self.columns[column].distinct >= 2
    }

    fn decides_surely(&self, x: usize, y: usize) -> bool {
        self.dependencies.decides(x, y)
            && *self
                .sure
                .borrow_mut()
                .entry((x, y))
                .or_insert_with(|| self.dependencies.certainty(x, y) >= CERTAIN)
    }

    fn by_single_columns(&self, go_on: &dyn Fn() -> bool) -> Result<Vec<Split>, SchemaError> {
        let mut things = self.things();
        // Those of few values first: what a thing goes with has more.
        things.sort_by_key(|thing| (self.columns[thing.key].distinct, thing.key));
        loop {
            self.place(&mut things, go_on)?;
            let is_poor = |number: &usize| {
                may_be_table(&things, *number) && self.split(&things, *number).is_none()
            };
            // Its columns go with what decides it, or stay.
            let Some(poor) = (0..things.len()).find(is_poor) else {
                break;
            };
            things.remove(poor);
        }
        let roots = (0..things.len()).filter(|&number| things[number].parent.is_none());
        Ok(roots
            .filter_map(|number| self.split(&things, number))
            .collect())
    }

    /// Puts each thing and each column with what decides it most closely.
    fn place(&self, things: &mut [Thing], go_on: &dyn Fn() -> bool) -> Result<(), SchemaError> {
        for number in 0..things.len() {
            if !go_on() {
                return Err(SchemaError::Cancelled);
            }
            let key = things[number].key;
            let mut above = number + 1..things.len();
            let parent = above.find(|&other| self.decides_surely(things[other].key, key));
            things[number].parent = parent.filter(|_| self.may_leave(key));
            things[number].leaves.clear();
        }
        for column in 0..self.columns.len() {
            if !go_on() {
                return Err(SchemaError::Cancelled);
            }
            if !self.may_leave(column) || things.iter().any(|thing| thing.key == column) {
                continue;
            }
            let mut all = things.iter_mut();
            if let Some(closest) = all.find(|thing| self.decides_surely(thing.key, column)) {
                closest.leaves.push(column);
            }
        }
        Ok(())
    }

    /// The things that columns stand for, one for all columns that go hand in hand.
    fn things(&self) -> Vec<Thing> {
        let mut things: Vec<Thing> = Vec::new();
        for (column, strength) in self.strengths.iter().enumerate() {
            let Some(strength) = *strength else { continue };
            let same = things.iter_mut().find(|thing| {
                self.dependencies.are_equivalent(thing.key, column)
                    && self.dependencies.certainty(thing.key, column) >= CERTAIN
            });
            match same {
                Some(thing) => {
                    if strength > thing.strength {
                        (thing.key, thing.strength) = (column, strength);
                    }
                    thing.is_elsewhere |= self.fixed.refers[column];
                }
                None => things.push(Thing {
                    key: column,
                    strength,
                    is_elsewhere: self.fixed.refers[column],
                    leaves: Vec::new(),
                    parent: None,
                }),
            }
        }
        things
    }

    /// The thing's own table, where it is worth one.
    fn split(&self, things: &[Thing], number: usize) -> Option<Split> {
        if !may_be_table(things, number) {
            return None;
        }
        let thing = &things[number];
        let key = &self.columns[thing.key];
        let (mut moved, mut children) = (Vec::new(), Vec::new());
        self.gather(things, number, &mut moved, &mut children)?;
        moved.sort_unstable();
        let rows = match thing.parent {
            Some(parent) => self.columns[things[parent].key].distinct,
            None => key.filled(),
        };
        let is_worth_it = |moved: &[usize]| match thing.parent {
            Some(_) => self.is_nested(thing, rows, moved),
            None => self.is_root(thing, rows, moved),
        };
        let mut split = Split {
            key: vec![thing.key],
            moved,
            children,
            near: Vec::new(),
            moves_near: false,
            rows: key.distinct,
        };
        if thing.parent.is_none() && self.is_whole {
            split.near = self.near(thing.key, &split);
        }
        let saves = |columns: usize| rows.saturating_sub(key.distinct) * columns >= LEAST_SAVED;
        if is_worth_it(&split.moved) && saves(split.moved.len()) {
            return Some(split);
        }
        let mut all = split.moved.clone();
        all.extend(split.near.iter().map(|(column, _)| *column));
        let near_pays = thing.strength >= Strength::Label && !split.near.is_empty();
        split.moves_near = near_pays && is_worth_it(&all) && saves(all.len());
        split.moves_near.then_some(split)
    }

    /// The columns of the thing's table and the tables split off it. Things that are no tables bring their columns along.
    fn gather(
        &self,
        things: &[Thing],
        number: usize,
        moved: &mut Vec<usize>,
        children: &mut Vec<Split>,
    ) -> Option<()> {
        moved.extend(&things[number].leaves);
        for child in (0..number).filter(|&child| things[child].parent == Some(number)) {
            moved.push(things[child].key);
            if may_be_table(things, child) {
                children.push(self.split(things, child)?);
            } else {
                self.gather(things, child, moved, children)?;
            }
        }
        Some(())
    }

    fn is_root(&self, thing: &Thing, rows: usize, moved: &[usize]) -> bool {
        let distinct = self.columns[thing.key].distinct;
        let repeats = rows as f64 / distinct as f64;
        let least = match thing.strength {
            Strength::Id => ID_REPEATS,
            Strength::Label => LABEL_REPEATS,
            Strength::Plain => PLAIN_REPEATS,
        };
        if repeats < least || (self.rows() < FEW_ROWS && repeats < LABEL_REPEATS) {
            return false;
        }
        let of_it = |column: &&usize| are_of_one_thing(self.name(thing.key), self.name(**column));
        let named = moved.iter().filter(of_it).count();
        let labels = moved
            .iter()
            .filter(|column| self.strengths[**column] == Some(Strength::Label))
            .count();
        match thing.strength {
            Strength::Id => moved.len() >= 2 || (moved.len() == 1 && named + labels > 0),
            Strength::Label => moved.len() >= 2,
            Strength::Plain => moved.len() >= 2 && named > 0,
        }
    }

    /// Within a table that is split off already, one column may be enough.
    fn is_nested(&self, thing: &Thing, rows: usize, moved: &[usize]) -> bool {
        let distinct = self.columns[thing.key].distinct;
        let repeats = rows as f64 / distinct as f64;
        let coarser = moved
            .iter()
            .any(|column| self.columns[*column].distinct < distinct);
        let is_id = thing.strength == Strength::Id;
        distinct >= LEAST_NESTED
            && repeats >= if is_id { ID_REPEATS } else { LABEL_REPEATS }
            && !moved.is_empty()
            && (is_id || coarser)
    }

    /// What the key nearly decides and nothing decides better.
    fn near(&self, key: usize, split: &Split) -> Vec<(usize, Vec<usize>)> {
        let leaving = split.leaving();
        (0..self.columns.len())
            .filter(|&column| {
                column != key
                    && self.may_leave(column)
                    && !leaving.contains(&column)
                    && !self.fixed.refers[column]
                    && self.columns[column].distinct <= self.columns[key].distinct * 2
            })
            .filter_map(|column| Some((column, self.dependencies.exceptions(key, column)?)))
            .collect()
    }

    /// Pairs of columns that together decide what neither does alone.
    fn by_pairs(
        &self,
        taken: &[Split],
        go_on: &dyn Fn() -> bool,
    ) -> Result<Vec<Split>, SchemaError> {
        let leaving: Vec<usize> = taken.iter().flat_map(Split::leaving).collect();
        let keys: Vec<usize> = taken.iter().flat_map(|split| split.key.clone()).collect();
        let is_part = |column: &usize| {
            let coded = &self.columns[*column];
            self.strengths[*column].is_some()
                && coded.nulls == 0
                && !self.fixed.refers[*column]
                && !leaving.contains(column)
                && !keys.contains(column)
                && self.dependencies.leader(*column) == *column
        };
        let parts: Vec<usize> = (0..self.columns.len())
            .filter(is_part)
            .take(MOST_PARTS)
            .collect();
        let mut found: Vec<Split> = Vec::new();
        for (place, &one) in parts.iter().enumerate() {
            for &other in &parts[place + 1..] {
                if !go_on() {
                    return Err(SchemaError::Cancelled);
                }
                found.extend(self.by_pair([one, other], &leaving));
            }
        }
        let rows = self.rows();
        found.sort_by_key(|split| std::cmp::Reverse(split.saved(rows)));
        let mut chosen: Vec<Split> = Vec::new();
        for split in found {
            let overlaps = chosen.iter().any(|other| {
                split
                    .moved
                    .iter()
                    .any(|column| other.moved.contains(column) || other.key.contains(column))
                    || split.key.iter().any(|column| other.moved.contains(column))
            });
            if !overlaps {
                chosen.push(split);
            }
        }
        Ok(chosen)
    }

    fn by_pair(&self, pair: [usize; 2], leaving: &[usize]) -> Option<Split> {
        let [one, other] = pair;
        if self.dependencies.decides(one, other) || self.dependencies.decides(other, one) {
            return None;
        }
        let joined = Coded::joined(&[&self.columns[one], &self.columns[other]]);
        let rows = self.rows();
        if rows < FEW_ROWS || (rows as f64) < joined.distinct as f64 * PAIR_REPEATS {
            return None;
        }
        let moved: Vec<usize> = (0..self.columns.len())
            .filter(|&column| {
                !pair.contains(&column)
                    && self.may_leave(column)
                    && !self.fixed.refers[column]
                    && !leaving.contains(&column)
                    && !self.dependencies.decides(one, column)
                    && !self.dependencies.decides(other, column)
                    && self.dependencies.holds(&joined, &self.columns[column])
                    && self
                        .dependencies
                        .certainty_of_joined(&pair, &joined, column)
                        >= CERTAIN
            })
            .collect();
        let split = Split {
            key: pair.to_vec(),
            moved,
            children: Vec::new(),
            near: Vec::new(),
            moves_near: false,
            rows: joined.distinct,
        };
        (split.moved.len() >= 2 && split.saved(rows) >= LEAST_SAVED).then_some(split)
    }
}
