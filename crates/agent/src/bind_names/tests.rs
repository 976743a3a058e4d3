#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schema_gen::Schema;
use serde_json::{Value as Json, json};

use super::{Bound, bind_names, same_letters};

fn table(name: &str, key: &[&str], columns: &[(&str, &str)]) -> Json {
    let columns: Vec<Json> = columns
        .iter()
        .map(|(name, kind)| json!({"name": name, "type": kind, "source_column": name}))
        .collect();
    json!({"name": name, "source": {"csv_id": "1"}, "primary_key": key, "columns": columns})
}

fn reference(from: (&str, &str), to: (&str, &str)) -> Json {
    json!({"from_table": from.0, "from_columns": [from.1], "to_table": to.0, "to_columns": [to.1],
        "cardinality": "many-to-one"})
}

/// A shop: customers, their orders with items of products, and a table that references another twice.
fn shop() -> Schema {
    serde_json::from_value(json!({
        "tables": [
            table("customers", &["customer_id"], &[("customer_id", "INTEGER"), ("full_name", "TEXT"),
                ("country", "TEXT"), ("joined_at", "DATE")]),
            table("orders", &["id"], &[("id", "INTEGER"), ("customer_id", "INTEGER"), ("ordered_at", "DATE"),
                ("shipped_at", "DATE"), ("status", "TEXT"), ("total", "DECIMAL")]),
            table("products", &["id"], &[("id", "INTEGER"), ("title", "TEXT"), ("list_price", "DECIMAL")]),
            table("order_items", &["order_id", "product_id"], &[("order_id", "INTEGER"), ("product_id", "INTEGER"),
                ("quantity", "INTEGER"), ("unit price", "DECIMAL")]),
            table("transfers", &["id"], &[("id", "INTEGER"), ("from_account", "INTEGER"), ("to_account", "INTEGER")]),
            table("accounts", &["id"], &[("id", "INTEGER"), ("owner", "TEXT")]),
        ],
        "relationships": [
            reference(("orders", "customer_id"), ("customers", "customer_id")),
            reference(("order_items", "order_id"), ("orders", "id")),
            reference(("order_items", "product_id"), ("products", "id")),
            reference(("transfers", "from_account"), ("accounts", "id")),
            reference(("transfers", "to_account"), ("accounts", "id")),
        ]
    }))
    .unwrap()
}

const STORED: [(&str, &str, &str); 5] = [
    ("customers", "country", "Germany"),
    ("customers", "country", "Côte d'Ivoire"),
    ("orders", "status", "Shipped"),
    ("orders", "status", "shipped "),
    ("orders", "status", "open"),
];

fn lookup(table: &str, column: &str, text: &str) -> Option<String> {
    let own = STORED
        .iter()
        .filter(|(t, c, _)| (*t, *c) == (table, column));
    let like: Vec<_> = own
        .filter(|(_, _, value)| same_letters(value, text))
        .collect();
    match like.as_slice() {
        [(_, _, only)] if *only != text => Some((*only).to_owned()),
        _ => None,
    }
}

fn bound(sql: &str) -> Option<Bound> {
    bind_names(sql, &shop(), &lookup)
}

#[track_caller]
fn becomes(sql: &str, expected: &str) {
    let bound = bound(sql).unwrap_or_else(|| panic!("nothing was changed in {sql}"));
    assert_eq!(bound.sql, expected, "{:?}", bound.changes);
    assert!(!bound.changes.is_empty());
}

#[track_caller]
fn stays(sql: &str) {
    assert_eq!(bound(sql), None);
}

