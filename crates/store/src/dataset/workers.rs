//! Processes that carry out statements of users and models, so that one which makes SQLite fall, grow or never end costs
//! nobody but its sender anything. Each is this same program (`sql-worker`), bounded by the operating system, started
//! when it is needed, used again, and killed where a statement does not end in time or nobody waits for it any more.

mod process;
mod serve;
mod wire;

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::CancelFlag;
use super::order::{Order, Output};
use super::sandbox::Finished;
use crate::{Result, StoreError};
use process::{Outcome, Worker};

pub use serve::serve;

/// How much longer than its own deadline a statement may take until its worker is killed.
const GRACE: Duration = Duration::from_millis(300);
/// How long an idle worker is kept. With what [`WorkerPool::retire_idle`] is called every, it is gone within a minute.
const KEPT_IDLE: Duration = Duration::from_secs(45);
/// Statements that one worker carries out; what a library may have lost by then goes with it.
const STATEMENTS_EACH: u32 = 1_000;
/// Between two looks at the cancel flag.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// Keeps the workers of one service. Dropped, it kills them.
#[derive(Debug)]
pub struct WorkerPool {
    program: PathBuf,
    at_most: usize,
    state: Mutex<State>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The one used last is taken first, so that the others grow old.
    idle: Vec<Worker>,
    busy: usize,
}

impl WorkerPool {
    /// `program` is this service's binary; it is started with the one argument `sql-worker`, at first use.
    pub fn new(program: PathBuf, at_most: usize) -> Self {
        Self {
            program,
            at_most,
            state: Mutex::default(),
            returned: Condvar::new(),
        }
    }

    pub(super) fn run(
        self: &Arc<Self>,
        order: &Order,
        cancel: &CancelFlag,
        output: &mut dyn Output,
    ) -> Result<Finished> {
        let limit = Duration::from_millis(order.deadline_ms);
        let mut place = self.place(limit, cancel)?;
        let until = Instant::now() + limit + GRACE;
        let (worker, outcome) = self.carry_out(&mut place, order, until, cancel, output)?;
        match outcome {
            Outcome::Ended { result, is_worn } => {
                if is_worn || worker.served() >= STATEMENTS_EACH {
                    place.bury(worker);
                } else {
                    place.returns = Some(worker);
                }
                result
            }
            Outcome::Stopped(result) => {
                place.bury(worker);
                result
            }
            Outcome::Died { status, .. } => {
                tracing::warn!(status, "a statement ended its SQL worker");
                Err(StoreError::limit(
                    "statement_ended",
                    "the statement used up what one statement may have and was ended: make it simpler",
                ))
            }
        }
    }

    fn carry_out(
        &self,
        place: &mut Place,
        order: &Order,
        until: Instant,
        cancel: &CancelFlag,
        output: &mut dyn Output,
    ) -> Result<(Worker, Outcome)> {
        if let Some(mut worker) = place.idle.take() {
            let outcome = worker.carry_out(order, until, cancel, output);
            // One that was killed while it was idle counts as alive until its last thread is gone.
            let was_dead = matches!(
                outcome,
                Outcome::Died {
                    had_begun: false,
                    ..
                }
            );
            if !was_dead {
                return Ok((worker, outcome));
            }
        }
        let mut worker = Worker::start(&self.program)?;
        let outcome = worker.carry_out(order, until, cancel, output);
        Ok((worker, outcome))
    }

    /// Ends workers that have been idle for 45 s; to be called every few seconds.
    pub fn retire_idle(&self) {
        let mut state = self.lock();
        let (kept, old) = std::mem::take(&mut state.idle)
            .into_iter()
            .partition(|worker| worker.idle_for() < KEPT_IDLE);
        state.idle = kept;
        drop(state);
        // Waits for their ends, which must hold nobody up.
        drop::<Vec<Worker>>(old);
    }

    /// Workers at work, and idle ones.
    pub fn counts(&self) -> (usize, usize) {
        let state = self.lock();
        (state.busy, state.idle.len())
    }

    fn place(self: &Arc<Self>, limit: Duration, cancel: &CancelFlag) -> Result<Place> {
        let until = Instant::now() + limit;
        let mut state = self.lock();
        while state.busy >= self.at_most {
            if cancel.is_cancelled() {
                return Err(StoreError::Cancelled);
            }
            if Instant::now() >= until {
                return Err(StoreError::limit(
                    "busy",
                    "too many statements run at once: try again",
                ));
            }
            state = self
                .returned
                .wait_timeout(state, LOOK_INTERVAL)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        state.busy += 1;
        let mut dead = Vec::new();
        let mut idle = state.idle.pop();
        while let Some(worker) = idle.take_if(|worker| !worker.is_alive()) {
            dead.push(worker);
            idle = state.idle.pop();
        }
        drop(state);
        Ok(Place {
            pool: Arc::clone(self),
            idle,
            returns: None,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whole after every statement, so a panic elsewhere does not spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the places of the pool, given back when dropped.
struct Place {
    pool: Arc<WorkerPool>,
    idle: Option<Worker>,
    /// To be kept for the next statement.
    returns: Option<Worker>,
}

impl Place {
    /// Ends the worker. The place is free once the system has taken its memory back; whoever waits for an answer does not
    /// wait for that, which took seconds on a machine with too much to do.
    fn bury(self, mut worker: Worker) {
        worker.kill();
        // Where there is no thread to be had, both are dropped here.
        let _ = std::thread::Builder::new()
            .name("sql-worker-end".into())
            .spawn(move || {
                drop(worker);
                drop(self);
            });
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.pool.lock();
        state.busy -= 1;
        state.idle.extend(self.returns.take());
        drop(state);
        self.pool.returned.notify_one();
    }
}
