//! Turns with a scripted model. The questions are in no language that the built-in engine reads, where it is to stay silent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::StreamExt;
use serde_json::json;

use super::*;
use crate::LlmError;
use crate::event::FinishReason;
use crate::testing::{
    Bench, Scripted, ScriptedModel, error_of, kinds, receipt_of, request, text_of,
};

const QUESTION: &str = "Zzyx qwv blorp?";

fn sql(query: &str) -> Scripted {
    Scripted::Call("execute_sql_query", json!({ "query": query }))
}

/// Without the confidence, which is another one with every fit.
fn lines(events: &[Event]) -> String {
    let line = |event: &Event| {
        let mut event = event.clone();
        if let Event::DataReceipt { data, .. } = &mut event {
            data.confidence = None;
        }
        serde_json::to_string(&event).unwrap()
    };
    let lines: Vec<_> = events.iter().map(line).collect();
    lines.join("\n")
}

fn finished_with(events: &[Event]) -> FinishReason {
    match events.last() {
        Some(Event::Finish { finish_reason, .. }) => *finish_reason,
        other => panic!("the stream ended with {other:?}"),
    }
}

#[tokio::test]
async fn a_small_model_writes_sql_and_the_rows_become_words() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Text(
        "```sql\nSELECT count(*) FROM customers\n```",
    )]);
    let events = bench.ask(&model, QUESTION).await;
    insta::assert_snapshot!(lines(&events));
}

#[tokio::test]
async fn a_large_model_calls_the_tool_and_words_the_answer() {
    let bench = Bench::new();
    let model = ScriptedModel::with_tools([
        sql("SELECT name, total FROM customers"),
        Scripted::Text("Ann comes first with 46.62."),
    ]);
    let events = bench.ask(&model, QUESTION).await;
    assert_eq!(text_of(&events), "Ann comes first with 46.62.");
    insta::assert_json_snapshot!(kinds(&events));
}

#[tokio::test]
async fn a_number_from_the_models_memory_is_not_told() {
    let bench = Bench::new();
    for wording in ["Ann has 47.00.", "All is well.", "Ann ![x](http://evil)"] {
        let replies = [
            sql("SELECT name, total FROM customers"),
            Scripted::Text(wording),
        ];
        let events = bench
            .ask(&ScriptedModel::with_tools(replies), QUESTION)
            .await;
        assert_eq!(
            text_of(&events),
            "2 rows were found:\n\n- Ann: total 46.62\n- Bob: total 45.5"
        );
    }
}

#[tokio::test]
async fn a_refused_statement_is_repaired_with_the_databases_words() {
    let bench = Bench::new();
    let model = ScriptedModel::small([
        Scripted::Text("```sql\nSELECT nosuch FROM customers\n```"),
        Scripted::Text("SELECT count(*) FROM customers"),
    ]);
    let events = bench.ask(&model, QUESTION).await;
    let receipt = receipt_of(&events).unwrap();
    assert_eq!(receipt.sql, "SELECT count(*) FROM customers");
    assert_eq!(receipt.attempts.len(), 2);
    assert_eq!(
        receipt.attempts[0].error.as_deref(),
        Some("no such column: nosuch")
    );
    let requests = model.requests.lock().unwrap();
    let complaint = &requests[1].messages.last().unwrap().content;
    assert!(complaint.contains("no such column: nosuch"), "{complaint}");
}

#[tokio::test]
async fn nothing_found_says_which_condition_found_nothing() {
    let bench = Bench::new();
    let statement = "SELECT name FROM customers WHERE country = 'Atlantis'";
    let model = ScriptedModel::small([Scripted::Text(statement)]);
    let events = bench.ask(&model, QUESTION).await;
    let said = "Nothing was found. No row of customers has: country is 'Atlantis'.";
    assert_eq!(text_of(&events), said);
    assert_eq!(receipt_of(&events).unwrap().row_count, 0);
}

#[tokio::test]
async fn what_a_small_models_tries_disagree_on_is_not_the_answer() {
    let mut bench = Bench::new();
    bench.context.limits = TurnLimits::default();
    let tries = [
        "SELECT name FROM customers",
        "SELECT count(*) FROM customers",
        "SELECT 'poison' FROM customers",
        "SELECT nosuch FROM customers",
        "SELECT name FROM customers WHERE country = 'Atlantis'",
    ];
    let model = ScriptedModel::small(tries.map(Scripted::Text));
    let events = bench.ask(&model, QUESTION).await;
    // Three that all differ: two more would not settle it.
    assert_eq!(model.asked(), 3);
    assert!(receipt_of(&events).is_none());
    assert!(
        text_of(&events).contains("test-model wrote a query, but I am not sure"),
        "{}",
        text_of(&events)
    );
}

