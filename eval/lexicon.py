"""Which words of the reader stand in the questions or names of a single development database, and what it is without them.

    python3 -m eval.lexicon CACHE SET[,SET…]                      counts, by list
    python3 -m eval.lexicon CACHE SET[,SET…] --entries            every entry that occurs in one database only, and in which
    python3 -m eval.lexicon CACHE SET[,SET…] --copy FOLDER        the sources without these entries, to build and measure
    python3 -m eval.lexicon CACHE SET[,SET…] --lost BEFORE AFTER  the questions whose first reading is right no more, with the entries in them
    python3 -m eval.lexicon --compare BEFORE AFTER SET[,SET…]     two folders of dumps, `<set>.jsonl` (`read_questions --dump`)

An entry is a word or phrase of `own.tsv`, or a text in an array, a pattern or a comparison of the Rust files below. It
occurs in a database when a question or the name of a table or column has it, as it stands there or in its base form;
the texts of a tuple ("right", "now") only where one question has a choice from each of its places, and what a word is
said to mean (`usage`) only where the database has both. An entry is taken out of the Rust sources by putting in its place
a text that nobody can type, so that the code around it stays as it is.
"""

import argparse
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OWN = "crates/agent/data/words/own.tsv"
EXCEPTIONS = "crates/agent/data/words/exceptions.tsv"
LEXICON = "crates/agent/src/reading/lexicon.rs"
SOURCES = ("crates/agent/src/reading", "crates/schema-gen/src/meaning", "crates/schema-gen/src/names/lists.rs")
# What these match or list are no words of questions: texts of answers, SQL, names of features and of files' columns.
NO_WORDS = ("say", "sql.rs", "score.rs", "stats.rs", "confidence.rs", "relations.rs", "decide.rs", "tests.rs", "check.rs", "edits.rs")
# Spellings of stored values, which neither questions nor names have.
STORED = ("YES", "NO", "holds_genders")

