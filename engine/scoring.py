"""Gives items the scores of classifiers, a batch at a time; what fails is missing."""

from collections import Counter
from collections.abc import Sequence

from engine.classify.ensemble import Ensemble
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
        places = [place for place, item in enumerate(items) if "text" in item.fields]
        scores = self._ensemble.score([str(items[place].fields["text"]) for place in places])
        for failure in scores.failures:
            self.failures[f"{failure.classifier}: {failure.reason}"] += failure.texts
        found: list[Signals] = [{} for _ in items]
        for signal, column in scores.columns.items():
            for place, score in zip(places, column.tolist(), strict=True):
                if score == score:  # noqa: PLR0124  # not NaN, which stands for a missing score
                    found[place][signal] = score
        return found

    def undeclared(self, vocabulary: Vocabulary) -> list[str]:
        """Signals that no rule can look at, as the vocabulary does not declare them."""
        return [name for name in self._ensemble.signals if name not in vocabulary.fields]


def scored(item: Item, signals: Signals) -> Item:
    """The item with its scores; a score that arrived with it stands."""
    return Item(item.id, {**signals, **item.fields}) if signals else item
