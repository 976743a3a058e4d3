//! Names that somebody types to be shown: of datasets, of conversations.

use schema_gen::ident::hidden_fault;

use crate::error::{ApiError, FieldError};

/// Characters of a name.
pub const MAX_NAME_CHARS: usize = 200;

/// The name without blanks around it; 422 `code` where it is empty, too long or looks like another one.
pub fn typed_name(
    field: &str,
    name: &str,
    code: &'static str,
    detail: &str,
) -> Result<String, ApiError> {
    let name = name.trim();
    let length = name.chars().count();
    let message = if let Some(hidden) = hidden_fault(name) {
        format!("holds {hidden}: type it without")
    } else if !(1..=MAX_NAME_CHARS).contains(&length) {
        format!("1 to {MAX_NAME_CHARS} characters")
    } else {
        return Ok(name.to_owned());
    };
    let error = FieldError {
        field: field.into(),
        message,
    };
    Err(ApiError::unprocessable(code, detail).with_errors(vec![error]))
}
