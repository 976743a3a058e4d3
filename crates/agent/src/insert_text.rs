//! Plain requests for new rows, understood without a model: `add a row to customers: name = Ann, city = Rome`.

use schema_gen::Schema;
use schema_gen::model::Table;
use serde_json::{Map, Value as Json, json};

use crate::llm::ToolCall;
use crate::tools::{CheckedCall, INSERT_DATA, check_call};

/// The write that the text asks for; `None` where it is no such request, an error where its values do not fit.
pub fn requested_insert(text: &str, schema: &Schema) -> Option<Result<CheckedCall, String>> {
    let text = text.trim();
    if let Some((table, data)) = insert_statement(text, schema) {
        return Some(checked(table, &data, schema));
    }
    let (head, values) = split_head(text)?;
    let mut words = head.split_whitespace().map(clean);
    let verb = words.next()?;
    if !matches!(verb.as_str(), "add" | "insert" | "create") {
        return None;
    }
    let words: Vec<_> = words.collect();
    let table = schema
        .tables
        .iter()
        .find(|table| names_table(&words, table))?;
    // "add up the customers with …" adds no row.
    let is_one = matches!(
        words.first().map(String::as_str),
        Some("a" | "an" | "another" | "one" | "new" | "row" | "this")
    );
    let named = || named_values(values, table).filter(|_| is_one);
    let data = assignments(values).or_else(named)?;
    Some(checked(table, &data, schema))
}

fn checked(
    table: &Table,
    data: &Map<String, Json>,
    schema: &Schema,
) -> Result<CheckedCall, String> {
    let call = ToolCall {
        id: None,
        name: INSERT_DATA.into(),
        arguments: json!({ "table": table.name, "data": data }),
    };
    check_call(&call, schema)
}

/// `INSERT INTO customers (name, city) VALUES ('Ann', 'Rome')`; one row, its columns named.
fn insert_statement<'s>(text: &str, schema: &'s Schema) -> Option<(&'s Table, Map<String, Json>)> {
    let rest = after(text, "insert into ")?;
    let (name, rest) = rest.split_once('(')?;
    let name = name.trim().trim_matches('"');
    let table = schema
        .tables
        .iter()
        .find(|table| table.name.eq_ignore_ascii_case(name))?;
    let (columns, rest) = rest.split_once(')')?;
    let values = after(rest.trim_start(), "values")?
        .trim_start()
        .trim_end_matches([';', ' '])
        .strip_prefix('(')?
        .strip_suffix(')')?;
    let columns: Vec<&str> = columns
        .split(',')
        .map(|column| column.trim().trim_matches('"'))
        .collect();
    let values = split_outside_quotes(values);
    (columns.len() == values.len()).then(|| {
        let named = columns.iter().zip(values);
        let data = named.map(|(column, value)| ((*column).to_owned(), literal(value.trim())));
        (table, data.collect())
    })
}

/// What follows the words, in whatever case they are written.
fn after<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(words.len())?;
    start.eq_ignore_ascii_case(words).then_some(rest)
}

/// `tool_id 5, tool hammer, price 12`: each part begins with a column's name.
fn named_values(text: &str, table: &Table) -> Option<Map<String, Json>> {
    let text = text.trim().trim_end_matches(['.', ';']);
    let mut data = Map::new();
    for part in split_outside_quotes(text) {
        let part = part.trim().trim_start_matches("and ").trim_start();
        let value_of = |column: &str| {
            let names = [column.to_owned(), column.replace('_', " ")];
            names.iter().find_map(|name| {
                let value = after(part, name)?.strip_prefix(' ')?.trim();
                (!value.is_empty()).then_some(value)
            })
        };
        // The longest name: "price each 5" is no "price".
        let (column, value) = table
            .columns
            .iter()
            .filter_map(|column| Some((&column.name, value_of(&column.name)?)))
            .max_by_key(|(name, _)| name.len())?;
        data.insert(column.clone(), literal(value));
    }
    (!data.is_empty()).then_some(data)
}

fn clean(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '_')
        .to_lowercase()
}

/// What stands before the values, and the values: after a colon, `with` or `(`, or from the first `name =` on.
fn split_head(text: &str) -> Option<(&str, &str)> {
    let first_sign = text.find('=').unwrap_or(text.len());
    if let Some(colon) = text
        .find(':')
        .filter(|colon| *colon < first_sign || first_sign == text.len())
    {
        return Some((&text[..colon], &text[colon + 1..]));
    }
    if first_sign == text.len() {
        // "add a tool with tool_id 5, price 12"
        let with = text.to_lowercase().find(" with ")?;
        return Some((text.get(..with)?, text.get(with + 6..)?));
    }
    let (before, _) = text.split_at_checked(first_sign)?;
    if let Some(with) = before.to_lowercase().rfind(" with ") {
        return Some((before.get(..with)?, text.get(with + 6..)?));
    }
    let name_start = before.trim_end().rfind([' ', '('])?;
    Some((&text[..name_start], &text[name_start + 1..]))
}

