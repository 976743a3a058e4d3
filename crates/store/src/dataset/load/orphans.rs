//! Rows whose reference has no partner. Those taken out of the database or emptied are then told apart by their records.

use std::collections::{HashMap, VecDeque};

use ingest::{Outcome, Record, Value};
use rusqlite::Connection;
use schema_gen::Schema;
use schema_gen::forecast::OrphanCount;
use schema_gen::ident::quote;
use schema_gen::model::{Orphans as Fate, Relationship, Table};
use schema_gen::rows::{Cell, Part};

use super::fill::{self, Trace};
use super::plan::{FilePlan, RowKey, TablePlan};
use super::refusal::{Refusal, no_partner, source_column};
use super::{Counts, REPORT_EVERY, Watcher};
use crate::dataset::quarantine::{EmptiedCell, QuarantineWriter, RowPlace};
use crate::dataset::write::free_rowid_name;
use crate::{Result, StoreError};

/// For each table of the schema: row id -> the relationship that failed, by its place in the schema.
type Orphans = Vec<HashMap<i64, usize>>;

/// What became of rows whose reference has no partner.
pub(super) struct Settled {
    removed: Orphans,
    /// For each table: row id -> the relationships whose reference was made null there.
    emptied: Vec<HashMap<i64, Vec<usize>>>,
    /// Rows added to each table.
    pub added: Vec<u64>,
    /// Stored rows without a partner, for each relationship.
    without_partner: Vec<u64>,
}

impl Settled {
    pub fn without_partner(&self, schema: &Schema) -> Vec<OrphanCount> {
        let counted = schema.relationships.iter().zip(&self.without_partner);
        counted
            .filter(|(_, rows)| **rows > 0)
            .map(|(relationship, rows)| OrphanCount::of(relationship, *rows))
            .collect()
    }
}

/// Does with rows without partner what each relationship says: sets them aside, adds partners, empties references; what is
/// left then is kept, and its reference is not enforced.
pub(super) fn settle(
    connection: &Connection,
    schema: &Schema,
    watch: &Watcher<'_>,
) -> Result<Settled> {
    let violations = violations(connection, schema)?;
    let mut broken: Vec<bool> = schema
        .relationships
        .iter()
        .map(|relationship| !schema.is_enforced(relationship))
        .collect();
    for (_, _, relationship) in &violations {
        broken[*relationship] = true;
    }
    let mut settled = Settled {
        removed: vec![HashMap::new(); schema.tables.len()],
        emptied: vec![HashMap::new(); schema.tables.len()],
        added: vec![0; schema.tables.len()],
        without_partner: vec![0; schema.relationships.len()],
    };
    if !broken.contains(&true) {
        return Ok(settled);
    }
    settled.removed = remove(connection, schema, violations, watch)?;
    let transaction = connection.unchecked_transaction()?;
    add_placeholders(connection, schema, &mut settled)?;
    empty(connection, schema, &mut settled)?;
    transaction.commit()?;
    for (relationship, rows) in schema
        .relationships
        .iter()
        .zip(&mut settled.without_partner)
    {
        watch.check()?;
        let sql = format!("SELECT count(*) {}", orphans_sql(relationship));
        let count: i64 = connection.query_row(&sql, [], |row| row.get(0))?;
        *rows = count.cast_unsigned();
    }
    no_longer_enforce(connection, schema, &settled.without_partner)?;
    Ok(settled)
}

/// `FROM … WHERE …` of the rows without a partner.
pub(in crate::dataset) fn orphans_sql(relationship: &Relationship) -> String {
    let (mut present, mut same) = (Vec::new(), Vec::new());
    for (from, to) in relationship
        .from_columns
        .iter()
        .zip(&relationship.to_columns)
    {
        present.push(format!("child.{} IS NOT NULL", quote(from)));
        same.push(format!("parent.{} = child.{}", quote(to), quote(from)));
    }
    format!(
        "FROM {} AS child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {})",
        quote(&relationship.from_table),
        present.join(" AND "),
        quote(&relationship.to_table),
        same.join(" AND ")
    )
}

