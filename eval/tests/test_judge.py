"""From an answer to a verdict."""

import unittest

from eval import judge
from eval.stream import Answer, frames


def entry(expect="answer", accepted=((("a", 1),),), order_asked=False, ordered=False):
    results = [
        {"sql": "…", "rows": [list(row) for row in rows], "ordered": ordered, "ties": None, "truncated": False}
        for rows in accepted
    ]
    return {"expect": expect, "order_asked": order_asked, "accepted": results}


def verdict(question, rows=None, choices=0, text="", error=None, readings=()):
    answer = Answer(
        text=text,
        error=error,
        choices=[{"label": "x", "message": "x"}] * choices,
        receipt=None if rows is None else {"restatement": ""},
    )
    return judge.verdict(question, answer, None if rows is None else judge.match(question, rows, "analyst"), readings)


class AnAnswerIsExpected(unittest.TestCase):
    def test_any_accepted_reading_is_right(self):
        question = entry(accepted=[[(1,)], [(2,)]])
        self.assertEqual(verdict(question, [[2]]), "right")
        self.assertEqual(verdict(question, [[3]]), "wrong")

    def test_a_question_back_a_refusal_and_an_error_are_told_apart(self):
        self.assertEqual(verdict(entry(), choices=2), "asked")
        self.assertEqual(verdict(entry(), choices=1), "refused")
        self.assertEqual(verdict(entry()), "refused")
        self.assertEqual(verdict(entry(), error="broke"), "failed")

    def test_more_columns_are_noted_but_not_right(self):
        found = judge.match(entry(), [["a", 1, 7]], "analyst")
        self.assertIsNone(found.strict)
        self.assertEqual(found.lenient, 0)

    def test_the_order_of_the_gold_counts_by_the_rules(self):
        question = entry(accepted=[[(1,), (2,)]], ordered=True)
        turned = [[2], [1]]
        self.assertEqual(judge.match(question, turned, "analyst").strict, 0)
        self.assertIsNone(judge.match(question, turned, "benchmark").strict)
        self.assertTrue(judge.match(question, turned, "benchmark").only_order_differs)
        self.assertIsNone(judge.match({**question, "order_asked": True}, turned, "analyst").strict)

    def test_a_gold_query_that_fails_accepts_nothing(self):
        question = {**entry(), "accepted": [{"sql": "…", "error": "no such table"}]}
        self.assertEqual(verdict(question, []), "wrong")


class AQuestionBackIsExpected(unittest.TestCase):
    question = entry("clarify", accepted=[[(1,)], [(2,)]])

    def test_choices_that_lead_to_two_readings_are_right(self):
        self.assertEqual(verdict(self.question, choices=3, readings=[0, None, 1]), "right")
        self.assertEqual(verdict(self.question, choices=2, readings=[0, 0]), "asked")
        self.assertEqual(verdict(self.question, choices=1, readings=[0]), "refused")

    def test_a_reading_that_is_named_is_half_right(self):
        self.assertEqual(verdict(self.question, [[1]], text="I took customers to mean all accounts."), "half")
        self.assertEqual(verdict(self.question, [[1]], text="1"), "wrong")
        self.assertEqual(verdict(self.question, [[9]], text="I took customers to mean all accounts."), "wrong")


class ARefusalIsExpected(unittest.TestCase):
    def test_any_rows_are_wrong(self):
        question = entry("abstain", accepted=[])
        self.assertEqual(verdict(question), "right")
        self.assertEqual(verdict(question, choices=3), "right")
        self.assertEqual(verdict(question, []), "wrong")
        self.assertEqual(verdict(question, [[0]]), "wrong")
        self.assertEqual(verdict(question, error="broke"), "failed")


class TheStream(unittest.TestCase):
    def test_frames_become_one_answer(self):
        answer = Answer.of(
            frames(
                [
                    b": alive\n",
                    b'data: {"type":"start"}\n',
                    b"\n",
                    b'data: {"type":"text-delta","id":"1","delta":"4 "}\n',
                    b'data: {"type":"text-delta","id":"1","delta":"rows"}\n',
                    b'data: {"type":"data-receipt","data":{"sql":"x"}}\n',
                    b'data: {"type":"finish"}\n',
                    b"data: [DONE]\n",
                ]
            )
        )
        self.assertEqual((answer.text, answer.receipt, answer.error), ("4 rows", {"sql": "x"}, None))

    def test_suggestions_beside_a_refusal_are_no_question_back(self):
        def choices(kind):
            data = {"kind": kind, "question": "", "choices": [{"label": "a", "message": "a"}, {"label": "b", "message": "b"}]}
            event = {"type": "data-clarify", "data": data}
            return Answer.of([event, {"type": "finish"}]).choices

        self.assertEqual(choices("suggestions"), [])
        self.assertEqual(len(choices("readings")), 2)

    def test_a_stream_without_an_end_is_an_error(self):
        self.assertIsNotNone(Answer.of(frames([b'data: {"type":"start"}\n'])).error)


if __name__ == "__main__":
    unittest.main()
