//! Other systems keep a user's files private by default; there is no mode to check.

use std::fs::{File, Metadata, OpenOptions};
use std::path::Path;

use crate::AuthError;

pub(super) fn create_folder(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

pub(super) fn close_folder(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

pub(super) fn create_file(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

pub(super) fn inode(_metadata: &Metadata) -> u64 {
    0
}

pub(super) fn check_folder(_path: &Path, _metadata: &Metadata) -> Result<(), AuthError> {
    Ok(())
}

pub(super) fn check_key(_path: &Path, _metadata: &Metadata) -> Result<(), AuthError> {
    Ok(())
}
