"""Asks the running service the questions of a data folder and reports how many it answers rightly."""

import argparse
import collections
import contextlib
import signal
import subprocess
import sys
from pathlib import Path

from . import report
from .client import ApiError, Client
from .gold import GoldDatabases
from .model_cache import ModelCache, NoModel
from .questions import DataError, read_sets, sampled
from .run import Run, plain_asker, service_asker
from .service import Service, ServiceError

ROOT = Path(__file__).resolve().parent.parent
# What every report says of its figures.
RULES_IN_WORDS = (
    "sets that say what is expected: accepted readings, numbers to 1e-4 or as rounded, spellings of yes and "
    "no equal, order only where asked for; others: execution accuracy, numbers to 1e-6 and equal to their "
    "text form, order where the gold has one; columns in any order throughout"
)


def main():
    arguments = parse_arguments()
    # Ended from outside, the service and its folder go too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with contextlib.ExitStack() as stack:
            measure(arguments, stack)
    except (DataError, ServiceError, ApiError) as error:
        sys.exit(f"eval: {error}")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="python3 -m eval", description=__doc__)
    parser.add_argument("data", type=Path, help="folder with <set>/questions*.jsonl and <set>/db/<db>.sqlite[.xz]")
    parser.add_argument("--sets", type=names, default=[], help="names with commas between; else all folders")
    parser.add_argument("--limit", type=int, help="so many questions of each set, spread over it")
    parser.add_argument("--today", default="2026-11-22", help="the day on the service's clock (default %(default)s)")
    parser.add_argument("--model", help="ask this model too; else the built-in engine alone")
    parser.add_argument("--ollama", default="http://127.0.0.1:11434", help="the model's server (default %(default)s)")
    parser.add_argument("--plain", action="store_true", help="ask the model without the service, to compare with")
    parser.add_argument("--evidence", action="store_true", help="add the source's hints to the questions")
    parser.add_argument("--hold-out", type=names, default=[], help="databases to report apart")
    parser.add_argument("--per-db", action="store_true", help="a table by database too")
    parser.add_argument("--out", type=Path, help="the report; a .json with all records beside it. Else printed")
    parser.add_argument("--wrong", type=Path, help="file for all wrong answers")
    parser.add_argument("--prepare-only", action="store_true", help="load the databases into the cache and ask nothing")
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/data-query-agent")
    parser.add_argument("--cache", type=Path, default=ROOT / "target/eval-cache")
    parser.add_argument("--replies", type=Path, default=ROOT / "target/eval-replies", help="replies of the model, kept")
    arguments = parser.parse_args()
    if arguments.plain and not arguments.model:
        parser.error("--plain needs --model")
    return arguments


def names(text):
    return [name for name in text.split(",") if name]


def measure(arguments, stack):
    sets = read_sets(arguments.data, arguments.sets)
    replies, ollama = NoModel(), None
    if arguments.model:
        replies = stack.enter_context(ModelCache(arguments.ollama, arguments.replies))
        ollama = replies.url
    databases = stack.enter_context(GoldDatabases())
    service = stack.enter_context(Service(arguments.binary, arguments.today, ollama, arguments.model))
    for note in service.notes:
        print(f"NOTE: {note}", file=sys.stderr)
    run = Run(databases, Client(service.url), arguments.cache)
    if arguments.prepare_only:
        run.prepare_only(sets)
        return
    if arguments.limit:
        sets = [sampled(one_set, arguments.limit) for one_set in sets]
    if arguments.plain:
        asker_for = plain_asker(arguments.model, arguments.today, replies)
    else:
        asker_for = service_asker("auto" if arguments.model else "builtin", replies)
    records, entries = run.ask_all(sets, asker_for, arguments.evidence)
    write(arguments, records, entries, facts_of(arguments, service, replies, records))


def facts_of(arguments, service, replies, records):
    """What was run, for whoever reads the figures later."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    engines = collections.Counter(record["engine"] for record in records if record["answered"])
    asked = "the model asked plainly" if arguments.plain else "the service"
    facts = [
        ("Asked", f"{asked}, {arguments.model or 'built in'}, commit {commit.stdout.strip() or 'unknown'}"),
        ("Engines that answered", ", ".join(f"{name} {count}" for name, count in engines.most_common()) or "none"),
        ("Today", arguments.today),
        ("Rules", RULES_IN_WORDS),
    ]
    if arguments.model:
        times = "times count the former as long as they took when they were made"
        facts.append(("Replies", f"{replies.counts.hits} from the cache, {replies.counts.misses} asked; {times}"))
    return facts + [("Note", note) for note in service.notes]


def write(arguments, records, entries, facts):
    text = report.markdown(records, facts, arguments.hold_out, arguments.per_db)
    if arguments.out:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(text + "\n", encoding="utf-8")
        arguments.out.with_suffix(".json").write_text(
            report.as_json(records, facts, arguments.hold_out), encoding="utf-8"
        )
    else:
        print(text)
    if arguments.wrong:
        arguments.wrong.write_text(report.wrong_answers(records, entries), encoding="utf-8")


if __name__ == "__main__":
    main()
