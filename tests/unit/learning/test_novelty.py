"""Edge cases: the most novel items, and never more than their share."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.errors import InvalidCandidates
from engine.learning.novelty import EdgeCases, Share, edge_cases, threshold

_NOVELTY = some.dictionaries(
    some.text("abcdef", min_size=1, max_size=3),
    some.sampled_from([0.0, 0.2, 0.5, 0.5, 0.9, 1.0, nan]),
    max_size=60,
)


def test_the_most_novel_come_first() -> None:
    """Of those that are new enough; what has no novelty is counted."""
    novelty = {"a": 0.2, "b": 0.9, "c": 0.6, "d": nan, "e": 0.5, "f": 0.49}
    found = edge_cases(novelty, Share(most=0.5, least=0.5))
    assert found == EdgeCases(ids=("b", "c", "e"), new=3, unknown=1)
    assert edge_cases(novelty, Share(most=0.34, least=0.5)).ids == ("b", "c")
    assert edge_cases(novelty, Share(most=0.0, least=0.0)).ids == ()
    assert edge_cases({}, Share(most=1.0, least=0.0)) == EdgeCases(ids=(), new=0, unknown=0)


def test_the_seed_decides_among_equals() -> None:
    """A wave of something new is sampled, and not taken in the order it came."""
    wave = {f"i{number}": 1.0 for number in range(100)}
    share = Share(most=0.29, least=0.5)
    found = edge_cases(wave, share)
    assert (len(found.ids), found.new) == (29, 100)
    assert edge_cases(dict(reversed(wave.items())), share) == found
    assert edge_cases(wave, share, seed=1).ids != found.ids


@given(novelty=_NOVELTY, most=some.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]))
def test_the_cap_holds(novelty: dict[str, float], most: float) -> None:
    """For items together and one by one, whatever they are like."""
    share = Share(most=most, least=0.4)
    found = edge_cases(novelty, share)
    assert len(found.ids) <= most * len(novelty)
    assert all(novelty[name] >= 0.4 for name in found.ids)
    left = [value for name, value in novelty.items() if name not in found.ids and value >= 0.4]
    assert not found.ids or max(left, default=0.0) <= min(novelty[name] for name in found.ids)
    least = threshold(novelty, share)
    assert sum(value > least for value in novelty.values()) <= most * len(novelty)
    assert least >= 0.4


def test_a_threshold_is_told_from_earlier_items() -> None:
    """What is above it is the share; ties at the edge are left out."""
    earlier = {str(number): number / 100 for number in range(100)}
    assert threshold(earlier, Share(most=0.05, least=0.5)) == 0.94
    assert threshold(earlier, Share(most=0.9, least=0.5)) == 0.5
    assert threshold(dict.fromkeys(earlier, 1.0), Share(most=0.05, least=0.5)) == 1.0
    assert threshold(earlier, Share(most=0.0, least=0.5)) == inf
    assert threshold({}, Share(most=0.5, least=0.5)) == inf


def test_what_is_no_share_is_refused() -> None:
    """Nor a novelty out of range."""
    for most, least in ((1.1, 0.5), (-0.1, 0.5), (0.1, nan)):
        with pytest.raises(InvalidCandidates, match="is not from 0 to 1"):
            Share(most=most, least=least)
    for wrong in (1.2, -0.1, inf):
        with pytest.raises(InvalidCandidates, match="`a` has"):
            edge_cases({"a": wrong}, Share(most=0.5, least=0.5))
