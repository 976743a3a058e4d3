"""Question sets: a folder with one folder a set, or one file over several of them, read into one form.

<data>/<set>/questions.jsonl, questions_<kind>.jsonl    a set of its own each: `<set>`, `<set>_<kind>`
<data>/<set>/db/<db>.sqlite[.xz]                        what the gold queries run on
<data>/<sample>.jsonl                                   lines that name their `set`: `<sample>-<set>`
"""

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

# What a question says when the order of the rows is part of what it asks.
ASKS_FOR_ORDER = re.compile(
    r"\b(sort(ed)?|order(ed)? by|in order|rank(ed|ing)?|ascending|descending|alphabetical(ly)?|chronological(ly)?"
    r"|(highest|lowest|largest|biggest|smallest|newest|oldest|latest|earliest|most|least|best|worst|longest|shortest)"
    r"( \w+)? (first|to)|(first|starting) with the)\b",
    re.I,
)


class DataError(Exception):
    """The data folder is not what the run needs; says which file and why."""


@dataclass
class Question:
    """One question with everything that judging it needs."""

    id: str
    db: str
    text: str
    gold: list[str]  # the gold query and the other accepted ones; empty where nothing may be answered
    intent: str
    expect: str = "answer"  # answer | clarify | abstain
    order_asked: bool = False  # the question itself asks for an order
    level: Optional[int] = None
    judge: Optional[str] = None  # the source's verdict on its own gold query
    gold_empty: bool = False
    evidence: str = ""  # a hint that the source gives beside the question
    follow_up: Optional["Question"] = None


@dataclass
class QuestionSet:
    """Questions that are reported together."""

    name: str
    folder: Path  # holds db/
    rules: str  # "analyst" or "benchmark": how results are compared
    questions: list[Question] = field(default_factory=list)
    asked: Optional[frozenset[str]] = None  # ids of those that this run asks; None for all

    def asks(self, question_id):
        return self.asked is None or question_id in self.asked

    def databases(self):
        """The databases in the order of their first question, which lets a model's server keep its prompt cache."""
        return list(dict.fromkeys(question.db for question in self.questions if self.asks(question.id)))


def read_sets(data, wanted=None):
    """The sets of a data folder by name. Without `wanted` all folders; a sample over several sets only when named."""
    data = Path(data)
    if not data.is_dir():
        raise DataError(f"{data} is no folder")
    sets = []
    for folder in sorted(path for path in data.iterdir() if path.is_dir()):
        for file in sorted(folder.glob("questions*.jsonl")):
            kind = file.stem[len("questions") :]
            sets.append(_read_file(folder.name + kind, folder, file))
    if wanted:
        for sample in sorted(data.glob("*.jsonl")):
            if any(_named(name, sample.stem) or name.startswith(sample.stem + "-") for name in wanted):
                sets.extend(_read_sample(data, sample))
        for name in wanted:
            if not any(_named(name, one.name) for one in sets):
                raise DataError(f"{data} has no set {name}")
        sets = [one for one in sets if any(_named(name, one.name) for name in wanted)]
    if not sets:
        raise DataError(f"{data} has no <set>/questions*.jsonl")
    return sets


def _named(wanted, name):
    """A set by its name, or all sets of a sample by the sample's."""
    return name == wanted or name.startswith(wanted + "-")


def sampled(one_set, limit):
    """A set with so many of its questions, spread evenly over it; always the same ones."""
    count = len(one_set.questions)
    chosen = [one_set.questions[at * count // limit].id for at in range(limit)] if limit < count else None
    return replace(one_set, asked=chosen and frozenset(chosen))


def _read_file(name, folder, file):
    lines = _lines(file)
    # Sets that say what is expected of each question (an answer, a question back, a refusal) are judged by the
    # readings that they accept; published benchmarks by the rules that are usual for them.
    rules = "analyst" if any("expect" in line for line in lines) else "benchmark"
    return QuestionSet(name, folder, rules, [_question(line, index) for index, line in enumerate(lines)])


def _read_sample(data, file):
    sets = {}
    for index, line in enumerate(_lines(file)):
        if "set" not in line:
            raise DataError(f"{file}: line {index + 1} does not name its set")
        name = f"{file.stem}-{line['set']}"
        rules = "analyst" if "expect" in line else "benchmark"
        one = sets.setdefault(name, QuestionSet(name, data / line["set"], rules))
        one.questions.append(_question(line, index))
    return list(sets.values())


def _lines(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def _question(line, index):
    identity = line.get("id") or f"{line['db']}-{index + 1}"
    follow_up = line.get("follow_up")
    return Question(
        id=identity,
        db=line["db"],
        text=line["question"],
        gold=[sql for sql in [line.get("gold_sql"), *line.get("gold_alternatives", [])] if sql],
        intent=line.get("intent") or line.get("category") or line.get("difficulty") or kind_of(line.get("gold_sql")),
        expect=line.get("expect", "answer"),
        order_asked=line.get("intent") == "list_sorted" or bool(ASKS_FOR_ORDER.search(line["question"])),
        level=line.get("level"),
        judge=line.get("judge"),
        gold_empty=bool(line.get("gold_empty")),
        evidence=line.get("evidence") or "",
        follow_up=_question({**follow_up, "db": line["db"], "id": identity + "+"}, index) if follow_up else None,
    )


def kind_of(sql):
    """A kind from the shape of the gold query, for sets that name none."""
    text = " " + re.sub(r"\s+", " ", sql or "").lower() + " "
    if re.search(r" (union|intersect|except) ", text):
        return "set operation"
    if text.count("select ") > 1:
        return "nested"
    if " group by " in text:
        return "group, having or top" if re.search(r" having | limit ", text) else "group"
    if " limit " in text:
        return "superlative"
    if re.search(r"select (distinct )?(count|sum|avg|min|max) ?\(", text):
        return "aggregate"
    return "list with join" if " join " in text else "list"
