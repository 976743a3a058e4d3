//! Asking the model: waiting for one's turn, then for its words, with a word to the user meanwhile.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Turn;
use crate::engine::ModelEngine;
use crate::llm::{ChatOptions, ChatRequest, Message, Reply, ToolDefinition, collect};
use crate::model_queue::Place;
use crate::{AgentError, LlmError};

const WAITING_NOTICE: Duration = Duration::from_secs(5);
/// Longest further try, in tokens: what is longer has lost its way.
const MAX_TRY_TOKENS: i32 = 400;

impl Turn {
    /// Waits until few enough other questions are with the model.
    pub(super) async fn wait_for_place(&self, engine: &ModelEngine) -> Result<Place, LlmError> {
        if let Some(place) = engine.queue.try_place() {
            return Ok(place);
        }
        let place = engine.queue.place();
        tokio::pin!(place);
        loop {
            let (name, waiting) = (&engine.name, engine.queue.waiting().max(1));
            let message = format!("{name} is busy; questions that wait for it: {waiting}");
            self.output.status("waiting_for_model", message).await;
            tokio::select! {
                place = &mut place => return place,
                () = sleep(WAITING_NOTICE) => {}
            }
        }
    }

    /// Asks the model once, and tells the user every few seconds that it is still at it.
    pub(super) async fn ask(
        &self,
        engine: &ModelEngine,
        messages: &[Message],
        tools: Vec<ToolDefinition>,
        temperature: f32,
    ) -> Result<Reply, AgentError> {
        let name = &engine.name;
        self.output
            .status("waiting_for_model", format!("Waiting for {name}"))
            .await;
        let options = ChatOptions {
            temperature,
            ..ChatOptions::default()
        };
        self.wait_for(engine, messages, tools, options).await
    }

    /// Asks for another try at the same question: each `seed` gives one of its own.
    pub(super) async fn ask_freely(
        &self,
        engine: &ModelEngine,
        messages: &[Message],
        temperature: f32,
        seed: i32,
    ) -> Result<Reply, AgentError> {
        let options = ChatOptions {
            temperature,
            seed,
            max_tokens: Some(MAX_TRY_TOKENS),
            ..ChatOptions::default()
        };
        self.wait_for(engine, messages, Vec::new(), options).await
    }

    async fn wait_for(
        &self,
        engine: &ModelEngine,
        messages: &[Message],
        tools: Vec<ToolDefinition>,
        options: ChatOptions,
    ) -> Result<Reply, AgentError> {
        let began = Instant::now();
        let reply = reply_to(engine, messages, tools, options);
        tokio::pin!(reply);
        loop {
            tokio::select! {
                reply = &mut reply => return Ok(reply?),
                () = sleep(WAITING_NOTICE) => {
                    let seconds = began.elapsed().as_secs();
                    let message = format!("Still waiting for {}: {seconds} s", engine.name);
                    self.output.status("waiting_for_model", message).await;
                }
            }
        }
    }
}

async fn reply_to(
    engine: &ModelEngine,
    messages: &[Message],
    tools: Vec<ToolDefinition>,
    options: ChatOptions,
) -> Result<Reply, LlmError> {
    let request = || ChatRequest {
        model: engine.name.clone(),
        messages: messages.to_vec(),
        tools: tools.clone(),
        format: None,
        options: ChatOptions {
            context_length: Some(engine.context_tokens()),
            think: engine.card.can("thinking").then_some(false),
            ..options.clone()
        },
    };
    match collect(engine.client.chat(request()).await?).await {
        // Nothing of it was used yet.
        Err(LlmError::BrokenOff) => collect(engine.client.chat(request()).await?).await,
        reply => reply,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use std::sync::Arc;

    use futures::StreamExt;

    use crate::engine::{EngineLimits, Engines};
    use crate::event::Event;
    use crate::testing::{Bench, Scripted, ScriptedModel, request, text_of};
    use crate::turn::{EngineChoice, EventStream, run_turn};

    /// Reads on until a status says `words`.
    async fn until_status(events: &mut EventStream, words: &str) {
        while let Some(event) = events.next().await {
            if matches!(&event, Event::DataStatus { data, .. } if data.message.contains(words)) {
                return;
            }
        }
        panic!("no status said {words:?}");
    }

    #[tokio::test]
    async fn a_question_waits_while_the_model_answers_another_and_says_so() {
        let bench = Bench::new();
        let good = Scripted::Text("SELECT count(*) FROM customers");
        let model = ScriptedModel::small([Scripted::Hangs, good]);
        let limits = EngineLimits {
            replies_at_once: 1,
            ..EngineLimits::default()
        };
        let engines = Arc::new(Engines::new(model.clone(), None, limits));
        let ask = || {
            let request = request("Zzyx qwv blorp?", EngineChoice::Auto);
            run_turn(engines.clone(), bench.context.clone(), request)
        };
        let mut first = ask();
        until_status(&mut first, "Waiting for").await;
        let mut second = ask();
        until_status(&mut second, "that wait for it: 1").await;
        assert_eq!(engines.waiting(), 1);
        // The first asker leaves.
        drop(first);
        let events: Vec<Event> = second.collect().await;
        assert_eq!(text_of(&events), "There are 412 customers.");
        assert_eq!(engines.waiting(), 0);
    }
}
