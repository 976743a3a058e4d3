#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ingest::ColumnType;
use serde_json::{Value, json};

use super::*;
use crate::testing::{column, relationship, table};

/// Orders with an amount, a note, a day and a flag in letters, of customers.
fn shop() -> (Schema, Vec<Vec<ColumnStats>>) {
    let schema = Schema {
        tables: vec![
            table(
                "c1",
                "customers",
                &["id"],
                vec![
                    column("id", ColumnType::Integer, &[]),
                    column("name", ColumnType::Text, &[]),
                ],
            ),
            table(
                "o1",
                "orders",
                &["id"],
                vec![
                    column("id", ColumnType::Integer, &[]),
                    column("customer_id", ColumnType::Integer, &[]),
                    column("amount", ColumnType::Decimal, &[]),
                    column("ordered_on", ColumnType::Date, &[]),
                    column("shipped_on", ColumnType::Date, &[]),
                    column("state", ColumnType::Text, &[]),
                ],
            ),
        ],
        relationships: vec![relationship(("orders", "customer_id"), ("customers", "id"))],
        ..Schema::default()
    };
    let stats = |distinct: u64, top: &[&str]| ColumnStats {
        rows: 40,
        distinct,
        max_length: 8,
        top: top.iter().map(|&value| value.to_owned()).collect(),
        ..ColumnStats::default()
    };
    let stats = vec![
        vec![stats(40, &[]), stats(40, &["Ann", "Bob"])],
        vec![
            stats(40, &[]),
            stats(20, &[]),
            stats(30, &[]),
            stats(30, &[]),
            stats(30, &[]),
            stats(2, &["K", "S"]),
        ],
    ];
    (schema, stats)
}

fn derived() -> Meaning {
    let (schema, stats) = shop();
    derive(&schema, &stats)
}

fn edits(json: Value) -> Edits {
    serde_json::from_value(json).unwrap()
}

/// Fields and messages of all faults.
fn faults(json: Value) -> Vec<(String, String)> {
    let (schema, stats) = shop();
    let against = Checked {
        schema: &schema,
        stats: &stats,
        derived: &derived(),
        is_name: &|phrase| phrase != "by the",
    };
    check(&edits(json), against)
        .into_iter()
        .map(|problem| (problem.field, problem.message))
        .collect()
}

#[track_caller]
fn one_fault(json: Value, field: &str, part: &str) {
    let found = faults(json);
    let [(at, message)] = found.as_slice() else {
        panic!("one fault: {found:?}");
    };
    assert_eq!(at, field, "{message}");
    assert!(message.contains(part), "{message}");
}

/// A change of what is derived is a change of what is stored: count [`DERIVATION`] up with it.
#[test]
fn what_is_derived_is_what_its_number_says() {
    insta::assert_json_snapshot!(
        format!("derivation_{DERIVATION}"),
        serde_json::to_value(derived()).unwrap()
    );
}

#[test]
fn no_changes_leave_the_meaning_as_derived() {
    assert_eq!(Edits::default().apply(&derived()), derived());
    assert_eq!(serde_json::to_value(Edits::default()).unwrap(), json!({}));
}

#[test]
fn changes_go_over_what_was_derived_and_say_whose_they_are() {
    let edits = edits(json!({"tables": [{
    "table": "orders", "label": ["amount"], "time": "shipped_on", "words": ["deals"],
    "columns": [
        {"column": "amount", "role": "level", "unit": "EUR", "words": ["takings"]},
        {"column": "state", "role": "flag", "yes": "K"},
    ]}]}));
    let meaning = edits.apply(&derived());
    let orders = meaning.table("orders").unwrap();
    assert_eq!(
        (orders.label.as_slice(), orders.label_source),
        (["amount".to_owned()].as_slice(), Origin::User)
    );
    assert_eq!(
        (orders.time.as_deref(), orders.time_source),
        (Some("shipped_on"), Origin::User)
    );
    let said = |word: &str| Said {
        word: word.to_owned(),
        source: Origin::User,
    };
    assert_eq!(orders.words, [said("deals")]);
    let amount = meaning.column("orders", "amount").unwrap();
    assert_eq!(
        (amount.role, amount.role_source),
        (Role::Level, Origin::User)
    );
    assert_eq!(
        (amount.unit.as_deref(), amount.unit_source),
        (Some("EUR"), Origin::User)
    );
    assert_eq!(amount.words, [said("takings")]);
    let state = meaning.column("orders", "state").unwrap();
    assert_eq!(
        (state.yes.as_deref(), state.yes_source),
        (Some("K"), Origin::User)
    );
    // The rest is as it was.
    assert_eq!(meaning.table("customers"), derived().table("customers"));
    let day = meaning.column("orders", "ordered_on").unwrap();
    assert_eq!(day.role_source, Origin::Data);
}

