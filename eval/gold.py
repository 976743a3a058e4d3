"""Gold databases: opened read-only, and what the gold queries find in them."""

import lzma
import re
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path
from urllib.request import pathname2url

from .questions import DataError

TIME_LIMIT_S = 20
# A result of more rows is kept cut; no question of any use asks for more.
MAX_ROWS = 20_000
# Sort keys of a query are found by asking for them too; under a name that no data has.
KEY_NAME = "sort_key__"


class GoldDatabases:
    """The databases of the sets, unpacked once and opened read-only. A context manager: removes what it unpacked."""

    def __init__(self):
        self._unpacked = tempfile.TemporaryDirectory(prefix="eval-gold-")
        self._open = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self._open.values():
            connection.close()
        self._unpacked.cleanup()

    def path(self, folder, db):
        """The database file of a set's folder, unpacked where it is packed."""
        plain = Path(folder) / "db" / f"{db}.sqlite"
        if plain.exists():
            return plain
        packed = plain.with_name(plain.name + ".xz")
        if not packed.exists():
            raise DataError(f"there is neither {plain} nor {packed.name}")
        target = Path(self._unpacked.name) / Path(folder).name / plain.name
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            with lzma.open(packed) as source, open(target, "wb") as out:
                shutil.copyfileobj(source, out)
        return target

    def connect(self, folder, db):
        path = self.path(folder, db)
        if path not in self._open:
            self._open[path] = open_read_only(path)
        return self._open[path]


def open_read_only(path):
    """A connection that cannot change the file; text that is no UTF-8 is read with replacement characters."""
    connection = sqlite3.connect(f"file:{pathname2url(str(Path(path).resolve()))}?mode=ro&immutable=1", uri=True)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return connection


def run(connection, sql, max_rows=MAX_ROWS):
    """Rows (as lists), the columns' names, and whether rows were cut. Raises sqlite3.Error, also for a time-out."""
    end = time.monotonic() + TIME_LIMIT_S
    connection.set_progress_handler(lambda: int(time.monotonic() > end), 10_000)
    try:
        cursor = connection.execute(sql)
        rows = [[_plain(value) for value in row] for row in cursor.fetchmany(max_rows + 1)]
        names = [column[0] for column in cursor.description or []]
        return rows[:max_rows], names, len(rows) > max_rows
    finally:
        connection.set_progress_handler(None, 0)


def _plain(value):
    """What JSON can hold."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    return value


def accepted(connection, queries):
    """What each accepted query finds: {sql, rows, ordered, ties, truncated}, or {sql, error} where it fails."""
    results = []
    for sql in queries:
        try:
            rows, names, truncated = run(connection, sql)
        except sqlite3.Error as error:
            results.append({"sql": sql, "error": str(error)})
            continue
        ordered = outer_order_by(sql)
        ties = tied_rows(connection, sql, rows, names) if ordered else None
        results.append({"sql": sql, "rows": rows, "ordered": ordered, "ties": ties, "truncated": truncated})
    return results


def outer_order_by(sql):
    """Whether the rows of the whole query are ordered."""
    return top_level(sql, "ORDER BY") is not None


def top_level(sql, words):
    """The position of the last occurrence of keywords outside brackets, quotes and comments; None without one."""
    found, depth, position = None, 0, 0
    pattern = re.compile(r"\b(?:" + words.replace(" ", r"\s+") + r")\b", re.I)
    token = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|--[^\n]*|/\*.*?\*/|\w+|.", re.S)
    while position < len(sql):
        if depth == 0 and pattern.match(sql, position):
            found = position
        match = token.match(sql, position)
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        position = match.end()
    return found


def tied_rows(connection, sql, rows, names):
    """For each row the number of its group of equal sort keys, so that tied rows may come in any order.

    None where the keys cannot be had: then the order of the gold rows counts as it is.
    """
    order, start = top_level(sql, "ORDER BY"), top_level(sql, "FROM")
    if order is None or start is None or start > order or top_level(sql, "UNION|INTERSECT|EXCEPT") is not None:
        return None
    end = top_level(sql, "LIMIT")
    clause = re.sub(
        r"^order\s+by\s+", "", sql[order : end if end and end > order else None].strip().rstrip(";"), flags=re.I
    )
    lower_names = [name.lower() for name in names]
    keys, asked = [], []
    for part in split_at_commas(clause):
        part = re.sub(r"\s+NULLS\s+(FIRST|LAST)$", "", part.strip(), flags=re.I)
        part = re.sub(r"\s+(ASC|DESC)$", "", part, flags=re.I).strip()
        if part.isdigit():
            keys.append(int(part) - 1)
        elif part.strip('"`').lower() in lower_names:
            keys.append(lower_names.index(part.strip('"`').lower()))
        else:
            keys.append(len(names) + len(asked))
            asked.append(f"({part}) AS {KEY_NAME}{len(asked)}")
    keyed = rows
    if asked:
        if re.match(r"\s*select\s+distinct\b", sql, re.I):
            return None
        try:
            keyed, _, _ = run(connection, f"{sql[:start].rstrip()}, {', '.join(asked)} {sql[start:]}")
        except sqlite3.Error:
            return None
    if [row[: len(names)] for row in keyed] != rows:
        return None
    groups, last = [], None
    for row in keyed:
        key = [row[at] if at < len(row) else None for at in keys]
        groups.append((groups[-1] + (key != last)) if groups else 0)
        last = key
    return groups


def split_at_commas(text):
    """Splits at commas outside brackets and quotes."""
    parts, depth, quote, current = [], 0, None, ""
    for character in text:
        if quote:
            quote = None if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and depth == 0:
            parts.append(current)
            current = ""
            continue
        current += character
    return [*parts, current]
