//! What people here call things, as a prompt says it: only what somebody said, for the rest stands in the names. The same
//! for every question, so that a server keeps its work on it.

use std::fmt::Write as _;

use schema_gen::meaning::{
    ColumnMeaning, Meaning, Metric, MetricFunction, Origin, Role, Said, TableMeaning,
};

use super::schema::quoted;
use crate::sql_name::written as name;

/// Most characters, about 500 tokens.
const MAX_CHARS: usize = 1_500;

/// Lines that go after the schema; empty where nobody said anything.
pub fn terms_text(meaning: &Meaning) -> String {
    let mut lines: Vec<String> = Vec::new();
    let own = meaning.metrics.iter();
    for metric in own.filter(|metric| metric.source != Origin::Data) {
        lines.push(metric_line(metric, meaning));
    }
    for table in &meaning.tables {
        lines.extend(table_line(table));
        for column in &table.columns {
            lines.extend(column_line(table, column));
        }
    }
    let mut text = String::new();
    let mut left = MAX_CHARS;
    for line in lines {
        let length = line.chars().count();
        if length > left {
            break;
        }
        left -= length;
        let _ = write!(text, "\n- {line}");
    }
    if text.is_empty() {
        return text;
    }
    format!("\n\nWhat words mean here:{text}")
}

/// `AOV or basket: SUM(orders.amount) divided by the number of orders`
fn metric_line(metric: &Metric, meaning: &Meaning) -> String {
    let names = std::iter::once(metric.name.as_str());
    let names: Vec<_> = names.chain(others(&metric.words)).collect();
    let mut line = format!("{}: {}", names.join(" or "), figure(metric));
    if let Some(under) = &metric.per {
        let under = meaning
            .metric(under)
            .map_or_else(|| format!("the number of {}", name(under)), figure);
        let _ = write!(line, " divided by {under}");
    }
    line
}

fn figure(metric: &Metric) -> String {
    let table = name(&metric.table);
    let columns = metric.columns.iter();
    let columns: Vec<_> = columns
        .map(|column| format!("{table}.{}", name(column)))
        .collect();
    let of = columns.join(" * ");
    match metric.function {
        MetricFunction::Sum => format!("SUM({of})"),
        MetricFunction::Average => format!("AVG({of})"),
        MetricFunction::Count => format!("the number of {table}"),
        MetricFunction::CountDistinct => format!("COUNT(DISTINCT {of})"),
        MetricFunction::Minimum => format!("MIN({of})"),
        MetricFunction::Maximum => format!("MAX({of})"),
    }
}

fn table_line(table: &TableMeaning) -> Option<String> {
    let mut parts = also(&table.words);
    if let (Some(time), true) = (&table.time, table.time_source != Origin::Data) {
        parts.push(format!("dated by {}", name(time)));
    }
    if table.label_source != Origin::Data {
        let label: Vec<_> = table.label.iter().map(|column| name(column)).collect();
        parts.push(format!("named by {}", label.join(", ")));
    }
    line(&name(&table.table), &parts)
}

fn column_line(table: &TableMeaning, column: &ColumnMeaning) -> Option<String> {
    let mut parts = also(&column.words);
    if let (Some(unit), true) = (&column.unit, column.unit_source != Origin::Data) {
        parts.push(format!("in {unit}"));
    }
    if let (Some(yes), true) = (&column.yes, column.yes_source != Origin::Data) {
        parts.push(format!("{} means yes", quoted(yes)));
    }
    if column.role_source != Origin::Data && matches!(column.role, Role::Price | Role::Level) {
        parts.push("averaged, never summed".to_owned());
    }
    line(
        &format!("{}.{}", name(&table.table), name(&column.column)),
        &parts,
    )
}

fn line(what: &str, parts: &[String]) -> Option<String> {
    (!parts.is_empty()).then(|| format!("{what}: {}", parts.join("; ")))
}

fn also(words: &[Said]) -> Vec<String> {
    let others: Vec<_> = others(words).collect();
    if others.is_empty() {
        Vec::new()
    } else {
        vec![format!("also called {}", others.join(", "))]
    }
}

fn others(words: &[Said]) -> impl Iterator<Item = &str> {
    words
        .iter()
        .filter(|said| said.source != Origin::Data)
        .map(|said| said.word.as_str())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;
    use crate::testing::{FakeDataset, knowledge};

    fn told(edits: serde_json::Value) -> String {
        let known = knowledge(&FakeDataset::default());
        let edits = serde_json::from_value(edits).unwrap();
        terms_text(&known.edited(&edits).meaning)
    }

    #[test]
    fn what_nobody_said_is_not_told() {
        assert_eq!(told(json!({})), "");
    }

    #[test]
    fn what_somebody_said_is_told_in_a_line_each() {
        let edits = json!({
            "tables": [{"table": "orders", "words": ["deals"], "columns": [
                {"column": "total", "role": "level", "unit": "EUR", "words": ["takings"]}]}],
            "metrics": [{"name": "AOV", "words": ["basket"], "table": "orders", "function": "sum",
                "columns": ["total"], "per": "orders"}]});
        assert_eq!(
            told(edits),
            "\n\nWhat words mean here:\n\
             - AOV or basket: SUM(orders.total) divided by the number of orders\n\
             - orders: also called deals\n\
             - orders.total: also called takings; in EUR; averaged, never summed"
        );
    }

    #[test]
    fn it_has_an_end() {
        let metric = |number: usize| json!({"name": format!("figure number {number}"), "table": "orders", "function": "count"});
        let many: Vec<_> = (0..50).map(metric).collect();
        let text = told(json!({"metrics": many}));
        assert!(text.chars().count() <= MAX_CHARS + 200, "{text}");
        assert!(text.contains("figure number 0") && !text.contains("figure number 49"));
    }
}
