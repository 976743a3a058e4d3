//! What people ask of their data beside plain counts and sums, each in more than one wording, as rows of a real dataset.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "phenomena/library.rs"]
mod library;

use std::fmt::Write as _;

use agent::reading::plan::Document;
use agent::reading::{read, sql};
use chrono::NaiveDate;
use library::Library;
use serde_json::{Value as Json, json};
use store::dataset::{CancelFlag, Dataset, QueryLimits};

/// Numbers to six digits: the last ones of a percentile depend on the order of its sums.
fn plain(value: &Json) -> String {
    match value {
        Json::Number(number) => format!("{:.6}", number.as_f64().unwrap()),
        other => other.to_string(),
    }
}

fn table(rows: &[Vec<Json>]) -> Vec<Vec<String>> {
    rows.iter()
        .map(|row| row.iter().map(plain).collect())
        .collect()
}

/// Every reading of the question, kept as a document and read again, has the same statement; what is refused is what the
/// database refuses as well.
fn check_documents(library: &Library, question: &str) {
    let known = &library.knowledge;
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    for candidate in read(question, &known.data, &known.values, today) {
        let document = Document::of(&candidate.reading.query, &known.data);
        let kept: Json = serde_json::from_str(&serde_json::to_string(&document).unwrap()).unwrap();
        let loaded = Document::read(&kept).and_then(|read| read.load(&known.data));
        let loaded = match loaded {
            Ok(loaded) => loaded,
            Err(error) => {
                let (limits, cancel) = (QueryLimits::default(), CancelFlag::default());
                let ran = library.dataset.query(&candidate.sql, limits, &cancel);
                assert!(ran.is_err(), "{question}: {error}\n{kept}");
                continue;
            }
        };
        assert_eq!(
            sql::render(&loaded, &known.data),
            candidate.sql,
            "{question}"
        );
    }
}

