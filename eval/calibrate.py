"""Fits how sure the built-in engine may be of its best result, and from when on it answers, asks back or keeps silent.

    python3 -m eval.calibrate DUMP.jsonl [DUMP.jsonl …] --confidence crates/agent/src/reading/confidence.json [--write]

A dump has a line for each question (`read_questions --dump`): what is known of the decision (`signals`) and whether the
best result, or one of those that would be offered, is right. Two logistic functions are fitted, with a penalty on large
coefficients; both start from nothing and folds are by database, so that every figure printed is of databases that the
coefficients have not seen. The weights of the ranking, which the signals are reckoned with, have seen them, unless the
dumps are those of `eval.fit --fold-weights`.
"""

import argparse
import collections
import json
import math
import random

from .fit import folds_of

# What of the answers must be right, by set; the others have the first. Published benchmarks whose gold queries are
# often wrong or stricter than the question have a lower one.
FLOOR = 0.85
FLOORS = {"spider": 0.88, "bird_superhero": 0.80, "kaggledbqa": 0.80, "sql_eval": 0.80}


class Case:
    """One question's decision."""

    def __init__(self, entry):
        decision = entry["decision"]
        self.set, self.db, self.expect = entry["set"], entry["db"], entry["expect"]
        self.signals = decision["signals"]
        self.barred = decision["barred"] or not decision["read"]
        self.right = self.expect == "answer" and decision["right"]
        self.choice_right = self.expect != "abstain" and (decision["choice_right"] or self.expect == "clarify")
        self.choices = decision["choices"]


def load(paths):
    cases = []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry.get("judge") != "INCORRECT":
                    cases.append(Case(entry))
    return cases


