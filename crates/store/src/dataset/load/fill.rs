//! One pass over a file: its records become rows of its tables, or go to the quarantine.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use ingest::{IngestError, Outcome, Record, RecordReader, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql};

use schema_gen::rows::{Cell, Part, Row};

use super::plan::{FilePlan, RowKey, TablePlan};
use super::refusal::{Refusal, source_column};
use super::{Counts, REPORT_EVERY, Watcher};
use crate::dataset::quarantine::{
    EmptiedCell, EvenedCell, QuarantineWriter, QuarantinedRow, RowPlace,
};
use crate::dataset::write::is_constraint;
use crate::{Result, StoreError};

/// What a pass leaves for finding the record of a stored row again; records are numbered from 1 within their file.
#[derive(Default)]
pub(super) struct Trace {
    /// Where rows are distinct: the record that row 1, 2, 3, … came from.
    pub first_records: Vec<u64>,
    /// Where the row id is a value of the data: records that were refused.
    pub refused_records: HashSet<u64>,
}

/// What a record became in one table.
enum Placed {
    /// The row with this number.
    Row(i64),
    /// Nothing of its own: it is equal to the row with this number, or wholly empty.
    Merged(Option<i64>),
    Refused(Refusal),
}

/// One table while it is filled.
struct Filling<'a, 'c> {
    plan: &'a TablePlan<'a>,
    statement: Statement<'c>,
    parts: Vec<Part>,
    row: Row,
    hashers: [RandomState; 2],
    /// Hash of a combination -> its row's number; only where rows are distinct.
    seen: HashMap<u128, i64>,
    /// The row of the record at hand, for tables that look it up.
    current: Option<i64>,
    trace: Trace,
}

/// Fills the tables of one file; the traces come in the order of [`FilePlan::tables`].
pub(super) fn fill(
    connection: &Connection,
    plan: &FilePlan<'_>,
    quarantine: &mut QuarantineWriter,
    counts: &mut [Counts],
    watch: &mut Watcher<'_>,
) -> Result<Vec<Trace>> {
    let mut fillings = plan
        .tables
        .iter()
        .map(|table| Filling::new(connection, table))
        .collect::<Result<Vec<_>>>()?;
    let Some(primary) = plan.tables.get(plan.primary) else {
        return Ok(Vec::new());
    };
    let total = plan.source.analysis.row_count + plan.source.analysis.rejected_count;
    let (mut done, mut records) = (0, 0);
    for outcome in open(plan)? {
        if done % REPORT_EVERY == 0 {
            watch.report("loading", &primary.reading.table.name, done, total)?;
        }
        done += 1;
        match outcome.map_err(|error| reading(plan, error))? {
            Outcome::Row(record) => {
                records += 1;
                place(plan, (records, &record), &mut fillings, counts, quarantine)?;
            }
            Outcome::Rejected(rejected) => {
                let counts = &mut counts[primary.reading.index];
                counts.rows_in += 1;
                counts.quarantined += 1;
                let row = QuarantinedRow {
                    table: primary.reading.table.name.clone(),
                    csv_id: plan.source.csv_id.clone(),
                    file: plan.source.original_filename.clone(),
                    line: rejected.line,
                    column: None,
                    reason: rejected.reason,
                    raw: rejected.raw,
                };
                quarantine.add(&row, None)?;
            }
        }
    }
    watch.report("loading", &primary.reading.table.name, done, total)?;
    Ok(fillings.into_iter().map(|filling| filling.trace).collect())
}

/// The file's records, as the analysis saw them.
pub(super) fn open(plan: &FilePlan<'_>) -> Result<RecordReader> {
    let analysis = &plan.source.analysis;
    RecordReader::open(&plan.source.path, &analysis.dialect, analysis.columns.len())
        .map_err(|error| reading(plan, error))
}

pub(super) fn reading(plan: &FilePlan<'_>, error: IngestError) -> StoreError {
    match error {
        IngestError::Cancelled => StoreError::Cancelled,
        IngestError::Io(error) => error.into(),
        error => StoreError::dataset(format!("{}: {error}", plan.source.original_filename)),
    }
}

