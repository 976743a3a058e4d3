//! What has the most or the least of something, where rows are grouped first: "who has the most orders".

use schema_gen::meaning::{Role, TableKind};

use super::super::frame::{Ask, By, Figure, Item, KeyOf, Of};
use super::super::query::{Function, Query};
use super::super::score::Feature;
use super::{Builder, Sense, Sum};

impl Builder<'_, '_> {
    /// An order with a limit over something that must be grouped first. `None`: not such a question.
    pub(super) fn superlative(&mut self, sense: &mut Sense) -> Option<Option<Query>> {
        let data = self.reader.data;
        let position = sense.orders.iter().position(|order| {
            matches!(order.0, By::Of(_)) || matches!(order.0, By::Measure) && order.3.is_some()
        })?;
        let (by, function, ..) = sense.orders[position].clone();
        // What is to be named: the asked entity or column.
        let subject = sense
            .entities
            .iter()
            .find(|entity| !matches!(&by, By::Of(Of::Rows(table)) if *table == entity.0))
            .copied();
        let column = sense
            .columns
            .iter()
            .find(|(column, _)| {
                let info = &data.columns[*column];
                info.role.is_dimension() || info.role == Role::Identifier
            })
            .copied();
        match by {
            By::Of(Of::Rows(table)) => {
                sense.figures.push(Sum::One(
                    Figure::new(Some(Function::Count), Of::Rows(table)),
                    sense.orders[position].5,
                ));
                // "who has the most orders", nothing named: what the rows refer to.
                Some(self.group(sense.clone()))
            }
            By::Of(of) => {
                let table = self.reader.data.table_of(&of);
                let additive = match &of {
                    Of::Column(column) => data.columns[*column].role.is_additive(),
                    _ => true,
                };
                let mut subject = subject;
                if subject.is_none() && column.is_none() {
                    let whose = (sense.asks.first() == Some(&Ask::Who) && !sense.also_who)
                        .then(|| self.way_to_whom(table))
                        .flatten()
                        .and_then(|path| path.last().map(|&edge| data.edges[edge].to))
                        .filter(|_| additive && !data.tables[table].holds_persons);
                    // "who logged the most hours": of all that they logged. "the three most valuable in each room":
                    // the rows themselves.
                    let rows = sense
                        .keys
                        .iter()
                        .any(|(key, _)| !matches!(key, KeyOf::Part(..)))
                        .then_some(table);
                    if let Some(table) = whose.or(rows) {
                        let entity = (table, sense.orders[position].5, false);
                        sense.entities.push(entity);
                        subject = Some(entity);
                    }
                }
                let grouped = match (subject, column) {
                    (Some((subject, ..)), _) if subject == table => false,
                    (Some((subject, ..)), _) => !data.paths_up(table, subject).is_empty(),
                    (None, Some((column, _))) => {
                        let info = &data.columns[column];
                        if info.table == table {
                            // A category has many rows: either the group's total or the row's own.
                            let unique =
                                info.is_unique || data.tables[table].label.contains(&column);
                            let choices = if unique { 1 } else { 2 };
                            !unique
                                && self.pick("grouped".into(), choices) == 0
                                && function != Some(Function::Maximum)
                        } else {
                            !data.paths_up(table, info.table).is_empty()
                        }
                    }
                    (None, None) => {
                        sense
                            .keys
                            .iter()
                            .any(|(key, _)| matches!(key, KeyOf::Part(..)))
                            || function.is_some_and(|function| {
                                !matches!(function, Function::Maximum | Function::Minimum)
                            })
                    }
                };
                let per_key = !sense.keys.is_empty() && (subject.is_some() || column.is_some());
                if !grouped && !per_key {
                    return None;
                }
                let function = if grouped {
                    function
                } else {
                    Some(if sense.orders[position].2 {
                        Function::Maximum
                    } else {
                        Function::Minimum
                    })
                };
                if grouped
                    && (subject.is_some()
                        || column.is_some_and(|(column, _)| data.columns[column].table != table))
                {
                    self.features.add(Feature::FarOrder, 1.0);
                }
                let descending = sense.orders[position].2;
                let function = function.or_else(|| {
                    let choice = self.pick("extreme".into(), 2);
                    let extreme = if descending {
                        Function::Maximum
                    } else {
                        Function::Minimum
                    };
                    // "the most" adds up, "the highest" is one row's.
                    let place = self.frame.items[sense.orders[position].5].1.0;
                    let adds = (place.saturating_sub(4)..place).any(|at| {
                        matches!(
                            self.reader.word(at),
                            "most" | "least" | "fewest" | "top" | "best"
                        )
                    });
                    let usual = if additive && adds {
                        Function::Sum
                    } else {
                        extreme
                    };
                    let other = if additive && !adds {
                        Function::Sum
                    } else if additive {
                        extreme
                    } else {
                        Function::Average
                    };
                    if choice > 0 {
                        self.features.add(Feature::Unsure, 0.6);
                    }
                    Some(if choice == 0 { usual } else { other })
                });
                sense.figures.push(Sum::One(
                    Figure::new(function, of),
                    sense.orders[position].5,
                ));
                Some(self.group(sense.clone()))
            }
            By::Measure => {
                if function == Some(Function::Count) {
                    // "the most common X"
                    let table = match (column, subject) {
                        (Some((column, _)), _) => data.columns[column].table,
                        (None, Some((subject, ..))) => subject,
                        (None, None) if !sense.keys.is_empty() => {
                            // "busiest hour": of what there is most of.
                            self.features.add(Feature::NoSubject, 1.0);
                            let events = (0..data.tables.len())
                                .filter(|&table| data.tables[table].kind == TableKind::Event);
                            match events.max_by_key(|&table| data.tables[table].rows) {
                                Some(table) => table,
                                None => return Some(None),
                            }
                        }
                        _ => return None,
                    };
                    let table = if column.is_none()
                        || data.tables[table].kind == TableKind::Lookup
                        || column
                            .is_some_and(|(column, _)| data.tables[table].label.contains(&column))
                    {
                        // What refers to it is counted.
                        data.edges
                            .iter()
                            .find(|edge| edge.to == table)
                            .map_or(table, |edge| edge.from)
                    } else {
                        table
                    };
                    sense.figures.push(Sum::One(
                        Figure::new(Some(Function::Count), Of::Rows(table)),
                        sense.orders[position].5,
                    ));
                    return Some(self.group(sense.clone()));
                }
                // "top 5 borrowers": whoever the most rows refer to.
                if let Some((column, _)) = column
                    && sense.keys.is_empty()
                    && data.columns[column].is_foreign
                {
                    self.features.add(Feature::AssumedFunction, 1.0);
                    self.features.add(Feature::Unsure, 0.5);
                    sense.figures.push(Sum::One(
                        Figure::new(Some(Function::Count), Of::Rows(data.columns[column].table)),
                        sense.orders[position].5,
                    ));
                    return Some(self.group(sense.clone()));
                }
                self.features.add(Feature::LostFunction, 1.0);
                None
            }
            _ => None,
        }
    }

    /// "which tools", "who": whoever shares the first place is meant, too.
    pub(super) fn asks_for_several(&self) -> bool {
        let named = self
            .frame
            .items
            .iter()
            .find(|(item, _)| matches!(item, Item::Entity(_) | Item::Column(_)));
        match named {
            Some((_, span)) => self
                .reader
                .tokens
                .get(span.1.saturating_sub(1))
                .is_some_and(|token| token.lower != token.word.lemma && token.lower.ends_with('s')),
            None => self.frame.ask() == Some(Ask::Who),
        }
    }
}
