#!/usr/bin/env python3
"""Runs every query of the set and tells what is wrong with it; ends with "problems: 0" when nothing is.

Usage: python3 check.py [-v]
"""
import collections
import contextlib
import io
import json
import os
import re
import sqlite3
import sys
import tempfile

import databases
import make_data
import make_questions

HERE = os.path.dirname(os.path.abspath(__file__))
VERBOSE = "-v" in sys.argv[1:]
INTENTS = """count sum average average_per_entity share_percent ratio top_n top_n_per_group superlative second_highest rank ties
group_by_category group_by_time zero_groups date_window_absolute date_window_relative weekday_hour previous_period
growth_period_over_period running_total compare_with_average none_never at_least_n both_and_except distinct_count median_percentile
standard_deviation duration min_max_with_which filter_spelling filter_boolean missing_values multi_measure list_sorted self_reference
exact_code quoted_text typo_plural ambiguous unknown_word unknown_value change_request other_language""".split()
LEAST = {"samples": 55, "applog": 55, "spending": 55, "toolshed": 55}

# What a careless reader writes: its rows must be neither the gold's nor an alternative's.
CARELESS = {
    "Average order value by country": "SELECT c.country, AVG(i.quantity * i.unit_price) FROM order_items i JOIN orders o USING (order_id) JOIN customers c USING (customer_id) GROUP BY 1",
    "top 10 products by quantity sold": "SELECT p.product_name, i.quantity FROM order_items i JOIN products p USING (product_id) ORDER BY i.quantity DESC LIMIT 10",
    "total revenue of customers who returned at least one order":
        "SELECT SUM(i.quantity * i.unit_price) FROM order_items i JOIN orders o USING (order_id) JOIN orders r ON r.customer_id = o.customer_id AND r.status = 'returned'",
    "total payments of members who have at least one certificate": "SELECT SUM(p.amount) FROM payments p JOIN certificates c ON c.holder = p.paid_by",
    "number of loans and total payments for each member from Penrose":
        "SELECT m.full_name, COUNT(l.loan_ref), SUM(p.amount) FROM members m LEFT JOIN loans l ON l.borrower = m.member_no LEFT JOIN payments p ON p.paid_by = m.member_no "
        "WHERE LOWER(TRIM(m.town)) = 'penrose' GROUP BY m.member_no",
    "per plan: number of users, number of sessions, total purchases in eur": "SELECT u.plan, COUNT(*), COUNT(*), SUM(e.amount_eur) FROM users u JOIN events e USING (user_id) GROUP BY 1",
    "how many users in paris": "SELECT COUNT(*) FROM users WHERE city = 'Paris'",
    "How many events came from version 4.1.0": "SELECT COUNT(*) FROM events WHERE app_version LIKE '4.1%'",
    "number of lines in york": "SELECT COUNT(*) FROM Spending WHERE \"Site\" = 'York'",
    "how much did IT spend in March 2025?": "SELECT SUM(\"Mar\") FROM Spending WHERE \"Department\" = 'IT'",
    "members per town": "SELECT town, COUNT(*) FROM members GROUP BY town",
    "number of tools for every kind": "SELECT k.kind_name, COUNT(*) FROM kinds k JOIN tools t ON t.kind = k.kind_code GROUP BY 1",
    "who borrowed welding gear without a welding certificate?":
        "SELECT DISTINCT m.full_name FROM loans l JOIN members m ON m.member_no = l.borrower JOIN tools t ON t.asset_tag = l.tool JOIN certificates c ON c.holder = m.member_no "
        "WHERE t.kind = 'WLD' AND c.subject <> 'WLD'",
    "customers who bought coffee but no equipment":
        "SELECT DISTINCT c.name FROM customers c JOIN orders o USING (customer_id) JOIN order_items i USING (order_id) JOIN products p USING (product_id) "
        "WHERE p.category = 'Beans' AND p.category <> 'Equipment'",
}

problems = []


def bad(where, what):
    problems.append("%s: %s" % (where, what))


def outside(sql, word):
    """Where a word stands outside brackets and quotes."""
    depth, quote, at = 0, None, []
    for i, char in enumerate(sql):
        if quote:
            quote = None if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif not depth and sql.startswith(word, i):
            at.append(i)
    return at


def cut_in_a_tie(con, sql):
    """Whether ORDER BY ... LIMIT n cuts between equal values."""
    limit = re.search(r" LIMIT (\d+)$", sql)
    order, source = outside(sql, " ORDER BY "), outside(sql, " FROM ")
    if not limit or not order or not source or outside(sql, " UNION "):
        return False
    by = re.sub(r" (DESC|ASC)$", "", sql[order[-1] + 10:limit.start()])
    values = con.execute("SELECT %s %s LIMIT %d" % (by, sql[source[0]:limit.start()], int(limit.group(1)) + 1)).fetchall()
    return len(values) > int(limit.group(1)) and values[-1] == values[-2]


