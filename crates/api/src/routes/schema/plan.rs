//! Plans of questions: what can be chosen for each of their parts, and what they give after changes.

use agent::reading::decide::Knowledge;
use agent::reading::plan::{self, Change, ChipKind, Desk, Document, Plan, PlanError, Wanted};
use agent::reading::query::Query;
use agent::reading::{say, sql};
use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::dataset::{CancelFlag, QueryLimits};
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::extract::{ApiJson, OwnedSchema};
use crate::jobs::run_blocking;
use crate::routes::query::ColumnResponse;
use crate::state::AppState;

/// A plan with its changes: far above what questions lead to.
pub const MAX_PLAN_BYTES: usize = 1 << 20;
/// Rows of a preview.
const PREVIEWED_ROWS: usize = 5;
/// Changes of one request.
const MAX_CHANGES: usize = 50;

/// What an answer was made of, in parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanResponse {
    /// The plan itself; goes back unchanged.
    #[schema(value_type = Object)]
    pub document: Value,
    pub chips: Vec<ChipResponse>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChipResponse {
    /// Unique in the plan.
    #[schema(example = "measure.0")]
    pub id: String,
    pub kind: ChipKindJson,
    /// In words.
    #[schema(example = "by country")]
    pub label: String,
    /// Why it is so, where the question did not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assumed: Option<String>,
    /// The plan means something without it.
    pub removable: bool,
    /// It has a pick list.
    pub changeable: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChipKindJson {
    Rows,
    Shown,
    Measure,
    Group,
    Where,
    Period,
    Having,
    Order,
    Limit,
}

impl From<ChipKindJson> for ChipKind {
    fn from(kind: ChipKindJson) -> Self {
        match kind {
            ChipKindJson::Rows => Self::Rows,
            ChipKindJson::Shown => Self::Shown,
            ChipKindJson::Measure => Self::Measure,
            ChipKindJson::Group => Self::Group,
            ChipKindJson::Where => Self::Where,
            ChipKindJson::Period => Self::Period,
            ChipKindJson::Having => Self::Having,
            ChipKindJson::Order => Self::Order,
            ChipKindJson::Limit => Self::Limit,
        }
    }
}

impl From<ChipKind> for ChipKindJson {
    fn from(kind: ChipKind) -> Self {
        match kind {
            ChipKind::Rows => Self::Rows,
            ChipKind::Shown => Self::Shown,
            ChipKind::Measure => Self::Measure,
            ChipKind::Group => Self::Group,
            ChipKind::Where => Self::Where,
            ChipKind::Period => Self::Period,
            ChipKind::Having => Self::Having,
            ChipKind::Order => Self::Order,
            ChipKind::Limit => Self::Limit,
        }
    }
}

impl TryFrom<Plan> for PlanResponse {
    type Error = ApiError;

    fn try_from(plan: Plan) -> Result<Self, ApiError> {
        let chips = plan.chips.into_iter();
        Ok(Self {
            document: serde_json::to_value(plan.document).map_err(ApiError::internal)?,
            chips: chips
                .map(|chip| ChipResponse {
                    id: chip.id,
                    kind: chip.kind.into(),
                    label: chip.label,
                    assumed: chip.assumed,
                    removable: chip.removable,
                    changeable: chip.changeable,
                })
                .collect(),
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PlanOptionsRequest {
    /// Without one, what a plan can begin with.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub plan: Option<Value>,
    /// What can stand in the place of this chip; either it or `add`.
    #[serde(default)]
    pub chip: Option<String>,
    /// What of this kind can be added.
    #[serde(default)]
    pub add: Option<ChipKindJson>,
    /// Keeps what it names: in labels and, for conditions, in stored values.
    #[serde(default)]
    pub search: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlanOptionsResponse {
    /// 50 at most, the likeliest first.
    pub options: Vec<PlanOption>,
    /// There are more: search.
    pub more: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PlanOption {
    pub label: String,
    /// What else tells it from others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// It is what the plan has.
    pub current: bool,
    /// For `changes`, as it is.
    #[schema(value_type = Object)]
    pub change: Value,
}

impl TryFrom<plan::Choice> for PlanOption {
    type Error = ApiError;

    fn try_from(choice: plan::Choice) -> Result<Self, ApiError> {
        Ok(Self {
            label: choice.label,
            detail: choice.detail,
            current: choice.current,
            change: serde_json::to_value(choice.change).map_err(ApiError::internal)?,
        })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct PlanPreviewRequest {
    /// Without one, the first change begins a plan.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub plan: Option<Value>,
    /// Done one after the other: an option's `change`, `{"remove": chip}`, `{"where": …}`, `{"limit": n}` or `{"period": …}`.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub changes: Vec<Value>,
}

/// What a plan gives after its changes.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanPreviewResponse {
    pub plan: PlanResponse,
    /// What the statement does, in words.
    pub restatement: String,
    pub sql: String,
    pub columns: Vec<ColumnResponse>,
    /// The first five.
    #[schema(value_type = Vec<Vec<Object>>)]
    pub rows: Vec<Vec<Value>>,
    /// All rows that were read.
    pub row_count: u64,
    /// There is more than the limits let through.
    pub truncated: bool,
}

/// What can be chosen in a plan
///
/// The likeliest first; nothing that makes no sense, such as a sum of identifiers. Nothing is run.
#[utoipa::path(post, path = "/api/schema/{id}/plan/options", tag = "questions", params(("id" = Uuid, Path)), request_body = PlanOptionsRequest, responses((status = 200, body = PlanOptionsResponse)))]
pub async fn list_plan_options(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<PlanOptionsRequest>,
) -> Result<Json<PlanOptionsResponse>, ApiError> {
    let document = request.plan.as_ref().map(Document::read).transpose()?;
    let open = state.datasets.open(&state, &owned).await?;
    let today = state.now().date_naive();
    let cancel = CancelFlag::default();
    let choices = run_blocking(&state.queries, &cancel, move || {
        let desk = Desk {
            knowledge: &open.knowledge,
            today,
        };
        let wanted = match (request.chip.as_deref(), request.add) {
            (Some(chip), None) => Wanted::InPlaceOf(chip),
            (None, Some(kind)) => Wanted::Adding(kind.into()),
            _ => {
                return Err(PlanError::DoesNotFit(
                    "Name either a chip or what to add.".into(),
                ));
            }
        };
        desk.choices(
            document.as_ref(),
            wanted,
            request.search.as_deref().unwrap_or_default(),
        )
    })
    .await??;
    let options = choices.options.into_iter();
    Ok(Json(PlanOptionsResponse {
        options: options
            .map(PlanOption::try_from)
            .collect::<Result<_, _>>()?,
        more: choices.more,
    }))
}

/// What a plan gives after changes
///
/// Nothing is kept: the statement runs in the sandbox as any other, and its first rows come back with the new plan.
#[utoipa::path(post, path = "/api/schema/{id}/plan/preview", tag = "questions", params(("id" = Uuid, Path)), request_body = PlanPreviewRequest, responses((status = 200, body = PlanPreviewResponse)))]
pub async fn preview_plan(
    State(state): State<AppState>,
    owned: OwnedSchema,
    ApiJson(request): ApiJson<PlanPreviewRequest>,
) -> Result<Json<PlanPreviewResponse>, ApiError> {
    let open = state.datasets.open(&state, &owned).await?;
    let today = state.now().date_naive();
    let query = changed(
        &open.knowledge,
        today,
        request.plan.as_ref(),
        &request.changes,
    )?;
    let data = &open.knowledge.data;
    let (sql, plan) = (sql::render(&query, data), Plan::of(&query, data, &[]));
    let restatement = say::restate(&query, data);
    let limits = state.config.limits;
    let limits = QueryLimits {
        max_rows: limits.sql_max_rows,
        max_bytes: limits.sql_max_bytes,
        deadline_ms: limits.sql_time_limit_ms,
        offset: 0,
    };
    let cancel = CancelFlag::default();
    let (flag, dataset, statement) = (cancel.clone(), open.dataset.clone(), sql.clone());
    let result = run_blocking(&state.queries, &cancel, move || {
        dataset.query(&statement, limits, &flag)
    })
    .await??;
    metrics::histogram!("query_duration_seconds", "by" => "plan")
        .record(result.elapsed_ms / 1_000.0);
    let mut rows = result.rows;
    rows.truncate(PREVIEWED_ROWS);
    Ok(Json(PlanPreviewResponse {
        plan: plan.try_into()?,
        restatement,
        sql,
        columns: result
            .columns
            .into_iter()
            .map(ColumnResponse::from)
            .collect(),
        rows,
        row_count: result.row_count,
        truncated: result.truncated,
    }))
}

/// The checked query of a plan after the changes; 422 `plan_outdated` or `change_does_not_fit`.
pub fn changed(
    knowledge: &Knowledge,
    today: NaiveDate,
    document: Option<&Value>,
    changes: &[Value],
) -> Result<Query, ApiError> {
    if changes.len() > MAX_CHANGES {
        let detail = format!("At most {MAX_CHANGES} changes are made at once.");
        return Err(PlanError::DoesNotFit(detail).into());
    }
    let document = document.map(Document::read).transpose()?;
    let changes: Vec<Change> = changes
        .iter()
        .map(|change| {
            Change::deserialize(change).map_err(|error| {
                PlanError::DoesNotFit(format!("This is no change of a plan: {error}."))
            })
        })
        .collect::<Result<_, _>>()?;
    let desk = Desk { knowledge, today };
    Ok(desk.changed(document.as_ref(), &changes)?)
}
