//! A query as one statement for SQLite. Everything dialect-bound stands in this file.

use chrono::{Datelike, Months, NaiveDate};
use schema_gen::ident::quote;

use super::data::{ColumnId, Data, EdgeId, MetricInfo, TableId};
use super::frame::Of;
use super::query::{
    Aggregate, Condition, Expr, Function, Having, Key, Measure, Operator, OrderBy, Part, Query,
    Ref, Rows, Select, Unit, Value, Window,
};

pub fn render(query: &Query, data: &Data) -> String {
    match &query.select {
        Select::List { shown, distinct } => list(query, shown, *distinct, data),
        Select::Group { .. } => grouped(query, data),
    }
}

/// One FROM clause: the base table and what is joined to it.
struct Scope<'d> {
    data: &'d Data,
    base: TableId,
    alias: String,
    joins: Vec<Join>,
    /// Derived tables joined for comparisons within a group.
    extra: Vec<String>,
    outer: Vec<String>,
}

struct Join {
    path: Vec<EdgeId>,
    alias: String,
    left: bool,
}

impl<'d> Scope<'d> {
    fn new(base: TableId, data: &'d Data, outer: &[String]) -> Self {
        let alias = free_alias(&data.tables[base].name, outer);
        Self {
            data,
            base,
            alias,
            joins: Vec::new(),
            extra: Vec::new(),
            outer: outer.to_vec(),
        }
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.outer.clone();
        names.push(self.alias.clone());
        names.extend(self.joins.iter().map(|join| join.alias.clone()));
        names
    }

    /// The alias of the row that the path leads to.
    fn row(&mut self, path: &[EdgeId], left: bool) -> String {
        if path.is_empty() {
            return self.alias.clone();
        }
        for length in 1..=path.len() {
            let part = &path[..length];
            if let Some(join) = self.joins.iter_mut().find(|join| join.path == part) {
                join.left &= left;
            } else {
                let table = self.data.edges[path[length - 1]].to;
                let alias = free_alias(&self.data.tables[table].name, &self.names());
                self.joins.push(Join {
                    path: part.to_vec(),
                    alias,
                    left,
                });
            }
        }
        self.joins
            .iter()
            .find(|join| join.path == path)
            .map_or_else(|| self.alias.clone(), |join| join.alias.clone())
    }

    fn column(&mut self, reference: &Ref, left: bool) -> String {
        let mut path = reference.path.as_slice();
        let mut column = reference.column;
        // The referenced key stands in the referencing row as well: no join for it alone.
        while let Some((&last, rest)) = path.split_last() {
            let edge = &self.data.edges[last];
            match edge.to_columns.iter().position(|&to| to == column) {
                Some(at) if !self.joins.iter().any(|join| join.path == path) => {
                    column = edge.from_columns[at];
                    path = rest;
                }
                _ => break,
            }
        }
        let alias = self.row(path, left);
        format!(
            "{}.{}",
            quote(&alias),
            quote(&self.data.columns[column].name)
        )
    }

    fn from(&self) -> String {
        let base = &self.data.tables[self.base].name;
        let mut sql = quote(base);
        if &self.alias != base {
            sql = format!("{sql} AS {}", quote(&self.alias));
        }
        for join in &self.joins {
            let Some((&last, rest)) = join.path.split_last() else {
                continue;
            };
            let edge = &self.data.edges[last];
            let near = self
                .joins
                .iter()
                .find(|other| other.path == rest)
                .map_or(&self.alias, |other| &other.alias);
            let table = &self.data.tables[edge.to].name;
            let named = if &join.alias == table {
                quote(table)
            } else {
                format!("{} AS {}", quote(table), quote(&join.alias))
            };
            let on: Vec<String> = edge
                .from_columns
                .iter()
                .zip(&edge.to_columns)
                .map(|(&from, &to)| {
                    format!(
                        "{}.{} = {}.{}",
                        quote(near),
                        quote(&self.data.columns[from].name),
                        quote(&join.alias),
                        quote(&self.data.columns[to].name)
                    )
                })
                .collect();
            let kind = if join.left { "LEFT JOIN" } else { "JOIN" };
            sql.push_str(&format!(" {kind} {named} ON {}", on.join(" AND ")));
        }
        for extra in &self.extra {
            sql.push(' ');
            sql.push_str(extra);
        }
        sql
    }

    fn expr(&mut self, expr: &Expr, left: bool) -> String {
        match expr {
            Expr::Column(reference) => self.column(reference, left),
            Expr::Product(one, two) => {
                format!("{} * {}", self.expr(one, left), self.expr(two, left))
            }
            Expr::Duration {
                earlier,
                later,
                unit,
            } => {
                let later = match later {
                    Some(later) => format!("julianday({})", self.column(later, left)),
                    None => "julianday('now')".to_owned(),
                };
                let days = format!("({later} - julianday({}))", self.column(earlier, left));
                match unit {
                    Unit::Seconds => format!("{days} * 86400"),
                    Unit::Minutes => format!("{days} * 1440"),
                    Unit::Hours => format!("{days} * 24"),
                    Unit::Days => days,
                    Unit::Weeks => format!("{days} / 7"),
                    Unit::Months => format!("{days} / 30.4375"),
                    Unit::Years => format!("{days} / 365.25"),
                }
            }
            Expr::Part(part, reference) => {
                let column = self.column(reference, left);
                self.part(*part, &column, reference.column)
            }
            Expr::Holds(conditions) => {
                let all = self.all(conditions);
                format!("CASE WHEN {all} THEN 1 ELSE 0 END")
            }
        }
    }

    /// What rows are grouped by: spellings of one text go together.
    fn key(&mut self, expr: &Expr) -> String {
        let sql = self.expr(expr, false);
        if self.folds(expr) {
            format!("lower(trim({sql}))")
        } else {
            sql
        }
    }

    /// What stands for a group in the result: of several spellings the commonest.
    fn shown(&mut self, expr: &Expr, key: &Key) -> String {
        let sql = self.expr(expr, false);
        if self.folds(expr) && key.by.contains(expr) {
            format!("mode(trim({sql}))")
        } else {
            sql
        }
    }

