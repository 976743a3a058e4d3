//! Figures that every business has a word for, where a table holds what they are made of.

use super::{Metric, MetricFunction, Origin, Role, Said, TableMeaning};
use crate::Schema;
use crate::names::split_words;

/// What people call the money that sales bring, and customers spend.
const REVENUE: &[&str] = &["sales", "turnover", "income", "earnings", "spend"];

/// What one buys at a time.
const BASKETS: &[&str] = &[
    "order",
    "sale",
    "purchase",
    "receipt",
    "basket",
    "transaction",
];

/// Revenue: a column that says so, an amount paid or invoiced, or quantity times unit price; and what one order brings,
/// where its lines are what revenue is made of.
pub fn propose(schema: &Schema, tables: &[TableMeaning]) -> Vec<Metric> {
    let mut metrics = revenue(tables);
    let per_order = metrics
        .first()
        .and_then(|revenue| of_one_order(schema, revenue));
    metrics.extend(per_order);
    metrics
}

fn of_one_order(schema: &Schema, revenue: &Metric) -> Option<Metric> {
    let (order, kind) = schema
        .relationships
        .iter()
        .filter(|relation| {
            relation.from_table == revenue.table && relation.to_table != revenue.table
        })
        .find_map(|relation| {
            let words = split_words(&relation.to_table);
            let last = words.last()?.trim_end_matches('s').to_owned();
            BASKETS
                .contains(&last.as_str())
                .then(|| (relation.to_table.clone(), last))
        })?;
    let said = |word: &str| Said {
        word: word.into(),
        source: Origin::Data,
    };
    // As retailers say (https://en.wikipedia.org/wiki/Average_order_value).
    let short = (kind == "order").then(|| said("aov"));
    Some(Metric {
        name: format!("average {kind} value"),
        words: short.into_iter().collect(),
        per: Some(order),
        ..revenue.clone()
    })
}

fn revenue(tables: &[TableMeaning]) -> Vec<Metric> {
    let named = tables
        .iter()
        .flat_map(|table| &table.columns)
        .any(|column| {
            let words = split_words(&column.column);
            words
                .iter()
                .any(|word| word == "revenue" || word == "turnover")
        });
    if named {
        return Vec::new();
    }
    let product = tables.iter().find_map(|table| {
        let quantity = table.columns.iter().find(|column| {
            column.role == Role::Quantity
                && split_words(&column.column)
                    .iter()
                    .any(|word| matches!(word.as_str(), "quantity" | "qty" | "units" | "pieces"))
        })?;
        let price = table.columns.iter().find(|column| {
            column.role == Role::Price
                && split_words(&column.column)
                    .iter()
                    .any(|word| word == "price")
        })?;
        Some((table, vec![quantity.column.clone(), price.column.clone()]))
    });
    let paid = tables.iter().find_map(|table| {
        let paid = table.columns.iter().find(|column| {
            let words = split_words(&column.column);
            let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
            column.role == Role::Additive
                && has(&["total", "net", "gross"])
                && (has(&["paid", "amount", "price", "value"]) || words.len() == 1)
        })?;
        Some((table, vec![paid.column.clone()]))
    });
    let invoiced = tables
        .iter()
        .filter(|table| table.time.is_some())
        .find_map(|table| {
            let of_sales = split_words(&table.table).iter().any(|word| {
                matches!(
                    word.trim_end_matches('s'),
                    "invoice" | "sale" | "order" | "payment" | "receipt" | "transaction"
                )
            });
            let amount = table.columns.iter().find(|column| {
                column.role == Role::Additive
                    && split_words(&column.column)
                        .iter()
                        .any(|word| matches!(word.as_str(), "amount" | "amt" | "total" | "value"))
            })?;
            of_sales.then(|| (table, vec![amount.column.clone()]))
        });
    let Some((table, columns)) = paid.or(product).or(invoiced) else {
        return Vec::new();
    };
    vec![Metric {
        name: "revenue".into(),
        words: REVENUE
            .iter()
            .map(|word| Said {
                word: (*word).into(),
                source: Origin::Data,
            })
            .collect(),
        table: table.table.clone(),
        function: MetricFunction::Sum,
        columns,
        per: None,
        source: Origin::Data,
    }]
}
