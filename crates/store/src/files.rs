//! The files of users: uploaded bytes at `UPLOAD_DIR/<user_id>/<upload_id>.csv`, databases at
//! `USER_DB_DIR/<user_id>/<schema_id>.db`. Paths are made of ids alone. Folders are 0700, files 0600.

mod reconcile;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

pub use reconcile::Reconciled;

use crate::dataset::quarantine_path;
use crate::ids::{SchemaId, UploadId, UserId};
use crate::{Result, StoreError};

/// How names of unfinished files begin; whatever bears it when the service starts is a leftover.
pub(crate) const UNFINISHED_PREFIX: &str = ".part-";

/// Where users' files are.
#[derive(Debug, Clone)]
pub struct Files {
    upload_dir: PathBuf,
    user_db_dir: PathBuf,
}

impl Files {
    /// Makes both folders where they are absent.
    pub fn new(upload_dir: impl Into<PathBuf>, user_db_dir: impl Into<PathBuf>) -> Result<Self> {
        let files = Self {
            upload_dir: upload_dir.into(),
            user_db_dir: user_db_dir.into(),
        };
        create_folder(&files.upload_dir)?;
        create_folder(&files.user_db_dir)?;
        Ok(files)
    }

    pub fn upload_path(&self, user: UserId, upload: UploadId) -> PathBuf {
        self.uploads_of(user).join(format!("{upload}.csv"))
    }

    /// The SQLite file of an executed schema; its quarantine lies beside it ([`quarantine_path`]).
    pub fn dataset_path(&self, user: UserId, schema: SchemaId) -> PathBuf {
        self.datasets_of(user).join(format!("{schema}.db"))
    }

    /// Whether files can be made in both folders.
    pub fn ping(&self) -> Result<()> {
        for folder in [&self.upload_dir, &self.user_db_dir] {
            tempfile::Builder::new()
                .prefix(UNFINISHED_PREFIX)
                .tempfile_in(folder)?;
        }
        Ok(())
    }

    /// Makes the user's folder for databases, so that an import can write there.
    pub fn prepare_dataset(&self, user: UserId, schema: SchemaId) -> Result<PathBuf> {
        create_folder(&self.datasets_of(user))?;
        Ok(self.dataset_path(user, schema))
    }

    /// Takes the bytes of one upload, at most `max_bytes`. Nothing is left of them unless [`UploadWriter::finish`] succeeds.
    pub async fn begin_upload(
        &self,
        user: UserId,
        upload: UploadId,
        max_bytes: u64,
    ) -> Result<UploadWriter> {
        let folder = self.uploads_of(user);
        create_folder(&folder)?;
        let unfinished = folder.join(format!("{UNFINISHED_PREFIX}{upload}"));
        let (file, unfinished) = blocking(move || {
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&unfinished)?;
            Ok((file, Unfinished(Some(unfinished))))
        })
        .await?;
        Ok(UploadWriter {
            file: file.into(),
            unfinished,
            target: self.upload_path(user, upload),
            hash: Sha256::new(),
            size_bytes: 0,
            max_bytes,
        })
    }

    /// Removes the bytes of an upload; no error where they are gone already.
    pub async fn delete_upload(&self, user: UserId, upload: UploadId) -> Result<()> {
        remove_file(&self.upload_path(user, upload)).await
    }

    /// Removes the database of a schema with its quarantine; no error where they are gone already.
    pub async fn delete_dataset(&self, user: UserId, schema: SchemaId) -> Result<()> {
        let path = self.dataset_path(user, schema);
        for file in dataset_files(&path) {
            remove_file(&file).await?;
        }
        Ok(())
    }

    /// Removes all files and databases of the user.
    pub async fn remove_user(&self, user: UserId) -> Result<()> {
        for folder in [self.uploads_of(user), self.datasets_of(user)] {
            match tokio::fs::remove_dir_all(&folder).await {
                Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        Ok(())
    }

    fn uploads_of(&self, user: UserId) -> PathBuf {
        self.upload_dir.join(user.to_string())
    }

    fn datasets_of(&self, user: UserId) -> PathBuf {
        self.user_db_dir.join(user.to_string())
    }
}

/// A database with everything that SQLite and the import put beside it.
fn dataset_files(path: &Path) -> Vec<PathBuf> {
    let journal = |path: &Path| {
        let mut journal = path.as_os_str().to_owned();
        journal.push("-journal");
        PathBuf::from(journal)
    };
    let quarantine = quarantine_path(path);
    vec![
        path.to_owned(),
        journal(path),
        journal(&quarantine),
        quarantine,
    ]
}

/// An uploaded file that is in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub path: PathBuf,
    pub size_bytes: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// Bytes on their way to the disk. Dropped unfinished, it removes them.
#[derive(Debug)]
pub struct UploadWriter {
    file: tokio::fs::File,
    unfinished: Unfinished,
    target: PathBuf,
    hash: Sha256,
    size_bytes: u64,
    max_bytes: u64,
}

impl UploadWriter {
    /// [`StoreError::Limit`] `file_too_large` past the limit, [`StoreError::DiskFull`] where no room is left.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size_bytes += bytes.len() as u64;
        if self.size_bytes > self.max_bytes {
            return Err(StoreError::limit(
                "file_too_large",
                format!(
                    "the file is larger than the {} bytes allowed",
                    self.max_bytes
                ),
            ));
        }
        self.hash.update(bytes);
        self.file.write_all(bytes).await?;
        Ok(())
    }

    /// Brings the file to its place for good: fsync, rename, fsync of the folder.
    pub async fn finish(mut self) -> Result<StoredFile> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let (mut unfinished, target) = (self.unfinished, self.target.clone());
        let mut unfinished = blocking(move || {
            if let Some(path) = &mut unfinished.0 {
                std::fs::rename(&*path, &target)?;
                path.clone_from(&target);
            }
            if let Some(folder) = target.parent() {
                std::fs::File::open(folder)?.sync_all()?;
            }
            Ok(unfinished)
        })
        .await?;
        unfinished.0 = None;
        Ok(StoredFile {
            path: self.target,
            size_bytes: self.size_bytes,
            sha256: hex(&self.hash.finalize()),
        })
    }
}

/// Removes the file it names when dropped.
#[derive(Debug)]
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take()
            && let Err(error) = std::fs::remove_file(&path)
        {
            tracing::warn!(%error, "an unfinished upload could not be removed; the next start removes it");
        }
    }
}

/// Runs `work` on a blocking thread. What it gives is dropped there when nobody waits for it any more, and so removes a
/// file that came to be after its caller had left.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(std::io::Error::other)?
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Makes the folder and those above it; what it makes is 0700.
pub(crate) fn create_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(path)?)
}

/// Makes an empty file, 0600; no error where it exists.
pub(crate) fn create_file(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

async fn remove_file(path: &Path) -> Result<()> {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
