"""Runs several classifiers side by side; where one fails its scores are missing, never the item."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.classify.protocol import Classifier, Columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A classifier did not score some texts, and why."""

    classifier: str
    version: str
    reason: str
    texts: int
    """How many of the texts have no score for this reason; 0 if each alone could be scored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """The columns of all classifiers, and what is missing from them."""

    columns: Columns
    versions: dict[str, str]
    """The version of each classifier, by name."""
    failures: tuple[Failure, ...]

    @property
    def degraded(self) -> bool:
        """Whether a score that should be there is missing."""
        return any(failure.texts for failure in self.failures)


class Ensemble:
    """Several classifiers, each filling fields of its own."""

    def __init__(self, classifiers: Sequence[Classifier]) -> None:
        self.classifiers = tuple(classifiers)
        self.signals = tuple(signal for each in self.classifiers for signal in each.signals)
        for kind, names in (
            ("classifiers are called", [each.name for each in self.classifiers]),
            ("classifiers fill", self.signals),
        ):
            twice = sorted(name for name, count in Counter(names).items() if count > 1)
            if twice:
                message = f"two {kind} `{twice[0]}`"
                raise ValueError(message)

    def score(self, texts: Sequence[str]) -> Scores:
        """The scores of each text by each classifier."""
        columns: dict[str, NDArray[np.float64]] = {}
        failures: list[Failure] = []
        for classifier in self.classifiers:
            table, reasons = _attempt(classifier, texts)
            columns |= dict(zip(classifier.signals, table, strict=True))
            failures += (
                Failure(
                    classifier=classifier.name,
                    version=classifier.version,
                    reason=reason,
                    texts=count,
                )
                for reason, count in reasons.items()
            )
        return Scores(
            columns=columns,
            versions={each.name: each.version for each in self.classifiers},
            failures=tuple(failures),
        )


def _attempt(
    classifier: Classifier, texts: Sequence[str]
) -> tuple[NDArray[np.float64], dict[str, int]]:
    """A row of scores per signal, and how many texts have none, by reason."""
    table, reason = _guarded(classifier, texts)
    if reason is None:
        return table, {}
    # One text may be why the batch failed; the others keep their scores.
    reasons = {reason: 0}
    for place, text in enumerate(texts):
        scores, reason = _guarded(classifier, [text])
        table[:, place] = scores[:, 0]
        if reason is not None:
            reasons[reason] = reasons.get(reason, 0) + 1
    return table, reasons


def _guarded(
    classifier: Classifier, texts: Sequence[str]
) -> tuple[NDArray[np.float64], str | None]:
    """The scores, or missing ones and the reason."""
    try:
        return _table(classifier, texts), None
    except Exception as failure:  # noqa: BLE001 - whatever a classifier raises, the item goes on
        return np.full((len(classifier.signals), len(texts)), np.nan), _reason(failure)


def _reason(failure: Exception) -> str:
    """The kind of an exception; its message might quote the text, which no log should hold."""
    if isinstance(failure, _MalformedScoresError):
        return str(failure)
    return f"raised {type(failure).__name__}"


def _table(classifier: Classifier, texts: Sequence[str]) -> NDArray[np.float64]:
    columns = classifier.score(texts)
    absent = [signal for signal in classifier.signals if signal not in columns]
    if absent:
        message = f"gave no `{absent[0]}`"
        raise _MalformedScoresError(message)
    rows = [np.asarray(columns[signal], dtype=np.float64) for signal in classifier.signals]
    if any(row.shape != (len(texts),) for row in rows):
        message = "gave another number of scores than there are texts"
        raise _MalformedScoresError(message)
    table = np.array(rows).reshape(len(rows), len(texts))
    if np.count_nonzero(np.isinf(table)):
        message = "gave an infinite score"
        raise _MalformedScoresError(message)
    return table


class _MalformedScoresError(Exception):
    """A classifier answered with something that is no table of scores."""
