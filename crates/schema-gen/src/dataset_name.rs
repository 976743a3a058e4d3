//! What a dataset is called as long as nobody says otherwise.

use crate::ident::table_stem;
use crate::{Schema, Source};

/// Words at either end of file names that say what kind of thing a file is, not what it is about.
const GENERIC: [&str; 24] = [
    "all", "clean", "cleaned", "copy", "csv", "data", "database", "dataset", "db", "dim", "dump",
    "export", "extract", "fact", "file", "final", "new", "old", "public", "raw", "sample", "table",
    "tbl", "test",
];
/// Shown for files without a name of their own.
const NAMELESS: &str = "Dataset";

/// A name for the schema made from these files: the one file's name; what the names of all files have in common at their
/// beginning or their end; else the table with the most relationships, and how many others there are.
pub fn dataset_name(schema: &Schema, sources: &[Source]) -> String {
    let stems: Vec<&str> = sources
        .iter()
        .map(|source| table_stem(&source.original_filename))
        .collect();
    let name = match stems.as_slice() {
        [one] => readable(one),
        several => {
            common_words(several).map_or_else(|| by_tables(schema), |words| readable(&words))
        }
    };
    if name.is_empty() {
        NAMELESS.to_owned()
    } else {
        name
    }
}

/// `order_items-2024` as people write it: `Order items 2024`.
fn readable(stem: &str) -> String {
    let words: Vec<&str> = stem
        .split(|character: char| is_gap(character) || character.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect();
    let text = words.join(" ");
    // Short words are mostly abbreviations, and mixed case is somebody's choice.
    let first_word = words.first().map_or(0, |word| word.chars().count());
    if first_word <= 3 || text.chars().any(char::is_uppercase) {
        return text;
    }
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn is_gap(character: char) -> bool {
    matches!(character, '_' | '-' | '.' | '+' | '~')
}

/// The words that all names begin with, or else end with, as the first one writes them; `None` where that says nothing.
fn common_words(stems: &[&str]) -> Option<String> {
    let words: Vec<Vec<Word<'_>>> = stems.iter().map(|stem| words_of(stem)).collect();
    let (first, others) = words.split_first()?;
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let shared = |reversed: bool| {
        (0..first.len())
            .take_while(|at| {
                others.iter().all(|other| {
                    let place = |words: &[Word<'_>]| {
                        if reversed {
                            words.len().checked_sub(at + 1)
                        } else {
                            Some(*at)
                        }
                    };
                    match (place(first), place(other)) {
                        (Some(own), Some(its)) if its < other.len() => {
                            same(first[own].text, other[its].text)
                        }
                        _ => false,
                    }
                })
            })
            .count()
    };
    let beginning = &first[..shared(false)];
    let end = &first[first.len() - shared(true)..];
    [beginning, end]
        .into_iter()
        .find_map(|words| spoken(stems[0], words))
}

#[derive(Clone, Copy)]
struct Word<'a> {
    /// Where it begins, in bytes.
    at: usize,
    text: &'a str,
}

/// Runs of letters and of digits, parted where a capital letter begins a new one: `AdventureWorks2024` has three.
fn words_of(stem: &str) -> Vec<Word<'_>> {
    let word = |from: usize, to: usize| Word {
        at: from,
        text: &stem[from..to],
    };
    let mut words = Vec::new();
    let mut start = None;
    let mut last = ' ';
    for (at, character) in stem.char_indices() {
        let is_part = character.is_alphanumeric();
        let is_hump = last.is_lowercase() && character.is_uppercase()
            || is_part && last.is_alphanumeric() && last.is_numeric() != character.is_numeric();
        if let Some(from) = start
            && (!is_part || is_hump)
        {
            words.push(word(from, at));
            start = None;
        }
        if is_part && start.is_none() {
            start = Some(at);
        }
        last = character;
    }
    words.extend(start.map(|from| word(from, stem.len())));
    words
}

