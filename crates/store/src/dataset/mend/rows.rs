//! Rows that were set aside, stored after all.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use ingest::{ColumnType, Record, Value};
use rusqlite::{Connection, OptionalExtension, Transaction, params_from_iter};
use schema_gen::even::Spellings;
use schema_gen::ident::quote;
use schema_gen::model::{Relationship, Table};
use schema_gen::rows::{Cell, FileReading, Part, Row, TableReading, Unfit};
use schema_gen::{Schema, Source};

use super::{
    Fault, Origin, already_mended, begin, enforced, file_reading, not_mended, open_both, source_in,
    still_referenced, stored, stored_spellings, table_of, unread, unusable, written_number,
};
use crate::dataset::load::fill::Bound;
use crate::dataset::load::orphans::row_id;
use crate::dataset::load::plan::{TablePlan, plan_table};
use crate::dataset::load::refusal::{
    broken_constraint, is_empty, no_partner, source_column, too_long,
};
use crate::dataset::quarantine::{
    self, EvenedCell, RowEntry, SetAside, fields_in, row_of, source_of,
};
use crate::dataset::write::{self, MAX_ROWS, copies, values};
use crate::{Result, StoreError};

/// The rows set aside, in the transaction over both files.
const ROWS: &str = "set_aside.quarantine";
const FILES: &str = "set_aside.files";
const EVENED: &str = "set_aside.evened";

/// A row set aside with what is to be different in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// [`SetAside::id`].
    pub id: i64,
    /// Column of the table -> its text as the file would have it, `None` for null. What is left out stays as it is.
    pub values: BTreeMap<String, Option<String>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MendMode {
    /// Nothing is stored: it is only said what would be.
    pub dry_run: bool,
    /// Where some rows do not fit, the others are stored all the same.
    pub only_fitting: bool,
}

/// What became of rows that were to be stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mended {
    /// Those that fit are stored now.
    pub stored: bool,
    pub fitting: Vec<MendedRow>,
    pub refused: Vec<Refused>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedRow {
    pub id: i64,
    pub table: String,
    /// It is equal to a row that is there, in a table of distinct rows.
    pub merged: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Place among the rows that were asked for.
    pub index: usize,
    pub id: i64,
    pub faults: Vec<Fault>,
}

/// One row set aside, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDetail {
    pub listed: SetAside,
    /// Only the beginning of its text is kept.
    pub is_cut: bool,
    pub fields: Vec<FieldDetail>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDetail {
    /// Column of the table.
    pub column: String,
    pub column_type: ColumnType,
    /// Column of the file.
    pub source_column: Option<String>,
    pub origin: Origin,
    /// As the file has it; `None` for nothing.
    pub text: Option<String>,
    /// `false` where the text was not kept.
    pub is_known: bool,
    /// It must not be empty.
    pub required: bool,
    /// Part of the primary key.
    pub is_key: bool,
    /// Table that the column refers to, where the database holds rows to that.
    pub refers_to: Option<String>,
}

