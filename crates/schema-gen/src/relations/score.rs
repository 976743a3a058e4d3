//! The weight of one candidate reference.

use ingest::ColumnType;

use super::Candidate;
use super::weights::{self, Feature, Features};
use crate::facts::{At, ColumnFacts, TableFacts};
use crate::keys;
use crate::model::Evidence;
use crate::names::{self, NameMatch, Named};
use crate::reasoning;
use crate::values::Values;

/// More than this shows no more, in units of the natural logarithm.
const MOST_CHANCE: f64 = 8.0;
/// From here on names say by themselves what is meant.
pub const CLEAR_NAME: f64 = 0.85;
/// Distinct values found, from which on others that are not may be faults of the data.
pub const FEW_MATCHES: u64 = 3;
const MANY_MATCHES: u64 = 20;
/// Most that values which are found can show where others are not, in units of the natural logarithm.
const CHANCE_WITH_ORPHANS: f64 = 2.0;
/// One value in so many rows may be a fault of the data.
const ROWS_PER_FAULT: usize = 10;

/// Weighs the pair, or `None` where the values rule it out.
pub fn weigh(
    tables: &[TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    from: At,
    to: At,
) -> Option<Candidate> {
    let is_own_key = all_keys[from.0]
        .first()
        .is_some_and(|key| key.column == from.1);
    if from == to || (from.0 == to.0 && is_own_key) {
        return None;
    }
    let (table, key_table) = (&tables[from.0], &tables[to.0]);
    let (column, key) = (&table.columns[from.1], &key_table.columns[to.1]);
    let (values, key_values) = (column.values.as_ref()?, key.values.as_ref()?);
    if values.distinct.is_empty() || !may_match(column, values, key, key_values) {
        return None;
    }
    let name = match_names(tables, from, to);
    let as_text = written_as_text(column, key, name).then(|| values.as_text());
    let values = as_text.as_ref().unwrap_or(values);
    if column.is_text() != key.is_text() && as_text.is_none() {
        return None;
    }
    let distinct = values.distinct.len() as u64;
    let matched = values.matched(key_values);
    let orphan_rows = if matched == distinct {
        0
    } else {
        let tolerated = tolerated_share(column, name, matched, from.0 == to.0);
        if tolerated == 0.0 {
            return None;
        }
        let rows = values.orphan_rows(key_values);
        (rows as f64 <= tolerated * values.non_null as f64).then_some(rows)?
    };
    let orphan_share = orphan_rows as f64 / values.non_null as f64;
    let chance = if orphan_rows > 0 {
        // What lies outside the key widens the stretch that is covered, and shows nothing.
        chance_weight(values, key, key_values).min(CHANCE_WITH_ORPHANS)
    } else {
        chance_weight(values, key, key_values)
    };
    let place = key_values
        .range
        .filter(|_| name.score > 0.0)
        .map_or(0.0, |range| place_weight(column, range));
    let keys = &all_keys[to.0];
    let key_rank = keys.iter().position(|candidate| candidate.column == to.1)?;
    let mut features = Features::default();
    features.add(Feature::Base, 1.0);
    features.add(Feature::Name, name.score);
    features.add(Feature::Chance, chance.min(MOST_CHANCE));
    features.add(Feature::Place, place);
    child_features(
        &mut features,
        tables,
        from,
        to,
        all_keys,
        name,
        chance + place,
    );
    key_features(&mut features, keys[key_rank].score, key_rank, key_table);
    let covered = matched as f64 / key_values.distinct.len() as f64;
    features.add(Feature::Covered, covered);
    if orphan_share > 0.0 {
        features.add(Feature::Orphans, 1.0);
        features.add(Feature::OrphanShare, orphan_share);
    }
    let weight = weights::weigh(&features);
    Some(Candidate {
        from,
        to,
        weight,
        weight_as_best_key: if key_rank == 0 {
            weight
        } else {
            weight + weights::of(Feature::BestKey) - weights::of(Feature::OtherKey)
        },
        distinct,
        matched,
        orphan_rows,
        features,
        name_score: name.score,
        reasons: reasons(
            name,
            chance,
            (distinct, matched, orphan_rows),
            key_rank == 0,
        ),
    })
}

/// Share of the rows that may refer to nothing: the clearer by name, the more.
fn tolerated_share(
    column: &ColumnFacts<'_>,
    name: NameMatch,
    matched: u64,
    same_table: bool,
) -> f64 {
    let is_clear = name.score >= CLEAR_NAME && !column.words.is_measure && !column.is_temporal();
    match matched {
        _ if !is_clear => 0.0,
        MANY_MATCHES.. if same_table => 0.01,
        MANY_MATCHES.. if column.words.is_id => 1.0 / 3.0,
        FEW_MATCHES.. if !same_table => 0.1,
        _ => 0.0,
    }
}

/// Types and ranges that allow a reference; cheap, before any set is compared.
fn may_match(
    column: &ColumnFacts<'_>,
    values: &Values,
    key: &ColumnFacts<'_>,
    key_values: &Values,
) -> bool {
    let kind = |facts: &ColumnFacts<'_>| match facts.profile.column_type {
        ColumnType::Real | ColumnType::Integer => ColumnType::Integer,
        other => other,
    };
    let as_text = kind(column) == ColumnType::Integer && key.is_text();
    if (kind(column) != kind(key) && !as_text)
        || values.distinct.len()
            > 2 * key_values.distinct.len() + values.non_null as usize / ROWS_PER_FAULT
    {
        return false;
    }
    match (values.range, key_values.range) {
        // A stray value outside is for the exact comparison to judge.
        (Some((low, high)), Some((key_low, key_high))) => low <= key_high && high >= key_low,
        _ => true,
    }
}

