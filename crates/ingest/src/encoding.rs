//! The bytes of a file -> UTF-8: what the file is, in which encoding, and a reader that decodes it.

mod code_pages;
mod plausible;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::IngestError;
use crate::encoding::code_pages::CodePage;
use crate::lines::Lines;
use crate::magic;

const CHUNK_BYTES: usize = 128 * 1024;
/// The detector is slow, and sure of its answer long before.
const GUESSED_BYTES: usize = 4 << 20;

/// A way to read bytes as characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Charset {
    /// Of the WHATWG's standard.
    Standard(&'static Encoding),
    CodePage(&'static CodePage),
}

impl Charset {
    pub(crate) const UTF_8: Self = Self::Standard(UTF_8);

    /// By a label of the WHATWG, or one such as `ibm850`.
    pub(crate) fn for_label(label: &str) -> Option<Self> {
        Encoding::for_label(label.as_bytes())
            .map(Self::Standard)
            .or_else(|| CodePage::of(&label.to_ascii_lowercase()).map(Self::CodePage))
    }

    pub(crate) fn label(self) -> String {
        match self {
            Self::Standard(encoding) => encoding.name().to_ascii_lowercase(),
            Self::CodePage(page) => page.label.to_owned(),
        }
    }
}

/// What a first look at all bytes of a file found.
pub(crate) struct Probe {
    pub charset: Charset,
    /// Neither a byte order mark nor the bytes' own form prove it.
    pub guessed: bool,
    /// Where characters of a file in UTF-8 are damaged.
    pub damaged: Lines,
    pub total_bytes: u64,
}

/// Reads the file once: refuses what is not text, and finds the encoding. A byte order mark decides; valid UTF-8 is
/// UTF-8, also with a few damaged characters; everything else is guessed.
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
            charset: Charset::Standard(encoding),
            guessed: false,
            damaged: Lines::default(),
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
    let is_utf8 = scan.found_utf8(marked.is_some());
    Ok(Probe {
        charset: if is_utf8 {
            Charset::UTF_8
        } else {
            guess(path)?
        },
        guessed: !is_utf8,
        damaged: if is_utf8 {
            scan.invalid
        } else {
            Lines::default()
        },
        total_bytes,
    })
}

/// Looks at every byte for NUL and for what UTF-8 forbids.
struct Utf8Scan {
    line: u64,
    /// Bytes of a character cut by the end of the chunk before.
    carry: Vec<u8>,
    multibyte: u64,
    invalid: Lines,
}

impl Utf8Scan {
    fn new() -> Self {
        Self {
            line: 1,
            carry: Vec::new(),
            multibyte: 0,
            invalid: Lines::default(),
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
                    let offset = whole.len() - after.len();
                    self.invalid.add(self.line + newlines(&whole[..offset]));
                    rest = &after[bad..];
                }
            }
        }
    }

    /// Whether the file is UTF-8, perhaps with a few damaged characters: text in another encoding has hardly a character
    /// that is one of UTF-8 by accident, and reading all of UTF-8 as another would garble what is whole.
    fn found_utf8(&mut self, marked: bool) -> bool {
        if !self.carry.is_empty() {
            self.invalid.add(self.line);
        }
        self.invalid.count == 0 || marked || self.multibyte >= self.invalid.count
    }
}

/// What chardetng makes of the pieces of a file that are not ASCII, at most [`GUESSED_BYTES`] of them, unless an encoding
/// that it does not know fits better.
fn guess(path: &Path) -> Result<Charset, IngestError> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut file = File::open(path)?;
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut fed = 0;
    let mut lines = Vec::new();
    while fed < GUESSED_BYTES {
        let filled = read_full(&mut file, &mut buffer)?;
        if filled == 0 {
            break;
        }
        if !buffer[..filled].is_ascii() {
            detector.feed(&buffer[..filled], false);
            fed += filled;
            if lines.len() < CHUNK_BYTES {
                let other = buffer[..filled]
                    .split_inclusive(|byte| matches!(byte, b'\n' | b'\r'))
                    .filter(|line| !line.is_ascii());
                lines.extend(other.flatten());
            }
        }
    }
    detector.feed(&[], true);
    Ok(plausible::better_than(
        detector.guess(None, Utf8Detection::Deny),
        &lines,
    ))
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

