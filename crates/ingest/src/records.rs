//! Records of a stream of UTF-8, one after the other, with the lines they start on.

use crate::IngestError;
use crate::encoding::DecodedFile;
use crate::syntax::{Fields, Limits, Quoting, Scan, Syntax};

/// Where decoded bytes come from: a file, or a sample in memory.
pub(crate) enum Source<'a> {
    File(Box<DecodedFile>),
    Sample(&'a [u8]),
}

impl Source<'_> {
    fn read_more(&mut self, out: &mut Vec<u8>) -> Result<bool, IngestError> {
        match self {
            Source::File(file) => file.read_more(out),
            Source::Sample(bytes) => {
                out.extend_from_slice(bytes);
                let any = !bytes.is_empty();
                *bytes = &[];
                Ok(any)
            }
        }
    }
}

/// One record, borrowed from the reader until the next is read.
pub(crate) struct RawRecord<'a> {
    /// 1-based line on which it starts.
    pub line: u64,
    /// Without its line end.
    pub raw: &'a [u8],
    pub fields: &'a Fields,
    /// Its quotes were not as RFC 4180 has them, and it was read all the same.
    pub repaired: bool,
}

impl<'a> RawRecord<'a> {
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Bytes of a field and whether it was quoted; `None` behind the last.
    pub(crate) fn field(&self, index: usize) -> Option<(&'a [u8], bool)> {
        self.fields.get(self.raw, index)
    }

    /// Whether nothing but blanks stands in the fields from `index` on.
    pub(crate) fn blank_from(&self, index: usize) -> bool {
        (index..self.len()).all(|at| {
            self.field(at)
                .is_none_or(|(bytes, _)| bytes.trim_ascii().is_empty())
        })
    }
}

pub(crate) struct Records<'a> {
    source: Source<'a>,
    syntax: Syntax,
    limits: Limits,
    buffer: Vec<u8>,
    at: usize,
    at_end: bool,
    line: u64,
    fields: Fields,
    spare: Fields,
    /// Comments passed over: how many, and the line of the first.
    pub comments: (u64, u64),
}

struct Found {
    content: usize,
    len: usize,
    newlines: u64,
    repaired: bool,
}

impl<'a> Records<'a> {
    pub(crate) fn new(
        source: Source<'a>,
        syntax: Syntax,
        limits: Limits,
    ) -> Result<Self, IngestError> {
        let mut records = Self {
            source,
            syntax,
            limits,
            buffer: Vec::new(),
            at: 0,
            at_end: false,
            line: 1,
            fields: Fields::default(),
            spare: Fields::default(),
            comments: (0, 0),
        };
        records.fill()?;
        records.syntax.cr_only = memchr::memchr(b'\n', &records.buffer).is_none()
            && memchr::memchr(b'\r', &records.buffer).is_some();
        Ok(records)
    }

