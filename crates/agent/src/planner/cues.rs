//! Phrases that say what to do with what is named: count, compare, order, group, deny.

use super::query::{Function, Operator};
use crate::link::lexicon;
use crate::link::mentions::Candidate;
use crate::link::tokens::{Kind, Token};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cue {
    /// `how many`, `number of`, `count`.
    Count,
    HowMuch,
    /// `how tall`: the column that the adjective measures.
    Measure(&'static [&'static str]),
    Aggregate(Function),
    Distinct,
    Compare(Operator),
    /// `than`-comparison by an adjective; the flag says that "more" of it means less of its column.
    CompareBy(&'static [&'static str], bool),
    Between,
    /// After a number: `or more`, `or less`.
    OrMore,
    OrLess,
    /// `most`, `highest`, …; `false` for the low end.
    Superlative(bool),
    /// `largest` and its like: a superlative, or else the adjective's column.
    SuperlativeBy(&'static [&'static str], bool),
    MostCommon(bool),
    Top(bool),
    OrderBy,
    /// `true` for descending.
    Direction(bool),
    Alphabetical,
    Each,
    By,
    Not,
    Without,
    Both,
    Either,
    And,
    Or,
    But,
    Except,
    Who,
    Whose,
    With,
    Have,
    Which,
    What,
    Where,
    When,
    Imperative,
    Also,
    StartsWith,
    EndsWith,
    Contains,
    Everything,
    Same,
    Of,
    In,
}

use Cue::{
    Aggregate, Alphabetical, Also, Between, Both, But, By, Compare, Contains, Count, Direction,
    Distinct, Each, Either, EndsWith, Everything, Except, Have, HowMuch, Imperative, MostCommon,
    Not, OrLess, OrMore, OrderBy, StartsWith, Superlative, Top, What, When, Where, Which, Who,
    Whose, With, Without,
};
use Function::{Average, Maximum, Minimum, Sum};
use Operator::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};

