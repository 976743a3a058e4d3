//! Looks at a statement's words before SQLite compiles it. Compiling hears neither clock nor cancel flag, its recursion
//! is bounded by nothing but the stack, and a table expression is compiled anew wherever it is named: 900 bytes of them,
//! each naming the one before twice, took minutes and 10 GB.
//!
//! Words are a guess at the cost. They turn down in microseconds, and say why, what is known to explode; the bounds of
//! memory and time around the statement hold for the rest, such as `SELECT x + x AS x FROM (…)` in itself thirty times.

mod words;

use std::collections::{BTreeSet, HashMap};

use crate::{Result, StoreError};
use words::{Kind, Word, words};

/// Parentheses open at once; where a table expression is named, those within it count as open there.
const MAX_DEPTH: u64 = 100;
/// SELECTs and VALUES once each table expression stands where it is named. Queries of people and models have under 20.
const MAX_SELECTS: u64 = 500;
/// Words, counted likewise. The longest statement has half as many.
const MAX_WORDS: u64 = 100_000;
/// Common table expressions.
const MAX_EXPRESSIONS: usize = 100;
/// Window functions. Each window of its own makes one more query around the others: 2,500 compile for minutes.
const MAX_WINDOWS: u64 = 100;

/// Refuses what SQLite should not be asked to compile: [`StoreError::Limit`], and parameters, which nobody binds. Gives the
/// names of the common table expressions, in lower case.
pub(super) fn scan(sql: &str) -> Result<BTreeSet<String>> {
    let words = words(sql);
    if words.iter().any(|word| word.kind == Kind::Parameter) {
        return Err(super::denied(
            "parameters are not allowed: write the values out",
        ));
    }
    bound_depth(sql, &words)?;
    bound_windows(sql, &words)?;
    let mut reader = Reader {
        sql,
        words: &words,
        at: 0,
        parts: vec![Part::default()],
        withs: Vec::new(),
    };
    // A parenthesis too many ends a group early; SQLite will say so, but not before it has compiled what came before.
    while reader.at < words.len() {
        reader.group(&Place::default())?;
    }
    let total = Costs::of(&reader).total(0);
    reader.bound(total)?;
    let expressions = reader.parts.into_iter().skip(1);
    Ok(expressions.map(|part| part.name).collect())
}

