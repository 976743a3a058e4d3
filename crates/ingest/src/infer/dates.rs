use std::cmp::Ordering;

use chrono::NaiveDate;

use crate::DateOrder;
use crate::infer::numeric::Spread;
use crate::temporal::{self, Kind, Shape, Time, Written, Years};

/// Dates of a column under one order of day and month.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    alive: bool,
    pub spread: Spread,
    min: Option<(f64, String)>,
    max: Option<(f64, String)>,
}

impl Reading {
    fn new() -> Self {
        Self {
            alive: true,
            ..Self::default()
        }
    }

    fn add(&mut self, date: Option<NaiveDate>, time: Option<&Time>) {
        let Some(date) = date.filter(|_| self.alive) else {
            self.alive = false;
            return;
        };
        // Seconds east of Greenwich do not count for the day, but for the order of moments.
        let local = temporal::days(date) as f64 + time.map_or(0.0, Time::seconds) / 86_400.0;
        let moment = local - f64::from(time.and_then(|time| time.offset).unwrap_or(0)) / 1440.0;
        let canonical =
            || date.format("%Y-%m-%d").to_string() + &time.map(Time::canonical).unwrap_or_default();
        if self.min.as_ref().is_none_or(|(least, _)| moment < *least) {
            self.min = Some((moment, canonical()));
        }
        if self.max.as_ref().is_none_or(|(most, _)| moment > *most) {
            self.max = Some((moment, canonical()));
        }
        self.spread.add(moment);
    }

    pub(crate) fn min(&self) -> Option<String> {
        self.min.as_ref().map(|(_, text)| text.clone())
    }

    pub(crate) fn max(&self) -> Option<String> {
        self.max.as_ref().map(|(_, text)| text.clone())
    }

    fn span(&self) -> f64 {
        self.spread.max - self.spread.min
    }
}

/// The dates of a column, as long as all are written alike.
#[derive(Debug)]
pub(crate) struct Dates {
    alive: bool,
    /// What two digits of a year mean.
    years: Years,
    /// Least and greatest offset of a time.
    offsets: Option<(i32, i32)>,
    shape: Option<Shape>,
    first_shape: Option<Shape>,
    /// Of the first value; what times share.
    time: Option<Time>,
    values: u64,
    /// All dates, also those that are not written like the others: how many, and how many with a time.
    found: u64,
    timed: u64,
    /// Of those whose year comes last, how many are dates with the day first, and with the month first.
    day_first_fits: u64,
    month_first_fits: u64,
    all_seconds: bool,
    fraction: bool,
    day_first: Reading,
    month_first: Reading,
}

impl Dates {
    pub(crate) fn new(years: Years) -> Self {
        Self {
            alive: true,
            years,
            offsets: None,
            shape: None,
            first_shape: None,
            time: None,
            values: 0,
            found: 0,
            timed: 0,
            day_first_fits: 0,
            month_first_fits: 0,
            all_seconds: true,
            fraction: false,
            day_first: Reading::new(),
            month_first: Reading::new(),
        }
    }
}

/// How the dates of a column are written, and what they are.
pub(crate) struct SettledDates<'a> {
    pub reading: &'a Reading,
    pub format: String,
    pub with_time: bool,
    /// The years that two digits mean, where years have two.
    pub years: Option<Years>,
    /// No value tells day from month.
    pub ambiguous: bool,
}

impl Dates {
    pub(crate) fn is_alive(&self) -> bool {
        self.alive && (self.day_first.alive || self.month_first.alive)
    }

    /// Takes in a value; `false` where it is no date at all, which is left out of account.
    pub(crate) fn add(&mut self, text: &[u8]) -> bool {
        let written = may_be_date(text)
            .then(|| std::str::from_utf8(text).ok().and_then(temporal::scan))
            .flatten();
        let real = written.filter(|written| {
            written.date(DateOrder::Dmy, self.years).is_some()
                || written.date(DateOrder::Mdy, self.years).is_some()
        });
        let Some(written) = real else {
            return false;
        };
        self.tally(&written);
        if self.is_alive() {
            self.take(&written);
        }
        true
    }

    fn tally(&mut self, written: &Written) {
        self.found += 1;
        self.timed += u64::from(written.time.is_some());
        if written.shape.kind == Kind::YearLast {
            self.day_first_fits += u64::from(written.date(DateOrder::Dmy, self.years).is_some());
            self.month_first_fits += u64::from(written.date(DateOrder::Mdy, self.years).is_some());
        }
        self.first_shape.get_or_insert(written.shape);
    }

    fn take(&mut self, written: &Written) {
        let Some(shape) = merge(self.shape, written.shape) else {
            self.alive = false;
            return;
        };
        self.shape = Some(shape);
        if !self.same_time(written.time.as_ref()) {
            self.alive = false;
            return;
        }
        let time = written.time.as_ref();
        self.day_first
            .add(written.date(DateOrder::Dmy, self.years), time);
        if shape.kind == Kind::YearLast {
            self.month_first
                .add(written.date(DateOrder::Mdy, self.years), time);
        }
    }

    fn same_time(&mut self, time: Option<&Time>) -> bool {
        if let Some(time) = time {
            self.all_seconds &= time.has_seconds();
            self.fraction |= time.has_fraction();
            if let Some(offset) = time.offset {
                let (least, greatest) = self.offsets.unwrap_or((offset, offset));
                self.offsets = Some((least.min(offset), greatest.max(offset)));
            }
        }
        if self.values == 0 {
            self.time = time.copied();
        }
        self.values += 1;
        match (&self.time, time) {
            (None, None) => true,
            (Some(first), Some(time)) => {
                first.offset.is_some() == time.offset.is_some()
                    && first.twelve_hours == time.twelve_hours
                    && first.t_sign == time.t_sign
            }
            _ => false,
        }
    }

