//! The role of each column. Names come first, then types and what is stored.

use ingest::ColumnType;

use super::{ColumnMeaning, ColumnStats, Origin, Role, Said};
use crate::Schema;
use crate::model::{Column, Table};
use crate::names::split_words;

/// Most distinct values of a category.
const MAX_CATEGORIES: u64 = 200;
/// Longer texts are sentences.
const MAX_LABEL_CHARS: u64 = 120;

const IDENTIFIERS: &[&str] = &[
    "id",
    "ids",
    "uuid",
    "guid",
    "key",
    "pk",
    "fk",
    "no",
    "nr",
    "num",
    "number",
    "code",
    "cd",
    "isbn",
    "sku",
    "ean",
    "iban",
    "ssn",
    "vin",
    "ref",
    "reference",
    "hash",
    "token",
    "zip",
    "postcode",
    "phone",
    "tel",
    "telephone",
    "fax",
    "mobile",
    "plate",
];
const COORDINATES: &[&str] = &["latitude", "longitude", "lat", "lon", "lng"];
const ORDINALS: &[&str] = &[
    "level", "grade", "rank", "position", "floor", "class", "group", "tier", "stage", "round",
    "season", "week", "month", "quarter", "day", "hour", "weekday", "line", "step", "priority",
    "version", "order", "seq", "sequence", "index", "row", "term", "semester", "zone", "ward",
    "district", "track", "lane", "gate", "platform", "shift", "bin",
];
const PRICES: &[&str] = &[
    "price", "fee", "tariff", "fare", "rent", "wage", "salary", "msrp",
];
const LEVELS: &[&str] = &[
    "age",
    "rating",
    "score",
    "rate",
    "ratio",
    "percent",
    "percentage",
    "pct",
    "share",
    "avg",
    "average",
    "mean",
    "median",
    "temperature",
    "temp",
    "height",
    "width",
    "depth",
    "speed",
    "limit",
    "target",
    "index",
    "gpa",
    "bmi",
    "density",
    "margin",
    "humidity",
    "pressure",
    "latency",
    "voltage",
    "altitude",
    "elevation",
    "capacity",
    "horsepower",
    "mpg",
    "efficiency",
    "probability",
    "confidence",
    "expectancy",
    "satisfaction",
    "stars",
    "star",
];
const QUANTITIES: &[&str] = &[
    "qty",
    "quantity",
    "count",
    "units",
    "pieces",
    "items",
    "seats",
    "copies",
    "votes",
    "tickets",
    "number",
    "num",
    "visits",
    "clicks",
    "goals",
    "points",
    "wins",
    "losses",
    "attendance",
    "population",
    "stock",
];
const AMOUNTS: &[&str] = &[
    "amount", "amt", "total", "sum", "revenue", "sales", "cost", "costs", "spend", "budget",
    "profit", "income", "expense", "expenses", "discount", "tax", "balance", "value", "hours",
    "minutes", "seconds", "days", "duration", "weight", "volume", "distance", "kwh", "mrr",
    "payment", "paid", "subtotal", "net", "gross", "bytes", "area",
];
const PER: &[&str] = &["unit", "per", "hourly", "daily", "list", "each"];
const UNITS: &[&str] = &[
    "kg", "g", "lb", "lbs", "km", "m", "cm", "mm", "mi", "miles", "kwh", "kw", "mw", "eur", "usd",
    "gbp", "chf", "min", "minutes", "mins", "hours", "hrs", "h", "sec", "seconds", "ms", "days",
    "weeks", "months", "years", "pct", "percent", "c", "f", "mb", "gb", "kb", "l", "ml", "sqft",
    "m2", "sqm",
];
const YES: &[&str] = &[
    "yes", "y", "true", "t", "1", "ja", "oui", "si", "sí", "wahr", "x", "on",
];
const NO: &[&str] = &[
    "no", "n", "false", "f", "0", "nein", "non", "falsch", "off", "-", "",
];

