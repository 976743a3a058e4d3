//! What words mean: put by the user, understood by the next question, kept with the dataset and gone with it.

use api::{Clock, Shutdown};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Server, problem};

/// A shop with an order that was cancelled, two dates and a flag in letters.
const CUSTOMERS: &str = "id,name,country\n1,Ann,Germany\n2,Bob,France\n3,Cid,Germany\n";
const ORDERS: &str = "id,customer_id,amount,placed_on,shipped_on,express\n\
    10,1,12.50,2024-01-30,2024-02-01,K\n\
    11,1,7.50,2024-01-31,2024-02-02,S\n\
    12,2,30.00,2024-02-03,2024-02-04,S\n\
    13,3,10.00,2024-02-05,2024-03-01,K\n";

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

fn path(schema: &str) -> String {
    format!("/api/schema/{schema}/meaning")
}

async fn put(client: &Client, schema: &str, edits: Value) -> Value {
    let sent = client.put(&path(schema), &json!({"edits": edits})).await;
    let status = sent.status();
    let body: Value = sent.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{body}");
    body
}

/// The rows of the answer; `None` where there is none.
async fn rows(client: &Client, schema: &str, question: &str) -> Option<Value> {
    Some(receipt(client, schema, question).await?["rows"].clone())
}

/// The same in the order of their first cells: which group stands first is not what is asked here.
async fn by_name(client: &Client, schema: &str, question: &str) -> Option<Value> {
    let mut rows = rows(client, schema, question).await?;
    let list = rows.as_array_mut().unwrap();
    list.sort_by_key(|row| row[0].to_string());
    Some(rows)
}

async fn receipt(client: &Client, schema: &str, question: &str) -> Option<Value> {
    let (events, _) = client.ask(schema, None, question).await;
    events
        .into_iter()
        .find(|event| event["type"] == "data-receipt")
        .map(|event| event["data"].clone())
}

#[track_caller]
fn part<'m>(list: &'m Value, key: &str, name: &str) -> &'m Value {
    let found = list.as_array().unwrap().iter().find(|it| it[key] == name);
    found.unwrap_or_else(|| panic!("{name} in {list}"))
}

#[tokio::test]
async fn the_whole_model_is_told_with_the_origin_of_each_part() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let meaning = ann.get_json(&path(&id)).await;
    assert_eq!(meaning["version"], 0);
    assert_eq!(meaning["edits"], json!({}));
    let orders = part(&meaning["tables"], "table", "orders");
    assert_eq!(orders["time"], "placed_on");
    assert_eq!(orders["time_source"], "data");
    let amount = part(&orders["columns"], "column", "amount");
    assert_eq!(amount["type"], "DECIMAL");
    assert_eq!(
        (&amount["role"], &amount["role_source"]),
        (&json!("additive"), &json!("data"))
    );
    let revenue = part(&meaning["metrics"], "name", "revenue");
    assert_eq!(revenue["source"], "data");

    let edits = json!({"tables": [{"table": "orders", "words": ["deals"], "columns": [
        {"column": "amount", "unit": "EUR"}]}]});
    let changed = put(&ann, &id, edits.clone()).await;
    assert_eq!(changed["version"], 1);
    assert_eq!(changed["edits"], edits);
    let orders = part(&changed["tables"], "table", "orders");
    assert_eq!(
        orders["words"],
        json!([{"word": "deals", "source": "user"}])
    );
    let amount = part(&orders["columns"], "column", "amount");
    assert_eq!(
        (
            &amount["unit"],
            &amount["unit_source"],
            &amount["role_source"]
        ),
        (&json!("EUR"), &json!("user"), &json!("data"))
    );
    assert_eq!(ann.get_json(&path(&id)).await, changed);
}

#[tokio::test]
async fn a_word_is_understood_by_the_next_question() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let question = "How many zorps are there?";
    assert_eq!(rows(&ann, &id, question).await, None);
    let edits = json!({"tables": [
        {"table": "orders", "words": ["zorps"], "columns": [{"column": "amount", "words": ["take-home pay"]}]},
        {"table": "customers", "columns": [{"column": "country", "words": ["market"]}]}]});
    put(&ann, &id, edits).await;
    assert_eq!(rows(&ann, &id, question).await, Some(json!([[4]])));
    assert_eq!(
        rows(&ann, &id, "What is the average take-home pay?").await,
        Some(json!([[15.0]]))
    );
    assert_eq!(
        by_name(&ann, &id, "How many customers are there by market?").await,
        Some(json!([["France", 1], ["Germany", 2]]))
    );
    // Taken back, it means nothing again.
    put(&ann, &id, json!({})).await;
    assert_eq!(rows(&ann, &id, question).await, None);
}

