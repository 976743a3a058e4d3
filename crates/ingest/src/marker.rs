//! Words that stand for nothing.

/// Spellings of "no value" that are null in every column but a text column.
const MARKERS: [&str; 19] = [
    "NA", "N/A", "n/a", "na", "#N/A", "null", "NULL", "Null", "None", "none", "NaN", "nan", "NAN",
    "nil", "\\N", "-", "--", "?", ".",
];

/// Whether `text`, trimmed, is a marker of nothing.
pub(crate) fn is_marker(text: &str) -> bool {
    text.len() <= 4 && MARKERS.contains(&text)
}

/// Whether `text` may be a marker, by its length and first byte: the cheap test before [`is_marker`].
pub(crate) fn may_be_marker(text: &[u8]) -> bool {
    text.len() <= 4
        && matches!(
            text.first(),
            Some(b'N' | b'n' | b'#' | b'\\' | b'-' | b'?' | b'.')
        )
}
