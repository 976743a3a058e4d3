//! What the words of a dataset mean: as derived, and as its user says.

use std::sync::Arc;

use agent::reading::data::is_name;
use axum::Json;
use axum::extract::State;
use schema_gen::meaning::{Checked, Edits, check};
use serde_json::json;

use super::meaning_model::{MeaningResponse, UpdateMeaningRequest};
use crate::datasets::OpenDataset;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, OwnedSchema};
use crate::jobs::to_its_end;
use crate::state::AppState;

/// A body of changes: far above what the bounds of words and metrics allow.
pub const MAX_MEANING_BYTES: usize = 1 << 20;

/// What tables, columns and metrics mean
///
/// The whole model with the origin of each part. 409 until the schema is approved.
#[utoipa::path(get, path = "/api/schema/{id}/meaning", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = MeaningResponse)))]
pub async fn get_meaning(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<MeaningResponse>, ApiError> {
    Ok(Json(response(
        &*state.datasets.open(&state, &owned).await?,
    )?))
}

/// Say what tables, columns and metrics mean
///
/// The changes take the place of all before them: what is left out is as derived. Checked; holds from the next question on.
#[utoipa::path(put, path = "/api/schema/{id}/meaning", tag = "schemas", params(("id" = Uuid, Path)), request_body = UpdateMeaningRequest, responses((status = 200, body = MeaningResponse)))]
pub async fn update_meaning(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<UpdateMeaningRequest>,
) -> Result<Json<MeaningResponse>, ApiError> {
    let expected = request.version;
    let edits = Edits::try_from(request)?;
    let open = state.datasets.open(&state, &owned).await?;
    refuse_unsound(&edits, &open)?;
    save(state, owned, edits, expected, "edit_meaning").await
}

/// Forget what was said: everything is as derived
#[utoipa::path(delete, path = "/api/schema/{id}/meaning", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = MeaningResponse)))]
pub async fn reset_meaning(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<MeaningResponse>, ApiError> {
    // A dataset from before meanings were stored has its row from here on.
    state.datasets.open(&state, &owned).await?;
    save(state, owned, Edits::default(), None, "reset_meaning").await
}

async fn save(
    state: AppState,
    owned: OwnedSchema,
    edits: Edits,
    expected: Option<u64>,
    action: &'static str,
) -> Result<Json<MeaningResponse>, ApiError> {
    let shutdown = state.shutdown.clone();
    let open = to_its_end(&shutdown, async move {
        let (user, id) = (owned.user, owned.row.id);
        let (store, now) = (&state.store, state.now());
        store::meanings::replace_edits(store, user, id, &edits, expected, now).await?;
        // Counts alone: the words are the user's own.
        let detail = json!({
            "tables": edits.tables.len(),
            "metrics": edits.metrics.len(),
        });
        store::audit::record(store, user, action, &id.to_string(), &detail, now).await?;
        state.datasets.open(&state, &owned).await
    })
    .await?;
    Ok(Json(response(&open)?))
}

fn refuse_unsound(edits: &Edits, open: &Arc<OpenDataset>) -> Result<(), ApiError> {
    let known = &open.knowledge;
    let problems = check(
        edits,
        Checked {
            schema: &known.schema,
            stats: &known.data.stats(),
            derived: &known.derived,
            is_name: &is_name,
        },
    );
    if problems.is_empty() {
        return Ok(());
    }
    let errors = problems.into_iter().map(|problem| FieldError {
        field: format!("edits.{}", problem.field),
        message: problem.message,
    });
    Err(ApiError::unprocessable(
        "invalid_meaning",
        "This cannot be kept as it is; nothing was saved.",
    )
    .with_errors(errors.collect()))
}

fn response(open: &OpenDataset) -> Result<MeaningResponse, ApiError> {
    MeaningResponse::new(&open.knowledge, &open.edits, open.version)
}
