//! Reads items into a typed query: each pass takes the items it understands.

mod assemble;
mod compare;
mod conditions;
mod entity;
mod filters;
mod groups;
mod left;
mod measure;
mod numbers;
mod order;
mod related;
mod resolve;
mod select;
mod special;
mod superlatives;

use super::cues::Cue;
use super::items::Item;
use super::query::{Condition, Expr, Part};
use crate::event::MatchedValue;
use crate::link::catalog::{Catalog, ColumnId, TableId};
use crate::link::tokens::Token;
use crate::link::values::ValueIndex;

/// A condition with the place it was read from.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    pub condition: Condition,
    pub column: Option<ColumnId>,
    pub item: usize,
    pub clause: usize,
    /// Tied to the one before it by "or".
    pub or: bool,
}

/// What rows are counted or ranked by: rows of a table, or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Table(TableId),
    Column(ColumnId),
    Part(Part, ColumnId),
}

/// How rows of the answer are ranked.
#[derive(Debug, Clone, PartialEq)]
pub struct Rank {
    pub by: Expr,
    pub descending: bool,
    pub limit: Option<u64>,
    /// The expression counts or sums: the answer is grouped.
    pub grouped: bool,
}

/// What has been understood so far.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// With the item, for the order of the columns shown.
    pub select: Vec<(usize, Expr)>,
    pub entity: Option<TableId>,
    pub filters: Vec<Filter>,
    pub having: Vec<Condition>,
    pub group: Vec<(usize, Target)>,
    pub ranks: Vec<Rank>,
    /// By what is shown; `true` for descending.
    pub alphabetical: Option<bool>,
    pub distinct: bool,
    /// Tables whose rows must not exist, each with its clause.
    pub absent: Vec<(TableId, usize)>,
    pub matched: Vec<MatchedValue>,
    /// What rows are ranked by is worth showing.
    pub shows_rank: bool,
    /// Items that mean one of several columns about equally well.
    pub ambiguous: Vec<(usize, Vec<ColumnId>)>,
    /// Something was read only by guessing.
    pub doubts: f64,
}

/// One question being read.
pub struct Reader<'a> {
    pub catalog: &'a Catalog,
    pub values: &'a ValueIndex,
    pub tokens: &'a [Token],
    pub items: Vec<Item>,
    pub draft: Draft,
}

impl<'a> Reader<'a> {
    pub fn new(
        catalog: &'a Catalog,
        values: &'a ValueIndex,
        tokens: &'a [Token],
        items: Vec<Item>,
    ) -> Self {
        Self {
            catalog,
            values,
            tokens,
            items,
            draft: Draft::default(),
        }
    }

    /// Runs every pass; `None` where nothing to show was found.
    pub fn read(&mut self) -> Option<super::query::Query> {
        self.find_entity();
        self.read_money();
        self.read_limits_and_order();
        self.read_comparisons();
        self.read_superlatives();
        self.read_groups(false);
        self.read_values();
        self.read_periods();
        self.read_numbers();
        self.read_absent();
        self.read_select();
        self.assemble()
    }

    fn cue(&self, at: usize) -> Option<Cue> {
        self.items.get(at).filter(|item| !item.used)?.cue()
    }

    fn use_item(&mut self, at: usize) {
        self.items[at].used = true;
    }

    /// The next item from `at` on that is not light and not used.
    fn next_heavy(&self, at: usize) -> Option<usize> {
        (at..self.items.len()).find(|&i| !self.items[i].is_light())
    }

    pub fn phrase(&self, at: usize) -> String {
        self.tokens[self.items[at].from..self.items[at].to]
            .iter()
            .map(|token| token.text.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn lower(&self, at: usize) -> &str {
        self.items
            .get(at)
            .map_or("", |item| self.tokens[item.from].lower.as_str())
    }
}
