//! The committed OpenAPI document is what the code says.

use serde_json::Value;

#[test]
fn openapi_json_is_up_to_date() {
    let (_, document) = api::routes();
    let committed = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed: Value =
        serde_json::from_str(&std::fs::read_to_string(committed).unwrap()).unwrap();
    assert_eq!(
        serde_json::to_value(&document).unwrap(),
        committed,
        "run `make gen`"
    );
}

#[test]
fn every_operation_says_what_its_problems_look_like() {
    let (_, document) = api::routes();
    let document = serde_json::to_value(&document).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let problem = &operation["responses"]["500"]["content"]["application/problem+json"]["schema"]
                ["$ref"];
            assert_eq!(problem, "#/components/schemas/Problem", "{method} {path}");
        }
    }
}
