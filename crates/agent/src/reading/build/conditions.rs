//! Conditions: over a column that the rows reach, or kept for rows that are related to them.

use super::super::data::{ColumnId, EdgeId, TableId};
use super::super::frame::{Cond, KeyOf};
use super::super::query::{Condition, Expr, Operator, Part, Ref, Value};
use super::super::score::Feature;
use super::shared::apart;
use super::{Builder, Related, Sense};

impl Builder<'_, '_> {
    pub(super) fn lower_all(
        &mut self,
        base: TableId,
        conds: &[(Cond, usize, (usize, usize))],
    ) -> Option<Vec<Condition>> {
        let mut conditions = Vec::new();
        for (cond, position, span) in conds {
            if let Some(condition) = self.lower(base, cond, *position, span.0)? {
                conditions.push(condition);
            }
        }
        Some(conditions)
    }

    /// The conditions, the times that were said, and what related rows they ask for.
    pub(super) fn lower_with_times(
        &mut self,
        base: TableId,
        conds: &[(Cond, usize, (usize, usize))],
        sense: &Sense,
    ) -> Option<Vec<Condition>> {
        let mut conditions = self.lower_all(base, conds)?;
        self.lower_times(base, sense, &mut conditions)?;
        conditions.extend(self.flush_related());
        Some(conditions)
    }

    /// `None`: impossible; `Some(None)`: kept among the related rows.
    fn lower(
        &mut self,
        base: TableId,
        cond: &Cond,
        position: usize,
        near: usize,
    ) -> Option<Option<Condition>> {
        let data = self.reader.data;
        if let Cond::Has {
            table,
            operator,
            count,
        } = cond
        {
            return self.lower_has(base, *table, *operator, *count, position);
        }
        if let Cond::HasFigure {
            figure,
            operator,
            value,
        } = cond
        {
            return self.lower_has_figure(base, figure, *operator, *value);
        }
        if let Cond::Hour { operator, hour } = cond {
            let (column, path) = match data.tables[base].time {
                Some(time) => (time, Vec::new()),
                None => (0..data.tables.len())
                    .filter_map(|table| {
                        let time = data.tables[table].time?;
                        Some((time, data.paths_up(base, table).into_iter().next()?))
                    })
                    .min_by_key(|(_, path)| path.len())?,
            };
            let reference = Ref { path, column };
            if data.columns[column].column_type != ingest::ColumnType::Datetime {
                return None;
            }
            let compared = Condition::Compare(
                Expr::Part(Part::Hour, reference),
                *operator,
                Value::Number(f64::from(*hour)),
            );
            return Some(Some(compared));
        }
        if let Cond::BeyondMean { figure, operator } = cond {
            let table = data.table_of(&figure.of);
            if table == base {
                return None;
            }
            let (up, rows, down) = self.relation(base, table)?;
            let aggregate = self.aggregate(figure, rows)?;
            self.related.push(Related {
                up,
                base: rows,
                down,
                conditions: Vec::new(),
                operator: *operator,
                count: 0.0,
                beyond_mean: Some(aggregate),
                columns: Vec::new(),
                position,
            });
            return Some(None);
        }
        if let Cond::Any(any) = cond {
            let mut all = Vec::new();
            for one in any {
                all.push(self.lower(base, one, position, near)??);
            }
            return Some(Some(Condition::Any(all)));
        }
        let table = self.cond_table(cond)?;
        if table == base || !data.paths_up(base, table).is_empty() {
            let column = self.column_of(cond)?;
            let reference = self.expr_of(base, column, near)?;
            return Some(Some(self.plain(cond, &reference, base)?));
        }
        // On the other side of a one-to-many relationship: rows that meet it exist.
        let column = self.column_of(cond)?;
        let (up, rows, down) = self.relation(base, table)?;
        let negated = matches!(cond, Cond::Is { negated: true, .. });
        let positive = match cond {
            Cond::Is { column, values, .. } => Cond::Is {
                column: *column,
                values: values.clone(),
                negated: false,
            },
            other => other.clone(),
        };
        let reference = self.expr_of(rows, column, near)?;
        let condition = self.plain(&positive, &reference, rows)?;
        let operator = if negated {
            Operator::Equal
        } else {
            Operator::GreaterOrEqual
        };
        let count = if negated { 0.0 } else { 1.0 };
        let is_equality = matches!(cond, Cond::Is { .. });
        if !negated && self.joined_by_and(cond, near) {
            // "had a starter and a dessert": both, sooner than one of them.
            self.features.add(Feature::Unsure, 1.0);
        }
        let both = self.both;
        let joins = self.related.iter_mut().rev().find(|known| {
            known.up == up
                && known.base == rows
                && known.down == down
                && !negated
                && !(is_equality && known.columns.contains(&column))
                && (known.operator != Operator::Equal
                    || known.conditions.is_empty() && !known.columns.contains(&column))
                && !(both && is_equality)
        });
        match joins {
            Some(known) => {
                known.conditions.push(condition);
                known.columns.push(column);
                known.position = position;
            }
            None => self.related.push(Related {
                up,
                base: rows,
                down,
                conditions: vec![condition],
                operator,
                count,
                beyond_mean: None,
                columns: vec![column],
                position,
            }),
        }
        Some(None)
    }

