"""What choosing saves is told from labels that are there, replayed in two orders."""

from random import Random
from string import ascii_lowercase

import pytest

from engine.learning import Feedback, TrainingRow
from engine.learning.replaying import Acceleration, Replays, acceleration
from engine.learning.selection import Strategy

LABEL = "score.hate"
FEW = Replays(times=3, least=200, each=15, most=600)


def _words(count: int, seed: int) -> list[str]:
    """Words that have no letters in common but by chance."""
    dice = Random(seed)
    return ["".join(dice.choices(ascii_lowercase, k=8)) for _ in range(count)]


PLAIN, BAD, GOOD = _words(60, 1), _words(40, 2), _words(40, 3)


def rows(count: int, seed: int, *, share: float = 0.08) -> list[TrainingRow]:
    """Texts of many plain words; what is rare has one of forty words of its own."""
    dice = Random(seed)
    found = []
    for number in range(count):
        bad = dice.random() < share
        words = [*dice.choices(PLAIN, k=8), dice.choice(BAD if bad else GOOD)]
        found.append(
            TrainingRow(
                id=f"{seed}-{number}",
                text=" ".join(words),
                answers={LABEL: bad},
                at=float(number),
                feedback=Feedback.LABELLED,
                inclusion=1.0,
            )
        )
    return found


@pytest.fixture(scope="module")
def told() -> Acceleration:
    """Of labels of which few say yes, chosen by margin."""
    return acceleration(rows(600, 1), rows(400, 2), LABEL, Strategy.MARGIN, FEW)


def test_asking_about_the_unsure_saves_labels_where_yes_is_rare(told: Acceleration) -> None:
    """More than one, with an interval around it, from so many replays."""
    assert told.value is not None
    assert told.low is not None
    assert told.high is not None
    assert told.random is not None
    assert told.chosen is not None
    assert told.value > 1.2
    assert told.low <= told.value <= told.high
    assert told.value == pytest.approx(told.random / told.chosen)
    assert (told.replays, told.labels, told.needs, told.strategy) == (3, 600, 200, "margin")


def test_what_was_chosen_says_nothing(told: Acceleration) -> None:
    """Rows without π are in no arm; and the same labels tell the same."""
    chosen = [
        TrainingRow(
            id=row.id,
            text="odd " + row.text,
            answers={LABEL: True, "score.other": True},
            at=row.at,
            feedback=row.feedback,
        )
        for row in rows(100, 3)
    ]
    given = (*rows(600, 1), *chosen)
    assert acceleration(given, rows(400, 2), LABEL, Strategy.MARGIN, FEW) == told


@pytest.mark.parametrize(
    ("pool", "share", "labels", "needs"),
    [(0, 0.1, 0, 200), (199, 0.5, 199, 200), (300, 0.0, 0, 15), (300, 1.0, 0, 15)],
)
def test_too_few_labels_tell_nothing(pool: int, share: float, labels: int, needs: int) -> None:
    """None at all, too few, or one answer only: it is said how many it takes."""
    its = rows(pool, 1, share=share), rows(100, 2, share=0.5)
    found = acceleration(*its, LABEL, Strategy.MARGIN, FEW)
    assert (found.value, found.labels, found.needs) == (None, labels, needs)


def test_a_hold_out_without_an_answer_tells_nothing() -> None:
    """There is nothing to judge by."""
    found = acceleration(rows(600, 1), rows(100, 2, share=0), LABEL, Strategy.MARGIN, FEW)
    assert (found.value, found.labels, found.needs) == (None, 0, 15)
    never = acceleration(rows(600, 1), rows(400, 2), LABEL, Strategy.MARGIN, Replays(times=0))
    assert never.value is None
