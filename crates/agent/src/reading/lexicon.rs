//! General English that schema names and questions share. Nothing here may come from one database.

/// Forms that the lists of exceptions and the endings get wrong.
const IRREGULAR: &[(&str, &str)] = &[
    ("people", "person"),
    ("women", "woman"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("series", "series"),
    ("species", "species"),
    ("data", "data"),
    ("ids", "id"),
    ("buses", "bus"),
    ("statuses", "status"),
    ("bonuses", "bonus"),
    ("viruses", "virus"),
    ("campuses", "campus"),
    ("news", "news"),
    ("caches", "cache"),
    ("does", "do"),
    ("owned", "own"),
];

/// Articles, prepositions, pronouns, auxiliaries and the like: never the name of anything.
const FUNCTION_WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "of",
    "to",
    "in",
    "on",
    "at",
    "for",
    "from",
    "by",
    "with",
    "and",
    "or",
    "is",
    "are",
    "was",
    "were",
    "be",
    "been",
    "being",
    "do",
    "does",
    "did",
    "has",
    "have",
    "had",
    "having",
    "that",
    "which",
    "who",
    "whom",
    "whose",
    "what",
    "where",
    "when",
    "how",
    "this",
    "these",
    "those",
    "there",
    "their",
    "its",
    "his",
    "her",
    "it",
    "they",
    "them",
    "he",
    "she",
    "we",
    "our",
    "us",
    "i",
    "me",
    "my",
    "you",
    "your",
    "please",
    "can",
    "could",
    "would",
    "will",
    "want",
    "as",
    "than",
    "also",
    "all",
    "any",
    "some",
    "every",
    "each",
    "if",
    "so",
    "such",
    "then",
    "along",
    "together",
    "respectively",
    "about",
    "into",
    "out",
    "up",
    "own",
    "ever",
    "whether",
    "both",
    "either",
    "not",
    "no",
    "'s",
    "but",
    "only",
    "just",
    "many",
    "much",
    "most",
    "least",
    "more",
    "less",
    "across",
    "during",
    "between",
    "within",
    "under",
    "over",
    "through",
    "via",
    "upon",
    "among",
    "am",
    "'re",
    "'ve",
    "'d",
    "themselves",
    "itself",
    "himself",
    "herself",
    "because",
    "since",
    "too",
    "very",
    "ago",
    "yet",
    "still",
    "however",
    "though",
    "although",
    "show",
    "list",
    "find",
    "give",
    "tell",
    "display",
    "per",
    "let",
    "while",
];

/// Function words that carry a denial or a bound, so that they are never passed over as empty.
const DENYING_OR_BOUNDING: &[&str] = &["'ll", "until", "till", "never", "nobody", "without"];

/// Words that questions are wrapped in; each may name a table or a column all the same.
const EMPTY_WORDS: &[&str] = &[
    "return",
    "get",
    "one",
    "ones",
    "corresponding",
    "respective",
    "same",
    "currently",
    "know",
    "see",
    "need",
    "like",
    "exist",
    "available",
    "existing",
    "total",
    "record",
    "recorded",
    "database",
    "table",
    "value",
    "belong",
    "contain",
    "system",
    "provide",
    "associate",
    "correspond",
    "identify",
    "print",
    "describe",
    "compute",
    "calculate",
    "report",
    "present",
    "enumerate",
    "look",
    "whichever",
    "different",
    "distinct",
    "listed",
    "named",
    "called",
    "given",
    "shown",
    "found",
    "use",
    "used",
    "using",
    "involve",
    "sort",
    "order",
    "ordered",
    "sorted",
    "ascending",
    "descending",
    "unique",
    "information",
    "info",
    "various",
    "certain",
    "particular",
    "associated",
    "related",
    "included",
    "including",
    "include",
    "made",
    "make",
    "take",
    "taken",
    "come",
    "came",
    "go",
    "im",
    "hey",
    "hello",
    "hi",
    "happen",
    "happens",
    "happened",
    "occur",
    "occurs",
    "occurred",
    "instead",
    "other",
    "another",
    "well",
];

