"""Records into figures: Markdown to read, JSON to compare runs with."""

import json
import math
from collections import defaultdict

COLUMNS = (
    "questions",
    "right",
    "answered",
    "right of answered",
    "wrong of all",
    "right, more columns allowed",
    "asked back",
    "right among the choices",
    "refused",
    "failed",
    "p50 ms",
    "p95 ms",
    "max ms",
)
CONFIDENCE_STEPS = 10


def figures(records):
    """What a group of records comes to. Half a right one counts as wrong where it stands here."""
    times = sorted(record["seconds"] for record in records)
    count = {
        name: sum(record["verdict"] == name for record in records)
        for name in ("right", "half", "wrong", "asked", "refused", "failed")
    }
    return {
        "questions": len(records),
        **count,
        "answered": sum(record["answered"] for record in records),
        "lenient": sum(record["verdict"] == "right" or record["lenient"] for record in records),
        "offered": sum(
            record["verdict"] == "asked" and any(one is not None for one in record["readings"]) for record in records
        ),
        "p50_ms": _quantile(times, 0.5),
        "p95_ms": _quantile(times, 0.95),
        "max_ms": _quantile(times, 1.0),
    }


def markdown(records, facts, hold_out=(), per_db=False):
    """The whole report. `facts` says what was run: (label, text) pairs."""
    parts = ["# Measured", "", *(f"- {label}: {text}" for label, text in facts), ""]
    main = [record for record in records if "after" not in record]
    expected = [record for record in main if record["expect"] == "answer"]
    parts += [
        "## By set",
        "",
        "Questions that have an answer. Right: the rows of an accepted reading, as many columns, in any order. Wrong "
        "of all: other rows, given as the answer. The rest was asked back, refused, or failed.",
        "",
        *_table("set", _by_set(expected, hold_out)),
        "",
    ]
    parts += _beside([record for record in main if record["expect"] != "answer"])
    parts += _follow_ups([record for record in records if "after" in record])
    for name in _names(expected, "set"):
        kinds = {
            kind: [record for record in expected if record["set"] == name and record["intent"] == kind]
            for kind in sorted({record["intent"] for record in expected if record["set"] == name})
        }
        if len(kinds) > 1:
            parts += [f"## {name}: by kind of question", "", *_table("kind", kinds), ""]
    if per_db:
        for name in _names(expected, "set"):
            in_set = [record for record in expected if record["set"] == name]
            parts += [
                f"## {name}: by database",
                "",
                *_table("database", {db: [one for one in in_set if one["db"] == db] for db in _names(in_set, "db")}),
                "",
            ]
    parts += _calibration(main)
    return "\n".join(parts)


def as_json(records, facts, hold_out=()):
    """The figures by set and kind, and every record."""
    main = [record for record in records if "after" not in record]
    expected = [record for record in main if record["expect"] == "answer"]
    kinds = defaultdict(dict)
    for record in expected:
        kinds[record["set"]].setdefault(record["intent"], []).append(record)
    return json.dumps(
        {
            "facts": dict(facts),
            "sets": {name: figures(group) for name, group in _by_set(expected, hold_out).items()},
            "kinds": {name: {kind: figures(group) for kind, group in groups.items()} for name, groups in kinds.items()},
            "beside": {name: figures(group) for name, group in _beside_groups(main).items()},
            "follow_ups": {
                name: figures(group)
                for name, group in _follow_up_groups([record for record in records if "after" in record]).items()
            },
            "records": records,
        },
        ensure_ascii=False,
        indent=1,
    )


def wrong_answers(records, entries):
    """Each wrong answer to read: what was asked, what was given, what is accepted. `entries` by (set, id)."""
    parts = ["# Wrong answers", ""]
    for record in records:
        if record["verdict"] != "wrong":
            continue
        entry = entries[record["set"], record["id"]]
        parts += [
            f"## {record['set']} {record['id']} ({record['intent']}, {record['expect']})",
            "",
            record["question"],
            "",
            f"- why: {record['why']}",
            f"- restated: {record['restatement']}",
            f"- confidence: {record['confidence']}",
            "",
            "```sql",
            record["sql"],
            "```",
            "",
            f"got {record['row_count']} rows: {_shown(record['rows'])}",
            "",
        ]
        for gold in entry["accepted"]:
            result = gold.get("error") or f"{len(gold['rows'])} rows: {_shown(gold['rows'])}"
            parts += ["```sql", gold["sql"], "```", f"expected {result}", ""]
    return "\n".join(parts)


