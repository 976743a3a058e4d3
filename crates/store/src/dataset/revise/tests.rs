#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(unix)]
mod crash;

use std::path::{Path, PathBuf};

use ingest::ColumnType;
use rusqlite::Connection;
use schema_gen::Schema;
use schema_gen::difference::difference;
use schema_gen::model::SourceRows;
use serde_json::json;

use super::*;
use crate::dataset::load::tests::{Import, numbered, relationship, schema, strict, table};
use crate::dataset::{
    CancelFlag, Dataset, LoadReport, Mend, MendMode, PlaceFilter, QuarantinedRow, SqliteDataset,
    load, mend_cell, mend_rows, quarantine_path, read_emptied, read_quarantine, recount,
};

/// Two customers, one of whose sizes is none, and one whose id is none; three orders.
struct Shop {
    import: Import,
    schema: Schema,
    report: LoadReport,
}

impl Shop {
    fn new() -> Self {
        let import = Import::of(&[
            (
                "customers.csv",
                "id,name,size\n1,Ann,5\n2,Bob,large\nx,Cleo,7\n",
            ),
            ("orders.csv", "id,customer,amount\n10,1,5\n11,2,6\n"),
        ]);
        let schema = schema(
            vec![
                table(
                    "customers",
                    &["id"],
                    &["id INTEGER", "name TEXT", "size INTEGER"],
                ),
                table(
                    "orders",
                    &["id"],
                    &["id INTEGER", "customer INTEGER", "amount INTEGER"],
                ),
            ],
            vec![strict("orders.customer", "customers.id")],
        );
        let report = import.load(&schema).unwrap();
        Self {
            import,
            schema,
            report,
        }
    }

    /// Cleo is customer 3, Bob's size is 8, and there is an order 90 of Cleo's and a customer 4.
    fn by_hand(&self) -> Vec<InsertReceipt> {
        let target = self.import.target();
        let all = PlaceFilter::default();
        let cancel = CancelFlag::default();
        let row = read_quarantine(&target, &all, 0, 9, &cancel).unwrap().rows[0].id;
        let values = [("id".to_owned(), Some("3".to_owned()))].into();
        let mends = [Mend { id: row, values }];
        let mended = mend_rows(&target, &self.schema, &[], &mends, MendMode::default()).unwrap();
        assert!(mended.stored, "{mended:?}");
        let cell = read_emptied(&target, &all, 0, 9, &cancel).unwrap().cells[0].id;
        assert_eq!(
            mend_cell(&target, &self.schema, &[], (cell, "8"), false).unwrap(),
            None
        );
        let dataset = SqliteDataset::open(&target).unwrap();
        let row = |value: serde_json::Value| serde_json::from_value(value).unwrap();
        let insert =
            |table: &str, value| dataset.insert(&self.schema, table, &[row(value)]).unwrap();
        vec![
            insert("customers", json!({"id": 4, "name": "Dan", "size": 9})),
            insert("orders", json!({"id": 90, "customer": 3, "amount": 12})),
        ]
    }

    fn target(&self) -> PathBuf {
        self.import.target().with_file_name("two.db")
    }

    /// Builds the database of the changed schema from the files; counted and checked.
    fn rebuilt(&self, draft: &Schema, inserted: &[InsertReceipt]) -> (LoadReport, Carried) {
        let target = self.target();
        let cancel = CancelFlag::default();
        let report = load(draft, &self.import.sources, &target, &mut |_| (), &cancel).unwrap();
        let before = self.import.target();
        let bytes = std::fs::read(&before).unwrap();
        let carried = carry_over((&before, &self.schema), (&target, draft), inserted).unwrap();
        assert_eq!(std::fs::read(&before).unwrap(), bytes);
        let report = recount(&target, draft, &report, None).unwrap();
        assert_eq!(mended_since(&target).unwrap(), MendedSince::default());
        (report, carried)
    }

    fn renamed(&self, draft: &Schema, inserted: &[InsertReceipt]) -> (LoadReport, Carried) {
        assert!(difference(&self.schema, draft).names_only);
        // What is not there cannot have been read.
        for source in &self.import.sources {
            std::fs::remove_file(&source.path).unwrap();
        }
        let report = recount(&self.import.target(), &self.schema, &self.report, None).unwrap();
        copy_renamed(
            &self.import.target(),
            &self.target(),
            (&self.schema, draft),
            (inserted, &report),
            &CancelFlag::default(),
        )
        .unwrap()
    }
}

fn texts(path: &Path, sql: &str) -> Vec<String> {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare(sql).unwrap();
    let rows = statement
        .query_map([], |row| row.get::<_, String>(0))
        .unwrap();
    rows.map(|text| text.unwrap()).collect()
}

fn by_hand(path: &Path) -> Vec<QuarantinedRow> {
    let page = read_quarantine(path, &PlaceFilter::default(), 0, 99, &CancelFlag::default());
    let rows = page.unwrap().rows.into_iter().map(|listed| listed.row);
    rows.filter(|row| row.csv_id.is_empty()).collect()
}

