//! Features of a reading and their weights.

use std::sync::LazyLock;

macro_rules! features {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What is counted of a reading. The weights stand in `weights.json`, fitted by `make fit`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Feature { $($(#[$doc])* $name),+ }

        impl Feature {
            pub const ALL: &'static [Feature] = &[$(Feature::$name),+];

            pub fn name(self) -> &'static str {
                match self { $(Feature::$name => $text),+ }
            }
        }
    };
}

features! {
    /// Fit of each name of a table or column that is used, less one.
    NameMisfit = "name_misfit",
    /// Fit of each value that is used, less one.
    ValueMisfit = "value_misfit",
    /// Values that are used.
    ValueUsed = "value_used",
    NameUsed = "name_used",
    /// Words of a name or value beyond the first: longer phrases are surer.
    LongPhrase = "long_phrase",
    SkippedStop = "skipped_stop",
    SkippedCue = "skipped_cue",
    SkippedName = "skipped_name",
    SkippedValue = "skipped_value",
    SkippedWord = "skipped_word",
    SkippedNumber = "skipped_number",
    SkippedCapital = "skipped_capital",
    SkippedQuoted = "skipped_quoted",
    /// A function that found no noun.
    LostFunction = "lost_function",
    LostNegation = "lost_negation",
    /// A function over a noun that it does not suit.
    RoleMisfit = "role_misfit",
    /// A figure without a word that says how it is aggregated.
    AssumedFunction = "assumed_function",
    /// The main amount of a table stands for the table.
    AssumedColumn = "assumed_column",
    AssumedTime = "assumed_time",
    OtherTime = "other_time",
    BareYear = "bare_year",
    YearAsNumber = "year_as_number",
    NumberWithoutPlace = "number_without_place",
    AssumedValueColumn = "assumed_value_column",
    PathLength = "path_length",
    PathChosen = "path_chosen",
    PathCued = "path_cued",
    FarBase = "far_base",
    Semijoin = "semijoin",
    ExtraEntity = "extra_entity",
    NoSubject = "no_subject",
    /// A condition between two tables that no word asks for.
    BareRelation = "bare_relation",
    FlagAdjective = "flag_adjective",
    TimeAsEvent = "time_as_event",
    PlainList = "plain_list",
    CountAsked = "count_asked",
    KeyMisfit = "key_misfit",
    Superlative = "superlative",
    OrderMisfit = "order_misfit",
    SeveralKeys = "several_keys",
    TwoFigures = "two_figures",
    RatioUsed = "ratio_used",
    ShareUsed = "share_used",
    PerEntity = "per_entity",
    WindowUsed = "window_used",
    AverageUsed = "average_used",
    HasUsed = "has_used",
    NullUsed = "null_used",
    Unsure = "unsure",
    /// Groups that no word asks for.
    ImplicitKey = "implicit_key",
    /// "How many" answered by a list.
    CountListed = "count_listed",
    /// A list asked for, one figure given.
    NamesCounted = "names_counted",
    /// A value stands for the rows that have it.
    ValueAsRows = "value_as_rows",
    ColumnInClause = "column_in_clause",
    FarOrder = "far_order",
    Contradiction = "contradiction",
    /// All that is told is what the question gave: the name of whoever is called Jo.
    Echo = "echo",
    /// Facts about the result.
    ResultEmpty = "result_empty",
    ResultNull = "result_null",
}

/// Sparse counts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Features(Vec<(Feature, f64)>);

impl Features {
    pub fn add(&mut self, feature: Feature, amount: f64) {
        match self.0.iter_mut().find(|(known, _)| *known == feature) {
            Some((_, sum)) => *sum += amount,
            None => self.0.push((feature, amount)),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (Feature, f64)> + '_ {
        self.0.iter().copied()
    }

    pub fn get(&self, feature: Feature) -> f64 {
        self.iter()
            .find(|(known, _)| *known == feature)
            .map_or(0.0, |(_, amount)| amount)
    }

    pub fn merge(&mut self, other: &Features) {
        for (feature, amount) in other.iter() {
            self.add(feature, amount);
        }
    }

    pub fn score(&self) -> f64 {
        self.iter()
            .map(|(feature, amount)| feature.weight() * amount)
            .sum()
    }
}

const WEIGHTS: &str = include_str!("weights.json");

static TABLE: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let named: std::collections::HashMap<String, f64> =
        serde_json::from_str(WEIGHTS).unwrap_or_default();
    Feature::ALL
        .iter()
        .map(|feature| named.get(feature.name()).copied().unwrap_or_default())
        .collect()
});

impl Feature {
    pub fn weight(self) -> f64 {
        TABLE[self as usize]
    }
}
