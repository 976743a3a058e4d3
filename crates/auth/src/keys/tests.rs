#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::KeyRing;
use crate::AuthError;

fn start() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

struct Folder {
    _parent: TempDir,
    path: PathBuf,
}

fn folder() -> Folder {
    let parent = TempDir::new().unwrap();
    let path = parent.path().join("deep").join("keys");
    Folder {
        _parent: parent,
        path,
    }
}

#[test]
fn e72_the_first_start_makes_a_key_that_only_its_owner_reads() {
    let folder = folder();
    let first = KeyRing::open(&folder.path, start()).unwrap();
    assert_eq!(mode(&folder.path), 0o700);
    assert_eq!(mode(&folder.path.join("signing-key.pem")), 0o600);
    assert_eq!(files(&folder.path), [".lock", "signing-key.pem"]);
    let second = KeyRing::open(&folder.path, start()).unwrap();
    assert_eq!(
        first.current_key_id(start()),
        second.current_key_id(start())
    );
}

#[test]
fn e72_a_key_that_others_can_read_or_change_is_refused() {
    let folder = folder();
    drop(KeyRing::open(&folder.path, start()).unwrap());
    let key = folder.path.join("signing-key.pem");
    for bad in [0o640, 0o604, 0o644, 0o620, 0o660, 0o666, 0o610] {
        set_mode(&key, bad);
        match KeyRing::open(&folder.path, start()) {
            Err(AuthError::Key { path, message }) => {
                assert_eq!(path, key);
                assert!(message.contains("chmod 600"), "{message}");
            }
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("{bad:o} was accepted"),
        }
    }
    for good in [0o600, 0o400] {
        set_mode(&key, good);
        assert!(KeyRing::open(&folder.path, start()).is_ok(), "{good:o}");
    }
    set_mode(&key, 0o600);
    for bad in [0o770, 0o707, 0o777] {
        set_mode(&folder.path, bad);
        assert!(
            KeyRing::open(&folder.path, start()).is_err(),
            "folder {bad:o}"
        );
    }
}

