//! Which engine answers: a model of the configured server, or the built-in engine.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout};
use url::Url;

use crate::LlmError;
use crate::llm::{InstalledModel, LlmClient, ModelCard};
use crate::model_http::{LlmLimits, is_this_machine};
use crate::model_queue::{ModelQueue, Place};
use crate::ollama::OllamaClient;

/// Finds the engine and remembers it for some seconds. One for each process, shared behind an `Arc`.
pub struct Engines {
    shared: Arc<Shared>,
    limits: EngineLimits,
}

#[derive(Debug, Clone, Copy)]
pub struct EngineLimits {
    /// How long a turn waits for a detection that is not yet known.
    pub first_wait: Duration,
    /// How long the page waits for one.
    pub info_wait: Duration,
    /// How long a detection holds.
    pub keep: Duration,
    /// How long it holds when nothing answered.
    pub keep_failure: Duration,
    /// Replies asked of the server at once; more questions wait for a place.
    pub replies_at_once: usize,
    /// How long a question waits for one.
    pub patience: Duration,
}

impl Default for EngineLimits {
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(300),
            info_wait: Duration::from_secs(1),
            keep: Duration::from_secs(10),
            keep_failure: Duration::from_secs(3),
            replies_at_once: 64,
            patience: Duration::from_mins(5),
        }
    }
}

#[derive(Clone)]
pub enum Engine {
    /// No model: the built-in engine alone.
    BuiltIn {
        reason: String,
    },
    Model(ModelEngine),
}

/// The name of the built-in engine in receipts.
pub const BUILT_IN: &str = "built-in";

impl Engine {
    /// `built-in` or the model's name.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn { .. } => BUILT_IN,
            Self::Model(model) => &model.name,
        }
    }
}

#[derive(Clone)]
pub struct ModelEngine {
    pub client: Arc<dyn LlmClient>,
    pub name: String,
    pub card: ModelCard,
    /// Why this model answers and not the configured one.
    pub note: Option<String>,
    /// Where a turn waits before it asks.
    pub(crate) queue: ModelQueue,
}

/// Tokens of prompt and reply: more than Ollama's default, which cuts schemas off.
const CONTEXT_TOKENS: u64 = 8_192;

impl ModelEngine {
    /// Tokens of prompt and reply together, to ask for with every request: Ollama loads a model anew, and forgets what it
    /// had read, when one request wants another size than the last.
    pub fn context_tokens(&self) -> u64 {
        let most = self.card.context_length.unwrap_or(CONTEXT_TOKENS);
        most.min(CONTEXT_TOKENS)
    }

    /// Waits until few enough others are answered. [`LlmError::TimedOut`] after the engine's patience.
    pub async fn place(&self) -> Result<Place, LlmError> {
        self.queue.place().await
    }
}

/// What `GET /api/llm` shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LlmInfo {
    /// `ollama`, `openai` (a server of that kind) or `built-in`.
    pub provider: String,
    /// The model that answers; `None` when the built-in engine does.
    pub model: Option<String>,
    pub configured_model: Option<String>,
    pub reachable: bool,
    pub installed_models: Vec<String>,
    /// Host and port of the model's server: where questions go, with names and some values of the data. `None` when the
    /// built-in engine answers.
    pub server: Option<String>,
    /// Whether that is this machine, so that nothing leaves it. True for the built-in engine.
    pub on_this_machine: bool,
    /// Why it is so, in words.
    pub note: Option<String>,
}

struct Shared {
    client: Arc<dyn LlmClient>,
    configured_model: Option<String>,
    queue: ModelQueue,
    known: Mutex<Option<(Instant, Arc<Detected>)>>,
    /// Held by the one detection that runs.
    detecting: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Detected {
    engine: Engine,
    reachable: bool,
    installed: Vec<String>,
}

impl Engines {
    /// `model` is the configured one; without it the best installed one is taken.
    pub fn ollama(base_url: &Url, model: Option<String>) -> Result<Self, LlmError> {
        let client = OllamaClient::new(base_url, LlmLimits::default())?;
        Ok(Self::new(Arc::new(client), model, EngineLimits::default()))
    }

    pub fn new(
        client: Arc<dyn LlmClient>,
        configured_model: Option<String>,
        limits: EngineLimits,
    ) -> Self {
        let configured_model = configured_model.filter(|model| !model.trim().is_empty());
        let shared = Arc::new(Shared {
            client,
            configured_model,
            queue: ModelQueue::new(limits.replies_at_once, limits.patience),
            known: Mutex::new(None),
            detecting: tokio::sync::Mutex::new(()),
        });
        Self { shared, limits }
    }

    /// Questions that wait until the model has answered others.
    pub fn waiting(&self) -> usize {
        self.shared.queue.waiting()
    }

    pub fn client(&self) -> Arc<dyn LlmClient> {
        Arc::clone(&self.shared.client)
    }

    /// The engine for a request that starts now; waits at most `first_wait`.
    pub async fn current(&self) -> Engine {
        match self.detected(self.limits.first_wait).await {
            Some(detected) => detected.engine.clone(),
            None => Engine::BuiltIn {
                reason: "The language model's server has not answered yet.".into(),
            },
        }
    }

