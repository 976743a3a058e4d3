//! Files -> a new database, all or nothing, every row accounted for.

pub(super) mod fill;
pub(super) mod orphans;
pub(super) mod plan;
pub(super) mod refusal;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use schema_gen::Schema;
use schema_gen::even::Spellings;
use schema_gen::forecast::{EmptiedColumn, EvenedColumn, OrphanCount};
use schema_gen::ident::quote;
use schema_gen::model::Table;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::CancelFlag;
use super::quarantine::{QuarantineWriter, quarantine_path};
use crate::files::UNFINISHED_PREFIX;
use crate::{Result, StoreError};

/// One file that tables of the schema take rows from.
pub use schema_gen::Source as LoadSource;

/// How far an import is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadProgress {
    /// Stable: `loading`, `checking`, `indexing`, `finishing`.
    pub stage: &'static str,
    /// Table at work; empty where it is none in particular.
    pub table: String,
    pub rows_done: u64,
    /// As the analysis counted them.
    pub rows_total: u64,
}

/// What became of every row: for each table, `rows_in + added = row_count + merged + quarantined`. Rows that are mended later
/// are no longer quarantined but stored or merged; rows that are inserted later are not in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadReport {
    pub tables: Vec<TableReport>,
    /// References that some stored rows have without a partner; the database does not enforce them.
    #[serde(default)]
    pub references: Vec<OrphanCount>,
    pub elapsed_ms: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    pub name: String,
    /// Records of the file that were meant for the table.
    pub rows_in: u64,
    /// Rows stored.
    pub row_count: u64,
    /// Rows equal to one stored before, or wholly empty; only where the table holds distinct rows.
    pub merged: u64,
    /// Rows set aside, without those that were mended since.
    pub quarantined: u64,
    /// Rows with a key alone, for those that refer to them.
    #[serde(default)]
    pub added: u64,
    /// Rows that were set aside and are stored or merged by now.
    #[serde(default)]
    pub mended: u64,
    /// Of `mended`, those that are equal to a stored one.
    #[serde(default)]
    pub mended_merged: u64,
    /// Cells whose text is not stored, by column; only columns that have any.
    #[serde(default)]
    pub emptied: Vec<EmptiedColumn>,
    /// Cells that are stored in the spelling of the key that they refer to, by column; only columns that have any.
    #[serde(default)]
    pub evened: Vec<EvenedColumn>,
}

/// Rows between two looks at the cancel flag, and two reports.
const REPORT_EVERY: u64 = 5_000;
/// Insertion touches the ends of tables and random places of keys: a large cache pays.
const INSERT_PRAGMAS: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA foreign_keys = OFF;
    PRAGMA temp_store = FILE;
    PRAGMA cache_size = -65536;";
/// Sorting for an index is fastest, and takes least memory, with a small cache and runs on disk.
const INDEX_PRAGMAS: &str = "PRAGMA cache_size = -500;";
/// Checking foreign keys looks up keys at random places; rows that are set aside then leave zeros.
const CHECK_PRAGMAS: &str = "PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;";

/// Builds the database of `schema` at `target` and its quarantine beside it. The files appear whole or not at all: a
/// failure or a cancellation leaves nothing. Blocks. The folder of `target` must exist.
pub fn load(
    schema: &Schema,
    sources: &[LoadSource],
    target: &Path,
    on_progress: &mut dyn FnMut(LoadProgress),
    cancel: &CancelFlag,
) -> Result<LoadReport> {
    let started = Instant::now();
    let folder = target
        .parent()
        .ok_or_else(|| StoreError::dataset("the target has no folder"))?;
    let (data_file, quarantine_file) = (unfinished(folder)?, unfinished(folder)?);
    let mut connection = Connection::open(data_file.path())?;
    connection.execute_batch(INSERT_PRAGMAS)?;
    let mut quarantine = QuarantineWriter::create(quarantine_file.path(), sources)?;
    let spellings = Spellings::read(schema, sources, &|| !cancel.is_cancelled())
        .map_err(|error| plan::unreadable(&error))?;
    let plans = plan::plan(schema, sources, &spellings)?;
    let statements = statements(schema);
    for statement in &statements.before {
        connection.execute_batch(statement)?;
    }

    let mut watch = Watcher {
        on_progress,
        cancel,
    };
    let mut counts = vec![Counts::default(); schema.tables.len()];
    let transaction = connection.transaction()?;
    let traces = plans
        .iter()
        .map(|plan| fill::fill(&transaction, plan, &mut quarantine, &mut counts, &mut watch))
        .collect::<Result<Vec<_>>>()?;
    transaction.commit()?;

    connection.execute_batch(INDEX_PRAGMAS)?;
    for statement in &statements.after {
        watch.report("indexing", "", 0, 0)?;
        connection.execute_batch(statement)?;
    }
    watch.report("checking", "", 0, 0)?;
    connection.execute_batch(CHECK_PRAGMAS)?;
    let settled = orphans::settle(&connection, schema, &watch)?;
    for (counts, added) in counts.iter_mut().zip(&settled.added) {
        counts.added += added;
        counts.stored += added;
    }
    let references = settled.without_partner(schema);
    orphans::explain(
        settled,
        schema,
        &plans,
        &traces,
        &mut quarantine,
        &mut counts,
        &watch,
    )?;
    watch.report("finishing", "", 0, 0)?;
    verify(&connection, schema, &counts, &quarantine)?;
    connection.execute_batch("PRAGMA analysis_limit = 400; ANALYZE;")?;
    let mut evened = quarantine.evened_columns()?;
    quarantine.finish()?;
    connection.close().map_err(|(_, error)| error)?;
    watch.check()?;
    publish(data_file, quarantine_file, target, folder)?;
    Ok(LoadReport {
        tables: schema
            .tables
            .iter()
            .zip(counts)
            .map(|(table, counts)| {
                counts.report(table, evened.remove(&table.name).unwrap_or_default())
            })
            .collect(),
        references,
        elapsed_ms: started.elapsed().as_millis() as u64,
    })
}

