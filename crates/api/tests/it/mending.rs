//! Rows set aside and cells emptied: listed, downloaded, put where they belong, and taken back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::{Client, Server, problem};

/// 40 customers and a few that do not fit; their sizes have a decimal comma.
fn customers() -> String {
    let mut text = "id;name;size;since\n".to_owned();
    for id in 1..=40 {
        text += &format!("{id};customer {id};{id},50;{:02}.03.2024\n", id % 28 + 1);
    }
    text + "41;=1+1;large;13.03.2024\n\
            7;Zaphod;42,25;31.12.2024\n\
            7;=cmd|' /C calc'!A0;43,75;30.12.2024\n\
            44;too;many,50;01.01.2024;fields\n"
}

/// An imported dataset of them; its address.
async fn imported(client: &Client) -> String {
    let upload = client.upload_ok("customers.csv", &customers()).await;
    let generated = client
        .post("/api/schema/generate", &json!({"csv_ids": [upload["id"]]}))
        .await;
    let schema: Value = generated.json().await.unwrap();
    let path = format!("/api/schema/{}", schema["id"].as_str().unwrap());
    let mut edited = schema["schema_json"].clone();
    let table = &mut edited["tables"][0];
    table["primary_key"] = json!(["id"]);
    for column in table["columns"].as_array_mut().unwrap() {
        match column["name"].as_str().unwrap() {
            "id" => column["type"] = json!("INTEGER"),
            "size" => column["type"] = json!("DECIMAL"),
            "since" => column["type"] = json!("DATE"),
            _ => {}
        }
    }
    let saved = client.put(&path, &json!({"schema_json": edited})).await;
    let status = saved.status();
    let body: Value = saved.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{body}");
    let approved = client
        .post(&format!("{path}/approve"), &json!({"accept_losses": true}))
        .await;
    assert_eq!(approved.status(), StatusCode::OK);
    path
}

