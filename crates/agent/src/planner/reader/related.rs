//! Rows that must not exist: "without any orders", "never ordered".

use super::Reader;
use crate::link::catalog::TableId;
use crate::link::words::likeness;
use crate::planner::cues::Cue;

impl Reader<'_> {
    /// Denials that no filter took and that a table's name follows.
    pub(super) fn read_absent(&mut self) {
        for at in 0..self.items.len() {
            if !matches!(self.cue(at), Some(Cue::Not | Cue::Without | Cue::Except)) {
                continue;
            }
            let clause = self.items[at].clause;
            let filtered = self
                .draft
                .filters
                .iter()
                .any(|filter| filter.clause == clause && filter.item > at);
            let table = (at + 1..self.items.len())
                .take_while(|&i| self.items[i].clause == clause)
                .find_map(|i| {
                    let table = self.table_of(i)?;
                    (Some(table) != self.draft.entity).then_some((i, table))
                });
            if filtered {
                continue;
            }
            if let Some((item, table)) = table {
                self.use_item(at);
                self.use_item(item);
                self.draft.absent.push((table, clause));
            } else {
                self.absent_by_verb(at, clause);
            }
        }
    }

    /// "never enrolled", "never ordered": the verb is like a table's name.
    fn absent_by_verb(&mut self, at: usize, clause: usize) {
        let found = (at + 1..self.items.len())
            .take_while(|&i| self.items[i].clause == clause)
            .find_map(|i| Some((i, self.table_like(i)?)));
        if let Some((item, table)) = found {
            self.use_item(at);
            self.use_item(item);
            self.draft.absent.push((table, clause));
        }
    }

    /// A table other than the entity whose name or column the word is like.
    fn table_like(&self, at: usize) -> Option<TableId> {
        let other = |table: TableId| Some(table) != self.draft.entity;
        if let Some(column) = self.column_of(at).filter(|_| !self.items[at].used) {
            let table = self.catalog.columns[column].table;
            return other(table).then_some(table);
        }
        let said = &self.tokens[self.items[at].from].word;
        (0..self.catalog.tables.len()).find(|&table| {
            let words = &self.catalog.tables[table].words;
            other(table) && words.len() == 1 && likeness(said, &words[0]) >= 0.9
        })
    }
}
