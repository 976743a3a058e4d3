//! `POST /api/schema/{id}/plan/options` and `/preview`, and questions that are a plan.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Server, problem};

const CUSTOMERS: &str = "id,name,country\n1,Ann,Germany\n2,Bob,France\n3,Cid,Germany\n";
const ORDERS: &str = "id,customer_id,amount,status,placed_on\n\
    10,1,12.50,paid,2024-01-30\n\
    11,1,7.50,open,2024-01-31\n\
    12,2,30.00,paid,2024-02-03\n\
    13,3,10.00,paid,2024-02-05\n\
    14,2,4.00,open,2024-03-09\n";
const PAID: &str = "total amount of paid orders by country";

async fn shop(client: &Client) -> String {
    let customers = client.upload_ok("customers.csv", CUSTOMERS).await;
    let orders = client.upload_ok("orders.csv", ORDERS).await;
    let files = json!({"csv_ids": [customers["id"], orders["id"]]});
    let generated = client.post("/api/schema/generate", &files).await;
    let schema: Value = generated.json().await.unwrap();
    let id = schema["id"].as_str().unwrap().to_owned();
    let approved = client
        .post(&format!("/api/schema/{id}/approve"), &json!({}))
        .await;
    assert_eq!(approved.status(), StatusCode::OK);
    id
}

fn path(schema: &str, what: &str) -> String {
    format!("/api/schema/{schema}/plan/{what}")
}

async fn options(client: &Client, schema: &str, body: Value) -> Value {
    let sent = client.post(&path(schema, "options"), &body).await;
    let status = sent.status();
    let found: Value = sent.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{found}");
    found
}

/// The change of the option of this label.
async fn option(client: &Client, schema: &str, body: Value, label: &str) -> Value {
    let found = options(client, schema, body).await;
    let all = found["options"].as_array().unwrap();
    let one = all.iter().find(|option| option["label"] == label);
    one.unwrap_or_else(|| panic!("{label} in {found:#}"))["change"].clone()
}

async fn preview(client: &Client, schema: &str, plan: &Value, changes: Value) -> Value {
    let body = json!({"plan": plan, "changes": changes});
    let sent = client.post(&path(schema, "preview"), &body).await;
    let status = sent.status();
    let found: Value = sent.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{found}");
    found
}

fn receipt(events: &[Value]) -> Value {
    let found = events.iter().find(|event| event["type"] == "data-receipt");
    found.unwrap_or_else(|| panic!("{events:#?}"))["data"].clone()
}

