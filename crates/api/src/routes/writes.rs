//! Taking an approved write back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::json;
use store::dataset::{CancelFlag, Dataset, InsertReceipt};
use store::ids::ApprovalId;

use crate::error::ApiError;
use crate::extract::{CurrentUser, OwnedSchema, PathId};
use crate::jobs::{run_blocking, to_its_end};
use crate::routes::auth::MessageResponse;
use crate::routes::query::owned_schema;
use crate::state::AppState;

/// Undo an approved write
///
/// Takes back exactly the rows that it added; 409 when they changed or are referenced since.
#[utoipa::path(post, path = "/api/writes/{id}/undo", tag = "questions", params(("id" = Uuid, Path)), responses((status = 200, body = MessageResponse)))]
pub async fn undo_write(
    State(state): State<AppState>,
    user: CurrentUser,
    PathId(id): PathId<ApprovalId>,
) -> Result<Json<MessageResponse>, ApiError> {
    let pending = store::pending_writes::get(&state.store, user.id(), id).await?;
    let owned = owned_schema(&state, &user, pending.schema_id.0).await?;
    let (held, owned) = state.datasets.hold(&state, owned).await?;
    // As it is now: changes of the schema may have given its rows other numbers.
    let pending = store::pending_writes::get(&state.store, user.id(), id).await?;
    let Some(receipt) = pending.receipt else {
        return Err(ApiError::conflict(
            "nothing_to_undo",
            "This write was not carried out, so there is nothing to undo.",
        ));
    };
    let dataset = state.datasets.database(&state, &owned).await?;
    let shutdown = state.shutdown.clone();
    let message = format!(
        "{} row(s) were taken back out of {}.",
        receipt.row_count, receipt.table
    );
    to_its_end(&shutdown, async move {
        let undone = undo(state, owned, dataset, id, receipt).await;
        drop(held);
        undone
    })
    .await?;
    Ok(MessageResponse::new(message))
}

async fn undo(
    state: AppState,
    owned: OwnedSchema,
    dataset: Arc<dyn Dataset>,
    id: ApprovalId,
    receipt: InsertReceipt,
) -> Result<(), ApiError> {
    let detail =
        json!({"schema_id": owned.row.id, "table": receipt.table, "rows": receipt.row_count});
    // Of two calls at once, the second finds the rows gone and changes nothing.
    run_blocking(&state.queries, &CancelFlag::default(), move || {
        dataset.undo_insert(&receipt)
    })
    .await??;
    state.datasets.forget(owned.row.database_id);
    let marked = store::pending_writes::mark_undone(&state.store, owned.user, id).await;
    store::audit::record(
        &state.store,
        owned.user,
        "insert_undone",
        &id.to_string(),
        &detail,
        state.now(),
    )
    .await?;
    marked?;
    Ok(())
}
