//! What a statement does, in words, read from its syntax tree: for restatements, for answers, and to tell which condition found
//! nothing.

mod expression;

use sqlparser::ast::{
    Expr, GroupByExpr, LimitClause, OrderByKind, Query, Select, SelectItem, SetExpr, Statement,
    TableFactor, TableWithJoins,
};
use std::fmt::Write as _;

pub use expression::words;

/// A SELECT of one level (no set operation), taken apart.
#[derive(Debug, Clone)]
pub struct Description {
    query: Query,
    /// Tables of the FROM clause, in order.
    pub tables: Vec<String>,
    /// Parts of the WHERE clause that all must hold.
    pub conditions: Vec<Condition>,
    /// What the columns hold, in words.
    pub columns: Vec<String>,
    pub groups: Vec<String>,
    /// The only column counts rows (not distinct values).
    pub counts_rows: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub words: String,
    expression: Expr,
}

impl Condition {
    /// Whether a sentence can say it: a query within it stays SQL.
    pub fn can_be_said(&self) -> bool {
        !self.words.contains("SELECT ")
    }
}

/// Takes a statement apart; `None` for what is no plain SELECT or cannot be parsed.
pub fn describe(sql: &str) -> Option<Description> {
    let query = parse(sql)?;
    let select = plain_select(&query)?;
    if select.from.is_empty() {
        return None;
    }
    let tables = select.from.iter().flat_map(table_names).collect();
    let conditions = select.selection.as_ref().map(conjuncts).unwrap_or_default();
    let columns = select.projection.iter().map(item_words).collect();
    let groups = match &select.group_by {
        GroupByExpr::Expressions(expressions, _) => expressions.iter().map(words).collect(),
        GroupByExpr::All(_) => Vec::new(),
    };
    let counts_rows = match select.projection.as_slice() {
        [SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }] => {
            expression::counts_rows(expr)
        }
        _ => false,
    };
    Some(Description {
        query,
        tables,
        conditions,
        columns,
        groups,
        counts_rows,
    })
}

fn parse(sql: &str) -> Option<Query> {
    match crate::parsed::parse(sql)? {
        Statement::Query(query) => Some(*query),
        _ => None,
    }
}

fn plain_select(query: &Query) -> Option<&Select> {
    match query.body.as_ref() {
        SetExpr::Select(select) => Some(select),
        _ => None,
    }
}

impl Description {
    /// One sentence without its full stop: `Name and total of customers where country is 'Germany', …`.
    pub fn restatement(&self) -> String {
        let mut sentence = if self.counts_rows {
            format!("Number of {}", self.subject())
        } else {
            format!("{} of {}", listed(&self.columns), self.subject())
        };
        if !self.conditions.is_empty() {
            let conditions: Vec<_> = self.conditions.iter().map(|c| c.words.as_str()).collect();
            let _ = write!(sentence, " where {}", conditions.join(" and "));
        }
        if !self.groups.is_empty() {
            let _ = write!(sentence, ", for each {}", listed(&self.groups));
        }
        sentence.push_str(&self.order_words());
        capitalized(&sentence)
    }

    /// The tables, in words.
    pub fn subject(&self) -> String {
        let names: Vec<_> = self
            .tables
            .iter()
            .map(|table| table.replace('_', " "))
            .collect();
        match names.as_slice() {
            [] => "rows".into(),
            [first] => first.clone(),
            [first, others @ ..] => format!("{first} with {}", listed(others)),
        }
    }

    fn order_words(&self) -> String {
        let mut text = String::new();
        let ordered = self.query.order_by.as_ref().map(|order| &order.kind);
        if let Some(OrderByKind::Expressions(expressions)) = ordered
            && let Some(first) = expressions.first()
        {
            let direction = match first.options.sort {
                Some(sqlparser::ast::OrderBySort::Desc) => "highest first",
                _ => "lowest first",
            };
            let _ = write!(text, ", by {}, {direction}", words(&first.expr));
        }
        let limit = match &self.query.limit_clause {
            Some(LimitClause::LimitOffset { limit, .. }) => limit.as_ref(),
            Some(LimitClause::OffsetCommaLimit { limit, .. }) => Some(limit),
            None => None,
        };
        if let Some(limit) = limit {
            let _ = write!(text, ", the first {}", words(limit));
        }
        text
    }

