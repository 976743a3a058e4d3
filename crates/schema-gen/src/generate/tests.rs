#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use ingest::ColumnType;

use super::*;
use crate::model::{Orphans, Repeats};
use crate::testing::{Files, arrows, file};
use crate::validate;

const CUSTOMERS: &str = "id,name,country_code\n1,Ada,DE\n2,Bo,FR\n3,Cy,DE\n4,Di,FR\n";
const COUNTRIES: &str = "code,name\nDE,Germany\nFR,France\nIT,Italy\n";
const ORDERS: &str = "order_id,customer_id,quantity,ordered\n10,1,2,2024-01-01\n11,1,1,2024-01-05\n12,4,3,2024-02-01\n";

fn keys(schema: &Schema) -> Vec<String> {
    schema
        .tables
        .iter()
        .map(|table| format!("{}({})", table.name, table.primary_key.join("+")))
        .collect()
}

#[test]
fn a_shop_of_three_files() {
    let files = Files::new(&[
        ("orders.csv", ORDERS),
        ("customers.csv", CUSTOMERS),
        ("countries.csv", COUNTRIES),
    ]);
    let schema = files.schema();
    assert_eq!(validate(&schema, &files.sources), []);
    assert_eq!(
        keys(&schema),
        ["orders(order_id)", "customers(id)", "countries(code)"]
    );
    assert_eq!(
        arrows(&schema),
        [
            "orders.customer_id -> customers.id",
            "customers.country_code -> countries.code"
        ]
    );
    insta::assert_snapshot!(schema.reasoning);
}

#[test]
fn small_numbers_that_happen_to_fit_are_no_reference() {
    let ratings = "rating_id,stars,year\n1,1,1\n2,3,2\n3,2,3\n";
    let files = Files::new(&[("ratings.csv", ratings), ("customers.csv", CUSTOMERS)]);
    assert_eq!(arrows(&files.schema()), Vec::<String>::new());
}

#[test]
fn equal_keys_of_unrelated_tables_do_not_refer_to_each_other() {
    let teachers = "teacher_id,name\n1,A\n2,B\n3,C\n";
    let rooms = "room_id,name\n1,X\n2,Y\n3,Z\n";
    let files = Files::new(&[("teachers.csv", teachers), ("rooms.csv", rooms)]);
    assert_eq!(arrows(&files.schema()), Vec::<String>::new());
}

#[test]
fn link_tables_get_all_their_columns_as_key() {
    let students = file("id,name", 60, |row| format!("{},s{row}", row + 1));
    let courses = file("id,title", 9, |row| format!("{},c{row}", row + 1));
    let taken = file("student_id,course_id", 200, |row| {
        format!("{},{}", row % 60 + 1, (row / 60 + row) % 9 + 1)
    });
    let files = Files::new(&[
        ("takes.csv", &taken),
        ("students.csv", &students),
        ("courses.csv", &courses),
    ]);
    let schema = files.schema();
    assert_eq!(keys(&schema)[0], "takes(student_id+course_id)");
    assert_eq!(
        arrows(&schema),
        [
            "takes.student_id -> students.id",
            "takes.course_id -> courses.id"
        ]
    );
    assert_eq!(schema.indexes.len(), 1, "the key serves student_id");
}

#[test]
fn a_table_may_refer_to_itself_and_twice_to_another() {
    let staff = "employee_id,first_name,last_name,reports_to\n1,A,A,\n2,B,B,1\n3,C,C,1\n";
    let games = "game_id,home_club_id,away_club_id\n1,7,9\n2,9,12\n";
    let clubs = "club_id,name\n7,K\n9,L\n12,M\n";
    let files = Files::new(&[
        ("employees.csv", staff),
        ("games.csv", games),
        ("clubs.csv", clubs),
    ]);
    assert_eq!(
        arrows(&files.schema()),
        [
            "employees.reports_to -> employees.employee_id",
            "games.home_club_id -> clubs.club_id",
            "games.away_club_id -> clubs.club_id"
        ]
    );
}

