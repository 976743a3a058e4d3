"""Fits what each sign weighs for or against a reference, on databases whose keys and references are known.

    cargo run --release -p schema-gen --example weigh_references -- FILE.csv… >PAIRS/<db>.jsonl     (each database)
    python3 -m eval.fit_references TRUTH PAIRS --weights crates/schema-gen/src/relations/weights.json [--write]

TRUTH has <db>/truth.json (`fks`; `dropped_fks` and `undeclared_candidates`, `table.column -> table.column`, count neither
way). For each column that may refer the
model chooses among its keys and none: the probability of each is proportional to exp(w · f), of none to 1. What is
maximised is the probability of what is declared, with a penalty on the distance to the weights that are there, or with
`--afresh` to nothing; a sign keeps its direction (`MORE`, `LESS`), since what few databases show must not turn it round.
Folds are by database: those of `--afresh` have not seen theirs. The right and wrong references are counted as `choose` takes
them, each column by itself. Columns of composite references are left out.
"""

import argparse
import json
import math
import os
import random

from .fit import folds_of

# Signs that speak for a reference, and those that speak against one. `popular` is reckoned when all are known: not fitted.
MORE = {"name", "chance", "place", "id", "key_score", "best_key", "key_label", "covered"}
LESS = {
    "base", "measure", "temporal", "own_key", "certain_own_key", "possible_own_key", "common_name", "doer", "no_name",
    "same_table", "other_key", "orphans", "orphan_share",
}
FIXED = {"popular": 0.2}


def load(truth_folder, pairs_folder):
    """For each database its columns: the keys they may refer to with their signs, and which of them is declared."""
    databases = {}
    for name in sorted(os.listdir(pairs_folder)):
        db = name.removesuffix(".jsonl")
        with open(os.path.join(truth_folder, db, "truth.json"), encoding="utf-8") as file:
            truth = json.load(file)
        if not truth.get("fk_scored", True):
            continue
        stems = {}
        for table, about in truth["tables"].items():
            stems[os.path.splitext(about.get("file") or table)[0].lower()] = table.lower()
        declared, unsure, composite = set(), set(), set()
        for one in truth["fks"]:
            columns = [column.lower() for column in one["columns"]]
            refers = [column.lower() for column in one["ref_columns"]]
            table, to = one["table"].lower(), one["ref_table"].lower()
            if len(columns) == 1:
                declared.add((table, columns[0], to, refers[0]))
            else:
                composite.update((table, column) for column in columns)
        for one in truth.get("dropped_fks", []):
            for column, refers in zip(one["columns"], one["ref_columns"]):
                unsure.add((one["table"].lower(), column.lower(), one["ref_table"].lower(), refers.lower()))
        for one in truth.get("undeclared_candidates", []):
            own, key = (side.lower().rsplit(".", 1) for side in one.split(" -> "))
            unsure.add((*own, *key))
        columns = {}
        with open(os.path.join(pairs_folder, name), encoding="utf-8") as lines:
            for line in lines:
                pair = json.loads(line)
                (table, column), (to, key) = pair["from"], pair["to"]
                table, to = (stems.get(side.lower(), side.lower()) for side in (table, to))
                edge = (table, column.lower(), to, key.lower())
                if edge not in unsure and edge[:2] not in composite:
                    columns.setdefault(edge[:2], []).append((pair["features"], edge in declared))
        # What values rule out is missed whatever the weights.
        known = {(table, column) for table, column in columns}
        missed = sum(1 for edge in declared if edge[:2] not in known)
        complete = truth.get("fk_complete", True)
        databases[db] = (list(columns.values()), missed, complete)
    return databases


def weigh(weights, features):
    return sum(weights.get(name, 0.0) * amount for name, amount in features.items())


def bounded(name, value):
    if name in MORE:
        return max(0.0, value)
    if name in LESS:
        return min(0.0, value)
    return value