#[test]
fn e72_starters_at_once_share_one_key() {
    let folder = folder();
    let starters: Vec<_> = (0..8)
        .map(|_| {
            let path = folder.path.clone();
            std::thread::spawn(move || {
                let keys = KeyRing::open(&path, start()).unwrap();
                keys.current_key_id(start())
            })
        })
        .collect();
    let mut ids: Vec<String> = starters.into_iter().map(|it| it.join().unwrap()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(files(&folder.path), [".lock", "signing-key.pem"]);
}

#[test]
fn e72_an_open_folder_without_a_key_is_closed_first() {
    let folder = folder();
    fs::create_dir_all(&folder.path).unwrap();
    set_mode(&folder.path, 0o775);
    fs::write(folder.path.join(".gitkeep"), "").unwrap();
    drop(KeyRing::open(&folder.path, start()).unwrap());
    assert_eq!(mode(&folder.path), 0o700);
}

#[test]
fn a_running_server_goes_on_when_its_key_is_spoilt() {
    let folder = folder();
    let server = KeyRing::open(&folder.path, start()).unwrap();
    let id = server.current_key_id(start());
    let key = folder.path.join("signing-key.pem");
    for (minute, spoil) in [
        |key: &Path| set_mode(key, 0o644),
        |key: &Path| fs::write(key, "nonsense").unwrap(),
        |key: &Path| fs::remove_file(key).unwrap(),
    ]
    .into_iter()
    .enumerate()
    {
        spoil(&key);
        let later = start() + TimeDelta::minutes(minute as i64 + 1);
        assert_eq!(server.current_key_id(later), id);
        assert!(server.verifying_key("unknown", later).is_none());
    }
}

#[test]
fn a_rotation_that_was_cut_off_leaves_the_key_in_place() {
    let folder = folder();
    let keys = KeyRing::open(&folder.path, start()).unwrap();
    let id = keys.current_key_id(start());
    let pem = fs::read(folder.path.join("signing-key.pem")).unwrap();
    keys.rotate(TimeDelta::hours(1), start()).unwrap();
    // As if the new key had not been written any more.
    fs::write(folder.path.join("signing-key.pem"), pem).unwrap();
    let restarted = KeyRing::open(&folder.path, start()).unwrap();
    let much_later = start() + TimeDelta::days(1);
    assert_eq!(restarted.current_key_id(much_later), id);
    assert!(restarted.verifying_key(&id, much_later).is_some());
    assert_eq!(
        restarted.jwks(start()).unwrap()["keys"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn a_key_file_that_is_no_key_is_refused_and_kept() {
    let folder = folder();
    drop(KeyRing::open(&folder.path, start()).unwrap());
    let key = folder.path.join("signing-key.pem");
    for nonsense in [
        "",
        "nonsense",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        fs::write(&key, nonsense).unwrap();
        let opened = KeyRing::open(&folder.path, start());
        assert!(matches!(opened, Err(AuthError::Key { .. })));
        assert_eq!(fs::read_to_string(&key).unwrap(), nonsense);
    }
}

#[test]
fn the_published_key_is_public_and_named_by_its_thumbprint() {
    let folder = folder();
    let keys = KeyRing::open(&folder.path, start()).unwrap();
    let jwks = keys.jwks(start()).unwrap();
    let key = jwks["keys"][0].as_object().unwrap();
    let mut members: Vec<&str> = key.keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    assert_eq!(
        (&key["alg"], &key["use"], &key["kty"]),
        (&"RS256".into(), &"sig".into(), &"RSA".into())
    );
    let modulus = URL_SAFE_NO_PAD.decode(key["n"].as_str().unwrap()).unwrap();
    assert_eq!(modulus.len(), 256);
    // RFC 7638, section 3.1.
    let canonical = format!(r#"{{"e":{},"kty":"RSA","n":{}}}"#, key["e"], key["n"]);
    let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical));
    assert_eq!(key["kid"].as_str().unwrap(), thumbprint);
    assert_eq!(keys.current_key_id(start()), thumbprint);
}

#[test]
fn e73_a_replaced_key_is_published_while_it_overlaps_and_then_forgotten() {
    let folder = folder();
    let overlap = TimeDelta::hours(1);
    let keys = KeyRing::open(&folder.path, start()).unwrap();
    let ids = |at| -> Vec<String> {
        let jwks = keys.jwks(at).unwrap();
        let keys = jwks["keys"].as_array().unwrap();
        keys.iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    };
    let old = keys.current_key_id(start());
    let new = keys.rotate(overlap, start()).unwrap();
    assert_eq!(ids(start()), [new.clone(), old.clone()]);
    assert!(keys.verifying_key(&old, start()).is_some());
    let end = start() + overlap;
    assert!(
        keys.verifying_key(&old, end - TimeDelta::seconds(1))
            .is_some()
    );
    assert!(keys.verifying_key(&old, end).is_none());
    assert_eq!(ids(end), std::slice::from_ref(&new));

    // Only the public half of an old key is kept, and that no longer than needed.
    let retired = folder.path.join(format!("retired-{old}.json"));
    assert!(fs::read_to_string(&retired).unwrap().contains(&old));
    assert!(!fs::read_to_string(&retired).unwrap().contains("PRIVATE"));
    keys.rotate(overlap, end).unwrap();
    assert_eq!(
        files(&folder.path),
        [
            ".lock".to_owned(),
            format!("retired-{new}.json"),
            "signing-key.pem".to_owned()
        ]
    );
    assert_eq!(mode(&folder.path.join("signing-key.pem")), 0o600);
}

#[test]
fn e73_a_running_server_notices_a_rotation_by_another_process() {
    let folder = folder();
    let server = KeyRing::open(&folder.path, start()).unwrap();
    let command = KeyRing::open(&folder.path, start()).unwrap();
    let old = server.current_key_id(start());
    let new = command.rotate(TimeDelta::hours(1), start()).unwrap();
    // At once, where a token with the new key arrives; else within seconds.
    assert!(server.verifying_key(&new, start()).is_some());
    assert!(server.verifying_key(&old, start()).is_some());

    let newest = command.rotate(TimeDelta::hours(1), start()).unwrap();
    let soon = start() + TimeDelta::seconds(5);
    assert_eq!(server.current_key_id(soon), newest);
    assert_eq!(
        server.jwks(soon).unwrap()["keys"].as_array().unwrap().len(),
        3
    );
}

#[test]
fn rotations_at_once_lose_no_key() {
    let folder = folder();
    let keys = KeyRing::open(&folder.path, start()).unwrap();
    let first = keys.current_key_id(start());
    let rotations: Vec<_> = (0..4)
        .map(|_| {
            let path = folder.path.clone();
            std::thread::spawn(move || {
                let keys = KeyRing::open(&path, start()).unwrap();
                keys.rotate(TimeDelta::hours(1), start()).unwrap()
            })
        })
        .collect();
    let later = start() + TimeDelta::minutes(1);
    for rotation in rotations {
        rotation.join().unwrap();
    }
    assert_eq!(
        keys.jwks(later).unwrap()["keys"].as_array().unwrap().len(),
        5
    );
    assert!(keys.verifying_key(&first, later).is_some());
}
