//! What a statement leaves out without being asked: rows whose reference is empty or leads nowhere, values that are empty; and
//! what it counts more than once.

use super::words::Words;
use crate::reading::data::EdgeId;
use crate::reading::query::{
    Aggregate, Condition, Expr, Function, Measure, Operator, OrderBy, Query, Ref, Rows, Select,
};

impl Words<'_> {
    pub(super) fn left_out(&self, query: &Query) -> Vec<String> {
        let (refs, found) = self.touched(query);
        let mut said = self.references(&refs);
        for note in found {
            if !said.contains(&note) {
                said.push(note);
            }
        }
        said
    }

    /// Where a join leads to a key that several rows have, each of them is met.
    pub(super) fn met_twice(&self, query: &Query) -> Vec<String> {
        let (refs, _) = self.touched(query);
        let mut said = Vec::new();
        for reference in &refs {
            for &edge in self.joined(reference) {
                let edge = &self.data.edges[edge];
                if edge.repeated_rows == 0 {
                    continue;
                }
                let key: Vec<&str> = edge
                    .to_columns
                    .iter()
                    .map(|&column| self.data.columns[column].name.as_str())
                    .collect();
                let table = &self.data.tables[edge.to].name;
                let (rows, verb) = match edge.repeated_rows {
                    1 => ("1 row".to_owned(), "repeats"),
                    many => (format!("{many} rows"), "repeat"),
                };
                let note = format!(
                    "{rows} of {table} {verb} another's {}, and what belongs to it counts for each",
                    key.join(", ")
                );
                if !said.contains(&note) {
                    said.push(note);
                }
            }
        }
        said
    }

    /// The columns whose joins may lose or repeat rows, and the notes on values that are empty.
    fn touched(&self, query: &Query) -> (Vec<Ref>, Vec<String>) {
        let mut found = Vec::new();
        let mut refs = Vec::new();
        for condition in &query.rows.conditions {
            loose(condition, false, &mut refs);
        }
        if let Select::Group {
            keys,
            measures,
            keep_empty,
            ..
        } = &query.select
        {
            let alone = matches!(keys.as_slice(), [key] if key.entity.is_some());
            // Where the statement starts from the key's own table no row of it is lost.
            let starts_there = alone && (*keep_empty || measures.iter().any(super::has_other));
            for key in keys.iter().filter(|_| !starts_there) {
                for expr in key.by.iter().chain(&key.shown) {
                    of_expr(expr, &mut refs);
                }
            }
            for (by, _) in &query.order {
                if let OrderBy::Expr(expr) = by {
                    of_expr(expr, &mut refs);
                }
            }
            let figures = measures
                .iter()
                .chain(query.having.iter().map(|(measure, ..)| measure));
            for measure in figures {
                self.of_measure(measure, &mut refs, &mut found);
            }
        }
        (refs, found)
    }

    /// Rows that a join along the ways of these columns leaves out.
    fn references(&self, refs: &[Ref]) -> Vec<String> {
        let mut said = Vec::new();
        for reference in refs {
            let path = self.joined(reference);
            for (at, &edge) in path.iter().enumerate() {
                let edge_info = &self.data.edges[edge];
                let is_partial = edge_info.orphan_rows > 0
                    || edge_info
                        .from_columns
                        .iter()
                        .any(|&column| self.data.columns[column].stats.nulls > 0);
                if !is_partial {
                    continue;
                }
                let start = self.data.edges[path[0]].from;
                let note = format!(
                    "{} without {}",
                    self.names.many(start),
                    self.names.way(&path[..=at])
                );
                if !said.contains(&note) {
                    said.push(note);
                }
            }
        }
        said
    }

    /// The joins that the column needs: a key stands in the referring row as well.
    fn joined<'r>(&self, reference: &'r Ref) -> &'r [EdgeId] {
        let mut path = reference.path.as_slice();
        let mut column = reference.column;
        while let Some((&last, rest)) = path.split_last() {
            let edge = &self.data.edges[last];
            let Some(at) = edge.to_columns.iter().position(|&to| to == column) else {
                break;
            };
            column = edge.from_columns[at];
            path = rest;
        }
        path
    }

    fn of_measure(&self, measure: &Measure, refs: &mut Vec<Ref>, found: &mut Vec<String>) {
        match measure {
            Measure::Aggregate(inner) => self.of_aggregate(inner, refs, found),
            Measure::Ratio { over, under, .. } => {
                self.of_measure(over, refs, found);
                self.of_measure(under, refs, found);
            }
            Measure::Difference(one, two) | Measure::Growth(one, two) => {
                self.of_measure(one, refs, found);
                self.of_measure(two, refs, found);
            }
            Measure::PerGroup { inner, group, .. } => {
                self.of_aggregate(inner, refs, found);
                for expr in group {
                    of_expr(expr, refs);
                }
            }
            Measure::Other {
                rows,
                aggregate,
                keys,
                ..
            } => self.of_other(rows, aggregate, keys, found),
        }
    }

    /// Rows of their own lose their own.
    fn of_other(&self, rows: &Rows, aggregate: &Aggregate, keys: &[Expr], found: &mut Vec<String>) {
        let mut refs = Vec::new();
        for condition in &rows.conditions {
            loose(condition, false, &mut refs);
        }
        for expr in keys {
            of_expr(expr, &mut refs);
        }
        let mut own = Vec::new();
        self.of_aggregate(aggregate, &mut refs, &mut own);
        found.extend(self.references(&refs));
        found.extend(own);
    }

    fn of_aggregate(&self, aggregate: &Aggregate, refs: &mut Vec<Ref>, found: &mut Vec<String>) {
        // A filter chooses, but its joins leave out for every figure.
        for condition in &aggregate.filter {
            every(condition, refs);
        }
        let Some(expr) = &aggregate.expr else {
            return;
        };
        let mut own = Vec::new();
        of_expr(expr, &mut own);
        if aggregate.function != Function::Count {
            for reference in own.iter().filter(|reference| self.is_nullable(reference)) {
                found.push(format!("where {} is empty", self.reference(reference)));
            }
        }
        refs.append(&mut own);
    }
}

