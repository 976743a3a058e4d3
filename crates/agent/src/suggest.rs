//! Questions to begin with, made from the schema.

use chrono::NaiveDate;
use schema_gen::Schema;
use schema_gen::model::{Column, Table};

use crate::link::DatasetContext;
use crate::planner::{self, Outcome};
use crate::tools::type_name;

const SUGGESTIONS: usize = 3;
/// A text column with more values than this groups nothing.
const MAX_CATEGORIES: usize = 30;

/// At most three questions that the data can answer, of different kinds.
pub fn suggest_questions(context: &DatasetContext) -> Vec<String> {
    let mut candidates = candidates(context);
    // The questions name no dates, so any day does.
    let today = NaiveDate::default();
    let understood = |question: &&String| {
        matches!(
            planner::plan(question, context, None, today),
            Outcome::Answer(_)
        )
    };
    let mut questions: Vec<_> = candidates
        .iter()
        .filter(understood)
        .take(SUGGESTIONS)
        .cloned()
        .collect();
    candidates.retain(|candidate| !questions.contains(candidate));
    let missing = SUGGESTIONS.saturating_sub(questions.len());
    if questions.is_empty() {
        questions.extend(candidates.into_iter().take(missing));
    }
    questions
}

fn candidates(context: &DatasetContext) -> Vec<String> {
    let schema = &context.schema;
    let mut first = Vec::new();
    let mut more = Vec::new();
    let mut relations: Vec<_> = schema.relationships.iter().collect();
    relations.sort_by_key(|relation| !has_names(schema, &relation.to_table));
    for relation in relations {
        let (parents, children) = (plain(&relation.to_table), plain(&relation.from_table));
        first.push(format!("Which 5 {parents} have the most {children}?"));
    }
    first.truncate(1);
    for table in &schema.tables {
        let name = plain(&table.name);
        let measure = table
            .columns
            .iter()
            .find(|column| is_measure(schema, table, column));
        let category = table
            .columns
            .iter()
            .find(|column| is_category(context, table, column));
        if let (Some(measure), Some(category)) = (measure, category) {
            first.push(format!(
                "What is the average {} of {name} by {}?",
                plain(&measure.name),
                plain(&category.name)
            ));
        } else if let Some(category) = category {
            first.push(format!(
                "How many {name} are there by {}?",
                plain(&category.name)
            ));
        }
        if table.columns.iter().any(is_time) {
            first.push(format!("How many {name} are there by month?"));
        }
        more.push(format!("How many {name} are there?"));
        if let Some(measure) = measure {
            more.push(format!(
                "What is the highest {} in {name}?",
                plain(&measure.name)
            ));
        }
    }
    first.extend(more);
    first
}

/// Its rows can be named in an answer.
fn has_names(schema: &Schema, table: &str) -> bool {
    let mut tables = schema.tables.iter().filter(|known| known.name == table);
    tables.any(|table| {
        let mut columns = table.columns.iter();
        columns.any(|column| column.name.to_lowercase().contains("name"))
    })
}

fn plain(name: &str) -> String {
    name.replace('_', " ").to_lowercase()
}

fn is_time(column: &Column) -> bool {
    matches!(type_name(column).as_str(), "DATE" | "DATETIME")
}

/// A number that is worth an average: no key, no reference, no code.
fn is_measure(schema: &Schema, table: &Table, column: &Column) -> bool {
    let is_number = matches!(type_name(column).as_str(), "INTEGER" | "REAL" | "DECIMAL");
    is_number && !is_key(schema, table, column) && !names_code(&column.name)
}

fn is_key(schema: &Schema, table: &Table, column: &Column) -> bool {
    let refers = schema.relationships.iter().any(|relation| {
        relation.from_table == table.name && relation.from_columns.contains(&column.name)
    });
    refers || table.primary_key.contains(&column.name)
}

fn names_code(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.split('_').any(|word| {
        matches!(
            word,
            "id" | "code" | "zip" | "postcode" | "year" | "phone" | "number" | "no"
        )
    })
}

fn is_category(context: &DatasetContext, table: &Table, column: &Column) -> bool {
    if type_name(column) != "TEXT" || is_key(&context.schema, table, column) {
        return false;
    }
    let values = context.values.values_of(&table.name, &column.name);
    let count = values.take(MAX_CATEGORIES + 1).count();
    (2..=MAX_CATEGORIES).contains(&count)
}
