//! What of a model's answer holds.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use super::{Change, Proposal, ProposalError, ProposedReference};
use crate::facts::{self, At, TableFacts};
use crate::ident::{self, NameScope};
use crate::keys;
use crate::model::{Cardinality, Evidence, Orphans, Relationship, Schema, UNIQUE};
use crate::relations::{self, Candidate};
use crate::{Source, build, edit, validate};

/// Log-odds below which the built-in weights contradict a reference, whatever the model says.
const LEAST_WEIGHT: f64 = -1.0;
const MOST_DESCRIPTION_CHARS: usize = 300;
const MOST_REASONING_CHARS: usize = 1_500;
const MOST_CHANGE_CHARS: usize = 300;

/// Takes over what holds of a model's answer and says of each proposal what became of it.
///
/// A name is changed only where the file gives none that can be used. A reference is added only where every row agrees
/// with it and the built-in weights do not speak against it; an existing one is never removed or redirected.
pub fn merge_proposal(
    schema: &Schema,
    sources: &[Source],
    answer_json: &str,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<(Schema, Vec<Change>), ProposalError> {
    let proposal: Proposal = serde_json::from_str(without_fence(answer_json))?;
    let mut merged = schema.clone();
    let mut changes = Vec::new();
    if !proposal.relationships.is_empty() {
        add_references(&mut merged, sources, &proposal, &mut changes, go_on)?;
    }
    describe(&mut merged, &proposal, &mut changes);
    rename(&mut merged, &proposal, &mut changes);
    let reasoning = plain(&proposal.reasoning, MOST_REASONING_CHARS);
    if !reasoning.is_empty() {
        merged.reasoning = format!(
            "{}\n\nThe language model adds: {reasoning}",
            merged.reasoning
        );
        changes.push(change(
            "reasoning",
            true,
            "added to the reasoning".to_owned(),
        ));
    }
    merged.derive_references();
    // They quote what a model wrote.
    for change in &mut changes {
        change.message = plain(&change.message, MOST_CHANGE_CHARS);
    }
    crate::fit_texts(&mut merged);
    match validate(&merged, sources).into_iter().next() {
        None => Ok((merged, changes)),
        Some(problem) => Err(ProposalError::Unsound(format!(
            "{}: {}",
            problem.field, problem.message
        ))),
    }
}

fn change(kind: &'static str, accepted: bool, message: String) -> Change {
    Change {
        kind,
        accepted,
        message,
    }
}

/// The JSON without the Markdown fence that models like to put around it.
fn without_fence(answer: &str) -> &str {
    match (answer.find('{'), answer.rfind('}')) {
        (Some(start), Some(end)) if start < end => &answer[start..=end],
        _ => answer,
    }
}

fn plain(text: &str, most: usize) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .filter(|character| !ident::is_hidden(*character))
        .take(most)
        .collect()
}

