mod wipe;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{
    SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::{Result, StoreError};

pub use wipe::Effort;
use wipe::Wiper;

/// Version, name and text of each migration, oldest first. One that has been released is never changed again.
const MIGRATIONS: [(i64, &str, &str); 7] = [
    (
        1,
        "users sessions",
        include_str!("../../../migrations/sqlite/0001_users_sessions.sql"),
    ),
    (
        2,
        "datasets conversations",
        include_str!("../../../migrations/sqlite/0002_datasets_conversations.sql"),
    ),
    (
        3,
        "session idle",
        include_str!("../../../migrations/sqlite/0003_session_idle.sql"),
    ),
    (
        4,
        "meanings",
        include_str!("../../../migrations/sqlite/0004_meanings.sql"),
    ),
    (
        5,
        "reviews",
        include_str!("../../../migrations/sqlite/0005_reviews.sql"),
    ),
    (
        6,
        "revisions",
        include_str!("../../../migrations/sqlite/0006_revisions.sql"),
    ),
    (
        7,
        "model help",
        include_str!("../../../migrations/sqlite/0007_model_help.sql"),
    ),
];

/// How long a writer waits for another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const MAX_CONNECTIONS: u32 = 8;
/// Of each connection; negative: KiB. The pages of this small database are read again and again, and the operating system
/// has them: SQLite's own 2 MB, for each connection, would be kept until that one closes.
const CACHE_SIZE: &str = "-256";

/// The metadata database. Clones share its connections.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: SqlitePool,
    wiper: Wiper,
}

impl Store {
    /// Opens the database at `sqlite://path` (or `sqlite::memory:`), makes its file and folder where they are absent,
    /// and migrates it.
    pub async fn open(database_url: &str) -> Result<Self> {
        if !database_url.starts_with("sqlite:") {
            return Err(StoreError::metadata(
                "DATABASE_URL: only sqlite:… is supported, such as sqlite://data/metadata.db",
            ));
        }
        let options = SqliteConnectOptions::from_str(database_url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // With NORMAL a power cut may take back what was acknowledged: a used-up refresh token, an approval.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .pragma("secure_delete", "ON")
            .pragma("cache_size", CACHE_SIZE)
            .busy_timeout(BUSY_TIMEOUT);
        let in_memory = database_url.contains(":memory:") || database_url.contains("mode=memory");
        if !in_memory {
            create_private(options.get_filename())?;
            wipe::prepare(&options).await?;
        }
        // Every connection to `:memory:` is a database of its own, which ends with it.
        let pool_options = if in_memory {
            SqlitePoolOptions::new()
                .max_connections(1)
                .idle_timeout(None)
                .max_lifetime(None)
        } else {
            SqlitePoolOptions::new().max_connections(MAX_CONNECTIONS)
        };
        let store = Self {
            wiper: Wiper::new(&options, in_memory),
            pool: pool_options.connect_with(options).await?,
        };
        store.migrate().await?;
        Ok(store)
    }

    /// Brings the database up to date; does nothing where it is.
    pub async fn migrate(&self) -> Result<()> {
        let migrations = MIGRATIONS
            .into_iter()
            .map(|(version, name, sql)| {
                Migration::new(
                    version,
                    name.into(),
                    MigrationType::Simple,
                    AssertSqlSafe(sql).into_sql_str(),
                    false,
                )
            })
            .collect();
        Migrator::with_migrations(migrations)
            .run(&self.pool)
            .await
            .map_err(StoreError::metadata)
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Waits for running statements and closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Makes the file, and its folder where absent, readable by their owner alone.
fn create_private(path: &Path) -> Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.exists()) {
        crate::files::create_folder(folder)?;
    }
    if !path.exists() {
        crate::files::create_file(path)?;
    }
    Ok(())
}
