//! Files -> schema, with progress.

use agent::engine::{BUILT_IN, Engine};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use schema_gen::ident::without_hidden;
use schema_gen::{Schema, SchemaError, Source, Step, normalize};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::ids::{SchemaId, UploadId, UserId};
use store::schemas::NewSchema;
use store::uploads::UploadStatus;
use utoipa::ToSchema;
use uuid::Uuid;

use super::edit::{Reviewed, review};
use super::response::SchemaResponse;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, CurrentUser};
use crate::jobs::run_blocking;
use crate::names::MAX_NAME_CHARS;
use crate::sse::{Reporter, run_job, wants_events};
use crate::state::AppState;

#[derive(Debug, Clone, Deserialize, ToSchema)]
pub struct GenerateRequest {
    #[schema(min_items = 1)]
    pub csv_ids: Vec<Uuid>,
    /// `auto` is `builtin`; `llm` also lets the model help, as `POST /api/schema/{id}/help` does: the schema does not wait for it.
    #[serde(default)]
    pub engine: EngineParam,
    /// Splits wide files into tables: accepts the suggestions that lose nothing. Without it they are only suggested.
    #[serde(default)]
    pub normalize: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EngineParam {
    #[default]
    Auto,
    Llm,
    Builtin,
}

/// A step of the work.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepEvent {
    /// `profiles`, `keys`, `relationships`, `naming`, `normalisation`, `forecast`, `done`.
    pub stage: String,
    pub message: String,
    pub done: u64,
    /// 0 where there is nothing to count.
    pub total: u64,
}

impl From<Step> for StepEvent {
    fn from(step: Step) -> Self {
        Self {
            stage: step.stage.into(),
            message: step.message,
            done: step.done,
            total: step.total,
        }
    }
}

/// Generate a schema from uploaded files
///
/// With `Accept: text/event-stream`: events `progress`, then `schema` (or `error`) last.
#[utoipa::path(post, path = "/api/schema/generate", tag = "schemas", request_body = GenerateRequest,
    responses((status = 201, body = SchemaResponse)))]
pub async fn generate_schema(
    State(state): State<AppState>,
    user: CurrentUser,
    headers: HeaderMap,
    ApiJson(request): ApiJson<GenerateRequest>,
) -> Result<Response, ApiError> {
    let sources = sources_of(&state, user.id(), &request.csv_ids).await?;
    run_job(
        &state,
        &user,
        wants_events(&headers),
        StatusCode::CREATED,
        "schema",
        |reporter| generate(state.clone(), user.id(), request, sources, reporter),
    )
    .await
}

async fn generate(
    state: AppState,
    user: UserId,
    request: GenerateRequest,
    sources: Vec<Source>,
    reporter: Reporter,
) -> Result<SchemaResponse, ApiError> {
    let (steps, files) = (reporter.clone(), sources.clone());
    let schema = run_blocking(&state.jobs, reporter.cancel_flag(), move || {
        schema_gen::generate(&files, &|step| {
            // It is not done before what would be stored is counted.
            step.stage == "done" || steps.report("progress", &StepEvent::from(step))
        })
    })
    .await??;
    let (files, steps) = (sources.clone(), reporter.clone());
    let mut schema = run_blocking(&state.jobs, reporter.cancel_flag(), move || {
        normalised(schema, &files, request.normalize, &steps)
    })
    .await??;
    let helper = match request.engine {
        EngineParam::Auto | EngineParam::Builtin => None,
        EngineParam::Llm => match state.engines.current().await {
            Engine::Model(model) => Some(model),
            Engine::BuiltIn { reason } => {
                let note = format!("No language model helps with this schema: {reason}");
                schema.reasoning = format!("{}\n\n{note}", schema.reasoning);
                schema_gen::fit_texts(&mut schema);
                None
            }
        },
    };
    tell(&reporter, "forecast", "Counting what would be stored.");
    let (files, flag) = (sources.clone(), reporter.cancel_flag().clone());
    let reviewed = run_blocking(&state.jobs, reporter.cancel_flag(), move || {
        review(schema, &files, &flag)
    });
    let Reviewed {
        schema,
        statements,
        review,
    } = reviewed.await??;
    tell(&reporter, "done", "The schema is ready.");
    let new = NewSchema {
        name: name_of(&schema, &sources),
        csv_upload_ids: request.csv_ids.iter().copied().map(UploadId).collect(),
        create_statements: statements,
        llm_reasoning: schema.reasoning.clone(),
        llm_model: BUILT_IN.to_owned(),
        schema,
        review: Some(review),
    };
    reporter.go_on()?;
    let record =
        store::schemas::insert(&state.store, user, SchemaId::generate(), &new, state.now()).await?;
    let engine = helper.as_ref().map_or(BUILT_IN, |model| &model.name);
    let detail = json!({"name": record.name, "files": sources.len(), "engine": engine});
    store::audit::record(
        &state.store,
        user,
        "generate_schema",
        &record.id.to_string(),
        &detail,
        state.now(),
    )
    .await?;
    if let Some(model) = helper {
        state.helps.start(&state, user, &record, model).await?;
    }
    Ok(record.into())
}

