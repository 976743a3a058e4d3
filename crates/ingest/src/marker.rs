//! Words that stand for nothing.

/// Spellings of "no value" that are null in every column but a text column.
const MARKERS: [&str; 25] = [
    "NA", "N/A", "n/a", "na", "#N/A", "null", "NULL", "Null", "None", "none", "NaN", "nan", "NAN",
    "nil", "\\N", "-", "--", "?", ".", "(null)", "(NULL)", "<null>", "<NULL>", "[null]", "[NULL]",
];

/// What spreadsheets write for a formula that has no value.
const ERRORS: [&str; 13] = [
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#N/A",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#ERROR!",
    "#GETTING_DATA",
    "#N/V",
    "#WERT!",
];

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
        _ => false,
    }
}

/// Whether `text` is what a spreadsheet writes in place of a value that it could not compute. Cells of `#` alone are
/// numbers that were wider than their column when they were printed.
pub(crate) fn is_error(text: &str) -> bool {
    text.starts_with('#')
        && (ERRORS.contains(&text) || (text.len() >= 3 && text.bytes().all(|byte| byte == b'#')))
}

/// `0000-00-00`, with or without midnight: what a server that forbids NULL writes where a date is required and none is known.
pub(crate) fn is_zero_date(text: &str) -> bool {
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
    /// A word like others, unless the file shows what it means.
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
        ] {
            assert!(!is_marker(word), "{word}");
        }
    }
}
