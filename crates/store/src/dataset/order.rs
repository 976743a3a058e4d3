//! A statement to be carried out, and where: in this process, or in one of its workers.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::sandbox::{Allowance, Finished, Sandbox, refuse_by_text};
use super::workers::WorkerPool;
use super::{CancelFlag, ResultColumn};
use crate::{Result, StoreError};

/// All that whoever carries it out must know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Order {
    pub path: PathBuf,
    pub sql: String,
    pub deadline_ms: u64,
    pub work: Work,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) enum Work {
    /// Compiles it; gives the columns alone.
    Check,
    /// Gives the plan, a row of one text for each step.
    Explain,
    Run(Allowance),
}

/// Takes what comes of an order. `columns` is told once, before the rows.
pub(super) trait Output {
    fn columns(&mut self, columns: &[ResultColumn]);

    /// `false` to stop.
    fn row(&mut self, cells: Vec<Json>) -> bool;
}

/// Where statements of users and models run.
#[derive(Debug, Clone, Default)]
pub enum SqlRunner {
    /// In this process, for tools and tests: a statement that makes SQLite fall takes the process with it.
    #[default]
    InProcess,
    /// In processes that can be killed.
    Workers(Arc<WorkerPool>),
}

impl SqlRunner {
    pub(super) fn run(
        &self,
        order: &Order,
        cancel: &CancelFlag,
        output: &mut dyn Output,
    ) -> Result<Finished> {
        // The progress handler is not asked before some operations have run: short statements would never hear it.
        if cancel.is_cancelled() {
            return Err(StoreError::Cancelled);
        }
        if !order.path.is_file() {
            return Err(StoreError::NotFound);
        }
        refuse_by_text(&order.sql)?;
        match self {
            Self::InProcess => carry_out(order, cancel, output),
            Self::Workers(pool) => pool.run(order, cancel, output),
        }
    }
}

/// Carries out what [`SqlRunner::run`] let through, in this process.
pub(super) fn carry_out(
    order: &Order,
    cancel: &CancelFlag,
    output: &mut dyn Output,
) -> Result<Finished> {
    let sandbox = Sandbox::open(Path::new(&order.path), order.deadline_ms, cancel)?;
    match &order.work {
        Work::Check => output.columns(&sandbox.check(&order.sql)?),
        Work::Explain => {
            for line in sandbox.explain(&order.sql)? {
                output.row(vec![Json::String(line)]);
            }
        }
        Work::Run(allowance) => return sandbox.run(&order.sql, allowance, output),
    }
    Ok(Finished::default())
}
