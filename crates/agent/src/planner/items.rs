//! The question as a row of items: names, values, numbers and cues, each in its clause.

use chrono::NaiveDate;

use super::cues::{self, Cue};
use super::dates::{self, Period};
use super::query::Expr;
use crate::link::catalog::{Catalog, ColumnId, ColumnInfo, TableId};
use crate::link::lexicon;
use crate::link::mentions::{self, Candidate, Mention, cover};
use crate::link::tokens::{Kind, Token};
use crate::link::values::ValueIndex;

#[derive(Debug, Clone, PartialEq)]
pub enum ItemKind {
    Table(Mention),
    Column(Mention),
    Value(Mention),
    Number(f64),
    Date(String),
    Period(Period),
    /// A measure made of several columns.
    Measure(Expr),
    Cue(Cue),
    /// A word without weight.
    Skip,
    /// A word that should mean something but names nothing here.
    Unknown,
    Mark(char),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub from: usize,
    pub to: usize,
    pub kind: ItemKind,
    /// Part of the sentence; conditions and denials do not reach over its ends.
    pub clause: usize,
    /// In the part that says what to show.
    pub head: bool,
    pub used: bool,
}

impl Item {
    pub fn cue(&self) -> Option<Cue> {
        match self.kind {
            ItemKind::Cue(cue) => Some(cue),
            _ => None,
        }
    }

    pub fn mention(&self) -> Option<&Mention> {
        match &self.kind {
            ItemKind::Table(mention) | ItemKind::Column(mention) | ItemKind::Value(mention) => {
                Some(mention)
            }
            _ => None,
        }
    }

    pub fn columns(&self) -> &[(ColumnId, f64)] {
        match &self.kind {
            ItemKind::Column(mention) => &mention.columns,
            _ => &[],
        }
    }

    pub fn tables(&self) -> &[(TableId, f64)] {
        match &self.kind {
            ItemKind::Table(mention) => &mention.tables,
            _ => &[],
        }
    }

    /// Nothing that separates what stands on both sides.
    pub fn is_light(&self) -> bool {
        match &self.kind {
            ItemKind::Skip => true,
            ItemKind::Cue(cue) => matches!(
                cue,
                Cue::Of | Cue::In | Cue::Have | Cue::Distinct | Cue::With
            ),
            _ => false,
        }
    }
}

#[derive(Debug, Clone)]
enum Reading {
    Name(Mention),
    Cue(Cue),
    Period(Period),
}

/// Reads the tokens into items.
pub fn read(
    tokens: &[Token],
    catalog: &Catalog,
    values: &ValueIndex,
    today: NaiveDate,
) -> Vec<Item> {
    let names = mentions::candidates(tokens, catalog, values);
    let mut all: Vec<Candidate<Reading>> = names
        .into_iter()
        .map(|candidate| with(candidate, Reading::Name))
        .collect();
    all.extend(
        cues::candidates(tokens)
            .into_iter()
            .map(|cue| with(cue, Reading::Cue)),
    );
    if catalog.columns.iter().any(ColumnInfo::is_time) {
        all.extend(periods(tokens, today));
    }
    let mut items = Vec::new();
    let mut at = 0;
    for candidate in cover(tokens.len(), &all) {
        plain(tokens, at, candidate.from, &mut items);
        let kind = match candidate.reading {
            Reading::Cue(cue) => ItemKind::Cue(cue),
            Reading::Period(period) => ItemKind::Period(period),
            Reading::Name(mention) => role(
                mention,
                &tokens[candidate.from..candidate.to],
                candidate.from,
            ),
        };
        items.push(item(candidate.from, candidate.to, kind));
        at = candidate.to;
    }
    plain(tokens, at, tokens.len(), &mut items);
    mark_clauses(&mut items, tokens);
    items
}

fn periods(tokens: &[Token], today: NaiveDate) -> Vec<Candidate<Reading>> {
    (0..tokens.len())
        .filter_map(|at| {
            let (period, length) = dates::period(tokens, at, today)?;
            Some(Candidate {
                from: at,
                to: at + length,
                weight: 1.2 * length as f64,
                reading: Reading::Period(period),
            })
        })
        .collect()
}

fn with<T, U>(candidate: Candidate<T>, wrap: impl Fn(T) -> U) -> Candidate<U> {
    Candidate {
        from: candidate.from,
        to: candidate.to,
        weight: candidate.weight,
        reading: wrap(candidate.reading),
    }
}