const PHRASES: &[(&str, Cue)] = &[
    ("how many times", Count),
    ("how many", Count),
    ("how often", Count),
    ("number of", Count),
    ("numbers of", Count),
    ("count of", Count),
    ("counts of", Count),
    ("count", Count),
    ("count the number of", Count),
    ("total number of", Count),
    ("total count of", Count),
    ("amount of", Count),
    ("how much", HowMuch),
    ("average", Aggregate(Average)),
    ("on average", Aggregate(Average)),
    ("averages", Aggregate(Average)),
    ("mean", Aggregate(Average)),
    ("avg", Aggregate(Average)),
    ("maximum", Aggregate(Maximum)),
    ("maximal", Aggregate(Maximum)),
    ("max", Aggregate(Maximum)),
    ("minimum", Aggregate(Minimum)),
    ("minimal", Aggregate(Minimum)),
    ("min", Aggregate(Minimum)),
    ("total", Aggregate(Sum)),
    ("totals", Aggregate(Sum)),
    ("total amount of", Aggregate(Sum)),
    ("sum", Aggregate(Sum)),
    ("sum of", Aggregate(Sum)),
    ("combined", Aggregate(Sum)),
    ("overall", Aggregate(Sum)),
    ("distinct", Distinct),
    ("different", Distinct),
    ("unique", Distinct),
    ("more than", Compare(Greater)),
    ("greater than", Compare(Greater)),
    ("higher than", Compare(Greater)),
    ("bigger than", Compare(Greater)),
    ("over", Compare(Greater)),
    ("above", Compare(Greater)),
    ("exceeding", Compare(Greater)),
    ("exceed", Compare(Greater)),
    ("exceeds", Compare(Greater)),
    ("higher", Compare(Greater)),
    ("greater", Compare(Greater)),
    ("after", Compare(Greater)),
    ("later than", Compare(Greater)),
    ("beyond", Compare(Greater)),
    (">", Compare(Greater)),
    ("less than", Compare(Less)),
    ("fewer than", Compare(Less)),
    ("lower than", Compare(Less)),
    ("below", Compare(Less)),
    ("under", Compare(Less)),
    ("before", Compare(Less)),
    ("prior to", Compare(Less)),
    ("earlier than", Compare(Less)),
    ("<", Compare(Less)),
    ("at least", Compare(GreaterOrEqual)),
    ("no less than", Compare(GreaterOrEqual)),
    ("no fewer than", Compare(GreaterOrEqual)),
    ("not less than", Compare(GreaterOrEqual)),
    ("minimum of", Compare(GreaterOrEqual)),
    ("since", Compare(GreaterOrEqual)),
    (">=", Compare(GreaterOrEqual)),
    ("at most", Compare(LessOrEqual)),
    ("no more than", Compare(LessOrEqual)),
    ("not more than", Compare(LessOrEqual)),
    ("up to", Compare(LessOrEqual)),
    ("maximum of", Compare(LessOrEqual)),
    ("until", Compare(LessOrEqual)),
    ("<=", Compare(LessOrEqual)),
    ("exactly", Compare(Equal)),
    ("equal to", Compare(Equal)),
    ("equals", Compare(Equal)),
    ("equal", Compare(Equal)),
    ("=", Compare(Equal)),
    ("not equal to", Compare(NotEqual)),
    ("other than", Compare(NotEqual)),
    ("different from", Compare(NotEqual)),
    ("!=", Compare(NotEqual)),
    ("between", Between),
    ("in the range of", Between),
    ("ranging from", Between),
    ("or more", OrMore),
    ("or higher", OrMore),
    ("or above", OrMore),
    ("or later", OrMore),
    ("or older", OrMore),
    ("or greater", OrMore),
    ("or over", OrMore),
    ("or after", OrMore),
    ("or before", OrLess),
    ("or less", OrLess),
    ("or fewer", OrLess),
    ("or lower", OrLess),
    ("or below", OrLess),
    ("or earlier", OrLess),
    ("or younger", OrLess),
    ("most", Superlative(true)),
    ("most number of", Superlative(true)),
    ("most amount of", Superlative(true)),
    ("greatest number of", Superlative(true)),
    ("highest number of", Superlative(true)),
    ("largest number of", Superlative(true)),
    ("maximum number of", Superlative(true)),
    ("biggest number of", Superlative(true)),
    ("largest amount of", Superlative(true)),
    ("greatest", Superlative(true)),
    ("highest", Superlative(true)),
    ("best", Superlative(true)),
    ("least", Superlative(false)),
    ("least number of", Superlative(false)),
    ("fewest number of", Superlative(false)),
    ("lowest number of", Superlative(false)),
    ("smallest number of", Superlative(false)),
    ("minimum number of", Superlative(false)),
    ("fewest", Superlative(false)),
    ("lowest", Superlative(false)),
    ("worst", Superlative(false)),
    ("greatest number of times", MostCommon(true)),
    ("most number of times", MostCommon(true)),
    ("largest number of times", MostCommon(true)),
    ("most times", MostCommon(true)),
    ("least number of times", MostCommon(false)),
    ("most common", MostCommon(true)),
    ("most commonly", MostCommon(true)),
    ("most popular", MostCommon(true)),
    ("most frequent", MostCommon(true)),
    ("most frequently", MostCommon(true)),
    ("most often", MostCommon(true)),
    ("least common", MostCommon(false)),
    ("least popular", MostCommon(false)),
    ("least often", MostCommon(false)),
    ("least frequent", MostCommon(false)),
    ("least commonly", MostCommon(false)),
    ("top", Top(true)),
    ("bottom", Top(false)),
    ("sorted by", OrderBy),
    ("sort by", OrderBy),
    ("sort them by", OrderBy),
    ("sort the list by", OrderBy),
    ("sort results by", OrderBy),
    ("sort the results by", OrderBy),
    ("ordered by", OrderBy),
    ("order by", OrderBy),
    ("order them by", OrderBy),
    ("order the results by", OrderBy),
    ("order results by", OrderBy),
    ("sorted in", OrderBy),
    ("ordered in", OrderBy),
    ("sorted", OrderBy),
    ("ordered", OrderBy),
    ("sorted according to", OrderBy),
    ("ordered according to", OrderBy),
    ("ranked by", OrderBy),
    ("in order of", OrderBy),
    ("in the order of", OrderBy),
    ("sort", OrderBy),
    ("order", OrderBy),
    ("arranged by", OrderBy),
    ("in ascending order of", Direction(false)),
    ("in ascending order by", Direction(false)),
    ("in the ascending order of", Direction(false)),
    ("in increasing order of", Direction(false)),
    ("in the increasing order of", Direction(false)),
    ("ascending order of", Direction(false)),
    ("increasing order of", Direction(false)),
    ("in ascending order", Direction(false)),
    ("in an ascending order", Direction(false)),
    ("in increasing order", Direction(false)),
    ("in ascending", Direction(false)),
    ("ascending order", Direction(false)),
    ("ascending", Direction(false)),
    ("ascendingly", Direction(false)),
    ("from low to high", Direction(false)),
    ("from lowest to highest", Direction(false)),
    ("from smallest to largest", Direction(false)),
    ("from least to most", Direction(false)),
    ("from youngest to oldest", Direction(false)),
    ("in chronological order", Direction(false)),
    ("in descending order of", Direction(true)),
    ("in descending order by", Direction(true)),
    ("in the descending order of", Direction(true)),
    ("in decreasing order of", Direction(true)),
    ("in the decreasing order of", Direction(true)),
    ("descending order of", Direction(true)),
    ("decreasing order of", Direction(true)),
    ("in descending order", Direction(true)),
    ("in a descending order", Direction(true)),
    ("in decreasing order", Direction(true)),
    ("in descending", Direction(true)),
    ("descending order", Direction(true)),
    ("decreasing order", Direction(true)),
    ("descending", Direction(true)),
    ("descendingly", Direction(true)),
    ("in reverse order", Direction(true)),
    ("in reverse alphabetical order", Direction(true)),
    ("in reversed alphabetical order", Direction(true)),
    ("in reverse lexicographical order", Direction(true)),
    ("in reversed lexicographical order", Direction(true)),
    ("in descending alphabetical order", Direction(true)),
    ("from old to young", Direction(true)),
    ("from young to old", Direction(false)),
    ("from high to low", Direction(true)),
    ("from highest to lowest", Direction(true)),
    ("from largest to smallest", Direction(true)),
    ("from most to least", Direction(true)),
    ("from oldest to youngest", Direction(true)),
    ("in alphabetical order", Alphabetical),
    ("in alphabetical order of", Alphabetical),
    ("in alphabetic order", Alphabetical),
    ("in alphabetic order of", Alphabetical),
    ("in ascending alphabetical order", Alphabetical),
    ("in lexicographical order", Alphabetical),
    ("in lexicographic order", Alphabetical),
    ("in lexicographical order of", Alphabetical),
    ("alphabetical order of", Alphabetical),
    ("alphabetical order", Alphabetical),
    ("alphabetically", Alphabetical),
    ("for each", Each),
    ("for every", Each),
    ("of each", Each),
    ("of every", Each),
    ("in each", Each),
    ("in every", Each),
    ("at each", Each),
    ("to each", Each),
    ("from each", Each),
    ("by each", Each),
    ("across each", Each),
    ("within each", Each),
    ("on each", Each),
    ("under each", Each),
    ("each", Each),
    ("per", Each),
    ("every", Each),
    ("grouped by", Each),
    ("group by", Each),
    ("broken down by", Each),
    ("for all the different", Each),
    ("for different", Each),
    ("of different", Each),
    ("by", By),
    ("not", Not),
    ("never", Not),
    ("neither", Not),
    ("nor", Not),
    ("no", Without),
    ("without", Without),
    ("without any", Without),
    ("not any", Without),
    ("lack", Without),
    ("both", Both),
    ("either", Either),
    ("and", Cue::And),
    ("or", Cue::Or),
    ("but", But),
    ("except", Except),
    ("excluding", Except),
    ("except for", Except),
    ("who", Who),
    ("whom", Who),
    ("that", Who),
    ("whose", Whose),
    ("with", With),
    ("having", With),
    ("have", Have),
    ("has", Have),
    ("had", Have),
    ("which", Which),
    ("what", What),
    ("where", Where),
    ("when", When),
    ("show", Imperative),
    ("list", Imperative),
    ("find", Imperative),
    ("give", Imperative),
    ("return", Imperative),
    ("tell", Imperative),
    ("display", Imperative),
    ("get", Imperative),
    ("please", Imperative),
    ("select", Imperative),
    ("fetch", Imperative),
    ("retrieve", Imperative),
    ("also", Also),
    ("as well as", Also),
    ("along with", Also),
    ("together with", Also),
    ("with their", Also),
    ("with its", Also),
    ("and their", Also),
    ("and its", Also),
    ("with the corresponding", Also),
    ("and the corresponding", Also),
    ("starting with", StartsWith),
    ("starts with", StartsWith),
    ("start with", StartsWith),
    ("begin with", StartsWith),
    ("begins with", StartsWith),
    ("beginning with", StartsWith),
    ("starting with the letter", StartsWith),
    ("starts with the letter", StartsWith),
    ("ends with", EndsWith),
    ("end with", EndsWith),
    ("ending with", EndsWith),
    ("ends in", EndsWith),
    ("contains", Contains),
    ("contain", Contains),
    ("containing", Contains),
    ("has the substring", Contains),
    ("with the substring", Contains),
    ("with substring", Contains),
    ("has the word", Contains),
    ("include the word", Contains),
    ("includes the word", Contains),
    ("including the word", Contains),
    ("contain the word", Contains),
    ("contains the word", Contains),
    ("containing the word", Contains),
    ("contain the substring", Contains),
    ("contains the substring", Contains),
    ("including", Contains),
    ("same", Cue::Same),
    ("all the information", Everything),
    ("all information", Everything),
    ("all info", Everything),
    ("all the details", Everything),
    ("all details", Everything),
    ("all columns", Everything),
    ("everything", Everything),
    ("of", Cue::Of),
    ("in", Cue::In),
];