fn kept(kept: u64) -> ByHand {
    ByHand { kept, set_aside: 0 }
}

const CUSTOMERS: &str = "SELECT concat_ws(' ', id, name, size) FROM customers ORDER BY id";

#[test]
fn what_was_added_and_mended_is_there_again_after_an_import_anew() {
    let shop = Shop::new();
    let inserted = shop.by_hand();
    let (report, carried) = shop.rebuilt(&shop.schema, &inserted);
    let all = ["1 Ann 5", "2 Bob 8", "3 Cleo 7", "4 Dan 9"];
    assert_eq!(texts(&shop.target(), CUSTOMERS), all);
    assert_eq!(
        (
            carried.inserted_rows,
            carried.mended_rows,
            carried.mended_cells
        ),
        (kept(2), kept(1), kept(1))
    );
    assert!(by_hand(&shop.target()).is_empty());
    let before = recount(&shop.import.target(), &shop.schema, &shop.report, None).unwrap();
    assert_eq!(report.tables, before.tables);
    // They can be taken back by what is known of them now.
    let dataset = SqliteDataset::open(&shop.target()).unwrap();
    for receipt in carried.receipts.iter().rev() {
        dataset.undo_insert(receipt).unwrap();
    }
    assert_eq!(texts(&shop.target(), CUSTOMERS), all[..3]);
}

#[test]
fn other_names_need_no_file_and_keep_all_that_was_done_by_hand() {
    let shop = Shop::new();
    let inserted = shop.by_hand();
    let mut draft = shop.schema.clone();
    // Both tables change names with each other, and two columns do.
    draft.tables[0].name = "orders".to_owned();
    draft.tables[0].columns[1].name = "size".to_owned();
    draft.tables[0].columns[2].name = "name".to_owned();
    draft.tables[1].name = "customers".to_owned();
    draft.relationships = vec![strict("customers.customer", "orders.id")];
    let (report, carried) = shop.renamed(&draft, &inserted);
    let sql = "SELECT concat_ws(' ', id, size, name) FROM orders ORDER BY id";
    let all = ["1 Ann 5", "2 Bob 8", "3 Cleo 7", "4 Dan 9"];
    assert_eq!(texts(&shop.target(), sql), all);
    let target = texts(
        &shop.target(),
        "SELECT \"table\" FROM pragma_foreign_key_list('customers')",
    );
    assert_eq!(target, ["orders"]);
    assert_eq!(
        (
            carried.inserted_rows,
            carried.mended_rows,
            carried.mended_cells
        ),
        (kept(2), kept(1), kept(1))
    );
    assert_eq!(report.tables[0].name, "orders");
    assert_eq!(
        (report.tables[0].row_count, report.tables[0].mended),
        (3, 1)
    );
    assert_eq!(
        mended_since(&shop.target()).unwrap(),
        MendedSince::default()
    );
    let dataset = SqliteDataset::open(&shop.target()).unwrap();
    for receipt in carried.receipts.iter().rev() {
        dataset.undo_insert(receipt).unwrap();
    }
    // And what was mended is known under the new name.
    let cell = read_emptied(
        &shop.target(),
        &PlaceFilter {
            mended: true,
            ..PlaceFilter::default()
        },
        0,
        9,
        &CancelFlag::default(),
    )
    .unwrap();
    assert_eq!(cell.cells[0].cell.table_column, "name");
    crate::dataset::undo_cell(&shop.target(), &draft, &[], cell.cells[0].id).unwrap();
    let since = MendedSince { rows: 0, cells: 1 };
    assert_eq!(mended_since(&shop.target()).unwrap(), since);
}

#[test]
fn a_row_goes_on_in_another_type_and_is_listed_where_it_does_not_fit() {
    let shop = Shop::new();
    let mut inserted = shop.by_hand();
    let dataset = SqliteDataset::open(&shop.import.target()).unwrap();
    let row = serde_json::from_value(json!({"id": 5, "name": "7"})).unwrap();
    inserted.push(dataset.insert(&shop.schema, "customers", &[row]).unwrap());
    let mut draft = shop.schema.clone();
    draft.tables[0].columns[1].column_type = ColumnType::Integer;
    draft.tables[0].columns[2].column_type = ColumnType::Text;
    let (_, carried) = shop.rebuilt(&draft, &inserted);
    // Names are none any more; the file's own "large" is stored where 8 was put.
    assert_eq!(texts(&shop.target(), CUSTOMERS), ["1 5", "2 large", "5 7"]);
    let counts = |kept, set_aside| ByHand { kept, set_aside };
    assert_eq!(carried.inserted_rows, counts(1, 2));
    assert_eq!(carried.mended_rows, counts(0, 1));
    assert_eq!(carried.mended_cells, counts(0, 1));
    let listed: Vec<_> = by_hand(&shop.target())
        .into_iter()
        .map(|row| (row.file, row.line, row.reason, row.raw))
        .collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        listed,
        [
            (
                text("added by hand"),
                0,
                text("name: \"Dan\" is not INTEGER"),
                text("4,Dan,9")
            ),
            (
                text("customers.csv, mended by hand"),
                4,
                text("name: \"Cleo\" is not INTEGER"),
                text("3,Cleo,7")
            ),
            (
                text("added by hand"),
                0,
                text("customer refers to a row of customers that is not there"),
                text("90,3,12")
            ),
            (
                text("customers.csv, mended by hand"),
                3,
                text(
                    "its row is set aside, or has the text of its file now; this is what the cell was mended to"
                ),
                text("8")
            ),
        ]
    );
    // They stay listed when the schema is changed again, and are in no account of the import.
    let (report, _) = {
        let third = shop.target().with_file_name("three.db");
        let cancel = CancelFlag::default();
        load(
            &shop.schema,
            &shop.import.sources,
            &third,
            &mut |_| (),
            &cancel,
        )
        .unwrap();
        let carried = carry_over(
            (&shop.target(), &draft),
            (&third, &shop.schema),
            &carried.receipts,
        )
        .unwrap();
        assert_eq!(by_hand(&third).len(), 4);
        (
            recount(&third, &shop.schema, &shop.report, None).unwrap(),
            carried,
        )
    };
    assert_eq!(report.tables[0].quarantined, 1);
}

