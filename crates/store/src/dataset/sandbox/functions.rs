//! SQLite's `instr`, `replace` and the two-argument `trim` family take time in proportion to the product of their
//! arguments' lengths, within one operation that no progress handler can end: with strings of 128 KB, minutes. These
//! take linear time and give the same results.

use std::collections::HashSet;

use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Error};

use super::MAX_LENGTH;
use super::watch::Watch;

type Function = fn(&Context<'_>) -> rusqlite::Result<Value>;

/// Each call looks at the clock first: on long strings, even linear time adds up between two operations.
pub(super) fn replace_slow_ones(connection: &Connection, watch: &Watch) -> rusqlite::Result<()> {
    let functions: [(&str, i32, Function); 5] = [
        ("instr", 2, |context| Ok(instr(context))),
        ("replace", 3, replace),
        ("trim", 2, |context| Ok(trim(context, true, true))),
        ("ltrim", 2, |context| Ok(trim(context, true, false))),
        ("rtrim", 2, |context| Ok(trim(context, false, true))),
    ];
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    for (name, arguments, function) in functions {
        let watch = watch.clone();
        connection.create_scalar_function(name, arguments, flags, move |context| {
            if watch.clone().must_stop() {
                return Err(failure(rusqlite::ffi::SQLITE_INTERRUPT, "interrupted"));
            }
            function(context)
        })?;
    }
    Ok(())
}

/// 1-based position of the second argument in the first, in characters; 0 where it is not found.
fn instr(context: &Context<'_>) -> Value {
    let (Some(haystack), Some(needle)) = (text(context, 0), text(context, 1)) else {
        return Value::Null;
    };
    let position = haystack
        .find(&needle)
        .map_or(0, |at| haystack[..at].chars().count() as i64 + 1);
    Value::Integer(position)
}

/// The first argument with each occurrence of the second replaced by the third.
fn replace(context: &Context<'_>) -> rusqlite::Result<Value> {
    let (Some(subject), Some(pattern), Some(replacement)) =
        (text(context, 0), text(context, 1), text(context, 2))
    else {
        return Ok(Value::Null);
    };
    if pattern.is_empty() {
        return Ok(Value::Text(subject));
    }
    let count = subject.matches(&pattern).count();
    let length = subject.len() - count * pattern.len() + count.saturating_mul(replacement.len());
    if length > MAX_LENGTH {
        return Err(failure(
            rusqlite::ffi::SQLITE_TOOBIG,
            "string or blob too big",
        ));
    }
    Ok(Value::Text(subject.replace(&pattern, &replacement)))
}

/// The first argument without characters of the second at its start, its end, or both.
fn trim(context: &Context<'_>, start: bool, end: bool) -> Value {
    let (Some(subject), Some(characters)) = (text(context, 0), text(context, 1)) else {
        return Value::Null;
    };
    let set: HashSet<char> = characters.chars().collect();
    let mut rest = subject.as_str();
    if start {
        rest = rest.trim_start_matches(|character| set.contains(&character));
    }
    if end {
        rest = rest.trim_end_matches(|character| set.contains(&character));
    }
    Value::Text(rest.to_owned())
}

/// The argument as text; `None` where it is null.
fn text(context: &Context<'_>, index: usize) -> Option<String> {
    match context.get_raw(index) {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(real_text(number)),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// As SQLite writes a real number of ordinary size.
fn real_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.1}")
    } else {
        number.to_string()
    }
}

pub(super) fn failure(code: i32, message: &str) -> Error {
    Error::SqliteFailure(rusqlite::ffi::Error::new(code), Some(message.to_owned()))
}
