use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use ingest::{ColumnProfile, Dialect};
use serde::Serialize;
use store::uploads::Upload;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::ApiError;

/// Rows of the sample that an upload carries along.
const SAMPLE_ROWS: usize = 5;

#[derive(Debug, Serialize, ToSchema)]
pub struct UploadResponse {
    pub id: Uuid,
    /// The name under which the bytes are stored: made from the id.
    pub filename: String,
    /// Your name for the file, cleaned for display.
    pub original_filename: String,
    pub upload_timestamp: DateTime<Utc>,
    pub columns: Vec<String>,
    /// Column -> INTEGER, REAL, DECIMAL, BOOLEAN, DATE, DATETIME or TEXT.
    pub column_types: BTreeMap<String, String>,
    /// The first five rows as the file has them.
    pub sample_data: Vec<Vec<Option<String>>>,
    pub row_count: u64,
    /// Records that cannot be rows; they will be in the quarantine, by line.
    pub rejected_count: u64,
    /// How many of these never were rows: headings that come again, rules, totals, notes, another table below.
    pub set_aside_count: u64,
    /// Bytes.
    pub file_size: u64,
    /// `ready`, or `missing` when the bytes are gone from the disk.
    pub status: String,
    pub dialect: DialectResponse,
    pub profile: Vec<ColumnProfileResponse>,
    pub warnings: Vec<WarningResponse>,
}

/// How the file is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct DialectResponse {
    /// WHATWG label: `utf-8`, `windows-1252`, …
    pub encoding: String,
    pub delimiter: String,
    pub quote: Option<String>,
    pub escape: Option<String>,
    /// Whether a record names the columns.
    pub header: bool,
    /// Records that make up the header.
    pub header_rows: u64,
    /// Lines above the header that belong to no record.
    pub skip_lines: u64,
    /// Whether headings that come again among the rows, and rules of dashes, are set aside.
    pub sets_aside: bool,
    /// Line on which the footer begins, which is set aside: totals, notes or another table.
    pub footer_line: Option<u64>,
    pub comment: Option<String>,
    /// `.` or `,`.
    pub decimal: String,
    /// 0 to 1.
    pub confidence: f64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnProfileResponse {
    pub column: String,
    #[serde(rename = "type")]
    pub column_type: String,
    pub null_count: u64,
    pub distinct_count: u64,
    /// Whether `distinct_count` is exact and no estimate.
    pub distinct_exact: bool,
    pub min: Option<String>,
    pub max: Option<String>,
    pub mean: Option<f64>,
    pub top_values: Vec<ValueCountResponse>,
    pub histogram: Vec<HistogramBinResponse>,
    pub is_unique: bool,
    /// How values are written, where that matters: `DD.MM.YYYY`, `1.234,56`, …
    pub format: Option<String>,
    pub min_length: u64,
    pub max_length: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ValueCountResponse {
    pub value: String,
    pub count: u64,
}

/// Rows with `low <= value < high`; dates count as days since 1970-01-01.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistogramBinResponse {
    pub low: f64,
    pub high: f64,
    pub count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WarningResponse {
    /// 1-based line of the file.
    pub line: Option<u64>,
    pub column: Option<String>,
    pub code: String,
    pub message: String,
}

/// The API's word for a type is the one it has in JSON.
pub fn type_name(column_type: ingest::ColumnType) -> String {
    match column_type {
        ingest::ColumnType::Integer => "INTEGER",
        ingest::ColumnType::Real => "REAL",
        ingest::ColumnType::Decimal => "DECIMAL",
        ingest::ColumnType::Boolean => "BOOLEAN",
        ingest::ColumnType::Date => "DATE",
        ingest::ColumnType::Datetime => "DATETIME",
        ingest::ColumnType::Text => "TEXT",
    }
    .to_owned()
}

impl UploadResponse {
    /// Uploads are listed once they are analysed; one that is not is a fault of ours.
    pub fn new(upload: Upload) -> Result<Self, ApiError> {
        let analysis = upload
            .analysis
            .ok_or_else(|| ApiError::internal("a listed upload without its analysis"))?;
        Ok(Self {
            id: upload.id.0,
            filename: upload.filename,
            original_filename: upload.original_filename,
            upload_timestamp: upload.created_at,
            columns: analysis
                .columns
                .iter()
                .map(|column| column.column.clone())
                .collect(),
            column_types: analysis
                .columns
                .iter()
                .map(|column| (column.column.clone(), type_name(column.column_type)))
                .collect(),
            sample_data: analysis.sample_rows.into_iter().take(SAMPLE_ROWS).collect(),
            row_count: analysis.row_count,
            rejected_count: analysis.rejected_count,
            set_aside_count: analysis.set_aside_count,
            file_size: upload.file_size_bytes,
            status: upload.status.to_string(),
            dialect: analysis.dialect.into(),
            profile: analysis
                .columns
                .into_iter()
                .map(ColumnProfileResponse::from)
                .collect(),
            warnings: analysis
                .warnings
                .into_iter()
                .map(|warning| WarningResponse {
                    line: warning.line,
                    column: warning.column,
                    code: warning.code,
                    message: warning.message,
                })
                .collect(),
        })
    }
}

impl From<Dialect> for DialectResponse {
    fn from(dialect: Dialect) -> Self {
        Self {
            encoding: dialect.encoding,
            delimiter: dialect.delimiter.to_string(),
            quote: dialect.quote.map(String::from),
            escape: dialect.escape.map(String::from),
            header: dialect.header,
            header_rows: dialect.header_rows,
            skip_lines: dialect.skip_lines,
            sets_aside: dialect.sets_aside,
            footer_line: dialect.footer_line,
            comment: dialect.comment.map(String::from),
            decimal: dialect.decimal.to_string(),
            confidence: dialect.confidence,
        }
    }
}

impl From<ColumnProfile> for ColumnProfileResponse {
    fn from(profile: ColumnProfile) -> Self {
        Self {
            column: profile.column,
            column_type: type_name(profile.column_type),
            null_count: profile.null_count,
            distinct_count: profile.distinct_count,
            distinct_exact: profile.distinct_exact,
            min: profile.min,
            max: profile.max,
            mean: profile.mean,
            top_values: profile
                .top_values
                .into_iter()
                .map(|each| ValueCountResponse {
                    value: each.value,
                    count: each.count,
                })
                .collect(),
            histogram: profile
                .histogram
                .into_iter()
                .map(|bin| HistogramBinResponse {
                    low: bin.low,
                    high: bin.high,
                    count: bin.count,
                })
                .collect(),
            is_unique: profile.is_unique,
            format: profile.format,
            min_length: profile.min_length,
            max_length: profile.max_length,
        }
    }
}
