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
    let many = spoil(bounds::MAX_RELATIONSHIPS);
    assert_eq!(many.len(), MAX_PROBLEMS + 1);
    assert_eq!(many[MAX_PROBLEMS].field, "tables");
    assert!(many[MAX_PROBLEMS].message.contains("may be more"));
}

#[test]
fn a_fault_quotes_no_more_than_a_line_of_a_name() {
    let long = "x".repeat(1 << 20);
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
