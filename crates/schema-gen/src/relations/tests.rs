#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::fmt::Write;

use crate::testing::{Files, arrows, file};

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

#[test]
fn a_part_that_persons_play_refers_to_them_though_it_is_called_no_id() {
    let readers = file("reader_id,first_name,last_name,guardian", 60, |at| {
        let guardian = if at % 4 == 0 {
            (7_001 + (at * 7) % 60).to_string()
        } else {
            String::new()
        };
        format!("{},Ada{at},Berg{},{guardian}", 7_001 + at, at % 9)
    });
    let loans = file("loan_id,borrower,renewals", 200, |at| {
        format!("{},{},{}", at + 1, 7_001 + (at * 13) % 60, at % 3)
    });
    let files = Files::new(&[("loans.csv", &loans), ("readers.csv", &readers)]);
    assert_eq!(
        arrows(&files.schema()),
        [
            "loans.borrower -> readers.reader_id",
            "readers.guardian -> readers.reader_id"
        ]
    );
}

#[test]
fn of_two_tables_of_persons_the_one_whose_rows_are_all_met_is_meant() {
    let owners = file("owner_id,first_name,last_name", 120, |at| {
        format!("{},Ada{at},Berg{}", at + 1, at % 9)
    });
    let vets = file("vet_id,full_name,specialty", 12, |at| {
        format!(
            "{},Bo Carl{at},{}",
            at + 1,
            ["eyes", "teeth"][at as usize % 2]
        )
    });
    let visits = file("visit_id,seen_by,minutes", 90, |at| {
        format!("{},{},{}", at + 1, 1 + at % 12, 10 + at % 5)
    });
    let files = Files::new(&[
        ("visits.csv", &visits),
        ("owners.csv", &owners),
        ("vets.csv", &vets),
    ]);
    assert_eq!(arrows(&files.schema()), ["visits.seen_by -> vets.vet_id"]);
}

#[test]
fn who_looks_after_clients_is_none_of_them() {
    let clients = file("client_id,client_name,account_manager", 40, |at| {
        format!("{},Firm {at},{}", at + 1, [3, 5, 8][at as usize % 3])
    });
    let staff = file("staff_id,full_name,hired_on", 12, |at| {
        format!("{},Bo Carl{at},2020-01-{:02}", at + 1, at + 1)
    });
    let files = Files::new(&[("clients.csv", &clients), ("staff.csv", &staff)]);
    assert_eq!(
        arrows(&files.schema()),
        ["clients.account_manager -> staff.staff_id"]
    );
}

#[test]
fn numbers_that_begin_alike_and_things_in_er_refer_to_nobody() {
    let orders = file("order_no,total", 60, |at| {
        format!("{},{}", 100_001 + at, at * 7 % 50)
    });
    let payments = file("receipt_no,paid", 50, |at| {
        format!("{},{}", 100_001 + at, at * 3 % 40)
    });
    let staff = file("staff_id,full_name,hired_on", 12, |at| {
        format!("{},Bo Carl{at},2020-01-{:02}", at + 1, at + 1)
    });
    let lessons = file("lesson_id,chapter,topic", 40, |at| {
        format!("{},{},Topic {at}", at + 1, 1 + at % 12)
    });
    let files = Files::new(&[
        ("orders.csv", &orders),
        ("payments.csv", &payments),
        ("staff.csv", &staff),
        ("lessons.csv", &lessons),
    ]);
    assert_eq!(arrows(&files.schema()), Vec::<String>::new());
}
