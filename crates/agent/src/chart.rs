//! The chart that fits a result's shape, if one does.

use schema_gen::meaning::Role;
use serde_json::Value as Json;
use store::dataset::{QueryResult, ResultColumn};

use crate::event::{Chart, ChartKind};
use crate::reading::data::Data;

/// More bars than this cannot be read.
const MAX_BARS: usize = 50;
/// More parts than this belong in a bar chart.
const MAX_PARTS: usize = 6;
const MAX_SERIES: usize = 4;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    Time,
    Category,
    /// Numbers that name something: ids, postcodes.
    Key,
    Empty,
}

/// The question without its wish for a chart ("as a pie chart", "line chart of …"), and the kind it names. A chart that is
/// spoken of as data stays.
pub fn asked(question: &str) -> (String, Option<ChartKind>) {
    let words: Vec<&str> = question.split_whitespace().collect();
    let plain = |at: usize| -> String {
        let word = words.get(at).copied().unwrap_or_default().to_lowercase();
        word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
    };
    for at in 0..words.len() {
        if !matches!(plain(at).as_str(), "chart" | "graph" | "plot" | "diagram") {
            continue;
        }
        let mut from = at;
        let kind = (from > 0).then(|| kind_named(&plain(from - 1))).flatten();
        from -= usize::from(kind.is_some());
        let has_article = from > 0 && matches!(plain(from - 1).as_str(), "a" | "an" | "the");
        from -= usize::from(has_article);
        let begins = from > 0 && matches!(plain(from - 1).as_str(), "as" | "in" | "on" | "with");
        from -= usize::from(begins);
        let mut to = at + 1;
        let is_of = from == 0 && plain(to) == "of";
        to += usize::from(is_of);
        let ends = to >= words.len() || is_of;
        if !(begins && has_article || kind.is_some() && ends) {
            continue;
        }
        // "show it as a bar chart"
        let verb = |word: &str| {
            matches!(
                word,
                "show"
                    | "draw"
                    | "plot"
                    | "make"
                    | "display"
                    | "it"
                    | "them"
                    | "this"
                    | "that"
                    | "me"
                    | "please"
                    | "and"
                    | "now"
            )
        };
        if ends && !is_of && (0..from).all(|at| verb(&plain(at))) {
            from = 0;
        }
        let mut kept: Vec<&str> = words[..from].to_vec();
        kept.extend(&words[to..]);
        return (kept.join(" "), kind);
    }
    (question.trim().to_owned(), None)
}

fn kind_named(word: &str) -> Option<ChartKind> {
    Some(match word {
        "pie" | "donut" | "doughnut" => ChartKind::Pie,
        "bar" | "column" => ChartKind::Bar,
        "line" => ChartKind::Line,
        "area" => ChartKind::Area,
        "scatter" => ChartKind::Scatter,
        _ => return None,
    })
}

/// The chart that fits, or the kind that was asked for where the result can be drawn at all. What a column of the dataset
/// is for is read from its meaning; identifiers are never drawn as numbers.
pub fn choose_as(result: &QueryResult, data: &Data, asked: Option<ChartKind>) -> Option<Chart> {
    let role = |name: &str| {
        let tables = data
            .tables
            .iter()
            .filter(|table| result.tables.contains(&table.name));
        let mut columns = tables.flat_map(|table| &table.columns);
        let found =
            columns.find(|&&column| data.columns[column].name.eq_ignore_ascii_case(name))?;
        Some(data.columns[*found].role)
    };
    let roles: Vec<_> = result
        .columns
        .iter()
        .map(|column| role(&column.name))
        .collect();
    let chart = choose(result, &roles)?;
    match asked {
        Some(kind) if chart.x.is_some() => Some(Chart { kind, ..chart }),
        _ => Some(chart),
    }
}

/// Chooses by the columns' kinds: one number, a number for each date, for each name, or two numbers against each other.
fn choose(result: &QueryResult, roles: &[Option<Role>]) -> Option<Chart> {
    let shapes: Vec<_> = (0..result.columns.len())
        .map(|index| shape(result, index, roles.get(index).copied().flatten()))
        .collect();
    let names = |wanted: Shape| {
        let columns = result.columns.iter().zip(&shapes);
        let found = columns.filter(move |(_, shape)| **shape == wanted);
        found
            .map(|(column, _)| column.name.clone())
            .collect::<Vec<_>>()
    };
    let mut numbers = names(Shape::Number);
    numbers.truncate(MAX_SERIES);
    let first = |wanted: Shape| names(wanted).into_iter().next();
    if result.rows.len() == 1 && result.columns.len() == 1 {
        let is_number = shapes
            .first()
            .is_some_and(|shape| matches!(shape, Shape::Number | Shape::Key));
        return is_number.then(|| {
            chart(
                ChartKind::Number,
                None,
                vec![result.columns[0].name.clone()],
            )
        });
    }
    if result.rows.len() < 2 || numbers.is_empty() || has_duplicate_names(&result.columns) {
        return None;
    }
    if let Some(time) = first(Shape::Time) {
        return Some(chart(ChartKind::Line, Some(time), numbers));
    }
    if let Some(category) = first(Shape::Category) {
        if result.rows.len() > MAX_BARS {
            return None;
        }
        let kind = if is_share(result, &numbers) {
            ChartKind::Pie
        } else {
            ChartKind::Bar
        };
        return Some(chart(kind, Some(category), numbers));
    }
    if let (Some(key), true) = (first(Shape::Key), result.rows.len() <= MAX_BARS) {
        return Some(chart(ChartKind::Bar, Some(key), numbers));
    }
    let [x, y] = numbers.as_slice() else {
        return None;
    };
    Some(chart(ChartKind::Scatter, Some(x.clone()), vec![y.clone()]))
}

