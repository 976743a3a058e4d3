//! Distinct stored texts by what people may call them.

use std::collections::{HashMap, HashSet};

use ingest::ColumnType;
use schema_gen::Schema;
use store::StoreError;
use store::dataset::{CancelFlag, Dataset};

use super::data::ColumnId;
use super::relations;
use crate::reading::lexicon;
use crate::reading::words::{lemma, stem, within_one_edit};

/// Most values indexed of one column; a column with more is an identifier or free text.
const MAX_PER_COLUMN: usize = 20_000;
/// Most values indexed of a database.
const MAX_TOTAL: usize = 300_000;
/// Longer texts are not names of anything.
const MAX_VALUE_CHARS: usize = 80;
/// Shorter phrases with a slip are too likely another word.
const MIN_FUZZY_CHARS: usize = 5;
/// A word that stands in more values than this of a column tells none of them.
const MAX_SHARING_WORD: usize = 40;

/// Of a column with more values than this, a beginning names none.
const MAX_STARTS: usize = 60;

/// A column with more values has no abbreviations of them.
const MAX_ABBREVIATED: usize = 40;

/// How a phrase came to mean a stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// The same letters.
    Exact,
    /// The same but for case, accents and signs.
    Folded,
    /// Plural, ending, or the adjective of a place.
    Inflected,
    /// Some of the value's words, or its beginning.
    Part,
    /// One slip of the keyboard.
    Slip,
}

/// The stored values of one column that a phrase may mean; variants of one text come together.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    pub column: ColumnId,
    pub values: Vec<String>,
    pub how: How,
}

#[derive(Debug, Clone, Default)]
pub struct Values {
    entries: Vec<(ColumnId, String)>,
    by_text: HashMap<String, Vec<u32>>,
    by_stem: HashMap<String, Vec<u32>>,
    by_shape: HashMap<(char, usize), Vec<u32>>,
    by_word: HashMap<String, Vec<u32>>,
    by_start: HashMap<String, Vec<u32>>,
    /// By what is left where spellings differ ("E-BOOK" and "EBOOK").
    by_spelling: HashMap<(ColumnId, String), Vec<u32>>,
    /// Values of several words by their first letters, where those are stored as well ("UK" beside "United Kingdom").
    by_initials: HashMap<(ColumnId, String), Vec<u32>>,
    /// The values of columns that have few.
    by_column: HashMap<ColumnId, Vec<u32>>,
    /// Columns whose values are not all here.
    partial: Vec<ColumnId>,
}

impl Values {
    /// Reads the distinct values of every text column, bounded for each column and overall. Columns are numbered in the
    /// schema's order.
    pub fn build(
        dataset: &dyn Dataset,
        schema: &Schema,
        cancel: &CancelFlag,
    ) -> Result<Self, StoreError> {
        let mut index = Self::default();
        let mut id = 0;
        for table in &schema.tables {
            for column in &table.columns {
                if cancel.is_cancelled() {
                    return Err(StoreError::Cancelled);
                }
                if column.column_type == ColumnType::Text && index.entries.len() < MAX_TOTAL {
                    let (table, column) = (&table.name, &column.name);
                    let values = dataset.distinct_values(table, column, MAX_PER_COLUMN, cancel)?;
                    index.add(id, values);
                }
                id += 1;
            }
        }
        Ok(index)
    }

