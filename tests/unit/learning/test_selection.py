"""Which items are worth a label: six strategies, on worked examples and on input that is odd."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import sparse
from scipy.stats import entropy as entropy_of

from engine.errors import InvalidCandidates
from engine.learning.selection import Candidates, Strategy, of_chance, suggest

IDS = ("a", "b", "c", "d")
#: Of three classes: sure, two alike, all alike, leaning.
CHANCES = np.array([[1, 0, 0], [0.5, 0.5, 0], [1 / 3, 1 / 3, 1 / 3], [0.6, 0.3, 0.1]])
#: Two near each other, one far, one in between.
FEATURES = np.array([[0.0, 0.0], [0.1, 0.0], [9.0, 9.0], [0.05, 0.0]])
#: Members agree on a and are unsure alike on c; they differ over b, and a little over d.
COMMITTEE = np.array(
    [
        [[1, 0], [1, 0], [0.5, 0.5], [0.8, 0.2]],
        [[1, 0], [0, 1], [0.5, 0.5], [0.4, 0.6]],
    ]
)
ALL = Candidates(ids=IDS, chances=CHANCES, features=FEATURES, committee=COMMITTEE)


def _ids(strategy: Strategy, candidates: Candidates = ALL, wanted: int = 4, seed: int = 0) -> str:
    return "".join(each.id for each in suggest(candidates, strategy, wanted, seed=seed))


def test_entropy_looks_at_all_classes() -> None:
    """From 0 for certain to 1 for all alike."""
    found = suggest(ALL, Strategy.ENTROPY, 4)
    assert [each.id for each in found] == ["c", "d", "b", "a"]
    expected = [entropy_of(CHANCES[place]) / np.log(3) for place in (2, 3, 1, 0)]
    assert [each.score for each in found] == pytest.approx(expected)
    assert [each.priority for each in found] == [1, 2, 3, 4]
    assert {each.strategy for each in found} == {Strategy.ENTROPY}


def test_least_confident_looks_at_the_likeliest() -> None:
    """How far it is from certain."""
    found = suggest(ALL, Strategy.LEAST_CONFIDENT, 4)
    assert [each.id for each in found] == ["c", "b", "d", "a"]
    assert [each.score for each in found] == pytest.approx([1.0, 0.75, 0.6, 0.0])


def test_margin_looks_at_the_two_likeliest() -> None:
    """How near they are: two alike are as hard as three."""
    found = suggest(ALL, Strategy.MARGIN, 4)
    assert {each.id for each in found[:2]} == {"b", "c"}
    assert [each.id for each in found[2:]] == ["d", "a"]
    assert [each.score for each in found] == pytest.approx([1.0, 1.0, 0.7, 0.0])


def test_a_committee_is_asked_where_it_differs() -> None:
    """Not where all are unsure alike."""
    found = suggest(ALL, Strategy.COMMITTEE, 4)
    assert [each.id for each in found[:2]] == ["b", "d"]
    mean = entropy_of([0.6, 0.4]) - (entropy_of([0.8, 0.2]) + entropy_of([0.4, 0.6])) / 2
    assert [each.score for each in found] == pytest.approx([1.0, mean / np.log(2), 0.0, 0.0])


def test_diversity_takes_one_of_each_cluster() -> None:
    """The one in the middle, of the largest first."""
    found = suggest(ALL, Strategy.DIVERSITY, 2)
    assert [(each.id, each.score) for each in found] == [("d", 0.75), ("c", 0.25)]


def test_adaptive_takes_unsure_ones_that_differ() -> None:
    """The sure item draws no centre, though it lies in the same cluster."""
    found = suggest(ALL, Strategy.ADAPTIVE, 2)
    assert [each.id for each in found] == ["b", "c"]
    assert [each.score for each in found] == pytest.approx([1.7 / 2.7, 1 / 2.7])


def test_adaptive_looks_at_the_unsure_alone() -> None:
    """Ten times as many as are wanted; who is far away and certain is not among them."""
    chances = np.array([0.5] * 20 + [0.99] * 10)
    features = np.array([[each / 10, 0.0] for each in range(20)] + [[50.0, 50.0]] * 10)
    ids = tuple(f"i{number:02}" for number in range(30))
    candidates = Candidates(ids=ids, chances=of_chance(chances), features=features)
    assert {each.id < "i20" for each in suggest(candidates, Strategy.ADAPTIVE, 2)} == {True}
    far = suggest(candidates, Strategy.DIVERSITY, 2)
    assert {each.id < "i20" for each in far} == {True, False}


@pytest.mark.parametrize("strategy", Strategy)
def test_constant_input_is_a_random_sample(strategy: Strategy) -> None:
    """Nothing sets items apart: the seed decides, and each is chosen at times."""
    ids = tuple(f"i{number}" for number in range(30))
    candidates = Candidates(
        ids=ids,
        chances=np.full((30, 2), 0.5),
        features=np.ones((30, 3)),
        committee=np.full((2, 30, 2), 0.5),
    )
    chosen = [suggest(candidates, strategy, 10, seed=seed) for seed in range(20)]
    for each in chosen:
        assert len({one.id for one in each}) == 10
    assert len({one.id for each in chosen for one in each}) == 30
    assert len({tuple(one.id for one in each) for each in chosen}) == 20


@pytest.mark.parametrize("strategy", Strategy)
def test_fewer_than_wanted_are_all_of_them(strategy: Strategy) -> None:
    """And of none there is none."""
    assert sorted(_ids(strategy, wanted=9)) == list(IDS)
    none = Candidates(
        ids=(), chances=np.zeros((0, 2)), features=np.zeros((0, 2)), committee=np.zeros((2, 0, 2))
    )
    assert suggest(none, strategy, 9) == ()


@given(data=some.data(), strategy=some.sampled_from(Strategy), wanted=some.integers(1, 12))
def test_any_order_suggests_the_same(
    data: some.DataObject, strategy: Strategy, wanted: int
) -> None:
    """With many ties: the same items in another order, the best first, each once."""
    count = data.draw(some.integers(1, 10))
    tenths = some.lists(some.sampled_from([0.0, 0.5, 0.9]), min_size=count, max_size=count)
    one, other, place = (np.array(data.draw(tenths)) for _ in range(3))
    order = np.array(data.draw(some.permutations(range(count))))
    ids = tuple(f"i{number}" for number in range(count))

    def of(order: np.ndarray) -> Candidates:
        return Candidates(
            ids=tuple(ids[each] for each in order),
            chances=of_chance(one[order]),
            features=np.column_stack((place, one))[order],
            committee=of_chance(np.stack((one[order], other[order]))),
        )

    found = suggest(of(np.arange(count)), strategy, wanted, seed=3)
    assert suggest(of(order), strategy, wanted, seed=3) == found
    assert len({each.id for each in found}) == len(found) == min(wanted, count)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(0 <= each.score <= 1 for each in found)


def test_texts_as_sparse_terms_are_clustered() -> None:
    """Many columns are reduced; kinds that share no term are told apart."""
    kinds = np.repeat(np.arange(4), 30)
    matrix = sparse.random(120, 80, density=0.1, random_state=5, format="lil")
    for row, kind in enumerate(kinds):
        matrix[row, 20 * kind : 20 * kind + 5] = 3.0
    ids = tuple(f"{kind}-{row}" for row, kind in enumerate(kinds))
    found = suggest(Candidates(ids=ids, features=matrix.tocsr()), Strategy.DIVERSITY, 4)
    assert sorted(each.id[0] for each in found) == ["0", "1", "2", "3"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"chances": np.array([[np.nan, 1.0]] * 4)}, "`chances`: a chance is missing"),
        ({"chances": np.array([[0.5, 0.6]] * 4)}, "`chances`: chances of an item are not"),
        ({"chances": np.array([[1.5, -0.5]] * 4)}, "`chances`: chances of an item are not"),
        ({"chances": np.ones((4, 1))}, "`chances`: it takes a column"),
        ({"chances": np.full((3, 2), 0.5)}, "`chances`: there are 3 for 4 items"),
        ({"features": np.array([[np.inf]] * 4)}, "`features`: a number is missing"),
        ({"features": sparse.csr_matrix([[np.nan]] * 4)}, "`features`: a number is missing"),
        ({"features": np.ones((3, 2))}, "`features`: expected a row for each of 4 items"),
        ({"committee": np.full((1, 4, 2), 0.5)}, "`committee`: it takes the chances of two"),
        ({"committee": np.full((2, 4, 2), np.nan)}, "`committee`: a chance is missing"),
        ({"ids": ("a", "a", "b", "c")}, "`ids`: 1 come more than once"),
    ],
)
def test_what_cannot_be_ranked_is_refused(wrong: dict[str, object], reason: str) -> None:
    """With what is wrong, before anything is chosen."""
    with pytest.raises(InvalidCandidates) as caught:
        Candidates(**{"ids": IDS, **wrong})  # type: ignore[arg-type]  # fields
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(
    ("strategy", "lacks"),
    [
        *((each, "chances") for each in list(Strategy)[:3]),
        (Strategy.ADAPTIVE, "features"),
        (Strategy.DIVERSITY, "features"),
        (Strategy.COMMITTEE, "committee"),
    ],
)
def test_a_strategy_says_what_it_lacks(strategy: Strategy, lacks: str) -> None:
    """Whoever gave nothing to rank by hears of it."""
    with pytest.raises(InvalidCandidates, match=f"`{lacks}`: there"):
        suggest(Candidates(ids=IDS), strategy, 1)
    with pytest.raises(InvalidCandidates, match="0 items"):
        suggest(ALL, strategy, 0)
