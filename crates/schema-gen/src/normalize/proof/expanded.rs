//! Tables of which a record is several rows: their rows, gathered again for each row that they refer to.

use std::collections::HashMap;

use ingest::{Record, Value};

use super::{joined, places, show};
use crate::Schema;
use crate::model::SourceRows;
use crate::rows::{self, Cell, Expansion, FileReading, Row, TableReading};
use crate::values::{self, NULL};

/// One such table.
pub struct Expanded {
    /// Its place in the plan.
    pub table: usize,
    /// Its columns that refer to the rest of the wide table, and those that they refer to.
    own: Vec<usize>,
    key: Vec<usize>,
    /// The column that tells the rows of one record apart, and the one that holds the cell.
    told: usize,
    value: usize,
    required: Vec<usize>,
    /// By what they refer to: what tells a row apart and its cell.
    stored: HashMap<u64, Vec<(u64, u64)>>,
    pub rows: u64,
    pub held: usize,
    pub preview: Vec<Vec<Option<String>>>,
}

impl Expanded {
    /// Those that refer to the key of the rest.
    pub fn all(schema: &Schema, plan: &FileReading<'_>, rest: usize) -> Vec<Self> {
        let wide = plan.tables[rest].table;
        let of = |table: usize| {
            let reading = &plan.tables[table];
            let relationship = schema.relationships.iter().find(|own| {
                own.from_table == reading.table.name
                    && own.to_table == wide.name
                    && own.to_columns == wide.primary_key
            })?;
            let place_of = |name: &String| places(reading.table, std::slice::from_ref(name));
            let (told, value) = match &reading.table.source.rows {
                SourceRows::All | SourceRows::Distinct => return None,
                SourceRows::Split(list) => {
                    let mut columns = reading.table.columns.iter();
                    let item = columns
                        .position(|column| column.source_column.as_ref() == Some(&list.column))?;
                    (item, item)
                }
                SourceRows::Unpivot(group) => (
                    *place_of(&group.name_column)?.first()?,
                    *place_of(&group.value_column)?.first()?,
                ),
            };
            Some(Self {
                table,
                own: places(reading.table, &relationship.from_columns)?,
                key: places(wide, &relationship.to_columns)?,
                told,
                value,
                required: reading.required(),
                stored: HashMap::new(),
                rows: 0,
                held: 0,
                preview: Vec::new(),
            })
        };
        (0..plan.tables.len()).filter_map(of).collect()
    }

    /// Which of the columns that became rows this one was.
    pub fn place_of(&self, plan: &FileReading<'_>, source_column: &String) -> Option<usize> {
        match &plan.tables[self.table].table.source.rows {
            SourceRows::Split(list) => (&list.column == source_column).then_some(0),
            SourceRows::Unpivot(group) => group.columns.iter().position(|own| own == source_column),
            SourceRows::All | SourceRows::Distinct => None,
        }
    }

    /// Takes the record's rows as an import does; how many would be set aside.
    pub fn store(
        &mut self,
        reading: &TableReading<'_>,
        number: i64,
        record: &Record,
        row: &mut Row,
    ) -> u64 {
        let mut parts = Vec::new();
        reading.parts(record, &mut parts);
        let mut set_aside = 0;
        for part in &parts {
            if reading.read(record, part, number, &|_| None, row).is_err() {
                set_aside += 1;
                continue;
            }
            let cells: Vec<u64> = row.values.iter().map(values::fingerprint).collect();
            let stored = self.stored.entry(joined(&cells, &self.own)).or_default();
            let told = cells[self.told];
            let is_empty = self.required.iter().any(|&place| cells[place] == NULL);
            if is_empty || stored.iter().any(|(other, _)| *other == told) {
                set_aside += 1;
                continue;
            }
            stored.push((told, cells[self.value]));
            self.rows += 1;
            self.held += 2;
            show(&mut self.preview, &row.values);
        }
        set_aside
    }

    /// Whether the rows that refer to `rest` give the cell of the wide table back, `wide`, that is of the record's column of
    /// this place. Of a list, the same items.
    pub fn gives_back(
        &self,
        reading: &TableReading<'_>,
        record: &Record,
        rest: &[u64],
        place: usize,
        wide: u64,
    ) -> bool {
        let stored = self.stored.get(&joined(rest, &self.key));
        let stored = stored.map_or(&[] as &[(u64, u64)], Vec::as_slice);
        match &reading.expansion {
            Expansion::Whole => false,
            Expansion::Items { index, separator } => {
                let text = record.fields.get(*index).and_then(Option::as_deref);
                let items = text.map_or_else(Vec::new, |text| sorted_items(text, separator));
                let mut found: Vec<u64> = stored.iter().map(|(told, _)| *told).collect();
                found.sort_unstable();
                found == items && (wide == NULL) == items.is_empty()
            }
            Expansion::Columns(_) => {
                let Cell::ColumnName(names) = &reading.cells[self.told] else {
                    return false;
                };
                let name = names.get(place).map_or(NULL, values::fingerprint);
                let mut all = stored.iter();
                let found = all.find(|(told, _)| *told == name);
                found.map_or(NULL, |(_, value)| *value) == wide
            }
        }
    }
}

fn sorted_items(text: &str, separator: &str) -> Vec<u64> {
    let item = |place: std::ops::Range<usize>| {
        let item = text.get(place).unwrap_or_default();
        values::fingerprint(&Value::Text(item.to_owned()))
    };
    let mut items: Vec<u64> = rows::items(text, separator).map(item).collect();
    items.sort_unstable();
    items
}
