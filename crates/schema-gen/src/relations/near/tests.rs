#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use crate::Schema;
use crate::model::Evening;
use crate::testing::{Files, arrows, file};

const CODES: [&str; 6] = ["ENG", "FIN", "OPS", "LAW", "MED", "ART"];

/// Departments by code, and sixty of their staff whose code is written in its own way.
fn files(key: impl Fn(&str) -> String, own: impl Fn(u32, &str) -> String) -> Files {
    let departments = file("dept_code,name", 6, |row| {
        let code = CODES[row as usize];
        format!("{},Department {code}", key(code))
    });
    let staff = file("staff_id,dept_code", 60, |row| {
        let code = CODES[row as usize % 6];
        format!("{},{}", row + 1, own(row, code))
    });
    Files::new(&[("departments.csv", &departments), ("staff.csv", &staff)])
}

fn said(schema: &Schema) -> Vec<(&str, &str)> {
    let all = schema.suggestions.iter();
    all.map(|own| (own.kind.as_str(), own.title.as_str()))
        .collect()
}

fn accepted(files: &Files) -> Schema {
    let schema = files.schema();
    assert_eq!(arrows(&schema), Vec::<String>::new());
    let mut changed = crate::normalize::apply(&schema, &schema.suggestions[0]).unwrap();
    changed.suggestions.clear();
    let edited = crate::finish_edit(changed, &files.sources, &|| true).unwrap();
    let losses: u64 = edited
        .forecast
        .tables
        .iter()
        .map(|own| own.quarantined)
        .sum();
    assert_eq!(
        (losses, edited.problems.len()),
        (0, 0),
        "{:?}",
        edited.problems
    );
    edited.schema
}

#[test]
fn a_blank_behind_the_key_is_evened_out_when_that_is_accepted() {
    let files = files(|code| format!("{code} "), |_, code| code.to_owned());
    let schema = files.schema();
    let title = "staff.dept_code refers to departments.dept_code but for blanks";
    assert_eq!(said(&schema), [("even_out", title)]);
    let why = schema.suggestions[0].evidence["why"].to_string();
    assert!(
        why.contains("60 rows would be stored as the key has it"),
        "{why}"
    );
    assert!(why.contains("“ART” becomes “ART ” (10 rows)"), "{why}");

    let schema = accepted(&files);
    let relationship = &schema.relationships[0];
    assert_eq!(relationship.even_out, [Evening::Blanks]);
    let evidence = &relationship.evidence;
    assert_eq!(
        (evidence.distinct, evidence.matched, evidence.orphan_rows),
        (6, 6, 0)
    );
    let forecast = crate::finish_edit(schema, &files.sources, &|| true)
        .unwrap()
        .forecast;
    let evened = &forecast.tables[1].evened[0];
    assert_eq!((evened.column.as_str(), evened.cells), ("dept_code", 60));
    assert_eq!(
        (
            evened.samples[0].text.as_str(),
            evened.samples[0].stored.as_str()
        ),
        ("ENG", "ENG ")
    );
}

#[test]
fn only_what_has_to_count_for_nothing_does() {
    let files = files(str::to_owned, |row, code| match row % 3 {
        0 => code.to_lowercase(),
        _ => code.to_owned(),
    });
    let relationship = accepted(&files).relationships.remove(0);
    assert_eq!(relationship.even_out, [Evening::Case]);
    let reason = &relationship.evidence.reasons[0];
    assert!(
        reason.contains("once letter case counts for nothing"),
        "{reason}"
    );
}

#[test]
fn numbers_that_lost_their_zeros_find_their_codes() {
    let departments = file("dept_code,name", 8, |row| {
        let zeros = if row == 7 {
            "A1".to_owned()
        } else {
            format!("{:03}", row + 1)
        };
        format!("{zeros},Department {row}")
    });
    let staff = file("staff_id,dept_code", 60, |row| {
        format!("{},{}", row + 1, row % 7 + 1)
    });
    let files = Files::new(&[("departments.csv", &departments), ("staff.csv", &staff)]);
    let relationship = accepted(&files).relationships.remove(0);
    assert_eq!(relationship.even_out, [Evening::Zeros]);
    assert_eq!(relationship.evidence.matched, 7);
}

