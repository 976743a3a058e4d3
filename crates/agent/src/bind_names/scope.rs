//! What a SELECT's names may refer to, and the reading of queries and their FROM clauses.

use sqlparser::ast::{
    Expr, GroupByExpr, Ident, JoinConstraint, JoinOperator, ObjectName, OrderBy, OrderByKind,
    Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, TableAlias, TableFactor,
    TableWithJoins,
};

use super::Binder;
use super::joins::AddedJoin;
use super::likeness::Name;
use crate::sql_name::written;

/// A table expression of a WITH clause. Its columns are `None` while they are not known.
pub(super) struct Cte {
    pub(super) name: String,
    pub(super) columns: Option<Vec<String>>,
}

/// One SELECT under way.
#[derive(Default)]
pub(super) struct Scope {
    pub(super) sources: Vec<Source>,
    /// Names that the SELECT gives to its columns.
    pub(super) aliases: Vec<String>,
    /// Columns of this scope that stand without their table, wherever they stand.
    pub(super) plain: Vec<PlainColumn>,
    pub(super) joins: Vec<AddedJoin>,
    /// Where `*` stands for the columns of all sources.
    pub(super) stars: Vec<(usize, usize)>,
    pub(super) has_outer_join: bool,
}

pub(super) struct PlainColumn {
    pub(super) at: usize,
    pub(super) source: usize,
    pub(super) name: String,
}

/// A table, subquery or table expression of a FROM clause.
pub(super) struct Source {
    /// The name its columns are qualified by; empty where it has none.
    pub(super) name: String,
    /// A table's name that was replaced, by which columns may still be qualified.
    pub(super) former_name: Option<String>,
    /// Of the schema.
    pub(super) table: Option<usize>,
    /// `None` while they are not known: any name may then be one of them.
    pub(super) columns: Option<Vec<String>>,
    /// Behind its name and alias, in bytes.
    pub(super) end: usize,
    /// Its join was added here.
    pub(super) added: bool,
}

impl Source {
    pub(super) fn column(&self, name: &str) -> Option<&String> {
        let columns = self.columns.as_ref()?;
        columns.iter().find(|own| own.eq_ignore_ascii_case(name))
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        !self.name.is_empty() && self.name.eq_ignore_ascii_case(name)
    }
}

