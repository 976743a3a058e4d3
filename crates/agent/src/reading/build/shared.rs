//! What rows have in common that differ: "countries with both a mountain above 5600 and one below 5200", "locations where no
//! cinema seats more than 800". One row cannot be both; a group of rows that have the same value can.

use super::super::frame::Cond;
use super::super::query::{
    Aggregate, Condition, Expr, Function, Having, Key, Measure, Operator, Query, Ref, Rows, Select,
    Value,
};
use super::{Builder, Sense};

impl Builder<'_, '_> {
    /// A list of values whose rows would have to meet two conditions that exclude each other becomes the values that have
    /// rows of either kind.
    pub(super) fn shared_by_apart(&self, query: Query, both: bool) -> Query {
        let Some((one, other)) = apart(&query.rows.conditions) else {
            return query;
        };
        let is_said = both
            || self.reader.tokens.iter().any(|token| {
                matches!(
                    token.lower.as_str(),
                    "shared" | "share" | "common" | "also" | "and"
                )
            });
        // Two periods are rather set beside each other.
        let of_time = matches!(query.rows.conditions[one], Condition::Within(..));
        if !is_said || of_time && !both {
            return query;
        }
        let Select::List { shown, .. } = &query.select else {
            return query;
        };
        let compared = [one, other].map(|at| of(&query.rows.conditions[at]));
        let shown: Vec<Expr> = shown
            .iter()
            .filter(|expr| {
                !compared
                    .iter()
                    .any(|of| matches!((expr, of), (Expr::Column(shown), Some(of)) if shown == *of))
            })
            .cloned()
            .collect();
        if shown.is_empty() || !shown.iter().all(|expr| self.repeats(expr)) {
            return query;
        }
        let having = [one, other].map(|at| {
            (
                rows_that(&query.rows.conditions[at]),
                Operator::GreaterOrEqual,
                Having::Number(1.0),
            )
        });
        let conditions = query
            .rows
            .conditions
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != one && *at != other)
            .map(|(_, condition)| condition.clone())
            .collect();
        groups(query.rows.base, conditions, shown, having.to_vec())
    }

    /// "locations where no cinema has a capacity over 800": values of whose rows none meets what is said of them.
    pub(super) fn having_no_row_that(&mut self, sense: &Sense) -> Option<Query> {
        let (table, at) = sense.conds.iter().find_map(|(cond, at, _)| match cond {
            Cond::Has {
                table,
                operator: Operator::Equal,
                count,
            } if *count == 0.0 => Some((*table, *at)),
            _ => None,
        })?;
        let data = self.reader.data;
        if sense.columns.is_empty()
            || !sense.orders.is_empty()
            || sense.entities.iter().any(|entity| entity.0 != table)
            || sense
                .columns
                .iter()
                .any(|(column, _)| data.columns[*column].table != table)
        {
            return None;
        }
        let (told, others): (Vec<_>, Vec<_>) = sense
            .conds
            .iter()
            .filter(|(_, place, _)| *place != at)
            .cloned()
            .partition(|(_, place, _)| *place > at);
        let of_table =
            |(cond, ..): &(Cond, usize, (usize, usize))| self.cond_table(cond) == Some(table);
        if told.is_empty() || !told.iter().all(of_table) {
            return None;
        }
        let shown: Vec<Expr> = sense
            .columns
            .iter()
            .map(|(column, _)| Expr::Column(Ref::own(*column)))
            .collect();
        if !shown.iter().all(|expr| self.repeats(expr)) {
            return None;
        }
        let filter = self.lower_all(table, &told)?;
        let conditions = self.lower_with_times(table, &others, sense)?;
        let none = Measure::Aggregate(Aggregate {
            function: Function::Count,
            expr: None,
            filter,
        });
        let having = vec![(none, Operator::Equal, Having::Number(0.0))];
        Some(groups(table, conditions, shown, having))
    }

    /// Whether several rows have the same value, so that a group of them means something.
    fn repeats(&self, expr: &Expr) -> bool {
        let Expr::Column(reference) = expr else {
            return false;
        };
        let info = &self.reader.data.columns[reference.column];
        !reference.path.is_empty() || !info.is_unique && info.role.is_dimension()
    }
}

