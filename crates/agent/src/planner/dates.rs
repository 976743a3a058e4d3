//! Dates and periods as people write them.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::query::Part;
use crate::link::tokens::{Kind, Token};

/// First day, and the first day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    pub first: NaiveDate,
    pub next: NaiveDate,
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

/// `text` as `YYYY-MM-DD` where it is a date with the year first; anything else unchanged.
pub fn iso(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        _ => text.to_owned(),
    }
}

/// The unit of time that a word names.
pub fn part(word: &str) -> Option<Part> {
    Some(match word {
        "year" | "years" | "yearly" | "annually" | "annual" => Part::Year,
        "quarter" | "quarters" | "quarterly" => Part::Quarter,
        "month" | "months" | "monthly" => Part::Month,
        "week" | "weeks" | "weekly" => Part::Week,
        "weekday" | "weekdays" => Part::Weekday,
        "day" | "days" | "daily" => Part::Day,
        _ => return None,
    })
}

/// The period that begins at token `at`, and how many tokens tell it.
pub fn period(tokens: &[Token], at: usize, today: NaiveDate) -> Option<(Period, usize)> {
    let word = |offset: usize| {
        tokens
            .get(at + offset)
            .map_or("", |token| token.lower.as_str())
    };
    let number = |offset: usize| match tokens.get(at + offset)?.kind {
        Kind::Number(number) if number.fract() == 0.0 => Some(number as i64),
        _ => None,
    };
    match word(0) {
        "today" => return Some((days(today, 0, 1)?, 1)),
        "yesterday" => return Some((days(today, -1, 1)?, 1)),
        "last" | "previous" | "past" => {
            if let (Some(count), Some(unit)) = (number(1), part(word(2))) {
                return Some((backwards(today, count, unit)?, 3));
            }
            return Some((unit_of(part(word(1))?, today, -1)?, 2));
        }
        "this" | "current" => return Some((unit_of(part(word(1))?, today, 0)?, 2)),
        _ => {}
    }
    if tokens.get(at)?.kind == Kind::Date {
        let first = NaiveDate::parse_from_str(&iso(&tokens[at].text), "%Y-%m-%d").ok()?;
        return Some((days(first, 0, 1)?, 1));
    }
    quarter(&word, &number).or_else(|| month(&word, &number))
}

/// `Q1 2024`, `first quarter of 2024`.
fn quarter<'a>(
    word: &dyn Fn(usize) -> &'a str,
    number: &dyn Fn(usize) -> Option<i64>,
) -> Option<(Period, usize)> {
    let (which, length) = match word(0) {
        "q1" => (1, 1),
        "q2" => (2, 1),
        "q3" => (3, 1),
        "q4" => (4, 1),
        "first" if word(1) == "quarter" => (1, 2),
        "second" if word(1) == "quarter" => (2, 2),
        "third" if word(1) == "quarter" => (3, 2),
        "fourth" if word(1) == "quarter" => (4, 2),
        _ => return None,
    };
    let skip = usize::from(matches!(word(length), "of" | "in"));
    let year = year(number(length + skip)?)?;
    let first = NaiveDate::from_ymd_opt(year, which * 3 - 2, 1)?;
    let next = first.checked_add_months(Months::new(3))?;
    Some((Period { first, next }, length + skip + 1))
}

/// `March 2023`, `5 March 2023`, `March 5, 2023`.
fn month<'a>(
    word: &dyn Fn(usize) -> &'a str,
    number: &dyn Fn(usize) -> Option<i64>,
) -> Option<(Period, usize)> {
    if let (Some(day), Some(month)) = (number(0), month_number(word(1))) {
        let first = NaiveDate::from_ymd_opt(year(number(2)?)?, month, u32::try_from(day).ok()?)?;
        return Some((days(first, 0, 1)?, 3));
    }
    let month = month_number(word(0))?;
    let comma = usize::from(word(2) == ",");
    if let (Some(day), Some(year)) = (
        number(1).filter(|&d| d <= 31),
        number(2 + comma).and_then(year),
    ) {
        let first = NaiveDate::from_ymd_opt(year, month, u32::try_from(day).ok()?)?;
        return Some((days(first, 0, 1)?, 3 + comma));
    }
    let skip = usize::from(word(1) == "of" || word(1) == ",");
    let year = year(number(1 + skip)?)?;
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    let next = first.checked_add_months(Months::new(1))?;
    Some((Period { first, next }, 2 + skip))
}

