//! Why a record is no row, in words, with all its text.

use ingest::Record;
use schema_gen::model::{Relationship, SourceRows, Table};
use schema_gen::rows::{MAX_ROW_BYTES, Part, Unfit};

use super::LoadSource;
use crate::dataset::quarantine::QuarantinedRow;
use crate::dataset::sandbox::message_of;

pub(super) struct Refusal {
    /// Column of the file, where one is to blame.
    column: Option<String>,
    reason: String,
}

impl Refusal {
    pub fn unfit(table: &Table, part: &Part, unfit: &Unfit) -> Self {
        match unfit {
            Unfit::Value { place, error } => Self {
                column: source_column(table, *place, part),
                reason: error.to_string(),
            },
            Unfit::TooLong { bytes } => Self {
                column: None,
                reason: too_long(*bytes),
            },
        }
    }

    pub fn empty_key(table: &Table, part: &Part, place: usize) -> Self {
        let name = table.columns.get(place).map_or("", |column| &column.name);
        Self {
            column: source_column(table, place, part),
            reason: is_empty(name),
        }
    }

    /// A foreign key that leads nowhere.
    pub fn orphan(column: Option<String>, reason: String) -> Self {
        Self { column, reason }
    }

    /// From SQLite's message about a constraint, which names the columns.
    pub fn constraint(table: &Table, part: &Part, error: &rusqlite::Error) -> Self {
        let (names, reason) = broken_constraint(table, error);
        let column = match names.as_slice() {
            [name] => table
                .columns
                .iter()
                .position(|column| column.name == *name)
                .and_then(|place| source_column(table, place, part)),
            _ => None,
        };
        Self { column, reason }
    }

    pub fn quarantined(
        self,
        source: &LoadSource,
        table: &Table,
        record: &Record,
    ) -> QuarantinedRow {
        QuarantinedRow {
            table: table.name.clone(),
            csv_id: source.csv_id.clone(),
            file: source.original_filename.clone(),
            line: record.line,
            column: self.column,
            reason: self.reason,
            raw: as_csv(record, source.analysis.dialect.delimiter),
        }
    }
}

/// The columns that SQLite's message about a constraint names, and the reason in words.
pub(in crate::dataset) fn broken_constraint(
    table: &Table,
    error: &rusqlite::Error,
) -> (Vec<String>, String) {
    let message = message_of(error);
    let Some((kind, columns)) = message.split_once(" constraint failed: ") else {
        return (Vec::new(), message);
    };
    let prefix = format!("{}.", table.name);
    let names: Vec<String> = columns
        .split(", ")
        .map(|column| column.strip_prefix(&prefix).unwrap_or(column).to_owned())
        .collect();
    let listed = names.join(", ");
    let reason = match kind {
        "NOT NULL" => is_empty(&listed),
        "UNIQUE" => format!("an earlier row has the same {listed}"),
        _ => format!("{listed} is outside what the column allows"),
    };
    (names, reason)
}

pub(in crate::dataset) fn is_empty(column: &str) -> String {
    format!("{column} is empty, and must not be")
}

pub(in crate::dataset) fn too_long(bytes: usize) -> String {
    format!("the row has {bytes} bytes of text, more than the {MAX_ROW_BYTES} that can be queried")
}

/// A reference that leads nowhere.
pub(in crate::dataset) fn no_partner(relationship: &Relationship) -> String {
    format!(
        "{} refers to a row of {} that is not there",
        relationship.from_columns.join(", "),
        relationship.to_table
    )
}

/// The file's name for the column that the table's column at `place` has its text from.
pub(in crate::dataset) fn source_column(
    table: &Table,
    place: usize,
    part: &Part,
) -> Option<String> {
    let column = table.columns.get(place)?;
    match (&table.source.rows, part) {
        (SourceRows::Unpivot(group), Part::Column(at)) if column.name == group.value_column => {
            group.columns.get(*at).cloned()
        }
        _ => column.source_column.clone(),
    }
}

/// A text as a field of a record (RFC 4180); quotes alone for empty text, since nothing stands for null.
pub(in crate::dataset) fn csv_field(text: &str, delimiter: char) -> String {
    if text.is_empty() || text.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// The record's fields (RFC 4180, with the file's delimiter). Nothing stands for null, quotes alone for empty text.
fn as_csv(record: &Record, delimiter: char) -> String {
    let fields: Vec<String> = record
        .fields
        .iter()
        .map(|field| {
            let text = field.as_deref();
            text.map_or_else(String::new, |text| csv_field(text, delimiter))
        })
        .collect();
    fields.join(&delimiter.to_string())
}
