//! Values set against each other: "the ratio of open shops to closed shops", "delivered and returned orders side by
//! side", "Rome versus Milan".

use super::super::data::TableId;
use super::super::frame::{Cond, Figure, Item, KeyOf, Of};
use super::super::query::Function;
use super::super::score::Feature;
use super::{Builder, Sense, Sum};

impl Builder<'_, '_> {
    /// "the ratio of open shops to closed shops in Rome", "… out of all shops": rows of one table on both sides.
    pub(super) fn ratio_of_counts(&mut self, sense: &mut Sense) {
        let counted = |sum: &Sum| match sum {
            Sum::One(
                Figure {
                    function: Some(Function::Count),
                    of: Of::Rows(table),
                    ..
                },
                at,
            ) => Some((*table, *at)),
            _ => None,
        };
        let mut named: Vec<(TableId, usize)> = sense
            .entities
            .iter()
            .map(|entity| (entity.0, entity.1))
            .collect();
        for sum in &sense.figures {
            let Some(known) = counted(sum) else { return };
            named.push(known);
        }
        named.sort_unstable_by_key(|one| one.1);
        let span = |at: usize| self.frame.items[at].1;
        let Some(&(table, first)) = named.first() else {
            return;
        };
        // Where the second side begins.
        let from = span(first).1;
        let Some(border) = (from..self.reader.tokens.len()).find(|&at| {
            self.reader.word(at) == "to"
                || self.reader.word(at) == "of" && self.reader.word(at - 1) == "out"
        }) else {
            return;
        };
        let second = named.iter().find(|(_, at)| span(*at).0 > border);
        if second.is_some_and(|(other, _)| *other != table) {
            return;
        }
        let side_end = second.map_or(border, |(_, at)| span(*at).1);
        let (mut one, mut two, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for (cond, at, place) in std::mem::take(&mut sense.conds) {
            if place.0 < border {
                one.push(cond);
            } else if place.0 < side_end || two.is_empty() && matches!(cond, Cond::Compare { .. }) {
                two.push(cond);
            } else {
                whole.push((cond, at, place));
            }
        }
        if one.is_empty() {
            sense.conds = whole;
            return;
        }
        let side = |only: Vec<Cond>| Figure {
            function: Some(Function::Count),
            of: Of::Rows(table),
            only,
        };
        sense.conds = whole;
        sense.figures = vec![Sum::Two(side(one), side(two), false, 0)];
        sense.entities.retain(|entity| entity.0 != table);
        sense.ratio_left = false;
    }

    /// "delivered, returned and cancelled orders side by side": one figure for each value.
    pub(super) fn side_by_side(&mut self, sense: &mut Sense) -> Option<()> {
        let place = sense
            .conds
            .iter()
            .position(|(cond, ..)| matches!(cond, Cond::Is { negated: false, .. }))?;
        let (Cond::Is { column, values, .. }, ..) = sense.conds.remove(place) else {
            return None;
        };
        let mut groups: Vec<Vec<String>> = Vec::new();
        for value in values {
            let same = |other: &Vec<String>| other[0].trim().eq_ignore_ascii_case(value.trim());
            match groups.iter_mut().find(|group| same(group)) {
                Some(group) => group.push(value),
                None => groups.push(vec![value]),
            }
        }
        if groups.len() < 2 {
            return None;
        }
        let table = self.reader.data.columns[column].table;
        let figure = if let Some(sum) = sense.figures.first() {
            sum.main().clone()
        } else {
            let named = sense.entities.first().map(|entity| entity.0);
            let named = named.filter(|&named| {
                named == table || !self.reader.data.paths_up(named, table).is_empty()
            });
            sense.entities.retain(|entity| Some(entity.0) != named);
            self.features.add(Feature::AssumedFunction, 0.5);
            Figure::new(Some(Function::Count), Of::Rows(named.unwrap_or(table)))
        };
        sense.figures = groups
            .into_iter()
            .enumerate()
            .map(|(at, values)| {
                let mut side = figure.clone();
                side.only.push(Cond::Is {
                    column,
                    values,
                    negated: false,
                });
                Sum::One(side, at)
            })
            .collect();
        Some(())
    }

    /// A row has one value in a column: two that are asked for are alternatives, and groups where they are set against each
    /// other.
    pub(super) fn merge_values(&mut self, base: TableId, sense: &mut Sense) {
        if sense.both || sense.growth {
            return;
        }
        let data = self.reader.data;
        let mut merged: Vec<(Cond, usize, (usize, usize))> = Vec::new();
        for (cond, at, span) in std::mem::take(&mut sense.conds) {
            let Cond::Is {
                column,
                values,
                negated: false,
            } = &cond
            else {
                merged.push((cond, at, span));
                continue;
            };
            let table = data.columns[*column].table;
            let is_one = table == base || !data.paths_up(base, table).is_empty();
            let joined = |from: usize| {
                self.frame.items[from.min(at)..at]
                    .iter()
                    .any(|(item, _)| matches!(item, Item::And | Item::Versus | Item::Or))
            };
            let known = merged.iter_mut().find_map(|(known, from, _)| match known {
                Cond::Is {
                    column: other,
                    values,
                    negated: false,
                } if other == column && is_one && joined(*from) => Some(values),
                _ => None,
            });
            match known {
                Some(known) => {
                    for value in values {
                        if !known.contains(value) {
                            known.push(value.clone());
                        }
                    }
                }
                None => merged.push((cond, at, span)),
            }
        }
        if sense.versus {
            let sides = merged.iter().find_map(|(cond, at, _)| match cond {
                Cond::Is {
                    column,
                    values,
                    negated: false,
                } if values.len() > 1 => Some((KeyOf::Column(*column), *at)),
                _ => None,
            });
            if let Some(side) = sides
                && !sense.keys.iter().any(|(key, _)| *key == side.0)
            {
                sense.keys.push(side);
            }
        }
        sense.conds = merged;
    }
}
