//! The forecast says exactly what the import then does.

use ingest::ColumnType;
use schema_gen::Schema;
use schema_gen::forecast::{Forecast, TableForecast};
use schema_gen::model::{Misfits, Orphans, Relationship, Repeats, SourceRows};

use super::{Import, LoadReport, column, numbered, relationship, schema, table};

/// Completes the schema, loads it and checks the import against the forecast.
pub(super) fn foretold(import: &Import, schema: Schema) -> (Schema, LoadReport) {
    assert_eq!(schema_gen::validate(&schema, &import.sources), []);
    let edited = schema_gen::finish_edit(schema, &import.sources, &|| true).unwrap();
    assert_eq!(schema_gen::validate(&edited.schema, &import.sources), []);
    let report = import.load(&edited.schema).unwrap();
    assert_eq!(told(&edited.forecast), done(&report));
    let declared = import.texts(
        "SELECT count(*) FROM sqlite_master m, pragma_foreign_key_list(m.name) WHERE seq = 0",
    );
    let enforced = edited.schema.relationships.iter();
    let enforced = enforced
        .filter(|each| edited.schema.is_enforced(each))
        .count();
    assert_eq!(declared, [enforced.to_string()]);
    assert!(
        import
            .texts("SELECT \"table\" FROM pragma_foreign_key_check")
            .is_empty()
    );
    assert_eq!(import.texts("PRAGMA integrity_check"), ["ok"]);
    for table in &edited.forecast.tables {
        let reasons: u64 = table.reasons.iter().map(|reason| reason.rows).sum();
        assert_eq!(reasons, table.quarantined, "{table:?}");
    }
    (edited.schema, report)
}

/// Both sides in one form.
fn told(forecast: &Forecast) -> Forecast {
    let tables = forecast.tables.iter().map(|table| TableForecast {
        reasons: Vec::new(),
        ..table.clone()
    });
    Forecast {
        tables: tables.collect(),
        references: forecast.references.clone(),
    }
}

fn done(report: &LoadReport) -> Forecast {
    let tables = report.tables.iter().map(|table| TableForecast {
        evened: table.evened.clone(),
        name: table.name.clone(),
        rows_in: table.rows_in,
        row_count: table.row_count,
        merged: table.merged,
        quarantined: table.quarantined,
        added: table.added,
        emptied: table.emptied.clone(),
        reasons: Vec::new(),
    });
    Forecast {
        tables: tables.collect(),
        references: report.references.clone(),
    }
}

fn with(orphans: Orphans, from: &str, to: &str) -> Relationship {
    Relationship {
        orphans,
        ..relationship(from, to)
    }
}

/// Items of orders of customers. Orders 11 and 14 name customers who are not there; order 13 names none; its number occurs
/// twice; one line has too many fields; the amount of one is a word.
fn shop() -> Import {
    Import::of(&[
        (
            "items.csv",
            "id,order_id,what\n1,10,a\n2,11,b\n3,12,c\n4,,d\n5,99,e\n6,13,f\n",
        ),
        (
            "orders.csv",
            "id,customer,amount\n10,a,5\n11,zz,6\n12,b,on request\n13,,8\n14,yy,9\n13,a,1\n15,a,2,7\nno,b,3\n",
        ),
        ("customers.csv", "code,name\na,Ann\nb,Bob\nb,Bert\n"),
    ])
}

fn shop_schema(items: Orphans, orders: Orphans) -> Schema {
    let mut schema = schema(
        vec![
            table(
                "items",
                &["id"],
                &["id INTEGER", "order_id INTEGER", "what TEXT NOT NULL"],
            ),
            table(
                "orders",
                &["id"],
                &["id INTEGER", "customer TEXT", "amount DECIMAL NOT NULL"],
            ),
            table("customers", &["code"], &["code TEXT", "name TEXT NOT NULL"]),
        ],
        vec![
            with(items, "items.order_id", "orders.id"),
            with(orders, "orders.customer", "customers.code"),
        ],
    );
    schema.derive_references();
    schema
}

