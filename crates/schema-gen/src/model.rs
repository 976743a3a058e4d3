//! The schema as the API shows it (`schema_json`) and as everything downstream reads it.

use ingest::ColumnType;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    pub tables: Vec<Table>,
    #[serde(default)]
    pub relationships: Vec<Relationship>,
    #[serde(default)]
    pub indexes: Vec<Index>,
    #[serde(default)]
    pub suggestions: Vec<Suggestion>,
    #[serde(default)]
    pub reasoning: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    pub source: TableSource,
    /// Empty where no column combination is fit.
    #[serde(default)]
    pub primary_key: Vec<String>,
    /// What becomes of rows that break the primary key.
    #[serde(default, skip_serializing_if = "Repeats::is_default")]
    pub repeats: Repeats,
    /// How many rows break it, once that is counted; only where they are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_exceptions: Option<KeyExceptions>,
    pub columns: Vec<Column>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The column that names a row, as a language model proposed and nobody took back: for the meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// What becomes of rows whose primary key is empty or that of an earlier row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    /// They are set aside.
    #[default]
    SetAside,
    /// They stay, and the database does not enforce the key while there are any.
    Keep,
}

/// The rows that a primary key does not name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyExceptions {
    /// Rows with the key of an earlier row.
    pub repeated_rows: u64,
    /// Rows without a key.
    pub empty_rows: u64,
    /// At most five keys that occur more than once, as the file has them.
    #[serde(default)]
    pub samples: Vec<String>,
}

/// Which rows of which file the table holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSource {
    pub csv_id: String,
    #[serde(default)]
    pub rows: SourceRows,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceRows {
    /// Every row of the file.
    #[default]
    All,
    /// The distinct combinations of the table's columns (a table split off a wide file).
    Distinct,
    /// A row for each item of the lists in a column's cells.
    Split(ListItems),
    /// A row for each filled cell of some columns.
    Unpivot(ColumnGroup),
}

/// Lists in cells: `a; b; c`. The table's column of this source column holds the items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListItems {
    /// The file's column.
    pub column: String,
    /// What stands between items; blanks around them are no part of them, and empty ones are none.
    pub separator: String,
}

/// Columns that hold the same measure: `jan`, `feb`, `mar`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnGroup {
    /// The file's columns.
    pub columns: Vec<String>,
    /// What each is called in `name_column`, in their order.
    pub names: Vec<String>,
    /// The table's column that says of which of them a row is, and the one that holds its cell; neither has a source column.
    pub name_column: String,
    pub value_column: String,
}

impl SourceRows {
    /// Whether a record of the file may be several rows, or none.
    pub fn is_expanded(&self) -> bool {
        matches!(self, Self::Split(_) | Self::Unpivot(_))
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// `NOT NULL`, `UNIQUE`; nothing else is accepted.
    #[serde(default)]
    pub constraints: Vec<String>,
    /// The column of the file, as in its profile; `None` for a surrogate key (numbered from 1).
    pub source_column: Option<String>,
    /// Single-column reference; composite ones stand in `relationships` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<Reference>,
    /// What becomes of values that are not of the column's type.
    #[serde(default, skip_serializing_if = "Misfits::is_default")]
    pub misfits: Misfits,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other words for it, as a language model proposed and nobody took back: for the meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// What becomes of a value that is not of its column's type. In a primary key its row is always set aside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misfits {
    /// The cell is null and listed with its text; the row stays.
    #[default]
    Empty,
    /// The row is set aside.
    SetAside,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub table: String,
    pub column: String,
}

/// A foreign key: non-null combinations of `from_columns` are found in `to_columns`. `orphans` says what becomes of the rows
/// whose combination is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relationship {
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub cardinality: Cardinality,
    /// 0 to 1.
    #[serde(default)]
    pub confidence: f64,
    #[serde(default)]
    pub evidence: Evidence,
    #[serde(default, skip_serializing_if = "Orphans::is_default")]
    pub orphans: Orphans,
    /// Differences of spelling that count for nothing; values are stored as the key has them. One column of text only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub even_out: Vec<Evening>,
}

/// A difference of spelling between a value and the key that it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evening {
    /// Blanks at the ends, and how many stand between words.
    Blanks,
    /// Upper and lower case.
    Case,
    /// A letter and its accent as one character or as two (Unicode's forms C and D).
    Composition,
    /// Zeros before a whole number.
    Zeros,
}

/// What becomes of rows whose reference has no partner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Orphans {
    /// They stay as they are, and the database does not enforce the reference.
    #[default]
    Keep,
    /// They stay, and rows with nothing but the key are added to the table referred to.
    Placeholder,
    /// They are set aside, and so are the rows that refer to them by such a reference.
    SetAside,
    /// They stay; the reference becomes null.
    Empty,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cardinality {
    #[default]
    ManyToOne,
    OneToOne,
}

