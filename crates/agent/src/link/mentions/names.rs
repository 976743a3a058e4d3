//! How well a phrase names a table or a column.

use std::collections::HashMap;

use super::{Candidate, Mention, TIE, entry};
use crate::link::catalog::{Catalog, ColumnId, TableId};
use crate::link::lexicon;
use crate::link::tokens::{Kind, Token};
use crate::link::words::{Word, likeness};

/// Likeness of each token to each schema word, computed once for each pair.
pub struct Likeness<'a> {
    pub tokens: &'a [Token],
    /// By token and by the place of the schema word in memory: hashing its text would cost more than is saved.
    known: HashMap<(usize, usize), f64>,
}

impl<'a> Likeness<'a> {
    pub fn new(tokens: &'a [Token]) -> Self {
        Self {
            tokens,
            known: HashMap::new(),
        }
    }

    fn of(&mut self, token: usize, named: &'a Word) -> f64 {
        let said = &self.tokens[token].word;
        let place = std::ptr::from_ref(named).addr();
        *self
            .known
            .entry((token, place))
            .or_insert_with(|| likeness(said, named))
    }
}

/// Inside a name these may stand without meaning (`date of birth`).
fn is_filler(token: &Token) -> bool {
    matches!(
        token.lower.as_str(),
        "of" | "the" | "'s" | "in" | "for" | "a"
    )
}

pub fn name_phrase<'a>(
    tokens: &'a [Token],
    catalog: &'a Catalog,
    from: usize,
    to: usize,
    likeness: &mut Likeness<'a>,
    found: &mut HashMap<(usize, usize), Candidate<Mention>>,
) {
    let usable =
        |token: &Token| matches!(token.kind, Kind::Word | Kind::Number(_)) && token.lower != "'s";
    if !tokens[from..to].iter().all(|t| usable(t) || is_filler(t)) {
        return;
    }
    if is_filler(&tokens[from]) || is_filler(&tokens[to - 1]) {
        return;
    }
    let said: Vec<usize> = (from..to).filter(|&at| !is_filler(&tokens[at])).collect();
    if said.iter().all(|&at| {
        lexicon::is_stop(&tokens[at].lower) || matches!(tokens[at].kind, Kind::Number(_))
    }) && said.len() < 2
    {
        return;
    }
    if let &[only] = said.as_slice()
        && matches!(tokens[only].lower.as_str(), "first" | "last" | "middle")
    {
        return;
    }
    let has_filler = said.len() < to - from;
    let mut tables: Vec<(TableId, f64)> = (0..catalog.tables.len())
        .filter_map(|id| Some((id, table_score(catalog, id, &said, likeness)?)))
        .collect();
    let mut columns: Vec<(ColumnId, f64, bool)> = Vec::new();
    for (id, column) in catalog.columns.iter().enumerate() {
        let Some((score, compound)) = column_score(catalog, id, &said, has_filler, likeness) else {
            continue;
        };
        // A key named without "id" means the row it identifies.
        let stands_for = if column.is_id() && !said.iter().any(|&at| names_id(&tokens[at])) {
            catalog.identified_by(id)
        } else {
            None
        };
        match stands_for {
            Some(table) => tables.push((table, score * 0.9)),
            None => columns.push((id, score, compound)),
        }
    }
    let best_column = columns.iter().map(|c| c.1).fold(0.0, f64::max);
    let best_table = tables.iter().map(|t| t.1).fold(0.0, f64::max);
    columns.retain(|c| c.1 >= best_column - TIE);
    tables.retain(|t| t.1 >= best_table - 0.06);
    columns.sort_by(|a, b| b.1.total_cmp(&a.1));
    tables.sort_by(|a, b| b.1.total_cmp(&a.1));
    tables.dedup_by_key(|t| t.0);
    let best = best_column.max(best_table);
    if best <= 0.0 {
        return;
    }
    let across = if has_filler && best < 0.93 { 0.15 } else { 0.0 };
    let weight = said.len() as f64 * best - 0.1 + 0.05 * (said.len() - 1) as f64 - across;
    let candidate = entry(found, from, to);
    candidate.weight = candidate.weight.max(weight);
    candidate.reading.beside = table_beside(catalog, &said, likeness);
    candidate.reading.names_table = columns.first().is_some_and(|c| c.2);
    candidate.reading.columns = columns
        .into_iter()
        .map(|(id, score, _)| (id, score))
        .collect();
    candidate.reading.tables = tables;
}

fn names_id(token: &Token) -> bool {
    matches!(
        token.word.lemma.as_str(),
        "id" | "code" | "identifier" | "number" | "key" | "identification" | "no"
    )
}

