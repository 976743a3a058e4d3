use chrono::{DateTime, NaiveDate, NaiveDateTime};
use ingest::ColumnType;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use schema_gen::ident::quote;
use schema_gen::model::{Column, Relationship, Table};
use serde_json::Value as Json;

use super::position;
use crate::dataset::NewRow;
use crate::dataset::sandbox::{MAX_LENGTH, message_of};
use crate::{Result, StoreError};

/// The row's values in the order of the table's columns; `number` is the row's place in the call, from 1.
pub(super) fn of_row(table: &Table, row: &NewRow, number: usize) -> Result<Vec<Value>> {
    if let Some(unknown) = row.keys().find(|name| position(table, name).is_none()) {
        return Err(StoreError::denied(
            "unknown_column",
            format!("row {number}: {} has no column {unknown}", table.name),
        ));
    }
    let values = table
        .columns
        .iter()
        .map(|column| {
            let json = row.get(&column.name).unwrap_or(&Json::Null);
            value(column, json).ok_or_else(|| wrong_type(column, json, number))
        })
        .collect::<Result<Vec<_>>>()?;
    let length: usize = values
        .iter()
        .map(|value| match value {
            Value::Text(text) => text.len(),
            _ => 8,
        })
        .sum();
    if length > MAX_LENGTH {
        return Err(StoreError::denied(
            "row_too_long",
            format!("row {number}: {length} bytes, more than the {MAX_LENGTH} allowed"),
        ));
    }
    Ok(values)
}

fn wrong_type(column: &Column, json: &Json, number: usize) -> StoreError {
    let shown: String = json.to_string().chars().take(60).collect();
    let expected = match column.column_type {
        ColumnType::Integer => "a whole number",
        ColumnType::Real | ColumnType::Decimal => "a number",
        ColumnType::Boolean => "true or false",
        ColumnType::Date => "a date such as 2026-01-31",
        ColumnType::Datetime => "a date and time such as 2026-01-31 13:05:00",
        ColumnType::Text => "text",
    };
    StoreError::denied(
        "wrong_type",
        format!(
            "row {number}, column {}: {shown} is not {expected}",
            column.name
        ),
    )
}

/// `None` where the JSON value is not of the column's type.
pub(in crate::dataset) fn value(column: &Column, json: &Json) -> Option<Value> {
    if json.is_null() {
        return Some(Value::Null);
    }
    match column.column_type {
        ColumnType::Integer => match json {
            Json::Number(number) => number.as_i64().map(Value::Integer),
            // Integers beyond 2^53 leave here as strings, so they may come as such.
            Json::String(text) => text
                .parse::<i64>()
                .ok()
                .filter(|number| number.unsigned_abs() > 1 << 53)
                .map(Value::Integer),
            _ => None,
        },
        ColumnType::Real | ColumnType::Decimal => json
            .as_number()
            .and_then(serde_json::Number::as_f64)
            .map(Value::Real),
        ColumnType::Boolean => match json {
            Json::Bool(truth) => Some(Value::Integer(i64::from(*truth))),
            Json::Number(number) => number
                .as_i64()
                .filter(|number| (0..=1).contains(number))
                .map(Value::Integer),
            _ => None,
        },
        ColumnType::Date => json
            .as_str()
            .and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .map(|date| Value::Text(date.format("%Y-%m-%d").to_string())),
        ColumnType::Datetime => json.as_str().and_then(datetime).map(Value::Text),
        ColumnType::Text => json
            .as_str()
            .filter(|text| !text.contains('\0'))
            .map(|text| Value::Text(text.to_owned())),
    }
}

/// With a blank between date and time and with seconds, as imported values have it.
fn datetime(text: &str) -> Option<String> {
    let spaced = text.replacen('T', " ", 1);
    if NaiveDateTime::parse_from_str(&spaced, "%Y-%m-%d %H:%M:%S%.f").is_ok()
        || DateTime::parse_from_str(&spaced, "%Y-%m-%d %H:%M:%S%.f%:z").is_ok()
    {
        return Some(spaced);
    }
    let full = format!("{spaced}:00");
    NaiveDateTime::parse_from_str(&full, "%Y-%m-%d %H:%M:%S")
        .is_ok()
        .then_some(full)
}

/// What a row that the database refuses does wrong, in words.
pub(super) fn constraint_in_words(error: &rusqlite::Error) -> String {
    let message = message_of(error);
    if let Some(columns) = message.strip_prefix("NOT NULL constraint failed: ") {
        return format!("{columns} must not be empty");
    }
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        return format!("{columns}: this value is there already");
    }
    message
}

/// The first of the table's `relationships` that leads `row` nowhere.
pub(in crate::dataset) fn without_partner<'a>(
    connection: &Connection,
    relationships: impl Iterator<Item = &'a Relationship>,
    table: &Table,
    row: &[Value],
) -> Result<Option<&'a Relationship>> {
    for relationship in relationships {
        let values: Vec<&Value> = relationship
            .from_columns
            .iter()
            .filter_map(|column| row.get(position(table, column)?))
            .collect();
        if values.contains(&&Value::Null) {
            continue;
        }
        let tests: Vec<String> = relationship
            .to_columns
            .iter()
            .map(|column| format!("{} = ?", quote(column)))
            .collect();
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {} WHERE {})",
            quote(&relationship.to_table),
            tests.join(" AND ")
        );
        let found: bool = connection
            .prepare_cached(&sql)?
            .query_row(params_from_iter(values), |found| found.get(0))?;
        if !found {
            return Ok(Some(relationship));
        }
    }
    Ok(None)
}
