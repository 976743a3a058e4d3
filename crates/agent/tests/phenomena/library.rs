//! A library of tools: who borrowed what, what was paid, and the lines of its budget. Invented for these tests.

use std::path::Path;

use agent::reading::decide::{Answer, Asked, Decision, Knowledge, Pool};
use chrono::NaiveDate;
use ingest::{Dialect, Options, Unwatched};
use schema_gen::Schema;
use serde_json::{Value as Json, json};
use store::dataset::{CancelFlag, LoadSource, QueryLimits, SqliteDataset, load};
use tempfile::TempDir;

/// One town in several spellings; Gust never borrowed.
const MEMBERS: &str = "\
member_id,name,town,joined_on,active
1,Ada Peeters,Ghent,2023-02-11,true
2,Bram Claes,ghent,2023-06-30,true
3,Cleo Maes,\"GHENT \",2023-09-04,true
4,Dirk Wouters,Bruges,2024-01-15,false
5,Elke Jacobs,Bruges,2024-03-22,true
6,Finn Martens,Leuven,2024-08-19,false
7,Gust Smets,Leuven,2025-01-07,true
8,Hanne Declercq,Ghent,2025-10-13,true
";

/// Two share the highest rate; the post digger was never lent.
const TOOLS: &str = "\
tool_id,name,kind,day_rate
1,Table saw,saw,18.00
2,Band saw,saw,14.50
3,Hammer drill,drill,9.00
4,Cordless drill,drill,6.50
5,Tile cutter,cutter,18.00
6,Post digger,digger,11.00
";

/// Five came back late, seven on time; of the four that are out two are overdue.
const LOANS: &str = "\
loan_id,borrower,tool,visit_no,out_on,due_on,back_on
1,1,1,101,2025-03-03,2025-03-10,2025-03-09
2,1,3,101,2025-03-03,2025-03-10,2025-03-12
3,2,1,102,2025-04-14,2025-04-21,2025-04-21
4,3,3,103,2025-05-09,2025-05-16,2025-05-20
5,4,2,104,2025-05-10,2025-05-17,2025-05-15
6,4,5,104,2025-05-10,2025-05-17,2025-05-18
7,5,4,105,2025-09-01,2025-09-08,2025-09-08
8,1,2,106,2026-02-02,2026-02-09,2026-02-08
9,5,1,107,2026-05-04,2026-05-11,2026-05-25
10,5,5,107,2026-05-04,2026-05-11,2026-05-11
11,8,3,108,2026-05-15,2026-05-22,2026-05-20
12,8,4,108,2026-05-15,2026-05-22,2026-05-26
13,1,1,109,2026-05-23,2026-05-30,
14,6,3,110,2026-11-02,2026-11-09,
15,8,1,111,2026-11-16,2026-11-30,
16,6,4,112,2026-11-20,2026-12-01,
";

const PAYMENTS: &str = "\
payment_id,payer,received_at,amount,method
1,1,2026-01-05 10:15:00,40.00,card
2,2,2026-01-12 10:40:00,25.00,cash
3,3,2026-02-03 14:05:00,60.00,card
4,1,2026-02-20 10:30:00,15.00,cash
5,5,2026-03-02 16:45:00,90.00,transfer
6,8,2026-03-09 14:20:00,35.00,card
7,5,2026-03-30 10:05:00,20.00,cash
8,6,2026-04-13 09:50:00,55.00,transfer
9,8,2026-04-14 10:55:00,10.00,cash
10,1,2026-05-04 11:30:00,150.00,card
";

/// Its key names what its rows are.
const BUDGET: &str = "\
line_no,fiscal_year,owner,account,supplier,planned,paid,note
101,2024/25,Ines,heating,Warmte NV,1200.00,true,
102,2024/25,Joos,rent,City hall,4000.00,true,yearly
103,2025/26,Ines,heating,Warmte NV,1350.00,true,
104,2025/26,Joos,rent,City hall,4100.00,true,yearly
105,2025/26,Joos,cleaning,Blinkend,600.00,false,
106,2026/27,Ines,heating,Warmte NV,1500.00,false,
107,2026/27,Joos,rent,City hall,4200.00,true,yearly
108,2026/27,Kato,repairs,,800.00,false,roof
109,2026/27,Joos,cleaning,Blinkend,650.00,false,
";

