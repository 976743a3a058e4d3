//! What is not there, or not so: "without a reason", "no handler assigned", "inactive", "unpaid".

use schema_gen::meaning::Role;

use super::super::anchors::What;
use super::super::data::Data;
use super::super::frame::{Cond, Frame, Item, Pending};
use super::super::query::Operator;
use super::super::score::Feature;
use super::super::values::{How, Values};
use super::{Noun, NounOf, Reader};
use crate::reading::lexicon;
use crate::reading::tokens::{Kind, Token};
use crate::reading::words::{Word, likeness};

impl Reader<'_> {
    pub(super) fn without(
        &self,
        mut next: Frame,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                next.push(
                    Item::Cond(Cond::Has {
                        table,
                        operator: Operator::Equal,
                        count: 0.0,
                    }),
                    span,
                );
                next.add(Feature::HasUsed, 1.0);
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if info.is_time() {
                    // "never opened a ticket": the verb goes with the noun.
                    let mut verb = next.clone();
                    verb.pending = Some((Pending::Without, span.0));
                    verb.add(Feature::TimeAsEvent, 1.0);
                    out.push((noun.to, verb));
                }
                let value_follows = (noun.to..noun.to + 3)
                    .take_while(|&at| {
                        at == noun.to || lexicon::is_function_word(self.word(at - 1))
                    })
                    .filter_map(|at| self.anchors.at.get(at))
                    .flatten()
                    .any(|anchor| matches!(&anchor.what, What::Value(value) if value.how <= How::Inflected));
                if info.is_foreign && value_follows {
                    // "never borrowed a drill": what is denied comes after the verb.
                    let mut verb = next.clone();
                    verb.pending = Some((Pending::Without, span.0));
                    out.push((noun.to, verb));
                    next.add(Feature::LostNegation, 1.0);
                }
                if info.stats.nulls == 0 && info.role != Role::Flag {
                    // Every row has one: rows themselves are missing.
                    next.push(
                        Item::Cond(Cond::Has {
                            table: info.table,
                            operator: Operator::Equal,
                            count: 0.0,
                        }),
                        span,
                    );
                    next.add(Feature::HasUsed, 1.0);
                    out.push((noun.to, next));
                    return;
                }
                let cond = if info.role == Role::Flag {
                    Cond::Flag { column, yes: false }
                } else {
                    next.add(Feature::NullUsed, 1.0);
                    Cond::Null {
                        column,
                        is_null: true,
                    }
                };
                // "no handler assigned"
                next.push(Item::Cond(cond), span);
                if matches!(
                    self.word(noun.to),
                    "assigned"
                        | "recorded"
                        | "given"
                        | "set"
                        | "specified"
                        | "provided"
                        | "known"
                        | "entered"
                        | "filled"
                        | "on"
                        | "yet"
                        | "value"
                        | "values"
                        | "entry"
                ) && self
                    .anchors
                    .at
                    .get(noun.to)
                    .is_none_or(std::vec::Vec::is_empty)
                {
                    out.push((noun.to + 1, next));
                    return;
                }
            }
        }
        out.push((noun.to, next));
    }

    /// "…, refunded orders not counted", "gifts excluded": what was just said does not hold.
    pub(super) fn left_out_after(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let mut from = at;
        while matches!(
            self.word(from),
            "are" | "is" | "being" | "were" | "should" | "be"
        ) {
            from += 1;
        }
        let length = match (self.word(from), self.word(from + 1)) {
            ("excluded" | "ignored" | "omitted" | "disregarded" | "discounted" | "aside", _) => 1,
            ("not", "counted" | "included" | "considered") | ("left", "out" | "aside") => 2,
            _ => return,
        };
        let place = match frame.items.as_slice() {
            [.., (Item::Cond(_), span)] if span.1 == at => frame.items.len() - 1,
            [.., (Item::Cond(_), cond), (Item::Entity(_), span)]
                if span.1 == at && cond.1 == span.0 =>
            {
                frame.items.len() - 2
            }
            _ => return,
        };
        let mut next = frame.clone();
        let Item::Cond(cond) = next.items[place].0.clone() else {
            return;
        };
        next.items.truncate(place + 1);
        next.items[place].0 = Item::Cond(opposite(cond));
        next.add(Feature::LongPhrase, 1.0);
        out.push((from + length, next));
    }

    /// "inactive", "unpaid": the opposite of a flag, an empty time, another value.
    pub(super) fn denied_words(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for cond in &self.denied[at] {
            let mut next = frame.clone();
            let denied_again = next.negated.take().is_some();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::FlagAdjective, 1.0);
            let cond = if denied_again {
                opposite(cond.clone())
            } else {
                cond.clone()
            };
            next.push(Item::Cond(cond), (at, at + 1));
            out.push((at + 1, next));
        }
    }
}

/// What the word says by denying another: flags, times that may be empty, values of categories.
pub(super) fn denied_by(token: &Token, data: &Data, values: &Values) -> Vec<Cond> {
    if token.kind != Kind::Word {
        return Vec::new();
    }
    let mut conds = Vec::new();
    for prefix in ["in", "un", "im", "ir", "non", "dis"] {
        let Some(rest) = token.lower.strip_prefix(prefix) else {
            continue;
        };
        let rest = rest.trim_start_matches('-');
        if rest.len() < 4 {
            continue;
        }
        let word = Word::new(rest);
        for (column, info) in data.columns.iter().enumerate() {
            let names_it = || info.words.iter().any(|own| likeness(&word, own) >= 0.9);
            if info.role == Role::Flag && names_it() {
                conds.push(Cond::Flag { column, yes: false });
            } else if info.is_time() && info.stats.nulls > 0 && names_it() {
                conds.push(Cond::Null {
                    column,
                    is_null: true,
                });
            }
        }
        if values.find(&token.lower, false).is_empty() {
            let of_categories = values
                .find(rest, false)
                .into_iter()
                .filter(|found| data.columns[found.column].role == Role::Category);
            conds.extend(of_categories.map(|found| Cond::Is {
                column: found.column,
                values: found.values,
                negated: true,
            }));
        }
    }
    conds
}

fn opposite(cond: Cond) -> Cond {
    match cond {
        Cond::Flag { column, yes } => Cond::Flag { column, yes: !yes },
        Cond::Null { column, is_null } => Cond::Null {
            column,
            is_null: !is_null,
        },
        Cond::Is {
            column,
            values,
            negated,
        } => Cond::Is {
            column,
            values,
            negated: !negated,
        },
        other => other,
    }
}
