//! Words of questions and of names: base forms, likeness, splitting of identifiers.

use super::lexicon;
use crate::reading::relations;

/// A word in the forms that are compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    pub lemma: String,
    pub stem: String,
}

impl Word {
    pub fn new(text: &str) -> Self {
        let lemma = lemma(text);
        let stem = stem(&lemma);
        Self { lemma, stem }
    }
}

/// The singular of a noun, lower-case; other words unchanged.
pub fn lemma(text: &str) -> String {
    let word = text.to_lowercase();
    if let Some(base) = lexicon::irregular(&word) {
        return base.to_owned();
    }
    if let Some(base) = relations::base(&word, "noun").or_else(|| relations::base(&word, "verb")) {
        return base.to_owned();
    }
    let length = word.chars().count();
    if length <= 3 || !word.is_ascii() {
        return word;
    }
    for (ending, instead) in [
        ("sses", "ss"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("xes", "x"),
        ("zzes", "zz"),
    ] {
        if let Some(base) = word.strip_suffix(ending) {
            return format!("{base}{instead}");
        }
    }
    if let Some(base) = word.strip_suffix("ies") {
        return if base.len() > 2 {
            format!("{base}y")
        } else {
            format!("{base}ie")
        };
    }
    if ["ss", "us", "is", "as"]
        .iter()
        .any(|end| word.ends_with(end))
    {
        return word;
    }
    match word.strip_suffix('s') {
        Some(base) => base.to_owned(),
        None => word,
    }
}

/// A crude root: endings of verbs and of nouns made from verbs are cut.
pub fn stem(lemma: &str) -> String {
    // "populated" is an adjective with a measure of its own.
    if !lemma.is_ascii() || lexicon::measured_by(lemma).is_some() {
        return lemma.to_owned();
    }
    let mut base = lemma.to_owned();
    for ending in [
        "ations", "ation", "ated", "ating", "ate", "ments", "ment", "ings", "ing", "ions", "ion",
        "ies", "ied", "ers", "er", "ors", "or", "ances", "ance", "ed", "es", "al", "ly", "e", "y",
        "s",
    ] {
        if let Some(cut) = base.strip_suffix(ending)
            && cut.len() >= 4
        {
            base = cut.to_owned();
            break;
        }
    }
    let bytes = base.as_bytes();
    if bytes.len() > 4 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] {
        base.pop();
    }
    base
}

/// How likely `said` (from a question) means `named` (from the schema), 0 to 1.
pub fn likeness(said: &Word, named: &Word) -> f64 {
    if said.lemma == named.lemma {
        return 1.0;
    }
    if said.stem == named.stem && said.stem.len() >= 4 {
        return 0.93;
    }
    // "hiring" and "hired": too short for a stem.
    if [said, named].iter().any(|word| word.lemma.ends_with("ing"))
        && let (Some(one), Some(other)) = (verb_root(&said.lemma), verb_root(&named.lemma))
        && one == other
    {
        return 0.93;
    }
    let near = relations::nearness(&said.lemma, &named.lemma);
    if near >= 0.7 {
        return near;
    }
    // A name may lack the silent end: "typ", "sourc".
    if named.lemma.len() >= 3 && said.lemma.strip_suffix('e') == Some(named.lemma.as_str()) {
        return 0.93;
    }
    let (long, short) = (said.lemma.len(), named.lemma.len());
    if short >= 3
        && !lexicon::is_stop(&named.lemma)
        && long > short
        && said.lemma.starts_with(&named.lemma)
        && long >= short + 2
    {
        return 0.78;
    }
    if (3..=5).contains(&short) && long >= short + 3 && abbreviates(&named.lemma, &said.lemma) {
        return 0.74;
    }
    // What people leave out: "accnt", "dept", "qnty".
    if long >= 3
        && short >= 5
        && short > long
        && short <= long * 2
        && abbreviates(&said.lemma, &named.lemma)
    {
        return 0.74;
    }
    if long >= 5 && short >= 5 && within_one_edit(&said.lemma, &named.lemma) {
        return 0.85;
    }
    0.0
}

/// What "hiring", "hired" and "hire" have in common.
fn verb_root(lemma: &str) -> Option<&str> {
    ["ing", "ed", "e"]
        .iter()
        .filter_map(|ending| lemma.strip_suffix(ending))
        .find(|root| root.len() >= 3)
}

