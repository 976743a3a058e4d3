//! Conditions on values: those found in the data, those in quotes, plain numbers, yes-no columns.

use super::{Filter, Reader};
use crate::event::MatchedValue;
use crate::link::catalog::ColumnId;
use crate::link::mentions::ValueReading;
use crate::planner::cues::Cue;
use crate::planner::items::ItemKind;
use crate::planner::joins::distance;
use crate::planner::query::{Condition, Expr, Operand, Operator};

impl Reader<'_> {
    pub fn read_values(&mut self) {
        for at in 0..self.items.len() {
            if self.items[at].used {
                continue;
            }
            if self.read_pattern(at) || self.read_gender(at) {
                continue;
            }
            if matches!(self.items[at].kind, ItemKind::Value(_)) {
                self.read_value(at);
            }
        }
        for at in 0..self.items.len() {
            if !self.items[at].used && !self.items[at].columns().is_empty() {
                self.read_yes_no(at);
            }
        }
    }

    /// `starts with "A"`, `containing the word "x"`.
    fn read_pattern(&mut self, at: usize) -> bool {
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
                if !self.items[item].head || self.lower(at.wrapping_sub(1)) == "that" && false {
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
    fn read_gender(&mut self, at: usize) -> bool {
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
                .filter_map(|&t| distance(self.catalog, t, column.table))
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

    fn read_value(&mut self, at: usize) {
        let ItemKind::Value(mention) = self.items[at].kind.clone() else {
            return;
        };
        if mention.quoted && self.read_inside(at) {
            return;
        }
        if let Some(reading) = self.best_reading(at, &mention.values) {
            if let Some(beside) = self.column_beside(at, reading.column) {
                self.use_item(beside);
            }
            self.use_item(at);
            self.add_value(at, reading.column, reading.value);
            return;
        }
        if mention.values.is_empty() && self.read_full_name(at) {
            return;
        }
        if mention.quoted {
            // Not stored anywhere: the column beside it, else the name of the entity, decides.
            let text = self.phrase(at);
            let beside = self.any_column_beside(at);
            let column = beside.map(|(_, column)| column).or_else(|| {
                let table = self.table_before(at).or(self.draft.entity)?;
                match self.naming(table).first() {
                    Some(Expr::Column(column)) => Some(*column),
                    _ => None,
                }
            });
            if let Some(column) = column {
                if let Some((item, _)) = beside {
                    self.use_item(item);
                }
                self.use_item(at);
                self.draft.doubts += 0.1;
                self.add_value(at, column, text);
            }
        }
    }

    /// `"Linda Smith"` where first and last names are kept apart.
    fn read_full_name(&mut self, at: usize) -> bool {
        let phrase = self.phrase(at);
        let words: Vec<&str> = phrase.split_whitespace().collect();
        let &[first, last] = words.as_slice() else {
            return false;
        };
        let (first, last) = (
            self.values.find(first, false),
            self.values.find(last, false),
        );
        let pair = first.iter().find_map(|f| {
            let l = last
                .iter()
                .find(|l| l.table == f.table && l.column != f.column)?;
            let of_name = |column: &str| column.to_lowercase().contains("name");
            (of_name(&f.column) && of_name(&l.column)).then_some((f, l))
        });
        let Some((first, last)) = pair else {
            return false;
        };
        self.use_item(at);
        for hit in [first, last] {
            if let Some(column) = self.catalog.column_named(&hit.table, &hit.column) {
                self.add_value(at, column, hit.value.clone());
            }
        }
        true
    }

    /// `"x" in its name`: part of the column's text.
    fn read_inside(&mut self, at: usize) -> bool {
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

    /// Where several columns hold the value: the one named beside it, else the one nearest to what is asked.
    fn best_reading(&mut self, at: usize, readings: &[ValueReading]) -> Option<ValueReading> {
        let named: Vec<_> = self.named_tables();
        let spoken: Vec<usize> = (0..self.items.len())
            .filter(|&i| !self.items[i].columns().is_empty() && self.margin(i) > 0.1)
            .filter_map(|i| self.column_of(i))
            .map(|column| self.catalog.columns[column].table)
            .collect();
        let score = |reading: &ValueReading| {
            let table = self.catalog.columns[reading.column].table;
            let mut score = reading.score;
            if self.column_beside(at, reading.column).is_some() {
                score += 0.6;
            }
            if named.iter().any(|&(_, t)| t == table) {
                score += 0.15;
            }
            let next_to = [at.wrapping_sub(1), at + 1, at.wrapping_sub(2)];
            if named
                .iter()
                .any(|&(item, t)| t == table && next_to.contains(&item))
            {
                score += 0.1;
            }
            if spoken.contains(&table) {
                score += 0.08;
            }
            if self.naming(table).contains(&Expr::Column(reading.column)) {
                score += 0.03;
            }
            let near = named
                .iter()
                .map(|&(_, t)| t)
                .chain(spoken.iter().copied())
                .filter_map(|t| distance(self.catalog, t, table))
                .min()
                .unwrap_or(3);
            let info = &self.catalog.columns[reading.column];
            score - 0.06 * near as f64 - if info.is_foreign { 0.03 } else { 0.0 }
        };
        let mut ranked: Vec<(f64, &ValueReading)> =
            readings.iter().map(|r| (score(r), r)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best = ranked.first()?;
        let rivals: Vec<ColumnId> = ranked
            .iter()
            .filter(|other| best.0 - other.0 < 0.02)
            .map(|other| other.1.column)
            .fold(Vec::new(), |mut columns, column| {
                if !columns.contains(&column) {
                    columns.push(column);
                }
                columns
            });
        let best = best.1.clone();
        if rivals.len() > 1 {
            self.draft.ambiguous.push((at, rivals));
        }
        Some(best)
    }

    /// An unused phrase for `column` next to `at`, with only light words between.
    fn column_beside(&self, at: usize, column: ColumnId) -> Option<usize> {
        let fits = |i: usize| {
            !self.items[i].used && self.items[i].columns().iter().any(|&(id, _)| id == column)
        };
        let mut i = at;
        while i > 0 {
            i -= 1;
            if fits(i) {
                return Some(i);
            }
            let passes = self.items[i].is_light()
                || self.items[i].used
                || !self.items[i].tables().is_empty() && i + 1 == at
                || matches!(
                    self.cue(i),
                    Some(Cue::Not | Cue::Or | Cue::And | Cue::Either | Cue::Both)
                )
                || matches!(self.items[i].kind, ItemKind::Value(_));
            if !passes || at - i > 6 {
                break;
            }
        }
        (at + 1 < self.items.len() && fits(at + 1)).then_some(at + 1)
    }

    fn any_column_beside(&self, at: usize) -> Option<(usize, ColumnId)> {
        let mut i = at;
        while i > 0 {
            i -= 1;
            if !self.items[i].used
                && let Some(column) = self.column_of(i)
            {
                return Some((i, column));
            }
            if !self.items[i].is_light() || at - i > 4 {
                break;
            }
        }
        let next = (at + 1 < self.items.len()).then_some(at + 1)?;
        (!self.items[next].used).then_some(())?;
        Some((next, self.column_of(next)?))
    }

    /// "not" or "no" before the item, within its clause.
    pub(super) fn take_denial(&mut self, at: usize) -> bool {
        let clause = self.items[at].clause;
        let denial = (0..at)
            .rev()
            .take_while(|&i| self.items[i].clause == clause)
            .find(|&i| {
                matches!(
                    self.items[i].cue(),
                    Some(Cue::Not | Cue::Except | Cue::Without)
                )
            });
        if let Some(denial) = denial {
            self.use_item(denial);
        }
        denial.is_some()
    }

    fn add_value(&mut self, at: usize, column: ColumnId, value: String) {
        let info = &self.catalog.columns[column];
        self.draft.matched.push(MatchedValue {
            phrase: self.phrase(at),
            table: self.catalog.tables[info.table].name.clone(),
            column: info.name.clone(),
            value: value.clone(),
        });
        self.push_filter(
            at,
            column,
            Condition::Compare(Expr::Column(column), Operator::Equal, Operand::Text(value)),
        );
    }

    pub(super) fn push_filter(&mut self, at: usize, column: ColumnId, condition: Condition) {
        let or = self.is_or_before(at);
        self.draft.filters.push(Filter {
            condition,
            column: Some(column),
            item: at,
            clause: self.items[at].clause,
            or,
        });
    }

    /// A column that only says yes or no, named like an adjective ("official language").
    fn read_yes_no(&mut self, at: usize) {
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
    fn yes_value(&self, id: ColumnId) -> Option<String> {
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

    /// Numbers that no comparison took: `grade 10`, `in 2001`, `with 3 credits`, `have 2 dogs`.
    pub fn read_numbers(&mut self) {
        for at in 0..self.items.len() {
            if self.items[at].used {
                continue;
            }
            let value = match &self.items[at].kind {
                ItemKind::Number(number) => Operand::Number(*number),
                ItemKind::Date(text) => Operand::Text(text.clone()),
                _ => continue,
            };
            let is_year = matches!(value, Operand::Number(n) if (1_000.0..3_000.0).contains(&n) && n.fract() == 0.0);
            let age = self.lower(at + 1).starts_with("year") && self.lower(at + 2) == "old";
            if age && let Some(column) = self.measured_column(&["age"], self.table_before(at)) {
                self.use_item(at);
                self.use_item(at + 1);
                self.use_item(at + 2);
                self.equal_number(at, column, value);
                continue;
            }
            let beside = self.any_column_beside(at);
            if let Some((item, column)) = beside {
                self.use_item(item);
                self.use_item(at);
                self.equal_number(at, column, value);
                continue;
            }
            if let Some(previous) = self.draft.filters.last().cloned()
                && let Some(column) = previous
                    .column
                    .filter(|_| self.joined_to_previous(previous.item, at))
            {
                self.use_item(at);
                self.equal_number(at, column, value);
                continue;
            }
            if let (Some(table), Operand::Number(number)) = (
                self.items.get(at + 1).and_then(|_| self.table_of(at + 1)),
                &value,
            ) && !is_year
                && !self.items[at + 1].head
            {
                self.use_item(at);
                let number = *number;
                self.draft.having.push(Condition::Compare(
                    Expr::CountEntities(table),
                    Operator::Equal,
                    Operand::Number(number),
                ));
                continue;
            }
            if is_year || matches!(value, Operand::Text(_)) {
                let words: &[&str] = if is_year {
                    &["year", "date", "datetime", "time"]
                } else {
                    &["date", "datetime", "time"]
                };
                let column = self
                    .measured_column(words, self.table_before(at))
                    .or_else(|| self.time_column(at).filter(|_| is_year));
                if let Some(column) = column {
                    self.use_item(at);
                    self.equal_number(at, column, value);
                }
            }
        }
    }

    /// "Grade 9 or 10": another number for the same column.
    fn joined_to_previous(&self, previous: usize, at: usize) -> bool {
        let tied = |i: usize| {
            matches!(self.items[i].cue(), Some(Cue::Or | Cue::And))
                || matches!(self.items[i].kind, ItemKind::Mark(','))
        };
        let number = matches!(
            self.items[previous].kind,
            ItemKind::Number(_) | ItemKind::Date(_)
        );
        number
            && at > previous
            && at - previous <= 4
            && (previous + 1..at).any(tied)
            && (previous + 1..at).all(|i| self.items[i].used || self.items[i].is_light() || tied(i))
    }

    fn equal_number(&mut self, at: usize, column: ColumnId, value: Operand) {
        let left = Expr::Column(column);
        let condition = match value {
            Operand::Number(_)
                if self.catalog.columns[column].column_type == ingest::ColumnType::Text
                    && self.tokens[self.items[at].from]
                        .text
                        .starts_with(|c: char| c.is_ascii_digit()) =>
            {
                Condition::Compare(left, Operator::Equal, Operand::Text(self.phrase(at)))
            }
            Operand::Number(number) => self.compare_number(left, Operator::Equal, number),
            Operand::Text(text) => Condition::Compare(
                left,
                Operator::Equal,
                Operand::Text(super::super::dates::iso(&text)),
            ),
            other => Condition::Compare(left, Operator::Equal, other),
        };
        self.push_filter(at, column, condition);
    }
}
