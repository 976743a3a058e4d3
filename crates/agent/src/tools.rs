//! The three tools: what a model is told of them, and what a call must look like before anything is done.

use schema_gen::Schema;
use schema_gen::model::Table;
use serde_json::{Value as Json, json};
use store::dataset::{NewRow, QueryResult};

use crate::llm::{ToolCall, ToolDefinition};
use crate::statement_text::tidy;

/// Longest statement that is taken from a model.
const MAX_SQL_BYTES: usize = 100_000;
/// Most rows of one `insert_data`.
const MAX_INSERT_ROWS: usize = 1_000;
/// Longest text of one cell that goes back to a model.
const MAX_CELL_CHARS: usize = 200;

pub const READ_SCHEMA: &str = "read_schema";
pub const EXECUTE_SQL: &str = "execute_sql_query";
pub const INSERT_DATA: &str = "insert_data";

/// A call whose arguments fit the tool and the schema.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckedCall {
    ReadSchema,
    Query { sql: String },
    Insert { table: String, rows: Vec<NewRow> },
}

impl CheckedCall {
    pub fn tool_name(&self) -> &'static str {
        match self {
            Self::ReadSchema => READ_SCHEMA,
            Self::Query { .. } => EXECUTE_SQL,
            Self::Insert { .. } => INSERT_DATA,
        }
    }

    /// The arguments in the tool's own form.
    pub fn input(&self) -> Json {
        match self {
            Self::ReadSchema => json!({}),
            Self::Query { sql } => json!({ "query": sql }),
            Self::Insert { table, rows } => match rows.as_slice() {
                [row] => json!({ "table": table, "data": row }),
                rows => json!({ "table": table, "data": rows }),
            },
        }
    }
}

pub fn definitions() -> Vec<ToolDefinition> {
    vec![
        ToolDefinition {
            name: EXECUTE_SQL,
            description: "Runs one read-only SQLite SELECT statement and returns its rows. Use it for every question about the data.",
            parameters: json!({
                "type": "object",
                "properties": {
                    "query": { "type": "string", "description": "one SQLite SELECT statement" }
                },
                "required": ["query"]
            }),
        },
        ToolDefinition {
            name: READ_SCHEMA,
            description: "Returns the tables, columns and keys of the database.",
            parameters: json!({ "type": "object", "properties": {} }),
        },
        ToolDefinition {
            name: INSERT_DATA,
            description: "Asks the user to allow new rows in a table. Only when the user asks to add data.",
            parameters: json!({
                "type": "object",
                "properties": {
                    "table": { "type": "string" },
                    "data": { "type": "object", "description": "column name -> value" }
                },
                "required": ["table", "data"]
            }),
        },
    ]
}

/// Checks a call; the error is for the model, which may then mend it.
pub fn check_call(call: &ToolCall, schema: &Schema) -> Result<CheckedCall, String> {
    let arguments = match &call.arguments {
        Json::String(text) => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
        other => other.clone(),
    };
    match call.name.trim().to_ascii_lowercase().as_str() {
        READ_SCHEMA => Ok(CheckedCall::ReadSchema),
        EXECUTE_SQL => check_query(&arguments),
        INSERT_DATA => check_insert(&arguments, schema),
        other => Err(format!(
            "There is no tool {other:?}. The tools are {EXECUTE_SQL}, {READ_SCHEMA} and {INSERT_DATA}."
        )),
    }
}

fn check_query(arguments: &Json) -> Result<CheckedCall, String> {
    let sql = arguments
        .get("query")
        .or_else(|| arguments.get("sql"))
        .unwrap_or(arguments);
    let Json::String(sql) = sql else {
        return Err(format!(
            "{EXECUTE_SQL} needs {{\"query\": \"SELECT …\"}}: one text, the SQL statement."
        ));
    };
    let sql = tidy(sql);
    if sql.is_empty() {
        return Err("The statement is empty.".into());
    }
    if sql.len() > MAX_SQL_BYTES {
        return Err(format!(
            "The statement is longer than {MAX_SQL_BYTES} bytes."
        ));
    }
    Ok(CheckedCall::Query { sql: sql.into() })
}

