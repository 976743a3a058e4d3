//! A split as a change of the schema, and what is said of it.

use ingest::ColumnType;
use serde::Serialize;
use serde_json::{Value, json};

use super::columns::Sample;
use super::groups::{Group, Kind};
use super::lists::List;
use super::naming;
use super::patch::{DroppedColumns, Patch};
use super::proof::{Differing, Proof};
use super::splits::Split;
use crate::Schema;
use crate::ident::NameScope;
use crate::model::{
    Cardinality, Column, ColumnGroup, Evidence, Misfits, NOT_NULL, Orphans, Relationship, Repeats,
    SourceRows, Suggestion, Table, TableSource, UNIQUE,
};
use crate::validate::MAX_JSON_BYTES;

/// Names in one enumeration.
const LISTED: usize = 8;
/// Lines that a text names.
const LINES: usize = 5;

/// A suggestion with its patch, before it is proven.
pub struct Draft {
    pub patch: Patch,
    kind: &'static str,
    id: String,
    title: String,
    why: Vec<String>,
    exceptions: Vec<Exception>,
    base: String,
    /// Rows would lose what the first row of their key does not say.
    loses: bool,
}

/// A column that is decided but for some rows.
#[derive(Debug, Clone, Serialize)]
struct Exception {
    column: String,
    rows: u64,
    lines: Vec<u64>,
    text: String,
}

/// The draft of a split off `base`; `None` where its tables cannot be named. Adds their names to `given`.
pub fn draft(
    schema: &Schema,
    base: &Table,
    found: &Sample,
    split: &Split,
    given: &mut Vec<String>,
) -> Option<Draft> {
    let mut writing = Writing {
        schema,
        base,
        given: given.clone(),
        patch: Patch::default(),
        why: Vec::new(),
    };
    let rows = found.lines.len();
    writing.table(split, &base.name, (rows, "rows"))?;
    let Writing { mut patch, why, .. } = writing;
    given.extend(patch.tables.iter().map(|table| table.name.clone()));
    let leaving = names(base, &split.leaving());
    patch.drop_columns.push(DroppedColumns {
        table: base.name.clone(),
        columns: leaving,
    });
    let key = names(base, &split.key);
    let new: Vec<&str> = patch
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    let title = format!("Split {} off {}", listed(&new), base.name);
    Some(Draft {
        kind: "split_table",
        id: format!("split:{}:{}", base.name, key.join("+")),
        title: cut(&title, crate::validate::MAX_LINE_CHARS),
        exceptions: exceptions(base, found, split, &key),
        base: base.name.clone(),
        loses: split.moves_near,
        patch,
        why,
    })
}

/// The draft of a table of a list's items; `None` where the wide table has no key to refer to.
pub fn list(schema: &Schema, base: &Table, list: &List, given: &mut Vec<String>) -> Option<Draft> {
    let own = &base.columns[list.column];
    let name = naming::part_name(schema, given, base, &own.name);
    let item = Column {
        name: naming::singular(&own.name),
        ..moved_column(own, true)
    };
    let rows = SourceRows::Split(list.items.clone());
    let title = format!(
        "Give each item of {} in {} a row of its own",
        own.name, base.name
    );
    let why = format!(
        "{} holds lists with “{}” between the items, of {} different ones; the order within a cell is not kept.",
        own.name,
        list.items.separator,
        grouped(list.distinct as u64)
    );
    let leaving = vec![own.name.clone()];
    expanded(
        "split_list",
        base,
        (name, rows),
        vec![item],
        leaving,
        (title, why),
        given,
    )
}

/// The draft of a table of a group's cells; `None` where the wide table has no key to refer to.
pub fn group(
    schema: &Schema,
    base: &Table,
    group: &Group,
    given: &mut Vec<String>,
) -> Option<Draft> {
    let columns = names(base, &group.columns);
    let wish = match group.kind {
        Kind::Number => group.words.join("_"),
        kind => format!("by_{}", kind.word()),
    };
    let name = naming::part_name(schema, given, base, &wish);
    let mut scope = NameScope::default();
    for key in &base.primary_key {
        scope.claim(key, "key");
    }
    let name_column = scope.claim(group.kind.word(), "name").name;
    let value_column = scope.claim(&group.words.join("_"), "value").name;
    let sources = group.columns.iter();
    let rows = SourceRows::Unpivot(ColumnGroup {
        columns: sources
            .map(|&place| base.columns[place].source_column.clone())
            .collect::<Option<_>>()?,
        names: group.names.clone(),
        name_column: name_column.clone(),
        value_column: value_column.clone(),
    });
    let are_numbers = matches!(group.kind, Kind::Year | Kind::Number);
    let name_type = if are_numbers {
        ColumnType::Integer
    } else {
        ColumnType::Text
    };
    let own = |name: String, column_type: ColumnType| Column {
        name,
        column_type,
        constraints: Vec::new(),
        source_column: None,
        references: None,
        misfits: Misfits::default(),
        description: None,
        words: Vec::new(),
    };
    let mut told = own(name_column.clone(), name_type);
    told.require(NOT_NULL);
    let title = format!("Make rows of {} in {}", listed(&columns), base.name);
    let why = format!(
        "{} columns hold the same for another {} each: as rows they can be compared, summed and charted by it.",
        columns.len(),
        group.kind.word()
    );
    let value = own(value_column, group.value_type);
    expanded(
        "unpivot",
        base,
        (name, rows),
        vec![told, value],
        columns,
        (title, why),
        given,
    )
}

