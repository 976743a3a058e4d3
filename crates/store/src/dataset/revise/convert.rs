//! A stored value as one of another type. No file says how it is written: it is what the database has.

use ingest::ColumnType;
use rusqlite::types::Value;
use schema_gen::model::Column;
use schema_gen::type_name;
use serde_json::Value as Json;

use crate::dataset::write::values;

/// Whole numbers up to here are exact as doubles.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The value as the column would have it, or why it is none of it.
pub(super) fn convert(value: &Value, from: ColumnType, to: &Column) -> Result<Value, String> {
    if from == to.column_type || *value == Value::Null {
        return Ok(value.clone());
    }
    let text = written(value, from);
    if to.column_type == ColumnType::Text {
        return Ok(Value::Text(text));
    }
    let found = json(value, &text, from, to.column_type).and_then(|json| values::value(to, &json));
    found.ok_or_else(|| format!("\"{text}\" is not {}", type_name(to.column_type)))
}

pub(super) fn written(value: &Value, column_type: ColumnType) -> String {
    match (value, column_type) {
        (Value::Integer(0), ColumnType::Boolean) => "false".to_owned(),
        (Value::Integer(1), ColumnType::Boolean) => "true".to_owned(),
        (Value::Integer(number), _) => number.to_string(),
        (Value::Real(number), _) => number.to_string(),
        (Value::Text(text), _) => text.clone(),
        (Value::Null | Value::Blob(_), _) => String::new(),
    }
}

fn json(value: &Value, text: &str, from: ColumnType, to: ColumnType) -> Option<Json> {
    let trimmed = text.trim();
    match to {
        ColumnType::Integer => match value {
            Value::Integer(number) => Some(Json::from(*number)),
            Value::Real(number) if number.fract() == 0.0 && number.abs() < EXACT => {
                Some(Json::from(*number as i64))
            }
            Value::Text(_) => trimmed.parse::<i64>().ok().map(Json::from),
            _ => None,
        },
        ColumnType::Real | ColumnType::Decimal => match value {
            Value::Integer(number) => Some(Json::from(*number)),
            Value::Real(number) => Some(Json::from(*number)),
            Value::Text(_) => trimmed
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .map(Json::from),
            _ => None,
        },
        ColumnType::Boolean => match value {
            Value::Integer(number) => Some(Json::from(*number)),
            _ => match trimmed.to_ascii_lowercase().as_str() {
                "true" | "1" => Some(Json::from(true)),
                "false" | "0" => Some(Json::from(false)),
                _ => None,
            },
        },
        ColumnType::Date if from == ColumnType::Datetime => {
            let date = trimmed.strip_suffix(" 00:00:00")?;
            Some(Json::from(date))
        }
        ColumnType::Datetime if from == ColumnType::Date => {
            Some(Json::from(format!("{trimmed} 00:00:00")))
        }
        ColumnType::Date | ColumnType::Datetime | ColumnType::Text => Some(Json::from(trimmed)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::dataset::load::tests::column;

    fn converted(value: impl Into<Value>, from: ColumnType, to: &str) -> Result<Value, String> {
        convert(&value.into(), from, &column(&format!("x {to}")))
    }

    #[test]
    fn values_that_mean_the_same_in_another_type_are_kept() {
        use ColumnType::{Boolean, Date, Datetime, Integer, Real, Text};
        for (value, from, to, expected) in [
            (Value::Integer(7), Integer, "TEXT", Value::Text("7".into())),
            (
                Value::Integer(1),
                Boolean,
                "TEXT",
                Value::Text("true".into()),
            ),
            (
                Value::Text(" 7 ".into()),
                Text,
                "INTEGER",
                Value::Integer(7),
            ),
            (Value::Real(7.0), Real, "INTEGER", Value::Integer(7)),
            (Value::Integer(7), Integer, "DECIMAL", Value::Real(7.0)),
            (
                Value::Text("2026-01-31".into()),
                Date,
                "DATETIME",
                Value::Text("2026-01-31 00:00:00".into()),
            ),
            (
                Value::Text("2026-01-31 00:00:00".into()),
                Datetime,
                "DATE",
                Value::Text("2026-01-31".into()),
            ),
            (Value::Null, Text, "INTEGER", Value::Null),
        ] {
            assert_eq!(
                converted(value.clone(), from, to),
                Ok(expected),
                "{value:?}"
            );
        }
    }

    #[test]
    fn a_value_that_would_change_its_meaning_is_none() {
        use ColumnType::{Datetime, Integer, Real, Text};
        let reason = converted(7.5, Real, "INTEGER").unwrap_err();
        assert_eq!(reason, "\"7.5\" is not INTEGER");
        assert!(converted("x".to_owned(), Text, "REAL").is_err());
        assert!(converted("inf".to_owned(), Text, "REAL").is_err());
        assert!(converted(2, Integer, "BOOLEAN").is_err());
        assert!(converted("2026-01-31 08:00:00".to_owned(), Datetime, "DATE").is_err());
        assert!(converted("31.01.2026".to_owned(), Text, "DATE").is_err());
    }
}
