//! A query in plain words, for people to check what was answered before they believe it.
//!
//! The words follow the statement, not the question: whatever changes its result is said, so that no two statements
//! read the same. Where the statement decides something that the plan leaves open (ties, zeros, rows that a join
//! leaves out), the words say that, too.

mod chips;
mod figures;
mod left_out;
mod names;
mod notes;
#[cfg(test)]
mod tests;
mod text;
mod words;

pub use self::chips::Phrases;
pub use self::notes::{
    About, Assumed, assumed, assumptions, choices, ends, notes, spellings, values,
};

use self::text::{capitalized, listed, ordinal};
use self::words::Words;
use super::data::{Data, EdgeId, TableId};
use super::query::{
    Aggregate, Expr, Function, Having, Key, Measure, OrderBy, Part, Query, Select, Window,
};

/// What the statement does, in one or two sentences.
pub fn restate(query: &Query, data: &Data) -> String {
    let words = Words::new(data);
    let sentence = match &query.select {
        Select::List { shown, distinct } => words.list(query, shown, *distinct),
        Select::Group {
            keys,
            measures,
            window,
            show_measures,
            keep_empty,
        } => Grouped {
            words: &words,
            query,
            keys,
            measures,
            window: *window,
            show_measures: *show_measures,
            keep_empty: *keep_empty,
        }
        .say(),
    };
    let left_out = words.left_out(query);
    let mut said = format!("{}.", capitalized(&sentence));
    if !left_out.is_empty() {
        said.push_str(&format!(" Left out: {}.", left_out.join("; ")));
    }
    for note in words.met_twice(query) {
        said.push_str(&format!(" {}.", capitalized(&note)));
    }
    said
}

impl Words<'_> {
    fn list(&self, query: &Query, shown: &[Expr], distinct: bool) -> String {
        let base = query.rows.base;
        let what = if self.is_everything(shown, base) {
            "every column".to_owned()
        } else {
            let columns: Vec<String> = shown.iter().map(|expr| self.expr(expr, base)).collect();
            if columns.is_empty() {
                "nothing".to_owned()
            } else {
                listed(&columns, "and")
            }
        };
        let mut said = format!("lists {what} of {}", self.rows(&query.rows));
        if distinct {
            said.push_str(if shown.len() == 1 {
                ", each value once"
            } else {
                ", each combination once"
            });
        }
        let order: Vec<String> = query
            .order
            .iter()
            .filter_map(|(by, descending)| match by {
                OrderBy::Expr(expr) => Some(self.ordered(expr, *descending, base)),
                // Only groups have keys and measures.
                OrderBy::Measure(_) | OrderBy::Key(_) => None,
            })
            .collect();
        if !order.is_empty() {
            said.push_str(&format!(", ordered by {}", order.join(", then by ")));
        }
        if let Some(limit) = query.limit {
            said.push_str(&places(limit, query.offset, !order.is_empty()));
        }
        said
    }

    fn is_everything(&self, shown: &[Expr], base: TableId) -> bool {
        let columns = &self.data.tables[base].columns;
        columns.len() > 1
            && shown.len() == columns.len()
            && shown.iter().zip(columns).all(|(expr, column)| {
                matches!(expr, Expr::Column(reference) if reference.path.is_empty() && reference.column == *column)
            })
    }

    fn ordered(&self, expr: &Expr, descending: bool, base: TableId) -> String {
        let direction = self.direction(expr, descending);
        format!("{} ({direction})", self.expr(expr, base))
    }

    /// What rows are grouped by, and what stands for it where that is not the same.
    fn key(&self, key: &Key, base: TableId) -> String {
        let shown: Vec<String> = key.shown.iter().map(|expr| self.expr(expr, base)).collect();
        if let Some((path, table)) = &key.entity
            && self.is_identity(key, path, *table)
        {
            let name = if path.is_empty() {
                self.names.one(*table).to_owned()
            } else {
                self.names.way(path)
            };
            let marks: Vec<&str> = path
                .iter()
                .filter_map(|&edge| self.names.mark(edge))
                .collect();
            let mut told: Vec<String> = Vec::new();
            if !marks.is_empty() {
                told.push(marks.join(", "));
            }
            let hidden = path
                .last()
                .is_some_and(|&edge| self.names.sounds_like_a_column(edge));
            if hidden || !self.is_label(key, path, *table) {
                told.push(format!("shown as {}", listed(&shown, "and")));
            }
            return if told.is_empty() {
                name
            } else {
                format!("{name} ({})", told.join("; "))
            };
        }
        let by: Vec<String> = key.by.iter().map(|expr| self.expr(expr, base)).collect();
        if key.by == key.shown {
            listed(&by, "and")
        } else {
            format!(
                "{} (shown as {})",
                listed(&by, "and"),
                listed(&shown, "and")
            )
        }
    }

    /// Grouped by what tells the rows of the table apart.
    fn is_identity(&self, key: &Key, path: &[EdgeId], table: TableId) -> bool {
        self.are_columns(&key.by, path, self.data.identity(table))
    }

    fn is_label(&self, key: &Key, path: &[EdgeId], table: TableId) -> bool {
        self.are_columns(&key.shown, path, &self.data.tables[table].label)
    }

    fn are_columns(
        &self,
        exprs: &[Expr],
        path: &[EdgeId],
        columns: &[super::data::ColumnId],
    ) -> bool {
        exprs.len() == columns.len()
            && exprs.iter().zip(columns).all(|(expr, column)| {
                matches!(expr, Expr::Column(reference) if reference.path == path && reference.column == *column)
            })
    }
}