fn month_number(word: &str) -> Option<u32> {
    let full = MONTHS.iter().position(|&month| month == word);
    let short = || {
        (word.len() == 3 || word == "sept")
            .then(|| MONTHS.iter().position(|month| month.starts_with(word)))
            .flatten()
    };
    full.or_else(short)
        .and_then(|at| u32::try_from(at + 1).ok())
}

fn year(number: i64) -> Option<i32> {
    (1_000..3_000).contains(&number).then_some(number as i32)
}

fn days(from: NaiveDate, offset: i64, length: u64) -> Option<Period> {
    let first = if offset < 0 {
        from.checked_sub_days(Days::new(offset.unsigned_abs()))?
    } else {
        from.checked_add_days(Days::new(offset.unsigned_abs()))?
    };
    Some(Period {
        first,
        next: first.checked_add_days(Days::new(length))?,
    })
}

/// The whole unit that holds `today`, moved by `offset` (0 or -1) units.
fn unit_of(unit: Part, today: NaiveDate, offset: i32) -> Option<Period> {
    let back = offset.unsigned_abs();
    let (first, months) = match unit {
        Part::Year => (NaiveDate::from_ymd_opt(today.year() + offset, 1, 1)?, 12),
        Part::Quarter => {
            let start = NaiveDate::from_ymd_opt(today.year(), (today.month() - 1) / 3 * 3 + 1, 1)?;
            (start.checked_sub_months(Months::new(3 * back))?, 3)
        }
        Part::Month => {
            let start = today.with_day(1)?;
            (start.checked_sub_months(Months::new(back))?, 1)
        }
        Part::Week => {
            let monday = i64::from(today.weekday().num_days_from_monday());
            return days(today, i64::from(offset) * 7 - monday, 7);
        }
        Part::Day | Part::Weekday => return days(today, i64::from(offset), 1),
    };
    Some(Period {
        first,
        next: first.checked_add_months(Months::new(months))?,
    })
}

/// "Last 30 days": up to and with today.
fn backwards(today: NaiveDate, count: i64, unit: Part) -> Option<Period> {
    let next = today.checked_add_days(Days::new(1))?;
    let count = u32::try_from(count).ok()?;
    let first = match unit {
        Part::Year => next.checked_sub_months(Months::new(12 * count))?,
        Part::Quarter => next.checked_sub_months(Months::new(3 * count))?,
        Part::Month => next.checked_sub_months(Months::new(count))?,
        Part::Week => next.checked_sub_days(Days::new(7 * u64::from(count)))?,
        Part::Day | Part::Weekday => next.checked_sub_days(Days::new(u64::from(count)))?,
    };
    Some(Period { first, next })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::link::tokens::tokenize;

    fn read(text: &str) -> Option<(String, String)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let (period, _) = period(&tokenize(text), 0, today)?;
        Some((period.first.to_string(), period.next.to_string()))
    }

    #[test]
    fn periods_are_whole_and_half_open() {
        for (text, first, next) in [
            ("last month", "2026-10-01", "2026-11-01"),
            ("this year", "2026-01-01", "2027-01-01"),
            ("last week", "2026-11-09", "2026-11-16"),
            ("last 30 days", "2026-10-24", "2026-11-23"),
            ("March 2023", "2023-03-01", "2023-04-01"),
            ("March 5, 2023", "2023-03-05", "2023-03-06"),
            ("5 March 2023", "2023-03-05", "2023-03-06"),
            ("Q1 2024", "2024-01-01", "2024-04-01"),
            ("2024-2-3", "2024-02-03", "2024-02-04"),
        ] {
            assert_eq!(read(text), Some((first.into(), next.into())), "{text}");
        }
        assert_eq!(read("last customer"), None);
    }
}
