//! What names say: words, stems, and how well the name of a column points at a table.

mod compare;
mod lists;

pub use compare::{NameMatch, Named, abbreviates_each, compare};

use lists::{
    CLIENT_TABLES, ENDS_IN_ID, ENDS_IN_NO, GENERIC_WORDS, HIERARCHY_WORDS, ID_WORDS, KIND_WORDS,
    MEASURE_WORDS, OF_PERSONS, OVERSEERS, PERSON_ROLES, PERSON_TABLES, PLACE_ROLES, PLACE_TABLES,
    TABLE_FILLERS, TIME_WORDS, WORLDWIDE_IDS,
};

/// Last words of columns people know a row by.
const LABELS: &[&str] = &["name", "title", "label", "description"];

/// A name as its words: lower case, stemmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a thing of its own that a name says"
)]
pub struct Words {
    /// Every word, stemmed, trailing numbers removed.
    pub all: Vec<String>,
    /// Those of `all` that are not identifier words.
    pub core: Vec<String>,
    pub is_id: bool,
    pub is_measure: bool,
    /// Ends in a number that tells it from its siblings: `Club_ID_1`.
    pub numbered: bool,
    /// Its last word is a plural: `guests` counts them and names none.
    pub plural: bool,
}

impl Words {
    pub fn of_column(name: &str) -> Self {
        let mut raw = split(name);
        let mut numbered = false;
        while raw.len() > 1 && raw.last().is_some_and(|word| is_number(word)) {
            raw.pop();
            numbered = true;
        }
        let is_id_word = |word: &String| ID_WORDS.contains(&word.as_str());
        let is_id =
            raw.last().is_some_and(is_id_word) || raw.first().is_some_and(|word| word == "id");
        let is_measure = !is_id
            && (raw
                .last()
                .is_some_and(|word| MEASURE_WORDS.contains(&word.as_str()))
                || raw.first().is_some_and(|word| {
                    matches!(
                        word.as_str(),
                        "num" | "number" | "is" | "has" | "total" | "avg" | "max" | "min"
                    )
                }));
        let mut core = raw.as_slice();
        while let [rest @ .., last] = core
            && is_id_word(last)
            && !WORLDWIDE_IDS.contains(&last.as_str())
            && (!rest.is_empty() || raw.len() == 1 || last == "id")
        {
            core = rest;
        }
        if let [first, rest @ ..] = core
            && first == "id"
        {
            core = rest;
        }
        let plural = core
            .last()
            .is_some_and(|word| word.len() > 3 && word.ends_with('s') && !word.ends_with("ss"));
        let core = core.iter().map(|word| stem(word)).collect();
        let all = raw.iter().map(|word| stem(word)).collect();
        Self {
            all,
            core,
            is_id,
            is_measure,
            numbered,
            plural,
        }
    }

    pub fn of_table(name: &str) -> Self {
        let raw = split(name);
        let kept: Vec<String> = raw
            .iter()
            .filter(|word| !TABLE_FILLERS.contains(&word.as_str()) && !is_number(word))
            .map(|word| stem(word))
            .collect();
        let all: Vec<String> = raw.iter().map(|word| stem(word)).collect();
        Self {
            core: if kept.is_empty() { all.clone() } else { kept },
            all,
            ..Self::default()
        }
    }

    pub fn joined(&self) -> String {
        self.all.concat()
    }

    pub fn core_joined(&self) -> String {
        self.core.concat()
    }

    /// The name alone does not say of what: `id`, `name`, `code`.
    pub fn is_generic(&self) -> bool {
        self.core
            .iter()
            .all(|word| GENERIC_WORDS.iter().any(|generic| stem(generic) == *word))
    }

    fn has_any(&self, list: &[&str]) -> bool {
        self.core
            .iter()
            .any(|word| list.iter().any(|listed| stem(listed) == *word))
    }

    /// Rows that are persons or firms one works for, not those who work: their manager is none of them.
    pub fn is_table_of_clients(&self) -> bool {
        self.has_any(CLIENT_TABLES)
    }

    /// One who looks after others.
    pub fn is_overseer(&self) -> bool {
        self.has_any(OVERSEERS)
    }

    pub fn is_hierarchy(&self) -> bool {
        self.has_any(HIERARCHY_WORDS)
    }

    pub fn is_time(&self) -> bool {
        self.has_any(TIME_WORDS)
    }

    /// A column that says of what kind a row is.
    pub fn is_kind(&self) -> bool {
        self.has_any(KIND_WORDS)
    }

    /// A column people know a row by: `name`, `title`.
    pub fn is_label(&self) -> bool {
        self.core
            .last()
            .is_some_and(|word| LABELS.iter().any(|label| stem(label) == *word))
    }

    pub fn is_person_role(&self) -> bool {
        self.has_any(PERSON_ROLES)
    }

