//! Uploads: group F of the negative tests, and the good case.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{Client, Server, problem};

async fn nothing_kept(server: &Server, client: &Client) {
    assert_eq!(
        client.get_json("/api/csv/list").await["csv_files"],
        json!([])
    );
    assert_eq!(server.files(), Vec::<std::path::PathBuf>::new());
}

#[tokio::test]
async fn an_upload_shows_dialect_types_and_profile() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann
        .upload_ok(
            "Preise.csv",
            "Nr;Preis;Seit\n1;1,50;31.12.2023\n2;20,00;01.02.2024\n3;;15.03.2024\n",
        )
        .await;
    assert_eq!(upload["dialect"]["delimiter"], ";");
    assert_eq!(
        upload["column_types"],
        json!({"Nr": "INTEGER", "Preis": "DECIMAL", "Seit": "DATE"})
    );
    assert_eq!(upload["row_count"], 3);
    assert_eq!(upload["profile"][1]["null_count"], 1);
    assert_eq!(upload["sample_data"][0], json!(["1", "1,50", "31.12.2023"]));
    let id = upload["id"].as_str().unwrap();
    let rows = ann
        .get_json(&format!("/api/csv/{id}/rows?offset=1&limit=1"))
        .await;
    assert_eq!(rows["rows"], json!([["2", "20,00", "01.02.2024"]]));
    assert_eq!(
        ann.delete(&format!("/api/csv/{id}")).await.status(),
        StatusCode::OK
    );
    nothing_kept(&server, &ann).await;
}

#[tokio::test]
async fn f76_names_are_never_paths_and_are_shown_cleaned() {
    let server = Server::local_with(&[("MAX_CSV_FILES", "20")]).await;
    let ann = server.user("ann").await;
    for (sent, shown) in [
        ("../../etc/cron.d/x", "x"),
        ("/etc/x", "x"),
        ("CON.csv", "CON.csv"),
        ("a\u{202e}vsc.exe.csv", "avsc.exe.csv"),
    ] {
        let upload = ann.upload_ok(sent, "a,b\n1,2\n").await;
        assert_eq!(upload["original_filename"], shown);
        assert_eq!(
            upload["filename"],
            format!("{}.csv", upload["id"].as_str().unwrap())
        );
        assert!(
            !upload
                .to_string()
                .contains(server.folder.path().to_str().unwrap()),
            "no path of the server leaves it"
        );
    }
    for file in server.files() {
        assert!(file.starts_with(server.folder.path().join("uploads")));
    }
}

#[tokio::test]
async fn f77_one_byte_over_is_413_with_a_length_and_without() {
    let server = Server::local_with(&[("MAX_UPLOAD_SIZE", "1000")]).await;
    let ann = server.user("ann").await;
    let exact = format!("a,b\n{}", "1,2\n".repeat(249));
    assert_eq!(exact.len(), 1000);
    assert_eq!(
        ann.upload("fits.csv", exact.clone()).await.status(),
        StatusCode::CREATED
    );
    let id = ann.get_json("/api/csv/list").await["csv_files"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    ann.delete(&format!("/api/csv/{id}")).await;
    problem(
        ann.upload("over.csv", format!("{exact}\n")).await,
        StatusCode::PAYLOAD_TOO_LARGE,
        "file_too_large",
    )
    .await;
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{exact}\n\r\n--b--\r\n"
    );
    let chunks = futures::stream::iter(
        body.into_bytes()
            .chunks(100)
            .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
            .collect::<Vec<_>>(),
    );
    let chunked = ann
        .request(Method::POST, "/api/csv/upload")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(reqwest::Body::wrap_stream(chunks));
    problem(
        chunked.send().await.unwrap(),
        StatusCode::PAYLOAD_TOO_LARGE,
        "file_too_large",
    )
    .await;
    nothing_kept(&server, &ann).await;
}

#[tokio::test]
async fn f78_a_body_that_breaks_off_leaves_nothing() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    // Whole as a request, but its form never ends.
    let body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\na,b\n1,2\n";
    let cut = ann
        .request(Method::POST, "/api/csv/upload")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body);
    problem(
        cut.send().await.unwrap(),
        StatusCode::BAD_REQUEST,
        "body_broke_off",
    )
    .await;
    // The connection ends within the body.
    let mut stream = tokio::net::TcpStream::connect(server.address)
        .await
        .unwrap();
    let head = format!(
        "POST /api/csv/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 900\r\n\r\n{body}",
        ann.token.as_ref().unwrap()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 201"));
    for _ in 0..50 {
        if server.files().is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    nothing_kept(&server, &ann).await;
}

#[tokio::test]
async fn f79_five_at_once_at_the_limit_give_exactly_the_limit() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let uploads =
        futures::future::join_all((0..9).map(|n| ann.upload("a.csv", format!("a,b\n{n},2\n"))))
            .await;
    let (kept, refused): (Vec<_>, Vec<_>) = uploads
        .into_iter()
        .partition(|response| response.status() == StatusCode::CREATED);
    assert_eq!((kept.len(), refused.len()), (5, 4));
    for response in refused {
        problem(response, StatusCode::CONFLICT, "file_limit").await;
    }
    problem(
        ann.upload("sixth.csv", "a,b\n1,2\n").await,
        StatusCode::CONFLICT,
        "file_limit",
    )
    .await;
    assert_eq!(server.files().len(), 5);
}

