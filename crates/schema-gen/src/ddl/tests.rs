#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{column, shop, table};

#[test]
fn statements_of_a_small_shop() {
    let (schema, _) = shop();
    insta::assert_snapshot!(create_statements(&schema).join(";\n"), @r#"
    CREATE TABLE "customers" (
      "id" INTEGER NOT NULL,
      "email" TEXT UNIQUE,
      "active" INTEGER CHECK ("active" IN (0, 1)),
      PRIMARY KEY ("id")
    ) STRICT;
    CREATE TABLE "orders" (
      "number" INTEGER NOT NULL,
      "customer_id" INTEGER,
      "ordered" TEXT,
      "total" REAL NOT NULL,
      PRIMARY KEY ("number"),
      FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") DEFERRABLE INITIALLY DEFERRED
    ) STRICT;
    CREATE INDEX "idx_orders_customer_id" ON "orders" ("customer_id")
    "#);
}

#[test]
fn names_are_never_more_than_names() {
    let evil = "x\"); DROP TABLE t;--";
    let schema = Schema {
        tables: vec![table(
            "c",
            evil,
            &[evil],
            vec![column(evil, ColumnType::Integer, &[])],
        )],
        ..Schema::default()
    };
    insta::assert_snapshot!(create_statements(&schema).join(";\n"), @r#"
    CREATE TABLE "x""); DROP TABLE t;--" (
      "x""); DROP TABLE t;--" INTEGER NOT NULL,
      PRIMARY KEY ("x""); DROP TABLE t;--")
    ) STRICT
    "#);
}
