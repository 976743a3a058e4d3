//! What can stand in the place of a part of a plan, or join it: each a label and the change that does it, the likeliest
//! first.

use chrono::{Datelike, Days, Months, NaiveDate};
use schema_gen::meaning::{Role, TableKind};
use serde::Serialize;

use super::change::{Change, Part};
use super::chips::{ChipKind, Place};
use super::document::{Document, Named};
use super::parts::{self, Reached};
use super::{Desk, PlanError};
use crate::reading::data::{ColumnId, Data, TableId};
use crate::reading::query::{Condition, Expr, Operator, OrderBy, Query, Ref, Rows, Select, Value};
use crate::reading::say::Phrases;
use crate::reading::values::fold;

/// Most choices of one list.
const MAX_CHOICES: usize = 50;
/// Values of one column that are offered unasked.
const FIRST_VALUES: usize = 4;
/// Values that a search looks at.
const MAX_FOUND: usize = 200;
/// Years offered as periods.
const MAX_YEARS: i32 = 6;
const LIMITS: [u64; 7] = [1, 3, 5, 10, 20, 50, 100];

/// One entry of a pick list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    pub label: String,
    /// What else tells it from others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// It is what the plan has.
    pub current: bool,
    pub change: Change,
}

/// A pick list, cut off where there is more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choices {
    pub options: Vec<Choice>,
    pub more: bool,
}

/// Which list is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'w> {
    /// What can stand in the place of the chip of this id.
    InPlaceOf(&'w str),
    /// What of this kind can join.
    Adding(ChipKind),
}

impl Desk<'_> {
    /// The pick list for a chip, or of what can be added; `search` keeps what it names, in labels and, for conditions, in
    /// stored values.
    pub fn choices(
        &self,
        document: Option<&Document>,
        wanted: Wanted<'_>,
        search: &str,
    ) -> Result<Choices, PlanError> {
        let data = &self.knowledge.data;
        let query = document.map(|document| document.load(data)).transpose()?;
        let mut list = List {
            desk: self,
            data,
            phrases: Phrases::new(data),
            query: query.as_ref(),
            chip: None,
            search: fold(search),
            found: Vec::new(),
        };
        match wanted {
            Wanted::InPlaceOf(id) => list.in_place_of(id)?,
            Wanted::Adding(kind) => list.adding(kind)?,
        }
        let mut options = list.found;
        let wanted: Vec<String> = fold(search).split(' ').map(str::to_owned).collect();
        options.retain(|choice| {
            let said = fold(&format!(
                "{} {}",
                choice.label,
                choice.detail.as_deref().unwrap_or_default()
            ));
            wanted.iter().all(|word| said.contains(word.as_str()))
        });
        let more = options.len() > MAX_CHOICES;
        options.truncate(MAX_CHOICES);
        Ok(Choices { options, more })
    }
}

struct List<'l> {
    desk: &'l Desk<'l>,
    data: &'l Data,
    phrases: Phrases<'l>,
    query: Option<&'l Query>,
    /// Of the chip whose place is looked at.
    chip: Option<String>,
    search: String,
    found: Vec<Choice>,
}

