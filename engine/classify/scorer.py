"""Scores texts with a trained model, without scikit-learn.

A text is the set of its distinct tokens and of its distinct pairs of neighbours. Everything a score
is made of is a sum over them: a token brings its own weight and those of its letter groups, and the
same for the text's length, by whose square root the weights are divided.

Few words are added up text by text, many in columns of numbers. The scores are the same to the last
bit, as stored verdicts are compared with what an item gets when it is judged again, alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from engine.classify.adding import Table, added, added_by
from engine.classify.calibration import chance, chances
from engine.classify.lexicon import Lexicon
from engine.classify.lookup import Places
from engine.classify.model import Model
from engine.classify.tokens import tokenise

#: Characters from which on texts are scored together.
MANY: Final = 1_600
#: Characters that are scored at once: more would not be faster, and take memory.
PORTION: Final = 65_536

_PLACE_BITS: Final = 32


class TextClassifier:
    """A model ready to score. Threads may share one."""

    def __init__(self, model: Model, version: str) -> None:
        self.model = model
        self.name = model.origin.name
        self.version = version
        self.signals = (*(head.signal for head in model.heads), model.novelty.signal)
        self._lexicon = Lexicon(model)
        self._heads = [(head.bias, head.calibrator) for head in model.heads]

    def __reduce__(self) -> tuple[type["TextClassifier"], tuple[Model, str]]:
        """Pickled, it forgets what it remembered, and the lock on it."""
        return type(self), (self.model, self.version)

    def score(self, texts: Sequence[str]) -> Mapping[str, NDArray[np.float64]]:
        """A column for each signal: the chance of each label, and novelty."""
        if sum(map(len, texts)) < MANY:
            rows = list(map(self._alone, texts))
            table = np.array(rows, np.float64).reshape(len(texts), len(self.signals)).T
        else:
            table = np.concatenate(list(map(self._together, _portions(texts))), axis=1)
        return dict(zip(self.signals, table, strict=True))

    def score_one(self, text: str) -> dict[str, float]:
        """The scores of one text by signal: for one item faster than a column."""
        if len(text) < MANY:
            return dict(zip(self.signals, self._alone(text), strict=True))
        return {signal: column.item() for signal, column in self.score([text]).items()}

    def _alone(self, text: str) -> list[float]:
        places, table = self._lexicon.places(tokenise(text))
        if not places:
            return [*(chance(bias, calibrator) for bias, calibrator in self._heads), 1.0]
        rows = table.take(self._lexicon.terms(places), axis=0)
        *weights, length, new, rarity = added(rows)
        scale = 1.0 / sqrt(length) if length > 0.0 else 0.0
        scores = [
            chance(weight * scale + bias, calibrator)
            for weight, (bias, calibrator) in zip(weights, self._heads, strict=True)
        ]
        scores.append(new / rarity)
        return scores

    # Numbers that are too large are no reason to warn, as they are none where there are few words.
    @np.errstate(over="ignore", invalid="ignore")
    def _together(self, texts: Sequence[str]) -> Table:
        """The scores of texts that have a character together: a row a signal."""
        *weights, length, new, rarity = self._sums(texts)
        scale = _divided(np.ones(len(texts)), np.sqrt(length), 0.0)
        scores = [
            chances(weight * scale + bias, calibrator)
            for weight, (bias, calibrator) in zip(weights, self._heads, strict=True)
        ]
        scores.append(_divided(new, rarity, 1.0))
        return np.array(scores)

    def _sums(self, texts: Sequence[str]) -> list[NDArray[np.float64]]:
        """What the terms of each text bring together."""
        tokens = list(map(tokenise, texts))
        text_of = np.repeat(np.arange(len(texts)), list(map(len, tokens)))
        words, table = self._lexicon.places_of_many(list(chain.from_iterable(tokens)))
        at, pairs = self._lexicon.pairs_at(words)
        inside = text_of[at] == text_of[at + 1]
        terms, term_of = zip(
            _distinct(words, text_of), _distinct(pairs[inside], text_of[at[inside]]), strict=True
        )
        rows = table.take(np.concatenate(terms), axis=0)
        return added_by(np.concatenate(term_of), rows, len(texts))


def _portions(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in order, cut where there are enough characters."""
    portion: list[str] = []
    characters = 0
    for text in texts:
        portion.append(text)
        characters += len(text)
        if characters >= PORTION:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion


def _distinct(terms: Places, text_of: Places) -> tuple[Places, Places]:
    """The terms without those that their text had before, and the text of each."""
    marked = np.sort((terms << _PLACE_BITS) | np.arange(len(terms)))
    kinds, places = marked >> _PLACE_BITS, marked & ((1 << _PLACE_BITS) - 1)
    texts = text_of[places]
    again = (kinds[1:] == kinds[:-1]) & (texts[1:] == texts[:-1])
    first = np.ones(len(terms), np.bool_)
    first[places[1:][again]] = False
    return terms[first], text_of[first]


def _divided(dividend: Table, divisor: Table, otherwise: float) -> Table:
    """The quotients, and something else where there are none."""
    quotients = np.full(len(dividend), otherwise)
    np.divide(dividend, divisor, out=quotients, where=divisor > 0.0)
    return quotients
