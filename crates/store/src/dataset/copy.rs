//! A consistent copy of a database that goes on being used.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::CancelFlag;
use crate::{Result, StoreError};

/// Pages copied by an export between two looks at the cancel flag.
const EXPORT_PAGES: i32 = 1_000;
/// How long an export waits before it asks again for a database that is being written to.
const EXPORT_PAUSE: Duration = Duration::from_millis(50);

pub(super) fn export(path: &Path, target: &Path, cancel: &CancelFlag) -> Result<()> {
    if !path.is_file() {
        return Err(StoreError::NotFound);
    }
    if target.exists() {
        return Err(StoreError::conflict(
            "target_exists",
            "the file to export to exists already",
        ));
    }
    let copy = || -> Result<()> {
        crate::files::create_file(target)?;
        let source = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        // SQLite's own waiting hears no cancel flag.
        source.busy_timeout(Duration::ZERO)?;
        let mut destination = Connection::open(target)?;
        copy_pages(&Backup::new(&source, &mut destination)?, cancel)
    };
    copy().inspect_err(|_| {
        let _ = std::fs::remove_file(target);
    })
}

fn copy_pages(backup: &Backup<'_, '_>, cancel: &CancelFlag) -> Result<()> {
    while !cancel.is_cancelled() {
        match backup.step(EXPORT_PAGES)? {
            StepResult::Done => return Ok(()),
            StepResult::Busy | StepResult::Locked => std::thread::sleep(EXPORT_PAUSE),
            _ => {}
        }
    }
    Err(StoreError::Cancelled)
}
