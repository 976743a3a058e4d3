//! What a client may make the check do.
use super::*;

fn problems(spoil: impl FnOnce(&mut Schema)) -> Vec<Problem> {
    let (mut schema, sources) = shop();
    spoil(&mut schema);
    validate(&schema, &sources)
}

#[test]
fn more_parts_than_allowed_are_counted_and_not_looked_at() {
    let many_tables = fields(|schema| {
        let table = schema.tables[0].clone();
        schema.tables = vec![table; bounds::MAX_TABLES + 1];
    });
    assert_eq!(many_tables, ["tables"]);
    let many_columns = fields(|schema| {
        let column = schema.tables[1].columns[0].clone();
        schema.tables[1].columns = vec![column; bounds::MAX_COLUMNS + 1];
    });
    assert_eq!(many_columns, ["tables[1].columns"]);
    let many_references = fields(|schema| {
        let one = schema.relationships[0].clone();
        schema.relationships = vec![one; bounds::MAX_RELATIONSHIPS + 1];
    });
    assert_eq!(many_references, ["relationships"]);
    let many_indexes = fields(|schema| {
        let one = schema.indexes[0].clone();
        schema.indexes = vec![one; bounds::MAX_INDEXES + 1];
    });
    assert_eq!(many_indexes, ["indexes"]);
}

#[test]
fn a_key_of_many_columns_is_refused_wherever_it_stands() {
    let long = || vec!["id".to_owned(); bounds::MAX_KEY_COLUMNS + 1];
    let found = fields(|schema| {
        schema.tables[0].primary_key = long();
        schema.relationships[0].from_columns = long();
        schema.relationships[0].to_columns = long();
        schema.indexes[0].columns = long();
        schema.tables[0].columns[0].constraints = vec![UNIQUE.to_owned(); 9];
    });
    assert_eq!(
        found,
        [
            "tables[0].primary_key",
            "tables[0].columns[0].constraints",
            "relationships[0].from_columns",
            "relationships[0].to_columns",
            "indexes[0].columns"
        ]
    );
}

#[test]
fn a_hundred_problems_are_named_and_it_is_said_that_there_are_more() {
    let spoil = |count: usize| {
        problems(|schema| {
            let one = relationship(("orders", "customer_id"), ("nowhere", "id"));
            schema.relationships = (0..count)
                .map(|number| Relationship {
                    to_table: format!("nowhere_{number}"),
                    ..one.clone()
                })
                .collect();
        })
    };
    let few = spoil(MAX_PROBLEMS - 1);
    assert_eq!(few.len(), MAX_PROBLEMS - 1);
    assert!(few.iter().all(|problem| problem.field != "tables"));
    let many = spoil(20 * MAX_PROBLEMS);
    assert_eq!(many.len(), MAX_PROBLEMS + 1);
    assert_eq!(many[MAX_PROBLEMS].field, "tables");
    assert!(many[MAX_PROBLEMS].message.contains("may be more"));
}

#[test]
fn a_fault_quotes_no_more_than_a_line_of_a_name() {
    let long = "x".repeat(100_000);
    let found = problems(|schema| {
        schema.tables[0].name = long.clone();
        schema.tables[0].source.csv_id = long.clone();
        schema.tables[0].primary_key = vec![long.clone()];
        schema.tables[1].columns[0].source_column = Some(long.clone());
        schema.tables[1].columns[1].references = Some(Reference {
            table: long.clone(),
            column: long.clone(),
        });
        schema.relationships[0].to_columns = vec![long.clone()];
        schema.indexes[0].table = long.clone();
    });
    assert!(found.len() > 5, "{found:?}");
    for problem in found {
        assert!(problem.message.len() < 1_000, "{}", problem.field);
    }
}