struct Grouped<'w, 'd> {
    words: &'w Words<'d>,
    query: &'w Query,
    keys: &'w [Key],
    measures: &'w [Measure],
    window: Option<Window>,
    show_measures: bool,
    keep_empty: bool,
}

impl Grouped<'_, '_> {
    fn say(&self) -> String {
        let keys: Vec<String> = self
            .keys
            .iter()
            .map(|key| self.words.key(key, self.base()))
            .collect();
        let mut said = self.head(&keys);
        said.push_str(&self.kept());
        self.push_having(&mut said);
        self.push_order(&mut said);
        said
    }

    fn base(&self) -> TableId {
        self.query.rows.base
    }

    fn head(&self, keys: &[String]) -> String {
        let rows = self.words.rows(&self.query.rows);
        if !self.shows_figures() {
            return format!("lists each {} among {rows}", keys.join(" and "));
        }
        let head = match (self.measures, self.window) {
            ([Measure::Aggregate(only)], None) if is_count_of_rows(only) => {
                format!("counts {rows}")
            }
            _ => format!("shows {}", self.figures()),
        };
        if keys.is_empty() {
            head
        } else {
            format!("{head}, for each {}", keys.join(" and "))
        }
    }

    /// All figures, and the rows that they are of.
    fn figures(&self) -> String {
        let rows = self.words.rows(&self.query.rows);
        // Figures over rows of their own say so: the others come with theirs.
        let own: Vec<&Measure> = self.measures.iter().filter(|one| !all_other(one)).collect();
        let said: Vec<String> = self.measures.iter().map(|one| self.figure(one)).collect();
        let said = match said.as_slice() {
            [one] => one.clone(),
            many => many.join("; "),
        };
        if own.is_empty() {
            return if self.measures.is_empty() {
                format!("nothing of {rows}")
            } else {
                said
            };
        }
        format!("{said}, over {rows}")
    }

    /// A figure with what a window makes of it.
    fn figure(&self, measure: &Measure) -> String {
        let said = self.words.measure(measure, self.base());
        let along = self.along();
        match self.window {
            None => said,
            Some(Window::Running) => format!("the running total of {said} in the order of {along}"),
            Some(Window::RunningBeside) => {
                format!("{said} and its running total in the order of {along}")
            }
            Some(Window::ShareOfTotal) => {
                format!("the share, in per cent, of {said} in the total of all groups")
            }
            Some(Window::Previous) => format!("{said} and that of the {along} before"),
            Some(Window::Change) => format!("the change in {said} to the {along} before"),
            Some(Window::Growth) => {
                format!("the change in {said} to the {along} before, in per cent")
            }
            Some(Window::GrowthBeside) => {
                format!("{said} and its change to the {along} before, in per cent")
            }
            Some(Window::Rank) => format!("{said} with its rank (highest first)"),
        }
    }

