//! One pool of results for a question: those of the model's tries and those of the readings. What is the same rows is one
//! finding, whoever made it.
//!
//! A small model that is asked several times is right more often by the result that most of its tries find than by its
//! first one (self-consistency, Wang et al. 2022, <https://arxiv.org/abs/2203.11171>).

use store::dataset::{CancelFlag, Dataset, QueryResult};

use crate::bind_names::bound_to;
use crate::call_text::find_call;
use crate::reading::decide::{Answer, Knowledge, signature};
use crate::tools::{CheckedCall, check_call};

/// A result with all that found it.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The first statement that found it; a reading's where no try did.
    pub sql: String,
    pub result: QueryResult,
    /// Tries of the model, by number.
    pub tries: Vec<usize>,
    /// Position of the reading that found it; 0 is the likeliest.
    pub reading: Option<usize>,
    signature: u64,
}

/// Everything that was found for one question.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    pub findings: Vec<Finding>,
    /// How often the model was asked, also for what did not run.
    pub asked: usize,
}

impl Pool {
    /// `readings` have a result of their own each, the likeliest first.
    pub fn of(readings: &[Answer]) -> Self {
        let findings = readings
            .iter()
            .enumerate()
            .map(|(at, reading)| Finding {
                sql: reading.sql.clone(),
                result: reading.result.clone(),
                tries: Vec::new(),
                reading: Some(at),
                signature: signature(&reading.result),
            })
            .collect();
        Self { findings, asked: 0 }
    }

    /// A try of the model that ran.
    pub fn add(&mut self, sql: &str, result: &QueryResult) {
        let signature = signature(result);
        let number = self.asked;
        self.asked += 1;
        let known = self
            .findings
            .iter_mut()
            .find(|known| known.signature == signature);
        match known {
            Some(known) => {
                if known.tries.is_empty() {
                    sql.clone_into(&mut known.sql);
                    // Its columns are in the statement's order.
                    known.result.clone_from(result);
                }
                known.tries.push(number);
            }
            None => self.findings.push(Finding {
                sql: sql.to_owned(),
                result: result.clone(),
                tries: vec![number],
                reading: None,
                signature,
            }),
        }
    }

    /// A try that gave no statement that runs.
    pub fn add_failed(&mut self) {
        self.asked += 1;
    }

    /// The share of the tries that found it, 0 to 1.
    pub fn votes(&self, finding: &Finding) -> f64 {
        finding.tries.len() as f64 / self.asked.max(1) as f64
    }

    /// Whether every try found something, each of them something else that no reading found either. More tries have never
    /// settled that.
    pub fn all_differ(&self) -> bool {
        let ran: Vec<&Finding> = self
            .findings
            .iter()
            .filter(|finding| !finding.tries.is_empty())
            .collect();
        ran.len() == self.asked && ran.iter().all(|finding| finding.reading.is_none())
    }

    /// The first try's finding.
    pub fn first_try(&self) -> Option<&Finding> {
        self.findings
            .iter()
            .find(|finding| finding.tries.first() == Some(&0))
    }
}

/// The statement in a reply, its names bound to what is there; `None` where it holds no query.
pub fn statement_of(
    reply: &str,
    known: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) -> Option<String> {
    let call = find_call(reply)?;
    let Ok(CheckedCall::Query { sql }) = check_call(&call, &known.schema) else {
        return None;
    };
    Some(bound_to(&sql, known, dataset, cancel).map_or(sql, |bound| bound.sql))
}
