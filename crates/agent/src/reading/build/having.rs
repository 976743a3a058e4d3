//! Groups of which something holds: "countries with at least 3 customers", "channels with a CSAT below the average".

use super::super::data::ColumnId;
use super::super::frame::{Cond, KeyOf};
use super::super::query::{Aggregate, Expr, Function, Having, Key, Measure, Query, Ref, Select};
use super::{Builder, Sense};

impl Builder<'_, '_> {
    /// "locations with more than 2 companies", "countries that have at least 3 customers": groups by their size.
    pub(super) fn grouped_count(&mut self, sense: &Sense) -> Option<Query> {
        let data = self.reader.data;
        let (table, operator, count, at) =
            sense.conds.iter().find_map(|(cond, at, _)| match cond {
                Cond::Has {
                    table,
                    operator,
                    count,
                } => Some((*table, *operator, *count, *at)),
                _ => None,
            })?;
        let named = sense.entities.iter().any(|entity| entity.0 != table);
        let columns: Vec<ColumnId> = sense
            .columns
            .iter()
            .map(|(column, _)| *column)
            .filter(|&column| {
                let info = &data.columns[column];
                !named
                    && (info.table == table
                        && !data.tables[table].key.contains(&column)
                        && !info.is_unique
                        || info.table != table
                            && !info.is_unique
                            && !data.paths_up(table, info.table).is_empty()
                            && info.role.is_dimension()
                            && !data.tables[info.table].label.contains(&column))
            })
            .collect();
        if columns.is_empty() || columns.len() != sense.columns.len() || count == 0.0 {
            return None;
        }
        let mut keys: Vec<Key> = Vec::new();
        for column in columns {
            let key = self.key(table, &KeyOf::Column(column), sense, 0)?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let others: Vec<_> = sense
            .conds
            .iter()
            .filter(|(_, place, _)| *place != at)
            .cloned()
            .collect();
        let conditions = self.lower_with_times(table, &others, sense)?;
        let measure = Measure::Aggregate(Aggregate {
            function: Function::Count,
            expr: None,
            filter: Vec::new(),
        });
        let mut query = Query::list(table);
        query.rows.conditions = conditions;
        query
            .having
            .push((measure.clone(), operator, Having::Number(count)));
        query.select = Select::Group {
            keys,
            measures: vec![measure],
            window: None,
            show_measures: false,
            keep_empty: false,
        };
        Some(query)
    }

    /// "which channels have a CSAT below the average": groups compared with all rows.
    pub(super) fn grouped_average(&mut self, sense: &Sense) -> Option<Query> {
        let data = self.reader.data;
        let (cond, ..) = sense
            .conds
            .iter()
            .find(|(cond, ..)| matches!(cond, Cond::Average { within: None, .. }))?;
        let Cond::Average {
            column: Some(measured),
            operator,
            ..
        } = cond
        else {
            return None;
        };
        let table = data.columns[*measured].table;
        // "tools with a day rate above the average": tools are asked for, and no groups of them.
        if sense
            .entities
            .first()
            .is_some_and(|(entity, _, clause)| *entity == table && !clause)
        {
            return None;
        }
        let target = sense
            .columns
            .iter()
            .find(|(column, _)| {
                let info = &data.columns[*column];
                info.role.is_dimension()
                    && (info.table != table && !data.paths_up(table, info.table).is_empty()
                        || info.table == table && !data.tables[table].label.contains(column))
            })
            .map(|(column, _)| KeyOf::Column(*column))
            .or_else(|| {
                sense
                    .entities
                    .iter()
                    .find(|entity| entity.0 != table && !data.paths_up(table, entity.0).is_empty())
                    .map(|entity| KeyOf::Entity(entity.0))
            })?;
        let key = self.key(table, &target, sense, 0)?;
        let others: Vec<_> = sense
            .conds
            .iter()
            .filter(|(cond, ..)| !matches!(cond, Cond::Average { .. }))
            .cloned()
            .collect();
        let conditions = self.lower_with_times(table, &others, sense)?;
        let measure = Measure::Aggregate(Aggregate {
            function: Function::Average,
            expr: Some(Expr::Column(Ref::own(*measured))),
            filter: Vec::new(),
        });
        let mut query = Query::list(table);
        query.rows.conditions = conditions;
        query
            .having
            .push((measure.clone(), *operator, Having::Overall));
        query.select = Select::Group {
            keys: vec![key],
            measures: vec![measure],
            window: None,
            show_measures: false,
            keep_empty: false,
        };
        Some(query)
    }
}