/// Never sure at once, and sure of anything after several tries.
fn bench_with_tries() -> Bench {
    let mut bench = Bench::new();
    bench.context.limits.enough_trust_at_once = 1.1;
    bench
}

#[tokio::test]
async fn what_most_tries_of_a_small_model_find_is_the_answer() {
    let bench = bench_with_tries();
    let (odd, bad, most) = (
        "SELECT name FROM customers",
        "SELECT nosuch FROM customers",
        "SELECT count(*) FROM customers",
    );
    let model = ScriptedModel::small([odd, most, bad, most, most].map(Scripted::Text));
    let events = bench.ask(&model, QUESTION).await;
    assert_eq!(model.asked(), 5);
    let receipt = receipt_of(&events).unwrap();
    assert_eq!(receipt.sql, most);
    assert_eq!(receipt.attempts[0].sql, odd);
    assert_eq!(
        receipt.attempts[0].error.as_deref(),
        Some("1 of 5 tries found this, which differs.")
    );
    let said = text_of(&events);
    assert!(said.contains("3 of 5 tries of test-model found"), "{said}");
    // Every try is asked in its own way, or all would be the same.
    let requests = model.requests.lock().unwrap();
    let seeds: Vec<_> = requests.iter().map(|asked| asked.options.seed).collect();
    assert_eq!(seeds, [0, 1, 2, 3, 4]);
    assert!(requests[1].options.temperature > 0.0);
}

#[tokio::test]
async fn what_is_told_without_being_sure_is_told_as_such() {
    let mut bench = Bench::new();
    bench.context.limits.sure = 1.1;
    let model = ScriptedModel::small([Scripted::Text("SELECT count(*) FROM customers")]);
    let said = text_of(&bench.ask(&model, QUESTION).await);
    assert!(
        said.ends_with("I am not sure that this answers the question. Please look at the query."),
        "{said}"
    );
}

#[tokio::test]
async fn a_model_whose_first_statement_cannot_be_mended_is_asked_afresh() {
    let bench = bench_with_tries();
    let (bad, good) = (
        "SELECT nosuch FROM customers",
        "SELECT count(*) FROM customers",
    );
    let model = ScriptedModel::small([bad, bad, bad, good, good].map(Scripted::Text));
    let events = bench.ask(&model, QUESTION).await;
    assert_eq!(receipt_of(&events).unwrap().sql, good);
    assert_eq!(error_of(&events), None);
}

#[tokio::test]
async fn tries_end_where_the_model_fails_and_what_is_there_counts() {
    let bench = bench_with_tries();
    let first = "SELECT count(*) FROM customers";
    let model = ScriptedModel::small([Scripted::Text(first), Scripted::BreaksOff("SEL")]);
    let events = bench.ask(&model, QUESTION).await;
    assert_eq!(receipt_of(&events).unwrap().sql, first);
}

#[tokio::test]
async fn a_question_that_is_read_for_sure_asks_no_small_model() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Text("SELECT name FROM customers")]);
    let events = bench.ask(&model, "How many customers are there?").await;
    assert_eq!(model.asked(), 0);
    assert_eq!(receipt_of(&events).unwrap().engine, "built-in");
}

#[tokio::test]
async fn without_an_answer_the_turn_says_so_and_offers_questions() {
    let bench = Bench::new();
    let events = bench.ask_built_in(QUESTION).await;
    assert!(
        kinds(&events).contains(&"data-clarify".to_owned()),
        "{events:?}"
    );
    assert!(!text_of(&events).is_empty());
    assert_eq!(finished_with(&events), FinishReason::Stop);
    assert!(receipt_of(&events).is_none());
}

#[tokio::test]
async fn a_greeting_asks_no_model() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Text("SELECT name FROM customers")]);
    let events = bench.ask(&model, "Hello!").await;
    assert_eq!(text_of(&events), "I answer questions about your data.");
    assert_eq!(model.asked(), 0);
}