#[test]
fn accents_of_two_characters_meet_those_of_one() {
    let towns = ["Zürich", "Genève", "Köln", "Málaga", "Århus"];
    let decomposed = [
        "Zu\u{308}rich",
        "Gene\u{300}ve",
        "Ko\u{308}ln",
        "Ma\u{301}laga",
        "A\u{30a}rhus",
    ];
    let cities = file("city,country", 5, |row| {
        format!("{},c{row}", towns[row as usize])
    });
    let visits = file("visit_id,city", 50, |row| {
        format!("{},{}", row + 1, decomposed[row as usize % 5])
    });
    let files = Files::new(&[("cities.csv", &cities), ("visits.csv", &visits)]);
    assert_eq!(
        accepted(&files).relationships[0].even_out,
        [Evening::Composition]
    );
}

#[test]
fn keys_that_would_be_the_same_are_left_apart() {
    let departments = "dept_code,name\na1,One\nA1,Two\nb2,Three\nB2,Four\nc3,Five\nd4,Six\n";
    let staff = file("staff_id,dept_code", 60, |row| {
        format!("{},{}", row + 1, ["a1", "B2", "C3", "D4"][row as usize % 4])
    });
    let files = Files::new(&[("departments.csv", departments), ("staff.csv", &staff)]);
    let schema = files.schema();
    assert!(said(&schema).iter().all(|(kind, _)| *kind != "even_out"));
}

#[test]
fn a_reference_that_holds_but_for_spellings_can_be_made_whole() {
    let files = files(str::to_owned, |row, code| match row {
        17 => "eng".to_owned(),
        _ => code.to_owned(),
    });
    let schema = files.schema();
    assert_eq!(
        arrows(&schema),
        ["staff.dept_code -> departments.dept_code"]
    );
    assert_eq!(schema.relationships[0].evidence.orphan_rows, 1);
    let changed = crate::normalize::apply(&schema, &schema.suggestions[0]).unwrap();
    assert_eq!(changed.relationships.len(), 1);
    let edited = crate::finish_edit(changed, &files.sources, &|| true).unwrap();
    assert_eq!(edited.schema.relationships[0].evidence.orphan_rows, 0);
}

#[test]
fn what_matches_is_left_alone() {
    let files = files(str::to_owned, |_, code| code.to_owned());
    let schema = files.schema();
    assert_eq!(arrows(&schema).len(), 1);
    assert_eq!(said(&schema), []);
}

#[test]
fn spellings_of_numbers_cannot_be_evened_out() {
    let customers = file("customer_id,name", 60, |row| format!("{},n{row}", row + 1));
    let orders = file("order_id,customer_id", 90, |row| {
        format!("{},{}", row + 1, row % 60 + 1)
    });
    let files = Files::new(&[("orders.csv", &orders), ("customers.csv", &customers)]);
    let mut schema = files.schema();
    schema.relationships[0].even_out = vec![Evening::Blanks];
    let problems = crate::validate(&schema, &files.sources);
    assert_eq!(problems[0].field, "relationships[0].even_out");
    assert!(
        problems[0].message.contains("only texts have spellings"),
        "{problems:?}"
    );
}

#[test]
fn a_reference_that_many_rows_break_is_proposed_with_what_is_missing() {
    let customers = file("customer_id,name", 50, |row| format!("{},n{row}", row + 1));
    let orders = file("order_id,customer_id", 200, |row| {
        format!("{},{}", row + 1, row % 90 + 1)
    });
    let files = Files::new(&[("orders.csv", &orders), ("customers.csv", &customers)]);
    let schema = files.schema();
    assert_eq!(arrows(&schema), Vec::<String>::new());
    let title = "orders.customer_id refers to customers.customer_id but for 80 of 200 rows";
    assert_eq!(said(&schema), [("almost_reference", title)]);
    let why = schema.suggestions[0].evidence["why"].to_string();
    assert!(why.contains("not there: 51, 52, 53, 54, 55"), "{why}");
    let changed = crate::normalize::apply(&schema, &schema.suggestions[0]).unwrap();
    let edited = crate::finish_edit(changed, &files.sources, &|| true).unwrap();
    assert_eq!(edited.schema.relationships[0].evidence.orphan_rows, 80);
    assert_eq!(edited.forecast.tables[0].quarantined, 0);
}
