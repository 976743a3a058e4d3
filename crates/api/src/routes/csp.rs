//! What browsers report of the page's Content-Security-Policy (OWASP ASVS 5.0, 3.4.7).

use axum::body::Bytes;
use axum::http::StatusCode;
use serde_json::Value as Json;
use url::Url;

use crate::error::ApiError;

/// A report is a few hundred bytes; browsers send some of them together.
pub const MAX_REPORT_BYTES: usize = 16 * 1024;
/// Of one request, so that nobody fills the log.
const MAX_REPORTS: usize = 10;
/// The directives of our policy; anything else becomes `other`, so that nobody invents labels of the metrics.
const DIRECTIVES: [&str; 12] = [
    "base-uri",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "img-src",
    "manifest-src",
    "object-src",
    "script-src",
    "style-src",
    "worker-src",
];

/// Take a browser's report of what the page's policy refused
///
/// As `application/csp-report` (CSP 2) or `application/reports+json` (Reporting API). Only the directive and the
/// origin of what was refused are logged and counted.
#[utoipa::path(post, path = "/api/csp-reports", tag = "service", request_body(content((Json = "application/csp-report"), (Vec<Json> = "application/reports+json"))), responses((status = 204)), security(()))]
pub async fn report_csp(body: Bytes) -> Result<StatusCode, ApiError> {
    let document: Json = serde_json::from_slice(&body)
        .map_err(|error| ApiError::bad_request("invalid_json", error.to_string()))?;
    if !document.is_array() && !document["csp-report"].is_object() {
        let detail = "Neither a list of reports nor a csp-report.";
        return Err(ApiError::bad_request("no_report", detail));
    }
    for violation in violations(&document) {
        let directive = known_directive(&violation.directive);
        let blocked = origin_of(&violation.blocked);
        tracing::warn!(
            directive,
            blocked,
            "a browser refused something by the page's policy"
        );
        metrics::counter!("csp_violations_total", "directive" => directive).increment(1);
    }
    Ok(StatusCode::NO_CONTENT)
}

struct Violation {
    directive: String,
    blocked: String,
}

fn violations(document: &Json) -> Vec<Violation> {
    let text = |object: &Json, names: [&str; 2]| {
        let found = names.iter().find_map(|name| object[*name].as_str());
        found.unwrap_or_default().to_owned()
    };
    let reports = document.as_array().map_or_else(
        || std::slice::from_ref(&document["csp-report"]),
        Vec::as_slice,
    );
    reports
        .iter()
        .map(|report| {
            if report["body"].is_object() {
                &report["body"]
            } else {
                report
            }
        })
        .filter(|report| report.is_object())
        .take(MAX_REPORTS)
        .map(|report| Violation {
            directive: text(report, ["effectiveDirective", "effective-directive"]),
            blocked: text(report, ["blockedURL", "blocked-uri"]),
        })
        .collect()
}

/// `script-src-elem` and `style-src-attr` are parts of directives of ours.
fn known_directive(directive: &str) -> &'static str {
    let whole = directive
        .trim_end_matches("-elem")
        .trim_end_matches("-attr");
    let known = DIRECTIVES.iter().find(|known| **known == whole);
    known.copied().unwrap_or("other")
}

/// An address may hold what somebody asked: its origin alone. Words such as `inline` stay.
fn origin_of(blocked: &str) -> String {
    match Url::parse(blocked) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        Ok(url) => format!("{}:", url.scheme()),
        Err(_) => blocked
            .chars()
            .filter(|c| c.is_ascii_lowercase() || *c == '-')
            .take(32)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &Json) -> Vec<(&'static str, String)> {
        violations(document)
            .iter()
            .map(|it| (known_directive(&it.directive), origin_of(&it.blocked)))
            .collect()
    }

    #[test]
    fn both_forms_are_read_and_addresses_lose_their_paths() {
        let old = json!({"csp-report": {"effective-directive": "script-src-elem", "blocked-uri": "https://evil.example/a?q=1"}});
        assert_eq!(
            read(&old),
            [("script-src", "https://evil.example".to_owned())]
        );
        let new = json!([
            {"type": "csp-violation", "body": {"effectiveDirective": "style-src-attr", "blockedURL": "inline"}},
            {"type": "csp-violation", "body": {"effectiveDirective": "img-src", "blockedURL": "data:image/png;base64,AAAA"}},
        ]);
        assert_eq!(
            read(&new),
            [
                ("style-src", "inline".to_owned()),
                ("img-src", "data:".to_owned())
            ]
        );
    }

    #[test]
    fn nobody_invents_directives_or_floods_the_log() {
        let one = json!({"body": {"effectiveDirective": "x\nfake=1", "blockedURL": "<b>"}});
        let many = Json::Array(vec![one; 100]);
        let read = read(&many);
        assert_eq!(read.len(), MAX_REPORTS);
        assert_eq!(read[0], ("other", "b".to_owned()));
        assert!(violations(&json!("text")).is_empty());
    }
}
