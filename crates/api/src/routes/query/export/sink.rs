//! Rows as the bytes of a file, handed to a reader that may be slow, but not for ever.

use std::collections::{HashMap, HashSet};
use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Map, Value};
use store::dataset::ResultColumn;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;

use super::ExportFormat;
use crate::config::Limits;

/// U+FEFF in UTF-8.
const BOM: &[u8] = b"\xef\xbb\xbf";
/// Bytes gathered before they are sent.
const CHUNK_BYTES: usize = 64 * 1024;

/// How long a reader may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the whole export.
    pub deadline_ms: u64,
    /// For one chunk.
    pub pause_ms: u64,
}

impl Patience {
    pub fn of(limits: &Limits) -> Self {
        Self {
            deadline_ms: limits.export_time_limit_ms,
            pause_ms: limits.body_idle_timeout_ms,
        }
    }

    fn wait(&self, started: Instant) -> Duration {
        let left = Duration::from_millis(self.deadline_ms).saturating_sub(started.elapsed());
        left.min(Duration::from_millis(self.pause_ms))
    }
}

pub struct Sink {
    format: ExportFormat,
    columns: Vec<String>,
    buffer: Vec<u8>,
    rows: u64,
    chunks: mpsc::Sender<Bytes>,
    patience: Patience,
    started: Instant,
    runtime: Handle,
    /// Why the reader has not got everything.
    failure: Option<io::Error>,
}

impl Sink {
    /// To be made on the thread that writes, within the runtime.
    pub fn new(
        format: ExportFormat,
        bom: bool,
        chunks: mpsc::Sender<Bytes>,
        patience: Patience,
    ) -> Self {
        let buffer = if bom { BOM.to_vec() } else { Vec::new() };
        Self {
            format,
            columns: Vec::new(),
            buffer,
            rows: 0,
            chunks,
            patience,
            started: Instant::now(),
            runtime: Handle::current(),
            failure: None,
        }
    }

    pub fn begin(&mut self, columns: &[ResultColumn]) {
        self.columns = distinct_names(columns.iter().map(|column| column.name.as_str()));
        match self.format {
            ExportFormat::Csv => {
                let line = csv_line(self.columns.iter().map(|name| guarded(name)));
                self.buffer.extend_from_slice(line.as_bytes());
            }
            ExportFormat::Json => self.buffer.push(b'['),
        }
    }

    /// `false` when nobody takes it.
    pub fn row(&mut self, cells: Vec<Value>) -> bool {
        match self.format {
            ExportFormat::Csv => {
                let line = csv_line(cells.iter().map(cell_text));
                self.buffer.extend_from_slice(line.as_bytes());
            }
            ExportFormat::Json => {
                let object: Map<String, Value> = self.columns.iter().cloned().zip(cells).collect();
                self.buffer
                    .extend_from_slice(if self.rows == 0 { b"\n" } else { b",\n" });
                self.buffer
                    .extend_from_slice(Value::Object(object).to_string().as_bytes());
            }
        }
        self.rows += 1;
        self.buffer.len() < CHUNK_BYTES || self.send()
    }

    /// The last bytes; an error where some did not reach the reader.
    pub fn end(mut self) -> io::Result<()> {
        if self.format == ExportFormat::Json {
            self.buffer.extend_from_slice(b"\n]\n");
        }
        if self.failure.is_none() {
            self.send();
        }
        self.failure.map_or(Ok(()), Err)
    }

    fn send(&mut self) -> bool {
        let chunk = Bytes::from(std::mem::take(&mut self.buffer));
        let wait = self.patience.wait(self.started);
        let sent = self.runtime.block_on(self.chunks.send_timeout(chunk, wait));
        self.failure = sent.err().map(|error| match error {
            SendTimeoutError::Closed(_) => io::Error::new(ErrorKind::BrokenPipe, "the reader left"),
            SendTimeoutError::Timeout(_) => io::Error::new(
                ErrorKind::TimedOut,
                "the reader takes nothing, or too slowly",
            ),
        });
        self.failure.is_none()
    }
}

/// Gives each column a name of its own, so that no object loses one: of equal names the second is `name_2`, or the next
/// number that no column bears.
fn distinct_names<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let given: HashSet<&str> = names.clone().collect();
    let mut taken = HashSet::new();
    let mut next = HashMap::<&str, u64>::new();
    let mut distinct = Vec::new();
    for name in names {
        let mut own = name.to_owned();
        while taken.contains(&own) || (own != name && given.contains(own.as_str())) {
            let number = next.entry(name).or_insert(1);
            *number += 1;
            own = format!("{name}_{number}");
        }
        taken.insert(own.clone());
        distinct.push(own);
    }
    distinct
}

/// One record (RFC 4180).
fn csv_line(cells: impl Iterator<Item = String>) -> String {
    let mut line = String::new();
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            line.push(',');
        }
        if cell.contains(['"', ',', '\r', '\n']) {
            line.push('"');
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(&cell);
        }
    }
    line.push_str("\r\n");
    line
}

fn cell_text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => guarded(text),
        number => number.to_string(),
    }
}

/// Text that a spreadsheet would take for a formula, disarmed (OWASP, CSV injection); a number stays a number.
fn guarded(text: &str) -> String {
    let formula =
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f83_formulas_are_disarmed_and_negative_numbers_intact() {
        for evil in [
            "=HYPERLINK(\"http://x\")",
            "+1+1",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
        ] {
            assert_eq!(guarded(evil), format!("'{evil}"));
        }
        for fine in ["-12.5", "+3", "-1e3", "plain", "a=b", ""] {
            assert_eq!(guarded(fine), fine);
        }
        assert_eq!(cell_text(&serde_json::json!(-7)), "-7");
    }

    #[test]
    fn h45_columns_with_one_name_are_told_apart() {
        for (given, distinct) in [
            (vec!["a", "b"], vec!["a", "b"]),
            (vec!["a", "a", "a"], vec!["a", "a_2", "a_3"]),
            (vec!["a", "a", "a_2"], vec!["a", "a_3", "a_2"]),
            (vec!["a_2", "a", "a"], vec!["a_2", "a", "a_3"]),
            (vec!["a_2", "a_2", "a"], vec!["a_2", "a_2_2", "a"]),
            (vec!["", ""], vec!["", "_2"]),
            (vec!["a", "A"], vec!["a", "A"]),
        ] {
            assert_eq!(distinct_names(given.iter().copied()), distinct);
        }
    }

    #[test]
    fn cells_are_quoted_where_needed() {
        assert_eq!(
            csv_line(["a".into(), "b,c".into(), "d\"e".into(), String::new()].into_iter()),
            "a,\"b,c\",\"d\"\"e\",\r\n"
        );
    }
}
