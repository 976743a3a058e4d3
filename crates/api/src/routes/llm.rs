//! The language model: which one answers, and bringing one here.

use std::convert::Infallible;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, CurrentUser};
use crate::sse::KEEP_ALIVE;
use crate::state::AppState;
use crate::stop::{Stop, stopped};

#[derive(Debug, Serialize, ToSchema)]
pub struct LlmResponse {
    /// `ollama`, or `built-in` where no model answers.
    pub provider: String,
    pub model: Option<String>,
    pub configured_model: Option<String>,
    pub reachable: bool,
    pub installed_models: Vec<String>,
    /// Why it is so, in words.
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PullRequest {
    #[schema(example = "qwen2.5-coder:1.5b")]
    pub model: String,
}

/// Which engine answers questions
#[utoipa::path(get, path = "/api/llm", tag = "service", responses((status = 200, body = LlmResponse)))]
pub async fn get_llm(State(state): State<AppState>, _user: CurrentUser) -> Json<LlmResponse> {
    let info = state.engines.info().await;
    Json(LlmResponse {
        provider: info.provider,
        model: info.model,
        configured_model: info.configured_model,
        reachable: info.reachable,
        installed_models: info.installed_models,
        note: info.note,
    })
}

/// Have Ollama fetch a model
///
/// Events `progress` with `{status, total?, completed?}`, then `done` or `error`.
#[utoipa::path(post, path = "/api/llm/pull", tag = "service", request_body = PullRequest, responses((status = 200, content_type = "text/event-stream", body = String)))]
pub async fn pull_model(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(request): ApiJson<PullRequest>,
) -> Result<Response, ApiError> {
    let model = request.model.trim().to_owned();
    let plain = |letter: char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':' | '/')
    };
    if model.is_empty() || model.len() > 200 || !model.chars().all(plain) {
        let error = FieldError {
            field: "model".into(),
            message: "a name such as qwen2.5-coder:1.5b".into(),
        };
        return Err(
            ApiError::unprocessable("invalid_model", "This is no model's name.")
                .with_errors(vec![error]),
        );
    }
    store::audit::record(
        &state.store,
        user.id(),
        "pull_model",
        &model,
        &json!({}),
        state.now(),
    )
    .await?;
    let stopped = stopped(&state, &user);
    let events = async_stream::stream! {
        let mut stopped = std::pin::pin!(stopped);
        let client = state.engines.client();
        // Also the first answer may be long in coming: the client hears meanwhile that the stream lives.
        let pulled = tokio::select! {
            pulled = client.pull(&model) => pulled,
            why = &mut stopped => {
                yield Ok::<_, Infallible>(last_word(why));
                return;
            }
        };
        let mut progress = match pulled {
            Ok(progress) => progress,
            Err(error) => {
                let detail = format!("The model cannot be fetched: {error}.");
                yield Ok(named("error", &json!({"detail": detail, "code": "model_server_unavailable"})));
                return;
            }
        };
        loop {
            let step = tokio::select! {
                step = progress.next() => step,
                why = &mut stopped => {
                    yield Ok(last_word(why));
                    return;
                }
            };
            match step {
                Some(Ok(step)) => yield Ok(named("progress", &json!(step))),
                Some(Err(error)) => {
                    yield Ok(named("error", &json!({"detail": error.to_string(), "code": "pull_failed"})));
                    return;
                }
                None => break,
            }
        }
        state.engines.refresh();
        yield Ok(named("done", &json!({"model": model})));
    };
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

fn last_word(why: Stop) -> Event {
    let error = why.error();
    named(
        "error",
        &json!({"detail": error.detail, "code": error.code}),
    )
}

fn named(name: &str, data: &serde_json::Value) -> Event {
    Event::default().event(name).data(data.to_string())
}
