#!/usr/bin/env python3
"""Writes the set as the runner reads it: OUT/own/questions.jsonl and OUT/own/db/<db>.sqlite.

Usage: python3 build_set.py OUT
"""
import os
import sqlite3
import sys

import databases

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = os.path.join(sys.argv[1], "own")
    os.makedirs(os.path.join(out, "db"), exist_ok=True)
    with open(os.path.join(out, "questions.jsonl"), "w", encoding="utf-8") as whole:
        for name in databases.NAMES:
            path = os.path.join(out, "db", name + ".sqlite")
            if os.path.exists(path):
                os.remove(path)
            con = sqlite3.connect(path)
            databases.load(con, name)
            con.close()
            with open(os.path.join(HERE, name, "questions.jsonl"), encoding="utf-8") as part:
                whole.write(part.read())
    print(out)


if __name__ == "__main__":
    main()
