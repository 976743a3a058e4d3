//! Names that a model got wrong, bound to the ones there are, without asking it again.
//!
//! A table or column that does not exist becomes the nearest of the tables that the statement uses; a column of a table
//! that is one known reference away brings its join; a text that differs from a stored one in case, accents or blanks
//! alone becomes that one; a double-quoted text becomes a text. Whatever resolves is never touched, and neither is what
//! has several near names or none: that is left for the database to refuse and the model to repair.
//!
//! Only joins that cannot multiply rows are added: from the referencing table to the referenced one.

mod compare;
mod expressions;
mod joins;
mod letters;
mod likeness;
mod resolve;
mod scope;
mod stored;
pub(crate) mod text;

use schema_gen::Schema;
use sqlparser::ast::Statement;

use crate::parsed::parse;
pub(crate) use letters::same_letters;
pub(crate) use likeness::{Name, column_likeness, table_likeness};
use scope::{Cte, Scope};
pub use stored::bound_to;
use text::{Edits, Text};

/// Expressions nested deeper than SQLite takes are left as they are.
const MAX_DEPTH: usize = 250;

/// A statement whose names were changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub sql: String,
    /// What was changed, in words, in the order of the statement.
    pub changes: Vec<String>,
}

/// The stored text of `(table, column)` that `text` differs from in case, accents or blanks alone; `None` where `text` is
/// stored as it stands, or none or several are like it.
pub type Lookup<'l> = dyn Fn(&str, &str, &str) -> Option<String> + 'l;

/// Binds the names of one SELECT; `None` when nothing is to be changed, or when the statement cannot be read.
pub fn bind_names(sql: &str, schema: &Schema, lookup: &Lookup<'_>) -> Option<Bound> {
    let statement = parse(sql)?;
    let Statement::Query(query) = &statement else {
        return None;
    };
    let text = Text::new(sql)?;
    let mut binder = Binder {
        schema,
        lookup,
        text: &text,
        edits: Edits::default(),
        changes: Vec::new(),
        scopes: Vec::new(),
        ctes: Vec::new(),
        depth: 0,
        gave_up: false,
    };
    binder.query(query, false);
    let Binder {
        edits,
        changes,
        gave_up,
        ..
    } = binder;
    if gave_up || changes.is_empty() {
        return None;
    }
    let sql = edits.apply(sql);
    // An edit that broke the statement is worse than the mistake.
    parse(&sql)?;
    Some(Bound { sql, changes })
}

/// A statement that is being read, with what is to be changed.
struct Binder<'b> {
    schema: &'b Schema,
    lookup: &'b Lookup<'b>,
    text: &'b Text<'b>,
    edits: Edits,
    changes: Vec<String>,
    /// From the outermost SELECT to the one that is being read.
    scopes: Vec<Scope>,
    ctes: Vec<Cte>,
    depth: usize,
    /// Something could not be read safely: the statement stays as it is.
    gave_up: bool,
}

impl Binder<'_> {
    fn say(&mut self, change: String) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }
}

#[cfg(test)]
mod tests;
