use std::collections::{HashMap, HashSet};

use crate::Dialect;
use crate::number::{self, Notations};
use crate::sniff::Layout;
use crate::sniff::header::header_rows;
use crate::sniff::sample::{Cell, Row, Sample};
use crate::sniff::score::{Best, candidate};

const MOST_ROWS: usize = 1000;
const MOST_PREAMBLE_ROWS: usize = 60;

/// Header, columns, preamble, comments and decimal sign under the dialect that scored best.
pub(crate) fn of_sniffed(sample: &Sample, best: &Best, encoding: &str) -> Option<Layout> {
    let mut dialect = candidate(best.delimiter, best.quote, best.escape);
    encoding.clone_into(&mut dialect.encoding);
    dialect.confidence = best.confidence;
    let mut rows = sample.parse(&dialect, usize::MAX, MOST_ROWS).rows;
    let plain: Vec<usize> = rows
        .iter()
        .filter(|row| !row.hash)
        .map(|row| row.cells.len())
        .collect();
    let common = if best.single_column {
        1
    } else {
        common_length(plain)
    };
    if has_comments(&rows, common) {
        dialect.comment = Some('#');
        rows.retain(|row| !row.hash);
    }
    dialect.sets_aside = true;
    rows.retain(|row| !row.is_rule());
    let start = table_start(&rows, common);
    if start > 0 {
        dialect.skip_lines = rows.get(start)?.line - 1;
    }
    let columns = columns(&rows[start..], common);
    if let Some(header) = rows
        .get(start..)
        .and_then(|table| with_row_names(table, common))
    {
        rows[start] = header;
    }
    let table = &rows[start..];
    let count = header_rows(table, columns);
    dialect.header = count > 0;
    dialect.header_rows = count as u64;
    if decimal_commas(&table[count..]) {
        dialect.decimal = ',';
    }
    Some(layout(dialect, table, columns))
}

/// The columns under a dialect that the user chose.
pub(crate) fn of_chosen(sample: &Sample, chosen: &Dialect) -> Option<Layout> {
    let mut dialect = chosen.clone();
    if !dialect.header {
        dialect.header_rows = 0;
    } else if dialect.header_rows == 0 {
        dialect.header_rows = 1;
    }
    let mut rows = sample.parse(&dialect, usize::MAX, MOST_ROWS).rows;
    if dialect.sets_aside {
        rows.retain(|row| !row.is_rule());
    }
    if rows.is_empty() {
        return None;
    }
    let columns = columns(&rows, common_length(rows.iter().map(|row| row.cells.len())));
    Some(layout(dialect, &rows, columns))
}

fn layout(dialect: Dialect, table: &[Row], columns: usize) -> Layout {
    let count = dialect.header_rows as usize;
    let header: Vec<Vec<String>> = table
        .iter()
        .take(count)
        .map(|row| row.cells.iter().map(|cell| cell.text.clone()).collect())
        .collect();
    Layout {
        dialect,
        columns,
        header,
        header_line: table.first().map_or(1, |row| row.line),
    }
}

/// The most frequent number of fields; of equally frequent ones the larger.
fn common_length(lengths: impl IntoIterator<Item = usize>) -> usize {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for length in lengths {
        *counts.entry(length).or_default() += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(length, count)| (*count, *length))
        .map_or(1, |(length, _)| length)
}

/// As many columns as the header has, or more where many rows have more: one long row is an accident, a fifth of them is
/// not. A header that ends in empty names that no row fills ends before them.
fn columns(table: &[Row], common: usize) -> usize {
    let Some((first, body)) = table.split_first() else {
        return common;
    };
    let own = first.cells.len();
    let named = first.extent();
    let longest = body.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let longer: Vec<usize> = body
        .iter()
        .map(Row::extent)
        .filter(|extent| *extent > own)
        .collect();
    let usual =
        longer.len() * 2 > body.len() || (longer.len() >= 3 && longer.len() * 5 >= body.len());
    let widest = longer.into_iter().max().filter(|_| usual).unwrap_or(0);
    own.min(named.max(longest)).max(widest)
}

/// The first row with an empty name before the others, where all rows below have one field more and begin with a name of
/// their own: R writes the names of rows without naming their column.
fn with_row_names(table: &[Row], common: usize) -> Option<Row> {
    let (first, body) = table.split_first()?;
    let named = first.cells.len() >= 2 && first.filled() == first.cells.len();
    if !named || first.cells.len() + 1 != common || body.len() < 2 {
        return None;
    }
    let fits = |row: &&Row| row.extent() == common && !row.cells[0].trimmed().is_empty();
    let own: HashSet<&str> = body
        .iter()
        .filter(fits)
        .map(|row| row.cells[0].trimmed())
        .collect();
    (own.len() == body.len()).then(|| Row {
        line: first.line,
        hash: first.hash,
        cells: std::iter::once(Cell::default())
            .chain(first.cells.iter().cloned())
            .collect(),
    })
}

/// Lines with `#` are comments where they do not split like the rows; a first one that does is a header.
fn has_comments(rows: &[Row], common: usize) -> bool {
    let hashed: Vec<&Row> = rows.iter().filter(|row| row.hash).collect();
    let above = rows.iter().position(|row| !row.hash).unwrap_or(rows.len());
    if hashed.is_empty() || hashed.len() * 2 > rows.len() + above || above == rows.len() {
        return false;
    }
    if common == 1 {
        // Without a delimiter only a block of notes above the table tells; one line may be its header.
        return above > 1 && above == hashed.len();
    }
    hashed.iter().any(|row| row.cells.len() != common)
}

/// Index of the first row of the table: behind titles and notes, which fill few cells.
fn table_start(rows: &[Row], common: usize) -> usize {
    let mut filled: Vec<usize> = rows
        .iter()
        .filter(|row| row.cells.len() == common)
        .map(Row::filled)
        .collect();
    filled.sort_unstable();
    // The upper quartile: rows of the table may have gaps, titles never fill as much as most rows.
    let usual = filled.get(filled.len() * 3 / 4).copied().unwrap_or(1);
    let sparse = |row: &Row| {
        let count = row.filled();
        (usual >= 3 && count * 3 <= usual)
            || (common >= 2 && row.cells.len() < common && count <= 1)
    };
    let start = rows
        .iter()
        .take(MOST_PREAMBLE_ROWS)
        .position(|row| !sparse(row))
        .unwrap_or(0);
    if start + 1 >= rows.len() { 0 } else { start }
}

/// Whether more cells are numbers only with a decimal comma than only with a decimal point.
fn decimal_commas(body: &[Row]) -> bool {
    let (mut commas, mut points) = (0_usize, 0_usize);
    for cell in body.iter().flat_map(|row| &row.cells) {
        let (_, core, _) = number::strip_affix(cell.trimmed());
        let notations = number::notations_of(core);
        let with = |comma| notations.with_decimal(comma) != Notations::NONE;
        commas += usize::from(with(true) && !with(false));
        points += usize::from(with(false) && !with(true));
    }
    commas > points
}
