#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use ingest::ColumnType;
use schema_gen::Schema;
use schema_gen::model::{Cardinality, Column, Evidence, Relationship, Table, TableSource};

use super::{Outcome, Plan, plan};
use crate::link::{DatasetContext, ValueIndex};

fn table(name: &str, key: &str, columns: &[(&str, ColumnType)]) -> Table {
    Table {
        name: name.into(),
        source: TableSource {
            csv_id: name.into(),
            rows: schema_gen::model::SourceRows::All,
        },
        primary_key: vec![key.into()],
        columns: columns
            .iter()
            .map(|&(name, column_type)| Column {
                name: name.into(),
                column_type,
                constraints: Vec::new(),
                source_column: Some(name.into()),
                references: None,
                description: None,
            })
            .collect(),
        description: None,
    }
}

fn relationship(from: (&str, &str), to: (&str, &str)) -> Relationship {
    Relationship {
        from_table: from.0.into(),
        from_columns: vec![from.1.into()],
        to_table: to.0.into(),
        to_columns: vec![to.1.into()],
        cardinality: Cardinality::ManyToOne,
        confidence: 1.0,
        evidence: Evidence::default(),
    }
}

fn shop() -> DatasetContext {
    use ColumnType::{Date, Decimal, Integer, Text};
    let tables = vec![
        table(
            "customers",
            "customer_id",
            &[
                ("customer_id", Integer),
                ("name", Text),
                ("city", Text),
                ("country", Text),
                ("signup_date", Date),
            ],
        ),
        table(
            "orders",
            "order_id",
            &[
                ("order_id", Integer),
                ("customer_id", Integer),
                ("employee_id", Integer),
                ("order_date", Date),
                ("status", Text),
            ],
        ),
        table(
            "order_items",
            "order_item_id",
            &[
                ("order_item_id", Integer),
                ("order_id", Integer),
                ("product_id", Integer),
                ("quantity", Integer),
                ("unit_price", Decimal),
            ],
        ),
        table(
            "products",
            "product_id",
            &[
                ("product_id", Integer),
                ("name", Text),
                ("category", Text),
                ("price", Decimal),
            ],
        ),
        table(
            "employees",
            "employee_id",
            &[
                ("employee_id", Integer),
                ("first_name", Text),
                ("last_name", Text),
                ("salary", Decimal),
                ("hire_date", Date),
                ("city", Text),
            ],
        ),
    ];
    let relationships = vec![
        relationship(("orders", "customer_id"), ("customers", "customer_id")),
        relationship(("orders", "employee_id"), ("employees", "employee_id")),
        relationship(("order_items", "order_id"), ("orders", "order_id")),
        relationship(("order_items", "product_id"), ("products", "product_id")),
    ];
    let mut values = ValueIndex::default();
    values.add("customers", "name", ["Anna Schmidt", "Bob Miller"]);
    values.add("customers", "city", ["Berlin", "Paris", "New York"]);
    values.add(
        "customers",
        "country",
        ["Germany", "France", "United States"],
    );
    values.add("orders", "status", ["shipped", "cancelled", "open"]);
    values.add("products", "name", ["Desk Lamp", "Office Chair"]);
    values.add("products", "category", ["Furniture", "Lighting"]);
    values.add("employees", "city", ["Paris", "Rome"]);
    DatasetContext {
        schema: Schema {
            tables,
            relationships,
            ..Schema::default()
        },
        values,
    }
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn ask(question: &str, previous: Option<&Plan>) -> Plan {
    match plan(question, &shop(), previous, today()) {
        Outcome::Answer(plan) => plan,
        other => panic!("{question}: {other:?}"),
    }
}

/// The statement on one line, without the quotation marks of names.
fn sql(question: &str) -> String {
    flat(&ask(question, None))
}

fn flat(plan: &Plan) -> String {
    plan.sql.replace('\n', " ").replace('"', "")
}

/// Checks several questions of one kind.
fn check(cases: &[(&str, &str)]) {
    for (question, expected) in cases {
        assert_eq!(sql(question), *expected, "{question}");
    }
}

#[test]
fn rows_are_counted_and_measured() {
    check(&[
        (
            "How many customers are there?",
            "SELECT COUNT(*) AS number_of_customers FROM customers",
        ),
        (
            "Average salary of employees",
            "SELECT AVG(salary) AS average_salary FROM employees",
        ),
        (
            "How many different cities do customers live in?",
            "SELECT COUNT(DISTINCT city) AS different_city FROM customers",
        ),
        (
            "Number of orders by country",
            "SELECT COUNT(*) AS number_of_orders, customers.country FROM orders JOIN customers ON orders.customer_id = customers.customer_id GROUP BY customers.country",
        ),
        (
            "Which country has the most customers?",
            "SELECT country FROM customers GROUP BY country ORDER BY COUNT(*) DESC LIMIT 1",
        ),
    ]);
}

#[test]
fn revenue_is_quantity_times_price_where_no_total_is_stored() {
    check(&[
        (
            "Which 5 customers spent the most?",
            "SELECT customers.name, SUM(order_items.quantity * order_items.unit_price) AS total FROM customers JOIN orders ON orders.customer_id = customers.customer_id JOIN order_items ON order_items.order_id = orders.order_id GROUP BY customers.customer_id ORDER BY SUM(order_items.quantity * order_items.unit_price) DESC LIMIT 5",
        ),
        (
            "What is the revenue by category?",
            "SELECT SUM(order_items.quantity * order_items.unit_price) AS total, products.category FROM products JOIN order_items ON order_items.product_id = products.product_id GROUP BY products.category",
        ),
    ]);
}

#[test]
fn values_in_the_data_become_conditions() {
    check(&[
        (
            "List the names of customers from Germany",
            "SELECT name FROM customers WHERE country = 'Germany'",
        ),
        (
            "customers in Germany or France",
            "SELECT name FROM customers WHERE (country = 'Germany' OR country = 'France')",
        ),
        (
            "How many orders are not shipped?",
            "SELECT COUNT(*) AS number_of_orders FROM orders WHERE status <> 'shipped'",
        ),
    ]);
    let plan = ask("List the names of customers from Gemrany", None);
    assert_eq!(plan.matched_values[0].value, "Germany");
}

#[test]
fn comparisons_and_superlatives() {
    check(&[
        (
            "Which employees earn more than the average salary?",
            "SELECT first_name, last_name FROM employees WHERE salary > (SELECT AVG(salary) FROM employees)",
        ),
        (
            "Which product is the most expensive?",
            "SELECT name FROM products ORDER BY price DESC LIMIT 1",
        ),
        (
            "What are the 3 cheapest products?",
            "SELECT name FROM products ORDER BY price LIMIT 3",
        ),
        (
            "Which products cost between 10 and 20?",
            "SELECT name FROM products WHERE price BETWEEN 10 AND 20",
        ),
        (
            "Customers with more than 3 orders",
            "SELECT customers.name FROM customers JOIN orders ON orders.customer_id = customers.customer_id GROUP BY customers.customer_id HAVING COUNT(DISTINCT orders.order_id) > 3",
        ),
    ]);
}

#[test]
fn rows_that_must_not_exist() {
    let expected = "SELECT name FROM customers WHERE customers.customer_id NOT IN (SELECT customer_id FROM orders WHERE customer_id IS NOT NULL)";
    check(&[
        ("Which customers have no orders?", expected),
        ("Customers who never ordered anything", expected),
    ]);
}

#[test]
fn dates_bound_half_open_periods() {
    check(&[
        (
            "How many orders were placed in 2024?",
            "SELECT COUNT(*) AS number_of_orders FROM orders WHERE order_date >= '2024-01-01' AND order_date < '2025-01-01'",
        ),
        (
            "How many orders were placed last month?",
            "SELECT COUNT(*) AS number_of_orders FROM orders WHERE order_date >= '2026-10-01' AND order_date < '2026-11-01'",
        ),
        (
            "orders before 2023-05-01",
            "SELECT order_id FROM orders WHERE order_date < '2023-05-01'",
        ),
        (
            "Number of orders per weekday",
            "SELECT COUNT(*) AS number_of_orders, strftime('%w', order_date) AS weekday FROM orders GROUP BY strftime('%w', order_date) ORDER BY strftime('%w', order_date)",
        ),
    ]);
}

#[test]
fn a_follow_up_changes_the_question_before() {
    let first = ask("How many orders were placed in 2024?", None);
    let monthly = ask("and by month?", Some(&first));
    assert_eq!(
        flat(&monthly),
        "SELECT strftime('%Y-%m', order_date) AS month, COUNT(*) AS number_of_orders FROM orders WHERE order_date >= '2024-01-01' AND order_date < '2025-01-01' GROUP BY strftime('%Y-%m', order_date) ORDER BY strftime('%Y-%m', order_date)"
    );
    let shipped = ask("only shipped", Some(&first));
    assert!(shipped.sql.contains("'shipped'"), "{}", shipped.sql);
    let best = ask("Which 5 customers spent the most?", None);
    assert!(ask("top 10 instead", Some(&best)).sql.ends_with("LIMIT 10"));
}

#[test]
fn what_is_not_in_the_data_is_named() {
    let outcome = plan("what is the weather tomorrow", &shop(), None, today());
    let Outcome::NotUnderstood(why) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(why.message.contains("weather"), "{}", why.message);
    assert!(!why.hints.is_empty());
}

#[test]
fn a_value_in_two_columns_is_asked_back_and_the_choice_is_answered() {
    let mut context = shop();
    context.schema.tables[1].columns[4].name = "ship_city".into();
    context.schema.tables[1].columns[3].name = "bill_city".into();
    for column in ["ship_city", "bill_city"] {
        context.values.add("orders", column, ["Oslo", "Rome"]);
    }
    let outcome = plan("How many orders are from Oslo?", &context, None, today());
    let Outcome::Clarify(clarify) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(clarify.choices.len(), 2);
    for (choice, column) in clarify.choices.iter().zip(["ship_city", "bill_city"]) {
        let answer = plan(&choice.message, &context, None, today());
        let Outcome::Answer(answer) = answer else {
            panic!("{}: {answer:?}", choice.message);
        };
        assert!(answer.sql.contains(column), "{}", answer.sql);
    }
}

#[test]
fn names_with_signs_stay_quoted_and_values_escaped() {
    let mut context = shop();
    context.schema.tables[0].columns[2].name = "ci\"ty".into();
    context.values.add("customers", "ci\"ty", ["L'Aquila"]);
    let outcome = plan(
        "How many customers have city \"L'Aquila\"?",
        &context,
        None,
        today(),
    );
    let Outcome::Answer(plan) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        plan.sql.contains("\"ci\"\"ty\" = 'L''Aquila'"),
        "{}",
        plan.sql
    );
}
