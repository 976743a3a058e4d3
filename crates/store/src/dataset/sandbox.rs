//! Runs SQL that nobody vouches for: a model's, or typed by hand.
//!
//! Several walls, each enough for most attacks: the file is opened read-only; an authorizer lets through SELECT over the
//! user's own tables and listed functions, and nothing else; a look at the words refuses what would be compiled for ever;
//! limits bound what SQLite may build; a progress handler ends what takes too long or spills too much.

mod aggregates;
mod authorize;
mod cell;
mod functions;
mod nearest;
mod scan;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags, Statement};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::order::Output;
use super::{CancelFlag, ResultColumn};
use crate::error::code_of;
use crate::{Result, StoreError};
use authorize::Access;
use watch::Watch;

pub(super) use cell::Budget;
pub(super) use watch::timed_out;

/// Longest string, blob or row, in bytes.
pub(super) const MAX_LENGTH: usize = schema_gen::rows::MAX_ROW_BYTES;
/// Longest statement, in bytes.
const MAX_SQL_LENGTH: usize = 100_000;
/// How long a query waits for an insertion to end.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// Operations of SQLite's virtual machine between two looks at the clock. With 1,000, single operations on long strings
/// were seen to overrun a deadline of 2 s to 5.3 s.
const OPS_BETWEEN_CHECKS: i32 = 100;

