//! Parts that plans are made of, as the reader of questions makes them, and what a query takes.

use ingest::ColumnType;
use schema_gen::meaning::Role;

use crate::reading::data::{ColumnId, Data, EdgeId, MetricInfo, TableId};
use crate::reading::frame::Of;
use crate::reading::query::{
    Aggregate, Condition, Expr, Function, Key, Measure, Part, Query, Ref, Rows, Select, Unit,
};
use crate::reading::say::Phrases;

/// Tables further away than this are not offered.
const MAX_STEPS: usize = 3;

/// A table that each row of another leads to, and the way there.
pub struct Reached {
    pub table: TableId,
    pub path: Vec<EdgeId>,
}

/// The table itself and all that its rows lead to, the nearest first.
pub fn reached(base: TableId, data: &Data) -> Vec<Reached> {
    let mut all = vec![Reached {
        table: base,
        path: Vec::new(),
    }];
    let mut next = 0;
    while let Some(from) = all.get(next) {
        let (table, path) = (from.table, from.path.clone());
        next += 1;
        if path.len() == MAX_STEPS {
            continue;
        }
        for (id, edge) in data.edges.iter().enumerate() {
            if edge.from != table || path.contains(&id) || edge.to == base && edge.from != base {
                continue;
            }
            let mut longer = path.clone();
            longer.push(id);
            all.push(Reached {
                table: edge.to,
                path: longer,
            });
        }
    }
    all
}

/// The nearest way from rows of one table to a row of another.
pub fn way(from: TableId, to: TableId, data: &Data) -> Option<Vec<EdgeId>> {
    if from == to {
        return Some(Vec::new());
    }
    data.paths_up(from, to).into_iter().next()
}

pub fn column_of(expr: &Expr) -> Option<&Ref> {
    match expr {
        Expr::Column(reference) | Expr::Part(_, reference) => Some(reference),
        _ => None,
    }
}

fn columns(ids: &[ColumnId], path: &[EdgeId]) -> Vec<Expr> {
    let column = |&column: &ColumnId| {
        Expr::Column(Ref {
            path: path.to_vec(),
            column,
        })
    };
    ids.iter().map(column).collect()
}

/// One group for each row of a table, by its name.
pub fn entity_key(table: TableId, path: &[EdgeId], data: &Data) -> Option<Key> {
    let (by, shown) = (data.identity(table), &data.tables[table].label);
    if by.is_empty() || shown.is_empty() {
        return None;
    }
    Some(Key {
        by: columns(by, path),
        shown: columns(shown, path),
        entity: Some((path.to_vec(), table)),
    })
}

pub fn key_by(expr: Expr) -> Key {
    Key {
        by: vec![expr.clone()],
        shown: vec![expr],
        entity: None,
    }
}

/// Columns that the rows of a table are listed by: what they are called, when they happened and how much they come to.
pub fn telling(table: TableId, data: &Data) -> Vec<Expr> {
    let info = &data.tables[table];
    let mut ids = if info.label.is_empty() {
        info.key.clone()
    } else {
        info.label.clone()
    };
    ids.extend(info.time);
    let figures = info.columns.iter().copied();
    ids.extend(figures.filter(|&column| data.columns[column].role.is_measure()));
    if ids.is_empty() {
        ids.clone_from(&info.columns);
    }
    ids.dedup();
    columns(&ids, &[])
}

fn plain(function: Function, expr: Option<Expr>) -> Measure {
    Measure::Aggregate(Aggregate {
        function,
        expr,
        filter: Vec::new(),
    })
}

/// How many rows.
pub fn count() -> Measure {
    plain(Function::Count, None)
}

fn expr_of(of: &Of) -> Option<Expr> {
    let own = |column: ColumnId| Expr::Column(Ref::own(column));
    match of {
        Of::Rows(_) => None,
        Of::Column(column) => Some(own(*column)),
        Of::Duration(earlier, later, unit) => Some(Expr::Duration {
            earlier: Ref::own(*earlier),
            later: later.map(Ref::own),
            unit: *unit,
        }),
        Of::Product(one, two) => Some(Expr::Product(Box::new(own(*one)), Box::new(own(*two)))),
    }
}

