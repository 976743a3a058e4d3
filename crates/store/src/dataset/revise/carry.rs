//! What people added and mended, put into a database that was made from the files anew.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::Path;

use ingest::ColumnType;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params_from_iter};
use schema_gen::Schema;
use schema_gen::difference::{Matching, TableMatch};
use schema_gen::even::Spellings;
use schema_gen::ident::quote;
use schema_gen::model::{Relationship, SourceRows, Table};

use super::convert::{convert, written};
use super::{Carried, note_mended};
use crate::Result;
use crate::dataset::load::orphans::row_id;
use crate::dataset::load::refusal::{broken_constraint, csv_field, no_partner};
use crate::dataset::mend::{
    begin, delete, enforced, fill_cell, mark_mended, open_both, stored_spellings,
};
use crate::dataset::quarantine::{self, BY_HAND, kind_of};
use crate::dataset::write::{self, values};
use crate::dataset::{InsertReceipt, mend};

/// A row that is in no file, or not as it was stored.
struct ByHandRow {
    /// Place of its table in the schema before.
    table: usize,
    values: Vec<Value>,
    origin: Origin,
}

enum Origin {
    /// By the insertion of this place.
    Inserted {
        write: usize,
    },
    Mended(Place),
}

/// Where the record of something mended stands.
struct Place {
    csv_id: String,
    file: String,
    line: i64,
    part: Option<i64>,
    merged: bool,
}

/// A row in the new database, though not for good yet.
struct Stored<'a> {
    row: &'a ByHandRow,
    /// Place of its table in the new schema.
    table: usize,
    row_id: i64,
    values: Vec<Value>,
    /// The entry of the rows set aside that it mends.
    entry: Option<i64>,
    merged: bool,
}

/// What became of a row at once.
enum Outcome<'a> {
    Stored(Stored<'a>),
    /// The files have it by now, as it was.
    There,
    Refused(String),
    /// What it refers to may come yet.
    Later(String),
}

/// Carries what stands in the database at `before` and in no file over to the one at `target`, which was imported just now: rows of `inserted`, rows and
/// cells that were mended. What does not fit is listed among the rows set aside, with an empty `csv_id`. All or nothing. Blocks.
pub fn carry_over(
    (before, base): (&Path, &Schema),
    (target, draft): (&Path, &Schema),
    inserted: &[InsertReceipt],
) -> Result<Carried> {
    mend::recover(before)?;
    let old = Connection::open_with_flags(before, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let old_quarantine = quarantine::open(before)?;
    let mut both = open_both(target, &[])?;
    let transaction = begin(&mut both)?;
    let work = Work {
        old: &old,
        new: &transaction,
        base,
        draft,
        matching: Matching::of(base, draft),
        spellings: stored_spellings(&transaction, draft, &|_| true)?,
    };
    let mut carried = Carried::default();
    let mut rows = work.inserted(inserted)?;
    rows.extend(work.mended(&old_quarantine)?);
    let stored = work.place_all(&rows, &mut carried)?;
    let stored = work.take_out_orphans(stored, &mut carried)?;
    for stored in &stored {
        work.mark(stored)?;
    }
    work.fill_cells(&old_quarantine, &mut carried)?;
    work.list_again(&old_quarantine)?;
    carried.receipts = work.receipts(inserted, &stored)?;
    note_mended(&transaction)?;
    transaction.commit()?;
    Ok(carried)
}

struct Work<'a> {
    old: &'a Connection,
    new: &'a Connection,
    base: &'a Schema,
    draft: &'a Schema,
    matching: Matching,
    spellings: Spellings,
}

impl<'a> Work<'a> {
    fn inserted(&self, inserted: &[InsertReceipt]) -> Result<Vec<ByHandRow>> {
        let mut rows = Vec::new();
        for (write, receipt) in inserted.iter().enumerate() {
            let Some(table) = place_of(self.base, &receipt.table) else {
                continue;
            };
            for id in &receipt.rowids {
                if let Some(values) = row_values(self.old, &self.base.tables[table], *id)? {
                    rows.push(ByHandRow {
                        table,
                        values,
                        origin: Origin::Inserted { write },
                    });
                }
            }
        }
        Ok(rows)
    }