    /// A statement that gives a row only where this condition alone finds one; `None` where the FROM clause is needed whole.
    pub fn probe(&self, condition: &Condition) -> Option<String> {
        let mut select = plain_select(&self.query)?.clone();
        select.projection = vec![SelectItem::UnnamedExpr(Expr::value(
            sqlparser::ast::Value::Number("1".into(), false),
        ))];
        select.distinct = None;
        select.selection = Some(condition.expression.clone());
        select.group_by = GroupByExpr::Expressions(Vec::new(), Vec::new());
        select.having = None;
        let with = self.query.with.as_ref().map(|with| format!("{with} "));
        Some(format!("{}{select} LIMIT 1", with.unwrap_or_default()))
    }
}

fn table_names(from: &TableWithJoins) -> Vec<String> {
    let joined = from.joins.iter().map(|join| &join.relation);
    std::iter::once(&from.relation)
        .chain(joined)
        .map(|factor| match factor {
            TableFactor::Table { name, .. } => name
                .0
                .last()
                .and_then(|part| part.as_ident())
                .map_or_else(|| name.to_string(), |ident| ident.value.clone()),
            _ => "a selection".into(),
        })
        .collect()
}

fn conjuncts(expression: &Expr) -> Vec<Condition> {
    match expression {
        Expr::BinaryOp {
            left,
            op: sqlparser::ast::BinaryOperator::And,
            right,
        } => {
            let mut all = conjuncts(left);
            all.extend(conjuncts(right));
            all
        }
        Expr::Nested(inner) => conjuncts(inner),
        other => vec![Condition {
            words: words(other),
            expression: other.clone(),
        }],
    }
}

fn item_words(item: &SelectItem) -> String {
    match item {
        SelectItem::UnnamedExpr(expr) => words(expr),
        SelectItem::ExprWithAlias { expr, alias } => match expr {
            Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Function(_) => words(expr),
            _ => alias.value.replace('_', " "),
        },
        _ => "all columns".into(),
    }
}

/// `a, b and c`.
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use super::*;

    fn restated(sql: &str) -> String {
        describe(sql).unwrap().restatement()
    }

    #[test]
    fn says_in_words_what_a_statement_does() {
        assert_eq!(
            restated("SELECT count(*) FROM customers"),
            "Number of customers"
        );
        assert_eq!(
            restated(
                "SELECT COUNT(*) FROM customers WHERE country = 'Germany' AND joined_on >= '2024-01-01'"
            ),
            "Number of customers where country is 'Germany' and joined on is at least '2024-01-01'"
        );
        assert_eq!(
            restated(
                "SELECT c.name, SUM(o.total) AS t FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.name ORDER BY t DESC LIMIT 5"
            ),
            "Name and sum of total of customers with orders, for each name, by t, highest first, the first 5"
        );
        assert_eq!(
            restated(
                "SELECT avg(list_price) FROM products WHERE category IN ('Beans','Tea') OR name LIKE '%x%'"
            ),
            "Average of list price of products where category is one of 'Beans', 'Tea' or name is like '%x%'"
        );
    }

    #[test]
    fn probes_each_condition_alone() {
        let described = describe(
            "SELECT a, count(*) FROM t WHERE a = 'x' AND b > 2 GROUP BY a HAVING count(*) > 1",
        )
        .unwrap();
        let probes: Vec<_> = described
            .conditions
            .iter()
            .map(|c| described.probe(c).unwrap())
            .collect();
        assert_eq!(
            probes,
            [
                "SELECT 1 FROM t WHERE a = 'x' LIMIT 1",
                "SELECT 1 FROM t WHERE b > 2 LIMIT 1"
            ]
        );
    }

    #[test]
    fn gives_up_on_what_it_cannot_read() {
        for sql in [
            "",
            "SELECT",
            "DELETE FROM t",
            "SELECT 1; SELECT 2",
            "SELECT 1 UNION SELECT 2",
            "SELECT 1",
        ] {
            assert!(describe(sql).is_none(), "{sql}");
        }
        assert!(
            describe(&format!(
                "SELECT {}1{} FROM t",
                "(".repeat(500),
                ")".repeat(500)
            ))
            .is_none()
        );
    }
}