    /// Adds the distinct values of one column, most frequent first.
    pub fn add<I, T>(&mut self, column: ColumnId, values: I)
    where
        I: IntoIterator<Item = T>,
        T: AsRef<str>,
    {
        let mut count = 0;
        for value in values {
            let value = value.as_ref();
            let text = fold(value);
            let length = text.chars().count();
            if text.is_empty() || length > MAX_VALUE_CHARS {
                continue;
            }
            count += 1;
            if count >= MAX_PER_COLUMN || self.entries.len() >= MAX_TOTAL {
                self.partial.push(column);
                break;
            }
            let entry = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
            self.entries.push((column, value.to_owned()));
            self.by_stem.entry(stems(&text)).or_default().push(entry);
            if length >= MIN_FUZZY_CHARS
                && let Some(first) = text.chars().next()
            {
                self.by_shape
                    .entry((first, length))
                    .or_default()
                    .push(entry);
            }
            if text.len() >= 5 && text.is_char_boundary(4) && count <= MAX_STARTS {
                self.by_start
                    .entry(text[..4].to_owned())
                    .or_default()
                    .push(entry);
            }
            if text.contains(' ') {
                for word in text.split(' ').filter(|word| word.len() > 1) {
                    let entries = self.by_word.entry(word.to_owned()).or_default();
                    if entries.last() != Some(&entry) {
                        entries.push(entry);
                    }
                }
            }
            if count <= MAX_ABBREVIATED {
                self.by_column.entry(column).or_default().push(entry);
            } else {
                self.by_column.remove(&column);
            }
            if let Some(short) = initials(&text) {
                self.by_initials
                    .entry((column, short))
                    .or_default()
                    .push(entry);
            }
            let signed = value.trim().ends_with(['-', '+', '#', '*']);
            if let (Some(spelling), false) = (spelling(&text), signed) {
                self.by_spelling
                    .entry((column, spelling))
                    .or_default()
                    .push(entry);
            }
            self.by_text.entry(text).or_default().push(entry);
        }
    }

    /// Whether some values of the column are not indexed, so that one unknown here may be stored all the same.
    pub fn is_partial(&self, column: ColumnId) -> bool {
        self.partial.contains(&column)
    }

    /// What `phrase` may mean, by column; liberties are taken only where nothing closer is there.
    pub fn find(&self, phrase: &str, loosely: bool) -> Vec<Match> {
        let text = fold(phrase);
        if text.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        if let Some(entries) = self.by_text.get(&text) {
            self.collect(entries, How::Folded, phrase, &mut found);
        }
        let has_digit = text.chars().any(|letter| letter.is_ascii_digit());
        if has_digit && !text.contains(' ') {
            self.add_spellings(&mut found);
            return found;
        }
        let mut looser = Vec::new();
        if let Some(entries) = self.by_stem.get(&stems(&text)) {
            // Who does it is not what is done: "generate" is no "generator".
            let does = |text: &str| {
                let word = lemma(text);
                (word.ends_with("er") || word.ends_with("or"))
                    && stem(&word).len() + 2 <= word.len()
            };
            looser.extend(
                entries
                    .iter()
                    .filter(|&&entry| does(&fold(&self.entries[entry as usize].1)) == does(&text)),
            );
        }
        // "Koeln" for Köln, which folds to "koln".
        let short = text
            .replace("ae", "a")
            .replace("oe", "o")
            .replace("ue", "u");
        if short != text
            && let Some(entries) = self.by_text.get(&short)
        {
            let marked = |entry: &&u32| !self.entries[**entry as usize].1.is_ascii();
            looser.extend(entries.iter().filter(marked));
        }
        if let Some(place) = lexicon::place_of(&text)
            && let Some(entries) = self.by_text.get(place)
        {
            looser.extend(entries);
        }
        if let Some(codes) = gender(&text) {
            for code in codes {
                let entries = self.by_text.get(*code).into_iter().flatten();
                looser.extend(
                    entries.filter(|&&entry| self.holds_genders(self.entries[entry as usize].0)),
                );
            }
        }
        self.collect(&looser, How::Inflected, phrase, &mut found);
        self.add_spellings(&mut found);
        if !found.is_empty() || !loosely {
            return found;
        }
        let mut parts = self.containing(&text);
        // "maths" for Mathematics.
        let start = lemma(&text);
        if start.len() >= 4
            && !start.contains(' ')
            && start.is_char_boundary(4)
            && let Some(entries) = self.by_start.get(&start[..4])
        {
            let begins = |entry: &&u32| fold(&self.entries[**entry as usize].1).starts_with(&start);
            parts.extend(entries.iter().filter(begins));
        }
        self.collect(&parts, How::Part, phrase, &mut found);
        let ordinary =
            !text.contains(' ') && (relations::is_common(&text) || relations::is_common(&start));
        if found.is_empty() && !has_digit && !ordinary {
            let near = self.one_slip_away(&text);
            self.collect(&near, How::Slip, phrase, &mut found);
        }
        found
    }

