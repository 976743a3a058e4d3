"""One run: every database loaded into the service, every question asked, a record for each."""

import sys
import time

from . import prepare
from .ask import ServiceAsker, ask_entry
from .plain import PlainAsker


class Run:
    """Loads each database once, however many sets ask about it."""

    def __init__(self, databases, client, cache):
        self._databases = databases
        self._client = client
        self._cache = cache
        self._loaded = {}

    def loaded(self, one_set, db):
        """A database in the service, kept in the cache too where that has not got it yet."""
        path = self._databases.path(one_set.folder, db)
        if path not in self._loaded:
            connection = self._databases.connect(one_set.folder, db)
            # The built-in engine, also where a model answers: the same schema under every model.
            self._loaded[path] = prepare.load(self._client, connection, "builtin")
        if not prepare.is_cached(self._cache, one_set, db, self._databases):
            prepare.store(self._cache, one_set, db, self._databases, self._client, self._loaded[path])
        return self._loaded[path]

    def prepare_only(self, sets):
        """Fills the cache with what it has not got."""
        for one_set, db in _each_database(sets):
            if prepare.is_cached(self._cache, one_set, db, self._databases):
                continue
            began = time.monotonic()
            tables = self.loaded(one_set, db).tables
            aside = sum(table["quarantined"] for table in tables)
            seconds = time.monotonic() - began
            _note(f"{one_set.name}/{db}: {len(tables)} tables, {aside} rows set aside, {seconds:.1f} s")

    def ask_all(self, sets, asker_for, with_evidence=False):
        """Records of all questions, and the questions with their gold results by (set, id)."""
        records, entries = [], {}
        for one_set, db in _each_database(sets):
            asker = asker_for(self._client, self.loaded(one_set, db), {"set": one_set.name, "db": db})
            began, before = time.monotonic(), len(records)
            for entry in prepare.questions_of(self._cache, one_set, db, self._databases):
                if not one_set.asks(entry["id"]):
                    continue
                records += ask_entry(asker, entry, one_set.name, one_set.rules, with_evidence)
                entries[one_set.name, entry["id"]] = entry
                if entry["follow_up"]:
                    entries[one_set.name, entry["follow_up"]["id"]] = entry["follow_up"]
            new = records[before:]
            right = sum(record["verdict"] == "right" for record in new)
            _note(f"{one_set.name}/{db}: {right} of {len(new)} right, {time.monotonic() - began:.1f} s")
        return records, entries


def service_asker(engine, replies):
    return lambda client, loaded, place: ServiceAsker(client, loaded, engine, replies, place)


def plain_asker(model, today, replies):
    return lambda client, loaded, _: PlainAsker(client, loaded, model, today, replies)


def _each_database(sets):
    return ((one_set, db) for one_set in sets for db in one_set.databases())


def _note(text):
    print(text, file=sys.stderr, flush=True)
