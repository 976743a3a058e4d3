"""The four datasets as SQLite, typed from their CSV files; shared by the scripts beside it."""
import csv
import glob
import os
import re
import sqlite3

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("samples", "applog", "spending", "toolshed")


def folder(name):
    return os.path.join(HERE, "..", "..", "data", "samples") if name == "samples" else os.path.join(HERE, name, "csv")


def column_type(values):
    """INTEGER, REAL or TEXT; numbers with a leading zero are codes and stay text."""
    values = [value for value in values if value != ""]
    if values and all(re.fullmatch(r"-?(0|[1-9]\d*)", value) for value in values):
        return "INTEGER"
    if values and all(re.fullmatch(r"-?(0|[1-9]\d*)([.,]\d+)?", value) for value in values):
        return "REAL"
    return "TEXT"


def load(con, name):
    for path in sorted(glob.glob(os.path.join(folder(name), "*.csv"))):
        with open(path, encoding="utf-8", newline="") as file:
            first = file.readline()
            file.seek(0)
            header, *rows = csv.reader(file, delimiter=";" if ";" in first else ",")
        table = os.path.basename(path)[:-4]
        types = [column_type([row[i] for row in rows]) for i in range(len(header))]
        convert = {"INTEGER": int, "REAL": lambda text: float(text.replace(",", ".")), "TEXT": str}
        con.execute('CREATE TABLE "%s" (%s)' % (table, ", ".join('"%s" %s' % pair for pair in zip(header, types))))
        con.executemany('INSERT INTO "%s" VALUES (%s)' % (table, ", ".join("?" * len(header))),
                        [[None if cell == "" else convert[kind](cell) for cell, kind in zip(row, types)] for row in rows])
    con.commit()


def memory(name):
    con = sqlite3.connect(":memory:")
    load(con, name)
    return con


def norm(value):
    if isinstance(value, float):
        value = float("%.9g" % value)
        return int(value) if value == int(value) else value
    return value.strip().lower() if isinstance(value, str) else value


def key(rows, free_columns=False):
    """A result as a set that counts; with free_columns also without the order of columns."""
    rows = [tuple(norm(value) for value in row) for row in rows]
    if free_columns:
        rows = [tuple(sorted(row, key=repr)) for row in rows]
    return tuple(sorted(rows, key=repr))