/// Every cue phrase in the tokens; longer ones weigh more than names of the same length.
pub fn candidates(tokens: &[Token]) -> Vec<Candidate<Cue>> {
    let mut found = Vec::new();
    for from in 0..tokens.len() {
        for (phrase, cue) in PHRASES {
            let length = phrase.split(' ').count();
            if from + length <= tokens.len()
                && phrase
                    .split(' ')
                    .zip(&tokens[from..])
                    .all(|(word, token)| token.lower == word && token.kind != Kind::Quoted)
            {
                let content = weight_of(phrase, *cue);
                found.push(Candidate {
                    from,
                    to: from + length,
                    weight: content,
                    reading: *cue,
                });
            }
        }
        adjectives(tokens, from, &mut found);
    }
    found
}

/// Words that only connect weigh next to nothing, so that a name over them wins.
fn weight_of(phrase: &str, cue: Cue) -> f64 {
    let length = phrase.split(' ').count() as f64;
    match cue {
        Cue::Of
        | Cue::In
        | Cue::And
        | Have
        | With
        | Who
        | Which
        | What
        | Where
        | When
        | By
        | Imperative => 0.05 * length,
        Cue::Count => 0.55 * length - 0.1,
        Aggregate(_) | Distinct => 0.8 * length - 0.1,
        MostCommon(_) => 0.9 * length,
        OrderBy | Direction(_) | Alphabetical => 0.6 * length - 0.1,
        _ => 0.75 * length - 0.1,
    }
}

