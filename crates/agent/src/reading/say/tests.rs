#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashMap;

use chrono::NaiveDate;
use ingest::ColumnType;
use schema_gen::Schema;
use schema_gen::meaning::{ColumnStats, derive};
use schema_gen::model::{
    Cardinality, Column, Evidence, Misfits, Orphans, Relationship, SourceRows, Table, TableSource,
};

use super::*;
use crate::event::MatchedValue;
use crate::reading::build::Reading;
use crate::reading::data::ColumnId;
use crate::reading::dates::Time;
use crate::reading::frame::{By, Cond, Frame, Item, KeyOf, Of};
use crate::reading::query::{Condition, Operator, Ref, Rows, Unit, Value};
use crate::reading::score::{Feature, Features};
use crate::reading::sql::render;
use crate::reading::tokens::tokenize;

fn table(name: &str, columns: &[(&str, ColumnType)]) -> Table {
    Table {
        name: name.to_owned(),
        source: TableSource {
            csv_id: name.to_owned(),
            rows: SourceRows::All,
        },
        primary_key: vec![columns[0].0.to_owned()],
        repeats: schema_gen::model::Repeats::default(),
        key_exceptions: None,
        columns: columns
            .iter()
            .map(|(name, column_type)| Column {
                name: (*name).to_owned(),
                column_type: *column_type,
                constraints: Vec::new(),
                source_column: None,
                references: None,
                misfits: Misfits::default(),
                description: None,
                words: Vec::new(),
            })
            .collect(),
        description: None,
        label: None,
    }
}

fn refers(from: (&str, &str), to: (&str, &str)) -> Relationship {
    Relationship {
        even_out: Vec::new(),
        from_table: from.0.to_owned(),
        from_columns: vec![from.1.to_owned()],
        to_table: to.0.to_owned(),
        to_columns: vec![to.1.to_owned()],
        cardinality: Cardinality::ManyToOne,
        confidence: 0.9,
        evidence: Evidence::default(),
        orphans: Orphans::default(),
    }
}

/// A shop with people that mentor one another and goods that move between warehouses.
fn data() -> Data {
    use ColumnType::{Boolean, Date, Datetime, Decimal, Integer, Text};
    let schema = Schema {
        tables: vec![
            table(
                "customers",
                &[
                    ("id", Integer),
                    ("name", Text),
                    ("country", Text),
                    ("joined_on", Date),
                    ("is_active", Boolean),
                ],
            ),
            table(
                "orders",
                &[
                    ("id", Integer),
                    ("customer_id", Integer),
                    ("status", Text),
                    ("amt", Decimal),
                    ("ordered_at", Datetime),
                    ("shipped_at", Datetime),
                ],
            ),
            table(
                "order_items",
                &[
                    ("id", Integer),
                    ("order_id", Integer),
                    ("qty", Integer),
                    ("unit_price", Decimal),
                ],
            ),
            table("warehouses", &[("id", Integer), ("name", Text)]),
            table(
                "transfers",
                &[
                    ("id", Integer),
                    ("origin", Integer),
                    ("destination", Integer),
                    ("units", Integer),
                    ("moved_on", Date),
                ],
            ),
            table("dim_dept", &[("id", Integer), ("name", Text)]),
            table(
                "employees",
                &[
                    ("id", Integer),
                    ("name", Text),
                    ("mentor_id", Integer),
                    ("dept_id", Integer),
                    ("salary", Decimal),
                ],
            ),
        ],
        relationships: vec![
            refers(("orders", "customer_id"), ("customers", "id")),
            refers(("order_items", "order_id"), ("orders", "id")),
            refers(("transfers", "origin"), ("warehouses", "id")),
            refers(("transfers", "destination"), ("warehouses", "id")),
            refers(("employees", "mentor_id"), ("employees", "id")),
            refers(("employees", "dept_id"), ("dim_dept", "id")),
        ],
        ..Schema::default()
    };
    let stats: Vec<Vec<ColumnStats>> = schema
        .tables
        .iter()
        .map(|table| {
            table
                .columns
                .iter()
                .map(|column| ColumnStats {
                    rows: 100,
                    nulls: u64::from(matches!(
                        column.name.as_str(),
                        "country" | "shipped_at" | "mentor_id"
                    )) * 5,
                    distinct: if column.name == "id" { 100 } else { 20 },
                    max_length: 12,
                    ..ColumnStats::default()
                })
                .collect()
        })
        .collect();
    let meaning = derive(&schema, &stats);
    Data::new(&schema, &meaning, &stats)
}

/// `orders.status`
fn column(data: &Data, name: &str) -> ColumnId {
    let (table, column) = name.split_once('.').unwrap();
    data.column(data.table(table).unwrap(), column).unwrap()
}

fn edge(data: &Data, name: &str) -> EdgeId {
    data.edge_of(column(data, name)).unwrap()
}

fn own(data: &Data, name: &str) -> Ref {
    Ref::own(column(data, name))
}

/// A column at the end of the references.
fn far(data: &Data, path: &[&str], name: &str) -> Ref {
    Ref {
        path: path.iter().map(|name| edge(data, name)).collect(),
        column: column(data, name),
    }
}

fn of(reference: Ref) -> Expr {
    Expr::Column(reference)
}

fn boxed<T>(inner: T) -> Box<T> {
    Box::new(inner)
}

fn texts(values: &[&str]) -> Vec<Value> {
    values
        .iter()
        .map(|value| Value::Text((*value).to_owned()))
        .collect()
}

fn is(data: &Data, name: &str, values: &[&str]) -> Condition {
    Condition::In(own(data, name), texts(values), false)
}

