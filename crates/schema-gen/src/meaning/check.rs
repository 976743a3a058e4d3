//! What would keep a person's changes from being understood: names that are not there, roles that do not fit their
//! column, words without bounds. A client chooses every length in it, so counts are looked at first.

use std::collections::HashSet;

use ingest::ColumnType;

use super::edits::is_same;
use super::roles::{is_number, refers};
use super::{
    ColumnEdits, ColumnStats, Edits, Meaning, MetricEdit, MetricFunction, Role, TableEdits,
};
use crate::ident::hidden_fault;
use crate::model::{Column, Table};
use crate::{Problem, Schema};

/// Characters of one word, which may be a phrase.
const MAX_WORD_CHARS: usize = 60;
/// Words of a phrase: no name is looked for in more words of a question.
const MAX_PHRASE_WORDS: usize = 5;
/// Other words for one thing.
const MAX_WORDS: usize = 20;
/// Other words in all: each is held against every word of every question.
const MAX_WORDS_IN_ALL: usize = 1_000;
const MAX_METRICS: usize = 50;
const MAX_LABEL_COLUMNS: usize = 4;
const MAX_UNIT_CHARS: usize = 20;
const MAX_YES_CHARS: usize = 100;
/// A column with more values is no flag.
const MAX_FLAG_VALUES: u64 = 12;
/// Faults named at once; one more says that there are others.
const MAX_PROBLEMS: usize = 100;
/// Characters of a name that a message quotes.
const SHOWN_CHARS: usize = 80;
/// Names that a message lists.
const MAX_LISTED: usize = 12;

/// What changes are held against.
#[derive(Clone, Copy)]
pub struct Checked<'a> {
    pub schema: &'a Schema,
    /// `stats[table][column]` in the schema's order.
    pub stats: &'a [Vec<ColumnStats>],
    pub derived: &'a Meaning,
    /// Whether a phrase is found again in a question: "by the" is none.
    pub is_name: &'a dyn Fn(&str) -> bool,
}

/// All faults of the changes, where they are and what to do; none where they can be kept.
pub fn check(edits: &Edits, against: Checked<'_>) -> Vec<Problem> {
    let mut checker = Checker {
        against,
        result: Meaning::default(),
        found: Vec::new(),
    };
    if checker.counts_fit(edits) {
        checker.result = edits.apply(against.derived);
        checker.tables(edits);
        checker.metrics(edits);
    }
    let mut found = checker.found;
    if found.len() > MAX_PROBLEMS {
        found.truncate(MAX_PROBLEMS);
        found.push(Problem {
            field: "tables".to_owned(),
            message: format!("there may be more than these {MAX_PROBLEMS} problems"),
        });
    }
    found
}

struct Checker<'a> {
    against: Checked<'a>,
    /// What would be read from then on.
    result: Meaning,
    found: Vec<Problem>,
}