fn item(from: usize, to: usize, kind: ItemKind) -> Item {
    Item {
        from,
        to,
        kind,
        clause: 0,
        head: false,
        used: false,
    }
}

fn plain(tokens: &[Token], from: usize, to: usize, items: &mut Vec<Item>) {
    for (at, token) in tokens.iter().enumerate().take(to).skip(from) {
        let kind = match &token.kind {
            Kind::Number(number) => ItemKind::Number(*number),
            Kind::Date => ItemKind::Date(token.text.clone()),
            Kind::Mark => ItemKind::Mark(token.text.chars().next().unwrap_or(' ')),
            Kind::Word if lexicon::is_stop(&token.lower) => ItemKind::Skip,
            Kind::Word | Kind::Quoted => ItemKind::Unknown,
        };
        items.push(item(at, at + 1, kind));
    }
}

/// One span may name a table, a column and a value at once; which it most likely is.
fn role(mention: Mention, tokens: &[Token], from: usize) -> ItemKind {
    let best = |scores: Option<f64>| scores.unwrap_or(0.0);
    let table = best(mention.tables.first().map(|t| t.1));
    let column = best(mention.columns.first().map(|c| c.1));
    let value = best(mention.values.iter().map(|v| v.score).reduce(f64::max));
    let capital = tokens.iter().any(Token::is_capitalized) && from > 0;
    if mention.quoted {
        return ItemKind::Value(mention);
    }
    let only_value = value > 0.0 && table.max(column) <= 0.0;
    if only_value
        || value >= 0.9 && (table.max(column) < 0.85 || (capital && table.max(column) < 0.99))
    {
        return ItemKind::Value(mention);
    }
    let near = if column < 0.95 { 0.08 } else { 0.0 };
    if table + near >= column && table > 0.0 {
        return ItemKind::Table(mention);
    }
    ItemKind::Column(mention)
}

fn mark_clauses(items: &mut [Item], tokens: &[Token]) {
    let (mut clause, mut head, mut named) = (0, true, false);
    for at in 0..items.len() {
        let before_is_and = at > 0 && matches!(items[at - 1].cue(), Some(Cue::And | Cue::Or));
        let cue = items[at].cue();
        let mark = match items[at].kind {
            ItemKind::Mark(mark) => Some(mark),
            _ => None,
        };
        let how = tokens[items[at].from].lower == "how";
        match (mark, cue) {
            (Some('.' | '?' | ';' | '!'), _) => (clause, head, named) = (clause + 1, true, false),
            (_, Some(Cue::Imperative | Cue::Also)) => (clause, head) = (clause + 1, true),
            (_, Some(Cue::Count)) if how => (clause, head) = (clause + 1, true),
            (_, Some(Cue::With)) if counts_next(items, at + 1) => {
                (clause, head) = (clause + 1, true);
            }
            (_, Some(Cue::What)) => (clause, head) = (clause + 1, head || before_is_and || !named),
            (_, Some(cue)) if turns_away(cue, named) => (clause, head) = (clause + 1, false),
            (_, Some(Cue::Have)) if named => head = false,
            (Some(','), _) => clause += 1,
            (_, Some(Cue::And)) if starts_new_part(items, tokens, at + 1) => clause += 1,
            _ => {}
        }
        named |= items[at].mention().is_some();
        items[at].clause = clause;
        items[at].head = head;
    }
}

/// What follows restricts the rows instead of saying what to show.
fn turns_away(cue: Cue, named: bool) -> bool {
    match cue {
        Cue::But | Cue::Except => true,
        Cue::Who | Cue::Which | Cue::Where | Cue::When | Cue::Whose | Cue::With => named,
        _ => false,
    }
}

/// "with the number of …" shows the count, unless it is compared.
fn counts_next(items: &[Item], at: usize) -> bool {
    let next = items
        .iter()
        .skip(at)
        .find(|item| item.kind != ItemKind::Skip);
    next.is_some_and(|item| item.cue() == Some(Cue::Count))
}

/// After "and": a verb or a denial begins another statement.
fn starts_new_part(items: &[Item], tokens: &[Token], at: usize) -> bool {
    items.get(at).is_some_and(|item| {
        matches!(item.cue(), Some(Cue::Not | Cue::Without | Cue::Have))
            || matches!(
                tokens[item.from].lower.as_str(),
                "do" | "does" | "did" | "is" | "are" | "was" | "were"
            )
    })
}