    fn mended(&self, quarantine: &quarantine::Quarantine) -> Result<Vec<ByHandRow>> {
        let sql = format!(
            "SELECT table_name, csv_id, file, line, part, row_id, mended FROM {}
             WHERE mended IS NOT NULL AND row_id IS NOT NULL ORDER BY id",
            quarantine.rows()
        );
        let mut statement = quarantine.connection.prepare(&sql)?;
        let mut found = statement.query([])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let Some(table) = place_of(self.base, &row.get::<_, String>(0)?) else {
                continue;
            };
            let Some(values) = row_values(self.old, &self.base.tables[table], row.get(5)?)? else {
                continue;
            };
            rows.push(ByHandRow {
                table,
                values,
                origin: Origin::Mended(Place {
                    csv_id: row.get(1)?,
                    file: row.get(2)?,
                    line: row.get(3)?,
                    part: row.get(4)?,
                    merged: row.get::<_, String>(6)? == "merged",
                }),
            });
        }
        Ok(rows)
    }

    /// Rows that refer to others by numbers wait for these; what is left then has nothing to refer to.
    fn place_all<'r>(
        &self,
        rows: &'r [ByHandRow],
        carried: &mut Carried,
    ) -> Result<Vec<Stored<'r>>> {
        let mut waiting: Vec<&ByHandRow> = rows.iter().collect();
        let mut stored = Vec::new();
        loop {
            let (before, mut later) = (waiting.len(), Vec::new());
            for row in waiting {
                match self.place(row)? {
                    Outcome::Stored(own) => stored.push(own),
                    Outcome::There => count(carried, row, true),
                    Outcome::Refused(reason) => self.list(row, &reason, carried)?,
                    Outcome::Later(reason) => later.push((row, reason)),
                }
            }
            if later.len() == before {
                for (row, reason) in later {
                    self.list(row, &reason, carried)?;
                }
                return Ok(stored);
            }
            waiting = later.into_iter().map(|(row, _)| row).collect();
        }
    }

    fn place<'r>(&self, row: &'r ByHandRow) -> Result<Outcome<'r>> {
        let Some((found, table)) = self.table(row.table) else {
            return Ok(Outcome::Refused(
                "its table is not there any more".to_owned(),
            ));
        };
        let (entry, merged) = match &row.origin {
            Origin::Inserted { .. } => (None, false),
            Origin::Mended(place) => (self.entry(&table.name, place)?, place.merged),
        };
        let mut values = match self.converted(row, found, table) {
            Ok(values) => values,
            Err(reason) => return Ok(Outcome::Refused(reason)),
        };
        if let Err(reason) = self.renumber(table, &mut values)? {
            return Ok(Outcome::Later(reason));
        }
        let is_mended = matches!(row.origin, Origin::Mended(_));
        if is_mended && entry.is_none() {
            return Ok(match self.equal_row(table, &values)? {
                Some(_) => Outcome::There,
                None => Outcome::Refused(
                    "the row as its file has it is stored now; this is what it was mended to"
                        .to_owned(),
                ),
            });
        }
        if is_mended && found.columns.iter().any(|pair| pair.0.is_none()) {
            return Ok(Outcome::Refused(
                "its table has a column more, which the row was not mended for: mend it again"
                    .to_owned(),
            ));
        }
        let is_distinct = table.source.rows == SourceRows::Distinct;
        if (merged || (is_mended && is_distinct))
            && let Some(id) = self.equal_row(table, &values)?
        {
            return Ok(Outcome::Stored(Stored {
                row,
                table: found.after.unwrap_or_default(),
                row_id: id,
                values,
                entry,
                merged: true,
            }));
        }
        let columns: Vec<String> = table.columns.iter().map(|own| quote(&own.name)).collect();
        let sql = format!(
            "INSERT INTO main.{} ({}) VALUES ({})",
            quote(&table.name),
            columns.join(", "),
            vec!["?"; columns.len()].join(", ")
        );
        let done = self
            .new
            .prepare_cached(&sql)?
            .execute(params_from_iter(&values));
        match done {
            Ok(_) => Ok(Outcome::Stored(Stored {
                row,
                table: found.after.unwrap_or_default(),
                row_id: self.new.last_insert_rowid(),
                values,
                entry,
                merged: false,
            })),
            Err(error) if write::is_constraint(&error) => {
                Ok(Outcome::Refused(broken_constraint(table, &error).1))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The table of this place before, as it is now.
    fn table(&self, before: usize) -> Option<(&TableMatch, &'a Table)> {
        let found = self.matching.table(before)?;
        Some((found, &self.draft.tables[found.after?]))
    }

    /// The row set aside anew that stands at the place.
    fn entry(&self, table: &str, place: &Place) -> Result<Option<i64>> {
        let found = self
            .new
            .prepare_cached(
                "SELECT id FROM set_aside.quarantine
                 WHERE csv_id = ?1 AND line = ?2 AND part IS ?3 AND table_name = ?4 AND mended IS NULL",
            )?
            .query_row((&place.csv_id, place.line, place.part, table), |row| row.get(0))
            .optional()?;
        Ok(found)
    }

    /// The row's values in the order of the new table.
    fn converted(
        &self,
        row: &ByHandRow,
        found: &TableMatch,
        table: &Table,
    ) -> std::result::Result<Vec<Value>, String> {
        let before = &self.base.tables[row.table];
        let columns = table.columns.iter().enumerate();
        columns
            .map(|(place, column)| {
                let Some(own) = found.column_before(place) else {
                    return Ok(Value::Null);
                };
                let from: ColumnType = before.columns[own].column_type;
                let value = convert(&row.values[own], from, column)
                    .map_err(|reason| format!("{}: {reason}", column.name))?;
                Ok(match value {
                    Value::Text(text) => {
                        let spelling = self.spellings.get(&table.name, &column.name);
                        let spelled = spelling.and_then(|own| own.respelled(&text));
                        Value::Text(spelled.map_or(text.clone(), str::to_owned))
                    }
                    other => other,
                })
            })
            .collect()
    }

    /// Rows that no field of a file names are numbered, and perhaps otherwise than before: what refers to them follows them.
    /// The reason where what was referred to is not there.
    fn renumber(
        &self,
        table: &Table,
        values: &mut [Value],
    ) -> Result<std::result::Result<(), String>> {
        let own = self.draft.relationships.iter();
        for relationship in own.filter(|own| own.from_table == table.name) {
            let ([from], [to]) = (&*relationship.from_columns, &*relationship.to_columns) else {
                continue;
            };
            let Some(after) = place_of(self.draft, &relationship.to_table) else {
                continue;
            };
            let (Some(place), Some(key)) = (
                column_of(table, from),
                column_of(&self.draft.tables[after], to),
            ) else {
                continue;
            };
            let is_numbered = self.draft.tables[after].columns[key]
                .source_column
                .is_none();
            if !is_numbered || values[place] == Value::Null {
                continue;
            }
            let Some(number) = self.same_row(after, key, &values[place])? else {
                return Ok(Err(no_partner(relationship)));
            };
            values[place] = number;
        }
        Ok(Ok(()))
    }

    /// The number now of the row that `number` named before; the same one where nothing tells rows apart but that.
    fn same_row(&self, after: usize, key: usize, number: &Value) -> Result<Option<Value>> {
        let table = &self.draft.tables[after];
        let unchanged = Some(number.clone());
        let Some(found) = self.matching.table_after(after) else {
            return Ok(unchanged);
        };
        let Some(base) = found.before.map(|place| &self.base.tables[place]) else {
            return Ok(unchanged);
        };
        let Some(key_before) = found.column_before(key) else {
            return Ok(unchanged);
        };
        let shared: Vec<(usize, usize)> = found
            .columns
            .iter()
            .filter_map(|(one, two)| one.zip(*two))
            .filter(|(_, two)| table.columns[*two].source_column.is_some())
            .collect();
        if shared.is_empty() {
            return Ok(unchanged);
        }
        let sql = format!(
            "SELECT {} FROM main.{} WHERE {} = ?1",
            listed(shared.iter().map(|(one, _)| &*base.columns[*one].name)),
            quote(&base.name),
            quote(&base.columns[key_before].name)
        );
        let before = self.old.prepare_cached(&sql)?.query_row([number], |row| {
            (0..shared.len())
                .map(|place| row.get::<_, Value>(place))
                .collect::<rusqlite::Result<Vec<_>>>()
        });
        let Some(before) = before.optional()? else {
            return Ok(None);
        };
        let mut expected = Vec::new();
        for ((one, two), value) in shared.iter().zip(&before) {
            match convert(value, base.columns[*one].column_type, &table.columns[*two]) {
                Ok(value) => expected.push(value),
                Err(_) => return Ok(None),
            }
        }
        let tests: Vec<String> = shared
            .iter()
            .map(|(_, two)| format!("{} IS ?", quote(&table.columns[*two].name)))
            .collect();
        let key = quote(&table.columns[key].name);
        let sql = format!(
            "SELECT {key} FROM main.{} WHERE {} ORDER BY {key} IS NOT ?, {key} LIMIT 1",
            quote(&table.name),
            tests.join(" AND ")
        );
        let found = self
            .new
            .prepare_cached(&sql)?
            .query_row(params_from_iter(expected.iter().chain([number])), |row| {
                row.get::<_, Value>(0)
            });
        Ok(found.optional()?)
    }

    /// A stored row with these values, but for numbers that the database gave.
    fn equal_row(&self, table: &Table, values: &[Value]) -> Result<Option<i64>> {
        let numbered = |name: &str| {
            let column = table.column(name);
            column.is_some_and(|column| column.source_column.is_none())
                && table.primary_key == [name]
        };
        let compared: Vec<(&str, &Value)> = table
            .columns
            .iter()
            .map(|column| &*column.name)
            .zip(values)
            .filter(|(name, _)| !numbered(name))
            .collect();
        let tests: Vec<String> = compared
            .iter()
            .map(|(name, _)| format!("{} IS ?", quote(name)))
            .collect();
        let row_id = row_id(table)?;
        let sql = format!(
            "SELECT {row_id} FROM main.{} WHERE {} ORDER BY 1 LIMIT 1",
            quote(&table.name),
            tests.join(" AND ")
        );
        let found = self
            .new
            .prepare_cached(&sql)?
            .query_row(
                params_from_iter(compared.iter().map(|(_, value)| value)),
                |row| row.get(0),
            )
            .optional()?;
        Ok(found)
    }

    /// Takes rows out again whose reference leads nowhere, until none is left: one may have been what others refer to.
    fn take_out_orphans<'r>(
        &self,
        mut stored: Vec<Stored<'r>>,
        carried: &mut Carried,
    ) -> Result<Vec<Stored<'r>>> {
        let mut held: HashMap<usize, Vec<&Relationship>> = HashMap::new();
        for own in &stored {
            if let Entry::Vacant(entry) = held.entry(own.table) {
                let table = &self.draft.tables[own.table];
                entry.insert(enforced(self.new, self.draft, table)?);
            }
        }
        loop {
            let (mut kept, mut taken) = (Vec::new(), Vec::new());
            for own in stored {
                let table = &self.draft.tables[own.table];
                let references = held[&own.table].iter().copied();
                let missing = values::without_partner(self.new, references, table, &own.values)?;
                match missing {
                    Some(relationship) if !own.merged => {
                        taken.push((own, no_partner(relationship)));
                    }
                    _ => kept.push(own),
                }
            }
            if taken.is_empty() {
                for own in &kept {
                    count(carried, own.row, true);
                }
                return Ok(kept);
            }
            for (own, reason) in taken {
                delete(self.new, &self.draft.tables[own.table], own.row_id)?;
                self.list(own.row, &reason, carried)?;
            }
            stored = kept;
        }
    }

    /// The entry of the rows set aside that a mended row stands for is mended again.
    fn mark(&self, stored: &Stored<'_>) -> Result<()> {
        let Some(entry) = stored.entry else {
            return Ok(());
        };
        let table = &self.draft.tables[stored.table];
        mark_mended(self.new, table, entry, (stored.row_id, stored.merged))
    }

    /// Fills the cells that were filled before, where they are empty again.
    fn fill_cells(&self, quarantine: &quarantine::Quarantine, carried: &mut Carried) -> Result<()> {
        let sql = format!(
            "SELECT table_name, table_column, csv_id, file, line, column_name, text, mended FROM {}
             WHERE mended IS NOT NULL ORDER BY id",
            quarantine.cells()
        );
        let mut statement = quarantine.connection.prepare(&sql)?;
        let cells = statement
            .query_map([], |row| {
                Ok(Cell {
                    table: row.get(0)?,
                    table_column: row.get(1)?,
                    csv_id: row.get(2)?,
                    file: row.get(3)?,
                    line: row.get(4)?,
                    column: row.get(5)?,
                    text: row.get(6)?,
                    mended: row.get(7)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for cell in cells {
            match self.fill(&cell)? {
                None => carried.mended_cells.kept += 1,
                Some(reason) => {
                    carried.mended_cells.set_aside += 1;
                    let table =
                        place_of(self.base, &cell.table).and_then(|place| self.table(place));
                    self.add(&Listed {
                        table: table.map_or(&*cell.table, |(_, table)| &table.name),
                        file: &format!("{}, mended {BY_HAND}", cell.file),
                        line: cell.line,
                        column: cell.column.as_deref().or(Some(&cell.table_column)),
                        reason: &reason,
                        raw: &csv_field(&cell.mended, ','),
                    })?;
                }
            }
        }
        Ok(())
    }

    /// What keeps the cell from being filled; `None` where it is.
    fn fill(&self, cell: &Cell) -> Result<Option<String>> {
        let place = place_of(self.base, &cell.table);
        let Some((found, table)) = place.and_then(|place| self.table(place)) else {
            return Ok(Some("its table is not there any more".to_owned()));
        };
        let before =
            place.and_then(|place| column_of(&self.base.tables[place], &cell.table_column));
        let Some(column) = before.and_then(|place| found.column(place)) else {
            return Ok(Some("its column is not there any more".to_owned()));
        };
        let entry: Option<i64> = self
            .new
            .prepare_cached(
                "SELECT id FROM set_aside.emptied
                 WHERE csv_id = ?1 AND line = ?2 AND column_name IS ?3 AND text = ?4 AND table_name = ?5
                    AND table_column = ?6 AND mended IS NULL ORDER BY id LIMIT 1",
            )?
            .query_row(
                (
                    &cell.csv_id,
                    cell.line,
                    &cell.column,
                    &cell.text,
                    &table.name,
                    &table.columns[column].name,
                ),
                |row| row.get(0),
            )
            .optional()?;
        let Some(entry) = entry else {
            return Ok(Some(
                "its row is set aside, or has the text of its file now; this is what the cell was mended to"
                    .to_owned(),
            ));
        };
        self.new.execute_batch("SAVEPOINT cell")?;
        let filled = match fill_cell(self.new, self.draft, entry, &cell.mended) {
            Ok(fault) => fault.map(|fault| fault.message),
            Err(crate::StoreError::Conflict { message, .. }) => Some(message),
            Err(error) => return Err(error),
        };
        let end = match filled {
            Some(_) => "ROLLBACK TO cell; RELEASE cell",
            None => "RELEASE cell",
        };
        self.new.execute_batch(end)?;
        Ok(filled)
    }

    fn receipts(
        &self,
        inserted: &[InsertReceipt],
        stored: &[Stored<'_>],
    ) -> Result<Vec<InsertReceipt>> {
        let receipts = inserted.iter().enumerate().map(|(place, receipt)| {
            let rowids: Vec<i64> = stored
                .iter()
                .filter(
                    |own| matches!(own.row.origin, Origin::Inserted { write } if write == place),
                )
                .map(|own| own.row_id)
                .collect();
            let table = place_of(self.base, &receipt.table).and_then(|place| self.table(place));
            let Some((_, table)) = table else {
                return Ok(InsertReceipt {
                    row_count: 0,
                    rowids: Vec::new(),
                    ..receipt.clone()
                });
            };
            Ok(InsertReceipt {
                table: table.name.clone(),
                row_count: rowids.len() as u64,
                digest: write::digest(self.new, &table.name, &rowids)?.unwrap_or_default(),
                rowids,
            })
        });
        receipts.collect()
    }

    /// What did not fit when the schema was changed before stays listed.
    fn list_again(&self, quarantine: &quarantine::Quarantine) -> Result<()> {
        let sql = format!(
            "SELECT table_name, file, line, column_name, reason, raw FROM {} WHERE csv_id = '' ORDER BY id",
            quarantine.rows()
        );
        let mut statement = quarantine.connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let table = place_of(self.base, &name).and_then(|place| self.table(place));
            let (file, reason, raw): (String, String, String) =
                (row.get(1)?, row.get(4)?, row.get(5)?);
            self.add(&Listed {
                table: table.map_or(&*name, |(_, table)| &table.name),
                file: &file,
                line: row.get(2)?,
                column: row.get::<_, Option<String>>(3)?.as_deref(),
                reason: &reason,
                raw: &raw,
            })?;
        }
        Ok(())
    }

    /// Lists a row that does not fit.
    fn list(&self, row: &ByHandRow, reason: &str, carried: &mut Carried) -> Result<()> {
        count(carried, row, false);
        let before = &self.base.tables[row.table];
        let texts: Vec<String> = before
            .columns
            .iter()
            .zip(&row.values)
            .map(|(column, value)| match value {
                Value::Null => String::new(),
                value => csv_field(&written(value, column.column_type), ','),
            })
            .collect();
        let (file, line) = match &row.origin {
            Origin::Inserted { .. } => (format!("added {BY_HAND}"), 0),
            Origin::Mended(place) => (format!("{}, mended {BY_HAND}", place.file), place.line),
        };
        self.add(&Listed {
            table: self
                .table(row.table)
                .map_or(&*before.name, |(_, table)| &table.name),
            file: &file,
            line,
            column: None,
            reason,
            raw: &texts.join(","),
        })
    }

    fn add(&self, listed: &Listed<'_>) -> Result<()> {
        self.new
            .prepare_cached(
                "INSERT INTO set_aside.quarantine
                    (table_name, csv_id, file, line, column_name, reason, raw, kind, form)
                 VALUES (?1, '', ?2, ?3, ?4, ?5, ?6, ?7, 'fields')",
            )?
            .execute((
                listed.table,
                listed.file,
                listed.line,
                listed.column,
                listed.reason,
                listed.raw,
                kind_of(listed.reason),
            ))?;
        Ok(())
    }
}

struct Listed<'a> {
    table: &'a str,
    file: &'a str,
    line: i64,
    column: Option<&'a str>,
    reason: &'a str,
    raw: &'a str,
}

/// A cell that was emptied and filled.
struct Cell {
    table: String,
    table_column: String,
    csv_id: String,
    file: String,
    line: i64,
    column: Option<String>,
    text: String,
    mended: String,
}

fn count(carried: &mut Carried, row: &ByHandRow, kept: bool) {
    let counts = match row.origin {
        Origin::Inserted { .. } => &mut carried.inserted_rows,
        Origin::Mended(_) => &mut carried.mended_rows,
    };
    if kept {
        counts.kept += 1;
    } else {
        counts.set_aside += 1;
    }
}

fn place_of(schema: &Schema, table: &str) -> Option<usize> {
    schema.tables.iter().position(|own| own.name == table)
}

fn column_of(table: &Table, column: &str) -> Option<usize> {
    table.columns.iter().position(|own| own.name == column)
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(quote).collect();
    quoted.join(", ")
}

fn row_values(connection: &Connection, table: &Table, id: i64) -> Result<Option<Vec<Value>>> {
    let sql = format!(
        "SELECT {} FROM main.{} WHERE {} = ?1",
        listed(table.columns.iter().map(|column| &*column.name)),
        quote(&table.name),
        row_id(table)?
    );
    let found = connection.prepare_cached(&sql)?.query_row([id], |row| {
        (0..table.columns.len())
            .map(|place| row.get(place))
            .collect::<rusqlite::Result<Vec<Value>>>()
    });
    Ok(found.optional()?)
}
