use std::fmt::Write as _;

use super::not_enforced;
use crate::Schema;
use crate::ddl::create_statements;

pub fn write(schema: &Schema) -> String {
    let mut text = String::new();
    for statement in create_statements(schema) {
        let _ = writeln!(text, "{statement};\n");
    }
    text.push_str(&not_enforced(schema));
    format!("{}\n", text.trim_end())
}
