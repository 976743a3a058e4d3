//! Relationships and indexes.

use std::collections::HashSet;

use ingest::ColumnType;

use crate::ddl::{storage_type, type_name};
use crate::model::{Orphans, Relationship, Repeats};

use super::lookup::{At, Lookup};
use super::{Problems, shown};

pub fn check(lookup: &Lookup<'_>, problems: &mut Problems) {
    relationships(lookup, problems);
    indexes(lookup, problems);
}

fn relationships(lookup: &Lookup<'_>, problems: &mut Problems) {
    let mut seen = HashSet::new();
    let fates = Fates::new(lookup);
    for (number, relationship) in lookup.schema.relationships.iter().enumerate() {
        if problems.is_full() {
            return;
        }
        let path = format!("relationships[{number}]");
        if !seen.insert((
            &relationship.from_table,
            &relationship.from_columns,
            &relationship.to_table,
            &relationship.to_columns,
        )) {
            problems.say(path.clone(), "this relationship is stated twice");
        }
        if !(0.0..=1.0).contains(&relationship.confidence) {
            problems.say(format!("{path}.confidence"), "not between 0 and 1");
        }
        check_relationship(lookup, problems, &path, relationship);
        fates.check(lookup, problems, &path, relationship);
        check_evening(lookup, problems, &path, relationship);
    }
}

/// What the choices for rows without partner need to know of all relationships together.
struct Fates {
    /// Columns to which some reference leads.
    referred: HashSet<At>,
    /// Columns of references whose rows without partner are set aside.
    set_aside: HashSet<At>,
}

impl Fates {
    fn new(lookup: &Lookup<'_>) -> Self {
        let places = |table: &str, columns: &[String]| -> Vec<At> {
            let Some(table) = lookup.table(table) else {
                return Vec::new();
            };
            let found = columns.iter().filter_map(|name| lookup.column(table, name));
            found.map(|place| (table, place)).collect()
        };
        let mut fates = Self {
            referred: HashSet::new(),
            set_aside: HashSet::new(),
        };
        for relationship in &lookup.schema.relationships {
            fates
                .referred
                .extend(places(&relationship.to_table, &relationship.to_columns));
            if relationship.orphans == Orphans::SetAside {
                fates
                    .set_aside
                    .extend(places(&relationship.from_table, &relationship.from_columns));
            }
        }
        fates
    }

    fn check(
        &self,
        lookup: &Lookup<'_>,
        problems: &mut Problems,
        path: &str,
        relationship: &Relationship,
    ) {
        let fault = match relationship.orphans {
            Orphans::Keep => None,
            Orphans::SetAside => against_loose_key(lookup, relationship),
            Orphans::Empty => self.against_empty(lookup, relationship),
            Orphans::Placeholder => self.against_placeholder(lookup, relationship),
        };
        if let Some(fault) = fault {
            problems.say(format!("{path}.orphans"), fault);
        }
    }

    fn against_empty(&self, lookup: &Lookup<'_>, relationship: &Relationship) -> Option<String> {
        let table = lookup.table(&relationship.from_table)?;
        relationship.from_columns.iter().find_map(|name| {
            let at = (table, lookup.column(table, name)?);
            if lookup.schema.tables[table].primary_key.contains(name) {
                Some(format!(
                    "{} is part of the primary key, so it cannot be emptied",
                    shown(name)
                ))
            } else if self.referred.contains(&at) {
                Some(format!(
                    "other rows refer to {}, so it cannot be emptied",
                    shown(name)
                ))
            } else {
                None
            }
        })
    }

    /// A row with the key alone must be possible.
    fn against_placeholder(
        &self,
        lookup: &Lookup<'_>,
        relationship: &Relationship,
    ) -> Option<String> {
        let number = lookup.table(&relationship.to_table)?;
        let table = &lookup.schema.tables[number];
        let key = &relationship.to_columns;
        let name = shown(&table.name);
        if let Some(other) = table.primary_key.iter().find(|own| !key.contains(own)) {
            return Some(format!(
                "no rows can be added to {name} with this key alone: {} is part of its primary key",
                shown(other)
            ));
        }
        let unique = table
            .columns
            .iter()
            .filter(|column| column.is_unique())
            .map(|column| std::slice::from_ref(&column.name));
        let indexes = lookup.schema.indexes.iter();
        let indexes = indexes
            .filter(|index| index.unique && index.table == table.name)
            .map(|index| index.columns.as_slice());
        let own = std::iter::once(table.primary_key.as_slice());
        for other in own.chain(unique).chain(indexes) {
            let shared = other.iter().filter(|column| key.contains(column)).count();
            if shared > 0 && (shared < key.len() || shared < other.len()) {
                let names: Vec<String> = other.iter().map(|name| shown(name)).collect();
                return Some(format!(
                    "no rows can be added to {name}: ({}) has to be unique by itself",
                    names.join(", ")
                ));
            }
        }
        let refers = |column: &&String| {
            let place = lookup.column(number, column);
            place.is_some_and(|place| self.set_aside.contains(&(number, place)))
        };
        key.iter().find(refers).map(|column| {
            format!(
                "rows added to {name} would be set aside, because {} refers to another table itself",
                shown(column)
            )
        })
    }
}

