pub(crate) mod distinct;
mod hash;
pub(crate) mod histogram;
mod hyperloglog;
mod space_saving;

use serde::{Deserialize, Serialize};

use crate::{ColumnType, Dialect};

/// A value and how often it occurs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueCount {
    pub value: String,
    pub count: u64,
}

/// Rows whose value lies in `[low, high)`; the last bin includes `high`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistogramBin {
    pub low: f64,
    pub high: f64,
    pub count: u64,
}

/// A type that some values of a text column have, and how those are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearType {
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// As [`ColumnProfile::format`].
    pub format: Option<String>,
    /// How many of the values are of the type's kind.
    pub values: u64,
}

/// What all values of one column have in common.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnProfile {
    /// The header as the file has it, trimmed; `column_3` where it has none; made unique within the file.
    pub column: String,
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    pub null_count: u64,
    /// Exact up to a documented limit, above it an estimate (`distinct_exact` says which).
    pub distinct_count: u64,
    pub distinct_exact: bool,
    /// As canonical text of the type; numbers and dates by value, text by code point.
    pub min: Option<String>,
    pub max: Option<String>,
    /// Numbers only.
    pub mean: Option<f64>,
    /// Most frequent first, at most ten.
    pub top_values: Vec<ValueCount>,
    /// Numbers and dates (as days since 1970-01-01): at most 20 bins.
    pub histogram: Vec<HistogramBin>,
    /// No value occurs twice and none is null.
    pub is_unique: bool,
    /// How values are written where that matters: `DD.MM.YYYY`, `1.234,56`, `leading zeros`, `yes/no`, …
    pub format: Option<String>,
    /// Of a text column: what it would be but for some values, the likelier first; at most numbers and dates. Absent in
    /// profiles made before it was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<NearType>,
    /// Length of the values in characters.
    pub min_length: u64,
    pub max_length: u64,
}

impl ColumnProfile {
    /// How the column's values are written where it is read as `column_type`; what no value shows is left to the dialect.
    pub fn format_for(&self, column_type: ColumnType) -> Option<&str> {
        if self.column_type != ColumnType::Text || column_type == ColumnType::Text {
            return self.format.as_deref();
        }
        let near = self
            .near
            .iter()
            .find(|near| is_moment(near.column_type) == is_moment(column_type));
        near.map_or(Some(""), |near| near.format.as_deref())
    }
}

fn is_moment(column_type: ColumnType) -> bool {
    matches!(column_type, ColumnType::Date | ColumnType::Datetime)
}

/// Something the user should know; the data is kept all the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Warning {
    /// 1-based line of the file, where one line is meant.
    pub line: Option<u64>,
    pub column: Option<String>,
    /// Stable, in snake case: `ragged_row`, `duplicate_header`, `mixed_dates`, …
    pub code: String,
    pub message: String,
}

/// All that is known of a file after one pass.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub dialect: Dialect,
    pub columns: Vec<ColumnProfile>,
    /// Records that are rows (without the header and without `rejected_count`).
    pub row_count: u64,
    /// Records that could not be made rows; [`crate::RecordReader`] gives each with its reason.
    pub rejected_count: u64,
    /// How many of these never were rows: headings that come again, rules, and what stands below the table.
    #[serde(default)]
    pub set_aside_count: u64,
    /// The first rows, raw text; `None` is null.
    pub sample_rows: Vec<Vec<Option<String>>>,
    pub warnings: Vec<Warning>,
}
