//! The user's word about a pending write.

use agent::turn::{DecidedWrite, resume_after_approval};
use axum::response::Response;
use serde_json::Value;
use store::ids::{ApprovalId, ConversationId, MessageId};
use store::pending_writes::PendingWrite;

use super::turn_context;
use crate::chat::parts::{PartsBuilder, decide};
use crate::chat::request::Decision;
use crate::chat::stream::{Turn, report};
use crate::error::ApiError;
use crate::extract::OwnedSchema;
use crate::jobs::to_its_end;
use crate::state::AppState;

/// Takes the write, carries it out and answers with what became of it. Whatever can fail without it is done before it is
/// taken; from then on nothing stops it, and the response only tells.
pub(super) async fn decide_write(
    state: AppState,
    owned: OwnedSchema,
    conversation: ConversationId,
    decision: Decision,
) -> Result<Response, ApiError> {
    let (held, owned) = state.datasets.hold(&state, owned).await?;
    let open = state.datasets.open(&state, &owned).await?;
    let id: ApprovalId = decision
        .approval_id
        .parse()
        .map_err(|_| ApiError::not_found())?;
    let pending = store::pending_writes::get(&state.store, owned.user, id).await?;
    if pending.conversation_id != conversation {
        return Err(ApiError::not_found());
    }
    let context = turn_context(&state, &owned, &open, conversation);
    let turn = turn_of(&state, &owned, &pending, &decision).await?;
    let shutdown = state.shutdown.clone();
    let told = to_its_end(&state.shutdown, async move {
        // Only the stored call counts, and it is taken once.
        let (store, now) = (&turn.state.store, turn.state.now());
        let write =
            store::pending_writes::take(store, turn.user, id, decision.approved, now).await?;
        let write = DecidedWrite {
            approval_id: decision.approval_id,
            message_id: turn.message.to_string(),
            tool_call_id: write.tool_call_id,
            table: write.table,
            rows: write.rows,
            approved: decision.approved,
        };
        // Another task, so that the client hears at once whether the write is theirs to decide.
        Ok(shutdown.spawn(async move {
            let events = resume_after_approval(context, write).await;
            drop(held);
            turn.told(events).await
        }))
    })
    .await?;
    Ok(report(conversation, told))
}

/// The message that holds the call goes on, with the user's word in it.
async fn turn_of(
    state: &AppState,
    owned: &OwnedSchema,
    pending: &PendingWrite,
    decision: &Decision,
) -> Result<Turn, ApiError> {
    let conversation = pending.conversation_id;
    let message = pending.message_id.unwrap_or_else(MessageId::generate);
    let messages = store::conversations::messages(&state.store, owned.user, conversation).await?;
    let mut parts: Vec<Value> = messages
        .into_iter()
        .find(|kept| kept.id == message)
        .map(|kept| kept.parts)
        .unwrap_or_default();
    decide(&mut parts, &decision.approval_id, decision.approved);
    Ok(Turn {
        state: state.clone(),
        user: owned.user,
        conversation,
        message,
        parts: PartsBuilder::resume(parts),
        // It goes on in the message that stands already, so its place among the others is settled.
        running: None,
    })
}
