//! What columns hold whose names say little or nothing.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::merge::{Asked, Merging, plain, read};
use super::prompt::told;
use super::{AnswerError, Change, Piece, What};
use crate::ident::{self, NameScope};
use crate::model::{Column, Table};
use crate::names::{Words, split_words, stem};
use crate::{Schema, Source};

const TOKENS_FOR_EACH: i32 = 24;
const MOST_CHARS: usize = 80;
/// Words up to which what a column holds is also another word for it.
const MOST_PHRASE_WORDS: usize = 3;

#[derive(Deserialize)]
#[serde(transparent)]
struct Answer(BTreeMap<String, Value>);

/// `column_3`, as the reader calls a column without a heading.
pub fn is_nameless(name: &str) -> bool {
    ident::fault(name).is_none()
        && name.strip_prefix("column_").is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|character| character.is_ascii_digit())
        })
}

/// Whether its name says little: none at all, one letter, a word without a vowel (`qty`, `rh`) or of two or three letters alone.
/// What refers to another table is told by that.
pub fn is_unclear(schema: &Schema, table: &Table, column: &Column) -> bool {
    if column.description.is_some() || column.source_column.is_none() {
        return false;
    }
    if is_nameless(&column.name) {
        return true;
    }
    let refers = schema.relationships.iter().any(|reference| {
        reference.from_table == table.name && reference.from_columns.contains(&column.name)
    });
    let known = Words::of_column(&column.name);
    if refers || known.is_id || table.primary_key == [column.name.as_str()] {
        return false;
    }
    let words = split_words(&column.name);
    let words: Vec<&String> = words
        .iter()
        .filter(|word| word.chars().all(char::is_alphabetic))
        .collect();
    let is_short = |word: &str| word.chars().count() <= 3 && word.is_ascii();
    let has_no_vowel =
        |word: &str| word.is_ascii() && !word.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    match words.as_slice() {
        [] => true,
        [only] if is_short(only) => !known.is_measure && !known.is_time() && !known.is_generic(),
        several => several.iter().any(|word| has_no_vowel(word)),
    }
}

pub fn ask(piece: &Piece, schema: &Schema, sources: &[Source]) -> Option<(String, Value, i32)> {
    let table = &schema.tables[piece.table.table(schema)?];
    let asked: Vec<&Column> = piece
        .columns
        .iter()
        .filter_map(|place| Some(&table.columns[place.column(table)?]))
        .filter(|column| column.description.is_none())
        .collect();
    if asked.is_empty() {
        return None;
    }
    let mut text = told(table, schema, sources);
    text.push_str("What does each of these columns hold, in one to four words?");
    let mut properties = Map::new();
    for column in &asked {
        let _ = write!(text, " {}", column.name);
        properties.insert(
            column.name.clone(),
            json!({"type": "string", "maxLength": MOST_CHARS}),
        );
    }
    text.push_str("\nSuch as {\"wt\": \"weight in kilograms\", \"column_4\": \"day of birth\"}");
    let required: Vec<&String> = properties.keys().collect();
    let format = json!({
        "type": "object", "required": required, "additionalProperties": false, "properties": properties,
    });
    let tokens = TOKENS_FOR_EACH * i32::try_from(asked.len()).unwrap_or(1) + 16;
    Some((text, format, tokens))
}

pub fn take(asked: &Asked<'_>, answer: &str, merging: &mut Merging<'_>) -> Result<(), AnswerError> {
    let Answer(answer) = read(answer)?;
    let place = &asked.piece.table;
    let before = place.table(asked.schema).map(|at| &asked.schema.tables[at]);
    for column in &asked.piece.columns {
        let (Some(at), Some(before)) = (place.table(merging.schema()), before) else {
            return Ok(());
        };
        let table = &merging.schema().tables[at];
        let (Some(now), Some(then)) = (column.column(table), column.column(before)) else {
            continue;
        };
        let now = &table.columns[now];
        let said = answer
            .get(&before.columns[then].name)
            .and_then(Value::as_str);
        let said = plain(said.unwrap_or_default(), MOST_CHARS);
        let said = said.trim_end_matches('.');
        if said.is_empty() || repeats(said, &now.name) {
            continue;
        }
        let (table, own) = (table.name.clone(), now.name.clone());
        let nameless = is_nameless(&own);
        let change = |what, column: &str, value: &str| Change {
            what,
            table: table.clone(),
            column: Some(column.to_owned()),
            value: value.to_owned(),
            refused: None,
        };
        merging.propose(change(What::Description, &own, said));
        if said.split(' ').count() > MOST_PHRASE_WORDS {
            continue;
        }
        if nameless {
            let name = free_name(merging.schema(), at, &as_name(said), &own);
            let mut change = change(What::Name, &own, &name);
            let quoted = format!("\"{own}\"");
            let mut suggestions = merging.schema().suggestions.iter();
            if suggestions.any(|own| own.patch.to_string().contains(&quoted)) {
                change.refused = Some("a suggestion would no longer fit".to_owned());
            }
            merging.propose(change);
        } else {
            let word = said.to_lowercase();
            let mut change = change(What::Word, &own, &word);
            change.refused = word_fault(merging.schema(), &word, at, &own);
            merging.propose(change);
        }
    }
    Ok(())
}

/// The name, cleaned, and another one than those of the other columns.
fn free_name(schema: &Schema, at: usize, wish: &str, own: &str) -> String {
    let mut names = NameScope::default();
    for column in &schema.tables[at].columns {
        names.claim(&column.name, "column");
    }
    names.claim(wish, own).name
}

/// Whether it only says the name again.
fn repeats(said: &str, name: &str) -> bool {
    let letters = |text: &str| -> String {
        let kept = text.chars().filter(|character| character.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    letters(said) == letters(name)
}

fn as_name(said: &str) -> String {
    let lower = said.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// Why the word cannot stand for the column of the table at this place: somebody who says it may mean something else.
fn word_fault(schema: &Schema, word: &str, at: usize, column: &str) -> Option<String> {
    let is_word = |character: char| character.is_alphabetic() || " -'".contains(character);
    if !word.chars().all(is_word) || word.split(' ').count() > MOST_PHRASE_WORDS {
        return Some("it is no word".to_owned());
    }
    let own = stems(word);
    for (place, table) in schema.tables.iter().enumerate() {
        if stems(&table.name) == own {
            return Some(format!("it may mean {}", table.name));
        }
        for other in &table.columns {
            let is_meant = place == at && other.name == column;
            let is_said = other.words.iter().any(|word| stems(word) == own);
            if !is_meant && (stems(&other.name) == own || is_said) {
                return Some(format!("it may mean {}.{}", table.name, other.name));
            }
        }
    }
    None
}

fn stems(text: &str) -> Vec<String> {
    split_words(text).iter().map(|word| stem(word)).collect()
}
