use rusqlite::Row;
use rusqlite::types::{Type, ValueRef};
use serde_json::{Number, Value as Json};

use crate::Result;
use crate::dataset::ResultColumn;

/// Integers beyond ±2^53 have no exact place in a JavaScript number.
const MAX_SAFE_INTEGER: i64 = 1 << 53;

/// Bytes of cells that may still be taken.
pub(in crate::dataset) struct Budget {
    /// `None`: no bound.
    left: Option<u64>,
    clipped: bool,
}

impl Budget {
    pub fn new(max_bytes: Option<u64>) -> Self {
        Self {
            left: max_bytes,
            clipped: false,
        }
    }

    pub fn is_used_up(&self) -> bool {
        self.left == Some(0)
    }

    /// Whether a cell was cut short.
    pub fn clipped(&self) -> bool {
        self.clipped
    }

    /// The cell as JSON; text beyond what is left is cut off. Blobs are shown as hexadecimal digits.
    pub fn cell(&mut self, value: ValueRef<'_>) -> Json {
        match value {
            ValueRef::Null => {
                self.take(4);
                Json::Null
            }
            ValueRef::Integer(number) => {
                self.take(8);
                if number.abs_diff(0) > MAX_SAFE_INTEGER.unsigned_abs() {
                    Json::String(number.to_string())
                } else {
                    Json::from(number)
                }
            }
            ValueRef::Real(number) => {
                self.take(8);
                Number::from_f64(without_residue(number))
                    .map_or_else(|| Json::String(number.to_string()), Json::Number)
            }
            ValueRef::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                let end = text.floor_char_boundary(self.take(text.len()));
                Json::String(text[..end].to_owned())
            }
            ValueRef::Blob(bytes) => {
                let length = self.take(bytes.len() * 2) / 2;
                Json::String(crate::files::hex(&bytes[..length]))
            }
        }
    }

    /// How many of `wanted` bytes are granted.
    fn take(&mut self, wanted: usize) -> usize {
        let Some(left) = self.left else {
            return wanted;
        };
        let granted = left.min(wanted as u64);
        self.left = Some(left - granted);
        self.clipped |= granted < wanted as u64;
        granted as usize
    }
}

/// Digits that a decimal number may have for what follows them to be the residue of binary arithmetic.
const PLAIN_DIGITS: usize = 12;

/// 0.1 + 0.2 is 0.3: of a number whose first 15 significant digits (as many as a double surely keeps, and as the shell of
/// SQLite shows) end in zeros the rest is dropped. Others stay to the last bit.
fn without_residue(number: f64) -> f64 {
    let rounded = format!("{number:.14e}");
    let Some((mantissa, _)) = rounded.split_once('e') else {
        return number;
    };
    let digits = mantissa
        .trim_end_matches('0')
        .bytes()
        .filter(u8::is_ascii_digit)
        .count();
    if digits > PLAIN_DIGITS {
        return number;
    }
    rounded.parse().unwrap_or(number)
}

/// Gives columns without a declared type the storage class of their value in `row`; of a null, nothing is known.
pub(super) fn complete_types(columns: &mut [ResultColumn], row: &Row<'_>) -> Result<()> {
    for (index, column) in columns.iter_mut().enumerate() {
        if column.column_type.is_empty() {
            let class = match row.get_ref(index)?.data_type() {
                Type::Null => "",
                Type::Integer => "INTEGER",
                Type::Real => "REAL",
                Type::Text => "TEXT",
                Type::Blob => "BLOB",
            };
            class.clone_into(&mut column.column_type);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_arithmetic_leaves_behind_a_decimal_is_dropped_and_nothing_else() {
        for (reckoned, shown) in [
            (0.1 + 0.2, 0.3),
            (3.0 * 0.1, 0.3),
            (-(0.1 + 0.7), -0.8),
            (6_539.240_000_000_001, 6_539.24),
        ] {
            assert_eq!(
                without_residue(reckoned).to_string(),
                f64::to_string(&shown)
            );
        }
        for kept in [
            0.0,
            1.0 / 3.0,
            52.512_345_678_901_23,
            5e-324,
            1e300,
            f64::MAX,
            2.5,
        ] {
            assert_eq!(without_residue(kept).to_bits(), kept.to_bits(), "{kept}");
        }
        assert!(without_residue(f64::INFINITY).is_infinite());
        assert!(without_residue(f64::NAN).is_nan());
    }
}
