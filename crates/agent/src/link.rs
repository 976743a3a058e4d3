//! Finds the tables, columns and stored values that a question speaks of.

pub mod catalog;
pub mod lexicon;
pub mod mentions;
pub mod tokens;
pub mod values;
pub mod words;

pub use values::{Hit, ValueIndex};

use chrono::NaiveDate;
use schema_gen::Schema;

use self::catalog::Catalog;
use self::mentions::Mention;
use self::tokens::tokenize;
use crate::event::MatchedValue;
use crate::planner::items::{self, ItemKind};

/// What linking and planning need to know of one database.
#[derive(Debug, Clone, Default)]
pub struct DatasetContext {
    pub schema: Schema,
    pub values: ValueIndex,
}

/// A phrase of the question and the table or column (`table.column`) it names.
#[derive(Debug, Clone, PartialEq)]
pub struct NameLink {
    pub phrase: String,
    pub table: String,
    /// `None` where the phrase names the table itself.
    pub column: Option<String>,
    /// 0 to 1.
    pub score: f64,
}

/// Everything in the question that was found in the database, and the words that were not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Links {
    pub tables: Vec<NameLink>,
    pub columns: Vec<NameLink>,
    pub values: Vec<MatchedValue>,
    pub unknown_words: Vec<String>,
}

/// Matches the question's phrases with names and values of the database.
pub fn link(question: &str, context: &DatasetContext) -> Links {
    let catalog = Catalog::new(&context.schema);
    let tokens = tokenize(question);
    let mut links = Links::default();
    for item in items::read(&tokens, &catalog, &context.values, NaiveDate::default()) {
        let phrase = tokens[item.from..item.to]
            .iter()
            .map(|token| token.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        match item.kind {
            ItemKind::Table(mention) | ItemKind::Column(mention) | ItemKind::Value(mention) => {
                add(&mut links, &catalog, &phrase, mention);
            }
            ItemKind::Unknown => links.unknown_words.push(phrase),
            _ => {}
        }
    }
    links
}

/// All readings of one phrase, the likeliest first.
fn add(links: &mut Links, catalog: &Catalog, phrase: &str, mention: Mention) {
    for (table, score) in mention.tables {
        links.tables.push(NameLink {
            phrase: phrase.to_owned(),
            table: catalog.tables[table].name.clone(),
            column: None,
            score,
        });
    }
    for (column, score) in mention.columns {
        let info = &catalog.columns[column];
        links.columns.push(NameLink {
            phrase: phrase.to_owned(),
            table: catalog.tables[info.table].name.clone(),
            column: Some(info.name.clone()),
            score,
        });
    }
    for reading in mention.values {
        let info = &catalog.columns[reading.column];
        links.values.push(MatchedValue {
            phrase: phrase.to_owned(),
            table: catalog.tables[info.table].name.clone(),
            column: info.name.clone(),
            value: reading.value,
        });
    }
}
