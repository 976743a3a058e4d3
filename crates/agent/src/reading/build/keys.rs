//! What rows are grouped by, what tells them apart, and what names them.

use super::super::data::{ColumnId, EdgeId, TableId};
use super::super::dates::Time;
use super::super::frame::{Item, KeyOf};
use super::super::query::{Expr, Key, Part, Ref};
use super::super::score::Feature;
use super::{Builder, Sense};

impl Builder<'_, '_> {
    /// Whether the words ask for the number or code of something, not for what it is called.
    pub(super) fn asks_for_code(&self, span: (usize, usize)) -> bool {
        let tokens = &self.reader.tokens;
        tokens[span.0..span.1.min(tokens.len())]
            .iter()
            .any(|token| {
                token.lower.contains('_')
                    || matches!(
                        token.word.lemma.as_str(),
                        "id" | "code" | "number" | "no" | "key" | "identifier"
                    )
            })
    }

    pub(super) fn key(
        &mut self,
        base: TableId,
        key: &KeyOf,
        sense: &Sense,
        near: usize,
    ) -> Option<Key> {
        let data = self.reader.data;
        match key {
            KeyOf::Entity(table) => {
                if *table == base {
                    let by = self.identity(base, &[]);
                    let shown = self.label(base, &[]);
                    if sense.orders.iter().all(|order| order.3.is_none()) {
                        self.features.add(Feature::KeyMisfit, 0.7);
                    }
                    return Some(Key {
                        by,
                        shown,
                        entity: Some((Vec::new(), base)),
                    });
                }
                let path = self.up(base, *table, near)?;
                let by = self.identity(*table, &path);
                let shown = self.label(*table, &path);
                Some(Key {
                    by,
                    shown,
                    entity: Some((path, *table)),
                })
            }
            KeyOf::Column(column) => {
                let info = &data.columns[*column];
                if let Some(edge) = data.edge_of(*column).filter(|_| info.is_foreign) {
                    // A reference stands for what it refers to.
                    let target = data.edges[edge].to;
                    let has_label = data.tables[target]
                        .label
                        .iter()
                        .any(|label| !data.tables[target].key.contains(label));
                    let by_code = self.frame.items.iter().any(|(item, span)| {
                        matches!(item, Item::Key(KeyOf::Column(said)) | Item::Column(said) if said == column)
                            && self.asks_for_code(*span)
                    });
                    if has_label && !by_code {
                        let mut path = self.up(base, info.table, near)?;
                        path.push(edge);
                        let by = self.identity(target, &path);
                        let shown = self.label(target, &path);
                        return Some(Key {
                            by,
                            shown,
                            entity: Some((path, target)),
                        });
                    }
                }
                if info.is_time() {
                    let reference = self.expr_of(base, *column, near)?;
                    let expr = if info.column_type == ingest::ColumnType::Datetime {
                        Expr::Part(Part::Day, reference)
                    } else {
                        Expr::Column(reference)
                    };
                    return Some(Key {
                        by: vec![expr.clone()],
                        shown: vec![expr],
                        entity: None,
                    });
                }
                let reference = self.expr_of(base, *column, near)?;
                // The label of an entity is grouped by its key: two may have one name.
                let table = info.table;
                let path = reference.path.clone();
                let is_label = data.tables[table].label == [*column]
                    && !data.tables[table].key.is_empty()
                    && table != base;
                if is_label {
                    let by = self.identity(table, &path);
                    return Some(Key {
                        by,
                        shown: vec![Expr::Column(reference)],
                        entity: Some((path, table)),
                    });
                }
                let expr = Expr::Column(reference);
                Some(Key {
                    by: vec![expr.clone()],
                    shown: vec![expr],
                    entity: None,
                })
            }
            KeyOf::Part(part, column) => {
                let reference = if let Some(column) = column {
                    self.expr_of(base, *column, near)?
                } else {
                    let any = Time {
                        from: None,
                        to: None,
                        part: Some((*part, Vec::new())),
                        bare_year: None,
                        assumed: false,
                        future: false,
                    };
                    let any = if *part == Part::Year {
                        Time { part: None, ..any }
                    } else {
                        any
                    };
                    self.time_ref(base, sense, 0, &any)?
                };
                let expr = Expr::Part(*part, reference);
                Some(Key {
                    by: vec![expr.clone()],
                    shown: vec![expr],
                    entity: None,
                })
            }
        }
    }

    /// What tells the rows of the table apart, reached by the path.
    fn identity(&self, table: TableId, path: &[EdgeId]) -> Vec<Expr> {
        reached(self.reader.data.identity(table), path)
    }

    pub(super) fn label(&self, table: TableId, path: &[EdgeId]) -> Vec<Expr> {
        reached(&self.reader.data.tables[table].label, path)
    }
}

fn reached(columns: &[ColumnId], path: &[EdgeId]) -> Vec<Expr> {
    columns
        .iter()
        .map(|&column| {
            Expr::Column(Ref {
                path: path.to_vec(),
                column,
            })
        })
        .collect()
}
