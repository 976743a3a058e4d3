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

#[test]
fn show_all() {
    for question in [
        "How many customers are there?",
        "Which 5 customers spent the most?",
        "What is the total revenue per month?",
        "How many orders were placed in 2024?",
        "How many orders were placed last month?",
        "Orders since March 2023",
        "Average salary of employees",
        "Which employees earn more than the average salary?",
        "List the names of customers from Germany",
        "customers in Germany or France",
        "Which customers have no orders?",
        "Customers who never ordered anything",
        "How many orders per customer?",
        "Number of orders by country",
        "Which product is the most expensive?",
        "What are the 3 cheapest products?",
        "Customers with more than 3 orders",
        "What is the revenue by category?",
        "How many different cities do customers live in?",
        "Show products sorted by price descending",
        "List customers alphabetically",
        "oldest employees",
        "Which products cost between 10 and 20?",
        "orders before 2023-05-01",
        "How many orders are not shipped?",
        "Which customers bought the Desk Lamp?",
        "customers who bought both Desk Lamp and Office Chair",
        "How much did Anna Schmidt spend?",
        "Number of orders per weekday",
        "revenue by quarter",
        "How many orders each employee handled",
        "Which employee handled the most orders?",
        "employees from Paris",
        "people from Paris",
        "what is the weather tomorrow",
        "top 10 products by revenue",
        "Which country has the most customers?",
        "average order value",
        "How many customers signed up in March 2023?",
        "sales by product category and country",
    ] {
        match plan(question, &shop(), None, today()) {
            Outcome::Answer(plan) => eprintln!(
                "{question}\n   {} [{:.2}]\n   {}",
                flat(&plan),
                plan.confidence,
                plan.restatement
            ),
            other => eprintln!("{question}\n   {other:?}"),
        }
    }
}
#[test]
fn debug_one() {
    let context = shop();
    let catalog = crate::link::catalog::Catalog::new(&context.schema);
    for q in [
        "What is the revenue by category?",
        "revenue by quarter",
        "average order value",
    ] {
        let tokens = crate::link::tokens::tokenize(q);
        let items = super::items::read(&tokens, &catalog, &context.values, today());
        let mut reader = super::reader::Reader::new(&catalog, &context.values, &tokens, items);
        let query = reader.read();
        eprintln!("{:#?}\n{:?}", reader.draft, query);
    }
}
