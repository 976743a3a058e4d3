//! The dataset as the reader sees it: tables, columns and relationships with their words and roles.

use std::collections::HashSet;

use ingest::ColumnType;
use schema_gen::Schema;
use schema_gen::meaning::{ColumnStats, Meaning, Metric, MetricFunction, Origin, Role, TableKind};
use schema_gen::model::{Orphans, Relationship};

use super::anchors::only_joins;
use super::frame::Of;
use super::query::Function;
use crate::reading::lexicon;
use crate::reading::tokens::{Kind, tokenize};
use crate::reading::words::{Word, split_name};

/// Position of a table in [`Data::tables`].
pub type TableId = usize;
/// Position of a column in [`Data::columns`].
pub type ColumnId = usize;
/// Position of a relationship in [`Data::edges`].
pub type EdgeId = usize;

#[derive(Debug, Clone)]
pub struct TableInfo {
    pub name: String,
    pub words: Vec<Word>,
    /// Other words for a row.
    pub also: Vec<Vec<Word>>,
    pub kind: TableKind,
    pub columns: Vec<ColumnId>,
    pub key: Vec<ColumnId>,
    pub label: Vec<ColumnId>,
    pub time: Option<ColumnId>,
    /// Somebody said that this time counts, and no other one unless it is named.
    pub time_is_said: bool,
    pub rows: u64,
    /// Its rows are persons: "people", "who".
    pub holds_persons: bool,
}

#[derive(Debug, Clone)]
pub struct ColumnInfo {
    pub table: TableId,
    pub name: String,
    pub words: Vec<Word>,
    pub also: Vec<Vec<Word>>,
    pub column_type: ColumnType,
    pub role: Role,
    pub unit: Option<String>,
    /// For flags: the stored text (or number) that means yes.
    pub yes: Option<String>,
    pub is_foreign: bool,
    pub is_unique: bool,
    /// Some of its texts differ only by case or blanks at their ends: groups of it take these together.
    pub has_spellings: bool,
    pub stats: ColumnStats,
}

impl ColumnInfo {
    pub fn is_number(&self) -> bool {
        matches!(
            self.column_type,
            ColumnType::Integer | ColumnType::Real | ColumnType::Decimal
        )
    }

    pub fn is_time(&self) -> bool {
        self.role == Role::Time
    }

    pub fn has_word(&self, lemma: &str) -> bool {
        self.words.iter().any(|word| word.lemma == lemma)
    }
}

/// Many rows of `from` refer to one row of `to`.
#[derive(Debug, Clone)]
pub struct Edge {
    pub from: TableId,
    pub from_columns: Vec<ColumnId>,
    pub to: TableId,
    pub to_columns: Vec<ColumnId>,
    /// Rows that refer to nothing, and are kept.
    pub orphan_rows: u64,
    /// Rows with the key of an earlier one, on the side that is referred to.
    pub repeated_rows: u64,
}

/// A figure that has a name of its own.
#[derive(Debug, Clone)]
pub struct MetricInfo {
    pub name: String,
    /// What it is called, each as words.
    pub words: Vec<Vec<Word>>,
    pub function: Function,
    pub of: Of,
    /// What it is divided by.
    pub per: Option<(Function, Of)>,
    /// A person named it.
    pub is_own: bool,
}

#[derive(Debug, Clone, Default)]
pub struct Data {
    pub metrics: Vec<MetricInfo>,
    pub tables: Vec<TableInfo>,
    pub columns: Vec<ColumnInfo>,
    pub edges: Vec<Edge>,
    /// Times by which something was due, each with the time of the same row when it was done.
    pub deadlines: Vec<(ColumnId, Option<ColumnId>)>,
    /// Times at which what a row tells of ended, which are empty until then.
    pub endings: Vec<ColumnId>,
    /// Two times of one row between which something lasts.
    pub spans: Vec<(ColumnId, ColumnId)>,
}

/// Parts of names that say nothing of what is meant.
const NOISE: &[&str] = &[
    "ref", "tbl", "table", "dim", "fact", "of", "in", "the", "and", "a", "is", "has",
];

/// Words of a time by which something has to happen.
const DUE: &[&str] = &[
    "due",
    "deadline",
    "promised",
    "promise",
    "expected",
    "expect",
    "planned",
    "plan",
    "scheduled",
    "schedule",
    "estimated",
    "estimate",
    "required",
    "target",
    "agreed",
    "sla",
    "eta",
];

