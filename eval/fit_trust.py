"""Fits when what a small model's tries found may be told as the answer.

    python3 -m eval.tries >TRIES.jsonl
    cargo run -p agent --example judge_statements -- CACHE TRIES.jsonl >EVIDENCE.jsonl
    python3 -m eval.fit_trust EVIDENCE.jsonl [EVIDENCE.jsonl …] --trust crates/agent/src/trust.json [--write]

Two logistic functions are fitted, each with a penalty on large coefficients: for what is known after the first try, and
after several. A case is a finding; what is judged is the likeliest finding of each question. Folds are by database, and
every figure printed is of databases that the coefficients have not seen.
"""

import argparse
import collections
import json

from . import calibrate

# Of what is told, so much must be right: at once it should be surer, for else more tries can still tell.
FLOORS = {"first": 0.85, "several": 0.65}


class Finding:
    """A result of one question."""

    def __init__(self, entry, finding):
        self.set, self.db = entry["set"], entry["db"]
        self.signals = finding["evidence"]
        self.right = bool(finding["right"]) and entry["expect"] == "answer"


def load(paths):
    """The questions of each stage: their findings after the first try, and after all of them."""
    stages = {"first": [], "several": []}
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            entries = [json.loads(line) for line in lines]
        for entry in entries:
            if entry.get("judge") == "INCORRECT":
                continue
            for name, found in (("first", entry["stages"][:1]), ("several", entry["stages"][2::2])):
                for stage in found:
                    findings = [Finding(entry, finding) for finding in stage]
                    if findings:
                        stages[name].append(findings)
    return stages


def likeliest(questions, chances):
    """The finding of each question that would be told, with its probability."""
    best = [max(findings, key=lambda one: chances[id(one)]) for findings in questions]
    return [(one, chances[id(one)]) for one in best]


def told_at(best, threshold):
    told = [one for one, chance in best if chance >= threshold]
    return len(told), sum(one.right for one in told)


def choose_threshold(best, floor):
    """The lowest from which on what is told reaches the floor."""
    for step in range(30, 96):
        told, right = told_at(best, step / 100)
        if told and right / told >= floor:
            return step / 100
    return 0.95


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("evidence", nargs="+")
    parser.add_argument("--trust", required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--strength", type=float, default=3.0)
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    judges = {}
    for name, questions in load(options.evidence).items():
        findings = [one for found in questions for one in found]
        chances = calibrate.folded(findings, calibrate.is_right, options.strength, options.folds)
        best = likeliest(questions, chances)
        threshold = choose_threshold(best, FLOORS[name])
        print(f"{name}: {len(questions)} questions, the likeliest right {sum(one.right for one, _ in best)},"
              f" any right {sum(any(one.right for one in found) for found in questions)}")
        for step in (0, 30, 40, 50, 55, 60, 65, 70, 75, 80, 90):
            told, right = told_at(best, step / 100)
            print(f"  from {step / 100:4.2f}: {told:4} told, right {right:4} = {100 * right / max(1, told):5.1f}%")
        print(f"  told from {threshold}:")
        by_set = collections.defaultdict(list)
        for one in best:
            by_set[one[0].set].append(one)
        for one_set, own in sorted(by_set.items()):
            told, right = told_at(own, threshold)
            print(f"    {one_set:20} {told:4} of {len(own)} told, right {right}")
        judge = calibrate.train(findings, calibrate.is_right, options.strength)
        judges[name] = calibrate.rounded(judge, threshold)
    if options.write:
        with open(options.trust, "w", encoding="utf-8") as file:
            json.dump(judges, file, indent=2)
            file.write("\n")
        print(f"written: {options.trust}")


if __name__ == "__main__":
    main()
