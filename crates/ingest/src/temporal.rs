//! Dates and times as people write them.

mod names;
mod years;

use chrono::{Datelike, NaiveDate};

use crate::DateOrder;
use crate::temporal::names::{month_name, weekday};

pub(crate) use years::Years;

/// The parts of a written date, before the order of day and month is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Written {
    pub shape: Shape,
    first: u32,
    second: u32,
    third: u32,
    pub time: Option<Time>,
}

/// What all dates of a column must share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub kind: Kind,
    /// The sign between the parts: `-`, `/`, `.` or a blank.
    pub separator: u8,
    pub short_year: bool,
    /// Day or month of one digit is written with a zero; `None` where no part tells.
    pub padded: Option<bool>,
    pub long_month: Option<bool>,
    /// The day of the week stands before.
    pub weekday: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `2019-05-31`
    YearFirst,
    /// `31/05/2019` or `05/31/2019`
    YearLast,
    /// `31 May 2019`, `31-May-19`
    DayMonthName,
    /// `May 31, 2019`
    MonthNameDay,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Time {
    hour: u32,
    minute: u32,
    second: Option<u32>,
    /// Digits behind the point of the seconds, as written.
    fraction: [u8; 9],
    fraction_len: u8,
    /// Minutes east of Greenwich.
    pub offset: Option<i32>,
    zulu: bool,
    pub twelve_hours: bool,
    pub t_sign: bool,
}

impl Written {
    /// The date under an order; for kinds that leave no doubt the order does not matter. `years` are those that two digits
    /// may mean.
    pub(crate) fn date(&self, order: DateOrder, years: Years) -> Option<NaiveDate> {
        let (year, month, day) = match (self.shape.kind, order) {
            (Kind::YearFirst, _) => (self.first, self.second, self.third),
            (Kind::YearLast, DateOrder::Mdy) | (Kind::MonthNameDay, _) => {
                (self.third, self.first, self.second)
            }
            (Kind::YearLast | Kind::DayMonthName, _) => (self.third, self.second, self.first),
        };
        let year = if self.shape.short_year {
            years.year_of(year)
        } else {
            year
        };
        NaiveDate::from_ymd_opt(year as i32, month, day)
    }
}

impl Time {
    /// Seconds since midnight.
    pub(crate) fn seconds(&self) -> f64 {
        let whole = self.hour * 3600 + self.minute * 60 + self.second.unwrap_or(0);
        let fraction = self.fraction[..usize::from(self.fraction_len)]
            .iter()
            .rev()
            .fold(0.0, |value, digit| (value + f64::from(digit - b'0')) / 10.0);
        f64::from(whole) + fraction
    }

    /// ` HH:MM:SS[.fff][±hh:mm]`
    pub(crate) fn canonical(&self) -> String {
        let mut text = format!(
            " {:02}:{:02}:{:02}",
            self.hour,
            self.minute,
            self.second.unwrap_or(0)
        );
        if self.fraction_len > 0 {
            text.push('.');
            text.extend(
                self.fraction[..usize::from(self.fraction_len)]
                    .iter()
                    .map(|digit| char::from(*digit)),
            );
        }
        if let Some(offset) = self.offset {
            if self.zulu {
                text.push('Z');
            } else {
                let sign = if offset < 0 { '-' } else { '+' };
                let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
                return format!("{text}{sign}{hours:02}:{minutes:02}");
            }
        }
        text
    }

    pub(crate) fn has_seconds(&self) -> bool {
        self.second.is_some()
    }

    pub(crate) fn has_fraction(&self) -> bool {
        self.fraction_len > 0
    }
}

/// Days since 1970-01-01.
pub(crate) fn days(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

/// Reads a date or a date with a time; the order of day and month stays open.
pub(crate) fn scan(text: &str) -> Option<Written> {
    if !(6..=40).contains(&text.len()) {
        return None;
    }
    let text = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(text);
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return scan_numbers(text);
    }
    scan_month_first(text, false).or_else(|| scan_weekday(text))
}

