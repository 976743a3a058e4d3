//! How much free text a schema may hold: each text, and the whole. Clients and models write it, every page reads it.

use serde::Serialize;

use super::Problems;
use crate::model::{Evidence, Suggestion};
use crate::{Schema, Source, ident};

pub const MAX_DESCRIPTION_CHARS: usize = 2_000;
pub const MAX_REASONING_CHARS: usize = 100_000;
/// Reasons, rivals, samples of one relationship; suggestions of a schema.
pub const MAX_ENTRIES: usize = 100;
/// One reason, one sample, the title of a suggestion.
pub const MAX_LINE_CHARS: usize = 1_000;
/// Names that nothing else bounds: of rivals, kinds and ids of suggestions.
pub const MAX_WORD_CHARS: usize = 200;
/// Other words for one column, and characters of each.
pub const MAX_SAID_WORDS: usize = 20;
pub const MAX_SAID_CHARS: usize = 60;
/// Evidence of a suggestion, and its patch, as JSON.
pub const MAX_JSON_BYTES: usize = 64 << 10;
/// The whole schema as JSON, besides what its columns take.
pub const MAX_SCHEMA_BYTES: usize = 1 << 20;
/// What each column of the files may take on top of [`MAX_SCHEMA_BYTES`]: wide files need much without any free text.
pub const BYTES_PER_COLUMN: usize = 512;

/// The counts of parts are bounded before this.
pub(super) fn check(schema: &Schema, sources: &[Source], problems: &mut Problems) {
    let mut texts = Texts(problems);
    texts.bound("reasoning", &schema.reasoning, MAX_REASONING_CHARS);
    for (number, table) in schema.tables.iter().enumerate() {
        let path = format!("tables[{number}]");
        texts.description(&path, table.description.as_deref());
        for (position, column) in table.columns.iter().enumerate() {
            if column.description.is_some() || !column.words.is_empty() {
                let path = format!("{path}.columns[{position}]");
                texts.description(&path, column.description.as_deref());
                texts.said(&path, &column.words);
            }
        }
    }
    for (number, relationship) in schema.relationships.iter().enumerate() {
        texts.evidence(
            &format!("relationships[{number}].evidence"),
            &relationship.evidence,
        );
    }
    texts.count("suggestions", schema.suggestions.len());
    for (number, suggestion) in schema.suggestions.iter().enumerate().take(MAX_ENTRIES) {
        texts.suggestion(&format!("suggestions[{number}]"), suggestion);
    }
    texts.whole(schema, sources);
}

/// Longest schema made from these files, in bytes of JSON.
fn most_bytes(sources: &[Source]) -> usize {
    let columns: usize = sources
        .iter()
        .map(|source| source.analysis.columns.len())
        .sum();
    MAX_SCHEMA_BYTES + columns * BYTES_PER_COLUMN
}

/// Cuts the texts that this crate writes itself to what [`check`] lets pass.
pub fn fit(schema: &mut Schema) {
    cut(&mut schema.reasoning, MAX_REASONING_CHARS);
    for relationship in &mut schema.relationships {
        let evidence = &mut relationship.evidence;
        for lines in [&mut evidence.reasons, &mut evidence.orphan_samples] {
            lines.truncate(MAX_ENTRIES);
            for line in lines {
                cut(line, MAX_LINE_CHARS);
            }
        }
    }
}

fn cut(text: &mut String, most: usize) {
    if let Some((end, _)) = text.char_indices().nth(most) {
        // Room for the mark that says so.
        let end = text[..end]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at);
        text.truncate(end);
        text.push('…');
    }
}

struct Texts<'a>(&'a mut Problems);

impl Texts<'_> {
    fn bound(&mut self, field: &str, text: &str, most: usize) {
        // Bytes are at least as many as characters, and need no counting.
        if text.len() <= most {
            return;
        }
        let length = text.chars().count();
        if length > most {
            self.0.say(
                field,
                format!("{length} characters, more than the {most} allowed"),
            );
        }
    }

    fn count(&mut self, field: &str, count: usize) {
        if count > MAX_ENTRIES {
            self.0.say(
                field,
                format!("{count} entries, more than the {MAX_ENTRIES} allowed"),
            );
        }
    }

    fn description(&mut self, path: &str, text: Option<&str>) {
        let field = format!("{path}.description");
        self.bound(&field, text.unwrap_or_default(), MAX_DESCRIPTION_CHARS);
    }

    fn said(&mut self, path: &str, words: &[String]) {
        let field = format!("{path}.words");
        if words.len() > MAX_SAID_WORDS {
            self.0.say(
                &field,
                format!(
                    "{} words, more than the {MAX_SAID_WORDS} allowed",
                    words.len()
                ),
            );
        }
        for word in words.iter().take(MAX_SAID_WORDS) {
            self.bound(&field, word, MAX_SAID_CHARS);
            if let Some(hidden) = ident::hidden_fault(word) {
                self.0.say(&field, format!("a word contains {hidden}"));
            }
        }
    }

    fn lines(&mut self, field: &str, lines: &[String], most: usize) {
        self.count(field, lines.len());
        for (number, line) in lines.iter().enumerate().take(MAX_ENTRIES) {
            if line.len() > most {
                self.bound(&format!("{field}[{number}]"), line, most);
            }
        }
    }

    fn evidence(&mut self, path: &str, evidence: &Evidence) {
        self.lines(
            &format!("{path}.reasons"),
            &evidence.reasons,
            MAX_LINE_CHARS,
        );
        self.lines(
            &format!("{path}.orphan_samples"),
            &evidence.orphan_samples,
            MAX_LINE_CHARS,
        );
        self.count(&format!("{path}.rivals"), evidence.rivals.len());
        for (number, rival) in evidence.rivals.iter().enumerate().take(MAX_ENTRIES) {
            let path = format!("{path}.rivals[{number}]");
            self.bound(&format!("{path}.table"), &rival.table, MAX_WORD_CHARS);
            self.lines(&format!("{path}.columns"), &rival.columns, MAX_WORD_CHARS);
            self.bound(&format!("{path}.reason"), &rival.reason, MAX_LINE_CHARS);
        }
    }

    fn suggestion(&mut self, path: &str, suggestion: &Suggestion) {
        self.bound(&format!("{path}.id"), &suggestion.id, MAX_WORD_CHARS);
        self.bound(&format!("{path}.kind"), &suggestion.kind, MAX_WORD_CHARS);
        self.bound(&format!("{path}.title"), &suggestion.title, MAX_LINE_CHARS);
        for (name, json) in [
            ("evidence", &suggestion.evidence),
            ("patch", &suggestion.patch),
        ] {
            let size = size_bytes(json);
            if size > MAX_JSON_BYTES {
                self.0.say(
                    format!("{path}.{name}"),
                    format!("{size} bytes as JSON, more than the {MAX_JSON_BYTES} allowed"),
                );
            }
        }
    }

    fn whole(&mut self, schema: &Schema, sources: &[Source]) {
        let (size, most) = (size_bytes(schema), most_bytes(sources));
        if size > most {
            self.0.say(
                "tables",
                format!("the whole schema has {size} bytes as JSON, more than the {most} allowed: shorten its texts"),
            );
        }
    }
}

/// Bytes of `value` as JSON, without making it; what cannot be JSON is none.
fn size_bytes(value: &impl Serialize) -> usize {
    let mut count = Count(0);
    // Counting does not fail, and a schema came from JSON.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

struct Count(usize);

impl std::io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