/// Words of a time, or a flag, of what did happen; the likeliest end of it first.
const DONE: &[&str] = &[
    "returned",
    "return",
    "back",
    "delivered",
    "delivery",
    "deliver",
    "paid",
    "pay",
    "payment",
    "settled",
    "settle",
    "completed",
    "complete",
    "completion",
    "finished",
    "finish",
    "closed",
    "close",
    "resolved",
    "resolve",
    "received",
    "receive",
    "arrived",
    "arrive",
    "arrival",
    "actual",
    "done",
    "ended",
    "end",
    "shipped",
    "ship",
];

impl Data {
    pub fn new(schema: &Schema, meaning: &Meaning, stats: &[Vec<ColumnStats>]) -> Self {
        let known = known_words(schema);
        let is_known = |word: &str| lexicon::is_name_ending(word) || known.contains(word);
        let mut data = Self::default();
        for (number, table) in schema.tables.iter().enumerate() {
            let id = data.tables.len();
            let first = data.columns.len();
            let about = meaning
                .tables
                .iter()
                .find(|known| known.table == table.name);
            for (position, column) in table.columns.iter().enumerate() {
                let known = about.and_then(|about| {
                    about
                        .columns
                        .iter()
                        .find(|known| known.column == column.name)
                });
                let stats = stats
                    .get(number)
                    .and_then(|table| table.get(position))
                    .cloned()
                    .unwrap_or_default();
                data.columns.push(ColumnInfo {
                    table: id,
                    name: column.name.clone(),
                    words: to_words(&column.name, &is_known),
                    also: known.map_or_else(Vec::new, |known| phrases(&known.words)),
                    column_type: column.column_type,
                    role: known.map_or(Role::Category, |known| known.role),
                    unit: known
                        .and_then(|known| known.unit.as_ref().map(|unit| unit.to_lowercase())),
                    yes: known.and_then(|known| known.yes.clone()),
                    is_foreign: column.references.is_some(),
                    is_unique: table.primary_key == [column.name.clone()]
                        || column.is_unique()
                        || (stats.rows > 1 && stats.distinct == stats.rows),
                    has_spellings: false,
                    stats,
                });
            }
            let columns: Vec<ColumnId> = (first..data.columns.len()).collect();
            let named = |names: &[String]| -> Vec<ColumnId> {
                names
                    .iter()
                    .filter_map(|name| {
                        columns
                            .iter()
                            .copied()
                            .find(|&c| &data.columns[c].name == name)
                    })
                    .collect()
            };
            let rows = columns.first().map_or(0, |&c| data.columns[c].stats.rows);
            data.tables.push(TableInfo {
                name: table.name.clone(),
                words: without_noise(to_words(&table.name, &is_known)),
                also: about.map_or_else(Vec::new, |about| phrases(&about.words)),
                kind: about.map_or(TableKind::Entity, |about| about.kind),
                key: named(&table.primary_key),
                label: about.map_or_else(Vec::new, |about| named(&about.label)),
                time: about
                    .and_then(|about| about.time.clone())
                    .and_then(|time| named(&[time]).first().copied()),
                time_is_said: about.is_some_and(|about| about.time_source == Origin::User),
                holds_persons: holds_persons(&data, &table.name, &columns),
                columns,
                rows,
            });
        }
        for relationship in &schema.relationships {
            data.add_edge(schema, relationship);
        }
        for metric in &meaning.metrics {
            data.add_metric(metric, meaning);
        }
        data.deadlines = data.find_deadlines();
        data.endings = data.find_endings();
        data.spans = data.find_spans();
        data
    }

    /// A metric of columns that are not there, or divided by what is not there, is none.
    fn add_metric(&mut self, metric: &Metric, meaning: &Meaning) {
        let Some((function, of)) = self.figure_of(metric) else {
            return;
        };
        let per = match &metric.per {
            None => None,
            Some(under) => {
                let found = match meaning.metric(under) {
                    Some(under) if under.per.is_none() => self.figure_of(under),
                    Some(_) => None,
                    None => self
                        .table(under)
                        .map(|table| (Function::Count, Of::Rows(table))),
                };
                let Some(found) = found else { return };
                Some(found)
            }
        };
        let mut words = phrases(&metric.words);
        words.push(phrase(&metric.name));
        self.metrics.push(MetricInfo {
            name: metric.name.clone(),
            words,
            function,
            of,
            per,
            is_own: metric.source == Origin::User,
        });
    }

