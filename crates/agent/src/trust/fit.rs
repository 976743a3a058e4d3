//! Whether a statement says what the question says: its numbers and texts, how they compare, what is to be done with what,
//! and nothing that nobody spoke of. Read from the statement's tokens, so that statements of any form are looked at.

use std::collections::{BTreeMap, HashSet};

use sqlparser::dialect::SQLiteDialect;
use sqlparser::tokenizer::{Token, Tokenizer};
use store::dataset::QueryResult;

use crate::reading::cues::{self, Cue};
use crate::reading::frame::Ask;
use crate::reading::links::Links;
use crate::reading::query::{Function, Operator};
use crate::reading::tokens::{Kind, Token as Word, tokenize};

/// Numbers that statements have for reasons of their own: limits, shares, units of time.
const OWN_NUMBERS: [&str; 14] = [
    "0", "1", "2", "4", "7", "12", "24", "60", "100", "100.0", "1.0", "30", "365", "86400",
];
/// Words between a comparison and its number: "under the age of 30".
const NEAR: usize = 4;

/// What does not fit between a question and a statement, by name; 0 is a good fit.
pub fn misfits(
    question: &str,
    links: &Links,
    sql: &str,
    result: &QueryResult,
) -> BTreeMap<&'static str, f64> {
    let words = tokenize(question);
    let lower = question.to_lowercase();
    let tokens: Vec<Token> = Tokenizer::new(&SQLiteDialect {}, sql)
        .tokenize()
        .unwrap_or_default()
        .into_iter()
        .filter(|token| !matches!(token, Token::Whitespace(_)))
        .collect();
    BTreeMap::from([
        ("tables_left", tables_left(links, result)),
        ("columns_left", columns_left(links, sql)),
        ("values_left", values_left(links, sql)),
        ("numbers_left", numbers_left(&words, &tokens)),
        ("cues_left", cues_left(&words, sql)),
        ("turned_round", turned_round(&words, &tokens)),
        ("texts_invented", texts_invented(&lower, links, &tokens)),
        ("numbers_invented", numbers_invented(&words, &tokens)),
        ("tables_unnamed", tables_unnamed(links, result)),
        ("table_twice", yes(reads_a_table_twice(&tokens))),
        ("everything", yes(selects_everything(&tokens))),
        ("shows_id", yes(shows_an_id(&words, result))),
        ("names_unknown", names_unknown(links, sql)),
    ])
}

/// Names and codes of the question ("NPS", "CO2") that the data does not know and the statement does not have either.
pub fn names_unknown(links: &Links, sql: &str) -> f64 {
    let lower = sql.to_lowercase();
    let is_name = |word: &&String| {
        let capitals = word.chars().filter(|letter| letter.is_uppercase()).count();
        let has_digit = word.chars().any(|letter| letter.is_ascii_digit());
        capitals > 1 || has_digit && word.chars().any(char::is_alphabetic)
    };
    links
        .unknown_words
        .iter()
        .filter(is_name)
        .filter(|word| !lower.contains(&word.to_lowercase()))
        .count() as f64
}

fn yes(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

/// Phrases of the question of which nothing is used.
fn left<'p>(links: impl Iterator<Item = (&'p str, bool)>) -> f64 {
    let mut used: BTreeMap<&str, bool> = BTreeMap::new();
    for (phrase, is_used) in links {
        *used.entry(phrase).or_default() |= is_used;
    }
    used.values().filter(|is_used| !**is_used).count() as f64
}

fn tables_left(links: &Links, result: &QueryResult) -> f64 {
    left(links.tables.iter().map(|link| {
        let is_read = result
            .tables
            .iter()
            .any(|read| read.eq_ignore_ascii_case(&link.table));
        (link.phrase.as_str(), is_read)
    }))
}

fn columns_left(links: &Links, sql: &str) -> f64 {
    let lower = sql.to_lowercase();
    left(links.columns.iter().filter_map(|link| {
        let column = link.column.as_ref()?.to_lowercase();
        Some((link.phrase.as_str(), lower.contains(&column)))
    }))
}

