"""What the folds of a fit have seen, and where it starts."""

import unittest

from eval import fit


def question(db, right, wrong):
    """One question of two readings, with the features of the right and of the wrong one."""
    return ("own", db, [(wrong, False), (right, True)])


class Folds(unittest.TestCase):
    def test_every_database_is_held_back_once(self):
        databases = [("own", f"db{number}") for number in range(13)] + [("own", "db1")]
        held = fit.folds_of(databases, 5)
        self.assertEqual(sorted(one for fold in held for one in fold), sorted(set(databases)))
        self.assertTrue(all(2 <= len(fold) <= 3 for fold in held))


class Start(unittest.TestCase):
    def test_weights_that_have_seen_nothing_hold_no_more_than_the_bounds(self):
        weights = fit.unseeing(["skipped_quoted", "superlative"])
        self.assertEqual(weights, {"skipped_quoted": fit.AT_MOST["skipped_quoted"], "superlative": 0.0})

    def test_what_a_start_has_seen_stays_in_a_fold_and_a_fresh_start_has_it_not(self):
        # Only the question held back speaks of "superlative": what a fold says of it, it has from its start.
        inside = [question("shop", {"has_used": 1.0}, {"unsure": 1.0})]
        outside = question("library", {"superlative": 1.0}, {"name_used": 1.0})
        names = ["superlative", "name_used", "has_used", "unsure"]
        seen = dict.fromkeys(names, 0.0) | {"superlative": 2.0}
        self.assertTrue(fit.first_is_right(fit.train(inside, seen, 1.0, 5, 0), outside[2]))
        fresh = fit.train(inside, fit.unseeing(names), 1.0, 5, 0)
        self.assertEqual(fresh["superlative"], 0.0)
        self.assertFalse(fit.first_is_right(fresh, outside[2]))
        self.assertTrue(fit.first_is_right(fresh, inside[0][2]))

    def test_bounds_hold_whatever_is_rewarded(self):
        rewarded = [question("shop", {"skipped_word": 1.0}, {"name_used": 1.0})]
        weights = fit.train(rewarded, fit.unseeing(["skipped_word", "name_used"]), 0.0, 50, 0)
        self.assertLessEqual(weights["skipped_word"], fit.AT_MOST["skipped_word"])


if __name__ == "__main__":
    unittest.main()
