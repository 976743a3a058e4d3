//! The logical plan: what is counted or listed, over which rows, grouped and ordered how.
//!
//! Every expression is read from one base table along many-to-one paths, so no join can multiply rows; whatever lies on
//! the other side of a one-to-many relationship is a condition on existence, a count, or a measure with a base of its
//! own.

use serde::{Deserialize, Serialize};

use super::data::{ColumnId, Data, EdgeId, TableId};
use super::stats;

/// A column, reached from the base table along many-to-one relationships.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ref {
    pub path: Vec<EdgeId>,
    pub column: ColumnId,
}

impl Ref {
    pub fn own(column: ColumnId) -> Self {
        Self {
            path: Vec::new(),
            column,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    /// Hour of the day, 0 to 23.
    Hour,
    /// Monday to Sunday.
    Weekday,
    /// Month of any year, 1 to 12.
    MonthOfYear,
    QuarterOfYear,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Seconds,
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    pub fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::GreaterOrEqual,
            Self::LessOrEqual => Self::Greater,
            Self::Greater => Self::LessOrEqual,
            Self::GreaterOrEqual => Self::Less,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Expr {
    Column(Ref),
    Product(Box<Expr>, Box<Expr>),
    /// `later` minus `earlier`; `None` for today.
    Duration {
        earlier: Ref,
        later: Option<Ref>,
        unit: Unit,
    },
    Part(Part, Ref),
    /// 1 where the conditions hold, else 0.
    Holds(Vec<Condition>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    Number(f64),
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    Compare(Expr, Operator, Value),
    /// Any of several stored texts; `true` for none of them.
    In(Ref, Vec<Value>, bool),
    Like(Ref, String, bool),
    Between(Expr, Value, Value),
    /// First day inclusive, last day exclusive, as `YYYY-MM-DD`.
    Within(Ref, Option<String>, Option<String>),
    /// The part of the time (month of any year, weekday, hour) has the value.
    PartIs(Part, Ref, i64),
    /// `true`: is null; `false`: is not.
    Null(Ref, bool),
    Columns(Expr, Operator, Expr),
    /// How many rows of `rows`, tied to this row, compare so. `>= 1` is existence, `= 0` is absence.
    Related {
        /// Many-to-one steps from the base to the row that is shared.
        up: Vec<EdgeId>,
        rows: Box<Rows>,
        /// From the base of `rows` back to the shared row.
        down: Vec<EdgeId>,
        operator: Operator,
        count: f64,
        /// Compares this aggregate instead of the count.
        measure: Option<Box<Aggregate>>,
    },
    /// A figure of the rows tied to this one against the mean of that figure over all that have any such rows.
    BeyondMean {
        /// As in `Related`.
        up: Vec<EdgeId>,
        rows: Box<Rows>,
        down: Vec<EdgeId>,
        operator: Operator,
        measure: Box<Aggregate>,
    },
    /// Against the mean of the expression over `over` (within the same group where `group` is given).
    Average {
        expr: Expr,
        operator: Operator,
        over: Vec<Condition>,
        group: Option<Ref>,
    },
    /// The value is the extreme of all rows that meet `over`.
    Extreme {
        expr: Expr,
        largest: bool,
        over: Vec<Condition>,
    },
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Not(Box<Condition>),
}

/// Rows of one table that meet all conditions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rows {
    pub base: TableId,
    pub conditions: Vec<Condition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    Count,
    CountDistinct,
    Sum,
    Average,
    Minimum,
    Maximum,
    Median,
    /// 0 to 100.
    Percentile(f64),
    StandardDeviation,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    pub function: Function,
    /// `None` counts rows.
    pub expr: Option<Expr>,
    /// Only rows that meet these (a conditional aggregate).
    pub filter: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    Aggregate(Aggregate),
    /// First by second; times 100 where `percent`.
    Ratio {
        over: Box<Measure>,
        under: Box<Measure>,
        percent: bool,
    },
    /// The first, minus the second.
    Difference(Box<Measure>, Box<Measure>),
    /// Per cent by which the second exceeds the first.
    Growth(Box<Measure>, Box<Measure>),
    /// An aggregate over groups of an aggregate: average number of orders per customer.
    PerGroup {
        outer: Function,
        inner: Aggregate,
        group: Vec<Expr>,
    },
    /// A measure with rows of its own, tied to the keys of the query by `keys` (paths from its base).
    Other {
        rows: Rows,
        aggregate: Aggregate,
        keys: Vec<Expr>,
    },
}

/// What is done with the measure's column of the grouped result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Running total in the order of the time key.
    Running,
    /// The figure of each group and its running total beside it.
    RunningBeside,
    /// Per cent of the total of all groups.
    ShareOfTotal,
    /// The figure of the group before, in time, beside its own.
    Previous,
    /// Difference to the group before, in time.
    Change,
    /// Per cent of growth over the group before.
    Growth,
    /// The figure of each group and its growth over the group before beside it.
    GrowthBeside,
    Rank,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// What rows are grouped by.
    pub by: Vec<Expr>,
    /// What stands for it in the result.
    pub shown: Vec<Expr>,
    /// The table that the key stands for, where it is one (for groups that keep zeros).
    pub entity: Option<(Vec<EdgeId>, TableId)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Select {
    /// Rows of the base, these expressions of each.
    List { shown: Vec<Expr>, distinct: bool },
    /// One row for each combination of the keys (one in all without keys).
    Group {
        keys: Vec<Key>,
        measures: Vec<Measure>,
        window: Option<Window>,
        /// Which of `shown` and measures are in the result: the measures are left out where only names were asked for.
        show_measures: bool,
        /// Groups of the key's table without rows stay, with zero.
        keep_empty: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderBy {
    Expr(Expr),
    /// Position of the measure.
    Measure(usize),
    /// Position of the key.
    Key(usize),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub rows: Rows,
    pub select: Select,
    pub having: Vec<(Measure, Operator, Having)>,
    pub order: Vec<(OrderBy, bool)>,
    pub limit: Option<u64>,
    pub offset: u64,
    /// The limit holds for each group of this key.
    pub per: Option<usize>,
    /// Rows that tie with the last one stay.
    pub ties: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Having {
    Number(f64),
    /// The measure over all rows.
    Overall,
}

/// Where the times of a column end, before those that are asked for begin.
#[derive(Debug, Clone, Copy)]
pub struct End<'q> {
    pub column: ColumnId,
    /// The last one stored.
    pub latest: &'q str,
    /// First day that is asked for.
    pub from: &'q str,
}

impl Query {
    /// Whether its rows are those that have none of something.
    pub fn asks_for_absence(&self) -> bool {
        self.rows.conditions.iter().any(|condition| {
            matches!(
                condition,
                Condition::Related {
                    operator: Operator::Equal,
                    count: 0.0,
                    measure: None,
                    ..
                } | Condition::Null(_, true)
            )
        })
    }

    /// The first time of the conditions that begins after the last one stored.
    pub fn beyond_the_end<'q>(&'q self, data: &'q Data) -> Option<End<'q>> {
        self.rows.conditions.iter().find_map(|condition| {
            let Condition::Within(time, Some(from), _) = condition else {
                return None;
            };
            let stats = &data.columns[time.column].stats;
            // Of a large table only the first rows were looked at.
            let is_whole = stats.rows < stats::MAX_ROWS;
            let latest = stats.latest.as_deref().filter(|_| is_whole)?;
            (latest < from.as_str()).then_some(End {
                column: time.column,
                latest,
                from,
            })
        })
    }

    /// The same with all that tie with the last of the first so many; `None` where nothing can tie.
    pub fn with_ties(&self) -> Option<Self> {
        let is_plain = match &self.select {
            Select::List { distinct, .. } => !distinct,
            Select::Group {
                window,
                keep_empty,
                measures,
                ..
            } => {
                window.is_none()
                    && !keep_empty
                    && measures
                        .iter()
                        .all(|one| matches!(one, Measure::Aggregate(_) | Measure::Ratio { .. }))
            }
        };
        let can_tie = is_plain
            && self.limit.is_some()
            && !self.ties
            && self.offset == 0
            && self.per.is_none()
            && !self.order.is_empty();
        can_tie.then(|| Self {
            ties: true,
            ..self.clone()
        })
    }

    pub fn list(base: TableId) -> Self {
        Self {
            rows: Rows {
                base,
                conditions: Vec::new(),
            },
            select: Select::List {
                shown: Vec::new(),
                distinct: false,
            },
            having: Vec::new(),
            order: Vec::new(),
            limit: None,
            offset: 0,
            per: None,
            ties: false,
        }
    }
}