def _by_set(records, hold_out):
    """A group for each set, with the parts of it that are told apart below it."""
    groups = {}
    for name in _names(records, "set"):
        in_set = groups[name] = [record for record in records if record["set"] == name]
        kept, others = ([one for one in in_set if (one["db"] in hold_out) is held] for held in (True, False))
        if kept and others:
            groups[f"{name}, held out ({', '.join(_names(kept, 'db'))})"] = kept
            groups[f"{name}, the others"] = others
        if any(record["judge"] for record in in_set):
            groups[f"{name}, gold not judged incorrect"] = [one for one in in_set if one["judge"] != "INCORRECT"]
            groups[f"{name}, gold judged correct"] = [one for one in in_set if one["judge"] == "CORRECT"]
    return groups


def _table(name, groups):
    lines = [f"| {name} | " + " | ".join(COLUMNS) + " |", "|---" + "|--:" * len(COLUMNS) + "|"]
    for label, group in groups.items():
        one = figures(group)
        cells = [
            label,
            one["questions"],
            f"{one['right']} ({_percent(one['right'], one['questions'])})",
            one["answered"],
            _percent(one["right"], one["answered"]),
            _percent(one["wrong"], one["questions"]),
            one["lenient"],
            one["asked"],
            one["offered"],
            one["refused"],
            one["failed"],
            one["p50_ms"],
            one["p95_ms"],
            one["max_ms"],
        ]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return lines


def _beside_groups(records):
    groups = {}
    for record in records:
        if record["expect"] != "answer":
            groups.setdefault(f"{record['set']}, {record['expect']}", []).append(record)
    return groups


def _beside(records):
    if not records:
        return []
    lines = [
        "## Questions to ask back, or to refuse",
        "",
        "Clarify: right when asked back and two of the choices, each asked in turn, led to different accepted "
        "readings; asked back: any other question back with two choices or more; half: one accepted reading was taken "
        "and the text says so. Abstain: right when no rows were given.",
        "",
        "| | questions | right | asked back | half | wrong | refused | failed |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for label, group in _beside_groups(records).items():
        one = figures(group)
        cells = [label, *(one[name] for name in ("questions", "right", "asked", "half", "wrong", "refused", "failed"))]
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return [*lines, ""]


def _follow_up_groups(records):
    groups = {}
    for record in records:
        groups.setdefault(
            f"{record['set']}, after {'a right answer' if record['after'] == 'right' else 'another'}", []
        ).append(record)
    return groups


def _follow_ups(records):
    return ["## Follow-ups", "", *_table("set", _follow_up_groups(records)), ""] if records else []


def _calibration(records):
    """Stated confidence against what came of it; nothing where receipts state none."""
    stated = [record for record in records if record["answered"] and isinstance(record["confidence"], (int, float))]
    if not stated:
        return []
    lines = ["## Confidence", "", "| stated | answers | mean stated | right |", "|---|--:|--:|--:|"]
    for step in range(CONFIDENCE_STEPS):
        group = [one for one in stated if min(int(one["confidence"] * CONFIDENCE_STEPS), CONFIDENCE_STEPS - 1) == step]
        if group:
            mean = sum(one["confidence"] for one in group) / len(group)
            right = sum(one["verdict"] == "right" for one in group)
            lines.append(
                f"| {step / CONFIDENCE_STEPS:.1f} to {(step + 1) / CONFIDENCE_STEPS:.1f} | {len(group)} | {mean:.2f} "
                f"| {_percent(right, len(group))} |"
            )
    return [*lines, ""]


def _names(records, name):
    return list(dict.fromkeys(record[name] for record in records))


def _percent(part, whole):
    return f"{100 * part / whole:.1f}%" if whole else "-"


def _quantile(values, share):
    """Milliseconds; the value that `share` of them do not exceed."""
    if not values:
        return 0
    return round(1000 * values[max(0, math.ceil(len(values) * share) - 1)])


def _shown(rows, most=5):
    return json.dumps((rows or [])[:most], ensure_ascii=False) + (" …" if rows and len(rows) > most else "")
