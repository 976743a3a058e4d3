//! Rows that are counted though no figure of them was said: "orders by month".

use super::super::data::TableId;
use super::super::frame::{Ask, By, Figure, Item, Of};
use super::super::query::Function;
use super::super::score::Feature;
use super::{Builder, Sense, Sum};

impl Builder<'_, '_> {
    /// "by section: orders, average price and total discount": a table among figures stands for the number of its rows.
    pub(super) fn counted_among_figures(&mut self, sense: &mut Sense) {
        if sense.figures.is_empty() || sense.keys.is_empty() {
            return;
        }
        let items = &self.frame.items;
        let is_figure = |at: Option<usize>| {
            at.and_then(|at| items.get(at))
                .is_some_and(|(item, _)| matches!(item, Item::Figure(_) | Item::Entity(_)))
        };
        let is_and = |at: Option<usize>| {
            at.and_then(|at| items.get(at))
                .is_some_and(|(item, _)| *item == Item::And)
        };
        for (table, at, clause) in sense.entities.clone() {
            let after = is_and(Some(at + 1)) && is_figure(Some(at + 2));
            let before = is_and(at.checked_sub(1)) && is_figure(at.checked_sub(2));
            if clause || !(after || before) {
                continue;
            }
            sense.entities.retain(|entity| entity.1 != at);
            let place = sense.figures.iter().position(|sum| sum.place() > at);
            let count = Figure::new(Some(Function::Count), Of::Rows(table));
            sense
                .figures
                .insert(place.unwrap_or(sense.figures.len()), Sum::One(count, at));
            self.features.add(Feature::AssumedFunction, 0.5);
        }
    }

    /// Keys without a figure: rows are counted.
    pub(super) fn only_rows(&self, sense: &Sense) -> bool {
        sense
            .orders
            .iter()
            .all(|order| matches!(order.0, By::Measure | By::Time | By::Name))
            && !sense
                .asks
                .iter()
                .any(|ask| matches!(ask, Ask::Which | Ask::Who) && sense.keys.is_empty())
    }

    pub(super) fn assume_count(&mut self, sense: &mut Sense) -> Option<()> {
        let table = match sense.entities.first() {
            Some(&(table, at, _)) => {
                sense.entities.retain(|entity| entity.1 != at);
                table
            }
            None => self.table_of_conditions(sense)?,
        };
        self.features.add(Feature::AssumedFunction, 1.0);
        if sense
            .orders
            .iter()
            .any(|order| order.0 == By::Measure && order.3.is_some())
        {
            self.features.add(Feature::OrderMisfit, 1.0);
        }
        sense.figures.push(Sum::One(
            Figure::new(Some(Function::Count), Of::Rows(table)),
            0,
        ));
        Some(())
    }

    pub(super) fn table_of_conditions(&mut self, sense: &Sense) -> Option<TableId> {
        self.features.add(Feature::NoSubject, 1.0);
        let of_cond = sense
            .conds
            .iter()
            .find_map(|(cond, ..)| self.cond_table(cond));
        of_cond
            .or_else(|| {
                sense
                    .time_of
                    .first()
                    .map(|(column, _)| self.reader.data.columns[*column].table)
            })
            .or_else(|| {
                sense
                    .columns
                    .first()
                    .map(|(column, _)| self.reader.data.columns[*column].table)
            })
    }
}
