//! Figures: over the rows or over rows of their own, one divided by another, or one of another.

use schema_gen::meaning::Role;

use super::super::data::TableId;
use super::super::frame::{Figure, Item, Of};
use super::super::query::{Aggregate, Condition, Expr, Function, Key, Measure, Ref, Rows};
use super::super::ratio;
use super::super::score::Feature;
use super::{Builder, Sum};

impl Builder<'_, '_> {
    pub(super) fn aggregate(&mut self, figure: &Figure, base: TableId) -> Option<Aggregate> {
        let data = self.reader.data;
        let mut filter = Vec::new();
        for cond in &figure.only {
            let column = self.column_of(cond)?;
            let reference = self.expr_of(base, column, 0)?;
            filter.push(self.plain(cond, &reference, base)?);
        }
        let (function, expr) = match &figure.of {
            Of::Rows(table) => {
                if *table == base && figure.function != Some(Function::CountDistinct) {
                    (Function::Count, None)
                } else {
                    let identity = data.identity(*table);
                    let column = *identity.first()?;
                    let reference = self.expr_of(base, column, 0)?;
                    (Function::CountDistinct, Some(Expr::Column(reference)))
                }
            }
            Of::Column(column) => {
                let reference = self.expr_of(base, *column, 0)?;
                let info = &data.columns[*column];
                let function = figure.function.unwrap_or_else(|| match info.role {
                    role if role.is_additive() => Function::Sum,
                    // "the most complaints" by the time at which they were raised: how many.
                    Role::Time => Function::Count,
                    _ => Function::Average,
                });
                // Identifiers and dates have no sum and no mean.
                let is_reckoned = !matches!(
                    function,
                    Function::Count
                        | Function::CountDistinct
                        | Function::Minimum
                        | Function::Maximum
                );
                if is_reckoned
                    && (info.is_foreign || matches!(info.role, Role::Identifier | Role::Time))
                {
                    return None;
                }
                (function, Some(Expr::Column(reference)))
            }
            Of::Duration(earlier, later, unit) => {
                let earlier = self.expr_of(base, *earlier, 0)?;
                let later = match later {
                    Some(later) => Some(self.expr_of(base, *later, 0)?),
                    None => None,
                };
                (
                    figure.function.unwrap_or(Function::Average),
                    Some(Expr::Duration {
                        earlier,
                        later,
                        unit: *unit,
                    }),
                )
            }
            Of::Product(one, two) => {
                let one = self.expr_of(base, *one, 0)?;
                let two = self.expr_of(base, *two, 0)?;
                (
                    figure.function.unwrap_or(Function::Sum),
                    Some(Expr::Product(
                        Box::new(Expr::Column(one)),
                        Box::new(Expr::Column(two)),
                    )),
                )
            }
        };
        Some(Aggregate {
            function,
            expr,
            filter,
        })
    }

    pub(super) fn measure(
        &mut self,
        sum: &Sum,
        base: TableId,
        conditions: &[Condition],
        keys: &[Key],
    ) -> Option<Measure> {
        match sum {
            Sum::One(figure, place) => {
                // "Average revenue" does not say of what: of lines, of orders, of months.
                let says_of_what = self
                    .frame
                    .items
                    .get(*place)
                    .is_none_or(|(_, span)| span.1 > span.0 + 1)
                    || self.frame.has(|item| matches!(item, Item::Entity(_)));
                if figure.function == Some(Function::Average)
                    && matches!(figure.of, Of::Product(..))
                    && !says_of_what
                {
                    self.features.add(Feature::Unsure, 1.0);
                }
                self.one(figure, base, conditions, keys)
            }
            Sum::Two(over, under, percent, _) => {
                // What somebody named costs what its first figure does: the rest is no guess.
                let is_named = ratio::is_named(self.reader.data, over, under);
                let over = self.one(over, base, conditions, keys)?;
                let features = self.features.clone();
                let under = self.one(under, base, conditions, keys)?;
                if is_named {
                    self.features = features;
                } else {
                    self.features.add(Feature::RatioUsed, 1.0);
                }
                Some(Measure::Ratio {
                    over: Box::new(over),
                    under: Box::new(under),
                    percent: *percent,
                })
            }
            Sum::Nested(outer, inner, _) => {
                self.features.add(Feature::PerEntity, 1.0);
                let inner = self.aggregate(inner, base)?;
                if !self.over.is_empty() {
                    return Some(Measure::PerGroup {
                        outer: *outer,
                        inner,
                        group: self.over.clone(),
                    });
                }
                // Over what is averaged: what was named of what the rows refer to, else the first of it.
                let named = |table: TableId| {
                    self.frame
                        .has(|item| matches!(item, Item::Entity(known) if *known == table))
                };
                let edges = &self.reader.data.edges;
                let of_parts = keys
                    .iter()
                    .any(|key| matches!(key.by.first(), Some(Expr::Part(..))));
                let edge = edges
                    .iter()
                    .find(|edge| edge.from == base && named(edge.to))
                    .or_else(|| {
                        // "average number of orders per day" names nothing but the day.
                        edges.iter().find(|edge| edge.from == base && !of_parts)
                    })?;
                let group = edge
                    .from_columns
                    .iter()
                    .map(|&column| Expr::Column(Ref::own(column)))
                    .collect();
                self.features.add(Feature::Unsure, 1.0);
                Some(Measure::PerGroup {
                    outer: *outer,
                    inner,
                    group,
                })
            }
        }
    }

