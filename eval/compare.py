"""Whether a result is the one that a gold query finds. Written once, with the rules of each kind of set as options."""

import re
from dataclasses import dataclass

TRUE = frozenset(["1", "true", "t", "yes", "y"])
FALSE = frozenset(["0", "false", "f", "no", "n"])
MIDNIGHT = re.compile(r"^(\d{4}-\d{2}-\d{2})[t ]00:00(:00(\.0+)?)?(z|[+-]00:?00)?$", re.I)
# Beyond this, rows that sorted apart on a rounding edge are not looked for one by one.
MAX_PAIRED_ONE_BY_ONE = 2_000
MAX_COLUMN_ORDERS = 2_000


@dataclass(frozen=True)
class Rules:
    """What counts as equal. Columns may come in any order under all of them, and names of columns do not count."""

    tolerance: float  # of numbers, relative to the larger one
    least_scale: float  # ... or to this, where both are smaller
    shown_decimals: bool  # a number rounded to the decimals that it shows equals the exact one
    fold_case: bool
    spelled_booleans: bool  # yes, Y, true and 1 are the same
    midnight_is_date: bool
    order_of_gold: bool  # the gold's outer ORDER BY counts; else only an order that the question asks for
    ties_in_any_order: bool  # rows with equal sort keys may change places


RULES = {
    # Questions with accepted readings (their sets say what is expected of each).
    "analyst": Rules(
        tolerance=1e-4,
        least_scale=1e-5,
        shown_decimals=True,
        fold_case=True,
        spelled_booleans=True,
        midnight_is_date=True,
        order_of_gold=False,
        ties_in_any_order=True,
    ),
    # Execution accuracy as published benchmarks count it, with a number equal to its text form.
    "benchmark": Rules(
        tolerance=1e-6,
        least_scale=1.0,
        shown_decimals=False,
        fold_case=False,
        spelled_booleans=False,
        midnight_is_date=False,
        order_of_gold=True,
        ties_in_any_order=False,
    ),
}


def same_result(gold, rows, rules, ties=None, ordered=False, extra_columns=False):
    """Whether `rows` are the gold's. `ties` are the gold rows' groups of equal sort keys, `extra_columns` lets the
    result have columns that the gold has not."""
    if len(gold) != len(rows):
        return False
    if not gold:
        return True
    width = len(gold[0])
    if len(rows[0]) != width and not (extra_columns and len(rows[0]) > width):
        return False
    gold = [[canonical(value, rules) for value in row] for row in gold]
    rows = [[canonical(value, rules) for value in row] for row in rows]
    segments = _segments(len(gold), ties if rules.ties_in_any_order else None) if ordered else [(0, len(gold))]

    def fits(columns):
        chosen = [[row[column] for column in columns] for row in rows]
        return all(_same_bag(gold[start:end], chosen[start:end], rules) for start, end in segments)

    if len(rows[0]) == width and fits(range(width)):
        return True
    return _any_column_order(gold, rows, rules, fits)


def canonical(value, rules):
    """A value as it is compared: None, a number, or text."""
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, str):
        return value
    value = value.strip()
    if rules.fold_case:
        value = value.casefold()
    if rules.spelled_booleans and value.casefold() in TRUE | FALSE:
        return int(value.casefold() in TRUE)
    if rules.midnight_is_date and MIDNIGHT.match(value):
        return value[:10]
    return _number(value)


def same_value(gold, value, rules):
    """Of canonical values."""
    if gold is None or value is None:
        return gold is value
    if isinstance(gold, str) or isinstance(value, str):
        return gold == value
    if gold == value or abs(gold - value) <= rules.tolerance * max(abs(gold), abs(value), rules.least_scale):
        return True
    return rules.shown_decimals and _is_rounded(gold, value)


def _number(text):
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return number if abs(number) != float("inf") and number == number else text


def _is_rounded(gold, value):
    """Whether `value` is `gold` rounded to the decimals that it shows: one at least, so that 12 is not 12.4."""
    if not isinstance(value, float):
        return False
    shown = repr(value)
    if "e" in shown:
        return False
    decimals = max(1, len(shown.partition(".")[2]))
    return abs(gold - value) <= 0.5 * 10**-decimals * (1 + 1e-9)


def _segments(count, ties):
    """Stretches of rows within which the order does not count: groups of ties, or each row alone."""
    if ties is None:
        return [(at, at + 1) for at in range(count)]
    starts = [at for at in range(count) if at == 0 or ties[at] != ties[at - 1]]
    return list(zip(starts, [*starts[1:], count]))


def _any_column_order(gold, rows, rules, fits):
    """Tries to give each gold column one of the result's, by the values in them."""

    def column(table, at):
        return [[row[at]] for row in table]

    width = len(gold[0])
    candidates = [
        [to for to in range(len(rows[0])) if _same_bag(column(gold, at), column(rows, to), rules)]
        for at in range(width)
    ]
    tried = 0

    def place(chosen):
        nonlocal tried
        if len(chosen) == width:
            tried += 1
            return fits(chosen)
        return any(
            place([*chosen, to]) for to in candidates[len(chosen)] if to not in chosen and tried < MAX_COLUMN_ORDERS
        )

    return place([])


def _same_bag(gold, rows, rules):
    """Whether two lists hold the same rows, each as often."""
    if len(gold) == 1:
        return _same_row(gold[0], rows[0], rules)
    if sorted(map(_outline, gold)) != sorted(map(_outline, rows)):
        return False
    left, right = sorted(gold, key=_sort_key), sorted(rows, key=_sort_key)
    if all(_same_row(one, other, rules) for one, other in zip(left, right)):
        return True
    # Values on a rounding edge may have sorted apart.
    if len(left) > MAX_PAIRED_ONE_BY_ONE:
        return False
    for one in left:
        at = next((at for at, other in enumerate(right) if _same_row(one, other, rules)), None)
        if at is None:
            return False
        del right[at]
    return True


def _same_row(gold, row, rules):
    return all(same_value(one, other, rules) for one, other in zip(gold, row))


def _outline(row):
    """What of a row is compared exactly: its text, and where numbers and nothing stand."""
    return tuple((0, "") if value is None else (1, "") if not isinstance(value, str) else (2, value) for value in row)


def _sort_key(row):
    return tuple(
        (kind, text, 0 if kind != 1 else float(f"{value:.5g}")) for (kind, text), value in zip(_outline(row), row)
    )
