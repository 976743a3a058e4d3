//! Rows whose foreign key leads nowhere: taken out of the database until none is left, then told apart by their records.

use std::collections::{HashMap, VecDeque};

use ingest::{Outcome, Value};
use rusqlite::Connection;
use schema_gen::Schema;
use schema_gen::ident::quote;
use schema_gen::model::{Relationship, Table};

use super::fill::{self, Trace};
use super::plan::{Cell, FilePlan, RowKey, TablePlan};
use super::refusal::Refusal;
use super::{Counts, REPORT_EVERY, Watcher};
use crate::dataset::quarantine::QuarantineWriter;
use crate::dataset::write::free_rowid_name;
use crate::{Result, StoreError};

/// For each table of the schema: row id -> the relationship that failed, by its place in the schema.
pub(super) type Orphans = Vec<HashMap<i64, usize>>;

/// Deletes all orphans, also those that only become so because another one goes.
pub(super) fn remove(
    connection: &Connection,
    schema: &Schema,
    watch: &Watcher<'_>,
) -> Result<Orphans> {
    let mut orphans: Orphans = vec![HashMap::new(); schema.tables.len()];
    let mut waiting = VecDeque::new();
    for (table, row, relationship) in violations(connection, schema)? {
        if orphans[table].insert(row, relationship).is_none() {
            waiting.push_back((table, row));
        }
    }
    let edges = edges(connection, schema, &waiting)?;
    let transaction = connection.unchecked_transaction()?;
    let mut removed: u64 = 0;
    while let Some((table, row)) = waiting.pop_front() {
        if removed.is_multiple_of(REPORT_EVERY) {
            watch.check()?;
        }
        removed += 1;
        for edge in edges.iter().filter(|edge| edge.to_table == table) {
            let mut statement = connection.prepare_cached(&edge.children_sql)?;
            let mut rows = statement.query([row])?;
            while let Some(child) = rows.next()? {
                let child: i64 = child.get(0)?;
                if let std::collections::hash_map::Entry::Vacant(entry) =
                    orphans[edge.from_table].entry(child)
                {
                    entry.insert(edge.relationship);
                    waiting.push_back((edge.from_table, child));
                }
            }
        }
        let sql = delete_sql(&schema.tables[table])?;
        connection.prepare_cached(&sql)?.execute([row])?;
    }
    transaction.commit()?;
    for index in edges.iter().filter_map(|edge| edge.helper_index.as_ref()) {
        connection.execute_batch(&format!("DROP INDEX {}", quote(index)))?;
    }
    if removed > 0 && !violations(connection, schema)?.is_empty() {
        return Err(StoreError::dataset("foreign keys still lead nowhere"));
    }
    Ok(orphans)
}

/// Table, row id and relationship of every foreign key that leads nowhere.
fn violations(connection: &Connection, schema: &Schema) -> Result<Vec<(usize, i64, usize)>> {
    let mut found = Vec::new();
    for (index, table) in schema.tables.iter().enumerate() {
        let relationships = foreign_keys(connection, schema, table)?;
        if relationships.is_empty() {
            continue;
        }
        let mut statement =
            connection.prepare("SELECT rowid, fkid FROM pragma_foreign_key_check(?1)")?;
        let mut rows = statement.query([&table.name])?;
        while let Some(row) = rows.next()? {
            let (id, key): (i64, i64) = (row.get(0)?, row.get(1)?);
            let relationship = relationships.get(&key).copied().ok_or_else(|| {
                StoreError::dataset(format!("table {}: unknown foreign key", table.name))
            })?;
            found.push((index, id, relationship));
        }
    }
    Ok(found)
}

/// SQLite's number of each foreign key of the table -> its relationship's place in the schema.
fn foreign_keys(
    connection: &Connection,
    schema: &Schema,
    table: &Table,
) -> Result<HashMap<i64, usize>> {
    let mut statement = connection.prepare(
        r#"SELECT id, "table", "from" FROM pragma_foreign_key_list(?1) ORDER BY id, seq"#,
    )?;
    let mut keys: HashMap<i64, (String, Vec<String>)> = HashMap::new();
    let mut rows = statement.query([&table.name])?;
    while let Some(row) = rows.next()? {
        let (_, columns) = keys.entry(row.get(0)?).or_insert((row.get(1)?, Vec::new()));
        columns.push(row.get(2)?);
    }
    let place = |to_table: &String, columns: &Vec<String>| {
        schema.relationships.iter().position(|relationship| {
            relationship.from_table == table.name
                && &relationship.to_table == to_table
                && &relationship.from_columns == columns
        })
    };
    Ok(keys
        .iter()
        .filter_map(|(id, (to_table, columns))| Some((*id, place(to_table, columns)?)))
        .collect())
}

/// One relationship, ready to be followed backwards.
struct Edge {
    relationship: usize,
    from_table: usize,
    to_table: usize,
    /// Row ids of the rows that refer to the row with the bound id.
    children_sql: String,
    /// Made for this work alone.
    helper_index: Option<String>,
}