/// What the dataset calls by a name, over rows of `base`; `None` where its figures are of other rows.
fn metric(metric: &MetricInfo, base: TableId, data: &Data) -> Option<Measure> {
    if data.table_of(&metric.of) != base {
        return None;
    }
    let over = plain(metric.function, expr_of(&metric.of));
    let Some((function, under)) = &metric.per else {
        return Some(over);
    };
    let table = data.table_of(under);
    let under = if table == base {
        plain(*function, expr_of(under))
    } else {
        // Rows that are referred to count once each.
        let [key] = data.identity(table) else {
            return None;
        };
        if !matches!(under, Of::Rows(_)) {
            return None;
        }
        let path = way(base, table, data)?;
        let counted = Expr::Column(Ref { path, column: *key });
        plain(Function::CountDistinct, Some(counted))
    };
    Some(Measure::Ratio {
        over: Box::new(over),
        under: Box::new(under),
        percent: false,
    })
}

/// A measure with what tells more of it than its words.
pub struct Figure {
    pub measure: Measure,
    pub name: Option<String>,
}

/// Every figure of the table's rows that means something, the likeliest first.
pub fn figures(base: TableId, data: &Data) -> Vec<Figure> {
    let mut all: Vec<Figure> = Vec::new();
    let mut add = |measure: Measure, name: Option<String>| {
        if !all.iter().any(|known| known.measure == measure) {
            all.push(Figure { measure, name });
        }
    };
    for info in &data.metrics {
        if let Some(measure) = metric(info, base, data) {
            add(measure, Some(info.name.clone()));
        }
    }
    add(count(), None);
    let own = |wanted: &dyn Fn(Role) -> bool| -> Vec<Expr> {
        let of = data.tables[base].columns.iter().copied();
        let numbers = of.filter(|&column| {
            let info = &data.columns[column];
            info.is_number() && !info.is_foreign && wanted(info.role)
        });
        numbers
            .map(|column| Expr::Column(Ref::own(column)))
            .collect()
    };
    for expr in own(&Role::is_additive) {
        add(plain(Function::Sum, Some(expr)), None);
    }
    let measured = own(&Role::is_measure);
    for function in [
        Function::Average,
        Function::Maximum,
        Function::Minimum,
        Function::Median,
    ] {
        for expr in &measured {
            add(plain(function, Some(expr.clone())), None);
        }
    }
    for (begins, ends) in &data.spans {
        if data.columns[*begins].table == base {
            let lasts = expr_of(&Of::Duration(*begins, Some(*ends), Unit::Days));
            add(plain(Function::Average, lasts), None);
        }
    }
    for edge in data
        .edges
        .iter()
        .enumerate()
        .filter(|(_, edge)| edge.from == base)
    {
        if let [key] = data.identity(edge.1.to) {
            let counted = Expr::Column(Ref {
                path: vec![edge.0],
                column: *key,
            });
            add(plain(Function::CountDistinct, Some(counted)), None);
        }
    }
    for &column in &data.tables[base].columns {
        if data.columns[column].is_time() {
            let time = Expr::Column(Ref::own(column));
            add(plain(Function::Minimum, Some(time.clone())), None);
            add(plain(Function::Maximum, Some(time)), None);
        }
    }
    all
}

fn is_grouped_by(column: ColumnId, data: &Data) -> bool {
    let info = &data.columns[column];
    !info.is_foreign
        && !info.is_unique
        && info.stats.distinct != 1
        && matches!(
            info.role,
            Role::Category | Role::Flag | Role::Ordinal | Role::Year | Role::Label
        )
}

