#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use chrono::NaiveDate;
use schema_gen::Schema;
use schema_gen::meaning::{ColumnStats, derive};
use serde_json::{Value as Json, json};

use super::*;
use crate::reading::grammar::Reader;
use crate::reading::query::{
    Aggregate, Condition, Expr, Function, Measure, OrderBy, Ref, Select, Value,
};
use crate::reading::values::Values;
use crate::reading::{read, say, sql};

fn schema(status: &str) -> Schema {
    serde_json::from_value(json!({
        "tables": [
            {"name": "customers", "source": {"csv_id": "1"}, "primary_key": ["id"], "columns": [
                {"name": "id", "type": "INTEGER"}, {"name": "name", "type": "TEXT"},
                {"name": "country", "type": "TEXT"}]},
            {"name": "orders", "source": {"csv_id": "2"}, "primary_key": ["id"], "columns": [
                {"name": "id", "type": "INTEGER"}, {"name": "customer_id", "type": "INTEGER"},
                {"name": status, "type": "TEXT"}, {"name": "amount", "type": "DECIMAL"},
                {"name": "ordered_at", "type": "DATETIME"}, {"name": "shipped_at", "type": "DATE"}]},
            {"name": "warehouses", "source": {"csv_id": "3"}, "primary_key": ["id"], "columns": [
                {"name": "id", "type": "INTEGER"}, {"name": "name", "type": "TEXT"}]}
        ],
        "relationships": [{
            "from_table": "orders", "from_columns": ["customer_id"],
            "to_table": "customers", "to_columns": ["id"], "cardinality": "many-to-one"}]
    }))
    .unwrap()
}