impl Checker<'_> {
    fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        if self.found.len() <= MAX_PROBLEMS {
            self.found.push(Problem {
                field: field.into(),
                message: message.into(),
            });
        }
    }

    fn counts_fit(&mut self, edits: &Edits) -> bool {
        let schema = self.against.schema;
        let columns: usize = schema.tables.iter().map(|table| table.columns.len()).sum();
        let edited: usize = edits.tables.iter().map(|table| table.columns.len()).sum();
        let words = edits.tables.iter().map(|table| {
            let of_columns = table.columns.iter().map(|column| column.words.len());
            table.words.len() + of_columns.sum::<usize>()
        });
        let of_metrics = edits.metrics.iter().map(|metric| metric.words.len());
        let words = words.sum::<usize>() + of_metrics.sum::<usize>();
        for (field, what, count, most) in [
            ("tables", "tables", edits.tables.len(), schema.tables.len()),
            ("tables", "columns", edited, columns),
            ("metrics", "metrics", edits.metrics.len(), MAX_METRICS),
            (
                "without_metrics",
                "metrics",
                edits.without_metrics.len(),
                MAX_METRICS,
            ),
            ("tables", "words in all", words, MAX_WORDS_IN_ALL),
        ] {
            if count > most {
                self.add(field, format!("{count} {what}: at most {most}"));
            }
        }
        self.found.is_empty()
    }

    fn tables(&mut self, edits: &Edits) {
        let schema = self.against.schema;
        let mut seen = HashSet::new();
        for (number, table_edits) in edits.tables.iter().enumerate() {
            let field = format!("tables[{number}]");
            let at = schema
                .tables
                .iter()
                .position(|table| table.name == table_edits.table);
            let Some(at) = at else {
                let names = listed(schema.tables.iter().map(|table| table.name.as_str()));
                let name = shown(&table_edits.table);
                self.add(
                    format!("{field}.table"),
                    format!("there is no table {name}; there are {names}"),
                );
                continue;
            };
            if !seen.insert(at) {
                let name = shown(&table_edits.table);
                self.add(
                    format!("{field}.table"),
                    format!("{name} is here twice: put both together"),
                );
                continue;
            }
            self.table(&field, &schema.tables[at], at, table_edits);
        }
    }

    fn table(&mut self, field: &str, table: &Table, at: usize, edits: &TableEdits) {
        self.words(&format!("{field}.words"), &edits.words);
        if let Some(label) = &edits.label {
            self.label(&format!("{field}.label"), table, label);
        }
        if let Some(Some(time)) = &edits.time {
            let field = format!("{field}.time");
            let role = self
                .result
                .column(&table.name, time)
                .map(|known| known.role);
            match role {
                None => self.no_column(&field, table, time),
                Some(Role::Time) => {}
                Some(_) => self.add(
                    field,
                    format!(
                        "{} holds no dates: name a column of the role time, or null for none",
                        shown(time)
                    ),
                ),
            }
        }
        let mut seen = HashSet::new();
        for (number, column_edits) in edits.columns.iter().enumerate() {
            let field = format!("{field}.columns[{number}]");
            let name = &column_edits.column;
            let place = table.columns.iter().position(|known| known.name == *name);
            let Some(place) = place else {
                self.no_column(&format!("{field}.column"), table, name);
                continue;
            };
            if !seen.insert(place) {
                self.add(
                    format!("{field}.column"),
                    format!("{} is here twice: put both together", shown(name)),
                );
                continue;
            }
            let stats = self.against.stats.get(at).and_then(|of| of.get(place));
            self.column(
                &field,
                table,
                &table.columns[place],
                &stats.cloned().unwrap_or_default(),
                column_edits,
            );
        }
    }

    fn label(&mut self, field: &str, table: &Table, label: &[String]) {
        if label.is_empty() || label.len() > MAX_LABEL_COLUMNS {
            self.add(
                field,
                format!(
                    "name 1 to {MAX_LABEL_COLUMNS} columns, or leave it out for the derived ones"
                ),
            );
            return;
        }
        let mut seen = HashSet::new();
        for (number, column) in label.iter().enumerate() {
            let field = format!("{field}[{number}]");
            if !table.columns.iter().any(|known| known.name == *column) {
                self.no_column(&field, table, column);
            } else if !seen.insert(column) {
                self.add(field, format!("{} is here twice", shown(column)));
            }
        }
    }

    fn column(
        &mut self,
        field: &str,
        table: &Table,
        column: &Column,
        stats: &ColumnStats,
        edits: &ColumnEdits,
    ) {
        self.words(&format!("{field}.words"), &edits.words);
        let name = &column.name;
        if let Some(role) = edits.role {
            let is_key = table.primary_key == [name.as_str()];
            let field = format!("{field}.role");
            if let Some(needed) = misfit(role, column.column_type) {
                self.add(
                    field,
                    format!("{name} holds {}: {needed}", holds(column.column_type)),
                );
            } else if (is_key || refers(self.against.schema, table, column)) && role.is_measure() {
                self.add(
                    field,
                    format!("{name} tells rows apart or refers to others: its numbers measure nothing. Say identifier, label or category"),
                );
            }
        }
        let result = self.result.column(&table.name, name);
        let is_flag = result.is_some_and(|known| known.role == Role::Flag);
        let has_yes = result.is_some_and(|known| known.yes.is_some());
        if let Some(Some(unit)) = &edits.unit {
            let field = format!("{field}.unit");
            if is_number(column) {
                self.text(&field, unit, MAX_UNIT_CHARS);
            } else {
                self.add(
                    field,
                    format!("{name} holds no numbers: a unit has no place there"),
                );
            }
        }
        match &edits.yes {
            Some(_) if !is_flag => self.add(
                format!("{field}.yes"),
                format!("{name} is no flag: say role flag too, or leave yes out"),
            ),
            Some(yes) => self.yes(&format!("{field}.yes"), name, stats, yes),
            None if is_flag && !has_yes => self.add(
                format!("{field}.yes"),
                format!("say which stored value of {name} means yes"),
            ),
            None => {}
        }
    }

    fn yes(&mut self, field: &str, name: &str, stats: &ColumnStats, yes: &str) {
        if !self.text(field, yes, MAX_YES_CHARS) {
            return;
        }
        if stats.distinct > MAX_FLAG_VALUES {
            self.add(
                field,
                format!(
                    "{name} has {} different values: a flag has two",
                    stats.distinct
                ),
            );
        } else if stats.distinct > 0 && !stats.top.iter().any(|value| value == yes) {
            let values = listed(stats.top.iter().map(String::as_str));
            self.add(
                field,
                format!("no row has {} there; stored are {values}", shown(yes)),
            );
        }
    }

    fn metrics(&mut self, edits: &Edits) {
        for (number, metric) in edits.metrics.iter().enumerate() {
            let field = format!("metrics[{number}]");
            self.phrase(&format!("{field}.name"), &metric.name);
            let earlier = &edits.metrics[..number];
            if earlier
                .iter()
                .any(|known| is_same(&known.name, &metric.name))
            {
                self.add(
                    format!("{field}.name"),
                    format!(
                        "{} is the name of two metrics: name one differently",
                        shown(&metric.name)
                    ),
                );
            }
            self.words(&format!("{field}.words"), &metric.words);
            for (place, word) in metric.words.iter().enumerate() {
                let others = self.result.metrics.iter();
                let other = others
                    .filter(|other| !is_same(&other.name, &metric.name))
                    .find(|other| {
                        is_same(&other.name, word)
                            || other.words.iter().any(|known| is_same(&known.word, word))
                    })
                    .map(|other| other.name.clone());
                if let Some(other) = other {
                    self.add(
                        format!("{field}.words[{place}]"),
                        format!("{} means {} already", shown(word), shown(&other)),
                    );
                }
            }
            self.metric(&field, metric);
            self.per(&format!("{field}.per"), metric);
        }
        for (number, name) in edits.without_metrics.iter().enumerate() {
            if self.against.derived.metric(name).is_none() {
                let names = self.against.derived.metrics.iter();
                let names = listed(names.map(|metric| metric.name.as_str()));
                self.add(
                    format!("without_metrics[{number}]"),
                    format!("{} was not derived; derived are {names}", shown(name)),
                );
            }
        }
    }

    fn metric(&mut self, field: &str, metric: &MetricEdit) {
        let schema = self.against.schema;
        let Some(table) = schema
            .tables
            .iter()
            .find(|known| known.name == metric.table)
        else {
            let names = listed(schema.tables.iter().map(|table| table.name.as_str()));
            let name = shown(&metric.table);
            self.add(
                format!("{field}.table"),
                format!("there is no table {name}; there are {names}"),
            );
            return;
        };
        let (least, most) = match metric.function {
            MetricFunction::Count => (0, 0),
            MetricFunction::CountDistinct => (1, 1),
            // Of several columns the product is meant: quantity times price.
            _ => (1, 2),
        };
        if !(least..=most).contains(&metric.columns.len()) {
            let needed = match (least, most) {
                (0, _) => "count counts rows: name no columns, or say count_distinct",
                (_, 1) => "name the one column whose different values are counted",
                _ => "name the column, or two whose product is meant",
            };
            self.add(format!("{field}.columns"), needed);
            return;
        }
        for (number, name) in metric.columns.iter().enumerate() {
            let field = format!("{field}.columns[{number}]");
            let Some(column) = table.columns.iter().find(|known| known.name == *name) else {
                self.no_column(&field, table, name);
                continue;
            };
            let role = self
                .result
                .column(&table.name, name)
                .map(|known| known.role);
            if let Some(fault) = cannot(metric, column, role.unwrap_or(Role::Text)) {
                self.add(field, format!("{name} {fault}"));
            }
        }
    }

    fn per(&mut self, field: &str, metric: &MetricEdit) {
        let Some(per) = &metric.per else { return };
        if is_same(per, &metric.name) {
            self.add(field, "a metric cannot be divided by itself");
            return;
        }
        // One step alone: no way leads back to where it began, and everybody can say what is divided by what.
        let under = self.result.metric(per).map(|known| known.per.is_some());
        let is_table = self
            .against
            .schema
            .tables
            .iter()
            .any(|table| table.name == *per);
        match under {
            Some(true) => self.add(
                field,
                format!(
                    "{} is divided itself: name a metric without per, or a table",
                    shown(per)
                ),
            ),
            Some(false) => {}
            None if is_table => {}
            None => {
                let metrics = self
                    .result
                    .metrics
                    .iter()
                    .filter(|known| known.per.is_none());
                let metrics = metrics.map(|known| known.name.as_str());
                let tables = self.against.schema.tables.iter();
                let names = listed(metrics.chain(tables.map(|table| table.name.as_str())));
                let name = shown(per);
                self.add(
                    field,
                    format!("there is no metric or table {name}; there are {names}"),
                );
            }
        }
    }

    fn words(&mut self, field: &str, words: &[String]) {
        if words.len() > MAX_WORDS {
            self.add(field, format!("{} words: at most {MAX_WORDS}", words.len()));
            return;
        }
        for (number, word) in words.iter().enumerate() {
            let field = format!("{field}[{number}]");
            self.phrase(&field, word);
            if words[..number].iter().any(|known| is_same(known, word)) {
                self.add(field, format!("{} is here twice", shown(word)));
            }
        }
    }

    fn phrase(&mut self, field: &str, phrase: &str) {
        if !self.text(field, phrase, MAX_WORD_CHARS) {
            return;
        }
        if phrase.split_whitespace().count() > MAX_PHRASE_WORDS {
            self.add(field, format!("at most {MAX_PHRASE_WORDS} words"));
        } else if !(self.against.is_name)(phrase) {
            self.add(
                field,
                format!(
                    "{} would be found in no question: begin and end with a word that names something",
                    shown(phrase)
                ),
            );
        }
    }

    fn text(&mut self, field: &str, text: &str, most: usize) -> bool {
        let length = text.chars().count();
        let fault = if let Some(hidden) = hidden_fault(text) {
            format!("holds {hidden}: type it without")
        } else if !(1..=most).contains(&length) {
            format!("1 to {most} characters")
        } else if text.trim() != text {
            "begins or ends with a blank: leave it out".to_owned()
        } else {
            return true;
        };
        self.add(field, fault);
        false
    }

    fn no_column(&mut self, field: &str, table: &Table, name: &str) {
        let names = listed(table.columns.iter().map(|column| column.name.as_str()));
        self.add(
            field,
            format!(
                "{} has no column {}; it has {names}",
                table.name,
                shown(name)
            ),
        );
    }
}

