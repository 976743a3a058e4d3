#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;
use crate::testing::{FakeDataset, knowledge};

struct Desk {
    dataset: FakeDataset,
    knowledge: Knowledge,
}

impl Desk {
    fn new() -> Self {
        let dataset = FakeDataset::default();
        let knowledge = knowledge(&dataset);
        Self { dataset, knowledge }
    }

    fn pool(&self, question: &str, previous: Option<&Answer>) -> Pool<'_> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let asked = Asked {
            question,
            previous,
            today,
            limits: QueryLimits::default(),
        };
        Pool::gather(
            asked,
            &self.knowledge,
            &self.dataset,
            &CancelFlag::default(),
        )
        .unwrap()
    }

    fn unanswered(&self, question: &str) -> Unanswered {
        let asked = Asked {
            question,
            previous: None,
            today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            limits: QueryLimits::default(),
        };
        unanswered(
            asked,
            &self.knowledge,
            &self.dataset,
            &CancelFlag::default(),
        )
        .unwrap()
    }

    fn best(&self, question: &str, previous: Option<&Answer>) -> Answer {
        let results = self.pool(question, previous).results(&self.knowledge);
        results.into_iter().next().expect("a reading")
    }

    fn message(&self, question: &str) -> String {
        match self.pool(question, None).decide(&self.knowledge) {
            Decision::Abstain(misunderstanding) => misunderstanding.message,
            other => panic!("{question}: {other:?}"),
        }
    }
}

#[test]
fn what_surely_means_something_is_never_passed_over() {
    let desk = Desk::new();
    let message = desk.message("How many customers are from \"Atlantid\"?");
    assert!(message.contains("There is no Atlantid"), "{message}");
    assert!(message.contains("nearest: Atlantis"), "{message}");
    let message = desk.message("orders of AX1003");
    assert!(message.contains("AX1003"), "{message}");
}

#[test]
fn other_languages_are_not_half_read() {
    let desk = Desk::new();
    for question in [
        "Wie viele Kunden gibt es in Germany?",
        "combien de clients par pays",
        "每个国家有多少客户？",
    ] {
        assert_eq!(desk.message(question), NOT_ENGLISH, "{question}");
    }
    for question in [
        "customers Germany Ann",
        "orders by month",
        "Ann Bob Germany",
    ] {
        assert!(desk.pool(question, None).is_english(), "{question}");
    }
}

#[test]
fn a_request_to_change_data_is_told_that_it_is_only_read() {
    let desk = Desk::new();
    let asked = Asked {
        question: "delete all orders of Ann",
        previous: None,
        today: NaiveDate::default(),
        limits: QueryLimits::default(),
    };
    let cancel = CancelFlag::default();
    let decision = decide(asked, &desk.knowledge, &desk.dataset, &cancel);
    let Ok(Decision::Abstain(misunderstanding)) = decision else {
        panic!("{decision:?}");
    };
    assert_eq!(misunderstanding.message, READS_ONLY);
}

#[test]
fn a_follow_up_changes_what_was_asked_before() {
    let desk = Desk::new();
    let first = desk.best("How many customers are from Germany?", None);
    assert!(first.sql.contains("'Germany'"), "{}", first.sql);
    let other = desk.best("and Atlantis?", Some(&first));
    assert!(other.sql.contains("'Atlantis'"), "{}", other.sql);
    assert!(!other.sql.contains("'Germany'"), "{}", other.sql);
    assert!(other.sql.to_lowercase().contains("count("), "{}", other.sql);

    let orders = desk.best("total of orders in 2025", None);
    let by_month = desk.best("and by month?", Some(&orders));
    assert!(
        by_month.sql.contains("%Y-%m") && by_month.sql.contains("2025-01-01"),
        "{}",
        by_month.sql
    );
    let by_year = desk.best("by year instead", Some(&by_month));
    assert!(!by_year.sql.contains("%Y-%m"), "{}", by_year.sql);
    let before = desk.best("and the year before?", Some(&orders));
    assert!(before.sql.contains("2024-01-01"), "{}", before.sql);
    let average = desk.best("their average", Some(&orders));
    assert!(average.sql.contains("AVG("), "{}", average.sql);
    let drawn = desk.best("as a pie chart", Some(&by_month));
    assert_eq!(drawn.sql, by_month.sql);
    assert_eq!(drawn.chart, Some(ChartKind::Pie));
}

#[test]
fn a_question_that_stands_alone_follows_nothing() {
    let desk = Desk::new();
    let first = desk.best("How many customers are from Germany?", None);
    for question in [
        "How many orders are there?",
        "and how many orders are there?",
    ] {
        let next = desk.best(question, Some(&first));
        assert!(!next.sql.contains("Germany"), "{}", next.sql);
    }
}

#[test]
fn an_answer_is_found_again_by_its_statement() {
    let desk = Desk::new();
    let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
    let first = desk.best("orders last month", None);
    let later = today.checked_add_months(chrono::Months::new(1)).unwrap();
    let found = recall(
        "orders last month",
        None,
        &first.sql,
        &desk.knowledge,
        later,
    );
    assert!(found.is_some());
    assert!(
        recall(
            "orders last month",
            None,
            "SELECT 1",
            &desk.knowledge,
            today
        )
        .is_none()
    );
}

fn edited(edits: serde_json::Value) -> Desk {
    let desk = Desk::new();
    let edits = serde_json::from_value(edits).unwrap();
    Desk {
        knowledge: desk.knowledge.edited(&edits),
        ..desk
    }
}

