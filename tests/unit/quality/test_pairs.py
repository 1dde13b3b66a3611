"""Cohen's κ of two reviewers, against a textbook and statsmodels."""

import pytest

from engine.quality import Undefined, cohen, pair, pairs

#: The table of every textbook: what the first said, what the second said, and how often.
CELLS = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}


def test_textbook() -> None:
    """κ = 0.40 of p_o = .70, with the limits that statsmodels gives, and the table as it was."""
    found = pair(textbook(), "ana", "bo")
    assert (found.items, found.observed) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)
    assert found.interval is not None
    limits = (found.interval.low, found.interval.high)
    assert limits == pytest.approx((0.151092, 0.648908), abs=1e-6)
    assert found.table(["yes", "no", "maybe"]) == ((20, 5, 0), (10, 15, 0), (0, 0, 0))


def test_the_other_way_round_it_is_turned() -> None:
    """κ and its limits stay, rows are columns."""
    one, other = pair(textbook(), "ana", "bo"), pair(textbook(), "bo", "ana")
    assert (other.kappa, other.interval) == (one.kappa, one.interval)
    assert other.table(["yes", "no"]) == tuple(zip(*one.table(["yes", "no"]), strict=True))


def test_what_is_undefined_says_so() -> None:
    """Nothing in common, one category; a constant reviewer has κ = 0 and no limits."""
    nothing = pair(textbook(), "ana", "cleo")
    assert nothing.observed is nothing.kappa is Undefined.NO_PAIRS
    assert (nothing.items, nothing.interval) == (0, None)
    same = pair({1: {"ana": "no", "bo": "no"}}, "ana", "bo")
    assert (same.observed, same.kappa, same.interval) == (1.0, Undefined.ONE_CATEGORY, None)
    constant = pair({1: {"ana": 1, "bo": 2}, 2: {"ana": 1, "bo": 1}}, "ana", "bo")
    assert (constant.kappa, constant.interval) == (0, None)
    perfect = pair({1: {"ana": 1, "bo": 1}, 2: {"ana": 2, "bo": 2}}, "ana", "bo")
    assert (perfect.kappa, perfect.interval) == (1, None)


def test_all_pairs() -> None:
    """Each two once, by name, over the items that both rated; pairs with few are left out."""
    table = textbook()
    table |= {100 + n: {"cleo": "yes", "bo": "no"} for n in range(4)}
    found = pairs(table)
    assert [(each.first, each.second, each.items) for each in found] == [
        ("ana", "bo", 50),
        ("bo", "cleo", 4),
    ]
    assert found[0] == pair(table, "ana", "bo")
    assert cohen(table, "bo", "cleo") == 0
    assert pairs(table, fewest=4) == found
    assert pairs(table, fewest=5) == found[:1]


def textbook() -> dict[int, dict[str, str]]:
    """Fifty items."""
    said = [both for both, times in CELLS.items() for _ in range(times)]
    return {item: {"bo": other, "ana": one} for item, (one, other) in enumerate(said)}
