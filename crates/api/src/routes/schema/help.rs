//! A language model's help with a schema: how far it is, what it proposed, and starting and stopping it.

use agent::engine::Engine;
use axum::Json;
use axum::extract::State;
use schema_gen::Schema;
use schema_gen::llm::{Change, Kind, What, apply};
use serde::Serialize;
use serde_json::json;
use store::helps::{Help, HelpPiece, PieceState};
use store::ids::{SchemaId, UserId};
use store::schemas::SchemaStatus;
use utoipa::ToSchema;

use crate::error::ApiError;
use crate::extract::OwnedSchema;
use crate::state::AppState;

/// Where a model's help with a schema stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpResponse {
    pub state: HelpStateJson,
    /// The model that was asked.
    pub model: Option<String>,
    /// In the order in which they are asked.
    pub pieces: Vec<HelpPieceJson>,
    /// What was proposed, oldest first, and what became of it; none is ever taken out.
    pub changes: Vec<HelpChangeJson>,
    /// Why it stopped before its end, in words.
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HelpStateJson {
    /// No model was asked.
    None,
    Running,
    /// Some pieces are not answered: it can go on.
    Stopped,
    Done,
}

/// One small question.
#[derive(Debug, Serialize, ToSchema)]
pub struct HelpPieceJson {
    pub id: String,
    pub kind: HelpKindJson,
    /// As it was called when the help began.
    pub table: String,
    pub columns: Vec<String>,
    pub state: HelpPieceStateJson,
    /// What went wrong, in words.
    pub message: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HelpKindJson {
    /// What a row is, and which column names it.
    Rows,
    /// What columns hold whose names say little.
    Columns,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HelpPieceStateJson {
    Waiting,
    Running,
    Done,
    /// Answered with what cannot be used.
    Unusable,
    /// Not answered; asked again when the help goes on.
    Failed,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HelpChangeJson {
    pub what: HelpWhatJson,
    pub table: String,
    /// As it was called before the change.
    pub column: Option<String>,
    /// The description, the word, the name, or the column that names a row.
    pub value: String,
    /// Why it was not taken over; null where it is in `schema_json`, until somebody changes it there.
    pub refused: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HelpWhatJson {
    Description,
    Word,
    Label,
    Name,
}

/// How far a model's help with the schema is, and what it proposed
#[utoipa::path(get, path = "/api/schema/{id}/help", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = HelpResponse)))]
pub async fn get_help(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<HelpResponse>, ApiError> {
    response(&state, owned.user, owned.row.id).await
}

/// Let the model help with the schema
///
/// Begins, or goes on where it was: a piece that was answered is not asked again, also where other schemas of the same files asked
/// it. What holds of each answer is in `schema_json` as soon as it is there. 409 `no_model` where none answers.
#[utoipa::path(post, path = "/api/schema/{id}/help", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = HelpResponse)))]
pub async fn start_help(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<HelpResponse>, ApiError> {
    let (user, id) = (owned.user, owned.row.id);
    if owned.row.status == SchemaStatus::Executed {
        return Err(ApiError::conflict(
            "already_executed",
            "This schema's database exists already: begin a revision, and let the model help with that.",
        ));
    }
    let model = match state.engines.current().await {
        Engine::Model(model) => model,
        Engine::BuiltIn { reason } => return Err(ApiError::conflict("no_model", reason)),
    };
    let detail = json!({"model": model.name});
    state.helps.start(&state, user, &owned.row, model).await?;
    store::audit::record(
        &state.store,
        user,
        "help_schema",
        &id.to_string(),
        &detail,
        state.now(),
    )
    .await?;
    response(&state, user, id).await
}

/// Stop the model's help
///
/// What was answered stays.
#[utoipa::path(delete, path = "/api/schema/{id}/help", tag = "schemas", params(("id" = Uuid, Path)), responses((status = 200, body = HelpResponse)))]
pub async fn stop_help(
    State(state): State<AppState>,
    owned: OwnedSchema,
) -> Result<Json<HelpResponse>, ApiError> {
    state.helps.stop(owned.row.id).await;
    response(&state, owned.user, owned.row.id).await
}

/// Lays over a schema what was proposed after the first `seen` changes, where nobody has said otherwise in it. How many changes
/// it has an answer to then.
pub async fn lay_over(
    state: &AppState,
    (user, id): (UserId, SchemaId),
    seen: Option<usize>,
    schema: &mut Schema,
) -> Result<usize, ApiError> {
    let help = store::helps::get(&state.store, user, id).await?;
    let changes = help.map(|help| help.changes).unwrap_or_default();
    for change in changes.iter().skip(seen.unwrap_or(changes.len())) {
        apply(schema, change);
    }
    Ok(changes.len())
}

async fn response(
    state: &AppState,
    user: UserId,
    id: SchemaId,
) -> Result<Json<HelpResponse>, ApiError> {
    // Looked at first: what ends meanwhile is stored by then.
    let running = state.helps.running(id);
    let help = store::helps::get(&state.store, user, id).await?;
    let is_over = |help: &Help| help.pieces.iter().all(|piece| piece.state.is_over());
    let told = match (&running, &help) {
        (Some(_), _) => HelpStateJson::Running,
        (None, None) => HelpStateJson::None,
        (None, Some(help)) if is_over(help) => HelpStateJson::Done,
        (None, Some(_)) => HelpStateJson::Stopped,
    };
    let at = running.and_then(|running| running.piece);
    let Some(help) = help else {
        return Ok(Json(HelpResponse {
            state: told,
            model: None,
            pieces: Vec::new(),
            changes: Vec::new(),
            note: None,
        }));
    };
    let pieces = help.pieces.into_iter();
    Ok(Json(HelpResponse {
        state: told,
        model: Some(help.model),
        pieces: pieces
            .map(|piece| told_piece(piece, at.as_deref()))
            .collect(),
        changes: help.changes.into_iter().map(HelpChangeJson::from).collect(),
        note: help.note,
    }))
}

fn told_piece(piece: HelpPiece, running: Option<&str>) -> HelpPieceJson {
    let HelpPiece {
        piece,
        state,
        message,
    } = piece;
    let is_running = running == Some(piece.id.as_str());
    HelpPieceJson {
        state: match state {
            PieceState::Waiting | PieceState::Failed if is_running => HelpPieceStateJson::Running,
            PieceState::Waiting => HelpPieceStateJson::Waiting,
            PieceState::Done => HelpPieceStateJson::Done,
            PieceState::Unusable => HelpPieceStateJson::Unusable,
            PieceState::Failed => HelpPieceStateJson::Failed,
        },
        kind: match piece.kind {
            Kind::Rows => HelpKindJson::Rows,
            Kind::Columns => HelpKindJson::Columns,
        },
        id: piece.id,
        table: piece.table.name,
        columns: piece.columns.into_iter().map(|place| place.name).collect(),
        message,
    }
}

impl From<Change> for HelpChangeJson {
    fn from(change: Change) -> Self {
        Self {
            what: match change.what {
                What::Description => HelpWhatJson::Description,
                What::Word => HelpWhatJson::Word,
                What::Label => HelpWhatJson::Label,
                What::Name => HelpWhatJson::Name,
            },
            table: change.table,
            column: change.column,
            value: change.value,
            refused: change.refused,
        }
    }
}
