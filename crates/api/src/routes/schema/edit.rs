//! An edited schema: checked against its form and against the data.

use axum::Json;
use axum::extract::State;
use schema_gen::{Edited, Problem, Schema, Source};
use serde::Deserialize;
use serde_json::json;
use store::dataset::CancelFlag;
use store::schemas::SchemaRecord;
use utoipa::ToSchema;

use super::generate::sources_left;
use super::model::SchemaJson;
use super::response::SchemaResponse;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, OwnedSchema};
use crate::jobs::{run_blocking, to_its_end};
use crate::names::typed_name;
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
/// Checked; statements and evidence are made anew. `notices` says which rows would then be set aside. 409 once executed.
#[utoipa::path(put, path = "/api/schema/{id}", tag = "schemas", params(("id" = Uuid, Path)), request_body = UpdateSchemaRequest, responses((status = 200, body = SchemaResponse)))]
pub async fn update_schema(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<UpdateSchemaRequest>,
) -> Result<Json<SchemaResponse>, ApiError> {
    let name = match request
        .name
        .as_deref()
        .filter(|name| !name.trim().is_empty())
    {
        Some(name) => Some(typed_name(
            "name",
            name,
            "invalid_name",
            "The name cannot be used.",
        )?),
        None => None,
    };
    let sources = sources_left(&state, owned.user, &owned.row.csv_upload_ids).await?;
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let edited = run_blocking(&state.jobs, &cancel, move || {
        check(request.schema_json, &sources, &flag)
    });
    let (edited, statements) = edited.await??;
    let shutdown = state.shutdown.clone();
    let saved = to_its_end(
        &shutdown,
        save(state, owned, edited.schema, statements, name),
    )
    .await?;
    let notices = edited.problems.into_iter().map(FieldError::from).collect();
    Ok(Json(SchemaResponse {
        notices,
        ..SchemaResponse::from(saved)
    }))
}

async fn save(
    state: AppState,
    owned: OwnedSchema,
    schema: Schema,
    statements: Vec<String>,
    name: Option<String>,
) -> Result<SchemaRecord, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    store::schemas::update_schema(&state.store, user, id, &schema, &statements).await?;
    if let Some(name) = name {
        store::schemas::rename(&state.store, user, id, &name).await?;
    }
    store::audit::record(
        &state.store,
        user,
        "edit_schema",
        &id.to_string(),
        &json!({}),
        state.now(),
    )
    .await?;
    Ok(store::schemas::get(&state.store, user, id).await?)
}

/// The edited schema, completed, with its statements. Takes time by the size of the body and of the files.
fn check(
    json: SchemaJson,
    sources: &[Source],
    flag: &CancelFlag,
) -> Result<(Edited, Vec<String>), ApiError> {
    let mut schema = Schema::try_from(json)?;
    schema_gen::align_types(&mut schema, sources);
    let problems = schema_gen::validate(&schema, sources);
    if !problems.is_empty() {
        return Err(ApiError::unprocessable(
            "invalid_schema",
            "The schema cannot be used as it is; nothing was saved.",
        )
        .with_errors(problems.into_iter().map(FieldError::from).collect()));
    }
    let edited = schema_gen::finish_edit(schema, sources, &|| !flag.is_cancelled())?;
    let statements = schema_gen::create_statements(&edited.schema);
    Ok((edited, statements))
}

impl From<Problem> for FieldError {
    fn from(problem: Problem) -> Self {
        Self {
            field: format!("schema_json.{}", problem.field),
            message: problem.message,
        }
    }
}
