//! The exported pages, inside the binary.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use serde::Deserialize;

use crate::error::ApiError;

#[derive(RustEmbed)]
#[folder = "../../frontend/out"]
#[allow_missing = true]
struct Pages;

/// Serves `path`, `path.html` or `path/index.html`; unknown API paths are problems, unknown pages the 404 page.
pub async fn serve_page(request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/health/") {
        return ApiError::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = ApiError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "method_not_allowed",
            "Pages can only be read.",
        )
        .into_response();
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let name = path.trim_matches('/');
    for candidate in candidates(name) {
        if let Some(file) = Pages::get(&candidate) {
            return page(&candidate, file, StatusCode::OK, &request);
        }
    }
    match Pages::get("404.html") {
        Some(file) => page("404.html", file, StatusCode::NOT_FOUND, &request),
        None => (StatusCode::NOT_FOUND, "The page is not in this build: run `make frontend`, then build again. The API is at /api.\n").into_response(),
    }
}

fn candidates(name: &str) -> [String; 3] {
    if name.is_empty() {
        return ["index.html".into(), String::new(), String::new()];
    }
    [
        name.into(),
        format!("{name}.html"),
        format!("{name}/index.html"),
    ]
}

fn page(name: &str, file: EmbeddedFile, status: StatusCode, request: &Request) -> Response {
    let hash = file.metadata.sha256_hash();
    let start = hash.first_chunk::<16>().copied().unwrap_or_default();
    let etag = format!("\"{:032x}\"", u128::from_be_bytes(start));
    if status == StatusCode::OK
        && request
            .headers()
            .get(header::IF_NONE_MATCH)
            .is_some_and(|seen| seen.as_bytes() == etag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    // Files under /_next/static carry a hash in their names and never change.
    let cache = if name.starts_with("_next/static/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let kind = mime_guess::from_path(name)
        .first_or_octet_stream()
        .to_string();
    let kind = if kind.starts_with("text/") && !kind.contains("charset") {
        format!("{kind}; charset=utf-8")
    } else {
        kind
    };
    (
        status,
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, cache.into()),
            (header::ETAG, etag),
        ],
        Body::from(file.data),
    )
        .into_response()
}

/// Hashes of the inline scripts of all pages, written when the pages are built.
pub fn script_hashes() -> Vec<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Hashes {
        script_hashes: Vec<String>,
    }
    let file = Pages::get("csp.json");
    file.and_then(|file| serde_json::from_slice::<Hashes>(&file.data).ok())
        .map(|hashes| hashes.script_hashes)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn paths_name_exported_files() {
        assert_eq!(candidates("portal/upload")[1], "portal/upload.html");
        assert_eq!(candidates("portal")[2], "portal/index.html");
        assert_eq!(candidates("")[0], "index.html");
    }
}