ENTRY = re.compile(r"'?[a-z]+(?:['/ -][a-z]+)*")
TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<raw>b?r(?P<hash>\#*)".*?"(?P=hash))
      | (?P<text>b?"(?:\\.|[^"\\])*")
      | (?P<letter>b?'(?:\\[^']+|\\'|[^'\\])')
      | (?P<life>'[A-Za-z_]\w*)
      | (?P<name>[A-Za-z_]\w*|\d[\w.]*)
      | (?P<sign>=>|==|!=|<=|>=|->|::|\|\||&&|.)""",
    re.X | re.S,
)


class Entry:
    """One text in one place. `choices`: for each other place of its tuple, the texts that may stand there."""

    def __init__(self, path, where, start, end, text, choices=(), means=None):
        self.path, self.where, self.start, self.end = path, where, start, end
        self.text, self.choices, self.means = text, choices, means


# --- The entries ---


def tokens_of(source):
    """(kind, text, start, end), without spaces and comments."""
    found = []
    for match in TOKEN.finditer(source):
        kind = match.lastgroup if match.lastgroup != "hash" else "raw"
        if kind != "space":
            found.append((kind, match.group(), match.start(), match.end()))
    return found


class Brackets:
    """For each token the bracket that it stands in, and for each bracket its other end."""

    def __init__(self, tokens):
        self.around, self.end = [], {}
        stack = []
        for at, (kind, text, _, _) in enumerate(tokens):
            if kind == "sign" and text in ")]}" and stack:
                self.end[stack.pop()] = at
            self.around.append(stack[-1] if stack else None)
            if kind == "sign" and text in "([{":
                stack.append(at)


def entries_of(path, source):
    """The texts of a Rust file that are listed, matched or compared."""
    source = source.split("#[cfg(test)]\nmod tests {")[0]
    tokens = tokens_of(source)
    brackets = Brackets(tokens)

    def sign(at):
        return tokens[at][1] if 0 <= at < len(tokens) else ""

    def is_array(bracket):
        return sign(bracket) == "[" and not (bracket > 0 and tokens[bracket - 1][0] == "name")

    def place(at):
        """Whole alternatives "a" | "b" around a text, as (first token, last token)."""
        first = last = at
        while sign(first - 1) == "|" and tokens[first - 2][0] == "text":
            first -= 2
        while sign(last + 1) == "|" and tokens[last + 2][0] == "text":
            last += 2
        return first, last

    def is_pattern(first, last):
        """Whether what stands from `first` to `last` is an arm's pattern, or a part of one."""
        while True:
            after = sign(last + 1)
            if after in ("=>", "|", "if") or sign(first - 1) == "|" and sign(first - 2) != "(":
                return True
            if sign(first - 1) == "let" or after == "=" and sign(last + 2) != "=":
                return sign(first - 1) == "let" or "let" in [sign(at) for at in range(first - 3, first)]
            bracket = brackets.around[first]
            if bracket is None or sign(bracket) == "{":
                return False
            if sign(bracket - 1) == "!" and sign(bracket - 2) == "matches":
                return sign(first - 1) in (",", "(", "|") or tokens[first - 1][0] == "name"
            first, last = bracket, brackets.end.get(bracket, last)
            while tokens[first - 1][0] == "name" or sign(first - 1) == "::":
                first -= 1

    def neighbours(at):
        """The texts that stand in the other places of a tuple, each as a set."""
        first, _ = place(at)
        bracket = brackets.around[at]
        if bracket is None or sign(bracket) != "(" or tokens[bracket - 1][0] == "name" or sign(bracket - 1) == "!":
            return ()
        others, now, inside = [], set(), False
        for other in range(bracket + 1, brackets.end.get(bracket, bracket)):
            if brackets.around[other] != bracket:
                continue
            inside = inside or other == first
            if tokens[other][0] == "text":
                now.add(tokens[other][1][1:-1])
            if sign(other) == ",":
                if now and not inside:
                    others.append(frozenset(now))
                now, inside = set(), False
        if now and not inside:
            others.append(frozenset(now))
        return tuple(others)

    where, found = "", []
    for at, (kind, text, start, end) in enumerate(tokens):
        if kind == "name" and text in ("const", "static", "fn") and tokens[at + 1][0] == "name":
            where = tokens[at + 1][1]
        word = text[1:-1]
        if kind != "text" or not ENTRY.fullmatch(word) or where in STORED:
            continue
        bracket = brackets.around[at]
        first, last = place(at)
        if bracket is not None and is_array(bracket) and sign(at + 1) in (",", "]"):
            found.append(Entry(path, where, start, end, word))
        elif (
            bracket is not None
            and sign(bracket) == "("
            and first == bracket + 1
            and sign(bracket - 1) in ("[", ",")
            and brackets.around[bracket] is not None
            and is_array(brackets.around[bracket])
        ):
            # What is listed by its first text.
            found.append(Entry(path, where, start, end, word))
        elif sign(at - 1) in ("==", "!=") or sign(at + 1) in ("==", "!="):
            found.append(Entry(path, where, start, end, word))
        elif is_pattern(first, last):
            found.append(Entry(path, where, start, end, word, neighbours(at)))
    return found


def own_entries(source):
    found, at = [], 0
    for line in source.splitlines(keepends=True):
        word, means, kind, *_ = line.split("\t")
        found.append(Entry(OWN, kind, at, at + len(line), word, means=means if kind == "usage" else None))
        at += len(line)
    return found


def source_files(root=ROOT):
    for name in SOURCES:
        path = root / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.rs")):
            parts = file.relative_to(root).parts
            if not any(part in NO_WORDS or part.removesuffix(".rs") in NO_WORDS for part in parts):
                yield file


def all_entries(root=ROOT):
    found = own_entries((root / OWN).read_text(encoding="utf-8"))
    for file in source_files(root):
        found += entries_of(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))
    return found


# --- Where they occur ---


def bases(root=ROOT):
    """Irregular forms with their base forms."""
    known = collections.defaultdict(set)
    for line in (root / EXCEPTIONS).read_text(encoding="utf-8").splitlines():
        form, base, *_ = line.split("\t")
        known[form].add(base)
    table = re.search(r"const IRREGULAR.*?\];", (root / LEXICON).read_text(encoding="utf-8"), re.S).group()
    for form, base in re.findall(r'\("(\w+)", "(\w+)"\)', table):
        known[form].add(base)
    return known


def forms(word, known):
    """A word with its base forms: "parties" is "party", "hired" is "hire"."""
    found = {word} | known.get(word, set())
    # "6pm", "1st", "10k"
    found.add(word.lstrip("0123456789") or word)
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e")):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            base = word[: -len(ending)] + instead
            found.add(base)
            if ending in ("ed", "ing") and not instead and len(base) > 2 and base[-1] == base[-2]:
                found.add(base[:-1])
    return found