    fn folds(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Column(reference) if self.data.columns[reference.column].has_spellings)
    }

    fn part(&self, part: Part, column: &str, id: ColumnId) -> String {
        if self.data.columns[id].is_number() {
            // A year kept as a number.
            return column.to_owned();
        }
        match part {
            Part::Year => format!("CAST(strftime('%Y', {column}) AS INTEGER)"),
            Part::Quarter => format!(
                "strftime('%Y', {column}) || '-Q' || ((CAST(strftime('%m', {column}) AS INTEGER) + 2) / 3)"
            ),
            Part::Month => format!("strftime('%Y-%m', {column})"),
            Part::Week => format!("date({column}, '-6 days', 'weekday 1')"),
            Part::Day => format!("date({column})"),
            Part::Hour => format!("CAST(strftime('%H', {column}) AS INTEGER)"),
            Part::Weekday => format!(
                "CASE strftime('%w', {column}) WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' WHEN '6' THEN 'Saturday' WHEN '0' THEN 'Sunday' END"
            ),
            Part::MonthOfYear => format!("CAST(strftime('%m', {column}) AS INTEGER)"),
            Part::QuarterOfYear => {
                format!("(CAST(strftime('%m', {column}) AS INTEGER) + 2) / 3")
            }
        }
    }

    fn all(&mut self, conditions: &[Condition]) -> String {
        let parts: Vec<String> = conditions
            .iter()
            .map(|condition| self.condition(condition))
            .collect();
        parts.join(" AND ")
    }

    fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::Compare(expr, operator, value) => format!(
                "{} {} {}",
                self.expr(expr, false),
                operator.sql(),
                literal(value)
            ),
            Condition::In(reference, values, negated) => {
                let column = self.column(reference, false);
                let not_null = if *negated && self.is_nullable(reference) {
                    Some(format!("{column} IS NULL"))
                } else {
                    None
                };
                let test = match values.as_slice() {
                    [only] => format!(
                        "{column} {} {}",
                        if *negated { "<>" } else { "=" },
                        literal(only)
                    ),
                    many => format!(
                        "{column} {} ({})",
                        if *negated { "NOT IN" } else { "IN" },
                        many.iter().map(literal).collect::<Vec<_>>().join(", ")
                    ),
                };
                match not_null {
                    Some(null) => format!("({test} OR {null})"),
                    None => test,
                }
            }
            Condition::Like(reference, pattern, negated) => format!(
                "{} {} {} ESCAPE '\\'",
                self.column(reference, false),
                if *negated { "NOT LIKE" } else { "LIKE" },
                text(pattern)
            ),
            Condition::Between(expr, low, high) => format!(
                "{} BETWEEN {} AND {}",
                self.expr(expr, false),
                literal(low),
                literal(high)
            ),
            Condition::Within(reference, from, to) => {
                let column = self.column(reference, false);
                let mut parts = Vec::new();
                if let Some(from) = from {
                    parts.push(format!("{column} >= {}", text(from)));
                }
                if let Some(to) = to {
                    parts.push(format!("{column} < {}", text(to)));
                }
                parts.join(" AND ")
            }
            Condition::PartIs(part, reference, number) => {
                let column = self.column(reference, false);
                match part {
                    Part::Weekday => format!("strftime('%w', {column}) = '{number}'"),
                    other => format!(
                        "{} = {number}",
                        self.part(*other, &column, reference.column)
                    ),
                }
            }
            Condition::Null(reference, is_null) => format!(
                "{} {}",
                self.column(reference, false),
                if *is_null { "IS NULL" } else { "IS NOT NULL" }
            ),
            Condition::Columns(one, operator, two) => format!(
                "{} {} {}",
                self.expr(one, false),
                operator.sql(),
                self.expr(two, false)
            ),
            Condition::Related {
                up,
                rows,
                down,
                operator,
                count,
                measure,
            } => self.related(up, rows, down, *operator, *count, measure.as_deref()),
            Condition::BeyondMean {
                up,
                rows,
                down,
                operator,
                measure,
            } => self.beyond_mean(up, rows, down, *operator, measure),
            Condition::Average {
                expr,
                operator,
                over,
                group,
            } => self.average(expr, *operator, over, group.as_ref()),
            Condition::Extreme {
                expr,
                largest,
                over,
            } => {
                let mut inner = Scope::new(self.base, self.data, &self.names());
                let value = inner.expr(expr, false);
                let conditions = inner.all(over);
                let function = if *largest { "MAX" } else { "MIN" };
                let own = self.expr(expr, false);
                format!(
                    "{own} = (SELECT {function}({value}) FROM {}{})",
                    inner.from(),
                    where_clause(&conditions)
                )
            }
            Condition::Any(any) => {
                let parts: Vec<String> = any.iter().map(|one| self.condition(one)).collect();
                format!("({})", parts.join(" OR "))
            }
            Condition::All(all) => {
                let parts: Vec<String> = all.iter().map(|one| self.condition(one)).collect();
                format!("({})", parts.join(" AND "))
            }
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Within(reference, ..) => {
                    let test = self.condition(inner);
                    let column = self.column(reference, false);
                    format!("(NOT ({test}) OR {column} IS NULL)")
                }
                _ => format!("NOT ({})", self.condition(inner)),
            },
        }
    }

    fn is_nullable(&self, reference: &Ref) -> bool {
        self.data.columns[reference.column].stats.nulls > 0
    }

    fn related(
        &mut self,
        up: &[EdgeId],
        rows: &Rows,
        down: &[EdgeId],
        operator: Operator,
        count: f64,
        measure: Option<&Aggregate>,
    ) -> String {
        let Some((&last, before)) = down.split_last() else {
            return "1".into();
        };
        let edge = &self.data.edges[last];
        let mut inner = Scope::new(rows.base, self.data, &self.names());
        let keys: Vec<String> = edge
            .from_columns
            .iter()
            .map(|&column| {
                inner.column(
                    &Ref {
                        path: before.to_vec(),
                        column,
                    },
                    false,
                )
            })
            .collect();
        let mut conditions: Vec<String> = rows
            .conditions
            .iter()
            .map(|condition| inner.condition(condition))
            .collect();
        let outer: Vec<String> = edge
            .to_columns
            .iter()
            .map(|&column| {
                self.column(
                    &Ref {
                        path: up.to_vec(),
                        column,
                    },
                    false,
                )
            })
            .collect();
        // Absence is the negation of presence: "fewer than n" holds for those with none, too.
        let counts = measure.is_none();
        let (negated, having) = match (operator, counts) {
            (Operator::GreaterOrEqual, true) if count <= 1.0 => (false, None),
            (Operator::Greater, true) if count < 1.0 => (false, None),
            (Operator::Equal, true) if count == 0.0 => (true, None),
            (Operator::Less, true) if count <= 1.0 => (true, None),
            (Operator::Less | Operator::LessOrEqual, true) => (
                true,
                Some(format!(
                    "COUNT(*) {} {}",
                    operator.negated().sql(),
                    number(count)
                )),
            ),
            (_, true) => (
                false,
                Some(format!("COUNT(*) {} {}", operator.sql(), number(count))),
            ),
            (_, false) => {
                let value = measure
                    .map(|measure| aggregate(&mut inner, measure))
                    .unwrap_or_default();
                (
                    false,
                    Some(format!("{value} {} {}", operator.sql(), number(count))),
                )
            }
        };
        let not = if negated { "NOT " } else { "" };
        if let ([key], [own]) = (keys.as_slice(), outer.as_slice()) {
            if negated && having.is_none() {
                conditions.push(format!("{key} IS NOT NULL"));
            }
            let having = having
                .map(|having| format!(" GROUP BY {key} HAVING {having}"))
                .unwrap_or_default();
            return format!(
                "{own} {not}IN (SELECT {key} FROM {}{}{having})",
                inner.from(),
                where_clause(&conditions.join(" AND "))
            );
        }
        for (key, own) in keys.iter().zip(&outer) {
            conditions.push(format!("{key} = {own}"));
        }
        let having = having
            .map(|having| format!(" GROUP BY {} HAVING {having}", keys.join(", ")))
            .unwrap_or_default();
        format!(
            "{not}EXISTS (SELECT 1 FROM {}{}{having})",
            inner.from(),
            where_clause(&conditions.join(" AND "))
        )
    }

    fn beyond_mean(
        &mut self,
        up: &[EdgeId],
        rows: &Rows,
        down: &[EdgeId],
        operator: Operator,
        measure: &Aggregate,
    ) -> String {
        let Some((&last, before)) = down.split_last() else {
            return "1".into();
        };
        let edge = &self.data.edges[last];
        let keyed = |scope: &mut Scope<'_>| -> Vec<String> {
            edge.from_columns
                .iter()
                .map(|&column| {
                    let path = before.to_vec();
                    scope.column(&Ref { path, column }, false)
                })
                .collect()
        };
        let mut inner = Scope::new(rows.base, self.data, &self.names());
        let keys = keyed(&mut inner).join(", ");
        let value = aggregate(&mut inner, measure);
        let conditions = inner.all(&rows.conditions);
        let mut all = Scope::new(rows.base, self.data, &inner.names());
        let all_keys = keyed(&mut all);
        let all_value = aggregate(&mut all, measure);
        let mut all_conditions = vec![all.all(&rows.conditions)];
        all_conditions.retain(|condition| !condition.is_empty());
        all_conditions.extend(all_keys.iter().map(|key| format!("{key} IS NOT NULL")));
        let own: Vec<String> = edge
            .to_columns
            .iter()
            .map(|&column| {
                let path = up.to_vec();
                self.column(&Ref { path, column }, false)
            })
            .collect();
        let own = match own.as_slice() {
            [one] => one.clone(),
            many => format!("({})", many.join(", ")),
        };
        format!(
            "{own} IN (SELECT {keys} FROM {}{} GROUP BY {keys} HAVING {value} {} (SELECT AVG(\"value\") FROM (SELECT {all_value} AS \"value\" FROM {}{} GROUP BY {})))",
            inner.from(),
            where_clause(&conditions),
            operator.sql(),
            all.from(),
            where_clause(&all_conditions.join(" AND ")),
            all_keys.join(", ")
        )
    }

    fn average(
        &mut self,
        expr: &Expr,
        operator: Operator,
        over: &[Condition],
        group: Option<&Ref>,
    ) -> String {
        let mut inner = Scope::new(self.base, self.data, &self.names());
        let value = inner.expr(expr, false);
        let conditions = inner.all(over);
        let own = self.expr(expr, false);
        let Some(group) = group else {
            return format!(
                "{own} {} (SELECT AVG({value}) FROM {}{})",
                operator.sql(),
                inner.from(),
                where_clause(&conditions)
            );
        };
        let key = inner.column(group, false);
        let name = free_alias("mean", &self.names());
        let own_key = self.column(group, false);
        self.extra.push(format!(
            "JOIN (SELECT {key} AS \"key\", AVG({value}) AS \"mean\" FROM {}{} GROUP BY {key}) AS {} ON {}.\"key\" = {own_key}",
            inner.from(),
            where_clause(&conditions),
            quote(&name),
            quote(&name),
        ));
        format!("{own} {} {}.\"mean\"", operator.sql(), quote(&name))
    }
}

