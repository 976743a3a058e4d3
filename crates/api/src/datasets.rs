//! Databases that were asked something lately, with their value indexes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use agent::link::{DatasetContext, ValueIndex};
use store::dataset::{CancelFlag, Dataset, SqlRunner, SqliteDataset};
use store::ids::{SchemaId, UserId};
use store::schemas::{SchemaRecord, SchemaStatus};

use crate::error::ApiError;
use crate::extract::OwnedSchema;
use crate::jobs::run_blocking;
use crate::state::AppState;

/// Kept in memory at most; the one unused the longest makes room.
const KEPT: usize = 16;

/// A database and what questions are linked against.
pub struct OpenDataset {
    pub dataset: Arc<dyn Dataset>,
    pub context: Arc<DatasetContext>,
}

#[derive(Default)]
pub struct Datasets(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    entries: HashMap<SchemaId, Entry>,
    uses: u64,
}

struct Entry {
    user: UserId,
    last_use: u64,
    open: Arc<OpenDataset>,
}

impl Datasets {
    /// The database of an executed schema; 409 before that. Each caller that finds none kept opens it for themselves, so
    /// that one who leaves ends nobody else's wait.
    pub async fn open(
        &self,
        state: &AppState,
        owned: &OwnedSchema,
    ) -> Result<Arc<OpenDataset>, ApiError> {
        require_executed(&owned.row)?;
        if let Some(open) = self.kept(owned.row.id) {
            return Ok(open);
        }
        let path = state.files.dataset_path(owned.user, owned.row.id);
        let schema = owned.row.schema.clone();
        let cancel = CancelFlag::default();
        let flag = cancel.clone();
        let runner = SqlRunner::Workers(Arc::clone(&state.sql_workers));
        let open = run_blocking(&state.queries, &cancel, move || -> Result<_, ApiError> {
            let dataset = SqliteDataset::open_with(&path, runner)?;
            let values = ValueIndex::build(&dataset, &schema, &flag)?;
            Ok(Arc::new(OpenDataset {
                dataset: Arc::new(dataset),
                context: Arc::new(DatasetContext { schema, values }),
            }))
        })
        .await??;
        self.keep(owned, Arc::clone(&open));
        Ok(open)
    }

    /// Its data changed, or it is gone.
    pub fn forget(&self, schema: SchemaId) {
        self.lock().entries.remove(&schema);
    }

    pub fn forget_user(&self, user: UserId) {
        self.lock().entries.retain(|_, entry| entry.user != user);
    }

    fn kept(&self, schema: SchemaId) -> Option<Arc<OpenDataset>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let uses = kept.uses;
        let entry = kept.entries.get_mut(&schema)?;
        entry.last_use = uses;
        Some(Arc::clone(&entry.open))
    }

    fn keep(&self, owned: &OwnedSchema, open: Arc<OpenDataset>) {
        let mut kept = self.lock();
        kept.uses += 1;
        let last_use = kept.uses;
        kept.entries.insert(
            owned.row.id,
            Entry {
                user: owned.user,
                last_use,
                open,
            },
        );
        if kept.entries.len() > KEPT
            && let Some(oldest) = kept
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.last_use)
                .map(|(id, _)| *id)
        {
            kept.entries.remove(&oldest);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 409 until the schema is approved.
pub fn require_executed(schema: &SchemaRecord) -> Result<(), ApiError> {
    match schema.status {
        SchemaStatus::Executed => Ok(()),
        SchemaStatus::Generated | SchemaStatus::Failed => Err(ApiError::conflict(
            "not_executed",
            "This schema has no database yet. Approve it first.",
        )),
    }
}