fn edges(
    connection: &Connection,
    schema: &Schema,
    waiting: &VecDeque<(usize, i64)>,
) -> Result<Vec<Edge>> {
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let mut edges = Vec::new();
    for (index, relationship) in schema.relationships.iter().enumerate() {
        let place = |name: &str| schema.tables.iter().position(|table| table.name == name);
        let (Some(from_table), Some(to_table)) = (
            place(&relationship.from_table),
            place(&relationship.to_table),
        ) else {
            continue;
        };
        let helper_index = format!("helper {index}");
        let has_index = schema.indexes.iter().any(|index| {
            index.table == relationship.from_table
                && index.columns.first() == relationship.from_columns.first()
        });
        if !has_index {
            let columns: Vec<String> = relationship
                .from_columns
                .iter()
                .map(|name| quote(name))
                .collect();
            connection.execute_batch(&format!(
                "CREATE INDEX {} ON {} ({})",
                quote(&helper_index),
                quote(&relationship.from_table),
                columns.join(", ")
            ))?;
        }
        edges.push(Edge {
            relationship: index,
            from_table,
            to_table,
            children_sql: children_sql(
                relationship,
                &schema.tables[from_table],
                &schema.tables[to_table],
            )?,
            helper_index: (!has_index).then_some(helper_index),
        });
    }
    Ok(edges)
}

fn children_sql(relationship: &Relationship, from: &Table, to: &Table) -> Result<String> {
    let tests: Vec<String> = relationship
        .from_columns
        .iter()
        .zip(&relationship.to_columns)
        .map(|(from, to)| format!("child.{} = parent.{}", quote(from), quote(to)))
        .collect();
    Ok(format!(
        "SELECT child.{} FROM {} AS parent JOIN {} AS child ON {} WHERE parent.{} = ?1",
        row_id(from)?,
        quote(&to.name),
        quote(&from.name),
        tests.join(" AND "),
        row_id(to)?
    ))
}

fn delete_sql(table: &Table) -> Result<String> {
    Ok(format!(
        "DELETE FROM {} WHERE {} = ?1",
        quote(&table.name),
        row_id(table)?
    ))
}

fn row_id(table: &Table) -> Result<&'static str> {
    let taken: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.to_lowercase())
        .collect();
    free_rowid_name(&taken).ok_or_else(|| {
        StoreError::dataset(format!("no name is left for the row id of {}", table.name))
    })
}

/// Reads the files of orphans once more and puts their records into the quarantine. `traces` stand as `plans` do.
pub(super) fn explain(
    mut orphans: Orphans,
    schema: &Schema,
    plans: &[FilePlan<'_>],
    traces: &[Vec<Trace>],
    quarantine: &mut QuarantineWriter,
    counts: &mut [Counts],
    watch: &Watcher<'_>,
) -> Result<()> {
    for (plan, traces) in plans.iter().zip(traces) {
        let has_orphans = plan
            .tables
            .iter()
            .any(|table| !orphans[table.index].is_empty());
        if !has_orphans {
            continue;
        }
        let mut number = 0_u64;
        for outcome in fill::open(plan)? {
            let Outcome::Row(record) = outcome.map_err(|error| fill::reading(plan, error))? else {
                continue;
            };
            if number.is_multiple_of(REPORT_EVERY) {
                watch.check()?;
            }
            number += 1;
            for (table, trace) in plan.tables.iter().zip(traces) {
                let orphans = &mut orphans[table.index];
                let Some(row) = row_of(table, trace, number, &record.fields) else {
                    continue;
                };
                let Some(relationship) = orphans.remove(&row) else {
                    continue;
                };
                let refusal = refusal(table.table, &schema.relationships[relationship]);
                quarantine.add(&refusal.quarantined(plan.source, table.table, &record))?;
                counts[table.index].stored -= 1;
                counts[table.index].quarantined += 1;
            }
        }
    }
    Ok(())
}

/// Row id under which a record would have been stored; `None` where it certainly was not.
fn row_of(
    table: &TablePlan<'_>,
    trace: &Trace,
    number: u64,
    fields: &[Option<String>],
) -> Option<i64> {
    match table.key {
        RowKey::Column(column) => {
            let Cell::Field { index, parser } = table.cells.get(column)? else {
                return None;
            };
            if trace.refused_records.contains(&number) {
                return None;
            }
            match parser.parse(fields.get(*index)?.as_deref()) {
                Ok(Value::Integer(id)) => Some(id),
                _ => None,
            }
        }
        // Records stand in order.
        RowKey::Number if table.distinct => {
            let place = trace.first_records.binary_search(&number).ok()?;
            Some(place as i64 + 1)
        }
        RowKey::Number => Some(number.cast_signed()),
    }
}

fn refusal(table: &Table, relationship: &Relationship) -> Refusal {
    let column = match relationship.from_columns.as_slice() {
        [name] => table
            .columns
            .iter()
            .find(|column| &column.name == name)
            .and_then(|column| column.source_column.clone()),
        _ => None,
    };
    Refusal::orphan(
        column,
        format!(
            "{} refers to a row of {} that is not there",
            relationship.from_columns.join(", "),
            relationship.to_table
        ),
    )
}