/// `customers`, `customer`, `order items` for `order_items`.
fn names_table(words: &[String], table: &Table) -> bool {
    let full = table.name.to_lowercase();
    let spaced = full.replace('_', " ");
    let said = format!(" {} ", words.join(" "));
    let singular = |name: &str| match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.strip_suffix('s').unwrap_or(name).to_owned(),
    };
    [
        full.clone(),
        spaced.clone(),
        singular(&full),
        singular(&spaced),
    ]
    .iter()
    .any(|name| said.contains(&format!(" {name} ")))
}

/// `a = 1, b = "x, y"` or `a: 1, b: x`.
fn assignments(text: &str) -> Option<Map<String, Json>> {
    let text = text
        .trim()
        .trim_end_matches(['.', ';', ')'])
        .trim_start_matches('(');
    let mut data = Map::new();
    for part in split_outside_quotes(text) {
        let part = part.trim().trim_start_matches("and ");
        let (name, value) = part.split_once('=').or_else(|| part.split_once(':'))?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || value.is_empty() {
            return None;
        }
        data.insert(name.replace(' ', "_"), literal(value));
    }
    (!data.is_empty()).then_some(data)
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut quote = None;
    let mut start = 0;
    let mut before = ' ';
    for (index, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"') => quote = Some(letter),
            // An apostrophe within a word is no quote.
            (None, '\'') if !before.is_alphanumeric() => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, ',') => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
        before = letter;
    }
    parts.push(&text[start..]);
    parts
}

fn literal(text: &str) -> Json {
    for quote in ['"', '\''] {
        let inner = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            // As SQL doubles a quote inside.
            let doubled = format!("{quote}{quote}");
            return json!(inner.replace(&doubled, &quote.to_string()));
        }
    }
    match text.to_lowercase().as_str() {
        "null" | "nothing" | "empty" => Json::Null,
        "true" | "yes" => json!(true),
        "false" | "no" => json!(false),
        // Leading zeros and signs matter in codes: only what prints back the same is a number.
        _ => match serde_json::from_str::<serde_json::Number>(text) {
            Ok(number) if number.to_string() == text => Json::Number(number),
            _ => json!(text),
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn schema() -> Schema {
        serde_json::from_value(json!({"tables": [
            {"name": "customers", "source": {"csv_id": "1"}, "columns": [
                {"name": "id", "type": "INTEGER", "source_column": "id"},
                {"name": "full_name", "type": "TEXT", "source_column": "name"},
                {"name": "zip", "type": "TEXT", "source_column": "zip"}]},
            {"name": "order_items", "source": {"csv_id": "2"}, "columns": [
                {"name": "price", "type": "REAL", "source_column": "price"}]}
        ]}))
        .unwrap()
    }

    fn insert(text: &str) -> Option<Json> {
        requested_insert(text, &schema()).map(|checked| checked.unwrap().input())
    }

    #[test]
    fn understands_a_statement_and_values_after_names() {
        let ann = json!({"table": "customers", "data": {"id": 7, "full_name": "O'Brien", "zip": "00123"}});
        for text in [
            "INSERT INTO customers (id, full_name, zip) VALUES (7, 'O''Brien', '00123');",
            "Add a customer with id 7, full name O'Brien, zip 00123",
            "add a customer with id = 7, full_name = 'O''Brien', zip = 00123",
        ] {
            assert_eq!(insert(text), Some(ann.clone()), "{text}");
        }
        assert_eq!(insert("insert into nowhere (id) values (1)"), None);
        assert_eq!(insert("Add up the customers with zip 00123"), None);
    }

    #[test]
    fn understands_plain_requests() {
        assert_eq!(
            insert("Add a row to customers: id = 7, full_name = \"O'Brien, Ann\", zip = 00123"),
            Some(
                json!({"table": "customers", "data": {"full_name": "O'Brien, Ann", "id": 7, "zip": "00123"}})
            )
        );
        assert_eq!(
            insert("add a new customer with full name = Ann O'Neil, id=8."),
            Some(json!({"table": "customers", "data": {"full_name": "Ann O'Neil", "id": 8}}))
        );
        assert_eq!(
            insert("insert into order items (price = 2.5)"),
            Some(json!({"table": "order_items", "data": {"price": 2.5}}))
        );
    }

    #[test]
    fn other_sentences_are_questions() {
        for text in [
            "How many customers have zip = 00123?",
            "add up the prices",
            "add a customer",
            "add a supplier: id = 1",
            "insert",
            "",
        ] {
            assert!(requested_insert(text, &schema()).is_none(), "{text}");
        }
    }

    #[test]
    fn values_that_do_not_fit_are_told() {
        let error = requested_insert("add customer: shoe = 4", &schema())
            .unwrap()
            .unwrap_err();
        assert!(error.contains("no column \"shoe\""), "{error}");
    }
}
