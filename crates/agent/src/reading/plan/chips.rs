//! A query in parts, each with its words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::parts;
use crate::reading::data::{ColumnId, Data, EdgeId};
use crate::reading::query::{Aggregate, Condition, Expr, Measure, Query, Ref, Select};
use crate::reading::say::{About, Assumed, Phrases};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChipKind {
    /// Whose rows they are.
    Rows,
    /// A column of a list.
    Shown,
    Measure,
    Group,
    /// A condition on rows.
    Where,
    /// A condition on a time.
    Period,
    /// A condition on groups.
    Having,
    Order,
    Limit,
}

/// One part of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chip {
    /// Unique in the plan: `measure.0`.
    pub id: String,
    pub kind: ChipKind,
    /// In words.
    pub label: String,
    /// Why it is so, where the question did not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assumed: Option<String>,
    /// The plan means something without it.
    pub removable: bool,
    /// Something else can stand in its place.
    pub changeable: bool,
}

/// Where a part stands in its query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Rows,
    /// All columns of the table, as one.
    Everything,
    Shown(usize),
    Measure(usize),
    Group(usize),
    /// Among the conditions on rows: a `where` or a `period`.
    Condition(usize),
    Having(usize),
    Order(usize),
    Limit,
}

impl fmt::Display for ChipKind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Rows => "rows",
            Self::Shown => "shown",
            Self::Measure => "measure",
            Self::Group => "group",
            Self::Where => "where",
            Self::Period => "period",
            Self::Having => "having",
            Self::Order => "order",
            Self::Limit => "limit",
        })
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(id: &str) -> Result<Self, ()> {
        let Some((kind, at)) = id.split_once('.') else {
            return match id {
                "rows" => Ok(Self::Rows),
                "shown" => Ok(Self::Everything),
                "limit" => Ok(Self::Limit),
                _ => Err(()),
            };
        };
        let at: usize = at.parse().map_err(|_| ())?;
        match kind {
            "shown" => Ok(Self::Shown(at)),
            "measure" => Ok(Self::Measure(at)),
            "group" => Ok(Self::Group(at)),
            "where" | "period" => Ok(Self::Condition(at)),
            "having" => Ok(Self::Having(at)),
            "order" => Ok(Self::Order(at)),
            _ => Err(()),
        }
    }
}

/// Conditions on a time have a kind of their own.
pub fn kind_of(condition: &Condition) -> ChipKind {
    match condition {
        Condition::Within(..) => ChipKind::Period,
        _ => ChipKind::Where,
    }
}

/// All parts that make a difference to the result, in the order in which they are said.
pub fn chips(query: &Query, data: &Data, assumed: &[Assumed]) -> Vec<Chip> {
    let list = List {
        query,
        assumed,
        phrases: Phrases::new(data),
    };
    list.chips()
}

struct List<'q> {
    query: &'q Query,
    assumed: &'q [Assumed],
    phrases: Phrases<'q>,
}

impl List<'_> {
    fn chips(&self) -> Vec<Chip> {
        let (query, base) = (self.query, self.query.rows.base);
        let mut all = Vec::new();
        match &query.select {
            Select::Group { keys, measures, .. } => {
                for (at, measure) in measures.iter().enumerate() {
                    let label = self.phrases.measure_of(query, at);
                    let assumed = self.why(|about| figure_is(measure, about));
                    let chip = chip(ChipKind::Measure, Some(at), label, (true, true));
                    all.push(Chip { assumed, ..chip });
                }
                all.push(self.rows());
                for (at, key) in keys.iter().enumerate() {
                    let label = self.phrases.key_of(query, key);
                    let assumed =
                        self.why(|about| *about == About::Groups || exprs_are(&key.by, about));
                    let can_change = parts::groups_freely(query);
                    let chip = chip(ChipKind::Group, Some(at), label, (true, can_change));
                    all.push(Chip { assumed, ..chip });
                }
            }
            Select::List { shown, .. } => {
                all.push(self.rows());
                if self.phrases.is_everything(shown, base) {
                    let label = "every column".to_owned();
                    all.push(chip(ChipKind::Shown, None, label, (false, true)));
                } else {
                    for (at, expr) in shown.iter().enumerate() {
                        let label = self.phrases.expr(expr, base);
                        let flags = (shown.len() > 1, true);
                        all.push(chip(ChipKind::Shown, Some(at), label, flags));
                    }
                }
            }
        }
        for (at, condition) in query.rows.conditions.iter().enumerate() {
            let label = self.phrases.condition(condition, base);
            let can_change = parts::can_change(condition);
            let assumed = self.why(|about| condition_is(condition, about));
            let chip = chip(kind_of(condition), Some(at), label, (true, can_change));
            all.push(Chip { assumed, ..chip });
        }
        for (at, having) in query.having.iter().enumerate() {
            let label = self.phrases.having(having, base);
            all.push(chip(ChipKind::Having, Some(at), label, (true, false)));
        }
        if parts::orders_freely(query) {
            for (at, (by, descending)) in query.order.iter().enumerate() {
                let label = self.phrases.order(query, by, *descending);
                all.push(chip(ChipKind::Order, Some(at), label, (true, true)));
            }
        }
        if parts::is_cut(query)
            && let Some(label) = self.phrases.limit(query)
        {
            all.push(chip(ChipKind::Limit, None, label, (true, true)));
        }
        all
    }

    fn rows(&self) -> Chip {
        let label = self.phrases.rows(self.query);
        chip(ChipKind::Rows, None, label, (false, true))
    }

    fn why(&self, is_about: impl Fn(&About) -> bool) -> Option<String> {
        let found = self.assumed.iter().find(|assumed| is_about(&assumed.about));
        found.map(|assumed| assumed.why.clone())
    }
}

