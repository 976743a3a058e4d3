//! Rows that have not ended: "current staff", "still open".

use super::super::data::{ColumnId, TableId};
use super::super::frame::{Item, KeyOf};
use super::super::query::{Condition, Ref};
use super::super::score::Feature;
use super::Builder;

impl Builder<'_, '_> {
    /// Rows that have not ended: the time of leaving, closing or ending is empty.
    pub(super) fn lower_current(&mut self, base: TableId, conditions: &mut Vec<Condition>) {
        let data = self.reader.data;
        let ends = |column: ColumnId| {
            let info = &data.columns[column];
            info.is_time()
                && info.stats.nulls > 0
                && info.words.iter().any(|word| {
                    let lemma = word.lemma.as_str();
                    [
                        "end",
                        "leave",
                        "discharge",
                        "discharged",
                        "discontinue",
                        "discontinued",
                        "left",
                        "term",
                        "termination",
                        "terminate",
                        "exit",
                        "drop",
                        "dropped",
                        "close",
                        "churn",
                        "cancel",
                        "quit",
                        "resign",
                        "retire",
                        "return",
                        "expire",
                        "expiry",
                        "to",
                        "until",
                        "finish",
                        "departure",
                        "death",
                        "back",
                        "remove",
                        "deliver",
                        "complete",
                        "resolve",
                    ]
                    .iter()
                    .any(|end| lemma == *end || (end.len() >= 4 && lemma.starts_with(end)))
                })
        };
        let own = data.tables[base]
            .columns
            .iter()
            .copied()
            .find(|&column| ends(column));
        let found = own.map(Ref::own).or_else(|| {
            data.edges
                .iter()
                .enumerate()
                .filter(|(_, edge)| edge.from == base && self.is_spoken_of(edge.to))
                .find_map(|(id, edge)| {
                    let column = data.tables[edge.to]
                        .columns
                        .iter()
                        .copied()
                        .find(|&column| ends(column))?;
                    Some(Ref {
                        path: vec![id],
                        column,
                    })
                })
        });
        // A table with one time that is often empty: what ends there has no word for it.
        let found = found.or_else(|| {
            let main = data.tables[base].time;
            let mut open = data.tables[base].columns.iter().copied().filter(|&column| {
                let info = &data.columns[column];
                let other = info.words.iter().any(|word| {
                    matches!(
                        word.lemma.as_str(),
                        "birth"
                            | "born"
                            | "dob"
                            | "last"
                            | "first"
                            | "next"
                            | "due"
                            | "update"
                            | "updated"
                    )
                });
                info.is_time()
                    && Some(column) != main
                    && !other
                    && info.stats.nulls * 5 > info.stats.rows
            });
            let only = open.next().filter(|_| open.next().is_none())?;
            self.features.add(Feature::Unsure, 0.5);
            Some(Ref::own(only))
        });
        match found {
            Some(reference) => conditions.push(Condition::Null(reference, true)),
            // "current" says something, and it was not understood.
            None => self.features.add(Feature::SkippedWord, 1.5),
        }
    }

    /// Whether some word of the question names the table.
    fn is_spoken_of(&self, table: TableId) -> bool {
        self.frame.has(|item| match item {
            Item::Entity(named) | Item::Key(KeyOf::Entity(named)) => *named == table,
            Item::Figure(figure) => self.reader.data.table_of(&figure.of) == table,
            Item::Column(column) | Item::Key(KeyOf::Column(column)) => {
                self.reader.data.columns[*column].table == table
            }
            _ => false,
        })
    }
}
