//! Names for tables that are split off others.

use crate::Schema;
use crate::ident::NameScope;
use crate::model::Table;
use crate::names;

/// A name for what `key` (columns' names) stands for, in the manner of the wide table's own and unlike those `given` to other
/// new tables; `None` where another file is that table already, so that this one had better refer to it.
pub fn table_name(schema: &Schema, given: &[String], base: &Table, key: &[&str]) -> Option<String> {
    let words = thing_words(key);
    if words.is_empty() {
        return None;
    }
    let wish = written_as(&base.name, &words);
    let same = |name: &String| name.eq_ignore_ascii_case(&wish);
    if schema
        .tables
        .iter()
        .any(|table| table.name != base.name && is_called(&table.name, &words))
    {
        return None;
    }
    let wish = if same(&base.name) || is_called(&base.name, &words) {
        format!("{}_by_{}", base.name, key.join("_"))
    } else if given.iter().any(same) {
        format!("{}_{wish}", base.name)
    } else {
        wish
    };
    Some(scope(schema, given).claim(&wish, "list").name)
}

/// A name for a table of the `part` of a wide one's rows: `movies_genres`.
pub fn part_name(schema: &Schema, given: &[String], base: &Table, part: &str) -> String {
    let wish = if base.name.starts_with(char::is_uppercase) {
        let words: Vec<String> = names::split_words(part)
            .iter()
            .map(|word| capital(word))
            .collect();
        format!("{}{}", base.name, words.concat())
    } else {
        format!("{}_{part}", base.name)
    };
    scope(schema, given).claim(&wish, "parts").name
}

/// One of what a column of lists holds: `genre` of `genres`.
pub fn singular(name: &str) -> String {
    let lower = name.to_lowercase();
    if let Some(start) = lower.strip_suffix("ies").filter(|start| start.len() > 2) {
        return name.get(..start.len()).unwrap_or(name).to_owned() + "y";
    }
    let is_plural =
        lower.len() > 3 && lower.ends_with('s') && !lower.ends_with("ss") && !lower.ends_with("us");
    let length = name.len() - usize::from(is_plural);
    name.get(..length).unwrap_or(name).to_owned()
}

/// The names that a new table may not have.
fn scope(schema: &Schema, given: &[String]) -> NameScope {
    let mut names = NameScope::default();
    for table in &schema.tables {
        names.claim(&table.name, "table");
    }
    for index in &schema.indexes {
        names.claim(&index.name, "index");
    }
    for name in given {
        names.claim(name, "table");
    }
    names
}

/// `[customer]` of `customer_id`; of several columns all words, each once.
fn thing_words(key: &[&str]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for name in key {
        let mut own = names::entity_words(name);
        if own.is_empty() {
            own = names::split_words(name);
        }
        for word in own {
            if !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Whether a table is called after the words: `Customers`, `customer`.
fn is_called(table: &str, words: &[String]) -> bool {
    let stems =
        |words: &[String]| -> Vec<String> { words.iter().map(|word| names::stem(word)).collect() };
    stems(&names::split_words(table)) == stems(words)
}

/// The plural, in `snake_case`, or in `CamelCase` where the pattern is.
fn written_as(pattern: &str, words: &[String]) -> String {
    let mut words = words.to_vec();
    if let Some(last) = words.last_mut() {
        *last = plural(last);
    }
    if pattern.starts_with(char::is_uppercase) {
        words.iter().map(|word| capital(word)).collect()
    } else {
        words.join("_")
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    let first = first.map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

fn plural(word: &str) -> String {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    if word == "person" {
        "people".to_owned()
    } else if ends(&["ss", "us", "x", "z", "ch", "sh"]) {
        format!("{word}es")
    } else if word.ends_with('s') {
        word.to_owned()
    } else if let Some(start) = word.strip_suffix('y')
        && !start.ends_with(['a', 'e', 'i', 'o', 'u'])
    {
        format!("{start}ies")
    } else {
        format!("{word}s")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::{shop, table};

    #[test]
    fn tables_are_called_after_what_their_key_names() {
        let (schema, _) = shop();
        let base = table("w", "sales", &[], Vec::new());
        let named = |key: &str| table_name(&schema, &[], &base, &[key]);
        assert_eq!(named("product_id").as_deref(), Some("products"));
        assert_eq!(named("CityName").as_deref(), Some("cities"));
        assert_eq!(named("tax").as_deref(), Some("taxes"));
        assert_eq!(named("code").as_deref(), Some("codes"));
        assert_eq!(
            named("customer_id"),
            None,
            "customers are a file of their own"
        );
        let pair = table_name(&schema, &[], &base, &["first_name", "last_name"]);
        assert_eq!(pair.as_deref(), Some("first_lasts"));
    }

    #[test]
    fn a_list_is_named_after_one_of_its_items() {
        assert_eq!(singular("genres"), "genre");
        assert_eq!(singular("Categories"), "Category");
        assert_eq!(singular("status"), "status");
        assert_eq!(singular("cast"), "cast");
    }

    #[test]
    fn names_follow_the_wide_table() {
        let base = table("w", "Sales", &[], Vec::new());
        let schema = Schema::default();
        assert_eq!(
            table_name(&schema, &[], &base, &["ProductLineID"]).as_deref(),
            Some("ProductLines")
        );
        let own = table("w", "customers", &[], Vec::new());
        assert_eq!(
            table_name(&schema, &[], &own, &["customer_id"]).as_deref(),
            Some("customers_by_customer_id")
        );
    }
}