/// Rows stored, set aside, added and cells emptied of each table.
fn numbers(report: &LoadReport) -> Vec<[u64; 4]> {
    let tables = report.tables.iter();
    tables
        .map(|table| {
            let cells = table.emptied.iter().map(|column| column.cells).sum();
            [table.row_count, table.quarantined, table.added, cells]
        })
        .collect()
}

#[test]
fn every_choice_for_rows_without_partner_is_foretold() {
    use Orphans::{Empty, Keep, Placeholder, SetAside};
    let all = [Keep, Placeholder, SetAside, Empty];
    for items in all {
        for orders in all {
            let import = shop();
            let (_, report) = foretold(&import, shop_schema(items, orders));
            let (orders_kept, items_gone) = match orders {
                SetAside => (3, 1),
                _ => (5, 0),
            };
            let orders_added = match (items, orders) {
                (Placeholder, SetAside) => 2,
                (Placeholder, _) => 1,
                _ => 0,
            };
            let customers_added = if orders == Placeholder { 2 } else { 0 };
            assert_eq!(
                [
                    report.tables[1].row_count,
                    report.tables[1].added,
                    report.tables[2].added
                ],
                [orders_kept + orders_added, orders_added, customers_added],
                "{items:?} {orders:?}"
            );
            let stored = if items == SetAside { 5 - items_gone } else { 6 };
            assert_eq!(report.tables[0].row_count, stored, "{items:?} {orders:?}");
        }
    }
}

#[test]
fn rows_with_an_unknown_reference_stay_unless_told_otherwise() {
    let import = shop();
    let (made, report) = foretold(&import, shop_schema(Orphans::Keep, Orphans::Keep));
    assert_eq!(numbers(&report), [[6, 0, 0, 0], [5, 3, 0, 1], [2, 1, 0, 0]]);
    assert_eq!(
        import.texts("SELECT order_id FROM items WHERE id = 5"),
        ["99"]
    );
    let orphans: Vec<(String, u64)> = report
        .references
        .iter()
        .map(|reference| (reference.from_table.clone(), reference.orphan_rows))
        .collect();
    assert_eq!(orphans, [("items".to_owned(), 1), ("orders".to_owned(), 2)]);
    assert!(!made.is_enforced(&made.relationships[0]));
}

#[test]
fn an_emptied_reference_is_listed_with_its_text() {
    let import = shop();
    foretold(&import, shop_schema(Orphans::Empty, Orphans::Empty));
    let cells: Vec<(String, u64, String, String)> = import
        .emptied()
        .into_iter()
        .map(|cell| (cell.table, cell.line, cell.table_column, cell.text))
        .collect();
    let cell = |table: &str, line: u64, column: &str, text: &str| {
        (table.to_owned(), line, column.to_owned(), text.to_owned())
    };
    assert_eq!(
        cells,
        [
            cell("orders", 4, "amount", "on request"),
            cell("items", 6, "order_id", "99"),
            cell("orders", 3, "customer", "zz"),
            cell("orders", 6, "customer", "yy"),
        ]
    );
    assert_eq!(
        import.texts("SELECT count(*) FROM orders WHERE customer IS NULL"),
        ["3"]
    );
}

