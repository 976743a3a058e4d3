//! The meaning as the API describes and accepts it. [`schema_gen::meaning`] is what it becomes.

use agent::reading::decide::Knowledge;
use schema_gen::Schema;
use schema_gen::meaning::{Edits, Meaning};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::model::ColumnTypeJson;
use crate::error::{ApiError, FieldError};

/// What tables, columns and metrics mean, with the changes that are in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeaningResponse {
    /// Counts the changes; goes back with the next one.
    pub version: u64,
    pub tables: Vec<TableMeaningJson>,
    pub metrics: Vec<MetricJson>,
    /// What was said differently; the form of the next change.
    pub edits: MeaningEditsJson,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TableMeaningJson {
    pub table: String,
    pub kind: TableKindJson,
    /// The columns that name a row.
    pub label: Vec<String>,
    pub label_source: OriginJson,
    /// The column that says when a row happened.
    #[serde(default)]
    #[schema(required = true)]
    pub time: Option<String>,
    pub time_source: OriginJson,
    /// Other words for a row.
    pub words: Vec<SaidJson>,
    pub columns: Vec<ColumnMeaningJson>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnMeaningJson {
    pub column: String,
    /// As in the schema; roles must fit it.
    #[serde(rename = "type")]
    pub column_type: ColumnTypeJson,
    pub role: RoleJson,
    pub role_source: OriginJson,
    /// What its numbers count or are written in.
    #[serde(default)]
    #[schema(required = true)]
    pub unit: Option<String>,
    pub unit_source: OriginJson,
    /// For flags: the stored value that means yes.
    #[serde(default)]
    #[schema(required = true)]
    pub yes: Option<String>,
    pub yes_source: OriginJson,
    /// Other words for it.
    pub words: Vec<SaidJson>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaidJson {
    pub word: String,
    pub source: OriginJson,
}

/// A figure that has a name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricJson {
    pub name: String,
    pub words: Vec<SaidJson>,
    pub table: String,
    pub function: MetricFunctionJson,
    pub columns: Vec<String>,
    /// What it is divided by: a metric, or a table whose rows are counted.
    #[serde(default)]
    #[schema(required = true)]
    pub per: Option<String>,
    pub source: OriginJson,
}

/// Who said it.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginJson {
    /// Derived from names, types, keys and stored values.
    Data,
    /// A language model.
    Model,
    User,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableKindJson {
    Entity,
    Event,
    Bridge,
    Lookup,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoleJson {
    Identifier,
    Label,
    Category,
    Flag,
    Time,
    Year,
    Additive,
    Quantity,
    Price,
    Level,
    Ordinal,
    Coordinate,
    Text,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MetricFunctionJson {
    Sum,
    Average,
    Count,
    CountDistinct,
    Minimum,
    Maximum,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateMeaningRequest {
    /// That the changes were made to; another one is stored: 409. Left out: whatever is stored.
    #[serde(default)]
    pub version: Option<u64>,
    pub edits: MeaningEditsJson,
}

/// Changes of what was derived. What is left out stays as derived.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeaningEditsJson {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableEditsJson>,
    /// One of the name of a derived metric takes its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricEditJson>,
    /// Names of derived metrics that are wrong here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_metrics: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(clippy::option_option, reason = "absent and null differ")]
pub struct TableEditsJson {
    pub table: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub label: Option<Vec<String>>,
    /// A column of the role `time`; null for none.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub time: Option<Option<String>>,
    /// Further words, besides the derived ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnEditsJson>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(clippy::option_option, reason = "absent and null differ")]
pub struct ColumnEditsJson {
    pub column: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleJson>,
    /// Of numbers; null for none.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub unit: Option<Option<String>>,
    /// Of flags: a stored value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub yes: Option<String>,
    /// Further words, besides the derived ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricEditJson {
    #[schema(example = "AOV")]
    pub name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    pub table: String,
    pub function: MetricFunctionJson,
    /// None for `count`, one for `count_distinct`, else one, or two whose product is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What it is divided by: a metric that is not divided itself, or a table whose rows are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<String>,
}

/// `null` is a value of its own, unlike an absent field.
#[allow(clippy::option_option, reason = "absent and null differ")]
fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(from).map(Some)
}

impl MeaningResponse {
    pub fn new(knowledge: &Knowledge, edits: &Edits, version: u64) -> Result<Self, ApiError> {
        let (tables, metrics) = whole(&knowledge.schema, &knowledge.meaning)?;
        let edits = serde_json::to_value(edits).map_err(ApiError::internal)?;
        Ok(Self {
            version,
            tables,
            metrics,
            edits: serde_json::from_value(edits).map_err(ApiError::internal)?,
        })
    }
}

fn whole(
    schema: &Schema,
    meaning: &Meaning,
) -> Result<(Vec<TableMeaningJson>, Vec<MetricJson>), ApiError> {
    let mut tables = serde_json::to_value(&meaning.tables).map_err(ApiError::internal)?;
    // Both stand in the schema's order.
    for (told, table) in tables
        .as_array_mut()
        .into_iter()
        .flatten()
        .zip(&schema.tables)
    {
        let columns = told["columns"].as_array_mut().into_iter().flatten();
        for (told, column) in columns.zip(&table.columns) {
            told["type"] = serde_json::to_value(column.column_type).map_err(ApiError::internal)?;
        }
    }
    let metrics = serde_json::to_value(&meaning.metrics).map_err(ApiError::internal)?;
    Ok((
        serde_json::from_value(tables).map_err(ApiError::internal)?,
        serde_json::from_value(metrics).map_err(ApiError::internal)?,
    ))
}

impl TryFrom<UpdateMeaningRequest> for Edits {
    type Error = ApiError;

    fn try_from(request: UpdateMeaningRequest) -> Result<Self, ApiError> {
        let value = serde_json::to_value(request.edits).map_err(ApiError::internal)?;
        serde_json::from_value(value).map_err(|error| {
            ApiError::unprocessable("invalid_body", "The body does not have the expected form.")
                .with_errors(vec![FieldError {
                    field: "edits".into(),
                    message: error.to_string(),
                }])
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    /// The two sides of the mirror must not drift apart: every field of one is a field of the other.
    #[test]
    fn the_api_and_the_model_have_the_same_fields() {
        let edits = json!({
            "tables": [{"table": "a", "label": ["x"], "time": null, "words": ["w"],
                "columns": [{"column": "x", "role": "flag", "unit": "kg", "yes": "J", "words": ["v"]}]}],
            "metrics": [{"name": "m", "words": ["u"], "table": "a", "function": "count_distinct", "columns": ["x"], "per": "a"}],
            "without_metrics": ["revenue"]});
        let model: Edits = serde_json::from_value(edits.clone()).unwrap();
        assert_eq!(serde_json::to_value(&model).unwrap(), edits);
        let mirror: MeaningEditsJson = serde_json::from_value(edits.clone()).unwrap();
        assert_eq!(serde_json::to_value(&mirror).unwrap(), edits);
        let request = UpdateMeaningRequest {
            version: None,
            edits: mirror,
        };
        assert_eq!(Edits::try_from(request).unwrap(), model);

        let meaning = json!({
            "tables": [{"table": "a", "kind": "lookup", "label": ["x"], "label_source": "user", "time": "t", "time_source": "data",
                "words": [{"word": "w", "source": "model"}],
                "columns": [{"column": "x", "role": "year", "role_source": "user", "unit": "kg", "unit_source": "data",
                    "yes": "J", "yes_source": "user", "words": [{"word": "v", "source": "user"}]}]}],
            "metrics": [{"name": "m", "words": [], "table": "a", "function": "average", "columns": ["x"], "per": "a", "source": "user"}]});
        let model: Meaning = serde_json::from_value(meaning.clone()).unwrap();
        let schema: Schema = serde_json::from_value(
            json!({"tables": [{"name": "a", "source": {"csv_id": "1", "rows": "all"},
            "primary_key": [], "columns": [{"name": "x", "type": "TEXT", "source_column": "x"}]}]}),
        )
        .unwrap();
        let (tables, metrics) = whole(&schema, &model).unwrap();
        let mut told = json!({"tables": tables, "metrics": metrics});
        let column = told["tables"][0]["columns"][0].as_object_mut().unwrap();
        assert_eq!(column.remove("type").unwrap(), "TEXT");
        assert_eq!(told, meaning);
    }
}
