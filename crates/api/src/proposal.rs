//! The language model's help with a schema. What it says is a proposal: checked against the data, and dropped where it does not
//! hold. Whatever goes wrong with the model, the built-in schema stands.

use agent::LlmError;
use agent::engine::{Engine, ModelEngine};
use agent::llm::{ChatOptions, ChatRequest, Chunk, Message, Role};
use futures::StreamExt;
use schema_gen::llm::{Change, merge_proposal, proposal_json_schema, proposal_prompt};
use schema_gen::{Schema, Source};
use serde::Serialize;

use crate::error::ApiError;
use crate::jobs::run_blocking;
use crate::sse::Reporter;
use crate::state::AppState;

/// A model writes a little here; a longer answer has lost its way.
const MAX_TOKENS: i32 = 2_048;
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// As the plan asks: a little freedom with names.
const TEMPERATURE: f32 = 0.2;

#[derive(Serialize)]
struct ModelStep<'a> {
    stage: &'a str,
    message: String,
    done: u64,
    total: u64,
}

#[derive(Serialize)]
struct ReasoningStep<'a> {
    delta: &'a str,
}

/// The schema with what holds of the model's proposal, and the name of the engine: `built-in` where no model helped. An error
/// only where nobody wants the schema any more.
pub async fn improve(
    state: &AppState,
    schema: Schema,
    sources: Vec<Source>,
    reporter: &Reporter,
) -> Result<(Schema, String), ApiError> {
    let model = match state.engines.current().await {
        Engine::Model(model) => model,
        Engine::BuiltIn { reason } => {
            return Ok(without_model(
                schema,
                &format!("No language model answers ({reason}), so this schema is built in."),
            ));
        }
    };
    say(reporter, format!("{} is reading the schema.", model.name));
    let (system, user) = proposal_prompt(&schema, &sources);
    // Invalid output is asked for once more, then the built-in schema stands.
    for attempt in 1..=2 {
        let answered = tokio::select! {
            biased;
            // The first word may take minutes, and nobody may be there to hear it.
            () = reporter.cancel_flag().cancelled() => return Err(ApiError::cancelled()),
            answered = answer(&model, &system, &user, attempt, reporter) => answered,
        };
        let answer = match answered {
            Ok(answer) => answer,
            Err(error) => {
                return Ok(without_model(
                    schema,
                    &format!(
                        "{} gave no proposal ({error}), so this schema is built in.",
                        model.name
                    ),
                ));
            }
        };
        let (before, files, flag) = (
            schema.clone(),
            sources.clone(),
            reporter.cancel_flag().clone(),
        );
        let merged = run_blocking(&state.jobs, reporter.cancel_flag(), move || {
            merge_proposal(&before, &files, &answer, &|| !flag.is_cancelled())
        })
        .await?;
        match merged {
            Ok((merged, changes)) => return Ok(with_model(merged, &changes, &model.name)),
            Err(error) => {
                tracing::info!(%error, attempt, "a model's proposal could not be read");
                say(
                    reporter,
                    format!("{}'s answer could not be read.", model.name),
                );
            }
        }
    }
    let name = model.name;
    Ok(without_model(
        schema,
        &format!("{name}'s answer could not be read twice, so this schema is built in."),
    ))
}

/// The model's answer as text; each piece is shown as it comes.
async fn answer(
    model: &ModelEngine,
    system: &str,
    user: &str,
    attempt: i32,
    reporter: &Reporter,
) -> Result<String, LlmError> {
    let request = ChatRequest {
        model: model.name.clone(),
        messages: vec![
            Message::new(Role::System, system),
            Message::new(Role::User, user),
        ],
        tools: Vec::new(),
        format: Some(proposal_json_schema()),
        options: ChatOptions {
            temperature: TEMPERATURE,
            seed: attempt,
            max_tokens: Some(MAX_TOKENS),
            context_length: Some(model.context_tokens()),
            ..ChatOptions::default()
        },
    };
    let _place = model.place().await?;
    let mut chunks = model.client.chat(request).await?;
    let mut text = String::new();
    while let Some(chunk) = chunks.next().await {
        match chunk? {
            Chunk::Text(piece) => {
                text.push_str(&piece);
                reporter.report("reasoning", &ReasoningStep { delta: &piece });
                if text.len() > MAX_ANSWER_BYTES {
                    return Err(LlmError::TooLong {
                        max_bytes: MAX_ANSWER_BYTES,
                    });
                }
            }
            Chunk::Thinking(_) | Chunk::ToolCall(_) | Chunk::Usage(_) => {}
            Chunk::Done(_) => return Ok(text),
        }
    }
    Err(LlmError::BrokenOff)
}

fn say(reporter: &Reporter, message: String) {
    reporter.report(
        "progress",
        &ModelStep {
            stage: "model",
            message,
            done: 0,
            total: 0,
        },
    );
}

fn without_model(mut schema: Schema, note: &str) -> (Schema, String) {
    schema.reasoning = format!("{}\n\n{note}", schema.reasoning);
    schema_gen::fit_texts(&mut schema);
    (schema, "built-in".into())
}

fn with_model(mut schema: Schema, changes: &[Change], name: &str) -> (Schema, String) {
    let lines: Vec<String> = changes
        .iter()
        .map(|change| {
            format!(
                "- {}: {}",
                if change.accepted {
                    "taken over"
                } else {
                    "refused"
                },
                change.message
            )
        })
        .collect();
    let told = if lines.is_empty() {
        "It changed nothing.".to_owned()
    } else {
        lines.join("\n")
    };
    schema.reasoning = format!(
        "{}\n\nWhat {name} proposed and what became of it:\n{told}",
        schema.reasoning
    );
    schema_gen::fit_texts(&mut schema);
    (schema, name.to_owned())
}
