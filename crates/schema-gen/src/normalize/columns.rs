//! The cells of one table as small numbers: cells of a column that are equal have the same one.

use std::collections::HashMap;

use ingest::Outcome;

use crate::even::Spellings;
use crate::rows::{self, Part, Row};
use crate::values::{self, NULL};
use crate::{Schema, SchemaError, Source};

/// Cells held at once, 12 bytes each while they are read; of longer files the first rows are looked at, and what is found
/// there is proven on all.
const MAX_CELLS: usize = 6_000_000;
/// Columns that are looked at, the first ones; wider files hold measurements.
pub const MAX_COLUMNS: usize = 300;
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: usize = 20_000;

/// The code of null.
pub const EMPTY: u32 = 0;

/// One column, row by row.
#[derive(Debug, Clone, Default)]
pub struct Coded {
    /// [`EMPTY`] for null, else from 1 in the order of appearance.
    pub codes: Vec<u32>,
    /// Different values, null not among them.
    pub distinct: usize,
    pub nulls: usize,
}

impl Coded {
    /// Numbers anything that has fingerprints.
    pub fn of(fingerprints: impl Iterator<Item = u64>) -> Self {
        let mut seen: HashMap<u64, u32> = HashMap::new();
        let mut coded = Self::default();
        for fingerprint in fingerprints {
            let code = if fingerprint == NULL {
                coded.nulls += 1;
                EMPTY
            } else {
                let next = seen.len() as u32 + 1;
                *seen.entry(fingerprint).or_insert(next)
            };
            coded.codes.push(code);
        }
        coded.distinct = seen.len();
        coded
    }

    /// The combinations of some columns; null where one of them is.
    pub fn joined(columns: &[&Self]) -> Self {
        let rows = columns.first().map_or(0, |first| first.codes.len());
        Self::of((0..rows).map(|row| {
            let cells = columns.iter().map(|column| u64::from(column.codes[row]));
            values::combine(cells)
        }))
    }

    pub fn is_unique(&self) -> bool {
        self.nulls == 0 && self.distinct == self.codes.len()
    }

    /// Rows that have a value.
    pub fn filled(&self) -> usize {
        self.codes.len() - self.nulls
    }
}

/// A table as far as it is looked at.
#[derive(Debug, Default)]
pub struct Sample {
    /// The first columns of the table, at most [`MAX_COLUMNS`].
    pub columns: Vec<Coded>,
    /// The line of each row in its file.
    pub lines: Vec<u64>,
    /// Whether these are all rows of the file.
    pub is_whole: bool,
}

/// Reads the rows of one table as an import would; `None` where its file cannot be read into it.
pub fn load(
    schema: &Schema,
    table: usize,
    source: &Source,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Sample>, SchemaError> {
    load_at_most(schema, table, source, MAX_CELLS, go_on)
}

fn load_at_most(
    schema: &Schema,
    table: usize,
    source: &Source,
    most_cells: usize,
    go_on: &dyn Fn() -> bool,
) -> Result<Option<Sample>, SchemaError> {
    let Ok(plan) = rows::plan(schema, source, &Spellings::default()) else {
        return Ok(None);
    };
    let Some(reading) = plan.tables.iter().find(|reading| reading.index == table) else {
        return Ok(None);
    };
    let width = reading.cells.len().min(MAX_COLUMNS);
    let most_rows = most_cells / width.max(1);
    let mut fingerprints: Vec<Vec<u64>> = vec![Vec::new(); width];
    let mut found = Sample {
        is_whole: true,
        ..Sample::default()
    };
    let mut row = Row::default();
    let mut number = 0;
    for (seen, outcome) in values::open(source)?.enumerate() {
        if seen % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? else {
            continue;
        };
        number += 1;
        if reading
            .read(&record, &Part::Whole, number, &|_| None, &mut row)
            .is_err()
        {
            continue;
        }
        if found.lines.len() == most_rows {
            found.is_whole = false;
            break;
        }
        found.lines.push(record.line);
        for (column, value) in fingerprints.iter_mut().zip(&row.values) {
            column.push(values::fingerprint(value));
        }
    }
    for column in fingerprints {
        if !go_on() {
            return Err(SchemaError::Cancelled);
        }
        found.columns.push(Coded::of(column.into_iter()));
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Files;

    #[test]
    fn equal_cells_have_equal_codes_and_null_has_none() {
        let files = Files::new(&[("a.csv", "n,city\n1,Bern\n2,\n3,Bern\n4,Rome\n")]);
        let found = load(&files.schema(), 0, &files.sources[0], &|| true)
            .unwrap()
            .unwrap();
        let city = &found.columns[1];
        assert_eq!(city.codes, [1, EMPTY, 1, 2]);
        assert_eq!((city.distinct, city.nulls, city.filled()), (2, 1, 3));
        assert_eq!(found.lines, [2, 3, 4, 5]);
        assert!(found.is_whole && found.columns[0].is_unique());
    }

    #[test]
    fn of_a_long_file_the_first_rows_are_read() {
        let files = Files::new(&[("a.csv", "n,m\n1,1\n2,2\n3,3\n4,4\n")]);
        let found = load_at_most(&files.schema(), 0, &files.sources[0], 6, &|| true)
            .unwrap()
            .unwrap();
        assert_eq!(found.lines.len(), 3);
        assert!(!found.is_whole);
    }

    #[test]
    fn a_combination_with_a_null_is_null() {
        let one = Coded::of([1, 1, NULL, 2].into_iter());
        let other = Coded::of([5, 5, 5, 5].into_iter());
        let joined = Coded::joined(&[&one, &other]);
        assert_eq!(joined.codes, [1, 1, EMPTY, 2]);
    }
}
