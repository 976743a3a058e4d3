//! Other names alone: the database is copied and altered, and no file is read.

use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use schema_gen::Schema;
use schema_gen::difference::Matching;
use schema_gen::forecast::OrphanCount;
use schema_gen::ident::quote;

use super::{ByHand, Carried, note_mended};
use crate::dataset::mend::{begin, open_both};
use crate::dataset::quarantine::quarantine_path;
use crate::dataset::{CancelFlag, InsertReceipt, LoadReport, copy, mend};
use crate::{Result, StoreError};

/// Names of before -> those of after.
#[derive(Default)]
struct Names {
    tables: HashMap<String, String>,
    columns: HashMap<(String, String), String>,
}

impl Names {
    fn of(base: &Schema, draft: &Schema) -> Self {
        let mut names = Self::default();
        for found in &Matching::of(base, draft).tables {
            let (Some(before), Some(after)) = (found.before, found.after) else {
                continue;
            };
            let (before, after) = (&base.tables[before], &draft.tables[after]);
            names.tables.insert(before.name.clone(), after.name.clone());
            for (one, two) in &found.columns {
                if let (Some(one), Some(two)) = (one, two) {
                    let own = (before.name.clone(), before.columns[*one].name.clone());
                    names.columns.insert(own, after.columns[*two].name.clone());
                }
            }
        }
        names
    }

    fn table<'a>(&'a self, name: &'a str) -> &'a str {
        self.tables.get(name).map_or(name, String::as_str)
    }

    fn column<'a>(&'a self, table: &str, name: &'a str) -> &'a str {
        let own = (table.to_owned(), name.to_owned());
        self.columns.get(&own).map_or(name, String::as_str)
    }
}

/// Makes the database at `target`, with its quarantine, out of a copy of the one at `before`, whose schema differs from `draft` in names
/// alone. `report`: of the import before. Where it fails, what is at `target` is to be removed. Blocks.
pub fn copy_renamed(
    before: &Path,
    target: &Path,
    (base, draft): (&Schema, &Schema),
    (inserted, report): (&[InsertReceipt], &LoadReport),
    cancel: &CancelFlag,
) -> Result<(LoadReport, Carried)> {
    let started = Instant::now();
    mend::recover(before)?;
    let (from, to) = (quarantine_path(before), quarantine_path(target));
    copy::export(&from, &to, cancel)?;
    copy::export(before, target, cancel)?;
    let names = Names::of(base, draft);
    let mut both = open_both(target, &[])?;
    add_functions(&both, &names)?;
    let transaction = begin(&mut both)?;
    rename_tables(&transaction, base, &names)?;
    make_indexes(&transaction, draft)?;
    transaction
        .execute_batch("UPDATE set_aside.quarantine SET table_name = table_after(table_name)")?;
    for list in ["emptied", "evened"] {
        transaction.execute_batch(&format!(
            "UPDATE set_aside.{list}
             SET table_column = column_after(table_name, table_column), table_name = table_after(table_name)"
        ))?;
    }
    note_mended(&transaction)?;
    refuse_other_names(&transaction, draft)?;
    transaction.commit()?;
    both.execute_batch("PRAGMA main.analysis_limit = 400; ANALYZE main;")?;
    let mended = |table: &str| -> Result<u64> {
        let sql = format!("SELECT count(*) FROM set_aside.{table} WHERE mended IS NOT NULL");
        Ok(both
            .query_row(&sql, [], |row| row.get::<_, i64>(0))?
            .cast_unsigned())
    };
    let kept = |kept| ByHand { kept, set_aside: 0 };
    let carried = Carried {
        inserted_rows: kept(inserted.iter().map(|receipt| receipt.row_count).sum()),
        mended_rows: kept(mended("quarantine")?),
        mended_cells: kept(mended("emptied")?),
        receipts: inserted
            .iter()
            .map(|receipt| InsertReceipt {
                table: names.table(&receipt.table).to_owned(),
                ..receipt.clone()
            })
            .collect(),
    };
    drop(both);
    let report = mend::recount(target, draft, &renamed_report(report, &names), None)?;
    let report = LoadReport {
        elapsed_ms: started.elapsed().as_millis() as u64,
        ..report
    };
    Ok((report, carried))
}

