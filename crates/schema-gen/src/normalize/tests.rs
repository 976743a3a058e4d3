#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Files, arrows, file};

/// 600 orders of 40 customers in 12 cities of 4 countries, of 15 products.
fn orders() -> String {
    file(
        "order_id,ordered,customer_id,customer_name,city,country,product_code,product_name,list_price,quantity",
        600,
        |row| {
            let customer = row * 7 % 40;
            let city = customer % 12;
            let product = row * 11 % 15;
            format!(
                "{},2024-{:02}-{:02},{},Customer {customer},City {city},Land {},P-{product:02},Product {product},{}.50,{}",
                row + 1,
                row % 12 + 1,
                row * 5 % 28 + 1,
                customer + 100,
                city % 4,
                product * 3 % 7 + 1,
                row * 13 % 9 + 1
            )
        },
    )
}

fn suggested(files: &Files) -> (Schema, Vec<Suggestion>) {
    let schema = files.schema();
    let found = suggest(&schema, &files.sources, &|_| true, &|| true).unwrap();
    (schema, found)
}

fn titles(suggestions: &[Suggestion]) -> Vec<&str> {
    suggestions.iter().map(|own| own.title.as_str()).collect()
}

fn columns(schema: &Schema, table: &str) -> String {
    let columns = &schema.table(table).unwrap().columns;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    names.join(" ")
}

#[test]
fn a_wide_file_of_orders_is_split_up_to_the_third_normal_form() {
    let files = Files::new(&[("orders.csv", &orders())]);
    let (schema, found) = suggested(&files);
    assert_eq!(
        titles(&found),
        [
            "Split customers and cities off orders",
            "Split products off orders"
        ]
    );
    let after = accept_safe(schema, found);
    assert_eq!(validate(&after, &files.sources), []);
    assert_eq!(
        columns(&after, "orders"),
        "order_id ordered customer_id product_code quantity"
    );
    assert_eq!(
        columns(&after, "customers"),
        "customer_id customer_name city"
    );
    assert_eq!(columns(&after, "cities"), "city country");
    assert_eq!(
        columns(&after, "products"),
        "product_code product_name list_price"
    );
    assert_eq!(
        arrows(&after),
        [
            "orders.customer_id -> customers.customer_id",
            "customers.city -> cities.city",
            "orders.product_code -> products.product_code"
        ]
    );
    assert_eq!(after.suggestions, []);
}

#[test]
fn the_evidence_says_what_decides_what_and_that_the_join_was_made() {
    let files = Files::new(&[("orders.csv", &orders())]);
    let (_, found) = suggested(&files);
    let evidence = &found[0].evidence;
    assert_eq!(
        evidence["why"][0],
        "customer_id decides customer_name and city: 40 different values in 600 rows."
    );
    assert_eq!(
        evidence["why"][1],
        "city decides country: 12 different values in 40 rows of customers."
    );
    assert_eq!(
        evidence["proof"]["text"],
        "joined back: 600 of 600 rows are the same"
    );
    // Three columns of 600 rows leave; 40 rows of three and 12 of two columns are written instead.
    assert_eq!(evidence["cells_saved"], 600 * 3 - 40 * 3 - 12 * 2);
    assert_eq!(evidence["preview"][1]["table"], "cities");
    assert_eq!(evidence["preview"][0]["rows"][0][1], "Customer 0");
    assert_eq!(evidence["exceptions"], serde_json::json!([]));
}

#[test]
fn suggestions_can_be_accepted_in_any_order() {
    let files = Files::new(&[("orders.csv", &orders())]);
    let (mut schema, found) = suggested(&files);
    schema.suggestions.clone_from(&found);
    let one = apply(&apply(&schema, &found[0]).unwrap(), &found[1]).unwrap();
    let other = apply(&apply(&schema, &found[1]).unwrap(), &found[0]).unwrap();
    for table in &one.tables {
        assert_eq!(other.table(&table.name), Some(table));
    }
    assert_eq!(one.tables.len(), other.tables.len());
    assert!(one.suggestions.is_empty() && other.suggestions.is_empty());
}

#[test]
fn what_is_accepted_is_imported_without_loss() {
    let files = Files::new(&[("orders.csv", &orders())]);
    let (schema, found) = suggested(&files);
    let edited = crate::finish_edit(accept_safe(schema, found), &files.sources, &|| true).unwrap();
    assert_eq!(edited.problems, []);
    let stored: Vec<(&str, u64, u64)> = edited
        .forecast
        .tables
        .iter()
        .map(|table| (table.name.as_str(), table.row_count, table.quarantined))
        .collect();
    assert_eq!(
        stored,
        [
            ("orders", 600, 0),
            ("customers", 40, 0),
            ("cities", 12, 0),
            ("products", 15, 0)
        ]
    );
    assert!(
        edited
            .schema
            .reasoning
            .contains("Split: Split customers and cities off orders"),
        "{}",
        edited.schema.reasoning
    );
}

