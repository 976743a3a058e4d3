//! How numbers are written, and what they are worth.

/// Ways to write a number, one bit each; a column keeps those that read all its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notations(u8);

/// One way to write a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notation {
    bit: u8,
    group: &'static [u8],
    decimal: u8,
    /// How the format of a column shows it.
    pub shown: &'static str,
    pub shown_whole: &'static str,
}

const fn notation(
    bit: u8,
    group: &'static [u8],
    decimal: u8,
    shown: &'static str,
    shown_whole: &'static str,
) -> Notation {
    Notation {
        bit,
        group,
        decimal,
        shown,
        shown_whole,
    }
}

/// Simplest first. Space groups take a no-break and a narrow no-break space too.
pub(crate) const NOTATIONS: [Notation; 7] = [
    notation(1, b"", b'.', "1234.56", "1234"),
    notation(2, b"", b',', "1234,56", "1234"),
    notation(4, b",", b'.', "1,234.56", "1,234"),
    notation(8, b".", b',', "1.234,56", "1.234"),
    notation(16, b" ", b',', "1 234,56", "1 234"),
    notation(32, b" ", b'.', "1 234.56", "1 234"),
    notation(64, b"'", b'.', "1'234.56", "1'234"),
];

/// How many sets of notations there are.
pub(crate) const SETS: usize = 128;

pub(crate) const PLAIN: Notation = NOTATIONS[0];
pub(crate) const PLAIN_COMMA: Notation = NOTATIONS[1];

impl Notation {
    pub(crate) fn decimal_comma(self) -> bool {
        self.decimal == b','
    }

    pub(crate) fn groups_by_blank_or_point(self) -> bool {
        matches!(self.group, b" " | b".")
    }
}

impl Notations {
    pub(crate) const ALL: Self = Self(127);
    pub(crate) const NONE: Self = Self(0);

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn has(self, notation: Notation) -> bool {
        self.0 & notation.bit != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The set with this number.
    pub(crate) fn of(bits: usize) -> Self {
        Self((bits & usize::from(Self::ALL.0)) as u8)
    }

    /// As a number below [`SETS`].
    pub(crate) fn bits(self) -> usize {
        usize::from(self.0)
    }

    /// Those with a decimal comma, or those with a decimal point.
    pub(crate) fn with_decimal(self, comma: bool) -> Self {
        Self(
            NOTATIONS
                .iter()
                .filter(|each| each.decimal_comma() == comma)
                .fold(0, |bits, each| bits | each.bit)
                & self.0,
        )
    }

    pub(crate) fn simplest(self) -> Option<Notation> {
        NOTATIONS.into_iter().find(|each| self.has(*each))
    }
}

/// A number as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Number {
    pub value: f64,
    /// The value where it is whole and written without a fraction or exponent.
    pub integer: Option<i64>,
    /// Significant digits.
    pub digits: u32,
    /// Digits behind the decimal sign.
    pub scale: u32,
    /// Whether a double, printed with as many digits, gives the same digits again.
    pub exact: bool,
    /// Whether a sign groups its digits.
    pub grouped: bool,
}

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
const MAX_TEXT: usize = 64;

/// A currency or per cent sign before or behind a number: ISO 4217 codes and the signs and short forms in use, those that
/// begin like another one first.
pub(crate) const AFFIXES: [&str; 60] = [
    "%", "‰", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "₪", "₴", "₫", "฿", "₦", "₱", "₸", "US$",
    "A$", "C$", "R$", "NZ$", "HK$", "S$", "USD", "EUR", "GBP", "CHF", "SFr.", "Fr.", "JPY", "CNY",
    "CAD", "AUD", "NZD", "INR", "Rs.", "Rs", "SEK", "NOK", "DKK", "ISK", "kr.", "kr", "PLN", "zł",
    "CZK", "Kč", "HUF", "Ft", "RON", "lei", "BGN", "лв.", "RUB", "руб.", "UAH", "TRY", "BRL",
    "ZAR",
];

