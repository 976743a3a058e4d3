//! The items of a frame, sorted by what they are.

use super::super::data::Data;
use super::super::frame::{Ask, Cond, Figure, Item, Of};
use super::super::query::Function;
use super::{Builder, Sense, Sum};

impl Builder<'_, '_> {
    /// Sorts the items by what they are.
    pub(super) fn sense(&mut self) -> Sense {
        let mut sense = Sense {
            asks: Vec::new(),
            entities: Vec::new(),
            columns: Vec::new(),
            figures: Vec::new(),
            keys: Vec::new(),
            conds: Vec::new(),
            times: Vec::new(),
            or_times: Vec::new(),
            time_of: Vec::new(),
            orders: Vec::new(),
            limit: None,
            window: None,
            share: None,
            growth: false,
            percent: false,
            distinct: false,
            all: false,
            everything: false,
            both: false,
            with_empty: false,
            side_by_side: false,
            current: false,
            also_who: false,
            relative: None,
            versus: false,
            ratio_left: false,
            over: None,
        };
        let placeholder = |figure: &Figure| figure.function.is_none() && figure.of == Of::Rows(0);
        let mut clause = false;
        let mut or = false;
        let mut not = false;
        let mut outer: Option<Function> = None;
        let mut ratio: Option<(bool, bool)> = None;
        for (at, (item, span)) in self.frame.items.iter().enumerate() {
            match item {
                Item::Ask(ask) => {
                    // "the longest loan, and who had it"
                    let begins_anew = span.0 > 0
                        && matches!(self.reader.word(span.0 - 1), "and" | "," | ":" | "-" | "–");
                    if *ask == Ask::Who && (!sense.asks.is_empty() || begins_anew) {
                        sense.also_who = true;
                    }
                    sense.asks.push(*ask);
                }
                Item::Entity(table) => {
                    sense.entities.push((*table, at, clause));
                    clause = false;
                }
                Item::Column(column) => sense.columns.push((*column, at)),
                Item::Everything => sense.everything = true,
                Item::Figure(figure) => {
                    if figure.of == Of::Rows(usize::MAX) {
                        outer = figure.function;
                        continue;
                    }
                    match (ratio, outer.take()) {
                        (Some((true, percent)), _) => {
                            // "A as a percentage of B": A came before.
                            let over = sense.figures.pop().map(|sum| sum.main().clone());
                            if let Some(over) = over {
                                sense
                                    .figures
                                    .push(Sum::Two(over, figure.clone(), percent, at));
                            }
                            ratio = None;
                        }
                        (Some((false, percent)), _) => {
                            if let Some(Sum::One(over, place)) = sense.figures.last().cloned()
                                && self.frame.items[place..at]
                                    .iter()
                                    .all(|(item, _)| !matches!(item, Item::Ratio { .. }))
                            {
                                sense.figures.pop();
                                sense
                                    .figures
                                    .push(Sum::Two(over, figure.clone(), percent, at));
                                ratio = None;
                            } else {
                                sense.figures.push(Sum::One(figure.clone(), at));
                            }
                        }
                        (None, Some(outer)) => {
                            sense.figures.push(Sum::Nested(outer, figure.clone(), at));
                        }
                        (None, None) => sense.figures.push(Sum::One(figure.clone(), at)),
                    }
                }
                Item::Ratio {
                    over,
                    under,
                    percent,
                } => {
                    if placeholder(over) && placeholder(under) {
                        ratio = Some((!sense.figures.is_empty(), *percent));
                    } else {
                        sense
                            .figures
                            .push(Sum::Two(over.clone(), under.clone(), *percent, at));
                    }
                }
                Item::Share => sense.share = Some(at),
                Item::Key(key) => sense.keys.push((key.clone(), at)),
                Item::Over(part) => sense.over = Some(*part),
                Item::Cond(cond) => {
                    let plain = |cond: &Cond| {
                        !matches!(
                            cond,
                            Cond::Has { .. }
                                | Cond::HasFigure { .. }
                                | Cond::BeyondMean { .. }
                                | Cond::Average { .. }
                        )
                    };
                    match sense.conds.last_mut() {
                        Some((before, place, _)) if or && plain(before) && plain(cond) => {
                            let mut any = match before.clone() {
                                Cond::Any(any) => any,
                                one => vec![one],
                            };
                            any.push(cond.clone());
                            *before = Cond::Any(any);
                            *place = at;
                        }
                        _ => sense.conds.push((cond.clone(), at, *span)),
                    }
                    or = false;
                    clause = false;
                }
                Item::Or => or = true,
                Item::Time(time) => {
                    // "on Fridays and Saturdays"
                    if let (Some((known, ..)), Some((part, more)), false) =
                        (sense.times.last_mut(), &time.part, not)
                        && let Some((same, values)) = &mut known.part
                        && same == part
                    {
                        values.extend(more);
                    } else {
                        if or && !sense.times.is_empty() {
                            sense.or_times.push(sense.times.len());
                        }
                        sense.times.push((time.clone(), at, not));
                    }
                    not = false;
                    or = false;
                }
                Item::TimeOf(column) => sense.time_of.push((*column, at)),
                Item::Order {
                    by,
                    function,
                    descending,
                    limit,
                    offset,
                } => {
                    sense
                        .orders
                        .push((by.clone(), *function, *descending, *limit, *offset, at));
                }
                Item::Limit(limit) => sense.limit = Some(*limit),
                Item::Window(window) => sense.window = Some(*window),
                Item::Growth => sense.growth = true,
                Item::Percent => sense.percent = true,
                Item::Distinct => sense.distinct = true,
                Item::All => sense.all = true,
                Item::Clause => clause = true,
                Item::Relative => {
                    sense.relative.get_or_insert(at);
                }
                Item::Both => sense.both = true,
                Item::WithEmpty => sense.with_empty = true,
                Item::SideBySide => sense.side_by_side = true,
                Item::Current => sense.current = true,
                Item::Not => not = true,
                Item::Versus => sense.versus = true,
                // "with guest and room"
                Item::And => {
                    clause = matches!(
                        self.frame.items[..at].last(),
                        Some((Item::Entity(_) | Item::Column(_), _))
                    ) && sense
                        .entities
                        .last()
                        .is_some_and(|entity| entity.2 && entity.1 + 1 == at);
                }
            }
        }
        sense.ratio_left = ratio.is_some();
        if sense.over.is_some() {
            averaged_over(&mut sense.figures, self.reader.data);
        }
        sense
    }
}

/// An average over parts of a time is that of what each of them brings: a count, or a sum of what adds up.
fn averaged_over(figures: &mut [Sum], data: &Data) {
    for sum in figures {
        if let Sum::One(figure, at) = sum
            && figure.function == Some(Function::Average)
            && match figure.of {
                Of::Column(column) => data.columns[column].role.is_additive(),
                Of::Product(..) => true,
                Of::Rows(_) | Of::Duration(..) => false,
            }
        {
            let inner = Figure {
                function: Some(Function::Sum),
                ..figure.clone()
            };
            *sum = Sum::Nested(Function::Average, inner, *at);
        }
    }
}
