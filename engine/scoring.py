"""Gives items the scores of classifiers, a batch at a time; what fails is missing."""

from collections import Counter
from collections.abc import Iterator, Sequence

from engine.classify.ensemble import Ensemble
from engine.classify.protocol import Columns
from engine.item import Item
from engine.rules.vocabulary import Vocabulary

Signals = dict[str, float]


class Scorer:
    """Several classifiers, and what they could not score."""

    def __init__(self, ensemble: Ensemble) -> None:
        self._ensemble = ensemble
        self.failures: Counter[str] = Counter()
        """How many texts have no score, by classifier and reason."""
        self.signals = ensemble.signals
        """The fields they fill."""
        self.names = [f"{each.name}@{each.version[:12]}" for each in ensemble.classifiers]

    def score(self, items: Sequence[Item]) -> list[Signals]:
        """The scores of each item; of one without text, none."""
        texts = [item.fields.get("text") for item in items]
        scores = self._ensemble.score([str(text) for text in texts if text is not None])
        for failure in scores.failures:
            self.failures[f"{failure.classifier}: {failure.reason}"] += failure.texts
        found = _rows(scores.columns)
        return [{} if text is None else next(found, {}) for text in texts]

    def undeclared(self, vocabulary: Vocabulary) -> list[str]:
        """Signals that no rule can look at, as the vocabulary does not declare them."""
        return [name for name in self._ensemble.signals if name not in vocabulary.fields]


def scored(item: Item, signals: Signals) -> Item:
    """The item with its scores; a score that arrived with it stands."""
    return Item(item.id, {**signals, **item.fields}) if signals else item


def _rows(columns: Columns) -> Iterator[Signals]:
    """The scores of each text, without those that are missing."""
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    for row in rows:
        yield {
            signal: score
            for signal, score in zip(columns, row, strict=True)
            if score == score  # noqa: PLR0124  # not NaN, which stands for a missing score
        }