#[test]
fn a_misfit_costs_a_cell_unless_its_row_is_to_go() {
    let files = [(
        "bills.csv",
        "no,day,amount\n1,02/28/2024,10.50\n2,soon,11.00\n3,03/04/2024,auf Anfrage\n4,03/05/2024,\n4,later,12.00\nx,03/06/2024,13.00\n",
    )];
    let bills = || {
        table(
            "bills",
            &["no"],
            &["no INTEGER", "day DATE NOT NULL", "amount DECIMAL NOT NULL"],
        )
    };
    let import = Import::of(&files);
    let (made, report) = foretold(&import, schema(vec![bills()], vec![]));
    // The row that repeats a key is set aside whole: none of its cells is emptied.
    assert_eq!(numbers(&report), [[4, 2, 0, 2]]);
    assert_eq!(
        import.texts("SELECT coalesce(day, 'nothing') FROM bills ORDER BY no"),
        ["2024-02-28", "nothing", "2024-03-04", "2024-03-05"]
    );
    let cells = import.emptied();
    assert_eq!(
        (cells[0].line, cells[0].column.as_deref()),
        (3, Some("day"))
    );
    assert_eq!(
        (cells[0].text.as_str(), cells[0].reason.as_str()),
        ("soon", "not a date")
    );
    assert_eq!(
        (cells[1].file.as_str(), cells[1].text.as_str()),
        ("bills.csv", "auf Anfrage")
    );
    assert!(!made.tables[0].columns[1].is_not_null());

    let mut strict = schema(vec![bills()], vec![]);
    for column in &mut strict.tables[0].columns {
        column.misfits = Misfits::SetAside;
    }
    let import = Import::of(&files);
    let (made, report) = foretold(&import, strict);
    assert_eq!(numbers(&report), [[1, 5, 0, 0]]);
    assert_eq!(import.emptied(), []);
    assert!(made.tables[0].columns[1].is_not_null());
}

#[test]
fn cells_of_a_row_that_goes_for_its_reference_are_struck_from_the_list() {
    let import = Import::of(&[
        ("child.csv", "id,parent,n\n1,7,x\n2,1,y\n3,1,3\n"),
        ("parent.csv", "id,name\n1,one\n2,two\n"),
    ]);
    let mut made = schema(
        vec![
            table(
                "child",
                &["id"],
                &["id INTEGER", "parent INTEGER", "n INTEGER"],
            ),
            table("parent", &["id"], &["id INTEGER", "name TEXT"]),
        ],
        vec![with(Orphans::SetAside, "child.parent", "parent.id")],
    );
    made.derive_references();
    let (_, report) = foretold(&import, made);
    assert_eq!(numbers(&report), [[2, 1, 0, 1], [2, 0, 0, 0]]);
    let texts: Vec<String> = import.emptied().into_iter().map(|cell| cell.text).collect();
    assert_eq!(texts, ["y"]);
}

#[test]
fn tables_split_off_a_file_are_foretold_too() {
    let import = Import::of(&[(
        "orders.csv",
        "id,city,zip,total\n1,Rome,10,5\n2,Rome,10,x\n3,Oslo,20,7\n4,,,8\n5,Rome,99,9\n6,Oslo,none,1\n6,Bern,30,2\n",
    )]);
    let mut cities = table(
        "cities",
        &["id"],
        &["city TEXT NOT NULL UNIQUE", "zip INTEGER NOT NULL"],
    );
    cities.columns.insert(0, numbered("id"));
    cities.source.csv_id = "orders".to_owned();
    cities.source.rows = SourceRows::Distinct;
    let mut orders = table("orders", &["id"], &["id INTEGER", "total INTEGER"]);
    orders.columns.push(numbered("city_id"));
    let mut made = schema(
        vec![orders, cities],
        vec![relationship("orders.city_id", "cities.id")],
    );
    made.derive_references();
    // A lookup is no key: validation speaks of tables that people split, the import of any.
    let edited = schema_gen::finish_edit(made, &import.sources, &|| true).unwrap();
    let report = import.load(&edited.schema).unwrap();
    assert_eq!(told(&edited.forecast), done(&report));
    assert_eq!(numbers(&report), [[6, 1, 0, 1], [3, 2, 0, 0]]);
}

