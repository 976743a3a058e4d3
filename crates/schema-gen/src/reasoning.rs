//! Why the schema is as it is, in plain words that follow each edit.

use std::fmt::Write;

use crate::model::{
    Cardinality, Evening, Evidence, KeyExceptions, Relationship, SourceRows, Table,
};
use crate::{Schema, Source};

/// In the first paragraph, by which it is found again.
const FOUND: &str = "found by comparing the values, names and types of every column";
/// In the first reason of a relationship, which says how many values are found.
const IN_KEY: &str = "found in the key";
/// The first reason of a relationship that a person stated.
pub const BY_HAND: &str = "stated by hand";

/// A paragraph on the whole, then one for each table and one for what was renamed.
pub fn write(schema: &Schema, sources: &[&Source], notes: &[String]) -> String {
    let mut paragraphs = vec![summary(schema)];
    let found = |_: usize| Key::Found;
    paragraphs.extend(about_tables(schema, sources, &found));
    if !notes.is_empty() {
        paragraphs.push(format!("Names: {}.", notes.join("; ")));
    }
    paragraphs.join("\n\n")
}

/// Says of the tables what is so after an edit; other paragraphs, those of a model among them, stay. `repeated`: rows of a
/// table, by its place, that repeat its primary key and are set aside.
pub fn follow(schema: &mut Schema, sources: &[Source], repeated: &dyn Fn(usize) -> u64) {
    let all: Vec<&Source> = sources.iter().collect();
    // "orders: 1000 rows from orders.csv. …"
    let is_own = |paragraph: &str| {
        let is_of = |source: &Source| {
            let rest = paragraph.split_once(": ").map_or("", |(_, rest)| rest);
            rest.contains(&format!(" from {}. ", source.original_filename))
        };
        paragraph.contains(FOUND) || sources.iter().any(is_of)
    };
    let old = std::mem::take(&mut schema.reasoning);
    let (own, others): (Vec<&str>, Vec<&str>) = old
        .split("\n\n")
        .filter(|paragraph| !paragraph.is_empty())
        .partition(|paragraph| is_own(paragraph));
    // Where another hand wrote all of it, it is left alone.
    let mut paragraphs = Vec::new();
    if !own.is_empty() {
        paragraphs.push(summary(schema));
        let edited = |table: usize| Key::Edited(repeated(table));
        paragraphs.extend(about_tables(schema, &all, &edited));
    }
    paragraphs.extend(others.into_iter().map(str::to_owned));
    schema.reasoning = paragraphs.join("\n\n");
}

/// How many values are found, as the first reason of a relationship.
pub fn found(evidence: &Evidence, evenings: &[Evening], what: &str) -> String {
    let Evidence {
        distinct,
        matched,
        orphan_rows,
        ..
    } = evidence;
    let once = match evenings {
        [] => String::new(),
        [Evening::Case | Evening::Composition] => {
            format!(" once {} counts for nothing", evenings_in_words(evenings))
        }
        _ => format!(" once {} count for nothing", evenings_in_words(evenings)),
    };
    if *orphan_rows == 0 {
        format!("all {distinct} distinct {what} are {IN_KEY}{once}")
    } else {
        let (rows, verb) = match orphan_rows {
            1 => ("row", "refers"),
            _ => ("rows", "refer"),
        };
        format!(
            "{matched} of {distinct} distinct {what} are {IN_KEY}{once}; {orphan_rows} {rows} {verb} to nothing"
        )
    }
}

/// Makes the reason that counts say what is counted now.
pub fn follow_counts(relationship: &mut Relationship) {
    let what = match relationship.from_columns.as_slice() {
        [_] => "values",
        _ => "combinations",
    };
    let counted = found(&relationship.evidence, &relationship.even_out, what);
    let reasons = &mut relationship.evidence.reasons;
    if let Some(reason) = reasons.iter_mut().find(|reason| reason.contains(IN_KEY)) {
        *reason = counted;
    }
}