/// A row set aside with the texts of its fields; [`StoreError::NotFound`] where there is none of that id.
pub fn read_row(dataset: &Path, schema: &Schema, sources: &[Source], id: i64) -> Result<RowDetail> {
    let quarantine = quarantine::open(dataset)?;
    let entry = quarantine.row(id)?;
    let row = &entry.listed.row;
    let source = source_in(&quarantine, (&row.csv_id, &row.file), sources)?;
    // As the file has it, not as it would be stored.
    let file = file_reading(schema, &source, &Spellings::default())?;
    let reading = table_reading(&file, &row.table)?;
    let texts = Texts::of(&entry, &source);
    let part = texts.part(reading, &entry);
    let required = reading.required();
    let fields = reading.table.columns.iter().zip(&reading.cells).enumerate();
    let fields = fields
        .map(|(place, (column, cell))| {
            let text = part.as_ref().and_then(|part| texts.of_cell(cell, part));
            let is_known = part.as_ref().is_some_and(|part| texts.knows(cell, part));
            FieldDetail {
                column: column.name.clone(),
                column_type: column.column_type,
                source_column: match &part {
                    Some(part) => source_column(reading.table, place, part),
                    None => column.source_column.clone(),
                },
                origin: match cell {
                    Cell::Number => Origin::Numbered,
                    Cell::Lookup(_) => Origin::LookedUp,
                    Cell::ColumnName(_) => Origin::ColumnName,
                    Cell::Field { .. }
                    | Cell::Item { .. }
                    | Cell::ColumnCell { .. }
                    | Cell::Unread => Origin::Field,
                },
                text,
                is_known,
                required: required.contains(&place),
                is_key: reading.table.primary_key.contains(&column.name),
                refers_to: schema
                    .relationships
                    .iter()
                    .find(|relationship| {
                        schema.is_enforced(relationship)
                            && relationship.from_table == reading.table.name
                            && relationship.from_columns.contains(&column.name)
                    })
                    .map(|relationship| relationship.to_table.clone()),
            }
        })
        .collect();
    Ok(RowDetail {
        is_cut: entry.is_cut(),
        fields,
        listed: entry.listed,
    })
}

/// Stores rows that were set aside, all or nothing unless `mode` says otherwise, and marks them as mended. `sources` tell how
/// files are read that an earlier version imported. [`StoreError::NotFound`] where one of the rows is not there,
/// [`StoreError::Conflict`] `already_mended` where one is stored already. Blocks.
pub fn mend_rows(
    dataset: &Path,
    schema: &Schema,
    sources: &[Source],
    mends: &[Mend],
    mode: MendMode,
) -> Result<Mended> {
    refuse_call(mends)?;
    let mut connection = open_both(dataset, sources)?;
    let transaction = begin(&mut connection)?;
    let entries = mends
        .iter()
        .map(|mend| waiting(&transaction, mend.id))
        .collect::<Result<Vec<_>>>()?;
    let files = read_files(&transaction, schema, &entries)?;
    let mut order: Vec<usize> = (0..mends.len()).collect();
    // A table is filled after those of its file in which it looks rows up.
    order.sort_by_key(|&index| {
        let row = &entries[index].listed.row;
        let place = files.get(&row.csv_id).and_then(|file| {
            let tables = &file.reading.tables;
            tables.iter().position(|own| own.table.name == row.table)
        });
        (row.csv_id.clone(), place, index)
    });
    let mut work = Work {
        transaction: &transaction,
        schema,
        placed: BTreeMap::new(),
        refused: BTreeMap::new(),
    };
    for index in order {
        let entry = &entries[index];
        let row = &entry.listed.row;
        let file = files.get(&row.csv_id).ok_or_else(|| unread(&row.file))?;
        match work.place(file, entry, &mends[index])? {
            Ok(placed) => {
                mark_mended(
                    &transaction,
                    placed.table,
                    placed.id,
                    (placed.row_id, placed.merged),
                )?;
                work.placed.insert(index, placed);
            }
            Err(faults) => {
                work.refused.insert(index, faults);
            }
        }
    }
    work.take_out_orphans()?;
    let Work {
        placed, refused, ..
    } = work;
    let store = !mode.dry_run && !placed.is_empty() && (refused.is_empty() || mode.only_fitting);
    if store {
        transaction.commit()?;
    } else {
        transaction.rollback()?;
    }
    Ok(Mended {
        stored: store,
        fitting: placed
            .into_values()
            .map(|placed| MendedRow {
                id: placed.id,
                table: placed.table.name.clone(),
                merged: placed.merged,
            })
            .collect(),
        refused: refused
            .into_iter()
            .map(|(index, faults)| Refused {
                index,
                id: mends[index].id,
                faults,
            })
            .collect(),
    })
}

