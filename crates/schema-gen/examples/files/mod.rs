//! The files that an example is called with.

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;

use ingest::{Options, Unwatched};
use schema_gen::Source;

/// Analyses each file; its name is its id too.
pub fn sources(paths: impl Iterator<Item = OsString>) -> Result<Vec<Source>, Box<dyn Error>> {
    let paths = paths.map(PathBuf::from);
    paths
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            Ok(Source {
                csv_id: name.to_string(),
                original_filename: name.to_string(),
                analysis: ingest::analyse(&path, &Options::default(), &Unwatched)?,
                path,
            })
        })
        .collect()
}
