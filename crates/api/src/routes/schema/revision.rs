//! Changes of an approved dataset: begun, compared, applied, thrown away and undone. Editing them is editing a schema.

mod difference;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use schema_gen::difference::difference;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::dataset::{
    ByHand, CancelFlag, Carried, LoadProgress, LoadReport, MendedSince, carry_over, copy_renamed,
    mended_since, recount,
};
use store::ids::{ApprovalId, SchemaId};
use store::schemas::revisions::{self, Applied, Swapped};
use store::schemas::{RevisionKind, SchemaRecord};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

pub use difference::{__path_get_revision_difference, get_revision_difference};

use super::approve::{LoadEvent, derive_meaning, load};
use super::response::SchemaResponse;
use crate::error::ApiError;
use crate::extract::{ApiQuery, OptionalJson, OwnedSchema};
use crate::jobs::{run_blocking, to_its_end};
use crate::routes::auth::MessageResponse;
use crate::sse::Reporter;
use crate::state::AppState;

/// What was applied to a dataset.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppliedResponse {
    /// The dataset, whose conversations go on.
    pub dataset_id: Uuid,
    /// Only names differed: no file was read.
    pub names_only: bool,
    /// Rows that were added in the chat.
    pub inserted_rows: ByHandResponse,
    /// Rows that were set aside and added back.
    pub mended_rows: ByHandResponse,
    /// Cells that were emptied and filled.
    pub mended_cells: ByHandResponse,
    /// What was said of the dataset's meaning and has nothing left to be said of.
    pub meaning_dropped: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ByHandResponse {
    pub kept: u64,
    /// Those that do not fit any more: listed among the rows set aside, each with the reason.
    pub set_aside: u64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UndoRevisionQuery {
    /// Nothing is changed: it is only said what would be lost.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRevisionRequest {
    /// What was written since may be lost: wanted where the answer to `dry_run` names something.
    #[serde(default)]
    pub confirm: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UndoRevisionResponse {
    /// The version before is there again, and the changes wait as before they were applied.
    pub undone: bool,
    /// When the version before was executed.
    pub version_before: Option<DateTime<Utc>>,
    /// Rows that were added in the chat since: they go.
    pub inserted_rows: u64,
    /// Rows that were added before and taken back since: they are there again.
    pub taken_back_rows: u64,
    /// Rows that were added back, or set aside again, since: they are as they were.
    pub mended_rows: u64,
    /// Cells that were filled, or emptied again, since: they are as they were.
    pub mended_cells: u64,
}

/// Begin changes of an approved dataset
///
/// They are a schema of their own, which is edited, forecast and approved like any other; the dataset stays as it is until then. One at
/// a time: 409 `revision_waiting`.
#[utoipa::path(post, path = "/api/schema/{id}/revision", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 201, body = SchemaResponse)))]
pub async fn begin_revision(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<(StatusCode, Json<SchemaResponse>), ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let begun = to_its_end(&state.shutdown, begin(state.clone(), owned)).await?;
    Ok((StatusCode::CREATED, Json(begun.into())))
}

async fn begin(state: AppState, owned: OwnedSchema) -> Result<SchemaRecord, ApiError> {
    let (user, id, now) = (owned.user, owned.row.id, state.now());
    let draft = revisions::begin(&state.store, user, id, SchemaId::generate(), now).await?;
    record(
        &state,
        &owned.row,
        "begin_revision",
        json!({"draft": draft.id}),
    )
    .await?;
    Ok(draft)
}

/// Throw changes of a dataset away
///
/// 404 where none wait, 409 `executing` while they are applied.
#[utoipa::path(delete, path = "/api/schema/{id}/revision", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = MessageResponse)))]
pub async fn drop_revision(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<MessageResponse>, ApiError> {
    let draft = revisions::draft(&state.store, owned.user, owned.row.id).await?;
    let message = format!("The changes of {} were thrown away.", owned.row.name);
    to_its_end(&state.shutdown, discard(state.clone(), owned, draft)).await?;
    Ok(MessageResponse::new(message))
}

async fn discard(state: AppState, owned: OwnedSchema, draft: SchemaRecord) -> Result<(), ApiError> {
    store::schemas::delete(&state.store, owned.user, draft.id).await?;
    record(
        &state,
        &owned.row,
        "drop_revision",
        json!({"draft": draft.id}),
    )
    .await
}

/// Bring the version before back
///
/// The changes that were applied wait again. What was written since is lost: `dry_run` names it, and `confirm` agrees (else 409
/// `writes_since`). 409 `nothing_to_undo` where no version before is kept, `revision_waiting` where other changes wait.
#[utoipa::path(post, path = "/api/schema/{id}/revision/undo", tag = "schemas", params(("id" = Uuid, Path), UndoRevisionQuery),
    request_body = Option<UndoRevisionRequest>, responses((status = 200, body = UndoRevisionResponse)))]
pub async fn undo_revision(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<UndoRevisionQuery>,
    OptionalJson(request): OptionalJson<UndoRevisionRequest>,
) -> Result<Json<UndoRevisionResponse>, ApiError> {
    let shutdown = state.shutdown.clone();
    let undone = to_its_end(&shutdown, async move {
        // Held from the look at what would be lost until it is.
        let held = state.datasets.hold_alone(owned.row.id).await;
        let row = store::schemas::get(&state.store, owned.user, owned.row.id).await?;
        let undone = undo(&state, row, query.dry_run, request.confirm).await;
        drop(held);
        undone
    });
    Ok(Json(undone.await?))
}

async fn undo(
    state: &AppState,
    row: SchemaRecord,
    dry_run: bool,
    confirm: bool,
) -> Result<UndoRevisionResponse, ApiError> {
    let (user, id) = (row.user_id, row.id);
    let before = revisions::before(&state.store, user, id).await?;
    let writes = revisions::writes_since(&state.store, user, id).await?;
    let path = state.files.dataset_path(user, row.database_id);
    let mended = run_blocking(&state.queries, &CancelFlag::default(), move || {
        // A database that is gone has nothing to lose.
        if path.is_file() {
            mended_since(&path)
        } else {
            Ok(MendedSince::default())
        }
    })
    .await??;
    let mut answer = UndoRevisionResponse {
        undone: false,
        version_before: before.executed_at,
        inserted_rows: writes.inserted,
        taken_back_rows: writes.taken_back,
        mended_rows: mended.rows,
        mended_cells: mended.cells,
    };
    if dry_run {
        return Ok(answer);
    }
    let lost = writes.inserted + writes.taken_back + mended.rows + mended.cells;
    if lost > 0 && !confirm {
        return Err(ApiError::conflict(
            "writes_since",
            format!(
                "{} rows were added, {} taken back, {} rows and {} cells mended since the changes were applied: that would be \
                 lost. Nothing was changed; send confirm if that is meant.",
                writes.inserted, writes.taken_back, mended.rows, mended.cells
            ),
        ));
    }
    let swapped = revisions::undo(&state.store, user, id, state.now()).await?;
    let detail = json!({
        "inserted": writes.inserted, "taken_back": writes.taken_back,
        "mended_rows": mended.rows, "mended_cells": mended.cells,
    });
    settle(state, &row, &swapped, "undo_revision", detail).await?;
    answer.undone = true;
    Ok(answer)
}

/// Applies the changes that `draft` holds, whose import was begun. An error means that the dataset is as it was.
pub(super) async fn apply(
    state: &AppState,
    (dataset, draft): (SchemaId, &SchemaRecord),
    from_files: bool,
    reporter: &Reporter,
) -> Result<(LoadReport, AppliedResponse), ApiError> {
    let user = draft.user_id;
    let base = store::schemas::get(&state.store, user, dataset).await?;
    let names_only = difference(&base.schema, &draft.schema).names_only && !from_files;
    let loaded = if names_only {
        None
    } else {
        Some(load(state, user, draft, reporter).await?)
    };
    // From the look at what is to be carried over until it is, nothing is added.
    let held = state.datasets.hold_alone(dataset).await;
    let progress = LoadProgress {
        stage: "carrying",
        table: String::new(),
        rows_done: 0,
        rows_total: 0,
    };
    reporter.report("progress", &LoadEvent::from(progress));
    let (writes, carried, report) = make(state, &base, draft, loaded, reporter).await?;
    if reporter.cancel_flag().is_cancelled() {
        return Err(ApiError::cancelled());
    }
    let applied = Applied {
        report,
        receipts: writes.into_iter().zip(carried.receipts).collect(),
    };
    let swapped = revisions::apply(&state.store, user, draft.id, &applied, state.now()).await?;
    drop(held);
    let answer = AppliedResponse {
        dataset_id: dataset.0,
        names_only,
        inserted_rows: carried.inserted_rows.into(),
        mended_rows: carried.mended_rows.into(),
        mended_cells: carried.mended_cells.into(),
        meaning_dropped: swapped.meaning_dropped.clone(),
    };
    let rows = applied.report.row_count();
    let set_aside = [
        carried.inserted_rows,
        carried.mended_rows,
        carried.mended_cells,
    ];
    let detail = json!({
        "tables": applied.report.tables.len(), "rows": rows, "names_only": names_only,
        "by_hand_set_aside": set_aside.iter().map(|own| own.set_aside).sum::<u64>(),
    });
    // The changes are applied, whatever comes of the rest.
    if let Err(error) = settle(state, &base, &swapped, "apply_revision", detail).await {
        tracing::error!(error = %error.detail, schema = %dataset, "applied changes were not recorded");
    }
    derive_meaning(state, user, dataset).await;
    Ok((applied.report, answer))
}

/// Makes the database of the draft what it is to be: with the data, and with what people added and mended.
async fn make(
    state: &AppState,
    base: &SchemaRecord,
    draft: &SchemaRecord,
    loaded: Option<LoadReport>,
    reporter: &Reporter,
) -> Result<(Vec<ApprovalId>, Carried, LoadReport), ApiError> {
    let user = draft.user_id;
    // As it is now: rows may have been mended while the files were read.
    let base = store::schemas::get(&state.store, user, base.id).await?;
    let writes = revisions::insertions(&state.store, user, base.id).await?;
    let (ids, inserted): (Vec<_>, Vec<_>) = writes
        .into_iter()
        .filter_map(|write| Some((write.id, write.receipt?)))
        .unzip();
    let before = state.files.dataset_path(user, base.database_id);
    let target = state.files.prepare_dataset(user, draft.database_id)?;
    let schema = draft.schema.clone();
    let cancel = reporter.cancel_flag().clone();
    let flag = cancel.clone();
    let made = run_blocking(&state.jobs, &cancel, move || -> Result<_, ApiError> {
        let Some(report) = loaded else {
            let report = base.load_report.unwrap_or_default();
            let schemas = (&base.schema, &schema);
            let of = (&*inserted, &report);
            let (report, carried) = copy_renamed(&before, &target, schemas, of, &flag)?;
            return Ok((carried, report));
        };
        let carried = carry_over((&before, &base.schema), (&target, &schema), &inserted)?;
        let report = recount(&target, &schema, &report, None)?;
        Ok((carried, report))
    });
    let (carried, report) = made.await??;
    Ok((ids, carried, report))
}

/// What follows when a dataset has another database.
async fn settle(
    state: &AppState,
    before: &SchemaRecord,
    swapped: &Swapped,
    action: &str,
    detail: serde_json::Value,
) -> Result<(), ApiError> {
    state.datasets.forget(before.database_id);
    let mut removed = Ok(());
    if let Some(unused) = swapped.unused {
        state.datasets.forget(unused);
        // What could not be removed is nobody's, and the next start removes it.
        removed = state.files.delete_dataset(before.user_id, unused).await;
    }
    record(state, before, action, detail).await?;
    Ok(removed?)
}

async fn record(
    state: &AppState,
    dataset: &SchemaRecord,
    action: &str,
    mut detail: serde_json::Value,
) -> Result<(), ApiError> {
    detail["name"] = json!(dataset.name);
    let (user, subject, now) = (dataset.user_id, dataset.id.to_string(), state.now());
    store::audit::record(&state.store, user, action, &subject, &detail, now).await?;
    Ok(())
}

/// The dataset that changes are of, where `owned` are such.
fn dataset_of(owned: &OwnedSchema) -> SchemaId {
    match owned.row.revises {
        Some((dataset, RevisionKind::Draft | RevisionKind::Before)) => dataset,
        None => owned.row.id,
    }
}

impl From<ByHand> for ByHandResponse {
    fn from(counts: ByHand) -> Self {
        Self {
            kept: counts.kept,
            set_aside: counts.set_aside,
        }
    }
}
