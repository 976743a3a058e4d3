//! The real binary with all its data on a file system of a few megabytes, which a test can fill. Linux: a mount that only
//! the server sees, which needs no root where user namespaces are allowed.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::Client;
use super::binary::Binary;
use tempfile::TempDir;

const MOUNT: &str = "mount -t tmpfs -o size=4m tmpfs \"$1\"";
const SKIP: &str = "DQA_SKIP_FULL_DISK";

pub struct SmallDisk {
    server: Binary,
    /// The mount, seen from outside.
    disk: PathBuf,
}

impl SmallDisk {
    /// `None` where nobody may mount, or where the environment says so. Under CI nothing is left out unasked.
    pub async fn start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        if std::env::var(SKIP).is_ok_and(|value| value == "1") {
            skipped(&format!("{SKIP} is set"));
            return None;
        }
        if !may_mount(&folder) {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI fills a disk too, but `unshare -rm` may not mount here: allow user namespaces \
                 (sysctl kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0; \
                 in a container also its seccomp profile), or set {SKIP}=1 to go without this test"
            );
            skipped("`unshare -rm` may not mount");
            return None;
        }
        let path = folder.path().to_str().unwrap().to_owned();
        let script = format!("{MOUNT} && cd \"$1\" && shift && exec \"$@\"");
        let server = Binary::start_behind(&unshared(&script, &path), folder, &[]).await;
        let root = PathBuf::from(format!("/proc/{}/root", server.pid()));
        let disk = root.join(path.trim_start_matches('/'));
        Some(Self { server, disk })
    }

    pub fn nobody(&self) -> Client {
        self.server.nobody()
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

fn skipped(why: &str) {
    // Past the test runner, which would keep it to itself.
    let _ = writeln!(std::io::stderr(), "SKIPPED: no disk is filled here: {why}");
}

fn may_mount(folder: &TempDir) -> bool {
    let line = unshared(MOUNT, folder.path().to_str().unwrap());
    let mut tried = Command::new(line[0]);
    let tried = tried.args(&line[1..]).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// A shell with mounts of its own; `$1` is the folder.
fn unshared<'a>(script: &'a str, folder: &'a str) -> [&'a str; 8] {
    [
        "unshare",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
        folder,
    ]
}