/// Ids of rows set aside, by their line.
async fn row_on(client: &Client, path: &str, line: u64) -> String {
    let page = client.get_json(&format!("{path}/quarantine")).await;
    let rows = page["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["line"] == line);
    row.unwrap_or_else(|| panic!("{page}"))["id"].to_string()
}

async fn counts(client: &Client, path: &str) -> Value {
    let table = client.get_json(path).await["load"]["tables"][0].clone();
    let number = |name: &str| table[name].as_u64().unwrap();
    assert_eq!(
        number("rows_in") + number("added"),
        number("row_count") + number("merged") + number("quarantined"),
        "{table}"
    );
    let list = client.get_json("/api/schema/list").await;
    assert_eq!(list["schemas"][0]["row_count"], table["row_count"]);
    table
}

async fn query(client: &Client, path: &str, sql: &str) -> Value {
    let id = path.rsplit('/').next().unwrap();
    let answer = client
        .post("/api/query", &json!({"schema_id": id, "sql": sql}))
        .await;
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{body}");
    body["rows"].clone()
}

async fn ok(client: &Client, path: &str, body: &Value) -> Value {
    let answer = client.post(path, body).await;
    let status = answer.status();
    let said: Value = answer.json().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{said}");
    said
}

#[tokio::test]
async fn only_the_owner_of_an_executed_schema_sees_and_changes_it() {
    let server = Server::shared().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let path = imported(&ann).await;
    let row = row_on(&ann, &path, 43).await;
    let routes = [
        (Method::GET, format!("{path}/quarantine")),
        (Method::GET, format!("{path}/quarantine/export")),
        (Method::GET, format!("{path}/quarantine/{row}")),
        (Method::POST, format!("{path}/quarantine/{row}/mend")),
        (Method::POST, format!("{path}/quarantine/mend")),
        (Method::POST, format!("{path}/quarantine/{row}/undo")),
        (Method::GET, format!("{path}/emptied")),
        (Method::GET, format!("{path}/emptied/export")),
        (Method::GET, format!("{path}/emptied/1")),
        (Method::POST, format!("{path}/emptied/1/mend")),
        (Method::POST, format!("{path}/emptied/1/undo")),
    ];
    let before = server.contents();
    for (method, route) in routes {
        for (client, status) in [
            (&server.nobody(), StatusCode::UNAUTHORIZED),
            (&bob, StatusCode::NOT_FOUND),
        ] {
            let body = json!({"values": {"id": "100"}, "text": "1", "rows": [{"id": 1}]});
            let answer = client.request(method.clone(), &route).json(&body).send();
            assert_eq!(answer.await.unwrap().status(), status, "{method} {route}");
        }
    }
    assert_eq!(server.contents(), before);

    let draft = ann.generated().await;
    let draft = format!("/api/schema/{}", draft["id"].as_str().unwrap());
    for part in [
        "quarantine",
        "quarantine/1",
        "emptied",
        "emptied/1",
        "emptied/export",
    ] {
        let answer = ann.get(&format!("{draft}/{part}")).await;
        problem(answer, StatusCode::CONFLICT, "not_executed").await;
    }
    let answer = ann
        .post(&format!("{draft}/quarantine/1/mend"), &json!({}))
        .await;
    problem(answer, StatusCode::CONFLICT, "not_executed").await;
    for part in [
        "quarantine/999",
        "quarantine/x",
        "quarantine/-1",
        "emptied/999",
    ] {
        let answer = ann.get(&format!("{path}/{part}")).await;
        problem(answer, StatusCode::NOT_FOUND, "not_found").await;
    }
}

#[tokio::test]
async fn lists_are_filtered_and_counted() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let path = imported(&ann).await;
    let all = ann.get_json(&format!("{path}/quarantine")).await;
    assert_eq!(all["total"], 3);
    assert_eq!(
        all["facets"]["tables"][0],
        json!({"value": "customers", "count": 3})
    );
    assert_eq!(
        all["facets"]["reasons"].as_array().unwrap().len(),
        2,
        "{all}"
    );
    assert_eq!(all["rows"][0]["kind"], "an earlier row has the same id");
    for (filter, found) in [
        ("?search=zaphod", 1),
        ("?search=%25", 0),
        ("?column=id", 2),
        ("?table=nothing", 0),
        ("?reason=an%20earlier%20row%20has%20the%20same%20id", 2),
        ("?mended=true", 0),
        ("?limit=1&offset=1", 3),
    ] {
        let page = ann.get_json(&format!("{path}/quarantine{filter}")).await;
        assert_eq!(page["total"], found, "{filter}");
    }
    let cells = ann.get_json(&format!("{path}/emptied?search=LARGE")).await;
    assert_eq!(
        (&cells["total"], &cells["cells"][0]["has_row"]),
        (&json!(1), &json!(true))
    );
    let long = "x".repeat(2_001);
    for filter in [
        "limit=0",
        "limit=1001",
        "csv_id=1",
        &format!("search={long}"),
        "search=%00",
    ] {
        for list in ["quarantine", "emptied"] {
            let answer = ann.get(&format!("{path}/{list}?{filter}")).await;
            problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_query").await;
        }
    }
}

#[tokio::test]
async fn f83_downloads_have_no_formulas() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let path = imported(&ann).await;
    let file = ann.get(&format!("{path}/quarantine/export")).await;
    assert_eq!(file.headers()["content-type"], "text/csv; charset=utf-8");
    let disposition = file.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.ends_with("-set-aside.csv\""), "{disposition}");
    let text = file.text().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "file,line,table,column,reason,raw text");
    assert_eq!(lines.len(), 4);

    let page = ann.get_json(&format!("{path}/quarantine")).await;
    let csv = page["rows"][0]["csv_id"].as_str().unwrap();
    let file = ann
        .get(&format!(
            "{path}/quarantine/export?csv_id={csv}&column=id&bom=true"
        ))
        .await;
    let text = file.text().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "\u{feff}file,line,table,column,reason,raw text,id,name,size,since"
    );
    assert!(
        lines[2].contains(",7,'=cmd|' /C calc'!A0,\"43,75\","),
        "{text}"
    );

    let file = ann.get(&format!("{path}/emptied/export")).await;
    let text = file.text().await.unwrap();
    assert_eq!(
        text,
        "file,line,table,column,reason,text\r\ncustomers.csv,42,customers,size,not a number,large\r\n"
    );
}