fn refuse_call(mends: &[Mend]) -> Result<()> {
    if mends.is_empty() {
        return Err(StoreError::denied("no_rows", "there is no row to add back"));
    }
    if mends.len() > MAX_ROWS {
        return Err(StoreError::denied(
            "too_many_rows",
            format!(
                "{} rows, more than the {MAX_ROWS} allowed at a time",
                mends.len()
            ),
        ));
    }
    let mut seen = HashSet::new();
    if let Some(twice) = mends.iter().find(|mend| !seen.insert(mend.id)) {
        return Err(StoreError::denied(
            "row_twice",
            format!("row {} is asked for twice", twice.id),
        ));
    }
    Ok(())
}

fn waiting(connection: &Connection, id: i64) -> Result<RowEntry> {
    let entry = row_of(connection, ROWS, id)?;
    if entry.mended.is_some() {
        return Err(already_mended());
    }
    Ok(entry)
}

/// A file with how its records are read.
struct File<'a> {
    source: Source,
    reading: FileReading<'a>,
    plans: Vec<TablePlan<'a>>,
}

fn read_files<'a>(
    connection: &Connection,
    schema: &'a Schema,
    entries: &[RowEntry],
) -> Result<HashMap<String, File<'a>>> {
    let mut files = HashMap::new();
    let spellings = stored_spellings(connection, schema, &|own| {
        let mut all = entries.iter();
        all.any(|entry| entry.listed.row.table == own.from_table)
    })?;
    for entry in entries {
        let row = &entry.listed.row;
        if files.contains_key(&row.csv_id) {
            continue;
        }
        let source = source_of(connection, FILES, &row.csv_id)?.ok_or_else(|| unread(&row.file))?;
        let plans = file_reading(schema, &source, &spellings)?
            .tables
            .into_iter()
            .map(plan_table)
            .collect::<Result<_>>()?;
        let file = File {
            reading: file_reading(schema, &source, &spellings)?,
            plans,
            source,
        };
        files.insert(row.csv_id.clone(), file);
    }
    Ok(files)
}

fn table_reading<'a, 'f>(file: &'f FileReading<'a>, table: &str) -> Result<&'f TableReading<'a>> {
    file.tables
        .iter()
        .find(|reading| reading.table.name == table)
        .ok_or_else(|| StoreError::conflict("unreadable", format!("there is no table {table}")))
}

/// The fields of a row's text.
struct Texts {
    record: Record,
    /// Fields from here on were cut off.
    known: usize,
}

impl Texts {
    fn of(entry: &RowEntry, source: &Source) -> Self {
        let raw = &entry.listed.row.raw;
        let mut fields = fields_in(raw, entry.form, &source.analysis.dialect);
        let known = if entry.is_cut() {
            fields.len() - 1
        } else {
            usize::MAX
        };
        fields.resize(source.analysis.columns.len(), None);
        let line = entry.listed.row.line;
        Self {
            record: Record { line, fields },
            known,
        }
    }

    /// What of the record the row was to be made of; `None` where that was cut off.
    fn part(&self, reading: &TableReading<'_>, entry: &RowEntry) -> Option<Part> {
        let Some(place) = entry.part else {
            return Some(Part::Whole);
        };
        let mut parts = Vec::new();
        reading.parts(&self.record, &mut parts);
        let part = parts.into_iter().nth(place)?;
        let mut cells = reading.cells.iter();
        cells.all(|cell| self.knows(cell, &part)).then_some(part)
    }

    fn of_cell(&self, cell: &Cell, part: &Part) -> Option<String> {
        if !self.knows(cell, part) {
            return None;
        }
        match (cell, part) {
            (Cell::ColumnName(names), Part::Column(at)) => match names.get(*at)? {
                Value::Text(name) => Some(name.clone()),
                Value::Integer(number) => Some(number.to_string()),
                Value::Null | Value::Real(_) => None,
            },
            _ => cell.text(&self.record, part).map(str::to_owned),
        }
    }

    fn knows(&self, cell: &Cell, part: &Part) -> bool {
        cell.field(part).is_none_or(|field| field < self.known)
    }
}

/// A row in its table, though not for good yet.
struct Placed<'a> {
    id: i64,
    table: &'a Table,
    row_id: i64,
    merged: bool,
    values: Vec<Value>,
}

