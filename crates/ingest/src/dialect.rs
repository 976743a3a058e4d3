use serde::{Deserialize, Serialize};

/// Order of day, month and year in a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    Ymd,
    Dmy,
    Mdy,
}

/// How a file is written: what turns its bytes into records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dialect {
    /// WHATWG encoding label in lower case: `utf-8`, `windows-1252`, `utf-16le`, …
    pub encoding: String,
    pub delimiter: char,
    pub quote: Option<char>,
    /// `Some('\\')` where a backslash, not a doubled quote, escapes a quote.
    pub escape: Option<char>,
    /// Whether the first record after `skip_lines` names the columns.
    pub header: bool,
    /// Records that make up the header: more than one where a table has merged or repeated headings. 0 without a header.
    #[serde(default = "one_header_row")]
    pub header_rows: u64,
    /// Lines above the header (title, notes) that belong to no record.
    pub skip_lines: u64,
    /// Headings that come again among the rows, and rules of dashes, are set aside.
    #[serde(default)]
    pub sets_aside: bool,
    /// Line on which the footer begins: totals, notes or another table below this one, which are set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer_line: Option<u64>,
    /// Lines that start with this character are comments.
    pub comment: Option<char>,
    /// `.` or `,`.
    pub decimal: char,
    /// Confidence of the sniffer, 0 to 1; 1 when the user chose.
    pub confidence: f64,
}

impl Dialect {
    /// Commas, doubled quotes, UTF-8 and one header record, as RFC 4180 has it; surely so.
    pub fn rfc4180() -> Self {
        Self {
            encoding: "utf-8".to_owned(),
            delimiter: ',',
            quote: Some('"'),
            escape: None,
            header: true,
            header_rows: 1,
            skip_lines: 0,
            sets_aside: false,
            footer_line: None,
            comment: None,
            decimal: '.',
            confidence: 1.0,
        }
    }
}

fn one_header_row() -> u64 {
    1
}
