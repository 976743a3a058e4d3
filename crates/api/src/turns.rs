//! One turn at a time in each conversation: what is asked next goes on from the answer before, and is kept behind it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use store::ids::ConversationId;
use tokio::sync::Notify;

use crate::error::ApiError;

/// How long a question waits for the turn before it. Whoever stops an answer and asks on at once is not refused: that
/// the first one left is heard a moment later.
const PATIENCE: Duration = Duration::from_secs(2);

/// The conversations that have a turn under way. Clones share them.
#[derive(Clone)]
pub struct Turns(Arc<Shared>);

impl Default for Turns {
    fn default() -> Self {
        Self::with_patience(PATIENCE)
    }
}

struct Shared {
    patience: Duration,
    running: Mutex<HashSet<ConversationId>>,
    ended: Notify,
}

impl Turns {
    fn with_patience(patience: Duration) -> Self {
        Self(Arc::new(Shared {
            patience,
            running: Mutex::default(),
            ended: Notify::new(),
        }))
    }

    /// Begins a turn of the conversation, which lasts until the guard is dropped; 409 `turn_running` where another one
    /// does not end within two seconds.
    pub async fn begin(&self, conversation: ConversationId) -> Result<RunningTurn, ApiError> {
        let begun = async {
            loop {
                // Listening comes before looking, so that nothing is missed in between.
                let mut ended = std::pin::pin!(self.0.ended.notified());
                ended.as_mut().enable();
                if self.0.running().insert(conversation) {
                    return;
                }
                ended.await;
            }
        };
        match tokio::time::timeout(self.0.patience, begun).await {
            Ok(()) => Ok(RunningTurn {
                conversation,
                turns: Arc::clone(&self.0),
            }),
            Err(_) => Err(ApiError::conflict(
                "turn_running",
                "This conversation is still being answered. Wait for the answer or stop it, then ask again; nothing was kept of this question.",
            )),
        }
    }
}

impl Shared {
    fn running(&self) -> MutexGuard<'_, HashSet<ConversationId>> {
        // The set is whole after every statement, so a panic elsewhere does not spoil it.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A turn under way; dropped, the next one may begin.
pub struct RunningTurn {
    conversation: ConversationId,
    turns: Arc<Shared>,
}

impl Drop for RunningTurn {
    fn drop(&mut self) {
        self.turns.running().remove(&self.conversation);
        self.turns.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[tokio::test]
    async fn h47_a_conversation_has_one_turn_at_a_time_and_others_do_not_wait_for_it() {
        let turns = Turns::with_patience(Duration::from_millis(50));
        let (one, other) = (ConversationId::generate(), ConversationId::generate());
        let first = turns.begin(one).await.unwrap();
        let elsewhere = turns.begin(other).await.unwrap();
        let refused = turns.begin(one).await.err().unwrap();
        assert_eq!(refused.code, "turn_running");
        drop(first);
        drop(turns.begin(one).await.unwrap());
        drop(elsewhere);
    }

    #[tokio::test]
    async fn h47_whoever_comes_while_a_turn_ends_waits_for_it() {
        let turns = Turns::default();
        let one = ConversationId::generate();
        let first = turns.begin(one).await.unwrap();
        let waiting = tokio::spawn({
            let turns = turns.clone();
            async move { turns.begin(one).await.is_ok() }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.unwrap());
    }
}
