//! What comes first, and how much of it: "most orders", "the five oldest", "sorted by price".

use schema_gen::meaning::Role;

use super::super::cues::Cue;
use super::super::frame::{Ask, By, Figure, Frame, Item, Of, Pending};
use super::super::query::{Function, Unit};
use super::super::score::Feature;
use super::{Noun, NounOf, Reader};
use crate::reading::lexicon;

impl Reader<'_> {
    pub(super) fn superlatives(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "second highest", "3rd largest", "two accounts with the highest": an ordinal or number before or after.
        let (skip, place) = match self.word(at) {
            "second" | "2nd" => (1, Some(2)),
            "third" | "3rd" => (1, Some(3)),
            "fourth" | "4th" => (1, Some(4)),
            "fifth" | "5th" => (1, Some(5)),
            _ => (0, None),
        };
        let mut counted: Option<u64> = None;
        let mut start = at + skip;
        if skip == 0
            && let Some(number) = self.number(at)
            && number >= 1.0
            && number.fract() == 0.0
            && number < 1000.0
        {
            counted = Some(number as u64);
            start = at + 1;
        }
        let cue = self.cues.get(start).and_then(|cues| cues.first()).cloned();
        let (length, descending, is_top) = match cue {
            Some((length, Cue::Superlative { descending })) => (length, descending, false),
            Some((length, Cue::Top { descending })) => (length, descending, true),
            // "which athletes have the maximum medals"
            Some((length, Cue::Function(function @ (Function::Maximum | Function::Minimum))))
                if self.is_had(frame, at) =>
            {
                (length, function == Function::Maximum, false)
            }
            _ => {
                self.adjectives(frame, at, start, place, counted, out);
                return;
            }
        };
        let mut after = start + length;
        if counted.is_none()
            && let Some(number) = self.number(after)
            && number >= 1.0
            && number.fract() == 0.0
        {
            counted = Some(number as u64);
            after += 1;
        }
        if is_top
            && let Some((more, Cue::Superlative { .. })) =
                self.cues.get(after).and_then(|cues| cues.first())
        {
            after += more;
        }
        // "most expensive", "best paid": the adjective tells the column.
        self.adjectives(frame, at, after, place, counted, out);
        if matches!(
            self.word(after),
            "common"
                | "frequent"
                | "popular"
                | "often"
                | "frequently"
                | "commonly"
                | "used"
                | "active"
                | "times"
                | "numerous"
                | "prevalent"
        ) {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(
                Item::Order {
                    by: By::Measure,
                    function: Some(Function::Count),
                    descending,
                    limit: Some(counted.unwrap_or(1)),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, after + 1),
            );
            next.add(Feature::Superlative, 1.0);
            out.push((after + 1, next));
        }
        if self.word(after) == "selling" || self.word(after) == "sold" {
            let mut next = frame.clone();
            next.push(
                Item::Order {
                    by: By::Measure,
                    function: None,
                    descending,
                    limit: Some(counted.unwrap_or(1)),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, after + 1),
            );
            out.push((after + 1, next));
        }
        // "top" with a number may be all there is.
        let limit = counted.unwrap_or(1);
        let mut next = frame.clone();
        let before = next.pending.take();
        if let Some((
            pending @ (Pending::Key | Pending::Count { .. } | Pending::Function(_)),
            from,
        )) = before
        {
            next.pending = Some((pending, from));
            self.drop_pending(&mut next);
        }
        next.pending = Some((
            Pending::Superlative {
                descending,
                limit,
                offset: place.map_or(0, |place| place - 1),
                is_top,
            },
            at,
        ));
        out.push((after, next));
    }

    /// Whether somebody asked for has what comes: "who has the", "which shops with the".
    fn is_had(&self, frame: &Frame, at: usize) -> bool {
        let mut before = at;
        while before > 0 && matches!(self.word(before - 1), "the" | "a") {
            before -= 1;
        }
        before > 0
            && matches!(self.word(before - 1), "have" | "has" | "had" | "with")
            && frame.has(|item| matches!(item, Item::Ask(Ask::Which | Ask::Who | Ask::List)))
    }

    /// "oldest", "cheapest", "most expensive": by the columns that the adjective measures.
    fn adjectives(
        &self,
        frame: &Frame,
        at: usize,
        adjective: usize,
        place: Option<u64>,
        counted: Option<u64>,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let word = self.word(adjective);
        let Some((names, less)) = lexicon::measured_by(word) else {
            return;
        };
        let superlative =
            word.ends_with("est") || adjective > at || matches!(word, "latest" | "last");
        if !superlative {
            return;
        }
        let inverse = self
            .cues
            .get(at)
            .and_then(|cues| cues.first())
            .is_some_and(|(_, cue)| matches!(cue, Cue::Superlative { descending: false }));
        if matches!(
            word,
            "recent" | "recently" | "latest" | "newest" | "earliest"
        ) {
            // By when it happened, whatever that column is called.
            let mut next = frame.clone();
            next.add(Feature::AssumedColumn, 0.4);
            next.add(Feature::Superlative, 1.0);
            next.push(
                Item::Order {
                    by: By::Time,
                    function: None,
                    descending: (word != "earliest") ^ inverse,
                    limit: Some(counted.unwrap_or(1)),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, adjective + 1),
            );
            out.push((adjective + 1, next));
        }
        // "the longest delay": of delays, where they have a measure of it.
        let measured = self
            .nouns(adjective + 1)
            .into_iter()
            .filter(|noun| noun.score > 0.7)
            .find_map(|noun| match noun.what {
                NounOf::Table(table) => Some(table),
                _ => None,
            });
        if matches!(word, "longest" | "shortest") {
            for &(begins, ends) in &self.data.spans {
                if measured.is_none_or(|table| self.data.columns[begins].table != table) {
                    continue;
                }
                let mut next = frame.clone();
                next.add(Feature::AssumedColumn, 0.4);
                next.add(Feature::Superlative, 1.0);
                next.push(
                    Item::first_by(
                        By::Of(Of::Duration(begins, Some(ends), Unit::Days)),
                        None,
                        (
                            !less ^ inverse,
                            counted.unwrap_or(1),
                            place.map_or(0, |place| place - 1),
                        ),
                    ),
                    (at, adjective + 1),
                );
                out.push((adjective + 1, next));
            }
        }
        for (column, info) in self.data.columns.iter().enumerate() {
            if !(info.is_number() || info.is_time()) || info.role == Role::Identifier {
                continue;
            }
            let lasts = matches!(word, "long" | "longest" | "short" | "shortest")
                && info.unit.as_deref().is_some_and(is_unit_of_time);
            let rank = names.iter().position(|name| info.has_word(name));
            let Some(rank) = rank.or(lasts.then_some(1)) else {
                continue;
            };
            // An earlier year makes older.
            let old = matches!(
                word,
                "old" | "older" | "oldest" | "young" | "younger" | "youngest"
            );
            let mut descending = !less ^ inverse;
            if old && (info.is_time() || info.role == Role::Year) {
                descending = !descending;
            }
            let limit = counted.unwrap_or(1);
            let mut next = frame.clone();
            next.add(Feature::AssumedColumn, 0.2 + 0.1 * rank as f64);
            next.add(Feature::Superlative, 1.0);
            if measured.is_some_and(|table| table != info.table) {
                next.add(Feature::OrderMisfit, 0.5);
            }
            next.push(
                Item::Order {
                    by: By::Of(Of::Column(column)),
                    function: None,
                    descending,
                    limit: Some(limit),
                    offset: place.map_or(0, |place| place - 1),
                },
                (at, adjective + 1),
            );
            out.push((adjective + 1, next));
        }
    }

    /// "most X", "highest X".
    pub(super) fn most(
        &self,
        next: Frame,
        noun: &Noun,
        how: (bool, u64, u64, bool),
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let (descending, limit, offset, is_top) = how;
        let mut ordered = next.clone();
        ordered.add(Feature::Superlative, 1.0);
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                // "top 5 customers": the rows that are ordered; "most orders": what is counted.
                let mut subject = next.clone();
                subject.push(
                    Item::first_by(By::Measure, None, (descending, limit, offset)),
                    span,
                );
                subject.push(Item::Entity(table), span);
                if !is_top {
                    subject.add(Feature::OrderMisfit, 0.5);
                }
                let counts = (span.0.saturating_sub(3)..span.0)
                    .any(|at| matches!(self.word(at), "number" | "most" | "least" | "fewest"));
                // "the highest royalties": what they come to.
                if !is_top
                    && !counts
                    && let Some(column) = self.data.main_amount(table)
                {
                    let mut sum = next.clone();
                    sum.add(Feature::Superlative, 1.0);
                    sum.add(Feature::AssumedColumn, 0.5);
                    sum.push(
                        Item::first_by(
                            By::Of(Of::Column(column)),
                            Some(Function::Sum),
                            (descending, limit, offset),
                        ),
                        span,
                    );
                    out.push((noun.to, sum));
                    ordered.add(Feature::OrderMisfit, 1.0);
                }
                if !is_top && !counts {
                    let amounts = self.main_amounts(table);
                    if !amounts.is_empty() && self.data.main_amount(table).is_none() {
                        // How many there are is not how high they are.
                        ordered.add(Feature::OrderMisfit, 1.0);
                    }
                    for column in amounts {
                        let mut biggest = next.clone();
                        biggest.add(Feature::Superlative, 1.0);
                        biggest.add(Feature::AssumedColumn, 1.0);
                        biggest.push(
                            Item::first_by(
                                By::Of(Of::Column(column)),
                                None,
                                (descending, limit, offset),
                            ),
                            span,
                        );
                        biggest.push(Item::Entity(table), span);
                        out.push((noun.to, biggest));
                    }
                }
                out.push((noun.to, subject));
                if is_top {
                    ordered.add(Feature::OrderMisfit, 1.0);
                }
                ordered.push(
                    Item::first_by(
                        By::Of(Of::Rows(table)),
                        Some(Function::Count),
                        (descending, limit, offset),
                    ),
                    span,
                );
                out.push((noun.to, ordered));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if info.role == Role::Identifier && (info.is_foreign || self.is_own_key(column)) {
                    // "the largest number of employees" where rows refer to them.
                    ordered.push(
                        Item::first_by(
                            By::Of(Of::Rows(info.table)),
                            Some(Function::Count),
                            (descending, limit, offset),
                        ),
                        span,
                    );
                    ordered.add(Feature::OrderMisfit, 0.3);
                    out.push((noun.to, ordered));
                    return;
                }
                if info.is_number() || info.is_time() {
                    if matches!(info.role, Role::Identifier) {
                        ordered.add(Feature::OrderMisfit, 1.0);
                    }
                    // Without anything to be ordered it is the extreme itself.
                    let mut extreme = next.clone();
                    let function = if descending {
                        Function::Maximum
                    } else {
                        Function::Minimum
                    };
                    self.suits(&mut extreme, function, column);
                    if offset > 0 {
                        extreme.add(Feature::RoleMisfit, 2.0);
                    }
                    // "the most expensive product" is a product and no price.
                    if lexicon::measured_by(self.word(span.0)).is_some() && noun.words > 1 {
                        extreme.add(Feature::RoleMisfit, 1.0);
                    }
                    extreme.push(
                        Item::Figure(Figure::new(Some(function), Of::Column(column))),
                        span,
                    );
                    if is_top {
                        extreme.add(Feature::RoleMisfit, 1.0);
                    }
                    // "the three highest" are no single figure.
                    if limit == 1 {
                        out.push((noun.to, extreme));
                    }
                    ordered.push(
                        Item::first_by(
                            By::Of(Of::Column(column)),
                            None,
                            (descending, limit, offset),
                        ),
                        span,
                    );
                    out.push((noun.to, ordered));
                } else {
                    let mut subject = next.clone();
                    subject.push(
                        Item::first_by(By::Measure, None, (descending, limit, offset)),
                        span,
                    );
                    subject.push(Item::Column(column), span);
                    if !is_top {
                        subject.add(Feature::OrderMisfit, 0.3);
                    }
                    out.push((noun.to, subject));
                    ordered.push(
                        Item::first_by(
                            By::Of(Of::Column(column)),
                            Some(Function::CountDistinct),
                            (descending, limit, offset),
                        ),
                        span,
                    );
                    ordered.add(Feature::OrderMisfit, 0.3);
                    out.push((noun.to, ordered));
                }
            }
        }
    }

    pub(super) fn ordered(
        &self,
        mut next: Frame,
        noun: &Noun,
        descending: Option<bool>,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let (by, function) = match noun.what {
            NounOf::Table(table) => {
                let counted = next.has(|item| {
                    matches!(
                        item,
                        Item::Order {
                            by: By::Measure,
                            ..
                        }
                    )
                }) || self.tokens[..span.0]
                    .iter()
                    .rev()
                    .take(3)
                    .any(|token| matches!(token.lower.as_str(), "number" | "count"));
                if counted {
                    (By::Of(Of::Rows(table)), Some(Function::Count))
                } else {
                    (By::Name, None)
                }
            }
            NounOf::Column(column) => (By::Of(Of::Column(column)), None),
            NounOf::Metric(_) => return,
        };
        next.order_by(by, function, (descending.unwrap_or(false), None), span);
        out.push((noun.to, next));
    }

    /// "longest serving", "longest standing": who has been there since the earliest time.
    pub(super) fn longest_here(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        if self.word(at) != "longest"
            || !matches!(
                self.word(at + 1),
                "serving" | "standing" | "running" | "tenured" | "employed"
            )
        {
            return;
        }
        for table in &self.data.tables {
            let Some(column) = table.time else { continue };
            let mut next = frame.clone();
            next.add(Feature::AssumedColumn, 0.3);
            next.add(Feature::Superlative, 1.0);
            next.push(
                Item::first_by(By::Of(Of::Column(column)), None, (false, 1, 0)),
                (at, at + 2),
            );
            out.push((at + 2, next));
        }
    }
}

fn is_unit_of_time(unit: &str) -> bool {
    matches!(
        unit,
        "s" | "sec"
            | "seconds"
            | "ms"
            | "min"
            | "mins"
            | "minutes"
            | "h"
            | "hrs"
            | "hours"
            | "days"
            | "weeks"
    )
}
