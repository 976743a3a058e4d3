//! Tables split off one wide file.

use schema_gen::model::{SourceRows, Table, TableSource};

use super::{Import, account, accounts, numbered, relationship, schema, strict, table};

fn split(name: &str, key: &[&str], columns: &[&str]) -> Table {
    Table {
        source: TableSource {
            csv_id: "wide".to_owned(),
            rows: SourceRows::Distinct,
        },
        ..table(name, key, columns)
    }
}

fn rest(key: &[&str], columns: &[&str]) -> Table {
    Table {
        name: "orders".to_owned(),
        ..table("wide", key, columns)
    }
}

#[test]
fn distinct_rows_are_stored_once() {
    let import = Import::of(&[(
        "wide.csv",
        "id,city,country\n1,Bern,CH\n2,Rome,IT\n3,Bern,CH\n4,,\n5,Bern,DE\n",
    )]);
    let schema = schema(
        vec![
            rest(&["id"], &["id INTEGER", "city TEXT"]),
            split("cities", &["city"], &["city TEXT", "country TEXT"]),
        ],
        vec![relationship("orders.city", "cities.city")],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(
        accounts(&report),
        [account("orders", 5, 5, 0, 0), account("cities", 5, 2, 2, 1)]
    );
    assert_eq!(
        import.texts("SELECT city FROM cities ORDER BY 1"),
        ["Bern", "Rome"]
    );
    assert_eq!(
        import.reasons(),
        [(6, "an earlier row has the same city".to_owned())]
    );
}

#[test]
fn surrogate_keys_are_numbered_and_looked_up() {
    let import = Import::of(&[(
        "wide.csv",
        "amount,city,country\n10,Bern,Schweiz\n20,Roma,Italia\n30,Bern,Schweiz\n40,,Italia\n50,,\n",
    )]);
    let mut orders = rest(&["id"], &["amount INTEGER"]);
    orders.columns.insert(0, numbered("id"));
    orders.columns.push(numbered("city_id"));
    let mut cities = split("cities", &["id"], &["city TEXT"]);
    cities.columns.insert(0, numbered("id"));
    cities.columns.push(numbered("country_id"));
    let mut countries = split("countries", &["id"], &["country TEXT NOT NULL"]);
    countries.columns.insert(0, numbered("id"));
    let schema = schema(
        vec![orders, cities, countries],
        vec![
            relationship("orders.city_id", "cities.id"),
            relationship("cities.country_id", "countries.id"),
        ],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(
        accounts(&report),
        [
            account("orders", 5, 5, 0, 0),
            account("cities", 5, 3, 2, 0),
            account("countries", 5, 2, 3, 0)
        ]
    );
    assert_eq!(
        import.texts(
            "SELECT o.id || ' ' || amount || ' ' || coalesce(city, '-') || ' ' || coalesce(country, '-')
             FROM orders o LEFT JOIN cities c ON c.id = o.city_id LEFT JOIN countries l ON l.id = c.country_id
             ORDER BY o.id"
        ),
        ["1 10 Bern Schweiz", "2 20 Roma Italia", "3 30 Bern Schweiz", "4 40 - Italia", "5 50 - -"]
    );
}

#[test]
fn orphans_of_split_tables_are_found_again() {
    let import = Import::of(&[
        (
            "wide.csv",
            "amount,city,country\n10,Bern,CH\n20,Roma,XX\n30,Roma,XX\n",
        ),
        ("countries.csv", "code,name\nCH,Switzerland\n"),
    ]);
    let mut orders = rest(&[], &["amount INTEGER"]);
    orders.columns.push(numbered("city_id"));
    let mut cities = split("cities", &["id"], &["city TEXT", "country TEXT"]);
    cities.columns.insert(0, numbered("id"));
    let schema = schema(
        vec![
            orders,
            cities,
            table("countries", &["code"], &["code TEXT", "name TEXT"]),
        ],
        vec![
            strict("orders.city_id", "cities.id"),
            strict("cities.country", "countries.code"),
        ],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(
        accounts(&report),
        [
            account("orders", 3, 1, 0, 2),
            account("cities", 3, 1, 1, 1),
            account("countries", 1, 1, 0, 0)
        ]
    );
    let tables: Vec<(String, u64)> = import
        .quarantined()
        .into_iter()
        .map(|row| (row.table, row.line))
        .collect();
    assert_eq!(
        tables,
        [
            ("cities".to_owned(), 3),
            ("orders".to_owned(), 3),
            ("orders".to_owned(), 4)
        ]
    );
}
