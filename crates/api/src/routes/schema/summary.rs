use chrono::{DateTime, Utc};
use serde::Serialize;
use store::schemas::{Outline, SchemaSummary};
use utoipa::ToSchema;
use uuid::Uuid;

/// A schema as lists show it: without `schema_json`, statements and reasoning, which may be large.
#[derive(Debug, Serialize, ToSchema)]
pub struct SchemaSummaryResponse {
    pub id: Uuid,
    pub name: String,
    pub csv_upload_ids: Vec<Uuid>,
    pub outline: OutlineResponse,
    /// `built-in` without a model.
    pub llm_model: String,
    /// `generated`, `executed` or `failed`.
    pub status: String,
    /// Why the last import failed, in words.
    pub failure: Option<String>,
    /// Rows stored in all tables, once executed.
    pub row_count: Option<u64>,
    pub created_at: DateTime<Utc>,
    pub executed_at: Option<DateTime<Utc>>,
    /// Changes of it that wait to be applied: a schema of this id.
    pub revision: Option<Uuid>,
}

/// Enough of a schema to draw it small.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineResponse {
    /// All tables.
    pub table_count: u64,
    /// All relationships.
    pub relationship_count: u64,
    /// The tables with the most relationships, at most 12.
    #[schema(max_items = 12)]
    pub tables: Vec<String>,
    /// Which of `tables` refer to which, each pair once.
    pub references: Vec<OutlineReferenceResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OutlineReferenceResponse {
    pub from_table: String,
    pub to_table: String,
}

impl From<SchemaSummary> for SchemaSummaryResponse {
    fn from(summary: SchemaSummary) -> Self {
        Self {
            id: summary.id.0,
            name: summary.name,
            csv_upload_ids: summary.csv_upload_ids.into_iter().map(|id| id.0).collect(),
            outline: summary.outline.into(),
            llm_model: summary.llm_model,
            status: summary.status.to_string(),
            failure: summary.failure,
            row_count: summary.row_count,
            created_at: summary.created_at,
            executed_at: summary.executed_at,
            revision: summary.revision.map(|id| id.0),
        }
    }
}

impl From<Outline> for OutlineResponse {
    fn from(outline: Outline) -> Self {
        Self {
            table_count: outline.table_count,
            relationship_count: outline.relationship_count,
            tables: outline.tables,
            references: outline
                .references
                .into_iter()
                .map(|(from_table, to_table)| OutlineReferenceResponse {
                    from_table,
                    to_table,
                })
                .collect(),
        }
    }
}
