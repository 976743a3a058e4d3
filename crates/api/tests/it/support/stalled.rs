//! Files that the service waits for: pipes in the place of uploads, so that a test decides when work goes on.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{CUSTOMERS, Client, Server};

/// A pipe that nobody has read from yet.
pub struct Stalled(PathBuf);

/// The service is reading and waits for more.
pub struct Reached {
    path: PathBuf,
    pipe: std::fs::File,
}

impl Server {
    /// A generated schema whose import will wait at its first row; gives its id.
    pub async fn stalled_import(&self, client: &Client) -> (String, Stalled) {
        let upload = client.upload_ok("customers.csv", CUSTOMERS).await;
        let generate = json!({"csv_ids": [upload["id"]]});
        let response = client.post("/api/schema/generate", &generate).await;
        assert_eq!(response.status(), StatusCode::CREATED);
        let schema: Value = response.json().await.unwrap();
        let name = format!("{}.csv", upload["id"].as_str().unwrap());
        let files = self.files();
        let path = files.iter().find(|path| path.ends_with(&name)).unwrap();
        (
            schema["id"].as_str().unwrap().to_owned(),
            Stalled::in_place_of(path),
        )
    }
}

impl Stalled {
    pub fn in_place_of(path: &Path) -> Self {
        std::fs::remove_file(path).unwrap();
        let made = Command::new("mkfifo").arg(path).status().unwrap();
        assert!(made.success());
        Self(path.to_owned())
    }

    /// Waits until the service has opened it.
    pub async fn reached(self) -> Reached {
        let opened = tokio::task::spawn_blocking(move || {
            let pipe = std::fs::OpenOptions::new().write(true).open(&self.0);
            Reached {
                path: self.0,
                pipe: pipe.unwrap(),
            }
        });
        opened.await.unwrap()
    }
}

impl Reached {
    /// Gives the service the whole file.
    pub fn finish(mut self) {
        self.pipe.write_all(CUSTOMERS.as_bytes()).unwrap();
    }

    /// Whoever opens it from now on finds the file, and waits for nothing.
    pub fn put_back(&self) {
        std::fs::remove_file(&self.path).unwrap();
        std::fs::write(&self.path, CUSTOMERS).unwrap();
    }
}
