//! Whose rows are asked for, and which sentence says what to show.

use super::Reader;
use crate::link::catalog::TableId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::Expr;

impl Reader<'_> {
    /// The table whose rows are asked for: named in the head, outside a count if possible.
    pub(super) fn find_entity(&mut self) {
        let head: Vec<(usize, TableId)> = self
            .named_tables()
            .into_iter()
            .filter(|&(item, _)| self.items[item].head)
            .collect();
        let plain = head.iter().find(|&&(item, _)| !self.is_counted(item));
        self.draft.entity = plain.or(head.first()).map(|&(_, table)| table);
        if self.draft.entity.is_none() {
            let column = (0..self.items.len())
                .find(|&i| self.items[i].head && !self.items[i].columns().is_empty());
            self.draft.entity = column
                .and_then(|i| self.column_of(i))
                .map(|column| self.catalog.columns[column].table);
        }
        if self.draft.entity.is_none() {
            self.draft.entity = self.named_tables().first().map(|&(_, table)| table);
        }
    }

    /// Stands right after "how many", "number of".
    pub(super) fn is_counted(&self, at: usize) -> bool {
        (0..at)
            .rev()
            .find(|&i| {
                !matches!(self.items[i].kind, ItemKind::Skip)
                    && !matches!(self.items[i].cue(), Some(Cue::Distinct | Cue::Of))
            })
            .is_some_and(|i| self.items[i].cue() == Some(Cue::Count))
    }

    /// "Which … ? List the name and …": the later request says what to show.
    pub(super) fn drop_first_sentence(&mut self) {
        let end = self
            .items
            .iter()
            .position(|item| matches!(item.kind, ItemKind::Mark('.' | '?' | ';')));
        let Some(end) = end else { return };
        let asks_more = (end + 1..self.items.len())
            .find(|&i| self.items[i].kind != ItemKind::Skip)
            .is_some_and(|i| self.items[i].cue() == Some(Cue::Imperative));
        if asks_more && self.draft.select.iter().any(|(item, _)| *item > end) {
            self.draft.select.retain(|(item, _)| *item > end);
        }
    }

    /// "When did …", "Where is …": the date or the place.
    pub(super) fn read_question_word(&mut self) {
        if !self.draft.select.is_empty() {
            return;
        }
        let word = self.lower(0).to_owned();
        let words: &[&str] = match word.as_str() {
            "when" => &["date", "datetime", "time", "year"],
            "where" => &["location", "address", "city", "place", "country"],
            _ => return,
        };
        let found = self.draft.entity.and_then(|table| {
            words.iter().find_map(|word| {
                self.catalog.tables[table]
                    .columns
                    .iter()
                    .copied()
                    .find(|&id| self.catalog.columns[id].has_word(word))
            })
        });
        if let Some(column) = found {
            self.draft.select.push((0, Expr::Column(column)));
        }
    }
}
