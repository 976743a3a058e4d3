//! Which column a name means: the one there is, else the clearly nearest.

use schema_gen::model::Column;
use sqlparser::ast::Ident;

use super::likeness::{CLEARLY, NEAR, Name, column_likeness};
use super::scope::{PlainColumn, Scope};
use super::{Binder, table_likeness};
use crate::sql_name::written;

/// A column of the same name in another table of the FROM clause: nearer than a like one in the table that was named.
const ELSEWHERE: f64 = 0.97;
/// The same in a table that is not in the FROM clause, but one reference away.
const ONE_JOIN_AWAY: f64 = 0.92;
/// Names of the row itself, which every table has.
const ROW_IDS: [&str; 3] = ["rowid", "oid", "_rowid_"];

/// What a column's name was found to mean.
#[derive(Debug, Clone)]
pub(super) struct BoundColumn {
    /// Of the schema; `None` for a column of a subquery.
    pub(super) table: Option<usize>,
    pub(super) column: String,
}

/// Where a name may point.
#[derive(Debug, Clone)]
enum Target {
    /// Source and column.
    Here(usize, String),
    /// The source that references, the referenced table, and its column.
    Away(usize, usize, String),
}

/// The one that is near, and nearer than every other by enough.
pub(super) fn clearly_nearest<T>(scored: impl Iterator<Item = (T, f64)>) -> Option<T> {
    let mut near: Vec<(T, f64)> = scored
        .filter(|(_, likeness)| *likeness >= NEAR - CLEARLY)
        .collect();
    near.sort_by(|left, right| right.1.total_cmp(&left.1));
    let second = near.get(1).map_or(0.0, |(_, likeness)| *likeness);
    let (best, likeness) = near.into_iter().next()?;
    (likeness >= NEAR && likeness >= second + CLEARLY).then_some(best)
}

