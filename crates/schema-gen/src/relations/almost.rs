//! References that almost hold: columns that bear the name of another table's key, and have too many rows without a partner for
//! it to be taken.

use serde_json::json;

use super::proposed::{Settled, as_sentence, named};
use super::score::{self, CLEAR_NAME, FEW_MATCHES};
use crate::edit::data::raw_cells;
use crate::facts::{At, TableFacts};
use crate::forecast::SAMPLES;
use crate::keys;
use crate::model::{Cardinality, Evidence, Orphans, Relationship, Suggestion};
use crate::normalize::{Patch, grouped, put};
use crate::reasoning;
use crate::{Schema, SchemaError, Source, validate};

/// Confidence of a reference that only its name speaks for.
const ALMOST: f64 = 0.5;

/// Proposals of references that many rows break, but for the columns that `passed` names.
pub fn suggest(
    schema: &Schema,
    sources: &[Source],
    tables: &[TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    settled: &Settled,
    passed: &dyn Fn(At) -> bool,
) -> Result<Vec<Suggestion>, SchemaError> {
    let mut suggestions = Vec::new();
    for (from, to) in pairs(tables, all_keys, settled) {
        if !passed(from) {
            suggestions.extend(told((schema, sources), tables, (from, to))?);
        }
    }
    Ok(suggestions)
}

/// Pairs of a column and the best key of another table that it names, of whose rows too many have no partner.
fn pairs(
    tables: &[TableFacts<'_>],
    all_keys: &[Vec<keys::Candidate>],
    settled: &Settled,
) -> Vec<(At, At)> {
    let mut pairs = Vec::new();
    for (table, facts) in tables.iter().enumerate() {
        for (column, own) in facts.columns.iter().enumerate() {
            let from = (table, column);
            let may_refer = settled.is_free(from) && !own.is_temporal() && !own.words.is_measure;
            let Some(values) = own.values.as_ref().filter(|_| may_refer) else {
                continue;
            };
            let best = (0..tables.len()).filter(|other| *other != table);
            let best = best.filter_map(|other| {
                let to = (other, all_keys[other].first()?.column);
                let key = &tables[other].columns[to.1];
                let is_clear = score::match_names(tables, from, to).score >= CLEAR_NAME;
                let matched = values.matched(key.values.as_ref()?);
                let distinct = values.distinct.len() as u64;
                // Where all are found, something else speaks against it.
                let is_much =
                    matched >= FEW_MATCHES && matched < distinct && matched * 2 >= distinct;
                (is_clear && is_much && own.is_text() == key.is_text()).then_some((matched, to))
            });
            pairs.extend(best.max().map(|(_, to)| (from, to)));
        }
    }
    pairs
}

/// Proposes a reference that many rows break.
fn told(
    (schema, sources): (&Schema, &[Source]),
    tables: &[TableFacts<'_>],
    (from, to): (At, At),
) -> Result<Option<Suggestion>, SchemaError> {
    let values = |at: At| tables[at.0].columns[at.1].values.as_ref();
    let (Some(own), Some(key)) = (values(from), values(to)) else {
        return Ok(None);
    };
    let (own_table, key_table) = (&schema.tables[from.0], &schema.tables[to.0]);
    let column = |at: At| schema.tables[at.0].columns[at.1].name.clone();
    let orphan_rows = own.orphan_rows(key);
    let from_columns = vec![column(from)];
    let missing = own.first_orphans(key, SAMPLES);
    let samples = raw_cells(own_table, &sources[from.0], &from_columns, &missing)?;
    let evidence = Evidence {
        distinct: own.distinct.len() as u64,
        matched: own.matched(key),
        orphan_rows,
        orphan_samples: samples.clone(),
        ..Evidence::default()
    };
    let found = reasoning::found(&evidence, &[], "values");
    let relationship = Relationship {
        from_table: own_table.name.clone(),
        from_columns,
        to_table: key_table.name.clone(),
        to_columns: vec![column(to)],
        cardinality: Cardinality::ManyToOne,
        confidence: ALMOST,
        evidence: Evidence {
            reasons: vec![found.clone(), "the names say it".to_owned()],
            ..evidence
        },
        orphans: Orphans::default(),
        even_out: Vec::new(),
    };
    let patch = Patch {
        relationships: vec![relationship],
        ..Patch::default()
    };
    let fits = put(schema, &patch).is_ok_and(|after| validate(&after, sources).is_empty());
    let (Some(patch), true) = (serde_json::to_value(&patch).ok(), fits) else {
        return Ok(None);
    };
    let share = format!("{} of {}", grouped(orphan_rows), grouped(own.non_null));
    Ok(Some(Suggestion {
        id: format!("almost:{}", named(schema, from)),
        kind: "almost_reference".to_owned(),
        title: format!(
            "{} refers to {} but for {share} rows",
            named(schema, from),
            named(schema, to)
        ),
        evidence: json!({
            "why": [
                as_sentence(&found),
                format!("{share} rows name what is not there: {}", samples.join(", ")),
                "Accepted, these rows stay, and the reference is known but not enforced",
            ],
            "rows_without_partner": orphan_rows,
            "safe": false,
        }),
        patch,
    }))
}
