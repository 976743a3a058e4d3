//! What differs between a schema and the one that is to take its place. Names may change, so what belongs together is told
//! by where it comes from: the rows of a file for a table, the column of the file for a column.

mod names;

use std::collections::HashMap;

pub use names::take_evidence;

use crate::Schema;
use crate::model::{Column, Evening, Misfits, Orphans, Relationship, Repeats, SourceRows, Table};

/// Which tables and columns of two schemas are the same ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    pub tables: Vec<TableMatch>,
}

/// A table by its place in either schema; it is in one of them at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableMatch {
    pub before: Option<usize>,
    pub after: Option<usize>,
    /// Its columns by their places; empty where the table is in one schema alone.
    pub columns: Vec<(Option<usize>, Option<usize>)>,
}

/// What changes, without what stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Difference {
    /// The same tables, columns and rules under other names, or under the same ones.
    pub names_only: bool,
    pub tables: Vec<TableChange>,
    pub references: Vec<ReferenceChange>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableChange {
    /// `None` for a new table.
    pub before: Option<String>,
    /// `None` for one that goes.
    pub after: Option<String>,
    pub key: Change<Vec<String>>,
    pub repeats: Change<Repeats>,
    /// It takes other rows of its file.
    pub other_rows: bool,
    pub columns: Vec<ColumnChange>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnChange {
    pub before: Option<String>,
    pub after: Option<String>,
    pub column_type: Change<ingest::ColumnType>,
    pub constraints: Change<Vec<String>>,
    pub misfits: Change<Misfits>,
}

/// Before and after, where they differ.
pub type Change<T> = Option<(T, T)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceChangeKind {
    Added,
    Removed,
    /// The same columns, another rule for what does not fit.
    Changed,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferenceChange {
    pub kind: ReferenceChangeKind,
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub orphans: Change<Orphans>,
    pub even_out: Change<Vec<Evening>>,
}

impl Matching {
    pub fn of(before: &Schema, after: &Schema) -> Self {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        match_by_rows(before, after, &mut pairs);
        match_by_name(before, after, &mut pairs);
        match_by_columns(before, after, &mut pairs);
        let mut tables: Vec<TableMatch> = Vec::new();
        for place in 0..before.tables.len() {
            let after_place = pairs.iter().find(|pair| pair.0 == place).map(|pair| pair.1);
            tables.push(TableMatch {
                before: Some(place),
                after: after_place,
                columns: after_place.map_or_else(Vec::new, |other| {
                    match_columns(&before.tables[place], &after.tables[other])
                }),
            });
        }
        let is_new = |place: &usize| !pairs.iter().any(|pair| pair.1 == *place);
        tables.extend(
            (0..after.tables.len())
                .filter(is_new)
                .map(|place| TableMatch {
                    after: Some(place),
                    ..TableMatch::default()
                }),
        );
        Self { tables }
    }

    /// The table of this place before, where it is there after, too.
    pub fn table(&self, before: usize) -> Option<&TableMatch> {
        let mut tables = self.tables.iter();
        tables.find(|table| table.before == Some(before) && table.after.is_some())
    }

    /// The table of this place after, where it was there before, too.
    pub fn table_after(&self, after: usize) -> Option<&TableMatch> {
        let mut tables = self.tables.iter();
        tables.find(|table| table.after == Some(after) && table.before.is_some())
    }
}

impl TableMatch {
    /// Place after of the column of this place before.
    pub fn column(&self, before: usize) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.find(|pair| pair.0 == Some(before))?.1
    }

    /// Place before of the column of this place after.
    pub fn column_before(&self, after: usize) -> Option<usize> {
        let mut columns = self.columns.iter();
        columns.find(|pair| pair.1 == Some(after))?.0
    }
}

/// Tables of the same rows of the same file, where there is but one of them in either schema.
fn match_by_rows(before: &Schema, after: &Schema, pairs: &mut Vec<(usize, usize)>) {
    let counted = |schema: &Schema| {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, table) in schema.tables.iter().enumerate() {
            places.entry(rows_of(table)).or_default().push(place);
        }
        places
    };
    let others = counted(after);
    for (rows, places) in counted(before) {
        if let ([own], Some([other])) = (&*places, others.get(&rows).map(Vec::as_slice)) {
            pairs.push((*own, *other));
        }
    }
}