/// The schema with what could be normalised: as suggestions, or in place where nothing is lost and it was asked for.
fn normalised(
    mut schema: Schema,
    sources: &[Source],
    is_asked_for: bool,
    reporter: &Reporter,
) -> Result<Schema, SchemaError> {
    let flag = reporter.cancel_flag();
    let suggestions = normalize::suggest(
        &schema,
        sources,
        &|step| reporter.report("progress", &StepEvent::from(step)),
        &|| !flag.is_cancelled(),
    )?;
    if is_asked_for {
        return Ok(normalize::accept_safe(schema, suggestions));
    }
    schema.suggestions.extend(suggestions);
    Ok(schema)
}

fn tell(reporter: &Reporter, stage: &str, message: &str) {
    let step = StepEvent {
        stage: stage.into(),
        message: message.into(),
        done: 0,
        total: 0,
    };
    reporter.report("progress", &step);
}

/// The caller's uploads behind `ids`, ready to be read; every unknown one is named.
pub async fn sources_of(
    state: &AppState,
    user: UserId,
    ids: &[Uuid],
) -> Result<Vec<Source>, ApiError> {
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    for (index, id) in ids.iter().enumerate() {
        let field = format!("csv_ids[{index}]");
        let id = UploadId(*id);
        if ids[..index].contains(&id.0) {
            errors.push(FieldError {
                field,
                message: "is named twice".into(),
            });
            continue;
        }
        match store::uploads::get(&state.store, user, id).await {
            Ok(upload) if upload.status == UploadStatus::Missing => {
                errors.push(FieldError {
                    field,
                    message: format!(
                        "the bytes of {} are gone from the disk; upload it again",
                        upload.original_filename
                    ),
                });
            }
            Ok(upload) => {
                let path = state.files.upload_path(user, id);
                let Some(analysis) = upload.analysis else {
                    continue;
                };
                sources.push(Source {
                    csv_id: id.to_string(),
                    original_filename: upload.original_filename,
                    path,
                    analysis,
                });
            }
            Err(store::StoreError::NotFound) => {
                status = StatusCode::NOT_FOUND;
                errors.push(FieldError {
                    field,
                    message: "there is no such file of yours".into(),
                });
            }
            Err(error) => return Err(error.into()),
        }
    }
    if errors.is_empty() {
        Ok(sources)
    } else {
        let detail = "Some files cannot be used.";
        Err(ApiError::new(status, "unknown_files", detail).with_errors(errors))
    }
}

/// Sources of a schema that exists; files deleted since are left out.
pub async fn sources_left(
    state: &AppState,
    user: UserId,
    ids: &[UploadId],
) -> Result<Vec<Source>, ApiError> {
    let mut sources = Vec::new();
    for id in ids {
        match store::uploads::get(&state.store, user, *id).await {
            Ok(upload) if upload.status == UploadStatus::Ready => {
                let path = state.files.upload_path(user, *id);
                let Some(analysis) = upload.analysis else {
                    continue;
                };
                sources.push(Source {
                    csv_id: id.to_string(),
                    original_filename: upload.original_filename,
                    path,
                    analysis,
                });
            }
            Ok(_) | Err(store::StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(sources)
}

/// The name until somebody says otherwise, within what a name may have.
fn name_of(schema: &Schema, sources: &[Source]) -> String {
    let name = schema_gen::dataset_name(schema, sources);
    without_hidden(&name).chars().take(MAX_NAME_CHARS).collect()
}