impl List<'_> {
    fn offer(&mut self, label: String, detail: Option<String>, current: bool, part: Part) {
        let change = Change::Put {
            chip: self.chip.clone(),
            part: Named::of(part, self.data),
        };
        if !self.found.iter().any(|known| known.label == label) {
            self.found.push(Choice {
                label,
                detail,
                current,
                change,
            });
        }
    }

    fn in_place_of(&mut self, id: &str) -> Result<(), PlanError> {
        let missing = || PlanError::DoesNotFit(format!("The plan has no part {id:?}."));
        let query = self.query.ok_or_else(missing)?;
        let place: Place = id.parse().map_err(|()| missing())?;
        self.chip = Some(id.to_owned());
        match place {
            Place::Rows => self.rows(),
            Place::Everything | Place::Shown(_) => {
                let Select::List { shown, .. } = &query.select else {
                    return Err(missing());
                };
                let current = match place {
                    Place::Shown(at) => Some(shown.get(at).ok_or_else(missing)?),
                    _ => None,
                };
                self.columns(query, current);
            }
            Place::Measure(at) => {
                let Select::Group { measures, .. } = &query.select else {
                    return Err(missing());
                };
                let current = measures.get(at).ok_or_else(missing)?;
                self.measures(query.rows.base, Some(current));
            }
            Place::Group(at) => {
                let Select::Group { keys, .. } = &query.select else {
                    return Err(missing());
                };
                let current = keys.get(at).ok_or_else(missing)?;
                if parts::groups_freely(query) {
                    self.keys(query, Some(current));
                }
            }
            Place::Condition(at) => {
                let current = query.rows.conditions.get(at).ok_or_else(missing)?;
                self.instead(query.rows.base, current);
            }
            // The words of a condition on groups are its figure's.
            Place::Having(at) => {
                query.having.get(at).ok_or_else(missing)?;
            }
            Place::Order(at) => {
                let current = query.order.get(at).ok_or_else(missing)?;
                self.orders(query, Some(current));
            }
            Place::Limit => self.limits(query),
        }
        Ok(())
    }

    fn adding(&mut self, kind: ChipKind) -> Result<(), PlanError> {
        let Some(query) = self.query else {
            match kind {
                ChipKind::Rows => self.rows(),
                ChipKind::Measure => {
                    for table in self.tables() {
                        self.measures(table, None);
                    }
                }
                _ => {
                    return Err(PlanError::does_not_fit(
                        "A plan begins with rows or with a figure.",
                    ));
                }
            }
            return Ok(());
        };
        let base = query.rows.base;
        match kind {
            ChipKind::Rows | ChipKind::Having => {}
            ChipKind::Shown => {
                if let Select::List { .. } = &query.select {
                    self.columns(query, None);
                }
            }
            ChipKind::Measure if parts::measures_freely(query) => self.measures(base, None),
            ChipKind::Group if parts::groups_freely(query) => self.keys(query, None),
            ChipKind::Measure | ChipKind::Group => {}
            ChipKind::Where => self.conditions(base),
            ChipKind::Period => {
                for time in parts::times(base, self.data) {
                    self.periods(&time, None);
                }
            }
            ChipKind::Order if parts::orders_freely(query) => self.orders(query, None),
            ChipKind::Limit if parts::is_cut(query) => self.limits(query),
            ChipKind::Order | ChipKind::Limit => {}
        }
        Ok(())
    }

    /// What happens comes before what it happens to, and links between tables last.
    fn tables(&self) -> Vec<TableId> {
        let mut all: Vec<TableId> = (0..self.data.tables.len()).collect();
        let rank = |table: &TableId| match self.data.tables[*table].kind {
            TableKind::Event => 0,
            TableKind::Entity => 1,
            _ => 2,
        };
        all.sort_by_key(rank);
        all
    }

    fn rows(&mut self) {
        let current = self.query.map(|query| query.rows.base);
        for table in self.tables() {
            let label = self.phrases.table(table);
            let rows = self.data.tables[table].rows;
            let detail = (rows > 0).then(|| format!("{rows} rows"));
            self.offer(label, detail, Some(table) == current, Part::Rows(table));
        }
    }

    fn measures(&mut self, base: TableId, current: Option<&crate::reading::query::Measure>) {
        let taken = match self.query.map(|query| &query.select) {
            Some(Select::Group { measures, .. }) => measures.as_slice(),
            _ => &[],
        };
        let mut all = parts::figures(base, self.data);
        if let Some(current) = current
            && !all.iter().any(|figure| figure.measure == *current)
        {
            all.insert(
                0,
                parts::Figure {
                    measure: current.clone(),
                    name: None,
                },
            );
        }
        for figure in all {
            let is_current = current == Some(&figure.measure);
            if !is_current && taken.contains(&figure.measure) {
                continue;
            }
            let label = self.phrases.measure(&figure.measure, base);
            // Figures of several tables stand in one list where a plan begins.
            let of = self.query.is_none().then(|| self.phrases.table(base));
            let detail = figure.name.or(of);
            let part = Part::Measure(base, figure.measure);
            self.offer(label, detail, is_current, part);
        }
    }

    fn keys(&mut self, query: &Query, current: Option<&crate::reading::query::Key>) {
        let base = query.rows.base;
        let taken = match &query.select {
            Select::Group { keys, .. } => keys.as_slice(),
            Select::List { .. } => &[],
        };
        let mut all = parts::keys(base, self.data);
        if let Some(current) = current
            && !all.contains(current)
        {
            all.insert(0, current.clone());
        }
        for key in all {
            let is_current = current == Some(&key);
            if !is_current && taken.contains(&key) {
                continue;
            }
            let label = self.phrases.key(&key, base);
            self.offer(label, None, is_current, Part::Group(key));
        }
    }

    fn columns(&mut self, query: &Query, current: Option<&Expr>) {
        let base = query.rows.base;
        let Select::List { shown, .. } = &query.select else {
            return;
        };
        let mut all: Vec<Expr> = Vec::new();
        all.extend(current.cloned());
        for Reached { table, path } in parts::reached(base, self.data) {
            for &column in &self.data.tables[table].columns {
                // What refers to something is told by what it refers to.
                let is_told = !path.is_empty() && self.data.tables[table].key.contains(&column);
                if !is_told {
                    let path = path.clone();
                    all.push(Expr::Column(Ref { path, column }));
                }
            }
        }
        let is_everything = self.phrases.is_everything(shown, base);
        for expr in all {
            let is_current = current == Some(&expr);
            if !is_current && shown.contains(&expr) && !is_everything {
                continue;
            }
            let label = self.phrases.expr(&expr, base);
            self.offer(label, None, is_current, Part::Shown(expr));
        }
    }

    fn orders(&mut self, query: &Query, current: Option<&(OrderBy, bool)>) {
        let mut all: Vec<OrderBy> = Vec::new();
        match &query.select {
            Select::Group { keys, measures, .. } => {
                all.extend((0..measures.len()).map(OrderBy::Measure));
                all.extend((0..keys.len()).map(OrderBy::Key));
            }
            Select::List { shown, .. } => {
                let base = query.rows.base;
                let figures = parts::telling(base, self.data).into_iter();
                let mut exprs: Vec<Expr> = shown.iter().cloned().chain(figures).collect();
                let mut seen: Vec<Expr> = Vec::new();
                exprs.retain(|expr| {
                    let is_new = !seen.contains(expr);
                    seen.push(expr.clone());
                    is_new
                });
                all.extend(exprs.into_iter().map(OrderBy::Expr));
            }
        }
        if let Some((by, _)) = current
            && !all.contains(by)
        {
            all.insert(0, by.clone());
        }
        for by in all {
            for descending in [true, false] {
                let is_current = current == Some(&(by.clone(), descending));
                let label = self.phrases.order(query, &by, descending);
                self.offer(label, None, is_current, Part::Order(by.clone(), descending));
            }
        }
    }

    fn limits(&mut self, query: &Query) {
        let current = query.limit.filter(|_| query.offset == 0);
        let mut all = LIMITS.to_vec();
        all.extend(current.filter(|limit| !LIMITS.contains(limit)));
        all.sort_unstable();
        for limit in all {
            let label = format!("first {limit}");
            self.offer(label, None, current == Some(limit), Part::Limit(limit));
        }
    }

    // ----- conditions -----

    fn condition(&mut self, base: TableId, condition: Condition, current: Option<&Condition>) {
        let label = self.phrases.condition(&condition, base);
        let is_current = current == Some(&condition);
        self.offer(label, None, is_current, Part::Condition(condition));
    }

    fn conditions(&mut self, base: TableId) {
        let all = parts::reached(base, self.data);
        let mut nearest: Vec<(ColumnId, Ref)> = Vec::new();
        for Reached { table, path } in &all {
            for &column in &self.data.tables[*table].columns {
                if !nearest.iter().any(|(known, _)| *known == column) {
                    let path = path.clone();
                    nearest.push((column, Ref { path, column }));
                }
            }
        }
        if !self.search.is_empty() {
            let knowledge = self.desk.knowledge;
            let found = knowledge.values.holding(&self.search, MAX_FOUND);
            for (column, value) in found {
                let is_told = nearest.iter().find(|(known, _)| *known == column);
                if let Some((_, reference)) = is_told {
                    let is = Condition::In(reference.clone(), self.spellings(column, value), false);
                    self.condition(base, is, None);
                }
            }
        }
        for (column, reference) in &nearest {
            let info = &self.data.columns[*column];
            if matches!(info.role, Role::Flag) {
                for is in self.flag(reference) {
                    self.condition(base, is, None);
                }
            } else if info.role == Role::Category {
                for value in self.first_values(*column, FIRST_VALUES) {
                    let is = Condition::In(reference.clone(), value, false);
                    self.condition(base, is, None);
                }
            }
        }
        for (table, edge) in parts::referring(base, self.data) {
            for (operator, count) in [(Operator::GreaterOrEqual, 1.0), (Operator::Equal, 0.0)] {
                let related = Condition::Related {
                    up: Vec::new(),
                    rows: Box::new(Rows {
                        base: table,
                        conditions: Vec::new(),
                    }),
                    down: vec![edge],
                    operator,
                    count,
                    measure: None,
                };
                self.condition(base, related, None);
            }
        }
        for (column, reference) in &nearest {
            let info = &self.data.columns[*column];
            if info.stats.nulls > 0 && info.stats.distinct > 0 {
                for is_null in [false, true] {
                    self.condition(base, Condition::Null(reference.clone(), is_null), None);
                }
            }
        }
    }

    /// Yes and no, as they are stored.
    fn flag(&self, reference: &Ref) -> Vec<Condition> {
        let info = &self.data.columns[reference.column];
        let stored = |text: &str| match text.parse::<f64>() {
            Ok(number) if info.column_type != ingest::ColumnType::Text => Value::Number(number),
            _ => Value::Text(text.to_owned()),
        };
        let Some(yes) = info.yes.as_deref() else {
            return Vec::new();
        };
        [false, true]
            .map(|negated| Condition::In(reference.clone(), vec![stored(yes)], negated))
            .to_vec()
    }

    /// The commonest values of a column of texts, each with its spellings.
    fn first_values(&self, column: ColumnId, count: usize) -> Vec<Vec<Value>> {
        let mut all: Vec<Vec<Value>> = Vec::new();
        for value in self.desk.knowledge.values.of(column) {
            let spellings = self.spellings(column, value);
            if !all.contains(&spellings) {
                all.push(spellings);
            }
            if all.len() == count {
                return all;
            }
        }
        let info = &self.data.columns[column];
        if all.is_empty() && info.is_number() {
            // Codes are no texts.
            let numbers = info.stats.top.iter().filter_map(|text| text.parse().ok());
            all.extend(
                numbers
                    .take(count)
                    .map(|number| vec![Value::Number(number)]),
            );
        }
        all
    }

    fn spellings(&self, column: ColumnId, value: &str) -> Vec<Value> {
        if !self.data.columns[column].has_spellings {
            return vec![Value::Text(value.to_owned())];
        }
        let folded = fold(value);
        let all = self.desk.knowledge.values.of(column);
        all.filter(|known| fold(known) == folded)
            .map(|known| Value::Text(known.to_owned()))
            .collect()
    }

    /// What else could be asked of the same column.
    fn instead(&mut self, base: TableId, current: &Condition) {
        match current {
            Condition::Within(time, from, next) => {
                let times = parts::times(base, self.data);
                self.periods(time, Some(current));
                // The same period of another time: "shipped" in place of "ordered".
                for other in times.into_iter().filter(|other| other != time) {
                    let moved = Condition::Within(other, from.clone(), next.clone());
                    self.condition(base, moved, Some(current));
                }
            }
            Condition::In(reference, values, negated) => {
                self.condition(base, current.clone(), Some(current));
                let turned = Condition::In(reference.clone(), values.clone(), !negated);
                let column = reference.column;
                let knowledge = self.desk.knowledge;
                if self.search.is_empty() {
                    for value in self.first_values(column, MAX_CHOICES) {
                        let is = Condition::In(reference.clone(), value, *negated);
                        self.condition(base, is, Some(current));
                    }
                } else {
                    let found = knowledge.values.holding(&self.search, MAX_FOUND);
                    for (_, value) in found.into_iter().filter(|(of, _)| *of == column) {
                        let value = self.spellings(column, value);
                        let is = Condition::In(reference.clone(), value, *negated);
                        self.condition(base, is, Some(current));
                    }
                }
                self.condition(base, turned, Some(current));
            }
            Condition::Null(reference, _) => {
                for is_null in [true, false] {
                    let null = Condition::Null(reference.clone(), is_null);
                    self.condition(base, null, Some(current));
                }
            }
            Condition::Compare(expr, _, value) => {
                use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual};
                for operator in [Greater, GreaterOrEqual, Equal, LessOrEqual, Less] {
                    let other = Condition::Compare(expr.clone(), operator, value.clone());
                    self.condition(base, other, Some(current));
                }
            }
            Condition::Related {
                up,
                rows,
                down,
                measure: None,
                ..
            } => {
                self.condition(base, current.clone(), Some(current));
                for (operator, count) in [(Operator::GreaterOrEqual, 1.0), (Operator::Equal, 0.0)] {
                    let other = Condition::Related {
                        up: up.clone(),
                        rows: rows.clone(),
                        down: down.clone(),
                        operator,
                        count,
                        measure: None,
                    };
                    self.condition(base, other, Some(current));
                }
            }
            _ => {}
        }
    }

    // ----- periods -----

    fn periods(&mut self, time: &Ref, current: Option<&Condition>) {
        let base = self.data.columns[time.column].table;
        let mut all: Vec<(Option<&'static str>, Condition)> = Vec::new();
        let within = |from: NaiveDate, next: NaiveDate| {
            Condition::Within(time.clone(), Some(from.to_string()), Some(next.to_string()))
        };
        if let Some(current) = current {
            all.push((None, current.clone()));
        }
        for (name, from, next) in named_periods(self.desk.today) {
            all.push((Some(name), within(from, next)));
        }
        for year in self.years(time.column) {
            let first = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1);
            if let (Some(from), Some(next)) = (first(year), first(year + 1)) {
                all.push((None, within(from, next)));
            }
        }
        let mut offered: Vec<Condition> = Vec::new();
        for (name, condition) in all {
            if offered.contains(&condition) {
                continue;
            }
            let label = self.phrases.condition(&condition, base);
            let is_current = current == Some(&condition);
            offered.push(condition.clone());
            let detail = name.map(str::to_owned);
            self.offer(label, detail, is_current, Part::Condition(condition));
        }
    }

    /// The last years that anything is stored of, the latest first.
    fn years(&self, column: ColumnId) -> Vec<i32> {
        let stats = &self.data.columns[column].stats;
        let year = |text: &Option<String>| text.as_deref()?.get(..4)?.parse::<i32>().ok();
        let today = self.desk.today.year();
        let last = year(&stats.latest).unwrap_or(today).min(today + 1);
        (last - MAX_YEARS + 1..=last).rev().collect()
    }
}

/// Periods that are named from today, with their first day and the day after the last one.
fn named_periods(today: NaiveDate) -> Vec<(&'static str, NaiveDate, NaiveDate)> {
    let month = today.with_day(1).unwrap_or(today);
    let year = month.with_month(1).unwrap_or(month);
    let quarter = month - Months::new(month.month0() % 3);
    let tomorrow = today + Days::new(1);
    vec![
        ("this month", month, month + Months::new(1)),
        ("last month", month - Months::new(1), month),
        ("this quarter", quarter, quarter + Months::new(3)),
        ("last quarter", quarter - Months::new(3), quarter),
        ("this year", year, year + Months::new(12)),
        ("last year", year - Months::new(12), year),
        ("last 7 days", tomorrow - Days::new(7), tomorrow),
        ("last 30 days", tomorrow - Days::new(30), tomorrow),
        ("last 90 days", tomorrow - Days::new(90), tomorrow),
    ]
}