/// Offers one numbered record to each table of its file.
fn place(
    plan: &FilePlan<'_>,
    (number, record): (u64, &Record),
    fillings: &mut [Filling<'_, '_>],
    counts: &mut [Counts],
    quarantine: &mut QuarantineWriter,
) -> Result<()> {
    for place in 0..fillings.len() {
        let (earlier, rest) = fillings.split_at_mut(place);
        let Some(filling) = rest.first_mut() else {
            break;
        };
        let counts = &mut counts[filling.plan.reading.index];
        filling.current = None;
        let is_expanded = filling.plan.reading.table.source.rows.is_expanded();
        let mut parts = std::mem::take(&mut filling.parts);
        filling.plan.reading.parts(record, &mut parts);
        for (at, part) in parts.iter().enumerate() {
            counts.rows_in += 1;
            let numbers = (number, counts.rows_in);
            match filling.place(numbers, record, part, earlier)? {
                Placed::Row(row) => {
                    counts.stored += 1;
                    filling.current = Some(row);
                    filling.list_emptied((plan, record, part), Some(row), counts, quarantine)?;
                    filling.list_evened((plan, record, part), row, counts, quarantine)?;
                }
                Placed::Merged(row) => {
                    counts.merged += 1;
                    filling.current = row;
                    filling.list_emptied((plan, record, part), row, counts, quarantine)?;
                }
                Placed::Refused(refusal) => {
                    counts.quarantined += 1;
                    if filling.plan.key != RowKey::Number {
                        filling.trace.refused_records.insert(number);
                    }
                    let row = refusal.quarantined(plan.source, filling.plan.reading.table, record);
                    let place = if is_expanded {
                        RowPlace::part_of_record(counts.rows_in, at)
                    } else {
                        RowPlace::record(number)
                    };
                    quarantine.add(&row, Some(place))?;
                }
            }
        }
        filling.parts = parts;
    }
    Ok(())
}

impl<'a, 'c> Filling<'a, 'c> {
    fn new(connection: &'c Connection, plan: &'a TablePlan<'a>) -> Result<Self> {
        Ok(Self {
            plan,
            statement: connection.prepare(&plan.insert_sql)?,
            parts: Vec::new(),
            row: Row::default(),
            hashers: [RandomState::new(), RandomState::new()],
            seen: HashMap::new(),
            current: None,
            trace: Trace::default(),
        })
    }

    /// `number` counts the records of the file, `own` the rows meant for this table.
    fn place(
        &mut self,
        (number, own): (u64, u64),
        record: &Record,
        part: &Part,
        earlier: &[Self],
    ) -> Result<Placed> {
        let row = if self.plan.reading.distinct {
            self.trace.first_records.len() as i64 + 1
        } else if self.plan.reading.table.source.rows.is_expanded() {
            own.cast_signed()
        } else {
            number.cast_signed()
        };
        if let Err(refusal) = self.read(record, part, row, earlier) {
            return Ok(Placed::Refused(refusal));
        }
        let combination = self.plan.reading.distinct.then(|| self.combination());
        if let Some(combination) = combination {
            let Some(hash) = combination else {
                return Ok(Placed::Merged(None));
            };
            if let Some(same) = self.seen.get(&hash) {
                return Ok(Placed::Merged(Some(*same)));
            }
        }
        if let Err(error) = self.insert(row) {
            return if is_constraint(&error) {
                Ok(Placed::Refused(Refusal::constraint(
                    self.plan.reading.table,
                    part,
                    &error,
                )))
            } else {
                Err(error.into())
            };
        }
        if let Some(hash) = combination.flatten() {
            self.seen.insert(hash, row);
            self.trace.first_records.push(number);
        }
        Ok(Placed::Row(row))
    }