fn list(data: &Data, base: &str, shown: &[&str], conditions: Vec<Condition>) -> Query {
    let mut query = Query::list(data.table(base).unwrap());
    query.rows.conditions = conditions;
    query.select = Select::List {
        shown: shown.iter().map(|name| of(own(data, name))).collect(),
        distinct: false,
    };
    query
}

fn aggregate(function: Function, expr: Option<Expr>) -> Aggregate {
    Aggregate {
        function,
        expr,
        filter: Vec::new(),
    }
}

fn count() -> Measure {
    Measure::Aggregate(aggregate(Function::Count, None))
}

fn figure(data: &Data, function: Function, name: &str) -> Measure {
    Measure::Aggregate(aggregate(function, Some(of(own(data, name)))))
}

fn group(data: &Data, base: &str, keys: Vec<Key>, measures: Vec<Measure>) -> Query {
    let mut query = Query::list(data.table(base).unwrap());
    query.select = Select::Group {
        keys,
        measures,
        window: None,
        show_measures: true,
        keep_empty: false,
    };
    query
}

fn key(expr: Expr) -> Key {
    Key {
        by: vec![expr.clone()],
        shown: vec![expr],
        entity: None,
    }
}

/// The rows that the references lead to.
fn entity(data: &Data, path: &[&str], id: &str, label: &str) -> Key {
    let id = far(data, path, id);
    Key {
        entity: Some((id.path.clone(), data.columns[id.column].table)),
        by: vec![of(id)],
        shown: vec![of(far(data, path, label))],
    }
}

fn with(mut query: Query, change: impl FnOnce(&mut Query)) -> Query {
    change(&mut query);
    query
}

fn windowed(query: Query, made: Window) -> Query {
    with(query, |query| {
        if let Select::Group { window, .. } = &mut query.select {
            *window = Some(made);
        }
    })
}

fn within(data: &Data, name: &str, from: Option<&str>, to: Option<&str>) -> Condition {
    Condition::Within(
        own(data, name),
        from.map(str::to_owned),
        to.map(str::to_owned),
    )
}

/// Orders of the customer.
fn has_orders(
    data: &Data,
    operator: Operator,
    count: f64,
    conditions: Vec<Condition>,
) -> Condition {
    Condition::Related {
        up: Vec::new(),
        rows: Box::new(Rows {
            base: data.table("orders").unwrap(),
            conditions,
        }),
        down: vec![edge(data, "orders.customer_id")],
        operator,
        count,
        measure: None,
    }
}

fn by_customer(data: &Data) -> Key {
    entity(
        data,
        &["orders.customer_id"],
        "customers.id",
        "customers.name",
    )
}

fn by_month(data: &Data) -> Key {
    key(Expr::Part(Part::Month, own(data, "orders.ordered_at")))
}

