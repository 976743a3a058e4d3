//! From readings to a decision: the likeliest are run, those with one result count together, and the best result is
//! told, offered beside others, or withheld.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use schema_gen::Schema;
use schema_gen::meaning::{self, ColumnStats, Edits, Meaning, Role};
use serde_json::Value as Json;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset, QueryLimits, QueryResult};

use super::build::{Reading, finish};
use super::confidence::{self, Signals, Spread};
use super::data::Data;
use super::followup::{self, Lean};
use super::frame::Frame;
use super::grammar::Reader;
use super::links;
use super::misunderstood::{self, Misunderstanding};
use super::plan::{self, Document, Plan};
use super::query::{Query, Select};
use super::say;
use super::score::{Feature, Features};
use super::stats;
use super::values::Values;
use super::{Candidate, language, ranked, sql, vague};
use crate::chart;
use crate::event::{ChartKind, MatchedValue};
use crate::reading::tokens::Kind;
use crate::suggest;

/// Readings whose statements are run at most.
const MAX_RUN: usize = 8;
/// Readings that together are less likely than this are not run.
const NEGLIGIBLE: f64 = 0.02;
/// No further statement begins after this.
const TIME_FOR_ALL: Duration = Duration::from_millis(80);
/// Nor after this where every statement so far took no longer than `QUICK_MS`: then it is a busy machine that takes the time,
/// and not the data, and the same question should get the same answer.
const TIME_FOR_QUICK: Duration = Duration::from_millis(400);
const QUICK_MS: f64 = 15.0;
/// Longest run of any statement but the likeliest.
const DEADLINE_OF_OTHERS_MS: u64 = 80;
/// Where a statement took longer, it is not run again to look for ties.
const TIME_FOR_TIES_MS: f64 = 40.0;
/// Rows that tie with the last one of an answer are named up to so many.
const MOST_NAMED: usize = 5;
/// What a list loses where a chart is asked for.
const LISTED_IN_A_CHART: f64 = 3.0;
/// Ways to read the new words of a follow-up.
const MAX_EDITED: usize = 8;
/// Results offered at most.
pub(super) const MAX_CHOICES: usize = 4;
/// A result less likely than this is not offered.
const WORTH_OFFERING: f64 = 0.12;
/// Questions offered beside a refusal.
const MAX_HINTS: usize = 3;
/// From this probability on the likeliest reading of a question that got no answer is what its builder begins with.
const WORTH_BEGINNING_WITH: f64 = 0.1;
/// From this probability on the likeliest reading of a question that got no answer is what a follow-up changes.
const LIKELY_ENOUGH_TO_FOLLOW: f64 = 0.5;

/// All that is known of one dataset, read once when it is opened.
#[derive(Debug, Clone, Default)]
pub struct Knowledge {
    pub schema: Schema,
    /// Before anybody changed anything.
    pub derived: Meaning,
    /// With the user's changes.
    pub meaning: Meaning,
    pub data: Data,
    /// The largest part, which no change of the meaning touches.
    pub values: Arc<Values>,
}

impl Knowledge {
    /// Reads statistics and values of every column. `derived` is the meaning stored with the dataset; without it one is
    /// derived.
    pub fn build(
        dataset: &dyn Dataset,
        schema: Schema,
        derived: Option<Meaning>,
        cancel: &CancelFlag,
    ) -> Result<Self, StoreError> {
        let stats = stats::read(dataset, &schema, cancel)?;
        let derived = derived.unwrap_or_else(|| meaning::derive(&schema, &stats));
        let values = Values::build(dataset, &schema, cancel)?;
        let data = data_of(&schema, &derived, &stats, &values);
        Ok(Self {
            schema,
            meaning: derived.clone(),
            derived,
            data,
            values: Arc::new(values),
        })
    }

    /// The same dataset with these changes of its meaning, and no others.
    #[must_use]
    pub fn edited(&self, edits: &Edits) -> Self {
        let meaning = edits.apply(&self.derived);
        Self {
            schema: self.schema.clone(),
            derived: self.derived.clone(),
            data: data_of(&self.schema, &meaning, &self.data.stats(), &self.values),
            meaning,
            values: Arc::clone(&self.values),
        }
    }
}

