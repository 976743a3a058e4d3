//! Figures over groups: of which rows, by which keys, and in what order.

use schema_gen::meaning::Role;

use super::super::data::{ColumnId, TableId};
use super::super::frame::{Ask, By, Cond, Figure, KeyOf, Of};
use super::super::query::{
    Aggregate, Condition, Expr, Function, Having, Key, Measure, OrderBy, Part, Query, Ref, Select,
    Window,
};
use super::super::score::Feature;
use super::times::{are_apart, follow_each_other};
use super::{Builder, Sense, Sum};
use crate::reading::lexicon;

impl Builder<'_, '_> {
    /// Tables whose rows the keys, conditions and figures can be read from.
    pub(super) fn group(&mut self, sense: Sense) -> Option<Query> {
        if sense.everything {
            return None;
        }
        let data = self.reader.data;
        let main = sense.figures.first()?.main().clone();
        let own = self.reader.data.table_of(&main.of);
        let mut bases = vec![own];
        // Where a key lies on another side, rows in between tie the two.
        let ranked = sense.orders.iter().any(|order| order.3.is_some());
        let target = sense
            .entities
            .iter()
            .find(|entity| {
                !entity.2
                    && !sense
                        .figures
                        .iter()
                        .any(|sum| matches!(sum.main().of, Of::Rows(table) if table == entity.0))
            })
            .map(|entity| entity.0)
            .filter(|_| ranked);
        let keys_up = |base: TableId, this: &Self| {
            target.is_none_or(|table| {
                table == base || !this.reader.data.paths_up(base, table).is_empty()
            }) && sense.keys.iter().all(|(key, _)| match key {
                KeyOf::Entity(table) => {
                    *table == base || !this.reader.data.paths_up(base, *table).is_empty()
                }
                KeyOf::Column(column) => {
                    let table = this.reader.data.columns[*column].table;
                    table == base || !this.reader.data.paths_up(base, table).is_empty()
                }
                KeyOf::Part(..) => true,
            })
        };
        if !keys_up(own, self) {
            bases.clear();
            let mut between: Vec<(usize, TableId)> = (0..data.tables.len())
                .filter(|&base| base != own)
                .filter_map(|base| {
                    let path = data.paths_up(base, own);
                    let length = path.first()?.len();
                    keys_up(base, self).then_some((length, base))
                })
                .collect();
            between.sort_unstable();
            bases.extend(between.into_iter().map(|(_, base)| base));
            self.features.add(Feature::FarBase, 1.0);
        }
        let pick = self.pick("base".into(), bases.len().min(2));
        let base = *bases.get(pick)?;
        self.group_over(base, sense)
    }

