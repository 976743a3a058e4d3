//! Databases that were asked something lately, with what is known of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use agent::reading::decide::Knowledge;
use schema_gen::meaning::Edits;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset, SqlRunner, SqliteDataset};
use store::ids::{SchemaId, UserId};
use store::meanings::StoredMeaning;
use store::schemas::{SchemaRecord, SchemaStatus};
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

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
    /// By dataset; those that nobody holds are gone.
    holds: Mutex<HashMap<SchemaId, Weak<RwLock<()>>>>,
}

/// Whoever writes to a dataset holds it, so that its database is not changed for another one meanwhile.
pub type Held = OwnedRwLockReadGuard<()>;
/// Nobody writes to the dataset.
pub type HeldAlone = OwnedRwLockWriteGuard<()>;

#[derive(Default)]
struct Kept {
    /// By the database: one that took the place of another is another entry.
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

    /// The data of a database changed, or it is gone.
    pub fn forget(&self, database: SchemaId) {
        self.lock().entries.remove(&database);
    }

    /// Waits until no changes are being applied; gives the dataset as it is from then on, for as long as it is held.
    pub async fn hold(
        &self,
        state: &AppState,
        owned: OwnedSchema,
    ) -> Result<(Held, OwnedSchema), ApiError> {
        let held = self.hold_of(owned.row.id).read_owned().await;
        let row = store::schemas::get(&state.store, owned.user, owned.row.id).await?;
        let user = owned.user;
        Ok((held, OwnedSchema { user, row }))
    }

    /// Waits until nobody writes to the dataset, and lets nobody begin.
    pub async fn hold_alone(&self, dataset: SchemaId) -> HeldAlone {
        self.hold_of(dataset).write_owned().await
    }

    fn hold_of(&self, dataset: SchemaId) -> Arc<RwLock<()>> {
        let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hold) = holds.get(&dataset).and_then(Weak::upgrade) {
            return hold;
        }
        holds.retain(|_, hold| hold.strong_count() > 0);
        let hold = Arc::new(RwLock::new(()));
        holds.insert(dataset, Arc::downgrade(&hold));
        hold
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
        if let Some(shared) = self.kept(owned.row.database_id) {
            return Ok(shared);
        }
        let path = state.files.dataset_path(owned.user, owned.row.database_id);
        let runner = SqlRunner::Workers(Arc::clone(&state.sql_workers));
        // No place among the queries: it looks at one file, and whoever waits for a place has looked at it before.
        let opened = tokio::task::spawn_blocking(move || SqliteDataset::open_with(&path, runner));
        let dataset = opened.await.map_err(ApiError::internal)??;
        Ok(self.keep(owned, Arc::new(dataset)))
    }

    fn kept(&self, database: SchemaId) -> Option<Arc<Shared>> {
        let mut kept = self.lock();
        kept.uses += 1;
        let uses = kept.uses;
        let entry = kept.entries.get_mut(&database)?;
        entry.last_use = uses;
        Some(Arc::clone(&entry.shared))
    }

    /// Of two that opened it at once, the first is kept.
    fn keep(&self, owned: &OwnedSchema, dataset: Arc<dyn Dataset>) -> Arc<Shared> {
        let mut kept = self.lock();
        kept.uses += 1;
        let last_use = kept.uses;
        let entry = kept
            .entries
            .entry(owned.row.database_id)
            .or_insert_with(|| Entry {
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
        let of = (id, owned.row.database_id);
        match store::meanings::keep_derived(&state.store, user, of, derived, state.now()).await {
            // Changes of the schema were applied meanwhile: the next question derives what it means now.
            Err(StoreError::NotFound) => {}
            kept => kept?,
        }
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
