//! Questions that go on from a plan which no words stand for: "only Germany", "and by month?", "their average".
//!
//! The new words are read as an edit of a small question over the plan's rows, which has its figure and its periods; what
//! that edit adds and takes away is then done to the plan itself.

use chrono::NaiveDate;

use super::change::join;
use super::{check, parts};
use crate::reading::build::{Reading, finish};
use crate::reading::dates::Time;
use crate::reading::followup::{self, Lean};
use crate::reading::frame::{Ask, Figure, Frame, Item, Of};
use crate::reading::grammar::Reader;
use crate::reading::query::{
    Aggregate, Condition, Expr, Function, Key, Measure, OrderBy, Query, Select,
};
use crate::reading::score::Features;

/// Ways to read the new words.
const MAX_EDITED: usize = 8;

/// The readings of the new words as changes of the plan.
pub fn edits(previous: &Query, frames: &[Frame], reader: &Reader<'_>) -> Vec<Reading> {
    let stands_alone = frames
        .first()
        .is_none_or(|best| followup::lean(reader, best) == Lean::No);
    if stands_alone {
        return Vec::new();
    }
    let data = reader.data;
    let Some(small) = small_question(previous, reader) else {
        return Vec::new();
    };
    let mut edited = Vec::new();
    for frame in frames.iter().take(MAX_EDITED) {
        let lean = followup::lean(reader, frame);
        if lean == Lean::No {
            continue;
        }
        for changed in followup::edit(&small, frame, reader, 0) {
            let gain = lean.gain() + (changed.score - changed.features.score());
            for mut reading in finish(reader, &changed) {
                let Some(query) = laid_over(previous, &small.query, &reading.query, reader) else {
                    continue;
                };
                if query == *previous || check::query(&query, data).is_err() {
                    continue;
                }
                reading.score += gain;
                reading.query = query;
                reading.frame.items.clone_from(&frame.items);
                reading.on_plan = true;
                edited.push(reading);
            }
        }
    }
    edited
}

/// What a question about the plan's rows with its figure and its periods would be read as.
fn small_question(plan: &Query, reader: &Reader<'_>) -> Option<Reading> {
    let base = plan.rows.base;
    let mut frame = Frame::default();
    let nowhere = (0, 0);
    match &plan.select {
        Select::Group { measures, .. } => {
            frame.push(Item::Ask(Ask::HowMany), nowhere);
            let figure = measures.iter().find_map(figure_of);
            let count = || Figure::new(Some(Function::Count), Of::Rows(base));
            frame.push(Item::Figure(figure.unwrap_or_else(count)), nowhere);
        }
        Select::List { .. } => {
            frame.push(Item::Ask(Ask::List), nowhere);
            frame.push(Item::Entity(base), nowhere);
        }
    }
    for condition in &plan.rows.conditions {
        if let Condition::Within(time, from, next) = condition {
            let day = |end: &Option<String>| {
                let end = end.as_deref()?;
                NaiveDate::parse_from_str(end, "%Y-%m-%d").ok()
            };
            frame.push(Item::TimeOf(time.column), nowhere);
            frame.push(
                Item::Time(Time {
                    from: day(from),
                    to: day(next),
                    part: None,
                    bare_year: None,
                    assumed: false,
                    future: false,
                }),
                nowhere,
            );
        }
    }
    let found = finish(reader, &frame);
    let reading = found
        .into_iter()
        .find(|reading| reading.query.rows.base == base)?;
    // What it costs to say the plan is no fault of the new words.
    Some(Reading {
        features: Features::default(),
        ..reading
    })
}

/// A figure that words would name: of the rows, or of a column of theirs.
fn figure_of(measure: &Measure) -> Option<Figure> {
    let Measure::Aggregate(Aggregate {
        function,
        expr: Some(Expr::Column(reference)),
        filter,
    }) = measure
    else {
        return None;
    };
    let is_own = reference.path.is_empty() && filter.is_empty();
    is_own.then(|| Figure::new(Some(*function), Of::Column(reference.column)))
}

/// The plan with what the edit of the small question did to that.
fn laid_over(plan: &Query, before: &Query, after: &Query, reader: &Reader<'_>) -> Option<Query> {
    if after.rows.base != plan.rows.base {
        return None;
    }
    let mut query = plan.clone();
    lay_conditions(&mut query, before, after);
    match (&before.select, &after.select) {
        (_, Select::List { shown, distinct }) => {
            lay_list(&mut query, before, (shown, *distinct), after);
        }
        (_, Select::Group { .. }) => lay_groups(&mut query, before, after, reader)?,
    }
    if after.limit.is_some() && after.limit != before.limit {
        (query.limit, query.offset) = (after.limit, after.offset);
        (query.per, query.ties) = (None, false);
    }
    let new = after.having.iter();
    query
        .having
        .extend(new.filter(|one| !before.having.contains(one)).cloned());
    if !parts::is_cut(&query) {
        (query.limit, query.offset, query.per, query.ties) = (None, 0, None, false);
    }
    Some(query)
}

/// A new condition takes the place of those on the same column.
fn lay_conditions(query: &mut Query, before: &Query, after: &Query) {
    let is_in = |list: &Query, one: &Condition| list.rows.conditions.contains(one);
    query
        .rows
        .conditions
        .retain(|one| !is_in(before, one) || is_in(after, one));
    for new in &after.rows.conditions {
        if is_in(before, new) {
            continue;
        }
        if let Some(about) = about(new) {
            let conditions = &mut query.rows.conditions;
            conditions.retain(|known| self::about(known) != Some(about));
        }
        join(query, new.clone());
    }
}

