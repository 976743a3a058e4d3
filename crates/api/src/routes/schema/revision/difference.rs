//! What changes of a dataset would change.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use schema_gen::Schema;
use schema_gen::difference::{
    ColumnChange, Difference, Matching, ReferenceChange, ReferenceChangeKind, TableChange,
    difference,
};
use schema_gen::forecast::TableForecast;
use schema_gen::meaning::Edits;
use schema_gen::type_name;
use serde::Serialize;
use store::dataset::{CancelFlag, LoadReport, MendedSince, TableReport, mended_by_table};
use store::schemas::revisions;
use store::schemas::{Review, SchemaRecord};
use utoipa::ToSchema;
use uuid::Uuid;

use super::dataset_of;
use crate::error::ApiError;
use crate::extract::OwnedSchema;
use crate::jobs::run_blocking;
use crate::state::AppState;

#[derive(Debug, Serialize, ToSchema)]
pub struct DifferenceResponse {
    pub dataset_id: Uuid,
    /// The changes: a schema of this id.
    pub revision_id: Uuid,
    /// Only names differ, or nothing: no file is read, and all data stay.
    pub names_only: bool,
    /// Tables of which anything changes, or to which something was added by hand.
    pub tables: Vec<TableDifferenceResponse>,
    pub references: Vec<ReferenceDifferenceResponse>,
    /// What was said of the dataset's meaning and has nothing left to be said of.
    pub meaning_dropped: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TableDifferenceResponse {
    /// Its name now; null for a new table.
    pub before: Option<String>,
    /// Its name then; null for one that goes.
    pub after: Option<String>,
    /// Columns of which anything changes.
    pub columns: Vec<ColumnDifferenceResponse>,
    /// The columns of the primary key, where they change.
    pub key: Option<ColumnsChangeResponse>,
    /// What becomes of rows that repeat the key changes, or which rows of its file the table takes.
    pub other_rows: bool,
    /// Counts of the import as they are now.
    pub rows_before: Option<RowCountsResponse>,
    /// As the import is forecast; absent where that was not counted.
    pub rows_after: Option<RowCountsResponse>,
    /// In no file: rows that were added in the chat.
    pub inserted_rows: u64,
    /// Rows that were set aside and added back.
    pub mended_rows: u64,
    /// Cells that were emptied and filled.
    pub mended_cells: u64,
    /// What was done by hand is carried over where it fits; else it is listed among the rows set aside.
    pub carried_over: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnDifferenceResponse {
    /// Null for a new column.
    pub before: Option<String>,
    /// Null for one that is left out.
    pub after: Option<String>,
    /// Where it changes.
    pub column_type: Option<WordChangeResponse>,
    pub constraints: Option<ColumnsChangeResponse>,
    /// What becomes of values of another type, where that changes.
    pub misfits: Option<WordChangeResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WordChangeResponse {
    pub before: String,
    pub after: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnsChangeResponse {
    pub before: Vec<String>,
    pub after: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RowCountsResponse {
    /// Rows stored.
    pub row_count: u64,
    pub quarantined: u64,
    pub emptied_cells: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReferenceDifferenceResponse {
    /// `added`, `removed` or `changed`: another rule for rows without a partner, or for spellings.
    pub change: String,
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    /// What becomes of rows without a partner, where that changes.
    pub orphans: Option<WordChangeResponse>,
    /// Differences of spelling that count for nothing, where they change.
    pub even_out: Option<ColumnsChangeResponse>,
}

/// What the changes that wait would change
///
/// Of the dataset or of its changes: either id will do. 404 where none wait.
#[utoipa::path(get, path = "/api/schema/{id}/revision/difference", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = DifferenceResponse)))]
pub async fn get_revision_difference(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<DifferenceResponse>, ApiError> {
    let (user, dataset) = (owned.user, dataset_of(&owned));
    let base = store::schemas::get(&state.store, user, dataset).await?;
    let draft = revisions::draft(&state.store, user, dataset).await?;
    let said = store::meanings::get(&state.store, user, dataset).await?;
    let mut inserted: BTreeMap<String, u64> = BTreeMap::new();
    for write in revisions::insertions(&state.store, user, dataset).await? {
        if let Some(receipt) = write.receipt {
            *inserted.entry(receipt.table).or_default() += receipt.row_count;
        }
    }
    let path = state.files.dataset_path(user, base.database_id);
    let cancel = CancelFlag::default();
    let answer = run_blocking(&state.queries, &cancel, move || {
        let by_hand = ByHand {
            inserted,
            mended: mended_by_table(&path)?,
        };
        let edits = said.map(|said| said.edits).unwrap_or_default();
        Ok::<_, ApiError>(answer(&base, &draft, &edits, &by_hand))
    });
    Ok(Json(answer.await??))
}

/// What people did, by table.
struct ByHand {
    inserted: BTreeMap<String, u64>,
    mended: BTreeMap<String, MendedSince>,
}

fn answer(
    base: &SchemaRecord,
    draft: &SchemaRecord,
    edits: &Edits,
    by_hand: &ByHand,
) -> DifferenceResponse {
    let (before, after) = (&base.schema, &draft.schema);
    let matching = Matching::of(before, after);
    let Difference {
        names_only,
        tables: changes,
        references,
    } = difference(before, after);
    let (_, meaning_dropped) = edits.follow(before, after, &matching);
    let report = base.load_report.clone().unwrap_or_default();
    // Where only names differ nothing is counted anew.
    let review = draft.review.as_ref().filter(|_| !names_only);
    let mut tables = Vec::new();
    for found in &matching.tables {
        let name = |schema: &Schema, place: Option<usize>| {
            place.map(|place| schema.tables[place].name.clone())
        };
        let names = (name(before, found.before), name(after, found.after));
        let mut changes = changes.iter();
        let change = changes.find(|own| (&own.before, &own.after) == (&names.0, &names.1));
        let own = table(names, change, (&report, review), by_hand);
        let counts = |counts: &Option<RowCountsResponse>| {
            let counts = counts.as_ref();
            counts.map(|own| (own.row_count, own.quarantined, own.emptied_cells))
        };
        let is_counted_otherwise =
            own.rows_after.is_some() && counts(&own.rows_before) != counts(&own.rows_after);
        let is_by_hand = own.inserted_rows + own.mended_rows + own.mended_cells > 0;
        if change.is_some() || is_counted_otherwise || is_by_hand {
            tables.push(own);
        }
    }
    DifferenceResponse {
        dataset_id: base.id.0,
        revision_id: draft.id.0,
        names_only,
        tables,
        references: references.into_iter().map(Into::into).collect(),
        meaning_dropped,
    }
}

fn table(
    (before, after): (Option<String>, Option<String>),
    change: Option<&TableChange>,
    (report, review): (&LoadReport, Option<&Review>),
    by_hand: &ByHand,
) -> TableDifferenceResponse {
    let now = before.as_ref().and_then(|name| {
        let mut tables = report.tables.iter();
        tables.find(|table| &table.name == name)
    });
    let then = after.as_ref().and_then(|name| {
        let mut tables = review?.forecast.tables.iter();
        tables.find(|table| &table.name == name)
    });
    let own = before.as_ref();
    let mended = own.and_then(|name| by_hand.mended.get(name));
    let mended = mended.copied().unwrap_or_default();
    let inserted = own.and_then(|name| by_hand.inserted.get(name));
    TableDifferenceResponse {
        columns: change.map_or_else(Vec::new, |change| {
            change.columns.iter().cloned().map(Into::into).collect()
        }),
        key: change.and_then(|change| columns(change.key.as_ref())),
        other_rows: change.is_some_and(|change| change.other_rows || change.repeats.is_some()),
        rows_before: now.map(Into::into),
        rows_after: then.map(Into::into),
        inserted_rows: inserted.copied().unwrap_or_default(),
        mended_rows: mended.rows,
        mended_cells: mended.cells,
        carried_over: after.is_some(),
        before,
        after,
    }
}

fn columns(change: Option<&(Vec<String>, Vec<String>)>) -> Option<ColumnsChangeResponse> {
    change.map(|(before, after)| ColumnsChangeResponse {
        before: before.clone(),
        after: after.clone(),
    })
}

/// As the API writes it.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn listed<T: Serialize>(values: &[T]) -> Vec<String> {
    values.iter().map(word).collect()
}

fn words<T: Serialize>(change: Option<&(T, T)>) -> Option<WordChangeResponse> {
    change.map(|(before, after)| WordChangeResponse {
        before: word(before),
        after: word(after),
    })
}

impl From<ColumnChange> for ColumnDifferenceResponse {
    fn from(change: ColumnChange) -> Self {
        Self {
            column_type: change
                .column_type
                .map(|(before, after)| WordChangeResponse {
                    before: type_name(before).to_owned(),
                    after: type_name(after).to_owned(),
                }),
            constraints: columns(change.constraints.as_ref()),
            misfits: words(change.misfits.as_ref()),
            before: change.before,
            after: change.after,
        }
    }
}

impl From<ReferenceChange> for ReferenceDifferenceResponse {
    fn from(change: ReferenceChange) -> Self {
        Self {
            change: match change.kind {
                ReferenceChangeKind::Added => "added",
                ReferenceChangeKind::Removed => "removed",
                ReferenceChangeKind::Changed => "changed",
            }
            .to_owned(),
            orphans: words(change.orphans.as_ref()),
            even_out: change
                .even_out
                .map(|(before, after)| ColumnsChangeResponse {
                    before: listed(&before),
                    after: listed(&after),
                }),
            from_table: change.from_table,
            from_columns: change.from_columns,
            to_table: change.to_table,
            to_columns: change.to_columns,
        }
    }
}

impl From<&TableReport> for RowCountsResponse {
    fn from(table: &TableReport) -> Self {
        Self {
            row_count: table.row_count,
            quarantined: table.quarantined,
            emptied_cells: table.emptied.iter().map(|column| column.cells).sum(),
        }
    }
}

impl From<&TableForecast> for RowCountsResponse {
    fn from(table: &TableForecast) -> Self {
        Self {
            row_count: table.row_count,
            quarantined: table.quarantined,
            emptied_cells: table.emptied_cells(),
        }
    }
}