#[tokio::test]
async fn a_metric_is_understood_by_the_next_question() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let metric = json!({"name": "GMV", "words": ["gross volume"], "table": "orders", "function": "sum", "columns": ["amount"]});
    put(&ann, &id, json!({"metrics": [metric]})).await;
    for question in ["What is the GMV?", "gross volume", "Show me the total GMV"] {
        assert_eq!(
            rows(&ann, &id, question).await,
            Some(json!([[60.0]])),
            "{question}"
        );
    }
    assert_eq!(
        by_name(&ann, &id, "GMV by country").await,
        Some(json!([["France", 30.0], ["Germany", 30.0]]))
    );
    let suggested = ann.get_json(&format!("/api/schema/{id}/suggestions")).await;
    assert_eq!(suggested["questions"][0], "What is the GMV by month?");
}

#[tokio::test]
async fn a_ratio_of_two_metrics_is_computed_from_both() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let edits = json!({"metrics": [
        {"name": "AOV", "words": ["average order value"], "table": "orders", "function": "sum", "columns": ["amount"], "per": "orders"},
        {"name": "buyers", "table": "orders", "function": "count_distinct", "columns": ["customer_id"]},
        {"name": "takings per head", "table": "orders", "function": "sum", "columns": ["amount"], "per": "buyers"}]});
    put(&ann, &id, edits).await;
    for question in [
        "What is the AOV?",
        "AOV",
        "What was our average order value?",
    ] {
        assert_eq!(
            rows(&ann, &id, question).await,
            Some(json!([[15.0]])),
            "{question}"
        );
    }
    assert_eq!(
        by_name(&ann, &id, "AOV by country").await,
        Some(json!([["France", 30.0], ["Germany", 10.0]]))
    );
    assert_eq!(
        rows(&ann, &id, "Show AOV by month").await,
        Some(json!([["2024-01", 10.0], ["2024-02", 20.0]]))
    );
    assert_eq!(
        rows(&ann, &id, "What is the AOV in Germany?").await,
        Some(json!([[10.0]]))
    );
    assert_eq!(
        rows(&ann, &id, "What is the takings per head?").await,
        Some(json!([[20.0]]))
    );
    let best = rows(&ann, &id, "Which country has the highest AOV?")
        .await
        .unwrap();
    assert_eq!(best[0][0], "France", "{best}");
    assert_eq!(best.as_array().unwrap().len(), 1, "{best}");
}

/// Items, orders and customers: a row of orders is not counted once for each of its items.
#[tokio::test]
async fn a_ratio_along_several_tables_counts_each_row_once() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = &ann.approved_samples().await;
    let edits = json!({"metrics": [{"name": "AOV", "table": "order_items", "function": "sum",
        "columns": ["quantity", "unit_price"], "per": "orders"}]});
    put(&ann, id, edits).await;
    let sql = "WITH each_order AS (
            SELECT orders.order_id, customers.country, sum(quantity * unit_price) AS value
            FROM order_items JOIN orders USING (order_id) JOIN customers USING (customer_id)
            GROUP BY orders.order_id, customers.country)
        SELECT country, round(avg(value), 6) FROM each_order GROUP BY country ORDER BY country";
    let expected = ann
        .post("/api/query", &json!({"schema_id": id, "sql": sql}))
        .await;
    let expected: Value = expected.json().await.unwrap();
    let found = by_name(&ann, id, "What is the AOV by country?")
        .await
        .unwrap();
    let (found, expected) = (
        found.as_array().unwrap(),
        expected["rows"].as_array().unwrap(),
    );
    assert_eq!(found.len(), expected.len());
    for (one, other) in found.iter().zip(expected) {
        assert_eq!(one[0], other[0]);
        let (one, other) = (one[1].as_f64().unwrap(), other[1].as_f64().unwrap());
        assert!((one - other).abs() < 1e-5, "{one} {other}");
    }
}

