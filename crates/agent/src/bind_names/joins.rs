//! Joins that a statement lacks: along one known reference, from the table that has it, so that no row is multiplied.

use std::fmt::Write as _;

use schema_gen::model::Relationship;

use super::Binder;
use super::scope::{Scope, Source};
use crate::sql_name::written;

pub(super) struct AddedJoin {
    /// The new source.
    source: usize,
    at: usize,
    text: String,
}

impl Binder<'_> {
    /// The one source of the innermost scope that references `table`, by one reference alone.
    pub(super) fn referencing_source(&self, table: usize) -> Option<usize> {
        let sources = self.scopes.last()?.sources.iter().enumerate();
        let mut found = sources
            .filter(|(_, source)| !source.added)
            .flat_map(|(index, source)| {
                let references = self.references(source, table);
                references.map(move |_| index)
            });
        let only = found.next()?;
        found.next().is_none().then_some(only)
    }

    fn references<'r>(
        &'r self,
        source: &Source,
        table: usize,
    ) -> impl Iterator<Item = &'r Relationship> {
        let tables = &self.schema.tables;
        let from = source.table.and_then(|table| tables.get(table));
        let from = from.map(|table| table.name.clone());
        let to = tables.get(table).map(|table| table.name.clone());
        self.schema.relationships.iter().filter(move |relation| {
            from.as_ref() == Some(&relation.from_table)
                && to.as_ref() == Some(&relation.to_table)
                && relation.from_table != relation.to_table
                && relation.from_columns.len() == relation.to_columns.len()
                && !relation.from_columns.is_empty()
        })
    }

    /// Joins `table`, which the source `from` references, to the innermost scope.
    pub(super) fn add_join(&mut self, from: usize, table: usize) -> Option<usize> {
        let scope = self.scopes.last()?;
        if let Some(known) = scope.joins.iter().find(|join| {
            scope
                .sources
                .get(join.source)
                .is_some_and(|source| source.table == Some(table))
        }) {
            return Some(known.source);
        }
        let origin = scope.sources.get(from)?;
        let relation = self.references(origin, table).next()?;
        let name = self.schema.tables.get(table)?.name.clone();
        let is_taken = |scope: &Scope| scope.sources.iter().any(|source| source.is_called(&name));
        let is_cte = self
            .ctes
            .iter()
            .any(|cte| cte.name.eq_ignore_ascii_case(&name));
        if origin.name.is_empty() || is_cte || self.scopes.iter().any(is_taken) {
            return None;
        }
        let (left, right) = (written(&origin.name), written(&name));
        // Beside an outer join the new one must not take back the rows that it keeps.
        let kind = if scope.has_outer_join {
            "LEFT JOIN"
        } else {
            "JOIN"
        };
        let mut text = format!(" {kind} {right} ON ");
        let columns = relation.from_columns.iter().zip(&relation.to_columns);
        for (index, (own, other)) in columns.enumerate() {
            let and = if index > 0 { " AND " } else { "" };
            let (own, other) = (written(own), written(other));
            let _ = write!(text, "{and}{left}.{own} = {right}.{other}");
        }
        let at = self.text.end_of_join(origin.end);
        let change = format!("{name} is joined to {}", relation.from_table);
        let columns = self.columns_of(table);
        self.say(change);
        let scope = self.scopes.last_mut()?;
        let source = scope.sources.len();
        scope.joins.push(AddedJoin { source, at, text });
        scope.sources.push(Source {
            name,
            former_name: None,
            table: Some(table),
            columns: Some(columns),
            end: at,
            added: true,
        });
        Some(source)
    }

    /// Writes the joins of a scope, and keeps apart what they would make ambiguous or add.
    pub(super) fn write_joins(&mut self, scope: &Scope) {
        if scope.joins.is_empty() {
            return;
        }
        for join in &scope.joins {
            self.edits.insert(join.at, join.text.clone());
        }
        let added = || {
            scope
                .joins
                .iter()
                .filter_map(|join| scope.sources.get(join.source))
        };
        for column in &scope.plain {
            let Some(source) = scope.sources.get(column.source) else {
                continue;
            };
            let is_shared = |other: &Source| {
                !other.is_called(&source.name) && other.column(&column.name).is_some()
            };
            if added().any(is_shared) {
                self.edits
                    .insert(column.at, format!("{}.", written(&source.name)));
            }
        }
        let own = scope.sources.iter().filter(|source| !source.added);
        let own: Vec<String> = own.map(|source| source.name.clone()).collect();
        if !scope.stars.is_empty() && own.iter().any(String::is_empty) {
            self.gave_up = true;
            return;
        }
        let columns = own.iter().map(|name| format!("{}.*", written(name)));
        let columns = columns.collect::<Vec<_>>().join(", ");
        for star in &scope.stars {
            self.edits.replace(*star, columns.clone());
        }
    }
}