    /// What a window goes along: the key that is a time, else the first one.
    fn along(&self) -> String {
        let key = self
            .time_key()
            .and_then(|at| self.keys.get(at))
            .or(self.keys.first());
        let Some(key) = key else {
            return "group".into();
        };
        match key.by.first() {
            Some(Expr::Part(part, _)) => words::part_name(*part).to_owned(),
            _ => self.words.key(key, self.base()),
        }
    }

    fn time_key(&self) -> Option<usize> {
        self.keys
            .iter()
            .position(|key| matches!(key.by.first(), Some(Expr::Part(..))))
    }

    fn shows_figures(&self) -> bool {
        self.show_measures
            || self.keys.is_empty()
            || self.window.is_some()
            || matches!(self.measures, [Measure::PerGroup { .. }])
            || self.joins_groups()
    }

    /// Figures over different rows that meet by the value of the keys.
    fn joins_groups(&self) -> bool {
        self.measures.iter().any(has_other)
            && !self.keys.is_empty()
            && !self.begins_with_the_entity()
    }

    /// The statement starts from the rows of the key's table, not from those that are counted.
    fn begins_with_the_entity(&self) -> bool {
        let single = matches!(self.keys, [key] if key.entity.is_some());
        single && (self.keep_empty || self.measures.iter().any(has_other))
    }

    fn kept(&self) -> String {
        if self.begins_with_the_entity() {
            let name = self
                .keys
                .first()
                .map(|key| self.words.key(key, self.base()));
            let counts = self.measures.iter().all(is_count);
            let with = if counts {
                "with zero"
            } else {
                "with zero or nothing"
            };
            return format!(
                ", {with} for each {} that has none",
                name.unwrap_or_default()
            );
        }
        if self.joins_groups() {
            return ", only for groups that the first figure has".into();
        }
        String::new()
    }

    fn push_having(&self, said: &mut String) {
        if self.query.having.is_empty() {
            return;
        }
        let parts: Vec<String> = self
            .query
            .having
            .iter()
            .map(|(measure, operator, right)| {
                let left = self.words.measure(measure, self.base());
                let relation = words::relation(*operator, words::Kind::Number);
                match right {
                    Having::Number(number) => {
                        format!("{left} {relation} {}", text::amount(*number))
                    }
                    Having::Overall => {
                        format!("{left} {relation} that over all groups together")
                    }
                }
            })
            .collect();
        said.push_str(&format!(", only groups where {}", parts.join(" and ")));
    }

    fn push_order(&self, said: &mut String) {
        if let Some(window) = self.window {
            // What a window makes has an order of its own.
            let by = match window {
                Window::ShareOfTotal | Window::Rank => "the largest first".to_owned(),
                Window::GrowthBeside
                | Window::Running
                | Window::RunningBeside
                | Window::Previous
                | Window::Change
                | Window::Growth => {
                    format!("ordered by {}", self.along())
                }
            };
            said.push_str(&format!(", {by}"));
            if let Some(limit) = self.query.limit {
                said.push_str(&places(limit, self.query.offset, true));
            }
            return;
        }
        let order: Vec<String> = self
            .query
            .order
            .iter()
            .map(|(by, descending)| self.by(by, *descending))
            .collect();
        if !order.is_empty() {
            said.push_str(&format!(", ordered by {}", order.join(", then by ")));
        }
        let per = self.query.per.and_then(|at| self.keys.get(at));
        match (per, self.query.limit) {
            (Some(key), limit) => {
                let ranked = ranked(limit.unwrap_or(1), self.query.offset);
                said.push_str(&format!(
                    ", {ranked} in each {}",
                    self.words.key(key, self.base())
                ));
            }
            (None, Some(limit)) if self.query.ties => {
                said.push_str(&format!(", {}", ranked(limit, self.query.offset)));
            }
            (None, Some(limit)) => {
                said.push_str(&places(limit, self.query.offset, !order.is_empty()));
            }
            (None, None) => {}
        }
    }

