//! Grammatical but hostile SQL against the sandbox, by way of workers as in the service: `fuzz_sql [SECONDS] [SEED]`, or
//! `fuzz_sql FILE` for one statement by each way in; `fuzz_sql print COUNT [SEED]` only prints statements, each as JSON.
//!
//! Fails when a worker falls, a statement takes longer than 2.5 s, a worker holds more than 256 MB, or somebody else's
//! `SELECT 1` meanwhile takes more than 100 ms at the 99th percentile. What it finds it writes below `target/fuzz-sql/`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_push_string
)]

mod grammar;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use grammar::Grammar;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset, QueryLimits, SqlRunner, SqliteDataset, WorkerPool};

/// Hostile statements at once; more than the two cores of a small machine.
const SENDERS: u64 = 4;
/// Workers of a service with its settings at their defaults.
const WORKERS: usize = 20;
const MOST_TIME: Duration = Duration::from_millis(2_500);
const MOST_MEMORY_KB: u64 = 256 * 1024;
const MOST_WAIT: Duration = Duration::from_millis(100);
const FINDINGS: &str = "target/fuzz-sql";

#[derive(Default)]
struct Tally {
    outcomes: Mutex<BTreeMap<String, u64>>,
    slowest: Mutex<(Duration, String)>,
    waits: Mutex<Vec<Duration>>,
    peak_kb: AtomicU64,
    findings: AtomicU64,
    is_over: AtomicBool,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("sql-worker") {
        return match store::dataset::serve_statements() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    if first.as_deref() == Some("print") {
        let mut number = || arguments.next().and_then(|text| text.parse().ok());
        print_statements(number().unwrap_or(1_000), number().unwrap_or(1));
        return ExitCode::SUCCESS;
    }
    let one = first
        .as_ref()
        .and_then(|file| std::fs::read_to_string(file).ok());
    let seconds = first.map_or(60, |text| text.parse().unwrap_or_default());
    let seed: u64 = arguments
        .next()
        .map_or(1, |text| text.parse().expect("a seed"));
    std::fs::create_dir_all(FINDINGS).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.db");
    fill(&path);
    let pool = Arc::new(WorkerPool::new(std::env::current_exe().unwrap(), WORKERS));
    let dataset = SqliteDataset::open_with(&path, SqlRunner::Workers(Arc::clone(&pool))).unwrap();
    if let Some(sql) = one {
        replay(&dataset, &sql);
        return ExitCode::SUCCESS;
    }
    let tally = Tally::default();
    let until = Instant::now() + Duration::from_secs(seconds);
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|number| {
                let (dataset, tally) = (&dataset, &tally);
                scope.spawn(move || send(dataset, tally, seed * 1_000 + number, until))
            })
            .collect();
        scope.spawn(|| ask_meanwhile(&dataset, &tally));
        scope.spawn(|| watch_memory(&tally));
        for sender in senders {
            sender.join().unwrap();
        }
        tally.is_over.store(true, Ordering::Relaxed);
    });
    report(&tally)
}

fn print_statements(count: u64, seed: u64) {
    let mut grammar = Grammar::new(seed);
    for _ in 0..count {
        println!("{}", serde_json::json!(grammar.statement()));
    }
}

fn fill(path: &Path) {
    // By the service's own way in there would be no empty texts and long ones beside each other.
    let connection = rusqlite::Connection::open(path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price REAL, note TEXT) STRICT;
             CREATE TABLE wide (n INTEGER, s TEXT, r REAL) STRICT;
             CREATE INDEX wide_n ON wide (n);
             CREATE INDEX t_name ON t (name);
             WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
             INSERT INTO wide SELECT n, printf('row %d', n), n / 7.0 FROM c;
             INSERT INTO t SELECT n, s, r, iif(n % 3, NULL, printf('%0200d', n)) FROM wide WHERE n < 2000;",
        )
        .unwrap();
}

#[derive(Debug, Clone, Copy)]
enum Way {
    Query,
    Stream,
    Check,
    Explain,
}

