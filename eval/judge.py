"""From an answer and the accepted results to a verdict.

right    the rows are those of an accepted reading; a refusal or a question back where the data has no answer; a
         question back whose choices lead to two accepted readings where that is expected
half     one accepted reading was taken where a question back is expected, and the text says so
wrong    rows that no accepted reading gives, rows where there is no answer, a reading taken without a word
asked    any other question back
refused  no rows and no question back where something else is expected
failed   an error
"""

import re
from dataclasses import dataclass
from typing import Optional

from .compare import RULES, same_result

# How an answer says which of several readings it took.
STATES_A_READING = re.compile(
    r"\b(assum\w+|taken (as|to mean)|i took|taking|read as|meaning|means|meant|here counts? as|counted as|interpret\w+"
    r"|understood as)\b",
    re.I,
)


@dataclass
class Match:
    """Which accepted results (by their number) the rows equal; None for none."""

    strict: Optional[int] = None
    lenient: Optional[int] = None  # more columns allowed
    only_order_differs: bool = False


def match(entry, rows, rules_name):
    """Compares rows with every accepted result of a question."""
    rules = RULES[rules_name]
    found = Match()
    for number, gold in enumerate(entry["accepted"]):
        if "error" in gold or gold["truncated"]:
            continue
        ordered = gold["ordered"] and (rules.order_of_gold or entry["order_asked"])
        if same_result(gold["rows"], rows, rules, gold["ties"], ordered):
            return Match(number, number)
        if found.lenient is None and same_result(gold["rows"], rows, rules, gold["ties"], ordered, extra_columns=True):
            found.lenient = number
        if ordered and same_result(gold["rows"], rows, rules):
            found.only_order_differs = True
    return found


def largest_result(entry):
    """The most rows that any accepted reading has: more than that need not be fetched."""
    return max((len(gold.get("rows", [])) for gold in entry["accepted"]), default=0)


def verdict(entry, answer, found, readings=()):
    """`found` is the Match of the receipt's rows, None where there is no receipt; `readings` are the accepted readings
    that the choices of a question back led to, each by its number, None for a choice that led to none."""
    if answer.receipt is None:
        if answer.error is not None:
            return "failed"
        if entry["expect"] == "abstain":
            return "right"
        if not asks_back(answer):
            return "refused"
        different = {reading for reading in readings if reading is not None}
        return "right" if entry["expect"] == "clarify" and len(different) >= 2 else "asked"
    if entry["expect"] == "abstain" or found.strict is None:
        return "wrong"
    if entry["expect"] == "answer":
        return "right"
    said = f"{answer.text} {answer.receipt.get('restatement') or ''}"
    return "half" if STATES_A_READING.search(said) else "wrong"


def asks_back(answer):
    return len(answer.choices) >= 2
