//! The query in plain words, for people to check what was answered.

use super::query::{Condition, Expr, Function, Operand, Operator, Part, Query};
use crate::link::catalog::{Catalog, ColumnId, TableId};

/// Describes queries over one schema.
pub struct Words<'a>(pub &'a Catalog);

impl Words<'_> {
    /// What is shown, per what, where, and in which order.
    pub fn restate(&self, query: &Query) -> String {
        let mut text = self.shown(query);
        if !query.group.is_empty() {
            let keys: Vec<String> = query.group.iter().map(|expr| self.group(expr)).collect();
            text = format!("{text} per {}", keys.join(" and "));
        }
        if !query.filters.is_empty() {
            text = format!("{text}, where {}", self.all(&query.filters, " and "));
        }
        if !query.having.is_empty() {
            text = format!("{text}, only with {}", self.all(&query.having, " and "));
        }
        if let Some(other) = &query.intersect {
            text = format!(
                "{text}, that are also found where {}",
                self.all(&other.filters, " and ")
            );
        }
        if let Some((expr, descending)) = query.order.first() {
            text = format!("{text}, {}", self.ordered(expr, *descending, query.limit));
        } else if let Some(limit) = query.limit {
            text = format!("{text}, first {limit}");
        }
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    }

    fn ordered(&self, expr: &Expr, descending: bool, limit: Option<u64>) -> String {
        let end = if descending { "highest" } else { "lowest" };
        match limit {
            Some(1) => format!("the one with the {end} {}", self.expr(expr)),
            Some(limit) => format!("the {limit} with the {end} {}", self.expr(expr)),
            None if descending => format!("ordered by {}, highest first", self.expr(expr)),
            None => format!("ordered by {}", self.expr(expr)),
        }
    }

    fn shown(&self, query: &Query) -> String {
        let parts: Vec<String> = query.select.iter().map(|expr| self.expr(expr)).collect();
        let list = parts.join(", ");
        let named = query
            .select
            .iter()
            .any(|expr| matches!(expr, Expr::CountEntities(table) if *table == query.root));
        let different = if query.distinct { "different " } else { "" };
        if named {
            format!("{different}{list}")
        } else {
            format!("{different}{list} of {}", self.table(query.root))
        }
    }

    fn table(&self, table: TableId) -> &str {
        &self.0.tables[table].name
    }

    fn column(&self, column: ColumnId) -> &str {
        &self.0.columns[column].name
    }

    /// A key column in a group stands for its table's rows.
    fn group(&self, expr: &Expr) -> String {
        if let Expr::Column(column) = expr
            && self.0.tables[self.0.columns[*column].table].primary_key == [*column]
        {
            return format!("row of {}", self.table(self.0.columns[*column].table));
        }
        self.expr(expr)
    }

    fn expr(&self, expr: &Expr) -> String {
        match expr {
            Expr::Column(column) => self.column(*column).to_owned(),
            Expr::All(_) => "all columns".into(),
            Expr::CountRows => "number of rows".into(),
            Expr::CountEntities(table) => format!("number of {}", self.table(*table)),
            Expr::CountDistinct(column) => format!("number of different {}", self.column(*column)),
            Expr::Aggregate(function, inner) => {
                let name = match function {
                    Function::Sum => "total",
                    Function::Average => "average",
                    Function::Minimum => "lowest",
                    Function::Maximum => "highest",
                };
                format!("{name} of {}", self.expr(inner))
            }
            Expr::Product(left, right) => {
                let table = self.table(self.0.columns[*left].table);
                format!("{table}.{} × {}", self.column(*left), self.column(*right))
            }
            Expr::DatePart(part, column) => {
                format!("{} of {}", part_name(*part), self.column(*column))
            }
        }
    }

    fn all(&self, conditions: &[Condition], glue: &str) -> String {
        let parts: Vec<String> = conditions.iter().map(|c| self.condition(c)).collect();
        parts.join(glue)
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Number(number) => format!("{number}"),
            Operand::Text(text) => format!("“{text}”"),
            Operand::Column(column) => self.column(*column).to_owned(),
            Operand::Query(query) => {
                let shown: Vec<String> = query.select.iter().map(|expr| self.expr(expr)).collect();
                format!("the {}", shown.join(", "))
            }
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Compare(left, operator, right) => {
                format!(
                    "{} {} {}",
                    self.expr(left),
                    relation(*operator),
                    self.operand(right)
                )
            }
            Condition::Between(left, low, high) => format!(
                "{} is from {} to {}",
                self.expr(left),
                self.operand(low),
                self.operand(high)
            ),
            Condition::Like(column, pattern, denied) => {
                let not = if *denied { "does not match" } else { "matches" };
                format!("{} {not} “{pattern}”", self.column(*column))
            }
            Condition::InQuery(column, query, denied) => {
                let not = if *denied { "is not one" } else { "is one" };
                format!("{} {not} of: {}", self.column(*column), self.restate(query))
            }
            Condition::IsNull(column, is_null) => {
                let not = if *is_null { "is missing" } else { "is known" };
                format!("{} {not}", self.column(*column))
            }
            Condition::Within(column, first, next) => {
                let first = first.as_ref().map(|day| format!("from {day}"));
                let next = next.as_ref().map(|day| format!("before {day}"));
                let both: Vec<String> = first.into_iter().chain(next).collect();
                format!("{} is {}", self.column(*column), both.join(" and "))
            }
            Condition::Related {
                to,
                wanted,
                conditions,
                ..
            } => {
                let with = if *wanted { "there are" } else { "there are no" };
                let mut text = format!("{with} {}", self.table(*to));
                if !conditions.is_empty() {
                    text = format!("{text} with {}", self.all(conditions, " and "));
                }
                text
            }
            Condition::Any(inner) => self.all(inner, " or "),
            Condition::Not(inner) => format!("not ({})", self.condition(inner)),
        }
    }
}

fn relation(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "is",
        Operator::NotEqual => "is not",
        Operator::Less => "is less than",
        Operator::LessOrEqual => "is at most",
        Operator::Greater => "is more than",
        Operator::GreaterOrEqual => "is at least",
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Year => "year",
        Part::Quarter => "quarter",
        Part::Month => "month",
        Part::Week => "week",
        Part::Weekday => "weekday",
        Part::Day => "day",
    }
}
