//! What goes over the pipes: frames of a length (4 bytes, little-endian), a kind (1 byte) and a body. Rows have a form of
//! their own, so that numbers come through to the last digit and nothing is parsed twice; the rest is JSON.

use std::io::{self, ErrorKind};

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value as Json};

use crate::StoreError;

/// Longest body: two hundred blobs of 128 KB as hexadecimal digits make 52 MB.
const MAX_BODY: usize = 64 << 20;
const HEAD: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Order = b'O' as isize,
    /// The worker has the order and begins.
    Taken = b'T' as isize,
    Columns = b'C' as isize,
    Rows = b'R' as isize,
    Finished = b'F' as isize,
    Fault = b'X' as isize,
}

impl Kind {
    fn of(byte: u8) -> io::Result<Self> {
        [
            Self::Order,
            Self::Taken,
            Self::Columns,
            Self::Rows,
            Self::Finished,
            Self::Fault,
        ]
        .into_iter()
        .find(|kind| *kind as u8 == byte)
        .ok_or_else(|| garbled("an unknown kind of frame"))
    }
}

fn garbled(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// Appends a frame whose body `fill` writes.
pub(super) fn frame(to: &mut Vec<u8>, kind: Kind, fill: impl FnOnce(&mut Vec<u8>)) {
    let start = to.len();
    to.extend_from_slice(&[0, 0, 0, 0, kind as u8]);
    fill(to);
    let length = (to.len() - start - HEAD) as u32;
    to[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

pub(super) fn json_frame(to: &mut Vec<u8>, kind: Kind, value: &impl Serialize) -> io::Result<()> {
    let body = serde_json::to_vec(value)?;
    frame(to, kind, |to| to.extend_from_slice(&body));
    Ok(())
}

/// Bytes as they come, taken off as frames.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    bytes: Vec<u8>,
    /// Of `bytes`, already taken.
    taken: usize,
}

impl Inbox {
    pub fn add(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.bytes.drain(..self.taken);
            self.taken = 0;
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame.
    pub fn next(&mut self) -> io::Result<Option<(Kind, &[u8])>> {
        let rest = &self.bytes[self.taken..];
        let Some((head, body)) = rest.split_first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let [a, b, c, d, kind] = *head;
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        if length > MAX_BODY {
            return Err(garbled("a frame of more than 64 MB"));
        }
        if body.len() < length {
            return Ok(None);
        }
        let start = self.taken + HEAD;
        self.taken = start + length;
        Ok(Some((Kind::of(kind)?, &self.bytes[start..start + length])))
    }
}

/// Appends a row to the body of a frame of rows.
pub(super) fn write_row(to: &mut Vec<u8>, cells: &[Json]) {
    to.extend_from_slice(&(cells.len() as u32).to_le_bytes());
    for cell in cells {
        match cell {
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => {
                    to.push(b'i');
                    to.extend_from_slice(&whole.to_le_bytes());
                }
                (None, Some(real)) => {
                    to.push(b'r');
                    to.extend_from_slice(&real.to_le_bytes());
                }
                (None, None) => to.push(b'n'),
            },
            Json::String(text) => {
                to.push(b't');
                to.extend_from_slice(&(text.len() as u32).to_le_bytes());
                to.extend_from_slice(text.as_bytes());
            }
            // The sandbox gives nothing else.
            _ => to.push(b'n'),
        }
    }
}

/// Takes the first row off the body of a frame of rows.
pub(super) fn read_row(from: &mut &[u8]) -> io::Result<Vec<Json>> {
    let count = u32::from_le_bytes(take(from)?);
    (0..count).map(|_| read_cell(from)).collect()
}

fn read_cell(from: &mut &[u8]) -> io::Result<Json> {
    let [kind] = take(from)?;
    match kind {
        b'n' => Ok(Json::Null),
        b'i' => Ok(Json::from(i64::from_le_bytes(take(from)?))),
        b'r' => Number::from_f64(f64::from_le_bytes(take(from)?))
            .map(Json::Number)
            .ok_or_else(|| garbled("a number that JSON does not know")),
        b't' => {
            let length = u32::from_le_bytes(take(from)?) as usize;
            let (text, rest) = from
                .split_at_checked(length)
                .ok_or_else(|| garbled("a text that does not end"))?;
            *from = rest;
            let text = std::str::from_utf8(text).map_err(|_| garbled("a text of no characters"))?;
            Ok(Json::String(text.to_owned()))
        }
        _ => Err(garbled("an unknown kind of cell")),
    }
}

fn take<const N: usize>(from: &mut &[u8]) -> io::Result<[u8; N]> {
    let (bytes, rest) = from
        .split_first_chunk()
        .ok_or_else(|| garbled("a row that does not end"))?;
    *from = rest;
    Ok(*bytes)
}

/// How an order ended well.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct End {
    pub tables: Vec<String>,
    pub truncated: bool,
    /// The worker has grown and should not be used again.
    pub is_worn: bool,
}

/// How an order failed.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Fault {
    pub is_worn: bool,
    error: Failure,
}