fn check_insert(arguments: &Json, schema: &Schema) -> Result<CheckedCall, String> {
    let form =
        || format!("{INSERT_DATA} needs {{\"table\": \"…\", \"data\": {{\"column\": value}}}}.");
    let name = arguments
        .get("table")
        .and_then(Json::as_str)
        .ok_or_else(form)?;
    let table = find_table(schema, name).ok_or_else(|| {
        let names: Vec<_> = schema
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        format!(
            "There is no table {name:?}. The tables are: {}.",
            names.join(", ")
        )
    })?;
    let rows = match arguments.get("data") {
        Some(Json::Array(rows)) => rows.clone(),
        Some(row @ Json::Object(_)) => vec![row.clone()],
        _ => return Err(form()),
    };
    if rows.is_empty() || rows.len() > MAX_INSERT_ROWS {
        return Err(format!("Give 1 to {MAX_INSERT_ROWS} rows."));
    }
    let rows = rows.iter().map(|row| check_row(row, table));
    Ok(CheckedCall::Insert {
        table: table.name.clone(),
        rows: rows.collect::<Result<_, _>>()?,
    })
}

/// The table of that name, letter case aside.
pub fn find_table<'s>(schema: &'s Schema, name: &str) -> Option<&'s Table> {
    let name = name.trim();
    schema
        .tables
        .iter()
        .find(|table| table.name.eq_ignore_ascii_case(name))
}

fn check_row(row: &Json, table: &Table) -> Result<NewRow, String> {
    let Json::Object(fields) = row else {
        return Err("Each row is an object: column -> value.".into());
    };
    if fields.is_empty() {
        return Err("The row has no values.".into());
    }
    let field = |(name, value): (&String, &Json)| {
        let known = table
            .columns
            .iter()
            .find(|column| column.name.eq_ignore_ascii_case(name.trim()));
        let column = known.ok_or_else(|| {
            let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
            format!(
                "{} has no column {name:?}. Its columns are: {}.",
                table.name,
                names.join(", ")
            )
        })?;
        if value.is_array() || value.is_object() {
            return Err(format!("The value of {name} is not a plain value."));
        }
        let is_text = is_text_type(&type_name(column));
        Ok((column.name.clone(), fit(value, is_text)))
    };
    fields.iter().map(field).collect()
}

/// `INTEGER`, `TEXT`, …
pub fn type_name(column: &schema_gen::model::Column) -> String {
    match serde_json::to_value(column.column_type) {
        Ok(Json::String(name)) => name,
        _ => "TEXT".into(),
    }
}

fn is_text_type(name: &str) -> bool {
    matches!(name, "TEXT" | "DATE" | "DATETIME")
}

/// A number written as text becomes a number where the column wants one, and the other way round; nothing else changes.
fn fit(value: &Json, is_text: bool) -> Json {
    match value {
        Json::String(text) if !is_text => match serde_json::from_str::<Json>(text.trim()) {
            Ok(number @ (Json::Number(_) | Json::Bool(_))) => fit(&number, false),
            _ => value.clone(),
        },
        Json::Bool(flag) if !is_text => json!(i32::from(*flag)),
        Json::Number(_) | Json::Bool(_) if is_text => json!(value.to_string()),
        other => other.clone(),
    }
}

/// A result for a model or for the page's tool card: as many rows as fit into `max_bytes`, long cells cut.
pub fn capped_result(result: &QueryResult, max_bytes: usize) -> Json {
    let names: Vec<_> = result.columns.iter().map(|column| &column.name).collect();
    let mut bytes = json!(names).to_string().len() + 100;
    let mut rows = Vec::new();
    for row in &result.rows {
        let row: Vec<_> = row.iter().map(capped_cell).collect();
        bytes += json!(row).to_string().len() + 1;
        if bytes > max_bytes {
            break;
        }
        rows.push(row);
    }
    let shown = rows.len();
    let mut output = json!({
        "columns": names,
        "rows": rows,
        "row_count": result.row_count,
        "truncated": result.truncated,
    });
    if (shown as u64) < result.row_count {
        output["note"] = json!(format!("only the first {shown} rows are shown here"));
    }
    output
}

fn capped_cell(cell: &Json) -> Json {
    match cell {
        Json::String(text) if text.chars().count() > MAX_CELL_CHARS => {
            let kept: String = text.chars().take(MAX_CELL_CHARS).collect();
            json!(format!("{kept}…"))
        }
        other => other.clone(),
    }
}
