//! Cells that are stored in the spelling of the key that they refer to, beside what the file has.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use store::dataset::{CancelFlag, EvenedCell, read_evened};
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;
use crate::extract::{ApiQuery, OwnedSchema};
use crate::jobs::run_blocking;
use crate::page::RangeQuery;
use crate::state::AppState;

/// Which of them are wanted.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EvenedQuery {
    /// Cells to skip.
    offset: Option<u64>,
    /// Cells at most, 1 to 1000; 100 unless told.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u64>,
    /// Of this table.
    table: Option<String>,
    /// Of this column of the table.
    column: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EvenedCellResponse {
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
    /// What the file has.
    pub text: String,
    /// What is stored: the key's spelling.
    pub stored: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EvenedResponse {
    /// In the order of the files.
    pub cells: Vec<EvenedCellResponse>,
    /// All of the table and the column, in all parts.
    pub total: u64,
    pub offset: u64,
}

impl From<EvenedCell> for EvenedCellResponse {
    fn from(cell: EvenedCell) -> Self {
        Self {
            table: cell.table,
            table_column: cell.table_column,
            csv_id: cell.csv_id,
            file: cell.file,
            line: cell.line,
            column: cell.column,
            text: cell.text,
            stored: cell.stored,
        }
    }
}

/// The cells that are stored in the spelling of the key that they refer to, with what the file has
#[utoipa::path(get, path = "/api/schema/{id}/evened", tag = "schemas", params(("id" = Uuid, Path), EvenedQuery), responses((status = 200, body = EvenedResponse)))]
pub async fn list_evened(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<EvenedQuery>,
) -> Result<Json<EvenedResponse>, ApiError> {
    crate::datasets::require_executed(&owned.row)?;
    let path = state.files.dataset_path(owned.user, owned.row.database_id);
    let range = RangeQuery {
        offset: query.offset,
        limit: query.limit,
    };
    let (offset, limit) = (range.offset(), range.limit()?);
    let page = run_blocking(&state.queries, &CancelFlag::default(), move || {
        let of = (query.table.as_deref(), query.column.as_deref());
        read_evened(&path, of, offset, limit)
    })
    .await??;
    Ok(Json(EvenedResponse {
        cells: page.cells.into_iter().map(Into::into).collect(),
        total: page.total,
        offset,
    }))
}
