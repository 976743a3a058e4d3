//! Digits that name something and count nothing: a number type would lose their text, or invite sums over them.

use crate::infer::numeric::Settled;
use crate::naming;
use crate::number::{Affix, Number};

/// Digits of a whole number with a leading plus from which on it is a telephone number.
const PHONE_DIGITS: u32 = 7;
/// Digits of grouped numbers of one length from which on they are article, tax or telephone numbers: amounts and counts
/// of such a size differ in their number of digits.
const GROUPED_DIGITS: u32 = 9;
/// Digits that people group where they group any.
const LONG_UNGROUPED: u32 = 5;
/// Behind the point of versions and sections stands a count; fractions of a measure go up to 99.
const HIGHEST_COUNT: u32 = 40;

/// What the numbers of a column say against their being numbers.
#[derive(Debug, Default)]
pub(crate) struct Identifiers {
    phone: bool,
    versions: Versions,
    groups: Option<Groups>,
    long_ungrouped: bool,
}

/// Why a column whose values can all be read as numbers holds none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// `+4930123456`
    Phone,
    /// `10.1` beside `10.10`
    Version,
    /// `192.168.100.200`
    Address,
    /// `51 824 753 556`, all of one length
    OneLength,
    /// `555 123` in a column of telephones
    Named,
    /// `1 234` beside `56789`
    SomeGrouped,
}

#[derive(Debug)]
struct Versions {
    possible: bool,
    /// Numbers before the point, up to 127, one bit each, of those behind whose point stand 10, 20 or 30.
    ends_in_zero: u128,
    /// The same of those behind whose point one digit stands.
    one_digit: u128,
}

impl Default for Versions {
    fn default() -> Self {
        Self {
            possible: true,
            ends_in_zero: 0,
            one_digit: 0,
        }
    }
}

#[derive(Debug)]
struct Groups {
    fewest_digits: u32,
    most_digits: u32,
    addresses: bool,
}

impl Identifiers {
    /// Takes in a number without sign, groups and exponent.
    pub(crate) fn see_plain(&mut self, text: &[u8], number: &Number) {
        if self.versions.possible {
            self.versions.see(text);
        }
        self.long_ungrouped |= number.integer.is_some() && number.digits >= LONG_UNGROUPED;
    }

    /// Takes in any other number; `core` is what is left of `text` without affix and sign.
    pub(crate) fn see(&mut self, text: &str, core: &str, affix: Option<Affix>) {
        self.versions.possible = false;
        let digits = core.bytes().filter(u8::is_ascii_digit).count() as u32;
        let only_digits = digits as usize == core.len();
        if affix.is_some() {
            return;
        }
        let spaced_or_plain = !core.contains(['.', ',']);
        self.phone |= text.starts_with('+') && spaced_or_plain && digits >= PHONE_DIGITS;
        self.long_ungrouped |= only_digits && digits >= LONG_UNGROUPED;
        if digits < 4 || only_digits {
            return;
        }
        let address = is_address(core);
        let groups = self.groups.get_or_insert(Groups {
            fewest_digits: digits,
            most_digits: digits,
            addresses: true,
        });
        groups.fewest_digits = groups.fewest_digits.min(digits);
        groups.most_digits = groups.most_digits.max(digits);
        groups.addresses &= address;
    }

    /// What keeps the column called `name` from being one of numbers, as `settled` reads them.
    pub(crate) fn why(&self, settled: &Settled<'_>, name: &str) -> Option<Why> {
        let family = settled.family;
        let signed = family.spread.min < 0.0;
        if self.phone && family.whole && !signed {
            return Some(Why::Phone);
        }
        if self.versions.found() && !family.whole {
            return Some(Why::Version);
        }
        let groups = self
            .groups
            .as_ref()
            .filter(|_| family.grouped && family.whole && !signed && settled.affix.is_none())?;
        if !settled.notation.groups_by_blank_or_point() {
            return None;
        }
        if groups.addresses {
            Some(Why::Address)
        } else if groups.fewest_digits == groups.most_digits && groups.most_digits >= GROUPED_DIGITS
        {
            Some(Why::OneLength)
        } else if naming::is_of_identifiers(name) {
            Some(Why::Named)
        } else if self.long_ungrouped {
            Some(Why::SomeGrouped)
        } else {
            None
        }
    }
}

impl Versions {
    fn see(&mut self, text: &[u8]) {
        let Some(point) = memchr::memchr(b'.', text) else {
            // Section 2 is one among 1.9 and 1.10.
            return;
        };
        let value = |digits: &[u8]| {
            digits.iter().fold(0_u32, |value, digit| {
                value * 10 + u32::from(digit.wrapping_sub(b'0'))
            })
        };
        let (whole, fraction) = (&text[..point], &text[point + 1..]);
        if text[0] == b'-' || point > 3 || fraction.len() > 2 {
            self.possible = false;
            return;
        }
        let (own, count) = (
            1_u128.checked_shl(value(whole)).unwrap_or(0),
            value(fraction),
        );
        match fraction {
            [_] if count > 0 => self.one_digit |= own,
            [_] => {}
            [first, last] if *first != b'0' && count < HIGHEST_COUNT => {
                if *last == b'0' {
                    self.ends_in_zero |= own;
                }
            }
            _ => self.possible = false,
        }
    }

    /// Whether some version has more than nine parts: 10.10 next to 10.2.
    fn found(&self) -> bool {
        self.possible && self.ends_in_zero & self.one_digit != 0
    }
}

/// Four numbers up to 255, as an address of IPv4 has them.
fn is_address(core: &str) -> bool {
    let mut parts = 0;
    core.split('.').all(|part| {
        parts += 1;
        part.parse::<u8>().is_ok()
    }) && parts == 4
}

impl Why {
    /// Code of the warning, and what the column holds, in words.
    pub(crate) fn explained(self) -> (&'static str, &'static str) {
        match self {
            Why::Phone => ("phone_numbers", "look like telephone numbers"),
            Why::Version => (
                "version_numbers",
                "look like versions or sections, of which 1.1 and 1.10 are two",
            ),
            Why::Address => ("network_addresses", "look like network addresses"),
            Why::OneLength => (
                "grouped_identifiers",
                "look like identifiers: their digits are grouped, and all have as many",
            ),
            Why::Named => (
                "grouped_identifiers",
                "are identifiers by the column's name",
            ),
            Why::SomeGrouped => (
                "grouped_identifiers",
                "are grouped in part only, as numbers that count something are not",
            ),
        }
    }
}
