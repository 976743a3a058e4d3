//! Questions that the data can answer, made from its meaning: to begin with, and beside a refusal.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use schema_gen::meaning::{Role, TableKind};
use store::dataset::{CancelFlag, Dataset, QueryLimits};

use crate::reading::data::{ColumnId, Data, MetricInfo, TableId};
use crate::reading::decide::{self, Asked, Decision, Knowledge};
use crate::reading::links::Links;

const SUGGESTIONS: usize = 3;
/// A column with more values than this groups nothing.
const MAX_CATEGORIES: u64 = 30;
/// Questions tried before a refusal offers fewer.
const MAX_TRIED: usize = 8;
/// No further one is tried after this: who is refused should not wait for it.
const TIME_TO_TRY: Duration = Duration::from_millis(60);
/// Longest run of a statement that is tried, in milliseconds.
const DEADLINE_MS: u64 = 60;

/// At most three questions that the data can answer, of different kinds.
pub fn suggest_questions(knowledge: &Knowledge) -> Vec<String> {
    let mut candidates = candidates(&knowledge.data, None);
    let mut questions: Vec<String> = candidates
        .iter()
        .filter(|question| decide::is_clear(question, knowledge))
        .take(SUGGESTIONS)
        .cloned()
        .collect();
    if questions.is_empty() {
        candidates.truncate(SUGGESTIONS);
        questions = candidates;
    }
    questions
}

/// Questions about what the words of a refused question name, each tried and found to have an answer.
pub(crate) fn near(
    links: &Links,
    knowledge: &Knowledge,
    dataset: &dyn Dataset,
    count: usize,
    cancel: &CancelFlag,
) -> Vec<String> {
    let data = &knowledge.data;
    let named = links
        .tables
        .iter()
        .chain(&links.columns)
        .map(|link| link.table.as_str());
    let named = named.chain(links.values.iter().map(|value| value.table.as_str()));
    let mut tables: Vec<TableId> = Vec::new();
    for table in named.filter_map(|name| data.table(name)) {
        if !tables.contains(&table) {
            tables.push(table);
        }
    }
    let columns: Vec<ColumnId> = links
        .columns
        .iter()
        .filter_map(|link| data.column(data.table(&link.table)?, link.column.as_deref()?))
        .collect();
    let mut tried: Vec<String> = columns
        .iter()
        .filter_map(|&column| about_column(data, column))
        .collect();
    for &table in &tables {
        tried.extend(candidates(data, Some(table)));
    }
    tried.extend(candidates(data, None));
    tried.dedup();
    let mut kept: Vec<String> = Vec::new();
    let began = Instant::now();
    for question in tried.into_iter().take(MAX_TRIED) {
        if kept.len() == count || cancel.is_cancelled() || began.elapsed() > TIME_TO_TRY {
            break;
        }
        let asked = Asked {
            question: &question,
            previous: None,
            today: NaiveDate::default(),
            limits: QueryLimits {
                deadline_ms: DEADLINE_MS,
                ..QueryLimits::default()
            },
        };
        let decision = decide::decide(asked, knowledge, dataset, cancel);
        if matches!(decision, Ok(Decision::Answer(_))) && !kept.contains(&question) {
            kept.push(question);
        }
    }
    kept
}

fn about_column(data: &Data, column: ColumnId) -> Option<String> {
    let info = &data.columns[column];
    let (name, table) = (plain(&info.name), plain(&data.tables[info.table].name));
    if is_measure(info.role) {
        Some(format!("What is the average {name} of {table}?"))
    } else if is_category(data, column) {
        Some(format!("How many {table} are there by {name}?"))
    } else {
        None
    }
}

/// Questions of different kinds, those that tell most first; about one table where one is given.
fn candidates(data: &Data, only: Option<TableId>) -> Vec<String> {
    let mut first = Vec::new();
    let mut more = Vec::new();
    // What somebody gave a name is what they ask for.
    let own = data.metrics.iter().filter(|metric| metric.is_own);
    for metric in own.filter(|_| only.is_none()) {
        let by = if has_time(data, metric) {
            " by month"
        } else {
            ""
        };
        first.push(format!("What is the {}{by}?", metric.name));
    }
    let named = first.len().min(1);
    first.truncate(named);
    let mut relations: Vec<_> = data
        .edges
        .iter()
        .filter(|edge| edge.from != edge.to && data.tables[edge.from].kind != TableKind::Lookup)
        .filter(|edge| only.is_none_or(|table| table == edge.to))
        .collect();
    relations.sort_by_key(|edge| !has_names(data, edge.to));
    for edge in relations {
        let (parents, children) = (
            plain(&data.tables[edge.to].name),
            plain(&data.tables[edge.from].name),
        );
        first.push(format!("Which 5 {parents} have the most {children}?"));
    }
    first.truncate(named + 1);
    for (id, table) in data.tables.iter().enumerate() {
        if only.is_some_and(|only| only != id) || table.kind == TableKind::Bridge {
            continue;
        }
        let name = plain(&table.name);
        let measure = table
            .columns
            .iter()
            .copied()
            .find(|&column| is_measure(data.columns[column].role));
        let category = table
            .columns
            .iter()
            .copied()
            .find(|&column| is_category(data, column));
        let word = |column: ColumnId| plain(&data.columns[column].name);
        match (measure, category) {
            (Some(measure), Some(category)) => first.push(format!(
                "What is the average {} of {name} by {}?",
                word(measure),
                word(category)
            )),
            (None, Some(category)) => {
                first.push(format!("How many {name} are there by {}?", word(category)));
            }
            _ => {}
        }
        if table.time.is_some() {
            first.push(format!("How many {name} are there by month?"));
        }
        more.push(format!("How many {name} are there?"));
        if let Some(measure) = measure {
            more.push(format!("What is the highest {} in {name}?", word(measure)));
        }
    }
    first.extend(more);
    first
}

/// Its rows happen at a time.
fn has_time(data: &Data, metric: &MetricInfo) -> bool {
    data.tables[data.table_of(&metric.of)].time.is_some()
}

/// Its rows can be named in an answer.
fn has_names(data: &Data, table: TableId) -> bool {
    data.tables[table]
        .label
        .iter()
        .any(|&column| data.columns[column].role == Role::Label)
}

fn plain(name: &str) -> String {
    name.replace('_', " ").to_lowercase()
}

/// A number that is worth an average.
fn is_measure(role: Role) -> bool {
    matches!(
        role,
        Role::Additive | Role::Quantity | Role::Price | Role::Level
    )
}

fn is_category(data: &Data, column: ColumnId) -> bool {
    let info = &data.columns[column];
    matches!(info.role, Role::Category | Role::Flag | Role::Ordinal)
        && !info.is_foreign
        && (2..=MAX_CATEGORIES).contains(&info.stats.distinct)
}
