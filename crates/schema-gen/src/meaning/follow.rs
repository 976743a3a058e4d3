//! What a person says of tables and columns goes on under their new names, when a schema takes the place of another one.

use super::edits::is_same;
use super::{ColumnEdits, Edits, MetricEdit, MetricFunction, TableEdits};
use crate::Schema;
use crate::difference::{Matching, TableMatch};

impl Edits {
    /// The same for `after`, and in words what of it has nothing left to be said of.
    pub fn follow(
        &self,
        before: &Schema,
        after: &Schema,
        matching: &Matching,
    ) -> (Self, Vec<String>) {
        let mut followed = Followed {
            before,
            after,
            matching,
            dropped: Vec::new(),
        };
        let tables = self.tables.iter();
        let tables = tables.filter_map(|edits| followed.table(edits)).collect();
        let metrics = self.metrics.iter();
        let mut metrics: Vec<MetricEdit> = metrics
            .filter_map(|metric| followed.metric(self, metric))
            .collect();
        // A metric that is divided by one that is gone is none either.
        loop {
            let gone = |per: &String| {
                let was = self.metrics.iter().any(|own| is_same(&own.name, per));
                was && !metrics.iter().any(|own| is_same(&own.name, per))
            };
            let Some(place) = metrics
                .iter()
                .position(|metric| metric.per.as_ref().is_some_and(gone))
            else {
                break;
            };
            let metric = metrics.remove(place);
            followed.drop(format!("the metric “{}”", metric.name));
        }
        let edits = Self {
            tables,
            metrics,
            without_metrics: self.without_metrics.clone(),
        };
        (edits, followed.dropped)
    }
}

struct Followed<'a> {
    before: &'a Schema,
    after: &'a Schema,
    matching: &'a Matching,
    dropped: Vec<String>,
}

/// A column by its places, in a table that is there before and after.
#[derive(Clone, Copy)]
struct Place {
    before: usize,
    after: usize,
}