    pub(crate) fn source(&self) -> &Source<'a> {
        &self.source
    }

    /// Passes over lines that belong to no record.
    pub(crate) fn skip_lines(&mut self, count: u64) -> Result<(), IngestError> {
        for _ in 0..count {
            self.skip_line()?;
        }
        Ok(())
    }

    fn skip_line(&mut self) -> Result<(), IngestError> {
        loop {
            if let Some(len) = self.syntax.line_len(&self.buffer[self.at..], self.at_end) {
                self.at += len;
                self.line += 1;
                return Ok(());
            }
            // A line longer than the buffer: what is in it is passed already.
            self.at = self.buffer.len();
            self.fill()?;
        }
    }

    /// The next record that is neither blank nor a comment. `expected` is the number of fields that records have,
    /// which decides between readings of a record whose quotes are damaged.
    pub(crate) fn next(
        &mut self,
        expected: Option<usize>,
    ) -> Result<Option<RawRecord<'_>>, IngestError> {
        loop {
            if self.at == self.buffer.len() && !self.fill()? {
                return Ok(None);
            }
            if self.syntax.comment.is_some()
                && self.buffer.get(self.at).copied() == self.syntax.comment
            {
                let (count, first) = self.comments;
                self.comments = (count + 1, if count == 0 { self.line } else { first });
                self.skip_line()?;
                continue;
            }
            let found = self.scan(expected)?;
            let start = self.at;
            let line = self.line;
            self.at += found.len;
            self.line += 1 + found.newlines;
            if self.is_blank(start, found.content) {
                continue;
            }
            return Ok(Some(RawRecord {
                line,
                raw: &self.buffer[start..start + found.content],
                fields: &self.fields,
                repaired: found.repaired,
            }));
        }
    }

    /// Nothing but blanks and delimiters: what spreadsheets leave below a table.
    fn is_blank(&self, start: usize, content: usize) -> bool {
        let raw = &self.buffer[start..start + content];
        (0..self.fields.len()).all(|index| {
            self.fields
                .get(raw, index)
                .is_none_or(|(bytes, quoted)| !quoted && bytes.trim_ascii().is_empty())
        })
    }

    /// Reads more into the buffer, dropping what was passed; `false` where nothing is left.
    fn fill(&mut self) -> Result<bool, IngestError> {
        if self.at > 0 {
            self.buffer.drain(..self.at);
            self.at = 0;
        }
        let before = self.buffer.len();
        // As much again as there is, so that a long record is scanned a bounded number of times.
        let wanted = before * 2;
        loop {
            if !self.source.read_more(&mut self.buffer)? {
                self.at_end = true;
                break;
            }
            if self.buffer.len() > wanted {
                break;
            }
        }
        Ok(self.buffer.len() > before)
    }

    fn scan(&mut self, expected: Option<usize>) -> Result<Found, IngestError> {
        loop {
            let input = &self.buffer[self.at..];
            let scan = self.syntax.scan(
                input,
                self.at_end,
                Quoting::Strict,
                self.limits,
                &mut self.fields,
            );
            match scan {
                Scan::Record {
                    content,
                    len,
                    newlines,
                } => {
                    let strict = Found {
                        content,
                        len,
                        newlines,
                        repaired: false,
                    };
                    let quoted = memchr::memchr(b'"', &input[..content]).is_some();
                    if quoted && expected.is_some_and(|columns| columns != self.fields.len()) {
                        return self.repaired(expected, Some(strict));
                    }
                    return Ok(strict);
                }
                Scan::NeedMore => {
                    self.fill()?;
                }
                Scan::StrayQuote => return self.repaired(expected, None),
                Scan::Unclosed => {
                    return Err(IngestError::Malformed {
                        line: self.line,
                        message:
                            "a quote is opened in the record that starts here and never closed"
                                .to_owned(),
                    });
                }
                Scan::FieldTooLong => {
                    return Err(IngestError::FieldTooLong {
                        line: self.line,
                        limit_bytes: self.limits.max_field_bytes,
                    });
                }
                Scan::TooManyColumns => return Err(self.too_many_columns()),
            }
        }
    }

    fn too_many_columns(&self) -> IngestError {
        IngestError::TooManyColumns {
            count: self.limits.max_columns + 1,
            limit: self.limits.max_columns,
        }
    }

    /// A record whose quotes do not add up: the first reading with the right number of fields, else the mildest.
    fn repaired(
        &mut self,
        expected: Option<usize>,
        strict: Option<Found>,
    ) -> Result<Found, IngestError> {
        let lenient = self.rescan(Quoting::Lenient)?;
        let fits = expected.map_or(strict.is_none(), |columns| columns == self.spare.len());
        if let Some(found) = lenient.filter(|_| fits) {
            std::mem::swap(&mut self.fields, &mut self.spare);
            return Ok(found);
        }
        if let Some(found) = strict {
            return Ok(found);
        }
        let literal = self.rescan(Quoting::Literal)?;
        if let Some(found) = literal {
            std::mem::swap(&mut self.fields, &mut self.spare);
            return Ok(found);
        }
        Err(IngestError::FieldTooLong {
            line: self.line,
            limit_bytes: self.limits.max_field_bytes,
        })
    }

    /// Scans the record again into `spare`; `None` where this reading of quotes does not end it.
    fn rescan(&mut self, quoting: Quoting) -> Result<Option<Found>, IngestError> {
        loop {
            let input = &self.buffer[self.at..];
            match self
                .syntax
                .scan(input, self.at_end, quoting, self.limits, &mut self.spare)
            {
                Scan::Record {
                    content,
                    len,
                    newlines,
                } => {
                    return Ok(Some(Found {
                        content,
                        len,
                        newlines,
                        repaired: true,
                    }));
                }
                Scan::NeedMore => {
                    self.fill()?;
                }
                Scan::StrayQuote | Scan::Unclosed | Scan::FieldTooLong => return Ok(None),
                Scan::TooManyColumns => return Err(self.too_many_columns()),
            }
        }
    }
}
