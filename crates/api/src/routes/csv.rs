//! Uploaded CSV files.

mod response;
mod upload;

use axum::Json;
use axum::extract::State;
use ingest::{Outcome, RecordReader};
use serde::Serialize;
use serde_json::json;
use store::dataset::CancelFlag;
use utoipa::ToSchema;

pub use response::UploadResponse;
pub use upload::{__path_upload_csv, store_file, upload_csv};

use crate::error::ApiError;
use crate::extract::{ApiQuery, CurrentUser, OwnedUpload};
use crate::jobs::{run_blocking, to_its_end};
use crate::page::{PageQuery, RangeQuery};
use crate::routes::auth::MessageResponse;
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct UploadListResponse {
    pub csv_files: Vec<UploadResponse>,
    pub next_cursor: Option<String>,
}

/// Your files, newest first
#[utoipa::path(get, path = "/api/csv/list", tag = "files", params(PageQuery), responses((status = 200, body = UploadListResponse)))]
pub async fn list_csv(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiQuery(page): ApiQuery<PageQuery>,
) -> Result<Json<UploadListResponse>, ApiError> {
    let found = store::uploads::list(&state.store, user.id(), &page.page()?).await?;
    Ok(Json(UploadListResponse {
        csv_files: found
            .items
            .into_iter()
            .map(UploadResponse::new)
            .collect::<Result<_, _>>()?,
        next_cursor: found.next_cursor,
    }))
}

/// One file with its profile
#[utoipa::path(get, path = "/api/csv/{id}", tag = "files", params(("id" = Uuid, Path)), responses((status = 200, body = UploadResponse)))]
pub async fn get_csv(upload: OwnedUpload) -> Result<Json<UploadResponse>, ApiError> {
    Ok(Json(UploadResponse::new(upload.row)?))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RowsResponse {
    pub columns: Vec<String>,
    /// Raw text; null where the file has nothing.
    pub rows: Vec<Vec<Option<String>>>,
    pub offset: u64,
    /// Rows of the whole file.
    pub row_count: u64,
}

/// Rows of a file as it has them
#[utoipa::path(get, path = "/api/csv/{id}/rows", tag = "files", params(("id" = Uuid, Path), RangeQuery), responses((status = 200, body = RowsResponse)))]
pub async fn list_csv_rows(
    State(state): State<AppState>,
    upload: OwnedUpload,
    ApiQuery(range): ApiQuery<RangeQuery>,
) -> Result<Json<RowsResponse>, ApiError> {
    let Some(analysis) = upload.row.analysis else {
        return Err(ApiError::not_found());
    };
    let path = state.files.upload_path(upload.user, upload.row.id);
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let columns: Vec<String> = analysis
        .columns
        .iter()
        .map(|column| column.column.clone())
        .collect();
    let width = columns.len();
    let dialect = analysis.dialect.clone();
    let (offset, limit) = (range.offset(), range.limit()?);
    let rows = run_blocking(&state.jobs, &cancel, move || -> Result<_, ApiError> {
        let rows =
            RecordReader::open(&path, &dialect, width)?.filter_map(|outcome| match outcome {
                Ok(Outcome::Row(record)) => Some(Ok(record.fields)),
                Ok(Outcome::Rejected(_)) => None,
                Err(error) => Some(Err(error)),
            });
        let rows = rows
            .take_while(|_| !flag.is_cancelled())
            .skip(offset as usize)
            .take(limit as usize);
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    })
    .await??;
    Ok(Json(RowsResponse {
        columns,
        rows,
        offset,
        row_count: analysis.row_count,
    }))
}

/// Remove a file
///
/// Databases made from it stay.
#[utoipa::path(delete, path = "/api/csv/{id}", tag = "files", params(("id" = Uuid, Path)), responses((status = 200, body = MessageResponse)))]
pub async fn delete_csv(
    State(state): State<AppState>,
    upload: OwnedUpload,
) -> Result<Json<MessageResponse>, ApiError> {
    let name = upload.row.original_filename.clone();
    let shutdown = state.shutdown.clone();
    to_its_end(&shutdown, delete(state, upload)).await?;
    Ok(MessageResponse::new(format!("{name} was removed.")))
}

async fn delete(state: AppState, upload: OwnedUpload) -> Result<(), ApiError> {
    let (user, id) = (upload.user, upload.row.id);
    store::uploads::delete(&state.store, user, id).await?;
    // A file that could not be removed now is nobody's, and the next start removes it: the entry does not wait for that.
    let removed = state.files.delete_upload(user, id).await;
    let detail = json!({"name": upload.row.original_filename});
    store::audit::record(
        &state.store,
        user,
        "delete_upload",
        &id.to_string(),
        &detail,
        state.now(),
    )
    .await?;
    Ok(removed?)
}