pub fn of_columns(schema: &Schema, table: &Table, stats: &[ColumnStats]) -> Vec<ColumnMeaning> {
    table
        .columns
        .iter()
        .zip(stats)
        .map(|(column, stats)| {
            let words = split_words(&column.name);
            ColumnMeaning {
                column: column.name.clone(),
                role: role(schema, table, column, stats, &words),
                role_source: Origin::Data,
                unit: unit(column, &words),
                unit_source: Origin::Data,
                yes: yes(column, stats, &words),
                yes_source: Origin::Data,
                words: Said::of_model(&column.words),
            }
        })
        .collect()
}

fn has(words: &[String], list: &[&str]) -> bool {
    words.iter().any(|word| list.contains(&word.as_str()))
}

/// Whether its values name rows of another table.
pub fn refers(schema: &Schema, table: &Table, column: &Column) -> bool {
    column.references.is_some()
        || schema.relationships.iter().any(|relation| {
            relation.from_table == table.name && relation.from_columns.contains(&column.name)
        })
}

pub fn is_number(column: &Column) -> bool {
    matches!(
        column.column_type,
        ColumnType::Integer | ColumnType::Real | ColumnType::Decimal
    )
}

fn role(
    schema: &Schema,
    table: &Table,
    column: &Column,
    stats: &ColumnStats,
    words: &[String],
) -> Role {
    let refers = refers(schema, table, column);
    let is_key = table.primary_key == [column.name.as_str()];
    match column.column_type {
        ColumnType::Date | ColumnType::Datetime => return Role::Time,
        ColumnType::Boolean => return Role::Flag,
        _ => {}
    }
    if refers {
        return Role::Identifier;
    }
    if yes(column, stats, words).is_some() {
        return Role::Flag;
    }
    if is_number(column) {
        return if is_key && named_like_identifier(words) {
            Role::Identifier
        } else {
            number_role(table, column, stats, words, is_key)
        };
    }
    text_role(table, column, stats, words, is_key)
}

/// A key of one column that is named for something else may still be what people ask for (`name`, `year`).
fn named_like_identifier(words: &[String]) -> bool {
    words
        .last()
        .is_some_and(|word| IDENTIFIERS.contains(&word.as_str()))
}

fn number_role(
    table: &Table,
    column: &Column,
    stats: &ColumnStats,
    words: &[String],
    is_key: bool,
) -> Role {
    let last = words.last().map_or("", String::as_str);
    let whole = column.column_type == ColumnType::Integer || stats.whole;
    if has(words, COORDINATES) {
        return Role::Coordinate;
    }
    let within = |low: f64, high: f64| {
        stats.min.is_some_and(|min| min >= low) && stats.max.is_some_and(|max| max <= high)
    };
    if whole && (words.iter().any(|word| word == "year") || last == "yr") && within(1000.0, 2200.0)
    {
        return Role::Year;
    }
    let unique = stats.distinct + stats.nulls >= stats.rows && stats.rows > 1;
    if is_key || (table.primary_key.contains(&column.name) && whole) {
        return if has(words, AMOUNTS) && !is_key {
            Role::Additive
        } else {
            Role::Identifier
        };
    }
    if matches!(
        last,
        "id" | "ids" | "uuid" | "key" | "code" | "cd" | "zip" | "phone" | "postcode"
    ) {
        return Role::Identifier;
    }
    // "price paid" is what came of it, and adds up.
    if has(words, PRICES) && matches!(last, "paid" | "charged" | "collected" | "received") {
        return Role::Additive;
    }
    if has(words, PRICES) || (has(words, PER) && has(words, AMOUNTS)) {
        return Role::Price;
    }
    // A visit's number stands in each row of the visit; "number" may be how many.
    let is_numbered = matches!(last, "no" | "nr") && words.len() > 1;
    if whole && (is_numbered || matches!(last, "no" | "nr" | "number" | "num") && unique) {
        return Role::Identifier;
    }
    if has(words, LEVELS) {
        return Role::Level;
    }
    if has(words, QUANTITIES) && whole {
        return Role::Quantity;
    }
    if has(words, AMOUNTS) {
        return Role::Additive;
    }
    if whole && has(words, ORDINALS) {
        return Role::Ordinal;
    }
    if whole && within(1900.0, 2100.0) && stats.distinct > 1 && stats.distinct < 150 {
        return Role::Year;
    }
    if !whole {
        return Role::Additive;
    }
    Role::Quantity
}

