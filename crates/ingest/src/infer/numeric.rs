use crate::infer::identifiers::Identifiers;
use crate::number::{self, AFFIXES, Affix, NOTATIONS, Notation, Notations, Number};
use crate::profile::histogram::Histogram;

/// Count, extremes, mean and histogram of the numbers of a column.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    pub count: u64,
    pub min: f64,
    pub max: f64,
    sum: f64,
    /// What adding to `sum` lost (Kahan summation).
    lost: f64,
    pub histogram: Histogram,
}

impl Spread {
    pub(crate) fn add(&mut self, value: f64) {
        if self.count == 0 {
            (self.min, self.max) = (value, value);
        } else if value < self.min {
            self.min = value;
        } else if value > self.max {
            self.max = value;
        }
        self.count += 1;
        let addend = value - self.lost;
        let sum = self.sum + addend;
        self.lost = (sum - self.sum) - addend;
        self.sum = sum;
        self.histogram.add(value);
    }

    pub(crate) fn sum(&self) -> f64 {
        self.sum
    }

    pub(crate) fn mean(&self) -> Option<f64> {
        (self.count > 0)
            .then(|| self.sum / self.count as f64)
            .filter(|mean| mean.is_finite())
    }
}

/// What the numbers of a column are if one family of notations (decimal point or decimal comma) is right.
#[derive(Debug, Clone)]
pub(crate) struct Family {
    pub spread: Spread,
    pub whole: bool,
    pub integer_min: i64,
    pub integer_max: i64,
    pub max_digits: u32,
    /// Smallest and largest number of digits behind the decimal sign, of numbers that have any.
    pub scale: Option<(u32, u32)>,
    pub exact: bool,
    pub grouped: bool,
}

impl Default for Family {
    fn default() -> Self {
        Self {
            spread: Spread::default(),
            whole: true,
            integer_min: i64::MAX,
            integer_max: i64::MIN,
            max_digits: 0,
            scale: None,
            exact: true,
            grouped: false,
        }
    }
}

impl Family {
    fn add(&mut self, number: &Number) {
        self.spread.add(number.value);
        match number.integer {
            Some(integer) => {
                self.integer_min = self.integer_min.min(integer);
                self.integer_max = self.integer_max.max(integer);
            }
            None => self.whole = false,
        }
        self.max_digits = self.max_digits.max(number.digits);
        if number.scale > 0 {
            let (low, high) = self.scale.unwrap_or((number.scale, number.scale));
            self.scale = Some((low.min(number.scale), high.max(number.scale)));
        }
        self.exact &= number.exact;
        self.grouped |= number.grouped;
    }
}

/// The numbers of a column, as long as every value is one in at least one common notation.
#[derive(Debug)]
pub(crate) struct Numeric {
    notations: Notations,
    affix: Option<Affix>,
    /// Values without the affix that others have.
    bare: bool,
    affixed: u64,
    /// Values with a leading plus, and with a minus behind.
    plus: bool,
    minus_behind: bool,
    pub identifiers: Identifiers,
    /// How many numbers can be read in each set of notations, also those that fit no common one.
    tally: Box<[u64; number::SETS]>,
    point: Family,
    /// Kept apart from `point` since the first value that the two read differently.
    comma: Option<Box<Family>>,
}

impl Default for Numeric {
    fn default() -> Self {
        Self {
            notations: Notations::ALL,
            affix: None,
            bare: false,
            affixed: 0,
            plus: false,
            minus_behind: false,
            identifiers: Identifiers::default(),
            tally: Box::new([0; number::SETS]),
            point: Family::default(),
            comma: None,
        }
    }
}

/// How a column of numbers is written, and what the numbers are.
pub(crate) struct Settled<'a> {
    pub notation: Notation,
    pub affix: Option<Affix>,
    pub family: &'a Family,
    plus: bool,
    minus_behind: bool,
    /// The other reading is possible too: `1,234` alone may be 1.234.
    pub ambiguous: bool,
}

impl Numeric {
    /// Whether the column can still be one of numbers.
    pub(crate) fn is_alive(&self) -> bool {
        !self.notations.is_empty()
    }

