#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Files, arrows};
use crate::{Schema, validate};

const ROOMS: &str = "room_id,title\n1,Blue\n2,Green\n3,Red\n";
const LOANS: &str = "loan_id,chamber,stars\n10,1,1\n11,3,2\n12,1,3\n";

fn files() -> (Files, Schema) {
    let files = Files::new(&[("loans.csv", LOANS), ("rooms.csv", ROOMS)]);
    let schema = files.schema();
    (files, schema)
}

fn merge(answer: &str) -> Result<(Schema, Vec<Change>), ProposalError> {
    let (files, schema) = files();
    let merged = merge_proposal(&schema, &files.sources, answer, &|| true)?;
    assert_eq!(validate(&merged.0, &files.sources), []);
    Ok(merged)
}

fn reference(from: &str, to: &str) -> String {
    let (from_table, from_column) = from.split_once('.').unwrap();
    let (to_table, to_column) = to.split_once('.').unwrap();
    json!({"tables": [], "reasoning": "", "relationships": [{
        "from_table": from_table, "from_column": from_column,
        "to_table": to_table, "to_column": to_column,
    }]})
    .to_string()
}

#[test]
fn the_prompt_shows_names_types_and_examples() {
    let (files, schema) = files();
    let (system, user) = proposal_prompt(&schema, &files.sources);
    insta::assert_snapshot!(format!("{system}\n---\n{user}"));
}

#[test]
fn a_reference_that_the_data_contradict_is_refused() {
    let (schema, changes) = merge(&reference("loans.loan_id", "rooms.room_id")).unwrap();
    assert!(arrows(&schema).is_empty());
    assert!(!changes[0].accepted);
    assert!(
        changes[0].message.contains("values are missing"),
        "{changes:?}"
    );
}

#[test]
fn a_reference_that_fits_by_accident_is_refused() {
    let (schema, changes) = merge(&reference("loans.stars", "rooms.room_id")).unwrap();
    assert!(arrows(&schema).is_empty());
    assert!(
        changes[0].message.contains("speak against it"),
        "{changes:?}"
    );
}

#[test]
fn a_reference_to_nowhere_is_refused() {
    let (_, changes) = merge(&reference("loans.nothing", "rooms.room_id")).unwrap();
    assert_eq!(
        changes[0].message,
        "loans.nothing -> rooms.room_id was refused: loans has no column nothing"
    );
}

#[test]
fn descriptions_are_taken_and_clear_names_are_kept() {
    let answer = r#"```json
    {"tables":[{"table":"rooms","description":"Rooms  to\nlend.","columns":
    [{"column":"title","new_name":"label","description":"What it is called"}]}],"relationships":[],"reasoning":"Loans."}
    ```"#;
    let (schema, changes) = merge(answer).unwrap();
    let rooms = schema.table("rooms").unwrap();
    assert_eq!(rooms.description.as_deref(), Some("Rooms to lend."));
    assert_eq!(rooms.columns[1].name, "title");
    assert!(
        schema
            .reasoning
            .ends_with("The language model adds: Loans.")
    );
    let refused: Vec<&str> = changes
        .iter()
        .filter(|change| !change.accepted)
        .map(|change| change.message.as_str())
        .collect();
    assert_eq!(refused, ["rooms.title keeps its name: the file gives one"]);
}

#[test]
fn columns_without_a_heading_get_the_name_the_model_finds() {
    let files = Files::new(&[
        ("rooms.csv", ROOMS),
        ("loans.csv", "loan_id,,room_id\n10,a,1\n11,b,3\n12,c,1\n"),
    ]);
    let schema = files.schema();
    let answer = r#"{"tables":[{"table":"loans","columns":[{"column":"column_2","new_name":"x\"); DROP TABLE t;--"}]}]}"#;
    let (merged, _) = merge_proposal(&schema, &files.sources, answer, &|| true).unwrap();
    assert_eq!(
        merged.table("loans").unwrap().columns[1].name,
        "x_DROP_TABLE_t"
    );
    assert_eq!(validate(&merged, &files.sources), []);
}

#[test]
fn what_is_not_json_is_an_error() {
    for answer in ["", "Sure! Here is the schema:", "{\"tables\": 3}", "[1,2]"] {
        assert!(
            matches!(merge(answer), Err(ProposalError::NotJson(_))),
            "{answer}"
        );
    }
}

#[test]
fn h32_a_proposal_of_long_texts_is_cut_and_stays_sound() {
    let long = "talk ".repeat(5_000);
    let answer = json!({
        "tables": [{"table": "rooms", "description": long, "new_name": long,
            "columns": [{"column": "title", "description": long, "new_name": long}]}],
        "relationships": [{"from_table": long, "from_column": long, "to_table": long, "to_column": long}],
        "reasoning": long,
    });
    let (schema, changes) = merge(&answer.to_string()).unwrap();
    let rooms = schema.table("rooms").unwrap();
    let length = |text: &Option<String>| text.as_ref().unwrap().chars().count();
    assert_eq!(length(&rooms.description), 300);
    assert_eq!(length(&rooms.columns[1].description), 300);
    assert!(schema.reasoning.len() < 3_000);
    assert!(changes.len() >= 4);
    for change in changes {
        assert!(change.message.chars().count() <= 300, "{}", change.kind);
    }
}

#[test]
fn h32_many_proposals_of_one_answer_do_not_add_up() {
    let (files, mut schema) = files();
    schema.reasoning = "x".repeat(99_999);
    let answer = r#"{"tables":[],"relationships":[],"reasoning":"And this."}"#;
    let (merged, _) = merge_proposal(&schema, &files.sources, answer, &|| true).unwrap();
    assert_eq!(merged.reasoning.chars().count(), 100_000);
    assert_eq!(validate(&merged, &files.sources), []);
}

#[test]
fn h40_a_models_names_and_descriptions_have_no_hidden_characters() {
    let files = Files::new(&[("loans.csv", "loan_id,,room_id\n10,a,1\n11,b,3\n12,c,1\n")]);
    let answer = json!({"tables": [{"table": "loans", "description": "Bo\u{202e}oks\u{200b}.",
        "columns": [{"column": "column_2", "new_name": "boo\u{2066}k\u{feff}"}]}]});
    let (merged, _) = merge_proposal(
        &files.schema(),
        &files.sources,
        &answer.to_string(),
        &|| true,
    )
    .unwrap();
    let loans = merged.table("loans").unwrap();
    assert_eq!(loans.columns[1].name, "book");
    assert_eq!(loans.description.as_deref(), Some("Books."));
}
