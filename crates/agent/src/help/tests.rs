#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::TimeDelta;
use serde_json::json;
use store::schemas::NewSchema;
use store::users::Identity;
use tempfile::TempDir;

use super::*;
use crate::engine::{Engine, EngineLimits, Engines};
use crate::testing::{Scripted, ScriptedModel};

const ROOMS: &str = "room_id,title\n1,Blue\n2,Green\n3,Red\n";
const LOANS: &str = "loan_id,,room_id\n10,a,1\n11,b,3\n12,c,1\n";

struct Fixture {
    _folder: TempDir,
    job: HelpJob,
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_760_000_000, 0).unwrap() + TimeDelta::zero()
}

fn source(folder: &TempDir, name: &str, text: &str) -> Source {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let options = ingest::Options::default();
    Source {
        csv_id: name.to_owned(),
        original_filename: name.to_owned(),
        analysis: ingest::analyse(&path, &options, &ingest::Unwatched).unwrap(),
        path,
    }
}

impl Fixture {
    /// The schema of two files: pieces `rows:loans`, `columns:loans:1`, `rows:rooms`.
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let sources = vec![
            source(&folder, "loans.csv", LOANS),
            source(&folder, "rooms.csv", ROOMS),
        ];
        let store = Store::open("sqlite::memory:").await.unwrap();
        let identity = Identity {
            issuer: "test".to_owned(),
            subject: "ann".to_owned(),
            email: None,
            name: None,
            picture: None,
        };
        let user = UserId::generate();
        store.sign_in_user(&identity, user, now()).await.unwrap();
        let job = HelpJob {
            store,
            user,
            schema: SchemaId::generate(),
            hashes: HashMap::from([
                ("loans.csv".to_owned(), "aa".to_owned()),
                ("rooms.csv".to_owned(), "bb".to_owned()),
            ]),
            sources,
            now: Arc::new(now),
            patience: Duration::from_mins(1),
            cancel: CancellationToken::new(),
            running: watch::Sender::new(None),
        };
        let fixture = Self {
            _folder: folder,
            job,
        };
        fixture.insert().await;
        fixture
    }

    async fn insert(&self) {
        let job = &self.job;
        let edited = schema_gen::generate(&job.sources, &|_| true)
            .and_then(|schema| schema_gen::finish_edit(schema, &job.sources, &|| true))
            .unwrap();
        let new = NewSchema {
            name: "rooms".to_owned(),
            csv_upload_ids: Vec::new(),
            create_statements: schema_gen::create_statements(&edited.schema),
            schema: edited.schema,
            llm_reasoning: String::new(),
            llm_model: "built-in".to_owned(),
            review: Some(Review {
                forecast: edited.forecast,
                notices: edited.problems,
            }),
        };
        schemas::insert(&job.store, job.user, job.schema, &new, now())
            .await
            .unwrap();
    }

    async fn record(&self) -> SchemaRecord {
        let job = &self.job;
        schemas::get(&job.store, job.user, job.schema)
            .await
            .unwrap()
    }

    async fn stored(&self) -> Help {
        let job = &self.job;
        let help = helps::get(&job.store, job.user, job.schema).await.unwrap();
        help.unwrap()
    }

    async fn states(&self) -> Vec<PieceState> {
        let pieces = self.stored().await.pieces;
        pieces.into_iter().map(|piece| piece.state).collect()
    }

    /// A person edits the schema.
    async fn edit(&self, change: impl FnOnce(&mut Schema)) {
        let record = self.record().await;
        let mut schema = record.schema;
        change(&mut schema);
        let statements = schema_gen::create_statements(&schema);
        let (job, review) = (&self.job, record.review.unwrap());
        let of = (job.user, job.schema);
        schemas::update_schema(&job.store, of, None, &schema, &statements, &review)
            .await
            .unwrap();
    }
}

async fn engine(model: &Arc<ScriptedModel>) -> ModelEngine {
    let limits = EngineLimits {
        first_wait: Duration::from_mins(1),
        ..EngineLimits::default()
    };
    let engines = Engines::new(Arc::clone(model) as _, None, limits);
    match engines.current().await {
        Engine::Model(model) => model,
        Engine::BuiltIn { reason } => panic!("{reason}"),
    }
}