/// Where a sign stands beside a number, and which; `None` where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Affix {
    pub sign: &'static str,
    pub before: bool,
    /// A blank stands between.
    pub spaced: bool,
}

impl Affix {
    pub(crate) fn percent(self) -> bool {
        self.sign == "%"
    }
}

/// Splits a plus or minus (also one behind the digits, as SAP writes it), a currency or per cent sign and brackets (an
/// accountant's minus) from the digits.
pub(crate) fn strip_affix(text: &str) -> (bool, &str, Option<Affix>) {
    let (negative, core) = strip_sign(text);
    let Some(first) = core.chars().next() else {
        return (negative, core, None);
    };
    let starts_like_digits = first.is_ascii_digit() || first == '.' || first == ',';
    let found = if !starts_like_digits {
        AFFIXES.into_iter().find_map(|sign| {
            let rest = core.strip_prefix(sign)?;
            let trimmed = rest.trim_start_matches(BLANKS);
            let spaced = trimmed.len() < rest.len();
            (!trimmed.is_empty()).then_some((sign, true, spaced, trimmed))
        })
    } else if !core.ends_with(|last: char| last.is_ascii_digit()) {
        AFFIXES.into_iter().find_map(|sign| {
            let rest = core.strip_suffix(sign)?;
            let trimmed = rest.trim_end_matches(BLANKS);
            Some((sign, false, trimmed.len() < rest.len(), trimmed))
        })
    } else {
        None
    };
    let Some((sign, before, spaced, digits)) = found else {
        return (negative, core, None);
    };
    let affix = Some(Affix {
        sign,
        before,
        spaced,
    });
    // `€ -5`, `5- €`, but one minus only.
    match (negative, strip_sign(digits)) {
        (false, (inner, core)) => (inner, core, affix),
        (true, _) => (true, digits, affix),
    }
}

const BLANKS: [char; 3] = [' ', '\u{a0}', '\u{202f}'];

/// Whether there is one sign of a minus, and the text without it or without a plus.
fn strip_sign(text: &str) -> (bool, &str) {
    let bracketed = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .filter(|inner| inner.len() > 1);
    if let Some(inner) = bracketed {
        return (true, inner);
    }
    if let Some(rest) = text.strip_prefix(MINUSES) {
        return (true, rest.trim_start_matches(BLANKS));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return (false, rest);
    }
    text.strip_suffix(MINUSES)
        .filter(|rest| {
            rest.starts_with(|first: char| {
                first.is_ascii_digit() || first == ',' || first == '.' || !first.is_ascii()
            })
        })
        .map_or((false, text), |rest| (true, rest.trim_end_matches(BLANKS)))
}

/// Hyphen, minus sign, en dash.
const MINUSES: [char; 3] = ['-', '\u{2212}', '\u{2013}'];

/// A plain whole number or decimal fraction of at most 15 digits: the common case, without looking at notations.
pub(crate) fn parse_plain(text: &[u8]) -> Option<Number> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.len() > 16 || digits.is_empty() {
        return None;
    }
    let mut mantissa = 0_u64;
    let mut point = None;
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() && at > 0 && at + 1 < digits.len() => point = Some(at),
            _ => return None,
        }
    }
    let whole = point.unwrap_or(digits.len());
    if (digits[0] == b'0' && whole > 1)
        || (point.is_none() && digits.len() > 15)
        || (negative && mantissa == 0)
    {
        return None;
    }
    let scale = point.map_or(0, |at| digits.len() - at - 1);
    let magnitude = mantissa as f64 / POWERS[scale];
    Some(Number {
        value: if negative { -magnitude } else { magnitude },
        integer: point.is_none().then_some(if negative {
            -(mantissa as i64)
        } else {
            mantissa as i64
        }),
        digits: significant(mantissa, digits.len() - usize::from(point.is_some())),
        scale: scale as u32,
        exact: true,
        grouped: false,
    })
}

