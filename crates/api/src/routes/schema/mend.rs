//! Rows that were set aside and cells that were emptied, put where they belong after all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use schema_gen::{Source, type_name};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::StoreError;
use store::dataset::{
    CancelFlag, CellDetail, Fault, FieldDetail, Mend, MendMode, Mended, Origin, RowDetail,
    keeps_readings, mend_cell, mend_rows, read_cell, read_row, recount, undo_cell, undo_row,
};
use utoipa::ToSchema;

use super::generate::sources_left;
use super::set_aside::{EmptiedCellResponse, QuarantinedRowResponse};
use crate::datasets::Held;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiJson, EntryId, OptionalJson, OwnedSchema};
use crate::jobs::{run_blocking, to_its_end};
use crate::routes::auth::MessageResponse;
use crate::state::AppState;

/// Faults that one answer names.
const MAX_FAULTS: usize = 100;

/// A row set aside, column by column.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedDetailResponse {
    pub row: QuarantinedRowResponse,
    /// Only the beginning of its text was kept.
    pub is_cut: bool,
    /// In the order of the table's columns.
    pub fields: Vec<QuarantinedFieldResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedFieldResponse {
    /// Column of the table.
    pub column: String,
    #[serde(rename = "type")]
    pub column_type: String,
    /// Column of the file.
    pub source_column: Option<String>,
    /// `field` of the record or an item of the list in one, `column_name`: that of the column which the row's value stands in,
    /// `numbered` by the database, or `looked_up`: the number of the record's row in another table. `column_name` and
    /// `numbered` cannot be given.
    pub origin: String,
    /// As the file has it; null for nothing.
    pub text: Option<String>,
    /// False where the text was too long to be kept.
    pub is_known: bool,
    /// It must not be empty.
    pub required: bool,
    /// Part of the primary key.
    pub is_key: bool,
    /// Table in which the value must be found.
    pub refers_to: Option<String>,
}

/// An emptied cell with its row.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmptiedDetailResponse {
    pub cell: EmptiedCellResponse,
    #[serde(rename = "type")]
    pub column_type: String,
    /// Why it cannot be filled from here.
    pub why_not: Option<String>,
    /// The row as it is stored.
    pub row: Vec<StoredCellResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct StoredCellResponse {
    pub column: String,
    /// Null, a number or a string; integers beyond 2^53 are strings.
    #[schema(value_type = Object)]
    pub value: serde_json::Value,
}

#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendRequest {
    /// Column of the table -> its text as the file would have it, or null. What is left out stays as it is.
    #[serde(default)]
    pub values: BTreeMap<String, Option<String>>,
    /// Only says what would be.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendRowsRequest {
    /// 1 to 1,000.
    pub rows: Vec<MendRowRequest>,
    /// Stores those that fit where others do not; otherwise it is all or nothing.
    #[serde(default)]
    pub only_fitting: bool,
    /// Only says what would be.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MendRowRequest {
    pub id: i64,
    /// Column of the table -> its text as the file would have it, or null. What is left out stays as it is.
    #[serde(default)]
    pub values: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillRequest {
    /// As the file would have it.
    pub text: String,
    /// Only says what would be.
    #[serde(default)]
    pub dry_run: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MendResponse {
    /// What fits is in the database now; false after `dry_run`, or where nothing fits.
    pub stored: bool,
    /// Rows or cells that fit.
    pub fitting: u64,
    /// Of `fitting`, rows that are equal to one that is there, in a table of distinct rows.
    pub merged: u64,
    /// With `only_fitting`, those that do not fit.
    pub refused: Vec<RefusedRowResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedRowResponse {
    pub id: i64,
    /// By column of the table; `values` where it is the whole row.
    pub errors: Vec<FieldError>,
}

/// A row set aside, field by field
#[utoipa::path(get, path = "/api/schema/{id}/quarantine/{entry_id}", tag = "schemas", params(("id" = Uuid, Path), ("entry_id" = i64, Path)),
    responses((status = 200, body = QuarantinedDetailResponse)))]
pub async fn get_quarantined(
    State(state): State<AppState>,
    owned: OwnedSchema,
    EntryId(entry): EntryId,
) -> Result<Json<QuarantinedDetailResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let sources = sources_for(&state, &owned).await?;
    let detail = run_blocking(&state.queries, &CancelFlag::default(), move || {
        read_row(&path, &owned.row.schema, &sources, entry)
    })
    .await??;
    Ok(Json(detail.into()))
}

