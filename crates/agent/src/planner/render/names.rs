//! Names for computed columns, so that nobody has to read `SUM("order_items"."quantity" * …)` over a column of figures.

use crate::link::catalog::Catalog;
use crate::planner::query::{Expr, Function, Part, Query};

/// A name for each selected expression; `None` where its own is best, or where two would be the same.
pub fn of(query: &Query, catalog: &Catalog, fans_out: bool) -> Vec<Option<String>> {
    let mut names: Vec<Option<String>> = query
        .select
        .iter()
        .map(|expr| name(expr, query, catalog, fans_out))
        .collect();
    for index in 1..names.len() {
        if names[..index].contains(&names[index]) {
            names[index] = None;
        }
    }
    names
}

fn name(expr: &Expr, query: &Query, catalog: &Catalog, fans_out: bool) -> Option<String> {
    let column = |id: usize| catalog.columns[id].name.clone();
    Some(match expr {
        Expr::Column(_) | Expr::All(_) | Expr::Product(..) => return None,
        Expr::CountRows if fans_out => "number_of_rows".to_owned(),
        Expr::CountRows => format!("number_of_{}", catalog.tables[query.root].name),
        Expr::CountEntities(table) => format!("number_of_{}", catalog.tables[*table].name),
        Expr::CountDistinct(id) => format!("different_{}", column(*id)),
        Expr::Aggregate(function, inner) => match inner.as_ref() {
            Expr::Column(id) => format!("{}_{}", word(*function), column(*id)),
            _ => word(*function).to_owned(),
        },
        Expr::DatePart(part, _) => part_word(*part).to_owned(),
    })
}

fn word(function: Function) -> &'static str {
    match function {
        Function::Sum => "total",
        Function::Average => "average",
        Function::Minimum => "lowest",
        Function::Maximum => "highest",
    }
}

fn part_word(part: Part) -> &'static str {
    match part {
        Part::Year => "year",
        Part::Quarter => "quarter",
        Part::Month => "month",
        Part::Week => "week",
        Part::Weekday => "weekday",
        Part::Day => "day",
    }
}