/// `Tue, 24 Dec 2024 10:00:00 +0100` (RFC 5322) and `Tue Dec 24 10:00:00 2024` (ctime). A day of the week that is not the
/// date's would be lost: such a text is no date.
fn scan_weekday(text: &str) -> Option<Written> {
    let (day_of_week, after) = weekday(text)?;
    let rest = text[after..].trim_start_matches([',', ' ', '.']);
    let mut written = if rest.starts_with(|first: char| first.is_ascii_digit()) {
        scan_numbers(rest)
    } else {
        scan_month_first(rest, true)
    }?;
    written.shape.weekday = true;
    let date = written
        .date(DateOrder::Dmy, Years::default())
        .filter(|_| !written.shape.short_year && written.shape.kind != Kind::YearLast)?;
    (date.weekday() == day_of_week).then_some(written)
}

/// Digits at the start: their value and how many.
fn digits(bytes: &[u8], most: usize) -> Option<(u32, usize)> {
    let len = bytes
        .iter()
        .take(most + 1)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if len == 0 || len > most {
        return None;
    }
    Some((
        bytes[..len]
            .iter()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0')),
        len,
    ))
}

fn scan_numbers(text: &str) -> Option<Written> {
    let bytes = text.as_bytes();
    let (first, first_len) = digits(bytes, 4)?;
    let ordinal = ordinal_len(&bytes[first_len..]);
    if ordinal > 0 {
        let at = first_len + ordinal + 1;
        return scan_month_name(text, first, first_len, b' ', at);
    }
    let separator = *bytes.get(first_len)?;
    if !matches!(separator, b'-' | b'/' | b'.' | b' ') {
        return None;
    }
    let mut at = first_len + 1;
    if separator == b'.' && bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    let begins = bytes.get(at)?;
    if begins.is_ascii_alphabetic() || !begins.is_ascii() {
        return scan_month_name(text, first, first_len, separator, at);
    }
    let (second, second_len) = digits(&bytes[at..], 2)?;
    at += second_len;
    if bytes.get(at) != Some(&separator) || separator == b' ' {
        return None;
    }
    at += 1;
    let (third, third_len) = digits(&bytes[at..], 4)?;
    at += third_len;
    let (kind, short_year, parts) = match (first_len, third_len) {
        (4, 1 | 2) => (
            Kind::YearFirst,
            false,
            [(second, second_len), (third, third_len)],
        ),
        (1 | 2, 4) => (
            Kind::YearLast,
            false,
            [(first, first_len), (second, second_len)],
        ),
        // 1.2.10 is a version number as often as a date.
        (1 | 2, 2) if separator != b'.' || first_len + second_len == 4 => (
            Kind::YearLast,
            true,
            [(first, first_len), (second, second_len)],
        ),
        _ => return None,
    };
    let shape = Shape {
        kind,
        separator,
        short_year,
        padded: padding(&parts),
        long_month: None,
        weekday: false,
    };
    Some(Written {
        shape,
        first,
        second,
        third,
        time: time_behind(text, at)?,
    })
}

fn padding(parts: &[(u32, usize)]) -> Option<bool> {
    parts
        .iter()
        .find(|(value, _)| *value < 10)
        .map(|(_, len)| *len == 2)
}

/// The end of `1st`, `2nd`, `3rd`, `4th` or `1er` before a blank.
fn ordinal_len(rest: &[u8]) -> usize {
    let known = [b"st ", b"nd ", b"rd ", b"th ", b"er "];
    if known.iter().any(|end| rest.starts_with(*end)) {
        2
    } else {
        0
    }
}

