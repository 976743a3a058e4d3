//! A whole result as a file. A failure before its first bytes is an error like any other; one on the way breaks the
//! download off, so that a cut file never looks whole.

mod sink;

use std::cell::RefCell;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use store::StoreError;
use store::dataset::CancelFlag;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;
use tracing::Instrument;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::owned_schema;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, ApiQuery, CurrentUser};
use crate::jobs::{run_blocking, run_in_place};
use crate::routes::schema::ascii_name;
use crate::state::AppState;
use crate::stop::stopped;
use sink::Patience;
pub use sink::Sink;

/// Of the time that a request has, how long the first bytes may take.
const WAIT_PERCENT: u64 = 95;
/// Chunks made ahead of the reader.
const CHUNKS_AHEAD: usize = 4;

#[derive(Debug, Deserialize, ToSchema)]
pub struct ExportRequest {
    pub schema_id: Uuid,
    pub sql: String,
    #[serde(default)]
    pub format: ExportFormat,
}

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// Begins a CSV file with a byte order mark (U+FEFF), without which Excel takes UTF-8 for the system's old encoding.
    #[serde(default)]
    pub bom: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Cells that a spreadsheet would run as a formula begin with `'`.
    #[default]
    Csv,
    /// An array of objects.
    Json,
}

/// Download all rows of a statement's result
///
/// Of columns with one name, the second is called `name_2` and so on, in CSV and JSON alike.
#[utoipa::path(post, path = "/api/query/export", tag = "questions", params(ExportQuery), request_body = ExportRequest,
    responses((status = 200, content((String = "text/csv"), (Vec<Object> = "application/json")))))]
pub async fn export_query(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(query): ApiQuery<ExportQuery>,
    ApiJson(request): ApiJson<ExportRequest>,
) -> Result<Response, ApiError> {
    if query.bom && request.format == ExportFormat::Json {
        return Err(bom_in_json());
    }
    let owned = owned_schema(&state, &user, request.schema_id).await?;
    let dataset = state.datasets.database(&state, &owned).await?;
    let (checked, sql) = (Arc::clone(&dataset), request.sql.clone());
    // Before it takes one of the few places.
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    run_blocking(&state.queries, &cancel, move || checked.check(&sql, &flag)).await??;
    // Its own kind of place: who reads slowly holds up other exports at most, never queries.
    let place = state.exports.place().await?;
    let (kind, ending) = match request.format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Json => ("application/json", "json"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"{}.{ending}\"",
                ascii_name(&owned.row.name)
            ),
        ),
    ];
    let form = FileForm {
        format: request.format,
        bom: query.bom,
    };
    let rows = rows(
        &state,
        &user,
        place,
        form,
        move |sink, deadline_ms, cancel| {
            dataset.stream(
                &request.sql,
                deadline_ms,
                cancel,
                &mut |columns| sink.borrow_mut().begin(columns),
                &mut |row| sink.borrow_mut().row(row),
            )
        },
    );
    Ok((headers, Body::from_stream(rows.await?)).into_response())
}

/// RFC 8259, section 8.1.
fn bom_in_json() -> ApiError {
    let error = FieldError {
        field: "bom".into(),
        message: "only with format csv: JSON has no byte order mark".into(),
    };
    ApiError::unprocessable("invalid_query", "The file cannot be made like this.")
        .with_errors(vec![error])
}

/// How the file is written.
#[derive(Debug, Clone, Copy)]
pub struct FileForm {
    pub format: ExportFormat,
    pub bom: bool,
}

/// Why a reader has not got all rows.
enum Failure {
    Statement(StoreError),
    Reader(io::Error),
    Work(ApiError),
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Statement(error) => Self::other(error),
            Failure::Reader(error) => error,
            Failure::Work(error) => Self::other(error.detail),
        }
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Statement(error) => error.into(),
            Failure::Reader(error) => Self::internal(error),
            Failure::Work(error) => error,
        }
    }
}

/// The bytes of a file whose rows `work` hands to the sink, within a time in milliseconds and until it is cancelled. Comes
/// back with the first chunk, so that a statement that fails before it is told as an error.
pub async fn rows<W>(
    state: &AppState,
    user: &CurrentUser,
    place: OwnedSemaphorePermit,
    form: FileForm,
    work: W,
) -> Result<impl futures::Stream<Item = io::Result<Bytes>> + use<W>, ApiError>
where
    W: FnOnce(&RefCell<Sink>, u64, &CancelFlag) -> Result<(), StoreError> + Send + 'static,
{
    let (sender, mut chunks) = mpsc::channel(CHUNKS_AHEAD);
    let cancel = CancelFlag::default();
    let waiting = cancel.on_drop();
    let patience = Patience::of(&state.config.limits);
    let work = async move {
        let flag = cancel.clone();
        run_in_place(place, &cancel, move || {
            let sink = RefCell::new(Sink::new(form.format, form.bom, sender, patience));
            work(&sink, patience.deadline_ms, &flag).map_err(Failure::Statement)?;
            sink.into_inner().end().map_err(Failure::Reader)
        })
        .await
        .unwrap_or_else(|error| Err(Failure::Work(error)))
    };
    let work = tokio::spawn(work.in_current_span());
    // The request's own time would end it with less to say.
    let wait_ms = state.config.limits.request_timeout_ms / 100 * WAIT_PERCENT;
    let Ok(first) = timeout(Duration::from_millis(wait_ms), chunks.recv()).await else {
        return Err(ApiError::unprocessable(
            "query_timeout",
            format!("No row came within {wait_ms} ms: narrow it down."),
        ));
    };
    let Some(first) = first else {
        work.await.map_err(ApiError::internal)??;
        return Err(ApiError::internal("an export ended without a byte"));
    };
    let stopped = stopped(state, user);
    Ok(async_stream::stream! {
        let _waiting = waiting;
        let mut stopped = std::pin::pin!(stopped);
        yield Ok(first);
        loop {
            let chunk = tokio::select! {
                chunk = chunks.recv() => chunk,
                why = &mut stopped => {
                    yield Err(io::Error::other(why.reason()));
                    return;
                }
            };
            match chunk {
                Some(chunk) => yield Ok(chunk),
                None => break,
            }
        }
        // Told here and not among the chunks, where there is no room for it when the reader takes none.
        let broken = match work.await {
            Ok(Ok(())) => return,
            Ok(Err(failure)) => failure.into(),
            Err(error) => io::Error::other(error),
        };
        tracing::info!(error = %broken, "an export broke off");
        yield Err(broken);
    })
}
