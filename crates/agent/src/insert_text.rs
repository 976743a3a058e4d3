//! Plain requests for new rows, understood without a model: `add a row to customers: name = Ann, city = Rome`.

use schema_gen::Schema;
use schema_gen::model::Table;
use serde_json::{Map, Value as Json, json};

use crate::llm::ToolCall;
use crate::tools::{CheckedCall, INSERT_DATA, check_call};

/// The write that the text asks for; `None` where it is no such request, an error where its values do not fit.
pub fn requested_insert(text: &str, schema: &Schema) -> Option<Result<CheckedCall, String>> {
    let (head, values) = split_head(text.trim())?;
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
    let data = assignments(values)?;
    let call = ToolCall {
        id: None,
        name: INSERT_DATA.into(),
        arguments: json!({ "table": table.name, "data": data }),
    };
    Some(check_call(&call, schema))
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
    let (before, _) = text
        .split_at_checked(first_sign)
        .filter(|_| first_sign < text.len())?;
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
            return json!(inner);
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
