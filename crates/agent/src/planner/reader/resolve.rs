//! Which of several tables or columns a phrase means, by what else the question names.

use super::Reader;
use crate::link::catalog::{ColumnId, TableId};
use crate::link::lexicon;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::Expr;

impl Reader<'_> {
    /// The table that a table phrase means: the best match, ties go to the table of other phrases' columns.
    pub(super) fn table_of(&self, at: usize) -> Option<TableId> {
        let tables = self.items[at].tables();
        let best = |&(table, score): &(TableId, f64)| {
            let supported = self.items.iter().any(|item| {
                item.columns()
                    .first()
                    .is_some_and(|top| self.catalog.columns[top.0].table == table)
            });
            let words = self.catalog.tables[table].words.len() as f64;
            score + if supported { 0.05 } else { 0.0 }
                - 0.01 * words
                - if self.catalog.is_bridge(table) {
                    0.02
                } else {
                    0.0
                }
        };
        tables
            .iter()
            .max_by(|a, b| best(a).total_cmp(&best(b)))
            .map(|&(table, _)| table)
    }

    /// Every table the question names, with the item that names it.
    pub fn named_tables(&self) -> Vec<(usize, TableId)> {
        (0..self.items.len())
            .filter_map(|at| {
                let beside = || match &self.items[at].kind {
                    ItemKind::Column(mention) => mention.beside,
                    _ => None,
                };
                Some((at, self.table_of(at).or_else(beside)?))
            })
            .collect()
    }

    pub(super) fn column_of(&self, at: usize) -> Option<ColumnId> {
        self.column_where(at, |_| true)
    }

    /// The column that a column phrase means among those that `fit`.
    pub(super) fn column_where(
        &self,
        at: usize,
        fit: impl Fn(ColumnId) -> bool,
    ) -> Option<ColumnId> {
        let candidates = self.items[at].columns();
        let named = self.named_tables();
        let score = |column: ColumnId, own: f64| own + self.closeness(at, column, &named);
        candidates
            .iter()
            .filter(|(column, _)| fit(*column))
            .max_by(|a, b| score(a.0, a.1).total_cmp(&score(b.0, b.1)))
            .map(|&(column, _)| column)
    }

    /// How far the column that a phrase means is ahead of the next one.
    pub fn margin(&self, at: usize) -> f64 {
        let named = self.named_tables();
        let mut scores: Vec<f64> = self.items[at]
            .columns()
            .iter()
            .map(|&(column, own)| own + self.closeness(at, column, &named))
            .collect();
        scores.sort_by(|a, b| b.total_cmp(a));
        match scores.as_slice() {
            [first, second, ..] => first - second,
            _ => 1.0,
        }
    }

    /// How near the column's table is to the phrase: named beside it, named at all, or tied to a named one.
    pub(super) fn closeness(&self, at: usize, column: ColumnId, named: &[(usize, TableId)]) -> f64 {
        let info = &self.catalog.columns[column];
        let table = info.table;
        let is_compound = self.items[at]
            .mention()
            .is_some_and(|mention| mention.names_table);
        let mut score = 0.0;
        if self.items[at]
            .mention()
            .is_some_and(|mention| mention.beside == Some(table))
        {
            score += 0.3;
        }
        if let Some(listed) = self.listed_before(at)
            && self.catalog.columns[listed].table == table
        {
            score += 0.15;
        }
        let next = named.iter().find(|(item, _)| *item > at);
        let previous = named.iter().rev().find(|(item, _)| *item < at);
        let head = self.items[at].head;
        if let Some(&(item, next_table)) = next
            && next_table == table
            && (self.items[item].clause == self.items[at].clause || head)
        {
            let linked = (at + 1..item).any(|i| matches!(self.items[i].cue(), Some(Cue::Of)));
            score += if linked { 0.3 } else { 0.2 };
        }
        if let Some(&(item, previous_table)) = previous
            && previous_table == table
        {
            let beside = (item + 1..at)
                .all(|i| self.lower(i) == "'s" || self.items[i].kind == ItemKind::Skip);
            score += if beside { 0.35 } else { 0.15 };
        }
        if named.iter().any(|&(_, other)| other == table) {
            score += 0.12;
        } else if self.draft.entity != Some(table) {
            let near = named
                .iter()
                .filter_map(|&(_, other)| self.catalog.distance(other, table))
                .min()
                .unwrap_or(2);
            score -= 0.03 * near.min(4) as f64;
        }
        if self.draft.entity == Some(table) {
            score += 0.1;
        }
        let spoken = self.items.iter().enumerate().any(|(other, item)| {
            let best = item.columns().first();
            other != at
                && best.is_some_and(|b| b.1 > 0.9 && self.catalog.columns[b.0].table == table)
        });
        if spoken {
            score += 0.05;
        }
        if info.is_foreign && !info.is_key && !is_compound {
            score -= 0.02;
        }
        if info.is_key && info.has_word("id") {
            score += 0.02;
        }
        score
    }

    /// The column named just before in a list (`the name, id and …`), where its phrase fits only one table.
    fn listed_before(&self, at: usize) -> Option<ColumnId> {
        let before = (0..at).rev().find(|&i| {
            self.items[i].kind != ItemKind::Skip
                && self.cue(i) != Some(Cue::And)
                && !matches!(self.items[i].kind, ItemKind::Mark(','))
        })?;
        let columns = self.items[before].columns();
        let best = columns.first()?;
        let rival = columns.iter().skip(1).any(|other| other.1 > best.1 - 0.1);
        (!rival).then_some(best.0)
    }

    /// The column that an adjective measures, nearest the entity.
    pub(super) fn measured_column(
        &self,
        words: &[&str],
        near: Option<TableId>,
    ) -> Option<ColumnId> {
        let named: Vec<TableId> = near
            .into_iter()
            .chain(self.draft.entity)
            .chain(self.named_tables().into_iter().map(|(_, table)| table))
            .collect();
        let mut best: Option<(f64, ColumnId)> = None;
        for (id, column) in self.catalog.columns.iter().enumerate() {
            let Some(table_rank) = named.iter().position(|&table| table == column.table) else {
                continue;
            };
            let Some(rank) = words.iter().position(|word| {
                column.has_word(word)
                    || column.words.iter().any(|own| {
                        lexicon::synonyms(word, &own.lemma)
                            && *word != "date"
                            && *word != "year"
                            && *word != "size"
                            && *word != "time"
                    })
            }) else {
                continue;
            };
            let measurable = column.is_number()
                || column.is_time()
                || column.has_word("date")
                || column.has_word("year")
                || column.has_word("age")
                || column.has_word("time");
            if !measurable || (column.is_foreign) || column.has_word("id") {
                continue;
            }
            let exact = if column.has_word(words[rank]) {
                0.0
            } else {
                0.5
            };
            let cost =
                table_rank as f64 * 1.5 + rank as f64 + exact + 0.1 * column.words.len() as f64;
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, id));
            }
        }
        best.map(|(_, column)| column)
    }

    /// Whether a larger value of the column means less of the adjective (`old` by year of birth).
    pub(super) fn is_point_in_time(&self, column: ColumnId) -> bool {
        let info = &self.catalog.columns[column];
        info.is_time()
            || [
                "birth",
                "birthday",
                "birthdate",
                "year",
                "date",
                "dob",
                "founded",
                "found",
                "built",
                "opened",
            ]
            .iter()
            .any(|word| info.has_word(word))
    }

    /// What people call a row: its name, title or label; first and last name together; else what describes it; else its key.
    pub(super) fn naming(&self, table: TableId) -> Vec<Expr> {
        let info = &self.catalog.tables[table];
        let with = |words: &[&str]| {
            info.columns.iter().copied().find(|&id| {
                let column = &self.catalog.columns[id];
                !column.is_foreign && words.iter().all(|word| column.has_word(word))
            })
        };
        let own: Option<ColumnId> = info.columns.iter().copied().find(|&id| {
            let column = &self.catalog.columns[id];
            let last = column.words.last().map_or("", |word| word.lemma.as_str());
            !column.is_foreign
                && (last == "name" || last == "title")
                && column.words.iter().all(|word| {
                    matches!(word.lemma.as_str(), "name" | "title" | "full")
                        || self.catalog.is_table_word(column, word)
                })
        });
        if let Some(name) = own {
            return vec![Expr::Column(name)];
        }
        let first = with(&["first", "name"])
            .or(with(&["f", "name"]))
            .or(with(&["forename"]));
        let last = with(&["last", "name"])
            .or(with(&["l", "name"]))
            .or(with(&["surname"]));
        if let (Some(first), Some(last)) = (first, last) {
            return vec![Expr::Column(first), Expr::Column(last)];
        }
        for word in ["name", "title", "label"] {
            if let Some(column) = with(&[word]) {
                return vec![Expr::Column(column)];
            }
        }
        let same = info.columns.iter().copied().find(|&id| {
            let column = &self.catalog.columns[id];
            !column.is_number()
                && !column.is_foreign
                && column
                    .words
                    .iter()
                    .all(|word| self.catalog.is_table_word(column, word))
        });
        if let Some(column) = same {
            return vec![Expr::Column(column)];
        }
        for word in ["detail", "description"] {
            if let Some(column) =
                with(&[word]).filter(|&c| !self.catalog.columns[c].has_word("other"))
            {
                return vec![Expr::Column(column)];
            }
        }
        if info.primary_key.is_empty() {
            return vec![Expr::All(table)];
        }
        info.primary_key
            .iter()
            .map(|&key| Expr::Column(key))
            .collect()
    }
}
