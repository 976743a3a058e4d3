//! Approve: the database is made and the data loaded, all or nothing.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schema_gen::difference::difference;
use schema_gen::forecast::TableForecast;
use schema_gen::{Schema, Source};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::StoreError;
use store::dataset::{CancelFlag, LoadProgress, LoadReport};
use store::ids::{SchemaId, UserId};
use store::schemas::{Execution, SchemaRecord, SchemaStatus};
use utoipa::ToSchema;

use super::edit::{Reviewed, review};
use super::generate::sources_left;
use super::response::{LoadResponse, OrphanCountResponse, TableLoadResponse};
use super::revision::{AppliedResponse, apply};
use crate::error::{ApiError, FieldError};
use crate::extract::{CurrentUser, OptionalJson, OwnedSchema};
use crate::jobs::run_blocking;
use crate::sse::{Reporter, run_job, wants_events};
use crate::state::AppState;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRequest {
    /// The forecast was read, and its losses may be: wanted where it says `loses_much`.
    #[serde(default)]
    pub accept_losses: bool,
    /// For changes of a dataset: the data are loaded from the files anew, also where only names differ.
    #[serde(default)]
    pub from_files: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ApproveResponse {
    #[schema(example = "executed")]
    pub status: String,
    /// It was done before: this call changed nothing.
    pub already_executed: bool,
    pub tables: Vec<TableLoadResponse>,
    /// References that some stored rows have without a partner; the database does not enforce them.
    pub references: Vec<OrphanCountResponse>,
    pub elapsed_ms: u64,
    /// For changes of a dataset: what was applied to it.
    pub revision: Option<AppliedResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadEvent {
    /// `loading`, `checking`, `indexing`, `finishing`, and `carrying` where changes are applied.
    pub stage: String,
    pub table: String,
    pub done: u64,
    pub total: u64,
    pub message: String,
}

/// Approve a schema: make its database and load the data
///
/// All or nothing. With `Accept: text/event-stream`: events `progress`, then `done` (or `error`) last. 409
/// `losses_not_accepted`, with the forecast, where it would lose more than a few rows or cells and the body does not agree.
///
/// Approving changes of a dataset applies them to it: a new database takes the place of its one, with what people added and mended.
#[utoipa::path(post, path = "/api/schema/{id}/approve", tag = "schemas", params(("id" = Uuid, Path)), request_body = Option<ApproveRequest>, responses((status = 200, body = ApproveResponse)))]
pub async fn approve_schema(
    State(state): State<AppState>,
    user: CurrentUser,
    owned: OwnedSchema,
    headers: HeaderMap,
    OptionalJson(request): OptionalJson<ApproveRequest>,
) -> Result<Response, ApiError> {
    let owned = refuse_losses(&state, owned, &request).await?;
    run_job(
        &state,
        &user,
        wants_events(&headers),
        StatusCode::OK,
        "done",
        |reporter| approve(state.clone(), owned, request, reporter),
    )
    .await
}

async fn approve(
    state: AppState,
    owned: OwnedSchema,
    request: ApproveRequest,
    reporter: Reporter,
) -> Result<ApproveResponse, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    let record = match store::schemas::begin_execution(&state.store, user, id, state.now()).await? {
        Execution::AlreadyExecuted(record) => {
            return Ok(response(record.load_report.unwrap_or_default(), true));
        }
        Execution::Begun(record) => record,
    };
    if record.review != owned.row.review {
        store::schemas::mark_failed(&state.store, user, id, None).await?;
        return Err(ApiError::conflict(
            "schema_changed",
            "The schema was changed meanwhile: look at it again before it is approved.",
        ));
    }
    if let Some((dataset, _)) = record.revises {
        let applied = apply(&state, (dataset, &record), request.from_files, &reporter).await;
        return match applied {
            Ok((report, applied)) => Ok(ApproveResponse {
                revision: Some(applied),
                ..response(report, false)
            }),
            Err(error) => {
                leave_nothing(&state, user, &record, &error).await?;
                Err(error)
            }
        };
    }
    match import(&state, user, &record, &reporter).await {
        Ok(report) => {
            let quarantined: u64 = report.tables.iter().map(|table| table.quarantined).sum();
            let rows: u64 = report.tables.iter().map(|table| table.row_count).sum();
            let emptied = report.tables.iter().flat_map(|table| &table.emptied);
            let emptied: u64 = emptied.map(|column| column.cells).sum();
            let detail = json!({"name": record.name, "tables": report.tables.len(), "rows": rows, "quarantined": quarantined, "emptied": emptied});
            store::audit::record(
                &state.store,
                user,
                "approve",
                &id.to_string(),
                &detail,
                state.now(),
            )
            .await?;
            derive_meaning(&state, user, id).await;
            Ok(response(report, false))
        }
        Err(error) => {
            leave_nothing(&state, user, &record, &error).await?;
            Err(error)
        }
    }
}

/// Asks for the user's word where more than a few rows or cells would be lost. What would be is counted now for a schema from
/// before it was.
async fn refuse_losses(
    state: &AppState,
    owned: OwnedSchema,
    request: &ApproveRequest,
) -> Result<OwnedSchema, ApiError> {
    let owned = if owned.row.review.is_none() && owned.row.status != SchemaStatus::Executed {
        reviewed_now(state, owned).await?
    } else {
        owned
    };
    if let Some((dataset, _)) = owned.row.revises
        && !request.from_files
    {
        let row = store::schemas::get(&state.store, owned.user, dataset).await?;
        // Nothing is imported, so nothing is lost.
        if difference(&row.schema, &owned.row.schema).names_only {
            return Ok(owned);
        }
    }
    let forecast = match &owned.row.review {
        Some(review) if owned.row.status != SchemaStatus::Executed => &review.forecast,
        _ => return Ok(owned),
    };
    if request.accept_losses || !forecast.loses_much() {
        return Ok(owned);
    }
    let rows: u64 = forecast.tables.iter().map(|table| table.quarantined).sum();
    let cells: u64 = forecast
        .tables
        .iter()
        .map(TableForecast::emptied_cells)
        .sum();
    let detail = format!(
        "{rows} rows would be set aside and {cells} cells emptied; nothing was imported. Approve with accept_losses if that is meant."
    );
    let mut error = ApiError::conflict("losses_not_accepted", detail);
    error.forecast = Some(Box::new(forecast.clone().into()));
    Err(error)
}

async fn reviewed_now(state: &AppState, owned: OwnedSchema) -> Result<OwnedSchema, ApiError> {
    let OwnedSchema { user, row } = owned;
    let sources = sources_left(state, user, &row.csv_upload_ids).await?;
    refuse_missing(&row, &sources)?;
    let (cancel, schema) = (CancelFlag::default(), row.schema.clone());
    let flag = cancel.clone();
    let reviewed = run_blocking(&state.jobs, &cancel, move || {
        refuse_unsound(&schema, &sources)?;
        review(schema, &sources, &flag)
    });
    let Reviewed {
        schema,
        statements,
        review,
    } = reviewed.await??;
    let row = store::schemas::update_schema(
        &state.store,
        (user, row.id),
        None,
        &schema,
        &statements,
        &review,
    )
    .await?;
    Ok(OwnedSchema { user, row })
}

async fn import(
    state: &AppState,
    user: UserId,
    record: &SchemaRecord,
    reporter: &Reporter,
) -> Result<LoadReport, ApiError> {
    let report = load(state, user, record, reporter).await?;
    store::schemas::mark_executed(&state.store, user, record.id, &report, state.now()).await?;
    Ok(report)
}

/// What its words mean is known before the first question. The import stands whatever comes of it: what is not derived now
/// is when the dataset is opened.
pub(super) async fn derive_meaning(state: &AppState, user: UserId, id: SchemaId) {
    let opened = async {
        let row = store::schemas::get(&state.store, user, id).await?;
        let owned = OwnedSchema { user, row };
        state.datasets.open(state, &owned).await
    };
    if let Err(error) = opened.await {
        tracing::warn!(code = error.code, schema = %id, "no meaning was derived yet");
    }
}

/// After an import that came to nothing. Its database may be in place already, where only the record of it failed.
async fn leave_nothing(
    state: &AppState,
    user: UserId,
    record: &SchemaRecord,
    error: &ApiError,
) -> Result<(), ApiError> {
    let removed = state.files.delete_dataset(user, record.database_id).await;
    // A cancelled import is no failure: the schema is as it was.
    let failure = (!error.is_cancelled()).then_some(error.detail.as_str());
    match store::schemas::mark_failed(&state.store, user, record.id, failure).await {
        // The account was removed meanwhile, and the import has made its folder anew.
        Err(StoreError::NotFound) if is_gone(state, user).await? => {
            state.files.remove_user(user).await?;
        }
        marked => {
            marked?;
            if failure.is_some() {
                record_failure(state, user, record, error).await?;
            }
        }
    }
    Ok(removed?)
}

async fn record_failure(
    state: &AppState,
    user: UserId,
    record: &SchemaRecord,
    error: &ApiError,
) -> Result<(), ApiError> {
    let subject = record.id.to_string();
    // The code alone: the words may name values.
    let detail = json!({"name": record.name, "code": error.code});
    let (store, now) = (&state.store, state.now());
    store::audit::record(store, user, "approve_failed", &subject, &detail, now).await?;
    Ok(())
}

async fn is_gone(state: &AppState, user: UserId) -> Result<bool, ApiError> {
    match state.store.user(user).await {
        Ok(_) => Ok(false),
        Err(StoreError::NotFound) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn load(
    state: &AppState,
    user: UserId,
    record: &SchemaRecord,
    reporter: &Reporter,
) -> Result<LoadReport, ApiError> {
    let sources = sources_left(state, user, &record.csv_upload_ids).await?;
    refuse_missing(record, &sources)?;
    let schema = record.schema.clone();
    let (cancel, reporter) = (reporter.cancel_flag().clone(), reporter.clone());
    let checked = run_blocking(&state.jobs, &cancel, move || {
        refuse_unsound(&schema, &sources)?;
        Ok::<_, ApiError>((schema, sources))
    });
    let (schema, sources) = checked.await??;
    let target = state.files.prepare_dataset(user, record.database_id)?;
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

fn refuse_missing(record: &SchemaRecord, sources: &[Source]) -> Result<(), ApiError> {
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
    if errors.is_empty() {
        return Ok(());
    }
    Err(
        ApiError::conflict("files_missing", "Files that the schema needs are gone.")
            .with_errors(errors),
    )
}

fn refuse_unsound(schema: &Schema, sources: &[Source]) -> Result<(), ApiError> {
    let problems = schema_gen::validate(schema, sources);
    if problems.is_empty() {
        return Ok(());
    }
    Err(
        ApiError::unprocessable("invalid_schema", "The schema cannot be loaded as it is.")
            .with_errors(problems.into_iter().map(FieldError::from).collect()),
    )
}

fn response(report: LoadReport, already_executed: bool) -> ApproveResponse {
    let LoadResponse {
        tables,
        references,
        elapsed_ms,
    } = report.into();
    ApproveResponse {
        status: "executed".into(),
        already_executed,
        tables,
        references,
        elapsed_ms,
        revision: None,
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
            ("carrying", _) => "Carrying over what was added and mended".into(),
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
