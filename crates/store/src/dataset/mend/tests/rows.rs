use ingest::Dialect;

use super::super::{Origin, read_row, undo_row};
use super::*;
use crate::StoreError;
use crate::dataset::quarantine::tests::as_it_once_was;
use crate::dataset::write;

#[test]
fn a_row_is_read_as_at_import_and_stored() {
    let dialect = Dialect {
        delimiter: ';',
        decimal: ',',
        ..Dialect::rfc4180()
    };
    let schema = schema(
        vec![table(
            "sales",
            &["id"],
            &["id INTEGER", "amount DECIMAL", "day DATE", "note TEXT"],
        )],
        Vec::new(),
    );
    let case = Case::with(
        &[(
            "sales.csv",
            "id;amount;day;note\n1;1.234,50;31.01.2026;a\n2;2,25;13.02.2026;b\nx;3,75;05.03.2026;\"c;\"\"d\"\"\"\n",
        )],
        dialect,
        schema,
    );
    let id = case.row("sales", 4);
    let detail = read_row(&case.import.target(), &case.schema, &[], id).unwrap();
    let texts: Vec<_> = detail
        .fields
        .iter()
        .map(|own| own.text.as_deref())
        .collect();
    assert_eq!(
        texts,
        [Some("x"), Some("3,75"), Some("05.03.2026"), Some("c;\"d\"")]
    );
    assert!(detail.fields[0].is_key && detail.fields[0].required);
    assert_eq!(detail.fields[0].origin, Origin::Field);

    let before = case.bytes();
    let try_it = MendMode {
        dry_run: true,
        ..MendMode::default()
    };
    let tried = case
        .mend(&[mend(id, &[("id", Some("3"))])], try_it)
        .unwrap();
    assert_eq!((tried.stored, tried.fitting.len()), (false, 1));
    assert_eq!(case.bytes(), before);

    assert!(case.mended(id, &[("id", Some("3"))]).stored);
    assert_eq!(
        case.texts("SELECT amount || ' ' || day || ' ' || note FROM sales WHERE id = 3"),
        ["3.75 2026-03-05 c;\"d\""]
    );
    let table = &case.recounted().tables[0];
    assert_eq!(
        (
            table.rows_in,
            table.row_count,
            table.quarantined,
            table.mended
        ),
        (3, 3, 0, 1)
    );
    assert!(matches!(
        case.mend(&[mend(id, &[])], MendMode::default()),
        Err(StoreError::Conflict {
            code: "already_mended",
            ..
        })
    ));
    assert!(matches!(
        case.mend(&[mend(77, &[])], MendMode::default()),
        Err(StoreError::NotFound)
    ));
}

#[test]
fn every_fault_is_named_and_nothing_changes() {
    let schema = schema(
        vec![table(
            "people",
            &["id"],
            &[
                "id INTEGER",
                "name TEXT NOT NULL",
                "age INTEGER",
                "born DATE",
            ],
        )],
        Vec::new(),
    );
    let case = Case::of(
        &[(
            "people.csv",
            "id,name,age,born\n1,Ann,30,2001-02-03\nx,Bob,young,2001-02-04\n",
        )],
        schema,
    );
    let id = case.row("people", 3);
    // What the import would empty has to be said here.
    assert_eq!(
        said(&case.faults(id, &[("born", Some("2001-02-31"))])),
        [
            (Some("id"), "\"x\" is not a whole number"),
            (Some("age"), "\"young\" is not a whole number"),
            (Some("born"), "\"2001-02-31\" is not a date"),
        ]
    );
    let age = ("age", None);
    assert_eq!(
        said(&case.faults(id, &[("id", Some("1")), age])),
        [(Some("id"), "an earlier row has the same id")]
    );
    assert_eq!(
        said(&case.faults(id, &[("id", None), ("name", None), age])),
        [
            (Some("id"), "id is empty, and must not be"),
            (Some("name"), "name is empty, and must not be"),
        ]
    );
    assert_eq!(
        said(&case.faults(
            id,
            &[
                ("id", Some("2")),
                age,
                ("x\"); DROP TABLE people; --", Some("1"))
            ]
        )),
        [(
            Some("x\"); DROP TABLE people; --"),
            "people has no such column"
        )]
    );
    let nul = case.faults(id, &[("id", Some("2")), age, ("name", Some("a\0b"))]);
    assert!(nul[0].message.contains("NUL"));
    let long = "x".repeat(140_000);
    let faults = case.faults(id, &[("id", Some("2")), age, ("name", Some(&long))]);
    assert!(faults[0].message.contains("140000 bytes"));
    // Text is data, whatever it says.
    let text = "'); DROP TABLE people; --";
    assert!(
        case.mended(id, &[("id", Some("2")), age, ("name", Some(text))])
            .stored
    );
    assert_eq!(case.texts("SELECT name FROM people WHERE id = 2"), [text]);
    case.recounted();
}

