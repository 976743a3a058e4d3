//! Group H: statements run in processes of their own, and what becomes of one is nobody else's matter.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::left_work::ENDLESS;
use crate::support::binary::Binary;
use crate::support::{Client, Server, model, problem};

/// A second user's question, while the first one's statement is in trouble.
const OTHER: &str = "SELECT count(*) FROM customers";

struct Service {
    binary: Binary,
    ann: Client,
    schema: String,
}

impl Service {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let binary = Binary::start(settings).await;
        let ann = binary.user().await;
        let schema = ann.approved().await;
        Self {
            binary,
            ann,
            schema,
        }
    }

    /// Sends the statement without waiting for its answer.
    fn begin(&self, sql: &str) -> tokio::task::JoinHandle<reqwest::Response> {
        let body = json!({"schema_id": self.schema, "sql": sql});
        let ann = self.ann.clone();
        tokio::spawn(async move { ann.post("/api/query", &body).await })
    }

    async fn assert_answers_others(&self) {
        let answer = self.begin(OTHER).await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(answer["rows"], json!([[3]]), "{answer}");
    }

    /// Once there are so many.
    async fn workers(&self, count: usize) -> Vec<u32> {
        for _ in 0..400 {
            let found = workers_of(self.binary.pid());
            if found.len() == count {
                return found;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("{:?} workers, not {count}", workers_of(self.binary.pid()));
    }

    /// A worker that was used and waits.
    async fn warm_worker(&self) -> u32 {
        self.assert_answers_others().await;
        self.workers(1).await[0]
    }
}

/// Living children of that process.
fn workers_of(parent: u32) -> Vec<u32> {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
        .filter(|pid| {
            let state = state_and_parent(*pid);
            state.is_some_and(|(state, its_parent)| its_parent == parent && state != "Z")
        })
        .collect()
}

/// `None` where there is no such process.
fn state_and_parent(pid: u32) -> Option<(String, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.to_owned(), fields.next()?.parse().ok()?))
}

fn signal(name: &str, pid: u32) {
    let sent = Command::new("kill").args([name, &pid.to_string()]).status();
    assert!(sent.unwrap().success());
}

