//! The bytes of a file -> UTF-8: what the file is, in which encoding, and a reader that decodes it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::IngestError;
use crate::magic;

const CHUNK_BYTES: usize = 128 * 1024;
/// The detector is slow, and sure of its answer long before.
const GUESSED_BYTES: usize = 4 << 20;

/// What a first look at all bytes of a file found.
pub(crate) struct Probe {
    pub encoding: &'static Encoding,
    pub total_bytes: u64,
}

/// Reads the file once: refuses what is not text, and finds the encoding. A byte order mark decides; valid UTF-8 is
/// UTF-8; everything else is guessed by chardetng.
pub(crate) fn probe(path: &Path) -> Result<Probe, IngestError> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut filled = read_full(&mut file, &mut buffer)?;
    if filled == 0 {
        return Err(IngestError::Empty);
    }
    magic::refuse_known(&buffer[..filled])?;
    let marked = Encoding::for_bom(&buffer[..filled]).map(|(encoding, _)| encoding);
    let unmarked_wide = marked
        .is_none()
        .then(|| wide_without_mark(&buffer[..filled]))
        .flatten();
    if let Some(encoding) = marked.or(unmarked_wide).filter(|found| *found != UTF_8) {
        return Ok(Probe {
            encoding,
            total_bytes: file.metadata()?.len(),
        });
    }
    let mut scan = Utf8Scan::new();
    let mut total_bytes = 0;
    while filled > 0 {
        scan.feed(&buffer[..filled])?;
        total_bytes += filled as u64;
        filled = read_full(&mut file, &mut buffer)?;
    }
    let encoding = if scan.found_utf8(marked.is_some())? {
        UTF_8
    } else {
        guess(path)?
    };
    Ok(Probe {
        encoding,
        total_bytes,
    })
}

/// Looks at every byte for NUL and for what UTF-8 forbids.
struct Utf8Scan {
    line: u64,
    /// Bytes of a character cut by the end of the chunk before.
    carry: Vec<u8>,
    multibyte: u64,
    invalid: u64,
    first_invalid_line: u64,
}

impl Utf8Scan {
    fn new() -> Self {
        Self {
            line: 1,
            carry: Vec::new(),
            multibyte: 0,
            invalid: 0,
            first_invalid_line: 0,
        }
    }

    fn feed(&mut self, chunk: &[u8]) -> Result<(), IngestError> {
        if let Some(at) = memchr::memchr(0, chunk) {
            return Err(IngestError::Malformed {
                line: self.line + newlines(&chunk[..at]),
                message: "a NUL byte, which text does not hold; export the file again as CSV"
                    .to_owned(),
            });
        }
        if !chunk.is_ascii() || !self.carry.is_empty() {
            self.check_utf8(chunk);
        }
        self.line += newlines(chunk);
        Ok(())
    }

    fn check_utf8(&mut self, chunk: &[u8]) {
        let joined;
        let mut rest = if self.carry.is_empty() {
            chunk
        } else {
            let mut bytes = std::mem::take(&mut self.carry);
            bytes.extend_from_slice(chunk);
            joined = bytes;
            &joined
        };
        let whole = rest;
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.multibyte += wide_chars(text);
                    return;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    self.multibyte += wide_chars(std::str::from_utf8(valid).unwrap_or_default());
                    let Some(bad) = error.error_len() else {
                        self.carry = after.to_vec();
                        return;
                    };
                    if self.invalid == 0 {
                        let offset = whole.len() - after.len();
                        self.first_invalid_line = self.line + newlines(&whole[..offset]);
                    }
                    self.invalid += 1;
                    rest = &after[bad..];
                }
            }
        }
    }

    /// Whether all bytes are UTF-8; an error where a few are not in a file that is UTF-8 otherwise.
    fn found_utf8(mut self, marked: bool) -> Result<bool, IngestError> {
        if !self.carry.is_empty() {
            self.invalid += 1;
            self.first_invalid_line = self.first_invalid_line.max(self.line);
        }
        // Reading a file with a few damaged characters as another encoding would garble all the others.
        if self.invalid > 0 && (marked || self.multibyte > 20 * self.invalid) {
            return Err(IngestError::Malformed {
                line: self.first_invalid_line,
                message:
                    "bytes that are not UTF-8 in a file that otherwise is; save it again as UTF-8"
                        .to_owned(),
            });
        }
        Ok(self.invalid == 0)
    }
}

/// What chardetng makes of the pieces of a file that are not ASCII, at most [`GUESSED_BYTES`] of them.
fn guess(path: &Path) -> Result<&'static Encoding, IngestError> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut fed = 0;
    while fed < GUESSED_BYTES {
        let filled = read_full(&mut file, &mut buffer)?;
        if filled == 0 {
            break;
        }
        if !buffer[..filled].is_ascii() {
            detector.feed(&buffer[..filled], false);
            fed += filled;
        }
    }
    detector.feed(&[], true);
    Ok(detector.guess(None, Utf8Detection::Deny))
}

fn wide_chars(text: &str) -> u64 {
    if text.is_ascii() {
        return 0;
    }
    text.bytes().filter(|byte| *byte >= 0xC0).count() as u64
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// UTF-16 without a byte order mark: mostly ASCII characters, so every second byte is NUL.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.len() / 2;
    if pairs < 4 {
        return None;
    }
    let (mut high, mut low) = (0, 0);
    for pair in bytes.chunks_exact(2) {
        high += usize::from(pair[0] == 0 && pair[1] != 0);
        low += usize::from(pair[1] == 0 && pair[0] != 0);
    }
    if low * 10 > pairs * 6 {
        Some(UTF_16LE)
    } else if high * 10 > pairs * 6 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Fills the buffer as far as the file goes.
fn read_full(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// A file as UTF-8, without its byte order mark.
pub(crate) struct DecodedFile {
    file: File,
    /// `None` where the bytes are UTF-8 already.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    at_start: bool,
    done: bool,
    pub bytes_read: u64,
    /// Characters that the encoding does not have, replaced by U+FFFD.
    pub replaced: bool,
}

impl DecodedFile {
    pub(crate) fn open(path: &Path, encoding: &'static Encoding) -> Result<Self, IngestError> {
        Ok(Self {
            file: File::open(path)?,
            decoder: (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal()),
            raw: vec![0; CHUNK_BYTES],
            at_start: true,
            done: false,
            bytes_read: 0,
            replaced: false,
        })
    }

    /// Appends the next piece to `out`; `false` at the end of the file.
    pub(crate) fn read_more(&mut self, out: &mut Vec<u8>) -> Result<bool, IngestError> {
        if self.done {
            return Ok(false);
        }
        let filled = read_full(&mut self.file, &mut self.raw)?;
        self.bytes_read += filled as u64;
        self.done = filled < self.raw.len();
        let mut input = &self.raw[..filled];
        if let Some(decoder) = self.decoder.as_mut() {
            decode(decoder, input, self.done, out, &mut self.replaced);
        } else {
            if self.at_start {
                input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
            }
            out.extend_from_slice(input);
        }
        self.at_start = false;
        Ok(true)
    }
}

fn decode(
    decoder: &mut Decoder,
    mut input: &[u8],
    last: bool,
    out: &mut Vec<u8>,
    replaced: &mut bool,
) {
    let mut text = String::with_capacity(input.len() * 2);
    loop {
        let (result, read, had_errors) = decoder.decode_to_string(input, &mut text, last);
        *replaced |= had_errors;
        out.extend_from_slice(text.as_bytes());
        text.clear();
        input = &input[read..];
        if result == CoderResult::InputEmpty {
            return;
        }
    }
}
