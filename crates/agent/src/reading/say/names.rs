//! What tables, columns and relationships are called in a sentence.
//!
//! Names are said as people say them, as long as no two things end up with one name; where they would, the names of the
//! schema stand.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::{listed, owning, plural};
use crate::reading::data::{ColumnId, Data, EdgeId, TableId};
use crate::reading::relations::abbreviations;
use crate::reading::words::{Word, split_name};

/// Short forms below this are as likely something else.
const SURE: f32 = 0.9;
/// Short forms that people say as they are, or that stand for two things.
const KEPT: &[&str] = &["id", "min", "max", "temp", "sku"];
/// What a name begins or ends with that only says that it is a table.
const TABLE_MARKS: &[&str] = &["tbl", "dim", "fact", "table"];
/// What the name of a reference ends with that only says that it is one.
const REFERENCE_MARKS: &[&str] = &[
    "id",
    "code",
    "key",
    "no",
    "number",
    "nr",
    "cd",
    "fk",
    "ref",
    "reference",
    "identifier",
];

/// Short forms that stand for one thing only.
static LONG: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut all: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut sure: HashMap<&str, &str> = HashMap::new();
    for (short, long, strength) in abbreviations() {
        all.entry(short).or_default().push(long);
        let one_word = !long.contains(' ') || short.ends_with("name");
        if one_word && strength >= SURE {
            sure.insert(short, long);
        }
    }
    sure.retain(|short, _| {
        all.get(short).is_some_and(|long| long.len() == 1) && !KEPT.contains(short)
    });
    sure
});

struct TableName {
    one: String,
    many: String,
}

struct EdgeName {
    /// The row that is referred to, as the referring row's: `destination warehouse`.
    role: String,
    /// The referring columns, where other relationships lead to the same table.
    mark: Option<String>,
}

pub(super) struct Names<'d> {
    data: &'d Data,
    tables: Vec<TableName>,
    columns: Vec<String>,
    edges: Vec<EdgeName>,
}

impl<'d> Names<'d> {
    pub(super) fn new(data: &'d Data) -> Self {
        let tables = table_names(data);
        let columns = column_names(data);
        let edges = edge_names(data, &tables, &columns);
        Self {
            data,
            tables,
            columns,
            edges,
        }
    }

    /// One row of the table.
    pub(super) fn one(&self, table: TableId) -> &str {
        self.tables.get(table).map_or("row", |name| &name.one)
    }

    /// Rows of the table.
    pub(super) fn many(&self, table: TableId) -> &str {
        self.tables.get(table).map_or("rows", |name| &name.many)
    }

    pub(super) fn column(&self, column: ColumnId) -> &str {
        self.columns.get(column).map_or("", String::as_str)
    }

    /// The row at the other end of a relationship.
    pub(super) fn role(&self, edge: EdgeId) -> &str {
        self.edges.get(edge).map_or("", |name| &name.role)
    }

    /// The column that tells this relationship from others to the same table.
    pub(super) fn mark(&self, edge: EdgeId) -> Option<&str> {
        self.edges.get(edge)?.mark.as_deref()
    }

    /// The row that a way leads to: `customer's country`.
    pub(super) fn way(&self, path: &[EdgeId]) -> String {
        match path {
            [] => String::new(),
            [edge] => self.role(*edge).to_owned(),
            [edge, rest @ ..] => format!("{} {}", owning(self.role(*edge)), self.way(rest)),
        }
    }

    /// A way back to a row: what the row is to the rows that refer to it.
    pub(super) fn way_to_last(&self, down: &[EdgeId]) -> String {
        format!("the {}", self.way(down))
    }

    /// A column at the end of a way.
    pub(super) fn at(&self, path: &[EdgeId], column: ColumnId) -> String {
        if path.is_empty() {
            self.column(column).to_owned()
        } else {
            format!("{} {}", owning(&self.way(path)), self.column(column))
        }
    }

    /// Whether a column of the referring table has the name of what it refers to.
    pub(super) fn sounds_like_a_column(&self, edge: EdgeId) -> bool {
        let table = self.data.edges[edge].from;
        let columns = &self.data.tables[table].columns;
        columns
            .iter()
            .any(|&column| self.column(column) == self.role(edge))
    }
}

/// The words of a name in order, short forms written out.
fn spoken(name: &str, words: &[Word]) -> Vec<String> {
    let known = |word: &str| {
        let lemma = Word::new(word).lemma;
        words.iter().any(|own| own.lemma == lemma)
    };
    split_name(name, &|_| true)
        .iter()
        .flat_map(|part| match LONG.get(part.as_str()) {
            Some(long) => vec![(*long).to_owned()],
            None => split_name(part, &known)
                .into_iter()
                .map(|part| {
                    LONG.get(part.as_str())
                        .map_or(part.clone(), |long| (*long).to_owned())
                })
                .collect(),
        })
        .collect()
}

