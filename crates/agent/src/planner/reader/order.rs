//! Ordering, superlatives and grouping.

use super::{Rank, Reader, Target};
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Expr, Function};

impl Reader<'_> {
    /// `sorted by …`, `in descending order of …`, `alphabetically`.
    pub fn read_limits_and_order(&mut self) {
        let mut at = 0;
        while at < self.items.len() {
            match self.cue(at) {
                Some(Cue::OrderBy) if self.is_deed(at) => {}
                Some(Cue::OrderBy) => {
                    let is_verb = matches!(self.lower(at), "sort" | "order")
                        && self.items[at].to - self.items[at].from == 1;
                    self.use_item(at);
                    if is_verb {
                        self.items[at].kind = ItemKind::Cue(Cue::Imperative);
                        self.read_order_after_verb(at);
                    } else {
                        self.read_order(at, None);
                    }
                }
                Some(Cue::Direction(descending)) => {
                    self.use_item(at);
                    self.read_order(at, Some(descending));
                }
                Some(Cue::Alphabetical) => {
                    self.use_item(at);
                    self.draft.alphabetical = true;
                    for near in [at.wrapping_sub(1), at + 1] {
                        if let Some(Cue::Direction(descending)) = self.cue(near) {
                            self.use_item(near);
                            self.draft.alphabetical_descending = descending;
                        }
                    }
                    if self.phrase(at).ends_with("of") {
                        self.read_order(at, Some(false));
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// "Who never ordered": a deed, not an order of rows.
    fn is_deed(&self, at: usize) -> bool {
        let single = self.items[at].to - self.items[at].from == 1;
        let before = at.checked_sub(1).and_then(|i| self.items[i].cue());
        single && matches!(before, Some(Cue::Not | Cue::Who | Cue::Have | Cue::Without))
    }

    /// "Sort X by Y": X is shown.
    fn read_order_after_verb(&mut self, at: usize) {
        let by = (at + 1..self.items.len())
            .take_while(|&i| !matches!(self.items[i].kind, ItemKind::Mark('.' | '?')))
            .find(|&i| self.cue(i) == Some(Cue::By));
        if let Some(by) = by {
            self.use_item(by);
            self.read_order(by, None);
        }
    }

    fn read_order(&mut self, at: usize, direction: Option<bool>) {
        let mut direction = direction;
        let mut found = Vec::new();
        let mut end = at + 1;
        while end < self.items.len() {
            if let Some(Cue::Direction(descending)) = self.cue(end) {
                direction = Some(descending);
                self.use_item(end);
                end += 1;
                continue;
            }
            if self.cue(end) == Some(Cue::Alphabetical) {
                self.use_item(end);
                direction = direction.or(Some(false));
                end += 1;
                continue;
            }
            if let Some((expr, next)) = self.measure_at(end) {
                found.push(expr);
                end = next;
                continue;
            }
            let goes_on = self.items[end].is_light()
                || self.items[end].tables().first().is_some() && found.len() == 1
                || matches!(self.cue(end), Some(Cue::And | Cue::By | Cue::OrderBy))
                || (matches!(self.items[end].kind, ItemKind::Mark(','))
                    && !found.is_empty()
                    && self.measure_at(end + 1).is_some());
            if !goes_on {
                break;
            }
            if matches!(self.cue(end), Some(Cue::By | Cue::OrderBy)) {
                self.use_item(end);
            }
            end += 1;
        }
        let before = (0..at).rev().take(3).find_map(|i| match self.cue(i) {
            Some(Cue::Direction(descending)) => Some((i, descending)),
            _ => None,
        });
        if direction.is_none()
            && let Some((i, descending)) = before
        {
            self.use_item(i);
            direction = Some(descending);
        }
        if found.is_empty() {
            // The direction alone speaks of an order named elsewhere, or of what is shown.
            if let Some(rank) = self
                .draft
                .ranks
                .last_mut()
                .filter(|rank| rank.limit.is_none())
            {
                rank.descending = direction.unwrap_or(false);
            } else if direction.is_some() {
                self.draft.alphabetical = true;
                self.draft.alphabetical_descending = direction.unwrap_or(false);
            }
        }
        for by in found {
            let grouped = by.is_aggregate();
            self.draft.ranks.push(Rank {
                by,
                descending: direction.unwrap_or(false),
                limit: None,
                grouped,
            });
        }
    }

    /// A column, an aggregate of one, or a count, at `at`; gives the item after it and marks what it took.
    pub(super) fn measure_at(&mut self, at: usize) -> Option<(Expr, usize)> {
        let first = (at..(at + 4).min(self.items.len())).find(|&i| !self.items[i].is_light())?;
        match self.cue(first) {
            Some(Cue::Aggregate(function)) => {
                let target = self.next_heavy(first + 1)?;
                let column = self.number_column(target)?;
                self.use_item(first);
                self.use_item(target);
                Some((
                    Expr::Aggregate(function, Box::new(Expr::Column(column))),
                    target + 1,
                ))
            }
            Some(Cue::Count) => {
                let target = self.next_heavy(first + 1)?;
                let expr = self.count_of(target)?;
                self.use_item(first);
                self.use_item(target);
                Some((expr, target + 1))
            }
            _ if self.measure(first).is_some() => {
                let expr = self.measure(first)?;
                self.use_item(first);
                self.draft.shows_rank = true;
                Some((expr, first + 1))
            }
            _ => {
                let column = self.column_of(first).filter(|_| !self.items[first].used)?;
                self.use_item(first);
                Some((Expr::Column(column), first + 1))
            }
        }
    }

    pub(super) fn number_column(&self, at: usize) -> Option<ColumnId> {
        if self.items[at].used {
            return None;
        }
        self.column_where(at, |id| self.catalog.columns[id].is_number())
            .or_else(|| self.column_of(at))
    }

    /// What is counted where `at` names it.
    pub(super) fn count_of(&self, at: usize) -> Option<Expr> {
        if let Some(table) = self.table_of(at) {
            return Some(Expr::CountEntities(table));
        }
        let column = self.column_of(at)?;
        let info = &self.catalog.columns[column];
        if info.is_number() && !info.is_key && !info.is_foreign && !info.is_id() {
            return Some(Expr::Column(column));
        }
        Some(Expr::CountDistinct(column))
    }

    /// `the most …`, `highest …`, `youngest …`, `most common …`, `top 5 … by …`.
    pub fn read_superlatives(&mut self) {
        for at in 0..self.items.len() {
            match self.cue(at) {
                Some(Cue::SuperlativeBy(words, descending)) => {
                    self.read_adjective(at, words, descending)
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
    fn limit_near(&mut self, at: usize) -> u64 {
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
            let amount = matches!(self.items[i].kind, ItemKind::Number(n) if n >= 1.0 && n <= 1_000.0 && n.fract() == 0.0);
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

    fn push_rank(&mut self, at: usize, by: Expr, descending: bool) {
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

    fn read_adjective(&mut self, at: usize, words: &'static [&'static str], descending: bool) {
        let next = self.heavy_after(at);
        if let Some(target) = next.filter(|&i| self.items[i].columns().first().is_some())
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

    fn heavy_after(&self, at: usize) -> Option<usize> {
        self.next_heavy(at + 1).filter(|&i| i <= at + 4)
    }

    /// "The highest salary" asks for the value itself where nothing else is to be shown.
    fn reads_as_aggregate(&self, at: usize) -> bool {
        let shows_other = (0..at).any(|i| {
            let asks = matches!(self.items[i].cue(), Some(Cue::Which | Cue::Who));
            asks || (self.items[i].mention().is_some() && !self.is_measured(i))
        });
        let each = self.items.iter().any(|item| item.cue() == Some(Cue::Each));
        self.items[at].head && (!shows_other || each)
    }

    /// Follows an aggregate or "for each": it is not itself shown.
    fn is_measured(&self, at: usize) -> bool {
        let before = (0..at).rev().find(|&i| {
            self.items[i].kind != ItemKind::Skip && self.items[i].cue() != Some(Cue::Of)
        });
        before.is_some_and(|i| {
            matches!(
                self.items[i].cue(),
                Some(Cue::Aggregate(_) | Cue::Each | Cue::Superlative(_) | Cue::SuperlativeBy(..))
            ) || (self.items[at].tables().first().is_some()
                && !self.items[i].columns().is_empty()
                && self.is_measured(i))
        })
    }

    /// "Spent the most", "the most revenue": ranked by a measure beside.
    fn rank_by_measure(&mut self, at: usize, descending: bool) -> bool {
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

    fn read_superlative(&mut self, at: usize, descending: bool) {
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
    fn read_common(&mut self, at: usize, descending: bool) {
        self.push_rank(at, Expr::CountRows, descending);
    }

    fn read_top(&mut self, at: usize, descending: bool) {
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

    /// "owned by", "taught by": who did it, not how to group.
    fn is_passive(&self, at: usize) -> bool {
        let before = self.lower(at.wrapping_sub(1));
        let endings = ["ed", "en", "wn", "ght", "ade", "ne", "ld", "un", "ung"];
        self.items
            .get(at.wrapping_sub(1))
            .is_some_and(|item| item.tables().is_empty())
            && endings.iter().any(|ending| before.ends_with(ending))
            || self
                .items
                .get(at.wrapping_sub(1))
                .is_some_and(|item| item.used)
    }

    /// `for each …`, `per …`, `by …` where something is counted or summed.
    pub fn read_groups(&mut self) {
        let aggregates = self
            .items
            .iter()
            .any(|item| !item.used && matches!(item.cue(), Some(Cue::Count | Cue::Aggregate(_))));
        for at in 0..self.items.len() {
            let is_by = self.cue(at) == Some(Cue::By) && aggregates && !self.is_passive(at);
            if self.cue(at) != Some(Cue::Each) && !is_by {
                continue;
            }
            let mut next = self.next_heavy(at + 1);
            let mut taken = false;
            while let Some(target) = next {
                if target > at + 3 && !taken {
                    break;
                }
                let found = if let Some(part) = self.part_at(target) {
                    Some(part)
                } else if let Some(table) = self.table_of(target) {
                    Some(Target::Table(table))
                } else {
                    self.column_of(target).map(Target::Column)
                };
                let Some(found) = found.filter(|_| !self.items[target].used) else {
                    break;
                };
                if is_by
                    && matches!(found, Target::Column(c) if self.catalog.columns[c].is_number() && self.catalog.columns[c].has_word("price"))
                {
                    break;
                }
                self.draft.group.push((target, found));
                self.use_item(target);
                taken = true;
                next = None;
                if self.cue(target + 1) == Some(Cue::And) && is_by
                    || self.cue(target + 1) == Some(Cue::And)
                        && matches!(found, Target::Column(_))
                        && self
                            .items
                            .get(target + 2)
                            .is_some_and(|i| !i.columns().is_empty())
                        && target + 3 >= self.items.len() - 1
                {
                    next = self.next_heavy(target + 2);
                }
            }
            if taken {
                self.use_item(at);
            }
        }
    }
}