def spoken(text):
    """The words of a question as the reader cuts it."""
    text = re.sub("[‘’`]", "'", text.lower())
    text = re.sub(r"\b(do|does|did|has|have|had|is|are|was|were|could|would|should)nt\b", r"\1 not", text)
    text = text.replace("can't", "can not").replace("cannot", "not").replace("won't", "will not").replace("n't", " not")
    return re.findall(r"'(?:s|re|ve|d|ll)\b|[^\W_]+", text)


def named(name):
    """The words of an identifier, and the whole without its borders."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+", name)
    return [part.lower() for part in parts], re.sub(r"[\W_]+", "", name.lower())


class Said:
    """All that a database's questions and names say."""

    def __init__(self, questions, names, known):
        self.questions, self.sentences = [], []
        self.words, self.runs = set(), set()
        for text in questions:
            words = [forms(word, known) for word in spoken(text)]
            self._add(words)
            self.questions.append(set().union(*words) if words else set())
        for name in names:
            parts, whole = named(name)
            self._add([forms(part, known) for part in parts])
            self.words.add(whole)

    def _add(self, words):
        for at, one in enumerate(words):
            self.words |= one
            # A phrase as it stands, or with each word in a base form; the first two words find it.
            for following in words[at + 1 : at + 2]:
                self.runs |= {(first, second) for first in one for second in following}
        self.sentences.append(words)

    def has(self, text):
        parts = text.replace("-", " ").split(" ")
        if len(parts) == 1:
            return text in self.words
        if (parts[0], parts[1]) not in self.runs:
            return False
        return any(
            all(part in words[at + step] for step, part in enumerate(parts))
            for words in self.sentences
            for at in range(len(words) - len(parts) + 1)
        )

    def occurs(self, entry):
        if entry.means:
            return self.has(entry.text) and all(self.has(part) for part in entry.means.split(" "))
        if entry.choices:
            return any(
                entry.text in words and all(not choice.isdisjoint(words) or "" in choice for choice in entry.choices)
                for words in self.questions
            )
        return self.has(entry.text)


def databases(cache, sets):
    known = bases()
    for one_set in sets:
        for folder in sorted((pathlib.Path(cache) / one_set).iterdir()):
            if not (folder / "schema.json").exists():
                continue
            schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
            asked = json.loads((folder / "questions.json").read_text(encoding="utf-8"))["questions"]
            questions = [one["text"] for one in asked] + [one["follow_up"]["text"] for one in asked if one["follow_up"]]
            names = [table["name"] for table in schema["tables"]]
            names += [column["name"] for table in schema["tables"] for column in table["columns"]]
            yield f"{one_set}/{folder.name}", Said(questions, names, known)


def occurrences(entries, cache, sets):
    """For each entry the databases that have it."""
    found = [[] for _ in entries]
    for name, said in databases(cache, sets):
        for entry, names in zip(entries, found):
            if said.occurs(entry):
                names.append(name)
    return found


# --- Without them ---


def without(source, entries):
    """The source with each entry's text made one that nobody types; a line of a word list is left out."""
    for number, entry in enumerate(sorted(entries, key=lambda one: -one.start)):
        instead = "" if entry.path == OWN else f'"\\u{{1}}{number}"'
        source = source[: entry.start] + instead + source[entry.end :]
    return source


def copy(folder, removed):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    by_path = collections.defaultdict(list)
    for entry in removed:
        by_path[entry.path].append(entry)
    for name in filter(None, listed.split("\0")):
        if name.startswith(("frontend/", "eval/", "docs/")) or not (ROOT / name).is_file():
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name in by_path:
            source = without((ROOT / name).read_text(encoding="utf-8"), by_path[name])
            # What did not change keeps its time, so that only what did is built anew.
            if not target.exists() or target.read_text(encoding="utf-8") != source:
                target.write_text(source, encoding="utf-8")
        elif not target.exists() or target.read_bytes() != (ROOT / name).read_bytes():
            shutil.copy2(ROOT / name, target)


# --- Figures ---