#[tokio::test]
async fn a_write_waits_for_the_user() {
    let bench = Bench::new();
    let call = json!({"table": "Customers", "data": {"name": "Cy", "id": "7"}});
    let model = ScriptedModel::with_tools([Scripted::Call("insert_data", call)]);
    let events = bench.ask(&model, QUESTION).await;
    insta::assert_snapshot!(lines(&events));
    let created = bench.writes.created.lock().unwrap();
    assert_eq!(created[0].table, "customers");
    assert_eq!(json!(created[0].rows), json!([{"id": 7, "name": "Cy"}]));
    assert!(bench.dataset.inserted.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_plain_request_for_a_row_needs_no_model() {
    let bench = Bench::new();
    let events = bench
        .ask_built_in("Add a row to customers: id = 7, name = Cy")
        .await;
    assert!(kinds(&events).contains(&"tool-approval-request".to_owned()));
    let unfit = bench
        .ask_built_in("Add a row to customers: name = unfit")
        .await;
    assert_eq!(text_of(&unfit), "Name does not take unfit.");
    assert_eq!(bench.writes.created.lock().unwrap().len(), 1);
}

fn decided(approved: bool) -> DecidedWrite {
    DecidedWrite {
        approval_id: "approval-1".into(),
        message_id: "m1".into(),
        tool_call_id: "call_m1_1".into(),
        table: "customers".into(),
        rows: vec![[("name".to_owned(), json!("Cy"))].into()],
        approved,
    }
}

#[tokio::test]
async fn an_approved_write_is_carried_out_and_noted() {
    let bench = Bench::new();
    let events = resume_after_approval(bench.context.clone(), decided(true)).await;
    insta::assert_snapshot!(lines(&events));
    assert_eq!(bench.dataset.inserted.lock().unwrap().len(), 1);
    let outcomes = bench.writes.outcomes.lock().unwrap();
    assert!(matches!(outcomes.as_slice(), [(id, WriteOutcome::Stored(_))] if id == "approval-1"));
}

#[tokio::test]
async fn a_refused_write_changes_nothing() {
    let bench = Bench::new();
    let events = resume_after_approval(bench.context.clone(), decided(false)).await;
    insta::assert_snapshot!(lines(&events));
    assert!(bench.dataset.inserted.lock().unwrap().is_empty());
    let outcomes = bench.writes.outcomes.lock().unwrap();
    assert!(matches!(outcomes.as_slice(), [(_, WriteOutcome::Refused)]));
}

#[tokio::test]
async fn g87_a_cell_that_gives_orders_causes_no_write() {
    let bench = Bench::new();
    let model = ScriptedModel::with_tools([
        sql("SELECT poison FROM customers"),
        Scripted::Call(
            "insert_data",
            json!({"table": "customers", "data": {"name": "evil"}}),
        ),
    ]);
    let events = bench.ask(&model, QUESTION).await;
    assert!(bench.dataset.inserted.lock().unwrap().is_empty());
    assert!(kinds(&events).contains(&"tool-approval-request".to_owned()));
    assert_eq!(finished_with(&events), FinishReason::ToolCalls);
}

#[tokio::test]
async fn g88_statements_that_are_no_reading_are_denied_and_the_turn_goes_on() {
    let hostile = [
        "ATTACH '/tmp/other.db' AS b",
        "VACUUM INTO '/tmp/x'",
        "PRAGMA query_only=0; VACUUM INTO '/tmp/x'",
        "SELECT 1; DELETE FROM customers",
        "INSERT INTO customers(id) VALUES (1) RETURNING id",
        "EXPLAIN DELETE FROM customers",
        "CREATE TEMP TABLE x AS SELECT 1",
        "BEGIN EXCLUSIVE",
    ];
    for statement in hostile {
        let bench = Bench::new();
        let replies = [
            sql(statement),
            sql("SELECT count(*) FROM customers"),
            Scripted::Text("412."),
        ];
        let events = bench
            .ask(&ScriptedModel::with_tools(replies), QUESTION)
            .await;
        let refusals = events
            .iter()
            .filter(|event| matches!(event, Event::ToolOutputError { .. }));
        assert_eq!(refusals.count(), 1, "{statement}");
        let receipt = receipt_of(&events).unwrap();
        assert_eq!(receipt.attempts[0].sql, statement);
        assert_eq!(receipt.sql, "SELECT count(*) FROM customers");
        assert!(bench.dataset.inserted.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn g89_a_tool_loop_without_end_stops_with_a_typed_error() {
    let bench = Bench::new();
    for call in [
        sql("SELECT count(*) FROM customers"),
        Scripted::Call("read_schema", json!({})),
    ] {
        let model = ScriptedModel::with_tools([call]);
        let events = bench.ask(&model, QUESTION).await;
        assert_eq!(model.asked(), 6);
        let error = error_of(&events).unwrap();
        assert_eq!(
            error,
            "The model called tools 6 times without giving an answer."
        );
        assert_eq!(finished_with(&events), FinishReason::Error);
    }
}

#[tokio::test]
async fn g90_a_huge_tool_result_is_capped_before_it_goes_back() {
    let bench = Bench::new();
    let replies = [sql("SELECT huge FROM customers"), Scripted::Text("Done.")];
    let model = ScriptedModel::with_tools(replies);
    let events = bench.ask(&model, QUESTION).await;
    let requests = model.requests.lock().unwrap();
    let result = requests[1].messages.last().unwrap();
    assert_eq!(result.tool_name.as_deref(), Some("execute_sql_query"));
    assert!(
        result.content.len() <= 8 * 1024,
        "{} bytes",
        result.content.len()
    );
    assert!(result.content.contains("only the first"));
    assert_eq!(receipt_of(&events).unwrap().rows.len(), 200);
    assert_eq!(receipt_of(&events).unwrap().row_count, 1_000);
}

#[tokio::test]
async fn g91_malformed_calls_are_repaired_once() {
    let malformed = [
        Scripted::Call("no_such_tool", json!({})),
        Scripted::Call("execute_sql_query", json!({"query": 42})),
        Scripted::Call("execute_sql_query", json!(null)),
        Scripted::Call("execute_sql_query", json!({"query": ["SELECT 1"]})),
        Scripted::Text("{\"name\": \"execute_sql_query\", \"arguments\": {\"query\": "),
        Scripted::Text("I would count them."),
    ];
    for first in malformed {
        let bench = Bench::new();
        let good = sql("SELECT count(*) FROM customers");
        let model =
            ScriptedModel::with_tools([first.clone(), good, Scripted::Text("There are 412.")]);
        let events = bench.ask(&model, QUESTION).await;
        assert_eq!(text_of(&events), "There are 412.");

        let model = ScriptedModel::with_tools([first]);
        let events = bench.ask(&model, QUESTION).await;
        assert_eq!(model.asked(), 2);
        assert!(receipt_of(&events).is_none());
        assert!(
            text_of(&events).contains("test-model found no query for this."),
            "{}",
            text_of(&events)
        );
        assert!(matches!(events.last(), Some(Event::Finish { .. })));
    }
}

#[tokio::test]
async fn g91_a_call_written_as_text_is_a_call() {
    let bench = Bench::new();
    let text = "```json\n{\"name\": \"execute_sql_query\", \"arguments\": {\"query\": \"SELECT count(*) FROM customers\"}}\n```";
    for model in [
        ScriptedModel::small([Scripted::Text(text)]),
        ScriptedModel::with_tools([Scripted::Text(text), Scripted::Text("There are 412.")]),
    ] {
        let events = bench.ask(&model, QUESTION).await;
        assert_eq!(
            receipt_of(&events).unwrap().sql,
            "SELECT count(*) FROM customers"
        );
    }
}

#[tokio::test]
async fn g92_a_failing_model_ends_the_turn_with_a_clear_event() {
    let failures = [
        LlmError::Status {
            status: 429,
            message: "busy".into(),
        },
        LlmError::Status {
            status: 500,
            message: "out of memory".into(),
        },
        LlmError::TimedOut {
            what: "no first word",
            limit: Duration::from_mins(2),
        },
        LlmError::BrokenOff,
        LlmError::Malformed {
            detail: "expected value".into(),
        },
    ];
    for failure in failures {
        let bench = Bench::new();
        let model = ScriptedModel::small([Scripted::Fails(failure.clone())]);
        let events = bench.ask(&model, QUESTION).await;
        let error = error_of(&events).unwrap();
        assert_eq!(error.to_lowercase(), format!("{failure}.").to_lowercase());
        assert!(text_of(&events).contains(&error));
        assert_eq!(finished_with(&events), FinishReason::Error);
        assert!(receipt_of(&events).is_none());
    }
}

#[tokio::test]
async fn g92_a_model_that_breaks_off_after_its_query_leaves_the_rows_answer() {
    let bench = Bench::new();
    let replies = [
        sql("SELECT count(*) FROM customers"),
        Scripted::BreaksOff("There are 4"),
    ];
    let events = bench
        .ask(&ScriptedModel::with_tools(replies), QUESTION)
        .await;
    let text = text_of(&events);
    assert!(text.starts_with("There are 412 customers."), "{text}");
    assert!(
        text.contains("test-model did not finish its answer."),
        "{text}"
    );
    assert_eq!(finished_with(&events), FinishReason::Stop);
}

#[tokio::test]
async fn leaving_stops_the_model() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Hangs]);
    let mut events = bench.start(&model, QUESTION);
    while model.asked() == 0 {
        events.next().await.unwrap();
        tokio::time::timeout(Duration::from_millis(20), events.next())
            .await
            .ok();
    }
    drop(events);
    assert!(model.left.load(Ordering::SeqCst));
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_stops_the_query() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Text("SELECT slow FROM customers")]);
    let mut events = bench.start(&model, QUESTION);
    while let Some(event) = events.next().await {
        if matches!(event, Event::ToolInputAvailable { .. }) {
            break;
        }
    }
    tokio::time::timeout(Duration::from_millis(50), events.next())
        .await
        .ok();
    drop(events);
    let stopped = async {
        while !bench.dataset.was_cancelled.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), stopped)
        .await
        .unwrap();
}