impl Binder<'_> {
    /// Whether a name without a table means something already.
    pub(super) fn resolves(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| {
            scope.sources.iter().any(|source| {
                source.columns.is_none()
                    || source.column(name).is_some()
                    || source.table.is_some()
                        && ROW_IDS.iter().any(|id| id.eq_ignore_ascii_case(name))
            }) || scope
                .aliases
                .iter()
                .any(|own| own.eq_ignore_ascii_case(name))
        })
    }

    /// A column without its table.
    pub(super) fn plain_column(&mut self, ident: &Ident) -> Option<BoundColumn> {
        let at = self.text.ident(ident)?.0;
        for scope in self.scopes.iter_mut().rev() {
            let sources = scope.sources.iter().enumerate();
            let mut owners = sources.filter_map(|(index, source)| {
                Some((index, source.table, source.column(&ident.value)?.clone()))
            });
            if let Some((source, table, column)) = owners.next() {
                scope.plain.push(PlainColumn {
                    at,
                    source,
                    name: column.clone(),
                });
                return Some(BoundColumn { table, column });
            }
        }
        if self.resolves(&ident.value) {
            return None;
        }
        let target = self.nearest_column(&ident.value, None)?;
        let (source, column) = self.reach(target)?;
        self.rename(ident, &column)?;
        let scope = self.scopes.last_mut()?;
        let is_elsewhere = |(index, other): (usize, &super::scope::Source)| {
            index != source && other.column(&column).is_some()
        };
        if scope.sources.iter().enumerate().any(is_elsewhere) {
            let qualifier = scope
                .sources
                .get(source)
                .map(|source| written(&source.name));
            self.edits.insert(at, format!("{}.", qualifier?));
        } else {
            scope.plain.push(PlainColumn {
                at,
                source,
                name: column.clone(),
            });
        }
        self.bound(&ident.value, source, column)
    }

    /// A column behind the name of its table.
    pub(super) fn qualified_column(
        &mut self,
        qualifier: &Ident,
        ident: &Ident,
    ) -> Option<BoundColumn> {
        let Some((scope, source)) = self.known_source(&qualifier.value) else {
            return self.column_of_unknown(qualifier, ident);
        };
        self.column_of(scope, source, qualifier, ident)
    }

    fn column_of(
        &mut self,
        scope: usize,
        source: usize,
        qualifier: &Ident,
        ident: &Ident,
    ) -> Option<BoundColumn> {
        let own = self.scopes.get(scope)?.sources.get(source)?;
        let table = own.table;
        own.columns.as_ref()?;
        if let Some(column) = own.column(&ident.value) {
            let column = column.clone();
            return Some(BoundColumn { table, column });
        }
        let is_row = ROW_IDS
            .iter()
            .any(|id| id.eq_ignore_ascii_case(&ident.value));
        if is_row || scope + 1 != self.scopes.len() {
            return None;
        }
        let target = self.nearest_column(&ident.value, Some(source))?;
        let (found, column) = self.reach(target)?;
        if found != source {
            let name = self.scopes.last()?.sources.get(found)?.name.clone();
            self.rename(qualifier, &name)?;
        }
        if !column.eq_ignore_ascii_case(&ident.value) {
            self.rename(ident, &column)?;
        }
        self.bound(
            &format!("{}.{}", qualifier.value, ident.value),
            found,
            column,
        )
    }

    /// The qualifier names nothing of the FROM clause.
    fn column_of_unknown(&mut self, qualifier: &Ident, ident: &Ident) -> Option<BoundColumn> {
        if let Some((scope, source)) = self.qualifier(qualifier) {
            return self.column_of(scope, source, qualifier, ident);
        }
        let scope = self.scopes.last()?;
        // The one table that has such a column.
        let sources = scope.sources.iter().enumerate();
        let mut owners = sources.filter(|(_, source)| source.column(&ident.value).is_some());
        let (source, _) = owners
            .next()
            .filter(|_| !scope.sources.iter().any(|s| s.columns.is_none()))?;
        if owners.next().is_some() {
            return None;
        }
        let name = scope.sources.get(source)?.name.clone();
        self.rename(qualifier, &name)?;
        self.say(format!("{} is read as {name}", qualifier.value));
        let own = self.scopes.last()?.sources.get(source)?;
        Some(BoundColumn {
            table: own.table,
            column: own.column(&ident.value)?.clone(),
        })
    }

    fn known_source(&self, name: &str) -> Option<(usize, usize)> {
        let mut scopes = self.scopes.iter().enumerate().rev();
        scopes.find_map(|(index, scope)| {
            let source = scope
                .sources
                .iter()
                .position(|source| source.is_called(name))?;
            Some((index, source))
        })
    }

    /// The source that a qualifier means, which is put right where it is not the source's name: a table's own name beside
    /// its alias, a name near to one, or a table that a join can bring.
    pub(super) fn qualifier(&mut self, qualifier: &Ident) -> Option<(usize, usize)> {
        let said = &qualifier.value;
        if let Some(found) = self.known_source(said) {
            return Some(found);
        }
        let found = match self.source_by_table(said) {
            Some(found) => found,
            None => self
                .near_source(said)
                .or_else(|| self.joined_source(said))?,
        };
        let source = self.scopes.get(found.0)?.sources.get(found.1)?;
        let (name, added) = (source.name.clone(), source.added);
        if name.is_empty() {
            return None;
        }
        if !name.eq_ignore_ascii_case(said) {
            self.rename(qualifier, &name)?;
            if !added
                && self
                    .scopes
                    .get(found.0)?
                    .sources
                    .get(found.1)?
                    .former_name
                    .is_none()
            {
                self.say(format!("{said} is read as {name}"));
            }
        }
        Some(found)
    }

    fn source_by_table(&self, said: &str) -> Option<(usize, usize)> {
        let tables = &self.schema.tables;
        let is_said = |name: &str| name.eq_ignore_ascii_case(said);
        let scopes = self.scopes.iter().enumerate().rev();
        for (index, scope) in scopes {
            let sources = scope.sources.iter().enumerate();
            let mut found = sources.filter(|(_, source)| {
                let table = source.table.and_then(|table| tables.get(table));
                table.is_some_and(|table| is_said(&table.name))
                    || source.former_name.as_deref().is_some_and(is_said)
            });
            match (found.next(), found.next()) {
                (Some((source, _)), None) => return Some((index, source)),
                (Some(_), Some(_)) => return None,
                (None, _) => {}
            }
        }
        None
    }

    fn near_source(&self, said: &str) -> Option<(usize, usize)> {
        // A table of its own is not a slip for another one.
        let tables = &self.schema.tables;
        if tables
            .iter()
            .any(|table| table.name.eq_ignore_ascii_case(said))
        {
            return None;
        }
        let said = Name::new(said);
        let index = self.scopes.len().checked_sub(1)?;
        let sources = self.scopes.get(index)?.sources.iter().enumerate();
        let scored = sources.map(|(at, source)| {
            let table = source.table.and_then(|table| tables.get(table));
            let of_table =
                table.map_or(0.0, |table| table_likeness(&said, &Name::new(&table.name)));
            (
                at,
                of_table.max(table_likeness(&said, &Name::new(&source.name))),
            )
        });
        clearly_nearest(scored).map(|source| (index, source))
    }

    fn joined_source(&mut self, said: &str) -> Option<(usize, usize)> {
        let tables = &self.schema.tables;
        let exact = tables
            .iter()
            .position(|table| table.name.eq_ignore_ascii_case(said));
        let table = match exact {
            Some(table) => table,
            None => self.nearest_table(said)?,
        };
        let from = self.referencing_source(table)?;
        let source = self.add_join(from, table)?;
        Some((self.scopes.len().checked_sub(1)?, source))
    }

    /// The clearly nearest column of the innermost scope, or of a table that one of its tables references. `named` is the
    /// source that the statement names.
    fn nearest_column(&self, said: &str, named: Option<usize>) -> Option<Target> {
        let scope = self.scopes.last()?;
        // Any name may be a column of what is not known.
        if named.is_none() && scope.sources.iter().any(|source| source.columns.is_none()) {
            return None;
        }
        let name = Name::new(said);
        let mut scored: Vec<(Target, f64)> = Vec::new();
        for (index, source) in scope.sources.iter().enumerate() {
            let is_named = named.is_none_or(|named| named == index);
            let table = self.table_name(scope, index);
            for column in source.columns.iter().flatten() {
                let likeness = if is_named {
                    column_likeness(&name, &table, &Name::new(column))
                } else if column.eq_ignore_ascii_case(said) {
                    ELSEWHERE
                } else {
                    continue;
                };
                scored.push((Target::Here(index, column.clone()), likeness));
            }
        }
        self.score_away(scope, &name, said, &mut scored);
        // A column that two targets share is still one column, but which is meant is not clear.
        clearly_nearest(scored.into_iter())
    }

    fn score_away(&self, scope: &Scope, name: &Name, said: &str, scored: &mut Vec<(Target, f64)>) {
        for (index, table) in self.schema.tables.iter().enumerate() {
            let Some(from) = self.referencing_source(index) else {
                continue;
            };
            if scope
                .sources
                .iter()
                .any(|source| source.table == Some(index))
            {
                continue;
            }
            let table_name = Name::new(&table.name);
            for Column { name: column, .. } in &table.columns {
                let likeness = if column.eq_ignore_ascii_case(said) {
                    1.0
                } else {
                    column_likeness(name, &table_name, &Name::new(column))
                };
                // Only what names the column fully: `customer_name`, but not whatever holds the word.
                if likeness >= super::likeness::FULLY {
                    let target = Target::Away(from, index, column.clone());
                    scored.push((target, likeness * ONE_JOIN_AWAY));
                }
            }
        }
    }

    fn table_name(&self, scope: &Scope, source: usize) -> Name {
        let source = scope.sources.get(source);
        let table = source.and_then(|source| self.schema.tables.get(source.table?));
        let name = table.map(|table| table.name.as_str());
        Name::new(
            name.or(source.map(|source| source.name.as_str()))
                .unwrap_or_default(),
        )
    }

    /// The source of a target and its column; its join is added where there is none.
    fn reach(&mut self, target: Target) -> Option<(usize, String)> {
        match target {
            Target::Here(source, column) => Some((source, column)),
            Target::Away(from, table, column) => Some((self.add_join(from, table)?, column)),
        }
    }

    fn bound(&mut self, said: &str, source: usize, column: String) -> Option<BoundColumn> {
        let found = self.scopes.last()?.sources.get(source)?;
        let table = found.table;
        let owner = table.and_then(|table| self.schema.tables.get(table));
        let owner = owner.map_or(found.name.as_str(), |table| table.name.as_str());
        let change = match owner {
            "" => format!("{said} is read as {column}"),
            owner => format!("{said} is read as {owner}.{column}"),
        };
        self.say(change);
        Some(BoundColumn { table, column })
    }
}
