//! The database of a changed schema, made beside the one that it is to take the place of. What people added and mended there is
//! in no file: it is carried over, and where it does not fit any more it is listed among the rows set aside, with the reason.
//!
//! Nothing here touches the database before: it stays whole, and is what an undo brings back.

mod carry;
mod convert;
mod rename;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;

use super::InsertReceipt;
use super::quarantine;
use crate::{Result, StoreError};

pub use carry::carry_over;
pub use rename::copy_renamed;

/// What became of what people added and mended.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Carried {
    /// Of each insertion, in their order, what it is now.
    pub receipts: Vec<InsertReceipt>,
    pub inserted_rows: ByHand,
    pub mended_rows: ByHand,
    pub mended_cells: ByHand,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ByHand {
    pub kept: u64,
    /// Listed among the rows set aside, each with the reason.
    pub set_aside: u64,
}

/// Rows and cells that were mended, or put back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MendedSince {
    pub rows: u64,
    pub cells: u64,
}

/// What is mended, as the kind and the number of the entry with what it became.
const MENDED: &str = "SELECT 'row' AS kind, id, mended || coalesce(row_id, '') AS became FROM {schema}quarantine WHERE mended IS NOT NULL
     UNION ALL SELECT 'cell', id, mended FROM {schema}emptied WHERE mended IS NOT NULL";

/// Notes in the quarantine what is mended as of now.
fn note_mended(both: &Connection) -> Result<()> {
    both.execute_batch(&format!(
        "DROP TABLE IF EXISTS set_aside.carried;
         CREATE TABLE set_aside.carried (kind TEXT NOT NULL, id INTEGER NOT NULL, became TEXT NOT NULL) STRICT;
         INSERT INTO set_aside.carried {}",
        MENDED.replace("{schema}", "set_aside.")
    ))?;
    Ok(())
}

/// Rows and cells that are mended, by table. Blocks.
pub fn mended_by_table(dataset: &Path) -> Result<BTreeMap<String, MendedSince>> {
    let quarantine = match quarantine::open(dataset) {
        Ok(quarantine) => quarantine,
        Err(StoreError::NotFound) => return Ok(BTreeMap::new()),
        Err(error) => return Err(error),
    };
    let mut found: BTreeMap<String, MendedSince> = BTreeMap::new();
    for (is_row, list) in [(true, quarantine.rows()), (false, quarantine.cells())] {
        let sql =
            format!("SELECT table_name, count(*) FROM {list} WHERE mended IS NOT NULL GROUP BY 1");
        let mut statement = quarantine.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let counts = found.entry(row.get(0)?).or_default();
            let count = row.get::<_, i64>(1)?.cast_unsigned();
            if is_row {
                counts.rows = count;
            } else {
                counts.cells = count;
            }
        }
    }
    Ok(found)
}

/// Counts what was mended or put back since the database at `dataset` took the place of another one. Blocks.
pub fn mended_since(dataset: &Path) -> Result<MendedSince> {
    let quarantine = match quarantine::open(dataset) {
        Ok(quarantine) => quarantine,
        Err(StoreError::NotFound) => return Ok(MendedSince::default()),
        Err(error) => return Err(error),
    };
    let connection = &quarantine.connection;
    let noted = "SELECT count(*) FROM sqlite_master WHERE name = 'carried'";
    if connection.query_row(noted, [], |row| row.get::<_, i64>(0))? == 0 {
        return Ok(MendedSince::default());
    }
    let now = MENDED.replace("{schema}", "");
    let sql = format!(
        "WITH now AS ({now}), then_ AS (SELECT kind, id, became FROM carried),
              other AS (SELECT kind, id FROM (SELECT * FROM now EXCEPT SELECT * FROM then_)
                        UNION SELECT kind, id FROM (SELECT * FROM then_ EXCEPT SELECT * FROM now))
         SELECT count(*) FILTER (WHERE kind = 'row'), count(*) FILTER (WHERE kind = 'cell') FROM other"
    );
    let (rows, cells): (i64, i64) =
        connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(MendedSince {
        rows: rows.cast_unsigned(),
        cells: cells.cast_unsigned(),
    })
}

#[cfg(test)]
mod tests;
