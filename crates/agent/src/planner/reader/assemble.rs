//! Puts what was read together: one query.

use super::{Filter, Reader, Target};
use crate::link::catalog::{ColumnId, TableId};
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::joins::{fans_out, join_tree};
use crate::planner::query::{Combine, Condition, Expr, Function, Operand, Operator, Query};

impl Reader<'_> {
    pub(super) fn assemble(&mut self) -> Option<Query> {
        let entity = self.draft.entity?;
        let mut query = Query {
            root: entity,
            ..Query::default()
        };
        self.fill_select(&mut query, entity);
        let entity = self.draft.entity?;
        query.root = entity;
        self.fill_filters(&mut query, entity);
        self.fill_groups(&mut query, entity);
        self.fill_order(&mut query);
        self.fill_also(&mut query, entity);
        query.distinct = self.draft.distinct && query.group.is_empty();
        if !query.distinct
            && query.group.is_empty()
            && query.order.is_empty()
            && !query.select.iter().any(Expr::is_aggregate)
        {
            let tables = crate::planner::render::tables_of(&query, self.catalog);
            let steps = join_tree(self.catalog, query.root, &tables, &[])?;
            let shown: Vec<TableId> = query
                .select
                .iter()
                .flat_map(Expr::columns)
                .map(|c| self.catalog.columns[c].table)
                .collect();
            if fans_out(self.catalog, &steps) && shown.iter().all(|&table| table == entity) {
                query.distinct = true;
            }
        }
        if query.select.is_empty() {
            return None;
        }
        Some(query)
    }

    fn fill_select(&mut self, query: &mut Query, entity: TableId) {
        let mut select = self.draft.select.clone();
        for (item, _) in &mut select {
            *item += 1;
        }
        for (item, target) in &self.draft.group {
            let already = self
                .shown(*target)
                .iter()
                .all(|expr| select.iter().any(|(_, other)| other == expr))
                || matches!(target, Target::Table(table) if select.iter().any(|(_, expr)| {
                    !expr.is_aggregate() && expr.columns().iter().any(|&c| self.catalog.columns[c].table == *table)
                }));
            if !already {
                // "How many orders does each customer have": first the customer, then the count.
                let inside = (0..*item)
                    .rev()
                    .take(3)
                    .any(|i| self.items[i].cue() == Some(Cue::Each) && self.lower(i) == "in");
                let place = if self.asks_how_many() && !inside {
                    0
                } else {
                    *item + 1
                };
                for expr in self.shown(*target) {
                    select.push((place, expr));
                }
            }
        }
        select.sort_by_key(|(item, _)| *item);
        let mut seen: Vec<Expr> = Vec::new();
        for (_, expr) in select {
            if !seen.contains(&expr) {
                seen.push(expr);
            }
        }
        if seen.is_empty() {
            seen = self.naming(entity);
        }
        if self.draft.shows_rank
            && let Some(rank) = self.draft.ranks.first()
            && !seen.contains(&rank.by)
        {
            seen.push(rank.by.clone());
        }
        query.select = seen;
        // The entity is what the shown columns belong to where they all agree and nothing counts its rows.
        let tables: Vec<TableId> = query
            .select
            .iter()
            .flat_map(Expr::columns)
            .map(|c| self.catalog.columns[c].table)
            .collect();
        if let Some(&first) = tables.first()
            && tables.iter().all(|&table| table == first)
            && !query
                .select
                .iter()
                .any(|expr| matches!(expr, Expr::CountEntities(_) | Expr::CountRows))
        {
            self.draft.entity = Some(first);
        }
    }

    fn asks_how_many(&self) -> bool {
        (0..self.items.len())
            .any(|i| self.items[i].cue() == Some(Cue::Count) && self.lower(i) == "how")
    }

    fn fill_filters(&mut self, query: &mut Query, entity: TableId) {
        let filters = self.draft.filters.clone();
        let mut denied_far: Vec<(usize, TableId, Vec<Condition>)> = Vec::new();
        let mut required: Vec<(TableId, Condition)> = Vec::new();
        let mut at = 0;
        while at < filters.len() {
            let mut end = at + 1;
            while end < filters.len() && self.is_alternative(&filters[end - 1], &filters[end]) {
                end += 1;
            }
            let group = &filters[at..end];
            let denied = self.is_denied(&group[0]);
            let far = group[0]
                .column
                .is_some_and(|column| self.is_far(entity, column));
            let table = group[0]
                .column
                .map_or(entity, |column| self.catalog.columns[column].table);
            let all: Vec<Condition> = group.iter().map(|f| f.condition.clone()).collect();
            if denied && far {
                let clause = group[0].clause;
                match denied_far.iter_mut().find(|d| d.0 == clause) {
                    Some(open) => open.2.push(any_of(all)),
                    None => denied_far.push((clause, table, vec![any_of(all)])),
                }
            } else if denied {
                query.filters.push(negate(any_of(all)));
            } else if self.wants_all(group) {
                if far {
                    required.extend(all.into_iter().map(|condition| (table, condition)));
                } else {
                    intersect(query, all);
                }
            } else {
                query.filters.push(any_of(all));
            }
            at = end;
        }
        self.require_all(query, entity, required);
        for (_, to, conditions) in denied_far {
            query.filters.push(Condition::Related {
                from: entity,
                to,
                wanted: false,
                conditions,
            });
        }
        for (to, _) in self.draft.absent.clone() {
            query.filters.push(Condition::Related {
                from: entity,
                to,
                wanted: false,
                conditions: Vec::new(),
            });
        }
    }

    /// Each condition must be met by some tied row; what else is asked of those rows holds for each of them.
    fn require_all(&self, query: &mut Query, entity: TableId, required: Vec<(TableId, Condition)>) {
        let Some(&(table, _)) = required.first() else {
            return;
        };
        let of_table = |condition: &Condition| {
            let columns = condition.columns();
            !columns.is_empty()
                && columns
                    .iter()
                    .all(|&c| self.catalog.columns[c].table == table)
        };
        let shared: Vec<Condition> = query
            .filters
            .iter()
            .filter(|c| of_table(c))
            .cloned()
            .collect();
        query.filters.retain(|condition| !of_table(condition));
        for (to, condition) in required {
            let mut conditions = vec![condition];
            conditions.extend(shared.iter().cloned());
            query.filters.push(Condition::Related {
                from: entity,
                to,
                wanted: true,
                conditions,
            });
        }
    }

    /// "both … and …" over values of one column, or bounds that no single value meets.
    fn wants_all(&self, group: &[Filter]) -> bool {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            return false;
        };
        if first.item == last.item {
            return false;
        }
        let between = first.item..last.item;
        let both = (0..first.item).any(|i| self.items[i].cue() == Some(Cue::Both));
        let or = between
            .clone()
            .any(|i| self.items[i].cue() == Some(Cue::Or));
        let and = between
            .clone()
            .any(|i| self.items[i].cue() == Some(Cue::And));
        let contradict = contradicts(&first.condition, &last.condition);
        !or && (both
            || contradict
            || (and
                && first
                    .column
                    .is_some_and(|c| self.draft.entity.is_some_and(|e| self.is_far(e, c)))))
    }

    /// Values of one column in a row ("Paris, London or Rome"), conditions tied by "or", bounds that contradict.
    fn is_alternative(&self, first: &Filter, second: &Filter) -> bool {
        let equal = |filter: &Filter| {
            matches!(
                filter.condition,
                Condition::Compare(_, Operator::Equal, Operand::Text(_) | Operand::Number(_))
            )
        };
        let denials = |filter: &Filter| self.denial_of(filter).is_some();
        if denials(first) != denials(second) {
            return false;
        }
        second.or
            || (first.column == second.column
                && (equal(first) && equal(second)
                    || contradicts(&first.condition, &second.condition)))
    }

    fn denial_of(&self, filter: &Filter) -> Option<usize> {
        (0..self.items.len()).find(|&i| {
            self.reaches(i, filter)
                && matches!(
                    self.items[i].cue(),
                    Some(Cue::Not | Cue::Except | Cue::Without)
                )
                && (!self.items[i].used || self.draft.absent.is_empty())
                && !matches!(filter.condition, Condition::Like(_, _, true))
        })
    }

    /// A denial works in its clause; where nothing there can be denied, in the next one.
    fn reaches(&self, denial: usize, filter: &Filter) -> bool {
        let clause = self.items[denial].clause;
        if clause == filter.clause {
            return true;
        }
        let busy = self
            .draft
            .filters
            .iter()
            .any(|other| other.clause == clause && other.item > denial);
        let linked = (denial..filter.item)
            .all(|i| !matches!(self.items[i].cue(), Some(Cue::And | Cue::But)));
        clause + 1 == filter.clause
            && denial < filter.item
            && !busy
            && linked
            && !self.items[denial].used
    }

    pub fn is_denied(&mut self, filter: &Filter) -> bool {
        let denial = self.denial_of(filter);
        if let Some(denial) = denial {
            self.use_item(denial);
        }
        denial.is_some()
    }

    /// Whether a row of the entity may have several values of the column.
    fn is_far(&self, entity: TableId, column: ColumnId) -> bool {
        let table = self.catalog.columns[column].table;
        join_tree(self.catalog, entity, &[table], &[])
            .is_some_and(|steps| fans_out(self.catalog, &steps))
    }

    fn fill_groups(&mut self, query: &mut Query, entity: TableId) {
        query.having.clone_from(&self.draft.having);
        let aggregated = query.select.iter().any(Expr::is_aggregate);
        let ranked = self.draft.ranks.iter().any(|rank| rank.grouped);
        let explicit: Vec<Expr> = self
            .draft
            .group
            .iter()
            .flat_map(|(_, target)| self.group_key(*target))
            .collect();
        let plain: Vec<Expr> = query
            .select
            .iter()
            .filter(|expr| !expr.is_aggregate() && !matches!(expr, Expr::All(_)))
            .cloned()
            .collect();
        if !explicit.is_empty() && (aggregated || ranked || !query.having.is_empty()) {
            query.group = explicit;
            return;
        }
        if plain.is_empty() || !(aggregated || ranked || !query.having.is_empty()) {
            if aggregated && !query.having.is_empty() {
                // Rows of the entity are counted that meet a condition on groups: a query in a query.
                self.count_groups(query, entity);
            }
            return;
        }
        let counted_own = query
            .select
            .iter()
            .chain(self.draft.ranks.iter().map(|r| &r.by))
            .chain(query.having.iter().filter_map(|c| match c {
                Condition::Compare(left, ..) => Some(left),
                _ => None,
            }))
            .any(|expr| {
                matches!(expr, Expr::CountEntities(t) if *t == entity) || *expr == Expr::CountRows
            });
        let all_of_entity = plain
            .iter()
            .flat_map(Expr::columns)
            .all(|c| self.catalog.columns[c].table == entity);
        let key = self.catalog.tables[entity].primary_key.clone();
        let named = self
            .named_tables()
            .iter()
            .any(|&(_, table)| table == entity)
            || plain == self.naming(entity);
        if all_of_entity && !counted_own && !key.is_empty() && named {
            query.group = key.into_iter().map(Expr::Column).collect();
        } else {
            query.group = plain;
        }
    }

    fn count_groups(&mut self, query: &mut Query, entity: TableId) {
        let key = self.catalog.tables[entity].primary_key.clone();
        let [key] = key.as_slice() else { return };
        let inner = Query {
            root: entity,
            select: vec![Expr::Column(*key)],
            group: vec![Expr::Column(*key)],
            having: std::mem::take(&mut query.having),
            ..Query::default()
        };
        query
            .filters
            .push(Condition::InQuery(*key, Box::new(inner), false));
    }

    pub fn group_key(&self, target: Target) -> Vec<Expr> {
        match target {
            Target::Column(column) => vec![Expr::Column(column)],
            Target::Part(part, column) => vec![Expr::DatePart(part, column)],
            Target::Table(table) => {
                let key = &self.catalog.tables[table].primary_key;
                if key.is_empty() {
                    self.naming(table)
                } else {
                    key.iter().map(|&column| Expr::Column(column)).collect()
                }
            }
        }
    }

    /// An aggregate over the rows with the extreme value: "average age of students in the largest dorm".
    fn extreme_as_filter(&self, query: &mut Query) -> bool {
        let [rank] = self.draft.ranks.as_slice() else {
            return false;
        };
        let only_aggregates = query.select.iter().all(Expr::is_aggregate);
        let Expr::Column(column) = rank.by else {
            return false;
        };
        if rank.limit != Some(1) || !only_aggregates || !query.group.is_empty() {
            return false;
        }
        let function = if rank.descending {
            Function::Maximum
        } else {
            Function::Minimum
        };
        let inner = Query {
            root: self.catalog.columns[column].table,
            select: vec![Expr::Aggregate(function, Box::new(Expr::Column(column)))],
            ..Query::default()
        };
        query.filters.push(Condition::Compare(
            Expr::Column(column),
            Operator::Equal,
            Operand::Query(Box::new(inner)),
        ));
        true
    }

    fn fill_order(&mut self, query: &mut Query) {
        if self.extreme_as_filter(query) {
            return;
        }
        for rank in &self.draft.ranks {
            let by = match (&rank.by, query.group.is_empty()) {
                (Expr::Column(column), false)
                    if !query.group.contains(&rank.by) && self.is_far(query.root, *column) =>
                {
                    Expr::Aggregate(
                        crate::planner::query::Function::Sum,
                        Box::new(rank.by.clone()),
                    )
                }
                (Expr::CountEntities(table), _)
                    if *table == query.root || !query.group.is_empty() =>
                {
                    Expr::CountRows
                }
                _ => rank.by.clone(),
            };
            query.order.push((by, rank.descending));
            if rank.limit.is_some() {
                query.limit = rank.limit;
            }
            if let Some(table) = rank.by.table() {
                query.also.push(table);
            }
        }
        let part = query
            .group
            .iter()
            .find(|expr| matches!(expr, Expr::DatePart(..)));
        if query.order.is_empty()
            && let Some(part) = part.cloned()
        {
            query.order.push((part, false));
        }
        if self.draft.alphabetical && query.order.is_empty() {
            let by = query
                .select
                .iter()
                .find(|expr| !expr.is_aggregate())
                .or(query.select.first())
                .cloned();
            query
                .order
                .extend(by.map(|by| (by, self.draft.alphabetical_descending)));
        }
    }

    /// Tables that the question names without asking for anything of them still restrict the rows.
    fn fill_also(&mut self, query: &mut Query, _entity: TableId) {
        for expr in query.select.iter().chain(&query.group) {
            query.also.extend(expr.table());
        }
        for condition in &query.having {
            if let Condition::Compare(left, ..) | Condition::Between(left, ..) = condition {
                query.also.extend(left.table());
            }
        }
        let absent: Vec<TableId> = self.draft.absent.iter().map(|(table, _)| *table).collect();
        for (item, table) in self.named_tables() {
            let is_verb = ["ed", "ing"]
                .iter()
                .any(|end| self.lower(item).ends_with(end));
            let weak = self.items[item]
                .tables()
                .iter()
                .any(|t| t.0 == table && t.1 < 0.9);
            if !matches!(self.items[item].kind, ItemKind::Table(_))
                || absent.contains(&table)
                || (is_verb && weak)
            {
                continue;
            }
            let denied = query
                .filters
                .iter()
                .any(|filter| matches!(filter, Condition::Related { to, .. } if *to == table));
            if !denied {
                query.also.push(table);
            }
        }
    }
}

