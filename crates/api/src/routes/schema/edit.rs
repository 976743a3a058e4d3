//! An edited schema: checked against its form and against the data.

use axum::Json;
use axum::extract::State;
use schema_gen::difference::take_evidence;
use schema_gen::{Problem, Schema, Source};
use serde::Deserialize;
use serde_json::json;
use store::dataset::{CancelFlag, kept_sources};
use store::schemas::{Review, SchemaRecord};
use utoipa::ToSchema;

use super::generate::sources_left;
use super::help::lay_over;
use super::model::SchemaJson;
use super::response::SchemaResponse;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, OwnedSchema};
use crate::jobs::{run_blocking, to_its_end};
use crate::names::typed_name;
use crate::state::AppState;

/// How often an edit is laid beside what a model proposes meanwhile; the last time it takes the place of whatever is stored.
const TRIES: usize = 4;

#[derive(Debug, Deserialize, ToSchema)]
pub struct UpdateSchemaRequest {
    pub schema_json: SchemaJson,
    /// A new name for the dataset.
    #[serde(default)]
    #[schema(max_length = 200)]
    pub name: Option<String>,
    /// How many of the help's changes (`GET /api/schema/{id}/help`) stand in `schema_json`, or were taken back in it: what the model
    /// proposed after them is laid over it. Left out: all.
    #[serde(default)]
    pub help_seen: Option<usize>,
}

/// Change a schema before it is approved
///
/// Checked; statements and evidence are made anew. `forecast` and `notices` say what would then become of rows and cells. 409
/// once executed.
#[utoipa::path(put, path = "/api/schema/{id}", tag = "schemas", params(("id" = Uuid, Path)), request_body = UpdateSchemaRequest, responses((status = 200, body = SchemaResponse)))]
pub async fn update_schema(
    State(state): State<AppState>,
    mut owned: OwnedSchema,
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
    let schema = Schema::try_from(request.schema_json)?;
    let shutdown = state.shutdown.clone();
    for tries_left in (0..TRIES).rev() {
        let mut schema = schema.clone();
        let of = (owned.user, owned.row.id);
        let changes = lay_over(&state, of, request.help_seen, &mut schema).await?;
        let expected =
            (request.help_seen.is_some() && tries_left > 0).then(|| owned.row.schema.clone());
        let edited = edited(&state, &owned, schema).await?;
        let (own, name) = (owned.clone(), name.clone());
        let save = save(state.clone(), own, expected, edited, name);
        match to_its_end(&shutdown, save).await {
            Ok(saved) => {
                let mut response = SchemaResponse::from(saved);
                response.help_changes = changes;
                return Ok(Json(response));
            }
            // The model's help came between.
            Err(error) if error.code == "schema_changed" && tries_left > 0 => {
                owned.row = store::schemas::get(&state.store, owned.user, owned.row.id).await?;
            }
            Err(error) => return Err(error),
        }
    }
    Err(ApiError::internal("a schema was neither saved nor refused"))
}

/// The schema as it would be saved.
async fn edited(
    state: &AppState,
    owned: &OwnedSchema,
    schema: Schema,
) -> Result<Reviewed, ApiError> {
    let sources = sources_left(state, owned.user, &owned.row.csv_upload_ids).await?;
    let base = match owned.row.revises {
        Some((dataset, _)) if is_missing(&owned.row.schema, &sources) => {
            Some(store::schemas::get(&state.store, owned.user, dataset).await?)
        }
        _ => None,
    };
    let path = base
        .as_ref()
        .map(|base| state.files.dataset_path(owned.user, base.database_id));
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let edited = run_blocking(&state.jobs, &cancel, move || match base.zip(path) {
        Some((base, path)) => check_names(schema, &base, &kept_sources(&path)?),
        None => check(schema, &sources, &flag),
    });
    edited.await?
}

async fn save(
    state: AppState,
    owned: OwnedSchema,
    expected: Option<Schema>,
    reviewed: Reviewed,
    name: Option<String>,
) -> Result<SchemaRecord, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    let Reviewed {
        schema,
        statements,
        review,
    } = reviewed;
    let (of, expected) = ((user, id), expected.as_ref());
    store::schemas::update_schema(&state.store, of, expected, &schema, &statements, &review)
        .await?;
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

fn is_missing(schema: &Schema, sources: &[Source]) -> bool {
    let mut tables = schema.tables.iter();
    tables.any(|table| {
        !sources
            .iter()
            .any(|source| source.csv_id == table.source.csv_id)
    })
}

/// Changes of a dataset whose files are gone: other names alone, for which no file is read. `sources`: how they were read.
fn check_names(
    mut schema: Schema,
    base: &SchemaRecord,
    sources: &[Source],
) -> Result<Reviewed, ApiError> {
    refuse_unsound(&schema, sources)?;
    if !take_evidence(&base.schema, &mut schema) {
        return Err(ApiError::conflict(
            "files_missing",
            "Files that the dataset was made from are gone, so only names can be changed; nothing was saved.",
        ));
    }
    let notice = Problem {
        field: "tables".into(),
        message: "The files are gone: only names can be changed.".into(),
    };
    Ok(Reviewed {
        statements: schema_gen::create_statements(&schema),
        schema,
        review: Review {
            notices: vec![notice],
            ..Review::default()
        },
    })
}

/// The edited schema, completed, with its statements. Takes time by the size of the body and of the files.
fn check(mut schema: Schema, sources: &[Source], flag: &CancelFlag) -> Result<Reviewed, ApiError> {
    schema_gen::align_types(&mut schema, sources);
    refuse_unsound(&schema, sources)?;
    review(schema, sources, flag)
}

fn refuse_unsound(schema: &Schema, sources: &[Source]) -> Result<(), ApiError> {
    let problems = schema_gen::validate(schema, sources);
    if problems.is_empty() {
        return Ok(());
    }
    Err(ApiError::unprocessable(
        "invalid_schema",
        "The schema cannot be used as it is; nothing was saved.",
    )
    .with_errors(problems.into_iter().map(FieldError::from).collect()))
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