fn data_of(
    schema: &Schema,
    meaning: &Meaning,
    stats: &[Vec<ColumnStats>],
    values: &Values,
) -> Data {
    let mut data = Data::new(schema, meaning, stats);
    for id in values.with_spellings() {
        let column = &mut data.columns[id];
        column.has_spellings = column.role != Role::Identifier && !column.is_foreign;
    }
    data
}

/// What comes of a question.
#[derive(Debug, Clone)]
pub enum Decision {
    Answer(Box<Answer>),
    /// Two to four likely readings with different results.
    Choose(Vec<Answer>),
    Abstain(Misunderstanding),
}

/// A statement that answers the question, with its result and what it rests on.
#[derive(Debug, Clone)]
pub struct Answer {
    pub sql: String,
    pub result: QueryResult,
    /// What the statement does, in words.
    pub restatement: String,
    pub matched_values: Vec<MatchedValue>,
    /// Tables that the statement reads.
    pub tables: Vec<String>,
    /// Probability that it is right.
    pub confidence: f64,
    /// What was assumed, forgiven or left out, and what the rows do not show, a sentence each.
    pub notes: Vec<String>,
    pub reading: Reading,
    /// The chart that the question asks for by name.
    pub chart: Option<ChartKind>,
    /// The words that the reading's places count: the question, or with a follow-up the questions before it too.
    pub said: String,
}

impl Answer {
    /// What a plan stands for whose statement was not made of words; nothing is run.
    pub(crate) fn of_plan(query: Query, knowledge: &Knowledge) -> Self {
        let data = &knowledge.data;
        Self {
            sql: sql::render(&query, data),
            result: not_run(),
            restatement: say::restate(&query, data),
            matched_values: Vec::new(),
            tables: Vec::new(),
            confidence: 1.0,
            notes: Vec::new(),
            reading: Reading {
                query,
                features: Features::default(),
                score: 0.0,
                frame: Frame::default(),
                on_plan: true,
            },
            chart: None,
            said: String::new(),
        }
    }

    /// The plan, with what of it was assumed.
    pub(crate) fn plan(&self, knowledge: &Knowledge) -> Plan {
        let assumed = say::assumed(&self.reading, &knowledge.data);
        Plan::of(&self.reading.query, &knowledge.data, &assumed)
    }

    /// Whether it was read as a change of an earlier question.
    pub(crate) fn goes_on_from(&self, previous: &Answer) -> bool {
        self.said
            .strip_prefix(&previous.said)
            .is_some_and(|rest| rest.starts_with('\n'))
    }
}

/// A reading that ran.
#[derive(Debug, Clone)]
pub struct Run {
    pub candidate: Candidate,
    pub said: usize,
    pub result: QueryResult,
    /// Equal for results that hold the same rows.
    pub signature: u64,
    pub tied: Option<Tied>,
}

/// Rows beyond the last of the first so many that are equal to it.
#[derive(Debug, Clone)]
pub struct Tied {
    /// How many; `None` for more than are read.
    pub count: Option<u64>,
    /// The first of them.
    pub rows: Vec<Vec<Json>>,
}

/// Readings with the same rows.
#[derive(Debug, Clone)]
pub struct Cluster {
    /// Positions of the runs, the likeliest first.
    pub runs: Vec<usize>,
    /// Sum of their probabilities.
    pub share: f64,
}

/// Everything that was tried for one question.
pub struct Pool<'a> {
    /// What the readings speak of: the question alone, then with the questions before it.
    readers: Vec<(String, Reader<'a>)>,
    pub runs: Vec<Run>,
    /// The likeliest first.
    pub clusters: Vec<Cluster>,
    /// Scores of the readings for which there was no time: what they find nobody knows.
    unrun: Vec<f64>,
    /// Why the likeliest statement that the database refused, or did not finish, was not.
    failed: Option<String>,
    /// The chart that the question asks for by name.
    chart: Option<ChartKind>,
}

/// A question with what it is asked after.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'q> {
    pub question: &'q str,
    /// The answer that a follow-up ("and by month?") changes.
    pub previous: Option<&'q Answer>,
    /// Anchors "last month".
    pub today: NaiveDate,
    /// Bounds of each statement.
    pub limits: QueryLimits,
}

