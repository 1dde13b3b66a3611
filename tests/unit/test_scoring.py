"""Scores come from classifiers in batches, and an item keeps what it brought."""

from collections.abc import Sequence

import numpy as np
import pytest

from engine.classify.ensemble import Ensemble
from engine.classify.protocol import Columns
from engine.cli.loading import load_models
from engine.item import Item
from engine.rules.vocabulary import FieldType
from engine.scoring import Scorer, scored
from tests.unit.policies import vocabulary


class Lengths:
    """Scores a text by its length; of an empty one it knows nothing, and of `!` it fails."""

    name = "lengths"
    version = "0123456789abcdef"
    signals = ("score.length",)

    def score(self, texts: Sequence[str]) -> Columns:
        """A tenth for each character."""
        if "!" in texts:
            message = "cannot score this"
            raise RuntimeError(message)
        scores = [len(text) / 10 if text else np.nan for text in texts]
        return {"score.length": np.array(scores)}


def item(text: str | None) -> Item:
    """An item with or without a text."""
    return Item("i", {} if text is None else {"text": text})


def test_each_text_gets_its_scores() -> None:
    """Items without text, and scores that are missing, leave no value behind."""
    scorer = Scorer(Ensemble([Lengths()]))
    given = [item("abc"), item(None), item(""), item("a")]
    assert scorer.score(given) == [{"score.length": 0.3}, {}, {}, {"score.length": 0.1}]
    assert not scorer.failures
    assert scorer.names == ["lengths@0123456789ab"]


def test_failures_are_counted_and_leave_the_others_alone() -> None:
    """A text that no classifier can score does not cost its neighbours their scores."""
    scorer = Scorer(Ensemble([Lengths()]))
    assert scorer.score([item("ab"), item("!")]) == [{"score.length": 0.2}, {}]
    assert scorer.failures == {"lengths: raised RuntimeError": 1}


def test_a_score_that_arrived_stands() -> None:
    """The sender's own score is not replaced."""
    given = Item("i", {"score.length": 0.9})
    assert scored(given, {"score.length": 0.1, "score.other": 0.2}).fields == {
        "score.length": 0.9,
        "score.other": 0.2,
    }
    assert scored(given, {}) is given


def test_signals_without_a_field_are_named() -> None:
    """A signal that no rule can look at is probably a mistake."""
    scorer = Scorer(Ensemble([Lengths()]))
    assert scorer.undeclared(vocabulary(text=FieldType.TEXT)) == ["score.length"]
    assert scorer.undeclared(vocabulary(score__length=FieldType.SCORE)) == []


@pytest.mark.parametrize("texts", [[], [None]])
def test_nothing_to_score_is_no_mistake(texts: list[str | None]) -> None:
    """A batch without texts has no scores."""
    scorer = Scorer(Ensemble([Lengths()]))
    assert scorer.score([item(text) for text in texts]) == [{} for _ in texts]


def test_without_models_there_is_no_scorer() -> None:
    """Rules work alone too."""
    assert load_models(()) is None
