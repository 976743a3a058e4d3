//! Gathers what speaks for and against what a model's tries and the readings found, to fit when it may be told as the
//! answer: `judge_statements CACHE TRIES.jsonl`. CACHE is what `make eval` prepares; a line of the other file has `set`,
//! `db`, `question` and `tries`, the model's replies to it, the first one first. Prints a line of JSON for each question:
//! the findings after the first try and after all of them, each with its evidence and whether it is right.

#![allow(clippy::print_stdout, reason = "a tool that prints what it finds")]

mod accepted;

use std::collections::HashMap;
use std::error::Error;
use std::fs::read_to_string;
use std::path::Path;

use accepted::Prepared;
use agent::pool::{Pool, statement_of};
use agent::reading::decide::{self, Answer, Knowledge};
use agent::reading::links::{Links, link};
use agent::trust::{Asked, Evidence};
use chrono::NaiveDate;
use schema_gen::Schema;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use store::dataset::{CancelFlag, Dataset, QueryLimits, SqliteDataset};

#[derive(Deserialize)]
struct Line {
    set: String,
    db: String,
    question: String,
    tries: Vec<String>,
}

struct Database {
    dataset: SqliteDataset,
    knowledge: Knowledge,
    prepared: Prepared,
}

fn open(folder: &Path) -> Result<Database, Box<dyn Error>> {
    let schema: Schema = serde_json::from_str(&read_to_string(folder.join("schema.json"))?)?;
    let dataset = SqliteDataset::open(&folder.join("data.sqlite"))?;
    let knowledge = Knowledge::build(&dataset, schema, None, &CancelFlag::default())?;
    let prepared = serde_json::from_str(&read_to_string(folder.join("questions.json"))?)?;
    Ok(Database {
        dataset,
        knowledge,
        prepared,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(cache), Some(tries)) = (arguments.next(), arguments.next()) else {
        return Err("usage: judge_statements CACHE TRIES.jsonl".into());
    };
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("a day")?;
    let cancel = CancelFlag::default();
    let mut databases: HashMap<String, Database> = HashMap::new();
    for line in read_to_string(tries)?.lines() {
        let line: Line = serde_json::from_str(line)?;
        let folder = Path::new(&cache).join(&line.set).join(&line.db);
        let key = folder.display().to_string();
        if !databases.contains_key(&key) {
            databases.insert(key.clone(), open(&folder)?);
        }
        let Some(Database {
            dataset,
            knowledge,
            prepared,
        }) = databases.get(&key)
        else {
            continue;
        };
        let Some(question) = prepared
            .questions
            .iter()
            .find(|question| question.text == line.question)
        else {
            continue;
        };
        let loose = prepared.rules == "analyst";
        let asked = decide::Asked {
            question: &line.question,
            previous: None,
            today,
            limits: QueryLimits::default(),
        };
        let readings = decide::Pool::gather(asked, knowledge, dataset, &cancel)?.results(knowledge);
        let links = link(&line.question, knowledge);
        let mut pool = Pool::of(&readings);
        let mut stages = Vec::new();
        for reply in &line.tries {
            let sql = statement_of(reply, knowledge, dataset, &cancel);
            match sql.and_then(|sql| {
                Some((
                    dataset.query(&sql, QueryLimits::default(), &cancel).ok()?,
                    sql,
                ))
            }) {
                Some((result, sql)) => pool.add(&sql, &result),
                None => pool.add_failed(),
            }
            stages.push(findings(&pool, &line.question, &links, &readings, |rows| {
                question.is_right(rows, loose)
            }));
        }
        println!(
            "{}",
            json!({
                "set": line.set, "db": line.db, "question": line.question, "expect": question.expects(),
                "judge": question.judge, "stages": stages,
            })
        );
    }
    Ok(())
}

fn findings(
    pool: &Pool,
    question: &str,
    links: &Links,
    readings: &[Answer],
    is_right: impl Fn(&[Vec<Json>]) -> bool,
) -> Vec<Json> {
    let asked = Asked {
        question,
        links,
        readings,
    };
    pool.findings
        .iter()
        .map(|finding| {
            json!({
                "right": is_right(&finding.result.rows),
                "evidence": Evidence::of(finding, pool, asked).0,
            })
        })
        .collect()
}
