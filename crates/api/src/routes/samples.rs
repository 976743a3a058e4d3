//! The bundled sample data.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use bytes::Bytes;
use rust_embed::RustEmbed;
use store::Page;
use store::uploads::Upload;

use crate::error::ApiError;
use crate::extract::CurrentUser;
use crate::routes::csv::{UploadListResponse, UploadResponse, store_file};
use crate::state::AppState;

/// A coffee roaster's shop, invented by `scripts/make-samples.mjs`.
#[derive(RustEmbed)]
#[folder = "../../data/samples"]
#[include = "*.csv"]
struct Samples;

/// Load the sample data as your files
///
/// Files of the sample that you have already are not loaded again.
#[utoipa::path(post, path = "/api/samples/load", tag = "files", responses((status = 201, body = UploadListResponse)))]
pub async fn load_samples(
    State(state): State<AppState>,
    user: CurrentUser,
) -> Result<(StatusCode, Json<UploadListResponse>), ApiError> {
    let present = store::uploads::list(&state.store, user.id(), &Page::first(Page::MAX_LIMIT))
        .await?
        .items;
    let mut names: Vec<String> = Samples::iter().map(|name| name.to_string()).collect();
    names.sort();
    refuse_without_room(&state, &present, &names)?;
    let mut uploads = Vec::new();
    for name in names {
        let Some(file) = Samples::get(&name) else {
            continue;
        };
        let size = file.data.len() as u64;
        let upload = match present
            .iter()
            .find(|upload| upload.original_filename == name && upload.file_size_bytes == size)
        {
            Some(upload) => upload.clone(),
            None => {
                store_file(
                    &state,
                    user.id(),
                    &name,
                    Bytes::from(file.data.into_owned()),
                )
                .await?
            }
        };
        uploads.push(UploadResponse::new(upload)?);
    }
    Ok((
        StatusCode::CREATED,
        Json(UploadListResponse {
            csv_files: uploads,
            next_cursor: None,
        }),
    ))
}

/// All of the sample or nothing: half a shop answers no question.
fn refuse_without_room(
    state: &AppState,
    present: &[Upload],
    names: &[String],
) -> Result<(), ApiError> {
    let missing = names
        .iter()
        .filter(|name| {
            !present
                .iter()
                .any(|upload| upload.original_filename == **name)
        })
        .count();
    let limit = state.config.max_csv_files as usize;
    if present.len() + missing <= limit {
        return Ok(());
    }
    let detail = format!(
        "The sample data has {} files; you have {} of {limit} files already. Remove some first.",
        names.len(),
        present.len()
    );
    Err(ApiError::conflict("file_limit", detail))
}
