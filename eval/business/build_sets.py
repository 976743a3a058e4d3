#!/usr/bin/env python3
"""Writes the sets as the runner reads them: OUT/<set>/questions.jsonl and OUT/<set>/db/<db>.sqlite.

Usage: python3 build_sets.py OUT
"""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SETS = ["houses", "trades", "offices", "public", "small"]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name in SETS:
        out = os.path.join(sys.argv[1], name)
        databases = os.path.join(out, "db")
        os.makedirs(databases, exist_ok=True)
        subprocess.run([sys.executable, os.path.join(HERE, name, "make_data.py"), databases], check=True)
        shutil.copy(os.path.join(HERE, name, "questions.jsonl"), out)
        print(out)


if __name__ == "__main__":
    main()