/// Add a row that was set aside back to its table
///
/// The texts are read and checked as by the import. 422 `does_not_fit` names the columns, and nothing changes then.
#[utoipa::path(post, path = "/api/schema/{id}/quarantine/{entry_id}/mend", tag = "schemas", params(("id" = Uuid, Path), ("entry_id" = i64, Path)),
    request_body = Option<MendRequest>, responses((status = 200, body = MendResponse)))]
pub async fn mend_quarantined(
    State(state): State<AppState>,
    owned: OwnedSchema,
    EntryId(entry): EntryId,
    OptionalJson(request): OptionalJson<MendRequest>,
) -> Result<Json<MendResponse>, ApiError> {
    let mode = MendMode {
        dry_run: request.dry_run,
        only_fitting: false,
    };
    let rows = vec![Mend {
        id: entry,
        values: request.values,
    }];
    let mended = mend(&state, owned, rows, mode).await?;
    if let Some(refused) = mended.refused.into_iter().next() {
        return Err(does_not_fit(
            "The row does not fit its table, and nothing was changed.",
            refused
                .faults
                .into_iter()
                .map(|fault| named("values", fault)),
        ));
    }
    Ok(Json(MendResponse {
        stored: mended.stored,
        fitting: mended.fitting.len() as u64,
        merged: mended.fitting.iter().filter(|row| row.merged).count() as u64,
        refused: Vec::new(),
    }))
}

/// Add several rows that were set aside back to their tables
///
/// All or nothing, unless `only_fitting`. 422 `does_not_fit` names rows and columns, and nothing changes then.
#[utoipa::path(post, path = "/api/schema/{id}/quarantine/mend", tag = "schemas", params(("id" = Uuid, Path)),
    request_body = MendRowsRequest, responses((status = 200, body = MendResponse)))]
pub async fn mend_quarantined_rows(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<MendRowsRequest>,
) -> Result<Json<MendResponse>, ApiError> {
    let mode = MendMode {
        dry_run: request.dry_run,
        only_fitting: request.only_fitting,
    };
    let rows = request.rows.into_iter().map(|row| Mend {
        id: row.id,
        values: row.values,
    });
    let mended = mend(&state, owned, rows.collect(), mode).await?;
    if !mode.only_fitting && !mended.refused.is_empty() {
        let count = mended.refused.len();
        let faults = mended.refused.into_iter().flat_map(|refused| {
            let field = format!("rows[{}].values", refused.index);
            let faults = refused.faults.into_iter();
            faults.map(move |fault| named(&field, fault))
        });
        let detail = format!("{count} of the rows do not fit, and nothing was changed.");
        return Err(does_not_fit(detail, faults));
    }
    Ok(Json(MendResponse {
        stored: mended.stored,
        fitting: mended.fitting.len() as u64,
        merged: mended.fitting.iter().filter(|row| row.merged).count() as u64,
        refused: mended
            .refused
            .into_iter()
            .map(|refused| RefusedRowResponse {
                id: refused.id,
                errors: refused
                    .faults
                    .into_iter()
                    .map(|fault| named("values", fault))
                    .collect(),
            })
            .collect(),
    }))
}

/// Set a row that was added back aside again
///
/// 409 when it changed or is referenced since.
#[utoipa::path(post, path = "/api/schema/{id}/quarantine/{entry_id}/undo", tag = "schemas", params(("id" = Uuid, Path), ("entry_id" = i64, Path)),
    responses((status = 200, body = MessageResponse)))]
pub async fn undo_quarantined(
    State(state): State<AppState>,
    owned: OwnedSchema,
    EntryId(entry): EntryId,
) -> Result<Json<MessageResponse>, ApiError> {
    let table = undo(&state, owned, "mend_undone", move |place| {
        undo_row(&place.path, &place.owned.row.schema, &place.sources, entry)
    })
    .await?;
    Ok(MessageResponse::new(format!(
        "The row was taken out of {table} and is set aside again."
    )))
}

/// An emptied cell with the row that it belongs to
#[utoipa::path(get, path = "/api/schema/{id}/emptied/{entry_id}", tag = "schemas", params(("id" = Uuid, Path), ("entry_id" = i64, Path)),
    responses((status = 200, body = EmptiedDetailResponse)))]
pub async fn get_emptied(
    State(state): State<AppState>,
    owned: OwnedSchema,
    EntryId(entry): EntryId,
) -> Result<Json<EmptiedDetailResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let sources = sources_for(&state, &owned).await?;
    let detail = run_blocking(&state.queries, &CancelFlag::default(), move || {
        read_cell(&path, &owned.row.schema, &sources, entry)
    })
    .await??;
    Ok(Json(detail.into()))
}