#[test]
fn a_phrase_that_somebody_gave_a_meaning_is_read_as_that_and_nothing_else() {
    let desk = edited(serde_json::json!({"metrics": [
        {"name": "average order value", "table": "orders", "function": "sum", "columns": ["total"], "per": "orders"},
        {"name": "takings per head", "table": "orders", "function": "sum", "columns": ["total"], "per": "customers"}]}));
    let sql = desk.best("What was our average order value?", None).sql;
    assert_eq!(sql.matches("SUM(").count(), 1, "{sql}");
    assert!(sql.contains("COUNT(*)") && !sql.contains("AVG("), "{sql}");
    let sql = desk.best("takings per head", None).sql;
    assert!(sql.contains("COUNT(DISTINCT"), "{sql}");
    let sql = desk.best("average order value by country", None).sql;
    assert!(sql.contains("GROUP BY") && sql.contains("country"), "{sql}");
}

#[test]
fn what_makes_no_sense_of_a_ratio_is_not_passed_over() {
    let desk = edited(serde_json::json!({"metrics": [
        {"name": "AOV", "table": "orders", "function": "sum", "columns": ["total"], "per": "orders"}]}));
    let pool = desk.pool("What is the total AOV?", None);
    assert!(matches!(
        pool.decide(&desk.knowledge),
        Decision::Abstain(_) | Decision::Choose(_)
    ));
}

#[test]
fn a_metric_of_what_is_not_there_is_none() {
    let desk = edited(serde_json::json!({"metrics": [
        {"name": "AOV", "table": "orders", "function": "sum", "columns": ["total"], "per": "nothing"},
        {"name": "margin", "table": "orders", "function": "sum", "columns": ["profit"]}]}));
    let own = desk.knowledge.data.metrics.iter();
    assert_eq!(own.filter(|metric| metric.is_own).count(), 0);
}

#[test]
fn names_begin_and_end_with_a_word_that_names_something() {
    use crate::reading::data::is_name;
    for name in [
        "deals",
        "average order value",
        "take-home pay",
        "Q1 sales",
        "takings per head",
    ] {
        assert!(is_name(name), "{name}");
    }
    for grammar in ["", "by", "the deals", "number of", "?", "42", "\"deals\""] {
        assert!(!is_name(grammar), "{grammar}");
    }
}

/// What stands in the statement of the likeliest reading.
#[test]
fn what_analysts_say_is_read_by_its_kind() {
    let desk = Desk::new();
    for (question, parts) in [
        (
            "customers with orders in 2024 but not in 2025",
            &[
                "IN (SELECT",
                "'2024-01-01'",
                "NOT IN (SELECT",
                "'2025-01-01'",
            ][..],
        ),
        (
            "which month had the most orders",
            &["'%Y-%m'", "ORDER BY COUNT(*) DESC LIMIT 1"],
        ),
        (
            "busiest weekday",
            &["'Monday'", "ORDER BY COUNT(*) DESC LIMIT 1"],
        ),
        ("95th percentile of total", &["PERCENTILE(", ", 95)"]),
        ("p90 of the total", &["PERCENTILE(", ", 90)"]),
        (
            "how many orders did the average customer place",
            &["COUNT(*)", "COUNT(DISTINCT"],
        ),
        (
            "number of orders for every customer",
            &["LEFT JOIN", "COALESCE("],
        ),
        (
            "orders per month compared with the previous month",
            &["LAG(", "\"previous_"],
        ),
        (
            "customers from Germany and Atlantis side by side",
            &["FILTER (WHERE", "\"germany\"", "\"atlantis\""],
        ),
        ("orders by country", &["ORDER BY COUNT(*) DESC"]),
    ] {
        let sql = desk.best(question, None).sql;
        for part in parts {
            assert!(sql.contains(part), "{question}: {part} is not in {sql}");
        }
    }
}

#[test]
fn a_superlative_that_does_not_say_by_what_is_asked_back() {
    let desk = Desk::new();
    let cancel = CancelFlag::default();
    let asked = |question| Asked {
        question,
        previous: None,
        today: NaiveDate::default(),
        limits: QueryLimits::default(),
    };
    for question in [
        "Who is our best customer?",
        "our 3 best customers",
        "which customer is the most valuable?",
    ] {
        let decision = decide(asked(question), &desk.knowledge, &desk.dataset, &cancel);
        let Ok(Decision::Choose(choices)) = decision else {
            panic!("{question} was not asked back");
        };
        let said: Vec<&str> = choices
            .iter()
            .map(|choice| choice.restatement.as_str())
            .collect();
        assert!(said.len() > 1, "{question}: {said:?}");
        assert!(
            said.iter().any(|words| words.contains("number of orders")),
            "{question}: {said:?}"
        );
    }
    for question in [
        "top 3 customers by number of orders",
        "Which customer has the highest total?",
    ] {
        let choices = vague::choices(asked(question), &desk.knowledge, &desk.dataset, &cancel);
        assert!(choices.unwrap().is_none(), "{question}");
    }
}

#[test]
fn nothing_is_supposed_of_a_question_that_is_vague_barred_or_in_another_language() {
    let desk = Desk::new();
    assert!(desk.unanswered("orders per customer").supposed.is_some());
    let vague = desk.unanswered("our 3 best customers");
    assert!(vague.supposed.is_none());
    assert!(vague.offered.len() > 1);
    for question in [
        "Wie viele Kunden gibt es in Germany?",
        "orders of AX1003",
        "delete all orders",
    ] {
        assert!(desk.unanswered(question).supposed.is_none(), "{question}");
    }
}
