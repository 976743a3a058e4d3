//! What a reading of the question's words says, before it is a query: items in the order they were said.

use super::data::{ColumnId, TableId};
use super::dates::Time;
use super::query::{Function, Operator, Part, Unit, Value, Window};
use super::score::{Feature, Features};

/// Rows or a column that a figure is of.
#[derive(Debug, Clone, PartialEq)]
pub enum Of {
    Rows(TableId),
    Column(ColumnId),
    Duration(ColumnId, Option<ColumnId>, Unit),
    /// A metric of the dataset's meaning: the product of columns.
    Product(ColumnId, ColumnId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// `None` where no word says how: sums for what adds up, means for the rest.
    pub function: Option<Function>,
    pub of: Of,
    /// Only rows that meet these.
    pub only: Vec<Cond>,
}

impl Figure {
    /// Over all rows.
    pub fn new(function: Option<Function>, of: Of) -> Self {
        Self {
            function,
            of,
            only: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum KeyOf {
    Column(ColumnId),
    Entity(TableId),
    Part(Part, Option<ColumnId>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    Is {
        column: ColumnId,
        values: Vec<String>,
        negated: bool,
    },
    Compare {
        column: ColumnId,
        operator: Operator,
        value: Value,
    },
    Between {
        column: ColumnId,
        low: f64,
        high: f64,
    },
    Null {
        column: ColumnId,
        is_null: bool,
    },
    Flag {
        column: ColumnId,
        yes: bool,
    },
    Like {
        column: ColumnId,
        pattern: String,
        negated: bool,
    },
    /// So many rows of the table belong to the row.
    Has {
        table: TableId,
        operator: Operator,
        count: f64,
    },
    /// A sum (or other figure) of the row's related rows.
    HasFigure {
        figure: Box<Figure>,
        operator: Operator,
        value: f64,
    },
    /// A count or sum of the row's related rows is beyond the mean of all that have any.
    BeyondMean {
        figure: Box<Figure>,
        operator: Operator,
    },
    Average {
        /// `None`: the measure of the question.
        column: Option<ColumnId>,
        operator: Operator,
        within: Option<KeyOf>,
        /// The mean is of the rows that meet these: "than the average photograph".
        among: Vec<Cond>,
    },
    Columns {
        left: ColumnId,
        operator: Operator,
        right: ColumnId,
        /// The self-reference to the row whose `right` is meant: "more than their manager".
        of_other: Option<ColumnId>,
    },
    /// The row that the self-reference names meets it: "who reports to Jo".
    Other {
        through: ColumnId,
        cond: Box<Cond>,
    },
    /// The hour of the day, 0 to 23, of whatever time counts.
    Hour {
        operator: Operator,
        hour: u8,
    },
    Any(Vec<Cond>),
}

impl Cond {
    pub fn number(column: ColumnId, operator: Operator, number: f64) -> Self {
        Self::Compare {
            column,
            operator,
            value: Value::Number(number),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    HowMany,
    /// Rows are counted, of whatever is spoken of.
    HowOften,
    HowMuch,
    Which,
    List,
    Who,
    When,
    Where,
    YesNo,
}

#[derive(Debug, Clone, PartialEq)]
pub enum By {
    Of(Of),
    /// The figure that the question asks for anyway.
    Measure,
    /// The default time of whatever is listed.
    Time,
    /// The name of whatever is listed.
    Name,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Ask(Ask),
    /// A table named without a function.
    Entity(TableId),
    /// A column named without a function.
    Column(ColumnId),
    /// Every column of what is listed.
    Everything,
    Figure(Figure),
    Ratio {
        over: Figure,
        under: Figure,
        percent: bool,
    },
    /// Per cent of rows (or of a sum) that meet the conditions said.
    Share,
    Key(KeyOf),
    /// "orders per day on average": the average is over these, one figure for each.
    Over(Part),
    Cond(Cond),
    Time(Time),
    /// A word that tells which time is meant.
    TimeOf(ColumnId),
    Order {
        by: By,
        function: Option<Function>,
        descending: bool,
        limit: Option<u64>,
        offset: u64,
    },
    Limit(u64),
    Window(Window),
    /// Growth between two periods, or along the time key.
    Growth,
    Percent,
    Distinct,
    /// "all" or "each" was said of the groups.
    All,
    /// Groups without rows stay.
    WithEmpty,
    /// Each value said has a figure of its own.
    SideBySide,
    /// What has not ended: "current", "right now".
    Current,
    /// Begins what a relation holds for: "with", "that have", "who".
    Clause,
    And,
    /// What stands on either side is set against the other.
    Versus,
    /// What stands on either side may hold.
    Or,
    Both,
    /// Begins a relative clause: what follows describes.
    Relative,
    Not,
}

impl Item {
    /// The order of `by`, descending or not, cut to so many rows after the first so many.
    pub fn first_by(
        by: By,
        function: Option<Function>,
        (descending, limit, offset): (bool, u64, u64),
    ) -> Self {
        Self::Order {
            by,
            function,
            descending,
            limit: Some(limit),
            offset,
        }
    }
}

/// A function said before the noun it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub enum Pending {
    Count {
        distinct: bool,
    },
    HowMuch,
    Function(Function),
    /// "minimum and maximum"
    Several(Vec<Function>),
    /// An average (or extreme) of a count or sum yet to come.
    Nested(Function, Box<Pending>),
    Superlative {
        descending: bool,
        limit: u64,
        offset: u64,
        is_top: bool,
    },
    Key,
    /// "per": a key, or the unit of a ratio.
    Per,
    Show,
    OrderBy {
        descending: Option<bool>,
    },
    Without,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Frame {
    pub items: Vec<(Item, (usize, usize))>,
    pub pending: Option<(Pending, usize)>,
    pub negated: Option<usize>,
    pub features: Features,
    pub score: f64,
    /// Tokens that were passed over, with a meaning.
    pub left: Vec<usize>,
}

impl Frame {
    pub fn push(&mut self, item: Item, span: (usize, usize)) {
        self.items.push((item, span));
    }

    pub fn add(&mut self, feature: Feature, amount: f64) {
        self.features.add(feature, amount);
        self.score += feature.weight() * amount;
    }

    /// The operator, turned round where a negation waits for it, which ends with it.
    pub fn take_negation(&mut self, operator: Operator) -> Operator {
        if self.negated.take().is_some() {
            operator.negated()
        } else {
            operator
        }
    }

    /// The last order "by the figure of the question", which a word after it may still name.
    pub fn open_order(&mut self) -> Option<(&mut By, &mut Option<Function>)> {
        self.items
            .iter_mut()
            .rev()
            .find_map(|(item, _)| match item {
                Item::Order { by, function, .. } if *by == By::Measure => Some((by, function)),
                _ => None,
            })
    }

    /// The last cut order by how many rows there are, which a word after it may say otherwise.
    pub fn counting_order(&mut self) -> Option<(&mut By, &mut Option<Function>)> {
        self.items
            .iter_mut()
            .rev()
            .find_map(|(item, _)| match item {
                Item::Order {
                    by: by @ By::Of(Of::Rows(_)),
                    function,
                    limit: Some(_),
                    ..
                } => Some((by, function)),
                _ => None,
            })
    }

    /// Names what the open order is by; without one, begins an order of its own, descending or not and cut or not.
    pub fn order_by(
        &mut self,
        by: By,
        function: Option<Function>,
        (descending, limit): (bool, Option<u64>),
        span: (usize, usize),
    ) {
        if let Some((open, how)) = self.open_order() {
            *open = by;
            *how = function;
        } else {
            self.push(
                Item::Order {
                    by,
                    function,
                    descending,
                    limit,
                    offset: 0,
                },
                span,
            );
        }
    }

    pub fn has(&self, test: impl Fn(&Item) -> bool) -> bool {
        self.items.iter().any(|(item, _)| test(item))
    }

    pub fn ask(&self) -> Option<Ask> {
        self.items.iter().find_map(|(item, _)| match item {
            Item::Ask(ask) => Some(*ask),
            _ => None,
        })
    }
}
