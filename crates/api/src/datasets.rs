//! Databases that were asked something lately, with what is known of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use agent::reading::decide::Knowledge;
use schema_gen::meaning::Edits;
use store::dataset::{CancelFlag, Dataset, SqlRunner, SqliteDataset};
use store::ids::{SchemaId, UserId};
use store::meanings::StoredMeaning;
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
    /// With the changes in it.
    pub knowledge: Arc<Knowledge>,
    /// What its user says of its meaning, and the version of that.
    pub edits: Edits,
    pub version: u64,
}

#[derive(Default)]
pub struct Datasets {
    kept: Mutex<Kept>,
    recounting: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<SchemaId, Entry>,
    uses: u64,
}

struct Entry {
    user: UserId,
    last_use: u64,
    shared: Arc<Shared>,
}

/// One for all that ask at once. An entry that is forgotten while somebody reads it goes with its last reader, so that
/// nothing read before a change is kept after it.
struct Shared {
    dataset: Arc<dyn Dataset>,
    /// Read at the first question: one caller reads and the others wait. Where that one leaves, the next begins.
    known: tokio::sync::Mutex<Option<Arc<OpenDataset>>>,
}

impl Datasets {
    /// The database of an executed schema, for statements that need nothing else; 409 before that.
    pub async fn database(
        &self,
        state: &AppState,
        owned: &OwnedSchema,
    ) -> Result<Arc<dyn Dataset>, ApiError> {
        let shared = self.shared(state, owned).await?;
        Ok(Arc::clone(&shared.dataset))
    }

    /// The database of an executed schema with what is known of it and its meaning as it is stored now; 409 before that.
    pub async fn open(
        &self,
        state: &AppState,
        owned: &OwnedSchema,
    ) -> Result<Arc<OpenDataset>, ApiError> {
        let shared = self.shared(state, owned).await?;
        let mut known = shared.known.lock().await;
        let (user, id) = (owned.user, owned.row.id);
        // Asked each time instead of told after a change: a dataset that is being opened meanwhile misses nothing.
        let version = store::meanings::version(&state.store, user, id).await?;
        if let Some(open) = known.as_ref().filter(|open| open.version == version) {
            return Ok(Arc::clone(open));
        }
        let stored = store::meanings::get(&state.store, user, id).await?;
        let open = match known.clone() {
            Some(kept) => edited(state, kept, stored).await?,
            None => read(state, owned, &shared.dataset, stored).await?,
        };
        *known = Some(Arc::clone(&open));
        Ok(open)
    }

    /// Its data changed, or it is gone.
    pub fn forget(&self, schema: SchemaId) {
        self.lock().entries.remove(&schema);
    }

    /// Held while the counts of an import are made again and stored, so that older ones never come last.
    pub async fn recounting(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.recounting.lock().await
    }

    pub fn forget_user(&self, user: UserId) {
        self.lock().entries.retain(|_, entry| entry.user != user);
    }

    async fn shared(&self, state: &AppState, owned: &OwnedSchema) -> Result<Arc<Shared>, ApiError> {
        require_executed(&owned.row)?;
        if let Some(shared) = self.kept(owned.row.id) {
            return Ok(shared);
        }
        let path = state.files.dataset_path(owned.user, owned.row.id);
        let runner = SqlRunner::Workers(Arc::clone(&state.sql_workers));
        // No place among the queries: it looks at one file, and whoever waits for a place has looked at it before.
        let opened = tokio::task::spawn_blocking(move || SqliteDataset::open_with(&path, runner));
        let dataset = opened.await.map_err(ApiError::internal)??;
        Ok(self.keep(owned, Arc::new(dataset)))
    }

    fn kept(&self, schema: SchemaId) -> Option<Arc<Shared>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let uses = kept.uses;
        let entry = kept.entries.get_mut(&schema)?;
        entry.last_use = uses;
        Some(Arc::clone(&entry.shared))
    }

    /// Of two that opened it at once, the first is kept.
    fn keep(&self, owned: &OwnedSchema, dataset: Arc<dyn Dataset>) -> Arc<Shared> {
        let mut kept = self.lock();
        kept.uses += 1;
        let last_use = kept.uses;
        let entry = kept.entries.entry(owned.row.id).or_insert_with(|| Entry {
            user: owned.user,
            last_use,
            shared: Arc::new(Shared {
                dataset,
                known: tokio::sync::Mutex::default(),
            }),
        });
        let shared = Arc::clone(&entry.shared);
        if kept.entries.len() > KEPT
            && let Some(oldest) = kept
                .entries
                .iter()
                .min_by_key(|(_, entry)| entry.last_use)
                .map(|(id, _)| *id)
        {
            kept.entries.remove(&oldest);
        }
        shared
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        // The map is whole after every statement, so a panic elsewhere does not spoil it.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same dataset with other changes of its meaning; rows and values are not read again.
async fn edited(
    state: &AppState,
    kept: Arc<OpenDataset>,
    stored: Option<StoredMeaning>,
) -> Result<Arc<OpenDataset>, ApiError> {
    let (edits, version) = changes_of(stored);
    run_blocking(&state.queries, &CancelFlag::default(), move || {
        Arc::new(OpenDataset {
            dataset: Arc::clone(&kept.dataset),
            knowledge: Arc::new(kept.knowledge.edited(&edits)),
            edits,
            version,
        })
    })
    .await
}

/// Reads what is known of a database. Its meaning is derived where it is not stored, and stored then: rows that are added
/// later change no meaning.
async fn read(
    state: &AppState,
    owned: &OwnedSchema,
    dataset: &Arc<dyn Dataset>,
    stored: Option<StoredMeaning>,
) -> Result<Arc<OpenDataset>, ApiError> {
    metrics::counter!("datasets_read_total").increment(1);
    let (user, id) = (owned.user, owned.row.id);
    let schema = owned.row.schema.clone();
    let dataset = Arc::clone(dataset);
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let derived = stored.as_ref().and_then(|stored| stored.derived.clone());
    let is_new = derived.is_none();
    let (edits, version) = changes_of(stored);
    let open = run_blocking(&state.queries, &cancel, move || -> Result<_, ApiError> {
        let mut knowledge = Knowledge::build(dataset.as_ref(), schema, derived, &flag)?;
        if edits != Edits::default() {
            knowledge = knowledge.edited(&edits);
        }
        Ok(Arc::new(OpenDataset {
            dataset,
            knowledge: Arc::new(knowledge),
            edits,
            version,
        }))
    })
    .await??;
    if is_new {
        let derived = &open.knowledge.derived;
        store::meanings::keep_derived(&state.store, user, id, derived, state.now()).await?;
    }
    Ok(open)
}

fn changes_of(stored: Option<StoredMeaning>) -> (Edits, u64) {
    stored.map_or_else(Default::default, |stored| (stored.edits, stored.version))
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
