//! What tests of metadata share.
#![allow(clippy::unwrap_used)]

use chrono::{DateTime, Duration, Utc};
use ingest::{Analysis, Dialect};
use schema_gen::Schema;
use tempfile::TempDir;

use crate::Store;
use crate::ids::{SchemaId, UserId};
use crate::schemas::{self, NewSchema};

pub(crate) struct Fixture {
    pub folder: TempDir,
    pub store: Store,
    pub ann: UserId,
    pub bob: UserId,
}

impl Fixture {
    /// A store in a file, with two users.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!(
            "sqlite://{}",
            folder.path().join("deep/metadata.db").display()
        );
        let store = Store::open(&url).await.unwrap();
        let ann = user(&store, "ann").await;
        let bob = user(&store, "bob").await;
        Self {
            folder,
            store,
            ann,
            bob,
        }
    }

    /// An empty schema of ann's.
    pub async fn schema(&self) -> SchemaId {
        let new = NewSchema {
            name: "shop".to_owned(),
            csv_upload_ids: Vec::new(),
            schema: Schema::default(),
            create_statements: Vec::new(),
            llm_reasoning: String::new(),
            llm_model: "built-in".to_owned(),
            review: None,
        };
        let id = SchemaId::generate();
        schemas::insert(&self.store, self.ann, id, &new, at(0))
            .await
            .unwrap();
        id
    }
}

pub(crate) async fn user(store: &Store, subject: &str) -> UserId {
    let id = UserId::generate();
    sqlx::query(
        "INSERT INTO users (id, issuer, subject, created_at, last_signed_in_at) VALUES ($1, 'test', $2, 0, 0)",
    )
    .bind(id.to_string())
    .bind(subject)
    .execute(&store.pool)
    .await
    .unwrap();
    id
}

/// `seconds` after a fixed moment.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap() + Duration::seconds(seconds)
}

pub(crate) fn analysis() -> Analysis {
    Analysis {
        dialect: Dialect::rfc4180(),
        columns: Vec::new(),
        row_count: 0,
        rejected_count: 0,
        set_aside_count: 0,
        sample_rows: Vec::new(),
        warnings: Vec::new(),
    }
}
