//! Builds the binary anew when the exported page appears or changes.

fn main() {
    // Without the folder cargo would build this crate at every call; an error here only brings that back.
    let _ = std::fs::create_dir_all("../../frontend/out");
    println!("cargo:rerun-if-changed=../../frontend/out");
}