fn add_references(
    schema: &mut Schema,
    sources: &[Source],
    proposal: &Proposal,
    changes: &mut Vec<Change>,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Result<(), ProposalError> {
    let cancelled = AtomicBool::new(false);
    let tables = facts::gather(sources, &cancelled, &|_, _| go_on())?;
    let keys: Vec<Vec<keys::Candidate>> = tables
        .iter()
        .map(|table| {
            let mut candidates = keys::single_candidates(table);
            keys::prefer_referred(&mut candidates, &|column| {
                is_referred_to(schema, table, column)
            });
            candidates
        })
        .collect();
    for wish in &proposal.relationships {
        let name = format!(
            "{}.{} -> {}.{}",
            wish.from_table, wish.from_column, wish.to_table, wish.to_column
        );
        match judge(schema, &tables, &keys, wish) {
            Ok(Some(candidate)) => {
                add(schema, wish, &candidate);
                changes.push(change("relationship", true, format!("{name} was added")));
            }
            Ok(None) => {}
            Err(reason) => {
                changes.push(change(
                    "relationship",
                    false,
                    format!("{name} was refused: {reason}"),
                ));
            }
        }
    }
    crate::align_types(schema, sources);
    build::add_indexes(schema);
    edit::recompute_evidence(schema, sources, go_on)?;
    Ok(())
}

/// Whether a reference of the schema leads to this column of a file.
fn is_referred_to(schema: &Schema, table: &TableFacts<'_>, column: usize) -> bool {
    let source_column = Some(&table.columns[column].profile.column);
    schema.relationships.iter().any(|reference| {
        let to = schema.table(&reference.to_table);
        to.filter(|to| to.source.csv_id == table.source.csv_id)
            .zip(reference.to_columns.first())
            .and_then(|(to, column)| to.column(column)?.source_column.as_ref())
            == source_column
            && reference.to_columns.len() == 1
    })
}

/// The evidence for a wished reference, `None` where it stands already, or why it is refused.
fn judge(
    schema: &Schema,
    tables: &[TableFacts<'_>],
    keys: &[Vec<keys::Candidate>],
    wish: &ProposedReference,
) -> Result<Option<Candidate>, String> {
    let from = place(schema, tables, &wish.from_table, &wish.from_column)?;
    let to = place(schema, tables, &wish.to_table, &wish.to_column)?;
    let same_source = schema.relationships.iter().find(|own| {
        own.from_table == wish.from_table && own.from_columns.contains(&wish.from_column)
    });
    if let Some(own) = same_source {
        let stands = own.to_table == wish.to_table && own.to_columns.contains(&wish.to_column);
        if stands {
            return Ok(None);
        }
        return Err(format!(
            "the data speak for {}.{}",
            own.to_table,
            own.to_columns.join("+")
        ));
    }
    let back = schema.relationships.iter().any(|own| {
        own.from_table == wish.to_table
            && own.from_columns == [wish.to_column.as_str()]
            && own.to_table == wish.from_table
            && own.to_columns == [wish.from_column.as_str()]
    });
    if back {
        return Err("the reference runs the other way".to_owned());
    }
    let candidate = relations::weigh(tables, keys, from, to)
        .ok_or_else(|| "values are missing on the other side, or it is not unique".to_owned())?;
    if candidate.orphan_rows > 0 {
        return Err(format!(
            "{} rows would refer to nothing",
            candidate.orphan_rows
        ));
    }
    if candidate.weight < LEAST_WEIGHT {
        return Err(
            "the values fit, but so do those of many columns; names and types speak against it"
                .to_owned(),
        );
    }
    Ok(Some(candidate))
}

/// Position of a column in the files.
fn place(
    schema: &Schema,
    tables: &[TableFacts<'_>],
    table: &str,
    column: &str,
) -> Result<At, String> {
    let own = schema
        .table(table)
        .ok_or_else(|| format!("there is no table {table}"))?;
    let source_column = own
        .column(column)
        .ok_or_else(|| format!("{table} has no column {column}"))?
        .source_column
        .as_ref();
    let at = tables
        .iter()
        .position(|facts| facts.source.csv_id == own.source.csv_id);
    let found = at.and_then(|at| {
        let columns = &tables[at].columns;
        let position = columns
            .iter()
            .position(|facts| Some(&facts.profile.column) == source_column)?;
        Some((at, position))
    });
    found.ok_or_else(|| format!("{table}.{column} is in no file"))
}

fn add(schema: &mut Schema, wish: &ProposedReference, candidate: &Candidate) {
    let mut reasons = candidate.reasons.clone();
    reasons.push("proposed by the language model".to_owned());
    schema.relationships.push(Relationship {
        from_table: wish.from_table.clone(),
        from_columns: vec![wish.from_column.clone()],
        to_table: wish.to_table.clone(),
        to_columns: vec![wish.to_column.clone()],
        cardinality: Cardinality::ManyToOne,
        confidence: candidate.confidence(),
        evidence: Evidence {
            reasons,
            ..Evidence::default()
        },
        orphans: Orphans::default(),
        even_out: Vec::new(),
    });
    let target = schema
        .tables
        .iter_mut()
        .find(|table| table.name == wish.to_table);
    if let Some(table) = target
        && table.primary_key != [wish.to_column.as_str()]
        && let Some(column) = table
            .columns
            .iter_mut()
            .find(|column| column.name == wish.to_column)
    {
        column.require(UNIQUE);
    }
}

fn describe(schema: &mut Schema, proposal: &Proposal, changes: &mut Vec<Change>) {
    for wish in &proposal.tables {
        let Some(table) = schema
            .tables
            .iter_mut()
            .find(|table| table.name == wish.table)
        else {
            continue;
        };
        let mut set = |slot: &mut Option<String>, wish: Option<&String>, of: String| {
            let text = wish
                .map(|text| plain(text, MOST_DESCRIPTION_CHARS))
                .unwrap_or_default();
            if !text.is_empty() && slot.is_none() {
                *slot = Some(text);
                changes.push(change("description", true, format!("{of} was described")));
            }
        };
        set(
            &mut table.description,
            wish.description.as_ref(),
            table.name.clone(),
        );
        for wish in &wish.columns {
            if let Some(column) = table
                .columns
                .iter_mut()
                .find(|column| column.name == wish.column)
            {
                let of = format!("{}.{}", table.name, column.name);
                set(&mut column.description, wish.description.as_ref(), of);
            }
        }
    }
}

/// Gives columns without a usable name of their own the name the model found.
fn rename(schema: &mut Schema, proposal: &Proposal, changes: &mut Vec<Change>) {
    let mut renamed: HashMap<(String, String), String> = HashMap::new();
    for wish in &proposal.tables {
        let Some(table) = schema
            .tables
            .iter_mut()
            .find(|table| table.name == wish.table)
        else {
            continue;
        };
        let mut names = NameScope::default();
        for column in &table.columns {
            names.claim(&column.name, "column");
        }
        for wish in &wish.columns {
            let Some(new_name) = wish
                .new_name
                .as_ref()
                .filter(|name| !name.trim().is_empty())
            else {
                continue;
            };
            let Some(column) = table
                .columns
                .iter_mut()
                .find(|column| column.name == wish.column)
            else {
                continue;
            };
            if column.name.eq_ignore_ascii_case(new_name) {
                continue;
            }
            let what = format!("{}.{}", table.name, column.name);
            if !is_nameless(&column.name) {
                let message = format!("{what} keeps its name: the file gives one");
                changes.push(change("name", false, message));
                continue;
            }
            let name = names.claim(new_name, &column.name).name;
            changes.push(change("name", true, format!("{what} is named {name}")));
            renamed.insert((table.name.clone(), column.name.clone()), name.clone());
            table
                .primary_key
                .iter_mut()
                .filter(|key| **key == column.name)
                .for_each(|key| key.clone_from(&name));
            column.name = name;
        }
    }
    follow_names(schema, &renamed);
}

/// `column_3`, as the reader calls a column without a heading.
fn is_nameless(name: &str) -> bool {
    ident::fault(name).is_none()
        && name.strip_prefix("column_").is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|character| character.is_ascii_digit())
        })
}

fn follow_names(schema: &mut Schema, renamed: &HashMap<(String, String), String>) {
    let follow = |table: &str, columns: &mut Vec<String>| {
        for column in columns {
            if let Some(name) = renamed.get(&(table.to_owned(), column.clone())) {
                column.clone_from(name);
            }
        }
    };
    for relationship in &mut schema.relationships {
        follow(&relationship.from_table, &mut relationship.from_columns);
        follow(&relationship.to_table, &mut relationship.to_columns);
        for rival in &mut relationship.evidence.rivals {
            follow(&rival.table, &mut rival.columns);
        }
    }
    for index in &mut schema.indexes {
        follow(&index.table, &mut index.columns);
    }
}