/// The part of `stem` from the first to the last of these words of it that are not generic, unless that is a number or a
/// letter.
fn spoken(stem: &str, words: &[Word<'_>]) -> Option<String> {
    let says = |word: &Word<'_>| !GENERIC.contains(&word.text.to_lowercase().as_str());
    let (from, to) = (
        words.iter().position(says)?,
        words.iter().rposition(says)? + 1,
    );
    let words = &words[from..to];
    let letters = words
        .iter()
        .flat_map(|word| word.text.chars())
        .filter(|character| character.is_alphabetic());
    if letters.count() < 2 {
        return None;
    }
    let (first, last) = (words.first()?, words.last()?);
    stem.get(first.at..last.at + last.text.len())
        .map(ToOwned::to_owned)
}

/// `Orders and 3 more`, by the table that most references lead from or to.
fn by_tables(schema: &Schema) -> String {
    let links = |name: &str| {
        let (mut all, mut incoming) = (0_usize, 0_usize);
        for relationship in &schema.relationships {
            if relationship.from_table == relationship.to_table {
                continue;
            }
            all += usize::from(relationship.from_table == name || relationship.to_table == name);
            incoming += usize::from(relationship.to_table == name);
        }
        (all, incoming)
    };
    match schema.tables.as_slice() {
        [] => String::new(),
        [only] => readable(&only.name),
        [one, two] => format!("{} and {}", readable(&one.name), two.name.replace('_', " ")),
        tables => {
            // Of several the first: the order is that of the files.
            let central = tables
                .iter()
                .rev()
                .max_by_key(|table| links(&table.name))
                .map(|table| readable(&table.name))
                .unwrap_or_default();
            format!("{central} and {} more", tables.len() - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testing::{relationship, source, table};

    /// The name for these files, each a table, with references between tables.
    fn named(files: &[&str], references: &[(&str, &str)]) -> String {
        let sources: Vec<Source> = files.iter().map(|file| source(file, file, &[])).collect();
        let schema = Schema {
            tables: files
                .iter()
                .map(|file| table(file, table_stem(file), &[], Vec::new()))
                .collect(),
            relationships: references
                .iter()
                .map(|(from, to)| relationship((from, "x"), (to, "id")))
                .collect(),
            ..Schema::default()
        };
        dataset_name(&schema, &sources)
    }

    #[test]
    fn one_file_gives_its_name() {
        for (file, name) in [
            ("customers.csv", "Customers"),
            ("order_items-2024.csv", "Order items 2024"),
            ("HR Employees.csv", "HR Employees"),
            ("crm.csv", "crm"),
            ("größe.csv", "Größe"),
            ("2024.csv", "2024"),
            ("C:\\data\\sales.csv", "Sales"),
            ("___.csv", "Dataset"),
            ("名前.csv", "名前"),
        ] {
            assert_eq!(named(&[file], &[]), name, "{file}");
        }
    }

    #[test]
    fn what_all_names_share_is_the_name() {
        for (files, name) in [
            (
                ["olist_customers_dataset.csv", "olist_orders_dataset.csv"],
                "Olist",
            ),
            (["sales_2023.csv", "sales_2024.csv"], "Sales"),
            (["Sales 2023.csv", "SALES 2024.csv"], "Sales"),
            (["sales2023.csv", "sales2024.csv"], "Sales"),
            (
                ["AdventureWorksOrders.csv", "AdventureWorksCustomers.csv"],
                "AdventureWorks",
            ),
            (["coffee-shop_a.csv", "coffee-shop_b.csv"], "Coffee shop"),
            (
                ["customers_northwind.csv", "orders_northwind.csv"],
                "Northwind",
            ),
            (["hr_jobs.csv", "hr_people.csv"], "hr"),
            (["order.csv", "order_items.csv"], "Order"),
        ] {
            assert_eq!(named(&files, &[]), name);
        }
    }

    #[test]
    fn what_says_nothing_is_no_name() {
        for files in [
            ["data_customers.csv", "data_orders.csv"],
            ["2024_customers.csv", "2024_orders.csv"],
            ["customers_dataset.csv", "orders_dataset.csv"],
            ["t_customers.csv", "t_orders.csv"],
            ["q1_customers.csv", "q1_orders.csv"],
            ["orders.csv", "order_items.csv"],
        ] {
            let name = named(&files, &[]);
            assert!(name.contains(" and "), "{name}");
        }
        assert_eq!(
            named(&["customers.csv", "order_items.csv"], &[]),
            "Customers and order items"
        );
    }

    #[test]
    fn else_the_table_with_the_most_relationships_leads() {
        let files = [
            "customers.csv",
            "order_items.csv",
            "orders.csv",
            "products.csv",
        ];
        let references = [
            ("orders", "customers"),
            ("order_items", "orders"),
            ("order_items", "products"),
        ];
        assert_eq!(named(&files, &references), "Orders and 3 more");
        assert_eq!(named(&files, &[]), "Customers and 3 more");
        let own = [("products", "products"), ("products", "products")];
        assert_eq!(
            named(&files, &own),
            "Customers and 3 more",
            "a table's references to itself tie it to no other"
        );
    }
}
