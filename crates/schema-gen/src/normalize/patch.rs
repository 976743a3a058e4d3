//! What a suggestion changes, and making the change. The page does the same (`frontend/lib/er/patch.ts`); docs/API.md says
//! what both promise.

use serde::{Deserialize, Serialize};

use crate::Schema;
use crate::model::{Index, Relationship, Suggestion, Table};

/// A change of a schema; see docs/API.md, "Suggestions".
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Patch {
    /// Each takes the place of the table of its name, or is added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<Table>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub drop_columns: Vec<DroppedColumns>,
    /// Each takes the place of those of the same columns of the same table, or is added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub relationships: Vec<Relationship>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Index>,
}

/// Columns that leave a table, which stays as it is otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DroppedColumns {
    pub table: String,
    pub columns: Vec<String>,
}

/// Why a suggestion does not fit the schema as it is now, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotApplicable(pub String);

/// The schema with the suggestion's patch in place and without the suggestion.
pub fn apply(schema: &Schema, suggestion: &Suggestion) -> Result<Schema, NotApplicable> {
    let patch = serde_json::from_value(suggestion.patch.clone())
        .map_err(|error| NotApplicable(format!("its patch cannot be read: {error}")))?;
    let mut changed = put(schema, &patch)?;
    changed
        .suggestions
        .retain(|other| other.id != suggestion.id);
    Ok(changed)
}

/// The schema with the patch in place.
pub fn put(schema: &Schema, patch: &Patch) -> Result<Schema, NotApplicable> {
    if let Some(fault) = fault(schema, patch) {
        return Err(NotApplicable(fault));
    }
    let mut changed = schema.clone();
    for table in &patch.tables {
        match changed.tables.iter_mut().find(|own| own.name == table.name) {
            Some(own) => own.clone_from(table),
            None => changed.tables.push(table.clone()),
        }
    }
    for dropped in &patch.drop_columns {
        let own = changed
            .tables
            .iter_mut()
            .find(|own| own.name == dropped.table);
        if let Some(own) = own {
            own.columns
                .retain(|column| !dropped.columns.contains(&column.name));
        }
    }
    changed.relationships.retain(|own| {
        !patch
            .relationships
            .iter()
            .any(|new| new.from_table == own.from_table && new.from_columns == own.from_columns)
    });
    changed
        .relationships
        .extend(patch.relationships.iter().cloned());
    changed.indexes.extend(patch.indexes.iter().cloned());
    drop_dangling(&mut changed);
    changed.derive_references();
    Ok(changed)
}

/// What keeps the patch from being put in place; `None` where nothing does.
fn fault(schema: &Schema, patch: &Patch) -> Option<String> {
    for table in &patch.tables {
        let Some(own) = named(schema, &table.name) else {
            continue;
        };
        let is_same =
            own.source.csv_id == table.source.csv_id && own.source.rows == table.source.rows;
        if own.name != table.name || !is_same {
            return Some(format!("there is another table {} now", own.name));
        }
        let missing = table
            .columns
            .iter()
            .find(|column| own.column(&column.name).is_none());
        if let Some(column) = missing {
            return Some(format!(
                "{} has no column {} any more",
                own.name, column.name
            ));
        }
    }
    for dropped in &patch.drop_columns {
        let Some(own) = schema.table(&dropped.table) else {
            return Some(format!("there is no table {} any more", dropped.table));
        };
        for name in &dropped.columns {
            let Some(column) = own.column(name) else {
                return Some(format!("{} has no column {name} any more", own.name));
            };
            if own.primary_key.contains(name) {
                return Some(format!("{name} is part of the key of {} now", own.name));
            }
            // Where it goes to, it is what it was when this was suggested.
            let moved = patch.tables.iter().flat_map(|table| &table.columns);
            let differs = moved
                .filter(|new| new.source_column == column.source_column)
                .any(|new| new.column_type != column.column_type);
            if differs {
                return Some(format!("{name} of {} has another type now", own.name));
            }
            let refers =
                |side: &str, columns: &[String]| side == own.name && columns.contains(name);
            let is_referred_to = schema
                .relationships
                .iter()
                .any(|own| refers(&own.to_table, &own.to_columns));
            if is_referred_to {
                return Some(format!("other rows refer to {name} of {} now", own.name));
            }
        }
    }
    patch.relationships.iter().find_map(|relationship| {
        let has = |table: &str, columns: &[String]| {
            let new = patch.tables.iter().find(|own| own.name == table);
            new.or_else(|| schema.table(table))
                .is_some_and(|table| columns.iter().all(|name| table.column(name).is_some()))
        };
        let (from, to) = (&relationship.from_table, &relationship.to_table);
        if !has(from, &relationship.from_columns) {
            let columns = relationship.from_columns.join(", ");
            return Some(format!("{from} has no column {columns} any more"));
        }
        (!has(to, &relationship.to_columns)).then(|| {
            let columns = relationship.to_columns.join(", ");
            format!("{to} has no column {columns} any more")
        })
    })
}

/// Upper and lower case are the same.
fn named<'a>(schema: &'a Schema, name: &str) -> Option<&'a Table> {
    let lower = name.to_lowercase();
    let mut tables = schema.tables.iter();
    tables.find(|table| table.name.to_lowercase() == lower)
}

/// Takes out relationships and indexes whose columns are gone.
fn drop_dangling(schema: &mut Schema) {
    let tables = &schema.tables;
    let has = |table: &str, columns: &[String]| {
        let found = tables.iter().find(|own| own.name == table);
        found.is_some_and(|table| columns.iter().all(|name| table.column(name).is_some()))
    };
    schema.relationships.retain(|own| {
        has(&own.from_table, &own.from_columns) && has(&own.to_table, &own.to_columns)
    });
    schema.indexes.retain(|own| has(&own.table, &own.columns));
}