fn aggregate(scope: &mut Scope<'_>, aggregate: &Aggregate) -> String {
    let inside = aggregate.expr.as_ref().map(|expr| scope.expr(expr, false));
    let mut sql = match (&aggregate.function, inside) {
        (Function::Count, None) => "COUNT(*)".to_owned(),
        (Function::Count, Some(inside)) => format!("COUNT({inside})"),
        (Function::CountDistinct, Some(inside)) => format!("COUNT(DISTINCT {inside})"),
        (Function::Sum, Some(inside)) => format!("SUM({inside})"),
        (Function::Average, Some(inside)) => format!("AVG({inside})"),
        (Function::Minimum, Some(inside)) => format!("MIN({inside})"),
        (Function::Maximum, Some(inside)) => format!("MAX({inside})"),
        (Function::Median, Some(inside)) => format!("MEDIAN({inside})"),
        (Function::Percentile(at), Some(inside)) => {
            format!("PERCENTILE({inside}, {})", number(*at))
        }
        (Function::StandardDeviation, Some(inside)) => format!("STDDEV({inside})"),
        (_, None) => "COUNT(*)".to_owned(),
    };
    if !aggregate.filter.is_empty() {
        let filter = scope.all(&aggregate.filter);
        sql.push_str(&format!(" FILTER (WHERE {filter})"));
    }
    sql
}

fn where_clause(conditions: &str) -> String {
    if conditions.is_empty() {
        String::new()
    } else {
        format!(" WHERE {conditions}")
    }
}

fn list(query: &Query, shown: &[Expr], distinct: bool, data: &Data) -> String {
    let mut scope = Scope::new(query.rows.base, data, &[]);
    let conditions = scope.all(&query.rows.conditions);
    let mut names = Vec::new();
    let mut columns: Vec<String> = Vec::new();
    for expr in shown {
        let sql = scope.expr(expr, true);
        let name = unused(&mut names, &expr_name(expr, data));
        columns.push(as_named(&sql, &name));
    }
    let order: Vec<String> = query
        .order
        .iter()
        .filter_map(|(by, descending)| match by {
            OrderBy::Expr(expr) => {
                let sql = scope.expr(expr, true);
                let nulls = if *descending { "" } else { " NULLS LAST" };
                let direction = if *descending { " DESC" } else { "" };
                Some(format!("{sql}{direction}{nulls}"))
            }
            _ => None,
        })
        .collect();
    if query.ties && query.offset == 0 && !order.is_empty() {
        return list_with_ties(
            query,
            &columns,
            &names,
            &order,
            (&scope.from(), &conditions),
        );
    }
    let mut sql = format!(
        "SELECT {}{} FROM {}{}",
        if distinct { "DISTINCT " } else { "" },
        columns.join(", "),
        scope.from(),
        where_clause(&conditions)
    );
    if !order.is_empty() {
        sql.push_str(&format!(" ORDER BY {}", order.join(", ")));
    }
    push_limit(&mut sql, query);
    sql
}

