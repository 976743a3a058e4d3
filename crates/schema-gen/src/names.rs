//! What names say: words, stems, and how well the name of a column points at a table.

mod lists;

use lists::{
    ENDS_IN_ID, ENDS_IN_NO, GENERIC_WORDS, HIERARCHY_WORDS, ID_WORDS, KIND_WORDS, MEASURE_WORDS,
    PERSON_ROLES, PERSON_TABLES, PLACE_ROLES, PLACE_TABLES, TABLE_FILLERS, TIME_WORDS,
    WORLDWIDE_IDS,
};

/// A name as its words: lower case, stemmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// Every word, stemmed, trailing numbers removed.
    pub all: Vec<String>,
    /// Those of `all` that are not identifier words.
    pub core: Vec<String>,
    pub is_id: bool,
    pub is_measure: bool,
    /// Ends in a number that tells it from its siblings: `Club_ID_1`.
    pub numbered: bool,
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
        let core = core.iter().map(|word| stem(word)).collect();
        let all = raw.iter().map(|word| stem(word)).collect();
        Self {
            all,
            core,
            is_id,
            is_measure,
            numbered,
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
        self.core.last().is_some_and(|word| {
            ["name", "title", "label", "description"]
                .iter()
                .any(|label| stem(label) == *word)
        })
    }

    pub fn is_person_role(&self) -> bool {
        self.has_any(PERSON_ROLES)
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

fn is_number(word: &str) -> bool {
    word.chars().all(|character| character.is_ascii_digit())
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

/// How strongly the names of a column point at a column of a table, 0 to 1, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NameMatch {
    pub score: f64,
    pub reason: &'static str,
}

impl NameMatch {
    const NONE: Self = Self {
        score: 0.0,
        reason: "the names have nothing in common",
    };

    fn new(score: f64, reason: &'static str) -> Self {
        Self { score, reason }
    }

    fn better(self, other: Self) -> Self {
        if other.score > self.score {
            other
        } else {
            self
        }
    }
}

/// One side of a comparison of names.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    pub table: &'a Words,
    pub column: &'a Words,
    /// The table's columns show that its rows are persons.
    pub holds_persons: bool,
}

/// Compares the names of a referencing column and of a key it might refer to.
pub fn compare(from: Named<'_>, to: Named<'_>, same_table: bool) -> NameMatch {
    let mut best = NameMatch::NONE;
    if !same_table {
        best = best.better(same_name(from, to));
    }
    let named = by_table_name(from.column, to).better(by_part(from.column, to));
    // Within one table many columns begin with its name; a reference to it says more in front.
    let same_and_plain = same_table && from.column.core.starts_with(&to.table.core);
    best = best.better(if same_and_plain {
        NameMatch {
            score: named.score * 0.5,
            ..named
        }
    } else {
        named
    });
    best.better(by_meaning(from.column, to, same_table))
}

fn same_name(from: Named<'_>, to: Named<'_>) -> NameMatch {
    if from.column.joined() != to.column.joined() {
        return NameMatch::NONE;
    }
    let is_label_of_others = to.column.is_label()
        && !to
            .table
            .core
            .iter()
            .any(|word| to.column.core.contains(word));
    if is_label_of_others && !to.column.is_generic() {
        return NameMatch::new(0.5, "both columns have the same name");
    }
    if !to.column.is_generic() {
        return NameMatch::new(
            if from.column.numbered { 0.9 } else { 1.0 },
            "both columns have the same name",
        );
    }
    let extends = !to.table.core.is_empty() && contains(&from.table.core, &to.table.core);
    if extends && !to.column.core.is_empty() {
        NameMatch::new(
            0.65,
            "the same column name, and one table's name contains the other's",
        )
    } else {
        NameMatch::new(0.1, "the same but common name")
    }
}

fn by_table_name(column: &Words, to: Named<'_>) -> NameMatch {
    let (name, table) = (column.joined(), to.table.core_joined());
    let (core, key_core) = (column.core_joined(), to.column.core_joined());
    if table.is_empty() || core.is_empty() {
        return NameMatch::NONE;
    }
    if name == format!("{table}{}", to.column.joined()) {
        return NameMatch::new(0.98, "the column is named after the table and its key");
    }
    if column.is_id && core == table {
        return NameMatch::new(0.95, "the column is named after the table");
    }
    if core == table {
        return NameMatch::new(0.9, "the column is named after the table");
    }
    if core == key_core && !to.column.is_generic() && (column.is_id || to.column.is_id) {
        let score = if column.is_id { 0.9 } else { 0.8 };
        return NameMatch::new(score, "both columns name the same thing");
    }
    let words = &column.core;
    if ends_with(words, &to.table.core) {
        return NameMatch::new(0.85, "the column's name ends in the table's");
    }
    if !to.column.is_generic() && ends_with(words, &to.column.core) && !to.column.core.is_empty() {
        return NameMatch::new(0.86, "the column's name ends in the key's");
    }
    if words.starts_with(&to.table.core)
        || (!to.column.is_generic()
            && !to.column.core.is_empty()
            && words.starts_with(&to.column.core))
    {
        let score = if column.is_id { 0.72 } else { 0.5 };
        return NameMatch::new(score, "the column's name begins with the table's");
    }
    NameMatch::NONE
}

