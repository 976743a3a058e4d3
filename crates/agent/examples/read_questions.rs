//! Reads the questions of prepared sets with the built-in engine alone and compares results with the accepted ones:
//! `read_questions CACHE SET[,SET…] [--db a,b] [--not a,b] [--wrong FILE] [--dump FILE] [--id ID]`.
//!
//! CACHE is what `make eval` prepares. Prints, by set and by kind of question, how often the first reading is right and
//! how often any of the first twenty is.

#![allow(
    clippy::print_stdout,
    clippy::too_many_lines,
    reason = "a tool that prints its table"
)]

mod accepted;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, read_to_string};
use std::path::Path;
use std::time::{Duration, Instant};

use agent::reading::decide::{Answer, Asked, Decision, Knowledge, Pool, signature};
use agent::reading::language::asks_to_change;
use agent::reading::read;
use agent::reading::score::Feature;
use agent::reading::vague;
use chrono::NaiveDate;
use schema_gen::Schema;
use serde_json::{Value as Json, json};
use store::dataset::{CancelFlag, Dataset, QueryLimits, SqliteDataset};

use accepted::{Prepared, Question};

/// What the decision knew and whether it would have been right, for `eval.calibrate`.
/// `vague` are the measures that a question without one may mean.
fn decided(
    pool: &Pool<'_>,
    question: &Question,
    loose: bool,
    knowledge: &Knowledge,
    vague: Option<Vec<Answer>>,
) -> Json {
    let is_right = |answer: &Answer| question.is_right(&answer.result.rows, loose);
    let results = pool.results(knowledge);
    let is_vague = vague.is_some();
    let choices = vague.unwrap_or_else(|| pool.choices(1.0, knowledge));
    let kind = match pool.decide(knowledge) {
        _ if is_vague => "choose",
        Decision::Answer(_) => "answer",
        Decision::Choose(_) => "choose",
        Decision::Abstain(_) => "abstain",
    };
    json!({
        "signals": pool.signals().unwrap_or_default().0,
        "read": pool.best().is_some(),
        "vague": is_vague,
        "barred": is_vague || pool.is_barred() || !pool.is_english() || asks_to_change(&question.text),
        "right": results.first().is_some_and(is_right),
        "choices": choices.len(),
        "choice_right": choices.iter().any(is_right),
        "kind": kind,
    })
}

#[derive(Default, Clone)]
struct Tally {
    asked: u32,
    first: u32,
    any: u32,
    none: u32,
}

impl Tally {
    fn show(&self, name: &str) -> String {
        let percent = |count: u32| 100.0 * f64::from(count) / f64::from(self.asked.max(1));
        format!(
            "{name:28} {:5} asked  {:5.1}% first  {:5.1}% in 20  {:5.1}% unread",
            self.asked,
            percent(self.first),
            percent(self.any),
            percent(self.none)
        )
    }
}