#[test]
fn columns_become_the_nearest_of_the_tables_used() {
    becomes(
        "SELECT order_date FROM orders WHERE OrderDate > '2024'",
        "SELECT ordered_at FROM orders WHERE ordered_at > '2024'",
    );
    becomes(
        "SELECT o.order_date, SUM(o.amt), o.total FROM orders AS o GROUP BY o.order_date ORDER BY o.order_date DESC",
        "SELECT o.ordered_at, SUM(o.amt), o.total FROM orders AS o GROUP BY o.ordered_at ORDER BY o.ordered_at DESC",
    );
    becomes(
        "SELECT strftime('%Y', o.order_date) AS y, COUNT(*) FROM orders o WHERE o.cust_id IN (1, 2) GROUP BY y HAVING COUNT(o.order_id) > 1",
        "SELECT strftime('%Y', o.ordered_at) AS y, COUNT(*) FROM orders o WHERE o.customer_id IN (1, 2) GROUP BY y HAVING COUNT(o.id) > 1",
    );
    becomes(
        "SELECT i.unit_price * i.qty FROM order_items i",
        "SELECT i.\"unit price\" * i.quantity FROM order_items i",
    );
    let changes = bound("SELECT order_date, order_date FROM orders")
        .unwrap()
        .changes;
    assert_eq!(changes, ["order_date is read as orders.ordered_at"]);
}

#[test]
fn the_rest_of_the_statement_stays_byte_for_byte() {
    becomes(
        "select  /* ö */ 'é' ,\n\tORDER_DATE -- the day\nfrom orders",
        "select  /* ö */ 'é' ,\n\tordered_at -- the day\nfrom orders",
    );
}

#[test]
fn what_resolves_is_never_touched() {
    for sql in [
        "SELECT ordered_at, Total FROM Orders",
        "SELECT \"unit price\" FROM order_items",
        "SELECT rowid, o._rowid_ FROM orders o",
        "SELECT SUM(total) AS order_total FROM orders ORDER BY order_total",
        "SELECT count(*) AS cust_id FROM orders GROUP BY status HAVING cust_id > 3",
        "WITH orders_by_day AS (SELECT ordered_at AS order_date FROM orders) SELECT order_date FROM orders_by_day",
        "WITH t(order_date) AS (SELECT ordered_at FROM orders) SELECT order_date FROM t",
        "SELECT t.order_date FROM (SELECT ordered_at AS order_date FROM orders) t",
        "SELECT * FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = c.customer_id AND country = 'Germany')",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n",
        "SELECT j.value FROM json_each('[1]') j",
        "SELECT order_date FROM json_each('[1]'), orders",
        "SELECT * FROM sqlite_master",
        "SELECT CURRENT_DATE, true",
    ] {
        stays(sql);
    }
}

#[test]
fn far_and_ambiguous_names_stay() {
    for sql in [
        "SELECT revenue FROM orders",
        "SELECT account FROM transfers",
        "SELECT customer_idd FROM nowhere",
        "SELECT x.total FROM orders o JOIN order_items i ON i.order_id = o.id JOIN orders p ON p.id = o.id",
        "SELECT owner FROM transfers",
        "SELECT o.t.c FROM orders o",
        "SELECT net_total FROM orders",
        "this is no statement",
        "DELETE FROM order",
        "SELECT order_date FROM orders; SELECT 1",
    ] {
        stays(sql);
    }
}

#[test]
fn tables_become_the_nearest_and_their_columns_follow() {
    becomes(
        "SELECT customer.country FROM customer WHERE customer.full_name = 'x'",
        "SELECT customers.country FROM customers WHERE customers.full_name = 'x'",
    );
    becomes(
        "SELECT c.country FROM Customer AS c JOIN OrderItems ON 1",
        "SELECT c.country FROM customers AS c JOIN order_items ON 1",
    );
}

#[test]
fn qualifiers_are_put_right() {
    // The table's name beside its alias.
    becomes(
        "SELECT orders.total FROM orders o",
        "SELECT o.total FROM orders o",
    );
    // The column stands in the other table.
    becomes(
        "SELECT o.country, c.total FROM orders o JOIN customers c ON o.customer_id = c.customer_id",
        "SELECT c.country, o.total FROM orders o JOIN customers c ON o.customer_id = c.customer_id",
    );
    // Nobody is called x, and one table has the column.
    becomes(
        "SELECT x.country FROM orders o JOIN customers c ON o.customer_id = c.customer_id",
        "SELECT c.country FROM orders o JOIN customers c ON o.customer_id = c.customer_id",
    );
    becomes("SELECT orders.* FROM orders o", "SELECT o.* FROM orders o");
}

