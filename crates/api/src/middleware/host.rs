//! In local mode signing in needs no password, so a page of another name that resolves to this machine (DNS rebinding) must not reach the API.

use auth::Mode;
use axum::extract::{Request, State};
use axum::http::{Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::ApiError;
use crate::state::AppState;

/// Refuses requests under a host name that is neither this machine's own nor `FRONTEND_URL`'s.
pub async fn refuse_foreign_host(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    if state.config.auth.mode() != Mode::Local {
        return next.run(request).await;
    }
    let host = request
        .headers()
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if is_own_name(
        host,
        state.config.frontend_url.host_str().unwrap_or_default(),
    ) {
        return next.run(request).await;
    }
    ApiError::new(axum::http::StatusCode::MISDIRECTED_REQUEST, "foreign_host", format!("This server does not answer to the name {host:?}. Set FRONTEND_URL to the address that people use.")).into_response()
}

fn is_own_name(host: &str, frontend_host: &str) -> bool {
    // A request without a Host header comes from no browser.
    if host.is_empty() {
        return true;
    }
    let Some(name) = format!("http://{host}")
        .parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_ascii_lowercase))
    else {
        return false;
    };
    let address = name.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    name == "localhost"
        || name.ends_with(".localhost")
        || name == frontend_host.to_ascii_lowercase()
        || address.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_own_name;

    #[test]
    fn only_own_names_pass() {
        for host in [
            "127.0.0.1:8000",
            "localhost",
            "localhost:8000",
            "[::1]:8000",
            "data.home:80",
            "",
        ] {
            assert!(is_own_name(host, "data.home"), "{host}");
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "192.168.1.4:8000",
            "bad host",
        ] {
            assert!(!is_own_name(host, "data.home"), "{host}");
        }
    }
}
