//! The cells of a table as its file has them.

use ingest::Outcome;

use crate::model::Table;
use crate::{SchemaError, Source, values};

/// The cells of some rows of a file as they are written, those of one row joined by a comma.
pub fn raw_cells(
    table: &Table,
    source: &Source,
    columns: &[String],
    rows: &[usize],
) -> Result<Vec<String>, SchemaError> {
    let fields: Vec<usize> = columns
        .iter()
        .filter_map(|name| table.column(name)?.source_column.as_ref())
        .filter_map(|name| {
            let profiles = &source.analysis.columns;
            profiles.iter().position(|profile| &profile.column == name)
        })
        .collect();
    let Some(&last) = rows.iter().max() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut number = 0;
    for outcome in values::open(source)? {
        let Outcome::Row(record) = outcome.map_err(|error| values::failed(source, error))? else {
            continue;
        };
        if rows.contains(&number) {
            let cells: Vec<&str> = fields
                .iter()
                .filter_map(|&field| record.fields.get(field)?.as_deref())
                .collect();
            found.push(cells.join(", ").chars().take(80).collect());
        }
        if number == last {
            break;
        }
        number += 1;
    }
    Ok(found)
}
