//! Ordering of rows.

use super::{Rank, Reader};
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::Expr;

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
                    self.draft.alphabetical = Some(false);
                    for near in [at.wrapping_sub(1), at + 1] {
                        if let Some(Cue::Direction(descending)) = self.cue(near) {
                            self.use_item(near);
                            self.draft.alphabetical = Some(descending);
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
    pub(super) fn is_deed(&self, at: usize) -> bool {
        let single = self.items[at].to - self.items[at].from == 1;
        let before = at.checked_sub(1).and_then(|i| self.items[i].cue());
        single && matches!(before, Some(Cue::Not | Cue::Who | Cue::Have | Cue::Without))
    }

    /// "Sort X by Y": X is shown.
    pub(super) fn read_order_after_verb(&mut self, at: usize) {
        let by = (at + 1..self.items.len())
            .take_while(|&i| !matches!(self.items[i].kind, ItemKind::Mark('.' | '?')))
            .find(|&i| self.cue(i) == Some(Cue::By));
        if let Some(by) = by {
            self.use_item(by);
            self.read_order(by, None);
        }
    }

    pub(super) fn read_order(&mut self, at: usize, direction: Option<bool>) {
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
                || !self.items[end].tables().is_empty() && found.len() == 1
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
                self.draft.alphabetical = direction;
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
}