    fn figure_of(&self, metric: &Metric) -> Option<(Function, Of)> {
        let table = self.table(&metric.table)?;
        let columns: Option<Vec<ColumnId>> = metric
            .columns
            .iter()
            .map(|name| self.column(table, name))
            .collect();
        let of = match columns?.as_slice() {
            [] => Of::Rows(table),
            [only] => Of::Column(*only),
            [one, two] => Of::Product(*one, *two),
            _ => return None,
        };
        let function = match metric.function {
            MetricFunction::Sum => Function::Sum,
            MetricFunction::Average => Function::Average,
            MetricFunction::Minimum => Function::Minimum,
            MetricFunction::Maximum => Function::Maximum,
            MetricFunction::CountDistinct => Function::CountDistinct,
            MetricFunction::Count => Function::Count,
        };
        Some((function, of))
    }

    /// What a dataset brings in, where words speak of money and name no figure; what a person calls otherwise is meant by
    /// its name alone.
    pub fn takings(&self) -> impl Iterator<Item = &MetricInfo> {
        self.metrics.iter().filter(|metric| {
            metric.per.is_none() && (!metric.is_own || metric.name.eq_ignore_ascii_case("revenue"))
        })
    }

    /// What is stored in each column, in the schema's order.
    pub fn stats(&self) -> Vec<Vec<ColumnStats>> {
        let of = |table: &TableInfo| {
            let columns = table.columns.iter();
            columns
                .map(|&column| self.columns[column].stats.clone())
                .collect()
        };
        self.tables.iter().map(of).collect()
    }

    fn add_edge(&mut self, schema: &Schema, relationship: &Relationship) {
        let (Some(from), Some(to), Some(target)) = (
            self.table(&relationship.from_table),
            self.table(&relationship.to_table),
            schema.table(&relationship.to_table),
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
            let is_kept = relationship.orphans == Orphans::Keep;
            let is_key = target.primary_key == relationship.to_columns;
            let exceptions = target.key_exceptions.as_ref().filter(|_| is_key);
            self.edges.push(Edge {
                from,
                from_columns,
                to,
                to_columns,
                orphan_rows: if is_kept {
                    relationship.evidence.orphan_rows
                } else {
                    0
                },
                repeated_rows: exceptions.map_or(0, |found| found.repeated_rows),
            });
        }
    }

    pub fn table(&self, name: &str) -> Option<TableId> {
        self.tables.iter().position(|table| table.name == name)
    }

    /// Whose rows a figure is of.
    pub fn table_of(&self, of: &Of) -> TableId {
        match of {
            Of::Rows(table) => *table,
            Of::Column(column) | Of::Duration(column, ..) | Of::Product(column, _) => {
                self.columns[*column].table
            }
        }
    }

    pub fn column(&self, table: TableId, name: &str) -> Option<ColumnId> {
        self.tables[table]
            .columns
            .iter()
            .copied()
            .find(|&column| self.columns[column].name == name)
    }

    /// The relationship whose only referencing column it is.
    pub fn edge_of(&self, column: ColumnId) -> Option<EdgeId> {
        self.edges
            .iter()
            .position(|edge| edge.from_columns == [column])
    }

    /// All ways from one table to another along many-to-one relationships, shortest first, at most `MAX_PATHS`.
    pub fn paths_up(&self, from: TableId, to: TableId) -> Vec<Vec<EdgeId>> {
        const MAX_PATHS: usize = 6;
        const MAX_LENGTH: usize = 4;
        let mut found = Vec::new();
        let mut ring: Vec<(TableId, Vec<EdgeId>)> = vec![(from, Vec::new())];
        for _ in 0..=MAX_LENGTH {
            let mut next = Vec::new();
            for (table, path) in ring {
                // A way back to where it began is the self-reference that was asked for.
                if table == to
                    && (!path.is_empty() || from == to)
                    && !(from == to && path.is_empty())
                {
                    found.push(path);
                    continue;
                }
                for (id, edge) in self.edges.iter().enumerate() {
                    if edge.from == table && !path.contains(&id) {
                        let mut longer = path.clone();
                        longer.push(id);
                        next.push((edge.to, longer));
                    }
                }
            }
            ring = next;
            ring.truncate(64);
            if found.len() >= MAX_PATHS || ring.is_empty() {
                break;
            }
        }
        found.truncate(MAX_PATHS);
        found
    }

    fn find_deadlines(&self) -> Vec<(ColumnId, Option<ColumnId>)> {
        let position = |column: ColumnId, words: &[&str]| {
            self.columns[column]
                .words
                .iter()
                .filter_map(|word| words.iter().position(|known| *known == word.lemma))
                .min()
        };
        let mut found = Vec::new();
        for table in &self.tables {
            let times = || {
                table
                    .columns
                    .iter()
                    .copied()
                    .filter(|&column| self.columns[column].is_time())
            };
            let due = times().find(|&column| position(column, DUE).is_some());
            let Some(due) = due else { continue };
            let done = times()
                .filter(|&column| column != due && position(column, DUE).is_none())
                .filter_map(|column| Some((position(column, DONE)?, column)))
                .min()
                .map(|(_, column)| column)
                .or_else(|| {
                    // What is empty until it happens.
                    let mut open = times()
                        .filter(|&column| column != due && self.columns[column].stats.nulls > 0);
                    open.next().filter(|_| open.next().is_none())
                });
            found.push((due, done));
        }
        found
    }

