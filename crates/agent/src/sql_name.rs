//! Names as a statement writes them.

/// Quoted only where it must be: small models copy quotes wrongly.
pub(crate) fn written(name: &str) -> String {
    const KEYWORDS: [&str; 22] = [
        "all", "and", "as", "by", "case", "check", "default", "desc", "end", "from", "group", "in",
        "index", "is", "join", "limit", "not", "on", "or", "order", "to", "where",
    ];
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !KEYWORDS.contains(&name.to_ascii_lowercase().as_str());
    if plain {
        name.to_owned()
    } else {
        schema_gen::ident::quote(name)
    }
}

/// A text as SQL writes it.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
