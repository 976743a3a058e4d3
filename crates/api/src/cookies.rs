//! The cookies of sign-in: `HttpOnly`, `SameSite=Lax`, and with https `Secure` under the `__Host-` prefix (RFC 6265bis, 4.1.3.2).

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, SameSite};

fn name(plain: &str, https: bool) -> String {
    if https {
        format!("__Host-{plain}")
    } else {
        plain.to_owned()
    }
}

pub fn access_name(https: bool) -> String {
    name("access_token", https)
}

pub fn refresh_name(https: bool) -> String {
    name("refresh_token", https)
}

/// Binds a sign-in to the browser that began it.
pub fn flow_name(https: bool) -> String {
    name("sign_in_flow", https)
}

/// The value of a cookie; a name sent twice counts as absent, for one of them may be planted by another site.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name);
    let first = found.next()?;
    found.next().is_none().then(|| first.value().to_owned())
}

/// Sets a cookie for `seconds`; 0 removes it.
pub fn set(headers: &mut HeaderMap, name: String, value: &str, seconds: i64, https: bool) {
    // `__Host-` asks for the path `/`.
    let cookie = format!(
        "{}; HttpOnly; SameSite={}; Path=/; Max-Age={seconds}{}",
        Cookie::new(name, value),
        SameSite::Lax,
        if https { "; Secure" } else { "" }
    );
    // Tokens are base64url and dots: always a valid header.
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn e71_cookies_are_http_only_lax_and_with_https_secure_and_host_bound() {
        let mut headers = HeaderMap::new();
        set(&mut headers, access_name(true), "abc", 300, true);
        assert_eq!(
            headers["set-cookie"],
            "__Host-access_token=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=300; Secure"
        );
        let mut headers = HeaderMap::new();
        set(&mut headers, refresh_name(false), "abc", 0, false);
        assert_eq!(
            headers["set-cookie"],
            "refresh_token=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=0"
        );
    }

    #[test]
    fn a_cookie_sent_twice_is_not_trusted() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; b=2".parse().unwrap());
        assert_eq!(read(&headers, "b").as_deref(), Some("2"));
        headers.append(header::COOKIE, "b=3".parse().unwrap());
        assert_eq!(read(&headers, "b"), None);
    }
}
