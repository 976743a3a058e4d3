//! The only code that quotes identifiers.

/// `name` as a delimited identifier (SQL:2016, 5.2): in double quotes, inner quotes doubled.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
