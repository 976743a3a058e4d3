//! What is left of rows that were taken back. `secure_delete` puts zeros over deleted rows, but not over the copies that
//! SQLite leaves where it moved them from page to page; those go when the file is written anew.

use std::path::Path;

use rusqlite::Connection;
use schema_gen::ident::quote;

use super::rowid_name;
use crate::Result;

/// Files up to this size are written anew, which takes about 0.5 s at most and keeps queries waiting meanwhile.
const MAX_REWRITTEN_BYTES: u64 = 64 << 20;

/// Wipes the copies where that is quick and safe. The rows are gone either way, so a failure is only logged.
pub(in crate::dataset) fn wipe(path: &Path, connection: &Connection, table: &str) {
    let is_small = path
        .metadata()
        .is_ok_and(|file| file.len() <= MAX_REWRITTEN_BYTES);
    if !is_small {
        return;
    }
    let wiped = keeps_row_ids(connection).and_then(|keeps| {
        // Indexes hold copies of values and move them the most.
        let sql = if keeps {
            "VACUUM".to_owned()
        } else {
            format!("REINDEX {}", quote(table))
        };
        Ok(connection.execute_batch(&sql)?)
    });
    if let Err(error) = wiped {
        tracing::warn!(%error, "copies of rows that were taken back may be left in the file");
    }
}

/// Whether VACUUM changes no row id, by which receipts of other insertions name their rows: it may number the rows of a
/// table anew from 1, unless a column is its row id.
fn keeps_row_ids(connection: &Connection) -> Result<bool> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_master m WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
         AND NOT (SELECT count(*) = 1 AND max(upper(type)) = 'INTEGER' FROM pragma_table_info(m.name) WHERE pk > 0)",
    )?;
    let tables = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for table in tables {
        let rowid = rowid_name(connection, &table)?;
        let sql = format!(
            "SELECT coalesce(min({rowid}), 1) = 1 AND coalesce(max({rowid}), 0) = count(*) FROM {}",
            quote(&table)
        );
        if !connection.query_row(&sql, [], |row| row.get::<_, bool>(0))? {
            return Ok(false);
        }
    }
    Ok(true)
}
