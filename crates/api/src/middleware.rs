//! What every request passes: identity, guard against forged requests, rates, headers, metrics.

pub mod csrf;
pub mod headers;
pub mod host;
pub mod identity;
pub mod metrics;
pub mod rate;
