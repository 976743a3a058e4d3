//! A plan as JSON: it carries the names of what it uses, and everything else refers to these by their place, so that it
//! outlives a schema that was derived again, and what is not there any more is told by name.

use serde::{Deserialize, Serialize};

use super::check;
use super::{Outdated, PlanError};
use crate::reading::data::{ColumnId, Data, EdgeId, TableId};
use crate::reading::query::{
    Aggregate, Condition, Expr, Having, Key, Measure, Operator, OrderBy, Query, Ref, Rows, Select,
};

/// Raised when older documents cannot be read as they are.
const VERSION: u32 = 1;
/// A plan that uses more names than this was not made here.
const MAX_NAMES: usize = 500;
/// And one that uses them more often than this: what is made of it would take its time.
const MAX_USES: usize = 2_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnName {
    table: String,
    column: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RelationshipName {
    from_table: String,
    from_columns: Vec<String>,
    to_table: String,
    to_columns: Vec<String>,
}

/// A part of a plan with the names that its numbers are places of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named<T> {
    tables: Vec<String>,
    columns: Vec<ColumnName>,
    relationships: Vec<RelationshipName>,
    part: T,
}

/// A whole plan, as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    version: u32,
    plan: Named<Query>,
}

impl Document {
    pub fn of(query: &Query, data: &Data) -> Self {
        Self {
            version: VERSION,
            plan: Named::of(query.clone(), data),
        }
    }

    /// Reads what a client sent: what is no document was made by another version, or by hand.
    pub fn read(json: &serde_json::Value) -> Result<Self, PlanError> {
        Self::deserialize(json)
            .ok()
            .filter(|document| document.version == VERSION)
            .ok_or_else(|| PlanError::outdated("it is not in a form that is read here"))
    }

    /// The query, each name found and every way and type checked: the statement of it is one that could have been made of
    /// a question.
    pub fn load(&self, data: &Data) -> Result<Query, PlanError> {
        let query = self.plan.resolve(data)?;
        check::query(&query, data).map_err(PlanError::outdated)?;
        Ok(query)
    }
}

impl<T: Walk + Clone> Named<T> {
    pub fn of(mut part: T, data: &Data) -> Self {
        let mut names = Collected::default();
        part.walk(&mut names);
        let table = |id: TableId| data.tables[id].name.clone();
        let columns_of = |ids: &[ColumnId]| {
            ids.iter()
                .map(|&id| data.columns[id].name.clone())
                .collect()
        };
        Self {
            tables: names.tables.iter().map(|&id| table(id)).collect(),
            columns: names
                .columns
                .iter()
                .map(|&id| ColumnName {
                    table: table(data.columns[id].table),
                    column: data.columns[id].name.clone(),
                })
                .collect(),
            relationships: names
                .edges
                .iter()
                .map(|&id| {
                    let edge = &data.edges[id];
                    RelationshipName {
                        from_table: table(edge.from),
                        from_columns: columns_of(&edge.from_columns),
                        to_table: table(edge.to),
                        to_columns: columns_of(&edge.to_columns),
                    }
                })
                .collect(),
            part,
        }
    }

    /// The part with the places of what its names mean in this dataset.
    pub fn resolve(&self, data: &Data) -> Result<T, PlanError> {
        if self.tables.len() + self.columns.len() + self.relationships.len() > MAX_NAMES {
            return Err(PlanError::outdated("it is too large"));
        }
        let table = |name: &str| {
            data.table(name)
                .ok_or_else(|| PlanError::Outdated(Outdated::Table(name.to_owned())))
        };
        let column = |of: &str, name: &str| {
            data.column(table(of)?, name).ok_or_else(|| {
                PlanError::Outdated(Outdated::Column {
                    table: of.to_owned(),
                    column: name.to_owned(),
                })
            })
        };
        let mut found = Resolved::default();
        for name in &self.tables {
            found.tables.push(table(name)?);
        }
        for name in &self.columns {
            found.columns.push(column(&name.table, &name.column)?);
        }
        for name in &self.relationships {
            let (from, to) = (table(&name.from_table)?, table(&name.to_table)?);
            let ids = |of: &str, names: &[String]| -> Result<Vec<ColumnId>, PlanError> {
                names.iter().map(|name| column(of, name)).collect()
            };
            let from_columns = ids(&name.from_table, &name.from_columns)?;
            let to_columns = ids(&name.to_table, &name.to_columns)?;
            let edge = data.edges.iter().position(|edge| {
                edge.from == from
                    && edge.to == to
                    && edge.from_columns == from_columns
                    && edge.to_columns == to_columns
            });
            found.edges.push(edge.ok_or_else(|| {
                PlanError::Outdated(Outdated::Relationship {
                    from: name.from_table.clone(),
                    to: name.to_table.clone(),
                })
            })?);
        }
        let mut part = self.part.clone();
        part.walk(&mut found);
        if found.is_broken {
            return Err(PlanError::outdated("it uses a name that it does not carry"));
        }
        if found.uses > MAX_USES {
            return Err(PlanError::outdated("it is too large"));
        }
        Ok(part)
    }
}

/// What is done with each table, column and relationship of a plan.
pub trait Ids {
    fn table(&mut self, id: &mut TableId);
    fn column(&mut self, id: &mut ColumnId);
    fn edge(&mut self, id: &mut EdgeId);
}

/// Puts the place in the list of names in place of the number in the dataset.
#[derive(Default)]
struct Collected {
    tables: Vec<TableId>,
    columns: Vec<ColumnId>,
    edges: Vec<EdgeId>,
}

fn place_of(list: &mut Vec<usize>, id: &mut usize) {
    let at = list.iter().position(|known| known == id);
    let at = at.unwrap_or_else(|| {
        list.push(*id);
        list.len() - 1
    });
    *id = at;
}

