//! Conditions with words of their own: parts of a text, gender, yes and no.

use super::Reader;
use crate::link::catalog::ColumnId;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::query::{Condition, Expr, Operand, Operator};

impl Reader<'_> {
    /// `starts with "A"`, `containing the word "x"`.
    pub(super) fn read_pattern(&mut self, at: usize) -> bool {
        let wrap: fn(&str) -> String = match self.cue(at) {
            Some(Cue::StartsWith) => |text| format!("{text}%"),
            Some(Cue::EndsWith) => |text| format!("%{text}"),
            Some(Cue::Contains) => |text| format!("%{text}%"),
            _ => return false,
        };
        let Some(target) = (at + 1..(at + 5).min(self.items.len())).find(|&i| {
            matches!(self.items[i].kind, ItemKind::Value(_))
                || matches!(self.items[i].kind, ItemKind::Unknown)
                || (self.phrase(i).len() == 1
                    && self.items[i].kind == ItemKind::Skip
                    && self.phrase(i) != "a")
        }) else {
            return false;
        };
        let quoted = self.items[target]
            .mention()
            .is_some_and(|mention| mention.quoted);
        if self.cue(at) == Some(Cue::Contains) && !quoted {
            return false;
        }
        let clause = self.items[at].clause;
        let column = (0..at)
            .rev()
            .filter(|&i| {
                !self.items[i].used
                    && (self.items[i].clause == clause || self.items[i].clause + 1 == clause)
            })
            .find_map(|i| {
                Some((
                    i,
                    self.column_where(i, |id| !self.catalog.columns[id].is_number())?,
                ))
            });
        let text = self.phrase(target);
        let column = match column {
            Some((item, column)) => {
                if !self.items[item].head {
                    self.use_item(item);
                }
                Some(column)
            }
            None => self
                .draft
                .entity
                .and_then(|table| match self.naming(table).first() {
                    Some(Expr::Column(column)) => Some(*column),
                    _ => None,
                }),
        };
        let Some(column) = column else { return false };
        self.use_item(at);
        self.use_item(target);
        let denied = self.take_denial(at);
        self.push_filter(at, column, Condition::Like(column, wrap(&text), denied));
        true
    }

    /// `male`, `women`: a value of a column of gender, however it is coded.
    pub(super) fn read_gender(&mut self, at: usize) -> bool {
        let (code, words): (&str, [&str; 3]) = match self.lower(at) {
            "male" | "males" | "men" | "man" | "boys" | "boy" => ("m", ["male", "man", "boy"]),
            "female" | "females" | "women" | "woman" | "girls" | "girl" => {
                ("f", ["female", "woman", "girl"])
            }
            _ => return false,
        };
        let named: Vec<_> = self
            .named_tables()
            .into_iter()
            .map(|(_, table)| table)
            .collect();
        let mut best: Option<(usize, ColumnId, String)> = None;
        for (id, column) in self.catalog.columns.iter().enumerate() {
            if !(column.has_word("gender") || column.has_word("sex")) {
                continue;
            }
            let table = &self.catalog.tables[column.table].name;
            let value = self.values.values_of(table, &column.name).find(|value| {
                let lower = value.to_lowercase();
                lower == code || words.contains(&lower.as_str())
            });
            let near = named
                .iter()
                .filter_map(|&t| self.catalog.distance(t, column.table))
                .min();
            if let (Some(value), Some(near)) = (value, near)
                && best.as_ref().is_none_or(|b| near < b.0)
            {
                best = Some((near, id, value.to_owned()));
            }
        }
        let Some((_, column, value)) = best else {
            return false;
        };
        self.use_item(at);
        if let Some(before) = self.column_beside(at, column) {
            self.use_item(before);
        }
        self.add_value(at, column, value);
        true
    }

    /// `"x" in its name`: part of the column's text.
    pub(super) fn read_inside(&mut self, at: usize) -> bool {
        if self.cue(at + 1) != Some(Cue::In) {
            return false;
        }
        let owner = self.lower(at + 2);
        if !matches!(owner, "its" | "their" | "the" | "his" | "her") {
            return false;
        }
        let Some(target) = self.next_heavy(at + 2).filter(|&i| !self.items[i].used) else {
            return false;
        };
        let Some(column) = self.column_of(target) else {
            return false;
        };
        let text = self.phrase(at);
        self.use_item(at);
        self.use_item(target);
        let denied = self.take_denial(at);
        self.push_filter(
            at,
            column,
            Condition::Like(column, format!("%{text}%"), denied),
        );
        true
    }

    /// A column that only says yes or no, named like an adjective ("official language").
    pub(super) fn read_yes_no(&mut self, at: usize) {
        let Some(column) = self.column_where(at, |id| self.yes_value(id).is_some()) else {
            return;
        };
        let Some(yes) = self.yes_value(column) else {
            return;
        };
        let best = self.items[at].columns()[0].1;
        let own = self.items[at]
            .columns()
            .iter()
            .find(|c| c.0 == column)
            .map_or(0.0, |c| c.1);
        if own < best - 0.01 {
            return;
        }
        self.use_item(at);
        let condition =
            Condition::Compare(Expr::Column(column), Operator::Equal, Operand::Text(yes));
        self.push_filter(at, column, condition);
    }

    /// The stored text for "yes" where the column knows only yes and no.
    pub(super) fn yes_value(&self, id: ColumnId) -> Option<String> {
        let info = &self.catalog.columns[id];
        let table = &self.catalog.tables[info.table].name;
        let mut yes = None;
        for (count, value) in self.values.values_of(table, &info.name).enumerate() {
            match value.to_lowercase().as_str() {
                "t" | "true" | "yes" | "y" => yes = Some(value.to_owned()),
                "f" | "false" | "no" | "n" => {}
                _ => return None,
            }
            if count > 3 {
                return None;
            }
        }
        yes
    }
}
