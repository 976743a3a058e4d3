//! Phrases of the question that name a table, a column or a stored value.

use std::collections::HashMap;

use schema_gen::meaning::Role;

use super::data::{ColumnId, Data, TableId};
use super::values::{How, Match, Values};
use crate::reading::lexicon;
use crate::reading::tokens::{Kind, Token};
use crate::reading::words::{Word, likeness};

/// Longest name, in words of the question.
const MAX_NAME_WORDS: usize = 5;
/// Longest stored value, in words of the question.
const MAX_VALUE_WORDS: usize = 8;
/// Names kept for one phrase.
const MAX_NAMES: usize = 8;

#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Table(TableId),
    Column(ColumnId),
    Value(Match),
    /// Position among the dataset's metrics.
    Metric(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    pub from: usize,
    /// After its last token.
    pub to: usize,
    pub what: What,
    /// 0 to 1: how well the phrase fits the name or the value.
    pub score: f64,
}

/// Anchors by their first token.
pub struct Anchors {
    pub at: Vec<Vec<Anchor>>,
    /// Phrases that somebody gave a meaning, as they were given: first token, and after the last.
    given: Vec<(usize, usize)>,
}

/// Words inside a name that add nothing to it.
pub fn only_joins(lower: &str) -> bool {
    matches!(
        lower,
        "of" | "the" | "a" | "in" | "'s" | "for" | "to" | "per" | "/" | "-"
    )
}

/// Parts of names that weigh less: many columns have them, and people leave them out.
fn weight(lemma: &str) -> f64 {
    match lemma {
        "id" | "name" | "nm" | "code" | "cd" | "no" | "number" | "nr" | "key" | "flag" | "flg"
        | "date" | "dt" | "at" | "on" | "time" | "type" | "typ" | "value" | "amount" | "amt"
        | "desc" | "description" | "text" | "txt" | "cnt" | "count" | "is" | "has" | "of"
        | "by" | "the" | "score" | "title" | "ttl" | "total" | "address" | "adr" => 0.4,
        _ if lemma.chars().all(|letter| letter.is_ascii_digit()) => 1.2,
        _ => 1.0,
    }
}

impl Anchors {
    pub fn find(tokens: &[Token], data: &Data, values: &Values) -> Self {
        let names = Names::new(tokens, data);
        let mut at: Vec<Vec<Anchor>> = vec![Vec::new(); tokens.len()];
        for from in 0..tokens.len() {
            for to in from + 1..=(from + MAX_NAME_WORDS).min(tokens.len()) {
                names.add(from, to, &mut at[from]);
            }
            add_values(tokens, from, values, &mut at[from]);
        }
        let given = names.given(&at);
        // What such a phrase is made of means nothing by itself.
        for &(first, last) in &given {
            for (from, here) in at.iter_mut().enumerate() {
                let is_part = |anchor: &Anchor| {
                    from < last && anchor.to > first && anchor.to - from < last - first
                };
                here.retain(|anchor| !is_part(anchor));
            }
        }
        Self { at, given }
    }

    /// Whether the token is a part of a stored value of several words that stands there as it is stored ("no show").
    pub fn is_in_value(&self, token: usize) -> bool {
        self.at[..=token].iter().flatten().any(|anchor| {
            anchor.to > token
                && anchor.to > anchor.from + 1
                && matches!(&anchor.what, What::Value(value) if value.how <= How::Inflected)
        })
    }

    /// Whether the token stands in a phrase of several words that somebody gave a meaning: "average order value" is then
    /// no average of anything else.
    pub fn is_given(&self, token: usize) -> bool {
        self.given
            .iter()
            .any(|&(from, to)| (from..to).contains(&token))
    }
}

/// How well each word of the question fits each word of the schema, reckoned once.
struct Names<'a> {
    tokens: &'a [Token],
    data: &'a Data,
    fits: HashMap<(usize, &'a Word), f64>,
}

impl<'a> Names<'a> {
    fn new(tokens: &'a [Token], data: &'a Data) -> Self {
        let mut fits = HashMap::new();
        let words = data
            .tables
            .iter()
            .flat_map(|table| table.words.iter().chain(table.also.iter().flatten()))
            .chain(
                data.columns
                    .iter()
                    .flat_map(|column| column.words.iter().chain(column.also.iter().flatten())),
            )
            .chain(
                data.metrics
                    .iter()
                    .flat_map(|metric| metric.words.iter().flatten()),
            );
        for word in words {
            for (at, token) in tokens.iter().enumerate() {
                if fits.contains_key(&(at, word)) {
                    continue;
                }
                let fit = fit(token, word);
                if fit > 0.0 {
                    fits.insert((at, word), fit);
                }
            }
        }
        Self { tokens, data, fits }
    }