/// A file may hold only the numbers among the codes that another file declares; by name alone it is clear what is meant.
fn written_as_text(column: &ColumnFacts<'_>, key: &ColumnFacts<'_>, name: NameMatch) -> bool {
    column
        .values
        .as_ref()
        .is_some_and(|values| values.are_plain)
        && key.is_text()
        && name.score >= CLEAR_NAME
}

pub fn match_names(tables: &[TableFacts<'_>], from: At, to: At) -> NameMatch {
    let named = |at: At| Named {
        table: &tables[at.0].words,
        column: &tables[at.0].columns[at.1].words,
        holds_persons: tables[at.0].holds_persons,
    };
    let mut found = names::compare(named(from), named(to), from.0 == to.0);
    // `country` in both `city` and `economy` speaks of the table `country`, not of each other.
    let core = named(to).column.core_joined();
    let of_another = !core.is_empty()
        && !keys::names_own_table(&tables[to.0], &tables[to.0].columns[to.1])
        && tables
            .iter()
            .enumerate()
            .any(|(other, table)| other != to.0 && table.words.core_joined() == core);
    // Where the table has a unique column of the very name, its other columns are not what is meant.
    let of_its_name = tables[to.0].columns.iter().any(|other| {
        other.words.is_id
            && !other.words.is_generic()
            && other.is_unique()
            && other.words.joined() == named(from).column.joined()
            && other.words.joined() != named(to).column.joined()
    });
    if (of_another || of_its_name) && from.0 != to.0 {
        found.score *= 0.7;
    }
    found
}

/// How unlikely it is that the values lie within the key by accident, in units of the natural logarithm.
///
/// Numbers: had as many values been drawn from the stretch of numbers that they cover, each would have hit a key with the
/// key's density there; consecutive keys therefore prove nothing but by their reach. Text: by count and length.
fn chance_weight(values: &Values, key: &ColumnFacts<'_>, key_values: &Values) -> f64 {
    let drawn = values.distinct.len() as f64;
    let size = key_values.distinct.len() as f64;
    let (Some((key_low, key_high)), Some((low, high))) = (key_values.range, values.range) else {
        return drawn * key.profile.max_length.min(4) as f64;
    };
    let width = high.saturating_sub(low) as f64 + 1.0;
    let overall = size / (key_high.saturating_sub(key_low) as f64 + 1.0);
    let local = if drawn > 1.0 {
        key_values.count_between(low, high) as f64 / width
    } else {
        1.0
    };
    let sparse = drawn * -local.max(overall).min(1.0).ln();
    let reach =
        high.saturating_sub(key_low) as f64 / (key_high.saturating_sub(key_low) as f64).max(1.0);
    let spread = if size >= 30.0 && reach > 0.8 {
        2.0 + drawn / size
    } else {
        0.0
    };
    sparse.max(spread)
}

/// Numbers that begin far from one, 7001 to 7260, are seldom met by accident: as the logarithm of how small a part of
/// all numbers up to the largest they are. Measures and years lie where they lie.
fn place_weight(column: &ColumnFacts<'_>, (low, high): (i64, i64)) -> f64 {
    let width = high.saturating_sub(low) as f64 + 1.0;
    if column.words.is_measure || column.is_text() || (low as f64) < width {
        return 0.0;
    }
    let looks_like_years = low >= 1900 && high < 2100;
    if looks_like_years {
        0.0
    } else {
        (high as f64 / width).ln().clamp(0.0, 4.0)
    }
}

/// What the referring column's name and kind say.
fn child_features(
    features: &mut Features,
    tables: &[TableFacts<'_>],
    from: At,
    to: At,
    all_keys: &[Vec<keys::Candidate>],
    name: NameMatch,
    chance: f64,
) {
    let column = &tables[from.0].columns[from.1];
    let words = &column.words;
    if words.is_id {
        features.add(Feature::Id, 1.0);
    } else if words.is_measure {
        features.add(Feature::Measure, 1.0);
    }
    if column.is_temporal() {
        features.add(Feature::Temporal, 1.0);
    }
    // Sets of sparse numbers do not match by accident, whatever the names say.
    let certain = chance >= 12.0 && !column.is_text();
    let own_key = all_keys[from.0].first().filter(|key| key.column == from.1);
    let names_own = keys::names_own_table(&tables[from.0], column);
    if let Some(own_key) = own_key
        && name.score < 0.95
    {
        let is_own = own_key.score >= 0.5 && (names_own || words.is_generic());
        features.add(
            match (is_own, certain) {
                (true, true) => Feature::CertainOwnKey,
                (true, false) => Feature::OwnKey,
                (false, _) => Feature::PossibleOwnKey,
            },
            1.0,
        );
    } else if words.is_generic() && name.score < 0.5 && !certain {
        features.add(Feature::CommonName, 1.0);
    }
    // A word in -er that is called no id may be a thing ("chapter"): small numbers do not tell.
    if !words.is_id && words.is_doer() && name.score <= 0.25 && chance < 1.0 {
        features.add(Feature::Doer, 1.0);
    }
    if name.score == 0.0 && chance < 6.0 {
        features.add(Feature::NoName, 1.0);
    }
    // Two columns of a table share values for many reasons; only names tell a hierarchy.
    if from.0 == to.0 && name.score < 0.7 {
        features.add(Feature::SameTable, 1.0);
    }
}

fn key_features(features: &mut Features, score: f64, rank: usize, table: &TableFacts<'_>) {
    features.add(Feature::KeyScore, score.clamp(0.0, 1.0));
    let place = if rank == 0 {
        Feature::BestKey
    } else {
        Feature::OtherKey
    };
    features.add(place, 1.0);
    if table.columns.iter().any(|column| column.words.is_label()) {
        features.add(Feature::KeyLabel, 1.0);
    }
}

fn reasons(
    name: NameMatch,
    chance: f64,
    (distinct, matched, orphan_rows): (u64, u64, u64),
    is_best_key: bool,
) -> Vec<String> {
    let counted = Evidence {
        distinct,
        matched,
        orphan_rows,
        ..Evidence::default()
    };
    let mut reasons = vec![reasoning::found(&counted, &[], "values")];
    if name.score > 0.0 {
        reasons.push(name.reason.to_owned());
    }
    if chance >= 6.0 {
        reasons.push("so many matches are hardly an accident".to_owned());
    } else if chance < 1.0 {
        reasons.push(
            "the values are small consecutive numbers, so the match alone says little".to_owned(),
        );
    }
    if is_best_key {
        reasons.push("the column referred to is the table's best key".to_owned());
    }
    reasons
}