/// Which rows of which file a table takes; names within the table do not matter.
fn rows_of(table: &Table) -> String {
    let rows = match &table.source.rows {
        SourceRows::All => "all".to_owned(),
        SourceRows::Distinct => "distinct".to_owned(),
        SourceRows::Split(items) => format!("split {:?} {:?}", items.column, items.separator),
        SourceRows::Unpivot(group) => format!("unpivot {:?}", group.columns),
    };
    format!("{} {rows}", table.source.csv_id)
}

fn match_by_name(before: &Schema, after: &Schema, pairs: &mut Vec<(usize, usize)>) {
    for (place, table) in before.tables.iter().enumerate() {
        if pairs.iter().any(|pair| pair.0 == place) {
            continue;
        }
        let other = after.tables.iter().enumerate().find(|(other, own)| {
            own.name == table.name
                && own.source.csv_id == table.source.csv_id
                && !pairs.iter().any(|pair| pair.1 == *other)
        });
        if let Some((other, _)) = other {
            pairs.push((place, other));
        }
    }
}

/// Of what is left, the tables of one file that share the most of its columns.
fn match_by_columns(before: &Schema, after: &Schema, pairs: &mut Vec<(usize, usize)>) {
    let mut shared: Vec<(usize, usize, usize)> = Vec::new();
    for (place, table) in before.tables.iter().enumerate() {
        for (other, own) in after.tables.iter().enumerate() {
            let is_free = !pairs.iter().any(|pair| pair.0 == place || pair.1 == other);
            if is_free && own.source.csv_id == table.source.csv_id {
                let columns = own
                    .columns
                    .iter()
                    .filter_map(|own| own.source_column.as_ref());
                let both = columns.filter(|column| {
                    let mut others = table.columns.iter();
                    others.any(|other| other.source_column.as_ref() == Some(column))
                });
                shared.push((both.count(), place, other));
            }
        }
    }
    shared.retain(|(count, _, _)| *count > 0);
    shared.sort_by_key(|(count, place, other)| (std::cmp::Reverse(*count), *place, *other));
    for (_, place, other) in shared {
        if !pairs.iter().any(|pair| pair.0 == place || pair.1 == other) {
            pairs.push((place, other));
        }
    }
}

fn match_columns(before: &Table, after: &Table) -> Vec<(Option<usize>, Option<usize>)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let agree = [same_source, same_made_name, same_made_kind];
    for agrees in agree {
        for (place, column) in before.columns.iter().enumerate() {
            if pairs.iter().any(|pair| pair.0 == place) {
                continue;
            }
            let other = after.columns.iter().enumerate().find(|(other, own)| {
                agrees((before, column), (after, own)) && !pairs.iter().any(|pair| pair.1 == *other)
            });
            if let Some((other, _)) = other {
                pairs.push((place, other));
            }
        }
    }
    let mut matched: Vec<(Option<usize>, Option<usize>)> = (0..before.columns.len())
        .map(|place| {
            let pair = pairs.iter().find(|pair| pair.0 == place);
            (Some(place), pair.map(|pair| pair.1))
        })
        .collect();
    let is_new = |place: &usize| !pairs.iter().any(|pair| pair.1 == *place);
    matched.extend(
        (0..after.columns.len())
            .filter(is_new)
            .map(|place| (None, Some(place))),
    );
    matched
}

type Own<'a> = (&'a Table, &'a Column);

fn same_source((_, one): Own<'_>, (_, two): Own<'_>) -> bool {
    one.source_column.is_some() && one.source_column == two.source_column
}

fn same_made_name((_, one): Own<'_>, (_, two): Own<'_>) -> bool {
    one.source_column.is_none() && two.source_column.is_none() && one.name == two.name
}

/// Columns that no field of the file fills, by what fills them.
fn same_made_kind((table, one): Own<'_>, (other, two): Own<'_>) -> bool {
    let part = |table: &Table, column: &Column| match &table.source.rows {
        SourceRows::Unpivot(group) if group.name_column == column.name => 1,
        SourceRows::Unpivot(group) if group.value_column == column.name => 2,
        _ => 0,
    };
    one.source_column.is_none()
        && two.source_column.is_none()
        && one.column_type == two.column_type
        && part(table, one) == part(other, two)
}

/// All that `after` changes of `before`.
pub fn difference(before: &Schema, after: &Schema) -> Difference {
    let matching = Matching::of(before, after);
    let tables = matching.tables.iter();
    Difference {
        names_only: names::only_names_differ(before, after, &matching),
        tables: tables
            .filter_map(|table| table_change(before, after, table))
            .collect(),
        references: reference_changes(before, after, &matching),
    }
}