#[test]
fn tables_may_refer_to_each_other() {
    let countries = "code,name,capital_city_id\nDE,Germany,1\nFR,France,3\n";
    let cities = "id,name,country_code\n1,Berlin,DE\n2,Bonn,DE\n3,Paris,FR\n";
    let files = Files::new(&[("countries.csv", countries), ("cities.csv", cities)]);
    let schema = files.schema();
    assert_eq!(
        arrows(&schema),
        [
            "countries.capital_city_id -> cities.id",
            "cities.country_code -> countries.code"
        ]
    );
    assert_eq!(validate(&schema, &files.sources), []);
}

#[test]
fn composite_keys_are_referred_to_as_a_whole() {
    let orders = file("order_id,placed", 30, |row| {
        format!("{},2024-01-{:02}", row + 100, row % 28 + 1)
    });
    let lines = file("order_id,line_number,product", 60, |row| {
        format!("{},{},p{}", row / 2 + 100, row % 2 + 1, row % 7)
    });
    let returns = file("return_id,order_id,line_number", 20, |row| {
        format!("{},{},{}", row + 1, row + 101, row % 2 + 1)
    });
    let files = Files::new(&[
        ("orders.csv", &orders),
        ("order_lines.csv", &lines),
        ("returns.csv", &returns),
    ]);
    let schema = files.schema();
    assert_eq!(keys(&schema)[1], "order_lines(order_id+line_number)");
    assert_eq!(
        arrows(&schema),
        [
            "order_lines.order_id -> orders.order_id",
            "returns.order_id+line_number -> order_lines.order_id+line_number"
        ]
    );
    assert_eq!(validate(&schema, &files.sources), []);
}

#[test]
fn a_few_dirty_rows_do_not_hide_a_clear_reference() {
    let customers = file("customer_id,name", 300, |row| {
        format!("{},n{row}", row * 3 + 1000)
    });
    let orders = file("order_id,customer_id", 900, |row| {
        let customer = if row == 17 { 5 } else { row % 300 * 3 + 1000 };
        format!("{},{customer}", row + 1)
    });
    let files = Files::new(&[("orders.csv", &orders), ("customers.csv", &customers)]);
    let schema = files.schema();
    let evidence = &schema.relationships[0].evidence;
    assert_eq!((evidence.orphan_rows, evidence.matched), (1, 300));
    assert_eq!(evidence.orphan_samples, ["5"]);
}

#[test]
fn many_dirty_rows_do() {
    let customers = file("customer_id,name", 50, |row| format!("{},n{row}", row + 1));
    let orders = file("order_id,customer_id", 200, |row| {
        format!("{},{}", row + 1, row % 100 + 1)
    });
    let files = Files::new(&[("orders.csv", &orders), ("customers.csv", &customers)]);
    assert_eq!(arrows(&files.schema()), Vec::<String>::new());
}

#[test]
fn rows_of_unknown_customers_do_not_hide_a_reference_that_its_name_tells() {
    let customers = file("customer_id,name", 500, |row| format!("{},n{row}", row + 1));
    let orders = file("order_id,customer_id", 1500, |row| {
        format!("{},{}", row + 1, row % 600 + 1)
    });
    let files = Files::new(&[("orders.csv", &orders), ("customers.csv", &customers)]);
    let schema = files.schema();
    assert_eq!(
        arrows(&schema),
        ["orders.customer_id -> customers.customer_id"]
    );
    let evidence = &schema.relationships[0].evidence;
    assert_eq!((evidence.distinct, evidence.matched), (600, 500));
    assert_eq!(evidence.orphan_rows, 200);
    assert_eq!(schema.relationships[0].orphans, Orphans::Keep);
}

#[test]
fn an_id_that_occurs_twice_is_still_the_key_and_no_row_is_lost() {
    let customers = file("customer_id,name", 60, |row| {
        let id = if row == 41 { 12 } else { row + 1 };
        format!("{id},n{row}")
    });
    let orders = file("order_id,customer_id", 200, |row| {
        format!("{},{}", row + 1, row % 40 + 1)
    });
    let files = Files::new(&[("orders.csv", &orders), ("customers.csv", &customers)]);
    let schema = files.schema();
    assert_eq!(
        keys(&schema),
        ["orders(order_id)", "customers(customer_id)"]
    );
    assert_eq!(
        arrows(&schema),
        ["orders.customer_id -> customers.customer_id"]
    );
    assert_eq!(validate(&schema, &files.sources), []);
    let edited = crate::finish_edit(schema, &files.sources, &|| true).unwrap();
    let customers = edited.schema.table("customers").unwrap();
    let exceptions = customers.key_exceptions.clone().unwrap();
    assert_eq!(exceptions.repeated_rows, 1);
    assert_eq!(exceptions.samples, ["12"]);
    assert!(
        edited
            .forecast
            .tables
            .iter()
            .all(|table| table.quarantined == 0)
    );
    let statements = crate::create_statements(&edited.schema).join("\n");
    assert!(
        !statements.contains("PRIMARY KEY (\"customer_id\")"),
        "{statements}"
    );
    assert!(!statements.contains("FOREIGN KEY"), "{statements}");
    assert!(
        statements.contains("ON \"customers\" (\"customer_id\")"),
        "{statements}"
    );
}