    /// Whether the condition stands for several values that "and" joins.
    fn joined_by_and(&self, cond: &Cond, near: usize) -> bool {
        let Cond::Is { values, .. } = cond else {
            return false;
        };
        let several = values
            .iter()
            .any(|value| !value.trim().eq_ignore_ascii_case(values[0].trim()));
        let said = |word: &str| (near..near + 6).any(|at| self.reader.word(at) == word);
        several && said("and") && !said("or")
    }

    pub(super) fn cond_table(&self, cond: &Cond) -> Option<TableId> {
        let data = self.reader.data;
        match cond {
            Cond::Is { column, .. }
            | Cond::Compare { column, .. }
            | Cond::Between { column, .. }
            | Cond::Null { column, .. }
            | Cond::Flag { column, .. }
            | Cond::Like { column, .. } => Some(data.columns[*column].table),
            Cond::Columns { left, .. } => Some(data.columns[*left].table),
            Cond::Other { through, .. } => Some(data.columns[*through].table),
            Cond::Average { column, .. } => column.map(|column| data.columns[column].table),
            Cond::Has { .. } => None,
            Cond::HasFigure { figure, .. } | Cond::BeyondMean { figure, .. } => {
                Some(self.reader.data.table_of(&figure.of))
            }
            Cond::Hour { .. } => None,
            Cond::Any(any) => any.first().and_then(|cond| self.cond_table(cond)),
        }
    }

    pub(super) fn column_of(&self, cond: &Cond) -> Option<ColumnId> {
        match cond {
            Cond::Is { column, .. }
            | Cond::Compare { column, .. }
            | Cond::Between { column, .. }
            | Cond::Null { column, .. }
            | Cond::Flag { column, .. }
            | Cond::Like { column, .. } => Some(*column),
            Cond::Columns { left, .. } => Some(*left),
            Cond::Other { through, .. } => Some(*through),
            Cond::Average { column, .. } => *column,
            _ => None,
        }
    }