    /// Named after one who does something: `waiter_id`, `seller_no`, `trainee`, `guardian`.
    pub fn is_doer(&self) -> bool {
        !self.is_measure
            && !self.is_time()
            && !self.plural
            && self.core.last().is_some_and(|word| {
                word.len() >= 5
                    && ["er", "or", "ee", "ist", "ian"]
                        .iter()
                        .any(|ending| word.ends_with(ending))
            })
    }

    /// Told of persons alone: parts of their names, when they were born or hired, what one earns.
    pub fn is_of_a_person(&self) -> bool {
        let begins = |list: &[&str]| {
            self.all
                .first()
                .is_some_and(|word| list.iter().any(|listed| stem(listed) == *word))
        };
        let ends = |list: &[&str]| {
            self.all
                .last()
                .is_some_and(|word| list.iter().any(|listed| stem(listed) == *word))
        };
        begins(OF_PERSONS)
            || begins(&["first", "last", "full"]) && ends(&["name"])
            || ends(&["wage", "salary"]) && !begins(&["min", "max", "avg", "average"])
    }

    pub fn is_place_role(&self) -> bool {
        self.has_any(PLACE_ROLES)
    }

    pub fn is_person_table(&self) -> bool {
        self.has_any(PERSON_TABLES)
    }

    pub fn is_place_table(&self) -> bool {
        self.has_any(PLACE_TABLES)
    }
}

/// The words that say of what a column tells, as they are written: `customer` of `customer_id` and `CustomerName`; empty where
/// the name is `id` or `name` alone.
pub(crate) fn entity_words(name: &str) -> Vec<String> {
    let mut words = split(name);
    let says_nothing = |word: &String| {
        ID_WORDS.contains(&word.as_str()) || LABELS.contains(&word.as_str()) || is_number(word)
    };
    while words.last().is_some_and(says_nothing) {
        words.pop();
    }
    if words.first().is_some_and(|word| word == "id") {
        words.remove(0);
    }
    words
}

fn is_number(word: &str) -> bool {
    word.chars().all(|character| character.is_ascii_digit())
}

/// The words of a name, in lower case.
pub(crate) fn split_words(name: &str) -> Vec<String> {
    split(name)
}

/// Splits at separators, case changes and digits, and parts `custid` into `cust` and `id`.
fn split(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|character: char| !character.is_alphanumeric()) {
        split_case(part, &mut words);
    }
    let mut parted = Vec::with_capacity(words.len() + 1);
    for word in words {
        match id_suffix(&word) {
            Some(at) => {
                parted.push(word[..at].to_owned());
                parted.push(word[at..].to_owned());
            }
            None => parted.push(word),
        }
    }
    parted
}

fn split_case(part: &str, words: &mut Vec<String>) {
    let letters: Vec<char> = part.chars().collect();
    let mut word = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|index| letters[index]);
        let after = letters.get(at + 1);
        let boundary = before.is_some_and(|before| {
            (before.is_lowercase() && letter.is_uppercase())
                || (before.is_ascii_digit() != letter.is_ascii_digit())
                || (before.is_uppercase()
                    && letter.is_uppercase()
                    && after.is_some_and(|after| after.is_lowercase())
                    && word != "I")
                || (word == "ID" && letter.is_lowercase())
        });
        if boundary && !word.is_empty() {
            words.push(std::mem::take(&mut word).to_lowercase());
        }
        word.push(letter);
    }
    if !word.is_empty() {
        words.push(word.to_lowercase());
    }
}

fn id_suffix(word: &str) -> Option<usize> {
    let part = |suffix: &str, least: usize, exceptions: &[&str]| {
        let at = word.len().checked_sub(suffix.len())?;
        (word.ends_with(suffix) && at >= least && !exceptions.contains(&word)).then_some(at)
    };
    part("id", 2, ENDS_IN_ID)
        .or_else(|| part("code", 3, &[]))
        .or_else(|| part("number", 3, &[]))
        .or_else(|| {
            part(
                "key",
                3,
                &["monkey", "turkey", "hockey", "jockey", "whiskey"],
            )
        })
        .or_else(|| {
            if word.len() <= 6 {
                part("no", 1, ENDS_IN_NO)
            } else {
                None
            }
        })
        .filter(|&at| word.is_char_boundary(at))
}

/// One form for singular and plural: not a word, only a thing to compare.
pub fn stem(word: &str) -> String {
    match word {
        "people" => return "person".to_owned(),
        "children" => return "child".to_owned(),
        "men" => return "man".to_owned(),
        "women" => return "woman".to_owned(),
        _ => {}
    }
    for ending in ["ies", "ie"] {
        if let Some(start) = word.strip_suffix(ending)
            && start.len() > 1
        {
            return format!("{start}y");
        }
    }
    let mut stemmed = word;
    while stemmed.chars().count() > 3 {
        stemmed = match stemmed.strip_suffix('s') {
            Some(shorter) if !shorter.ends_with('s') => shorter,
            _ => match stemmed.strip_suffix('e') {
                Some(shorter) => shorter,
                None => break,
            },
        };
    }
    stemmed.to_owned()
}

#[cfg(test)]
mod tests;
