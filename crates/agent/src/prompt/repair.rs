//! What a model is told of a statement that the database refused: the error, what the tables it used hold, and the names
//! that come nearest. A model that sees what there is repairs most mistakes at once; one that hears the error alone guesses.

use std::fmt::Write as _;

use schema_gen::Schema;
use schema_gen::model::Table;

use super::hint;
use crate::bind_names::text::Text;
use crate::bind_names::{Name, column_likeness, table_likeness};
use crate::sql_name::written as name;
use crate::tools::type_name;

/// Most characters of the tables' part.
const MAX_TABLES_CHARS: usize = 1_500;
const MAX_NEAREST: usize = 3;
/// Names less alike are not worth naming.
const SOMEWHAT_ALIKE: f64 = 0.5;

/// The complaint about `sql`, of which SQLite said `error`.
pub fn complaint(error: &str, sql: &str, schema: &Schema) -> String {
    let mut text = format!(
        "SQLite refused the statement: {}.{}",
        error.trim_end_matches('.'),
        hint(error)
    );
    if let Some(table) = missing(error, "no such table") {
        let _ = write!(text, "\n{}", all_tables(table, schema));
    } else if is_about_columns(error) {
        let used = tables_used(sql, schema);
        if !used.is_empty() {
            let _ = write!(
                text,
                "\nThe tables it uses have these columns:\n{}",
                columns_text(&used)
            );
        }
        if let Some(column) = missing(error, "no such column") {
            text.push_str(&nearest_columns(column, &used, schema));
        }
    }
    text
}

fn is_about_columns(error: &str) -> bool {
    [
        "no such column",
        "ambiguous column",
        "cannot join using column",
    ]
    .iter()
    .any(|sign| error.contains(sign))
}

/// The name behind `sign: `.
fn missing<'e>(error: &'e str, sign: &str) -> Option<&'e str> {
    let (_, rest) = error.split_once(sign)?;
    let name = rest.trim_start_matches([':', ' ']);
    let end = name.find([' ', '\n', ';', ',']).unwrap_or(name.len());
    Some(name[..end].trim_matches(['"', '.', '`'])).filter(|name| !name.is_empty())
}

/// Tables whose name stands in the statement, in the schema's order.
fn tables_used<'s>(sql: &str, schema: &'s Schema) -> Vec<&'s Table> {
    let words: Vec<String> = match Text::new(sql) {
        Some(text) => text.words().map(str::to_owned).collect(),
        None => sql
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .map(str::to_owned)
            .collect(),
    };
    let is_used = |table: &&Table| {
        words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&table.name))
    };
    schema.tables.iter().filter(is_used).collect()
}

/// `orders(id INTEGER, total DECIMAL)` a line each, within a bound; without types where it does not fit with them.
fn columns_text(tables: &[&Table]) -> String {
    for with_types in [true, false] {
        let lines: Vec<_> = tables
            .iter()
            .map(|table| table_line(table, with_types))
            .collect();
        let text = lines.join("\n");
        if text.chars().count() <= MAX_TABLES_CHARS {
            return text;
        }
        if !with_types {
            let cut: String = text.chars().take(MAX_TABLES_CHARS).collect();
            return format!("{cut} …");
        }
    }
    String::new()
}

fn table_line(table: &Table, with_types: bool) -> String {
    let columns = table.columns.iter().map(|column| {
        if with_types {
            format!("{} {}", name(&column.name), type_name(column))
        } else {
            name(&column.name)
        }
    });
    format!(
        "{}({})",
        name(&table.name),
        columns.collect::<Vec<_>>().join(", ")
    )
}

/// The nearest columns of the tables used, and the same name in others.
fn nearest_columns(said: &str, used: &[&Table], schema: &Schema) -> String {
    let said = said
        .rsplit('.')
        .next()
        .unwrap_or(said)
        .trim_matches(['"', '`']);
    let said_name = Name::new(said);
    let mut scored = Vec::new();
    for table in &schema.tables {
        let is_used = used.iter().any(|other| other.name == table.name);
        for column in &table.columns {
            let is_same = column.name.eq_ignore_ascii_case(said);
            if !is_used && !is_same {
                continue;
            }
            let likeness = if is_same {
                1.0
            } else {
                column_likeness(
                    &said_name,
                    &Name::new(&table.name),
                    &Name::new(&column.name),
                )
            };
            scored.push((
                format!("{}.{}", name(&table.name), name(&column.name)),
                likeness,
            ));
        }
    }
    match nearest(scored) {
        names if names.is_empty() => String::new(),
        names => format!("\nNearest to {said}: {}.", names.join(", ")),
    }
}

