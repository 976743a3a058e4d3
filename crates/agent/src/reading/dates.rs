//! Periods and parts of time as people say them.

use std::cell::Cell;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::query::Part;
use crate::reading::tokens::{Kind, Token};

/// What a phrase says of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// First day; `None` for "since ever".
    pub from: Option<NaiveDate>,
    /// First day after.
    pub to: Option<NaiveDate>,
    /// A month, weekday … of any year instead of a period.
    pub part: Option<(Part, Vec<i64>)>,
    /// A year alone, which may be a plain number as well.
    pub bare_year: Option<i32>,
    /// What was not said and is assumed (the year of a month).
    pub assumed: bool,
    /// Looks ahead of today.
    pub future: bool,
}

impl Time {
    fn of(period: Period) -> Self {
        Self {
            from: Some(period.first),
            to: Some(period.next),
            part: None,
            bare_year: None,
            assumed: false,
            future: false,
        }
    }

    pub fn open(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Self {
        Self {
            from,
            to,
            part: None,
            bare_year: None,
            assumed: false,
            future: false,
        }
    }
}

/// First day, and the first day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Period {
    first: NaiveDate,
    next: NaiveDate,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// In the order of their numbers: Sunday is 0.
const WEEKDAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

/// The unit of time that a word names.
pub fn unit(word: &str) -> Option<Part> {
    Some(match word {
        "year" | "years" | "yearly" | "annually" | "annual" | "yrs" | "yr" => Part::Year,
        "quarter" | "quarters" | "quarterly" => Part::Quarter,
        "month" | "months" | "monthly" | "mth" | "mths" => Part::Month,
        "week" | "weeks" | "weekly" | "wk" => Part::Week,
        "day" | "days" | "daily" | "date" => Part::Day,
        "hour" | "hours" | "hourly" => Part::Hour,
        "weekday" | "weekdays" => Part::Weekday,
        _ => return None,
    })
}

/// Every time that begins at token `at`: how many tokens, and what it says.
pub fn read(tokens: &[Token], at: usize, today: NaiveDate) -> Vec<(usize, Time)> {
    let reader = Reader {
        tokens,
        today,
        depth: Cell::new(0),
    };
    let mut found = Vec::new();
    reader.ranges(at, &mut found);
    let lead = usize::from(matches!(
        reader.word(at),
        "in" | "during" | "for" | "on" | "of" | "within" | "over" | "at" | "from" | "the" | "as"
    ));
    for skipped in 0..=(lead + usize::from(lead == 1 && reader.word(at + 1) == "the")) {
        if let Some((length, time)) = reader.together(at + skipped) {
            found.push((skipped + length, time));
        }
        if let Some((length, time)) = reader.single(at + skipped) {
            if let Some(open) = reader.or_beyond(at + skipped + length, &time) {
                found.push((skipped + length + 2, open));
            }
            found.push((skipped + length, time));
        }
    }
    found
}

struct Reader<'t> {
    tokens: &'t [Token],
    today: NaiveDate,
    /// How many periods of a list are being read, one after the other.
    depth: Cell<usize>,
}

