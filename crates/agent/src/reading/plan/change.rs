//! Changes of a plan. Whatever one takes away, what rests on it goes as well: a query is whole before and after.

use chrono::NaiveDate;
use ingest::ColumnType;
use schema_gen::meaning::Role;
use serde::{Deserialize, Serialize};

use super::chips::Place;
use super::document::{Ids, Named, Walk};
use super::{Desk, PlanError, check, parts};
use crate::reading::data::{ColumnId, TableId};
use crate::reading::query::{
    Condition, Expr, Key, Measure, Operator, OrderBy, Query, Ref, Select, Value, Window,
};
use crate::reading::values::fold;

/// One step. Those of pick lists carry a part with its names; the others are written by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// The id of a chip.
    Remove(String),
    Where(ByHand),
    /// The first so many.
    Limit(u64),
    Period(PeriodByHand),
    /// From a pick list: stands in the place of the chip, or joins the plan.
    Put {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        chip: Option<String>,
        part: Named<Part>,
    },
}

/// A condition typed by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// `table.column`, as stored.
    pub column: String,
    pub operator: Comparison,
    #[serde(default)]
    pub values: Vec<serde_json::Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    MoreThan,
    LessThan,
    Is,
    IsNot,
    Contains,
    Between,
    Empty,
    NotEmpty,
}

/// A period typed by hand; without ends the column is free again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodByHand {
    /// `table.column`, as stored.
    pub column: String,
    /// First day, `YYYY-MM-DD`.
    #[serde(default)]
    pub from: Option<String>,
    /// The day after the last one.
    #[serde(default)]
    pub until: Option<String>,
}

/// What a pick list offers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    Rows(TableId),
    Shown(Expr),
    /// A figure of rows of the table.
    Measure(TableId, Measure),
    Group(Key),
    Condition(Condition),
    /// By a figure or group of the plan, or a column; descending or not.
    Order(OrderBy, bool),
    Limit(u64),
}

impl Walk for Part {
    fn walk(&mut self, ids: &mut dyn Ids) {
        match self {
            Self::Rows(table) => ids.table(table),
            Self::Shown(expr) => expr.walk(ids),
            Self::Measure(table, measure) => {
                ids.table(table);
                measure.walk(ids);
            }
            Self::Group(key) => key.walk(ids),
            Self::Condition(condition) => condition.walk(ids),
            Self::Order(by, _) => {
                if let OrderBy::Expr(expr) = by {
                    expr.walk(ids);
                }
            }
            Self::Limit(_) => {}
        }
    }
}

