//! Whether two schemas differ in names alone, so that a database of one can be made into one of the other without its files.

use super::{Matching, TableMatch};
use crate::model::{Relationship, SourceRows, Table};
use crate::{Schema, create_statements};

/// The same tables, columns, rules and constraints, in the same order of columns.
pub(super) fn only_names_differ(before: &Schema, after: &Schema, matching: &Matching) -> bool {
    let is_whole = |table: &TableMatch| {
        let in_order = |(one, two): &(Option<usize>, Option<usize>)| one.is_some() && one == two;
        table.before.is_some() && table.after.is_some() && table.columns.iter().all(in_order)
    };
    if !matching.tables.iter().all(is_whole) {
        return false;
    }
    match renamed(before, after, matching) {
        Some(mut renamed) => {
            let mut after = after.clone();
            strip(&mut renamed);
            strip(&mut after);
            renamed == after
        }
        None => false,
    }
}

/// Takes what the data said of `before` over to `after`, whose data cannot be asked: they differ in names alone. `false`, and nothing is
/// taken over, where they do not.
pub fn take_evidence(before: &Schema, after: &mut Schema) -> bool {
    let matching = Matching::of(before, after);
    if !only_names_differ(before, after, &matching) {
        return false;
    }
    let Some(renamed) = renamed(before, after, &matching) else {
        return false;
    };
    for own in &mut after.relationships {
        let same = |known: &&Relationship| super::is_between_same(known, own);
        if let Some(known) = renamed.relationships.iter().find(same) {
            own.evidence = known.evidence.clone();
            own.confidence = known.confidence;
            own.cardinality = known.cardinality;
        }
    }
    for own in &mut after.tables {
        let known = renamed.tables.iter().find(|known| known.name == own.name);
        own.key_exceptions = known.and_then(|known| known.key_exceptions.clone());
    }
    true
}

/// `before` under the names of `after`; `None` where something of it is not there.
fn renamed(before: &Schema, after: &Schema, matching: &Matching) -> Option<Schema> {
    let mut schema = before.clone();
    for (place, table) in schema.tables.iter_mut().enumerate() {
        let found = matching.table(place)?;
        let other = &after.tables[found.after?];
        rename_table(table, other, found)?;
    }
    let relationships = schema.relationships.iter();
    schema.relationships = relationships
        .map(|own| renamed_relationship(own, before, after, matching))
        .collect::<Option<_>>()?;
    Some(schema)
}

fn rename_table(table: &mut Table, other: &Table, found: &TableMatch) -> Option<()> {
    let name_after = |name: &str, table: &Table| {
        let place = table
            .columns
            .iter()
            .position(|column| column.name == name)?;
        Some(other.columns[found.column(place)?].name.clone())
    };
    let key = table.primary_key.iter();
    let key = key
        .map(|name| name_after(name, table))
        .collect::<Option<_>>()?;
    if let SourceRows::Unpivot(group) = &table.source.rows {
        let mut group = group.clone();
        group.name_column = name_after(&group.name_column, table)?;
        group.value_column = name_after(&group.value_column, table)?;
        table.source.rows = SourceRows::Unpivot(group);
    }
    table.primary_key = key;
    table.name.clone_from(&other.name);
    for (place, column) in table.columns.iter_mut().enumerate() {
        column
            .name
            .clone_from(&other.columns[found.column(place)?].name);
    }
    Some(())
}

/// The relationship under the names of `after`; `None` where one of its columns is not there any more.
pub(super) fn renamed_relationship(
    own: &Relationship,
    before: &Schema,
    after: &Schema,
    matching: &Matching,
) -> Option<Relationship> {
    let mut renamed = own.clone();
    for (table, columns) in [
        (&mut renamed.from_table, &mut renamed.from_columns),
        (&mut renamed.to_table, &mut renamed.to_columns),
    ] {
        let place = before.tables.iter().position(|own| own.name == *table)?;
        let found = matching.table(place)?;
        let other = &after.tables[found.after?];
        for column in columns.iter_mut() {
            let own = before.tables[place].columns.iter();
            let place = own.map(|own| &own.name).position(|name| name == column)?;
            column.clone_from(&other.columns[found.column(place)?].name);
        }
        table.clone_from(&other.name);
    }
    Some(renamed)
}

/// Leaves what a database is made of: no reasons, evidence, descriptions or order of tables.
fn strip(schema: &mut Schema) {
    let order = |own: &Relationship| {
        (
            own.from_table.clone(),
            own.from_columns.clone(),
            own.to_table.clone(),
            own.to_columns.clone(),
        )
    };
    schema.tables.sort_by(|one, two| one.name.cmp(&two.name));
    schema.relationships.sort_by_key(order);
    schema.suggestions.clear();
    schema.indexes.clear();
    // What is enforced follows from evidence: the statements have it.
    schema.reasoning = create_statements(schema).join(";\n");
    for table in &mut schema.tables {
        table.description = None;
        table.label = None;
        table.key_exceptions = None;
        for column in &mut table.columns {
            column.description = None;
            column.words.clear();
            column.references = None;
            column.constraints.sort();
        }
    }
    for relationship in &mut schema.relationships {
        relationship.evidence = crate::model::Evidence::default();
        relationship.confidence = 0.0;
        relationship.cardinality = crate::model::Cardinality::default();
    }
}