/// Wout has four people under him; Yara earns more than he does.
const WARDENS: &str = "\
warden_id,name,wage,started_on,reports_to
1,Wout Peters,24.00,2019-05-01,
2,Xena Maes,19.50,2021-02-15,1
3,Yara Smits,26.00,2018-09-01,1
4,Zeno Claes,18.00,2023-03-20,1
5,Anton Daems,21.00,2022-07-11,1
6,Britt Evers,17.50,2024-01-08,3
7,Celle Faes,17.00,2025-06-16,3
";

/// What the printer made, and what of it was thrown away.
const PRINTS: &str = "\
print_id,material,printed_on,energy_kwh,qty_made,qty_scrap,energy_cost
1,PLA,2026-01-10,1.5,10,1,6.00
2,PLA,2026-02-11,2.5,20,2,9.00
3,PETG,2026-02-20,4.0,10,3,10.00
";

/// Names as old systems shorten them.
const KEYHOLDERS: &str = "\
keyholder_id,fname,lname,zip_code
1,Lien,Baert,9000
2,Mats,Claes,8000
3,Lien,Daems,9000
";

const FILES: &[(&str, &str)] = &[
    ("members", MEMBERS),
    ("tools", TOOLS),
    ("loans", LOANS),
    ("payments", PAYMENTS),
    ("budget", BUDGET),
    ("wardens", WARDENS),
    ("keyholders", KEYHOLDERS),
    ("prints", PRINTS),
];

/// A table of the file of the same name; columns as `name TYPE`, the first is the key.
fn table(name: &str, columns: &[&str]) -> Json {
    let split: Vec<(&str, &str)> = columns
        .iter()
        .filter_map(|column| column.split_once(' '))
        .collect();
    let columns: Vec<Json> = split
        .iter()
        .map(|(name, kind)| json!({"name": name, "type": kind, "source_column": name}))
        .collect();
    json!({"name": name, "source": {"csv_id": name}, "primary_key": [split[0].0], "columns": columns})
}

fn refers(from: &str, column: &str, to: &str, key: &str) -> Json {
    json!({"from_table": from, "from_columns": [column], "to_table": to, "to_columns": [key], "cardinality": "many-to-one"})
}

#[rustfmt::skip]
fn schema() -> Schema {
    serde_json::from_value(json!({
        "tables": [
            table("members", &["member_id INTEGER", "name TEXT", "town TEXT", "joined_on DATE", "active BOOLEAN"]),
            table("tools", &["tool_id INTEGER", "name TEXT", "kind TEXT", "day_rate DECIMAL"]),
            table("loans", &[
                "loan_id INTEGER", "borrower INTEGER", "tool INTEGER", "visit_no INTEGER", "out_on DATE", "due_on DATE",
                "back_on DATE",
            ]),
            table("payments", &[
                "payment_id INTEGER", "payer INTEGER", "received_at DATETIME", "amount DECIMAL", "method TEXT",
            ]),
            table("budget", &[
                "line_no INTEGER", "fiscal_year TEXT", "owner TEXT", "account TEXT", "supplier TEXT", "planned DECIMAL",
                "paid BOOLEAN", "note TEXT",
            ]),
            table("wardens", &["warden_id INTEGER", "name TEXT", "wage DECIMAL", "started_on DATE", "reports_to INTEGER"]),
            table("prints", &[
                "print_id INTEGER", "material TEXT", "printed_on DATE", "energy_kwh DECIMAL", "qty_made INTEGER",
                "qty_scrap INTEGER", "energy_cost DECIMAL",
            ]),
            table("keyholders", &["keyholder_id INTEGER", "fname TEXT", "lname TEXT", "zip_code INTEGER"]),
        ],
        "relationships": [
            refers("loans", "borrower", "members", "member_id"),
            refers("loans", "tool", "tools", "tool_id"),
            refers("payments", "payer", "members", "member_id"),
            refers("wardens", "reports_to", "wardens", "warden_id"),
        ],
    }))
    .unwrap()
}

