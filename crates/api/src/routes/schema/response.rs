use chrono::{DateTime, Utc};
use schema_gen::Schema;
use schema_gen::forecast::{EmptiedColumn, EvenedColumn, Forecast, OrphanCount};
use serde::{Deserialize, Serialize};
use store::dataset::{LoadReport, TableReport};
use store::schemas::SchemaRecord;
use store::schemas::revisions::Family;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::SchemaJson;
use crate::error::{ApiError, FieldError};
use crate::state::AppState;

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
    /// What an import would do with every row, as counted when the schema was generated or last edited; absent in old schemas.
    pub forecast: Option<ForecastResponse>,
    /// What of it a person should know: what of the data does not fit, and what becomes of it.
    pub notices: Vec<FieldError>,
    pub created_at: DateTime<Utc>,
    pub executed_at: Option<DateTime<Utc>>,
    /// The dataset that these are changes of; approving them applies them to it.
    pub revises: Option<Uuid>,
    /// Changes of this dataset that wait to be applied: a schema of this id.
    pub revision: Option<Uuid>,
    /// When the version before was executed, where one is kept that can be brought back.
    pub version_before: Option<DateTime<Utc>>,
    /// How many changes of a model's help (`GET /api/schema/{id}/help`) are in `schema_json`, refused, or taken back in it.
    pub help_changes: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadResponse {
    pub tables: Vec<TableLoadResponse>,
    /// References that some stored rows have without a partner; the database does not enforce them.
    pub references: Vec<OrphanCountResponse>,
    pub elapsed_ms: u64,
}

/// What an import would do.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ForecastResponse {
    pub tables: Vec<TableForecastResponse>,
    /// References for which rows that are kept have no partner.
    pub references: Vec<OrphanCountResponse>,
    /// A table would lose more than ten rows and cells, or more than one in a hundred: `approve` wants `accept_losses`.
    pub loses_much: bool,
}

/// `rows_in + added = row_count + merged + quarantined`, always.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TableForecastResponse {
    pub name: String,
    /// Records of the file.
    pub rows_in: u64,
    /// Rows that would be stored.
    pub row_count: u64,
    pub merged: u64,
    /// Rows that would be set aside.
    pub quarantined: u64,
    /// Rows with a key alone, added for those that refer to them.
    pub added: u64,
    /// Cells that would be emptied.
    pub emptied: Vec<EmptiedColumnResponse>,
    /// Cells that would be stored in the spelling of the key that they refer to.
    #[serde(default)]
    pub evened: Vec<EvenedColumnResponse>,
    /// Why rows would be set aside.
    pub reasons: Vec<ReasonCountResponse>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EmptiedColumnResponse {
    pub column: String,
    pub cells: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct EvenedColumnResponse {
    pub column: String,
    pub cells: u64,
    /// At most five different ones.
    pub samples: Vec<RespelledResponse>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RespelledResponse {
    /// What the file has.
    pub text: String,
    /// What is stored for it: the key's spelling.
    pub stored: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct ReasonCountResponse {
    pub reason: String,
    pub rows: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrphanCountResponse {
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub orphan_rows: u64,
}

impl From<Forecast> for ForecastResponse {
    fn from(forecast: Forecast) -> Self {
        Self {
            loses_much: forecast.loses_much(),
            tables: forecast
                .tables
                .into_iter()
                .map(|table| TableForecastResponse {
                    name: table.name,
                    rows_in: table.rows_in,
                    row_count: table.row_count,
                    merged: table.merged,
                    quarantined: table.quarantined,
                    added: table.added,
                    emptied: emptied(table.emptied),
                    evened: evened(table.evened),
                    reasons: table
                        .reasons
                        .into_iter()
                        .map(|reason| ReasonCountResponse {
                            reason: reason.reason,
                            rows: reason.rows,
                        })
                        .collect(),
                })
                .collect(),
            references: orphans(forecast.references),
        }
    }
}

fn emptied(columns: Vec<EmptiedColumn>) -> Vec<EmptiedColumnResponse> {
    columns
        .into_iter()
        .map(|column| EmptiedColumnResponse {
            column: column.column,
            cells: column.cells,
        })
        .collect()
}

fn evened(columns: Vec<EvenedColumn>) -> Vec<EvenedColumnResponse> {
    columns
        .into_iter()
        .map(|column| EvenedColumnResponse {
            column: column.column,
            cells: column.cells,
            samples: column
                .samples
                .into_iter()
                .map(|sample| RespelledResponse {
                    text: sample.text,
                    stored: sample.stored,
                })
                .collect(),
        })
        .collect()
}

fn orphans(references: Vec<OrphanCount>) -> Vec<OrphanCountResponse> {
    references
        .into_iter()
        .map(|reference| OrphanCountResponse {
            from_table: reference.from_table,
            from_columns: reference.from_columns,
            to_table: reference.to_table,
            to_columns: reference.to_columns,
            orphan_rows: reference.orphan_rows,
        })
        .collect()
}

/// `rows_in + added = row_count + merged + quarantined`, always.
#[derive(Debug, Serialize, ToSchema)]
pub struct TableLoadResponse {
    pub name: String,
    /// Records of the file.
    pub rows_in: u64,
    /// Rows stored.
    pub row_count: u64,
    /// Rows equal to one stored before, where the table holds distinct rows.
    pub merged: u64,
    /// Rows set aside, each with its reason; without those that were added back since.
    pub quarantined: u64,
    /// Rows that were set aside and added back since: stored, or merged with one that is equal.
    pub mended: u64,
    /// Rows with a key alone, added for those that refer to them.
    pub added: u64,
    /// Cells whose text is not stored, each listed with its text; without those that were filled since.
    pub emptied: Vec<EmptiedColumnResponse>,
    /// Cells that are stored in the spelling of the key that they refer to.
    pub evened: Vec<EvenedColumnResponse>,
}

impl From<LoadReport> for LoadResponse {
    fn from(report: LoadReport) -> Self {
        Self {
            tables: report
                .tables
                .into_iter()
                .map(TableLoadResponse::from)
                .collect(),
            references: orphans(report.references),
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
            mended: report.mended,
            added: report.added,
            emptied: emptied(report.emptied),
            evened: evened(report.evened),
        }
    }
}

impl SchemaResponse {
    /// With what belongs to it.
    pub async fn of(state: &AppState, record: SchemaRecord) -> Result<Self, ApiError> {
        let (store, user, id) = (&state.store, record.user_id, record.id);
        let family = store::schemas::revisions::family(store, user, id).await?;
        let help = store::helps::get(store, user, id).await?;
        let Some(help) = help else {
            return Ok(Self::with(record, &family));
        };
        // Read again, so that it has what is counted, and perhaps more.
        let record = store::schemas::get(store, user, id).await?;
        Ok(Self {
            help_changes: help.changes.len(),
            ..Self::with(record, &family)
        })
    }

    fn with(record: SchemaRecord, family: &Family) -> Self {
        let (forecast, notices) = match record.review {
            Some(review) => (Some(review.forecast.into()), review.notices),
            None => (None, Vec::new()),
        };
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
            forecast,
            notices: notices.into_iter().map(FieldError::from).collect(),
            created_at: record.created_at,
            executed_at: record.executed_at,
            revises: record.revises.map(|(dataset, _)| dataset.0),
            revision: family.draft.map(|id| id.0),
            version_before: family.before,
            help_changes: 0,
        }
    }
}

/// A schema that no changes wait of: one that was never executed, or such changes themselves.
impl From<SchemaRecord> for SchemaResponse {
    fn from(record: SchemaRecord) -> Self {
        Self::with(record, &Family::default())
    }
}