/// `31 May 2019`, `31-May-19`, `31. Mai 2019`, `31 de mayo de 2019`
fn scan_month_name(
    text: &str,
    day: u32,
    day_len: usize,
    separator: u8,
    name_at: usize,
) -> Option<Written> {
    if day_len > 2 {
        return None;
    }
    let name_at = name_at
        + if text.get(name_at..)?.starts_with("de ") {
            3
        } else {
            0
        };
    let (month, long, after) = month_name(text, name_at)?;
    let bytes = text.as_bytes();
    let mut at = after;
    while matches!(bytes.get(at), Some(b' ' | b'-' | b'/' | b'.' | b',')) {
        at += 1;
    }
    if at == after {
        return None;
    }
    for word in ["de ", "del "] {
        if bytes[at..].starts_with(word.as_bytes()) {
            at += word.len();
        }
    }
    let (year, year_len) = digits(&bytes[at..], 4)?;
    if year_len != 2 && year_len != 4 {
        return None;
    }
    let shape = Shape {
        kind: Kind::DayMonthName,
        separator,
        short_year: year_len == 2,
        padded: padding(&[(day, day_len)]),
        long_month: long,
        weekday: false,
    };
    Some(Written {
        shape,
        first: day,
        second: month,
        third: year,
        time: time_behind(text, at + year_len)?,
    })
}

/// `May 31, 2019`; where `time_within`, also `May 31 10:00:00 2019`.
fn scan_month_first(text: &str, time_within: bool) -> Option<Written> {
    let (month, long, after) = month_name(text, 0)?;
    let bytes = text.as_bytes();
    let mut at = after;
    while matches!(bytes.get(at), Some(b' ' | b'.')) {
        at += 1;
    }
    let (day, day_len) = digits(&bytes[at..], 2)?;
    at += day_len;
    let ordinal = bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    if ordinal {
        at += 2;
    }
    let behind_day = at;
    while matches!(bytes.get(at), Some(b' ' | b',')) {
        at += 1;
    }
    if at == behind_day {
        return None;
    }
    let shape = Shape {
        kind: Kind::MonthNameDay,
        separator: b' ',
        short_year: false,
        padded: padding(&[(day, day_len)]),
        long_month: long,
        weekday: false,
    };
    let written = |year, time| Written {
        shape,
        first: month,
        second: day,
        third: year,
        time,
    };
    if time_within && let Some((clock, year)) = text.get(at..)?.rsplit_once(' ') {
        let (year, len) = digits(year.as_bytes(), 4)?;
        let time = scan_time(clock.as_bytes(), false)?;
        return (len == 4).then(|| written(year, Some(time)));
    }
    let (year, year_len) = digits(&bytes[at..], 4)?;
    let ordinal_is_one =
        !ordinal || ordinal_len(&[&bytes[behind_day - 2..behind_day], b" "].concat()) == 2;
    if year_len != 4 || !ordinal_is_one {
        return None;
    }
    let time = time_behind(text, at + year_len)?;
    Some(written(year, time))
}

/// `Some(None)` at the end of the text, `None` where something else than a time follows.
#[expect(clippy::option_option, reason = "absent and malformed differ")]
fn time_behind(text: &str, at: usize) -> Option<Option<Time>> {
    let bytes = text.as_bytes();
    match bytes.get(at) {
        None => Some(None),
        // The access log of a web server: `24/Dec/2024:10:00:00 +0100`.
        Some(b':') => scan_time(&bytes[at + 1..], false).map(Some),
        Some(sign @ (b' ' | b'T' | b',')) => {
            let start = at + 1 + usize::from(*sign == b',' && bytes.get(at + 1) == Some(&b' '));
            scan_time(&bytes[start..], *sign == b'T').map(Some)
        }
        Some(_) => None,
    }
}