const LOAN: Scripted = Scripted::Text(r#"{"row": "One loan of a room."}"#);
const KIND: Scripted = Scripted::Text(r#"{"column_2": "kind of loan"}"#);
const ROOM: Scripted = Scripted::Text(r#"{"row": "A room to lend."}"#);

#[tokio::test]
async fn each_answer_is_in_the_schema_and_told_as_the_models() {
    let fixture = Fixture::new().await;
    let model = ScriptedModel::small([LOAN, KIND, ROOM]);
    help(&fixture.job, &engine(&model).await).await.unwrap();
    let record = fixture.record().await;
    let loans = record.schema.table("loans").unwrap();
    assert_eq!(loans.description.as_deref(), Some("One loan of a room."));
    assert_eq!(loans.columns[1].name, "kind_of_loan");
    assert!(record.create_statements[0].contains("kind_of_loan"));
    assert_eq!(record.llm_model, "test-model");
    let help = fixture.stored().await;
    assert!(help.changes.iter().all(|change| change.refused.is_none()));
    assert_eq!(help.note, None);
    assert_eq!(fixture.states().await, [PieceState::Done; 3]);
    assert_eq!(model.asked(), 3);
}

#[tokio::test]
async fn every_request_is_small_begins_alike_and_is_held_to_a_form() {
    let fixture = Fixture::new().await;
    let model = ScriptedModel::small([LOAN, KIND, ROOM]);
    help(&fixture.job, &engine(&model).await).await.unwrap();
    let requests = model.requests.lock().unwrap();
    for request in requests.iter() {
        assert_eq!(request.messages[0], requests[0].messages[0]);
        assert!(request.options.max_tokens.unwrap() < 150);
        assert_eq!(request.format.as_ref().unwrap()["type"], "object");
        assert_eq!(request.options.context_length, Some(8_192));
    }
}

#[tokio::test]
async fn what_fails_or_is_nonsense_costs_only_its_piece_and_is_told() {
    let fixture = Fixture::new().await;
    let broken = Scripted::BreaksOff("{\"row\": ");
    let model = ScriptedModel::small([broken, Scripted::Text("Sure!"), ROOM]);
    let engine = engine(&model).await;
    help(&fixture.job, &engine).await.unwrap();
    assert_eq!(
        fixture.states().await,
        [PieceState::Failed, PieceState::Unusable, PieceState::Done]
    );
    let pieces = fixture.stored().await.pieces;
    assert!(pieces[0].message.as_ref().unwrap().contains("broke off"));
    assert!(pieces[1].message.as_ref().unwrap().contains("not the JSON"));
    // What was not answered is asked again, and nothing else.
    let again = ScriptedModel::small([LOAN]);
    help(&fixture.job, &self::engine(&again).await)
        .await
        .unwrap();
    assert_eq!(again.asked(), 1);
    let record = fixture.record().await;
    let loans = record.schema.table("loans").unwrap();
    assert_eq!(loans.description.as_deref(), Some("One loan of a room."));
}

#[tokio::test]
async fn a_server_out_of_reach_ends_the_help_with_the_reason_and_later_it_goes_on() {
    let fixture = Fixture::new().await;
    let gone = Scripted::Fails(LlmError::Unreachable {
        url: "http://x".into(),
    });
    let model = ScriptedModel::small([LOAN, gone]);
    help(&fixture.job, &engine(&model).await).await.unwrap();
    assert_eq!(model.asked(), 2);
    let stored = fixture.stored().await;
    assert!(stored.note.unwrap().contains("No language model answers"));
    assert_eq!(stored.pieces[1].state, PieceState::Waiting);
    let again = ScriptedModel::small([KIND, ROOM]);
    help(&fixture.job, &engine(&again).await).await.unwrap();
    assert_eq!(fixture.states().await, [PieceState::Done; 3]);
    assert_eq!(fixture.stored().await.note, None);
    assert_eq!(again.asked(), 2);
}

#[tokio::test]
async fn a_model_that_always_fails_is_left_alone() {
    let fixture = Fixture::new().await;
    let model = ScriptedModel::small([Scripted::BreaksOff("")]);
    help(&fixture.job, &engine(&model).await).await.unwrap();
    assert_eq!(model.asked(), MOST_FAILURES);
    assert!(fixture.stored().await.note.unwrap().contains("in a row"));
}

#[tokio::test]
async fn stopped_it_leaves_the_model_and_goes_on_where_it_was() {
    let fixture = Fixture::new().await;
    let model = ScriptedModel::small([LOAN, Scripted::Hangs]);
    let engine = engine(&model).await;
    let mut running = fixture.job.running.subscribe();
    let stop = async {
        let at_columns = |at: &Option<String>| at.as_deref() == Some("columns:loans:1");
        running.wait_for(at_columns).await.unwrap();
        while model.asked() < 2 {
            tokio::task::yield_now().await;
        }
        fixture.job.cancel.cancel();
    };
    let (ended, ()) = tokio::join!(help(&fixture.job, &engine), stop);
    ended.unwrap();
    assert_eq!(*fixture.job.running.borrow(), None);
    let states = fixture.states().await;
    assert_eq!(states[..2], [PieceState::Done, PieceState::Waiting]);
    let job = HelpJob {
        cancel: CancellationToken::new(),
        ..fixture.job
    };
    let again = ScriptedModel::small([KIND, ROOM]);
    help(&job, &self::engine(&again).await).await.unwrap();
    assert_eq!(again.asked(), 2);
}

#[tokio::test]
async fn a_late_answer_costs_only_its_piece() {
    let mut fixture = Fixture::new().await;
    let model = ScriptedModel::small([Scripted::Hangs, KIND, ROOM]);
    fixture.job.patience = Duration::from_millis(200);
    help(&fixture.job, &engine(&model).await).await.unwrap();
    let first = &fixture.stored().await.pieces[0];
    assert_eq!(first.state, PieceState::Failed);
    assert!(first.message.as_ref().unwrap().contains("No answer within"));
}

#[tokio::test]
async fn the_same_files_are_not_asked_about_again_and_another_model_is() {
    let mut fixture = Fixture::new().await;
    let model = ScriptedModel::small([LOAN, KIND, ROOM]);
    let engine = engine(&model).await;
    help(&fixture.job, &engine).await.unwrap();
    let first = fixture.record().await.schema;
    fixture.job.schema = SchemaId::generate();
    fixture.insert().await;
    help(&fixture.job, &engine).await.unwrap();
    assert_eq!(model.asked(), 3);
    assert_eq!(fixture.record().await.schema, first);
    // A file with other contents is another one.
    fixture.job.schema = SchemaId::generate();
    fixture.insert().await;
    fixture.job.hashes.insert("rooms.csv".into(), "cc".into());
    help(&fixture.job, &engine).await.unwrap();
    assert_eq!(model.asked(), 4, "rows:rooms");
    let mut other = engine;
    other.name = "other".into();
    fixture.job.schema = SchemaId::generate();
    fixture.insert().await;
    help(&fixture.job, &other).await.unwrap();
    assert_eq!(model.asked(), 7);
}

#[tokio::test]
async fn what_a_person_edits_while_the_model_writes_wins() {
    let fixture = Fixture::new().await;
    let model = ScriptedModel::small([LOAN, KIND, ROOM]);
    let asked = fixture.record().await.schema;
    fixture
        .edit(|schema| {
            schema.tables[0].description = Some("What we lent.".into());
            schema.tables[0].name = "lendings".into();
            for relationship in &mut schema.relationships {
                relationship.from_table = "lendings".into();
            }
            for index in &mut schema.indexes {
                index.table = "lendings".into();
            }
        })
        .await;
    let mut help = planned(&asked, "test-model", None);
    let answer = json!({"row": "One loan."}).to_string();
    let taken = fixture.job.take(&mut help, 0, &asked, &answer).await;
    assert!(matches!(taken, Ok(Ended::Answered)));
    let record = fixture.record().await;
    let table = record.schema.table("lendings").unwrap();
    assert_eq!(table.description.as_deref(), Some("What we lent."));
    let change = &fixture.stored().await.changes[0];
    assert_eq!(
        (change.table.as_str(), change.refused.as_deref()),
        ("lendings", Some("you have changed it meanwhile"))
    );
    drop(model);
}

#[tokio::test]
async fn an_approved_schema_is_not_asked_about_any_more() {
    let fixture = Fixture::new().await;
    let job = &fixture.job;
    let report = store::dataset::LoadReport::default();
    schemas::mark_executed(&job.store, job.user, job.schema, &report, now())
        .await
        .unwrap();
    let model = ScriptedModel::small([LOAN]);
    help(job, &engine(&model).await).await.unwrap();
    assert_eq!(model.asked(), 0);
    assert!(fixture.stored().await.note.unwrap().contains("approved"));
}
