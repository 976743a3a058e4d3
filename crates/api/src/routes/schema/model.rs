//! `schema_json` as the API describes and accepts it: nothing but these fields, so that a generated column or a default is
//! refused instead of ignored. [`schema_gen::model`] is what it becomes.

use schema_gen::Schema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::error::{ApiError, FieldError};

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaJson {
    pub tables: Vec<TableJson>,
    #[serde(default)]
    pub relationships: Vec<RelationshipJson>,
    #[serde(default)]
    pub indexes: Vec<IndexJson>,
    #[serde(default)]
    pub suggestions: Vec<SuggestionJson>,
    #[serde(default)]
    pub reasoning: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableJson {
    pub name: String,
    pub source: TableSourceJson,
    #[serde(default)]
    pub primary_key: Vec<String>,
    /// What becomes of rows whose primary key is empty or that of an earlier row; `set_aside` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<RepeatsJson>,
    /// Rows that break the key and are kept; counted anew with every edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_exceptions: Option<KeyExceptionsJson>,
    pub columns: Vec<ColumnJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The column that names a row, as a model proposed and nobody took back: for the meaning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RepeatsJson {
    /// The rows are set aside.
    SetAside,
    /// The rows stay, and the database does not enforce the key while there are any.
    Keep,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyExceptionsJson {
    /// Rows with the key of an earlier row.
    pub repeated_rows: u64,
    /// Rows without a key.
    pub empty_rows: u64,
    /// At most five keys that occur more than once.
    #[serde(default)]
    pub samples: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableSourceJson {
    /// Id of the upload.
    pub csv_id: String,
    /// `all` rows of the file, the `distinct` combinations of the table's columns, or several rows of each: the items of a list
    /// in its cell (`split`), or the cells of some columns (`unpivot`).
    #[serde(default)]
    pub rows: SourceRowsJson,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SourceRowsJson {
    #[default]
    All,
    Distinct,
    Split(ListItemsJson),
    Unpivot(ColumnGroupJson),
}

/// Lists in cells; the table's column of this source column holds the items.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListItemsJson {
    /// The file's column.
    pub column: String,
    /// What stands between items.
    #[schema(min_length = 1, max_length = 8)]
    pub separator: String,
}

/// Columns that hold the same measure, such as one for each month.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnGroupJson {
    /// The file's columns.
    #[schema(min_items = 1)]
    pub columns: Vec<String>,
    /// What each is called in `name_column`, in their order.
    pub names: Vec<String>,
    /// The table's column that says of which of them a row is; it has no source column.
    pub name_column: String,
    /// The table's column that holds the cells; it has no source column.
    pub value_column: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnJson {
    pub name: String,
    #[serde(rename = "type")]
    pub column_type: ColumnTypeJson,
    /// `NOT NULL`, `UNIQUE`; nothing else.
    #[serde(default)]
    pub constraints: Vec<String>,
    /// The file's column; null for a key that is numbered from 1.
    #[serde(default)]
    pub source_column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<ReferenceJson>,
    /// What becomes of values that are not of the type; `empty` unless given. In a primary key rows are always set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misfits: Option<MisfitsJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Other words for it, as a model proposed and nobody took back: for the meaning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MisfitsJson {
    /// The cell becomes null and is listed with its text; the row stays.
    Empty,
    /// The row is set aside.
    SetAside,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ColumnTypeJson {
    Integer,
    Real,
    Decimal,
    Boolean,
    Date,
    Datetime,
    Text,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceJson {
    pub table: String,
    pub column: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RelationshipJson {
    pub from_table: String,
    pub from_columns: Vec<String>,
    pub to_table: String,
    pub to_columns: Vec<String>,
    pub cardinality: CardinalityJson,
    /// 0 to 1.
    #[serde(default)]
    pub confidence: f64,
    #[serde(default)]
    pub evidence: EvidenceJson,
    /// What becomes of rows without a partner; `keep` unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orphans: Option<OrphansJson>,
    /// Differences of spelling that count for nothing: values are stored as the key has them, and listed at `/evened`. For one
    /// column of text that refers to another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub even_out: Vec<EveningJson>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EveningJson {
    /// Blanks at the ends, and how many stand between words.
    Blanks,
    /// Upper and lower case.
    Case,
    /// A letter and its accent as one character or as two (Unicode's forms C and D).
    Composition,
    /// Zeros before a whole number.
    Zeros,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrphansJson {
    /// They stay; the reference is known, but the database does not enforce it.
    Keep,
    /// They stay; rows with nothing but the key are added to the table referred to.
    Placeholder,
    /// They are set aside, and so are rows that refer to them in this way.
    SetAside,
    /// They stay; the reference becomes null.
    Empty,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CardinalityJson {
    ManyToOne,
    OneToOne,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceJson {
    /// Distinct values (or combinations) on the referencing side.
    pub distinct: u64,
    /// Of those, found on the referenced side.
    pub matched: u64,
    /// Rows whose value is not found.
    pub orphan_rows: u64,
    #[serde(default)]
    pub orphan_samples: Vec<String>,
    #[serde(default)]
    pub reasons: Vec<String>,
    /// Other keys that were considered.
    #[serde(default)]
    pub rivals: Vec<RivalJson>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RivalJson {
    pub table: String,
    pub columns: Vec<String>,
    pub confidence: f64,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexJson {
    pub name: String,
    pub table: String,
    pub columns: Vec<String>,
    #[serde(default)]
    pub unique: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionJson {
    pub id: String,
    pub kind: String,
    pub title: String,
    #[schema(value_type = Object)]
    pub evidence: Value,
    /// What accepting it puts in place.
    #[schema(value_type = Object)]
    pub patch: Value,
}

impl TryFrom<SchemaJson> for Schema {
    type Error = ApiError;

    fn try_from(json: SchemaJson) -> Result<Self, ApiError> {
        let value = serde_json::to_value(json).map_err(ApiError::internal)?;
        serde_json::from_value(value).map_err(|error| {
            ApiError::unprocessable(
                "invalid_schema",
                "The schema does not have the expected form.",
            )
            .with_errors(vec![FieldError {
                field: "schema_json".into(),
                message: error.to_string(),
            }])
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The two sides of the mirror must not drift apart: every field of one is a field of the other.
    #[test]
    fn the_api_and_the_model_have_the_same_fields() {
        let full = serde_json::json!({
            "tables": [{"name": "a", "source": {"csv_id": "1", "rows": "distinct"}, "primary_key": ["x"], "description": "d",
                "label": "x",
                "columns": [{"name": "x", "type": "DATETIME", "constraints": ["NOT NULL"], "source_column": "X",
                    "references": {"table": "b", "column": "y"}, "misfits": "set_aside", "description": "d", "words": ["v"]}]}],
            "relationships": [{"from_table": "a", "from_columns": ["x"], "to_table": "b", "to_columns": ["y"], "cardinality": "one-to-one", "confidence": 0.5,
                "evidence": {"distinct": 1, "matched": 1, "orphan_rows": 0, "orphan_samples": ["z"], "reasons": ["r"],
                    "rivals": [{"table": "c", "columns": ["q"], "confidence": 0.1, "reason": "r"}]},
                "orphans": "set_aside"}],
            "indexes": [{"name": "i", "table": "a", "columns": ["x"], "unique": true}],
            "suggestions": [{"id": "1", "kind": "split_table", "title": "t", "evidence": {"n": 1}, "patch": {"m": 2}}],
            "reasoning": "because"
        });
        for rows in [
            serde_json::json!({"split": {"column": "X", "separator": ";"}}),
            serde_json::json!({"unpivot": {"columns": ["jan"], "names": ["1"], "name_column": "m", "value_column": "v"}}),
        ] {
            let mut other = full.clone();
            other["tables"][0]["source"]["rows"] = rows;
            let model: Schema = serde_json::from_value(other.clone()).unwrap();
            assert_eq!(serde_json::to_value(&model).unwrap(), other);
            let mirror: SchemaJson = serde_json::from_value(other.clone()).unwrap();
            assert_eq!(serde_json::to_value(&mirror).unwrap(), other);
        }
        let model: Schema = serde_json::from_value(full.clone()).unwrap();
        assert_eq!(serde_json::to_value(&model).unwrap(), full);
        let mirror: SchemaJson =
            serde_json::from_value(serde_json::to_value(&model).unwrap()).unwrap();
        assert_eq!(serde_json::to_value(&mirror).unwrap(), full);
        assert_eq!(Schema::try_from(mirror).unwrap(), model);
    }

    #[test]
    fn c41_a_default_or_generated_column_is_refused() {
        for extra in ["default", "generated", "check"] {
            let mut column = serde_json::json!({"name": "x", "type": "TEXT", "source_column": "x"});
            column[extra] = "abs(random())".into();
            let error = serde_json::from_value::<ColumnJson>(column).unwrap_err();
            assert!(error.to_string().contains("unknown field"), "{error}");
        }
    }
}
