"""Classifiers side by side, some of which fail."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.classify.ensemble import Ensemble, Failure


class Lengths:
    """Scores a text by its length, or does whatever else it is told to."""

    version = "1"

    def __init__(
        self,
        name: str = "lengths",
        signals: tuple[str, ...] = ("score.length",),
        answer: Callable[[Sequence[str]], dict[str, NDArray[np.float64]]] | None = None,
    ) -> None:
        self.name = name
        self.signals = signals
        self._answer = answer

    def score(self, texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """A column for each signal."""
        if self._answer is not None:
            return self._answer(texts)
        return {signal: np.array([float(len(text)) for text in texts]) for signal in self.signals}


def refuses(*bad: str) -> Callable[[Sequence[str]], dict[str, NDArray[np.float64]]]:
    """An answer that fails where one of these texts is among the others."""

    def answer(texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        if set(bad) & set(texts):
            raise LookupError(*texts)
        return {"score.other": np.ones(len(texts))}

    return answer


def other(answer: Callable[[Sequence[str]], dict[str, NDArray[np.float64]]]) -> Lengths:
    """A second classifier with that answer."""
    return Lengths("other", ("score.other",), answer)


def failed(reason: str, texts: int) -> tuple[Failure, ...]:
    """The failure of that second classifier."""
    return (Failure(classifier="other", version="1", reason=reason, texts=texts),)


def test_all_columns_stand_side_by_side() -> None:
    """Each classifier fills its fields, in the order of the texts."""
    scores = Ensemble([Lengths(), other(refuses())]).score(["a", "bbb"])
    assert {signal: column.tolist() for signal, column in scores.columns.items()} == {
        "score.length": [1.0, 3.0],
        "score.other": [1.0, 1.0],
    }
    assert scores.versions == {"lengths": "1", "other": "1"}
    assert (scores.failures, scores.degraded) == ((), False)


def test_a_failure_costs_the_score_and_never_the_item() -> None:
    """Only the text that cannot be scored has no score, and the failure is named and counted."""
    scores = Ensemble([other(refuses("bad")), Lengths()]).score(["a", "bad", "c"])
    assert scores.columns["score.length"].tolist() == [1.0, 3.0, 1.0]
    assert np.isnan(scores.columns["score.other"]).tolist() == [False, True, False]
    assert scores.failures == failed("raised LookupError", 1)
    assert scores.degraded


def test_a_failure_does_not_quote_the_text() -> None:
    """What people wrote stays out of what is logged."""
    scores = Ensemble([other(refuses("secret"))]).score(["secret"])
    assert "secret" not in repr(scores.failures)


def test_a_batch_that_only_fails_as_a_whole_is_told() -> None:
    """Nothing is missing, but nothing is hidden either."""

    def alone(texts: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        if len(texts) > 1:
            raise MemoryError
        return {"score.other": np.ones(1)}

    scores = Ensemble([other(alone)]).score(["a", "b"])
    assert scores.columns["score.other"].tolist() == [1.0, 1.0]
    assert scores.failures == failed("raised MemoryError", 0)
    assert not scores.degraded


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (lambda _: {}, "gave no `score.other`"),
        (
            lambda _: {"score.other": np.ones(7)},
            "gave another number of scores than there are texts",
        ),
        (lambda texts: {"score.other": np.full(len(texts), np.inf)}, "gave an infinite score"),
    ],
)
def test_answers_that_are_no_scores_are_failures(
    answer: Callable[[Sequence[str]], dict[str, NDArray[np.float64]]], reason: str
) -> None:
    """A table of another form never reaches the rules."""
    scores = Ensemble([other(answer)]).score(["a", "b"])
    assert np.isnan(scores.columns["score.other"]).all()
    assert scores.failures == failed(reason, 2)


def test_no_texts() -> None:
    """An empty batch has empty columns."""
    assert Ensemble([Lengths()]).score([]).columns["score.length"].tolist() == []


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (Lengths("second"), "two classifiers fill `score.length`"),
        (Lengths(signals=("score.x",)), "two classifiers are called `lengths`"),
    ],
)
def test_classifiers_do_not_share_names(second: Lengths, message: str) -> None:
    """Nobody could tell whose score it is."""
    with pytest.raises(ValueError, match=message):
        Ensemble([Lengths(), second])
