//! One flat table of routes, and what every request passes on its way to them.

use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::cors::CorsLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;
use utoipa_swagger_ui::{Config as SwaggerConfig, SwaggerUi};

use crate::error::ApiError;
use crate::frontend;
use crate::middleware::{csrf, headers, host, identity, metrics, rate};
use crate::routes::{
    account, audit, auth, chat, conversations, csp, csv, health, llm, query, samples, schema,
    writes,
};
use crate::state::AppState;

/// JSON bodies: a schema of sixty tables is far below this.
const MAX_JSON_BYTES: usize = 8 << 20;

/// Every route, with its description.
pub fn routes() -> (Router<AppState>, OpenApi) {
    let (router, document) = OpenApiRouter::<AppState>::new()
        .routes(routes!(health::get_health))
        .routes(routes!(health::get_ready))
        .routes(routes!(health::get_metrics))
        .routes(routes!(health::get_api))
        .routes(routes!(llm::get_llm))
        .routes(routes!(llm::pull_model))
        .routes(routes!(auth::get_auth_config))
        .routes(routes!(auth::sign_in_local))
        .routes(routes!(auth::start_sign_in))
        .routes(routes!(auth::finish_sign_in))
        .routes(routes!(auth::refresh_session))
        .routes(routes!(auth::get_status))
        .routes(routes!(auth::sign_out))
        .routes(routes!(auth::get_jwks))
        .routes(routes!(account::list_sessions, account::end_all_sessions))
        .routes(routes!(account::end_session))
        .routes(routes!(account::remove_account))
        .routes(routes!(audit::list_audit))
        .routes(routes!(csp::report_csp).layer(DefaultBodyLimit::max(csp::MAX_REPORT_BYTES)))
        // The upload counts its own bytes, by MAX_UPLOAD_SIZE.
        .routes(
            routes!(csv::upload_csv)
                .layer(DefaultBodyLimit::disable())
                .layer(from_fn(close_after_refusal)),
        )
        .routes(routes!(csv::list_csv))
        .routes(routes!(csv::get_csv, csv::delete_csv))
        .routes(routes!(csv::list_csv_rows))
        .routes(routes!(samples::load_samples))
        .routes(routes!(schema::generate_schema))
        .routes(routes!(schema::list_schemas))
        .routes(routes!(
            schema::get_schema,
            schema::update_schema,
            schema::rename_schema,
            schema::delete_schema
        ))
        .routes(routes!(schema::get_definition))
        .routes(routes!(
            schema::get_help,
            schema::start_help,
            schema::stop_help
        ))
        .routes(routes!(schema::approve_schema))
        .routes(routes!(schema::begin_revision, schema::drop_revision))
        .routes(routes!(schema::get_revision_difference))
        .routes(routes!(schema::undo_revision))
        .routes(routes!(schema::list_quarantine))
        .routes(routes!(schema::export_quarantine))
        .routes(routes!(schema::mend_quarantined_rows))
        .routes(routes!(schema::get_quarantined))
        .routes(routes!(schema::mend_quarantined))
        .routes(routes!(schema::undo_quarantined))
        .routes(routes!(schema::list_emptied))
        .routes(routes!(schema::list_evened))
        .routes(routes!(schema::export_emptied))
        .routes(routes!(schema::get_emptied))
        .routes(routes!(schema::mend_emptied))
        .routes(routes!(schema::undo_emptied))
        .routes(routes!(schema::list_suggestions))
        .routes(
            routes!(
                schema::get_meaning,
                schema::update_meaning,
                schema::reset_meaning
            )
            .layer(DefaultBodyLimit::max(schema::MAX_MEANING_BYTES)),
        )
        .routes(routes!(schema::export_schema))
        .routes(
            routes!(schema::list_plan_options).layer(DefaultBodyLimit::max(schema::MAX_PLAN_BYTES)),
        )
        .routes(routes!(schema::preview_plan).layer(DefaultBodyLimit::max(schema::MAX_PLAN_BYTES)))
        .routes(routes!(chat::post_chat))
        .routes(routes!(chat::resume_chat))
        .routes(routes!(conversations::list_conversations))
        .routes(routes!(
            conversations::get_conversation,
            conversations::rename_conversation,
            conversations::delete_conversation
        ))
        .routes(routes!(query::run_query))
        .routes(routes!(query::export_query))
        .routes(routes!(query::explain_query))
        .routes(routes!(writes::undo_write))
        .split_for_parts();
    (router, crate::openapi::complete(document))
}