/// Answers a question, asks which of its readings is meant, or says what of it was not understood.
pub(crate) fn decide(
    asked: Asked<'_>,
    knowledge: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) -> Result<Decision, StoreError> {
    if language::asks_to_change(asked.question) {
        return Ok(Decision::Abstain(Misunderstanding::new(READS_ONLY)));
    }
    if let Some(choices) = vague::choices(asked, knowledge, dataset, cancel)? {
        return Ok(Decision::Choose(choices));
    }
    Ok(Pool::gather(asked, knowledge, dataset, cancel)?.decide(knowledge))
}

/// The same for a question that asks for no change: with questions beside a refusal, and what every result that was
/// found stands for, the likeliest first.
pub(crate) fn consider(
    asked: Asked<'_>,
    knowledge: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) -> Result<(Decision, Vec<Answer>), StoreError> {
    if let Some(choices) = vague::choices(asked, knowledge, dataset, cancel)? {
        return Ok((Decision::Choose(choices.clone()), choices));
    }
    let mut pool = Pool::gather(asked, knowledge, dataset, cancel)?;
    pool.look_for_ties(dataset, asked.limits, cancel);
    let mut decision = pool.decide(knowledge);
    add_hints(&mut decision, asked.question, knowledge, dataset, cancel);
    let results = pool.results(knowledge);
    if let (Decision::Abstain(misunderstanding), true) = (&mut decision, pool.is_english()) {
        misunderstanding.begun = results
            .first()
            .filter(|likeliest| likeliest.confidence >= WORTH_BEGINNING_WITH)
            .map(|likeliest| Box::new(Document::of(&likeliest.reading.query, &knowledge.data)));
        misunderstanding.offered = pool.only_choice(knowledge).map(Box::new);
    }
    Ok((decision, results))
}

/// Whether the words only mean something after another question: "and by plan?".
pub(crate) fn goes_on(question: &str, knowledge: &Knowledge, today: NaiveDate) -> bool {
    let reader = Reader::new(question, &knowledge.data, &knowledge.values, today);
    reader
        .frames()
        .first()
        .is_some_and(|frame| followup::lean(&reader, frame) == Lean::Strong)
}

/// What a question that got no answer left behind.
#[derive(Debug, Default)]
pub(crate) struct Unanswered {
    /// The readings that are offered where it is asked back.
    pub(crate) offered: Vec<Answer>,
    /// The likeliest reading, where it is likely enough: what is asked next ("only Germany") may go on from it.
    pub(crate) supposed: Option<Answer>,
}

/// Reads a question that got no answer again.
pub(crate) fn unanswered(
    asked: Asked<'_>,
    knowledge: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) -> Result<Unanswered, StoreError> {
    if language::asks_to_change(asked.question) {
        return Ok(Unanswered::default());
    }
    if let Some(offered) = vague::choices(asked, knowledge, dataset, cancel)? {
        // None of them is likelier than the others.
        return Ok(Unanswered {
            offered,
            supposed: None,
        });
    }
    let mut pool = Pool::gather(asked, knowledge, dataset, cancel)?;
    // One of them may be told.
    pool.look_for_ties(dataset, asked.limits, cancel);
    let may_be_told = pool.is_english() && !pool.is_barred();
    let likeliest = pool.results(knowledge).into_iter().next();
    Ok(Unanswered {
        offered: pool.choices(1.0, knowledge),
        supposed: likeliest
            .filter(|answer| may_be_told && answer.confidence >= LIKELY_ENOUGH_TO_FOLLOW),
    })
}

/// Questions that work, beside a refusal.
fn add_hints(
    decision: &mut Decision,
    question: &str,
    knowledge: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) {
    if let Decision::Abstain(misunderstanding) = decision
        && misunderstanding.hints.is_empty()
    {
        let near = links::link(question, knowledge);
        misunderstanding.hints = suggest::near(&near, knowledge, dataset, MAX_HINTS, cancel);
    }
}

/// Said of a request to delete or change data.
pub const READS_ONLY: &str = "I only read your data: I cannot delete or change what is stored. I can add rows, when you allow it.";

/// Said of words that go on from a question which got no answer.
pub(crate) const NOTHING_TO_GO_ON_FROM: &str = "The question before got no answer, so there is nothing that this goes on from. Please ask it in full.";

const NOT_ENGLISH: &str =
    "I read questions in English only. Please ask in English, or connect a language model.";

