//! Plans over a real dataset: whatever is taken away is gone, and whatever is offered runs.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "phenomena/library.rs"]
#[allow(dead_code, reason = "the library is asked more elsewhere")]
mod library;

use agent::reading::plan::{Change, ChipKind, Desk, Document, Plan, PlanError, Wanted};
use agent::reading::{read, sql};
use chrono::NaiveDate;
use library::Library;
use store::dataset::{CancelFlag, Dataset, QueryLimits};

const QUESTIONS: &[&str] = &[
    "How many loans came back late?",
    "late loans per member",
    "share of loans returned on time",
    "Which members have overdue loans?",
    "number of cash, card and transfer payments per month in separate columns",
    "running total of payments by month",
    "total amount of payments by method in 2026",
    "top 2 members by total payments",
    "average number of loans per member",
    "members without loans",
    "number of loans per member including members without loans",
    "which tools have a day rate above the average",
    "list tools with their kind",
    "different towns of members",
    "loans and payments per member",
    "change in number of loans by month",
    "most expensive tool of each kind",
    "members with more than 2 loans",
    "loans this year vs last year",
];

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

/// Runs what comes of the changes; what is refused must say so and not fail.
fn run(library: &Library, document: &Document, change: &Change, said: &str) -> Option<Plan> {
    let known = &library.knowledge;
    let desk = Desk {
        knowledge: known,
        today: today(),
    };
    let query = match desk.changed(Some(document), std::slice::from_ref(change)) {
        Ok(query) => query,
        Err(PlanError::DoesNotFit(_)) => return None,
        Err(error) => panic!("{said}: {error}"),
    };
    let sql = sql::render(&query, &known.data);
    let ran = library
        .dataset
        .query(&sql, QueryLimits::default(), &CancelFlag::default());
    assert!(ran.is_ok(), "{said}: {sql}\n{ran:?}");
    Some(Plan::of(&query, &known.data, &[]))
}

#[test]
fn whatever_is_removed_is_gone_and_the_rest_runs() {
    let library = Library::open();
    let known = &library.knowledge;
    for question in QUESTIONS {
        for candidate in read(question, &known.data, &known.values, today())
            .into_iter()
            .take(3)
        {
            let plan = Plan::of(&candidate.reading.query, &known.data, &[]);
            for chip in plan.chips.iter().filter(|chip| chip.removable) {
                let said = format!("{question} without {}", chip.id);
                let change = Change::Remove(chip.id.clone());
                let after = run(&library, &plan.document, &change, &said);
                let after =
                    after.unwrap_or_else(|| panic!("{said} was refused: {}", candidate.sql));
                assert_ne!(after.document, plan.document, "{said}");
                let same = |one: &&agent::reading::plan::Chip| {
                    one.kind == chip.kind && one.label == chip.label
                };
                let (before, left) = (
                    plan.chips.iter().filter(same).count(),
                    after.chips.iter().filter(same).count(),
                );
                assert!(left < before, "{said}: {:#?}", after.chips);
            }
        }
    }
}

#[test]
fn whatever_is_offered_runs() {
    let library = Library::open();
    let known = &library.knowledge;
    let desk = Desk {
        knowledge: known,
        today: today(),
    };
    let kinds = [
        ChipKind::Shown,
        ChipKind::Measure,
        ChipKind::Group,
        ChipKind::Where,
        ChipKind::Period,
        ChipKind::Order,
        ChipKind::Limit,
    ];
    for question in QUESTIONS {
        let best = read(question, &known.data, &known.values, today());
        let Some(best) = best.into_iter().next() else {
            panic!("{question} is not read");
        };
        let plan = Plan::of(&best.reading.query, &known.data, &[]);
        let places = plan
            .chips
            .iter()
            .filter(|chip| chip.changeable)
            .map(|chip| Wanted::InPlaceOf(&chip.id));
        let added = kinds.iter().map(|&kind| Wanted::Adding(kind));
        for wanted in places.chain(added) {
            let found = desk.choices(Some(&plan.document), wanted, "").unwrap();
            if let Wanted::InPlaceOf(id) = wanted {
                assert!(!found.options.is_empty(), "{question}: {id}");
            }
            for choice in found.options {
                let said = format!("{question}, {wanted:?}: {}", choice.label);
                let after = run(&library, &plan.document, &choice.change, &said);
                assert!(after.is_some(), "{said} was refused: {}", best.sql);
            }
        }
    }
}
