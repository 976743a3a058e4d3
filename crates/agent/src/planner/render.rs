//! The typed query -> SQL for SQLite. The only place of the planner that writes SQL.

mod names;

use std::fmt::Write as _;

use schema_gen::ident::quote;

use super::joins::{Step, fans_out, join_tree};
use super::query::{Condition, Expr, Function, Operand, Part, Query};
use crate::link::catalog::{Catalog, ColumnId, TableId};

/// Writes queries over one schema.
pub struct Renderer<'a> {
    pub catalog: &'a Catalog,
    /// Relationships that the question speaks of.
    pub favoured: &'a [usize],
}

/// Tables that the query reads, root first.
pub fn tables_of(query: &Query, catalog: &Catalog) -> Vec<TableId> {
    let mut tables = vec![query.root];
    let mut add = |table: TableId| {
        if !tables.contains(&table) {
            tables.push(table);
        }
    };
    let order = query.order.iter().map(|(expr, _)| expr);
    for expr in query.select.iter().chain(&query.group).chain(order) {
        expr.table().into_iter().for_each(&mut add);
        for column in expr.columns() {
            add(catalog.columns[column].table);
        }
    }
    for condition in query.filters.iter().chain(&query.having) {
        for column in condition.columns() {
            add(catalog.columns[column].table);
        }
    }
    query.also.iter().copied().for_each(&mut add);
    tables
}

impl Renderer<'_> {
    /// `None` where the tables cannot be joined. What SQL would name by its own text is given a name to read.
    pub fn render(&self, query: &Query) -> Option<String> {
        self.write(query, true)
    }

    fn write(&self, query: &Query, named: bool) -> Option<String> {
        let tables = tables_of(query, self.catalog);
        let steps = join_tree(self.catalog, query.root, &tables, self.favoured)?;
        let scope = Scope {
            renderer: self,
            qualified: !steps.is_empty(),
            fans_out: fans_out(self.catalog, &steps),
        };
        let mut sql = String::from("SELECT ");
        if query.distinct {
            sql.push_str("DISTINCT ");
        }
        let labels = if named {
            names::of(query, self.catalog, scope.fans_out)
        } else {
            vec![None; query.select.len()]
        };
        let select: Vec<String> = query
            .select
            .iter()
            .zip(labels)
            .map(|(expr, name)| match name {
                Some(name) => format!("{} AS {}", scope.expr(expr), quote(&name)),
                None => scope.expr(expr),
            })
            .collect();
        sql.push_str(&select.join(", "));
        let _ = write!(sql, "\nFROM {}", self.table(query.root));
        for step in &steps {
            let _ = write!(sql, "\nJOIN {} ON {}", self.table(step.to), self.on(step));
        }
        scope.list(&mut sql, "WHERE", " AND ", &query.filters)?;
        if !query.group.is_empty() {
            let group: Vec<String> = query.group.iter().map(|expr| scope.expr(expr)).collect();
            let _ = write!(sql, "\nGROUP BY {}", group.join(", "));
        }
        scope.list(&mut sql, "HAVING", " AND ", &query.having)?;
        if let Some(other) = &query.intersect {
            let _ = write!(sql, "\nINTERSECT\n{}", self.write(other, false)?);
        }
        if !query.order.is_empty() {
            let order: Vec<String> = query
                .order
                .iter()
                .map(|(expr, descending)| {
                    format!(
                        "{}{}",
                        scope.expr(expr),
                        if *descending { " DESC" } else { "" }
                    )
                })
                .collect();
            let _ = write!(sql, "\nORDER BY {}", order.join(", "));
        }
        if let Some(limit) = query.limit {
            let _ = write!(sql, "\nLIMIT {limit}");
        }
        Some(sql)
    }

    fn table(&self, table: TableId) -> String {
        quote(&self.catalog.tables[table].name)
    }

    fn on(&self, step: &Step) -> String {
        let edge = &self.catalog.edges[step.edge];
        edge.from_columns
            .iter()
            .zip(&edge.to_columns)
            .map(|(&from, &to)| format!("{} = {}", self.qualified(from), self.qualified(to)))
            .collect::<Vec<_>>()
            .join(" AND ")
    }

    fn qualified(&self, column: ColumnId) -> String {
        let info = &self.catalog.columns[column];
        format!("{}.{}", self.table(info.table), quote(&info.name))
    }

    /// `column [NOT] IN (SELECT … )`: the rows of `from` that are tied to rows of `to`.
    fn related(
        &self,
        from: TableId,
        to: TableId,
        wanted: bool,
        conditions: &[Condition],
    ) -> Option<String> {
        let steps = join_tree(self.catalog, from, &[to], self.favoured)?;
        let first = steps.first()?;
        let edge = &self.catalog.edges[first.edge];
        let (near, far) = if edge.from == from {
            (edge.from_columns.first()?, edge.to_columns.first()?)
        } else {
            (edge.to_columns.first()?, edge.from_columns.first()?)
        };
        let mut filters = conditions.to_vec();
        if !wanted {
            filters.push(Condition::IsNull(*far, false));
        }
        let inner = Query {
            root: first.to,
            also: vec![to],
            select: vec![Expr::Column(*far)],
            filters,
            ..Query::default()
        };
        let not = if wanted { "" } else { "NOT " };
        Some(format!(
            "{} {not}IN ({})",
            self.qualified(*near),
            self.write(&inner, false)?.replace('\n', " ")
        ))
    }
}

