//! What a dataset is called: changed at any time, and nothing else with it.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use store::schemas::SchemaRecord;
use utoipa::ToSchema;

use super::response::SchemaResponse;
use crate::error::ApiError;
use crate::extract::{ApiJson, OwnedSchema};
use crate::jobs::to_its_end;
use crate::names::typed_name;
use crate::state::AppState;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameSchemaRequest {
    /// Without the blanks around it 1 to 200 characters, none of them hidden.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// Rename a dataset
///
/// Before and after it is approved.
#[utoipa::path(patch, path = "/api/schema/{id}", tag = "schemas", params(("id" = Uuid, Path)), request_body = RenameSchemaRequest, responses((status = 200, body = SchemaResponse)))]
pub async fn rename_schema(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<RenameSchemaRequest>,
) -> Result<Json<SchemaResponse>, ApiError> {
    let name = typed_name(
        "name",
        &request.name,
        "invalid_name",
        "The name cannot be used.",
    )?;
    let renamed = to_its_end(&state.shutdown, rename(state.clone(), owned, name)).await?;
    Ok(Json(SchemaResponse::of(&state, renamed).await?))
}

async fn rename(
    state: AppState,
    owned: OwnedSchema,
    name: String,
) -> Result<SchemaRecord, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    if name != owned.row.name {
        store::schemas::rename(&state.store, user, id, &name).await?;
        let detail = json!({"name": name, "before": owned.row.name});
        store::audit::record(
            &state.store,
            user,
            "rename_schema",
            &id.to_string(),
            &detail,
            state.now(),
        )
        .await?;
    }
    Ok(store::schemas::get(&state.store, user, id).await?)
}