fn nearest(mut scored: Vec<(String, f64)>) -> Vec<String> {
    scored.retain(|(_, likeness)| *likeness >= SOMEWHAT_ALIKE);
    scored.sort_by(|left, right| right.1.total_cmp(&left.1));
    scored
        .into_iter()
        .take(MAX_NEAREST)
        .map(|(name, _)| name)
        .collect()
}

/// Every table, the nearest named first; as many as fit.
fn all_tables(said: &str, schema: &Schema) -> String {
    let said_name = Name::new(said);
    let scored = schema.tables.iter().map(|table| {
        (
            name(&table.name),
            table_likeness(&said_name, &Name::new(&table.name)),
        )
    });
    let near = nearest(scored.collect());
    let mut text = String::from("The tables are: ");
    for (index, table) in schema.tables.iter().enumerate() {
        let next = name(&table.name);
        if text.chars().count() + next.chars().count() > MAX_TABLES_CHARS {
            text.push_str(", …");
            break;
        }
        let separator = if index > 0 { ", " } else { "" };
        let _ = write!(text, "{separator}{next}");
    }
    text.push('.');
    if !near.is_empty() {
        let _ = write!(text, " Nearest to {said}: {}.", near.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::schema;

    #[test]
    fn a_missing_column_shows_what_the_tables_used_have_and_what_is_near() {
        let sql = "SELECT o.customer FROM orders o";
        assert_eq!(
            complaint("no such column: o.customer", sql, &schema()),
            "SQLite refused the statement: no such column: o.customer. Look up in which table the column stands, and use that table's alias.\n\
             The tables it uses have these columns:\n\
             orders(id INTEGER, customer_id INTEGER, total DECIMAL, \"ordered on\" DATE)\n\
             Nearest to customer: orders.customer_id."
        );
    }

    #[test]
    fn a_column_of_another_table_is_named_with_it() {
        let text = complaint(
            "no such column: country",
            "SELECT country FROM orders",
            &schema(),
        );
        assert!(
            text.ends_with("Nearest to country: customers.country."),
            "{text}"
        );
        assert!(!text.contains("customers(id"), "{text}");
    }

    #[test]
    fn a_missing_table_shows_the_tables() {
        assert_eq!(
            complaint(
                "no such table: custmers_all",
                "SELECT 1 FROM custmers_all",
                &schema()
            ),
            "SQLite refused the statement: no such table: custmers_all.\nThe tables are: customers, orders."
        );
        let text = complaint(
            "no such table: customer",
            "SELECT 1 FROM customer",
            &schema(),
        );
        assert!(
            text.ends_with("The tables are: customers, orders. Nearest to customer: customers."),
            "{text}"
        );
    }

    #[test]
    fn other_errors_show_no_tables() {
        assert_eq!(
            complaint(
                "no such function: YEAR",
                "SELECT YEAR(d) FROM orders",
                &schema()
            ),
            "SQLite refused the statement: no such function: YEAR. Use strftime('%Y', column)."
        );
    }

    #[test]
    fn wide_tables_stay_within_the_bound() {
        let mut schema = schema();
        let column = schema.tables[1].columns[0].clone();
        for number in 0..1_000 {
            let mut column = column.clone();
            column.name = format!("measured_value_{number}");
            schema.tables[1].columns.push(column);
        }
        for number in 0..1_000 {
            let mut table = schema.tables[0].clone();
            table.name = format!("customers_of_{number}");
            schema.tables.push(table);
        }
        for error in ["no such column: x", "no such table: x"] {
            let text = complaint(error, "SELECT x FROM orders", &schema);
            assert!(
                text.chars().count() < MAX_TABLES_CHARS + 300,
                "{}",
                text.len()
            );
            assert!(text.contains('…'));
        }
    }
}
