//! The language model: which one answers, and bringing one here.

use std::convert::Infallible;

use agent::engine::same_model;
use auth::Mode;
use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, CurrentUser};
use crate::sse::{KEEP_ALIVE, ServerSentEvent};
use crate::state::AppState;
use crate::stop::{Stop, stopped};

const MAX_MODEL_BYTES: usize = 200;

#[derive(Debug, Serialize, ToSchema)]
pub struct LlmResponse {
    /// `ollama`, `openai` for another server with OpenAI's API, or `built-in` where no model answers.
    pub provider: String,
    pub model: Option<String>,
    pub configured_model: Option<String>,
    pub reachable: bool,
    pub installed_models: Vec<String>,
    /// Host and port of the model's server, to which questions go, with names and some values of the data; null where no
    /// model answers.
    pub server: Option<String>,
    /// Whether that is the service's own machine; true where no model answers.
    pub on_this_machine: bool,
    /// Why it is so, in words.
    pub note: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PullRequest {
    #[schema(
        example = "qwen2.5-coder:1.5b",
        min_length = 1,
        max_length = 200,
        pattern = "^([A-Za-z0-9][A-Za-z0-9_-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)?$"
    )]
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
        server: info.server,
        on_this_machine: info.on_this_machine,
        note: info.note,
    })
}

/// Have Ollama fetch a model
///
/// Events `progress` with `{status, total?, completed?}`, then `done` or `error`.
#[utoipa::path(post, path = "/api/llm/pull", tag = "service", request_body = PullRequest, responses((status = 200, content_type = "text/event-stream", body = ServerSentEvent)))]
pub async fn pull_model(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(request): ApiJson<PullRequest>,
) -> Result<Response, ApiError> {
    let model = request.model;
    refuse_model(&state, &model)?;
    let place = state.pulls.try_place().ok_or_else(|| {
        ApiError::conflict(
            "pull_running",
            "A model is being fetched already. Try again when it is here.",
        )
    })?;
    store::audit::record(
        &state.store,
        user.id(),
        "pull_model",
        &model,
        &json!({}),
        state.now(),
    )
    .await?;
    let events = download(&state, &user, model, place);
    Ok(Sse::new(events)
        .keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
        .into_response())
}

/// The download as it goes on; it holds `place` until it has ended, or its client has left.
fn download(
    state: &AppState,
    user: &CurrentUser,
    model: String,
    place: OwnedSemaphorePermit,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let (state, stopped) = (state.clone(), stopped(state, user));
    async_stream::stream! {
        let _place = place;
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
    }
}

/// Names of the server's own registry alone, and where several people share it only what its operator chose: a download
/// costs the disk and the network of all.
fn refuse_model(state: &AppState, model: &str) -> Result<(), ApiError> {
    if !is_model_name(model) {
        let error = FieldError {
            field: "model".into(),
            message: "a name such as qwen2.5-coder:1.5b, without an address before it".into(),
        };
        return Err(
            ApiError::unprocessable("invalid_model", "This is no model's name.")
                .with_errors(vec![error]),
        );
    }
    if state.config.llm.is_some() {
        return Err(ApiError::conflict(
            "no_model_to_fetch",
            "The server of LLM_BASE_URL has its models already; none is fetched from here.",
        ));
    }
    let configured = &state.config.ollama_model;
    let is_shared = state.config.auth.mode() != Mode::Local;
    if is_shared && !same_model(configured, model) {
        return Err(ApiError::forbidden(
            "model_not_configured",
            format!("On this server only {configured} can be fetched, the model it is set up for."),
        ));
    }
    Ok(())
}

/// `name`, `name:tag`, `namespace/name` or `namespace/name:tag`. A namespace with a dot or a colon would be the address
/// of a registry, from which the model server would fetch whatever is there.
fn is_model_name(text: &str) -> bool {
    let is_part = |part: &str, others: &[char]| {
        part.starts_with(|first: char| first.is_ascii_alphanumeric())
            && part
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || others.contains(&letter))
    };
    let (namespace, rest) = match text.split_once('/') {
        Some((namespace, rest)) => (Some(namespace), rest),
        None => (None, text),
    };
    let (name, tag) = match rest.split_once(':') {
        Some((name, tag)) => (name, Some(tag)),
        None => (rest, None),
    };
    text.len() <= MAX_MODEL_BYTES
        && namespace.is_none_or(|namespace| is_part(namespace, &['-', '_']))
        && is_part(name, &['-', '_', '.'])
        && tag.is_none_or(|tag| is_part(tag, &['-', '_', '.']))
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

#[cfg(test)]
mod tests {
    use super::is_model_name;

    #[test]
    fn only_names_of_the_servers_own_registry_are_names() {
        for good in [
            "llama3.2",
            "qwen2.5-coder:1.5b",
            "library/llama3.2:latest",
            "some_one/sql-model_2",
        ] {
            assert!(is_model_name(good), "{good}");
        }
        let long = "x".repeat(201);
        for bad in [
            "",
            "evil.example/ns/name",
            "evil.example/name",
            "localhost:5000/name",
            "10.0.0.1:5000/ns/name:tag",
            "http://evil.example/ns/name",
            "a/b/c",
            "a//b",
            "/a",
            "a/",
            "a:",
            ":b",
            "a:b:c",
            "..",
            "a/..",
            "a b",
            "a@sha256",
            "é",
            &long,
        ] {
            assert!(!is_model_name(bad), "{bad}");
        }
    }
}
