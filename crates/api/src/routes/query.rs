//! SQL by hand, read-only, in the sandbox.

mod export;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::dataset::{CancelFlag, QueryLimits, QueryResult, ResultColumn};
use store::ids::SchemaId;
use utoipa::ToSchema;
use uuid::Uuid;

pub use export::{
    __path_export_query, ExportFormat, FileForm, export_query, rows as exported_rows,
};

use crate::error::ApiError;
use crate::extract::{ApiJson, CurrentUser, OwnedSchema};
use crate::jobs::run_blocking;
use crate::state::AppState;

#[derive(Debug, Deserialize, ToSchema)]
pub struct QueryRequest {
    pub schema_id: Uuid,
    /// One statement that reads.
    #[schema(example = "SELECT count(*) FROM orders")]
    pub sql: String,
    /// Rows at most; 0 gives the columns alone. `SQL_MAX_ROWS` where it is more, or not given.
    #[serde(default)]
    pub limit: Option<u64>,
    /// Rows to skip.
    #[serde(default)]
    pub offset: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QueryResponse {
    pub columns: Vec<ColumnResponse>,
    /// Cells are null, numbers or strings; integers beyond 2^53 are strings.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub rows: Vec<Vec<Value>>,
    /// Rows in `rows`.
    pub row_count: u64,
    /// There is more than the limits let through.
    pub truncated: bool,
    pub elapsed_ms: f64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnResponse {
    pub name: String,
    #[serde(rename = "type")]
    pub column_type: String,
}

impl From<ResultColumn> for ColumnResponse {
    fn from(column: ResultColumn) -> Self {
        Self {
            name: column.name,
            column_type: column.column_type,
        }
    }
}

impl From<QueryResult> for QueryResponse {
    fn from(result: QueryResult) -> Self {
        Self {
            columns: result
                .columns
                .into_iter()
                .map(ColumnResponse::from)
                .collect(),
            rows: result.rows,
            row_count: result.row_count,
            truncated: result.truncated,
            elapsed_ms: result.elapsed_ms,
        }
    }
}

/// Run one statement that reads
#[utoipa::path(post, path = "/api/query", tag = "questions", request_body = QueryRequest, responses((status = 200, body = QueryResponse)))]
pub async fn run_query(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(request): ApiJson<QueryRequest>,
) -> Result<Json<QueryResponse>, ApiError> {
    let owned = owned_schema(&state, &user, request.schema_id).await?;
    let dataset = state.datasets.database(&state, &owned).await?;
    let limits = state.config.limits;
    let limits = QueryLimits {
        max_rows: request
            .limit
            .unwrap_or(limits.sql_max_rows)
            .min(limits.sql_max_rows),
        max_bytes: limits.sql_max_bytes,
        deadline_ms: limits.sql_time_limit_ms,
        offset: request.offset,
    };
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let result = run_blocking(&state.queries, &cancel, move || {
        dataset.query(&request.sql, limits, &flag)
    })
    .await??;
    metrics::histogram!("query_duration_seconds", "by" => "hand")
        .record(result.elapsed_ms / 1_000.0);
    Ok(Json(result.into()))
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct ExplainRequest {
    pub schema_id: Uuid,
    pub sql: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ExplainResponse {
    /// The query plan, a line a step.
    pub plan: Vec<String>,
}

/// How the database would run a statement
#[utoipa::path(post, path = "/api/query/explain", tag = "questions", request_body = ExplainRequest, responses((status = 200, body = ExplainResponse)))]
pub async fn explain_query(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(request): ApiJson<ExplainRequest>,
) -> Result<Json<ExplainResponse>, ApiError> {
    let owned = owned_schema(&state, &user, request.schema_id).await?;
    let dataset = state.datasets.database(&state, &owned).await?;
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let plan = run_blocking(&state.queries, &cancel, move || {
        dataset.explain(&request.sql, &flag)
    })
    .await??;
    Ok(Json(ExplainResponse { plan }))
}

/// The caller's own schema of an id in a body; 404 otherwise.
pub async fn owned_schema(
    state: &AppState,
    user: &CurrentUser,
    id: Uuid,
) -> Result<OwnedSchema, ApiError> {
    let row = store::schemas::get(&state.store, user.id(), SchemaId(id)).await?;
    Ok(OwnedSchema {
        user: user.id(),
        row,
    })
}