impl Reader<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| token.lower.as_str())
    }

    fn number(&self, at: usize) -> Option<i64> {
        match self.tokens.get(at)?.kind {
            Kind::Number(number) if number.fract() == 0.0 => Some(number as i64),
            _ => None,
        }
    }

    fn ranges(&self, at: usize, found: &mut Vec<(usize, Time)>) {
        let word = self.word(at);
        // between A and B, from A to B, A to B
        let lead = usize::from(matches!(word, "between" | "from"));
        let ordinal = word.starts_with(|letter: char| letter.is_ascii_digit())
            && ["st", "nd", "rd", "th"]
                .iter()
                .any(|ending| word.ends_with(ending));
        if (lead == 1 || ordinal)
            && let Some((length, time)) = self.year_at_the_end(at + lead)
        {
            found.push((lead + length, time));
        } else if let Some((first_length, first)) = self.point(at + lead) {
            let middle = at + lead + first_length;
            let joins = matches!(
                self.word(middle),
                "to" | "until" | "till" | "through" | "thru" | "-" | "–"
            ) || (word == "between" && self.word(middle) == "and");
            if joins && (lead == 1 || first.first.year() >= 1900) {
                let second = self.point(middle + 1);
                if let Some((second_length, second)) = second {
                    let mut first = first;
                    if first.first > second.first
                        && let Some((_, again)) = self.with_year(at + lead, second.first.year())
                    {
                        first = again;
                    }
                    if first.first <= second.first && (lead == 1 || self.is_dated(at)) {
                        found.push((
                            lead + first_length + 1 + second_length,
                            Time::open(Some(first.first), Some(second.next)),
                        ));
                    }
                }
            }
        }
        let comparison = match word {
            "since" | "starting" => Some((
                "since",
                1 + usize::from(self.word(at + 1) == "from" || self.word(at + 1) == "in"),
            )),
            "after" | "later" if self.word(at + 1) == "than" => Some(("after", 2)),
            "after" => Some(("after", 1)),
            "before" | "until" | "till" => {
                Some((if word == "before" { "before" } else { "until" }, 1))
            }
            "prior" | "earlier" if matches!(self.word(at + 1), "to" | "than") => {
                Some(("before", 2))
            }
            "up" if self.word(at + 1) == "to" || self.word(at + 1) == "until" => Some(("until", 2)),
            "as" if self.word(at + 1) == "of" => Some(("until", 2)),
            "from" => Some(("from", 1)),
            _ => None,
        };
        if let Some((kind, lead)) = comparison
            && let Some((length, period)) = self.point(at + lead)
        {
            let after = at + lead + length;
            let onwards = matches!(self.word(after), "on" | "onwards" | "onward");
            let and_later = self.word(after) == "and"
                && matches!(self.word(after + 1), "later" | "after" | "onwards");
            let time = match kind {
                "since" => Time::open(Some(period.first), None),
                "after" => Time::open(Some(period.next), None),
                "before" => Time::open(None, Some(period.first)),
                "until" => Time::open(None, Some(period.next)),
                _ if onwards || and_later => Time::open(Some(period.first), None),
                _ => return,
            };
            let extra = if onwards {
                1
            } else if and_later {
                2
            } else {
                0
            };
            found.push((lead + length + extra, time));
        }
    }

    /// "2001 or before", "March 2025 or later"
    fn or_beyond(&self, after: usize, time: &Time) -> Option<Time> {
        if self.word(after) != "or" || time.part.is_some() {
            return None;
        }
        match self.word(after + 1) {
            "before" | "earlier" | "prior" => Some(Time::open(None, Some(time.to?))),
            "after" | "later" | "since" => Some(Time::open(Some(time.from?), None)),
            _ => None,
        }
    }

    fn is_dated(&self, at: usize) -> bool {
        self.number(at)
            .is_none_or(|number| (1900..=2100).contains(&number))
    }

    /// A point or period with its year said.
    fn point(&self, at: usize) -> Option<(usize, Period)> {
        let lead = usize::from(self.word(at) == "the");
        let (length, time) = self.single(at + lead)?;
        if time.part.is_some() {
            return None;
        }
        Some((
            lead + length,
            Period {
                first: time.from?,
                next: time.to?,
            },
        ))
    }

    /// "1 January … 31 March 2026", "1 and 25 December 2025"
    fn year_at_the_end(&self, at: usize) -> Option<(usize, Time)> {
        if self.word(at) == "the" && self.word(at + 1) != "the" {
            return self
                .year_at_the_end(at + 1)
                .map(|(length, time)| (length + 1, time));
        }
        if self.word(at + 2) == "the"
            && matches!(
                self.word(at + 1),
                "and" | "to" | "until" | "till" | "through"
            )
            && let Some((_, second)) = self.single(at + 3)
            && let Some((_, _, _)) = self.day_of_month(at + 3)
            && let Some(day) = self.ordinal(at)
            && let (Some(last), Some(to)) = (second.from, second.to)
            && let Some(first) = last.with_day(day)
            && first <= last
        {
            let (length, _) = self.single(at + 3)?;
            return Some((3 + length, Time::open(Some(first), Some(to))));
        }
        let day = self.number(at).or_else(|| self.ordinal(at).map(i64::from));
        if let Some(day) = day.filter(|day| (1..=31).contains(day))
            && matches!(
                self.word(at + 1),
                "and" | "to" | "until" | "till" | "through" | "-" | "–"
            )
            && let Some((_, _, length)) = self.day_of_month(at + 2)
            && let Some((second_length, second)) = self.point(at + 2)
            && (second_length > length || self.number(at).is_none())
            && let Some(first) = second.first.with_day(u32::try_from(day).ok()?)
            && first <= second.first
        {
            return Some((
                2 + second_length,
                Time::open(Some(first), Some(second.next)),
            ));
        }
        let (day, month, length) = self.day_of_month(at)?;
        let middle = at + length;
        if self.number(middle).and_then(year).is_some() {
            return None;
        }
        if !matches!(
            self.word(middle),
            "and" | "to" | "until" | "till" | "through" | "-"
        ) {
            return None;
        }
        let (second_length, second) = self.point(middle + 1)?;
        let year = second.first.year();
        let mut first = NaiveDate::from_ymd_opt(year, month, day)?;
        if first > second.first {
            first = NaiveDate::from_ymd_opt(year - 1, month, day)?;
        }
        Some((
            length + 1 + second_length,
            Time::open(Some(first), Some(second.next)),
        ))
    }

    /// "24th"
    fn ordinal(&self, at: usize) -> Option<u32> {
        let word = self.word(at);
        let digits = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|ending| word.strip_suffix(ending))?;
        digits.parse().ok()
    }

    fn with_year(&self, at: usize, year: i32) -> Option<(usize, Period)> {
        let month = month_number(self.word(at))?;
        Some((1, month_of(year, month)?))
    }

    fn day_of_month(&self, at: usize) -> Option<(u32, u32, usize)> {
        // "Friday 3 April"
        if WEEKDAYS.contains(&self.word(at)) {
            let comma = usize::from(self.word(at + 1) == ",");
            if WEEKDAYS.contains(&self.word(at + 1 + comma)) {
                return None;
            }
            return self
                .day_of_month(at + 1 + comma)
                .map(|(day, month, length)| (day, month, length + 1 + comma));
        }
        let day = |at: usize| -> Option<u32> {
            let word = self.word(at);
            let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
            let rest = &word[digits.len()..];
            if !matches!(rest, "" | "st" | "nd" | "rd" | "th") {
                return None;
            }
            digits.parse().ok().filter(|day| (1..=31).contains(day))
        };
        if let (Some(day), Some(month)) = (day(at), month_number(self.word(at + 1))) {
            return Some((day, month, 2));
        }
        if let (Some(day), "of", Some(month)) =
            (day(at), self.word(at + 1), month_number(self.word(at + 2)))
        {
            return Some((day, month, 3));
        }
        if let (Some(month), Some(day)) = (month_number(self.word(at)), day(at + 1)) {
            return Some((day, month, 2));
        }
        None
    }

    fn single(&self, at: usize) -> Option<(usize, Time)> {
        // "the beginning of 2025", "the end of June"
        if self.word(at + 1) == "of"
            && let "beginning" | "start" | "end" = self.word(at)
            && let Some((length, whole)) = self.single(at + 2)
            && let (Some(first), Some(next)) = (whole.from, whole.to)
        {
            let day = if self.word(at) == "end" {
                next.checked_sub_days(Days::new(1))?
            } else {
                first
            };
            return Some((length + 2, Time::of(days(day, 0, 1)?)));
        }
        if let Some(found) = self.relative(at) {
            return Some(found);
        }
        let token = self.tokens.get(at)?;
        if token.kind == Kind::Date {
            let first = date(&token.text)?;
            return Some((1, Time::of(days(first, 0, 1)?)));
        }
        // 2025-03
        if token.text.len() == 7
            && let Some((year, month)) = token.text.split_once('-')
            && let (Ok(year), Ok(month)) = (year.parse::<i32>(), month.parse::<u32>())
            && (1900..=2100).contains(&year)
        {
            return Some((1, Time::of(month_of(year, month)?)));
        }
        if let Some((day, month, length)) = self.day_of_month(at) {
            let comma = usize::from(matches!(self.word(at + length), "," | "of" | "in"));
            if let Some(year) = self.number(at + length + comma).and_then(year) {
                let first = NaiveDate::from_ymd_opt(year, month, day)?;
                return Some((length + comma + 1, Time::of(days(first, 0, 1)?)));
            }
            if day <= 31
                && self
                    .number(at)
                    .is_none_or(|_| month_number(self.word(at + 1)).is_some())
            {
                let this = NaiveDate::from_ymd_opt(self.today.year(), month, day)?;
                let first = if this > self.today {
                    NaiveDate::from_ymd_opt(self.today.year() - 1, month, day)?
                } else {
                    this
                };
                let mut time = Time::of(days(first, 0, 1)?);
                time.assumed = true;
                return Some((length, time));
            }
        }
        self.quarter(at)
            .or_else(|| self.half(at))
            .or_else(|| self.month(at))
            .or_else(|| self.decade(at))
            .or_else(|| self.parts(at))
            .or_else(|| self.bare_year(at))
    }

    fn relative(&self, at: usize) -> Option<(usize, Time)> {
        let today = self.today;
        let to_date = |part: Part, length: usize| -> Option<(usize, Time)> {
            let period = unit_of(part, today, 0)?;
            Some((
                length,
                Time::open(Some(period.first), today.checked_add_days(Days::new(1))),
            ))
        };
        match self.word(at) {
            "today" => return Some((1, Time::of(days(today, 0, 1)?))),
            "yesterday" => return Some((1, Time::of(days(today, -1, 1)?))),
            "tomorrow" => return Some((1, Time::of(days(today, 1, 1)?))),
            "ytd" => return to_date(Part::Year, 1),
            "mtd" => return to_date(Part::Month, 1),
            "qtd" => return to_date(Part::Quarter, 1),
            "year" | "month" | "quarter"
                if self.word(at + 1) == "to" && self.word(at + 2) == "date" =>
            {
                return to_date(unit(self.word(at))?, 3);
            }
            "so" if self.word(at + 1) == "far" && self.word(at + 2) == "this" => {
                return to_date(unit(self.word(at + 3))?, 4);
            }
            "last" | "previous" | "past" | "preceding" | "prior" | "trailing" => {
                let number = self.number(at + 1);
                if let (Some(count), Some(unit)) = (number, unit(self.word(at + 2))) {
                    let first = shifted(today, -count, unit)?;
                    return Some((
                        3,
                        Time::open(Some(first), today.checked_add_days(Days::new(1))),
                    ));
                }
                let word = self.word(at + 1);
                if let Some(month) = month_number(word) {
                    let year = if month < today.month() {
                        today.year()
                    } else {
                        today.year() - 1
                    };
                    return Some((2, Time::of(month_of(year, month)?)));
                }
                let unit = unit(word).filter(|_| word != "date")?;
                return Some((2, Time::of(unit_of(unit, today, -1)?)));
            }
            "this" | "current" => {
                let word = self.word(at + 1);
                let unit = unit(word).filter(|_| word != "date")?;
                let so_far = self.word(at + 2) == "so" && self.word(at + 3) == "far";
                if so_far {
                    return to_date(unit, 4);
                }
                return Some((2, Time::of(unit_of(unit, today, 0)?)));
            }
            // "same period last year": as much of it as of this one is over.
            "same" if self.word(at + 2) == "last" && self.word(at + 3) == "year" => {
                let before = today.checked_sub_months(Months::new(12))?;
                let part = match self.word(at + 1) {
                    "period" | "time" | "span" => Part::Year,
                    word => unit(word).filter(|_| word != "date")?,
                };
                let mut period = unit_of(part, before, 0)?;
                if part == Part::Year {
                    period.next = before.checked_add_days(Days::new(1))?;
                }
                return Some((4, Time::of(period)));
            }
            "next" | "coming" | "upcoming" | "following" => {
                if let (Some(count), Some(unit)) = (self.number(at + 1), unit(self.word(at + 2))) {
                    let last = shifted(today, count, unit)?;
                    let mut time = Time::open(Some(today), last.checked_add_days(Days::new(1)));
                    time.future = true;
                    return Some((3, time));
                }
                let word = self.word(at + 1);
                let Some(unit) = unit(word).filter(|_| word != "date") else {
                    // "upcoming events"
                    if self.word(at) != "upcoming" {
                        return None;
                    }
                    let mut time = Time::open(Some(today), None);
                    time.future = true;
                    return Some((1, time));
                };
                let mut time = Time::of(unit_of(unit, today, 1)?);
                time.future = true;
                return Some((2, time));
            }
            _ => {}
        }
        // "last month vs the month before"
        if self.word(at + 1) == "before"
            && let Some(unit) = unit(self.word(at))
        {
            let said = |place: &usize| {
                matches!(self.word(*place), "last" | "previous")
                    && self.word(place + 1) == self.word(at)
            };
            let back = if (0..at).any(|place| said(&place)) {
                -2
            } else {
                -1
            };
            return Some((2, Time::of(unit_of(unit, today, back)?)));
        }
        if let (Some(count), Some(unit), "ago") =
            (self.number(at), unit(self.word(at + 1)), self.word(at + 2))
        {
            return Some((3, Time::of(unit_of(unit, today, -count)?)));
        }
        None
    }

    fn quarter(&self, at: usize) -> Option<(usize, Time)> {
        let (which, length) = match (self.word(at), self.word(at + 1)) {
            ("q1", _) => (1, 1),
            ("q2", _) => (2, 1),
            ("q3", _) => (3, 1),
            ("q4", _) => (4, 1),
            ("first" | "1st", "quarter") => (1, 2),
            ("second" | "2nd", "quarter") => (2, 2),
            ("third" | "3rd", "quarter") => (3, 2),
            ("fourth" | "4th" | "last", "quarter") => (4, 2),
            ("quarter", "1") => (1, 2),
            ("quarter", "2") => (2, 2),
            ("quarter", "3") => (3, 2),
            ("quarter", "4") => (4, 2),
            _ => return None,
        };
        self.in_year(at, length, |year| {
            let first = NaiveDate::from_ymd_opt(year, which * 3 - 2, 1)?;
            Some(Period {
                first,
                next: first.checked_add_months(Months::new(3))?,
            })
        })
    }

    fn half(&self, at: usize) -> Option<(usize, Time)> {
        let (which, length) = match (self.word(at), self.word(at + 1)) {
            ("h1", _) => (1, 1),
            ("h2", _) => (2, 1),
            ("first", "half") => (1, 2),
            ("second", "half") => (2, 2),
            _ => return None,
        };
        self.in_year(at, length, |year| {
            let first = NaiveDate::from_ymd_opt(year, which * 6 - 5, 1)?;
            Some(Period {
                first,
                next: first.checked_add_months(Months::new(6))?,
            })
        })
    }

    fn month(&self, at: usize) -> Option<(usize, Time)> {
        let month = month_number(self.word(at))?;
        // "may" and "march" are words as well: alone they need a capital letter or a year.
        let ambiguous = matches!(
            self.word(at),
            "may" | "march" | "mar" | "jan" | "sun" | "dec"
        );
        let found = self.in_year(at, 1, |year| month_of(year, month))?;
        if found.1.assumed && ambiguous {
            let before = at.checked_sub(1).map_or("", |at| self.word(at));
            let capital = self.tokens[at].is_capitalized();
            let led = matches!(before, "in" | "during" | "since" | "for" | "of");
            if !(led || capital && at > 0) {
                return None;
            }
        }
        Some(found)
    }

    /// The first day of the period that a word of joining or comparing leads to, where its year is said.
    fn sibling(&self, at: usize) -> Option<NaiveDate> {
        let mut next = at
            + match self.word(at) {
                "and" | "&" | "or" | "vs" | "vs." | "versus" | "against" | "," | "than" => 1,
                "compared" if matches!(self.word(at + 1), "with" | "to") => 2,
                _ => return None,
            };
        while matches!(self.word(next), "and" | "in" | "the") {
            next += 1;
        }
        // A list is looked through to its end, and no further than a year has months.
        if self.depth.get() >= 12 {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let found = self
            .quarter(next)
            .or_else(|| self.half(next))
            .or_else(|| self.month(next));
        self.depth.set(self.depth.get() - 1);
        let (_, time) = found?;
        time.from.filter(|_| !time.assumed)
    }

    /// "July and August 2025", "Q1 and Q2 of 2026": periods that follow each other are one.
    fn together(&self, at: usize) -> Option<(usize, Time)> {
        let one = |at: usize| {
            self.quarter(at)
                .or_else(|| self.half(at))
                .or_else(|| self.month(at))
        };
        let (mut length, mut whole) = one(at)?;
        let mut joined = false;
        loop {
            let comma = usize::from(self.word(at + length) == ",");
            let and = usize::from(matches!(self.word(at + length + comma), "and" | "&"));
            if comma + and == 0 {
                break;
            }
            let Some((more, next)) = one(at + length + comma + and) else {
                break;
            };
            if next.from != whole.to {
                break;
            }
            whole.to = next.to;
            whole.assumed = next.assumed;
            length += comma + and + more;
            joined = true;
        }
        joined.then_some((length, whole))
    }

    /// With the year that follows, or the latest one that has begun.
    fn in_year(
        &self,
        at: usize,
        length: usize,
        period: impl Fn(i32) -> Option<Period>,
    ) -> Option<(usize, Time)> {
        let skip = usize::from(matches!(
            self.word(at + length),
            "of" | "in" | "," | "'" | "-"
        ));
        for skip in [skip, 0] {
            let next = at + length + skip;
            if let Some(year) = self.number(next).and_then(year) {
                return Some((length + skip + 1, Time::of(period(year)?)));
            }
            let relative = match (self.word(next), self.word(next + 1)) {
                ("last" | "previous", "year") => Some(-1),
                ("this" | "current", "year") => Some(0),
                ("next", "year") => Some(1),
                _ => None,
            };
            if let Some(shift) = relative {
                return Some((
                    length + skip + 2,
                    Time::of(period(self.today.year() + shift)?),
                ));
            }
        }
        // "July and August 2025": the year is said once.
        if let Some(sibling) = self.sibling(at + length) {
            let own = period(sibling.year())?;
            // "December and January 2026": what comes right before it is of the year before.
            let before = period(sibling.year() - 1)?;
            let own = if own.first > sibling && before.next == sibling {
                before
            } else {
                own
            };
            return Some((length, Time::of(own)));
        }
        let this = period(self.today.year())?;
        let latest = if this.first > self.today {
            period(self.today.year() - 1)?
        } else {
            this
        };
        let mut time = Time::of(latest);
        time.assumed = true;
        Some((length, time))
    }

    fn decade(&self, at: usize) -> Option<(usize, Time)> {
        let digits = self.word(at).strip_suffix('s')?;
        let first: i32 = digits.trim_end_matches('\'').parse().ok()?;
        if !(1800..=2090).contains(&first) || first % 10 != 0 {
            return None;
        }
        let length = if first % 100 == 0 { 100 } else { 10 };
        Some((
            1,
            Time::open(
                NaiveDate::from_ymd_opt(first, 1, 1),
                NaiveDate::from_ymd_opt(first + length, 1, 1),
            ),
        ))
    }

    fn parts(&self, at: usize) -> Option<(usize, Time)> {
        let part = |part: Part, numbers: Vec<i64>| Time {
            from: None,
            to: None,
            part: Some((part, numbers)),
            bare_year: None,
            assumed: false,
            future: false,
        };
        let word = self.word(at);
        if matches!(word, "weekend" | "weekends") {
            return Some((1, part(Part::Weekday, vec![6, 0])));
        }
        let weekday = WEEKDAYS
            .iter()
            .position(|name| word.strip_suffix('s').unwrap_or(word) == *name)?;
        Some((1, part(Part::Weekday, vec![weekday as i64])))
    }

    fn bare_year(&self, at: usize) -> Option<(usize, Time)> {
        // "over 2000", "more than 2000": an amount.
        let before = |back: usize| at.checked_sub(back).map_or("", |place| self.word(place));
        let more = matches!(
            before(2),
            "more" | "less" | "fewer" | "greater" | "higher" | "lower" | "larger" | "smaller"
        );
        let late = |number: i64| (-15..=1).contains(&(number - i64::from(self.today.year())));
        let spans = before(1) == "over" && self.number(at).is_some_and(late);
        if !spans
            && matches!(
                before(1),
                "over" | "above" | "under" | "below" | "exceeding"
            )
            || more && before(1) == "than"
        {
            return None;
        }
        let token = self.tokens.get(at)?;
        if token.text.len() != 4 {
            return None;
        }
        let number = year(self.number(at)?)?;
        let mut time = Time::of(Period {
            first: NaiveDate::from_ymd_opt(number, 1, 1)?,
            next: NaiveDate::from_ymd_opt(number + 1, 1, 1)?,
        });
        time.bare_year = Some(number);
        Some((1, time))
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [one, two, three] = parts.as_slice() else {
        return None;
    };
    if one.len() == 4 {
        return NaiveDate::from_ymd_opt(one.parse().ok()?, two.parse().ok()?, three.parse().ok()?);
    }
    let (a, b, year): (u32, u32, i32) = (one.parse().ok()?, two.parse().ok()?, three.parse().ok()?);
    if b > 12 {
        NaiveDate::from_ymd_opt(year, a, b)
    } else {
        NaiveDate::from_ymd_opt(year, b, a)
    }
}

fn year(number: i64) -> Option<i32> {
    i32::try_from(number)
        .ok()
        .filter(|year| (1700..=2100).contains(year))
}

fn month_of(year: i32, month: u32) -> Option<Period> {
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some(Period {
        first,
        next: first.checked_add_months(Months::new(1))?,
    })
}

/// The number of the month that the word names, in full or in three or four letters.
pub fn month_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    if word.len() < 3 {
        return None;
    }
    let position = MONTHS
        .iter()
        .position(|month| *month == word || (word.len() <= 4 && month.starts_with(word)))?;
    u32::try_from(position + 1).ok()
}

