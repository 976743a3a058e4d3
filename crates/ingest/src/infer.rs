//! One column over all rows: its type and its profile.

pub(crate) mod dates;
pub(crate) mod identifiers;
pub(crate) mod numeric;

use std::collections::HashSet;

use crate::DateOrder;
use crate::infer::dates::Dates;
use crate::infer::numeric::Numeric;
use crate::marker::{self, InText};
use crate::profile::distinct::{Budget, Distinct};
use crate::temporal::Years;
use crate::value::{self, BOOLEANS};

/// After so many values without one number, date or boolean a column is text, and looked at no closer.
const SETTLED_AFTER: u64 = 1000;
const FIRST_MISFITS: usize = 3;

/// How many values are of a kind, and where the first others are.
#[derive(Debug, Default)]
pub(crate) struct Fit {
    pub fits: u64,
    /// Line and value.
    pub misfits: Vec<(u64, String)>,
}

impl Fit {
    fn see(&mut self, fits: bool, line: u64, text: &[u8]) {
        if fits {
            self.fits += 1;
        } else if self.misfits.len() < FIRST_MISFITS {
            let text: String = String::from_utf8_lossy(text).chars().take(40).collect();
            self.misfits.push((line, text));
        }
    }
}

/// A spelling of nothing.
#[derive(Debug)]
pub(crate) struct Marker {
    pub text: String,
    pub count: u64,
    pub first_line: u64,
}

/// Everything that is known of a column after some rows.
#[derive(Debug)]
pub(crate) struct Column {
    /// Values that are neither empty nor a marker of nothing.
    pub values: u64,
    pub empty: u64,
    /// Spellings of nothing, also a quoted empty field.
    pub markers: Vec<Marker>,
    pub numeric: Numeric,
    pub numbers: Fit,
    pub dates: Dates,
    pub moments: Fit,
    booleans: Booleans,
    digits_only: bool,
    leading_zero: bool,
    letters: Letters,
    pub distinct: Distinct,
    pub text_min: Option<Box<[u8]>>,
    pub text_max: Option<Box<[u8]>>,
    pub min_length: u64,
    pub max_length: u64,
}

/// What the letters of all values have in common.
#[derive(Debug)]
struct Letters {
    /// Every value has a digit or no small letter, as codes do.
    codes: bool,
    /// Every value has a digit or a capital, as names do.
    names: bool,
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            codes: true,
            names: true,
        }
    }
}

impl Letters {
    fn see(&mut self, text: &[u8]) {
        if self.codes || self.names {
            let digit = text.iter().any(u8::is_ascii_digit);
            self.codes &= digit || !text.iter().any(u8::is_ascii_lowercase);
            self.names &= digit || text.iter().any(u8::is_ascii_uppercase) || !text.is_ascii();
        }
    }
}

#[derive(Debug, Default)]
struct Booleans {
    dead: bool,
    pair: Option<usize>,
    seen_true: bool,
    seen_false: bool,
}

impl Booleans {
    fn add(&mut self, text: &[u8]) {
        let word = if text.len() > 5 {
            None
        } else {
            std::str::from_utf8(text).ok().and_then(value::boolean)
        };
        match word {
            Some((pair, truth)) if self.pair.is_none_or(|known| known == pair) => {
                self.pair = Some(pair);
                self.seen_true |= truth;
                self.seen_false |= !truth;
            }
            _ => self.dead = true,
        }
    }

    /// `yes/no`; one letter alone may be a code, so both must occur.
    fn format(&self) -> Option<String> {
        let (yes, no) = BOOLEANS[self.pair.filter(|_| !self.dead)?];
        let certain = yes.len() > 1 || (self.seen_true && self.seen_false);
        certain.then(|| format!("{yes}/{no}"))
    }
}

impl Column {
    /// `years` are those that two digits of a date may mean in it.
    pub(crate) fn new(years: Years) -> Self {
        Self {
            values: 0,
            empty: 0,
            markers: Vec::new(),
            numeric: Numeric::default(),
            numbers: Fit::default(),
            dates: Dates::new(years),
            moments: Fit::default(),
            booleans: Booleans::default(),
            digits_only: true,
            leading_zero: false,
            letters: Letters::default(),
            distinct: Distinct::default(),
            text_min: None,
            text_max: None,
            min_length: u64::MAX,
            max_length: 0,
        }
    }

    /// Takes in a cell: its bytes, and whether it stood in quotes.
    pub(crate) fn add(&mut self, cell: &[u8], quoted: bool, line: u64, budget: &mut Budget) {
        if cell.is_empty() && !quoted {
            self.empty += 1;
            return;
        }
        let text = cell.trim_ascii();
        if text.is_empty() || marker::may_be_marker(text) {
            let word = std::str::from_utf8(text).unwrap_or_default();
            if text.is_empty() || marker::is_marker(word) {
                self.add_marker(cell, line);
                return;
            }
        }
        self.values += 1;
        if let Some(inner) = value::guarded(text) {
            self.is_text(inner);
            self.add_text(inner, 1, budget);
            return;
        }
        self.classify(text, line);
        self.add_text(cell, 1, budget);
    }