/// The column that a plain condition is about.
fn about(condition: &Condition) -> Option<&crate::reading::query::Ref> {
    match condition {
        Condition::In(reference, ..)
        | Condition::Like(reference, ..)
        | Condition::Within(reference, ..)
        | Condition::Null(reference, _) => Some(reference),
        Condition::Compare(expr, ..) | Condition::Between(expr, ..) => parts::column_of(expr),
        _ => None,
    }
}

fn lay_list(query: &mut Query, before: &Query, (shown, distinct): (&[Expr], bool), after: &Query) {
    match (&mut query.select, &before.select) {
        (Select::List { shown: own, .. }, Select::List { shown: old, .. }) => {
            let new = shown.iter().filter(|expr| !old.contains(expr));
            for expr in new {
                if !own.contains(expr) {
                    own.push(expr.clone());
                }
            }
            if after.order != before.order {
                query.order.clone_from(&after.order);
            }
        }
        (select, _) => {
            // "Which ones?" of what was counted.
            *select = Select::List {
                shown: shown.to_vec(),
                distinct,
            };
            query.having.clear();
            query.order.clone_from(&after.order);
            (query.limit, query.offset) = (None, 0);
            (query.per, query.ties) = (None, false);
        }
    }
}

fn lay_groups(query: &mut Query, before: &Query, after: &Query, reader: &Reader<'_>) -> Option<()> {
    let Select::Group {
        keys: new_keys,
        measures: new_measures,
        window: new_window,
        ..
    } = &after.select
    else {
        return None;
    };
    let Select::Group {
        keys: old_keys,
        measures: old_measures,
        ..
    } = &before.select
    else {
        // A list becomes groups: all of them are new.
        query.select.clone_from(&after.select);
        query.order.clone_from(&after.order);
        (query.limit, query.offset) = (after.limit, after.offset);
        (query.per, query.ties) = (None, false);
        return Some(());
    };
    let had_groups = parts::groups_freely(query);
    let Select::Group {
        keys,
        measures,
        window,
        show_measures,
        keep_empty,
    } = &mut query.select
    else {
        return None;
    };
    let kept: Vec<Key> = keys.clone();
    let added: Vec<Key> = new_keys
        .iter()
        .filter(|key| !old_keys.contains(key) && !kept.contains(key))
        .cloned()
        .collect();
    if !added.is_empty() && !had_groups {
        return None;
    }
    let replaces = reader.tokens.iter().any(|token| token.lower == "instead")
        || matches!(reader.word(0), "what" | "now");
    let ordered = order_parts(&query.order, keys, measures);
    for key in added {
        let is_time = |key: &Key| matches!(key.by.first(), Some(Expr::Part(..)));
        let same = keys
            .iter()
            .position(|known| is_time(known) == is_time(&key));
        match same {
            Some(at) if replaces || is_time(&key) => keys[at] = key,
            None if replaces => *keys = vec![key],
            _ => keys.push(key),
        }
    }
    if !matches!(keys.as_slice(), [key] if key.entity.is_some()) {
        *keep_empty = false;
    }
    if new_measures != old_measures {
        *show_measures = true;
        match new_measures.strip_prefix(old_measures.as_slice()) {
            Some(more) => {
                let more = more.iter().filter(|one| !measures.contains(one));
                let more: Vec<Measure> = more.cloned().collect();
                measures.extend(more);
            }
            None => measures.clone_from(new_measures),
        }
    }
    if new_window.is_some() {
        *window = *new_window;
    }
    let said = order_parts(&after.order, new_keys, new_measures);
    let was_said = order_parts(&before.order, old_keys, old_measures);
    // An order that was asked for; that of a time key is the key's own.
    let wanted = if said == was_said || said.is_empty() {
        ordered
    } else {
        said
    };
    query.order = wanted
        .into_iter()
        .filter_map(|(by, descending)| {
            let place = match by {
                Ordered::Measure(one) => {
                    let at = measures.iter().position(|known| *known == one);
                    // The figure was exchanged: its order is that of the new one.
                    OrderBy::Measure(at.or_else(|| (measures.len() == 1).then_some(0))?)
                }
                Ordered::Key(key) => OrderBy::Key(keys.iter().position(|known| *known == key)?),
                Ordered::Expr(expr) => OrderBy::Expr(expr),
            };
            Some((place, descending))
        })
        .collect();
    if query.order.is_empty() && (query.limit.is_some() || query.per.is_some()) {
        (query.limit, query.offset) = (None, 0);
        (query.per, query.ties) = (None, false);
    }
    query.per = query.per.filter(|at| *at < keys.len());
    Some(())
}

/// What rows are ordered by, itself.
#[derive(Debug, Clone, PartialEq)]
enum Ordered {
    Measure(Measure),
    Key(Key),
    Expr(Expr),
}

fn order_parts(
    order: &[(OrderBy, bool)],
    keys: &[Key],
    measures: &[Measure],
) -> Vec<(Ordered, bool)> {
    order
        .iter()
        .filter_map(|(by, descending)| {
            let by = match by {
                OrderBy::Measure(at) => Ordered::Measure(measures.get(*at)?.clone()),
                OrderBy::Key(at) => Ordered::Key(keys.get(*at)?.clone()),
                OrderBy::Expr(expr) => Ordered::Expr(expr.clone()),
            };
            Some((by, *descending))
        })
        .collect()
}