fn chart(kind: ChartKind, x: Option<String>, y: Vec<String>) -> Chart {
    Chart { kind, x, y }
}

fn has_duplicate_names(columns: &[ResultColumn]) -> bool {
    let mut names: Vec<_> = columns.iter().map(|column| &column.name).collect();
    names.sort();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

fn shape(result: &QueryResult, index: usize, role: Option<Role>) -> Shape {
    let column = &result.columns[index];
    let mut cells = result
        .rows
        .iter()
        .map(|row| &row[index])
        .filter(|cell| !cell.is_null())
        .peekable();
    if cells.peek().is_none() {
        return Shape::Empty;
    }
    let name = column.name.to_ascii_lowercase();
    if cells.clone().all(Json::is_number) {
        match role {
            Some(Role::Identifier | Role::Ordinal | Role::Flag | Role::Category | Role::Label) => {
                return Shape::Key;
            }
            Some(Role::Year | Role::Time) => return Shape::Time,
            Some(_) => return Shape::Number,
            None => {}
        }
        let words: Vec<_> = name.split(|c: char| !c.is_alphanumeric()).collect();
        return if words
            .iter()
            .any(|word| matches!(*word, "year" | "month" | "quarter" | "week"))
        {
            Shape::Time
        } else if words
            .iter()
            .any(|word| matches!(*word, "id" | "key" | "code" | "zip" | "postcode"))
        {
            Shape::Key
        } else {
            Shape::Number
        };
    }
    if cells.all(|cell| cell.as_str().is_some_and(is_date)) {
        return Shape::Time;
    }
    Shape::Category
}

/// `2024`, `2024-03`, `2024-03-01`, with or without a time.
fn is_date(text: &str) -> bool {
    let date = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<_> = date.split('-').collect();
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    match parts.as_slice() {
        [year] => digits(year, 4),
        [year, month] => digits(year, 4) && (digits(month, 2) || month.starts_with('Q')),
        [year, month, day] => digits(year, 4) && digits(month, 2) && digits(day, 2),
        _ => false,
    }
}

/// Few parts of a whole: one positive number for each name, and the column says that it is a share.
fn is_share(result: &QueryResult, numbers: &[String]) -> bool {
    let [number] = numbers else { return false };
    let name = number.to_ascii_lowercase();
    let says_so = ["share", "percent", "pct", "proportion"]
        .iter()
        .any(|word| name.contains(word));
    let index = result
        .columns
        .iter()
        .position(|column| column.name == *number);
    let positive = index.is_some_and(|index| {
        result
            .rows
            .iter()
            .all(|row| row[index].as_f64().is_some_and(|value| value > 0.0))
    });
    says_so && positive && result.rows.len() <= MAX_PARTS && result.columns.len() == 2
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;
    use serde_json::json;

    fn kind_of(columns: &[&str], rows: Json) -> Option<ChartKind> {
        let rows: Vec<Vec<Json>> = serde_json::from_value(rows).unwrap();
        let column = |name: &&str| ResultColumn {
            name: (*name).into(),
            column_type: "ANY".into(),
        };
        let result = QueryResult {
            columns: columns.iter().map(column).collect(),
            row_count: rows.len() as u64,
            rows,
            truncated: false,
            elapsed_ms: 0.0,
            tables: vec![],
        };
        choose(&result, &[]).map(|chart| chart.kind)
    }

    #[test]
    fn follows_the_shape_of_the_result() {
        use ChartKind::{Bar, Line, Number, Pie, Scatter};
        assert_eq!(kind_of(&["n"], json!([[412]])), Some(Number));
        assert_eq!(
            kind_of(&["name", "total"], json!([["a", 1], ["b", 2]])),
            Some(Bar)
        );
        assert_eq!(
            kind_of(&["month", "total"], json!([["2024-01", 1], ["2024-02", 2]])),
            Some(Line)
        );
        assert_eq!(
            kind_of(&["year", "total"], json!([[2023, 1], [2024, 2]])),
            Some(Line)
        );
        assert_eq!(
            kind_of(&["height", "weight"], json!([[1, 1], [2, 2]])),
            Some(Scatter)
        );
        assert_eq!(
            kind_of(&["kind", "share"], json!([["a", 0.4], ["b", 0.6]])),
            Some(Pie)
        );
    }

    #[test]
    fn a_wish_for_a_chart_is_told_from_the_question() {
        use ChartKind::{Bar, Line, Pie};
        let told = |question: &str| asked(question);
        assert_eq!(told("as a pie chart"), (String::new(), Some(Pie)));
        assert_eq!(told("Show it as a bar chart."), (String::new(), Some(Bar)));
        assert_eq!(
            told("orders by month as a line chart"),
            ("orders by month".into(), Some(Line))
        );
        assert_eq!(
            told("Pie chart of orders by status"),
            ("orders by status".into(), Some(Pie))
        );
        let data = "Which songs reached the chart in 2020?";
        assert_eq!(told(data), (data.into(), None));
    }

    #[test]
    fn draws_nothing_where_nothing_can_be_read() {
        assert_eq!(kind_of(&["name"], json!([["a"], ["b"]])), None);
        assert_eq!(kind_of(&["name", "total"], json!([])), None);
        assert_eq!(kind_of(&["name"], json!([["a"]])), None);
        assert_eq!(
            kind_of(&["name", "n"], json!(vec![json!(["a", 1]); 60])),
            None
        );
        assert_eq!(kind_of(&["a", "a"], json!([["x", 1], ["y", 2]])), None);
    }
}
