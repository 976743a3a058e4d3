//! Files and folders that only their owner reads and changes.

use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::AuthError;

pub(super) fn create_folder(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

pub(super) fn close_folder(path: &Path) -> std::io::Result<()> {
    std::fs::set_permissions(path, Permissions::from_mode(0o700))
}

pub(super) fn create_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

pub(super) fn inode(metadata: &Metadata) -> u64 {
    metadata.ino()
}

/// Whoever may write in the folder could put in a key of their own.
pub(super) fn check_folder(path: &Path, metadata: &Metadata) -> Result<(), AuthError> {
    refuse_if(
        metadata,
        0o022,
        path,
        "others can write here; run: chmod 700",
        path,
    )
}

pub(super) fn check_key(path: &Path, metadata: &Metadata) -> Result<(), AuthError> {
    refuse_if(
        metadata,
        0o077,
        path,
        "others can read it; run: chmod 600",
        path,
    )
}

fn refuse_if(
    metadata: &Metadata,
    forbidden: u32,
    path: &Path,
    message: &str,
    target: &Path,
) -> Result<(), AuthError> {
    if metadata.permissions().mode() & forbidden == 0 {
        return Ok(());
    }
    Err(AuthError::Key {
        path: path.to_owned(),
        message: format!("{message} {}", target.display()),
    })
}
