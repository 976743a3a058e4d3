//! The first and the last time of rows: "when was the first asset acquired", "when did the last order come in".

use super::super::anchors::What;
use super::super::frame::{Ask, Figure, Frame, Item, Of};
use super::super::query::Function;
use super::super::score::Feature;
use super::{NounOf, Reader};

impl Reader<'_> {
    /// "when was the first asset acquired", "when did the last order come in": the earliest or latest time of such rows.
    pub(super) fn when_first(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let function = match self.word(at) {
            "first" | "earliest" => Function::Minimum,
            "last" | "latest" => Function::Maximum,
            _ => return,
        };
        if frame.ask() != Some(Ask::When) {
            return;
        }
        for noun in self.nouns(at + 1) {
            let NounOf::Table(table) = noun.what else {
                continue;
            };
            let said = (noun.to..noun.to + 3).find_map(|place| {
                self.anchors
                    .at
                    .get(place)?
                    .iter()
                    .find_map(|anchor| match anchor.what {
                        What::Column(column)
                            if self.data.columns[column].table == table
                                && self.data.columns[column].is_time() =>
                        {
                            Some((column, anchor.to))
                        }
                        _ => None,
                    })
            });
            let its_own = || self.data.tables[table].time.map(|time| (time, noun.to));
            let Some((column, end)) = said.or_else(its_own) else {
                continue;
            };
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            if said.is_none() {
                next.add(Feature::AssumedTime, 0.1);
            }
            next.push(
                Item::Figure(Figure::new(Some(function), Of::Column(column))),
                (at, end),
            );
            out.push((end, next));
        }
    }
}
