use chrono::{DateTime, Utc};
use schema_gen::Schema;
use serde::Serialize;
use store::dataset::{LoadReport, TableReport};
use store::schemas::SchemaRecord;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::SchemaJson;
use crate::error::FieldError;

#[derive(Debug, Serialize, ToSchema)]
pub struct SchemaResponse {
    pub id: Uuid,
    pub name: String,
    pub csv_upload_ids: Vec<Uuid>,
    #[schema(value_type = SchemaJson)]
    pub schema_json: Schema,
    /// SQLite statements, made from `schema_json`.
    pub create_statements: Vec<String>,
    pub llm_reasoning: String,
    /// `built-in` without a model.
    pub llm_model: String,
    /// `generated`, `executed` or `failed`.
    pub status: String,
    /// Why the last import failed, in words.
    pub failure: Option<String>,
    /// What became of every row, once executed.
    pub load: Option<LoadResponse>,
    /// After an edit: what of the data would not fit, and would be set aside.
    pub notices: Vec<FieldError>,
    pub created_at: DateTime<Utc>,
    pub executed_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadResponse {
    pub tables: Vec<TableLoadResponse>,
    pub elapsed_ms: u64,
}

/// `rows_in = row_count + merged + quarantined`, always.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableLoadResponse {
    pub name: String,
    /// Records of the file.
    pub rows_in: u64,
    /// Rows stored.
    pub row_count: u64,
    /// Rows equal to one stored before, where the table holds distinct rows.
    pub merged: u64,
    /// Rows set aside, each with its reason.
    pub quarantined: u64,
}

impl From<LoadReport> for LoadResponse {
    fn from(report: LoadReport) -> Self {
        Self {
            tables: report
                .tables
                .into_iter()
                .map(TableLoadResponse::from)
                .collect(),
            elapsed_ms: report.elapsed_ms,
        }
    }
}

impl From<TableReport> for TableLoadResponse {
    fn from(report: TableReport) -> Self {
        Self {
            name: report.name,
            rows_in: report.rows_in,
            row_count: report.row_count,
            merged: report.merged,
            quarantined: report.quarantined,
        }
    }
}

impl From<SchemaRecord> for SchemaResponse {
    fn from(record: SchemaRecord) -> Self {
        Self {
            id: record.id.0,
            name: record.name,
            csv_upload_ids: record.csv_upload_ids.into_iter().map(|id| id.0).collect(),
            schema_json: record.schema,
            create_statements: record.create_statements,
            llm_reasoning: record.llm_reasoning,
            llm_model: record.llm_model,
            status: record.status.to_string(),
            failure: record.failure,
            load: record.load_report.map(LoadResponse::from),
            notices: Vec::new(),
            created_at: record.created_at,
            executed_at: record.executed_at,
        }
    }
}