    /// Whether the column holds nothing but letters or words for genders.
    fn holds_genders(&self, column: ColumnId) -> bool {
        self.of(column).all(|value| {
            matches!(
                fold(value).as_str(),
                "m" | "f"
                    | "male"
                    | "female"
                    | "d"
                    | "x"
                    | "u"
                    | "o"
                    | "n"
                    | "nb"
                    | "other"
                    | "unknown"
                    | "diverse"
                    | "non binary"
                    | "w"
                    | "man"
                    | "woman"
            )
        })
    }

    fn collect(&self, entries: &[u32], how: How, phrase: &str, found: &mut Vec<Match>) {
        for &entry in entries {
            let (column, value) = &self.entries[entry as usize];
            let how = if how == How::Folded && value == phrase {
                How::Exact
            } else {
                how
            };
            match found.iter_mut().find(|known| known.column == *column) {
                Some(known) => {
                    // A closer reading of the column is there already, but variants of one spelling count together.
                    if !known.values.contains(value)
                        && (known.how.max(how) <= How::Folded || known.how == how)
                    {
                        known.values.push(value.clone());
                    }
                    known.how = known.how.min(how);
                }
                None => found.push(Match {
                    column: *column,
                    values: vec![value.clone()],
                    how,
                }),
            }
        }
    }

    /// Other spellings of what was found count together with it.
    fn add_spellings(&self, found: &mut [Match]) {
        for one in found {
            for value in one.values.clone() {
                let Some(spelling) = spelling(&fold(&value)) else {
                    continue;
                };
                let others = self.by_spelling.get(&(one.column, spelling));
                let is_capital = !value.chars().any(char::is_lowercase);
                let short = self
                    .by_initials
                    .get(&(one.column, fold(&value)))
                    .filter(|_| is_capital);
                let long = initials(&fold(&value)).and_then(|short| self.by_text.get(&short));
                let long = long.into_iter().flatten().filter(|&&entry| {
                    let (column, text) = &self.entries[entry as usize];
                    *column == one.column && !text.chars().any(char::is_lowercase)
                });
                let siblings = self.by_column.get(&one.column).into_iter().flatten();
                let cut = siblings.filter(|&&entry| {
                    let other = &self.entries[entry as usize].1;
                    is_short_for(other, &value) || is_short_for(&value, other)
                });
                let others = others
                    .into_iter()
                    .flatten()
                    .chain(short.into_iter().flatten());
                let codes = gender(&fold(&value)).unwrap_or_default();
                let genders = codes
                    .iter()
                    .filter_map(|code| self.by_text.get(*code))
                    .flatten()
                    .filter(|&&entry| {
                        let column = self.entries[entry as usize].0;
                        column == one.column && self.holds_genders(column)
                    });
                for &entry in others.chain(long).chain(cut).chain(genders) {
                    let other = &self.entries[entry as usize].1;
                    if !one.values.contains(other) {
                        one.values.push(other.clone());
                    }
                }
            }
        }
    }

    /// Values that hold all words of the phrase, or begin with it.
    fn containing(&self, text: &str) -> Vec<u32> {
        let mut words = text.split(' ').filter(|word| word.len() > 1);
        let Some(first) = words.next() else {
            return Vec::new();
        };
        let Some(entries) = self.by_word.get(first) else {
            return Vec::new();
        };
        let mut kept = entries.clone();
        for word in words {
            let Some(others) = self.by_word.get(word) else {
                return Vec::new();
            };
            kept.retain(|entry| others.contains(entry));
        }
        if kept.len() > MAX_SHARING_WORD {
            return Vec::new();
        }
        kept
    }

    fn one_slip_away(&self, text: &str) -> Vec<u32> {
        let length = text.chars().count();
        let Some(first) = text.chars().next().filter(|_| length >= MIN_FUZZY_CHARS) else {
            return Vec::new();
        };
        (length - 1..=length + 1)
            .filter_map(|near| self.by_shape.get(&(first, near)))
            .flatten()
            .filter(|&&entry| within_one_edit(&fold(&self.entries[entry as usize].1), text))
            .copied()
            .collect()
    }

