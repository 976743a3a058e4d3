//! What a crash leaves while changes are applied and taken back, at whatever moment it comes.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::*;
use crate::Store;
use crate::files::Files;
use crate::ids::{ApprovalId, ConversationId, SchemaId, UserId};
use crate::pending_writes::{self, NewWrite};
use crate::schemas::revisions::{self, Applied};
use crate::schemas::{self, Review};
use crate::testing::{Fixture, at};

/// Folder, user and dataset that a process of this test works on.
const TARGET: &str = "REVISE_CRASH_TARGET";
/// How often it is killed, where a number is given: `REVISE_CRASH_KILLS=200 cargo test -p store a_kill_leaves`.
const KILLS: &str = "REVISE_CRASH_KILLS";
const CHILD: &str = "dataset::revise::tests::crash::revises_until_it_is_killed";

fn files_of(folder: &Path) -> Files {
    Files::new(folder.join("uploads"), folder.join("databases")).unwrap()
}

/// The shop as an executed dataset with two insertions.
async fn dataset(fixture: &Fixture, shop: &Shop) -> SchemaId {
    let (store, ann) = (&fixture.store, fixture.ann);
    let inserted = shop.by_hand();
    let report = recount(&shop.import.target(), &shop.schema, &shop.report, None).unwrap();
    let id = SchemaId::generate();
    let new = schemas::NewSchema {
        name: "shop".to_owned(),
        csv_upload_ids: Vec::new(),
        schema: shop.schema.clone(),
        create_statements: Vec::new(),
        llm_reasoning: String::new(),
        llm_model: "built-in".to_owned(),
        review: None,
    };
    schemas::insert(store, ann, id, &new, at(0)).await.unwrap();
    let target = files_of(fixture.folder.path())
        .prepare_dataset(ann, id)
        .unwrap();
    let from = shop.import.target();
    std::fs::copy(quarantine_path(&from), quarantine_path(&target)).unwrap();
    std::fs::copy(&from, &target).unwrap();
    schemas::mark_executed(store, ann, id, &report, at(1))
        .await
        .unwrap();
    let conversation = ConversationId::generate();
    crate::conversations::create(store, ann, conversation, id, "shop", at(2))
        .await
        .unwrap();
    for receipt in inserted {
        let new = NewWrite {
            conversation_id: conversation,
            message_id: None,
            tool_call_id: "call".to_owned(),
            table: receipt.table.clone(),
            rows: Vec::new(),
        };
        let write = ApprovalId::generate();
        pending_writes::create(store, ann, write, &new, at(3))
            .await
            .unwrap();
        pending_writes::take(store, ann, write, true, at(3))
            .await
            .unwrap();
        pending_writes::record_receipt(store, ann, write, &receipt)
            .await
            .unwrap();
    }
    id
}

/// The customers' table has another name each time; every second time the files are read anew.
async fn revise(
    store: &Store,
    files: &Files,
    shop: &Shop,
    (user, id): (UserId, SchemaId),
    round: u32,
) {
    let base = schemas::get(store, user, id).await.unwrap();
    let draft = match revisions::draft(store, user, id).await {
        Ok(draft) => draft,
        Err(_) => revisions::begin(store, user, id, SchemaId::generate(), at(4))
            .await
            .unwrap(),
    };
    let mut schema = base.schema.clone();
    let name = if schema.tables[0].name == "customers" {
        "clients"
    } else {
        "customers"
    };
    schema.tables[0].name = name.to_owned();
    schema.relationships[0].to_table = name.to_owned();
    schemas::update_schema(
        store,
        (user, draft.id),
        None,
        &schema,
        &[],
        &Review::default(),
    )
    .await
    .unwrap();
    schemas::begin_execution(store, user, draft.id, at(5))
        .await
        .unwrap();
    let draft = schemas::get(store, user, draft.id).await.unwrap();
    let before = files.dataset_path(user, base.database_id);
    let target = files.prepare_dataset(user, draft.database_id).unwrap();
    let writes = revisions::insertions(store, user, id).await.unwrap();
    let inserted: Vec<_> = writes
        .iter()
        .map(|write| write.receipt.clone().unwrap())
        .collect();
    let cancel = CancelFlag::default();
    let (report, carried) = if round.is_multiple_of(2) {
        let report = base.load_report.unwrap();
        let schemas = (&base.schema, &schema);
        copy_renamed(&before, &target, schemas, (&inserted, &report), &cancel).unwrap()
    } else {
        let sources = &shop.import.sources;
        let report = load(&schema, sources, &target, &mut |_| (), &cancel).unwrap();
        let carried = carry_over((&before, &base.schema), (&target, &schema), &inserted).unwrap();
        (recount(&target, &schema, &report, None).unwrap(), carried)
    };
    let ids = writes.iter().map(|write| write.id);
    let applied = Applied {
        report,
        receipts: ids.zip(carried.receipts).collect(),
    };
    let swapped = revisions::apply(store, user, draft.id, &applied, at(6))
        .await
        .unwrap();
    if let Some(unused) = swapped.unused {
        files.delete_dataset(user, unused).await.unwrap();
    }
    if round.is_multiple_of(3) {
        let swapped = revisions::undo(store, user, id, at(7)).await.unwrap();
        files
            .delete_dataset(user, swapped.unused.unwrap())
            .await
            .unwrap();
    }
}