/// "blanks and letter case".
pub fn evenings_in_words(evenings: &[Evening]) -> String {
    let words: Vec<&str> = evenings
        .iter()
        .map(|evening| match evening {
            Evening::Blanks => "blanks",
            Evening::Case => "letter case",
            Evening::Composition => "how accents are encoded",
            Evening::Zeros => "leading zeros",
        })
        .collect();
    match words.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} and {last}", most.join(", ")),
        _ => words.join(""),
    }
}

/// What is known of a table's key.
enum Key {
    /// It was looked for.
    Found,
    /// A person may have chosen it; so many rows repeat it and are set aside.
    Edited(u64),
}

fn summary(schema: &Schema) -> String {
    let by_hand = |own: &&Relationship| {
        own.evidence
            .reasons
            .first()
            .is_some_and(|first| first == BY_HAND)
    };
    let stated = schema.relationships.iter().filter(by_hand).count();
    let stated = match stated {
        0 => String::new(),
        1 => "; 1 relationship was stated by hand".to_owned(),
        several => format!("; {several} relationships were stated by hand"),
    };
    format!(
        "{} and {}, {FOUND}{stated}.",
        counted(schema.tables.len() as u64, "table"),
        counted(schema.relationships.len() as u64, "relationship")
    )
}

fn about_tables(schema: &Schema, sources: &[&Source], key: &dyn Fn(usize) -> Key) -> Vec<String> {
    let tables = schema.tables.iter().enumerate();
    tables
        .filter_map(|(place, table)| {
            let mut sources = sources.iter();
            let source = sources.find(|source| source.csv_id == table.source.csv_id)?;
            Some(about_table(schema, table, source, &key(place)))
        })
        .collect()
}

fn about_table(schema: &Schema, table: &Table, source: &Source, key: &Key) -> String {
    let file = &source.original_filename;
    let rows = match &table.source.rows {
        SourceRows::All => counted(source.analysis.row_count, "row"),
        SourceRows::Distinct => "different rows".to_owned(),
        SourceRows::Split(list) => format!("the items of {}", list.column),
        SourceRows::Unpivot(group) => format!("the cells of {}", group.columns.join(", ")),
    };
    let mut text = format!("{}: {rows} from {file}. ", table.name);
    let exceptions = table.key_exceptions.as_ref();
    let exceptions = exceptions.filter(|found| found.rows() > 0);
    let set_aside = match key {
        Key::Edited(rows) if *rows > 0 => Some(match rows {
            1 => "1 row repeats another's and is set aside".to_owned(),
            several => format!("{several} rows repeat another's and are set aside"),
        }),
        _ => None,
    };
    let _ = match table.primary_key.as_slice() {
        [only] if exceptions.is_some() => write!(
            text,
            "{only} is the primary key, though {} of the rows repeat another's or have none; all are kept.",
            exceptions.map_or(0, KeyExceptions::rows)
        ),
        [] if matches!(key, Key::Found) => write!(
            text,
            "No column or small combination of columns fits as a primary key, so it has none."
        ),
        [] => write!(text, "It has no primary key."),
        [only] => write!(
            text,
            "{only} is the primary key: {}.",
            set_aside
                .as_deref()
                .unwrap_or("every row has its own value")
        ),
        several => write!(
            text,
            "The primary key is {} together: {}.",
            several.join(" and "),
            set_aside
                .as_deref()
                .unwrap_or("no combination occurs twice")
        ),
    };
    for relationship in &schema.relationships {
        if relationship.from_table != table.name {
            continue;
        }
        let one = if relationship.cardinality == Cardinality::OneToOne {
            " (at most one row each)"
        } else {
            ""
        };
        let _ = write!(
            text,
            " {} refers to {}.{}{one}: {}.",
            relationship.from_columns.join(" and "),
            relationship.to_table,
            relationship.to_columns.join(" and "),
            relationship.evidence.reasons.join("; ")
        );
    }
    text
}

fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