fn values_left(links: &Links, sql: &str) -> f64 {
    let lower = sql.to_lowercase();
    left(links.values.iter().map(|value| {
        let quoted = value.value.replace('\'', "''").to_lowercase();
        (value.phrase.as_str(), lower.contains(&quoted))
    }))
}

/// Tables that are read although no phrase of the question leads to them.
fn tables_unnamed(links: &Links, result: &QueryResult) -> f64 {
    let by_name = links.tables.iter().map(|link| &link.table);
    let by_name = by_name.chain(links.columns.iter().map(|link| &link.table));
    let known: HashSet<String> = by_name
        .chain(links.values.iter().map(|value| &value.table))
        .map(|table| table.to_lowercase())
        .collect();
    result
        .tables
        .iter()
        .filter(|table| !known.contains(&table.to_lowercase()))
        .count() as f64
}

fn number_of(token: &Token) -> Option<f64> {
    match token {
        Token::Number(text, _) => text.parse().ok(),
        Token::SingleQuotedString(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn numbers_said(words: &[Word]) -> Vec<f64> {
    let number = |word: &Word| match word.kind {
        Kind::Number(number) => Some(number),
        _ => None,
    };
    words.iter().filter_map(number).collect()
}

/// Numbers of the question that the statement does not have; those within dates and texts count as had.
fn numbers_left(words: &[Word], tokens: &[Token]) -> f64 {
    let has = |number: f64| {
        let digits = format!("{number}");
        tokens.iter().any(|token| match token {
            Token::SingleQuotedString(text) => text.contains(&digits),
            other => number_of(other) == Some(number),
        })
    };
    numbers_said(words)
        .into_iter()
        .filter(|number| *number > 1.0 && !has(*number))
        .count() as f64
}

fn numbers_invented(words: &[Word], tokens: &[Token]) -> f64 {
    let said = numbers_said(words);
    let is_invented = |token: &&Token| match token {
        Token::Number(text, _) => {
            !OWN_NUMBERS.contains(&text.as_str())
                && text
                    .parse()
                    .is_ok_and(|number: f64| !said.contains(&number))
        }
        _ => false,
    };
    tokens.iter().filter(is_invented).count() as f64
}

/// Texts that are no stored values which the question names, nor a part of the question that is searched for with `LIKE`.
/// Dates and formats do not count.
fn texts_invented(lower: &str, links: &Links, tokens: &[Token]) -> f64 {
    let is_invented = |token: &&Token| {
        let Token::SingleQuotedString(text) = token else {
            return false;
        };
        let text = text.to_lowercase();
        let bare = text.trim_matches(|letter: char| letter == '%' || letter.is_whitespace());
        let is_own = text.starts_with("%y")
            || text.starts_with("%m")
            || text.starts_with("%d")
            || text.starts_with("%w")
            || text.starts_with("%h")
            || matches!(
                bare,
                "now" | "" | "yes" | "no" | "true" | "false" | "y" | "n"
            )
            || bare.contains(" of ") && bare.starts_with("start")
            || bare
                .chars()
                .all(|letter| letter.is_ascii_digit() || "-: +.t".contains(letter))
            || bare.starts_with(['+', '-']);
        let is_linked = links
            .values
            .iter()
            .any(|value| value.value.to_lowercase() == text);
        let is_searched = text.contains('%') && lower.contains(bare);
        !is_own && !is_linked && !is_searched
    };
    tokens.iter().filter(is_invented).count() as f64
}

/// Comparisons that the statement makes the other way round: "under 30" as `> 30`.
fn turned_round(words: &[Word], tokens: &[Token]) -> f64 {
    let mut found = 0.0;
    for at in 0..words.len() {
        let word = |offset: usize| {
            words
                .get(at + offset)
                .map_or("", |word| word.lower.as_str())
        };
        let Some((length, operator)) = cues::comparison(&word) else {
            continue;
        };
        let number = words[at..]
            .iter()
            .skip(length)
            .take(NEAR)
            .find_map(|word| match word.kind {
                Kind::Number(number) => Some(number),
                _ => None,
            });
        let wanted_more = match operator {
            Operator::Greater | Operator::GreaterOrEqual => true,
            Operator::Less | Operator::LessOrEqual => false,
            Operator::Equal | Operator::NotEqual => continue,
        };
        let Some(number) = number else { continue };
        let sides = tokens.windows(2).filter_map(|pair| {
            let more = match &pair[0] {
                Token::Gt | Token::GtEq => true,
                Token::Lt | Token::LtEq => false,
                _ => return None,
            };
            (number_of(&pair[1]) == Some(number)).then_some(more)
        });
        let sides: Vec<bool> = sides.collect();
        if !sides.is_empty() && !sides.contains(&wanted_more) {
            found += 1.0;
        }
    }
    found
}

/// Words that say what is to be done, of which the statement does nothing: "average" without a mean, "never" without
/// anything denied.
fn cues_left(words: &[Word], sql: &str) -> f64 {
    let upper = sql.to_uppercase();
    let has = |signs: &[&str]| signs.iter().any(|sign| upper.contains(sign));
    let mut lost: HashSet<&str> = HashSet::new();
    for at in 0..words.len() {
        if words[at].kind == Kind::Quoted {
            continue;
        }
        let word = |offset: usize| {
            words
                .get(at + offset)
                .map_or("", |word| word.lower.as_str())
        };
        for (_, cue) in cues::at(&word) {
            let (name, signs): (&str, &[&str]) = match cue {
                Cue::Ask(Ask::HowMany) | Cue::Count { .. } => ("count", &["COUNT(", "SUM("]),
                Cue::Function(Function::Average) => ("average", &["AVG(", "/"]),
                Cue::Superlative { .. } | Cue::Top { .. } => {
                    ("most", &["ORDER BY", "MAX(", "MIN(", "RANK("])
                }
                Cue::Distinct => ("distinct", &["DISTINCT", "GROUP BY"]),
                Cue::Not | Cue::Never | Cue::Without | Cue::Nor => (
                    "not",
                    &["NOT ", "EXCEPT", "<>", "!=", "IS NULL", "= 0", "< 1"],
                ),
                Cue::Each | Cue::Per => ("each", &["GROUP BY", "OVER"]),
                Cue::Share | Cue::Percent => ("share", &["/", "*"]),
                Cue::Both => ("both", &["INTERSECT", "IN (", "EXISTS", "HAVING"]),
                _ => continue,
            };
            if !has(signs) {
                lost.insert(name);
            }
        }
    }
    lost.len() as f64
}

/// One table in two places of one statement, which few questions ask for.
fn reads_a_table_twice(tokens: &[Token]) -> bool {
    let mut seen = HashSet::new();
    tokens.windows(2).any(|pair| {
        let after_from = matches!(&pair[0], Token::Word(word)
            if word.value.eq_ignore_ascii_case("from") || word.value.eq_ignore_ascii_case("join"));
        match &pair[1] {
            Token::Word(table) if after_from => !seen.insert(table.value.to_lowercase()),
            _ => false,
        }
    })
}

fn selects_everything(tokens: &[Token]) -> bool {
    tokens.windows(2).any(|pair| {
        matches!(&pair[0], Token::Word(word) if word.value.eq_ignore_ascii_case("select"))
            && pair[1] == Token::Mul
    })
}

/// A key is shown, and the question speaks of none.
fn shows_an_id(words: &[Word], result: &QueryResult) -> bool {
    let asked = words.iter().any(|word| {
        matches!(
            word.lower.as_str(),
            "id" | "ids" | "number" | "code" | "key"
        )
    });
    let is_id = |name: &str| {
        let lower = name.to_lowercase();
        lower == "id" || lower.ends_with("_id") || name.ends_with("Id") || name.ends_with("ID")
    };
    !asked && result.columns.iter().any(|column| is_id(&column.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::MatchedValue;

    fn misfit(question: &str, sql: &str, name: &str) -> f64 {
        let links = Links {
            values: vec![MatchedValue {
                phrase: "alaska".into(),
                table: "addresses".into(),
                column: "state".into(),
                value: "Alaska".into(),
            }],
            ..Links::default()
        };
        let result = QueryResult {
            columns: Vec::new(),
            rows: Vec::new(),
            row_count: 0,
            truncated: false,
            elapsed_ms: 0.0,
            tables: Vec::new(),
        };
        misfits(question, &links, sql, &result)[name]
    }

    #[track_caller]
    fn check(question: &str, sql: &str, name: &str, expected: f64) {
        let found = misfit(question, sql, name);
        assert!(
            (found - expected).abs() < f64::EPSILON,
            "{name} of {sql}: {found}"
        );
    }

    #[test]
    fn words_that_ask_for_something_are_left_where_the_statement_does_not_do_it() {
        check(
            "How many orders are there?",
            "SELECT id FROM o",
            "cues_left",
            1.0,
        );
        check(
            "How many orders are there?",
            "SELECT COUNT(*) FROM o",
            "cues_left",
            0.0,
        );
        check(
            "customers who never ordered",
            "SELECT name FROM c",
            "cues_left",
            1.0,
        );
    }

    #[test]
    fn a_comparison_may_be_turned_round() {
        check(
            "employees under age 30",
            "SELECT n FROM e WHERE age > 30",
            "turned_round",
            1.0,
        );
        check(
            "employees under age 30",
            "SELECT n FROM e WHERE age < 30",
            "turned_round",
            0.0,
        );
        check(
            "orders over 100",
            "SELECT n FROM o WHERE total >= 100",
            "turned_round",
            0.0,
        );
    }

    #[test]
    fn numbers_are_left_or_invented() {
        check(
            "the 3 highest mountains",
            "SELECT n FROM m ORDER BY h DESC LIMIT 3",
            "numbers_left",
            0.0,
        );
        check(
            "the 3 highest mountains",
            "SELECT n FROM m WHERE h = 8848",
            "numbers_left",
            1.0,
        );
        check(
            "the 3 highest mountains",
            "SELECT n FROM m WHERE h = 8848",
            "numbers_invented",
            1.0,
        );
        check(
            "sold in 2024",
            "SELECT n FROM m WHERE d LIKE '2024%'",
            "numbers_left",
            0.0,
        );
    }

    #[test]
    fn texts_are_invented_where_nobody_named_them() {
        let invented = "SELECT n FROM a WHERE state = 'Texas'";
        check("groups in alaska", invented, "texts_invented", 1.0);
        let searched = "SELECT n FROM a WHERE state LIKE '%exa%'";
        check("states with exa", searched, "texts_invented", 0.0);
        let linked = "SELECT n FROM a WHERE state = 'Alaska' AND strftime('%Y', d) = '2024'";
        check("groups up north", linked, "texts_invented", 0.0);
    }

    #[test]
    fn a_name_that_the_data_does_not_know_is_no_other_column() {
        let links = Links {
            unknown_words: vec!["whats".into(), "NPS".into(), "CO2".into()],
            ..Links::default()
        };
        let found = |sql| names_unknown(&links, sql);
        assert!((found("SELECT AVG(csat_score) FROM tickets") - 2.0).abs() < f64::EPSILON);
        assert!((found("SELECT AVG(nps), SUM(co2) FROM t")).abs() < f64::EPSILON);
    }

    #[test]
    fn a_table_is_read_twice_and_everything_is_shown() {
        let twice = "SELECT T1.n FROM crime AS T1 JOIN crime AS T2 ON T1.a = T2.a";
        check("places with crime", twice, "table_twice", 1.0);
        check(
            "places with crime",
            "SELECT * FROM crime",
            "everything",
            1.0,
        );
        check(
            "places with crime",
            "SELECT n FROM crime",
            "table_twice",
            0.0,
        );
    }
}