fn adjectives(tokens: &[Token], from: usize, found: &mut Vec<Candidate<Cue>>) {
    let lower = |at: usize| tokens.get(at).map_or("", |token| token.lower.as_str());
    let (word, next) = (lower(from), lower(from + 1));
    let mut push = |length: usize, reading: Cue| {
        found.push(Candidate {
            from,
            to: from + length,
            weight: 0.8 * length as f64,
            reading,
        });
    };
    if let Some((columns, reversed)) = lexicon::measured_by(word) {
        if next == "than" {
            push(2, Cue::CompareBy(columns, reversed));
        } else if word.ends_with("est") || word == "eldest" {
            push(1, Cue::SuperlativeBy(columns, !reversed));
        }
    }
    let after = lower(from + 2);
    match word {
        "first" | "last" if next != "name" && next != "names" => {
            push(
                1,
                Cue::SuperlativeBy(&["date", "year", "datetime", "time"], word == "last"),
            );
        }
        "how" => {
            if let Some((columns, _)) = lexicon::measured_by(next) {
                push(2, Cue::Measure(columns));
            }
        }
        "most" | "least" => {
            if let Some((columns, reversed)) = lexicon::measured_by(next) {
                push(2, Cue::SuperlativeBy(columns, (word == "most") != reversed));
            }
        }
        "more" | "less" if after == "than" => {
            if let Some((columns, reversed)) = lexicon::measured_by(next) {
                push(3, Cue::CompareBy(columns, (word == "less") != reversed));
            }
        }
        _ => {}
    }
}