#[tokio::test]
async fn roles_labels_and_times_change_what_is_answered_and_drawn() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let by_month = "orders by month";
    assert_eq!(
        rows(&ann, &id, by_month).await,
        Some(json!([["2024-01", 2], ["2024-02", 2]]))
    );
    let edits = json!({"tables": [{"table": "orders", "time": "shipped_on", "columns": [
        {"column": "express", "role": "flag", "yes": "K"},
        {"column": "amount", "role": "level"}]}]});
    put(&ann, &id, edits).await;
    assert_eq!(
        rows(&ann, &id, by_month).await,
        Some(json!([["2024-02", 3], ["2024-03", 1]]))
    );
    assert_eq!(
        rows(&ann, &id, "How many express orders are there?").await,
        Some(json!([[2]]))
    );
    // A number that names a class is drawn along the axis, not as a figure.
    let question = "Show id and amount of orders";
    let kind = receipt(&ann, &id, question).await.unwrap()["chart"]["kind"].clone();
    assert_eq!(kind, "bar");
    let class = json!({"tables": [{"table": "orders", "columns": [{"column": "amount", "role": "category"}]}]});
    put(&ann, &id, class).await;
    let chart = receipt(&ann, &id, question).await.unwrap()["chart"].clone();
    assert_eq!(chart, Value::Null);
}

#[tokio::test]
async fn bad_changes_are_refused_with_their_place_and_change_nothing() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let cases = [
        (
            json!({"tables": [{"table": "nothing"}]}),
            "edits.tables[0].table",
        ),
        (
            json!({"tables": [{"table": "orders", "columns": [{"column": "express", "role": "additive"}]}]}),
            "edits.tables[0].columns[0].role",
        ),
        (
            json!({"tables": [{"table": "orders", "words": ["de\u{202e}als"]}]}),
            "edits.tables[0].words[0]",
        ),
        (
            json!({"tables": [{"table": "orders", "words": ["by"]}]}),
            "edits.tables[0].words[0]",
        ),
        (
            json!({"metrics": [{"name": "x", "table": "orders", "function": "sum", "columns": ["express"]}]}),
            "edits.metrics[0].columns[0]",
        ),
        (
            json!({"metrics": [{"name": "x", "table": "orders", "function": "count", "per": "x"}]}),
            "edits.metrics[0].per",
        ),
    ];
    for (edits, field) in cases {
        let sent = ann.put(&path(&id), &json!({"edits": edits})).await;
        let body = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_meaning").await;
        assert_eq!(body["errors"][0]["field"], field, "{body}");
    }
    for body in [
        json!({}),
        json!({"edits": {"tabels": []}}),
        json!({"edits": {"tables": [{"table": "orders", "columns": [{"column": "id", "role": "nonsense"}]}]}}),
        json!({"edits": {"metrics": [{"name": "x", "table": "orders", "function": "eval"}]}}),
        json!({"version": -1, "edits": {}}),
    ] {
        let sent = ann.put(&path(&id), &body).await;
        problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").await;
    }
    let long = json!({"edits": {"without_metrics": ["x".repeat(1 << 20)]}});
    let sent = ann.put(&path(&id), &long).await;
    problem(sent, StatusCode::PAYLOAD_TOO_LARGE, "body_too_large").await;
    assert_eq!(ann.get_json(&path(&id)).await["version"], 0);
    assert!(!ann.actions().await.contains(&"edit_meaning".to_owned()));
}

#[tokio::test]
async fn of_two_windows_the_later_change_does_not_undo_the_earlier_one_unseen() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let edits = |word: &str| json!({"version": 0, "edits": {"tables": [{"table": "orders", "words": [word]}]}});
    let first = ann.put(&path(&id), &edits("deals")).await;
    assert_eq!(first.status(), StatusCode::OK);
    let second = ann.put(&path(&id), &edits("trades")).await;
    problem(second, StatusCode::CONFLICT, "meaning_changed").await;
    let meaning = ann.get_json(&path(&id)).await;
    assert_eq!(meaning["edits"]["tables"][0]["words"], json!(["deals"]));
}

#[tokio::test]
async fn a_reset_forgets_what_was_said_and_both_stand_in_the_audit_log() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let derived = ann.get_json(&path(&id)).await;
    let edits = json!({"tables": [{"table": "orders", "words": ["Secretword"]}]});
    put(&ann, &id, edits).await;
    let reset: Value = ann.delete(&path(&id)).await.json().await.unwrap();
    assert_eq!(reset["version"], 2);
    assert_eq!(reset["tables"], derived["tables"]);
    assert_eq!(reset["edits"], json!({}));
    let audit = ann.get_json("/api/audit").await;
    let entries = audit["entries"].as_array().unwrap();
    assert_eq!(entries[0]["action"], "reset_meaning");
    assert_eq!(entries[1]["action"], "edit_meaning");
    assert_eq!(entries[1]["subject"], id);
    assert!(!audit.to_string().contains("Secretword"), "{audit}");
}

