//! An edited schema: checked against its form and against the data.

use axum::Json;
use axum::extract::State;
use schema_gen::{Problem, Schema};
use serde::Deserialize;
use serde_json::json;
use store::dataset::CancelFlag;
use utoipa::ToSchema;

use super::generate::sources_left;
use super::model::SchemaJson;
use super::response::SchemaResponse;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, OwnedSchema};
use crate::jobs::run_blocking;
use crate::state::AppState;

#[derive(Debug, Deserialize, ToSchema)]
pub struct UpdateSchemaRequest {
    pub schema_json: SchemaJson,
    /// A new name for the dataset.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: Option<String>,
}

/// Change a schema before it is approved
///
/// Checked; statements and evidence are made anew. 409 once executed.
#[utoipa::path(put, path = "/api/schema/{id}", tag = "schemas", params(("id" = Uuid, Path)), request_body = UpdateSchemaRequest, responses((status = 200, body = SchemaResponse)))]
pub async fn update_schema(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<UpdateSchemaRequest>,
) -> Result<Json<SchemaResponse>, ApiError> {
    let schema = Schema::try_from(request.schema_json)?;
    let id = owned.row.id;
    let sources = sources_left(&state, owned.user, &owned.row.csv_upload_ids).await?;
    let cancel = CancelFlag::default();
    let checked = run_blocking(&state.jobs, &cancel, move || -> Result<_, ApiError> {
        let problems = schema_gen::validate(&schema, &sources);
        Ok((schema, problems))
    });
    let (schema, problems) = checked.await??;
    if !problems.is_empty() {
        return Err(ApiError::unprocessable(
            "invalid_schema",
            "The schema cannot be used as it is; nothing was saved.",
        )
        .with_errors(problems.into_iter().map(FieldError::from).collect()));
    }
    let statements = schema_gen::create_statements(&schema);
    store::schemas::update_schema(&state.store, owned.user, id, &schema, &statements).await?;
    if let Some(name) = request
        .name
        .map(|name| name.trim().chars().take(200).collect::<String>())
        .filter(|name| !name.is_empty())
    {
        store::schemas::rename(&state.store, owned.user, id, &name).await?;
    }
    store::audit::record(
        &state.store,
        owned.user,
        "edit_schema",
        &id.to_string(),
        &json!({}),
        state.now(),
    )
    .await?;
    Ok(Json(
        store::schemas::get(&state.store, owned.user, id)
            .await?
            .into(),
    ))
}

impl From<Problem> for FieldError {
    fn from(problem: Problem) -> Self {
        Self {
            field: format!("schema_json.{}", problem.field),
            message: problem.message,
        }
    }
}
