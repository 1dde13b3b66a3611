"""How reports turn out, and what is learnt from that about whoever made them."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.reliability import Outcome, Prior, reliability, turned_out, weights
from engine.rules.vocabulary import Reason, Vocabulary
from tests.unit.policies import PLACE

RIGHT, WRONG = Outcome.RIGHT, Outcome.WRONG

counted = st.integers(min_value=0, max_value=10_000)
prior_parts = st.floats(min_value=0.01, max_value=1_000)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    """The built-in actions, and reasons of three policies."""
    reasons = {
        name: Reason(name=name, title="Title", policy=policy, span=PLACE)
        for name, policy in (
            ("hate.attack", "hate"),
            ("self_harm.risk", "self-harm"),
            ("legal.copyright", "legal"),
        )
    }
    return Vocabulary(fields={}, queues={}, reasons=reasons)


@pytest.mark.parametrize(
    ("ticked", "found", "action", "reasons", "outcome"),
    [
        # Something was done, of the kind that was ticked, or nothing that is known was.
        (["hate"], "publish", "remove", ["hate.attack"], RIGHT),
        ([], "publish", "remove", ["hate.attack"], RIGHT),
        (["weather"], "publish", "warn", ["hate.attack"], RIGHT),
        (["weather", "self_harm"], "publish", "warn", ["hate.attack"], WRONG),
        (["self-harm"], "publish", "hide", ["self_harm.risk"], RIGHT),
        (["Copyright"], "publish", "hide", ["hate.attack", "legal.copyright"], RIGHT),
        (["hate", "copyright"], "publish", "hide", ["legal.copyright"], RIGHT),
        (["hate.attack"], "publish", "hide", ["hate.attack"], RIGHT),
        # Of another kind.
        (["hate"], "publish", "hide", ["legal.copyright"], WRONG),
        (["hat"], "publish", "hide", ["legal.copyright"], RIGHT),
        # Nothing was done, whatever held before.
        (["hate"], "publish", "publish", [], WRONG),
        (["hate"], "publish", "publish", ["hate.attack"], WRONG),
        ([], "remove", "publish", [], WRONG),
        ([], None, "publish", [], WRONG),
        # Nothing more was done than what held already, or that is not known.
        (["hate"], "remove", "remove", ["hate.attack"], None),
        (["hate"], "remove", "hide", ["hate.attack"], None),
        (["hate"], None, "remove", ["hate.attack"], None),
        # More was done than that.
        (["hate"], "warn", "remove", ["hate.attack"], RIGHT),
        (["copyright"], "warn", "remove", ["hate.attack"], WRONG),
    ],
)
def test_how_a_report_turns_out(
    vocabulary: Vocabulary,
    ticked: list[str],
    found: str | None,
    action: str,
    reasons: list[str],
    outcome: Outcome | None,
) -> None:
    """Right, wrong, or nothing that could be learnt from."""
    assert turned_out(ticked, found, action, reasons, vocabulary) is outcome


def test_known_values() -> None:
    """Nobody knows newcomers; Laplace's rule of succession is the prior of one and one."""
    assert reliability(0, 0, Prior()) == 0.5
    assert reliability(6, 0, Prior()) == 0.8
    assert reliability(0, 16, Prior()) == 0.1
    assert reliability(9, 0, Prior(right=1, wrong=1)) == float(Fraction(10, 11))


@given(counted, counted, prior_parts, prior_parts)
def test_a_report_moves_it_the_right_way(right: int, wrong: int, a: float, b: float) -> None:
    """Each right one raises it and each wrong one lowers it, within what is possible."""
    prior = Prior(right=a, wrong=b)
    now = reliability(right, wrong, prior)
    assert 0 < now < 1
    assert reliability(right, wrong + 1, prior) < now < reliability(right + 1, wrong, prior)


@given(counted, counted)
def test_much_is_learnt_from_many(right: int, wrong: int) -> None:
    """It lies between the prior mean and the share that was right, nearer to that with many."""
    assume(right + wrong)
    share, found = right / (right + wrong), reliability(right, wrong, Prior())
    assert min(share, 0.5) - 1e-12 <= found <= max(share, 0.5) + 1e-12
    assert abs(found - share) <= 2 / (right + wrong)


@given(
    st.dictionaries(
        st.tuples(counted, counted), st.integers(min_value=1, max_value=1_000), max_size=8
    )
)
def test_weights(people: dict[tuple[int, int], int]) -> None:
    """The highest is that of one of them, and the sum that of each of them by themselves."""
    each = [reliability(*counts, Prior()) for counts, n in people.items() for _ in range(n)]
    highest, total = weights(people, Prior())
    assert highest == max(each, default=0)
    assert total == pytest.approx(sum(each))


def test_many_unreliable_people_weigh_little() -> None:
    """A hundred who were always wrong weigh less than three who were always right."""
    assert weights({(0, 98): 100}, Prior())[1] < weights({(98, 0): 3}, Prior())[1]
