//! A whole result as a file. A failure on the way breaks the download off, so that a cut file never looks whole.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value};
use store::dataset::{CancelFlag, Dataset, ResultColumn};
use tokio::sync::mpsc;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;
use utoipa::ToSchema;
use uuid::Uuid;

use super::owned_schema;
use crate::error::ApiError;
use crate::extract::{ApiJson, CurrentUser};
use crate::jobs::{Waiting, run_blocking};
use crate::routes::schema::ascii_name;
use crate::state::AppState;

/// Bytes gathered before they are sent.
const CHUNK_BYTES: usize = 64 * 1024;

#[derive(Debug, Deserialize, ToSchema)]
pub struct ExportRequest {
    pub schema_id: Uuid,
    pub sql: String,
    #[serde(default)]
    pub format: ExportFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// Cells that a spreadsheet would run as a formula begin with `'`.
    #[default]
    Csv,
    /// An array of objects.
    Json,
}

/// Download all rows of a statement's result
#[utoipa::path(post, path = "/api/query/export", tag = "questions", request_body = ExportRequest,
    responses((status = 200, content((String = "text/csv"), (Vec<Object> = "application/json")))))]
pub async fn export_query(
    State(state): State<AppState>,
    user: CurrentUser,
    ApiJson(request): ApiJson<ExportRequest>,
) -> Result<Response, ApiError> {
    let owned = owned_schema(&state, &user, request.schema_id).await?;
    let open = state.datasets.open(&state, &owned).await?;
    let (dataset, sql) = (Arc::clone(&open.dataset), request.sql.clone());
    // Faults of the statement are told before the first byte.
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    run_blocking(&state.queries, &cancel, move || dataset.check(&sql, &flag)).await??;
    let (kind, ending) = match request.format {
        ExportFormat::Csv => ("text/csv; charset=utf-8", "csv"),
        ExportFormat::Json => ("application/json", "json"),
    };
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!(
                "attachment; filename=\"{}.{ending}\"",
                ascii_name(&owned.row.name)
            ),
        ),
    ];
    Ok((
        headers,
        Body::from_stream(rows(&state, Arc::clone(&open.dataset), request)),
    )
        .into_response())
}

fn rows(
    state: &AppState,
    dataset: Arc<dyn Dataset>,
    request: ExportRequest,
) -> impl futures::Stream<Item = std::io::Result<Bytes>> + use<> {
    let (sender, receiver) = mpsc::channel::<std::io::Result<Bytes>>(4);
    let cancel = CancelFlag::default();
    let waiting = Waiting::on(&cancel);
    let (queries, deadline_ms) = (
        Arc::clone(&state.queries),
        state.config.limits.export_time_limit_ms,
    );
    tokio::spawn(async move {
        let flag = cancel.clone();
        let failed = sender.clone();
        let done = run_blocking(&queries, &cancel, move || {
            let sink = std::cell::RefCell::new(Sink {
                format: request.format,
                columns: Vec::new(),
                buffer: Vec::new(),
                rows: 0,
                sender,
            });
            let streamed = dataset.stream(
                &request.sql,
                deadline_ms,
                &flag,
                &mut |columns| sink.borrow_mut().begin(columns),
                &mut |row| sink.borrow_mut().row(row),
            );
            streamed.map(|()| sink.into_inner().end())
        })
        .await;
        if let Ok(Err(error)) = done {
            tracing::info!(%error, "an export broke off");
            let _ = failed.send(Err(std::io::Error::other(error))).await;
        }
    });
    let mut chunks = ReceiverStream::new(receiver);
    async_stream::stream! {
        let _waiting = waiting;
        while let Some(chunk) = chunks.next().await {
            yield chunk;
        }
    }
}

struct Sink {
    format: ExportFormat,
    columns: Vec<String>,
    buffer: Vec<u8>,
    rows: u64,
    sender: mpsc::Sender<std::io::Result<Bytes>>,
}

impl Sink {
    fn begin(&mut self, columns: &[ResultColumn]) {
        self.columns = columns.iter().map(|column| column.name.clone()).collect();
        match self.format {
            ExportFormat::Csv => {
                let line = csv_line(self.columns.iter().map(|name| guarded(name)));
                self.buffer.extend_from_slice(line.as_bytes());
            }
            ExportFormat::Json => self.buffer.push(b'['),
        }
    }

    /// `false` when nobody reads any more.
    fn row(&mut self, cells: Vec<Value>) -> bool {
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

    fn end(mut self) {
        if self.format == ExportFormat::Json {
            self.buffer.extend_from_slice(b"\n]\n");
        }
        self.send();
    }

    fn send(&mut self) -> bool {
        self.sender
            .blocking_send(Ok(Bytes::from(std::mem::take(&mut self.buffer))))
            .is_ok()
    }
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
    fn cells_are_quoted_where_needed() {
        assert_eq!(
            csv_line(["a".into(), "b,c".into(), "d\"e".into(), String::new()].into_iter()),
            "a,\"b,c\",\"d\"\"e\",\r\n"
        );
    }
}
