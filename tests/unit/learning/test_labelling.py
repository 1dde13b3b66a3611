"""Rules as labelling functions: how much they say, against whom, and how right they are."""

import numpy as np
import pytest

from engine.learning.labelling import RuleVote, labelling
from engine.quality.dawid_skene import NoTruth, Truth
from engine.quality.measures import State
from tests.generators.decided import LABEL, row

ITEMS = tuple("abcdefghij")


def _votes(**said: dict[str, bool]) -> list[RuleVote]:
    return [
        RuleVote(item=item, rule=rule, says=says)
        for rule, its in said.items()
        for item, says in its.items()
    ]


def test_coverage_overlap_and_conflict() -> None:
    """Shares of all items, silent ones too."""
    votes = _votes(
        slur={"a": True, "b": True, "c": True, "d": True},
        quote={"c": False, "d": False, "e": False},
        threat={"a": True},
    )
    found = labelling(votes[::-1], ITEMS, [], label=LABEL)
    quote, slur, threat = found.functions
    assert [each.rule for each in found.functions] == ["quote", "slur", "threat"]
    assert (quote.items, quote.coverage, quote.overlap, quote.conflict) == (3, 0.3, 0.2, 0.2)
    assert (slur.items, slur.coverage, slur.overlap, slur.conflict) == (4, 0.4, 0.3, 0.2)
    assert (threat.items, threat.coverage, threat.overlap, threat.conflict) == (1, 0.1, 0.1, 0.0)
    assert (found.covered, found.items, found.unknown, found.contradictory) == (0.5, 10, 0, 0)


def test_precision_is_about_all_items_of_a_rule() -> None:
    """Weighted by 1/π, with limits; rows without π or answer do not count."""
    items = [f"i{number}" for number in range(60)]
    decided = [
        row(name, 1.0, yes=number % 4 > 0, inclusion=1.0 if number % 4 else 0.2)
        for number, name in enumerate(items[:40])
    ]
    decided += [row(items[50], 1.0, yes=False, inclusion=None)]
    decided += [row(items[51], 1.0, answers={"other": False})]
    votes = _votes(slur=dict.fromkeys(items, True), quote=dict.fromkeys(items, False))
    quote, slur = labelling(votes, items, decided, label=LABEL, needs=5).functions
    assert slur.precision.value == pytest.approx(30 / (30 + 10 * 5))
    assert quote.precision.value == pytest.approx(50 / 80)
    assert slur.precision.low is not None
    assert slur.precision.high is not None
    assert slur.precision.low < 30 / 80 < slur.precision.high
    assert (slur.precision.n, slur.precision.hits) == (40, 30)
    few = labelling(votes, items, decided[:4], label=LABEL).functions[0].precision
    assert (few.state, few.value) == (State.INSUFFICIENT_DATA, None)


def test_accuracy_is_told_without_people() -> None:
    """Of rules that err apart, within what a thousand items can tell."""
    dice = np.random.default_rng(4)
    truth = dice.random(1_000) < 0.4
    rights = {"good": 0.95, "fair": 0.8, "poor": 0.65}
    votes = [
        RuleVote(item=f"i{place}", rule=rule, says=bool(true == (dice.random() < right)))
        for rule, right in rights.items()
        for place, true in enumerate(truth)
        if dice.random() < 0.8
    ]
    found = labelling(votes, [f"i{place}" for place in range(1_000)], [], label=LABEL)
    told = {each.rule: each.accuracy for each in found.functions}
    assert told == pytest.approx(rights, abs=0.06)
    assert isinstance(found.truth, Truth)
    assert found.truth.labels == (False, True)


def test_two_rules_do_not_tell_who_is_right() -> None:
    """The state says so, and the other figures are there."""
    found = labelling(_votes(a={"a": True}, b={"a": False}), ITEMS, [], label=LABEL)
    assert isinstance(found.truth, NoTruth)
    assert found.truth.state is State.INSUFFICIENT_DATA
    assert [each.accuracy for each in found.functions] == [None, None]


def test_votes_that_cannot_be_are_counted() -> None:
    """On items nobody asked about, or both ways; what else there is counts."""
    votes = [*_votes(a={"a": True, "z": True}), *_votes(a={"a": False, "b": True})]
    found = labelling(votes, ITEMS, [], label=LABEL)
    assert (found.unknown, found.contradictory) == (1, 1)
    assert (found.functions[0].items, found.covered) == (1, 0.1)
    nothing = labelling([], [], [], label=LABEL)
    assert (nothing.functions, nothing.covered) == ((), 0.0)
