//! Parts of a whole: "what share of X was Y", "percentage of revenue by channel".

use super::super::frame::{By, Figure, Item, Of};
use super::super::query::{Expr, Function, Measure, Operator, OrderBy, Query, Select, Window};
use super::super::score::Feature;
use super::{Builder, Sense};

impl Builder<'_, '_> {
    /// "what share of X was Y", "percentage of revenue by channel".
    pub(super) fn share(&mut self, mut sense: Sense) -> Option<Query> {
        let data = self.reader.data;
        let at = sense.share?;
        self.features.add(Feature::ShareUsed, 1.0);
        // A sum: its share by group, or the share of it that meets conditions.
        let figure = if let Some(sum) = sense.figures.first() {
            sum.main().clone()
        } else {
            let table = match sense.entities.first().copied() {
                Some((table, place, _)) => {
                    sense.entities.retain(|entity| entity.1 != place);
                    table
                }
                None => self.table_of_conditions(&sense)?,
            };
            Figure::new(Some(Function::Count), Of::Rows(table))
        };
        let base = self.reader.data.table_of(&figure.of);
        let noun = self
            .frame
            .items
            .iter()
            .position(|(item, _)| match item {
                Item::Entity(table) => matches!(figure.of, Of::Rows(own) if own == *table),
                Item::Figure(own) => own.of == figure.of,
                _ => false,
            })
            .unwrap_or(at);
        let mut keys = Vec::new();
        for (key, place) in sense.keys.clone() {
            let near = self.frame.items.get(place).map_or(0, |item| item.1.0);
            keys.push(self.key(base, &key, &sense, near)?);
        }
        // What is said before the noun describes the whole, what comes after it the part.
        let after: Vec<_> = sense
            .conds
            .iter()
            .filter(|(_, place, _)| *place > noun)
            .cloned()
            .collect();
        let (whole, part): (Vec<_>, Vec<_>) = if after.is_empty() {
            (Vec::new(), sense.conds.clone())
        } else if self.pick("share".into(), 2) == 0 {
            // The last of them is what is asked.
            let last = after.iter().map(|(_, place, _)| *place).max().unwrap_or(0);
            sense
                .conds
                .iter()
                .cloned()
                .partition(|(_, place, _)| *place != last && (*place < noun || after.len() > 1))
        } else {
            (
                sense
                    .conds
                    .iter()
                    .filter(|(_, place, _)| *place < noun)
                    .cloned()
                    .collect(),
                after,
            )
        };
        for _ in &sense.columns {
            self.features.add(Feature::ExtraEntity, 1.5);
        }
        let part_tables: Vec<_> = sense
            .entities
            .iter()
            .filter(|entity| entity.0 != base && data.paths_up(base, entity.0).is_empty())
            .copied()
            .collect();
        let mut conditions = self.lower_all(base, &whole)?;
        conditions.extend(self.flush_related());
        self.lower_times(base, &sense, &mut conditions)?;
        if sense.current {
            self.lower_current(base, &mut conditions);
        }
        let mut filter = self.lower_all(base, &part)?;
        for (table, position, _) in part_tables {
            self.lower_has(base, table, Operator::GreaterOrEqual, 1.0, position)?;
        }
        filter.extend(self.flush_related());
        let whole_figure = self.aggregate(&figure, base)?;
        let mut query = Query::list(base);
        query.rows.conditions = conditions;
        if filter.is_empty() {
            if keys.is_empty() {
                return None;
            }
            query.select = Select::Group {
                keys,
                measures: vec![Measure::Aggregate(whole_figure)],
                window: Some(Window::ShareOfTotal),
                show_measures: true,
                keep_empty: false,
            };
            return Some(query);
        }
        let mut of_part = whole_figure.clone();
        of_part.filter = filter;
        let mut order = Vec::new();
        if let Some(at) = keys
            .iter()
            .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
        {
            order.push((OrderBy::Key(at), false));
        }
        for (by, _, descending, limit, offset, _) in &sense.orders {
            if *by == By::Measure && !keys.is_empty() {
                order = vec![(OrderBy::Measure(0), *descending)];
                query.limit = *limit;
                query.offset = *offset;
            }
        }
        query.order = order;
        query.select = Select::Group {
            keys,
            measures: vec![Measure::Ratio {
                over: Box::new(Measure::Aggregate(of_part)),
                under: Box::new(Measure::Aggregate(whole_figure)),
                percent: true,
            }],
            window: None,
            show_measures: true,
            keep_empty: false,
        };
        Some(query)
    }
}
