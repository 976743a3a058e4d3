//! Expressions and conditions in words.

use schema_gen::meaning::{Role, TableKind};

use super::names::Names;
use super::text::{amount, day, listed, month, owning, period, quoted, read_day, weekday};
use crate::reading::data::{ColumnId, ColumnInfo, Data, EdgeId, TableId};
use crate::reading::query::{Aggregate, Condition, Expr, Operator, Part, Ref, Rows, Value};
use crate::reading::sql;

pub(super) struct Words<'d> {
    pub(super) data: &'d Data,
    pub(super) names: Names<'d>,
}

/// What the values of an expression are, which decides how they compare and come in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Time,
    Weekday,
    Number,
    /// A number that says which, not how much.
    Code,
    Text,
}

/// How many rows a condition asks for, as the statement does it.
enum Wanted {
    Any,
    None,
    Said(String),
}

impl<'d> Words<'d> {
    pub(super) fn new(data: &'d Data) -> Self {
        Self {
            data,
            names: Names::new(data),
        }
    }

    fn info(&self, column: ColumnId) -> &'d ColumnInfo {
        &self.data.columns[column]
    }

    pub(super) fn is_nullable(&self, reference: &Ref) -> bool {
        self.info(reference.column).stats.nulls > 0
    }

    pub(super) fn reference(&self, reference: &Ref) -> String {
        self.names.at(&reference.path, reference.column)
    }

    pub(super) fn kind(&self, expr: &Expr) -> Kind {
        match expr {
            Expr::Column(reference) => {
                let info = self.info(reference.column);
                match info.role {
                    Role::Time => Kind::Time,
                    Role::Identifier | Role::Year | Role::Ordinal if info.is_number() => Kind::Code,
                    _ if info.is_number() => Kind::Number,
                    _ => Kind::Text,
                }
            }
            Expr::Part(_, reference) if self.info(reference.column).is_number() => Kind::Code,
            Expr::Part(Part::Weekday, _) => Kind::Weekday,
            Expr::Part(..) => Kind::Time,
            Expr::Product(..) | Expr::Duration { .. } | Expr::Holds(_) => Kind::Number,
        }
    }

    pub(super) fn expr(&self, expr: &Expr, base: TableId) -> String {
        match expr {
            Expr::Column(reference) => self.reference(reference),
            Expr::Product(one, two) => {
                format!("{} times {}", self.expr(one, base), self.expr(two, base))
            }
            Expr::Duration {
                earlier,
                later,
                unit,
            } => {
                let later = match later {
                    Some(later) => self.reference(later),
                    None => "today".to_owned(),
                };
                let unit = sql::unit_name(*unit);
                format!("time from {} to {later} in {unit}", self.reference(earlier))
            }
            // A year that is kept as a number is what it is.
            Expr::Part(_, reference) if self.info(reference.column).is_number() => {
                self.reference(reference)
            }
            Expr::Part(part, reference) => {
                format!("{} of {}", part_name(*part), self.reference(reference))
            }
            Expr::Holds(conditions) => {
                format!("1 where ({}) and 0 elsewhere", self.all(conditions, base))
            }
        }
    }

    /// Conditions that must all hold; none holds always.
    pub(super) fn all(&self, conditions: &[Condition], base: TableId) -> String {
        if conditions.is_empty() {
            return "nothing is asked".into();
        }
        let parts: Vec<String> = conditions
            .iter()
            .map(|condition| self.condition(condition, base))
            .collect();
        parts.join(" and ")
    }

    /// `all orders`, `the orders where status is “paid”`.
    pub(super) fn rows(&self, rows: &Rows) -> String {
        let many = self.names.many(rows.base);
        if rows.conditions.is_empty() {
            format!("all {many}")
        } else {
            format!("the {many} where {}", self.all(&rows.conditions, rows.base))
        }
    }

    /// The same within a longer phrase: the conditions end where the bracket does.
    pub(super) fn rows_inside(&self, rows: &Rows) -> String {
        let many = self.names.many(rows.base);
        if rows.conditions.is_empty() {
            format!("all {many}")
        } else {
            format!(
                "the {many} (where {})",
                self.all(&rows.conditions, rows.base)
            )
        }
    }

    fn condition(&self, condition: &Condition, base: TableId) -> String {
        match condition {
            Condition::Compare(expr, operator, value) => self.compare(expr, *operator, value, base),
            Condition::In(reference, values, negated) => self.one_of(reference, values, *negated),
            Condition::Like(reference, pattern, negated) => {
                format!(
                    "{} {}",
                    self.reference(reference),
                    pattern_words(pattern, *negated)
                )
            }
            Condition::Between(expr, low, high) => {
                let kind = self.kind(expr);
                let (low, high) = (value_words(low, kind), value_words(high, kind));
                format!("{} is from {low} to {high}", self.expr(expr, base))
            }
            Condition::Within(reference, from, next) => {
                let column = self.reference(reference);
                match period(from.as_deref(), next.as_deref()) {
                    Some(period) => format!("{column} is {period}"),
                    None => format!("{column} is at any time"),
                }
            }
            Condition::PartIs(part, reference, number) => {
                format!(
                    "{} is {}",
                    self.reference(reference),
                    self.part(*part, reference, *number)
                )
            }
            Condition::Null(reference, is_null) => {
                let empty = if *is_null { "is empty" } else { "is not empty" };
                format!("{} {empty}", self.reference(reference))
            }
            Condition::Columns(one, operator, two) => {
                let relation = relation(*operator, self.kind(one));
                format!(
                    "{} {relation} {}",
                    self.expr(one, base),
                    self.expr(two, base)
                )
            }
            Condition::BeyondMean {
                up,
                rows,
                down,
                operator,
                measure,
            } => {
                let owner = self.owner(up, base);
                self.beyond_mean(&owner, rows, down, measure, *operator)
            }
            Condition::Related {
                up,
                rows,
                down,
                operator,
                count,
                measure,
            } => {
                let owner = self.owner(up, base);
                match measure {
                    None => self.related(&owner, rows, down, *operator, *count),
                    Some(measure) => {
                        self.related_figure(&owner, rows, down, measure, *operator, *count)
                    }
                }
            }
            Condition::Average {
                expr,
                operator,
                over,
                group,
            } => self.average(expr, *operator, over, group.as_ref(), base),
            Condition::Extreme {
                expr,
                largest,
                over,
            } => {
                let extreme = extreme(*largest, self.kind(expr));
                let many = self.names.many(base);
                let over = self.only(over, base);
                format!(
                    "{} is the {extreme} of all {many}{over}",
                    self.expr(expr, base)
                )
            }
            Condition::Any(any) => self.any(any, base),
            Condition::All(all) => match all.as_slice() {
                [one] => self.condition(one, base),
                _ => format!("({})", self.all(all, base)),
            },
            Condition::Not(inner) => match inner.as_ref() {
                // Rows without a time are outside of every period.
                Condition::Within(reference, from, next) => {
                    let period = period(from.as_deref(), next.as_deref());
                    let empty = if self.is_nullable(reference) {
                        " (or is empty)"
                    } else {
                        ""
                    };
                    format!(
                        "{} is not {}{empty}",
                        self.reference(reference),
                        period.unwrap_or_else(|| "at any time".into())
                    )
                }
                other => format!("it is not so that ({})", self.condition(other, base)),
            },
        }
    }

    /// Several values of one part of a time are said together: `on a Saturday or a Sunday`.
    fn any(&self, any: &[Condition], base: TableId) -> String {
        match any {
            [] => return "never".into(),
            [one] => return self.condition(one, base),
            [Condition::PartIs(part, reference, _), ..] => {
                let same: Option<Vec<String>> = any
                    .iter()
                    .map(|other| match other {
                        Condition::PartIs(own, place, number)
                            if own == part && place == reference =>
                        {
                            Some(self.part(*part, reference, *number))
                        }
                        _ => None,
                    })
                    .collect();
                if let Some(same) = same {
                    return format!("{} is {}", self.reference(reference), listed(&same, "or"));
                }
            }
            _ => {}
        }
        let parts: Vec<String> = any.iter().map(|one| self.condition(one, base)).collect();
        format!("({})", parts.join(" or "))
    }

    /// Conditions of a part of the rows, in brackets; nothing where there are none.
    pub(super) fn only(&self, conditions: &[Condition], base: TableId) -> String {
        if conditions.is_empty() {
            String::new()
        } else {
            format!(" (only where {})", self.all(conditions, base))
        }
    }

    fn compare(&self, expr: &Expr, operator: Operator, value: &Value, base: TableId) -> String {
        let kind = self.kind(expr);
        // What is empty is no other value either.
        let left_out = match expr {
            Expr::Column(reference)
                if operator == Operator::NotEqual && self.is_nullable(reference) =>
            {
                " (and is not empty)"
            }
            _ => "",
        };
        format!(
            "{} {} {}{left_out}",
            self.expr(expr, base),
            relation(operator, kind),
            value_words(value, kind)
        )
    }

    fn one_of(&self, reference: &Ref, values: &[Value], negated: bool) -> String {
        let column = self.reference(reference);
        let yes = self.info(reference.column).yes.as_deref();
        let said: Vec<String> = values
            .iter()
            .map(|value| match value {
                Value::Number(number) => {
                    let plain = sql::number(*number);
                    if yes == Some(plain.as_str()) {
                        format!("yes ({plain})")
                    } else {
                        plain
                    }
                }
                Value::Text(text) => {
                    let plain = quoted(text);
                    let says_yes =
                        yes.is_some_and(|yes| yes == text && !yes.eq_ignore_ascii_case("yes"));
                    if says_yes {
                        format!("yes ({plain})")
                    } else {
                        plain
                    }
                }
            })
            .collect();
        let empty = if negated && self.is_nullable(reference) {
            " (or is empty)"
        } else {
            ""
        };
        match (said.as_slice(), negated) {
            ([], false) => format!("{column} is one of no values"),
            ([], true) => format!("{column} is anything"),
            ([one], false) => format!("{column} is {one}"),
            ([one], true) => format!("{column} is not {one}{empty}"),
            (many, false) => format!("{column} is {}", listed(many, "or")),
            (many, true) => format!("{column} is none of {}{empty}", listed(many, "and")),
        }
    }

    fn part(&self, part: Part, reference: &Ref, number: i64) -> String {
        // The number itself is compared where a year is kept as one.
        if self.info(reference.column).is_number() && part != Part::Weekday {
            return number.to_string();
        }
        match part {
            Part::Weekday => match weekday(number) {
                Some(name) => format!("on a {name}"),
                None => format!("on weekday number {number}"),
            },
            Part::MonthOfYear => match month(number) {
                Some(name) => format!("in {name} of any year"),
                None => format!("in month number {number} of any year"),
            },
            Part::QuarterOfYear => format!("in quarter {number} of any year"),
            Part::Hour => format!("in the hour from {number}:00 to {number}:59"),
            Part::Year => format!("in the year {number}"),
            Part::Quarter | Part::Month | Part::Week | Part::Day => {
                format!("in the {} “{number}”", part_name(part))
            }
        }
    }

    // ----- rows on the other side of a one-to-many relationship -----

    fn related(
        &self,
        owner: &str,
        rows: &Rows,
        down: &[EdgeId],
        operator: Operator,
        count: f64,
    ) -> String {
        let Some(&last) = down.last() else {
            return "nothing is asked".into();
        };
        let many = self.names.many(rows.base);
        let one = self.names.one(rows.base);
        let only = if rows.conditions.is_empty() {
            String::new()
        } else {
            format!(" (where {})", self.all(&rows.conditions, rows.base))
        };
        let wanted = wanted(operator, count, one, many);
        let by = if down.len() > 1 || self.names.mark(last).is_some() {
            format!(", as {}", self.names.way_to_last(down))
        } else {
            String::new()
        };
        let table = &self.data.tables[rows.base];
        let happens = table.kind == TableKind::Event || table.time.is_some();
        match wanted {
            Wanted::Any => format!("{owner} has at least one {one}{by}{only}"),
            Wanted::None if happens => {
                format!("{owner} never had {} {one}{by}{only}", article(one))
            }
            Wanted::None => format!("{owner} has no {one}{by}{only}"),
            Wanted::Said(wanted) => format!("{owner} has {wanted}{by}{only}"),
        }
    }

    /// Whose rows are looked at: the row's own, or those of what it belongs to.
    fn owner(&self, up: &[EdgeId], base: TableId) -> String {
        let one = self.names.one(base);
        if up.is_empty() {
            format!("the {one}")
        } else {
            format!("the {} {}", owning(one), self.names.way(up))
        }
    }

    fn beyond_mean(
        &self,
        owner: &str,
        rows: &Rows,
        down: &[EdgeId],
        measure: &Aggregate,
        operator: Operator,
    ) -> String {
        let Some(&last) = down.last() else {
            return "nothing is asked".into();
        };
        let many = self.names.many(rows.base);
        let by = if down.len() > 1 || self.names.mark(last).is_some() {
            format!(", as {}", self.names.way_to_last(down))
        } else {
            String::new()
        };
        let only = self.only(&rows.conditions, rows.base);
        format!(
            "{} over {} {many}{by}{only} {} the average of all that have any",
            self.aggregate(measure, rows.base),
            owning(owner),
            relation(operator, Kind::Number),
        )
    }

    fn related_figure(
        &self,
        owner: &str,
        rows: &Rows,
        down: &[EdgeId],
        measure: &Aggregate,
        operator: Operator,
        value: f64,
    ) -> String {
        let Some(&last) = down.last() else {
            return "nothing is asked".into();
        };
        let many = self.names.many(rows.base);
        let by = if down.len() > 1 || self.names.mark(last).is_some() {
            format!(", as {}", self.names.way_to_last(down))
        } else {
            String::new()
        };
        let only = if rows.conditions.is_empty() {
            String::new()
        } else {
            format!(" (where {})", self.all(&rows.conditions, rows.base))
        };
        format!(
            "{} over {} {many}{by}{only} {} {}",
            self.aggregate(measure, rows.base),
            owning(owner),
            relation(operator, Kind::Number),
            amount(value)
        )
    }

    fn average(
        &self,
        expr: &Expr,
        operator: Operator,
        over: &[Condition],
        group: Option<&Ref>,
        base: TableId,
    ) -> String {
        let value = self.expr(expr, base);
        let only = self.only(over, base);
        let place = match operator {
            Operator::Equal => "exactly",
            Operator::NotEqual => "anything but",
            Operator::Less => "below",
            Operator::LessOrEqual => "at or below",
            Operator::Greater => "above",
            Operator::GreaterOrEqual => "at or above",
        };
        let many = self.names.many(base);
        match group {
            None => format!("{value} is {place} the average of all {many}{only}"),
            Some(group) => {
                format!(
                    "{value} is {place} the average of the {many} with the same {}{only}",
                    self.same(group)
                )
            }
        }
    }

    /// A row is the same where its key is.
    pub(super) fn same(&self, group: &Ref) -> String {
        let end = group.path.last().map(|&edge| self.data.edges[edge].to);
        let is_key = end.is_some_and(|table| self.data.identity(table) == [group.column]);
        let sounds = group
            .path
            .last()
            .is_some_and(|&edge| self.names.sounds_like_a_column(edge));
        if is_key && !sounds {
            self.names.way(&group.path)
        } else {
            self.reference(group)
        }
    }

    /// First and last of an order, by what is ordered.
    pub(super) fn direction(&self, expr: &Expr, descending: bool) -> &'static str {
        match (self.kind(expr), descending) {
            (Kind::Time, false) => "earliest first",
            (Kind::Time, true) => "latest first",
            (Kind::Weekday, false) => "Monday first",
            (Kind::Weekday, true) => "Sunday first",
            (Kind::Number | Kind::Code, false) => "lowest first",
            (Kind::Number | Kind::Code, true) => "highest first",
            (Kind::Text, false) => "from A to Z",
            (Kind::Text, true) => "from Z to A",
        }
    }
}