#[test]
fn a_reference_must_have_its_partner() {
    let case = shop();
    // The orders of customer 2 and 9.
    assert_eq!(case.report.tables[1].quarantined, 3);
    let order = case.row("orders", 3);
    assert_eq!(
        said(&case.faults(order, &[])),
        [(
            Some("customer"),
            "customer refers to a row of customers that is not there"
        )]
    );
    let customer = case.row("customers", 3);
    assert!(case.mended(customer, &[("id", Some("2"))]).stored);
    assert!(case.mended(order, &[]).stored);
    assert_eq!(
        case.texts(
            "SELECT name FROM orders JOIN customers c ON c.id = customer ORDER BY orders.id"
        ),
        ["Ann", "Bob", "Cleo"]
    );
    let report = case.recounted();
    assert_eq!(report.tables[1].quarantined, 2);

    // What is referred to is not taken back; what nothing refers to is.
    let target = case.import.target();
    let before = case.bytes();
    assert!(matches!(
        undo_row(&target, &case.schema, &[], customer),
        Err(StoreError::Conflict {
            code: "rows_referenced",
            ..
        })
    ));
    assert_eq!(case.bytes(), before);
    assert_eq!(
        undo_row(&target, &case.schema, &[], order).unwrap(),
        "orders"
    );
    undo_row(&target, &case.schema, &[], customer).unwrap();
    assert_eq!(case.recounted(), case.report);
    assert!(matches!(
        undo_row(&target, &case.schema, &[], order),
        Err(StoreError::Conflict {
            code: "nothing_to_undo",
            ..
        })
    ));
    assert!(case.mended(customer, &[("id", Some("2"))]).stored);
}

#[test]
fn a_changed_row_is_not_taken_back() {
    let case = shop();
    let customer = case.row("customers", 3);
    case.mended(customer, &[("id", Some("2"))]);
    let connection = write::open(&case.import.target()).unwrap();
    connection
        .execute_batch("UPDATE customers SET name = 'Bo' WHERE id = 2")
        .unwrap();
    assert!(matches!(
        undo_row(&case.import.target(), &case.schema, &[], customer),
        Err(StoreError::Conflict {
            code: "rows_changed",
            ..
        })
    ));
    assert_eq!(case.recounted().tables[0].mended, 1);
}

#[test]
fn a_record_of_too_many_fields_is_mended_column_by_column() {
    let schema = schema(
        vec![table("t", &["id"], &["id INTEGER", "a TEXT", "b TEXT"])],
        Vec::new(),
    );
    let case = Case::of(&[("t.csv", "id,a,b\n1,x,y\n2,Smith, John,z\n")], schema);
    let id = case.row("t", 3);
    let detail = read_row(&case.import.target(), &case.schema, &[], id).unwrap();
    assert_eq!(detail.fields[2].text.as_deref(), Some(" John"));
    assert!(
        case.mended(id, &[("a", Some("Smith, John")), ("b", Some("z"))])
            .stored
    );
    assert_eq!(
        case.texts("SELECT a || '|' || b FROM t WHERE id = 2"),
        ["Smith, John|z"]
    );
    case.recounted();
}

