//! Figures: "how many orders", "total price", "p95", and those that have a name of their own.

use schema_gen::meaning::Role;

use super::super::anchors::What;
use super::super::data::{ColumnId, TableId};
use super::super::dates;
use super::super::frame::{By, Cond, Figure, Frame, Item, Of, Pending};
use super::super::query::Function;
use super::super::ratio;
use super::super::score::Feature;
use super::{Noun, NounOf, Reader};
use crate::reading::lexicon;

impl Reader<'_> {
    /// A figure that has a name of its own.
    pub(super) fn metric(
        &self,
        next: Frame,
        metric: usize,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let metric = &self.data.metrics[metric];
        if metric.per.is_some() {
            out.extend(ratio::placed(next, metric, span).map(|next| (span.1, next)));
            return;
        }
        self.summed(next, metric.function, &metric.of, span, out);
    }

    /// A figure whose function is known by its name.
    pub(super) fn summed(
        &self,
        mut next: Frame,
        own: Function,
        of: &Of,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let of = of.clone();
        match next.pending.take() {
            Some((
                Pending::Superlative {
                    descending,
                    limit,
                    offset,
                    ..
                },
                _,
            )) => {
                next.push(
                    Item::first_by(By::Of(of), Some(own), (descending, limit, offset)),
                    span,
                );
                next.add(Feature::Superlative, 1.0);
            }
            Some((Pending::Key | Pending::OrderBy { .. }, from)) => {
                next.order_by(By::Of(of), Some(own), (true, None), (from, span.1));
            }
            Some((Pending::Function(function), _)) => {
                // "average order value" is not the average of what orders are made of, also where those are named alike.
                let base = self.data.table_of(&of);
                let is_made_of =
                    |table: TableId| table != base && !self.data.paths_up(base, table).is_empty();
                if function != Function::Sum
                    && let Some((Item::Entity(table), place)) = next.items.last()
                    && place.1 == span.0
                    && (is_made_of(*table)
                        || self.anchors.at[place.0].iter().any(|anchor| {
                            anchor.score > 0.9
                                && matches!(anchor.what, What::Table(other) if is_made_of(other))
                        }))
                {
                    next.add(Feature::Unsure, 1.0);
                }
                next.push(Item::Figure(Figure::new(Some(function), of)), span);
            }
            Some((Pending::Nested(outer, inner), _)) if matches!(*inner, Pending::Function(_)) => {
                next.push(
                    Item::Figure(Figure::new(Some(outer), Of::Rows(usize::MAX))),
                    (span.0, span.0),
                );
                next.push(Item::Figure(Figure::new(Some(own), of)), span);
            }
            Some((Pending::Nested(function, inner), _))
                if matches!(
                    *inner,
                    Pending::Superlative { .. } | Pending::OrderBy { .. }
                ) =>
            {
                let (descending, limit) = match *inner {
                    Pending::Superlative {
                        descending, limit, ..
                    } => (descending, Some(limit)),
                    _ => (true, None),
                };
                next.order_by(By::Of(of), Some(function), (descending, limit), span);
            }
            _ => next.push(Item::Figure(Figure::new(Some(own), of)), span),
        }
        out.push((span.1, next));
    }

    /// "how many X", "number of X".
    pub(super) fn counted(
        &self,
        mut next: Frame,
        noun: &Noun,
        distinct: bool,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        next.add(Feature::CountAsked, 1.0);
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                if let Some(column) = self.count_kept_in(table) {
                    let mut summed = next.clone();
                    summed.push(
                        Item::Figure(Figure::new(Some(Function::Sum), Of::Column(column))),
                        span,
                    );
                    out.push((noun.to, summed));
                    next.add(Feature::Unsure, 1.0);
                }
                next.push(
                    Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                    span,
                );
                out.push((noun.to, next));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                if self.is_own_key(column) {
                    next.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(info.table))),
                        span,
                    );
                    out.push((noun.to, next));
                    return;
                }
                let function = match info.role {
                    Role::Quantity | Role::Additive if !distinct => Function::Sum,
                    Role::Price | Role::Level | Role::Coordinate | Role::Text => {
                        next.add(Feature::RoleMisfit, 1.0);
                        Function::CountDistinct
                    }
                    Role::Time => {
                        // "how many signups": rows whose time that is.
                        let table = info.table;
                        next.add(Feature::TimeAsEvent, 1.0);
                        next.push(Item::TimeOf(column), span);
                        next.push(
                            Item::Figure(Figure {
                                function: Some(Function::Count),
                                of: Of::Rows(table),
                                only: vec![Cond::Null {
                                    column,
                                    is_null: false,
                                }],
                            }),
                            span,
                        );
                        out.push((noun.to, next));
                        return;
                    }
                    Role::Flag => {
                        let table = info.table;
                        next.push(
                            Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                            span,
                        );
                        next.push(Item::Cond(Cond::Flag { column, yes: true }), span);
                        out.push((noun.to, next));
                        return;
                    }
                    _ => Function::CountDistinct,
                };
                if function == Function::CountDistinct && !distinct {
                    next.add(Feature::AssumedFunction, 1.0);
                    // The label of a table stands for its rows.
                    if self.data.tables[info.table].label == [column] {
                        let mut rows = next.clone();
                        rows.push(
                            Item::Figure(Figure::new(Some(Function::Count), Of::Rows(info.table))),
                            span,
                        );
                        out.push((noun.to, rows));
                    }
                }
                next.push(
                    Item::Figure(Figure::new(Some(function), Of::Column(column))),
                    span,
                );
                out.push((noun.to, next));
            }
        }
    }

    /// A column called just "count", or as the table is ("degrees" of `degrees`): each row stands for so many.
    fn count_kept_in(&self, table: TableId) -> Option<ColumnId> {
        self.data.tables[table].columns.iter().copied().find(|&column| {
            let info = &self.data.columns[column];
            let is_number_of_them = match info.words.as_slice() {
                [only] => {
                    matches!(
                        only.lemma.as_str(),
                        "count" | "number" | "cnt" | "quantity"
                    ) || matches!(self.data.tables[table].words.as_slice(), [own] if own.lemma == only.lemma)
                }
                _ => false,
            };
            info.role.is_additive() && is_number_of_them
        })
    }

    pub(super) fn figure(
        &self,
        mut next: Frame,
        function: Option<Function>,
        of: Of,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        if function.is_none() {
            next.add(Feature::AssumedFunction, 1.0);
        }
        next.push(Item::Figure(Figure::new(function, of)), span);
        out.push((span.1, next));
    }

    /// "average X", "total X".
    pub(super) fn applied(
        &self,
        next: Frame,
        function: Function,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Column(column) => {
                let mut next = next;
                let info = &self.data.columns[column];
                self.suits(&mut next, function, column);
                if info.is_number() || matches!(function, Function::Minimum | Function::Maximum) {
                    self.figure(next, Some(function), Of::Column(column), span, out);
                } else if function == Function::Sum && info.role != Role::Time {
                    next.add(Feature::RoleMisfit, 0.5);
                    self.figure(
                        next,
                        Some(Function::CountDistinct),
                        Of::Column(column),
                        span,
                        out,
                    );
                }
            }
            NounOf::Table(table) => {
                // "average orders per month", "average daily orders"
                let over = next.has(|item| matches!(item, Item::Over(_)));
                let per = matches!(self.word(noun.to), "per" | "a" | "each" | "every")
                    && dates::unit(self.word(noun.to + 1)).is_some();
                if function == Function::Average && (over || per) {
                    let mut counted = next.clone();
                    counted.push(
                        Item::Figure(Figure::new(Some(function), Of::Rows(usize::MAX))),
                        (span.0, span.0),
                    );
                    counted.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                // "total orders" counts them, "average order value" has its column after it.
                if function == Function::Sum {
                    let mut counted = next.clone();
                    counted.add(Feature::AssumedFunction, 1.0);
                    counted.push(
                        Item::Figure(Figure::new(Some(Function::Count), Of::Rows(table))),
                        span,
                    );
                    out.push((noun.to, counted));
                }
                // "how many orders did the average customer place": by each of them.
                if function == Function::Average
                    && let Some(at) = next.items.iter().rposition(|(item, _)| {
                        matches!(
                            item,
                            Item::Figure(Figure {
                                function: Some(
                                    Function::Count | Function::CountDistinct | Function::Sum
                                ),
                                ..
                            })
                        )
                    })
                    && let Item::Figure(over) = next.items[at].0.clone()
                    && over.of != Of::Rows(table)
                {
                    let mut ratio = next.clone();
                    ratio.items[at].0 = Item::Ratio {
                        over,
                        under: Figure::new(Some(Function::CountDistinct), Of::Rows(table)),
                        percent: false,
                    };
                    ratio.add(Feature::PerEntity, 1.0);
                    out.push((noun.to, ratio));
                }
                // "median order value": over what each of them brings.
                if !matches!(function, Function::Average | Function::Sum)
                    && matches!(
                        self.word(noun.to),
                        "value" | "values" | "amount" | "total" | "size" | "worth" | "revenue"
                    )
                {
                    for metric in self.data.takings() {
                        let base = self.data.table_of(&metric.of);
                        if base == table || self.data.paths_up(base, table).is_empty() {
                            continue;
                        }
                        let mut nested = next.clone();
                        let end = noun.to + 1;
                        nested.push(
                            Item::Figure(Figure::new(Some(function), Of::Rows(usize::MAX))),
                            (span.0, span.0),
                        );
                        nested.push(
                            Item::Figure(Figure::new(Some(metric.function), metric.of.clone())),
                            (span.0, end),
                        );
                        nested.push(Item::Entity(table), span);
                        nested.add(Feature::PerEntity, 1.0);
                        out.push((end, nested));
                    }
                }
                // "average order value": what its rows bring, by the number of them.
                if function == Function::Average
                    && matches!(
                        self.word(noun.to),
                        "value" | "amount" | "total" | "size" | "worth" | "revenue"
                    )
                    && self.anchors.at.get(noun.to).is_none_or(|anchors| {
                        !anchors.iter().any(|anchor| {
                            anchor.score > 0.95 && matches!(anchor.what, What::Column(_))
                        })
                    })
                {
                    for metric in self.data.takings() {
                        let base = self.data.table_of(&metric.of);
                        if base != table && !self.data.paths_up(base, table).is_empty() {
                            let mut ratio = next.clone();
                            ratio.push(
                                Item::Ratio {
                                    over: Figure::new(Some(metric.function), metric.of.clone()),
                                    under: Figure::new(
                                        Some(Function::CountDistinct),
                                        Of::Rows(table),
                                    ),
                                    percent: false,
                                },
                                (span.0, noun.to + 1),
                            );
                            out.push((noun.to + 1, ratio));
                        } else if base == table {
                            let mut mean = next.clone();
                            mean.push(
                                Item::Figure(Figure::new(Some(function), metric.of.clone())),
                                (span.0, noun.to + 1),
                            );
                            out.push((noun.to + 1, mean));
                        }
                    }
                }
                // The table is said, its figure comes later: "average shipment weight" where both are named.
                let mut waits = next.clone();
                waits.pending = Some((Pending::Function(function), span.0));
                waits.push(Item::Entity(table), span);
                waits.add(Feature::ExtraEntity, 0.5);
                out.push((noun.to, waits));
                for column in self.main_amounts(table) {
                    let mut next = next.clone();
                    next.add(Feature::AssumedColumn, 1.0);
                    self.suits(&mut next, function, column);
                    self.figure(next, Some(function), Of::Column(column), span, out);
                }
            }
        }
    }

    pub(super) fn suits(&self, next: &mut Frame, function: Function, column: ColumnId) {
        let role = self.data.columns[column].role;
        let misfit = match function {
            Function::Sum => match role {
                Role::Additive | Role::Quantity => 0.0,
                Role::Price | Role::Level => 0.7,
                _ => 1.5,
            },
            Function::Average
            | Function::Median
            | Function::StandardDeviation
            | Function::Percentile(_) => match role {
                Role::Identifier | Role::Coordinate => 1.5,
                Role::Category | Role::Label | Role::Text | Role::Flag | Role::Time => 2.0,
                Role::Year | Role::Ordinal => 0.3,
                _ => 0.0,
            },
            Function::Minimum | Function::Maximum => match role {
                Role::Identifier | Role::Category | Role::Label | Role::Text | Role::Flag => 1.2,
                _ => 0.0,
            },
            Function::Count | Function::CountDistinct => 0.0,
        };
        if misfit > 0.0 {
            next.add(Feature::RoleMisfit, misfit);
        }
    }

    /// The last column that was said becomes a figure.
    pub(super) fn as_figure(&self, frame: &mut Frame) {
        let at = frame.items.iter().rposition(|(item, _)| {
            matches!(item, Item::Figure(_) | Item::Column(_) | Item::Ratio { .. })
        });
        if let Some(at) = at
            && let Item::Column(column) = frame.items[at].0
            && self.data.columns[column].is_number()
        {
            frame.items[at].0 = Item::Figure(Figure::new(None, Of::Column(column)));
        }
    }

    /// The last figure, column or table that was said as a figure: of a table its amount where one was spoken of, else its
    /// rows. Whether there is one.
    pub(super) fn as_figure_or_rows(&self, frame: &mut Frame) -> bool {
        self.as_figure(frame);
        let last = frame.items.iter_mut().rev().find(|(item, _)| {
            matches!(
                item,
                Item::Figure(_) | Item::Ratio { .. } | Item::Entity(_) | Item::Column(_)
            )
        });
        match last {
            Some((item @ Item::Entity(_), span)) => {
                let Item::Entity(table) = *item else {
                    return false;
                };
                let is_money = lexicon::money(self.word(span.1.saturating_sub(1)));
                let amount = is_money.and_then(|_| self.data.main_amount(table));
                *item = Item::Figure(match amount {
                    Some(amount) => Figure::new(Some(Function::Sum), Of::Column(amount)),
                    None => Figure::new(Some(Function::Count), Of::Rows(table)),
                });
                true
            }
            Some(_) => true,
            None => false,
        }
    }

    /// "95th percentile of", "p95".
    pub(super) fn percentiles(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let word = self.word(at);
        let digits = |text: &str| text.parse::<f64>().ok().filter(|share| *share < 100.0);
        let short = word.strip_prefix('p').filter(|rest| rest.len() == 2);
        let (share, mut after) = if let Some(share) = short.and_then(digits) {
            (share, at + 1)
        } else if matches!(self.word(at + 1), "percentile" | "pctl" | "percentiles")
            && let Some(share) =
                digits(word.trim_end_matches(|letter: char| letter.is_alphabetic()))
        {
            (share, at + 2)
        } else {
            return;
        };
        if matches!(self.word(after), "of" | "for") {
            after += 1;
        }
        let mut next = frame.clone();
        self.drop_pending(&mut next);
        next.pending = Some((Pending::Function(Function::Percentile(share)), at));
        out.push((after, next));
    }
}