fn text_role(
    table: &Table,
    column: &Column,
    stats: &ColumnStats,
    words: &[String],
    is_key: bool,
) -> Role {
    let filled = stats.rows.saturating_sub(stats.nulls);
    let last = words.last().map_or("", String::as_str);
    let named = matches!(last, "name" | "nm" | "title" | "label" | "names" | "ttl");
    if stats.max_length > MAX_LABEL_CHARS {
        return Role::Text;
    }
    let unique = filled > 1 && stats.distinct >= filled;
    if named {
        return if stats.distinct * 4 <= filled && stats.distinct <= MAX_CATEGORIES {
            Role::Category
        } else {
            Role::Label
        };
    }
    if has(
        words,
        &[
            "email", "mail", "url", "address", "adr", "website", "link", "phone", "iban",
        ],
    ) {
        return Role::Identifier;
    }
    if is_key || table.primary_key.contains(&column.name) || column.is_unique() {
        return if named_like_identifier(words) || looks_coded(stats) {
            Role::Identifier
        } else {
            Role::Label
        };
    }
    if unique && filled > 20 {
        return if named_like_identifier(words) || looks_coded(stats) {
            Role::Identifier
        } else if stats.max_length > 60 {
            Role::Text
        } else {
            Role::Label
        };
    }
    if stats.distinct <= MAX_CATEGORIES {
        return Role::Category;
    }
    if stats.max_length > 60 {
        Role::Text
    } else if looks_coded(stats) {
        Role::Identifier
    } else {
        Role::Label
    }
}

/// Most of the values hold digits and no blank, like `INV-2024-001`.
fn looks_coded(stats: &ColumnStats) -> bool {
    let coded = stats
        .top
        .iter()
        .filter(|value| value.chars().any(|letter| letter.is_ascii_digit()) && !value.contains(' '))
        .count();
    coded * 2 > stats.top.len()
}

/// The stored text that means yes, where the column holds nothing but yes and no.
fn yes(column: &Column, stats: &ColumnStats, words: &[String]) -> Option<String> {
    if column.column_type == ColumnType::Boolean {
        return Some("1".into());
    }
    if stats.distinct == 0 || stats.distinct > 4 || stats.top.len() as u64 != stats.distinct {
        return None;
    }
    let lower: Vec<String> = stats
        .top
        .iter()
        .map(|value| value.trim().to_lowercase())
        .collect();
    let known = lower
        .iter()
        .all(|value| YES.contains(&value.as_str()) || NO.contains(&value.as_str()));
    if !known {
        return None;
    }
    let numeric = lower.iter().all(|value| value == "0" || value == "1");
    // Zeros and ones count things as often as they answer.
    if numeric && stats.distinct < 2 && !has(words, &["is", "has", "flag", "flg", "active"]) {
        return None;
    }
    if numeric && has(words, QUANTITIES) {
        return None;
    }
    // `t` and `f`, `m` and `f`: a lone letter needs its counterpart.
    let yes = stats
        .top
        .iter()
        .zip(&lower)
        .find(|(_, value)| YES.contains(&value.as_str()))
        .map(|(value, _)| value.trim().to_owned());
    match yes {
        Some(yes) => Some(yes),
        None if lower.iter().all(|value| value == "no" || value == "false") => {
            Some(if lower[0] == "no" { "yes" } else { "true" }.to_owned())
        }
        None => None,
    }
}

fn unit(column: &Column, words: &[String]) -> Option<String> {
    let last = words.last()?;
    (is_number(column) && words.len() > 1 && UNITS.contains(&last.as_str())).then(|| last.clone())
}