impl Way {
    /// In one word, how the statement ended.
    fn take(self, dataset: &SqliteDataset, sql: &str) -> String {
        let flag = CancelFlag::default();
        let outcome = match self {
            Self::Explain => dataset.explain(sql, &flag).map(drop),
            Self::Check => dataset.check(sql, &flag).map(drop),
            Self::Stream => dataset.stream(sql, 2_000, &flag, &mut |_| (), &mut |_| true),
            Self::Query => dataset.query(sql, QueryLimits::default(), &flag).map(drop),
        };
        match outcome {
            Ok(()) => "answered".to_owned(),
            Err(StoreError::Limit { code, .. } | StoreError::Denied { code, .. }) => {
                code.to_owned()
            }
            Err(StoreError::BadSql { .. }) => "bad_sql".to_owned(),
            Err(other) => format!("unexpected: {other}"),
        }
    }
}

fn replay(dataset: &SqliteDataset, sql: &str) {
    for way in [Way::Query, Way::Stream, Way::Check, Way::Explain] {
        let started = Instant::now();
        let name = way.take(dataset, sql);
        println!("{way:?}: {name}, {:?}", started.elapsed());
    }
}

/// Sends one statement after the other, by each way in.
fn send(dataset: &SqliteDataset, tally: &Tally, seed: u64, until: Instant) {
    let mut grammar = Grammar::new(seed);
    while Instant::now() < until {
        let sql = grammar.statement();
        let started = Instant::now();
        let way = match grammar.below(6) {
            0 => Way::Explain,
            1 => Way::Check,
            2 => Way::Stream,
            _ => Way::Query,
        };
        let name = way.take(dataset, &sql);
        let took = started.elapsed();
        if name == "statement_ended" || name.starts_with("unexpected") || took > MOST_TIME {
            let number = tally.findings.fetch_add(1, Ordering::Relaxed);
            let what = format!("-- {way:?}: {name}, {took:?}\n{sql}\n");
            std::fs::write(format!("{FINDINGS}/{seed}-{number}.sql"), what).unwrap();
        }
        *tally.outcomes.lock().unwrap().entry(name).or_default() += 1;
        let mut slowest = tally.slowest.lock().unwrap();
        if took > slowest.0 {
            *slowest = (took, sql);
        }
    }
}

/// Somebody else, who asks for little.
fn ask_meanwhile(dataset: &SqliteDataset, tally: &Tally) {
    let flag = CancelFlag::default();
    while !tally.is_over.load(Ordering::Relaxed) {
        let started = Instant::now();
        let answer = dataset.query("SELECT 1", QueryLimits::default(), &flag);
        assert_eq!(answer.expect("an answer").row_count, 1);
        tally.waits.lock().unwrap().push(started.elapsed());
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The most that a worker ever held.
fn watch_memory(tally: &Tally) {
    while !tally.is_over.load(Ordering::Relaxed) {
        let peak = children()
            .filter_map(|pid| peak_kb(&pid))
            .max()
            .unwrap_or_default();
        tally.peak_kb.fetch_max(peak, Ordering::Relaxed);
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn children() -> impl Iterator<Item = String> {
    let own = std::process::id();
    let tasks = std::fs::read_dir(format!("/proc/{own}/task"))
        .into_iter()
        .flatten();
    tasks.flatten().flat_map(|task| {
        let list = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        list.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    })
}

fn peak_kb(pid: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn report(tally: &Tally) -> ExitCode {
    let outcomes = tally.outcomes.lock().unwrap();
    println!("{} statements", outcomes.values().sum::<u64>());
    for (name, count) in outcomes.iter() {
        println!("  {count:>8} {name}");
    }
    let (slowest, sql) = &*tally.slowest.lock().unwrap();
    println!("slowest {slowest:?}: {sql:.200}");
    let peak_kb = tally.peak_kb.load(Ordering::Relaxed);
    println!("a worker's peak {} MB", peak_kb / 1024);
    let mut waits = tally.waits.lock().unwrap();
    waits.sort();
    let p99 = waits[waits.len() * 99 / 100];
    println!(
        "SELECT 1 meanwhile, {} times: median {:?}, p99 {p99:?}, most {:?}",
        waits.len(),
        waits[waits.len() / 2],
        waits[waits.len() - 1]
    );
    let findings = tally.findings.load(Ordering::Relaxed);
    println!("findings {findings}");
    if findings == 0 && peak_kb <= MOST_MEMORY_KB && p99 <= MOST_WAIT {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