#[tokio::test]
async fn a_row_is_added_back_and_set_aside_again() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let path = imported(&ann).await;
    let id = row_on(&ann, &path, 43).await;
    let row = format!("{path}/quarantine/{id}");
    let detail = ann.get_json(&row).await;
    assert_eq!(detail["fields"][2]["text"], "42,25");
    assert_eq!(detail["fields"][0]["is_key"], true);
    // A question before, so that the dataset is known as it was.
    let schema = path.rsplit('/').next().unwrap().to_owned();
    let (before, conversation) = ann
        .ask(&schema, None, "how many customers are named Zaphod?")
        .await;
    let receipt = |events: &[Value]| {
        let receipt = events.iter().find(|event| event["type"] == "data-receipt");
        receipt.map(|event| event["data"]["rows"][0][0].clone())
    };
    assert_ne!(receipt(&before), Some(json!(1)));

    let mend = format!("{row}/mend");
    let files = server.contents();
    let refused = ann.post(&mend, &json!({})).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "does_not_fit").await;
    assert_eq!(
        refused["errors"],
        json!([{"field": "values.id", "message": "an earlier row has the same id"}])
    );
    let bad = json!({"values": {"id": "x", "size": "42.25.1", "nose": "1"}, "dry_run": true});
    let refused = ann.post(&mend, &bad).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "does_not_fit").await;
    let fields: Vec<&Value> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["field"])
        .collect();
    assert_eq!(fields, ["values.nose", "values.id", "values.size"]);
    for body in [
        json!({"values": {"id": 7}}),
        json!({"value": {}}),
        json!("x"),
    ] {
        let answer = ann.post(&mend, &body).await;
        problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").await;
    }
    let good = json!({"values": {"id": "50"}, "dry_run": true});
    let tried = ok(&ann, &mend, &good).await;
    assert_eq!(
        tried,
        json!({"stored": false, "fitting": 1, "merged": 0, "refused": []})
    );
    assert_eq!(server.contents(), files);

    let stored = ok(&ann, &mend, &json!({"values": {"id": "50"}})).await;
    assert_eq!(stored["stored"], true);
    let found = query(
        &ann,
        &path,
        "SELECT name, size, since FROM customers WHERE id = 50",
    )
    .await;
    assert_eq!(found, json!([["Zaphod", 42.25, "2024-12-31"]]));
    let table = counts(&ann, &path).await;
    assert_eq!(
        (&table["quarantined"], &table["mended"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        ann.get_json(&format!("{path}/quarantine")).await["total"],
        2
    );
    let mended = ann
        .get_json(&format!("{path}/quarantine?mended=true"))
        .await;
    assert_eq!(mended["rows"][0]["id"].to_string(), id);
    let (after, _) = ann
        .ask(
            &schema,
            Some(&conversation),
            "how many customers are named Zaphod?",
        )
        .await;
    assert_eq!(receipt(&after), Some(json!(1)), "{after:?}");
    let again = ann.post(&mend, &json!({"values": {"id": "51"}})).await;
    problem(again, StatusCode::CONFLICT, "already_mended").await;

    let undone = ok(&ann, &format!("{row}/undo"), &json!({})).await;
    assert!(
        undone["message"]
            .as_str()
            .unwrap()
            .contains("set aside again")
    );
    let again = ann.post(&format!("{row}/undo"), &json!({})).await;
    problem(again, StatusCode::CONFLICT, "nothing_to_undo").await;
    let table = counts(&ann, &path).await;
    assert_eq!(
        (&table["quarantined"], &table["mended"]),
        (&json!(3), &json!(0))
    );
    let actions = ann.actions().await;
    assert!(actions.iter().any(|action| action == "mend"), "{actions:?}");
    assert!(actions.iter().any(|action| action == "mend_undone"));
}

#[tokio::test]
async fn several_rows_are_added_back_at_once() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let path = imported(&ann).await;
    let mut rows = Vec::new();
    for (line, id) in [(43, "50"), (44, "51"), (45, "44")] {
        let row: i64 = row_on(&ann, &path, line).await.parse().unwrap();
        rows.push(json!({"id": row, "values": {"id": id}}));
    }
    let many = format!("{path}/quarantine/mend");
    let refused = ann.post(&many, &json!({"rows": rows})).await;
    let refused = problem(refused, StatusCode::UNPROCESSABLE_ENTITY, "does_not_fit").await;
    assert_eq!(
        refused["errors"],
        json!([{"field": "rows[2].values.size", "message": "\"many,50\" is not a number"}])
    );
    assert_eq!(counts(&ann, &path).await["mended"], 0);

    let tried = ok(
        &ann,
        &many,
        &json!({"rows": rows, "only_fitting": true, "dry_run": true}),
    )
    .await;
    assert_eq!(
        (&tried["stored"], &tried["fitting"]),
        (&json!(false), &json!(2))
    );
    assert_eq!(tried["refused"][0]["errors"][0]["field"], "values.size");
    let some = ok(&ann, &many, &json!({"rows": rows, "only_fitting": true})).await;
    assert_eq!(
        (&some["stored"], &some["fitting"]),
        (&json!(true), &json!(2))
    );
    rows[2]["values"]["size"] = json!("9,00");
    let rest = ok(&ann, &many, &json!({"rows": [rows[2]]})).await;
    assert_eq!(rest["stored"], true);
    let table = counts(&ann, &path).await;
    assert_eq!(
        (&table["quarantined"], &table["mended"]),
        (&json!(0), &json!(3))
    );

    for (rows, code) in [
        (json!([]), "no_rows"),
        (json!([{"id": 1}, {"id": 1}]), "row_twice"),
        (
            (0..1_001).map(|id| json!({"id": id})).collect(),
            "too_many_rows",
        ),
    ] {
        let answer = ann.post(&many, &json!({"rows": rows})).await;
        problem(answer, StatusCode::UNPROCESSABLE_ENTITY, code).await;
    }
}