/// Queries of every kind, each with what the words must be where that is worth pinning.
#[allow(clippy::too_many_lines)]
fn queries(data: &Data) -> Vec<(Query, Option<&'static str>)> {
    let customers =
        |condition: Condition| list(data, "customers", &["customers.name"], vec![condition]);
    let orders = |condition: Condition| list(data, "orders", &["orders.id"], vec![condition]);
    let amount = || figure(data, Function::Sum, "orders.amt");
    let average = || figure(data, Function::Average, "orders.amt");
    let cancelled = || {
        let mut part = aggregate(Function::Count, None);
        part.filter = vec![is(data, "orders.status", &["cancelled"])];
        Measure::Aggregate(part)
    };
    let in_year = |year: i32| {
        let mut part = aggregate(Function::Sum, Some(of(own(data, "orders.amt"))));
        let (from, to) = (format!("{year}-01-01"), format!("{}-01-01", year + 1));
        part.filter = vec![within(data, "orders.ordered_at", Some(&from), Some(&to))];
        Measure::Aggregate(part)
    };
    let counted = |conditions: Vec<Condition>| {
        with(group(data, "orders", Vec::new(), vec![count()]), |query| {
            query.rows.conditions = conditions;
        })
    };
    let country = || key(of(far(data, &["orders.customer_id"], "customers.country")));
    let top = |per: Option<usize>, ties: bool, limit: u64, offset: u64| {
        with(
            group(
                data,
                "orders",
                vec![country(), by_customer(data)],
                vec![count()],
            ),
            |query| {
                query.order = vec![(OrderBy::Measure(0), true)];
                query.limit = Some(limit);
                query.offset = offset;
                query.per = per;
                query.ties = ties;
            },
        )
    };
    let item_count = |keys: Vec<Expr>, conditions: Vec<Condition>| Measure::Other {
        rows: Rows {
            base: data.table("order_items").unwrap(),
            conditions,
        },
        aggregate: aggregate(Function::Sum, Some(of(own(data, "order_items.qty")))),
        keys,
    };
    let all = vec![
        (
            list(
                data,
                "customers",
                &["customers.name", "customers.country"],
                Vec::new(),
            ),
            Some("Lists name and country of all customers."),
        ),
        (
            list(
                data,
                "customers",
                &["customers.country", "customers.name"],
                Vec::new(),
            ),
            None,
        ),
        (
            list(
                data,
                "customers",
                &[
                    "customers.id",
                    "customers.name",
                    "customers.country",
                    "customers.joined_on",
                    "customers.is_active",
                ],
                Vec::new(),
            ),
            Some("Lists every column of all customers."),
        ),
        (
            with(
                list(data, "customers", &["customers.country"], Vec::new()),
                |query| {
                    if let Select::List { distinct, .. } = &mut query.select {
                        *distinct = true;
                    }
                },
            ),
            Some("Lists country of all customers, each value once."),
        ),
        (
            customers(is(data, "customers.country", &["Germany"])),
            Some("Lists name of the customers where country is “Germany”."),
        ),
        (
            customers(is(data, "customers.country", &["Paris, Texas", "paris"])),
            Some("Lists name of the customers where country is “Paris, Texas” or “paris”."),
        ),
        (
            customers(Condition::In(
                own(data, "customers.country"),
                texts(&["Germany"]),
                true,
            )),
            Some("Lists name of the customers where country is not “Germany” (or is empty)."),
        ),
        (
            customers(Condition::In(
                own(data, "customers.country"),
                texts(&["Germany", "France"]),
                true,
            )),
            Some(
                "Lists name of the customers where country is none of “Germany” and “France” (or is empty).",
            ),
        ),
        (
            customers(Condition::Null(own(data, "customers.country"), true)),
            Some("Lists name of the customers where country is empty."),
        ),
        (
            customers(Condition::Null(own(data, "customers.country"), false)),
            Some("Lists name of the customers where country is not empty."),
        ),
        (
            customers(Condition::Like(
                own(data, "customers.name"),
                "%ann%".into(),
                false,
            )),
            Some("Lists name of the customers where name contains “ann”."),
        ),
        (
            customers(Condition::Like(
                own(data, "customers.name"),
                "ann%".into(),
                true,
            )),
            Some("Lists name of the customers where name does not begin with “ann”."),
        ),
        (
            customers(Condition::Like(
                own(data, "customers.name"),
                "%50\\%".into(),
                false,
            )),
            Some("Lists name of the customers where name ends with “50%”."),
        ),
        (
            customers(Condition::Like(
                own(data, "customers.name"),
                "a_n".into(),
                false,
            )),
            None,
        ),
        (
            customers(Condition::Like(
                own(data, "customers.name"),
                "ann".into(),
                false,
            )),
            None,
        ),
        (
            orders(Condition::Compare(
                of(own(data, "orders.amt")),
                Operator::Greater,
                Value::Number(12_500.5),
            )),
            Some("Lists id of the orders where amount is more than 12,500.5."),
        ),
        (
            orders(Condition::Compare(
                of(own(data, "orders.amt")),
                Operator::LessOrEqual,
                Value::Number(12_500.5),
            )),
            None,
        ),
        (
            orders(Condition::Compare(
                of(own(data, "orders.amt")),
                Operator::NotEqual,
                Value::Number(3.0),
            )),
            None,
        ),
        (
            orders(Condition::Compare(
                of(own(data, "orders.ordered_at")),
                Operator::Greater,
                Value::Text("2026-10-01".into()),
            )),
            Some("Lists id of the orders where ordered at is after 1 Oct 2026."),
        ),
        (
            orders(Condition::Between(
                of(own(data, "orders.amt")),
                Value::Number(10.0),
                Value::Number(20.0),
            )),
            Some("Lists id of the orders where amount is from 10 to 20."),
        ),
        (
            orders(within(
                data,
                "orders.ordered_at",
                Some("2026-10-01"),
                Some("2026-11-01"),
            )),
            Some("Lists id of the orders where ordered at is from 1 Oct 2026 to 31 Oct 2026."),
        ),
        (
            orders(within(
                data,
                "orders.ordered_at",
                Some("2026-10-01"),
                Some("2026-10-02"),
            )),
            Some("Lists id of the orders where ordered at is on 1 Oct 2026."),
        ),
        (
            orders(within(data, "orders.ordered_at", Some("2026-10-01"), None)),
            Some("Lists id of the orders where ordered at is from 1 Oct 2026 on."),
        ),
        (
            orders(within(data, "orders.ordered_at", None, Some("2026-10-01"))),
            Some("Lists id of the orders where ordered at is before 1 Oct 2026."),
        ),
        (
            orders(within(data, "orders.shipped_at", None, Some("2026-10-01"))),
            None,
        ),
        (
            orders(Condition::Not(boxed(within(
                data,
                "orders.shipped_at",
                Some("2026-10-01"),
                Some("2026-11-01"),
            )))),
            Some(
                "Lists id of the orders where shipped at is not from 1 Oct 2026 to 31 Oct 2026 (or is empty).",
            ),
        ),
        (
            orders(Condition::Any(vec![
                Condition::PartIs(Part::Weekday, own(data, "orders.ordered_at"), 6),
                Condition::PartIs(Part::Weekday, own(data, "orders.ordered_at"), 0),
            ])),
            Some("Lists id of the orders where ordered at is on a Saturday or on a Sunday."),
        ),
        (
            orders(Condition::PartIs(
                Part::MonthOfYear,
                own(data, "orders.ordered_at"),
                10,
            )),
            Some("Lists id of the orders where ordered at is in October of any year."),
        ),
        (
            orders(Condition::PartIs(
                Part::Hour,
                own(data, "orders.ordered_at"),
                14,
            )),
            None,
        ),
        (
            orders(Condition::PartIs(
                Part::Year,
                own(data, "orders.ordered_at"),
                2026,
            )),
            None,
        ),
        (
            orders(Condition::PartIs(
                Part::QuarterOfYear,
                own(data, "orders.ordered_at"),
                2,
            )),
            None,
        ),
        (
            orders(Condition::PartIs(
                Part::Week,
                own(data, "orders.ordered_at"),
                2,
            )),
            None,
        ),
        (
            orders(Condition::Columns(
                of(own(data, "orders.shipped_at")),
                Operator::Less,
                of(own(data, "orders.ordered_at")),
            )),
            Some("Lists id of the orders where shipped at is before ordered at."),
        ),
        (
            orders(Condition::Compare(
                Expr::Duration {
                    earlier: own(data, "orders.ordered_at"),
                    later: Some(own(data, "orders.shipped_at")),
                    unit: Unit::Days,
                },
                Operator::Greater,
                Value::Number(3.0),
            )),
            Some(
                "Lists id of the orders where time from ordered at to shipped at in days is more than 3.",
            ),
        ),
        (
            orders(Condition::Compare(
                Expr::Duration {
                    earlier: own(data, "orders.ordered_at"),
                    later: None,
                    unit: Unit::Weeks,
                },
                Operator::Greater,
                Value::Number(3.0),
            )),
            None,
        ),
        (
            orders(Condition::Any(vec![
                is(data, "orders.status", &["paid"]),
                Condition::All(vec![
                    is(data, "orders.status", &["sent"]),
                    Condition::Null(own(data, "orders.shipped_at"), true),
                ]),
            ])),
            Some(
                "Lists id of the orders where (status is “paid” or (status is “sent” and shipped at is empty)).",
            ),
        ),
        (
            orders(Condition::Any(vec![
                Condition::All(vec![
                    is(data, "orders.status", &["paid"]),
                    is(data, "orders.status", &["sent"]),
                ]),
                Condition::Null(own(data, "orders.shipped_at"), true),
            ])),
            None,
        ),
        (
            orders(Condition::Not(boxed(is(data, "orders.status", &["paid"])))),
            Some("Lists id of the orders where it is not so that (status is “paid”)."),
        ),
        (
            customers(has_orders(data, Operator::GreaterOrEqual, 3.0, Vec::new())),
            Some("Lists name of the customers where the customer has at least 3 orders."),
        ),
        (
            customers(has_orders(data, Operator::GreaterOrEqual, 1.0, Vec::new())),
            Some("Lists name of the customers where the customer has at least one order."),
        ),
        (
            customers(has_orders(data, Operator::Equal, 0.0, Vec::new())),
            Some("Lists name of the customers where the customer never had an order."),
        ),
        (
            customers(has_orders(data, Operator::Less, 3.0, Vec::new())),
            Some(
                "Lists name of the customers where the customer has fewer than 3 orders (or none).",
            ),
        ),
        (
            customers(has_orders(data, Operator::LessOrEqual, 3.0, Vec::new())),
            None,
        ),
        (
            customers(has_orders(data, Operator::Equal, 3.0, Vec::new())),
            None,
        ),
        (
            customers(has_orders(data, Operator::NotEqual, 3.0, Vec::new())),
            None,
        ),
        (
            customers(has_orders(data, Operator::Greater, 3.0, Vec::new())),
            None,
        ),
        (
            customers(has_orders(
                data,
                Operator::GreaterOrEqual,
                1.0,
                vec![is(data, "orders.status", &["paid"])],
            )),
            Some(
                "Lists name of the customers where the customer has at least one order (where status is “paid”).",
            ),
        ),
        (
            list(
                data,
                "customers",
                &["customers.name"],
                vec![
                    has_orders(data, Operator::GreaterOrEqual, 1.0, Vec::new()),
                    is(data, "customers.country", &["paid"]),
                ],
            ),
            None,
        ),
        (
            customers(Condition::Related {
                up: Vec::new(),
                rows: boxed(Rows {
                    base: data.table("order_items").unwrap(),
                    conditions: Vec::new(),
                }),
                down: vec![
                    edge(data, "order_items.order_id"),
                    edge(data, "orders.customer_id"),
                ],
                operator: Operator::GreaterOrEqual,
                count: 1.0,
                measure: None,
            }),
            Some(
                "Lists name of the customers where the customer has at least one order item, as the order's customer.",
            ),
        ),
        (
            customers(Condition::Related {
                up: Vec::new(),
                rows: boxed(Rows {
                    base: data.table("orders").unwrap(),
                    conditions: Vec::new(),
                }),
                down: vec![edge(data, "orders.customer_id")],
                operator: Operator::GreaterOrEqual,
                count: 1_000.0,
                measure: Some(boxed(aggregate(
                    Function::Sum,
                    Some(of(own(data, "orders.amt"))),
                ))),
            }),
            Some(
                "Lists name of the customers where the total amount over the customer's orders is at least 1,000.",
            ),
        ),
        (
            orders(Condition::Related {
                up: vec![edge(data, "orders.customer_id")],
                rows: boxed(Rows {
                    base: data.table("orders").unwrap(),
                    conditions: Vec::new(),
                }),
                down: vec![edge(data, "orders.customer_id")],
                operator: Operator::Greater,
                count: 1.0,
                measure: None,
            }),
            Some("Lists id of the orders where the order's customer has more than one order."),
        ),
        (
            list(
                data,
                "warehouses",
                &["warehouses.name"],
                vec![Condition::Related {
                    up: Vec::new(),
                    rows: boxed(Rows {
                        base: data.table("transfers").unwrap(),
                        conditions: Vec::new(),
                    }),
                    down: vec![edge(data, "transfers.destination")],
                    operator: Operator::GreaterOrEqual,
                    count: 2.0,
                    measure: None,
                }],
            ),
            Some(
                "Lists name of the warehouses where the warehouse has at least 2 transfers, as the destination warehouse.",
            ),
        ),
        (
            list(
                data,
                "warehouses",
                &["warehouses.name"],
                vec![Condition::Related {
                    up: Vec::new(),
                    rows: boxed(Rows {
                        base: data.table("transfers").unwrap(),
                        conditions: Vec::new(),
                    }),
                    down: vec![edge(data, "transfers.origin")],
                    operator: Operator::GreaterOrEqual,
                    count: 2.0,
                    measure: None,
                }],
            ),
            None,
        ),
        (
            list(
                data,
                "employees",
                &["employees.name"],
                vec![Condition::Average {
                    expr: of(own(data, "employees.salary")),
                    operator: Operator::Greater,
                    over: Vec::new(),
                    group: Some(far(data, &["employees.dept_id"], "dim_dept.id")),
                }],
            ),
            Some(
                "Lists name of the employees where salary is above the average of the employees with the same department.",
            ),
        ),
        (
            list(
                data,
                "employees",
                &["employees.name"],
                vec![Condition::Average {
                    expr: of(own(data, "employees.salary")),
                    operator: Operator::Greater,
                    over: Vec::new(),
                    group: None,
                }],
            ),
            Some("Lists name of the employees where salary is above the average of all employees."),
        ),
        (
            list(
                data,
                "employees",
                &["employees.name"],
                vec![Condition::Average {
                    expr: of(own(data, "employees.salary")),
                    operator: Operator::Less,
                    over: vec![is(data, "employees.name", &["Jo"])],
                    group: None,
                }],
            ),
            None,
        ),
        (
            list(
                data,
                "employees",
                &["employees.name"],
                vec![Condition::Extreme {
                    expr: of(own(data, "employees.salary")),
                    largest: true,
                    over: Vec::new(),
                }],
            ),
            Some("Lists name of the employees where salary is the highest of all employees."),
        ),
        (
            with(
                list(
                    data,
                    "employees",
                    &[],
                    vec![is(data, "employees.name", &["Jo"])],
                ),
                |query| {
                    query.select = Select::List {
                        shown: vec![of(far(data, &["employees.mentor_id"], "employees.name"))],
                        distinct: false,
                    };
                },
            ),
            Some("Lists mentor's name of the employees where name is “Jo”."),
        ),
        (
            list(
                data,
                "employees",
                &["employees.name"],
                vec![is(data, "employees.name", &["Jo"])],
            ),
            None,
        ),
        (
            with(list(data, "orders", &["orders.id"], Vec::new()), |query| {
                query.order = vec![
                    (OrderBy::Expr(of(own(data, "orders.amt"))), true),
                    (OrderBy::Expr(of(own(data, "orders.ordered_at"))), false),
                ];
                query.limit = Some(5);
            }),
            Some(
                "Lists id of all orders, ordered by amount (highest first), then by ordered at (earliest first), only the first 5.",
            ),
        ),
        (
            with(list(data, "orders", &["orders.id"], Vec::new()), |query| {
                query.order = vec![(OrderBy::Expr(of(own(data, "orders.amt"))), true)];
                query.limit = Some(1);
                query.offset = 1;
            }),
            Some("Lists id of all orders, ordered by amount (highest first), only the 2nd."),
        ),
        (
            with(list(data, "orders", &["orders.id"], Vec::new()), |query| {
                query.limit = Some(5);
            }),
            Some("Lists id of all orders, only 5 of them in no certain order."),
        ),
        (counted(Vec::new()), Some("Counts all orders.")),
        (
            counted(vec![Condition::In(
                far(data, &["orders.customer_id"], "customers.country"),
                texts(&["Germany"]),
                false,
            )]),
            Some("Counts the orders where customer's country is “Germany”."),
        ),
        (
            counted(vec![Condition::In(
                far(data, &["orders.customer_id"], "customers.country"),
                texts(&["Germany"]),
                true,
            )]),
            None,
        ),
        (
            group(data, "orders", vec![by_customer(data)], vec![count()]),
            Some("Counts all orders, for each customer."),
        ),
        (
            group(
                data,
                "orders",
                vec![Key {
                    shown: vec![of(far(data, &["orders.customer_id"], "customers.country"))],
                    ..by_customer(data)
                }],
                vec![count()],
            ),
            Some("Counts all orders, for each customer (shown as customer's country)."),
        ),
        (
            group(data, "orders", vec![country()], vec![count()]),
            Some("Counts all orders, for each customer's country."),
        ),
        (
            group(
                data,
                "transfers",
                vec![entity(
                    data,
                    &["transfers.destination"],
                    "warehouses.id",
                    "warehouses.name",
                )],
                vec![count()],
            ),
            Some("Counts all transfers, for each destination warehouse (destination)."),
        ),
        (
            group(
                data,
                "transfers",
                vec![entity(
                    data,
                    &["transfers.origin"],
                    "warehouses.id",
                    "warehouses.name",
                )],
                vec![count()],
            ),
            None,
        ),
        (
            group(
                data,
                "employees",
                vec![entity(
                    data,
                    &["employees.mentor_id"],
                    "employees.id",
                    "employees.name",
                )],
                vec![count()],
            ),
            Some(
                "Counts all employees, for each mentor (mentor id). Left out: employees without mentor.",
            ),
        ),
        (
            with(
                group(data, "orders", vec![by_customer(data)], vec![count()]),
                |query| {
                    if let Select::Group { keep_empty, .. } = &mut query.select {
                        *keep_empty = true;
                    }
                },
            ),
            Some(
                "Counts all orders, for each customer, with zero for each customer that has none.",
            ),
        ),
        (
            group(
                data,
                "orders",
                vec![country(), by_month(data)],
                vec![count(), amount(), average()],
            ),
            Some(
                "Shows the number of orders; the total amount; the average amount, over all orders, for each customer's country and month of ordered at.",
            ),
        ),
        (
            with(
                group(data, "orders", vec![by_customer(data)], vec![count()]),
                |query| {
                    query.having = vec![(count(), Operator::GreaterOrEqual, Having::Number(3.0))];
                },
            ),
            Some(
                "Counts all orders, for each customer, only groups where the number of orders is at least 3.",
            ),
        ),
        (
            with(
                group(data, "orders", vec![by_customer(data)], vec![average()]),
                |query| {
                    query.having = vec![(average(), Operator::Less, Having::Overall)];
                },
            ),
            Some(
                "Shows the average amount, over all orders, for each customer, only groups where the average amount is less than that over all groups together.",
            ),
        ),
        (
            with(
                group(data, "orders", vec![by_customer(data)], vec![count()]),
                |query| {
                    query.order = vec![(OrderBy::Measure(0), true)];
                    query.limit = Some(3);
                    if let Select::Group { show_measures, .. } = &mut query.select {
                        *show_measures = false;
                    }
                },
            ),
            Some(
                "Lists each customer among all orders, ordered by the number of orders (highest first), only the first 3.",
            ),
        ),
        (top(None, false, 2, 0), None),
        (top(None, true, 2, 0), None),
        (
            top(Some(0), false, 2, 0),
            Some(
                "Counts all orders, for each customer's country and customer, ordered by the number of orders (highest first), only the top 2 with all that tie with the last in each customer's country.",
            ),
        ),
        (top(Some(1), false, 2, 0), None),
        (top(None, true, 1, 1), None),
        (
            with(
                group(
                    data,
                    "orders",
                    vec![key(Expr::Part(
                        Part::Weekday,
                        own(data, "orders.ordered_at"),
                    ))],
                    vec![count()],
                ),
                |query| {
                    query.order = vec![(OrderBy::Key(0), false)];
                },
            ),
            Some(
                "Counts all orders, for each weekday of ordered at, ordered by weekday of ordered at (Monday first).",
            ),
        ),
        (
            with(
                group(data, "orders", vec![by_month(data)], vec![count()]),
                |query| query.order = vec![(OrderBy::Key(0), false)],
            ),
            Some(
                "Counts all orders, for each month of ordered at, ordered by month (earliest first).",
            ),
        ),
        (
            group(data, "orders", vec![by_month(data)], vec![count()]),
            None,
        ),
        (
            group(
                data,
                "orders",
                vec![key(Expr::Part(
                    Part::MonthOfYear,
                    own(data, "orders.ordered_at"),
                ))],
                vec![count()],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                vec![key(Expr::Part(
                    Part::Quarter,
                    own(data, "orders.ordered_at"),
                ))],
                vec![count()],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                vec![key(Expr::Part(
                    Part::QuarterOfYear,
                    own(data, "orders.ordered_at"),
                ))],
                vec![count()],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                vec![key(Expr::Part(Part::Hour, own(data, "orders.ordered_at")))],
                vec![count()],
            ),
            None,
        ),
        (
            windowed(
                group(data, "orders", vec![by_month(data)], vec![amount()]),
                Window::Running,
            ),
            Some(
                "Shows the running total of the total amount in the order of month, over all orders, for each month of ordered at, ordered by month.",
            ),
        ),
        (
            windowed(
                group(data, "orders", vec![country()], vec![amount()]),
                Window::ShareOfTotal,
            ),
            Some(
                "Shows the share, in per cent, of the total amount in the total of all groups, over all orders, for each customer's country, the largest first.",
            ),
        ),
        (
            windowed(
                group(data, "orders", vec![by_month(data)], vec![amount()]),
                Window::Growth,
            ),
            Some(
                "Shows the change in the total amount to the month before, in per cent, over all orders, for each month of ordered at, ordered by month.",
            ),
        ),
        (
            windowed(
                group(data, "orders", vec![by_month(data)], vec![amount()]),
                Window::Change,
            ),
            None,
        ),
        (
            windowed(
                group(data, "orders", vec![country()], vec![amount()]),
                Window::Rank,
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Ratio {
                    over: boxed(cancelled()),
                    under: boxed(count()),
                    percent: true,
                }],
            ),
            Some(
                "Shows the share of orders where (status is “cancelled”), in per cent, over all orders.",
            ),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Ratio {
                    over: boxed(cancelled()),
                    under: boxed(count()),
                    percent: false,
                }],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Ratio {
                    over: boxed(amount()),
                    under: boxed(count()),
                    percent: false,
                }],
            ),
            Some("Shows the total amount divided by the number of orders, over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Ratio {
                    over: boxed(amount()),
                    under: boxed(average()),
                    percent: true,
                }],
            ),
            None,
        ),
        (
            group(data, "orders", Vec::new(), vec![cancelled()]),
            Some("Shows the number of orders (only where status is “cancelled”), over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Growth(boxed(in_year(2024)), boxed(in_year(2025)))],
            ),
            Some(
                "Shows the growth, in per cent, from the total amount (only where ordered at is from 1 Jan 2024 to 31 Dec 2024) to the total amount (only where ordered at is from 1 Jan 2025 to 31 Dec 2025), over all orders.",
            ),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Growth(boxed(in_year(2025)), boxed(in_year(2024)))],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Difference(
                    boxed(in_year(2025)),
                    boxed(in_year(2024)),
                )],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::PerGroup {
                    outer: Function::Average,
                    inner: aggregate(Function::Count, None),
                    group: vec![of(own(data, "orders.customer_id"))],
                }],
            ),
            Some(
                "Shows the average over each customer of the number of orders, where there is any, over all orders.",
            ),
        ),
        (
            group(
                data,
                "orders",
                vec![by_customer(data)],
                vec![
                    count(),
                    item_count(
                        vec![of(far(
                            data,
                            &["order_items.order_id"],
                            "orders.customer_id",
                        ))],
                        Vec::new(),
                    ),
                ],
            ),
            Some(
                "Shows the number of orders; the total quantity over all order items with the same order's customer id, over all orders, for each customer, with zero or nothing for each customer that has none.",
            ),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![amount(), item_count(Vec::new(), Vec::new())],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                vec![key(of(own(data, "orders.status")))],
                vec![
                    amount(),
                    item_count(
                        vec![of(far(data, &["order_items.order_id"], "orders.status"))],
                        vec![Condition::Compare(
                            of(own(data, "order_items.qty")),
                            Operator::Greater,
                            Value::Number(1.0),
                        )],
                    ),
                ],
            ),
            Some(
                "Shows the total amount; the total quantity over the order items (where quantity is more than 1) with the same order's status, over all orders, for each status, only for groups that the first figure has.",
            ),
        ),
        (
            group(
                data,
                "order_items",
                Vec::new(),
                vec![Measure::Aggregate(aggregate(
                    Function::Sum,
                    Some(Expr::Product(
                        boxed(of(own(data, "order_items.qty"))),
                        boxed(of(own(data, "order_items.unit_price"))),
                    )),
                ))],
            ),
            Some("Shows the total quantity times unit price, over all order items."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Aggregate(aggregate(
                    Function::CountDistinct,
                    Some(of(far(data, &["orders.customer_id"], "customers.id"))),
                ))],
            ),
            Some("Shows the number of different customers, over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::CountDistinct, "orders.status")],
            ),
            Some("Shows the number of different values of status, over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::Count, "orders.status")],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::Median, "orders.amt")],
            ),
            Some("Shows the median amount, over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::Percentile(90.0), "orders.amt")],
            ),
            Some("Shows the 90th percentile of amount, over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::StandardDeviation, "orders.amt")],
            ),
            None,
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::Minimum, "orders.amt")],
            ),
            Some("Shows the lowest amount, over all orders."),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![figure(data, Function::Maximum, "orders.shipped_at")],
            ),
            Some(
                "Shows the latest shipped at, over all orders. Left out: where shipped at is empty.",
            ),
        ),
        (
            group(
                data,
                "orders",
                Vec::new(),
                vec![Measure::Aggregate(aggregate(
                    Function::Average,
                    Some(Expr::Holds(vec![is(data, "orders.status", &["paid"])])),
                ))],
            ),
            None,
        ),
    ];
    all
}

