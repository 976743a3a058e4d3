//! Answers by a language model, with the built-in readings as second opinion and as last resort.

use store::dataset::QueryResult;

use super::Turn;
use super::built_in::{found_by_reading, restated};
use super::ending::{Ending, Found};
use super::output::sql_input;
use super::query::{Failure, Prepared, is_empty, offer};
use crate::chart;
use crate::engine::{ModelEngine, sentence};
use crate::event::{Attempt, MatchedValue};
use crate::pool::Pool;
use crate::prompt::{PromptParts, schema_text, terms_text};
use crate::reading::decide::{Answer, Decision, Knowledge};
use crate::reading::links::Links;
use crate::tools::{EXECUTE_SQL, capped_result};
use crate::trust::{self, Asked};
use crate::{AgentError, LlmError};

/// Models below this many parameters write better SQL when they are asked for nothing else.
const TOOL_MODEL_PARAMETERS: u64 = 6_500_000_000;
/// By how much two answers found apart multiply the odds of being right when they agree.
const AGREEMENT: f64 = 4.0;

/// How a model's part of the turn ended well.
pub(super) enum ModelEnding {
    Found(Box<Found>),
    WaitsForApproval,
}

/// A model at work on one question.
pub(super) struct Work<'w> {
    pub(super) engine: &'w ModelEngine,
    pub(super) links: &'w Links,
    pub(super) schema_text: String,
}

impl Turn {
    pub(super) async fn answer_by_model(
        &mut self,
        engine: &ModelEngine,
        prepared: Prepared,
    ) -> Ending {
        if !uses_tools(engine)
            && let Decision::Answer(_) = prepared.decision
        {
            // Right more often than a small model that disagrees, and there at once.
            return self.answer_built_in(prepared).await;
        }
        // Nothing is prepared before it is this question's turn: a thousand that wait should cost little.
        let _place = match self.wait_for_place(engine).await {
            Ok(place) => place,
            Err(error) => {
                return self
                    .fall_back(engine, error.into(), None, prepared.decision)
                    .await;
            }
        };
        let Prepared {
            decision,
            links,
            samples,
            readings,
        } = prepared;
        let known = &self.context.knowledge;
        let mut schema_text = schema_text(&known.schema, &samples, &links);
        schema_text.push_str(&terms_text(&known.meaning));
        let work = Work {
            engine,
            links: &links,
            schema_text,
        };
        let ending = if uses_tools(engine) {
            match self.tool_loop(&work).await {
                Err(stopped) if stopped.takes_no_tools() => self.write_directly(&work).await,
                ending => ending,
            }
        } else {
            self.write_directly(&work).await
        };
        match ending {
            Ok(ModelEnding::WaitsForApproval) => Ending::WaitsForApproval,
            Ok(ModelEnding::Found(found)) if uses_tools(engine) => Ending::Found(Box::new(
                self.weigh(*found, engine, decision, readings).await,
            )),
            Ok(ModelEnding::Found(found)) => {
                match self.judge(Some(*found), &work, &decision, &readings).await {
                    Some(found) => Ending::Found(Box::new(found)),
                    None => unsure(engine, decision, &self.context.knowledge),
                }
            }
            Err(Stopped {
                error: error @ (AgentError::BadStatement { .. } | AgentError::NoStatement { .. }),
                last_good: None,
            }) if !uses_tools(engine) => {
                match self.judge(None, &work, &decision, &readings).await {
                    Some(found) => Ending::Found(Box::new(found)),
                    None => self.fall_back(engine, error, None, decision).await,
                }
            }
            Err(Stopped { error, last_good }) => {
                self.fall_back(engine, error, last_good, decision).await
            }
        }
    }

    /// What of a small model's tries and of the readings is the answer, where enough speaks for it. `first` is what its
    /// first try found, seen as the call that ran.
    async fn judge(
        &mut self,
        first: Option<Found>,
        work: &Work<'_>,
        decision: &Decision,
        readings: &[Answer],
    ) -> Option<Found> {
        let question = self.request.question.clone();
        let asked = Asked {
            question: &question,
            links: work.links,
            readings,
        };
        let mut pool = Pool::of(readings);
        match &first {
            Some(found) => pool.add(&found.sql, &found.result),
            None => pool.add_failed(),
        }
        let limits = self.context.limits;
        let at_once = trust::likeliest(&pool, asked)
            .filter(|(_, probability)| *probability >= limits.enough_trust_at_once);
        let (at, confidence) = if let Some(likeliest) = at_once {
            likeliest
        } else {
            self.try_again(work, &mut pool, asked).await;
            trust::likeliest(&pool, asked)
                .filter(|(_, probability)| *probability >= limits.enough_trust)?
        };
        // What may not even be offered is not told because a model found something else.
        if pool.findings[at].tries.is_empty() && !matches!(decision, Decision::Choose(_)) {
            return None;
        }
        if trust::passes_over_a_name(&pool.findings[at], work.links) {
            return None;
        }
        let mut found = self.told(first, &pool, at, work, readings).await;
        let tries = pool.findings[at].tries.len();
        let is_sure = confidence >= limits.sure;
        let said = how_sure(is_sure, tries, pool.asked, &work.engine.name);
        let notes: Vec<String> = work.engine.note.clone().into_iter().chain(said).collect();
        for note in notes {
            found.add_note(note);
        }
        found.confidence = Some(confidence);
        found.chart = chart::asked(&self.request.question).1;
        Some(found)
    }

