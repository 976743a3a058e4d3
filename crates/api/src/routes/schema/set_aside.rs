//! Rows that are not in the database, and cells that are empty there: as lists and as files.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use store::dataset::{
    CancelFlag, Emptied, Facets, PlaceFilter, SetAside, ValueCount, export_emptied as write_cells,
    export_quarantine as write_rows, read_emptied, read_quarantine,
};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ascii_name;
use super::mend::sources_for;
use crate::error::{ApiError, FieldError};
use crate::extract::{ApiQuery, CurrentUser, OwnedSchema};
use crate::jobs::run_blocking;
use crate::page::RangeQuery;
use crate::routes::query::{ExportFormat, FileForm, exported_rows};
use crate::state::AppState;

/// Characters of one part of a filter; a reason may quote a cell.
const MAX_FILTER_CHARS: usize = 2_000;

/// What of a list is wanted, and which part of that.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlacesQuery {
    /// Rows to skip.
    offset: Option<u64>,
    /// Rows at most, 1 to 1000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u64>,
    /// Of this table.
    table: Option<String>,
    /// Where this column of the file is to blame.
    column: Option<String>,
    /// For this reason, as `facets` names it: without the value.
    reason: Option<String>,
    /// Of this file.
    csv_id: Option<Uuid>,
    /// With this in the text, the reason or the file's name.
    search: Option<String>,
    /// What was added back, in place of what is still to be.
    #[serde(default)]
    mended: bool,
}

/// What of a list is wanted, as a file.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlacesExportQuery {
    /// Of this table.
    table: Option<String>,
    /// Where this column of the file is to blame.
    column: Option<String>,
    /// For this reason, as `facets` names it: without the value.
    reason: Option<String>,
    /// Of this file. The fields of its records then follow as columns.
    csv_id: Option<Uuid>,
    /// With this in the text, the reason or the file's name.
    search: Option<String>,
    /// What was added back, in place of what is still to be.
    #[serde(default)]
    mended: bool,
    /// Begins the file with a byte order mark (U+FEFF), without which Excel takes UTF-8 for the system's old encoding.
    #[serde(default)]
    bom: bool,
}

