//! Words that stand for nothing.

/// Spellings of "no value" that are null in every column but a text column.
const MARKERS: [&str; 25] = [
    "NA", "N/A", "n/a", "na", "#N/A", "null", "NULL", "Null", "None", "none", "NaN", "nan", "NAN",
    "nil", "\\N", "-", "--", "?", ".", "(null)", "(NULL)", "<null>", "<NULL>", "[null]", "[NULL]",
];

/// What spreadsheets write for "not available", in several languages; their other errors end in `!` or `?`.
const NOT_AVAILABLE: [&str; 4] = ["#N/A", "#NV", "#N/D", "#N/V"];

/// The day before the first that spreadsheets know, which is how they show a date of zero.
const DAY_ZERO: [&str; 4] = ["1/0/1900", "1/0/00", "1900-01-00", "00.01.1900"];

/// Longest word of any kind above and below.
const LONGEST: usize = 19;

/// Whether `text`, trimmed, is a marker of nothing.
pub(crate) fn is_marker(text: &str) -> bool {
    text.len() <= LONGEST && (MARKERS.contains(&text) || is_error(text) || is_zero_date(text))
}

/// Whether `text` may be a marker, by its length and first byte: the cheap test before [`is_marker`].
pub(crate) fn may_be_marker(text: &[u8]) -> bool {
    match text.first() {
        Some(b'N' | b'n' | b'\\' | b'-' | b'?' | b'.') => text.len() <= 4,
        Some(b'(' | b'<' | b'[') => text.len() == 6,
        Some(b'#') => text.len() <= LONGEST,
        Some(b'0') => matches!(text.len(), 10 | 19) && text[1] == b'0',
        Some(b'1') => matches!(text.len(), 6 | 8 | 10) && text.ends_with(b"00"),
        Some(b'E') => text.starts_with(b"Err:"),
        _ => false,
    }
}

/// Whether `text` is what a spreadsheet writes in place of a value that it could not compute: `#DIV/0!`, `#NAME?`, `Err:502`.
/// Cells of `#` alone are numbers that were wider than their column when they were printed.
pub(crate) fn is_error(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let Some(name) = text.strip_prefix('#') else {
        return false;
    };
    let sign = |byte: u8| byte.is_ascii_uppercase() || matches!(byte, b'/' | b'0' | b'_');
    let ended = name.strip_suffix(['!', '?']);
    NOT_AVAILABLE.contains(&text)
        || ended.is_some_and(|name| name.len() >= 3 && name.bytes().all(sign))
        || (name.len() >= 2 && name.bytes().all(|byte| byte == b'#'))
}

/// `0000-00-00`, with or without midnight: what a server that forbids NULL writes where a date is required and none is known;
/// also a spreadsheet's date of zero.
pub(crate) fn is_zero_date(text: &str) -> bool {
    if DAY_ZERO.contains(&text) {
        return true;
    }
    let (date, time) = text.split_at_checked(10).unwrap_or((text, ""));
    matches!(
        date,
        "0000-00-00" | "0000/00/00" | "00.00.0000" | "00/00/0000" | "00-00-0000"
    ) && matches!(time, "" | " 00:00:00" | "T00:00:00")
}

/// How surely a marker means nothing where it stands in a column of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InText {
    /// A program's word for nothing, and no word of any language.
    Nothing,
    /// Nothing where the column has no other way of writing it and does not name each thing once.
    NothingAlone,
    /// A word like others, unless the file or the other values show what it means.
    Word,
    /// A value: Namibia, a dash, a question mark.
    Value,
}

pub(crate) fn in_text(text: &str) -> InText {
    match text {
        "" | "NA" | "na" | "-" | "--" | "?" | "." => InText::Value,
        "null" | "N/A" | "n/a" | "NaN" => InText::NothingAlone,
        // `nan` is also the code of a language.
        "Null" | "None" | "none" | "nil" | "nan" | "NAN" => InText::Word,
        _ if is_zero_date(text) => InText::Word,
        _ => InText::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing_are_known_and_others_are_not() {
        for word in [
            "NULL",
            "\\N",
            "Err:502",
            "#BEZUG!",
            "1/0/1900",
            "#DIV/0!",
            "#NAME?",
            "####",
            "0000-00-00",
            "0000-00-00 00:00:00",
            "(null)",
        ] {
            assert!(may_be_marker(word.as_bytes()) && is_marker(word), "{word}");
        }
        for word in [
            "Nullarbor",
            "#1",
            "##",
            "0000-00-01",
            "0000000000",
            "00:00:00",
            "(one)",
            "#5?",
            "#yes!",
            "10/10/1900",
            "Err: none",
        ] {
            assert!(!is_marker(word), "{word}");
        }
    }
}