fn list(arguments: &[String], name: &str) -> Option<Vec<String>> {
    let at = arguments.iter().position(|argument| argument == name)?;
    Some(
        arguments
            .get(at + 1)?
            .split(',')
            .map(str::to_owned)
            .collect(),
    )
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cache, sets, ..] = arguments.as_slice() else {
        return Err("usage: read_questions CACHE SETS".into());
    };
    let only = list(&arguments, "--db");
    let not = list(&arguments, "--not").unwrap_or_default();
    let id = list(&arguments, "--id");
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).ok_or("no such day")?;
    let mut wrong = String::new();
    let mut dump = String::new();
    for set in sets.split(',') {
        let mut all = Tally::default();
        let mut sound = Tally::default();
        let mut by_intent: BTreeMap<String, Tally> = BTreeMap::new();
        let mut by_db: BTreeMap<String, Tally> = BTreeMap::new();
        let mut times: Vec<Duration> = Vec::new();
        let mut pool_times: Vec<Duration> = Vec::new();
        let mut answered = (0_u32, 0_u32);
        // Asked; the best reading right; answered right; answered wrong.
        let mut follow_ups = (0_u32, 0_u32, 0_u32, 0_u32);
        let mut folders: Vec<_> = fs::read_dir(Path::new(cache).join(set))?
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.is_dir())
            .collect();
        folders.sort();
        for folder in folders {
            let db = folder
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if only.as_ref().is_some_and(|only| !only.contains(&db)) || not.contains(&db) {
                continue;
            }
            let schema: Schema =
                serde_json::from_str(&read_to_string(folder.join("schema.json"))?)?;
            let prepared: Prepared =
                serde_json::from_str(&read_to_string(folder.join("questions.json"))?)?;
            let dataset = SqliteDataset::open(&folder.join("data.sqlite"))?;
            let cancel = CancelFlag::default();
            let knowledge = Knowledge::build(&dataset, schema, None, &cancel)?;
            let meaning = &knowledge.meaning;
            if id.is_some() {
                for table in &meaning.tables {
                    println!(
                        "{} {:?} label {:?} time {:?}",
                        table.table, table.kind, table.label, table.time
                    );
                    for column in &table.columns {
                        println!("    {} {:?} {:?}", column.column, column.role, column.yes);
                    }
                }
            }
            let loose = prepared.rules == "analyst";
            for question in &prepared.questions {
                let name = question
                    .id
                    .as_str()
                    .map_or_else(|| question.id.to_string(), str::to_owned);
                if id.as_ref().is_some_and(|id| !id.contains(&name)) {
                    continue;
                }
                let start = Instant::now();
                let candidates = read(&question.text, &knowledge.data, &knowledge.values, today);
                times.push(start.elapsed());
                let mut right = Vec::new();
                let mut first_result = String::new();
                let mut rows_dump = Vec::new();
                let limits = QueryLimits {
                    max_rows: 20_001,
                    max_bytes: 64 << 20,
                    ..QueryLimits::default()
                };
                for (at, candidate) in candidates.iter().enumerate() {
                    let result = dataset.query(&candidate.sql, limits, &cancel);
                    let (is_right, shape, text) = match &result {
                        Ok(result) => (
                            question.is_right(&result.rows, loose),
                            json!({"rows": result.rows.len(), "same": format!("{:x}", signature(result)), "null": result.rows.iter().flatten().all(Json::is_null)}),
                            serde_json::to_string(&result.rows.iter().take(4).collect::<Vec<_>>())?,
                        ),
                        Err(error) => (false, Json::Null, format!("{error}")),
                    };
                    if at == 0 {
                        first_result = text.chars().take(300).collect();
                    }
                    if is_right {
                        right.push(at);
                    }
                    let features: BTreeMap<&str, f64> = candidate
                        .reading
                        .features
                        .iter()
                        .map(|(feature, amount): (Feature, f64)| (feature.name(), amount))
                        .collect();
                    rows_dump.push(json!({"right": is_right, "score": candidate.reading.score, "features": features, "shape": shape}));
                    if id.is_some() {
                        println!(
                            "{at:2} {} {:.2} {}\n     {features:?}\n     {}",
                            if is_right { "RIGHT" } else { "     " },
                            candidate.reading.score,
                            candidate.sql,
                            text.chars().take(200).collect::<String>()
                        );
                    }
                }
                let expect = question.expects().to_owned();
                let start = Instant::now();
                let asked = Asked {
                    question: &question.text,
                    previous: None,
                    today,
                    limits,
                };
                let pool = Pool::gather(asked, &knowledge, &dataset, &cancel)?;
                pool_times.push(start.elapsed());
                let vague = vague::choices(asked, &knowledge, &dataset, &cancel)?;
                let decision = decided(&pool, question, loose, &knowledge, vague);
                if expect == "answer" && decision["kind"] == "answer" {
                    answered.0 += 1;
                    answered.1 += u32::from(decision["right"] == true);
                }
                if id.is_some() {
                    println!("{decision:#}");
                }
                writeln!(
                    dump,
                    "{}",
                    json!({"set": set, "db": db, "id": name, "expect": expect, "judge": question.judge, "candidates": rows_dump, "decision": decision})
                )?;
                if let Some(follow_up) = &question.follow_up {
                    // The answer that was right, where there is one: what is measured is the follow-up.
                    let results = pool.results(&knowledge);
                    let previous = results
                        .iter()
                        .find(|answer| question.is_right(&answer.result.rows, loose))
                        .or(results.first());
                    let asked = Asked {
                        question: &follow_up.text,
                        previous,
                        ..asked
                    };
                    let pool = Pool::gather(asked, &knowledge, &dataset, &cancel)?;
                    let vague = vague::choices(asked, &knowledge, &dataset, &cancel)?;
                    let decision = decided(&pool, follow_up, loose, &knowledge, vague);
                    let is_right = |answer: &Answer| follow_up.is_right(&answer.result.rows, loose);
                    let after_right = previous
                        .is_some_and(|answer| question.is_right(&answer.result.rows, loose));
                    let in_all = pool.results(&knowledge).iter().any(is_right);
                    if follow_up.expects() == "answer" {
                        follow_ups.0 += 1;
                        follow_ups.1 += u32::from(decision["right"] == true);
                        follow_ups.2 +=
                            u32::from(decision["right"] == true && decision["kind"] == "answer");
                        follow_ups.3 +=
                            u32::from(decision["right"] == false && decision["kind"] == "answer");
                        if decision["right"] == false || decision["kind"] != "answer" {
                            writeln!(
                                wrong,
                                "FOLLOW-UP {set}/{db} {name} {} || {} [{}{}{}]\n  mine {}\n  gold {}",
                                question.text,
                                follow_up.text,
                                decision["kind"].as_str().unwrap_or_default(),
                                if after_right {
                                    ""
                                } else {
                                    ", the question itself was not right"
                                },
                                if in_all { ", right below" } else { "" },
                                pool.best().map_or("", |run| &run.candidate.sql),
                                follow_up
                                    .accepted
                                    .first()
                                    .map_or("", |accepted| &accepted.sql)
                            )?;
                        }
                    }
                }
                let count = |tally: &mut Tally| {
                    tally.asked += 1;
                    tally.first += u32::from(right.first() == Some(&0));
                    tally.any += u32::from(!right.is_empty());
                    tally.none += u32::from(candidates.is_empty());
                };
                if expect == "answer" {
                    count(&mut all);
                    count(
                        by_intent
                            .entry(question.intent.clone().unwrap_or_default())
                            .or_default(),
                    );
                    count(by_db.entry(db.clone()).or_default());
                    if question.judge.as_deref() != Some("INCORRECT") {
                        count(&mut sound);
                    }
                    if right.first() != Some(&0) {
                        writeln!(
                            wrong,
                            "{set}/{db} {name} [{}] {}\n  gold {}\n  want {}\n  mine {}\n  got  {first_result}\n  good {}\n  right at {right:?} of {}",
                            question.intent.clone().unwrap_or_default(),
                            question.text,
                            question
                                .accepted
                                .first()
                                .map_or("", |accepted| &accepted.sql),
                            serde_json::to_string(
                                &question.accepted.first().map(|accepted| accepted
                                    .rows
                                    .iter()
                                    .take(4)
                                    .collect::<Vec<_>>())
                            )?
                            .chars()
                            .take(300)
                            .collect::<String>(),
                            candidates.first().map_or("", |candidate| &candidate.sql),
                            right.first().map_or("", |&at| &candidates[at].sql),
                            candidates.len()
                        )?;
                    }
                }
            }
        }
        println!("{}", all.show(set));
        println!("{}", sound.show("  judged sound"));
        for (intent, tally) in &by_intent {
            if by_intent.len() > 1 {
                println!("{}", tally.show(&format!("    {intent}")));
            }
        }
        for (db, tally) in &by_db {
            println!("{}", tally.show(&format!("  {db}")));
        }
        println!(
            "  answered {} of {}, right {}",
            answered.0, all.asked, answered.1
        );
        if follow_ups.0 > 0 {
            println!(
                "  follow-ups {}: best right {}, answered right {}, answered wrong {}",
                follow_ups.0, follow_ups.1, follow_ups.2, follow_ups.3
            );
        }
        pool_times.sort();
        if let Some(longest) = pool_times.last() {
            println!(
                "  with running: p50 {:?} p95 {:?} max {:?}",
                pool_times[pool_times.len() / 2],
                pool_times[pool_times.len() * 95 / 100],
                longest
            );
        }
        times.sort();
        if let Some(longest) = times.last() {
            println!(
                "  time p50 {:?} p95 {:?} max {:?}",
                times[times.len() / 2],
                times[times.len() * 95 / 100],
                longest
            );
        }
    }
    if let Some(files) = list(&arguments, "--wrong") {
        fs::write(&files[0], wrong)?;
    }
    if let Some(files) = list(&arguments, "--dump") {
        fs::write(&files[0], dump)?;
    }
    Ok(())
}