#[tokio::test]
async fn a_schema_without_a_database_has_no_meaning_yet_and_somebody_elses_none_at_all() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let generated = ann.generated().await;
    let early = path(generated["id"].as_str().unwrap());
    for method in [Method::GET, Method::DELETE] {
        let sent = ann.request(method, &early).send().await.unwrap();
        problem(sent, StatusCode::CONFLICT, "not_executed").await;
    }
    let sent = ann.put(&early, &json!({"edits": {}})).await;
    problem(sent, StatusCode::CONFLICT, "not_executed").await;

    let id = shop(&ann).await;
    let word = json!({"tables": [{"table": "orders", "words": ["deals"]}]});
    put(&ann, &id, word.clone()).await;
    for method in [Method::GET, Method::DELETE, Method::PUT] {
        let request = bob.request(method.clone(), &path(&id));
        let sent = request.json(&json!({"edits": {}})).send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::NOT_FOUND, "{method}");
    }
    assert_eq!(ann.get_json(&path(&id)).await["edits"], word);
}

#[tokio::test]
async fn it_survives_a_restart() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let edits = json!({"tables": [{"table": "orders", "words": ["zorps"]}]});
    put(&ann, &id, edits.clone()).await;
    let again = Restarted::of(&server).await;
    let ann = again.client(&ann);
    assert_eq!(ann.get_json(&path(&id)).await["edits"], edits);
    assert_eq!(
        rows(&ann, &id, "How many zorps are there?").await,
        Some(json!([[4]]))
    );
}

/// A second service over the data of the first.
struct Restarted {
    address: std::net::SocketAddr,
    shutdown: Shutdown,
}

impl Drop for Restarted {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

impl Restarted {
    async fn of(server: &Server) -> Self {
        server.shutdown.begin();
        server.shutdown.finished().await;
        let config = crate::support::config(&server.folder, None, &[]);
        let limits = config.limits;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = api::open_service(config, Clock::system(), crate::support::metrics())
            .await
            .unwrap();
        let shutdown = service.shutdown.clone();
        tokio::spawn(api::serve(listener, service.app, limits, service.shutdown));
        Self { address, shutdown }
    }

    fn client(&self, before: &Client) -> Client {
        let mut client = Client::of(self.address);
        client.token.clone_from(&before.token);
        client
    }
}

#[tokio::test]
async fn a_word_stands_in_the_prompt_of_a_model() {
    let (url, heard) =
        crate::support::model::listening("```sql\nSELECT count(*) FROM orders\n```").await;
    let server = Server::local_with(&[("OLLAMA_BASE_URL", &url)]).await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let edits = json!({
        "tables": [{"table": "orders", "words": ["zorps"]}],
        "metrics": [{"name": "AOV", "table": "orders", "function": "sum", "columns": ["amount"], "per": "orders"}]});
    put(&ann, &id, edits).await;
    // The built-in engine is not sure of it, so that the model is asked.
    rows(&ann, &id, "Zzyx qwv zorps AOV blorp?").await;
    let heard = heard.lock().unwrap().join("\n");
    assert!(heard.contains("orders: also called zorps"), "{heard}");
    assert!(
        heard.contains("AOV: SUM(orders.amount) divided by the number of orders"),
        "{heard}"
    );
}

#[tokio::test]
async fn it_is_gone_with_its_dataset() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let id = shop(&ann).await;
    let word = "plantedwordofmeaning";
    put(
        &ann,
        &id,
        json!({"tables": [{"table": "orders", "words": [word]}]}),
    )
    .await;
    let stored = || {
        let metadata = server.folder.path().join("metadata.db");
        let files = [metadata.clone(), metadata.with_extension("db-wal")];
        let bytes = files.iter().filter_map(|path| std::fs::read(path).ok());
        bytes
            .map(|bytes| {
                let words = bytes.windows(word.len());
                words.filter(|found| *found == word.as_bytes()).count()
            })
            .sum::<usize>()
    };
    assert!(stored() > 0);
    let sent = ann.delete(&format!("/api/schema/{id}")).await;
    assert_eq!(sent.status(), StatusCode::OK);
    assert_eq!(ann.get(&path(&id)).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(stored(), 0);
}
