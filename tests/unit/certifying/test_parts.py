"""Parts in which the error is surely above the limit."""

import numpy as np
import pytest
from scipy.stats import binom

from engine.certifying import Part, Terms, parts
from engine.certifying.binomial import lower_limit, upper_limit

TERMS = Terms(limit=0.05, doubt=0.05)


def test_a_part_hides_in_no_average() -> None:
    """One in twenty is wrong altogether, and half of the German ones."""
    labels = [("en", False)] * 190 + [("de", False)] * 5 + [("de", True)] * 5
    english, german = parts(labels, TERMS)[::-1]
    assert (english.name, english.labels, english.errors, english.above) == ("en", 190, 0, False)
    assert english.low == 0.0
    assert (german.name, german.labels, german.errors, german.above) == ("de", 10, 5, True)
    assert german.low == pytest.approx(lower_limit(10, 5, 0.025))
    assert german.low > 0.05


def test_few_labels_show_little_and_more_parts_less() -> None:
    """The doubt is shared among all parts."""
    assert parts([], TERMS) == ()
    (one,) = parts([("de", True)] + [("de", False)] * 5, TERMS)
    assert one == Part(name="de", labels=6, errors=1, low=one.low, above=False)
    wrong = [("de", True)] * 2 + [("de", False)] * 4
    (alone,) = parts(wrong, TERMS)
    assert alone.above
    others = [(f"l{number}", False) for number in range(9)]
    assert not next(each for each in parts(wrong + others, TERMS) if each.name == "de").above


@pytest.mark.parametrize(("labels", "errors"), [(1, 1), (5, 1), (40, 7), (300, 299)])
def test_the_lower_limit_is_the_exact_one(labels: int, errors: int) -> None:
    """Were the error at the limit, so many errors or more would be seen in δ of all samples."""
    low = lower_limit(labels, errors, 0.05)
    assert float(binom.sf(errors - 1, labels, low)) == pytest.approx(0.05)
    assert low == pytest.approx(1 - upper_limit(labels, labels - errors, 0.05))
    assert lower_limit(labels, 0, 0.05) == 0.0


def test_good_parts_are_called_bad_seldom() -> None:
    """In δ of all samples at most, whatever their number."""
    rng = np.random.default_rng(7)
    called = 0
    for _ in range(1_000):
        names = rng.integers(0, 4, 60).astype(str)
        wrong = rng.random(60) < TERMS.limit
        called += any(
            each.above for each in parts(zip(names, map(bool, wrong), strict=True), TERMS)
        )
    assert called / 1_000 <= TERMS.doubt + 0.02