#[derive(Debug, Serialize, Deserialize)]
enum Failure {
    NotFound,
    Cancelled,
    DiskFull,
    Denied { code: String, message: String },
    BadSql { message: String },
    Limit { code: String, message: String },
    Other { message: String },
}

/// What the sandbox may answer; a code is a name for programs and stays the same.
const CODES: [&str; 9] = [
    "busy",
    "query_timeout",
    "sql_denied",
    "sql_empty",
    "sql_nul",
    "sql_too_long",
    "temp_space",
    "too_big",
    "too_complex",
];

impl Fault {
    pub fn new(error: StoreError, is_worn: bool) -> Self {
        let error = match error {
            StoreError::NotFound => Failure::NotFound,
            StoreError::Cancelled => Failure::Cancelled,
            StoreError::DiskFull => Failure::DiskFull,
            StoreError::Denied { code, message } => Failure::Denied {
                code: code.into(),
                message,
            },
            StoreError::BadSql { message } => Failure::BadSql { message },
            StoreError::Limit { code, message } => Failure::Limit {
                code: code.into(),
                message,
            },
            other @ (StoreError::Conflict { .. }
            | StoreError::Metadata(_)
            | StoreError::Dataset(_)
            | StoreError::Io(_)) => Failure::Other {
                message: other.to_string(),
            },
        };
        Self { is_worn, error }
    }

    pub fn into_error(self) -> StoreError {
        let known = |code: &str| CODES.iter().find(|known| **known == code).copied();
        match self.error {
            Failure::NotFound => StoreError::NotFound,
            Failure::Cancelled => StoreError::Cancelled,
            Failure::DiskFull => StoreError::DiskFull,
            Failure::Denied { code, message } => {
                StoreError::denied(known(&code).unwrap_or("sql_denied"), message)
            }
            Failure::BadSql { message } => StoreError::BadSql { message },
            Failure::Limit { code, message } => {
                StoreError::limit(known(&code).unwrap_or("too_complex"), message)
            }
            Failure::Other { message } => StoreError::dataset(message),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_come_through_to_the_last_digit_however_they_are_cut() {
        let rows = [
            vec![json!(null), json!(-1), json!(9_007_199_254_740_991_i64)],
            vec![json!(0.1 + 0.2), json!(1.0), json!(5e-324), json!("ä\0\"")],
            vec![],
        ];
        let mut bytes = Vec::new();
        frame(&mut bytes, Kind::Rows, |to| {
            for row in &rows {
                write_row(to, row);
            }
        });
        json_frame(&mut bytes, Kind::Columns, &["a"]).unwrap();
        let mut inbox = Inbox::default();
        let mut found = Vec::new();
        for byte in bytes {
            inbox.add(&[byte]);
            while let Some((kind, body)) = inbox.next().unwrap() {
                found.push((kind, body.to_vec()));
            }
        }
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], (Kind::Columns, b"[\"a\"]".to_vec()));
        let mut body = found[0].1.as_slice();
        for row in rows {
            assert_eq!(read_row(&mut body).unwrap(), row);
        }
        assert!(body.is_empty());
    }

    #[test]
    fn garbage_is_an_error_and_not_a_panic() {
        for bytes in [&b"\xff\xff\xff\xffR"[..], b"\0\0\0\0?"] {
            let mut inbox = Inbox::default();
            inbox.add(bytes);
            assert!(inbox.next().is_err(), "{bytes:?}");
        }
        for body in [
            &b"\x01\0\0"[..],
            b"\x01\0\0\0z",
            b"\x01\0\0\0i\0",
            b"\x01\0\0\0t\x09\0\0\0abc",
            b"\x01\0\0\0t\x01\0\0\0\xff",
            b"\xff\xff\xff\xff",
        ] {
            assert!(read_row(&mut &*body).is_err(), "{body:?}");
        }
    }

    #[test]
    fn errors_come_through_with_their_codes() {
        for code in CODES {
            let error = StoreError::limit(code, "why");
            let fault = serde_json::to_vec(&Fault::new(error, true)).unwrap();
            let fault: Fault = serde_json::from_slice(&fault).unwrap();
            assert!(fault.is_worn);
            assert!(
                matches!(fault.into_error(), StoreError::Limit { code: found, message } if found == code && message == "why")
            );
        }
    }
}
