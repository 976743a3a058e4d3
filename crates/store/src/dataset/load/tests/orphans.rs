use std::fmt::Write;

use super::{Import, account, accounts, schema, strict, table};

#[test]
fn orphans_are_quarantined_and_their_children_too() {
    let import = Import::of(&[
        ("lines.csv", "id,order_id\n1,10\n2,11\n3,12\n4,\n"),
        ("orders.csv", "id,customer\n10,a\n11,zz\n12,b\n"),
        ("customers.csv", "code,name\na,Ann\nb,Bob\n"),
    ]);
    let schema = schema(
        vec![
            table("lines", &["id"], &["id INTEGER", "order_id INTEGER"]),
            table("orders", &["id"], &["id INTEGER", "customer TEXT"]),
            table("customers", &["code"], &["code TEXT", "name TEXT"]),
        ],
        vec![
            strict("lines.order_id", "orders.id"),
            strict("orders.customer", "customers.code"),
        ],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(
        accounts(&report),
        [
            account("lines", 4, 3, 0, 1),
            account("orders", 3, 2, 0, 1),
            account("customers", 2, 2, 0, 0)
        ]
    );
    let found = import.quarantined();
    assert_eq!((found[0].table.as_str(), found[0].line), ("lines", 3));
    assert_eq!(found[0].raw, "2,11");
    assert_eq!((found[1].table.as_str(), found[1].line), ("orders", 3));
    assert_eq!(found[1].column.as_deref(), Some("customer"));
    assert_eq!(
        found[1].reason,
        "customer refers to a row of customers that is not there"
    );
    assert_eq!(import.texts("SELECT id FROM lines"), ["1", "3", "4"]);
    assert!(
        import
            .texts("SELECT \"table\" FROM pragma_foreign_key_check")
            .is_empty()
    );
    assert_eq!(
        import.texts("SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"),
        ["0"],
        "helper indexes are gone"
    );
}

#[test]
fn cycles_are_legitimate() {
    let import = Import::of(&[
        ("people.csv", "id,boss,team\n1,2,a\n2,1,b\n3,3,a\n4,9,a\n"),
        ("teams.csv", "code,lead\na,1\nb,3\nc,4\n"),
    ]);
    let schema = schema(
        vec![
            table(
                "people",
                &["id"],
                &["id INTEGER", "boss INTEGER", "team TEXT"],
            ),
            table("teams", &["code"], &["code TEXT", "lead INTEGER"]),
        ],
        vec![
            strict("people.boss", "people.id"),
            strict("people.team", "teams.code"),
            strict("teams.lead", "people.id"),
        ],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(
        accounts(&report),
        [account("people", 4, 3, 0, 1), account("teams", 3, 2, 0, 1)]
    );
}

#[test]
fn a_long_chain_of_orphans_goes_in_one_sweep() {
    let mut text = String::from("id,before\n1,0\n");
    for id in 2..=20_000 {
        writeln!(text, "{id},{}", id - 1).unwrap();
    }
    let import = Import::of(&[("chain.csv", &text)]);
    let schema = schema(
        vec![table("chain", &["id"], &["id INTEGER", "before INTEGER"])],
        vec![strict("chain.before", "chain.id")],
    );
    let started = std::time::Instant::now();
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report), [account("chain", 20_000, 0, 0, 20_000)]);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn a_duplicate_is_not_taken_for_the_orphan_with_its_key() {
    // Line 3 is stored first and is an orphan; line 4 is a duplicate of its key.
    let import = Import::of(&[
        ("child.csv", "id,parent\nx,1\n7,9\n7,1\n8,1\n"),
        ("parent.csv", "id,name\n1,one\n"),
    ]);
    let schema = schema(
        vec![
            table("child", &["id"], &["id INTEGER", "parent INTEGER"]),
            table("parent", &["id"], &["id INTEGER", "name TEXT"]),
        ],
        vec![strict("child.parent", "parent.id")],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report)[0], account("child", 4, 1, 0, 3));
    let lines: Vec<(u64, String)> = import
        .quarantined()
        .into_iter()
        .map(|row| (row.line, row.raw))
        .collect();
    assert_eq!(
        lines,
        [
            (2, "x,1".to_owned()),
            (4, "7,1".to_owned()),
            (3, "7,9".to_owned())
        ]
    );
}

#[test]
fn composite_references_are_checked() {
    let import = Import::of(&[
        ("child.csv", "n,a,b\n1,x,1\n2,x,2\n3,x,\n"),
        ("parent.csv", "a,b\nx,1\ny,2\n"),
    ]);
    let schema = schema(
        vec![
            table("child", &[], &["n INTEGER", "a TEXT", "b INTEGER"]),
            table("parent", &["a", "b"], &["a TEXT", "b INTEGER"]),
        ],
        vec![strict("child.a,b", "parent.a,b")],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report)[0], account("child", 3, 2, 0, 1));
    assert_eq!(
        import.reasons(),
        [(
            3,
            "a, b refers to a row of parent that is not there".to_owned()
        )]
    );
}