#[tokio::test]
async fn follow_ups_take_the_last_statement_along() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Text("SELECT count(*) FROM orders")]);
    let client: Arc<dyn crate::llm::LlmClient> = model.clone();
    let engines = Arc::new(Engines::new(
        client,
        None,
        crate::engine::EngineLimits::default(),
    ));
    let mut asked = request(QUESTION, EngineChoice::Auto);
    let past = |role, content: &str, sql: Option<&str>| PastMessage {
        role,
        content: content.into(),
        sql: sql.map(Into::into),
        plan: None,
    };
    asked.history = vec![
        past(Role::User, "Blorp wv?", None),
        past(
            Role::Assistant,
            "412",
            Some("SELECT count(*) FROM customers"),
        ),
    ];
    run_turn(engines, bench.context.clone(), asked)
        .collect::<Vec<_>>()
        .await;
    let requests = model.requests.lock().unwrap();
    let contents: Vec<_> = requests[0]
        .messages
        .iter()
        .skip(1)
        .map(|m| m.content.as_str())
        .collect();
    assert_eq!(
        contents,
        [
            "Blorp wv?",
            "```sql\nSELECT count(*) FROM customers\n```",
            QUESTION
        ]
    );
}

#[tokio::test]
async fn a_model_that_repeats_its_mistake_is_asked_with_more_freedom() {
    let bench = Bench::new();
    let mut limits = bench.context.limits;
    limits.max_repairs = 3;
    let context = TurnContext {
        limits,
        ..bench.context.clone()
    };
    let bench = Bench { context, ..bench };
    let wrong = Scripted::Text("SELECT nosuch FROM customers");
    let right = Scripted::Text("SELECT count(*) FROM customers");
    let model = ScriptedModel::small([wrong.clone(), wrong, right]);
    let events = bench.ask(&model, QUESTION).await;
    assert!(receipt_of(&events).is_some());
    let requests = model.requests.lock().unwrap();
    let temperatures: Vec<_> = requests.iter().map(|r| r.options.temperature).collect();
    assert_eq!(temperatures, [0.0, 0.0, 0.6]);
}