#[test]
fn statements_are_said_in_plain_words() {
    let data = data();
    let mut wrong = Vec::new();
    for (query, words) in queries(&data) {
        let said = restate(&query, &data);
        if words.is_some_and(|words| words != said) {
            wrong.push(said);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn different_statements_read_differently() {
    let data = data();
    let mut known: HashMap<String, String> = HashMap::new();
    let mut check = |query: &Query| {
        let (words, sql) = (restate(query, &data), render(query, &data));
        if let Some(other) = known.insert(words.clone(), sql.clone()) {
            assert_eq!(other, sql, "both read: {words}");
        }
    };
    for (query, _) in queries(&data) {
        check(&query);
        // Each of them changed in one place is another statement.
        let mut limited = query.clone();
        limited.limit = Some(query.limit.unwrap_or(0) + 7);
        check(&limited);
        let mut narrower = query.clone();
        let first = data.tables[query.rows.base].columns[0];
        narrower.rows.conditions.push(Condition::Compare(
            of(Ref::own(first)),
            Operator::Greater,
            Value::Number(9.0),
        ));
        check(&narrower);
        if !query.order.is_empty() {
            let mut turned = query.clone();
            turned.order[0].1 = !turned.order[0].1;
            check(&turned);
        }
        if let Select::List { shown, distinct } = &query.select {
            let mut once = query.clone();
            once.select = Select::List {
                shown: shown.clone(),
                distinct: !distinct,
            };
            check(&once);
        }
    }
    assert!(known.len() > 250, "{}", known.len());
}

#[test]
fn words_hold_no_sql() {
    let data = data();
    for (query, _) in queries(&data) {
        let words = restate(&query, &data);
        for sign in ["SELECT", "COUNT(", "JOIN", "_", " NULL", "\""] {
            assert!(
                sign == "_" && words.contains("_ for any letter") || !words.contains(sign),
                "{words}"
            );
        }
        assert!(
            words.starts_with(|letter: char| letter.is_uppercase()) && words.ends_with('.'),
            "{words}"
        );
        assert!(!words.contains("  ") && !words.contains(" ,"), "{words}");
    }
}

#[test]
fn rows_that_a_join_leaves_out_are_told() {
    let mut data = data();
    let reference = column(&data, "orders.customer_id");
    data.columns[reference].stats.nulls = 4;
    let country = far(&data, &["orders.customer_id"], "customers.country");
    let query = group(
        &data,
        "orders",
        vec![key(of(country.clone()))],
        vec![count()],
    );
    assert_eq!(
        restate(&query, &data),
        "Counts all orders, for each customer's country. Left out: orders without customer."
    );
    let not = Condition::In(country, texts(&["Germany"]), true);
    let query = list(&data, "orders", &["orders.id"], vec![not]);
    assert!(restate(&query, &data).ends_with("Left out: orders without customer."));
    let kept = list(&data, "orders", &["orders.id"], Vec::new());
    assert!(!restate(&kept, &data).contains("Left out"));
}

#[test]
fn rows_that_lead_nowhere_and_keys_that_lead_to_several_are_told() {
    let mut data = data();
    let reference = column(&data, "orders.customer_id");
    let edge = data
        .edges
        .iter()
        .position(|edge| edge.from_columns == [reference])
        .unwrap();
    let country = far(&data, &["orders.customer_id"], "customers.country");
    let query = group(&data, "orders", vec![key(of(country))], vec![count()]);
    let plain = restate(&query, &data);
    data.edges[edge].orphan_rows = 3;
    data.edges[edge].repeated_rows = 1;
    assert_eq!(
        restate(&query, &data),
        format!(
            "{plain} Left out: orders without customer. \
             1 row of customers repeats another's id, and what belongs to it counts for each."
        )
    );
}

#[test]
fn names_that_would_be_one_stay_as_they_are_stored() {
    let mut data = data();
    let (one, two) = (column(&data, "orders.amt"), column(&data, "orders.status"));
    data.columns[two].name = "amount".into();
    data.columns[two].words = data.columns[one].words.clone();
    let query = list(&data, "orders", &["orders.amt"], Vec::new());
    let other = {
        let mut query = query.clone();
        query.select = Select::List {
            shown: vec![of(Ref::own(two))],
            distinct: false,
        };
        query
    };
    assert_eq!(restate(&query, &data), "Lists amt of all orders.");
    assert_eq!(restate(&other, &data), "Lists amount of all orders.");
}

// ----- what stands beside -----

fn frame(items: Vec<(Item, (usize, usize))>) -> Frame {
    Frame {
        items,
        ..Frame::default()
    }
}

fn stored(data: &Data, name: &str, values: &[&str]) -> Cond {
    Cond::Is {
        column: column(data, name),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        negated: false,
    }
}

fn matched(phrase: &str, value: &str) -> MatchedValue {
    MatchedValue {
        phrase: phrase.into(),
        table: "customers".into(),
        column: "country".into(),
        value: value.into(),
    }
}

#[test]
fn every_stored_variant_is_matched_with_its_phrase() {
    let data = data();
    let tokens = tokenize("How many customers from paris or Gemrany?");
    let values = ["Paris", "PARIS", "Germany"];
    let frame = frame(vec![(
        Item::Cond(stored(&data, "customers.country", &values)),
        (4, 5),
    )]);
    let query = list(
        &data,
        "customers",
        &["customers.name"],
        vec![is(&data, "customers.country", &values)],
    );
    let found = super::values(&query, &data, &tokens, &frame);
    assert_eq!(
        found,
        [
            matched("paris", "Paris"),
            matched("paris", "PARIS"),
            matched("Gemrany", "Germany")
        ]
    );
    assert_eq!(spellings(&found), ["“Gemrany” was read as “Germany”."]);
    // A value that the query does without is no match.
    let other = list(&data, "customers", &["customers.name"], Vec::new());
    assert!(super::values(&other, &data, &tokens, &frame).is_empty());
}

#[test]
fn adjectives_and_plurals_are_no_slips_but_parts_are_told() {
    let found = [
        matched("German", "Germany"),
        matched("crates", "Crate"),
        matched("Acme", "Acme Trading, Ltd"),
    ];
    assert_eq!(
        spellings(&found),
        ["“Acme” was read as “Acme Trading, Ltd”."]
    );
}

#[test]
fn what_was_assumed_is_said() {
    let data = data();
    let october = Time {
        from: NaiveDate::from_ymd_opt(2026, 10, 1),
        to: NaiveDate::from_ymd_opt(2026, 11, 1),
        part: None,
        bare_year: None,
        assumed: true,
        future: false,
    };
    let frame = frame(vec![
        (Item::Time(october), (0, 2)),
        (
            Item::Cond(stored(&data, "customers.country", &["Paris", "paris"])),
            (4, 5),
        ),
        (Item::Current, (5, 6)),
    ]);
    assert_eq!(
        assumptions(&frame, &Features::default(), &data),
        [
            "No year was named: the time from 1 Oct 2026 to 31 Oct 2026 was taken.",
            "“Paris” and “paris” are counted together.",
            "Current is what has not ended.",
        ]
    );
}

#[test]
fn assumptions_follow_the_features() {
    let data = data();
    let mut features = Features::default();
    for feature in [Feature::AssumedColumn, Feature::AssumedValueColumn] {
        features.add(feature, 1.0);
    }
    features.add(Feature::AssumedTime, 2.0);
    let frame = frame(vec![
        (
            Item::Order {
                by: By::Of(Of::Column(column(&data, "orders.amt"))),
                function: None,
                descending: true,
                limit: Some(1),
                offset: 0,
            },
            (0, 1),
        ),
        (
            Item::Cond(stored(&data, "customers.country", &["Georgia"])),
            (1, 2),
        ),
        (Item::Window(Window::Running), (2, 3)),
    ]);
    assert_eq!(
        assumptions(&frame, &features, &data),
        [
            "No column was named: amount of orders was taken.",
            "“Georgia” was looked for in country of customers; it is in other columns, too.",
            "No period was named: months were taken.",
        ]
    );
    assert!(assumptions(&Frame::default(), &Features::default(), &data).is_empty());
}

fn reading(query: Query, frame: Frame) -> Reading {
    Reading {
        query,
        features: Features::default(),
        score: 0.0,
        frame,
        on_plan: false,
    }
}

#[test]
fn the_date_and_the_relationship_that_were_taken_are_said() {
    let data = data();
    let query = group(&data, "orders", vec![by_month(&data)], vec![count()]);
    assert_eq!(
        choices(&reading(query.clone(), Frame::default()), &data),
        ["The date is ordered at, not shipped at."]
    );
    let named = frame(vec![(
        Item::TimeOf(column(&data, "orders.ordered_at")),
        (0, 1),
    )]);
    assert!(choices(&reading(query, named), &data).is_empty());
    let by = entity(
        &data,
        &["transfers.destination"],
        "warehouses.id",
        "warehouses.name",
    );
    let query = group(&data, "transfers", vec![by], vec![count()]);
    let mut read = reading(
        query,
        frame(vec![(
            Item::Key(KeyOf::Entity(data.table("warehouses").unwrap())),
            (0, 1),
        )]),
    );
    assert_eq!(
        choices(&read, &data),
        ["The warehouse of each transfer is the destination warehouse, not the origin warehouse."]
    );
    assert_eq!(notes(&read, &data, &[]).len(), 1);
    read.features.add(Feature::PathCued, 1.0);
    assert!(choices(&read, &data).is_empty());
}
