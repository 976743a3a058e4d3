#!/usr/bin/env python3
"""Writes <name>/questions.jsonl from <name>/questions.py; the SQL in the .jsonl is explicit.

In the sources an SQL text may hold choices: `{a|b}` gives one statement with a and one with b, the first being the gold;
choices with the same digit, `{1=a|b} ... {1=c|d}`, are taken together; they nest. `||` is SQL's own.
Of statements that give the same rows only the first is kept.
"""
import json
import os
import sys

import databases

HERE = os.path.dirname(os.path.abspath(__file__))
MOST_ALTERNATIVES = 130


def parse(text, at=0, inside=False):
    """A list of alternatives, each a list of parts (text, or a tuple (digit, alternatives)), and where it ended."""
    alternatives, parts, plain = [], [], ""

    def close_text():
        nonlocal plain
        if plain:
            parts.append(plain)
        plain = ""

    while at < len(text):
        char = text[at]
        if char == "{":
            close_text()
            digit = None
            if text[at + 1].isdigit() and text[at + 2] == "=":
                digit, at = text[at + 1], at + 2
            inner, at = parse(text, at + 1, True)
            parts.append((digit, inner))
        elif char == "}" and inside:
            close_text()
            return alternatives + [parts], at + 1
        elif char == "|" and inside and text[at:at + 2] != "||":
            close_text()
            alternatives.append(parts)
            parts, at = [], at + 1
        else:
            step = 2 if text[at:at + 2] == "||" else 1
            plain += text[at:at + step]
            at += step
    close_text()
    if inside:
        raise ValueError("a choice is not closed: " + text)
    return [parts], at


def expand_parts(parts, chosen):
    done = [("", chosen)]
    for part in parts:
        if isinstance(part, str):
            done = [(text + part, chosen) for text, chosen in done]
            continue
        digit, alternatives = part
        following = []
        for text, chosen in done:
            which = [chosen[digit]] if digit in chosen else range(len(alternatives))
            for index in which:
                known = dict(chosen, **{digit: index}) if digit else chosen
                following += [(text + more, then) for more, then in expand_parts(alternatives[index], known)]
        done = following
    return done


def expand(text):
    return [sql for sql, _ in expand_parts(parse(" ".join(text.split()))[0][0], {})]


def statements(con, where, templates):
    seen, kept = [], []
    for template in templates:
        for sql in expand(template):
            try:
                key = databases.key(con.execute(sql).fetchall(), free_columns=True)
            except Exception as error:
                sys.exit("%s: %s\n  %s" % (where, error, sql))
            if key not in seen:
                seen.append(key)
                kept.append(sql)
    if len(kept) > MOST_ALTERNATIVES + 1:
        sys.exit("%s: %d alternatives" % (where, len(kept) - 1))
    return kept


class Writer:
    def __init__(self, name, con):
        self.name, self.con, self.lines = name, con, []

    def ask(self, question, sql, intent, level=1, also=(), expect="answer", note=None, then=None, empty=False):
        """then: (question, sql) or (question, sql, [more]); empty: the right result has no rows, or only nothing."""
        number = "%s-%02d" % (self.name, len(self.lines) + 1)
        kept = statements(self.con, number, [sql, *also])
        line = {"id": number, "db": self.name, "question": question, "gold_sql": kept[0], "gold_alternatives": kept[1:],
                "intent": intent, "level": level, "expect": expect}
        if then:
            more = statements(self.con, number + " follow-up", [then[1], *(then[2] if len(then) > 2 else ())])
            line["follow_up"] = {"question": then[0], "gold_sql": more[0], "gold_alternatives": more[1:]}
        if empty:
            line["gold_empty"] = True
        if note:
            line["note"] = note
        self.lines.append(line)

    def clarify(self, question, readings, intent, note, level=2, then=None):
        results = [databases.key(self.con.execute(expand(reading)[0]).fetchall()) for reading in readings]
        if len(set(results)) < 2:
            sys.exit("all readings give the same: " + question)
        self.ask(question, readings[0], intent, level, readings[1:], "clarify", note, then)

    def abstain(self, question, intent, note, level=1, language=None):
        number = "%s-%02d" % (self.name, len(self.lines) + 1)
        line = {"id": number, "db": self.name, "question": question, "gold_sql": None, "gold_alternatives": [],
                "intent": intent, "level": level, "expect": "abstain", "note": note}
        if language:
            line["language"] = language
        self.lines.append(line)


def month(col):
    return "{strftime('%%Y-%%m', %s)|CAST(strftime('%%Y', %s) AS INTEGER), CAST(strftime('%%m', %s) AS INTEGER)|strftime('%%Y-%%m-01', %s)}" % (col, col, col, col)


def year(col):
    return "CAST(strftime('%%Y', %s) AS INTEGER)" % col


def quarter_key(col):
    return "strftime('%%Y', %s) || '-Q' || ((CAST(strftime('%%m', %s) AS INTEGER) + 2) / 3)" % (col, col)