    fn group_over(&mut self, base: TableId, mut sense: Sense) -> Option<Query> {
        let data = self.reader.data;
        self.merge_values(base, &mut sense);
        // "top 3 events by tickets sold", "which carrier has the highest average cost": the target is a key.
        let has_limit = sense.orders.iter().any(|order| order.3.is_some());
        let mut target: Option<KeyOf> = None;
        let mut extra_shown: Vec<ColumnId> = Vec::new();
        if has_limit
            || sense.window == Some(Window::Rank)
            || !sense.keys.is_empty()
            || sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::Which | Ask::List | Ask::Who))
        {
            let counted = |table: TableId| {
                sense
                    .figures
                    .iter()
                    .any(|sum| matches!(sum.main().of, Of::Rows(own) if own == table))
            };
            let limited = has_limit && !sense.keys.is_empty();
            // What follows the keys only says whose rows they are: "median salary by grade, current staff".
            let first_key = sense.keys.iter().map(|(_, at)| *at).min();
            let trails = |at: usize| {
                !has_limit && sense.window.is_none() && first_key.is_some_and(|key| key < at)
            };
            if let Some(&(table, at, clause)) = sense
                .entities
                .iter()
                .find(|entity| !counted(entity.0) && !entity.2 && !trails(entity.1))
                && (table == base && limited
                    || table != base && !data.paths_up(base, table).is_empty())
                && !clause
            {
                sense.entities.retain(|entity| entity.1 != at);
                target = Some(KeyOf::Entity(table));
            }
            let figure_columns: Vec<ColumnId> = sense
                .figures
                .iter()
                .filter_map(|sum| match sum.main().of {
                    Of::Column(column) => Some(column),
                    _ => None,
                })
                .collect();
            for (column, at) in sense.columns.clone() {
                if figure_columns.contains(&column) {
                    continue;
                }
                let info = &data.columns[column];
                let of_target =
                    matches!(&target, Some(KeyOf::Entity(table)) if *table == info.table);
                if of_target {
                    extra_shown.push(column);
                    sense.columns.retain(|known| known.1 != at);
                } else if target.is_none()
                    && (info.role.is_dimension() || info.role == Role::Identifier)
                {
                    target = Some(KeyOf::Column(column));
                    sense.columns.retain(|known| known.1 != at);
                }
            }
        }
        let extreme = sense.figures.iter().any(|sum| {
            matches!(
                sum,
                Sum::One(
                    Figure {
                        function: Some(Function::Maximum | Function::Minimum),
                        ..
                    },
                    _
                )
            )
        });
        let asked_rows = sense.entities.iter().any(|entity| entity.0 == base)
            && sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::Which | Ask::Who | Ask::List));
        // "the priciest listing in each city" are rows.
        let best_of_each = sense.all
            && sense.orders.iter().any(|order| {
                let (from, to) = self.frame.items[order.5].1;
                order.3.is_some()
                    && (from..to).any(|at| lexicon::measured_by(self.reader.word(at)).is_some())
            });
        if extreme && target == Some(KeyOf::Entity(base)) && !best_of_each {
            self.features.add(Feature::OrderMisfit, 1.0);
        }
        if extreme && (target.is_some() || asked_rows) && sense.keys.is_empty()
            || extreme && asked_rows && sense.asks.contains(&Ask::Which)
        {
            self.features.add(Feature::RoleMisfit, 1.0);
        }
        let which = sense
            .asks
            .iter()
            .any(|ask| matches!(ask, Ask::Which | Ask::Who));
        if target.is_some()
            && !has_limit
            && sense.keys.is_empty()
            && sense.window.is_none()
            && !(which
                && sense
                    .conds
                    .iter()
                    .any(|(cond, ..)| matches!(cond, Cond::Average { .. })))
        {
            self.features.add(Feature::ImplicitKey, 1.0);
        }
        if sense.growth && sense.times.len() == 2 {
            // "year over year, 2025 vs 2024": the two are told, not every year.
            sense
                .keys
                .retain(|(key, _)| !matches!(key, KeyOf::Part(..)));
        }
        let mut all_keys = sense.keys.clone();
        if let Some(target) = &target
            && !all_keys.iter().any(|(key, _)| key == target)
        {
            all_keys.push((target.clone(), usize::MAX));
        }
        let mut keys: Vec<Key> = Vec::new();
        for (key, at) in &all_keys {
            let near = self.frame.items.get(*at).map_or(0, |item| item.1.0);
            let built = self.key(base, key, &sense, near)?;
            if !keys.iter().any(|known| known.by == built.by) {
                keys.push(built);
            }
        }
        if keys.len() > 1 {
            self.features
                .add(Feature::SeveralKeys, keys.len() as f64 - 1.0);
        }
        // Shown columns of the target instead of its label.
        if !extra_shown.is_empty()
            && let Some(key) = keys.last_mut()
            && let Some((path, _)) = key.entity.clone()
        {
            key.shown = extra_shown
                .iter()
                .map(|&column| {
                    Expr::Column(Ref {
                        path: path.clone(),
                        column,
                    })
                })
                .collect();
        }
        // "copies that cost more than the average copy, how many per branch": said before the key, it is of rows.
        let first_key = sense.keys.iter().map(|(_, at)| *at).min();
        let of_rows = |cond: &Cond, at: usize| {
            matches!(cond, Cond::Average { column: Some(column), .. } if data.columns[*column].table == base)
                && first_key.is_some_and(|key| at < key)
                && self.counts_rows_of(&sense, base)
        };
        let (averages, plain): (Vec<_>, Vec<_>) =
            sense.conds.iter().cloned().partition(|(cond, at, _)| {
                matches!(cond, Cond::Average { within: None, .. })
                    && !keys.is_empty()
                    && !of_rows(cond, *at)
            });
        let sides: Vec<Cond> = plain
            .iter()
            .filter(|(cond, ..)| matches!(cond, Cond::Is { .. }))
            .map(|(cond, ..)| cond.clone())
            .collect();
        let by_values = match sides.as_slice() {
            [Cond::Is { column: one, .. }, Cond::Is { column: two, .. }] => {
                sense.growth && one == two && sense.times.is_empty()
            }
            _ => false,
        };
        let plain: Vec<_> = if by_values {
            plain
                .into_iter()
                .filter(|(cond, ..)| !matches!(cond, Cond::Is { .. }))
                .collect()
        } else {
            plain
        };
        let mut conditions = self.lower_all(base, &plain)?;
        self.leftover_entities(base, &sense)?;
        // Growth between two periods: each is a condition of its own side.
        let split = sense.growth && sense.times.len() == 2;
        if split {
            sense.window = None;
            sense.times.sort_by_key(|(time, ..)| time.from);
        }
        // Two periods that no row can lie in at once are told beside each other.
        let beside = !split && !sense.growth && sense.window.is_none() && are_apart(&sense.times);
        if beside && !sense.versus && follow_each_other(&sense.times) {
            // "in April and May": sooner one period than two figures.
            self.features.add(Feature::Unsure, 0.7);
        }
        if !split && !beside {
            self.lower_times(base, &sense, &mut conditions)?;
        }
        conditions.extend(self.flush_related());
        if sense.current {
            self.lower_current(base, &mut conditions);
        }
        if let Some(part) = sense.over {
            self.over = self.key(base, &KeyOf::Part(part, None), &sense, 0)?.by;
            if !matches!(sense.figures.as_slice(), [Sum::Nested(..)]) {
                return None;
            }
        }
        let mut measures = Vec::new();
        for sum in &sense.figures {
            let measure = self.measure(sum, base, &conditions, &keys)?;
            if !measures.contains(&measure) {
                measures.push(measure);
            }
        }
        let said = sense
            .figures
            .iter()
            .any(|sum| sum.main().function.is_some());
        let bare = sense
            .figures
            .iter()
            .filter(|sum| matches!(sum, Sum::One(Figure { function: None, .. }, _)))
            .count();
        if said && bare > 0 && sense.orders.is_empty() {
            self.features.add(Feature::Unsure, bare as f64);
        }
        if measures.len() > 1 {
            self.features
                .add(Feature::TwoFigures, measures.len() as f64 - 1.0);
        }
        for _ in &sense.columns {
            // A name that found no place.
            self.features.add(Feature::ExtraEntity, 1.5);
        }
        if split && let [Measure::Aggregate(only)] = measures.as_slice() {
            let mut sides = self.in_each_period(only, base, &sense)?;
            let after = sides.pop()?;
            let before = sides.pop()?;
            measures = vec![Measure::Growth(Box::new(before), Box::new(after))];
        } else if by_values && let [Measure::Aggregate(only)] = measures.as_slice() {
            let mut pair = Vec::new();
            for cond in &sides {
                let column = self.column_of(cond)?;
                let reference = self.expr_of(base, column, 0)?;
                let mut side = only.clone();
                side.filter.push(self.plain(cond, &reference, base)?);
                pair.push(Measure::Aggregate(side));
            }
            let after = pair.pop()?;
            let before = pair.pop()?;
            measures = vec![Measure::Growth(Box::new(before), Box::new(after))];
        } else if beside {
            let mut sides = Vec::new();
            for measure in &measures {
                let Measure::Aggregate(only) = measure else {
                    return None;
                };
                sides.extend(self.in_each_period(only, base, &sense)?);
            }
            measures = sides;
        } else if sense.growth {
            sense.window = Some(Window::Growth);
            if !keys
                .iter()
                .any(|key| matches!(key.by.first(), Some(Expr::Part(..))))
            {
                return None;
            }
        }
        if sense.window.is_some() {
            self.features.add(Feature::WindowUsed, 1.0);
            let along = keys
                .iter()
                .any(|key| matches!(key.by.first(), Some(Expr::Part(..))));
            if !matches!(sense.window, Some(Window::ShareOfTotal | Window::Rank)) && !along {
                // A running total needs an order: months where nothing is said.
                if keys.is_empty() {
                    let key = self.key(base, &KeyOf::Part(Part::Month, None), &sense, 0)?;
                    self.features.add(Feature::AssumedTime, 2.0);
                    keys.push(key);
                } else {
                    self.features.add(Feature::Unsure, 1.0);
                }
            }
        }
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        let mut show_measures = true;
        let mut order = Vec::new();
        for (by, function, descending, limit, offset, _) in &sense.orders {
            let position = match by {
                By::Measure => Some(OrderBy::Measure(0)),
                By::Of(of) => {
                    let figure = Figure::new(*function, of.clone());
                    let same = sense.figures.iter().position(|sum| sum.main().of == *of);
                    if let Some(at) = same {
                        Some(OrderBy::Measure(at))
                    } else {
                        let column_key = keys.iter().position(|key| matches!((of, key.shown.first()), (Of::Column(column), Some(Expr::Column(reference))) if reference.column == *column));
                        if let Some(at) = column_key {
                            Some(OrderBy::Key(at))
                        } else {
                            let measure = self.one(&figure, base, &query.rows.conditions, &keys)?;
                            measures.push(measure);
                            self.features.add(Feature::TwoFigures, 1.0);
                            Some(OrderBy::Measure(measures.len() - 1))
                        }
                    }
                }
                By::Time => keys
                    .iter()
                    .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
                    .map(OrderBy::Key),
                By::Name => (!keys.is_empty()).then_some(OrderBy::Key(0)),
            };
            if let Some(position) = position {
                if keys.is_empty() {
                    self.features.add(Feature::OrderMisfit, 1.0);
                } else {
                    order.push((position, *descending));
                }
            } else {
                self.features.add(Feature::OrderMisfit, 1.0);
            }
            if let Some(limit) = limit {
                query.limit = Some(*limit);
                query.offset = *offset;
            }
        }
        if let Some(limit) = sense.limit {
            query.limit = Some(limit);
            if query.order.is_empty() && order.is_empty() {
                self.features.add(Feature::Unsure, 1.0);
            }
        }
        if query.limit.is_some() {
            for key in &keys {
                if let Some(Expr::Column(reference)) = key.by.first()
                    && reference.path.is_empty()
                    && data.columns[reference.column].stats.nulls > 0
                {
                    query
                        .rows
                        .conditions
                        .push(Condition::Null(reference.clone(), false));
                }
            }
        }
        // The best of each group.
        if query.limit.is_some()
            && !sense.keys.is_empty()
            && target.is_some()
            && keys.len() > 1
            && sense.window.is_none()
        {
            query.per = Some(0);
        }
        if query.limit.is_some() && sense.all && query.per.is_none() && !sense.keys.is_empty() {
            // "in each department": the best of all groups was not asked for.
            self.features.add(Feature::OrderMisfit, 1.5);
        }
        let part_asked = sense.asks.contains(&Ask::Which)
            && matches!(sense.keys.as_slice(), [(KeyOf::Part(..), _)]);
        let asked_for_names = (target.is_some() || part_asked)
            && query.limit.is_some()
            && sense.figures.iter().all(|sum| match sum {
                Sum::One(figure, at) => sense.orders.iter().any(|order| {
                    order.5 == *at || matches!(&order.0, By::Of(of) if *of == figure.of)
                }),
                _ => false,
            });
        // One name answers "which"; of several, people compare the figures.
        if asked_for_names && query.limit == Some(1) {
            show_measures = false;
        }
        for (cond, ..) in averages {
            let Cond::Average {
                column, operator, ..
            } = cond
            else {
                continue;
            };
            let measure = match column {
                Some(column) => self.one(
                    &Figure::new(Some(Function::Average), Of::Column(column)),
                    base,
                    &[],
                    &keys,
                )?,
                None => measures.first()?.clone(),
            };
            query.having.push((measure, operator, Having::Overall));
        }
        if order.is_empty() {
            if let Some(at) = keys
                .iter()
                .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
            {
                order.push((OrderBy::Key(at), false));
            } else if !keys.is_empty()
                && !measures.is_empty()
                && (query.limit.is_some() || sense.window.is_none())
            {
                // People compare groups: the largest comes first.
                order.push((OrderBy::Measure(0), true));
            }
        }
        // Whoever shares the first place is told, too.
        query.ties = query.limit == Some(1)
            && query.offset == 0
            && query.per.is_none()
            && self.asks_for_several();
        query.order = order;
        let keeps = sense.with_empty || sense.all && self.keeps_all();
        let counts_rows = matches!(
            measures.as_slice(),
            [Measure::Aggregate(Aggregate {
                function: Function::Count,
                expr: None,
                ..
            })]
        );
        if keeps
            && counts_rows
            && query.limit.is_none()
            && let [Key { entity: None, .. }] = keys.as_slice()
            && let [Measure::Aggregate(count)] = measures.as_mut_slice()
        {
            // Every group that there is, with the rows of it that meet the conditions.
            count.filter.append(&mut query.rows.conditions);
        }
        let keep_empty = keeps
            && keys.len() == 1
            && query.limit.is_none()
            && matches!(
                measures.as_slice(),
                [Measure::Aggregate(Aggregate {
                    function: Function::Count,
                    ..
                })]
            )
            && keys[0]
                .entity
                .as_ref()
                .is_some_and(|(path, _)| path.len() == 1);
        query.select = Select::Group {
            keys,
            measures,
            window: sense.window,
            show_measures,
            keep_empty,
        };
        Some(query)
    }

    /// "all", "each" and "every" of a thing ask for those with none as well.
    fn keeps_all(&self) -> bool {
        self.reader
            .tokens
            .iter()
            .any(|token| matches!(token.lower.as_str(), "all" | "every" | "none" | "zero"))
    }

    fn counts_rows_of(&self, sense: &Sense, base: TableId) -> bool {
        sense.figures.iter().all(
            |sum| matches!(sum, Sum::One(Figure { of: Of::Rows(rows), .. }, _) if *rows == base),
        )
    }
}
