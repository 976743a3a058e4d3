#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access_token;
mod account;
mod fake_provider;
mod provider;
mod provider_down;
mod refresh;
mod support;
