//! One pass over a file: the rows of its tables after cells and keys.

use std::collections::{HashMap, HashSet};

use ingest::{ColumnProfile, Outcome, Record, Value, ValueError};

use super::{CANCEL_EVERY, Key, Reason, Respelled, Rows, SAMPLES, Unfits, is_compared};
use crate::even::Spellings;
use crate::rows::{self, Cell, FileReading, Part, Row, TableReading, Unfit};
use crate::values::{self, NULL};
use crate::{Schema, SchemaError, Source};

/// Characters shown of a value that does not fit.
const SAMPLE_CHARS: usize = 80;

/// One table while its file is read.
struct Filling<'a> {
    reading: &'a TableReading<'a>,
    keys: &'a [Key],
    required: Vec<usize>,
    /// Columns whose values are kept.
    compared: Vec<usize>,
    rows: Rows,
    row: Row,
    /// The row of the record at hand, for tables that look it up.
    current: Option<i64>,
    /// Where rows are distinct: each combination and its row's number; the values of each key so far.
    seen: HashMap<u64, i64>,
    taken: Vec<HashSet<u64>>,
}

/// The rows of each table that reads the file, with the table's place in the schema.
pub fn read(
    schema: &Schema,
    source: &Source,
    (keys, spellings): (&[Vec<Key>], &Spellings),
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<(usize, Rows)>, SchemaError> {
    let mut plan = rows::plan(schema, source, spellings)?;
    for reading in &mut plan.tables {
        leave_unread(schema, source, &keys[reading.index], reading);
    }
    let mut fillings: Vec<Filling<'_>> = plan
        .tables
        .iter()
        .map(|reading| Filling::new(schema, reading, &keys[reading.index]))
        .collect();
    let mut number = 0;
    let mut parts = Vec::new();
    for (seen, outcome) in (0_u64..).zip(values::open(source)?) {
        if seen % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        match outcome.map_err(|error| values::failed(source, error))? {
            Outcome::Row(record) => {
                number += 1;
                take(&mut fillings, number, &record, &mut parts);
            }
            Outcome::Rejected(record) if record.no_row => {
                reject(&plan, &mut fillings, Reason::NoRow);
            }
            Outcome::Rejected(_) => reject(&plan, &mut fillings, Reason::Fields),
        }
    }
    Ok(fillings
        .into_iter()
        .map(|filling| (filling.reading.index, filling.finish()))
        .collect())
}

/// Leaves out the cells whose fate is known: every value of a column is of the type that its analysis found.
fn leave_unread(schema: &Schema, source: &Source, keys: &[Key], reading: &mut TableReading<'_>) {
    let table = reading.table;
    let profiles = &source.analysis.columns;
    let required = reading.required();
    let longest: u64 = profiles.iter().map(longest_bytes).sum();
    if reading.distinct || table.source.rows.is_expanded() || longest > rows::MAX_ROW_BYTES as u64 {
        return;
    }
    for (place, cell) in reading.cells.iter_mut().enumerate() {
        let Cell::Field { index, .. } = cell else {
            continue;
        };
        let profile = &profiles[*index];
        let may_be_missing = required.contains(&place) && profile.null_count > 0;
        if table.columns[place].column_type == profile.column_type
            && !may_be_missing
            && !is_compared(schema, table, keys, place)
        {
            *cell = Cell::Unread;
        }
    }
}

/// Most bytes of text that a value of the column can be stored as.
fn longest_bytes(profile: &ColumnProfile) -> u64 {
    const LONGEST_MOMENT: u64 = 64;
    const BYTES_PER_CHAR: u64 = 4;
    profile.max_length.max(LONGEST_MOMENT) * BYTES_PER_CHAR
}

fn reject(plan: &FileReading<'_>, fillings: &mut [Filling<'_>], reason: Reason) {
    if let Some(primary) = fillings.get_mut(plan.primary) {
        primary.rows.rows_in += 1;
        primary.rows.refuse(reason);
    }
}