def check_statement(con, where, sql, line):
    if re.search(r"'now'|CURRENT_(DATE|TIME)", sql, re.I):
        bad(where, "reads the clock")
    try:
        rows = con.execute(sql).fetchall()
    except sqlite3.Error as error:
        bad(where, "%s in %s" % (error, sql))
        return []
    nothing = not rows or all(value is None for row in rows for value in row)
    if nothing and not line.get("gold_empty"):
        bad(where, "empty: " + sql)
    if rows == [(0,)] and sql == line["gold_sql"] and not line.get("note"):
        bad(where, "zero: " + sql)
    if line["intent"] == "zero_groups" and sql == line["gold_sql"] and all(0 not in row for row in rows):
        bad(where, "no group is zero")
    if line["intent"] != "ties":
        if cut_in_a_tie(con, sql):
            bad(where, "the limit cuts a tie: " + sql)
        if "RANK()" in sql and line["intent"] != "rank" and not line.get("note"):
            single = databases.key(con.execute(sql.replace("RANK()", "ROW_NUMBER()")).fetchall())
            if single != databases.key(rows):
                bad(where, "a tie in the rank: " + sql)
    return rows


def check_line(con, line):
    where = line["id"]
    if line["intent"] not in INTENTS or line["level"] not in (1, 2, 3) or line["expect"] not in ("answer", "clarify", "abstain"):
        bad(where, "value of a field")
    if line["expect"] == "abstain":
        if line["gold_sql"] or line["gold_alternatives"] or "follow_up" in line or not line.get("note"):
            bad(where, "a refusal with an answer, or without a note")
        return 0
    queries, first = 0, []
    for part in [line] + ([line["follow_up"]] if "follow_up" in line else []):
        here = where if part is line else where + " follow-up"
        results = []
        for sql in [part["gold_sql"], *part["gold_alternatives"]]:
            results.append(databases.key(check_statement(con, here, sql, line), free_columns=True))
            queries += 1
        if len(set(results)) != len(results):
            bad(here, "two readings give the same rows")
        if part is line:
            first = results
        elif results[0] in first and "chart" not in part["question"] and "sort" not in part["question"]:
            bad(here, "the follow-up changes nothing")
        if VERBOSE:
            print(here, "|", part["question"], "|", [result[:2] for result in results[:3]])
    if line["expect"] == "clarify" and (len(first) < 2 or not line.get("note")):
        bad(where, "to be asked back, but with one result or no note")
    if line["question"] in CARELESS and databases.key(con.execute(CARELESS[line["question"]]).fetchall(), free_columns=True) in first:
        bad(where, "what a careless reader writes is accepted")
    return queries


def check_drift(name, lines):
    """The .jsonl is what its source gives."""
    writer = make_questions.read(name)
    if writer.lines != lines:
        bad(name, "questions.jsonl differs from questions.py: run make_questions.py")


def check_data():
    """The CSV files are what make_data.py gives."""
    before = make_data.HERE
    with tempfile.TemporaryDirectory() as other:
        make_data.HERE = other
        with contextlib.redirect_stdout(io.StringIO()):
            make_data.main()
        make_data.HERE = before
        for folder, _, files in os.walk(other):
            for file in files:
                path = os.path.join(folder, file)
                with open(path, "rb") as new, open(os.path.join(HERE, os.path.relpath(path, other)), "rb") as old:
                    if new.read() != old.read():
                        bad(file, "differs from what make_data.py gives")


def main():
    check_data()
    lines, queries = [], 0
    for name in databases.NAMES:
        con = databases.memory(name)
        tables = [table for table, in con.execute("SELECT name FROM sqlite_master ORDER BY 1")]
        print("%-9s %s" % (name, ", ".join("%s %d" % (table, con.execute('SELECT COUNT(*) FROM "%s"' % table).fetchone()[0]) for table in tables)))
        with open(os.path.join(HERE, name, "questions.jsonl"), encoding="utf-8") as file:
            own = [json.loads(text) for text in file]
        check_drift(name, own)
        if len(own) < LEAST[name]:
            bad(name, "%d questions only" % len(own))
        for line in own:
            if line["db"] != name:
                bad(line["id"], "db")
            queries += check_line(con, line)
        lines += own
    for what in ("id", "question"):
        for value, times in collections.Counter((line["db"], line[what].lower()) for line in lines).items():
            if times > 1:
                bad(value, "twice")
    for question in CARELESS:
        if all(line["question"] != question for line in lines):
            bad("CARELESS", "no such question: " + question)
    expected = collections.Counter(line["expect"] for line in lines)
    follow_ups = sum("follow_up" in line for line in lines)
    for least, number, what in ((220, len(lines), "questions"), (20, expected["abstain"], "to be refused"), (15, expected["clarify"], "to be asked back"), (25, follow_ups, "follow-ups")):
        if number < least:
            bad("set", "%d %s, not %d" % (number, what, least))
    print("\nkind of question             answer clarify abstain  follow-ups")
    for intent in INTENTS:
        own = [line for line in lines if line["intent"] == intent]
        if not own:
            bad("set", "no question of kind " + intent)
        count = collections.Counter(line["expect"] for line in own)
        print("%-28s %6d %7d %7d %11d" % (intent, count["answer"], count["clarify"], count["abstain"], sum("follow_up" in line for line in own)))
    print("\n%d questions (%s; levels %s), %d follow-ups, %d queries, %d careless readings told apart" % (
        len(lines), ", ".join("%s %d" % pair for pair in sorted(expected.items())),
        "/".join(str(n) for _, n in sorted(collections.Counter(line["level"] for line in lines).items())), follow_ups, queries, len(CARELESS)))
    for problem in problems:
        print("PROBLEM", problem)
    print("problems: %d" % len(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
