//! What one turn of the conversation sends: the AI SDK's UI message stream, version 1.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::dataset::ResultColumn;

use crate::reading::plan::{Document, Plan};

/// One frame. Names are the SDK's (camelCase); absent options are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "type",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    Start {
        #[serde(skip_serializing_if = "Option::is_none")]
        message_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        message_metadata: Option<Json>,
    },
    StartStep,
    FinishStep,
    TextStart {
        id: String,
    },
    TextDelta {
        id: String,
        delta: String,
    },
    TextEnd {
        id: String,
    },
    ReasoningStart {
        id: String,
    },
    ReasoningDelta {
        id: String,
        delta: String,
    },
    ReasoningEnd {
        id: String,
    },
    ToolInputStart {
        tool_call_id: String,
        tool_name: String,
    },
    ToolInputAvailable {
        tool_call_id: String,
        tool_name: String,
        input: Json,
    },
    ToolOutputAvailable {
        tool_call_id: String,
        output: Json,
    },
    ToolOutputError {
        tool_call_id: String,
        error_text: String,
    },
    ToolOutputDenied {
        tool_call_id: String,
    },
    ToolApprovalRequest {
        approval_id: String,
        tool_call_id: String,
    },
    DataStatus {
        data: Status,
        transient: bool,
    },
    DataReceipt {
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        data: Box<Receipt>,
    },
    DataClarify {
        data: Clarify,
    },
    Finish {
        finish_reason: FinishReason,
        #[serde(skip_serializing_if = "Option::is_none")]
        message_metadata: Option<Json>,
    },
    Abort {
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Error {
        error_text: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FinishReason {
    Stop,
    Length,
    ContentFilter,
    ToolCalls,
    Error,
    Other,
}

/// A word about what is happening now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// `linking`, `writing_sql`, `running`, `repairing`, `waiting_for_model`.
    pub stage: String,
    pub message: String,
}

/// The proof of an answer: the one statement whose result it is, and that result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub sql: String,
    pub columns: Vec<ResultColumn>,
    /// The first 200 rows.
    pub rows: Vec<Vec<Json>>,
    pub row_count: u64,
    pub truncated: bool,
    pub elapsed_ms: f64,
    pub tables: Vec<String>,
    /// Words of the question that were found in the data.
    pub matched_values: Vec<MatchedValue>,
    /// Every statement tried, the last one being `sql`.
    pub attempts: Vec<Attempt>,
    /// `built-in` or the model's name.
    pub engine: String,
    /// What the statement does, in words.
    pub restatement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chart: Option<Chart>,
    /// Probability that the answer is right, as far as questions with known answers tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// The statement as a plan that can be changed; absent where no plan stands behind it, as behind a model's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedValue {
    pub phrase: String,
    pub table: String,
    pub column: String,
    pub value: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub sql: String,
    /// What was wrong with it; absent for the one that holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A chart as data: nothing in it is code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    pub kind: ChartKind,
    /// Column of the result on the horizontal axis.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<String>,
    /// Numeric columns.
    pub y: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChartKind {
    Bar,
    Line,
    Area,
    Scatter,
    Pie,
    Number,
}

/// What the user may send next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clarify {
    pub kind: ClarifyKind,
    pub question: String,
    pub choices: Vec<Choice>,
    /// With suggestions: what was understood, as a plan to go on from by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<Document>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub label: String,
    /// Sent as the user's next message when chosen.
    pub message: String,
    /// The first row of what it finds, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<String>,
    /// The plan of the reading, which says it more surely than words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Document>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClarifyKind {
    /// The question has several readings; each choice is one.
    Readings,
    /// The question was not understood; each choice is another question.
    Suggestions,
}
