//! What is stored in each column, read from the database itself.

use ingest::ColumnType;
use schema_gen::Schema;
use schema_gen::ident::quote;
use schema_gen::meaning::ColumnStats;
use serde_json::Value as Json;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset, QueryLimits};

/// Values remembered of a column.
const TOP: usize = 12;
/// A table with more rows is judged by its first ones.
pub(super) const MAX_ROWS: u64 = 200_000;

/// Counts, extremes and frequent values of every column, in the schema's order.
pub fn read(
    dataset: &dyn Dataset,
    schema: &Schema,
    cancel: &CancelFlag,
) -> Result<Vec<Vec<ColumnStats>>, StoreError> {
    let limits = QueryLimits {
        deadline_ms: 10_000,
        ..QueryLimits::default()
    };
    let mut tables = Vec::new();
    for table in &schema.tables {
        let mut columns = Vec::new();
        // A statement may have so many result columns only, its inner part too: a few of the table's at a time.
        for part in table.columns.chunks(20) {
            let names: Vec<String> = part.iter().map(|column| quote(&column.name)).collect();
            let from = format!(
                "(SELECT {} FROM {} LIMIT {MAX_ROWS})",
                names.join(", "),
                quote(&table.name)
            );
            let selected: Vec<String> = part
                .iter()
                .map(|column| {
                    let name = quote(&column.name);
                    format!(
                        "count({name}), count(DISTINCT {name}), min({name}), max({name}), max(length({name})), sum(typeof({name}) = 'real' AND {name} <> CAST({name} AS INTEGER))"
                    )
                })
                .collect();
            let sql = format!("SELECT count(*), {} FROM {from}", selected.join(", "));
            let result = dataset.query(&sql, limits, cancel)?;
            let row = result.rows.into_iter().next().unwrap_or_default();
            let rows = row.first().and_then(Json::as_u64).unwrap_or(0);
            for (at, column) in part.iter().enumerate() {
                let cell = |offset: usize| row.get(1 + at * 6 + offset);
                let filled = cell(0).and_then(Json::as_u64).unwrap_or(0);
                let distinct = cell(1).and_then(Json::as_u64).unwrap_or(0);
                let mut stats = ColumnStats {
                    rows,
                    nulls: rows - filled.min(rows),
                    distinct,
                    min: cell(2).and_then(Json::as_f64),
                    max: cell(3).and_then(Json::as_f64),
                    latest: cell(3)
                        .and_then(Json::as_str)
                        .filter(|_| is_time(column.column_type))
                        .map(str::to_owned),
                    max_length: cell(4).and_then(Json::as_u64).unwrap_or(0),
                    whole: cell(5).and_then(Json::as_u64).unwrap_or(0) == 0,
                    top: Vec::new(),
                };
                let name = quote(&column.name);
                let sql = format!(
                    "SELECT {name} FROM {from} WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY count(*) DESC, {name} LIMIT {TOP}"
                );
                if distinct <= 5_000 {
                    let top = dataset.query(&sql, limits, cancel)?;
                    stats.top = top
                        .rows
                        .iter()
                        .filter_map(|row| row.first())
                        .map(|cell| match cell {
                            Json::String(text) => text.clone(),
                            other => other.to_string(),
                        })
                        .collect();
                }
                columns.push(stats);
            }
        }
        tables.push(columns);
    }
    Ok(tables)
}

fn is_time(column_type: ColumnType) -> bool {
    matches!(column_type, ColumnType::Date | ColumnType::Datetime)
}
