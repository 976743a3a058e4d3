//! Approve: the database is made and the data loaded, all or nothing.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schema_gen::Source;
use serde::Serialize;
use serde_json::json;
use store::StoreError;
use store::dataset::{LoadProgress, LoadReport, LoadSource};
use store::ids::UserId;
use store::schemas::{Execution, SchemaRecord};
use utoipa::ToSchema;

use super::generate::sources_left;
use super::response::{LoadResponse, TableLoadResponse};
use crate::error::{ApiError, FieldError};
use crate::extract::{CurrentUser, OwnedSchema};
use crate::jobs::run_blocking;
use crate::sse::{Reporter, run_job, wants_events};
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct ApproveResponse {
    #[schema(example = "executed")]
    pub status: String,
    /// It was done before: this call changed nothing.
    pub already_executed: bool,
    pub tables: Vec<TableLoadResponse>,
    pub elapsed_ms: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadEvent {
    /// `loading`, `checking`, `indexing`, `finishing`.
    pub stage: String,
    pub table: String,
    pub done: u64,
    pub total: u64,
    pub message: String,
}

/// Approve a schema: make its database and load the data
///
/// All or nothing. With `Accept: text/event-stream`: events `progress`, then `done` (or `error`) last.
#[utoipa::path(post, path = "/api/schema/{id}/approve", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = ApproveResponse)))]
pub async fn approve_schema(
    State(state): State<AppState>,
    user: CurrentUser,
    owned: OwnedSchema,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    run_job(
        &state,
        &user,
        wants_events(&headers),
        StatusCode::OK,
        "done",
        |reporter| approve(state.clone(), owned, reporter),
    )
    .await
}

async fn approve(
    state: AppState,
    owned: OwnedSchema,
    reporter: Reporter,
) -> Result<ApproveResponse, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    let record = match store::schemas::begin_execution(&state.store, user, id, state.now()).await? {
        Execution::AlreadyExecuted(record) => {
            return Ok(response(record.load_report.unwrap_or_default(), true));
        }
        Execution::Begun(record) => record,
    };
    match load(&state, user, &record, &reporter).await {
        Ok(report) => {
            store::schemas::mark_executed(&state.store, user, id, &report, state.now()).await?;
            let quarantined: u64 = report.tables.iter().map(|table| table.quarantined).sum();
            let rows: u64 = report.tables.iter().map(|table| table.row_count).sum();
            let detail = json!({"name": record.name, "tables": report.tables.len(), "rows": rows, "quarantined": quarantined});
            store::audit::record(
                &state.store,
                user,
                "approve",
                &id.to_string(),
                &detail,
                state.now(),
            )
            .await?;
            Ok(response(report, false))
        }
        Err(error) => {
            // A cancelled import is no failure: the schema is as it was.
            let failure = (error.code != "cancelled").then_some(error.detail.as_str());
            store::schemas::mark_failed(&state.store, user, id, failure).await?;
            if failure.is_some() {
                // The code alone: the words may name values.
                let detail = json!({"name": record.name, "code": error.code});
                store::audit::record(
                    &state.store,
                    user,
                    "approve_failed",
                    &id.to_string(),
                    &detail,
                    state.now(),
                )
                .await?;
            }
            Err(error)
        }
    }
}

async fn load(
    state: &AppState,
    user: UserId,
    record: &SchemaRecord,
    reporter: &Reporter,
) -> Result<LoadReport, ApiError> {
    let sources = sources_left(state, user, &record.csv_upload_ids).await?;
    refuse_unsound(record, &sources)?;
    let target = state.files.prepare_dataset(user, record.id)?;
    let schema = record.schema.clone();
    let sources: Vec<LoadSource> = sources
        .into_iter()
        .map(|source| LoadSource {
            csv_id: source.csv_id,
            path: source.path,
            analysis: source.analysis,
            original_filename: source.original_filename,
        })
        .collect();
    let (cancel, reporter) = (reporter.cancel_flag().clone(), reporter.clone());
    let flag = cancel.clone();
    let loaded = run_blocking(&state.jobs, &cancel, move || {
        store::dataset::load(
            &schema,
            &sources,
            &target,
            &mut |progress| {
                reporter.report("progress", &LoadEvent::from(progress));
            },
            &flag,
        )
    });
    loaded.await?.map_err(|error| match error {
        StoreError::Dataset(cause) => {
            tracing::error!(%cause, "import failed");
            ApiError::unprocessable(
                "import_failed",
                format!("The import failed and nothing was kept: {cause}"),
            )
        }
        other => other.into(),
    })
}

fn refuse_unsound(record: &SchemaRecord, sources: &[Source]) -> Result<(), ApiError> {
    let missing = record
        .schema
        .tables
        .iter()
        .enumerate()
        .filter(|(_, table)| {
            !sources
                .iter()
                .any(|source| source.csv_id == table.source.csv_id)
        });
    let errors: Vec<FieldError> = missing
        .map(|(index, table)| FieldError {
            field: format!("schema_json.tables[{index}]"),
            message: format!(
                "the file of {} was removed; upload it again and generate a schema",
                table.name
            ),
        })
        .collect();
    if !errors.is_empty() {
        return Err(
            ApiError::conflict("files_missing", "Files that the schema needs are gone.")
                .with_errors(errors),
        );
    }
    let problems = schema_gen::validate(&record.schema, sources);
    if problems.is_empty() {
        return Ok(());
    }
    Err(
        ApiError::unprocessable("invalid_schema", "The schema cannot be loaded as it is.")
            .with_errors(problems.into_iter().map(FieldError::from).collect()),
    )
}

fn response(report: LoadReport, already_executed: bool) -> ApproveResponse {
    let LoadResponse { tables, elapsed_ms } = report.into();
    ApproveResponse {
        status: "executed".into(),
        already_executed,
        tables,
        elapsed_ms,
    }
}

impl From<LoadProgress> for LoadEvent {
    fn from(progress: LoadProgress) -> Self {
        let message = match (progress.stage, progress.table.as_str()) {
            ("loading", table) => format!(
                "{table}: {} of ~{} rows",
                progress.rows_done, progress.rows_total
            ),
            ("checking", _) => "Checking every reference".into(),
            ("indexing", _) => "Building indexes".into(),
            _ => "Writing to disk".into(),
        };
        Self {
            stage: progress.stage.into(),
            table: progress.table,
            done: progress.rows_done,
            total: progress.rows_total,
            message,
        }
    }
}
