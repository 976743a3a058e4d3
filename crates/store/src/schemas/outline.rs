//! Lists of schemas without the schemas: a schema may have a megabyte, and a list many of them.

use futures::TryStreamExt;
use serde::Deserialize;
use sqlx::sqlite::SqliteRow;

use super::SchemaStatus;
use crate::dataset::LoadReport;
use crate::ids::{SchemaId, UploadId, UserId};
use crate::row::{json, optional_json, optional_parsed, parsed, text, time_text};
use crate::{Page, Paged, Result, Store};

/// Tables that an outline names.
pub const MAX_OUTLINE_TABLES: usize = 12;

/// A schema as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaSummary {
    pub id: SchemaId,
    pub name: String,
    /// Uploads it was made from; some may be deleted by now.
    pub csv_upload_ids: Vec<UploadId>,
    pub outline: Outline,
    /// `built-in` without a model.
    pub llm_model: String,
    pub status: SchemaStatus,
    /// Why the last import failed, in words.
    pub failure: Option<String>,
    /// Rows stored in all tables, once executed.
    pub row_count: Option<u64>,
    pub created_at: chrono::DateTime<chrono::Utc>,
    pub executed_at: Option<chrono::DateTime<chrono::Utc>>,
    /// Changes of it that wait to be applied.
    pub revision: Option<SchemaId>,
}

/// Enough of a schema to draw it small.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    pub table_count: u64,
    pub relationship_count: u64,
    /// The tables with the most relationships, at most [`MAX_OUTLINE_TABLES`], in the schema's order where equal.
    pub tables: Vec<String>,
    /// Which of `tables` refer to which, each pair once.
    pub references: Vec<(String, String)>,
}

/// What an outline needs of `schema_json`; the rest is skipped while it is read.
#[derive(Deserialize)]
struct Sketch {
    tables: Vec<SketchTable>,
    #[serde(default)]
    relationships: Vec<SketchRelationship>,
}

#[derive(Deserialize)]
struct SketchTable {
    name: String,
}

#[derive(Deserialize)]
struct SketchRelationship {
    from_table: String,
    to_table: String,
}

/// The user's schemas, newest first.
pub async fn list(store: &Store, user: UserId, page: &Page) -> Result<Paged<SchemaSummary>> {
    let (time, id) = page.after()?;
    let mut rows = sqlx::query(
        "SELECT id, name, csv_upload_ids, schema_json, llm_model, status, failure, load_report, created_at, executed_at,
            (SELECT own.id FROM generated_schemas own
             WHERE own.revises = generated_schemas.id AND own.revision = 'draft') AS draft
         FROM generated_schemas
         WHERE user_id = $1 AND revises IS NULL AND ($2 IS NULL OR (created_at, id) < ($2, $3))
         ORDER BY created_at DESC, id DESC LIMIT $4",
    )
    .bind(user.to_string())
    .bind(time)
    .bind(id)
    .bind(page.fetch_limit())
    .fetch(&store.pool);
    let mut items = Vec::new();
    // One at a time: together they may be large.
    while let Some(row) = rows.try_next().await? {
        items.push(from_row(&row)?);
    }
    Ok(Paged::from_rows(items, page, |summary| {
        (time_text(summary.created_at), summary.id.to_string())
    }))
}

fn from_row(row: &SqliteRow) -> Result<SchemaSummary> {
    let report: Option<LoadReport> = optional_json(row, "load_report")?;
    Ok(SchemaSummary {
        id: parsed(row, "id")?,
        name: text(row, "name")?,
        csv_upload_ids: json(row, "csv_upload_ids")?,
        outline: json::<Sketch>(row, "schema_json")?.into(),
        llm_model: text(row, "llm_model")?,
        status: parsed(row, "status")?,
        failure: sqlx::Row::try_get(row, "failure")?,
        row_count: report.as_ref().map(LoadReport::row_count),
        created_at: parsed(row, "created_at")?,
        executed_at: optional_parsed(row, "executed_at")?,
        revision: optional_parsed(row, "draft")?,
    })
}

impl From<Sketch> for Outline {
    fn from(sketch: Sketch) -> Self {
        let mut degrees = std::collections::HashMap::<&str, usize>::new();
        for relationship in &sketch.relationships {
            *degrees.entry(&relationship.from_table).or_default() += 1;
            *degrees.entry(&relationship.to_table).or_default() += 1;
        }
        let mut tables: Vec<&str> = sketch.tables.iter().map(|table| &*table.name).collect();
        tables
            .sort_by_key(|name| std::cmp::Reverse(degrees.get(name).copied().unwrap_or_default()));
        tables.truncate(MAX_OUTLINE_TABLES);
        let mut references: Vec<(String, String)> = Vec::new();
        for relationship in &sketch.relationships {
            let ends = [&relationship.from_table, &relationship.to_table];
            if !ends.iter().all(|end| tables.contains(&end.as_str())) {
                continue;
            }
            let pair = (ends[0].clone(), ends[1].clone());
            if !references.contains(&pair) {
                references.push(pair);
            }
        }
        Self {
            table_count: sketch.tables.len() as u64,
            relationship_count: sketch.relationships.len() as u64,
            tables: tables.into_iter().map(str::to_owned).collect(),
            references,
        }
    }
}

impl LoadReport {
    /// Rows stored in all tables.
    pub fn row_count(&self) -> u64 {
        self.tables.iter().map(|table| table.row_count).sum()
    }
}
