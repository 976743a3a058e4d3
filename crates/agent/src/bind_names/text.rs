//! The statement as text: where its parts stand, and changes to it that leave the rest byte for byte.

use sqlparser::ast::Ident;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span, Token, Tokenizer};

/// Begins of characters and tokens, in bytes.
pub(crate) struct Text<'t> {
    sql: &'t str,
    /// Where each character begins, and where the text ends. Gathered once: a search from the line's beginning for each
    /// token takes minutes for a statement of 90 KB in one line, as models write.
    borders: Vec<usize>,
    /// Position in `borders` of each line's first character.
    lines: Vec<usize>,
    tokens: Vec<(Token, usize, usize)>,
}

impl<'t> Text<'t> {
    /// `None` for what cannot be cut into tokens.
    pub(crate) fn new(sql: &'t str) -> Option<Self> {
        let ends = std::iter::once(sql.len());
        let begins = sql
            .chars()
            .enumerate()
            .filter_map(|(at, letter)| (letter == '\n').then_some(at + 1));
        let mut text = Self {
            sql,
            borders: sql.char_indices().map(|(at, _)| at).chain(ends).collect(),
            lines: std::iter::once(0).chain(begins).collect(),
            tokens: Vec::new(),
        };
        let tokens = Tokenizer::new(&SQLiteDialect {}, sql)
            .tokenize_with_location()
            .ok()?;
        for token in tokens {
            if !matches!(token.token, Token::Whitespace(_)) {
                let range = text.range(token.span)?;
                text.tokens.push((token.token, range.0, range.1));
            }
        }
        Some(text)
    }

    /// Each with its first byte and the one behind it, blanks and comments left out.
    pub(crate) fn tokens(&self) -> &[(Token, usize, usize)] {
        &self.tokens
    }

    /// Names and keywords, without their quotes.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().filter_map(|(token, _, _)| match token {
            Token::Word(word) => Some(word.value.as_str()),
            _ => None,
        })
    }

    /// Columns count characters.
    fn byte(&self, location: Location) -> Option<usize> {
        let line = usize::try_from(location.line).ok()?.checked_sub(1)?;
        let column = usize::try_from(location.column).ok()?.checked_sub(1)?;
        self.borders.get(self.lines.get(line)? + column).copied()
    }

    /// From the first byte to the one behind the last.
    pub(super) fn range(&self, span: Span) -> Option<(usize, usize)> {
        let (from, to) = (self.byte(span.start)?, self.byte(span.end)?);
        (from <= to).then_some((from, to))
    }

    /// Where a name stands; `None` unless the text there is that name.
    pub(super) fn ident(&self, ident: &Ident) -> Option<(usize, usize)> {
        let (from, to) = self.range(ident.span)?;
        let written = self.sql.get(from..to)?;
        let bare = match ident.quote_style {
            Some(_) => written.get(1..written.len().checked_sub(1)?)?,
            None => written,
        };
        (bare == ident.value || bare.contains(['"', '`', ']'])).then_some((from, to))
    }

    /// Behind the table at `from` and its join condition: where a further join may stand.
    pub(super) fn end_of_join(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        let mut end = from;
        for (token, begin, behind) in &self.tokens {
            if *begin < from {
                continue;
            }
            match token {
                Token::LParen => depth += 1,
                Token::RParen if depth > 0 => depth -= 1,
                Token::RParen => break,
                other if depth == 0 && ends_a_join(other) => break,
                _ => {}
            }
            end = *behind;
        }
        end
    }
}

fn ends_a_join(token: &Token) -> bool {
    match token {
        Token::Comma | Token::SemiColon | Token::EOF => true,
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::WHERE
                | Keyword::GROUP
                | Keyword::HAVING
                | Keyword::WINDOW
                | Keyword::ORDER
                | Keyword::LIMIT
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::JOIN
                | Keyword::LEFT
                | Keyword::RIGHT
                | Keyword::INNER
                | Keyword::FULL
                | Keyword::CROSS
                | Keyword::NATURAL
        ),
        _ => false,
    }
}

/// Changes by place, applied together.
#[derive(Default)]
pub(super) struct Edits {
    edits: Vec<(usize, usize, String)>,
}

impl Edits {
    /// The last one for a place holds; insertions at one place stand in the order they were made.
    pub(super) fn replace(&mut self, (from, to): (usize, usize), text: String) {
        self.edits
            .retain(|(begin, end, _)| from == to || (*begin, *end) != (from, to));
        self.edits.push((from, to, text));
    }

    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.replace((at, at), text);
    }

    pub(super) fn apply(mut self, sql: &str) -> String {
        // Stable: what is inserted before a name comes before the name's own change.
        self.edits.sort_by_key(|(from, to, _)| (*from, *to));
        let mut result = String::with_capacity(sql.len() + 64);
        let mut done = 0;
        for (from, to, text) in &self.edits {
            if *from < done {
                continue;
            }
            result.push_str(sql.get(done..*from).unwrap_or_default());
            result.push_str(text);
            done = *to;
        }
        result.push_str(sql.get(done..).unwrap_or_default());
        result
    }
}
