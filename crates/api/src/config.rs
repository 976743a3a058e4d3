//! Settings from the environment and `.env`. Each has a default that works; every fault is reported at once.

mod parse;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use agent::model_http::is_private;
use agent::openai::ApiKey;
use auth::{AllowedEmails, AuthConfig, Mode, ProviderConfig, Secret};
use chrono::TimeDelta;
use url::{Host, Url};

pub use parse::ConfigFaults;
use parse::Reader;

/// Everything that can be set. `.env.example` explains each name.
#[derive(Debug, Clone)]
pub struct Config {
    pub app_name: String,
    pub debug: bool,
    pub address: SocketAddr,
    /// Where people reach the page, without a trailing slash. Redirects, CORS and CSRF go by it.
    pub frontend_url: Url,
    pub ollama_base_url: Url,
    pub ollama_model: String,
    /// An OpenAI-style server that is asked in place of Ollama.
    pub llm: Option<LlmServer>,
    /// Replies asked of the model's server at once.
    pub max_concurrent_model_replies: usize,
    pub database_url: String,
    pub max_upload_size_bytes: u64,
    pub max_csv_files: u32,
    pub upload_dir: PathBuf,
    pub user_db_dir: PathBuf,
    pub auth: AuthConfig,
    /// Take the client's address from the last entry of `X-Forwarded-For`.
    pub trust_proxy: bool,
    pub limits: Limits,
    /// The program whose `sql-worker` carries out statements; `None`: this one. Set by tests, whose program is another.
    pub sql_worker: Option<PathBuf>,
}

/// A server that speaks OpenAI's chat completions.
#[derive(Debug, Clone)]
pub struct LlmServer {
    /// What stands before `/chat/completions`.
    pub base_url: Url,
    /// Without it the server's only model.
    pub model: Option<String>,
    pub api_key: Option<ApiKey>,
}

/// Named bounds; 0 requests per minute means no bound.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub sql_time_limit_ms: u64,
    pub sql_max_rows: u64,
    pub sql_max_bytes: u64,
    pub export_time_limit_ms: u64,
    pub request_timeout_ms: u64,
    pub header_timeout_ms: u64,
    pub body_idle_timeout_ms: u64,
    pub shutdown_timeout_ms: u64,
    pub max_concurrent_jobs: usize,
    pub max_concurrent_queries: usize,
    pub max_concurrent_exports: usize,
    pub requests_per_minute: RateLimits,
}

/// Requests a minute for each user (each address where nobody is signed in).
#[derive(Debug, Clone, Copy)]
pub struct RateLimits {
    pub general: u32,
    pub sign_in: u32,
    pub upload: u32,
    pub generate: u32,
    pub chat: u32,
}

impl Config {
    /// Reads the settings through `lookup`, which gives the text of a name that is set.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, ConfigFaults> {
        let mut reader = Reader::new(lookup);
        let config = Self::read_all(&mut reader);
        reader.finish()?;
        Ok(config)
    }

    fn read_all(reader: &mut Reader<'_>) -> Self {
        let host: IpAddr = reader.host("HOST", "127.0.0.1");
        let port = reader.number("PORT", 8000, 0, 65_535) as u16;
        let address = SocketAddr::new(host, port);
        let frontend_url = reader.url("FRONTEND_URL", &default_frontend_url(address));
        let auth = read_auth(reader, address, &frontend_url);
        let local = auth.mode() == Mode::Local;
        Self {
            app_name: reader.text("APP_NAME", "Data Query Agent"),
            debug: reader.flag("DEBUG", false),
            address,
            ollama_base_url: reader.url("OLLAMA_BASE_URL", "http://127.0.0.1:11434"),
            ollama_model: reader.text("OLLAMA_MODEL", "qwen2.5-coder:1.5b"),
            llm: read_llm(reader),
            max_concurrent_model_replies: reader.number(
                "MAX_CONCURRENT_MODEL_REPLIES",
                64,
                1,
                10_000,
            ) as usize,
            database_url: reader.database_url("DATABASE_URL", "sqlite://data/metadata.db"),
            max_upload_size_bytes: reader.number("MAX_UPLOAD_SIZE", 10_485_760, 1, u64::MAX >> 1),
            max_csv_files: reader.number("MAX_CSV_FILES", 5, 1, 10_000) as u32,
            upload_dir: reader.text("UPLOAD_DIR", "data/uploads").into(),
            user_db_dir: reader.text("USER_DB_DIR", "data/databases").into(),
            trust_proxy: reader.flag("TRUST_PROXY", false),
            limits: read_limits(reader, local),
            sql_worker: None,
            frontend_url,
            auth,
        }
    }

    /// Whether this machine alone reaches the page.
    pub fn is_loopback(&self) -> bool {
        self.address.ip().is_loopback()
    }

    /// Whether people reach the page by https: cookies are then `Secure` and HSTS is sent.
    pub fn is_https(&self) -> bool {
        self.frontend_url.scheme() == "https"
    }
}

