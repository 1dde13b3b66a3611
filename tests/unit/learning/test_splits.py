"""Training rows and hold-out: by time and by duplicates."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.classify.tokens import tokenise
from engine.errors import CannotTrain
from engine.learning import Rows, Sizes, collect, split
from tests.generators.decided import LABEL, NOW, row

_GROUPS = some.sampled_from([None, "a", "b", "c"])
_ROWS = some.lists(
    some.tuples(some.integers(0, 30), _GROUPS, some.sampled_from(["x y", "X  Y", "z", ""])),
    min_size=4,
    max_size=40,
)


def _rows(drawn: list[tuple[int, str | None, str]]) -> Rows:
    records = [
        row(f"r{number}", float(at), yes=number % 2 == 0, text=text, group=group)
        for number, (at, group, text) in enumerate(drawn)
    ]
    return collect(records, (LABEL,), now=NOW)


@given(drawn=_ROWS)
def test_nothing_leaks(drawn: list[tuple[int, str | None, str]]) -> None:
    """Every row is on one side, duplicates are on the same one, and training ends at the cut."""
    rows = _rows(drawn)
    try:
        found = split(rows, Sizes(share=0.3, most=0.7, least=1))
    except CannotTrain:
        return
    assert sorted((*found.training, *found.held_out), key=lambda row: (row.at, row.id)) == list(
        rows.rows
    )
    for key in (lambda row: row.group or row.id, lambda row: tuple(tokenise(row.text))):
        assert not set(map(key, found.training)) & set(map(key, found.held_out))
    assert all(row.at < found.cut for row in found.training)
    newest = dict.fromkeys(found.units, 0.0)
    for held, unit in zip(found.held_out, found.units, strict=True):
        newest[unit] = max(newest[unit], held.at)
    assert all(at >= found.cut for at in newest.values())
    assert found.straddling == sum(row.at < found.cut for row in found.held_out)
    assert 0.3 * len(drawn) <= len(found.held_out) <= 0.7 * len(drawn)


def test_a_chain_of_duplicates_is_held_out_whole() -> None:
    """By group and by words: the old end of a chain goes with the new one."""
    old: list[tuple[int, str | None, str]] = [(0, "a", "z"), (1, "a", "x y"), (9, None, "X  Y")]
    found = split(_rows(old + [(at, None, "") for at in range(2, 9)]), Sizes(least=1))
    assert [row.id for row in found.held_out] == ["r0", "r1", "r2"]
    assert found.units == ("r0", "r0", "r0")
    assert (found.cut, found.straddling) == (9.0, 2)


def test_rows_of_one_moment_stay_together() -> None:
    """A cut is a moment: which of its rows would be older cannot be told."""
    drawn: list[tuple[int, str | None, str]] = [(number // 5, None, "") for number in range(20)]
    assert len(split(_rows(drawn), Sizes(share=0.2, least=1)).held_out) == 5
    assert len(split(_rows(drawn), Sizes(share=0.3, least=1)).held_out) == 10


def test_the_hold_out_grows_until_it_can_be_judged_by() -> None:
    """A rare answer takes more rows, up to the limit; rows without π do not count."""
    records = [row(f"r{at:03}", float(at), yes=at % 10 == 0) for at in range(100)]
    rows = collect(records, (LABEL,), now=NOW)
    assert split(rows, Sizes(share=0.2, least=2)).cut == 80
    assert split(rows, Sizes(share=0.2, least=4)).cut == 60
    sizes = Sizes(share=0.2, most=0.5, least=6)
    with pytest.raises(CannotTrain) as caught:
        split(rows, sizes)
    assert caught.value.reason == (
        "of the newest 51 of 100 rows 5 distinct ones with a known π say `unkind` yes"
    )
    unknown = [replace(each, inclusion=None) if each.at == 90 else each for each in records]
    assert split(collect(unknown, (LABEL,), now=NOW), Sizes(share=0.2, least=2)).cut == 70


def test_what_cannot_be_parted_is_refused() -> None:
    """No rows, one moment, or sizes that leave nothing."""
    with pytest.raises(CannotTrain, match="there are no rows to learn from"):
        split(collect([], (LABEL,), now=NOW))
    moment = [row(f"r{each}", 1.0, yes=each % 2 == 0) for each in range(200)]
    with pytest.raises(CannotTrain, match="the newest rows are 200 of 200 at the same moment"):
        split(collect(moment, (LABEL,), now=NOW))
    for share, most, least in ((0.0, 0.5, 1), (0.6, 0.5, 1), (0.2, 1.0, 1), (0.2, 0.5, 0)):
        with pytest.raises(CannotTrain, match="a hold-out of"):
            Sizes(share=share, most=most, least=least)
