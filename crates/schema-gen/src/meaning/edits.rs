//! What a person says differently from what was derived.
//!
//! Kept apart from the derived meaning, and laid over it whenever it is read: a copy of the whole with marks of origin
//! would keep every part as it was derived on the day of the first change, and a better derivation would then reach
//! nothing. So it reaches all that nobody touched, and a reset forgets these alone.

#![allow(
    clippy::option_option,
    reason = "as derived, none, and another one are three outcomes"
)]

use serde::{Deserialize, Deserializer, Serialize};

use super::{ColumnMeaning, Meaning, Metric, MetricFunction, Origin, Role, Said, TableMeaning};

/// All changes of one dataset. What is absent stays as derived; `null` says that there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edits {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableEdits>,
    /// Further metrics, and other ones in place of derived ones of the same name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricEdit>,
    /// Names of derived metrics that are wrong here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_metrics: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEdits {
    pub table: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Vec<String>>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub time: Option<Option<String>>,
    /// Further words for a row of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnEdits>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnEdits {
    pub column: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub unit: Option<Option<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes: Option<String>,
    /// Further words for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

/// [`Metric`], as a person says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MetricEdit {
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    pub table: String,
    pub function: MetricFunction,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
}

/// `null` is a value of its own, unlike an absent field.
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl Edits {
    /// The derived meaning with the changes in it. Names that are not there change nothing.
    pub fn apply(&self, derived: &Meaning) -> Meaning {
        let mut meaning = derived.clone();
        for edits in &self.tables {
            let table = meaning
                .tables
                .iter_mut()
                .find(|known| known.table == edits.table);
            if let Some(table) = table {
                edits.apply(table);
            }
        }
        let replaced = |name: &str| {
            let mut new = self.metrics.iter().map(|metric| &metric.name);
            new.any(|new| is_same(new, name))
                || self.without_metrics.iter().any(|gone| is_same(gone, name))
        };
        meaning.metrics.retain(|metric| !replaced(&metric.name));
        // A word that a person gave a meaning has no other one beside it.
        let taken = |word: &str| {
            self.metrics.iter().any(|metric| {
                is_same(&metric.name, word) || metric.words.iter().any(|own| is_same(own, word))
            })
        };
        for metric in &mut meaning.metrics {
            metric.words.retain(|said| !taken(&said.word));
        }
        meaning
            .metrics
            .extend(self.metrics.iter().map(MetricEdit::metric));
        meaning
    }
}

impl TableEdits {
    fn apply(&self, table: &mut TableMeaning) {
        for edits in &self.columns {
            let column = table
                .columns
                .iter_mut()
                .find(|known| known.column == edits.column);
            if let Some(column) = column {
                edits.apply(column);
            }
        }
        if let Some(label) = &self.label {
            table.label.clone_from(label);
            table.label_source = Origin::User;
        }
        if let Some(time) = &self.time {
            table.time.clone_from(time);
            table.time_source = Origin::User;
        } else {
            // A column that is no time any more says no longer when.
            let time = table.time.take();
            table.time = time.filter(|time| is_time(&table.columns, time));
        }
        table.words.extend(self.words.iter().map(|word| said(word)));
    }
}

impl ColumnEdits {
    fn apply(&self, column: &mut ColumnMeaning) {
        if let Some(role) = self.role {
            column.role = role;
            column.role_source = Origin::User;
        }
        if let Some(unit) = &self.unit {
            column.unit.clone_from(unit);
            column.unit_source = Origin::User;
        }
        if let Some(yes) = &self.yes {
            column.yes = Some(yes.clone());
            column.yes_source = Origin::User;
        }
        column
            .words
            .extend(self.words.iter().map(|word| said(word)));
    }
}

impl MetricEdit {
    fn metric(&self) -> Metric {
        Metric {
            name: self.name.clone(),
            words: self.words.iter().map(|word| said(word)).collect(),
            table: self.table.clone(),
            function: self.function,
            columns: self.columns.clone(),
            per: self.per.clone(),
            source: Origin::User,
        }
    }
}

fn said(word: &str) -> Said {
    Said {
        word: word.to_owned(),
        source: Origin::User,
    }
}

fn is_time(columns: &[ColumnMeaning], name: &str) -> bool {
    columns
        .iter()
        .any(|column| column.column == name && column.role == Role::Time)
}

/// Whether two names of metrics are one to a reader.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
