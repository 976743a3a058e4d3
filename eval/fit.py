"""Fits the weights of the built-in engine's ranking on questions with known answers.

    python3 -m eval.fit DUMP.jsonl [DUMP.jsonl …] --weights crates/agent/src/reading/weights.json [--write]
    python3 -m eval.fit DUMP.jsonl [DUMP.jsonl …] --weights … --afresh [--fold-weights FOLDER]

A dump has a line for each question: its database, and for each reading the features and whether its result is right
(`read_questions --dump`). The model is log-linear: the probability of a reading is proportional to exp(w · f); what is
maximised is the probability of the right readings, with a penalty on the distance to the weights that are there. Folds
are by database.

The weights that are there have seen the questions, and so has what starts from them: the figure "fold" is of databases that
the weights have not seen only with `--afresh`, which starts from the bounds below and nothing else. What is still from
outside the fold is which readings the dump has: those that the weights of its build thought best. `--fold-weights` writes
the weights and the databases of each fold, for dumps by builds that have not seen what they read.
"""

import argparse
import collections
import json
import math
import os
import random


# What is passed over must cost at least this much, whatever the questions at hand reward.
AT_MOST = {
    "skipped_cue": -1.5,
    "skipped_word": -1.0,
    "skipped_name": -1.2,
    "skipped_value": -2.0,
    "skipped_number": -2.2,
    "skipped_capital": -2.2,
    "skipped_quoted": -3.0,
    "lost_function": -2.2,
    "lost_negation": -2.5,
    "role_misfit": -1.0,
    "contradiction": -2.0,
    "count_listed": -1.5,
}


def load(paths):
    """Questions with at least one right and one wrong reading, and the count of all."""
    questions, total = [], 0
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["expect"] != "answer" or entry.get("judge") == "INCORRECT":
                    continue
                total += 1
                readings = []
                for reading in entry["candidates"]:
                    shape = reading["shape"]
                    if shape is None:
                        continue
                    features = dict(reading["features"])
                    if shape["rows"] == 0:
                        features["result_empty"] = 1.0
                    elif shape["null"]:
                        features["result_null"] = 1.0
                    readings.append((features, reading["right"]))
                questions.append((entry["set"], entry["db"], readings))
    return questions, total


def first_is_right(weights, readings):
    if not readings:
        return False
    best = max(readings, key=lambda one: score(weights, one[0]))
    return best[1]


def score(weights, features):
    return sum(weights.get(name, 0.0) * amount for name, amount in features.items())


def train(questions, prior, strength, epochs, seed):
    weights = dict(prior)
    usable = [q for q in questions if any(r[1] for r in q[2]) and not all(r[1] for r in q[2])]
    counts = collections.Counter(q[0] for q in usable)
    random_order = random.Random(seed)
    square = collections.defaultdict(lambda: 1e-8)
    for _ in range(epochs):
        random_order.shuffle(usable)
        for one_set, _, readings in usable:
            # A set counts by the root of its size: many questions of one kind must not drown the others.
            weight = 1.0 / math.sqrt(counts[one_set])
            scores = [score(weights, features) for features, _ in readings]
            top = max(scores)
            exps = [math.exp(value - top) for value in scores]
            all_sum = sum(exps)
            right_sum = sum(e for e, reading in zip(exps, readings) if reading[1])
            gradient = collections.defaultdict(float)
            for exp, (features, right) in zip(exps, readings):
                push = (exp / right_sum if right else 0.0) - exp / all_sum
                for name, amount in features.items():
                    gradient[name] += push * amount * weight
            for name, value in gradient.items():
                value -= strength * (weights.get(name, 0.0) - prior.get(name, 0.0)) / len(usable)
                square[name] += value * value
                weights[name] = weights.get(name, 0.0) + 0.08 * value / math.sqrt(square[name])
                if name in AT_MOST:
                    weights[name] = min(weights[name], AT_MOST[name])
    return weights


def folds_of(databases, count):
    """The databases, each (set, name), dealt out."""
    databases = sorted(set(databases))
    random.Random(7).shuffle(databases)
    return [set(databases[fold::count]) for fold in range(count)]


def unseeing(names):
    """Weights that no question had a say in: no more than what is passed over must cost."""
    return {name: AT_MOST.get(name, 0.0) for name in names}


def rounded(weights, names):
    return {name: round(weights.get(name, 0.0), 3) for name in names}


def rate(weights, questions):
    by_set = collections.defaultdict(lambda: [0, 0, 0])
    for one_set, _, readings in questions:
        by_set[one_set][0] += 1
        by_set[one_set][1] += first_is_right(weights, readings)
        by_set[one_set][2] += any(right for _, right in readings)
    return {name: (count, 100.0 * right / count, 100.0 * possible / count) for name, (count, right, possible) in by_set.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dumps", nargs="+")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--afresh", action="store_true", help="start from weights that no question had a say in")
    parser.add_argument("--fold-weights", metavar="FOLDER", help="write each fold's weights and databases")
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args()
    with open(options.weights, encoding="utf-8") as file:
        there = json.load(file)
    prior = unseeing(there) if options.afresh else there
    questions, _ = load(options.dumps)
    fold_rate = collections.defaultdict(list)
    for fold, held in enumerate(folds_of([q[:2] for q in questions], options.folds)):
        inside = [q for q in questions if (q[0], q[1]) not in held]
        weights = train(inside, prior, options.strength, options.epochs, fold)
        for one_set, db, readings in questions:
            if (one_set, db) in held:
                fold_rate[one_set].append(first_is_right(weights, readings))
        if options.fold_weights:
            os.makedirs(options.fold_weights, exist_ok=True)
            write(os.path.join(options.fold_weights, f"{fold}.json"), rounded(weights, there))
            with open(os.path.join(options.fold_weights, f"{fold}.databases"), "w", encoding="utf-8") as file:
                file.write(",".join(sorted(db for _, db in held)) + "\n")
    fitted = train(questions, prior, options.strength, options.epochs, 0)
    before, after = rate(there, questions), rate(fitted, questions)
    print(f"{'set':20} {'questions':>9} {'before':>8} {'fold':>8} {'fit':>8} {'possible':>9}")
    for name in sorted(before):
        fold = 100.0 * sum(fold_rate[name]) / max(1, len(fold_rate[name]))
        print(f"{name:20} {before[name][0]:9} {before[name][1]:8.1f} {fold:8.1f} {after[name][1]:8.1f} {after[name][2]:9.1f}")
    if options.write:
        write(options.weights, rounded(fitted, there))


def write(path, weights):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(weights, file, indent=2)
        file.write("\n")


if __name__ == "__main__":
    main()