def probability(judge, signals):
    total = judge["bias"] + sum(judge["weights"].get(name, 0.0) * amount for name, amount in signals.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def train(cases, target, strength, epochs=60, seed=0):
    """Logistic regression by AdaGrad; a set counts by the root of its size."""
    counts = collections.Counter(case.set for case in cases)
    judge = {"bias": 0.0, "weights": collections.defaultdict(float)}
    square = collections.defaultdict(lambda: 1e-6)
    cases = list(cases)
    shuffle = random.Random(seed)
    weight_of = {name: math.sqrt(max(counts.values()) / count) for name, count in counts.items()}
    for _ in range(epochs):
        shuffle.shuffle(cases)
        for case in cases:
            error = (target(case) - probability(judge, case.signals)) * weight_of[case.set]
            square["bias"] += error * error
            judge["bias"] += 0.1 * error / math.sqrt(square["bias"])
            for name, amount in case.signals.items():
                step = error * amount - strength * judge["weights"][name] / len(cases)
                square[name] += step * step
                judge["weights"][name] += 0.1 * step / math.sqrt(square[name])
    return judge


def is_right(case):
    return 1.0 if case.right else 0.0


def choice_is_right(case):
    return 1.0 if case.choice_right else 0.0


def folded(cases, target, strength, folds):
    """Each case's probability from a fit that has not seen its database."""
    found = {}
    for fold, held in enumerate(folds_of([(case.set, case.db) for case in cases], folds)):
        judge = train([case for case in cases if (case.set, case.db) not in held], target, strength, seed=fold)
        for case in cases:
            if (case.set, case.db) in held:
                found[id(case)] = probability(judge, case.signals)
    return found


def answered_at(cases, chances, threshold):
    """Of the questions that have an answer: those that are asked back or refused rightly are a matter of their own."""
    by_set = collections.defaultdict(lambda: [0, 0])
    for case in cases:
        if case.expect == "answer" and not case.barred and chances[id(case)] >= threshold:
            by_set[case.set][0] += 1
            by_set[case.set][1] += case.right
    return by_set


def choose_threshold(cases, chances):
    """The lowest at which every set reaches its floor, or the one that comes nearest."""
    best = None
    for step in range(30, 96):
        threshold = step / 100
        by_set = answered_at(cases, chances, threshold)
        missing = 0.0
        for name, (answered, right) in by_set.items():
            if answered >= 20:
                missing += max(0.0, FLOORS.get(name, FLOOR) - right / answered)
        # A point of precision is worth no more than so many answers.
        answered = sum(count for count, _ in by_set.values())
        value = (-round(max(0.0, missing - 0.02), 3) * 12.0) + answered / len(cases)
        if best is None or value > best[0]:
            best = (value, threshold)
    return best[1]


def print_curve(cases, chances):
    names = sorted({case.set for case in cases})
    print(f"{'from':>5}  " + "  ".join(f"{name[:16]:>22}" for name in names))
    for step in (0, 30, 40, 50, 55, 60, 65, 70, 75, 80, 85, 90):
        by_set = answered_at(cases, chances, step / 100)
        cells = []
        for name in names:
            asked = sum(1 for case in cases if case.set == name and case.expect == "answer")
            count, right = by_set[name]
            cells.append(f"{100 * right / max(1, count):5.1f}% of {count:4}/{asked:<4} {'':2}")
        print(f"{step / 100:5.2f}  " + "  ".join(f"{cell:>22}" for cell in cells))


def print_calibration(cases, chances):
    print("said    happened  questions")
    for low in range(0, 100, 10):
        inside = [case for case in cases if low <= 100 * chances[id(case)] < low + 10 and not case.barred]
        if inside:
            print(f"{low:3}-{low + 10:3} {100 * sum(case.right for case in inside) / len(inside):8.1f} {len(inside):10}")


def rounded(judge, threshold):
    weights = {name: round(value, 3) for name, value in sorted(judge["weights"].items()) if abs(value) >= 0.01}
    return {"threshold": threshold, "bias": round(judge["bias"], 3), "weights": weights}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", nargs="+")
    parser.add_argument("--confidence", required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strength", type=float, default=20.0)
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    cases = load(options.dumps)
    read = [case for case in cases if case.signals]
    chances = folded(read, is_right, options.strength, options.folds)
    chances.update({id(case): 0.0 for case in cases if not case.signals})
    threshold = choose_threshold(cases, chances)
    print("Right of answered, by the probability from which on is answered (databases not seen):")
    print_curve(cases, chances)
    print()
    print_calibration(read, chances)
    print(f"\nanswers from {threshold}:")
    for name, (answered, right) in sorted(answered_at(cases, chances, threshold).items()):
        fair = [case for case in cases if case.set == name and case.expect == "answer"]
        others = [case for case in cases if case.set == name and case.expect != "answer"]
        taken = sum(not case.barred and chances[id(case)] >= threshold for case in others)
        wrong = answered - right
        print(
            f"  {name:16} right {100 * right / max(1, len(fair)):5.1f}%  answered {answered} of {len(fair)}"
            f"  right of answered {100 * right / max(1, answered):5.1f}%  wrong of all {100 * wrong / max(1, len(fair)):4.1f}%"
            f"  without an answer, yet answered {taken} of {len(others)}"
        )
    silent = [case for case in read if not case.barred and chances[id(case)] < threshold and case.choices > 1]
    offered = folded(read, choice_is_right, options.strength, options.folds)
    best = 0.5
    for step in range(30, 90, 5):
        kept = [case for case in silent if offered[id(case)] >= step / 100]
        if kept:
            share = sum(case.choice_right for case in kept) / len(kept)
            print(f"  offers from {step / 100:4.2f}: {len(kept):4} questions, the right one among them {100 * share:5.1f}%")
            if share < 0.6:
                best = (step + 5) / 100
    if options.write:
        judges = {
            "answer": rounded(train(read, is_right, options.strength), threshold),
            "choose": rounded(train(read, choice_is_right, options.strength), best),
        }
        with open(options.confidence, "w", encoding="utf-8") as file:
            json.dump(judges, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
