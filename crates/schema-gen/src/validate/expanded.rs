//! Tables of which a record of the file may be several rows: items of lists, and columns that become rows.

use std::collections::HashSet;

use crate::Source;
use crate::model::{Column, ColumnGroup, ListItems, SourceRows, Table};

use super::{Problems, shown};

/// Longest separator of a list, in characters, and longest name of a column that becomes a row.
const MAX_SEPARATOR_CHARS: usize = 8;
const MAX_NAME_CHARS: usize = 200;

/// Whether the way in which the table takes rows gives the column its values.
pub fn fills(table: &Table, column: &Column) -> bool {
    match &table.source.rows {
        SourceRows::Unpivot(group) => {
            [&group.name_column, &group.value_column].contains(&&column.name)
        }
        SourceRows::All | SourceRows::Distinct | SourceRows::Split(_) => false,
    }
}

pub(super) fn check(table: &Table, source: Option<&Source>, problems: &mut Problems, path: &str) {
    let path = format!("{path}.source.rows");
    match &table.source.rows {
        SourceRows::All | SourceRows::Distinct => return,
        SourceRows::Split(list) => check_list(table, list, source, problems, &path),
        SourceRows::Unpivot(group) => check_group(table, group, source, problems, &path),
    }
    let is_numbered = |name: &String| {
        let column = table.column(name);
        column.is_some_and(|column| column.source_column.is_none() && !fills(table, column))
    };
    if let [only] = table.primary_key.as_slice()
        && !is_numbered(only)
    {
        problems.say(
            path,
            "a row of the file may be several rows here: its key needs more than one column, or a number",
        );
    }
}

fn check_list(
    table: &Table,
    list: &ListItems,
    source: Option<&Source>,
    problems: &mut Problems,
    path: &str,
) {
    let length = list.separator.chars().count();
    if !(1..=MAX_SEPARATOR_CHARS).contains(&length) {
        problems.say(
            format!("{path}.split.separator"),
            format!("it has to have 1 to {MAX_SEPARATOR_CHARS} characters"),
        );
    }
    known(
        source,
        &list.column,
        problems,
        &format!("{path}.split.column"),
    );
    let mut columns = table.columns.iter();
    if !columns.any(|column| column.source_column.as_ref() == Some(&list.column)) {
        problems.say(
            format!("{path}.split.column"),
            format!(
                "no column of the table takes the items of “{}”",
                shown(&list.column)
            ),
        );
    }
}

fn check_group(
    table: &Table,
    group: &ColumnGroup,
    source: Option<&Source>,
    problems: &mut Problems,
    path: &str,
) {
    let path = format!("{path}.unpivot");
    if group.columns.is_empty() || group.names.len() != group.columns.len() {
        problems.say(
            format!("{path}.names"),
            "each of the columns needs a name, and there has to be one",
        );
    }
    let (mut columns, mut names) = (HashSet::new(), HashSet::new());
    for (number, (column, name)) in group.columns.iter().zip(&group.names).enumerate() {
        if problems.is_full() {
            return;
        }
        known(
            source,
            column,
            problems,
            &format!("{path}.columns[{number}]"),
        );
        let is_own = table
            .columns
            .iter()
            .any(|own| own.source_column.as_ref() == Some(column));
        if is_own || !columns.insert(column) {
            problems.say(
                format!("{path}.columns[{number}]"),
                format!("“{}” is in this table already", shown(column)),
            );
        }
        let fits = (1..=MAX_NAME_CHARS).contains(&name.chars().count());
        if !fits || !names.insert(name) {
            problems.say(
                format!("{path}.names[{number}]"),
                format!("each has a name of its own, of 1 to {MAX_NAME_CHARS} characters"),
            );
        }
    }
    for (field, name) in [
        ("name_column", &group.name_column),
        ("value_column", &group.value_column),
    ] {
        let own = table.column(name);
        let is_free = own.is_some_and(|column| column.source_column.is_none());
        if !is_free || group.name_column == group.value_column {
            problems.say(
                format!("{path}.{field}"),
                "it has to be a column of this table alone, without a source column",
            );
        }
    }
}

fn known(source: Option<&Source>, name: &str, problems: &mut Problems, path: &str) {
    let Some(source) = source else { return };
    let mut profiles = source.analysis.columns.iter();
    if !profiles.any(|profile| profile.column == name) {
        let file = &source.original_filename;
        problems.say(path, format!("{file} has no column “{}”", shown(name)));
    }
}
