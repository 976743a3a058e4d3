//! In local mode signing in needs no password, so a page of another name that resolves to this machine (DNS rebinding) must not reach the API.

use auth::Mode;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
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
    let host = named_host(request.headers());
    let frontend_host = state.config.frontend_url.host_str().unwrap_or_default();
    if let Some(host) = &host
        && is_own_name(host, frontend_host)
    {
        return next.run(request).await;
    }
    let host = host.unwrap_or_else(|| "(not readable)".to_owned());
    ApiError::new(axum::http::StatusCode::MISDIRECTED_REQUEST, "foreign_host", format!("This server does not answer to the name {host:?}. Set FRONTEND_URL to the address that people use.")).into_response()
}

/// The name that the request is for, empty where it gives none; `None` where it cannot be read: not ASCII, or several.
fn named_host(headers: &HeaderMap) -> Option<String> {
    let mut named = headers.get_all(header::HOST).iter();
    let host = match named.next() {
        None => String::new(),
        Some(value) => value.to_str().ok()?.to_owned(),
    };
    named.next().is_none().then_some(host)
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
    #![allow(clippy::unwrap_used)]
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::{is_own_name, named_host};

    #[test]
    fn h43_a_host_that_cannot_be_read_is_no_absent_one() {
        let hosts = |values: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::HOST, HeaderValue::from_bytes(value).unwrap());
            }
            named_host(&headers)
        };
        assert_eq!(hosts(&[]), Some(String::new()));
        assert_eq!(hosts(&[b"localhost:8000"]), Some("localhost:8000".into()));
        assert_eq!(hosts(&["b\u{f6}se.example".as_bytes()]), None);
        assert_eq!(hosts(&[b"localhost\xff"]), None);
        assert_eq!(hosts(&[b"localhost", b"evil.example"]), None);
    }

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
