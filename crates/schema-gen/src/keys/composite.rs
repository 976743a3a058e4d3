//! Unique combinations of two to four columns, checked exactly.

use crate::facts::{ColumnFacts, TableFacts};
use crate::values::{self, Values};

pub const MAX_ARITY: usize = 4;
/// Only the likeliest columns take part, so that the number of combinations stays small.
const MAX_COLUMNS: usize = 12;
/// A combination dearer than this is an accident of the data rather than a key.
const MAX_COST: f64 = 4.0;

/// The columns of `run`, which link tables, that tell the rows apart: all of them where `whole`, else as few of the first
/// as are needed; with the column that follows where a small table needs it.
pub fn leading(table: &TableFacts<'_>, run: &[usize], whole: bool) -> Option<Vec<usize>> {
    let run = &run[..run.len().min(MAX_ARITY + 1)];
    let least = if whole { run.len() } else { 2 };
    for length in least..=run.len() {
        if is_unique(table, &run[..length]) {
            return Some(run[..length].to_vec());
        }
    }
    if !whole {
        return None;
    }
    let next = run.len();
    let follower = table.columns.get(next)?;
    let fit = affinity(follower, false) >= 0.4;
    let extended: Vec<usize> = run.iter().copied().chain([next]).collect();
    (fit && is_unique(table, &extended)).then_some(extended)
}

/// The cheapest minimal unique combination; empty when there is none.
pub fn search(table: &TableFacts<'_>, refers: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut costs: Vec<(usize, f64)> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| {
            column.distinct() > 1
                && column
                    .values
                    .as_ref()
                    .is_some_and(|values| values.null_count == 0)
        })
        .map(|(position, column)| {
            let cost = 1.5 - affinity(column, refers(position)) + 0.06 * position as f64;
            (position, cost)
        })
        .collect();
    costs.sort_by(|one, other| one.1.total_cmp(&other.1));
    costs.truncate(MAX_COLUMNS);
    let mut combinations: Vec<(f64, Vec<usize>)> = Vec::new();
    subsets(&costs, 0, &mut Vec::new(), 0.0, &mut combinations);
    combinations.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    combinations
        .into_iter()
        .map(|(_, columns)| columns)
        .find(|columns| could_be_unique(table, columns) && is_unique(table, columns))
        .map(|mut columns| {
            columns.sort_unstable();
            columns
        })
        .unwrap_or_default()
}

fn subsets(
    costs: &[(usize, f64)],
    start: usize,
    chosen: &mut Vec<usize>,
    cost: f64,
    found: &mut Vec<(f64, Vec<usize>)>,
) {
    if chosen.len() >= 2 {
        found.push((cost, chosen.clone()));
    }
    if chosen.len() == MAX_ARITY {
        return;
    }
    for (next, &(column, own)) in costs.iter().enumerate().skip(start) {
        if cost + own <= MAX_COST {
            chosen.push(column);
            subsets(costs, next + 1, chosen, cost + own, found);
            chosen.pop();
        }
    }
}

/// How much a column is like part of a key, 0 to 1.
fn affinity(column: &ColumnFacts<'_>, refers: bool) -> f64 {
    let words = &column.words;
    if refers {
        return 1.0;
    }
    if words.is_id {
        return 0.9;
    }
    if column.is_temporal() || words.is_time() {
        return 0.6;
    }
    if words.is_measure {
        return 0.1;
    }
    match column.profile.max_length {
        _ if !column.is_text() => 0.45,
        0..=40 => 0.5,
        41..=80 => 0.3,
        _ => 0.1,
    }
}

fn could_be_unique(table: &TableFacts<'_>, columns: &[usize]) -> bool {
    columns
        .iter()
        .map(|&column| table.columns[column].distinct() as f64)
        .product::<f64>()
        >= table.row_count as f64
}

/// Whether no two rows agree in all of the columns and none of them is null.
pub fn is_unique(table: &TableFacts<'_>, columns: &[usize]) -> bool {
    let values: Option<Vec<&Values>> = columns
        .iter()
        .map(|&column| table.columns[column].values.as_ref())
        .collect();
    values.is_some_and(|values| values::is_unique_combination(&values))
}