#[tokio::test]
async fn a_cell_is_filled_and_emptied_again() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let path = imported(&ann).await;
    let cells = ann.get_json(&format!("{path}/emptied")).await;
    let cell = format!("{path}/emptied/{}", cells["cells"][0]["id"]);
    let detail = ann.get_json(&cell).await;
    assert_eq!(detail["why_not"], Value::Null);
    assert_eq!(detail["row"][0], json!({"column": "id", "value": 41}));
    let mend = format!("{cell}/mend");
    for text in ["large", "1.2.3", ""] {
        let answer = ann.post(&mend, &json!({"text": text})).await;
        let refused = problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "does_not_fit").await;
        assert_eq!(refused["errors"][0]["field"], "text");
    }
    let answer = ann.post(&mend, &json!({"text": 1})).await;
    problem(answer, StatusCode::UNPROCESSABLE_ENTITY, "invalid_body").await;
    let tried = ok(&ann, &mend, &json!({"text": "99,5", "dry_run": true})).await;
    assert_eq!(tried["stored"], false);
    let sql = "SELECT size FROM customers WHERE id = 41";
    assert_eq!(query(&ann, &path, sql).await, json!([[null]]));

    ok(&ann, &mend, &json!({"text": "99,5"})).await;
    assert_eq!(query(&ann, &path, sql).await, json!([[99.5]]));
    assert_eq!(counts(&ann, &path).await["emptied"], json!([]));
    assert_eq!(ann.get_json(&format!("{path}/emptied")).await["total"], 0);
    ok(&ann, &format!("{cell}/undo"), &json!({})).await;
    assert_eq!(query(&ann, &path, sql).await, json!([[null]]));
    let emptied = json!([{"column": "size", "cells": 1}]);
    assert_eq!(counts(&ann, &path).await["emptied"], emptied);
    let actions = ann.actions().await;
    assert!(
        actions.iter().any(|action| action == "mend_cell_undone"),
        "{actions:?}"
    );
}

#[tokio::test]
async fn rows_are_mended_after_their_file_was_removed() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let path = imported(&ann).await;
    let files = ann.get_json("/api/csv/list").await;
    let upload = files["csv_files"][0]["id"].as_str().unwrap();
    let removed = ann.delete(&format!("/api/csv/{upload}")).await;
    assert_eq!(removed.status(), StatusCode::OK);
    let id = row_on(&ann, &path, 43).await;
    let mend = format!("{path}/quarantine/{id}/mend");
    assert_eq!(
        ok(&ann, &mend, &json!({"values": {"id": "50"}})).await["stored"],
        true
    );
}
