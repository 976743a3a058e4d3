//! Periods: the time that each is about, and several told beside each other.

use schema_gen::meaning::{Role, TableKind};

use super::super::data::{ColumnId, ColumnInfo, Data, TableId};
use super::super::dates::Time;
use super::super::query::{Aggregate, Condition, Expr, Measure, Operator, Ref, Value};
use super::super::score::Feature;
use super::{Builder, Related, Sense};

impl Builder<'_, '_> {
    pub(super) fn lower_times(
        &mut self,
        base: TableId,
        sense: &Sense,
        conditions: &mut Vec<Condition>,
    ) -> Option<()> {
        // Where the last period went: among the conditions of these related rows, or of the rows themselves; and its place there.
        let mut last: Option<(Option<usize>, usize)> = None;
        for (number, (time, position, negated)) in sense.times.iter().enumerate() {
            let joined = last.take().filter(|_| sense.or_times.contains(&number));
            // The period belongs to the rows last spoken of, where those have a time.
            if *negated && let Some(denied) = self.denied_rows(number, sense) {
                let column = self.reader.data.tables[denied.base].time?;
                let condition = self.within(time, Ref::own(column), false)?;
                let mut denied = denied;
                denied.conditions.push(condition);
                self.related.push(denied);
                continue;
            }
            let inside = self.related.iter().position(|known| {
                known.position < *position
                    && (sense.conds.iter().any(|(_, at, _)| *at == known.position)
                        || sense
                            .entities
                            .iter()
                            .any(|entity| entity.1 == known.position))
                    && self.reader.data.tables[known.base].time.is_some()
                    && sense.time_of.is_empty()
            });
            if let Some(inside) = inside {
                let own_time = self.reader.data.tables[base].time.is_some();
                let choices = if own_time { 2 } else { 1 };
                if self.pick(format!("inside {number}"), choices) == 0 {
                    let rows = self.related[inside].base;
                    let column = self.reader.data.tables[rows].time?;
                    if let Some(condition) = self.within(time, Ref::own(column), *negated) {
                        let joined = joined.filter(|(place, _)| *place == Some(inside));
                        let own = &mut self.related[inside].conditions;
                        let at = add(own, condition, joined.map(|(_, at)| at));
                        last = Some((Some(inside), at));
                        continue;
                    }
                }
            }
            let reference = self.time_ref(base, sense, number, time)?;
            let condition = self.within(time, reference, *negated)?;
            let joined = joined.filter(|(place, _)| place.is_none());
            let at = add(conditions, condition, joined.map(|(_, at)| at));
            last = Some((None, at));
        }
        Some(())
    }

    /// "in 2025 but not in 2026": the rows that the first period was said of, which must not be there in the second.
    fn denied_rows(&self, number: usize, sense: &Sense) -> Option<Related> {
        if number == 0 || sense.times[number - 1].2 {
            return None;
        }
        let known = self.related.iter().rev().find(|known| {
            known.operator == Operator::GreaterOrEqual
                && self.reader.data.tables[known.base].time.is_some()
        })?;
        let conditions = known
            .conditions
            .iter()
            .filter(|condition| !matches!(condition, Condition::Within(..)))
            .cloned()
            .collect();
        Some(Related {
            up: known.up.clone(),
            base: known.base,
            down: known.down.clone(),
            conditions,
            operator: Operator::Equal,
            count: 0.0,
            beyond_mean: None,
            columns: Vec::new(),
            position: known.position,
        })
    }