impl<'a> Pool<'a> {
    /// Reads the question and runs the likeliest readings.
    pub fn gather(
        asked: Asked<'_>,
        knowledge: &'a Knowledge,
        dataset: &dyn Dataset,
        cancel: &CancelFlag,
    ) -> Result<Self, StoreError> {
        let Read {
            readers,
            candidates,
            chart,
        } = read(asked.question, asked.previous, knowledge, asked.today);
        let mut pool = Self {
            readers,
            runs: Vec::new(),
            clusters: Vec::new(),
            unrun: Vec::new(),
            failed: None,
            chart,
        };
        pool.run(candidates, dataset, asked.limits, cancel)?;
        pool.cluster();
        Ok(pool)
    }

    /// Which of several equal rows is among the first so many is chance: those that tie with the last are noted. What
    /// cannot be found in time is not.
    pub fn look_for_ties(
        &mut self,
        dataset: &dyn Dataset,
        limits: QueryLimits,
        cancel: &CancelFlag,
    ) {
        let best = self.clusters.first().and_then(|best| best.runs.first());
        let Some(run) = best.and_then(|&best| self.runs.get_mut(best)) else {
            return;
        };
        let has_time = run.result.elapsed_ms < TIME_FOR_TIES_MS
            && run.candidate.reading.query.limit == Some(run.result.row_count);
        let Some(tied) = run.candidate.reading.query.with_ties().filter(|_| has_time) else {
            return;
        };
        let sql = sql::render(&tied, self.readers[run.said].1.data);
        let limits = QueryLimits {
            deadline_ms: limits.deadline_ms.min(DEADLINE_OF_OTHERS_MS),
            ..limits
        };
        let Ok(result) = dataset.query(&sql, limits, cancel) else {
            return;
        };
        let more = result.row_count.saturating_sub(run.result.row_count);
        if more == 0 {
            return;
        }
        let count = (!result.truncated).then_some(more);
        let shown = &run.result.rows;
        run.tied = Some(Tied {
            count,
            rows: result
                .rows
                .into_iter()
                .filter(|row| !shown.contains(row))
                .take(MOST_NAMED)
                .collect(),
        });
    }

    fn run(
        &mut self,
        candidates: Vec<(Candidate, usize)>,
        dataset: &dyn Dataset,
        limits: QueryLimits,
        cancel: &CancelFlag,
    ) -> Result<(), StoreError> {
        let began = Instant::now();
        let weights = softmax(
            candidates
                .iter()
                .map(|(candidate, _)| candidate.reading.score),
        );
        let mut rest = 1.0;
        for (at, (mut candidate, said)) in candidates.into_iter().enumerate() {
            let has_some = !self.runs.is_empty();
            if has_some && (at >= MAX_RUN || rest < NEGLIGIBLE) {
                break;
            }
            rest -= weights[at];
            let all_quick = self.unrun.is_empty()
                && self
                    .runs
                    .iter()
                    .all(|run| run.result.elapsed_ms <= QUICK_MS);
            let time = if all_quick {
                TIME_FOR_QUICK
            } else {
                TIME_FOR_ALL
            };
            if has_some && began.elapsed() > time {
                self.unrun.push(candidate.reading.score);
                continue;
            }
            let deadline_ms = if at == 0 {
                limits.deadline_ms
            } else {
                limits.deadline_ms.min(DEADLINE_OF_OTHERS_MS)
            };
            let limits = QueryLimits {
                deadline_ms,
                ..limits
            };
            match dataset.query(&candidate.sql, limits, cancel) {
                Ok(result) => {
                    candidate.reading.judge(&result, &self.readers[said].1);
                    let signature = signature(&result);
                    self.runs.push(Run {
                        candidate,
                        said,
                        result,
                        signature,
                        tied: None,
                    });
                }
                Err(
                    error @ (StoreError::BadSql { .. }
                    | StoreError::Denied { .. }
                    | StoreError::Limit { .. }),
                ) => {
                    self.failed.get_or_insert_with(|| error.to_string());
                    if matches!(error, StoreError::Limit { .. }) {
                        self.unrun.push(candidate.reading.score);
                        if at == 0 {
                            // It may well be what was meant: no other reading speaks for it.
                            break;
                        }
                    }
                }
                Err(error) => return Err(error),
            }
        }
        self.runs.sort_by(|one, two| {
            two.candidate
                .reading
                .score
                .total_cmp(&one.candidate.reading.score)
        });
        Ok(())
    }