def quarter(key):
    """Of a text 2025-Q3 its spellings."""
    first = "SUBSTR(%s, 1, 4) || '-' || CASE SUBSTR(%s, 7) WHEN '1' THEN '01' WHEN '2' THEN '04' WHEN '3' THEN '07' ELSE '10' END" % (key, key)
    return "{%s|CAST(SUBSTR(%s, 1, 4) AS INTEGER), CAST(SUBSTR(%s, 7) AS INTEGER)|SUBSTR(%s, 1, 4) || ' ' || SUBSTR(%s, 6)|SUBSTR(%s, 6) || ' ' || SUBSTR(%s, 1, 4)|%s || '-01'}" % (
        (key,) * 7 + (first,))


def weekday(col):
    day = "CAST(strftime('%%w', %s) AS INTEGER)" % col
    names = " ".join("WHEN %d THEN '%s'" % (n, d) for n, d in enumerate("Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()))
    short = " ".join("WHEN %d THEN '%s'" % (n, d) for n, d in enumerate("Sun Mon Tue Wed Thu Fri Sat".split()))
    return "{CASE %s %s END|CASE %s %s END|%s|(%s + 6) %% 7 + 1|(%s + 6) %% 7}" % (day, names, day, short, day, day, day)


def hour(col):
    return "{CAST(strftime('%%H', %s) AS INTEGER)|strftime('%%H:00', %s)}" % (col, col)


def percent(part, whole):
    return "{100.0|1.0} * %s / %s" % (part, whole)


def proper(col):
    """One label for all stored variants of a value; capitals do not count when results are compared."""
    return "UPPER(SUBSTR(TRIM(%s), 1, 1)) || LOWER(SUBSTR(TRIM(%s), 2))" % (col, col)


def median(value, source, group=None):
    """The middle value, or the mean of the two in the middle; source is what follows FROM."""
    part = "PARTITION BY %s " % group if group else ""
    inner = "SELECT %s%s AS v, ROW_NUMBER() OVER (%sORDER BY %s) AS r, COUNT(*) OVER (%s) AS n FROM %s" % (
        group + " AS g, " if group else "", value, part, value, part.strip(), source)
    return "SELECT %sAVG(v) FROM (%s) WHERE r IN ((n + 1) / 2, (n + 2) / 2)%s" % ("g, " if group else "", inner, " GROUP BY g" if group else "")


def percentile(share, value, source):
    """Two definitions: interpolated between ranks, nearest rank."""
    ranked = "SELECT %s AS v, ROW_NUMBER() OVER (ORDER BY %s) AS r, COUNT(*) OVER () AS n FROM %s" % (value, value, source)
    at = "(1 + (n - 1) * %s)" % share
    between = "SELECT SUM(CASE WHEN r = CAST(%s AS INTEGER) THEN v * (1 - (%s - CAST(%s AS INTEGER))) ELSE v * (%s - CAST(%s AS INTEGER)) END) FROM (%s) WHERE r IN (CAST(%s AS INTEGER), CAST(%s AS INTEGER) + 1)" % (
        at, at, at, at, at, ranked, at, at)
    nearest = "SELECT MIN(v) FROM (%s) WHERE r >= n * %s" % (ranked, share)
    return "{%s|%s}" % (between, nearest)


def deviation(value, source, group=None):
    """Standard deviation of a sample, then of a population; the root by Newton's method, as SQLite may have no sqrt."""
    var = "SELECT %s AS g, (SUM(1.0 * (%s) * (%s)) - 1.0 * SUM(%s) * SUM(%s) / COUNT(%s)) / {(COUNT(%s) - 1)|COUNT(%s)} AS x FROM %s WHERE (%s) IS NOT NULL%s" % (
        (group or "1",) + (value,) * 7 + (source, value, " GROUP BY %s" % group if group else ""))
    return "WITH RECURSIVE v AS (%s), s(g, x, i, r) AS (SELECT g, x, 0, x FROM v UNION ALL SELECT g, x, i + 1, (r + x / r) / 2 FROM s WHERE i < 60 AND r > 0) SELECT %sr FROM s WHERE i = 60" % (
        var, "g, " if group else "")


HELPERS = dict(month=month, year=year, quarter_key=quarter_key, quarter=quarter, weekday=weekday, hour=hour,
               percent=percent, proper=proper, median=median, percentile=percentile, deviation=deviation)


def read(name):
    source = os.path.join(HERE, name, "questions.py")
    writer = Writer(name, databases.memory(name))
    with open(source, encoding="utf-8") as file:
        code = compile(file.read(), source, "exec")
    exec(code, dict(HELPERS, ask=writer.ask, clarify=writer.clarify, abstain=writer.abstain))
    return writer


def main():
    for name in databases.NAMES:
        writer = read(name)
        with open(os.path.join(HERE, name, "questions.jsonl"), "w", encoding="utf-8") as file:
            for line in writer.lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        print("%s: %d questions" % (name, len(writer.lines)))


if __name__ == "__main__":
    main()
