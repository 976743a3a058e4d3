//! The schema as text to take along.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use schema_gen::export::{self, Format};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::export::ascii_name;
use crate::error::ApiError;
use crate::extract::{ApiQuery, OwnedSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DefinitionQuery {
    /// `sqlite` unless told.
    #[serde(default)]
    #[param(inline)]
    pub format: DefinitionFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DefinitionFormat {
    #[default]
    Sqlite,
    Postgresql,
    Dbml,
    Mermaid,
}

impl DefinitionFormat {
    fn file_ending(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite.sql",
            Self::Postgresql => "postgresql.sql",
            Self::Dbml => "dbml",
            Self::Mermaid => "mmd",
        }
    }
}

impl From<DefinitionFormat> for Format {
    fn from(format: DefinitionFormat) -> Self {
        match format {
            DefinitionFormat::Sqlite => Self::Sqlite,
            DefinitionFormat::Postgresql => Self::Postgresql,
            DefinitionFormat::Dbml => Self::Dbml,
            DefinitionFormat::Mermaid => Self::Mermaid,
        }
    }
}

/// The schema as statements for a database, or for a tool that draws it
///
/// As last saved, approved or not.
#[utoipa::path(get, path = "/api/schema/{id}/definition", tag = "schemas", params(("id" = Uuid, Path), DefinitionQuery),
    responses((status = 200, content_type = "text/plain", body = String)))]
pub async fn get_definition(
    owned: OwnedSchema,
    ApiQuery(query): ApiQuery<DefinitionQuery>,
) -> Result<Response, ApiError> {
    let name = format!(
        "{}.{}",
        ascii_name(&owned.row.name),
        query.format.file_ending()
    );
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    let text = export::definition(&owned.row.schema, query.format.into());
    Ok((headers, text).into_response())
}