/// How names are written inside one SELECT.
struct Scope<'a> {
    renderer: &'a Renderer<'a>,
    qualified: bool,
    fans_out: bool,
}

impl Scope<'_> {
    fn list(
        &self,
        sql: &mut String,
        word: &str,
        glue: &str,
        conditions: &[Condition],
    ) -> Option<()> {
        if conditions.is_empty() {
            return Some(());
        }
        let parts: Option<Vec<String>> = conditions.iter().map(|c| self.condition(c)).collect();
        let _ = write!(sql, "\n{word} {}", parts?.join(glue));
        Some(())
    }

    fn column(&self, column: ColumnId) -> String {
        if self.qualified {
            self.renderer.qualified(column)
        } else {
            quote(&self.renderer.catalog.columns[column].name)
        }
    }

    fn expr(&self, expr: &Expr) -> String {
        match expr {
            Expr::Column(column) => self.column(*column),
            Expr::All(table) if self.qualified => format!("{}.*", self.renderer.table(*table)),
            Expr::All(_) => "*".into(),
            Expr::CountRows => "COUNT(*)".into(),
            Expr::CountEntities(table) => {
                let key = &self.renderer.catalog.tables[*table].primary_key;
                match key.as_slice() {
                    [single] if self.fans_out => {
                        format!("COUNT(DISTINCT {})", self.column(*single))
                    }
                    _ => "COUNT(*)".into(),
                }
            }
            Expr::CountDistinct(column) => format!("COUNT(DISTINCT {})", self.column(*column)),
            Expr::Aggregate(function, inner) => {
                let name = match function {
                    Function::Sum => "SUM",
                    Function::Average => "AVG",
                    Function::Minimum => "MIN",
                    Function::Maximum => "MAX",
                };
                format!("{name}({})", self.expr(inner))
            }
            Expr::Product(left, right) => {
                format!("{} * {}", self.column(*left), self.column(*right))
            }
            Expr::DatePart(part, column) => date_part(*part, &self.column(*column)),
        }
    }

    fn operand(&self, operand: &Operand) -> Option<String> {
        Some(match operand {
            Operand::Number(number) => number_text(*number),
            Operand::Text(text) => literal(text),
            Operand::Column(column) => self.column(*column),
            Operand::Query(query) => {
                format!(
                    "({})",
                    self.renderer.write(query, false)?.replace('\n', " ")
                )
            }
        })
    }

    fn condition(&self, condition: &Condition) -> Option<String> {
        Some(match condition {
            Condition::Compare(left, operator, right) => {
                format!(
                    "{} {} {}",
                    self.expr(left),
                    operator.sql(),
                    self.operand(right)?
                )
            }
            Condition::Between(left, low, high) => format!(
                "{} BETWEEN {} AND {}",
                self.expr(left),
                self.operand(low)?,
                self.operand(high)?
            ),
            Condition::Like(column, pattern, negated) => {
                let not = if *negated { " NOT" } else { "" };
                format!("{}{not} LIKE {}", self.column(*column), literal(pattern))
            }
            Condition::InQuery(column, query, negated) => {
                let not = if *negated { " NOT" } else { "" };
                let inner = self.renderer.write(query, false)?.replace('\n', " ");
                format!("{}{not} IN ({inner})", self.column(*column))
            }
            Condition::IsNull(column, is_null) => {
                let not = if *is_null { "" } else { "NOT " };
                format!("{} IS {not}NULL", self.column(*column))
            }
            Condition::Within(column, first, last) => {
                let name = self.column(*column);
                let first = first
                    .as_ref()
                    .map(|day| format!("{name} >= {}", literal(day)));
                let last = last
                    .as_ref()
                    .map(|day| format!("{name} < {}", literal(day)));
                first
                    .into_iter()
                    .chain(last)
                    .collect::<Vec<_>>()
                    .join(" AND ")
            }
            Condition::Related {
                from,
                to,
                wanted,
                conditions,
            } => self.renderer.related(*from, *to, *wanted, conditions)?,
            Condition::Any(inner) => format!("({})", self.joined(inner, " OR ")?),
            Condition::Not(inner) => format!("NOT ({})", self.condition(inner)?),
        })
    }

    fn joined(&self, conditions: &[Condition], glue: &str) -> Option<String> {
        let parts: Option<Vec<String>> = conditions.iter().map(|c| self.condition(c)).collect();
        Some(parts?.join(glue))
    }
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{}", number as i64)
    } else {
        format!("{number}")
    }
}

fn date_part(part: Part, column: &str) -> String {
    match part {
        Part::Year => format!("strftime('%Y', {column})"),
        Part::Quarter => {
            format!("strftime('%Y', {column}) || '-Q' || ((strftime('%m', {column}) + 2) / 3)")
        }
        Part::Month => format!("strftime('%Y-%m', {column})"),
        Part::Week => format!("strftime('%Y-%W', {column})"),
        Part::Weekday => format!("strftime('%w', {column})"),
        Part::Day => format!("date({column})"),
    }
}