fn table_change(before: &Schema, after: &Schema, found: &TableMatch) -> Option<TableChange> {
    let own = found.before.map(|place| &before.tables[place]);
    let other = found.after.map(|place| &after.tables[place]);
    let mut change = TableChange {
        before: own.map(|table| table.name.clone()),
        after: other.map(|table| table.name.clone()),
        key: None,
        repeats: None,
        other_rows: false,
        columns: Vec::new(),
    };
    let (Some(own), Some(other)) = (own, other) else {
        return Some(change);
    };
    let name_after = |name: &String| {
        let place = own.columns.iter().position(|column| &column.name == name);
        let place = place.and_then(|place| found.column(place));
        place.map(|place| other.columns[place].name.clone())
    };
    let key: Option<Vec<String>> = own.primary_key.iter().map(name_after).collect();
    if key.as_ref() != Some(&other.primary_key) {
        change.key = Some((own.primary_key.clone(), other.primary_key.clone()));
    }
    change.repeats = differing(&own.repeats, &other.repeats);
    change.other_rows = rows_of(own) != rows_of(other);
    change.columns = found
        .columns
        .iter()
        .filter_map(|(one, two)| {
            column_change(
                one.map(|place| &own.columns[place]),
                two.map(|place| &other.columns[place]),
            )
        })
        .collect();
    let is_same = own.name == other.name
        && change.key.is_none()
        && change.repeats.is_none()
        && !change.other_rows
        && change.columns.is_empty();
    (!is_same).then_some(change)
}

fn column_change(before: Option<&Column>, after: Option<&Column>) -> Option<ColumnChange> {
    let mut change = ColumnChange {
        before: before.map(|column| column.name.clone()),
        after: after.map(|column| column.name.clone()),
        column_type: None,
        constraints: None,
        misfits: None,
    };
    let (Some(one), Some(two)) = (before, after) else {
        return Some(change);
    };
    change.column_type = differing(&one.column_type, &two.column_type);
    let sorted = |column: &Column| {
        let mut constraints = column.constraints.clone();
        constraints.sort();
        constraints
    };
    change.constraints = differing(&sorted(one), &sorted(two));
    change.misfits = differing(&one.misfits, &two.misfits);
    let is_same = one.name == two.name
        && change.column_type.is_none()
        && change.constraints.is_none()
        && change.misfits.is_none();
    (!is_same).then_some(change)
}

fn differing<T: Clone + PartialEq>(before: &T, after: &T) -> Change<T> {
    (before != after).then(|| (before.clone(), after.clone()))
}

fn reference_changes(before: &Schema, after: &Schema, matching: &Matching) -> Vec<ReferenceChange> {
    let change = |kind, relationship: &Relationship| ReferenceChange {
        kind,
        from_table: relationship.from_table.clone(),
        from_columns: relationship.from_columns.clone(),
        to_table: relationship.to_table.clone(),
        to_columns: relationship.to_columns.clone(),
        orphans: None,
        even_out: None,
    };
    let mut found = Vec::new();
    let mut kept: Vec<usize> = Vec::new();
    for own in &before.relationships {
        let renamed = names::renamed_relationship(own, before, after, matching);
        let place = renamed.as_ref().and_then(|renamed| {
            let mut others = after.relationships.iter();
            others.position(|other| is_between_same(renamed, other))
        });
        let Some(place) = place else {
            found.push(change(ReferenceChangeKind::Removed, own));
            continue;
        };
        kept.push(place);
        let other = &after.relationships[place];
        let orphans = differing(&own.orphans, &other.orphans);
        let even_out = differing(&own.even_out, &other.even_out);
        if orphans.is_some() || even_out.is_some() {
            found.push(ReferenceChange {
                orphans,
                even_out,
                ..change(ReferenceChangeKind::Changed, other)
            });
        }
    }
    let new = after.relationships.iter().enumerate();
    let new = new.filter(|(place, _)| !kept.contains(place));
    found.extend(new.map(|(_, own)| change(ReferenceChangeKind::Added, own)));
    found
}

fn is_between_same(one: &Relationship, two: &Relationship) -> bool {
    one.from_table == two.from_table
        && one.from_columns == two.from_columns
        && one.to_table == two.to_table
        && one.to_columns == two.to_columns
}

#[cfg(test)]
mod tests;