/// Adds rows with a key alone. An added row may itself refer to one that has to be added.
fn add_placeholders(connection: &Connection, schema: &Schema, settled: &mut Settled) -> Result<()> {
    let wanted = || {
        let all = schema.relationships.iter();
        all.filter(|relationship| relationship.orphans == Fate::Placeholder)
    };
    loop {
        let mut added = 0;
        for relationship in wanted() {
            let list = |names: &[String], prefix: &str| {
                let quoted: Vec<String> = names
                    .iter()
                    .map(|name| format!("{prefix}{}", quote(name)))
                    .collect();
                quoted.join(", ")
            };
            let sql = format!(
                "INSERT INTO {} ({}) SELECT DISTINCT {} {}",
                quote(&relationship.to_table),
                list(&relationship.to_columns, ""),
                list(&relationship.from_columns, "child."),
                orphans_sql(relationship)
            );
            let rows = connection.execute(&sql, [])? as u64;
            if let Some(table) = place_of(schema, &relationship.to_table) {
                settled.added[table] += rows;
            }
            added += rows;
        }
        if added == 0 {
            return Ok(());
        }
    }
}

/// Makes references without partner null.
fn empty(connection: &Connection, schema: &Schema, settled: &mut Settled) -> Result<()> {
    for (number, relationship) in schema.relationships.iter().enumerate() {
        let Some(table) = place_of(schema, &relationship.from_table)
            .filter(|_| relationship.orphans == Fate::Empty)
        else {
            continue;
        };
        let row_id = row_id(&schema.tables[table])?;
        let sql = format!("SELECT child.{row_id} {}", orphans_sql(relationship));
        let rows = connection
            .prepare(&sql)?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        let nulls: Vec<String> = relationship
            .from_columns
            .iter()
            .map(|column| format!("{} = NULL", quote(column)))
            .collect();
        let mut update = connection.prepare(&format!(
            "UPDATE {} SET {} WHERE {row_id} = ?1",
            quote(&relationship.from_table),
            nulls.join(", ")
        ))?;
        for row in rows {
            update.execute([row])?;
            settled.emptied[table].entry(row).or_default().push(number);
        }
    }
    Ok(())
}

fn place_of(schema: &Schema, table: &str) -> Option<usize> {
    schema.tables.iter().position(|own| own.name == table)
}