fn days(from: NaiveDate, shift: i64, length: u64) -> Option<Period> {
    let first = shifted(from, shift, Part::Day)?;
    Some(Period {
        first,
        next: first.checked_add_days(Days::new(length))?,
    })
}

fn shifted(from: NaiveDate, count: i64, unit: Part) -> Option<NaiveDate> {
    let months = |count: i64| {
        let months = Months::new(u32::try_from(count.unsigned_abs()).ok()?);
        if count < 0 {
            from.checked_sub_months(months)
        } else {
            from.checked_add_months(months)
        }
    };
    match unit {
        Part::Year => months(count * 12),
        Part::Quarter => months(count * 3),
        Part::Month => months(count),
        Part::Week => from.checked_add_signed(chrono::TimeDelta::try_weeks(count)?),
        _ => from.checked_add_signed(chrono::TimeDelta::try_days(count)?),
    }
}

/// The calendar unit that lies `shift` units from today's.
fn unit_of(unit: Part, today: NaiveDate, shift: i64) -> Option<Period> {
    let first = match unit {
        Part::Year => NaiveDate::from_ymd_opt(today.year(), 1, 1)?,
        Part::Quarter => NaiveDate::from_ymd_opt(today.year(), (today.month0() / 3) * 3 + 1, 1)?,
        Part::Month => NaiveDate::from_ymd_opt(today.year(), today.month(), 1)?,
        Part::Week => {
            today.checked_sub_days(Days::new(u64::from(today.weekday().num_days_from_monday())))?
        }
        _ => today,
    };
    let first = shifted(first, shift, unit)?;
    Some(Period {
        first,
        next: shifted(first, 1, unit)?,
    })
}
