"""From a gold database to CSV files, questions and gold results."""

import csv
import io
import json
import lzma
import sqlite3
import tempfile
import unittest
from pathlib import Path

from eval import export, gold
from eval.questions import DataError, kind_of, read_sets, sampled


def database(script):
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    return connection


class Tables(unittest.TestCase):
    def test_a_table_comes_back_from_its_file(self):
        connection = database("""CREATE TABLE "odd ""name" (id INTEGER, "Full Name" TEXT, x REAL);
            INSERT INTO "odd ""name" VALUES (1, 'Zoë, "the" second' || char(10) || 'line', 0.1);
            INSERT INTO "odd ""name" VALUES (2, NULL, NULL), (3, '', 1e20)""")
        text = export.table_as_csv(connection, 'odd "name').decode("utf-8")
        self.assertEqual(
            list(csv.reader(io.StringIO(text, newline=""))),
            [["id", "Full Name", "x"], ["1", 'Zoë, "the" second\nline', "0.1"], ["2", "", ""], ["3", "", "1e+20"]],
        )

    def test_only_tables_of_the_data_are_exported(self):
        connection = database(
            "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT); CREATE TABLE a (x); CREATE VIEW v AS SELECT 1"
        )
        self.assertEqual(export.tables(connection), ["b", "a"])

    def test_a_table_without_rows_has_its_header(self):
        self.assertEqual(export.table_as_csv(database("CREATE TABLE t (a, b)"), "t"), b"a,b\r\n")

    def test_no_name_leaves_its_folder(self):
        self.assertEqual(export.file_name("../a\\b"), ".._a_b.csv")


class GoldQueries(unittest.TestCase):
    connection = database("CREATE TABLE t (a TEXT, n INTEGER); INSERT INTO t VALUES ('x', 1), ('y', 1), ('z', 2)")

    def test_only_an_outer_order_by_orders(self):
        self.assertTrue(gold.outer_order_by("SELECT a FROM t\norder  by a"))
        self.assertFalse(gold.outer_order_by("SELECT a FROM (SELECT a FROM t ORDER BY a)"))
        self.assertFalse(gold.outer_order_by("SELECT 'order by' FROM t -- order by"))

    def test_ties_are_rows_with_equal_sort_keys(self):
        for order in ("n", "2, 1", "n DESC", "t.n + 1 ASC NULLS LAST"):
            (result,) = gold.accepted(self.connection, [f"SELECT a, n FROM t ORDER BY {order}"])
            expected = {"2, 1": [0, 1, 2], "n DESC": [0, 1, 1]}.get(order, [0, 0, 1])
            self.assertEqual(result["ties"], expected, order)

    def test_a_sort_key_that_is_not_selected_counts_too(self):
        (result,) = gold.accepted(self.connection, ["SELECT a FROM t ORDER BY n LIMIT 2"])
        self.assertEqual((result["rows"], result["ties"]), ([["x"], ["y"]], [0, 0]))

    def test_a_query_that_fails_says_why(self):
        (result,) = gold.accepted(self.connection, ["SELECT nothing FROM t"])
        self.assertIn("nothing", result["error"])


class Sets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.data = Path(folder.name)
        self.write(
            "own/questions.jsonl",
            [
                {
                    "id": "o-1",
                    "db": "d",
                    "question": "How many?",
                    "gold_sql": "SELECT 1",
                    "gold_alternatives": ["SELECT 2"],
                    "expect": "answer",
                    "intent": "count",
                    "follow_up": {"question": "And x?", "gold_sql": "SELECT 3"},
                },
                {
                    "id": "o-2",
                    "db": "d",
                    "question": "What is the NPS?",
                    "gold_sql": None,
                    "expect": "abstain",
                    "intent": "average",
                },
            ],
        )
        self.write(
            "other/questions.jsonl", [{"db": "e", "question": f"{n}?", "gold_sql": "SELECT a FROM t"} for n in range(9)]
        )
        self.write("other/questions_syn.jsonl", [{"db": "e", "question": "?", "gold_sql": "SELECT count(*) FROM t"}])
        self.write("quick.jsonl", [{"set": "other", "db": "e", "question": "?", "gold_sql": "SELECT 1"}])

    def write(self, name, lines):
        path = self.data / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def test_each_file_is_a_set_and_a_sample_is_read_when_named(self):
        self.assertEqual([one.name for one in read_sets(self.data)], ["other", "other_syn", "own"])
        self.assertEqual([one.name for one in read_sets(self.data, ["quick"])], ["quick-other"])
        self.assertEqual([one.name for one in read_sets(self.data, ["other"])], ["other"])
        with self.assertRaises(DataError):
            read_sets(self.data, ["nothing"])

    def test_what_is_expected_decides_the_rules(self):
        rules = {one.name: one.rules for one in read_sets(self.data)}
        self.assertEqual(rules, {"own": "analyst", "other": "benchmark", "other_syn": "benchmark"})

    def test_questions_have_all_that_is_accepted(self):
        first, second = read_sets(self.data, ["own"])[0].questions
        self.assertEqual((first.gold, first.follow_up.gold), (["SELECT 1", "SELECT 2"], ["SELECT 3"]))
        self.assertEqual((second.gold, second.expect), ([], "abstain"))

    def test_a_part_is_spread_over_the_set(self):
        one = sampled(read_sets(self.data, ["other"])[0], 3)
        self.assertEqual([question.text for question in one.questions if one.asks(question.id)], ["0?", "3?", "6?"])

    def test_kinds_come_from_the_query_where_none_is_named(self):
        self.assertEqual(kind_of("SELECT a FROM t WHERE b IN (SELECT b FROM u)"), "nested")
        self.assertEqual(kind_of("SELECT a, count(*) FROM t GROUP BY a"), "group")
        self.assertEqual(kind_of("SELECT  COUNT ( * ) FROM t"), "aggregate")

    def test_packed_databases_are_unpacked(self):
        plain = self.data / "plain.sqlite"
        connection = sqlite3.connect(plain)
        connection.execute("CREATE TABLE t AS SELECT 7 AS n")
        connection.commit()
        connection.close()
        (self.data / "own/db").mkdir()
        (self.data / "own/db/d.sqlite.xz").write_bytes(lzma.compress(plain.read_bytes()))
        with gold.GoldDatabases() as databases:
            rows, names, _ = gold.run(databases.connect(self.data / "own", "d"), "SELECT n FROM t")
            self.assertEqual((rows, names), ([[7]], ["n"]))
            with self.assertRaises(DataError):
                databases.path(self.data / "own", "absent")


if __name__ == "__main__":
    unittest.main()
