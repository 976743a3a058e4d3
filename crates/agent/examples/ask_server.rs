//! Asks a model server with OpenAI's API: `cargo run -p agent --example ask_server -- http://127.0.0.1:8080/v1 [MODEL]`.
//! The key, where it needs one, stands in `LLM_API_KEY`. Shows the list, a reply as text, one in a given form, a tool call.
#![allow(clippy::print_stdout)]

use agent::LlmError;
use agent::llm::{ChatOptions, ChatRequest, LlmClient, Message, Role, ToolDefinition, collect};
use agent::model_http::LlmLimits;
use agent::openai::{ApiKey, OpenAiClient};
use serde_json::json;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("usage: ask_server URL [MODEL]")?;
    let key = std::env::var("LLM_API_KEY").ok().and_then(ApiKey::new);
    let model = arguments.next();
    let client = OpenAiClient::new(&url.parse()?, key.as_ref(), model, LlmLimits::default())?;
    let models = client.list_models().await?;
    let name = models.first().ok_or("no model is there")?.name.clone();
    println!("{name}: {:?}", client.show(&name).await?);
    let ask = |question: &str| ChatRequest {
        model: name.clone(),
        messages: vec![Message::new(Role::User, question)],
        options: ChatOptions {
            max_tokens: Some(60),
            ..ChatOptions::default()
        },
        ..ChatRequest::default()
    };
    let question = "Write one SQLite SELECT that counts the rows of the table orders.";
    show(&client, "text", ask(question)).await;
    let mut formed = ask("Name one colour.");
    formed.format = Some(
        json!({"type": "object", "properties": {"colour": {"type": "string"}}, "required": ["colour"]}),
    );
    show(&client, "form", formed).await;
    let mut with_tool = ask("How many orders are there? Use the tool.");
    with_tool.tools = vec![ToolDefinition {
        name: "execute_sql_query",
        description: "Runs one SQLite SELECT statement.",
        parameters: json!({"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}),
    }];
    show(&client, "tool", with_tool).await;
    let mut short = ask("Count from one to a hundred in words.");
    short.options.max_tokens = Some(5);
    show(&client, "cut off", short).await;
    Ok(())
}

async fn show(client: &OpenAiClient, what: &str, request: ChatRequest) {
    let reply = async { collect(client.chat(request).await?).await };
    match reply.await {
        Ok(reply) => println!("{what}: {reply:?}"),
        Err::<_, LlmError>(error) => println!("{what}: failed: {error}"),
    }
}