/// What a column of the type would have to hold for the role; `None` where it fits.
fn misfit(role: Role, column_type: ColumnType) -> Option<&'static str> {
    use ColumnType::{Boolean, Date, Datetime, Decimal, Integer, Real, Text};
    let is_number = matches!(column_type, Integer | Real | Decimal);
    match role {
        Role::Identifier | Role::Label | Role::Category => None,
        Role::Flag => (!matches!(column_type, Boolean | Integer | Text))
            .then_some("a flag needs whole numbers, texts, or yes and no"),
        Role::Time => {
            (!matches!(column_type, Date | Datetime)).then_some("the role time needs dates")
        }
        Role::Text => (column_type != Text).then_some("the role text needs texts"),
        Role::Additive | Role::Quantity => (!is_number).then_some("only numbers can be summed"),
        Role::Price | Role::Level => (!is_number).then_some("only numbers can be averaged"),
        Role::Year | Role::Ordinal | Role::Coordinate => {
            (!is_number).then_some("the role needs numbers")
        }
    }
}

fn holds(column_type: ColumnType) -> &'static str {
    match column_type {
        ColumnType::Integer => "whole numbers",
        ColumnType::Real | ColumnType::Decimal => "numbers",
        ColumnType::Boolean => "yes and no",
        ColumnType::Date | ColumnType::Datetime => "dates",
        ColumnType::Text => "texts",
    }
}

/// Why the function means nothing over the column, after its name.
fn cannot(metric: &MetricEdit, column: &Column, role: Role) -> Option<&'static str> {
    let is_product = metric.columns.len() > 1;
    match metric.function {
        MetricFunction::Count | MetricFunction::CountDistinct => None,
        MetricFunction::Minimum | MetricFunction::Maximum if role == Role::Time && !is_product => {
            None
        }
        _ if !is_number(column) => Some("holds no numbers: name a column that does"),
        MetricFunction::Sum if !role.is_measure() => {
            Some("is not what sums are made of: name an amount, or change the column's role first")
        }
        _ if role == Role::Identifier => {
            Some("tells rows apart: its numbers measure nothing; say count_distinct")
        }
        _ => None,
    }
}

fn shown(name: &str) -> String {
    let mut cut: String = name.chars().take(SHOWN_CHARS).collect();
    if name.chars().nth(SHOWN_CHARS).is_some() {
        cut.push('…');
    }
    format!("\"{}\"", crate::ident::without_hidden(&cut))
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.take(MAX_LISTED + 1).collect();
    if names.len() > MAX_LISTED {
        names[MAX_LISTED] = "…";
    }
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}
