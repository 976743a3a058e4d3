//! Conditions on values that are found in the data or stand in quotation marks.

use super::{Filter, Reader};
use crate::event::MatchedValue;
use crate::link::catalog::ColumnId;
use crate::link::mentions::ValueReading;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Condition, Expr, Operand, Operator};

impl Reader<'_> {
    pub fn read_values(&mut self) {
        for at in 0..self.items.len() {
            if self.items[at].used {
                continue;
            }
            if self.read_pattern(at) || self.read_gender(at) {
                continue;
            }
            if matches!(self.items[at].kind, ItemKind::Value(_)) {
                self.read_value(at);
            }
        }
        for at in 0..self.items.len() {
            if !self.items[at].used && !self.items[at].columns().is_empty() {
                self.read_yes_no(at);
            }
        }
    }

    pub(super) fn read_value(&mut self, at: usize) {
        let ItemKind::Value(mention) = self.items[at].kind.clone() else {
            return;
        };
        if mention.quoted && self.read_inside(at) {
            return;
        }
        if let Some(reading) = self.best_reading(at, &mention.values) {
            if let Some(beside) = self.column_beside(at, reading.column) {
                self.use_item(beside);
            }
            self.use_item(at);
            self.add_value(at, reading.column, reading.value);
            return;
        }
        if mention.values.is_empty() && self.read_full_name(at) {
            return;
        }
        if mention.quoted {
            // Not stored anywhere: the column beside it, else the name of the entity, decides.
            let text = self.phrase(at);
            let beside = self.any_column_beside(at);
            let column = beside.map(|(_, column)| column).or_else(|| {
                let table = self.table_before(at).or(self.draft.entity)?;
                match self.naming(table).first() {
                    Some(Expr::Column(column)) => Some(*column),
                    _ => None,
                }
            });
            if let Some(column) = column {
                if let Some((item, _)) = beside {
                    self.use_item(item);
                }
                self.use_item(at);
                self.draft.doubts += 0.1;
                self.add_value(at, column, text);
            }
        }
    }

    /// `"Linda Smith"` where first and last names are kept apart.
    pub(super) fn read_full_name(&mut self, at: usize) -> bool {
        let phrase = self.phrase(at);
        let words: Vec<&str> = phrase.split_whitespace().collect();
        let &[first, last] = words.as_slice() else {
            return false;
        };
        let (first, last) = (
            self.values.find(first, false),
            self.values.find(last, false),
        );
        let pair = first.iter().find_map(|f| {
            let l = last
                .iter()
                .find(|l| l.table == f.table && l.column != f.column)?;
            let of_name = |column: &str| column.to_lowercase().contains("name");
            (of_name(&f.column) && of_name(&l.column)).then_some((f, l))
        });
        let Some((first, last)) = pair else {
            return false;
        };
        self.use_item(at);
        for hit in [first, last] {
            if let Some(column) = self.catalog.column_named(&hit.table, &hit.column) {
                self.add_value(at, column, hit.value.clone());
            }
        }
        true
    }

    /// Where several columns hold the value: the one named beside it, else the one nearest to what is asked.
    pub(super) fn best_reading(
        &mut self,
        at: usize,
        readings: &[ValueReading],
    ) -> Option<ValueReading> {
        let named: Vec<_> = self.named_tables();
        let spoken: Vec<usize> = (0..self.items.len())
            .filter(|&i| !self.items[i].columns().is_empty() && self.margin(i) > 0.1)
            .filter_map(|i| self.column_of(i))
            .map(|column| self.catalog.columns[column].table)
            .collect();
        let score = |reading: &ValueReading| {
            let table = self.catalog.columns[reading.column].table;
            let mut score = reading.score;
            if self.column_beside(at, reading.column).is_some() {
                score += 0.6;
            }
            if named.iter().any(|&(_, t)| t == table) {
                score += 0.15;
            }
            let next_to = [at.wrapping_sub(1), at + 1, at.wrapping_sub(2)];
            if named
                .iter()
                .any(|&(item, t)| t == table && next_to.contains(&item))
            {
                score += 0.1;
            }
            if spoken.contains(&table) {
                score += 0.08;
            }
            if self.naming(table).contains(&Expr::Column(reading.column)) {
                score += 0.03;
            }
            let near = named
                .iter()
                .map(|&(_, t)| t)
                .chain(spoken.iter().copied())
                .filter_map(|t| self.catalog.distance(t, table))
                .min()
                .unwrap_or(3);
            let info = &self.catalog.columns[reading.column];
            score - 0.06 * near as f64 - if info.is_foreign { 0.03 } else { 0.0 }
        };
        let mut ranked: Vec<(f64, &ValueReading)> =
            readings.iter().map(|r| (score(r), r)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = ranked.first()?;
        let rivals: Vec<ColumnId> = ranked
            .iter()
            .filter(|other| best.0 - other.0 < 0.02)
            .map(|other| other.1.column)
            .fold(Vec::new(), |mut columns, column| {
                if !columns.contains(&column) {
                    columns.push(column);
                }
                columns
            });
        let best = best.1.clone();
        if rivals.len() > 1 {
            self.draft.ambiguous.push((at, rivals));
        }
        Some(best)
    }

    /// An unused phrase for `column` next to `at`, with only light words between.
    pub(super) fn column_beside(&self, at: usize, column: ColumnId) -> Option<usize> {
        let fits = |i: usize| {
            !self.items[i].used && self.items[i].columns().iter().any(|&(id, _)| id == column)
        };
        let mut i = at;
        while i > 0 {
            i -= 1;
            if fits(i) {
                return Some(i);
            }
            let passes = self.items[i].is_light()
                || self.items[i].used
                || !self.items[i].tables().is_empty() && i + 1 == at
                || matches!(
                    self.cue(i),
                    Some(Cue::Not | Cue::Or | Cue::And | Cue::Either | Cue::Both)
                )
                || matches!(self.items[i].kind, ItemKind::Value(_));
            if !passes || at - i > 6 {
                break;
            }
        }
        (at + 1 < self.items.len() && fits(at + 1)).then_some(at + 1)
    }

    pub(super) fn any_column_beside(&self, at: usize) -> Option<(usize, ColumnId)> {
        let mut i = at;
        while i > 0 {
            i -= 1;
            if !self.items[i].used
                && let Some(column) = self.column_of(i)
            {
                return Some((i, column));
            }
            if !self.items[i].is_light() || at - i > 4 {
                break;
            }
        }
        let next = (at + 1 < self.items.len()).then_some(at + 1)?;
        (!self.items[next].used).then_some(())?;
        Some((next, self.column_of(next)?))
    }

    /// "not" or "no" before the item, within its clause.
    pub(super) fn take_denial(&mut self, at: usize) -> bool {
        let clause = self.items[at].clause;
        let denial = (0..at)
            .rev()
            .take_while(|&i| self.items[i].clause == clause)
            .find(|&i| {
                matches!(
                    self.items[i].cue(),
                    Some(Cue::Not | Cue::Except | Cue::Without)
                )
            });
        if let Some(denial) = denial {
            self.use_item(denial);
        }
        denial.is_some()
    }

    pub(super) fn add_value(&mut self, at: usize, column: ColumnId, value: String) {
        let info = &self.catalog.columns[column];
        self.draft.matched.push(MatchedValue {
            phrase: self.phrase(at),
            table: self.catalog.tables[info.table].name.clone(),
            column: info.name.clone(),
            value: value.clone(),
        });
        self.push_filter(
            at,
            column,
            Condition::Compare(Expr::Column(column), Operator::Equal, Operand::Text(value)),
        );
    }

    pub(super) fn push_filter(&mut self, at: usize, column: ColumnId, condition: Condition) {
        let or = self.is_or_before(at);
        self.draft.filters.push(Filter {
            condition,
            column: Some(column),
            item: at,
            clause: self.items[at].clause,
            or,
        });
    }
}