#[test]
fn rows_of_a_table_that_goes_are_listed() {
    let shop = Shop::new();
    let inserted = shop.by_hand();
    let mut draft = shop.schema.clone();
    draft.tables.remove(0);
    draft.relationships.clear();
    let (_, carried) = shop.rebuilt(&draft, &inserted);
    assert_eq!(
        carried.inserted_rows,
        ByHand {
            kept: 1,
            set_aside: 1
        }
    );
    assert_eq!(carried.receipts[0].row_count, 0);
    let reasons: Vec<_> = by_hand(&shop.target())
        .into_iter()
        .map(|row| row.reason)
        .collect();
    assert_eq!(reasons, ["its table is not there any more"; 3]);
}

#[test]
fn a_key_that_the_files_have_by_now_is_not_taken_from_them() {
    let shop = Shop::new();
    let inserted = shop.by_hand();
    let customers = &shop.import.sources[0].path;
    std::fs::write(customers, "id,name,size\n1,Ann,5\n2,Bob,large\n4,Cleo,7\n").unwrap();
    let (_, carried) = shop.rebuilt(&shop.schema, &inserted);
    assert_eq!(
        texts(&shop.target(), CUSTOMERS),
        ["1 Ann 5", "2 Bob 8", "4 Cleo 7"]
    );
    assert_eq!(
        carried.inserted_rows,
        ByHand {
            kept: 0,
            set_aside: 2
        }
    );
    assert_eq!(
        carried.mended_rows,
        ByHand {
            kept: 0,
            set_aside: 1
        }
    );
}

#[test]
fn a_row_follows_what_it_refers_to_when_that_is_numbered_anew() {
    let import = Import::of(&[("o.csv", "id,city,land\n1,Rome,it\n2,Rome,xx\n3,Oslo,no\n")]);
    let mut cities = table("cities", &["number"], &["city TEXT", "land TEXT"]);
    cities.source.csv_id = "o".to_owned();
    cities.source.rows = SourceRows::Distinct;
    cities.columns.insert(0, numbered("number"));
    let mut orders = table("orders", &["id"], &["id INTEGER"]);
    orders.source.csv_id = "o".to_owned();
    orders.columns.push(numbered("place"));
    let base = schema(
        vec![cities, orders],
        vec![relationship("orders.place", "cities.number")],
    );
    let report = import.load(&base).unwrap();
    let shop = Shop {
        import,
        schema: base,
        report,
    };
    let dataset = SqliteDataset::open(&shop.import.target()).unwrap();
    let row = serde_json::from_value(json!({"id": 9, "place": 3})).unwrap();
    let inserted = [dataset.insert(&shop.schema, "orders", &[row]).unwrap()];
    let mut draft = shop.schema.clone();
    draft.tables[0].columns.pop();
    shop.rebuilt(&draft, &inserted);
    let sql = "SELECT city FROM orders JOIN cities ON number = place WHERE id = 9";
    assert_eq!(texts(&shop.target(), sql), ["Oslo"]);
    let sql = "SELECT CAST(place AS TEXT) FROM orders WHERE id = 9";
    assert_eq!(texts(&shop.target(), sql), ["2"]);
}

#[test]
fn a_copy_that_is_cancelled_leaves_the_database_before_as_it_was() {
    let shop = Shop::new();
    let files = [shop.import.target(), quarantine_path(&shop.import.target())];
    let bytes = files.clone().map(|path| std::fs::read(path).unwrap());
    let cancel = CancelFlag::default();
    cancel.cancel();
    let done = copy_renamed(
        &shop.import.target(),
        &shop.target(),
        (&shop.schema, &shop.schema),
        (&[], &shop.report),
        &cancel,
    );
    assert!(matches!(done, Err(StoreError::Cancelled)), "{done:?}");
    assert!(!shop.target().exists());
    assert_eq!(files.map(|path| std::fs::read(path).unwrap()), bytes);
}