/// Times of the rows, the one that counts first; where they have none, those of the rows that they lead to.
pub fn times(base: TableId, data: &Data) -> Vec<Ref> {
    let of = |reached: &Reached| -> Vec<Ref> {
        let info = &data.tables[reached.table];
        let rest = info.columns.iter().copied();
        let rest = rest.filter(|&column| data.columns[column].is_time());
        let mut ids: Vec<ColumnId> = info.time.into_iter().chain(rest).collect();
        let mut seen = Vec::new();
        ids.retain(|column| {
            let is_new = !seen.contains(column);
            seen.push(*column);
            is_new
        });
        let path = &reached.path;
        ids.into_iter()
            .map(|column| Ref {
                path: path.clone(),
                column,
            })
            .collect()
    };
    reached(base, data)
        .iter()
        .map(of)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

/// Parts of a time that rows are grouped by.
fn parts_of(time: &Ref, is_main: bool, data: &Data) -> Vec<Part> {
    let mut parts = vec![Part::Month, Part::Year];
    if is_main {
        parts.extend([Part::Quarter, Part::Week, Part::Day, Part::Weekday]);
        if data.columns[time.column].column_type == ColumnType::Datetime {
            parts.push(Part::Hour);
        }
    }
    parts
}

/// Everything that rows of the table can sensibly be grouped by, the likeliest first.
pub fn keys(base: TableId, data: &Data) -> Vec<Key> {
    let mut all: Vec<Key> = Vec::new();
    let times = times(base, data);
    let by_part = |time: &Ref, part: Part| key_by(Expr::Part(part, time.clone()));
    if let Some(main) = times.first() {
        all.extend([Part::Month, Part::Year].map(|part| by_part(main, part)));
    }
    let (mut near, mut far) = (Vec::new(), Vec::new());
    for reached in reached(base, data) {
        let place = if reached.path.len() < 2 {
            &mut near
        } else {
            &mut far
        };
        let (table, path) = (reached.table, reached.path);
        if !path.is_empty() {
            place.extend(entity_key(table, &path, data));
        }
        for &column in &data.tables[table].columns {
            // The name of what is referred to stands for the row, which has a key of its own.
            let is_name = !path.is_empty() && data.tables[table].label.contains(&column);
            if is_grouped_by(column, data) && !is_name {
                let path = path.clone();
                place.push(key_by(Expr::Column(Ref { path, column })));
            }
        }
    }
    all.extend(near);
    for (at, time) in times.iter().enumerate() {
        for part in parts_of(time, at == 0, data) {
            let key = by_part(time, part);
            if !all.contains(&key) {
                all.push(key);
            }
        }
    }
    all.extend(far);
    all
}

/// Rows of other tables that refer to those of the table.
pub fn referring(base: TableId, data: &Data) -> Vec<(TableId, EdgeId)> {
    let edges = data.edges.iter().enumerate();
    edges
        .filter(|(_, edge)| edge.to == base)
        .map(|(id, edge)| (edge.from, id))
        .collect()
}

/// So that a row of `base` has some row of another table that leads to it and meets the condition.
pub fn tied(
    base: TableId,
    table: TableId,
    condition: impl FnOnce() -> Condition,
    data: &Data,
) -> Option<Condition> {
    let down = data.paths_up(table, base).into_iter().next()?;
    Some(Condition::Related {
        up: Vec::new(),
        rows: Box::new(Rows {
            base: table,
            conditions: vec![condition()],
        }),
        down,
        operator: crate::reading::query::Operator::GreaterOrEqual,
        count: 1.0,
        measure: None,
    })
}

// ----- what a query takes -----

fn is_over_groups(measures: &[Measure]) -> bool {
    matches!(measures, [Measure::PerGroup { .. }])
}

/// Whether another group can join: figures over rows of their own are tied to the groups that are there.
pub fn groups_freely(query: &Query) -> bool {
    match &query.select {
        Select::List { .. } => true,
        Select::Group { measures, .. } => !Phrases::has_other_rows(measures),
    }
}

/// Whether another figure can join.
pub fn measures_freely(query: &Query) -> bool {
    match &query.select {
        Select::List { .. } => true,
        Select::Group { measures, .. } => !is_over_groups(measures),
    }
}

/// Whether the order of the query is that of its result, which has several rows.
pub fn orders_freely(query: &Query) -> bool {
    match &query.select {
        Select::List { .. } => true,
        Select::Group {
            keys,
            measures,
            window,
            ..
        } => {
            let single = matches!(keys.as_slice(), [key] if key.entity.is_some());
            !keys.is_empty()
                && window.is_none()
                && !is_over_groups(measures)
                && (single || !Phrases::has_other_rows(measures))
        }
    }
}

/// Whether only the first rows can be asked for.
pub fn is_cut(query: &Query) -> bool {
    match &query.select {
        Select::List { .. } => true,
        Select::Group { keys, measures, .. } => !keys.is_empty() && !is_over_groups(measures),
    }
}

/// Whether something else can stand in the place of the condition.
pub fn can_change(condition: &Condition) -> bool {
    matches!(
        condition,
        Condition::Within(..)
            | Condition::In(..)
            | Condition::Null(..)
            | Condition::Compare(Expr::Column(_), ..)
            | Condition::Related { measure: None, .. }
    )
}