    /// The indexed values of a column, most frequent first.
    pub fn of(&self, column: ColumnId) -> impl Iterator<Item = &str> {
        self.entries
            .iter()
            .filter(move |(at, _)| *at == column)
            .map(|(_, value)| value.as_str())
    }

    /// Stored values that hold the text, folded as [`fold`] does; those that begin with it first, then the commonest.
    pub fn holding(&self, folded: &str, limit: usize) -> Vec<(ColumnId, &str)> {
        let mut found: Vec<(bool, u32)> = self
            .by_text
            .iter()
            .filter(|(text, _)| text.contains(folded))
            .flat_map(|(text, entries)| {
                let begins_within = !text.starts_with(folded);
                entries.iter().map(move |&entry| (begins_within, entry))
            })
            .collect();
        found.sort_unstable();
        found.truncate(limit);
        found
            .into_iter()
            .filter_map(|(_, entry)| self.entries.get(entry as usize))
            .map(|(column, value)| (*column, value.as_str()))
            .collect()
    }

    /// Columns of which some texts differ only by case (of ASCII letters) or blanks at their ends.
    pub fn with_spellings(&self) -> HashSet<ColumnId> {
        let mut seen = HashSet::new();
        self.entries
            .iter()
            .filter(|(column, value)| !seen.insert((*column, value.trim().to_ascii_lowercase())))
            .map(|(column, _)| *column)
            .collect()
    }

    /// Stored values that look like the phrase, for people to choose from.
    pub fn nearest(&self, phrase: &str, limit: usize) -> Vec<(ColumnId, String)> {
        let text = fold(phrase);
        let first = text.chars().next();
        let mut near: Vec<(usize, u32)> = self
            .entries
            .iter()
            .enumerate()
            .filter_map(|(entry, (_, value))| {
                let other = fold(value);
                if other.chars().next() != first {
                    return None;
                }
                let distance = edits(&text, &other)?;
                (distance * 3 <= text.chars().count().max(3)).then_some((distance, entry as u32))
            })
            .collect();
        near.sort_unstable();
        near.truncate(limit);
        near.into_iter()
            .map(|(_, entry)| self.entries[entry as usize].clone())
            .collect()
    }
}

/// How the gender that a word means may be stored.
fn gender(text: &str) -> Option<&'static [&'static str]> {
    Some(match text {
        "male" | "males" | "man" | "men" | "boy" | "boys" => &["m", "male", "man"],
        "female" | "females" | "woman" | "women" | "girl" | "girls" => {
            &["f", "female", "w", "woman"]
        }
        _ => return None,
    })
}

/// Levenshtein distance of two short texts; `None` where their lengths alone differ too much.
fn edits(one: &str, two: &str) -> Option<usize> {
    let (one, two): (Vec<char>, Vec<char>) = (one.chars().collect(), two.chars().collect());
    if one.len().abs_diff(two.len()) > 4 {
        return None;
    }
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (to, other) in two.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[to + 1];
            row[to + 1] = replaced.min(row[to] + 1).min(diagonal + 1);
        }
    }
    row.last().copied()
}

/// What spellings of one word have in common: "e-book" and "ebook", British "cancelled" and American "canceled". `None`
/// for codes, whose signs tell them apart.
fn spelling(folded: &str) -> Option<String> {
    // "A+" is not "A-", and "C++" not "C": only what joins letters is left out.
    if folded
        .chars()
        .any(|letter| letter.is_ascii_digit() || "+%/@:".contains(letter))
    {
        return None;
    }
    let letters: String = folded
        .split(' ')
        .flat_map(|word| {
            let one = if word.ends_with('s') {
                lemma(word)
            } else {
                word.to_owned()
            };
            one.chars().collect::<Vec<char>>()
        })
        .filter(|letter| letter.is_alphanumeric())
        .collect();
    if letters.is_empty() {
        return None;
    }
    for ending in ["ed", "ing", "er", "ation"] {
        if let Some(root) = letters.strip_suffix(ending)
            && let Some(root) = root.strip_suffix("ll")
        {
            return Some(format!("{root}l{ending}"));
        }
    }
    Some(letters)
}

