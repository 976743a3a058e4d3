//! Parts of the lists, filtered and counted, and the lists as tables to take away.

use std::path::Path;
use std::time::{Duration, Instant};

use ingest::{Dialect, fields_of};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};
use schema_gen::Source;
use serde_json::Value as Json;

use super::{
    CELL_COLUMNS, Emptied, EmptiedPage, Form, Quarantine, QuarantinePage, ROW_COLUMNS, SetAside,
    open, read_cell, read_row,
};
use crate::dataset::sandbox::timed_out;
use crate::dataset::{CancelFlag, ResultColumn};
use crate::{Result, StoreError};

/// Most rows of one page.
const MAX_PAGE: u64 = 1_000;
/// Most values that are counted by name.
const MAX_VALUES: u64 = 50;
/// Time for one page with its counts.
const DEADLINE_MS: u64 = 10_000;
/// Operations of SQLite between two looks at the clock.
const LOOK_EVERY: i32 = 1_000;

/// What of a list is wanted; what is `None` lets everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceFilter {
    pub table: Option<String>,
    /// Column of the file; of the table where the file has none.
    pub column: Option<String>,
    /// [`SetAside::kind`], or the reason of a cell.
    pub reason: Option<String>,
    /// Id of the upload.
    pub csv_id: Option<String>,
    /// Part of the text, the reason or the file's name; letters of ASCII in any case.
    pub search: Option<String>,
    /// What was mended, in place of what is still to be.
    pub mended: bool,
}

/// How many there are by table, column, reason and file, each counted with all parts of the filter but its own; the most
/// frequent first, at most 50 of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    pub tables: Vec<ValueCount>,
    pub columns: Vec<ValueCount>,
    pub reasons: Vec<ValueCount>,
    pub files: Vec<FileCount>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    pub value: String,
    pub count: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCount {
    pub csv_id: String,
    pub file: String,
    pub count: u64,
}

/// One of the two lists, as SQL.
struct List {
    from: &'static str,
    columns: &'static str,
    column: &'static str,
    reason: &'static str,
    text: &'static str,
}

impl List {
    fn rows(quarantine: &Quarantine) -> Self {
        Self {
            from: quarantine.rows(),
            columns: ROW_COLUMNS,
            column: "column_name",
            reason: "kind",
            text: "raw",
        }
    }

    fn cells(quarantine: &Quarantine) -> Self {
        Self {
            from: quarantine.cells(),
            columns: CELL_COLUMNS,
            column: "coalesce(column_name, table_column)",
            reason: "reason",
            text: "text",
        }
    }

