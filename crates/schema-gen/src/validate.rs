//! What would keep a schema from being approved. A client chooses every length and name in it, so nothing here is a
//! product of two of them, and no message quotes a long one.

mod bounds;
mod expanded;
mod lookup;
mod relations;
mod tables;
mod texts;

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::model::SourceRows;
use crate::{Schema, Source, ident};

pub use texts::{MAX_JSON_BYTES, MAX_LINE_CHARS, MAX_WORD_CHARS, fit as fit_texts};

use lookup::Lookup;

/// A fault of a schema: `field` is a path such as `tables[0].columns[2].name`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

/// Problems named at once; one more says that there are others.
const MAX_PROBLEMS: usize = 100;
/// Characters of a name that a message quotes.
const SHOWN_CHARS: usize = 80;

/// Everything that would keep the schema from being approved (the first of it, where there is much); empty when it is
/// sound.
pub fn validate(schema: &Schema, sources: &[Source]) -> Vec<Problem> {
    let mut problems = Problems::default();
    bounds::check(schema, sources.len(), &mut problems);
    if problems.found.is_empty() {
        texts::check(schema, sources, &mut problems);
    }
    if problems.found.is_empty() {
        let lookup = Lookup::new(schema, sources);
        tables::check(&lookup, &mut problems);
        relations::check(&lookup, &mut problems);
    }
    problems.finish()
}

/// What is allowed but worth knowing: columns and files that no table holds.
pub fn notices(schema: &Schema, sources: &[Source]) -> Vec<Problem> {
    let mut held: HashMap<&str, HashSet<&str>> = HashMap::new();
    for table in &schema.tables {
        let columns = table.columns.iter();
        let columns = columns.filter_map(|column| column.source_column.as_deref());
        let held = held.entry(&table.source.csv_id).or_default();
        held.extend(columns);
        if let SourceRows::Unpivot(group) = &table.source.rows {
            held.extend(group.columns.iter().map(String::as_str));
        }
    }
    let mut found = Vec::new();
    for source in sources {
        let Some(columns) = held.get(source.csv_id.as_str()) else {
            found.push(Problem {
                field: "tables".to_owned(),
                message: format!("No table holds the file {}.", source.original_filename),
            });
            continue;
        };
        for profile in &source.analysis.columns {
            if !columns.contains(profile.column.as_str()) {
                found.push(Problem {
                    field: "tables".to_owned(),
                    message: format!(
                        "The column “{}” of {} was left out.",
                        profile.column, source.original_filename
                    ),
                });
            }
        }
    }
    found
}

/// What was found so far, bounded.
#[derive(Default)]
struct Problems {
    found: Vec<Problem>,
    cut_off: bool,
}

impl Problems {
    fn say(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if self.is_full() {
            return;
        }
        self.found.push(Problem {
            field: field.into(),
            message: message.into(),
        });
    }

    /// Whether no more is taken, so that there is no use in looking on.
    fn is_full(&mut self) -> bool {
        self.cut_off |= self.found.len() >= MAX_PROBLEMS;
        self.cut_off
    }

    fn name(&mut self, field: &str, name: &str, taken: &mut HashSet<String>) {
        if let Some(fault) = ident::fault(name) {
            self.say(field, fault);
        } else if !taken.insert(name.to_lowercase()) {
            self.say(
                field,
                format!("{name} occurs twice (upper and lower case count as the same)"),
            );
        }
    }

    fn finish(mut self) -> Vec<Problem> {
        if self.cut_off {
            self.found.push(Problem {
                field: "tables".to_owned(),
                message: format!("there may be more than these {MAX_PROBLEMS} problems"),
            });
        }
        self.found
    }
}

/// A name as messages quote it.
fn shown(name: &str) -> String {
    let mut characters = name.chars();
    let mut text: String = characters.by_ref().take(SHOWN_CHARS).collect();
    if characters.next().is_some() {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests;
