"""Asks the service, and gathers what came of each question into a record."""

from dataclasses import dataclass
from typing import Optional

from . import judge
from .client import ApiError
from .stream import Answer

# Rows that a record keeps for reading.
ROWS_KEPT = 10


@dataclass
class Turn:
    """An answer with all its rows."""

    answer: Answer
    rows: Optional[list[list]] = None
    guessed: Optional[list[list]] = None  # what the statement found that was seen but not told


class ServiceAsker:
    """Asks by the chat, as the page does."""

    def __init__(self, client, loaded, engine, replies, place):
        """`replies` tells how long those that came from the cache took when they were made; what is asked is kept there
        under its `place`, a set and a database."""
        self._client = client
        self._schema_id = loaded.schema_id
        self._engine = engine
        self._replies = replies
        self._place = place

    def ask(self, text, enough, conversation_id=None):
        self._replies.begin_question({**self._place, "question": text})
        before = self._replies.spared_seconds
        answer = self._client.ask(self._schema_id, text, self._engine, conversation_id)
        answer.seconds += self._replies.spared_seconds - before
        return with_all_rows(self._client, self._schema_id, answer, enough)


def with_all_rows(client, schema_id, answer, enough):
    """The rows that the receipt shows, or all of them where it shows the first ones only."""
    receipt = answer.receipt
    if receipt is None:
        return Turn(answer, guessed=_guessed(client, schema_id, answer, enough))
    if len(receipt["rows"]) == receipt["row_count"] and not receipt["truncated"]:
        return Turn(answer, receipt["rows"])
    try:
        return Turn(answer, client.all_rows(schema_id, receipt["sql"], enough))
    except ApiError as error:
        answer.error = f"the receipt's statement does not run again: {error}"
        return Turn(answer, receipt["rows"])


def _guessed(client, schema_id, answer, enough):
    if answer.guess is None:
        return None
    try:
        return client.all_rows(schema_id, answer.guess, enough)
    except ApiError:
        return None


def ask_entry(asker, entry, set_name, rules, with_evidence=False):
    """Asks a question and what belongs to it; its record, and that of its follow-up."""
    text = f"{entry['text']} ({entry['evidence']})" if with_evidence and entry["evidence"] else entry["text"]
    turn = asker.ask(text, judge.largest_result(entry))
    follow_up, after = entry["follow_up"], None
    if follow_up:
        after = asker.ask(follow_up["text"], judge.largest_result(follow_up), turn.answer.conversation_id)
    main = record_of(entry, turn, set_name, rules, _readings(asker, entry, turn, rules))
    if after is None:
        return [main]
    readings = _readings(asker, follow_up, after, rules)
    return [main, {**record_of(follow_up, after, set_name, rules, readings), "after": main["verdict"]}]


def _readings(asker, entry, turn, rules):
    """The accepted reading, by its number, that each choice of a question back leads to."""
    if not judge.asks_back(turn.answer) or turn.answer.receipt is not None:
        return []
    readings = []
    for choice in turn.answer.choices:
        chosen = asker.ask(choice["message"], judge.largest_result(entry), turn.answer.conversation_id)
        readings.append(None if chosen.rows is None else judge.match(entry, chosen.rows, rules).strict)
    return readings


def record_of(entry, turn, set_name, rules, readings):
    """All that the report and the list of wrong answers say about one question."""
    answer, receipt = turn.answer, turn.answer.receipt
    found = None if turn.rows is None else judge.match(entry, turn.rows, rules)
    result = judge.verdict(entry, answer, found, readings)
    return {
        "set": set_name,
        **{name: entry[name] for name in ("id", "db", "intent", "level", "expect", "judge", "gold_empty")},
        "question": entry["text"],
        "verdict": result,
        "answered": receipt is not None,
        "lenient": bool(found and found.lenient is not None) and entry["expect"] != "abstain",
        "why": _why(entry["expect"], result, found, answer),
        "sql": receipt and receipt["sql"],
        "columns": receipt and [column["name"] for column in receipt["columns"]],
        "rows": turn.rows and turn.rows[:ROWS_KEPT],
        "row_count": None if turn.rows is None else len(turn.rows),
        "restatement": receipt and receipt.get("restatement"),
        "engine": receipt and receipt.get("engine"),
        "confidence": receipt and receipt.get("confidence"),
        "guess": None if receipt else answer.guess,
        "guess_right": turn.guessed is not None and judge.match(entry, turn.guessed, rules).strict is not None,
        "text": answer.text,
        "choices": answer.choices,
        "readings": readings,
        "seconds": round(answer.seconds, 4),
    }


def _why(expect, result, found, answer):
    if result == "failed":
        return answer.error
    if result != "wrong" or found is None:
        return None
    if expect == "abstain":
        return "rows where the data has no answer"
    if found.strict is not None:
        return "an accepted reading, taken without a word"
    if found.lenient is not None:
        return "right but for more columns"
    return "right rows in another order" if found.only_order_differs else "other rows"
