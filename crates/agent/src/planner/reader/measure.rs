//! Measures that stand in no single column: what was spent or earned, and time in units.

use super::{Filter, Reader, Target};
use crate::link::catalog::{ColumnId, TableId};
use crate::planner::cues::Cue;
use crate::planner::dates::{self, Period};
use crate::planner::items::ItemKind;
use crate::planner::query::{Condition, Expr, Function};

/// Words for money that changed hands.
const MONEY: &[&str] = &[
    "revenue", "turnover", "spend", "spending", "sale", "earning", "proceeds", "income",
];

impl Reader<'_> {
    /// Turns words for money without a column of that name into the sum of a total, or of quantity times price.
    pub(super) fn read_money(&mut self) {
        for at in 0..self.items.len() {
            let weak = match &self.items[at].kind {
                ItemKind::Unknown => true,
                ItemKind::Column(mention) => mention.columns.first().is_some_and(|c| c.1 < 0.7),
                _ => false,
            };
            let lemma = &self.tokens[self.items[at].from].word.lemma;
            if weak
                && MONEY.contains(&lemma.as_str())
                && let Some(expr) = self.money()
            {
                let table = expr
                    .columns()
                    .first()
                    .map(|&id| self.catalog.columns[id].table);
                self.draft.entity = self.draft.entity.or(table);
                let sum = Expr::Aggregate(Function::Sum, Box::new(expr));
                self.items[at].kind = ItemKind::Measure(sum);
            }
        }
    }

    /// A total's column, else quantity times price of one table; the nearest to the entity.
    fn money(&self) -> Option<Expr> {
        let near = |table: TableId| match self.draft.entity {
            Some(entity) => self.catalog.distance(entity, table),
            None => Some(0),
        };
        let number = |table: TableId, words: &[&str]| -> Option<ColumnId> {
            self.catalog.tables[table]
                .columns
                .iter()
                .copied()
                .find(|&id| {
                    let column = &self.catalog.columns[id];
                    column.is_number()
                        && !column.is_foreign
                        && !column.is_id()
                        && words.iter().any(|word| column.has_word(word))
                })
        };
        let tables = 0..self.catalog.tables.len();
        let total = tables
            .clone()
            .filter_map(|table| {
                let column = number(table, &["total", "revenue", "amount", "subtotal", "sale"])?;
                Some((near(table)?, Expr::Column(column)))
            })
            .min_by_key(|found| found.0);
        let product = tables
            .filter_map(|table| {
                let quantity = number(table, &["quantity", "qty", "units"])?;
                let price = number(table, &["price"])?;
                Some((near(table)?, Expr::Product(quantity, price)))
            })
            .min_by_key(|found| found.0);
        total.or(product).map(|found| found.1)
    }

    /// The measure that the item is.
    pub(super) fn measure(&self, at: usize) -> Option<Expr> {
        match &self.items.get(at)?.kind {
            ItemKind::Measure(expr) if !self.items[at].used => Some(expr.clone()),
            _ => None,
        }
    }

    /// The column of dates nearest to what is asked.
    pub(super) fn time_column(&self, at: usize) -> Option<ColumnId> {
        let named: Vec<TableId> = self
            .table_before(at)
            .into_iter()
            .chain(self.draft.entity)
            .chain(self.named_tables().into_iter().map(|(_, table)| table))
            .collect();
        let measured: Vec<TableId> = self
            .items
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Measure(expr) => {
                    Some(self.catalog.columns[*expr.columns().first()?].table)
                }
                _ => None,
            })
            .collect();
        let cost = |id: ColumnId| -> Option<usize> {
            let table = self.catalog.columns[id].table;
            named
                .iter()
                .chain(&measured)
                .enumerate()
                .filter_map(|(rank, &other)| Some(self.catalog.distance(other, table)? * 4 + rank))
                .min()
        };
        (0..self.catalog.columns.len())
            .filter(|&id| self.catalog.columns[id].is_time())
            .filter_map(|id| Some((cost(id)?, id)))
            .min()
            .map(|found| found.1)
    }

    /// Periods that no comparison took: "in March 2023", "last month".
    pub fn read_periods(&mut self) {
        for at in 0..self.items.len() {
            let ItemKind::Period(period) = self.items[at].kind.clone() else {
                continue;
            };
            if self.items[at].used {
                continue;
            }
            let until = match (
                self.cue(at + 1),
                self.items.get(at + 2).map(|item| item.kind.clone()),
            ) {
                (Some(Cue::And), Some(ItemKind::Period(end))) => Some(end),
                _ => None,
            };
            let mut period = period;
            if let Some(end) = until
                && let Some(between) = at
                    .checked_sub(1)
                    .filter(|&i| self.cue(i) == Some(Cue::Between))
            {
                self.use_item(between);
                self.use_item(at + 2);
                period.next = end.next;
            }
            let operator = at.checked_sub(1).and_then(|before| match self.cue(before) {
                Some(Cue::Compare(_)) => Some(before),
                _ => None,
            });
            let beside = self.time_column_beside(operator.unwrap_or(at));
            let Some(column) = beside.map(|b| b.1).or_else(|| self.time_column(at)) else {
                continue;
            };
            if let Some((item, _)) = beside {
                self.use_item(item);
            }
            self.use_item(at);
            let condition = self.period_condition(operator, column, period);
            let clause = self.items[at].clause;
            self.draft.filters.push(Filter {
                condition,
                column: Some(column),
                item: at,
                clause,
                or: false,
            });
        }
    }

    fn time_column_beside(&self, at: usize) -> Option<(usize, ColumnId)> {
        let before = (0..at).rev().find(|&i| !self.items[i].is_light())?;
        let column = self.column_where(before, |id| self.catalog.columns[id].is_time())?;
        (!self.items[before].used).then_some((before, column))
    }

    fn period_condition(
        &mut self,
        operator: Option<usize>,
        column: ColumnId,
        period: Period,
    ) -> Condition {
        let (first, next) = (period.first.to_string(), period.next.to_string());
        let Some(at) = operator else {
            return Condition::Within(column, Some(first), Some(next));
        };
        let word = self.lower(at).to_owned();
        self.use_item(at);
        match word.as_str() {
            "since" | "from" => Condition::Within(column, Some(first), None),
            "before" | "prior" | "earlier" => Condition::Within(column, None, Some(first)),
            "until" | "up" => Condition::Within(column, None, Some(next)),
            _ => Condition::Within(column, Some(next), None),
        }
    }

    /// "by month", "per year", "monthly": rows are grouped by a part of their date.
    pub(super) fn part_at(&self, at: usize) -> Option<Target> {
        let item = self.items.get(at)?;
        if item.used
            || !matches!(
                item.kind,
                ItemKind::Unknown | ItemKind::Skip | ItemKind::Column(_)
            )
        {
            return None;
        }
        if item.columns().first().is_some_and(|column| column.1 > 0.9) {
            return None;
        }
        let part = dates::part(&self.tokens[item.from].lower)?;
        Some(Target::Part(part, self.time_column(at)?))
    }
}
