//! Requests a minute, for each user (each address where nobody is signed in), tighter where a request costs more.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use store::ids::UserId;

use crate::config::RateLimits;
use crate::error::ApiError;
use crate::middleware::identity::{Identity, client_address};
use crate::state::AppState;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    General,
    SignIn,
    Upload,
    Generate,
    Chat,
    Report,
}

/// Reports a minute that one browser may send of the page's policy; more tell nothing new.
const REPORTS_PER_MINUTE: u32 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Caller {
    User(UserId),
    Address(IpAddr),
}

type Limiter = Option<Arc<DefaultKeyedRateLimiter<Caller>>>;

/// One bucket a caller and class (GCRA, as governor has it). A burst of a third of the minute's number is let through.
#[derive(Clone)]
pub struct Rates {
    general: Limiter,
    sign_in: Limiter,
    upload: Limiter,
    generate: Limiter,
    chat: Limiter,
    report: Limiter,
}

impl Rates {
    pub fn new(limits: &RateLimits) -> Self {
        Self {
            general: limiter(limits.general),
            sign_in: limiter(limits.sign_in),
            upload: limiter(limits.upload),
            generate: limiter(limits.generate),
            chat: limiter(limits.chat),
            report: limiter(REPORTS_PER_MINUTE),
        }
    }

    /// Seconds to wait, when `caller` has used up its share.
    fn check(&self, class: Class, caller: Caller) -> Result<(), u64> {
        let limiter = match class {
            Class::General => &self.general,
            Class::SignIn => &self.sign_in,
            Class::Upload => &self.upload,
            Class::Generate => &self.generate,
            Class::Chat => &self.chat,
            Class::Report => &self.report,
        };
        let Some(limiter) = limiter else {
            return Ok(());
        };
        let clock = DefaultClock::default();
        limiter
            .check_key(&caller)
            .map_err(|refused| refused.wait_time_from(clock.now()).as_secs() + 1)
    }

    /// Forgets callers who have their full share again, so that memory does not grow with the addresses seen.
    pub fn forget_idle(&self) {
        for limiter in [
            &self.general,
            &self.sign_in,
            &self.upload,
            &self.generate,
            &self.chat,
            &self.report,
        ]
        .into_iter()
        .flatten()
        {
            limiter.retain_recent();
        }
    }
}

fn limiter(per_minute: u32) -> Limiter {
    let per_minute = NonZeroU32::new(per_minute)?;
    let burst = NonZeroU32::new((per_minute.get() / 3).max(5))?;
    let quota = Quota::with_period(Duration::from_mins(1) / per_minute.get())?.allow_burst(burst);
    Some(Arc::new(RateLimiter::keyed(quota)))
}

/// Answers 429 with `Retry-After` where a caller asks for too much.
pub async fn limit_rate(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(class) = class_of(request.method(), request.uri().path()) else {
        return next.run(request).await;
    };
    let user = request
        .extensions()
        .get::<Identity>()
        .and_then(Identity::user_id);
    let caller = user.map_or_else(
        || {
            Caller::Address(network_of(client_address(
                &request,
                state.config.trust_proxy,
            )))
        },
        Caller::User,
    );
    match state.rates.check(class, caller) {
        Ok(()) => next.run(request).await,
        Err(seconds) => ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            format!("Too many requests. Try again in {seconds} s."),
        )
        .retry_after(seconds)
        .into_response(),
    }
}

/// One household has 2^64 addresses of IPv6 (RFC 6177): its network is the caller.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address @ IpAddr::V4(_) => address,
    }
}

/// `None` for what is never limited: pages and `/health`.
fn class_of(method: &Method, path: &str) -> Option<Class> {
    if !path.starts_with("/api") && !matches!(path, "/health/ready" | "/metrics") {
        return None;
    }
    let class = match (method, path) {
        (_, "/api/auth/local" | "/api/auth/google/callback" | "/api/auth/google/start") => {
            Class::SignIn
        }
        (&Method::POST, "/api/csp-reports") => Class::Report,
        (&Method::POST, "/api/csv/upload" | "/api/samples/load") => Class::Upload,
        (&Method::POST, "/api/schema/generate" | "/api/llm/pull") => Class::Generate,
        (&Method::POST, "/api/chat") => Class::Chat,
        (&Method::POST, path) if path.ends_with("/approve") || path.ends_with("/help") => {
            Class::Generate
        }
        _ => Class::General,
    };
    Some(class)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_caller_over_its_share_waits_and_others_do_not() {
        let rates = Rates::new(&RateLimits {
            general: 0,
            sign_in: 6,
            upload: 0,
            generate: 0,
            chat: 0,
        });
        let one = Caller::Address(IpAddr::from([10, 0, 0, 1]));
        let refused = (0..10)
            .filter(|_| rates.check(Class::SignIn, one).is_err())
            .count();
        assert_eq!(refused, 5, "a burst of five passes");
        assert!(
            rates
                .check(Class::SignIn, one)
                .is_err_and(|seconds| seconds <= 11)
        );
        assert!(
            rates
                .check(Class::SignIn, Caller::Address(IpAddr::from([10, 0, 0, 2])))
                .is_ok()
        );
        assert!(rates.check(Class::General, one).is_ok(), "0 means no bound");
    }

    #[test]
    fn costly_routes_have_their_own_share() {
        assert_eq!(class_of(&Method::POST, "/api/chat"), Some(Class::Chat));
        assert_eq!(
            class_of(&Method::POST, "/api/schema/0/approve"),
            Some(Class::Generate)
        );
        for path in ["/api/llm/pull", "/api/schema/0/help"] {
            assert_eq!(class_of(&Method::POST, path), Some(Class::Generate));
        }
        assert_eq!(
            class_of(&Method::GET, "/api/schema/0/help"),
            Some(Class::General)
        );
        assert_eq!(
            class_of(&Method::GET, "/api/csv/list"),
            Some(Class::General)
        );
        // HEAD runs the handler of GET, which stores a flow.
        assert_eq!(
            class_of(&Method::HEAD, "/api/auth/google/start"),
            Some(Class::SignIn)
        );
        assert_eq!(
            class_of(&Method::GET, "/health/ready"),
            Some(Class::General)
        );
        assert_eq!(class_of(&Method::GET, "/health"), None);
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let network = |text: &str| network_of(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("2001:db8:1:2:ffff::1"), "2001:db8:1:2::");
        assert_eq!(network("::ffff:10.0.0.1"), "10.0.0.1");
        assert_eq!(network("10.0.0.1"), "10.0.0.1");
    }
}
