//! Expressions in words.

use sqlparser::ast::{
    BinaryOperator, DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, UnaryOperator,
};

/// The expression in words where it is of a common kind, else its SQL.
pub fn words(expression: &Expr) -> String {
    match expression {
        Expr::Identifier(name) => name.value.replace('_', " "),
        Expr::CompoundIdentifier(parts) => parts
            .last()
            .map_or_else(String::new, |name| name.value.replace('_', " ")),
        Expr::Nested(inner) => words(inner),
        Expr::BinaryOp { left, op, right } => binary(left, op, right),
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => format!("not {}", words(expr)),
        Expr::IsNull(inner) => format!("{} is missing", words(inner)),
        Expr::IsNotNull(inner) => format!("{} is present", words(inner)),
        Expr::InList {
            expr,
            list,
            negated,
        } => {
            let items: Vec<_> = list.iter().map(words).collect();
            let is = if *negated { "is none of" } else { "is one of" };
            format!("{} {is} {}", words(expr), items.join(", "))
        }
        Expr::Between {
            expr,
            negated,
            low,
            high,
        } => {
            let is = if *negated {
                "is not between"
            } else {
                "is between"
            };
            format!("{} {is} {} and {}", words(expr), words(low), words(high))
        }
        Expr::Like {
            negated,
            expr,
            pattern,
            ..
        } => {
            let is = if *negated { "is not like" } else { "is like" };
            format!("{} {is} {}", words(expr), words(pattern))
        }
        Expr::Function(function) => function_words(function),
        Expr::Cast { expr, .. } | Expr::Collate { expr, .. } => words(expr),
        other => other.to_string(),
    }
}

fn binary(left: &Expr, op: &BinaryOperator, right: &Expr) -> String {
    let is = match op {
        BinaryOperator::Eq => "is",
        BinaryOperator::NotEq => "is not",
        BinaryOperator::Gt => "is more than",
        BinaryOperator::GtEq => "is at least",
        BinaryOperator::Lt => "is less than",
        BinaryOperator::LtEq => "is at most",
        BinaryOperator::And => "and",
        BinaryOperator::Or => "or",
        BinaryOperator::Multiply => "×",
        other => return format!("{} {other} {}", words(left), words(right)),
    };
    format!("{} {is} {}", words(left), words(right))
}

fn function_words(function: &Function) -> String {
    let name = function.name.to_string().to_ascii_lowercase();
    let Some((argument, distinct)) = only_argument(function) else {
        return function.to_string();
    };
    let Some(argument) = argument else {
        return if name == "count" {
            "number of rows".into()
        } else {
            function.to_string()
        };
    };
    let argument = words(argument);
    let different = if distinct { "different " } else { "" };
    match name.as_str() {
        "count" => format!("number of {different}{argument}"),
        "sum" | "total" => format!("sum of {argument}"),
        "avg" => format!("average of {argument}"),
        "min" => format!("lowest {argument}"),
        "max" => format!("highest {argument}"),
        "lower" | "upper" | "trim" | "round" => argument,
        _ => function.to_string(),
    }
}

/// The argument (`None` for `*`) and whether it is taken DISTINCT; for functions of one argument, and `round`.
fn only_argument(function: &Function) -> Option<(Option<&Expr>, bool)> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let is_round = function.name.to_string().eq_ignore_ascii_case("round");
    let first = match list.args.as_slice() {
        [first] => first,
        [first, _] if is_round => first,
        _ => return None,
    };
    let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
    match first {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => {
            Some((Some(expression), distinct))
        }
        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Some((None, distinct)),
        _ => None,
    }
}

/// `count(*)`, the number of rows.
pub(super) fn counts_rows(expression: &Expr) -> bool {
    let Expr::Function(function) = expression else {
        return false;
    };
    let is_count = function.name.to_string().eq_ignore_ascii_case("count");
    is_count && matches!(only_argument(function), Some((None, _)))
}