    /// What the filter lets through; its values are bound in the order of [`bound`].
    fn wanted(&self, filter: &PlaceFilter) -> String {
        let Self {
            from,
            column,
            reason,
            text,
            ..
        } = self;
        let mended = if filter.mended { "NOT NULL" } else { "NULL" };
        format!(
            r"FROM {from} WHERE mended IS {mended}
              AND (?1 IS NULL OR table_name = ?1) AND (?2 IS NULL OR {column} = ?2)
              AND (?3 IS NULL OR {reason} = ?3) AND (?4 IS NULL OR csv_id = ?4)
              AND (?5 IS NULL OR {text} LIKE ?5 ESCAPE '\' OR reason LIKE ?5 ESCAPE '\' OR file LIKE ?5 ESCAPE '\')"
        )
    }
}

fn bound(filter: &PlaceFilter) -> Vec<Value> {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let search = filter.search.as_ref().filter(|text| !text.is_empty());
    let search = search.map(|text| {
        let literal = text
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        format!("%{literal}%")
    });
    vec![
        text(&filter.table),
        text(&filter.column),
        text(&filter.reason),
        text(&filter.csv_id),
        text(&search),
    ]
}

/// Part of the quarantine of the database at `dataset`, in the order in which the rows were found;
/// [`StoreError::NotFound`] where there is none.
pub fn read_quarantine(
    dataset: &Path,
    filter: &PlaceFilter,
    offset: u64,
    limit: u64,
    cancel: &CancelFlag,
) -> Result<QuarantinePage> {
    let quarantine = open(dataset)?;
    let list = List::rows(&quarantine);
    watched(&quarantine.connection, DEADLINE_MS, cancel, |connection| {
        Ok(QuarantinePage {
            rows: page(connection, &list, filter, (offset, limit), read_row)?,
            total: total(connection, &list, filter)?,
            facets: facets(connection, &list, filter)?,
        })
    })
}

/// Part of the emptied cells of the database at `dataset`, in the order in which they were found;
/// [`StoreError::NotFound`] where there is no quarantine.
pub fn read_emptied(
    dataset: &Path,
    filter: &PlaceFilter,
    offset: u64,
    limit: u64,
    cancel: &CancelFlag,
) -> Result<EmptiedPage> {
    let quarantine = open(dataset)?;
    let list = List::cells(&quarantine);
    watched(&quarantine.connection, DEADLINE_MS, cancel, |connection| {
        Ok(EmptiedPage {
            cells: page(connection, &list, filter, (offset, limit), read_cell)?,
            total: total(connection, &list, filter)?,
            facets: facets(connection, &list, filter)?,
        })
    })
}

fn page<T>(
    connection: &Connection,
    list: &List,
    filter: &PlaceFilter,
    (offset, limit): (u64, u64),
    read: fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let sql = format!(
        "SELECT {} {} ORDER BY id LIMIT ?6 OFFSET ?7",
        list.columns,
        list.wanted(filter)
    );
    let mut values = bound(filter);
    values.push(Value::Integer(limit.min(MAX_PAGE).cast_signed()));
    values.push(Value::Integer(offset.min(u64::MAX >> 1).cast_signed()));
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(values), read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn total(connection: &Connection, list: &List, filter: &PlaceFilter) -> Result<u64> {
    let sql = format!("SELECT count(*) {}", list.wanted(filter));
    let count: i64 =
        connection.query_row(&sql, params_from_iter(bound(filter)), |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

fn facets(connection: &Connection, list: &List, filter: &PlaceFilter) -> Result<Facets> {
    let but = |change: fn(&mut PlaceFilter)| {
        let mut filter = filter.clone();
        change(&mut filter);
        filter
    };
    let values = |value: &str, filter: PlaceFilter| -> Result<Vec<ValueCount>> {
        let counted = counted(connection, list, value, value, &filter)?;
        Ok(counted
            .into_iter()
            .map(|(value, _, count)| ValueCount { value, count })
            .collect())
    };
    let files = but(|filter| filter.csv_id = None);
    Ok(Facets {
        tables: values("table_name", but(|filter| filter.table = None))?,
        columns: values(list.column, but(|filter| filter.column = None))?,
        reasons: values(list.reason, but(|filter| filter.reason = None))?,
        files: counted(connection, list, "csv_id", "file", &files)?
            .into_iter()
            .map(|(csv_id, file, count)| FileCount {
                csv_id,
                file,
                count,
            })
            .collect(),
    })
}

/// Each value with its name and how often it is there.
fn counted(
    connection: &Connection,
    list: &List,
    value: &str,
    name: &str,
    filter: &PlaceFilter,
) -> Result<Vec<(String, String, u64)>> {
    let sql = format!(
        "SELECT {value}, max({name}), count(*) {} AND nullif({value}, '') IS NOT NULL
         GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT {MAX_VALUES}",
        list.wanted(filter)
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map(params_from_iter(bound(filter)), |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get::<_, i64>(2)?.cast_unsigned(),
        ))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All rows set aside that the filter lets through. Where it names one file, the fields of the records follow as columns of
/// their own; `sources` tell how files are read that an earlier version imported. `on_row` returns `false` to stop.
pub fn export_quarantine(
    dataset: &Path,
    sources: &[Source],
    filter: &PlaceFilter,
    deadline_ms: u64,
    cancel: &CancelFlag,
    on_columns: &mut dyn FnMut(&[ResultColumn]),
    on_row: &mut dyn FnMut(Vec<Json>) -> bool,
) -> Result<()> {
    let quarantine = open(dataset)?;
    let source = match &filter.csv_id {
        Some(csv_id) => quarantine.source(csv_id, sources)?,
        None => None,
    };
    let mut names = vec!["file", "line", "table", "column", "reason", "raw text"];
    if let Some(source) = &source {
        let columns = &source.analysis.columns;
        names.extend(columns.iter().map(|profile| profile.column.as_str()));
    }
    let list = List::rows(&quarantine);
    let sql = format!(
        "SELECT {ROW_COLUMNS}, form {} ORDER BY id",
        list.wanted(filter)
    );
    let read = |row: &Row<'_>| -> rusqlite::Result<(SetAside, Form)> {
        let is_file: bool = row.get::<_, String>(10)? == "file";
        let form = if is_file { Form::File } else { Form::Fields };
        Ok((read_row(row)?, form))
    };
    let cells_of = |(SetAside { row, .. }, form): (SetAside, Form)| {
        let mut cells = vec![
            Json::from(row.file),
            Json::from(row.line),
            Json::from(row.table),
            Json::from(row.column),
            Json::from(row.reason),
        ];
        let fields = source.as_ref().map(|source| {
            let width = source.analysis.columns.len();
            let mut fields = fields_in(&row.raw, form, &source.analysis.dialect);
            fields.resize(width, None);
            fields
        });
        cells.push(Json::from(row.raw));
        cells.extend(fields.into_iter().flatten().map(Json::from));
        cells
    };
    watched(&quarantine.connection, deadline_ms, cancel, |connection| {
        on_columns(&text_columns(&names));
        stream(connection, &sql, filter, &read, &mut |found| {
            on_row(cells_of(found))
        })
    })
}

/// All emptied cells that the filter lets through; `on_row` returns `false` to stop.
pub fn export_emptied(
    dataset: &Path,
    filter: &PlaceFilter,
    deadline_ms: u64,
    cancel: &CancelFlag,
    on_columns: &mut dyn FnMut(&[ResultColumn]),
    on_row: &mut dyn FnMut(Vec<Json>) -> bool,
) -> Result<()> {
    let quarantine = open(dataset)?;
    let list = List::cells(&quarantine);
    let sql = format!("SELECT {CELL_COLUMNS} {} ORDER BY id", list.wanted(filter));
    let cells_of = |Emptied { cell, .. }: Emptied| {
        vec![
            Json::from(cell.file),
            Json::from(cell.line),
            Json::from(cell.table),
            Json::from(cell.column.unwrap_or(cell.table_column)),
            Json::from(cell.reason),
            Json::from(cell.text),
        ]
    };
    watched(&quarantine.connection, deadline_ms, cancel, |connection| {
        let names = ["file", "line", "table", "column", "reason", "text"];
        on_columns(&text_columns(&names));
        stream(connection, &sql, filter, &read_cell, &mut |found| {
            on_row(cells_of(found))
        })
    })
}

fn stream<T>(
    connection: &Connection,
    sql: &str,
    filter: &PlaceFilter,
    read: &dyn Fn(&Row<'_>) -> rusqlite::Result<T>,
    on_row: &mut dyn FnMut(T) -> bool,
) -> Result<()> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params_from_iter(bound(filter)))?;
    while let Some(row) = rows.next()? {
        if !on_row(read(row)?) {
            break;
        }
    }
    Ok(())
}

fn text_columns(names: &[&str]) -> Vec<ResultColumn> {
    names
        .iter()
        .map(|&name| ResultColumn {
            name: name.to_owned(),
            column_type: "TEXT".to_owned(),
        })
        .collect()
}

/// The fields of a row's text.
pub(in crate::dataset) fn fields_in(
    raw: &str,
    form: Form,
    dialect: &Dialect,
) -> Vec<Option<String>> {
    match form {
        Form::File => fields_of(raw, dialect),
        Form::Fields => {
            let written = Dialect {
                delimiter: dialect.delimiter,
                ..Dialect::rfc4180()
            };
            fields_of(raw, &written)
        }
    }
}

/// Runs `work` until its end, its deadline or its cancellation.
fn watched<T>(
    connection: &Connection,
    deadline_ms: u64,
    cancel: &CancelFlag,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let deadline = Instant::now() + Duration::from_millis(deadline_ms);
    let flag = cancel.clone();
    connection.progress_handler(
        LOOK_EVERY,
        Some(move || flag.is_cancelled() || Instant::now() >= deadline),
    )?;
    work(connection).map_err(|error| match error {
        StoreError::Cancelled if !cancel.is_cancelled() => timed_out(deadline_ms),
        other => other,
    })
}
