//! A figure of a figure: "average number of orders", "orders per week on average", "highest total price".

use super::super::frame::{By, Figure, Frame, Item, KeyOf, Of, Pending};
use super::super::query::{Function, Part};
use super::super::score::Feature;
use super::{Noun, NounOf, Reader};

impl Reader<'_> {
    /// "How many orders do we get per week on average": the last count or sum, averaged over what is said.
    pub(super) fn averaged(&self, frame: &Frame) -> Option<Frame> {
        let mut next = frame.clone();
        let figure = frame.items.iter().rposition(|(item, _)| {
            matches!(
                item,
                Item::Figure(Figure {
                    function: Some(Function::Count | Function::CountDistinct | Function::Sum),
                    ..
                })
            )
        });
        let Some(at) = figure else {
            // "inspections per site on average": they are counted.
            let key = frame
                .items
                .iter()
                .rposition(|(item, _)| matches!(item, Item::Key(_)))?;
            let at = frame.items[..key]
                .iter()
                .position(|(item, _)| matches!(item, Item::Entity(_)))?;
            if let (Item::Entity(table), Item::Key(KeyOf::Entity(of))) =
                (&frame.items[at].0, &frame.items[key].0)
            {
                let counted = |table| Figure::new(Some(Function::Count), Of::Rows(table));
                next.items[at].0 = Item::Ratio {
                    over: counted(*table),
                    under: counted(*of),
                    percent: false,
                };
                next.items.remove(key);
                return Some(next);
            }
            return None;
        };
        let place = next.items[at].1.0;
        for (item, _) in &mut next.items {
            if let Item::Key(KeyOf::Part(part, None)) = item {
                *item = Item::Over(*part);
            }
        }
        let outer = Figure::new(Some(Function::Average), Of::Rows(usize::MAX));
        next.items.insert(at, (Item::Figure(outer), (place, place)));
        Some(next)
    }

    /// "average number of X", "highest total X".
    pub(super) fn nested(
        &self,
        mut next: Frame,
        outer: Function,
        inner: &Pending,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let of = match noun.what {
            NounOf::Table(table) => Of::Rows(table),
            NounOf::Column(column) => Of::Column(column),
            NounOf::Metric(_) => return,
        };
        // Rows can only be counted.
        let ordered_by = match of {
            Of::Rows(_) => Function::Count,
            _ => outer,
        };
        match inner {
            Pending::Count { .. } => {
                if let NounOf::Column(column) = noun.what
                    && self.data.columns[column].is_number()
                    && self.data.columns[column].role.is_measure()
                {
                    // A column that counts: its plain mean.
                    let mut plain = next.clone();
                    plain.push(
                        Item::Figure(Figure::new(Some(outer), Of::Column(column))),
                        span,
                    );
                    out.push((noun.to, plain));
                }
                next.add(Feature::PerEntity, 1.0);
                let figure = Figure {
                    function: Some(match noun.what {
                        NounOf::Table(_) => Function::Count,
                        NounOf::Column(column) if self.data.columns[column].role.is_additive() => {
                            Function::Sum
                        }
                        NounOf::Column(_) | NounOf::Metric(_) => Function::CountDistinct,
                    }),
                    of,
                    only: Vec::new(),
                };
                next.push(
                    Item::Figure(Figure::new(Some(outer), Of::Rows(usize::MAX))),
                    (span.0, span.0),
                );
                next.push(Item::Figure(figure), span);
                out.push((noun.to, next));
            }
            Pending::Function(function) => {
                if let Of::Column(column) = of {
                    self.suits(&mut next, *function, column);
                    // "average total spend": an average per something of a sum, or a total that is named so.
                    let mut plain = next.clone();
                    plain.push(Item::Figure(Figure::new(Some(outer), of.clone())), span);
                    out.push((noun.to, plain));
                    next.push(
                        Item::Figure(Figure::new(Some(outer), Of::Rows(usize::MAX))),
                        (span.0, span.0),
                    );
                    next.push(Item::Figure(Figure::new(Some(*function), of)), span);
                    out.push((noun.to, next));
                }
            }
            Pending::Superlative {
                descending,
                limit,
                offset,
                ..
            } => {
                if let Of::Column(column) = of {
                    self.suits(&mut next, outer, column);
                }
                next.push(
                    Item::first_by(By::Of(of), Some(ordered_by), (*descending, *limit, *offset)),
                    span,
                );
                next.add(Feature::Superlative, 1.0);
                out.push((noun.to, next));
            }
            Pending::OrderBy { descending } => {
                if let Of::Column(column) = of {
                    self.suits(&mut next, outer, column);
                }
                next.order_by(
                    By::Of(of),
                    Some(ordered_by),
                    (descending.unwrap_or(true), None),
                    span,
                );
                out.push((noun.to, next));
            }
            _ => {}
        }
    }

    /// "average number of orders per day", "average monthly revenue": one figure for each such part, averaged.
    pub(super) fn over(
        &self,
        frame: &Frame,
        part: Part,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let said_before = matches!(
            frame.pending,
            Some((Pending::Function(Function::Average), _))
        );
        let averages = frame.has(|item| {
            matches!(
                item,
                Item::Figure(Figure {
                    function: Some(Function::Average),
                    ..
                })
            )
        });
        if !(averages && frame.pending.is_none() || said_before)
            || matches!(part, Part::Weekday | Part::Hour | Part::MonthOfYear)
        {
            return;
        }
        let mut next = frame.clone();
        next.push(Item::Over(part), span);
        out.push((span.1, next));
    }
}