impl Desk<'_> {
    pub(super) fn apply(&self, query: Option<Query>, change: &Change) -> Result<Query, PlanError> {
        let data = &self.knowledge.data;
        let mut changed = match (query, change) {
            (query, Change::Put { chip, part }) => {
                let part = part.resolve(data)?;
                self.put(query, chip.as_deref(), part)?
            }
            (None, _) => return Err(PlanError::does_not_fit("There is no plan to change.")),
            (Some(mut query), change) => {
                match change {
                    Change::Remove(chip) => self.remove(&mut query, chip)?,
                    Change::Where(by_hand) => {
                        let condition = self.condition(by_hand, query.rows.base)?;
                        join(&mut query, condition);
                    }
                    Change::Period(period) => self.set_period(&mut query, period)?,
                    Change::Limit(limit) => set_limit(&mut query, *limit)?,
                    Change::Put { .. } => {}
                }
                query
            }
        };
        settle(&mut changed);
        check::query(&changed, data).map_err(|fault| {
            PlanError::DoesNotFit(format!("This change does not fit the plan: {fault}."))
        })?;
        Ok(changed)
    }

    // ----- removing -----

    fn remove(&self, query: &mut Query, chip: &str) -> Result<(), PlanError> {
        let missing = || PlanError::DoesNotFit(format!("The plan has no part {chip:?}."));
        let place: Place = chip.parse().map_err(|()| missing())?;
        let has = |count: usize, at: usize| if at < count { Ok(()) } else { Err(missing()) };
        match place {
            Place::Rows | Place::Everything => {
                return Err(PlanError::does_not_fit("A plan needs some rows to show."));
            }
            Place::Shown(at) => {
                let Select::List { shown, .. } = &mut query.select else {
                    return Err(missing());
                };
                has(shown.len(), at)?;
                if shown.len() == 1 {
                    return Err(PlanError::does_not_fit(
                        "The last column cannot be removed.",
                    ));
                }
                shown.remove(at);
            }
            Place::Measure(at) => self.remove_measure(query, at).ok_or_else(missing)?,
            Place::Group(at) => self.remove_group(query, at).ok_or_else(missing)?,
            Place::Condition(at) => {
                has(query.rows.conditions.len(), at)?;
                let removed = query.rows.conditions.remove(at);
                each_over(query, |over| over.retain(|known| *known != removed));
            }
            Place::Having(at) => {
                has(query.having.len(), at)?;
                query.having.remove(at);
            }
            Place::Order(at) => {
                has(query.order.len(), at)?;
                query.order.remove(at);
                if query.order.is_empty() {
                    // "The first ten" were the first in this order.
                    uncut(query);
                }
            }
            Place::Limit => uncut(query),
        }
        Ok(())
    }

    fn remove_measure(&self, query: &mut Query, at: usize) -> Option<()> {
        let base = query.rows.base;
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
        if at >= measures.len() {
            return None;
        }
        measures.remove(at);
        let is_last = measures.is_empty();
        if is_last {
            (*window, *show_measures, *keep_empty) = (None, false, false);
        }
        let is_list = is_last && keys.is_empty();
        let before = query.order.len();
        query.order.retain_mut(|(by, _)| match by {
            OrderBy::Measure(of) if *of == at => false,
            OrderBy::Measure(of) => {
                *of -= usize::from(*of > at);
                true
            }
            OrderBy::Key(_) | OrderBy::Expr(_) => true,
        });
        if query.order.is_empty() && before > 0 {
            uncut(query);
        }
        if is_list {
            self.list(query, base);
        }
        Some(())
    }

    fn remove_group(&self, query: &mut Query, at: usize) -> Option<()> {
        let base = query.rows.base;
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
        if at >= keys.len() {
            return None;
        }
        let first = keys[..at].iter().map(|key| key.by.len()).sum::<usize>();
        let width = keys.iter().map(|key| key.by.len()).sum::<usize>();
        let gone = first..first + keys[at].by.len();
        keys.remove(at);
        for measure in measures.iter_mut() {
            untie(measure, &gone, width);
        }
        if keys.is_empty() {
            (*window, *show_measures, *keep_empty) = (None, true, false);
            query.having.clear();
        } else {
            let goes_along_time =
                window.is_some_and(|window| !matches!(window, Window::ShareOfTotal | Window::Rank));
            let has_time = keys
                .iter()
                .any(|key| matches!(key.by.first(), Some(Expr::Part(..))));
            if goes_along_time && !has_time {
                *window = None;
            }
        }
        let (none_left, is_list) = (keys.is_empty(), keys.is_empty() && measures.is_empty());
        query.order.retain_mut(|(by, _)| match by {
            OrderBy::Key(of) if *of == at => false,
            OrderBy::Key(of) => {
                *of -= usize::from(*of > at);
                true
            }
            OrderBy::Measure(_) | OrderBy::Expr(_) => true,
        });
        match query.per {
            Some(per) if per == at => query.per = None,
            Some(per) if per > at => query.per = Some(per - 1),
            _ => {}
        }
        if none_left {
            query.order.clear();
            uncut(query);
        }
        if is_list {
            self.list(query, base);
        }
        Some(())
    }

    /// Nothing is measured any more: the rows themselves.
    fn list(&self, query: &mut Query, base: TableId) {
        query.select = Select::List {
            shown: parts::telling(base, &self.knowledge.data),
            distinct: false,
        };
        query.having.clear();
        query.order.clear();
        uncut(query);
    }

    // ----- putting -----

    fn put(
        &self,
        query: Option<Query>,
        chip: Option<&str>,
        part: Part,
    ) -> Result<Query, PlanError> {
        let Some(mut query) = query else {
            return match part {
                Part::Rows(table) => Ok(of_rows(table, parts::count())),
                Part::Measure(table, measure) => Ok(of_rows(table, measure)),
                _ => Err(PlanError::does_not_fit(
                    "A plan begins with rows or with a figure.",
                )),
            };
        };
        let place = chip
            .map(|chip| {
                chip.parse::<Place>()
                    .map_err(|()| PlanError::DoesNotFit(format!("The plan has no part {chip:?}.")))
            })
            .transpose()?;
        let unfit = || {
            PlanError::DoesNotFit(match chip {
                Some(chip) => format!("This cannot stand in the place of {chip:?}."),
                None => "This cannot join the plan.".to_owned(),
            })
        };
        match (part, place) {
            (Part::Rows(table), None | Some(Place::Rows)) => self.rebase(&mut query, table),
            (Part::Shown(expr), place) => {
                let Select::List { shown, .. } = &mut query.select else {
                    return Err(unfit());
                };
                match place {
                    None if !shown.contains(&expr) => shown.push(expr),
                    None => {}
                    Some(Place::Everything) => *shown = vec![expr],
                    Some(Place::Shown(at)) => *shown.get_mut(at).ok_or_else(unfit)? = expr,
                    Some(_) => return Err(unfit()),
                }
            }
            (Part::Measure(table, _), _) if table != query.rows.base => return Err(unfit()),
            (Part::Measure(_, measure), place) => {
                measure_rows(&mut query);
                let Select::Group {
                    measures,
                    show_measures,
                    ..
                } = &mut query.select
                else {
                    return Err(unfit());
                };
                match place {
                    None if measures.contains(&measure) => {}
                    None => measures.push(measure),
                    Some(Place::Measure(at)) => *measures.get_mut(at).ok_or_else(unfit)? = measure,
                    Some(_) => return Err(unfit()),
                }
                *show_measures = true;
            }
            (Part::Group(key), place) => {
                count_rows(&mut query);
                let Select::Group {
                    keys, keep_empty, ..
                } = &mut query.select
                else {
                    return Err(unfit());
                };
                match place {
                    None if keys.contains(&key) => {}
                    None => keys.push(key),
                    Some(Place::Group(at)) => {
                        *keys.get_mut(at).ok_or_else(unfit)? = key;
                        if query.order == [(OrderBy::Key(at), false)] {
                            // It was the order of the group that is gone.
                            query.order.clear();
                        }
                    }
                    Some(_) => return Err(unfit()),
                }
                if !matches!(keys.as_slice(), [key] if key.entity.is_some()) {
                    *keep_empty = false;
                }
                order_as_usual(&mut query);
            }
            (Part::Condition(condition), None) => join(&mut query, condition),
            (Part::Condition(condition), Some(Place::Condition(at))) => {
                let old = query.rows.conditions.get_mut(at).ok_or_else(unfit)?;
                let old = std::mem::replace(old, condition.clone());
                each_over(&mut query, |over| {
                    over.iter_mut()
                        .filter(|known| **known == old)
                        .for_each(|known| *known = condition.clone());
                });
            }
            (Part::Order(by, descending), place) => match place {
                None => {
                    query.order.retain(|(known, _)| *known != by);
                    query.order.push((by, descending));
                }
                Some(Place::Order(at)) => {
                    *query.order.get_mut(at).ok_or_else(unfit)? = (by, descending);
                }
                Some(_) => return Err(unfit()),
            },
            (Part::Limit(limit), None | Some(Place::Limit)) => set_limit(&mut query, limit)?,
            _ => return Err(unfit()),
        }
        Ok(query)
    }

    /// The same of other rows, as far as it can be said of them: conditions and groups that they lead to stay.
    fn rebase(&self, query: &mut Query, table: TableId) {
        if query.rows.base == table {
            return;
        }
        let data = &self.knowledge.data;
        let moved = |reference: &Ref| {
            let path = parts::way(table, data.columns[reference.column].table, data)?;
            let column = reference.column;
            Some(Ref { path, column })
        };
        let conditions = query.rows.conditions.iter();
        let conditions = conditions
            .filter_map(|one| moved_condition(one, &moved))
            .collect();
        let keys: Vec<Key> = match &query.select {
            Select::Group { keys, .. } => keys
                .iter()
                .filter_map(|key| {
                    if let Some((_, entity)) = &key.entity {
                        let path = parts::way(table, *entity, data)?;
                        return parts::entity_key(*entity, &path, data);
                    }
                    let [by] = key.by.as_slice() else { return None };
                    Some(parts::key_by(moved_expr(by, &moved)?))
                })
                .collect(),
            Select::List { .. } => Vec::new(),
        };
        let is_list = matches!(query.select, Select::List { .. });
        *query = of_rows(table, parts::count());
        query.rows.conditions = conditions;
        if is_list {
            self.list(query, table);
        } else if let Select::Group { keys: own, .. } = &mut query.select {
            *own = keys;
            if !own.is_empty() {
                order_as_usual(query);
            }
        }
    }

    // ----- by hand -----

    /// The column of `table.column`; names may have dots themselves.
    fn column(&self, name: &str) -> Result<ColumnId, PlanError> {
        let data = &self.knowledge.data;
        let found = name.match_indices('.').find_map(|(at, _)| {
            let table = data.table(&name[..at])?;
            data.column(table, &name[at + 1..])
        });
        found.ok_or_else(|| PlanError::DoesNotFit(format!("There is no column {name}.")))
    }

    fn condition(&self, by_hand: &ByHand, base: TableId) -> Result<Condition, PlanError> {
        let data = &self.knowledge.data;
        let column = self.column(&by_hand.column)?;
        let table = data.columns[column].table;
        if let Some(path) = parts::way(base, table, data) {
            return self.compared(Ref { path, column }, by_hand);
        }
        let condition = self.compared(Ref::own(column), by_hand)?;
        parts::tied(base, table, || condition, data).ok_or_else(|| {
            PlanError::DoesNotFit(format!(
                "{} has nothing to do with the rows of this plan.",
                by_hand.column
            ))
        })
    }

    fn compared(&self, of: Ref, by_hand: &ByHand) -> Result<Condition, PlanError> {
        let info = &self.knowledge.data.columns[of.column];
        let wanted = match by_hand.operator {
            Comparison::Empty | Comparison::NotEmpty => 0..=0,
            Comparison::Between => 2..=2,
            Comparison::Is | Comparison::IsNot => 1..=200,
            Comparison::MoreThan | Comparison::LessThan | Comparison::Contains => 1..=1,
        };
        if !wanted.contains(&by_hand.values.len()) {
            return Err(PlanError::DoesNotFit(format!(
                "The condition on {} has {} values.",
                by_hand.column,
                by_hand.values.len()
            )));
        }
        let is_date = matches!(info.column_type, ColumnType::Date | ColumnType::Datetime);
        let negated = by_hand.operator == Comparison::IsNot;
        let texts = || by_hand.values.iter().map(plain).collect::<Vec<String>>();
        Ok(match by_hand.operator {
            Comparison::Empty => Condition::Null(of, true),
            Comparison::NotEmpty => Condition::Null(of, false),
            Comparison::Contains => {
                let escaped: String = texts()
                    .concat()
                    .chars()
                    .flat_map(|letter| {
                        let marked = matches!(letter, '%' | '_' | '\\').then_some('\\');
                        marked.into_iter().chain(std::iter::once(letter))
                    })
                    .collect();
                Condition::Like(of, format!("%{escaped}%"), false)
            }
            _ if is_date => {
                let days: Vec<NaiveDate> = texts()
                    .iter()
                    .map(|text| day(text))
                    .collect::<Result<_, _>>()?;
                dated(of, by_hand.operator, &days)
            }
            Comparison::Is | Comparison::IsNot => {
                let values = if info.is_number() || info.column_type == ColumnType::Boolean {
                    by_hand
                        .values
                        .iter()
                        .map(number)
                        .collect::<Result<_, _>>()?
                } else {
                    self.stored(of.column, &texts())
                };
                Condition::In(of, values, negated)
            }
            Comparison::MoreThan | Comparison::LessThan | Comparison::Between => {
                if !info.is_number() {
                    return Err(PlanError::DoesNotFit(format!(
                        "{} is no number: it is not more or less than another.",
                        by_hand.column
                    )));
                }
                let numbers: Vec<Value> = by_hand
                    .values
                    .iter()
                    .map(number)
                    .collect::<Result<_, _>>()?;
                let of = Expr::Column(of);
                match (by_hand.operator, numbers.as_slice()) {
                    (Comparison::Between, [low, high]) => {
                        Condition::Between(of, low.clone(), high.clone())
                    }
                    (Comparison::MoreThan, [limit, ..]) => {
                        Condition::Compare(of, Operator::Greater, limit.clone())
                    }
                    (_, numbers) => {
                        let limit = numbers.first().cloned().unwrap_or(Value::Number(0.0));
                        Condition::Compare(of, Operator::Less, limit)
                    }
                }
            }
        })
    }

    /// The texts with every stored spelling of them.
    fn stored(&self, column: ColumnId, texts: &[String]) -> Vec<Value> {
        let mut all: Vec<String> = Vec::new();
        for text in texts {
            let folded = fold(text);
            let spellings = self.knowledge.values.of(column);
            let spellings = spellings.filter(|known| *known == text || fold(known) == folded);
            let before = all.len();
            for spelling in spellings {
                if !all.iter().any(|known| known == spelling) {
                    all.push(spelling.to_owned());
                }
            }
            if all.len() == before && !all.contains(text) {
                all.push(text.clone());
            }
        }
        all.into_iter().map(Value::Text).collect()
    }

    fn set_period(&self, query: &mut Query, period: &PeriodByHand) -> Result<(), PlanError> {
        let data = &self.knowledge.data;
        let column = self.column(&period.column)?;
        let info = &data.columns[column];
        let is_time = matches!(info.column_type, ColumnType::Date | ColumnType::Datetime)
            || info.role == Role::Time;
        if !is_time {
            return Err(PlanError::DoesNotFit(format!(
                "{} holds no dates.",
                period.column
            )));
        }
        let ends = [&period.from, &period.until].map(|end| {
            let end = end.as_deref().filter(|end| !end.is_empty());
            end.map(day).transpose()
        });
        let [from, until] = ends;
        let (from, until) = (from?, until?);
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            return Err(PlanError::does_not_fit("The period ends before it begins."));
        }
        if from.is_none() && until.is_none() {
            let is_period = |one: &Condition| matches!(one, Condition::Within(time, ..) if time.column == column);
            query.rows.conditions.retain(|one| !is_period(one));
            each_over(query, |over| over.retain(|one| !is_period(one)));
            return Ok(());
        }
        let known = query.rows.conditions.iter().find_map(|one| match one {
            Condition::Within(time, ..) if time.column == column => Some(time.clone()),
            _ => None,
        });
        let time = known
            .or_else(|| {
                let path = parts::way(query.rows.base, info.table, data)?;
                Some(Ref { path, column })
            })
            .ok_or_else(|| {
                PlanError::DoesNotFit(format!(
                    "{} has nothing to do with the rows of this plan.",
                    period.column
                ))
            })?;
        let text = |day: NaiveDate| day.to_string();
        join(
            query,
            Condition::Within(time, from.map(text), until.map(text)),
        );
        Ok(())
    }
}

