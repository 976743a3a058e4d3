//! Cuts a question into tokens.

use super::words::Word;

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Word,
    Number(f64),
    /// Text in quotation marks: surely a value.
    Quoted,
    /// Written as a date, `YYYY-MM-DD` once read; other notations stay as they are.
    Date,
    Mark,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub text: String,
    pub lower: String,
    pub word: Word,
    pub kind: Kind,
}

impl Token {
    fn new(text: &str, kind: Kind) -> Self {
        Self {
            text: text.to_owned(),
            lower: text.to_lowercase(),
            word: Word::new(text),
            kind,
        }
    }

    /// Begins with a capital letter.
    pub fn is_capitalized(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// Longest question that is read, in characters; the rest is ignored.
const MAX_CHARS: usize = 2_000;

pub fn tokenize(question: &str) -> Vec<Token> {
    let letters: Vec<char> = question
        .chars()
        .take(MAX_CHARS)
        .map(|letter| match letter {
            '“' | '”' | '„' | '«' | '»' => '"',
            '‘' | '’' | '`' => '\'',
            other => other,
        })
        .collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < letters.len() {
        let letter = letters[at];
        if letter.is_whitespace() {
            at += 1;
        } else if let Some(end) = quoted_end(&letters, at) {
            let inner: String = letters[at + 1..end].iter().collect();
            tokens.push(Token::new(inner.trim(), Kind::Quoted));
            at = end + 1;
        } else if letter.is_alphanumeric() || (letter == '_') {
            let end = word_end(&letters, at);
            let text: String = letters[at..end].iter().collect();
            push_word(&text, &mut tokens);
            at = end;
        } else if letter == '\'' {
            at += 1;
        } else {
            let mut text = letter.to_string();
            if "<>!=".contains(letter) && letters.get(at + 1) == Some(&'=') {
                text.push('=');
                at += 1;
            }
            if !"$€£#".contains(letter) {
                tokens.push(Token::new(&text, Kind::Mark));
            }
            at += 1;
        }
    }
    spell_out_names(&mut tokens);
    bounds_first(&mut tokens);
    tokens
}

/// "30 shifts or more" stands for "at least 30 shifts".
fn bounds_first(tokens: &mut [Token]) {
    for at in 0..tokens.len().saturating_sub(3) {
        let [number, noun, or, bound] = &tokens[at..at + 4] else {
            return;
        };
        let bound = match (or.lower.as_str(), bound.lower.as_str()) {
            ("or", "more") => "least",
            ("or", "less" | "fewer") => "most",
            _ => continue,
        };
        if matches!(number.kind, Kind::Number(_)) && noun.kind == Kind::Word {
            let said = [number.clone(), noun.clone()];
            tokens[at] = Token::new("at", Kind::Word);
            tokens[at + 1] = Token::new(bound, Kind::Word);
            tokens[at + 2..at + 4].clone_from_slice(&said);
        }
    }
}

/// "First and last name" stands for "first name and last name".
fn spell_out_names(tokens: &mut Vec<Token>) {
    let is_part = |token: &Token| matches!(token.lower.as_str(), "first" | "middle" | "last");
    let mut at = 0;
    while at + 2 < tokens.len() {
        let listed =
            is_part(&tokens[at]) && matches!(tokens[at + 1].lower.as_str(), "and" | "," | "or");
        let named = tokens[at + 1..]
            .iter()
            .take(7)
            .take_while(|token| {
                is_part(token)
                    || matches!(
                        token.lower.as_str(),
                        "and" | "," | "or" | "name" | "names" | "the"
                    )
            })
            .any(|token| token.word.lemma == "name");
        if listed && named {
            tokens.insert(at + 1, Token::new("name", Kind::Word));
        }
        at += 1;
    }
}

/// Where the quotation that opens at `at` closes; an apostrophe opens one only after a gap.
fn quoted_end(letters: &[char], at: usize) -> Option<usize> {
    let mark = letters[at];
    if mark == '"' {
        return (at + 2..letters.len()).find(|&end| letters[end] == '"');
    }
    let after_gap = at == 0 || !letters[at - 1].is_alphanumeric();
    if mark != '\'' || !after_gap {
        return None;
    }
    (at + 2..letters.len()).find(|&end| {
        letters[end] == '\''
            && letters
                .get(end + 1)
                .is_none_or(|next| !next.is_alphanumeric())
    })
}

fn word_end(letters: &[char], start: usize) -> usize {
    let mut end = start;
    while end < letters.len() {
        let letter = letters[end];
        let next_inside = letters
            .get(end + 1)
            .is_some_and(|next| next.is_alphanumeric());
        let digits = letters[end.saturating_sub(1)].is_ascii_digit()
            && letters.get(end + 1).is_some_and(char::is_ascii_digit);
        let joins = match letter {
            '_' => true,
            '-' | '\'' | '&' | '@' => next_inside,
            '.' => next_inside && (digits || !letters[start].is_ascii_digit()),
            ',' | '/' | ':' => digits,
            other => other.is_alphanumeric(),
        };
        if !joins {
            break;
        }
        end += 1;
    }
    end
}

fn push_word(text: &str, tokens: &mut Vec<Token>) {
    let lower = text.to_lowercase();
    if let Some(base) = lower.strip_suffix("n't") {
        let base = match base {
            "ca" => "can",
            "wo" => "will",
            other => other,
        };
        tokens.push(Token::new(base, Kind::Word));
        tokens.push(Token::new("not", Kind::Word));
        return;
    }
    // "dont", "doesnt": the apostrophe is often left out.
    if let Some(base) = lower.strip_suffix("nt")
        && matches!(
            base,
            "do" | "does"
                | "did"
                | "has"
                | "have"
                | "had"
                | "is"
                | "are"
                | "was"
                | "were"
                | "could"
                | "would"
                | "should"
        )
    {
        tokens.push(Token::new(base, Kind::Word));
        tokens.push(Token::new("not", Kind::Word));
        return;
    }
    if lower == "cannot" {
        tokens.push(Token::new("not", Kind::Word));
        return;
    }
    for ending in ["'s", "'re", "'ve", "'d", "'ll"] {
        if let Some(base) = lower.strip_suffix(ending) {
            tokens.push(Token::new(&text[..base.len()], Kind::Word));
            tokens.push(Token::new(ending, Kind::Word));
            return;
        }
    }
    let kind = if is_date(&lower) {
        Kind::Date
    } else {
        number(&lower).map_or(Kind::Word, Kind::Number)
    };
    if kind == Kind::Word && text.contains('-') && !text.starts_with(|c: char| c.is_ascii_digit()) {
        // A hyphen joins words that a schema keeps apart; the value index sees both spellings.
        for part in text.split('-').filter(|part| !part.is_empty()) {
            tokens.push(Token::new(part, Kind::Word));
        }
        return;
    }
    tokens.push(Token::new(text, kind));
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.chars().all(|letter| letter.is_ascii_digit()))
}

/// A number in digits (`1,000`, `3.5`, `10k`) or in words up to twenty, in tens, hundred and thousand.
pub fn number(lower: &str) -> Option<f64> {
    let plain = lower.replace(',', "");
    if plain.starts_with(|letter: char| letter.is_ascii_digit()) {
        let (digits, factor) = match plain.chars().last() {
            Some('k') => (&plain[..plain.len() - 1], 1e3),
            Some('m') => (&plain[..plain.len() - 1], 1e6),
            _ => (plain.as_str(), 1.0),
        };
        return digits.parse::<f64>().ok().map(|value| value * factor);
    }
    let value = match lower {
        "zero" => 0.0,
        "one" | "once" => 1.0,
        "two" | "twice" => 2.0,
        "three" => 3.0,
        "four" => 4.0,
        "five" => 5.0,
        "six" => 6.0,
        "seven" => 7.0,
        "eight" => 8.0,
        "nine" => 9.0,
        "ten" => 10.0,
        "eleven" => 11.0,
        "twelve" => 12.0,
        "fifteen" => 15.0,
        "twenty" => 20.0,
        "thirty" => 30.0,
        "forty" => 40.0,
        "fifty" => 50.0,
        "hundred" => 100.0,
        "thousand" => 1_000.0,
        "million" => 1e6,
        _ => return None,
    };
    Some(value)
}