    pub async fn info(&self) -> LlmInfo {
        let detected = self.detected(self.limits.info_wait).await;
        let engine = detected.as_ref().map(|detected| &detected.engine);
        let (model, note) = match engine {
            Some(Engine::Model(model)) => (Some(model.name.clone()), model.note.clone()),
            Some(Engine::BuiltIn { reason }) => (None, Some(reason.clone())),
            None => (None, Some("Still looking for a language model.".into())),
        };
        let provider = match model {
            Some(_) => self.shared.client.provider(),
            None => BUILT_IN,
        };
        let address = self.shared.client.base_url().filter(|_| model.is_some());
        LlmInfo {
            server: address.and_then(host_and_port),
            on_this_machine: address.is_none_or(is_this_machine),
            provider: provider.into(),
            model,
            configured_model: self.shared.configured_model.clone(),
            reachable: detected.as_ref().is_some_and(|found| found.reachable),
            installed_models: detected.map_or_else(Vec::new, |found| found.installed.clone()),
            note,
        }
    }

    /// Forgets what was detected, for instance after a pull.
    pub fn refresh(&self) {
        *self.shared.known() = None;
    }

    async fn detected(&self, wait: Duration) -> Option<Arc<Detected>> {
        if let Some(detected) = self.shared.fresh(self.limits) {
            return Some(detected);
        }
        let shared = Arc::clone(&self.shared);
        let limits = self.limits;
        // A task of its own: it ends and is remembered even when nobody waits for it any more.
        let task = tokio::spawn(async move {
            let _alone = shared.detecting.lock().await;
            if let Some(detected) = shared.fresh(limits) {
                return detected;
            }
            let detected = Arc::new(shared.detect().await);
            *shared.known() = Some((Instant::now(), Arc::clone(&detected)));
            detected
        });
        match timeout(wait, task).await {
            Ok(Ok(detected)) => Some(detected),
            _ => self.shared.known().as_ref().map(|(_, old)| Arc::clone(old)),
        }
    }
}

/// `host` or `host:port`, as the address has it.
fn host_and_port(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Models that are asked what they can do before none is taken.
const MAX_CANDIDATES: usize = 4;

impl Shared {
    fn known(&self) -> std::sync::MutexGuard<'_, Option<(Instant, Arc<Detected>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self, limits: EngineLimits) -> Option<Arc<Detected>> {
        let known = self.known();
        let (since, detected) = known.as_ref()?;
        let keep = match detected.engine {
            Engine::Model(_) => limits.keep,
            Engine::BuiltIn { .. } => limits.keep_failure,
        };
        (since.elapsed() < keep).then(|| Arc::clone(detected))
    }

    async fn detect(&self) -> Detected {
        match self.client.list_models().await {
            Ok(models) => Detected {
                engine: self.choose(&models).await,
                reachable: true,
                installed: models.into_iter().map(|model| model.name).collect(),
            },
            Err(error) => Detected {
                engine: Engine::BuiltIn {
                    reason: sentence(&error.to_string()),
                },
                reachable: false,
                installed: Vec::new(),
            },
        }
    }

    async fn choose(&self, installed: &[InstalledModel]) -> Engine {
        let configured = self.configured_model.as_deref();
        let candidates = candidates(configured, installed);
        for model in candidates.iter().take(MAX_CANDIDATES) {
            let Ok(card) = self.client.show(&model.name).await else {
                continue;
            };
            if !card.capabilities.is_empty() && !card.can("completion") {
                continue;
            }
            let note = configured
                .filter(|configured| !same_model(configured, &model.name))
                .map(|wanted| {
                    format!("{wanted} is not installed; {} answers instead.", model.name)
                });
            return Engine::Model(ModelEngine {
                client: Arc::clone(&self.client),
                name: model.name.clone(),
                card,
                note,
                queue: self.queue.clone(),
            });
        }
        let reason = match configured {
            _ if installed.is_empty() => "No language model is installed.".into(),
            Some(wanted) => format!("{wanted} is not installed, and no other model can chat."),
            None => "None of the installed models can chat.".into(),
        };
        Engine::BuiltIn { reason }
    }
}

/// The configured model, then the others that can chat: those made for code or SQL first, then the larger.
fn candidates<'m>(
    configured: Option<&str>,
    installed: &'m [InstalledModel],
) -> Vec<&'m InstalledModel> {
    let rank = |model: &InstalledModel| {
        let name = model.name.to_ascii_lowercase();
        let made_for = |words: &[&str]| words.iter().any(|word| name.contains(word));
        (
            configured.is_some_and(|wanted| same_model(wanted, &model.name)),
            made_for(&["coder", "sql"]),
            made_for(&["instruct", "qwen", "llama", "mistral", "gemma", "phi"]),
            model.size_bytes,
        )
    };
    let mut usable: Vec<_> = installed
        .iter()
        .filter(|model| can_chat(&model.name))
        .collect();
    usable.sort_by_key(|model| std::cmp::Reverse(rank(model)));
    usable
}

fn can_chat(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let other_uses = ["embed", "bge-", "minilm", "rerank", "whisper", "llava-phi"];
    !other_uses.iter().any(|word| name.contains(word))
}

/// `llama3.2` and `llama3.2:latest` are the same model.
pub fn same_model(left: &str, right: &str) -> bool {
    let full = |name: &str| match name.rsplit('/').next() {
        Some(last) if last.contains(':') => name.to_ascii_lowercase(),
        _ => format!("{}:latest", name.to_ascii_lowercase()),
    };
    full(left.trim()) == full(right.trim())
}

/// With a capital letter and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.trim().trim_end_matches('.').chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