    /// The beginning and the end are told by their names.
    fn find_spans(&self) -> Vec<(ColumnId, ColumnId)> {
        const BEGINS: [&str; 12] = [
            "start",
            "begin",
            "in",
            "from",
            "open",
            "opened",
            "departed",
            "departure",
            "depart",
            "dep",
            "dispatched",
            "dispatch",
        ];
        const ENDS: [&str; 16] = [
            "end",
            "finish",
            "finished",
            "out",
            "until",
            "close",
            "closed",
            "arrived",
            "arrival",
            "arrive",
            "arr",
            "delivered",
            "delivery",
            "done",
            "completed",
            "returned",
        ];
        self.tables
            .iter()
            .filter_map(|table| {
                let named = |words: &[&str]| {
                    table.columns.iter().copied().find(|&column| {
                        let info = &self.columns[column];
                        info.is_time()
                            && info
                                .words
                                .iter()
                                .any(|word| words.contains(&word.lemma.as_str()))
                    })
                };
                let pair = if let (Some(begins), Some(ends)) = (named(&BEGINS), named(&ENDS)) {
                    (begins, ends)
                } else {
                    // "Reported" and "done": the time of the row, and when it ended.
                    let ended = |column: &&ColumnId| table.columns.contains(column);
                    (table.time?, *self.endings.iter().find(ended)?)
                };
                (pair.0 != pair.1).then_some(pair)
            })
            .collect()
    }

    /// The one column that says how many pieces an event moved, where only one is called no more than that.
    pub fn pieces(&self) -> Option<ColumnId> {
        let all = self.counted_columns();
        let plain = |column: &ColumnId| {
            self.columns[*column].words.iter().all(|word| {
                matches!(
                    word.lemma.as_str(),
                    "unit" | "quantity" | "qty" | "count" | "number" | "piece" | "amount" | "sold"
                )
            })
        };
        match all.as_slice() {
            [only] => Some(*only),
            several => {
                let mut named = several.iter().copied().filter(|column| plain(column));
                named.next().filter(|_| named.next().is_none())
            }
        }
    }

    /// Columns that the column counts a part of, the likeliest first: of `qty_scrap` that is `qty_prod`, of `returned_units`
    /// it is `units`. They share a word, and the largest value of the part is no larger.
    pub fn wholes_of(&self, part: ColumnId) -> Vec<ColumnId> {
        const ALL: [&str; 12] = [
            "total", "all", "prod", "produce", "produced", "made", "sold", "order", "ordered",
            "shipped", "sent", "received",
        ];
        let own = &self.columns[part];
        if !own.role.is_additive() || own.words.len() < 2 {
            return Vec::new();
        }
        let rest = |column: ColumnId| {
            let words = &self.columns[column].words;
            words
                .iter()
                .filter(|word| !own.words.contains(word))
                .count()
        };
        let mut wholes: Vec<ColumnId> = self.tables[own.table]
            .columns
            .iter()
            .copied()
            .filter(|&column| {
                let info = &self.columns[column];
                column != part
                    && info.role.is_additive()
                    && info.words.iter().any(|word| own.words.contains(word))
                    && info.stats.max >= own.stats.max
            })
            .collect();
        wholes.sort_by_key(|&column| {
            let is_all = ALL.iter().any(|word| self.columns[column].has_word(word));
            (rest(column) > 0 && !is_all, column)
        });
        wholes
    }

    /// Quantities of what happens: of lines, deliveries, movements.
    pub fn counted_columns(&self) -> Vec<ColumnId> {
        let counted = |column: &ColumnId| {
            let info = &self.columns[*column];
            info.role == Role::Quantity
                && (self.tables[info.table].time.is_some()
                    || self.edges.iter().any(|edge| edge.from == info.table))
        };
        (0..self.columns.len()).filter(counted).collect()
    }

