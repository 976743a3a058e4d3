//! What a dataset is about: what each table's rows are, and what each column is for.
//!
//! Decided once, here, from names, types, keys and what is stored. Planner, prompt, charts, suggestions and formats read
//! it; nothing else guesses what an identifier or a measure is. What a person says differently ([`Edits`]) goes over it.

mod check;
mod edits;
mod follow;
mod metrics;
mod roles;
mod tables;

use serde::{Deserialize, Serialize};

use crate::Schema;
use crate::names::stem;
pub use check::{Checked, check};
pub use edits::{ColumnEdits, Edits, MetricEdit, TableEdits};

/// Counts up whenever [`derive`] gives another meaning for the same data, so that what was stored before is derived anew.
pub const DERIVATION: u32 = 1;

/// The semantic model of one dataset. Tables and columns stand in the schema's order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meaning {
    pub tables: Vec<TableMeaning>,
    /// Figures that have a name of their own, such as revenue.
    #[serde(default)]
    pub metrics: Vec<Metric>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableMeaning {
    pub table: String,
    pub kind: TableKind,
    /// The columns that name a row to people, in reading order; the key where nothing better is there.
    pub label: Vec<String>,
    #[serde(default)]
    pub label_source: Origin,
    /// The column that says when a row happened, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    #[serde(default)]
    pub time_source: Origin,
    /// Other words for a row of it.
    #[serde(default)]
    pub words: Vec<Said>,
    pub columns: Vec<ColumnMeaning>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnMeaning {
    pub column: String,
    pub role: Role,
    #[serde(default)]
    pub role_source: Origin,
    /// What its numbers count or are written in (`kg`, `EUR`, `min`), where the name says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default)]
    pub unit_source: Origin,
    /// For flags: the stored text that means yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes: Option<String>,
    #[serde(default)]
    pub yes_source: Origin,
    /// Other words for it.
    #[serde(default)]
    pub words: Vec<Said>,
}

/// A word and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub word: String,
    #[serde(default)]
    pub source: Origin,
}

impl Said {
    pub(crate) fn of_model(words: &[String]) -> Vec<Self> {
        let said = words.iter().map(|word| Self {
            word: word.clone(),
            source: Origin::Model,
        });
        said.collect()
    }
}

/// Where a piece of the meaning comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Derived from names, types, keys and stored values.
    #[default]
    Data,
    /// A language model proposed it.
    Model,
    User,
}

/// A named figure: an aggregate of one table's rows, or the ratio of two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What people call it.
    pub name: String,
    #[serde(default)]
    pub words: Vec<Said>,
    pub table: String,
    pub function: MetricFunction,
    /// The columns whose product is aggregated; none for a count of rows.
    #[serde(default)]
    pub columns: Vec<String>,
    /// What it is divided by: the name of another metric, or of a table whose rows are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
    #[serde(default)]
    pub source: Origin,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MetricFunction {
    Sum,
    Average,
    /// Of rows.
    Count,
    CountDistinct,
    Minimum,
    Maximum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// Rows are things that last: customers, products.
    Entity,
    /// Rows happen at a time: orders, readings.
    Event,
    /// Rows only tie two tables together.
    Bridge,
    /// A short list that codes refer to.
    Lookup,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Tells rows apart or refers to another table; never summed, averaged or drawn as a number.
    Identifier,
    /// Names a row to people.
    Label,
    /// One of few texts or codes that rows are grouped by.
    Category,
    /// Yes or no.
    Flag,
    Time,
    /// A year as a number.
    Year,
    /// A sum of it means something: money, quantities, hours.
    Additive,
    /// Of that, a count of things.
    Quantity,
    /// What one piece costs: only averages and extremes mean something.
    Price,
    /// A score, rate, age, percentage or measurement: only averages and extremes mean something.
    Level,
    /// A number that stands for a class or a place in an order: grade, floor, year group.
    Ordinal,
    Coordinate,
    /// Sentences.
    Text,
}

impl Role {
    pub fn is_measure(self) -> bool {
        matches!(
            self,
            Self::Additive | Self::Quantity | Self::Price | Self::Level
        )
    }

    /// Whether a sum over rows means something.
    pub fn is_additive(self) -> bool {
        matches!(self, Self::Additive | Self::Quantity)
    }

    /// Whether rows can be grouped by it.
    pub fn is_dimension(self) -> bool {
        matches!(
            self,
            Self::Label | Self::Category | Self::Flag | Self::Year | Self::Ordinal
        )
    }
}

/// What is stored in one column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnStats {
    pub rows: u64,
    pub nulls: u64,
    pub distinct: u64,
    /// Of numbers.
    pub min: Option<f64>,
    pub max: Option<f64>,
    /// Of dates and times: the latest, as stored.
    pub latest: Option<String>,
    /// Every number is whole.
    pub whole: bool,
    /// Characters of the longest text.
    pub max_length: u64,
    /// The most frequent values as text, at most twelve.
    pub top: Vec<String>,
}

/// Derives the meaning; `stats[table][column]` stands in the schema's order.
pub fn derive(schema: &Schema, stats: &[Vec<ColumnStats>]) -> Meaning {
    let mut tables: Vec<TableMeaning> = schema
        .tables
        .iter()
        .zip(stats)
        .map(|(table, stats)| {
            let columns = roles::of_columns(schema, table, stats);
            tables::of_table(schema, table, stats, columns)
        })
        .collect();
    let metrics = metrics::propose(schema, &tables);
    // A figure's name means the figure, whatever a model calls a column.
    let is_figure = |said: &Said| {
        let words = |metric: &Metric| {
            let others = metric.words.iter().map(|other| other.word.as_str());
            let mut all = others.chain([metric.name.as_str()]);
            all.any(|other| stem(other) == stem(&said.word))
        };
        metrics.iter().any(words)
    };
    for table in &mut tables {
        for column in &mut table.columns {
            column.words.retain(|said| !is_figure(said));
        }
    }
    Meaning { tables, metrics }
}

impl Meaning {
    pub fn table(&self, table: &str) -> Option<&TableMeaning> {
        self.tables.iter().find(|known| known.table == table)
    }

    /// By its name, whose case does not matter.
    pub fn metric(&self, name: &str) -> Option<&Metric> {
        let name = name.to_lowercase();
        self.metrics
            .iter()
            .find(|known| known.name.to_lowercase() == name)
    }

    pub fn column(&self, table: &str, column: &str) -> Option<&ColumnMeaning> {
        self.table(table)?
            .columns
            .iter()
            .find(|known| known.column == column)
    }
}

#[cfg(test)]
mod tests;