#[test]
fn rows_that_break_the_key_are_set_aside_where_that_is_chosen() {
    let customers = file("customer_id,name", 60, |row| {
        let id = if row == 41 { 12 } else { row + 1 };
        format!("{id},n{row}")
    });
    let files = Files::new(&[("customers.csv", &customers)]);
    let mut schema = files.schema();
    schema.tables[0].repeats = Repeats::SetAside;
    let edited = crate::finish_edit(schema, &files.sources, &|| true).unwrap();
    assert_eq!(edited.forecast.tables[0].quarantined, 1);
    assert_eq!(edited.schema.tables[0].key_exceptions, None);
    assert!(crate::create_statements(&edited.schema)[0].contains("PRIMARY KEY"));
}

#[test]
fn a_file_that_was_written_twice_in_part_keeps_its_key() {
    let row = |at: u32| format!("{},n{at},{}", at + 1, at % 7);
    let items = file("item_id,name,size", 100, |at| {
        row(if at < 88 { at } else { at - 88 })
    });
    let files = Files::new(&[("items.csv", &items)]);
    assert_eq!(keys(&files.schema()), ["items(item_id)"]);
    let differing = file("item_id,name,size", 100, |at| {
        format!("{},n{at},{}", at % 88 + 1, at % 7)
    });
    let files = Files::new(&[("items.csv", &differing)]);
    assert_ne!(keys(&files.schema()), ["items(item_id)"]);
}

#[test]
fn numbers_among_codes_take_the_type_of_the_key() {
    let chapters = "id,name\n1,One\n2,Two\ns1,Extra\n3,Three\n";
    let parts = "part_id,chapter_id\n1,1\n2,2\n3,2\n4,3\n";
    let files = Files::new(&[("chapters.csv", chapters), ("parts.csv", parts)]);
    let schema = files.schema();
    assert_eq!(arrows(&schema), ["parts.chapter_id -> chapters.id"]);
    assert_eq!(schema.tables[1].columns[1].column_type, ColumnType::Text);
    assert_eq!(validate(&schema, &files.sources), []);
}

#[test]
fn odd_names_are_cleaned_and_said() {
    let text = "Unit price (€),sqlite_x,unit PRICE,2020\n1.5,a,x,7\n2.5,b,y,8\n";
    let files = Files::new(&[("../My orders 2024.csv".trim_start_matches("../"), text)]);
    let schema = files.schema();
    let names: Vec<&str> = schema.tables[0]
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(schema.tables[0].name, "My_orders_2024");
    assert_eq!(names, ["Unit_price", "_sqlite_x", "unit_PRICE_2", "_2020"]);
    assert!(schema.reasoning.contains("“2020” is named _2020"));
    assert_eq!(validate(&schema, &files.sources), []);
}

#[test]
fn the_same_files_give_the_same_schema() {
    let files = Files::new(&[("orders.csv", ORDERS), ("customers.csv", CUSTOMERS)]);
    assert_eq!(files.schema(), files.schema());
}

#[test]
fn no_file_and_a_cancelled_run_are_errors() {
    let none = generate(&[], &|_| true);
    assert!(matches!(none, Err(SchemaError::NoSources)));
    let files = Files::new(&[("orders.csv", ORDERS), ("customers.csv", CUSTOMERS)]);
    for stage in ["profiles", "keys", "relationships", "naming"] {
        let stopped = generate(&files.sources, &|step| step.stage != stage);
        assert!(matches!(stopped, Err(SchemaError::Cancelled)), "{stage}");
    }
}
