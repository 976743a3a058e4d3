//! Rows that must not exist: "without any orders", "never ordered".

use super::Reader;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;

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

    /// "never enrolled": the verb is matched with a table only loosely, as a column of it.
    fn absent_by_verb(&mut self, at: usize, clause: usize) {
        let found = (at + 1..self.items.len())
            .take_while(|&i| self.items[i].clause == clause)
            .filter(|&i| matches!(self.items[i].kind, ItemKind::Column(_)) && !self.items[i].used)
            .find_map(|i| {
                let column = self.column_of(i)?;
                let table = self.catalog.columns[column].table;
                (Some(table) != self.draft.entity).then_some((i, table))
            });
        if let Some((item, table)) = found {
            self.use_item(at);
            self.use_item(item);
            self.draft.absent.push((table, clause));
        }
    }
}
