//! What a plan must be so that its statement is one of those that questions lead to. Each fault is told in words.

use ingest::ColumnType;

use crate::reading::data::{Data, EdgeId, TableId};
use crate::reading::query::{
    Aggregate, Condition, Expr, Function, Having, Key, Measure, OrderBy, Part, Query, Ref, Rows,
    Select, Value, Window,
};
use schema_gen::meaning::Role;

/// Longest way along relationships.
const MAX_WAY: usize = 8;
/// Longest text that is compared with.
const MAX_TEXT_CHARS: usize = 10_000;
/// Most conditions, measures, keys or columns beside each other.
const MAX_PARTS: usize = 200;
/// Rows that a plan may ask for or pass over.
pub const MAX_ROWS: u64 = 1_000_000;

type Checked = Result<(), String>;

pub fn query(query: &Query, data: &Data) -> Checked {
    let check = Check { data };
    check.rows(&query.rows)?;
    let base = query.rows.base;
    let (keys, measures, width) = match &query.select {
        Select::List { shown, .. } => {
            some(shown, "it shows nothing")?;
            check.exprs(shown, base)?;
            (0, 0, 0)
        }
        Select::Group {
            keys,
            measures,
            window,
            ..
        } => {
            let width = keys.iter().map(|key| key.by.len()).sum();
            check.groups(query, keys, measures, *window, width)?;
            (keys.len(), measures.len(), width)
        }
    };
    few(query.having.len())?;
    for (measure, _, right) in &query.having {
        check.measure(measure, base, width, false)?;
        if let Having::Number(number) = right {
            finite(*number)?;
        }
    }
    few(query.order.len())?;
    for (by, _) in &query.order {
        match by {
            OrderBy::Expr(expr) => check.expr(expr, base)?,
            OrderBy::Measure(at) if *at < measures => {}
            OrderBy::Key(at) if *at < keys => {}
            OrderBy::Measure(_) | OrderBy::Key(_) => {
                return Err("it is ordered by what it does not have".into());
            }
        }
    }
    if query.limit.unwrap_or_default() > MAX_ROWS || query.offset > MAX_ROWS {
        return Err(format!("more than {MAX_ROWS} rows are asked for"));
    }
    if query.per.is_some_and(|at| at >= keys) {
        return Err("it is cut by a group that it does not have".into());
    }
    let ranks = query.per.is_some() || query.ties && query.limit.is_some();
    if ranks && keys + measures > 0 && query.order.is_empty() {
        return Err("places are asked for, but no order".into());
    }
    Ok(())
}

fn some<T>(list: &[T], fault: &str) -> Checked {
    if list.is_empty() {
        return Err(fault.to_owned());
    }
    few(list.len())
}

fn few(count: usize) -> Checked {
    if count > MAX_PARTS {
        return Err("it is too large".into());
    }
    Ok(())
}

fn finite(number: f64) -> Checked {
    if number.is_finite() {
        Ok(())
    } else {
        Err("a number in it is none".into())
    }
}

fn text(text: &str) -> Checked {
    if text.contains('\0') || text.chars().count() > MAX_TEXT_CHARS {
        return Err("a text in it cannot be looked for".into());
    }
    Ok(())
}

fn value(value: &Value) -> Checked {
    match value {
        Value::Number(number) => finite(*number),
        Value::Text(said) => text(said),
    }
}

struct Check<'d> {
    data: &'d Data,
}

