//! Measures in words.

use super::text::{ordinal, plural};
use super::words::{Words, extreme};
use crate::reading::data::TableId;
use crate::reading::query::{Aggregate, Expr, Function, Measure};
use crate::reading::sql;

impl Words<'_> {
    /// `the total amount`, `the number of orders (only where …)`.
    pub(super) fn aggregate(&self, aggregate: &Aggregate, base: TableId) -> String {
        let noun = self.plain_aggregate(aggregate, base);
        format!("{noun}{}", self.only(&aggregate.filter, base))
    }

    fn plain_aggregate(&self, aggregate: &Aggregate, base: TableId) -> String {
        let Some(expr) = &aggregate.expr else {
            return format!("the number of {}", self.names.many(base));
        };
        let of = self.expr(expr, base);
        match aggregate.function {
            Function::Count => {
                format!(
                    "the number of {} whose {of} is not empty",
                    self.names.many(base)
                )
            }
            Function::CountDistinct => {
                format!("the number of different {}", self.different(expr, &of))
            }
            // "Total total" is no figure.
            Function::Sum if of.contains("total") => format!("the sum of {of}"),
            Function::Sum => format!("the total {of}"),
            Function::Minimum | Function::Maximum => {
                let largest = aggregate.function == Function::Maximum;
                format!("the {} {of}", extreme(largest, self.kind(expr)))
            }
            other => format!("the {} {of}", function_words(other)),
        }
    }

    /// A key stands for the rows that have it.
    fn different(&self, expr: &Expr, said: &str) -> String {
        if let Expr::Column(reference) = expr
            && let Some(&last) = reference.path.last()
            && self.data.identity(self.data.edges[last].to) == [reference.column]
        {
            return plural(&self.names.way(&reference.path));
        }
        format!("values of {said}")
    }

    pub(super) fn measure(&self, measure: &Measure, base: TableId) -> String {
        match measure {
            Measure::Aggregate(inner) => self.aggregate(inner, base),
            Measure::Ratio {
                over,
                under,
                percent,
            } => self.ratio(over, under, *percent, base),
            Measure::Difference(left, right) => {
                format!("{} minus {}", self.side(left, base), self.side(right, base))
            }
            Measure::Growth(before, after) => format!(
                "the growth, in per cent, from {} to {}",
                self.side(before, base),
                self.side(after, base)
            ),
            Measure::PerGroup {
                outer,
                inner,
                group,
            } => {
                let each: Vec<String> = group.iter().map(|expr| self.each(expr, base)).collect();
                format!(
                    "the {} over each {} of {}, where there is any",
                    per_group_words(*outer),
                    each.join(" and "),
                    self.aggregate(inner, base)
                )
            }
            Measure::Other {
                rows,
                aggregate,
                keys,
            } => {
                let tied: Vec<String> = keys
                    .iter()
                    .map(|expr| self.same_expr(expr, rows.base))
                    .collect();
                let tied = if tied.is_empty() {
                    String::new()
                } else {
                    format!(" with the same {}", tied.join(" and "))
                };
                format!(
                    "{} over {}{tied}",
                    self.aggregate(aggregate, rows.base),
                    self.rows_inside(rows)
                )
            }
        }
    }

    fn ratio(&self, over: &Measure, under: &Measure, percent: bool, base: TableId) -> String {
        if let (Measure::Aggregate(part), Measure::Aggregate(whole), true) = (over, under, percent)
            && whole.filter.is_empty()
            && !part.filter.is_empty()
            && part.function == whole.function
            && part.expr == whole.expr
        {
            let of = match &whole.expr {
                None => self.names.many(base).to_owned(),
                Some(_) => self.plain_aggregate(whole, base),
            };
            let conditions = self.all(&part.filter, base);
            return format!("the share of {of} where ({conditions}), in per cent");
        }
        let (over, under) = (self.side(over, base), self.side(under, base));
        if percent {
            format!("{over} in per cent of {under}")
        } else {
            format!("{over} divided by {under}")
        }
    }

    /// An operand: in brackets where it is put together itself.
    fn side(&self, measure: &Measure, base: TableId) -> String {
        let said = self.measure(measure, base);
        match measure {
            Measure::Aggregate(_) => said,
            _ => format!("({said})"),
        }
    }

    /// A reference says what it refers to.
    fn each(&self, expr: &Expr, base: TableId) -> String {
        if let Expr::Column(reference) = expr
            && reference.path.is_empty()
            && let Some(edge) = self.data.edge_of(reference.column)
            && !self.names.sounds_like_a_column(edge)
        {
            return self.names.role(edge).to_owned();
        }
        self.expr(expr, base)
    }

    fn same_expr(&self, expr: &Expr, base: TableId) -> String {
        match expr {
            Expr::Column(reference) => self.same(reference),
            other => self.expr(other, base),
        }
    }
}

fn function_words(function: Function) -> String {
    match function {
        Function::Count | Function::CountDistinct => "number of".into(),
        Function::Sum => "total".into(),
        Function::Average => "average".into(),
        Function::Minimum => "lowest".into(),
        Function::Maximum => "highest".into(),
        Function::Median => "median".into(),
        Function::Percentile(at) if at.fract() == 0.0 && (0.0..=100.0).contains(&at) => {
            format!("{} percentile of", ordinal(at as u64))
        }
        Function::Percentile(at) => format!("percentile {} of", sql::number(at)),
        Function::StandardDeviation => "standard deviation of".into(),
    }
}

/// The statement averages where the outer function is a count.
fn per_group_words(outer: Function) -> String {
    match outer {
        Function::Count | Function::CountDistinct => function_words(Function::Average),
        Function::Percentile(_) | Function::StandardDeviation => {
            function_words(outer).trim_end_matches(" of").to_owned()
        }
        other => function_words(other),
    }
}
