//! One record out of bytes: the state machine that knows delimiters, quotes and line ends.

use crate::Dialect;

/// The part of a dialect that splits text into records and fields.
#[derive(Debug, Clone)]
pub(crate) struct Syntax {
    /// The delimiter as UTF-8, one to four bytes.
    delimiter: Vec<u8>,
    quote: Option<u8>,
    escape: Option<u8>,
    pub comment: Option<u8>,
    /// Lines end with a lone carriage return.
    pub cr_only: bool,
    special: [bool; 256],
}

/// How quotes of one record are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quoting {
    /// RFC 4180: a quote inside a quoted field is doubled (or escaped).
    Strict,
    /// A quote closes a field only where a delimiter or a line end follows; any other is text.
    Lenient,
    /// Quotes are text, and a line is a record.
    Literal,
}

/// Where a field lies: in the record's bytes, or unescaped in `Fields::text`.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    quoted: bool,
    unescaped: bool,
}

/// Fields of one record; reused from record to record.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields {
    spans: Vec<Span>,
    text: Vec<u8>,
}

impl Fields {
    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// The bytes of a field, and whether it stood in quotes. `raw` is the record that was scanned.
    pub(crate) fn get<'a>(&'a self, raw: &'a [u8], index: usize) -> Option<(&'a [u8], bool)> {
        let span = self.spans.get(index)?;
        let source = if span.unescaped { &self.text } else { raw };
        Some((&source[span.start..span.end], span.quoted))
    }

    fn clear(&mut self) {
        self.spans.clear();
        self.text.clear();
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scan {
    /// `content` bytes of record, `len` with its line end; `newlines` inside quoted fields.
    Record {
        content: usize,
        len: usize,
        newlines: u64,
    },
    /// The record may go on behind the end of the input.
    NeedMore,
    /// A quote in a quoted field neither closes it nor is escaped.
    StrayQuote,
    /// The input ended in a quoted field.
    Unclosed,
    FieldTooLong,
    TooManyColumns,
}

/// What one record may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub max_columns: usize,
    pub max_field_bytes: usize,
}

/// What follows a position: the end of the field, of the record, of the input, or none of these.
enum Next {
    Delimiter(usize),
    LineEnd(usize),
    InputEnd,
    Unknown,
    Other,
}

impl Syntax {
    pub(crate) fn new(dialect: &Dialect) -> Self {
        let byte = |sign: Option<char>| {
            sign.and_then(|sign| u8::try_from(sign).ok())
                .filter(u8::is_ascii)
        };
        let mut encoded = [0; 4];
        let delimiter = dialect
            .delimiter
            .encode_utf8(&mut encoded)
            .as_bytes()
            .to_vec();
        let mut special = [false; 256];
        special[usize::from(delimiter[0])] = true;
        special[usize::from(b'\n')] = true;
        special[usize::from(b'\r')] = true;
        Self {
            delimiter,
            quote: byte(dialect.quote),
            escape: byte(dialect.escape),
            comment: byte(dialect.comment),
            cr_only: false,
            special,
        }
    }

    /// Length of the line that starts the input, with its end; `None` where it may go on.
    pub(crate) fn line_len(&self, input: &[u8], at_end: bool) -> Option<usize> {
        let end = if self.cr_only { b'\r' } else { b'\n' };
        match memchr::memchr(end, input) {
            Some(at) => Some(at + 1),
            None => at_end.then_some(input.len()),
        }
    }

    /// Splits the record that starts the input.
    pub(crate) fn scan(
        &self,
        input: &[u8],
        at_end: bool,
        quoting: Quoting,
        limits: Limits,
        fields: &mut Fields,
    ) -> Scan {
        fields.clear();
        let mut at = 0;
        let mut newlines = 0;
        loop {
            if fields.spans.len() >= limits.max_columns {
                return Scan::TooManyColumns;
            }
            let quoted_from = self
                .opening_quote(input, at)
                .filter(|_| quoting != Quoting::Literal);
            let (end, next) = match quoted_from {
                Some(start) => match self.quoted_field(
                    input,
                    start,
                    at_end,
                    quoting,
                    limits,
                    fields,
                    &mut newlines,
                ) {
                    Ok(found) => found,
                    Err(scan) => return scan,
                },
                None => match self.plain_field(input, at, at_end, limits, fields) {
                    Ok(found) => found,
                    Err(scan) => return scan,
                },
            };
            match next {
                Next::Delimiter(len) => at = end + len,
                Next::LineEnd(len) => {
                    return Scan::Record {
                        content: end,
                        len: end + len,
                        newlines,
                    };
                }
                Next::InputEnd => {
                    return Scan::Record {
                        content: end,
                        len: end,
                        newlines,
                    };
                }
                Next::Unknown | Next::Other => return Scan::NeedMore,
            }
        }
    }

    /// Where the text of a quoted field starts, if one starts at `at`; blanks before the quote do not count.
    fn opening_quote(&self, input: &[u8], at: usize) -> Option<usize> {
        let quote = self.quote?;
        let mut position = at;
        while input.get(position) == Some(&b' ') && self.delimiter[0] != b' ' {
            position += 1;
        }
        (input.get(position) == Some(&quote)).then_some(position + 1)
    }

