//! How sure the planner may be: what of the question it left over, and how freely it read the rest.

use super::cues::Cue;
use super::items::{Item, ItemKind};
use super::query::{Expr, Query};
use super::reader::Reader;
use super::render::tables_of;
use crate::link::catalog::TableId;

/// What speaks against a reading.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Signals {
    /// Words that name nothing here; verbs count half.
    pub unknown: f64,
    pub unused_columns: f64,
    pub unused_values: f64,
    pub unused_numbers: f64,
    /// Comparisons, superlatives, denials and the like that changed nothing.
    pub unused_cues: f64,
    /// How far the worst-matched name is from its phrase.
    pub weakness: f64,
    /// Tables joined beyond the first.
    pub joins: f64,
    pub doubts: f64,
    /// Words of the question.
    pub length: f64,
    pub grouped: f64,
    /// Names that fit two columns about equally well.
    pub ambiguous: f64,
    /// Tables with columns of their own that are joined though the question does not name them.
    pub unnamed: f64,
    /// Words in capitals that name nothing here: values that are not stored, mostly.
    pub names: f64,
}

/// Weights of [`Signals`], fitted by logistic regression on public question sets.
const BIAS: f64 = 2.3;

impl Signals {
    pub fn of(reader: &Reader<'_>, query: &Query) -> Self {
        let mut signals = Self {
            doubts: reader.draft.doubts,
            length: reader.tokens.len() as f64,
            joins: (tables_of(query, reader.catalog).len() - 1) as f64,
            grouped: f64::from(u8::from(!query.group.is_empty())),
            ..Self::default()
        };
        for (at, item) in reader.items.iter().enumerate() {
            signals.add(reader, item);
            if item.used && !item.columns().is_empty() && reader.margin(at) < 0.04 {
                signals.ambiguous += 1.0;
            }
            if item.kind == ItemKind::Unknown
                && !item.used
                && at > 0
                && reader.tokens[item.from].is_capitalized()
            {
                signals.names += 1.0;
            }
        }
        signals.unnamed = unnamed(reader, query);
        signals
    }

    /// Leaves only what speaks against the reading of the words themselves.
    pub fn forget_structure(&mut self) {
        (self.joins, self.unnamed, self.grouped) = (0.0, 0.0, 0.0);
    }

    fn add(&mut self, reader: &Reader<'_>, item: &Item) {
        if item.used {
            let best = item.columns().first().map_or(1.0, |column| column.1);
            self.weakness = self.weakness.max(1.0 - best);
            return;
        }
        match &item.kind {
            ItemKind::Unknown => self.unknown += if is_verb(reader, item) { 0.5 } else { 1.0 },
            ItemKind::Column(_) => self.unused_columns += 1.0,
            ItemKind::Value(_) => self.unused_values += 1.0,
            ItemKind::Number(_) | ItemKind::Date(_) => self.unused_numbers += 1.0,
            ItemKind::Cue(cue) if is_operator(*cue) => self.unused_cues += 1.0,
            _ => {}
        }
    }

    /// 0 to 1.
    pub fn confidence(&self) -> f64 {
        let against = 0.6 * self.unknown
            + 0.5 * self.names
            + 0.85 * self.unused_columns
            + 1.0 * self.unused_values
            + 0.75 * self.unused_numbers
            + 1.4 * self.unused_cues
            + 0.45 * self.weakness
            + 0.55 * self.joins.min(2.0)
            + 0.55 * self.unnamed
            + 0.55 * self.ambiguous
            + 0.15 * self.grouped
            + 0.05 * self.length
            + 1.0 * self.doubts;
        1.0 / (1.0 + (against - BIAS).exp())
    }
}

/// Tables with columns of their own that neither a name, a value nor a measure of the question leads to.
fn unnamed(reader: &Reader<'_>, query: &Query) -> f64 {
    let catalog = reader.catalog;
    let named = reader.named_tables().into_iter().map(|(_, table)| table);
    let matched = reader
        .draft
        .matched
        .iter()
        .filter_map(|value| catalog.table(&value.table));
    let measured = query
        .select
        .iter()
        .chain(query.order.iter().map(|(expr, _)| expr));
    let measured = measured
        .filter(|expr| matches!(expr, Expr::Aggregate(_, inner) if matches!(**inner, Expr::Product(..))))
        .flat_map(Expr::columns)
        .map(|column| catalog.columns[column].table);
    let led_to: Vec<TableId> = named.chain(matched).chain(measured).collect();
    tables_of(query, catalog)
        .into_iter()
        .filter(|table| !led_to.contains(table) && !catalog.is_bridge(*table))
        .count() as f64
}

fn is_verb(reader: &Reader<'_>, item: &Item) -> bool {
    let lower = &reader.tokens[item.from].lower;
    ["ed", "ing", "es", "en"]
        .iter()
        .any(|end| lower.ends_with(end))
}

fn is_operator(cue: Cue) -> bool {
    !matches!(
        cue,
        Cue::Of
            | Cue::In
            | Cue::And
            | Cue::By
            | Cue::Who
            | Cue::Whose
            | Cue::With
            | Cue::Have
            | Cue::Which
            | Cue::What
            | Cue::Where
            | Cue::When
            | Cue::Imperative
            | Cue::Also
            | Cue::But
            | Cue::Or
            | Cue::Either
            | Cue::Distinct
            | Cue::Each
    )
}