/// As `orders`, but the city of some rows is another one.
fn with_slips(rows: &'static [u32]) -> String {
    file(
        "order_id,customer_id,customer_name,customer_city,quantity",
        600,
        move |row| {
            let customer = row * 7 % 40;
            let city = if rows.contains(&row) {
                99
            } else {
                customer * 5 % 11
            };
            format!(
                "{},{customer},Customer {customer},City {city},{}",
                row + 1,
                row * 13 % 9 + 1
            )
        },
    )
}

#[test]
fn a_column_that_is_nearly_decided_stays_and_its_exceptions_are_named() {
    let files = Files::new(&[("orders.csv", &with_slips(&[17, 230, 231]))]);
    let (schema, found) = suggested(&files);
    assert_eq!(titles(&found), ["Split customers off orders"]);
    assert!(is_safe(&found[0]));
    assert_eq!(
        found[0].evidence["exceptions"][0]["text"],
        "customer_id decides customer_city, but in 3 rows (lines 19, 232, 233) it is another one than elsewhere; so it stays in orders."
    );
    let after = apply(&schema, &found[0]).unwrap();
    assert_eq!(
        columns(&after, "orders"),
        "order_id customer_id customer_city quantity"
    );
}

#[test]
fn where_nothing_exact_is_left_the_loss_is_said_and_it_is_not_accepted_by_itself() {
    let text = file("order_id,customer_id,customer_city,quantity", 600, |row| {
        let customer = row * 7 % 40;
        let city = if row == 300 { 99 } else { customer * 5 % 11 };
        format!("{},{customer},City {city},{}", row + 1, row * 13 % 9 + 1)
    });
    let files = Files::new(&[("orders.csv", &text)]);
    let (schema, found) = suggested(&files);
    assert_eq!(titles(&found), ["Split customers off orders"]);
    let evidence = &found[0].evidence;
    assert_eq!(
        evidence["proof"]["text"],
        "joined back: 599 of 600 rows are the same; customer_city differs in 1 row (line 302)"
    );
    assert_eq!(
        evidence["loss"],
        "1 row of customers would be set aside: of each key the first row counts. orders keeps these rows, joined to the first."
    );
    assert!(!is_safe(&found[0]));
    let after = accept_safe(schema.clone(), found.clone());
    assert_eq!(
        (&after.tables, after.suggestions.len()),
        (&schema.tables, 1)
    );
    let lossy = apply(&schema, &found[0]).unwrap();
    let edited = crate::finish_edit(lossy, &files.sources, &|| true).unwrap();
    assert_eq!(edited.forecast.tables[1].quarantined, 1);
}

#[test]
fn rows_without_the_key_are_given_back_too() {
    let text = file(
        "order_id,customer_id,customer_name,customer_city,quantity",
        300,
        |row| {
            let customer = row * 7 % 20;
            let known = format!("{customer},Customer {customer},City {}", customer * 5 % 11);
            let customer = if row % 10 == 0 { ",," } else { known.as_str() };
            format!("{},{customer},{}", row + 1, row % 9)
        },
    );
    let files = Files::new(&[("orders.csv", &text)]);
    let (schema, found) = suggested(&files);
    assert_eq!(titles(&found), ["Split customers off orders"]);
    assert_eq!(
        found[0].evidence["proof"]["text"],
        "joined back: 300 of 300 rows are the same"
    );
    let edited = crate::finish_edit(accept_safe(schema, found), &files.sources, &|| true).unwrap();
    assert_eq!(edited.forecast.tables[1].quarantined, 0);
}

#[test]
fn what_refers_to_another_file_is_not_split_off_again() {
    let customers = file("customer_id,customer_name,customer_city", 40, |row| {
        format!("{},Customer {row},City {}", row + 100, row % 12)
    });
    let text = orders().replace(",city,", ",customer_city,");
    let files = Files::new(&[("orders.csv", &text), ("customers.csv", &customers)]);
    let (schema, found) = suggested(&files);
    assert!(arrows(&schema).contains(&"orders.customer_id -> customers.customer_id".to_owned()));
    assert_eq!(titles(&found), ["Split products off orders"]);
}

#[test]
fn a_reference_moves_with_the_column_that_it_is_of() {
    let text = file(
        "line_id,order_no,order_date,product_id,order_remark,quantity",
        600,
        |row| {
            let order = row / 4;
            format!(
                "{},{},2024-{:02}-{:02},{},remark {},{}",
                row + 1,
                order + 5000,
                order % 12 + 1,
                order * 5 % 28 + 1,
                order * 3 % 30 + 1,
                order * 7 % 31,
                row * 13 % 9 + 1
            )
        },
    );
    let products = file("product_id,product_name", 30, |row| {
        format!("{},Product {row}", row + 1)
    });
    let files = Files::new(&[("lines.csv", &text), ("products.csv", &products)]);
    let (schema, found) = suggested(&files);
    assert_eq!(arrows(&schema), ["lines.product_id -> products.product_id"]);
    assert_eq!(titles(&found), ["Split orders off lines"]);
    let after = accept_safe(schema, found);
    assert_eq!(validate(&after, &files.sources), []);
    assert_eq!(
        arrows(&after),
        [
            "lines.order_no -> orders.order_no",
            "orders.product_id -> products.product_id"
        ]
    );
}