    pub(crate) fn add_absent(&mut self) {
        self.empty += 1;
    }

    fn add_marker(&mut self, cell: &[u8], line: u64) {
        let cell = String::from_utf8_lossy(cell);
        match self.markers.iter_mut().find(|known| known.text == cell) {
            Some(known) => known.count += 1,
            None => self.markers.push(Marker {
                text: cell.into_owned(),
                count: 1,
                first_line: line,
            }),
        }
    }

    /// Takes in a value that is guarded against being read as a number or a date.
    fn is_text(&mut self, text: &[u8]) {
        self.booleans.dead = true;
        self.see_digits(text);
    }

    fn classify(&mut self, text: &[u8], line: u64) {
        if self.values > SETTLED_AFTER
            && self.numbers.fits == 0
            && self.moments.fits == 0
            && self.booleans.dead
        {
            return;
        }
        let is_number = self.numeric.add(text);
        self.numbers.see(is_number, line, text);
        let is_moment = !is_number && self.dates.add(text);
        self.moments.see(is_moment, line, text);
        if !self.booleans.dead {
            self.booleans.add(text);
        }
        self.see_digits(text);
        self.letters.see(text);
    }

    fn see_digits(&mut self, text: &[u8]) {
        if self.digits_only {
            self.digits_only = text.iter().all(u8::is_ascii_digit);
            self.leading_zero |= self.digits_only && text.len() > 1 && text[0] == b'0';
        }
    }

    fn add_text(&mut self, text: &[u8], count: u32, budget: &mut Budget) {
        self.distinct.add_many(text, count, budget);
        if self.text_min.as_ref().is_none_or(|least| text < &**least) {
            self.text_min = Some(text.into());
        }
        if self.text_max.as_ref().is_none_or(|most| text > &**most) {
            self.text_max = Some(text.into());
        }
        // Every byte but a continuation byte starts a character.
        let length = if text.is_ascii() {
            text.len()
        } else {
            text.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
        };
        self.min_length = self.min_length.min(length as u64);
        self.max_length = self.max_length.max(length as u64);
    }

    /// In a text column `NA` may be Namibia: markers become values, but those that the column or the file shows to mean
    /// nothing. `known` are the words that narrower columns of the file hold in place of a value.
    pub(crate) fn count_markers_as_values(&mut self, known: &HashSet<String>, budget: &mut Budget) {
        let (nothing, values): (Vec<_>, Vec<_>) = std::mem::take(&mut self.markers)
            .into_iter()
            .partition(|marker| self.means_nothing(marker, known));
        self.markers = nothing;
        for marker in values {
            self.values += marker.count;
            self.add_text(
                marker.text.as_bytes(),
                u32::try_from(marker.count).unwrap_or(u32::MAX),
                budget,
            );
        }
    }

    fn means_nothing(&self, found: &Marker, known: &HashSet<String>) -> bool {
        let word = found.text.trim();
        let known = known.contains(word);
        // In a list of genders, `N/A` is one of them.
        let listed = found.count == 1 && self.distinct.is_unique();
        match marker::in_text(word) {
            InText::Nothing => true,
            InText::NothingAlone => known || self.letters.codes || (self.empty == 0 && !listed),
            InText::Word => {
                let small = word.bytes().all(|byte| byte.is_ascii_lowercase());
                known || self.letters.codes || (small && self.letters.names)
            }
            InText::Value => false,
        }
    }

    /// Whether every value is a number, a moment or a truth.
    pub(crate) fn is_narrow(&self) -> bool {
        self.values > 0
            && (self.numbers.fits == self.values
                || self.moments.fits == self.values
                || self.booleans.format().is_some())
    }

    pub(crate) fn nulls(&self) -> u64 {
        self.empty + self.markers.iter().map(|marker| marker.count).sum::<u64>()
    }

    pub(crate) fn boolean_format(&self) -> Option<String> {
        self.booleans.format()
    }

    /// Numbers whose leading zeros a number type would lose: post codes, article numbers.
    pub(crate) fn has_leading_zeros(&self) -> bool {
        self.digits_only && self.leading_zero
    }

    pub(crate) fn certain_date_order(&self) -> Option<DateOrder> {
        // A few dates among other things prove nothing of the file.
        let mostly = self.moments.fits * 2 > self.values;
        self.dates.certain_order().filter(|_| mostly)
    }
}
