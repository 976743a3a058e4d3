//! What things did and what has ended, where the data has no such word: "gave in 2025", "not returned yet", "left".

use schema_gen::meaning::TableKind;

use super::super::anchors::What;
use super::super::data::{ColumnId, TableId};
use super::super::frame::{Cond, Figure, Frame, Item, Of, Pending};
use super::super::query::Operator;
use super::super::score::Feature;
use super::super::values::How;
use super::Reader;
use crate::reading::lexicon;
use crate::reading::tokens::Kind;

impl Reader<'_> {
    /// "returned", "not completed yet", "outstanding": whether the time at which something ended is known, where the data
    /// has no such word.
    pub(super) fn endings(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let word = self.word(at);
        let Some(is_open) = lexicon::tells_of_an_end(word) else {
            return;
        };
        let is_known = !self.denied[at].is_empty() || self.anchors.at[at].iter().any(|anchor| {
            let is_time =
                matches!(anchor.what, What::Column(column) if self.data.columns[column].is_time());
            anchor.score > 0.8 && !is_time
        });
        if is_known {
            return;
        }
        // "were not returned yet", "still out"
        let to = if matches!(self.word(at + 1), "yet" | "so" | "still") {
            at + 2
        } else {
            at + 1
        };
        let endings = &self.data.endings;
        let is_named = |column: &ColumnId| {
            let table = self.data.columns[*column].table;
            self.anchors.at.iter().flatten().any(|anchor| {
                anchor.score > 0.7
                    && match anchor.what {
                        What::Table(named) => named == table,
                        What::Column(named) => self.data.columns[named].table == table,
                        _ => false,
                    }
            })
        };
        let some_named = endings.iter().any(is_named);
        for &column in endings {
            if some_named && !is_named(&column) {
                continue;
            }
            let mut next = frame.clone();
            let denied = next.negated.take().is_some();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 0.3);
            let cond = Cond::Null {
                column,
                is_null: is_open != denied,
            };
            next.push(Item::Cond(cond), (at, to));
            out.push((to, next));
        }
    }

    /// "donors who gave in 2025", "agents who never sold anything": what things do stands in the one table of events that
    /// refers to them, where the data has no such word.
    pub(super) fn doings(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let token = &self.tokens[at];
        if token.kind != Kind::Word
            || !self.cues[at].is_empty()
            || self.anchors.at[at].iter().any(|anchor| anchor.score > 0.6)
            || lexicon::tells_of_an_end(&token.lower).is_some()
            || lexicon::is_function_word(&token.lower)
            || frame
                .pending
                .as_ref()
                .is_some_and(|(pending, _)| *pending != Pending::Without)
        {
            return;
        }
        let before = at.checked_sub(1).map_or("", |place| self.word(place));
        let denied =
            matches!(frame.pending, Some((Pending::Without, _))) || frame.negated.is_some();
        let after_helper = matches!(
            before,
            "who" | "that" | "have" | "has" | "did" | "never" | "not" | "ever"
        );
        let subject = frame
            .items
            .iter()
            .rev()
            .find_map(|(item, span)| match item {
                Item::Entity(table)
                | Item::Figure(Figure {
                    of: Of::Rows(table),
                    ..
                }) if *table != usize::MAX => Some((*table, span.1 == at)),
                _ => None,
            });
        let Some((subject, is_near)) = subject else {
            return;
        };
        // "made by Voss", "located on each floor"
        let is_placed = matches!(self.word(at + 1), "by" | "on" | "in" | "at" | "of" | "as")
            && self.times.get(at + 1).is_none_or(Vec::is_empty);
        // "have gone lost" tells of a state.
        let is_state = self.anchors.at.get(at + 1).is_some_and(|after| {
            after.iter().any(|anchor| {
                matches!(&anchor.what, What::Value(one) if self.data.columns[one.column].table == subject && one.how <= How::Inflected)
            })
        });
        if is_placed || is_state {
            return;
        }
        let is_verb = if after_helper {
            true
        } else {
            is_near && lexicon::is_past(&token.lower)
        };
        if !is_verb || self.data.tables[subject].kind == TableKind::Event {
            return;
        }
        let mut events: Vec<TableId> = self
            .data
            .edges
            .iter()
            .filter(|edge| edge.to == subject && edge.from != subject)
            .map(|edge| edge.from)
            .filter(|&table| self.data.tables[table].time.is_some())
            .collect();
        events.sort_unstable();
        events.dedup();
        let [events] = events.as_slice() else {
            return;
        };
        let mut to = at + 1;
        while matches!(
            self.word(to),
            "anything" | "something" | "with" | "from" | "by" | "to" | "us" | "at" | "all" | "yet"
        ) && self.times.get(to).is_none_or(Vec::is_empty)
        {
            to += 1;
        }
        let mut next = frame.clone();
        next.pending = None;
        next.negated = None;
        next.add(Feature::NameUsed, 1.0);
        next.add(Feature::NameMisfit, 0.5);
        let has = Cond::Has {
            table: *events,
            operator: if denied {
                Operator::Equal
            } else {
                Operator::Greater
            },
            count: 0.0,
        };
        if denied {
            next.add(Feature::HasUsed, 1.0);
            next.push(Item::Cond(has), (at, to));
        } else {
            next.push(Item::Clause, (at, at));
            next.push(Item::Entity(*events), (at, to));
        }
        out.push((to, next));
    }

    /// "people who left last year": when somebody went stands in a column of its own.
    pub(super) fn leavings(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        if !matches!(
            self.word(at),
            "left" | "quit" | "resigned" | "departed" | "leave" | "leaving" | "leavers"
        ) || self.anchors.at[at].iter().any(|anchor| anchor.score > 0.8)
        {
            return;
        }
        for (column, info) in self.data.columns.iter().enumerate() {
            let tells = info.is_time()
                && info.stats.nulls > 0
                && info.words.iter().any(|word| {
                    matches!(
                        word.lemma.as_str(),
                        "left"
                            | "leave"
                            | "leaving"
                            | "exit"
                            | "term"
                            | "termination"
                            | "terminate"
                            | "resign"
                            | "resignation"
                            | "quit"
                            | "departure"
                    )
                });
            if !tells {
                continue;
            }
            let mut next = frame.clone();
            let denied = next.negated.take().is_some();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::NameMisfit, 0.2);
            if !denied {
                next.push(Item::TimeOf(column), (at, at + 1));
            }
            next.push(
                Item::Cond(Cond::Null {
                    column,
                    is_null: denied,
                }),
                (at, at + 1),
            );
            out.push((at + 1, next));
        }
    }
}
