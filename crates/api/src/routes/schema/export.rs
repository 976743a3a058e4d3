//! The database as a file, and the rows that are not in it.

use std::io;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use serde::Serialize;
use store::dataset::{CancelFlag, SqliteDataset};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::extract::{ApiQuery, CurrentUser, OwnedSchema};
use crate::jobs::run_blocking;
use crate::page::RangeQuery;
use crate::state::AppState;
use crate::stop::stopped;

#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedRowResponse {
    pub table: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The file's name.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    pub column: Option<String>,
    pub reason: String,
    /// The record as it was written.
    pub raw: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineResponse {
    pub rows: Vec<QuarantinedRowResponse>,
    /// All there are.
    pub total: u64,
    pub offset: u64,
}

/// The rows that could not be stored, each with its reason
#[utoipa::path(get, path = "/api/schema/{id}/quarantine", tag = "schemas", params(("id" = Uuid, Path), RangeQuery), responses((status = 200, body = QuarantineResponse)))]
pub async fn list_quarantine(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiQuery(range): ApiQuery<RangeQuery>,
) -> Result<Json<QuarantineResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.id);
    let (offset, limit) = (range.offset(), range.limit()?);
    let page = run_blocking(&state.queries, &CancelFlag::default(), move || {
        store::dataset::read_quarantine(&path, offset, limit)
    })
    .await??;
    let rows = page
        .rows
        .into_iter()
        .map(|row| QuarantinedRowResponse {
            table: row.table,
            csv_id: row.csv_id,
            file: row.file,
            line: row.line,
            column: row.column,
            reason: row.reason,
            raw: row.raw,
        })
        .collect();
    Ok(Json(QuarantineResponse {
        rows,
        total: page.total,
        offset,
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EmptiedCellResponse {
    pub table: String,
    /// Column of the table.
    pub table_column: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The file's name.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    /// Column of the file.
    pub column: Option<String>,
    pub reason: String,
    /// The cell as it was written.
    pub text: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EmptiedResponse {
    pub cells: Vec<EmptiedCellResponse>,
    /// All there are.
    pub total: u64,
    pub offset: u64,
}

/// The cells whose text could not be stored, each with its reason; their rows are stored
#[utoipa::path(get, path = "/api/schema/{id}/emptied", tag = "schemas", params(("id" = Uuid, Path), RangeQuery), responses((status = 200, body = EmptiedResponse)))]
pub async fn list_emptied(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiQuery(range): ApiQuery<RangeQuery>,
) -> Result<Json<EmptiedResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.id);
    let (offset, limit) = (range.offset(), range.limit()?);
    let page = run_blocking(&state.queries, &CancelFlag::default(), move || {
        store::dataset::read_emptied(&path, offset, limit)
    })
    .await??;
    let cells = page
        .cells
        .into_iter()
        .map(|cell| EmptiedCellResponse {
            table: cell.table,
            table_column: cell.table_column,
            csv_id: cell.csv_id,
            file: cell.file,
            line: cell.line,
            column: cell.column,
            reason: cell.reason,
            text: cell.text,
        })
        .collect();
    Ok(Json(EmptiedResponse {
        cells,
        total: page.total,
        offset,
    }))
}

/// The SQLite file itself
#[utoipa::path(get, path = "/api/schema/{id}/export", tag = "schemas", params(("id" = Uuid, Path)),
    responses((status = 200, content_type = "application/vnd.sqlite3", body = String)))]
pub async fn export_schema(
    State(state): State<AppState>,
    user: CurrentUser,
    owned: OwnedSchema,
) -> Result<Response, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    // Until its end: the copy takes room on the disk.
    let place = state.exports.place().await?;
    let path = state.files.dataset_path(owned.user, owned.row.id);
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let copied = run_blocking(&state.jobs, &cancel, move || -> Result<_, ApiError> {
        let folder = tempfile::tempdir().map_err(store::StoreError::from)?;
        let copy = folder.path().join("export.db");
        SqliteDataset::open(&path)?.export(&copy, &flag)?;
        // Open, the copy lives on without its name: nothing is left on the disk however the download ends.
        Ok(std::fs::File::open(&copy).map_err(store::StoreError::from)?)
    });
    let file = tokio::fs::File::from_std(copied.await??);
    let size = file.metadata().await.map_err(ApiError::internal)?.len();
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.sqlite3".to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"{}.db\"",
                ascii_name(&owned.row.name)
            ),
        ),
    ];
    let bytes = download(&state, &user, file, place);
    Ok((headers, Body::from_stream(bytes)).into_response())
}

/// The file's bytes, as long as their reader is signed in, takes them, and the service lives.
fn download(
    state: &AppState,
    user: &CurrentUser,
    file: tokio::fs::File,
    place: OwnedSemaphorePermit,
) -> impl Stream<Item = io::Result<Bytes>> + use<> {
    let limit = Duration::from_millis(state.config.limits.export_time_limit_ms);
    let stopped = stopped(state, user);
    async_stream::stream! {
        let _place = place;
        let mut chunks = ReaderStream::new(file);
        let mut stopped = std::pin::pin!(stopped);
        let mut late = std::pin::pin!(tokio::time::sleep(limit));
        loop {
            let chunk = tokio::select! {
                chunk = chunks.next() => chunk,
                why = &mut stopped => Some(Err(io::Error::other(why.reason()))),
                () = &mut late => Some(Err(io::Error::other("the download took too long"))),
            };
            let Some(chunk) = chunk else { break };
            let ended = chunk.is_err();
            yield chunk;
            if ended {
                break;
            }
        }
    }
}

/// Letters, digits, `-` and `_` of a name.
pub fn ascii_name(name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() || letter == '-' {
                letter
            } else {
                '_'
            }
        })
        .take(60)
        .collect();
    if clean.is_empty() {
        "dataset".into()
    } else {
        clean
    }
}
