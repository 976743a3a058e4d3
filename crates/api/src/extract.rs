//! Authorisation as argument types: a handler that takes an [`OwnedSchema`] cannot hold a row that its caller may not see.

use std::str::FromStr;

use axum::Json;
use axum::body::{Bytes, HttpBody as _};
use axum::extract::rejection::JsonRejection;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequestParts, Query, RawPathParams, Request,
};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;
use store::ids::{ConversationId, SchemaId, UploadId, UserId};

use crate::error::{ApiError, FieldError};
use crate::middleware::identity::Identity;
use crate::state::AppState;

/// The signed-in user; 401 where there is none.
#[derive(Debug, Clone)]
pub struct CurrentUser(pub auth::Principal);

impl CurrentUser {
    pub fn id(&self) -> UserId {
        self.0.user.id
    }
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _state: &AppState) -> Result<Self, ApiError> {
        match parts.extensions.get::<Identity>() {
            Some(Identity::User(principal)) => Ok(Self((**principal).clone())),
            Some(Identity::Unavailable) => Err(ApiError::internal("sessions cannot be read")),
            Some(Identity::Nobody) | None => Err(ApiError::unauthenticated()),
        }
    }
}

impl OptionalFromRequestParts<AppState> for CurrentUser {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, ApiError> {
        Ok(
            <Self as FromRequestParts<AppState>>::from_request_parts(parts, state)
                .await
                .ok(),
        )
    }
}

/// An id of the path; 404 where it is none.
async fn path_id<T: FromStr>(parts: &mut Parts, state: &AppState) -> Result<T, ApiError> {
    path_part(parts, state, "id").await
}

/// A part of the path by its name; 404 where it is no `T`.
async fn path_part<T: FromStr>(
    parts: &mut Parts,
    state: &AppState,
    name: &str,
) -> Result<T, ApiError> {
    let found =
        <RawPathParams as FromRequestParts<AppState>>::from_request_parts(parts, state).await;
    let named = found.map_err(|_| ApiError::not_found())?;
    let text = named.iter().find(|(key, _)| *key == name);
    let (_, text) = text.ok_or_else(ApiError::not_found)?;
    text.parse().map_err(|_| ApiError::not_found())
}

/// The path's `entry_id`: the number of a row set aside or of an emptied cell.
#[derive(Debug, Clone, Copy)]
pub struct EntryId(pub i64);

impl FromRequestParts<AppState> for EntryId {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        path_part(parts, state, "entry_id").await.map(Self)
    }
}

/// The path's id as a newtype, behind sign-in.
#[derive(Debug, Clone)]
pub struct PathId<T>(pub T);

impl<T: FromStr + Send> FromRequestParts<AppState> for PathId<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        <CurrentUser as FromRequestParts<AppState>>::from_request_parts(parts, state).await?;
        path_id(parts, state).await.map(Self)
    }
}

macro_rules! owned {
    ($(#[$doc:meta])* $name:ident, $row:ty, $id:ty, $get:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            pub user: UserId,
            pub row: $row,
        }

        impl FromRequestParts<AppState> for $name {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
                let user = <CurrentUser as FromRequestParts<AppState>>::from_request_parts(parts, state).await?.id();
                let id: $id = path_id(parts, state).await?;
                let row = $get(&state.store, user, id).await?;
                Ok(Self { user, row })
            }
        }
    };
}

owned!(
    /// The caller's own upload of the path's id; 404 otherwise.
    OwnedUpload, store::uploads::Upload, UploadId, store::uploads::get
);
owned!(
    /// The caller's own schema of the path's id; 404 otherwise.
    OwnedSchema, store::schemas::SchemaRecord, SchemaId, store::schemas::get
);
owned!(
    /// The caller's own conversation of the path's id; 404 otherwise.
    OwnedConversation, store::conversations::Conversation, ConversationId, store::conversations::get
);

/// A JSON body; problems name the field.
pub struct ApiJson<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for ApiJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(json_problem(&rejection)),
        }
    }
}

/// A JSON body that may be left out, which is the default then.
pub struct OptionalJson<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest<AppState> for OptionalJson<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        // Clients send their usual headers without a body, too.
        if request.body().is_end_stream() {
            return Ok(Self(T::default()));
        }
        if request.headers().contains_key(header::CONTENT_TYPE) {
            let ApiJson(value) = ApiJson::from_request(request, state).await?;
            return Ok(Self(value));
        }
        match Bytes::from_request(request, state).await {
            Ok(body) if body.is_empty() => Ok(Self(T::default())),
            Ok(_) => Err(not_json()),
            Err(rejection) => Err(body_broke_off(&rejection.body_text())),
        }
    }
}

fn not_json() -> ApiError {
    ApiError::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "not_json",
        "Send the body as JSON, with the header Content-Type: application/json.",
    )
}

fn json_problem(rejection: &JsonRejection) -> ApiError {
    let text = rejection.body_text();
    match rejection {
        JsonRejection::JsonDataError(_) => {
            let (field, message) = field_of(&text);
            ApiError::unprocessable("invalid_body", "The body does not have the expected form.")
                .with_errors(vec![FieldError { field, message }])
        }
        JsonRejection::JsonSyntaxError(_) => ApiError::bad_request("invalid_json", text),
        JsonRejection::MissingJsonContentType(_) => not_json(),
        other => match other.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "body_too_large",
                "The body is larger than this route takes.",
            ),
            _ => body_broke_off(&text),
        },
    }
}

/// A body that did not arrive whole: too slow (408) or broken off (400).
pub fn body_broke_off(text: &str) -> ApiError {
    if text.to_ascii_lowercase().contains("timeout") || text.contains("timed out") {
        ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            "body_too_slow",
            "The body stopped arriving; nothing was kept. Send it again.",
        )
    } else {
        ApiError::bad_request(
            "body_broke_off",
            "The body broke off before its end; nothing was kept. Send it again.",
        )
    }
}

/// axum says `… into the target type: messages[0].role: missing field …`.
fn field_of(text: &str) -> (String, String) {
    let detail = text
        .split_once("target type: ")
        .map_or(text, |(_, detail)| detail);
    match detail.split_once(": ") {
        Some((path, message)) if !path.contains(' ') => (path.to_owned(), message.to_owned()),
        _ => ("body".to_owned(), detail.to_owned()),
    }
}

/// Query parameters; 422 where they do not parse.
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<AppState> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let Query(value) = Query::<T>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::unprocessable("invalid_query", rejection.body_text()))?;
        Ok(Self(value))
    }
}