def train(databases, prior, strength, epochs, seed):
    weights = dict(prior, **FIXED)
    names = sorted(MORE | LESS)
    square = {name: 1e-6 for name in names}
    shuffle = random.Random(seed)
    columns = []
    for found, _, complete in databases:
        # A database counts by the root of its size.
        share = 1.0 / math.sqrt(max(1, len(found)))
        # Where not all references are declared, what refers to nothing tells nothing.
        columns += [(keys, share) for keys in found if complete or any(right for _, right in keys)]
    total = sum(share for _, share in columns)
    for _ in range(epochs):
        shuffle.shuffle(columns)
        for keys, share in columns:
            scores = [weigh(weights, features) for features, _ in keys]
            top = max(0.0, *scores)
            none = math.exp(-top)
            exps = [math.exp(score - top) for score in scores]
            everything = none + sum(exps)
            right = sum(exp for exp, (_, is_right) in zip(exps, keys) if is_right)
            gradient = {}
            for exp, (features, is_right) in zip(exps, keys):
                wanted = exp / right if is_right else 0.0
                push = (wanted - exp / everything) * share
                for name, amount in features.items():
                    gradient[name] = gradient.get(name, 0.0) + push * amount
            for name, value in gradient.items():
                if name in FIXED:
                    continue
                value -= strength * (weights.get(name, 0.0) - prior.get(name, 0.0)) * share / total
                square[name] += value * value
                changed = weights.get(name, 0.0) + 0.1 * value / math.sqrt(square[name])
                weights[name] = bounded(name, changed)
    return weights


def counted(weights, databases):
    """Right, wrong and missed references."""
    right, wrong, missed = 0, 0, 0
    for found, lost, complete in databases:
        missed += lost
        for keys in found:
            score, is_right = max(((weigh(weights, features), is_right) for features, is_right in keys), key=lambda one: one[0])
            is_declared = any(right for _, right in keys)
            if score > 0 and is_right:
                right += 1
            else:
                missed += is_declared
                wrong += score > 0 and (complete or is_declared)
    return right, wrong, missed


def said(name, counts):
    right, wrong, missed = counts
    score = 2 * right / max(1, 2 * right + wrong + missed)
    print(f"{name:34} right {right:4}  wrong {wrong:3}  missed {missed:3}  F1 {score:.3f}")


def folded(databases, folds, prior, strength, epochs):
    total = [0, 0, 0]
    for fold, held in enumerate(folds_of([("fk", name) for name in databases], folds)):
        held = {name for _, name in held}
        seen = [databases[name] for name in databases if name not in held]
        weights = train(seen, prior, strength, epochs, seed=fold)
        for place, count in enumerate(counted(weights, [databases[name] for name in held])):
            total[place] += count
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("truth")
    parser.add_argument("pairs")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--strength", type=float, default=0.3)
    parser.add_argument("--epochs", type=int, default=60)
    parser.add_argument("--afresh", action="store_true", help="start from nothing")
    parser.add_argument("--ablate", action="store_true", help="leave out each sign in turn")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    databases = load(options.truth, options.pairs)
    with open(options.weights, encoding="utf-8") as file:
        there = json.load(file)
    everything = list(databases.values())
    said("weights that are there", counted(there, everything))
    prior = {} if options.afresh else there
    weights = train(everything, prior, options.strength, options.epochs, seed=0)
    said("fit", counted(weights, everything))
    said("fold", folded(databases, options.folds, prior, options.strength, options.epochs))
    if options.ablate:
        for name in sorted(MORE | LESS):
            without = {
                db: ([[({k: v for k, v in f.items() if k != name}, r) for f, r in keys] for keys in found], lost, complete)
                for db, (found, lost, complete) in databases.items()
            }
            said(f"fold without {name}", folded(without, options.folds, prior, options.strength, options.epochs))
    rounded = {name: round(weights.get(name, 0.0), 2) for name in there}
    print(json.dumps(rounded, indent=2))
    if options.write:
        with open(options.weights, "w", encoding="utf-8") as file:
            json.dump(rounded, file, indent=2)
            file.write("\n")


if __name__ == "__main__":
    main()
