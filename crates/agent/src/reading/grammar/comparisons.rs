//! Numbers and columns that something is more or less than: "over 100 kg", "at least two orders", "between 5 and 10",
//! "later than promised".

use schema_gen::meaning::Role;

use super::super::anchors::What;
use super::super::cues;
use super::super::data::TableId;
use super::super::frame::{Cond, Figure, Frame, Item, Of};
use super::super::query::{Function, Operator};
use super::super::score::Feature;
use super::super::values::How;
use super::{NounOf, Reader, same_unit};
use crate::reading::lexicon;

impl Reader<'_> {
    pub(super) fn comparisons(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        self.more_than_average(frame, at, out);
        let word = |offset: usize| self.word(at + offset);
        let mut found: Vec<(usize, Operator, Option<f64>)> = Vec::new();
        if let Some((length, operator)) = cues::comparison(&word) {
            let mut after = at + length;
            while matches!(self.word(after), "the" | "a" | "than" | "$" | "€" | "£") {
                after += 1;
            }
            if let Some(number) = self.number(after) {
                found.push((after + 1, operator, Some(number)));
            } else {
                let mean =
                    ["average", "mean", "avg", "overall", "usual"].contains(&self.word(after));
                if mean {
                    self.against_average(frame, at, after, operator, out);
                } else if let Some((of, mean)) = self.average_of_said(frame, after) {
                    // "than the backend average"
                    let before = out.len();
                    self.against_average(frame, at, mean, operator, out);
                    for (_, next) in &mut out[before..] {
                        if let Some((Item::Cond(Cond::Average { among, .. }), _)) =
                            next.items.last_mut()
                        {
                            among.push(of.clone());
                        }
                    }
                } else {
                    self.between_columns(frame, after, operator, out);
                    self.against_other(frame, after, operator, out);
                    self.column_then_number(frame, (at, after), operator, out);
                }
                let count = match self.word(after) {
                    "once" => Some(1.0),
                    "twice" => Some(2.0),
                    "thrice" => Some(3.0),
                    _ => None,
                };
                if let Some(count) = count {
                    // "more than twice"
                    let mut next = frame.clone();
                    let operator = next.take_negation(operator);
                    self.so_many_times(&next, operator, count, (at, after + 1), out);
                }
            }
        }
        self.more_of_a_column(frame, at, out);
        if let Some(number) = self.number(at) {
            let post = match (self.word(at + 1), self.word(at + 2)) {
                (
                    "or",
                    "more" | "above" | "over" | "higher" | "older" | "greater" | "longer" | "later"
                    | "after",
                ) => Some((3, Operator::GreaterOrEqual)),
                (
                    "or",
                    "less" | "fewer" | "below" | "under" | "lower" | "younger" | "shorter"
                    | "before" | "earlier",
                ) => Some((3, Operator::LessOrEqual)),
                ("and", "above" | "over" | "more") => Some((3, Operator::GreaterOrEqual)),
                ("+", _) => Some((2, Operator::GreaterOrEqual)),
                _ => None,
            };
            // "over 15 or under 7"
            let goes_on = self.word(at + 1) == "or" && self.number(at + 3).is_some();
            if let Some((length, operator)) = post.filter(|_| !goes_on) {
                found.push((at + length, operator, Some(number)));
            }
            if self.word(at + 1) == "times" && self.word(at + 2) == "or" {
                let operator = match self.word(at + 3) {
                    "more" => Some(Operator::GreaterOrEqual),
                    "less" | "fewer" => Some(Operator::LessOrEqual),
                    _ => None,
                };
                if let Some(operator) = operator {
                    self.so_many_times(frame, operator, number, (at, at + 4), out);
                }
            }
        }
        for (after, operator, number) in found {
            let Some(number) = number else { continue };
            let mut base = frame.clone();
            let operator = base.take_negation(operator);
            if self.word(after) == "times" || self.word(after) == "time" {
                self.so_many_times(&base, operator, number, (at, after + 1), out);
            }
            // "more than 5 orders", "over 100 kg", "5 or more seats"
            let of =
                after + usize::from(matches!(self.word(after), "of" | "different" | "distinct"));
            for noun in self.nouns(of) {
                if noun.score < 0.5 {
                    continue;
                }
                let mut next = base.clone();
                self.use_name(&mut next, &noun);
                match noun.what {
                    NounOf::Table(table) => {
                        has(&mut next, table, (operator, number), (at, noun.to));
                        out.push((noun.to, next));
                    }
                    NounOf::Column(column) if self.comparable(column) => {
                        next.push(
                            Item::Cond(Cond::number(column, operator, number)),
                            (at, noun.to),
                        );
                        out.push((noun.to, next));
                    }
                    NounOf::Column(_) | NounOf::Metric(_) => {}
                }
            }
            // "three or more falls": rows of that kind.
            for anchor in self.anchors.at.get(of).into_iter().flatten() {
                let What::Value(one) = &anchor.what else {
                    continue;
                };
                let table = self.data.columns[one.column].table;
                if one.how > How::Inflected || self.data.tables[table].time.is_none() {
                    continue;
                }
                let mut next = base.clone();
                next.add(Feature::ValueUsed, 1.0);
                let span = (at, anchor.to);
                has(&mut next, table, (operator, number), span);
                next.push(
                    Item::Cond(Cond::Is {
                        column: one.column,
                        values: one.values.clone(),
                        negated: false,
                    }),
                    span,
                );
                out.push((anchor.to, next));
            }
            // A unit after the number names the column that is written in it.
            let unit = self.word(after).to_owned();
            let with_unit = self.data.columns.iter().enumerate().filter(|(_, column)| {
                column
                    .unit
                    .as_deref()
                    .is_some_and(|own| same_unit(own, &unit))
            });
            for (column, _) in with_unit {
                let mut next = base.clone();
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after + 1),
                );
                next.add(Feature::AssumedColumn, 0.3);
                out.push((after + 1, next));
            }
            // The column was said before: "price above 100", "whose age is over 30".
            let mut last = base.items.len();
            while last > 0 && matches!(base.items[last - 1].0, Item::Clause | Item::TimeOf(_)) {
                last -= 1;
            }
            if last > 0 {
                match base.items[last - 1].0.clone() {
                    Item::Column(column) if self.comparable(column) => {
                        let mut next = base.clone();
                        next.items.truncate(last - 1);
                        next.push(
                            Item::Cond(Cond::number(column, operator, number)),
                            (at, after),
                        );
                        out.push((after, next));
                    }
                    Item::Figure(figure) => {
                        let mut next = base.clone();
                        next.items.truncate(last - 1);
                        next.push(
                            Item::Cond(Cond::HasFigure {
                                figure: Box::new(figure),
                                operator,
                                value: number,
                            }),
                            (at, after),
                        );
                        next.add(Feature::HasUsed, 1.0);
                        out.push((after, next));
                    }
                    _ => {}
                }
            }
            // "over 15 or under 7": of the same column.
            let is_joined = matches!(base.items.last(), Some((Item::And, span)) if span.1 == at);
            let before = base
                .items
                .iter()
                .rev()
                .find(|(item, _)| !matches!(item, Item::And | Item::Or | Item::Clause));
            if is_joined && let Some((Item::Cond(Cond::Compare { column, .. }), _)) = before {
                let column = *column;
                let mut next = base.clone();
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after),
                );
                out.push((after, next));
            }
            // "donations over 2000": what they come to.
            let spoken_of = base.items.last().and_then(|(item, _)| match item {
                Item::Entity(table)
                | Item::Figure(Figure {
                    of: Of::Rows(table),
                    ..
                }) if *table != usize::MAX => Some(*table),
                _ => None,
            });
            if let Some(column) = spoken_of.and_then(|table| self.data.main_amount(table)) {
                let mut next = base.clone();
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after),
                );
                next.add(Feature::AssumedColumn, 0.5);
                out.push((after, next));
            }
            // An adjective tells the column: "older than 30", "heavier than 5".
            if let Some((columns, _)) = lexicon::measured_by(self.word(at)) {
                for (column, info) in self.data.columns.iter().enumerate() {
                    let is_year = info.role == Role::Year && number < 1000.0;
                    if info.is_number()
                        && !is_year
                        && !matches!(info.role, Role::Identifier)
                        && columns.iter().any(|word| info.has_word(word))
                    {
                        let mut next = base.clone();
                        next.push(
                            Item::Cond(Cond::number(column, operator, number)),
                            (at, after),
                        );
                        next.add(Feature::AssumedColumn, 0.3);
                        out.push((after, next));
                    }
                }
            }
            // "people under 40": their age.
            if (1.0..=120.0).contains(&number)
                && !self
                    .word(after)
                    .starts_with(|letter: char| letter.is_ascii_digit())
            {
                let table = base.items.iter().rev().find_map(|(item, _)| match item {
                    Item::Entity(table) => Some(*table),
                    Item::Figure(Figure {
                        of: Of::Rows(table),
                        ..
                    }) if *table != usize::MAX => Some(*table),
                    _ => None,
                });
                let age = table.and_then(|table| {
                    self.data.tables[table]
                        .columns
                        .iter()
                        .copied()
                        .find(|&column| self.data.columns[column].has_word("age"))
                });
                if let Some(column) = age {
                    let mut next = base.clone();
                    next.push(
                        Item::Cond(Cond::number(column, operator, number)),
                        (at, after),
                    );
                    next.add(Feature::AssumedColumn, 0.7);
                    out.push((after, next));
                }
            }
            // Nothing tells the column: the figure of the question, or any measure.
            let mut next = base.clone();
            next.add(Feature::NumberWithoutPlace, 1.0);
            let measured = next.items.iter().rev().find_map(|(item, _)| match item {
                Item::Figure(figure) => Some(figure.clone()),
                Item::Column(column) if self.data.columns[*column].role.is_measure() => {
                    Some(Figure::new(None, Of::Column(*column)))
                }
                _ => None,
            });
            if let Some(Figure {
                of: Of::Column(column),
                ..
            }) = measured
            {
                next.push(
                    Item::Cond(Cond::number(column, operator, number)),
                    (at, after),
                );
                out.push((after, next));
            }
        }
        // between A and B
        if self.word(at) == "between"
            && let (Some(low), "and", Some(high)) =
                (self.number(at + 1), self.word(at + 2), self.number(at + 3))
        {
            let mut last = frame.items.len();
            while last > 0 && matches!(frame.items[last - 1].0, Item::Clause) {
                last -= 1;
            }
            if last > 0
                && let Item::Column(column) = frame.items[last - 1].0
                && self.data.columns[column].is_number()
            {
                let mut next = frame.clone();
                next.items.truncate(last - 1);
                next.push(
                    Item::Cond(Cond::Between { column, low, high }),
                    (at, at + 4),
                );
                out.push((at + 4, next));
            }
            for noun in self.nouns(at + 4) {
                if let NounOf::Column(column) = noun.what
                    && self.data.columns[column].is_number()
                {
                    let mut next = frame.clone();
                    self.use_name(&mut next, &noun);
                    next.push(
                        Item::Cond(Cond::Between { column, low, high }),
                        (at, noun.to),
                    );
                    out.push((noun.to, next));
                }
            }
        }
    }

    /// "under age 30", "above a height of 5000": the column stands between.
    fn column_then_number(
        &self,
        frame: &Frame,
        (at, after): (usize, usize),
        operator: Operator,
        out: &mut Vec<(usize, Frame)>,
    ) {
        for noun in self.nouns(after) {
            let NounOf::Column(column) = noun.what else {
                continue;
            };
            let place = noun.to + usize::from(self.word(noun.to) == "of");
            let Some(number) = self.number(place).filter(|_| self.comparable(column)) else {
                continue;
            };
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            let operator = next.take_negation(operator);
            let cond = Cond::number(column, operator, number);
            next.push(Item::Cond(cond), (at, place + 1));
            out.push((place + 1, next));
        }
    }

    /// "a greater weight than 10", "higher salaries than 5000": the column stands inside the comparison.
    fn more_of_a_column(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for noun in self.nouns(at + 1) {
            let NounOf::Column(column) = noun.what else {
                continue;
            };
            if self.word(noun.to) != "than" || !self.comparable(column) {
                continue;
            }
            let word = |offset: usize| match offset {
                0 => self.word(at),
                1 => "than",
                _ => "",
            };
            let (Some((2, operator)), Some(number)) =
                (cues::comparison(&word), self.number(noun.to + 1))
            else {
                continue;
            };
            let mut next = frame.clone();
            self.use_name(&mut next, &noun);
            let operator = next.take_negation(operator);
            let cond = Cond::number(column, operator, number);
            next.push(Item::Cond(cond), (at, noun.to + 2));
            out.push((noun.to + 2, next));
        }
    }

    /// "ordered more than 20 times", "rang us 40 times or more": rows of what the verb names, or of what refers to those
    /// who did it; of a column, by its values ("flight numbers cancelled three times").
    fn so_many_times(
        &self,
        frame: &Frame,
        operator: Operator,
        number: f64,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let how_many = (operator, number);
        match frame.items.last().map(|(item, _)| item) {
            Some(Item::TimeOf(column) | Item::Column(column)) => {
                let mut next = frame.clone();
                next.items.pop();
                has(&mut next, self.data.columns[*column].table, how_many, span);
                out.push((span.1, next));
            }
            Some(Item::Entity(table)) => {
                let mut named = frame.clone();
                named.items.pop();
                has(&mut named, *table, how_many, span);
                out.push((span.1, named));
                for (rank, happened) in self.happened_to(*table).into_iter().enumerate() {
                    let mut next = frame.clone();
                    has(&mut next, happened, how_many, span);
                    next.add(Feature::Unsure, 0.3 * rank as f64);
                    out.push((span.1, next));
                }
            }
            Some(Item::Cond(Cond::Is { column, .. })) => {
                let table = self.data.columns[*column].table;
                let mut next = frame.clone();
                next.push(
                    Item::Cond(Cond::HasFigure {
                        figure: Box::new(Figure::new(Some(Function::Count), Of::Rows(table))),
                        operator,
                        value: number,
                    }),
                    span,
                );
                next.add(Feature::HasUsed, 1.0);
                out.push((span.1, next));
            }
            _ => {}
        }
    }

    /// Tables of what happened to the rows of another, the one with the most rows first.
    fn happened_to(&self, table: TableId) -> Vec<TableId> {
        let mut found: Vec<TableId> = self
            .data
            .edges
            .iter()
            .filter(|edge| {
                edge.to == table && edge.from != table && self.data.tables[edge.from].time.is_some()
            })
            .map(|edge| edge.from)
            .collect();
        found.sort_by_key(|&from| (std::cmp::Reverse(self.data.tables[from].rows), from));
        found.dedup();
        found
    }

    /// "delivered later than promised".
    fn between_columns(
        &self,
        frame: &Frame,
        after: usize,
        operator: Operator,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let left = frame.items.last().and_then(|(item, _)| match item {
            Item::Column(column) | Item::TimeOf(column) => Some(*column),
            _ => None,
        });
        let Some(left) = left else { return };
        for noun in self.nouns(after) {
            if let NounOf::Column(right) = noun.what
                && right != left
                && self.data.columns[right].table == self.data.columns[left].table
                && self.data.columns[right].is_time() == self.data.columns[left].is_time()
                && (self.data.columns[right].is_time()
                    || self.comparable(right) && self.comparable(left))
            {
                let mut next = frame.clone();
                self.use_name(&mut next, &noun);
                next.items.pop();
                next.push(
                    Item::Cond(Cond::Columns {
                        left,
                        operator,
                        right,
                        of_other: None,
                    }),
                    (after, noun.to),
                );
                out.push((noun.to, next));
            }
        }
    }
}

/// So many rows of a table belong to what is spoken of.
fn has(
    frame: &mut Frame,
    table: TableId,
    (operator, count): (Operator, f64),
    span: (usize, usize),
) {
    frame.push(
        Item::Cond(Cond::Has {
            table,
            operator,
            count,
        }),
        span,
    );
    frame.add(Feature::HasUsed, 1.0);
}