    fn within(&mut self, time: &Time, reference: Ref, negated: bool) -> Option<Condition> {
        let info = &self.reader.data.columns[reference.column];
        let time = &last_stored(time, info.stats.latest.as_deref());
        let condition = if let Some((part, numbers)) = &time.part {
            if !info.is_time() {
                return None;
            }
            let mut any: Vec<Condition> = numbers
                .iter()
                .map(|number| Condition::PartIs(*part, reference.clone(), *number))
                .collect();
            if any.len() == 1 {
                any.remove(0)
            } else {
                Condition::Any(any)
            }
        } else if info.is_time() {
            let day = |day: chrono::NaiveDate| day.format("%Y-%m-%d").to_string();
            Condition::Within(reference, time.from.map(day), time.to.map(day))
        } else {
            use chrono::Datelike;
            let expr = Expr::Column(reference);
            match (time.bare_year, time.from, time.to) {
                (Some(year), ..) => {
                    Condition::Compare(expr, Operator::Equal, Value::Number(f64::from(year)))
                }
                (None, Some(from), None) => Condition::Compare(
                    expr,
                    Operator::GreaterOrEqual,
                    Value::Number(f64::from(from.year())),
                ),
                (None, None, Some(to)) => {
                    Condition::Compare(expr, Operator::Less, Value::Number(f64::from(to.year())))
                }
                (None, Some(from), Some(to)) => {
                    let last = to.pred_opt()?.year();
                    if last == from.year() {
                        Condition::Compare(expr, Operator::Equal, Value::Number(f64::from(last)))
                    } else {
                        Condition::Between(
                            expr,
                            Value::Number(f64::from(from.year())),
                            Value::Number(f64::from(last)),
                        )
                    }
                }
                _ => return None,
            }
        };
        Some(if negated {
            Condition::Not(Box::new(condition))
        } else {
            condition
        })
    }

    /// The time column that a period (or a grain) is about.
    pub(super) fn time_ref(
        &mut self,
        base: TableId,
        sense: &Sense,
        number: usize,
        time: &Time,
    ) -> Option<Ref> {
        let data = self.reader.data;
        let mut candidates: Vec<(f64, ColumnId)> = Vec::new();
        let mut offer = |cost: f64, column: ColumnId| {
            if !candidates.iter().any(|(_, known)| *known == column) {
                candidates.push((cost, column));
            }
        };
        for (column, _) in &sense.time_of {
            let table = data.columns[*column].table;
            if table == base || !data.paths_up(base, table).is_empty() {
                let never = time.future && !reaches(&data.columns[*column], time);
                offer(if never { 2.0 } else { -1.0 }, *column);
            }
        }
        let mut tables = vec![(0.0, base)];
        for table in 0..data.tables.len() {
            if let Some(path) = data.paths_up(base, table).first()
                && table != base
            {
                tables.push((path.len() as f64, table));
            }
        }
        // Lines of an order have the order's time: where a table has none of its own, the nearest counts as if it had.
        let nearest = nearest_with_time(data, &tables);
        for (distance, table) in tables {
            let distance = if Some(table) == nearest {
                0.0
            } else {
                distance
            };
            let default = data.tables[table].time;
            for &column in &data.tables[table].columns {
                let info = &data.columns[column];
                let year = info.role == Role::Year && time.part.is_none();
                if !info.is_time() && !year {
                    continue;
                }
                if data.tables[table].time_is_said && Some(column) != default {
                    continue;
                }
                let mut cost = distance * 1.5;
                if Some(column) != default {
                    cost += 0.8;
                }
                if year {
                    cost += if time.bare_year.is_some() { -0.9 } else { 0.3 };
                }
                // Plans and ends lie ahead, events behind: what was never stored that late is not meant.
                if time.future && reaches(info, time) {
                    cost -= 1.2;
                }
                offer(cost, column);
            }
        }
        if candidates.is_empty() {
            return None;
        }
        candidates.sort_by(|one, two| one.0.total_cmp(&two.0));
        candidates.truncate(3);
        let pick = self.pick(format!("time {number}"), candidates.len());
        let (cost, column) = candidates[pick];
        if cost > 0.3 || pick > 0 {
            self.features.add(
                Feature::OtherTime,
                (cost.max(0.3) + 0.3 * pick as f64).min(2.5),
            );
        }
        if data.columns[column].role == Role::Year {
            self.features.add(Feature::YearAsNumber, 0.3);
        }
        let path = self.up(base, data.columns[column].table, 0)?;
        Some(Ref { path, column })
    }

