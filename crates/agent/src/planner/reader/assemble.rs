//! Puts what was read together: one query.

use super::{Reader, Target};
use crate::link::catalog::TableId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::joins::{fans_out, join_tree};
use crate::planner::query::{Condition, Expr, Function, Operand, Operator, Query};

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

    pub(super) fn fill_select(&mut self, query: &mut Query, entity: TableId) {
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

    pub(super) fn asks_how_many(&self) -> bool {
        (0..self.items.len())
            .any(|i| self.items[i].cue() == Some(Cue::Count) && self.lower(i) == "how")
    }

    pub(super) fn fill_groups(&mut self, query: &mut Query, entity: TableId) {
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

    pub(super) fn count_groups(&mut self, query: &mut Query, entity: TableId) {
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
    pub(super) fn extreme_as_filter(&self, query: &mut Query) -> bool {
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

    pub(super) fn fill_order(&mut self, query: &mut Query) {
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
        if let Some(descending) = self.draft.alphabetical.filter(|_| query.order.is_empty()) {
            let by = query
                .select
                .iter()
                .find(|expr| !expr.is_aggregate())
                .or(query.select.first())
                .cloned();
            query.order.extend(by.map(|by| (by, descending)));
        }
    }

    /// Tables that the question names without asking for anything of them still restrict the rows.
    pub(super) fn fill_also(&mut self, query: &mut Query, _entity: TableId) {
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