/// The first rows with all that tie with the last of them.
fn list_with_ties(
    query: &Query,
    columns: &[String],
    names: &[String],
    order: &[String],
    (from, conditions): (&str, &str),
) -> String {
    let shown: Vec<String> = names.iter().map(|name| quote(name)).collect();
    let place = quote(&unused(&mut names.to_vec(), "place"));
    format!(
        "SELECT {} FROM (SELECT {}, RANK() OVER (ORDER BY {}) AS {place} FROM {from}{}) WHERE {place} <= {} ORDER BY {place}",
        shown.join(", "),
        columns.join(", "),
        order.join(", "),
        where_clause(conditions),
        query.limit.unwrap_or(1),
    )
}

fn push_limit(sql: &mut String, query: &Query) {
    if let Some(limit) = query.limit {
        sql.push_str(&format!(" LIMIT {limit}"));
        if query.offset > 0 {
            sql.push_str(&format!(" OFFSET {}", query.offset));
        }
    }
}

/// The parts of a grouped query, before they are put together.
struct Parts {
    from: String,
    conditions: String,
    by: Vec<String>,
    shown: Vec<(String, String)>,
    measures: Vec<(String, String)>,
    having: Vec<String>,
    order: Vec<(String, bool)>,
}

impl Parts {
    /// The groups with these columns, not yet ordered or cut.
    fn groups(&self, columns: &[String]) -> String {
        let mut sql = format!(
            "SELECT {} FROM {}{}",
            columns.join(", "),
            self.from,
            where_clause(&self.conditions)
        );
        if !self.by.is_empty() {
            sql.push_str(&format!(" GROUP BY {}", self.by.join(", ")));
        }
        if !self.having.is_empty() {
            sql.push_str(&format!(" HAVING {}", self.having.join(" AND ")));
        }
        sql
    }
}

fn grouped(query: &Query, data: &Data) -> String {
    let Select::Group {
        keys,
        measures,
        window,
        show_measures,
        keep_empty,
    } = &query.select
    else {
        return String::new();
    };
    let has_other = measures.iter().any(has_other_rows);
    if keys.is_empty() && has_other {
        return beside(query, measures, data);
    }
    if *keep_empty || has_other {
        if let [key] = keys.as_slice()
            && key.entity.is_some()
        {
            return spine(query, key, measures, *show_measures, data);
        }
        if has_other {
            return joined_groups(query, keys, measures, data);
        }
    }
    if let [
        Measure::PerGroup {
            outer,
            inner,
            group,
        },
    ] = measures.as_slice()
    {
        return per_group(query, keys, *outer, inner, group, data);
    }
    let parts = parts(query, keys, measures, data);
    let time_key = keys
        .iter()
        .position(|key| matches!(key.by.first(), Some(Expr::Part(..))));
    let mut columns: Vec<String> = parts
        .shown
        .iter()
        .map(|(sql, name)| as_named(sql, name))
        .collect();
    let needs_window =
        window.is_some() || query.per.is_some() || (query.ties && query.limit.is_some());
    if !needs_window {
        if *show_measures || columns.is_empty() {
            columns.extend(parts.measures.iter().map(|(sql, name)| as_named(sql, name)));
        }
        let mut sql = parts.groups(&columns);
        push_order(&mut sql, &parts.order);
        push_limit(&mut sql, query);
        return sql;
    }
    // With a window the groups come first, then what looks over them.
    let mut inner_columns = columns.clone();
    let mut key_names: Vec<String> = Vec::new();
    let mut taken: Vec<String> = parts
        .shown
        .iter()
        .map(|(_, name)| name.clone())
        .chain(parts.measures.iter().map(|(_, name)| name.clone()))
        .collect();
    for sql in &parts.by {
        if let Some((_, name)) = parts.shown.iter().find(|(shown, _)| shown == sql) {
            key_names.push(name.clone());
        } else {
            let name = unused(&mut taken, "key");
            inner_columns.push(as_named(sql, &name));
            key_names.push(name);
        }
    }
    inner_columns.extend(parts.measures.iter().map(|(sql, name)| as_named(sql, name)));
    let inner = parts.groups(&inner_columns);
    let shown: Vec<String> = parts.shown.iter().map(|(_, name)| quote(name)).collect();
    let values: Vec<String> = parts.measures.iter().map(|(_, name)| quote(name)).collect();
    if let Some(window) = window {
        let along = time_key
            .and_then(|at| key_names.get(first_by(keys, at)))
            .or(key_names.first())
            .map(|name| quote(name))
            .unwrap_or_default();
        let apart: Vec<String> = keys
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != time_key && time_key.is_some())
            .filter_map(|(at, _)| key_names.get(first_by(keys, at)))
            .map(|name| quote(name))
            .collect();
        let partition = if apart.is_empty() || *window == Window::ShareOfTotal {
            String::new()
        } else {
            format!("PARTITION BY {} ", apart.join(", "))
        };
        let mut outer = shown.clone();
        for (at, value) in values.iter().enumerate() {
            let plain = &parts.measures[at].1;
            outer.push(match window {
                Window::Running => format!(
                    "SUM({value}) OVER ({partition}ORDER BY {along}) AS {}",
                    quote(&format!("running_{plain}"))
                ),
                Window::RunningBeside => format!(
                    "{value}, SUM({value}) OVER ({partition}ORDER BY {along}) AS {}",
                    quote(&format!("running_{plain}"))
                ),
                Window::ShareOfTotal => format!(
                    "100.0 * {value} / SUM({value}) OVER () AS {}",
                    quote(&format!("percent_of_{plain}"))
                ),
                Window::Previous => format!(
                    "{value}, LAG({value}) OVER ({partition}ORDER BY {along}) AS {}",
                    quote(&format!("previous_{plain}"))
                ),
                Window::Change => format!(
                    "{value} - LAG({value}) OVER ({partition}ORDER BY {along}) AS {}",
                    quote(&format!("change_of_{plain}"))
                ),
                Window::Growth => format!(
                    "100.0 * ({value} - LAG({value}) OVER ({partition}ORDER BY {along})) / LAG({value}) OVER ({partition}ORDER BY {along}) AS {}",
                    quote(&format!("growth_of_{plain}_percent"))
                ),
                Window::GrowthBeside => format!(
                    "{value}, 100.0 * ({value} - LAG({value}) OVER ({partition}ORDER BY {along})) / LAG({value}) OVER ({partition}ORDER BY {along}) AS {}",
                    quote(&format!("growth_of_{plain}_percent"))
                ),
                Window::Rank => format!(
                    "{value}, RANK() OVER (ORDER BY {value} DESC) AS \"rank\""
                ),
            });
        }
        let order = if *window == Window::ShareOfTotal || *window == Window::Rank {
            format!("{} DESC", values[0])
        } else {
            along
        };
        let mut sql = format!(
            "SELECT {} FROM ({inner}) ORDER BY {order}",
            outer.join(", ")
        );
        push_limit(&mut sql, query);
        return sql;
    }
    let order: Vec<String> = parts
        .order
        .iter()
        .map(|(sql, descending)| {
            let named = parts
                .measures
                .iter()
                .chain(&parts.shown)
                .find(|(own, _)| own == sql)
                .map_or_else(|| sql.clone(), |(_, name)| quote(name));
            format!("{named}{}", if *descending { " DESC" } else { "" })
        })
        .collect();
    let partition = query
        .per
        .and_then(|at| key_names.get(first_by(keys, at)))
        .map(|name| format!("PARTITION BY {} ", quote(name)))
        .unwrap_or_default();
    let last = query.offset + query.limit.unwrap_or(1);
    let mut outer = shown.clone();
    if *show_measures || outer.is_empty() {
        outer.extend(values);
    }
    let place = quote(&unused(&mut taken, "place"));
    let wanted = if query.offset > 0 {
        format!("{place} > {} AND {place} <= {last}", query.offset)
    } else {
        format!("{place} <= {last}")
    };
    let ranked = if query.offset > 0 {
        "DENSE_RANK"
    } else {
        "RANK"
    };
    let mut sql = format!(
        "SELECT {} FROM (SELECT *, {ranked}() OVER ({partition}ORDER BY {}) AS {place} FROM ({inner})) WHERE {wanted}",
        outer.join(", "),
        order.join(", ")
    );
    let by_key = query
        .per
        .and_then(|at| key_names.get(first_by(keys, at)))
        .map(|name| format!("{}, ", quote(name)))
        .unwrap_or_default();
    sql.push_str(&format!(" ORDER BY {by_key}{place}"));
    sql
}

