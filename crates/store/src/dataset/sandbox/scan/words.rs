//! The words of a statement as SQLite's own tokenizer cuts them (tokenize.c), as far as it matters where they stand.

use std::borrow::Cow;

/// What SQLite counts among a name's characters, `$` and all beyond ASCII included.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// Without quotes: a keyword or a name.
    Plain(&'a str),
    /// Within quotes of any kind. SQLite takes a string for a name where only a name can stand.
    Quoted(Cow<'a, str>),
    Sign(u8),
    Number,
    /// `?`, `:a`, `@a`, `$a`, `#1`. What follows is cut by rules of its own, so that nothing behind one is understood.
    Parameter,
}

#[derive(Debug)]
pub(super) struct Word<'a> {
    pub kind: Kind<'a>,
    /// In bytes, from the statement's beginning.
    pub offset: usize,
}

impl Word<'_> {
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self.kind, Kind::Plain(text) if text.eq_ignore_ascii_case(keyword))
    }

    pub fn is_sign(&self, sign: u8) -> bool {
        self.kind == Kind::Sign(sign)
    }

    /// As a name, in lower case as SQLite compares names.
    pub fn name(&self) -> Option<String> {
        match &self.kind {
            Kind::Plain(text) => Some(text.to_ascii_lowercase()),
            Kind::Quoted(text) => Some(text.to_ascii_lowercase()),
            Kind::Sign(_) | Kind::Number | Kind::Parameter => None,
        }
    }
}

/// All words but blanks and comments.
pub(super) fn words(sql: &str) -> Vec<Word<'_>> {
    let bytes = sql.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let blank = blank(rest);
        if blank > 0 {
            at += blank;
            continue;
        }
        let (kind, length) = word(&sql[at..]);
        words.push(Word { kind, offset: at });
        at += length;
    }
    words
}

/// Bytes of blanks, a comment or a byte order mark at the beginning of `rest`; 0 where a word begins.
fn blank(rest: &[u8]) -> usize {
    match rest {
        [b' ' | b'\t' | b'\n' | b'\r' | b'\x0c', ..] => 1,
        [0xef, 0xbb, 0xbf, ..] => 3,
        [b'-', b'-', ..] => until(rest, b"\n").unwrap_or(rest.len()),
        [b'/', b'*', _, ..] => {
            let end = until(&rest[2..], b"*/");
            end.map_or(rest.len(), |end| end + 4)
        }
        _ => 0,
    }
}

fn until(bytes: &[u8], end: &[u8]) -> Option<usize> {
    bytes.windows(end.len()).position(|window| window == end)
}

fn word(rest: &str) -> (Kind<'_>, usize) {
    let bytes = rest.as_bytes();
    match bytes[0] {
        quote @ (b'\'' | b'"' | b'`') => quoted(rest, quote),
        b'[' => {
            let end = rest.find(']').unwrap_or(rest.len());
            let text = &rest[1..end];
            (Kind::Quoted(text.into()), (end + 1).min(rest.len()))
        }
        b'?' | b':' | b'@' | b'$' | b'#' => (Kind::Parameter, 1),
        b'0'..=b'9' => {
            let is_end = |byte: &u8| !is_name(*byte) && *byte != b'.';
            let end = bytes.iter().position(is_end).unwrap_or(rest.len());
            (Kind::Number, end)
        }
        first if is_name(first) => {
            let is_end = |byte: &u8| !is_name(*byte);
            let end = bytes.iter().position(is_end).unwrap_or(rest.len());
            (Kind::Plain(&rest[..end]), end)
        }
        sign => (Kind::Sign(sign), 1),
    }
}

/// A doubled quote stands for one; what does not end goes to the end.
fn quoted(rest: &str, quote: u8) -> (Kind<'_>, usize) {
    let bytes = rest.as_bytes();
    let mut at = 1;
    let mut doubled = false;
    while at < bytes.len() {
        if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                break;
            }
            doubled = true;
            at += 1;
        }
        at += 1;
    }
    let text = &rest[1..at];
    let one = &rest[..1];
    let text = if doubled {
        text.replace(&one.repeat(2), one).into()
    } else {
        text.into()
    };
    (Kind::Quoted(text), (at + 1).min(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(sql: &str) -> Vec<String> {
        words(sql)
            .iter()
            .map(|word| match &word.kind {
                Kind::Sign(sign) => char::from(*sign).to_string(),
                Kind::Number => "number".into(),
                Kind::Parameter => "parameter".into(),
                Kind::Plain(_) | Kind::Quoted(_) => word.name().unwrap_or_default(),
            })
            .collect()
    }

    #[test]
    fn words_are_cut_as_sqlite_cuts_them() {
        for (sql, expected) in [
            ("SELECT a$b.ü", vec!["select", "a$b", ".", "ü"]),
            (
                "'it''s ((' \"a\"\"b\" `c` [d ) e]",
                vec!["it's ((", "a\"b", "c", "d ) e"],
            ),
            ("a -- (((\nb /* (( */ c /* never ends", vec!["a", "b", "c"]),
            ("\u{feff}a\u{feff} 'open (", vec!["a\u{feff}", "open ("]),
            (
                "1.5e3,0x1F x->>'y'",
                vec!["number", ",", "number", "x", "-", ">", ">", "y"],
            ),
            ("a - - b /*/ (( */ c", vec!["a", "-", "-", "b", "c"]),
            ("$a('", vec!["parameter", "a", "(", ""]),
        ] {
            assert_eq!(names(sql), expected, "{sql}");
        }
    }
}