/// A table of which each record of the wide one is several rows; the first of `own` completes its key.
fn expanded(
    kind: &'static str,
    base: &Table,
    (name, rows): (String, SourceRows),
    own: Vec<Column>,
    leaving: Vec<String>,
    (title, why): (String, String),
    given: &mut Vec<String>,
) -> Option<Draft> {
    // Its rows refer to the key.
    if base.enforced_key().is_empty() {
        return None;
    }
    let key = &base.primary_key;
    let mut columns: Vec<Column> = key
        .iter()
        .map(|name| Some(moved_column(base.column(name)?, true)))
        .collect::<Option<_>>()?;
    let mut primary_key = key.clone();
    primary_key.extend(own.first().map(|column| column.name.clone()));
    columns.extend(own);
    given.push(name.clone());
    let relationship = Relationship {
        from_table: name.clone(),
        from_columns: key.clone(),
        to_table: base.name.clone(),
        to_columns: key.clone(),
        cardinality: Cardinality::ManyToOne,
        confidence: 1.0,
        evidence: Evidence {
            reasons: vec![format!("rows made of {}", base.name)],
            ..Evidence::default()
        },
        orphans: Orphans::default(),
        even_out: Vec::new(),
    };
    Some(Draft {
        kind,
        id: format!("{kind}:{}:{}", base.name, leaving.first()?),
        title: cut(&title, crate::validate::MAX_LINE_CHARS),
        why: vec![why],
        exceptions: Vec::new(),
        base: base.name.clone(),
        loses: false,
        patch: Patch {
            tables: vec![Table {
                name,
                source: TableSource {
                    csv_id: base.source.csv_id.clone(),
                    rows,
                },
                primary_key,
                repeats: Repeats::default(),
                key_exceptions: None,
                columns,
                description: None,
                label: None,
            }],
            drop_columns: vec![DroppedColumns {
                table: base.name.clone(),
                columns: leaving,
            }],
            relationships: vec![relationship],
            indexes: Vec::new(),
        },
    })
}

/// The tables of one draft as they are written down.
struct Writing<'a> {
    schema: &'a Schema,
    base: &'a Table,
    given: Vec<String>,
    patch: Patch,
    why: Vec<String>,
}

impl Writing<'_> {
    /// Adds the split's table, to which `from` refers, and those split off it.
    fn table(&mut self, split: &Split, from: &str, (rows, what): (usize, &str)) -> Option<String> {
        let key = names(self.base, &split.key);
        let words: Vec<&str> = key.iter().map(String::as_str).collect();
        let name = naming::table_name(self.schema, &self.given, self.base, &words)?;
        self.given.push(name.clone());
        let mut places = split.key.clone();
        let mut moved = split.moved.clone();
        if split.moves_near {
            moved.extend(split.near.iter().map(|(column, _)| *column));
            moved.sort_unstable();
        }
        self.why.push(format!(
            "{} decides {}: {} different values in {} {what}.",
            listed(&words),
            listed(&names(self.base, &moved)),
            grouped(split.rows as u64),
            grouped(rows as u64)
        ));
        places.extend(moved);
        let columns = places.iter().map(|&place| {
            let is_key = split.key.contains(&place);
            moved_column(&self.base.columns[place], is_key)
        });
        self.patch.tables.push(Table {
            name: name.clone(),
            source: TableSource {
                csv_id: self.base.source.csv_id.clone(),
                rows: SourceRows::Distinct,
            },
            primary_key: key.clone(),
            repeats: Repeats::default(),
            key_exceptions: None,
            columns: columns.collect(),
            description: None,
            label: None,
        });
        self.patch.relationships.push(Relationship {
            from_table: from.to_owned(),
            from_columns: key.clone(),
            to_table: name.clone(),
            to_columns: key.clone(),
            cardinality: Cardinality::ManyToOne,
            confidence: 1.0,
            evidence: Evidence {
                distinct: split.rows as u64,
                matched: split.rows as u64,
                reasons: vec![format!(
                    "split off {}: each {} is there once",
                    self.base.name,
                    key.join(", ")
                )],
                ..Evidence::default()
            },
            orphans: Orphans::default(),
            even_out: Vec::new(),
        });
        self.take_along(&name, &places[split.key.len()..]);
        for child in &split.children {
            self.table(child, &name, (split.rows, &format!("rows of {name}")))?;
        }
        Some(name)
    }

    /// References that the moved columns make are the new table's.
    fn take_along(&mut self, name: &str, moved: &[usize]) {
        let own = names(self.base, moved);
        for relationship in &self.schema.relationships {
            let leaves =
                matches!(relationship.from_columns.as_slice(), [only] if own.contains(only));
            if relationship.from_table == self.base.name && leaves {
                self.patch.relationships.push(Relationship {
                    from_table: name.to_owned(),
                    ..relationship.clone()
                });
            }
        }
    }
}

