use serde::{Deserialize, Serialize};

use crate::number::{self, NOTATIONS, Notation};
use crate::temporal::{self, Years};
use crate::{ColumnProfile, DateOrder, marker};

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ColumnType {
    Integer,
    Real,
    /// Fixed point (money): at most 15 significant digits, so a double holds it exactly enough to print it back.
    Decimal,
    Boolean,
    Date,
    Datetime,
    Text,
}

/// A typed cell. BOOLEAN is `Integer` 0 or 1; DATE is `Text` `YYYY-MM-DD`; DATETIME is `Text` `YYYY-MM-DD HH:MM:SS[.fff]`
/// (an offset is kept: `…+02:00`); DECIMAL is `Real`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

/// A cell that is not of its column's type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{raw:?} is not {expected}")]
pub struct ValueError {
    pub raw: String,
    pub expected: String,
}

/// Turns raw cells of one column into values: the one way in which cells are read, whoever asks. Made from the type that was
/// chosen for the column, from its profile and from the dialect's decimal sign.
///
/// What the profile counted as nothing is nothing under every type that is chosen, and blanks around a value of a column
/// that was found narrower than TEXT are no part of it. A number is a whole one by its worth: `12.0` and `1.2e+01` are
/// read as INTEGER 12.
///
/// What comes back out: INTEGER, DECIMAL and REAL keep the number (the notation is in the format; a DECIMAL has at most
/// 15 digits and a REAL at most the digits that a double gives back), DATE and DATETIME keep the moment, its fraction of
/// seconds and its offset, BOOLEAN keeps which of the two words it was, TEXT keeps every character of a text column, but for
/// the words that its format lists as null and the `="…"` around a text that Excel is to take for one. Blanks around a value
/// that is not TEXT are not kept.
#[derive(Debug, Clone)]
pub struct ValueParser {
    column_type: ColumnType,
    notation: Notation,
    affix: Option<&'static str>,
    order: DateOrder,
    years: Years,
    /// Chosen as TEXT, though it was found to be narrower or to hold nothing but markers of null.
    narrow_text: bool,
    /// Words that mean nothing in this column of text.
    null_words: Vec<String>,
}

/// Before the words that mean nothing, in the format of a text column.
const NULL_WORDS: &str = "null: ";

/// How the format of a text column shows the words that mean nothing in it.
pub(crate) fn null_words_shown<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let words: Vec<&str> = words.collect();
    (!words.is_empty()).then(|| format!("{NULL_WORDS}{}", words.join(", ")))
}

/// The text in `="00123"`, which spreadsheets take for text and not for a number.
#[inline]
pub(crate) fn guarded(cell: &[u8]) -> Option<&[u8]> {
    if cell.first() != Some(&b'=') {
        return None;
    }
    let inner = cell.strip_prefix(b"=\"")?.strip_suffix(b"\"")?;
    (!inner.contains(&b'"')).then_some(inner)
}

/// The format of a text column that holds nothing but markers such as `NA`.
pub(crate) const ONLY_MARKERS: &str = "only null markers";

impl ValueParser {
    /// Reads the column that `profile` describes as `column_type`, which may be another than the profile's.
    pub fn of(column_type: ColumnType, profile: &ColumnProfile, decimal: char) -> Self {
        let format = profile.format_for(column_type);
        let mut parser = Self::new(column_type, format, decimal);
        parser.narrow_text |=
            column_type == ColumnType::Text && profile.column_type != ColumnType::Text;
        parser
    }

    /// `format` is [`crate::ColumnProfile::format`] of the column.
    pub fn new(column_type: ColumnType, format: Option<&str>, decimal: char) -> Self {
        let shown = format.unwrap_or_default();
        let (notation, affix) = notation_shown(shown).unwrap_or((
            if decimal == ',' {
                number::PLAIN_COMMA
            } else {
                number::PLAIN
            },
            None,
        ));
        Self {
            column_type,
            notation: if format.is_none() {
                number::PLAIN
            } else {
                notation
            },
            affix,
            order: order_shown(shown),
            years: Years::in_format(shown),
            narrow_text: column_type == ColumnType::Text && shown == ONLY_MARKERS,
            null_words: match shown.split_once(NULL_WORDS) {
                Some((_, words)) if column_type == ColumnType::Text => {
                    words.split(", ").map(str::to_owned).collect()
                }
                _ => Vec::new(),
            },
        }
    }