/// The numbers a relationship rests on, each recomputable from the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Distinct non-null combinations on the referencing side.
    pub distinct: u64,
    /// Of those, found on the referenced side.
    pub matched: u64,
    /// Rows whose combination is not found.
    pub orphan_rows: u64,
    /// At most five.
    #[serde(default)]
    pub orphan_samples: Vec<String>,
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Other keys that were considered, best first.
    #[serde(default)]
    pub rivals: Vec<Rival>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    pub table: String,
    pub columns: Vec<String>,
    pub confidence: f64,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    pub name: String,
    pub table: String,
    pub columns: Vec<String>,
    #[serde(default)]
    pub unique: bool,
}

/// A change that the user may accept. `patch` replaces whole tables and relationships of the schema.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    pub id: String,
    /// `split_table`, …
    pub kind: String,
    pub title: String,
    pub evidence: serde_json::Value,
    pub patch: serde_json::Value,
}

/// The constraints a column may carry; nothing else is accepted.
pub const NOT_NULL: &str = "NOT NULL";
pub const UNIQUE: &str = "UNIQUE";

impl Misfits {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Repeats {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl KeyExceptions {
    pub fn rows(&self) -> u64 {
        self.repeated_rows + self.empty_rows
    }
}

impl Orphans {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands over a reference"
    )]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Relationship {
    /// Whether every row that is kept has a partner.
    pub(crate) fn always_meets(&self) -> bool {
        self.orphans != Orphans::Keep || self.evidence.orphan_rows == 0
    }
}

impl Column {
    pub fn is_not_null(&self) -> bool {
        self.has(NOT_NULL)
    }

    pub fn is_unique(&self) -> bool {
        self.has(UNIQUE)
    }

    /// Adds the constraint unless it is there.
    pub fn require(&mut self, constraint: &str) {
        if !self.has(constraint) {
            self.constraints.push(constraint.to_owned());
        }
    }

    /// Takes the constraint away.
    pub fn lift(&mut self, constraint: &str) {
        self.constraints
            .retain(|own| !own.eq_ignore_ascii_case(constraint));
    }

    fn has(&self, constraint: &str) -> bool {
        self.constraints
            .iter()
            .any(|own| own.eq_ignore_ascii_case(constraint))
    }
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The primary key as far as the database is to hold rows to it; empty where rows that break it are kept.
    pub fn enforced_key(&self) -> &[String] {
        let is_kept_to = match (self.repeats, &self.key_exceptions) {
            (Repeats::SetAside, _) => true,
            (Repeats::Keep, Some(exceptions)) => exceptions.rows() == 0,
            (Repeats::Keep, None) => false,
        };
        if is_kept_to { &self.primary_key } else { &[] }
    }
}

impl Schema {
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Whether the columns, in any order, are declared unique: as primary key, by a constraint or a unique index.
    pub fn is_key(&self, table: &Table, columns: &[String]) -> bool {
        same_columns(&table.primary_key, columns) || self.is_enforced_key(table, columns)
    }

    /// As [`Self::is_key`], and the database holds every row to it.
    pub fn is_enforced_key(&self, table: &Table, columns: &[String]) -> bool {
        let same = |other: &[String]| same_columns(other, columns);
        let by_constraint = match columns {
            [only] => table.column(only).is_some_and(Column::is_unique),
            _ => false,
        };
        same(table.enforced_key())
            || by_constraint
            || self
                .indexes
                .iter()
                .any(|index| index.unique && index.table == table.name && same(&index.columns))
    }

    /// Whether the database is to hold rows to the reference: not where rows without a partner, or rows that break the key
    /// referred to, are kept.
    pub fn is_enforced(&self, relationship: &Relationship) -> bool {
        let to = self.table(&relationship.to_table);
        relationship.always_meets()
            && to.is_some_and(|to| self.is_enforced_key(to, &relationship.to_columns))
    }

    /// Copies each single-column relationship to its column's `references` and removes all others.
    pub fn derive_references(&mut self) {
        for table in &mut self.tables {
            for column in &mut table.columns {
                column.references = self
                    .relationships
                    .iter()
                    .find(|relationship| {
                        relationship.from_table == table.name
                            && relationship.from_columns == [column.name.as_str()]
                    })
                    .and_then(|relationship| {
                        Some(Reference {
                            table: relationship.to_table.clone(),
                            column: relationship.to_columns.first()?.clone(),
                        })
                    });
            }
        }
    }
}

fn same_columns(one: &[String], other: &[String]) -> bool {
    one.len() == other.len() && one.iter().all(|name| other.contains(name))
}