/// Rows of the first condition that are also found with each other one.
fn intersect(query: &mut Query, all: Vec<Condition>) {
    let before = query.filters.clone();
    for (number, condition) in all.into_iter().enumerate() {
        if number == 0 {
            query.filters.push(condition);
            continue;
        }
        let mut filters = before.clone();
        filters.push(condition);
        let other = Query {
            root: query.root,
            select: query.select.clone(),
            filters,
            ..Query::default()
        };
        query.combine = Some((Combine::Intersect, Box::new(other)));
    }
}

/// `x < low and x > high` with `low <= high`: no single value meets both.
fn contradicts(first: &Condition, second: &Condition) -> bool {
    let bound = |condition: &Condition| match condition {
        Condition::Compare(Expr::Column(column), operator, Operand::Number(number)) => {
            Some((*column, *operator, *number))
        }
        _ => None,
    };
    let (Some(a), Some(b)) = (bound(first), bound(second)) else {
        return false;
    };
    let is_upper = |operator| matches!(operator, Operator::Less | Operator::LessOrEqual);
    let is_lower = |operator| matches!(operator, Operator::Greater | Operator::GreaterOrEqual);
    a.0 == b.0
        && ((is_upper(a.1) && is_lower(b.1) && a.2 <= b.2)
            || (is_lower(a.1) && is_upper(b.1) && a.2 >= b.2))
}

fn any_of(conditions: Vec<Condition>) -> Condition {
    if let [single] = conditions.as_slice() {
        return single.clone();
    }
    Condition::Any(conditions)
}

fn negate(condition: Condition) -> Condition {
    match condition {
        Condition::Compare(left, operator, right) => {
            Condition::Compare(left, operator.negated(), right)
        }
        Condition::Like(column, pattern, negated) => Condition::Like(column, pattern, !negated),
        other => Condition::Not(Box::new(other)),
    }
}