/// `line 3, character 14`, both from 1.
pub(super) fn position(sql: &str, offset: usize) -> String {
    let before = &sql[..sql.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let character = before[start..].chars().count() + 1;
    format!("line {line}, character {character}")
}

fn too_complex(message: String) -> StoreError {
    StoreError::limit("too_complex", message)
}

fn bound_depth(sql: &str, words: &[Word<'_>]) -> Result<()> {
    let mut open = 0_u64;
    for word in words {
        match word.kind {
            Kind::Sign(b'(') => open += 1,
            Kind::Sign(b')') => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_DEPTH {
            let at = position(sql, word.offset);
            return Err(too_complex(format!(
                "more than {MAX_DEPTH} parentheses are open at {at}: nest less"
            )));
        }
    }
    Ok(())
}

fn bound_windows(sql: &str, words: &[Word<'_>]) -> Result<()> {
    let mut windows = words.iter().filter(|word| word.is("over"));
    match windows.nth(MAX_WINDOWS as usize) {
        None => Ok(()),
        Some(word) => Err(too_complex(format!(
            "more than {MAX_WINDOWS} window functions at {}",
            position(sql, word.offset)
        ))),
    }
}

/// The statement (the first one) or the body of a common table expression.
#[derive(Default)]
struct Part {
    name: String,
    /// Where its name stands, in bytes.
    offset: usize,
    own: Cost,
    named: Vec<Named>,
}

/// A table named within a part.
struct Named {
    name: String,
    with: Option<usize>,
    /// Parentheses open there, since the part's beginning.
    depth: u64,
}

/// A WITH clause. Its names are known to the end of the group that it begins, and within its own expressions.
struct With {
    outer: Option<usize>,
    parts: HashMap<String, usize>,
}

#[derive(Default, Clone, Copy)]
struct Cost {
    selects: u64,
    words: u64,
    depth: u64,
}

/// Where a group of words between parentheses stands.
#[derive(Default, Clone, Copy)]
struct Place {
    part: usize,
    with: Option<usize>,
    depth: u64,
    /// It lists tables, as in `FROM (a, b)`.
    is_from: bool,
}

/// What the word before lets come.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Expects {
    #[default]
    Nothing,
    /// A table, or tables between parentheses.
    Table,
    /// As after IN: a table, or values between parentheses.
    Set,
}

struct Reader<'a> {
    sql: &'a str,
    words: &'a [Word<'a>],
    at: usize,
    parts: Vec<Part>,
    withs: Vec<With>,
}

impl Reader<'_> {
    /// Reads to the parenthesis that closes the group, and over it. It calls itself for each group within, which
    /// [`bound_depth`] has bounded.
    fn group(&mut self, place: &Place) -> Result<()> {
        let mut place = *place;
        let depth = &mut self.parts[place.part].own.depth;
        *depth = place.depth.max(*depth);
        let mut expects = if place.is_from {
            Expects::Table
        } else {
            Expects::Nothing
        };
        if self.peek(|word| word.is("with")) {
            self.with_clause(&mut place)?;
        }
        let words = self.words;
        while let Some(word) = words.get(self.at) {
            self.at += 1;
            self.parts[place.part].own.words += 1;
            if word.is_sign(b')') {
                return Ok(());
            }
            let expected = std::mem::take(&mut expects);
            if word.is_sign(b'(') {
                self.group(&Place {
                    depth: place.depth + 1,
                    is_from: expected == Expects::Table,
                    ..place
                })?;
            } else if word.is_sign(b',') {
                if place.is_from {
                    expects = Expects::Table;
                }
            } else if word.is("select") || word.is("values") {
                self.parts[place.part].own.selects += 1;
                place.is_from = false;
            } else if expected != Expects::Nothing {
                self.table(&place, word);
            } else if word.is("from") || word.is("join") {
                place.is_from = true;
                expects = Expects::Table;
            } else if word.is("in") {
                expects = Expects::Set;
            } else if ["where", "group", "having", "order", "limit"]
                .iter()
                .any(|keyword| word.is(keyword))
            {
                place.is_from = false;
            }
        }
        Ok(())
    }

    fn table(&mut self, place: &Place, word: &Word<'_>) {
        // With a dot it is a table of `main`, with a parenthesis a function.
        if self.peek(|next| next.is_sign(b'.') || next.is_sign(b'(')) {
            return;
        }
        if let Some(name) = word.name() {
            self.parts[place.part].named.push(Named {
                name,
                with: place.with,
                depth: place.depth,
            });
        }
    }

    /// `WITH a (x) AS MATERIALIZED (…), b AS (…)`. What is not of this form SQLite refuses.
    fn with_clause(&mut self, place: &mut Place) -> Result<()> {
        self.at += 1;
        if self.peek(|word| word.is("recursive")) && !self.peek_second(|word| word.is("as")) {
            self.at += 1;
        }
        self.withs.push(With {
            outer: place.with,
            parts: HashMap::new(),
        });
        let with = self.withs.len() - 1;
        place.with = Some(with);
        let words = self.words;
        while let Some(word) = words.get(self.at) {
            let Some(name) = word.name() else {
                return Ok(());
            };
            let part = self.declare(with, name, word.offset)?;
            self.at += 1;
            if self.peek(|word| word.is_sign(b'(')) {
                self.at += 1;
                self.group(&Place {
                    part,
                    ..Place::default()
                })?;
            }
            while self.peek(|word| matches!(word.kind, Kind::Plain(_))) {
                self.at += 1;
            }
            if !self.peek(|word| word.is_sign(b'(')) {
                return Ok(());
            }
            self.at += 1;
            self.group(&Place {
                part,
                with: place.with,
                depth: 1,
                is_from: false,
            })?;
            if !self.peek(|word| word.is_sign(b',')) {
                return Ok(());
            }
            self.at += 1;
        }
        Ok(())
    }

    fn declare(&mut self, with: usize, name: String, offset: usize) -> Result<usize> {
        if self.parts.len() > MAX_EXPRESSIONS {
            return Err(too_complex(format!(
                "more than {MAX_EXPRESSIONS} common table expressions at {}",
                position(self.sql, offset)
            )));
        }
        let part = self.parts.len();
        self.parts.push(Part {
            name: name.clone(),
            offset,
            ..Part::default()
        });
        self.withs[with].parts.insert(name, part);
        Ok(part)
    }

    fn peek(&self, is: impl Fn(&Word<'_>) -> bool) -> bool {
        self.words.get(self.at).is_some_and(is)
    }

    fn peek_second(&self, is: impl Fn(&Word<'_>) -> bool) -> bool {
        self.words.get(self.at + 1).is_some_and(is)
    }

    /// The part that the name means there; `None` for a table.
    fn resolve(&self, named: &Named) -> Option<usize> {
        let mut with = named.with;
        while let Some(index) = with {
            let clause = &self.withs[index];
            if let Some(part) = clause.parts.get(&named.name) {
                return Some(*part);
            }
            with = clause.outer;
        }
        None
    }

    fn bound(&self, total: Cost) -> Result<()> {
        let what = if total.selects > MAX_SELECTS {
            format!("more than {MAX_SELECTS} SELECTs")
        } else if total.words > MAX_WORDS {
            format!("more than {MAX_WORDS} words")
        } else if total.depth > MAX_DEPTH {
            format!("more than {MAX_DEPTH} parentheses open at once")
        } else {
            return Ok(());
        };
        let times = |part: usize| {
            let all = self.parts.iter().flat_map(|part| &part.named);
            all.filter(|named| self.resolve(named) == Some(part))
                .count()
        };
        let heaviest = (1..self.parts.len()).max_by_key(|&part| times(part));
        let Some(part) = heaviest.map(|part| (times(part), &self.parts[part])) else {
            return Err(too_complex(format!("the statement has {what}: split it")));
        };
        let (count, Part { name, offset, .. }) = part;
        Err(too_complex(format!(
            "the statement has {what} where each common table expression stands in for its name; {name} ({}) is named \
             {count} times: name them less often",
            position(self.sql, *offset)
        )))
    }
}

/// What each part costs with all that it names.
struct Costs<'a, 'b> {
    reader: &'a Reader<'b>,
    known: Vec<Option<Cost>>,
}

impl<'a, 'b> Costs<'a, 'b> {
    fn of(reader: &'a Reader<'b>) -> Self {
        Self {
            reader,
            known: vec![None; reader.parts.len()],
        }
    }

    /// It calls itself for what is named, at most [`MAX_EXPRESSIONS`] deep.
    fn total(&mut self, part: usize) -> Cost {
        if let Some(cost) = self.known[part] {
            return cost;
        }
        // What names itself is compiled once.
        self.known[part] = Some(Cost::default());
        let reader = self.reader;
        let mut total = reader.parts[part].own;
        for named in &reader.parts[part].named {
            if let Some(other) = reader.resolve(named) {
                let cost = self.total(other);
                total.selects = total.selects.saturating_add(cost.selects);
                total.words = total.words.saturating_add(cost.words);
                total.depth = total.depth.max(named.depth.saturating_add(cost.depth));
            }
        }
        self.known[part] = Some(total);
        total
    }
}

#[cfg(test)]
mod tests;
