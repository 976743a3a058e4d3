//! `weigh_references FILE.csv…` writes a line for each pair of columns that may be a reference, with what is weighed: for
//! `python3 -m eval.fit_references`.
#![allow(clippy::print_stdout)]

mod files;

use std::collections::BTreeMap;
use std::error::Error;

use schema_gen::{ident, weighed_pairs};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let sources = files::sources(std::env::args_os().skip(1))?;
    for pair in weighed_pairs(&sources)? {
        let side = |(file, column): &(String, String)| json!([ident::table_stem(file), column]);
        let mut features: BTreeMap<String, f64> = BTreeMap::new();
        for (feature, amount) in &pair.features {
            let name = serde_json::to_value(feature)?;
            *features
                .entry(name.as_str().unwrap_or_default().to_owned())
                .or_default() += amount;
        }
        println!(
            "{}",
            json!({"from": side(&pair.from), "to": side(&pair.to), "features": features})
        );
    }
    Ok(())
}
