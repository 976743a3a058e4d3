//! Ways between tables: up to what a row refers to, and over to rows that are tied to it.

use super::super::data::{ColumnId, EdgeId, TableId};
use super::super::query::Ref;
use super::super::score::Feature;
use super::Builder;
use crate::reading::words::likeness;

impl Builder<'_, '_> {
    /// One way up from a table to another; which, where there are several, is a choice.
    pub(super) fn up(&mut self, from: TableId, to: TableId, near: usize) -> Option<Vec<EdgeId>> {
        if from == to {
            return Some(Vec::new());
        }
        let mut paths: Vec<(f64, Vec<EdgeId>)> = self
            .reader
            .data
            .paths_up(from, to)
            .into_iter()
            .map(|path| (self.cued(&path, near), path))
            .collect();
        paths.sort_by(|one, two| {
            (two.0 - two.1.len() as f64 * 0.3).total_cmp(&(one.0 - one.1.len() as f64 * 0.3))
        });
        // Longer ways are no rivals of a direct one.
        let shortest = paths.iter().map(|(_, path)| path.len()).min()?;
        paths.retain(|(cue, path)| path.len() == shortest || *cue > 0.0);
        let pick = self.pick(format!("path {from} {to}"), paths.len());
        let several = paths.len() > 1;
        let best = paths.first().map_or(0.0, |one| one.0);
        let (cue, path) = paths.swap_remove(pick);
        self.features.add(Feature::PathLength, path.len() as f64);
        if several {
            if cue > 0.0 && cue >= best {
                self.features.add(Feature::PathCued, 1.0);
            } else {
                self.features.add(
                    Feature::PathChosen,
                    1.0 + f64::from(u8::from(pick > 0)) * 0.5,
                );
            }
        }
        Some(path)
    }

    /// How strongly the question's words point to this way: the name of a reference, or "from" and "to".
    fn cued(&self, path: &[EdgeId], near: usize) -> f64 {
        let data = self.reader.data;
        let mut sum = 0.0;
        for &edge in path {
            let edge = &data.edges[edge];
            let target = &data.tables[edge.to].words;
            for &column in &edge.from_columns {
                for word in &data.columns[column].words {
                    if target
                        .iter()
                        .any(|own| own.lemma == word.lemma || likeness(own, word) >= 0.7)
                        || matches!(word.lemma.as_str(), "id" | "code" | "cd" | "no" | "key")
                        || crate::reading::lexicon::is_stop(&word.lemma)
                    {
                        continue;
                    }
                    let names_rows = data.tables[edge.from]
                        .words
                        .iter()
                        .any(|own| own.lemma == word.lemma);
                    if names_rows {
                        // Of friendships `friend_id` is the friend, whose they are tells the other reference.
                        sum -= 0.2;
                        continue;
                    }
                    for (at, token) in self.reader.tokens.iter().enumerate() {
                        if likeness(&token.word, word) >= 0.8 {
                            sum += 1.0 / (1.0 + (at.abs_diff(near) as f64) * 0.1);
                        }
                    }
                    let before = near.checked_sub(1).map_or("", |at| self.reader.word(at));
                    let earlier = near.checked_sub(2).map_or("", |at| self.reader.word(at));
                    let towards = matches!(before, "to" | "into" | "towards");
                    let away = before == "from"
                        || (before == "of" && earlier == "out")
                        || matches!(earlier, "from");
                    let is_goal = matches!(
                        word.lemma.as_str(),
                        "destination"
                            | "dest"
                            | "arrival"
                            | "to"
                            | "target"
                            | "receiver"
                            | "recipient"
                            | "end"
                            | "dst"
                    );
                    let is_start = matches!(
                        word.lemma.as_str(),
                        "origin"
                            | "source"
                            | "departure"
                            | "from"
                            | "sender"
                            | "start"
                            | "src"
                            | "orig"
                    );
                    if (towards && is_goal) || (away && is_start) {
                        sum += 1.5;
                    }
                    let sends = self.reader.tokens.iter().any(|token| {
                        matches!(
                            token.word.lemma.as_str(),
                            "send" | "dispatch" | "ship" | "leave" | "depart"
                        )
                    });
                    let receives = self
                        .reader
                        .tokens
                        .iter()
                        .any(|token| matches!(token.word.lemma.as_str(), "receive" | "arrive"));
                    if (sends && is_start) || (receives && is_goal) {
                        sum += 0.5;
                    }
                }
            }
        }
        sum
    }

    pub(super) fn expr_of(&mut self, base: TableId, column: ColumnId, near: usize) -> Option<Ref> {
        let table = self.reader.data.columns[column].table;
        let path = self.up(base, table, near)?;
        Some(Ref { path, column })
    }

    /// The nearest rows that are tied to the base and reach the target upwards.
    pub(super) fn relation(
        &mut self,
        base: TableId,
        target: TableId,
    ) -> Option<(Vec<EdgeId>, TableId, Vec<EdgeId>)> {
        let data = self.reader.data;
        let mut ups: Vec<(Vec<EdgeId>, TableId)> = vec![(Vec::new(), base)];
        for (table, _) in data.tables.iter().enumerate() {
            if table != base {
                ups.extend(
                    data.paths_up(base, table)
                        .into_iter()
                        .map(|path| (path, table)),
                );
            }
        }
        let mut found: Vec<(usize, f64, Vec<EdgeId>, TableId, Vec<EdgeId>)> = Vec::new();
        for (up, shared) in &ups {
            for rows in 0..data.tables.len() {
                let to_target = if rows == target {
                    Some(0)
                } else {
                    data.paths_up(rows, target).first().map(Vec::len)
                };
                let Some(to_target) = to_target else { continue };
                for down in data.paths_up(rows, *shared) {
                    if down.is_empty() || (rows == base && up.is_empty()) && *shared != base {
                        continue;
                    }
                    // Going up and straight down again the same way says nothing.
                    if up.last().is_some() && up.last() == down.last() && rows == base {
                        continue;
                    }
                    let length = up.len() + down.len() + to_target;
                    let cue = self.cued(&down, 0);
                    found.push((length, cue, up.clone(), rows, down));
                }
            }
        }
        found.sort_by(|one, two| {
            (one.0 as f64 - one.1 * 0.5).total_cmp(&(two.0 as f64 - two.1 * 0.5))
        });
        let shortest = found.iter().map(|one| one.0).min()?;
        found.retain(|one| one.0 <= shortest);
        let pick = self.pick(format!("relation {base} {target}"), found.len().min(3));
        if pick > 0 {
            self.features.add(Feature::PathChosen, 1.0);
        }
        let (length, _, up, rows, down) = found.swap_remove(pick);
        self.features.add(Feature::PathLength, length as f64);
        self.features.add(Feature::Semijoin, 1.0);
        Some((up, rows, down))
    }

    /// Where "who" leads from a row: the nearest persons, else the first thing with a name that it refers to.
    pub(super) fn way_to_whom(&self, base: TableId) -> Option<Vec<EdgeId>> {
        let data = self.reader.data;
        let named = |table: TableId| {
            let info = &data.tables[table];
            info.label.iter().any(|label| !info.key.contains(label))
        };
        (0..data.tables.len())
            .filter(|&table| table != base && named(table))
            .filter_map(|table| {
                let path = data.paths_up(base, table).into_iter().next()?;
                Some((!data.tables[table].holds_persons, path.len(), path))
            })
            .min()
            .map(|(_, _, path)| path)
    }
}
