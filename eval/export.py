"""The tables of a gold database as the CSV files that a user would have.

A header line, UTF-8, commas, CRLF as RFC 4180 has it. NULL is an empty cell and so is empty text: most exports do not
tell them apart, and what the service makes of that is part of what is measured.
"""

import csv
import io
import re


def tables(connection):
    """Names of the tables, in the order in which they were made."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"
    )
    return [name for (name,) in connection.execute(query)]


def table_as_csv(connection, table):
    """All of a table as the bytes of a CSV file."""
    quoted = table.replace('"', '""')
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(column[0] for column in cursor.description)
    writer.writerows([_cell(value) for value in row] for row in cursor)
    return text.getvalue().encode("utf-8")


def file_name(table):
    """`<table>.csv`, without what a file system would not take."""
    return re.sub(r"[/\\\x00-\x1f]", "_", table) + ".csv"


def _cell(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