    /// The finding as an answer, with what the other tries found among the attempts.
    async fn told(
        &mut self,
        first: Option<Found>,
        pool: &Pool,
        at: usize,
        work: &Work<'_>,
        readings: &[Answer],
    ) -> Found {
        let finding = &pool.findings[at];
        for other in &pool.findings {
            if !std::ptr::eq(other, finding) && !other.tries.is_empty() {
                self.attempts.push(Attempt {
                    sql: other.sql.clone(),
                    error: Some(format!(
                        "{} of {} tries found this, which differs.",
                        other.tries.len(),
                        pool.asked
                    )),
                });
            }
        }
        let reading = finding.reading.and_then(|at| readings.get(at));
        let first = first.filter(|first| first.sql == finding.sql);
        if first.is_none() {
            self.show_run(&finding.sql, &finding.result).await;
        }
        let mut found = match (first, reading) {
            (Some(first), _) => first,
            (None, Some(reading)) if finding.tries.is_empty() => {
                found_by_reading(reading.clone(), &self.context.knowledge)
            }
            (None, _) => work.found(finding.sql.clone(), finding.result.clone()),
        };
        if let Some(reading) = reading {
            found.restatement.clone_from(&reading.restatement);
            found.matched_values.clone_from(&reading.matched_values);
        }
        found
    }

    /// Compares a large model's result with those of the readings.
    async fn weigh(
        &mut self,
        mut found: Found,
        engine: &ModelEngine,
        decision: Decision,
        readings: Vec<Answer>,
    ) -> Found {
        if let Some(note) = engine.note.clone() {
            found.add_note(note);
        }
        found.chart = chart::asked(&self.request.question).1;
        if let Some(same) = trust::same(&found.result, &readings) {
            found.restatement.clone_from(&same.restatement);
            found.matched_values.clone_from(&same.matched_values);
            found.confidence = Some(agreed(same.confidence));
            return found;
        }
        let Decision::Answer(answer) = decision else {
            return found;
        };
        if !is_empty(&found.result) || is_empty(&answer.result) {
            return found;
        }
        self.attempts.push(Attempt {
            sql: found.sql,
            error: Some(
                "Its result differs from that of the built-in reading of the question.".into(),
            ),
        });
        self.show_run(&answer.sql, &answer.result).await;
        let mut better = found_by_reading(*answer, &self.context.knowledge);
        better.add_note(format!(
            "{} read the question differently; this is the built-in engine's answer.",
            engine.name
        ));
        better
    }

    /// The built-in answer in place of the model's, or what was found before the model failed, or the plain failure.
    async fn fall_back(
        &mut self,
        engine: &ModelEngine,
        error: AgentError,
        last_good: Option<Box<Found>>,
        decision: Decision,
    ) -> Ending {
        let why = sentence(&error.to_string());
        if let Some(mut found) = last_good {
            found.add_note(format!("{} did not finish its answer. {why}", engine.name));
            let is_loop = matches!(error, AgentError::TooManySteps { .. });
            found.error = is_loop.then_some(error);
            return Ending::Found(found);
        }
        match decision {
            Decision::Answer(answer) => {
                let status = "The built-in engine takes over";
                self.output.status("running", status).await;
                self.show_run(&answer.sql, &answer.result).await;
                let mut found = found_by_reading(*answer, &self.context.knowledge);
                found.add_note(format!(
                    "This is the built-in engine's answer, because {} gave none. {why}",
                    engine.name
                ));
                found.error = matches!(error, AgentError::TooManySteps { .. }).then_some(error);
                Ending::Found(Box::new(found))
            }
            Decision::Choose(choices) => Ending::Clarify(offer(&choices, &self.context.knowledge)),
            Decision::Abstain(mut not_understood) => match error {
                AgentError::NoStatement { .. } => {
                    not_understood.message = format!(
                        "{} found no query for this. {}",
                        engine.name, not_understood.message
                    );
                    Ending::NotUnderstood(not_understood)
                }
                error => Ending::Failed {
                    message: format!(
                        "{} gave no answer, and {}",
                        engine.name,
                        lower_first(&not_understood.message)
                    ),
                    error,
                },
            },
        }
    }

