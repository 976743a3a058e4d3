#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use super::*;

fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigFaults> {
    let map: HashMap<String, String> = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Config::read(&|name| map.get(name).cloned())
}

#[test]
fn nothing_set_gives_a_local_server_on_loopback() {
    let config = read(&[]).unwrap();
    assert_eq!(config.address.to_string(), "127.0.0.1:8000");
    assert_eq!(config.frontend_url.as_str(), "http://127.0.0.1:8000/");
    assert_eq!(config.auth.mode(), Mode::Local);
    assert_eq!(config.max_upload_size_bytes, 10_485_760);
    assert_eq!(config.max_csv_files, 5);
}

#[test]
fn every_fault_is_reported_at_once() {
    let faults = read(&[
        ("PORT", "99999"),
        ("DEBUG", "perhaps"),
        ("FRONTEND_URL", "ftp://x"),
        ("MAX_CSV_FILES", "many"),
        ("DATABASE_URL", "mysql://x"),
    ])
    .unwrap_err();
    let names: Vec<_> = faults.0.iter().map(|fault| fault.name).collect();
    assert_eq!(
        names,
        [
            "PORT",
            "FRONTEND_URL",
            "DEBUG",
            "DATABASE_URL",
            "MAX_CSV_FILES"
        ]
    );
    assert!(faults.to_string().contains("5 setting(s)"));
}

#[test]
fn e75_local_sign_in_is_refused_off_loopback_without_the_explicit_setting() {
    let faults = read(&[("HOST", "0.0.0.0")]).unwrap_err();
    assert_eq!(faults.0.len(), 1);
    assert_eq!(faults.0[0].name, "HOST");
    assert!(
        read(&[
            ("HOST", "0.0.0.0"),
            ("LOCAL_SIGN_IN_BEHIND_PRIVATE_PORT", "true")
        ])
        .is_ok()
    );
    assert!(read(&[("HOST", "0.0.0.0"), ("GOOGLE_OAUTH_CLIENT_ID", "id")]).is_ok());
}

#[test]
fn google_is_the_provider_unless_an_issuer_is_named() {
    let google = read(&[("GOOGLE_OAUTH_CLIENT_ID", "id")])
        .unwrap()
        .auth
        .provider
        .unwrap();
    assert_eq!(
        (google.issuer_url.as_str(), google.name.as_str()),
        ("https://accounts.google.com", "Google")
    );
    let other = read(&[
        ("GOOGLE_OAUTH_CLIENT_ID", "id"),
        ("OIDC_ISSUER_URL", "https://id.example.org/realm"),
        ("OIDC_PROVIDER_NAME", "Example"),
    ]);
    let other = other.unwrap().auth.provider.unwrap();
    assert_eq!(
        (other.issuer_url.as_str(), other.name.as_str()),
        ("https://id.example.org/realm", "Example")
    );
    assert_eq!(
        read(&[("OIDC_ISSUER_URL", "https://id.example.org")])
            .unwrap_err()
            .0[0]
            .name,
        "OIDC_ISSUER_URL"
    );
}

#[test]
fn blank_settings_count_as_unset() {
    let config = read(&[("PORT", " "), ("GOOGLE_OAUTH_CLIENT_ID", "")]).unwrap();
    assert_eq!(config.address.port(), 8000);
    assert_eq!(config.auth.mode(), Mode::Local);
}

#[test]
fn e75_a_public_page_without_a_provider_is_refused() {
    let public = ("FRONTEND_URL", "https://data.example.org");
    let faults = read(&[public]).unwrap_err();
    assert_eq!(faults.0.len(), 1);
    assert_eq!(faults.0[0].name, "FRONTEND_URL");
    // A client id that got lost.
    let faults = read(&[
        public,
        ("GOOGLE_OAUTH_CLIENT_SECRET", "secret"),
        ("ALLOWED_EMAILS", "@example.org"),
    ])
    .unwrap_err();
    let names: Vec<_> = faults.0.iter().map(|fault| fault.name).collect();
    assert_eq!(
        names,
        [
            "GOOGLE_OAUTH_CLIENT_SECRET",
            "ALLOWED_EMAILS",
            "FRONTEND_URL"
        ]
    );
    assert!(read(&[public, ("GOOGLE_OAUTH_CLIENT_ID", "id")]).is_ok());
}

#[test]
fn e71_a_page_that_others_reach_must_be_https() {
    let with_provider =
        |page: &'static str| read(&[("FRONTEND_URL", page), ("GOOGLE_OAUTH_CLIENT_ID", "id")]);
    let faults = with_provider("http://192.168.1.4:8000").unwrap_err();
    assert_eq!(faults.0.len(), 1);
    assert_eq!(faults.0[0].name, "FRONTEND_URL");
    for here in [
        "http://127.0.0.1:8000",
        "http://localhost:3000",
        "http://[::1]:8000",
    ] {
        assert!(with_provider(here).is_ok(), "{here}");
    }
}

#[test]
fn an_openai_style_server_is_off_unless_its_address_is_set() {
    assert!(read(&[]).unwrap().llm.is_none());
    let server = read(&[
        ("LLM_BASE_URL", "https://llm.example.org/v1"),
        ("LLM_MODEL", "coder"),
        ("LLM_API_KEY", "sk-secret-1"),
    ]);
    let server = server.unwrap().llm.unwrap();
    assert_eq!(server.base_url.as_str(), "https://llm.example.org/v1");
    assert_eq!(server.model.as_deref(), Some("coder"));
    let printed = format!("{server:?}");
    assert!(!printed.contains("sk-secret"), "{printed}");
}

#[test]
fn a_key_without_its_server_or_that_would_travel_in_the_clear_is_refused() {
    let names = |pairs: &[(&str, &str)]| -> Vec<&'static str> {
        match read(pairs) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.0.iter().map(|fault| fault.name).collect(),
        }
    };
    assert_eq!(
        names(&[("LLM_MODEL", "coder"), ("LLM_API_KEY", "sk-secret-1")]),
        ["LLM_MODEL", "LLM_API_KEY"]
    );
    let key = ("LLM_API_KEY", "sk-secret-1");
    for clear in ["http://llm.example.org/v1", "http://8.8.8.8/v1"] {
        assert_eq!(names(&[("LLM_BASE_URL", clear), key]), ["LLM_BASE_URL"]);
        assert!(names(&[("LLM_BASE_URL", clear)]).is_empty());
    }
    for private in [
        "http://127.0.0.1:8080/v1",
        "http://llm:8080/v1",
        "http://10.1.2.3/v1",
    ] {
        assert!(
            names(&[("LLM_BASE_URL", private), key]).is_empty(),
            "{private}"
        );
    }
    for odd in [
        "llm.example.org",
        "https://user@x/v1",
        "https://:pw@x/v1",
        "https://x/v1?key=1",
    ] {
        assert_eq!(names(&[("LLM_BASE_URL", odd)]), ["LLM_BASE_URL"], "{odd}");
    }
    let faults = read(&[
        ("LLM_BASE_URL", "https://x/v1"),
        ("LLM_API_KEY", "sk secret\u{e9}"),
    ]);
    let said = faults.unwrap_err().to_string();
    assert!(
        said.contains("LLM_API_KEY") && !said.contains("secret"),
        "{said}"
    );
}
