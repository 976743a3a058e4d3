//! What the rows of a table are, what names them, and when they happened.

use super::{ColumnMeaning, ColumnStats, Origin, Role, TableKind, TableMeaning};
use crate::Schema;
use crate::model::Table;
use crate::names::{Words, split_words};

/// Fewer rows say nothing of what tells them apart.
const MIN_TOLD_APART: u64 = 20;
/// Most rows of a list that codes refer to.
const MAX_LOOKUP_ROWS: u64 = 200;

pub fn of_table(
    schema: &Schema,
    table: &Table,
    stats: &[ColumnStats],
    columns: Vec<ColumnMeaning>,
) -> TableMeaning {
    let refers = schema
        .relationships
        .iter()
        .filter(|relation| relation.from_table == table.name && relation.to_table != table.name)
        .count();
    let referred = schema
        .relationships
        .iter()
        .any(|relation| relation.to_table == table.name && relation.from_table != table.name);
    // What refers to another table tells that one's rows apart, also where each is met once.
    let refers_on = |column: &str| {
        schema.relationships.iter().any(|relation| {
            relation.from_table == table.name
                && relation.from_columns.iter().any(|from| from == column)
        })
    };
    let time = time(stats, &columns);
    let rows = stats.first().map_or(0, |stats| stats.rows);
    let own = columns
        .iter()
        .filter(|column| !matches!(column.role, Role::Identifier))
        .count();
    let kind = if refers >= 2 && !referred && own <= 2 && time.is_none() {
        TableKind::Bridge
    } else if refers >= 1
        && !referred
        && time.is_some()
        && !Words::of_table(&table.name).is_person_table()
    {
        TableKind::Event
    } else if referred && columns.len() <= 4 && rows <= MAX_LOOKUP_ROWS && time.is_none() {
        TableKind::Lookup
    } else if !referred
        && refers == 0
        && time.is_some()
        && label_column(table, stats, &columns, &refers_on).is_none()
    {
        TableKind::Event
    } else {
        TableKind::Entity
    };
    let columns = if kind == TableKind::Event {
        earned(columns)
    } else {
        columns
    };
    let proposed = table
        .label
        .as_ref()
        .filter(|label| table.column(label).is_some());
    let (label, label_source) = match proposed {
        Some(label) => (vec![label.clone()], Origin::Model),
        None => (label(table, stats, &columns, &refers_on), Origin::Data),
    };
    TableMeaning {
        table: table.name.clone(),
        kind,
        label,
        label_source,
        time,
        time_source: Origin::Data,
        words: Vec::new(),
        columns,
    }
}

/// What an event cost is an amount, where no quantity stands beside it: the fee of a hire adds up, the price of an article
/// does not.
fn earned(mut columns: Vec<ColumnMeaning>) -> Vec<ColumnMeaning> {
    let counted = columns.iter().any(|column| column.role == Role::Quantity);
    if !counted {
        for column in &mut columns {
            let words = split_words(&column.column);
            let last = words.last().map_or("", String::as_str);
            if column.role == Role::Price
                && matches!(last, "fee" | "fees" | "fare" | "price" | "tariff")
            {
                column.role = Role::Additive;
            }
        }
    }
    columns
}

/// The column that says when: most often filled, then the first.
fn time(stats: &[ColumnStats], columns: &[ColumnMeaning]) -> Option<String> {
    let born = |name: &str| {
        split_words(name).iter().any(|word| {
            matches!(
                word.as_str(),
                "birth" | "born" | "dob" | "brth" | "birthday" | "death" | "updated" | "modified"
            )
        })
    };
    columns
        .iter()
        .zip(stats)
        .enumerate()
        .filter(|(_, (column, _))| column.role == Role::Time)
        .min_by_key(|(at, (column, stats))| {
            let empty = stats.nulls * 20 / stats.rows.max(1);
            (born(&column.column), empty, *at)
        })
        .map(|(_, (column, _))| column.column.clone())
}

fn label_column<'c>(
    table: &Table,
    stats: &[ColumnStats],
    columns: &'c [ColumnMeaning],
    refers_on: &dyn Fn(&str) -> bool,
) -> Option<&'c ColumnMeaning> {
    let own = split_words(&table.name);
    // What many rows share tells none of them apart ("model" of a car, whose plate does).
    let shared = |at: usize| {
        stats.get(at).is_some_and(|stats| {
            stats.rows >= MIN_TOLD_APART && stats.distinct * 2 < stats.rows - stats.nulls
        })
    };
    let tells_apart = |at: usize| {
        stats.get(at).is_some_and(|stats| {
            stats.nulls == 0
                && stats.distinct == stats.rows
                && !table.primary_key.contains(&columns[at].column)
                && !refers_on(&columns[at].column)
        })
    };
    let rank = |at: usize| {
        let column = &columns[at];
        let words = split_words(&column.column);
        let last = words.last().map_or("", String::as_str);
        let names = matches!(last, "name" | "nm" | "title" | "label" | "ttl");
        let of_table = words[..words.len().saturating_sub(1)].iter().all(|word| {
            own.iter().any(|name| {
                name.starts_with(word.as_str()) || word.starts_with(name.trim_end_matches('s'))
            })
        });
        let rank = match (names, of_table, column.role) {
            (true, true, Role::Label | Role::Category) => 0,
            (true, false, Role::Label) => 1,
            // `articles.article`, `pets.pet`
            (false, _, Role::Label | Role::Category)
                if own.iter().any(|name| name.trim_end_matches('s') == last) =>
            {
                1
            }
            (false, _, Role::Label) => 2,
            (true, false, Role::Category) => 3,
            (_, _, Role::Identifier) if tells_apart(at) => return 4,
            _ => return 9,
        };
        if shared(at) { rank + 4 } else { rank }
    };
    (0..columns.len())
        .filter(|&at| rank(at) < 9)
        .min_by_key(|&at| rank(at))
        .map(|at| &columns[at])
}

fn label(
    table: &Table,
    stats: &[ColumnStats],
    columns: &[ColumnMeaning],
    refers_on: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let part = |wanted: &[&str]| {
        columns
            .iter()
            .find(|column| {
                let words = split_words(&column.column);
                let joined: String = words.concat();
                wanted.iter().any(|part| joined.starts_with(part))
                    && matches!(
                        words.last().map_or("", String::as_str),
                        "name"
                            | "nm"
                            | "firstname"
                            | "lastname"
                            | "fname"
                            | "lname"
                            | "forename"
                            | "surname"
                    )
            })
            .map(|column| column.column.clone())
    };
    let first = part(&["first", "given", "forename", "fname", "fst"]);
    let last = part(&["last", "family", "surname", "lname", "lst"]);
    if let (Some(first), Some(last)) = (first, last) {
        return vec![first, last];
    }
    if let Some(column) = label_column(table, stats, columns, refers_on) {
        return vec![column.column.clone()];
    }
    if !table.primary_key.is_empty() {
        return table.primary_key.clone();
    }
    let unique = table.columns.iter().zip(stats).find(|(column, stats)| {
        column.is_unique() || (stats.nulls == 0 && stats.rows > 1 && stats.distinct == stats.rows)
    });
    let first = unique.map(|(column, _)| column).or(table.columns.first());
    first
        .map(|column| vec![column.name.clone()])
        .unwrap_or_default()
}
