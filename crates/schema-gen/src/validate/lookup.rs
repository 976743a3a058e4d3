//! The schema by name: every question that the check asks of it is one look into a map.

use std::collections::{HashMap, HashSet};

use crate::model::{Column, Relationship, Table};
use crate::{Schema, Source};

/// Number of a table, position of a column in it.
pub type At = (usize, usize);

/// Number of a source, position of a column in its file.
pub type Origin = (usize, usize);

pub struct Lookup<'a> {
    pub schema: &'a Schema,
    sources: &'a [Source],
    source_numbers: HashMap<&'a str, usize>,
    tables: HashMap<&'a str, usize>,
    columns: Vec<HashMap<&'a str, usize>>,
    /// Where the data of each column come from.
    origins: Vec<Vec<Option<Origin>>>,
    /// Positions, in order, of each primary key and unique index.
    keys: HashSet<(usize, Vec<usize>)>,
    /// References of one column to one.
    stated: HashSet<(At, At)>,
    /// Two tables, the lower number first, and the file's column that a relationship of theirs has on both sides.
    links: HashSet<(usize, usize, Origin)>,
}

impl<'a> Lookup<'a> {
    pub fn new(schema: &'a Schema, sources: &'a [Source]) -> Self {
        let mut lookup = Self {
            schema,
            sources,
            source_numbers: numbered(sources.iter().map(|source| source.csv_id.as_str())),
            tables: numbered(schema.tables.iter().map(|table| table.name.as_str())),
            columns: schema.tables.iter().map(column_positions).collect(),
            origins: Vec::new(),
            keys: HashSet::new(),
            stated: HashSet::new(),
            links: HashSet::new(),
        };
        lookup.gather_origins();
        lookup.gather_keys();
        for relationship in &schema.relationships {
            lookup.gather_relationship(relationship);
        }
        lookup
    }

    pub fn source(&self, table: &Table) -> Option<&'a Source> {
        let number = self.source_numbers.get(table.source.csv_id.as_str())?;
        self.sources.get(*number)
    }

    /// `None` where no file has the column.
    pub fn origin(&self, (table, position): At) -> Option<Origin> {
        self.origins[table][position]
    }

    pub fn origin_name(&self, (source, position): Origin) -> &'a str {
        &self.sources[source].analysis.columns[position].column
    }

    pub fn table(&self, name: &str) -> Option<usize> {
        self.tables.get(name).copied()
    }

    pub fn column(&self, table: usize, name: &str) -> Option<usize> {
        self.columns.get(table)?.get(name).copied()
    }

    pub fn column_at(&self, (table, position): At) -> &'a Column {
        &self.schema.tables[table].columns[position]
    }

    /// The positions of all of `names`, in their order.
    pub fn positions(&self, table: usize, names: &[String]) -> Option<Vec<usize>> {
        names.iter().map(|name| self.column(table, name)).collect()
    }

    /// Whether the columns, in any order, are declared unique: as primary key, by a constraint or a unique index.
    pub fn is_key(&self, table: usize, positions: &[usize]) -> bool {
        let by_constraint =
            matches!(positions, [only] if self.column_at((table, *only)).is_unique());
        by_constraint || self.keys.contains(&(table, in_order(positions)))
    }

    pub fn is_stated(&self, from: At, to: At) -> bool {
        self.stated.contains(&(from, to))
    }

    pub fn is_linked(&self, one: usize, other: usize, origin: Origin) -> bool {
        self.links
            .contains(&(one.min(other), one.max(other), origin))
    }

    fn gather_origins(&mut self) {
        let files: Vec<HashMap<&str, usize>> = self
            .sources
            .iter()
            .map(|source| {
                let profiles = source.analysis.columns.iter();
                numbered(profiles.map(|profile| profile.column.as_str()))
            })
            .collect();
        let origin = |table: &Table, column: &Column| {
            let number = *self.source_numbers.get(table.source.csv_id.as_str())?;
            let position = files[number].get(column.source_column.as_deref()?)?;
            Some((number, *position))
        };
        let of_table = |table: &Table| {
            let columns = table.columns.iter();
            columns.map(|column| origin(table, column)).collect()
        };
        self.origins = self.schema.tables.iter().map(of_table).collect();
    }

    fn gather_keys(&mut self) {
        for (number, table) in self.schema.tables.iter().enumerate() {
            self.gather_key(number, &table.primary_key);
        }
        for index in self.schema.indexes.iter().filter(|index| index.unique) {
            if let Some(table) = self.table(&index.table) {
                self.gather_key(table, &index.columns);
            }
        }
    }

    fn gather_key(&mut self, table: usize, columns: &[String]) {
        if let Some(positions) = self.positions(table, columns) {
            self.keys.insert((table, in_order(&positions)));
        }
    }

    fn gather_relationship(&mut self, relationship: &Relationship) {
        let side = |name: &str, columns: &[String]| {
            let table = self.table(name)?;
            Some((table, self.positions(table, columns)?))
        };
        let (Some((from, own)), Some((to, other))) = (
            side(&relationship.from_table, &relationship.from_columns),
            side(&relationship.to_table, &relationship.to_columns),
        ) else {
            return;
        };
        if let ([own], [other]) = (own.as_slice(), other.as_slice()) {
            self.stated.insert(((from, *own), (to, *other)));
        }
        let own = self.origins_of(from, &own);
        let other = self.origins_of(to, &other);
        let shared = own.intersection(&other);
        self.links
            .extend(shared.map(|origin| (from.min(to), from.max(to), *origin)));
    }

    fn origins_of(&self, table: usize, positions: &[usize]) -> HashSet<Origin> {
        let origins = positions.iter();
        origins
            .filter_map(|&position| self.origin((table, position)))
            .collect()
    }
}

fn column_positions(table: &Table) -> HashMap<&str, usize> {
    numbered(table.columns.iter().map(|column| column.name.as_str()))
}

/// Of names that occur twice the first counts.
fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<&'a str, usize> {
    let mut positions = HashMap::new();
    for (position, name) in names.enumerate() {
        positions.entry(name).or_insert(position);
    }
    positions
}

fn in_order(positions: &[usize]) -> Vec<usize> {
    let mut sorted = positions.to_vec();
    sorted.sort_unstable();
    sorted
}
