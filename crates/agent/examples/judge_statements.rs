//! Gathers what speaks for and against a model's statements, to fit when they may be told as the answer:
//! `judge_statements CACHE REPORT.json`. CACHE is what `make eval` prepares, the report what `make eval MODEL=…` writes.
//! Prints a line of JSON for each statement of the model's.

#![allow(clippy::print_stdout, reason = "a tool that prints what it finds")]

use std::collections::HashMap;
use std::error::Error;
use std::fs::read_to_string;
use std::path::Path;

use agent::reading::decide::{Asked, Knowledge, Pool};
use agent::reading::links::link;
use agent::trust::{Evidence, same};
use chrono::NaiveDate;
use schema_gen::Schema;
use serde::Deserialize;
use serde_json::json;
use store::dataset::{CancelFlag, Dataset, QueryLimits, SqliteDataset};

#[derive(Deserialize)]
struct Report {
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    set: String,
    db: String,
    question: String,
    verdict: String,
    #[serde(default)]
    expect: Option<String>,
    #[serde(default)]
    judge: Option<String>,
    #[serde(default)]
    engine: Option<String>,
    #[serde(default)]
    sql: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(cache), Some(report)) = (arguments.next(), arguments.next()) else {
        return Err("usage: judge_statements CACHE REPORT.json".into());
    };
    let report: Report = serde_json::from_str(&read_to_string(report)?)?;
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("a day")?;
    let cancel = CancelFlag::default();
    let mut open: HashMap<String, (SqliteDataset, Knowledge)> = HashMap::new();
    for record in report.records {
        let (Some(sql), Some(engine)) = (&record.sql, &record.engine) else {
            continue;
        };
        if engine == agent::engine::BUILT_IN {
            continue;
        }
        let folder = Path::new(&cache).join(&record.set).join(&record.db);
        let key = folder.display().to_string();
        if !open.contains_key(&key) {
            let schema: Schema =
                serde_json::from_str(&read_to_string(folder.join("schema.json"))?)?;
            let dataset = SqliteDataset::open(&folder.join("data.sqlite"))?;
            let knowledge = Knowledge::build(&dataset, schema, None, &cancel)?;
            open.insert(key.clone(), (dataset, knowledge));
        }
        let Some((dataset, knowledge)) = open.get(&key) else {
            continue;
        };
        let asked = Asked {
            question: &record.question,
            previous: None,
            today,
            limits: QueryLimits::default(),
        };
        let readings = Pool::gather(asked, knowledge, dataset, &cancel)?.results(knowledge);
        let Ok(result) = dataset.query(sql, QueryLimits::default(), &cancel) else {
            continue;
        };
        let links = link(&record.question, knowledge);
        let evidence = Evidence::of(sql, &result, &links, &readings, same(&result, &readings));
        println!(
            "{}",
            json!({
                "set": record.set, "db": record.db, "question": record.question, "expect": record.expect,
                "judge": record.judge, "right": record.verdict == "right", "evidence": evidence.0,
            })
        );
    }
    Ok(())
}
