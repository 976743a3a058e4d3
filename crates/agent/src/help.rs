//! A language model's help with a schema that somebody reviews meanwhile: one small question after the other, each answer used as
//! soon as it is there. What was answered is kept, so that the help can be stopped and go on at any time.
//!
//! [`schema_gen::llm`] says what is asked and what of an answer holds; a piece that fails costs nothing but itself.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schema_gen::llm::{self, Merged, PROMPT_VERSION, Piece, Question, What};
use schema_gen::{Schema, Source};
use store::helps::{self, Help, HelpPiece, Helped, PieceState};
use store::ids::{SchemaId, UserId};
use store::schemas::{self, Review, SchemaRecord, SchemaStatus};
use store::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::engine::{ModelEngine, sentence};
use crate::llm::{ChatOptions, ChatRequest, Message, Role, collect};
use crate::{AgentError, LlmError};

/// Failures in a row after which no further piece is asked.
const MOST_FAILURES: usize = 3;
/// How often an answer is laid over a schema that changes meanwhile.
const MOST_TRIES: usize = 5;

/// The schema that is helped with, and what it is made of.
pub struct HelpJob {
    pub store: Store,
    pub user: UserId,
    pub schema: SchemaId,
    pub sources: Vec<Source>,
    /// The hash of each file, by the source's id.
    pub hashes: HashMap<String, String>,
    pub now: Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>,
    /// How long the model may take for one piece.
    pub patience: Duration,
    pub cancel: CancellationToken,
    /// The id of the piece that the model is at.
    pub running: watch::Sender<Option<String>>,
}

/// How one piece ended.
enum Ended {
    Answered,
    /// The model gave no answer to this piece.
    Failed(String),
    /// Nothing more is to be asked: why, unless it was stopped.
    Over(Option<String>),
}

/// Where the help begins: at what the same model was asked before in the same words, else at all pieces of the schema.
pub fn planned(schema: &Schema, model: &str, before: Option<Help>) -> Help {
    let changes = match before {
        Some(help) if help.model == model && help.prompt_version == PROMPT_VERSION => {
            return Help { note: None, ..help };
        }
        other => other.map_or_else(Vec::new, |help| help.changes),
    };
    let pieces = llm::plan(schema).into_iter().map(|piece| HelpPiece {
        piece,
        state: PieceState::Waiting,
        message: None,
    });
    Help {
        model: model.to_owned(),
        prompt_version: PROMPT_VERSION,
        pieces: pieces.collect(),
        changes,
        note: None,
    }
}

/// Asks the model about each piece that it has not answered yet, until all are or the job is cancelled.
pub async fn help(job: &HelpJob, model: &ModelEngine) -> Result<(), AgentError> {
    let (store, user, id) = (&job.store, job.user, job.schema);
    let record = schemas::get(store, user, id).await?;
    let before = helps::get(store, user, id).await?;
    let mut help = planned(&record.schema, &model.name, before);
    helps::keep(store, user, id, &help, (job.now)()).await?;
    let mut failures = 0;
    for at in 0..help.pieces.len() {
        if help.pieces[at].state.is_over() {
            continue;
        }
        let ended = job.piece(model, &mut help, at).await;
        job.running.send_replace(None);
        match ended? {
            Ended::Answered => failures = 0,
            Ended::Failed(why) => {
                failures += 1;
                help.pieces[at].state = PieceState::Failed;
                help.pieces[at].message = Some(why);
                if failures == MOST_FAILURES {
                    help.note = Some("It failed several times in a row.".into());
                }
                helps::keep(store, user, id, &help, (job.now)()).await?;
            }
            Ended::Over(why) => {
                help.note = why;
                helps::keep(store, user, id, &help, (job.now)()).await?;
                return Ok(());
            }
        }
        if help.note.is_some() {
            return Ok(());
        }
    }
    Ok(())
}

impl HelpJob {
    async fn piece(
        &self,
        model: &ModelEngine,
        help: &mut Help,
        at: usize,
    ) -> Result<Ended, AgentError> {
        let record = schemas::get(&self.store, self.user, self.schema).await?;
        if record.status == SchemaStatus::Executed {
            return Ok(approved());
        }
        let piece = help.pieces[at].piece.clone();
        let Some(question) = llm::question(&piece, &record.schema, &self.sources) else {
            help.pieces[at].state = PieceState::Done;
            help.pieces[at].message = None;
            helps::keep(&self.store, self.user, self.schema, help, (self.now)()).await?;
            return Ok(Ended::Answered);
        };
        match self.answer(model, &piece, question).await? {
            Ok(answer) => self.take(help, at, &record.schema, &answer).await,
            Err(ended) => Ok(ended),
        }
    }

    /// The answer as it is kept for these files, or from the model; else why there is none.
    async fn answer(
        &self,
        model: &ModelEngine,
        piece: &Piece,
        question: Question,
    ) -> Result<Result<String, Ended>, AgentError> {
        let (store, user) = (&self.store, self.user);
        let files = self.files(piece);
        let key = helps::answer_key(&files, &model.name, PROMPT_VERSION, &question.user);
        if let Some(answer) = helps::answer(store, user, &key).await? {
            return Ok(Ok(answer));
        }
        self.running.send_replace(Some(piece.id.clone()));
        let asked = tokio::select! {
            biased;
            () = self.cancel.cancelled() => return Ok(Err(Ended::Over(None))),
            asked = timeout(self.patience, ask(model, question)) => asked,
        };
        let answer = match asked {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Ok(Err(failed(&error))),
            Err(_) => {
                let seconds = self.patience.as_secs();
                return Ok(Err(Ended::Failed(format!("No answer within {seconds} s."))));
            }
        };
        helps::keep_answer(store, user, &key, &files, &answer, (self.now)()).await?;
        Ok(Ok(answer))
    }

