//! Two readings that are about as likely become a question back, each choice a question with one reading.

use super::items::ItemKind;
use super::reader::Reader;
use crate::event::{Choice, Clarify};
use crate::link::catalog::ColumnId;
use crate::link::tokens::Kind;

/// Most choices offered.
const MAX_CHOICES: usize = 4;

/// The first phrase with several readings, if any.
pub fn choices(reader: &Reader<'_>) -> Option<Clarify> {
    let (at, columns) = reader.draft.ambiguous.first()?;
    let item = &reader.items[*at];
    let phrase = reader.phrase(*at);
    let is_value = matches!(item.kind, ItemKind::Value(_));
    let choices: Vec<Choice> = columns
        .iter()
        .take(MAX_CHOICES)
        .map(|&column| {
            let name = full_name(reader, column);
            let instead = if is_value {
                format!("{name} \"{phrase}\"")
            } else {
                name.clone()
            };
            Choice {
                label: name,
                message: replaced(reader, item.from, item.to, &instead),
            }
        })
        .collect();
    let question = if is_value {
        format!("“{phrase}” stands in several columns. Which one do you mean?")
    } else {
        format!("“{phrase}” can mean several columns. Which one do you mean?")
    };
    Some(Clarify { question, choices })
}

/// `customers city` in words that the planner reads back as this column alone.
fn full_name(reader: &Reader<'_>, column: ColumnId) -> String {
    let info = &reader.catalog.columns[column];
    let words = |words: &[crate::link::words::Word]| {
        words
            .iter()
            .map(|word| word.lemma.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let own = words(&info.words);
    let table = words(&reader.catalog.tables[info.table].words);
    if own.starts_with(&table) {
        own
    } else {
        format!("{table} {own}")
    }
}

fn replaced(reader: &Reader<'_>, from: usize, to: usize, instead: &str) -> String {
    let text = |range: std::ops::Range<usize>| -> Vec<String> {
        reader.tokens[range]
            .iter()
            .map(|token| match token.kind {
                Kind::Quoted => format!("\"{}\"", token.text),
                _ => token.text.clone(),
            })
            .collect()
    };
    let mut parts = text(0..from);
    parts.push(instead.to_owned());
    parts.extend(text(to..reader.tokens.len()));
    let mut message = parts.join(" ");
    for mark in ["?", ".", ",", "'s"] {
        message = message.replace(&format!(" {mark}"), mark);
    }
    message
}
