"""What people decided becomes rows to learn from, or is named as what cannot."""

from dataclasses import replace
from math import inf, nan

import pytest

from engine.learning import Feedback, Problem, Refused, collect
from tests.generators.decided import LABEL, NOW, row


def test_all_outcomes_are_learnt_from() -> None:
    """Confirmations as well as corrections, by time."""
    records = [row(kind, at, feedback=kind) for at, kind in enumerate(Feedback)]
    found = collect(reversed(records), (LABEL,), now=NOW)
    assert found.rows == tuple(records)
    assert (found.refused, found.labels, found.unknown) == ((), (LABEL,), {})


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"text": "  \n"}, Problem.NO_TEXT),
        ({"answers": {}}, Problem.NO_ANSWER),
        ({"at": NOW + 1}, Problem.CLOCK),
        ({"at": nan}, Problem.CLOCK),
        ({"at": -inf}, Problem.CLOCK),
        ({"came": 6.0}, Problem.CLOCK),
        ({"came": nan}, Problem.CLOCK),
        ({"inclusion": 0.0}, Problem.INCLUSION),
        ({"inclusion": 1.01}, Problem.INCLUSION),
        ({"inclusion": nan}, Problem.INCLUSION),
        ({"uncertainty": -0.1}, Problem.UNCERTAINTY),
        ({"uncertainty": nan}, Problem.UNCERTAINTY),
    ],
)
def test_a_bad_record_is_named_and_stops_nothing(
    wrong: dict[str, object], problem: Problem
) -> None:
    """It is left out; the others are used."""
    good = row("good", 5.0, came=5.0)
    found = collect([good, replace(row("bad", 5.0), **wrong)], (LABEL,), now=NOW)  # type: ignore[arg-type]  # fields of the row
    assert found.rows == (good,)
    assert found.refused == (Refused(id="bad", problem=problem),)
    assert found.problems == {problem: 1}


def test_answers_to_unknown_labels_are_counted() -> None:
    """A label that was retired is left out, and what else the row says is used."""
    both = row("both", 1.0, answers={LABEL: True, "retired": True})
    old = row("old", 2.0, answers={"retired": False})
    found = collect([both, old], (LABEL,), now=NOW)
    assert found.rows == (replace(both, answers={LABEL: True}),)
    assert found.unknown == {"retired": 2}
    assert found.problems == {Problem.NO_ANSWER: 1}


def test_of_ids_that_contradict_one_another_none_is_used() -> None:
    """Nobody could tell which one holds; what is the same twice is used once."""
    twice, yes = row("twice", 1.0), row("unclear", 2.0, yes=True)
    records = [twice, yes, replace(yes, answers={LABEL: False}), twice, twice]
    for order in (records, records[::-1]):
        found = collect(order, (LABEL,), now=NOW)
        assert found.rows == (twice,)
        assert found.problems == {Problem.REPEATED: 2, Problem.DUPLICATE: 2}