fn moved_column(column: &Column, is_key: bool) -> Column {
    let mut moved = Column {
        references: None,
        ..column.clone()
    };
    moved.lift(UNIQUE);
    if is_key {
        moved.require(NOT_NULL);
    }
    moved
}

fn exceptions(base: &Table, found: &Sample, split: &Split, key: &[String]) -> Vec<Exception> {
    let of = |(column, rows): &(usize, Vec<usize>)| {
        let column = base.columns[*column].name.clone();
        let lines: Vec<u64> = rows
            .iter()
            .take(LINES)
            .map(|&row| found.lines[row])
            .collect();
        let stays = if split.moves_near {
            String::new()
        } else {
            format!("; so it stays in {}", base.name)
        };
        Exception {
            text: format!(
                "{} decides {column}, but in {} ({}) it is another one than elsewhere{stays}.",
                key.join(" and "),
                counted(rows.len() as u64, "row"),
                lines_named(&lines, rows.len())
            ),
            rows: rows.len() as u64,
            column,
            lines,
        }
    };
    split.near.iter().map(of).collect()
}

impl Draft {
    /// The suggestion, where the proof bears it out.
    pub fn finish(self, proof: &Proof) -> Option<Suggestion> {
        let is_lossless = proof.is_whole();
        if !is_lossless && !self.loses {
            return None;
        }
        let moved: u64 = self
            .patch
            .drop_columns
            .iter()
            .map(|own| own.columns.len() as u64)
            .sum();
        let written: u64 = self
            .patch
            .tables
            .iter()
            .zip(&proof.tables)
            .map(|(table, stored)| stored.rows * table.columns.len() as u64)
            .sum();
        let preview: Vec<Value> = proof
            .tables
            .iter()
            .map(|table| {
                json!({
                    "table": table.name,
                    "row_count": table.rows,
                    "columns": table.columns,
                    "rows": table.preview,
                })
            })
            .collect();
        let mut text = format!(
            "joined back: {} of {} rows are the same",
            grouped(proof.same),
            grouped(proof.rows)
        );
        for differing in &proof.differing {
            text.push_str(&difference(differing));
        }
        let loss = (!is_lossless).then(|| {
            format!(
                "{} of {} would be set aside: of each key the first row counts. {} keeps these rows, joined to the first.",
                counted(proof.set_aside, "row"),
                self.patch.tables.first().map_or("", |table| &table.name),
                self.base
            )
        });
        // What becomes rows is written as often as before.
        let is_split = self.kind == "split_table";
        let evidence = json!({
            "why": self.why,
            "row_count": proof.rows,
            "new_rows": proof.tables.first().map(|table| table.rows),
            "cells_saved": is_split.then(|| (proof.rows * moved).saturating_sub(written)),
            "exceptions": self.exceptions,
            "loss": loss,
            "proof": {"rows": proof.rows, "same": proof.same, "text": text},
            "preview": preview,
            "safe": is_lossless,
        });
        let patch = serde_json::to_value(&self.patch).ok()?;
        let fits = |json: &Value| json.to_string().len() <= MAX_JSON_BYTES;
        (fits(&evidence) && fits(&patch)).then_some(Suggestion {
            id: cut(&self.id, crate::validate::MAX_WORD_CHARS),
            kind: self.kind.to_owned(),
            title: self.title,
            evidence,
            patch,
        })
    }
}

fn difference(differing: &Differing) -> String {
    format!(
        "; {} differs in {} ({})",
        differing.column,
        counted(differing.rows, "row"),
        lines_named(&differing.lines, differing.rows as usize)
    )
}

fn names(table: &Table, places: &[usize]) -> Vec<String> {
    let name = |&place: &usize| table.columns[place].name.clone();
    places.iter().map(name).collect()
}

/// `a, b and c`.
fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        many if many.len() > LISTED => format!(
            "{} and {} more",
            many[..LISTED].join(", "),
            many.len() - LISTED
        ),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn lines_named(lines: &[u64], all: usize) -> String {
    let shown: Vec<String> = lines.iter().map(|line| grouped(*line)).collect();
    let more = if all > lines.len() { ", …" } else { "" };
    let word = if all == 1 { "line" } else { "lines" };
    format!("{word} {}{more}", shown.join(", "))
}

pub fn counted(count: u64, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(count))
}

/// With a comma between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn cut(text: &str, most_chars: usize) -> String {
    text.chars().take(most_chars).collect()
}
