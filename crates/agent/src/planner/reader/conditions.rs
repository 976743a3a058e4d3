//! Filters -> conditions: alternatives, denials, and what several tied rows must meet.

use super::{Filter, Reader};
use crate::link::catalog::{ColumnId, TableId};
use crate::planner::cues::Cue;
use crate::planner::joins::{fans_out, join_tree};
use crate::planner::query::{Condition, Expr, Operand, Operator, Query};

impl Reader<'_> {
    pub(super) fn fill_filters(&mut self, query: &mut Query, entity: TableId) {
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
    pub(super) fn require_all(
        &self,
        query: &mut Query,
        entity: TableId,
        required: Vec<(TableId, Condition)>,
    ) {
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
    pub(super) fn wants_all(&self, group: &[Filter]) -> bool {
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
    pub(super) fn is_alternative(&self, first: &Filter, second: &Filter) -> bool {
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

    pub(super) fn denial_of(&self, filter: &Filter) -> Option<usize> {
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
    pub(super) fn reaches(&self, denial: usize, filter: &Filter) -> bool {
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
    pub(super) fn is_far(&self, entity: TableId, column: ColumnId) -> bool {
        let table = self.catalog.columns[column].table;
        join_tree(self.catalog, entity, &[table], &[])
            .is_some_and(|steps| fans_out(self.catalog, &steps))
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
        query.intersect = Some(Box::new(other));
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
