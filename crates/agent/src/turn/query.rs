//! Work on the database, on threads that may block; dropping the future stops the statement.

use serde_json::Value as Json;
use store::StoreError;
use store::dataset::{CancelFlag, QueryLimits, QueryResult};

use super::{PastMessage, Turn, TurnContext, TurnRequest};
use crate::AgentError;
use crate::answer;
use crate::event::{Choice, Clarify, ClarifyKind};
use crate::llm::Role;
use crate::prompt::{self, Samples};
use crate::reading::decide::{self, Answer, Asked, Decision, Knowledge};
use crate::reading::links::{self, Links};
use crate::reading::misunderstood::Misunderstanding;
use crate::reading::plan::Document;

/// Earlier questions that are read again, so that a follow-up knows what it follows.
const MAX_REPLAYED_QUESTIONS: usize = 4;
/// Said above readings to choose from; a choice is recognised by it.
const WHICH: &str = "Which do you mean?";
/// The same of a single reading, after what is to be said of it.
const IS_IT_THIS: &str = "Is this what you mean?";

/// What is known of the question before any model is asked.
pub(super) struct Prepared {
    pub(super) decision: Decision,
    /// For a model; empty without one.
    pub(super) links: Links,
    pub(super) samples: Samples,
    /// What each result that was found stands for, the likeliest first.
    pub(super) readings: Vec<Answer>,
}

/// Reads the question, and where a model is to answer gathers what it is told.
pub(super) async fn prepare(
    context: &TurnContext,
    request: &TurnRequest,
    for_model: bool,
) -> Result<Prepared, AgentError> {
    let (context, request) = (context.clone(), request.clone());
    let cancel = CancelFlag::default();
    let _stop = cancel.on_drop();
    tokio::task::spawn_blocking(move || {
        let work = Work {
            context: &context,
            request: &request,
            cancel: &cancel,
        };
        let decision = work.decision()?;
        let (decision, readings) = match decision {
            Considered::Chosen(answer) => (Decision::Answer(answer), Vec::new()),
            Considered::Read(decision, readings) => {
                (decision, if for_model { readings } else { Vec::new() })
            }
        };
        let mut prepared = Prepared {
            decision,
            links: Links::default(),
            samples: Samples::default(),
            readings,
        };
        if for_model {
            let known = &context.knowledge;
            prepared.links = links::link(&request.question, known);
            prepared.samples = prompt::samples(context.dataset.as_ref(), known, &cancel);
        }
        Ok(prepared)
    })
    .await
    .map_err(|_| AgentError::Worker)?
}

enum Considered {
    /// One of the readings that were offered for the question before.
    Chosen(Box<Answer>),
    Read(Decision, Vec<Answer>),
}

/// A question that got no answer, with what it followed.
type Open = (String, Option<Answer>);

struct Work<'w> {
    context: &'w TurnContext,
    request: &'w TurnRequest,
    cancel: &'w CancelFlag,
}

impl Work<'_> {
    fn asked<'q>(&self, question: &'q str, previous: Option<&'q Answer>) -> Asked<'q> {
        Asked {
            question,
            previous,
            today: self.request.today,
            limits: QueryLimits {
                deadline_ms: self.context.limits.query_deadline_ms,
                ..QueryLimits::default()
            },
        }
    }

    fn decision(&self) -> Result<Considered, AgentError> {
        let (mut previous, open) = self.replayed()?;
        let mut supposed = None;
        let follows_no_answer = open.is_some();
        if let Some((asked, before)) = open {
            let left = decide::unanswered(
                self.asked(&asked, before.as_ref()),
                &self.context.knowledge,
                self.context.dataset.as_ref(),
                self.cancel,
            )?;
            if let Some(answer) = self.chosen(left.offered) {
                return Ok(Considered::Chosen(Box::new(answer)));
            }
            supposed.clone_from(&left.supposed);
            previous = left.supposed.or(previous);
        }
        let (mut decision, readings) = decide::consider(
            self.asked(&self.request.question, previous.as_ref()),
            &self.context.knowledge,
            self.context.dataset.as_ref(),
            self.cancel,
        )?;
        if follows_no_answer
            && previous.is_none()
            && decide::goes_on(
                &self.request.question,
                &self.context.knowledge,
                self.request.today,
            )
        {
            decision = Decision::Abstain(Misunderstanding::new(decide::NOTHING_TO_GO_ON_FROM));
        }
        if let (Decision::Answer(answer), Some(supposed)) = (&mut decision, supposed)
            && answer.goes_on_from(&supposed)
        {
            let said = format!(
                "Your question before was taken so: {}",
                supposed.restatement
            );
            answer.notes.insert(0, said);
        }
        Ok(Considered::Read(decision, readings))
    }

    /// The one of the readings `offered` last that the user picked.
    fn chosen(&self, offered: Vec<Answer>) -> Option<Answer> {
        let last = self
            .request
            .history
            .iter()
            .rev()
            .find(|message| message.role == Role::Assistant);
        if last.is_none_or(|message| !asks_back(message)) {
            return None;
        }
        let picked = self.request.question.trim();
        // The user has said that it is right.
        offered
            .into_iter()
            .find(|choice| choice.restatement == picked)
            .map(|choice| Answer {
                confidence: 1.0,
                ..choice
            })
    }

    /// The reading of the last question that got an answer, and the question that got none since.
    fn replayed(&self) -> Result<(Option<Answer>, Option<Open>), AgentError> {
        let history = &self.request.history;
        let knows_statements = history.iter().any(|message| message.sql.is_some());
        let asked: Vec<usize> = (0..history.len())
            .filter(|&at| history[at].role == Role::User)
            .collect();
        let skipped = asked.len().saturating_sub(MAX_REPLAYED_QUESTIONS);
        let (mut previous, mut open): (Option<Answer>, Option<Open>) = (None, None);
        for &at in &asked[skipped..] {
            let question = history[at].content.as_str();
            let sql = statement_after(history, at);
            let plan = history.get(at + 1).and_then(|next| next.plan.as_ref());
            let was_asked_back = history.get(at + 1).is_some_and(asks_back);
            let found = match sql {
                // Nothing was asked in words: its plan was changed.
                Some(_) if history[at].plan.is_some() => {
                    self.recalled_plan(plan.or(history[at].plan.as_ref()))
                }
                Some(sql) => self
                    .recalled(question, sql, previous.as_ref(), open.as_ref())
                    .or_else(|| self.recalled_plan(plan)),
                None if knows_statements || was_asked_back => None,
                None => self.read_again(question, previous.as_ref())?,
            };
            if found.is_some() {
                (previous, open) = (found, None);
            } else if sql.is_some() {
                // A model answered it: what follows follows its answer.
                (previous, open) = (None, None);
            } else {
                open = Some((question.to_owned(), previous.clone()));
            }
        }
        Ok((previous, open))
    }

    fn recalled(
        &self,
        question: &str,
        sql: &str,
        previous: Option<&Answer>,
        open: Option<&Open>,
    ) -> Option<Answer> {
        let known = &self.context.knowledge;
        let today = self.request.today;
        decide::recall(question, previous, sql, known, today).or_else(|| {
            let (asked, before) = open?;
            decide::recall(asked, before.as_ref(), sql, known, today)
        })
    }

    /// What the answer showed, where no words lead to it.
    fn recalled_plan(&self, plan: Option<&Document>) -> Option<Answer> {
        let known = &self.context.knowledge;
        let query = plan?.load(&known.data).ok()?;
        Some(Answer::of_plan(query, known))
    }

    /// For clients that keep the conversation themselves and send no statements along.
    fn read_again(
        &self,
        question: &str,
        previous: Option<&Answer>,
    ) -> Result<Option<Answer>, AgentError> {
        let decision = decide::decide(
            self.asked(question, previous),
            &self.context.knowledge,
            self.context.dataset.as_ref(),
            self.cancel,
        )?;
        Ok(match decision {
            Decision::Answer(answer) => Some(*answer),
            Decision::Choose(_) | Decision::Abstain(_) => None,
        })
    }
}

