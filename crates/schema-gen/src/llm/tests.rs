#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use serde_json::json;

use super::*;
use crate::testing::{Files, arrows};
use crate::{Schema, create_statements, validate};

const ROOMS: &str = "room_id,title\n1,Blue\n2,Green\n3,Red\n";
const LOANS: &str = "loan_id,,room_id,cls\n10,a,1,2\n11,b,3,2\n12,c,1,4\n";

fn files() -> (Files, Schema) {
    let files = Files::new(&[("loans.csv", LOANS), ("rooms.csv", ROOMS)]);
    let schema = files.schema();
    (files, schema)
}

fn piece(schema: &Schema, id: &str) -> Piece {
    let mut pieces = plan(schema).into_iter();
    pieces.find(|piece| piece.id == id).unwrap()
}

/// What becomes of an answer to a piece where nobody has changed anything.
fn taken(id: &str, answer: &str) -> Merged {
    let (files, schema) = files();
    let merged = merge(
        &piece(&schema, id),
        &schema,
        &schema,
        &files.sources,
        answer,
    )
    .unwrap();
    assert_eq!(validate(&merged.schema, &files.sources), []);
    merged
}

fn refusals(merged: &Merged) -> Vec<(&str, &str)> {
    let changes = merged.changes.iter();
    changes
        .filter_map(|change| Some((change.value.as_str(), change.refused.as_deref()?)))
        .collect()
}

#[test]
fn a_table_comes_with_its_unclear_columns() {
    let (_, schema) = files();
    let ids: Vec<String> = plan(&schema).into_iter().map(|piece| piece.id).collect();
    assert_eq!(ids, ["rows:loans", "columns:loans:1", "rows:rooms"]);
    let columns = piece(&schema, "columns:loans:1").columns;
    let names: Vec<&str> = columns.iter().map(|place| place.name.as_str()).collect();
    assert_eq!(names, ["column_2", "cls"]);
}

#[test]
fn the_questions_in_full() {
    let (files, schema) = files();
    let told: Vec<String> = plan(&schema)
        .iter()
        .filter_map(|piece| question(piece, &schema, &files.sources))
        .map(|question| {
            format!(
                "{}\n---\n{}\n---\n{}, {} tokens",
                question.system, question.user, question.format, question.max_tokens
            )
        })
        .collect();
    insta::assert_snapshot!(told.join("\n=====\n"));
}

#[test]
fn questions_begin_alike_and_two_of_one_table_as_far_as_the_table_goes() {
    let (files, schema) = files();
    let ask = |id: &str| question(&piece(&schema, id), &schema, &files.sources).unwrap();
    let (rows, columns) = (ask("rows:loans"), ask("columns:loans:1"));
    let table = prompt::told(&schema.tables[0], &schema, &files.sources);
    for question in [&rows, &columns, &ask("rows:rooms")] {
        assert_eq!(question.system, rows.system);
    }
    assert!(rows.user.starts_with(&table) && columns.user.starts_with(&table));
    assert_ne!(rows.user, columns.user);
}

#[test]
fn a_question_about_a_wide_table_of_long_texts_stays_small() {
    let heads: Vec<String> = (0..300)
        .map(|n| format!("{}_{n}", "x".repeat(60)))
        .collect();
    let cells = vec!["word ".repeat(60); 300].join(",");
    let text = format!("{}\n{cells}\n{cells}\n", heads.join(","));
    let files = Files::new(&[("wide.csv", &text)]);
    let schema = files.schema();
    let pieces = plan(&schema);
    assert!(pieces.len() > 3, "{}", pieces.len());
    for piece in pieces {
        let Some(question) = question(&piece, &schema, &files.sources) else {
            continue;
        };
        let size = question.system.len() + question.user.len();
        assert!(size < 3_000, "{}: {size}", piece.id);
        assert!(question.max_tokens < 150, "{}", piece.id);
    }
}

#[test]
fn the_plan_of_many_tables_is_bounded() {
    let (_, mut schema) = files();
    let table = schema.tables[1].clone();
    schema.tables = (0..500)
        .map(|n| crate::model::Table {
            name: format!("t{n}"),
            ..table.clone()
        })
        .collect();
    assert_eq!(plan(&schema).len(), 40);
}

