"""Fits when a small model's statement may be told as the answer.

    cargo run -p agent --example judge_statements -- CACHE REPORT.json >EVIDENCE.jsonl
    python3 -m eval.fit_trust EVIDENCE.jsonl [EVIDENCE.jsonl …] --trust crates/agent/src/trust.json [--write]

The report is one of `make eval MODEL=…`. One logistic function is fitted, with a penalty on large coefficients; folds are
by database, and every figure printed is of databases that the coefficients have not seen.
"""

import argparse
import json

from . import calibrate

# Of what is told, so much must be right.
FLOOR = 0.80


class Statement:
    """A statement of the model's that ran."""

    def __init__(self, entry):
        self.set, self.db = entry["set"], entry["db"]
        self.signals = entry["evidence"]
        self.right = bool(entry["right"])


def load(paths):
    statements = []
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            entries = [json.loads(line) for line in lines]
        statements += [Statement(entry) for entry in entries if entry.get("judge") != "INCORRECT"]
    return statements


def told_at(statements, chances, threshold):
    told = [one for one in statements if chances[id(one)] >= threshold]
    return len(told), sum(one.right for one in told)


def choose_threshold(statements, chances):
    """The lowest from which on what is told reaches the floor."""
    for step in range(30, 96):
        told, right = told_at(statements, chances, step / 100)
        if told and right / told >= FLOOR:
            return step / 100
    return 0.95


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence", nargs="+")
    parser.add_argument("--trust", required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strength", type=float, default=5.0)
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    statements = load(options.evidence)
    chances = calibrate.folded(statements, calibrate.is_right, options.strength, options.folds)
    threshold = choose_threshold(statements, chances)
    for step in (0, 30, 40, 50, 60, 65, 70, 75, 80, 90):
        told, right = told_at(statements, chances, step / 100)
        print(f"from {step / 100:4.2f}: {told:4} of {len(statements)} told, right {100 * right / max(1, told):5.1f}%")
    print(f"told from {threshold}:")
    for name in sorted({one.set for one in statements}):
        own = [one for one in statements if one.set == name]
        told, right = told_at(own, chances, threshold)
        print(f"  {name:16} {told:4} of {len(own)} told, right {right}; right of all {sum(one.right for one in own)}")
    if options.write:
        judge = calibrate.train(statements, calibrate.is_right, options.strength)
        with open(options.trust, "w", encoding="utf-8") as file:
            json.dump(calibrate.rounded(judge, threshold), file, indent=2)
            file.write("\n")
        print(f"written: {options.trust}")


if __name__ == "__main__":
    main()