impl Followed<'_> {
    fn drop(&mut self, what: String) {
        self.dropped.push(what);
    }

    /// The table's places and its match.
    fn find(&self, name: &str) -> Option<(Place, &TableMatch)> {
        let before = self.before.tables.iter();
        let before = before
            .map(|table| &table.name)
            .position(|own| own == name)?;
        let found = self.matching.table(before)?;
        let after = found.after?;
        Some((Place { before, after }, found))
    }

    fn table_name(&self, name: &str) -> Option<String> {
        let (place, _) = self.find(name)?;
        Some(self.after.tables[place.after].name.clone())
    }

    fn column_places(&self, table: &str, column: &str) -> Option<(Place, Place)> {
        let (place, found) = self.find(table)?;
        let columns = self.before.tables[place.before].columns.iter();
        let before = columns.map(|own| &own.name).position(|own| own == column)?;
        let after = found.column(before)?;
        Some((place, Place { before, after }))
    }

    fn column(&self, table: &str, column: &str) -> Option<String> {
        let (table, column) = self.column_places(table, column)?;
        Some(
            self.after.tables[table.after].columns[column.after]
                .name
                .clone(),
        )
    }

    fn is_retyped(&self, table: &str, column: &str) -> bool {
        self.column_places(table, column)
            .is_some_and(|(table, column)| {
                self.before.tables[table.before].columns[column.before].column_type
                    != self.after.tables[table.after].columns[column.after].column_type
            })
    }

    fn table(&mut self, edits: &TableEdits) -> Option<TableEdits> {
        let table = &edits.table;
        let Some(name) = self.table_name(table) else {
            self.drop(format!("what is said of the table {table}"));
            return None;
        };
        let label = edits.label.as_ref().and_then(|label| {
            let columns = label.iter().map(|column| self.column(table, column));
            let columns: Option<Vec<String>> = columns.collect();
            if columns.is_none() {
                self.drop(format!("the label of {table}"));
            }
            columns
        });
        let time = match &edits.time {
            Some(Some(column)) => {
                let found = self
                    .column(table, column)
                    .filter(|_| !self.is_retyped(table, column));
                if found.is_none() {
                    self.drop(format!("the time of {table}"));
                }
                found.map(Some)
            }
            other => other.clone(),
        };
        let columns = edits.columns.iter();
        let columns = columns
            .filter_map(|column| self.column_edits(table, column))
            .collect();
        Some(TableEdits {
            table: name,
            label,
            time,
            words: edits.words.clone(),
            columns,
        })
    }

    fn column_edits(&mut self, table: &str, edits: &ColumnEdits) -> Option<ColumnEdits> {
        let Some(name) = self.column(table, &edits.column) else {
            self.drop(format!("what is said of {table}.{}", edits.column));
            return None;
        };
        let mut edits = ColumnEdits {
            column: name,
            ..edits.clone()
        };
        let before = self.before_name(table, &edits.column);
        if before.is_some_and(|before| self.is_retyped(table, &before))
            && (edits.role.is_some() || edits.unit.is_some() || edits.yes.is_some())
        {
            // It may fit the other type no more.
            self.drop(format!("the role of {table}.{}", edits.column));
            (edits.role, edits.unit, edits.yes) = (None, None, None);
        }
        Some(edits)
    }

    /// The name before of a column of today's name.
    fn before_name(&self, table: &str, column: &str) -> Option<String> {
        let (place, found) = self.find(table)?;
        let columns = self.after.tables[place.after].columns.iter();
        let after = columns.map(|own| &own.name).position(|own| own == column)?;
        let before = found.column_before(after)?;
        Some(
            self.before.tables[place.before].columns[before]
                .name
                .clone(),
        )
    }

    fn metric(&mut self, all: &Edits, metric: &MetricEdit) -> Option<MetricEdit> {
        let counts = matches!(
            metric.function,
            MetricFunction::Count | MetricFunction::CountDistinct
        );
        let followed = self.table_name(&metric.table).and_then(|table| {
            let columns = metric.columns.iter().map(|column| {
                let fits = counts || !self.is_retyped(&metric.table, column);
                self.column(&metric.table, column).filter(|_| fits)
            });
            let per = match &metric.per {
                // The name of another metric, or of a table.
                Some(per) if all.metrics.iter().any(|own| is_same(&own.name, per)) => {
                    Some(per.clone())
                }
                Some(per) if self.before.table(per).is_some() => Some(self.table_name(per)?),
                other => other.clone(),
            };
            Some(MetricEdit {
                table,
                columns: columns.collect::<Option<_>>()?,
                per,
                ..metric.clone()
            })
        });
        if followed.is_none() {
            self.drop(format!("the metric “{}”", metric.name));
        }
        followed
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use ingest::ColumnType;
    use serde_json::json;

    use super::*;
    use crate::testing::shop;

    fn edits() -> Edits {
        serde_json::from_value(json!({
            "tables": [{"table": "customers", "label": ["email"], "words": ["clients"]},
                {"table": "orders", "time": "ordered", "columns": [{"column": "total", "unit": "EUR", "words": ["worth"]}]}],
            "metrics": [{"name": "revenue", "table": "orders", "function": "sum", "columns": ["total"]},
                {"name": "revenue per client", "table": "orders", "function": "sum", "columns": ["total"], "per": "customers"},
                {"name": "share", "table": "orders", "function": "count", "per": "revenue"}]}))
        .unwrap()
    }

    fn followed(after: &Schema) -> (Edits, Vec<String>) {
        let (before, _) = shop();
        edits().follow(&before, after, &Matching::of(&before, after))
    }

    #[test]
    fn words_and_metrics_go_on_under_new_names() {
        let (mut after, _) = shop();
        after.tables[0].name = "people".to_owned();
        after.tables[0].columns[1].name = "mail".to_owned();
        after.tables[1].columns[3].name = "amount".to_owned();
        let (edits, dropped) = followed(&after);
        assert!(dropped.is_empty(), "{dropped:?}");
        assert_eq!(edits.tables[0].table, "people");
        assert_eq!(edits.tables[0].label, Some(vec!["mail".to_owned()]));
        assert_eq!(edits.tables[1].columns[0].column, "amount");
        assert_eq!(edits.metrics[0].columns, ["amount"]);
        assert_eq!(edits.metrics[1].per.as_deref(), Some("people"));
    }

    #[test]
    fn what_was_said_of_a_column_that_is_gone_is_dropped_and_named() {
        let (mut after, _) = shop();
        after.tables[1].columns.pop();
        after.tables[0].columns.remove(1);
        let (edits, dropped) = followed(&after);
        assert!(edits.metrics.is_empty());
        assert_eq!(edits.tables[0].label, None);
        assert_eq!(edits.tables[0].words, ["clients"]);
        assert_eq!(
            dropped,
            [
                "the label of customers",
                "what is said of orders.total",
                "the metric “revenue”",
                "the metric “revenue per client”",
                "the metric “share”"
            ]
        );
    }

    #[test]
    fn a_unit_and_sums_do_not_outlive_the_type_of_their_column_but_words_do() {
        let (mut after, _) = shop();
        after.tables[1].columns[3].column_type = ColumnType::Text;
        let (edits, dropped) = followed(&after);
        assert_eq!(edits.tables[1].columns[0].unit, None);
        assert_eq!(edits.tables[1].columns[0].words, ["worth"]);
        assert_eq!(dropped[0], "the role of orders.total");
        assert!(edits.metrics.is_empty());
    }
}
