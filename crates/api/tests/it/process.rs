//! The binary itself: what it shows of its work, and how it ends.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::stalled::Stalled;
use crate::support::{CUSTOMERS, Client};

struct Process {
    child: Child,
    client: Client,
    folder: TempDir,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let child = Command::new(env!("CARGO_BIN_EXE_data-query-agent"))
            .current_dir(folder.path())
            .env_clear()
            .env("PORT", port.to_string())
            .env("OLLAMA_BASE_URL", "http://127.0.0.1:9")
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let client = Client::of(SocketAddr::from(([127, 0, 0, 1], port)));
        let mut process = Self {
            child,
            client,
            folder,
        };
        process.sign_in().await;
        process
    }

    async fn sign_in(&mut self) {
        for _ in 0..200 {
            let request = self.client.request(Method::POST, "/api/auth/local");
            if let Ok(response) = request.json(&json!({})).send().await {
                self.client.keep(&response);
                let body: Value = response.json().await.unwrap();
                self.client.token = Some(body["access_token"].as_str().unwrap().to_owned());
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the service does not answer");
    }

    /// The time from SIGTERM to the end.
    async fn stop(&mut self) -> Duration {
        let told = Instant::now();
        let pid = self.child.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(kill.success());
        while self.child.try_wait().unwrap().is_none() {
            assert!(told.elapsed() < Duration::from_secs(20), "it does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        told.elapsed()
    }

    async fn gauge(&self, name: &str) -> f64 {
        let text = self.client.get("/metrics").await.text().await.unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name} in {text}"))
            .parse()
            .unwrap()
    }

    async fn gauge_becomes(&self, name: &str, value: f64) {
        for _ in 0..400 {
            if (self.gauge(name).await - value).abs() < 0.5 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{name} does not become {value}");
    }
}

#[tokio::test]
async fn work_that_hears_nothing_does_not_keep_the_service_from_ending() {
    let mut process = Process::start(&[("SHUTDOWN_TIMEOUT_MS", "500")]).await;
    let upload = process.client.upload_ok("customers.csv", CUSTOMERS).await;
    let id = upload["id"].as_str().unwrap();
    let uploads = process.folder.path().join("data/uploads");
    let user = std::fs::read_dir(uploads).unwrap().next().unwrap().unwrap();
    // Opening a pipe that nobody writes to waits for ever, whatever flag is raised.
    let _stalled = Stalled::in_place_of(&user.path().join(format!("{id}.csv")));
    let reading = tokio::spawn({
        let (client, path) = (process.client.clone(), format!("/api/csv/{id}/rows"));
        async move { client.request(Method::GET, &path).send().await }
    });
    process.gauge_becomes("jobs_running", 1.0).await;
    let took = process.stop().await;
    assert!(took < Duration::from_secs(4), "{took:?}");
    assert!(reading.await.unwrap().is_err());
}

#[tokio::test]
async fn the_metrics_show_that_a_query_ends_with_its_reader() {
    let process = Process::start(&[("SQL_TIME_LIMIT_MS", "60000")]).await;
    let schema = process.client.approved().await;
    let asking = tokio::spawn({
        let client = process.client.clone();
        let sql =
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n";
        let body = json!({"schema_id": schema, "sql": sql});
        async move { client.post("/api/query", &body).await }
    });
    process.gauge_becomes("queries_running", 1.0).await;
    asking.abort();
    process.gauge_becomes("queries_running", 0.0).await;
}