    fn cluster(&mut self) {
        let ran = self.runs.iter().map(|run| run.candidate.reading.score);
        let weights = softmax(ran.chain(self.unrun.iter().copied()));
        let mut by_signature: HashMap<u64, usize> = HashMap::new();
        for (at, run) in self.runs.iter().enumerate() {
            let number = *by_signature.entry(run.signature).or_insert_with(|| {
                self.clusters.push(Cluster {
                    runs: Vec::new(),
                    share: 0.0,
                });
                self.clusters.len() - 1
            });
            self.clusters[number].runs.push(at);
            self.clusters[number].share += weights[at];
        }
        self.clusters
            .sort_by(|one, two| two.share.total_cmp(&one.share));
    }

    /// The likeliest reading of a cluster.
    fn best_of(&self, cluster: &Cluster) -> Option<&Run> {
        self.runs.get(*cluster.runs.first()?)
    }

    /// The likeliest reading of the best result.
    pub fn best(&self) -> Option<&Run> {
        self.best_of(self.clusters.first()?)
    }

    fn reader_of(&self, run: &Run) -> &Reader<'a> {
        &self.readers[run.said].1
    }

    /// What speaks for and against the best result.
    pub fn signals(&self) -> Option<Signals> {
        let run = self.best()?;
        let shares: Vec<f64> = self.clusters.iter().map(|cluster| cluster.share).collect();
        let spread = Spread::of(&shares);
        let tokens = &self.readers[0].1.tokens;
        let words = tokens
            .iter()
            .filter(|token| token.kind != Kind::Mark)
            .count();
        let reading = &run.candidate.reading;
        let mut signals = Signals::of(reading, spread, words, reading.frame.left.len());
        let reader = self.reader_of(run);
        let rows = run.result.rows.len() as f64;
        for (name, amount) in [
            ("one_row", f64::from(u8::from(run.result.rows.len() == 1))),
            ("rows", (1.0 + rows).ln() / 4.0),
            ("columns", run.result.columns.len() as f64 - 1.0),
            ("tables", run.result.tables.len() as f64 - 1.0),
            ("schema", (reader.data.columns.len() as f64).ln() - 3.0),
            ("conditions", reading.query.rows.conditions.len() as f64),
            (
                "agreeing",
                self.clusters
                    .first()
                    .map_or(0.0, |cluster| cluster.runs.len() as f64 - 1.0),
            ),
            ("unknown", links::unknown(&self.readers[0].1).len() as f64),
            ("edited", f64::from(u8::from(run.said > 0))),
        ] {
            signals.add(name, amount);
        }
        Some(signals)
    }

    /// Whether something that surely carries meaning went unread, so that nothing may be answered silently.
    pub fn is_barred(&self) -> bool {
        self.best().is_some_and(|run| {
            !misunderstood::hard_leftovers(&run.candidate.reading, self.reader_of(run)).is_empty()
        })
    }

    /// Whether the question is in a language that is read here.
    pub fn is_english(&self) -> bool {
        language::is_english(&self.readers[0].1)
    }

    pub fn decide(&self, knowledge: &Knowledge) -> Decision {
        if !self.is_english() {
            return Decision::Abstain(Misunderstanding::new(NOT_ENGLISH));
        }
        let (Some(signals), false) = (self.signals(), self.is_barred()) else {
            return self.abstain();
        };
        let confidence = confidence::of_answer(&signals);
        if confidence >= confidence::enough_to_answer() {
            let best = self
                .clusters
                .first()
                .and_then(|cluster| self.answer_of(cluster, confidence, knowledge));
            return best.map_or_else(
                || self.abstain(),
                |answer| Decision::Answer(Box::new(answer)),
            );
        }
        if confidence::of_choices(&signals) >= confidence::enough_to_choose() {
            let choices = self.choices(confidence, knowledge);
            if choices.len() > 1 {
                return Decision::Choose(choices);
            }
        }
        self.abstain()
    }

    /// The likely results that a person could tell apart by their words.
    pub fn choices(&self, confidence: f64, knowledge: &Knowledge) -> Vec<Answer> {
        let best = self.clusters.first().map_or(1.0, |cluster| cluster.share);
        let mut choices: Vec<Answer> = Vec::new();
        for cluster in &self.clusters {
            if choices.len() == MAX_CHOICES || cluster.share < WORTH_OFFERING {
                break;
            }
            let confidence = confidence * cluster.share / best;
            let Some(choice) = self.answer_of(cluster, confidence, knowledge) else {
                continue;
            };
            let is_barred = self.best_of(cluster).is_none_or(|run| {
                !misunderstood::hard_leftovers(&run.candidate.reading, self.reader_of(run))
                    .is_empty()
            });
            let is_told = choices.iter().any(|known| {
                known.restatement == choice.restatement
                    || holds_all(&known.result, &choice.result)
                    || holds_all(&choice.result, &known.result)
            });
            if !is_barred && !is_told {
                choices.push(choice);
            }
        }
        choices
    }

    /// The one reading that may be offered where it is not sure enough to be told.
    fn only_choice(&self, knowledge: &Knowledge) -> Option<Answer> {
        let signals = self.signals().filter(|_| !self.is_barred())?;
        if confidence::of_choices(&signals) < confidence::enough_to_choose() {
            return None;
        }
        let choices = self.choices(confidence::of_answer(&signals), knowledge);
        <[Answer; 1]>::try_from(choices).ok().map(|[only]| only)
    }

    /// One answer for each result, the likeliest first.
    pub fn results(&self, knowledge: &Knowledge) -> Vec<Answer> {
        let best = self.clusters.first().map_or(1.0, |cluster| cluster.share);
        let confidence = self
            .signals()
            .map_or(0.0, |signals| confidence::of_answer(&signals));
        let answer = |cluster: &Cluster| {
            self.answer_of(cluster, confidence * cluster.share / best, knowledge)
        };
        self.clusters.iter().filter_map(answer).collect()
    }

    fn answer_of(
        &self,
        cluster: &Cluster,
        confidence: f64,
        knowledge: &Knowledge,
    ) -> Option<Answer> {
        let run = self.best_of(cluster)?;
        let reader = self.reader_of(run);
        let mut notes = say::notes(&run.candidate.reading, &knowledge.data, &reader.tokens);
        notes.extend(say::ends(
            &run.candidate.reading.query,
            run.tied.as_ref(),
            found_nothing(&run.result),
            &knowledge.data,
        ));
        Some(Answer {
            sql: run.candidate.sql.clone(),
            notes,
            restatement: say::restate(&run.candidate.reading.query, &knowledge.data),
            matched_values: links::matched_values(&run.candidate.reading.frame, reader),
            tables: run.result.tables.clone(),
            result: run.result.clone(),
            confidence,
            reading: run.candidate.reading.clone(),
            chart: self.chart,
            said: self.readers[run.said].0.clone(),
        })
    }

    fn abstain(&self) -> Decision {
        let reader = &self.readers[0].1;
        let unknown = links::unknown(reader);
        let message = match (self.best(), &self.failed) {
            (Some(run), _) => {
                misunderstood::message(Some(&run.candidate.reading), self.reader_of(run), &unknown)
            }
            (None, Some(detail)) => {
                format!("The query made from the question could not be run: {detail}.")
            }
            (None, None) => misunderstood::message(None, reader, &unknown),
        };
        Decision::Abstain(Misunderstanding::new(message))
    }
}