/// The statement of the answer to the question at `at`.
fn statement_after(history: &[PastMessage], at: usize) -> Option<&str> {
    let next = history.get(at + 1)?;
    if next.role == Role::Assistant {
        next.sql.as_deref()
    } else {
        None
    }
}

/// Whether the answer offered readings.
fn asks_back(answer: &PastMessage) -> bool {
    let said = answer.content.trim();
    said == WHICH || said.ends_with(IS_IT_THIS)
}

/// Readings to choose from: picking one sends its words, which [`prepare`] knows again.
pub(super) fn offer(choices: &[Answer], knowledge: &Knowledge) -> Clarify {
    Clarify {
        plan: None,
        kind: ClarifyKind::Readings,
        question: WHICH.into(),
        choices: choices
            .iter()
            .map(|choice| offered(choice, knowledge))
            .collect(),
    }
}

/// The only likely reading of a question that is not understood well enough, after what is said of it.
pub(super) fn offer_one(said: &str, only: &Answer, knowledge: &Knowledge) -> Clarify {
    Clarify {
        plan: None,
        kind: ClarifyKind::Readings,
        question: format!("{said} {IS_IT_THIS}"),
        choices: vec![offered(only, knowledge)],
    }
}

fn offered(reading: &Answer, knowledge: &Knowledge) -> Choice {
    Choice {
        label: reading.restatement.clone(),
        message: reading.restatement.clone(),
        preview: Some(answer::first_row(&reading.result)),
        plan: Some(Document::of(&reading.reading.query, &knowledge.data)),
    }
}

/// What went wrong with a statement.
pub(super) enum Failure {
    /// The statement is at fault: another one may do better.
    Statement(String),
    /// The service is.
    Service(AgentError),
}

impl From<Failure> for AgentError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Statement(detail) => AgentError::BadStatement { detail },
            Failure::Service(error) => error,
        }
    }
}

impl Turn {
    /// Runs one statement in the sandbox.
    pub(super) async fn query(&self, sql: &str) -> Result<QueryResult, Failure> {
        self.query_rows(sql, QueryLimits::default().max_rows).await
    }

    pub(super) async fn query_rows(
        &self,
        sql: &str,
        max_rows: u64,
    ) -> Result<QueryResult, Failure> {
        let dataset = self.context.dataset.clone();
        let limits = QueryLimits {
            max_rows,
            deadline_ms: self.context.limits.query_deadline_ms,
            ..QueryLimits::default()
        };
        let (sql, cancel) = (sql.to_owned(), CancelFlag::default());
        let _stop = cancel.on_drop();
        let work = tokio::task::spawn_blocking(move || dataset.query(&sql, limits, &cancel));
        match work.await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(error)) => Err(match error {
                StoreError::BadSql { .. }
                | StoreError::Denied { .. }
                | StoreError::Limit { .. } => Failure::Statement(error.to_string()),
                other => Failure::Service(AgentError::Store(other)),
            }),
            Err(_) => Err(Failure::Service(AgentError::Worker)),
        }
    }
}

/// No row, or one row of nothing.
pub(super) fn is_empty(result: &QueryResult) -> bool {
    result.rows.len() < 2 && result.rows.iter().flatten().all(Json::is_null)
}
