#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod access_token;
mod account;
mod fake_provider;
mod id_token_claims;
mod id_token_signature;
mod provider;
mod provider_down;
mod refresh;
mod session_end;
mod support;
