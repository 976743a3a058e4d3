//! Writes that wait for the user's word, kept in the metadata database.

use agent::turn::{NewWrite, PendingWrites, WriteOutcome};
use async_trait::async_trait;
use serde_json::json;
use store::StoreError;
use store::ids::{ApprovalId, ConversationId, SchemaId, UserId};

use crate::state::AppState;

/// The pending writes of one conversation.
pub struct ConversationWrites {
    pub state: AppState,
    pub user: UserId,
    pub schema: SchemaId,
    /// Of the schema.
    pub database: SchemaId,
    pub conversation: ConversationId,
}

#[async_trait]
impl PendingWrites for ConversationWrites {
    async fn create(&self, write: NewWrite) -> Result<String, StoreError> {
        // The turn may have begun before changes of the schema were applied: its names may mean something else now.
        let row = store::schemas::get(&self.state.store, self.user, self.schema).await?;
        if row.database_id != self.database {
            return Err(StoreError::Conflict {
                code: "schema_changed",
                message: "the dataset was changed meanwhile: ask again".into(),
            });
        }
        let new = store::pending_writes::NewWrite {
            conversation_id: self.conversation,
            message_id: write.message_id.parse().ok(),
            tool_call_id: write.tool_call_id,
            table: write.table,
            rows: write.rows,
        };
        let id = ApprovalId::generate();
        store::pending_writes::create(&self.state.store, self.user, id, &new, self.state.now())
            .await?;
        Ok(id.to_string())
    }

    async fn finish(&self, approval_id: &str, outcome: WriteOutcome) -> Result<(), StoreError> {
        let id: ApprovalId = approval_id.parse().map_err(|_| StoreError::NotFound)?;
        let mut kept = Ok(());
        let (action, detail) = match &outcome {
            WriteOutcome::Stored(receipt) => {
                self.state.datasets.forget(self.database);
                kept = store::pending_writes::record_receipt(
                    &self.state.store,
                    self.user,
                    id,
                    receipt,
                )
                .await;
                (
                    "insert",
                    json!({"schema_id": self.schema, "table": receipt.table, "rows": receipt.row_count}),
                )
            }
            WriteOutcome::Refused => ("insert_refused", json!({"schema_id": self.schema})),
            WriteOutcome::Failed { .. } => ("insert_failed", json!({"schema_id": self.schema})),
        };
        store::audit::record(
            &self.state.store,
            self.user,
            action,
            approval_id,
            &detail,
            self.state.now(),
        )
        .await?;
        // The rows are there, so the entry is too, whether or not they can be undone.
        kept
    }
}