/// A question read, nothing run yet.
struct Read<'a> {
    /// What the readings speak of: the question alone, then with the questions before it.
    readers: Vec<(String, Reader<'a>)>,
    /// The likeliest first, each with the position of its reader.
    candidates: Vec<(Candidate, usize)>,
    chart: Option<ChartKind>,
}

/// The readings of the question alone and as a follow-up.
fn read<'a>(
    question: &str,
    previous: Option<&Answer>,
    knowledge: &'a Knowledge,
    today: NaiveDate,
) -> Read<'a> {
    let (question, chart) = chart::asked(question);
    if let (true, Some(previous)) = (question.is_empty(), previous) {
        // "As a pie chart": the same figures, drawn otherwise.
        let same = Candidate {
            reading: previous.reading.clone(),
            sql: previous.sql.clone(),
        };
        let reader = Reader::new(&previous.said, &knowledge.data, &knowledge.values, today);
        return Read {
            readers: vec![(previous.said.clone(), reader)],
            candidates: vec![(same, 0)],
            chart,
        };
    }
    let question = question.as_str();
    let data = &knowledge.data;
    let reader = Reader::new(question, data, &knowledge.values, today);
    let frames = reader.frames();
    let fresh = frames
        .iter()
        .flat_map(|frame| finish(&reader, frame))
        .collect();
    let mut candidates: Vec<(Candidate, usize)> = ranked(fresh, data)
        .into_iter()
        .map(|candidate| (candidate, 0))
        .collect();
    let mut readers = vec![(question.to_owned(), reader)];
    if let Some(previous) = previous {
        // The frame of a change of a plan holds the last words alone.
        let before = if previous.reading.on_plan {
            ""
        } else {
            &previous.said
        };
        let said = format!("{before}\n{question}");
        let whole = Reader::new(&said, data, &knowledge.values, today);
        let offset = whole.tokens.len().saturating_sub(readers[0].1.tokens.len());
        let edited = if previous.reading.on_plan {
            plan::edits(&previous.reading.query, &frames, &readers[0].1)
        } else {
            edits(&previous.reading, &frames, &readers[0].1, &whole, offset)
        };
        for candidate in ranked(edited, data) {
            match candidates
                .iter_mut()
                .find(|(known, _)| known.sql == candidate.sql)
            {
                Some(known) if known.0.reading.score >= candidate.reading.score => {}
                Some(known) => *known = (candidate, 1),
                None => candidates.push((candidate, 1)),
            }
        }
        readers.push((said, whole));
    }
    if chart.is_some_and(|kind| kind != ChartKind::Scatter) {
        // Bars, lines and slices are measures of groups; points are rows.
        for (candidate, _) in &mut candidates {
            if matches!(candidate.reading.query.select, Select::List { .. }) {
                candidate.reading.score -= LISTED_IN_A_CHART;
            }
        }
    }
    candidates.sort_by(|one, two| two.0.reading.score.total_cmp(&one.0.reading.score));
    Read {
        readers,
        candidates,
        chart,
    }
}

