//! When it was: periods, years that are stored as text, and hours of the day.

use chrono::{Datelike, NaiveDate};

use super::super::anchors::{Anchors, What};
use super::super::data::{ColumnId, Data};
use super::super::dates::{self, Time};
use super::super::frame::{Cond, Frame, Item, Pending};
use super::super::query::{Operator, Window};
use super::super::score::Feature;
use super::super::values::Values;
use super::Reader;
use crate::reading::tokens::{Kind, Token};

impl Reader<'_> {
    pub(super) fn time(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        // "ordered in 2024 but have not ordered anything since"
        let last = self
            .tokens
            .get(at + 1)
            .is_none_or(|next| next.kind == Kind::Mark);
        let period = frame.items.iter().rev().find_map(|(item, _)| match item {
            Item::Time(time) => time.to,
            _ => None,
        });
        if let ("since", true, Some(from)) = (self.word(at), last, period) {
            let mut next = frame.clone();
            if next.negated.take().is_some() || matches!(next.pending, Some((Pending::Without, _)))
            {
                next.pending = None;
                next.push(Item::Not, (at, at));
            }
            next.push(Item::Time(Time::open(Some(from), None)), (at, at + 1));
            out.push((at + 1, next));
        }
        for (length, time) in &self.times[at] {
            let to = at + length;
            let mut next = frame.clone();
            if time.bare_year.is_some() && *length == 1 {
                next.add(Feature::BareYear, 1.0);
            }
            if time.assumed {
                next.add(Feature::AssumedTime, 1.0);
            }
            next.add(Feature::LongPhrase, (*length as f64 - 1.0).min(3.0));
            if frame.has(|item| matches!(item, Item::Growth | Item::Window(Window::Change)))
                && time.from.is_some()
                && time.to.is_some()
                && matches!(self.word(at), "from" | "between")
            {
                // "grow from 2024 to 2025": two periods, not one.
                let middle = (at + 1..to).find(|&mid| matches!(self.word(mid), "to" | "and"));
                if let Some(middle) = middle {
                    let one = dates::read(&self.tokens, at + 1, self.today)
                        .into_iter()
                        .find(|(length, _)| at + 1 + length == middle);
                    let two = dates::read(&self.tokens, middle + 1, self.today)
                        .into_iter()
                        .find(|(length, _)| middle + 1 + length == to);
                    if let (Some((_, one)), Some((_, two))) = (one, two) {
                        let mut both = next.clone();
                        both.push(Item::Time(one), (at, middle));
                        both.push(Item::Time(two), (middle, to));
                        out.push((to, both));
                    }
                }
            }
            if frame.negated.is_some() {
                next.negated = None;
                next.push(Item::Not, (at, at));
            }
            next.push(Item::Time(time.clone()), (at, to));
            out.push((to, next));
        }
    }

    /// "this school year" where years are stored as `2025/26`: the one that has begun last.
    pub(super) fn stored_periods(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        for (to, column, value) in &self.periods[at] {
            let mut next = frame.clone();
            next.add(Feature::NameUsed, 1.0);
            next.add(Feature::LongPhrase, 1.0);
            next.push(
                Item::Cond(Cond::Is {
                    column: *column,
                    values: vec![value.clone()],
                    negated: false,
                }),
                (at, *to),
            );
            out.push((*to, next));
        }
    }

    /// "before 9 am", "after 6pm": by the hour of the day.
    pub(super) fn hours(&self, frame: &Frame, at: usize, out: &mut Vec<(usize, Frame)>) {
        let (operator, skip) = match (self.word(at), self.word(at + 1)) {
            ("before", _) => (Operator::Less, 1),
            ("after" | "from" | "since", _) => (Operator::GreaterOrEqual, 1),
            ("later", "than") => (Operator::GreaterOrEqual, 2),
            ("earlier", "than") => (Operator::Less, 2),
            _ => return,
        };
        let Some((hour, length)) = self.hour_of_day(at + skip) else {
            return;
        };
        let mut next = frame.clone();
        next.add(Feature::LongPhrase, 1.0);
        next.push(
            Item::Cond(Cond::Hour { operator, hour }),
            (at, at + skip + length),
        );
        out.push((at + skip + length, next));
    }

    /// "9 am", "6pm", "18:00", "noon": the hour, 0 to 23, and how many words say it.
    fn hour_of_day(&self, at: usize) -> Option<(u8, usize)> {
        let to_hour = |number: f64, half: &str| -> Option<u8> {
            let number = (number.fract() == 0.0 && (0.0..=24.0).contains(&number))
                .then_some(number as u8)?;
            match half {
                "am" | "a.m" | "a.m." => (number <= 12).then_some(number % 12),
                "pm" | "p.m" | "p.m." => (number <= 12).then_some(number % 12 + 12),
                _ => None,
            }
        };
        let word = self.word(at);
        match word {
            "noon" | "midday" => return Some((12, 1)),
            "midnight" => return Some((0, 1)),
            _ => {}
        }
        if let Some(number) = self.number(at) {
            if self.word(at + 1) == "o'clock" {
                let hour = (number.fract() == 0.0 && (0.0..24.0).contains(&number))
                    .then_some(number as u8)?;
                return Some((hour, 2));
            }
            return to_hour(number, self.word(at + 1)).map(|hour| (hour, 2));
        }
        if let Some((hour, "00")) = word.split_once(':') {
            return hour
                .parse()
                .ok()
                .filter(|hour| *hour < 24)
                .map(|hour| (hour, 1));
        }
        let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let half = &word[digits.len()..];
        to_hour(digits.parse().ok()?, half).map(|hour| (hour, 1))
    }
}

/// Of columns whose texts are years that span two: the one that the words here mean.
pub(super) fn stored_periods(
    at: usize,
    tokens: &[Token],
    anchors: &Anchors,
    (data, values): (&Data, &Values),
    today: NaiveDate,
) -> Vec<(usize, ColumnId, String)> {
    let back = match tokens[at].lower.as_str() {
        "this" | "current" => 0,
        "last" | "previous" => 1,
        _ => return Vec::new(),
    };
    let named = anchors.at.get(at + 1).into_iter().flatten();
    named
        .filter_map(|anchor| {
            let What::Column(column) = anchor.what else {
                return None;
            };
            let spans_two = |value: &String| first_year(value).is_some();
            if anchor.score < 0.8 || !data.columns[column].stats.top.iter().all(spans_two) {
                return None;
            }
            let mut begun: Vec<(i32, &str)> = values
                .of(column)
                .filter_map(|value| Some((first_year(value)?, value)))
                .filter(|(first, _)| *first <= today.year())
                .collect();
            begun.sort_unstable();
            begun.dedup();
            let (_, value) = begun.iter().rev().nth(back)?;
            Some((anchor.to, column, (*value).to_owned()))
        })
        .collect()
}

/// Of a year that spans two, `2025/26` or `2025-2026`: the first.
fn first_year(text: &str) -> Option<i32> {
    let (first, second) = text.split_once(['/', '-', '–'])?;
    let second: i32 = second.parse().ok()?;
    let first: i32 = first
        .parse()
        .ok()
        .filter(|year| (1900..2100).contains(year))?;
    (second == first + 1 || second == (first + 1) % 100).then_some(first)
}
