//! One worker, as the service sees it.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::LOOK_INTERVAL;
use super::wire::{End, Fault, Inbox, Kind, json_frame, read_row};
use crate::dataset::order::{Order, Output};
use crate::dataset::sandbox::{Finished, timed_out};
use crate::dataset::{CancelFlag, ResultColumn};
use crate::{Result, StoreError};

/// Settings that a worker needs: where temporary files go, and the time zone of `localtime`. It gets no other.
const PASSED_ON: [&str; 3] = ["TMPDIR", "SQLITE_TMPDIR", "TZ"];
/// Options of jemalloc, where that is the allocator: a worker gives freed memory back at once, since many of them lie idle,
/// and has one thread.
const ALLOCATOR: (&str, &str) = (
    "_RJEM_MALLOC_CONF",
    "narenas:1,tcache_max:4096,dirty_decay_ms:0,muzzy_decay_ms:0,background_thread:false",
);
/// What Linux's pipes hold.
const READ_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    inbox: Inbox,
    served: u32,
    /// It has the order at hand and said so.
    has_begun: bool,
    last_use: Instant,
}

/// How an order came out.
pub(super) enum Outcome {
    /// The worker answered, and can be used again unless it `is_worn`.
    Ended {
        result: Result<Finished>,
        is_worn: bool,
    },
    /// It was not waited for; what it is at now is not known.
    Stopped(Result<Finished>),
    /// It ended by itself, or was ended by the system.
    Died {
        status: String,
        /// It had begun with the order.
        had_begun: bool,
    },
}

/// Why the reading of an answer ended early.
enum Halt {
    Stopped(StoreError),
    Died,
}

type Waited<T> = std::result::Result<T, Halt>;

impl Worker {
    pub fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            .arg0("data-query-agent")
            .arg("sql-worker")
            .env_clear()
            .envs(
                PASSED_ON
                    .iter()
                    .filter_map(|name| Some((name, std::env::var_os(name)?))),
            )
            .env(ALLOCATOR.0, ALLOCATOR.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("a worker without pipes").into());
        };
        rustix::io::ioctl_fionbio(&stdin, true).map_err(io::Error::from)?;
        Ok(Self {
            child,
            stdin,
            stdout,
            inbox: Inbox::default(),
            served: 0,
            has_begun: false,
            last_use: Instant::now(),
        })
    }

    /// Statements carried out so far.
    pub fn served(&self) -> u32 {
        self.served
    }

    pub fn idle_for(&self) -> Duration {
        self.last_use.elapsed()
    }

    /// Does not wait for its end.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
    }

    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives it the order and hands over what comes back. `until` is the last moment, whatever the worker is at.
    pub fn carry_out(
        &mut self,
        order: &Order,
        until: Instant,
        cancel: &CancelFlag,
        output: &mut dyn Output,
    ) -> Outcome {
        self.served += 1;
        self.has_begun = false;
        let watch = Patience {
            until,
            deadline_ms: order.deadline_ms,
            cancel,
        };
        let outcome = self
            .send(order, &watch)
            .and_then(|()| self.receive(&watch, output));
        self.last_use = Instant::now();
        match outcome {
            Ok(outcome) => outcome,
            Err(Halt::Stopped(error)) => Outcome::Stopped(Err(error)),
            Err(Halt::Died) => {
                // It may have closed its pipe and live on.
                self.kill();
                let status = match self.child.wait() {
                    Ok(status) => status.to_string(),
                    Err(error) => error.to_string(),
                };
                Outcome::Died {
                    status,
                    had_begun: self.has_begun,
                }
            }
        }
    }

    fn send(&mut self, order: &Order, watch: &Patience<'_>) -> Waited<()> {
        let mut bytes = Vec::with_capacity(order.sql.len() + 256);
        json_frame(&mut bytes, Kind::Order, order).map_err(|error| Halt::Stopped(error.into()))?;
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match self.stdin.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    watch.wait(&self.stdin, PollFlags::OUT)?;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(Halt::Died),
            }
        }
        Ok(())
    }

    fn receive(&mut self, watch: &Patience<'_>, output: &mut dyn Output) -> Waited<Outcome> {
        let mut bytes = vec![0; READ_BYTES];
        loop {
            while let Some((kind, body)) = self.inbox.next().map_err(garbled)? {
                if let Some(outcome) = take(kind, body, output).map_err(garbled)? {
                    return Ok(outcome);
                }
            }
            watch.wait(&self.stdout, PollFlags::IN)?;
            match self.stdout.read(&mut bytes) {
                Ok(0) => return Err(Halt::Died),
                Ok(count) => {
                    self.has_begun = true;
                    self.inbox.add(&bytes[..count]);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(Halt::Stopped(error.into())),
            }
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
        let _ = self.child.wait();
    }
}

fn garbled(error: io::Error) -> Halt {
    Halt::Stopped(error.into())
}

/// Hands a frame over; the outcome where it was the last one.
fn take(kind: Kind, mut body: &[u8], output: &mut dyn Output) -> io::Result<Option<Outcome>> {
    match kind {
        Kind::Columns => {
            let columns: Vec<ResultColumn> = serde_json::from_slice(body)?;
            output.columns(&columns);
        }
        Kind::Rows => {
            while !body.is_empty() {
                if !output.row(read_row(&mut body)?) {
                    return Ok(Some(Outcome::Stopped(Ok(Finished::default()))));
                }
            }
        }
        Kind::Finished => {
            let end: End = serde_json::from_slice(body)?;
            return Ok(Some(Outcome::Ended {
                is_worn: end.is_worn,
                result: Ok(Finished {
                    tables: end.tables,
                    truncated: end.truncated,
                }),
            }));
        }
        Kind::Fault => {
            let fault: Fault = serde_json::from_slice(body)?;
            return Ok(Some(Outcome::Ended {
                is_worn: fault.is_worn,
                result: Err(fault.into_error()),
            }));
        }
        Kind::Taken => {}
        Kind::Order => {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                "a worker gives no orders",
            ));
        }
    }
    Ok(None)
}

/// How long a worker is waited for.
struct Patience<'a> {
    until: Instant,
    deadline_ms: u64,
    cancel: &'a CancelFlag,
}

impl Patience<'_> {
    fn wait(&self, pipe: &impl AsFd, what: PollFlags) -> Waited<()> {
        loop {
            if self.cancel.is_cancelled() {
                return Err(Halt::Stopped(StoreError::Cancelled));
            }
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Halt::Stopped(timed_out(self.deadline_ms)));
            }
            let pause = left.min(LOOK_INTERVAL);
            let pause = Timespec {
                tv_sec: 0,
                tv_nsec: pause.subsec_nanos().into(),
            };
            // An error is a signal that came in between: the next look tells.
            if poll(&mut [PollFd::new(pipe, what)], Some(&pause)).is_ok_and(|ready| ready > 0) {
                return Ok(());
            }
        }
    }
}
