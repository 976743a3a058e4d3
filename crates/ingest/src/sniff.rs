//! The dialect of a file, out of a sample from its start.
//!
//! After van den Burg, Nazábal and Sutton, "Wrangling messy CSV files by detecting row and type patterns" (2019): every
//! candidate dialect reads the sample, and the one wins under which rows have alike many fields (pattern score) and
//! fields look like something (type score).

mod header;
mod prose;
mod sample;
mod score;
mod structure;

use std::path::Path;

use crate::encoding::{Charset, DecodedFile};
use crate::{Dialect, IngestError, Options};

pub(crate) use sample::Sample;

/// Decoded bytes that are looked at.
const SAMPLE_BYTES: usize = 512 * 1024;

/// A dialect, and what the start of the file has under it.
pub(crate) struct Layout {
    pub dialect: Dialect,
    pub columns: usize,
    /// Records of the header, topmost first; empty where the file has none.
    pub header: Vec<Vec<String>>,
    pub header_line: u64,
}

/// Decides on the dialect, or takes the one the user chose, and finds the columns.
pub(crate) fn layout(
    path: &Path,
    found: Charset,
    options: &Options,
) -> Result<Layout, IngestError> {
    let charset = match &options.dialect {
        Some(dialect) => Charset::for_label(&dialect.encoding).unwrap_or(found),
        None => found,
    };
    let sample = read_sample(path, charset)?;
    if let Some(chosen) = &options.dialect {
        return structure::of_chosen(&sample, chosen).ok_or(IngestError::Empty);
    }
    let best = score::best(&sample);
    if best.too_wide && best.single_column {
        return Err(IngestError::TooManyColumns {
            count: sample::WIDEST,
            limit: options.max_columns,
        });
    }
    structure::of_sniffed(&sample, &best, &charset.label()).ok_or(IngestError::Empty)
}

fn read_sample(path: &Path, charset: Charset) -> Result<Sample, IngestError> {
    let mut file = DecodedFile::open(path, charset)?;
    let mut text = Vec::new();
    let mut whole = false;
    while text.len() < SAMPLE_BYTES {
        if !file.read_more(&mut text)? {
            whole = true;
            break;
        }
    }
    Ok(Sample { text, whole })
}