fn chip(kind: ChipKind, at: Option<usize>, label: String, flags: (bool, bool)) -> Chip {
    Chip {
        id: match at {
            Some(at) => format!("{kind}.{at}"),
            None => kind.to_string(),
        },
        kind,
        label,
        assumed: None,
        removable: flags.0,
        changeable: flags.1,
    }
}

fn passes(path: &[EdgeId], edge: EdgeId) -> bool {
    path.contains(&edge)
}

fn expr_is(expr: &Expr, about: &About) -> bool {
    let reference_is = |reference: &Ref| match about {
        About::Way(edge) => passes(&reference.path, *edge),
        _ => false,
    };
    match expr {
        Expr::Column(reference) => reference_is(reference),
        Expr::Part(_, reference) => {
            *about == About::Time(reference.column) || reference_is(reference)
        }
        Expr::Product(one, two) => expr_is(one, about) || expr_is(two, about),
        Expr::Duration { earlier, later, .. } => {
            reference_is(earlier) || later.iter().any(reference_is)
        }
        Expr::Holds(conditions) => conditions.iter().any(|one| condition_is(one, about)),
    }
}

fn exprs_are(exprs: &[Expr], about: &About) -> bool {
    exprs.iter().any(|expr| expr_is(expr, about))
}

fn columns_of(expr: &Expr, found: &mut Vec<ColumnId>) {
    match expr {
        Expr::Column(reference) | Expr::Part(_, reference) => found.push(reference.column),
        Expr::Product(one, two) => {
            columns_of(one, found);
            columns_of(two, found);
        }
        Expr::Duration { earlier, later, .. } => {
            found.push(earlier.column);
            found.extend(later.iter().map(|later| later.column));
        }
        Expr::Holds(_) => {}
    }
}

fn aggregate_is(aggregate: &Aggregate, about: &About) -> bool {
    let of = aggregate.expr.as_ref();
    match about {
        About::Function => of.is_some(),
        About::Figure(columns) => {
            let mut own = Vec::new();
            of.into_iter().for_each(|expr| columns_of(expr, &mut own));
            own.iter().any(|column| columns.contains(column))
        }
        _ => {
            of.is_some_and(|expr| expr_is(expr, about))
                || aggregate.filter.iter().any(|one| condition_is(one, about))
        }
    }
}

fn figure_is(measure: &Measure, about: &About) -> bool {
    match measure {
        Measure::Aggregate(inner) => aggregate_is(inner, about),
        Measure::Ratio { over, under, .. } => figure_is(over, about) || figure_is(under, about),
        Measure::Difference(one, two) | Measure::Growth(one, two) => {
            figure_is(one, about) || figure_is(two, about)
        }
        Measure::PerGroup { inner, group, .. } => {
            aggregate_is(inner, about) || exprs_are(group, about)
        }
        Measure::Other { aggregate, .. } => aggregate_is(aggregate, about),
    }
}

fn condition_is(condition: &Condition, about: &About) -> bool {
    let reference_is = |reference: &Ref| match about {
        About::Condition(column) => *column == reference.column,
        About::Way(edge) => passes(&reference.path, *edge),
        _ => false,
    };
    match condition {
        Condition::Within(time, ..) => match about {
            About::Period => true,
            About::Time(column) => *column == time.column,
            other => matches!(other, About::Way(edge) if passes(&time.path, *edge)),
        },
        Condition::PartIs(_, time, _) => *about == About::Time(time.column) || reference_is(time),
        Condition::In(reference, ..)
        | Condition::Like(reference, ..)
        | Condition::Null(reference, _) => reference_is(reference),
        Condition::Compare(expr, ..) | Condition::Between(expr, ..) => match (expr, about) {
            (Expr::Column(reference), _) => reference_is(reference),
            (expr, about) => expr_is(expr, about),
        },
        Condition::Columns(one, _, two) => expr_is(one, about) || expr_is(two, about),
        Condition::Related { rows, up, down, .. }
        | Condition::BeyondMean { rows, up, down, .. } => {
            rows.conditions.iter().any(|one| condition_is(one, about))
                || matches!(about, About::Way(edge) if passes(up, *edge) || passes(down, *edge))
        }
        Condition::Average { expr, .. } | Condition::Extreme { expr, .. } => expr_is(expr, about),
        Condition::Any(inner) | Condition::All(inner) => {
            inner.iter().any(|one| condition_is(one, about))
        }
        Condition::Not(inner) => condition_is(inner, about),
    }
}