#[test]
fn a_better_derivation_reaches_what_nobody_touched() {
    let edits = edits(json!({"tables": [{
        "table": "orders", "columns": [{"column": "amount", "role": "level"}]}]}));
    let mut better = derived();
    better.tables[1].columns[2].unit = Some("EUR".to_owned());
    better.tables[1].columns[5].role = Role::Ordinal;
    let meaning = edits.apply(&better);
    let amount = meaning.column("orders", "amount").unwrap();
    assert_eq!(
        (amount.role, amount.unit.as_deref()),
        (Role::Level, Some("EUR"))
    );
    assert_eq!(
        meaning.column("orders", "state").unwrap().role,
        Role::Ordinal
    );
}

#[test]
fn absent_is_as_derived_and_null_is_none() {
    assert_eq!(
        derived().table("orders").unwrap().time.as_deref(),
        Some("ordered_on")
    );
    let none = edits(json!({"tables": [{"table": "orders", "time": null}]}));
    assert_eq!(none.apply(&derived()).table("orders").unwrap().time, None);
    // It survives being stored.
    let stored = serde_json::to_value(&none).unwrap();
    assert_eq!(
        stored,
        json!({"tables": [{"table": "orders", "time": null}]})
    );
    assert_eq!(edits(stored), none);
    // A column that is no time any more does not say when.
    let category = edits(json!({"tables": [{
        "table": "orders", "columns": [{"column": "ordered_on", "role": "category"}]}]}));
    assert_eq!(
        category.apply(&derived()).table("orders").unwrap().time,
        None
    );
}

#[test]
fn a_metric_takes_the_place_of_the_derived_one_and_its_words() {
    assert_eq!(derived().metrics[0].name, "revenue");
    let sum =
        json!({"name": "Revenue", "table": "orders", "function": "average", "columns": ["amount"]});
    let replaced = edits(json!({"metrics": [sum]})).apply(&derived());
    assert_eq!(replaced.metrics.len(), 1);
    assert_eq!(replaced.metrics[0].source, Origin::User);
    let without = edits(json!({"without_metrics": ["revenue"]})).apply(&derived());
    assert!(without.metrics.is_empty());
    let named = json!({"name": "sales", "table": "orders", "function": "count"});
    let named = edits(json!({"metrics": [named]})).apply(&derived());
    let revenue = named.metric("revenue").unwrap();
    assert!(revenue.words.iter().all(|said| said.word != "sales"));
    assert!(revenue.words.iter().any(|said| said.word == "turnover"));
}

#[test]
fn what_fits_has_no_faults() {
    let all = json!({
    "tables": [{
        "table": "orders", "label": ["id", "state"], "time": "shipped_on", "words": ["deals"],
        "columns": [
            {"column": "amount", "role": "additive", "unit": "EUR", "words": ["takings", "money in"]},
            {"column": "state", "role": "flag", "yes": "K"},
            {"column": "customer_id", "role": "category"},
        ]}],
    "metrics": [
        {"name": "AOV", "words": ["basket"], "table": "orders", "function": "sum", "columns": ["amount"], "per": "orders"},
        {"name": "takings per buyer", "table": "orders", "function": "sum", "columns": ["amount"], "per": "buyers"},
        {"name": "buyers", "table": "orders", "function": "count_distinct", "columns": ["customer_id"]},
        {"name": "last day", "table": "orders", "function": "maximum", "columns": ["ordered_on"]},
    ]});
    assert_eq!(faults(all), []);
    assert_eq!(faults(json!({"without_metrics": ["revenue"]})), []);
}

#[test]
fn names_must_be_there() {
    one_fault(
        json!({"tables": [{"table": "invoices"}]}),
        "tables[0].table",
        "there are customers, orders",
    );
    one_fault(
        json!({"tables": [{"table": "orders"}, {"table": "orders"}]}),
        "tables[1].table",
        "twice",
    );
    let orders = |part: Value| {
        let mut table = part;
        table["table"] = json!("orders");
        json!({"tables": [table]})
    };
    one_fault(
        orders(json!({"columns": [{"column": "price"}]})),
        "tables[0].columns[0].column",
        "it has id, customer_id, amount",
    );
    one_fault(
        orders(json!({"label": ["id", "price"]})),
        "tables[0].label[1]",
        "no column",
    );
    one_fault(orders(json!({"label": []})), "tables[0].label", "1 to 4");
    one_fault(
        orders(json!({"time": "price"})),
        "tables[0].time",
        "no column",
    );
    one_fault(
        orders(json!({"time": "amount"})),
        "tables[0].time",
        "holds no dates",
    );
}

