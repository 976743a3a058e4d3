//! Rows that belong to others: of which some exist, none, or so many.

use super::super::data::TableId;
use super::super::frame::{Figure, Item, Of};
use super::super::query::{Condition, Expr, Function, Operator, Ref, Rows, Value};
use super::super::score::Feature;
use super::{Builder, Related, Sense, Sum};

impl Builder<'_, '_> {
    /// "members who borrowed": the column that refers to them is said as a verb, so rows of its table are meant.
    pub(super) fn verbs_of_relations(&self, sense: &mut Sense) {
        let data = self.reader.data;
        let subjects: Vec<TableId> = sense
            .entities
            .iter()
            .filter(|entity| !entity.2)
            .map(|entity| entity.0)
            .chain(sense.figures.iter().filter_map(|sum| match sum {
                Sum::One(
                    Figure {
                        of: Of::Rows(table),
                        ..
                    },
                    _,
                ) => Some(*table),
                _ => None,
            }))
            .collect();
        for (column, at) in sense.columns.clone() {
            let span = self.frame.items[at].1;
            let said = self.reader.word(span.1.saturating_sub(1));
            let verb = span.1 == span.0 + 1
                && (said.ends_with("ed")
                    || span.0 > 0
                        && matches!(
                            self.reader.word(span.0 - 1),
                            "did" | "not" | "never" | "have" | "who"
                        ));
            let Some(edge) = data.edge_of(column) else {
                continue;
            };
            let edge = &data.edges[edge];
            if verb
                && edge.from != edge.to
                && subjects.contains(&edge.to)
                && !subjects.contains(&edge.from)
            {
                sense.columns.retain(|known| known.1 != at);
                sense.entities.push((edge.from, at, true));
            }
        }
    }

    /// Entities without a function restrict the rows: those that are related to some.
    pub(super) fn leftover_entities(&mut self, base: TableId, sense: &Sense) -> Option<()> {
        let data = self.reader.data;
        for &(table, position, clause) in &sense.entities {
            if table == base {
                continue;
            }
            if !data.paths_up(base, table).is_empty() {
                // Every row belongs to one: nothing is restricted.
                self.features.add(Feature::ExtraEntity, 0.3);
                continue;
            }
            let figures = sense
                .figures
                .iter()
                .any(|sum| self.reader.data.table_of(&sum.main().of) == table);
            if figures {
                continue;
            }
            if !clause {
                self.features.add(Feature::BareRelation, 1.0);
            }
            let known = self.related.iter().any(|known| known.base == table);
            if known {
                continue;
            }
            self.lower_has(base, table, Operator::GreaterOrEqual, 1.0, position)?;
        }
        Some(())
    }

    pub(super) fn lower_has(
        &mut self,
        base: TableId,
        table: TableId,
        operator: Operator,
        count: f64,
        position: usize,
    ) -> Option<Option<Condition>> {
        let data = self.reader.data;
        if table == base {
            return None;
        }
        if let Some(path) = data.paths_up(base, table).first().cloned() {
            // A reference that is empty, or not.
            let first = data.edges[*path.first()?].from_columns.first().copied()?;
            let is_named = self.frame.has(|item| match item {
                Item::Entity(named) => *named == base,
                Item::Figure(figure) => figure.of == Of::Rows(base),
                _ => false,
            });
            if operator == Operator::Equal
                && count == 0.0
                && data.columns[first].stats.nulls == 0
                && !is_named
            {
                // "members who attended no performance": of the rows that say who attended what, none lacks one.
                self.features.add(Feature::Contradiction, 1.0);
            }
            return match (operator, count as i64) {
                (Operator::Equal, 0) => Some(Some(Condition::Null(Ref::own(first), true))),
                (Operator::GreaterOrEqual, 1) => {
                    Some(Some(Condition::Null(Ref::own(first), false)))
                }
                _ => None,
            };
        }
        let (up, rows, down) = self.relation(base, table)?;
        let known = self
            .related
            .iter_mut()
            .find(|known| known.up == up && known.base == rows && known.down == down);
        match known {
            Some(known) if known.operator == Operator::GreaterOrEqual && known.count <= 1.0 => {
                known.operator = operator;
                known.count = count;
                known.position = position;
            }
            _ => self.related.push(Related {
                up,
                base: rows,
                down,
                conditions: Vec::new(),
                operator,
                count,
                beyond_mean: None,
                columns: Vec::new(),
                position,
            }),
        }
        Some(None)
    }

    pub(super) fn lower_has_figure(
        &mut self,
        base: TableId,
        figure: &Figure,
        operator: Operator,
        value: f64,
    ) -> Option<Option<Condition>> {
        let table = self.reader.data.table_of(&figure.of);
        if table == base {
            let Of::Column(column) = figure.of else {
                return None;
            };
            if matches!(
                figure.function,
                Some(Function::Count | Function::CountDistinct)
            ) {
                return None;
            }
            return Some(Some(Condition::Compare(
                Expr::Column(Ref::own(column)),
                operator,
                Value::Number(value),
            )));
        }
        let (up, rows, down) = self.relation(base, table)?;
        let aggregate = self.aggregate(figure, rows)?;
        Some(Some(Condition::Related {
            up,
            rows: Box::new(Rows {
                base: rows,
                conditions: Vec::new(),
            }),
            down,
            operator,
            count: value,
            measure: Some(Box::new(aggregate)),
        }))
    }

    pub(super) fn flush_related(&mut self) -> Vec<Condition> {
        std::mem::take(&mut self.related)
            .into_iter()
            .map(|one| {
                let rows = Box::new(Rows {
                    base: one.base,
                    conditions: one.conditions,
                });
                match one.beyond_mean {
                    Some(measure) => Condition::BeyondMean {
                        up: one.up,
                        rows,
                        down: one.down,
                        operator: one.operator,
                        measure: Box::new(measure),
                    },
                    None => Condition::Related {
                        up: one.up,
                        rows,
                        down: one.down,
                        operator: one.operator,
                        count: one.count,
                        measure: None,
                    },
                }
            })
            .collect()
    }
}
