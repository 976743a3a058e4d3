use schema_gen::model::Orphans;

use super::super::{mend_cell, read_cell, undo_cell};
use super::*;
use crate::StoreError;
use crate::dataset::load::tests::relationship;
use crate::dataset::quarantine::tests::as_it_once_was;
use crate::dataset::write;

/// Prices that are no numbers, shops that are not there, and a row that is wholly empty but for what did not fit.
fn case() -> Case {
    let mut shop = relationship("sales.shop", "shops.id");
    shop.orphans = Orphans::Empty;
    Case::of(
        &[
            (
                "sales.csv",
                "id,price,code,shop\n1,2.50,7,1\n20,free,8,1\n30,3.25,9,2\n40,1.00,x,1\n",
            ),
            ("shops.csv", "id,name\n1,Bern\nb,Rome\n"),
        ],
        schema(
            vec![
                table(
                    "sales",
                    &["id"],
                    &[
                        "id INTEGER",
                        "price DECIMAL",
                        "code INTEGER UNIQUE",
                        "shop INTEGER",
                    ],
                ),
                table("shops", &["id"], &["id INTEGER", "name TEXT"]),
            ],
            vec![shop],
        ),
    )
}

impl Case {
    fn fill(&self, id: i64, text: &str) -> Result<Option<Fault>> {
        mend_cell(&self.import.target(), &self.schema, &[], (id, text), false)
    }

    /// What is wrong with the text; also that nothing was changed by trying.
    fn unfit(&self, id: i64, text: &str) -> String {
        let before = self.bytes();
        let fault = self.fill(id, text).unwrap().unwrap();
        assert_eq!(self.bytes(), before);
        fault.message
    }
}

#[test]
fn a_cell_is_filled_in_its_row_and_emptied_again() {
    let case = case();
    let id = case.cell("sales", 3);
    let target = case.import.target();
    let detail = read_cell(&target, &case.schema, &[], id).unwrap();
    assert_eq!(detail.why_not, None);
    assert_eq!(detail.row[0].1, 20);
    assert_eq!(detail.row[1].1, serde_json::Value::Null);

    assert_eq!(case.unfit(id, "gratis"), "\"gratis\" is not a number");
    assert_eq!(case.unfit(id, " "), "it is empty as before: give a value");
    assert!(case.unfit(id, "1\0").contains("NUL"));
    let before = case.bytes();
    let dry = mend_cell(&target, &case.schema, &[], (id, "0.00"), true).unwrap();
    assert_eq!((dry, case.bytes()), (None, before));

    assert_eq!(case.fill(id, "0.75").unwrap(), None);
    assert_eq!(
        case.texts("SELECT price FROM sales ORDER BY id"),
        ["2.5", "0.75", "3.25", "1.0"]
    );
    let emptied = &case.recounted().tables[0].emptied;
    assert_eq!(emptied.len(), 2);
    assert!(matches!(
        case.fill(id, "1"),
        Err(StoreError::Conflict {
            code: "already_mended",
            ..
        })
    ));
    assert_eq!(undo_cell(&target, &case.schema, &[], id).unwrap(), "sales");
    assert_eq!(case.recounted(), case.report);
    assert_eq!(
        case.texts("SELECT price FROM sales WHERE id = 20"),
        ["NULL"]
    );
}

#[test]
fn keys_and_references_hold_for_cells_too() {
    let case = case();
    let code = case.cell("sales", 5);
    assert_eq!(case.unfit(code, "7"), "an earlier row has the same code");
    assert_eq!(case.fill(code, "10").unwrap(), None);
    let shop = case.cell("sales", 4);
    assert_eq!(
        case.unfit(shop, "2"),
        "shop refers to a row of shops that is not there"
    );
    case.mended(case.row("shops", 3), &[("id", Some("2"))]);
    assert_eq!(case.fill(shop, "2").unwrap(), None);
    assert!(
        case.recounted().tables[0]
            .emptied
            .iter()
            .all(|own| own.column == "price")
    );
}

#[test]
fn what_has_a_value_by_now_is_left_alone() {
    let case = case();
    let id = case.cell("sales", 3);
    let connection = write::open(&case.import.target()).unwrap();
    connection
        .execute_batch("UPDATE sales SET price = 9 WHERE id = 20")
        .unwrap();
    let before = case.bytes();
    assert!(matches!(
        case.fill(id, "1"),
        Err(StoreError::Conflict {
            code: "cell_changed",
            ..
        })
    ));
    assert_eq!(case.bytes(), before);
    connection
        .execute_batch("UPDATE sales SET price = NULL WHERE id = 20")
        .unwrap();
    case.fill(id, "1").unwrap();
    connection
        .execute_batch("UPDATE sales SET price = 2 WHERE id = 20")
        .unwrap();
    assert!(matches!(
        undo_cell(&case.import.target(), &case.schema, &[], id),
        Err(StoreError::Conflict {
            code: "rows_changed",
            ..
        })
    ));
}

#[test]
fn a_cell_of_an_earlier_import_says_why_it_cannot_be_filled() {
    let case = case();
    as_it_once_was(&case.import);
    let id = case.cell("sales", 3);
    let (target, sources) = (case.import.target(), &case.import.sources);
    let detail = read_cell(&target, &case.schema, sources, id).unwrap();
    assert!(detail.why_not.unwrap().contains("earlier version"));
    assert!(matches!(
        mend_cell(&target, &case.schema, sources, (id, "1"), false),
        Err(StoreError::Conflict {
            code: "row_unknown",
            ..
        })
    ));
}
