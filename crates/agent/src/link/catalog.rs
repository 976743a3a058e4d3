//! The schema with its names cut into words, ready to be matched.

use std::collections::HashSet;

use ingest::ColumnType;
use schema_gen::Schema;

use super::lexicon;
use super::words::{Word, split_name};

/// Position of a table in [`Catalog::tables`].
pub type TableId = usize;
/// Position of a column in [`Catalog::columns`].
pub type ColumnId = usize;

#[derive(Debug, Clone)]
pub struct TableInfo {
    pub name: String,
    pub words: Vec<Word>,
    pub columns: Vec<ColumnId>,
    pub primary_key: Vec<ColumnId>,
}

#[derive(Debug, Clone)]
pub struct ColumnInfo {
    pub table: TableId,
    pub name: String,
    pub words: Vec<Word>,
    pub column_type: ColumnType,
    pub is_key: bool,
    pub is_foreign: bool,
}

impl ColumnInfo {
    pub fn is_number(&self) -> bool {
        matches!(
            self.column_type,
            ColumnType::Integer | ColumnType::Real | ColumnType::Decimal
        )
    }

    pub fn is_time(&self) -> bool {
        matches!(self.column_type, ColumnType::Date | ColumnType::Datetime)
    }

    /// Its name ends like a key's.
    pub fn is_id(&self) -> bool {
        self.words
            .last()
            .is_some_and(|word| matches!(word.lemma.as_str(), "id" | "code" | "key"))
    }

    pub fn has_word(&self, lemma: &str) -> bool {
        self.words.iter().any(|word| word.lemma == lemma)
    }
}

/// A relationship between two tables, on one or more columns.
#[derive(Debug, Clone)]
pub struct Edge {
    pub from: TableId,
    pub from_columns: Vec<ColumnId>,
    pub to: TableId,
    pub to_columns: Vec<ColumnId>,
}

#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub tables: Vec<TableInfo>,
    pub columns: Vec<ColumnInfo>,
    pub edges: Vec<Edge>,
    /// Relationships to pass from one table to another, for each pair.
    hops: Vec<Vec<Option<usize>>>,
}

impl Catalog {
    pub fn new(schema: &Schema) -> Self {
        let known = known_words(schema);
        let is_known = |word: &str| lexicon::is_name_ending(word) || known.contains(word);
        let mut catalog = Self::default();
        for table in &schema.tables {
            let id = catalog.tables.len();
            let first = catalog.columns.len();
            let words = to_words(&table.name, &is_known);
            for column in &table.columns {
                catalog.columns.push(ColumnInfo {
                    table: id,
                    name: column.name.clone(),
                    words: to_words(&column.name, &is_known),
                    column_type: column.column_type,
                    is_key: table.primary_key.contains(&column.name),
                    is_foreign: column.references.is_some(),
                });
            }
            let columns: Vec<ColumnId> = (first..catalog.columns.len()).collect();
            catalog.tables.push(TableInfo {
                name: table.name.clone(),
                words: without_noise(words),
                primary_key: columns
                    .iter()
                    .copied()
                    .filter(|&column| catalog.columns[column].is_key)
                    .collect(),
                columns,
            });
        }
        for relationship in &schema.relationships {
            catalog.add_edge(relationship);
        }
        catalog.hops = (0..catalog.tables.len())
            .map(|table| catalog.hops_from(table))
            .collect();
        catalog
    }

    /// Number of relationships between two tables, if any lead from one to the other.
    pub fn distance(&self, from: TableId, to: TableId) -> Option<usize> {
        self.hops[from][to]
    }

    fn hops_from(&self, start: TableId) -> Vec<Option<usize>> {
        let mut hops = vec![None; self.tables.len()];
        hops[start] = Some(0);
        let mut ring = vec![start];
        for distance in 1.. {
            let mut next = Vec::new();
            for edge in &self.edges {
                for (near, far) in [(edge.from, edge.to), (edge.to, edge.from)] {
                    if ring.contains(&near) && hops[far].is_none() {
                        hops[far] = Some(distance);
                        next.push(far);
                    }
                }
            }
            if next.is_empty() {
                break;
            }
            ring = next;
        }
        hops
    }

