//! Two times of one row: how long it took from one to the other, and whether what was due was done in time.

use super::super::anchors::What;
use super::super::cues::Cue;
use super::super::data::ColumnId;
use super::super::dates;
use super::super::frame::{Cond, Figure, Frame, Item, Of, Pending};
use super::super::query::{Function, Operator, Unit, Value};
use super::super::score::Feature;
use super::Reader;
use crate::reading::lexicon;
use crate::reading::tokens::Kind;

/// How what was done stands to when it was due.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Punctual {
    Late,
    OnTime,
    /// Due, and not done.
    Overdue,
}

impl Reader<'_> {
    /// "hours to close", "days between order and delivery", "tenure", "how long".
    pub(super) fn durations(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let word = self.word(at);
        let (unit, mut after, sure) = match word {
            "hours" | "hour" => (Unit::Hours, at + 1, true),
            "days" | "day" => (Unit::Days, at + 1, true),
            "minutes" => (Unit::Minutes, at + 1, true),
            "weeks" => (Unit::Weeks, at + 1, true),
            "months" => (Unit::Months, at + 1, true),
            "years" => (Unit::Years, at + 1, true),
            "time" | "duration" | "turnaround" | "delay" | "lag" | "gap" => {
                (Unit::Days, at + 1, false)
            }
            "long" if self.word(at.wrapping_sub(1)) == "how" => (Unit::Days, at + 1, false),
            "nights" | "night" => (Unit::Days, at + 1, true),
            "length" => (Unit::Days, at + 1, false),
            _ => return,
        };
        // A column that is called so is meant.
        let is_column = self.anchors.at[at].iter().any(|anchor| {
            matches!(anchor.what, What::Column(column) if self.comparable(column))
                && anchor.to == at + 1
                && anchor.score >= 0.99
        });
        if is_column {
            return;
        }
        let function = match frame.pending {
            Some((Pending::Function(function), _)) => Some(function),
            Some((Pending::HowMuch | Pending::Count { .. } | Pending::Show, _)) | None => None,
            Some(_) => return,
        };
        if matches!(self.word(after), "does" | "do" | "did" | "it") {
            while matches!(
                self.word(after),
                "does" | "do" | "did" | "it" | "take" | "takes" | "took" | "on" | "average"
            ) {
                after += 1;
            }
        }
        // Two times of one table said around it.
        let mut mentioned: Vec<(ColumnId, usize, f64)> = Vec::new();
        for start in after..self.tokens.len().min(after + 9) {
            for anchor in &self.anchors.at[start] {
                if let What::Column(column) = anchor.what
                    && self.data.columns[column].is_time()
                    && !mentioned.iter().any(|(known, ..)| *known == column)
                {
                    mentioned.push((column, anchor.to, anchor.score));
                }
            }
        }
        let unit_said = self.tokens[at..]
            .iter()
            .find_map(|token| match token.lower.as_str() {
                "hours" => Some(Unit::Hours),
                "days" => Some(Unit::Days),
                "minutes" => Some(Unit::Minutes),
                "weeks" => Some(Unit::Weeks),
                "months" => Some(Unit::Months),
                "years" => Some(Unit::Years),
                _ => None,
            });
        let unit = if sure {
            unit
        } else {
            unit_said.unwrap_or(unit)
        };
        if mentioned.is_empty() {
            self.lasting(frame, at, function, unit, out);
        }
        for &(column, to, score) in &mentioned {
            let table = self.data.columns[column].table;
            let times: Vec<ColumnId> = self.data.tables[table]
                .columns
                .iter()
                .copied()
                .filter(|&other| other != column && self.data.columns[other].is_time())
                .collect();
            for other in times {
                let second = mentioned.iter().find(|(known, ..)| *known == other);
                let (earlier, later) = self.in_time(column, other);
                let mut next = frame.clone();
                next.pending = None;
                let end = second.map_or(to, |second| second.1.max(to));
                let said = if second.is_some() { score + 1.0 } else { score };
                next.add(Feature::NameMisfit, (2.0 - said) * 0.5);
                next.add(Feature::NameUsed, if second.is_some() { 2.0 } else { 1.0 });
                // What lies between must be small words.
                let passed = (after..end)
                    .filter(|&between| {
                        let token = &self.tokens[between];
                        let part = mentioned.iter().any(|(_, to, _)| *to == between + 1);
                        !part
                            && token.kind == Kind::Word
                            && !lexicon::is_stop(&token.lower)
                            && dates::unit(&token.lower).is_none()
                    })
                    .count();
                let keyed = (after..end).any(|between| {
                    self.cues[between]
                        .iter()
                        .any(|(_, cue)| matches!(cue, Cue::Key | Cue::Per | Cue::Each))
                });
                let figure = Item::Figure(Figure::new(
                    function.or(Some(Function::Average)),
                    Of::Duration(earlier, Some(later), unit),
                ));
                if keyed {
                    // "transit time in days per carrier (dispatch to delivery)": what groups it stands between.
                    let mut open = next.clone();
                    let mut from = after;
                    if self.word(from) == "in" && dates::unit(self.word(from + 1)).is_some() {
                        from += 2;
                    }
                    open.push(figure.clone(), (at, from));
                    out.push((from, open));
                }
                if keyed {
                    next.add(Feature::SkippedName, passed as f64);
                } else {
                    next.add(Feature::SkippedWord, passed as f64 * 0.5);
                }
                next.push(figure, (at, end));
                out.push((end, next));
            }
        }
    }

    /// "… in hours", "… in days" after a duration in that unit.
    pub(super) fn unit_of_duration(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let unit = match (self.word(at), self.word(at + 1)) {
            ("in", "hours") => Unit::Hours,
            ("in", "days" | "nights") => Unit::Days,
            ("in", "minutes") => Unit::Minutes,
            ("in", "weeks") => Unit::Weeks,
            ("in", "months") => Unit::Months,
            ("in", "years") => Unit::Years,
            _ => return,
        };
        let measured = frame.has(|item| {
            matches!(item, Item::Figure(Figure { of: Of::Duration(_, _, own), .. }) if *own == unit)
        });
        if measured {
            out.push((at + 2, frame.clone()));
        }
    }

    /// "volunteer hours", "length of stay", "duration of a run": from the beginning of a row to its end.
    fn lasting(
        &self,
        frame: &Frame,
        at: usize,
        function: Option<Function>,
        unit: Unit,
        out: &mut Vec<(usize, Frame)>,
    ) {
        let is_counted = matches!(
            frame.pending,
            Some((Pending::Function(_) | Pending::HowMuch, _))
        );
        // "how many days does a repair take"
        let takes = matches!(self.word(at + 1), "do" | "does" | "did")
            && (at + 2..at + 7).any(|place| matches!(self.word(place), "take" | "takes" | "last"));
        let is_said = takes
            || matches!(self.word(at), "duration" | "length")
            || self.word(at) == "long" && frame.ask().is_some();
        if !(is_counted || is_said) {
            return;
        }
        let mut to = at + 1;
        if self.word(at) == "length" {
            if !(self.word(to) == "of" && self.word(to + 1) == "stay") {
                return;
            }
            to += 2;
        }
        for &(begins, ends) in &self.data.spans {
            let mut next = frame.clone();
            next.pending = None;
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::AssumedColumn, 0.5);
            next.push(
                Item::Figure(Figure::new(
                    function.or(Some(Function::Average)),
                    Of::Duration(begins, Some(ends), unit),
                )),
                (at, to),
            );
            out.push((to, next));
        }
    }

    /// Of two times of one row the one that comes first, by name and by how often it is empty.
    fn in_time(&self, one: ColumnId, two: ColumnId) -> (ColumnId, ColumnId) {
        let late = |column: ColumnId| {
            let info = &self.data.columns[column];
            (info.stats.nulls, column)
        };
        if late(one) <= late(two) {
            (one, two)
        } else {
            (two, one)
        }
    }

    /// "late", "on time", "overdue": what was due by one time of a row and done by another.
    pub(super) fn deadlines(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let (length, kind) = match (self.word(at), self.word(at + 1)) {
            ("past" | "over", "due") => (2, Punctual::Overdue),
            ("overdue", _) => (1, Punctual::Overdue),
            ("due", _) if at == 0 || !matches!(self.word(at - 1), "past" | "over") => {
                for &(due, _) in &self.data.deadlines {
                    let mut next = frame.clone();
                    next.add(Feature::NameUsed, 1.0);
                    next.push(Item::TimeOf(due), (at, at + 1));
                    out.push((at + 1, next));
                }
                return;
            }
            ("late" | "delayed", _) => (1, Punctual::Late),
            ("later", "than")
                if matches!(
                    self.word(at + 2),
                    "promised" | "planned" | "due" | "expected" | "scheduled" | "agreed"
                ) =>
            {
                (3, Punctual::Late)
            }
            ("on", "time") => (2, Punctual::OnTime),
            ("punctual" | "punctually" | "on-time", _) => (1, Punctual::OnTime),
            _ => return,
        };
        let kind = match (kind, frame.negated.is_some()) {
            (Punctual::OnTime, true) => Punctual::Late,
            (Punctual::Late, true) => Punctual::OnTime,
            (kind, _) => kind,
        };
        for &(due, done) in &self.data.deadlines {
            let mut next = frame.clone();
            next.negated = None;
            next.add(Feature::NameUsed, 1.0);
            let span = (at, at + length);
            match (kind, done) {
                (Punctual::Late | Punctual::OnTime, Some(done)) => {
                    let operator = if kind == Punctual::Late {
                        Operator::Greater
                    } else {
                        Operator::LessOrEqual
                    };
                    next.push(
                        Item::Cond(Cond::Columns {
                            left: done,
                            operator,
                            right: due,
                            of_other: None,
                        }),
                        span,
                    );
                }
                (Punctual::Overdue, done) => {
                    match done {
                        Some(column) => next.push(
                            Item::Cond(Cond::Null {
                                column,
                                is_null: true,
                            }),
                            span,
                        ),
                        None => match self.data.settled(due) {
                            Some(column) => {
                                next.push(Item::Cond(Cond::Flag { column, yes: false }), span);
                            }
                            None => next.add(Feature::Unsure, 1.0),
                        },
                    }
                    next.push(
                        Item::Cond(Cond::Compare {
                            column: due,
                            operator: Operator::Less,
                            value: Value::Text(self.today.format("%Y-%m-%d").to_string()),
                        }),
                        span,
                    );
                }
                (_, None) => continue,
            }
            out.push((at + length, next));
        }
    }
}
