use crate::Schema;

/// SQLite statements (STRICT tables, then indexes) in the order they are run. Built from the validated model alone, never from text.
pub fn create_statements(schema: &Schema) -> Vec<String> {
    let _ = schema;
    Vec::new()
}