impl Check<'_> {
    fn name(&self, table: TableId) -> &str {
        &self.data.tables[table].name
    }

    /// The table that the way leads to.
    fn way(&self, from: TableId, path: &[EdgeId]) -> Result<TableId, String> {
        if path.len() > MAX_WAY {
            return Err("a way in it is too long".into());
        }
        let mut at = from;
        for &edge in path {
            let edge = &self.data.edges[edge];
            if edge.from != at {
                return Err(format!(
                    "{} does not lead to {}",
                    self.name(at),
                    self.name(edge.to)
                ));
            }
            at = edge.to;
        }
        Ok(at)
    }

    fn reference(&self, reference: &Ref, base: TableId) -> Checked {
        let table = self.way(base, &reference.path)?;
        let column = &self.data.columns[reference.column];
        if column.table == table {
            return Ok(());
        }
        Err(format!(
            "{} is no column of {}",
            column.name,
            self.name(table)
        ))
    }

    /// A column that holds times, or years as numbers.
    fn time(&self, reference: &Ref, base: TableId) -> Checked {
        self.reference(reference, base)?;
        let column = &self.data.columns[reference.column];
        let holds_times = matches!(column.column_type, ColumnType::Date | ColumnType::Datetime)
            || column.is_number()
            || matches!(column.role, Role::Time | Role::Year);
        if holds_times {
            return Ok(());
        }
        Err(format!("{} holds no dates", column.name))
    }

    fn exprs(&self, exprs: &[Expr], base: TableId) -> Checked {
        few(exprs.len())?;
        exprs.iter().try_for_each(|expr| self.expr(expr, base))
    }

    fn expr(&self, expr: &Expr, base: TableId) -> Checked {
        match expr {
            Expr::Column(reference) => self.reference(reference, base),
            Expr::Product(one, two) => {
                for side in [one, two] {
                    self.expr(side, base)?;
                    self.number(side)?;
                }
                Ok(())
            }
            Expr::Duration { earlier, later, .. } => {
                self.time(earlier, base)?;
                later.iter().try_for_each(|later| self.time(later, base))
            }
            Expr::Part(_, reference) => self.time(reference, base),
            Expr::Holds(conditions) => {
                some(conditions, "a condition in it is empty")?;
                self.conditions(conditions, base)
            }
        }
    }

    fn number(&self, expr: &Expr) -> Checked {
        let is_number = match expr {
            Expr::Column(reference) => {
                let column = &self.data.columns[reference.column];
                column.is_number() || column.column_type == ColumnType::Boolean
            }
            Expr::Part(part, reference) => {
                self.data.columns[reference.column].is_number()
                    || matches!(
                        part,
                        Part::Year | Part::Hour | Part::MonthOfYear | Part::QuarterOfYear
                    )
            }
            Expr::Product(..) | Expr::Duration { .. } | Expr::Holds(_) => true,
        };
        if is_number {
            Ok(())
        } else {
            Err("it calculates with what is no number".into())
        }
    }

    fn rows(&self, rows: &Rows) -> Checked {
        self.conditions(&rows.conditions, rows.base)
    }

    fn conditions(&self, conditions: &[Condition], base: TableId) -> Checked {
        few(conditions.len())?;
        conditions
            .iter()
            .try_for_each(|condition| self.condition(condition, base))
    }

    fn condition(&self, condition: &Condition, base: TableId) -> Checked {
        match condition {
            Condition::Compare(expr, _, with) => {
                self.expr(expr, base)?;
                value(with)
            }
            Condition::In(reference, values, _) => {
                self.reference(reference, base)?;
                some(values, "a condition in it names no value")?;
                values.iter().try_for_each(value)
            }
            Condition::Like(reference, pattern, _) => {
                self.reference(reference, base)?;
                text(pattern)
            }
            Condition::Between(expr, low, high) => {
                self.expr(expr, base)?;
                value(low)?;
                value(high)
            }
            Condition::Within(reference, from, next) => {
                self.time(reference, base)?;
                if from.is_none() && next.is_none() {
                    return Err("a period in it has no ends".into());
                }
                [from, next]
                    .into_iter()
                    .flatten()
                    .try_for_each(|end| text(end))
            }
            Condition::PartIs(_, reference, _) => self.time(reference, base),
            Condition::Null(reference, _) => self.reference(reference, base),
            Condition::Columns(one, _, two) => {
                self.expr(one, base)?;
                self.expr(two, base)
            }
            Condition::Related {
                up,
                rows,
                down,
                count,
                measure,
                ..
            } => {
                finite(*count)?;
                self.tied(base, up, rows, down, measure.as_deref())
            }
            Condition::BeyondMean {
                up,
                rows,
                down,
                measure,
                ..
            } => self.tied(base, up, rows, down, Some(measure)),
            Condition::Average {
                expr, over, group, ..
            } => {
                self.expr(expr, base)?;
                self.number(expr)?;
                self.conditions(over, base)?;
                group
                    .iter()
                    .try_for_each(|group| self.reference(group, base))
            }
            Condition::Extreme { expr, over, .. } => {
                self.expr(expr, base)?;
                self.conditions(over, base)
            }
            Condition::Any(inner) | Condition::All(inner) => {
                some(inner, "a condition in it is empty")?;
                self.conditions(inner, base)
            }
            Condition::Not(inner) => self.condition(inner, base),
        }
    }

    /// Rows that lead back to the row which they are tied to.
    fn tied(
        &self,
        base: TableId,
        up: &[EdgeId],
        rows: &Rows,
        down: &[EdgeId],
        measure: Option<&Aggregate>,
    ) -> Checked {
        let shared = self.way(base, up)?;
        if down.is_empty() || self.way(rows.base, down)? != shared {
            return Err(format!(
                "{} is not tied to {}",
                self.name(rows.base),
                self.name(shared)
            ));
        }
        self.rows(rows)?;
        measure
            .iter()
            .try_for_each(|measure| self.aggregate(measure, rows.base))
    }

    fn aggregate(&self, aggregate: &Aggregate, base: TableId) -> Checked {
        self.conditions(&aggregate.filter, base)?;
        if let Function::Percentile(at) = aggregate.function
            && !(0.0..=100.0).contains(&at)
        {
            return Err("a percentile in it is none".into());
        }
        let Some(expr) = &aggregate.expr else {
            return match aggregate.function {
                Function::Count => Ok(()),
                _ => Err("a figure in it is of nothing".into()),
            };
        };
        self.expr(expr, base)?;
        match aggregate.function {
            Function::Count | Function::CountDistinct | Function::Minimum | Function::Maximum => {
                Ok(())
            }
            Function::Sum
            | Function::Average
            | Function::Median
            | Function::Percentile(_)
            | Function::StandardDeviation => self.number(expr),
        }
    }

    /// `keys`: by how many expressions its rows are grouped. `is_alone`: nothing stands beside it.
    fn measure(&self, measure: &Measure, base: TableId, keys: usize, is_alone: bool) -> Checked {
        match measure {
            Measure::Aggregate(inner) => self.aggregate(inner, base),
            Measure::Ratio { over, under, .. } => {
                self.measure(over, base, keys, false)?;
                self.measure(under, base, keys, false)
            }
            Measure::Difference(one, two) | Measure::Growth(one, two) => {
                self.measure(one, base, keys, false)?;
                self.measure(two, base, keys, false)
            }
            Measure::PerGroup { inner, group, .. } => {
                if !is_alone {
                    return Err("a figure over figures stands alone".into());
                }
                some(group, "a figure in it is over no groups")?;
                self.aggregate(inner, base)?;
                self.exprs(group, base)
            }
            Measure::Other {
                rows,
                aggregate,
                keys: own,
            } => {
                if !own.is_empty() && own.len() != keys {
                    return Err("a figure of other rows is not tied to the groups".into());
                }
                self.rows(rows)?;
                self.aggregate(aggregate, rows.base)?;
                self.exprs(own, rows.base)
            }
        }
    }

    fn groups(
        &self,
        query: &Query,
        keys: &[Key],
        measures: &[Measure],
        window: Option<Window>,
        width: usize,
    ) -> Checked {
        let base = query.rows.base;
        few(keys.len())?;
        few(measures.len())?;
        if keys.is_empty() && measures.is_empty() {
            return Err("it shows nothing".into());
        }
        if window.is_some() && (measures.is_empty() || keys.is_empty()) {
            return Err("a figure goes along no groups".into());
        }
        for key in keys {
            self.key(key, base)?;
        }
        let is_alone = measures.len() == 1 && query.having.is_empty() && window.is_none();
        measures
            .iter()
            .try_for_each(|measure| self.measure(measure, base, width, is_alone))
    }

    fn key(&self, key: &Key, base: TableId) -> Checked {
        some(&key.by, "a group in it is by nothing")?;
        some(&key.shown, "a group in it shows nothing")?;
        self.exprs(&key.by, base)?;
        self.exprs(&key.shown, base)?;
        let Some((path, table)) = &key.entity else {
            return Ok(());
        };
        let begins_there = |expr: &Expr| matches!(expr, Expr::Column(reference) if reference.path.starts_with(path));
        let all = key.by.iter().chain(&key.shown);
        if self.way(base, path)? != *table || !all.clone().all(begins_there) {
            return Err(format!("a group in it is not by {}", self.name(*table)));
        }
        Ok(())
    }
}
