//! What is known of each table before anything is decided.

use std::sync::atomic::{AtomicBool, Ordering};

use ingest::{ColumnProfile, ColumnType};

use crate::names::Words;
use crate::values::{self, Values};
use crate::{SchemaError, Source, ident};

/// A file as a table to be.
#[derive(Debug)]
pub struct TableFacts<'a> {
    pub source: &'a Source,
    pub words: Words,
    pub columns: Vec<ColumnFacts<'a>>,
    pub row_count: u64,
    /// Has columns for the parts of a person's name.
    pub holds_persons: bool,
}

#[derive(Debug)]
pub struct ColumnFacts<'a> {
    pub profile: &'a ColumnProfile,
    pub words: Words,
    /// Absent where the column cannot be part of a key or a reference.
    pub values: Option<Values>,
}

impl ColumnFacts<'_> {
    pub fn is_unique(&self) -> bool {
        self.values.as_ref().is_some_and(Values::is_unique)
    }

    pub fn distinct(&self) -> u64 {
        self.values
            .as_ref()
            .map_or(self.profile.distinct_count, |values| {
                values.distinct.len() as u64
            })
    }

    pub fn is_text(&self) -> bool {
        self.profile.column_type == ColumnType::Text
    }

    /// Texts written as codes, or so short and of one length that they cannot be names.
    pub fn is_code(&self) -> bool {
        let (shortest, longest) = (self.profile.min_length, self.profile.max_length);
        let are_codes = self.values.as_ref().is_some_and(|values| values.are_codes);
        are_codes || (self.is_text() && shortest == longest && longest <= CODE_LENGTH)
    }

    pub fn is_temporal(&self) -> bool {
        matches!(
            self.profile.column_type,
            ColumnType::Date | ColumnType::Datetime
        )
    }
}

/// Texts of one length up to this are codes, whatever their letters: `deu`, `eng`.
const CODE_LENGTH: u64 = 4;

/// Position of a column: table, column.
pub type At = (usize, usize);

/// Reads all files, two at a time at most, within the bound on cells.
pub fn gather<'a>(
    sources: &'a [Source],
    cancelled: &AtomicBool,
    read: &dyn Fn(&Source, usize) -> bool,
) -> Result<Vec<TableFacts<'a>>, SchemaError> {
    let wanted = choose_columns(sources);
    let go_on = || !cancelled.load(Ordering::Relaxed);
    let mut tables = Vec::with_capacity(sources.len());
    for (pair, columns) in sources.chunks(2).zip(wanted.chunks(2)) {
        let loaded = std::thread::scope(|scope| {
            let running: Vec<_> = pair
                .iter()
                .zip(columns)
                .map(|(source, wanted)| scope.spawn(|| values::load(source, wanted, &go_on)))
                .collect();
            running
                .into_iter()
                .map(|thread| {
                    thread
                        .join()
                        .unwrap_or_else(|fault| std::panic::resume_unwind(fault))
                })
                .collect::<Vec<_>>()
        });
        for (source, loaded) in pair.iter().zip(loaded) {
            tables.push(facts(source, loaded?));
            if !read(source, tables.len()) {
                return Err(SchemaError::Cancelled);
            }
        }
    }
    drop_shared_words(&mut tables);
    Ok(tables)
}

/// The joinable columns of each file; where all together exceed the bound, the likely keys and references come first.
fn choose_columns(sources: &[Source]) -> Vec<Vec<usize>> {
    let mut ranked: Vec<(u8, usize, usize)> = Vec::new();
    for (table, source) in sources.iter().enumerate() {
        for (position, profile) in source.analysis.columns.iter().enumerate() {
            if values::is_joinable(profile, source.analysis.row_count) {
                let words = Words::of_column(&profile.column);
                let rank = match (words.is_id || profile.is_unique, words.is_measure) {
                    (true, _) => 0,
                    (false, false) => 1,
                    (false, true) => 2,
                };
                ranked.push((rank, table, position));
            }
        }
    }
    ranked.sort_unstable();
    let mut wanted = vec![Vec::new(); sources.len()];
    let mut cells = 0;
    for (_, table, position) in ranked {
        cells += sources[table].analysis.row_count;
        if cells > values::MAX_CELLS {
            break;
        }
        wanted[table].push(position);
    }
    wanted
}

fn facts(source: &Source, loaded: Vec<Option<Values>>) -> TableFacts<'_> {
    let columns: Vec<ColumnFacts<'_>> = source
        .analysis
        .columns
        .iter()
        .zip(loaded)
        .map(|(profile, values)| ColumnFacts {
            profile,
            words: Words::of_column(&profile.column),
            values,
        })
        .collect();
    let of_persons = columns
        .iter()
        .filter(|column| column.words.is_of_a_person())
        .count();
    // Things have a name, persons a full one.
    let holds_persons = of_persons >= 2
        || columns.iter().any(|column| {
            column.words.core.first().is_some_and(|word| word == "full") && column.words.is_label()
        });
    TableFacts {
        source,
        words: Words::of_table(ident::table_stem(&source.original_filename)),
        row_count: source.analysis.row_count,
        columns,
        holds_persons,
    }
}

/// Words that begin or end every table's name (`olist_…_dataset`) say nothing.
fn drop_shared_words(tables: &mut [TableFacts<'_>]) {
    if tables.len() < 3 {
        return;
    }
    let shared = |word: Option<&String>, get: fn(&Words) -> Option<&String>| {
        word.filter(|word| {
            tables
                .iter()
                .all(|table| table.words.core.len() > 1 && get(&table.words) == Some(word))
        })
        .cloned()
    };
    let first = shared(tables[0].words.core.first(), |words| words.core.first());
    let last = shared(tables[0].words.core.last(), |words| words.core.last());
    for table in tables {
        if first.is_some() {
            table.words.core.remove(0);
        }
        if last.is_some() && table.words.core.len() > 1 {
            table.words.core.pop();
        }
    }
}
