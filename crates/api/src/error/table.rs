//! Every error of the other crates by name, so that a new one cannot slip through unmapped.

use agent::reading::plan::PlanError;
use auth::AuthError;
use axum::http::StatusCode;
use ingest::IngestError;
use schema_gen::SchemaError;
use store::StoreError;

use super::{ApiError, FieldError};

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let detail = error.to_string();
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Conflict { code, .. } => Self::conflict(code, detail),
            // The request itself is malformed, whatever the data.
            StoreError::Denied {
                code: code @ ("sql_nul" | "sql_empty"),
                ..
            } => Self::bad_request(code, detail),
            StoreError::Denied {
                code: "bad_cursor", ..
            } => Self::unprocessable("bad_cursor", detail.clone()).with_errors(vec![FieldError {
                field: "cursor".into(),
                message: detail,
            }]),
            StoreError::BadSql { .. } => Self::unprocessable("bad_sql", detail),
            StoreError::Limit {
                code: code @ "file_too_large",
                ..
            } => Self::new(StatusCode::PAYLOAD_TOO_LARGE, code, detail),
            StoreError::Denied { code, .. } | StoreError::Limit { code, .. } => {
                Self::unprocessable(code, detail)
            }
            StoreError::Cancelled => Self::cancelled(),
            StoreError::DiskFull => Self::new(
                StatusCode::INSUFFICIENT_STORAGE,
                "disk_full",
                "The server's disk is full; what was there is still there. Make room, then try again.",
            ),
            StoreError::Metadata(_) | StoreError::Dataset(_) | StoreError::Io(_) => {
                Self::internal(detail)
            }
        }
    }
}

impl From<PlanError> for ApiError {
    fn from(error: PlanError) -> Self {
        let detail = error.to_string();
        match error {
            PlanError::Outdated(_) => Self::unprocessable("plan_outdated", detail),
            PlanError::DoesNotFit(_) => Self::unprocessable("change_does_not_fit", detail),
        }
    }
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        let detail = error.to_string();
        match error {
            IngestError::NotCsv { .. } => {
                Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_csv", detail)
            }
            IngestError::Empty => Self::unprocessable("empty_file", detail),
            IngestError::Malformed { .. } => Self::unprocessable("malformed_csv", detail),
            IngestError::TooManyColumns { .. } => Self::unprocessable("too_many_columns", detail),
            IngestError::FieldTooLong { .. } => Self::unprocessable("field_too_long", detail),
            IngestError::Cancelled => Self::cancelled(),
            IngestError::Io(error) => StoreError::from(error).into(),
        }
    }
}

impl From<SchemaError> for ApiError {
    fn from(error: SchemaError) -> Self {
        let detail = error.to_string();
        match error {
            SchemaError::NoSources => {
                Self::unprocessable("no_files", detail.clone()).with_errors(vec![FieldError {
                    field: "csv_ids".into(),
                    message: detail,
                }])
            }
            SchemaError::Cancelled => Self::cancelled(),
            SchemaError::Plan(_) => Self::unprocessable("invalid_schema", sentence(&detail)),
            SchemaError::Ingest { source, .. } => {
                let mut error = Self::from(source);
                error.detail = detail;
                error
            }
        }
    }
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        let code = error.code();
        let detail = sentence(&error.to_string());
        match error {
            AuthError::Unauthenticated { .. } => Self::unauthenticated(),
            AuthError::SessionEnded | AuthError::TokenReused { .. } => {
                Self::new(StatusCode::UNAUTHORIZED, code, detail)
            }
            AuthError::WrongMode
            | AuthError::InvalidRedirectUri
            | AuthError::InvalidState
            | AuthError::WrongIssuer
            | AuthError::ConsentDenied
            | AuthError::ProviderRefused { .. }
            | AuthError::InvalidIdToken { .. } => Self::bad_request(code, detail),
            AuthError::EmailNotVerified | AuthError::NotAllowed => Self::forbidden(code, detail),
            AuthError::ProviderUnavailable { detail: cause } => {
                tracing::warn!(%cause, "the identity provider cannot be reached");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(5)
            }
            AuthError::ProviderMisbehaved { detail: cause } => {
                tracing::warn!(%cause, "the identity provider's answer cannot be used");
                Self::new(StatusCode::BAD_GATEWAY, code, detail)
            }
            AuthError::NotFound => Self::not_found(),
            AuthError::Key { .. }
            | AuthError::Config { .. }
            | AuthError::NoRandomness
            | AuthError::Signing(_) => Self::internal(detail),
            AuthError::Store(error) => error.into(),
        }
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
