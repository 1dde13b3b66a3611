"""A matrix of what a change does, and what people say of it."""

import pytest

from engine.quality.effects import UNTOUCHED, Effect, Treatment, cells, precision_of
from engine.quality.measures import State
from engine.verdict import Tier

REMOVED = Treatment(Tier.AUTO, "remove")
ASKED = Treatment(Tier.SINGLE, "hide")


@pytest.mark.parametrize(
    ("treatment", "violating", "right"),
    [
        (REMOVED, True, True),
        (REMOVED, False, False),
        (UNTOUCHED, True, False),
        (UNTOUCHED, False, True),
        (ASKED, True, True),
        (ASKED, False, False),
        (Treatment(Tier.AUTO, "publish"), False, True),
        (Treatment(Tier.SENIOR, "publish"), True, True),
    ],
)
def test_what_is_right(treatment: Treatment, *, violating: bool, right: bool) -> None:
    """To act on, or to ask about, what is violating, and to let the rest stand."""
    assert treatment.right(violating=violating) is right


def test_only_what_differs_is_told() -> None:
    """Items as they came are counted; those that people decided say who is right, weighted."""
    found = [Effect(item=f"i{n}", before=UNTOUCHED, after=REMOVED) for n in range(7)]
    found += [Effect(item="same", before=REMOVED, after=REMOVED)]
    found += [Effect(item="less", before=REMOVED, after=ASKED)]
    judged = [
        Effect(item=f"j{n}", before=UNTOUCHED, after=REMOVED, violating=n < 20, weight=weight)
        for n, weight in enumerate([1.0] * 20 + [5.0] * 20)
    ]
    judged += [Effect(item="j", before=REMOVED, after=REMOVED, violating=False)]
    judged += [Effect(item="k", before=ASKED, after=UNTOUCHED, violating=False)]
    first, second, third = cells(found, judged)
    assert (first.before, first.after, first.items) == (UNTOUCHED, REMOVED, 7)
    assert first.samples == ("i0", "i1", "i2", "i3", "i4")
    assert (first.upheld, first.overturned) == (20, 20)
    assert first.precision.value == pytest.approx(20 / 120)
    assert first.precision.naive == 0.5
    assert (second.items, second.samples, second.upheld) == (1, ("less",), 0)
    assert second.precision.state is State.INSUFFICIENT_DATA
    assert (second.precision.n, second.precision.needs) == (0, 20)
    assert (third.before, third.after, third.items, third.upheld) == (ASKED, UNTOUCHED, 0, 1)
    assert precision_of([*judged[:40], found[0]]).value == pytest.approx(20 / 120)
    assert cells([]) == []