/// The id of the chip whose label holds the text.
fn chip(plan: &Value, text: &str) -> String {
    let chips = plan["chips"].as_array().unwrap();
    let found = chips
        .iter()
        .find(|chip| chip["label"].as_str().unwrap().contains(text));
    found.unwrap_or_else(|| panic!("{text} in {plan:#}"))["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A step of a conversation that is a change of a plan.
async fn step(
    client: &Client,
    schema: &str,
    conversation: Option<&str>,
    (words, document, changes): (&str, &Value, Value),
) -> (Value, String) {
    let mut body = json!({
        "schema_id": schema,
        "messages": [{"role": "user", "content": words}],
        "plan": {"document": document, "changes": changes},
    });
    if let Some(id) = conversation {
        body["conversation_id"] = json!(id);
    }
    let (events, conversation) = client.chat(&body).await;
    (receipt(&events), conversation)
}

#[tokio::test]
async fn an_answer_has_a_plan_whose_parts_are_exchanged_and_taken_away() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = shop(&ann).await;
    let (events, conversation) = ann.ask(&schema, None, PAID).await;
    let first = receipt(&events);
    let plan = &first["plan"];
    let paid = chip(plan, "status is “paid”");

    let wanted = json!({"plan": plan["document"], "chip": "measure.0", "search": "average"});
    let average = option(&ann, &schema, wanted, "Average amount").await;
    let seen = preview(&ann, &schema, &plan["document"], json!([average])).await;
    assert_eq!(seen["row_count"], 2);
    assert_eq!(seen["plan"]["chips"][0]["label"], "Average amount");
    assert_eq!(seen["rows"], json!([["France", 30.0], ["Germany", 11.25]]));

    // What was seen is asked: without a model, and with the words of the plan.
    let changes = json!([average, {"remove": paid}]);
    let words = "Average amount, paid or not";
    let asked = (words, &plan["document"], changes);
    let (second, _) = step(&ann, &schema, Some(&conversation), asked).await;
    assert_eq!(second["engine"], "built-in");
    let restatement = second["restatement"].as_str().unwrap();
    assert!(!restatement.contains("paid"), "{restatement}");
    assert!(!second["sql"].as_str().unwrap().contains("paid"));
    assert_eq!(second["rows"], json!([["France", 17.0], ["Germany", 10.0]]));

    // A question goes on from it, and another one from that.
    let (events, _) = ann.ask(&schema, Some(&conversation), "only Germany").await;
    let third = receipt(&events);
    assert_eq!(third["rows"], json!([["Germany", 10.0]]));
    let (events, _) = ann.ask(&schema, Some(&conversation), "and by month?").await;
    let fourth = receipt(&events);
    assert!(
        fourth["restatement"].as_str().unwrap().contains("average"),
        "{fourth:#}"
    );
    assert_eq!(
        fourth["rows"],
        json!([["Germany", "2024-01", 10.0], ["Germany", "2024-02", 10.0]])
    );

    // Drawn otherwise, it is the same.
    let (events, _) = ann
        .ask(&schema, Some(&conversation), "as a pie chart")
        .await;
    let drawn = receipt(&events);
    assert_eq!(drawn["sql"], fourth["sql"]);

    // All of it is kept with the conversation.
    let kept = ann
        .get_json(&format!("/api/conversations/{conversation}"))
        .await;
    let kept = kept["messages"].as_array().unwrap();
    let asked = kept[2]["parts"].as_array().unwrap();
    assert_eq!(asked[0]["text"], words);
    assert_eq!(asked[1]["data"]["document"], second["plan"]["document"]);
    let answered = kept[3]["parts"].as_array().unwrap().iter();
    let mut receipts = answered.filter(|part| part["type"] == "data-receipt");
    assert_eq!(receipts.next().unwrap()["data"]["plan"], second["plan"]);
}

#[tokio::test]
async fn an_answer_by_a_plan_is_made_again_by_the_plan() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = shop(&ann).await;
    let (events, _) = ann.ask(&schema, None, PAID).await;
    let plan = receipt(&events)["plan"]["document"].clone();
    let asked = ("the first alone", &plan, json!([{"limit": 1}]));
    let (first, conversation) = step(&ann, &schema, None, asked).await;
    assert_eq!(first["row_count"], 1);
    let again = json!({
        "schema_id": schema,
        "conversation_id": conversation,
        "messages": [{"role": "user", "content": "the first alone"}],
        "trigger": "regenerate-message",
    });
    let (events, _) = ann.chat(&again).await;
    assert_eq!(receipt(&events)["sql"], first["sql"]);
}

#[tokio::test]
async fn a_plan_is_built_without_a_word() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = shop(&ann).await;
    let rows = option(&ann, &schema, json!({"add": "rows"}), "Orders").await;
    let seen = preview(&ann, &schema, &Value::Null, json!([rows])).await;
    assert_eq!(seen["rows"], json!([[5]]));
    let document = &seen["plan"]["document"];
    let wanted = json!({"plan": document, "add": "where", "search": "ger"});
    let german = option(&ann, &schema, wanted, "customer's country is “Germany”").await;
    let typed =
        json!({"where": {"column": "orders.amount", "operator": "more_than", "values": [8]}});
    let period =
        json!({"period": {"column": "orders.placed_on", "from": "2024-02-01", "until": null}});
    let seen = preview(&ann, &schema, document, json!([german, typed, period])).await;
    assert_eq!(seen["rows"], json!([[1]]));
    let labels: Vec<&str> = seen["plan"]["chips"]
        .as_array()
        .unwrap()
        .iter()
        .map(|chip| chip["label"].as_str().unwrap())
        .collect();
    assert_eq!(
        labels,
        [
            "Number of orders",
            "Orders",
            "customer's country is “Germany”",
            "amount is more than 8",
            "placed on: from 1 Feb 2024 on"
        ]
    );
    let document = &seen["plan"]["document"];
    let (receipt, _) = step(&ann, &schema, None, ("Orders", document, json!([]))).await;
    assert_eq!(receipt["rows"], json!([[1]]));
}

