//! Plans a file of questions: `plan_questions CONTEXTS QUESTIONS.jsonl PLANS.jsonl [ENOUGH]`.
//!
//! CONTEXTS has a `DB.json` for each database: `{"schema": …, "values": [{"table", "column", "values"}]}`. QUESTIONS has
//! `{"db", "question"}` a line, PLANS gets `{"db", "question", "sql", "confidence", "restatement"}` (no `sql` where the planner abstains;
//! ENOUGH is the confidence from which it answers, 0 for always).

use std::collections::HashMap;
use std::error::Error;
use std::fs::{File, read_to_string};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use agent::link::{DatasetContext, ValueIndex};
use agent::planner::{Outcome, plan, plan_with};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Stored {
    schema: schema_gen::Schema,
    values: Vec<StoredColumn>,
}

#[derive(Deserialize)]
struct StoredColumn {
    table: String,
    column: String,
    values: Vec<String>,
}

#[derive(Deserialize)]
struct Question {
    db: String,
    question: String,
}

fn load(path: &Path) -> Result<DatasetContext, Box<dyn Error>> {
    let stored: Stored = serde_json::from_str(&read_to_string(path)?)?;
    let mut values = ValueIndex::default();
    for column in &stored.values {
        values.add(&column.table, &column.column, &column.values);
    }
    Ok(DatasetContext {
        schema: stored.schema,
        values,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [contexts, questions, plans, ..] = arguments.as_slice() else {
        return Err("usage: plan_questions CONTEXTS QUESTIONS.jsonl PLANS.jsonl".into());
    };
    let enough: Option<f64> = arguments.get(3).map(|text| text.parse()).transpose()?;
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("no such day")?;
    let mut loaded: HashMap<String, DatasetContext> = HashMap::new();
    let mut out = BufWriter::new(File::create(plans)?);
    let (mut slowest, mut total, mut count) = (Duration::ZERO, Duration::ZERO, 0_u32);
    for line in BufReader::new(File::open(questions)?).lines() {
        let question: Question = serde_json::from_str(&line?)?;
        if !loaded.contains_key(&question.db) {
            let context = load(&Path::new(contexts).join(format!("{}.json", question.db)))?;
            loaded.insert(question.db.clone(), context);
        }
        let start = Instant::now();
        let context = &loaded[&question.db];
        let outcome = match enough {
            Some(enough) => plan_with(&question.question, context, None, today, enough),
            None => plan(&question.question, context, None, today),
        };
        let elapsed = start.elapsed();
        slowest = slowest.max(elapsed);
        total += elapsed;
        count += 1;
        let mut row = json!({"db": question.db, "question": question.question});
        match outcome {
            Outcome::Answer(plan) => {
                row["sql"] = plan.sql.into();
                row["confidence"] = plan.confidence.into();
                row["restatement"] = plan.restatement.into();
            }
            Outcome::Clarify(clarify) => row["clarify"] = serde_json::to_value(clarify)?,
            Outcome::NotUnderstood(why) => row["message"] = why.message.into(),
        }
        writeln!(out, "{row}")?;
    }
    out.flush()?;
    eprintln!(
        "{count} questions, mean {:?}, slowest {slowest:?}",
        total / count.max(1)
    );
    Ok(())
}