fn significant(mantissa: u64, written: usize) -> u32 {
    if mantissa == 0 {
        1
    } else {
        (written as u32).min(mantissa.ilog10() + 1)
    }
}

/// The notations in which a plain number (see [`parse_plain`]) may be read.
pub(crate) fn plain_notations(text: &[u8], number: &Number) -> Notations {
    if number.integer.is_some() {
        return Notations::ALL;
    }
    let dots = Notations(1 | 4 | 32 | 64);
    let whole = text.strip_prefix(b"-").unwrap_or(text).len() - 1 - number.scale as usize;
    if number.scale == 3 && whole <= 3 && !text.strip_prefix(b"-").unwrap_or(text).starts_with(b"0")
    {
        return Notations(dots.0 | 8);
    }
    dots
}

/// The notations that read `core`, digits without affix or minus.
pub(crate) fn notations_of(core: &str) -> Notations {
    if core.len() > MAX_TEXT {
        return Notations::NONE;
    }
    Notations(
        NOTATIONS
            .iter()
            .filter(|each| split(core, **each).is_some())
            .fold(0, |bits, each| bits | each.bit),
    )
}

struct Parts {
    mantissa: [u8; MAX_TEXT],
    len: usize,
    whole: usize,
    exponent: i32,
    has_exponent: bool,
    grouped: bool,
}

/// Digits of a number in one notation; `None` where it is not written so, or has a leading zero that would be lost.
fn split(core: &str, notation: Notation) -> Option<Parts> {
    let bytes = core.as_bytes();
    if bytes.len() > MAX_TEXT {
        return None;
    }
    let mut parts = Parts {
        mantissa: [0; MAX_TEXT],
        len: 0,
        whole: 0,
        exponent: 0,
        has_exponent: false,
        grouped: false,
    };
    let mut at = 0;
    let mut since_group: Option<usize> = None;
    while at < bytes.len() {
        if bytes[at].is_ascii_digit() {
            parts.mantissa[parts.len] = bytes[at];
            parts.len += 1;
            since_group = since_group.map(|count| count + 1);
            at += 1;
            continue;
        }
        let Some(width) = group_width(&bytes[at..], notation) else {
            break;
        };
        let complete = since_group.map_or((1..=3).contains(&parts.len), |count| count == 3);
        if !complete {
            return None;
        }
        since_group = Some(0);
        parts.grouped = true;
        at += width;
    }
    if since_group.is_some_and(|count| count != 3) {
        return None;
    }
    parts.whole = parts.len;
    if parts.whole > 1 && bytes[0] == b'0' {
        return None;
    }
    if bytes.get(at) == Some(&notation.decimal) {
        at += 1;
        let start = at;
        while let Some(digit) = bytes.get(at).filter(|byte| byte.is_ascii_digit()) {
            parts.mantissa[parts.len] = *digit;
            parts.len += 1;
            at += 1;
        }
        if at == start {
            return None;
        }
    }
    if parts.len == 0 {
        return None;
    }
    if at < bytes.len() {
        parts.exponent = exponent(&bytes[at..], parts.len > parts.whole)?;
        parts.has_exponent = true;
    }
    Some(parts)
}

fn group_width(rest: &[u8], notation: Notation) -> Option<usize> {
    if notation.group.is_empty() {
        return None;
    }
    if rest.starts_with(notation.group) {
        return Some(1);
    }
    if notation.group == b" " {
        return [&b"\xC2\xA0"[..], b"\xE2\x80\xAF", b"\xE2\x80\x89"]
            .iter()
            .find(|space| rest.starts_with(space))
            .map(|space| space.len());
    }
    if notation.group == b"'" && rest.starts_with("’".as_bytes()) {
        return Some("’".len());
    }
    None
}

