//! The worker itself: orders come by standard input, answers go to standard output. It ends when its input does, also in
//! the middle of a statement: whoever waited for it is gone.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, nice, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value as Json;

use super::wire::{End, Fault, Inbox, Kind, frame, json_frame, write_row};
use crate::Result;
use crate::dataset::order::{Order, Output, carry_out};
use crate::dataset::sandbox::bound_memory;
use crate::dataset::{CancelFlag, ResultColumn};

/// What SQLite may hold: cache and sorter take 16 MB, a statement while it is compiled hardly more.
const SQLITE_BYTES: u64 = 64 << 20;
/// What the process may hold, with results and numbers of medians.
const DATA_BYTES: u64 = 224 << 20;
/// Addresses, of which libraries, the program and reserved stacks take far more than memory.
const ADDRESS_BYTES: u64 = 2 << 30;
/// A temporary file; the sandbox stops before that.
const FILE_BYTES: u64 = 48 << 20;
/// SQLite's recursion over what the sandbox lets through needs a fraction of it.
const STACK_BYTES: usize = 16 << 20;
/// Seconds of the processor beyond a statement's deadline, after which the system ends the process.
const CPU_GRACE_S: u64 = 2;
/// Statements give way to the service that answers everybody.
const NICENESS: i32 = 5;
/// Rows are gathered to this many bytes before they are sent.
const BATCH_BYTES: usize = 32 * 1024;
/// Memory with which a worker is not used again.
const WORN_BYTES: u64 = 48 << 20;

/// Carries out orders until standard input ends.
pub fn serve() -> Result<()> {
    bound_process()?;
    bound_memory(SQLITE_BYTES)?;
    // Without the standard library's buffer, which looks for line ends.
    let stdout = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let (orders, inbox) = mpsc::channel();
    std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(move || {
            let _end = EndOfProcess;
            for order in inbox {
                if answer(&order, &stdout).is_err() {
                    return;
                }
            }
        })?;
    let mut stdin = io::stdin().lock();
    let mut frames = Inbox::default();
    let mut bytes = vec![0; 16 * 1024];
    loop {
        while let Some((_, body)) = frames.next()? {
            let order: Order = serde_json::from_slice(body).map_err(io::Error::from)?;
            if orders.send(order).is_err() {
                return Ok(());
            }
        }
        match stdin.read(&mut bytes)? {
            0 => return Ok(()),
            count => frames.add(&bytes[..count]),
        }
    }
}

/// Without the thread that answers, nobody would hear of a panic.
struct EndOfProcess;

impl Drop for EndOfProcess {
    fn drop(&mut self) {
        std::process::exit(1);
    }
}

fn bound_process() -> io::Result<()> {
    // A dump would hold a user's data.
    bound(Resource::Core, 0)?;
    bound(Resource::Fsize, FILE_BYTES)?;
    bound(Resource::Data, DATA_BYTES)?;
    bound(Resource::As, ADDRESS_BYTES)?;
    nice(NICENESS)?;
    Ok(())
}

fn bound(resource: Resource, most: u64) -> io::Result<()> {
    let most = getrlimit(resource)
        .maximum
        .map_or(most, |inherited| inherited.min(most));
    let limit = Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    Ok(setrlimit(resource, limit)?)
}

/// The processor's time is counted from the process's beginning, so the bound moves on with each statement.
fn bound_cpu(deadline_ms: u64) -> io::Result<()> {
    let used = clock_gettime(ClockId::ProcessCPUTime)
        .tv_sec
        .cast_unsigned();
    let allowed = Duration::from_millis(deadline_ms).as_secs() + 1 + CPU_GRACE_S;
    let maximum = getrlimit(Resource::Cpu).maximum;
    let limit = Rlimit {
        current: Some(maximum.map_or(used + allowed, |most| most.min(used + allowed))),
        maximum,
    };
    Ok(setrlimit(Resource::Cpu, limit)?)
}

fn answer(order: &Order, stdout: &File) -> io::Result<()> {
    bound_cpu(order.deadline_ms)?;
    let mut output = Pipe::to(stdout);
    // At once, so that a fall from here on is known for the statement's own.
    frame(&mut output.bytes, Kind::Taken, |_| ());
    output.send();
    let outcome = carry_out(order, &CancelFlag::default(), &mut output);
    let is_worn = resident_bytes().is_some_and(|bytes| bytes > WORN_BYTES);
    output.flush_rows();
    match outcome {
        Ok(finished) => json_frame(
            &mut output.bytes,
            Kind::Finished,
            &End {
                tables: finished.tables,
                truncated: finished.truncated,
                is_worn,
            },
        )?,
        Err(error) => json_frame(&mut output.bytes, Kind::Fault, &Fault::new(error, is_worn))?,
    }
    output.send();
    output.failure.map_or(Ok(()), Err)
}

/// `None` where the system keeps no such account.
fn resident_bytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = text.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}

/// Gathers what comes of an order, and sends it on.
struct Pipe<'a> {
    stdout: &'a File,
    bytes: Vec<u8>,
    rows: Vec<u8>,
    failure: Option<io::Error>,
}

impl<'a> Pipe<'a> {
    fn to(stdout: &'a File) -> Self {
        Self {
            stdout,
            bytes: Vec::new(),
            rows: Vec::new(),
            failure: None,
        }
    }

    fn flush_rows(&mut self) {
        if !self.rows.is_empty() {
            frame(&mut self.bytes, Kind::Rows, |to| to.append(&mut self.rows));
        }
    }

    fn send(&mut self) {
        if let Err(error) = self.stdout.write_all(&self.bytes) {
            self.failure = Some(error);
        }
        self.bytes.clear();
    }
}

impl Output for Pipe<'_> {
    fn columns(&mut self, columns: &[ResultColumn]) {
        if let Err(error) = json_frame(&mut self.bytes, Kind::Columns, &columns) {
            self.failure = Some(error);
        }
    }

    fn row(&mut self, cells: Vec<Json>) -> bool {
        write_row(&mut self.rows, &cells);
        if self.rows.len() >= BATCH_BYTES {
            self.flush_rows();
            self.send();
        }
        self.failure.is_none()
    }
}
