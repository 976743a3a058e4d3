//! The code for tokens (RFC 6749, section 4.1.3), with the PKCE verifier.

use std::borrow::Cow;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
    BasicTokenType,
};
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, ExtraTokenFields, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, StandardRevocableToken, StandardTokenResponse, TokenResponse,
    TokenUrl,
};
use serde::{Deserialize, Serialize};
use store::sign_in_flows::SignInFlow;

use super::discovery::Metadata;
use super::http::{Http, HttpError};
use super::plain_code;
use crate::AuthError;
use crate::config::ProviderConfig;

/// What the token endpoint gave. Both are used for this sign-in alone and kept nowhere.
pub(super) struct ProviderTokens {
    pub access_token: String,
    pub id_token: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct IdTokenField {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdTokenField {}

type Client = oauth2::Client<
    BasicErrorResponse,
    StandardTokenResponse<IdTokenField, BasicTokenType>,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

pub(super) async fn exchange(
    http: &Http,
    config: &ProviderConfig,
    metadata: &Metadata,
    flow: &SignInFlow,
    code: &str,
) -> Result<ProviderTokens, AuthError> {
    let mut client = Client::new(ClientId::new(config.client_id.clone()))
        .set_auth_type(authentication(metadata))
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()));
    if let Some(secret) = &config.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
    }
    let redirect_uri =
        RedirectUrl::new(flow.redirect_uri.clone()).map_err(|_| AuthError::InvalidRedirectUri)?;
    let response = client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(flow.pkce_verifier.clone()))
        .set_redirect_uri(Cow::Owned(redirect_uri))
        .request_async(http)
        .await
        .map_err(failure)?;
    let id_token = response.extra_fields().id_token.clone();
    Ok(ProviderTokens {
        access_token: response.access_token().secret().clone(),
        id_token: id_token.ok_or_else(|| misbehaved("the token endpoint gave no ID token"))?,
    })
}

/// In a header where the provider takes it so (the default of OpenID Connect Discovery), else in the body.
fn authentication(metadata: &Metadata) -> AuthType {
    let supports = |method: &str| match &metadata.token_endpoint_auth_methods_supported {
        None => method == "client_secret_basic",
        Some(methods) => methods.iter().any(|it| it == method),
    };
    if !supports("client_secret_basic") && supports("client_secret_post") {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

fn failure(error: RequestTokenError<HttpError, BasicErrorResponse>) -> AuthError {
    match error {
        RequestTokenError::ServerResponse(response) => {
            let code: &str = response.error().as_ref();
            match code {
                "invalid_client" | "unauthorized_client" => misbehaved(&format!(
                    "the token endpoint refuses this client ({code}): check the client id and secret"
                )),
                _ => AuthError::ProviderRefused {
                    provider_code: plain_code(code),
                },
            }
        }
        RequestTokenError::Request(error) => AuthError::ProviderUnavailable {
            detail: format!("token endpoint: {error}"),
        },
        RequestTokenError::Parse(error, _) => misbehaved(&format!("token endpoint: {error}")),
        RequestTokenError::Other(message) => misbehaved(&format!("token endpoint: {message}")),
    }
}

fn misbehaved(detail: &str) -> AuthError {
    AuthError::ProviderMisbehaved {
        detail: detail.to_owned(),
    }
}