    /// The figure of each period that was said.
    pub(super) fn in_each_period(
        &mut self,
        only: &Aggregate,
        base: TableId,
        sense: &Sense,
    ) -> Option<Vec<Measure>> {
        let mut sides = Vec::new();
        for (number, (time, ..)) in sense.times.iter().enumerate() {
            let reference = self.time_ref(base, sense, number, time)?;
            let mut side = only.clone();
            side.filter.push(self.within(time, reference, false)?);
            sides.push(Measure::Aggregate(side));
        }
        Some(sides)
    }
}

/// A month said without its year is the last one of which there may be rows.
fn last_stored(time: &Time, latest: Option<&str>) -> Time {
    let mut time = time.clone();
    let latest = latest.and_then(|text| text.get(..10)?.parse::<chrono::NaiveDate>().ok());
    if let (true, Some(latest)) = (time.assumed, latest) {
        let year = chrono::Months::new(12);
        while let (Some(from), Some(to)) = (time.from, time.to)
            && from > latest
            && let (Some(earlier), Some(end)) =
                (from.checked_sub_months(year), to.checked_sub_months(year))
        {
            time.from = Some(earlier);
            time.to = Some(end);
        }
    }
    time
}

/// Of tables with their distances: the nearest that has a time, of several as near the one that tells of events, and of
/// those the one with the most rows.
fn nearest_with_time(data: &Data, tables: &[(f64, TableId)]) -> Option<TableId> {
    let timed = |table: TableId| data.tables[table].time.is_some();
    let nearest = tables
        .iter()
        .filter(|(_, table)| timed(*table))
        .map(|(distance, _)| *distance)
        .min_by(f64::total_cmp)?;
    let near: Vec<TableId> = tables
        .iter()
        .filter(|(distance, table)| *distance <= nearest && timed(*table))
        .map(|(_, table)| *table)
        .collect();
    // What happens is told in more rows than what there is.
    near.into_iter().max_by_key(|&table| {
        (
            data.tables[table].kind == TableKind::Event,
            data.tables[table].rows,
        )
    })
}

/// Whether the column holds times as late as the period begins.
fn reaches(column: &ColumnInfo, time: &Time) -> bool {
    let latest = column
        .stats
        .latest
        .as_deref()
        .and_then(|latest| latest.get(..10));
    match (latest, time.from) {
        (Some(latest), Some(from)) => latest >= from.format("%Y-%m-%d").to_string().as_str(),
        _ => false,
    }
}

/// Whether each period begins where the one before ends.
pub(super) fn follow_each_other(times: &[(Time, usize, bool)]) -> bool {
    times
        .windows(2)
        .all(|pair| pair[0].0.to.is_some() && pair[0].0.to == pair[1].0.from)
}

/// Whether there are several periods, none denied, that have no day in common.
pub(super) fn are_apart(times: &[(Time, usize, bool)]) -> bool {
    let mut bounds: Vec<_> = times
        .iter()
        .filter(|(time, _, denied)| !denied && time.part.is_none())
        .filter_map(|(time, ..)| Some((time.from?, time.to?)))
        .collect();
    bounds.sort_unstable();
    bounds.len() > 1
        && bounds.len() == times.len()
        && bounds.windows(2).all(|pair| pair[0].1 <= pair[1].0)
}

/// Adds the condition, or makes it the alternative of the one at `joined`; the place where it stands.
fn add(conditions: &mut Vec<Condition>, condition: Condition, joined: Option<usize>) -> usize {
    let Some(at) = joined else {
        conditions.push(condition);
        return conditions.len() - 1;
    };
    match &mut conditions[at] {
        Condition::Any(any) => any.push(condition),
        before => *before = Condition::Any(vec![before.clone(), condition]),
    }
    at
}
