//! What discovery compares, load compares in the same way: files as programs write them, from their bytes to the database.

use schema_gen::Source;

use super::Import;

/// The files, the reference that is found in them, and how many rows find their partner by it.
struct Case {
    name: &'static str,
    files: Vec<(&'static str, String)>,
    reference: &'static str,
    joined: &'static str,
    partners: &'static str,
}

fn lines(header: &str, rows: impl Iterator<Item = String>) -> String {
    let mut text = format!("{header}\n");
    for row in rows {
        text.push_str(&row);
        text.push('\n');
    }
    text
}

/// 60 orders of 20 customers; `key` and `refer` write the number of a customer.
fn shop(key: fn(u32) -> String, refer: fn(u32) -> String) -> Vec<(&'static str, String)> {
    let customers = (1..=20).map(|id| format!("{},Name {id}", key(id)));
    let orders = (1..=60).map(|id| match id % 6 {
        0 => format!("{},,{}.50", 900 + id, id * 3),
        _ => format!("{},{},{}.50", 900 + id, refer(id % 20 + 1), id * 3),
    });
    vec![
        ("customers.csv", lines("customer_id,name", customers)),
        ("orders.csv", lines("order_id,customer_id,total", orders)),
    ]
}

fn cases() -> Vec<Case> {
    let of_shop = |name, key, refer| Case {
        name,
        files: shop(key, refer),
        reference: "orders.customer_id -> customers.customer_id",
        joined: "SELECT count(*) FROM orders JOIN customers USING (customer_id)",
        partners: "50",
    };
    let staff = (1..=30).map(|id| match id {
        1 => "1,Name 1,".to_owned(),
        _ => format!("{id},Name {id},{}.0", id / 2),
    });
    let rooms = (0..40).map(|at| format!("{},{},{}", at / 8 + 1, at % 8 + 1, 10 + at));
    let lessons = (0..70).map(|at| {
        let room = (at * 7) % 40;
        match at % 10 {
            9 => format!("{},,,x{at}", at + 500),
            _ => format!("{},{}.0,{}.0,x{at}", at + 500, room / 8 + 1, room % 8 + 1),
        }
    });
    let codes = |refer: fn(u32) -> String| {
        let products = (1..=60).map(|id| match id % 10 {
            0 => format!("X{id},Name {id}"),
            _ => format!("{id},Name {id}"),
        });
        let sales = (1..=90).filter(|id| id % 10 != 0).map(move |id| {
            let product = (id - 1) % 60 + 1;
            let sold = if id % 13 == 0 {
                String::new()
            } else {
                refer(if product % 10 == 0 { 1 } else { product })
            };
            format!("{},{sold},{}", id + 3000, id % 7)
        });
        vec![
            ("products.csv", lines("product_code,name", products)),
            ("sales.csv", lines("sale_id,product_code,units", sales)),
        ]
    };
    let of_codes = |name, refer, partners| Case {
        name,
        files: codes(refer),
        reference: "sales.product_code -> products.product_code",
        joined: "SELECT count(*) FROM sales JOIN products USING (product_code)",
        partners,
    };
    vec![
        of_shop("a reference with gaps, as doubles", plain, double),
        of_shop("a key written as doubles", double, plain),
        of_shop("both written as doubles", double, double),
        of_shop("a reference in scientific notation", thousand, scientific),
        Case {
            name: "a reference to the own table, as doubles",
            files: vec![("staff.csv", lines("id,name,manager_id", staff))],
            reference: "staff.manager_id -> staff.id",
            joined: "SELECT count(*) FROM staff a JOIN staff b ON a.manager_id = b.id",
            partners: "29",
        },
        Case {
            name: "a reference of two columns, as doubles",
            files: vec![
                ("rooms.csv", lines("building,room,seats", rooms)),
                (
                    "lessons.csv",
                    lines("lesson_id,building,room,topic", lessons),
                ),
            ],
            reference: "lessons.building+room -> rooms.building+room",
            joined: "SELECT count(*) FROM lessons JOIN rooms USING (building, room)",
            partners: "63",
        },
        of_codes("numbers among codes", plain, "75"),
        of_codes(
            "numbers among codes, half of them behind a blank",
            blank,
            "75",
        ),
        of_codes("numbers among codes, or NA", or_na, "68"),
    ]
}

fn plain(id: u32) -> String {
    id.to_string()
}

fn double(id: u32) -> String {
    format!("{id}.0")
}

fn thousand(id: u32) -> String {
    (id * 100).to_string()
}

fn scientific(id: u32) -> String {
    format!(
        "{:.1}e+0{}",
        f64::from(id) / if id < 10 { 1.0 } else { 10.0 },
        if id < 10 { 2 } else { 3 }
    )
}

fn blank(id: u32) -> String {
    format!("{}{id}", if id.is_multiple_of(2) { " " } else { "" })
}

fn or_na(id: u32) -> String {
    if id.is_multiple_of(11) {
        "NA".to_owned()
    } else {
        id.to_string()
    }
}

#[test]
fn what_is_proposed_is_loaded_whole() {
    for case in cases() {
        let files: Vec<(&str, &str)> = case
            .files
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let import = Import::of(&files);
        let sources = import.sources_of_schema();
        let schema = schema_gen::generate(&sources, &|_| true).unwrap();
        let found: Vec<String> = schema.relationships.iter().map(arrow).collect();
        assert_eq!(found, [case.reference], "{}", case.name);
        assert_eq!(
            schema.relationships[0].evidence.orphan_rows, 0,
            "{}",
            case.name
        );
        assert_eq!(schema_gen::validate(&schema, &sources), [], "{}", case.name);
        let unfit = schema_gen::check_against_data(&schema, &sources, &|| true).unwrap();
        assert_eq!(unfit, [], "{}", case.name);
        let report = import.load(&schema).unwrap();
        for table in &report.tables {
            assert_eq!(table.row_count, table.rows_in, "{}: {table:?}", case.name);
        }
        assert_eq!(import.texts(case.joined), [case.partners], "{}", case.name);
    }
}

#[test]
fn a_reference_drawn_by_hand_has_the_type_of_its_key() {
    let files = shop(plain, double);
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    let import = Import::of(&files);
    let sources = import.sources_of_schema();
    let mut schema = schema_gen::generate(&sources, &|_| true).unwrap();
    // As before the reference was found.
    let real = ingest::ColumnType::Real;
    schema.tables[1].columns[1].column_type = real;
    assert!(!schema_gen::validate(&schema, &sources).is_empty());
    schema_gen::align_types(&mut schema, &sources);
    assert_eq!(schema_gen::validate(&schema, &sources), []);
    let report = import.load(&schema).unwrap();
    assert_eq!(report.tables[1].row_count, 60);
    // A column with fractions cannot become one of whole numbers.
    schema.relationships[0].from_columns = vec!["total".to_owned()];
    schema.derive_references();
    schema.tables[1].columns[2].column_type = real;
    schema_gen::align_types(&mut schema, &sources);
    let refused = schema_gen::validate(&schema, &sources);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].message.contains("is REAL but"), "{refused:?}");
}

fn arrow(found: &schema_gen::model::Relationship) -> String {
    format!(
        "{}.{} -> {}.{}",
        found.from_table,
        found.from_columns.join("+"),
        found.to_table,
        found.to_columns.join("+")
    )
}

impl Import {
    fn sources_of_schema(&self) -> Vec<Source> {
        self.sources
            .iter()
            .map(|source| Source {
                csv_id: source.csv_id.clone(),
                original_filename: source.original_filename.clone(),
                path: source.path.clone(),
                analysis: source.analysis.clone(),
            })
            .collect()
    }
}
