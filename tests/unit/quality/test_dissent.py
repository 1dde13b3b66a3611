"""Unclear policies and reviewers who stand alone are told apart."""

from math import comb

import numpy as np
import pytest

from engine.quality import Shape, dissent, leading, shape

PEOPLE = ("ana", "bo", "cleo", "dov", "eli")


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("ab", Shape.TOO_FEW),
        ("aaa", Shape.UNANIMOUS),
        ("aab", Shape.ISOLATED),
        ("aaaab", Shape.ISOLATED),
        ("aabb", Shape.SPLIT),
        ("aaabb", Shape.SPLIT),
        ("abc", Shape.SCATTERED),
        ("aaabc", Shape.SCATTERED),
    ],
)
def test_what_an_item_looks_like(said: str, wanted: Shape) -> None:
    """Whoever said it: two on a side are a split, one against all is isolated."""
    assert shape(dict(enumerate(said))) is wanted
    assert shape(dict(enumerate(reversed(said)))) is wanted


@pytest.mark.parametrize(("said", "wanted"), [("", None), ("ab", None), ("aab", "a"), ("a", "a")])
def test_a_tie_leads_nowhere(said: str, wanted: str | None) -> None:
    """No category is taken because it comes first."""
    assert leading(dict(enumerate(said))) == wanted


def test_an_unclear_policy() -> None:
    """Many split the same way: the two categories, their items, and nobody stands out."""
    table = {item: turned("hhhoo", item) for item in range(30)}
    table |= {100 + item: turned("nnhhx", item) for item in range(4)}
    table |= {200 + item: turned("nnnnn", item) for item in range(50)}
    found = dissent(table)
    assert [(each.categories, len(each.items)) for each in found.splits] == [
        (("h", "o"), 30),
        (("h", "n"), 4),
    ]
    assert found.splits[1].items == (100, 101, 102, 103)
    assert found.shapes == {Shape.SPLIT: 34, Shape.UNANIMOUS: 50}
    assert [(each.alone, each.chance, each.stands_out) for each in found.raters] == [
        (0, 1.0, False)
    ] * 5


def test_a_careless_reviewer() -> None:
    """One who differs on a fifth stands out among four who hardly do; no policy is unclear."""
    dice = np.random.default_rng(8)
    table = {
        item: {
            who: "b" if dice.random() < (0.2 if who == "dov" else 0.02) else "a" for who in PEOPLE
        }
        for item in range(400)
    }
    found = dissent(table)
    assert [each.rater for each in found.raters if each.stands_out] == ["dov"]
    assert found.raters[0].alone > 2 * found.raters[0].expected
    assert sum(len(each.items) for each in found.splits) < 30


def test_hard_items_make_nobody_careless() -> None:
    """Whoever is handed what all find hard stands alone more often, but not more than others."""
    dice = np.random.default_rng(3)
    easy = {item: dict.fromkeys(("ana", "bo", "cleo"), "a") for item in range(300)}
    hard = {
        1_000 + item: {who: "b" if dice.random() < 0.25 else "a" for who in ("dov", "eli", "fay")}
        for item in range(300)
    }
    found = dissent(easy | hard)
    assert {each.rater: each.alone for each in found.raters}["dov"] > 20
    assert not [each.rater for each in found.raters if each.stands_out]


def test_among_many_somebody_is_unlucky() -> None:
    """To be alone three times of three has a chance of 1 in 27, which is not rare among three."""
    found = dissent({item: {"ana": "b", "bo": "a", "cleo": "a"} for item in range(3)})
    assert found.raters[0].chance == pytest.approx(1 / 27)
    assert not found.raters[0].stands_out
    more = dissent({item: {"ana": "b", "bo": "a", "cleo": "a"} for item in range(4)})
    assert more.raters[0].stands_out


def test_the_chance_is_exact() -> None:
    """Three items of three and two of four: as if all outcomes were counted."""
    table = {item: {"ana": "b", "bo": "a", "cleo": "a"} for item in range(3)}
    table |= {10: {"ana": "b", "bo": "a", "cleo": "a", "dov": "a"}}
    table |= {11: {"ana": "a", "bo": "b", "cleo": "a", "dov": "a"}}
    table |= {12: {"ana": "b", "bo": "a"}}  # nobody can tell who stands alone
    ana = next(each for each in dissent(table).raters if each.rater == "ana")
    assert (ana.items, ana.alone) == (5, 4)
    assert ana.expected == pytest.approx(1.5)

    def odds(times: int, of: int, size: int) -> float:
        return comb(of, times) * (1 / size) ** times * (1 - 1 / size) ** (of - times)

    wanted = sum(
        odds(one, 3, 3) * odds(other, 2, 4)
        for one in range(4)
        for other in range(3)
        if one + other >= 4
    )
    assert ana.chance == pytest.approx(wanted)


def turned(said: str, by: int) -> dict[str, str]:
    """The same votes, cast by other people."""
    return {who: said[(place + by) % len(said)] for place, who in enumerate(PEOPLE)}
