use schema_gen::model::Index;

use super::{Import, account, accounts, schema, table};

#[test]
fn values_are_stored_by_their_types() {
    let import = Import::of(&[(
        "t.csv",
        "id,price,day,paid,code,note\n1,1.50,2026-01-31,true,007,\n2,20.25,2026-02-01,false,019,\"a, \"\"b\"\"\"\n",
    )]);
    let schema = schema(
        vec![table(
            "t",
            &["id"],
            &[
                "id INTEGER",
                "price REAL",
                "day DATE",
                "paid BOOLEAN",
                "code TEXT",
                "note TEXT",
            ],
        )],
        vec![],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report), [account("t", 2, 2, 0, 0)]);
    assert_eq!(
        import.texts("SELECT id || '|' || price || '|' || day || '|' || paid || '|' || code || '|' || coalesce(note, 'NULL') FROM t"),
        ["1|1.5|2026-01-31|1|007|NULL", "2|20.25|2026-02-01|0|019|a, \"b\""]
    );
    assert_eq!(import.texts("PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn duplicates_and_empty_keys_are_quarantined_with_their_lines() {
    let import = Import::of(&[(
        "t.csv",
        "id,name\n1,a\n2,b\n1,c\n,d\n3,\"e\nf\"\nx,g\n4,a\n",
    )]);
    let schema = schema(
        vec![table(
            "t",
            &["id"],
            &["id INTEGER", "name TEXT NOT NULL UNIQUE"],
        )],
        vec![],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report), [account("t", 7, 3, 0, 4)]);
    let found = import.quarantined();
    assert_eq!(found[0].line, 4);
    assert_eq!(found[0].column.as_deref(), Some("id"));
    assert_eq!(found[0].reason, "an earlier row has the same id");
    assert_eq!(found[0].raw, "1,c");
    // SQLite numbers an INTEGER PRIMARY KEY that is null; that would invent a key.
    assert_eq!(
        (found[1].line, found[1].reason.as_str()),
        (5, "id is empty, and must not be")
    );
    assert_eq!(found[2].line, 8);
    assert_eq!(found[2].column.as_deref(), Some("id"));
    assert!(
        found[2].reason.starts_with("\"x\" is not"),
        "{}",
        found[2].reason
    );
    assert_eq!(found[3].reason, "an earlier row has the same name");
    assert_eq!(import.texts("SELECT id FROM t"), ["1", "2", "3"]);
    assert_eq!(import.texts("PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn text_and_composite_keys_are_enforced() {
    let import = Import::of(&[("t.csv", "a,b,n\nx,1,10\nx,2,20\ny,1,30\nx,1,40\ny,,50\n")]);
    let schema = schema(
        vec![table(
            "t",
            &["a", "b"],
            &["a TEXT", "b INTEGER", "n INTEGER"],
        )],
        vec![],
    );
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report), [account("t", 5, 3, 0, 2)]);
    assert_eq!(
        import.reasons(),
        [
            (5, "an earlier row has the same a, b".to_owned()),
            (6, "b is empty, and must not be".to_owned())
        ]
    );
    assert_eq!(import.quarantined()[0].column, None);
    assert_eq!(import.texts("PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn unique_indexes_quarantine_what_breaks_them() {
    let import = Import::of(&[("t.csv", "a,b\n1,x\n2,y\n3,x\n")]);
    let mut schema = schema(vec![table("t", &["a"], &["a INTEGER", "b TEXT"])], vec![]);
    schema.indexes = vec![Index {
        name: "idx_t_b".to_owned(),
        table: "t".to_owned(),
        columns: vec!["b".to_owned()],
        unique: true,
    }];
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report), [account("t", 3, 2, 0, 1)]);
    assert_eq!(
        import.texts("SELECT name FROM sqlite_master WHERE type = 'index'"),
        ["idx_t_b"]
    );
}

#[test]
fn c43_names_that_look_like_sql_stay_names() {
    let name = "x\"); DROP TABLE t;--";
    let import = Import::of(&[("t.csv", "\"x\"\"); DROP TABLE t;--\",select\n1,a\n2,b\n")]);
    let mut first = table("t", &[], &["select TEXT"]);
    let mut odd = first.columns[0].clone();
    odd.name = name.to_owned();
    odd.source_column = Some(name.to_owned());
    odd.column_type = ingest::ColumnType::Integer;
    first.columns.push(odd);
    let report = import.load(&schema(vec![first], vec![])).unwrap();
    assert_eq!(accounts(&report), [account("t", 2, 2, 0, 0)]);
    assert_eq!(
        import.texts("SELECT name FROM pragma_table_info('t')"),
        ["select", name]
    );
}

#[test]
fn rows_too_long_to_query_are_quarantined() {
    let long = "x".repeat(140_000);
    let import = Import::of(&[("t.csv", &format!("a,b\n1,{long}\n2,short\n"))]);
    let schema = schema(vec![table("t", &["a"], &["a INTEGER", "b TEXT"])], vec![]);
    let report = import.load(&schema).unwrap();
    assert_eq!(accounts(&report), [account("t", 2, 1, 0, 1)]);
    assert!(import.quarantined()[0].raw.len() <= 65_536);
}