/// The statement takes "fewer than one" for none and "at least none" for any; so do the words.
fn wanted(operator: Operator, count: f64, one: &str, many: &str) -> Wanted {
    match operator {
        Operator::GreaterOrEqual if count <= 1.0 => return Wanted::Any,
        Operator::Greater if count < 1.0 => return Wanted::Any,
        Operator::Equal if count == 0.0 => return Wanted::None,
        Operator::Less if count <= 1.0 => return Wanted::None,
        _ => {}
    }
    let is_one = (count - 1.0).abs() < f64::EPSILON;
    let number = if is_one {
        "one".to_owned()
    } else {
        amount(count)
    };
    let noun = if is_one { one } else { many };
    Wanted::Said(match operator {
        Operator::GreaterOrEqual => format!("at least {number} {noun}"),
        Operator::Greater => format!("more than {number} {noun}"),
        Operator::Equal => format!("exactly {number} {noun}"),
        Operator::Less => format!("fewer than {number} {noun} (or none)"),
        Operator::LessOrEqual => format!("at most {number} {noun} (or none)"),
        Operator::NotEqual => format!("some {many}, but not exactly {number}"),
    })
}

pub(super) fn relation(operator: Operator, kind: Kind) -> &'static str {
    match (operator, kind) {
        (Operator::Equal, _) => "is",
        (Operator::NotEqual, _) => "is not",
        (Operator::Less, Kind::Time) => "is before",
        (Operator::LessOrEqual, Kind::Time) => "is on or before",
        (Operator::Greater, Kind::Time) => "is after",
        (Operator::GreaterOrEqual, Kind::Time) => "is on or after",
        (Operator::Less, _) => "is less than",
        (Operator::LessOrEqual, _) => "is at most",
        (Operator::Greater, _) => "is more than",
        (Operator::GreaterOrEqual, _) => "is at least",
    }
}

