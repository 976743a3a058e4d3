//! Whether joining the tables of a changed schema gives the wide table back: both schemas read the file as an import does, and
//! every cell of every row is compared.
//!
//! Each row of the wide table is joined to at most one row of each split table, because it refers to its key; so the rows are
//! the same as a bag where each is the same. Of lists and of columns that became rows, those that refer to the row are
//! gathered again ([`expanded`]).

mod expanded;

use std::collections::{HashMap, VecDeque};

use ingest::{Outcome, Record, Value};

use crate::even::Spellings;
use crate::model::{SourceRows, Table};
use crate::rows::{self, FileReading, Part, Row};
use crate::values::{self, NULL};
use crate::{Schema, SchemaError, Source};

use expanded::Expanded;

/// Cells of new tables that are held at once for one suggestion.
const MAX_CELLS: usize = 4_000_000;
/// Records between two looks at whether the work was cancelled.
const CANCEL_EVERY: usize = 20_000;
/// Lines shown where rows differ.
const LINES: usize = 5;
/// What a preview shows of a table.
const PREVIEW_ROWS: usize = 5;
const PREVIEW_COLUMNS: usize = 12;
const PREVIEW_CHARS: usize = 60;

/// What came of joining back.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Proof {
    /// Rows of the wide table.
    pub rows: u64,
    /// Of those, the ones that the join gives back as they are.
    pub same: u64,
    pub differing: Vec<Differing>,
    /// Rows that a new table would set aside.
    pub set_aside: u64,
    pub tables: Vec<NewTable>,
}

/// A column that the join does not give back everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    pub column: String,
    pub rows: u64,
    /// The first ones.
    pub lines: Vec<u64>,
}

/// What a table of the changed schema would hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewTable {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: u64,
    pub preview: Vec<Vec<Option<String>>>,
}

impl Proof {
    pub fn is_whole(&self) -> bool {
        self.same == self.rows && self.set_aside == 0
    }
}

/// Joins `table` back from each of the changed schemas; `None` for one that cannot be read or would take too much memory.
pub fn prove(
    before: &Schema,
    table: &str,
    after: &[Schema],
    source: &Source,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Option<Proof>>, SchemaError> {
    let Ok(plan) = rows::plan(before, source, &Spellings::default()) else {
        return Ok(vec![None; after.len()]);
    };
    let Some(wide) = plan.tables.iter().find(|own| own.table.name == table) else {
        return Ok(vec![None; after.len()]);
    };
    let mut joins: Vec<Option<Join<'_>>> = after
        .iter()
        .map(|schema| Join::new(schema, wide.table, source))
        .collect();
    each_record(source, go_on, |number, record| {
        for join in &mut joins {
            if join
                .as_mut()
                .is_some_and(|join| !join.store(number, record))
            {
                *join = None;
            }
        }
    })?;
    let mut row = Row::default();
    let mut cells = Vec::new();
    each_record(source, go_on, |number, record| {
        if wide
            .read(record, &Part::Whole, number, &|_| None, &mut row)
            .is_err()
        {
            return;
        }
        cells.clear();
        cells.extend(row.values.iter().map(values::fingerprint));
        for join in joins.iter_mut().flatten() {
            join.compare(number, record, &cells);
        }
    })?;
    Ok(joins
        .into_iter()
        .map(|join| join.map(|join| join.finish(wide.table)))
        .collect())
}

fn each_record(
    source: &Source,
    go_on: &dyn Fn() -> bool,
    mut take: impl FnMut(i64, &Record),
) -> Result<(), SchemaError> {
    let mut number = 0;
    for (seen, outcome) in values::open(source)?.enumerate() {
        if seen % CANCEL_EVERY == 0 && !go_on() {
            return Err(SchemaError::Cancelled);
        }
        if let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? {
            number += 1;
            take(number, &record);
        }
    }
    Ok(())
}

/// One changed schema.
struct Join<'a> {
    plan: FileReading<'a>,
    /// Of the plan's tables, what is left of the wide one.
    rest: usize,
    /// The new tables, those first that the rest refers to.
    steps: Vec<Step>,
    expanded: Vec<Expanded>,
    /// Where each column of the wide table is now.
    origins: Vec<Origin>,
    row: Row,
    held: usize,
    proof: Proof,
    differing: Vec<(u64, Vec<u64>)>,
}