impl Binder<'_> {
    /// Binds a query's names and gives its columns. `keeps_names`: somebody outside may refer to them, so that a column
    /// whose name is changed here keeps the old one as its alias.
    pub(super) fn query(&mut self, query: &Query, keeps_names: bool) -> Option<Vec<String>> {
        let outer = self.ctes.len();
        if let Some(with) = &query.with {
            // Each may name the others, and itself.
            for cte in &with.cte_tables {
                let name = cte.alias.name.value.clone();
                self.ctes.push(Cte {
                    name,
                    columns: None,
                });
            }
            for (index, cte) in with.cte_tables.iter().enumerate() {
                let columns = self.query(&cte.query, true);
                if let Some(known) = self.ctes.get_mut(outer + index) {
                    known.columns = named_columns(&cte.alias).or(columns);
                }
            }
        }
        let columns = self.set_expression(&query.body, query.order_by.as_ref(), keeps_names);
        self.ctes.truncate(outer);
        columns
    }

    fn set_expression(
        &mut self,
        body: &SetExpr,
        order_by: Option<&OrderBy>,
        keeps_names: bool,
    ) -> Option<Vec<String>> {
        if !self.enter() {
            return None;
        }
        let columns = match body {
            SetExpr::Select(select) => self.select(select, order_by, keeps_names),
            SetExpr::Query(query) => self.query(query, keeps_names),
            SetExpr::SetOperation { left, right, .. } => {
                // An ORDER BY behind it goes by the names of the first.
                let columns = self.set_expression(left, None, true);
                self.set_expression(right, None, true);
                columns
            }
            SetExpr::Values(_) => None,
            _ => {
                self.gave_up = true;
                None
            }
        };
        self.leave();
        columns
    }

    fn select(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        keeps_names: bool,
    ) -> Option<Vec<String>> {
        let mut scope = Scope::default();
        let mut conditions = Vec::new();
        for item in &select.from {
            self.sources_of(item, &mut scope, &mut conditions);
        }
        for item in &select.projection {
            if let SelectItem::ExprWithAlias { alias, .. } = item {
                scope.aliases.push(alias.value.clone());
            }
        }
        self.scopes.push(scope);
        for condition in conditions {
            self.expression(condition);
        }
        let mut columns = Some(Vec::new());
        for item in &select.projection {
            let named = self.selected(item, keeps_names);
            columns = columns.zip(named).map(|(mut columns, named)| {
                columns.extend(named);
                columns
            });
        }
        self.optional(select.selection.as_ref());
        if let GroupByExpr::Expressions(expressions, _) = &select.group_by {
            self.expressions(expressions);
        }
        self.optional(select.having.as_ref());
        if let Some(OrderByKind::Expressions(terms)) = order_by.map(|order| &order.kind) {
            for term in terms {
                self.order_term(&term.expr);
            }
        }
        if let Some(scope) = self.scopes.pop() {
            self.write_joins(&scope);
        }
        columns
    }

    /// A term that is the name of a selected column means that one, even where a table has one of that name.
    fn order_term(&mut self, term: &Expr) {
        let aliases = self.scopes.last().map(|scope| &scope.aliases);
        let is_alias = match term {
            Expr::Identifier(ident) => aliases.is_some_and(|aliases| {
                aliases
                    .iter()
                    .any(|own| own.eq_ignore_ascii_case(&ident.value))
            }),
            _ => false,
        };
        if !is_alias {
            self.expression(term);
        }
    }

    /// Binds one selected item; its columns' names, or `None` where they are not known.
    fn selected(&mut self, item: &SelectItem, keeps_names: bool) -> Option<Vec<String>> {
        match item {
            SelectItem::UnnamedExpr(expression) => {
                let ident = match expression {
                    Expr::Identifier(ident) => Some(ident),
                    Expr::CompoundIdentifier(idents) => idents.last(),
                    _ => None,
                };
                let bound = self.expression(expression);
                let Some(ident) = ident else {
                    return Some(Vec::new());
                };
                let renamed =
                    bound.is_some_and(|bound| !bound.column.eq_ignore_ascii_case(&ident.value));
                if renamed && keeps_names {
                    match self.text.ident(ident) {
                        Some((_, end)) => self
                            .edits
                            .insert(end, format!(" AS {}", written(&ident.value))),
                        None => self.gave_up = true,
                    }
                }
                Some(vec![ident.value.clone()])
            }
            SelectItem::ExprWithAlias { expr, alias } => {
                self.expression(expr);
                Some(vec![alias.value.clone()])
            }
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => {
                let ident = last_ident(name)?;
                let (scope, source) = self.qualifier(ident)?;
                self.scopes.get(scope)?.sources.get(source)?.columns.clone()
            }
            SelectItem::Wildcard(options) => {
                let range = self.text.range(options.wildcard_token.0.span);
                let scope = self.scopes.last_mut()?;
                match range {
                    Some(range) => scope.stars.push(range),
                    None => self.gave_up = true,
                }
                let columns = scope.sources.iter().map(|source| source.columns.clone());
                let columns: Option<Vec<_>> = columns.collect();
                Some(columns?.into_iter().flatten().collect())
            }
            _ => None,
        }
    }

    fn sources_of<'q>(
        &mut self,
        item: &'q TableWithJoins,
        scope: &mut Scope,
        conditions: &mut Vec<&'q Expr>,
    ) {
        self.factor(&item.relation, scope, conditions);
        for join in &item.joins {
            self.factor(&join.relation, scope, conditions);
            let constraint = match &join.join_operator {
                JoinOperator::Join(constraint)
                | JoinOperator::Inner(constraint)
                | JoinOperator::CrossJoin(constraint) => constraint,
                JoinOperator::Left(constraint)
                | JoinOperator::LeftOuter(constraint)
                | JoinOperator::Right(constraint)
                | JoinOperator::RightOuter(constraint)
                | JoinOperator::FullOuter(constraint) => {
                    scope.has_outer_join = true;
                    constraint
                }
                _ => {
                    self.gave_up = true;
                    continue;
                }
            };
            if let JoinConstraint::On(condition) = constraint {
                conditions.push(condition);
            }
        }
    }

    fn factor<'q>(
        &mut self,
        factor: &'q TableFactor,
        scope: &mut Scope,
        conditions: &mut Vec<&'q Expr>,
    ) {
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                ..
            } => match self.table(name, alias.as_ref()) {
                Some(source) => scope.sources.push(source),
                None => self.gave_up = true,
            },
            TableFactor::Derived {
                subquery, alias, ..
            } => {
                let columns = self.query(subquery, true);
                let name = alias.as_ref().map(|alias| alias.name.value.clone());
                scope.sources.push(Source {
                    name: name.unwrap_or_default(),
                    former_name: None,
                    table: None,
                    columns: alias.as_ref().and_then(named_columns).or(columns),
                    end: 0,
                    added: false,
                });
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => self.sources_of(table_with_joins, scope, conditions),
            // A function of rows: its columns are its own.
            TableFactor::Table { name, alias, .. } => {
                let called = alias.as_ref().map(|alias| &alias.name).or(last_ident(name));
                scope.sources.push(Source {
                    name: called.map(|ident| ident.value.clone()).unwrap_or_default(),
                    former_name: None,
                    table: None,
                    columns: None,
                    end: 0,
                    added: false,
                });
            }
            _ => self.gave_up = true,
        }
    }

    /// A table by its name, the nearest where there is none of that name.
    fn table(&mut self, name: &ObjectName, alias: Option<&TableAlias>) -> Option<Source> {
        let ident = last_ident(name)?;
        let (_, name_end) = self.text.ident(ident)?;
        let end = match alias {
            Some(alias) => self.text.ident(&alias.name)?.1,
            None => name_end,
        };
        let called = alias
            .map_or(&ident.value, |alias| &alias.name.value)
            .clone();
        let source = |name: String, table, columns| Source {
            name,
            former_name: None,
            table,
            columns,
            end,
            added: false,
        };
        let is_same = |other: &str| other.eq_ignore_ascii_case(&ident.value);
        if let Some(cte) = self.ctes.iter().rev().find(|cte| is_same(&cte.name)) {
            return Some(source(called, None, cte.columns.clone()));
        }
        let tables = &self.schema.tables;
        if let Some(table) = tables.iter().position(|table| is_same(&table.name)) {
            let columns = self.columns_of(table);
            return Some(source(called, Some(table), Some(columns)));
        }
        let is_one_of_several = name.0.len() > 1;
        let nearest = self
            .nearest_table(&ident.value)
            .filter(|_| !is_one_of_several);
        let Some(table) = nearest else {
            return Some(source(called, None, None));
        };
        let found = tables.get(table)?.name.clone();
        self.rename(ident, &found)?;
        self.say(format!("{} is read as the table {found}", ident.value));
        let columns = self.columns_of(table);
        let mut bound = source(called, Some(table), Some(columns));
        if alias.is_none() {
            bound.former_name = Some(std::mem::replace(&mut bound.name, found));
        }
        Some(bound)
    }

    pub(super) fn columns_of(&self, table: usize) -> Vec<String> {
        let table = self.schema.tables.get(table);
        let columns = table.map(|table| table.columns.iter());
        let columns = columns.into_iter().flatten();
        columns.map(|column| column.name.clone()).collect()
    }

    /// The one table that is clearly the nearest.
    pub(super) fn nearest_table(&self, said: &str) -> Option<usize> {
        let said = Name::new(said);
        let tables = self.schema.tables.iter().enumerate();
        let scored = tables
            .map(|(index, table)| (index, super::table_likeness(&said, &Name::new(&table.name))));
        super::resolve::clearly_nearest(scored)
    }

    /// Writes another name in place of one.
    pub(super) fn rename(&mut self, ident: &Ident, name: &str) -> Option<()> {
        let Some(range) = self.text.ident(ident) else {
            self.gave_up = true;
            return None;
        };
        self.edits.replace(range, written(name));
        Some(())
    }
}

fn named_columns(alias: &TableAlias) -> Option<Vec<String>> {
    let names = alias.columns.iter().map(|column| column.name.value.clone());
    Some(names.collect()).filter(|names: &Vec<_>| !names.is_empty())
}

fn last_ident(name: &ObjectName) -> Option<&Ident> {
    name.0.last()?.as_ident()
}