    /// The one column of a table that adds up and is called an amount of money.
    pub fn main_amount(&self, table: TableId) -> Option<ColumnId> {
        const MONEY: [&str; 12] = [
            "amount", "amt", "total", "price", "cost", "value", "fee", "revenue", "income", "sum",
            "paid", "charge",
        ];
        let mut found = self.tables[table]
            .columns
            .iter()
            .copied()
            .filter(|&column| {
                let info = &self.columns[column];
                info.role == Role::Additive && MONEY.iter().any(|word| info.has_word(word))
            });
        found.next().filter(|_| found.next().is_none())
    }

    /// Where something was due, when it was done; else the only other time of a row with a time, where its name tells of an
    /// end.
    fn find_endings(&self) -> Vec<ColumnId> {
        let mut found: Vec<ColumnId> = self
            .deadlines
            .iter()
            .filter_map(|(_, done)| *done)
            .collect();
        for table in &self.tables {
            let mut others = table.columns.iter().copied().filter(|&column| {
                self.columns[column].is_time() && table.time.is_some_and(|time| time != column)
            });
            if let (Some(column), None) = (others.next(), others.next())
                && self.columns[column]
                    .words
                    .iter()
                    .any(|word| DONE.contains(&word.lemma.as_str()) || word.lemma == "end")
            {
                found.push(column);
            }
        }
        found.retain(|&column| self.columns[column].stats.nulls > 0);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The flag beside a due time that says whether it was paid or done.
    pub fn settled(&self, due: ColumnId) -> Option<ColumnId> {
        self.tables[self.columns[due].table]
            .columns
            .iter()
            .copied()
            .find(|&column| {
                let info = &self.columns[column];
                info.role == Role::Flag
                    && info
                        .words
                        .iter()
                        .any(|word| DONE.contains(&word.lemma.as_str()))
            })
    }

    /// The key that tells rows of the table apart, or its label where it has none.
    pub fn identity(&self, table: TableId) -> &[ColumnId] {
        let info = &self.tables[table];
        if info.key.is_empty() {
            &info.label
        } else {
            &info.key
        }
    }
}

/// Names of tables whose rows are persons, wherever they are kept.
const PERSONS: &[&str] = &[
    "person",
    "employee",
    "staff",
    "worker",
    "personnel",
    "user",
    "member",
    "customer",
    "client",
    "contact",
    "student",
    "pupil",
    "teacher",
    "patient",
    "player",
    "guest",
    "tenant",
    "resident",
    "donor",
    "volunteer",
    "subscriber",
];

/// Parts of names, birth and sex are kept of persons alone.
fn holds_persons(data: &Data, name: &str, columns: &[ColumnId]) -> bool {
    let has = |wanted: &[&str]| {
        columns.iter().any(|&column| {
            data.columns[column]
                .words
                .iter()
                .any(|word| wanted.contains(&word.lemma.as_str()))
        })
    };
    let last = split_name(name, &|_| true)
        .last()
        .map(|word| Word::new(word).lemma);
    last.is_some_and(|last| {
        PERSONS.contains(&last.as_str())
            || matches!(
                last.as_str(),
                "emp" | "empl" | "cust" | "stud" | "pers" | "usr" | "mbr"
            )
    }) || has(&["first", "fst", "given", "forename"]) && has(&["last", "lst", "surname", "family"])
        || has(&["birth", "birthday", "brth", "dob", "gender", "gndr"])
}

fn phrases(said: &[schema_gen::meaning::Said]) -> Vec<Vec<Word>> {
    said.iter().map(|said| phrase(&said.word)).collect()
}

/// A phrase in words, cut and thinned as a question's are.
fn phrase(text: &str) -> Vec<Word> {
    let tokens = tokenize(text).into_iter();
    tokens
        .filter(|token| token.kind != Kind::Mark && !only_joins(&token.lower))
        .map(|token| token.word)
        .collect()
}

/// Whether questions can name something so: what begins or ends with "of" or "not" is grammar.
pub fn is_name(text: &str) -> bool {
    let tokens = tokenize(text);
    let names = |token: &crate::reading::tokens::Token| {
        token.kind == Kind::Word && !lexicon::is_function_word(&token.lower)
    };
    match tokens.as_slice() {
        [] => false,
        [only] => names(only),
        [first, .., last] => {
            let is_edge = |token| matches!(token, Kind::Word | Kind::Number(_));
            let bounded = [first, last].iter().all(|token| {
                is_edge(token.kind.clone()) && !lexicon::is_function_word(&token.lower)
            });
            bounded && tokens.iter().any(names)
        }
    }
}

fn to_words(name: &str, known: &dyn Fn(&str) -> bool) -> Vec<Word> {
    split_name(name, known)
        .iter()
        .map(|part| Word::new(part))
        .collect()
}

fn without_noise(words: Vec<Word>) -> Vec<Word> {
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