/// Position of a key's first expression among all grouping expressions.
fn first_by(keys: &[Key], at: usize) -> usize {
    keys[..at].iter().map(|key| key.by.len()).sum()
}

fn push_order(sql: &mut String, order: &[(String, bool)]) {
    if order.is_empty() {
        return;
    }
    let parts: Vec<String> = order
        .iter()
        .map(|(sql, descending)| format!("{sql}{}", if *descending { " DESC" } else { "" }))
        .collect();
    sql.push_str(&format!(" ORDER BY {}", parts.join(", ")));
}

fn parts(query: &Query, keys: &[Key], measures: &[Measure], data: &Data) -> Parts {
    let mut scope = Scope::new(query.rows.base, data, &[]);
    let mut names = Vec::new();
    let conditions = scope.all(&query.rows.conditions);
    let mut by = Vec::new();
    let mut shown = Vec::new();
    for key in keys {
        for expr in &key.shown {
            let sql = scope.shown(expr, key);
            let name = unused(&mut names, &expr_name(expr, data));
            shown.push((sql, name));
        }
        for expr in &key.by {
            by.push(scope.key(expr));
        }
    }
    let measured: Vec<(String, String)> = measures
        .iter()
        .map(|one| {
            let sql = measure(&mut scope, one);
            let name = unused(&mut names, &measure_name(one, query.rows.base, data));
            (sql, name)
        })
        .collect();
    let having = query
        .having
        .iter()
        .map(|(left, operator, right)| {
            let left_sql = measure(&mut scope, left);
            let right = match right {
                Having::Number(count) => number(*count),
                Having::Overall => {
                    let mut inner = Scope::new(query.rows.base, data, &scope.names());
                    let conditions = inner.all(&query.rows.conditions);
                    let value = measure(&mut inner, left);
                    format!(
                        "(SELECT {value} FROM {}{})",
                        inner.from(),
                        where_clause(&conditions)
                    )
                }
            };
            format!("{left_sql} {} {right}", operator.sql())
        })
        .collect();
    let order = query
        .order
        .iter()
        .map(|(item, descending)| {
            let sql = match item {
                OrderBy::Expr(expr) => scope.expr(expr, false),
                OrderBy::Measure(at) => measured
                    .get(*at)
                    .map(|one| one.0.clone())
                    .unwrap_or_default(),
                OrderBy::Key(at) => key_order(&mut scope, &keys[*at]),
            };
            (sql, *descending)
        })
        .collect();
    Parts {
        from: scope.from(),
        conditions,
        by,
        shown,
        measures: measured,
        having,
        order,
    }
}

/// Weekdays come Monday first, other keys by what is shown.
fn key_order(scope: &mut Scope<'_>, key: &Key) -> String {
    match key.shown.first() {
        Some(Expr::Part(Part::Weekday, reference)) => {
            let column = scope.column(reference, false);
            format!("(strftime('%w', {column}) + 6) % 7")
        }
        Some(expr) => scope.shown(expr, key),
        None => "1".into(),
    }
}

fn measure(scope: &mut Scope<'_>, one: &Measure) -> String {
    match one {
        Measure::Aggregate(inner) => aggregate(scope, inner),
        Measure::Ratio {
            over,
            under,
            percent,
        } => {
            let factor = if *percent { "100.0" } else { "1.0" };
            let (over, under) = (measure(scope, over), measure(scope, under));
            format!("{factor} * {over} / NULLIF({under}, 0)")
        }
        Measure::Difference(left, right) => {
            format!("{} - {}", measure(scope, left), measure(scope, right))
        }
        Measure::Growth(before, after) => {
            let (before, after) = (measure(scope, before), measure(scope, after));
            format!("100.0 * ({after} - {before}) / NULLIF({before}, 0)")
        }
        Measure::PerGroup { .. } => "NULL".into(),
        Measure::Other {
            rows,
            aggregate: inner,
            ..
        } => {
            let mut own = Scope::new(rows.base, scope.data, &scope.names());
            let conditions = own.all(&rows.conditions);
            let value = aggregate(&mut own, inner);
            format!(
                "(SELECT {value} FROM {}{})",
                own.from(),
                where_clause(&conditions)
            )
        }
    }
}

fn has_other_rows(measure: &Measure) -> bool {
    match measure {
        Measure::Other { .. } => true,
        Measure::Ratio { over, under, .. } => has_other_rows(over) || has_other_rows(under),
        Measure::Difference(one, two) | Measure::Growth(one, two) => {
            has_other_rows(one) || has_other_rows(two)
        }
        _ => false,
    }
}

/// Figures over different rows, side by side in one row.
fn beside(query: &Query, measures: &[Measure], data: &Data) -> String {
    let mut names = Vec::new();
    let columns: Vec<String> = measures
        .iter()
        .map(|one| {
            let sql = alone(query, one, data);
            let name = unused(&mut names, &measure_name(one, query.rows.base, data));
            as_named(&sql, &name)
        })
        .collect();
    format!("SELECT {}", columns.join(", "))
}

