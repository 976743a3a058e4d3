//! Generated schemas: from the files to the approved database.

mod approve;
mod definition;
mod edit;
mod evened;
mod export;
mod generate;
mod help;
mod meaning;
mod meaning_model;
mod mend;
mod model;
mod plan;
mod rename;
mod response;
mod revision;
mod set_aside;
mod summary;

use axum::Json;
use axum::extract::State;
use serde_json::json;
use store::schemas::SchemaRecord;
use utoipa::ToSchema;

pub use approve::{__path_approve_schema, approve_schema};
pub use definition::{__path_get_definition, get_definition};
pub use edit::{__path_update_schema, update_schema};
pub use evened::{__path_list_evened, list_evened};
pub use export::{__path_export_schema, ascii_name, export_schema};
pub use generate::{__path_generate_schema, generate_schema, sources_left};
pub use help::{
    __path_get_help, __path_start_help, __path_stop_help, get_help, start_help, stop_help,
};
pub use meaning::{
    __path_get_meaning, __path_reset_meaning, __path_update_meaning, MAX_MEANING_BYTES,
    get_meaning, reset_meaning, update_meaning,
};
pub use mend::{
    __path_get_emptied, __path_get_quarantined, __path_mend_emptied, __path_mend_quarantined,
    __path_mend_quarantined_rows, __path_undo_emptied, __path_undo_quarantined, get_emptied,
    get_quarantined, mend_emptied, mend_quarantined, mend_quarantined_rows, undo_emptied,
    undo_quarantined,
};
pub use plan::{
    __path_list_plan_options, __path_preview_plan, MAX_PLAN_BYTES, changed as changed_plan,
    list_plan_options, preview_plan,
};
pub use rename::{__path_rename_schema, rename_schema};
pub use response::{ForecastResponse, SchemaResponse};
pub use revision::{
    __path_begin_revision, __path_drop_revision, __path_get_revision_difference,
    __path_undo_revision, begin_revision, drop_revision, get_revision_difference, undo_revision,
};
pub use set_aside::{
    __path_export_emptied, __path_export_quarantine, __path_list_emptied, __path_list_quarantine,
    export_emptied, export_quarantine, list_emptied, list_quarantine,
};
pub use summary::SchemaSummaryResponse;

use crate::error::ApiError;
use crate::extract::{ApiQuery, CurrentUser, OwnedSchema};
use crate::jobs::to_its_end;
use crate::page::PageQuery;
use crate::routes::auth::MessageResponse;
use crate::state::AppState;

#[derive(Debug, serde::Serialize, ToSchema)]
pub struct SchemaListResponse {
    pub schemas: Vec<SchemaSummaryResponse>,
    pub next_cursor: Option<String>,
}

#[derive(Debug, serde::Serialize, ToSchema)]
pub struct SuggestionsResponse {
    /// Questions that the data can answer.
    pub questions: Vec<String>,
}

/// Your schemas, newest first
///
/// Each in outline; the schema itself is at its own address.
#[utoipa::path(get, path = "/api/schema/list", tag = "schemas", params(PageQuery), responses((status = 200, body = SchemaListResponse)))]
pub async fn list_schemas(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<SchemaListResponse>, ApiError> {
    let found = store::schemas::list(&state.store, user.id(), &page.page()?).await?;
    Ok(Json(SchemaListResponse {
        schemas: found
            .items
            .into_iter()
            .map(SchemaSummaryResponse::from)
            .collect(),
        next_cursor: found.next_cursor,
    }))
}

/// One schema
#[utoipa::path(get, path = "/api/schema/{id}", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = SchemaResponse)))]
pub async fn get_schema(
    State(state): State<AppState>,
    schema: OwnedSchema,
) -> Result<Json<SchemaResponse>, ApiError> {
    Ok(Json(SchemaResponse::of(&state, schema.row).await?))
}

/// Remove a schema with its database and its conversations
///
/// Changes that wait and the version before go with it. Removing changes that wait leaves the dataset as it is.
#[utoipa::path(delete, path = "/api/schema/{id}", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = MessageResponse)))]
pub async fn delete_schema(
    State(state): State<AppState>,
    schema: OwnedSchema,
) -> Result<Json<MessageResponse>, ApiError> {
    let name = schema.row.name.clone();
    let shutdown = state.shutdown.clone();
    to_its_end(&shutdown, delete(state, schema)).await?;
    Ok(MessageResponse::new(format!("{name} was removed.")))
}

async fn delete(state: AppState, schema: OwnedSchema) -> Result<(), ApiError> {
    let SchemaRecord { id, name, .. } = schema.row;
    state.helps.stop(id).await;
    let databases = store::schemas::revisions::database_ids(&state.store, schema.user, id).await?;
    store::schemas::delete(&state.store, schema.user, id).await?;
    // A file that could not be removed now is nobody's, and the next start removes it: the entry does not wait for that.
    let mut removed = Ok(());
    for database in databases {
        state.datasets.forget(database);
        removed = removed.and(state.files.delete_dataset(schema.user, database).await);
    }
    store::audit::record(
        &state.store,
        schema.user,
        "delete_schema",
        &id.to_string(),
        &json!({"name": name}),
        state.now(),
    )
    .await?;
    Ok(removed?)
}

/// Questions to begin with
#[utoipa::path(get, path = "/api/schema/{id}/suggestions", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = SuggestionsResponse)))]
pub async fn list_suggestions(
    State(state): State<AppState>,
    schema: OwnedSchema,
) -> Result<Json<SuggestionsResponse>, ApiError> {
    let dataset = state.datasets.open(&state, &schema).await?;
    Ok(Json(SuggestionsResponse {
        questions: agent::suggest::suggest_questions(&dataset.knowledge),
    }))
}