/// One figure over all rows of the table.
fn of_rows(table: TableId, measure: Measure) -> Query {
    let mut query = Query::list(table);
    query.select = Select::Group {
        keys: Vec::new(),
        measures: vec![measure],
        window: None,
        show_measures: true,
        keep_empty: false,
    };
    query
}

/// What was listed is measured.
fn measure_rows(query: &mut Query) {
    if let Select::List { .. } = &query.select {
        query.select = Select::Group {
            keys: Vec::new(),
            measures: Vec::new(),
            window: None,
            show_measures: true,
            keep_empty: false,
        };
        query.order.clear();
        uncut(query);
    }
}

/// What was listed is counted.
fn count_rows(query: &mut Query) {
    if let Select::List { .. } = &query.select {
        measure_rows(query);
        if let Select::Group { measures, .. } = &mut query.select {
            measures.push(parts::count());
        }
    }
}

/// Groups of a time come in its order and others by their first figure, as for a question that asks for no order. An order
/// that is another one stays, and so does one by which rows were chosen.
fn order_as_usual(query: &mut Query) {
    let chosen = query.limit.is_some() || query.per.is_some();
    let is_usual = match query.order.as_slice() {
        [] | [(OrderBy::Measure(0), true)] => true,
        [(OrderBy::Key(at), false)] => time_key(query) == Some(*at),
        _ => false,
    };
    let Select::Group {
        measures, window, ..
    } = &query.select
    else {
        return;
    };
    if chosen || !is_usual || window.is_some() {
        return;
    }
    let by = match time_key(query) {
        Some(at) => Some((OrderBy::Key(at), false)),
        None if measures.is_empty() => None,
        None => Some((OrderBy::Measure(0), true)),
    };
    query.order = by.into_iter().collect();
}

