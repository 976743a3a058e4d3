//! How well the name of a column points at the key of a table.

use super::Words;

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
    let is_of_others = column.is_overseer() && to.table.is_table_of_clients();
    if same_table && column.is_hierarchy() && !is_of_others {
        return NameMatch::new(0.75, "the name speaks of a hierarchy within the table");
    }
    let is_person = column.is_person_role() && !column.plural || column.is_id && column.is_doer();
    let holds_persons = to.holds_persons || to.table.is_person_table();
    if (is_person || column.is_doer()) && holds_persons && !is_of_others {
        // A word in -er may be a thing as well.
        let score = if is_person { 0.5 } else { 0.25 };
        return NameMatch::new(
            score,
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