    /// Takes in a value; `false` where it is no number at all, which is left out of account. A number that fits no common
    /// notation ends the state.
    pub(crate) fn add(&mut self, text: &[u8]) -> bool {
        if let Some(number) = number::parse_plain(text) {
            let own = number::plain_notations(text, &number);
            self.tally[own.bits()] += 1;
            if self.is_alive() {
                self.bare = true;
                self.notations = self.notations.and(own);
                self.check_affix();
                self.identifiers.see_plain(text, &number);
                self.take(&number, text);
            }
            return true;
        }
        may_be_number(text) && std::str::from_utf8(text).is_ok_and(|text| self.add_slowly(text))
    }

    fn take(&mut self, number: &Number, text: &[u8]) {
        if number.integer.is_none()
            && self.comma.is_none()
            && !self.notations.with_decimal(true).is_empty()
        {
            self.comma = Some(Box::new(self.point.clone()));
        }
        if let Some(comma) = self.comma.as_mut() {
            let other = self
                .notations
                .with_decimal(true)
                .simplest()
                .filter(|_| number.integer.is_none());
            match other.and_then(|notation| read(text, notation)) {
                Some(other) => comma.add(&other),
                None => comma.add(number),
            }
        }
        self.point.add(number);
    }

    fn add_slowly(&mut self, text: &str) -> bool {
        let (negative, core, affix) = number::strip_affix(text);
        let mut own = number::notations_of(core);
        // A minus zero, or a number beyond a double, would not come back.
        let fits = NOTATIONS
            .into_iter()
            .find(|each| own.has(*each))
            .is_some_and(|each| number::parse(core, negative, each).is_some());
        let minus_behind =
            negative && text.ends_with(|last: char| !last.is_ascii_digit() && last != ')');
        if !fits || (minus_behind && is_open_year(core, affix)) {
            own = Notations::NONE;
        }
        if own.is_empty() {
            return false;
        }
        self.tally[own.bits()] += 1;
        self.affixed += u64::from(affix.is_some());
        if !self.is_alive() {
            return true;
        }
        self.notations = self.notations.and(own);
        self.plus |= text.starts_with('+');
        self.minus_behind |= minus_behind && affix.is_none();
        self.identifiers.see(text, core, affix);
        match (affix, self.affix) {
            (None, _) => self.bare = true,
            (Some(found), None) => self.affix = Some(found),
            (Some(found), Some(known)) if found.sign != known.sign => {
                self.notations = Notations::NONE;
            }
            _ => {}
        }
        self.check_affix();
        let parse = |comma| {
            self.notations
                .with_decimal(comma)
                .simplest()
                .and_then(|each| number::parse(core, negative, each))
        };
        let (point, comma) = (parse(false), parse(true));
        if self.comma.is_none() && point != comma {
            self.comma = Some(Box::new(self.point.clone()));
        }
        if let Some(number) = &point {
            self.point.add(number);
        }
        if let (Some(number), Some(family)) = (&comma, self.comma.as_mut()) {
            family.add(number);
        }
        true
    }

    /// `5 %` beside `0.05` mean different things; a price without its sign does not.
    fn check_affix(&mut self) {
        if self.bare && self.affix.is_some_and(Affix::percent) {
            self.notations = Notations::NONE;
        }
    }

    /// What `text` is worth, read as the numbers of the column are; `None` where it or they are no numbers.
    pub(crate) fn value_like(&self, text: &[u8], comma: bool) -> Option<f64> {
        let settled = self.settle(comma)?;
        let (negative, core, _) = number::strip_affix(std::str::from_utf8(text).ok()?);
        number::parse(core, negative, settled.notation).map(|number| number.value)
    }

    /// Whether `result` is the sum or the mean of the column's numbers, but for rounding.
    pub(crate) fn is_summed_up_by(&self, result: f64, comma: bool) -> bool {
        let spread = self.settle(comma).map(|settled| &settled.family.spread);
        let near = |own: f64| (own - result).abs() <= result.abs() * 1e-6 + 0.01;
        spread.is_some_and(|spread| {
            spread.count > 1 && (near(spread.sum()) || spread.mean().is_some_and(near))
        })
    }