/// Comma and header are given, so that no guess about files is under test here.
fn options() -> Options {
    Options {
        dialect: Some(Dialect::rfc4180()),
        ..Options::default()
    }
}

fn source(folder: &Path, name: &str, text: &str) -> LoadSource {
    let path = folder.join(format!("{name}.csv"));
    std::fs::write(&path, text).unwrap();
    let analysis = ingest::analyse(&path, &options(), &Unwatched).unwrap();
    LoadSource {
        csv_id: name.to_owned(),
        path,
        analysis,
        original_filename: format!("{name}.csv"),
    }
}

/// The library as a dataset, with all that the engine knows of it.
pub struct Library {
    _folder: TempDir,
    pub dataset: SqliteDataset,
    pub knowledge: Knowledge,
}

/// What the best reading of a question found.
pub struct Found {
    pub sql: String,
    pub rows: Vec<Vec<Json>>,
}

impl Library {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources: Vec<LoadSource> = FILES
            .iter()
            .map(|(name, text)| source(folder.path(), name, text))
            .collect();
        let path = folder.path().join("library.db");
        let (schema, cancel) = (schema(), CancelFlag::default());
        let report = load(&schema, &sources, &path, &mut |_| (), &cancel).unwrap();
        for table in &report.tables {
            assert_eq!(table.row_count, table.rows_in, "{}", table.name);
        }
        let dataset = SqliteDataset::open(&path).unwrap();
        let knowledge = Knowledge::build(&dataset, schema, None, &cancel).unwrap();
        Self {
            _folder: folder,
            dataset,
            knowledge,
        }
    }

    /// What was made of the question on a fixed day, Sunday 22 November 2026.
    pub fn pool(&self, question: &str) -> Pool<'_> {
        self.pool_after(question, None)
    }

    fn pool_after(&self, question: &str, previous: Option<&Answer>) -> Pool<'_> {
        let asked = Asked {
            question,
            previous,
            today: NaiveDate::from_ymd_opt(2026, 11, 22).unwrap(),
            limits: QueryLimits::default(),
        };
        let cancel = CancelFlag::default();
        let mut pool = Pool::gather(asked, &self.knowledge, &self.dataset, &cancel).unwrap();
        pool.look_for_ties(&self.dataset, asked.limits, &cancel);
        pool
    }

    /// The best reading.
    pub fn ask(&self, question: &str) -> Option<Found> {
        self.pool(question).best().map(|run| Found {
            sql: run.candidate.sql.clone(),
            rows: run.result.rows.clone(),
        })
    }

    /// The best reading of a question that goes on from another.
    pub fn ask_after(&self, first: &str, question: &str) -> Option<Found> {
        let before = self.pool(first).results(&self.knowledge).into_iter().next();
        self.pool_after(question, before.as_ref())
            .best()
            .map(|run| Found {
                sql: run.candidate.sql.clone(),
                rows: run.result.rows.clone(),
            })
    }

    /// What stands beside the best result.
    pub fn notes(&self, question: &str) -> Vec<String> {
        let results = self.pool(question).results(&self.knowledge);
        results
            .into_iter()
            .next()
            .map(|answer| answer.notes)
            .unwrap_or_default()
    }

    pub fn is_answered(&self, question: &str) -> bool {
        matches!(
            self.pool(question).decide(&self.knowledge),
            Decision::Answer(_)
        )
    }

    /// What is said of a question that is refused.
    pub fn refusal(&self, question: &str) -> Option<String> {
        match self.pool(question).decide(&self.knowledge) {
            Decision::Abstain(misunderstanding) => Some(misunderstanding.message),
            Decision::Answer(_) | Decision::Choose(_) => None,
        }
    }
}
