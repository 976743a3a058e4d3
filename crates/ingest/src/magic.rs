//! Files that are not CSV, told by their first bytes.

use crate::IngestError;

const UNPACK: &str = "unpack it first, then upload the CSV inside";
const SAVE_AS: &str = "open it and save each sheet or table as CSV";
const NOT_A_TABLE: &str = "it holds no table; export the data as CSV";

const SIGNATURES: &[(&[u8], &str, &str)] = &[
    (b"\x1F\x8B", "a gzip archive", UNPACK),
    (b"PK\x05\x06", "an empty ZIP archive", UNPACK),
    (b"BZh", "a bzip2 archive", UNPACK),
    (b"\xFD7zXZ\0", "an xz archive", UNPACK),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive", UNPACK),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old Excel or Office file",
        SAVE_AS,
    ),
    (b"SQLite format 3\0", "an SQLite database", SAVE_AS),
    (b"PAR1", "a Parquet file", SAVE_AS),
    (b"ARROW1\0\0", "an Arrow file", SAVE_AS),
    (b"{\\rtf", "an RTF document", SAVE_AS),
    (b"%PDF-", "a PDF document", NOT_A_TABLE),
    (b"\x89PNG\r\n\x1A\n", "a PNG image", NOT_A_TABLE),
    (b"\xFF\xD8\xFF", "a JPEG image", NOT_A_TABLE),
    (b"GIF87a", "a GIF image", NOT_A_TABLE),
    (b"GIF89a", "a GIF image", NOT_A_TABLE),
    (b"\x7FELF", "a program", NOT_A_TABLE),
];

/// Fails with the name of the format and what to do, where `head`, the start of a file, has a known signature.
pub(crate) fn refuse_known(head: &[u8]) -> Result<(), IngestError> {
    if head.starts_with(b"PK\x03\x04") {
        return Err(zip(head));
    }
    for (signature, found, advice) in SIGNATURES {
        if head.starts_with(signature) {
            return Err(not_csv(found, advice));
        }
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let start = text[..text.len().min(16)].to_ascii_lowercase();
    if start.starts_with(b"<!doctype html") || start.starts_with(b"<html") {
        return Err(not_csv(
            "a web page",
            "download the data itself, not the page that shows it",
        ));
    }
    if start.starts_with(b"<?xml") {
        return Err(not_csv("XML", SAVE_AS));
    }
    if start.starts_with(b"{\"") || start.starts_with(b"[{") || start.starts_with(b"{\n") {
        return Err(not_csv(
            "JSON",
            "convert it to CSV: one line for each record",
        ));
    }
    Ok(())
}

fn zip(head: &[u8]) -> IngestError {
    let holds = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    if holds(b"xl/") || holds(b"[Content_Types].xml") {
        not_csv("an Excel workbook (XLSX) or another Office file", SAVE_AS)
    } else if holds(b"opendocument.spreadsheet") {
        not_csv("an OpenDocument spreadsheet", SAVE_AS)
    } else {
        not_csv("a ZIP archive", UNPACK)
    }
}

fn not_csv(found: &str, advice: &str) -> IngestError {
    IngestError::NotCsv {
        found: found.to_owned(),
        advice: advice.to_owned(),
    }
}
