use super::*;
use crate::StoreError;

#[test]
fn rows_of_one_call_may_refer_to_each_other_in_any_order() {
    let case = shop();
    let rows = [
        mend(case.row("orders", 3), &[]),
        mend(case.row("orders", 5), &[]),
        mend(case.row("customers", 3), &[("id", Some("2"))]),
    ];
    let mended = case.mend(&rows, MendMode::default()).unwrap();
    assert!(mended.stored && mended.refused.is_empty());
    assert_eq!(mended.fitting.len(), 3);
    assert_eq!(case.recounted().tables[1].row_count, 4);
}

#[test]
fn all_or_nothing_unless_those_that_fit_are_wanted() {
    let case = shop();
    let rows = [
        // Refers to what would come with the third row, which does not fit itself.
        mend(case.row("orders", 3), &[]),
        mend(case.row("orders", 6), &[("customer", Some("1"))]),
        mend(case.row("customers", 3), &[("id", Some("1"))]),
    ];
    let before = case.bytes();
    let refused = case.mend(&rows, MendMode::default()).unwrap();
    assert!(!refused.stored);
    assert_eq!(case.bytes(), before);
    let places: Vec<usize> = refused.refused.iter().map(|own| own.index).collect();
    assert_eq!(places, [0, 2]);

    let mode = MendMode {
        only_fitting: true,
        ..MendMode::default()
    };
    let some = case.mend(&rows, mode).unwrap();
    assert!(some.stored);
    assert_eq!(some.fitting[0].id, rows[1].id);
    assert_eq!(some.refused.len(), 2);
    let report = case.recounted();
    assert_eq!(report.tables[1].mended, 1);
    assert_eq!(report.tables[0].mended, 0);
}

#[test]
fn of_two_rows_with_one_key_the_first_fits() {
    let case = shop();
    let id = ("id", Some("20"));
    let customer = ("customer", Some("1"));
    let rows = [
        mend(case.row("orders", 5), &[id, customer]),
        mend(case.row("orders", 6), &[id, customer]),
    ];
    let mended = case.mend(&rows, MendMode::default()).unwrap();
    assert_eq!(
        said(&mended.refused[0].faults),
        [(Some("id"), "an earlier row has the same id")]
    );
    assert_eq!(mended.refused[0].index, 1);
}

#[test]
fn calls_that_make_no_sense_are_refused() {
    let case = shop();
    let id = case.row("orders", 3);
    for (rows, code) in [
        (Vec::new(), "no_rows"),
        (vec![mend(id, &[]), mend(id, &[])], "row_twice"),
        (
            (0..1_001).map(|id| mend(id, &[])).collect(),
            "too_many_rows",
        ),
    ] {
        match case.mend(&rows, MendMode::default()) {
            Err(StoreError::Denied { code: found, .. }) => assert_eq!(found, code),
            other => panic!("{other:?}"),
        }
    }
}
