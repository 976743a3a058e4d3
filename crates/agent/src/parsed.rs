//! Statements as syntax trees, for saying in words what they do and for binding their names. What may run is decided
//! elsewhere.

use sqlparser::ast::Statement;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

/// The parser tries what stands in a parenthesis after FROM twice over, as a query and as joined tables, so that each
/// further one doubles its work: 6,000 of them, as a model wrote once, are never read to the end.
const MAX_OPEN: usize = 14;
const MAX_RECURSION: usize = 40;
/// `1 + 1 + …` is read without recursion, but its tree is as deep as it has terms, and dropping it recurses: 20,000 bytes
/// took between 0.5 and 1 MB of the 2 MB that a thread's stack has. Statements of models and people are shorter.
const MAX_BYTES: usize = 8_000;

/// The one statement, where it is read within bounds.
pub(crate) fn parse(sql: &str) -> Option<Statement> {
    if sql.len() > MAX_BYTES || deepest(sql) > MAX_OPEN {
        return None;
    }
    let parser = Parser::new(&SQLiteDialect {}).with_recursion_limit(MAX_RECURSION);
    let mut statements = parser.try_with_sql(sql).ok()?.parse_statements().ok()?;
    let only = statements.pop()?;
    statements.is_empty().then_some(only)
}

/// Most parentheses open at once. Those in texts and comments count as well: such a statement is merely not described.
fn deepest(sql: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for letter in sql.bytes() {
        match letter {
            b'(' => open += 1,
            b')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h26_a_statement_whose_reading_doubles_with_each_parenthesis_is_left_unread() {
        let nested = |depth: usize| {
            format!(
                "{}SELECT 1{}",
                "SELECT 1 FROM (".repeat(depth),
                ")".repeat(depth)
            )
        };
        assert!(parse(&nested(3)).is_some());
        // Without the bound this does not end.
        assert!(parse(&nested(60)).is_none());
        assert!(parse(&nested(6_000)).is_none());
    }

    #[test]
    fn h27_a_statement_whose_tree_is_too_deep_to_be_dropped_is_left_unread() {
        let chain = |terms: usize| format!("SELECT 1{}", "+1".repeat(terms));
        // Half of what a thread of the service has.
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let reading = small.spawn(move || {
            assert!(parse(&chain(3_900)).is_some());
            // Without the bound this ends the process.
            assert!(parse(&chain(49_000)).is_none());
        });
        assert!(reading.is_ok_and(|thread| thread.join().is_ok()));
    }
}