async fn is_gone(pid: u32) -> bool {
    for _ in 0..400 {
        if state_and_parent(pid).is_none_or(|(state, _)| state == "Z") {
            return true;
        }
        sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Of which each level doubles what the one before compiles to.
fn doubling() -> String {
    format!(
        "{}SELECT id AS x FROM customers{}",
        "SELECT x + x AS x FROM (".repeat(40),
        ")".repeat(40)
    )
}

#[tokio::test]
async fn h13_an_expression_that_doubles_with_each_level_runs_out_of_memory_alone() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    for path in ["/api/query", "/api/query/explain", "/api/query/export"] {
        let body = json!({"schema_id": schema, "sql": doubling()});
        let answer = ann.post(path, &body).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        let problem: Value = answer.json().await.unwrap();
        let code = problem["code"].as_str().unwrap();
        // On a slow machine the time is over first.
        assert!(
            ["too_complex", "query_timeout"].contains(&code),
            "{path}: {code}"
        );
        let body = json!({"schema_id": schema, "sql": OTHER});
        assert_eq!(ann.post("/api/query", &body).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn h14_explain_export_and_the_models_path_refuse_what_query_refuses() {
    let nested = format!(
        "{}SELECT 1{}",
        "SELECT 1 FROM(".repeat(6_000),
        ")".repeat(6_000)
    );
    let url = model::saying(&nested).await;
    let settings = [
        ("OLLAMA_BASE_URL", url.as_str()),
        ("OLLAMA_MODEL", "test:1b"),
    ];
    let server = Server::local_with(&settings).await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    for path in ["/api/query", "/api/query/explain", "/api/query/export"] {
        let body = json!({"schema_id": schema, "sql": nested});
        let refused = ann.post(path, &body).await;
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "too_complex").await;
    }
    // In no language that the built-in engine reads.
    let (events, _) = ann.ask(&schema, None, "Kuinka monta tilausta on?").await;
    let tried = events.iter().any(|event| {
        event["type"] == "tool-output-error"
            && event["errorText"]
                .as_str()
                .is_some_and(|text| text.contains("parentheses are open"))
    });
    assert!(tried, "{events:?}");
    let body = json!({"schema_id": schema, "sql": OTHER});
    assert_eq!(ann.post("/api/query", &body).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn h15_a_worker_that_falls_is_an_error_of_its_own_statement_alone() {
    let service = Service::start(&[("SQL_TIME_LIMIT_MS", "60000")]).await;
    // Not SEGV: a first one that comes from elsewhere only makes Rust's handler give way to the system's.
    for name in ["-ABRT", "-KILL", "-ILL"] {
        // What is counted after this is the statement, and not a query that has just been answered.
        service.binary.gauge_becomes("queries_running", 0.0).await;
        let asking = service.begin(ENDLESS);
        service.binary.gauge_becomes("queries_running", 1.0).await;
        service.assert_answers_others().await;
        // One that falls before it has begun is replaced; which of them has the statement is not known from outside.
        sleep(Duration::from_millis(300)).await;
        for worker in workers_of(service.binary.pid()) {
            signal(name, worker);
        }
        let refused = asking.await.unwrap();
        problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "statement_ended").await;
        service.assert_answers_others().await;
    }
}

#[tokio::test]
async fn h28_a_worker_that_was_killed_while_it_was_idle_is_nobodys_error() {
    let service = Service::start(&[]).await;
    for is_waited_for in [true, false].repeat(20) {
        let worker = service.warm_worker().await;
        signal("-KILL", worker);
        // Until its last thread has ended, the system counts it as alive.
        assert!(!is_waited_for || is_gone(worker).await);
        service.assert_answers_others().await;
    }
}

#[tokio::test]
async fn h16_the_deadline_holds_whatever_a_worker_is_at() {
    let service = Service::start(&[("SQL_TIME_LIMIT_MS", "500")]).await;
    // Stopped, it looks at no clock: as SQLite while it compiles.
    let worker = service.warm_worker().await;
    signal("-STOP", worker);
    let refused = service.begin(OTHER).await.unwrap();
    problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "query_timeout").await;
    assert!(is_gone(worker).await, "it was left behind");
    service.assert_answers_others().await;
}

#[tokio::test]
async fn h17_whoever_leaves_ends_the_worker_whatever_it_is_at() {
    let service = Service::start(&[("SQL_TIME_LIMIT_MS", "60000")]).await;
    let worker = service.warm_worker().await;
    signal("-STOP", worker);
    let asking = service.begin(OTHER);
    service.binary.gauge_becomes("queries_running", 1.0).await;
    asking.abort();
    assert!(is_gone(worker).await, "it was left behind");
    service.assert_answers_others().await;
}

#[tokio::test]
async fn h18_no_worker_outlives_the_service() {
    for is_killed in [true, false] {
        let settings = [
            ("SQL_TIME_LIMIT_MS", "600000"),
            ("SHUTDOWN_TIMEOUT_MS", "500"),
        ];
        let mut service = Service::start(&settings).await;
        let asking = service.begin(ENDLESS);
        service.binary.gauge_becomes("queries_running", 1.0).await;
        service.assert_answers_others().await;
        let workers = service.workers(2).await;
        if is_killed {
            service.binary.kill();
        } else {
            service.binary.stop().await;
        }
        for worker in workers {
            assert!(is_gone(worker).await, "killed: {is_killed}");
        }
        asking.abort();
    }
}

#[tokio::test]
async fn h19_a_worker_has_none_of_the_services_settings_and_files() {
    let service = Service::start(&[("APP_NAME", "a secret"), ("TZ", "UTC")]).await;
    let worker = service.warm_worker().await;
    let environment = std::fs::read_to_string(format!("/proc/{worker}/environ")).unwrap();
    let names: Vec<&str> = environment
        .split_terminator('\0')
        .filter_map(|entry| entry.split('=').next())
        .collect();
    assert_eq!(names, ["TZ", "_RJEM_MALLOC_CONF"], "{environment}");
    let open: Vec<PathBuf> = std::fs::read_dir(format!("/proc/{worker}/fd"))
        .unwrap()
        .filter_map(|entry| std::fs::read_link(entry.unwrap().path()).ok())
        .filter(|file| !file.to_string_lossy().starts_with("pipe:"))
        .collect();
    assert!(
        open.iter().all(|file| file == Path::new("/dev/null")),
        "{open:?}"
    );
}

#[tokio::test]
async fn h20_the_system_bounds_a_worker() {
    let service = Service::start(&[]).await;
    let worker = service.warm_worker().await;
    let limits = std::fs::read_to_string(format!("/proc/{worker}/limits")).unwrap();
    for (name, most) in [
        ("Max core file size", 0),
        ("Max file size", 48 << 20),
        ("Max data size", 224 << 20),
        ("Max address space", 2 << 30),
        ("Max cpu time", 60),
    ] {
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap();
        let soft: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
        assert!(soft <= most, "{name}: {line}");
    }
}

#[tokio::test]
async fn h25_more_statements_than_places_wait_and_none_is_lost() {
    let settings = [
        ("MAX_CONCURRENT_QUERIES", "1"),
        ("MAX_CONCURRENT_EXPORTS", "1"),
    ];
    let service = Service::start(&settings).await;
    let asked: Vec<_> = (0..30).map(|_| service.begin(OTHER)).collect();
    for one in asked {
        assert_eq!(one.await.unwrap().status(), StatusCode::OK);
    }
    let workers = workers_of(service.binary.pid());
    assert!((1..=2).contains(&workers.len()), "{workers:?}");
}

#[tokio::test]
async fn results_are_the_same_to_the_last_digit_as_without_a_worker() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = ann.approved().await;
    let folder = TempDir::new().unwrap();
    let sql = "SELECT 0.1 + 0.2, 1e300 * 10, 9007199254740993, x'00ff', NULL, 'ä', 1.0, amount / 3 FROM orders ORDER BY 8";
    let body = json!({"schema_id": schema, "sql": sql});
    let found: Value = ann.post("/api/query", &body).await.json().await.unwrap();
    let database = server
        .files()
        .into_iter()
        .find(|path| {
            path.extension().is_some_and(|ending| ending == "db")
                && !path.to_string_lossy().contains("quarantine")
        })
        .unwrap();
    let copy = folder.path().join("copy.db");
    std::fs::copy(database, &copy).unwrap();
    let expected = tokio::task::spawn_blocking(move || {
        use store::dataset::{CancelFlag, Dataset, QueryLimits, SqliteDataset};
        let dataset = SqliteDataset::open(&copy).unwrap();
        dataset
            .query(sql, QueryLimits::default(), &CancelFlag::default())
            .unwrap()
    })
    .await
    .unwrap();
    assert_eq!(found["rows"], json!(expected.rows));
    assert_eq!(found["columns"], json!(expected.columns));
}
