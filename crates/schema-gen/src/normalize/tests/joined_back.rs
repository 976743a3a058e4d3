//! Random small tables: whatever is suggested as safe gives the file back, by a join that knows nothing of the proof.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use ingest::Outcome;
use proptest::prelude::*;

use super::super::*;
use crate::testing::Files;

/// Rows by their cells' text, and how often each is there.
type Bag = BTreeMap<Vec<Option<String>>, usize>;

/// The cells of a row, by the file's columns.
type Cells = HashMap<String, Option<String>>;

fn records(source: &Source) -> Vec<Vec<Option<String>>> {
    crate::values::open(source)
        .unwrap()
        .filter_map(|outcome| match outcome.unwrap() {
            Outcome::Row(record) => Some(record.fields),
            Outcome::Rejected(_) => None,
        })
        .collect()
}

fn bag(rows: impl Iterator<Item = Vec<Option<String>>>) -> Bag {
    let mut bag = Bag::new();
    rows.for_each(|row| *bag.entry(row).or_default() += 1);
    bag
}

/// The wide table again, by following the references of the tables it was split into.
fn joined(schema: &Schema, source: &Source, records: &[Vec<Option<String>>]) -> Bag {
    let place = |name: &String| {
        let mut columns = source.analysis.columns.iter();
        columns.position(|profile| &profile.column == name).unwrap()
    };
    let cells = |table: &Table, record: &[Option<String>]| -> Cells {
        let columns = table.columns.iter();
        columns
            .map(|column| {
                let name = column.source_column.clone().unwrap();
                let cell = record[place(&name)].clone();
                (name, cell)
            })
            .collect()
    };
    let mut stored: HashMap<&str, HashMap<Vec<Option<String>>, Cells>> = HashMap::new();
    for table in &schema.tables[1..] {
        let rows = stored.entry(&table.name).or_default();
        for record in records {
            let row = cells(table, record);
            let key = table
                .primary_key
                .iter()
                .map(|name| row[name].clone())
                .collect();
            rows.entry(key).or_insert(row);
        }
    }
    bag(records.iter().map(|record| {
        let mut known = cells(&schema.tables[0], record);
        let mut reached = vec![schema.tables[0].name.clone()];
        while let Some(from) = reached.pop() {
            for relationship in schema
                .relationships
                .iter()
                .filter(|own| own.from_table == from)
            {
                let key: Vec<_> = relationship
                    .from_columns
                    .iter()
                    .map(|name| known[name].clone())
                    .collect();
                let found = stored[relationship.to_table.as_str()].get(&key);
                known.extend(found.cloned().unwrap_or_default());
                reached.push(relationship.to_table.clone());
            }
        }
        source
            .analysis
            .columns
            .iter()
            .map(|profile| known[&profile.column].clone())
            .collect()
    }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn joining_back_gives_the_file(
        choices in prop::collection::vec((0_u32..12, 0_u32..9, 0_u32..50), 30..120),
        (cities, lands, groups) in (2_u32..8, 2_u32..5, 2_u32..6),
        gaps in prop::collection::vec(0_usize..120, 0..4),
        slips in prop::collection::vec(0_usize..120, 0..3),
    ) {
        let mut text = "n,customer_id,customer_name,city,country,product,product_group,amount\n".to_owned();
        for (row, (customer, product, amount)) in choices.iter().enumerate() {
            let city = if slips.contains(&row) { 77 } else { customer % cities };
            let customer = if gaps.contains(&row) {
                ",,,".to_owned()
            } else {
                format!("c{customer},Name {customer},City {city},Land {}", city % lands)
            };
            let group = product % groups;
            writeln!(text, "{row},{customer},Thing {product},Group {group},{amount}").unwrap();
        }
        let files = Files::new(&[("sales.csv", &text)]);
        let schema = files.schema();
        let found = suggest(&schema, &files.sources, &|_| true, &|| true).unwrap();
        prop_assert!(!found.is_empty() || !gaps.is_empty() || !slips.is_empty());
        let source = &files.sources[0];
        let records = records(source);
        let whole = bag(records.iter().cloned());
        for suggestion in found.iter().filter(|own| is_safe(own)) {
            let after = apply(&schema, suggestion).unwrap();
            prop_assert_eq!(validate(&after, &files.sources), vec![]);
            prop_assert_eq!(&joined(&after, source, &records), &whole);
        }
        let all = accept_safe(schema, found);
        prop_assert_eq!(validate(&all, &files.sources), vec![]);
        prop_assert_eq!(&joined(&all, source, &records), &whole);
        let edited = crate::finish_edit(all, &files.sources, &|| true).unwrap();
        let set_aside: u64 = edited.forecast.tables.iter().map(|table| table.quarantined).sum();
        prop_assert_eq!(set_aside, 0);
    }
}