/// How many there are by table, column, reason and file, each counted with all parts of the filter but its own; the most
/// frequent first, at most 50 of each.
#[derive(Debug, Serialize, ToSchema)]
pub struct FacetsResponse {
    pub tables: Vec<FacetResponse>,
    /// Columns of the file.
    pub columns: Vec<FacetResponse>,
    /// Without the values.
    pub reasons: Vec<FacetResponse>,
    pub files: Vec<FileFacetResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FacetResponse {
    pub value: String,
    pub count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FileFacetResponse {
    /// Id of the upload.
    pub csv_id: String,
    /// The file's name.
    pub file: String,
    pub count: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantinedRowResponse {
    /// Stays the same as long as the database is there.
    pub id: i64,
    pub table: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The file's name.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    pub column: Option<String>,
    pub reason: String,
    /// The reason without the value: `?reason=` finds all rows that share it.
    pub kind: String,
    /// The record as it was written.
    pub raw: String,
    /// It was added back.
    pub mended: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct QuarantineResponse {
    pub rows: Vec<QuarantinedRowResponse>,
    /// All that the filter lets through.
    pub total: u64,
    pub offset: u64,
    pub facets: FacetsResponse,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EmptiedCellResponse {
    /// Stays the same as long as the database is there.
    pub id: i64,
    pub table: String,
    /// Column of the table.
    pub table_column: String,
    /// Id of the upload.
    pub csv_id: String,
    /// The file's name.
    pub file: String,
    /// 1-based line on which the record starts.
    pub line: u64,
    /// Column of the file.
    pub column: Option<String>,
    pub reason: String,
    /// The cell as it was written.
    pub text: String,
    /// It was filled.
    pub mended: bool,
    /// It is known which row the cell belongs to, so that it can be filled.
    pub has_row: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EmptiedResponse {
    pub cells: Vec<EmptiedCellResponse>,
    /// All that the filter lets through.
    pub total: u64,
    pub offset: u64,
    pub facets: FacetsResponse,
}

/// The rows that could not be stored, each with its reason
#[utoipa::path(get, path = "/api/schema/{id}/quarantine", tag = "schemas", params(("id" = Uuid, Path), PlacesQuery), responses((status = 200, body = QuarantineResponse)))]
pub async fn list_quarantine(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<PlacesQuery>,
) -> Result<Json<QuarantineResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let (filter, (offset, limit)) = (query.filter()?, query.range()?);
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let page = run_blocking(&state.queries, &cancel, move || {
        read_quarantine(&path, &filter, offset, limit, &flag)
    })
    .await??;
    Ok(Json(QuarantineResponse {
        rows: page.rows.into_iter().map(Into::into).collect(),
        total: page.total,
        offset,
        facets: page.facets.into(),
    }))
}

/// The cells whose text could not be stored, each with its reason; their rows are stored
#[utoipa::path(get, path = "/api/schema/{id}/emptied", tag = "schemas", params(("id" = Uuid, Path), PlacesQuery), responses((status = 200, body = EmptiedResponse)))]
pub async fn list_emptied(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<PlacesQuery>,
) -> Result<Json<EmptiedResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let (filter, (offset, limit)) = (query.filter()?, query.range()?);
    let cancel = CancelFlag::default();
    let flag = cancel.clone();
    let page = run_blocking(&state.queries, &cancel, move || {
        read_emptied(&path, &filter, offset, limit, &flag)
    })
    .await??;
    Ok(Json(EmptiedResponse {
        cells: page.cells.into_iter().map(Into::into).collect(),
        total: page.total,
        offset,
        facets: page.facets.into(),
    }))
}

/// Download the rows that could not be stored
///
/// Columns `file, line, table, column, reason, raw text`; where one file is chosen, the fields of its records follow. Text
/// that a spreadsheet would run begins with `'`.
#[utoipa::path(get, path = "/api/schema/{id}/quarantine/export", tag = "schemas", params(("id" = Uuid, Path), PlacesExportQuery),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_quarantine(
    State(state): State<AppState>,
    user: CurrentUser,
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<PlacesExportQuery>,
) -> Result<Response, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let filter = query.filter()?;
    let sources = match filter.csv_id {
        Some(_) => sources_for(&state, &owned).await?,
        None => Vec::new(),
    };
    let place = state.exports.place().await?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let rows = exported_rows(
        &state,
        &user,
        place,
        csv(query.bom),
        move |sink, deadline_ms, cancel| {
            write_rows(
                &path,
                &sources,
                &filter,
                deadline_ms,
                cancel,
                &mut |columns| sink.borrow_mut().begin(columns),
                &mut |row| sink.borrow_mut().row(row),
            )
        },
    );
    let rows = Body::from_stream(rows.await?);
    Ok((headers(&owned, "set-aside"), rows).into_response())
}

/// Download the cells whose text could not be stored
///
/// Columns `file, line, table, column, reason, text`. Text that a spreadsheet would run begins with `'`.
#[utoipa::path(get, path = "/api/schema/{id}/emptied/export", tag = "schemas", params(("id" = Uuid, Path), PlacesExportQuery),
    responses((status = 200, content_type = "text/csv", body = String)))]
pub async fn export_emptied(
    State(state): State<AppState>,
    user: CurrentUser,
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<PlacesExportQuery>,
) -> Result<Response, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let filter = query.filter()?;
    let place = state.exports.place().await?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let rows = exported_rows(
        &state,
        &user,
        place,
        csv(query.bom),
        move |sink, deadline_ms, cancel| {
            write_cells(
                &path,
                &filter,
                deadline_ms,
                cancel,
                &mut |columns| sink.borrow_mut().begin(columns),
                &mut |row| sink.borrow_mut().row(row),
            )
        },
    );
    let rows = Body::from_stream(rows.await?);
    Ok((headers(&owned, "emptied"), rows).into_response())
}