const NAME_ENDINGS: &[&str] = &[
    "id",
    "name",
    "type",
    "code",
    "date",
    "number",
    "year",
    "desc",
    "description",
    "price",
    "time",
    "address",
    "phone",
    "title",
    "count",
    "key",
    "grade",
    "status",
    "line",
    "rate",
    "size",
    "age",
    "point",
    "city",
    "country",
    "amount",
    "total",
    "email",
    "location",
];

const DEMONYMS: &[(&str, &str)] = &[
    ("french", "france"),
    ("german", "germany"),
    ("dutch", "netherlands"),
    ("british", "united kingdom"),
    ("english", "england"),
    ("spanish", "spain"),
    ("chinese", "china"),
    ("japanese", "japan"),
    ("portuguese", "portugal"),
    ("swedish", "sweden"),
    ("danish", "denmark"),
    ("finnish", "finland"),
    ("norwegian", "norway"),
    ("polish", "poland"),
    ("turkish", "turkey"),
    ("irish", "ireland"),
    ("scottish", "scotland"),
    ("welsh", "wales"),
    ("swiss", "switzerland"),
    ("greek", "greece"),
    ("italian", "italy"),
    ("canadian", "canada"),
    ("brazilian", "brazil"),
    ("mexican", "mexico"),
    ("belgian", "belgium"),
    ("american", "united states"),
    ("european", "europe"),
    ("austrian", "austria"),
    ("australian", "australia"),
    ("russian", "russia"),
    ("indian", "india"),
    ("african", "africa"),
    ("asian", "asia"),
];

/// The base of a form that no rule gives.
pub fn irregular(word: &str) -> Option<&'static str> {
    IRREGULAR
        .iter()
        .find_map(|&(form, base)| (form == word).then_some(base))
}

/// A word that alone names nothing stored.
pub fn is_stop(lower: &str) -> bool {
    FUNCTION_WORDS.contains(&lower) || EMPTY_WORDS.contains(&lower)
}

/// How a word speaks of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// "raised": an amount only where one is asked for.
    pub is_given: bool,
    /// `None` where it says neither that it goes out nor that it comes in.
    pub goes_out: Option<bool>,
}

pub fn money(lower: &str) -> Option<Money> {
    let (is_given, goes_out) = match lower {
        "amount" | "amounts" | "money" | "value" | "worth" => (false, None),
        "income" | "earnings" | "takings" | "proceeds" | "turnover" | "revenue" | "revenues" => {
            (false, Some(false))
        }
        "cost" | "costs" | "spend" | "spending" | "spent" | "bill" | "charges" | "expenses" => {
            (false, Some(true))
        }
        "pay" => (true, Some(true)),
        "raised" | "earned" => (true, Some(false)),
        "given" | "donated" | "collected" | "received" | "paid" => (true, None),
        _ => return None,
    };
    Some(Money { is_given, goes_out })
}

/// Whether the word praises without saying by what measure.
pub fn is_of_worth(lower: &str) -> bool {
    matches!(
        lower,
        "popular" | "successful" | "loyal" | "important" | "valuable" | "productive" | "efficient"
    )
}

/// Whether the word is the past of a verb.
pub fn is_past(lower: &str) -> bool {
    lower.len() > 4 && lower.ends_with("ed") || IRREGULAR_PAST.contains(&lower)
}

/// For a word of what came to an end: whether it says that it did not.
pub fn tells_of_an_end(lower: &str) -> Option<bool> {
    let ended = |word: &str| {
        matches!(
            word,
            "returned"
                | "completed"
                | "finished"
                | "closed"
                | "resolved"
                | "settled"
                | "delivered"
                | "fulfilled"
                | "done"
                | "ended"
                | "solved"
        )
    };
    match lower {
        "outstanding" | "open" | "ongoing" | "unfinished" | "incomplete" => Some(true),
        word if ended(word) => Some(false),
        word => word
            .strip_prefix("un")
            .filter(|rest| ended(rest))
            .map(|_| true),
    }
}

