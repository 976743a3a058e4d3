//! A statement without what models put around it.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;

use crate::bind_names::text::Text;

/// The statement without a code fence, comments around it, semicolons at its end, and words of explanation behind them. A
/// second statement stays: that it is refused is what the model should hear.
pub(crate) fn tidy(sql: &str) -> &str {
    let sql = unfenced(sql.trim());
    let Some(text) = Text::new(sql) else {
        return before_last_semicolons(sql);
    };
    let mut range: Option<(usize, usize)> = None;
    let mut ended = false;
    for (token, begin, end) in text.tokens() {
        match token {
            Token::EOF => {}
            Token::SemiColon => ended |= range.is_some(),
            Token::Word(word) if ended && !begins_statement(word.keyword) => break,
            _ => {
                ended = false;
                range = Some((range.map_or(*begin, |(from, _)| from), *end));
            }
        }
    }
    let (from, to) = range.unwrap_or_default();
    sql.get(from..to).unwrap_or(sql)
}

fn before_last_semicolons(text: &str) -> &str {
    text.trim_end_matches(|c: char| c == ';' || c.is_whitespace())
}

/// What stands in a block of three backticks, when the text begins with one.
fn unfenced(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("```") else {
        return text;
    };
    let body = rest.split_once('\n').map_or(rest, |(_, body)| body);
    body.split("```").next().unwrap_or(body).trim()
}

fn begins_statement(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::SELECT
            | Keyword::WITH
            | Keyword::VALUES
            | Keyword::INSERT
            | Keyword::UPDATE
            | Keyword::DELETE
            | Keyword::DROP
            | Keyword::CREATE
            | Keyword::ALTER
            | Keyword::PRAGMA
            | Keyword::ATTACH
            | Keyword::VACUUM
            | Keyword::EXPLAIN
            | Keyword::REPLACE
            | Keyword::DETACH
    )
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn only_the_statement_is_left() {
        for text in [
            "SELECT 1",
            " SELECT 1 ; \n;",
            "```sql\nSELECT 1;\n```",
            "```\nSELECT 1\n```\nwhich counts",
            "-- counts\nSELECT 1; -- done",
            "/* counts */ SELECT 1 /* done */;",
            "SELECT 1;\nThis counts all rows.",
        ] {
            assert_eq!(tidy(text), "SELECT 1", "{text}");
        }
    }

    #[test]
    fn what_is_part_of_it_stays() {
        for text in [
            "SELECT 'a; -- b' FROM t",
            "SELECT 1 /* why */ + 1",
            "SELECT \"a;b\" FROM t",
            "SELECT 1; DROP TABLE t",
            "SELECT 1; SELECT 2",
            "SELECT 'Zürich'",
        ] {
            assert_eq!(tidy(text), text);
        }
        assert_eq!(tidy("SELECT 'open ;"), "SELECT 'open");
        assert_eq!(tidy(""), "");
        assert_eq!(tidy(";"), "");
    }
}
