//! Further tries of a small model where its first statement alone cannot be told: the same question again, more freely.

use store::dataset::{CancelFlag, QueryResult};

use super::Turn;
use super::model::Work;
use crate::pool::{Pool, statement_of};
use crate::prompt::direct_messages;
use crate::trust::{self, Asked};

/// Tries beside the first one. What is gained by more is little (five in all take nearly all that sampling holds).
const MORE_TRIES: i32 = 4;
/// After so many the votes are counted first.
const FIRST_COUNT: i32 = 2;
const FREEDOM: f32 = 0.8;

impl Turn {
    /// Asks again until enough speaks for one result, nothing does, or the tries are used up. A try that fails counts as
    /// one; the first failure of the server ends them.
    pub(super) async fn try_again(&self, work: &Work<'_>, pool: &mut Pool, asked: Asked<'_>) {
        let messages = direct_messages(&self.prompt_parts(work));
        for number in 1..=MORE_TRIES {
            let status = format!("Comparing with further tries: {number} of {MORE_TRIES}");
            self.output.status("comparing", status).await;
            let Ok(reply) = self
                .ask_freely(work.engine, &messages, FREEDOM, number)
                .await
            else {
                return;
            };
            match self.found_by(reply.text).await {
                Some((sql, result)) => pool.add(&sql, &result),
                None => pool.add_failed(),
            }
            // What one try alone found may yet be outvoted.
            let enough = || {
                trust::likeliest(pool, asked).is_some_and(|(at, probability)| {
                    probability >= self.context.limits.enough_trust
                        && pool.findings[at].tries.len() > 1
                })
            };
            if number == FIRST_COUNT && (pool.all_differ() || enough()) {
                return;
            }
        }
    }

    async fn found_by(&self, reply: String) -> Option<(String, QueryResult)> {
        let context = self.context.clone();
        let cancel = CancelFlag::default();
        let _stop = cancel.on_drop();
        let sql = tokio::task::spawn_blocking(move || {
            statement_of(
                &reply,
                &context.knowledge,
                context.dataset.as_ref(),
                &cancel,
            )
        })
        .await
        .ok()??;
        let result = self.query(&sql).await.ok()?;
        Some((sql, result))
    }
}
