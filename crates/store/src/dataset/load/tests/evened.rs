//! Values that are stored in the spelling of the key that they refer to.

use schema_gen::model::Evening;

use super::foretold::foretold;
use super::{Import, relationship, schema, strict, table};
use crate::dataset::{Mend, MendMode, PlaceFilter, mend_rows, read_evened, recount};

const DEPARTMENTS: &str = "code,name\nENG ,Engineering\nFin,Finance\nops,One\nOPS,Two\n";
const STAFF: &str = "id,dept\n1,ENG\n2,FIN\n3,Fin\n4,Ops\n5,\n6,law\nx,eng\n";

fn case(is_strict: bool) -> (Import, schema_gen::Schema) {
    let import = Import::of(&[("departments.csv", DEPARTMENTS), ("staff.csv", STAFF)]);
    let make = if is_strict { strict } else { relationship };
    let mut to_department = make("staff.dept", "departments.code");
    to_department.even_out = vec![Evening::Blanks, Evening::Case];
    let mut design = schema(
        vec![
            table("departments", &["code"], &["code TEXT", "name TEXT"]),
            table("staff", &["id"], &["id INTEGER", "dept TEXT"]),
        ],
        vec![to_department],
    );
    design.derive_references();
    (import, design)
}

const ALL: &str = "SELECT id || ' ' || coalesce('[' || dept || ']', '-') FROM staff ORDER BY id";

#[test]
fn the_keys_spelling_is_stored_and_the_files_is_listed() {
    let (import, schema) = case(false);
    let (_, report) = foretold(&import, schema);
    // Two keys may be meant by Ops.
    assert_eq!(
        import.texts(ALL),
        [
            "1 [ENG ]", "2 [Fin]", "3 [Fin]", "4 [Ops]", "5 -", "6 [law]"
        ]
    );
    assert_eq!(report.references[0].orphan_rows, 2);
    let evened = &report.tables[1].evened[0];
    assert_eq!((evened.column.as_str(), evened.cells), ("dept", 2));
    let page = read_evened(&import.target(), (Some("staff"), None), 0, 10).unwrap();
    let listed: Vec<_> = page
        .cells
        .iter()
        .map(|cell| (cell.line, cell.text.as_str(), cell.stored.as_str()))
        .collect();
    assert_eq!(
        (page.total, listed),
        (2, vec![(2, "ENG", "ENG "), (3, "FIN", "Fin")])
    );
    let other = read_evened(&import.target(), (Some("departments"), None), 0, 10).unwrap();
    assert_eq!(other.total, 0);
}

#[test]
fn a_row_that_is_set_aside_is_no_longer_listed() {
    let (import, schema) = case(true);
    let (_, report) = foretold(&import, schema);
    assert_eq!(import.texts(ALL), ["1 [ENG ]", "2 [Fin]", "3 [Fin]", "5 -"]);
    assert_eq!(report.tables[1].evened[0].cells, 2);
}

#[test]
fn a_mended_row_is_spelled_as_the_key_too() {
    let (import, schema) = case(true);
    let report = import.load(&schema).unwrap();
    let target = import.target();
    let cancel = crate::dataset::CancelFlag::default();
    let all = PlaceFilter::default();
    let page = crate::dataset::read_quarantine(&target, &all, 0, 10, &cancel).unwrap();
    let row = page
        .rows
        .iter()
        .find(|listed| listed.row.line == 8)
        .unwrap();
    let values = [("id".to_owned(), Some("7".to_owned()))].into();
    let mends = [Mend { id: row.id, values }];
    let mended = mend_rows(&target, &schema, &[], &mends, MendMode::default()).unwrap();
    assert!(mended.stored, "{mended:?}");
    assert_eq!(import.texts(ALL).last().unwrap(), "7 [ENG ]");
    assert_eq!(read_evened(&target, (None, None), 0, 10).unwrap().total, 3);
    let now = recount(&target, &schema, &report, None).unwrap();
    assert_eq!(now.tables[1].evened[0].cells, 3);
    crate::dataset::undo_row(&target, &schema, &[], row.id).unwrap();
    assert_eq!(read_evened(&target, (None, None), 0, 10).unwrap().total, 2);
}