#[test]
fn an_import_whose_files_were_never_looked_at_loses_no_row_either() {
    let import = shop();
    let schema = shop_schema(Orphans::Keep, Orphans::Keep);
    // Nothing was counted: the references are declared, and found broken when the rows are in.
    assert!(
        schema
            .relationships
            .iter()
            .all(|each| schema.is_enforced(each))
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(report.tables[0].row_count, 6);
    assert_eq!(report.references.len(), 2);
    let declared =
        import.texts("SELECT count(*) FROM sqlite_master m, pragma_foreign_key_list(m.name)");
    assert_eq!(declared, ["0"]);
    assert_eq!(import.texts("PRAGMA integrity_check"), ["ok"]);
    // The declaration is as if it had been made so at once.
    let sql = import.texts("SELECT sql FROM sqlite_master WHERE name = 'orders'");
    assert!(
        !sql[0].contains("FOREIGN KEY") && sql[0].ends_with(") STRICT"),
        "{sql:?}"
    );
}

#[test]
fn columns_of_every_type_read_by_every_type_are_foretold() {
    let values = [
        "1",
        "1.0",
        "1.5",
        "-3",
        "007",
        "1,5",
        "1e3",
        "1.0e+03",
        "NA",
        "",
        " 4",
        "x",
        "yes",
        "no",
        "true",
        "0",
        "2024-02-03",
        "03/04/2024",
        "31.12.2024",
        "2024-02-03 10:00",
        "12 €",
        "5%",
        "9007199254740993.0",
        "123456789012345678901234567890",
    ];
    let types = [
        ColumnType::Integer,
        ColumnType::Real,
        ColumnType::Decimal,
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Datetime,
        ColumnType::Text,
    ];
    // Columns of one kind of value, of two, and of all.
    for (first, step) in [(0, 1), (0, 2), (1, 5), (3, 7), (16, 1), (0, 9)] {
        for column_type in types {
            let mut text = "id,v,w\n".to_owned();
            for id in 0..30 {
                let value = values[(first + id * step) % values.len()];
                text.push_str(&format!("{id},\"{value}\",{value}\n").replace(",1,5\n", ",1\n"));
            }
            let import = Import::of(&[("t.csv", &text)]);
            for misfits in [Misfits::Empty, Misfits::SetAside] {
                let mut one = table("t", &["id"], &["id INTEGER"]);
                for name in ["v", "w"] {
                    let mut column = column(&format!("{name} TEXT NOT NULL UNIQUE"));
                    column.column_type = column_type;
                    column.misfits = misfits;
                    if name == "w" {
                        column.constraints.pop();
                    }
                    one.columns.push(column);
                }
                foretold(&import, schema(vec![one], vec![]));
            }
        }
    }
}

#[test]
fn rows_that_break_a_key_stay_where_that_is_chosen() {
    for items in [Orphans::Keep, Orphans::Placeholder, Orphans::Empty] {
        let import = shop();
        let mut schema = shop_schema(items, Orphans::Keep);
        for table in &mut schema.tables {
            table.repeats = Repeats::Keep;
        }
        let (made, report) = foretold(&import, schema);
        let [_, orders, customers] = numbers(&report)[..] else {
            panic!("three tables")
        };
        // Only the record with too many fields is set aside; the key that is no number is emptied.
        let placeholders = u64::from(items == Orphans::Placeholder);
        assert_eq!(orders, [7 + placeholders, 1, placeholders, 2], "{items:?}");
        assert_eq!(customers, [3, 0, 0, 0], "{items:?}");
        let broken = |name: &str| made.table(name).unwrap().key_exceptions.clone().unwrap();
        let orders = broken("orders");
        assert_eq!((orders.repeated_rows, orders.empty_rows), (1, 1));
        assert_eq!(orders.samples, ["13"]);
        assert_eq!(broken("items").rows(), 0);
        let keys = "SELECT name FROM sqlite_master m WHERE type = 'table' AND EXISTS
            (SELECT 1 FROM pragma_table_info(m.name) WHERE pk > 0)";
        assert_eq!(import.texts(keys), ["items"]);
    }
}

#[test]
fn a_reference_to_a_key_that_rows_break_sets_no_row_aside() {
    let import = shop();
    let mut schema = shop_schema(Orphans::SetAside, Orphans::Keep);
    schema.tables[1].repeats = Repeats::Keep;
    let problems = schema_gen::validate(&schema, &import.sources);
    let fields: Vec<&str> = problems
        .iter()
        .map(|problem| problem.field.as_str())
        .collect();
    assert_eq!(fields, ["relationships[0].orphans"]);
}