/// `table_after(name)` and `column_after(table, name)`.
fn add_functions(connection: &Connection, names: &Names) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let tables = names.tables.clone();
    connection.create_scalar_function("table_after", 1, flags, move |context| {
        let name: String = context.get(0)?;
        Ok(tables.get(&name).cloned().unwrap_or(name))
    })?;
    let columns = names.columns.clone();
    connection.create_scalar_function("column_after", 2, flags, move |context| {
        let own: (String, String) = (context.get(0)?, context.get(1)?);
        Ok(columns.get(&own).cloned().unwrap_or(own.1))
    })?;
    Ok(())
}

/// By way of names that nothing has, so that names can change places.
fn rename_tables(connection: &Connection, base: &Schema, names: &Names) -> Result<()> {
    let taken: Vec<String> = base
        .tables
        .iter()
        .flat_map(|table| {
            let columns = table.columns.iter().map(|column| &column.name);
            columns.chain([&table.name]).map(|name| name.to_lowercase())
        })
        .chain(
            names
                .tables
                .values()
                .chain(names.columns.values())
                .map(|name| name.to_lowercase()),
        )
        .collect();
    let mut prefix = "between_names".to_owned();
    while taken.iter().any(|name| name.starts_with(&prefix)) {
        prefix.push('_');
    }
    let mut second = Vec::new();
    for (number, table) in base.tables.iter().enumerate() {
        for (place, column) in table.columns.iter().enumerate() {
            let after = names.column(&table.name, &column.name);
            if after == column.name {
                continue;
            }
            let between = format!("{prefix}_{place}");
            let rename = |from: &str, to: &str, table: &str| {
                format!(
                    "ALTER TABLE {} RENAME COLUMN {} TO {}",
                    quote(table),
                    quote(from),
                    quote(to)
                )
            };
            connection.execute_batch(&rename(&column.name, &between, &table.name))?;
            second.push(rename(&between, after, &table.name));
        }
        for statement in second.drain(..) {
            connection.execute_batch(&statement)?;
        }
        if names.table(&table.name) != table.name {
            let between = format!("{prefix}_table_{number}");
            connection.execute_batch(&rename_table(&table.name, &between))?;
        }
    }
    for (number, table) in base.tables.iter().enumerate() {
        let after = names.table(&table.name);
        if after != table.name {
            let between = format!("{prefix}_table_{number}");
            connection.execute_batch(&rename_table(&between, after))?;
        }
    }
    Ok(())
}

fn rename_table(from: &str, to: &str) -> String {
    format!("ALTER TABLE {} RENAME TO {}", quote(from), quote(to))
}

/// Indexes are named by what they are of.
fn make_indexes(connection: &Connection, draft: &Schema) -> Result<()> {
    let mut statement = connection
        .prepare("SELECT name FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL")?;
    let found = statement
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    drop(statement);
    for name in found {
        connection.execute_batch(&format!("DROP INDEX main.{}", quote(&name)))?;
    }
    for statement in schema_gen::create_statements(draft) {
        if !statement.starts_with("CREATE TABLE") {
            connection.execute_batch(&statement)?;
        }
    }
    Ok(())
}

/// A database that is not what its schema says must never go out as one.
fn refuse_other_names(connection: &Connection, draft: &Schema) -> Result<()> {
    for table in &draft.tables {
        let mut statement =
            connection.prepare("SELECT name FROM pragma_table_info(?1, 'main') ORDER BY cid")?;
        let found = statement
            .query_map([&table.name], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        let expected = table.columns.iter().map(|column| &column.name);
        if !expected.eq(found.iter()) {
            return Err(StoreError::dataset(format!(
                "table {}: the columns {found:?} were found after the renaming",
                table.name
            )));
        }
    }
    Ok(())
}

fn renamed_report(report: &LoadReport, names: &Names) -> LoadReport {
    let mut report = report.clone();
    for table in &mut report.tables {
        for emptied in &mut table.emptied {
            emptied.column = names.column(&table.name, &emptied.column).to_owned();
        }
        for evened in &mut table.evened {
            evened.column = names.column(&table.name, &evened.column).to_owned();
        }
        table.name = names.table(&table.name).to_owned();
    }
    let renamed = |table: &mut String, columns: &mut Vec<String>| {
        for column in columns {
            *column = names.column(table, column).to_owned();
        }
        *table = names.table(table).to_owned();
    };
    for reference in &mut report.references {
        let OrphanCount {
            from_table,
            from_columns,
            to_table,
            to_columns,
            ..
        } = reference;
        renamed(from_table, from_columns);
        renamed(to_table, to_columns);
    }
    report
}
