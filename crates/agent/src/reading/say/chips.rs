//! The parts of a query, each in words of its own: what [`super::restate`] says, in pieces that can be taken apart.

use super::text::{amount, capitalized, named_period, ordinal};
use super::words::{self, Words};
use super::{Grouped, has_other};
use crate::reading::data::{ColumnId, Data, EdgeId, TableId};
use crate::reading::query::{
    Condition, Expr, Having, Key, Measure, Operator, OrderBy, Query, Select,
};

/// Says parts of queries over one dataset.
pub struct Phrases<'d> {
    words: Words<'d>,
}

impl<'d> Phrases<'d> {
    pub fn new(data: &'d Data) -> Self {
        Self {
            words: Words::new(data),
        }
    }

    /// Rows of the table: `Order items`.
    pub fn table(&self, table: TableId) -> String {
        capitalized(self.words.names.many(table))
    }

    pub fn column(&self, path: &[EdgeId], column: ColumnId) -> String {
        self.words.names.at(path, column)
    }

    pub fn expr(&self, expr: &Expr, base: TableId) -> String {
        self.words.expr(expr, base)
    }

    /// The rows of a query: how a list shows equal ones is said with them.
    pub fn rows(&self, query: &Query) -> String {
        let rows = self.table(query.rows.base);
        match &query.select {
            Select::List {
                distinct: true,
                shown,
            } if shown.len() == 1 => format!("{rows}, each value once"),
            Select::List { distinct: true, .. } => format!("{rows}, each combination once"),
            _ => rows,
        }
    }

    /// Whether the columns are all of the table, which is said in one.
    pub fn is_everything(&self, shown: &[Expr], base: TableId) -> bool {
        self.words.is_everything(shown, base)
    }

    /// A figure by itself.
    pub fn measure(&self, measure: &Measure, base: TableId) -> String {
        let said = self.words.measure(measure, base);
        capitalized(said.strip_prefix("the ").unwrap_or(&said))
    }

    /// A figure of a query, with what a window makes of it.
    pub fn measure_of(&self, query: &Query, at: usize) -> String {
        let Some((grouped, measure)) = self
            .grouped(query)
            .and_then(|grouped| Some((grouped.measures.get(at)?, grouped)))
            .map(|(measure, grouped)| (grouped, measure))
        else {
            return String::new();
        };
        let said = grouped.figure(measure);
        let hidden = if grouped.shows_figures() {
            ""
        } else {
            " (not shown)"
        };
        let said = said.strip_prefix("the ").unwrap_or(&said);
        format!("{}{hidden}", capitalized(said))
    }

    fn grouped<'q>(&'q self, query: &'q Query) -> Option<Grouped<'q, 'd>> {
        let Select::Group {
            keys,
            measures,
            window,
            show_measures,
            keep_empty,
        } = &query.select
        else {
            return None;
        };
        Some(Grouped {
            words: &self.words,
            query,
            keys,
            measures,
            window: *window,
            show_measures: *show_measures,
            keep_empty: *keep_empty,
        })
    }

    /// `by country`; a part of a time says of which.
    pub fn key(&self, key: &Key, base: TableId) -> String {
        format!("by {}", self.words.key(key, base))
    }

    /// A key of a query, with what becomes of groups without rows.
    pub fn key_of(&self, query: &Query, key: &Key) -> String {
        let said = self.key(key, query.rows.base);
        let keeps = self
            .grouped(query)
            .is_some_and(|grouped| grouped.begins_with_the_entity());
        if keeps {
            format!("{said}, also those without any")
        } else {
            said
        }
    }

    pub fn condition(&self, condition: &Condition, base: TableId) -> String {
        match condition {
            Condition::Within(time, from, next) => {
                let period = named_period(from.as_deref(), next.as_deref());
                match period {
                    Some(period) => format!("{}: {period}", self.words.reference(time)),
                    None => self.words.all(std::slice::from_ref(condition), base),
                }
            }
            other => self.words.all(std::slice::from_ref(other), base),
        }
    }

    pub fn having(
        &self,
        (measure, operator, right): &(Measure, Operator, Having),
        base: TableId,
    ) -> String {
        let left = self.words.measure(measure, base);
        let relation = words::relation(*operator, words::Kind::Number);
        let left = left.strip_prefix("the ").unwrap_or(&left);
        match right {
            Having::Number(number) => format!("{left} {relation} {}", amount(*number)),
            Having::Overall => format!("{left} {relation} that over all groups together"),
        }
    }

    /// `highest first` where there is one figure alone, else what comes so: `name (A to Z)`.
    pub fn order(&self, query: &Query, by: &OrderBy, descending: bool) -> String {
        let base = query.rows.base;
        match (self.grouped(query), by) {
            (Some(grouped), OrderBy::Measure(_)) if grouped.measures.len() == 1 => {
                let direction = if descending { "highest" } else { "lowest" };
                format!("{direction} first")
            }
            (Some(grouped), by) => {
                let said = grouped.by(by, descending);
                said.strip_prefix("the ").unwrap_or(&said).to_owned()
            }
            (None, OrderBy::Expr(expr)) => self.words.ordered(expr, descending, base),
            // Only groups have figures and keys.
            (None, OrderBy::Measure(_) | OrderBy::Key(_)) => String::new(),
        }
    }

    /// `first 10`, `3rd to 5th`; in each group where the places are counted there.
    pub fn limit(&self, query: &Query) -> Option<String> {
        let key = query.per.and_then(|at| match &query.select {
            Select::Group { keys, .. } => keys.get(at),
            Select::List { .. } => None,
        });
        let limit = query.limit.or(key.map(|_| 1))?;
        let mut said = first(limit, query.offset);
        if let Some(key) = key {
            said.push_str(&format!(
                " of each {}",
                self.words.key(key, query.rows.base)
            ));
        } else if query.ties {
            said.push_str(", with all that tie");
        }
        Some(said)
    }

    /// Whether the rows of some figure are not those of the query.
    pub fn has_other_rows(measures: &[Measure]) -> bool {
        measures.iter().any(has_other)
    }
}

/// Places of a result.
pub(super) fn first(limit: u64, offset: u64) -> String {
    match (limit, offset) {
        (limit, 0) => format!("first {limit}"),
        (1, _) => format!("{} only", ordinal(offset + 1)),
        _ => format!("{} to {}", ordinal(offset + 1), ordinal(offset + limit)),
    }
}
