//! New rows: proposed, and stored only after the user's word.

use serde_json::json;
use store::StoreError;
use store::dataset::InsertReceipt;

use super::output::Output;
use super::{DecidedWrite, NewWrite, Turn, TurnContext, WriteOutcome};
use crate::engine::sentence;
use crate::event::{Event, FinishReason};
use crate::tools::CheckedCall;

impl Turn {
    /// Checks the rows, stores the call as pending and asks the user; the error says what does not fit.
    pub(super) async fn propose_write(
        &mut self,
        call: CheckedCall,
        engine: &str,
    ) -> Result<(), String> {
        let input = call.input();
        let tool_name = call.tool_name();
        let CheckedCall::Insert { table, rows } = call else {
            return Err("This is no write.".into());
        };
        let context = self.context.clone();
        let (checked_table, checked_rows) = (table.clone(), rows.clone());
        tokio::task::spawn_blocking(move || {
            let schema = &context.knowledge.schema;
            context
                .dataset
                .check_insert(schema, &checked_table, &checked_rows)
        })
        .await
        .map_err(|_| "The rows could not be checked.".to_owned())?
        .map_err(|error| sentence(&error.to_string()))?;
        let write = NewWrite {
            message_id: self.request.message_id.clone(),
            tool_call_id: self.output.new_id("call"),
            table,
            rows,
            engine: engine.to_owned(),
        };
        let tool_call_id = write.tool_call_id.clone();
        let approval_id = self.context.writes.create(write).await.map_err(|error| {
            tracing::error!(%error, "a pending write could not be stored");
            "The request could not be stored; nothing was changed.".to_owned()
        })?;
        self.output
            .send(Event::ToolInputAvailable {
                tool_call_id: tool_call_id.clone(),
                tool_name: tool_name.into(),
                input,
            })
            .await;
        self.output
            .send(Event::ToolApprovalRequest {
                approval_id,
                tool_call_id,
            })
            .await;
        Ok(())
    }
}

/// Does what the user decided.
pub(super) async fn carry_out(output: &Output, context: TurnContext, write: DecidedWrite) {
    let tool_call_id = write.tool_call_id.clone();
    let table = write.table.clone();
    if !write.approved {
        let noted = context
            .writes
            .finish(&write.approval_id, WriteOutcome::Refused)
            .await;
        log_failure(noted);
        output.send(Event::ToolOutputDenied { tool_call_id }).await;
        output.text("Nothing was changed.").await;
        return output.finish(FinishReason::Stop, None).await;
    }
    let approval_id = write.approval_id.clone();
    match store_rows(context, write).await {
        Ok(receipt) => {
            let result = json!({
                "approval_id": approval_id,
                "table": receipt.table,
                "row_count": receipt.row_count,
            });
            output.tool_output(tool_call_id, Ok(result)).await;
            let rows = match receipt.row_count {
                1 => "1 row".to_owned(),
                count => format!("{count} rows"),
            };
            output.text(&format!("Added {rows} to {table}.")).await;
            output.finish(FinishReason::Stop, None).await;
        }
        Err(message) => {
            let said = format!("The rows were not added; nothing was changed. {message}");
            output.tool_output(tool_call_id, Err(message)).await;
            output.text(&said).await;
            output.finish(FinishReason::Stop, None).await;
        }
    }
}

async fn store_rows(context: TurnContext, write: DecidedWrite) -> Result<InsertReceipt, String> {
    let writes = context.writes.clone();
    let approval_id = write.approval_id.clone();
    let inserted = tokio::task::spawn_blocking(move || {
        let schema = &context.knowledge.schema;
        context.dataset.insert(schema, &write.table, &write.rows)
    })
    .await;
    let (outcome, result) = match inserted {
        Ok(Ok(receipt)) => (WriteOutcome::Stored(receipt.clone()), Ok(receipt)),
        Ok(Err(error)) => failed(&sentence(&error.to_string())),
        Err(_) => failed("A worker of the service stopped."),
    };
    log_failure(writes.finish(&approval_id, outcome).await);
    result
}

fn failed(message: &str) -> (WriteOutcome, Result<InsertReceipt, String>) {
    let outcome = WriteOutcome::Failed {
        message: message.to_owned(),
    };
    (outcome, Err(message.to_owned()))
}

fn log_failure(noted: Result<(), StoreError>) {
    if let Err(error) = noted {
        tracing::error!(%error, "the outcome of a write could not be noted");
    }
}