fn take(fillings: &mut [Filling<'_>], number: u64, record: &Record, parts: &mut Vec<Part>) {
    for place in 0..fillings.len() {
        let (earlier, rest) = fillings.split_at_mut(place);
        let Some(filling) = rest.first_mut() else {
            break;
        };
        let looked_up = |table: usize| earlier.get(table).and_then(|other| other.current);
        filling.current = None;
        filling.reading.parts(record, parts);
        for part in parts.iter() {
            filling.take(number, record, part, &looked_up);
        }
    }
}

impl<'a> Filling<'a> {
    fn new(schema: &Schema, reading: &'a TableReading<'a>, keys: &'a [Key]) -> Self {
        let table = reading.table;
        let width = table.columns.len();
        let compared: Vec<usize> = (0..width)
            .filter(|&place| is_compared(schema, table, keys, place))
            .collect();
        let columns = (0..width)
            .map(|place| compared.contains(&place).then(Vec::new))
            .collect();
        Self {
            reading,
            keys,
            required: reading.required(),
            compared,
            rows: Rows {
                columns,
                unfits: vec![Unfits::default(); width],
                emptied_merged: vec![0; width],
                evened_samples: vec![Vec::new(); width],
                ..Rows::default()
            },
            row: Row::default(),
            current: None,
            seen: HashMap::new(),
            taken: vec![HashSet::new(); keys.len()],
        }
    }

    fn take(
        &mut self,
        record_number: u64,
        record: &Record,
        part: &Part,
        looked_up: &dyn Fn(usize) -> Option<i64>,
    ) {
        self.rows.rows_in += 1;
        let number = if self.reading.distinct {
            self.rows.records.len() as i64 + 1
        } else if self.reading.table.source.rows.is_expanded() {
            self.rows.rows_in.cast_signed()
        } else {
            record_number.cast_signed()
        };
        let read = self
            .reading
            .read(record, part, number, looked_up, &mut self.row);
        for (place, error) in &self.row.emptied {
            unfit(&mut self.rows.unfits[*place], error);
        }
        match read {
            Err(Unfit::Value { place, error }) => {
                unfit(&mut self.rows.unfits[place], &error);
                return self.rows.refuse(Reason::Unfit(place));
            }
            Err(Unfit::TooLong { .. }) => return self.rows.refuse(Reason::TooLong),
            Ok(()) => {}
        }
        self.count_nulls();
        let combination = self.reading.distinct.then(|| self.combination());
        if let Some(combination) = combination {
            let same = combination.map(|hash| self.seen.get(&hash));
            if let None | Some(Some(_)) = same {
                self.current = same.flatten().copied();
                self.rows.merged += 1;
                for (place, _) in &self.row.emptied {
                    self.rows.emptied_merged[*place] += 1;
                }
                return;
            }
        }
        let empty = |place: &&usize| {
            self.row.values[**place] == Value::Null
                && !matches!(self.reading.cells[**place], Cell::Unread)
        };
        if let Some(&place) = self.required.iter().find(empty) {
            return self.rows.refuse(Reason::Empty(place));
        }
        if let Some(hash) = combination.flatten() {
            if let Some(key) = self.repeated_key() {
                return self.rows.refuse(Reason::Repeats(key));
            }
            self.seen.insert(hash, number);
        }
        let row = self.rows.records.len();
        for &place in &self.compared {
            if let Some(column) = &mut self.rows.columns[place] {
                column.push(values::fingerprint(&self.row.values[place]));
            }
        }
        let emptied = self.row.emptied.iter().map(|(place, _)| (row, *place));
        self.rows.emptied.extend(emptied);
        for (place, text) in &self.row.evened {
            self.rows.evened.push((row, *place));
            let Value::Text(stored) = &self.row.values[*place] else {
                continue;
            };
            let samples = &mut self.rows.evened_samples[*place];
            let known = samples.iter().any(|sample| sample.text == *text);
            if samples.len() < SAMPLES && !known {
                samples.push(Respelled {
                    text: text.clone(),
                    stored: stored.clone(),
                });
            }
        }
        self.rows.records.push(record_number);
        self.current = Some(number);
    }

    fn count_nulls(&mut self) {
        let cells = self.row.values.iter().zip(&self.reading.cells);
        for ((value, cell), unfits) in cells.zip(&mut self.rows.unfits) {
            let is_null = *value == Value::Null && !matches!(cell, Cell::Unread);
            unfits.nulls += u64::from(is_null);
        }
        for (place, _) in &self.row.emptied {
            self.rows.unfits[*place].nulls -= 1;
        }
    }

    /// The first key whose value an earlier row has; notes the values where there is none.
    fn repeated_key(&mut self) -> Option<usize> {
        let found: Vec<u64> = self
            .keys
            .iter()
            .map(|key| {
                let mut cells = key
                    .places
                    .iter()
                    .map(|&place| values::fingerprint(&self.row.values[place]));
                match key.places.len() {
                    1 => cells.next().unwrap_or(NULL),
                    _ => values::combine(cells),
                }
            })
            .collect();
        let repeated = found
            .iter()
            .zip(&self.taken)
            .position(|(value, taken)| *value != NULL && taken.contains(value));
        if repeated.is_none() {
            for (value, taken) in found.into_iter().zip(&mut self.taken) {
                taken.insert(value);
            }
        }
        repeated
    }

    /// `None` where all of it is null.
    fn combination(&self) -> Option<u64> {
        let of_file = || {
            let cells = self.row.values.iter().zip(&self.reading.cells);
            cells
                .filter(|(_, cell)| !matches!(cell, Cell::Number))
                .map(|(value, _)| value)
        };
        of_file()
            .any(|value| *value != Value::Null)
            .then(|| values::combine_all(of_file().map(values::fingerprint)))
    }

    fn finish(mut self) -> Rows {
        if !self.reading.distinct {
            drop_repeated(&mut self.rows, self.keys);
        }
        self.rows.is_stored = vec![true; self.rows.records.len()];
        self.rows
    }
}

fn unfit(unfits: &mut Unfits, error: &ValueError) {
    unfits.count += 1;
    if unfits.samples.len() < SAMPLES {
        let sample: String = error.raw.chars().take(SAMPLE_CHARS).collect();
        if !unfits.samples.contains(&sample) {
            unfits.samples.push(sample);
        }
    }
}

/// Takes out the rows that repeat a key of an earlier row. Only values that occur twice are remembered on the way.
fn drop_repeated(rows: &mut Rows, keys: &[Key]) {
    let count = rows.records.len();
    let joined: Vec<Vec<u64>> = keys
        .iter()
        .map(|key| match rows.key(&key.places) {
            Some(value) => (0..count).map(value).collect(),
            None => vec![NULL; count],
        })
        .collect();
    let twice: Vec<HashSet<u64>> = joined.iter().map(|values| repeated(values)).collect();
    if twice.iter().all(HashSet::is_empty) {
        return;
    }
    let mut seen: Vec<HashSet<u64>> = vec![HashSet::new(); keys.len()];
    let mut kept = vec![true; count];
    for (row, kept) in kept.iter_mut().enumerate() {
        let breaks = |key: &usize| seen[*key].contains(&joined[*key][row]);
        if let Some(key) = (0..keys.len()).find(breaks) {
            *kept = false;
            rows.refuse(Reason::Repeats(key));
            continue;
        }
        for (key, seen) in seen.iter_mut().enumerate() {
            let value = joined[key][row];
            if twice[key].contains(&value) {
                seen.insert(value);
            }
        }
    }
    for column in rows.columns.iter_mut().flatten() {
        retain(column, &kept);
    }
    retain(&mut rows.records, &kept);
    let mut moved = Vec::with_capacity(count);
    let mut next = 0;
    for kept in &kept {
        moved.push(next);
        next += usize::from(*kept);
    }
    for cells in [&mut rows.emptied, &mut rows.evened] {
        cells.retain(|(row, _)| kept[*row]);
        for (row, _) in cells {
            *row = moved[*row];
        }
    }
}

fn retain(cells: &mut Vec<u64>, kept: &[bool]) {
    let mut kept = kept.iter();
    cells.retain(|_| kept.next().is_some_and(|kept| *kept));
}

/// The values that occur more than once.
fn repeated(values: &[u64]) -> HashSet<u64> {
    let mut sorted: Vec<u64> = values
        .iter()
        .copied()
        .filter(|value| *value != NULL)
        .collect();
    sorted.sort_unstable();
    sorted
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| pair[0])
        .collect()
}
