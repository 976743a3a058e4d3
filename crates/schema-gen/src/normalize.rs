//! Normal forms: what of a wide file had better be a table of its own, proven on the file, as suggestions that a person (or
//! `normalize: true`) accepts.
//!
//! Never async, no network, no SQL. A suggestion is a patch of the schema with its evidence; a false one is worse than none, so
//! there are few: only what no accident explains, what saves cells, and what gives the file back when it is joined.

mod columns;
mod dependencies;
mod determinants;
mod draft;
mod fixed;
mod groups;
mod lists;
mod naming;
mod patch;
mod proof;
mod splits;

pub(crate) use draft::{counted, grouped};
pub use patch::{DroppedColumns, NotApplicable, Patch, apply, put};

use crate::model::{SourceRows, Suggestion, Table};
use crate::{OnStep, Schema, SchemaError, Source, Step, validate};

/// Suggestions for one file, those first that save the most.
const MOST_OF_A_FILE: usize = 5;
/// Suggestions of a schema, besides those that are there.
const MOST: usize = 40;
/// Begins the paragraph of the reasoning that says what was split.
const SPLIT: &str = "Split: ";

/// What could be normalised in each file. `go_on` is asked now and then; `false` gives [`SchemaError::Cancelled`].
pub fn suggest(
    schema: &Schema,
    sources: &[Source],
    on_step: OnStep<'_>,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Suggestion>, SchemaError> {
    let mut suggestions = Vec::new();
    let mut given = Vec::new();
    let total = sources.len() as u64;
    for (done, source) in (1..).zip(sources) {
        for place in 0..schema.tables.len() {
            let table = &schema.tables[place];
            let is_its_own =
                table.source.csv_id == source.csv_id && table.source.rows == SourceRows::All;
            if is_its_own && suggestions.len() < MOST {
                suggestions.extend(of_table(schema, place, source, sources, &mut given, go_on)?);
            }
        }
        let step = Step {
            stage: "normalisation",
            message: format!("Looked for tables within {}.", source.original_filename),
            done,
            total,
        };
        if !on_step(step) {
            return Err(SchemaError::Cancelled);
        }
    }
    suggestions.truncate(MOST);
    Ok(suggestions)
}

fn of_table(
    schema: &Schema,
    place: usize,
    source: &Source,
    sources: &[Source],
    given: &mut Vec<String>,
    go_on: &dyn Fn() -> bool,
) -> Result<Vec<Suggestion>, SchemaError> {
    let table: &Table = &schema.tables[place];
    let mut fixed = fixed::Fixed::of(schema, table);
    let mut drafts: Vec<draft::Draft> = Vec::new();
    // What becomes rows stays out of the splits, so that all can be accepted in any order.
    for group in groups::find(table, source, &fixed)? {
        let draft = draft::group(schema, table, &group, given);
        group
            .columns
            .iter()
            .for_each(|&place| fixed.stays[place] = true);
        drafts.extend(draft);
    }
    for list in lists::find(table, source, &fixed, go_on)? {
        fixed.stays[list.column] = true;
        drafts.extend(draft::list(schema, table, &list, given));
    }
    let Some(found) = columns::load(schema, place, source, go_on)? else {
        return Ok(Vec::new());
    };
    let mut splits = splits::find(table, source, &found, &fixed, go_on)?;
    let rows = found.lines.len();
    splits.sort_by_key(|split| (std::cmp::Reverse(split.saved(rows)), split.key.clone()));
    drafts.extend(
        splits
            .iter()
            .filter_map(|split| draft::draft(schema, table, &found, split, given)),
    );
    drafts.truncate(MOST_OF_A_FILE);
    drop(found);
    let mut tried = Vec::with_capacity(drafts.len());
    for draft in drafts {
        if let Ok(after) = patch::put(schema, &draft.patch)
            && validate(&after, sources).is_empty()
        {
            tried.push((draft, after));
        }
    }
    if tried.is_empty() {
        return Ok(Vec::new());
    }
    let (drafts, after): (Vec<_>, Vec<_>) = tried.into_iter().unzip();
    let proofs = proof::prove(schema, &table.name, &after, source, go_on)?;
    Ok(drafts
        .into_iter()
        .zip(proofs)
        .filter_map(|(draft, proof)| draft.finish(&proof?))
        .collect())
}

/// Whether nothing is lost by accepting the suggestion, as its proof found.
pub fn is_safe(suggestion: &Suggestion) -> bool {
    suggestion.evidence.get("safe") == Some(&serde_json::Value::Bool(true))
}

/// The schema with all `suggestions` that lose nothing accepted; the others are left to the user.
pub fn accept_safe(mut schema: Schema, suggestions: Vec<Suggestion>) -> Schema {
    let mut accepted = Vec::new();
    let mut left = Vec::new();
    for suggestion in suggestions {
        match is_safe(&suggestion).then(|| apply(&schema, &suggestion)) {
            Some(Ok(changed)) => {
                schema = changed;
                accepted.push(told(&suggestion));
            }
            Some(Err(_)) | None => left.push(suggestion),
        }
    }
    if !accepted.is_empty() {
        schema.reasoning = format!("{}\n\n{SPLIT}{}", schema.reasoning, accepted.join(" "));
        crate::fit_texts(&mut schema);
    }
    schema.suggestions.extend(left);
    schema
}

/// A suggestion and why, in a line.
fn told(suggestion: &Suggestion) -> String {
    let text = |value: Option<&serde_json::Value>| -> String {
        value
            .and_then(|value| value.as_str())
            .unwrap_or_default()
            .to_owned()
    };
    let evidence = &suggestion.evidence;
    let why = text(evidence.pointer("/why/0"));
    let proof = text(evidence.pointer("/proof/text"));
    format!(
        "{} ({} {proof}).",
        suggestion.title,
        why.trim_end_matches('.').to_owned() + ";"
    )
}

#[cfg(test)]
mod tests;
