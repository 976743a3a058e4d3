//! Tool calls that a model wrote as text: small models put the JSON into a code block, or write the SQL alone.

use serde_json::{Value as Json, json};

use crate::llm::ToolCall;
use crate::tools::EXECUTE_SQL;

/// Longest text that is searched.
const MAX_TEXT_BYTES: usize = 256 * 1024;

/// The first call in the text: `<tool_call>…</tool_call>`, JSON in a code block or alone, a block of SQL, or bare SQL.
pub fn find_call(text: &str) -> Option<ToolCall> {
    if text.len() > MAX_TEXT_BYTES {
        return None;
    }
    let text = without_thinking(text);
    tagged(text)
        .and_then(call_from_json)
        .or_else(|| {
            blocks(text)
                .into_iter()
                .find_map(|block| call_from_block(&block))
        })
        .or_else(|| call_from_json(text))
        .or_else(|| embedded_json(text))
        .or_else(|| bare_sql(text).map(sql_call))
}

/// Reasoning models think aloud first; what they rejected there is no call.
fn without_thinking(text: &str) -> &str {
    text.rsplit_once("</think>").map_or(text, |(_, rest)| rest)
}

fn tagged(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<tool_call>")?;
    Some(rest.split("</tool_call>").next().unwrap_or(rest).trim())
}

struct Block {
    language: String,
    body: String,
}

/// Fenced code blocks; one that is not closed reaches to the end.
fn blocks(text: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, open.as_mut()) {
            (Some(language), None) => {
                open = Some(Block {
                    language: language.trim().to_ascii_lowercase(),
                    body: String::new(),
                });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.body.push_str(line);
                block.body.push('\n');
            }
            (None, None) => {}
        }
    }
    found.extend(open);
    found
}

fn call_from_block(block: &Block) -> Option<ToolCall> {
    if let Some(call) = call_from_json(&block.body) {
        return Some(call);
    }
    match block.language.as_str() {
        "sql" | "sqlite" | "" => bare_sql(&block.body).map(sql_call),
        _ => None,
    }
}

fn call_from_json(text: &str) -> Option<ToolCall> {
    let text = text.trim();
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Json>();
    call_from_value(&values.next()?.ok()?)
}

/// A JSON object somewhere in a sentence.
fn embedded_json(text: &str) -> Option<ToolCall> {
    text.match_indices('{')
        .take(8)
        .find_map(|(start, _)| call_from_json(&text[start..]))
}

fn call_from_value(value: &Json) -> Option<ToolCall> {
    let value = match value {
        Json::Array(items) => items.first()?,
        other => other,
    };
    let value = value
        .get("function")
        .filter(|inner| inner.is_object())
        .unwrap_or(value);
    let name = ["name", "tool", "tool_name", "function"]
        .iter()
        .find_map(|key| value.get(key)?.as_str());
    let arguments = ["arguments", "parameters", "args", "input"]
        .iter()
        .find_map(|key| value.get(key));
    if let (Some(name), Some(arguments)) = (name, arguments) {
        return Some(ToolCall {
            id: None,
            name: name.to_owned(),
            arguments: arguments.clone(),
        });
    }
    let sql = value.get("sql").or_else(|| value.get("query"))?.as_str()?;
    Some(sql_call(sql))
}

fn sql_call(sql: &str) -> ToolCall {
    ToolCall {
        id: None,
        name: EXECUTE_SQL.into(),
        arguments: json!({ "query": sql }),
    }
}

/// Text that is a statement from its first word on (comments before it aside).
fn bare_sql(text: &str) -> Option<&str> {
    let text = text.trim();
    let first_line = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with("--"))?;
    let first_word = first_line.split_whitespace().next()?;
    // "Select a customer first" is a sentence.
    if first_word.starts_with(|c: char| c.is_uppercase()) && first_word.contains(char::is_lowercase)
    {
        return None;
    }
    let first_word = first_word.to_ascii_uppercase();
    // Also statements that the sandbox refuses: its refusal is what the model should hear.
    let is_sql = matches!(
        first_word.as_str(),
        "SELECT"
            | "WITH"
            | "VALUES"
            | "INSERT"
            | "UPDATE"
            | "DELETE"
            | "DROP"
            | "CREATE"
            | "ALTER"
            | "PRAGMA"
            | "ATTACH"
            | "VACUUM"
            | "EXPLAIN"
    );
    is_sql.then_some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn sql_in(text: &str) -> Option<String> {
        let call = find_call(text)?;
        assert_eq!(call.name, EXECUTE_SQL);
        Some(call.arguments["query"].as_str()?.to_owned())
    }

    #[test]
    fn finds_sql_in_every_form_that_small_models_write() {
        for text in [
            "```sql\nSELECT 1\n```",
            "Here it is:\n```sql\nSELECT 1\n```\nThis counts.",
            "```json\n{\"name\": \"execute_sql_query\", \"arguments\": {\"query\": \"SELECT 1\"}}\n```",
            "{\"name\": \"execute_sql_query\", \"arguments\": {\"query\": \"SELECT 1\"}}",
            "<tool_call>\n{\"name\": \"execute_sql_query\", \"arguments\": {\"query\": \"SELECT 1\"}}\n</tool_call>",
            "I call {\"function\": {\"name\": \"execute_sql_query\", \"parameters\": {\"query\": \"SELECT 1\"}}} now",
            "{\"sql\": \"SELECT 1\"}",
            "SELECT 1",
            "```sql\nSELECT 1",
            "<think>```sql\nSELECT 2\n```</think>```sql\nSELECT 1\n```",
        ] {
            assert_eq!(
                sql_in(text).map(|sql| sql.trim().to_owned()).as_deref(),
                Some("SELECT 1"),
                "{text}"
            );
        }
    }

    #[test]
    fn finds_other_tools() {
        let text = "```json\n{\"name\":\"insert_data\",\"arguments\":{\"table\":\"t\",\"data\":{\"a\":1}}}\n```";
        let call = find_call(text).unwrap();
        assert_eq!(call.name, "insert_data");
        assert_eq!(call.arguments, json!({"table": "t", "data": {"a": 1}}));
    }

    #[test]
    fn plain_words_are_no_call() {
        for text in [
            "",
            "There are 12 customers.",
            "Select a customer first",
            "{not json}",
            "{\"a\": 1}",
        ] {
            let call = find_call(text);
            assert!(
                call.is_none() || text.starts_with("Select"),
                "{text}: {call:?}"
            );
        }
        assert!(find_call(&"{".repeat(100_000)).is_none());
    }
}