    /// `None` (an absent field) and the markers of nothing that the profile counted as null give [`Value::Null`].
    pub fn parse(&self, raw: Option<&str>) -> Result<Value, ValueError> {
        let Some(raw) = raw else {
            return Ok(Value::Null);
        };
        let raw = unguarded(raw);
        if self.column_type == ColumnType::Text && !self.narrow_text {
            let nothing = self.null_words.iter().any(|word| word == raw.trim());
            return Ok(if nothing {
                Value::Null
            } else {
                Value::Text(raw.to_owned())
            });
        }
        let text = raw.trim();
        if text.is_empty() || marker::is_marker(text) {
            return Ok(Value::Null);
        }
        self.parse_narrow(text).ok_or_else(|| ValueError {
            raw: raw.to_owned(),
            expected: self.expected(),
        })
    }

    fn parse_narrow(&self, text: &str) -> Option<Value> {
        match self.column_type {
            ColumnType::Text => Some(Value::Text(text.to_owned())),
            ColumnType::Integer => {
                let (negative, core) = self.digits(text)?;
                number::parse_whole(core, negative, self.notation).map(Value::Integer)
            }
            ColumnType::Real | ColumnType::Decimal => {
                let (negative, core) = self.digits(text)?;
                let number = number::parse(core, negative, self.notation)?;
                number.exact.then_some(Value::Real(number.value))
            }
            ColumnType::Boolean => truth(text).map(|truth| Value::Integer(i64::from(truth))),
            ColumnType::Date => {
                let written = temporal::scan(text).filter(|written| written.time.is_none())?;
                Some(Value::Text(
                    written
                        .date(self.order, self.years)?
                        .format("%Y-%m-%d")
                        .to_string(),
                ))
            }
            ColumnType::Datetime => {
                let written = temporal::scan(text)?;
                let date = written
                    .date(self.order, self.years)?
                    .format("%Y-%m-%d")
                    .to_string();
                Some(Value::Text(date + &written.time?.canonical()))
            }
        }
    }

    /// Whether there is a minus, and the text without it and without the column's sign; `None` where it has another sign.
    fn digits<'a>(&self, text: &'a str) -> Option<(bool, &'a str)> {
        let (negative, core, affix) = number::strip_affix(text);
        let own = affix.is_none_or(|found| Some(found.sign) == self.affix);
        own.then_some((negative, core))
    }

    fn expected(&self) -> String {
        match self.column_type {
            ColumnType::Integer => "a whole number",
            ColumnType::Real | ColumnType::Decimal => "a number",
            ColumnType::Boolean => "yes or no",
            ColumnType::Date => "a date",
            ColumnType::Datetime => "a date with a time",
            ColumnType::Text => "text",
        }
        .to_owned()
    }
}

fn unguarded(raw: &str) -> &str {
    guarded(raw.trim_ascii().as_bytes())
        .and_then(|inner| std::str::from_utf8(inner).ok())
        .unwrap_or(raw)
}

/// The notation and the sign that a format such as `1.234,56 €` shows.
fn notation_shown(format: &str) -> Option<(Notation, Option<&'static str>)> {
    let start = format.find('1')?;
    let end = format.rfind(['4', '6'])? + 1;
    let core = format.get(start..end)?;
    let around = (format[..start].to_owned() + &format[end..]).replace(['+', '-', ' '], "");
    let affix = number::AFFIXES.into_iter().find(|sign| *sign == around);
    let notation = NOTATIONS
        .into_iter()
        .find(|each| each.shown == core || each.shown_whole == core)?;
    Some((notation, affix))
}

fn order_shown(format: &str) -> DateOrder {
    match (format.find('Y'), format.find('M'), format.find('D')) {
        (Some(0), _, _) => DateOrder::Ymd,
        (_, Some(month), Some(day)) if month < day => DateOrder::Mdy,
        _ => DateOrder::Dmy,
    }
}

/// Pairs of words for true and false, as a format shows them.
pub(crate) const BOOLEANS: [(&str, &str); 4] =
    [("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n")];

/// Also a flag of digits: whoever chooses BOOLEAN for a column of 0 and 1 means that.
fn truth(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => boolean(text).map(|(_, truth)| truth),
    }
}

/// Which pair a word belongs to, and whether it is the true one.
pub(crate) fn boolean(text: &str) -> Option<(usize, bool)> {
    if text.len() > 5 {
        return None;
    }
    BOOLEANS.iter().enumerate().find_map(|(pair, (yes, no))| {
        if text.eq_ignore_ascii_case(yes) {
            Some((pair, true))
        } else {
            text.eq_ignore_ascii_case(no).then_some((pair, false))
        }
    })
}
