use std::path::{Path, PathBuf};
use std::time::Instant;

use schema_gen::Schema;
use schema_gen::ident::quote;
use serde_json::Value as Json;

use super::order::{Order, Output, SqlRunner, Work};
use super::sandbox::Allowance;
use super::{CancelFlag, Dataset, InsertReceipt, NewRow, QueryLimits, QueryResult, ResultColumn};
use crate::{Result, StoreError};

/// Time for what we ask of a database ourselves.
const OWN_DEADLINE_MS: u64 = 2_000;
const VALUES_DEADLINE_MS: u64 = 10_000;

/// A user's database in one SQLite file. Each call has a connection of its own, so nothing is held open between calls
/// and the file can be removed at any time.
#[derive(Debug, Clone)]
pub struct SqliteDataset {
    path: PathBuf,
    runner: SqlRunner,
}

impl SqliteDataset {
    /// As [`SqliteDataset::open_with`], statements running in this process.
    pub fn open(path: &Path) -> Result<Self> {
        Self::open_with(path, SqlRunner::InProcess)
    }

    /// `runner` carries out statements of users and models; our own run in this process.
    /// [`StoreError::NotFound`] where there is no file.
    pub fn open_with(path: &Path, runner: SqlRunner) -> Result<Self> {
        if !path.is_file() {
            return Err(StoreError::NotFound);
        }
        let dataset = Self {
            path: path.to_owned(),
            runner,
        };
        super::write::recover(&dataset.path)?;
        Ok(dataset)
    }

    /// Writes a consistent copy to `target`, which must not exist; nothing is left where it fails or is cancelled.
    pub fn export(&self, target: &Path, cancel: &CancelFlag) -> Result<()> {
        super::copy::export(&self.path, target, cancel)
    }

    fn order(&self, sql: &str, deadline_ms: u64, work: Work) -> Order {
        Order {
            path: self.path.clone(),
            sql: sql.to_owned(),
            deadline_ms,
            work,
        }
    }

    fn query_by(
        &self,
        runner: &SqlRunner,
        sql: &str,
        limits: QueryLimits,
        cancel: &CancelFlag,
    ) -> Result<QueryResult> {
        let started = Instant::now();
        let allowance = Allowance {
            skip_rows: limits.offset,
            max_rows: Some(limits.max_rows),
            max_bytes: Some(limits.max_bytes),
        };
        let order = self.order(sql, limits.deadline_ms, Work::Run(allowance));
        let mut found = Gathered::default();
        let finished = runner.run(&order, cancel, &mut found)?;
        let Gathered { mut columns, rows } = found;
        complete_types(&mut columns, &rows);
        Ok(QueryResult {
            columns,
            row_count: rows.len() as u64,
            rows,
            truncated: finished.truncated,
            elapsed_ms: started.elapsed().as_secs_f64() * 1_000.0,
            tables: finished.tables,
        })
    }
}

/// Keeps what comes.
#[derive(Default)]
struct Gathered {
    columns: Vec<ResultColumn>,
    rows: Vec<Vec<Json>>,
}

impl Output for Gathered {
    fn columns(&mut self, columns: &[ResultColumn]) {
        self.columns = columns.to_vec();
    }

    fn row(&mut self, cells: Vec<Json>) -> bool {
        self.rows.push(cells);
        true
    }
}

/// Hands on what comes.
struct Handed<'a> {
    on_columns: &'a mut dyn FnMut(&[ResultColumn]),
    on_row: &'a mut dyn FnMut(Vec<Json>) -> bool,
}

impl Output for Handed<'_> {
    fn columns(&mut self, columns: &[ResultColumn]) {
        (self.on_columns)(columns);
    }

    fn row(&mut self, cells: Vec<Json>) -> bool {
        (self.on_row)(cells)
    }
}

impl Dataset for SqliteDataset {
    fn query(&self, sql: &str, limits: QueryLimits, cancel: &CancelFlag) -> Result<QueryResult> {
        self.query_by(&self.runner, sql, limits, cancel)
    }

    fn check(&self, sql: &str, cancel: &CancelFlag) -> Result<Vec<ResultColumn>> {
        let order = self.order(sql, OWN_DEADLINE_MS, Work::Check);
        let mut found = Gathered::default();
        self.runner.run(&order, cancel, &mut found)?;
        Ok(found.columns)
    }

    fn explain(&self, sql: &str, cancel: &CancelFlag) -> Result<Vec<String>> {
        let order = self.order(sql, OWN_DEADLINE_MS, Work::Explain);
        let mut found = Gathered::default();
        self.runner.run(&order, cancel, &mut found)?;
        Ok(texts(found.rows).collect())
    }

    fn stream(
        &self,
        sql: &str,
        deadline_ms: u64,
        cancel: &CancelFlag,
        on_columns: &mut dyn FnMut(&[ResultColumn]),
        on_row: &mut dyn FnMut(Vec<Json>) -> bool,
    ) -> Result<()> {
        let allowance = Allowance {
            skip_rows: 0,
            max_rows: None,
            max_bytes: None,
        };
        let order = self.order(sql, deadline_ms, Work::Run(allowance));
        let mut output = Handed { on_columns, on_row };
        self.runner.run(&order, cancel, &mut output)?;
        Ok(())
    }

    fn check_insert(&self, schema: &Schema, table: &str, rows: &[NewRow]) -> Result<()> {
        super::write::check_insert(&self.path, schema, table, rows)
    }

    fn insert(&self, schema: &Schema, table: &str, rows: &[NewRow]) -> Result<InsertReceipt> {
        super::write::insert(&self.path, schema, table, rows)
    }

    fn undo_insert(&self, receipt: &InsertReceipt) -> Result<()> {
        super::write::undo_insert(&self.path, receipt)
    }

    fn distinct_values(
        &self,
        table: &str,
        column: &str,
        limit: usize,
        cancel: &CancelFlag,
    ) -> Result<Vec<String>> {
        let (table, column) = (quote(table), quote(column));
        let sql = format!(
            "SELECT {column} FROM {table} WHERE typeof({column}) = 'text'
             GROUP BY {column} ORDER BY count(*) DESC, {column} LIMIT {limit}"
        );
        let limits = QueryLimits {
            max_rows: limit as u64,
            max_bytes: u64::MAX,
            deadline_ms: VALUES_DEADLINE_MS,
            offset: 0,
        };
        let result = self.query_by(&SqlRunner::InProcess, &sql, limits, cancel)?;
        Ok(texts(result.rows).collect())
    }
}

/// The texts at the ends of the rows.
fn texts(rows: Vec<Vec<Json>>) -> impl Iterator<Item = String> {
    rows.into_iter().filter_map(|mut row| match row.pop() {
        Some(Json::String(text)) => Some(text),
        _ => None,
    })
}

/// Where the first row had a null, a later one tells the storage class.
fn complete_types(columns: &mut [ResultColumn], rows: &[Vec<Json>]) {
    for (index, column) in columns.iter_mut().enumerate() {
        if !column.column_type.is_empty() {
            continue;
        }
        let first = rows
            .iter()
            .map(|row| &row[index])
            .find(|cell| !cell.is_null());
        let class = match first {
            Some(Json::Number(number)) if number.is_f64() => "REAL",
            Some(Json::Number(_)) => "INTEGER",
            Some(_) => "TEXT",
            None => "NULL",
        };
        class.clone_into(&mut column.column_type);
    }
}