fn default_frontend_url(address: SocketAddr) -> String {
    let shown = if address.ip().is_unspecified() {
        "127.0.0.1".to_owned()
    } else {
        address.ip().to_string()
    };
    if address.is_ipv6() && shown.contains(':') {
        format!("http://[{shown}]:{}", address.port())
    } else {
        format!("http://{shown}:{}", address.port())
    }
}

fn read_llm(reader: &mut Reader<'_>) -> Option<LlmServer> {
    let model = reader.optional("LLM_MODEL");
    let key = reader.optional("LLM_API_KEY");
    let Some(address) = reader.optional("LLM_BASE_URL") else {
        for (name, is_set) in [
            ("LLM_MODEL", model.is_some()),
            ("LLM_API_KEY", key.is_some()),
        ] {
            if is_set {
                reader.fault(
                    name,
                    "needs LLM_BASE_URL: the server whose model or key it is",
                );
            }
        }
        return None;
    };
    let base_url = reader.parsed_url("LLM_BASE_URL", &address);
    if key.is_some() && base_url.scheme() != "https" && !is_private(&base_url) {
        reader.fault(
            "LLM_BASE_URL",
            "must be https where LLM_API_KEY is set, but on this machine or in a private network: the key would travel in \
             the clear",
        );
    }
    let api_key = key.and_then(|key| {
        let key = ApiKey::new(key);
        if key.is_none() {
            reader.fault("LLM_API_KEY", "holds characters that no HTTP header takes");
        }
        key
    });
    Some(LlmServer {
        base_url,
        model,
        api_key,
    })
}

fn read_limits(reader: &mut Reader<'_>, local: bool) -> Limits {
    // One person on one machine is not slowed down; a shared server is guarded more tightly.
    let mut rate = |name, shared, alone| {
        reader.number(name, if local { alone } else { shared }, 0, 10_000_000) as u32
    };
    let requests_per_minute = RateLimits {
        general: rate("RATE_LIMIT_PER_MINUTE", 1_200, 60_000),
        sign_in: rate("RATE_LIMIT_SIGN_IN_PER_MINUTE", 20, 120),
        upload: rate("RATE_LIMIT_UPLOAD_PER_MINUTE", 60, 3_000),
        generate: rate("RATE_LIMIT_GENERATE_PER_MINUTE", 30, 600),
        chat: rate("RATE_LIMIT_CHAT_PER_MINUTE", 60, 1_200),
    };
    Limits {
        sql_time_limit_ms: reader.number("SQL_TIME_LIMIT_MS", 2_000, 50, 600_000),
        sql_max_rows: reader.number("SQL_MAX_ROWS", 1_000, 1, 100_000),
        sql_max_bytes: reader.number("SQL_MAX_BYTES", 1 << 20, 1_024, 1 << 28),
        export_time_limit_ms: reader.number("EXPORT_TIME_LIMIT_MS", 60_000, 50, 3_600_000),
        request_timeout_ms: reader.number("REQUEST_TIMEOUT_MS", 60_000, 100, 3_600_000),
        header_timeout_ms: reader.number("HEADER_TIMEOUT_MS", 10_000, 100, 600_000),
        body_idle_timeout_ms: reader.number("BODY_IDLE_TIMEOUT_MS", 15_000, 100, 600_000),
        shutdown_timeout_ms: reader.number("SHUTDOWN_TIMEOUT_MS", 8_000, 100, 600_000),
        max_concurrent_jobs: reader.number("MAX_CONCURRENT_JOBS", 4, 1, 1_000) as usize,
        max_concurrent_queries: reader.number("MAX_CONCURRENT_QUERIES", 16, 1, 10_000) as usize,
        // Each holds a thread of the pool, as long as its reader takes.
        max_concurrent_exports: reader.number("MAX_CONCURRENT_EXPORTS", 4, 1, 32) as usize,
        requests_per_minute,
    }
}