/// DDL to run before and after the rows are in.
struct Statements {
    before: Vec<String>,
    after: Vec<String>,
}

/// Unique indexes come before the rows, so that each row that breaks one is found as it comes.
fn statements(schema: &Schema) -> Statements {
    let (after, before) = schema_gen::create_statements(schema)
        .into_iter()
        .partition(|statement| statement.starts_with("CREATE INDEX"));
    Statements { before, after }
}

/// Rows of one table as they come in.
#[derive(Debug, Clone, Default)]
struct Counts {
    rows_in: u64,
    stored: u64,
    merged: u64,
    quarantined: u64,
    added: u64,
    /// By the column's place.
    emptied: BTreeMap<usize, u64>,
    evened: BTreeMap<usize, u64>,
}

impl Counts {
    /// `evened`: as they are listed.
    fn report(&self, table: &Table, mut evened: Vec<EvenedColumn>) -> TableReport {
        evened.sort_by_key(|own| {
            table
                .columns
                .iter()
                .position(|each| each.name == own.column)
        });
        TableReport {
            name: table.name.clone(),
            rows_in: self.rows_in,
            row_count: self.stored,
            merged: self.merged,
            quarantined: self.quarantined,
            added: self.added,
            mended: 0,
            mended_merged: 0,
            emptied: self
                .emptied
                .iter()
                .filter(|(_, cells)| **cells > 0)
                .map(|(place, cells)| EmptiedColumn {
                    column: table.columns[*place].name.clone(),
                    cells: *cells,
                })
                .collect(),
            evened,
        }
    }
}

/// Tells how far the work is and hears whether it is to go on.
struct Watcher<'a> {
    on_progress: &'a mut dyn FnMut(LoadProgress),
    cancel: &'a CancelFlag,
}

impl Watcher<'_> {
    fn report(
        &mut self,
        stage: &'static str,
        table: &str,
        rows_done: u64,
        rows_total: u64,
    ) -> Result<()> {
        (self.on_progress)(LoadProgress {
            stage,
            table: table.to_owned(),
            rows_done,
            rows_total,
        });
        self.check()
    }

    fn check(&self) -> Result<()> {
        if self.cancel.is_cancelled() {
            Err(StoreError::Cancelled)
        } else {
            Ok(())
        }
    }
}

/// Counts what is really there against what was counted on the way; a difference must never go out as a success.
fn verify(
    connection: &Connection,
    schema: &Schema,
    counts: &[Counts],
    quarantine: &QuarantineWriter,
) -> Result<()> {
    let (mut quarantined, mut emptied, mut evened) = (0, 0, 0);
    for (table, counts) in schema.tables.iter().zip(counts) {
        let sql = format!("SELECT count(*) FROM {}", quote(&table.name));
        let found: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        let accounted = counts.stored + counts.merged + counts.quarantined;
        if found.cast_unsigned() != counts.stored || counts.rows_in + counts.added != accounted {
            return Err(StoreError::dataset(format!(
                "table {}: {found} rows found where {counts:?} was counted",
                table.name
            )));
        }
        quarantined += counts.quarantined;
        emptied += counts.emptied.values().sum::<u64>();
        evened += counts.evened.values().sum::<u64>();
    }
    let found = quarantine.count()?;
    if found != quarantined {
        return Err(StoreError::dataset(format!(
            "{found} rows in the quarantine where {quarantined} were counted"
        )));
    }
    let found = quarantine.count_cells()?;
    if found != emptied {
        return Err(StoreError::dataset(format!(
            "{found} emptied cells are listed where {emptied} were counted"
        )));
    }
    let found = quarantine.count_evened()?;
    if found != evened {
        return Err(StoreError::dataset(format!(
            "{found} respelled cells are listed where {evened} were counted"
        )));
    }
    Ok(())
}

/// A file, 0600, that is removed when dropped.
fn unfinished(folder: &Path) -> Result<NamedTempFile> {
    Ok(tempfile::Builder::new()
        .prefix(UNFINISHED_PREFIX)
        .tempfile_in(folder)?)
}

/// Brings both files to their places for good, the database last: where it stands, its quarantine does too.
fn publish(
    data: NamedTempFile,
    quarantine: NamedTempFile,
    target: &Path,
    folder: &Path,
) -> Result<()> {
    data.as_file().sync_all()?;
    quarantine.as_file().sync_all()?;
    let beside = quarantine_path(target);
    quarantine.persist(&beside).map_err(|error| error.error)?;
    if let Err(error) = data.persist(target) {
        let _ = std::fs::remove_file(beside);
        return Err(error.error.into());
    }
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests;