    /// The longest phrases of several words that are, word for word, what somebody says for a thing.
    fn given(&self, at: &[Vec<Anchor>]) -> Vec<(usize, usize)> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for anchor in at.iter().flatten() {
            let said: &[Vec<Word>] = match anchor.what {
                What::Table(table) => &self.data.tables[table].also,
                What::Column(column) => &self.data.columns[column].also,
                What::Metric(metric) if self.data.metrics[metric].is_own => {
                    &self.data.metrics[metric].words
                }
                What::Metric(_) | What::Value(_) => continue,
            };
            let tokens: Vec<&Token> = self.tokens[anchor.from..anchor.to]
                .iter()
                .filter(|token| !only_joins(&token.lower))
                .collect();
            let is_said = |words: &Vec<Word>| {
                words.len() == tokens.len()
                    && words
                        .iter()
                        .zip(&tokens)
                        .all(|(word, token)| word.lemma == token.word.lemma)
            };
            if anchor.to - anchor.from > 1 && said.iter().any(is_said) {
                spans.push((anchor.from, anchor.to));
            }
        }
        spans.sort_by_key(|&(from, to)| (std::cmp::Reverse(to - from), from));
        let mut kept: Vec<(usize, usize)> = Vec::new();
        for (from, to) in spans {
            if kept
                .iter()
                .all(|&(first, last)| to <= first || from >= last)
            {
                kept.push((from, to));
            }
        }
        kept
    }

    /// Whether the word alone is the name of a table.
    fn names_a_table(&self, token: usize) -> bool {
        self.data.tables.iter().any(|table| {
            matches!(table.words.as_slice(), [only] if self.fits.get(&(token, only)).is_some_and(|fit| *fit > 0.9))
        })
    }

    fn fit(&self, token: usize, words: &'a [Word]) -> Option<(usize, f64)> {
        words
            .iter()
            .enumerate()
            .filter_map(|(at, word)| self.fits.get(&(token, word)).map(|&fit| (at, fit)))
            .max_by(|one, two| one.1.total_cmp(&two.1))
    }

    fn add(&self, from: usize, to: usize, found: &mut Vec<Anchor>) {
        let said: Vec<usize> = (from..to)
            .filter(|&at| !(only_joins(&self.tokens[at].lower) && at > from && at + 1 < to))
            .collect();
        let ends_in_stop = [from, to - 1].iter().any(|&at| {
            lexicon::is_function_word(&self.tokens[at].lower) && self.tokens[at].kind == Kind::Word
                || self.tokens[at].kind == Kind::Mark
        });
        if said.is_empty() {
            return;
        }
        let mut names: Vec<Anchor> = Vec::new();
        // A name as it is written always wins.
        let raw: String = self.tokens[from..to]
            .iter()
            .map(|token| token.lower.as_str())
            .collect::<Vec<_>>()
            .join("_");
        let persons = to == from + 1
            && matches!(
                self.tokens[from].lower.as_str(),
                "people"
                    | "person"
                    | "persons"
                    | "individuals"
                    | "folks"
                    | "kids"
                    | "children"
                    | "headcount"
            );
        for (id, table) in self.data.tables.iter().enumerate() {
            let exact = table.name.eq_ignore_ascii_case(&raw);
            let score = if exact {
                1.0
            } else if ends_in_stop {
                0.0
            } else {
                // "sales" alone is no "sales team": what a thing is stands last in its name.
                let headless = said.len() == 1
                    && table.words.len() > 1
                    && table
                        .words
                        .last()
                        .is_some_and(|head| !self.fits.contains_key(&(said[0], head)));
                let own = self.cover(&said, &table.words, &[]) * if headless { 0.94 } else { 1.0 };
                let own = own.max(self.run_together(&said, &table.words));
                table
                    .also
                    .iter()
                    .map(|words| self.cover(&said, words, &[]))
                    .fold(own, f64::max)
            };
            let score = if persons && table.holds_persons {
                score.max(0.85)
            } else {
                score
            };
            if score > 0.3 {
                names.push(Anchor {
                    from,
                    to,
                    what: What::Table(id),
                    score,
                });
            }
        }
        for (id, column) in self.data.columns.iter().enumerate() {
            let exact = column.name.eq_ignore_ascii_case(&raw);
            let score = if exact {
                if raw.contains('_') || said.len() > 1 {
                    1.1
                } else {
                    1.0
                }
            } else if ends_in_stop {
                0.0
            } else {
                // "quantity per order" is no name of the quantity of order items.
                let table: &[Word] = if self.tokens[from..to]
                    .iter()
                    .any(|token| token.lower == "per")
                {
                    &[]
                } else {
                    &self.data.tables[column.table].words
                };
                // "renovation date" of `last_renovated`: a time is a date.
                let undated = match said.as_slice() {
                    [before @ .., last]
                        if column.is_time()
                            && !before.is_empty()
                            && matches!(self.tokens[*last].lower.as_str(), "date" | "time") =>
                    {
                        0.95 * self.cover(before, &column.words, table)
                    }
                    _ => 0.0,
                };
                std::iter::once(&column.words)
                    .chain(&column.also)
                    .map(|words| self.cover(&said, words, table))
                    .chain([
                        self.initials(&said, &column.words),
                        self.run_together(&said, &column.words),
                        undated,
                    ])
                    .fold(0.0, f64::max)
            };
            // "clients" of companies that are clients since some day: their rows.
            let token = &self.tokens[said[0]];
            if column.is_time()
                && said.len() == 1
                && !exact
                && column
                    .words
                    .last()
                    .is_some_and(|word| word.lemma == "since")
                && score > 0.3
                && token.lower != token.word.lemma
                && token.lower.ends_with('s')
                && self.fits.contains_key(&(said[0], &column.words[0]))
            {
                names.push(Anchor {
                    from,
                    to,
                    what: What::Table(column.table),
                    score,
                });
                continue;
            }
            // "any time" is no "part time".
            let meaning_words = column
                .words
                .iter()
                .filter(|word| {
                    !matches!(
                        word.lemma.as_str(),
                        "is" | "be" | "ha" | "has" | "have" | "was" | "flag" | "flg" | "yn"
                    )
                })
                .count();
            let half_said = column.role == Role::Flag
                && meaning_words > 1
                && said.len() == 1
                && !exact
                && (weight(&self.tokens[said[0]].word.lemma) < 1.0
                    || self.tokens[said[0]].lower.ends_with("ing")
                    // "calls" are no "repeat calls".
                    || self.names_a_table(said[0])
                    // "an urgent call" is not "on call".
                    || column.words[0].lemma == "on"
                        && (from == 0 || self.tokens[from - 1].lower != "on"));
            // "units" are counted, a "unit price" is paid.
            let is_its_unit = column.role == Role::Price
                && column.words.len() > 1
                && said.len() == 1
                && !exact
                && matches!(
                    self.tokens[said[0]].word.lemma.as_str(),
                    "unit" | "piece" | "item"
                );
            if score > 0.3 && !half_said && !is_its_unit {
                names.push(Anchor {
                    from,
                    to,
                    what: What::Column(id),
                    score,
                });
            }
        }
        // "school name" where the column that names schools is called otherwise.
        if let [before @ .., last] = said.as_slice()
            && !before.is_empty()
            && matches!(self.tokens[*last].word.lemma.as_str(), "name" | "title")
        {
            for table in &self.data.tables {
                let fit = self.cover(before, &table.words, &[]);
                if let [label] = table.label.as_slice()
                    && fit > 0.7
                    && !names.iter().any(|known| known.what == What::Column(*label))
                    && !self.data.columns[*label]
                        .words
                        .iter()
                        .any(|word| word.lemma == self.tokens[*last].word.lemma)
                {
                    names.push(Anchor {
                        from,
                        to,
                        what: What::Column(*label),
                        score: 0.88 * fit,
                    });
                }
            }
        }
        for (id, metric) in self.data.metrics.iter().enumerate() {
            let score = metric
                .words
                .iter()
                .map(|words| self.cover(&said, words, &[]))
                .fold(0.0, f64::max);
            if score > 0.9 && !ends_in_stop {
                names.push(Anchor {
                    from,
                    to,
                    what: What::Metric(id),
                    score,
                });
            }
        }
        // The key of a table, and what refers to it, is not meant by the table's own name.
        let said_id = said.iter().any(|&at| {
            self.tokens[at].lower.contains('_') || is_id_word(&self.tokens[at].word.lemma)
        });
        if !said_id {
            // "lines" of a table whose key is `line_no`, "orders" of one whose key is `OrderNo`: its rows.
            for name in &mut names {
                if let What::Column(column) = name.what
                    && self.names_rows(column)
                {
                    name.what = What::Table(self.data.columns[column].table);
                }
            }
            names.sort_by(|one, two| two.score.total_cmp(&one.score));
            let mut seen: Vec<What> = Vec::new();
            names.retain(|name| {
                let is_new = !seen.contains(&name.what);
                seen.push(name.what.clone());
                is_new
            });
            let tables: Vec<(TableId, f64)> = names
                .iter()
                .filter_map(|name| match name.what {
                    What::Table(table) => Some((table, name.score)),
                    _ => None,
                })
                .collect();
            names.retain(|name| {
                let What::Column(column) = name.what else {
                    return true;
                };
                let info = &self.data.columns[column];
                let stands_for = match self.data.edge_of(column) {
                    Some(edge) if info.is_foreign => Some(self.data.edges[edge].to),
                    _ if self.data.tables[info.table].key == [column]
                        && info.role == Role::Identifier =>
                    {
                        Some(info.table)
                    }
                    _ => None,
                };
                !tables
                    .iter()
                    .any(|(table, score)| Some(*table) == stands_for && *score >= name.score)
            });
        }
        names.sort_by(|one, two| two.score.total_cmp(&one.score));
        names.truncate(MAX_NAMES);
        found.append(&mut names);
    }

    /// A key whose name, but for its "no" or "id", is that of the things it tells apart.
    fn names_rows(&self, column: ColumnId) -> bool {
        let info = &self.data.columns[column];
        info.role == Role::Identifier
            && !info.is_foreign
            && self.data.tables[info.table].key == [column]
            && info.words.len() > 1
            && info
                .words
                .last()
                .is_some_and(|word| is_id_word(&word.lemma))
    }

    /// "first name" for a column `fname`: one letter of the name stands for the word, where the others are said.
    fn shortened(&self, token: usize, said: &[usize], name: &'a [Word]) -> Option<(usize, f64)> {
        let first = self.tokens[token].lower.chars().next()?;
        let at = name
            .iter()
            .position(|word| word.lemma.chars().eq(std::iter::once(first)))?;
        // A full name is the first and the last.
        let is_word = self.tokens[token].kind == Kind::Word
            && self.tokens[token].lower.len() > 2
            && self.tokens[token].lower != "full";
        let others_said = name.len() > 1
            && name.iter().enumerate().all(|(other, word)| {
                other == at
                    || said
                        .iter()
                        .any(|said| *said != token && self.fits.contains_key(&(*said, word)))
            });
        (is_word && others_said).then_some((at, 0.93))
    }

    /// "high schoolers" of a table `Highschooler`, "zipcode" of a column `zip_code`: the same letters, parted otherwise.
    fn run_together(&self, said: &[usize], name: &[Word]) -> f64 {
        let is_parted = name.len() > 1 && name.iter().all(|word| word.lemma.len() > 2);
        if said.len() == 1 && !is_parted || said.len() > 1 && name.len() > 1 {
            return 0.0;
        }
        let Some((last, before)) = said.split_last() else {
            return 0.0;
        };
        let mut letters: String = before
            .iter()
            .map(|&at| self.tokens[at].lower.as_str())
            .collect();
        letters.push_str(&self.tokens[*last].word.lemma);
        let own: String = name.iter().map(|word| word.lemma.as_str()).collect();
        if letters.len() > 5 && letters == own {
            0.98
        } else {
            0.0
        }
    }

    /// "operating system" for a column `os`.
    fn initials(&self, said: &[usize], name: &[Word]) -> f64 {
        let [word] = name else { return 0.0 };
        let letters = said
            .iter()
            .filter_map(|&at| self.tokens[at].lower.chars().next());
        if said.len() >= 2 && word.lemma.chars().eq(letters) {
            0.9
        } else {
            0.0
        }
    }

    /// How well what was said covers the name, and is covered by it; words of the table may come with a column's.
    fn cover(&self, said: &[usize], name: &'a [Word], table: &'a [Word]) -> f64 {
        let mut covered = vec![0.0_f64; name.len()];
        let mut total = 0.0;
        let mut own = 0;
        for &token in said {
            let of_name = self
                .fit(token, name)
                .or_else(|| self.shortened(token, said, name));
            let of_table = self.fit(token, table);
            match (of_name, of_table) {
                (Some((at, fit)), other) if other.is_none_or(|other| fit >= other.1) => {
                    covered[at] = covered[at].max(fit);
                    total += fit;
                    own += 1;
                }
                (_, Some((_, fit))) => total += fit * 0.97,
                _ => return 0.0,
            }
        }
        if own == 0 {
            return 0.0;
        }
        // Words that the table's name says need not be said again.
        let needed = |word: &Word| -> f64 {
            let weight = weight(&word.lemma);
            let says = |own: &Word| {
                own.lemma == word.lemma
                    || (word.lemma.len() >= 3 && own.lemma.starts_with(&word.lemma))
            };
            if table.iter().any(says) {
                weight * 0.3
            } else {
                weight
            }
        };
        let all: f64 = name.iter().map(needed).sum();
        let got: f64 = name
            .iter()
            .zip(&covered)
            .map(|(word, fit)| needed(word) * fit)
            .sum();
        // "Id", "name", "code" alone name every such column.
        let meaning = name
            .iter()
            .zip(&covered)
            .filter(|(_, fit)| **fit > 0.0)
            .map(|(word, _)| weight(&word.lemma))
            .fold(0.0, f64::max);
        let mean = total / said.len() as f64;
        let coverage = if all > 0.0 { got / all } else { 1.0 };
        let generic = if meaning < 0.5 && said.len() == 1 && name.len() > 1 {
            0.8
        } else {
            1.0
        };
        mean * (0.45 + 0.55 * coverage) * generic
    }
}