    /// Whether times have more than one offset, so that their texts are not in the order of time.
    pub(crate) fn has_mixed_offsets(&self) -> bool {
        self.offsets
            .is_some_and(|(least, greatest)| least != greatest)
    }

    /// The order all values allow. Where both are possible: `file_order`, that other columns of the file have; else
    /// the one whose dates lie closer together; else day first, but month first between slashes.
    pub(crate) fn settle(&self, file_order: Option<DateOrder>) -> Option<SettledDates<'_>> {
        if !self.is_alive() {
            return None;
        }
        let shape = self.shape?;
        let open = shape.kind == Kind::YearLast && self.day_first.alive && self.month_first.alive;
        let month_first = if open {
            match file_order {
                Some(order) => order == DateOrder::Mdy,
                None => self.month_first_is_likelier(shape),
            }
        } else {
            shape.kind == Kind::YearLast && self.month_first.alive
        };
        let order = match (shape.kind, month_first) {
            (Kind::YearFirst, _) => DateOrder::Ymd,
            (_, true) | (Kind::MonthNameDay, _) => DateOrder::Mdy,
            _ => DateOrder::Dmy,
        };
        let reading = if month_first {
            &self.month_first
        } else {
            &self.day_first
        };
        if !reading.alive {
            return None;
        }
        let time = self.time;
        let years = shape.short_year.then_some(self.years);
        let format = temporal::date_format(shape, order)
            + &time.map(|time| self.time_format(&time)).unwrap_or_default()
            + &years.map(Years::shown).unwrap_or_default();
        let differ = self.day_first.min() != self.month_first.min()
            || self.day_first.max() != self.month_first.max();
        let ambiguous = open && differ && file_order.is_none();
        Some(SettledDates {
            reading,
            format,
            with_time: time.is_some(),
            years,
            ambiguous,
        })
    }

    /// Format of most of the dates and whether most have a time, where no way of writing is common to all.
    pub(crate) fn commonest_format(&self, file_order: Option<DateOrder>) -> Option<(String, bool)> {
        let shape = self.first_shape?;
        let with_time = self.timed * 2 > self.found;
        let order = match self.month_first_fits.cmp(&self.day_first_fits) {
            Ordering::Greater => DateOrder::Mdy,
            Ordering::Less => DateOrder::Dmy,
            Ordering::Equal => file_order.unwrap_or(if shape.separator == b'/' {
                DateOrder::Mdy
            } else {
                DateOrder::Dmy
            }),
        };
        let shape = if self.day_first_fits + self.month_first_fits > 0 {
            Shape {
                kind: Kind::YearLast,
                ..shape
            }
        } else {
            shape
        };
        let time = if with_time { " HH:mm:ss" } else { "" };
        let years = shape.short_year.then(|| self.years.shown());
        let format = temporal::date_format(shape, order) + time + &years.unwrap_or_default();
        Some((format, with_time))
    }

    fn month_first_is_likelier(&self, shape: Shape) -> bool {
        let (day_first, month_first) = (self.day_first.span(), self.month_first.span());
        if day_first * 2.0 < month_first {
            false
        } else if month_first * 2.0 < day_first {
            true
        } else {
            shape.separator == b'/'
        }
    }

    /// The order that this column leaves no doubt about.
    pub(crate) fn certain_order(&self) -> Option<DateOrder> {
        let year_last =
            self.is_alive() && self.shape.is_some_and(|shape| shape.kind == Kind::YearLast);
        match (year_last, self.day_first.alive, self.month_first.alive) {
            (true, true, false) => Some(DateOrder::Dmy),
            (true, false, true) => Some(DateOrder::Mdy),
            _ => None,
        }
    }

    fn time_format(&self, time: &Time) -> String {
        let mut format = if time.t_sign { "T" } else { " " }.to_owned();
        format.push_str(if time.twelve_hours { "hh:mm" } else { "HH:mm" });
        if self.all_seconds {
            format.push_str(":ss");
        }
        if self.fraction {
            format.push_str(".fff");
        }
        if time.twelve_hours {
            format.push_str(" am/pm");
        }
        if time.offset.is_some() {
            format.push_str("±hh:mm");
        }
        format
    }
}

fn merge(known: Option<Shape>, next: Shape) -> Option<Shape> {
    let Some(mut known) = known else {
        return Some(next);
    };
    let same = known.kind == next.kind
        && known.separator == next.separator
        && known.short_year == next.short_year
        && known.weekday == next.weekday;
    // Some languages abbreviate only the longer names, so that both occur.
    known.long_month = match (known.long_month, next.long_month) {
        (Some(left), Some(right)) => Some(left || right),
        (left, right) => left.or(right),
    };
    known.padded = match (known.padded, next.padded) {
        (Some(left), Some(right)) => Some(left && right),
        (left, right) => left.or(right),
    };
    same.then_some(known)
}

fn may_be_date(text: &[u8]) -> bool {
    (6..=40).contains(&text.len())
        && text.last().is_some_and(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'Z' | b'M' | b'm' | b'.' | b'C' | b'T' | b']')
        })
        && (text[0].is_ascii_alphanumeric() || text[0] >= 0x80 || text[0] == b'[')
        && text.iter().any(u8::is_ascii_digit)
}
