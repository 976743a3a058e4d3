//! The counts of an import, as they are by now.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use schema_gen::Schema;
use schema_gen::forecast::{EmptiedColumn, EvenedColumn, OrphanCount};

use crate::dataset::load::orphans::{foreign_keys, orphans_sql};
use crate::dataset::quarantine::{Quarantine, open};
use crate::dataset::{LoadReport, TableReport};
use crate::{Result, StoreError};

/// What is set aside, mended and empty, by table.
#[derive(Default)]
struct Counted {
    open: u64,
    mended: u64,
    merged: u64,
    emptied: Vec<EmptiedColumn>,
    evened: Vec<EvenedColumn>,
}

/// Whether `report` says what the quarantine of the database at `dataset` does; `true` where there is none.
pub fn is_counted(dataset: &Path, report: &LoadReport) -> Result<bool> {
    let counted = match open(dataset) {
        Ok(quarantine) => counted(&quarantine)?,
        Err(StoreError::NotFound) => return Ok(true),
        Err(error) => return Err(error),
    };
    let none = Counted::default();
    Ok(report.tables.iter().all(|table| {
        let counted = counted.get(&table.name).unwrap_or(&none);
        let cells = |columns: &[EmptiedColumn]| columns.iter().map(|own| own.cells).sum::<u64>();
        table.quarantined == counted.open
            && table.mended == counted.mended
            && cells(&table.emptied) == cells(&counted.emptied)
    }))
}

/// The report of the import of the database at `dataset`, as it is now that rows and cells were mended: the same whenever it
/// is made, so that it can be made again after a crash. References are counted anew where they touch one of `tables`, or all
/// where that is `None`.
pub fn recount(
    dataset: &Path,
    schema: &Schema,
    report: &LoadReport,
    tables: Option<&BTreeSet<String>>,
) -> Result<LoadReport> {
    let mut counted = counted(&open(dataset)?)?;
    let mut report = report.clone();
    for table in &mut report.tables {
        let now = counted.remove(&table.name).unwrap_or_default();
        put_right(table, now);
    }
    for table in &mut report.tables {
        // In the order of the table's columns, as the import has them.
        let own = schema.table(&table.name);
        let place = |name: &String| {
            own.and_then(|own| own.columns.iter().position(|column| &column.name == name))
        };
        table.emptied.sort_by_key(|emptied| place(&emptied.column));
        table.evened.sort_by_key(|evened| place(&evened.column));
    }
    report.references = references(dataset, schema, &report.references, tables)?;
    Ok(report)
}

fn put_right(table: &mut TableReport, now: Counted) {
    table.merged = (table.merged + now.merged).saturating_sub(table.mended_merged);
    table.quarantined = now.open;
    table.mended = now.mended;
    table.mended_merged = now.merged;
    table.row_count =
        (table.rows_in + table.added).saturating_sub(table.merged + table.quarantined);
    table.emptied = now.emptied;
    table.evened = now.evened;
}

fn counted(quarantine: &Quarantine) -> Result<BTreeMap<String, Counted>> {
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    let connection = &quarantine.connection;
    for (mended, sql) in quarantine.row_counts() {
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let table = counted.entry(row.get(0)?).or_default();
            let (all, merged): (i64, i64) = (row.get(1)?, row.get(2)?);
            if mended {
                table.mended = all.cast_unsigned();
                table.merged = merged.cast_unsigned();
            } else {
                table.open = all.cast_unsigned();
            }
        }
    }
    let mut statement = connection.prepare(&quarantine.cell_counts())?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let table = counted.entry(row.get(0)?).or_default();
        table.emptied.push(EmptiedColumn {
            column: row.get(1)?,
            cells: row.get::<_, i64>(2)?.cast_unsigned(),
        });
    }
    for (table, evened) in quarantine.evened_columns()? {
        counted.entry(table).or_default().evened = evened;
    }
    Ok(counted)
}

/// References that some stored rows have without a partner.
fn references(
    dataset: &Path,
    schema: &Schema,
    before: &[OrphanCount],
    tables: Option<&BTreeSet<String>>,
) -> Result<Vec<OrphanCount>> {
    let connection = Connection::open_with_flags(dataset, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    let mut held = BTreeSet::new();
    for table in &schema.tables {
        held.extend(foreign_keys(&connection, schema, table)?.into_values());
    }
    let mut found = Vec::new();
    for (place, relationship) in schema.relationships.iter().enumerate() {
        if held.contains(&place) {
            continue;
        }
        let is_touched = tables.is_none_or(|tables| {
            tables.contains(&relationship.from_table) || tables.contains(&relationship.to_table)
        });
        if is_touched {
            let sql = format!("SELECT count(*) {}", orphans_sql(relationship));
            let rows: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
            found.push(OrphanCount::of(relationship, rows.cast_unsigned()));
        } else {
            found.extend(before.iter().find(|own| own.is_of(relationship)).cloned());
        }
    }
    found.retain(|own| own.orphan_rows > 0);
    Ok(found)
}