/// Fill a cell that was emptied
///
/// The text is read and checked as by the import. 422 `does_not_fit` says what is wrong, and nothing changes then; 409 where
/// the cell cannot be filled whatever the text.
#[utoipa::path(post, path = "/api/schema/{id}/emptied/{entry_id}/mend", tag = "schemas", params(("id" = Uuid, Path), ("entry_id" = i64, Path)),
    request_body = FillRequest, responses((status = 200, body = MendResponse)))]
pub async fn mend_emptied(
    State(state): State<AppState>,
    owned: OwnedSchema,
    EntryId(entry): EntryId,
    ApiJson(request): ApiJson<FillRequest>,
) -> Result<Json<MendResponse>, ApiError> {
    let FillRequest { text, dry_run } = request;
    let place = Place::of(&state, owned).await?;
    let shutdown = state.shutdown.clone();
    let fault = to_its_end(&shutdown, async move {
        let cell = read_cell_table(&state, &place, entry).await?;
        let fault = place
            .run(&state, move |place| {
                let schema = &place.owned.row.schema;
                mend_cell(&place.path, schema, &place.sources, (entry, &text), dry_run)
            })
            .await?;
        if !dry_run && fault.is_none() {
            let detail = json!({"table": cell, "cells": 1});
            settle(&state, &place, "mend_cell", &detail, BTreeSet::from([cell])).await?;
        }
        Ok(fault)
    })
    .await?;
    if let Some(fault) = fault {
        return Err(does_not_fit(
            "The text does not fit its column, and nothing was changed.",
            [FieldError {
                field: "text".into(),
                message: fault.message,
            }],
        ));
    }
    Ok(Json(MendResponse {
        stored: !dry_run,
        fitting: 1,
        merged: 0,
        refused: Vec::new(),
    }))
}

/// Empty a cell that was filled again
///
/// 409 when it has another value since.
#[utoipa::path(post, path = "/api/schema/{id}/emptied/{entry_id}/undo", tag = "schemas", params(("id" = Uuid, Path), ("entry_id" = i64, Path)),
    responses((status = 200, body = MessageResponse)))]
pub async fn undo_emptied(
    State(state): State<AppState>,
    owned: OwnedSchema,
    EntryId(entry): EntryId,
) -> Result<Json<MessageResponse>, ApiError> {
    let table = undo(&state, owned, "mend_cell_undone", move |place| {
        undo_cell(&place.path, &place.owned.row.schema, &place.sources, entry)
    })
    .await?;
    Ok(MessageResponse::new(format!(
        "The cell in {table} is empty again."
    )))
}

/// The files' own analyses, where an import of an earlier version does not keep how they are read.
pub(super) async fn sources_for(
    state: &AppState,
    owned: &OwnedSchema,
) -> Result<Vec<Source>, ApiError> {
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let kept = run_blocking(&state.queries, &CancelFlag::default(), move || {
        keeps_readings(&path)
    })
    .await??;
    if kept {
        return Ok(Vec::new());
    }
    sources_left(state, owned.user, &owned.row.csv_upload_ids).await
}

/// An executed schema with its files.
struct Place {
    owned: OwnedSchema,
    path: PathBuf,
    sources: Vec<Source>,
    /// No changes of the schema are applied meanwhile.
    _held: Held,
}

impl Place {
    async fn of(state: &AppState, owned: OwnedSchema) -> Result<Arc<Self>, ApiError> {
        let (held, owned) = state.datasets.hold(state, owned).await?;
        crate::datasets::require_executed(&owned.row)?;
        let sources = sources_for(state, &owned).await?;
        let path = state.files.dataset_path(owned.user, owned.row.database_id);
        Ok(Arc::new(Self {
            owned,
            path,
            sources,
            _held: held,
        }))
    }

    async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        state: &AppState,
        work: impl FnOnce(&Self) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let place = Arc::clone(self);
        Ok(run_blocking(&state.queries, &CancelFlag::default(), move || work(&place)).await??)
    }
}

/// Stores the rows, with all that belongs to it, to its end.
async fn mend(
    state: &AppState,
    owned: OwnedSchema,
    rows: Vec<Mend>,
    mode: MendMode,
) -> Result<Mended, ApiError> {
    let place = Place::of(state, owned).await?;
    let (shutdown, state) = (state.shutdown.clone(), state.clone());
    to_its_end(&shutdown, async move {
        let mended = place
            .run(&state, move |place| {
                let schema = &place.owned.row.schema;
                mend_rows(&place.path, schema, &place.sources, &rows, mode)
            })
            .await?;
        if mended.stored {
            let mut tables = BTreeMap::<String, u64>::new();
            for row in &mended.fitting {
                *tables.entry(row.table.clone()).or_default() += 1;
            }
            let detail = json!({"rows": mended.fitting.len(), "tables": tables});
            let touched = tables.into_keys().collect();
            settle(&state, &place, "mend", &detail, touched).await?;
        }
        Ok(mended)
    })
    .await
}

