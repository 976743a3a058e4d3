//! What is counted or summed for each of something.

use super::{Reader, Target};
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;

impl Reader<'_> {
    /// "owned by", "taught by": who did it, not how to group.
    pub(super) fn is_passive(&self, at: usize) -> bool {
        let before = self.lower(at.wrapping_sub(1));
        let endings = ["ed", "en", "wn", "ght", "ade", "ne", "ld", "un", "ung"];
        self.items
            .get(at.wrapping_sub(1))
            .is_some_and(|item| item.tables().is_empty())
            && endings.iter().any(|ending| before.ends_with(ending))
            || self
                .items
                .get(at.wrapping_sub(1))
                .is_some_and(|item| item.used)
    }

    /// `for each …`, `per …`, `by …` where something is counted or summed (`counts`: it was, in the question before).
    pub fn read_groups(&mut self, counts: bool) {
        let aggregates = counts
            || self.items.iter().any(|item| {
                let counted = matches!(item.cue(), Some(Cue::Count | Cue::Aggregate(_)));
                matches!(item.kind, ItemKind::Measure(_)) || (!item.used && counted)
            });
        for at in 0..self.items.len() {
            let adverb = self.lower(at).ends_with("ly");
            if adverb
                && aggregates
                && let Some(part) = self.part_at(at)
            {
                self.use_item(at);
                self.draft.group.push((at, part));
            }
            let is_by = self.cue(at) == Some(Cue::By) && aggregates && !self.is_passive(at);
            if (self.cue(at) == Some(Cue::Each) || is_by) && self.read_group(at, is_by) {
                self.use_item(at);
            }
        }
    }

    /// The groups named after `at`; whether there are any.
    fn read_group(&mut self, at: usize, is_by: bool) -> bool {
        let mut next = self.next_heavy(at + 1).filter(|&target| target <= at + 3);
        let mut taken = false;
        while let Some(target) = next {
            let Some(found) = self.group_at(target) else {
                break;
            };
            self.draft.group.push((target, found));
            self.use_item(target);
            taken = true;
            let and = self.cue(target + 1) == Some(Cue::And);
            let last_column = matches!(found, Target::Column(_))
                && target + 4 >= self.items.len()
                && self
                    .items
                    .get(target + 2)
                    .is_some_and(|item| !item.columns().is_empty());
            next = (and && (is_by || last_column))
                .then(|| self.next_heavy(target + 2))
                .flatten();
        }
        taken
    }

    fn group_at(&self, at: usize) -> Option<Target> {
        if self.items[at].used {
            return None;
        }
        self.part_at(at)
            .or_else(|| self.table_of(at).map(Target::Table))
            .or_else(|| self.column_of(at).map(Target::Column))
    }
}
