//! Values, numbers, dates and lists as they stand in a sentence.

use chrono::{Datelike, Months, NaiveDate};

use crate::reading::sql;

/// Short, so that a range of two fits a sentence; English, whatever the server's language.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const LONG_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// As stored: Sunday is 0.
const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// A stored text with marks around it, so that commas and blanks inside cannot be taken for the sentence's own.
pub(super) fn quoted(value: &str) -> String {
    let plain = value.replace('”', "””").replace(['\n', '\r'], "⏎");
    format!("“{plain}”")
}

/// `a, b and c`; the word before the last one is given.
pub(super) fn listed(items: &[String], last_word: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {last_word} {last}", first.join(", ")),
    }
}

/// A number of things or an amount: thousands are marked off.
pub(super) fn amount(value: f64) -> String {
    let plain = sql::number(value);
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (digits, String::new()),
    };
    if whole.len() < 4 || !whole.chars().all(|letter| letter.is_ascii_digit()) {
        return plain;
    }
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

/// 1st, 2nd, 3rd …
pub(super) fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

pub(super) fn day(date: NaiveDate) -> String {
    let month = MONTHS.get(date.month0() as usize).copied();
    format!(
        "{} {} {}",
        date.day(),
        month.unwrap_or_default(),
        date.year()
    )
}

/// A day written `YYYY-MM-DD`; anything else (a time of the day, say) is no day.
pub(super) fn read_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .ok()
        .filter(|date| date.format("%Y-%m-%d").to_string() == text)
}

/// A period whose last day is exclusive, said with its last day; `None` where it has neither end.
pub(super) fn period(from: Option<&str>, next: Option<&str>) -> Option<String> {
    let first = from.map(|text| (text, read_day(text)));
    let next = next.map(|text| (text, read_day(text)));
    Some(match (first, next) {
        (None, None) => return None,
        (Some((_, Some(first))), None) => format!("from {} on", day(first)),
        (Some((text, None)), None) => format!("from {} on", quoted(text)),
        (None, Some((_, Some(next)))) => format!("before {}", day(next)),
        (None, Some((text, None))) => format!("before {}", quoted(text)),
        (Some((_, Some(first))), Some((_, Some(next)))) => match next.pred_opt() {
            Some(last) if last == first => format!("on {}", day(first)),
            Some(last) if last > first => format!("from {} to {}", day(first), day(last)),
            _ => format!("from {} on and before {}", day(first), day(next)),
        },
        (Some((first, _)), Some((next, _))) => {
            format!("from {} on and before {}", quoted(first), quoted(next))
        }
    })
}

pub(super) fn month(number: i64) -> Option<&'static str> {
    usize::try_from(number.checked_sub(1)?)
        .ok()
        .and_then(|at| LONG_MONTHS.get(at).copied())
}

pub(super) fn weekday(number: i64) -> Option<&'static str> {
    usize::try_from(number)
        .ok()
        .and_then(|at| WEEKDAYS.get(at).copied())
}

/// `customer's`, `boss'`.
pub(super) fn owning(owner: &str) -> String {
    if owner.ends_with('s') {
        format!("{owner}'")
    } else {
        format!("{owner}'s")
    }
}

/// The plural of an English noun of several words: its last one changes.
pub(super) fn plural(noun: &str) -> String {
    for (one, many) in [
        ("person", "people"),
        ("child", "children"),
        ("man", "men"),
        ("woman", "women"),
    ] {
        if let Some(start) = noun.strip_suffix(one)
            && (start.is_empty() || start.ends_with(' '))
        {
            return format!("{start}{many}");
        }
    }
    let before_y = noun.strip_suffix('y').and_then(|stem| stem.chars().last());
    if before_y.is_some_and(|letter| !"aeiou".contains(letter)) {
        return format!("{}ies", &noun[..noun.len() - 1]);
    }
    if ["s", "x", "z", "ch", "sh"]
        .iter()
        .any(|end| noun.ends_with(end))
    {
        return format!("{noun}es");
    }
    format!("{noun}s")
}

/// A period by its name where it has one: a year, a quarter, a month, a day; else by its first and last day.
pub(super) fn named_period(from: Option<&str>, next: Option<&str>) -> Option<String> {
    let whole = from.zip(next).and_then(|(from, next)| {
        let (first, next) = (read_day(from)?, read_day(next)?);
        let lasts = |months: u32| {
            first.day() == 1 && first.checked_add_months(Months::new(months)) == Some(next)
        };
        let year = first.year();
        if lasts(12) && first.month() == 1 {
            Some(year.to_string())
        } else if lasts(3) && first.month0().is_multiple_of(3) {
            Some(format!("quarter {} of {year}", first.month0() / 3 + 1))
        } else if lasts(1) {
            let month = LONG_MONTHS.get(first.month0() as usize)?;
            Some(format!("{month} {year}"))
        } else if first.succ_opt() == Some(next) {
            Some(day(first))
        } else {
            None
        }
    });
    whole.or_else(|| period(from, next))
}