fn time_key(query: &Query) -> Option<usize> {
    let Select::Group { keys, .. } = &query.select else {
        return None;
    };
    keys.iter()
        .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
}

fn uncut(query: &mut Query) {
    (query.limit, query.offset, query.per, query.ties) = (None, 0, None, false);
}

fn set_limit(query: &mut Query, limit: u64) -> Result<(), PlanError> {
    if !(1..=check::MAX_ROWS).contains(&limit) {
        return Err(PlanError::DoesNotFit(format!(
            "A plan shows from 1 to {} rows.",
            check::MAX_ROWS
        )));
    }
    if !parts::is_cut(query) {
        return Err(PlanError::does_not_fit(
            "There is one row: no first ones can be asked for.",
        ));
    }
    (query.limit, query.offset) = (Some(limit), 0);
    Ok(())
}

/// A period takes the place of another one of the same time; any other condition joins those that are there.
pub(super) fn join(query: &mut Query, condition: Condition) {
    let put = |list: &mut Vec<Condition>| {
        if list.contains(&condition) {
            return;
        }
        let same = list.iter().position(|known| {
            matches!((known, &condition), (Condition::Within(one, ..), Condition::Within(two, ..)) if one == two)
        });
        match same {
            Some(at) => list[at] = condition.clone(),
            None => list.push(condition.clone()),
        }
    };
    put(&mut query.rows.conditions);
    each_over(query, put);
}