fn value_words(value: &Value, kind: Kind) -> String {
    match (value, kind) {
        (Value::Number(number), Kind::Code) => sql::number(*number),
        (Value::Number(number), _) => amount(*number),
        (Value::Text(text), Kind::Time) => read_day(text).map_or_else(|| quoted(text), day),
        (Value::Text(text), _) => quoted(text),
    }
}

/// `the earliest`, `the highest`.
pub(super) fn extreme(largest: bool, kind: Kind) -> &'static str {
    match (kind, largest) {
        (Kind::Time | Kind::Weekday, true) => "latest",
        (Kind::Time | Kind::Weekday, false) => "earliest",
        (Kind::Number | Kind::Code, true) => "highest",
        (Kind::Number | Kind::Code, false) => "lowest",
        (Kind::Text, true) => "last in the alphabet",
        (Kind::Text, false) => "first in the alphabet",
    }
}

/// `hour` alone could be one of a certain day.
pub(super) fn part_name(part: Part) -> &'static str {
    match part {
        Part::Hour => "hour of the day",
        Part::MonthOfYear => "month (of any year)",
        Part::QuarterOfYear => "quarter (of any year)",
        other => sql::part_name(other),
    }
}

fn article(noun: &str) -> &'static str {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u'])
        && !noun.starts_with("us")
        && !noun.starts_with("uni");
    if vowel { "an" } else { "a" }
}

