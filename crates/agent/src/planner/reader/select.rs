//! What is to be shown.

use super::{Reader, Target};
use crate::link::catalog::TableId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Expr, Function};

impl Reader<'_> {
    pub(super) fn read_select(&mut self) {
        let mut functions: Vec<Function> = Vec::new();
        let mut last: Vec<Function> = Vec::new();
        let mut distinct = false;
        for at in 0..self.items.len() {
            if self.items[at].used || !self.items[at].head {
                continue;
            }
            match self.items[at].kind.clone() {
                ItemKind::Cue(Cue::Aggregate(function)) => {
                    self.use_item(at);
                    functions.push(function);
                }
                ItemKind::Cue(Cue::Distinct) => {
                    self.use_item(at);
                    distinct = true;
                }
                ItemKind::Cue(Cue::Everything) => {
                    self.use_item(at);
                    if let Some(table) = self.draft.entity {
                        self.draft.select.push((at, Expr::All(table)));
                    }
                }
                ItemKind::Cue(Cue::Count) => {
                    let measured = self
                        .next_heavy(at + 1)
                        .and_then(|next| self.number_column(next))
                        .is_some_and(|column| self.catalog.columns[column].is_number());
                    if functions.is_empty() || !measured {
                        self.read_count(at, &mut distinct);
                    } else {
                        self.use_item(at);
                    }
                }
                ItemKind::Column(_) if self.is_deed_of(at) => self.use_item(at),
                ItemKind::Column(_) => {
                    if functions.is_empty() && self.shares_function(at) {
                        functions.clone_from(&last);
                    }
                    self.read_shown(at, &functions);
                    last = std::mem::take(&mut functions);
                }
                ItemKind::Cue(Cue::Measure(words)) => {
                    if let Some(column) = self.measured_column(words, self.table_after(at)) {
                        self.use_item(at);
                        self.draft.select.push((at, Expr::Column(column)));
                    }
                }
                ItemKind::Measure(expr) => {
                    self.use_item(at);
                    let expr = match (functions.first(), &expr) {
                        (Some(&function), Expr::Aggregate(_, inner)) => {
                            Expr::Aggregate(function, inner.clone())
                        }
                        _ => expr,
                    };
                    functions.clear();
                    self.draft.select.push((at, expr));
                }
                ItemKind::Cue(Cue::HowMuch) => self.use_item(at),
                ItemKind::Table(_) => self.read_second_table(at),
                _ => {}
            }
        }
        self.wrap_last(&functions);
        self.draft.distinct = distinct;
        self.drop_first_sentence();
        self.read_question_word();
    }

    /// A verb that is only like a column's name ("performances they attended").
    pub(super) fn is_deed_of(&self, at: usize) -> bool {
        let item = &self.items[at];
        let token = &self.tokens[item.from];
        let verb =
            item.to - item.from == 1 && ["ed", "ing"].iter().any(|end| token.lower.ends_with(end));
        verb && !item
            .columns()
            .iter()
            .any(|&(id, _)| self.catalog.columns[id].has_word(&token.word.lemma))
    }

    /// "Average age and weight": the second number shares the function.
    pub(super) fn shares_function(&self, at: usize) -> bool {
        let and = at >= 2 && self.items[at - 1].cue() == Some(Cue::And);
        let follows = at >= 2 && !self.items[at - 2].columns().is_empty();
        let number = self.column_of(at).is_some_and(|id| {
            self.catalog.columns[id].is_number()
                && !self.catalog.columns[id].is_foreign
                && !self.catalog.columns[id].is_id()
        });
        and && follows && number
    }

    /// "How old are they on average": the function follows what it is applied to.
    pub(super) fn wrap_last(&mut self, functions: &[Function]) {
        let &[function] = functions else { return };
        if let [(_, expr @ Expr::Column(_))] = self.draft.select.as_mut_slice() {
            *expr = Expr::Aggregate(function, Box::new(expr.clone()));
        }
    }

    pub(super) fn table_after(&self, at: usize) -> Option<TableId> {
        (at..self.items.len()).find_map(|i| self.table_of(i))
    }

    /// "names of actors and the musicals they are in": the second table is shown by its names.
    pub(super) fn read_second_table(&mut self, at: usize) {
        let before = (0..at)
            .rev()
            .find(|&i| self.items[i].kind != ItemKind::Skip);
        let listed = before.is_some_and(|i| {
            matches!(self.items[i].cue(), Some(Cue::And | Cue::Also))
                && self.items[i].head
                && i.checked_sub(1)
                    .is_some_and(|b| !self.items[b].tables().is_empty())
        });
        let Some(table) = self.table_of(at).filter(|_| listed) else {
            return;
        };
        if self.draft.select.is_empty()
            || Some(table) == self.draft.entity
            || self
                .draft
                .select
                .iter()
                .any(|(_, expr)| expr.is_aggregate())
        {
            return;
        }
        self.use_item(at);
        for expr in self.naming(table) {
            self.draft.select.push((at, expr));
        }
    }

    pub(super) fn read_shown(&mut self, at: usize, functions: &[Function]) {
        if functions.is_empty() {
            if let Some(column) = self.column_of(at) {
                self.use_item(at);
                let info = &self.catalog.columns[column];
                // "Name" of somebody whose names are kept apart means all of them.
                let exprs = if info.words.len() > 1
                    && self
                        .phrase(at)
                        .to_lowercase()
                        .trim_end_matches('s')
                        .ends_with("name")
                    && self.names_both(at)
                {
                    self.naming(info.table)
                } else {
                    vec![Expr::Column(column)]
                };
                for expr in exprs {
                    self.draft.select.push((at, expr));
                }
            }
            return;
        }
        let Some(column) = self.number_column(at) else {
            return;
        };
        self.use_item(at);
        for &function in functions {
            self.draft.select.push((
                at,
                Expr::Aggregate(function, Box::new(Expr::Column(column))),
            ));
        }
    }

    /// The phrase fits first and last name equally.
    pub(super) fn names_both(&self, at: usize) -> bool {
        let fits: Vec<_> = self.items[at]
            .columns()
            .iter()
            .map(|c| &self.catalog.columns[c.0])
            .collect();
        let first = fits
            .iter()
            .any(|c| c.has_word("first") || c.has_word("f") || c.has_word("forename"));
        let last = fits
            .iter()
            .any(|c| c.has_word("last") || c.has_word("l") || c.has_word("surname"));
        first && last
    }

    pub(super) fn read_count(&mut self, at: usize, distinct: &mut bool) {
        self.use_item(at);
        let mut target = at + 1;
        let mut different = false;
        while target < self.items.len() {
            match self.cue(target) {
                Some(Cue::Distinct) => {
                    different = true;
                    self.use_item(target);
                }
                _ if self.items[target].is_light()
                    || self.items[target].kind == ItemKind::Unknown
                    || self.items[target].used && self.items[target].tables().is_empty() => {}
                _ => break,
            }
            target += 1;
        }
        different |= std::mem::take(distinct);
        let expr = if target >= self.items.len() {
            self.draft.entity.map(Expr::CountEntities)
        } else if let Some(table) = self.table_of(target) {
            self.use_item(target);
            Some(Expr::CountEntities(table))
        } else if let Some(column) = self.column_of(target).filter(|_| !self.items[target].used) {
            self.use_item(target);
            let info = &self.catalog.columns[column];
            if info.is_number() && !different && !info.is_key && !info.is_foreign {
                Some(Expr::Aggregate(
                    Function::Sum,
                    Box::new(Expr::Column(column)),
                ))
            } else {
                Some(Expr::CountDistinct(column))
            }
        } else {
            self.draft.entity.map(Expr::CountEntities)
        };
        if let Some(expr) = expr {
            self.draft.select.push((at, expr));
        }
    }

    /// Columns that stand for the rows of a target.
    pub fn shown(&self, target: Target) -> Vec<Expr> {
        match target {
            Target::Table(table) => self.naming(table),
            Target::Column(column) => vec![Expr::Column(column)],
            Target::Part(part, column) => vec![Expr::DatePart(part, column)],
        }
    }
}
