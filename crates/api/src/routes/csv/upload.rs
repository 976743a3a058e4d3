//! Multipart to disk, then dialect, types and profile. Whatever goes wrong, nothing is left.

use std::time::Duration;

use axum::Json;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use chrono::Datelike;
use futures::{Stream, StreamExt};
use ingest::{Analysis, Options, Progress};
use serde_json::json;
use store::dataset::CancelFlag;
use store::files::StoredFile;
use store::ids::{UploadId, UserId};
use store::uploads::Upload;
use tokio::task::JoinHandle;
use utoipa::ToSchema;

use super::UploadResponse;
use crate::error::{ApiError, FieldError};
use crate::extract::{CurrentUser, body_broke_off};
use crate::jobs::{run_blocking, to_its_end};
use crate::state::AppState;

/// The form of an upload.
#[derive(ToSchema)]
#[allow(dead_code)] // describes the multipart body in the OpenAPI document
pub struct UploadForm {
    /// One CSV file.
    #[schema(format = Binary, content_media_type = "text/csv")]
    file: String,
}

/// How long the rest of a refused upload is taken.
const DRAIN: Duration = Duration::from_secs(2);

/// Upload one CSV file
///
/// Streams it to disk, finds dialect and encoding, types and profiles every column.
#[utoipa::path(post, path = "/api/csv/upload", tag = "files", request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = UploadResponse)))]
pub async fn upload_csv(
    State(state): State<AppState>,
    user: CurrentUser,
    request: Request,
) -> Result<(StatusCode, Json<UploadResponse>), ApiError> {
    refuse_encoded(request.headers())?;
    let mut form = Multipart::from_request(request, &state)
        .await
        .map_err(|rejection| {
            ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "not_multipart",
                format!("Send the file as multipart/form-data, in the field `file`. ({rejection})"),
            )
        })?;
    while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or("file.csv").to_owned();
        let id = UploadId::generate();
        let bytes = field.map(|chunk| chunk.map_err(|error| broken(&error)));
        let pending = Pending::reserve(&state, user.id(), id, &name).await?;
        let stored = pending.receive(&state, bytes).await;
        // The form must be whole: a body that breaks off after the file has lost its end.
        let stored = match stored {
            Ok(stored) => match form.next_field().await {
                Ok(_) => Ok(stored),
                Err(error) => Err(broken(&error)),
            },
            Err(error) => {
                // A browser that still sends hears the answer only when some of the rest is taken.
                let _ = tokio::time::timeout(DRAIN, form.next_field()).await;
                Err(error)
            }
        };
        let upload = pending.settle(stored).await?;
        return Ok((StatusCode::CREATED, Json(UploadResponse::new(upload)?)));
    }
    Err(
        ApiError::unprocessable("no_file", "The form has no file.").with_errors(vec![FieldError {
            field: "file".into(),
            message: "missing".into(),
        }]),
    )
}

/// Stores bytes that the server has itself (the sample data) as an upload of `user`.
pub async fn store_file(
    state: &AppState,
    user: UserId,
    name: &str,
    bytes: Bytes,
) -> Result<Upload, ApiError> {
    let pending = Pending::reserve(state, user, UploadId::generate(), name).await?;
    let stored = pending
        .receive(state, futures::stream::iter([Ok(bytes)]))
        .await;
    pending.settle(stored).await
}

fn refuse_encoded(headers: &HeaderMap) -> Result<(), ApiError> {
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("identity");
    if encoding.eq_ignore_ascii_case("identity") {
        return Ok(());
    }
    Err(ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "encoded_body",
        format!("Send the file as it is, without Content-Encoding: {encoding}."),
    ))
}

fn broken(error: &MultipartError) -> ApiError {
    let text = error_chain(error);
    if text.contains(UNREADABLE_HEADERS) {
        return unreadable_headers(&text);
    }
    body_broke_off(&text)
}

/// multer's words for headers of a part that came whole and cannot be read.
const UNREADABLE_HEADERS: &str = "failed to read headers";

