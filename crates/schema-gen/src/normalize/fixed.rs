//! What keeps a column in its table.

use crate::Schema;
use crate::model::Table;

/// For each column of a table.
#[derive(Debug)]
pub struct Fixed {
    /// Part of a key, or of a reference that others are part of too.
    pub stays: Vec<bool>,
    /// Part of a relationship.
    pub refers: Vec<bool>,
}

impl Fixed {
    pub fn of(schema: &Schema, table: &Table) -> Self {
        let mut fixed = Self {
            stays: vec![false; table.columns.len()],
            refers: vec![false; table.columns.len()],
        };
        for (place, column) in table.columns.iter().enumerate() {
            let name = &column.name;
            fixed.stays[place] = table.primary_key.contains(name)
                || column.is_unique()
                || column.source_column.is_none()
                || schema.indexes.iter().any(|index| {
                    index.unique && index.table == table.name && index.columns.contains(name)
                });
            for relationship in &schema.relationships {
                if relationship.from_table == table.name && relationship.from_columns.contains(name)
                {
                    fixed.refers[place] = true;
                    fixed.stays[place] |= relationship.from_columns.len() > 1;
                }
                if relationship.to_table == table.name && relationship.to_columns.contains(name) {
                    fixed.refers[place] = true;
                    fixed.stays[place] = true;
                }
            }
        }
        fixed
    }
}
