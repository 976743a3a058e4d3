//! Whether a text is a question in English at all, and whether it asks to change data.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::grammar::Reader;
use super::relations::COMMON;
use crate::reading::lexicon;
use crate::reading::tokens::Kind;
use crate::reading::words::{Word, stem};

static COMMON_STEMS: LazyLock<HashSet<String>> =
    LazyLock::new(|| COMMON.iter().map(|word| stem(word)).collect());

/// Whether it is an ordinary English word in any of its forms. Names, codes and slips of the keyboard are not.
pub fn is_common(word: &Word) -> bool {
    COMMON.contains(word.lemma.as_str()) || COMMON_STEMS.contains(&word.stem)
}

/// Fewer words tell no language.
const MIN_WORDS: usize = 3;

/// Function words of other languages that are no English words.
const FOREIGN: &[&str] = &[
    "wie", "viele", "welche", "welcher", "welches", "der", "das", "und", "nach", "gibt", "von",
    "mit", "zeige", "wir", "haben", "combien", "quel", "quelle", "quels", "quelles", "le", "les",
    "des", "est", "sont", "avec", "dans", "montre", "cuantos", "cuántos", "cuantas", "cuántas",
    "cual", "cuál", "cuales", "cuáles", "el", "los", "las", "por", "con", "hay", "muestra",
    "quanti", "quante", "quale", "quali", "il", "gli", "della", "sono", "hoeveel", "welke", "het",
    "zijn", "quantos", "quantas", "qual", "são", "os", "quanto", "em", "dos", "ile", "jest",
];

/// Of them, those that ask: without an English function word beside it one is enough.
const ASKS: &[&str] = &[
    "wie", "viele", "welche", "welcher", "welches", "zeige", "combien", "quel", "quelle", "quels",
    "quelles", "montre", "cuantos", "cuántos", "cuantas", "cuántas", "cual", "cuál", "cuales",
    "cuáles", "muestra", "quanti", "quante", "quale", "quali", "hoeveel", "welke", "quantos",
    "quantas", "qual", "ile",
];

/// `false` only for texts of several words of which hardly any is English, a function word, or a name of the dataset.
pub fn is_english(reader: &Reader<'_>) -> bool {
    let mut words = 0;
    let mut function = 0;
    let mut known = 0;
    let mut foreign = 0;
    let mut asks = 0;
    for (at, token) in reader.tokens.iter().enumerate() {
        if token.kind != Kind::Word {
            continue;
        }
        words += 1;
        let lower = token.lower.as_str();
        let is_function = lexicon::is_stop(lower) || lexicon::is_function_word(lower);
        let named = !reader.anchors.at[at].is_empty();
        if FOREIGN.contains(&lower) && !named {
            foreign += 1;
            asks += usize::from(ASKS.contains(&lower));
        } else if is_function {
            function += 1;
            known += 1;
        } else if named || COMMON.contains(token.word.lemma.as_str()) {
            known += 1;
        }
    }
    let strange = reader.tokens.iter().filter(|token| {
        token.kind == Kind::Word
            && token
                .lower
                .chars()
                .any(|c| c.is_alphabetic() && !is_latin(c))
    });
    if strange.count() * 2 > words {
        return words == 0;
    }
    if words < MIN_WORDS {
        return true;
    }
    let foreign_wins = foreign >= 2 && foreign > function || asks > 0 && function == 0;
    let nothing_known = function == 0 && known * 2 < words;
    !foreign_wins && !nothing_known
}

fn is_latin(letter: char) -> bool {
    letter < '\u{250}'
}

/// Words before the verb that order nothing.
const POLITE: &[&str] = &[
    "please", "can", "could", "would", "will", "you", "i", "we", "want", "to", "need", "now",
    "just", "kindly", "let's", "lets", "also", "and", "then", "go", "ahead",
];

/// Whether the text orders a change of stored data: "delete all orders of 2023", "please set Ann's country to France".
pub fn asks_to_change(question: &str) -> bool {
    let lower = question.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
        .collect();
    let begin = words
        .iter()
        .position(|word| !POLITE.contains(word))
        .unwrap_or(words.len());
    let Some(verb) = words.get(begin) else {
        return false;
    };
    let next = words.get(begin + 1).copied().unwrap_or_default();
    match *verb {
        "delete" | "truncate" | "erase" | "wipe" | "purge" => next != "by" && !next.is_empty(),
        // "cancel loan L00017", and not "cancel reasons by month".
        "cancel" | "archive" | "refund" => {
            let object = &words[begin + 1..];
            let asks = object
                .iter()
                .any(|word| matches!(*word, "in" | "by" | "per" | "of" | "for" | "over" | "from"));
            let is_code = |word: &&str| {
                word.chars().any(|c| c.is_ascii_digit())
                    && word.chars().any(char::is_alphabetic)
                    && word.len() > 2
            };
            !asks && object.iter().any(is_code)
        }
        "update" | "rename" | "alter" | "overwrite" | "drop" | "remove" => !matches!(
            next,
            "" | "in" | "of" | "by" | "per" | "over" | "on" | "date" | "time" | "count" | "counts"
        ),
        "change" | "set" => {
            !matches!(next, "in" | "of" | "by" | "per" | "over" | "from")
                && (words.contains(&"to") || *verb == "set" && lower.contains('='))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::asks_to_change;

    #[test]
    fn orders_to_change_data_are_told_from_questions() {
        for order in [
            "Delete all orders from 2023",
            "please remove the customer Ann",
            "drop table orders",
            "Can you update the price of Widget to 5?",
            "Set Ann's country to France",
            "I want to delete orders",
            "cancel loan L00017",
        ] {
            assert!(asks_to_change(order), "{order}");
        }
        for question in [
            "change in revenue by month",
            "Refund amounts in 2024",
            "Refund totals for Q1 2025",
            "cancel reasons by month in 2025",
            "how many orders were deleted?",
            "Which customers were removed?",
            "updates per week",
            "set of colours",
            "Drop in sales since May",
        ] {
            assert!(!asks_to_change(question), "{question}");
        }
    }
}