/// `short` starts like `long` and its letters come in the same order (`dept` for `department`).
fn abbreviates(short: &str, long: &str) -> bool {
    let mut letters = long.chars();
    // Who drops letters drops the vowels first: with one inside it is a beginning ("reg" of "registered", not "ret").
    let keeps_vowels =
        short.len() <= 3 && short.chars().skip(1).any(|letter| "aeiou".contains(letter));
    short.chars().take(1).eq(long.chars().take(1))
        && short
            .chars()
            .all(|letter| letters.any(|other| other == letter))
        && !short.ends_with(['a', 'e', 'i', 'o', 'u'])
        && (!keeps_vowels || long.starts_with(short))
}

/// At most one letter inserted, left out, replaced or swapped with its neighbour.
pub fn within_one_edit(left: &str, right: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let (a, b) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if b.len() - a.len() > 1 {
        return false;
    }
    let start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    if start == a.len() {
        return true;
    }
    if a.len() < b.len() {
        return a[start..] == b[start + 1..];
    }
    a[start + 1..] == b[start + 1..]
        || (start + 1 < a.len()
            && a[start] == b[start + 1]
            && a[start + 1] == b[start]
            && a[start + 2..] == b[start + 2..])
}

/// The words of an identifier: cut at signs, at CamelCase borders, between letters and digits, and at well-known endings.
pub fn split_name(name: &str, known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            flush(&mut word, &mut words, known);
            continue;
        }
        let previous = index.checked_sub(1).map(|at| letters[at]);
        let next = letters.get(index + 1);
        let camel = letter.is_uppercase()
            && (previous.is_some_and(char::is_lowercase)
                || (previous.is_some_and(char::is_uppercase)
                    && next.is_some_and(|next| next.is_lowercase())
                    && word.len() > 1));
        let digit = previous.is_some_and(|p| p.is_alphabetic() && letter.is_numeric());
        if camel || digit {
            flush(&mut word, &mut words, known);
        }
        word.push(letter);
    }
    flush(&mut word, &mut words, known);
    words
}

fn flush(word: &mut String, words: &mut Vec<String>, known: &dyn Fn(&str) -> bool) {
    let text = std::mem::take(word).to_lowercase();
    if text.is_empty() {
        return;
    }
    if text.is_ascii() && !known(&text) && !relations::is_common(&text) {
        let cut = (2..text.len().saturating_sub(1)).find(|&at| {
            let (left, right) = text.split_at(at);
            known(right) && (known(left) || lexicon::is_name_ending(right))
        });
        if let Some(at) = cut {
            let (left, right) = text.split_at(at);
            words.push(left.to_owned());
            words.push(right.to_owned());
            return;
        }
        for ending in ["name", "phone"] {
            if let Some(initial) = text.strip_suffix(ending)
                && initial.len() == 1
            {
                words.push(initial.to_owned());
                words.push(ending.to_owned());
                return;
            }
        }
    }
    words.push(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_become_singular() {
        for (plural, singular) in [
            ("customers", "customer"),
            ("Countries", "country"),
            ("people", "person"),
            ("boxes", "box"),
            ("addresses", "address"),
            ("status", "status"),
        ] {
            assert_eq!(lemma(plural), singular);
        }
    }

    #[test]
    fn a_verb_and_its_noun_are_alike() {
        for (noun, verb) in [
            ("renovation", "renovated"),
            ("cancellation", "cancelled"),
            ("hiring", "hired"),
        ] {
            assert!(likeness(&Word::new(noun), &Word::new(verb)) > 0.9, "{noun}");
        }
        // What is most populated is not what is most called so.
        assert!(likeness(&Word::new("populated"), &Word::new("population")) < 0.9);
    }

    #[test]
    fn names_are_split_at_every_kind_of_border() {
        let known = |word: &str| ["pet", "type", "age", "id", "name"].contains(&word);
        assert_eq!(split_name("pettype", &known), ["pet", "type"]);
        assert_eq!(split_name("SurfaceArea", &known), ["surface", "area"]);
        assert_eq!(split_name("StuID", &known), ["stu", "id"]);
        assert_eq!(split_name("line_1", &known), ["line", "1"]);
        assert_eq!(split_name("lname", &known), ["l", "name"]);
        assert_eq!(split_name("message", &known), ["message"]);
    }

    #[test]
    fn one_slip_of_the_keyboard_is_forgiven() {
        assert!(within_one_edit("germany", "gemrany"));
        assert!(within_one_edit("germany", "germny"));
        assert!(!within_one_edit("germany", "gemnay"));
    }
}
