//! Superlatives: the most, the highest, the youngest, the top five.

use super::{Rank, Reader};
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Expr, Function};

impl Reader<'_> {
    /// `the most …`, `highest …`, `youngest …`, `most common …`, `top 5 … by …`.
    pub fn read_superlatives(&mut self) {
        for at in 0..self.items.len() {
            match self.cue(at) {
                Some(Cue::SuperlativeBy(words, descending)) => {
                    self.read_adjective(at, words, descending);
                }
                Some(Cue::Superlative(descending)) => self.read_superlative(at, descending),
                Some(Cue::MostCommon(descending)) => self.read_common(at, descending),
                Some(Cue::Aggregate(function @ (Function::Maximum | Function::Minimum)))
                    if !self.items[at].head =>
                {
                    self.read_superlative(at, function == Function::Maximum);
                }
                Some(Cue::Top(descending)) => self.read_top(at, descending),
                _ => {}
            }
        }
    }

    /// The number that says how many of the best are wanted, before or after the superlative.
    pub(super) fn limit_near(&mut self, at: usize) -> u64 {
        for near in [at.wrapping_sub(1), at + 1, at.wrapping_sub(2)] {
            if let Some(ItemKind::Number(number)) =
                self.items.get(near).map(|item| item.kind.clone())
                && !self.items[near].used
                && number >= 1.0
                && number.fract() == 0.0
                && number <= 1_000.0
            {
                self.use_item(near);
                return number as u64;
            }
        }
        let before_table = (0..self.items.len()).find(|&i| {
            let amount = matches!(self.items[i].kind, ItemKind::Number(n) if (1.0..=1_000.0).contains(&n) && n.fract() == 0.0);
            amount && !self.items[i].used && self.items[i].head
                && !matches!(self.items.get(i.wrapping_sub(1)).and_then(super::super::items::Item::cue), Some(Cue::Compare(_) | Cue::CompareBy(..)))
                && self.items.get(i + 1).is_some_and(|next| next.mention().is_some_and(|m| !m.tables.is_empty()) || !next.columns().is_empty())
        });
        if let Some(i) = before_table
            && let ItemKind::Number(number) = self.items[i].kind
        {
            self.use_item(i);
            return number as u64;
        }
        1
    }

    pub(super) fn push_rank(&mut self, at: usize, by: Expr, descending: bool) {
        let limit = self.limit_near(at);
        self.use_item(at);
        let grouped = by.is_aggregate();
        self.draft.ranks.push(Rank {
            by,
            descending,
            limit: Some(limit),
            grouped,
        });
    }

    pub(super) fn read_adjective(
        &mut self,
        at: usize,
        words: &'static [&'static str],
        descending: bool,
    ) {
        let next = self.heavy_after(at);
        if let Some(target) = next.filter(|&i| !self.items[i].columns().is_empty())
            && let Some(column) = self.column_where(target, |id| {
                self.catalog.columns[id].is_number() || self.catalog.columns[id].is_time()
            })
        {
            if self.reads_as_aggregate(at) {
                self.items[at].kind = ItemKind::Cue(Cue::Aggregate(if descending {
                    Function::Maximum
                } else {
                    Function::Minimum
                }));
                return;
            }
            self.use_item(target);
            self.push_rank(at, Expr::Column(column), descending);
            return;
        }
        let near = next.and_then(|i| self.table_of(i));
        if let Some(column) = self.measured_column(words, near) {
            let reversed = self.is_point_in_time(column) && !matches!(words.first(), Some(&"date"));
            self.push_rank(at, Expr::Column(column), descending != reversed);
        }
    }

    pub(super) fn heavy_after(&self, at: usize) -> Option<usize> {
        self.next_heavy(at + 1).filter(|&i| i <= at + 4)
    }

    /// "The highest salary" asks for the value itself where nothing else is to be shown.
    pub(super) fn reads_as_aggregate(&self, at: usize) -> bool {
        let shows_other = (0..at).any(|i| {
            let asks = matches!(self.items[i].cue(), Some(Cue::Which | Cue::Who));
            asks || (self.items[i].mention().is_some() && !self.is_measured(i))
        });
        let each = self.items.iter().any(|item| item.cue() == Some(Cue::Each));
        self.items[at].head && (!shows_other || each)
    }

    /// Follows an aggregate or "for each": it is not itself shown.
    pub(super) fn is_measured(&self, at: usize) -> bool {
        let before = (0..at).rev().find(|&i| {
            self.items[i].kind != ItemKind::Skip && self.items[i].cue() != Some(Cue::Of)
        });
        before.is_some_and(|i| {
            matches!(
                self.items[i].cue(),
                Some(Cue::Aggregate(_) | Cue::Each | Cue::Superlative(_) | Cue::SuperlativeBy(..))
            ) || (!self.items[at].tables().is_empty()
                && !self.items[i].columns().is_empty()
                && self.is_measured(i))
        })
    }

    /// "Spent the most", "the most revenue": ranked by a measure beside.
    pub(super) fn rank_by_measure(&mut self, at: usize, descending: bool) -> bool {
        let near = [
            at + 1,
            at.wrapping_sub(1),
            at + 2,
            at.wrapping_sub(2),
            at.wrapping_sub(3),
        ];
        let Some(item) = near.into_iter().find(|&i| self.measure(i).is_some()) else {
            return false;
        };
        let Some(expr) = self.measure(item) else {
            return false;
        };
        self.use_item(item);
        self.draft.shows_rank = true;
        self.push_rank(at, expr, descending);
        true
    }

    pub(super) fn read_superlative(&mut self, at: usize, descending: bool) {
        if self.rank_by_measure(at, descending) {
            return;
        }
        let after = self.heavy_after(at);
        let ends = after.is_none_or(|i| matches!(self.items[i].kind, ItemKind::Mark(_)));
        if ends {
            let before = (at.saturating_sub(3)..at)
                .rev()
                .find(|&i| !self.items[i].used && !self.items[i].columns().is_empty());
            if let Some(item) = before
                && let Some(column) =
                    self.column_where(item, |id| self.catalog.columns[id].is_number())
            {
                self.use_item(item);
                self.push_rank(at, Expr::Column(column), descending);
            }
            return;
        }
        let Some(mut target) = after else { return };
        let mut function = None;
        match self.cue(target) {
            Some(Cue::Count) => {
                self.use_item(target);
                let Some(next) = self.next_heavy(target + 1) else {
                    return;
                };
                if let Some(expr) = self.count_of(next) {
                    self.use_item(next);
                    self.push_rank(at, expr, descending);
                }
                return;
            }
            Some(Cue::Aggregate(inner)) => {
                function = Some(inner);
                self.use_item(target);
                let Some(next) = self.next_heavy(target + 1) else {
                    return;
                };
                target = next;
            }
            _ => {}
        }
        let counts = self.phrase(at).contains("number")
            || self.phrase(at).contains("most")
            || self.phrase(at).contains("fewest")
            || self.phrase(at).contains("least");
        if let Some(table) = self.table_of(target).filter(|_| counts) {
            self.use_item(target);
            self.push_rank(at, Expr::CountEntities(table), descending);
            return;
        }
        if !self.items[target].tables().is_empty() {
            // "The last transcript's date": the column stands behind its table.
            let next = self.next_heavy(target + 1).filter(|&i| i <= target + 2);
            let Some(next) = next.filter(|&i| !self.items[i].columns().is_empty()) else {
                return;
            };
            target = next;
        }
        if self.items[target].used {
            return;
        }
        let number = self.column_where(target, |id| {
            let info = &self.catalog.columns[id];
            (info.is_number() || info.is_time()) && !info.is_foreign && !info.has_word("id")
        });
        if let Some(column) = number {
            if self.reads_as_aggregate(at) && function.is_none() {
                self.items[at].kind = ItemKind::Cue(Cue::Aggregate(if descending {
                    Function::Maximum
                } else {
                    Function::Minimum
                }));
                return;
            }
            self.use_item(target);
            let by = Expr::Column(column);
            let by = function.map_or(by.clone(), |f| Expr::Aggregate(f, Box::new(by)));
            self.push_rank(at, by, descending);
        } else if let Some(column) = self.column_of(target) {
            self.use_item(target);
            let by = if counts {
                Expr::CountDistinct(column)
            } else {
                Expr::Column(column)
            };
            self.push_rank(at, by, descending);
        }
    }

    /// "The most common X", "X used most often": rows are counted for each X.
    pub(super) fn read_common(&mut self, at: usize, descending: bool) {
        self.push_rank(at, Expr::CountRows, descending);
    }

    pub(super) fn read_top(&mut self, at: usize, descending: bool) {
        let limit = self.limit_near(at);
        self.use_item(at);
        let by = (at + 1..self.items.len()).find(|&i| self.cue(i) == Some(Cue::By));
        let measure = by.and_then(|by| {
            self.use_item(by);
            self.measure_at(by + 1)
        });
        if let Some((by, _)) = measure {
            let grouped = by.is_aggregate();
            self.draft.ranks.push(Rank {
                by,
                descending,
                limit: Some(limit),
                grouped,
            });
        } else if let Some(next) = (at + 1..self.items.len()).find(|&i| {
            matches!(
                self.cue(i),
                Some(Cue::Superlative(_) | Cue::SuperlativeBy(..) | Cue::MostCommon(_))
            )
        }) {
            // The superlative that follows says by what; it takes the number.
            match self.cue(next) {
                Some(Cue::SuperlativeBy(words, down)) => self.read_adjective(next, words, down),
                Some(Cue::Superlative(down)) => self.read_superlative(next, down),
                _ => self.read_common(next, descending),
            }
            if let Some(rank) = self.draft.ranks.last_mut() {
                rank.limit = Some(limit);
            }
        } else if let Some(rank) = self.draft.ranks.last_mut() {
            rank.limit = Some(limit);
        }
    }
}
