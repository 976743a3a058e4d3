#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod cells;
mod crash;
mod expanded;
mod many;
mod rows;
mod split;

use std::collections::BTreeMap;

use ingest::Dialect;
use schema_gen::Schema;

use super::{Fault, Mend, MendMode, Mended, mend_rows, recount};
use crate::Result;
use crate::dataset::load::tests::{Import, schema, strict, table};
use crate::dataset::{
    CancelFlag, LoadReport, PlaceFilter, quarantine_path, read_emptied, read_quarantine,
};

/// An import and its schema.
struct Case {
    import: Import,
    schema: Schema,
    report: LoadReport,
}

impl Case {
    fn of(files: &[(&str, &str)], schema: Schema) -> Self {
        Self::with(files, Dialect::rfc4180(), schema)
    }

    fn with(files: &[(&str, &str)], dialect: Dialect, schema: Schema) -> Self {
        let import = Import::with(files, dialect);
        let report = import.load(&schema).unwrap();
        Self {
            import,
            schema,
            report,
        }
    }

    /// Id of the row set aside for `table` that starts on this line.
    fn row(&self, table: &str, line: u64) -> i64 {
        let filter = PlaceFilter {
            table: Some(table.to_owned()),
            ..PlaceFilter::default()
        };
        let cancel = CancelFlag::default();
        let page = read_quarantine(&self.import.target(), &filter, 0, 1_000, &cancel).unwrap();
        let mut rows = page.rows.iter();
        rows.find(|listed| listed.row.line == line).unwrap().id
    }

    /// Id of the cell emptied in `table` on this line.
    fn cell(&self, table: &str, line: u64) -> i64 {
        let cancel = CancelFlag::default();
        let all = PlaceFilter::default();
        let page = read_emptied(&self.import.target(), &all, 0, 1_000, &cancel).unwrap();
        let mut cells = page.cells.iter();
        let found = cells.find(|listed| listed.cell.line == line && listed.cell.table == table);
        found.unwrap().id
    }

    fn mend(&self, rows: &[Mend], mode: MendMode) -> Result<Mended> {
        // As it is after the files were removed.
        mend_rows(&self.import.target(), &self.schema, &[], rows, mode)
    }

    /// Mends one row for good.
    fn mended(&self, id: i64, values: &[(&str, Option<&str>)]) -> Mended {
        self.mend(&[mend(id, values)], MendMode::default()).unwrap()
    }

    /// What is wrong with a row that does not fit; also that nothing was changed by trying.
    fn faults(&self, id: i64, values: &[(&str, Option<&str>)]) -> Vec<Fault> {
        let before = self.bytes();
        let mended = self.mended(id, values);
        assert!(!mended.stored && mended.fitting.is_empty(), "{mended:?}");
        assert_eq!(self.bytes(), before);
        mended.refused.into_iter().next().unwrap().faults
    }

    fn bytes(&self) -> [Vec<u8>; 2] {
        let target = self.import.target();
        [&quarantine_path(&target), &target].map(|path| std::fs::read(path).unwrap())
    }

    /// The report as it is now, checked to add up and to be the same when it is made again.
    fn recounted(&self) -> LoadReport {
        let target = self.import.target();
        let now = recount(&target, &self.schema, &self.report, None).unwrap();
        assert_eq!(recount(&target, &self.schema, &now, None).unwrap(), now);
        assert!(super::is_counted(&target, &now).unwrap());
        for table in &now.tables {
            let accounted = table.row_count + table.merged + table.quarantined;
            assert_eq!(table.rows_in + table.added, accounted, "{table:?}");
            let sql = format!("SELECT count(*) FROM \"{}\"", table.name);
            assert_eq!(self.texts(&sql), [table.row_count.to_string()]);
        }
        now
    }

    fn texts(&self, sql: &str) -> Vec<String> {
        self.import.texts(sql)
    }
}

fn mend(id: i64, values: &[(&str, Option<&str>)]) -> Mend {
    let values: BTreeMap<_, _> = values
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.map(str::to_owned)))
        .collect();
    Mend { id, values }
}

/// Column and message of each fault.
fn said(faults: &[Fault]) -> Vec<(Option<&str>, &str)> {
    faults
        .iter()
        .map(|fault| (fault.column.as_deref(), fault.message.as_str()))
        .collect()
}

/// Orders of customers; the customer of a row that is set aside is missed by its orders.
fn shop() -> Case {
    Case::of(
        &[
            ("customers.csv", "id,name\n1,Ann\ntwo,Bob\n3,Cleo\n"),
            (
                "orders.csv",
                "id,customer,amount\n10,1,5\n11,2,6\n12,3,7\n13,2,8\n14,9,9\n",
            ),
        ],
        schema(
            vec![
                table("customers", &["id"], &["id INTEGER", "name TEXT NOT NULL"]),
                table(
                    "orders",
                    &["id"],
                    &["id INTEGER", "customer INTEGER", "amount INTEGER"],
                ),
            ],
            vec![strict("orders.customer", "customers.id")],
        ),
    )
}
