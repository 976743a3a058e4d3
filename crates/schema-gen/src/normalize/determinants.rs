//! Which columns may stand for a thing of their own, by what their names and types say.

use ingest::{ColumnProfile, ColumnType};

use super::columns::Coded;
use crate::names::{self, Words};

/// Longer text is prose and names nothing.
const MAX_LABEL_CHARS: u64 = 80;

/// How much a column looks like the name of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// A word that may name one: `city`, `store`.
    Plain,
    /// People know it by this: `customer_name`.
    Label,
    /// `customer_id`, `product_code`.
    Id,
}

/// `None` where it says no thing: what is unique, constant or mostly empty, measures, times, yes and no, prose.
pub fn strength(
    name: &str,
    column_type: ColumnType,
    profile: &ColumnProfile,
    coded: &Coded,
) -> Option<Strength> {
    let names_things = match column_type {
        ColumnType::Integer => true,
        ColumnType::Text => profile.max_length <= MAX_LABEL_CHARS,
        ColumnType::Real
        | ColumnType::Decimal
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Datetime => false,
    };
    let words = Words::of_column(name);
    let repeats = coded.distinct >= 2 && coded.distinct < coded.filled();
    let is_filled = coded.filled() * 2 >= coded.codes.len();
    if !names_things || !repeats || !is_filled || words.is_measure || words.is_time() {
        return None;
    }
    Some(if words.is_id {
        Strength::Id
    } else if words.is_label() && column_type == ColumnType::Text {
        Strength::Label
    } else {
        Strength::Plain
    })
}

/// Whether the names of two columns have a word in common that says of what they tell: `customer_id`, `customer_city`.
pub fn are_of_one_thing(one: &str, other: &str) -> bool {
    let stems = |name: &str| -> Vec<String> {
        let words = names::entity_words(name);
        words.iter().map(|word| names::stem(word)).collect()
    };
    let others = Words::of_column(other).all;
    let own = stems(one);
    own.iter()
        .any(|word| word.len() > 1 && others.contains(word))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::profile;

    fn of(name: &str, column_type: ColumnType) -> Option<Strength> {
        let coded = Coded::of([1, 2, 1, 2, 3].into_iter());
        strength(name, column_type, &profile(name, column_type), &coded)
    }

    #[test]
    fn identifiers_labels_and_words_may_name_things() {
        assert_eq!(of("customer_id", ColumnType::Integer), Some(Strength::Id));
        assert_eq!(of("ProductCode", ColumnType::Text), Some(Strength::Id));
        assert_eq!(of("customer_name", ColumnType::Text), Some(Strength::Label));
        assert_eq!(of("city", ColumnType::Text), Some(Strength::Plain));
    }

    #[test]
    fn measures_times_and_flags_name_nothing() {
        for (name, column_type) in [
            ("price", ColumnType::Decimal),
            ("quantity", ColumnType::Integer),
            ("year", ColumnType::Integer),
            ("ordered", ColumnType::Date),
            ("active", ColumnType::Boolean),
            ("start_time", ColumnType::Text),
        ] {
            assert_eq!(of(name, column_type), None, "{name}");
        }
    }

    #[test]
    fn a_common_word_tells_of_one_thing() {
        assert!(are_of_one_thing("customer_id", "customer_city"));
        assert!(are_of_one_thing("store", "StoreRegion"));
        assert!(!are_of_one_thing("customer_id", "product_id"));
        assert!(!are_of_one_thing("id", "id_card"));
    }
}