/// A measure as a scalar subquery (or an expression over such).
fn alone(query: &Query, one: &Measure, data: &Data) -> String {
    match one {
        Measure::Ratio {
            over,
            under,
            percent,
        } if has_other_rows(one) => format!(
            "{} * {} / NULLIF({}, 0)",
            if *percent { "100.0" } else { "1.0" },
            alone(query, over, data),
            alone(query, under, data)
        ),
        Measure::Difference(left, right) if has_other_rows(one) => {
            format!(
                "{} - {}",
                alone(query, left, data),
                alone(query, right, data)
            )
        }
        Measure::Growth(before, after) if has_other_rows(one) => {
            let (before, after) = (alone(query, before, data), alone(query, after, data));
            format!("100.0 * ({after} - {before}) / NULLIF({before}, 0)")
        }
        Measure::Other { .. } => {
            let mut scope = Scope::new(query.rows.base, data, &[]);
            measure(&mut scope, one)
        }
        other => {
            let mut scope = Scope::new(query.rows.base, data, &[]);
            let conditions = scope.all(&query.rows.conditions);
            let value = measure(&mut scope, other);
            format!(
                "(SELECT {value} FROM {}{})",
                scope.from(),
                where_clause(&conditions)
            )
        }
    }
}

/// Every row of the key's table with figures of its related rows; each figure is aggregated before it is joined.
fn spine(
    query: &Query,
    key: &Key,
    measures: &[Measure],
    show_measures: bool,
    data: &Data,
) -> String {
    let Some((path, entity)) = &key.entity else {
        return String::new();
    };
    let mut scope = Scope::new(*entity, data, &[]);
    let mut names = Vec::new();
    let columns: Vec<String> = key
        .shown
        .iter()
        .map(|expr| {
            let sql = scope.expr(&shortened(expr, path), false);
            let name = unused(&mut names, &expr_name(expr, data));
            as_named(&sql, &name)
        })
        .collect();
    let own_keys: Vec<String> = key
        .by
        .iter()
        .map(|expr| scope.expr(&shortened(expr, path), false))
        .collect();
    let mut joins = String::new();
    let mut values = Vec::new();
    let mut number_of_join = 0;
    let mut value_sqls = Vec::new();
    for one in measures {
        let mut leaves = Vec::new();
        let sql = flattened(one, query, &mut leaves);
        let mut composed = sql;
        for (at, leaf) in leaves.iter().enumerate() {
            number_of_join += 1;
            let alias = format!("part_{number_of_join}");
            let (rows, keys, inner) = leaf;
            let mut own = Scope::new(rows.base, data, &[]);
            let conditions = own.all(&rows.conditions);
            let by: Vec<String> = keys.iter().map(|expr| own.expr(expr, false)).collect();
            let value = aggregate(&mut own, inner);
            let named: Vec<String> = by
                .iter()
                .enumerate()
                .map(|(at, sql)| format!("{sql} AS \"key_{at}\""))
                .collect();
            let on: Vec<String> = own_keys
                .iter()
                .enumerate()
                .map(|(at, own)| format!("{}.\"key_{at}\" = {own}", quote(&alias)))
                .collect();
            joins.push_str(&format!(
                " LEFT JOIN (SELECT {}, {value} AS \"value\" FROM {}{} GROUP BY {}) AS {} ON {}",
                named.join(", "),
                own.from(),
                where_clause(&conditions),
                by.join(", "),
                quote(&alias),
                on.join(" AND ")
            ));
            let counts = matches!(inner.function, Function::Count | Function::CountDistinct);
            let value = if counts {
                format!("COALESCE({}.\"value\", 0)", quote(&alias))
            } else {
                format!("{}.\"value\"", quote(&alias))
            };
            composed = composed.replace(&format!("\u{1}{at}\u{1}"), &value);
        }
        let name = unused(&mut names, &measure_name(one, query.rows.base, data));
        values.push(as_named(&composed, &name));
        value_sqls.push(composed);
    }
    let mut all = columns;
    if show_measures {
        all.extend(values);
    }
    // What is said of the key's rows bounds them, too; what is said of the others only their figures.
    let about_key: Vec<Condition> = query
        .rows
        .conditions
        .iter()
        .filter_map(|condition| seen_from(condition, path))
        .collect();
    let conditions = scope.all(&about_key);
    let mut sql = format!(
        "SELECT {} FROM {}{joins}{}",
        all.join(", "),
        scope.from(),
        where_clause(&conditions)
    );
    let order: Vec<(String, bool)> = query
        .order
        .iter()
        .filter_map(|(item, descending)| match item {
            OrderBy::Measure(at) => value_sqls.get(*at).map(|sql| (sql.clone(), *descending)),
            OrderBy::Key(_) => own_keys.first().map(|sql| (sql.clone(), *descending)),
            OrderBy::Expr(_) => None,
        })
        .collect();
    push_order(&mut sql, &order);
    push_limit(&mut sql, query);
    sql
}

/// A key's expression as seen from the key's own table.
fn shortened(expr: &Expr, path: &[EdgeId]) -> Expr {
    match expr {
        Expr::Column(reference) => Expr::Column(Ref {
            path: reference
                .path
                .get(path.len()..)
                .unwrap_or_default()
                .to_vec(),
            column: reference.column,
        }),
        other => other.clone(),
    }
}

/// The condition as seen from the end of the path; `None` where it is not one of the rows there.
fn seen_from(condition: &Condition, path: &[EdgeId]) -> Option<Condition> {
    let step = |reference: &Ref| {
        Some(Ref {
            path: reference.path.strip_prefix(path)?.to_vec(),
            column: reference.column,
        })
    };
    Some(match condition {
        Condition::Compare(Expr::Column(reference), operator, value) => {
            Condition::Compare(Expr::Column(step(reference)?), *operator, value.clone())
        }
        Condition::In(reference, values, negated) => {
            Condition::In(step(reference)?, values.clone(), *negated)
        }
        Condition::Like(reference, pattern, negated) => {
            Condition::Like(step(reference)?, pattern.clone(), *negated)
        }
        Condition::Between(Expr::Column(reference), low, high) => {
            Condition::Between(Expr::Column(step(reference)?), low.clone(), high.clone())
        }
        Condition::Within(reference, from, to) => {
            Condition::Within(step(reference)?, from.clone(), to.clone())
        }
        Condition::PartIs(part, reference, number) => {
            Condition::PartIs(*part, step(reference)?, *number)
        }
        Condition::Null(reference, is_null) => Condition::Null(step(reference)?, *is_null),
        Condition::Related {
            up,
            rows,
            down,
            operator,
            count,
            measure,
        } => Condition::Related {
            up: up.strip_prefix(path)?.to_vec(),
            rows: rows.clone(),
            down: down.clone(),
            operator: *operator,
            count: *count,
            measure: measure.clone(),
        },
        Condition::BeyondMean {
            up,
            rows,
            down,
            operator,
            measure,
        } => Condition::BeyondMean {
            up: up.strip_prefix(path)?.to_vec(),
            rows: rows.clone(),
            down: down.clone(),
            operator: *operator,
            measure: measure.clone(),
        },
        _ => return None,
    })
}