#[test]
fn a_table_is_described() {
    let merged = taken("rows:rooms", r#"```json {"row": "A room  to\nlend."} ```"#);
    let rooms = merged.schema.table("rooms").unwrap();
    assert_eq!(rooms.description.as_deref(), Some("A room to lend."));
    assert_eq!(merged.changes[0].refused, None);
}

#[test]
fn what_a_person_has_said_meanwhile_stays() {
    let (files, schema) = files();
    let mut now = schema.clone();
    now.tables[1].description = Some("Ours.".to_owned());
    let answer = r#"{"row": "A room."}"#;
    let rows = piece(&schema, "rows:rooms");
    let merged = merge(&rows, &schema, &now, &files.sources, answer).unwrap();
    assert_eq!(merged.schema, now);
    assert_eq!(
        refusals(&merged),
        [("A room.", "you have changed it meanwhile")]
    );
    // And what they have said before is not asked about.
    assert_eq!(question(&rows, &now, &files.sources), None);
}

#[test]
fn a_renamed_table_and_column_are_found_again() {
    let (files, schema) = files();
    let mut now = schema.clone();
    now.tables[0].name = "lendings".to_owned();
    now.tables[0].columns[3].name = "pieces".to_owned();
    now.relationships.clear();
    now.indexes.clear();
    let answer = r#"{"column_2": "kind of loan", "cls": "how many"}"#;
    let columns = piece(&schema, "columns:loans:1");
    let merged = merge(&columns, &schema, &now, &files.sources, answer).unwrap();
    let loans = merged.schema.table("lendings").unwrap();
    assert_eq!(loans.columns[1].name, "kind_of_loan");
    assert_eq!(loans.columns[3].name, "pieces");
    assert_eq!(loans.columns[3].description.as_deref(), Some("how many"));
}

#[test]
fn what_was_left_out_meanwhile_is_not_brought_back() {
    let (files, schema) = files();
    let mut now = schema.clone();
    now.tables.remove(0);
    now.relationships.clear();
    now.indexes.clear();
    let columns = piece(&schema, "columns:loans:1");
    let merged = merge(
        &columns,
        &schema,
        &now,
        &files.sources,
        r#"{"cls": "how many"}"#,
    )
    .unwrap();
    assert_eq!((merged.schema, merged.changes), (now.clone(), vec![]));
    assert_eq!(question(&columns, &now, &files.sources), None);
}

#[test]
fn a_column_without_a_heading_gets_a_name_and_others_keep_theirs() {
    let merged = taken(
        "columns:loans:1",
        r#"{"column_2": "loan kind", "cls": "Number of rooms."}"#,
    );
    let loans = merged.schema.table("loans").unwrap();
    let names: Vec<&str> = loans.columns.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(names, ["loan_id", "loan_kind", "room_id", "cls"]);
    assert_eq!(
        loans.columns[3].description.as_deref(),
        Some("Number of rooms")
    );
    assert!(create_statements(&merged.schema)[0].contains("loan_kind"));
}

#[test]
fn the_key_and_the_references_of_a_named_column_follow() {
    let files = Files::new(&[
        ("loans.csv", "loan_id,room\n10,1\n11,3\n12,1\n"),
        ("rooms.csv", "column_1,title\n1,Blue\n2,Green\n3,Red\n"),
    ]);
    let mut schema = files.schema();
    schema.tables[1].primary_key = vec!["column_1".to_owned()];
    schema.relationships = vec![crate::testing::relationship(
        ("loans", "room"),
        ("rooms", "column_1"),
    )];
    let change = Change {
        what: What::Name,
        table: "rooms".to_owned(),
        column: Some("column_1".to_owned()),
        value: "number".to_owned(),
        refused: None,
    };
    assert!(apply(&mut schema, &change));
    assert_eq!(schema.tables[1].primary_key, ["number"]);
    assert_eq!(arrows(&schema), ["loans.room -> rooms.number"]);
    // A second time there is no such column.
    assert!(!apply(&mut schema, &change));
}

#[test]
fn keys_and_references_stay_whatever_is_said() {
    let (_, schema) = files();
    for (id, answer) in [
        (
            "rows:loans",
            json!({"row": "x", "label": "title", "primary_key": [], "relationships": []}),
        ),
        (
            "columns:loans:1",
            json!({"cls": "pieces", "room_id": "nothing", "loan_id": "no key"}),
        ),
    ] {
        let merged = taken(id, &answer.to_string()).schema;
        assert_eq!(arrows(&merged), arrows(&schema), "{id}");
        for (one, other) in merged.tables.iter().zip(&schema.tables) {
            assert_eq!(one.primary_key, other.primary_key, "{id}");
            assert_eq!(one.columns.len(), other.columns.len(), "{id}");
        }
    }
}

#[test]
fn a_label_that_does_not_tell_rows_apart_is_refused() {
    let text = crate::testing::file("number,colour,place", 40, |n| {
        format!("{n},{},P{n}", if n % 2 == 0 { "red" } else { "blue" })
    });
    let files = Files::new(&[("boxes.csv", &text)]);
    let schema = files.schema();
    let rows = piece(&schema, "rows:boxes");
    let said = |label: &str| {
        let answer = json!({"row": "", "label": label}).to_string();
        merge(&rows, &schema, &schema, &files.sources, &answer).unwrap()
    };
    let merged = said("place");
    assert_eq!(merged.schema.tables[0].label.as_deref(), Some("place"));
    for (label, why) in [
        ("colour", "it has 2 different values in 40 rows"),
        ("number", "it holds no words of its own"),
        ("nothing", "there is no such column"),
    ] {
        let merged = said(label);
        assert_eq!(merged.schema, schema);
        assert_eq!(refusals(&merged), [(label, why)]);
    }
}

#[test]
fn a_word_that_may_mean_something_else_is_refused() {
    let merged = taken("columns:loans:1", r#"{"cls": "Class"}"#);
    assert_eq!(merged.schema.tables[0].columns[3].words, ["class"]);
    for (word, why) in [
        ("loan", "it may mean loans"),
        ("title", "it may mean rooms.title"),
        ("a;b", "it is no word"),
    ] {
        let merged = taken("columns:loans:1", &json!({"cls": word}).to_string());
        assert!(merged.schema.tables[0].columns[3].words.is_empty());
        assert_eq!(refusals(&merged), [(word, why)]);
    }
}

#[test]
fn a_description_that_copies_a_row_is_refused() {
    let text = "name,town\nJan Berg,Berlin\nElif Haas,Oslo\n";
    let files = Files::new(&[("people.csv", text)]);
    let schema = files.schema();
    let answer = r#"{"row": "Jan Berg of Berlin"}"#;
    let rows = piece(&schema, "rows:people");
    let merged = merge(&rows, &schema, &schema, &files.sources, answer).unwrap();
    assert_eq!(
        refusals(&merged),
        [("Jan Berg of Berlin", "it repeats values of the file")]
    );
    let answer = r#"{"row": "Somebody who may live in Berlin"}"#;
    let merged = merge(&rows, &schema, &schema, &files.sources, answer).unwrap();
    assert_eq!(refusals(&merged), []);
}

#[test]
fn what_the_model_says_is_part_of_the_meaning_as_the_models() {
    use crate::meaning::{ColumnStats, Origin, derive};
    let (_, mut schema) = files();
    schema.tables[0].columns[3].words = vec!["class".to_owned()];
    schema.tables[0].label = Some("column_2".to_owned());
    let stats: Vec<Vec<ColumnStats>> = schema
        .tables
        .iter()
        .map(|table| vec![ColumnStats::default(); table.columns.len()])
        .collect();
    let meaning = derive(&schema, &stats);
    let loans = meaning.table("loans").unwrap();
    assert_eq!(loans.label, ["column_2"]);
    assert_eq!(loans.label_source, Origin::Model);
    let rooms = meaning.table("rooms").unwrap();
    assert_eq!(loans.columns[3].words[0].word, "class");
    assert_eq!(loans.columns[3].words[0].source, Origin::Model);
    assert_eq!(rooms.label_source, Origin::Data);
}

#[test]
fn what_is_not_the_json_asked_for_is_an_error() {
    let (files, schema) = files();
    for piece in plan(&schema) {
        for answer in ["", "Sure! Here it is:", "[1,2]", "{\"row\": 3, \"", "null"] {
            let merged = merge(&piece, &schema, &schema, &files.sources, answer);
            assert!(
                matches!(merged, Err(AnswerError::NotJson(_))),
                "{}: {answer}",
                piece.id
            );
        }
    }
}

#[test]
fn h32_long_answers_are_cut_and_the_schema_stays_sound() {
    let long = "talk ".repeat(5_000);
    let merged = taken("rows:rooms", &json!({"row": long}).to_string());
    let description = merged.schema.tables[1].description.as_ref().unwrap();
    assert_eq!(description.chars().count(), 160);
    let merged = taken(
        "columns:loans:1",
        &json!({"column_2": long, "cls": long}).to_string(),
    );
    for change in &merged.changes {
        assert!(change.value.chars().count() <= 80, "{:?}", change.what);
    }
}

#[test]
fn h32_an_answer_of_many_keys_changes_only_what_was_asked() {
    let many: serde_json::Map<String, serde_json::Value> = (0..5_000)
        .map(|n| (format!("column_{n}"), json!("thing")))
        .collect();
    let merged = taken(
        "columns:loans:1",
        &serde_json::Value::Object(many).to_string(),
    );
    assert_eq!(merged.changes.len(), 2);
    assert!(merged.changes.iter().all(|change| change.table == "loans"));
}

#[test]
fn h40_a_models_names_and_descriptions_have_no_hidden_characters() {
    let merged = taken(
        "rows:rooms",
        &json!({"row": "Ro\u{202e}om\u{200b}."}).to_string(),
    );
    assert_eq!(
        merged.schema.tables[1].description.as_deref(),
        Some("Room.")
    );
    let merged = taken(
        "columns:loans:1",
        &json!({"column_2": "ki\u{2066}nd\u{feff}", "cls": "x"}).to_string(),
    );
    assert_eq!(merged.schema.tables[0].columns[1].name, "kind");
    let merged = taken(
        "columns:loans:1",
        &json!({"column_2": "x\");DROP TABLE t;--"}).to_string(),
    );
    assert_eq!(merged.schema.tables[0].columns[1].name, "x_drop_table_t");
}
