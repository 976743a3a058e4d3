//! The real binary, started for one test and killed at its end.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::{Value, json};
use tempfile::{NamedTempFile, TempDir};
use tokio::sync::oneshot;

use super::Client;

/// Far above what a loaded machine needs.
const STARTED_WITHIN: Duration = Duration::from_mins(1);
const PORTS_TRIED: usize = 5;

pub struct Binary {
    running: Running,
    pub folder: TempDir,
}

impl Binary {
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_behind(&[], TempDir::new().unwrap(), settings).await
    }

    /// `prefix` is a command that takes the binary and its arguments as its last arguments and becomes it.
    pub async fn start_behind(prefix: &[&str], folder: TempDir, settings: &[(&str, &str)]) -> Self {
        for _ in 0..PORTS_TRIED {
            let mut running = Running::spawn(free_port(), prefix, folder.path(), settings);
            match tokio::time::timeout(STARTED_WITHIN, running.answers()).await {
                Ok(true) => return Self { running, folder },
                Ok(false) if running.found_its_port_taken() => {}
                Ok(false) => panic!("the binary ended at its start:\n{}", running.written()),
                Err(late) => panic!(
                    "the binary does not answer within {STARTED_WITHIN:?} ({late}):\n{}",
                    running.written()
                ),
            }
        }
        panic!("{PORTS_TRIED} free ports were taken by somebody else before the binary had them");
    }

    pub fn pid(&self) -> u32 {
        self.running.child.id()
    }

    pub fn nobody(&self) -> Client {
        Client::of(self.running.address)
    }

    /// The local user, with a token.
    pub async fn user(&self) -> Client {
        let mut client = self.nobody();
        let signed_in = client.post("/api/auth/local", &json!({})).await;
        assert_eq!(signed_in.status(), StatusCode::OK);
        client.keep(&signed_in);
        let body: Value = signed_in.json().await.unwrap();
        client.token = Some(body["access_token"].as_str().unwrap().to_owned());
        client
    }

    /// Kills it; gives what it has written to standard error.
    pub fn kill(mut self) -> String {
        self.running.end();
        self.running.written()
    }

    /// The time from SIGTERM to the end.
    pub async fn stop(&mut self) -> Duration {
        let told = Instant::now();
        let pid = self.pid().to_string();
        let kill = Command::new("kill").args(["-TERM", &pid]).status().unwrap();
        assert!(kill.success());
        while self.running.child.try_wait().unwrap().is_none() {
            assert!(told.elapsed() < Duration::from_secs(20), "it does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        told.elapsed()
    }

    async fn gauge(&self, name: &str) -> f64 {
        let text = self.nobody().get("/metrics").await.text().await.unwrap();
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("{name} in {text}"))
            .parse()
            .unwrap()
    }

    /// Unlike a `Server`, the binary has its gauges for itself.
    pub async fn gauge_becomes(&self, name: &str, value: f64) {
        for _ in 0..400 {
            if (self.gauge(name).await - value).abs() < 0.5 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{name} does not become {value}");
    }
}

struct Running {
    address: SocketAddr,
    child: Child,
    /// A file, since a pipe that nobody reads would hold the binary up once it is full.
    stderr: NamedTempFile,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

impl Running {
    fn spawn(port: u16, prefix: &[&str], folder: &Path, settings: &[(&str, &str)]) -> Self {
        let stderr = NamedTempFile::new().unwrap();
        let binary = [env!("CARGO_BIN_EXE_data-query-agent"), "serve"];
        let line = [prefix, &binary].concat();
        let child = Command::new(line[0])
            .args(&line[1..])
            .current_dir(folder)
            // No DATABASE_URL or UPLOAD_DIR of whoever runs the tests.
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("PORT", port.to_string())
            // Nothing listens there: the built-in engine answers.
            .env("OLLAMA_BASE_URL", "http://127.0.0.1:9")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stderr(stderr.reopen().unwrap())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", line[0]));
        Self {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            child,
            stderr,
        }
    }

    /// `false` when it ended instead. What it says itself comes first: on its port somebody else might answer.
    async fn answers(&mut self) -> bool {
        let stdout = self.child.stdout.take().unwrap();
        if first_line(stdout).await.is_err() {
            return false;
        }
        let health = Client::of(self.address).get("/health").await;
        assert_eq!(health.status(), StatusCode::OK);
        true
    }

    fn found_its_port_taken(&self) -> bool {
        self.written().contains("Address already in use")
    }

    fn written(&self) -> String {
        std::fs::read_to_string(self.stderr.path()).unwrap()
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Of a thread, which reads on to the end: the binary may print more.
fn first_line(stdout: ChildStdout) -> oneshot::Receiver<String> {
    let (sender, receiver) = oneshot::channel();
    std::thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        if let Some(line) = lines.next() {
            let _ = sender.send(line);
        }
        lines.for_each(drop);
    });
    receiver
}

fn free_port() -> u16 {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().port()
}