/// The headers of the part that holds the file: its name is what varies in them.
fn unreadable_headers(text: &str) -> ApiError {
    let message = if text.contains("header value") {
        "the file's name holds a control character: rename the file, then upload it again"
    } else {
        "the headers of the form's part cannot be read"
    };
    ApiError::unprocessable(
        "invalid_file_name",
        "The file cannot be taken under this name.",
    )
    .with_errors(vec![FieldError {
        field: "file".into(),
        message: message.into(),
    }])
}

fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

/// An upload that holds one of the user's places but is not yet whole. Dropped unsettled (the client left), it is removed.
struct Pending {
    user: UserId,
    id: UploadId,
    state: AppState,
    settled: bool,
}

impl Pending {
    async fn reserve(
        state: &AppState,
        user: UserId,
        id: UploadId,
        name: &str,
    ) -> Result<Self, ApiError> {
        store::uploads::reserve(
            &state.store,
            user,
            id,
            name,
            state.config.max_csv_files,
            state.now(),
        )
        .await?;
        Ok(Self {
            user,
            id,
            state: state.clone(),
            settled: false,
        })
    }

    async fn receive(
        &self,
        state: &AppState,
        bytes: impl Stream<Item = Result<Bytes, ApiError>>,
    ) -> Result<(StoredFile, Analysis), ApiError> {
        let mut writer = state
            .files
            .begin_upload(self.user, self.id, state.config.max_upload_size_bytes)
            .await?;
        let mut bytes = std::pin::pin!(bytes);
        while let Some(chunk) = bytes.next().await {
            writer.write(&chunk?).await?;
        }
        let stored = writer.finish().await?;
        let analysis = analyse(state, &stored).await?;
        Ok((stored, analysis))
    }

    /// Keeps what arrived, or removes every trace of it.
    async fn settle(
        mut self,
        received: Result<(StoredFile, Analysis), ApiError>,
    ) -> Result<Upload, ApiError> {
        match received {
            Ok((stored, analysis)) => {
                let shutdown = self.state.shutdown.clone();
                to_its_end(&shutdown, self.keep(stored, analysis)).await
            }
            Err(error) => {
                // Waited for, so that the place is free again when the client hears of it.
                let _ = self.remove().await;
                Err(error)
            }
        }
    }

    fn remove(&mut self) -> JoinHandle<()> {
        self.settled = true;
        let (state, user, id) = (self.state.clone(), self.user, self.id);
        let shutdown = state.shutdown.clone();
        shutdown.spawn(async move { remove(&state, user, id).await })
    }

    async fn keep(mut self, stored: StoredFile, analysis: Analysis) -> Result<Upload, ApiError> {
        let store = &self.state.store;
        let (user, id, size_bytes) = (self.user, self.id, stored.size_bytes);
        let upload =
            store::uploads::complete(store, user, id, size_bytes, &stored.sha256, &analysis)
                .await?;
        self.settled = true;
        let detail = json!({"name": upload.original_filename, "size_bytes": size_bytes, "rows": analysis.row_count});
        store::audit::record(
            &self.state.store,
            user,
            "upload",
            &id.to_string(),
            &detail,
            self.state.now(),
        )
        .await?;
        Ok(upload)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.settled {
            self.remove();
        }
    }
}

async fn remove(state: &AppState, user: UserId, id: UploadId) {
    let removed = async {
        state.files.delete_upload(user, id).await?;
        store::uploads::delete(&state.store, user, id).await
    };
    if let Err(error) = removed.await {
        tracing::error!(%error, upload_id = %id, "an unfinished upload could not be removed; the next start removes it");
    }
}

async fn analyse(state: &AppState, stored: &StoredFile) -> Result<Analysis, ApiError> {
    let cancel = CancelFlag::default();
    let watch = Watch(cancel.clone());
    let path = stored.path.clone();
    let options = Options {
        this_year: Some(state.now().year()),
        ..Options::default()
    };
    Ok(run_blocking(&state.jobs, &cancel, move || {
        ingest::analyse(&path, &options, &watch)
    })
    .await??)
}

struct Watch(CancelFlag);

impl Progress for Watch {
    fn report(&self, _rows: u64, _bytes: u64, _total_bytes: u64) -> bool {
        !self.0.is_cancelled()
    }
}
