//! Columns that refer to each other have one type, so that what is compared is also stored alike.

use std::collections::HashMap;

use ingest::{ColumnProfile, ColumnType};

use crate::ddl::storage_type;
use crate::model::Table;
use crate::values;
use crate::{Schema, Source};

/// A reference may lead on to further references; a chain that is longer than this is left to validation.
const MOST_ROUNDS: usize = 8;

type At = (usize, usize);

/// Changes the types of columns that refer to each other where that loses nothing: a reference to text becomes text, and a
/// side of whole numbers that were written as doubles (`1.0`) becomes INTEGER beside an INTEGER. Other differences stay
/// for [`crate::validate()`] to name.
pub fn align_types(schema: &mut Schema, sources: &[Source]) {
    let links = links(schema);
    let mut known: HashMap<At, bool> = HashMap::new();
    let mut whole = |table: &Table, at: At| {
        *known
            .entry(at)
            .or_insert_with(|| profile(table, at.1, sources).is_some_and(values::may_be_whole))
    };
    for _ in 0..MOST_ROUNDS {
        let mut is_settled = true;
        for &(from, to) in &links {
            let own = schema.tables[from.0].columns[from.1].column_type;
            let key = schema.tables[to.0].columns[to.1].column_type;
            let change = match (own, key) {
                _ if storage_type(own) == storage_type(key) => None,
                (_, ColumnType::Text) => Some((from, ColumnType::Text)),
                (ColumnType::Real, ColumnType::Integer) => Some((from, ColumnType::Integer)),
                (ColumnType::Integer, ColumnType::Real) => Some((to, ColumnType::Integer)),
                _ => None,
            };
            if let Some((at, column_type)) = change
                && (column_type == ColumnType::Text || whole(&schema.tables[at.0], at))
            {
                schema.tables[at.0].columns[at.1].column_type = column_type;
                is_settled = false;
            }
        }
        if is_settled {
            return;
        }
    }
}

/// Each column that refers and the one it refers to, as far as both are there.
fn links(schema: &Schema) -> Vec<(At, At)> {
    let mut places: HashMap<(&str, &str), At> = HashMap::new();
    for (number, table) in schema.tables.iter().enumerate() {
        for (position, column) in table.columns.iter().enumerate() {
            places
                .entry((&table.name, &column.name))
                .or_insert((number, position));
        }
    }
    let pairs = schema.relationships.iter().flat_map(|relationship| {
        let own = relationship.from_columns.iter();
        own.zip(&relationship.to_columns).map(|(own, key)| {
            (
                (relationship.from_table.as_str(), own.as_str()),
                (relationship.to_table.as_str(), key.as_str()),
            )
        })
    });
    pairs
        .filter_map(|(from, to)| Some((*places.get(&from)?, *places.get(&to)?)))
        .collect()
}

fn profile<'a>(table: &Table, position: usize, sources: &'a [Source]) -> Option<&'a ColumnProfile> {
    let source = sources
        .iter()
        .find(|source| source.csv_id == table.source.csv_id)?;
    let name = table.columns[position].source_column.as_ref()?;
    let mut profiles = source.analysis.columns.iter();
    profiles.find(|profile| &profile.column == name)
}