#[tokio::test]
async fn g92_a_reply_that_breaks_off_is_asked_for_once_more() {
    let bench = Bench::new();
    let good = Scripted::Text("SELECT count(*) FROM customers");
    let model = ScriptedModel::small([Scripted::BreaksOff("SEL"), good]);
    let events = bench.ask(&model, QUESTION).await;
    assert_eq!(text_of(&events), "There are 412 customers.");
    assert_eq!(model.asked(), 2);
}

#[tokio::test]
async fn h48_where_no_model_had_a_part_in_it_none_is_named_for_a_failure() {
    let bench = Bench::new();
    let question = "How many customers are there?";
    bench
        .dataset
        .refuses
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let events = bench.ask_built_in(question).await;
    let said = lines(&events);
    assert!(
        said.contains("The query made from the question could not be run: no such table"),
        "{said}"
    );
    assert!(!said.to_lowercase().contains("model"), "{said}");
    // With one, it is named as before.
    let refused = || sql("SELECT nosuch FROM customers");
    let model = ScriptedModel::with_tools([
        refused(),
        refused(),
        refused(),
        refused(),
        refused(),
        refused(),
    ]);
    let said = lines(&bench.ask(&model, question).await);
    assert!(said.to_lowercase().contains("model"), "{said}");
}