/// Takes the foreign key out of the declarations of references that stored rows break after all. The rows stay as they are: a
/// foreign key is no part of how SQLite keeps them (<https://sqlite.org/lang_altertable.html>, "Making Other Kinds Of Table
/// Schema Changes").
fn no_longer_enforce(
    connection: &Connection,
    schema: &Schema,
    without_partner: &[u64],
) -> Result<()> {
    let mut loose = schema.clone();
    let mut changed = Vec::new();
    for (relationship, rows) in loose.relationships.iter_mut().zip(without_partner) {
        if *rows > 0 && schema.is_enforced(relationship) {
            relationship.orphans = Fate::Keep;
            relationship.evidence.orphan_rows = *rows;
            changed.extend(place_of(schema, &relationship.from_table));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    let statements = schema_gen::create_statements(&loose);
    let version: i64 = connection.query_row("PRAGMA schema_version", [], |row| row.get(0))?;
    connection.execute_batch("PRAGMA writable_schema = ON")?;
    for table in changed {
        connection.execute(
            "UPDATE sqlite_schema SET sql = ?1 WHERE type = 'table' AND name = ?2",
            (&statements[table], &schema.tables[table].name),
        )?;
    }
    connection.execute_batch(&format!(
        "PRAGMA schema_version = {}; PRAGMA writable_schema = RESET",
        version + 1
    ))?;
    Ok(())
}

/// Deletes the orphans that are to be set aside, also those that only become so because another one goes.
fn remove(
    connection: &Connection,
    schema: &Schema,
    violations: Vec<(usize, i64, usize)>,
    watch: &Watcher<'_>,
) -> Result<Orphans> {
    let mut orphans: Orphans = vec![HashMap::new(); schema.tables.len()];
    let mut waiting = VecDeque::new();
    for (table, row, relationship) in violations {
        if is_set_aside(schema, relationship) && orphans[table].insert(row, relationship).is_none()
        {
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
    let left = removed > 0
        && self::violations(connection, schema)?
            .into_iter()
            .any(|(_, _, relationship)| is_set_aside(schema, relationship));
    if left {
        return Err(StoreError::dataset("foreign keys still lead nowhere"));
    }
    Ok(orphans)
}

fn is_set_aside(schema: &Schema, relationship: usize) -> bool {
    schema.relationships[relationship].orphans == Fate::SetAside
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
pub(in crate::dataset) fn foreign_keys(
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
        if !is_set_aside(schema, index) {
            continue;
        }
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

pub(in crate::dataset) fn row_id(table: &Table) -> Result<&'static str> {
    let taken: Vec<String> = table
        .columns
        .iter()
        .map(|column| column.name.to_lowercase())
        .collect();
    free_rowid_name(&taken).ok_or_else(|| {
        StoreError::dataset(format!("no name is left for the row id of {}", table.name))
    })
}

/// Reads the files of rows that were removed or emptied once more, and puts their records and cells on the lists. `traces`
/// stand as `plans` do.
pub(super) fn explain(
    mut settled: Settled,
    schema: &Schema,
    plans: &[FilePlan<'_>],
    traces: &[Vec<Trace>],
    quarantine: &mut QuarantineWriter,
    counts: &mut [Counts],
    watch: &Watcher<'_>,
) -> Result<()> {
    if settled.removed.iter().any(|rows| !rows.is_empty()) {
        quarantine.index_cells()?;
    }
    for (plan, traces) in plans.iter().zip(traces) {
        let is_touched = plan.tables.iter().any(|table| {
            let index = table.reading.index;
            !settled.removed[index].is_empty() || !settled.emptied[index].is_empty()
        });
        if !is_touched {
            continue;
        }
        let mut number = 0_u64;
        let mut finders: Vec<Finder<'_, '_>> = plan
            .tables
            .iter()
            .zip(traces)
            .map(|(table, trace)| Finder::new(table, trace))
            .collect();
        for outcome in fill::open(plan)? {
            let Outcome::Row(record) = outcome.map_err(|error| fill::reading(plan, error))? else {
                continue;
            };
            if number.is_multiple_of(REPORT_EVERY) {
                watch.check()?;
            }
            number += 1;
            for (table, found) in finders
                .iter_mut()
                .flat_map(|finder| finder.rows_of(number, &record))
            {
                let index = table.reading.index;
                if let Some(relationship) = settled.removed[index].remove(&found.row) {
                    let (own, counts) = (table.reading.table, &mut counts[index]);
                    let refusal = refusal(own, &found.part, &schema.relationships[relationship]);
                    let listed = refusal.quarantined(plan.source, own, &record);
                    quarantine.add(&listed, Some(found.place))?;
                    counts.stored -= 1;
                    counts.quarantined += 1;
                    for column in quarantine.forget_cells(&own.name, found.row)? {
                        let place = own.columns.iter().position(|each| each.name == column);
                        if let Some(cells) = place.and_then(|at| counts.emptied.get_mut(&at)) {
                            *cells -= 1;
                        }
                    }
                    for column in quarantine.forget_evened(&own.name, found.row)? {
                        let place = own.columns.iter().position(|each| each.name == column);
                        if let Some(cells) = place.and_then(|at| counts.evened.get_mut(&at)) {
                            *cells -= 1;
                        }
                    }
                }
                let emptied = settled.emptied[index].remove(&found.row);
                for relationship in emptied.unwrap_or_default() {
                    let relationship = &schema.relationships[relationship];
                    let of = (plan, &record, &found);
                    list_emptied(table, relationship, of, quarantine, &mut counts[index])?;
                }
            }
        }
    }
    Ok(())
}

/// Lists the cells of a reference that was made null.
fn list_emptied(
    table: &TablePlan<'_>,
    relationship: &Relationship,
    (plan, record, found): (&FilePlan<'_>, &Record, &Found),
    quarantine: &mut QuarantineWriter,
    counts: &mut Counts,
) -> Result<()> {
    let own = table.reading.table;
    for (place, column) in own.columns.iter().enumerate() {
        if !relationship.from_columns.contains(&column.name) {
            continue;
        }
        let raw = table.reading.cells[place].text(record, &found.part);
        *counts.emptied.entry(place).or_default() += 1;
        let cell = EmptiedCell {
            table: own.name.clone(),
            table_column: column.name.clone(),
            csv_id: plan.source.csv_id.clone(),
            file: plan.source.original_filename.clone(),
            line: record.line,
            column: source_column(own, place, &found.part),
            reason: format!(
                "refers to a row of {} that is not there",
                relationship.to_table
            ),
            text: raw.unwrap_or_default().to_owned(),
        };
        quarantine.add_cell(&cell, Some(found.row))?;
    }
    Ok(())
}

/// A stored row, found again by its record.
struct Found {
    /// Row id.
    row: i64,
    part: Part,
    place: RowPlace,
}

/// Finds the rows of one table again, record by record.
struct Finder<'a, 's> {
    table: &'a TablePlan<'s>,
    trace: &'a Trace,
    parts: Vec<Part>,
    /// Rows meant for the table so far, where a record may be several.
    passed: u64,
}

impl<'a, 's> Finder<'a, 's> {
    fn new(table: &'a TablePlan<'s>, trace: &'a Trace) -> Self {
        Self {
            table,
            trace,
            parts: Vec::new(),
            passed: 0,
        }
    }

    /// Where the record would have been stored; each record has to be asked for, in order.
    fn rows_of(
        &mut self,
        number: u64,
        record: &Record,
    ) -> impl Iterator<Item = (&'a TablePlan<'s>, Found)> + use<'a, 's> {
        let table = self.table;
        let found: Vec<Found> = if table.reading.table.source.rows.is_expanded() {
            table.reading.parts(record, &mut self.parts);
            let first = self.passed + 1;
            self.passed += self.parts.len() as u64;
            let parts = self.parts.iter().enumerate();
            parts
                .map(|(at, part)| {
                    let own = first + at as u64;
                    Found {
                        row: own.cast_signed(),
                        part: part.clone(),
                        place: RowPlace::part_of_record(own, at),
                    }
                })
                .collect()
        } else {
            let row = row_of(table, self.trace, number, &record.fields);
            row.into_iter()
                .map(|row| Found {
                    row,
                    part: Part::Whole,
                    place: RowPlace::record(number),
                })
                .collect()
        };
        found.into_iter().map(move |found| (table, found))
    }
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
            let Cell::Field { index, parser, .. } = table.reading.cells.get(column)? else {
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
        RowKey::Number if table.reading.distinct => {
            let place = trace.first_records.binary_search(&number).ok()?;
            Some(place as i64 + 1)
        }
        RowKey::Number => Some(number.cast_signed()),
    }
}

fn refusal(table: &Table, part: &Part, relationship: &Relationship) -> Refusal {
    let column = match relationship.from_columns.as_slice() {
        [name] => table
            .columns
            .iter()
            .position(|column| &column.name == name)
            .and_then(|place| source_column(table, place, part)),
        _ => None,
    };
    Refusal::orphan(column, no_partner(relationship))
}
