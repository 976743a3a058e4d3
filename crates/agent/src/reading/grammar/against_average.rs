//! What is set against a mean: "more than the average of their department", "more loans than the average member".

use super::super::anchors::What;
use super::super::data::ColumnId;
use super::super::frame::{Cond, Figure, Frame, Item, KeyOf, Of};
use super::super::query::{Function, Operator};
use super::super::score::Feature;
use super::{NounOf, Reader};
use crate::reading::lexicon;

impl Reader<'_> {
    /// "more than the average (of their department)".
    pub(super) fn against_average(
        &self,
        frame: &Frame,
        at: usize,
        mean: usize,
        operator: Operator,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let mut after = mean + 1;
        while matches!(self.word(after), "average" | "mean" | "avg") {
            after += 1;
        }
        let mut base = frame.clone();
        base.negated = None;
        base.add(Feature::AverageUsed, 1.0);
        // The column before: "a CSAT below the average".
        let mut last = base.items.len();
        while last > 0 && matches!(base.items[last - 1].0, Item::Clause) {
            last -= 1;
        }
        let mut candidates: Vec<(Frame, Option<ColumnId>, usize)> = Vec::new();
        if last > 0 {
            match base.items[last - 1].0.clone() {
                Item::Column(column) if self.data.columns[column].is_number() => {
                    let mut next = base.clone();
                    next.items.truncate(last - 1);
                    candidates.push((next, Some(column), after));
                }
                Item::Figure(Figure {
                    of: Of::Column(column),
                    ..
                }) => {
                    let mut next = base.clone();
                    next.items.truncate(last - 1);
                    candidates.push((next, Some(column), after));
                }
                Item::Figure(_) => candidates.push((base.clone(), None, after)),
                _ => {}
            }
        }
        for noun in self.nouns(after) {
            if let NounOf::Column(column) = noun.what
                && self.data.columns[column].is_number()
            {
                let mut next = base.clone();
                self.use_name(&mut next, &noun);
                candidates.push((next, Some(column), noun.to));
            }
        }
        // What was read as the last item already is no verb.
        let is_last = |column: ColumnId| {
            last > 0
                && match &base.items[last - 1].0 {
                    Item::Column(read)
                    | Item::Figure(Figure {
                        of: Of::Column(read),
                        ..
                    }) => *read == column,
                    _ => false,
                }
        };
        // An adjective or a verb says the column: "weigh more than the average shipment".
        for back in (at.saturating_sub(2)..=at).rev() {
            for anchor in &self.anchors.at[back] {
                if let What::Column(column) = anchor.what
                    && self.data.columns[column].role.is_measure()
                    && anchor.to <= at
                    && !is_last(column)
                {
                    let mut next = base.clone();
                    next.add(Feature::NameMisfit, 1.0 - anchor.score);
                    candidates.push((next, Some(column), after));
                }
            }
            if let Some((columns, _)) = lexicon::measured_by(self.word(back)) {
                for (column, info) in self.data.columns.iter().enumerate() {
                    if info.is_number() && columns.iter().any(|word| info.has_word(word)) {
                        let mut next = base.clone();
                        next.add(Feature::AssumedColumn, 0.3);
                        candidates.push((next, Some(column), after));
                    }
                }
            }
        }
        // "whose total cost is above the average machine": what each comes to against what all come to.
        if last > 0
            && let Item::Figure(figure) = &base.items[last - 1].0
            && matches!(figure.function, Some(Function::Sum | Function::Count))
        {
            let mut next = base.clone();
            next.items.truncate(last - 1);
            self.beyond_mean(&next, figure, operator, (at, after), out);
        }
        for (next, column, to) in candidates {
            // An entity after it repeats the subject: "the average shipment".
            let mut ends = vec![to];
            for noun in self.nouns(to) {
                if matches!(noun.what, NounOf::Table(_)) && noun.score > 0.7 {
                    ends.push(noun.to);
                }
            }
            // "how many photographs are worth more than the average photograph": the mean is of these.
            for anchor in self.anchors.at.get(to).into_iter().flatten() {
                if let Some(cond) = said_before(&next, &anchor.what) {
                    let mut of_these = next.clone();
                    of_these.add(Feature::ValueUsed, 1.0);
                    of_these.push(
                        Item::Cond(Cond::Average {
                            column,
                            operator,
                            within: None,
                            among: vec![cond],
                        }),
                        (at, anchor.to),
                    );
                    out.push((anchor.to, of_these));
                }
            }
            for end in ends {
                let mut plain = next.clone();
                plain.push(
                    Item::Cond(Cond::Average {
                        column,
                        operator,
                        within: None,
                        among: Vec::new(),
                    }),
                    (at, end),
                );
                out.push((end, plain));
                if matches!(self.word(end), "of" | "for" | "in" | "within")
                    && matches!(
                        self.word(end + 1),
                        "their" | "its" | "the" | "his" | "her" | "that"
                    )
                {
                    let own = end
                        + if self.word(end + 2) == "own" || self.word(end + 2) == "same" {
                            3
                        } else {
                            2
                        };
                    for noun in self.nouns(own) {
                        let within = match noun.what {
                            NounOf::Table(table) => KeyOf::Entity(table),
                            NounOf::Column(column) => KeyOf::Column(column),
                            NounOf::Metric(_) => continue,
                        };
                        let mut grouped = next.clone();
                        self.use_name(&mut grouped, &noun);
                        grouped.push(
                            Item::Cond(Cond::Average {
                                column,
                                operator,
                                within: Some(within),
                                among: Vec::new(),
                            }),
                            (at, noun.to),
                        );
                        out.push((noun.to, grouped));
                    }
                }
            }
        }
    }

    /// "the backend average" after "backend": the condition, and the word that says mean.
    pub(super) fn average_of_said(&self, frame: &Frame, at: usize) -> Option<(Cond, usize)> {
        self.anchors.at.get(at)?.iter().find_map(|anchor| {
            if !matches!(self.word(anchor.to), "average" | "mean" | "avg") {
                return None;
            }
            Some((said_before(frame, &anchor.what)?, anchor.to))
        })
    }

    /// "than the average member": the noun after it says again of whom the mean is.
    fn beyond_mean(
        &self,
        base: &Frame,
        figure: &Figure,
        operator: Operator,
        span: (usize, usize),
        out: &mut Vec<(usize, Frame)>,
    ) {
        let mut ends = vec![span.1];
        for noun in self.nouns(span.1) {
            if noun.score > 0.7 {
                ends.push(noun.to);
            }
        }
        for end in ends {
            let mut next = base.clone();
            next.push(
                Item::Cond(Cond::BeyondMean {
                    figure: Box::new(figure.clone()),
                    operator,
                }),
                (span.0, end),
            );
            out.push((end, next));
        }
    }

    /// "more loans than the average member"
    pub(super) fn more_than_average(
        &self,
        frame: &Frame,
        at: usize,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let operator = match self.word(at) {
            "more" => Operator::Greater,
            "fewer" | "less" => Operator::Less,
            _ => return,
        };
        for noun in self.nouns(at + 1) {
            if self.word(noun.to) != "than" {
                continue;
            }
            let mut mean = noun.to + 1;
            while matches!(
                self.word(mean),
                "the" | "an" | "a" | "on" | "our" | "their" | "its"
            ) {
                mean += 1;
            }
            if !matches!(self.word(mean), "average" | "mean" | "avg" | "usual") {
                continue;
            }
            let figure = match noun.what {
                NounOf::Table(table) => Figure::new(Some(Function::Count), Of::Rows(table)),
                NounOf::Column(column) if self.data.columns[column].role.is_additive() => {
                    Figure::new(Some(Function::Sum), Of::Column(column))
                }
                NounOf::Column(column) if self.comparable(column) => {
                    // "paying more rent than our average": row by row.
                    let mut next = frame.clone();
                    next.negated = None;
                    self.use_name(&mut next, &noun);
                    next.add(Feature::AverageUsed, 1.0);
                    next.push(
                        Item::Cond(Cond::Average {
                            column: Some(column),
                            operator,
                            within: None,
                            among: Vec::new(),
                        }),
                        (at, mean + 1),
                    );
                    out.push((mean + 1, next));
                    continue;
                }
                _ => continue,
            };
            let mut next = frame.clone();
            next.negated = None;
            self.use_name(&mut next, &noun);
            next.add(Feature::AverageUsed, 1.0);
            self.beyond_mean(&next, &figure, operator, (at, mean + 1), out);
        }
    }
}

/// The condition already read that this names again, as in "the average photograph" after "photographs".
fn said_before(frame: &Frame, named: &What) -> Option<Cond> {
    let What::Value(one) = named else {
        return None;
    };
    frame.items.iter().find_map(|(item, _)| match item {
        Item::Cond(
            cond @ Cond::Is {
                column,
                values,
                negated: false,
            },
        ) if *column == one.column && *values == one.values => Some(cond.clone()),
        _ => None,
    })
}
