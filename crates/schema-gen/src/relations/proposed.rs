//! References that are proposed and not taken: what the search for them has in common.

use std::collections::{HashMap, HashSet};

use super::{Choice, Composite, almost, near};
use crate::facts::{At, TableFacts};
use crate::keys;
use crate::model::Suggestion;
use crate::{Schema, SchemaError, Source};

/// Suggestions of a schema.
const MOST: usize = 20;

/// Columns that refer already, and whether all their rows do.
#[derive(Debug, Default)]
pub struct Settled {
    /// Where a column refers to -> rows that refer to nothing.
    chosen: HashMap<At, (At, u64)>,
    composite: HashSet<At>,
}

impl Settled {
    pub fn of(choice: &Choice, composites: &[Composite]) -> Self {
        let chosen = choice.chosen.iter();
        let of_composite = |own: &Composite| -> Vec<At> {
            let columns = own.from_columns.iter();
            columns.map(|column| (own.from_table, *column)).collect()
        };
        Self {
            chosen: chosen
                .map(|own| (own.from, (own.to, own.orphan_rows)))
                .collect(),
            composite: composites.iter().flat_map(of_composite).collect(),
        }
    }

    /// Whether the column refers to nothing yet.
    pub fn is_free(&self, from: At) -> bool {
        !self.chosen.contains_key(&from) && !self.composite.contains(&from)
    }

    /// Whether the column may still come to refer to the key, or do so in more rows.
    pub fn leaves(&self, from: At, to: At) -> bool {
        let is_left = self
            .chosen
            .get(&from)
            .is_none_or(|(chosen, orphan_rows)| *chosen == to && *orphan_rows > 0);
        is_left && !self.composite.contains(&from)
    }
}

/// Proposals to even out spellings, then references that almost hold.
pub fn suggest(
    schema: &Schema,
    sources: &[Source],
    tables: &mut [TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    settled: &Settled,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Suggestion>, SchemaError> {
    let mut suggestions = near::suggest(schema, sources, tables, all_keys, settled, go_on)?;
    let passed = |from: At| {
        let id = near::id(schema, from);
        suggestions.iter().any(|own| own.id == id)
    };
    let others = almost::suggest(schema, sources, tables, all_keys, settled, &passed)?;
    suggestions.extend(others);
    suggestions.truncate(MOST);
    Ok(suggestions)
}

pub fn as_sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// `table.column`.
pub fn named(schema: &Schema, at: At) -> String {
    let table = &schema.tables[at.0];
    format!("{}.{}", table.name, table.columns[at.1].name)
}