fn csv(bom: bool) -> FileForm {
    FileForm {
        format: ExportFormat::Csv,
        bom,
    }
}

fn headers(owned: &OwnedSchema, what: &str) -> [(header::HeaderName, String); 2] {
    let name = ascii_name(&owned.row.name);
    [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-{what}.csv\""),
        ),
    ]
}

impl PlacesQuery {
    fn range(&self) -> Result<(u64, u64), ApiError> {
        let range = RangeQuery {
            offset: self.offset,
            limit: self.limit,
        };
        Ok((range.offset(), range.limit()?))
    }

    fn filter(&self) -> Result<PlaceFilter, ApiError> {
        checked(PlaceFilter {
            table: self.table.clone(),
            column: self.column.clone(),
            reason: self.reason.clone(),
            csv_id: self.csv_id.map(|id| id.to_string()),
            search: self.search.clone(),
            mended: self.mended,
        })
    }
}

impl PlacesExportQuery {
    fn filter(&self) -> Result<PlaceFilter, ApiError> {
        checked(PlaceFilter {
            table: self.table.clone(),
            column: self.column.clone(),
            reason: self.reason.clone(),
            csv_id: self.csv_id.map(|id| id.to_string()),
            search: self.search.clone(),
            mended: self.mended,
        })
    }
}

fn checked(filter: PlaceFilter) -> Result<PlaceFilter, ApiError> {
    let parts = [
        ("table", &filter.table),
        ("column", &filter.column),
        ("reason", &filter.reason),
        ("search", &filter.search),
    ];
    let errors: Vec<FieldError> = parts
        .into_iter()
        .filter_map(|(field, text)| {
            let text = text.as_deref().unwrap_or_default();
            let message = if text.contains('\0') {
                "holds a NUL character: leave it out".to_owned()
            } else if text.chars().count() > MAX_FILTER_CHARS {
                format!("at most {MAX_FILTER_CHARS} characters")
            } else {
                return None;
            };
            let field = field.to_owned();
            Some(FieldError { field, message })
        })
        .collect();
    if errors.is_empty() {
        return Ok(filter);
    }
    let refused = ApiError::unprocessable("invalid_query", "The list cannot be filtered by that.");
    Err(refused.with_errors(errors))
}

impl From<SetAside> for QuarantinedRowResponse {
    fn from(listed: SetAside) -> Self {
        let SetAside {
            id,
            kind,
            mended,
            row,
        } = listed;
        Self {
            id,
            table: row.table,
            csv_id: row.csv_id,
            file: row.file,
            line: row.line,
            column: row.column,
            reason: row.reason,
            kind,
            raw: row.raw,
            mended,
        }
    }
}

impl From<Emptied> for EmptiedCellResponse {
    fn from(listed: Emptied) -> Self {
        let Emptied {
            id,
            mended,
            has_row,
            cell,
        } = listed;
        Self {
            id,
            table: cell.table,
            table_column: cell.table_column,
            csv_id: cell.csv_id,
            file: cell.file,
            line: cell.line,
            column: cell.column,
            reason: cell.reason,
            text: cell.text,
            mended,
            has_row,
        }
    }
}

impl From<Facets> for FacetsResponse {
    fn from(facets: Facets) -> Self {
        let values = |counts: Vec<ValueCount>| {
            counts
                .into_iter()
                .map(|ValueCount { value, count }| FacetResponse { value, count })
                .collect()
        };
        Self {
            tables: values(facets.tables),
            columns: values(facets.columns),
            reasons: values(facets.reasons),
            files: facets
                .files
                .into_iter()
                .map(|file| FileFacetResponse {
                    csv_id: file.csv_id,
                    file: file.file,
                    count: file.count,
                })
                .collect(),
        }
    }
}
