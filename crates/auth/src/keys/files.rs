//! The folder of signing keys: who may read it, and changes that are whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{RetiredRecord, private};
use crate::AuthError;

const KEY_FILE: &str = "signing-key.pem";
const LOCK_FILE: &str = ".lock";
/// Far more than a key needs.
const MAX_FILE_BYTES: u64 = 64 * 1024;

pub(super) struct KeyFolder {
    path: PathBuf,
}

/// Changes whenever the current key is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    modified: Option<SystemTime>,
    inode: u64,
}

impl KeyFolder {
    /// Makes the folder (0700) where it is absent, closes it where it holds no key yet; fails when others may change
    /// what is in it.
    pub fn open(path: &Path) -> Result<Self, AuthError> {
        let failed = |error: std::io::Error| io_error(path, &error);
        private::create_folder(path).map_err(failed)?;
        let folder = Self {
            path: path.to_owned(),
        };
        if !folder.has_key()? {
            // A checkout's or a volume's empty folder has the modes of its umask. Where it is not ours to change, the
            // check tells.
            let _ = private::close_folder(path);
        }
        private::check_folder(path, &fs::metadata(path).map_err(failed)?)?;
        Ok(folder)
    }

    pub fn key_path(&self) -> PathBuf {
        self.path.join(KEY_FILE)
    }

    pub fn has_key(&self) -> Result<bool, AuthError> {
        let path = self.key_path();
        path.try_exists().map_err(|error| io_error(&path, &error))
    }

    pub fn stamp(&self) -> Result<Stamp, AuthError> {
        let path = self.key_path();
        let metadata = fs::metadata(&path).map_err(|error| io_error(&path, &error))?;
        Ok(Stamp {
            modified: metadata.modified().ok(),
            inode: private::inode(&metadata),
        })
    }

    /// The current private key, unless others can read it.
    pub fn read_key(&self) -> Result<Vec<u8>, AuthError> {
        let path = self.key_path();
        let failed = |error: std::io::Error| io_error(&path, &error);
        let file = File::open(&path).map_err(failed)?;
        private::check_key(&path, &file.metadata().map_err(failed)?)?;
        read_all(file).map_err(failed)
    }

    pub fn read_retired(&self) -> Result<Vec<(PathBuf, Vec<u8>)>, AuthError> {
        let failed = |error: std::io::Error| io_error(&self.path, &error);
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with("retired-") && name.ends_with(".json") {
                let path = entry.path();
                let read = File::open(&path).and_then(read_all);
                match read {
                    Ok(bytes) => found.push((path, bytes)),
                    // Another process tidied up in between.
                    Err(error) if error.kind() == ErrorKind::NotFound => {}
                    Err(error) => return Err(io_error(&path, &error)),
                }
            }
        }
        Ok(found)
    }

    pub fn forget_retired(&self, key_id: &str) -> Result<(), AuthError> {
        let path = self.retired_path(key_id);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error(&path, &error)),
            _ => Ok(()),
        }
    }

    /// Makes the first key. Of several at once, one wins and the others use its key.
    pub fn make_first_key(&self) -> Result<(), AuthError> {
        let _lock = self.lock()?;
        if self.has_key()? {
            return Ok(());
        }
        let path = self.key_path();
        let draft = self.write_draft(&new_key_pem(&path)?)?;
        // A link, other than a rename, never replaces: where file locks do nothing, there still is one key.
        let linked = fs::hard_link(&draft, &path);
        fs::remove_file(&draft).map_err(|error| io_error(&draft, &error))?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(io_error(&path, &error)),
            _ => self.sync(),
        }
    }

    /// Replaces the current key; `retire` gives the id of the old one and what is kept of it, and is called with the
    /// folder locked.
    pub fn replace_key(
        &self,
        retire: impl FnOnce() -> Result<(String, RetiredRecord), AuthError>,
    ) -> Result<(), AuthError> {
        let _lock = self.lock()?;
        let (old_id, record) = retire()?;
        let path = self.key_path();
        let json =
            serde_json::to_vec_pretty(&record).map_err(|error| io_error(&path, &error.into()))?;
        // The old key is on record before the new one signs: at no moment is a good token refused.
        self.rename_into_place(&json, &self.retired_path(&old_id))?;
        self.rename_into_place(&new_key_pem(&path)?, &path)
    }

    fn retired_path(&self, key_id: &str) -> PathBuf {
        self.path.join(format!("retired-{key_id}.json"))
    }

    fn rename_into_place(&self, bytes: &[u8], path: &Path) -> Result<(), AuthError> {
        let draft = self.write_draft(bytes)?;
        fs::rename(&draft, path).map_err(|error| io_error(path, &error))?;
        self.sync()
    }

    /// A new file that only this user can read, written through to the disk.
    fn write_draft(&self, bytes: &[u8]) -> Result<PathBuf, AuthError> {
        let path = self.path.join(format!(".draft-{}", uuid::Uuid::new_v4()));
        let write = || -> std::io::Result<()> {
            let mut file = private::create_file(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        match write() {
            Ok(()) => Ok(path),
            Err(error) => {
                // The first error is the one that tells; a draft that stays behind harms nobody.
                let _ = fs::remove_file(&path);
                Err(io_error(&path, &error))
            }
        }
    }

    fn sync(&self) -> Result<(), AuthError> {
        File::open(&self.path)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| io_error(&self.path, &error))
    }

    /// Held until dropped; others wait.
    fn lock(&self) -> Result<File, AuthError> {
        let path = self.path.join(LOCK_FILE);
        let lock = || -> std::io::Result<File> {
            let file = OpenOptions::new()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map_err(|error| io_error(&path, &error))
    }
}

/// A new 2048-bit RSA key, as PKCS #8 in PEM.
fn new_key_pem(path: &Path) -> Result<Vec<u8>, AuthError> {
    let failed = |_| AuthError::Key {
        path: path.to_owned(),
        message: "could not be made".to_owned(),
    };
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
    let der = pair.as_der().map_err(failed)?;
    let body = STANDARD.encode(der.as_ref());
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    Ok(pem.into_bytes())
}

fn read_all(file: File) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn io_error(path: &Path, error: &std::io::Error) -> AuthError {
    AuthError::Key {
        path: path.to_owned(),
        message: error.to_string(),
    }
}