#[tokio::test]
async fn f80_what_is_no_csv_is_415() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x4b, 4, 0];
    let png = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13];
    let xlsx = [b'P', b'K', 3, 4, 20, 0, 6, 0, 8, 0, 0, 0];
    for bytes in [&gzip[..], &png, &xlsx] {
        problem(
            ann.upload("a.csv", bytes).await,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_csv",
        )
        .await;
    }
    let encoded = ann
        .request(Method::POST, "/api/csv/upload")
        .header("content-encoding", "gzip")
        .header("content-type", "multipart/form-data; boundary=b")
        .body("x");
    problem(
        encoded.send().await.unwrap(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "encoded_body",
    )
    .await;
    nothing_kept(&server, &ann).await;
}

#[tokio::test]
async fn f81_nul_is_422_with_its_line_and_other_encodings_are_read_as_what_they_are() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let refused = problem(
        ann.upload("nul.csv", &b"a,b\n1,2\n3,\x00\n"[..]).await,
        StatusCode::UNPROCESSABLE_ENTITY,
        "malformed_csv",
    )
    .await;
    assert!(
        refused["detail"].as_str().unwrap().contains("line 3"),
        "{refused}"
    );
    let latin: Vec<u8> = "name,stadt\nJosé,Köln\nZoë,Düren\nÉmile,Łódź"
        .replace("Łódź", "Zürich")
        .chars()
        .map(|letter| letter as u8)
        .collect();
    let response = ann.upload("latin.csv", latin).await;
    let upload: Value = response.json().await.unwrap();
    assert_eq!(upload["sample_data"][0], json!(["José", "Köln"]));
}

#[tokio::test]
async fn f82_an_open_quote_a_huge_field_and_a_hundred_thousand_columns_are_422() {
    let server = Server::local_with(&[("MAX_UPLOAD_SIZE", "30000000")]).await;
    let ann = server.user("ann").await;
    let open_quote = format!("a,b\n1,\"{}", "x,y\n".repeat(600_000));
    let huge_field = format!("a,b\n1,{}\n", "x".repeat(10_000_000));
    let columns = format!("{}\n", vec!["c"; 100_000].join(","));
    for text in [open_quote, huge_field, columns] {
        let response = ann.upload("a.csv", text).await;
        assert_eq!(
            response.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            response.text().await.unwrap()
        );
    }
    nothing_kept(&server, &ann).await;
}

#[tokio::test]
async fn f83_an_export_disarms_formulas() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let upload = ann
        .upload_ok(
            "evil.csv",
            "id,note,delta\n1,\"=HYPERLINK(\"\"http://x\"\")\",-5\n2,@SUM,7\n3,plain,-2\n",
        )
        .await;
    let schema: Value = ann
        .post("/api/schema/generate", &json!({"csv_ids": [upload["id"]]}))
        .await
        .json()
        .await
        .unwrap();
    let id = schema["id"].as_str().unwrap();
    assert_eq!(
        ann.post(&format!("/api/schema/{id}/approve"), &json!({}))
            .await
            .status(),
        StatusCode::OK
    );
    let sql = "SELECT id, note, delta FROM evil ORDER BY id";
    let csv = ann
        .post(
            "/api/query/export",
            &json!({"schema_id": id, "sql": sql, "format": "csv"}),
        )
        .await
        .text()
        .await
        .unwrap();
    assert_eq!(
        csv,
        "id,note,delta\r\n1,\"'=HYPERLINK(\"\"http://x\"\")\",-5\r\n2,'@SUM,7\r\n3,plain,-2\r\n"
    );
    let rows: Value = ann
        .post(
            "/api/query/export",
            &json!({"schema_id": id, "sql": sql, "format": "json"}),
        )
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(
        rows[0],
        json!({"id": 1, "note": "=HYPERLINK(\"http://x\")", "delta": -5})
    );
}

#[tokio::test]
async fn a_form_without_a_file_names_the_field() {
    let server = Server::local().await;
    let ann = server.user("ann").await;
    let form = reqwest::multipart::Form::new().text("other", "x");
    let sent = ann
        .request(Method::POST, "/api/csv/upload")
        .multipart(form)
        .send()
        .await
        .unwrap();
    let refused = problem(sent, StatusCode::UNPROCESSABLE_ENTITY, "no_file").await;
    assert_eq!(refused["errors"][0]["field"], "file");
}