/// The conditions of the rows that single rows are compared with: they are the same rows.
fn each_over(query: &mut Query, mut change: impl FnMut(&mut Vec<Condition>)) {
    for condition in &mut query.rows.conditions {
        if let Condition::Average { over, .. } | Condition::Extreme { over, .. } = condition {
            change(over);
        }
    }
}

/// What is left without a meaning after a change goes.
fn settle(query: &mut Query) {
    if !parts::is_cut(query) {
        uncut(query);
    }
    if let Select::Group { keys, .. } = &query.select
        && keys.is_empty()
    {
        query.order.clear();
    }
    let ranks = query.per.is_some() || query.ties;
    if ranks && query.order.is_empty() {
        (query.per, query.ties) = (None, false);
    }
}

/// A figure of other rows is tied to the groups by the same expressions.
fn untie(measure: &mut Measure, gone: &std::ops::Range<usize>, width: usize) {
    match measure {
        Measure::Other { keys, .. } if keys.len() == width => {
            keys.drain(gone.clone());
        }
        Measure::Ratio { over, under, .. } => {
            untie(over, gone, width);
            untie(under, gone, width);
        }
        Measure::Difference(one, two) | Measure::Growth(one, two) => {
            untie(one, gone, width);
            untie(two, gone, width);
        }
        Measure::Aggregate(_) | Measure::PerGroup { .. } | Measure::Other { .. } => {}
    }
}