/// Everything that is kept is whole: the database is what the schema says, and has all rows of files and of people.
async fn check(fixture: &Fixture, files: &Files, id: SchemaId) {
    let (store, ann) = (&fixture.store, fixture.ann);
    let mut kept = vec![schemas::get(store, ann, id).await.unwrap()];
    let family = revisions::family(store, ann, id).await.unwrap();
    if family.before.is_some() {
        kept.push(revisions::before(store, ann, id).await.unwrap());
    }
    for record in &kept {
        assert_eq!(record.status, schemas::SchemaStatus::Executed);
        let path = files.dataset_path(ann, record.database_id);
        let name = &record.schema.tables[0].name;
        let sql = format!("SELECT concat_ws(' ', id, name, size) FROM {name} ORDER BY id");
        assert_eq!(
            texts(&path, &sql),
            ["1 Ann 5", "2 Bob 8", "3 Cleo 7", "4 Dan 9"]
        );
        let sql = "SELECT CAST(count(*) AS TEXT) FROM orders";
        assert_eq!(texts(&path, sql), ["3"]);
        assert_eq!(texts(&path, "PRAGMA integrity_check"), ["ok"]);
        let table = &record.load_report.as_ref().unwrap().tables[0];
        assert_eq!((&table.name, table.row_count, table.mended), (name, 3, 1));
    }
    // The receipts are of the database that stands.
    let path = files.dataset_path(ann, kept[0].database_id);
    let writes = revisions::insertions(store, ann, id).await.unwrap();
    assert_eq!(writes.len(), 2);
    for write in writes {
        let receipt = write.receipt.unwrap();
        let connection = Connection::open(&path).unwrap();
        let digest = crate::dataset::write::digest(&connection, &receipt.table, &receipt.rowids);
        assert_eq!(digest.unwrap(), Some(receipt.digest));
    }
    // And nothing else lies beside them.
    let mut expected: Vec<PathBuf> = kept
        .iter()
        .map(|record| files.dataset_path(ann, record.database_id))
        .flat_map(|path| [quarantine_path(&path), path])
        .collect();
    expected.sort();
    let mut found: Vec<PathBuf> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    found.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_kill_leaves_the_old_or_the_new_database_whole() {
    let fixture = Fixture::new().await;
    let shop = Shop::new();
    let id = dataset(&fixture, &shop).await;
    let folder = fixture.folder.path();
    let files = files_of(folder);
    check(&fixture, &files, id).await;
    let (mut removed, mut seen) = (0, std::collections::BTreeSet::new());
    let kills = std::env::var(KILLS).map_or(14, |count| count.parse().unwrap());
    for round in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", CHILD, "--ignored"])
            .env(
                TARGET,
                format!("{}\n{}\n{id}", folder.display(), fixture.ann),
            )
            .env("TMPDIR", folder)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(250 + round % 14 * 53 + round / 14));
        child.kill().unwrap();
        let ended = child.wait().unwrap();
        assert_eq!(ended.signal(), Some(9), "{ended:?}");
        // As the service starts.
        let done = files.reconcile(&fixture.store).await.unwrap();
        assert_eq!((done.datasets_unreadable, done.datasets_missing), (0, 0));
        removed += done.files_removed;
        check(&fixture, &files, id).await;
        let record = schemas::get(&fixture.store, fixture.ann, id).await.unwrap();
        seen.insert((record.schema.tables[0].name.clone(), record.database_id));
    }
    assert!(removed > 0, "no kill left a file");
    assert!(seen.len() > 2, "no changes were applied: {seen:?}");
}

/// Run by the test above, in a process of its own: changes the dataset without end.
#[tokio::test]
#[ignore = "never ends by itself"]
async fn revises_until_it_is_killed() {
    let Ok(target) = std::env::var(TARGET) else {
        return;
    };
    let parts: Vec<&str> = target.split('\n').collect();
    let folder = PathBuf::from(parts[0]);
    let url = format!("sqlite://{}", folder.join("deep/metadata.db").display());
    let store = Store::open(&url).await.unwrap();
    let of = (parts[1].parse().unwrap(), parts[2].parse().unwrap());
    let shop = Shop::new();
    for round in 0.. {
        revise(&store, &files_of(&folder), &shop, of, round).await;
    }
}
