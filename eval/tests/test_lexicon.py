"""Which texts of the sources are words of the reader, where they occur, and what the sources are without them."""

import contextlib
import io
import json
import pathlib
import tempfile
import unittest

from eval import lexicon

SOURCE = '''
//! "comment" is no entry.
const CUES: &[(&str, Cue)] = &[
    ("right now", Cue::Current),
    (
        "how many",
        Cue::Count { named: "named" },
    ),
];
const WORDS: [&str; 2] = ["owed", "it's"];
fn read<'a>(word: &'a str, next: &str) -> bool {
    let is_due = word == "due" || next.starts_with("ove");
    match (word, next) {
        ("right" | "just", "now") => true,
        ("run", _) => letters.get('"').is_some(),
        _ if matches!(next, "ago" | "since" if is_due) => label("told"),
        _ => false,
    }
}
#[cfg(test)]
mod tests {
    const ONLY: &[&str] = &["tested"];
}
'''

KNOWN = {"ran": {"run"}}


def said(*questions, names=()):
    return lexicon.Said(questions, names, KNOWN)


def entry(text, choices=(), means=None):
    return lexicon.Entry("a.rs", "f", 0, 0, text, choices, means)


class Entries(unittest.TestCase):
    def setUp(self):
        self.found = lexicon.entries_of("a.rs", SOURCE)

    def test_what_is_listed_matched_or_compared_is_an_entry(self):
        texts = [one.text for one in self.found]
        self.assertEqual(
            texts, ["right now", "how many", "owed", "it's", "due", "right", "just", "now", "run", "ago", "since"]
        )

    def test_the_other_places_of_a_tuple_go_with_it(self):
        choices = {one.text: one.choices for one in self.found}
        self.assertEqual(choices["just"], (frozenset({"now"}),))
        self.assertEqual(choices["now"], (frozenset({"right", "just"}),))
        self.assertEqual(choices["run"], ())
        self.assertEqual(choices["ago"], ())

    def test_each_says_where_it_stands(self):
        self.assertEqual({one.text: one.where for one in self.found}["owed"], "WORDS")
        self.assertEqual({one.text: one.where for one in self.found}["due"], "read")

    def test_without_them_the_code_around_stays(self):
        removed = [one for one in self.found if one.text in ("just", "how many")]
        source = lexicon.without(SOURCE, removed)
        self.assertIn('("right" | "\\u{1}0", "now") => true', source)
        self.assertIn('"\\u{1}1",\n        Cue::Count { named: "named" }', source)
        self.assertEqual(lexicon.without(SOURCE, []), SOURCE)

    def test_the_word_list_loses_whole_lines(self):
        source = "acc\taccount\tabbr\t0.70\tgeneral usage\nhire\tstart\tusage\t0.60\tgeneral usage\n"
        acc, hire = lexicon.own_entries(source)
        self.assertEqual((acc.means, hire.means), (None, "start"))
        self.assertEqual(lexicon.without(source, [acc]), source.splitlines(keepends=True)[1])

    def test_the_lists_of_the_reader_are_found(self):
        found = {(one.where, one.text) for one in lexicon.all_entries()}
        for known in [("CUES", "how many"), ("MONTHS", "may"), ("usage", "leave"), ("unit", "quarterly")]:
            self.assertIn(known, found)
        self.assertNotIn("none", {one.text for one in lexicon.all_entries() if "check.rs" in one.path})


class Occurrences(unittest.TestCase):
    def test_a_form_of_a_word_is_the_word_and_not_the_other_way_round(self):
        shop = said("Which parties hired us twice and ran away?")
        for word in ("party", "hire", "run", "ran"):
            self.assertTrue(shop.occurs(entry(word)), word)
        self.assertFalse(said("Who can hire us?").occurs(entry("hired")))
        self.assertTrue(said("Who came after 6pm?").occurs(entry("pm")))

    def test_a_phrase_stands_together(self):
        self.assertTrue(said("Who isn't here right now?").occurs(entry("right now")))
        self.assertTrue(said("Who isn't here?").occurs(entry("is not")))
        self.assertFalse(said("Now who is right?").occurs(entry("right now")))

    def test_a_choice_of_each_place_stands_in_one_question(self):
        wanted = entry("right", (frozenset({"now", "away"}),))
        self.assertTrue(said("What is owed right away?").occurs(wanted))
        self.assertFalse(said("Who is right?", "Who is away?").occurs(wanted))

    def test_names_count_by_their_words_and_as_a_whole(self):
        shop = said(names=["CustAddresses", "fname", "UNIT_PRICE"])
        for word in ("cust", "address", "fname", "price"):
            self.assertTrue(shop.occurs(entry(word)), word)
        self.assertFalse(shop.occurs(entry("name")))

    def test_what_a_word_is_said_to_mean_needs_both(self):
        self.assertFalse(said("Who left?").occurs(entry("left", means="termination")))
        self.assertTrue(said("Who left?", names=["termination_date"]).occurs(entry("left", means="termination")))


class Figures(unittest.TestCase):
    def dump(self, folder, entries):
        folder.mkdir()
        lines = [
            {
                "set": "own",
                "db": "shop",
                "id": name,
                "expect": expect,
                "judge": judge,
                "candidates": [{"right": right} for right in candidates],
                "decision": {"kind": kind, "right": right_told},
            }
            for name, expect, judge, candidates, kind, right_told in entries
        ]
        (folder / "own.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    def compared(self, before, after):
        with tempfile.TemporaryDirectory() as folder:
            old, new = pathlib.Path(folder) / "old", pathlib.Path(folder) / "new"
            self.dump(old, before)
            self.dump(new, after)
            with contextlib.redirect_stdout(io.StringIO()) as out:
                lexicon.print_comparison(old, new, ["own"])
        return out.getvalue().splitlines()[-1]

    def test_what_is_lost_and_won_is_told_apart(self):
        before = [
            ("1", "answer", None, [True], "answer", True),
            ("2", "answer", None, [False, True], "answer", False),
            ("3", "answer", None, [], "abstain", False),
            ("4", "answer", "INCORRECT", [True], "answer", True),
            ("5", "abstain", None, [True], "answer", True),
            ("6", "answer", None, [True], "choose", True),
        ]
        after = [*before]
        after[0] = ("1", "answer", None, [False, True], "abstain", False)
        after[1] = ("2", "answer", None, [True, False], "answer", True)
        after[5] = ("6", "answer", None, [], "abstain", False)
        self.assertEqual(
            self.compared(before, after), "| own | 4 | 50.0% | 25.0% | 2, 1 | 25.0% | 25.0% | 25.0% | 0.0% |"
        )

    def test_dumps_of_different_questions_are_not_compared(self):
        one = [("1", "answer", None, [True], "answer", True)]
        with self.assertRaisesRegex(SystemExit, "different questions"):
            self.compared(one, [])


if __name__ == "__main__":
    unittest.main()