/// Where the cells of a column are.
enum Origin {
    /// A place in what is left of the wide table.
    Rest(usize),
    /// A step's table, and the place there.
    Step(usize, usize),
    /// An expanded table, and which of its columns this was.
    Expanded(usize, usize),
}

/// A new table and how it is reached.
struct Step {
    /// Its place in the plan.
    table: usize,
    /// The step (`None`: the rest) and the columns that refer to it.
    from: Option<usize>,
    own: Vec<usize>,
    key: Vec<usize>,
    required: Vec<usize>,
    /// The cells of each stored row, by its key.
    stored: HashMap<u64, Box<[u64]>>,
    preview: Vec<Vec<Option<String>>>,
}

impl<'a> Join<'a> {
    fn new(schema: &'a Schema, wide: &Table, source: &Source) -> Option<Self> {
        let plan = rows::plan(schema, source, &Spellings::default()).ok()?;
        let rest = plan
            .tables
            .iter()
            .position(|own| own.table.name == wide.name)?;
        let mut join = Self {
            steps: steps(schema, &plan, rest),
            expanded: Expanded::all(schema, &plan, rest),
            plan,
            rest,
            origins: Vec::new(),
            row: Row::default(),
            held: 0,
            proof: Proof::default(),
            differing: vec![(0, Vec::new()); wide.columns.len()],
        };
        let origins = wide
            .columns
            .iter()
            .map(|column| join.origin(column.source_column.as_ref()?));
        join.origins = origins.collect::<Option<_>>()?;
        Some(join)
    }

    /// Where a column of the file is now: in the rest before any new table.
    fn origin(&self, source_column: &String) -> Option<Origin> {
        let place = |table: usize| {
            let mut columns = self.plan.tables[table].table.columns.iter();
            columns.position(|column| column.source_column.as_ref() == Some(source_column))
        };
        if let Some(place) = place(self.rest) {
            return Some(Origin::Rest(place));
        }
        let mut steps = self.steps.iter().enumerate();
        let step = steps.find_map(|(at, step)| Some(Origin::Step(at, place(step.table)?)));
        let mut expanded = self.expanded.iter().enumerate();
        step.or_else(|| {
            expanded.find_map(|(at, own)| {
                let column = own.place_of(&self.plan, source_column)?;
                Some(Origin::Expanded(at, column))
            })
        })
    }

    /// Takes the record into each new table as an import does; `false` where they hold too much.
    fn store(&mut self, number: i64, record: &Record) -> bool {
        for step in &mut self.steps {
            let reading = &self.plan.tables[step.table];
            if reading
                .read(record, &Part::Whole, number, &|_| None, &mut self.row)
                .is_err()
            {
                self.proof.set_aside += 1;
                continue;
            }
            let values = &self.row.values;
            if values.iter().all(|value| *value == Value::Null) {
                continue;
            }
            let cells: Box<[u64]> = values.iter().map(values::fingerprint).collect();
            let key = joined(&cells, &step.key);
            match step.stored.get(&key) {
                Some(same) if *same == cells => continue,
                Some(_) => {
                    self.proof.set_aside += 1;
                    continue;
                }
                None => {}
            }
            if step.required.iter().any(|&place| cells[place] == NULL) {
                self.proof.set_aside += 1;
                continue;
            }
            show(&mut step.preview, values);
            self.held += cells.len();
            step.stored.insert(key, cells);
        }
        for own in &mut self.expanded {
            let reading = &self.plan.tables[own.table];
            self.proof.set_aside += own.store(reading, number, record, &mut self.row);
        }
        let expanded: usize = self.expanded.iter().map(|own| own.held).sum();
        self.held + expanded <= MAX_CELLS
    }