fn groups(
    base: usize,
    conditions: Vec<Condition>,
    shown: Vec<Expr>,
    having: Vec<(Measure, Operator, Having)>,
) -> Query {
    let mut query = Query::list(base);
    query.rows = Rows { base, conditions };
    query.select = Select::Group {
        keys: shown
            .into_iter()
            .map(|expr| Key {
                by: vec![expr.clone()],
                shown: vec![expr],
                entity: None,
            })
            .collect(),
        measures: vec![having[0].0.clone()],
        window: None,
        show_measures: false,
        keep_empty: false,
    };
    query.having = having;
    query
}

fn rows_that(condition: &Condition) -> Measure {
    Measure::Aggregate(Aggregate {
        function: Function::Count,
        expr: None,
        filter: vec![condition.clone()],
    })
}

/// Positions of two conditions that no row meets at once.
pub(super) fn apart(conditions: &[Condition]) -> Option<(usize, usize)> {
    (0..conditions.len())
        .flat_map(|one| (one + 1..conditions.len()).map(move |other| (one, other)))
        .find(|&(one, other)| exclude_each_other(&conditions[one], &conditions[other]))
}

/// The column that a condition compares.
fn of(condition: &Condition) -> Option<&Ref> {
    match condition {
        Condition::In(of, _, false)
        | Condition::Within(of, ..)
        | Condition::Compare(Expr::Column(of), ..)
        | Condition::Between(Expr::Column(of), ..) => Some(of),
        _ => None,
    }
}

/// Whether no value meets both.
fn exclude_each_other(one: &Condition, other: &Condition) -> bool {
    if of(one).is_none() || of(one) != of(other) {
        return false;
    }
    if let (Condition::In(_, some, _), Condition::In(_, others, _)) = (one, other) {
        return !some.iter().any(|value| others.contains(value));
    }
    if let (Condition::Within(_, from, to), Condition::Within(_, other_from, other_to)) =
        (one, other)
    {
        let ends_before = |to: &Option<String>, from: &Option<String>| matches!((to, from), (Some(to), Some(from)) if to <= from);
        return ends_before(to, other_from) || ends_before(other_to, from);
    }
    match (bounds(one), bounds(other)) {
        (Some(one), Some(other)) => {
            let below = |one: &Bounds, other: &Bounds| {
                let ((high, has_high), (low, has_low)) = (one.high, other.low);
                // The same number, which one of them leaves out, is no common ground.
                high < low || high <= low && !(has_high && has_low)
            };
            below(&one, &other) || below(&other, &one)
        }
        _ => false,
    }
}

/// From where to where a comparison of numbers holds; each end with whether it belongs to it.
struct Bounds {
    low: (f64, bool),
    high: (f64, bool),
}

fn bounds(condition: &Condition) -> Option<Bounds> {
    let lowest = (f64::NEG_INFINITY, true);
    let highest = (f64::INFINITY, true);
    let (low, high) = match condition {
        Condition::Compare(_, operator, Value::Number(number)) => match operator {
            Operator::Equal => ((*number, true), (*number, true)),
            Operator::Less => (lowest, (*number, false)),
            Operator::LessOrEqual => (lowest, (*number, true)),
            Operator::Greater => ((*number, false), highest),
            Operator::GreaterOrEqual => ((*number, true), highest),
            Operator::NotEqual => return None,
        },
        Condition::Between(_, Value::Number(low), Value::Number(high)) => {
            ((*low, true), (*high, true))
        }
        _ => return None,
    };
    Some(Bounds { low, high })
}