#[test]
fn a_join_is_added_where_one_reference_leads_to_the_column() {
    becomes(
        "SELECT country, SUM(total) FROM orders GROUP BY country",
        "SELECT country, SUM(total) FROM orders JOIN customers ON orders.customer_id = customers.customer_id GROUP BY country",
    );
    becomes(
        "SELECT customers.country, COUNT(*) FROM orders o WHERE o.total > 5 GROUP BY customers.country",
        "SELECT customers.country, COUNT(*) FROM orders o JOIN customers ON o.customer_id = customers.customer_id WHERE o.total > 5 GROUP BY customers.country",
    );
    becomes(
        "SELECT o.status, o.country FROM order_items i JOIN orders o ON i.order_id = o.id AND (o.total > 1)",
        "SELECT o.status, customers.country FROM order_items i JOIN orders o ON i.order_id = o.id AND (o.total > 1) JOIN customers ON o.customer_id = customers.customer_id",
    );
}

#[test]
fn an_added_join_makes_nothing_ambiguous_and_adds_no_columns() {
    becomes(
        "SELECT customer_id FROM orders WHERE country = 'Germany' AND status = 'open'",
        "SELECT orders.customer_id FROM orders JOIN customers ON orders.customer_id = customers.customer_id WHERE country = 'Germany' AND status = 'open'",
    );
    becomes(
        "SELECT * FROM orders o WHERE country = 'Germany'",
        "SELECT o.* FROM orders o JOIN customers ON o.customer_id = customers.customer_id WHERE country = 'Germany'",
    );
    becomes(
        "SELECT SUM(total) AS customer_id FROM orders WHERE country = 'Germany' ORDER BY customer_id",
        "SELECT SUM(total) AS customer_id FROM orders JOIN customers ON orders.customer_id = customers.customer_id WHERE country = 'Germany' ORDER BY customer_id",
    );
}

#[test]
fn no_join_is_added_that_could_multiply_rows_or_that_is_not_clear() {
    stays("SELECT full_name, total FROM customers");
    stays("SELECT customers.full_name, orders.total FROM customers");
    stays("SELECT owner FROM transfers WHERE id = 1");
    stays("SELECT accounts.owner FROM transfers");
    // Two references away.
    stays("SELECT country FROM order_items");
}

#[test]
fn beside_an_outer_join_the_added_one_keeps_its_rows() {
    becomes(
        "SELECT p.title, i.status FROM products p LEFT JOIN order_items i ON i.product_id = p.id",
        "SELECT p.title, orders.status FROM products p LEFT JOIN order_items i ON i.product_id = p.id LEFT JOIN orders ON i.order_id = orders.id",
    );
}

#[test]
fn subqueries_and_table_expressions_keep_the_names_that_others_use() {
    becomes(
        "WITH days AS (SELECT order_date, total FROM orders) SELECT order_date, SUM(total) FROM days GROUP BY order_date",
        "WITH days AS (SELECT ordered_at AS order_date, total FROM orders) SELECT order_date, SUM(total) FROM days GROUP BY order_date",
    );
    becomes(
        "SELECT d.order_date FROM (SELECT o.order_date FROM orders o) d",
        "SELECT d.order_date FROM (SELECT o.ordered_at AS order_date FROM orders o) d",
    );
    becomes(
        "SELECT order_date FROM orders UNION SELECT joined_at FROM customers ORDER BY order_date",
        "SELECT ordered_at AS order_date FROM orders UNION SELECT joined_at FROM customers ORDER BY order_date",
    );
    becomes(
        "WITH big AS (SELECT customer_id, SUM(total) AS sum_total FROM orders GROUP BY customer_id) SELECT b.cust_id FROM big b",
        "WITH big AS (SELECT customer_id, SUM(total) AS sum_total FROM orders GROUP BY customer_id) SELECT b.customer_id FROM big b",
    );
}

