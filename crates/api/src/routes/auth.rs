//! Sign-in, refresh, sign-out.

use std::net::SocketAddr;

use auth::{AuthError, Callback, Client, SignedIn, User};
use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json_, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::cookies;
use crate::error::{ApiError, Problem};
use crate::extract::{ApiJson, ApiQuery, CurrentUser};
use crate::jobs::to_its_end;
use crate::middleware::identity::{access_token, client_of};
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct AuthConfigResponse {
    /// `local`: one person on one machine, without a password; `oidc`: through a provider.
    #[schema(example = "local", pattern = "^(local|oidc)$")]
    pub mode: String,
    pub provider_name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TokenResponse {
    pub access_token: String,
    #[schema(example = "Bearer")]
    pub token_type: String,
    /// Seconds.
    pub expires_in: i64,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StartQuery {
    /// Exactly `FRONTEND_URL/auth/callback`.
    pub redirect_uri: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StartResponse {
    pub authorization_url: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct CallbackRequest {
    /// What the provider put into the address: `code`, or `error` when the user did not agree.
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub error: Option<String>,
    /// What the start put into the provider's address; without it nothing is accepted.
    #[serde(default)]
    pub state: Option<String>,
    pub redirect_uri: String,
    /// The issuer, where the provider names it (RFC 9207).
    #[serde(default)]
    pub iss: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct UserResponse {
    pub id: Uuid,
    pub email: Option<String>,
    pub name: Option<String>,
    pub picture: Option<String>,
}

impl From<&User> for UserResponse {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.0,
            email: user.email.clone(),
            name: user.name.clone(),
            picture: user.picture.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StatusResponse {
    pub is_authenticated: bool,
    pub user_id: Option<Uuid>,
    pub user: Option<UserResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MessageResponse {
    pub message: String,
}

impl MessageResponse {
    pub fn new(message: impl Into<String>) -> Json<Self> {
        Json(Self {
            message: message.into(),
        })
    }
}

/// How people sign in here
#[utoipa::path(get, path = "/api/auth/config", tag = "sign-in", responses((status = 200, body = AuthConfigResponse)), security(()))]
pub async fn get_auth_config(State(state): State<AppState>) -> Json<AuthConfigResponse> {
    let config = state.auth.public_config();
    let mode = match config.mode {
        auth::Mode::Local => "local",
        auth::Mode::Oidc => "oidc",
    };
    Json(AuthConfigResponse {
        mode: mode.into(),
        provider_name: config.provider_name,
    })
}

/// Sign in as the one person at this machine
///
/// Only in local mode. Sets the cookies and gives the access token for `Authorization: Bearer`.
#[utoipa::path(post, path = "/api/auth/local", tag = "sign-in", responses((status = 200, body = TokenResponse)), security(()))]
pub async fn sign_in_local(
    State(state): State<AppState>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let client = client_of(&headers, address, state.config.trust_proxy);
    let signed_in = state
        .auth
        .sign_in_local(&client, state.now())
        .await
        .inspect_err(|error| note_refused(error, &client))?;
    record_sign_in(&state, &signed_in, "local").await?;
    end_previous(&state, &headers).await;
    Ok(token_response(&state, &signed_in))
}

/// Begin a sign-in at the provider
#[utoipa::path(get, path = "/api/auth/google/start", tag = "sign-in", params(StartQuery), responses((status = 200, body = StartResponse)), security(()))]
pub async fn start_sign_in(
    State(state): State<AppState>,
    ApiQuery(query): ApiQuery<StartQuery>,
) -> Result<Response, ApiError> {
    let started = state.auth.start(&query.redirect_uri, state.now()).await?;
    let mut response = Json(StartResponse {
        authorization_url: started.authorization_url.clone(),
    })
    .into_response();
    let https = state.config.is_https();
    cookies::set(
        response.headers_mut(),
        cookies::flow_name(https),
        &started.flow_cookie_value,
        started.expires_in_s,
        https,
    );
    Ok(response)
}

/// End a sign-in with what the provider sent back
#[utoipa::path(post, path = "/api/auth/google/callback", tag = "sign-in", request_body = CallbackRequest, responses((status = 200, body = TokenResponse)), security(()))]
pub async fn finish_sign_in(
    State(state): State<AppState>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    ApiJson(request): ApiJson<CallbackRequest>,
) -> Result<Response, ApiError> {
    let https = state.config.is_https();
    let flow = cookies::read(&headers, &cookies::flow_name(https));
    let callback = Callback {
        code: request.code,
        error: request.error,
        state: request.state,
        redirect_uri: request.redirect_uri,
        issuer: request.iss,
    };
    let client = client_of(&headers, address, state.config.trust_proxy);
    let signed_in = state
        .auth
        .finish(&callback, flow.as_deref(), &client, state.now())
        .await
        .inspect_err(|error| note_refused(error, &client))?;
    record_sign_in(&state, &signed_in, "provider").await?;
    end_previous(&state, &headers).await;
    let mut response = token_response(&state, &signed_in);
    cookies::set(
        response.headers_mut(),
        cookies::flow_name(https),
        "",
        0,
        https,
    );
    Ok(response)
}

/// Exchange the refresh token for a new pair
///
/// Takes the cookie `refresh_token`. A token used twice ends its whole session.
#[utoipa::path(post, path = "/api/auth/refresh", tag = "sign-in", responses((status = 200, body = TokenResponse), (status = 401, body = Problem, content_type = "application/problem+json")), security(()))]
pub async fn refresh_session(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let https = state.config.is_https();
    let Some(token) = cookies::read(&headers, &cookies::refresh_name(https)) else {
        return Err(ApiError::unauthenticated());
    };
    // To its end, or whoever has a copy of a token could try it and leave before that is recorded.
    let refreshed = to_its_end(&state.shutdown, refresh(state.clone(), token)).await?;
    match refreshed {
        Ok(signed_in) => Ok(token_response(&state, &signed_in)),
        Err(error) => {
            let mut response = ApiError::from(error).into_response();
            if response.status().is_client_error() {
                clear_cookies(&state, response.headers_mut());
            }
            Ok(response)
        }
    }
}

async fn refresh(state: AppState, token: String) -> Result<Result<SignedIn, AuthError>, ApiError> {
    let refreshed = state.auth.refresh(&token, state.now()).await;
    if let Err(AuthError::TokenReused {
        user_id,
        session_id,
    }) = &refreshed
    {
        let detail = json!({"session_id": session_id});
        store::audit::record(
            &state.store,
            *user_id,
            "refresh_token_reused",
            &session_id.to_string(),
            &detail,
            state.now(),
        )
        .await?;
    }
    Ok(refreshed)
}

/// Whether anybody is signed in; never 401
#[utoipa::path(get, path = "/api/auth/status", tag = "sign-in", responses((status = 200, body = StatusResponse)), security(()))]
pub async fn get_status(user: Option<CurrentUser>) -> Json<StatusResponse> {
    let user = user.map(|CurrentUser(principal)| UserResponse::from(&principal.user));
    Json(StatusResponse {
        is_authenticated: user.is_some(),
        user_id: user.as_ref().map(|user| user.id),
        user,
    })
}

/// Sign out
#[utoipa::path(post, path = "/api/auth/logout", tag = "sign-in", responses((status = 200, body = MessageResponse)), security(()))]
pub async fn sign_out(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let https = state.config.is_https();
    let access = access_token(&headers, https);
    let refresh = cookies::read(&headers, &cookies::refresh_name(https));
    let at = state.clone();
    to_its_end(&state.shutdown, async move {
        let (access, refresh) = (access.as_deref(), refresh.as_deref());
        let who = at.auth.sign_out(access, refresh, at.now()).await?;
        if let Some(user) = who {
            store::audit::record(&at.store, user, "sign_out", "", &json!({}), at.now()).await?;
        }
        Ok(())
    })
    .await?;
    let mut response = MessageResponse::new("Signed out.").into_response();
    clear_cookies(&state, response.headers_mut());
    Ok(response)
}

/// The public keys of access tokens (RFC 7517)
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "sign-in", responses((status = 200, body = Object)), security(()))]
pub async fn get_jwks(State(state): State<AppState>) -> Result<Json<Json_>, ApiError> {
    Ok(Json(state.auth.jwks(state.now())?))
}

/// In the log, for the audit log has users and here there is none. The error's words may hold what the provider sent.
fn note_refused(error: &AuthError, client: &Client) {
    let (code, address) = (error.code(), client.address.as_deref().unwrap_or_default());
    metrics::counter!("sign_ins_refused_total", "code" => code).increment(1);
    tracing::warn!(code, address, "a sign-in was refused");
}

/// A new sign-in ends the session that this browser had (OWASP ASVS 5.0, 7.2.4).
async fn end_previous(state: &AppState, headers: &HeaderMap) {
    let https = state.config.is_https();
    let access = cookies::read(headers, &cookies::access_name(https));
    let refresh = cookies::read(headers, &cookies::refresh_name(https));
    let (access, refresh) = (access.as_deref(), refresh.as_deref());
    let ended = async {
        if let Some(user) = state.auth.sign_out(access, refresh, state.now()).await? {
            let detail = json!({"replaced": true});
            store::audit::record(&state.store, user, "sign_out", "", &detail, state.now()).await?;
        }
        Ok::<_, ApiError>(())
    };
    if let Err(error) = ended.await {
        let detail = &error.detail;
        tracing::warn!(%detail, "the browser's previous session could not be ended");
    }
}

async fn record_sign_in(state: &AppState, signed_in: &SignedIn, how: &str) -> Result<(), ApiError> {
    let detail = json!({"how": how, "session_id": signed_in.session.id});
    store::audit::record(
        &state.store,
        signed_in.user.id,
        "sign_in",
        &signed_in.session.id.to_string(),
        &detail,
        state.now(),
    )
    .await?;
    Ok(())
}

fn token_response(state: &AppState, signed_in: &SignedIn) -> Response {
    let https = state.config.is_https();
    let body = TokenResponse {
        access_token: signed_in.access_token.clone(),
        token_type: "Bearer".into(),
        expires_in: signed_in.expires_in_s,
    };
    let mut response = Json(body).into_response();
    let headers = response.headers_mut();
    cookies::set(
        headers,
        cookies::access_name(https),
        &signed_in.access_token,
        signed_in.expires_in_s,
        https,
    );
    cookies::set(
        headers,
        cookies::refresh_name(https),
        &signed_in.refresh_token,
        signed_in.refresh_expires_in_s,
        https,
    );
    response
}

pub fn clear_cookies(state: &AppState, headers: &mut HeaderMap) {
    let https = state.config.is_https();
    for name in [cookies::access_name(https), cookies::refresh_name(https)] {
        cookies::set(headers, name, "", 0, https);
    }
}
