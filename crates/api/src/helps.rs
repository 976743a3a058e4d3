//! Models that help with schemas right now: one for each schema, in tasks of their own, since nobody waits for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use agent::AgentError;
use agent::engine::ModelEngine;
use agent::help::{HelpJob, help};
use store::StoreError;
use store::ids::{SchemaId, UserId};
use store::schemas::SchemaRecord;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::error::ApiError;
use crate::routes::schema::sources_left;
use crate::state::AppState;

/// How long a model may take for one piece: a small one on two busy cores takes a third of it.
const PATIENCE: Duration = Duration::from_secs(90);

/// Clones share what runs.
#[derive(Clone, Default)]
pub struct Helps(Arc<Mutex<HashMap<SchemaId, Running>>>);

#[derive(Clone)]
struct Running {
    cancel: CancellationToken,
    /// The piece that the model is at; closed at the end.
    piece: watch::Receiver<Option<String>>,
}

pub struct Underway {
    /// The piece that the model is at.
    pub piece: Option<String>,
}

impl Helps {
    /// How far the model is; `None` where none helps with the schema.
    pub fn running(&self, schema: SchemaId) -> Option<Underway> {
        let running = self.lock();
        let piece = running.get(&schema)?.piece.borrow().clone();
        Some(Underway { piece })
    }

    /// Lets the model begin, or go on where it was; nothing where it is at it.
    pub async fn start(
        &self,
        state: &AppState,
        user: UserId,
        record: &SchemaRecord,
        model: ModelEngine,
    ) -> Result<(), ApiError> {
        let sources = sources_left(state, user, &record.csv_upload_ids).await?;
        let mut hashes = HashMap::new();
        for upload in &record.csv_upload_ids {
            match store::uploads::get(&state.store, user, *upload).await {
                Ok(file) => {
                    hashes.insert(upload.to_string(), file.sha256);
                }
                Err(StoreError::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (cancel, running) = (CancellationToken::new(), watch::Sender::new(None));
        let id = record.id;
        let own = Running {
            cancel: cancel.clone(),
            piece: running.subscribe(),
        };
        {
            let mut all = self.lock();
            if all.contains_key(&id) {
                return Ok(());
            }
            all.insert(id, own);
        }
        // Whatever becomes of the task, the schema is free again.
        let entry = Entry {
            helps: self.clone(),
            id,
        };
        let clock = state.clone();
        let job = HelpJob {
            store: state.store.clone(),
            user,
            schema: id,
            sources,
            hashes,
            now: Arc::new(move || clock.now()),
            patience: PATIENCE,
            cancel,
            running,
        };
        let shutdown = state.shutdown.clone();
        state.shutdown.spawn(async move {
            let (helped, cancel) = (help(&job, &model), job.cancel.clone());
            tokio::pin!(helped);
            let ended = tokio::select! {
                ended = &mut helped => ended,
                () = shutdown.begun() => {
                    cancel.cancel();
                    helped.await
                }
            };
            match ended {
                // The schema is gone, and with it who wanted help.
                Ok(()) | Err(AgentError::Store(StoreError::NotFound)) => {}
                Err(error) => tracing::warn!(%error, "a model's help with a schema ended"),
            }
            drop(entry);
        });
        Ok(())
    }

    /// Stops the model and waits until it has stopped. What was answered stays.
    pub async fn stop(&self, schema: SchemaId) {
        let running = self.lock().get(&schema).cloned();
        let Some(mut running) = running else { return };
        running.cancel.cancel();
        while running.piece.changed().await.is_ok() {}
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SchemaId, Running>> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Entry {
    helps: Helps,
    id: SchemaId,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.helps.lock().remove(&self.id);
    }
}