type Leaf<'q> = (Rows, Vec<Expr>, &'q Aggregate);

/// The measure with each aggregate replaced by a mark, and the aggregates with their rows and keys.
fn flattened<'q>(one: &'q Measure, query: &'q Query, leaves: &mut Vec<Leaf<'q>>) -> String {
    let mut mark = |rows: Rows, keys: Vec<Expr>, aggregate: &'q Aggregate| {
        leaves.push((rows, keys, aggregate));
        format!("\u{1}{}\u{1}", leaves.len() - 1)
    };
    match one {
        Measure::Aggregate(inner) => {
            let keys = match &query.select {
                Select::Group { keys, .. } => keys.iter().flat_map(|key| key.by.clone()).collect(),
                Select::List { .. } => Vec::new(),
            };
            mark(query.rows.clone(), keys, inner)
        }
        Measure::Other {
            rows,
            aggregate,
            keys,
        } => mark(rows.clone(), keys.clone(), aggregate),
        Measure::Ratio {
            over,
            under,
            percent,
        } => {
            let over = flattened(over, query, leaves);
            let under = flattened(under, query, leaves);
            let factor = if *percent { "100.0" } else { "1.0" };
            format!("{factor} * {over} / NULLIF({under}, 0)")
        }
        Measure::Difference(left, right) => {
            let left = flattened(left, query, leaves);
            let right = flattened(right, query, leaves);
            format!("{left} - {right}")
        }
        Measure::Growth(before, after) => {
            let before = flattened(before, query, leaves);
            let after = flattened(after, query, leaves);
            format!("100.0 * ({after} - {before}) / NULLIF({before}, 0)")
        }
        Measure::PerGroup { .. } => "NULL".into(),
    }
}

/// Groups by a column: figures over different rows joined by the key's value.
fn joined_groups(query: &Query, keys: &[Key], measures: &[Measure], data: &Data) -> String {
    let mut names = Vec::new();
    let mut first: Option<(String, usize)> = None;
    let mut joins = String::new();
    let mut values = Vec::new();
    let mut count = 0;
    let key_names: Vec<String> = keys
        .iter()
        .flat_map(|key| key.shown.iter())
        .map(|expr| unused(&mut names, &expr_name(expr, data)))
        .collect();
    for one in measures {
        let mut leaves = Vec::new();
        let mut composed = flattened(one, query, &mut leaves);
        for (at, (rows, by, inner)) in leaves.iter().enumerate() {
            let alias = format!("part_{count}");
            let mut own = Scope::new(rows.base, data, &[]);
            let conditions = own.all(&rows.conditions);
            let by: Vec<String> = by.iter().map(|expr| own.expr(expr, false)).collect();
            let value = aggregate(&mut own, inner);
            let named: Vec<String> = by
                .iter()
                .enumerate()
                .map(|(at, sql)| format!("{sql} AS \"key_{at}\""))
                .collect();
            let table = format!(
                "(SELECT {}, {value} AS \"value\" FROM {}{} GROUP BY {}) AS {}",
                named.join(", "),
                own.from(),
                where_clause(&conditions),
                by.join(", "),
                quote(&alias)
            );
            match &first {
                None => first = Some((table, by.len())),
                Some((_, width)) => {
                    let on: Vec<String> = (0..*width)
                        .map(|key| {
                            // Rows without the key are a group like any other.
                            format!(
                                "{}.\"key_{key}\" IS NOT DISTINCT FROM \"part_0\".\"key_{key}\"",
                                quote(&alias)
                            )
                        })
                        .collect();
                    joins.push_str(&format!(" LEFT JOIN {table} ON {}", on.join(" AND ")));
                }
            }
            let counts = matches!(inner.function, Function::Count | Function::CountDistinct);
            let value = if counts {
                format!("COALESCE({}.\"value\", 0)", quote(&alias))
            } else {
                format!("{}.\"value\"", quote(&alias))
            };
            composed = composed.replace(&format!("\u{1}{at}\u{1}"), &value);
            count += 1;
        }
        let name = unused(&mut names, &measure_name(one, query.rows.base, data));
        values.push(as_named(&composed, &name));
    }
    let Some((table, _)) = first else {
        return String::new();
    };
    let mut columns: Vec<String> = key_names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("\"part_0\".\"key_{at}\" AS {}", quote(name)))
        .collect();
    columns.extend(values);
    let mut sql = format!(
        "SELECT {} FROM {table}{joins} ORDER BY 1",
        columns.join(", ")
    );
    push_limit(&mut sql, query);
    sql
}

fn per_group(
    query: &Query,
    keys: &[Key],
    outer: Function,
    inner: &Aggregate,
    group: &[Expr],
    data: &Data,
) -> String {
    let mut scope = Scope::new(query.rows.base, data, &[]);
    let conditions = scope.all(&query.rows.conditions);
    let mut names = Vec::new();
    let mut shown = Vec::new();
    let mut by = Vec::new();
    for key in keys {
        for expr in &key.shown {
            let sql = scope.shown(expr, key);
            shown.push((sql, unused(&mut names, &expr_name(expr, data))));
        }
        for expr in &key.by {
            by.push(scope.key(expr));
        }
    }
    let groups: Vec<String> = group.iter().map(|expr| scope.expr(expr, false)).collect();
    let value = aggregate(&mut scope, inner);
    let mut columns: Vec<String> = shown
        .iter()
        .map(|(sql, name)| as_named(sql, name))
        .collect();
    columns.push(format!("{value} AS \"value\""));
    let mut all_by = by.clone();
    all_by.extend(groups);
    let table = format!(
        "SELECT {} FROM {}{} GROUP BY {}",
        columns.join(", "),
        scope.from(),
        where_clause(&conditions),
        all_by.join(", ")
    );
    let function = match outer {
        Function::Minimum => "MIN(\"value\")".to_owned(),
        Function::Maximum => "MAX(\"value\")".to_owned(),
        Function::Median => "MEDIAN(\"value\")".to_owned(),
        Function::Sum => "SUM(\"value\")".to_owned(),
        Function::StandardDeviation => "STDDEV(\"value\")".to_owned(),
        Function::Percentile(at) => format!("PERCENTILE(\"value\", {})", number(at)),
        _ => "AVG(\"value\")".to_owned(),
    };
    let name = unused(&mut names, "per_group");
    let mut outer_columns: Vec<String> = shown.iter().map(|(_, name)| quote(name)).collect();
    let by_names = outer_columns.join(", ");
    outer_columns.push(as_named(&function, &name));
    let mut sql = format!("SELECT {} FROM ({table})", outer_columns.join(", "));
    if !by_names.is_empty() {
        sql.push_str(&format!(" GROUP BY {by_names} ORDER BY {by_names}"));
    }
    sql
}