fn moved_expr(expr: &Expr, moved: &impl Fn(&Ref) -> Option<Ref>) -> Option<Expr> {
    Some(match expr {
        Expr::Column(reference) => Expr::Column(moved(reference)?),
        Expr::Part(part, reference) => Expr::Part(*part, moved(reference)?),
        _ => return None,
    })
}

/// The condition seen from other rows; `None` where they do not lead to what it is about.
fn moved_condition(
    condition: &Condition,
    moved: &impl Fn(&Ref) -> Option<Ref>,
) -> Option<Condition> {
    Some(match condition {
        Condition::Compare(expr, operator, value) => {
            Condition::Compare(moved_expr(expr, moved)?, *operator, value.clone())
        }
        Condition::In(of, values, negated) => Condition::In(moved(of)?, values.clone(), *negated),
        Condition::Like(of, pattern, negated) => {
            Condition::Like(moved(of)?, pattern.clone(), *negated)
        }
        Condition::Between(expr, low, high) => {
            Condition::Between(moved_expr(expr, moved)?, low.clone(), high.clone())
        }
        Condition::Within(of, from, next) => {
            Condition::Within(moved(of)?, from.clone(), next.clone())
        }
        Condition::PartIs(part, of, number) => Condition::PartIs(*part, moved(of)?, *number),
        Condition::Null(of, is_null) => Condition::Null(moved(of)?, *is_null),
        _ => return None,
    })
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn number(value: &serde_json::Value) -> Result<Value, PlanError> {
    let text = plain(value);
    let said = match text.trim() {
        "true" | "yes" => "1",
        "false" | "no" => "0",
        said => said,
    };
    said.parse::<f64>()
        .ok()
        .filter(|number| number.is_finite())
        .map(Value::Number)
        .ok_or_else(|| PlanError::DoesNotFit(format!("{text:?} is no number.")))
}

fn day(text: &str) -> Result<NaiveDate, PlanError> {
    let start = text.trim().get(..10).unwrap_or(text);
    NaiveDate::parse_from_str(start, "%Y-%m-%d")
        .map_err(|_| PlanError::DoesNotFit(format!("{text:?} is no day (YYYY-MM-DD).")))
}

/// Days compare as whole days, whether the column holds times of the day or not.
fn dated(of: Ref, operator: Comparison, days: &[NaiveDate]) -> Condition {
    let text = |day: &NaiveDate| day.to_string();
    let after = |day: &NaiveDate| day.succ_opt().as_ref().map(text);
    let on = |day: &NaiveDate| Condition::Within(of.clone(), Some(text(day)), after(day));
    match (operator, days) {
        (Comparison::MoreThan, [day, ..]) => Condition::Within(of.clone(), after(day), None),
        (Comparison::LessThan, [day, ..]) => Condition::Within(of.clone(), None, Some(text(day))),
        (Comparison::Between, [from, until]) => {
            Condition::Within(of.clone(), Some(text(from)), after(until))
        }
        (operator, [day]) => match operator {
            Comparison::IsNot => Condition::Not(Box::new(on(day))),
            _ => on(day),
        },
        (operator, days) => {
            let any = Condition::Any(days.iter().map(on).collect());
            match operator {
                Comparison::IsNot => Condition::Not(Box::new(any)),
                _ => any,
            }
        }
    }
}
