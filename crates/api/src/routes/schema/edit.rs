//! An edited schema: checked against its form and against the data.

use axum::Json;
use axum::extract::State;
use schema_gen::{Problem, Schema, Source};
use serde::Deserialize;
use serde_json::json;
use store::dataset::CancelFlag;
use store::schemas::{Review, SchemaRecord};
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
/// Checked; statements and evidence are made anew. `forecast` and `notices` say what would then become of rows and cells. 409
/// once executed.
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
    let edited = edited.await??;
    let shutdown = state.shutdown.clone();
    let saved = to_its_end(&shutdown, save(state, owned, edited, name)).await?;
    Ok(Json(saved.into()))
}

async fn save(
    state: AppState,
    owned: OwnedSchema,
    reviewed: Reviewed,
    name: Option<String>,
) -> Result<SchemaRecord, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    let Reviewed {
        schema,
        statements,
        review,
    } = reviewed;
    store::schemas::update_schema(&state.store, user, id, &schema, &statements, &review).await?;
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
fn check(json: SchemaJson, sources: &[Source], flag: &CancelFlag) -> Result<Reviewed, ApiError> {
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
    review(schema, sources, flag)
}

/// A schema completed from its data, and what an import would do with them.
pub struct Reviewed {
    pub schema: Schema,
    pub statements: Vec<String>,
    pub review: Review,
}

/// Completes a sound schema. Takes time by the size of the files.
pub fn review(schema: Schema, sources: &[Source], flag: &CancelFlag) -> Result<Reviewed, ApiError> {
    let edited = schema_gen::finish_edit(schema, sources, &|| !flag.is_cancelled())?;
    Ok(Reviewed {
        statements: schema_gen::create_statements(&edited.schema),
        schema: edited.schema,
        review: Review {
            forecast: edited.forecast,
            notices: edited.problems,
        },
    })
}

impl From<Problem> for FieldError {
    fn from(problem: Problem) -> Self {
        Self {
            field: format!("schema_json.{}", problem.field),
            message: problem.message,
        }
    }
}