/// The readings of the new words as changes of the reading before. What the build of that reading cost is no fault of
/// the new words.
fn edits(
    previous: &Reading,
    frames: &[Frame],
    reader: &Reader<'_>,
    whole: &Reader<'_>,
    offset: usize,
) -> Vec<Reading> {
    let accepted = previous.features.score() - previous.frame.features.score();
    let mut edited = Vec::new();
    let stands_alone = frames
        .first()
        .is_none_or(|best| followup::lean(reader, best) == Lean::No);
    if stands_alone {
        return edited;
    }
    for frame in frames.iter().take(MAX_EDITED) {
        let lean = followup::lean(reader, frame);
        if lean == Lean::No {
            continue;
        }
        for changed in followup::edit(previous, frame, reader, offset) {
            let gain = lean.gain() - accepted + (changed.score - changed.features.score());
            for mut reading in finish(whole, &changed) {
                reading.score += gain;
                edited.push(reading);
            }
        }
    }
    edited
}

/// Whether the words alone leave hardly a doubt; nothing is run.
pub fn is_clear(question: &str, knowledge: &Knowledge) -> bool {
    // The questions asked here name no dates, so any day does.
    let Read {
        readers,
        candidates,
        ..
    } = read(question, None, knowledge, NaiveDate::default());
    let weights = softmax(
        candidates
            .iter()
            .map(|(candidate, _)| candidate.reading.score),
    );
    let Some((best, _)) = candidates.first() else {
        return false;
    };
    let spread = Spread::of(&weights);
    let tokens = readers.first().map_or(0, |(_, reader)| reader.tokens.len());
    let signals = Signals::of(&best.reading, spread, tokens, best.reading.frame.left.len());
    confidence::of_answer(&signals) >= confidence::enough_to_answer()
}