    fn by(&self, by: &OrderBy, descending: bool) -> String {
        match by {
            OrderBy::Expr(expr) => self.words.ordered(expr, descending, self.base()),
            OrderBy::Measure(at) => {
                let said = self
                    .measures
                    .get(*at)
                    .map(|one| self.words.measure(one, self.base()));
                let direction = if descending {
                    "highest first"
                } else {
                    "lowest first"
                };
                format!("{} ({direction})", said.unwrap_or_default())
            }
            OrderBy::Key(at) => match self
                .keys
                .get(*at)
                .and_then(|key| Some((key, key.shown.first()?)))
            {
                Some((key, Expr::Part(part, _)))
                    if key.by == key.shown && *part != Part::Weekday =>
                {
                    let direction = if descending {
                        "latest first"
                    } else {
                        "earliest first"
                    };
                    format!("{} ({direction})", words::part_name(*part))
                }
                Some((_, shown)) => self.words.ordered(shown, descending, self.base()),
                None => String::new(),
            },
        }
    }
}

fn is_count_of_rows(aggregate: &Aggregate) -> bool {
    aggregate.expr.is_none() && aggregate.filter.is_empty()
}

fn is_count(measure: &Measure) -> bool {
    matches!(
        measure,
        Measure::Aggregate(Aggregate {
            function: Function::Count | Function::CountDistinct,
            ..
        }) | Measure::Other {
            aggregate: Aggregate {
                function: Function::Count | Function::CountDistinct,
                ..
            },
            ..
        }
    )
}

/// Some of its figures are over rows of their own.
fn has_other(measure: &Measure) -> bool {
    match measure {
        Measure::Other { .. } => true,
        Measure::Ratio { over, under, .. } => has_other(over) || has_other(under),
        Measure::Difference(one, two) | Measure::Growth(one, two) => {
            has_other(one) || has_other(two)
        }
        Measure::Aggregate(_) | Measure::PerGroup { .. } => false,
    }
}

/// None of its figures is over the rows of the query.
fn all_other(measure: &Measure) -> bool {
    match measure {
        Measure::Other { .. } => true,
        Measure::Ratio { over, under, .. } => all_other(over) && all_other(under),
        Measure::Difference(one, two) | Measure::Growth(one, two) => {
            all_other(one) && all_other(two)
        }
        Measure::Aggregate(_) | Measure::PerGroup { .. } => false,
    }
}

/// Places of a result that is cut off, whatever ties.
fn places(limit: u64, offset: u64, is_ordered: bool) -> String {
    if !is_ordered && offset == 0 {
        return format!(", only {limit} of them in no certain order");
    }
    let order = if is_ordered {
        ""
    } else {
        " in no certain order"
    };
    match (limit, offset) {
        (1, 0) => format!(", only the first{order}"),
        (_, 0) => format!(", only the first {limit}{order}"),
        (1, _) => format!(", only the {}{order}", ordinal(offset + 1)),
        _ => format!(
            ", only the {} to the {}{order}",
            ordinal(offset + 1),
            ordinal(offset + limit)
        ),
    }
}

/// Places of a ranking: who ties with the last one stays.
fn ranked(limit: u64, offset: u64) -> String {
    match (limit, offset) {
        (1, 0) => "only the top one with all that tie with it".into(),
        (_, 0) => format!("only the top {limit} with all that tie with the last"),
        (1, _) => format!("only place {} (equals share a place)", offset + 1),
        _ => format!(
            "only places {} to {} (equals share a place)",
            offset + 1,
            offset + limit
        ),
    }
}
