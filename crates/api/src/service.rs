//! Puts the parts together.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use agent::LlmError;
use agent::engine::{EngineLimits, Engines};
use agent::llm::LlmClient;
use agent::model_http::{LlmLimits, is_this_machine};
use agent::ollama::OllamaClient;
use agent::openai::OpenAiClient;
use auth::{Auth, KeyRing, SystemRandom};
use axum::Router;
use axum::http::HeaderValue;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use store::dataset::WorkerPool;
use store::files::Files;
use store::{Effort, Store};

use crate::clock::Clock;
use crate::config::Config;
use crate::datasets::Datasets;
use crate::frontend;
use crate::helps::Helps;
use crate::jobs::Places;
use crate::metered::MeteredLlm;
use crate::middleware::headers::content_security_policy;
use crate::middleware::rate::Rates;
use crate::router::build_app;
use crate::shutdown::Shutdown;
use crate::state::{AppState, Parts};
use crate::turns::Turns;

/// Upper bounds of the time buckets, seconds.
const TIME_BUCKETS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0,
];

pub type StartError = Box<dyn std::error::Error + Send + Sync>;

/// Ready to be served.
pub struct Service {
    pub app: Router,
    pub shutdown: Shutdown,
}

/// Opens storage and keys, puts right what a crash left, and builds the app.
pub async fn open_service(
    config: Config,
    clock: Clock,
    metrics: PrometheusHandle,
) -> Result<Service, StartError> {
    let store = Store::open(&config.database_url).await?;
    let files = Files::new(&config.upload_dir, &config.user_db_dir)?;
    let put_right = files.reconcile(&store).await?;
    if put_right != store::files::Reconciled::default() {
        tracing::warn!(
            ?put_right,
            "the last run did not end cleanly; files and metadata agree again"
        );
    }
    let keys = KeyRing::open(&config.auth.keys_dir, clock.now())?;
    let auth = Auth::new(
        config.auth.clone(),
        store.clone(),
        keys,
        Arc::new(SystemRandom),
    )?;
    let (client, configured_model) = model_client(&config)?;
    let engines = Engines::new(
        client,
        configured_model,
        EngineLimits {
            replies_at_once: config.max_concurrent_model_replies,
            ..EngineLimits::default()
        },
    );
    let shutdown = Shutdown::default();
    let policy = content_security_policy(&frontend::script_hashes())
        .unwrap_or(HeaderValue::from_static("default-src 'self'"));
    let state = AppState::new(Parts {
        rates: Rates::new(&config.limits.requests_per_minute),
        jobs: Places::new(config.limits.max_concurrent_jobs),
        queries: Places::new(config.limits.max_concurrent_queries),
        pulls: Places::new(1),
        exports: Places::new(config.limits.max_concurrent_exports),
        turns: Turns::default(),
        helps: Helps::default(),
        datasets: Datasets::default(),
        sql_workers: Arc::new(sql_workers(&config)),
        engines: Arc::new(engines),
        content_security_policy: policy,
        shutdown: shutdown.clone(),
        store,
        files,
        auth,
        clock,
        metrics,
        config,
    });
    tokio::spawn(keep_house(state.clone()));
    Ok(Service {
        app: build_app(state),
        shutdown,
    })
}

/// Not more than statements may run at once, each bounded in memory.
fn sql_workers(config: &Config) -> WorkerPool {
    let limits = &config.limits;
    WorkerPool::new(
        config.sql_worker.clone().unwrap_or_else(own_program),
        limits.max_concurrent_queries + limits.max_concurrent_exports,
    )
}

/// Linux knows what is running also once its file was replaced by a newer one.
fn own_program() -> PathBuf {
    let known = PathBuf::from("/proc/self/exe");
    if known.exists() {
        return known;
    }
    std::env::current_exe().unwrap_or(known)
}

/// The client of the configured server, and the model to ask.
fn model_client(config: &Config) -> Result<(Arc<dyn LlmClient>, Option<String>), LlmError> {
    let limits = LlmLimits::default();
    let Some(server) = &config.llm else {
        let client = OllamaClient::new(&config.ollama_base_url, limits)?;
        let model = Some(config.ollama_model.clone());
        return Ok((Arc::new(MeteredLlm(client)), model));
    };
    let (key, model) = (server.api_key.as_ref(), server.model.clone());
    let client = OpenAiClient::new(&server.base_url, key, model.clone(), limits)?;
    if !is_this_machine(&server.base_url) {
        tracing::info!(
            server = %server.base_url,
            "questions, names and sample values of the data go to this model server"
        );
    }
    Ok((Arc::new(MeteredLlm(client)), model))
}

/// Forgets what is over: idle callers' rates, old points of the metrics, what was removed and is still on the disk, SQL
/// workers without work.
async fn keep_house(state: AppState) {
    let mut minutes = tokio::time::interval(Duration::from_mins(1));
    let mut often = tokio::time::interval(Duration::from_secs(10));
    loop {
        tokio::select! {
            _ = minutes.tick() => {
                state.rates.forget_idle();
                state.metrics.run_upkeep();
                if let Err(error) = state.store.wipe(Effort::Whole).await {
                    tracing::warn!(%error, "what was removed is still in the metadata file; it is tried again in a minute");
                }
            }
            _ = often.tick() => {
                if state.sql_workers.counts().1 > 0 {
                    let workers = Arc::clone(&state.sql_workers);
                    // It waits for the ends of processes.
                    tokio::task::spawn_blocking(move || workers.retire_idle());
                }
            }
            () = state.shutdown.begun() => return,
        }
    }
}

/// Records metrics for the whole process.
pub fn install_metrics() -> Result<PrometheusHandle, StartError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &TIME_BUCKETS)?;
    Ok(builder.install_recorder()?)
}
