//! The real binary with all its data on a file system of a few megabytes, which a test can fill. Linux: a mount that only
//! the server sees, which needs no root where user namespaces are allowed.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Client;
use tempfile::TempDir;

const MOUNT: &str = "mount -t tmpfs -o size=4m tmpfs \"$1\"";

pub struct SmallDisk {
    address: SocketAddr,
    server: Child,
    /// The mount, seen from outside.
    disk: PathBuf,
    _folder: TempDir,
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl SmallDisk {
    /// `None` where this machine lets nobody mount; it says so, and under CI that is a failure.
    pub async fn start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        if !may_mount(&folder) {
            assert!(std::env::var_os("CI").is_none(), "CI must be able to mount");
            // Past the test runner, which would keep it to itself.
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED: no disk can be filled here: `unshare -rm` may not mount"
            );
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let script = format!("{MOUNT} && cd \"$1\" && exec \"$2\" serve");
        let server = unshared(&script, &folder)
            .arg(env!("CARGO_BIN_EXE_data-query-agent"))
            .env("PORT", port.port().to_string())
            .env("OLLAMA_BASE_URL", "http://127.0.0.1:9")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let inside = folder.path().strip_prefix("/").unwrap();
        let disk = PathBuf::from(format!("/proc/{}/root", server.id())).join(inside);
        let started = Self {
            address: port,
            server,
            disk,
            _folder: folder,
        };
        started.until_ready().await;
        Some(started)
    }

    async fn until_ready(&self) {
        for _ in 0..600 {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server on the small disk did not start");
    }

    pub fn nobody(&self) -> Client {
        Client::of(self.address)
    }

    /// Writes until no byte more goes.
    pub fn fill(&self) {
        let mut filler = std::fs::File::create(self.filler()).unwrap();
        for size in [64 * 1024, 512, 1] {
            let chunk = vec![0; size];
            let error = loop {
                if let Err(error) = filler.write_all(&chunk) {
                    break error;
                }
            };
            assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
        }
    }

    pub fn make_room(&self) {
        std::fs::remove_file(self.filler()).unwrap();
    }

    fn filler(&self) -> PathBuf {
        self.disk.join("filler")
    }

    /// Names of the uploaded files, also unfinished ones.
    pub fn uploaded_files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.disk.join("data/uploads")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    found.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        found.sort();
        found
    }
}

fn may_mount(folder: &TempDir) -> bool {
    let tried = unshared(MOUNT, folder).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// A shell with mounts of its own; `$1` is the folder.
fn unshared(script: &str, folder: &TempDir) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(folder.path());
    command
}
