//! `discover OUT.json FILE.csv…` writes the keys and types found in files, by the names the files give.
#![allow(clippy::print_stdout)]

mod files;

use std::collections::BTreeMap;
use std::error::Error;

use schema_gen::model::Table;
use schema_gen::{Schema, create_statements, generate, ident, type_name, validate};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let out = arguments.next().ok_or("which file to write?")?;
    let sources = files::sources(arguments)?;
    let started = std::time::Instant::now();
    let schema = generate(&sources, &|_| true)?;
    println!("{} tables in {:?}", schema.tables.len(), started.elapsed());
    for problem in validate(&schema, &sources) {
        println!("{}: {}", problem.field, problem.message);
    }
    for suggestion in &schema.suggestions {
        println!("{}", suggestion.title);
    }
    std::fs::write(out, serde_json::to_string_pretty(&describe(&schema))?)?;
    Ok(())
}

fn describe(schema: &Schema) -> Value {
    let tables: BTreeMap<&str, Value> = schema
        .tables
        .iter()
        .map(|table| {
            let columns: BTreeMap<&str, String> = table
                .columns
                .iter()
                .map(|column| {
                    let kind = type_name(column.column_type).to_lowercase();
                    (original(table, &column.name), kind)
                })
                .collect();
            let key = originals(table, &table.primary_key);
            (stem(table), json!({"pk": key, "columns": columns}))
        })
        .collect();
    let references: Vec<Value> = schema
        .relationships
        .iter()
        .filter_map(|relationship| {
            let from = schema.table(&relationship.from_table)?;
            let to = schema.table(&relationship.to_table)?;
            Some(json!({
                "table": stem(from),
                "columns": originals(from, &relationship.from_columns),
                "ref_table": stem(to),
                "ref_columns": originals(to, &relationship.to_columns),
                "confidence": relationship.confidence,
            }))
        })
        .collect();
    json!({"tables": tables, "fks": references, "schema": schema, "statements": create_statements(schema)})
}

fn stem(table: &Table) -> &str {
    ident::table_stem(&table.source.csv_id)
}

fn originals<'a>(table: &'a Table, names: &'a [String]) -> Vec<&'a str> {
    names.iter().map(|name| original(table, name)).collect()
}

fn original<'a>(table: &'a Table, name: &'a str) -> &'a str {
    table
        .column(name)
        .and_then(|column| column.source_column.as_deref())
        .unwrap_or(name)
}
