//! What a row of a table is, and which column names it.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::{Value, json};

use super::merge::{Asked, Merging, plain};
use super::prompt::{short, told, values};
use super::{AnswerError, Change, Piece, What};
use crate::model::{Column, Table};
use crate::names::Words;
use crate::{Schema, Source};

const MOST_TOKENS: i32 = 80;
const MOST_CHARS: usize = 160;
/// Characters from which on a value is not found in a text by chance.
const TELLING_CHARS: usize = 4;
/// Fewer rows say nothing of what tells them apart.
const FEW_ROWS: u64 = 20;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    row: String,
    #[serde(default)]
    label: Option<String>,
}

pub fn ask(piece: &Piece, schema: &Schema, sources: &[Source]) -> Option<(String, Value, i32)> {
    let table = &schema.tables[piece.table.table(schema)?];
    let labels = possible_labels(schema, piece.table.table(schema)?, sources);
    let wants_label = labels.len() > 1 && table.label.is_none();
    if table.description.is_some() && !wants_label {
        return None;
    }
    let mut text = told(table, schema, sources);
    let mut properties = json!({"row": {"type": "string", "maxLength": MOST_CHARS}});
    let mut required = vec!["row"];
    let _ = write!(
        text,
        "row: what one row of {} is, in one sentence of at most 12 words, without values",
        short(&table.name)
    );
    if wants_label {
        text.push_str("\nlabel: the column by which a person recognises a row");
        properties["label"] = json!({"enum": labels});
        required.push("label");
    }
    let format = json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false
    });
    Some((text, format, MOST_TOKENS))
}

pub fn take(asked: &Asked<'_>, answer: &str, merging: &mut Merging<'_>) -> Result<(), AnswerError> {
    let answer: Answer = super::merge::read(answer)?;
    let Some(at) = asked.piece.table.table(merging.schema()) else {
        return Ok(());
    };
    let name = merging.schema().tables[at].name.clone();
    let change = |what, value: String| Change {
        what,
        table: name.clone(),
        column: None,
        value,
        refused: None,
    };
    let row = plain(&answer.row, MOST_CHARS);
    if !row.is_empty() {
        let mut change = change(What::Description, row);
        change.refused = repeats_values(merging.schema(), at, &change.value, asked.sources);
        merging.propose(change);
    }
    // One that is called so needs nobody's word.
    let is_clear = merging.schema().tables[at].columns.iter().any(is_named_so);
    if let Some(label) = answer.label.filter(|_| !is_clear) {
        let mut change = change(What::Label, label);
        change.refused = label_fault(merging.schema(), at, &change.value, asked.sources);
        merging.propose(change);
    }
    Ok(())
}

/// Why it describes nothing: small models copy a row instead.
fn repeats_values(schema: &Schema, at: usize, text: &str, sources: &[Source]) -> Option<String> {
    let table = &schema.tables[at];
    let source = sources
        .iter()
        .find(|source| source.csv_id == table.source.csv_id);
    let columns = table.columns.iter();
    let repeated = columns.filter(|column| {
        let values = values(column, source);
        let mut told = values
            .iter()
            .filter(|value| value.chars().count() >= TELLING_CHARS);
        told.any(|value| text.contains(value.as_str()))
    });
    (repeated.count() > 1).then(|| "it repeats values of the file".to_owned())
}

/// Columns that may name a row by what the file holds; none where one is called so.
fn possible_labels<'t>(schema: &'t Schema, at: usize, sources: &[Source]) -> Vec<&'t str> {
    let table = &schema.tables[at];
    if table.columns.iter().any(is_named_so) {
        return Vec::new();
    }
    let names = table.columns.iter().map(|column| column.name.as_str());
    names
        .filter(|name| label_fault(schema, at, name, sources).is_none())
        .collect()
}

/// `name`, `title`: what names a row by its own name.
fn is_named_so(column: &Column) -> bool {
    column.column_type == ingest::ColumnType::Text && Words::of_column(&column.name).is_label()
}

fn may_name(schema: &Schema, table: &Table, column: &Column) -> bool {
    column.column_type == ingest::ColumnType::Text
        && !schema.relationships.iter().any(|reference| {
            reference.from_table == table.name && reference.from_columns.contains(&column.name)
        })
}

/// Why the column cannot name a row.
fn label_fault(schema: &Schema, at: usize, label: &str, sources: &[Source]) -> Option<String> {
    let table = &schema.tables[at];
    let Some(column) = table.column(label) else {
        return Some("there is no such column".to_owned());
    };
    if !may_name(schema, table, column) {
        return Some("it holds no words of its own".to_owned());
    }
    let source = sources
        .iter()
        .find(|source| source.csv_id == table.source.csv_id)?;
    let profile = source
        .analysis
        .columns
        .iter()
        .find(|profile| Some(&profile.column) == column.source_column.as_ref())?;
    let rows = source.analysis.row_count;
    let filled = rows - profile.null_count.min(rows);
    let tells_apart = rows < FEW_ROWS || profile.distinct_count * 2 >= filled;
    if tells_apart && filled * 2 >= rows {
        None
    } else {
        Some(format!(
            "it has {} different values in {rows} rows",
            profile.distinct_count
        ))
    }
}