#[test]
fn rows_keep_the_number_that_they_would_have_had() {
    use crate::dataset::load::tests::numbered;
    let mut people = table("people", &["id"], &["name TEXT NOT NULL"]);
    people.columns.insert(0, numbered("id"));
    let case = Case::of(
        &[("people.csv", "name,x\nAnn,1\n,2\nCleo,3\n,4\n")],
        schema(vec![people], Vec::new()),
    );
    let name = ("name", Some("Bob"));
    let numbering = case.row("people", 3);
    assert_eq!(
        said(&case.faults(numbering, &[name, ("id", Some("7"))])),
        [(
            Some("id"),
            "the database numbers the rows itself: leave it out"
        )]
    );
    assert!(case.mended(numbering, &[name]).stored);
    assert_eq!(
        case.texts("SELECT id FROM people WHERE name = 'Bob'"),
        ["2"]
    );
    // Taken by another row meanwhile.
    write::open(&case.import.target())
        .unwrap()
        .execute_batch("INSERT INTO people (name) VALUES ('new')")
        .unwrap();
    assert!(
        case.mended(case.row("people", 5), &[("name", Some("Dee"))])
            .stored
    );
    assert_eq!(
        case.texts("SELECT id || name FROM people ORDER BY id"),
        ["1Ann", "2Bob", "3Cleo", "4new", "5Dee"]
    );
}

#[test]
fn empty_text_and_nothing_stay_apart() {
    let schema = schema(
        vec![table("t", &["id"], &["id INTEGER", "a TEXT", "b TEXT"])],
        Vec::new(),
    );
    let case = Case::of(&[("t.csv", "id,a,b\n1,x,y\nz,\"\",\n")], schema);
    assert!(case.mended(case.row("t", 3), &[("id", Some("2"))]).stored);
    assert_eq!(
        case.texts("SELECT quote(a) || ' ' || quote(b) FROM t WHERE id = 2"),
        ["'' NULL"]
    );
}

#[test]
fn what_was_cut_off_is_to_be_given_anew() {
    let schema = schema(
        vec![table("t", &["id"], &["id INTEGER", "a TEXT", "b TEXT"])],
        Vec::new(),
    );
    let long = "y".repeat(70_000);
    let case = Case::of(
        &[("t.csv", &format!("id,a,b\n1,x,y\nz,{long},end\n"))],
        schema,
    );
    let id = case.row("t", 3);
    let missing = "its text was too long to be kept: give it anew";
    assert_eq!(
        said(&case.faults(id, &[("id", Some("2"))])),
        [(Some("a"), missing), (Some("b"), missing)]
    );
    let detail = read_row(&case.import.target(), &case.schema, &[], id).unwrap();
    assert!(detail.is_cut && detail.fields[0].is_known && !detail.fields[1].is_known);
    let values = [("id", Some("2")), ("a", Some("short")), ("b", None)];
    assert!(case.mended(id, &values).stored);
}

#[test]
fn a_reference_that_is_not_enforced_is_counted_anew() {
    use crate::dataset::load::tests::relationship;
    let mut kept = relationship("orders.customer", "customers.id");
    kept.evidence.orphan_rows = 2;
    let case = Case::of(
        &[
            ("customers.csv", "id,name\n1,Ann\ntwo,Bob\n"),
            ("orders.csv", "id,customer\n10,1\n11,2\n12,2\n13,9\nx,8\n"),
        ],
        schema(
            vec![
                table("customers", &["id"], &["id INTEGER", "name TEXT"]),
                table("orders", &["id"], &["id INTEGER", "customer INTEGER"]),
            ],
            vec![kept],
        ),
    );
    assert_eq!(case.report.references[0].orphan_rows, 3);
    case.mended(case.row("customers", 3), &[("id", Some("2"))]);
    assert_eq!(case.recounted().references[0].orphan_rows, 1);
    case.mended(case.row("orders", 6), &[("id", Some("14"))]);
    assert_eq!(case.recounted().references[0].orphan_rows, 2);
}

#[test]
fn an_import_of_an_earlier_version_is_mended_while_its_file_is_there() {
    let case = shop();
    as_it_once_was(&case.import);
    let id = case.row("customers", 3);
    let rows = [mend(id, &[("id", Some("2"))])];
    let target = case.import.target();
    assert!(read_row(&target, &case.schema, &case.import.sources, id).is_ok());
    assert!(matches!(
        read_row(&target, &case.schema, &[], id),
        Err(StoreError::Conflict {
            code: "file_unknown",
            ..
        })
    ));
    let mode = MendMode::default();
    let mended = mend_rows(&target, &case.schema, &case.import.sources, &rows, mode).unwrap();
    assert!(mended.stored);
    case.recounted();
    // It is kept from then on.
    assert!(case.mended(case.row("orders", 3), &[]).stored);
}