struct Work<'t, 'c, 'a> {
    transaction: &'t Transaction<'c>,
    schema: &'a Schema,
    /// By the place among the rows that were asked for.
    placed: BTreeMap<usize, Placed<'a>>,
    refused: BTreeMap<usize, Vec<Fault>>,
}

impl<'a> Work<'_, '_, 'a> {
    /// Puts one row into its table, or says what is wrong with it.
    fn place(
        &self,
        file: &File<'a>,
        entry: &RowEntry,
        mend: &Mend,
    ) -> Result<std::result::Result<Placed<'a>, Vec<Fault>>> {
        let listed = &entry.listed.row;
        let place = file
            .reading
            .tables
            .iter()
            .position(|reading| reading.table.name == listed.table);
        let (Some(reading), Some(plan)) = (
            place.map(|place| &file.reading.tables[place]),
            place.map(|place| &file.plans[place]),
        ) else {
            return Err(unread(&listed.file));
        };
        let given = match given(reading, entry, &file.source, mend) {
            Ok(given) => given,
            Err(faults) => return Ok(Err(faults)),
        };
        let looked_up = self.look_up(file, place.unwrap_or_default(), entry, &given.record)?;
        let number = self.number(reading, entry)?;
        let mut row = Row::default();
        let look = |table: usize| looked_up.get(table).copied().flatten();
        match reading.read(&given.record, &given.part, number, &look, &mut row) {
            Ok(()) => {}
            Err(Unfit::TooLong { bytes }) => return Ok(Err(vec![whole(too_long(bytes))])),
            Err(Unfit::Value { place, error }) => {
                let column = &reading.table.columns[place].name;
                return Ok(Err(vec![Fault::of(column, error.to_string())]));
            }
        }
        for (place, value) in given.numbers {
            row.values[place] = value;
        }
        let empty = empty_ones(reading, &row.values, listed);
        if !empty.is_empty() {
            return Ok(Err(empty));
        }
        if reading.distinct {
            match self.equal_row(reading, &row.values)? {
                Equal::Nothing => {
                    return Ok(Err(vec![whole(
                        "all of it is empty: nothing is left to store",
                    )]));
                }
                Equal::Row(row_id) => {
                    return Ok(Ok(Placed {
                        id: mend.id,
                        table: reading.table,
                        row_id,
                        merged: true,
                        values: row.values,
                    }));
                }
                Equal::None => {}
            }
        }
        match self.insert(plan, &row.values, number) {
            Ok(row_id) => {
                let at = (listed.csv_id.as_str(), listed.file.as_str(), listed.line);
                for (_, cell) in EvenedCell::of(reading.table, &given.part, &row, at) {
                    quarantine::insert_evened(self.transaction, EVENED, &cell, Some(row_id))?;
                }
                Ok(Ok(Placed {
                    id: mend.id,
                    table: reading.table,
                    row_id,
                    merged: false,
                    values: row.values,
                }))
            }
            Err(error) if write::is_constraint(&error) => {
                let (columns, message) = broken_constraint(reading.table, &error);
                Ok(Err(vec![Fault {
                    column: columns.into_iter().next(),
                    message,
                }]))
            }
            Err(error) => Err(error.into()),
        }
    }

    fn insert(&self, plan: &TablePlan<'_>, values: &[Value], number: i64) -> rusqlite::Result<i64> {
        let mut statement = self.transaction.prepare_cached(&plan.insert_sql)?;
        for (index, value) in values.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, Bound(value))?;
        }
        if plan.binds_row_id {
            statement.raw_bind_parameter(values.len() + 1, number)?;
        }
        statement.raw_execute()?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// The number that the import would have given the row, where that is free; else the next one.
    fn number(&self, reading: &TableReading<'_>, entry: &RowEntry) -> Result<i64> {
        let (table, row_id) = (quote(&reading.table.name), row_id(reading.table)?);
        if let Some(number) = entry.number.filter(|_| !reading.distinct) {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {row_id} = ?1)");
            let mut statement = self.transaction.prepare_cached(&sql)?;
            if !statement.query_row([number], |row| row.get::<_, bool>(0))? {
                return Ok(number);
            }
        }
        let sql = format!("SELECT coalesce(max({row_id}), 0) FROM {table}");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let last: i64 = statement.query_row([], |row| row.get(0))?;
        Ok(last.saturating_add(1))
    }

    /// The record's rows in the tables before `place`, where others look them up.
    fn look_up(
        &self,
        file: &File<'a>,
        place: usize,
        entry: &RowEntry,
        record: &Record,
    ) -> Result<Vec<Option<i64>>> {
        let tables = &file.reading.tables;
        let looks = |cell: &Cell| matches!(cell, Cell::Lookup(_));
        let mut found: Vec<Option<i64>> = Vec::new();
        if !tables[place].cells.iter().any(looks) {
            return Ok(found);
        }
        for reading in &tables[..place] {
            let row = if reading.distinct {
                match self.mended_row(reading.table, entry)? {
                    Some(row) => Some(row),
                    None => self.row_of_record(reading, record, &found)?,
                }
            } else {
                None
            };
            found.push(row);
        }
        Ok(found)
    }

    /// What another row set aside of the same record became in `table`.
    fn mended_row(&self, table: &Table, entry: &RowEntry) -> Result<Option<i64>> {
        let row = &entry.listed.row;
        let sql = format!(
            "SELECT row_id FROM {ROWS}
             WHERE mended IS NOT NULL AND csv_id = ?1 AND line = ?2 AND table_name = ?3"
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let found = statement
            .query_row((&row.csv_id, row.line.cast_signed(), &table.name), |row| {
                row.get(0)
            })
            .optional()?;
        Ok(found.flatten())
    }

    /// The row that the record is in a table of distinct rows, as the import found it.
    fn row_of_record(
        &self,
        reading: &TableReading<'_>,
        record: &Record,
        earlier: &[Option<i64>],
    ) -> Result<Option<i64>> {
        let mut row = Row::default();
        let look = |table: usize| earlier.get(table).copied().flatten();
        if reading
            .read(record, &Part::Whole, 0, &look, &mut row)
            .is_err()
        {
            return Ok(None);
        }
        Ok(match self.equal_row(reading, &row.values)? {
            Equal::Row(id) => Some(id),
            Equal::None | Equal::Nothing => None,
        })
    }

    /// A stored row with these values, numbers that the database gave left aside.
    fn equal_row(&self, reading: &TableReading<'_>, values: &[Value]) -> Result<Equal> {
        let columns = reading.table.columns.iter().zip(&reading.cells).zip(values);
        let compared: Vec<_> = columns
            .filter(|((_, cell), _)| !matches!(cell, Cell::Number))
            .map(|((column, _), value)| (column, value))
            .collect();
        if compared.iter().all(|(_, value)| **value == Value::Null) {
            return Ok(Equal::Nothing);
        }
        let tests: Vec<String> = compared
            .iter()
            .map(|(column, _)| format!("{} IS ?", quote(&column.name)))
            .collect();
        let row_id = row_id(reading.table)?;
        let sql = format!(
            "SELECT {row_id} FROM {} WHERE {} ORDER BY 1 LIMIT 1",
            quote(&reading.table.name),
            tests.join(" AND ")
        );
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let found = statement
            .query_row(
                params_from_iter(compared.iter().map(|(_, value)| Bound(value))),
                |row| row.get(0),
            )
            .optional()?;
        Ok(found.map_or(Equal::None, Equal::Row))
    }

    /// Takes rows out again whose reference has no partner. SQLite looks at deferred foreign keys only when the transaction
    /// ends, and does not say which one failed; rows of one call may refer to each other.
    fn take_out_orphans(&mut self) -> Result<()> {
        let mut keys: HashMap<&str, Vec<&Relationship>> = HashMap::new();
        for placed in self.placed.values() {
            let name = placed.table.name.as_str();
            if !keys.contains_key(name) {
                keys.insert(name, enforced(self.transaction, self.schema, placed.table)?);
            }
        }
        loop {
            let mut orphans = Vec::new();
            for (index, placed) in &self.placed {
                let own = keys.get(placed.table.name.as_str());
                let own = own.into_iter().flatten().copied();
                let row: Vec<_> = placed.values.iter().map(stored).collect();
                let missing = values::without_partner(self.transaction, own, placed.table, &row)?;
                if let Some(missing) = missing {
                    orphans.push((*index, missing));
                }
            }
            if orphans.is_empty() {
                return Ok(());
            }
            for (index, missing) in orphans {
                let Some(placed) = self.placed.remove(&index) else {
                    continue;
                };
                if !placed.merged {
                    delete(self.transaction, placed.table, placed.row_id)?;
                }
                mark(self.transaction, placed.id, None)?;
                let fault = Fault {
                    column: missing.from_columns.first().cloned(),
                    message: no_partner(missing),
                };
                self.refused.insert(index, vec![fault]);
            }
        }
    }
}