#[test]
fn two_columns_together_may_decide() {
    let text = file(
        "visit,first_name,last_name,phone,birthday,note",
        500,
        |row| {
            let (first, last) = (row * 7 % 9, row * 11 % 10);
            let person = first * 10 + last;
            format!(
                "{},First {first},Last {last},0{},19{:02}-0{}-1{},n{row}",
                row + 1,
                person * 37 + 1000,
                person * 7 % 60 + 30,
                person % 9 + 1,
                person % 7
            )
        },
    );
    let files = Files::new(&[("visits.csv", &text)]);
    let (schema, found) = suggested(&files);
    assert_eq!(found.len(), 1, "{:?}", titles(&found));
    let after = accept_safe(schema, found);
    assert_eq!(validate(&after, &files.sources), []);
    assert_eq!(columns(&after, "visits"), "visit first_name last_name note");
    assert_eq!(
        after.tables[1].primary_key,
        ["first_name", "last_name"],
        "{:?}",
        after.tables[1].name
    );
}

#[test]
fn plain_tables_are_left_alone() {
    let measured = file("station,day,temperature,humidity", 400, |row| {
        format!(
            "S{},2024-01-{:02},{}.{},{}",
            row % 5,
            row % 28 + 1,
            row * 17 % 30,
            row % 10,
            row * 31 % 90
        )
    });
    let people = file("id,name,city,country,age", 200, |row| {
        format!(
            "{},Person {row},City {},Land {},{}",
            row + 1,
            row % 20,
            row % 20 % 5,
            row * 7 % 60 + 18
        )
    });
    let small = "id,team,coach,colour\n1,a,x,red\n2,b,y,blue\n3,a,x,red\n4,c,z,green\n";
    for (name, text) in [
        ("weather.csv", measured.as_str()),
        ("people.csv", &people),
        ("games.csv", small),
    ] {
        let (_, found) = suggested(&Files::new(&[(name, text)]));
        assert_eq!(titles(&found), Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn the_sample_data_need_no_split() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/samples");
    let names = [
        "customers.csv",
        "orders.csv",
        "order_items.csv",
        "products.csv",
    ];
    let texts: Vec<String> = names
        .iter()
        .map(|name| std::fs::read_to_string(folder.join(name)).unwrap())
        .collect();
    let pairs: Vec<(&str, &str)> = names
        .into_iter()
        .zip(texts.iter().map(String::as_str))
        .collect();
    let (_, found) = suggested(&Files::new(&pairs));
    assert_eq!(titles(&found), Vec::<&str>::new());
}

#[test]
fn a_patch_that_no_longer_fits_changes_nothing() {
    let files = Files::new(&[("orders.csv", &orders())]);
    let (schema, found) = suggested(&files);
    let fault = |change: fn(&mut Schema)| {
        let mut edited = schema.clone();
        change(&mut edited);
        apply(&edited, &found[0]).unwrap_err().to_string()
    };
    assert_eq!(
        fault(|schema| schema.tables[0].columns[4].name = "town".to_owned()),
        "orders has no column city any more"
    );
    assert_eq!(
        fault(|schema| schema.tables[0].name = "sales".to_owned()),
        "there is no table orders any more"
    );
    assert_eq!(
        fault(|schema| schema.tables[0].columns[4].column_type = ingest::ColumnType::Integer),
        "city of orders has another type now"
    );
    assert_eq!(
        fault(|schema| schema.tables[0].primary_key = vec!["country".to_owned()]),
        "country is part of the key of orders now"
    );
    assert_eq!(
        fault(|schema| {
            schema.tables[0].columns[2].name = "client".to_owned();
        }),
        "orders has no column customer_id any more"
    );
    assert_eq!(
        fault(|schema| {
            let mut other = schema.tables[0].clone();
            other.name = "Customers".to_owned();
            other.source.csv_id = "other.csv".to_owned();
            schema.tables.push(other);
        }),
        "there is another table Customers now"
    );
}

#[test]
fn the_work_stops_when_it_is_told_to() {
    let files = Files::new(&[("orders.csv", &orders())]);
    let schema = files.schema();
    let stopped = suggest(&schema, &files.sources, &|_| true, &|| false);
    assert!(matches!(stopped, Err(SchemaError::Cancelled)));
    let stopped = suggest(&schema, &files.sources, &|_| false, &|| true);
    assert!(matches!(stopped, Err(SchemaError::Cancelled)));
}

mod joined_back;
mod made_rows;
