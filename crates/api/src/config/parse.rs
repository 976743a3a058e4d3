use std::fmt;
use std::net::IpAddr;

use url::Url;

/// One setting that cannot be used, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub name: &'static str,
    pub message: String,
}

/// All settings that cannot be used.
#[derive(Debug, thiserror::Error)]
pub struct ConfigFaults(pub Vec<Fault>);

impl fmt::Display for ConfigFaults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{} setting(s) cannot be used:", self.0.len())?;
        for fault in &self.0 {
            writeln!(formatter, "  {}: {}", fault.name, fault.message)?;
        }
        Ok(())
    }
}

/// Reads settings one by one and keeps the faults; a faulty setting yields its default so that reading goes on.
pub struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            lookup,
            faults: Vec::new(),
        }
    }

    pub fn finish(&mut self) -> Result<(), ConfigFaults> {
        if self.faults.is_empty() {
            Ok(())
        } else {
            Err(ConfigFaults(std::mem::take(&mut self.faults)))
        }
    }

    pub fn fault(&mut self, name: &'static str, message: impl Into<String>) {
        self.faults.push(Fault {
            name,
            message: message.into(),
        });
    }

    pub fn auth_fault(&mut self, error: &auth::AuthError) {
        match error {
            auth::AuthError::Config { setting, message } => self.fault(setting, message.clone()),
            other => self.fault("sign-in", other.to_string()),
        }
    }

    /// Set and not blank.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    pub fn text(&self, name: &str, default: &str) -> String {
        self.optional(name).unwrap_or_else(|| default.to_owned())
    }

    pub fn flag(&mut self, name: &'static str, default: bool) -> bool {
        match self
            .optional(name)
            .as_deref()
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            None => default,
            Some("true" | "1" | "yes" | "on") => true,
            Some("false" | "0" | "no" | "off") => false,
            Some(other) => {
                self.fault(name, format!("{other:?} is neither true nor false"));
                default
            }
        }
    }

    pub fn number(&mut self, name: &'static str, default: u64, least: u64, most: u64) -> u64 {
        let Some(text) = self.optional(name) else {
            return default;
        };
        match text.replace('_', "").parse::<u64>() {
            Ok(number) if (least..=most).contains(&number) => number,
            Ok(number) => {
                self.fault(name, format!("{number} is not between {least} and {most}"));
                default
            }
            Err(_) => {
                self.fault(name, format!("{text:?} is not a whole number"));
                default
            }
        }
    }

    pub fn host(&mut self, name: &'static str, default: &str) -> IpAddr {
        let text = self.text(name, default);
        let text = if text == "localhost" {
            "127.0.0.1"
        } else {
            text.as_str()
        };
        text.parse().unwrap_or_else(|_| {
            self.fault(
                name,
                format!("{text:?} is no IP address, such as 127.0.0.1 or 0.0.0.0"),
            );
            IpAddr::from([127, 0, 0, 1])
        })
    }

    pub fn url(&mut self, name: &'static str, default: &str) -> Url {
        let text = self.text(name, default);
        self.parsed_url(name, &text)
    }

    /// An http(s) URL with a host and no user, query or fragment.
    pub fn parsed_url(&mut self, name: &'static str, text: &str) -> Url {
        let fallback = || Url::parse("http://127.0.0.1/").ok();
        let parsed = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        });
        if parsed.is_none() {
            self.fault(
                name,
                format!("{text:?} is no http or https address, such as http://127.0.0.1:8000"),
            );
        }
        // A constant address parses; the match keeps this free of a panic.
        match parsed.or_else(fallback) {
            Some(url) => url,
            None => unreachable!("a constant address parses"),
        }
    }

    pub fn database_url(&mut self, name: &'static str, default: &str) -> String {
        let text = self.text(name, default);
        if !text.starts_with("sqlite:") {
            self.fault(
                name,
                "only sqlite addresses are supported, such as sqlite://data/metadata.db",
            );
        }
        text
    }
}