/// Spellings are evened out between two columns of text.
fn check_evening(
    lookup: &Lookup<'_>,
    problems: &mut Problems,
    path: &str,
    relationship: &Relationship,
) {
    if relationship.even_out.is_empty() {
        return;
    }
    let path = format!("{path}.even_out");
    let is_text = |table: &str, column: &str| {
        let place = lookup
            .table(table)
            .and_then(|table| Some((table, lookup.column(table, column)?)));
        place.is_none_or(|(table, column)| {
            let column = &lookup.schema.tables[table].columns[column];
            column.column_type == ColumnType::Text
        })
    };
    let ([own], [key]) = (
        relationship.from_columns.as_slice(),
        relationship.to_columns.as_slice(),
    ) else {
        let message = "spellings can be evened out where one column refers to one column";
        return problems.say(path, message);
    };
    let sides = [
        (&relationship.from_table, own),
        (&relationship.to_table, key),
    ];
    if let Some((table, column)) = sides
        .into_iter()
        .find(|(table, column)| !is_text(table, column))
    {
        let message = format!(
            "only texts have spellings to even out, and {}.{} is no TEXT",
            shown(table),
            shown(column)
        );
        problems.say(path, message);
        return;
    }
    let all = lookup.schema.relationships.iter();
    let of_column = all.filter(|other| {
        !other.even_out.is_empty()
            && other.from_table == relationship.from_table
            && other.from_columns == relationship.from_columns
    });
    if of_column.count() > 1 {
        let message = format!(
            "{} can be spelled as one key has it, not as several",
            shown(own)
        );
        problems.say(path, message);
    }
}

/// Rows can be set aside for a key alone that the database enforces.
fn against_loose_key(lookup: &Lookup<'_>, relationship: &Relationship) -> Option<String> {
    let table = &lookup.schema.tables[lookup.table(&relationship.to_table)?];
    let is_loose = table.repeats == Repeats::Keep
        && !table.primary_key.is_empty()
        && table.primary_key == relationship.to_columns;
    is_loose.then(|| {
        format!(
            "rows without partner can be set aside where rows of {} that break its key are set aside too",
            shown(&table.name)
        )
    })
}

fn check_relationship(
    lookup: &Lookup<'_>,
    problems: &mut Problems,
    path: &str,
    relationship: &Relationship,
) {
    let (from_columns, to_columns) = (&relationship.from_columns, &relationship.to_columns);
    let from = (path, "from", relationship.from_table.as_str());
    let from = side(lookup, problems, from, from_columns);
    let to = (path, "to", relationship.to_table.as_str());
    let to = side(lookup, problems, to, to_columns);
    if from_columns.len() != to_columns.len() {
        problems.say(
            format!("{path}.to_columns"),
            "both sides need the same number of columns",
        );
        return;
    }
    let (Some(from), Some(to)) = (from, to) else {
        return;
    };
    if from == to && from_columns == to_columns {
        problems.say(format!("{path}.to_columns"), "columns refer to themselves");
    }
    if let Some(positions) = lookup.positions(to, to_columns)
        && !positions.is_empty()
        && !lookup.is_key(to, &positions)
    {
        let names: Vec<String> = to_columns.iter().map(|name| shown(name)).collect();
        problems.say(
            format!("{path}.to_columns"),
            format!(
                "{} ({}) is neither primary key nor UNIQUE, so nothing can refer to it",
                shown(&lookup.schema.tables[to].name),
                names.join(", ")
            ),
        );
    }
    for (own, other) in from_columns.iter().zip(to_columns) {
        if let (Some(own), Some(other)) = (lookup.column(from, own), lookup.column(to, other)) {
            same_type(lookup, problems, path, (from, own), (to, other));
        }
    }
}

fn same_type(lookup: &Lookup<'_>, problems: &mut Problems, path: &str, from: At, to: At) {
    let (own, other) = (lookup.column_at(from), lookup.column_at(to));
    if storage_type(own.column_type) != storage_type(other.column_type) {
        problems.say(
            format!("{path}.from_columns"),
            format!(
                "{}.{} is {} but {}.{} is {}",
                shown(&lookup.schema.tables[from.0].name),
                shown(&own.name),
                type_name(own.column_type),
                shown(&lookup.schema.tables[to.0].name),
                shown(&other.name),
                type_name(other.column_type)
            ),
        );
    }
}

/// The number of the table on one side, where there is one.
fn side(
    lookup: &Lookup<'_>,
    problems: &mut Problems,
    (path, side, name): (&str, &str, &str),
    columns: &[String],
) -> Option<usize> {
    let Some(table) = lookup.table(name) else {
        problems.say(
            format!("{path}.{side}_table"),
            format!("there is no table {}", shown(name)),
        );
        return None;
    };
    let field = format!("{path}.{side}_columns");
    if columns.is_empty() {
        problems.say(field.clone(), "a column is needed");
    }
    let mut seen = HashSet::new();
    for column in columns {
        let message = if lookup.column(table, column).is_none() {
            format!("{} has no column {}", shown(name), shown(column))
        } else if !seen.insert(column) {
            format!("{} is named twice", shown(column))
        } else {
            continue;
        };
        problems.say(field.clone(), message);
    }
    Some(table)
}

fn indexes(lookup: &Lookup<'_>, problems: &mut Problems) {
    let tables = &lookup.schema.tables;
    // Indexes and tables share one name space in SQLite.
    let mut names: HashSet<String> = tables
        .iter()
        .map(|table| table.name.to_lowercase())
        .collect();
    for (number, index) in lookup.schema.indexes.iter().enumerate() {
        if problems.is_full() {
            return;
        }
        let path = format!("indexes[{number}]");
        problems.name(&format!("{path}.name"), &index.name, &mut names);
        let Some(table) = lookup.table(&index.table) else {
            problems.say(
                format!("{path}.table"),
                format!("there is no table {}", shown(&index.table)),
            );
            continue;
        };
        if index.columns.is_empty() {
            problems.say(format!("{path}.columns"), "a column is needed");
        }
        for column in &index.columns {
            if lookup.column(table, column).is_none() {
                let table = shown(&tables[table].name);
                problems.say(
                    format!("{path}.columns"),
                    format!("{table} has no column {}", shown(column)),
                );
            }
        }
    }
}
