//! The only code that quotes identifiers, and the cleaning of names that come from files.

use std::collections::HashSet;
use std::path::Path;

pub use ingest::is_hidden;

/// Longest name of a table or column, in characters (PostgreSQL's limit for plain ASCII).
pub const MAX_NAME_CHARS: usize = 63;

/// `name` as a delimited identifier (SQL:2016, 5.2): in double quotes, inner quotes doubled.
pub fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `name` as a string literal (SQL:2016, 5.3), for the queries that show evidence.
pub fn quote_text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A name fit for a table or column, and what was changed to get it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cleaned {
    pub name: String,
    /// In words, where the name is not the original one.
    pub note: Option<String>,
}

/// Hands out names that are clean and differ by more than case within one scope (a database, a table).
#[derive(Debug, Default)]
pub struct NameScope {
    taken: HashSet<String>,
}

impl NameScope {
    /// Cleans `raw`; `fallback` is used where nothing of it can stand in a name.
    ///
    /// A name of letters, digits and underscores is kept as it is. Other characters become one underscore.
    pub fn claim(&mut self, raw: &str, fallback: &str) -> Cleaned {
        let base = clean(raw, fallback);
        let name = self.first_free(&base);
        let note = (name != raw).then(|| {
            let shown: String = raw.chars().take(80).flat_map(char::escape_debug).collect();
            format!("“{shown}” is named {name}")
        });
        Cleaned { name, note }
    }

    fn first_free(&mut self, base: &str) -> String {
        let mut name = base.to_owned();
        let mut number = 2_usize;
        while !self.taken.insert(name.to_lowercase()) {
            let suffix = format!("_{number}");
            let keep = MAX_NAME_CHARS - suffix.len();
            name = base.chars().take(keep).collect::<String>() + &suffix;
            number += 1;
        }
        name
    }
}

/// The table name that a file name suggests: its stem.
pub fn table_stem(filename: &str) -> &str {
    let base = filename.rsplit(['/', '\\']).next().unwrap_or(filename);
    Path::new(base)
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or(base)
}

/// Why `name` cannot be the name of a table or column; `None` when it can.
pub fn fault(name: &str) -> Option<String> {
    if name.trim().is_empty() {
        return Some("a name is needed".to_owned());
    }
    if name.trim() != name {
        return Some("the name begins or ends with a space".to_owned());
    }
    let length = name.chars().count();
    if length > MAX_NAME_CHARS {
        return Some(format!(
            "the name has {length} characters, more than the {MAX_NAME_CHARS} allowed"
        ));
    }
    if let Some(hidden) = hidden_fault(name) {
        return Some(format!("the name contains {hidden}"));
    }
    has_reserved_prefix(name).then(|| "names that begin with sqlite_ are reserved".to_owned())
}

/// Which hidden character `text` holds, in words with its code point; `None` where it holds none.
pub fn hidden_fault(text: &str) -> Option<String> {
    let found = text.chars().find(|character| is_hidden(*character))?;
    let kind = if found.is_control() {
        "a control character"
    } else {
        "a character that is not shown or turns the text around it"
    };
    Some(format!("{kind} (U+{:04X})", u32::from(found)))
}

/// `text` without hidden characters, for names that come from elsewhere and are only shown.
pub fn without_hidden(text: &str) -> String {
    text.chars()
        .filter(|character| !is_hidden(*character))
        .collect()
}

fn has_reserved_prefix(name: &str) -> bool {
    name.get(..7)
        .is_some_and(|prefix| prefix.eq_ignore_ascii_case("sqlite_"))
}

fn clean(raw: &str, fallback: &str) -> String {
    let mut name = String::new();
    for character in raw.chars() {
        // Fillers count as letters.
        if is_hidden(character) && !character.is_control() {
            continue;
        }
        if character.is_alphanumeric() || character == '_' {
            name.push(character);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    if raw.ends_with(|last: char| !last.is_alphanumeric() && last != '_') {
        name.truncate(name.trim_end_matches('_').len());
    }
    if name.chars().all(|character| character == '_') {
        fallback.clone_into(&mut name);
    }
    if name.starts_with(|first: char| first.is_numeric()) || has_reserved_prefix(&name) {
        name.insert(0, '_');
    }
    name.chars().take(MAX_NAME_CHARS).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use proptest::prelude::*;

    fn cleaned(raw: &str) -> String {
        NameScope::default().claim(raw, "column_1").name
    }

    #[test]
    fn clean_names_stay_as_they_are() {
        for name in ["CustomerId", "order", "größe", "_x", "year__x", "a_"] {
            let got = NameScope::default().claim(name, "column_1");
            assert_eq!((got.name.as_str(), got.note), (name, None));
        }
    }

    #[test]
    fn odd_characters_become_one_underscore() {
        assert_eq!(cleaned("Unit price (EUR)"), "Unit_price_EUR");
        assert_eq!(cleaned("year.key"), "year_key");
        assert_eq!(cleaned("2019"), "_2019");
        assert_eq!(cleaned("$$"), "column_1");
        assert_eq!(cleaned(""), "column_1");
        assert_eq!(cleaned("a\0b"), "a_b");
        assert_eq!(cleaned("sqlite_master"), "_sqlite_master");
        assert_eq!(cleaned("x\"); DROP TABLE t;--"), "x_DROP_TABLE_t");
        assert_eq!(cleaned(&"x".repeat(10_000)).len(), MAX_NAME_CHARS);
    }

    #[test]
    fn h40_characters_that_are_not_shown_leave_a_cleaned_name() {
        assert_eq!(cleaned("a\u{200b}b"), "ab");
        assert_eq!(cleaned("\u{feff}id"), "id");
        assert_eq!(cleaned("user\u{202e}nimda"), "usernimda");
        assert_eq!(cleaned("\u{3164}"), "column_1");
        let mut scope = NameScope::default();
        assert_eq!(scope.claim("id", "c").name, "id");
        assert_eq!(scope.claim("i\u{2060}d", "c").name, "id_2");
    }

    #[test]
    fn duplicates_but_for_case_get_a_number() {
        let mut scope = NameScope::default();
        assert_eq!(scope.claim("Name", "c").name, "Name");
        let second = scope.claim("NAME", "c");
        assert_eq!(second.name, "NAME_2");
        assert_eq!(second.note.as_deref(), Some("“NAME” is named NAME_2"));
        let long = "y".repeat(63);
        assert_eq!(scope.claim(&long, "c").name, long);
        assert_eq!(scope.claim(&long, "c").name.chars().count(), 63);
    }

    #[test]
    fn quotes_are_doubled() {
        assert_eq!(quote("a\"b"), "\"a\"\"b\"");
        assert_eq!(quote_text("O'Hara"), "'O''Hara'");
    }

    #[test]
    fn stem_of_paths_and_odd_file_names() {
        assert_eq!(table_stem("../../etc/orders.csv"), "orders");
        assert_eq!(table_stem("C:\\data\\My File.2024.csv"), "My File.2024");
        assert_eq!(table_stem("plain"), "plain");
    }

    proptest! {
        #[test]
        fn every_cleaned_name_is_without_fault(raw in "\\PC{0,80}|.{0,80}") {
            let name = cleaned(&raw);
            prop_assert_eq!(fault(&name), None);
        }
    }
}