#[test]
fn roles_must_fit_what_is_stored() {
    let column = |name: &str, part: Value| {
        let mut column = part;
        column["column"] = json!(name);
        json!({"tables": [{"table": "orders", "columns": [column]}]})
    };
    let role = "tables[0].columns[0].role";
    let yes = "tables[0].columns[0].yes";
    one_fault(column("state", json!({"role": "additive"})), role, "summed");
    one_fault(column("state", json!({"role": "time"})), role, "dates");
    one_fault(column("amount", json!({"role": "text"})), role, "texts");
    one_fault(
        column("id", json!({"role": "quantity"})),
        role,
        "tells rows apart",
    );
    one_fault(
        column("customer_id", json!({"role": "additive"})),
        role,
        "refers to others",
    );
    one_fault(column("state", json!({"role": "flag"})), yes, "means yes");
    one_fault(
        column("state", json!({"role": "flag", "yes": "J"})),
        yes,
        "stored are K, S",
    );
    one_fault(column("state", json!({"yes": "K"})), yes, "no flag");
    one_fault(
        column("state", json!({"unit": "kg"})),
        "tables[0].columns[0].unit",
        "no numbers",
    );
}

#[test]
fn words_are_bounded_and_hide_nothing() {
    let words = |words: Value| json!({"tables": [{"table": "orders", "words": words}]});
    let first = "tables[0].words[0]";
    one_fault(words(json!([""])), first, "1 to 60");
    one_fault(words(json!(["x".repeat(61)])), first, "1 to 60");
    one_fault(words(json!([" deals"])), first, "blank");
    one_fault(words(json!(["de\u{202e}als"])), first, "U+202E");
    one_fault(words(json!(["a b c d e f"])), first, "at most 5");
    one_fault(words(json!(["by the"])), first, "found in no question");
    one_fault(
        words(json!(["deals", "Deals"])),
        "tables[0].words[1]",
        "twice",
    );
    let many: Vec<String> = (0..21).map(|number| format!("w{number}")).collect();
    one_fault(words(json!(many)), "tables[0].words", "at most 20");
    let columns: Vec<Value> = (0..300).map(|_| json!({"column": "amount"})).collect();
    one_fault(
        json!({"tables": [{"table": "orders", "columns": columns}]}),
        "tables",
        "at most 8",
    );
}

#[test]
fn metrics_must_mean_something() {
    let metric = |part: Value| {
        let mut metric =
            json!({"name": "x", "table": "orders", "function": "sum", "columns": ["amount"]});
        for (key, value) in part.as_object().unwrap() {
            metric[key] = value.clone();
        }
        metric
    };
    let one = |part: Value| json!({"metrics": [metric(part)]});
    one_fault(one(json!({"table": "x"})), "metrics[0].table", "no table");
    one_fault(
        one(json!({"columns": ["x"]})),
        "metrics[0].columns[0]",
        "no column",
    );
    one_fault(
        one(json!({"columns": ["state"]})),
        "metrics[0].columns[0]",
        "no numbers",
    );
    one_fault(
        one(json!({"columns": ["id"]})),
        "metrics[0].columns[0]",
        "sums",
    );
    one_fault(one(json!({"columns": []})), "metrics[0].columns", "or two");
    one_fault(
        one(json!({"function": "count"})),
        "metrics[0].columns",
        "count_distinct",
    );
    one_fault(one(json!({"per": "x"})), "metrics[0].per", "itself");
    one_fault(
        one(json!({"per": "nothing"})),
        "metrics[0].per",
        "there are",
    );
    one_fault(
        json!({"metrics": [metric(json!({})), metric(json!({"name": "X"}))]}),
        "metrics[1].name",
        "two metrics",
    );
    one_fault(
        json!({"metrics": [metric(json!({"words": ["revenue"]}))]}),
        "metrics[0].words[0]",
        "means \"revenue\" already",
    );
    // In a ring each is divided by one that is divided.
    let ring =
        json!({"metrics": [metric(json!({"per": "y"})), metric(json!({"name": "y", "per": "x"}))]});
    let fields: Vec<String> = faults(ring).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["metrics[0].per", "metrics[1].per"]);
    // Where the role is changed with it, the sum is refused.
    let category = json!({
        "tables": [{"table": "orders", "columns": [{"column": "amount", "role": "category"}]}],
        "metrics": [metric(json!({}))]});
    one_fault(category, "metrics[0].columns[0]", "sums");
    one_fault(
        json!({"without_metrics": ["profit"]}),
        "without_metrics[0]",
        "derived are revenue",
    );
    let many: Vec<Value> = (0..51)
        .map(|n| metric(json!({"name": format!("m{n}")})))
        .collect();
    one_fault(json!({"metrics": many}), "metrics", "at most 50");
}