fn read_auth(reader: &mut Reader<'_>, address: SocketAddr, frontend_url: &Url) -> AuthConfig {
    let provider = read_provider(reader);
    let only_this_machine = reader.flag("LOCAL_SIGN_IN_BEHIND_PRIVATE_PORT", false);
    let page_is_here = is_loopback_name(frontend_url);
    if provider.is_none() && !only_this_machine {
        refuse_open_door(reader, address, page_is_here);
    }
    if frontend_url.scheme() != "https" && !page_is_here {
        reader.fault(
            "FRONTEND_URL",
            "must be https, but on this machine: cookies of a sign-in would travel in the clear",
        );
    }
    let mut config = AuthConfig::local(frontend_url.clone(), reader.text("KEYS_DIR", "keys"));
    config.provider = provider;
    config.access_token_lifetime =
        TimeDelta::minutes(reader.number("ACCESS_TOKEN_EXPIRE_MINUTES", 5, 1, 1_440) as i64);
    config.refresh_token_lifetime =
        TimeDelta::days(reader.number("REFRESH_TOKEN_EXPIRE_DAYS", 7, 1, 365) as i64);
    config.session_idle_lifetime =
        TimeDelta::hours(reader.number("SESSION_IDLE_HOURS", 72, 1, 8_760) as i64);
    config.key_overlap = TimeDelta::hours(reader.number("KEY_OVERLAP_HOURS", 24, 1, 8_760) as i64);
    match AllowedEmails::parse(&reader.text("ALLOWED_EMAILS", "")) {
        Ok(allowed) => config.allowed_emails = allowed,
        Err(error) => reader.auth_fault(&error),
    }
    if let Err(error) = config.check() {
        reader.auth_fault(&error);
    }
    config
}

/// Without a provider whoever reaches the service is its one user.
fn refuse_open_door(reader: &mut Reader<'_>, address: SocketAddr, page_is_here: bool) {
    const CHOICES: &str = "or set up a provider, or say LOCAL_SIGN_IN_BEHIND_PRIVATE_PORT=true if only this machine \
                           reaches the port";
    if !address.ip().is_loopback() {
        let why = "without GOOGLE_OAUTH_CLIENT_ID everyone who reaches the port would be signed in";
        reader.fault("HOST", format!("{why}. Set HOST=127.0.0.1, {CHOICES}"));
    }
    if !page_is_here {
        let why = "names an address that others reach, and without GOOGLE_OAUTH_CLIENT_ID all of them would be signed in";
        reader.fault("FRONTEND_URL", format!("{why}. Leave it out, {CHOICES}"));
    }
}

fn is_loopback_name(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

fn read_provider(reader: &mut Reader<'_>) -> Option<ProviderConfig> {
    let issuer = reader.optional("OIDC_ISSUER_URL");
    let name = reader.optional("OIDC_PROVIDER_NAME");
    let secret = reader
        .optional("GOOGLE_OAUTH_CLIENT_SECRET")
        .map(Secret::new);
    let Some(client_id) = reader.optional("GOOGLE_OAUTH_CLIENT_ID") else {
        // A provider's settings without its client: a slip that must not open the door to everybody.
        for name in [
            "OIDC_ISSUER_URL",
            "GOOGLE_OAUTH_CLIENT_SECRET",
            "ALLOWED_EMAILS",
        ] {
            if reader.optional(name).is_some() {
                reader.fault(
                    name,
                    "needs GOOGLE_OAUTH_CLIENT_ID: the client's id at the provider",
                );
            }
        }
        return None;
    };
    let mut provider = ProviderConfig::google(client_id, secret);
    if let Some(issuer) = issuer {
        // Kept as written: it must equal the `iss` of the provider's ID tokens to the letter.
        reader.parsed_url("OIDC_ISSUER_URL", &issuer);
        provider.issuer_url = issuer;
        provider.name = "OpenID".into();
    }
    if let Some(name) = name {
        provider.name = name;
    }
    Some(provider)
}