/// "HWY" for "Highway", "resid." for "residential": without its vowels, or cut with a full stop.
fn is_short_for(short: &str, long: &str) -> bool {
    let cut = short.trim().ends_with('.');
    let (short, long) = (fold(short), fold(long));
    // "sci-fi" for "Science Fiction"
    let parts: Vec<(&str, &str)> = short.split(' ').zip(long.split(' ')).collect();
    if parts.len() > 1
        && short.split(' ').count() == long.split(' ').count()
        && short.len() + 4 <= long.len()
        && parts.iter().all(|(cut, whole)| {
            cut.len() >= 2 && cut.len() + 2 <= whole.len() && whole.starts_with(cut)
        })
    {
        return true;
    }
    let length = short.chars().count();
    if length < 3
        || long.chars().count() < length + 2
        || !short.chars().chain(long.chars()).all(char::is_alphabetic)
    {
        return false;
    }
    if cut && long.starts_with(&short) {
        return true;
    }
    let mut letters = long.chars();
    !short.chars().skip(1).any(|letter| "aeiou".contains(letter))
        && short.chars().next() == long.chars().next()
        && short.chars().last() == long.chars().last()
        && short
            .chars()
            .all(|letter| letters.any(|other| other == letter))
}

/// The first letters of two to four words.
fn initials(folded: &str) -> Option<String> {
    let words: Vec<&str> = folded
        .split(' ')
        .filter(|word| !matches!(*word, "of" | "the" | "and"))
        .collect();
    let letters = words.iter().filter_map(|word| word.chars().next());
    ((2..=4).contains(&words.len()) && letters.clone().all(char::is_alphabetic))
        .then(|| letters.collect())
}

/// Lower case, without accents, signs as one blank.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match unaccented(letter) {
            Some(plain) => folded.push_str(plain),
            None if letter.is_alphanumeric() || ".%+/:@".contains(letter) => folded.push(letter),
            None if ('\u{300}'..'\u{370}').contains(&letter) => {}
            None if letter == '\'' || letter == '’' => folded.push(' '),
            None => folded.push(' '),
        }
    }
    folded
        .split_whitespace()
        .map(|word| word.trim_end_matches(['.', ':']))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Latin letters with marks, as people without the key write them.
fn unaccented(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' | 'ĉ' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ł' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' | 'ņ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

fn stems(text: &str) -> String {
    text.split(' ')
        .map(|word| stem(&lemma(word)))
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::Values;

    fn found(stored: &[&str], said: &str) -> Vec<String> {
        let mut values = Values::default();
        values.add(0, stored);
        let mut found: Vec<String> = values
            .find(said, false)
            .into_iter()
            .flat_map(|one| one.values)
            .collect();
        found.sort();
        found
    }

    #[test]
    fn spellings_of_one_value_count_together() {
        assert_eq!(found(&["E-BOOK", "ebook", "Book"], "e-book").len(), 2);
        assert_eq!(found(&["cancelled", "canceled"], "cancelled").len(), 2);
        assert_eq!(found(&["Tree", "Trees"], "trees").len(), 2);
        assert_eq!(found(&["UK", "United Kingdom"], "UK").len(), 2);
        assert_eq!(found(&["HIGHWAY", "HWY"], "highway").len(), 2);
        assert_eq!(
            found(&["Sci-Fi", "Science Fiction"], "science fiction").len(),
            2
        );
    }

    #[test]
    fn values_that_differ_stay_apart() {
        assert_eq!(found(&["A+", "A-", "A"], "A+"), ["A+"]);
        assert_eq!(found(&["C", "C++"], "C"), ["C"]);
        assert_eq!(found(&["Ann Smith", "Anna Smithson"], "Ann Smith").len(), 1);
        assert_eq!(found(&["Al", "Anna Lee"], "Al"), ["Al"]);
        assert_eq!(found(&["Car", "Cargo"], "car"), ["Car"]);
        assert_eq!(found(&["generator", "pump"], "generate").len(), 0);
        assert_eq!(found(&["Repair", "Service"], "repaired"), ["Repair"]);
    }
}
