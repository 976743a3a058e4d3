//! Who sends a request: read once, before rates are counted and handlers run.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use auth::{AuthError, Client, Principal};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use store::ids::UserId;

use crate::cookies;
use crate::state::AppState;

/// The sender of a request, as an extension of it.
#[derive(Debug, Clone)]
pub enum Identity {
    User(Arc<Principal>),
    Nobody,
    /// The sessions could not be read.
    Unavailable,
}

impl Identity {
    pub fn user_id(&self) -> Option<UserId> {
        match self {
            Self::User(principal) => Some(principal.user.id),
            Self::Nobody | Self::Unavailable => None,
        }
    }
}

/// Adds the [`Identity`] to API requests.
pub async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/api") {
        let identity = match access_token(request.headers(), state.config.is_https()) {
            None => Identity::Nobody,
            Some(token) => match state.auth.authenticate(&token, state.now()).await {
                Ok(principal) => Identity::User(Arc::new(principal)),
                Err(AuthError::Store(error)) => {
                    tracing::error!(%error, "sessions cannot be read");
                    Identity::Unavailable
                }
                Err(_) => Identity::Nobody,
            },
        };
        request.extensions_mut().insert(identity);
    }
    next.run(request).await
}

/// `Authorization: Bearer` counts before the cookie: a client that sends it means it.
pub fn access_token(headers: &HeaderMap, https: bool) -> Option<String> {
    match headers.get(header::AUTHORIZATION) {
        Some(value) => {
            let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
            scheme
                .eq_ignore_ascii_case("bearer")
                .then(|| token.trim().to_owned())
        }
        None => cookies::read(headers, &cookies::access_name(https)),
    }
}

/// The client's address: the connection's, or the last one a trusted proxy added.
pub fn client_address(request: &Request, trust_proxy: bool) -> IpAddr {
    address_of(
        request.headers(),
        request.extensions().get::<ConnectInfo<SocketAddr>>(),
        trust_proxy,
    )
}

fn address_of(
    headers: &HeaderMap,
    connection: Option<&ConnectInfo<SocketAddr>>,
    trust_proxy: bool,
) -> IpAddr {
    let forwarded = || {
        let last = headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()?
            .to_str()
            .ok()?;
        last.rsplit(',').next()?.trim().parse().ok()
    };
    let peer = connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    if trust_proxy {
        forwarded().unwrap_or(peer)
    } else {
        peer
    }
}

/// What the list of sessions shows of a client.
pub fn client_of(headers: &HeaderMap, address: SocketAddr, trust_proxy: bool) -> Client {
    let user_agent = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .map(|text| text.chars().take(300).collect());
    Client {
        user_agent,
        address: Some(address_of(headers, Some(&ConnectInfo(address)), trust_proxy).to_string()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_a_trusted_proxy_names_the_client() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", "6.6.6.6, 10.1.1.1".parse().unwrap());
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 5)));
        assert_eq!(
            address_of(&headers, Some(&peer), false).to_string(),
            "127.0.0.1"
        );
        assert_eq!(
            address_of(&headers, Some(&peer), true).to_string(),
            "10.1.1.1"
        );
    }

    #[test]
    fn a_bearer_header_counts_before_the_cookie() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "access_token=fromcookie".parse().unwrap());
        assert_eq!(access_token(&headers, false).as_deref(), Some("fromcookie"));
        headers.insert(header::AUTHORIZATION, "Bearer fromheader".parse().unwrap());
        assert_eq!(access_token(&headers, false).as_deref(), Some("fromheader"));
        headers.insert(header::AUTHORIZATION, "Basic abc".parse().unwrap());
        assert_eq!(access_token(&headers, false), None);
    }
}
