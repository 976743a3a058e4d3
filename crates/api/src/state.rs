//! What handlers share.

use std::ops::Deref;
use std::sync::Arc;

use agent::engine::Engines;
use auth::Auth;
use axum::http::HeaderValue;
use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;
use store::dataset::WorkerPool;
use store::files::Files;

use crate::clock::Clock;
use crate::config::Config;
use crate::datasets::Datasets;
use crate::helps::Helps;
use crate::jobs::Places;
use crate::middleware::rate::Rates;
use crate::shutdown::Shutdown;
use crate::turns::Turns;

/// Cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<Parts>);

pub struct Parts {
    pub config: Config,
    pub store: Store,
    pub files: Files,
    pub auth: Auth,
    pub engines: Arc<Engines>,
    pub datasets: Datasets,
    /// Processes that carry out statements of users and models.
    pub sql_workers: Arc<WorkerPool>,
    pub rates: Rates,
    pub clock: Clock,
    pub shutdown: Shutdown,
    pub content_security_policy: HeaderValue,
    /// Files read, schemas made and databases loaded at once.
    pub jobs: Places,
    /// Queries at once.
    pub queries: Places,
    /// Models fetched at once: one.
    pub pulls: Places,
    /// Exports at once: these last as long as their reader takes.
    pub exports: Places,
    /// Conversations that are being answered.
    pub turns: Turns,
    /// Models that help with schemas.
    pub helps: Helps,
    pub metrics: PrometheusHandle,
}

impl AppState {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl Deref for AppState {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
