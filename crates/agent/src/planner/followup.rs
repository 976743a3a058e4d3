//! Questions that change the question before: "only Germany", "and by month?", "top 10 instead".

use super::cues::Cue;
use super::items::{Item, ItemKind};
use super::query::{Condition, Expr, Query};
use super::reader::{Reader, Target};
use crate::link::tokens::Token;

const OPENERS: &[&str] = &[
    "and",
    "or",
    "but",
    "only",
    "just",
    "now",
    "also",
    "instead",
    "then",
    "ok",
    "okay",
    "by",
    "per",
    "top",
    "without",
    "excluding",
    "except",
    "sort",
    "sorted",
    "order",
    "ordered",
    "for",
    "in",
    "from",
    "since",
    "last",
    "same",
];

/// Whether the question leans on the one before: it opens like it, or asks for nothing of its own.
pub fn leans_on_previous(tokens: &[Token], items: &[Item]) -> bool {
    let lower = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let about = matches!(lower(0), "what" | "how") && lower(1) == "about";
    let instead = tokens.iter().any(|token| token.lower == "instead");
    let short = tokens
        .iter()
        .filter(|token| token.lower.chars().any(char::is_alphanumeric))
        .count()
        <= 8;
    let asks = items.iter().any(|item| {
        matches!(
            item.cue(),
            Some(Cue::Imperative | Cue::Count | Cue::Which | Cue::Who)
        )
    });
    about || instead || (short && OPENERS.contains(&lower(0)) && !asks_anew(items, asks))
}

/// "And how many customers …" is a whole question of its own.
fn asks_anew(items: &[Item], asks: bool) -> bool {
    asks && items.iter().any(|item| !item.tables().is_empty())
}

impl Reader<'_> {
    /// The previous query with what this question changes; `None` where it changes nothing.
    pub fn change(&mut self, previous: &Query) -> Option<Query> {
        self.draft.entity = Some(previous.root);
        self.read_limits_and_order();
        self.read_comparisons();
        let limit = self.bare_limit();
        self.read_superlatives();
        self.read_groups(true);
        self.read_values();
        self.read_periods();
        self.read_numbers();
        let mut query = previous.clone();
        let mut changed = self.change_filters(&mut query);
        changed |= self.change_groups(&mut query);
        if let Some(limit) = limit {
            query.limit = Some(limit);
            changed = true;
        }
        let ranks = std::mem::take(&mut self.draft.ranks);
        if !ranks.is_empty() {
            query.order = ranks
                .iter()
                .map(|rank| (rank.by.clone(), rank.descending))
                .collect();
            query.limit = ranks.iter().find_map(|rank| rank.limit).or(query.limit);
            changed = true;
        }
        if let Some(descending) = self.draft.alphabetical {
            let first = query.select.first().cloned()?;
            query.order = vec![(first, descending)];
            changed = true;
        }
        changed.then_some(query)
    }

    /// "Top 10 instead", "make it 3".
    fn bare_limit(&mut self) -> Option<u64> {
        let at = (0..self.items.len()).find(|&i| {
            let number =
                matches!(self.items[i].kind, ItemKind::Number(n) if (1.0..=1_000.0).contains(&n));
            let after_top = i > 0
                && matches!(
                    self.items[i - 1].cue(),
                    Some(Cue::Top(_) | Cue::Superlative(_))
                );
            let instead = self.tokens.iter().any(|token| token.lower == "instead");
            number && !self.items[i].used && (after_top || instead)
        })?;
        let ItemKind::Number(number) = self.items[at].kind else {
            return None;
        };
        self.items[at].used = true;
        if at > 0 {
            self.items[at - 1].used = true;
        }
        Some(number as u64)
    }

    /// A new condition takes the place of an old one on the same column.
    fn change_filters(&mut self, query: &mut Query) -> bool {
        let filters = self.draft.filters.clone();
        for filter in &filters {
            if let Some(column) = filter.column {
                query.filters.retain(|old| !old.columns().contains(&column));
            }
        }
        for filter in &filters {
            let denied = self.is_denied(filter);
            let condition = filter.condition.clone();
            query.filters.push(if denied {
                Condition::Not(Box::new(condition))
            } else {
                condition
            });
        }
        !filters.is_empty()
    }

    /// The rows are counted, or the same measure is taken, for each of the new groups.
    fn change_groups(&mut self, query: &mut Query) -> bool {
        let groups: Vec<Target> = self.draft.group.iter().map(|(_, target)| *target).collect();
        if groups.is_empty() {
            return false;
        }
        let mut select: Vec<Expr> = groups
            .iter()
            .flat_map(|&target| self.shown(target))
            .collect();
        let measures: Vec<Expr> = query
            .select
            .iter()
            .filter(|expr| expr.is_aggregate())
            .cloned()
            .collect();
        if measures.is_empty() {
            select.push(Expr::CountEntities(query.root));
        } else {
            select.extend(measures);
        }
        query.group = groups
            .iter()
            .flat_map(|&target| self.group_key(target))
            .collect();
        query.select = select;
        query.distinct = false;
        query.limit = None;
        query.order = query
            .group
            .iter()
            .filter(|expr| matches!(expr, Expr::DatePart(..)))
            .map(|expr| (expr.clone(), false))
            .collect();
        true
    }
}