    /// Makes the values of the record's part; `row` is the number that the row would have.
    fn read(
        &mut self,
        record: &Record,
        part: &Part,
        row: i64,
        earlier: &[Self],
    ) -> std::result::Result<(), Refusal> {
        let reading = &self.plan.reading;
        let looked_up = |table: usize| earlier.get(table).and_then(|other| other.current);
        reading
            .read(record, part, row, &looked_up, &mut self.row)
            .map_err(|unfit| Refusal::unfit(reading.table, part, &unfit))?;
        // SQLite would invent a number for an empty INTEGER PRIMARY KEY.
        match self.plan.key {
            RowKey::Column(place) if self.row.values[place] == Value::Null => {
                Err(Refusal::empty_key(reading.table, part, place))
            }
            _ => Ok(()),
        }
    }

    /// Lists the cells of the record at hand whose text did not fit; `row` is the number of the row that it became.
    fn list_emptied(
        &self,
        (plan, record, part): (&FilePlan<'_>, &Record, &Part),
        row: Option<i64>,
        counts: &mut Counts,
        quarantine: &mut QuarantineWriter,
    ) -> Result<()> {
        let table = self.plan.reading.table;
        let row_id = self.row_id(row);
        for (place, error) in &self.row.emptied {
            *counts.emptied.entry(*place).or_default() += 1;
            let cell = EmptiedCell {
                table: table.name.clone(),
                table_column: table.columns[*place].name.clone(),
                csv_id: plan.source.csv_id.clone(),
                file: plan.source.original_filename.clone(),
                line: record.line,
                column: source_column(table, *place, part),
                reason: format!("not {}", error.expected),
                text: error.raw.clone(),
            };
            quarantine.add_cell(&cell, row_id)?;
        }
        Ok(())
    }

    /// The row id of the record at hand, whose row has the number `row`.
    fn row_id(&self, row: Option<i64>) -> Option<i64> {
        match self.plan.key {
            RowKey::Column(place) => match self.row.values.get(place) {
                Some(Value::Integer(id)) => Some(*id),
                _ => None,
            },
            RowKey::Number => row,
        }
    }

    /// Lists the cells of the stored record at hand that are spelled as the key has them.
    fn list_evened(
        &self,
        (plan, record, part): (&FilePlan<'_>, &Record, &Part),
        row: i64,
        counts: &mut Counts,
        quarantine: &mut QuarantineWriter,
    ) -> Result<()> {
        let at = (
            plan.source.csv_id.as_str(),
            plan.source.original_filename.as_str(),
            record.line,
        );
        for (place, cell) in EvenedCell::of(self.plan.reading.table, part, &self.row, at) {
            *counts.evened.entry(place).or_default() += 1;
            quarantine.add_evened(&cell, self.row_id(Some(row)))?;
        }
        Ok(())
    }

    fn insert(&mut self, row: i64) -> rusqlite::Result<()> {
        for (index, value) in self.row.values.iter().enumerate() {
            self.statement.raw_bind_parameter(index + 1, Bound(value))?;
        }
        if self.plan.binds_row_id {
            self.statement
                .raw_bind_parameter(self.row.values.len() + 1, row)?;
        }
        self.statement.raw_execute()?;
        Ok(())
    }

    /// 128 bits, so that two combinations never share it in practice; `None` where all of it is null.
    fn combination(&self) -> Option<u128> {
        let [mut low, mut high] = self.hashers.each_ref().map(BuildHasher::build_hasher);
        let mut is_empty = true;
        for (value, cell) in self.row.values.iter().zip(&self.plan.reading.cells) {
            if matches!(cell, Cell::Number) {
                continue;
            }
            is_empty &= matches!(value, Value::Null);
            for hasher in [&mut low, &mut high] {
                hash_value(value, hasher);
            }
        }
        (!is_empty).then(|| u128::from(low.finish()) | (u128::from(high.finish()) << 64))
    }
}

fn hash_value(value: &Value, hasher: &mut impl Hasher) {
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Integer(number) => (1_u8, number).hash(hasher),
        Value::Real(number) => (2_u8, number.to_bits()).hash(hasher),
        Value::Text(text) => (3_u8, text).hash(hasher),
    }
}

/// A value bound without copying it first.
pub(in crate::dataset) struct Bound<'a>(pub &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Real(number) => ValueRef::Real(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}