fn by_part(column: &Words, to: Named<'_>) -> NameMatch {
    let (core, table) = (column.core_joined(), to.table.core_joined());
    if core.is_empty() || table.is_empty() {
        return NameMatch::NONE;
    }
    let least = if column.is_id { 0.0 } else { 0.15 };
    if ends_with(&to.table.core, &column.core) {
        return NameMatch::new(0.72 - least, "the table's name ends in the column's");
    }
    if core.len() >= 4 && table.ends_with(&core) {
        return NameMatch::new(0.62 - least, "the table's name ends in the column's");
    }
    if to.table.core.starts_with(&column.core) {
        return NameMatch::new(0.6 - least, "the table's name begins with the column's");
    }
    if column.is_id && core.len() >= 3 && abbreviates_each(&column.core, &to.table.core) {
        return NameMatch::new(0.7, "the column's name abbreviates the table's");
    }
    if core.len() >= 3 && column.is_id && (table.starts_with(&core) || abbreviates(&core, &table)) {
        return NameMatch::new(0.55, "the column's name abbreviates the table's");
    }
    if column.is_id && core.len() < 3 && table.starts_with(&core) {
        return NameMatch::new(0.4, "the column's name is the beginning of the table's");
    }
    let initials: String = to
        .table
        .core
        .iter()
        .filter_map(|word| word.chars().next())
        .collect();
    if column.is_id && initials.len() >= 2 && core == initials {
        return NameMatch::new(0.5, "the column's name is made of the table's initials");
    }
    let key_core = to.column.core_joined();
    if !to.column.is_generic()
        && key_core.len() >= 3
        && core.len() > key_core.len()
        && core.ends_with(&key_core)
    {
        return NameMatch::new(0.6, "the column's name ends in the key's");
    }
    let shared = column
        .core
        .iter()
        .filter(|word| {
            to.table.core.contains(word)
                || (!to.column.is_generic() && to.column.core.contains(word))
        })
        .count();
    if shared > 0 {
        let longer = column.core.len().max(to.table.core.len()) as f64;
        return NameMatch::new(0.55 * shared as f64 / longer, "the names share words");
    }
    NameMatch::NONE
}

fn by_meaning(column: &Words, to: Named<'_>, same_table: bool) -> NameMatch {
    if same_table && column.is_hierarchy() {
        return NameMatch::new(0.75, "the name speaks of a hierarchy within the table");
    }
    if column.is_person_role() && (to.holds_persons || to.table.is_person_table()) {
        return NameMatch::new(
            0.5,
            "the column names a person's part and the table holds persons",
        );
    }
    if column.is_place_role() && to.table.is_place_table() {
        return NameMatch::new(0.45, "the column names a place and the table holds places");
    }
    NameMatch::NONE
}

/// Whether each word of one name shortens the word of the other in the same place: `res_type` for `restaurant_type`.
pub fn abbreviates_each(short: &[String], long: &[String]) -> bool {
    short.len() == long.len()
        && short.iter().zip(long).all(|(short, long)| {
            short == long
                || (short.len() >= 2 && long.starts_with(short.as_str()))
                || abbreviates(short, long)
        })
}

fn contains(words: &[String], part: &[String]) -> bool {
    part.len() < words.len() && words.windows(part.len()).any(|window| window == part)
}

fn ends_with(words: &[String], end: &[String]) -> bool {
    !end.is_empty() && words.len() > end.len() && words.ends_with(end)
}

/// `dept` for `department`: the same first letter, the rest in order, at least a third of the word.
fn abbreviates(short: &str, long: &str) -> bool {
    if short.len() * 3 < long.len()
        || short.len() >= long.len()
        || short.chars().next() != long.chars().next()
    {
        return false;
    }
    let mut rest = long.chars();
    short
        .chars()
        .all(|letter| rest.any(|other| other == letter))
}

#[cfg(test)]
mod tests;
