//! What a worker costs a statement beside running it in this process: `cargo run --release -p store --example query_cost`.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use store::dataset::{CancelFlag, Dataset, QueryLimits, SqlRunner, SqliteDataset, WorkerPool};

const TIMES: usize = 500;
const STATEMENTS: [(&str, &str); 4] = [
    ("SELECT 1", "SELECT 1"),
    (
        "a group of 20,000 rows",
        "SELECT s % 10 AS k, count(*), avg(r) FROM orders GROUP BY k ORDER BY 2 DESC",
    ),
    (
        "50 rows of 4 columns",
        "SELECT * FROM orders ORDER BY r DESC LIMIT 50",
    ),
    ("1,000 rows of 4 columns", "SELECT * FROM orders LIMIT 1000"),
];

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("sql-worker") {
        return match store::dataset::serve_statements() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.db");
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "CREATE TABLE orders (n INTEGER PRIMARY KEY, s INTEGER, r REAL, t TEXT) STRICT;
             WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 20000)
             INSERT INTO orders SELECT n, n * 7 % 1000, n / 7.0, printf('row %d', n) FROM c;",
        )
        .unwrap();
    let pool = Arc::new(WorkerPool::new(std::env::current_exe().unwrap(), 4));
    let runner = SqlRunner::Workers(Arc::clone(&pool));
    let here = SqliteDataset::open(&path).unwrap();
    let there = SqliteDataset::open_with(&path, runner).unwrap();
    println!(
        "a worker's start and first statement {:?}",
        time(&there, "SELECT 1")
    );
    for (name, sql) in STATEMENTS {
        // In turn, so that whatever else the machine does slows both.
        let (mut own, mut by_worker): (Vec<_>, Vec<_>) = (0..TIMES)
            .map(|_| (time(&here, sql), time(&there, sql)))
            .unzip();
        own.sort();
        by_worker.sort();
        let at = |times: &[Duration], percent: usize| times[times.len() * percent / 100];
        println!(
            "{name:<24} here {:>9.3?}, by a worker {:>9.3?}, p95 {:>9.3?} and {:>9.3?}",
            at(&own, 50),
            at(&by_worker, 50),
            at(&own, 95),
            at(&by_worker, 95),
        );
    }
    ExitCode::SUCCESS
}

fn time(dataset: &SqliteDataset, sql: &str) -> Duration {
    let started = Instant::now();
    dataset
        .query(sql, QueryLimits::default(), &CancelFlag::default())
        .unwrap();
    started.elapsed()
}
