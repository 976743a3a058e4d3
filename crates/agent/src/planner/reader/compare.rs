//! Comparisons: with numbers, dates, other columns, and with an average or extreme of all.

use super::{Filter, Reader};
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Condition, Expr, Function, Operand, Operator, Query};

/// What a comparison compares with.
pub(super) enum Right {
    Number(f64),
    Text(String),
    Column(usize),
    /// "Over age 30": the column stands before its number.
    Measured(usize, f64),
    Aggregate(Function, Option<usize>),
    Range(f64, f64),
}

impl Reader<'_> {
    pub fn read_comparisons(&mut self) {
        for at in 0..self.items.len() {
            match self.cue(at) {
                Some(Cue::Compare(operator)) => self.read_comparison(at, operator, None),
                Some(Cue::CompareBy(words, reversed)) => {
                    let operator = if reversed {
                        Operator::Less
                    } else {
                        Operator::Greater
                    };
                    self.read_comparison(at, operator, Some(words));
                }
                Some(Cue::Between) => self.read_comparison(at, Operator::Equal, None),
                Some(Cue::OrMore) => self.read_suffix(at, Operator::GreaterOrEqual),
                Some(Cue::OrLess) => self.read_suffix(at, Operator::LessOrEqual),
                _ => {}
            }
        }
    }

    pub(super) fn right_side(&self, at: usize) -> Option<(Right, usize)> {
        let first = (at + 1..(at + 5).min(self.items.len()))
            .find(|&i| !self.items[i].is_light() && self.cue(i) != Some(Cue::Each))?;
        match &self.items[first].kind {
            ItemKind::Number(low) => {
                if self.cue(at) == Some(Cue::Between) {
                    let second = self.next_heavy(first + 2)?;
                    let ItemKind::Number(high) = self.items[second].kind else {
                        return None;
                    };
                    return Some((Right::Range(*low, high), second));
                }
                Some((Right::Number(*low), first))
            }
            ItemKind::Date(text) => Some((Right::Text(text.clone()), first)),
            ItemKind::Value(mention) if mention.quoted => {
                Some((Right::Text(self.phrase(first)), first))
            }
            ItemKind::Cue(Cue::Aggregate(function)) => Some(self.aggregate_right(*function, first)),
            ItemKind::Cue(Cue::Superlative(high)) => {
                let function = if *high {
                    Function::Maximum
                } else {
                    Function::Minimum
                };
                Some(self.aggregate_right(function, first))
            }
            ItemKind::Column(_) if !self.items[first].used => {
                let number = (first + 1..(first + 3).min(self.items.len()))
                    .find(|&i| self.items[i].kind != ItemKind::Skip);
                match number.map(|i| (i, self.items[i].kind.clone())) {
                    Some((i, ItemKind::Number(number))) => {
                        Some((Right::Measured(first, number), i))
                    }
                    _ => Some((Right::Column(first), first)),
                }
            }
            _ => None,
        }
    }

    pub(super) fn aggregate_right(&self, function: Function, first: usize) -> (Right, usize) {
        let target = self.next_heavy(first + 1).filter(|&i| i <= first + 3);
        let column = target.filter(|&i| !self.items[i].columns().is_empty() && !self.items[i].used);
        (Right::Aggregate(function, column), column.unwrap_or(first))
    }

    pub(super) fn read_comparison(
        &mut self,
        at: usize,
        operator: Operator,
        words: Option<&'static [&'static str]>,
    ) {
        let Some((right, end)) = self.right_side(at) else {
            return;
        };
        if let Right::Measured(item, number) = right {
            if let Some(column) = self.number_column(item) {
                (at..=end).for_each(|i| self.use_item(i));
                self.push_comparison(at, Expr::Column(column), operator, Right::Number(number));
            }
            return;
        }
        let denied = at > 0 && self.cue(at - 1) == Some(Cue::Not);
        let operator = if denied { operator.negated() } else { operator };
        let number = matches!(right, Right::Number(_) | Right::Range(..));
        let Some((left, last)) = self.left_side(at, end, words, number, &right) else {
            return;
        };
        if denied {
            self.use_item(at - 1);
        }
        for used in at..=last.max(end) {
            if !matches!(self.items[used].kind, ItemKind::Table(_)) && (used <= end || used == last)
            {
                self.use_item(used);
            }
        }
        let operator = match (words, &left) {
            (Some(words), Expr::Column(column))
                if self.is_point_in_time(*column) && matches!(words[0], "age") =>
            {
                operator.mirrored()
            }
            _ => operator,
        };
        self.push_comparison(at, left, operator, right);
    }

    /// `3 or more`.
    pub(super) fn read_suffix(&mut self, at: usize, operator: Operator) {
        let Some(ItemKind::Number(number)) = at.checked_sub(1).map(|i| self.items[i].kind.clone())
        else {
            return;
        };
        if self.items[at - 1].used {
            return;
        }
        let right = Right::Number(number);
        if let Some((left, last)) = self.left_side(at - 1, at, None, true, &right) {
            self.use_item(at - 1);
            self.use_item(at);
            if !matches!(self.items[last].kind, ItemKind::Table(_)) {
                self.use_item(last);
            }
            self.push_comparison(at, left, operator, right);
        }
    }

    pub(super) fn push_comparison(
        &mut self,
        at: usize,
        left: Expr,
        operator: Operator,
        right: Right,
    ) {
        let is_having = left.is_aggregate();
        let column = left.columns().first().copied();
        let condition = match right {
            Right::Range(low, high) => self.range(left, low, high),
            Right::Number(number) => self.compare_number(left, operator, number),
            Right::Text(text) => Condition::Compare(
                left,
                operator,
                Operand::Text(super::super::dates::iso(&text)),
            ),
            Right::Measured(..) => return,
            Right::Column(item) => {
                let Some(other) = self.column_of(item) else {
                    return;
                };
                self.use_item(item);
                Condition::Compare(left, operator, Operand::Column(other))
            }
            Right::Aggregate(function, item) => {
                let inner = item.and_then(|i| self.number_column(i)).or(column);
                if let Some(item) = item {
                    self.use_item(item);
                }
                let Some(inner) = inner else { return };
                let query = Query {
                    root: self.catalog.columns[inner].table,
                    select: vec![Expr::Aggregate(function, Box::new(Expr::Column(inner)))],
                    ..Query::default()
                };
                Condition::Compare(left, operator, Operand::Query(Box::new(query)))
            }
        };
        if is_having {
            self.draft.having.push(condition);
            return;
        }
        let or = self.is_or_before(at);
        self.draft.filters.push(Filter {
            condition,
            column,
            item: at,
            clause: self.items[at].clause,
            or,
        });
    }

    /// Whether "or" stands between this condition and the one before it.
    pub(super) fn is_or_before(&self, at: usize) -> bool {
        let previous = self.draft.filters.last().map_or(0, |filter| filter.item);
        previous < at
            && !self.draft.filters.is_empty()
            && (previous..at).any(|i| self.items[i].cue() == Some(Cue::Or))
    }

    pub(super) fn is_year_of(&self, left: &Expr, number: f64) -> Option<ColumnId> {
        match left {
            Expr::Column(column)
                if self.catalog.columns[*column].is_time()
                    && (1_000.0..3_000.0).contains(&number)
                    && number.fract() == 0.0 =>
            {
                Some(*column)
            }
            _ => None,
        }
    }

    pub(super) fn range(&self, left: Expr, low: f64, high: f64) -> Condition {
        if let Some(column) = self.is_year_of(&left, low) {
            return Condition::Within(column, Some(first_day(low)), Some(first_day(high + 1.0)));
        }
        Condition::Between(left, Operand::Number(low), Operand::Number(high))
    }

    pub(super) fn compare_number(&self, left: Expr, operator: Operator, number: f64) -> Condition {
        let Some(column) = self.is_year_of(&left, number) else {
            return Condition::Compare(left, operator, Operand::Number(number));
        };
        let (this, next) = (Some(first_day(number)), Some(first_day(number + 1.0)));
        match operator {
            Operator::Equal => Condition::Within(column, this, next),
            Operator::NotEqual => Condition::Not(Box::new(Condition::Within(column, this, next))),
            Operator::Less => Condition::Within(column, None, this),
            Operator::LessOrEqual => Condition::Within(column, None, next),
            Operator::Greater => Condition::Within(column, next, None),
            Operator::GreaterOrEqual => Condition::Within(column, this, None),
        }
    }
}

fn first_day(year: f64) -> String {
    format!("{:04}-01-01", year as i64)
}