    fn add_edge(&mut self, relationship: &schema_gen::model::Relationship) {
        let (Some(from), Some(to)) = (
            self.table(&relationship.from_table),
            self.table(&relationship.to_table),
        ) else {
            return;
        };
        let ids = |table: TableId, names: &[String]| -> Option<Vec<ColumnId>> {
            names.iter().map(|name| self.column(table, name)).collect()
        };
        if let (Some(from_columns), Some(to_columns)) = (
            ids(from, &relationship.from_columns),
            ids(to, &relationship.to_columns),
        ) {
            for &column in &from_columns {
                self.columns[column].is_foreign = true;
            }
            self.edges.push(Edge {
                from,
                from_columns,
                to,
                to_columns,
            });
        }
    }

    pub fn table(&self, name: &str) -> Option<TableId> {
        self.tables.iter().position(|table| table.name == name)
    }

    pub fn column(&self, table: TableId, name: &str) -> Option<ColumnId> {
        self.tables[table]
            .columns
            .iter()
            .copied()
            .find(|&column| self.columns[column].name == name)
    }

    pub fn column_named(&self, table: &str, column: &str) -> Option<ColumnId> {
        self.column(self.table(table)?, column)
    }

    /// The table whose rows the key column identifies: the one it refers to, or its own.
    pub fn identified_by(&self, column: ColumnId) -> Option<TableId> {
        let refers = self
            .edges
            .iter()
            .find(|edge| edge.from_columns == [column])
            .map(|edge| edge.to);
        let info = &self.columns[column];
        let own = self.tables[info.table].primary_key == [column];
        refers.or(own.then_some(info.table))
    }

    /// Whether the column's word also names its table.
    pub fn is_table_word(&self, column: &ColumnInfo, word: &Word) -> bool {
        self.tables[column.table].words.iter().any(|other| {
            other.lemma == word.lemma
                || (word.stem.len() >= 4 && other.stem == word.stem)
                || (word.lemma.len() <= 4 && other.lemma.starts_with(&word.lemma))
        })
    }

    /// A row of a table without own attributes only ties two others together.
    pub fn is_bridge(&self, table: TableId) -> bool {
        let own = &self.tables[table].columns;
        own.iter().filter(|&&c| self.columns[c].is_foreign).count() >= 2
            && own
                .iter()
                .filter(|&&c| !self.columns[c].is_foreign && !self.columns[c].is_key)
                .count()
                <= 2
    }
}

fn to_words(name: &str, known: &dyn Fn(&str) -> bool) -> Vec<Word> {
    split_name(name, known)
        .iter()
        .map(|part| Word::new(part))
        .collect()
}

/// Table names without prefixes and verbs that say nothing of what the rows are.
fn without_noise(words: Vec<Word>) -> Vec<Word> {
    const NOISE: &[&str] = &[
        "ref", "tbl", "table", "dim", "fact", "have", "of", "in", "the", "and",
    ];
    let kept: Vec<Word> = words
        .iter()
        .filter(|word| !NOISE.contains(&word.lemma.as_str()))
        .cloned()
        .collect();
    if kept.is_empty() { words } else { kept }
}

/// Words that stand alone somewhere in the schema's names, with their singular forms.
fn known_words(schema: &Schema) -> HashSet<String> {
    let never = |_: &str| true;
    let mut known = HashSet::new();
    let names = schema.tables.iter().flat_map(|table| {
        std::iter::once(&table.name).chain(table.columns.iter().map(|column| &column.name))
    });
    for name in names {
        let parts = split_name(name, &never);
        // A name of one word may be several words run together: it teaches nothing, unless it is a table's.
        let is_table = schema.tables.iter().any(|table| &table.name == name);
        if parts.len() > 1 || is_table {
            for part in parts.iter().filter(|part| part.len() >= 3) {
                known.insert(Word::new(part).lemma);
                known.insert(part.clone());
            }
        }
    }
    known
}
