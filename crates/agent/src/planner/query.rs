//! The typed query that is built from a question before any SQL is written.

use crate::link::catalog::{ColumnId, TableId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    Sum,
    Average,
    Minimum,
    Maximum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Year,
    Quarter,
    Month,
    Week,
    Weekday,
    Day,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Column(ColumnId),
    /// Every column of a table.
    All(TableId),
    /// Rows of the joined tables.
    CountRows,
    /// Distinct rows of one table among the joined rows.
    CountEntities(TableId),
    CountDistinct(ColumnId),
    Aggregate(Function, Box<Expr>),
    Product(ColumnId, ColumnId),
    DatePart(Part, ColumnId),
}

impl Expr {
    pub fn is_aggregate(&self) -> bool {
        matches!(
            self,
            Self::CountRows | Self::CountEntities(_) | Self::CountDistinct(_) | Self::Aggregate(..)
        )
    }

    pub fn columns(&self) -> Vec<ColumnId> {
        match self {
            Self::Column(column) | Self::CountDistinct(column) | Self::DatePart(_, column) => {
                vec![*column]
            }
            Self::Product(left, right) => vec![*left, *right],
            Self::Aggregate(_, inner) => inner.columns(),
            Self::All(_) | Self::CountRows | Self::CountEntities(_) => Vec::new(),
        }
    }

    pub fn table(&self) -> Option<TableId> {
        match self {
            Self::All(table) | Self::CountEntities(table) => Some(*table),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// The same relation read from the other side.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Number(f64),
    Text(String),
    Column(ColumnId),
    Query(Box<Query>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Compare(Expr, Operator, Operand),
    Between(Expr, Operand, Operand),
    /// Pattern of LIKE; `true` for NOT LIKE.
    Like(ColumnId, String, bool),
    /// `true` for NOT IN.
    InQuery(ColumnId, Box<Query>, bool),
    IsNull(ColumnId, bool),
    /// First day inclusive, last day exclusive, as `YYYY-MM-DD`.
    Within(ColumnId, Option<String>, Option<String>),
    /// Rows of the first table tied (`false`: not tied) to rows of the second that meet the conditions.
    Related {
        from: TableId,
        to: TableId,
        wanted: bool,
        conditions: Vec<Condition>,
    },
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

impl Condition {
    pub fn columns(&self) -> Vec<ColumnId> {
        match self {
            Self::Compare(left, _, right) => {
                let mut columns = left.columns();
                if let Operand::Column(column) = right {
                    columns.push(*column);
                }
                columns
            }
            Self::Between(left, ..) => left.columns(),
            Self::Like(column, ..)
            | Self::InQuery(column, ..)
            | Self::IsNull(column, _)
            | Self::Within(column, ..) => vec![*column],
            Self::Related { .. } => Vec::new(),
            Self::Any(inner) => inner.iter().flat_map(Self::columns).collect(),
            Self::Not(inner) => inner.columns(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// The table whose rows are meant; others are joined to it.
    pub root: TableId,
    /// Joined even where no expression names them: they restrict the rows.
    pub also: Vec<TableId>,
    pub distinct: bool,
    pub select: Vec<Expr>,
    pub filters: Vec<Condition>,
    pub group: Vec<Expr>,
    pub having: Vec<Condition>,
    /// `true` for descending.
    pub order: Vec<(Expr, bool)>,
    pub limit: Option<u64>,
    /// Only rows that this query gives too.
    pub intersect: Option<Box<Query>>,
}
