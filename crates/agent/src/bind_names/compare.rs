//! Texts beside columns: spelled as they are stored, and no names.

use ingest::ColumnType;
use sqlparser::ast::{BinaryOperator, Expr, Ident, Value};

use super::Binder;
use super::resolve::BoundColumn;
use crate::sql_name::literal;

impl Binder<'_> {
    pub(super) fn operation(&mut self, left: &Expr, operator: &BinaryOperator, right: &Expr) {
        match operator {
            BinaryOperator::Eq | BinaryOperator::NotEq | BinaryOperator::Spaceship => {
                self.equality(left, right);
            }
            BinaryOperator::Lt
            | BinaryOperator::LtEq
            | BinaryOperator::Gt
            | BinaryOperator::GtEq
            | BinaryOperator::StringConcat => {
                self.text_or_expression(left, None);
                self.text_or_expression(right, None);
            }
            _ => self.expressions([left, right]),
        }
    }

    /// Whichever side is a column gives the other, where it is a text, its spelling.
    pub(super) fn equality(&mut self, left: &Expr, right: &Expr) {
        if self.is_text(left) {
            let column = self.expression(right);
            self.text_or_expression(left, column.as_ref());
        } else {
            let column = self.expression(left);
            self.text_or_expression(right, column.as_ref());
        }
    }

    pub(super) fn among(&mut self, expression: &Expr, list: &[Expr]) {
        let column = self.expression(expression);
        for item in list {
            self.text_or_expression(item, column.as_ref());
        }
    }

    /// A text, also in double quotes, where no column has that name.
    fn is_text(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Value(value) => matches!(value.value, Value::SingleQuotedString(_)),
            Expr::Identifier(ident) => {
                ident.quote_style == Some('"') && !self.resolves(&ident.value)
            }
            _ => false,
        }
    }

    /// Something that is compared or given to a function: a double-quoted name that no column has is a text here, however
    /// near a column may be. `column` is what a text must be equal to.
    pub(super) fn text_or_expression(&mut self, expression: &Expr, column: Option<&BoundColumn>) {
        match expression {
            Expr::Identifier(ident) if self.is_text(expression) => self.as_text(ident, column),
            Expr::Value(value) => {
                if let Value::SingleQuotedString(text) = &value.value
                    && let Some(stored) = self.stored(text, column)
                {
                    let Some(range) = self.text.range(value.span) else {
                        self.gave_up = true;
                        return;
                    };
                    self.edits.replace(range, literal(&stored));
                    self.say(format!(
                        "{} is stored as {}",
                        literal(text),
                        literal(&stored)
                    ));
                }
            }
            other => {
                self.expression(other);
            }
        }
    }

    /// Writes a name in double quotes as the text it was meant to be.
    pub(super) fn as_text(&mut self, ident: &Ident, column: Option<&BoundColumn>) {
        let Some(range) = self.text.ident(ident) else {
            self.gave_up = true;
            return;
        };
        let stored = self.stored(&ident.value, column);
        let text = literal(stored.as_deref().unwrap_or(&ident.value));
        self.say(format!("\"{}\" is read as the text {text}", ident.value));
        self.edits.replace(range, text);
    }

    fn stored(&self, text: &str, column: Option<&BoundColumn>) -> Option<String> {
        let bound = column?;
        let table = self.schema.tables.get(bound.table?)?;
        let column = table.column(&bound.column)?;
        if column.column_type != ColumnType::Text {
            return None;
        }
        let stored = (self.lookup)(&table.name, &column.name, text)?;
        (stored != text).then_some(stored)
    }
}
