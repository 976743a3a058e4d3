//! Several figures of one thing, extremes among them: "shortest, longest and average delay", "cheapest and dearest wine".

use super::super::cues::Cue;
use super::super::data::{ColumnId, TableId};
use super::super::frame::{Figure, Frame, Item, Of, Pending};
use super::super::query::Function;
use super::super::score::Feature;
use super::{NounOf, Reader};
use crate::reading::lexicon;

impl Reader<'_> {
    pub(super) fn extremes(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let Some((after, functions, adjective)) = self.functions_listed(at) else {
            return;
        };
        let mut next = frame.clone();
        self.drop_pending(&mut next);
        // "the longest and the shortest appointment": of rows, by what the adjective measures.
        if let Some(adjective) = adjective {
            for noun in self.nouns(after) {
                let NounOf::Table(table) = noun.what else {
                    continue;
                };
                for column in self.measured_in(table, adjective) {
                    let mut figures = next.clone();
                    self.use_name(&mut figures, &noun);
                    figures.add(Feature::AssumedColumn, 0.3);
                    for &function in &functions {
                        figures.push(
                            Item::Figure(Figure::new(Some(function), Of::Column(column))),
                            (at, noun.to),
                        );
                    }
                    out.push((noun.to, figures));
                }
            }
        }
        next.pending = Some((Pending::Several(functions), at));
        out.push((after, next));
    }

    /// Two or more functions in a row, at least one of them said by an extreme; with the token after them, and an
    /// adjective that tells what is measured.
    fn functions_listed(&self, at: usize) -> Option<(usize, Vec<Function>, Option<&str>)> {
        let mut functions: Vec<Function> = Vec::new();
        let (mut here, mut end, mut has_extreme) = (at, at, false);
        let mut adjectives: Vec<&str> = Vec::new();
        loop {
            while matches!(self.word(here), "the" | "its" | "their") {
                here += 1;
            }
            let Some((length, function, is_extreme)) = self.function_here(here) else {
                break;
            };
            if functions.contains(&function) {
                return None;
            }
            if is_extreme && lexicon::measured_by(self.word(here)).is_some() {
                adjectives.push(self.word(here));
            }
            functions.push(function);
            has_extreme |= is_extreme;
            here += length;
            end = here;
            while matches!(self.word(here), "," | "and" | "&" | "/" | "or") {
                here += 1;
            }
            if here == end {
                break;
            }
        }
        // "The cheapest and the heaviest" are measured by two things: neither list speaks for the other.
        let measured = |word: &str| lexicon::measured_by(word).map(|(names, _)| names);
        let adjective = adjectives.first().copied();
        if adjectives.iter().any(|word| {
            measured(word).map(<[_]>::len) != adjective.and_then(measured).map(<[_]>::len)
                || measured(word).and_then(<[_]>::first)
                    != adjective.and_then(measured).and_then(<[_]>::first)
        }) {
            return None;
        }
        (functions.len() > 1 && has_extreme).then_some((end, functions, adjective))
    }

    fn function_here(&self, at: usize) -> Option<(usize, Function, bool)> {
        let cue = self
            .cues
            .get(at)?
            .iter()
            .find_map(|(length, cue)| match cue {
                Cue::Function(function) => Some((
                    *length,
                    *function,
                    matches!(function, Function::Minimum | Function::Maximum),
                )),
                Cue::Superlative { descending: true } => Some((*length, Function::Maximum, true)),
                Cue::Superlative { descending: false } => Some((*length, Function::Minimum, true)),
                _ => None,
            });
        cue.or_else(|| {
            let word = self.word(at);
            let (_, less) = lexicon::measured_by(word).filter(|_| word.ends_with("est"))?;
            let function = if less {
                Function::Minimum
            } else {
                Function::Maximum
            };
            Some((1, function, true))
        })
    }

    /// The columns of a table that an adjective measures, the likeliest one first.
    fn measured_in(&self, table: TableId, adjective: &str) -> Vec<ColumnId> {
        let Some((names, _)) = lexicon::measured_by(adjective) else {
            return Vec::new();
        };
        let mut found: Vec<(usize, ColumnId)> = self.data.tables[table]
            .columns
            .iter()
            .filter(|&&column| self.comparable(column))
            .filter_map(|&column| {
                let info = &self.data.columns[column];
                let rank = names.iter().position(|name| info.has_word(name))?;
                Some((rank, column))
            })
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, column)| column).collect()
    }
}