#[tokio::test]
async fn a_plan_that_does_not_fit_is_refused_and_nothing_begins() {
    let server = Server::shared().await;
    let ann = server.user("ann").await;
    let schema = shop(&ann).await;
    let (events, _) = ann.ask(&schema, None, PAID).await;
    let plan = receipt(&events)["plan"]["document"].clone();
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;

    let mut outdated = plan.clone();
    let columns = outdated["plan"]["columns"].as_array_mut().unwrap();
    let status = columns.iter_mut().find(|one| one["column"] == "status");
    status.unwrap()["column"] = json!("state");
    for (what, body) in [
        ("options", json!({"plan": outdated, "chip": "rows"})),
        ("preview", json!({"plan": outdated, "changes": []})),
        (
            "preview",
            json!({"plan": {"sql": "SELECT 1"}, "changes": []}),
        ),
    ] {
        let sent = ann.post(&path(&schema, what), &body).await;
        assert_eq!(sent.status(), unprocessable, "{body}");
        let told = problem(sent, unprocessable, "plan_outdated").await;
        let detail = told["detail"].as_str().unwrap();
        assert!(
            body["plan"]["sql"].is_string() || detail.contains("no column state in orders"),
            "{detail}"
        );
    }
    for changes in [
        json!([{"remove": "measure.9"}]),
        json!([{"remove": "rows"}]),
        json!([{"limit": 0}]),
        json!([{"drop": "orders"}]),
        json!([{"where": {"column": "orders.amount", "operator": "is", "values": ["much"]}}]),
    ] {
        let body = json!({"plan": plan, "changes": changes});
        let sent = ann.post(&path(&schema, "preview"), &body).await;
        assert_eq!(sent.status(), unprocessable, "{body}");
        problem(sent, unprocessable, "change_does_not_fit").await;
    }
    let before = ann.get_json("/api/conversations").await;
    let body = json!({
        "schema_id": schema,
        "messages": [{"role": "user", "content": "the same"}],
        "plan": {"document": outdated, "changes": []},
    });
    let sent = ann.post("/api/chat", &body).await;
    problem(sent, unprocessable, "plan_outdated").await;
    assert_eq!(ann.get_json("/api/conversations").await, before);

    // Somebody else's dataset is not there, whatever the plan.
    let bob = server.user("bob").await;
    for (what, body) in [
        ("options", json!({"plan": plan, "chip": "rows"})),
        ("preview", json!({"plan": plan, "changes": []})),
    ] {
        let sent = bob
            .request(Method::POST, &path(&schema, what))
            .json(&body)
            .send()
            .await
            .unwrap();
        problem(sent, StatusCode::NOT_FOUND, "not_found").await;
    }
}

#[tokio::test]
async fn each_reading_to_choose_from_shows_what_it_finds_and_has_a_plan() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let schema = shop(&ann).await;
    let (events, conversation) = ann.ask(&schema, None, "best customers").await;
    let asked = events.iter().find(|event| event["type"] == "data-clarify");
    let choices = asked.unwrap_or_else(|| panic!("{events:#?}"))["data"]["choices"].clone();
    for choice in choices.as_array().unwrap() {
        let seen = preview(&ann, &schema, &choice["plan"], json!([])).await;
        assert_eq!(seen["restatement"], choice["label"]);
        let first = seen["rows"][0][0].as_str().unwrap();
        assert!(choice["preview"].as_str().unwrap().starts_with(first));
    }
    let choice = &choices[0];
    let words = choice["message"].as_str().unwrap();
    let asked = (words, &choice["plan"], json!([]));
    let (receipt, _) = step(&ann, &schema, Some(&conversation), asked).await;
    assert_eq!(receipt["restatement"], choice["label"]);
}
