//! `weigh_references FILE.csv…` writes a line for each pair of columns that may be a reference, with what is weighed: for
//! `python3 -m eval.fit_references`.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use ingest::{Options, Unwatched};
use schema_gen::{Source, ident, weighed_pairs};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut sources = Vec::new();
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        sources.push(Source {
            csv_id: name.to_string(),
            original_filename: name.to_string(),
            analysis: ingest::analyse(&path, &Options::default(), &Unwatched)?,
            path,
        });
    }
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
            json!({"from": side(&pair.from), "to": side(&pair.to), "weight": pair.weight, "features": features})
        );
    }
    Ok(())
}