    /// The condition over a column that the rows reach.
    pub(super) fn plain(
        &mut self,
        cond: &Cond,
        reference: &Ref,
        base: TableId,
    ) -> Option<Condition> {
        let data = self.reader.data;
        let info = &data.columns[reference.column];
        Some(match cond {
            Cond::Is {
                values, negated, ..
            } => Condition::In(
                reference.clone(),
                values
                    .iter()
                    .map(|value| Value::Text(value.clone()))
                    .collect(),
                *negated,
            ),
            Cond::Compare {
                operator, value, ..
            } => Condition::Compare(Expr::Column(reference.clone()), *operator, value.clone()),
            Cond::Between { low, high, .. } => Condition::Between(
                Expr::Column(reference.clone()),
                Value::Number(*low),
                Value::Number(*high),
            ),
            Cond::Null { is_null, .. } => Condition::Null(reference.clone(), *is_null),
            Cond::Flag { yes, .. } => {
                let text = info.yes.clone().unwrap_or_else(|| "1".into());
                let value = if info.column_type == ingest::ColumnType::Text {
                    Value::Text(text)
                } else {
                    Value::Number(text.parse().unwrap_or(1.0))
                };
                // What is stored in several spellings counts together.
                let variants: Vec<Value> = match &value {
                    Value::Text(yes) => {
                        let stored: Vec<Value> = info
                            .stats
                            .top
                            .iter()
                            .filter(|other| other.trim().eq_ignore_ascii_case(yes))
                            .map(|other| Value::Text(other.clone()))
                            .collect();
                        if stored.is_empty() {
                            vec![value.clone()]
                        } else {
                            stored
                        }
                    }
                    Value::Number(_) => vec![value.clone()],
                };
                if *yes {
                    Condition::In(reference.clone(), variants, false)
                } else {
                    let others: Vec<Value> = info
                        .stats
                        .top
                        .iter()
                        .filter(|other| {
                            !variants.iter().any(|yes| match yes {
                                Value::Text(yes) => yes == *other,
                                Value::Number(yes) => other
                                    .parse::<f64>()
                                    .is_ok_and(|other| (other - *yes).abs() < f64::EPSILON),
                            })
                        })
                        .map(|other| match &value {
                            Value::Text(_) => Value::Text(other.clone()),
                            Value::Number(_) => Value::Number(other.parse().unwrap_or(0.0)),
                        })
                        .collect();
                    if others.is_empty() {
                        Condition::In(reference.clone(), variants, true)
                    } else {
                        Condition::In(reference.clone(), others, false)
                    }
                }
            }
            Cond::Like {
                pattern, negated, ..
            } => Condition::Like(reference.clone(), pattern.clone(), *negated),
            Cond::Columns {
                operator,
                right,
                of_other,
                ..
            } => {
                let path = match of_other {
                    Some(through) => self.beyond(reference, *through)?,
                    None => reference.path.clone(),
                };
                let right = Ref {
                    path,
                    column: *right,
                };
                Condition::Columns(
                    Expr::Column(reference.clone()),
                    *operator,
                    Expr::Column(right),
                )
            }
            Cond::Other { through, cond } => {
                let other = Ref {
                    path: self.beyond(reference, *through)?,
                    column: self.column_of(cond)?,
                };
                self.plain(cond, &other, base)?
            }
            Cond::Average {
                operator,
                within,
                among,
                ..
            } => {
                let mut over = Vec::new();
                for cond in among {
                    let column = self.column_of(cond)?;
                    let of = self.expr_of(base, column, 0)?;
                    over.push(self.plain(cond, &of, base)?);
                }
                let group = match within {
                    None => None,
                    Some(KeyOf::Column(column)) => Some(self.expr_of(base, *column, 0)?),
                    Some(KeyOf::Entity(table)) => {
                        let column = *data.identity(*table).first()?;
                        Some(self.expr_of(base, column, 0)?)
                    }
                    Some(KeyOf::Part(..)) => return None,
                };
                Condition::Average {
                    expr: Expr::Column(reference.clone()),
                    operator: *operator,
                    over,
                    group,
                }
            }
            _ => return None,
        })
    }

    /// The way to the row that a reference of this one names.
    fn beyond(&self, reference: &Ref, through: ColumnId) -> Option<Vec<EdgeId>> {
        let mut path = reference.path.clone();
        path.push(self.reader.data.edge_of(through)?);
        Some(path)
    }
}

/// One column cannot be two things at once.
pub(super) fn contradicts(conditions: &[Condition]) -> bool {
    if apart(conditions).is_some() {
        return true;
    }
    for condition in conditions {
        // "A but not B" of one column asks about the rows of something else.
        if let Condition::In(reference, _, true) = condition
            && conditions
                .iter()
                .any(|other| matches!(other, Condition::In(same, _, false) if same == reference))
        {
            return true;
        }
    }
    // Having none of what it has.
    let related = |none: bool| {
        conditions
            .iter()
            .filter_map(move |condition| match condition {
                Condition::Related {
                    up,
                    rows,
                    operator,
                    count,
                    measure: None,
                    ..
                } if (*operator == Operator::Equal && *count == 0.0) == none => Some((up, rows)),
                _ => None,
            })
    };
    if related(true).any(|(up, rows)| {
        rows.conditions.is_empty()
            && related(false).any(|(other, some)| other == up && some.base == rows.base)
    }) {
        return true;
    }
    conditions.iter().any(|condition| match condition {
        Condition::Related { rows, .. } | Condition::BeyondMean { rows, .. } => {
            contradicts(&rows.conditions)
        }
        _ => false,
    })
}