#[test]
fn a_schema_as_large_as_allowed_is_sound() {
    let (mut schema, mut sources) = shop();
    let names: Vec<String> = (0..bounds::MAX_COLUMNS).map(|n| format!("c{n}")).collect();
    let columns: Vec<(&str, ColumnType)> = names
        .iter()
        .map(|name| (name.as_str(), ColumnType::Text))
        .collect();
    sources.push(source("w1", "wide.csv", &columns));
    let own = columns
        .iter()
        .map(|(name, column_type)| column(name, *column_type, &[UNIQUE]));
    schema
        .tables
        .push(table("w1", "wide", &["c0"], own.collect()));
    for n in 1..bounds::MAX_COLUMNS {
        for to in [0, n - 1] {
            schema
                .relationships
                .push(relationship(("wide", &names[n]), ("wide", &names[to])));
        }
    }
    schema.relationships.remove(1);
    assert_eq!(validate(&schema, &sources), []);
}

#[test]
fn every_one_of_many_files_may_have_its_table() {
    let ids: Vec<String> = (0..=bounds::MAX_TABLES).map(|n| format!("f{n}")).collect();
    let sources: Vec<Source> = ids
        .iter()
        .map(|id| source(id, id, &[("a", ColumnType::Text)]))
        .collect();
    let tables = ids
        .iter()
        .map(|id| table(id, id, &[], vec![column("a", ColumnType::Text, &[])]))
        .collect();
    let schema = Schema {
        tables,
        ..Schema::default()
    };
    assert_eq!(validate(&schema, &sources), []);
}

/// The faults of a shop whose texts are spoilt.
fn faults(spoil: impl FnOnce(&mut Schema)) -> Vec<String> {
    problems(spoil)
        .into_iter()
        .map(|problem| format!("{}: {}", problem.field, problem.message))
        .collect()
}

type Spoil = Box<dyn FnOnce(&mut Schema, String)>;

#[test]
fn h30_each_text_of_a_schema_is_bounded_and_the_fault_names_it() {
    let rival = |text: String| crate::model::Rival {
        table: text,
        columns: Vec::new(),
        confidence: 0.1,
        reason: String::new(),
    };
    let suggestion = || crate::model::Suggestion {
        id: "1".into(),
        kind: "split_table".into(),
        title: "t".into(),
        evidence: serde_json::Value::Null,
        patch: serde_json::Value::Null,
    };
    let cases: Vec<(&str, usize, Spoil)> = vec![
        (
            "reasoning",
            texts::MAX_REASONING_CHARS,
            Box::new(|schema, text| schema.reasoning = text),
        ),
        (
            "tables[1].description",
            texts::MAX_DESCRIPTION_CHARS,
            Box::new(|schema, text| schema.tables[1].description = Some(text)),
        ),
        (
            "tables[0].columns[1].description",
            texts::MAX_DESCRIPTION_CHARS,
            Box::new(|schema, text| schema.tables[0].columns[1].description = Some(text)),
        ),
        (
            "relationships[0].evidence.reasons[0]",
            texts::MAX_LINE_CHARS,
            Box::new(|schema, text| schema.relationships[0].evidence.reasons = vec![text]),
        ),
        (
            "relationships[0].evidence.orphan_samples[0]",
            texts::MAX_LINE_CHARS,
            Box::new(|schema, text| schema.relationships[0].evidence.orphan_samples = vec![text]),
        ),
        (
            "relationships[0].evidence.rivals[0].table",
            texts::MAX_WORD_CHARS,
            Box::new(move |schema, text| {
                schema.relationships[0].evidence.rivals = vec![rival(text)];
            }),
        ),
        (
            "suggestions[0].title",
            texts::MAX_LINE_CHARS,
            Box::new(move |schema, text| {
                schema.suggestions = vec![crate::model::Suggestion {
                    title: text,
                    ..suggestion()
                }];
            }),
        ),
    ];
    for (field, most, spoil) in cases {
        // Two bytes a letter: characters count, not bytes.
        let fits = "ä".repeat(most);
        let (mut schema, sources) = shop();
        spoil(&mut schema, fits.clone());
        assert_eq!(validate(&schema, &sources), [], "{field}");
        let text = serde_json::to_string(&schema)
            .unwrap()
            .replace(&fits, &format!("{fits}ä"));
        let found = validate(&serde_json::from_str(&text).unwrap(), &sources);
        assert_eq!(found.len(), 1, "{field}: {found:?}");
        assert_eq!(found[0].field, field);
        assert!(found[0].message.contains("characters, more than"));
    }
}

