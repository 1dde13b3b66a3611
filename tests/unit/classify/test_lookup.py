"""Rows of numbers are found among known ones, and never mistaken for others."""

import random

import numpy as np
import pytest

from engine.classify.lookup import _BASE, Lookup


def rows(*known: tuple[int, ...]) -> np.ndarray[tuple[int, int], np.dtype[np.uint64]]:
    """These rows as the lookup takes them."""
    return np.array(known, np.uint64).reshape(len(known), -1)


def found(lookup: Lookup, *wanted: tuple[int, ...]) -> dict[int, int]:
    """Which of the wanted rows are known, and where."""
    at, places = lookup.find(list(np.array(wanted, np.uint64).T))
    return dict(zip(at.tolist(), places.tolist(), strict=True))


def test_all_known_rows_are_found_and_no_others() -> None:
    """As in a dictionary."""
    draw = random.Random(3)
    drawn = [(draw.randrange(300), draw.randrange(300)) for _ in range(20_000)]
    known = list(dict.fromkeys(drawn[:10_000]))
    places = {row: place for place, row in enumerate(known)}
    expected = {at: places[row] for at, row in enumerate(drawn) if row in places}
    assert found(Lookup(rows(*known)), *drawn) == expected


def test_a_shorter_row_is_another_row() -> None:
    """What is asked for with fewer columns is what was known with zeros at the end."""
    lookup = Lookup(rows((1, 2, 0), (1, 2, 3)))
    assert found(lookup, (1, 2)) == {0: 0}
    assert found(lookup, (1, 2, 3), (1, 2, 4)) == {0: 1}


def test_a_row_with_the_hash_of_another_is_not_taken_for_it() -> None:
    """Nobody can make up a word that passes for a known one."""
    assert found(Lookup(rows((0, 1))), (_BASE, 0), (0, 1)) == {1: 0}


def test_known_rows_with_one_hash_are_told_apart() -> None:
    """Other factors are taken then."""
    assert found(Lookup(rows((0, 1), (_BASE, 0))), (_BASE, 0), (0, 1)) == {0: 1, 1: 0}


@pytest.mark.parametrize("wanted", [[], [(1, 2)], [(0, 0)]])
def test_nothing_is_found_among_nothing(wanted: list[tuple[int, ...]]) -> None:
    """A model may know no pairs."""
    lookup = Lookup(np.zeros((0, 2), np.uint64))
    columns = np.array(wanted, np.uint64).reshape(len(wanted), 2).T
    at, places = lookup.find(list(columns))
    assert (at.tolist(), places.tolist()) == ([], [])
