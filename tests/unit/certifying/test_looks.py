"""When labels that go on coming are tested."""

from itertools import pairwise
from math import fsum

import pytest

from engine.certifying import Look, Terms, look
from engine.certifying.binomial import p_values

TERMS = Terms(limit=0.05, doubt=0.05)


def series(terms: Terms, count: int, spent: int = 0) -> list[Look]:
    """The next looks at the same labels."""
    found = [look(terms, spent=spent)]
    while len(found) < count:
        last = found[-1]
        found.append(look(terms, spent=last.number, before=last.labels))
    return found


@pytest.mark.parametrize("spent", [0, 1, 7])
def test_all_looks_together_spend_the_doubt(spent: int) -> None:
    """Those that were made before count, so starting anew spends no more either."""
    made = series(TERMS, 40, spent)
    assert [each.number for each in made] == list(range(spent + 1, spent + 41))
    before = fsum(look(TERMS, spent=number).terms.doubt for number in range(spent))
    whole = before + fsum(each.terms.doubt for each in made)
    assert whole == pytest.approx(0.05 * (1 - 1 / (spent + 41)))


def test_each_look_can_pass_and_has_twice_the_labels() -> None:
    """Not before the fewest that are wanted."""
    made = series(TERMS, 5)
    assert [each.labels for each in made] == [72, 144, 288, 576, 1_152]
    assert all(float(p_values(each.labels, 0, 0.05)) <= each.terms.doubt for each in made)
    wanted = series(Terms(limit=0.05, doubt=0.05, fewest=200), 2)
    assert [each.labels for each in wanted] == [200, 400]
    anew = series(TERMS, 2, spent=7)
    assert anew[0].labels > made[0].labels
    assert all(2 * one.labels <= other.labels for one, other in pairwise(made))
