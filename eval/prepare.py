"""From a gold database to one in the service, and the cache that a harness inside the process can use.

<cache>/<set>/<db>/schema.json       the schema as approved
<cache>/<set>/<db>/data.sqlite       the database that the service made of it
<cache>/<set>/<db>/load.json         rows in, stored and set aside, a line a table
<cache>/<set>/<db>/questions.json    questions with the results that are accepted
<cache>/<set>/<db>/key               what it was made of
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass

from . import export, gold

# Raised when the form of the cache changes.
FORM = "1"


@dataclass
class Loaded:
    """A database in the service."""

    schema_id: str
    schema_json: dict
    create_statements: list
    tables: list  # {name, rows_in, row_count, merged, quarantined}


def load(client, connection, engine):
    """Uploads every table of a gold database, generates a schema and approves it, as a user would."""
    ids = [
        client.upload(export.file_name(table), export.table_as_csv(connection, table))
        for table in export.tables(connection)
    ]
    schema = client.generate(ids, engine)
    report = client.approve(schema["id"])
    schema = client.schema(schema["id"])
    return Loaded(schema["id"], schema["schema_json"], schema["create_statements"], report["tables"])


def with_gold(connection, question):
    """A question as the cache has it: with the accepted results in place of the queries."""
    entry = asdict(question)
    entry["accepted"] = gold.accepted(connection, entry.pop("gold"))
    entry["follow_up"] = with_gold(connection, question.follow_up) if question.follow_up else None
    return entry


def questions_of(cache, one_set, db, databases):
    """The questions of a database with their gold results, from the cache where it has them."""
    folder = cache / one_set.name / db
    key = _key(one_set, db, databases)
    if _read(folder / "questions.key") != key:
        connection = databases.connect(one_set.folder, db)
        entries = [with_gold(connection, question) for question in one_set.questions if question.db == db]
        _write(
            folder / "questions.json",
            json.dumps(
                {"set": one_set.name, "db": db, "rules": one_set.rules, "questions": entries}, ensure_ascii=False
            ).encode(),
        )
        _write(folder / "questions.key", key.encode())
    return json.loads((folder / "questions.json").read_text(encoding="utf-8"))["questions"]


def is_cached(cache, one_set, db, databases):
    return _read(cache / one_set.name / db / "key") == _key(one_set, db, databases)


def store(cache, one_set, db, databases, client, loaded):
    """Keeps a loaded database; the key is written last, so that what was broken off is made again."""
    folder = cache / one_set.name / db
    questions_of(cache, one_set, db, databases)
    _write(folder / "schema.json", json.dumps(loaded.schema_json, ensure_ascii=False, indent=1).encode())
    _write(folder / "load.json", json.dumps(loaded.tables, indent=1).encode())
    _write(folder / "data.sqlite", client.database(loaded.schema_id))
    _write(folder / "key", _key(one_set, db, databases).encode())


def _key(one_set, db, databases):
    """Of the data and the questions alone: another build of the service does not make the cache stale."""
    digest = hashlib.sha256(FORM.encode())
    digest.update(databases.path(one_set.folder, db).read_bytes())
    for question in one_set.questions:
        if question.db == db:
            digest.update(json.dumps(asdict(question), sort_keys=True).encode())
    return digest.hexdigest()


def _read(path):
    return path.read_text() if path.exists() else None


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)