/// The table that a part of the phrase names in full.
fn table_beside<'a>(
    catalog: &'a Catalog,
    said: &[usize],
    likeness: &mut Likeness<'a>,
) -> Option<TableId> {
    for length in (1..said.len()).rev() {
        for part in said.windows(length) {
            let found = (0..catalog.tables.len())
                .find(|&id| table_score(catalog, id, part, likeness).is_some_and(|s| s >= 0.93));
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// How well the tokens name the column, and whether they name its table beside.
fn column_score<'a>(
    catalog: &'a Catalog,
    id: ColumnId,
    said: &[usize],
    has_filler: bool,
    likeness: &mut Likeness<'a>,
) -> Option<(f64, bool)> {
    let column = &catalog.columns[id];
    let words = &column.words;
    let mut used = vec![false; words.len()];
    let mut sum = 0.0;
    let mut named = 0_usize;
    let mut compound = false;
    if said.len() == 1 && words.len() > 1 && joined_equals(&likeness.tokens[said[0]].lower, words) {
        return Some((1.0, false));
    }
    let mut run_together = 0;
    if said.len() > 1 && words.len() < said.len() {
        let text: String = said
            .iter()
            .map(|&at| likeness.tokens[at].word.lemma.as_str())
            .collect();
        if words.len() == 1 && text == words[0].lemma {
            return Some((1.0, false));
        }
        run_together = 1;
    }
    let _ = run_together;
    for (order, &at) in said.iter().enumerate() {
        let best = (0..words.len())
            .filter(|&w| !used[w])
            .map(|w| (w, likeness.of(at, &words[w])))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|&(_, score)| score >= 0.7);
        if let Some((word, score)) = best {
            used[word] = true;
            sum += score;
            named += 1;
            continue;
        }
        if named > 0
            && matches!(
                likeness.tokens[at].word.lemma.as_str(),
                "number" | "value" | "amount" | "level"
            )
        {
            sum += 0.8;
            continue;
        }
        let table = &catalog.tables[column.table].words;
        let of_table = table
            .iter()
            .map(|word| likeness.of(at, word))
            .fold(0.0, f64::max);
        if of_table >= 0.85 && !has_filler && (order == 0 || (compound && named == 0)) {
            compound = true;
            sum += of_table;
            continue;
        }
        return None;
    }
    if named == 0 {
        return None;
    }
    let mut all = 0.0;
    let mut covered = 0.0;
    let mut own_named = false;
    for (word, used) in words.iter().zip(&used) {
        let of_table = catalog.is_table_word(column, word);
        let weight = match word.lemma.as_str() {
            "of" | "in" | "the" | "a" | "be" | "if" | "f" | "to" => 0.15,
            "id" | "code" => 0.9,
            _ if of_table && words.len() > 1 => 0.2,
            _ => 1.0,
        };
        all += weight;
        if *used {
            covered += weight;
            own_named |= !of_table || words.len() == 1;
        }
    }
    if !own_named
        && words
            .iter()
            .any(|word| !catalog.is_table_word(column, word))
    {
        return None;
    }
    let coverage = covered / all;
    if coverage < 0.3 {
        return None;
    }
    Some((sum / said.len() as f64 * (0.45 + 0.55 * coverage), compound))
}

/// `surfacearea` for `surface_area`.
fn joined_equals(lower: &str, words: &[Word]) -> bool {
    let joined: String = words.iter().map(|word| word.lemma.as_str()).collect();
    lower == joined || Word::new(lower).lemma == joined
}

fn table_score<'a>(
    catalog: &'a Catalog,
    id: TableId,
    said: &[usize],
    likeness: &mut Likeness<'a>,
) -> Option<f64> {
    let words = &catalog.tables[id].words;
    if said.len() > 1 {
        let text: String = said
            .iter()
            .map(|&at| likeness.tokens[at].word.lemma.as_str())
            .collect();
        let named: String = words.iter().map(|word| word.lemma.as_str()).collect();
        if text == named {
            return Some(1.0);
        }
    } else if words.len() > 1 && joined_equals(&likeness.tokens[said[0]].lower, words) {
        return Some(1.0);
    }
    let mut used = vec![false; words.len()];
    let mut sum = 0.0;
    for &at in said {
        let (word, score) = (0..words.len())
            .filter(|&w| !used[w])
            .map(|w| (w, likeness.of(at, &words[w])))
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .filter(|&(_, score)| score >= 0.74)?;
        used[word] = true;
        sum += score;
    }
    let coverage = said.len() as f64 / words.len() as f64;
    let head = used.last().copied().unwrap_or(false);
    let partial = if coverage >= 1.0 {
        1.0
    } else if head {
        0.5 + 0.4 * coverage
    } else {
        0.35 + 0.4 * coverage
    };
    Some(sum / said.len() as f64 * partial)
}