/// Signs of a pattern that stand at its ends are told in words, others explained.
fn pattern_words(pattern: &str, negated: bool) -> String {
    let any_before = pattern.starts_with('%');
    let inner = pattern.strip_prefix('%').unwrap_or(pattern);
    let any_after = inner.ends_with('%') && !inner.ends_with("\\%");
    let inner = if any_after {
        &inner[..inner.len() - 1]
    } else {
        inner
    };
    let Some(plain) = unescaped(inner).filter(|plain| !plain.is_empty()) else {
        let not = if negated { "does not match" } else { "matches" };
        return format!(
            "{not} {} (% for any text, _ for any letter)",
            quoted(pattern)
        );
    };
    let (positive, negative) = match (any_before, any_after) {
        (true, true) => ("contains", "does not contain"),
        (false, true) => ("begins with", "does not begin with"),
        (true, false) => ("ends with", "does not end with"),
        (false, false) => ("reads", "does not read"),
    };
    let verb = if negated { negative } else { positive };
    format!("{verb} {}", quoted(&plain))
}

/// The text that a pattern stands for; `None` where a sign in it stands for other text.
fn unescaped(pattern: &str) -> Option<String> {
    let mut plain = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.push(letters.next()?),
            '%' | '_' => return None,
            other => plain.push(other),
        }
    }
    Some(plain)
}
