//! Puts what was read together: one query.

use super::{Filter, Reader, Target};
use crate::link::catalog::{ColumnId, TableId};
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::joins::{fans_out, join_tree};
use crate::planner::query::{Condition, Expr, Operand, Operator, Query};

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
        let ranked_column = self
            .items
            .iter()
            .enumerate()
            .find(|(_, item)| item.head && !item.used && !item.columns().is_empty());
        let _ = ranked_column;
        for (item, target) in &self.draft.group {
            let already = self
                .shown(*target)
                .iter()
                .all(|expr| select.iter().any(|(_, other)| other == expr))
                || matches!(target, Target::Table(table) if select.iter().any(|(_, expr)| {
                    !expr.is_aggregate() && expr.columns().iter().any(|&c| self.catalog.columns[c].table == *table)
                }));
            if !already {
                for expr in self.shown(*target) {
                    select.push((*item, expr));
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

    fn fill_filters(&mut self, query: &mut Query, entity: TableId) {
        let filters = std::mem::take(&mut self.draft.filters);
        let mut at = 0;
        while at < filters.len() {
            let mut end = at + 1;
            while end < filters.len()
                && (filters[end].or || self.same_column_list(&filters[end - 1], &filters[end]))
            {
                end += 1;
            }
            let group = &filters[at..end];
            let denied = self.is_denied(&group[0]);
            let far = group[0]
                .column
                .is_some_and(|column| self.is_far(entity, column));
            let conditions: Vec<Condition> = group.iter().map(|f| f.condition.clone()).collect();
            let joined = any_of(conditions);
            match (denied, far) {
                (true, true) => {
                    let table = group[0]
                        .column
                        .map_or(entity, |c| self.catalog.columns[c].table);
                    query.filters.push(Condition::Related {
                        from: entity,
                        to: table,
                        wanted: false,
                        conditions: vec![joined],
                    });
                }
                (true, false) => query.filters.push(negate(joined)),
                _ => query.filters.push(joined),
            }
            at = end;
        }
        for (table, _) in self.draft.absent.clone() {
            query.filters.push(Condition::Related {
                from: entity,
                to: table,
                wanted: false,
                conditions: Vec::new(),
            });
        }
        self.draft.filters = filters;
    }

    /// "Paris, London or Rome": values of one column in a row are alternatives.
    fn same_column_list(&self, first: &Filter, second: &Filter) -> bool {
        let equal = |filter: &Filter| {
            matches!(
                filter.condition,
                Condition::Compare(_, Operator::Equal, Operand::Text(_) | Operand::Number(_))
            )
        };
        first.column == second.column && equal(first) && equal(second)
    }

    fn is_denied(&mut self, filter: &Filter) -> bool {
        let denial = (0..self.items.len()).find(|&i| {
            self.items[i].clause == filter.clause
                && matches!(
                    self.items[i].cue(),
                    Some(Cue::Not | Cue::Except | Cue::Without)
                )
                && (!self.items[i].used || self.draft.absent.is_empty())
                && !matches!(filter.condition, Condition::Like(_, _, true))
        });
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
        if all_of_entity && !counted_own && !key.is_empty() {
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
        query.filters.push(Condition::Compare(
            Expr::Column(*key),
            Operator::Equal,
            Operand::Query(Box::new(inner)),
        ));
    }

    fn group_key(&self, target: Target) -> Vec<Expr> {
        match target {
            Target::Column(column) => vec![Expr::Column(column)],
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

    fn fill_order(&mut self, query: &mut Query) {
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
            if !matches!(self.items[item].kind, ItemKind::Table(_)) || absent.contains(&table) {
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
