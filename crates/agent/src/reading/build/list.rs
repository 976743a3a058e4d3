//! Rows told one by one: which they are, and what is shown of them.

use schema_gen::meaning::Role;

use super::super::data::TableId;
use super::super::frame::{Ask, By, Item, Of};
use super::super::query::{Condition, Expr, OrderBy, Query, Ref, Select, Value};
use super::super::score::Feature;
use super::super::values::fold;
use super::{Builder, MOST_COLUMNS, Sense};

impl Builder<'_, '_> {
    pub(super) fn list(&mut self, mut sense: Sense) -> Option<Query> {
        let data = self.reader.data;
        // A reference to what is listed stands for its key.
        if let Some(&(table, ..)) = sense
            .entities
            .iter()
            .find(|entity| !entity.2)
            .or(sense.entities.first())
        {
            for (column, _) in &mut sense.columns {
                if data.columns[*column].table != table
                    && let Some(edge) = data.edge_of(*column)
                    && data.edges[edge].to == table
                    && let [to] = data.edges[edge].to_columns.as_slice()
                {
                    *column = *to;
                }
            }
        }
        self.features.add(Feature::PlainList, 1.0);
        if !sense.keys.is_empty() {
            // A list has no groups.
            self.features.add(Feature::LostFunction, 1.0);
        }
        if sense.asks.is_empty()
            && sense.orders.is_empty()
            && sense
                .columns
                .iter()
                .any(|(column, _)| data.columns[*column].role.is_measure())
        {
            self.features.add(Feature::Unsure, 1.0);
        }
        // The rows: of the asked entity, else of the first column, else of what is ordered by, else of a condition.
        let order_table = sense.orders.iter().find_map(|order| match &order.0 {
            By::Of(of) => Some(self.reader.data.table_of(of)),
            _ => None,
        });
        let described = self.rows_described(&sense);
        let subject = sense
            .entities
            .iter()
            .find(|entity| !entity.2 && !self.after_a_column(entity.1))
            // "names of physicians who prescribe": of them are told the names, not of what they prescribe.
            .or(sense
                .entities
                .first()
                .filter(|entity| !sense.columns.iter().any(|(_, at)| *at < entity.1)))
            .filter(|entity| described.is_none() && !self.after_a_column(entity.1))
            .copied();
        let first_column = sense
            .columns
            .first()
            .map(|(column, _)| data.columns[*column].table);
        let mut base = match (subject, first_column) {
            _ if described.is_some() => described?,
            (Some((table, ..)), _) => table,
            (None, Some(table)) => table,
            (None, None) => match order_table {
                Some(table) => table,
                None => self.table_of_conditions(&sense)?,
            },
        };
        // "who" is never a number.
        if subject.is_none()
            && sense.asks.contains(&Ask::Who)
            && sense
                .columns
                .iter()
                .all(|(column, _)| data.columns[*column].is_number())
            && !sense.columns.is_empty()
        {
            return None;
        }
        // All that is shown and ordered by must be reached from the rows.
        let mut needed: Vec<TableId> = sense
            .columns
            .iter()
            .map(|(column, _)| data.columns[*column].table)
            .collect();
        needed.extend(order_table);
        let reaches = |base: TableId| {
            needed
                .iter()
                .all(|&table| table == base || !data.paths_up(base, table).is_empty())
        };
        if !reaches(base) {
            let mut all = needed.clone();
            all.push(base);
            let mut candidates: Vec<(usize, TableId)> = (0..data.tables.len())
                .filter_map(|from| {
                    let mut sum = 0;
                    for &table in &all {
                        if table != from {
                            sum += data.paths_up(from, table).first()?.len();
                        }
                    }
                    Some((sum, from))
                })
                .collect();
            candidates.sort_unstable();
            let pick = self.pick("rows".into(), candidates.len().min(2));
            base = candidates.get(pick)?.1;
            self.features.add(Feature::FarBase, 1.0);
        }
        let mut conditions = self.lower_all(base, &sense.conds)?;
        let beside = self.told_beside(base, subject.map(|entity| entity.0), &sense);
        let said = sense.entities.clone();
        sense
            .entities
            .retain(|entity| !beside.iter().any(|one| one.1 == entity.1));
        self.leftover_entities(base, &sense)?;
        sense.entities = said;
        self.lower_times(base, &sense, &mut conditions)?;
        conditions.extend(self.flush_related());
        if sense.current {
            self.lower_current(base, &mut conditions);
        }
        // "cities in the county with the most police officers": the extreme is the county's, all its cities are meant.
        if let [(By::Of(Of::Column(column)), None, largest, Some(1), 0, _)] =
            sense.orders.as_slice()
            && let table = data.columns[*column].table
            && table != base
            && subject.is_some_and(|(own, ..)| own != table)
            && sense.entities.iter().any(|entity| entity.0 == table)
            && !data.paths_up(base, table).is_empty()
        {
            let expr = Expr::Column(self.expr_of(base, *column, 0)?);
            conditions.push(Condition::Extreme {
                expr,
                largest: *largest,
                over: Vec::new(),
            });
            sense.orders.clear();
        }
        let mut shown: Vec<Expr> = Vec::new();
        let subject_table = subject.map(|entity| entity.0);
        if sense.everything {
            let table = subject_table.unwrap_or(base);
            let path = self.up(base, table, 0)?;
            for &column in data.tables[table].columns.iter().take(MOST_COLUMNS) {
                shown.push(Expr::Column(Ref {
                    path: path.clone(),
                    column,
                }));
            }
        } else {
            let asked_rows = subject
                .is_some_and(|(_, at, _)| sense.columns.iter().all(|(_, place)| *place > at))
                && !sense.columns.is_empty();
            let is_list = sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::List | Ask::Which | Ask::Who));
            if let (true, Some(table), true) =
                (asked_rows, subject_table, is_list || sense.asks.is_empty())
            {
                let path = self.up(base, table, 0)?;
                let label = self.label(table, &path);
                let names_said = sense
                    .columns
                    .iter()
                    .any(|(column, _)| data.tables[table].label.contains(column));
                let told_apart =
                    subject.is_some_and(|(_, at, _)| self.columns_are_listed_after(at, &sense));
                if !names_said && !told_apart {
                    shown.extend(label);
                }
            }
            for (_, at) in &sense.columns {
                if sense.relative.is_some_and(|from| from < *at) {
                    self.features.add(Feature::ColumnInClause, 1.0);
                }
            }
            for (column, at) in &sense.columns {
                let span = self.frame.items[*at].1;
                for (table, _) in beside.iter().filter(|one| one.1 < *at) {
                    self.show_name(base, *table, &mut shown)?;
                }
                let reference = self.expr_of(base, *column, span.0)?;
                // A reference is shown by the name of what it refers to, unless its code was asked for.
                let code_asked = self.asks_for_code(span);
                let target = data
                    .edge_of(*column)
                    .filter(|_| !code_asked)
                    .map(|edge| (edge, data.edges[edge].to))
                    .filter(|(_, to)| {
                        data.tables[*to]
                            .label
                            .iter()
                            .any(|label| !data.tables[*to].key.contains(label))
                    });
                let exprs = match target {
                    Some((edge, to)) => {
                        let mut path = reference.path.clone();
                        path.push(edge);
                        self.label(to, &path)
                    }
                    None => vec![Expr::Column(reference)],
                };
                for expr in exprs {
                    if !shown.contains(&expr) {
                        shown.push(expr);
                    }
                }
            }
            if shown.is_empty() && !beside.is_empty() {
                shown = self.label(base, &[]);
            }
            for (table, _) in &beside {
                self.show_name(base, *table, &mut shown)?;
            }
            if shown.is_empty() {
                let table = subject_table.unwrap_or(base);
                let path = self.up(base, table, 0)?;
                let ordered_by = sense.orders.iter().find_map(|order| match order.0 {
                    By::Of(Of::Column(column)) => Some(column),
                    _ => None,
                });
                if let (None, Some(column), false) =
                    (subject, ordered_by, sense.asks.contains(&Ask::Who))
                {
                    let reference = self.expr_of(base, column, 0)?;
                    shown.push(Expr::Column(reference));
                } else if sense.asks.contains(&Ask::When)
                    && let Some(time) = data.tables[table].time
                {
                    shown.push(Expr::Column(Ref { path, column: time }));
                } else {
                    shown = self.label(table, &path);
                }
                if subject.is_none() {
                    self.features.add(Feature::NoSubject, 0.5);
                }
            }
        }
        if sense.also_who {
            // The label says who or what it was; a number of its own says nothing beside the figure asked for.
            if let Some(measured) = sense.orders.iter().find_map(|order| match &order.0 {
                By::Of(Of::Column(column)) if order.3.is_some() => Some(*column),
                _ => None,
            }) {
                let reference = self.expr_of(base, measured, 0)?;
                shown.retain(|expr| !matches!(expr, Expr::Column(shown) if data.columns[shown.column].role == Role::Identifier));
                let expr = Expr::Column(reference);
                if !shown.contains(&expr) {
                    shown.insert(0, expr);
                }
            }
            if let Some(path) = self.way_to_whom(base) {
                let table = path.last().map_or(base, |&edge| data.edges[edge].to);
                for expr in self.label(table, &path) {
                    if !shown.contains(&expr) {
                        shown.push(expr);
                    }
                }
            }
        }
        // "which tools have the highest rate": all that have it.
        if let [(By::Of(Of::Column(column)), None, largest, Some(1), 0, _)] =
            sense.orders.as_slice()
            && data.columns[*column].table == base
            && data.columns[*column].is_number()
            && self.asks_for_several()
        {
            let expr = Expr::Column(self.expr_of(base, *column, 0)?);
            let over = conditions.clone();
            conditions.push(Condition::Extreme {
                expr,
                largest: *largest,
                over,
            });
            sense.orders.clear();
        }
        let is_given = |expr: &Expr| {
            matches!(expr, Expr::Column(reference) if conditions.iter().any(|condition| {
                matches!(condition, Condition::In(of, values, false) if of == reference && is_one_value(values))
            }))
        };
        if !shown.is_empty() && shown.iter().all(is_given) {
            self.features.add(Feature::Echo, 1.0);
        } else {
            // "the publisher ID of Star Trek": the name was given, it needs no telling.
            let said = |expr: &Expr| {
                matches!(expr, Expr::Column(reference) if sense.columns.iter().any(|(column, at)| {
                    *column == reference.column && !sense.conds.iter().any(|(_, cond, _)| at.abs_diff(*cond) <= 2)
                }))
            };
            shown.retain(|expr| !is_given(expr) || said(expr));
        }
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        for (by, _, descending, limit, offset, _) in &sense.orders {
            let expr = match by {
                By::Of(Of::Column(column)) => Some(Expr::Column(self.expr_of(base, *column, 0)?)),
                By::Of(Of::Duration(earlier, Some(later), unit)) => {
                    let earlier = self.expr_of(base, *earlier, 0)?;
                    let later = self.expr_of(base, *later, 0)?;
                    for time in [&earlier, &later] {
                        if limit.is_some() && data.columns[time.column].stats.nulls > 0 {
                            let known = Condition::Null(time.clone(), false);
                            query.rows.conditions.push(known);
                        }
                    }
                    Some(Expr::Duration {
                        earlier,
                        later: Some(later),
                        unit: *unit,
                    })
                }
                By::Of(_) => None,
                By::Time => {
                    let listed = shown.iter().find(|expr| matches!(expr, Expr::Column(reference) if data.columns[reference.column].is_time())).cloned();
                    let filtered =
                        query
                            .rows
                            .conditions
                            .iter()
                            .find_map(|condition| match condition {
                                Condition::Within(reference, ..) => {
                                    Some(Expr::Column(reference.clone()))
                                }
                                _ => None,
                            });
                    listed.or(filtered).or_else(|| {
                        data.tables[base]
                            .time
                            .map(|column| Expr::Column(Ref::own(column)))
                    })
                }
                By::Name => shown.first().cloned(),
                By::Measure => self.largest_by(base, &shown, &query.rows.conditions, *descending),
            };
            match expr {
                Some(expr) => {
                    if limit.is_some()
                        && let Expr::Column(reference) = &expr
                        && data.columns[reference.column].stats.nulls > 0
                    {
                        query
                            .rows
                            .conditions
                            .push(Condition::Null(reference.clone(), false));
                    }
                    query.order.push((OrderBy::Expr(expr), *descending));
                }
                None => self.features.add(Feature::OrderMisfit, 1.0),
            }
            if let Some(limit) = limit {
                query.limit = Some(*limit);
                query.offset = *offset;
            }
        }
        if let Some(limit) = sense.limit {
            query.limit = Some(limit);
        }
        let only_dimensions = shown.iter().all(|expr| match expr {
            Expr::Column(reference) => {
                let role = data.columns[reference.column].role;
                matches!(
                    role,
                    Role::Category | Role::Ordinal | Role::Year | Role::Flag
                )
            }
            _ => false,
        });
        let distinct = query.order.is_empty()
            && (sense.distinct
                || (only_dimensions
                    && shown.len() == 1
                    && subject.is_none()
                    && self.pick("distinct".into(), 2) == 0));
        query.select = Select::List { shown, distinct };
        Some(self.shared_by_apart(query, sense.both))
    }

    /// "… with guest and room": what each row belongs to is told beside it, as having one restricts nothing.
    fn told_beside(
        &self,
        base: TableId,
        subject: Option<TableId>,
        sense: &Sense,
    ) -> Vec<(TableId, usize)> {
        if subject.is_some_and(|subject| subject != base) {
            return Vec::new();
        }
        let said_with = |at: usize| {
            let clause = self.frame.items[..at]
                .iter()
                .rev()
                .find(|(item, _)| matches!(item, Item::Clause));
            clause.is_some_and(|(_, span)| self.reader.word(span.0) == "with")
        };
        let described = |table: TableId| {
            sense
                .conds
                .iter()
                .any(|(cond, ..)| self.cond_table(cond) == Some(table))
        };
        sense
            .entities
            .iter()
            .filter(|(table, at, clause)| {
                (*clause && said_with(*at) || !*clause && self.after_a_column(*at))
                    && *table != base
                    && !described(*table)
                    && !self.reader.data.paths_up(base, *table).is_empty()
            })
            .map(|(table, at, _)| (*table, *at))
            .collect()
    }

    /// "Which part has the most faults? List the part id and amount." says by itself all that is shown.
    fn columns_are_listed_after(&self, subject: usize, sense: &Sense) -> bool {
        let Some(&(_, first)) = sense.columns.first() else {
            return false;
        };
        let items = &self.frame.items;
        // "List the restaurant name and rating" where the name is said by the table's.
        let is_said_again = items[subject + 1..]
            .iter()
            .any(|(item, _)| *item == items[subject].0);
        if is_said_again {
            return false;
        }
        let between = items[subject].1.1..items[first].1.0;
        between.clone().any(|at| {
            matches!(self.reader.word(at), "?" | "." | ";")
                && between.contains(&(at + 1))
                && matches!(
                    self.reader.word(at + 1),
                    "list" | "show" | "give" | "return" | "find" | "tell" | "display"
                )
        })
    }

    /// "names of members and their parties": told beside the column before it.
    fn after_a_column(&self, at: usize) -> bool {
        matches!(
            &self.frame.items[..at],
            [.., (Item::Column(_), _), (Item::And, _)]
        )
    }

    /// "no-shows with guest and room": the rows are those that the conditions hold for, and what they belong to is told.
    fn rows_described(&self, sense: &Sense) -> Option<TableId> {
        let data = self.reader.data;
        let (cond, ..) = sense.conds.first()?;
        let table = self.cond_table(cond)?;
        let leads_to_all = !sense.entities.is_empty()
            && sense.entities.iter().all(|(entity, _, clause)| {
                *clause && *entity != table && !data.paths_up(table, *entity).is_empty()
            });
        leads_to_all.then_some(table)
    }

    fn show_name(&mut self, base: TableId, table: TableId, shown: &mut Vec<Expr>) -> Option<()> {
        let path = self.up(base, table, 0)?;
        for expr in self.label(table, &path) {
            if !shown.contains(&expr) {
                shown.push(expr);
            }
        }
        Some(())
    }

    /// What "largest first" orders a list by: a measure that is shown or compared, the table's amount, else what is shown.
    fn largest_by(
        &self,
        base: TableId,
        shown: &[Expr],
        conditions: &[Condition],
        descending: bool,
    ) -> Option<Expr> {
        let data = self.reader.data;
        let measures = |expr: &&Expr| matches!(expr, Expr::Column(reference) if data.columns[reference.column].role.is_measure());
        let compared = conditions.iter().find_map(|condition| match condition {
            Condition::Compare(expr, ..) | Condition::Between(expr, ..) => {
                Some(expr).filter(measures)
            }
            _ => None,
        });
        let unsaid = || {
            let amount = || {
                data.main_amount(base)
                    .map(|column| Expr::Column(Ref::own(column)))
            };
            compared.cloned().or_else(amount).filter(|_| descending)
        };
        shown
            .iter()
            .find(measures)
            .cloned()
            .or_else(unsaid)
            .or_else(|| shown.first().cloned())
    }
}

/// Whether all are spellings of one value.
fn is_one_value(values: &[Value]) -> bool {
    let text = |value: &Value| match value {
        Value::Text(text) => fold(text),
        Value::Number(number) => number.to_string(),
    };
    values.iter().all(|value| text(value) == text(&values[0]))
}