/// A shop; `status` is what the column of that name is called.
fn shop(status: &str) -> Knowledge {
    let schema = schema(status);
    let stats: Vec<Vec<ColumnStats>> = schema
        .tables
        .iter()
        .map(|table| {
            let columns = table.columns.iter();
            columns
                .map(|column| ColumnStats {
                    rows: 100,
                    nulls: u64::from(column.name == "shipped_at") * 5,
                    distinct: if column.name == "id" { 100 } else { 20 },
                    max_length: 12,
                    latest: column
                        .name
                        .ends_with("_at")
                        .then(|| "2026-10-31 10:00:00".to_owned()),
                    ..ColumnStats::default()
                })
                .collect()
        })
        .collect();
    let meaning = derive(&schema, &stats);
    let data = Data::new(&schema, &meaning, &stats);
    let mut values = Values::default();
    let mut add = |table: &str, column: &str, texts: &[&str]| {
        let table = data.table(table).unwrap();
        values.add(data.column(table, column).unwrap(), texts);
    };
    add("customers", "country", &["Germany", "France", "Algeria"]);
    add("orders", status, &["paid", "open", "cancelled"]);
    Knowledge {
        schema,
        derived: meaning.clone(),
        meaning,
        data,
        values: Arc::new(values),
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

struct Bench {
    knowledge: Knowledge,
}

impl Bench {
    fn new() -> Self {
        Self {
            knowledge: shop("status"),
        }
    }

    fn desk(&self) -> Desk<'_> {
        Desk {
            knowledge: &self.knowledge,
            today: today(),
        }
    }

    fn read(&self, question: &str) -> crate::reading::Candidate {
        let known = &self.knowledge;
        let found = read(question, &known.data, &known.values, today());
        found.into_iter().next().expect("a reading")
    }

    fn plan(&self, question: &str) -> Plan {
        let reading = self.read(question).reading;
        let assumed = say::assumed(&reading, &self.knowledge.data);
        Plan::of(&reading.query, &self.knowledge.data, &assumed)
    }

    fn after(&self, plan: &Plan, changes: Json) -> Result<Plan, PlanError> {
        let changes: Vec<Change> = serde_json::from_value(changes).unwrap();
        let query = self.desk().changed(Some(&plan.document), &changes)?;
        Ok(Plan::of(&query, &self.knowledge.data, &[]))
    }

    fn sql(&self, plan: &Plan) -> String {
        let data = &self.knowledge.data;
        sql::render(&plan.document.load(data).unwrap(), data)
    }

    fn labels(&self, plan: &Plan, wanted: Wanted<'_>, search: &str) -> Vec<String> {
        let found = self.desk().choices(Some(&plan.document), wanted, search);
        let found = found.unwrap().options.into_iter();
        found.map(|choice| choice.label).collect()
    }

    /// The plan after the choice of this label.
    fn choose(&self, plan: &Plan, wanted: Wanted<'_>, label: &str) -> Plan {
        let found = self.desk().choices(Some(&plan.document), wanted, "");
        let options = found.unwrap().options;
        let choice = options.iter().find(|choice| choice.label == label);
        let choice = choice.unwrap_or_else(|| panic!("{label} in {options:#?}"));
        let sent = serde_json::to_value(&choice.change).unwrap();
        self.after(plan, json!([sent])).unwrap()
    }
}

fn said(plan: &Plan) -> Vec<(&str, &str)> {
    plan.chips
        .iter()
        .map(|chip| (chip.id.as_str(), chip.label.as_str()))
        .collect()
}

#[test]
fn every_part_of_a_plan_is_a_chip_in_the_words_of_the_restatement() {
    let bench = Bench::new();
    let plan = bench.plan("total amount of paid orders by country in 2026");
    assert_eq!(
        said(&plan),
        [
            ("measure.0", "Total amount"),
            ("rows", "Orders"),
            ("group.0", "by customer's country"),
            ("where.0", "status is “paid”"),
            ("period.1", "ordered at: 2026"),
            ("order.0", "highest first"),
        ]
    );
    let assumed = plan.chips[4].assumed.as_deref();
    assert_eq!(assumed, Some("The date is ordered at, not shipped at."));
    let sent = serde_json::to_value(&plan.chips[1]).unwrap();
    assert_eq!(
        sent,
        json!({"id": "rows", "kind": "rows", "label": "Orders", "removable": false, "changeable": true})
    );
}

#[test]
fn a_removed_part_is_gone_from_the_statement_and_the_words() {
    let bench = Bench::new();
    let plan = bench.plan("total amount of paid orders by country in 2026");
    let open = bench.after(&plan, json!([{"remove": "where.0"}])).unwrap();
    assert!(!bench.sql(&open).contains("paid"), "{}", bench.sql(&open));
    assert!(open.chips.iter().all(|chip| !chip.label.contains("paid")));
    let all = bench
        .after(
            &open,
            json!([{"remove": "period.0"}, {"remove": "group.0"}]),
        )
        .unwrap();
    assert_eq!(
        bench.sql(&all),
        r#"SELECT SUM("orders"."amount") AS "total_amount" FROM "orders""#
    );
    let refused = bench.after(&all, json!([{"remove": "rows"}])).unwrap_err();
    assert!(matches!(refused, PlanError::DoesNotFit(_)), "{refused}");
    let refused = bench
        .after(&all, json!([{"remove": "where.7"}]))
        .unwrap_err();
    assert!(matches!(refused, PlanError::DoesNotFit(_)), "{refused}");
}

#[test]
fn order_and_limit_go_with_the_figure_that_they_are_by() {
    let bench = Bench::new();
    let plan = bench.plan("top 3 customers by total amount");
    let ids: Vec<&str> = said(&plan).iter().map(|(id, _)| *id).collect();
    assert!(
        ids.contains(&"order.0") && ids.contains(&"limit"),
        "{ids:?}"
    );
    let bare = bench
        .after(&plan, json!([{"remove": "measure.0"}]))
        .unwrap();
    let sql = bench.sql(&bare);
    assert!(!sql.contains("ORDER BY") && !sql.contains("LIMIT"), "{sql}");
    assert!(bare.chips.iter().all(|chip| chip.kind != ChipKind::Measure));
    // Without its groups it is the rows themselves.
    let rows = bench.after(&bare, json!([{"remove": "group.0"}])).unwrap();
    assert_eq!(rows.chips[1].kind, ChipKind::Shown);
}

#[test]
fn what_makes_no_sense_is_not_offered() {
    let bench = Bench::new();
    let plan = bench.plan("how many orders are there");
    let figures = bench.labels(&plan, Wanted::InPlaceOf("measure.0"), "");
    assert!(figures.contains(&"Total amount".to_owned()), "{figures:?}");
    assert!(
        figures.contains(&"Average amount".to_owned()),
        "{figures:?}"
    );
    assert!(
        !figures
            .iter()
            .any(|label| label.contains("total id") || label.contains("Total id")),
        "{figures:?}"
    );
    let groups = bench.labels(&plan, Wanted::Adding(ChipKind::Group), "");
    assert_eq!(groups[0], "by month of ordered at");
    assert!(
        groups.contains(&"by customer's country".to_owned()),
        "{groups:?}"
    );
    assert!(groups.contains(&"by status".to_owned()), "{groups:?}");
    assert!(
        !groups.iter().any(|label| label.contains("id")),
        "{groups:?}"
    );
    // One figure over all rows has no order and no first ones.
    assert!(
        bench
            .labels(&plan, Wanted::Adding(ChipKind::Order), "")
            .is_empty()
    );
    assert!(
        bench
            .labels(&plan, Wanted::Adding(ChipKind::Limit), "")
            .is_empty()
    );
}

#[test]
fn conditions_are_found_by_stored_values() {
    let bench = Bench::new();
    let plan = bench.plan("how many orders are there");
    let wanted = Wanted::Adding(ChipKind::Where);
    let found = bench.labels(&plan, wanted, "ger");
    assert_eq!(
        found,
        [
            "customer's country is “Germany”",
            "customer's country is “Algeria”"
        ]
    );
    let german = bench.choose(&plan, wanted, "customer's country is “Germany”");
    assert!(bench.sql(&german).contains("= 'Germany'"));
    let other = bench.choose(
        &german,
        Wanted::InPlaceOf("where.0"),
        "customer's country is “France”",
    );
    let sql = bench.sql(&other);
    assert!(
        sql.contains("'France'") && !sql.contains("'Germany'"),
        "{sql}"
    );
}

#[test]
fn the_current_choice_is_marked() {
    let bench = Bench::new();
    let plan = bench.plan("total amount of orders in 2025");
    for (chip, label) in [
        ("measure.0", "Total amount"),
        ("rows", "Orders"),
        ("period.0", "ordered at: 2025"),
    ] {
        let found = bench
            .desk()
            .choices(Some(&plan.document), Wanted::InPlaceOf(chip), "")
            .unwrap();
        let current: Vec<&str> = found
            .options
            .iter()
            .filter(|choice| choice.current)
            .map(|choice| choice.label.as_str())
            .collect();
        assert_eq!(current, [label], "{chip}");
    }
    let other = bench.choose(&plan, Wanted::InPlaceOf("period.0"), "shipped at: 2025");
    assert!(bench.sql(&other).contains("\"shipped_at\" >= '2025-01-01'"));
}

#[test]
fn a_plan_is_begun_without_words() {
    let bench = Bench::new();
    let desk = bench.desk();
    let rows = desk
        .choices(None, Wanted::Adding(ChipKind::Rows), "")
        .unwrap();
    assert_eq!(rows.options[0].label, "Orders");
    let query = desk
        .changed(None, &[rows.options[0].change.clone()])
        .unwrap();
    let plan = Plan::of(&query, &bench.knowledge.data, &[]);
    let grouped = bench.choose(
        &plan,
        Wanted::Adding(ChipKind::Group),
        "by customer's country",
    );
    let ordered = bench.choose(&grouped, Wanted::Adding(ChipKind::Order), "highest first");
    assert_eq!(grouped, ordered, "as a question about groups has it anyway");
    let first = bench.after(&ordered, json!([{"limit": 5}])).unwrap();
    assert_eq!(
        bench.sql(&first),
        r#"SELECT "customers"."country", COUNT(*) AS "number_of_orders" FROM "orders" JOIN "customers" ON "orders"."customer_id" = "customers"."id" GROUP BY "customers"."country" ORDER BY COUNT(*) DESC LIMIT 5"#
    );
    let figures = desk
        .choices(None, Wanted::Adding(ChipKind::Measure), "average")
        .unwrap();
    assert_eq!(figures.options[0].label, "Average amount");
    assert!(desk.changed(None, &[]).is_err());
    assert!(
        desk.choices(None, Wanted::Adding(ChipKind::Limit), "")
            .is_err()
    );
}

#[test]
fn groups_of_a_time_come_in_its_order() {
    let bench = Bench::new();
    let plan = bench.plan("total amount of orders by country");
    let monthly = bench.choose(
        &plan,
        Wanted::InPlaceOf("group.0"),
        "by month of ordered at",
    );
    assert_eq!(said(&monthly)[3], ("order.0", "month (earliest first)"));
    let back = bench.choose(
        &monthly,
        Wanted::InPlaceOf("group.0"),
        "by customer's country",
    );
    assert_eq!(bench.sql(&back), bench.sql(&plan));
}

#[test]
fn conditions_are_typed_by_hand() {
    let bench = Bench::new();
    let plan = bench.plan("how many orders are there");
    for (typed, made) in [
        (
            json!({"column": "orders.amount", "operator": "more_than", "values": [10.5]}),
            "\"amount\" > 10.5",
        ),
        (
            json!({"column": "orders.amount", "operator": "between", "values": ["1", 2]}),
            "\"amount\" BETWEEN 1 AND 2",
        ),
        (
            json!({"column": "orders.status", "operator": "is", "values": ["PAID"]}),
            "\"status\" = 'paid'",
        ),
        (
            json!({"column": "orders.status", "operator": "is_not", "values": ["o'x"]}),
            "\"status\" <> 'o''x'",
        ),
        (
            json!({"column": "customers.name", "operator": "contains", "values": ["5%"]}),
            r"LIKE '%5\%%' ESCAPE '\'",
        ),
        (
            json!({"column": "orders.shipped_at", "operator": "empty"}),
            "\"shipped_at\" IS NULL",
        ),
        (
            json!({"column": "orders.ordered_at", "operator": "more_than", "values": ["2026-01-31"]}),
            "\"ordered_at\" >= '2026-02-01'",
        ),
    ] {
        let changed = bench.after(&plan, json!([{"where": typed}])).unwrap();
        let sql = bench.sql(&changed);
        assert!(sql.contains(made), "{typed}: {sql}");
    }
    for typed in [
        json!({"column": "orders.nothing", "operator": "empty"}),
        json!({"column": "warehouses.name", "operator": "empty"}),
        json!({"column": "orders.amount", "operator": "more_than", "values": ["much"]}),
        json!({"column": "orders.status", "operator": "more_than", "values": [1]}),
        json!({"column": "orders.amount", "operator": "between", "values": [1]}),
    ] {
        let refused = bench.after(&plan, json!([{"where": typed}])).unwrap_err();
        assert!(matches!(refused, PlanError::DoesNotFit(_)), "{typed}");
    }
}

#[test]
fn a_period_takes_the_place_of_the_one_before() {
    let bench = Bench::new();
    let plan = bench.plan("total amount of orders in 2025");
    let until =
        json!([{"period": {"column": "orders.ordered_at", "from": null, "until": "2024-07-01"}}]);
    let changed = bench.after(&plan, until).unwrap();
    assert_eq!(
        said(&changed)[2],
        ("period.0", "ordered at: before 1 Jul 2024")
    );
    let free = json!([{"period": {"column": "orders.ordered_at", "from": null, "until": null}}]);
    let changed = bench.after(&changed, free).unwrap();
    assert!(!bench.sql(&changed).contains("WHERE"));
    let backwards = json!([{"period": {"column": "orders.ordered_at", "from": "2025-01-01", "until": "2024-01-01"}}]);
    assert!(bench.after(&changed, backwards).is_err());
}

#[test]
fn other_rows_keep_what_can_be_said_of_them() {
    let bench = Bench::new();
    let plan = bench.plan("number of orders by country of German customers");
    let german = bench
        .after(
            &plan,
            json!([{"where": {"column": "customers.country", "operator": "is", "values": ["Germany"]}}]),
        )
        .unwrap();
    let people = bench.choose(&german, Wanted::InPlaceOf("rows"), "Customers");
    assert!(
        people
            .chips
            .iter()
            .any(|chip| chip.label == "country is “Germany”")
    );
    assert!(people.chips.iter().any(|chip| chip.label == "by country"));
}

#[test]
fn questions_go_on_from_a_plan() {
    let bench = Bench::new();
    let known = &bench.knowledge;
    let plan = bench.plan("total amount of paid orders by country in 2026");
    let query = plan.document.load(&known.data).unwrap();
    let after = |question: &str| {
        let reader = Reader::new(question, &known.data, &known.values, today());
        let mut found = edits(&query, &reader.frames(), &reader);
        found.sort_by(|one, two| two.score.total_cmp(&one.score));
        let best = found.into_iter().next();
        let best = best.unwrap_or_else(|| panic!("{question} is not read"));
        assert!(best.on_plan);
        sql::render(&best.query, &known.data)
    };
    for (question, with, without) in [
        ("only open ones", "= 'open'", "'paid'"),
        ("only Germany", "= 'Germany'", "'open'"),
        ("what about 2025?", ">= '2025-01-01'", ">= '2026-01-01'"),
        ("and the year before?", ">= '2025-01-01'", ">= '2026-01-01'"),
        ("and their average?", "AVG(", "SUM("),
        ("top 2", "LIMIT 2", "LIMIT 5"),
        (
            "by status instead",
            "GROUP BY \"orders\".\"status\"",
            "\"country\"",
        ),
        ("and by month?", "strftime('%Y-%m'", "LIMIT"),
    ] {
        let sql = after(question);
        assert!(sql.contains(with), "{question}: {sql}");
        assert!(!sql.contains(without), "{question}: {sql}");
    }
}

#[test]
fn a_document_outlives_other_numbers_and_tells_what_is_gone() {
    let bench = Bench::new();
    let plan = bench.plan("total amount of paid orders by country in 2026");
    let sent = serde_json::to_value(&plan.document).unwrap();
    let document = Document::read(&sent).unwrap();
    // The same names at other places.
    let mut turned = shop("status").schema;
    turned.tables.reverse();
    let data = Data::new(&turned, &derive(&turned, &[]), &[]);
    let other = document.load(&data).unwrap();
    assert_eq!(sql::render(&other, &data), bench.sql(&plan));
    let renamed = shop("state");
    let gone = document.load(&renamed.data).unwrap_err();
    assert_eq!(
        gone.to_string(),
        "This plan does not fit the dataset any more: there is no column status in orders."
    );
}

/// What nobody's question leads to, made by hand.
#[test]
fn a_document_that_does_not_hold_together_is_refused() {
    let bench = Bench::new();
    let known = &bench.knowledge.data;
    let column = |table: &str, name: &str| known.column(known.table(table).unwrap(), name).unwrap();
    let orders = known.table("orders").unwrap();
    let counted = || bench.read("how many orders are there").reading.query;
    let with = |change: &dyn Fn(&mut Query)| {
        let mut query = counted();
        change(&mut query);
        query
    };
    let foreign = Expr::Column(Ref::own(column("customers", "country")));
    let names = Expr::Column(Ref::own(column("orders", "status")));
    let within = |from: Option<&str>| {
        let time = Ref::own(column("orders", "ordered_at"));
        Condition::Within(time, from.map(str::to_owned), None)
    };
    let summed = |expr: &Expr| {
        Measure::Aggregate(Aggregate {
            function: Function::Sum,
            expr: Some(expr.clone()),
            filter: Vec::new(),
        })
    };
    let measures = |wanted: Vec<Measure>| {
        let mut query = counted();
        if let Select::Group { measures, .. } = &mut query.select {
            *measures = wanted;
        }
        query
    };
    let faulty = [
        // A column of another table without a way to it.
        measures(vec![summed(&foreign)]),
        measures(vec![summed(&names)]),
        measures(Vec::new()),
        with(&|query| query.order.push((OrderBy::Measure(7), true))),
        with(&|query| query.per = Some(3)),
        with(&|query| query.limit = Some(u64::MAX)),
        with(&|query| query.rows.conditions.push(within(None))),
        with(&|query| query.rows.conditions.push(Condition::Any(Vec::new()))),
        with(&|query| {
            let status = Ref::own(column("orders", "status"));
            let nul = Value::Text("a\0b".to_owned());
            query
                .rows
                .conditions
                .push(Condition::In(status, vec![nul], false));
        }),
        with(&|query| {
            let country = Ref {
                path: vec![0, 0],
                column: column("customers", "country"),
            };
            query.rows.conditions.push(Condition::Null(country, true));
        }),
    ];
    for query in faulty {
        assert_eq!(query.rows.base, orders);
        let sent = serde_json::to_value(Document::of(&query, known)).unwrap();
        let read = Document::read(&sent).and_then(|document| document.load(known));
        assert!(matches!(read, Err(PlanError::Outdated(_))), "{query:?}");
    }
    let fine = bench.plan("how many orders are there").document;
    for (place, value) in [
        ("/version", json!(99)),
        ("/plan/part/rows/base", json!(5)),
        ("/plan/part/extra", json!(1)),
        ("/plan/tables/0", json!("sqlite_master")),
        ("/plan/tables/0", json!("orders\" --")),
    ] {
        let mut sent = serde_json::to_value(&fine).unwrap();
        match sent.pointer_mut(place) {
            Some(old) => *old = value,
            None => sent["plan"]["part"]["extra"] = value,
        }
        let read = Document::read(&sent).and_then(|document| document.load(known));
        assert!(read.is_err(), "{place}");
    }
}

#[test]
fn texts_of_a_document_are_values_and_nothing_else() {
    let bench = Bench::new();
    let plan = bench.plan("how many orders are there");
    let typed = json!([{"where": {"column": "orders.status", "operator": "is", "values": ["x'; DROP TABLE orders; --"]}}]);
    let changed = bench.after(&plan, typed).unwrap();
    assert!(
        bench
            .sql(&changed)
            .ends_with("= 'x''; DROP TABLE orders; --'")
    );
}
