//! Is it up, can it work, what does it do.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct HealthResponse {
    #[schema(example = "ok")]
    pub status: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyPart {
    /// `metadata database`, `dataset storage`, `language model`.
    pub name: String,
    pub ok: bool,
    /// For the language model: which provider and model answers, or `built-in`.
    pub detail: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReadyResponse {
    /// `ready` or `not ready`.
    pub status: String,
    pub parts: Vec<ReadyPart>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ApiResponse {
    pub message: String,
    pub status: String,
    pub version: String,
}

/// Whether the process answers; always cheap
#[utoipa::path(get, path = "/health", tag = "service", responses((status = 200, body = HealthResponse)), security(()))]
pub async fn get_health() -> Json<HealthResponse> {
    Json(HealthResponse {
        status: "ok".into(),
    })
}

/// Whether it can do its work, part by part
#[utoipa::path(get, path = "/health/ready", tag = "service", responses((status = 200, body = ReadyResponse), (status = 503, body = ReadyResponse)), security(()))]
pub async fn get_ready(State(state): State<AppState>) -> Response {
    let database = state.store.ping().await.map_err(|error| error.to_string());
    let files = state.files.clone();
    let storage = tokio::task::spawn_blocking(move || files.ping())
        .await
        .map_err(|error| error.to_string())
        .and_then(|done| done.map_err(|error| error.to_string()));
    let engine = state.engines.current().await;
    let part = |name: &str, checked: Result<(), String>| {
        if let Err(error) = &checked {
            tracing::error!(part = name, %error, "not ready");
        }
        // The cause is in the log: it may name paths.
        ReadyPart {
            name: name.into(),
            ok: checked.is_ok(),
            detail: if checked.is_ok() {
                "ok".into()
            } else {
                "cannot be used; see the log".into()
            },
        }
    };
    let model = ReadyPart {
        name: "language model".into(),
        ok: true,
        detail: match &engine {
            agent::engine::Engine::BuiltIn { .. } => "built-in".into(),
            agent::engine::Engine::Model(model) => {
                format!("{} {}", model.client.provider(), model.name)
            }
        },
    };
    let parts = vec![
        part("metadata database", database),
        part("dataset storage", storage),
        model,
    ];
    let ready = parts.iter().all(|part| part.ok) && !state.shutdown.has_begun();
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (
        status,
        Json(ReadyResponse {
            status: if ready {
                "ready".into()
            } else {
                "not ready".into()
            },
            parts,
        }),
    )
        .into_response()
}

/// Counts and times, as Prometheus text
#[utoipa::path(get, path = "/metrics", tag = "service", responses((status = 200, content_type = "text/plain", body = String)), security(()))]
pub async fn get_metrics(State(state): State<AppState>) -> Response {
    let gauges = [
        ("jobs_running", state.jobs.running()),
        ("jobs_waiting", state.jobs.waiting()),
        ("queries_running", state.queries.running()),
        ("queries_waiting", state.queries.waiting()),
        ("exports_running", state.exports.running()),
        ("exports_waiting", state.exports.waiting()),
        ("questions_waiting_for_model", state.engines.waiting()),
    ];
    for (name, value) in gauges {
        metrics::gauge!(name).set(value as f64);
    }
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        state.metrics.render(),
    )
        .into_response()
}

/// What this is
#[utoipa::path(get, path = "/api", tag = "service", responses((status = 200, body = ApiResponse)), security(()))]
pub async fn get_api(State(state): State<AppState>) -> Json<ApiResponse> {
    Json(ApiResponse {
        message: format!("{} API", state.config.app_name),
        status: "running".into(),
        version: env!("CARGO_PKG_VERSION").into(),
    })
}