    fn compare(&mut self, number: i64, record: &Record, wide: &[u64]) {
        self.proof.rows += 1;
        let reading = &self.plan.tables[self.rest];
        let is_read = reading
            .read(record, &Part::Whole, number, &|_| None, &mut self.row)
            .is_ok();
        let rest: Vec<u64> = self.row.values.iter().map(values::fingerprint).collect();
        let mut rows: Vec<Option<&[u64]>> = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let from = match step.from {
                None => Some(rest.as_slice()),
                Some(earlier) => rows[earlier],
            };
            let key = from.map_or(NULL, |cells| joined(cells, &step.own));
            let found = (key != NULL).then(|| step.stored.get(&key)).flatten();
            rows.push(found.map(AsRef::as_ref));
        }
        let mut is_same = is_read;
        for (column, origin) in self.origins.iter().enumerate() {
            let cell_of = |cells: &[u64], place: usize| cells.get(place).copied().unwrap_or(NULL);
            let is_equal = match *origin {
                Origin::Rest(place) => cell_of(&rest, place) == wide[column],
                Origin::Step(step, place) => {
                    rows[step].map_or(NULL, |cells| cell_of(cells, place)) == wide[column]
                }
                Origin::Expanded(at, place) => {
                    let own = &self.expanded[at];
                    let reading = &self.plan.tables[own.table];
                    own.gives_back(reading, record, &rest, place, wide[column])
                }
            };
            if !is_equal {
                is_same = false;
                let (count, lines) = &mut self.differing[column];
                *count += 1;
                if lines.len() < LINES {
                    lines.push(record.line);
                }
            }
        }
        self.proof.same += u64::from(is_same);
    }

    fn finish(self, wide: &Table) -> Proof {
        let differing = wide.columns.iter().zip(self.differing);
        let steps = self.steps.into_iter();
        let steps = steps.map(|step| (step.table, step.stored.len() as u64, step.preview));
        let expanded = self.expanded.into_iter();
        let expanded = expanded.map(|own| (own.table, own.rows, own.preview));
        let tables = steps.chain(expanded).map(|(table, rows, preview)| {
            let table = self.plan.tables[table].table;
            let columns = table.columns.iter().take(PREVIEW_COLUMNS);
            NewTable {
                name: table.name.clone(),
                columns: columns.map(|column| column.name.clone()).collect(),
                rows,
                preview,
            }
        });
        Proof {
            differing: differing
                .filter(|(_, (rows, _))| *rows > 0)
                .map(|(column, (rows, lines))| Differing {
                    column: column.name.clone(),
                    rows,
                    lines,
                })
                .collect(),
            tables: tables.collect(),
            ..self.proof
        }
    }
}

/// The tables of distinct rows that are reached from the rest by references to their primary keys.
fn steps(schema: &Schema, plan: &FileReading<'_>, rest: usize) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut waiting = VecDeque::from([(None, rest)]);
    while let Some((from, at)) = waiting.pop_front() {
        let own = plan.tables[at].table;
        for relationship in &schema.relationships {
            let target = plan
                .tables
                .iter()
                .position(|table| table.table.name == relationship.to_table);
            let Some(target) = target.filter(|_| relationship.from_table == own.name) else {
                continue;
            };
            let table = plan.tables[target].table;
            let is_known = target == rest || steps.iter().any(|step| step.table == target);
            let by_key = table.primary_key == relationship.to_columns;
            if is_known || !by_key || table.source.rows != SourceRows::Distinct {
                continue;
            }
            let own = places(own, &relationship.from_columns);
            let key = places(table, &relationship.to_columns);
            if let (Some(own), Some(key)) = (own, key) {
                waiting.push_back((Some(steps.len()), target));
                steps.push(Step {
                    table: target,
                    from,
                    own,
                    key,
                    required: plan.tables[target].required(),
                    stored: HashMap::new(),
                    preview: Vec::new(),
                });
            }
        }
    }
    steps
}

fn places(table: &Table, names: &[String]) -> Option<Vec<usize>> {
    let place = |name: &String| table.columns.iter().position(|own| &own.name == name);
    names.iter().map(place).collect()
}

/// Adds a row to a preview that has room.
fn show(preview: &mut Vec<Vec<Option<String>>>, values: &[Value]) {
    if preview.len() < PREVIEW_ROWS {
        let shown = values.iter().take(PREVIEW_COLUMNS);
        preview.push(shown.map(shown_value).collect());
    }
}

fn joined(cells: &[u64], places: &[usize]) -> u64 {
    match places {
        [only] => cells[*only],
        several => values::combine(several.iter().map(|&place| cells[place])),
    }
}

fn shown_value(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Integer(number) => Some(number.to_string()),
        Value::Real(number) => Some(number.to_string()),
        Value::Text(text) => {
            let mut shown: String = text.chars().take(PREVIEW_CHARS).collect();
            if shown.len() < text.len() {
                shown.push('…');
            }
            Some(crate::ident::without_hidden(&shown))
        }
    }
}