    /// Runs a statement of the model's, shown as a tool call.
    pub(super) async fn run_shown(&mut self, sql: &str) -> Result<QueryResult, Failure> {
        self.output.status("running", "Running the query").await;
        let call_id = self.output.tool_input(EXECUTE_SQL, sql_input(sql)).await;
        let outcome = self.query(sql).await;
        let shown = match &outcome {
            Ok(result) => Ok(capped_result(result, self.context.limits.tool_result_bytes)),
            Err(Failure::Statement(message)) => {
                self.attempts.push(Attempt {
                    sql: sql.to_owned(),
                    error: Some(message.clone()),
                });
                Err(message.clone())
            }
            Err(Failure::Service(error)) => Err(error.to_string()),
        };
        self.output.tool_output(call_id, shown).await;
        outcome
    }

    pub(super) async fn show_run(&self, sql: &str, result: &QueryResult) {
        let output = capped_result(result, self.context.limits.tool_result_bytes);
        self.output
            .tool_ran(EXECUTE_SQL, sql_input(sql), output)
            .await;
    }

    pub(super) fn prompt_parts<'p>(&'p self, work: &'p Work<'_>) -> PromptParts<'p> {
        PromptParts {
            schema_text: &work.schema_text,
            examples: &[],
            links: work.links,
            history: &self.request.history,
            question: &self.request.question,
            today: self.request.today,
        }
    }
}

/// Why a model's part ended badly, and the last result it had until then.
pub(super) struct Stopped {
    pub(super) error: AgentError,
    pub(super) last_good: Option<Box<Found>>,
}

impl Stopped {
    /// Only the server knew that it takes none.
    fn takes_no_tools(&self) -> bool {
        matches!(self.error, AgentError::Llm(LlmError::NoTools { .. }))
    }
}

impl<E: Into<AgentError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            last_good: None,
        }
    }
}

impl Work<'_> {
    pub(super) fn found(&self, sql: String, result: QueryResult) -> Found {
        Found {
            matched_values: used_values(self.links, &sql),
            engine: self.engine.name.clone(),
            restatement: restated(&sql),
            sql,
            result,
            wording: None,
            note: None,
            error: None,
            confidence: None,
            chart: None,
            plan: None,
        }
    }
}

/// What is said beside an answer of the pool: how many tries found it, and that it is not sure where it would not be told
/// as a reading.
fn how_sure(is_sure: bool, tries: usize, asked: usize, name: &str) -> Option<String> {
    let counted = (asked > 1 && tries > 0).then(|| format!("{tries} of {asked} tries of {name}"));
    match (is_sure, counted) {
        (false, Some(counted)) => Some(format!(
            "I am not sure that this answers the question: {counted} found it. Please look at the query."
        )),
        (false, None) => {
            Some("I am not sure that this answers the question. Please look at the query.".into())
        }
        (true, counted) => counted.map(|counted| format!("{counted} found this.")),
    }
}

/// The probability that an answer is right which two found apart.
fn agreed(confidence: f64) -> f64 {
    let odds = AGREEMENT * confidence / (1.0 - confidence).max(0.01);
    odds / (1.0 + odds)
}

fn used_values(links: &Links, sql: &str) -> Vec<MatchedValue> {
    let used = |value: &&MatchedValue| sql.contains(&value.value.replace('\'', "''"));
    links.values.iter().filter(used).cloned().collect()
}

/// Nothing of what a small model found is sure enough: the readings are offered, or it is said.
fn unsure(engine: &ModelEngine, decision: Decision, knowledge: &Knowledge) -> Ending {
    match decision {
        Decision::Choose(choices) => Ending::Clarify(offer(&choices, knowledge)),
        Decision::Abstain(mut misunderstanding) => {
            misunderstanding.message = format!(
                "{} wrote a query, but I am not sure that it answers the question: take what it found as a guess. {}",
                engine.name, misunderstanding.message
            );
            Ending::NotUnderstood(misunderstanding)
        }
        // Told before the model was asked.
        Decision::Answer(answer) => Ending::Found(Box::new(found_by_reading(*answer, knowledge))),
    }
}

/// A model whose size nobody tells is a hosted one, and those are large.
fn uses_tools(engine: &ModelEngine) -> bool {
    let large = |count| count >= TOOL_MODEL_PARAMETERS;
    engine.card.can("tools") && engine.card.parameter_count.is_none_or(large)
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        // "I" stays as it is.
        Some(first) if !text.starts_with("I ") => {
            format!("{}{}", first.to_lowercase(), letters.as_str())
        }
        _ => text.to_owned(),
    }
}
