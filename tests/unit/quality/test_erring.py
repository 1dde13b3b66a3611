"""In which direction reviewers err is told from votes alone, as far as it can be."""

from random import Random

import pytest

from engine.quality.erring import erring
from engine.quality.measures import State
from engine.quality.reviewers import Ballot

#: Sensitivity and specificity that are to be found again.
TRUE = {"ana": (0.95, 0.95), "bea": (0.6, 0.98), "cyd": (0.97, 0.7), "dan": (0.9, 0.9)}


def acts(label: object) -> bool:
    """What is not let stand."""
    return label != "publish"


def ballots(cases: int) -> list[Ballot]:
    """Everybody votes on cases of which a third break a rule, each with errors of their own."""
    dice = Random(3)
    found = []
    for case in range(cases):
        broken = dice.random() < 1 / 3
        for name, (sensitivity, specificity) in TRUE.items():
            right = dice.random() < (sensitivity if broken else specificity)
            label = dice.choice(("remove", "hide")) if broken == right else "publish"
            found.append(Ballot(case=case, reviewer=name, label=label))
    return found


def test_what_people_err_in_is_found_again() -> None:
    """Within the limits, for everybody, whatever they do about what they act on."""
    found = erring(ballots(1_500), acts)
    assert set(found) == set(TRUE)
    for name, (sensitivity, specificity) in TRUE.items():
        for measure, true in (
            (found[name].sensitivity, sensitivity),
            (found[name].specificity, specificity),
        ):
            assert measure.state is State.KNOWN
            assert measure.value == pytest.approx(true, abs=0.04)
            assert measure.value is not None
            assert measure.low is not None
            assert measure.high is not None
            assert measure.low < measure.value < measure.high
    assert found["ana"].sensitivity.n + found["ana"].specificity.n == pytest.approx(1_500, abs=1)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ([Ballot(case=0, reviewer=name, label="publish") for name in "abc"], "one_category"),
        ([Ballot(case=0, reviewer=name, label=name) for name in "ab"], "insufficient_data"),
    ],
)
def test_what_cannot_be_told_is_a_state(given: list[Ballot], state: str) -> None:
    """Two who differ do not tell who is right, and all alike not how anybody errs."""
    for its in erring(given, acts).values():
        assert (its.sensitivity.state, its.specificity.state) == (state, state)
        assert its.sensitivity.value is None
    assert erring([], acts) == {}


def test_few_cases_tell_no_share() -> None:
    """As many as it takes are named."""
    few = erring(ballots(6), acts)["ana"]
    assert (few.sensitivity.state, few.sensitivity.value) == (State.INSUFFICIENT_DATA, None)
    assert few.sensitivity.n < few.sensitivity.needs