/// A word that names nothing, alone or at the edge of a name.
pub fn is_function_word(lower: &str) -> bool {
    FUNCTION_WORDS.contains(&lower) || DENYING_OR_BOUNDING.contains(&lower)
}

/// A word that often ends a column's name without a border before it.
pub fn is_name_ending(word: &str) -> bool {
    NAME_ENDINGS.contains(&word)
}

/// The place whose people or things the adjective describes.
pub fn place_of(adjective: &str) -> Option<&'static str> {
    DEMONYMS
        .iter()
        .find_map(|&(form, place)| (form == adjective).then_some(place))
}

/// The columns a describing word speaks of, best first; with `true` where "more" of the word means less of the column.
pub fn measured_by(adjective: &str) -> Option<(&'static [&'static str], bool)> {
    let found: (&[&str], bool) = match adjective {
        "old" | "older" | "oldest" | "elder" | "eldest" => (
            &["age", "birth", "founded", "opened", "built", "year", "date"],
            false,
        ),
        "young" | "younger" | "youngest" => (&["age", "birth", "year", "date"], true),
        "tall" | "taller" | "tallest" => (&["height", "stories"], false),
        "heavy" | "heavier" | "heaviest" => (&["weight"], false),
        "light" | "lighter" | "lightest" => (&["weight"], true),
        "long" | "longer" | "longest" => (
            &[
                "duration", "length", "time", "runtime", "page", "distance", "dist",
            ],
            false,
        ),
        "short" | "shorter" | "shortest" => (
            &[
                "height", "duration", "length", "time", "runtime", "page", "distance", "dist",
            ],
            true,
        ),
        "paid" | "earning" => (&["salary", "sal", "wage", "pay", "compensation"], false),
        "expensive" | "priciest" | "costly" | "costliest" | "dearest" => {
            (&["price", "cost", "fee"], false)
        }
        "cheap" | "cheaper" | "cheapest" => (&["price", "cost", "fee"], true),
        "large" | "larger" | "largest" | "big" | "bigger" | "biggest" => (
            &["size", "area", "population", "capacity", "amount", "total"],
            false,
        ),
        "small" | "smaller" | "smallest" => (
            &["size", "area", "population", "capacity", "amount", "total"],
            true,
        ),
        "fast" | "faster" | "fastest" => (&["speed", "time"], false),
        "slow" | "slower" | "slowest" => (&["speed"], true),
        "rich" | "richer" | "richest" | "wealthy" => {
            (&["worth", "wealth", "money", "balance", "income"], false)
        }
        "recent" | "recently" | "new" | "newer" | "newest" | "late" | "later" | "latest" => {
            (&["date", "year", "time", "datetime"], false)
        }
        "early" | "earlier" | "earliest" => (&["date", "year", "time", "datetime"], true),
        "populous" | "populated" => (&["population"], false),
        "hot" | "hotter" | "hottest" | "warm" | "warmest" => (&["temperature"], false),
        "cold" | "colder" | "coldest" => (&["temperature"], true),
        "profitable" => (&["profit"], false),
        "wide" | "widest" => (&["width"], false),
        "deep" | "deepest" => (&["depth"], false),
        "strong" | "strongest" => (&["strength", "power"], false),
        "powerful" => (&["power", "horsepower"], false),
        _ => return None,
    };
    Some(found)
}

/// Pasts of common English verbs of doing that do not end in "ed".
const IRREGULAR_PAST: &[&str] = &[
    "ate", "began", "bid", "bought", "broke", "brought", "built", "came", "chose", "dealt",
    "drank", "drew", "drove", "fed", "fell", "flew", "forgot", "fought", "found", "gave", "given",
    "got", "grew", "held", "kept", "knew", "laid", "led", "left", "lent", "lost", "made", "met",
    "paid", "put", "ran", "read", "rode", "said", "sang", "sat", "saw", "sent", "shot", "slept",
    "sold", "spent", "spoke", "stood", "swam", "taken", "taught", "thought", "threw", "told",
    "took", "went", "won", "wore", "wrote", "written",
];