enum Equal {
    Row(i64),
    None,
    /// All values are null: no row of distinct rows.
    Nothing,
}

fn whole(message: impl Into<String>) -> Fault {
    Fault {
        column: None,
        message: message.into(),
    }
}

/// Texts of a row, each of which fits its column.
struct Given {
    record: Record,
    part: Part,
    /// Numbers of rows of other tables that are given by hand, by the column's place.
    numbers: Vec<(usize, Value)>,
}

/// The record with what is different in it; what does not fit its column, for all columns.
fn given(
    reading: &TableReading<'_>,
    entry: &RowEntry,
    source: &Source,
    mend: &Mend,
) -> std::result::Result<Given, Vec<Fault>> {
    let mut texts = Texts::of(entry, source);
    let Some(mut part) = texts.part(reading, entry) else {
        return Err(vec![whole(
            "its record was too long to be kept: mend it in the file",
        )]);
    };
    let (mut faults, mut numbers) = (Vec::new(), Vec::new());
    for name in mend.values.keys() {
        if reading.table.column(name).is_none() {
            let message = format!("{} has no such column", reading.table.name);
            faults.push(Fault::of(name, message));
        }
    }
    let columns = reading.table.columns.iter().zip(&reading.cells).enumerate();
    for (place, (column, cell)) in columns {
        let change = mend.values.get(&column.name).map(Option::as_deref);
        if let Some(message) = change.flatten().and_then(unusable) {
            faults.push(Fault::of(&column.name, message));
            continue;
        }
        match (cell, change) {
            (Cell::Field { .. } | Cell::Item { .. } | Cell::ColumnCell { .. }, change) => {
                let (Some(index), Some(parser)) = (cell.field(&part), cell.parser(&part)) else {
                    continue;
                };
                if let Some(text) = change {
                    texts.record.fields[index] = text.map(str::to_owned);
                    if matches!(cell, Cell::Item { .. }) {
                        // The item that was given stands alone in its field then.
                        part = Part::Item(0..text.map_or(0, str::len));
                    }
                } else if !texts.knows(cell, &part) {
                    let message = "its text was too long to be kept: give it anew";
                    faults.push(Fault::of(&column.name, message));
                    continue;
                }
                if let Err(error) = parser.parse(cell.text(&texts.record, &part)) {
                    faults.push(Fault::of(&column.name, error.to_string()));
                }
            }
            (Cell::ColumnName(_), Some(_)) => {
                let message = "it is the name of the column that the value stands in: leave it out";
                faults.push(Fault::of(&column.name, message));
            }
            (Cell::Lookup(_), Some(text)) => match written_number(text) {
                Ok(value) => numbers.push((place, value)),
                Err(message) => faults.push(Fault::of(&column.name, message)),
            },
            (Cell::Number, Some(_)) => {
                let message = "the database numbers the rows itself: leave it out";
                faults.push(Fault::of(&column.name, message));
            }
            (Cell::Number | Cell::Lookup(_) | Cell::ColumnName(_), None) | (Cell::Unread, _) => {}
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Given {
        record: texts.record,
        part,
        numbers,
    })
}

/// Columns that are null and must not be.
fn empty_ones(
    reading: &TableReading<'_>,
    values: &[Value],
    listed: &quarantine::QuarantinedRow,
) -> Vec<Fault> {
    let required = reading.required();
    required
        .into_iter()
        .filter(|place| values[*place] == Value::Null)
        .map(|place| {
            let name = &reading.table.columns[place].name;
            let message = match reading.cells[place] {
                Cell::Lookup(_) => format!(
                    "{}; what line {} of {} has for the table it refers to is not stored: add that back first",
                    is_empty(name),
                    listed.line,
                    listed.file
                ),
                _ => is_empty(name),
            };
            Fault::of(name, message)
        })
        .collect()
}

/// Marks the row as mended: stored as that with the row id, or merged with it.
pub(in crate::dataset) fn mark_mended(
    connection: &Connection,
    table: &Table,
    id: i64,
    (row_id, is_merged): (i64, bool),
) -> Result<()> {
    let became = if is_merged {
        ("merged", row_id, None)
    } else {
        let digest = write::digest(connection, &table.name, &[row_id])?;
        ("stored", row_id, digest)
    };
    mark(connection, id, Some(became))
}

/// Marks the row as mended, or as set aside again.
fn mark(
    connection: &Connection,
    id: i64,
    became: Option<(&str, i64, Option<String>)>,
) -> Result<()> {
    let (mended, row_id, digest) = match became {
        Some((mended, row_id, digest)) => (Some(mended), Some(row_id), digest),
        None => (None, None, None),
    };
    let sql = format!(
        "UPDATE {ROWS} SET mended = ?2, row_id = ?3, digest = ?4
         WHERE id = ?1 AND (mended IS NULL) = (?2 IS NOT NULL)"
    );
    let changed = connection
        .prepare_cached(&sql)?
        .execute((id, mended, row_id, digest))?;
    if changed == 1 {
        Ok(())
    } else {
        Err(StoreError::dataset("a row set aside was marked twice"))
    }
}

/// Takes a stored row out again.
pub(in crate::dataset) fn delete(connection: &Connection, table: &Table, id: i64) -> Result<()> {
    connection
        .prepare_cached(&format!(
            "DELETE FROM {EVENED} WHERE table_name = ?1 AND row_id = ?2"
        ))?
        .execute((&table.name, id))?;
    let sql = format!(
        "DELETE FROM {} WHERE {} = ?1",
        quote(&table.name),
        row_id(table)?
    );
    connection.prepare_cached(&sql)?.execute([id])?;
    Ok(())
}

/// Sets a mended row aside again, exactly as it was; gives its table. [`StoreError::Conflict`] where it is not mended, was
/// changed or is referred to since.
pub fn undo_row(dataset: &Path, schema: &Schema, sources: &[Source], id: i64) -> Result<String> {
    let mut connection = open_both(dataset, sources)?;
    let transaction = begin(&mut connection)?;
    let entry = row_of(&transaction, ROWS, id)?;
    let table = table_of(schema, &entry.listed.row.table)?;
    let (Some(became), Some(row_id)) = (entry.mended.as_deref(), entry.row_id) else {
        return Err(not_mended());
    };
    if became == "stored" {
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM {ROWS} WHERE mended = 'merged' AND table_name = ?1 AND row_id = ?2)"
        );
        if transaction.query_row(&sql, (&table.name, row_id), |row| row.get(0))? {
            return Err(StoreError::conflict(
                "rows_merged",
                "another row was merged with it since: take that back first",
            ));
        }
        if write::digest(&transaction, &table.name, &[row_id])? != entry.digest {
            return Err(StoreError::conflict(
                "rows_changed",
                "the row is gone or changed since: nothing was taken back",
            ));
        }
        delete(&transaction, table, row_id)?;
    }
    mark(&transaction, id, None)?;
    transaction.commit().map_err(still_referenced)?;
    if became == "stored" {
        copies::wipe(dataset, &connection, &table.name);
    }
    Ok(table.name.clone())
}
