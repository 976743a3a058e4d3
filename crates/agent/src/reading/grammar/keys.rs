//! What groups the rows: "by channel", "per customer", "monthly", "busiest hour of the day".

use schema_gen::meaning::Role;

use super::super::anchors::What;
use super::super::data::ColumnInfo;
use super::super::dates;
use super::super::frame::{Ask, By, Figure, Frame, Item, KeyOf, Of, Pending};
use super::super::query::{Function, Part};
use super::super::score::Feature;
use super::{Noun, NounOf, Reader};

impl Reader<'_> {
    pub(super) fn key(
        &self,
        mut next: Frame,
        noun: &Noun,
        from: usize,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        match noun.what {
            NounOf::Metric(_) => {}
            NounOf::Table(table) => {
                next.push(Item::Key(KeyOf::Entity(table)), span);
                out.push((noun.to, next));
            }
            NounOf::Column(column) => {
                let info = &self.data.columns[column];
                match info.role {
                    Role::Additive | Role::Quantity | Role::Price | Role::Level => {
                        // "top 5 customers by revenue"
                        let mut ordered = next.clone();
                        if let Some((by, _)) = ordered.open_order() {
                            *by = By::Of(Of::Column(column));
                            out.push((noun.to, ordered));
                        } else if info.role.is_additive()
                            && let Some((by, function)) = ordered.counting_order()
                        {
                            // "most ordered item, by quantity": not how often, but how much.
                            *by = By::Of(Of::Column(column));
                            *function = Some(Function::Sum);
                            out.push((noun.to, ordered));
                        } else if self.word(from) == "by"
                            && next.has(|item| matches!(item, Item::Ask(Ask::List | Ask::Which)))
                        {
                            let mut ordered = next.clone();
                            ordered.push(
                                Item::Order {
                                    by: By::Of(Of::Column(column)),
                                    function: None,
                                    descending: true,
                                    limit: None,
                                    offset: 0,
                                },
                                span,
                            );
                            ordered.add(Feature::OrderMisfit, 0.4);
                            out.push((noun.to, ordered));
                        }
                        next.add(Feature::KeyMisfit, 1.0);
                    }
                    Role::Text | Role::Coordinate => next.add(Feature::KeyMisfit, 0.7),
                    Role::Time => {
                        next.add(Feature::KeyMisfit, 0.3);
                    }
                    Role::Identifier if !info.is_foreign => next.add(Feature::KeyMisfit, 0.1),
                    _ => {}
                }
                next.push(Item::Key(KeyOf::Column(column)), span);
                out.push((noun.to, next));
            }
        }
    }

    /// "X per Y": a key, or a ratio where Y adds up.
    pub(super) fn per(
        &self,
        next: Frame,
        noun: &Noun,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        if let NounOf::Column(column) = noun.what
            && self.data.columns[column].role.is_measure()
        {
            let mut ratio = next.clone();
            if !self.data.columns[column].role.is_additive() {
                ratio.add(Feature::RoleMisfit, 0.3);
            }
            self.as_figure_or_rows(&mut ratio);
            if let Some(at) = ratio
                .items
                .iter()
                .rposition(|(item, _)| matches!(item, Item::Figure(_)))
                && let Item::Figure(mut over) = ratio.items[at].0.clone()
            {
                if self.data.table_of(&over.of) != self.data.columns[column].table {
                    ratio.add(Feature::Unsure, 0.5);
                }
                // Sums on both sides: a mean of prices by a sum of litres means nothing.
                if matches!(over.of, Of::Column(_) | Of::Product(..)) {
                    over.function.get_or_insert(Function::Sum);
                }
                ratio.items[at].0 = Item::Ratio {
                    over,
                    under: Figure::new(Some(Function::Sum), Of::Column(column)),
                    percent: false,
                };
                out.push((noun.to, ratio));
            }
        }
        // "orders per customer" after a figure may be the average over customers as well.
        let counts = next.items.iter().rev().find_map(|(item, _)| match item {
            Item::Figure(figure) => Some(figure.clone()),
            _ => None,
        });
        let things = match noun.what {
            NounOf::Table(table) => Some(Of::Rows(table)),
            NounOf::Column(column) if self.data.columns[column].role == Role::Identifier => {
                Some(Of::Column(column))
            }
            // "average number of lines per owner", where owners have no table.
            NounOf::Column(column)
                if self.data.columns[column].role.is_dimension()
                    && next.has(|item| {
                        matches!(
                            item,
                            Item::Figure(Figure {
                                of: Of::Rows(usize::MAX),
                                ..
                            })
                        )
                    }) =>
            {
                Some(Of::Column(column))
            }
            _ => None,
        };
        if let (Some(figure), Some(things)) = (counts, things)
            && next.has(|item| {
                matches!(
                    item,
                    Item::Figure(Figure {
                        of: Of::Rows(usize::MAX),
                        ..
                    })
                ) || matches!(
                    item,
                    Item::Figure(Figure {
                        function: Some(Function::Average),
                        ..
                    })
                )
            })
        {
            let mut ratio = next.clone();
            ratio.items.retain(|(item, _)| {
                !matches!(
                    item,
                    Item::Figure(Figure {
                        of: Of::Rows(usize::MAX),
                        function: Some(Function::Average),
                        ..
                    })
                )
            });
            if let Some(at) = ratio
                .items
                .iter()
                .rposition(|(item, _)| matches!(item, Item::Figure(_)))
            {
                let mut over = figure;
                if over.function == Some(Function::Average) {
                    over.function = Some(Function::Sum);
                }
                ratio.items[at].0 = Item::Ratio {
                    over,
                    under: Figure::new(Some(Function::CountDistinct), things),
                    percent: false,
                };
                ratio.add(Feature::PerEntity, 1.0);
                out.push((noun.to, ratio));
            }
        }
        self.key(next, noun, span.0, span, out);
    }

    /// "by month", "monthly", "per hour of the day", "month over month".
    pub(super) fn parts(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "over the months of 2025"
        if matches!(self.word(at), "over" | "across" | "through")
            && self.word(at + 1) == "the"
            && let Some(part) = dates::unit(self.word(at + 2))
            && self.word(at + 2).ends_with('s')
        {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(Item::Key(KeyOf::Part(part, None)), (at, at + 3));
            next.add(Feature::LongPhrase, 1.0);
            out.push((at + 3, next));
        }
        // "what do they earn per hour" of an hourly wage: the unit is in the column.
        if self.word(at) == "hour"
            && matches!(frame.pending, Some((Pending::Per | Pending::Key, _)))
            && frame.has(|item| {
                let column = match item {
                    Item::Column(column)
                    | Item::Figure(Figure {
                        of: Of::Column(column),
                        ..
                    }) => *column,
                    _ => return false,
                };
                let info = &self.data.columns[column];
                ["hour", "hourly", "hrly", "hr"]
                    .iter()
                    .any(|word| info.has_word(word))
            })
        {
            let mut next = frame.clone();
            next.pending = None;
            next.add(Feature::LongPhrase, 1.0);
            out.push((at + 1, next));
        }
        let wants_key = matches!(frame.pending, Some((Pending::Key | Pending::Per, _)));
        // "which month had the most", "on which weekday": the part of the time is what is asked for.
        let asked = at > 0
            && frame.pending.is_none()
            && matches!(self.word(at - 1), "which" | "what")
            && matches!(
                frame.items.last(),
                Some((Item::Ask(Ask::Which) | Item::And | Item::Clause, _))
            );
        let word = self.word(at);
        // "by hours worked", "hourly rate": how long and how much, not when.
        let lasts = |info: &ColumnInfo| {
            ["hour", "hr", "minute", "min", "second"]
                .iter()
                .any(|unit| info.has_word(unit))
        };
        let is_duration = matches!(word, "hours" | "minutes" | "seconds")
            && self.data.columns.iter().any(lasts)
            || word == "hourly"
                && matches!(
                    self.word(at + 1),
                    "rate"
                        | "rates"
                        | "wage"
                        | "wages"
                        | "pay"
                        | "cost"
                        | "costs"
                        | "price"
                        | "fee"
                        | "salary"
                );
        if is_duration {
            return;
        }
        // "hourly pay" is a column.
        let in_name = self.anchors.at[at].iter().any(|anchor| {
            matches!(anchor.what, What::Column(_)) && anchor.to > at + 1 && anchor.score > 0.85
        });
        if in_name && word.ends_with("ly") {
            return;
        }
        if let "busiest" | "quietest" | "slowest" = word {
            self.busiest(frame, at, word == "busiest", out);
            return;
        }
        let adverb = matches!(
            word,
            "monthly"
                | "yearly"
                | "annually"
                | "annual"
                | "quarterly"
                | "weekly"
                | "daily"
                | "hourly"
        );
        // "month over month", "mom"
        let over = match word {
            "mom" => Some((1, Part::Month)),
            "yoy" => Some((1, Part::Year)),
            "qoq" => Some((1, Part::Quarter)),
            "wow" => Some((1, Part::Week)),
            _ => {
                let unit = dates::unit(word);
                let joined = matches!(self.word(at + 1), "over" | "on" | "by" | "to");
                unit.filter(|_| joined && self.word(at + 2) == word)
                    .map(|part| (3, part))
            }
        };
        if let Some((length, part)) = over {
            let mut next = frame.clone();
            self.drop_pending(&mut next);
            next.push(Item::Key(KeyOf::Part(part, None)), (at, at + length));
            // "month by month" is no more than "by month".
            if self.word(at + 1) != "by" {
                next.push(Item::Growth, (at, at + length));
            }
            out.push((at + length, next));
        }
        let ordered = matches!(frame.items.last(), Some((Item::And, _)))
            && frame.has(|item| matches!(item, Item::Key(KeyOf::Part(..))));
        // "orders a day"
        if word == "a"
            && frame.pending.is_none()
            && let Some(part) = dates::unit(self.word(at + 1))
            && frame.has(|item| matches!(item, Item::Figure(_)))
        {
            self.over(frame, part, (at, at + 2), out);
            let mut by = frame.clone();
            by.push(Item::Key(KeyOf::Part(part, None)), (at, at + 2));
            out.push((at + 2, by));
        }
        if !(wants_key || adverb || ordered || asked) {
            return;
        }
        let Some((length, part)) = self.part_named(at) else {
            return;
        };
        let mut next = frame.clone();
        if wants_key {
            next.pending = None;
        }
        if length == 1 && self.is_own_column(frame, word) {
            next.add(Feature::KeyMisfit, 1.0);
        }
        self.over(&next, part, (at, at + length), out);
        next.push(Item::Key(KeyOf::Part(part, None)), (at, at + length));
        out.push((at + length, next));
    }

    /// Whether rows spoken of before have a column of just this name: "net per quarter" where `quarter` is stored.
    fn is_own_column(&self, frame: &Frame, word: &str) -> bool {
        let tables = frame.items.iter().filter_map(|(item, _)| match item {
            Item::Entity(table)
            | Item::Figure(Figure {
                of: Of::Rows(table),
                ..
            }) => Some(*table),
            Item::Column(column)
            | Item::Figure(Figure {
                of: Of::Column(column),
                ..
            }) => Some(self.data.columns[*column].table),
            _ => None,
        });
        tables.into_iter().any(|table| {
            self.data.tables.get(table).is_some_and(|table| {
                table
                    .columns
                    .iter()
                    .any(|&column| self.data.columns[column].name.eq_ignore_ascii_case(word))
            })
        })
    }

    /// "busiest hour of the day": the part of the time with the most rows.
    fn busiest(&self, frame: &Frame, at: usize, descending: bool, out: &mut Vec<(usize, Frame)>) {
        let Some((length, part)) = self.part_named(at + 1) else {
            // "what hour of the day is the busiest for orders"
            let named = frame.has(|item| matches!(item, Item::Key(KeyOf::Part(..))))
                && !frame.has(|item| matches!(item, Item::Order { .. }));
            if named {
                let for_them = usize::from(matches!(self.word(at + 1), "for" | "in" | "with"));
                let mut ends = vec![(at + 1, By::Measure)];
                for noun in self.nouns(at + 1 + for_them) {
                    if let NounOf::Table(table) = noun.what
                        && noun.score > 0.7
                    {
                        ends.push((noun.to, By::Of(Of::Rows(table))));
                    }
                }
                for (end, by) in ends {
                    let mut next = frame.clone();
                    next.push(
                        Item::Order {
                            by,
                            function: Some(Function::Count),
                            descending,
                            limit: Some(1),
                            offset: 0,
                        },
                        (at, end),
                    );
                    next.add(Feature::Superlative, 1.0);
                    out.push((end, next));
                }
            }
            return;
        };
        let end = at + 1 + length;
        let mut next = frame.clone();
        if next.ask().is_none() {
            next.push(Item::Ask(Ask::Which), (at, at));
        }
        next.push(
            Item::first_by(By::Measure, Some(Function::Count), (descending, 1, 0)),
            (at, at + 1),
        );
        next.push(Item::Key(KeyOf::Part(part, None)), (at + 1, end));
        next.add(Feature::Superlative, 1.0);
        out.push((end, next));
    }

    /// A part of a time and how many words name it.
    fn part_named(&self, at: usize) -> Option<(usize, Part)> {
        Some(
            match (
                self.word(at),
                self.word(at + 1),
                self.word(at + 2),
                self.word(at + 3),
            ) {
                ("day", "of", "the", "week") => (4, Part::Weekday),
                ("day", "of", "week", _) => (3, Part::Weekday),
                ("hour", "of", "the", "day") => (4, Part::Hour),
                ("hour", "of", "day", _) => (3, Part::Hour),
                ("month", "of", "the", "year") => (4, Part::MonthOfYear),
                ("calendar", "month", ..) => (2, Part::Month),
                ("calendar", "year", ..) => (2, Part::Year),
                ("time", "of", "day", _) => (3, Part::Hour),
                ("over", "time", ..) => (2, Part::Month),
                (word, ..) => (1, dates::unit(word)?),
            },
        )
    }
}