fn free_alias(wanted: &str, taken: &[String]) -> String {
    if !taken.iter().any(|name| name.eq_ignore_ascii_case(wanted)) {
        return wanted.to_owned();
    }
    (2..100_000)
        .map(|number| format!("{wanted}_{number}"))
        .find(|name| !taken.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .unwrap_or_default()
}

fn unused(names: &mut Vec<String>, wanted: &str) -> String {
    let name = free_alias(wanted, names);
    names.push(name.clone());
    name
}

fn as_named(sql: &str, name: &str) -> String {
    let quoted = quote(name);
    if sql == quoted || sql.ends_with(&format!(".{quoted}")) {
        sql.to_owned()
    } else {
        format!("{sql} AS {quoted}")
    }
}

pub fn expr_name(expr: &Expr, data: &Data) -> String {
    match expr {
        Expr::Column(reference) => data.columns[reference.column].name.clone(),
        Expr::Product(one, two) => {
            format!("{}_times_{}", expr_name(one, data), expr_name(two, data))
        }
        Expr::Duration { unit, .. } => unit_name(*unit).to_owned(),
        Expr::Part(part, _) => part_name(*part).to_owned(),
        Expr::Holds(_) => "holds".to_owned(),
    }
}

pub fn part_name(part: Part) -> &'static str {
    match part {
        Part::Year => "year",
        Part::Quarter | Part::QuarterOfYear => "quarter",
        Part::Month => "month",
        Part::Week => "week",
        Part::Day => "day",
        Part::Hour => "hour",
        Part::Weekday => "weekday",
        Part::MonthOfYear => "month_of_year",
    }
}

pub fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::Weeks => "weeks",
        Unit::Months => "months",
        Unit::Years => "years",
    }
}

pub fn measure_name(measure: &Measure, base: TableId, data: &Data) -> String {
    match measure {
        Measure::Aggregate(inner) => aggregate_name(inner, base, data),
        Measure::Other {
            rows, aggregate, ..
        } => aggregate_name(aggregate, rows.base, data),
        Measure::Ratio { percent: true, .. } => "percent".into(),
        Measure::Ratio { over, under, .. } => named_ratio(over, under, data).unwrap_or_else(|| {
            format!(
                "{}_per_{}",
                measure_name(over, base, data),
                measure_name(under, base, data)
            )
        }),
        Measure::Difference(..) => "difference".into(),
        Measure::Growth(..) => "growth_percent".into(),
        Measure::PerGroup { .. } => "per_group".into(),
    }
}

/// What the dataset calls a product that adds up: `revenue` for quantity times price. A column has a name of its own.
fn named_sum<'d>(aggregate: &Aggregate, data: &'d Data) -> Option<&'d MetricInfo> {
    let Some(Expr::Product(one, two)) = &aggregate.expr else {
        return None;
    };
    let (Expr::Column(one), Expr::Column(two)) = (one.as_ref(), two.as_ref()) else {
        return None;
    };
    let of = Of::Product(one.column, two.column);
    data.metrics.iter().find(|metric| {
        metric.per.is_none() && metric.function == aggregate.function && metric.of == of
    })
}

/// What the dataset calls such a figure by the number of some rows: `average_order_value`.
fn named_ratio(over: &Measure, under: &Measure, data: &Data) -> Option<String> {
    let (Measure::Aggregate(over), Measure::Aggregate(under)) = (over, under) else {
        return None;
    };
    if !over.filter.is_empty() || !under.filter.is_empty() {
        return None;
    }
    let sum = named_sum(over, data)?;
    let Some(Expr::Column(counted)) = under
        .expr
        .as_ref()
        .filter(|_| under.function == Function::CountDistinct)
    else {
        return None;
    };
    let table = data.columns[counted.column].table;
    if !data.identity(table).contains(&counted.column) {
        return None;
    }
    let metric = data.metrics.iter().find(|metric| {
        metric.of == sum.of
            && metric.function == sum.function
            && metric
                .per
                .as_ref()
                .is_some_and(|(_, of)| *of == Of::Rows(table))
    })?;
    Some(as_name(&metric.name))
}

fn as_name(said: &str) -> String {
    said.to_lowercase().replace(' ', "_")
}

fn aggregate_name(aggregate: &Aggregate, base: TableId, data: &Data) -> String {
    let of = aggregate.expr.as_ref().map(|expr| expr_name(expr, data));
    let of = of.unwrap_or_default();
    // Of several side by side each bears the name of its value.
    if let [Condition::In(_, values, false)] = aggregate.filter.as_slice()
        && let Some(Value::Text(value)) = values.first()
    {
        return value.trim().to_lowercase().replace(' ', "_");
    }
    let named = named_sum(aggregate, data).map(|metric| as_name(&metric.name));
    let name = named.unwrap_or_else(|| match aggregate.function {
        Function::Count => format!("number_of_{}", data.tables[base].name),
        Function::CountDistinct => format!("number_of_{of}"),
        Function::Sum => format!("total_{of}"),
        Function::Average => format!("average_{of}"),
        Function::Minimum => format!("lowest_{of}"),
        Function::Maximum => format!("highest_{of}"),
        Function::Median => format!("median_{of}"),
        Function::Percentile(at) => format!("percentile_{}_{of}", number(at)),
        Function::StandardDeviation => format!("standard_deviation_{of}"),
    });
    // And of several periods that of its own.
    match aggregate.filter.as_slice() {
        [Condition::Within(_, Some(from), Some(to))] => match period_name(from, to) {
            Some(period) => format!("{name}_{period}"),
            None => name,
        },
        _ => name,
    }
}

/// A year, quarter, month or day by its name (`2026`, `2026_q1`, `2026_03`, `2026_03_15`), another period by its first and
/// last day.
fn period_name(from: &str, next: &str) -> Option<String> {
    let day = |text: &str| NaiveDate::parse_from_str(text.get(..10)?, "%Y-%m-%d").ok();
    let (first, next) = (day(from)?, day(next)?);
    let after = |months: u32| first.checked_add_months(Months::new(months)) == Some(next);
    let begins_month = first.day() == 1;
    let year = first.year();
    if begins_month && first.month() == 1 && after(12) {
        return Some(year.to_string());
    }
    if begins_month && first.month0().is_multiple_of(3) && after(3) {
        return Some(format!("{year}_q{}", first.month0() / 3 + 1));
    }
    if begins_month && after(1) {
        return Some(first.format("%Y_%m").to_string());
    }
    let last = next.pred_opt()?;
    if last == first {
        return Some(first.format("%Y_%m_%d").to_string());
    }
    Some(format!(
        "{}_to_{}",
        first.format("%Y_%m_%d"),
        last.format("%Y_%m_%d")
    ))
}

pub fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        format!("{value:.0}")
    } else {
        value.to_string()
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::Number(value) => number(*value),
        Value::Text(value) => text(value),
    }
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}