#[test]
fn a_correlated_name_is_looked_for_outside_too() {
    becomes(
        "SELECT full_name FROM customers c WHERE (SELECT MAX(order_date) FROM orders o WHERE o.cust_id = c.customer_id) > '2024'",
        "SELECT full_name FROM customers c WHERE (SELECT MAX(ordered_at) FROM orders o WHERE o.customer_id = c.customer_id) > '2024'",
    );
    becomes(
        "SELECT full_name FROM customers WHERE customer_id NOT IN (SELECT cust_id FROM orders WHERE joined_at < ordered_at)",
        "SELECT full_name FROM customers WHERE customer_id NOT IN (SELECT customer_id FROM orders WHERE joined_at < ordered_at)",
    );
}

#[test]
fn texts_get_the_spelling_that_is_stored() {
    becomes(
        "SELECT 1 FROM customers WHERE country = 'germany' OR 'GERMANY' <> country",
        "SELECT 1 FROM customers WHERE country = 'Germany' OR 'Germany' <> country",
    );
    becomes(
        "SELECT 1 FROM customers c WHERE c.country IN ('Cote d''ivoire', 'Germany')",
        "SELECT 1 FROM customers c WHERE c.country IN ('Côte d''Ivoire', 'Germany')",
    );
    // Stored as it stands; several are like it; none is; not compared for equality; not a text column.
    stays("SELECT 1 FROM customers WHERE country = 'Germany'");
    stays("SELECT 1 FROM orders WHERE status = 'SHIPPED'");
    stays("SELECT 1 FROM customers WHERE country = 'Atlantis'");
    stays("SELECT 1 FROM customers WHERE country LIKE 'germany'");
    stays("SELECT 1 FROM orders WHERE ordered_at = 'germany'");
}

#[test]
fn double_quoted_texts_become_texts() {
    becomes(
        "SELECT strftime(\"%Y\", ordered_at) FROM orders WHERE status = \"open\"",
        "SELECT strftime('%Y', ordered_at) FROM orders WHERE status = 'open'",
    );
    becomes(
        "SELECT 1 FROM customers WHERE country IN (\"germany\", \"it's\")",
        "SELECT 1 FROM customers WHERE country IN ('Germany', 'it''s')",
    );
    // However near a column is, here it is compared with one.
    becomes(
        "SELECT 1 FROM orders WHERE status = \"order_date\"",
        "SELECT 1 FROM orders WHERE status = 'order_date'",
    );
    becomes(
        "SELECT \"Order Date\", CASE WHEN total > 5 THEN \"high\" ELSE \"low\" END FROM orders",
        "SELECT ordered_at, CASE WHEN total > 5 THEN 'high' ELSE 'low' END FROM orders",
    );
    stays("SELECT 1 FROM orders WHERE \"status\" = \"total\"");
}

#[test]
fn long_and_deep_statements_are_left_alone() {
    let deep = format!(
        "SELECT order_date FROM orders WHERE {}1",
        "total + ".repeat(2_000)
    );
    stays(&deep);
    let long = format!(
        "SELECT order_date FROM orders WHERE status = '{}'",
        "x".repeat(30_000)
    );
    stays(&long);
}

#[test]
fn hostile_names_stay_names() {
    let mut schema = shop();
    schema.tables[1].columns[2].name = "ordered\"; DROP TABLE orders; --".into();
    let sql = "SELECT \"ordered; drop table orders\" FROM orders";
    let bound = bind_names(sql, &schema, &lookup).unwrap();
    assert_eq!(
        bound.sql,
        "SELECT \"ordered\"\"; DROP TABLE orders; --\" FROM orders"
    );
}