/// How the bytes of a file become UTF-8.
enum Decoding {
    /// They are it already, but for damaged characters; those cut off by the end of a piece wait for the next.
    Utf8 {
        carry: Vec<u8>,
    },
    Standard(Decoder),
    CodePage(&'static CodePage),
}

/// A file as UTF-8, without its byte order mark.
pub(crate) struct DecodedFile {
    file: File,
    decoding: Decoding,
    raw: Vec<u8>,
    at_start: bool,
    done: bool,
    pub bytes_read: u64,
    /// Characters that the encoding does not have, replaced by U+FFFD.
    pub replaced: bool,
    /// Controls in UTF-8 that were quotes and dashes of Windows, and are again.
    pub controls: u64,
}

impl DecodedFile {
    pub(crate) fn open(path: &Path, charset: Charset) -> Result<Self, IngestError> {
        Ok(Self {
            file: File::open(path)?,
            decoding: match charset {
                utf_8 if utf_8 == Charset::UTF_8 => Decoding::Utf8 { carry: Vec::new() },
                Charset::Standard(encoding) => {
                    Decoding::Standard(encoding.new_decoder_with_bom_removal())
                }
                Charset::CodePage(page) => Decoding::CodePage(page),
            },
            raw: vec![0; CHUNK_BYTES],
            at_start: true,
            done: false,
            bytes_read: 0,
            replaced: false,
            controls: 0,
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
        match &mut self.decoding {
            Decoding::Standard(decoder) => {
                decode(decoder, input, self.done, out, &mut self.replaced);
            }
            Decoding::CodePage(page) => page.decode(input, out),
            Decoding::Utf8 { carry } => {
                if self.at_start {
                    input = input.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(input);
                }
                let start = out.len();
                self.replaced |= repair(carry, input, self.done, out);
                self.controls += restore_quotes(out, start);
            }
        }
        self.at_start = false;
        Ok(true)
    }
}

/// Puts the characters of Windows-1252 in the place of the controls U+0080 to U+009F behind `start`, which no text has: they
/// are quotes and dashes that a program took for Latin-1. Next line (U+0085) ends lines on mainframes and stays. Gives how
/// many there were.
fn restore_quotes(text: &mut Vec<u8>, start: usize) -> u64 {
    let is_control =
        |at: usize, text: &[u8]| matches!(text.get(at + 1), Some(0x80..=0x84 | 0x86..=0x9F));
    let piece = &text[start..];
    let mut found = memchr::memchr_iter(0xC2, piece)
        .filter(|at| is_control(*at, piece))
        .peekable();
    if found.peek().is_none() {
        return 0;
    }
    let (mut restored, mut from, mut count) = (Vec::with_capacity(piece.len() * 3 / 2), 0, 0);
    for at in found {
        restored.extend_from_slice(&piece[from..at]);
        let (character, _) =
            encoding_rs::WINDOWS_1252.decode_without_bom_handling(&piece[at + 1..at + 2]);
        restored.extend_from_slice(character.as_bytes());
        from = at + 2;
        count += 1;
    }
    restored.extend_from_slice(&piece[from..]);
    text.truncate(start);
    text.append(&mut restored);
    count
}

/// Appends UTF-8 and puts U+FFFD in the place of what is none; whether there was any. A character that the end of `input`
/// cuts off is kept in `carry` unless it is the `last` input.
fn repair(carry: &mut Vec<u8>, input: &[u8], last: bool, out: &mut Vec<u8>) -> bool {
    let joined;
    let mut rest = if carry.is_empty() {
        input
    } else {
        carry.extend_from_slice(input);
        joined = std::mem::take(carry);
        &joined
    };
    let mut repaired = false;
    loop {
        let Err(error) = std::str::from_utf8(rest) else {
            out.extend_from_slice(rest);
            return repaired;
        };
        let (valid, after) = rest.split_at(error.valid_up_to());
        out.extend_from_slice(valid);
        if error.error_len().is_none() && !last {
            *carry = after.to_vec();
            return repaired;
        }
        repaired = true;
        out.extend_from_slice("\u{fffd}".as_bytes());
        rest = &after[error.error_len().unwrap_or(after.len())..];
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
