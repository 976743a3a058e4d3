use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use super::aggregates::MAX_VALUES;
use crate::StoreError;
use crate::dataset::CancelFlag;

/// Bytes that one statement may write to temporary files. SQLite sorts in runs of 8 MB, so the last one may overrun
/// this by as much and still stay within 32 MB.
const MAX_TEMP_BYTES: u64 = 24 << 20;
/// Reading the counter costs some microseconds, a check comes every few.
const TEMP_CHECK_INTERVAL: Duration = Duration::from_millis(2);

const RUNNING: u8 = 0;
const CANCELLED: u8 = 1;
const TIMED_OUT: u8 = 2;
const SPILLED: u8 = 3;
const FULL: u8 = 4;

/// Decides, while a statement runs, whether it must stop; clones share the verdict.
#[derive(Clone)]
pub(super) struct Watch {
    deadline: Instant,
    deadline_ms: u64,
    cancel: CancelFlag,
    verdict: Arc<AtomicU8>,
    next_temp_check: Instant,
    /// What this thread had written before the statement began.
    written_before: Option<u64>,
}

impl Watch {
    pub fn new(now: Instant, deadline_ms: u64, cancel: CancelFlag) -> Self {
        Self {
            deadline: now + Duration::from_millis(deadline_ms),
            deadline_ms,
            cancel,
            verdict: Arc::new(AtomicU8::new(RUNNING)),
            next_temp_check: now,
            written_before: written_by_this_thread(),
        }
    }

    /// Called by SQLite on the thread that runs the statement.
    pub fn must_stop(&mut self) -> bool {
        let now = Instant::now();
        let verdict = if self.cancel.is_cancelled() {
            CANCELLED
        } else if now >= self.deadline {
            TIMED_OUT
        } else if now >= self.next_temp_check && self.has_spilled() {
            SPILLED
        } else {
            if now >= self.next_temp_check {
                self.next_temp_check = now + TEMP_CHECK_INTERVAL;
            }
            return false;
        };
        self.verdict.store(verdict, Ordering::Relaxed);
        true
    }

    /// Medians and percentiles of the statement hold as many numbers as they may.
    pub fn is_full(&self) {
        self.verdict.store(FULL, Ordering::Relaxed);
    }

    /// Why the statement was stopped, if it was.
    pub fn stopped_because(&self) -> Option<StoreError> {
        match self.verdict.load(Ordering::Relaxed) {
            CANCELLED => Some(StoreError::Cancelled),
            TIMED_OUT => Some(timed_out(self.deadline_ms)),
            SPILLED => Some(StoreError::limit(
                "temp_space",
                "the query needs too much temporary space: sort or group fewer rows",
            )),
            FULL => Some(StoreError::limit(
                "too_complex",
                format!(
                    "median, percentile and mode hold at most {MAX_VALUES} numbers in one statement"
                ),
            )),
            _ => None,
        }
    }

    /// A read-only statement writes nothing but temporary files, and SQLite unlinks these at once, so that no folder
    /// shows their size: the thread's own account of written bytes does.
    fn has_spilled(&self) -> bool {
        match (self.written_before, written_by_this_thread()) {
            (Some(before), Some(now)) => now.saturating_sub(before) > MAX_TEMP_BYTES,
            _ => false,
        }
    }
}

pub(in crate::dataset) fn timed_out(deadline_ms: u64) -> StoreError {
    StoreError::limit(
        "query_timeout",
        format!("the query took longer than {deadline_ms} ms: narrow it down"),
    )
}

/// `None` where the system keeps no such account (it is Linux's); the deadline alone bounds the space there.
fn written_by_this_thread() -> Option<u64> {
    let mut text = String::new();
    std::fs::File::open("/proc/thread-self/io")
        .ok()?
        .read_to_string(&mut text)
        .ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("wchar: "))?;
    line.parse().ok()
}
