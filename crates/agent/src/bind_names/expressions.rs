//! Every name within an expression.

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentClause, FunctionArguments, Ident,
    OrderByExpr, WindowType,
};

use super::resolve::BoundColumn;
use super::{Binder, MAX_DEPTH};

impl Binder<'_> {
    pub(super) fn enter(&mut self) -> bool {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.gave_up = true;
        }
        !self.gave_up
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn optional(&mut self, expression: Option<&Expr>) {
        if let Some(expression) = expression {
            self.expression(expression);
        }
    }

    pub(super) fn expressions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    /// Binds the names of an expression; the column, where it is one. Forms that SQLite does not have stay as they are.
    pub(super) fn expression(&mut self, expression: &Expr) -> Option<BoundColumn> {
        if !self.enter() {
            return None;
        }
        let column = self.expression_within(expression);
        self.leave();
        column
    }

    fn expression_within(&mut self, expression: &Expr) -> Option<BoundColumn> {
        match expression {
            Expr::Identifier(ident) => return self.name(ident),
            Expr::CompoundIdentifier(idents) => {
                return match idents.as_slice() {
                    [qualifier, ident] => self.qualified_column(qualifier, ident),
                    _ => None,
                };
            }
            Expr::Nested(inner) => return self.expression(inner),
            Expr::BinaryOp { left, op, right } => self.operation(left, op, right),
            Expr::InList { expr, list, .. } => self.among(expr, list),
            Expr::Like { expr, pattern, .. } | Expr::ILike { expr, pattern, .. } => {
                self.expression(expr);
                self.text_or_expression(pattern, None);
            }
            Expr::Between {
                expr, low, high, ..
            } => {
                self.expression(expr);
                self.text_or_expression(low, None);
                self.text_or_expression(high, None);
            }
            Expr::IsNull(inner)
            | Expr::IsNotNull(inner)
            | Expr::IsTrue(inner)
            | Expr::IsNotTrue(inner)
            | Expr::IsFalse(inner)
            | Expr::IsNotFalse(inner)
            | Expr::UnaryOp { expr: inner, .. }
            | Expr::Cast { expr: inner, .. }
            | Expr::Extract { expr: inner, .. }
            | Expr::Ceil { expr: inner, .. }
            | Expr::Floor { expr: inner, .. }
            | Expr::Collate { expr: inner, .. } => {
                self.expression(inner);
            }
            Expr::IsDistinctFrom(left, right) | Expr::IsNotDistinctFrom(left, right) => {
                self.equality(left, right);
            }
            Expr::InSubquery { expr, subquery, .. } => {
                self.expression(expr);
                self.query(subquery, false);
            }
            Expr::Exists { subquery, .. } | Expr::Subquery(subquery) => {
                self.query(subquery, false);
            }
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                ..
            } => {
                self.expression(expr);
                self.optional(substring_from.as_deref());
                self.optional(substring_for.as_deref());
            }
            Expr::Trim {
                expr, trim_what, ..
            } => {
                self.expression(expr);
                self.optional(trim_what.as_deref());
            }
            Expr::Position { expr, r#in } => self.expressions([expr.as_ref(), r#in.as_ref()]),
            Expr::Tuple(items) => self.expressions(items),
            Expr::Function(function) => self.function(function),
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => {
                let operand = operand
                    .as_deref()
                    .and_then(|operand| self.expression(operand));
                for case in conditions {
                    self.text_or_expression(&case.condition, operand.as_ref());
                    self.text_or_expression(&case.result, None);
                }
                if let Some(result) = else_result {
                    self.text_or_expression(result, None);
                }
            }
            _ => {}
        }
        None
    }

    /// A name alone. In double quotes it may be a text: other databases take it for one where no column has that name.
    fn name(&mut self, ident: &Ident) -> Option<BoundColumn> {
        let bound = self.plain_column(ident);
        if bound.is_none() && ident.quote_style == Some('"') && !self.resolves(&ident.value) {
            self.as_text(ident, None);
        }
        bound
    }

    fn function(&mut self, function: &Function) {
        if let FunctionArguments::List(list) = &function.args {
            for argument in &list.args {
                if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) = argument {
                    self.text_or_expression(expression, None);
                }
            }
            for clause in &list.clauses {
                if let FunctionArgumentClause::OrderBy(terms) = clause {
                    self.terms(terms);
                }
            }
        }
        self.optional(function.filter.as_deref());
        if let Some(WindowType::WindowSpec(window)) = &function.over {
            self.expressions(&window.partition_by);
            self.terms(&window.order_by);
        }
    }

    fn terms(&mut self, terms: &[OrderByExpr]) {
        self.expressions(terms.iter().map(|term| &term.expr));
    }
}
