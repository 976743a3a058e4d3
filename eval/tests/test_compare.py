"""When two results are the same."""

import unittest

from eval.compare import RULES, same_result

ANALYST = RULES["analyst"]
BENCHMARK = RULES["benchmark"]


class Rows(unittest.TestCase):
    def test_rows_are_a_bag(self):
        for rules in (ANALYST, BENCHMARK):
            self.assertTrue(same_result([[1, "a"], [2, "b"]], [[2, "b"], [1, "a"]], rules))
            self.assertFalse(same_result([["a"], ["a"], ["b"]], [["a"], ["b"], ["b"]], rules))
            self.assertFalse(same_result([["a"]], [["a"], ["a"]], rules))

    def test_nothing_equals_nothing_alone(self):
        self.assertTrue(same_result([], [], ANALYST))
        self.assertFalse(same_result([], [[0]], ANALYST))
        self.assertTrue(same_result([[None]], [[None]], ANALYST))
        self.assertFalse(same_result([[None]], [[0]], ANALYST))
        self.assertFalse(same_result([[None]], [[""]], ANALYST))

    def test_order_counts_when_it_is_asked_for(self):
        gold, turned = [[1, "a"], [2, "b"]], [[2, "b"], [1, "a"]]
        self.assertFalse(same_result(gold, turned, BENCHMARK, ordered=True))
        self.assertFalse(same_result(gold, turned, ANALYST, ties=[0, 1], ordered=True))
        self.assertTrue(same_result(gold, gold, ANALYST, ties=[0, 1], ordered=True))

    def test_tied_rows_may_change_places_and_only_they(self):
        gold = [[1, "a"], [1, "b"], [2, "c"]]
        self.assertTrue(same_result(gold, [[1, "b"], [1, "a"], [2, "c"]], ANALYST, ties=[0, 0, 1], ordered=True))
        self.assertFalse(same_result(gold, [[1, "a"], [2, "c"], [1, "b"]], ANALYST, ties=[0, 0, 1], ordered=True))
        self.assertFalse(same_result(gold, [[1, "b"], [1, "a"], [2, "c"]], BENCHMARK, ties=[0, 0, 1], ordered=True))


class Columns(unittest.TestCase):
    def test_columns_come_in_any_order_but_rows_stay_together(self):
        gold = [[1, 2], [2, 1]]
        self.assertTrue(same_result([["x", 1], ["y", 2]], [[1, "x"], [2, "y"]], ANALYST))
        self.assertFalse(same_result(gold, [[1, 1], [2, 2]], BENCHMARK))
        self.assertTrue(same_result([["x", 1], ["y", 2]], [[1, "x"], [2, "y"]], BENCHMARK, ordered=True))

    def test_more_columns_only_where_allowed(self):
        gold, rows = [["x", 1], ["y", 2]], [[7, 1, "x"], [8, 2, "y"]]
        self.assertFalse(same_result(gold, rows, ANALYST))
        self.assertTrue(same_result(gold, rows, ANALYST, extra_columns=True))
        self.assertFalse(same_result(gold, [["x"], ["y"]], ANALYST, extra_columns=True))
        # Each gold column needs one of its own.
        self.assertFalse(same_result([[1, 1]], [[1, 2, 3]], ANALYST, extra_columns=True))


class Values(unittest.TestCase):
    def equal(self, gold, value, rules=ANALYST):
        return same_result([[gold]], [[value]], rules)

    def test_numbers_near_enough(self):
        self.assertTrue(self.equal(1000.0, 1000.05))
        self.assertFalse(self.equal(1000.0, 1000.2))
        self.assertFalse(self.equal(1000.0, 1000.05, BENCHMARK))
        self.assertTrue(self.equal(0.1 + 0.2, 0.3, BENCHMARK))
        self.assertTrue(self.equal(0, 1e-17))

    def test_a_number_may_be_rounded_to_the_decimals_that_it_shows(self):
        self.assertTrue(self.equal(33.3333, 33.3))
        self.assertTrue(self.equal(0.12345, 0.123))
        self.assertFalse(self.equal(33.3333, 33.4))
        self.assertFalse(self.equal(33.3333, 33))
        self.assertFalse(self.equal(33.3333, 33.0))
        self.assertTrue(self.equal(33, 33.0))
        self.assertFalse(self.equal(33.3333, 33.3, BENCHMARK))

    def test_numbers_in_text(self):
        for rules in (ANALYST, BENCHMARK):
            self.assertTrue(self.equal(12, "12", rules))
            self.assertTrue(self.equal(" 12.50 ", 12.5, rules))
            self.assertFalse(self.equal("12a", 12, rules))
        self.assertFalse(self.equal("inf", "nan"))

    def test_case_counts_for_benchmarks_alone(self):
        self.assertTrue(self.equal("Berlin", " berlin "))
        self.assertFalse(self.equal("Berlin", "berlin", BENCHMARK))
        self.assertTrue(self.equal("Berlin", " Berlin", BENCHMARK))

    def test_spellings_of_yes_and_no(self):
        for value in (1, True, "Y", "yes", "TRUE", "t"):
            self.assertTrue(self.equal("Yes", value))
            self.assertFalse(self.equal("no", value))
        self.assertFalse(self.equal("Yes", "Y", BENCHMARK))

    def test_midnight_is_its_date(self):
        self.assertTrue(self.equal("2025-03-01", "2025-03-01 00:00:00"))
        self.assertTrue(self.equal("2025-03-01T00:00:00Z", "2025-03-01"))
        self.assertFalse(self.equal("2025-03-01", "2025-03-01 10:00:00"))

    def test_rows_on_a_rounding_edge_find_each_other(self):
        gold = [[1.000049, "a"], [1.00005, "a"], [2, "b"]]
        self.assertTrue(same_result(gold, [[1.00005, "a"], [2, "b"], [1.0000499, "a"]], ANALYST))


if __name__ == "__main__":
    unittest.main()
