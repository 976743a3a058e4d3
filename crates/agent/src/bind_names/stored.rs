//! Names bound to what the dataset holds.

use store::dataset::{CancelFlag, Dataset, QueryLimits};

use super::{Bound, bind_names, same_letters};
use crate::reading::decide::Knowledge;
use crate::sql_name::{literal, written};

/// How long the look-up of one text may take.
const LOOKUP_DEADLINE_MS: u64 = 200;

/// Binds the names and texts of one SELECT to those of the dataset; `None` when nothing is to be changed.
pub fn bound_to(
    sql: &str,
    known: &Knowledge,
    dataset: &dyn Dataset,
    cancel: &CancelFlag,
) -> Option<Bound> {
    let lookup = |table: &str, column: &str, text: &str| {
        stored_text(dataset, known, (table, column), text, cancel)
    };
    bind_names(sql, &known.schema, &lookup)
}

/// The one stored text that `text` differs from in case, accents or blanks alone. The index knows only so many of a column,
/// so that the database is asked whether `text` itself is stored.
fn stored_text(
    dataset: &dyn Dataset,
    known: &Knowledge,
    (table, column): (&str, &str),
    text: &str,
    cancel: &CancelFlag,
) -> Option<String> {
    let id = known.data.column(known.data.table(table)?, column)?;
    let mut like = known
        .values
        .of(id)
        .filter(|value| same_letters(value, text));
    let only = like.next()?;
    if only == text || like.next().is_some() {
        return None;
    }
    let limits = QueryLimits {
        max_rows: 1,
        deadline_ms: LOOKUP_DEADLINE_MS,
        ..QueryLimits::default()
    };
    let (table, column, text) = (written(table), written(column), literal(text));
    let sql = format!("SELECT 1 FROM {table} WHERE {column} = {text} LIMIT 1");
    let found = dataset.query(&sql, limits, cancel).ok()?;
    found.rows.is_empty().then(|| only.to_owned())
}