    /// A figure over the base, or over rows of its own where its table lies elsewhere.
    pub(super) fn one(
        &mut self,
        figure: &Figure,
        base: TableId,
        conditions: &[Condition],
        keys: &[Key],
    ) -> Option<Measure> {
        let data = self.reader.data;
        let table = self.reader.data.table_of(&figure.of);
        let is_count_of_other = matches!(figure.of, Of::Rows(other) if other != base);
        let reached = table == base || !data.paths_up(base, table).is_empty();
        let distinct = figure.function == Some(Function::CountDistinct);
        if table == base || (reached && (is_count_of_other || distinct || !self.adds_up(figure))) {
            return Some(Measure::Aggregate(self.aggregate(figure, base)?));
        }
        self.features.add(Feature::TwoFigures, 1.0);
        let mut own_keys = Vec::new();
        for key in keys {
            for expr in &key.by {
                let Expr::Column(reference) = expr else {
                    return None;
                };
                let target = data.columns[reference.column].table;
                let path = self.up(table, target, 0)?;
                own_keys.push(Expr::Column(Ref {
                    path,
                    column: reference.column,
                }));
            }
        }
        // Conditions hold for these rows, too, where they can.
        let mut own_conditions = Vec::new();
        for condition in conditions {
            if let Some(condition) = self.moved(condition, table) {
                own_conditions.push(condition);
            }
        }
        let aggregate = self.aggregate(figure, table)?;
        Some(Measure::Other {
            rows: Rows {
                base: table,
                conditions: own_conditions,
            },
            aggregate,
            keys: own_keys,
        })
    }

    /// All but a column named without a function whose values do not add up.
    fn adds_up(&self, figure: &Figure) -> bool {
        match (figure.function, &figure.of) {
            (None, Of::Column(column)) => self.reader.data.columns[*column].role.is_additive(),
            _ => true,
        }
    }

    /// The same condition seen from another table, where its column is reached from there.
    fn moved(&mut self, condition: &Condition, table: TableId) -> Option<Condition> {
        let data = self.reader.data;
        match condition {
            Condition::In(reference, values, negated) => {
                let path = self.up(table, data.columns[reference.column].table, 0)?;
                Some(Condition::In(
                    Ref {
                        path,
                        column: reference.column,
                    },
                    values.clone(),
                    *negated,
                ))
            }
            Condition::Within(reference, from, to) => {
                let target = data.columns[reference.column].table;
                let reference = if target == table || !data.paths_up(table, target).is_empty() {
                    let path = self.up(table, target, 0)?;
                    Ref {
                        path,
                        column: reference.column,
                    }
                } else {
                    Ref::own(data.tables[table].time?)
                };
                Some(Condition::Within(reference, from.clone(), to.clone()))
            }
            Condition::Compare(Expr::Column(reference), operator, value) => {
                let path = self.up(table, data.columns[reference.column].table, 0)?;
                Some(Condition::Compare(
                    Expr::Column(Ref {
                        path,
                        column: reference.column,
                    }),
                    *operator,
                    value.clone(),
                ))
            }
            _ => None,
        }
    }
}