/// The whole service.
pub fn build_app(state: AppState) -> Router {
    let (router, document) = routes();
    let limits = state.config.limits;
    // As text: the document's own form takes megabytes for as long as the service lives.
    let described = Bytes::from(document.to_json().unwrap_or_default());
    drop(document);
    router
        .route(
            "/api/openapi.json",
            axum::routing::get(|| async move { json_text(described.clone()) }),
        )
        .merge(SwaggerUi::new("/docs").config(SwaggerConfig::from("/api/openapi.json")))
        .fallback(frontend::serve_page)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(
            ServiceBuilder::new()
                .map_request(drop_odd_request_id)
                .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
                .layer(
                    TraceLayer::new_for_http()
                        .make_span_with(request_span)
                        .on_request(())
                        .on_response(log_response)
                        // What went wrong is logged where it is known.
                        .on_failure(()),
                )
                .layer(PropagateRequestIdLayer::x_request_id())
                .layer(from_fn_with_state(
                    state.clone(),
                    headers::add_security_headers,
                ))
                .layer(CatchPanicLayer::custom(
                    |_: Box<dyn std::any::Any + Send>| {
                        ApiError::internal("a handler panicked").into_response()
                    },
                ))
                .layer(cors(&state))
                .layer(from_fn_with_state(state.clone(), host::refuse_foreign_host))
                .layer(from_fn_with_state(state.clone(), csrf::refuse_cross_site))
                .layer(from_fn_with_state(state.clone(), identity::identify))
                .layer(from_fn_with_state(state.clone(), rate::limit_rate))
                .layer(CompressionLayer::new().compress_when(
                    DefaultPredicate::new().and(NotForContentType::const_new("text/event-stream")),
                ))
                .layer(from_fn(move |request, next| {
                    limit_time(
                        Duration::from_millis(limits.request_timeout_ms),
                        request,
                        next,
                    )
                }))
                .layer(RequestBodyTimeoutLayer::new(Duration::from_millis(
                    limits.body_idle_timeout_ms,
                )))
                .layer(DefaultBodyLimit::max(MAX_JSON_BYTES)),
        )
        .route_layer(from_fn(metrics::record))
        .with_state(state)
}

fn json_text(text: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn request_span(request: &Request) -> tracing::Span {
    let id = request
        .headers()
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (method, path) = (request.method(), request.uri().path());
    // The path alone: a query may hold what somebody searched for, and codes of a sign-in.
    if path.starts_with("/api") {
        tracing::info_span!("request", id, %method, path)
    } else {
        // Pages and probes would fill the log.
        tracing::debug_span!("request", id, %method, path)
    }
}

/// A line for each request of the API, within its span.
fn log_response(response: &Response, latency: Duration, span: &tracing::Span) {
    if !span.is_disabled() {
        let (status, latency_ms) = (response.status().as_u16(), latency.as_millis() as u64);
        tracing::info!(status, latency_ms, "answered");
    }
}

/// A proxy may name the request; what it sends goes into logs and headers.
fn drop_odd_request_id(mut request: Request) -> Request {
    let is_plain = |id: &HeaderValue| {
        let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        (1..=64).contains(&id.len()) && id.as_bytes().iter().all(allowed)
    };
    let id = HeaderName::from_static("x-request-id");
    if request.headers().get(&id).is_some_and(|it| !is_plain(it)) {
        request.headers_mut().remove(&id);
    }
    request
}

/// CORS for the page alone, should it be served from another origin than the API.
fn cors(state: &AppState) -> CorsLayer {
    let origin = state.config.frontend_url.origin().ascii_serialization();
    let layer = CorsLayer::new()
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT])
        .expose_headers([
            HeaderName::from_static("x-conversation-id"),
            HeaderName::from_static("x-request-id"),
            header::RETRY_AFTER,
            header::CONTENT_DISPOSITION,
        ]);
    match HeaderValue::from_str(&origin) {
        Ok(origin) => layer.allow_origin(origin),
        Err(_) => layer,
    }
}

/// Requests that are not long by nature end within `limit`; dropping the handler stops its work.
async fn limit_time(limit: Duration, request: Request, next: Next) -> Response {
    if is_long(request.method(), request.uri().path()) {
        return next.run(request).await;
    }
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timed_out",
            "This took too long and was stopped; nothing was changed.",
        )
        .retry_after(5)
        .into_response(),
    }
}

/// Uploads take as long as their bytes; generation, import and pulls report progress and can be stopped; what is taken away
/// or mended goes on to its end, so that nobody is told it was stopped.
fn is_long(method: &Method, path: &str) -> bool {
    let undoes = path.starts_with("/api/writes/") && path.ends_with("/undo");
    let mends =
        path.starts_with("/api/schema/") && (path.ends_with("/mend") || path.ends_with("/undo"));
    *method == Method::DELETE
        || *method == Method::POST
            && (undoes
                || mends
                || matches!(
                    path,
                    "/api/csv/upload"
                        | "/api/schema/generate"
                        | "/api/llm/pull"
                        | "/api/samples/load"
                        | "/api/chat"
                )
                || path.ends_with("/approve"))
}

/// A refused upload is often not read to its end; the connection then closes, and the client must not send its next
/// request on it (RFC 9112, section 9.6).
async fn close_after_refusal(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if !response.status().is_success() {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

async fn method_not_allowed() -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This address does not take that method.",
    )
}
