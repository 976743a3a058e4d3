#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::fmt::Write;

use crate::testing::{Files, arrows};

const EVENTS: &str =
    "event_code,title\nE1,Autumn Concert\nE2,Winter Ball\nE3,Spring Fair\nE4,Summer Night\n";

/// Sales of four events; `title` gives the number of the event whose title stands beside the code of another.
fn sales(title: impl Fn(usize) -> usize) -> String {
    let titles = [
        "Autumn Concert",
        "Winter Ball",
        "Spring Fair",
        "Summer Night",
    ];
    let mut text = "order_no,event_code,event_title\n".to_owned();
    for row in 0..40 {
        let event = row % 4;
        let title = titles[title(event)];
        writeln!(text, "{},E{},{title}", row + 1, event + 1).unwrap();
    }
    text
}

#[test]
fn a_title_copied_beside_its_code_is_no_reference() {
    let sales = sales(|event| event);
    let files = Files::new(&[("sales.csv", &sales), ("events.csv", EVENTS)]);
    assert_eq!(
        arrows(&files.schema()),
        ["sales.event_code -> events.event_code"]
    );
}

#[test]
fn a_title_of_another_row_is_one() {
    let sales = sales(|event| (event + 1) % 4);
    let files = Files::new(&[("sales.csv", &sales), ("events.csv", EVENTS)]);
    assert_eq!(
        arrows(&files.schema()),
        [
            "sales.event_code -> events.event_code",
            "sales.event_title -> events.title"
        ]
    );
}
