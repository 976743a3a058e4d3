//! What English words have to do with one another: `WordNet`'s relations and common abbreviations (`data/words`).

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

const RELATIONS: &str = include_str!("../../data/words/relations.tsv");
const ABBREVIATIONS: &str = include_str!("../../data/words/own.tsv");
const EXCEPTIONS: &str = include_str!("../../data/words/exceptions.tsv");
const DEMONYMS: &str = include_str!("../../data/words/demonyms.tsv");

/// Weaker relations only mislead.
const WEAKEST: f32 = 0.45;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Same,
    Derived,
    Attribute,
    Wider,
    Short,
}

type Related = HashMap<&'static str, Vec<(&'static str, Kind, f32)>>;

static RELATED: LazyLock<Related> = LazyLock::new(|| {
    let mut related: Related = HashMap::new();
    let mut add = |from, to, kind, strength| {
        if strength >= WEAKEST {
            related.entry(from).or_default().push((to, kind, strength));
        }
    };
    for line in RELATIONS.lines() {
        let mut parts = line.split('\t');
        let (Some(one), Some(two), Some(relation), Some(strength)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let strength: f32 = strength.parse().unwrap_or_default();
        match relation {
            "syn" => {
                add(one, two, Kind::Same, strength);
                add(two, one, Kind::Same, strength);
            }
            "member" => {
                add(one, two, Kind::Same, strength);
                add(two, one, Kind::Same, strength);
            }
            "deriv" | "pert" => {
                add(one, two, Kind::Derived, strength);
                add(two, one, Kind::Derived, strength);
            }
            "attr" => add(one, two, Kind::Attribute, strength),
            "hyper" => {
                add(one, two, Kind::Wider, strength);
                add(two, one, Kind::Wider, strength);
            }
            _ => {}
        }
    }
    for (short, long, strength) in abbreviations() {
        add(short, long, Kind::Short, strength);
        add(long, short, Kind::Short, strength);
    }
    related
});

static BASES: LazyLock<HashMap<&'static str, Vec<(&'static str, &'static str)>>> =
    LazyLock::new(|| {
        let mut bases: HashMap<_, Vec<_>> = HashMap::new();
        for line in EXCEPTIONS.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            if let [form, base, part, ..] = parts.as_slice() {
                bases.entry(*form).or_default().push((*base, *part));
            }
        }
        bases
    });

static PLACES: LazyLock<HashMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let mut places: HashMap<_, Vec<_>> = HashMap::new();
    for line in DEMONYMS.lines() {
        if let Some((people, place)) = line.split_once('\t') {
            places.entry(people).or_default().push(place);
        }
    }
    places
});

/// Short forms, what they stand for, and how surely, 0 to 1.
pub fn abbreviations() -> impl Iterator<Item = (&'static str, &'static str, f32)> {
    ABBREVIATIONS.lines().filter_map(|line| {
        let mut parts = line.split('\t');
        let (short, long) = (parts.next()?, parts.next()?);
        let strength = parts.nth(1)?.parse().unwrap_or_default();
        Some((short, long, strength))
    })
}

/// The commonest English words, in their base forms.
pub static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../data/words/common.txt")
        .lines()
        .collect()
});

/// Whether it is one of them: rarely a slip for something else.
pub fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

/// 0 to 1: how near in meaning two base forms are, by one relation.
pub fn nearness(one: &str, two: &str) -> f64 {
    let Some(related) = RELATED.get(one) else {
        return 0.0;
    };
    related
        .iter()
        .filter(|(other, ..)| *other == two)
        .map(|(_, kind, strength)| {
            let strength = f64::from(*strength);
            match kind {
                Kind::Same | Kind::Derived => 0.62 + 0.33 * strength,
                Kind::Short => 0.75 + 0.2 * strength,
                Kind::Attribute => 0.5 + 0.3 * strength,
                Kind::Wider => 0.45 + 0.35 * strength,
            }
        })
        .fold(0.0, f64::max)
}

/// The base of an irregular form, by its part of speech (`noun`, `verb`, `adj`).
pub fn base(form: &str, part: &str) -> Option<&'static str> {
    BASES
        .get(form)?
        .iter()
        .find(|(_, own)| *own == part)
        .map(|(base, _)| *base)
}

/// Nouns that an adjective measures, with how strongly: `heavy` -> `weight`.
pub fn attributes(adjective: &str) -> Vec<(&'static str, f64)> {
    RELATED
        .get(adjective)
        .into_iter()
        .flatten()
        .filter(|(_, kind, _)| *kind == Kind::Attribute)
        .map(|(noun, _, strength)| (*noun, f64::from(*strength)))
        .collect()
}

/// Places whose people or things the word describes.
pub fn places_of(word: &str) -> &'static [&'static str] {
    PLACES.get(word).map_or(&[], Vec::as_slice)
}
