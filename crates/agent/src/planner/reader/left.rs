//! What a comparison compares: the measure before it, the rows counted after it.

use super::Reader;
use super::compare::Right;
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::Expr;

impl Reader<'_> {
    /// What is compared, and the last item it takes.
    pub(super) fn left_side(
        &mut self,
        at: usize,
        end: usize,
        words: Option<&'static [&'static str]>,
        number: bool,
        right: &Right,
    ) -> Option<(Expr, usize)> {
        if let Right::Aggregate(_, Some(target)) = right {
            let same = self.previous_measure(at, true);
            if let Some(found) = same {
                return Some((found, end));
            }
            let column = self.number_column(*target)?;
            return Some((Expr::Column(column), end));
        }
        let owner = at
            .checked_sub(1)
            .and_then(|before| self.items[before].cue());
        if number
            && words.is_none()
            && matches!(owner, Some(Cue::Have | Cue::With))
            && let Some(next) = self
                .next_heavy(end + 1)
                .filter(|&i| i <= end + 2 && !self.items[i].used)
            && let Some(table) = self.table_of(next)
        {
            return Some((Expr::CountEntities(table), next));
        }
        let beside = self.previous_measure(at, true);
        if let Some(found) = beside {
            return Some((found, end));
        }
        let times = matches!(self.lower(end), "once" | "twice")
            || matches!(
                self.lower(end + 1),
                "times" | "records" | "entries" | "rows" | "occurrences"
            );
        if number && times && words.is_none() {
            return Some((Expr::CountRows, end));
        }
        if number && words.is_none() {
            let next = (end + 1..(end + 3).min(self.items.len())).find(|&i| {
                !matches!(self.items[i].kind, ItemKind::Skip | ItemKind::Unknown)
                    && self.cue(i) != Some(Cue::Distinct)
                    && self.cue(i) != Some(Cue::Of)
            });
            if let Some(next) = next.filter(|&i| !self.items[i].used) {
                if let Some(table) = self.table_of(next) {
                    return Some((Expr::CountEntities(table), next));
                }
                if let Some(column) = self
                    .column_of(next)
                    .filter(|_| self.items[next].clause == self.items[at].clause)
                {
                    let info = &self.catalog.columns[column];
                    let is_count =
                        !info.is_number() && !info.is_time() || info.is_key || info.is_foreign;
                    let expr = if is_count {
                        Expr::CountDistinct(column)
                    } else {
                        Expr::Column(column)
                    };
                    return Some((expr, next));
                }
            }
        }
        if let Some(words) = words
            && let Some(column) = self.measured_column(words, self.table_before(at))
        {
            return Some((Expr::Column(column), end));
        }
        if let Some(found) = self.previous_measure(at, false) {
            return Some((found, end));
        }
        let timely = matches!(
            self.lower(at),
            "after" | "before" | "since" | "until" | "prior" | "later" | "earlier"
        ) || self.cue(at) == Some(Cue::Between)
            && matches!(right, Right::Range(low, _) if (1_000.0..3_000.0).contains(low));
        if timely {
            let column =
                self.measured_column(&["date", "year", "datetime", "time"], self.table_before(at))?;
            return Some((Expr::Column(column), end));
        }
        None
    }

    pub(super) fn table_before(&self, at: usize) -> Option<crate::link::catalog::TableId> {
        (0..at).rev().find_map(|i| self.table_of(i))
    }

    /// The measure named before `at` in its clause; `beside`: with only light words between.
    pub(super) fn previous_measure(&mut self, at: usize, beside: bool) -> Option<Expr> {
        let clause = self.items[at].clause;
        let adjective = matches!(self.items[at].cue(), Some(Cue::CompareBy(..)));
        let mut i = at;
        while i > 0 {
            i -= 1;
            if self.items[i].clause != clause {
                return None;
            }
            if let Some(expr) = self.measure(i) {
                self.use_item(i);
                return Some(expr);
            }
            let light = self.items[i].is_light()
                || matches!(self.cue(i), Some(Cue::Not))
                || self.lower(i) == ":";
            if light {
                continue;
            }
            let free = !self.items[i].used;
            let count_before = i.checked_sub(1).and_then(|b| {
                (0..=b).rev().find(|&k| {
                    !matches!(self.items[k].kind, ItemKind::Skip) && self.cue(k) != Some(Cue::Of)
                })
            });
            if let (true, Some(before)) = (free, count_before) {
                match self.cue(before) {
                    Some(Cue::Count)
                        if !self.items[before].head
                            || beside && !adjective && self.lower(before) != "how" =>
                    {
                        if let Some(expr) = self.count_of(i) {
                            self.use_item(before);
                            self.use_item(i);
                            return Some(expr);
                        }
                    }
                    Some(Cue::Aggregate(function)) if !self.items[before].head => {
                        if let Some(column) = self.number_column(i) {
                            self.use_item(before);
                            self.use_item(i);
                            return Some(Expr::Aggregate(function, Box::new(Expr::Column(column))));
                        }
                    }
                    _ => {}
                }
            }
            if free
                && let Some(column) = self.column_where(i, |id| {
                    self.is_measure(id) || (beside && !self.catalog.columns[id].is_foreign)
                })
            {
                if self.items[i].head
                    && !beside
                    && !self.items[i].mention().is_some_and(|m| m.names_table)
                {
                    // What is shown is not what is compared, unless nothing else can be.
                    return None;
                }
                self.use_item(i);
                return Some(Expr::Column(column));
            }
            if beside {
                return None;
            }
        }
        None
    }

    /// A column whose values have an order that people speak of.
    pub(super) fn is_measure(&self, id: ColumnId) -> bool {
        let info = &self.catalog.columns[id];
        let ordered = [
            "year", "date", "age", "time", "id", "rank", "count", "number", "size", "amount",
            "price", "share", "point",
        ];
        info.is_number() || info.is_time() || ordered.iter().any(|word| info.has_word(word))
    }
}
