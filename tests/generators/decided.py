"""Rows to learn from, invented: texts of `labelled` with people's answers, and chances of them."""

from dataclasses import replace
from functools import cache
from math import sqrt

import numpy as np

from engine.classify.recipe import Recipe
from engine.learning import (
    Challenger,
    Feedback,
    HeldOut,
    Plan,
    Rows,
    Sizes,
    Split,
    TrainingRow,
    collect,
    train_challenger,
)
from tests.generators.labelled import rows

LABEL, SIGNAL = "unkind", "score.unkind"
#: After all of them were answered.
NOW = 1e9


def row(name: str, at: float, *, yes: bool = True, text: str = "", **more: object) -> TrainingRow:
    """A row of which only what matters is said."""
    made = TrainingRow(
        id=name,
        text=text or f"text {name}",
        answers={LABEL: yes},
        at=at,
        feedback=Feedback.LABELLED,
        inclusion=0.5,
    )
    return replace(made, **more)  # type: ignore[arg-type]  # fields of the row


def decided(count: int, seed: int = 0) -> Rows:
    """Rows with a label that a fifth of the words give away, one a minute."""
    found = []
    for number, raw in rows(count, seed):
        said = raw["labels"]
        assert isinstance(said, dict)
        found.append(
            TrainingRow(
                id=f"item-{number:04}",
                text=str(raw["text"]),
                answers={LABEL: bool(said["unkind"])},
                at=60.0 * number,
                feedback=tuple(Feedback)[number % 3],
                uncertainty=number % 5 / 4,
                inclusion=(1.0, 0.2, None)[number % 3],
            )
        )
    return collect(found, (LABEL,), now=NOW)


def plan(seed: int = 0) -> Plan:
    """How to train in little time."""
    recipe = Recipe(signals=(SIGNAL,), name="small", folds=2, seed=seed)
    return Plan(recipe=recipe, sizes=Sizes(share=0.25, least=10), sample=20)


@cache
def small_challenger() -> tuple[Challenger, Split]:
    """A challenger of 400 rows, and its hold-out; trained once."""
    return train_challenger(decided(400), plan())


def judged(  # a world with all that matters in it
    count: int,
    *,
    seed: int = 0,
    champion: float | None = 1.0,
    challenger: float = 1.0,
    bent: float = 1.0,
    copies: int = 1,
) -> HeldOut:
    """A hold-out in which chances are known: how sharply each tells what is true.

    Args:
        count: Groups of duplicates.
        seed: The same seed makes the same.
        champion: How well it sees the true log odds, 0 to 1; None: there is none. Below 1 it sees
            them through noise, and is as sure as that allows.
        challenger: As `champion`.
        bent: What log odds of the challenger are multiplied with; 1 is about calibrated.
        copies: Rows of each group, alike.
    """
    dice = np.random.default_rng(seed)
    odds = 2 * dice.normal(size=count)
    truth = dice.random(count) < 1 / (1 + np.exp(-odds))
    weights = 1 / dice.choice((0.1, 0.5, 1.0), size=count)

    def chances(sight: float, steep: float = 1.0) -> np.ndarray:
        seen = sight * odds + 2 * sqrt(1 - sight**2) * dice.normal(size=count)
        return np.repeat(1 / (1 + np.exp(-steep * sight * seen)), copies)

    return HeldOut(
        label=LABEL,
        truth=np.repeat(truth, copies),
        weights=np.repeat(weights, copies),
        units=tuple(np.repeat([f"u{number}" for number in range(count)], copies).tolist()),
        challenger=chances(challenger, bent),
        champion=None if champion is None else chances(champion),
    )