/// Each question and the rows of its best reading; all that differ are told together.
fn check(cases: &[(&str, Json)], ordered: bool) {
    let library = Library::open();
    let mut faults = String::new();
    for (question, rows) in cases {
        check_documents(&library, question);
        let wanted: Vec<Vec<Json>> = serde_json::from_value(rows.clone()).unwrap();
        let mut wanted = table(&wanted);
        let Some(found) = library.ask(question) else {
            writeln!(faults, "{question}\n  not read").unwrap();
            continue;
        };
        let mut got = table(&found.rows);
        if !ordered {
            wanted.sort();
            got.sort();
        }
        if got != wanted {
            writeln!(
                faults,
                "{question}\n  want {wanted:?}\n  got  {got:?}\n  by   {}",
                found.sql
            )
            .unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

fn reads(cases: &[(&str, Json)]) {
    check(cases, false);
}

fn reads_in_order(cases: &[(&str, Json)]) {
    check(cases, true);
}

#[test]
fn late_is_what_was_done_after_it_was_due() {
    reads(&[
        ("How many loans came back late?", json!([[5]])),
        ("How many loans were returned late in 2026?", json!([[2]])),
        (
            "late loans per member",
            json!([
                ["Ada Peeters", 1],
                ["Cleo Maes", 1],
                ["Dirk Wouters", 1],
                ["Elke Jacobs", 1],
                ["Hanne Declercq", 1]
            ]),
        ),
    ]);
}

#[test]
fn on_time_is_what_was_done_by_the_day_it_was_due() {
    reads(&[
        ("How many loans were on time?", json!([[7]])),
        ("How many loans were returned punctually?", json!([[7]])),
        // What is still out counts among all.
        ("share of loans returned on time", json!([[43.75]])),
    ]);
}

#[test]
fn overdue_is_what_was_due_before_today_and_is_not_done() {
    reads(&[
        ("How many loans are overdue?", json!([[2]])),
        (
            "Which members have overdue loans?",
            json!([["Ada Peeters"], ["Finn Martens"]]),
        ),
        ("list loans past due", json!([[13], [14]])),
    ]);
}

#[test]
fn values_side_by_side_have_a_column_each() {
    reads(&[
        ("cash and card payments side by side", json!([[4, 4]])),
        (
            "number of cash, card and transfer payments per month in separate columns",
            json!([
                ["2026-01", 1, 1, 0],
                ["2026-02", 1, 1, 0],
                ["2026-03", 1, 1, 1],
                ["2026-04", 1, 0, 1],
                ["2026-05", 0, 1, 0]
            ]),
        ),
        (
            "total amount of cash and card payments by month as columns",
            json!([
                ["2026-01", 25, 40],
                ["2026-02", 15, 60],
                ["2026-03", 20, 35],
                ["2026-04", 10, null],
                ["2026-05", null, 150]
            ]),
        ),
        (
            "saw and drill loans side by side by town",
            json!([["Bruges", 2, 1], ["Ghent", 5, 4], ["Leuven", 0, 2]]),
        ),
    ]);
}

#[test]
fn in_one_year_but_not_in_another() {
    let left = json!([["Bram Claes"], ["Cleo Maes"], ["Dirk Wouters"]]);
    reads(&[
        ("members who borrowed in 2025 but not in 2026", left.clone()),
        (
            "Which members had loans in 2025 but none in 2026?",
            left.clone(),
        ),
        ("members with loans in 2025 but none in 2026", left),
        (
            "Which members borrowed in 2026 but did not in 2025?",
            json!([["Finn Martens"], ["Hanne Declercq"]]),
        ),
        // Every tool of 2026 was out in 2025.
        ("tools with loans in 2026 but not in 2025", json!([])),
    ]);
}

#[test]
fn one_kind_but_never_another() {
    let drills_only = json!([["Cleo Maes"], ["Finn Martens"]]);
    reads(&[
        (
            "members who borrowed a saw but never a drill",
            json!([["Bram Claes"], ["Dirk Wouters"]]),
        ),
        (
            "members who borrowed a drill but never a saw",
            drills_only.clone(),
        ),
        ("members who borrowed a drill but not a saw", drills_only),
        (
            "Which members borrowed a cutter but never a drill?",
            json!([["Dirk Wouters"]]),
        ),
        (
            "Which members have borrowed a saw but never borrowed a drill?",
            json!([["Bram Claes"], ["Dirk Wouters"]]),
        ),
    ]);
}

#[test]
fn spellings_of_one_text_are_one_group_under_the_commonest() {
    let members = json!([["Bruges", 2], ["Ghent", 4], ["Leuven", 2]]);
    reads(&[
        ("members per town", members.clone()),
        ("How many members are there in each town?", members),
        (
            "number of loans by town",
            json!([["Bruges", 5], ["Ghent", 9], ["Leuven", 2]]),
        ),
    ]);
}

#[test]
fn groups_without_rows_stay_where_they_are_asked_for() {
    let by_tool = json!([
        ["Band saw", 2],
        ["Cordless drill", 3],
        ["Hammer drill", 4],
        ["Post digger", 0],
        ["Table saw", 5],
        ["Tile cutter", 2]
    ]);
    let by_member = json!([
        ["Ada Peeters", 3],
        ["Bram Claes", 1],
        ["Cleo Maes", 1],
        ["Dirk Wouters", 0],
        ["Elke Jacobs", 2],
        ["Finn Martens", 1],
        ["Gust Smets", 0],
        ["Hanne Declercq", 2]
    ]);
    reads(&[
        (
            "number of loans per tool, including those with none",
            by_tool.clone(),
        ),
        (
            "How many loans does each tool have, with zeros?",
            by_tool.clone(),
        ),
        ("number of loans for every tool", by_tool),
        ("count of payments for every member", by_member.clone()),
        (
            "How many payments per member, including those without",
            by_member,
        ),
    ]);
}

#[test]
fn a_key_names_the_rows_and_the_largest_group_is_first() {
    reads_in_order(&[
        (
            "lines per owner",
            json!([["Joos", 5], ["Ines", 3], ["Kato", 1]]),
        ),
        (
            "How many lines does each owner have?",
            json!([["Joos", 5], ["Ines", 3], ["Kato", 1]]),
        ),
    ]);
    reads(&[(
        "number of lines by account",
        json!([["cleaning", 2], ["heating", 3], ["rent", 3], ["repairs", 1]]),
    )]);
}

#[test]
fn how_often_counts_rows() {
    reads(&[
        ("how often was a loan late", json!([[5]])),
        ("How often were loans returned late in 2026?", json!([[2]])),
        ("how often did Ada Peeters pay by card", json!([[2]])),
        ("how many times did Elke Jacobs pay", json!([[2]])),
        ("how often was cash paid", json!([[4]])),
        ("how many times was a drill loaned", json!([[7]])),
    ]);
}

#[test]
fn the_busiest_time_has_the_most_rows() {
    reads(&[
        ("busiest weekday for loans", json!([["Monday"]])),
        ("Which weekday had the most loans?", json!([["Monday"]])),
        ("On which weekday are most loans made?", json!([["Monday"]])),
        ("busiest hour for payments", json!([[10]])),
        (
            "What is the busiest hour of the day for payments?",
            json!([[10]]),
        ),
        (
            "What was the busiest month for loans?",
            json!([["2026-05"]]),
        ),
        ("which month had the most loans", json!([["2026-05"]])),
        ("Which month had the most payments?", json!([["2026-03"]])),
        ("quietest month for payments", json!([["2026-05"]])),
    ]);
}

#[test]
fn percentiles_lie_between_the_two_nearest_values() {
    reads(&[
        ("95th percentile of payment amount", json!([[123]])),
        ("p90 of amount", json!([[96]])),
        (
            "What is the 90th percentile of payments amount?",
            json!([[96]]),
        ),
        ("25th percentile for the day rate", json!([[9.5]])),
        (
            "p75 of day rate per kind",
            json!([
                ["cutter", 18],
                ["digger", 11],
                ["drill", 8.375],
                ["saw", 17.125]
            ]),
        ),
    ]);
}

#[test]
fn the_average_one_is_of_those_who_have_any() {
    reads(&[
        (
            "how many loans did the average member take",
            json!([[16.0 / 7.0]]),
        ),
        (
            "How many payments did the average member make?",
            json!([[10.0 / 6.0]]),
        ),
    ]);
}

#[test]
fn a_ratio_has_rows_of_one_table_on_both_sides() {
    reads(&[
        ("ratio of active members to inactive members", json!([[3]])),
        ("ratio of drill loans to cutter loans", json!([[3.5]])),
        (
            "What is the ratio of card payments to transfer payments?",
            json!([[2]]),
        ),
        ("ratio of paid lines to all lines", json!([[5.0 / 9.0]])),
    ]);
}

#[test]
fn this_year_is_known_where_years_span_two() {
    let owners = json!([["Ines", 1500], ["Joos", 4850], ["Kato", 800]]);
    reads(&[
        (
            "lines this fiscal year",
            json!([[106], [107], [108], [109]]),
        ),
        ("How many lines are there this fiscal year?", json!([[4]])),
        ("planned by owner for the current fiscal year", owners),
        ("total planned last fiscal year", json!([[6050]])),
        (
            "planned amount of the previous fiscal year by owner",
            json!([["Ines", 1350], ["Joos", 4700]]),
        ),
    ]);
}

#[test]
fn the_opposite_of_a_flag() {
    let inactive = json!([["Dirk Wouters"], ["Finn Martens"]]);
    reads(&[
        ("inactive members", inactive.clone()),
        ("Which members are not active?", inactive),
        ("How many members are inactive?", json!([[2]])),
        (
            "How many inactive members are there in Leuven?",
            json!([[1]]),
        ),
        ("How many lines are not paid?", json!([[4]])),
    ]);
}

#[test]
fn the_highest_in_the_plural_are_all_that_share_it() {
    let both = json!([["Table saw"], ["Tile cutter"]]);
    reads(&[
        ("Which tools have the highest day rate?", both.clone()),
        ("Which tools have the highest rate?", both.clone()),
        ("What tools share the highest day rate?", both),
        (
            "Which tools have the lowest day rate?",
            json!([["Cordless drill"]]),
        ),
    ]);
}

#[test]
fn a_running_total_of_a_table_adds_up_what_its_rows_bring() {
    let totals = json!([
        ["2026-01", 65],
        ["2026-02", 140],
        ["2026-03", 285],
        ["2026-04", 350],
        ["2026-05", 500]
    ]);
    reads_in_order(&[
        ("running total of payments by month", totals.clone()),
        ("cumulative amount by month", totals.clone()),
        ("running total of payment amounts per month", totals),
    ]);
}

#[test]
fn the_period_before_stands_beside() {
    let amounts = json!([
        ["2026-01", 65, null],
        ["2026-02", 75, 65],
        ["2026-03", 145, 75],
        ["2026-04", 65, 145],
        ["2026-05", 150, 65]
    ]);
    reads_in_order(&[
        (
            "payments by month compared with the previous month",
            json!([
                ["2026-01", 2, null],
                ["2026-02", 2, 2],
                ["2026-03", 3, 2],
                ["2026-04", 2, 3],
                ["2026-05", 1, 2]
            ]),
        ),
        (
            "total amount per month vs the previous month",
            amounts.clone(),
        ),
        ("monthly amount compared to the previous month", amounts),
        (
            "number of loans per month compared with the month before in 2026",
            json!([["2026-02", 1, null], ["2026-05", 5, 1], ["2026-11", 3, 5]]),
        ),
    ]);
}

#[test]
fn a_table_among_figures_is_the_number_of_its_rows() {
    reads(&[
        (
            "by kind: loans and average day rate",
            json!([["cutter", 2, 18], ["drill", 7, 7.75], ["saw", 7, 16.25]]),
        ),
        (
            "by method: number of payments, average amount",
            json!([["card", 4, 71.25], ["cash", 4, 17.5], ["transfer", 2, 72.5]]),
        ),
    ]);
}

#[test]
fn an_average_over_months_is_of_one_figure_for_each() {
    reads(&[
        ("average number of loans per month", json!([[2.285_714]])),
        (
            "how many loans do we have per month on average",
            json!([[2.285_714]]),
        ),
        ("average payments per month", json!([[2]])),
        (
            "average number of payments a month in Q1 2026",
            json!([[2.333_333]]),
        ),
        // Of each borrower, not of all: by name.
        ("average number of loans per member", json!([[2.285_714]])),
    ]);
}

#[test]
fn what_has_no_end_yet_is_open() {
    reads(&[
        ("how many loans are not returned yet", json!([[4]])),
        ("how many loans are outstanding", json!([[4]])),
        ("number of unreturned loans", json!([[4]])),
        ("how many loans were returned in 2025", json!([[7]])),
    ]);
}

#[test]
fn two_periods_stand_beside_each_other() {
    reads(&[
        (
            "number of payments in March 2026 compared with April 2026",
            json!([[3, 2]]),
        ),
        ("total amount in Q1 2026 vs Q2 2026", json!([[285, 215]])),
        (
            "total amount by method in Q1 2026 against Q2 2026",
            json!([["card", 135, 150], ["cash", 60, 10], ["transfer", 90, 55]]),
        ),
    ]);
}

#[test]
fn a_bound_may_come_after_its_noun() {
    let often = json!([["Ada Peeters"], ["Elke Jacobs"], ["Hanne Declercq"]]);
    reads(&[
        ("members with 3 loans or more", often.clone()),
        ("members with 3 or more loans", often),
    ]);
}

#[test]
fn what_lasts_is_measured_from_its_beginning_to_its_end() {
    reads(&[
        ("average duration of a loan in days", json!([[8.583_333]])),
        (
            "how many days does a loan take on average?",
            json!([[8.583_333]]),
        ),
    ]);
}

#[test]
fn rows_refer_to_rows_of_their_own_table() {
    let under_yara = json!([["Britt Evers"], ["Celle Faes"]]);
    let better_paid = json!([["Yara Smits"]]);
    reads(&[
        ("who reports to Yara Smits?", under_yara.clone()),
        ("who works under Yara Smits", under_yara.clone()),
        ("wardens who report to Yara Smits", under_yara),
        ("how many wardens report to Wout Peters", json!([[4]])),
        ("who is the boss of Celle Faes?", json!([["Yara Smits"]])),
        ("Zeno Claes' boss", json!([["Wout Peters"]])),
        ("wardens who earn more than their boss", better_paid.clone()),
        (
            "which wardens have a higher wage than the person they report to?",
            better_paid,
        ),
        ("wardens without a boss", json!([["Wout Peters"]])),
    ]);
}

#[test]
fn several_things_are_told_of_one_extreme_row() {
    reads(&[
        (
            "biggest payment: who paid, when and how much was it?",
            json!([["Ada Peeters", "2026-05-04 11:30:00", 150]]),
        ),
        (
            "what was the second largest payment and who paid it?",
            json!([[90, "Elke Jacobs"]]),
        ),
    ]);
}

#[test]
fn months_that_follow_each_other_are_one_period_of_one_year() {
    reads(&[
        (
            "how many loans went out in April and May 2025",
            json!([[4]]),
        ),
        ("number of payments in Q1 and Q2 of 2026", json!([[10]])),
        ("number of payments in April vs March 2026", json!([[2, 3]])),
        (
            "payments from 30 March to 14 April 2026, just the number",
            json!([[3]]),
        ),
        (
            "number of payments between the 9th and the 30th of March 2026",
            json!([[2]]),
        ),
    ]);
}

#[test]
fn what_lies_ahead_is_sought_where_something_lies_ahead() {
    reads(&[("how many loans are due in the next 14 days", json!([[2]]))]);
}

#[test]
fn a_running_total_may_stand_beside_its_figure() {
    reads_in_order(&[(
        "number of payments per month in 2026 with the running total",
        json!([
            ["2026-01", 2, 2],
            ["2026-02", 2, 4],
            ["2026-03", 3, 7],
            ["2026-04", 2, 9],
            ["2026-05", 1, 10]
        ]),
    )]);
}

#[test]
fn growth_may_stand_beside_its_figure() {
    reads_in_order(&[(
        "total amount of payments by month in 2026 and the growth over the previous month",
        json!([
            ["2026-01", 65, null],
            ["2026-02", 75, 15.384_615],
            ["2026-03", 145, 93.333_333],
            ["2026-04", 65, -55.172_414],
            ["2026-05", 150, 130.769_231]
        ]),
    )]);
}

#[test]
fn a_count_is_compared_with_the_mean_of_all_that_have_any() {
    reads(&[
        (
            "members with more loans than the average member",
            json!([["Ada Peeters"], ["Elke Jacobs"], ["Hanne Declercq"]]),
        ),
        (
            "how many members have more payments than average?",
            json!([[3]]),
        ),
    ]);
}

#[test]
fn the_mean_is_of_those_that_were_named() {
    reads(&[(
        "card payments with an amount above the average card payment",
        json!([[10]]),
    )]);
}

#[test]
fn hours_of_the_day_bound_a_count() {
    reads(&[
        ("how many payments before 10 am", json!([[1]])),
        ("number of payments after 2pm", json!([[3]])),
    ]);
}

#[test]
fn so_many_of_a_kind_are_counted_for_whoever_they_belong_to() {
    reads(&[
        (
            "who made two or more card payments",
            json!([["Ada Peeters"]]),
        ),
        (
            "who has made one or more transfer payments?",
            json!([["Elke Jacobs"], ["Finn Martens"]]),
        ),
    ]);
}

#[test]
fn a_split_has_a_share_for_each() {
    reads(&[(
        "split of payments over methods in percent",
        json!([["card", 40], ["cash", 40], ["transfer", 20]]),
    )]);
}

#[test]
fn endless_lists_of_periods_are_read_to_an_end() {
    let library = Library::open();
    for word in ["q1, ", "the ", "monday ", "july and "] {
        let question = format!("loans in {}", word.repeat(3_900 / word.len()));
        let _ = library.ask(&question);
    }
}

#[test]
fn rows_that_tie_with_the_last_one_are_named() {
    let library = Library::open();
    assert_eq!(
        library.notes("Which tool has the highest day rate?"),
        ["“Tile cutter” ties with it."]
    );
    assert_eq!(
        library.notes("Which tool has the lowest day rate?"),
        Vec::<String>::new()
    );
}

#[test]
fn after_the_last_day_there_is_nothing_and_that_day_is_said() {
    let library = Library::open();
    let question = "payments by method last month";
    assert!(library.refusal(question).is_none());
    assert_eq!(
        library.notes(question),
        ["Nothing is stored after 2026-05-04 (received at)."]
    );
    // What was found needs no such word.
    assert_eq!(
        library.notes("payments by method in 2026"),
        Vec::<String>::new()
    );
}

#[test]
fn a_word_that_says_which_rows_are_meant_is_never_passed_over() {
    let library = Library::open();
    for (question, word) in [
        ("How many members are married?", "married"),
        ("Which tools are electric?", "electric"),
        ("How many members are still single mothers?", "mothers"),
    ] {
        let said = library.refusal(question).unwrap_or_default();
        assert!(said.contains(word), "{question}: {said:?}");
    }
    // What only says that there is a row is.
    assert!(library.refusal("How many loans are recorded?").is_none());
}

#[test]
fn figure_words_are_no_values_and_no_amounts_of_identifiers() {
    assert!(!Library::open().is_answered("sum of loan ids"));
    reads(&[
        (
            "How many budget lines have a note that contains roof?",
            json!([[1]]),
        ),
        ("How many budget lines contain \"year\"?", json!([[3]])),
    ]);
}

#[test]
fn extremes_are_listed_with_other_figures() {
    reads(&[
        (
            "lowest, highest and average day rate",
            json!([[6.5, 18, 12.833_333_333_333_334]]),
        ),
        (
            "minimum and maximum payment amount by method",
            json!([["card", 35, 150], ["cash", 10, 25], ["transfer", 55, 90]]),
        ),
    ]);
}

#[test]
fn so_many_times_or_more() {
    reads(&[
        (
            "which members borrowed 3 times or more",
            json!([["Ada Peeters"], ["Elke Jacobs"], ["Hanne Declercq"]]),
        ),
        (
            "members with 3 or more loans",
            json!([["Ada Peeters"], ["Elke Jacobs"], ["Hanne Declercq"]]),
        ),
    ]);
}

#[test]
fn periods_in_which_no_row_lies_at_once_stand_side_by_side() {
    reads(&[("loans this month vs last month", json!([[3, 0]]))]);
}

#[test]
fn the_largest_first_is_by_the_amount() {
    reads_in_order(&[(
        "list payments over 30, largest first",
        json!([[10], [5], [3], [8], [1], [6]]),
    )]);
}

#[test]
fn either_of_two_conditions() {
    reads(&[
        (
            "names of tools with a day rate over 15 or under 7",
            json!([["Table saw"], ["Tile cutter"], ["Cordless drill"]]),
        ),
        (
            "names of tools whose day rate is 18 or 11",
            json!([["Table saw"], ["Tile cutter"], ["Post digger"]]),
        ),
        (
            "How many loans went out before April 2025 or after October 2026?",
            json!([[5]]),
        ),
        (
            "Which members borrowed before April 2025 or after October 2026?",
            json!([["Ada Peeters"], ["Finn Martens"], ["Hanne Declercq"]]),
        ),
        (
            "How many payments were received in February 2026 or earlier?",
            json!([[4]]),
        ),
    ]);
}

#[test]
fn what_two_kinds_of_rows_have_in_common() {
    reads(&[
        (
            "Which kinds have both tools with a day rate over 15 and tools with a day rate under 15?",
            json!([["saw"]]),
        ),
        (
            "Show the kinds shared by tools with a day rate over 15 and tools with a day rate under 15",
            json!([["saw"]]),
        ),
        (
            "Show the kinds where no tool has a day rate over 10",
            json!([["drill"]]),
        ),
    ]);
}

#[test]
fn names_that_are_shortened_or_run_together() {
    reads(&[
        ("How many key holders are there?", json!([[3]])),
        (
            "Show the first names of the key holders with last name Claes",
            json!([["Mats"]]),
        ),
        ("How many key holders have the zipcode 9000?", json!([[2]])),
        (
            "full names of the key holders",
            json!([["Lien", "Baert"], ["Mats", "Claes"], ["Lien", "Daems"]]),
        ),
    ]);
}

#[test]
fn the_column_stands_inside_the_comparison() {
    reads(&[
        ("How many wardens have a higher wage than 20?", json!([[3]])),
        ("How many wardens are above a wage of 20?", json!([[3]])),
    ]);
}

#[test]
fn what_is_sorted_is_shown_and_what_sorts_is_not() {
    reads_in_order(&[(
        "Sort the names of the wardens by wage in descending order",
        json!([
            ["Yara Smits"],
            ["Wout Peters"],
            ["Anton Daems"],
            ["Xena Maes"],
            ["Zeno Claes"],
            ["Britt Evers"],
            ["Celle Faes"]
        ]),
    )]);
}

#[test]
fn across_all_is_one_figure() {
    reads(&[(
        "average day rate across all tools",
        json!([[12.833_333_333_333_334]]),
    )]);
}

#[test]
fn the_first_and_the_last_time_of_rows() {
    reads(&[
        ("When did the first loan go out?", json!([["2025-03-03"]])),
        ("When was the last loan?", json!([["2026-11-20"]])),
    ]);
}

#[test]
fn a_total_at_the_end_is_of_the_amount() {
    reads(&[("card payments 2026 total", json!([[285]]))]);
}

#[test]
fn how_much_of_something_in_percent_is_a_share() {
    reads(&[(
        "how much of the payment amount is card, in percent",
        json!([[57.0]]),
    )]);
}

#[test]
fn words_that_a_name_contains() {
    reads(&[(
        "tools whose name has the word drill",
        json!([["Hammer drill"], ["Cordless drill"]]),
    )]);
}

#[test]
fn what_belongs_to_a_row_is_told_beside_it() {
    reads(&[(
        "names and kinds of tools with a day rate over 15",
        json!([["Table saw", "saw"], ["Tile cutter", "cutter"]]),
    )]);
}

#[test]
fn what_a_share_is_limited_to_limits_the_whole() {
    let library = Library::open();
    let found = library
        .ask_after("What share of loans came back late?", "only drills")
        .unwrap();
    assert_eq!(table(&found.rows), [["60.000000"]], "{}", found.sql);
}

#[test]
fn what_is_left_out_may_be_said_afterwards() {
    reads(&[
        (
            "total payment amount, cash payments not counted",
            json!([[430]]),
        ),
        (
            "how many payments are there, cash payments excluded",
            json!([[6]]),
        ),
    ]);
}

#[test]
fn a_part_has_a_rate_of_its_whole() {
    reads(&[(
        "scrap rate by material",
        json!([["PETG", 30.0], ["PLA", 10.0]]),
    )]);
}

#[test]
fn one_sum_per_unit_of_another() {
    reads(&[
        (
            "energy cost per kWh by material",
            json!([["PETG", 2.5], ["PLA", 3.75]]),
        ),
        ("total kWh by material", json!([["PETG", 4], ["PLA", 4]])),
        ("cutters per drill", json!([[0.5]])),
    ]);
}

#[test]
fn pieces_are_counted_by_what_was_done_with_them() {
    reads(&[("How many pieces did we make in 2026?", json!([[40]]))]);
}

#[test]
fn one_and_one_more_are_both_meant() {
    reads(&[(
        "members who borrowed a saw and a drill",
        json!([["Ada Peeters"], ["Elke Jacobs"], ["Hanne Declercq"]]),
    )]);
}

#[test]
fn among_figures_a_value_counts_its_rows() {
    reads(&[(
        "per month in 2026: the number of payments, the transfers and the total amount",
        json!([
            ["2026-01", 2, 0, 65],
            ["2026-02", 2, 0, 75],
            ["2026-03", 3, 1, 145],
            ["2026-04", 2, 1, 65],
            ["2026-05", 1, 0, 150]
        ]),
    )]);
}

#[test]
fn a_function_holds_for_all_that_follow() {
    reads(&[(
        "average qty_made and qty_scrap by material",
        json!([["PETG", 10, 3], ["PLA", 15, 1.5]]),
    )]);
}

#[test]
fn what_is_done_the_most_is_done_most_often() {
    reads(&[("Which material was printed the most?", json!([["PLA"]]))]);
}

#[test]
fn i_mean_is_no_average() {
    reads(&[("what did we get, I mean the total amount", json!([[500]]))]);
}

#[test]
fn the_best_row_of_each_group() {
    reads(&[(
        "the most expensive print of each material",
        json!([["PETG", 3], ["PLA", 2]]),
    )]);
}

#[test]
fn above_the_mean_of_their_kind_are_rows() {
    reads(&[(
        "tools with a day rate above the average for their kind",
        json!([["Table saw"], ["Hammer drill"]]),
    )]);
}

#[test]
fn a_mean_per_owner_needs_no_table_of_owners() {
    reads(&[("average number of budget lines per owner", json!([[3]]))]);
}

#[test]
fn the_longest_lasts_from_its_beginning_to_its_end() {
    reads(&[(
        "longest loan ever, and who had it",
        json!([[9, "Elke Jacobs"]]),
    )]);
}
