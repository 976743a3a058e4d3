//! What is removed while it is being imported.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::support::stalled::Reached;
use crate::support::{Client, Server, problem};

/// Begins an import and waits until it reads its file.
async fn begun(server: &Server, client: &Client) -> (String, JoinHandle<Response>, Reached) {
    let (schema, stalled) = server.stalled_import(client).await;
    let approving = tokio::spawn({
        let (client, path) = (client.clone(), format!("/api/schema/{schema}/approve"));
        async move { client.post(&path, &json!({})).await }
    });
    let reached = tokio::time::timeout(Duration::from_secs(20), stalled.reached());
    (schema, approving, reached.await.unwrap())
}

#[tokio::test]
async fn a_schema_is_not_removed_while_it_is_being_imported() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let (schema, approving, file) = begun(&server, &ann).await;
    let path = format!("/api/schema/{schema}");
    problem(ann.delete(&path).await, StatusCode::CONFLICT, "executing").await;
    file.finish();
    let approved = approving.await.unwrap();
    assert_eq!(approved.status(), StatusCode::OK);
    assert_eq!(ann.get_json(&path).await["status"], "executed");
    assert_eq!(ann.delete(&path).await.status(), StatusCode::OK);
    assert_eq!(server.files().len(), 1, "the upload alone");
}

#[tokio::test]
async fn an_account_removed_during_an_import_leaves_nothing() {
    let server = Server::shared().await;
    let ann = server.user("ann").await;
    let (_, approving, file) = begun(&server, &ann).await;
    remove_account(&ann).await;
    file.finish();
    assert_ne!(approving.await.unwrap().status(), StatusCode::OK);
    nothing_is_left(&server, "ann").await;
}

#[tokio::test]
async fn an_import_that_outlives_its_account_takes_its_database_away() {
    let server = Server::shared().await;
    let ann = server.user("ann").await;
    let (_, approving, file) = begun(&server, &ann).await;
    // As if the import had begun to write between the last look at the files and its end.
    let unfinished: Vec<PathBuf> = server
        .files()
        .into_iter()
        .filter(|path| name(path).starts_with(".part-"))
        .collect();
    assert_eq!(unfinished.len(), 2, "a database and its quarantine");
    let aside = |path: &Path| server.folder.path().join(name(path));
    for path in &unfinished {
        std::fs::hard_link(path, aside(path)).unwrap();
    }
    remove_account(&ann).await;
    std::fs::create_dir(unfinished[0].parent().unwrap()).unwrap();
    for path in &unfinished {
        std::fs::rename(aside(path), path).unwrap();
    }
    file.finish();
    let ended = approving.await.unwrap();
    problem(ended, StatusCode::UNAUTHORIZED, "session_ended").await;
    nothing_is_left(&server, "ann").await;
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

async fn remove_account(client: &Client) {
    let removed = client.delete("/api/auth/account").await;
    assert_eq!(removed.status(), StatusCode::OK);
}

async fn nothing_is_left(server: &Server, user: &str) {
    assert_eq!(server.files(), Vec::<PathBuf>::new());
    for folder in ["uploads", "databases"] {
        let inside = std::fs::read_dir(server.folder.path().join(folder)).unwrap();
        assert_eq!(inside.count(), 0, "{folder}");
    }
    let again = server.user(user).await;
    for (path, list) in [
        ("/api/csv/list", "csv_files"),
        ("/api/schema/list", "schemas"),
    ] {
        let found: Value = again.get_json(path).await;
        assert_eq!(found[list], json!([]), "{path}");
    }
}