    /// The format in which most of the numbers can be read, where no notation reads them all.
    pub(crate) fn commonest_format(&self, comma: bool) -> Option<String> {
        let readable = |notation: Notation| -> u64 {
            let sets = self.tally.iter().enumerate();
            sets.filter(|(bits, _)| Notations::of(*bits).has(notation))
                .map(|(_, count)| count)
                .sum()
        };
        // Of equal ones the first wins: the file's own decimal sign, then the simplest.
        let (own, other): (Vec<Notation>, Vec<Notation>) = NOTATIONS
            .into_iter()
            .partition(|each| each.decimal_comma() == comma);
        let (_, notation) =
            own.into_iter()
                .chain(other)
                .fold((0, number::PLAIN), |(most, best), each| {
                    match readable(each) {
                        count if count > most => (count, each),
                        _ => (most, best),
                    }
                });
        let numbers: u64 = self.tally.iter().sum();
        let affix = self.affix.filter(|_| self.affixed * 2 > numbers);
        written(notation.shown, affix, notation == number::PLAIN)
    }

    /// The reading to go by: the simplest that fits, of the family that `comma` prefers where both fit.
    pub(crate) fn settle(&self, comma: bool) -> Option<Settled<'_>> {
        let preferred = self.notations.with_decimal(comma).simplest();
        let other = self.notations.with_decimal(!comma).simplest();
        let both = preferred.is_some() && other.is_some();
        let ambiguous = both
            && self
                .comma
                .as_ref()
                .is_some_and(|family| !(family.whole && self.point.whole));
        // Whole numbers read the same either way; the point is the plainer name for it.
        let chosen = if both && !ambiguous {
            self.notations.simplest()
        } else {
            preferred.or(other)
        };
        let notation = chosen?;
        let family = match &self.comma {
            Some(family) if notation.decimal_comma() => family,
            _ => &self.point,
        };
        Some(Settled {
            notation,
            affix: self.affix,
            family,
            plus: self.plus,
            minus_behind: self.minus_behind,
            ambiguous,
        })
    }
}

/// `1990-`: since 1990, and no amount below zero.
fn is_open_year(core: &str, affix: Option<Affix>) -> bool {
    affix.is_none()
        && core.len() == 4
        && core.parse().is_ok_and(|year| (1000..2200).contains(&year))
}

fn read(text: &[u8], notation: Notation) -> Option<Number> {
    let text = std::str::from_utf8(text).ok()?;
    match text.strip_prefix('-') {
        Some(core) => number::parse(core, true, notation),
        None => number::parse(text, false, notation),
    }
}

/// A cheap look at the ends: a number has a digit, and starts and ends like one.
fn may_be_number(text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first(), text.last()) else {
        return false;
    };
    let starts = |byte: u8| {
        byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b',' | b'(' | b'$' | 0x80..)
    };
    let ends =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'%' | b')' | b'-' | b'$' | 0x80..);
    let signed = || {
        std::str::from_utf8(text).is_ok_and(|text| {
            AFFIXES
                .iter()
                .any(|sign| text.starts_with(sign) || text.ends_with(sign))
        })
    };
    text.len() <= 80
        && ((starts(*first) && ends(*last)) || ((starts(*first) || ends(*last)) && signed()))
        && text.iter().any(u8::is_ascii_digit)
}

/// `1.234,56 €` for a settled column; `None` where numbers are plain.
pub(crate) fn format(settled: &Settled<'_>) -> Option<String> {
    let plain = settled.notation == number::PLAIN
        || (settled.notation == number::PLAIN_COMMA && settled.family.whole);
    let shown = if settled.family.whole {
        settled.notation.shown_whole
    } else {
        settled.notation.shown
    };
    let plain = plain && !settled.plus && !settled.minus_behind;
    let before = if settled.plus { "+" } else { "" };
    let behind = if settled.minus_behind { "-" } else { "" };
    written(shown, settled.affix, plain).map(|written| format!("{before}{written}{behind}"))
}

fn written(shown: &str, affix: Option<Affix>, plain: bool) -> Option<String> {
    match affix {
        None if plain => None,
        None => Some(shown.to_owned()),
        Some(affix) => {
            let blank = if affix.spaced { " " } else { "" };
            Some(if affix.before {
                format!("{}{blank}{shown}", affix.sign)
            } else {
                format!("{shown}{blank}{}", affix.sign)
            })
        }
    }
}
