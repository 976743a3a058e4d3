//! Comparisons: with numbers, dates, other columns, and with an average or extreme of all.

use super::{Filter, Reader};
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Condition, Expr, Function, Operand, Operator, Query};

/// What a comparison compares with.
enum Right {
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

    fn right_side(&self, at: usize) -> Option<(Right, usize)> {
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
            ItemKind::Cue(Cue::Aggregate(function)) => self.aggregate_right(*function, first),
            ItemKind::Cue(Cue::Superlative(high)) => {
                let function = if *high {
                    Function::Maximum
                } else {
                    Function::Minimum
                };
                self.aggregate_right(function, first)
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

    fn aggregate_right(&self, function: Function, first: usize) -> Option<(Right, usize)> {
        let target = self.next_heavy(first + 1).filter(|&i| i <= first + 3);
        let column = target.filter(|&i| !self.items[i].columns().is_empty() && !self.items[i].used);
        Some((Right::Aggregate(function, column), column.unwrap_or(first)))
    }

    fn read_comparison(
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
    fn read_suffix(&mut self, at: usize, operator: Operator) {
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

    /// What is compared, and the last item it takes.
    fn left_side(
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
    fn previous_measure(&mut self, at: usize, beside: bool) -> Option<Expr> {
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
    fn is_measure(&self, id: ColumnId) -> bool {
        let info = &self.catalog.columns[id];
        let ordered = [
            "year", "date", "age", "time", "id", "rank", "count", "number", "size", "amount",
            "price", "share", "point",
        ];
        info.is_number() || info.is_time() || ordered.iter().any(|word| info.has_word(word))
    }

    fn push_comparison(&mut self, at: usize, left: Expr, operator: Operator, right: Right) {
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

    fn is_year_of(&self, left: &Expr, number: f64) -> Option<ColumnId> {
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

    fn range(&self, left: Expr, low: f64, high: f64) -> Condition {
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