fn is_id_word(lemma: &str) -> bool {
    matches!(
        lemma,
        "id" | "code" | "number" | "no" | "key" | "identifier" | "nr"
    )
}

fn fit(token: &Token, word: &Word) -> f64 {
    if token.kind == Kind::Mark || token.kind == Kind::Quoted {
        return 0.0;
    }
    if token.lower == word.lemma {
        return 1.0;
    }
    if lexicon::is_function_word(&token.lower) {
        return 0.0;
    }
    let fit = likeness(&token.word, word);
    if fit >= 0.7 { fit } else { 0.0 }
}

fn add_values(tokens: &[Token], from: usize, values: &Values, found: &mut Vec<Anchor>) {
    let mut longest_exact = 0;
    let last = (from + MAX_VALUE_WORDS).min(tokens.len());
    for to in (from + 1..=last).rev() {
        let span = &tokens[from..to];
        let only = span.len() == 1;
        if span
            .iter()
            .any(|token| matches!(token.text.as_str(), "?" | "(" | ")" | ";" | ":"))
        {
            continue;
        }
        let edge = |token: &Token| {
            (lexicon::is_function_word(&token.lower) && !token.is_capitalized())
                || token.kind == Kind::Mark
        };
        let quoted = only && span[0].kind == Kind::Quoted;
        let bounded = !quoted && (edge(&span[0]) || edge(&span[span.len() - 1]));
        // "no shows" of what is stored as "No Show".
        let denies = span[0].lower == "no" && span.len() == 2;
        if bounded && !denies && (only || edge(&span[span.len() - 1])) {
            continue;
        }
        if only && matches!(span[0].kind, Kind::Number(_)) && span[0].text.len() < 3 {
            continue;
        }
        let phrase = joined(span);
        // Liberties need a sign that a value is meant: a capital letter, or several words.
        let capital = span.iter().any(Token::is_capitalized);
        let loosely = !quoted
            && !bounded
            && (capital && from > 0 || span.len() >= 2 || span[0].text.chars().count() >= 5);
        for one in values.find(&phrase, loosely) {
            if bounded && one.how > How::Folded && !(denies && one.how == How::Inflected) {
                continue;
            }
            // "average" says what is done before it names anything stored.
            let says = only
                && !quoted
                && matches!(
                    span[0].lower.as_str(),
                    "average"
                        | "mean"
                        | "median"
                        | "total"
                        | "sum"
                        | "count"
                        | "maximum"
                        | "minimum"
                        | "highest"
                        | "lowest"
                );
            let score = match one.how {
                _ if says => 0.5,
                How::Exact => 1.0,
                How::Folded => 0.98,
                How::Inflected => 0.9,
                How::Part => {
                    if span.len() >= 2 {
                        0.8
                    } else {
                        0.55
                    }
                }
                How::Slip => 0.7,
            };
            if one.how > How::Inflected && to - from < longest_exact {
                continue;
            }
            if one.how <= How::Inflected {
                longest_exact = longest_exact.max(to - from);
            }
            // An ordinary word is rarely a slip or a part of a name.
            let of_several = one.values.iter().all(|value| value.contains(' '));
            if one.how == How::Part && only && of_several && (!capital || from == 0) {
                continue;
            }
            if one.how >= How::Part && only && !capital && lexicon::is_stop(&span[0].lower) {
                continue;
            }
            found.push(Anchor {
                from,
                to,
                what: What::Value(one),
                score,
            });
        }
    }
}

/// The text as it was typed, as far as tokens tell.
pub fn joined(span: &[Token]) -> String {
    let mut text = String::new();
    for token in span {
        if !text.is_empty() && !token.text.starts_with('\'') && token.text != "%" {
            text.push(' ');
        }
        text.push_str(&token.text);
    }
    text
}