async fn undo(
    state: &AppState,
    owned: OwnedSchema,
    action: &'static str,
    work: impl FnOnce(&Place) -> Result<String, StoreError> + Send + 'static,
) -> Result<String, ApiError> {
    let place = Place::of(state, owned).await?;
    let (shutdown, state) = (state.shutdown.clone(), state.clone());
    to_its_end(&shutdown, async move {
        let table = place.run(&state, work).await?;
        let detail = json!({"table": table});
        let touched = BTreeSet::from([table.clone()]);
        settle(&state, &place, action, &detail, touched).await?;
        Ok(table)
    })
    .await
}

async fn read_cell_table(
    state: &AppState,
    place: &Arc<Place>,
    entry: i64,
) -> Result<String, ApiError> {
    let read = place.run(state, move |place| {
        let detail = read_cell(&place.path, &place.owned.row.schema, &place.sources, entry)?;
        Ok(detail.listed.cell.table)
    });
    read.await
}

/// What follows a change of the data: it is known to the next question, counted and recorded.
async fn settle(
    state: &AppState,
    place: &Arc<Place>,
    action: &str,
    detail: &serde_json::Value,
    tables: BTreeSet<String>,
) -> Result<(), ApiError> {
    let (user, id) = (place.owned.user, place.owned.row.id);
    state.datasets.forget(place.owned.row.database_id);
    if let Err(error) = recounted(state, place, tables).await {
        // The files have it; the next change or the next start counts again.
        tracing::warn!(error = %error.detail, schema = %id, "the counts of an import are behind");
    }
    let mut detail = detail.clone();
    detail["name"] = json!(place.owned.row.name);
    let subject = id.to_string();
    store::audit::record(&state.store, user, action, &subject, &detail, state.now()).await?;
    Ok(())
}

async fn recounted(
    state: &AppState,
    place: &Arc<Place>,
    tables: BTreeSet<String>,
) -> Result<(), ApiError> {
    let (user, id) = (place.owned.user, place.owned.row.id);
    let _alone = state.datasets.recounting().await;
    let record = store::schemas::get(&state.store, user, id).await?;
    let report = record.load_report.unwrap_or_default();
    let report = place
        .run(state, move |place| {
            recount(&place.path, &place.owned.row.schema, &report, Some(&tables))
        })
        .await?;
    store::schemas::update_report(&state.store, user, id, &report).await?;
    Ok(())
}

fn named(values: &str, fault: Fault) -> FieldError {
    FieldError {
        field: match fault.column {
            Some(column) => format!("{values}.{column}"),
            None => values.to_owned(),
        },
        message: fault.message,
    }
}

fn does_not_fit(
    detail: impl Into<String>,
    errors: impl IntoIterator<Item = FieldError>,
) -> ApiError {
    let errors = errors.into_iter().take(MAX_FAULTS).collect();
    ApiError::unprocessable("does_not_fit", detail).with_errors(errors)
}

impl From<RowDetail> for QuarantinedDetailResponse {
    fn from(detail: RowDetail) -> Self {
        Self {
            row: detail.listed.into(),
            is_cut: detail.is_cut,
            fields: detail.fields.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<FieldDetail> for QuarantinedFieldResponse {
    fn from(field: FieldDetail) -> Self {
        Self {
            column: field.column,
            column_type: type_name(field.column_type).to_owned(),
            source_column: field.source_column,
            origin: match field.origin {
                Origin::Field => "field",
                Origin::ColumnName => "column_name",
                Origin::Numbered => "numbered",
                Origin::LookedUp => "looked_up",
            }
            .to_owned(),
            text: field.text,
            is_known: field.is_known,
            required: field.required,
            is_key: field.is_key,
            refers_to: field.refers_to,
        }
    }
}

impl From<CellDetail> for EmptiedDetailResponse {
    fn from(detail: CellDetail) -> Self {
        Self {
            cell: detail.listed.into(),
            column_type: type_name(detail.column_type).to_owned(),
            why_not: detail.why_not,
            row: detail
                .row
                .into_iter()
                .map(|(column, value)| StoredCellResponse { column, value })
                .collect(),
        }
    }
}