#[test]
fn h30_the_json_of_a_suggestion_and_the_number_of_entries_are_bounded() {
    let big = serde_json::json!({"x": "y".repeat(texts::MAX_JSON_BYTES)});
    let one = crate::model::Suggestion {
        id: "1".into(),
        kind: "k".into(),
        title: "t".into(),
        evidence: serde_json::Value::Null,
        patch: big,
    };
    let found = faults(|schema| schema.suggestions = vec![one.clone()]);
    assert!(
        matches!(found.as_slice(), [only] if only.starts_with("suggestions[0].patch: ")),
        "{found:?}"
    );
    let small = crate::model::Suggestion {
        patch: serde_json::Value::Null,
        ..one
    };
    let found = faults(|schema| {
        schema.suggestions = vec![small; texts::MAX_ENTRIES + 1];
        schema.relationships[0].evidence.reasons = vec!["r".into(); texts::MAX_ENTRIES + 1];
    });
    assert_eq!(
        found,
        [
            "relationships[0].evidence.reasons: 101 entries, more than the 100 allowed",
            "suggestions: 101 entries, more than the 100 allowed"
        ]
    );
}

#[test]
fn h31_texts_that_each_fit_are_bounded_together() {
    let found = faults(|schema| {
        let line = "x".repeat(texts::MAX_LINE_CHARS);
        let one = &mut schema.relationships[0];
        one.evidence.reasons = vec![line; texts::MAX_ENTRIES];
        schema.relationships = vec![one.clone(); 11];
    });
    assert!(
        matches!(found.as_slice(), [only] if only.starts_with("tables: the whole schema has 1")),
        "{found:?}"
    );
}

#[test]
fn h32_what_the_service_writes_itself_is_cut_to_what_it_accepts() {
    let (mut schema, sources) = shop();
    schema.reasoning = "ä".repeat(texts::MAX_REASONING_CHARS + 1);
    let evidence = &mut schema.relationships[0].evidence;
    evidence.reasons = vec!["ö".repeat(texts::MAX_LINE_CHARS + 1); texts::MAX_ENTRIES + 1];
    crate::fit_texts(&mut schema);
    assert_eq!(validate(&schema, &sources), []);
    assert!(schema.reasoning.ends_with("ä…"));
    assert_eq!(schema.reasoning.chars().count(), texts::MAX_REASONING_CHARS);
    assert_eq!(
        schema.relationships[0].evidence.reasons.len(),
        texts::MAX_ENTRIES
    );
}

#[test]
fn h40_names_with_characters_that_are_not_shown_are_refused() {
    for hidden in [
        '\u{202e}',
        '\u{2066}',
        '\u{200b}',
        '\u{200d}',
        '\u{feff}',
        '\u{e0041}',
        '\u{ad}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{7}',
        '\u{85}',
    ] {
        let code = format!("(U+{:04X})", u32::from(hidden));
        let found = faults(|schema| {
            schema.tables[0].columns[1].name = format!("na{hidden}me");
        });
        assert!(
            found.iter().any(|fault| fault.contains(&code)
                && fault.starts_with("tables[0].columns[1].name: the name contains a c")),
            "{hidden:?}: {found:?}"
        );
        let found = faults(|schema| schema.tables[1].name = format!("x{hidden}y"));
        assert!(
            found
                .iter()
                .any(|fault| fault.starts_with("tables[1].name: ") && fault.contains(&code)),
            "{hidden:?}: {found:?}"
        );
    }
    assert_eq!(crate::ident::fault("größe_名前_é"), None);
}