const LIMITS: [(Limit, i32); 12] = [
    (Limit::SQLITE_LIMIT_LENGTH, MAX_LENGTH as i32),
    (Limit::SQLITE_LIMIT_SQL_LENGTH, MAX_SQL_LENGTH as i32),
    (Limit::SQLITE_LIMIT_COLUMN, 200),
    (Limit::SQLITE_LIMIT_EXPR_DEPTH, 200),
    (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 50),
    (Limit::SQLITE_LIMIT_VDBE_OP, 25_000),
    (Limit::SQLITE_LIMIT_FUNCTION_ARG, 32),
    (Limit::SQLITE_LIMIT_ATTACHED, 0),
    (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50),
    (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 100),
    (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
    (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
];

const PRAGMAS: &str = "
    PRAGMA query_only = 1;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA mmap_size = 0;
    PRAGMA cache_size = -8000;
    PRAGMA temp_store = FILE;";

/// One connection for one statement.
pub(super) struct Sandbox {
    path: PathBuf,
    connection: Connection,
    access: Arc<Mutex<Access>>,
    watch: Watch,
}

/// What a finished statement leaves.
#[derive(Debug, Default)]
pub(super) struct Finished {
    /// Tables it read.
    pub tables: Vec<String>,
    /// There were more rows or bytes than taken.
    pub truncated: bool,
}

/// What a statement may use up.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Allowance {
    pub skip_rows: u64,
    /// `None`: no bound.
    pub max_rows: Option<u64>,
    pub max_bytes: Option<u64>,
}

/// Refuses a statement by its text alone, before a connection or a worker is taken for it.
pub(super) fn refuse_by_text(sql: &str) -> Result<()> {
    if sql.contains('\0') {
        return Err(StoreError::denied(
            "sql_nul",
            "the SQL holds a NUL character",
        ));
    }
    if sql.len() > MAX_SQL_LENGTH {
        return Err(StoreError::limit(
            "sql_too_long",
            format!("the SQL is longer than {MAX_SQL_LENGTH} bytes"),
        ));
    }
    scan::scan(sql).map(drop)
}

impl Sandbox {
    pub fn open(path: &Path, deadline_ms: u64, cancel: &CancelFlag) -> Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch(PRAGMAS)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false)?;
        let access = Arc::new(Mutex::new(Access::of(&connection)?));
        for (limit, value) in LIMITS {
            connection.set_limit(limit, value)?;
        }
        let watch = Watch::new(Instant::now(), deadline_ms, cancel.clone());
        functions::replace_slow_ones(&connection, &watch)?;
        aggregates::add(&connection, &watch)?;
        let mut handler = watch.clone();
        connection.progress_handler(OPS_BETWEEN_CHECKS, Some(move || handler.must_stop()))?;
        let decider = Arc::clone(&access);
        connection.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
            decider
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .decide(&context)
        }))?;
        Ok(Self {
            path: path.to_owned(),
            connection,
            access,
            watch,
        })
    }

    /// Names and types of the result's columns; the statement is not run.
    pub fn check(&self, sql: &str) -> Result<Vec<ResultColumn>> {
        let statement = self.prepare(sql)?;
        Ok(columns(&statement))
    }

    /// A line for each step of the plan, indented by depth.
    pub fn explain(&self, sql: &str) -> Result<Vec<String>> {
        self.prepare(sql)?;
        let mut statement = self
            .connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .map_err(|error| self.translate(error))?;
        let mut rows = statement.query([])?;
        let mut depths = std::collections::HashMap::from([(0_i64, 0_usize)]);
        let mut lines = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.translate(error))? {
            let (id, parent, detail): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let depth = depths.get(&parent).copied().unwrap_or_default();
            depths.insert(id, depth + 1);
            lines.push(format!("{}{detail}", "  ".repeat(depth)));
        }
        Ok(lines)
    }

    /// Runs the statement.
    pub fn run(
        &self,
        sql: &str,
        allowance: &Allowance,
        output: &mut dyn Output,
    ) -> Result<Finished> {
        let mut statement = self.prepare(sql)?;
        let mut columns = columns(&statement);
        let mut rows = statement.query([])?;
        let mut budget = Budget::new(allowance.max_bytes);
        let (mut seen, mut taken) = (0_u64, 0_u64);
        let mut truncated = false;
        while let Some(row) = rows.next().map_err(|error| self.translate(error))? {
            seen += 1;
            if seen == 1 {
                cell::complete_types(&mut columns, row)?;
                output.columns(&columns);
            }
            if seen <= allowance.skip_rows {
                continue;
            }
            if allowance.max_rows.is_some_and(|max| taken >= max) || budget.is_used_up() {
                truncated = true;
                break;
            }
            let cells = (0..columns.len())
                .map(|index| Ok(budget.cell(row.get_ref(index)?)))
                .collect::<Result<Vec<Json>>>()?;
            truncated |= budget.clipped();
            taken += 1;
            if !output.row(cells) {
                break;
            }
        }
        if seen == 0 {
            output.columns(&columns);
        }
        let tables = self.access().tables_read();
        Ok(Finished { tables, truncated })
    }

    /// `sql` has passed [`refuse_by_text`].
    fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        self.access().expressions = scan::scan(sql)?;
        let statement = self
            .connection
            .prepare(sql)
            .map_err(|error| self.translate_compiling(sql, error))?;
        if statement.is_explain() != 0 {
            return Err(denied("EXPLAIN is not allowed here"));
        }
        // SQLite compiles blanks and comments to nothing.
        if statement.expanded_sql().is_none() {
            return Err(StoreError::denied("sql_empty", "the SQL holds no query"));
        }
        if statement.column_count() == 0 || !statement.readonly() {
            return Err(denied("only reading is allowed"));
        }
        if statement.parameter_count() > 0 {
            return Err(denied("parameters are not allowed: write the values out"));
        }
        Ok(statement)
    }

    fn access(&self) -> std::sync::MutexGuard<'_, Access> {
        self.access.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// As [`Sandbox::translate`], with the place of a fault in the statement.
    fn translate_compiling(&self, sql: &str, error: rusqlite::Error) -> StoreError {
        let offset = match &error {
            rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
            _ => None,
        };
        match self.translate(error) {
            StoreError::BadSql { message } => StoreError::BadSql {
                message: nearest::explain(&self.path, sql, &message, offset),
            },
            other => other,
        }
    }

    /// SQLite's error in our terms; what the authorizer and the progress handler noted says more than the code.
    fn translate(&self, error: rusqlite::Error) -> StoreError {
        if let Some(reason) = self.access().take_denial() {
            return denied(reason);
        }
        if let Some(stopped) = self.watch.stopped_because() {
            return stopped;
        }
        if matches!(error, rusqlite::Error::MultipleStatement) {
            return denied("only one statement is allowed");
        }
        match code_of(&error) {
            Some(ErrorCode::AuthorizationForStatementDenied | ErrorCode::ReadOnly) => {
                denied("only reading your own tables is allowed")
            }
            Some(ErrorCode::TooBig) => StoreError::limit(
                "too_big",
                format!(
                    "a string, blob or row of more than {MAX_LENGTH} bytes, or too long a statement"
                ),
            ),
            Some(ErrorCode::OutOfMemory) => StoreError::limit(
                "too_complex",
                "the statement needs more memory or steps than allowed: make it simpler",
            ),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::limit("busy", "the database is being written to: try again")
            }
            Some(ErrorCode::Unknown | ErrorCode::TypeMismatch) => StoreError::BadSql {
                message: message_of(&error),
            },
            _ => error.into(),
        }
    }
}

/// SQLite's own words, without the statement that rusqlite adds.
pub(super) fn message_of(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        other => other.to_string(),
    }
}

/// Bounds the memory that SQLite holds in this process, for all connections together. Asked for more, a statement ends
/// as [`StoreError::Limit`] `too_complex`.
pub(super) fn bound_memory(bytes: u64) -> Result<()> {
    let connection = Connection::open_in_memory()?;
    connection.query_row(&format!("PRAGMA hard_heap_limit = {bytes}"), [], |_| Ok(()))?;
    Ok(())
}

fn denied(message: impl Into<String>) -> StoreError {
    StoreError::denied("sql_denied", message)
}

fn columns(statement: &Statement<'_>) -> Vec<ResultColumn> {
    statement
        .columns()
        .iter()
        .map(|column| ResultColumn {
            name: column.name().to_owned(),
            column_type: column.decl_type().unwrap_or_default().to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests;
