//! Cross-site request forgery: a browser says where a request comes from (`Sec-Fetch-Site`, then `Origin`; Fetch Metadata, OWASP ASVS 5.0, 3.5).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::error::ApiError;
use crate::state::AppState;

/// Refuses requests that change something and that another site made the browser send.
pub async fn refuse_cross_site(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || comes_from_here(request.headers(), &state.config.frontend_url) {
        return next.run(request).await;
    }
    ApiError::forbidden("cross_site", "This request was sent by another site. Use the page itself, or a client that is no browser.").into_response()
}

/// A Bearer header is no way around this: a forged request may carry one beside the cookie.
fn comes_from_here(headers: &HeaderMap, frontend_url: &Url) -> bool {
    let text = |name| {
        headers
            .get(name)
            .map(|value: &header::HeaderValue| value.to_str().unwrap_or("?"))
    };
    let origin = text(header::ORIGIN);
    if origin == Some(frontend_url.origin().ascii_serialization().as_str()) {
        return true;
    }
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => true,
        Some(_) => false,
        // No browser of today, or no browser: only an Origin can tell.
        None => origin.is_none_or(|origin| same_host(origin, text(header::HOST))),
    }
}

fn same_host(origin: &str, host: Option<&str>) -> bool {
    let authority = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    matches!((authority, host), (Some(authority), Some(host)) if authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn allowed(pairs: &[(&'static str, &str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    value.parse().unwrap(),
                )
            })
            .collect();
        comes_from_here(&headers, &Url::parse("https://app.example").unwrap())
    }

    #[test]
    fn a_client_that_is_no_browser_passes() {
        assert!(allowed(&[("host", "app.example")]));
        assert!(allowed(&[
            ("host", "app.example"),
            ("authorization", "Bearer x")
        ]));
    }

    #[test]
    fn e69_cross_site_and_same_site_are_refused() {
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("sec-fetch-site", "none")]));
        assert!(!allowed(&[("sec-fetch-site", "cross-site")]));
        assert!(!allowed(&[("sec-fetch-site", "same-site")]));
        assert!(!allowed(&[
            ("sec-fetch-site", "cross-site"),
            ("authorization", "Bearer x")
        ]));
    }

    #[test]
    fn e70_a_foreign_or_null_origin_is_refused() {
        assert!(!allowed(&[("host", "app.example"), ("origin", "null")]));
        assert!(!allowed(&[
            ("host", "app.example"),
            ("origin", "https://evil.example")
        ]));
        assert!(!allowed(&[
            ("host", "app.example"),
            ("origin", "https://evil.example"),
            ("authorization", "Bearer x")
        ]));
        assert!(allowed(&[
            ("host", "app.example"),
            ("origin", "https://app.example")
        ]));
    }
}