/// What an earlier question was read as, found again by the statement that its answer showed; nothing is run.
pub fn recall(
    question: &str,
    previous: Option<&Answer>,
    sql: &str,
    knowledge: &Knowledge,
    today: NaiveDate,
) -> Option<Answer> {
    let Read {
        readers,
        candidates,
        chart,
    } = read(question, previous, knowledge, today);
    // "Last month" was another one when the question was asked.
    let undated = |sql: &str| {
        sql.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    let same = candidates
        .iter()
        .position(|(candidate, _)| candidate.sql == sql);
    let same = same.or_else(|| {
        let wanted = undated(sql);
        candidates
            .iter()
            .position(|(candidate, _)| undated(&candidate.sql) == wanted)
    })?;
    let (candidate, said) = candidates.into_iter().nth(same)?;
    let (said, reader) = readers.get(said)?;
    Some(Answer {
        restatement: say::restate(&candidate.reading.query, &knowledge.data),
        matched_values: links::matched_values(&candidate.reading.frame, reader),
        sql: candidate.sql,
        result: not_run(),
        tables: Vec::new(),
        confidence: 1.0,
        notes: Vec::new(),
        reading: candidate.reading,
        chart,
        said: said.clone(),
    })
}

/// Of a statement that was not run.
fn not_run() -> QueryResult {
    QueryResult {
        columns: Vec::new(),
        rows: Vec::new(),
        row_count: 0,
        truncated: false,
        elapsed_ms: 0.0,
        tables: Vec::new(),
    }
}

impl Reading {
    /// Adds what the result says of the reading.
    pub fn judge(&mut self, result: &QueryResult, reader: &Reader<'_>) {
        let feature = if result.rows.is_empty() {
            Feature::ResultEmpty
        } else if result.rows.iter().flatten().all(Json::is_null) {
            Feature::ResultNull
        } else {
            return;
        };
        // "Never ordered", "without an owner": that there is none is what people hope to hear. From the last day that
        // is stored until today there is nothing, however the question is read.
        let today = reader.today.to_string();
        let is_no_wonder = feature == Feature::ResultEmpty && self.query.asks_for_absence()
            || self
                .query
                .beyond_the_end(reader.data)
                .is_some_and(|end| end.from <= today.as_str());
        let amount = if is_no_wonder { 0.3 } else { 1.0 };
        self.features.add(feature, amount);
        self.score += feature.weight() * amount;
    }
}

/// No row, or nothing and zero alone in it.
fn found_nothing(result: &QueryResult) -> bool {
    let is_nothing = |cell: &Json| cell.is_null() || cell.as_f64() == Some(0.0);
    result.rows.len() < 2 && result.rows.iter().flatten().all(is_nothing)
}

fn softmax(scores: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let top = scores.clone().fold(f64::NEG_INFINITY, f64::max);
    let exps: Vec<f64> = scores.map(|score| (score - top).exp()).collect();
    let sum: f64 = exps.iter().sum();
    exps.into_iter().map(|exp| exp / sum).collect()
}

/// Equal for results with the same rows: order, names and order of columns aside.
pub fn signature(result: &QueryResult) -> u64 {
    let mut rows: Vec<Vec<String>> = result.rows.iter().map(|row| sorted_cells(row)).collect();
    rows.sort_unstable();
    let mut hasher = DefaultHasher::new();
    (result.row_count, result.truncated).hash(&mut hasher);
    rows.hash(&mut hasher);
    hasher.finish()
}

fn sorted_cells(row: &[Json]) -> Vec<String> {
    let text = |cell: &Json| match cell.as_f64() {
        Some(number) => format!("{number:.6}"),
        None => cell.to_string(),
    };
    let mut cells: Vec<_> = row.iter().map(text).collect();
    cells.sort_unstable();
    cells
}

/// Whether the first result says all that the second does, with more columns.
fn holds_all(wide: &QueryResult, narrow: &QueryResult) -> bool {
    if wide.columns.len() <= narrow.columns.len() || wide.rows.len() != narrow.rows.len() {
        return false;
    }
    let column = |result: &QueryResult, at: usize| {
        let mut cells: Vec<String> = result
            .rows
            .iter()
            .filter_map(|row| row.get(at))
            .map(Json::to_string)
            .collect();
        cells.sort_unstable();
        cells
    };
    let columns: Vec<_> = (0..wide.columns.len()).map(|at| column(wide, at)).collect();
    (0..narrow.columns.len()).all(|at| columns.contains(&column(narrow, at)))
}

#[cfg(test)]
mod tests;
