//! Numbers that no comparison took.

use super::Reader;
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Condition, Expr, Operand, Operator};

impl Reader<'_> {
    /// Numbers that no comparison took: `grade 10`, `in 2001`, `with 3 credits`, `have 2 dogs`.
    pub fn read_numbers(&mut self) {
        for at in 0..self.items.len() {
            if self.items[at].used {
                continue;
            }
            let value = match &self.items[at].kind {
                ItemKind::Number(number) => Operand::Number(*number),
                ItemKind::Date(text) => Operand::Text(text.clone()),
                _ => continue,
            };
            let is_year = matches!(value, Operand::Number(n) if (1_000.0..3_000.0).contains(&n) && n.fract() == 0.0);
            let age = self.lower(at + 1).starts_with("year") && self.lower(at + 2) == "old";
            if age && let Some(column) = self.measured_column(&["age"], self.table_before(at)) {
                self.use_item(at);
                self.use_item(at + 1);
                self.use_item(at + 2);
                self.equal_number(at, column, value);
                continue;
            }
            let beside = self.any_column_beside(at);
            if let Some((item, column)) = beside {
                self.use_item(item);
                self.use_item(at);
                self.equal_number(at, column, value);
                continue;
            }
            if let Some(previous) = self.draft.filters.last().cloned()
                && let Some(column) = previous
                    .column
                    .filter(|_| self.joined_to_previous(previous.item, at))
            {
                self.use_item(at);
                self.equal_number(at, column, value);
                continue;
            }
            if let (Some(table), Operand::Number(number)) = (
                self.items.get(at + 1).and_then(|_| self.table_of(at + 1)),
                &value,
            ) && !is_year
                && !self.items[at + 1].head
            {
                self.use_item(at);
                let number = *number;
                self.draft.having.push(Condition::Compare(
                    Expr::CountEntities(table),
                    Operator::Equal,
                    Operand::Number(number),
                ));
                continue;
            }
            if is_year || matches!(value, Operand::Text(_)) {
                let words: &[&str] = if is_year {
                    &["year", "date", "datetime", "time"]
                } else {
                    &["date", "datetime", "time"]
                };
                let column = self
                    .measured_column(words, self.table_before(at))
                    .or_else(|| self.time_column(at).filter(|_| is_year));
                if let Some(column) = column {
                    self.use_item(at);
                    self.equal_number(at, column, value);
                }
            }
        }
    }

    /// "Grade 9 or 10": another number for the same column.
    pub(super) fn joined_to_previous(&self, previous: usize, at: usize) -> bool {
        let tied = |i: usize| {
            matches!(self.items[i].cue(), Some(Cue::Or | Cue::And))
                || matches!(self.items[i].kind, ItemKind::Mark(','))
        };
        let number = matches!(
            self.items[previous].kind,
            ItemKind::Number(_) | ItemKind::Date(_)
        );
        number
            && at > previous
            && at - previous <= 4
            && (previous + 1..at).any(tied)
            && (previous + 1..at).all(|i| self.items[i].used || self.items[i].is_light() || tied(i))
    }

    pub(super) fn equal_number(&mut self, at: usize, column: ColumnId, value: Operand) {
        let left = Expr::Column(column);
        let condition = match value {
            Operand::Number(_)
                if self.catalog.columns[column].column_type == ingest::ColumnType::Text
                    && self.tokens[self.items[at].from]
                        .text
                        .starts_with(|c: char| c.is_ascii_digit()) =>
            {
                Condition::Compare(left, Operator::Equal, Operand::Text(self.phrase(at)))
            }
            Operand::Number(number) => self.compare_number(left, Operator::Equal, number),
            Operand::Text(text) => Condition::Compare(
                left,
                Operator::Equal,
                Operand::Text(super::super::dates::iso(&text)),
            ),
            other => Condition::Compare(left, Operator::Equal, other),
        };
        self.push_filter(at, column, condition);
    }
}
