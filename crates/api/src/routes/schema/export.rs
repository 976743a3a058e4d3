//! The database as a file.

use std::io;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use store::dataset::{CancelFlag, SqliteDataset};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::io::ReaderStream;

use crate::error::ApiError;
use crate::extract::{CurrentUser, OwnedSchema};
use crate::jobs::run_blocking;
use crate::state::AppState;
use crate::stop::stopped;

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
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
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