impl Ids for Collected {
    fn table(&mut self, id: &mut TableId) {
        place_of(&mut self.tables, id);
    }

    fn column(&mut self, id: &mut ColumnId) {
        place_of(&mut self.columns, id);
    }

    fn edge(&mut self, id: &mut EdgeId) {
        place_of(&mut self.edges, id);
    }
}

/// The way back. Nothing may be done with a part in which a place was not found.
#[derive(Default)]
struct Resolved {
    tables: Vec<TableId>,
    columns: Vec<ColumnId>,
    edges: Vec<EdgeId>,
    is_broken: bool,
    uses: usize,
}

impl Resolved {
    fn found(&mut self, known: Option<usize>, id: &mut usize) {
        self.uses += 1;
        match known {
            Some(known) => *id = known,
            None => self.is_broken = true,
        }
    }
}

impl Ids for Resolved {
    fn table(&mut self, id: &mut TableId) {
        self.found(self.tables.get(*id).copied(), id);
    }

    fn column(&mut self, id: &mut ColumnId) {
        self.found(self.columns.get(*id).copied(), id);
    }

    fn edge(&mut self, id: &mut EdgeId) {
        self.found(self.edges.get(*id).copied(), id);
    }
}

/// Comes by every table, column and relationship once.
pub trait Walk {
    fn walk(&mut self, ids: &mut dyn Ids);
}

impl<T: Walk> Walk for Vec<T> {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.iter_mut().for_each(|one| one.walk(ids));
    }
}

impl<T: Walk> Walk for Option<T> {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.iter_mut().for_each(|one| one.walk(ids));
    }
}

impl<T: Walk> Walk for Box<T> {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.as_mut().walk(ids);
    }
}

fn way(path: &mut [EdgeId], ids: &mut dyn Ids) {
    path.iter_mut().for_each(|edge| ids.edge(edge));
}

impl Walk for Ref {
    fn walk(&mut self, ids: &mut dyn Ids) {
        way(&mut self.path, ids);
        ids.column(&mut self.column);
    }
}

impl Walk for Expr {
    fn walk(&mut self, ids: &mut dyn Ids) {
        match self {
            Self::Column(reference) | Self::Part(_, reference) => reference.walk(ids),
            Self::Product(one, two) => {
                one.walk(ids);
                two.walk(ids);
            }
            Self::Duration { earlier, later, .. } => {
                earlier.walk(ids);
                later.walk(ids);
            }
            Self::Holds(conditions) => conditions.walk(ids),
        }
    }
}

impl Walk for Rows {
    fn walk(&mut self, ids: &mut dyn Ids) {
        ids.table(&mut self.base);
        self.conditions.walk(ids);
    }
}

impl Walk for Condition {
    fn walk(&mut self, ids: &mut dyn Ids) {
        match self {
            Self::Compare(expr, ..) | Self::Between(expr, ..) => expr.walk(ids),
            Self::In(reference, ..)
            | Self::Like(reference, ..)
            | Self::Within(reference, ..)
            | Self::PartIs(_, reference, _)
            | Self::Null(reference, _) => reference.walk(ids),
            Self::Columns(one, _, two) => {
                one.walk(ids);
                two.walk(ids);
            }
            Self::Related {
                up,
                rows,
                down,
                measure,
                ..
            } => {
                way(up, ids);
                rows.walk(ids);
                way(down, ids);
                measure.walk(ids);
            }
            Self::BeyondMean {
                up,
                rows,
                down,
                measure,
                ..
            } => {
                way(up, ids);
                rows.walk(ids);
                way(down, ids);
                measure.walk(ids);
            }
            Self::Average {
                expr, over, group, ..
            } => {
                expr.walk(ids);
                over.walk(ids);
                group.walk(ids);
            }
            Self::Extreme { expr, over, .. } => {
                expr.walk(ids);
                over.walk(ids);
            }
            Self::Any(inner) | Self::All(inner) => inner.walk(ids),
            Self::Not(inner) => inner.walk(ids),
        }
    }
}

impl Walk for Aggregate {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.expr.walk(ids);
        self.filter.walk(ids);
    }
}

impl Walk for Measure {
    fn walk(&mut self, ids: &mut dyn Ids) {
        match self {
            Self::Aggregate(inner) => inner.walk(ids),
            Self::Ratio { over, under, .. } => {
                over.walk(ids);
                under.walk(ids);
            }
            Self::Difference(one, two) | Self::Growth(one, two) => {
                one.walk(ids);
                two.walk(ids);
            }
            Self::PerGroup { inner, group, .. } => {
                inner.walk(ids);
                group.walk(ids);
            }
            Self::Other {
                rows,
                aggregate,
                keys,
            } => {
                rows.walk(ids);
                aggregate.walk(ids);
                keys.walk(ids);
            }
        }
    }
}

impl Walk for Key {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.by.walk(ids);
        self.shown.walk(ids);
        if let Some((path, table)) = &mut self.entity {
            way(path, ids);
            ids.table(table);
        }
    }
}

impl Walk for (OrderBy, bool) {
    fn walk(&mut self, ids: &mut dyn Ids) {
        if let OrderBy::Expr(expr) = &mut self.0 {
            expr.walk(ids);
        }
    }
}

impl Walk for (Measure, Operator, Having) {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.0.walk(ids);
    }
}

impl Walk for Query {
    fn walk(&mut self, ids: &mut dyn Ids) {
        self.rows.walk(ids);
        match &mut self.select {
            Select::List { shown, .. } => shown.walk(ids),
            Select::Group { keys, measures, .. } => {
                keys.walk(ids);
                measures.walk(ids);
            }
        }
        self.having.walk(ids);
        self.order.walk(ids);
    }
}
