//! One change, put into a schema.

use super::columns::is_nameless;
use super::{Change, What};
use crate::Schema;
use crate::ident;
use crate::model::{Column, Table};

/// Puts the change in place where nothing stands yet: `false`, and the schema as it was, where somebody has said something, the
/// table or column is gone, or the change was refused.
pub fn apply(schema: &mut Schema, change: &Change) -> bool {
    if change.refused.is_some() {
        return false;
    }
    match (change.what, &change.column) {
        (What::Name, Some(column)) => rename(schema, &change.table, column, &change.value),
        (What::Label, _) => {
            let Some(table) = table_mut(schema, &change.table) else {
                return false;
            };
            let fits = table.label.is_none() && table.column(&change.value).is_some();
            if fits {
                table.label = Some(change.value.clone());
            }
            fits
        }
        (What::Description, column) => {
            match description(schema, &change.table, column.as_deref()) {
                Some(description) if description.is_none() => {
                    *description = Some(change.value.clone());
                    true
                }
                _ => false,
            }
        }
        (What::Word, Some(column)) => {
            let column = column_mut(schema, &change.table, column);
            let fits = column.filter(|own| !own.words.contains(&change.value));
            fits.is_some_and(|own| {
                own.words.push(change.value.clone());
                true
            })
        }
        (What::Name | What::Word, None) => false,
    }
}

/// Whether what keeps the change from its place stood there already when the model was asked: then there is nothing to tell.
pub fn stood(asked: &Schema, now: &Schema, change: &Change) -> bool {
    let said = |schema: &Schema| -> Option<String> {
        let table = schema.table(&change.table)?;
        match (change.what, &change.column) {
            (What::Description, None) => table.description.clone(),
            (What::Description, Some(column)) => table.column(column)?.description.clone(),
            (What::Label, _) => table.label.clone(),
            (What::Word, _) => Some(change.value.clone()),
            (What::Name, _) => None,
        }
    };
    said(now).is_none() || said(asked) == said(now)
}

fn description<'s>(
    schema: &'s mut Schema,
    table: &str,
    column: Option<&str>,
) -> Option<&'s mut Option<String>> {
    match column {
        None => Some(&mut table_mut(schema, table)?.description),
        Some(column) => Some(&mut column_mut(schema, table, column)?.description),
    }
}

fn column_mut<'s>(schema: &'s mut Schema, table: &str, column: &str) -> Option<&'s mut Column> {
    let columns = &mut table_mut(schema, table)?.columns;
    columns.iter_mut().find(|own| own.name == column)
}

fn table_mut<'s>(schema: &'s mut Schema, table: &str) -> Option<&'s mut Table> {
    schema.tables.iter_mut().find(|own| own.name == table)
}

/// Names a column that has no name of its own, wherever it is named.
fn rename(schema: &mut Schema, table: &str, column: &str, name: &str) -> bool {
    let Some(own) = table_mut(schema, table) else {
        return false;
    };
    let is_taken = own
        .columns
        .iter()
        .any(|other| other.name.eq_ignore_ascii_case(name));
    let place = own.columns.iter().position(|other| other.name == column);
    let Some(place) = place.filter(|_| is_nameless(column) && !is_taken) else {
        return false;
    };
    if ident::fault(name).is_some() {
        return false;
    }
    name.clone_into(&mut own.columns[place].name);
    let follow = |columns: &mut [String]| {
        for own in columns.iter_mut().filter(|own| *own == column) {
            name.clone_into(own);
        }
    };
    follow(&mut own.primary_key);
    if let Some(label) = own.label.as_mut().filter(|label| *label == column) {
        name.clone_into(label);
    }
    for relationship in &mut schema.relationships {
        if relationship.from_table == table {
            follow(&mut relationship.from_columns);
        }
        if relationship.to_table == table {
            follow(&mut relationship.to_columns);
        }
        let rivals = relationship.evidence.rivals.iter_mut();
        for rival in rivals.filter(|rival| rival.table == table) {
            follow(&mut rival.columns);
        }
    }
    for index in schema.indexes.iter_mut().filter(|own| own.table == table) {
        follow(&mut index.columns);
    }
    schema.derive_references();
    true
}