fn scan_time(bytes: &[u8], t_sign: bool) -> Option<Time> {
    let (mut hour, hour_len) = digits(bytes, 2)?;
    let mut at = hour_len;
    if bytes.get(at) != Some(&b':') {
        return None;
    }
    let (minute, 2) = digits(&bytes[at + 1..], 2)? else {
        return None;
    };
    at += 3;
    let mut second = None;
    let mut fraction = [b'0'; 9];
    let mut fraction_len = 0_usize;
    if bytes.get(at) == Some(&b':') {
        let (value, 2) = digits(&bytes[at + 1..], 2)? else {
            return None;
        };
        second = Some(value);
        at += 3;
        if matches!(bytes.get(at), Some(b'.' | b',')) {
            at += 1;
            while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
                *fraction.get_mut(fraction_len)? = *digit;
                fraction_len += 1;
                at += 1;
            }
            if fraction_len == 0 {
                return None;
            }
        }
    }
    let rest = std::str::from_utf8(&bytes[at..]).ok()?.trim_start();
    let mut twelve_hours = false;
    let mut offset = None;
    let mut zulu = false;
    match rest {
        "" => {}
        "Z" | "UTC" | "GMT" => (offset, zulu) = (Some(0), true),
        _ => {
            if let Some(after_noon) = half_day(rest) {
                if !(1..=12).contains(&hour) {
                    return None;
                }
                twelve_hours = true;
                hour = hour % 12 + if after_noon { 12 } else { 0 };
            } else {
                offset = Some(scan_offset(rest)?);
            }
        }
    }
    if hour > 23 || minute > 59 || second.unwrap_or(0) > 59 {
        return None;
    }
    Some(Time {
        hour,
        minute,
        second,
        fraction,
        fraction_len: fraction_len as u8,
        offset,
        zulu,
        twelve_hours,
        t_sign,
    })
}

fn half_day(rest: &str) -> Option<bool> {
    match rest.to_ascii_lowercase().as_str() {
        "am" | "a.m." => Some(false),
        "pm" | "p.m." => Some(true),
        _ => None,
    }
}

/// `+02:00`, `-0530`, `+02`
fn scan_offset(rest: &str) -> Option<i32> {
    let bytes = rest.as_bytes();
    let sign = match bytes.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let compact: Vec<u8> = bytes[1..]
        .iter()
        .copied()
        .filter(|byte| *byte != b':')
        .collect();
    let value = |part: &[u8]| {
        digits(part, 2)
            .filter(|(_, len)| *len == 2)
            .map(|(value, _)| value as i32)
    };
    let (hours, minutes) = match compact.len() {
        2 => (value(&compact)?, 0),
        4 => (value(&compact[..2])?, value(&compact[2..])?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

/// Whether text is a time of day: `05:40`, `17:45:00`.
pub(crate) fn is_time(text: &str) -> bool {
    scan_time(text.as_bytes(), false).is_some()
}

/// How dates of a column are written: `DD.MM.YYYY`, `D MMM YY`, …
pub(crate) fn date_format(shape: Shape, order: DateOrder) -> String {
    let (day, month) = if shape.padded == Some(false) {
        ("D", "M")
    } else {
        ("DD", "MM")
    };
    let year = if shape.short_year { "YY" } else { "YYYY" };
    let name = if shape.long_month == Some(true) {
        "MMMM"
    } else {
        "MMM"
    };
    let sign = char::from(shape.separator);
    let weekday = if shape.weekday { "ddd, " } else { "" };
    let date = match (shape.kind, order) {
        (Kind::YearFirst, _) => format!("{year}{sign}{month}{sign}{day}"),
        (Kind::YearLast, DateOrder::Mdy) => format!("{month}{sign}{day}{sign}{year}"),
        (Kind::YearLast, _) => format!("{day}{sign}{month}{sign}{year}"),
        (Kind::DayMonthName, _) if sign == '.' => format!("{day}. {name} {year}"),
        (Kind::DayMonthName, _) => format!("{day}{sign}{name}{sign}{year}"),
        (Kind::MonthNameDay, _) => format!("{name} {day}, {year}"),
    };
    format!("{weekday}{date}")
}