    /// The hash of the file that a question shows.
    fn files(&self, piece: &Piece) -> Vec<String> {
        let source = piece.table.source.as_ref();
        let hash = source.and_then(|source| self.hashes.get(source));
        hash.cloned().into_iter().collect()
    }

    /// Lays an answer over the schema as it is by now.
    async fn take(
        &self,
        help: &mut Help,
        at: usize,
        asked: &Schema,
        answer: &str,
    ) -> Result<Ended, AgentError> {
        let (store, user, id) = (&self.store, self.user, self.schema);
        let piece = help.pieces[at].piece.clone();
        let before = help.changes.len();
        for _ in 0..MOST_TRIES {
            let record = schemas::get(store, user, id).await?;
            if record.status == SchemaStatus::Executed {
                return Ok(approved());
            }
            help.changes.truncate(before);
            let merged = match llm::merge(&piece, asked, &record.schema, &self.sources, answer) {
                Ok(merged) => merged,
                Err(error) => {
                    help.pieces[at].state = PieceState::Unusable;
                    help.pieces[at].message = Some(sentence(&error.to_string()));
                    helps::keep(store, user, id, help, (self.now)()).await?;
                    return Ok(Ended::Answered);
                }
            };
            help.pieces[at].state = PieceState::Done;
            help.pieces[at].message = None;
            help.changes.extend(merged.changes.iter().cloned());
            if merged.schema == record.schema {
                helps::keep(store, user, id, help, (self.now)()).await?;
                return Ok(Ended::Answered);
            }
            let helped = self.reviewed(&record, merged).await?;
            let taken = helps::take(
                store,
                (user, id),
                &record.schema,
                &helped,
                help,
                (self.now)(),
            );
            match taken.await {
                Ok(()) => return Ok(Ended::Answered),
                Err(StoreError::Conflict {
                    code: "schema_changed",
                    ..
                }) => {}
                Err(StoreError::Conflict {
                    code: "executing" | "already_executed",
                    ..
                }) => {
                    help.pieces[at].state = PieceState::Waiting;
                    help.changes.truncate(before);
                    return Ok(approved());
                }
                Err(error) => return Err(error.into()),
            }
        }
        help.changes.truncate(before);
        Ok(Ended::Failed("The schema kept changing meanwhile.".into()))
    }

    /// The schema as it is stored: with what is made from it, and counted anew where its names are others.
    async fn reviewed(&self, record: &SchemaRecord, merged: Merged) -> Result<Helped, AgentError> {
        let is_renamed = merged
            .changes
            .iter()
            .any(|change| change.what == What::Name && change.refused.is_none());
        if !is_renamed || record.review.is_none() {
            return Ok(Helped {
                create_statements: schema_gen::create_statements(&merged.schema),
                schema: merged.schema,
                review: None,
            });
        }
        let sources = self.sources.clone();
        // To its end also where the help is stopped: the answer is there.
        let edited = tokio::task::spawn_blocking(move || {
            schema_gen::finish_edit(merged.schema, &sources, &|| true)
        });
        let edited = edited.await.map_err(|_| AgentError::Worker)??;
        Ok(Helped {
            create_statements: schema_gen::create_statements(&edited.schema),
            schema: edited.schema,
            review: Some(Review {
                forecast: edited.forecast,
                notices: edited.problems,
            }),
        })
    }
}

fn approved() -> Ended {
    Ended::Over(Some(
        "The schema is approved; nothing more is asked.".into(),
    ))
}

/// What the failure of one piece means for the others: a server that is out of reach or refuses is so for all.
fn failed(error: &LlmError) -> Ended {
    let why = sentence(&error.to_string());
    match error {
        LlmError::Unreachable { .. }
        | LlmError::UnknownModel { .. }
        | LlmError::Resting { .. }
        | LlmError::KeyRefused
        | LlmError::NoModelChosen { .. } => Ended::Over(Some(why)),
        LlmError::Status { .. }
        | LlmError::Reported { .. }
        | LlmError::BrokenOff
        | LlmError::Malformed { .. }
        | LlmError::TooLong { .. }
        | LlmError::TimedOut { .. }
        | LlmError::NoTools { .. }
        | LlmError::NoDownloads => Ended::Failed(why),
    }
}

/// The model's answer, word for word.
async fn ask(model: &ModelEngine, question: Question) -> Result<String, LlmError> {
    let request = ChatRequest {
        model: model.name.clone(),
        messages: vec![
            Message::new(Role::System, question.system),
            Message::new(Role::User, question.user),
        ],
        tools: Vec::new(),
        format: Some(question.format),
        options: ChatOptions {
            max_tokens: Some(question.max_tokens),
            context_length: Some(model.context_tokens()),
            think: model.card.can("thinking").then_some(false),
            ..ChatOptions::default()
        },
    };
    let _place = model.place().await?;
    Ok(collect(model.client.chat(request).await?).await?.text)
}

#[cfg(test)]
mod tests;