/// `e-05`, `E+10`; `E5` only behind a fraction, because `1E5` is a code as often as a number.
fn exponent(rest: &[u8], has_fraction: bool) -> Option<i32> {
    let [b'e' | b'E', after @ ..] = rest else {
        return None;
    };
    let (negative, digits) = match after {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits if has_fraction => (false, digits),
        _ => return None,
    };
    if digits.is_empty() || digits.len() > 3 || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + i32::from(digit - b'0'));
    Some(if negative { -value } else { value })
}

/// Reads `core`, digits without affix, in one notation.
pub(crate) fn parse(core: &str, negative: bool, notation: Notation) -> Option<Number> {
    let parts = split(core, notation)?;
    let digits = &parts.mantissa[..parts.len];
    let scale = parts.len - parts.whole;
    let leading = digits.iter().take_while(|digit| **digit == b'0').count();
    let significant = &digits[leading..];
    if significant.is_empty() && negative && scale == 0 {
        return None;
    }
    let whole = scale == 0 && !parts.has_exponent;
    let mantissa = (significant.len() <= 18).then(|| {
        significant
            .iter()
            .fold(0_u64, |value, digit| value * 10 + u64::from(digit - b'0'))
    });
    let power = parts.exponent - scale as i32;
    let magnitude = match mantissa {
        Some(mantissa) if mantissa < 1 << 53 && (-22..=0).contains(&power) => {
            mantissa as f64 / POWERS[power.unsigned_abs() as usize]
        }
        _ => format!("{}e{power}", std::str::from_utf8(digits).ok()?)
            .parse()
            .ok()?,
    };
    if !magnitude.is_finite() || (magnitude == 0.0 && !significant.is_empty()) {
        return None;
    }
    let signed = |value: u64| {
        if negative {
            -(value as i64)
        } else {
            value as i64
        }
    };
    Some(Number {
        value: if negative { -magnitude } else { magnitude },
        integer: mantissa.filter(|_| whole).map(signed),
        digits: significant.len().max(1) as u32,
        scale: scale as u32,
        exact: survives(significant, magnitude),
        grouped: parts.grouped,
    })
}

/// The whole number that `core` is worth, also where it is written with a fraction of zeros or an exponent: `12.0`,
/// `1.5e+03`. Programs write those that hold numbers as doubles, so beyond 2^53 such digits are no count any more.
pub(crate) fn parse_whole(core: &str, negative: bool, notation: Notation) -> Option<i64> {
    let parts = split(core, notation)?;
    let scale = parts.len - parts.whole;
    let as_double = scale > 0 || parts.has_exponent;
    let digits = &parts.mantissa[..parts.len];
    let power = parts.exponent - scale as i32;
    let (kept, dropped) = digits.split_at(digits.len().saturating_sub((-power).max(0) as usize));
    if dropped.iter().any(|digit| *digit != b'0') {
        return None;
    }
    let significant = &kept[kept.iter().take_while(|digit| **digit == b'0').count()..];
    if significant.is_empty() {
        return (as_double || !negative).then_some(0);
    }
    let zeros = power.max(0) as usize;
    if significant.len() + zeros > 18 {
        return None;
    }
    let magnitude = significant
        .iter()
        .chain(std::iter::repeat_n(&b'0', zeros))
        .fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
    if as_double && magnitude > 1 << 53 {
        return None;
    }
    Some(if negative { -magnitude } else { magnitude })
}

/// Whether a double printed with as many digits gives the same digits: always up to 15, never from 18 on.
fn survives(significant: &[u8], magnitude: f64) -> bool {
    match significant.len() {
        0..=15 => true,
        16 | 17 => {
            let printed = format!("{magnitude:.*e}", significant.len() - 1);
            let digits = printed
                .bytes()
                .take_while(|byte| *byte != b'e')
                .filter(u8::is_ascii_digit);
            digits.eq(significant.iter().copied())
        }
        _ => false,
    }
}