def figures(path):
    """Questions, first readings right, told, and told rightly; for those that have an answer and a sound gold query."""
    asked = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["expect"] != "answer" or entry.get("judge") == "INCORRECT":
                continue
            first = bool(entry["candidates"]) and entry["candidates"][0]["right"]
            told = entry["decision"]["kind"] == "answer"
            asked[entry["db"], entry["id"]] = (first, told and entry["decision"]["right"], told and not entry["decision"]["right"])
    return asked


def print_comparison(before, after, sets):
    print("| set | questions | first right | without | lost, won | told right | without | told wrong | without |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for one_set in sets:
        old, new = figures(pathlib.Path(before) / f"{one_set}.jsonl"), figures(pathlib.Path(after) / f"{one_set}.jsonl")
        if old.keys() != new.keys():
            sys.exit(f"{one_set}: the two dumps have different questions")
        lost = sum(old[key][0] and not new[key][0] for key in old)
        won = sum(new[key][0] and not old[key][0] for key in old)

        def share(asked, place):
            return f"{100 * sum(one[place] for one in asked.values()) / max(1, len(asked)):.1f}%"

        cells = [share(asked, place) for place in range(3) for asked in (old, new)]
        print(f"| {one_set} | {len(old)} | {cells[0]} | {cells[1]} | {lost}, {won} | " + " | ".join(cells[2:]) + " |")


def print_lost(before, after, cache, sets, single):
    """By database: a question that is lost, and the entries of its database alone that it has. No question is printed."""
    known = bases()
    for one_set in sets:
        old, new = figures(pathlib.Path(before) / f"{one_set}.jsonl"), figures(pathlib.Path(after) / f"{one_set}.jsonl")
        for db, name in [key for key in old if old[key][0] and not new[key][0]]:
            asked = json.loads((pathlib.Path(cache) / one_set / db / "questions.json").read_text(encoding="utf-8"))
            texts = [one["text"] for one in asked["questions"] if str(one["id"]) == name]
            said = Said(texts, [], known)
            there = sorted({entry.text for place, entry in single if place == f"{one_set}/{db}" and said.occurs(entry)})
            print(f"{one_set}/{db}\t{name}\t{', '.join(there) or 'none in the question: one of the names'}")


def list_of(entry):
    """What the table of counts sums up by."""
    for part in ("grammar", "build", "meaning"):
        if f"/{part}/" in entry.path:
            return f"{part}/"
    return "own.tsv, " + entry.where if entry.path == OWN else entry.path.rsplit("/", 1)[1]


def print_counts(entries, found):
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for entry, names in zip(entries, found):
        for name in (list_of(entry), "all"):
            counts[name][0] += 1
            counts[name][1 + min(len(names), 2)] += 1
    print("| list | entries | in no database | in one | in more |")
    print("|---|--:|--:|--:|--:|")
    for name in sorted(counts, key=lambda one: (one == "all", one)):
        print(f"| {name} | " + " | ".join(str(count) for count in counts[name]) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", nargs="?")
    parser.add_argument("sets")
    parser.add_argument("--entries", action="store_true", help="print the entries that occur in one database only")
    parser.add_argument("--copy", type=pathlib.Path, metavar="FOLDER", help="write the sources without them")
    parser.add_argument("--keep", default="", help="entries, with commas between, that stay in the copy all the same")
    parser.add_argument("--lost", nargs=2, metavar=("BEFORE", "AFTER"), help="folders of dumps")
    parser.add_argument("--compare", nargs=2, metavar=("BEFORE", "AFTER"), help="folders of dumps")
    options = parser.parse_args()
    sets = options.sets.split(",")
    if options.compare:
        print_comparison(*options.compare, sets)
        return
    if not options.cache:
        parser.error("the folder that `make eval` prepared is missing")
    entries = all_entries()
    found = occurrences(entries, options.cache, sets)
    print_counts(entries, found)
    kept = set(options.keep.split(","))
    single = [(names[0], entry) for entry, names in zip(entries, found) if len(names) == 1]
    if options.entries:
        for name, entry in sorted(single, key=lambda one: (one[0], one[1].path, one[1].start)):
            print(f"{name}\t{entry.path}\t{entry.where}\t{entry.text}\t{entry.means or ''}")
    if options.lost:
        print_lost(*options.lost, options.cache, sets, single)
    if options.copy:
        copy(options.copy, [entry for _, entry in single if entry.text not in kept])


if __name__ == "__main__":
    main()