fn of_expr(expr: &Expr, refs: &mut Vec<Ref>) {
    match expr {
        Expr::Column(reference) | Expr::Part(_, reference) => refs.push(reference.clone()),
        Expr::Product(one, two) => {
            of_expr(one, refs);
            of_expr(two, refs);
        }
        Expr::Duration { earlier, later, .. } => {
            refs.push(earlier.clone());
            refs.extend(later.clone());
        }
        Expr::Holds(conditions) => {
            for condition in conditions {
                every(condition, refs);
            }
        }
    }
}

fn every(condition: &Condition, refs: &mut Vec<Ref>) {
    loose(condition, true, refs);
}

/// Columns of conditions that could hold without the joined row, so that the join alone leaves it out.
fn loose(condition: &Condition, all: bool, refs: &mut Vec<Ref>) {
    match condition {
        Condition::In(reference, _, negated) | Condition::Like(reference, _, negated)
            if *negated || all =>
        {
            refs.push(reference.clone());
        }
        Condition::Null(reference, is_null) if *is_null || all => refs.push(reference.clone()),
        Condition::Within(reference, ..) | Condition::PartIs(_, reference, _) if all => {
            refs.push(reference.clone());
        }
        Condition::Compare(expr, operator, _) if all || *operator == Operator::NotEqual => {
            of_expr(expr, refs);
        }
        Condition::Between(expr, ..)
        | Condition::Average { expr, .. }
        | Condition::Extreme { expr, .. }
            if all =>
        {
            of_expr(expr, refs);
        }
        Condition::Columns(one, _, two) if all => {
            of_expr(one, refs);
            of_expr(two, refs);
        }
        Condition::Any(inner) => inner
            .iter()
            .for_each(|one| loose(one, all || inner.len() > 1, refs)),
        Condition::All(inner) => inner.iter().for_each(|one| loose(one, all, refs)),
        Condition::Not(inner) => loose(inner, true, refs),
        _ => {}
    }
}
