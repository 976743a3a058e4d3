use crate::records::{Records, Source};
use crate::syntax::{Limits, Syntax};
use crate::{Dialect, IngestError, aside};

/// Fields of a record that are looked at.
pub(crate) const WIDEST: usize = 20_000;
const LIMITS: Limits = Limits {
    max_columns: WIDEST,
    max_field_bytes: 1 << 20,
};

/// The start of a file as UTF-8.
pub(crate) struct Sample {
    pub text: Vec<u8>,
    /// The sample is the whole file.
    pub whole: bool,
}

/// A record of a sample.
#[derive(Debug)]
pub(crate) struct Row {
    pub line: u64,
    pub cells: Vec<Cell>,
    /// Whether the record starts with `#`, outside quotes.
    pub hash: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub text: String,
    pub quoted: bool,
}

impl Cell {
    pub(crate) fn trimmed(&self) -> &str {
        self.text.trim()
    }
}

impl Row {
    /// Cells up to the last that holds more than blanks.
    pub(crate) fn extent(&self) -> usize {
        self.cells
            .iter()
            .rposition(|cell| !cell.trimmed().is_empty())
            .map_or(0, |last| last + 1)
    }

    /// Dashes and the like in every filled cell, as programs draw them below a header.
    pub(crate) fn is_rule(&self) -> bool {
        let filled = self.filled();
        let drawn = |cell: &Cell| cell.trimmed().is_empty() || aside::is_drawn(cell.trimmed());
        (filled > 1 || (filled == 1 && self.cells.len() == 1)) && self.cells.iter().all(drawn)
    }

    /// Cells that hold more than blanks.
    pub(crate) fn filled(&self) -> usize {
        self.cells
            .iter()
            .filter(|cell| !cell.trimmed().is_empty())
            .count()
    }
}

/// A sample read under one dialect.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub rows: Vec<Row>,
    /// Records whose quotes had to be repaired.
    pub repaired: usize,
    /// Reading stopped at a quote that never closes, or at a limit.
    pub broken: bool,
    /// A record has more fields than is looked at.
    pub too_wide: bool,
}

impl Sample {
    /// The records of the first `bytes` of the sample, at most `most`; one cut off by the end of the sample is left out.
    pub(crate) fn parse(&self, dialect: &Dialect, bytes: usize, most: usize) -> Parsed {
        let text = &self.text[..self.text.len().min(bytes)];
        let cut = !self.whole || text.len() < self.text.len();
        let mut parsed = Parsed::default();
        let Ok(mut records) = Records::new(Source::Sample(text), Syntax::new(dialect), LIMITS)
        else {
            return parsed;
        };
        if records.skip_lines(dialect.skip_lines).is_err() {
            return parsed;
        }
        while parsed.rows.len() < most {
            match records.next(None) {
                Ok(Some(record)) => {
                    parsed.repaired += usize::from(record.repaired);
                    let cells = (0..record.len()).filter_map(|index| record.field(index));
                    parsed.rows.push(Row {
                        line: record.line,
                        hash: record.raw.first() == Some(&b'#'),
                        cells: cells
                            .map(|(bytes, quoted)| Cell {
                                text: String::from_utf8_lossy(bytes).into_owned(),
                                quoted,
                            })
                            .collect(),
                    });
                }
                Ok(None) => {
                    if cut && parsed.rows.len() > 1 {
                        parsed.rows.pop();
                    }
                    return parsed;
                }
                Err(error) => {
                    parsed.too_wide = matches!(error, IngestError::TooManyColumns { .. });
                    parsed.broken = !cut || parsed.rows.len() < 3;
                    return parsed;
                }
            }
        }
        parsed
    }
}