    fn plain_field(
        &self,
        input: &[u8],
        start: usize,
        at_end: bool,
        limits: Limits,
        fields: &mut Fields,
    ) -> Result<(usize, Next), Scan> {
        let mut at = start;
        loop {
            while at < input.len() && !self.special[usize::from(input[at])] {
                at += 1;
            }
            if at - start > limits.max_field_bytes {
                return Err(Scan::FieldTooLong);
            }
            let next = self.next(input, at, at_end);
            match next {
                Next::Other => at += 1,
                Next::Unknown => return Err(Scan::NeedMore),
                _ => {
                    fields.spans.push(Span {
                        start,
                        end: at,
                        quoted: false,
                        unescaped: false,
                    });
                    return Ok((at, next));
                }
            }
        }
    }

    fn next(&self, input: &[u8], at: usize, at_end: bool) -> Next {
        let rest = &input[at..];
        let Some(first) = rest.first() else {
            return if at_end {
                Next::InputEnd
            } else {
                Next::Unknown
            };
        };
        if *first == self.delimiter[0] {
            if rest.starts_with(&self.delimiter) {
                return Next::Delimiter(self.delimiter.len());
            }
            return if !at_end && self.delimiter.starts_with(rest) {
                Next::Unknown
            } else {
                Next::Other
            };
        }
        match (*first, rest.get(1)) {
            (b'\n', _) => Next::LineEnd(1),
            (b'\r', Some(b'\n')) => Next::LineEnd(2),
            (b'\r', None) if !at_end => Next::Unknown,
            (b'\r', _) if self.cr_only || rest.len() == 1 => Next::LineEnd(1),
            _ => Next::Other,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the state of one scan, split for reading only"
    )]
    fn quoted_field(
        &self,
        input: &[u8],
        start: usize,
        at_end: bool,
        quoting: Quoting,
        limits: Limits,
        fields: &mut Fields,
        newlines: &mut u64,
    ) -> Result<(usize, Next), Scan> {
        let quote = self.quote.unwrap_or(b'"');
        let escape = self.escape.unwrap_or(quote);
        let mut at = start;
        // Start of the text that `fields.text` does not hold yet, once something was unescaped.
        let mut copied_from: Option<(usize, usize)> = None;
        loop {
            let found = memchr::memchr2(quote, escape, &input[at..]).map(|offset| at + offset);
            let here = found.unwrap_or(input.len());
            if here - start > limits.max_field_bytes {
                return Err(Scan::FieldTooLong);
            }
            let Some(here) = found else {
                return Err(if at_end {
                    Scan::Unclosed
                } else {
                    Scan::NeedMore
                });
            };
            let follows = input.get(here + 1);
            if follows.is_none() && !at_end {
                return Err(Scan::NeedMore);
            }
            let is_escape = input[here] == escape && escape != quote;
            let skips = if is_escape {
                follows.is_some_and(|byte| *byte == quote || *byte == escape)
            } else {
                follows == Some(&quote)
            };
            if skips
                && (is_escape
                    || quoting == Quoting::Strict
                    || !self.closes_at(input, here + 1, at_end))
            {
                let (text_start, from) = copied_from.unwrap_or((fields.text.len(), start));
                fields.text.extend_from_slice(&input[from..here]);
                copied_from = Some((text_start, here + 1));
                at = here + 2;
                continue;
            }
            if is_escape {
                at = here + 1;
                continue;
            }
            let mut after = here + 1;
            while input.get(after) == Some(&b' ') && self.delimiter[0] != b' ' {
                after += 1;
            }
            let next = self.next(input, after, at_end);
            match next {
                Next::Unknown => return Err(Scan::NeedMore),
                Next::Other if quoting == Quoting::Strict => return Err(Scan::StrayQuote),
                Next::Other => at = here + 1,
                _ => {
                    *newlines += memchr::memchr_iter(
                        if self.cr_only { b'\r' } else { b'\n' },
                        &input[start..here],
                    )
                    .count() as u64;
                    fields.push_quoted(input, start, here, copied_from);
                    return Ok((after, next));
                }
            }
        }
    }

    fn closes_at(&self, input: &[u8], quote_at: usize, at_end: bool) -> bool {
        !matches!(self.next(input, quote_at + 1, at_end), Next::Other)
    }
}

impl Fields {
    fn push_quoted(
        &mut self,
        input: &[u8],
        start: usize,
        end: usize,
        copied_from: Option<(usize, usize)>,
    ) {
        let span = match copied_from {
            None => Span {
                start,
                end,
                quoted: true,
                unescaped: false,
            },
            Some((text_start, from)) => {
                self.text.extend_from_slice(&input[from..end]);
                Span {
                    start: text_start,
                    end: self.text.len(),
                    quoted: true,
                    unescaped: true,
                }
            }
        };
        self.spans.push(span);
    }
}