/// The names, each replaced by a plainer spelling of its identifier where another one is the same.
fn told_apart(wanted: Vec<String>, raw: &[&str]) -> Vec<String> {
    let mut names = wanted;
    let blanks: fn(&str) -> String = |name| name.replace('_', " ");
    let steps: [fn(&str) -> String; 2] = [blanks, str::to_owned];
    for step in steps {
        let mut count: HashMap<String, usize> = HashMap::new();
        for name in &names {
            *count.entry(name.clone()).or_default() += 1;
        }
        for (name, raw) in names.iter_mut().zip(raw) {
            if name.is_empty() || count.get(name).is_some_and(|count| *count > 1) {
                *name = step(raw);
            }
        }
    }
    names
}

fn table_names(data: &Data) -> Vec<TableName> {
    let raw: Vec<&str> = data
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    let singular: Vec<String> = data
        .tables
        .iter()
        .map(|table| {
            let mut parts = spoken(&table.name, &table.words);
            let is_mark = |part: Option<&String>| {
                part.is_some_and(|part| TABLE_MARKS.contains(&part.as_str()))
            };
            if parts.len() > 1 && is_mark(parts.first()) {
                parts.remove(0);
            }
            if parts.len() > 1 && is_mark(parts.last()) {
                parts.pop();
            }
            if let Some(last) = parts.last_mut() {
                *last = Word::new(last).lemma;
            }
            parts.join(" ")
        })
        .collect();
    let apart = told_apart(singular.clone(), &raw);
    apart
        .into_iter()
        .zip(singular)
        .map(|(one, singular)| {
            // A name that had to stay as it is stored cannot be counted: its rows can.
            let many = if one == singular {
                plural(&one)
            } else {
                format!("rows of {one}")
            };
            TableName { one, many }
        })
        .collect()
}

fn column_names(data: &Data) -> Vec<String> {
    let mut names = vec![String::new(); data.columns.len()];
    for table in &data.tables {
        let raw: Vec<&str> = table
            .columns
            .iter()
            .map(|&c| data.columns[c].name.as_str())
            .collect();
        let wanted = table
            .columns
            .iter()
            .map(|&column| {
                let info = &data.columns[column];
                let mut parts = spoken(&info.name, &info.words);
                // "Is active is yes" is no sentence.
                let asks = parts
                    .first()
                    .is_some_and(|first| matches!(first.as_str(), "is" | "has"));
                if info.yes.is_some() && asks && parts.len() > 1 {
                    parts.remove(0);
                }
                parts.join(" ")
            })
            .collect();
        for (&column, name) in table.columns.iter().zip(told_apart(wanted, &raw)) {
            names[column] = name;
        }
    }
    names
}

fn edge_names(data: &Data, tables: &[TableName], columns: &[String]) -> Vec<EdgeName> {
    let mut names: Vec<EdgeName> = data
        .edges
        .iter()
        .map(|edge| {
            let one = &tables[edge.to].one;
            let same = data
                .edges
                .iter()
                .filter(|other| other.from == edge.from && other.to == edge.to);
            if edge.from != edge.to && same.count() == 1 {
                return EdgeName {
                    role: one.clone(),
                    mark: None,
                };
            }
            let named: Vec<String> = edge
                .from_columns
                .iter()
                .map(|&column| columns[column].clone())
                .collect();
            let own: Vec<&str> = one.split(' ').collect();
            let first = named.first().cloned().unwrap_or_default();
            let mut parts: Vec<&str> = first
                .split(' ')
                .filter(|part| !own.contains(part))
                .collect();
            while parts.len() > 1
                && parts
                    .last()
                    .is_some_and(|last| REFERENCE_MARKS.contains(last))
            {
                parts.pop();
            }
            if let [only] = parts.as_slice()
                && REFERENCE_MARKS.contains(only)
            {
                parts.clear();
            }
            let role = match (parts.is_empty(), edge.from == edge.to) {
                (true, false) => one.clone(),
                (true, true) => format!("other {one}"),
                (false, true) => parts.join(" "),
                (false, false) => format!("{} {one}", parts.join(" ")),
            };
            EdgeName {
                role,
                mark: Some(listed(&named, "and")),
            }
        })
        .collect();
    let roles: Vec<(TableId, String)> = data
        .edges
        .iter()
        .zip(&names)
        .map(|(edge, name)| (edge.from, name.role.clone()))
        .collect();
    for (at, name) in names.iter_mut().enumerate() {
        if roles.iter().filter(|role| **role == roles[at]).count() > 1 {
            let edge = &data.edges[at];
            let by: Vec<String> = edge
                .from_columns
                .iter()
                .map(|&column| columns[column].clone())
                .collect();
            name.role = format!("{} by {}", tables[edge.to].one, listed(&by, "and"));
        }
    }
    names
}