#[tokio::test]
async fn a_reading_that_was_offered_is_taken_at_its_word() {
    for asking_back in [
        "Which do you mean?",
        "I am not sure enough how to answer this. Is this what you mean?",
    ] {
        takes_at_its_word(asking_back).await;
    }
}

async fn takes_at_its_word(asking_back: &str) {
    let bench = Bench::new();
    let question = "How many customers are from Germany?";
    let mut asked = request(question, EngineChoice::BuiltIn);
    let pool = crate::reading::decide::Pool::gather(
        crate::reading::decide::Asked {
            question,
            previous: None,
            today: asked.today,
            limits: store::dataset::QueryLimits::default(),
        },
        &bench.context.knowledge,
        bench.dataset.as_ref(),
        &store::dataset::CancelFlag::default(),
    )
    .unwrap();
    let offered = pool.choices(1.0, &bench.context.knowledge);
    let past = |role: Role, content: &str| PastMessage {
        role,
        content: content.into(),
        sql: None,
        plan: None,
    };
    asked.history = vec![
        past(Role::User, question),
        past(Role::Assistant, asking_back),
    ];
    asked.question.clone_from(&offered[0].restatement);
    let client: Arc<dyn crate::llm::LlmClient> = ScriptedModel::small([Scripted::Hangs]);
    let engines = Arc::new(Engines::new(
        client,
        None,
        crate::engine::EngineLimits::default(),
    ));
    let events: Vec<Event> = run_turn(engines, bench.context.clone(), asked)
        .collect()
        .await;
    let receipt = receipt_of(&events).unwrap();
    assert_eq!(receipt.sql, offered[0].sql);
    assert_eq!(receipt.confidence, Some(1.0));
}

#[tokio::test]
async fn nothing_is_deleted_by_words() {
    let bench = Bench::new();
    let model = ScriptedModel::small([Scripted::Text("SELECT name FROM customers")]);
    let events = bench.ask(&model, "Delete all customers from Germany").await;
    assert_eq!(model.asked(), 0);
    assert!(text_of(&events).contains("I only read your data"));
}

#[tokio::test]
async fn words_that_go_on_from_a_question_without_an_answer_get_none() {
    let bench = Bench::new();
    let told = |history: Vec<PastMessage>| {
        let mut asked = request("and by country?", EngineChoice::BuiltIn);
        asked.history = history;
        let client: Arc<dyn crate::llm::LlmClient> = ScriptedModel::small([Scripted::Hangs]);
        let engines = Arc::new(Engines::new(
            client,
            None,
            crate::engine::EngineLimits::default(),
        ));
        run_turn(engines, bench.context.clone(), asked).collect::<Vec<Event>>()
    };
    let past = |role: Role, content: &str, sql: Option<&str>| PastMessage {
        role,
        content: content.into(),
        sql: sql.map(Into::into),
        plan: None,
    };
    let refused = told(vec![
        past(Role::User, QUESTION, None),
        past(Role::Assistant, "I did not understand this.", None),
    ])
    .await;
    assert!(receipt_of(&refused).is_none());
    let said = text_of(&refused);
    assert!(said.contains("nothing that this goes on from"), "{said}");
    let counted = "How many customers are there?";
    let answered = told(vec![past(Role::User, counted, None)]).await;
    assert!(receipt_of(&answered).is_some(), "{}", text_of(&answered));
}

#[tokio::test]
async fn what_was_understood_of_a_question_without_an_answer_is_a_plan_to_begin_with() {
    let bench = Bench::new();
    let begun = |events: &[Event]| {
        events.iter().find_map(|event| match event {
            Event::DataClarify { data } => data.plan.clone(),
            _ => None,
        })
    };
    let refused = bench
        .ask_built_in("How many customers are from Blorpville?")
        .await;
    assert!(receipt_of(&refused).is_none(), "{}", text_of(&refused));
    let plan = begun(&refused).expect("customers were understood");
    let query = plan.load(&bench.context.knowledge.data).unwrap();
    let sql = crate::reading::sql::render(&query, &bench.context.knowledge.data);
    assert!(sql.contains("customers"), "{sql}");
    let foreign = bench
        .ask_built_in("Wie viele Kunden gibt es in Deutschland?")
        .await;
    assert!(begun(&foreign).is_none());
}
