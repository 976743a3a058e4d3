//! Counts and times of model calls, for Prometheus.

use std::time::Instant;

use agent::LlmError;
use agent::llm::{
    ChatRequest, Chunk, ChunkStream, InstalledModel, LlmClient, ModelCard, PullStream, Usage,
};
use async_trait::async_trait;
use futures::StreamExt;
use metrics::{counter, histogram};
use url::Url;

/// Passes everything on to `inner`, and watches.
pub struct MeteredLlm<C>(pub C);

#[async_trait]
impl<C: LlmClient> LlmClient for MeteredLlm<C> {
    fn provider(&self) -> &'static str {
        self.0.provider()
    }

    fn base_url(&self) -> Option<&Url> {
        self.0.base_url()
    }

    async fn list_models(&self) -> Result<Vec<InstalledModel>, LlmError> {
        self.0.list_models().await
    }

    async fn show(&self, model: &str) -> Result<ModelCard, LlmError> {
        self.0.show(model).await
    }

    async fn chat(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        let call = Call {
            started: Instant::now(),
            outcome: "left",
        };
        match self.0.chat(request).await {
            Ok(chunks) => Ok(watched(chunks, call)),
            Err(error) => {
                call.ended("failed");
                Err(error)
            }
        }
    }

    async fn pull(&self, model: &str) -> Result<PullStream, LlmError> {
        self.0.pull(model).await
    }
}

fn watched(mut chunks: ChunkStream, call: Call) -> ChunkStream {
    async_stream::stream! {
        let mut call = Some(call);
        let mut first = true;
        while let Some(chunk) = chunks.next().await {
            if let Some(open) = call.as_ref().filter(|_| std::mem::take(&mut first)) {
                histogram!("model_first_token_seconds").record(open.started.elapsed());
            }
            if let Ok(Chunk::Usage(usage)) = &chunk {
                count_tokens(*usage);
            }
            let outcome = match &chunk {
                Ok(Chunk::Done(_)) => Some("answered"),
                Ok(_) => None,
                Err(_) => Some("failed"),
            };
            if let Some(outcome) = outcome
                && let Some(open) = call.take()
            {
                open.ended(outcome);
            }
            yield chunk;
        }
    }
    .boxed()
}

fn count_tokens(usage: Usage) {
    let count = |kind, tokens| counter!("model_tokens_total", "kind" => kind).increment(tokens);
    count("prompt", usage.prompt_tokens);
    count("cached", usage.cached_tokens.unwrap_or_default());
    count("reply", usage.reply_tokens);
}

/// One call; dropped before its end, it was left: the user had stopped.
struct Call {
    started: Instant,
    outcome: &'static str,
}

impl Call {
    fn ended(mut self, outcome: &'static str) {
        self.outcome = outcome;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        counter!("model_calls_total", "outcome" => self.outcome).increment(1);
        histogram!("model_call_seconds", "outcome" => self.outcome).record(self.started.elapsed());
    }
}
